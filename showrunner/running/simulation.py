"""The doubles of `simulate`: hosted where the real programs would be, saying what an audience would see."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import partial
from urllib.parse import urlsplit

from showrunner.devices.vocabulary import Fixture, Frame, Inventory, Way
from showrunner.diagnostics import render
from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.engine.journal import shown
from showrunner.running.audience import Audience
from showrunner.running.dry_run import double
from showrunner.running.faults import NONE, Faults
from showrunner.show import user_files
from showrunner.slotted import dataclass
from showrunner.wires.control import Control
from showrunner.wires.hosting import LOOPBACK, HostedDouble


@dataclass(frozen=True, slots=True)
class Simulation:
    """What is played: the devices, what is ordered to go wrong with each, and what is shown of it.

    ``addresses`` and ``ports``: those that the user gave, by name (of its first way), or by name and way as in
    `guest.events`; the others are the stage's. ``flags``: switches that are flipped beforehand, on those that have
    them. ``ping``: those that listen ping every so many microseconds. ``visits``: who comes, goes and is dropped is
    told.
    """

    fixtures: Mapping[str, Fixture]
    addresses: Mapping[str, str] = field(default_factory=dict)
    ports: Mapping[str, int] = field(default_factory=dict)
    inventories: Mapping[str, Inventory] = field(default_factory=dict)
    faults: Mapping[str, Faults] = field(default_factory=dict)
    flags: tuple[tuple[str, str], ...] = ()
    ping: int | None = None
    visits: bool = False
    audience: Audience | None = None
    messages: bool = False


def host(simulation: Simulation, tell: Callable[[str], None], warn: Callable[[str], None]) -> dict[str, HostedDouble]:
    """Start the doubles; raises ``Refusal`` where a port is taken.

    ``tell`` writes a line of what happens, in any thread; ``warn`` what a double cannot do that was ordered.
    """
    hosted: dict[str, HostedDouble] = {}
    for name, fixture in simulation.fixtures.items():
        taken = [url for one in hosted.values() for url in one.urls.values()]
        wanted = _wanted(fixture.played, simulation)
        places = {way: url if way.connects == "server" else _here(url, taken) for way, url in wanted.items()}
        faults = simulation.faults.get(name, NONE)
        played = fixture.played.addressed(places)
        behind = double(played, simulation.inventories.get(name), _wall_clock, secrets.token_hex(4))
        for wrong in faults.begin(name, behind):
            warn(wrong)
        own = {switch.name for switch in fixture.device.switches}
        for switch, value in simulation.flags:
            if switch in own:
                behind.switch(switch, value, 0)
        if simulation.ping is not None and played.awaited:
            warn(f"{name} pings nobody: it is a page that dials")
        made = HostedDouble(
            name,
            behind,
            places,
            origin=next(iter(fixture.origins), None),
            trouble=faults.trouble,
            ping=None if simulation.ping is None else simulation.ping / 1_000_000,
            on_frame=_frames(name, tell) if simulation.messages else None,
            on_visible=None if simulation.audience is None else partial(simulation.audience.see, name),
            on_visit=_visits(name, tell) if simulation.visits else None,
        )
        try:
            made.open()
        except OSError as error:
            for one in hosted.values():
                one.close()
            way_out = f"end what listens there, or choose another port: {_option(fixture)}"
            where = next(url for way, url in places.items() if way.connects == "client")
            raise Refusal(f"{name} cannot listen at {where}: {reason(error)}", way_out) from error
        hosted[name] = made
        for way, url in wanted.items():
            if way not in made.urls:
                tell(f"{name}: {'its page dials' if way.encoding == 'json' else 'sends to'} {url}")
            elif urlsplit(url).hostname in LOOPBACK:
                tell(f"{name}: listens at {made.urls[way]}")
            else:
                tell(f"{name}: listens at {made.urls[way]}, in place of {url}")
    return hosted


def ordered(doubles: Mapping[str, HostedDouble], tell: Callable[[str], None]) -> Control:
    """Let `showrunner double` flip the switches of these doubles, and ``tell`` of it; raises ``Refusal``."""

    def obey(device: str, switch: str, value: str | None) -> str | None:
        if device not in doubles:
            return f"there is no `{device}` here: there are {', '.join(doubles)}"
        try:
            wrong = doubles[device].switch(switch, value)
        except TimeoutError:
            return f"the double of {device} did not answer in time"
        if wrong is None:
            tell(f"{device}: {' '.join(word for word in (switch, value) if word)} (ordered)")
        return wrong

    try:
        return Control(user_files.folder(), doubles, obey)
    except (OSError, RuntimeError) as error:
        raise Refusal(f"`showrunner double` will not work here: {reason(error)}") from error


def told(fixture: Fixture, settings: Mapping[str, str]) -> Fixture:
    """Give the device with these settings, as far as it has them: another build of its program."""
    able = {row.name: row.choices for row in fixture.device.settings}
    own = {name: value for name, value in settings.items() if value in able.get(name, ())}
    return replace(fixture, settings={**fixture.settings, **own})


def _wanted(fixture: Fixture, simulation: Simulation) -> dict[Way, str]:
    """Give the address of each way, as the user or the stage file has it."""
    found = {}
    for place, way in enumerate(fixture.ways):
        names = (f"{fixture.name}.{way.name}", *([fixture.name] if place == 0 else []))
        url = next((simulation.addresses[one] for one in names if one in simulation.addresses), fixture.address(way))
        port = next((simulation.ports[one] for one in names if one in simulation.ports), None)
        found[way] = url if port is None else _at(url, port)
    return found


def _at(url: str, port: int) -> str:
    """Give an address with another port, on this machine."""
    parts = urlsplit(url)
    return f"{parts.scheme}://localhost:{port}{parts.path}"


def _here(url: str, taken: list[str]) -> str:
    """Give the address on this machine for a device that may be on another; a free port where one of ours has it."""
    parts = urlsplit(url)
    port = 80 if parts.port is None else parts.port
    if parts.hostname in LOOPBACK:
        return url.replace("wss://", "ws://", 1)
    return _at(url, 0 if port in {urlsplit(one).port for one in taken} else port).replace("wss://", "ws://", 1)


def _option(fixture: Fixture) -> str:
    if fixture.name == fixture.device.name:
        return f"--{fixture.name} PORT"
    return f"--port {fixture.name}=PORT"


def _wall_clock(_now: int) -> int:
    return time.time_ns() // 1_000_000


def _frames(name: str, tell: Callable[[str], None]) -> Callable[[str, Frame | str], None]:
    def show(way: str, frame: Frame | str) -> None:
        said = shown(frame)
        tell(f"{name}: {'<-' if way == 'in' else '->'} {said if isinstance(said, str) else render.dumps(said)}")

    return show


def _visits(name: str, tell: Callable[[str], None]) -> Callable[[str], None]:
    return lambda said: tell(f"{name}: {said}")

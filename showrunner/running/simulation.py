"""The doubles of `simulate`: hosted where the real programs would be, saying what an audience would see."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import partial
from urllib.parse import urlsplit

from showrunner.devices.vocabulary import Fixture, Frame, Inventory
from showrunner.diagnostics import render
from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.engine.journal import shown
from showrunner.frozen import dataclass
from showrunner.running.audience import Audience
from showrunner.running.dry_run import double
from showrunner.running.faults import NONE, Faults
from showrunner.show import user_files
from showrunner.wires.control import Control
from showrunner.wires.hosting import LOOPBACK, HostedDouble


@dataclass(frozen=True, slots=True)
class Simulation:
    """What is played: the devices, what is ordered to go wrong with each, and what is shown of it.

    ``addresses``: those that the user gave, by name; the others are the stage's. ``flags``: switches that are flipped
    beforehand, on those that have them. ``ping``: those that listen ping every so many microseconds. ``visits``: who
    comes, goes and is dropped is told.
    """

    fixtures: Mapping[str, Fixture]
    addresses: Mapping[str, str] = field(default_factory=dict)
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
        wanted = str(simulation.addresses.get(name, fixture.settings["url"]))
        dials = fixture.device.connects == "server"
        address = wanted if dials else _here(wanted, [one.url for one in hosted.values() if one.listens])
        faults = simulation.faults.get(name, NONE)
        played = replace(fixture, settings={**fixture.settings, "url": address}).played
        behind = double(played, simulation.inventories.get(name), _wall_clock, secrets.token_hex(4))
        for wrong in faults.begin(name, behind):
            warn(wrong)
        own = {switch.name for switch in fixture.device.switches}
        for switch, value in simulation.flags:
            if switch in own:
                behind.switch(switch, value, 0)
        if simulation.ping is not None and dials:
            warn(f"{name} pings nobody: it is a page that dials")
        made = HostedDouble(
            name,
            behind,
            fixture.device.connects,
            address,
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
            raise Refusal(f"{name} cannot listen at {address}: {reason(error)}", way_out) from error
        hosted[name] = made
        if dials:
            tell(f"{name}: its page dials {address}")
        elif urlsplit(wanted).hostname in LOOPBACK:
            tell(f"{name}: listens at {made.url}")
        else:
            tell(f"{name}: listens at {made.url}, in place of {wanted}")
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
    own = {name: value for name, value in settings.items() if name in fixture.settings}
    return replace(fixture, settings={**fixture.settings, **own})


def _here(url: str, taken: list[str]) -> str:
    """Give the address on this machine for a device that may be on another; a free port where one of ours has it."""
    parts = urlsplit(url)
    port = 80 if parts.port is None else parts.port
    if parts.hostname in LOOPBACK:
        return url.replace("wss://", "ws://", 1)
    return f"ws://localhost:{0 if port in {urlsplit(one).port for one in taken} else port}{parts.path}"


def _option(fixture: Fixture) -> str:
    if fixture.name == fixture.device.name:
        return f"--{fixture.name} PORT"
    return f"in `url` of `{fixture.name}` in the stage file"


def _wall_clock(_now: int) -> int:
    return time.time_ns() // 1_000_000


def _frames(name: str, tell: Callable[[str], None]) -> Callable[[str, Frame | str], None]:
    def show(way: str, frame: Frame | str) -> None:
        said = shown(frame)
        tell(f"{name}: {'<-' if way == 'in' else '->'} {said if isinstance(said, str) else render.dumps(said)}")

    return show


def _visits(name: str, tell: Callable[[str], None]) -> Callable[[str], None]:
    return lambda said: tell(f"{name}: {said}")

"""The doubles of `simulate`: hosted on the addresses the real programs have, saying what an audience would see."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from showrunner import state
from showrunner.catalogue import load
from showrunner.cli import screen
from showrunner.devices.vocabulary import Frame
from showrunner.diagnostics import render
from showrunner.dryrun import double, in_memory
from showrunner.stage import standard
from showrunner.wires.control import Control
from showrunner.wires.hosting import HostedDouble


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong on order: microseconds each way, up to so many more, every n-th message lost."""

    latency: int = 0
    jitter: int = 0
    drop_every: int | None = None


def host(
    names: Collection[str],
    addresses: Mapping[str, str],
    faults: Faults,
    *,
    profile: str,
    ask: bool,
    catalogue: str | None,
    verbose: bool,
) -> list[HostedDouble]:
    """Start the doubles called ``names``. Leaves with 2 where the catalogue is wrong or a port is taken."""
    fixtures = {name: in_memory(one) for name, one in standard().items() if name in names}
    known = load(catalogue, standard())
    if known.findings:
        screen.say(render.text(known.findings, known.texts, colour=screen.coloured(sys.stderr)))
        screen.wrong("the catalogue has mistakes")
    hosted: list[HostedDouble] = []
    for name, fixture in fixtures.items():
        settings = {**fixture.settings, "url": addresses[name]}
        if "profile" in settings:
            settings["profile"] = profile
        made = HostedDouble(
            name,
            double(replace(fixture, settings=settings), known.inventories.get(name), _wall_clock),
            fixture.device.connects,
            addresses[name],
            latency=faults.latency,
            jitter=faults.jitter,
            drop_every=faults.drop_every,
            on_frame=_frames(name) if verbose else None,
            on_visible=_visible(name),
        )
        try:
            made.open()
        except OSError as error:
            for one in hosted:
                one.close()
            why = (error.strerror or str(error)).lower()
            screen.wrong(f"{name} cannot listen at {addresses[name]}: {why}", f"choose another port: --{name} PORT")
        hosted.append(made)
        if ask and name == "live2d":
            made.switch("allow", "off")
        dials = fixture.device.connects == "server"
        _tell(name, f"its page dials {addresses[name]}" if dials else f"listens at {made.url}")
    return hosted


def ordered(doubles: Mapping[str, HostedDouble]) -> Control | None:
    """Let `showrunner double` flip the switches of these doubles; None, and a warning, where it cannot."""

    def obey(device: str, switch: str, value: str | None) -> str | None:
        if device not in doubles:
            return f"there is no `{device}` here: there are {', '.join(doubles)}"
        try:
            return doubles[device].switch(switch, value)
        except TimeoutError:
            return f"the double of {device} did not answer in time"

    try:
        return Control(state.folder(), doubles, obey)
    except (OSError, RuntimeError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        screen.say(f"warning: `showrunner double` will not work here: {render.visible(why)}")
        return None


def _wall_clock(_now: int) -> int:
    return time.time_ns() // 1_000_000


def _tell(name: str, text: str) -> None:
    screen.out(f"{name}: {render.visible(text)}\n")
    sys.stdout.flush()


def _visible(name: str) -> Callable[[str], None]:
    return lambda seen: _tell(name, seen)


def _frames(name: str) -> Callable[[str, Frame | str], None]:
    def show(way: str, frame: Frame | str) -> None:
        _tell(name, f"{'<-' if way == 'in' else '->'} {frame if isinstance(frame, str) else render.dumps(frame)}")

    return show

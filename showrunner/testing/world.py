"""What the world does to a show that is tested: lines of a `.showtest`, made into options and plans of a ``World``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from showrunner.devices.vocabulary import Fixture
from showrunner.engine.messages import Brought, Excerpt, Options, Planned
from showrunner.running.conductor import BadText, NewText
from showrunner.running.orders import POLICIES, events
from showrunner.syntax.showtest.nodes import Deed, Line, Setting
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed, Stood

PLANNED = ("go", "pause", "resume", "stop", "panic", "button", "event")
"""What the show itself can be told that it comes; then none of it comes by itself."""

PART = ("from", "until", "only")
"""The settings that say which part of the show is played."""


class Script(Protocol):
    """The show whose world it is: what its points mean, and what it is once it was saved anew."""

    def point(self, start: str, until: str | None = None) -> Excerpt:
        """Give the part that begins there (and ends there)."""
        ...

    def saved(self, name: str, world: World) -> NewText | BadText:
        """Give the text that the show has once the file of this name was saved over it."""
        ...


def options(lines: Iterable[Line], base: Options) -> Options:
    """Give how the show is played by these lines."""
    made = base
    for line in lines:
        if not isinstance(line, Setting):
            continue
        match line.name:
            case "by":
                made = replace(made, auto=False)
            case "go":
                made = replace(made, go_after=line.time or 0)
            case "stay":
                made = replace(made, stay=line.time or 0)
            case "on":
                made = replace(made, on_failure=next(one for one in POLICIES if one == line.words[0].text))
            case "clock":
                made = replace(made, start_at=line.time)
            case "seed":
                made = replace(made, seed=line.words[0].text)
            case _:
                pass
    return made


def latency(lines: Iterable[Line]) -> int:
    """Give how long a frame takes, each way, where no device is named."""
    said = [line.time or 0 for line in lines if isinstance(line, Setting) and line.name == "latency" and not line.words]
    return said[-1] if said else 0


def part(lines: Iterable[Line]) -> dict[str, str]:
    """Give which part of the show is played: `from`, `until`, `only` -> the point."""
    return {line.name: line.words[0].text for line in lines if isinstance(line, Setting) and line.name in PART}


def named(lines: Iterable[Line], setting: str) -> str | None:
    """Give the file that a setting names (`stage`, `catalogue`), the last one said."""
    said = [line.words[0].text for line in lines if isinstance(line, Setting) and line.name == setting]
    return said[-1] if said else None


def planned(deed: Deed, fixtures: Mapping[str, Fixture]) -> Planned:
    """Give a deed that the show is told of. Raises ``Refusal`` where a device never tells such an event."""
    if deed.action == "event":
        words = deed.text.split("event", 1)[1]
        [found] = events("event", [f"{words}@{deed.at // 1000}ms"], fixtures)
        return found
    fields = {field.name: field.value for field in deed.fields}
    return Planned(deed.at, deed.action, deed.words[0].text if deed.words else None, deed.said, fields)


def arrange(world: World, lines: Iterable[Line], script: Script) -> None:
    """Plan what the world does by itself; what is told to the show in its options must not be among it."""
    zero = world.now()
    for line in lines:
        if isinstance(line, Setting) and line.name == "latency" and line.words:
            world.slow(line.words[0].text, zero, line.time or 0)
        if isinstance(line, Deed):
            _do(world, line, zero + line.at, script)


def _do(world: World, deed: Deed, at: int, script: Script) -> None:
    words = [word.text for word in deed.words]
    match deed.action, words:
        case "lose", [name]:
            world.lose(name, at)
        case "restore", [name]:
            world.restore(name, at)
        case "slow", [name]:
            world.slow(name, at, deed.time or 0)
        case "switch", [name, switch, *value]:
            world.switch(name, at, switch, " ".join(value) if value else None)
        case "reload", [name]:
            world.press(at, Pressed("reload", given=script.saved(name, world)))
        case "seek", [point]:
            world.press(at, Pressed("seek", to=point, given=script.point(point)))
        case "loop", [point, until]:
            world.press(at, Pressed("loop", to=f"{point} {until}", given=script.point(point, until)))
        case "unloop", _:
            world.press(at, Pressed("unloop", given=Excerpt()))
        case "stood", _:
            world.press(at, Stood(deed.time or 0))
        case "button", [name]:
            fields = {field.name: field.value for field in deed.fields}
            world.press(at, Pressed("button", name, given=Brought(deed.said, fields)))
        case action, _:
            world.press(at, Pressed(action, words[0] if words else None))

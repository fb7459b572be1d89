"""Plays a show in memory, on the virtual clock, in a world that a short plan describes. For tests.

The plan, one order a line (`#` begins a comment; times as in a show):

    latency 50ms                              how long a frame takes, each way
    at 2s go                                  the operator: go, pause, resume, stop, interrupt, panic
    at 2s button raid
    at 2s button donate "Hello!" user=Aki     a button, and what comes with it
    at 2s seek two+3s                         also: at 2s loop POINT POINT, at 2s unloop, at 2s skip
    at 2s reload NAME.edited                  the script is saved anew, with this file's text (its `parts` as they are)
    at 2s stood 3s                            the machine stands for so long
    at 3s lose animaze                        the application goes away …
    at 4s restore animaze                     … and is back
    at 0s switch animaze error "Avatar not found"   any switch of the device's double
    by hand                                   GO and buttons come only as planned (else by themselves)
    go after 2s                               … by themselves, that much later
    on failure hold
    clock 19:55                               what the clock on the wall shows when the show begins
    from two+3s                               where it begins; also: until POINT, only SEGMENT
    stage panic.yaml                          a stage file beside the script, with what panic sends
"""

from __future__ import annotations

import contextlib
import shlex
import shutil
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from showrunner.devices.strangers import NO_WORDS
from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import has_errors
from showrunner.engine.journal import line
from showrunner.engine.messages import Brought, Excerpt, TextChange
from showrunner.reports.plan import plan as imagine
from showrunner.reports.points import Unknown, excerpt
from showrunner.running.conductor import NewText
from showrunner.running.dry_run import double, dry_run
from showrunner.running.performance import Options
from showrunner.show import stage
from showrunner.show.book import Library
from showrunner.show.prepare import prepare
from showrunner.timeline.compiler import compile_show
from showrunner.timeline.cues import CueList
from showrunner.timeline.revise import compare
from showrunner.times import micros as duration
from showrunner.times import of_day
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed, Stood


@dataclass(frozen=True)
class Played:
    """What came of it: the entries and, byte for byte, the journal."""

    entries: list[dict[str, Any]]

    @property
    def journal(self) -> str:
        return "".join(f"{line(entry)}\n" for entry in self.entries)

    def all(self, kind: str, **keys: Any) -> list[dict[str, Any]]:
        return [e for e in self.entries if e["kind"] == kind and all(e.get(k) == v for k, v in keys.items())]


def compiled(path: str | Path, fixtures: dict[str, Fixture]) -> tuple[CueList, dict[str, Fixture]]:
    """Read and compile a script that must be right; warnings are no obstacle."""
    with contextlib.chdir(Path(path).parent):
        reading = Library().read(Path(path).name)
    assert reading.book is not None, reading.findings
    made = compile_show(reading.book, fixtures)
    assert made.cues is not None, render.text((*reading.findings, *made.findings), reading.texts)
    return made.cues, fixtures


def perform(
    path: str | Path,
    plan: str = "",
    *,
    fixtures: dict[str, Fixture] | None = None,
    inventories: dict[str, Inventory] | None = None,
    seed: str = "0",
) -> Played:
    """Play the script at ``path`` as planned."""
    orders = [shlex.split(order, comments=True) for order in plan.splitlines()]
    stood = fixtures or {device.name: stage.fixture(device.name, device) for device in stage.kinds()}
    cues, _ = compiled(path, stood)
    options = Options(seed=seed, auto=True)
    latency, blocked = 0, NO_WORDS
    part: dict[str, str] = {}
    for order in filter(None, orders):
        match order:
            case ["latency", time]:
                latency = micros(time)
            case ["by", "hand"]:
                options = replace(options, auto=False)
            case ["go", "after", time]:
                options = replace(options, go_after=micros(time))
            case ["on", "failure", policy]:
                options = replace(options, on_failure=policy)  # type: ignore[arg-type]
            case ["clock", time]:
                options = replace(options, start_at=of_day(time))
            case ["stage", name]:
                with contextlib.chdir(Path(path).parent):
                    prepared = prepare(Path(path).name, name)
                assert not has_errors(prepared.findings), render.text(prepared.findings, prepared.texts)
                stood, options = dict(prepared.stage.fixtures), replace(options, safe=prepared.safe)
                blocked = prepared.stage.blocked
            case [("from" | "until" | "only") as which, point]:
                part[which] = point
    if part:
        found = excerpt(imagine(cues, stood, inventories), cues, part.get("from"), part.get("until"), part.get("only"))
        assert not isinstance(found, Unknown), found
        options = replace(options, excerpt=found)
    entries: list[dict[str, Any]] = []
    dry_run(
        cues, stood, entries.append, options=options, inventories=inventories, latency=latency, blocked=blocked,
        arrange=lambda world: arrange(world, orders, Script(Path(path), stood, inventories, cues)),
    )  # fmt: skip
    return Played(entries)


@dataclass
class Script:
    """The script in force while the orders are read, one after the other."""

    path: Path
    fixtures: dict[str, Fixture]
    inventories: dict[str, Inventory] | None
    cues: CueList
    joined: set[str] = field(default_factory=set)

    def point(self, start: str, until: str | None = None) -> Excerpt:
        found = excerpt(imagine(self.cues, self.fixtures, self.inventories), self.cues, start, until, None)
        assert not isinstance(found, Unknown), found
        return found

    def saved(self, name: str, world: World) -> NewText:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / self.path.name
            shutil.copy(self.path.parent / name, copy)
            if (parts := self.path.parent / "parts").is_dir():
                shutil.copytree(parts, Path(folder) / "parts")
            new, _ = compiled(copy, self.fixtures)
        old, self.cues = self.cues, new
        self.joined.update(old.devices)
        used = {name: self.fixtures[name].played for name in new.devices}
        for device, fixture in used.items():
            if device not in self.joined:
                world.join(device, double(fixture, None, lambda now: now // 1000), fixture.ways)
        return new_text(old, new, used)


def new_text(old: CueList, new: CueList, fixtures: dict[str, Fixture]) -> NewText:
    """Make what a watcher hands to the performance of a new text."""
    revision = compare(old, new)
    change = TextChange(old.fingerprint, new.fingerprint, revision, told=not revision.nothing)
    return NewText(new, fixtures, {}, change)


def came_with(words: list[str]) -> Brought:
    """Read what comes with a press: a text, and fields."""
    fields = dict(word.split("=", 1) for word in words[1:])
    return Brought(words[0] if words else None, fields)


def arrange(world: World, orders: list[list[str]], script: Script) -> None:
    """Plan what the world does."""
    zero = world.now()
    for order in filter(None, orders):
        match order:
            case ["at", time, "lose", name]:
                world.lose(name, zero + micros(time))
            case ["at", time, "restore", name]:
                world.restore(name, zero + micros(time))
            case ["at", time, "switch", name, switch, *value]:
                world.switch(name, zero + micros(time), switch, " ".join(value) if value else None)
            case ["at", time, "reload", name]:
                world.press(zero + micros(time), Pressed("reload", given=script.saved(name, world)))
            case ["at", time, "seek", point]:
                world.press(zero + micros(time), Pressed("seek", to=point, given=script.point(point)))
            case ["at", time, "loop", point, until]:
                given = script.point(point, until)
                world.press(zero + micros(time), Pressed("loop", to=f"{point} {until}", given=given))
            case ["at", time, "unloop"]:
                world.press(zero + micros(time), Pressed("unloop", given=Excerpt()))
            case ["at", time, "stood", long]:
                world.press(zero + micros(time), Stood(micros(long)))
            case ["at", time, "button", name, *brought]:
                world.press(zero + micros(time), Pressed("button", name, given=came_with(brought)))
            case ["at", time, action]:
                world.press(zero + micros(time), Pressed(action))
            case ["latency", _] | ["by", "hand"] | ["go", "after", _] | ["on", "failure", _] | ["clock", _]:
                pass
            case ["from" | "until" | "only" | "stage", _]:
                pass
            case _:
                raise ValueError(f"not an order: {order}")


def micros(time: str) -> int:
    found = duration(time)
    assert found is not None, f"not a time: {time}"
    return found

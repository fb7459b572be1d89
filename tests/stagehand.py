"""Plays a show in memory, on the virtual clock, in a world that a short plan describes. For tests.

A plan is what the world does in a `.showtest` (`grammar/showtest.md`), and nothing else. What the operator does in it
is done at a key, so GO and buttons come by themselves, too, unless it says `by hand`. `reload` names a file of which
the text is saved over the script's, whose `parts` stay as they are.
"""

from __future__ import annotations

import contextlib
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
from showrunner.engine.messages import Excerpt, TextChange
from showrunner.reports.plan import plan as imagine
from showrunner.reports.points import Unknown, excerpt
from showrunner.running.conductor import NewText
from showrunner.running.dry_run import double, dry_run
from showrunner.running.performance import Options
from showrunner.show import stage
from showrunner.show.book import Library
from showrunner.show.prepare import prepare
from showrunner.syntax.showtest.nodes import Line
from showrunner.syntax.showtest.reader import read
from showrunner.testing import world as world_of
from showrunner.timeline.compiler import compile_show
from showrunner.timeline.cues import CueList
from showrunner.timeline.revise import compare
from showrunner.times import micros as duration
from showrunner.wires.loopback import World


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
    orders = orders_of(plan)
    stood = fixtures or {device.name: stage.fixture(device.name, device) for device in stage.kinds()}
    cues, _ = compiled(path, stood)
    options = world_of.options(orders, Options(seed=seed, auto=True))
    blocked = NO_WORDS
    if (named := world_of.named(orders, "stage")) is not None:
        with contextlib.chdir(Path(path).parent):
            prepared = prepare(Path(path).name, named)
        assert not has_errors(prepared.findings), render.text(prepared.findings, prepared.texts)
        stood, options = dict(prepared.stage.fixtures), replace(options, safe=prepared.safe)
        blocked = prepared.stage.blocked
    if part := world_of.part(orders):
        found = excerpt(imagine(cues, stood, inventories), cues, part.get("from"), part.get("until"), part.get("only"))
        assert not isinstance(found, Unknown), found
        options = replace(options, excerpt=found)
    entries: list[dict[str, Any]] = []
    dry_run(
        cues,
        stood,
        entries.append,
        options=options,
        inventories=inventories,
        latency=world_of.latency(orders),
        blocked=blocked,
        arrange=lambda world: world_of.arrange(world, orders, Script(Path(path), stood, inventories, cues)),
    )
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


def orders_of(plan: str) -> tuple[Line, ...]:
    """Read what the world does."""
    found = read(plan, "plan")
    assert not found.findings, render.text(found.findings, {"plan": plan})
    return found.test.always


def micros(time: str) -> int:
    found = duration(time)
    assert found is not None, f"not a time: {time}"
    return found

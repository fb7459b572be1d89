"""The show of a test: as it is read for it, and as it is once another file was saved over it."""

from __future__ import annotations

from pathlib import Path

from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Severity
from showrunner.engine.messages import Excerpt, TextChange
from showrunner.reports.plan import plan
from showrunner.reports.points import Unknown, excerpt
from showrunner.reports.timetable import Plan
from showrunner.running.conductor import BadText, NewText
from showrunner.running.dry_run import double
from showrunner.show import user_files
from showrunner.show.book import Library
from showrunner.show.prepare import Prepared, prepare
from showrunner.timeline.cues import CueList
from showrunner.timeline.revise import compare
from showrunner.wires.loopback import World

ERROR: Severity = "error"


class Missing(Exception):  # noqa: N818 - it is the test that names it
    """There is no such point in the plan of the text that plays then; in words."""


class Editions:
    """The texts of one show, one after the other, while what happens to it is planned. A ``Script`` of ``world``."""

    def __init__(self, prepared: Prepared, cues: CueList, folder: Path, files: tuple[str | None, str | None]) -> None:
        """``folder`` is the test's, from which files are named, ``files`` the stage and catalogue it names."""
        self._prepared = prepared
        self._folder = folder
        self._files = files
        self._joined = set(cues.devices)
        self._plan: Plan | None = None
        self.cues = cues

    @property
    def planned(self) -> Plan:
        """The plan of the text that would be in force by now."""
        if self._plan is None:
            self._plan = plan(self.cues, self._prepared.fixtures, self._prepared.inventories)
        return self._plan

    def point(self, start: str, until: str | None = None) -> Excerpt:
        """Give the part that begins there; raises ``Missing``."""
        return self.part(start, until, None)

    def part(self, start: str | None, until: str | None, only: str | None) -> Excerpt:
        """Give the part of the show that these name; raises ``Missing``."""
        found = excerpt(self.planned, self.cues, start, until, only)
        if isinstance(found, Unknown):
            raise Missing(found.message)
        return found

    def saved(self, name: str, world: World) -> NewText | BadText:
        """Give what a save of the file of this name over the script is to the show that plays."""
        edition = edited(self._prepared.path, self._folder / name, self._files)
        new = edition.cues
        if new is None:
            found = tuple(render.as_data(one) for one in edition.findings if one.severity == ERROR)
            return BadText(self.cues.fingerprint, edition.fingerprint, found, 0)
        reached = {one: edition.fixtures[one].played for one in new.devices}
        for device, fixture in reached.items():
            if device not in self._joined:
                self._joined.add(device)
                known = edition.inventories.get(device)
                world.join(device, double(fixture, known, lambda now: now // 1000), fixture.ways)
        revision = compare(self.cues, new)
        change = TextChange(self.cues.fingerprint, new.fingerprint, revision, told=not revision.nothing)
        self._prepared, self.cues, self._plan = edition, new, None
        return NewText(new, reached, edition.inventories, change)


def edited(path: str, other: Path, files: tuple[str | None, str | None]) -> Prepared:
    """Read the script at ``path`` as it would be if the file ``other`` had been saved over it."""
    data = other.read_bytes()
    library = Library(cache=user_files.grammar(), typed=lambda disk: data if disk == path else None)
    reading = library.read(path)
    return prepare(path, *files, reading)

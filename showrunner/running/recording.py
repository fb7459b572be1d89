"""A recording: a journal read from disk, with the texts of its show, so that it can be played through again.

The comparing itself is in ``replay``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from showrunner.devices import find
from showrunner.devices.vocabulary import Device
from showrunner.diagnostics.refusal import WRONG_USAGE, Refusal, reason
from showrunner.engine.caller import Caller
from showrunner.engine.messages import Entry, Excerpt, Options
from showrunner.reports import points
from showrunner.reports.entries import Written, written
from showrunner.reports.plan import TIMES, plan
from showrunner.running.replay import Replay, recorded
from showrunner.show.prepare import Prepared, prepare
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList

DEEPEST = 64
"""A path in a journal has no more parts: what is laid out there is a show's folder, however it came by its names."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The entries of a journal, and where the texts of its show are: with it, or only where the script stands.

    ``torn``: the lines of the file that could not be read.
    ``script`` is where it stands, ``written`` the name it had; ``stage`` and ``catalogue`` those that the user named.
    ``versions`` has the `source` entries by fingerprint; ``folder`` is where the version in force is laid out.
    ``present`` is the show as its files are now: it is taken for the version that it is.
    """

    entries: Sequence[Entry]
    torn: Sequence[int]
    script: str
    written: str
    stage: str | None
    catalogue: str | None
    versions: Mapping[str, Sequence[Entry]]
    folder: Path
    present: Prepared | None = None

    def prepared(self) -> Prepared:
        """Give the show as it began. Its ``cues`` are None where it cannot be compiled any more."""
        return self._of(self.entries[0]["fingerprint"])

    @property
    def fingerprint(self) -> str:
        """What was in force when the journal ended: the last save that was taken over, else what it began with."""
        saves = (
            str(one["new"])
            for one in reversed(self.entries)
            if (one["kind"] == "reload" and one["ok"]) or (one["kind"] == "told" and one["what"] == "text")
        )
        return next(saves, str(self.entries[0]["fingerprint"]))

    def latest(self) -> Prepared:
        """Give the show as it was when the journal ended."""
        return self._of(self.fingerprint)

    def replay(self, prepared: Prepared, cues: CueList, *, watched: bool = False) -> Replay:
        """Make it ready to be played through again; raises ``Refusal`` where ``prepared`` is not what was played.

        ``watched``: as in ``Options``, for a show that goes on.
        """
        if prepared.fingerprint != self.entries[0]["fingerprint"]:
            raise Refusal(
                f"`{prepared.path}` is not what was played: it has changed since",
                "replay needs the text of then; a journal of `rehearse --record` has it with it",
            )
        fixtures, inventories = dict(prepared.fixtures), prepared.inventories
        options = replace(recorded(self.entries[0]), safe=prepared.safe, watched=watched)
        force = [cues]

        def point(action: str, to: str) -> Excerpt | None:
            planned = plan(force[0], fixtures, inventories, TIMES, options=Options(seed=options.seed))
            return points.asked(planned, force[0], action, to)

        def text(entry: Entry) -> CueList | None:
            later = self._of(entry["new"]) if entry["new"] in self.versions else None
            if later is not None and later.cues is not None:
                force[0] = later.cues
                fixtures.update(later.fixtures)
            return None if later is None else later.cues

        return Replay(Caller(cues, fixtures, options, inventories), fixtures, self.entries, point, text)

    def _of(self, fingerprint: str) -> Prepared:
        if self.present is not None and fingerprint == self.present.fingerprint:
            return self.present
        if fingerprint not in self.versions:
            return prepare(self.script, self.stage, self.catalogue, seen=False)
        kept = self._laid(fingerprint)
        prepared = prepare(kept.script, self.stage or kept.stage, self.catalogue or kept.catalogue, seen=False)
        # The journal has the stage file by the name it had.
        return replace(prepared, safe=tuple(replace(o, file=kept.names.get(o.file, o.file)) for o in prepared.safe))

    def _laid(self, fingerprint: str) -> Laid:
        """Lay a version out in place of the one before: what plays on of that is still in the same files."""
        shutil.rmtree(self.folder, ignore_errors=True)
        # Files may stand above the script's folder: as many folders up as that is in any version, there must be.
        named = [self.written, *(str(entry["path"]) for sources in self.versions.values() for entry in sources)]
        up = max(Path(os.path.normpath(path)).parts.count("..") for path in named)
        try:
            return lay(self.folder.joinpath(*["up"] * up), self.written, self.versions[fingerprint])
        except (OSError, ValueError) as error:
            raise Refusal(f"the journal of `{self.written}` names files of its show that can be nowhere") from error


@contextlib.contextmanager
def opened(
    journal: str,
    script: str | None = None,
    stage: str | None = None,
    catalogue: str | None = None,
    *,
    exit: int = WRONG_USAGE,
) -> Iterator[Recording]:
    """Read a journal, and have the texts it has with it at hand for as long as that is needed.

    ``script``, ``stage`` and ``catalogue`` are files to be taken in their place. Raises ``Refusal`` where it is none.
    """
    whole = read(journal, exit=exit)
    entries = whole.entries
    named = str(entries[0].get("script", ""))
    beside = Path(journal).parent / Path(named).name
    found = script or (named if Path(named).exists() or journal == "-" or not beside.exists() else str(beside))
    versions: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry["kind"] == "source" and script is None:
            versions.setdefault(entry["fingerprint"], []).append(entry)
    with tempfile.TemporaryDirectory(prefix="showrunner-") as folder:
        yield Recording(entries, whole.torn, found, named, stage, catalogue, versions, Path(folder, "show"))


def read(path: str, *, exit: int = WRONG_USAGE) -> Written:
    """Read a journal from disk, or from standard input; lines that are torn are left out and counted.

    Where it goes on from another (`resumes`), that stands before it, and both are one. Raises ``Refusal``, with this
    exit code, where it is none, or that other is not there.
    """
    found, behind = _read(path, exit=exit), [path]
    while "resumes" in found.entries[0]:
        named = str(found.entries[0]["resumes"])
        beside = str(Path(behind[-1]).parent / Path(named).name)
        first = named if Path(named).exists() or behind[-1] == "-" else beside
        if first in behind:
            raise Refusal(f"`{path}` goes on from itself: it is no journal any more", exit=exit)
        if not Path(first).exists():
            raise Refusal(
                f"`{behind[-1]}` goes on from `{named}`, which is not there", "put the two side by side", exit=exit
            )
        behind.append(first)
        earlier = _read(first, exit=exit)
        # The first entry of what goes on says only that it does.
        more = ({**entry, "seq": number} for number, entry in enumerate(found.entries[1:], len(earlier.entries)))
        found = Written((*earlier.entries, *more), (*earlier.torn, *found.torn))
    return found


def _read(path: str, *, exit: int) -> Written:
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise Refusal(f"`{path}` cannot be read: {reason(error)}", exit=exit) from error
    found = written(data)
    first = found.entries[0] if found.entries else {}
    if first.get("kind") != "show" or first.get("version") != 1:
        raise Refusal(f"`{path}` is no journal: the first entry must be `show`, version 1", exit=exit)
    return found


def drivers(entries: Sequence[Entry]) -> dict[str, Device]:
    """Give the devices that played, by the names of their drivers; one that is not installed here any more is not."""
    names = {str(name) for name in entries[0].get("devices", {}).values()}
    return {name: kind for name in sorted(names) if (kind := find(name)) is not None}


@dataclass(frozen=True, slots=True)
class Laid:
    """The files of one version, laid out: where the script, the stage file and the catalogue now are.

    ``names``: what each file that was laid out was called.
    """

    script: str
    stage: str | None
    catalogue: str | None
    names: Mapping[str, str]


def lay(here: Path, script: str, sources: Sequence[Entry]) -> Laid:
    """Lay the files of one version into a folder, each where it was as seen from the others."""
    paths = [Path(os.path.normpath(path)) for path in (script, *(str(entry["path"]) for entry in sources))]
    if max(len(path.parts) for path in (here, *paths)) > DEEPEST:
        raise ValueError("deeper than any folder")
    places = [here / path.relative_to(path.anchor) for path in paths]
    named: dict[str, str] = {}
    for place, entry in zip(places[1:], sources, strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and not place.is_file():
            raise ValueError("no file: on Windows some names are devices, in every folder")
        place.write_text(entry["text"], encoding="utf-8", newline="")
        named[entry.get("role", "")] = str(place)
    names = {str(place): str(entry["path"]) for place, entry in zip(places[1:], sources, strict=True)}
    return Laid(str(places[0]), named.get("stage"), named.get("catalogue"), names)

"""A journal replayed from the command line: read, its script found, the outcome said.

The comparing itself is in ``showrunner.replay``.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from showrunner.cli.terminal import output
from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.diagnostics.wording import shortened, visible
from showrunner.engine.caller import Caller
from showrunner.engine.journal import line
from showrunner.engine.messages import Entry, Excerpt
from showrunner.reports import points
from showrunner.reports.plan import plan
from showrunner.running.replay import Replay, Unknown, recorded
from showrunner.show.prepare import Prepared, prepare
from showrunner.timeline.cues import CueList

SAME, DIFFERS, ERRORS = 0, 5, 1

LONGEST = 600
"""So many characters of an entry are shown."""


def replay(journal: str, script: str | None, stage: str | None, catalogue: str | None) -> int:
    """Replay a journal and give the exit code."""
    entries = read(journal)
    with _texts(entries, journal, script) as texts:
        prepared = texts.of(entries[0]["fingerprint"], stage, catalogue)
        if prepared.cues is None:
            output.findings(prepared.findings, prepared.texts)
            played = [visible(str(name)) for name in entries[0]["devices"] if name not in prepared.fixtures]
            if played:
                output.say(f"help: the stage file of then had `{played[0]}`: name that file with `--stage FILE`")
            return ERRORS
        if prepared.fingerprint != entries[0]["fingerprint"]:
            raise Refusal(
                f"`{prepared.path}` is not what was played: it has changed since",
                "replay needs the text of then; a journal of `rehearse --record` has it with it",
            )
        cues, fixtures, inventories = prepared.cues, dict(prepared.fixtures), prepared.inventories
        options = replace(recorded(entries[0], entries), safe=prepared.safe)
        caller = Caller(cues, fixtures, options, inventories)
        force = [cues]

        def point(action: str, to: str) -> Excerpt | None:
            planned = plan(force[0], fixtures, inventories, frozenset({"segment", "cue"}))
            return points.asked(planned, force[0], action, to)

        def text(entry: Entry) -> CueList | None:
            later = texts.of(entry["new"], stage, catalogue) if texts.has(entry["new"]) else None
            if later is not None and later.cues is not None:
                force[0] = later.cues
                fixtures.update(later.fixtures)
            return None if later is None else later.cues

        found = Replay(caller, fixtures, entries, point, text)
        outcome = found.run()
    if outcome is None:
        sys.stdout.write(f"the same: {found.compared} decisions of {len(entries)} entries\n")
        return SAME
    if isinstance(outcome, Unknown):
        raise Refusal(outcome.message)
    sys.stdout.write(f"different, after {found.compared} decisions:\n")
    for name, entry in (("journal", outcome.theirs), ("replay", outcome.ours)):
        sys.stdout.write(f"  {name:8} {_shown(entry)}\n")
    return DIFFERS


def read(path: str) -> list[Entry]:
    """Read a journal; a torn last line is left out. Leaves with 2 where it is none."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise Refusal(f"`{path}` cannot be read: {reason(error)}") from error
    lines = data.decode("utf-8", "replace").split("\n")
    entries: list[Entry] = []
    for number, written in enumerate(lines, 1):
        if not written.strip():
            continue
        try:
            entry = json.loads(written)
        except (ValueError, RecursionError) as error:
            if number == len(lines):
                break  # the line that was being written when the show was killed
            raise Refusal(f"line {number} of `{path}` is no JSON", "a journal has one entry in every line") from error
        if not isinstance(entry, dict) or not {"seq", "at", "kind"} <= entry.keys():
            raise Refusal(f"line {number} of `{path}` is no entry of a journal")
        entries.append(entry)
    if not entries or entries[0]["kind"] != "show" or entries[0].get("version") != 1:
        raise Refusal(f"`{path}` is no journal: the first entry must be `show`, version 1")
    return entries


@dataclass(frozen=True, slots=True)
class _Kept:
    """The files of one version, laid out: where the script, the stage file and the catalogue now are.

    ``names``: what each file that was laid out was called.
    """

    script: str
    stage: str | None
    catalogue: str | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Texts:
    """Where the texts of a show are: with the journal, by fingerprint, or only where the script stands.

    ``script`` is where it stands, ``written`` the name it had; ``folder`` is where the version in force is laid out.
    """

    script: str
    written: str
    versions: Mapping[str, Sequence[Entry]]
    folder: Path

    def has(self, fingerprint: str) -> bool:
        return fingerprint in self.versions

    def of(self, fingerprint: str, stage: str | None, catalogue: str | None) -> Prepared:
        if fingerprint not in self.versions:
            return prepare(self.script, stage, catalogue, seen=False)
        kept = self._laid(fingerprint)
        prepared = prepare(kept.script, stage or kept.stage, catalogue or kept.catalogue, seen=False)
        # The journal has the stage file by the name it had.
        return replace(prepared, safe=tuple(replace(o, file=kept.names.get(o.file, o.file)) for o in prepared.safe))

    def _laid(self, fingerprint: str) -> _Kept:
        """Lay a version out in place of the one before: what plays on of that is still in the same files."""
        shutil.rmtree(self.folder, ignore_errors=True)
        # Files may stand above the script's folder: as many folders up as that is in any version, there must be.
        named = [self.written, *(str(entry["path"]) for sources in self.versions.values() for entry in sources)]
        up = max(Path(os.path.normpath(path)).parts.count("..") for path in named)
        try:
            return _lay(self.folder.joinpath(*["up"] * up), self.written, self.versions[fingerprint])
        except (OSError, ValueError) as error:
            raise Refusal(f"the journal of `{self.written}` names files of its show that can be nowhere") from error


@contextlib.contextmanager
def _texts(entries: list[Entry], journal: str, script: str | None) -> Iterator[_Texts]:
    """Have the texts a journal has with it at hand for as long as it is replayed."""
    written = str(entries[0]["script"])
    beside = Path(journal).parent / Path(written).name
    found = script or (written if Path(written).exists() or journal == "-" or not beside.exists() else str(beside))
    versions: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry["kind"] == "source" and script is None:
            versions.setdefault(entry["fingerprint"], []).append(entry)
    with tempfile.TemporaryDirectory(prefix="showrunner-") as folder:
        yield _Texts(found, written, versions, Path(folder, "show"))


def _lay(here: Path, script: str, sources: Sequence[Entry]) -> _Kept:
    """Lay the files of one version into a folder, each where it was as seen from the others."""
    paths = [Path(os.path.normpath(path)) for path in (script, *(str(entry["path"]) for entry in sources))]
    places = [here / path.relative_to(path.anchor) for path in paths]
    named: dict[str, str] = {}
    for place, entry in zip(places[1:], sources, strict=True):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(entry["text"], encoding="utf-8", newline="")
        named[entry.get("role", "")] = str(place)
    names = {str(place): str(entry["path"]) for place, entry in zip(places[1:], sources, strict=True)}
    return _Kept(str(places[0]), named.get("stage"), named.get("catalogue"), names)


def _shown(entry: Entry | None) -> str:
    if entry is None:
        return "nothing more"
    text = visible(line({key: value for key, value in entry.items() if value is not None}))
    return shortened(text, LONGEST)

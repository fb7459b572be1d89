"""A script made ready: its files, stage and catalogue read, compiled, and everything that is wrong with them.

What every command that takes a script begins with.
"""

from __future__ import annotations

import gc
import hashlib
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import TypeAlias

from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic, Place, has_errors, in_reading_order
from showrunner.show import user_files
from showrunner.show.book import Library, Reading, folder, shown
from showrunner.show.catalogue import Catalogue
from showrunner.show.catalogue import load as load_catalogue
from showrunner.show.fine import silence
from showrunner.show.stage import CATALOGUE, NAME, Stage, called
from showrunner.show.stage_file import Setup, setup
from showrunner.show.yaml_marks import LIMIT
from showrunner.slotted import dataclass
from showrunner.syntax.nodes import Book
from showrunner.syntax.parser import ScriptReader
from showrunner.timeline.compiler import Memory, NamedFile, compile_show
from showrunner.timeline.cues import CueList, Safe
from showrunner.timeline.labels import seen_from
from showrunner.timeline.safe_line import compile_line

FROM_A_PART = frozenset({"E205", "E208", "E222", "W507"})
"""Codes of unknown names: while a part is missing, they may be no mistakes."""

OF_A_WORD = frozenset(
    {"E205", "E208", "E301", "E302", "E303", "E306", "E307", "E308", "E401", "E402", "E404", "E406", "E411"}
    | {f"E42{n}" for n in range(5)}
)
"""Codes that judge one word, whatever stands around it: they are told beside what could not be read of a line, too."""

OF_WHAT_LACKS = frozenset({"W503", "W508"})
"""Codes that say what a line lacks beside it: while a line cannot be read, it may be there."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """``cues`` is None where there are errors. ``texts`` gives the text of every file a finding may stand in.

    ``fine``: so many warnings were silenced. ``documents``: the paths of files that devices read,
    ``papers`` what stands in those that are there.
    """

    path: str
    reading: Reading
    stage: Stage
    inventories: Mapping[str, Inventory]
    cues: CueList | None
    findings: tuple[Diagnostic, ...]
    texts: Mapping[str, str]
    safe: tuple[Safe, ...] = ()
    ground: Ground | None = None
    memory: Memory | None = None
    missing: Mapping[str, tuple[Diagnostic, ...]] = field(default_factory=dict)
    fine: int = 0
    documents: tuple[str, ...] = ()
    papers: Mapping[str, str] = field(default_factory=dict)

    @property
    def fixtures(self) -> Mapping[str, Fixture]:
        """The devices of the stage, with the pictures they are to show and the documents they are to read."""
        return self.stage.fixtures

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the script's files and documents, empty where it cannot be read."""
        return "" if self.reading.book is None else _fingerprint(self.reading.book, self.papers)

    @property
    def whole_texts(self) -> dict[str, str]:
        """The texts byte for byte, as a journal needs them: their fingerprint is that of what was played."""
        marked = self.reading.marked
        return {path: f"\ufeff{text}" if path in marked else text for path, text in self.texts.items()}

    @property
    def roles(self) -> Mapping[str, str]:
        """Which of the texts is the stage file's, which the catalogue's: their paths -> `stage`, `catalogue`."""
        named = {self.stage.path: "stage", self.stage.catalogue: "catalogue"}
        return {path: role for path, role in named.items() if path is not None and path in self.texts}

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of all files that were read or looked for."""
        return (*self.reading.files, *(self.ground.files if self.ground is not None else ()), *self.documents)

    @property
    def read(self) -> tuple[str, ...]:
        """The paths of all that must not be written over: the files, the pictures, and what was typed (`-`)."""
        shown = {path for one in self.fixtures.values() for path in one.settings.get("images", ())}
        pictures = (str(Path(folder(self.path), path)) for path in sorted(shown))
        return (self.path, *self.files, *pictures)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a show stands on: stage and catalogue as they were read, and what ``stood`` in their files then, None where
    there was none.
    """

    standing: Setup
    known: Catalogue
    stood: tuple[tuple[str, bytes | None], ...]

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of these files, also of one that may come to be."""
        return tuple(path for path, _ in self.stood)

    def same(self) -> bool:
        """Tell whether the files are as they were."""
        return all(_bytes(path) == held for path, held in self.stood)


def ground(path: str, stage: str | None, catalogue: str | None, held: Mapping[str, Fixture] | None = None) -> Ground:
    """Read the stage file and the catalogue of the script at ``path``, or those named on the command line.

    ``held``: devices as they stand on other machines; what the stage file here says of them does not count.
    """
    standing = setup(path, stage, catalogue)
    if held:
        standing = replace(standing, stage=replace(standing.stage, fixtures={**standing.stage.fixtures, **held}))
    beside = posixpath.dirname(shown(path))
    # Where there is none, one beside the script may come to be.
    files = (
        standing.stage.path or posixpath.join(beside, NAME),
        standing.stage.catalogue or posixpath.join(beside, CATALOGUE.default),
    )
    words = (standing.stage.words,) if standing.stage.words is not None else ()
    stood = tuple((one, _bytes(one)) for one in (*files, *words))
    return Ground(standing, load_catalogue(standing.stage.catalogue, standing.stage.fixtures), stood)


def _bytes(path: str) -> bytes | None:
    try:
        if not stat.S_ISREG(Path(path).stat().st_mode):
            return None
        with Path(path).open("rb") as file:
            return file.read(LIMIT + 1)
    except (OSError, ValueError):
        return None


@contextmanager
def undisturbed() -> Iterator[None]:
    """Look for no garbage meanwhile: what is read is kept, and going through it again takes most of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@undisturbed()
def prepare(
    path: str,
    stage: str | None = None,
    catalogue: str | None = None,
    reading: Reading | None = None,
    *,
    before: Prepared | None = None,
    once: bool = True,
    seen: bool = True,
    held: Mapping[str, Fixture] | None = None,
) -> Prepared:
    """Read and compile the script at ``path``; ``stage`` and ``catalogue`` are the files named on the command line.

    ``before``: what came of the last time; what is as it was is taken from it. ``once``: there is no next time.
    ``seen`` False: nobody sees it, so that the pictures need not be there. ``held`` as in ``ground``.
    """
    reading = Library(cache=user_files.grammar()).read(path) if reading is None else reading
    stood = None if before is None else before.ground
    stood = stood if stood is not None and stood.same() else ground(path, stage, catalogue, held)
    standing, known = stood.standing, stood.known
    findings = [*reading.findings, *standing.findings, *known.findings]
    missing: Mapping[str, tuple[Diagnostic, ...]] = {}
    cues, memory = None, None if before is None else before.memory
    # What was named once is named again, most likely.
    stage_ = called(standing.stage, () if before is None else before.fixtures)
    safe, found, of_safe = _safe(stage_, known.inventories, shown(path))
    findings += found
    fixtures = stage_.fixtures
    written: Mapping[str, str] = {}
    files: tuple[str, ...] = ()
    # The names that documents bring along are most likely those of the last time.
    inventories = before.inventories if before is not None and before.ground is stood else known.inventories
    if reading.book is not None:
        unread = _unread(reading.findings)
        compiled = compile_show(reading.book, fixtures, inventories, memory, once=once)
        named = called(stage_, compiled.absent)
        if named is not stage_:
            fixtures = named.fixtures
            compiled = compile_show(reading.book, fixtures, inventories, memory, once=once)
        brought, laid_out = known.inventories, fixtures
        if compiled.documents:
            from showrunner.show import documents

            papers = documents.load(path, compiled.documents, fixtures)
            brought, laid_out = papers.known(brought), papers.laid_out(fixtures)
            written, files = papers.texts, papers.files
            findings += papers.findings if seen else ()
        if brought != inventories:
            inventories = brought
            compiled = compile_show(reading.book, fixtures, inventories, memory, once=once)
        if written and compiled.cues is not None:
            marked = replace(compiled.cues, fingerprint=_fingerprint(reading.book, written))
            compiled = replace(compiled, cues=marked)
        cues, memory, fixtures = compiled.cues, compiled.memory, laid_out
        pictured = [*compiled.pictures, *of_safe]
        if pictured and seen:
            from showrunner.show import pictures

            loaded = pictures.load(path, pictured)
            fixtures, findings, missing = loaded.hung(fixtures), [*findings, *loaded.findings], loaded.missing
        findings += [
            one for one in compiled.findings if (reading.whole or one.code not in FROM_A_PART) and _apart(one, unread)
        ]
    texts = {**written, **standing.texts, **known.texts, **reading.texts}
    left, fine = silence(in_reading_order(findings), reading.texts)
    ordered = in_reading_order(left)
    return Prepared(
        path,
        reading,
        replace(standing.stage, fixtures=fixtures),
        inventories,
        None if has_errors(ordered) else cues,
        ordered,
        texts,
        tuple(safe),
        stood,
        None if once else memory,
        missing,
        fine,
        files,
        written,
    )


def _fingerprint(book: Book, papers: Mapping[str, str]) -> str:
    """Give the fingerprint of a show: that of its files; where it reads documents, these count with them."""
    if not papers:
        return book.fingerprint
    digest = hashlib.sha256(book.fingerprint.encode())
    for path, text in papers.items():
        data = text.encode("utf-8", "surrogatepass")
        digest.update(b"%s\0%d\0" % (path.encode("utf-8", "surrogatepass"), len(data)))
        digest.update(data)
    return digest.hexdigest()


Unread: TypeAlias = "Mapping[tuple[str, int], Sequence[Place]]"
"""What of each line could not be read, by file and line."""


def _unread(findings: Iterable[Diagnostic]) -> Unread:
    found: dict[tuple[str, int], list[Place]] = {}
    for one in findings:
        if one.code.startswith("E1"):
            found.setdefault((one.place.path, one.place.line), []).append(one.place)
    return found


def _apart(finding: Diagnostic, unread: Unread) -> bool:
    """Tell whether a finding is of its own: on a line that could not be read, a word of the rest alone is judged."""
    place = finding.place
    if unread and finding.code in OF_WHAT_LACKS:
        return False
    slips = unread.get((place.path, place.line))
    if slips is None:
        return True
    over = place.column + place.length
    beside = all(over <= slip.column or slip.column + slip.length <= place.column for slip in slips)
    return beside and finding.code in OF_A_WORD


def _safe(
    standing: Stage, inventories: Mapping[str, Inventory], main: str
) -> tuple[list[Safe], list[Diagnostic], list[NamedFile]]:
    """Compile every `safe:` list, in stage order; what is wrong stands in the stage file."""
    safe: list[Safe] = []
    findings: list[Diagnostic] = []
    shown: list[NamedFile] = []
    if not standing.safe:
        return safe, findings, shown
    reader = ScriptReader(cache=user_files.grammar())
    for name in standing.fixtures:
        for written in standing.safe.get(name, ()):
            path = written.place.path
            line = compile_line(written.text, name, path, reader, standing.fixtures, inventories)
            for one in line.findings:
                mended = one.fix if written.quote is not None else None
                fix = None if mended is None else replace(mended, place=written.at(mended.place))
                findings.append(replace(one, place=written.at(one.place), fix=fix))
            shown += [one._replace(place=written.at(one.place)) for one in line.pictures]
            # Like the script's parts, the stage file is named as seen from the script's folder.
            file = seen_from(main, path) or path
            safe += [Safe(send, file, written.place.line) for send in line.sends]
    return safe, findings, shown

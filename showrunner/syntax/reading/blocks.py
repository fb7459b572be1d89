"""Rows put together by their indentation: which row may stand below which, and the tree that comes of it.

The table of owners is in ``show.lark``. Not here: what one row says (``parser``) and how a finding is worded
(``slips/structure``). Nothing is walked deeper than ``Limits.depth``, however deep a file is indented.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, Protocol, TypeAlias

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.slotted import dataclass
from showrunner.syntax import slips
from showrunner.syntax.keywords import POSITIONS, STATEMENTS
from showrunner.syntax.lines import Row, busy, cut, measure, strange
from showrunner.syntax.nodes import (
    Body,
    Choice,
    Choose,
    Command,
    Cue,
    Define,
    Duration,
    Item,
    Placed,
    Position,
    Segment,
    Track,
    When,
    Word,
)
from showrunner.syntax.phrases import Phrase, Slip, Start, lowered, owns, with_body
from showrunner.syntax.reading.memory import Chunk, Limits, Owner, ReadBlock, ReadingMemory, forget
from showrunner.syntax.reading.unchanged import rows_of, unchanged


class ReadRow(Protocol):
    """Reads a row that stands so many lines below its statement."""

    def __call__(self, text: str, line: int, *, start: Start = "line") -> Phrase:
        """Read it."""


Where: TypeAlias = Literal["file", "segment", "track", "define", "body"]

_NAME = r"""(?:"([^"]*)"|'([^']*)'|([^\W\d]\w*(?:-(?!>)\w*)*))"""
_BINDS = re.compile(rf"[ \t]*(?:let|define|cue|segment|track)[ \t]+{_NAME}")
_USED = re.compile(r"[${]([^\W\d]\w*(?:-(?!>)\w*)*)")
_KEEPS = re.compile(r"->[ \t]*([^\W\d]\w*(?:-(?!>)\w*)*)")
_ALLOWED: dict[Where, frozenset[str]] = {
    "file": frozenset({"show", "let", "include", "define", "segment", "when", *POSITIONS}),
    "segment": frozenset({"track", "when", *POSITIONS}),
    "track": frozenset(POSITIONS),
    "define": frozenset({"track", *POSITIONS}),
    "body": frozenset(POSITIONS),
}


def bindings(text: str) -> tuple[str, ...]:
    """Name what a row that was not kept would have bound."""
    found = [name for groups in _BINDS.findall(text[:2000]) for name in groups if name]
    return (*found, *_KEEPS.findall(text)) if "->" in text else tuple(found)


def _implied(commands: tuple[Command, ...], span: Span) -> Cue:
    """Give the one cue, at 0 s, that stands for commands alone."""
    position = Position(then=False, at=Duration(0, "0s", span), plus=None, source="", span=span)
    return Cue(None, None, position, commands, implied=True, span=span)


@dataclass(frozen=True, slots=True)
class Assembled:
    """A file put together. Slips have the line their spans count from."""

    items: tuple[Placed[Item], ...]
    slips: tuple[tuple[int, Slip], ...]
    bound: frozenset[str]
    strays: tuple[Placed[Cue], ...]
    memory: ReadingMemory


def assemble(text: str, memory: ReadingMemory, read: ReadRow, limits: Limits) -> Assembled:
    """Put a file together, reading only the rows that ``memory`` does not know."""
    if len(text) > limits.file:
        return Assembled((), ((1, slips.structure.file_too_long(limits.file)),), frozenset(), (), memory)
    if busy(text, limits.lines):
        return Assembled((), ((1, slips.structure.too_many_lines(limits.lines)),), frozenset(), (), memory)
    lines = cut(text)
    rows, numbers, fresh = rows_of(lines, memory)
    assembly = _Assembly(rows, numbers, memory, read, limits, "\t" in text)
    items = assembly.statements(0, len(rows), "file", None, 0)
    memory.keep(assembly.chunks, assembly.blocks, assembly.owners, len(rows))
    memory.spare += fresh
    if memory.spare > len(text) + 65_536:
        forget(memory, {row.text for row in rows}, lines)
    bound, strays = frozenset(assembly.bound), tuple(assembly.strays)
    return Assembled(tuple(items), tuple(assembly.slips), bound, strays, memory)


_UNREAD = Phrase(None, (), "", Slip("E194", Span(0, 1, 1), sentence("not read")))


class _Assembly:
    """One file on its way: rows, the lines they begin on, and how far they are indented."""

    def __init__(
        self, rows: list[Row], numbers: array[int], memory: ReadingMemory, read: ReadRow, limits: Limits, tabs: bool
    ) -> None:
        self.rows = rows
        self.numbers = numbers
        self.memory = memory
        self.read = read
        self.limits = limits
        self.chunks: dict[tuple[int, int, str], Chunk] = {}
        self.blocks: dict[Owner, ReadBlock] = {}
        self.owners = {row.text for row in rows if row.head in ("segment", "track")}
        self.slips: list[tuple[int, Slip]] = []
        self.noted = 0
        self.bound: set[str] = set()
        self.strays: list[Placed[Cue]] = []
        self.widths, self.unit, self.mixed = measure(rows, tabs=tabs)
        for place in self.mixed:
            self.slip(place, slips.structure.mixed_blanks(rows[place]))

    # ------------------------------------------------------------------------------------------------------- small

    def slip(self, place: int, slip: Slip) -> None:
        """Note what is wrong with a row; the slip counts lines from that row."""
        self.note(self.numbers[place], slip)

    def note(self, line: int, slip: Slip) -> None:
        """Note a slip that counts from a line of the file; what is beyond the limit is not noted."""
        self.noted += 1
        if self.noted <= self.limits.slips:
            self.slips.append((line, slip))
        elif self.noted == self.limits.slips + 1:
            self.slips.append((line, slips.structure.too_many(self.limits.slips, slip)))

    def phrase(self, place: int, owner: int, start: Start = "line") -> Phrase:
        """Read a row of the statement that begins at ``owner``."""
        found = self.look(place, self.numbers[place] - self.numbers[owner], start)
        if found.slip is not None:
            self.bound.update(bindings(self.rows[place].text))
            if place not in self.mixed:
                for one in (found.slip, *found.more):
                    self.note(self.numbers[owner], one)
        return found

    def look(self, place: int, line: int, start: Start = "line") -> Phrase:
        """Read a row ``line`` lines below its statement, without saying what is wrong with it."""
        if self.noted > self.limits.slips:
            return _UNREAD
        key = (line, self.rows[place].text)
        known = self.memory.phrases if start == "line" else self.memory.choices
        found = known.get(key)
        if found is None:
            found = known[key] = self.first_reading(place, line, start)
        return found

    def first_reading(self, place: int, line: int, start: Start) -> Phrase:
        found = self.rows[place]
        if len(found.text) > self.limits.row:
            return Phrase(None, (), "", slips.structure.row_too_long(self.limits.row, found).moved(line))
        if found.depth > self.limits.depth:
            return Phrase(None, (), "", slips.structure.json_too_deep(self.limits.depth, found).moved(line))
        if (hidden := strange(found.text)) is not None:
            return Phrase(None, (), "", slips.characters.invisible(found.text, hidden).moved(line))
        return self.read(found.text, line, start=start)

    def end(self, place: int, stop: int) -> int:
        """Find where the block below a row ends: after its last row that says something."""
        width, last = self.widths[place], place + 1
        for below in range(place + 1, stop):
            if self.rows[below].blank:
                continue
            if self.widths[below] <= width:
                break
            last = below + 1
        return last

    def begin(self, start: int, stop: int) -> int:
        """Find the first row that says something."""
        while start < stop and self.rows[start].blank:
            start += 1
        return start

    def loose(self, start: int, stop: int) -> None:
        """Read rows that belong nowhere, each for its own mistakes and the names it would have bound."""
        for place in range(start, stop):
            if not self.rows[place].blank:
                self.stray(place, self.phrase(place, place))
                self.bound.update(bindings(self.rows[place].text))

    def stray(self, place: int, said: Phrase) -> None:
        """Keep the commands of a row that belongs nowhere: what is wrong with them is said, too."""
        given = said.statement.commands if isinstance(said.statement, Cue) else said.commands
        commands = tuple([one for one in given if not owns(one)])
        if commands:
            self.strays.append(Placed(self.numbers[place], _implied(commands, self.whole(place))))

    def misplace(self, place: int, stop: int, why: Slip | None) -> None:
        """Refuse a row where it stands, and the block below it. A row that cannot be read is refused for that alone."""
        said = self.phrase(place, place)
        if said.slip is None and place not in self.mixed and why is not None:
            self.slip(place, why)
        self.stray(place, said)
        self.bound.update(bindings(self.rows[place].text))
        self.loose(place + 1, stop)

    def deeper(self, place: int, stop: int) -> None:
        """Refuse the block below a row that owns none."""
        first = self.begin(place + 1, stop)
        if first < stop:
            self.misplace(first, stop, slips.structure.owns_nothing(self.rows[place], self.rows[first]))

    # -------------------------------------------------------------------------------------------------- statements

    def statements(self, start: int, stop: int, where: Where, owner: int | None, depth: int) -> list[Placed[Any]]:
        """Read the rows of a block that holds statements. Lines count from ``owner``, in the file from 0."""
        base = 0 if owner is None else self.numbers[owner]
        rows, numbers, widths, phrases = self.rows, self.numbers, self.widths, self.memory.phrases
        allowed = _ALLOWED[where]
        noted = self.noted
        first = place = self.begin(start, stop)
        if place < stop and where == "file" and widths[place] and self.look(place, 0).slip is None:
            self.slip(place, slips.structure.indented_for_nothing(rows[place]))
        segments = (where == "file" and bool(self.owners)) and any(
            row.head == "segment" and width == widths[first] for row, width in zip(rows, widths, strict=True)
        )
        own = rows if where == "file" else rows[start:stop]
        key, width = (where, "" if owner is None else rows[owner].text), widths[first] if first < stop else 0
        small = where in ("body", "define")  # remembered with the statement that it belongs to
        before = None if self.mixed or small else self.memory.blocks.get(key)
        same = unchanged(before, own, self.unit, width, segments=segments)
        items, starts, place = same.items, same.starts, max(first, start + same.resume)
        run = False
        bare: Row | None = None
        while place < stop:
            if place - start >= same.meet and same.joins(place - start) and self.noted <= self.limits.slips:
                same.join(numbers[place] - base)
                break
            row = rows[place]
            if row.blank:
                place += 1
                continue
            below = place + 1
            if below == stop or (widths[below] <= widths[place] and not rows[below].blank):
                # The common case: one row, known, a cue without a block.
                known = phrases.get((0, row.text))
                if (
                    known is not None
                    and known.slip is None
                    and known.commands
                    and not known.last_owns
                    and row.head in allowed
                    and not segments
                    and widths[place] == widths[first]
                ):
                    items.append(Placed(numbers[place] - base, known.statement))
                    starts.append(place - start)
                    place, run = below, False
                    continue
            end = self.end(place, stop)
            if widths[place] != widths[first] and place not in self.mixed:
                self.misplace(place, end, slips.structure.lines_up_with_nothing(row))
            elif row.head in allowed and segments and row.head in POSITIONS:
                self.misplace(place, end, None if run else slips.structure.beside_segments(row, bare))
                place, run = end, True
                continue
            elif row.head in allowed:
                node = self.statement(place, end, where, depth, first=not items)
                if node is not None:
                    items.append(Placed(numbers[place] - base, node))
                    starts.append(place - start)
                bare = row if row.head == "segment" and self.begin(place + 1, end) == end else None
                place = self.adopt(place, end, stop)
                run = False
                continue
            elif row.head in STATEMENTS:
                self.misplace(place, end, slips.structure.not_here(row, where))
            else:
                said = self.phrase(place, place)
                if said.slip is None and not run:
                    self.slip(place, slips.structure.no_position(row, where, rows[first:place]))
                self.stray(place, said)
                self.loose(place + 1, end)
                self.bound.update(bindings(row.text))
                place, run = end, said.slip is None
                continue
            place, run = end, False
        if self.noted == noted and not small and not self.mixed:
            self.blocks[key] = ReadBlock(own, starts, items, self.unit, width, segments)
        return items

    def adopt(self, place: int, end: int, stop: int) -> int:
        """Pass over commands that should have been indented below the cue above them."""
        known = self.memory.phrases.get((0, self.rows[place].text))
        if known is None or known.slip or not isinstance(known.statement, Cue) or end > place + 1:
            return end
        if known.commands and not known.last_owns:
            return end
        while (below := self.begin(end, stop)) < stop:
            if self.widths[below] != self.widths[place] or self.rows[below].head in STATEMENTS:
                break
            end = self.end(below, stop)
            self.loose(below, end)
        return end

    def statement(self, place: int, stop: int, where: Where, depth: int, *, first: bool) -> Any:
        """Read one statement and its block, or give None where nothing of it could be kept."""
        head = self.rows[place].head
        if head == "segment":
            return self.segment(place, stop, depth)
        if head == "track":
            return self.track(place, stop, depth)
        if head == "define":
            return self.remembered(place, stop, depth, lambda: self.define(place, stop, depth))
        if head == "when":
            return self.remembered(place, stop, depth, lambda: self.when(place, stop, depth))
        if head not in POSITIONS:
            said = self.phrase(place, place)
            self.deeper(place, stop)
            return said.statement
        if where in ("body", "define") or stop == place + 1 or first:
            return self.cue(place, stop, depth, first=first)
        return self.remembered(place, stop, depth, lambda: self.cue(place, stop, depth, first=False))

    def remembered(
        self, place: int, stop: int, depth: int, make: Callable[[], Cue | Define | When | None]
    ) -> Cue | Define | When | None:
        """Make a statement of several rows, or take it from the last reading."""
        key = (depth, self.unit, "\n".join(row.text for row in self.rows[place:stop]))
        base = self.numbers[place]
        chunk = self.memory.chunks.get(key) or self.chunks.get(key)
        if chunk is None or self.mixed:
            slips, bound, self.slips, self.bound = self.slips, self.bound, [], set()
            strays = len(self.strays)
            node = make()
            del self.strays[strays:]  # what is remembered has no place for them
            chunk = Chunk(node, tuple((line - base, slip) for line, slip in self.slips), frozenset(self.bound))
            slips.extend(self.slips)
            self.slips, self.bound = slips, bound
        else:
            for line, slip in chunk.slips:
                self.note(line + base, slip)
        if not self.mixed and self.noted <= self.limits.slips:
            self.chunks[key] = chunk
        self.bound.update(chunk.bound)
        return chunk.node

    def segment(self, place: int, stop: int, depth: int) -> Segment:
        said = self.phrase(place, place)
        segment = said.statement
        if not isinstance(segment, Segment):
            segment = Segment(self.unnamed(place), None, None, None, None, None, (), self.whole(place))
        return replace(segment, items=tuple(self.statements(place + 1, stop, "segment", place, depth + 1)))

    def track(self, place: int, stop: int, depth: int) -> Track:
        said = self.phrase(place, place)
        track = said.statement
        if not isinstance(track, Track):
            track = Track(self.unnamed(place), (), self.whole(place))
        return replace(track, cues=tuple(self.statements(place + 1, stop, "track", place, depth + 1)))

    def define(self, place: int, stop: int, depth: int) -> Define:
        said = self.phrase(place, place)
        define = said.statement
        if not isinstance(define, Define):
            # What its parameters are is not known: so each name that its block uses is one.
            span, below = self.whole(place), (row.text for row in self.rows[place + 1 : stop])
            used = dict.fromkeys(name for text in below for name in _USED.findall(text))
            define = Define(self.unnamed(place), tuple(Word(name, span) for name in used), Body(()), span)
        if said.slip is not None and self.begin(place + 1, stop) == stop:
            return define
        items = self.items(place, place, stop, depth + 1, "define")
        cues = tuple(one for one in items if isinstance(one.node, Cue))
        tracks = tuple(one for one in items if isinstance(one.node, Track))
        return replace(define, body=Body(cues), tracks=tracks)

    def when(self, place: int, stop: int, depth: int) -> When | None:
        """Read a `when` and its block. Of one with a slip the block is read for its own mistakes."""
        said = self.phrase(place, place)
        when = said.statement if isinstance(said.statement, When) else None
        if said.slip is not None and self.begin(place + 1, stop) == stop:
            return when
        body = self.body(place, place, stop, depth + 1, "when")
        if when is None:
            self.bound.update(name for row in self.rows[place + 1 : stop] for name in _USED.findall(row.text))
            return None
        return replace(when, body=body)

    def unnamed(self, place: int) -> str:
        """Name what has a block, though its own line could not be read: nothing else is called so."""
        return f"line {self.numbers[place]}"

    def whole(self, place: int) -> Span:
        row = self.rows[place]
        return Span(0, len(row.indent) + 1, max(1, row.end - len(row.indent)))

    # --------------------------------------------------------------------------------------------------- cues

    def cue(self, place: int, stop: int, depth: int, *, first: bool) -> Cue:
        """Read a cue and its block. A cue with a slip stays as one, so that `then` below has sense."""
        said = self.phrase(place, place)
        cue = said.statement if isinstance(said.statement, Cue) else self.stand_in(place, said.commands, first=first)
        below = self.begin(place + 1, stop)
        if said.slip is not None and (below == stop or (self.holds_cues(below, stop) and not said.last_owns)):
            self.loose(below, stop)
            return cue
        if said.last_owns:
            return replace(cue, commands=self.owning(cue.commands, place, place, stop, depth, said.last_owns))
        if below == stop:
            if not cue.commands:
                self.slip(place, slips.structure.nothing_below(self.rows[place], "cue"))
            return cue
        if (why := slips.structure.mistaken_owner(cue.commands, self.rows[below])) is not None:
            self.slip(place, why)
            self.loose(place + 1, stop)
            return cue
        commands = self.commands(place, place + 1, stop, depth + 1, "cue")
        return replace(cue, commands=(*cue.commands, *commands))

    def stand_in(self, place: int, commands: tuple[Command, ...], *, first: bool) -> Cue:
        span = self.whole(place)
        at = Duration(0, "0s", span) if first else None
        return Cue(None, None, Position(not first, at, None, "", span), commands, implied=False, span=span)

    def body(self, owner: int, place: int, stop: int, depth: int, what: str) -> Body:
        """Read the body below the row ``place`` of the statement that begins at ``owner``: cues, or commands."""
        return Body(tuple(self.items(owner, place, stop, depth, what)))

    def items(self, owner: int, place: int, stop: int, depth: int, what: str) -> list[Placed[Any]]:
        """Read what stands in a body; that of a `define` may have tracks."""
        start = self.begin(place + 1, stop)
        if start == stop:
            self.slip(place, slips.structure.nothing_below(self.rows[place], what))
            return []
        if depth > self.limits.depth:
            self.slip(start, slips.structure.too_deep(self.limits.depth, self.rows[start]))
            return []
        if self.holds_cues(start, stop):
            return self.statements(start, stop, "define" if what == "define" else "body", owner, depth)
        commands = self.commands(start, start, stop, depth, "body")
        if not commands:
            return []
        return [Placed(self.numbers[start] - self.numbers[owner], _implied(commands, commands[0].span))]

    def holds_cues(self, start: int, stop: int) -> bool:
        """Tell by its first row whether a body holds cues; by a later one if the first cannot be read."""
        if self.rows[start].head in STATEMENTS:
            return True
        return self.look(start, 0).slip is not None and any(
            self.rows[place].head in POSITIONS
            for place in range(start, stop)
            if self.widths[place] == self.widths[start]
        )

    def commands(self, owner: int, start: int, stop: int, depth: int, where: str) -> tuple[Command, ...]:
        """Read the rows of a block that holds commands, for the statement that begins at ``owner``."""
        found: list[Command] = []
        place = first = self.begin(start, stop)
        if depth > self.limits.depth:
            self.slip(place, slips.structure.too_deep(self.limits.depth, self.rows[place]))
            return ()
        run = False
        while (place := self.begin(place, stop)) < stop:
            row = self.rows[place]
            end = self.end(place, stop)
            if self.widths[place] != self.widths[first] and place not in self.mixed:
                self.misplace(place, end, slips.structure.lines_up_with_nothing(row))
            elif row.head in STATEMENTS:
                silent = run and row.head in POSITIONS
                self.misplace(place, end, None if silent else slips.structure.cue_among_commands(row, where))
                place, run = end, row.head in POSITIONS
                continue
            else:
                found.extend(self.command_row(owner, place, end, depth))
            place, run = end, False
        return tuple(found)

    def command_row(self, owner: int, place: int, stop: int, depth: int) -> tuple[Command, ...]:
        said = self.phrase(place, owner)
        if said.slip is not None and (not said.last_owns or self.begin(place + 1, stop) == stop):
            self.loose(place + 1, stop)
            return said.commands
        if said.last_owns:
            return self.owning(said.commands, owner, place, stop, depth, said.last_owns)
        self.deeper(place, stop)
        return said.commands

    # ------------------------------------------------------------------------------------------------- choices

    def owning(
        self, commands: tuple[Command, ...], owner: int, place: int, stop: int, depth: int, what: str
    ) -> tuple[Command, ...]:
        """Read what stands below the row ``place``, for the last of its commands."""
        last = commands[-1]
        if isinstance(last, Choose):
            return (*commands[:-1], replace(last, choices=self.choices(owner, place, stop, depth + 1, what)))
        return (*commands[:-1], with_body(last, self.body(owner, place, stop, depth + 1, what)))

    def choices(self, owner: int, place: int, stop: int, depth: int, what: str) -> tuple[Choice, ...]:
        """Read the lines below a `choose`, for the statement that begins at ``owner``."""
        start = first = self.begin(place + 1, stop)
        if start == stop:
            self.slip(place, slips.structure.nothing_below(self.rows[place], what))
            return ()
        if depth > self.limits.depth:
            self.slip(start, slips.structure.too_deep(self.limits.depth, self.rows[start]))
            return ()
        found: list[Choice] = []
        while (start := self.begin(start, stop)) < stop:
            end = self.end(start, stop)
            if self.widths[start] != self.widths[first] and start not in self.mixed:
                self.misplace(start, end, slips.structure.lines_up_with_nothing(self.rows[start]))
            elif what == "choose" and self.rows[start].head in STATEMENTS:
                self.misplace(start, end, slips.structure.statement_as_choice(self.rows[start]))
            else:
                found.append(self.choice(owner, start, end, depth, labelled=what == "choose by"))
            start = end
        return tuple(found)

    def choice(self, owner: int, place: int, stop: int, depth: int, *, labelled: bool) -> Choice:
        """Read a line below a `choose`, and its block."""
        said = self.phrase(place, place, "choice" if labelled else "line")
        below = self.begin(place + 1, stop)
        if said.last_owns:
            commands = self.owning(said.commands, place, place, stop, depth, said.last_owns)
        elif not labelled or said.slip is not None:
            commands = said.commands
            if said.slip is None:
                self.deeper(place, stop)
            else:
                self.loose(below, stop)
        elif below == stop:
            commands = said.commands
            if not commands:
                self.slip(place, slips.structure.nothing_below(self.rows[place], "choice"))
        else:
            commands = (*said.commands, *self.commands(place, below, stop, depth + 1, "choice"))
        span = self.whole(place)
        lines = self.numbers[place] - self.numbers[owner]
        source = "\n".join(row.text for row in self.rows[place:stop] if not row.blank)
        label = None if said.label is None else lowered(said.label, lines)
        return Choice(label, Body((Placed(lines, _implied(commands, span)),)), source, replace(span, line=lines))

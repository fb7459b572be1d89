"""A text as an editor has it: its lines, and positions counted as the editor counts them.

An editor ends lines at LF, CRLF and CR, and counts what stands before a position in UTF-16 units (or in what was
agreed); a script ends lines at LF and CRLF, and a place in it counts code points. Both are stretches of one text, so
each is turned into the other by way of the offset in it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias

from showrunner.diagnostics.diagnostic import Place
from showrunner.slotted import dataclass

Units: TypeAlias = Literal["utf-8", "utf-16", "utf-32"]

_THEIRS = re.compile(r"\r\n|\r|\n")
_MARK = "\ufeff"


class Position(NamedTuple):
    """A place between two characters: line and code points before it, both from 0, by the lines of a script."""

    line: int
    column: int


class Range(NamedTuple):
    """A stretch of a text, its end excluded."""

    start: Position
    end: Position


class Edit(NamedTuple):
    """Put ``text`` where ``range`` is."""

    range: Range
    text: str


class Spot(NamedTuple):
    """A position as an editor has it: line and units before it, both from 0."""

    line: int
    character: int


@dataclass(frozen=True, slots=True)
class Page:
    """A text in an editor. ``version`` is the editor's own count of it; ``ours`` and ``theirs`` are the offsets on
    which lines begin, as a script and as the editor ends them.
    """

    text: str
    version: int
    units: Units
    ours: tuple[int, ...]
    theirs: tuple[int, ...]

    @property
    def marked(self) -> bool:
        """Whether it begins with a byte order mark, which is in no line of a script."""
        return self.text.startswith(_MARK)


def page(text: str, version: int = 0, units: Units = "utf-16") -> Page:
    """Measure a text."""
    lines = [1 if text.startswith(_MARK) else 0]
    at = text.find("\n")
    while at >= 0:
        lines.append(at + 1)
        at = text.find("\n", at + 1)
    alone = "\r" in text.replace("\r\n", "")
    theirs = [0, *(found.end() for found in _THEIRS.finditer(text))] if alone else [0, *lines[1:]]
    return Page(text, version, units, tuple(lines), tuple(theirs))


def changed(before: Page, changes: Iterable[tuple[tuple[Spot, Spot] | None, str]], version: int) -> Page:
    """Take over changes, one after the other, as an editor tells them; one without a range is the whole text anew."""
    now = before
    for where, text in changes:
        if where is None:
            now = page(text, version, before.units)
            continue
        start, end = sorted((offset_of(now, where[0]), offset_of(now, where[1])))
        now = page(now.text[:start] + text + now.text[end:], version, before.units)
    return now


# --------------------------------------------------------------------------------------------------- there and back


def size(text: str, units: Units) -> int:
    """Count the units of a text."""
    if units == "utf-32" or text.isascii():
        return len(text)
    if units == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def _width(character: str, units: Units) -> int:
    if units == "utf-8":
        return len(character.encode("utf-8", "surrogatepass"))
    return 2 if character > "\uffff" and units == "utf-16" else 1


def offset_of(page: Page, spot: Spot) -> int:
    """Give the offset of an editor's position: behind a line's end it is that, within a character where that begins."""
    if spot.line >= len(page.theirs):
        return len(page.text)
    start, end = page.theirs[spot.line], _end(page.text, page.theirs, spot.line)
    line = page.text[start:end]
    if line.isascii() or page.units == "utf-32":
        return min(end, start + spot.character)
    left = spot.character
    for place, character in enumerate(line):
        left -= _width(character, page.units)
        if left < 0:
            return start + place
    return end


def _end(text: str, starts: tuple[int, ...], line: int) -> int:
    """Give where a line ends, before its line end."""
    if line + 1 == len(starts):
        return len(text)
    end = starts[line + 1] - 1
    return end - 1 if text[end] == "\n" and end > starts[line] and text[end - 1] == "\r" else end


def spot_of(page: Page, position: Position) -> Spot:
    """Give the editor's position for one of a script; one behind a line's end is at its end."""
    line = min(max(0, position.line), len(page.ours) - 1)
    beyond = position.line >= len(page.ours)
    start, end = page.ours[line], _end(page.text, page.ours, line)
    at = len(page.text) if beyond else min(end, start + max(0, position.column))
    theirs = bisect_right(page.theirs, at) - 1
    return Spot(theirs, size(page.text[page.theirs[theirs] : at], page.units))


def position_of(page: Page, spot: Spot) -> Position:
    """Give the position in a script for one of the editor."""
    at = offset_of(page, spot)
    line = max(0, bisect_right(page.ours, at) - 1)
    return Position(line, max(0, min(at, _end(page.text, page.ours, line)) - page.ours[line]))


# ----------------------------------------------------------------------------------------------------------- places


def range_of(place: Place) -> Range:
    """Give the stretch of a finding's place."""
    start = Position(place.line - 1, place.column - 1)
    return Range(start, Position(start.line, start.column + place.length))


def stretch(line: int, start: int, end: int) -> Range:
    """Give a stretch of one line, all from 0."""
    return Range(Position(line, start), Position(line, end))

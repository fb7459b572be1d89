"""Rows of a table laid out for a terminal: padded, cut to a width, and coloured where colours can be seen.

Not what stands in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from showrunner.diagnostics.wording import beginning, cells, visible
from showrunner.slotted import dataclass

WIDEST = 64
"""Cells of a command's text that are shown."""

WIDEST_CUE = 16
"""Cells of the way to a cue that are shown."""

ROOM = 28
"""Where less is left for a command, columns are left away that others make up for: voices and tracks."""

SCARCE = 16
"""Where even then less is left, written times are left away, and then a command stands on a line of its own."""

Paint: TypeAlias = Callable[[str], str]

_BOLD, _FAINT, _CYAN, _YELLOW, _RED, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[33m", "\x1b[1;31m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, a cell each. ``bar``: the beat, in music. ``cue``: the words of the way to it; without one
    only ``text`` counts. ``lanes`` has one cell a voice. ``reason`` says why it ended so or came at another time,
    ``bad``: it ended badly.
    """

    at: str
    bar: str
    written: str
    lanes: tuple[str, ...]
    track: str
    cue: tuple[str, ...]
    ending: str
    text: str
    reason: str
    bad: bool = False


def laid_out(
    head: Line, lines: Iterable[Line | str], paint: Paint | None = None, width: int | None = None
) -> list[str]:
    """Lay out the lines below their heading; a plain string is a heading of its own.

    How it ended stands before the command, whose text is cut where it would not fit in ``width`` cells (None: as many
    as it takes). ``paint`` colours a command's text; without it there is no colour at all.
    """
    shown = [line if isinstance(line, str) else _visible(line) for line in lines]
    rows = [head, *(line for line in shown if isinstance(line, Line) and line.cue)]
    widths = [max(map(cells, column)) for column in zip(*(_cells(row) for row in rows), strict=True)]
    track = 3 + len(head.lanes)
    if len({row.track for row in rows[1:] if row.track}) < 2:
        widths[track] = 0
    # Voices and tracks give way first, then written times and bars; the cue where the outcome would have no room.
    for column, least in (*((lane, ROOM) for lane in range(3, track + 1)), (2, SCARCE), (1, SCARCE), (track + 1, -2)):
        if width is not None and _room(widths, width) < least:
            widths[column] = 0
    frame = _Frame(widths, width, paint)
    laid = frame.head(head)
    for line in shown:
        if not isinstance(line, str):
            laid += frame.line(line)
            continue
        said = visible(line) if width is None else cut(visible(line), width)
        laid.append(f"{_BOLD}{said}{_PLAIN}" if paint and said else said)
    return laid


def _room(widths: Sequence[int], width: int) -> int:
    """Count the cells that are left for a command."""
    return width - 2 - sum(one + 2 for one in widths if one)


def _cells(row: Line) -> list[str]:
    return [row.at, row.bar, row.written, *row.lanes, row.track, way(row.cue), row.ending]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The columns before the command, how wide the terminal is, and what colours a command."""

    widths: Sequence[int]
    width: int | None
    paint: Paint | None

    def head(self, row: Line) -> list[str]:
        """Lay out the names of the columns."""
        before, used = self._before(row, [None] * len(self.widths))
        whole = (before if self._stacked(used) else before + row.text).rstrip()
        return [f"{_FAINT}{whole}{_PLAIN}" if self.paint else whole]

    def line(self, row: Line) -> list[str]:
        """Lay out one row; what does not fit behind its columns stands on further lines."""
        before, used = self._before(row, self._styles(row))
        first: list[str] = []
        if row.cue and self._stacked(used):
            first, before, used = [before.rstrip()], "    ", 4
        room = None if self.width is None else max(1, self.width - used)
        text = [row.text if room is None else cut(row.text, room)] if row.cue else wrapped(row.text, room)
        why = f"({row.reason})" if row.reason else ""
        beside = room is None or cells(text[-1]) + 2 + cells(why) <= room
        told = [why] if beside else wrapped(why, room)
        if self.paint is not None:
            ink = _style(_RED if row.bad else _YELLOW)
            text = list(map(self.paint, text)) if row.cue else text
            told = [ink(one) for one in told if one]
        lines = [*text[:-1], f"{text[-1]}  {told[0]}".strip()] if beside and why else [*text, *told]
        return [*first, (before + lines[0]).rstrip(), *(" " * used + one for one in lines[1:] if one)]

    def _stacked(self, used: int) -> bool:
        """Tell whether a command has no room behind its columns."""
        return self.width is not None and self.width - used < SCARCE

    def _before(self, row: Line, styles: Sequence[Paint | None]) -> tuple[str, int]:
        """Lay out what stands before the command, and count its cells. Coloured when padded: colours take no room."""
        laid, used = "  ", 2
        for whole, width, style in zip(_cells(row) if row.cue else [row.at], self.widths, styles, strict=False):
            if width:
                cell = whole if self.width is None else cut(whole, max(1, self.width - used))
                blank = " " * (width - cells(cell) + 2)
                laid += (style(cell) if style is not None and cell else cell) + blank
                used += width + 2
        return laid, used

    def _styles(self, row: Line) -> list[Paint | None]:
        if self.paint is None:
            return [None] * len(self.widths)
        ending = _RED if row.bad else _YELLOW if row.reason else _FAINT
        faint, lane = _style(_FAINT), _style(_CYAN)
        return [None, lane, faint, *[lane] * len(row.lanes), faint, faint, _style(ending)]


def _style(code: str) -> Paint:
    return lambda text: f"{code}{text}{_PLAIN}"


def wrapped(text: str, width: int | None) -> list[str]:
    """Break a text between its words into lines of at most ``width`` cells; a word that is wider is cut."""
    if width is None or cells(text) <= width:
        return [text]
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if cells(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(cut(word, width))
    return [line for line in lines if line] or [""]


def _visible(line: Line) -> Line:
    return Line(
        line.at,
        line.bar,
        visible(line.written),
        line.lanes,
        visible(line.track),
        tuple(map(visible, line.cue)),
        visible(line.ending),
        cut(visible(line.text)) if line.cue else visible(line.text),
        visible(line.reason),
        line.bad,
    )


def way(links: Sequence[str]) -> str:
    """Shorten the way to a cue in its middle: `L7/L20#2/wave/L31` is `L7/…/L31`."""
    label = "/".join(links)
    if cells(label) <= WIDEST_CUE:
        return label
    first, *rest = links
    if rest:
        last = rest[-1]
        short = f"{first}/…/{last}" if len(rest) > 1 else f"{first}/{last}"
        return short if cells(short) <= WIDEST_CUE else f"…/{_tail(last, WIDEST_CUE - 2)}"
    return _tail(label, WIDEST_CUE)


def _tail(text: str, width: int) -> str:
    return text if cells(text) <= width else "…" + cut(text[::-1], width - 1, "")[::-1]


def cut(text: str, width: int = WIDEST, sign: str = "…") -> str:
    """Cut a text that is too wide, with a sign that something is missing."""
    return text if cells(text) <= width else beginning(text, width - cells(sign)) + sign

"""Rows of a table laid out for a terminal: padded, cut to a width, and coloured where colours can be seen.

Not what stands in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from showrunner.diagnostics.wording import beginning, cells, visible

WIDEST = 64
"""Cells of a command's text that are shown."""

WIDEST_CUE = 16
"""Cells of the way to a cue that are shown."""

Paint: TypeAlias = Callable[[str], str]

_BOLD, _FAINT, _CYAN, _YELLOW, _RED, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[33m", "\x1b[1;31m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, a cell each. ``cue``: the words of the way to it.

    ``lanes`` has one cell a voice. ``reason`` says why the time is another than the written one, ``bad`` that it ended
    badly.
    """

    at: str
    written: str
    lanes: tuple[str, ...]
    track: str
    cue: tuple[str, ...]
    text: str
    ending: str
    reason: str
    bad: bool = False


def laid_out(head: Line, lines: Iterable[Line | str], paint: Paint | None = None) -> list[str]:
    """Lay out the lines below their heading; a plain string is a heading of its own.

    ``paint`` colours a command's text; without it there is no colour at all.
    """
    shown = [line if isinstance(line, str) else _visible(line) for line in lines]
    rows = [head, *(line for line in shown if isinstance(line, Line))]
    widths = [max(map(cells, column)) for column in zip(*(_cells(row) for row in rows), strict=True)]
    tracks = {row.track for row in rows[1:] if row.track}
    track = 2 + len(head.lanes)
    if len(tracks) < 2:
        widths[track] = 0
    laid = [_joined(_cells(head), widths, [None] * len(widths), _FAINT if paint else "")]
    for line in shown:
        if isinstance(line, str):
            laid.append(f"{_BOLD}{visible(line)}{_PLAIN}" if paint and line else visible(line))
        else:
            laid.append(_joined(_cells(line), widths, _styles(line, paint), ""))
    return laid


def _cells(row: Line) -> list[str]:
    said = f"{row.ending} ({row.reason})" if row.ending and row.reason else row.ending or row.reason
    return [row.at, row.written, *row.lanes, row.track, way(row.cue), row.text, said]


def _styles(row: Line, paint: Paint | None) -> list[Paint | None]:
    if paint is None:
        return [None] * (6 + len(row.lanes))
    ending = _RED if row.bad else _YELLOW if row.reason else _FAINT
    faint, lane = _style(_FAINT), _style(_CYAN)
    return [None, faint, *[lane] * len(row.lanes), faint, faint, paint, _style(ending)]


def _style(code: str) -> Paint:
    return lambda text: f"{code}{text}{_PLAIN}"


def _joined(row: Sequence[str], widths: Sequence[int], styles: Sequence[Paint | None], whole: str) -> str:
    # Padded first and coloured then, so that colours take no room; blanks at the end are left away.
    last = max((n for n, cell in enumerate(row) if cell), default=-1)
    parts = []
    for number, (cell, width, style) in enumerate(zip(row, widths, styles, strict=True)):
        if width == 0 or number > last:
            continue
        blank = " " * (width - cells(cell)) if number < last else ""
        parts.append((style(cell) if style is not None and cell else cell) + blank)
    line = "  " + "  ".join(parts)
    return f"{whole}{line}{_PLAIN}" if whole else line


def _visible(line: Line) -> Line:
    return Line(
        line.at,
        visible(line.written),
        line.lanes,
        visible(line.track),
        tuple(map(visible, line.cue)),
        cut(visible(line.text)),
        visible(line.ending),
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

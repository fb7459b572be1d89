"""The cue list around this moment as lines of text. What is shown in it is read by ``now``."""

from __future__ import annotations

from collections.abc import Sequence

from showrunner.cli.terminal.columns import cut, way
from showrunner.diagnostics.wording import cells, visible
from showrunner.reports.now import Near
from showrunner.times import clock

ABOVE, BELOW = 4, 6
"""So many cues are shown before what comes next, and so many from it on."""

LONGEST = 60
"""Cells of what a cue does that are shown."""


def around(cues: Sequence[Near]) -> list[str]:
    """Lay out cues: time, position, name, where each is, what it does."""
    if not cues:
        return ["no cues"]
    rows, segment = [], ""
    for near in cues:
        if near.cue[0] != segment:
            segment = near.cue[0]
            rows.append([visible(f"segment {segment}")])
        found = near.found
        written, does = ("", "") if found is None else (visible(found.cue.written), visible(found.cue.text))
        time = "" if near.at is None else clock(near.at)
        called = way(tuple(map(visible, near.called)))
        rows.append([">" if near.next else "", time, written, called, near.state, cut(does, LONGEST)])
    widths = [1, *(max((cells(row[n]) for row in rows if len(row) > 1), default=0) for n in range(1, 6))]
    return [_line(row, widths) for row in rows]


def _line(row: list[str], widths: list[int]) -> str:
    if len(row) == 1:
        return row[0]
    laid = [cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True) if width]
    return "  ".join(laid).rstrip()

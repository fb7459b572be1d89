"""Where the formatter puts what: how far each row is indented, and in which column the commands of cues begin.

The commands of cues that stand line below line begin in one column, two places behind the longest position; a blank
line, a comment or a block between them begins a new one. Commands below a cue that has some on its own line stand in
its column, too. A show of one line has one blank there. Not here: how a row itself is written (``printer``).
"""

from __future__ import annotations

from collections.abc import Sequence

from showrunner.slotted import dataclass
from showrunner.syntax.lines import Row

STEP = 2
"""How far a block is indented."""

FURTHEST = 24
"""A column lies no further behind the beginning of its cues; a longer position has it for itself."""


@dataclass(frozen=True, slots=True)
class Leading:
    """The position of a cue: its width, whether commands follow on its line and own a block, its count of words."""

    width: int
    says: bool
    owns: bool
    words: int


def columns(rows: Sequence[Row], leading: Sequence[Leading | None]) -> list[tuple[int, int | None]]:
    """Give for each row its indentation and, for a cue with commands, where they begin behind it."""
    levels = _levels(rows)
    behind = _behind(rows, leading, levels)
    out: list[tuple[int, int | None]] = [(0, None)] * len(rows)
    around: list[int] = []
    below = 0
    waiting: list[int] = []
    for place, (head, level, column) in enumerate(zip(leading, levels, behind, strict=True)):
        if rows[place].blank:
            waiting.append(place)
            continue
        here = [*around[:level], around[level] if level < len(around) else below]
        _place_comments(out, waiting, levels, around, here)
        out[place] = (here[level], column)
        around, waiting = here, []
        inside = column is not None and column <= FURTHEST and head is not None and not head.owns
        below = here[level] + (column if inside and column is not None else STEP)
    _place_comments(out, waiting, levels, around, [])
    return out


def _place_comments(
    out: list[tuple[int, int | None]], comments: list[int], levels: list[int], above: list[int], below: list[int]
) -> None:
    """Indent comments as the row below them, or as the rows of their level above them; those lists give how far."""
    for place in comments:
        around = below if levels[place] < len(below) else above
        out[place] = (around[levels[place]] if levels[place] < len(around) else 0, None)


def _behind(rows: Sequence[Row], leading: Sequence[Leading | None], levels: list[int]) -> list[int | None]:
    """Give the column of each cue that has commands on its line."""
    out: list[int | None] = [None] * len(rows)
    alone = sum(not row.blank for row in rows) == 1
    runs: dict[int, list[int]] = {}
    owners: dict[int, bool] = {}
    finished: list[list[int]] = []

    def finish(least: int) -> None:
        finished.extend(runs.pop(level) for level in [level for level in runs if level >= least])

    for place, (row, head, level) in enumerate(zip(rows, leading, levels, strict=True)):
        if row.blank:
            finish(0)
            continue
        finish(level + 1)
        if head is None:
            # Commands below a cue leave its run open, unless a block stands below them.
            finish(level)
            if level and not owners.get(level - 1, False):
                finish(level - 1)
        elif not head.says:
            finish(level)
        else:
            runs.setdefault(level, []).append(place)
            if head.owns or row.height > 1:
                finish(level)
        owners[level] = head is not None and head.says and not head.owns
    finish(0)
    for run in finished:
        widths = [head.width for place in run if (head := leading[place]) is not None]
        column = max((width for width in widths if width + 2 <= FURTHEST), default=0) + 2
        for place, width in zip(run, widths, strict=True):
            out[place] = width + 1 if alone else max(column, width + 2)
    return out


def _levels(rows: Sequence[Row]) -> list[int]:
    """Give how deep each row stands. A comment belongs to what follows it, unless it is indented further."""
    levels = [0] * len(rows)
    widths: list[int] = []
    waiting: list[int] = []
    for place, found in enumerate(rows):
        width = len(found.indent)
        if found.blank:
            waiting.append(place)
            continue
        before = list(widths)
        while widths and widths[-1] >= width:
            widths.pop()
        widths.append(width)
        levels[place] = len(widths) - 1
        _settle(rows, levels, waiting, before, levels[place])
        waiting = []
    _settle(rows, levels, waiting, widths, 0)
    return levels


def _settle(rows: Sequence[Row], levels: list[int], comments: list[int], before: list[int], below: int) -> None:
    # ``before``: the indentations around the row above the comments; ``below``: the level of the row under them.
    for place in comments:
        width = len(rows[place].indent)
        fitting = [level for level, around in enumerate(before) if around <= width and level > below]
        levels[place] = max(fitting, default=below)

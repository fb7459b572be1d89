"""What stands at the top and at the bottom of a block as it did in the last reading, so that it need not be read again.

Only for blocks of statements in which nothing was wrong: there, what a statement is depends on its own rows and on the
one that ends it. How a block is read is in ``blocks``.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from showrunner.syntax.lines import Row
from showrunner.syntax.nodes import Placed

_NOWHERE = 1 << 62


@dataclass(frozen=True, slots=True)
class Block:
    """A block of statements as it was read, without a slip. Rows count from its first.

    ``starts`` has the row on which each of ``items`` begins. ``unit`` is the width of a tab, ``width`` how far its
    statements are indented; ``segments``: it is a file with segments.
    """

    rows: Sequence[Row]
    starts: array[int]
    items: Sequence[Placed[Any]]
    unit: int
    width: int
    segments: bool


@dataclass(slots=True)
class Unchanged:
    """A block on its way, and what of it is as it was: its first statements, so that reading goes on with the row
    ``resume``; and the rest of those ``before``, from ``number`` on, ``down`` so many rows further down. ``meet`` is
    the next row on which one of these begins.
    """

    items: list[Placed[Any]] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("l"))
    resume: int = 0
    before: Block | None = None
    number: int = 0
    down: int = 0
    meet: int = _NOWHERE

    def joins(self, row: int) -> bool:
        """Tell whether from this row on, which begins a statement, all is as it was."""
        starts = () if self.before is None else self.before.starts
        while self.number < len(starts) and starts[self.number] + self.down < row:
            self.number += 1
        self.meet = starts[self.number] + self.down if self.number < len(starts) else _NOWHERE
        return self.meet == row

    def join(self, line: int) -> None:
        """Take the rest as it was; the first of it is on ``line``."""
        if self.before is not None:
            left, starts = self.before.items[self.number :], self.before.starts[self.number :]
            lines = line - left[0].line
            self.items.extend([Placed(one.line + lines, one.node) for one in left] if lines else left)
            self.starts.extend([start + self.down for start in starts] if self.down else starts)


def unchanged(before: Block | None, rows: Sequence[Row], unit: int, width: int, *, segments: bool) -> Unchanged:
    """Hold the rows of a block against those of its last reading."""
    if before is None or (before.unit, before.width, before.segments) != (unit, width, segments):
        return Unchanged()
    old = before.rows
    head = agreeing(old, rows)
    tail = agreeing(old[::-1], rows[::-1])
    same = Unchanged(
        before=before, number=bisect_left(before.starts, len(old) - tail), down=len(rows) - len(old), meet=0
    )
    # The last of them is read again: what is said of the next one may depend on it.
    sure = bisect_left(before.starts, head) - 2
    if sure > 0:
        same.items, same.starts, same.resume = list(before.items[:sure]), before.starts[:sure], before.starts[sure]
    return same


def agreeing(old: Sequence[object], new: Sequence[object]) -> int:
    """Count what is the same from the top. Whole stretches are compared at once, which is a good deal faster than one
    by one.
    """
    low, high = 0, min(len(old), len(new))
    if old[:high] == new[:high]:
        return high
    while high - low > 1:
        middle = (low + high) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle
    return low

"""What is reused after an edit, and why that is safe.

An edit touches a few lines of a long file, so nearly all of a reading is what it was. It is taken over on four levels,
each known by *everything it depends on*: where that is equal, reading again could only give the same.

1. **A line and its row, by its text.** How a line is measured (``lines.row``) depends on nothing else. Lines that stand
   at the top and at the bottom of the file as they did are not even looked up (``rows_of``), unless a JSON value goes
   on below its line: then how lines make rows depends on those above, and they are put together anew.
2. **A row and its phrase, by its text and the number of lines it stands below its statement.** The grammar reads each
   row alone. Spans count from the statement, so where that stands in the file is in no node and no slip.
3. **A statement of several rows** (a cue with a block, a `define`), **by the text of all its rows, how deep it stands,
   and the width of a tab.** The depth decides what is nested too deep; the width, how far its rows are indented. Its
   slips and the names it would have bound are kept with it, again without a place in the file.
4. **A block of statements** (a file, a segment, a track), **by the row that owns it, and then by its first and its last
   rows.** What is equal cannot be known by one key here, so old and new rows are held against each other from both
   ends. What a statement is depends on its own rows; on the row that ends it, which would belong to it if it were
   indented further; and on what a *slip* above left behind (a run of lines of which one is told, commands passed over).
   So a block is kept only if nothing was wrong in it, and it counts only while a tab is as wide, its statements as far
   indented, and the file with or without segments as before; of the statements at its top that agree, the last is read
   again; those at its bottom are joined only on a row on which one of them began. The first statement of a block is
   never taken from level 3: where it cannot be read, another cue stands in for it than further down.

Two things switch levels 3 and 4 off: a file that mixes tabs and spaces, for then it depends on its neighbours how far a
row is indented; and one with more slips than are told, for then it depends on all above where reading stopped. What a
file no longer needs is thrown out once enough has come in (``memory.forget``).

What was taken over is *the same object* as before. The compiler knows it by that, and remembers what it made of it; a
cue that only moved is the same value in both texts, which is what a hot reload compares.

That nothing here changes what is read is held by ``tests/test_rereading.py``: random edits, each against a reading from
nothing. How much it saves, ``benchmarks/reread.py`` measures.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import field
from typing import Any, NamedTuple

from showrunner.slotted import dataclass
from showrunner.syntax.lines import Row, joins, row, whole
from showrunner.syntax.nodes import Placed
from showrunner.syntax.reading.memory import ReadBlock, ReadingMemory

_NOWHERE = 1 << 62


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


# ----------------------------------------------------------------------------------------------------------------- rows


class FileRows(NamedTuple):
    """The rows of a file, the lines they begin on, and how many characters of them nobody had seen before."""

    rows: list[Row]
    numbers: array[int]
    fresh: int


def rows_of(lines: list[str], memory: ReadingMemory) -> FileRows:
    """Give the rows of a file; those that ``memory`` does not know are measured."""
    known, fresh = memory.rows, 0
    old, before = memory.lines
    head = agreeing(old, lines)
    tail = agreeing(old[head:][::-1], lines[head:][::-1])
    changed = lines[head : len(lines) - tail]
    for line in changed:
        if line not in known:
            known[line] = row(line)
            fresh += len(line)
    middle = [known[line] for line in changed]
    rows = [*before[:head], *middle, *before[len(before) - tail :]]
    numbers = array("q", range(1, len(lines) + 1))  # as small as can be: a file may have millions of empty lines
    if not any(map(joins, middle)):
        memory.lines = lines, rows
        return FileRows(rows, numbers, fresh)
    memory.lines = [], []
    return _joined(lines, rows, memory, fresh)


def _joined(lines: list[str], single: list[Row], memory: ReadingMemory, fresh: int) -> FileRows:
    """Put together what goes on below its line."""
    known = memory.rows
    rows: list[Row] = []
    numbers = array("q")
    place = 0
    while place < len(lines):
        found = single[place]
        numbers.append(place + 1)
        taller = whole(lines, place, found)
        if taller is not found:
            fresh += 0 if taller.text in known else len(taller.text)
            found = known.setdefault(taller.text, taller)
        rows.append(found)
        place += found.height
    return FileRows(rows, numbers, fresh)


# --------------------------------------------------------------------------------------------------------------- blocks


@dataclass(slots=True)
class Unchanged:
    """A block on its way, and what of it is as it was: its first statements, so that reading goes on with the row
    ``resume``; and the rest of those ``before``, from ``number`` on, ``down`` so many rows further down. ``meet`` is
    the next row on which one of these begins.
    """

    items: list[Placed[Any]] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("l"))
    resume: int = 0
    before: ReadBlock | None = None
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


def unchanged(before: ReadBlock | None, rows: Sequence[Row], unit: int, width: int, *, segments: bool) -> Unchanged:
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

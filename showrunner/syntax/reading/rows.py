"""The rows of a file, line by line: what stands at the top and at the bottom as it did the last time is taken over.

What one row is, is measured in ``lines``; which may stand below which is the business of ``blocks``.
"""

from __future__ import annotations

from array import array
from typing import NamedTuple

from showrunner.syntax.lines import Row, gather, opens, row
from showrunner.syntax.reading.memory import Memory
from showrunner.syntax.reading.unchanged import agreeing


class Rows(NamedTuple):
    """The rows of a file, the lines they begin on, and how many characters of them nobody had seen before."""

    rows: list[Row]
    numbers: array[int]
    fresh: int


def rows_of(lines: list[str], memory: Memory) -> Rows:
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
    if all(one.open is None for one in middle):
        memory.lines = lines, rows
        return Rows(rows, numbers, fresh)
    memory.lines = [], []
    return _joined(lines, rows, memory, fresh)


def _joined(lines: list[str], single: list[Row], memory: Memory, fresh: int) -> Rows:
    """Put together what goes on below its line, where brackets stand open."""
    known = memory.rows
    rows: list[Row] = []
    numbers = array("q")
    place = 0
    while place < len(lines):
        found = single[place]
        numbers.append(place + 1)
        if found.open is not None and opens(found):
            text = gather(lines, place)
            whole = known.get(text)
            if whole is None:
                whole = known[text] = row(text)
                fresh += len(text)
            found = whole
        rows.append(found)
        place += found.height
    return Rows(rows, numbers, fresh)

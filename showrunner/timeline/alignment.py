"""Two sequences aligned: which item of one is which of the other, by order and by neighbours.

What the items are, and when two are the same, is the business of ``revise``.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

MOST_CELLS = 250_000
"""Up to so many comparisons the longest common run of cues is worked out exactly; beyond, first come first served."""


def between(pairs: list[int | None], count: int, used: set[int]) -> None:
    """Pair what is left between the same two neighbours, in order."""
    index = 0
    while index < len(pairs):
        if pairs[index] is not None:
            index += 1
            continue
        first = index
        while index < len(pairs) and pairs[index] is None:
            index += 1
        above = -1 if first == 0 else pairs[first - 1]
        below = count if index == len(pairs) else pairs[index]
        if above is None or below is None:
            continue
        spare = (new for new in range(above + 1, below) if new not in used)
        if any(new in used for new in range(above + 1, below)):
            continue  # another cue stands between them now: they are no neighbours any more
        for old, new in zip(range(first, index), spare, strict=False):
            pairs[old] = new
    used.update(pair for pair in pairs if pair is not None)


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Give a common subsequence as pairs of indexes, in order; the longest one where that is not too much work."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        yield start, start
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    one, other = old[start : len(old) - end], new[start : len(new) - end]
    found = _longest(one, other) if len(one) * len(other) <= MOST_CELLS else _anchored(one, other)
    for a, b in found:
        yield start + a, start + b
    for offset in range(end, 0, -1):
        yield len(old) - offset, len(new) - offset


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    width = len(new) + 1
    table = [[0] * width for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _anchored(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pair what stands exactly once on either side, in the longest order both have, and fill up between."""
    once_old, once_new = Counter(old), Counter(new)
    where = {item: index for index, item in enumerate(new) if once_new[item] == 1}
    pairs = [(i, where[item]) for i, item in enumerate(old) if once_old[item] == 1 and item in where]
    anchors = _rising(pairs)
    if not anchors:
        return _greedy(old, new)
    found: list[tuple[int, int]] = []
    last = (-1, -1)
    for anchor in [*anchors, (len(old), len(new))]:
        inner = common(old[last[0] + 1 : anchor[0]], new[last[1] + 1 : anchor[1]])
        found.extend((last[0] + 1 + a, last[1] + 1 + b) for a, b in inner)
        if anchor[0] < len(old):
            found.append(anchor)
        last = anchor
    return found


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest run of pairs that rises on both sides."""
    tails: list[int] = []
    at: list[int] = []
    back: list[int] = [-1] * len(pairs)
    for number, (_, new) in enumerate(pairs):
        place = bisect_left(tails, new)
        if place == len(tails):
            tails.append(new)
            at.append(number)
        else:
            tails[place], at[place] = new, number
        back[number] = at[place - 1] if place else -1
    found: list[tuple[int, int]] = []
    number = at[-1] if at else -1
    while number >= 0:
        found.append(pairs[number])
        number = back[number]
    return found[::-1]


def _greedy(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    places: dict[Hashable, list[int]] = {}
    for index in range(len(new) - 1, -1, -1):
        places.setdefault(new[index], []).append(index)
    found: list[tuple[int, int]] = []
    last = -1
    for index, item in enumerate(old):
        spots = places.get(item)
        while spots and spots[-1] <= last:
            spots.pop()
        if spots:
            last = spots.pop()
            found.append((index, last))
    return found

"""The word somebody probably meant: the nearest of those that are possible."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 60


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Give the candidate that is a slip of the finger away from ``word``, or None where none is.

    Case is ignored. A slip is a letter too many, too few, wrong, or two changed about; one in a word of up to four
    letters, two in a longer one, three from eight on. Of equally near ones the first counts.
    """
    wanted = word.casefold()
    if not wanted or len(wanted) > _LONGEST:
        return None
    allowed = 1 if len(wanted) <= 4 else 2 if len(wanted) < 8 else 3
    best: str | None = None
    for candidate in candidates:
        told = candidate.casefold()
        if abs(len(told) - len(wanted)) > allowed:
            continue
        far = _distance(wanted, told)
        # A word that shares no letter in its place is no slip of a short one.
        if far <= allowed and far < max(len(wanted), len(told)):
            best, allowed = candidate, far - 1
            if far == 0:
                break
    return best


def _distance(one: str, other: str) -> int:
    """Count the slips between two words (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, told in enumerate(other, 1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != told))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == told:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]

"""Where things come to lie: time along the line, lines below each other as in a score, labels where there is room.

Numbers only; what is drawn there is the business of ``svg``.
"""

from __future__ import annotations

import math

from showrunner.diagnostics.wording import beginning, cells
from showrunner.drawing.score import Score, Spot
from showrunner.slotted import dataclass

SCALES = (40.0, 30.0, 20.0, 15.0, 10.0, 7.5, 5.0, 3.0, 2.0, 1.0, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.002)
"""Units of length that a second may take; the first that keeps the picture within ``MOST`` lines is taken."""

MOST = 60

BREAK = 34.0
"""Room that a break takes, where there are not too many."""

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 864_000)
"""Seconds that may lie between two figures of the ruler."""

APART = 64.0
"""Room that two figures of the ruler need."""

LETTER = 6.4
"""Width of a narrow cell of text in the size of labels; a guess on the safe side."""

SMALL = 5.8
"""The same of small text."""


@dataclass(frozen=True, slots=True)
class Paper:
    """How wide a line is, what stands left of it, how long a second and a break are."""

    width: float
    gutter: float
    second: float
    pause: float

    @property
    def line(self) -> float:
        """The length of a line of time."""
        return self.width - self.gutter - 22

    def along(self, spot: Spot) -> float:
        """Tell how far a spot is from the beginning of the show, as if it were all one line."""
        return spot.at / 1_000_000 * self.second + spot.breaks * self.pause

    def every(self) -> int:
        """Choose how many seconds lie between two figures of the ruler."""
        return next((step for step in STEPS if step * self.second >= APART), STEPS[-1])


def paper(score: Score, width: float, gutter: float) -> Paper:
    """Choose the scale for a show on paper of that width."""
    breaks = sum(len(part.breaks) for part in score.parts)
    line = width - gutter - 22
    room = line * MOST
    pause = min(BREAK, room / 2 / breaks) if breaks else BREAK
    seconds = score.length / 1_000_000
    scale = next((one for one in SCALES if one * seconds + pause * breaks <= room), None)
    return Paper(width, gutter, scale or room / 2 / seconds, pause)


class Room:
    """Rows in which labels are put one behind the other; where none is free, there is no label."""

    def __init__(self, rows: int) -> None:
        self._free = [float("-inf")] * rows

    def take(self, start: float, width: float) -> int | None:
        """Take room from ``start`` on; give the row, the upmost that is free."""
        for row, free in enumerate(self._free):
            if free <= start:
                self._free[row] = start + width + 4
                return row
        return None

    @property
    def used(self) -> int:
        """How many rows have something in them."""
        return sum(free > float("-inf") for free in self._free)


def breadth(text: str, letter: float = LETTER) -> float:
    """Guess how wide a text is."""
    return cells(text) * letter


def fitting(text: str, width: float, letter: float = LETTER) -> str:
    """Cut a text to a width, with a sign that something is missing; nothing where not even that has room."""
    if breadth(text, letter) <= width:
        return text
    cut = beginning(text, math.floor(width / letter) - 1)
    return f"{cut.rstrip()}…" if len(cut) > 1 else ""


def tail(text: str, width: float, letter: float = LETTER) -> str:
    """Cut the beginning of a name that is too wide: names that belong together differ at their ends."""
    return text if breadth(text, letter) <= width else fitting(text[::-1], width, letter)[::-1]


def lines(text: str, width: float, most: int, letter: float = LETTER) -> list[str]:
    """Break a text into at most so many lines of a width, at blanks; what is too much is cut."""
    found: list[str] = []
    rest = text.split()
    while rest and len(found) < most:
        if len(found) == most - 1:
            found.append(fitting(" ".join(rest), width, letter))
            break
        taken = 1
        while taken < len(rest) and breadth(" ".join(rest[: taken + 1]), letter) <= width:
            taken += 1
        line = " ".join(rest[:taken])
        if breadth(line, letter) > width:
            head = fitting(line, width, letter)
            found.append(head.removesuffix("…") if cells(line) > len(line) else head)
            if cells(line) == len(line) or not found[-1]:
                break
            # A language without blanks goes on wherever the line ends.
            rest = [line[len(found[-1]) :], *rest[taken:]]
            continue
        found.append(line)
        rest = rest[taken:]
    return [line for line in found if line]

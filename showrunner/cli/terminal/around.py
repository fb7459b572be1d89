"""Where a running show is in its plan: what comes next, and the cue list around this moment as lines of text."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from showrunner.cli.terminal.columns import cut, way
from showrunner.diagnostics.wording import cells, visible
from showrunner.reports.entries import key
from showrunner.reports.timetable import Plan
from showrunner.timeline.labels import Key, Labels
from showrunner.times import clock

ABOVE, BELOW = 4, 6
"""So many cues are shown before what comes next, and so many from it on."""

LONGEST = 60
"""Cells of what a cue does that are shown."""


class Ahead:
    """What the plan says comes next, counted from the cue that was taken last: the show may be late or wait.

    ``point``: the time of the plan at which the show begins, or goes on, ``behind`` it by so much.
    """

    def __init__(self, planned: Plan, point: int = 0, behind: int | None = None) -> None:
        self.cues = planned.cues
        self.taken: dict[Key, int] = {}
        self.behind = -point if behind is None else behind
        self.since = 0
        self._jumped = False
        self._places = {cue.where: number for number, cue in enumerate(self.cues)}
        self._reached = next((n for n, cue in enumerate(self.cues) if cue.at >= point), len(self.cues))

    def take(self, entry: Mapping[str, Any]) -> None:
        """Take one `cue` entry of the journal."""
        this = key(entry)
        self.taken[this] = self.since = entry["at"]
        number = self._places.get(this)
        if number is not None:
            self._reached = number if self._jumped else max(self._reached, number)
            self._jumped = False
            self.behind = entry["at"] - self.cues[number].at

    def stand(self, time: int) -> None:
        """Have stood still for so long, with all that is to come."""
        self.behind += time

    def revised(self, planned: Plan, names: Mapping[Key, Key | None], now: int) -> Ahead:
        """Give where the show is in the plan of a new text, in which its cues have these names, at a show time.

        ``now`` is that from which on it stands still, if it does.
        """
        there = Ahead(planned)
        kept = [(at, old, new) for old, at in self.taken.items() if (new := names.get(old)) is not None]
        there.taken, there.since, there.behind = {new: at for at, _, new in kept}, self.since, self.behind
        known = [one for one in kept if one[1] in self._places and one[2] in there._places]
        if known:
            _, old, new = max(known)
            there.behind += self.cues[self._places[old]].at - there.cues[there._places[new]].at
        point = now - there.behind
        there._reached = next((n for n, cue in enumerate(there.cues) if cue.at >= point), len(there.cues))
        return there

    def leave(self, segment: str | None) -> None:
        """Come to this segment next, wherever the show is now; None: to nothing any more."""
        self._reached = next((n for n, cue in enumerate(self.cues) if cue.where[0] == segment), len(self.cues))

    def jump(self, point: int | None, now: int) -> None:
        """Go on at a ``point`` of the plan, at the show time ``now``; None: at one that the next cue will show."""
        self.taken.clear()
        self._jumped = True
        self._reached = len(self.cues)
        if point is not None:
            self._reached = next((n for n, cue in enumerate(self.cues) if cue.at >= point), len(self.cues))
            self.behind = now - point

    def passed(self, segment: str) -> bool:
        """Tell whether the show had come beyond the start of this segment."""
        first = next((n for n, cue in enumerate(self.cues) if cue.where[0] == segment), len(self.cues))
        return bool(self.taken) and first < self.place

    @property
    def place(self) -> int:
        """The place in ``cues`` of what comes next; behind the last, their number."""
        while self._reached < len(self.cues) and self.cues[self._reached].where in self.taken:
            self._reached += 1
        return self._reached

    def next(self) -> tuple[int, Key] | None:
        """Give the next cue and the show time at which it is expected; None behind the last."""
        if self.place == len(self.cues):
            return None
        found = self.cues[self.place]
        return found.at + self.behind, found.where


def around(ahead: Ahead, standing: AbstractSet[Key], labels: Labels, *, uncertain: bool = False) -> list[str]:
    """Lay out the cues around this moment: time, position, name, where it is, what it does.

    ``standing`` are those that the show stands at, ``labels`` those of the text in force. ``uncertain``: no time is
    said of what is to come, since nobody knows how long the show will stand.
    """
    place = ahead.place
    shown = _shown(ahead, labels, place - 1, -1, ABOVE)[::-1] + _shown(ahead, labels, place, 1, BELOW)
    if not shown:
        return ["no cues"]
    # What is next may be a turn that is not shown; then it is what is shown first from there on.
    first = next((number for number in shown if number >= place), None)
    rows, segment = [], ""
    for number in shown:
        cue = ahead.cues[number]
        this = cue.where
        spot, links = labels.at(this), labels.label(this).links
        taken = ahead.taken.get(this)
        if this[0] != segment:
            segment = this[0]
            rows.append([visible(f"segment {segment}")])
        state = "stands" if this in standing else "taken" if taken is not None else "next" if number == first else ""
        state = "passed" if not state and number < place else state
        due = "" if uncertain else clock(cue.at + ahead.behind)
        time = clock(taken) if taken is not None else due if number >= place else ""
        written, does = ("", "") if spot is None else (visible(spot.cue.written), visible(spot.cue.text))
        called = way(tuple(map(visible, links)))
        rows.append([">" if number == first else "", time, written, called, state, cut(does, LONGEST)])
    widths = [1, *(max((cells(row[n]) for row in rows if len(row) > 1), default=0) for n in range(1, 6))]
    return [_line(row, widths) for row in rows]


def _shown(ahead: Ahead, labels: Labels, start: int, step: int, most: int) -> list[int]:
    """Choose cues from a place on; of a `repeat` only the first turn, or the list would show nothing else."""
    found: list[int] = []
    number = start
    while 0 <= number < len(ahead.cues) and len(found) < most:
        if not any(turn > 1 for turn in labels.label(ahead.cues[number].where).turns):
            found.append(number)
        number += step
    return found


def _line(row: list[str], widths: list[int]) -> str:
    if len(row) == 1:
        return row[0]
    laid = [cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True) if width]
    return "  ".join(laid).rstrip()

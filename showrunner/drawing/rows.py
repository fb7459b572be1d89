"""The lines of a segment, one below the other, and what is seen in each."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import field
from fractions import Fraction
from itertools import pairwise

from showrunner.drawing.paper import Paper
from showrunner.drawing.score import Bar, Break, Curve, Mark, Note, Part, Spot
from showrunner.slotted import dataclass
from showrunner.timeline.cues import Beats
from showrunner.times import rounded

CURVES = 14
"""So many properties of a segment are drawn; the others are counted."""

SHORTEST = 24.0
"""The least length of a line."""

NEAR = 36.0
"""Room that the numbers of two bars need."""

SPARE = 12.0
"""A line may be so much longer if it is the last one then."""


@dataclass(slots=True)
class Row:
    """One line of time. ``start`` and ``end``: how far along the show. ``ticks``: instants, and how far along they are;
    ``bars``: the numbers of those that begin, and how far along.

    ``more``: so many properties are not drawn.
    """

    start: float
    end: float
    ticks: list[tuple[int, float]] = field(default_factory=list)
    bars: list[tuple[int, float]] = field(default_factory=list)
    tracks: dict[str, list[Mark]] = field(default_factory=dict)
    devices: dict[str, list[Bar]] = field(default_factory=dict)
    curves: dict[tuple[str, str], list[Curve]] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    more: int = 0


def rows(part: Part, paper: Paper) -> list[Row]:
    """Break a segment into lines, and put everything into those in which it is seen."""
    starts = _starts(part, paper)
    end = max(paper.along(part.end), starts[-1] + SHORTEST)
    made = [Row(start, until) for start, until in pairwise([*starts, end])]

    def seen(start: Spot, until: Spot) -> Sequence[Row]:
        first = max(0, bisect_right(starts, paper.along(start) + 1e-6) - 1)
        last = max(first, bisect_left(starts, paper.along(until) - 1e-6) - 1)
        return made[first : last + 1]

    for name, marks in part.tracks.items():
        for mark in marks:
            for row in seen(mark.spot, mark.spot):
                row.tracks.setdefault(name, []).append(mark)
    for name, bars in part.devices.items():
        for bar in bars:
            for row in seen(bar.start, bar.stands or bar.end):
                row.devices.setdefault(name, []).append(bar)
    for place, curves in list(part.curves.items())[:CURVES]:
        for curve in curves:
            for row in seen(curve.start, curve.end):
                row.curves.setdefault(place, []).append(curve)
    for one in part.breaks:
        for row in seen(one.spot, one.spot):
            row.breaks.append(one)
    for note in part.notes:
        for row in seen(note.spot, note.spot):
            row.notes.append(note)
    for at, along in _ticks(part, paper):
        made[max(0, bisect_right(starts, along) - 1)].ticks.append((at, along))
    for number, along in _bars(part, paper):
        made[max(0, bisect_right(starts, along) - 1)].bars.append((number, along))
    made[-1].more = max(0, len(part.curves) - CURVES)
    return made


def _starts(part: Part, paper: Paper) -> list[float]:
    """Choose where lines begin: no break is torn apart, and what is left at the end is no line of its own."""
    breaks = [paper.along(one.spot) for one in part.breaks]
    starts, end = [paper.along(part.start)], paper.along(part.end)
    while end - starts[-1] > paper.line + SPARE:
        cut = starts[-1] + paper.line
        number = bisect_left(breaks, cut) - 1
        torn = number >= 0 and starts[-1] + paper.line / 2 < breaks[number] and cut < breaks[number] + paper.pause
        starts.append(breaks[number] if torn else cut)
    return starts


def _ticks(part: Part, paper: Paper) -> list[tuple[int, float]]:
    step = paper.every() * 1_000_000
    breaks = [one.spot.at for one in part.breaks]
    instants = range(math.ceil(part.start.at / step) * step, part.end.at + 1, step)
    return [(at, paper.along(Spot(at, part.start.breaks + bisect_left(breaks, at)))) for at in instants]


def _bars(part: Part, paper: Paper) -> list[tuple[int, float]]:
    """Give the bars of a segment: each, or each second, fourth or eighth, as many as have room."""
    if part.music is None:
        return []
    first, bar = part.music.first, part.music.tempo.lasts(Beats(Fraction(1), "bar"))
    step = 1
    while bar * step / 1_000_000 * paper.second < NEAR:
        step *= 2
    breaks = [one.spot.at for one in part.breaks]
    found: list[tuple[int, float]] = []
    number = 1
    while (at := first + rounded(bar * (number - 1))) <= part.end.at:
        if at >= part.start.at:
            found.append((number, paper.along(Spot(at, part.start.breaks + bisect_left(breaks, at)))))
        number += step
    return found

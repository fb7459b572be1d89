"""What is drawn of a show: its segments, and in each of them cues, commands, curves and breaks, read off the plan.

Where they come to lie on paper is the business of ``paper``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from showrunner.reports.curves import NumberCurve, numbers
from showrunner.reports.timetable import (
    Moment,
    Plan,
    TimedCommand,
    TimedCue,
    TimedSegment,
    TimedWait,
    moments,
    said,
)
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import Labels
from showrunner.times import clock, short

STANDING = {"go": "GO", "button": "button", "event": "event"}
"""Waits that somebody or something else ends, nobody knows when: as the journal calls them, as the picture does."""

MANY = 60
"""With more segments than this, several are drawn together."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An instant of the plan (microseconds), and how many breaks come before it. At a break the plan takes no time."""

    at: int
    breaks: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A cue. ``label`` is shown where there is room (none in later turns of a `repeat`), ``named`` ones first."""

    spot: Spot
    label: str
    named: bool
    says: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A command from its beginning to its end. ``text`` is shown in it: of speech what is said."""

    start: Spot
    end: Spot
    text: str
    speech: bool
    says: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A value on its way (``start`` to ``arrives``) and held (until ``end``). ``begin`` None: from wherever it is."""

    start: Spot
    arrives: Spot
    end: Spot
    begin: float | None
    to: float
    ease: str
    says: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the show stands until somebody or something lets it go on."""

    spot: Spot
    kind: str
    label: str


@dataclass(slots=True)
class Part:
    """A segment. Tracks, devices and properties stand in the order in which they are first used."""

    name: str
    title: str | None
    start: Spot
    end: Spot
    tracks: dict[str, list[Mark]] = field(default_factory=dict)
    devices: dict[str, list[Bar]] = field(default_factory=dict)
    curves: dict[tuple[str, str], list[Curve]] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Score:
    """A whole show. ``ranges``: of each property the least and the greatest value there is in it."""

    title: str
    script: str
    parts: tuple[Part, ...]
    length: int
    whole: bool
    devices: tuple[str, ...]
    ranges: Mapping[tuple[str, str], tuple[float, float]]


def score(planned: Plan, cues: CueList) -> Score:
    """Read a plan (with its commands) of ``cues``."""
    reader = _Reader(Labels(cues), planned.length)
    for moment, ended in moments(planned):
        reader.take(moment, ended=ended)
    ranges: dict[tuple[str, str], tuple[float, float]] = {}
    reader.close()
    for one in numbers(planned.curves):
        reader.curve(one, ranges)
    reader.end()
    devices = dict.fromkeys(name for part in reader.parts for name in (*part.devices, *(d for d, _ in part.curves)))
    return Score(cues.title, cues.main, tuple(reader.parts), planned.length, planned.whole, tuple(devices), ranges)


class _Reader:
    """Makes the parts, moment by moment."""

    def __init__(self, labels: Labels, length: int) -> None:
        self.parts: list[Part] = []
        self._labels = labels
        self._length = length
        self._breaks: list[int] = []
        self._bars: list[tuple[Part, Bar, str, int]] = []
        self._curved: set[int] = set()
        self._running: dict[int, tuple[Part, Spot, TimedCommand]] = {}
        self._begun: dict[int, tuple[int, Spot, TimedCommand]] = {}

    def take(self, moment: Moment, *, ended: bool) -> None:
        match moment:
            case TimedSegment():
                here = self._spot(moment.start)
                self._close(here)
                self.parts.append(Part(moment.name, moment.title, here, here))
            case TimedCue():
                self._cue(moment, self._spot(moment.at))
            case TimedCommand() if ended:
                self._ended(moment)
            case TimedCommand(device=str()):
                here = self._spot(moment.start)
                self._running[moment.id] = (self.parts[-1], here, moment)
                self._begun[moment.id] = (len(self.parts) - 1, here, moment)
            case TimedWait() if not ended:
                word, _, label = moment.what.partition(" ")
                if word in STANDING:
                    self.parts[-1].breaks.append(Break(self._spot(moment.start), STANDING[word], label))
                    self._breaks.append(moment.start)

    def close(self) -> None:
        """Take the end of the show."""
        self._close(self._spot(self._length))
        for part, start, command in self._running.values():
            self._bar(part, start, max(start, part.end, key=_order), command)

    def end(self) -> None:
        """Put the commands where they belong: those that have curves are seen already."""
        for part, bar, device, id_ in sorted(self._bars, key=lambda one: _order(one[1].start)):
            if id_ not in self._curved:
                part.devices.setdefault(device, []).append(bar)

    def curve(self, one: NumberCurve, ranges: dict[tuple[str, str], tuple[float, float]]) -> None:
        """Take a curve. It may be held beyond its segment: then each one it is held in has a piece of it."""
        number, start, command = self._begun[one.id]
        self._curved.add(one.id)
        place = (one.device, one.property)
        values = [value for value in (one.begin, one.to) if value is not None]
        low, high = ranges.get(place, (values[0], values[0]))
        ranges[place] = (min(low, *values), max(high, *values))
        until = self._length if one.until is None else one.until
        arrives = max(start, Spot(one.arrives, bisect_left(self._breaks, one.arrives)), key=_order)
        end = max(arrives, Spot(until, bisect_right(self._breaks, until)), key=_order)
        way = f"{one.property} to {one.to:g}" + (f", {one.ease}" if one.arrives > one.start else "")
        says = f"{clock(start.at)} {way}\n{_written(command)}"
        made = Curve(start, arrives, end, one.begin, one.to, one.ease, says)
        for later in range(number, len(self.parts)):
            if later > number and _order(self.parts[later].start) >= _order(end):
                break
            self.parts[later].curves.setdefault(place, []).append(made)

    def _spot(self, at: int) -> Spot:
        """Give an instant behind all breaks that have come by now."""
        return Spot(at, len(self._breaks))

    def _cue(self, cue: TimedCue, here: Spot) -> None:
        spot = self._labels.at(cue.where)
        does = "" if spot is None else spot.cue.text
        label = "" if any(turn > 1 for turn in cue.label.turns) else cue.label.own
        says = f"{clock(here.at)} {cue.label.text()}" + (f"\n{does}" if does else "")
        self.parts[-1].tracks.setdefault(cue.where[1], []).append(Mark(here, label, cue.label.name is not None, says))

    def _ended(self, command: TimedCommand) -> None:
        running = self._running.pop(command.id, None)
        if running is not None and command.end is not None:
            self._bar(*running[:2], self._spot(command.end), command)

    def _bar(self, part: Part, start: Spot, end: Spot, command: TimedCommand) -> None:
        device, spoken = command.device or "", said(command)
        # What takes no time is over before the break that comes at the same instant.
        end = end if end.at > start.at else start
        shown = command.text.removeprefix(f"{device} ") if spoken is None else spoken
        lasts = end.at - start.at
        says = clock(start.at) + (f", {short(lasts)}" if lasts else "")
        bar = Bar(start, end, shown, spoken is not None, f"{says}\n{_written(command)}")
        self._bars.append((part, bar, device, command.id))

    def _close(self, here: Spot) -> None:
        if self.parts:
            self.parts[-1].end = here


def _written(command: TimedCommand) -> str:
    return f"line {command.line}: {command.text}"


def gathered(score: Score, most: int = MANY) -> Score:
    """Put segments together where there are more than ``most``: each then has a mark of its own, as a cue has."""
    if len(score.parts) <= most:
        return score
    each = -(-len(score.parts) // most)
    groups = [score.parts[n : n + each] for n in range(0, len(score.parts), each)]
    return replace(score, parts=tuple(map(_together, groups)))


def _together(parts: Sequence[Part]) -> Part:
    made = Part(f"{parts[0].name} to {parts[-1].name}", None, parts[0].start, parts[-1].end)
    made.tracks["segments"] = [
        Mark(part.start, part.name, True, f"{clock(part.start.at)} {part.title or part.name}") for part in parts
    ]
    for part in parts:
        for name, marks in part.tracks.items():
            made.tracks.setdefault(name, []).extend(marks)
        for name, bars in part.devices.items():
            made.devices.setdefault(name, []).extend(bars)
        for place, curves in part.curves.items():
            known = made.curves.setdefault(place, [])
            known += [curve for curve in curves if not known or curve is not known[-1]]
        made.breaks += part.breaks
    return made


def _order(spot: Spot) -> tuple[int, int]:
    return spot.at, spot.breaks

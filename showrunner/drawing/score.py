"""What is drawn of a show: its segments, and in each of them cues, commands, curves and breaks, read off the plan.

Where they come to lie on paper is the business of ``paper``.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import field, replace

from showrunner.devices.presence import STANDS
from showrunner.devices.vocabulary import Fixture
from showrunner.drawing.style import hue
from showrunner.reports.curves import NumberCurve, numbers
from showrunner.reports.music import Music, music
from showrunner.reports.timetable import Plan, TimedCommand, TimedCue, TimedLog, TimedWait, said
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import Key, Labels
from showrunner.times import clock, short

STANDING = {"go": "GO", "button": "button", "event": "event", "clock": "clock"}
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
    """A command from its beginning to its end. ``text`` is shown in it: of speech what is said.

    ``stands``: so long stands what it brought about, a scene say, of which the bar itself is the transition; None: it
    leaves nothing that is drawn. ``clip``: it runs, and is over by itself.
    """

    start: Spot
    end: Spot
    text: str
    speech: bool
    says: str
    stands: Spot | None = None
    clip: bool = False


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
class Note:
    """What a `log` says: the words of a song, say."""

    spot: Spot
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the show stands until somebody or something lets it go on. What stands side by side has spots in a row."""

    spot: Spot
    kind: str
    label: str


@dataclass(slots=True)
class Part:
    """A segment. Tracks, devices and properties stand in the order in which they are first used; ``notes`` in time.

    ``music``: where its bars lie, if it has a tempo.
    """

    name: str
    title: str | None
    start: Spot
    end: Spot
    tracks: dict[str, list[Mark]] = field(default_factory=dict)
    devices: dict[str, list[Bar]] = field(default_factory=dict)
    curves: dict[tuple[str, str], list[Curve]] = field(default_factory=dict)
    breaks: list[Break] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    music: Music | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A whole show. ``devices``: the number of each one's colour, by its name. ``ranges``: of each property the least
    and the greatest value there is in it.
    """

    title: str
    script: str
    parts: tuple[Part, ...]
    length: int
    whole: bool
    devices: Mapping[str, int]
    ranges: Mapping[tuple[str, str], tuple[float, float]]


def score(planned: Plan, cues: CueList, fixtures: Mapping[str, Fixture]) -> Score:
    """Read a plan (with its commands) of ``cues``."""
    labels = Labels(cues)
    reader = _Reader(planned, labels, music(planned, cues, labels))
    for cue in planned.cues:
        reader.cue(cue)
    for wait in planned.waits:
        reader.wait(wait)
    ranges: dict[tuple[str, str], tuple[float, float]] = {}
    for log in planned.logs:
        reader.log(log)
    for curve in numbers(planned.curves):
        reader.curve(curve, ranges)
    reader.bars()
    used = dict.fromkeys(name for part in reader.parts for name in (*part.devices, *(d for d, _ in part.curves)))
    hues = {name: hue(fixtures[name]) for name in used}
    return Score(cues.title, cues.main, tuple(reader.parts), planned.length, planned.whole, hues, ranges)


class _Reader:
    """Makes the parts: what of the plan is in which, and behind how many breaks."""

    def __init__(self, planned: Plan, labels: Labels, bars: Mapping[str, Music]) -> None:
        self._planned = planned
        self._labels = labels
        self._commands = {command.id: command for command in planned.commands}
        self._curved: set[int] = set()
        stands = [wait for wait in planned.waits if wait.what.partition(" ")[0] in STANDING]
        self._breaks = [wait.start for wait in stands]
        self._stands = _side_by_side(stands)
        self._began = [segment.seq for segment in planned.segments]
        spots = [self._spot(segment.start, segment.seq, None) for segment in planned.segments]
        ends = [*spots[1:], Spot(planned.length, len(stands))]
        self.parts = [
            Part(segment.name, segment.title, start, end, music=bars.get(segment.name))
            for segment, start, end in zip(planned.segments, spots, ends, strict=True)
        ]

    def cue(self, cue: TimedCue) -> None:
        """Take a cue."""
        here, spot = self._spot(cue.at, cue.seq, cue.where), self._labels.at(cue.where)
        does = "" if spot is None else spot.cue.text
        label = "" if any(turn > 1 for turn in cue.label.turns) else cue.label.own
        says = f"{clock(here.at)} {cue.label.text()}" + (f"\n{does}" if does else "")
        mark = Mark(here, label, cue.label.name is not None, says)
        self._part(cue.seq).tracks.setdefault(cue.where[1], []).append(mark)

    def wait(self, wait: TimedWait) -> None:
        """Take a wait, where the show stands at it."""
        word, _, label = wait.what.partition(" ")
        if word in STANDING:
            number, stand = next(
                (one.order.index(_track(wait.where)), one)
                for one in self._at(wait.start)
                if wait.seq in one.waits.values()
            )
            here = Spot(wait.start, stand.before + number)
            self._part(wait.seq).breaks.append(Break(here, STANDING[word], label))

    def log(self, log: TimedLog) -> None:
        """Take what is written into the log."""
        here = self._spot(log.at, log.seq, log.where)
        self._part(log.seq).notes.append(Note(here, log.message, f"{clock(log.at)} log\n{log.message}"))

    def curve(self, one: NumberCurve, ranges: dict[tuple[str, str], tuple[float, float]]) -> None:
        """Take a curve. It may be held beyond its segment: then each one it is held in has a piece of it."""
        command = self._commands[one.id]
        self._curved.add(one.id)
        start = self._spot(command.start, command.seq, command.where)
        place = (one.device, one.property)
        values = [value for value in (one.begin, one.to) if value is not None]
        low, high = ranges.get(place, (values[0], values[0]))
        ranges[place] = (min(low, *values), max(high, *values))
        until = self._planned.length if one.until is None else one.until
        arrives = max(start, Spot(one.arrives, bisect_left(self._breaks, one.arrives)), key=_order)
        end = max(arrives, Spot(until, bisect_right(self._breaks, until)), key=_order)
        way = f"{one.property} to {one.to:g}" + (f", {one.ease}" if one.arrives > one.start else "")
        says = f"{clock(start.at)} {way}\n{_written(command)}"
        made = Curve(start, arrives, end, one.begin, one.to, one.ease, says)
        first = self._number(command.seq)
        for number in range(first, len(self.parts)):
            if number > first and _order(self.parts[number].start) >= _order(end):
                break
            self.parts[number].curves.setdefault(place, []).append(made)

    def bars(self) -> None:
        """Put the commands where they belong, but for those that are seen as curves."""
        shown = [one for one in self._planned.commands if one.device is not None and one.id not in self._curved]
        shown.sort(key=lambda one: math.inf if one.last is None else one.last)
        placed = [(one, self._bar(one)) for one in shown]
        last: dict[tuple[str, str], tuple[list[Bar], int]] = {}
        for command, bar in sorted(placed, key=lambda one: _order(one[1].start)):
            device, draws = command.device or "", None if command.command is None else command.command.verb.draws
            bars = self._part(command.seq).devices.setdefault(device, [])
            if draws in STANDS:
                before = last.get((device, draws))
                if before is not None and before[0] is bars:
                    # What stood until now is replaced.
                    bars[before[1]] = replace(bars[before[1]], stands=max(bar.start, bars[before[1]].end, key=_order))
                last[device, draws] = bars, len(bars)
                until = max(bar.end, self._part(command.seq).end, key=_order)
                bars.append(replace(bar, stands=until))
            else:
                bars.append(bar)

    def _bar(self, command: TimedCommand) -> Bar:
        start, spoken = self._spot(command.start, command.seq, command.where), said(command)
        if command.end is None or command.last is None:
            end = max(start, self._part(command.seq).end, key=_order)
        else:
            end = self._spot(command.end, command.last, command.where)
        # What takes no time is over before the break that comes at the same instant.
        end = end if end.at > start.at else start
        shown = command.reads.removeprefix(f"{command.device} ") if spoken is None else spoken
        lasts = end.at - start.at
        says = clock(start.at) + (f", {short(lasts)}" if lasts else "")
        clip = command.command is not None and command.command.verb.draws == "clip"
        return Bar(start, end, shown, spoken is not None, f"{says}\n{_written(command)}", clip=clip)

    def _spot(self, at: int, seq: int, where: Key | None) -> Spot:
        """Give an instant behind all breaks that have come by an entry: of those just there, if its own track stood."""
        breaks = bisect_left(self._breaks, at)
        for one in self._at(at):
            last = max(one.waits.values()) if where is None else one.waits.get(_track(where), max(one.waits.values()))
            breaks += len(one.waits) if last < seq else 0
        return Spot(at, breaks)

    def _at(self, at: int) -> Sequence[_Stand]:
        return self._stands[bisect_left(self._stands, at, key=_start) : bisect_right(self._stands, at, key=_start)]

    def _number(self, seq: int) -> int:
        return bisect_right(self._began, seq) - 1

    def _part(self, seq: int) -> Part:
        return self.parts[self._number(seq)]


@dataclass(slots=True)
class _Stand:
    """Tracks that stand side by side: from when on, behind how many breaks, the entry of each track, in order."""

    start: int
    before: int
    waits: dict[tuple[str, str], int]

    @property
    def order(self) -> list[tuple[str, str]]:
        return [*self.waits]


def _side_by_side(waits: Sequence[TimedWait]) -> list[_Stand]:
    """Put together what begins to stand at one instant in several tracks: none of it comes behind another."""
    found: list[_Stand] = []
    for number, wait in enumerate(waits):
        track = _track(wait.where)
        last = found[-1] if found else None
        beside = last is not None and last.start == wait.start and all(own[0] == track[0] for own in last.waits)
        if last is None or not beside or track in last.waits:
            last = _Stand(wait.start, number, {})
            found.append(last)
        last.waits[track] = wait.seq
    return found


def _start(stand: _Stand) -> int:
    return stand.start


def _track(where: Key) -> tuple[str, str]:
    return where[0], where[1]


def _written(command: TimedCommand) -> str:
    return f"line {command.line}: {command.reads}"


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
        made.notes += part.notes
    return made


def _order(spot: Spot) -> tuple[int, int]:
    return spot.at, spot.breaks

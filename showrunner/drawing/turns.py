"""What a `when` would play: some turns of it worked out beforehand, each as what is seen and heard of it.

Nobody knows when its event comes, so a plan has no turn of it. Here its block is played alone, again and again, as if
the event came with nothing. No clock: times are microseconds from the beginning of a turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.engine.messages import Options
from showrunner.reports.plan import plan
from showrunner.reports.timetable import Plan, TimedCommand
from showrunner.slotted import dataclass
from showrunner.timeline import labels, revise
from showrunner.timeline.cues import Await, Awaited, Body, Cue, CueList, Position, Repeat, Segment, Track, When

TURNS = 10
"""So many turns of each `when` are worked out."""

LONGEST = 60_000_000
"""Of a turn that lasts longer, no more is shown (microseconds)."""

MOST = 40
"""So many `when`s have turns; a show with more says so where they stand."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A `when`: what it hears, in words, in which segment (None: in all), where it stands, and its turns."""

    called: str
    segment: str | None
    file: str
    line: int
    turns: tuple[Plan, ...]


def turned(
    cues: CueList, fixtures: Mapping[str, Fixture], inventories: Mapping[str, Inventory], options: Options
) -> Iterator[Turned]:
    """Give each `when` of a show with its turns, as their seed has them."""
    for number, one in enumerate(labels.whens(cues)):
        if number == MOST:
            return
        when = revise.when_of(one.body)
        label = one.place(0).label
        alone = _alone(cues, one, when)
        played = plan(alone, fixtures, inventories, options=Options(seed=options.seed, on_failure=options.on_failure))
        file = labels.path_of(cues.main, label.file)
        yield Turned(when.called, one.segment or None, file, label.line, tuple(_turns(played)))


def _alone(cues: CueList, place: labels.ListPlace, when: When) -> CueList:
    """Give a show that plays the block of a `when`, and nothing else; what its event brings is not known."""
    cue = place.body.cues[0]
    begins = Cue(0, None, Position(then=False, at=0, plus=None), "", (_event(when),), when.span)
    block = Body((begins, *when.body.cues))
    again = Repeat(TURNS, LONGEST, block, when.text, when.span)
    body = Body((replace(cue, name=None, position=Position(then=False, at=0, plus=None), steps=(again,)),))
    track = Track("main", place.file, place.base, body)
    segment = Segment("when", None, None, TURNS * LONGEST, (track,), place.file, place.base)
    return replace(cues, segments=(segment,), whens=(), above=(), events=(), buttons=("when",))


def _event(when: When) -> Await:
    """Stand for the event: a button that is pressed at once, and keeps what the `when` keeps."""
    return Await(
        (Awaited("button", "when"),), None, None, when.keep, when.default, None, when.text, when.span, when.filled
    )


def _turns(played: Plan) -> Iterator[Plan]:
    begun: dict[int, int] = {}
    for cue in played.cues:
        if cue.label.turns:
            begun.setdefault(cue.label.turns[0], cue.at)
    starts = sorted(begun.values())
    before = None
    for start, end in zip(starts, [*starts[1:], played.length + 1], strict=True):
        made = _part(played, start, min(end, start + LONGEST))
        if before is None or _told(made) != _told(before):
            yield made
        before = made


def _told(turn: Plan) -> tuple[object, ...]:
    """Give what makes a turn another one than the next."""
    said = tuple(part for voice in turn.voices for part in voice.utterances)
    curves = tuple((one.device, one.property, one.course, one.until) for one in turn.curves)
    return tuple((one.reads, one.start, one.end) for one in turn.commands), said, curves


def _part(played: Plan, start: int, end: int) -> Plan:
    """Give a part of a plan as one of its own."""
    commands = tuple(_shifted(one, start, end) for one in played.commands if start <= one.start < end)
    voices = tuple(
        replace(
            one,
            start=one.start - start,
            end=one.end - start,
            utterances=tuple(replace(part, start=part.start - start, end=part.end - start) for part in one.utterances),
        )
        for one in played.voices
        if start <= one.start < end
    )
    logs = tuple(replace(one, at=one.at - start) for one in played.logs if start <= one.at < end)
    curves = [one for one in played.curves if start <= one.course.since < end]
    moved = [one.course.arrives for one in curves] + [one.until for one in curves if one.until is not None]
    ends = [one.end for one in commands if one.end is not None] + [at - start for at in moved if at <= end]
    length = min(end - start, max([*ends, *(one.end for one in voices), 0]))
    return Plan(
        commands=commands,
        voices=voices,
        logs=logs,
        length=length,
        curves=tuple(
            replace(
                one,
                course=replace(one.course, since=one.course.since - start, arrives=one.course.arrives - start),
                until=min(length, end if one.until is None else one.until - start),
            )
            for one in curves
        ),
    )


def _shifted(one: TimedCommand, start: int, end: int) -> TimedCommand:
    return replace(one, start=one.start - start, end=min(end, one.end or end) - start)

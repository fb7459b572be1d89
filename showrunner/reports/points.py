"""Points of a show: where in the plan is what `--from`, `--until`, `--only` or a seek names.

Forms: `SEGMENT`, `SEGMENT+TIME`, `TIME` (from the first segment's start), `CUE`, `SEGMENT/CUE`. A time is one of the
plan. A cue inside a `repeat` or a `define` means its first time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge

from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are
from showrunner.engine.messages import End, Excerpt
from showrunner.reports.timetable import Plan, TimedCue, TimedSegment
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import Key
from showrunner.times import length, moment

MOST = 12
"""So many names are listed where one is not known."""

_CLOCK = re.compile(r"[0-9]+(?::[0-9]*)+(?:\.[0-9]*)?")
"""What somebody writes who means a time on the clock."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a point cannot be found, in the user's words."""

    message: str


def excerpt(planned: Plan, cues: CueList, start: str | None, until: str | None, only: str | None) -> Excerpt | Unknown:
    """Work out which part of the show is meant. ``only`` excludes the other two."""
    if only is not None:
        if start is not None or until is not None:
            return Unknown("`--only` says it all; leave `--from` and `--until` away")
        names = [segment.name for segment in cues.segments]
        if only not in names:
            return _unknown(only, "segment", names)
        return Excerpt(_segments(planned)[only], names.index(only), names.index(only))
    point, first = 0, 0
    if start is not None:
        found = _point(planned, start)
        if isinstance(found, Unknown):
            return found
        point, first = found.at, _index(cues, found)
    if until is None:
        return Excerpt(point, first)
    end = _point(planned, until)
    if isinstance(end, Unknown):
        return end
    # What comes only behind a `hold` comes at once in the plan: a later segment may begin at that very instant.
    if end.at < point or (end.at == point and _index(cues, end) <= first):
        return Unknown(f"`{until}` is not later than where the show would start")
    return Excerpt(point, first, None, _from(planned, end), _time(planned, end.at) if end.timed else None)


def asked(planned: Plan, cues: CueList, action: str, to: str) -> Excerpt | None:
    """Work out what a `seek` or a `loop` of the journal went to; None: no such point is in this plan."""
    if action == "unloop":
        return Excerpt()
    if action == "seek":
        front, _, behind = to.partition(" ")
        only = behind if front == "only" and behind else None
        found = excerpt(planned, cues, None if only else to, None, only)
        return None if isinstance(found, Unknown) else found
    whole = excerpt(planned, cues, to, None, None)
    if isinstance(whole, Excerpt):
        last = next((n for n, segment in enumerate(cues.segments) if segment.name == to), None)
        return Excerpt(whole.point, whole.first, last)
    # A cue may have blanks in its name: they are told from the one between two points by what there is.
    for blank in (number for number, character in enumerate(to) if character == " "):
        found = excerpt(planned, cues, to[:blank], to[blank + 1 :], None)
        if isinstance(found, Excerpt):
            return found
    return None


def neighbour(planned: Plan, cues: CueList, segment: str, here: int, *, forward: bool) -> tuple[str, Excerpt] | None:
    """Find the next or the previous cue of a track, seen from ``here`` in a segment; None: there is none.

    A segment may begin at the instant at which the last cue of the one before comes: the segment goes before the time.
    """
    order = {one.name: index for index, one in enumerate(cues.segments)}
    place = (order.get(segment, 0), here)
    direct = [cue for cue in planned.cues if cue.label.inside is None]
    if forward:
        found = next((cue for cue in direct if (order[cue.where[0]], cue.at) > place), None)
    else:
        found = next((cue for cue in reversed(direct) if (order[cue.where[0]], cue.at) < place), None)
    if found is None:
        return None
    name, _, label = found.where
    return f"{name}/{label}", Excerpt(found.at, order[name])


def follows_at_once(planned: Plan, cue: Key) -> bool:
    """Tell whether the plan takes the next cue of a list at the very instant of this one.

    So it is behind a `hold`, which in the plan takes no time: no seek tells the two apart.
    """
    listed = [one for one in planned.cues if one.where[:2] == cue[:2] and one.label.inside is None]
    here = next((number for number, one in enumerate(listed) if one.where == cue), len(listed))
    return here + 1 < len(listed) and listed[here + 1].at == listed[here].at


@dataclass(frozen=True, slots=True)
class _Point:
    """A point of a plan: when it is, and what its words name: a ``segment``, and in it a ``cue`` or a time (``timed``).

    A time alone has no segment.
    """

    at: int
    segment: str | None
    cue: str | None = None
    timed: bool = False


def find(planned: Plan, text: str) -> int | Unknown:
    """Find a point: microseconds of the plan."""
    found = _point(planned, text)
    return found if isinstance(found, Unknown) else found.at


def _point(planned: Plan, text: str) -> _Point | Unknown:
    starts = _segments(planned)
    front, plus, behind = text.rpartition("+")
    if plus and front in starts:
        time = moment(behind)
        if time is None:
            return Unknown(f"`{behind}` is no time; write `{front}+00:05` or `{front}+5s`")
        return _within(planned, _Point(starts[front] + time, front, timed=True), text)
    time = moment(text)
    if time is not None:
        return _within(planned, _Point(time, None, timed=True), text)
    if _CLOCK.fullmatch(text):
        return Unknown(f"`{text}` is not a clock time; write it like `01:39` or `1:02:03`")
    # The name of a segment, of a cue or of a file may have a `/` of its own.
    inside = [(one, text[len(one) + 1 :]) for one in starts if text.startswith(f"{one}/")]
    for segment, name in inside:
        if (at := _cues(planned, name).get(segment)) is not None:
            return _Point(at, segment, name)
    meanings = _cues(planned, text)
    if text in starts and not meanings:
        return _Point(starts[text], text)
    if len(meanings) == 1 and text not in starts:
        [(segment, at)] = meanings.items()
        return _Point(at, segment, text)
    if meanings:
        choices = ([f"{text}+0s"] if text in starts else []) + [f"{one}/{text}" for one in meanings]
        return Unknown(f"`{text}` may mean several points; write one of: {', '.join(choices)}")
    if inside:
        segment, name = max(inside)
        known = sorted({cue.label.own for cue in planned.cues if cue.where[0] == segment})
        return _unknown(name, f"cue in segment `{segment}`", known)
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return Unknown(
            f"`{text}` is a number without a unit, not a time; write `{text}s`, or a clock time like `01:39`"
        )
    if front and moment(behind) is not None:
        return _unknown(front, "segment", [*starts])
    named = sorted({cue.label.own for cue in planned.cues})
    return _unknown(text, "segment or cue", [*starts, *named])


def _segments(planned: Plan) -> dict[str, int]:
    return {segment.name: segment.start for segment in planned.segments}


def _cues(planned: Plan, name: str) -> dict[str, int]:
    """Give the segments that have a cue of this name, and when it first comes there."""
    found: dict[str, int] = {}
    for cue in planned.cues:
        if _is(cue, name):
            found.setdefault(cue.where[0], cue.at)
    return found


def _is(cue: TimedCue, name: str) -> bool:
    return name in (cue.where[2], cue.label.own)


def _within(planned: Plan, point: _Point, text: str) -> _Point | Unknown:
    if point.at > planned.length:
        return Unknown(f"`{text}` is after the end: the plan is {length(planned.length)} long")
    return point


def _index(cues: CueList, point: _Point) -> int:
    """Give the segment in which a point lies that names one, or a cue of one: all segments above it are past.

    Where one ends at the very instant at which the next begins, a time alone does not say which of them is meant.
    """
    names = [segment.name for segment in cues.segments]
    return 0 if point.segment is None else names.index(point.segment)


def _time(planned: Plan, end: int) -> End | None:
    """Say a time of the plan by what is taken last before it: a cue written in a track, else a segment's beginning."""
    found: End | None = None
    for one in _in_order(planned):
        if isinstance(one, TimedSegment):
            if one.start >= end:
                break
            found = End(one.name, "", "", end - one.start)
        elif one.at >= end:
            break
        elif one.label.inside is None:
            found = End(*one.where, end - one.at)
    return found


def _from(planned: Plan, point: _Point) -> frozenset[Key]:
    """Collect the cues and segments that come at or behind a point, in the plan's own order; none comes twice."""
    behind: set[Key] = set()
    reached = False
    for one in _in_order(planned):
        if isinstance(one, TimedSegment):
            key, at = (one.name, "", ""), one.start
            named = point.cue is None and not point.timed and one.name == point.segment
        else:
            key, at = one.where, one.at
            named = point.cue is not None and one.where[0] == point.segment and _is(one, point.cue)
        # What is named begins with itself; of a time alone, everything at that instant is behind it.
        reached = reached or at > point.at or (at == point.at and (named or point.segment is None))
        if reached:
            behind.add(key)
    return frozenset(behind)


def _in_order(planned: Plan) -> Iterator[TimedSegment | TimedCue]:
    """Give segments and cues in the order in which they come."""
    return merge(planned.segments, planned.cues, key=lambda one: one.seq)


def _unknown(text: str, what: str, known: list[str]) -> Unknown:
    said = f"there is no {what} called `{text}`"
    advice = did_you_mean(nearest(text, known), there_are(map(quoted, known), MOST) if known else None)
    return Unknown(f"{said}; {advice}" if advice else said)

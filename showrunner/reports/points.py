"""Points of a show: where in the plan is what `--from`, `--until`, `--only` or a seek names.

Forms: `SEGMENT`, `SEGMENT+TIME`, `TIME` (from the first segment's start), `CUE`, `SEGMENT/CUE`. A time is one of the
plan. A cue inside a `repeat` or a `define` means its first time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge

from showrunner.diagnostics.wording import did_you_mean, nearest, quoted, there_are
from showrunner.engine.messages import End, Excerpt
from showrunner.reports.timetable import Plan, TimedCue, TimedSegment
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
        found = find(planned, start)
        if isinstance(found, Unknown):
            return found
        point = found
        first = _first(planned, cues, start, point)
    before: frozenset[tuple[str, str, str]] = frozenset()
    at: End | None = None
    if until is not None:
        end = find(planned, until)
        if isinstance(end, Unknown):
            return end
        # What comes only behind a `hold` comes at once in the plan: a later segment may begin at that very instant.
        if end < point or (end == point and _first(planned, cues, until, end) <= first):
            return Unknown(f"`{until}` is not later than where the show would start")
        before = _from(planned, end, until)
        at = _time(planned, end) if moment(until.rpartition("+")[2]) is not None else None
    return Excerpt(point, first, None, before, at)


def asked(planned: Plan, cues: CueList, action: str, to: str) -> Excerpt | None:
    """Work out what a `seek` or a `loop` of the journal went to; None: no such point is in this plan."""
    if action == "unloop":
        return Excerpt()
    front, _, behind = to.partition(" ")
    if action == "loop" and not behind:
        whole = excerpt(planned, cues, to, None, None)
        last = next((n for n, segment in enumerate(cues.segments) if segment.name == to), None)
        return None if isinstance(whole, Unknown) else Excerpt(whole.point, whole.first, last)
    only = behind if action == "seek" and front == "only" and behind else None
    start, until = (None, None) if only else (to, None) if action == "seek" else (front, behind)
    found = excerpt(planned, cues, start, until, only)
    return None if isinstance(found, Unknown) else found


def neighbour(planned: Plan, cues: CueList, segment: str, here: int, *, forward: bool) -> tuple[str, Excerpt] | None:
    """Find the next or the previous cue of a track, seen from ``here`` in a segment; None: there is none.

    A segment may begin at the instant at which the last cue of the one before comes: the segment goes before the time.
    """
    order = {one.name: index for index, one in enumerate(cues.segments)}
    place = (order.get(segment, 0), here)
    direct = [cue for cue in planned.cues if _direct(cue.where)]
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
    listed = [one for one in planned.cues if one.where[:2] == cue[:2] and _direct(one.where)]
    here = next((number for number, one in enumerate(listed) if one.where == cue), len(listed))
    return here + 1 < len(listed) and listed[here + 1].at == listed[here].at


def _direct(cue: Key) -> bool:
    """Tell whether a cue stands in the list of a track itself, not in a block of it."""
    return not {"/", "#"} & set(cue[2])


def find(planned: Plan, text: str) -> int | Unknown:
    """Find a point: microseconds of the plan."""
    starts = _segments(planned)
    front, plus, behind = text.rpartition("+")
    if plus and front in starts:
        time = moment(behind)
        if time is None:
            return Unknown(f"`{behind}` is no time; write `{front}+00:05` or `{front}+5s`")
        return _within(planned, starts[front] + time, text)
    time = moment(text)
    if time is not None:
        return _within(planned, time, text)
    if _CLOCK.fullmatch(text):
        return Unknown(f"`{text}` is not a clock time; write it like `01:39` or `1:02:03`")
    segment, slash, name = text.partition("/")
    if slash and segment in starts:
        found = _cue(planned, name, segment)
        known = sorted({_name(cue) for cue in planned.cues if cue.where[0] == segment})
        return found if found is not None else _unknown(name, f"cue in segment `{segment}`", known)
    meanings = [f"{one}/{text}" for one in starts if _cue(planned, text, one) is not None]
    if text in starts and not meanings:
        return starts[text]
    if len(meanings) == 1 and text not in starts:
        return _cue(planned, text, meanings[0].partition("/")[0]) or 0
    if meanings:
        choices = ([f"{text}+0s"] if text in starts else []) + meanings
        return Unknown(f"`{text}` may mean several points; write one of: {', '.join(choices)}")
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return Unknown(
            f"`{text}` is a number without a unit, not a time; write `{text}s`, or a clock time like `01:39`"
        )
    named = sorted({_name(cue) for cue in planned.cues})
    return _unknown(text, "segment or cue", [*starts, *named])


def _segments(planned: Plan) -> dict[str, int]:
    return {segment.name: segment.start for segment in planned.segments}


def _cue(planned: Plan, name: str, segment: str) -> int | None:
    return next((cue.at for cue in planned.cues if cue.where[0] == segment and name in _names(cue)), None)


def _name(cue: TimedCue) -> str:
    return cue.where[2].rpartition("/")[2]


def _names(cue: TimedCue) -> set[str]:
    return {cue.where[2], _name(cue)}


def _within(planned: Plan, time: int, text: str) -> int | Unknown:
    if time > planned.length:
        return Unknown(f"`{text}` is after the end: the plan is {length(planned.length)} long")
    return time


def _first(planned: Plan, cues: CueList, text: str, point: int) -> int:
    """Give the segment in which a point lies that names one, or a cue of one: all segments above it are past.

    Where one ends at the very instant at which the next begins, a time alone does not say which of them is meant.
    """
    names = [segment.name for segment in cues.segments]
    front = text.rpartition("+")[0] or text.partition("/")[0]
    if front in names:
        return names.index(front)
    if moment(text) is not None:
        return 0
    return names.index(next(cue.where[0] for cue in planned.cues if cue.at == point and text in _names(cue)))


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
        elif _direct(one.where):
            found = End(*one.where, end - one.at)
    return found


def _from(planned: Plan, point: int, text: str) -> frozenset[tuple[str, str, str]]:
    """Collect the cues and segments that first come at or behind a point, in the plan's own order."""
    seen: set[tuple[str, str, str]] = set()
    behind: set[tuple[str, str, str]] = set()
    names = {text, text.rpartition("/")[2]}
    reached = False
    for one in _in_order(planned):
        if isinstance(one, TimedSegment):
            key, at, named = (one.name, "", ""), one.start, one.name in names
        else:
            key, at, named = one.where, one.at, bool(names & _names(one))
        # What is named begins with itself; of a time, everything at that instant is behind it.
        reached = reached or at > point or (at == point and (named or moment(text) is not None))
        if reached and key not in seen:
            behind.add(key)
        else:
            seen.add(key)
    return frozenset(behind)


def _in_order(planned: Plan) -> Iterator[TimedSegment | TimedCue]:
    """Give segments and cues in the order in which they come."""
    return merge(planned.segments, planned.cues, key=lambda one: one.seq)


def _unknown(text: str, what: str, known: list[str]) -> Unknown:
    said = f"there is no {what} called `{text}`"
    advice = did_you_mean(nearest(text, known), there_are(map(quoted, known), MOST) if known else "")
    return Unknown(f"{said}; {advice}" if advice else said)

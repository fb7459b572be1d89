"""`until`: what ends a segment or a `repeat` from outside. It is a wait that stops nothing and keeps nothing.

It stands from the instant its segment or `repeat` starts. What it leads to is decided elsewhere, behind it: whether the
segment is over in ``segments``, what becomes of the turn that plays in ``lists``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from showrunner.engine import naming
from showrunner.engine.agenda import Rank
from showrunner.engine.play import Part, Play, Repeating, Until
from showrunner.timeline import cues
from showrunner.timeline.cues import Awaited

STAY = 300_000_000
"""So many microseconds a segment stays open in a dry run, where nothing says when its end comes."""

TOLD = frozenset({"over", "seek", "reload", "panic"})
"""Why it stands no longer, as the journal says it; every other closing is `over`."""


def of_part(play: Play, part: Part, step: cues.Until) -> None:
    """Let what ends a segment stand."""
    part.until = Until(part, None, step, (part.index,), play.instant, part.segment.name, None, None, play.silent)
    _stand(play, part.until)


def of_repeat(play: Play, repeating: Repeating, step: cues.Until) -> None:
    """Let what ends a `repeat` stand."""
    taken = repeating.taken
    part, label = taken.scope.part, naming.label(play, taken).text()
    where = (part.segment.name, taken.scope.track or None, label)
    repeating.until = Until(part, repeating, step, repeating.key, play.instant, *where, play.silent)
    _stand(play, repeating.until)


def stand_again(play: Play) -> None:
    """Let what was begun in a silent playing stand from now on: it is there where the show begins."""
    for until in [one for one in play.untils if one.silent]:
        if until.alarm is not None:
            until.alarm.cancel()
        until.silent, until.since, until.due = False, play.instant, False
        _stand(play, until)


def _stand(play: Play, until: Until) -> None:
    play.untils[until] = None
    _tell(play, "wait", until)
    events = until.step.events
    kept = play.presses.get(events[0].name) if len(events) == 1 and events[0].kind == "button" else None
    there = {} if until.repeating is None else until.repeating.taken.scope.cues
    past = next((one for one in events if one.kind == "cue" and one.name in there), None)
    if kept:
        kept.pop(0)
        come(play, until, events[0], "button")
    elif past is not None:
        come(play, until, past, "finished")
    elif play.options.auto and until.repeating is None and not _by_clock(play, events):
        told = _told(play, events)
        if told is None:
            _stay(play, until, Rank.OPERATOR)
        else:
            # What was told may not be what this waits for, or go elsewhere: then it comes by itself all the same.
            until.alarm = play.agenda.on_world(told, Rank.ELAPSED, until.key, lambda: _stay(play, until, Rank.ELAPSED))


def _stay(play: Play, until: Until, rank: Rank) -> None:
    """Let a segment be open long enough when it has been so for its time, in which a pause does not count."""
    due = max(play.score, until.part.began + (play.options.stay or STAY))
    until.alarm = play.agenda.on_score(due, rank, until.key, lambda: _enough(until))


def _enough(until: Until) -> None:
    """In a dry run a segment has stayed open long enough, once its lists are done."""
    until.alarm, until.due, until.part.stirred = None, True, True


def by_itself(play: Play, until: Until) -> None:
    """Let it come without anybody's doing, in a dry run."""
    event = next((one for one in until.step.events if one.kind == "button"), until.step.events[0])
    if event.kind == "button":
        play.write("operator", action="button", name=event.name, from_="auto")
    come(play, until, event, "button" if event.kind == "button" else "event")


def turned(play: Play, repeating: Repeating) -> None:
    """In a dry run a `repeat` that only its `until` ends has one turn, where nothing says when that comes."""
    until = repeating.until
    if until is None or until.over or not play.options.auto or repeating.step.count is not None:
        return
    if not _will_come(play, until.step.events):
        by_itself(play, until)


def _will_come(play: Play, events: Sequence[Awaited]) -> bool:
    """Tell whether one of these comes: a cue does, and what a dry run was told of, if it has not been yet."""
    cue = any(event.kind == "cue" for event in events)
    return cue or _by_clock(play, events) or _told(play, events) is not None


def _by_clock(play: Play, events: Sequence[Awaited]) -> bool:
    """Tell whether a dry run knows what the clock shows, and one of these is a time."""
    return play.options.start_at is not None and any(event.kind == "time" for event in events)


def _told(play: Play, events: Sequence[Awaited]) -> int | None:
    """Give the last instant for which a dry run was told of one of these, if that is still to come."""
    names = {named(event) for event in events}
    told = [one.at for one in play.options.presses if (one.action, one.name) in names and one.ignored is None]
    return max((play.zero + at for at in told if play.zero + at >= play.instant), default=None)


def named(event: Awaited) -> tuple[str, str]:
    """Give an event as what a dry run is told names it: the action, and the name."""
    if event.kind == "button":
        return ("button", event.name)
    return ("event", f"{event.device} {event.name}".strip())


def come(play: Play, until: Until, event: Awaited, why: str) -> None:
    """What it waited for has come; it stays so. What follows is decided behind it, not before a pause is over."""
    if until.over:
        return
    until.came = event
    _leave(play, until, why)
    repeating = until.repeating
    if repeating is None:
        until.part.stirred = True
    else:
        # Before a turn that would begin at this instant.
        play.agenda.on_score(play.score, Rank.ELAPSED, repeating.key, lambda: play.hooks.ended_by(play, repeating))


def close(play: Play, until: Until | None, why: str) -> None:
    """Let it stand no longer: what it would have ended has ended otherwise, or is gone."""
    if until is not None and not until.over:
        _leave(play, until, why if why in TOLD else "over")


def renew(play: Play, until: Until | None, step: cues.Until | None) -> bool:
    """Go on by a new text. What has come counts if the new one has it, too; tells whether another one is to stand."""
    if until is None or step is None:
        close(play, until, "reload")
        return step is not None
    if until.step.events == step.events or until.came in step.events:
        until.step = step
        return False
    close(play, until, "reload")
    return True


def _leave(play: Play, until: Until, why: str) -> None:
    until.over = True
    play.untils.pop(until, None)
    if until.alarm is not None:
        until.alarm.cancel()
    _tell(play, "resume", until, why=why)


def _tell(play: Play, kind: str, until: Until, why: str | None = None) -> None:
    if not until.silent:
        where = {"segment": until.segment, "track": until.track, "cue": until.label, "for_": until.what, "why": why}
        play.write(kind, **{key: value for key, value in where.items() if value})


def hearing(play: Play, heard: Callable[[Awaited], bool]) -> list[tuple[Until, Awaited]]:
    """Give those that stand for an event, each with that, in the order in which they hear."""
    found = [(one, next(filter(heard, one.step.events), None)) for one in sorted(play.untils, key=lambda one: one.key)]
    return [(until, event) for until, event in found if event is not None]

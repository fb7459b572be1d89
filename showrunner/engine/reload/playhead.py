"""The playhead of a list whose text has changed: what is missed, what is still to come, and from when.

Where it stands is decided in ``revising``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from showrunner.engine import naming
from showrunner.engine.play import Play, Scope, Taken
from showrunner.engine.score import closing, lists
from showrunner.timeline import revise


@dataclass(slots=True)
class Outcome:
    """What became of what was playing: labels of cues, and plain sentences about the rest."""

    missed: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    running: list[str] = field(default_factory=list)


def label(play: Play, scope: Scope, index: int) -> str:
    """Call a cue of a list as the journal's `reload` does."""
    called = naming.label(play, Taken(scope, scope.body.cues[index], index))
    return revise.named(scope.part.segment.name, scope.track, called)


def miss(play: Play, scope: Scope, late: list[int], outcome: Outcome) -> None:
    """Note cues of a list that came into the text too late."""
    scope.missed.update(late)
    outcome.missed.extend(label(play, scope, index) for index in late)


def go_on(play: Play, scope: Scope, was_waiting: bool, outcome: Outcome) -> None:
    """Set what comes next: behind a wait that stands, behind one that is over, or from the list."""
    if scope.closed:
        return
    if scope.alarm is not None:
        scope.alarm.cancel()
        scope.alarm = None
    current = scope.current
    stands = any(w.scope is scope and not w.bars and w.kind != "then" for w in play.waits)
    if current is not None and not current.complete:
        if scope.barred:  # then GO lets it go on, and nothing else
            scope.held_up = not stands
        elif not stands:
            closing.behind(play, current)
        return
    free = scope.free
    if was_waiting:
        free = play.score
    else:
        _pass(play, scope, free, outcome)
    if scope.waiting_then:
        lists.check_then(play, scope)
        return
    scope.done = scope.done and scope.index >= len(scope.body.cues)
    lists.proceed(play, scope, free)


def promised(scope: Scope) -> int | None:
    """Give the next cue of a list if it is a `then` that has got what it waits for, and only its time is to come."""
    coming = scope.alarm is not None and scope.alarm.act is not None and not scope.waiting_then and not scope.barred
    behind = scope.current is None or scope.current.complete
    return scope.index if coming and behind and then(scope) else None


def then(scope: Scope) -> bool:
    """Tell whether the next cue of a list is a `then`."""
    return scope.index < len(scope.body.cues) and scope.body.cues[scope.index].position.then


def keep(play: Play, scope: Scope) -> None:
    """Let a `then` count from when it had got what it waited for, at its new time; if that is past it comes now."""
    if scope.alarm is not None:
        scope.alarm.cancel()
    plus = scope.body.cues[scope.index].position.plus
    lists.schedule(play, scope, scope.free if plus is None else max(scope.free, play.score - plus))


def leave_out(scope: Scope, missed: set[int], clock: int) -> None:
    """What was missed directly below a cue that is still the last stays missed, unless its time now is not yet past."""
    while scope.index in missed and not scope.body.cues[scope.index].position.then:
        due = _due(scope)
        if due >= clock:
            return
        scope.missed.add(scope.index)
        scope.due = due
        scope.index += 1


def _due(scope: Scope) -> int:
    """Give the clock value of a list's next cue that waits for nothing."""
    position = scope.body.cues[scope.index].position
    return position.at if position.at is not None else scope.due + (position.plus or 0)


def _pass(play: Play, scope: Scope, free: int, outcome: Outcome) -> None:
    """Leave out what would have been taken already: its written time is past, and the list was not waiting."""
    late: list[int] = []
    while scope.index < len(scope.body.cues):
        if scope.body.cues[scope.index].position.then:
            break
        due = _due(scope)
        if max(free, scope.zero + due) >= play.score:
            break
        late.append(scope.index)
        scope.due = due
        scope.index += 1
    miss(play, scope, late, outcome)

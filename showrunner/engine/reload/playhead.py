"""The playhead of a list whose text has changed: what is missed, what is still to come, and from when.

Where it stands is decided in ``revising``.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import field

from showrunner.engine import naming
from showrunner.engine.play import Play, Repeating, Scope, Taken, Wait
from showrunner.engine.score import closing, lists
from showrunner.slotted import dataclass
from showrunner.timeline import revise
from showrunner.timeline.cues import Call, Repeat
from showrunner.times import Exact, rounded


@dataclass(frozen=True, slots=True)
class Mention:
    """A cue as the journal's `reload` calls it (``label``), and as people see it."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Joining:
    """Tracks that are new in a `do` which plays: the ``step`` of a ``taken`` cue, and the clock they join at."""

    taken: Taken
    step: Call
    tracks: tuple[Scope, ...]
    clock: int


@dataclass(slots=True)
class Outcome:
    """What became of what was playing: cues, and plain sentences about the rest.

    ``following``: the index in the old text of the first segment that was still to come; None: none had begun.
    ``standing``: waits that stand on and are called otherwise now. ``back``: `repeat`s that were put back.
    ``joining``: tracks that are new in a `do`.
    """

    missed: list[Mention] = field(default_factory=list)
    again: list[Mention] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    following: int | None = None
    standing: list[Wait] = field(default_factory=list)
    back: list[Repeating] = field(default_factory=list)
    joining: list[Joining] = field(default_factory=list)


def mention(play: Play, scope: Scope, index: int) -> Mention:
    """Name a cue of a list."""
    cue = scope.body.cues[index]
    called = naming.label(play, Taken(scope, cue, index))
    said = called.words(scope.base + cue.line, cue.text)
    return Mention(revise.named(scope.part.segment.name, scope.track, called), said)


def miss(play: Play, scope: Scope, late: list[int], outcome: Outcome) -> None:
    """Note cues of a list that came into the text too late."""
    scope.missed.update(late)
    outcome.missed.extend(mention(play, scope, index) for index in late)


def go_on(play: Play, scope: Scope, was_waiting: bool, back: Mapping[int, Repeating], outcome: Outcome) -> None:
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
        _pass(play, scope, free, back, outcome)
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
    lists.schedule(play, scope, scope.free if plus is None else max(scope.free, play.score - rounded(plus)))


def leave_out(scope: Scope, missed: set[int], clock: int) -> None:
    """What was missed directly below a cue that is still the last stays missed, unless its time now is not yet past."""
    while scope.index in missed and not scope.body.cues[scope.index].position.then:
        due = _due(scope)
        if rounded(due) >= clock:
            return
        scope.missed.add(scope.index)
        scope.due = due
        scope.index += 1


def take_back(play: Play, scope: Scope, back: Mapping[int, Repeating], outcome: Outcome) -> None:
    """Take cues back whose `repeat` was put back: above the playhead, or directly below it if their time is past."""
    for index, repeating in back.items():
        if index < scope.index:
            _turns_on(scope, index, repeating, outcome)
    clock = scope.clock(play.score)
    while scope.index in back and (scope.current is None or scope.current.complete):
        position = scope.body.cues[scope.index].position
        due = back[scope.index].due if position.then else _due(scope)
        if rounded(due) > clock:
            return
        scope.due = due
        _turns_on(scope, scope.index, back[scope.index], outcome)
        scope.index += 1


def _turns_on(scope: Scope, index: int, repeating: Repeating, outcome: Outcome) -> None:
    """Put a `repeat` in its place again; its turn begins when all lists are where they should be."""
    cue, current = scope.body.cues[index], scope.current
    number = next(n for n, step in enumerate(cue.steps) if isinstance(step, Repeat))
    taken = Taken(scope, cue, index, step=len(cue.steps), complete=True)
    if current is not None and current.index == index:
        if not current.complete and number >= current.step:
            return
        taken = current
    elif index >= scope.index:
        scope.current = taken
    step = cue.steps[number]
    if isinstance(step, Repeat):
        repeating.taken, repeating.step, repeating.key = taken, step, (*scope.key, index, number)
    scope.home.repeats[repeating] = None
    if not repeating.step.endless:
        taken.begin(repeating)
    scope.missed.discard(index)
    if all(index != taken_before for taken_before, _ in scope.history):
        insort(scope.history, (index, repeating.due))
    outcome.back.append(repeating)


def _due(scope: Scope) -> Exact:
    """Give the clock value of a list's next cue that waits for nothing."""
    position = scope.body.cues[scope.index].position
    return position.at if position.at is not None else scope.due + (position.plus or 0)


def _pass(play: Play, scope: Scope, free: int, back: Mapping[int, Repeating], outcome: Outcome) -> None:
    """Leave out what would have been taken already: its written time is past, and the list was not waiting."""
    late: list[int] = []
    while scope.index < len(scope.body.cues):
        if scope.body.cues[scope.index].position.then:
            break
        due = _due(scope)
        if max(free, scope.zero + rounded(due)) >= play.score:
            break
        scope.due = due
        if scope.index in back:
            _turns_on(scope, scope.index, back[scope.index], outcome)
        else:
            late.append(scope.index)
        scope.index += 1
    miss(play, scope, late, outcome)

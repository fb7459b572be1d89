"""The playhead of a list whose text has changed: what is missed, what is still to come, and from when.

Where it stands is decided in ``revising``.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Mapping
from dataclasses import field
from typing import TypeAlias

from showrunner.engine import naming
from showrunner.engine.agenda import Key
from showrunner.engine.play import Doing, Play, Repeating, Scope, Taken, Wait, Withdrawn
from showrunner.engine.score import closing, lists
from showrunner.slotted import dataclass
from showrunner.timeline import revise
from showrunner.timeline.cues import Call, Choose, Repeat, Send, Step
from showrunner.times import Exact, rounded


@dataclass(frozen=True, slots=True)
class Mention:
    """A cue as the journal's `reload` calls it (``label``), and as people see it."""

    label: str
    words: str


Back: TypeAlias = tuple[Repeating | Withdrawn, int]
"""Something that is put back, and which command of its cue it is."""


@dataclass(frozen=True, slots=True)
class Joining:
    """Lists that begin below a ``taken`` cue: of a `do` that plays those of its tracks that are new, or all of what is
    put ``back``; its ``step``, and the clock they join at.
    """

    taken: Taken
    step: Step
    tracks: tuple[Scope, ...]
    clock: int
    back: bool = False


@dataclass(slots=True)
class Outcome:
    """What became of what was playing: cues, and plain sentences about the rest.

    ``following``: the index in the old text of the first segment that was still to come; None: none had begun.
    ``standing``: waits that stand on and are called otherwise now. ``back``: `repeat`s that were put back.
    ``joining``: lists that are new below cues that were taken.
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


def go_on(play: Play, scope: Scope, was_waiting: bool, back: Mapping[int, list[Back]], outcome: Outcome) -> None:
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


def take_back(play: Play, scope: Scope, back: Mapping[int, list[Back]], outcome: Outcome) -> None:
    """Take cues of what was put back: those above the playhead, and those directly below it if their time is past."""
    for index, ones in back.items():
        if index < scope.index:
            _put_back(play, scope, index, ones, outcome)
    clock = scope.clock(play.score)
    while scope.index in back and (scope.current is None or scope.current.complete):
        position = scope.body.cues[scope.index].position
        due = back[scope.index][0][0].due if position.then else _due(scope)
        if rounded(due) > clock:
            return
        scope.due = due
        _put_back(play, scope, scope.index, back[scope.index], outcome)
        scope.index += 1


def _put_back(play: Play, scope: Scope, index: int, back: list[Back], outcome: Outcome) -> None:
    """Put what a cue began in its place again; it goes on when all lists are where they should be."""
    cue, current = scope.body.cues[index], scope.current
    taken = Taken(scope, cue, index, step=len(cue.steps), complete=True)
    if current is not None and current.index == index:
        taken = current
        back = [(one, number) for one, number in back if current.complete or number < current.step]
    elif index >= scope.index:
        scope.current = taken
    for one, number in back:
        step, key = cue.steps[number], (*scope.key, index, number)
        if isinstance(one, Withdrawn):
            outcome.joining.append(begin_again(play, one, taken, step, key))
        elif isinstance(step, Repeat):
            one.taken, one.step, one.key = taken, step, key
            scope.home.repeats[one] = None
            if not step.endless:
                taken.begin(one)
            outcome.back.append(one)
    if back:
        scope.missed.discard(index)
        if all(index != taken_before for taken_before, _ in scope.history):
            insort(scope.history, (index, back[0][0].due))


def begin_again(play: Play, one: Withdrawn, taken: Taken, step: Step, key: Key) -> Joining:
    """Begin what is put back, as it stands in the new text; nothing of it comes before it joins."""
    lists_of: tuple[Scope, ...] = ()
    match step:
        case Call():
            cues: dict[str, None] = {}
            lists_of = tuple(lists.track_of(play, taken, step, key, at, cues) for at in range(len(step.tracks)))
        case Choose() if isinstance(one.step, Choose):
            number = revise.choices(one.step, step)[one.number - 1]
            lists_of = () if number is None else (lists.choice_of(play, taken, step, key, number),)
        case Send() if step.meanwhile is not None and one.run is not None:
            if taken is not one.run.taken:
                one.run.taken.unfinished.pop(one.run, None)
                one.run.taken, one.run.key = taken, key
                taken.begin(one.run)
            one.run.meanwhile = lists.meanwhile_of(play, taken, key, step.meanwhile)
            lists_of = (one.run.meanwhile,)
        case _:
            pass
    for scope in lists_of:
        if isinstance(scope.owner, Doing):
            scope.owner.due = one.due
    return Joining(taken, step, lists_of, play.score - one.began, back=True)


def _due(scope: Scope) -> Exact:
    """Give the clock value of a list's next cue that waits for nothing."""
    position = scope.body.cues[scope.index].position
    return position.at if position.at is not None else scope.due + (position.plus or 0)


def _pass(play: Play, scope: Scope, free: int, back: Mapping[int, list[Back]], outcome: Outcome) -> None:
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
            _put_back(play, scope, scope.index, back[scope.index], outcome)
        else:
            late.append(scope.index)
        scope.index += 1
    miss(play, scope, late, outcome)

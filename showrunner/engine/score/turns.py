"""Turns: `do` and `repeat`, what they begin, and when they are over or finished."""

from __future__ import annotations

from showrunner.devices.vocabulary import Class
from showrunner.engine import naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import lanes
from showrunner.engine.play import Doing, Play, Repeating, Run, Scope, Taken
from showrunner.engine.score import lists, segments
from showrunner.timeline.cues import Call, Repeat
from showrunner.timeline.labels import Inside


def do(play: Play, taken: Taken, step: Call, key: Key) -> None:
    """Begin the body of a `do`."""
    parent = taken.scope
    doing = Doing(taken, step)
    scope = Scope(
        "do",
        parent.part,
        parent.track,
        step.body,
        (*key, 0),
        step.file,
        step.line,
        Inside(naming.label(play, parent, taken), call=step.name),
        play.score,
        parent,
        owner=doing,
    )
    scope.home = parent.home
    doing.scope = scope
    taken.begin(doing)
    lists.open_scope(play, scope)


def repeat(play: Play, taken: Taken, step: Repeat, key: Key) -> None:
    """Begin a `repeat`; an endless one keeps nothing open and nothing waiting."""
    repeating = Repeating(taken, step, key, play.score)
    taken.scope.home.repeats[repeating] = None
    if step.count is not None:
        taken.begin(repeating)
    begin_turn(play, repeating, play.score)


def begin_turn(play: Play, repeating: Repeating, start: int) -> None:
    """Let a turn begin; turn k's clock starts at k times D, or when the turn before is over."""
    taken = repeating.taken
    parent = taken.scope
    repeating.start = start
    repeating.alarm = None
    scope = Scope(
        "turn",
        parent.part,
        parent.track,
        repeating.step.body,
        (*repeating.key, repeating.turn),
        parent.file,
        parent.base + taken.cue.line,
        Inside(naming.label(play, parent, taken), turn=repeating.turn + 1),
        start,
        parent,
        owner=repeating,
    )
    scope.home = parent.home
    repeating.running = scope
    repeating.turns[scope] = None
    lists.open_scope(play, scope)


def leave(play: Play, taken: Taken, thing: Run | Doing | Repeating) -> None:
    """Something a cue began is finished: whoever waited for that goes on."""
    taken.unfinished.pop(thing, None)
    taken.scope.unfinished.pop(thing, None)
    if isinstance(thing, Run) and thing.command is not None and thing.command.verb.class_ is Class.SPEECH:
        for scope in list(play.listening):
            if scope.speech is not None and thing in scope.speech:
                scope.speech.pop(thing)
                lists.check_then(play, scope)
    if taken.scope.waiting_then and taken is taken.scope.current:
        lists.check_then(play, taken.scope)
    settle(play, taken.scope)


def quiet(scope: Scope) -> bool:
    """Tell whether a turn is over: its list done, its commands finished; streamed ones are not waited for."""
    return scope.done and all(
        lanes.streamed(thing)
        if isinstance(thing, Run)
        else quiet(thing.scope)
        if isinstance(thing, Doing)
        else thing.last_done and all(quiet(turn) for turn in thing.turns)
        for thing in scope.unfinished
    )


def settle(play: Play, scope: Scope) -> None:
    """See what a change in a scope means for what owns it, and so on outwards."""
    if scope.closed:
        return
    if scope.done and not scope.unfinished:
        if scope is not scope.home.scope:
            scope.home.scopes.pop(scope, None)
        if isinstance(scope.owner, Repeating):
            scope.owner.turns.pop(scope, None)
    owner = scope.owner
    if isinstance(owner, Doing):
        if scope.done and not scope.unfinished:
            leave(play, owner.taken, owner)
        elif scope.parent is not None:
            settle(play, scope.parent)
    elif isinstance(owner, Repeating):
        settle_turn(play, owner, scope)
    elif scope.kind == "track":
        segments.check_over(play, scope.part)


def settle_turn(play: Play, repeating: Repeating, scope: Scope) -> None:
    """See whether a turn, or with it the whole `repeat`, is over."""
    step = repeating.step
    if repeating.running is scope and quiet(scope):
        repeating.running = None
        repeating.turn += 1
        if step.count is not None and repeating.turn >= step.count:
            repeating.last_done = True
        else:
            start = max(repeating.start + step.every, play.score)
            repeating.alarm = play.agenda.on_score(
                start, Rank.ELAPSED, (*repeating.key, repeating.turn), lambda: begin_turn(play, repeating, start)
            )
    if step.count is None:
        return
    if repeating.last_done and not repeating.turns:
        repeating.taken.scope.home.repeats.pop(repeating, None)
        leave(play, repeating.taken, repeating)
    elif repeating.taken.scope is not scope:
        settle(play, repeating.taken.scope)


def close(play: Play, repeating: Repeating, why: str) -> None:
    """End a `repeat` with its turns: it is in the text no more."""
    if repeating.alarm is not None:
        repeating.alarm.cancel()
    repeating.taken.scope.home.repeats.pop(repeating, None)
    turns, repeating.turns, repeating.running = list(repeating.turns), {}, None
    for turn in turns:
        segments.close_inside(play, turn, why)
    leave(play, repeating.taken, repeating)


def recount(play: Play, repeating: Repeating, *, endless_before: bool) -> None:
    """Go on by a new number of turns and a new time between them; a turn that runs plays on."""
    step, taken = repeating.step, repeating.taken
    if step.count is None:
        for counted in (taken.unfinished, taken.scope.unfinished):
            counted.pop(repeating, None)
    elif endless_before:
        taken.begin(repeating)
    pending = repeating.alarm
    if pending is not None:
        pending.cancel()
        repeating.alarm = None
    if repeating.running is None and not (step.count is not None and repeating.turn >= step.count):
        start = max(repeating.start + step.every, play.score)
        repeating.last_done = False
        repeating.alarm = play.agenda.on_score(
            start, Rank.ELAPSED, (*repeating.key, repeating.turn), lambda: begin_turn(play, repeating, start)
        )
    elif repeating.running is None:
        repeating.last_done = True
        if not repeating.turns:
            taken.scope.home.repeats.pop(repeating, None)
            leave(play, taken, repeating)
    if step.count is None:
        leave(play, taken, repeating)

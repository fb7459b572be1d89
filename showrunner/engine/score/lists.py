"""Lists: taking cues one after the other, and what a `then` waits for.

The same functions serve a track, a `do`, a turn and a `meanwhile`: all are scopes. Other waits are in ``waits``, `do`
and `repeat` in ``turns``; what becomes of the commands a cue takes is the business of ``lanes`` and ``streams``, when a
segment is over that of ``segments``.
"""

from __future__ import annotations

from showrunner.devices.vocabulary import Answer, Text
from showrunner.engine import naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import lanes
from showrunner.engine.play import Home, Play, Scope, Taken
from showrunner.engine.score import curtain, segments, turns, waits
from showrunner.timeline.cues import Await, Body, Call, Hold, Log, Pause, Send, Stop
from showrunner.timeline.labels import Inside


def open_scope(play: Play, scope: Scope) -> None:
    """Let a list begin: its clock shows 0 at its ``zero``."""
    scope.home.scopes[scope] = None
    proceed(play, scope, scope.zero)


def open_meanwhile(play: Play, parent: Scope, taken: Taken, step_key: Key, body: Body) -> Scope:
    """Begin the block of an `and meanwhile`: a scope and a home of its own, closed with what owns it."""
    scope = Scope(
        "meanwhile",
        parent.part,
        parent.track,
        body,
        (*step_key, 0),
        parent.file,
        parent.base + taken.cue.line,
        Inside(naming.label(play, parent, taken)),
        play.score,
        parent,
        within=taken,
    )
    scope.home = Home(scope, parent=parent.home)
    parent.home.inner[scope.home] = None
    open_scope(play, scope)
    return scope


def proceed(play: Play, scope: Scope, free: int) -> None:
    """Go on to the next cue of a list that is free for it since ``free`` (score time)."""
    if scope.closed or scope.done:
        return
    scope.free = free
    if scope.barred:
        scope.held_up = lambda: proceed(play, scope, play.score)
        return
    if scope.index >= len(scope.body.cues):
        scope.done = True
        turns.settle(play, scope)
        return
    if scope.body.cues[scope.index].position.then:
        scope.waiting_then = True
        scope.speech = None
        check_then(play, scope)
    else:
        schedule(play, scope, free)


def schedule(play: Play, scope: Scope, free: int) -> None:
    """Set the alarm of the next cue, for a list that is free since ``free``."""
    scope.free = free
    position = scope.body.cues[scope.index].position
    shown = scope.clock(free)
    if position.at is not None:
        due = position.at
    elif position.then:
        due = shown + (position.plus or 0)
    else:
        due = scope.due + (position.plus or 0)
    back = max(0, shown - due)
    key = (*scope.key, scope.index)
    scope.alarm = play.agenda.on_score(max(free, scope.zero + due), Rank.CUE, key, lambda: take(play, scope, due, back))


def take(play: Play, scope: Scope, due: int, back: int) -> None:
    """Take the next cue: its clock is set back where what stands above overran, then its commands begin."""
    scope.alarm = None
    taken = Taken(scope, scope.body.cues[scope.index], scope.index)
    before = play.options.excerpt.before
    if before and (scope.part.segment.name, scope.track, naming.label(play, scope, taken).text()) in before:
        segments.conclude(play)
        return
    late = scope.clock(play.agenda.score(play.real)) - due
    scope.zero += back
    scope.due = due
    scope.current = taken
    if play.remembers:
        scope.history.append((taken.index, due))
    scope.index += 1
    if play.wants("cue"):
        play.write("cue", **naming.where(play, scope, taken), due=due, late=late)
    if scope.kind == "track" and play.options.excerpt.until is not None:
        curtain.hang(play)
    name = taken.cue.name
    if name is not None and scope.kind == "track":
        scope.part.cues[name] = None
        for wait in [w for w in play.waits if w.kind == "cue" and w.name == name and w.scope.part is scope.part]:
            waits.come(play, wait, "finished")
    run_steps(play, taken)


def run_steps(play: Play, taken: Taken) -> None:
    """Begin the cue's steps in order, up to its next wait; behind the last the list is free."""
    scope = taken.scope
    while taken.step < len(taken.cue.steps):
        if scope.closed:
            return
        step = taken.cue.steps[taken.step]
        key = (*scope.key, taken.index, taken.step)
        taken.step += 1
        if isinstance(step, Send):
            run = lanes.take(play, taken, step, key)
            if step.wait and run.result is None and not scope.closed:
                run.wait = waits.stand_at(play, scope, taken, key, "command", f"command {run.id}")
                return
        elif isinstance(step, Pause):
            waits.pause(play, taken, step, key)
            return
        elif isinstance(step, Hold):
            waits.hold(play, taken, step, key)
            return
        elif isinstance(step, Await):
            if waits.await_(play, taken, step, key):
                return
        elif isinstance(step, Log):
            play.write(
                "log", **naming.where(play, scope, taken), line=scope.base + taken.cue.line + step.span.line,
                message=told(play, step.message),
            )  # fmt: skip
        elif isinstance(step, Stop):
            segments.stop(play, "stopped", "stop")
        elif isinstance(step, Call):
            turns.do(play, taken, step, key)
        else:
            turns.repeat(play, taken, step, key)
    if scope.closed:
        return
    taken.complete = True
    proceed(play, scope, play.score)


def told(play: Play, message: str | Text) -> str:
    """Fill a `log`'s text; an answer that is not there stays visible as its name in braces."""
    if isinstance(message, str):
        return message
    return "".join(
        play.answers.get(part.name, f"{{{part.name}}}") if isinstance(part, Answer) else part for part in message
    )


def check_then(play: Play, scope: Scope) -> None:
    """See whether what a `then` waits for has come: the cue above, then the speech begun by that moment."""
    if not scope.waiting_then or scope.closed:
        return
    if scope.barred:
        scope.held_up = lambda: check_then(play, scope)
        return
    above = scope.current
    if above is None or above.finished:
        if scope.speech is None:
            scope.speech = {run: None for run in play.speaking if not run.orphan and run.scope.lies_in(scope)}
        if not scope.speech:
            scope.waiting_then = False
            scope.speech = None
            play.listening.pop(scope, None)
            if scope.then_wait is not None:
                wait, scope.then_wait = scope.then_wait, None
                waits.end_wait(play, wait, "finished")
            schedule(play, scope, play.score)
            return
    play.listening[scope] = None
    if scope.then_wait is None:
        coming = Taken(scope, scope.body.cues[scope.index], scope.index)
        scope.then_wait = waits.stand_at(play, scope, coming, (*scope.key, scope.index), "then", "then")

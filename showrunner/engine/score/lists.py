"""Lists: taking cues one after the other, their blocks, and when each is over.

The same functions serve a track, the body of a `do`, a turn of a `repeat` and a `meanwhile`: all are scopes. What a
list stands at is in ``waits``, but for `then`, which waits between cues; what becomes of the commands a cue takes is
the business of ``commands``, when a segment is over that of ``segments``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from showrunner.devices.vocabulary import HUSH, Class, Text
from showrunner.engine import chance, names, naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import lanes, panic, voices
from showrunner.engine.play import Doing, Hearing, Home, Play, Repeating, Run, Scope, ScopeKind, Sending, Taken
from showrunner.engine.score import closing, until, waits
from showrunner.timeline.cues import Await, Body, Call, Choose, Hold, Hush, Log, Pause, Repeat, Send, Stop
from showrunner.timeline.labels import Inside, call_of
from showrunner.times import Exact, rounded

# --- cues


def open_scope(play: Play, scope: Scope) -> None:
    """Let a list begin: its clock shows 0 at its ``zero``."""
    scope.home.scopes[scope] = None
    proceed(play, scope, scope.zero)


def proceed(play: Play, scope: Scope, free: int) -> None:
    """Go on to the next cue of a list that is free for it since ``free`` (score time)."""
    if scope.closed or scope.done:
        return
    scope.free = free
    if scope.barred:
        scope.held_up = True
        return
    if scope.index >= len(scope.body.cues):
        scope.done = True
        settle(play, scope)
        return
    if scope.body.cues[scope.index].position.then:
        scope.waiting_then = True
        scope.speech = None
        check_then(play, scope)
    else:
        schedule(play, scope, free)


def go_on(play: Play, scope: Scope) -> None:
    """Do what comes next in a list: more of the cue it is in, the `then` it waits at, else its next cue."""
    scope.alarm = None
    current = scope.current
    if current is None or current.complete:
        if scope.waiting_then:
            check_then(play, scope)
        else:
            proceed(play, scope, play.score)
    elif scope.barred:
        scope.held_up = True
    elif not scope.closed:
        run_steps(play, current)


def schedule(play: Play, scope: Scope, free: int) -> None:
    """Set the alarm of the next cue, for a list that is free since ``free``."""
    scope.free = free
    position = scope.body.cues[scope.index].position
    scope.steady = scope.steady or position.bar
    shown = scope.clock(free)
    if position.at is not None:
        exact = position.at
    elif position.then:
        exact = shown + (position.plus or 0)
    else:
        exact = scope.due + (position.plus or 0)
    due = rounded(exact)
    back = 0 if scope.steady else max(0, shown - due)
    key = (*scope.key, scope.index)
    when = max(free, scope.zero + due)
    scope.alarm = play.agenda.on_score(when, Rank.CUE, key, lambda: take(play, scope, exact, back))


def take(play: Play, scope: Scope, exact: Exact, back: int) -> None:
    """Take the next cue: its clock is set back where what stands above overran, then its commands begin."""
    due = rounded(exact)
    scope.alarm = None
    taken = Taken(scope, scope.body.cues[scope.index], scope.index)
    before = play.options.excerpt.before
    if before and (scope.part.segment.name, scope.track, naming.label(play, taken).text()) in before:
        play.intent = "conclude"
        return
    late = scope.clock(play.agenda.score(play.real)) - due
    if scope.steady:
        taken.late = play.score - scope.zero - due
    scope.zero += back
    scope.due = exact
    scope.current = taken
    if play.remembers:
        scope.history.append((taken.index, exact))
    scope.index += 1
    if play.wants("cue"):
        label = naming.label(play, taken)
        play.write("cue", None, label, **naming.where(play, taken), due=due, late=late)
    if scope.kind == "track" and play.options.excerpt.until is not None:
        play.moved = True
    name = taken.cue.name
    if name is not None and scope.beside:
        scope.cues[name] = None
        waits.cue(play, scope, name)
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
        if isinstance(step, Hush):
            for number, send in enumerate(step.sends):
                if send.command.device in play.ports:
                    _hush(play, taken, send, (*key, number))
        elif isinstance(step, Send):
            picked = _picked(play, taken, step)
            step = chance.drawn(step, picked)
            run = (_hush if step.command.verb.name == HUSH else lanes.take)(play, taken, step, key)
            run.picked = picked
            if step.wait and run.result is None and not scope.closed:
                run.wait = waits.stand_at(play, taken, key, "command", f"command {run.id}")
                return
        elif isinstance(step, Pause):
            waits.pause(play, taken, step, key)
            return
        elif isinstance(step, Hold):
            wait = waits.hold(play, taken, step, key)
            if step.meanwhile is not None:
                wait.meanwhile = open_meanwhile(play, taken, key, step.meanwhile)
            return
        elif isinstance(step, Await):
            awaiting = waits.await_(play, taken, step, key)
            if awaiting.result is None:
                if step.meanwhile is not None:
                    awaiting.meanwhile = open_meanwhile(play, taken, key, step.meanwhile)
                return
        elif isinstance(step, Log):
            line, _ = naming.place(play, taken, step)
            play.write("log", **naming.where(play, taken), line=line, message=_told(play, scope, step.message))
        elif isinstance(step, Stop):
            play.intent = "stop"
            return
        elif isinstance(step, Call):
            _do(play, taken, step, key)
        elif isinstance(step, Choose):
            _choose(play, taken, step, key)
        elif isinstance(step, Repeat):
            _repeat(play, taken, step, key)
    if scope.closed:
        return
    taken.complete = True
    proceed(play, scope, play.score)


def _picked(play: Play, taken: Taken, step: Send) -> tuple[int, ...]:
    """Pick what is left to chance in a command, as it is taken."""
    numbers: list[int] = []
    for pick in step.picks:
        number = chance.pick(play, pick.words, len(pick.commands), pick.shortest, pick.longest)
        line, _ = naming.place(play, taken, step)
        play.write("choice", **naming.where(play, taken), line=line, picked=number + 1)
        numbers.append(number)
    return tuple(numbers)


def _hush(play: Play, taken: Taken, step: Send, key: Key) -> Sending:
    run, cut = voices.hush(play, taken, step, key)
    if cut is not None:
        panic.silence(play, run.device, cut)
    return run


def _told(play: Play, scope: Scope, message: str | Text) -> str:
    """Fill a `log`'s text; an answer that is not there stays visible as its name in braces."""
    if isinstance(message, str):
        return message
    return "".join(
        part
        if isinstance(part, str)
        else f"{{{part.spelled}}}"
        if (kept := names.kept(play, scope, part.name)) is None
        else kept.says(part.field)
        for part in message
    )


def check_then(play: Play, scope: Scope) -> None:
    """See whether what a `then` waits for has come: the cue above, then the speech begun by that moment."""
    if not scope.waiting_then or scope.closed:
        return
    if scope.barred:
        scope.held_up = True
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
                closing.end_wait(play, wait, "finished")
            schedule(play, scope, play.score)
            return
    play.listening[scope] = None
    if scope.then_wait is None:
        coming = Taken(scope, scope.body.cues[scope.index], scope.index)
        scope.then_wait = waits.stand_at(play, coming, (*scope.key, scope.index), "then", "then")


# --- blocks


def open_meanwhile(play: Play, taken: Taken, step_key: Key, body: Body) -> Scope:
    """Begin the block of an `and meanwhile`: a scope and a home of its own, closed with what owns it."""
    scope = meanwhile_of(play, taken, step_key, body)
    open_scope(play, scope)
    return scope


def meanwhile_of(play: Play, taken: Taken, step_key: Key, body: Body) -> Scope:
    """Make the list of an `and meanwhile`."""
    inside = Inside(naming.label(play, taken))
    scope = _scope("meanwhile", taken, (*step_key, 0), body, inside, play.score)
    scope.within = taken
    scope.home = Home(scope, parent=taken.scope.home)
    taken.scope.home.inner[scope.home] = None
    return scope


def _do(play: Play, taken: Taken, step: Call, key: Key) -> None:
    """Begin the lists of a `do`, all of them before the first of their cues."""
    cues: dict[str, None] = {}
    for scope in [track_of(play, taken, step, key, number, cues) for number in range(len(step.tracks))]:
        open_scope(play, scope)


def track_of(play: Play, taken: Taken, step: Call, key: Key, number: int, cues: dict[str, None]) -> Scope:
    """Make a list of a `do`, from now on unfinished. ``cues``: those with a name that have come, of its tracks."""
    track = step.tracks[number]
    inside = Inside(naming.label(play, taken), step.name, track=track.name or None)
    scope = _scope("do", taken, (*key, number), track.body, inside, play.score)
    scope.file, scope.base = track.file, track.line
    scope.owner = Doing(taken, step, scope, number, cues if track.name else None, taken.scope.due)
    taken.begin(scope.owner)
    return scope


def join(play: Play, taken: Taken, tracks: Sequence[Scope], beside: Callable[[Callable[[], None]], None]) -> None:
    """Let lists that are new below a cue begin when they would have: ``beside(begin)`` lets them do so, unseen."""

    def begin() -> None:
        for scope in tracks:
            scope.zero = play.score
            open_scope(play, scope)

    # What their end leads to is decided when they stand where they would: nothing outside may go on meanwhile.
    never = _scope("do", taken, tracks[0].key, Body(()), Inside(naming.label(play, taken)), play.score)
    standing = Doing(taken, Call("", (), "", taken.cue.span), never)
    taken.begin(standing)
    beside(begin)
    leave(play, taken, standing)


def _choose(play: Play, taken: Taken, step: Choose, key: Key) -> None:
    """Begin the choice that is picked, as the body of a `do` is begun; of a `choose by` the first that fits."""
    takes = [choice.takes for choice in step.choices]
    shortest, longest = takes.index(min(takes)), takes.index(max(takes))
    line, _ = naming.place(play, taken, step)
    if step.by is None or play.options.chance != "seed":
        number: int | None = chance.pick(play, step.words, len(takes), shortest, longest)
        value = None
    else:
        value = waits.value(play, taken.scope, step.by)
        fitting = (at for at, choice in enumerate(step.choices) if choice.fit is not None and choice.fit.fits(value))
        number = next(fitting, None)
    chosen = None if number is None else step.choices[number]
    label = None if chosen is None or chosen.fit is None else chosen.fit.source
    picked = 0 if number is None else number + 1
    play.write("choice", **naming.where(play, taken), line=line, label=label, picked=picked, by=value)
    if chosen is None or number is None:
        return
    open_scope(play, choice_of(play, taken, step, key, number))


def choice_of(play: Play, taken: Taken, step: Choose, key: Key, number: int) -> Scope:
    """Make the list of a line below a `choose`, of that number from 0, from now on unfinished."""
    inside = Inside(naming.label(play, taken), call=call_of(number + 1))
    scope = _scope("do", taken, (*key, number), step.choices[number].body, inside, play.score)
    scope.owner = Doing(taken, step, scope, number + 1, due=taken.scope.due)
    taken.begin(scope.owner)
    return scope


def _repeat(play: Play, taken: Taken, step: Repeat, key: Key) -> None:
    """Begin a `repeat`; an endless one keeps nothing open and nothing waiting."""
    repeating = Repeating(taken, step, key, play.score, taken.scope.due, play.score - taken.late)
    taken.scope.home.repeats[repeating] = None
    if not step.endless:
        taken.begin(repeating)
    begin(play, repeating)


def begin(play: Play, repeating: Repeating) -> None:
    """Let the first turn begin, unless what ends it has come already."""
    if repeating.step.until is not None:
        until.of_repeat(play, repeating, repeating.step.until)
    if repeating.enough:
        ended_by(play, repeating)
    else:
        begin_turn(play, repeating, play.score)


def begin_turn(play: Play, repeating: Repeating, start: int) -> None:
    """Let a turn begin; turn k's clock starts at k times D, or when the turn before is over."""
    taken, number = repeating.taken, repeating.turn
    repeating.start = start
    repeating.alarm = repeating.gap = None
    inside = Inside(naming.label(play, taken), turn=number + 1)
    scope = _scope("turn", taken, (*repeating.key, number), repeating.step.body, inside, start)
    scope.owner = repeating
    repeating.running = scope
    repeating.turns[scope] = None
    open_scope(play, scope)


def _next_turn(play: Play, repeating: Repeating) -> None:
    """Set when the next turn of a `repeat` begins."""
    step = repeating.step
    if step.most is not None and repeating.gap is None:
        repeating.gap = chance.gap(play, step.words, rounded(step.every), step.most)
    turn_later(play, repeating, next_start(repeating, play.score))


def next_start(repeating: Repeating, score: int) -> int:
    """Say when the turn behind the one that began last begins, if nothing keeps it waiting after ``score``.

    On the grid of beats a turn that is late costs whole ones.
    """
    every = repeating.step.every
    if not repeating.step.on_beat:
        return max(repeating.start + (repeating.gap or rounded(every)), score)
    number = (max(repeating.start, score) - repeating.first) // every
    while (start := repeating.first + rounded(number * every)) < score or start <= repeating.start:
        number += 1
    return start


def turn_later(play: Play, repeating: Repeating, start: int) -> None:
    """Let the next turn of a `repeat` begin at a score time to come."""
    key = (*repeating.key, repeating.turn)
    repeating.alarm = play.agenda.on_score(start, Rank.ELAPSED, key, lambda: begin_turn(play, repeating, start))


def _scope(kind: ScopeKind, taken: Taken, key: Key, body: Body, inside: Inside, zero: int) -> Scope:
    """Make the list of a block of a cue, in the home of that."""
    outer = taken.scope
    base = outer.base + taken.cue.line
    scope = Scope(kind, outer.part, outer.track, body, key, outer.file, base, inside, zero, outer)
    scope.home, scope.names = outer.home, outer.names
    return scope


# --- what is over


def leave(play: Play, taken: Taken, thing: Run | Doing | Repeating) -> None:
    """Something a cue began is finished: whoever waited for that goes on."""
    taken.unfinished.pop(thing, None)
    taken.scope.unfinished.pop(thing, None)
    if isinstance(thing, Sending) and thing.command.verb.class_ is Class.SPEECH:
        for scope in list(play.listening):
            if scope.speech is not None and thing in scope.speech:
                scope.speech.pop(thing)
                check_then(play, scope)
    if taken.scope.waiting_then and taken is taken.scope.current:
        check_then(play, taken.scope)
    settle(play, taken.scope)


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
        _settle_turn(play, owner, scope)
    elif isinstance(owner, Hearing):
        if scope in owner.turns and _quiet(scope):
            owner.turns.pop(scope)
            play.turned[owner] = None
    elif scope.kind == "track":
        scope.part.stirred = True


def _settle_turn(play: Play, repeating: Repeating, scope: Scope) -> None:
    """See whether a turn, or with it the whole `repeat`, is over."""
    step = repeating.step
    if repeating.running is scope and _quiet(scope):
        repeating.running = None
        repeating.turn += 1
        until.turned(play, repeating)
        if repeating.enough:
            repeating.last_done = True
        else:
            _next_turn(play, repeating)
    if step.endless:
        return
    if repeating.last_done and not repeating.turns:
        _finish(play, repeating)
    elif repeating.taken.scope is not scope:
        settle(play, repeating.taken.scope)


def ended_by(play: Play, repeating: Repeating) -> None:
    """What ends a `repeat` has come: at once between two turns, with all of them where it says so, else after this."""
    if repeating not in repeating.taken.scope.home.repeats or repeating.last_done:
        return
    if repeating.step.at_once:
        close_repeat(play, repeating, "over")
    elif repeating.running is None:
        if repeating.alarm is not None:
            repeating.alarm.cancel()
            repeating.alarm = None
        repeating.last_done = True
        if not repeating.turns:
            _finish(play, repeating)


def _finish(play: Play, repeating: Repeating) -> None:
    """A `repeat` has had all its turns, and all that was begun in them is finished."""
    until.close(play, repeating.until, "over")
    repeating.taken.scope.home.repeats.pop(repeating, None)
    leave(play, repeating.taken, repeating)


def _quiet(scope: Scope) -> bool:
    """Tell whether a turn is over: its list done, its commands finished; streamed ones are not waited for."""
    return scope.done and all(
        isinstance(thing, Sending) and thing.streamed
        if isinstance(thing, Run)
        else _quiet(thing.scope)
        if isinstance(thing, Doing)
        else thing.last_done and all(_quiet(turn) for turn in thing.turns)
        for thing in scope.unfinished
    )


def close_repeat(play: Play, repeating: Repeating, why: str) -> None:
    """End a `repeat` with its turns: it is in the text no more."""
    if repeating.alarm is not None:
        repeating.alarm.cancel()
    until.close(play, repeating.until, why)
    repeating.taken.scope.home.repeats.pop(repeating, None)
    turns, repeating.turns, repeating.running = list(repeating.turns), {}, None
    for turn in turns:
        closing.close_inside(play, turn, why)
    leave(play, repeating.taken, repeating)


def withdraw(play: Play, repeating: Repeating) -> None:
    """End a `repeat` that is in the text no more, and remember its phase, should it be put back."""
    if not repeating.last_done:
        if repeating.running is None:
            repeating.start, repeating.gap = next_start(repeating, repeating.start), None
        repeating.taken.scope.part.withdrawn.append(repeating)
    close_repeat(play, repeating, "reload")


def catch_up(play: Play, repeating: Repeating) -> None:
    """Count the turns that a `repeat` would have begun while it was taken out, by the times that are drawn for them."""
    every, most, words = repeating.step.every, repeating.step.most, repeating.step.words
    if most is None:
        turns = max(0, (play.score - repeating.start) // every)
        repeating.turn += turns
        repeating.start += rounded(turns * every)
        return
    while repeating.start <= play.score and not repeating.enough:
        met = play.met.get(words, 0)
        gap = chance.gap(play, words, rounded(every), most)
        if repeating.start + gap > play.score:
            play.met[words] = met  # it is drawn when that turn is over
            return
        repeating.turn += 1
        repeating.start += gap


def resume(play: Play, repeating: Repeating, beside: Callable[[int, Callable[[], None]], None]) -> None:
    """Let a `repeat` that was put back go on: its turn began at its ``start``, or begins then.

    ``beside(length, begin)`` lets something begin so long ago, unseen.
    """
    step, start = repeating.step, repeating.start
    if step.until is not None and repeating.came not in step.until.events:
        until.of_repeat(play, repeating, step.until)
    if repeating.enough:
        recount(play, repeating, endless_before=False)
    elif start > play.score:
        turn_later(play, repeating, start)
    else:
        # What the turn ends is decided when it stands where it would: nothing outside may go on meanwhile.
        repeating.step = replace(step, count=None, until=None)
        beside(play.score - start, lambda: begin_turn(play, repeating, start))
        repeating.step = step
        if repeating.gap is not None:  # drawn for what comes, though unseen
            play.met[step.words] = play.met.get(step.words, 0) + 1
        if not step.endless:
            recount(play, repeating, endless_before=False)


def recount(play: Play, repeating: Repeating, *, endless_before: bool) -> None:
    """Go on by a new number of turns and a new time between them; a turn that runs plays on."""
    step, taken = repeating.step, repeating.taken
    if step.endless:
        for counted in (taken.unfinished, taken.scope.unfinished):
            counted.pop(repeating, None)
    elif endless_before:
        taken.begin(repeating)
    pending = repeating.alarm
    if pending is not None:
        pending.cancel()
        repeating.alarm = None
    if repeating.came is not None and step.at_once:
        close_repeat(play, repeating, "over")
    elif repeating.running is None and not repeating.enough:
        repeating.last_done = False
        _next_turn(play, repeating)
    elif repeating.running is None:
        repeating.last_done = True
        if not repeating.turns:
            _finish(play, repeating)
    if step.endless:
        leave(play, taken, repeating)

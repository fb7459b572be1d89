"""Revising: a show that plays goes on with a new text (hot reload). What stands below the playhead comes next.

What is the same cue in both texts is ``timeline/revise``'s business, where it is in what plays that of ``tracing``;
here the playheads are set, what is gone is closed, and the lists go on. Held values are in ``retargeting``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from showrunner.engine import naming
from showrunner.engine.agenda import Key
from showrunner.engine.play import Doing, Home, Part, Play, Repeating, Run, Scope, Sending, Taken, Wait, Withdrawn
from showrunner.engine.reload import beside, excerpts, playhead, put_back, retargeting, tracing
from showrunner.engine.reload.playhead import Outcome
from showrunner.engine.reload.tracing import GONE, NewList, Traces, owner_of
from showrunner.engine.score import closing, hearing, lists, segments, until, waits
from showrunner.engine.seeking import seeking
from showrunner.slotted import dataclass
from showrunner.timeline import revise
from showrunner.timeline.cues import Call, Choose, CueList, Step
from showrunner.timeline.labels import Inside, call_of
from showrunner.times import Exact, rounded


def revise_play(play: Play, new: CueList) -> Outcome:
    """Put a new text in place of the old between two steps. Clocks do not move, devices stay connected."""
    outcome = Outcome()
    old, play.cues = play.cues, new
    called = revise.segments(old, new)
    excerpts.carry(play, old, new, called)
    part, edge = play.part, play.edge
    if edge is not None:
        edge.segment = replace(edge.segment, whens=new.whens)
        _whens(play, edge, outcome)
    if part is None or part.over or play.ending is not None:
        return outcome
    outcome.following = part.index + 1 if part.follow is None else part.follow
    index = excerpts.index_of(new, called.get(part.segment.name, part.segment.name))
    if index is None:
        rest = [called[one.name] for one in old.segments[outcome.following :]]
        part.follow = next((at for name in rest if (at := excerpts.index_of(new, name)) is not None), len(new.segments))
        then = "the show ends" if part.follow == len(new.segments) else f"`{new.segments[part.follow].name}` comes"
        outcome.running.append(f"segment `{part.segment.name}` is gone: it plays to its end as it was, then {then}")
        return outcome
    part.index, part.follow = index, None
    traces = Traces(new.segments[index])
    live = [scope for home in part.homes for scope in beside.scopes(home) if not scope.closed]
    found = _trace(play, part, live, traces)
    values = retargeting.trace(play, traces)
    part.segment = new.segments[index]
    _whens(play, part, outcome)
    _limits(play, part)
    _tracks(play, part, traces, found, outcome)
    retargeting.apply(play, values, outcome.running)
    beside.join(play, part, outcome)
    _resumed(play, part, outcome)
    beside.meet(play, part)
    segments.check_over(play, part)
    return outcome


@dataclass(slots=True)
class _Found:
    """What is under way in the lists of a segment, collected before anything is changed.

    ``over``: lists that have come to their end, in which something goes on all the same: a `repeat`, a held value.
    """

    over: dict[Scope, None]
    takens: dict[Scope, dict[Taken, None]]
    runs: dict[Scope, list[Run]]
    repeats: dict[Scope, list[Repeating]]
    children: dict[Scope, list[Scope]]


def _trace(play: Play, part: Part, live: list[Scope], traces: Traces) -> _Found:
    streams = [stream for port in play.ports.values() for stream in port.streams.values()]
    holding = [held.run for stream in streams for held in stream.values.values()]
    repeats = [repeating for home in _homes(part) for repeating in home.repeats]
    found = _Found(_over(part, live, holding, [*repeats, *part.withdrawn]), {}, {}, {}, {})

    def note(taken: Taken) -> None:
        traces.taken(taken)
        found.takens.setdefault(taken.scope, {})[taken] = None

    for scope in [*live, *found.over]:
        traces.scope(scope)
        if scope.current is not None:
            note(scope.current)
        if scope.parent is not None:
            found.children.setdefault(scope.parent, []).append(scope)
        if isinstance(scope.owner, Doing):
            note(scope.owner.taken)
        if scope.within is not None:
            note(scope.within)
        if isinstance(scope.owner, Repeating):
            note(scope.owner.taken)
    for one in part.withdrawn:
        note(one.taken)
    for repeating in repeats:
        note(repeating.taken)
        found.repeats.setdefault(repeating.taken.scope, []).append(repeating)
    for run in dict.fromkeys([*play.runs.values(), *holding]):
        if run.scope in traces.places and not run.scope.closed:
            note(run.taken)
            found.runs.setdefault(run.scope, []).append(run)
    return found


def _over(
    part: Part, live: list[Scope], holding: list[Sending], repeats: Sequence[Repeating | Withdrawn]
) -> dict[Scope, None]:
    going = dict.fromkeys(live)
    over = {scope: None for scope in live if isinstance(scope.owner, Repeating) and scope.owner.running is not scope}
    held = (run.scope for run in holding if run.scope.names is None)  # a turn of a `when` stays as it began
    for begun in [*held, *(repeating.taken.scope for repeating in repeats)]:
        scope: Scope | None = begun
        while scope is not None and scope.part is part:
            if scope not in going and not scope.closed:
                over[scope] = None
            scope = scope.parent
    return over


def _homes(part: Part) -> Iterator[Home]:
    stack = list(part.homes)
    while stack:
        home = stack.pop()
        yield home
        stack.extend(home.inner)


# --- segment and tracks


def _whens(play: Play, part: Part, outcome: Outcome) -> None:
    """Let what hears go on by the new text, and say what becomes of what is gone."""
    for gone in hearing.renew(play, part):
        if gone.turns:
            words = naming.label(play, gone.taken).words(None, gone.step.text)
            outcome.running.append(f"{words} is taken out: its turn plays to its end")


def _limits(play: Play, part: Part) -> None:
    """A changed `at least`, `at most` or `until` counts at once."""
    for alarm in part.alarms:
        alarm.cancel()
    part.alarms.clear()
    segments.bound(play, part)
    ends = part.segment.until
    if until.renew(play, part.until, ends) and ends is not None:
        until.of_part(play, part, ends)
    elif ends is None:
        part.until = None


def _tracks(play: Play, part: Part, traces: Traces, found: _Found, outcome: Outcome) -> None:
    for scope in list(part.tracks):
        if traces.places[scope] is None:
            outcome.running.append(f"track `{scope.track}` is gone: it ends")
            standing = [w for w in play.waits if w.stops and w.scope.part is part and w.scope.track == scope.track]
            outcome.running.extend(map(_let_go, standing))
            closing.close_home(play, scope.home, "reload")
            part.tracks.remove(scope)
            part.homes.remove(scope.home)
    order = {track.name: number for number, track in enumerate(part.segment.tracks)}
    part.tracks.sort(key=lambda scope: order[scope.track])
    for scope in part.tracks:
        place = traces.places[scope]
        if place is not None:
            _list(play, scope, place, (part.index, order[scope.track]), None, traces, found, outcome)


def _resumed(play: Play, part: Part, outcome: Outcome) -> None:
    """Let a `repeat` that was put back go on in phase, in the turn in which it would be."""
    for repeating in outcome.back:
        scope, step = repeating.taken.scope, repeating.step
        if scope.closed:
            continue
        lists.catch_up(play, repeating)
        lists.resume(play, repeating, lambda length, begin: seeking.beside(play, part, length, begin))
        goes_on = repeating in scope.home.repeats
        becomes = f"goes on in phase, with turn {repeating.turn + 1}" if goes_on else "has had all its turns"
        outcome.running.append(_told(play, repeating.taken, step, becomes))


# --- one list


def _list(
    play: Play,
    scope: Scope,
    place: NewList,
    key: Key,
    inside: Inside | None,
    traces: Traces,
    found: _Found,
    outcome: Outcome,
) -> None:
    """Put a list's new text in place: its playhead, what it stands at, what it owns."""
    pairs = traces.pairs[scope]
    if scope in found.over:
        _ended(play, scope, place, key, inside, traces, found, outcome)
        return
    standing = next((w for w in play.waits if w.scope is scope and not w.bars and w.kind != "then"), None)
    was_waiting = scope.waiting_then or bool(scope.barred) or standing is not None
    promised = playhead.promised(scope)
    scope.body, scope.file, scope.base, scope.key, scope.inside = place.body, place.file, place.line, key, inside
    back = put_back.found(scope, place, traces, found.repeats.get(scope, ()), found.children.get(scope, ()))
    missed = {now for old in scope.missed if (now := pairs[old]) is not None} - back.keys()
    stays = not scope.history or pairs[scope.history[-1][0]] is not None
    history = [(now, due) for old, due in scope.history if (now := pairs[old]) is not None]
    head = len(history)
    while head and _ahead(scope, history[:head], scope.clock(play.score)):
        head -= 1
    past = history[:head]
    scope.index = past[-1][0] + 1 if past else 0
    outcome.again.extend(
        playhead.mention(play, scope, now) for now in sorted(now for now, _ in history if now >= scope.index)
    )
    scope.history = [entry for entry in history if entry[0] < scope.index]
    taken_before = {now for now, _ in scope.history}
    scope.missed = {n for n in missed if n < scope.index}
    late = [n for n in range(scope.index) if n not in taken_before and n not in missed and n not in back]
    playhead.miss(play, scope, late, outcome)
    _heads(scope, past, traces, found)
    scope.steady = any(cue.position.bar for cue in place.body.cues[: scope.index])
    if scope.current is not None and past:
        at = place.body.cues[past[-1][0]].position.at
        scope.due = past[-1][1] if at is None else at
    elif not past:
        scope.due = 0
    stays = stays and head == len(history)
    if stays:
        playhead.leave_out(scope, missed, scope.clock(play.score))
    playhead.take_back(play, scope, back, outcome)
    _reopen(play, scope)
    _stand(play, scope, standing, traces, outcome)
    _blocks(play, scope, traces, found, outcome)
    if stays and not scope.closed and promised is not None and pairs[promised] == scope.index and playhead.then(scope):
        playhead.keep(play, scope)
    else:
        playhead.go_on(play, scope, was_waiting, back, outcome)


def _ended(
    play: Play,
    scope: Scope,
    place: NewList,
    key: Key,
    inside: Inside | None,
    traces: Traces,
    found: _Found,
    outcome: Outcome,
) -> None:
    """Put the new text of a list in place that has come to its end: nothing more of it comes; what it began goes on."""
    pairs = traces.pairs[scope]
    scope.body, scope.file, scope.base, scope.key, scope.inside = place.body, place.file, place.line, key, inside
    scope.history = [(now, due) for old, due in scope.history if (now := pairs[old]) is not None]
    back = put_back.found(scope, place, traces, found.repeats.get(scope, ()), found.children.get(scope, ()))
    scope.index = len(place.body.cues)
    scope.missed = set(range(scope.index)) - {now for now, _ in scope.history}
    _heads(scope, scope.history, traces, found)
    playhead.take_back(play, scope, back, outcome)
    _blocks(play, scope, traces, found, outcome)


def _ahead(scope: Scope, past: list[tuple[int, Exact]], clock: int) -> bool:
    """Tell whether the last of these cues has a written time that is still to come."""
    dues = dict(past)
    index = past[-1][0]
    plus: Exact = 0
    while True:
        position = scope.body.cues[index].position
        if position.at is not None:
            return rounded(position.at + plus) > clock
        if position.then or (index != past[-1][0] and index in dues):
            return index != past[-1][0] and rounded(dues.get(index, 0) + plus) > clock
        plus += position.plus or 0
        index -= 1
        if index < 0:
            return rounded(plus) > clock


def _heads(scope: Scope, past: list[tuple[int, Exact]], traces: Traces, found: _Found) -> None:
    """Bring the records of taken cues up to date, and say which of them the list stands at or behind."""
    behind: Taken | None = None
    for taken in found.takens.get(scope, ()):
        fate = traces.fates[taken]
        steps = len(taken.cue.steps)
        taken.label = None
        if fate is None:
            taken.index, taken.step = GONE, steps
            continue
        taken.cue, taken.index = fate.cue, fate.index
        if taken.complete or fate.index >= scope.index:
            taken.step = len(fate.cue.steps)
        if past and fate.index == past[-1][0]:
            behind = taken
    if past and behind is None:
        cue = scope.body.cues[past[-1][0]]
        behind = Taken(scope, cue, past[-1][0], step=len(cue.steps), complete=True)
    scope.current = behind
    for run in found.runs.get(scope, ()):
        step = traces.step(run.taken, run.key[-1])
        run.key = (*scope.key, run.taken.index, GONE if step is None else step[0])


def _reopen(play: Play, scope: Scope) -> None:
    """A list that had come to its end may have cues again; one that waited at a `then` may stand before another cue."""
    upcoming = scope.body.cues[scope.index] if scope.index < len(scope.body.cues) else None
    scope.done = scope.done and upcoming is None
    if scope.waiting_then and (upcoming is None or not upcoming.position.then):
        scope.waiting_then, scope.speech = False, None
        play.listening.pop(scope, None)
        if scope.then_wait is not None:
            wait, scope.then_wait = scope.then_wait, None
            closing.end_wait(play, wait, "reload")


def _stand(play: Play, scope: Scope, standing: Wait | None, traces: Traces, outcome: Outcome) -> None:
    """Let what the list stands at stand on if the new text has it still: its k-th wait, of the same kind."""
    current = scope.current
    fate = None if current is None else traces.fates.get(current)
    if current is not None and fate is not None and not current.complete:
        current.step = fate.onward
        if standing is not None and fate.stands is not None:
            before = standing.called
            waits.adapt(play, standing, current.cue.steps[fate.stands])
            if standing.called != before:
                outcome.standing.append(standing)
            return
    if standing is None:
        return
    outcome.running.append(_let_go(standing))
    waits.let_go(play, standing, "reload")


def _let_go(wait: Wait) -> str:
    """Say that nothing waits here any more, in the words under which it was waited for."""
    word, _, name = wait.called.partition(" ")
    match word:
        case "go":
            return f'GO is no longer waited for at `hold "{name}"`' if name else "GO is no longer waited for"
        case "button":
            return f"the button `{name}` is no longer waited for"
        case "event" | "cue" | "clock":
            return f"`{name}` is no longer waited for"
        case _:
            return f"`{wait.label}` waits no longer"


def _told(play: Play, taken: Taken, step: Step, what: str) -> str:
    """Say what becomes of a command of a cue, as people see that."""
    line = taken.scope.base + taken.cue.line + step.span.line
    return f"{naming.label(play, taken).words(line, step.text)} {what}"


# --- what a cue owns


def _blocks(play: Play, scope: Scope, traces: Traces, found: _Found, outcome: Outcome) -> None:
    """Go on with the `do`s, `repeat`s and `meanwhile`s of a list, or close those that are gone."""
    for repeating in found.repeats.get(scope, ()):
        _repeat(play, scope, repeating, traces, found, outcome)
    beside.grow(play, scope, found.children.get(scope, ()), traces, outcome)
    put_back.blocks(play, scope, traces, outcome)
    for child in found.children.get(scope, ()):
        if child.closed or (isinstance(child.owner, Repeating) and child.owner.running is child):
            continue
        taken, number = owner_of(child)
        place, step = traces.places[child], traces.step(taken, number)
        if place is None or step is None or taken.index >= scope.index:
            if step is None or (taken.index < scope.index and child.kind == "meanwhile"):
                put_back.withdraw(play, child, GONE if step is None else step[0])
            gone = [*_close(play, child, None if step is None else step[1])]
            outcome.running.extend(one for one in gone if one not in outcome.running)
            continue
        key: Key = (*scope.key, taken.index, step[0])
        inside = Inside(naming.label(play, taken))
        if isinstance(child.owner, Repeating):
            key, inside = (*key, child.key[-1]), replace(inside, turn=child.key[-1] + 1)
        else:
            key = (*key, 0)
        at = scope.body.cues[taken.index].position.at
        if isinstance(child.owner, Doing) and at is not None:
            child.owner.due = at
        if isinstance(child.owner, Doing) and isinstance(step[1], Call):
            number = tracing.track(child, step[1]) or 0
            child.owner.step, child.owner.number = step[1], number
            key, name = (*key[:-1], number), step[1].tracks[number].name
            inside = replace(inside, call=step[1].name, track=name or None)
        elif isinstance(child.owner, Doing) and isinstance(step[1], Choose):
            chosen = tracing.choice(child, step[1]) or 0
            child.owner.step, child.owner.number = step[1], chosen + 1
            key, inside = (*key[:-1], chosen), replace(inside, call=call_of(chosen + 1))
        _list(play, child, place, key, inside, traces, found, outcome)


def _close(play: Play, child: Scope, now: Step | None) -> Iterator[str]:
    """Close a block whose text is gone, and say so. ``now``: what owned it, in the new text."""
    owner = child.owner
    if isinstance(owner, Doing):
        said = f"do {owner.step.name}" if isinstance(owner.step, Call) else owner.step.text
        track = owner.step.tracks[owner.number].name if isinstance(owner.step, Call) else ""
        gone = f"`{said}` is taken out"
        if track and isinstance(now, Call):
            gone = f"track `{track}` of `{said}` is gone"
        elif isinstance(now, Choose):
            gone = f"the line of `{said}` that plays is taken out"
        yield f"{gone}: it ends"
        closing.close_inside(play, child, "reload")
        lists.leave(play, owner.taken, owner)
    elif isinstance(owner, Repeating):
        closing.close_inside(play, child, "reload")
    else:
        yield "what an `and meanwhile` played beside is taken out: it ends"
        closing.close_home(play, child.home, "reload")


def _repeat(play: Play, scope: Scope, repeating: Repeating, traces: Traces, found: _Found, outcome: Outcome) -> None:
    """Let a `repeat` go on: the running turn plays on, the next comes its new time after that began."""
    taken = repeating.taken
    step = traces.repeat(repeating)
    if step is None:
        outcome.running.append(f"{naming.label(play, taken).words(None, repeating.step.text)} is taken out: it ends")
        lists.withdraw(play, repeating)
        return
    if taken.index >= scope.index:
        outcome.running.append(_told(play, taken, repeating.step, "ends, for it comes again"))
        lists.close_repeat(play, repeating, "reload")
        return
    old, new = repeating.step, step[1]
    repeating.step, repeating.key = new, (*scope.key, taken.index, step[0])
    label = naming.label(play, taken)
    running = repeating.running
    if running is not None:
        place, number = traces.places[running], running.key[-1]
        if place is not None:
            key, inside = (*repeating.key, number), Inside(label, turn=number + 1)
            _list(play, running, place, key, inside, traces, found, outcome)
    at = scope.body.cues[taken.index].position.at
    if at is not None:  # the beats it goes by lie where the music has its cue now
        repeating.first += rounded(at) - rounded(repeating.due)
        repeating.due = at
    if (old.every, old.most) != (new.every, new.most):
        repeating.gap = None
    if old.turns != new.turns:
        if until.renew(play, repeating.until, new.until) and new.until is not None:
            until.of_repeat(play, repeating, new.until)
        elif new.until is None:
            repeating.until = None
        lists.recount(play, repeating, endless_before=old.endless)
        if repeating not in scope.home.repeats:
            why = "has had all its turns" if repeating.came is None else "has come to its `until`"
            outcome.running.append(_told(play, taken, new, f"{why}: it ends"))

"""What one reload takes out of what plays, and another puts back: it goes on as if it had been there all along.

How a `repeat` counts its turns is in ``lists``; where a cue that is put back stands, in ``playhead``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from showrunner.engine.play import Doing, Play, Repeating, Scope, Sending, Withdrawn
from showrunner.engine.reload import playhead, tracing
from showrunner.engine.reload.playhead import Back, Outcome
from showrunner.engine.reload.tracing import GONE, NewList, Traces
from showrunner.timeline import revise
from showrunner.timeline.cues import Call, Choose, Repeat, Send, Step, bodies


def withdraw(play: Play, child: Scope, place: int) -> None:
    """Remember the list of a `do`, a `choose` or a `meanwhile` that is gone. ``place``: its command in its cue."""
    taken, _ = tracing.owner_of(child)
    began, owner = play.score - child.clock(play.score), child.owner
    for one in taken.scope.part.withdrawn:
        if isinstance(one, Withdrawn) and one.taken is taken and isinstance(owner, Doing) and one.step is owner.step:
            one.began = min(one.began, began)  # another track of the same `do`
            return
    if isinstance(owner, Doing):
        taken.scope.part.withdrawn.append(Withdrawn(taken, owner.step, began, owner.due, place, owner.number))
        return
    run = next((run for run in play.runs.values() if run.meanwhile is child), None)
    if isinstance(run, Sending):
        taken.scope.part.withdrawn.append(Withdrawn(taken, run.step, began, taken.scope.due, place, run=run))


def found(
    scope: Scope, place: NewList, traces: Traces, repeats: Iterable[Repeating], children: Iterable[Scope]
) -> dict[int, list[Back]]:
    """Find what a reload closed and what is in the text of its list again, by its cues in it."""
    gone = [one for one in scope.part.withdrawn if one.taken.scope is scope and not _cue_stands(one)]
    if not gone:
        return {}
    alive = {index for one in repeats if (index := _turns_on(traces, one)) is not None}
    doings = (child.owner for child in children if traces.places[child] is not None)
    fates = (traces.fates[owner.taken] for owner in doings if isinstance(owner, Doing))
    alive |= {fate.index for fate in fates if fate is not None}
    listed = [
        (index, number, step)
        for index, cue in enumerate(place.body.cues)
        if index not in alive
        for number, step in enumerate(cue.steps)
    ]
    back: dict[int, list[Back]] = {}
    used: set[tuple[int, int]] = set()
    for fits in (revise.alike, _same_times, _same_block):
        for index, number, step in listed:
            one = next((one for one in gone if fits(one.step, step) and _goes_on(one)), None)
            if one is not None and (index, number) not in used:
                used.add((index, number))
                back.setdefault(index, []).append((one, number))
                gone.remove(one)
                scope.part.withdrawn.remove(one)
    return back


def blocks(play: Play, scope: Scope, traces: Traces, outcome: Outcome) -> None:
    """Let a `meanwhile` go on that was put back behind a command that is still under way, in a cue that stands."""
    for one in [one for one in scope.part.withdrawn if isinstance(one, Withdrawn) and one.taken.scope is scope]:
        if not _cue_stands(one):
            continue
        same = traces.step(one.taken, one.place)
        if same is None or not _goes_on(one):
            scope.part.withdrawn.remove(one)
            continue
        one.place, step = same
        if isinstance(step, Send) and step.meanwhile is not None:
            scope.part.withdrawn.remove(one)
            key = (*scope.key, one.taken.index, one.place)
            outcome.joining.append(playhead.begin_again(play, one, one.taken, step, key))


def _cue_stands(one: Repeating | Withdrawn) -> bool:
    """Tell whether it was a `meanwhile`, and the command it stood below is still in the text."""
    return isinstance(one, Withdrawn) and one.run is not None and one.place != GONE


def _goes_on(one: Repeating | Withdrawn) -> bool:
    """Tell whether what it stood beside is still under way."""
    return isinstance(one, Repeating) or one.run is None or one.run.result is None


def _turns_on(traces: Traces, repeating: Repeating) -> int | None:
    """Give the index of the cue in which a `repeat` turns on."""
    fate = traces.fates[repeating.taken]
    return None if fate is None or traces.repeat(repeating) is None else fate.index


def _same_times(old: Step, new: Step) -> bool:
    """Tell whether only the block of a step is another."""
    if isinstance(old, Choose) and isinstance(new, Choose):
        return old.by == new.by and [one.fit for one in old.choices] == [one.fit for one in new.choices]
    return isinstance(old, Repeat | Call | Send) and revise.bare(old, new) and bool(bodies(old)) == bool(bodies(new))


def _same_block(old: Step, new: Step) -> bool:
    """Tell whether it is the `repeat` of the same block, or the `do` of the same name, with other tracks."""
    if isinstance(old, Call) and isinstance(new, Call):
        return old.name == new.name
    if not isinstance(old, Repeat) or not isinstance(new, Repeat):
        return False
    same = replace(old, count=new.count, every=new.every, most=new.most, on_beat=new.on_beat)
    return revise.alike(replace(same, until=new.until, at_once=new.at_once), new)

"""Waits: what a list stands at, and what lets it go on: a command, a time, an event, a cue, a button, GO.

`then` is not here: it waits between cues (``lists``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from showrunner.engine import naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import lanes, runs
from showrunner.engine.messages import NOTHING, Brought
from showrunner.engine.play import Awaiting, Play, Run, Scope, Sending, Taken, Wait, WaitKind
from showrunner.engine.score import closing
from showrunner.timeline.cues import Await, Hold, Pause, Step
from showrunner.times import as_duration

NOTHING_AFTER = 10_000_000
"""In a dry run what waits without `within` for an event, or for a press that is not given, ends after this long."""


def stand_at(play: Play, taken: Taken, key: Key, kind: WaitKind, what: str) -> Wait:
    """Let the list of a cue stand at something. For what the operator or the world decides, its clock stands too."""
    scope = taken.scope
    label, segment = naming.label(play, taken).text(), scope.part.segment.name
    wait = Wait(scope, what, kind, play.instant, key, label, play.score, play.real, segment, called=what)
    if wait.stops:
        scope.stand(play.score)
        play.moved = True
    play.waits[wait] = None
    play.write("wait", segment=wait.segment, track=scope.track, cue=wait.label, for_=what)
    return wait


def let_go(play: Play, wait: Wait, why: str) -> None:
    """Stand no longer at something the text does not have any more. What the list does next is not decided here."""
    wait.gone = True
    if wait.run is not None:
        runs.end(play, wait.run, "cancelled", why, why)
    else:
        closing.end_wait(play, wait, why)


def adapt(play: Play, wait: Wait, step: Step) -> None:
    """Go on standing at a wait whose text was edited: its name, its time and its limit are the new ones."""
    if isinstance(step, Pause | Hold | Await):
        wait.called = said(step)
    if isinstance(step, Pause):
        if wait.alarm is not None:
            wait.alarm.cancel()
        until = max(play.score, wait.began + step.time)
        end = partial(closing.end_wait, play, wait, "finished")
        wait.alarm = play.agenda.on_score(until, Rank.ELAPSED, wait.key, end)
    elif isinstance(step, Hold):
        limit(play, wait, step.within, lambda: closing.end_wait(play, wait, "timed-out"))
    elif isinstance(step, Await) and wait.run is not None:
        run = wait.run
        run.step, wait.device, wait.name = step, step.device, step.name
        if not play.options.auto:
            within = step.within
            why = f"nothing came within {as_duration(within or 0)}"
            limit(play, wait, within, lambda: runs.end(play, run, "timed-out", why))


def said(step: Pause | Hold | Await) -> str:
    """Say what a step waits for, as the journal does."""
    if isinstance(step, Pause):
        return f"time {as_duration(step.time)}"
    if isinstance(step, Hold):
        return f"go {step.label}" if step.label else "go"
    return f"event {step.device} {step.name}" if step.kind == "device" else f"{step.kind} {step.name}"


def limit(play: Play, wait: Wait, within: int | None, act: Callable[[], None]) -> None:
    """Set when a wait runs out, counted from its start; None: never. In a pause programs run on; all others stand."""
    if wait.alarm is not None:
        wait.alarm.cancel()
        wait.alarm = None
    if within is None:
        return
    if wait.kind == "event":
        wait.alarm = play.agenda.on_world(max(play.instant, wait.real + within), Rank.ELAPSED, wait.key, act)
    else:
        wait.alarm = play.agenda.on_score(max(play.score, wait.began + within), Rank.ELAPSED, wait.key, act)


def pause(play: Play, taken: Taken, step: Pause, key: Key) -> None:
    """Stand for a time, in show time; the list's clock runs on."""
    wait = stand_at(play, taken, key, "time", said(step))
    end = partial(closing.end_wait, play, wait, "finished")
    wait.alarm = play.agenda.on_score(play.score + step.time, Rank.ELAPSED, key, end)


def hold(play: Play, taken: Taken, step: Hold, key: Key) -> Wait:
    """Stand until GO."""
    wait = stand_at(play, taken, key, "go", said(step))
    limit(play, wait, step.within, lambda: closing.end_wait(play, wait, "timed-out"))
    if play.options.auto:
        press_later(play, wait)
    return wait


def bar(play: Play, run: Run) -> None:
    """Let the command's own list stand where it is, as at a `hold`: `else hold`."""
    if any(wait.device is None for wait in run.scope.barred):
        return
    _bar(play, run, "go")


def hold_for(play: Play, run: Sending) -> Wait:
    """Let the command's own list stand until its device is back, or until GO: then it does without.

    A command waits no longer than its `within`.
    """
    standing = next((wait for wait in run.scope.barred if wait.device == run.device), None)
    wait = standing or _bar(play, run, f"go {run.device} is away", run.device)
    if run.step.within is not None:
        until = play.real + run.step.within
        run.limit = play.agenda.on_world(until, Rank.ELAPSED, (run.id,), lambda: _too_long(play, run))
    return wait


def _too_long(play: Play, run: Sending) -> None:
    """A device was not back within a command's time: the list stands on, as at any other failure."""
    wait, run.away = run.away, None
    lanes.do_without(play, run)
    if wait is not None and not _awaited(play, wait):
        closing.end_wait(play, wait, "timed-out")


def _awaited(play: Play, wait: Wait) -> list[Sending]:
    """Give the commands that wait for their device, and their list with them."""
    return [run for run in play.runs.values() if isinstance(run, Sending) and run.away is wait]


def returned(play: Play, device: str) -> None:
    """A device is back, and what has waited for it is sent: the lists go on."""
    for wait in [wait for wait in play.waits if wait.bars and wait.device == device]:
        closing.end_wait(play, wait, "finished")


def _bar(play: Play, run: Run, what: str, device: str | None = None) -> Wait:
    scope = run.scope
    wait = stand_at(play, run.taken, run.key, "go", what)
    wait.bars, wait.device = True, device
    scope.barred.append(wait)
    if scope.alarm is not None and scope.alarm.act is not None:
        scope.alarm.cancel()
        scope.alarm, scope.held_up = None, True
    elif scope.done:
        # All its cues were taken, but a list that stands is not over, as with a `hold` in its last line.
        scope.done, scope.held_up = False, True
    if play.options.auto:
        press_later(play, wait)
    return wait


def press_later(play: Play, wait: Wait) -> None:
    """In a dry run the operator does by itself what is waited for: again, where another list had stood longer.

    Where the dry run was told when GO comes, none does, and a `hold` that gets none ends nevertheless.
    """
    options = play.options
    if wait.kind == "go" and options.given("go"):
        if wait.alarm is None:
            limit(play, wait, NOTHING_AFTER, lambda: come(play, wait, "timed-out"))
        return

    def press() -> None:
        while not wait.over:
            pressed(play, "button" if wait.kind == "button" else "go", wait.name, "auto")

    stayed = play.score - wait.scope.part.began
    play.agenda.on_world(play.instant + max(options.go_after, options.stay - stayed), Rank.OPERATOR, wait.key, press)


def pressed(play: Play, action: str, name: str | None, origin: str, brought: Brought = NOTHING) -> None:
    """Free what has stood longest: one `hold` by GO, one `wait for button` of that name by its button.

    A press is kept for the next `wait for` of this button; if the show has none, and none of a text that is gone stands
    yet, nobody listens.
    """
    kind = "go" if action == "go" else "button"
    standing = [w for w in play.waits if w.kind == kind and (kind == "go" or w.name == name)]
    ignored = None if standing or kind == "go" or name in play.cues.buttons else "nobody listens"
    play.write("operator", action=action, name=name, from_=origin, **brought.told(), ignored=ignored)
    if standing:
        come(play, min(standing, key=lambda w: (w.since, w.key)), kind)
    elif kind == "button" and name is not None and ignored is None:
        play.presses[name] = play.presses.get(name, 0) + 1


def await_(play: Play, taken: Taken, step: Await, key: Key) -> Awaiting:
    """Begin a `wait for …`; it has ended at once where what it waits for has come already."""
    scope = taken.scope
    run = runs.awaiting(play, taken, step, key)
    if _has_come(play, scope, step):
        runs.end(play, run, "done", None)
        return run
    kind: WaitKind = "event" if step.kind == "device" else step.kind
    wait = stand_at(play, taken, key, kind, said(step))
    wait.run, run.wait = run, wait
    wait.device, wait.name = step.device, step.name
    within = step.within
    alone = step.kind == "button" and not scope.endless
    if play.options.auto and (step.kind == "device" or (alone and play.options.given("button"))):
        missed = f"no {'press' if alone else 'event'} in a dry run"
        wait.alarm = play.agenda.on_world(
            play.real + (within or NOTHING_AFTER), Rank.ELAPSED, key, lambda: runs.end(play, run, "done", missed)
        )
    elif within is not None:
        why = f"nothing came within {as_duration(within)}"
        limit(play, wait, within, lambda: runs.end(play, run, "timed-out", why))
    if play.options.auto and alone and not play.options.given("button"):
        press_later(play, wait)
    return run


def _has_come(play: Play, scope: Scope, step: Await) -> bool:
    """Tell whether a cue that is waited for is past, or a button was pressed for which nobody waited; that is used."""
    if step.kind == "cue":
        return step.name in scope.part.cues
    if step.kind == "button" and play.presses.get(step.name, 0) > 0:
        play.presses[step.name] -= 1
        return True
    return False


def come(play: Play, wait: Wait, why: str) -> None:
    """What was waited for has come."""
    if wait.run is not None:
        runs.end(play, wait.run, "done", None, why)
        return
    for run in _awaited(play, wait) if wait.bars else ():
        lanes.do_without(play, run)
    closing.end_wait(play, wait, why)

"""Waits: what a list stands at, and what lets it go on: a command, a time, an event, a cue, a button, GO.

`then` is not here: it waits between cues (``lists``).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from showrunner.engine import naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import absence, lanes
from showrunner.engine.play import Play, Run, Scope, Taken, Wait
from showrunner.engine.score import curtain, lists, segments
from showrunner.timeline.cues import Await, Hold, Pause, Step
from showrunner.times import as_duration

NO_EVENT_AFTER = 10_000_000
"""In a dry run a `wait for DEVICE` without `within` ends after this long."""


def stand_at(
    play: Play,
    scope: Scope,
    taken: Taken,
    key: Key,
    kind: Literal["command", "time", "event", "cue", "button", "go", "then"],
    what: str,
) -> Wait:
    """Let the list stand at something. For what the operator or the world decides, its clock stands too."""
    wait = Wait(scope, what, kind, play.instant, key, naming.label(play, scope, taken).text(), play.score, play.real)
    wait.stopper = kind in {"event", "cue", "button", "go"}
    if wait.stopper:
        scope.stand(play.score)
        curtain.hang(play)
    play.waits[wait] = None
    play.write("wait", segment=scope.part.segment.name, track=scope.track, cue=wait.label, for_=what)
    return wait


def end_wait(play: Play, wait: Wait, why: str) -> None:
    """End a wait; the list goes on, in its place among what is due at this instant."""
    if wait.over:
        return
    wait.over = True
    play.waits.pop(wait, None)
    scope = wait.scope
    if wait.alarm is not None:
        wait.alarm.cancel()
    if wait.stopper:
        scope.go_on(play.score)
        curtain.hang(play)
    if not wait.silent:
        play.write(
            "resume", segment=scope.part.segment.name, track=scope.track, cue=wait.label, for_=wait.what, why=why
        )
    if wait.meanwhile is not None:
        segments.close_home(play, wait.meanwhile.home, "over")
    if wait.bars:
        scope.barred.remove(wait)
        if scope.held_up is not None and not scope.barred and not scope.closed:
            go_on, scope.held_up = scope.held_up, None
            go_on()
    elif wait.kind != "then" and not scope.closed and not wait.gone:
        if scope.current is None:
            raise RuntimeError("a wait without a cue")
        behind(play, scope.current)


def behind(play: Play, taken: Taken) -> None:
    """Go on behind a wait that is over, in its place among what is due at this instant."""
    scope = taken.scope
    scope.alarm = play.agenda.on_score(
        play.score, Rank.CUE, (*scope.key, taken.index, taken.step), lambda: after_wait(play, taken)
    )


def let_go(play: Play, wait: Wait, why: str) -> None:
    """Stand no longer at something the text does not have any more. What the list does next is not decided here."""
    run = wait.run if wait.run is not None and isinstance(wait.run.step, Await) else None
    wait.gone = True
    if run is not None:
        lanes.end(play, run, "cancelled", why, why)
    else:
        end_wait(play, wait, why)


def adapt(play: Play, wait: Wait, step: Step) -> None:
    """Go on standing at a wait whose text was edited: its name, its time and its limit are the new ones."""
    if isinstance(step, Pause):
        if wait.alarm is not None:
            wait.alarm.cancel()
        wait.alarm = play.agenda.on_score(
            max(play.score, wait.began + step.time), Rank.ELAPSED, wait.key, lambda: end_wait(play, wait, "finished")
        )
    elif isinstance(step, Hold):
        limit(play, wait, step.within, lambda: end_wait(play, wait, "timed-out"))
    elif isinstance(step, Await) and wait.run is not None:
        run = wait.run
        run.step, wait.device, wait.name = step, step.device, step.name
        if not play.options.auto:
            within = step.within
            said = f"nothing came within {as_duration(within or 0)}"
            limit(play, wait, within, lambda: lanes.end(play, run, "timed-out", said))


def limit(play: Play, wait: Wait, within: int | None, act: Callable[[], None]) -> None:
    """Set when a wait runs out, counted from its start; None: never."""
    if wait.alarm is not None:
        wait.alarm.cancel()
        wait.alarm = None
    if within is not None:
        wait.alarm = play.agenda.on_world(max(play.instant, wait.real + within), Rank.ELAPSED, wait.key, act)


def after_wait(play: Play, taken: Taken) -> None:
    """Go on with the steps behind a wait, unless an `else hold` bars the list."""
    scope = taken.scope
    scope.alarm = None
    if scope.closed:
        return
    if scope.barred:
        scope.held_up = lambda: after_wait(play, taken)
    else:
        lists.run_steps(play, taken)


def pause(play: Play, taken: Taken, step: Pause, key: Key) -> None:
    """Stand for a time, in show time; the list's clock runs on."""
    wait = stand_at(play, taken.scope, taken, key, "time", f"time {as_duration(step.time)}")
    wait.alarm = play.agenda.on_score(
        play.score + step.time, Rank.ELAPSED, key, lambda: end_wait(play, wait, "finished")
    )


def hold(play: Play, taken: Taken, step: Hold, key: Key) -> None:
    """Stand until GO."""
    scope = taken.scope
    wait = stand_at(play, scope, taken, key, "go", f"go {step.label}" if step.label else "go")
    limit(play, wait, step.within, lambda: end_wait(play, wait, "timed-out"))
    if play.options.auto:
        press_later(play, wait)
    if step.meanwhile is not None:
        wait.meanwhile = lists.open_meanwhile(play, scope, taken, key, step.meanwhile)


def bar(play: Play, run: Run) -> None:
    """Let the command's own list stand where it is, as at a `hold`: `else hold`."""
    scope = run.scope
    if scope.closed or run.orphan or any(wait.device is None for wait in scope.barred):
        return
    _bar(play, run, "go")


def bar_for(play: Play, run: Run) -> Wait:
    """Let the command's own list stand until its device is back, or until GO: then it does without."""
    standing = next((wait for wait in run.scope.barred if wait.device == run.device), None)
    return standing or _bar(play, run, f"go {run.device} is away", run.device)


def _bar(play: Play, run: Run, what: str, device: str | None = None) -> Wait:
    scope = run.scope
    wait = stand_at(play, scope, run.taken, run.key, "go", what)
    wait.bars, wait.device = True, device
    scope.barred.append(wait)
    if scope.alarm is not None and scope.alarm.act is not None:
        inside = scope.current is not None and not scope.current.complete
        scope.alarm.cancel()
        scope.alarm = None
        current = scope.current
        if inside and current is not None:
            scope.held_up = lambda: after_wait(play, current)
        else:
            scope.held_up = lambda: lists.proceed(play, scope, play.score)
    elif scope.done:
        # All its cues were taken, but a list that stands is not over, as with a `hold` in its last line.
        scope.done = False
        scope.held_up = lambda: lists.proceed(play, scope, play.score)
    if play.options.auto:
        press_later(play, wait)
    return wait


def press_later(play: Play, wait: Wait) -> None:
    """In a dry run the operator does by itself what is waited for: again, where another list had stood longer."""

    def press() -> None:
        while not wait.over:
            pressed(play, "button" if wait.kind == "button" else "go", wait.name, "auto")

    play.agenda.on_world(play.instant + play.options.go_after, Rank.OPERATOR, wait.key, press)


def pressed(play: Play, action: str, name: str | None, origin: str) -> None:
    """Free what has stood longest: one `hold` by GO, one `wait for button` of that name by its button."""
    play.write("operator", action=action, name=name, from_=origin)
    kind = "go" if action == "go" else "button"
    standing = [w for w in play.waits if w.kind == kind and (kind == "go" or w.name == name)]
    if standing:
        come(play, min(standing, key=lambda w: (w.since, w.key)), kind)
    elif kind == "button" and name is not None:
        play.presses[name] = play.presses.get(name, 0) + 1


def await_(play: Play, taken: Taken, step: Await, key: Key) -> bool:
    """Begin a `wait for …`; tell whether there is anything left to wait for."""
    scope = taken.scope
    run = lanes.begin(play, taken, step, key)
    if step.kind == "cue" and step.name in scope.part.cues:
        lanes.end(play, run, "done", None)
        return False
    if step.kind == "button" and play.presses.get(step.name, 0) > 0:
        play.presses[step.name] -= 1
        lanes.end(play, run, "done", None)
        return False
    kind: Literal["event", "cue", "button"] = "event" if step.kind == "device" else step.kind
    what = f"event {step.device} {step.name}" if step.kind == "device" else f"{step.kind} {step.name}"
    wait = stand_at(play, scope, taken, key, kind, what)
    wait.run, run.wait = run, wait
    wait.device, wait.name = step.device, step.name
    within = step.within
    if play.options.auto and step.kind == "device":
        wait.alarm = play.agenda.on_world(
            play.real + (within or NO_EVENT_AFTER),
            Rank.ELAPSED,
            key,
            lambda: lanes.end(play, run, "done", "no event in a dry run"),
        )
    elif within is not None:
        said = f"nothing came within {as_duration(within)}"
        limit(play, wait, within, lambda: lanes.end(play, run, "timed-out", said))
    if play.options.auto and step.kind == "button" and not scope.endless:
        press_later(play, wait)
    if step.meanwhile is not None:
        run.meanwhile = lists.open_meanwhile(play, scope, taken, key, step.meanwhile)
    return True


def come(play: Play, wait: Wait, why: str) -> None:
    """What was waited for has come."""
    if wait.run is not None:
        lanes.end(play, wait.run, "done", None, why)
    elif wait.bars and wait.device is not None:
        for run in [run for run in play.runs.values() if run.away is wait]:
            absence.do_without(play, run)
        end_wait(play, wait, why)
    else:
        end_wait(play, wait, why)

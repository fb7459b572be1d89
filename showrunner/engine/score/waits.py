"""Waits: what a list stands at, and what lets it go on: a command, a time, an event, a cue, a button, GO.

`then` is not here: it waits between cues (``lists``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from showrunner.devices.vocabulary import Happened
from showrunner.engine import names, naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import lanes, runs
from showrunner.engine.messages import NOTHING, Brought, who
from showrunner.engine.play import Awaiting, Kept, Play, Run, Scope, Sending, Taken, Until, Wait, WaitKind
from showrunner.engine.score import closing, until
from showrunner.timeline.cues import TIME, Await, Awaited, ChosenBy, Hold, Pause, Step, When
from showrunner.times import as_duration

_STOPPING: frozenset[WaitKind] = frozenset({"event", "cue", "button", "go"})
"""What stops a clock."""

NOTHING_AFTER = 10_000_000
"""In a dry run what waits without `within` for an event, or for a press that is not given, ends after this long."""


def stand_at(play: Play, taken: Taken, key: Key, kind: WaitKind, what: str) -> Wait:
    """Let the list of a cue stand at something. For what the operator or the world decides, its clock stands too; but
    not where a bar has come, for the music goes on.
    """
    scope = taken.scope
    label, segment = naming.label(play, taken).text(), scope.part.segment.name
    wait = Wait(scope, what, kind, play.instant, key, label, play.score, play.real, segment, called=what)
    if kind in _STOPPING and not scope.steady:
        wait.stops = True
        scope.stand(play.score)
        play.moved = True
    play.waits[wait] = None
    play.write("wait", segment=segment or None, track=scope.track or None, cue=wait.label, for_=what)
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
        run.step = step
        if not play.options.auto:
            limit(play, wait, step.within, lambda: _nothing(play, run))


def said(step: Pause | Hold | Await) -> str:
    """Say what a step waits for, as the journal does."""
    if isinstance(step, Pause):
        return f"time {as_duration(step.time)}"
    if isinstance(step, Hold):
        return f"go {step.label}" if step.label else "go"
    return " or ".join(event.called for event in step.events)


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

    button = None if wait.run is None else next((one for one in wait.run.step.events if one.kind == "button"), None)

    def press() -> None:
        while not wait.over:
            pressed(play, "go" if button is None else "button", None if button is None else button.name, "auto")

    stayed = play.score - wait.scope.part.began
    play.agenda.on_score(play.score + max(options.go_after, options.stay - stayed), Rank.OPERATOR, wait.key, press)


def pressed(
    play: Play, action: str, name: str | None, origin: str, brought: Brought = NOTHING, *, heard: bool = False
) -> bool:
    """Free what has stood longest: one `hold` by GO, one `wait for` or `until` that names the button; tell whether that
    is so.

    Else a press is for whoever hears it (``heard``), else it is kept for the next `wait for` of this button alone; if
    the show has none, and none of a text that is gone stands yet, nobody listens.
    """
    if action == "go":
        standing = [wait for wait in play.waits if wait.kind == "go"]
    else:
        standing = [wait for wait in play.waits if wait.hears("button", name) is not None]
    keeps = action == "button" and name in play.cues.keeps and not heard
    ends = [] if action == "go" else until.hearing(play, lambda one: (one.kind, one.name) == ("button", name))
    ignored = None if standing or ends or keeps or heard or action == "go" else "nobody listens"
    play.write("operator", action=action, name=name, **who(origin), **brought.told(), ignored=ignored)
    stands: list[Wait | Until] = [*standing, *(one for one, _ in ends)]
    first = min(stands, key=lambda one: (one.since, one.key), default=None)
    if isinstance(first, Until):
        until.come(play, first, dict(ends)[first], action)
    elif first is not None:
        if first.run is not None and name is not None:
            _keep(play, first.run, Awaited("button", name), came(name, brought))
        come(play, first, action)
    elif keeps and name is not None:
        play.presses.setdefault(name, []).append(brought)
    return first is not None


def told(play: Play, device: str, happened: Happened) -> None:
    """Free every list that waits for this event of a device."""
    for wait in list(play.waits):
        event = next((one for one in _events(wait) if fits(one, device, happened)), None)
        if event is not None and wait.run is not None and not wait.over:
            _keep(play, wait.run, event, happened.fields)
            come(play, wait, "event")
    for ends, event in until.hearing(play, lambda one: fits(one, device, happened)):
        until.come(play, ends, event, "event")


def struck(play: Play, time: str) -> None:
    """Free every list that waits for this time of the day."""
    for wait in list(play.waits):
        event = wait.hears("time", time)
        if event is not None and wait.run is not None and not wait.over:
            _keep(play, wait.run, event, {TIME: time})
            come(play, wait, "event")
    for ends, event in until.hearing(play, lambda one: (one.kind, one.name) == ("time", time)):
        until.come(play, ends, event, "event")


def times(play: Play) -> frozenset[str]:
    """Give the times of the day that are waited for."""
    events = [event for wait in play.waits if not wait.silent for event in _events(wait)]
    events += [event for one in play.untils for event in one.step.events]
    return frozenset(event.name for event in events if event.kind == "time")


def cue(play: Play, track: Scope, name: str) -> None:
    """Free every list in or beside a track that waits for this cue of it."""
    for wait in [wait for wait in play.waits if wait.scope.cues is track.cues]:
        event = wait.hears("cue", name)
        if event is not None and wait.run is not None and not wait.over:
            _keep(play, wait.run, event, {})
            come(play, wait, "finished")
    for ends, event in until.hearing(play, lambda one: (one.kind, one.name) == ("cue", name)):
        if ends.repeating is not None and ends.repeating.taken.scope.cues is track.cues:
            until.come(play, ends, event, "finished")


def _events(wait: Wait) -> tuple[Awaited, ...]:
    return () if wait.run is None else wait.run.step.events


def fits(event: Awaited, device: str, happened: Happened) -> bool:
    """Tell whether it is this event of a device that is waited for."""
    if event.row is None or (event.device, event.name) != (device, happened.event):
        return False
    return event.row.met(dict(event.values), happened.fields)


def came(button: str, brought: Brought) -> dict[str, Any]:
    """Give the fields of a press."""
    return {**brought.fields, "button": button, "text": brought.text or ""}


def _keep(play: Play, run: Awaiting, event: Awaited, said: Mapping[str, Any]) -> None:
    """Keep what an event says under the name behind `->`. A text that is empty, is what stands behind `or`."""
    if run.step.keep is not None:
        names.keep(play, run.scope, run.step.keep, kept_of(run.step, event, said, runs.default(play, run)))
        run.kept = True


def kept_of(step: Await | When, event: Awaited, said: Mapping[str, Any], default: str | None) -> Kept:
    """Give what an event says, as it is kept; the ``default`` stands in for each text of it that is empty."""
    otherwise = default or ""
    texts = None if event.row is None else {field.name for field in event.row.fields if field.accepts == "text"}
    rows = () if event.row is None else event.row.fields
    fields = {field.name: "" for field in rows} | {name: _spelled(value) for name, value in said.items()}
    if otherwise:
        fields = {
            name: otherwise if not value and (texts is None or name in texts) else value
            for name, value in fields.items()
        }
    pressed_for = "text" if len(step.events) == 1 else "button"
    main = {"button": pressed_for, "time": TIME}.get(event.kind, rows[0].name if rows else "")
    sent = {name for name in said if fields[name] != otherwise}
    strange = sent - {"button"} if event.kind == "button" else sent & {row.name for row in rows if row.stranger}
    return Kept(
        fields.get(main, otherwise), fields, otherwise, frozenset({*strange, *([None] if main in strange else ())})
    )


def _spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def await_(play: Play, taken: Taken, step: Await, key: Key) -> Awaiting:
    """Begin a `wait for …`; it has ended at once where what it waits for has come already."""
    scope = taken.scope
    run = runs.awaiting(play, taken, step, key)
    if _has_come(play, run):
        runs.end(play, run, "done", None)
        return run
    wait = stand_at(play, taken, key, step.kind, said(step))
    wait.run, run.wait = run, wait
    within = step.within
    alone = step.kind == "button" and not scope.endless
    by_clock = play.options.start_at is not None and any(event.kind == "time" for event in step.events)
    if play.options.auto and not by_clock and (step.kind == "event" or (alone and play.options.given("button"))):
        missed = f"no {'press' if alone else 'event'} in a dry run"
        wait.alarm = play.agenda.on_world(
            play.real + (within or NOTHING_AFTER), Rank.ELAPSED, key, lambda: runs.end(play, run, "done", missed)
        )
    elif within is not None:
        limit(play, wait, within, lambda: _nothing(play, run))
    if play.options.auto and alone and not play.options.given("button"):
        press_later(play, wait)
    return run


def value(play: Play, scope: Scope, by: ChosenBy) -> str | None:
    """Give what a `choose by` of a list looks at; None: it has no value."""
    kept = names.kept(play, scope, by.name)
    return by.constant if kept is None else kept.says(by.field)


def _nothing(play: Play, run: Awaiting) -> None:
    """The time of a `wait for` is up: with a text behind `or` that stands for what did not come."""
    if run.step.keep is not None and run.step.default is not None:
        runs.end(play, run, "done", "no event")
    else:
        runs.end(play, run, "timed-out", f"nothing came within {as_duration(run.step.within or 0)}")


def _has_come(play: Play, run: Awaiting) -> bool:
    """Tell whether a cue that is waited for is past, or its one button was pressed before; that press is used up.

    A dry run that is not told what the clock shows waits for no time of the day, unless for something else that it was
    told comes.
    """
    step, alone = run.step, len(run.step.events) == 1
    timeless = play.options.auto and play.options.start_at is None and not _to_come(play, step)
    for event in step.events:
        if event.kind == "time" and timeless:
            _keep(play, run, event, {TIME: event.name})
            return True
        if event.kind == "cue" and event.name in run.scope.cues:
            _keep(play, run, event, {})
            return True
        if event.kind == "button" and alone and play.presses.get(event.name):
            _keep(play, run, event, came(event.name, play.presses[event.name].pop(0)))
            return True
    return False


def _to_come(play: Play, step: Await) -> bool:
    """Tell whether a dry run was told that something comes which this waits for."""
    told = {(one.action, one.name) for one in play.options.presses}
    return any(until.named(event) in told for event in step.events)


def come(play: Play, wait: Wait, why: str) -> None:
    """What was waited for has come."""
    if wait.run is not None:
        runs.end(play, wait.run, "done", None, why)
        return
    for run in _awaited(play, wait) if wait.bars else ():
        lanes.do_without(play, run)
    closing.end_wait(play, wait, why)

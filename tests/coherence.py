"""What the state page (``showrunner/engine/play``) says of its flags: which combinations there are between two steps.

Each function raises AssertionError. ``coherent`` looks at everything; random programs are looked at after every input.
"""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.devices.vocabulary import Finished
from showrunner.engine.agenda import Alarm
from showrunner.engine.play import Awaiting, Hearing, Home, Play, Repeating, Scope, Sending, Stream
from showrunner.engine.states import State


def coherent(play: Play, *, edited: bool = False) -> None:
    """What stands on the state page holds. ``edited``: a `when` may have been `together` when its turns began."""
    of_the_show(play)
    for scope in scopes(play):
        of_a_list(play, scope)
    for hearing in (one for part in (play.part, play.edge) if part is not None for one in part.hearings):
        of_a_when(play, hearing, edited=edited)
    for repeating in (one for home in homes(play) for one in home.repeats):
        of_a_repeat(repeating)
    for wait in play.waits:
        assert not wait.over
        assert not wait.gone
        assert not wait.scope.closed
        assert wait.bars == (wait in wait.scope.barred)
        assert wait.kind == "go" or not wait.bars
        assert (wait.kind == "then") == (wait.scope.then_wait is wait)
        assert (wait.run is not None) == (wait.kind in {"event", "cue", "button"})
    for run in play.runs.values():
        assert run.result is None
        if isinstance(run, Awaiting):
            assert run.wait is not None
            assert run.wait.run is run
        else:
            of_a_command(play, run)
    for port in play.ports.values():
        for lane in port.lanes.values():
            assert port.ready or lane.flight is None
            assert all(run.state is State.QUEUED for run in lane.queue)
            assert port.ready or all(run.staying or run.away is not None for run in lane.queue)
        assert port.chase is None or (port.ready and pending(port.chase.alarm) and play.ending is None)
        assert port.returning is None or (pending(port.returning) and not port.ready)
        for stream in port.streams.values():
            of_a_stream(play, stream, ready=port.ready)


def pending(alarm: Alarm | None) -> bool:
    return alarm is not None and alarm.act is not None


def homes(play: Play) -> Iterator[Home]:
    stack: list[Home] = []
    for part in (play.part, play.edge):
        if part is not None and not part.over:
            stack += [*part.homes, *(one.taken.scope.home for one in part.hearings)]
    while stack:
        home = stack.pop()
        yield home
        stack.extend(home.inner)


def scopes(play: Play) -> Iterator[Scope]:
    for home in homes(play):
        yield from (scope for scope in {**dict.fromkeys(home.scopes), home.scope: None} if not scope.closed)


def of_the_show(play: Play) -> None:
    assert play.intent is None
    assert not play.moved
    assert not play.silent
    assert play.ending is not None or not play.ended
    assert play.ending is not None or not play.dismissed
    assert play.ending in {"panic", "interrupted"} or not play.panicked
    assert not play.ended or not (play.runs or play.waits or play.silencing)
    assert play.ending is None or play.part is None or play.part.over
    assert play.part is None or not play.part.stirred
    assert not play.turned
    assert play.ending is None or play.edge is None


def of_a_list(play: Play, scope: Scope) -> None:
    standing = [wait for wait in play.waits if wait.scope is scope]
    assert scope.stands == sum(wait.stops for wait in standing)
    assert scope.then_wait is None or scope.waiting_then
    assert scope.speech is None or scope.waiting_then
    assert scope.barred or not scope.held_up
    own = [wait for wait in standing if not wait.bars and wait.kind != "then"]
    if scope.done:
        assert scope.index == len(scope.body.cues)
        assert not any([standing, scope.waiting_then, scope.barred, pending(scope.alarm)])
        return
    # What comes next has one of four reasons to be still to come.
    reasons = [pending(scope.alarm), scope.waiting_then, bool(own), scope.held_up and not scope.waiting_then]
    assert sum(reasons) == 1, reasons
    current = scope.current
    inside = current is not None and not current.complete
    assert inside or not (scope.barred and pending(scope.alarm))
    assert inside or not own
    assert not inside or not scope.waiting_then


def of_a_repeat(repeating: Repeating) -> None:
    running = repeating.running is not None
    assert [running, pending(repeating.alarm), repeating.last_done].count(True) == 1
    assert not running or repeating.running in repeating.turns
    assert (repeating.step.count is not None) == (repeating in repeating.taken.unfinished)


def of_a_when(play: Play, hearing: Hearing, *, edited: bool) -> None:
    waits, paused = hearing.waiting, play.agenda.paused
    if hearing.part.over:
        assert not hearing.turns
        assert not waits
        return
    assert len(hearing.turns) <= (20 if edited or hearing.step.habit == "together" else 1)
    assert len(waits) <= 100
    assert not any(turn.closed for turn in hearing.turns)
    # What waits does so for a reason: a turn plays, the show is paused, or it begins at this instant.
    assert not waits or hearing.turns or paused or pending(hearing.alarm)
    assert not hearing.gone or not waits


def of_a_command(play: Play, run: Sending) -> None:
    lanes, ready = play.lanes(run), play.ports[run.device].ready
    keeps = run.command.verb.keeps and run.under_way
    assert run.state is not State.ENDED
    assert all((run.state is State.QUEUED) == (run in lane.queue) for lane in lanes)
    in_flight = run.state is State.SENT or (run.state is State.LASTING and keeps)
    assert run.silent or all(in_flight == (lane.flight is run) for lane in lanes)
    assert (run.state is State.CARRIED) == (run.streamed and run.state is not State.QUEUED)
    assert not run.answered or run.state in {State.QUEUED, State.LASTING, State.CARRIED}
    assert run.answered or run.state is not State.LASTING
    assert run.command.lasting is not None or run.releases or not run.passed
    assert run.reported is None or run.command.verb.finished is Finished.REPORTED
    assert run.streamed or not run.arrived
    assert run.away is None or (run.state is State.QUEUED and not ready and run.away in run.scope.barred)
    assert not run.staying or (run.state is State.QUEUED and play.ports[run.device].returning is not None)
    assert (run in play.speaking) == (run.command.verb.class_.name == "SPEECH")


def of_a_stream(play: Play, stream: Stream, *, ready: bool) -> None:
    owners = play.ports[stream.device].owners
    assert ready or not stream.waiting
    for name, held in stream.values.items():
        assert owners.get(name) is held.run
        assert name not in stream.dropped or stream.dirty
        assert held.course.start is not None or not held.carried
        assert held.carried or not held.settled
        assert held.until is not None or not held.over
    assert all(run.releases for run in stream.releasing)

"""Absence: what becomes of commands whose device is away, and of those on their way to it when it is lost.

They are skipped; with `else hold` a command that was never sent waits for its device, and its list stands with it. The
state that a skipped one would have set is kept all the same, for the return (``seeking.chase``).
"""

from __future__ import annotations

from showrunner.devices.vocabulary import Class
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import lanes, streams
from showrunner.engine.play import Play, Port, Run
from showrunner.engine.score import waits
from showrunner.engine.states import State
from showrunner.timeline.cues import Send

NOT_CONNECTED = "not connected"
LOST = "connection lost"


def reason(port: Port, usual: str) -> str:
    """Say why a device takes no commands: what its driver says of it, else what is ``usual``."""
    return port.trouble or usual


def kept(play: Play, port: Port, run: Run) -> None:
    """A command cannot be sent, for its device is away: it is skipped, or, with `else hold`, it waits for the device.

    It waits no longer than its `within`. What the command line or the stage file says of failures makes nothing wait.
    """
    step = run.step
    waits_for_it = isinstance(step, Send) and step.policy == "hold" and not (run.orphan or run.silent or play.silent)
    if not waits_for_it or run.command is None or run.scope.closed:
        _skip(play, port, run)
        return
    port.lanes[run.command.verb.lane].queue.append(run)
    run.away = waits.bar_for(play, run)
    if isinstance(step, Send) and step.within is not None:
        run.limit = play.agenda.on_world(play.real + step.within, Rank.ELAPSED, (run.id,), lambda: _too_long(play, run))


def lost(play: Play, port: Port) -> None:
    """A device is gone: what is on its way to it has failed, what is queued cannot be sent."""
    for lane in port.lanes.values():
        flying = lane.flight if isinstance(lane.flight, Run) else None
        lane.flight = None
        for run in list(lane.queue):
            if run.state is State.QUEUED:  # one with `else stop` takes the others out
                lane.queue.remove(run)
                kept(play, port, run)
        if flying is not None and flying.state is State.SENT:
            lanes.end(play, flying, "failed", reason(port, LOST))


def returned(play: Play, port: Port) -> None:
    """A device is back, and its states are queued: what has waited goes out in its place, and the lists go on."""
    for lane in port.lanes.values():
        for run in lane.queue:
            present(run)
        lanes.pump(play, lane)
    for wait in [wait for wait in play.waits if wait.bars and wait.device == port.fixture.name]:
        waits.end_wait(play, wait, "finished")


def present(run: Run) -> None:
    """A command waits for its device no more."""
    if run.away is not None:
        run.away = None
        if run.limit is not None:
            run.limit.cancel()


def do_without(play: Play, run: Run) -> None:
    """GO, while a command waits for its device: it is skipped after all."""
    port = play.ports[run.device]
    if run.command is not None:
        port.lanes[run.command.verb.lane].queue.remove(run)
    _skip(play, port, run)


def _too_long(play: Play, run: Run) -> None:
    """A device was not back within a command's time: the list stands on, as at any other failure."""
    wait, run.away = run.away, None
    do_without(play, run)
    if wait is not None and not any(other.away is wait for other in play.runs.values()):
        waits.end_wait(play, wait, "timed-out")


def _skip(play: Play, port: Port, run: Run) -> None:
    lanes.end(play, run, "skipped", reason(port, NOT_CONNECTED))
    _intend(play, port, run)


def _intend(play: Play, port: Port, run: Run) -> None:
    """Remember what a command would have done to the stage: the device is brought there when it returns."""
    command = lanes.filled(play, run.command) if run.command is not None else None
    if command is None or isinstance(command, str) or run.scope.closed:
        return
    run.command = command
    if lanes.streamed(run):
        streams.intend(play, port, run)
    elif command.verb.properties is not None and command.verb.class_ in {Class.STATE, Class.MOVE}:
        port.states.update(dict.fromkeys(command.verb.properties(command), run))

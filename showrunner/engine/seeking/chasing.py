"""Chasing: a device is brought to the state that the show intends, round by round.

The last state of every property is sent, in the order in which they were taken, and what is held or moves with the next
frame; no impulse and no speech is repeated. A device whose table has rounds gets what is of a later one when what was
sent in those before is over (a model before its expressions), or 10 s have passed. So does whatever the show takes
meanwhile; a state that it takes over is left out.

A seek does this, and so does a track that a reload adds, a device that is back, and a show that goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from showrunner.devices.vocabulary import Class
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import frames, lanes, properties, runs
from showrunner.engine.play import Chase, Lane, Play, Port, Sending

LONGEST = 10_000_000
"""So long the ends of one round are waited for (microseconds)."""


def chase(play: Play, port: Port, shown: Mapping[str, Iterable[str]] = MappingProxyType({})) -> None:
    """Bring a device to the state the show intends by now; of what was ``shown`` in a lane the rest is let go.

    What has stood for the device keeps its place among the states; speech that waits comes behind.
    """
    end(port)
    for lane, stream in port.streams.items():
        stream.last = None
        stream.dropped = {name: None for name in shown.get(lane, ()) if name not in stream.values}
        properties.settle(play, stream, port.states)
        frames.returned(play, stream)
    bring(play, port, port.states)


def bring(play: Play, port: Port, states: Mapping[str, Sending]) -> None:
    """Send these states, each in its round; a device that is not there is brought to them when it is."""
    port.states = {**port.states, **states}
    if not port.ready:
        return
    left = [] if port.chase is None else port.chase.left
    end(port)
    left += [run for run in states.values() if not run.streamed]
    chase = port.chase = Chase(sorted(dict.fromkeys(left), key=lambda run: abs(run.id)))
    _next(play, port, chase)
    if port.chase is not None:
        for stream in port.streams.values():
            frames.schedule(play, stream)


def proceed(play: Play, port: Port) -> None:
    """Go on with a chase where its round is over; give it up where the device is gone, or the show ends."""
    chase = port.chase
    if chase is None:
        return
    if not port.ready or play.ending is not None:
        end(port)
    elif frames.goes(play, port) and (chase.overdue or not _goes_on(port, chase)):
        _next(play, port, chase)
    else:
        return
    for stream in port.streams.values():
        frames.schedule(play, stream)
    for lane in port.lanes.values():
        lanes.pump(play, lane)


def end(port: Port) -> None:
    """Wait for no further round."""
    if port.chase is not None and port.chase.alarm is not None:
        port.chase.alarm.cancel()
    port.chase = None


def _next(play: Play, port: Port, chase: Chase) -> None:
    """Send what is of the next round that has something, and wait for that; behind the last nothing waits."""
    last = max(verb.round for verb in port.fixture.device.verbs)
    first, going = chase.round < 0, False
    while port.chase is chase and not going:
        there = [run.command.verb.round for run in chase.left]
        there += [stream.round for stream in port.streams.values() if frames.something_new(stream)]
        chase.round = min((one for one in there if one > chase.round), default=last)
        mine = [run for run in chase.left if run.command.verb.round == chase.round]
        chase.left = [run for run in chase.left if run not in mine]
        chase.sent = []
        if chase.round == last:
            end(port)
        for past in mine:
            if not _taken_over(port, past, first=first):
                chase.sent.append(_take(play, past, first=first))
        first, going = False, _goes_on(port, chase)
    if port.chase is chase:
        _wait(play, port, chase)


def _wait(play: Play, port: Port, chase: Chase) -> None:
    """Wait no longer than that for the ends of a round; while nothing can be sent, as in a pause, it does not count."""

    def passed() -> None:
        chase.overdue = frames.goes(play, port)
        if not chase.overdue:
            _wait(play, port, chase)

    if chase.alarm is not None:
        chase.alarm.cancel()
    chase.overdue = False
    key = (list(play.ports).index(port.fixture.name), 1)
    chase.alarm = play.agenda.on_world(play.real + LONGEST, Rank.ELAPSED, key, passed)


def _goes_on(port: Port, chase: Chase) -> bool:
    """Tell whether something that was sent is not over, or a frame of this round has no answer."""
    streams = (stream for stream in port.streams.values() if stream.round <= chase.round)
    return any(run.result is None for run in chase.sent) or any(
        frames.something_new(stream) or isinstance(stream.lane.flight, int) for stream in streams
    )


def _taken_over(port: Port, past: Sending, *, first: bool) -> bool:
    """Tell whether newer commands have taken over all that a state set, sent or since the ``first`` round in a lane."""
    mine = {name for name, run in port.states.items() if run is past}
    for run in () if first else {one: None for lane in port.lanes.values() for one in lane.queue}:
        verb = run.command.verb
        if _newer(run, past) and verb.class_ in {Class.STATE, Class.MOVE} and verb.properties is not None:
            mine.difference_update(verb.properties(run.command))
    return not mine


def _newer(run: Sending, past: Sending) -> bool:
    """Tell whether a command that waits in a lane came behind a state, by its number if that is of the same count."""
    return not (run.orphan or run.silent) and (past.id < 0 or run.id > past.id)


def _take(play: Play, past: Sending, *, first: bool) -> Sending:
    """Take a state again: in its lanes before what waits for the device, or for a later round, and what is newer."""
    command = replace(past.command, lasting=None)
    run = Sending(past.taken, past.step, past.key, past.line, past.file, command=command, orphan=True)
    taken = play.lanes(runs.issue(play, run))
    for lane in taken:
        lane.queue.insert(_place(lane, past, first=first), run)
    lanes.pump(play, taken[0])
    return run


def _place(lane: Lane, past: Sending, *, first: bool) -> int:
    for number, one in enumerate(lane.queue):
        waits = one.staying or (one.away is not None and one.id > abs(past.id))
        if waits or one.command.verb.round > past.command.verb.round or (not first and _newer(one, past)):
            return number
    return len(lane.queue)

"""Frames: when the next frame of a stream goes, what it carries, and what its reply means.

One frame is unanswered at a time; while it is, newer values replace each other, and nothing ever queues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from showrunner.devices.vocabulary import FrameAnswered, Quantity, Values
from showrunner.engine import curves
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import properties, runs
from showrunner.engine.messages import DeliverClear, DeliverFrame, Read
from showrunner.engine.play import Held, Inflight, Lane, Play, Port, Sending, Stream
from showrunner.engine.states import Incident, State
from showrunner.times import as_duration


def schedule(play: Play, stream: Stream) -> None:
    """Set the alarm of the next frame."""
    if stream.alarm is not None:
        stream.alarm.cancel()
        stream.alarm = None
    port = play.ports[stream.device]
    when = due(play, stream)
    if when is None:
        # A frame that had the lane's next turn is wanted no more: what is queued there goes on.
        had, stream.dirty = stream.dirty, False
        if had and stream.lane.queue and stream.lane.flight is None and port.ready:
            play.hooks.on_free(play, stream.lane)
        return
    if not port.ready or port.busy or play.ended or _gives_way(play, port, stream.lane):
        return
    if not port.reaches(stream.round):
        return
    flight = stream.lane.flight
    if flight is not None:
        lapsing = _lapsing(stream)
        if not isinstance(flight, Sending) or stream.last is None or lapsing is None or not stream.values:
            return
        when = max(when, stream.last + lapsing)
    key = (list(play.ports).index(stream.device), list(port.lanes).index(stream.lane.name))
    stream.alarm = play.agenda.on_world(max(when, play.instant), Rank.FRAME, key, lambda: frame(play, stream))


def wanted(play: Play, port: Port, lane: Lane) -> bool:
    """Tell whether a frame with something new is about to go in this lane (its alarm is set)."""
    stream = port.streams.get(lane.name)
    if stream is None or not (stream.dirty or stream.dropped or stream.releasing):
        return False
    schedule(play, stream)
    return stream.alarm is not None


def something_new(stream: Stream) -> bool:
    """Tell whether a stream has something to send that no frame has carried."""
    return bool(stream.dropped or stream.releasing or (stream.dirty and stream.values))


def _lapsing(stream: Stream) -> int | None:
    """Tell how long after its last frame held values are sent beside an unanswered command: else they would lapse."""
    return None if stream.again is None or stream.lapses is None else stream.lapses - stream.again


def goes(play: Play, port: Port) -> bool:
    """Tell whether commands are sent to a device at this moment."""
    return port.ready and not port.busy and not play.agenda.paused and port.fixture.name not in play.silencing


def _gives_way(play: Play, port: Port, lane: Lane) -> bool:
    """Tell whether a command that takes several lanes is next in all of them and waits for frames alone.

    It would for ever, did each of them go on with its frames while one of another is not answered.
    """
    if not lane.queue or lane.queued_last or not goes(play, port):
        return False
    run = lane.queue[0]
    taken = play.lanes(run)
    if not port.reaches(run.command.verb.round):
        return False
    return len(taken) > 1 and all(one.queue[0] is run and not isinstance(one.flight, Sending) for one in taken)


def due(play: Play, stream: Stream) -> int | None:
    """Tell when the next frame is wanted, whatever is in flight."""
    if stream.dirty and (stream.values or stream.dropped or stream.releasing):
        return play.instant
    if stream.dropped or stream.releasing:
        return play.instant
    if not stream.values or play.options.sparse:
        return None
    if properties.moving(play, stream) and stream.moving_since is not None:
        last = stream.moving_since if stream.last is None else max(stream.last, stream.moving_since)
        each, rate = stream.interval
        count = (last - stream.moving_since) * rate // (1_000_000 * each)
        while (when := stream.moving_since + count * 1_000_000 * each // rate) <= last:
            count += 1
        return when
    if stream.again is None:
        return None
    return play.instant if stream.last is None else stream.last + stream.again


def frame(play: Play, stream: Stream) -> None:
    """Send the next frame: an end of holding, or all values as they are now."""
    stream.alarm = None
    port = play.ports[stream.device]
    stream.dropped = {name: shown for name, shown in stream.dropped.items() if name not in stream.values}
    # Behind an end of holding the rest goes first, or it never would where something is let go at every answer.
    rest = stream.cleared and stream.dirty and bool(stream.values)
    if stream.holds and (stream.dropped or stream.releasing) and not rest:
        _clear(play, port, stream)
        return
    unknown = [name for name, held in stream.values.items() if held.course.start is None]
    if unknown and stream.lane.flight is None:
        stream.lane.flight = "reading"
        stream.lane.limit = play.agenda.on_world(
            play.real + runs.timeout(port), Rank.ELAPSED, (0,), lambda: _read(play, stream, {})
        )
        play.effects.append(Read(stream.device, stream.lane.name, tuple(unknown)))
        return
    known = {name: held for name, held in stream.values.items() if held.course.start is not None}
    stream.dirty = stream.cleared = False
    if known:
        _carry(play, port, stream, known)
    else:
        play.hooks.on_free(play, stream.lane)


def _clear(play: Play, port: Port, stream: Stream) -> None:
    """Send an end of holding; what is held on goes behind it."""
    stream.cleared = True
    first = tuple(stream.releasing)
    stream.dropped, stream.releasing = {}, {}
    stream.dirty = bool(stream.values)
    number = _depart(play, port, stream, first, first, first)
    play.effects.append(DeliverClear(stream.device, stream.lane.name, number, tuple(run.id for run in first)))
    schedule(play, stream)


def _carry(play: Play, port: Port, stream: Stream, known: dict[str, Held]) -> None:
    """Send values as they are now; what has come to its end, and need not be sent again, is let go."""
    shown: dict[str, Quantity] = {name: curves.value(held.course, play.instant) for name, held in known.items()}
    every = tuple({held.run: None for held in known.values()})
    first = tuple({held.run: None for held in known.values() if not held.carried and held.run.state is not State.ENDED})
    ends = tuple(
        {
            held.run: None
            for held in known.values()
            if not held.settled and held.course.arrives <= play.instant and not held.run.releases
        }
    )
    for name, held in known.items():
        held.carried = True
        held.settled = held.settled or held.course.arrives <= play.instant
        if held.settled and not stream.holds:
            stream.values.pop(name)
            stream.known[name] = held.course.to
        elif held.settled and held.over:
            properties.drop(play, stream, name)
    number = _depart(play, port, stream, first, ends, every)
    ids = tuple(run.id for run in first)
    play.effects.append(DeliverFrame(stream.device, stream.lane.name, number, shown, ids, stream.returning))
    stream.returning = False
    schedule(play, stream)


def _depart(
    play: Play,
    port: Port,
    stream: Stream,
    first: tuple[Sending, ...],
    ends: tuple[Sending, ...],
    every: tuple[Sending, ...],
) -> int:
    """Note a frame as sent, give it its number, and set the limits of what it carries for the first time.

    One that carries nothing new is not in the journal: its limit counts from when it was due, however late it went.
    """
    port.number += 1
    number = port.number
    stream.last = play.instant
    sent = play.real if first else play.instant
    limit = play.agenda.on_world(
        sent + runs.timeout(port), Rank.ELAPSED, (1, number), lambda: overdue(play, stream, number)
    )
    stream.waiting[number] = Inflight(first, ends, every, limit)
    for run in every:
        run.frames += 1
    for run in first:
        if run.sent_at is None:
            run.sent_at = play.real
        run.limit = play.agenda.on_world(
            play.real + runs.limit(port, run),
            Rank.ELAPSED,
            (run.id, 2),
            lambda run=run: unanswered(play, stream, run),  # type: ignore[misc]
        )
    if stream.lane.flight is None:
        stream.lane.flight = number
        stream.lane.queued_last = False
    return number


def overdue(play: Play, stream: Stream, number: int) -> None:
    """A frame was not answered in time: the next may go; an end value nobody confirmed was not reached."""
    if stream.lane.flight == number:
        free(stream)
    info = stream.waiting.pop(number, None)
    for run in info.ends if info is not None else ():
        if run.state is State.CARRIED and not run.arrived:
            waited = as_duration(runs.timeout(play.ports[stream.device]))
            refuse(play, stream, run, "timed-out", f"no reply within {waited}")
    play.hooks.on_free(play, stream.lane)


def unanswered(play: Play, stream: Stream, run: Sending) -> None:
    """The first frame of a command was not answered within its limit."""
    if run.state is State.CARRIED and not run.answered:
        waited = runs.limit(play.ports[run.device], run)
        refuse(play, stream, run, "timed-out", f"no reply within {as_duration(waited)}")
        schedule(play, stream)


def values(play: Play, device: str, found: Values) -> None:
    """The device has told what its properties show: asked for a reading, or since the user has moved something."""
    streams = play.ports[device].streams
    if found.asked:
        stream = streams.get(found.lane) or next(iter(streams.values()), None)
        if stream is not None and stream.lane.flight == "reading":
            _read(play, stream, found.values)
        return
    for stream in streams.values():
        stream.known.update({name: to for name, to in found.values.items() if name in stream.known})


def _read(play: Play, stream: Stream, found: Mapping[str, Quantity]) -> None:
    """A reading is over; what the device did not tell starts at the model's own value."""
    port = play.ports[stream.device]
    free(stream)
    for name, held in stream.values.items():
        if held.course.start is None:
            told = found.get(name)
            held.course = replace(held.course, start=properties.default(port, name) if told is None else told)
            stream.dirty = True
    play.hooks.on_free(play, stream.lane)


def free(stream: Stream) -> None:
    """Nothing of the stream is in flight any more."""
    stream.lane.flight = None
    if stream.lane.limit is not None:
        stream.lane.limit.cancel()
        stream.lane.limit = None


def answered(play: Play, device: str, answer: FrameAnswered) -> None:
    """A frame has its reply."""
    number, streams = answer.number, play.ports[device].streams.values()
    stream = next((one for one in streams if number in one.waiting or one.lane.flight == number), None)
    if stream is None:
        return
    if stream.lane.flight == answer.number:
        free(stream)
    info = stream.waiting.pop(answer.number, None)
    if info is None:
        return
    info.limit.cancel()
    if answer.ok:
        for run in info.first:
            run.answered = run.meets(Incident.ANSWER)
            if run.limit is not None:
                run.limit.cancel()
        for run in info.ends:
            run.arrived = True
        for run in info.all:
            check_finished(play, run)
    else:
        guilty = {
            held.run: None for name, held in stream.values.items() if name in answer.properties and held.run in info.all
        }
        for run in guilty or info.first or info.all:
            refuse(play, stream, run, "failed", answer.reason or "refused without a reason")
    play.hooks.on_free(play, stream.lane)


def check_finished(play: Play, run: Sending) -> None:
    """End a streamed command whose frames are answered and whose time has passed."""
    if run.state is not State.CARRIED or not run.answered:
        return
    arrives = run.releases or run.command.over > 0
    counts = run.command.lasting is not None and not run.releases
    if (run.arrived or not arrives) and (run.passed or not counts):
        runs.end(play, run, "done", None)


def refuse(play: Play, stream: Stream, run: Sending, result: str, reason: str) -> None:
    """A streamed command went wrong: its values are carried anew if it may be tried again, else let go."""
    mine = [name for name, held in stream.values.items() if held.run is run]
    if run.retries > 0 and not run.orphan and mine and play.ports[stream.device].ready:
        run.retries -= 1
        run.attempt += 1
        run.meets(Incident.RETRY)
        for name in mine:
            stream.values[name].carried = stream.values[name].settled = False
    else:
        for name in mine:
            stream.values.pop(name)
            owners = play.ports[stream.device].owners
            if owners.get(name) is run:
                owners.pop(name)
        runs.end(play, run, result, reason)
    stream.dirty = True


def lost(play: Play, stream: Stream) -> None:
    """The connection is gone: nothing is in flight; what is held keeps its place in time for the return."""
    free(stream)
    why = play.ports[stream.device].why_lost
    waiting, stream.waiting = stream.waiting, {}
    for info in waiting.values():
        info.limit.cancel()
        for run in info.first:
            if run.state is State.CARRIED and not run.answered:
                refuse(play, stream, run, "failed", why)
        for run in info.ends:
            again = [held for held in stream.values.values() if held.run is run]
            for held in again:
                held.settled = False
            if run.state is State.CARRIED and not run.arrived and not again:
                refuse(play, stream, run, "failed", why)
    never = play.ports[stream.device].why_away
    for run in [*(held.run for held in stream.values.values()), *stream.releasing]:
        if run.state is State.CARRIED and run.sent_at is None:
            runs.end(play, run, "skipped", never)
        elif run.state is State.CARRIED and run in stream.releasing:
            runs.end(play, run, "failed", why)
    stream.releasing.clear()
    missed(play, stream)
    stream.last = None
    schedule(play, stream)


def missed(play: Play, stream: Stream) -> None:
    """What comes to its end while its device is away is not waited for: nobody may ever confirm it.

    A value that stays is sent on the return all the same.
    """
    why = play.ports[stream.device].why_lost
    for run in dict.fromkeys(held.run for held in stream.values.values()):
        ends = [max(held.course.arrives, held.until or 0) for held in stream.values.values() if held.run is run]
        if run.state is State.CARRIED and max(ends) <= play.instant:
            runs.end(play, run, "failed", why)


def stood(play: Play, stream: Stream) -> None:
    """No frame went for a while that nobody counts: what is held is sent again at once, beside whatever is unanswered.

    Only what the device drops by itself; any other has kept what it was told.
    """
    if stream.holds and stream.values:
        stream.last = None if stream.last is None else min(stream.last, play.instant - (_lapsing(stream) or 0))
        returned(play, stream)


def returned(play: Play, stream: Stream) -> None:
    """The connection is back: what is held is sent again."""
    stream.dirty = stream.returning = bool(stream.values)
    schedule(play, stream)

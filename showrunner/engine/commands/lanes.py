"""Lanes: a device's commands in order, one in flight per lane, each within its limit; and what its device says of them.

Ordinary commands only; what is held or moves is handed to ``streams``. While a device is away commands are skipped, but
for a time after it was lost speech and queries wait for it; with `else hold` one that was never sent waits for its
device, and its list stands with it. The state that a skipped one would have set is kept all the same, for the return
(``seeking/chasing``).
"""

from __future__ import annotations

from functools import partial

from showrunner.devices.vocabulary import (
    RETURN_WITHIN,
    TOO_LATE,
    Answered,
    Class,
    Command,
    Ended,
    FrameAnswered,
    Output,
    Values,
)
from showrunner.engine import imagined, names
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import frames, properties, runs, streams
from showrunner.engine.messages import Deliver, Forget
from showrunner.engine.play import Kept, Lane, Play, Port, Sending, Taken
from showrunner.engine.states import Incident, State
from showrunner.timeline.cues import Send
from showrunner.times import as_duration

# --- taking and sending


def take(play: Play, taken: Taken, step: Send, key: Key) -> Sending:
    """Take a device's command: into its lane's queue, or, if it is streamed, to its properties."""
    run = runs.sending(play, taken, step, key)
    run.due = play.score
    port = play.ports[run.device]
    if not port.ready:
        _kept(play, port, run)
    elif run.streamed:
        streams.begin(play, port, run)
    else:
        runs.enqueue(play, run)
        pump(play, play.lanes(run)[0])
    return run


def pump(play: Play, lane: Lane) -> None:
    """Send what is next in a lane, if nothing is in flight there. Queue and stream take turns: neither starves."""
    port = play.ports[lane.device]
    if lane.queue and lane.flight is None and lane.queued_last and frames.wanted(play, port, lane):
        return
    concerned = {lane: None}
    # What is safe goes when all is silent.
    while lane.queue and lane.flight is None and frames.goes(play, port):
        run = lane.queue[0]
        if not port.reaches(run.command.verb.round):
            break
        taken = play.lanes(run)
        concerned.update(dict.fromkeys(taken))
        if not all(one is lane or _open(play, port, one, run) for one in taken):
            break
        for one in taken:
            one.queue.popleft()
        _send(play, port, run)
    for one in concerned:
        if (stream := port.streams.get(one.name)) is not None:
            frames.schedule(play, stream)


def _open(play: Play, port: Port, lane: Lane, run: Sending) -> bool:
    """Tell whether a command has the next turn in a further lane that it takes."""
    if lane.queue[0] is not run or lane.flight is not None:
        return False
    return not (lane.queued_last and frames.wanted(play, port, lane))


def _send(play: Play, port: Port, run: Sending) -> None:
    """Send one attempt of a command."""
    _present(play, run)
    if run.streamed:
        streams.begin(play, port, run)
        return
    if _too_late(play, port, run):
        runs.end(play, run, "skipped", "too late")
        return
    command = runs.filled(play, run.command, run.scope)
    if isinstance(command, str):
        runs.end(play, run, "skipped", f"no value for {command}")
        return
    if command is not run.command and _silent(command):
        runs.end(play, run, "done", "nothing to say")
        return
    run.command = command
    run.meets(Incident.SEND)
    run.attempt += 1
    run.began = play.instant
    run.answered = run.passed = False
    run.reported = None
    for lane in play.lanes(run):
        lane.flight = run
        lane.queued_last = True
    first = run.sent_at is None
    if first:
        run.sent_at = play.real
    until = play.real + runs.limit(port, run)
    run.limit = play.agenda.on_world(until, Rank.ELAPSED, (run.id,), lambda: expire(play, run))
    if command.lasting is not None:
        until = play.instant + command.lasting
        run.lasting = play.agenda.on_world(until, Rank.ELAPSED, (run.id,), lambda: passed(play, run))
    if command.verb.properties is not None and command.verb.class_ in {Class.STATE, Class.MOVE}:
        owned = command.verb.properties(command)
        properties.claim(play, port, run, owned)
        port.states.update(dict.fromkeys(owned, run))
    if run.silent:
        _imagine(play, port, run, command)
    else:
        if not play.silent:
            play.lately.append((run.id, command))
        play.effects.append(Deliver(run.device, run.id, run.attempt, command))
    if first and not run.orphan:
        play.hooks.on_sent(play, run)


def _silent(command: Command) -> bool:
    """Tell whether what was to be said has turned out empty; with a picture it is sent nevertheless."""
    verb = command.verb
    if verb.class_ is not Class.SPEECH or verb.speaks is None:
        return False
    if any(kind.picture and command.get(name) is not None for name, kind in verb.kinds.items()):
        return False
    said = verb.speaks(command)
    return bool(said) and not any(one.text for one in said)


def _too_late(play: Play, port: Port, run: Sending) -> bool:
    """Tell whether the moment of an impulse is over: its lane was taken for too long.

    Paused time does not count. What is safe after a panic is sent however late, and so is another attempt.
    """
    once = run.command.verb.class_ is Class.IMPULSE and run.attempt == 0 and not run.scope.closed
    return once and play.score - run.due > runs.setting(port, TOO_LATE)


def _imagine(play: Play, port: Port, run: Sending, command: Command) -> None:
    """Let a command that waited in its lane when the show was sought into end as it does in the plan, unsent."""
    sent = Deliver(run.device, run.id, run.attempt, command)
    for delay, device, output in imagined.answers(sent, {run.device: port.fixture}, {run.device: port.inventory}):
        if isinstance(output, Answered | Ended):
            act = partial(hear, play, device, output)
            play.agenda.on_world(play.instant + delay, Rank.ELAPSED, (0, -run.id), act)


# --- hearing


def hear(play: Play, device: str, output: Output) -> None:
    """Take in what a driver, or an imagined device, made of a frame; what is no answer concerns nobody here."""
    if isinstance(output, Answered):
        _answered(play, device, output)
    elif isinstance(output, Ended):
        _ended(play, output)
    elif isinstance(output, FrameAnswered):
        frames.answered(play, device, output)
    elif isinstance(output, Values):
        frames.values(play, device, output)


def _answered(play: Play, device: str, answer: Answered) -> None:
    """A command's attempt has its reply. A late one, of an attempt given up, changes nothing."""
    run = play.runs.get(answer.id)
    if not isinstance(run, Sending) or run.streamed or run.attempt != answer.attempt:
        return
    if not run.meets(Incident.ANSWER):
        return
    if not (run.command.verb.keeps and run.under_way and answer.ok and not answer.short):
        runs.land(play, run)
    if answer.short:
        runs.end(play, run, "cancelled", run.hushed or answer.reason or "stop")
    elif answer.ok:
        run.answered = True
        properties.told(play.ports[device], run)
        if run.limit is not None and not _limited(run):
            run.limit.cancel()
        _keep(play, run, answer.answer)
        check_finished(play, run)
    else:
        fail(play, run, "failed", answer.reason or "refused without a reason")
    for lane in play.lanes(run):
        pump(play, lane)


def _limited(run: Sending) -> bool:
    """Tell whether the limit of an attempt counts on behind its reply: its own does; of a voice only if it is awaited.

    What a row or a device gives is for the reply alone: how long a transition takes, or a clip, says the program.
    """
    voice = run.command.verb.class_ is Class.SPEECH
    return run.under_way and run.step.within is not None and (run.step.wait or not voice)


def _keep(play: Play, run: Sending, answer: str | None) -> None:
    """Keep what a device answered, where it is to be kept."""
    if run.step.keep is not None and answer is not None:
        names.keep(play, run.scope, run.step.keep, Kept(answer))
        run.kept = True


def _ended(play: Play, ended: Ended) -> None:
    """What a command began is over. Before the reply that is remembered: with a refusal it will have failed."""
    run = play.runs.get(ended.id)
    if isinstance(run, Sending) and run.attempt == ended.attempt and run.under_way and run.meets(Incident.REPORT):
        run.reported = ended
        if run.state is State.LASTING:
            runs.land(play, run)
        check_finished(play, run)
        for lane in play.lanes(run):
            pump(play, lane)


def passed(play: Play, run: Sending) -> None:
    """A command's `for` has passed."""
    run.passed = run.meets(Incident.PASS)
    check_finished(play, run)


def check_finished(play: Play, run: Sending) -> None:
    """End an ordinary command that has its reply, its reported end and its time."""
    if run.state is not State.LASTING or run.under_way:
        return
    if run.limit is not None:
        run.limit.cancel()  # it never counts for the `for`
    ended = run.reported
    if ended is not None and ended.result == "failed":
        fail(play, run, "failed", ended.reason or "it failed, and no reason was given")
        return
    if ended is not None and ended.result == "cancelled":
        cut = "stop" if run.command.verb.class_ is Class.SPEECH else None
        runs.end(play, run, "cancelled", run.hushed or ended.reason or cut)
        return
    if ended is not None:
        _keep(play, run, ended.answer)
    if run.command.lasting is None or run.passed or run.orphan:  # nobody counts on the `for` of an orphan
        runs.end(play, run, "done", None)


def expire(play: Play, run: Sending) -> None:
    """A command's time limit has come before its reply."""
    runs.land(play, run)
    voice = run.command.verb.class_ is Class.SPEECH
    what = "reply" if run.state is State.SENT else "end of the speech" if voice else "end"
    waited = as_duration(runs.limit(play.ports[run.device], run))
    fail(play, run, "timed-out", f"no {what} within {waited}")
    play.effects.append(Forget(run.device, run.id, run.attempt))
    # Not in this step: its driver is told first, and may find that the device answers nothing any more.
    for lane in play.lanes(run):
        play.agenda.on_world(play.instant, Rank.ELAPSED, (run.id, 3), partial(pump, play, lane))


def fail(play: Play, run: Sending, result: str, reason: str) -> None:
    """An attempt went wrong: try again, before anything queued in the lane, or end."""
    if run.retries > 0 and not run.orphan and play.ports[run.device].ready:
        run.retries -= 1
        for alarm in (run.limit, run.lasting):
            if alarm is not None:
                alarm.cancel()
        run.meets(Incident.RETRY)
        for lane in play.lanes(run):
            lane.queue.appendleft(run)
    else:
        runs.end(play, run, result, reason)


# --- a device is away


def _kept(play: Play, port: Port, run: Sending) -> None:
    """A command cannot be sent, for its device is away: it is skipped, unless it waits for the device.

    With `else hold` it does, no longer than its `within`; what the command line or the stage file says of failures
    makes nothing wait. Speech and queries do where the device was just lost.
    """
    counts = not (run.orphan or run.silent or play.silent or run.scope.closed)
    if counts and run.step.policy == "hold":
        runs.enqueue(play, run)
        run.away = play.hooks.hold_for(play, run)
    elif counts and port.returning is not None and run.command.verb.class_ in {Class.SPEECH, Class.QUERY}:
        runs.enqueue(play, run)
        run.staying = True
    else:
        _skip(play, port, run)


def expect(play: Play, port: Port) -> None:
    """A device was lost just now: speech and queries wait for it, from here on for so long."""
    until = play.real + runs.setting(port, RETURN_WITHIN)
    key = (list(play.ports).index(port.fixture.name),)
    port.returning = play.agenda.on_world(until, Rank.ELAPSED, key, lambda: _stays_away(play, port))


def lost(play: Play, port: Port) -> None:
    """A device is gone, or mute: what is on its way to it, or not over, has failed; what is queued cannot be sent."""
    for lane in port.lanes.values():
        flying = lane.flight if isinstance(lane.flight, Sending) else None
        lane.flight = None
        for run in list(lane.queue):
            # One with `else stop` takes the others out.
            if run.state is State.QUEUED and play.lanes(run)[0] is lane:
                runs.withdraw(play, run)
                _kept(play, port, run)
        if flying is not None and flying.state is State.SENT:
            runs.end(play, flying, "failed", port.why_lost)
    for run in under_way(play, port):
        if run.result is None:  # the end of one may have ended others
            runs.end(play, run, "failed", port.why_lost)


def given_up(play: Play, port: Port) -> None:
    """Another program goes on with this show: what was on its way, or sounds, has failed; what is queued comes.

    Nobody will tell how it ended, so it is not sent again either.
    """
    for run in under_way(play, port):
        runs.land(play, run)
        if run.result is None:  # the end of one may have ended others
            runs.end(play, run, "failed", port.why_lost)


def under_way(play: Play, port: Port) -> list[Sending]:
    """Give the commands of a device that are on their way to it, or sound."""
    mine = (run for run in play.runs.values() if isinstance(run, Sending) and run.device == port.fixture.name)
    return [
        run
        for run in mine
        if not (run.streamed or run.silent)
        and (run.state is State.SENT or (run.state is State.LASTING and run.under_way))
    ]


def _stays_away(play: Play, port: Port) -> None:
    """A device that was lost is waited for no longer."""
    port.returning = None
    for lane in port.lanes.values():
        for run in list(lane.queue):
            if run.staying and run.state is State.QUEUED:  # one with `else stop` takes the others out
                run.staying = False
                do_without(play, run)


def returned(play: Play, port: Port) -> None:
    """A device is back, and its states are queued: what has waited goes out in its place."""
    if port.returning is not None:
        port.returning.cancel()
        port.returning = None
    for lane in port.lanes.values():
        for run in lane.queue:
            _present(play, run)
        pump(play, lane)


def _present(play: Play, run: Sending) -> None:
    """A command waits for its device no more."""
    run.staying = False
    if run.away is not None:
        run.due = play.score
        run.away = None
        if run.limit is not None:
            run.limit.cancel()


def do_without(play: Play, run: Sending) -> None:
    """A command waits for its device no longer: it is skipped after all."""
    runs.withdraw(play, run)
    _skip(play, play.ports[run.device], run)


def _skip(play: Play, port: Port, run: Sending) -> None:
    """Skip a command, and remember what it would have done to the stage: the device is brought there on its return.

    One that was to be tried again is not skipped: it has failed.
    """
    if run.attempt:
        runs.end(play, run, "failed", port.why_lost)
    else:
        runs.end(play, run, "skipped", port.why_away)
    command = runs.filled(play, run.command, run.scope)
    if isinstance(command, str) or run.scope.closed:
        return
    run.command = command
    if run.streamed:
        streams.intend(play, port, run)
    elif command.verb.properties is not None and command.verb.class_ in {Class.STATE, Class.MOVE}:
        port.states.update(dict.fromkeys(command.verb.properties(command), run))

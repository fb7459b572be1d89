"""Lanes: a command from the moment it is taken to its one outcome; one in flight per lane, in order, within its limit.

Ordinary commands only; what is held or moves is handed to ``streams``. Every command, streamed or not, ends in ``end``,
and nowhere else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from showrunner.devices.vocabulary import (
    Answer,
    Answered,
    Argument,
    Class,
    Command,
    Finished,
    Spoken,
    Text,
)
from showrunner.engine import imagined, naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import absence, frames, streams
from showrunner.engine.messages import Deliver, Forget
from showrunner.engine.play import Lane, Play, Port, Run, Taken
from showrunner.engine.score import lists, segments, turns, waits
from showrunner.engine.states import Change, State, after, badly
from showrunner.timeline.cues import Await, Send
from showrunner.times import as_duration

# --- taking


def issue(
    play: Play, taken: Taken, step: Send | Await, key: Key, line: int, file: str | None, command: Command | None
) -> Run:
    """Give a command its number and write it down: one of a cue, of a chase or of a `safe:` list, all in this way.

    ``line`` and ``file`` are its place as the journal names it, ``command`` what is sent of ``step``.
    """
    scope = taken.scope
    play.ids += 1
    device = command.device if command is not None else (step.device or "" if isinstance(step, Await) else "")
    run = Run(play.ids, scope, taken, step, key, line, file, device, command)
    play.runs[run.id] = run
    scope.home.runs[run] = None
    if command is not None and command.verb.class_ is Class.SPEECH:
        play.speaking[run] = None
    if play.wants("command"):
        play.write(
            "command",
            command,
            id=run.id,
            device=device or None,
            verb=command.verb.name if command is not None else "wait for",
            **naming.where(play, scope, taken),
            line=line,
            text=step.text,
            file=file,
            through=naming.through(play, scope) or None,
        )
    return run


def begin(play: Play, taken: Taken, step: Send | Await, key: Key) -> Run:
    """Issue a command of a cue, which is unfinished from now on."""
    scope = taken.scope
    line = scope.base + taken.cue.line + step.span.line
    command = step.command if isinstance(step, Send) else None
    run = issue(play, taken, step, key, line, naming.file_name(play, scope), command)
    taken.begin(run)
    return run


def take(play: Play, taken: Taken, step: Send, key: Key) -> Run:
    """Take a device's command: into its lane's queue, or, if it is streamed, to its properties."""
    run = begin(play, taken, step, key)
    run.retries = step.retry
    port = play.ports[run.device]
    if not port.ready:
        absence.kept(play, port, run)
    elif streamed(run):
        streams.begin(play, port, run)
    else:
        lane = port.lanes[step.command.verb.lane]
        lane.queue.append(run)
        pump(play, lane)
    return run


def streamed(run: Run) -> bool:
    """Tell whether a command is carried by frames."""
    return run.command is not None and run.command.verb.stream is not None


# --- sending


def pump(play: Play, lane: Lane) -> None:
    """Send what is next in a lane, if nothing is in flight there. Queue and stream take turns: neither starves."""
    port = play.ports[lane.device]
    if lane.queue and lane.flight is None and lane.queued_last and frames.wanted(play, port, lane):
        return
    while lane.queue and lane.flight is None and port.ready and not play.agenda.paused:
        if lane.device in play.silencing:
            break  # what is safe goes when all is silent
        send(play, port, lane, lane.queue.popleft())
    if port.stream is not None and port.stream.lane is lane:
        frames.schedule(play, port.stream)


def send(play: Play, port: Port, lane: Lane, run: Run) -> None:
    """Send one attempt of a command."""
    step = run.step
    if run.command is None or not isinstance(step, Send):
        raise TypeError("only a device's command is sent")
    absence.present(run)
    if streamed(run):
        streams.begin(play, port, run)
        return
    command = filled(play, run.command)
    if isinstance(command, str):
        end(play, run, "skipped", f"no value for {command}")
        return
    run.command = command
    run.state = after(run.state, Change.SEND)
    run.attempt += 1
    run.began = play.instant
    run.answered = run.spoken = run.passed = False
    lane.flight = run
    lane.queued_last = True
    first = run.sent_at is None
    if first:
        run.sent_at = play.real
    run.limit = play.agenda.on_world(
        play.real + limit(port, step, command), Rank.ELAPSED, (run.id,), lambda: expire(play, run)
    )
    if command.lasting is not None:
        run.lasting = play.agenda.on_world(
            play.instant + command.lasting, Rank.ELAPSED, (run.id,), lambda: passed(play, run)
        )
    if command.verb.properties is not None and command.verb.class_ in {Class.STATE, Class.MOVE}:
        owned = command.verb.properties(command)
        streams.claim(play, port, run, owned)
        port.states.update(dict.fromkeys(owned, run))
    if run.silent:
        imagine(play, port, run, command)
    else:
        play.effects.append(Deliver(run.device, run.id, run.attempt, command))
    if first and step.meanwhile is not None and not run.orphan:
        run.meanwhile = lists.open_meanwhile(play, run.scope, run.taken, run.key, step.meanwhile)


def imagine(play: Play, port: Port, run: Run, command: Command) -> None:
    """Let a command that waited in its lane when the show was sought into end as it does in the plan, unsent."""
    sent = Deliver(run.device, run.id, run.attempt, command)
    for delay, device, output in imagined.answers(sent, {run.device: port.fixture}):
        if isinstance(output, Answered):
            act = partial(answered, play, device, output)
        elif isinstance(output, Spoken):
            act = partial(spoken, play, output)
        else:
            continue
        play.agenda.on_world(play.instant + delay, Rank.ELAPSED, (0, -run.id), act)


def limit(port: Port, step: Send, command: Command) -> int:
    """Give the time limit of one attempt, in microseconds."""
    if step.within is not None:
        return step.within
    verb = command.verb
    if verb.limit_of is not None:
        found: int | None = verb.limit_of(command, port.fixture.settings)
        if found is not None:
            return found
    if verb.limit is not None:
        return verb.limit
    timeout = port.fixture.settings.get("timeout")
    return timeout if isinstance(timeout, int) else 5_000_000


def filled(play: Play, command: Command) -> Command | str:
    """Fill in the answers kept so far; the name of the first that is not there if one is missing."""
    for argument in command.arguments:
        if isinstance(argument.value, tuple | list | dict):
            break
    else:
        return command
    arguments: list[Argument] = []
    changed = False
    for argument in command.arguments:
        value = _filled(play, argument.value)
        if isinstance(value, _Missing):
            return value.name
        changed = changed or value is not argument.value
        arguments.append(replace(argument, value=value))
    return replace(command, arguments=tuple(arguments)) if changed else command


class _Missing:
    def __init__(self, name: str) -> None:
        self.name = name


def _filled(play: Play, value: Any) -> Any:
    if isinstance(value, dict):
        pairs = {key: _filled(play, item) for key, item in value.items()}
        return next((item for item in pairs.values() if isinstance(item, _Missing)), pairs)
    if isinstance(value, list):
        items = [_filled(play, item) for item in value]
        return next((item for item in items if isinstance(item, _Missing)), items)
    if isinstance(value, tuple) and any(isinstance(part, Answer) for part in value):
        return fill(play, value)
    return value


def fill(play: Play, text: Text) -> str | _Missing:
    """Put the answers into a text."""
    parts: list[str] = []
    for part in text:
        if isinstance(part, str):
            parts.append(part)
        elif part.name in play.answers:
            parts.append(play.answers[part.name])
        else:
            return _Missing(part.name)
    return "".join(parts)


# --- answering


def answered(play: Play, device: str, answer: Answered) -> None:
    """A command's attempt has its reply. A late one, of an attempt given up, changes nothing."""
    run = play.runs.get(answer.id)
    if run is None or run.state is not State.SENT or run.attempt != answer.attempt or run.command is None:
        return
    lane = play.ports[device].lanes[run.command.verb.lane]
    if lane.flight is run:
        lane.flight = None
    if answer.short:
        end(play, run, "cancelled", "stop")
    elif answer.ok:
        step = run.step
        run.state = after(run.state, Change.ANSWER)
        run.answered = True
        streams.told(play.ports[device], run)
        waits_for_voice = run.command.verb.finished is Finished.SPEECH and isinstance(step, Send) and step.wait
        if run.limit is not None and not waits_for_voice:
            run.limit.cancel()
        if isinstance(step, Send) and step.keep is not None and answer.answer is not None:
            play.answers[step.keep] = answer.answer
            run.kept = True
        check_finished(play, run)
    else:
        fail(play, run, "failed", answer.reason or "refused without a reason")
    pump(play, lane)


def spoken(play: Play, spoken: Spoken) -> None:
    """A command's voice has ended."""
    run = play.runs.get(spoken.id)
    if run is not None and run.state in {State.SENT, State.LASTING} and run.attempt == spoken.attempt:
        run.spoken = True
        check_finished(play, run)


def passed(play: Play, run: Run) -> None:
    """A command's `for` has passed."""
    run.passed = True
    check_finished(play, run)


def check_finished(play: Play, run: Run) -> None:
    """End an ordinary command that has its reply, its voice and its time."""
    if run.state is not State.LASTING or run.command is None or not run.answered:
        return
    if run.command.verb.finished is Finished.SPEECH and not run.spoken:
        return
    if run.command.lasting is None or run.passed or run.orphan:  # nobody counts on the `for` of an orphan
        end(play, run, "done", None)


def expire(play: Play, run: Run) -> None:
    """A command's time limit has come before its reply."""
    if run.state is State.ENDED or run.command is None:
        return
    lane = play.ports[run.device].lanes[run.command.verb.lane]
    if lane.flight is run:
        lane.flight = None
    play.effects.append(Forget(run.device, run.id, run.attempt))
    port = play.ports[run.device]
    waited = limit(port, run.step, run.command) if isinstance(run.step, Send) else 0
    what = "end of the speech" if run.state is State.LASTING else "reply"
    fail(play, run, "timed-out", f"no {what} within {as_duration(waited)}")
    pump(play, lane)


# --- ending


def fail(play: Play, run: Run, result: str, reason: str) -> None:
    """An attempt went wrong: try again, before anything queued in the lane, or end."""
    if run.retries > 0 and not run.orphan and run.command is not None and play.ports[run.device].ready:
        run.retries -= 1
        for alarm in (run.limit, run.lasting):
            if alarm is not None:
                alarm.cancel()
        run.state = after(run.state, Change.RETRY)
        play.ports[run.device].lanes[run.command.verb.lane].queue.appendleft(run)
    else:
        end(play, run, result, reason)


def keep_default(play: Play, run: Run, step: Send, name: str) -> None:
    """Keep the text after `or` where no answer came, and note it for what begins behind this command (a seek)."""
    default = step.default if step.default is None or isinstance(step.default, str) else fill(play, step.default)
    known = default if isinstance(default, str) else None
    play.defaults[name] = known
    if known is not None and not run.kept:
        play.answers[name] = known


def end(play: Play, run: Run, result: str, reason: str | None, why: str | None = None) -> None:
    """Give a command its one outcome, and let everything that depended on it follow."""
    if run.state is State.ENDED:
        return
    run.state = after(run.state, Change.END)
    run.result = result
    for alarm in (run.limit, run.lasting):
        if alarm is not None:
            alarm.cancel()
    went_badly = badly(result, reason)
    if not run.silent:
        play.counts[result] += 1
        play.bad = play.bad or went_badly
        if play.wants("outcome"):
            play.write(
                "outcome",
                id=run.id,
                result=result,
                reason=reason,
                took=0 if run.sent_at is None else max(0, play.real - run.sent_at),
                frames=run.frames if streamed(run) else None,
            )
    play.runs.pop(run.id, None)
    play.speaking.pop(run, None)
    run.scope.home.runs.pop(run, None)
    step = run.step
    if isinstance(step, Send) and step.keep is not None:
        keep_default(play, run, step, step.keep)
    if went_badly and not run.orphan and not run.scope.closed and run.away is None:
        policy = play.policy(step.policy)
        if policy == "hold":
            waits.bar(play, run)
        elif policy == "stop":
            segments.stop(play, "stopped", "stop")
    if run.meanwhile is not None:
        segments.close_home(play, run.meanwhile.home, "over")
    if run.wait is not None:
        waits.end_wait(play, run.wait, why or ("timed-out" if result == "timed-out" else "finished"))
    turns.leave(play, run.taken, run)

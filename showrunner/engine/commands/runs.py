"""Runs: a command from its number in the journal to its one outcome, whatever becomes of it in between.

All begin in ``issue`` and end in ``end``, and nowhere else: those of a cue, of a chase, of a `safe:` list, and every
`wait for …`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

from showrunner.devices.vocabulary import Answer, Argument, Class, Command, Setting, Text
from showrunner.engine import names, naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.play import Awaiting, Kept, Lane, Play, Port, Run, Scope, Sending, Taken
from showrunner.engine.states import Incident, badly
from showrunner.timeline.cues import Await, Send, inserted

R = TypeVar("R", Sending, Awaiting)

USUAL_LIMIT = 5_000_000
"""So long a device is given for a reply (microseconds) if its settings do not say."""

# --- taking


def issue(play: Play, run: R) -> R:
    """Give a command its number and write it down: one of a cue, of a chase or of a `safe:` list, all in this way."""
    play.ids += 1
    run.id = play.ids
    play.runs[run.id] = run
    run.scope.home.runs[run] = None
    command: Command | None = None
    if isinstance(run, Sending):
        command = run.command
        if command.verb.class_ is Class.SPEECH:
            play.speaking[run] = None
    if play.wants("command"):
        play.write(
            "command",
            command,
            id=run.id,
            device=run.device,
            verb=run.verb,
            **naming.where(play, run.taken),
            line=run.line,
            text=run.step.text,
            filled=_told(play, run),
            file=run.file,
            through=naming.through(play, run.scope) or None,
        )
    return run


def sending(play: Play, taken: Taken, step: Send, key: Key) -> Sending:
    """Issue a device's command of a cue, which is unfinished from now on."""
    line, file = naming.place(play, taken, step)
    command = _counted(play, step.command, taken.scope)
    run = issue(play, Sending(taken, step, key, line, file, command=command, retries=step.retry))
    taken.begin(run)
    return run


def awaiting(play: Play, taken: Taken, step: Await, key: Key) -> Awaiting:
    """Issue a `wait for …` of a cue, which is unfinished from now on."""
    line, file = naming.place(play, taken, step)
    run = issue(play, Awaiting(taken, step, key, line, file, since=play.real))
    taken.begin(run)
    return run


def _counted(play: Play, command: Command, scope: Scope) -> Command:
    """Put in what counts the turns, which is another number when the command is sent after an edit."""

    def put(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: put(item) for key, item in value.items()}
        if isinstance(value, list):
            return [put(item) for item in value]
        if not isinstance(value, tuple) or not any(isinstance(part, Answer) for part in value):
            return value
        parts = [
            part if isinstance(part, str) or (kept := names.now(play, scope, part.name)) is None else kept.says(None)
            for part in value
        ]
        return "".join(map(str, parts)) if all(isinstance(part, str) for part in parts) else tuple(parts)

    if all(isinstance(argument.value, str | int | float) for argument in command.arguments):
        return command
    arguments = tuple([replace(argument, value=put(argument.value)) for argument in command.arguments])
    return command if arguments == command.arguments else replace(command, arguments=arguments)


def _told(play: Play, run: Run) -> str | None:
    """Give a command as a person reads it, with what is known by now; None where that is no other text."""
    written = run.step.filled or run.step.text
    if "{" not in written:
        return run.step.filled

    def known(name: str, field: str | None) -> str | None:
        kept = names.kept(play, run.scope, name)
        return None if kept is None else _said(kept, field, plain)

    plain = run.command.verb.plain if isinstance(run, Sending) else None
    told = inserted(written, known)
    return run.step.filled if told == written else told


# --- on its way


def limit(port: Port, run: Sending) -> int:
    """Give the time limit of one attempt, in microseconds: its own, its verb's, its device's."""
    if run.step.within is not None:
        return run.step.within
    verb = run.command.verb
    if verb.limit_of is not None:
        found: int | None = verb.limit_of(run.command, port.fixture.settings)
        if found is not None:
            return found
    return timeout(port) if verb.limit is None else verb.limit


def timeout(port: Port) -> int:
    """Give the device's own time limit."""
    found = port.fixture.settings.get("timeout")
    return found if isinstance(found, int) else USUAL_LIMIT


def setting(port: Port, row: Setting) -> int:
    """Give what a device's settings say of one that every device has."""
    return int(port.fixture.settings.get(row.name, row.default))


def filled(play: Play, command: Command, scope: Scope | None) -> Command | str:
    """Fill in the answers kept so far, as a list knows them; the name of the first that is missing, if one is."""
    for argument in command.arguments:
        if isinstance(argument.value, tuple | list | dict):
            break
    else:
        return command
    arguments: list[Argument] = []
    changed = False
    for argument in command.arguments:
        value = _filled(play, scope, argument.value, command.verb.plain)
        if isinstance(value, _Missing):
            return value.name
        changed = changed or value is not argument.value
        arguments.append(replace(argument, value=value))
    return replace(command, arguments=tuple(arguments)) if changed else command


class _Missing:
    def __init__(self, name: str) -> None:
        self.name = name


Plain: TypeAlias = "Callable[[str], str] | None"
"""Takes out of what a stranger wrote what would be obeyed (``Verb.plain``)."""


def _filled(play: Play, scope: Scope | None, value: Any, plain: Plain) -> Any:
    if isinstance(value, dict):
        pairs = {key: _filled(play, scope, item, plain) for key, item in value.items()}
        return next((item for item in pairs.values() if isinstance(item, _Missing)), pairs)
    if isinstance(value, list):
        items = [_filled(play, scope, item, plain) for item in value]
        return next((item for item in items if isinstance(item, _Missing)), items)
    if isinstance(value, tuple) and any(isinstance(part, Answer) for part in value):
        return _fill(play, scope, value, plain)
    return value


def _fill(play: Play, scope: Scope | None, text: Text, plain: Plain = None) -> str | _Missing:
    """Put the answers into a text."""
    parts: list[str] = []
    for part in text:
        if isinstance(part, str):
            parts.append(part)
        elif (kept := names.kept(play, scope, part.name)) is not None:
            parts.append(_said(kept, part.field, plain))
        else:
            return _Missing(part.spelled)
    return "".join(parts)


def _said(kept: Kept, field: str | None, plain: Plain) -> str:
    said = kept.says(field)
    return plain(said) if plain is not None and field in kept.strange else said


# --- in its lanes


def enqueue(play: Play, run: Sending) -> None:
    """Put a command behind all others of its lanes."""
    for lane in play.lanes(run):
        lane.queue.append(run)


def withdraw(play: Play, run: Sending) -> None:
    """Take a command out of its lanes. What stood behind it in one of several waits for it no more."""
    taken = play.lanes(run)
    for lane in taken:
        lane.queue.remove(run)
    if len(taken) > 1:
        _freed(play, run, taken)


def land(play: Play, run: Sending) -> tuple[Lane, ...]:
    """Note that a command is in flight no more; gives the lanes that are free now."""
    taken = tuple(lane for lane in play.lanes(run) if lane.flight is run)
    for lane in taken:
        lane.flight = None
    return taken


def _freed(play: Play, run: Sending, taken: tuple[Lane, ...]) -> None:
    """Let what is next go, behind this step: it may be about to close what is next."""
    for number, lane in enumerate(taken):
        play.agenda.on_world(
            play.instant,
            Rank.ELAPSED,
            (run.id, 4, number),
            lambda lane=lane: play.hooks.on_free(play, lane),  # type: ignore[misc]
        )


# --- ending


def end(play: Play, run: Run, result: str, reason: str | None, why: str | None = None) -> None:
    """Give a command its one outcome; ``on_ended`` lets everything that depended on it follow.

    ``why``: what a wait for it is told to have ended by, where that is not the outcome.
    """
    if run.result is not None:
        return
    run.result, run.reason = result, reason
    if isinstance(run, Sending):
        run.meets(Incident.END)
        if kept := land(play, run):
            _freed(play, run, kept)
        for alarm in (run.limit, run.lasting):
            if alarm is not None:
                alarm.cancel()
    if not run.silent:
        play.counts[result] += 1
        play.bad = play.bad or badly(result, reason)
        if play.wants("outcome"):
            _write(play, run, result, reason)
    play.runs.pop(run.id, None)
    run.scope.home.runs.pop(run, None)
    if isinstance(run, Sending):
        play.speaking.pop(run, None)
    if run.step.keep is not None:
        _keep_default(play, run, run.step.keep)
    play.hooks.on_ended(play, run, why)


def _write(play: Play, run: Run, result: str, reason: str | None) -> None:
    began, frames = run.sent_at if isinstance(run, Sending) else run.since, None
    took = 0 if began is None else max(0, play.real - began)
    if isinstance(run, Sending) and run.streamed:
        frames = run.frames
    play.write("outcome", id=run.id, result=result, reason=reason, took=took, frames=frames)


def _keep_default(play: Play, run: Run, name: str) -> None:
    """Keep the text after `or` where nothing came, and note it for what begins behind this command (a seek).

    Without one, a `wait for` whose event did not come leaves no value: an old one must not decide a new question.
    """
    text = default(play, run)
    known = None if text is None else Kept(text, otherwise=text)
    if run.scope.names is None:
        play.defaults[name] = known
    if not run.kept and (known is not None or isinstance(run, Awaiting)):
        names.keep(play, run.scope, name, known)


def default(play: Play, run: Run) -> str | None:
    """Give the text after `or`; None where there is none, or what it is made of is not there."""
    return said_instead(play, run.scope, run.step.default)


def said_instead(play: Play, scope: Scope | None, written: str | Text | None) -> str | None:
    """Fill in the text after an `or`; None where there is none, or what it is made of is not there."""
    found = written if written is None or isinstance(written, str) else _fill(play, scope, written)
    return found if isinstance(found, str) else None

"""Panic: how devices are silenced, and what each is sent when it is silent: rule "panic".

A device that is being silenced is sent nothing; when it is silent, and only after a panic, it gets the commands of its
`safe:` list. They stand in no segment: each belongs to a list that was closed before it began, so nothing waits for
them but the end of the show.
"""

from __future__ import annotations

from showrunner.diagnostics.diagnostic import Span
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import lanes, runs, voices
from showrunner.engine.messages import Silence
from showrunner.engine.play import Home, Part, Play, Scope, Sending, Taken
from showrunner.engine.states import State
from showrunner.timeline import cues

CUE = "safe"
"""What the journal calls the cue of these commands."""

LONGEST = 3_000_000
"""A device that does not tell by then (microseconds) counts as silent."""

_NOWHERE = Span(0, 1, 1)


def silence(play: Play, device: str, cut: tuple[tuple[int, int], ...] | None = None) -> None:
    """Have a device silenced, or its voice alone (``cut``); until it is, its lanes send nothing."""
    if device in play.silencing:
        return
    key = (list(play.ports).index(device),)
    alarm = play.agenda.on_world(play.real + LONGEST, Rank.ELAPSED, key, lambda: silenced(play, device))
    play.silencing[device] = alarm
    play.effects.append(Silence(device, cut))


def speaking(play: Play) -> tuple[str, ...]:
    """Give the devices that speak at this moment."""
    return tuple({run.device: None for run in play.speaking if run.state in {State.SENT, State.LASTING}})


def hush(play: Play, devices: tuple[str, ...]) -> None:
    """Silence what spoke when the operator ended the show. What is sent already still gets its answer."""
    for device in devices:
        if play.ports[device].ready:
            silence(play, device)


def silenced(play: Play, device: str) -> None:
    """A device is silent: after a panic its safe state is due."""
    alarm = play.silencing.pop(device, None)
    if alarm is None:
        return
    alarm.cancel()
    voices.silent(play, device)
    if play.panicked:
        secure(play, device)
    for lane in play.ports[device].lanes.values():
        lanes.pump(play, lane)


def secure(play: Play, device: str) -> None:
    """Take the commands of a device's `safe:` list, in order."""
    for number, safe in enumerate(play.options.safe):
        if safe.send.command.device == device:
            _take(play, safe, number)


def give_up(play: Play) -> None:
    """Wait for no device any more (a second Ctrl-C)."""
    for alarm in play.silencing.values():
        alarm.cancel()
    play.silencing.clear()


def _take(play: Play, safe: cues.Safe, number: int) -> None:
    step, command = safe.send, safe.send.command
    taken = _closed_list(safe, number)
    key = taken.scope.key
    run = runs.issue(play, Sending(taken, step, key, safe.line, safe.file, command=command, retries=step.retry))
    port = play.ports[run.device]
    if port.ready:
        runs.enqueue(play, run)
    else:
        runs.end(play, run, "skipped", port.why_away)


def _closed_list(safe: cues.Safe, number: int) -> Taken:
    """Give a command a list of its own to stand in, as every command has one; this one is over already."""
    cue = cues.Cue(0, CUE, cues.Position(then=False, at=0, plus=None), "", (safe.send,), _NOWHERE)
    body = cues.Body((cue,))
    nowhere = cues.Segment("", None, None, None, (), safe.file, safe.line)
    scope = Scope("track", Part(nowhere, 0, 0), "", body, (number,), safe.file, safe.line, None, 0)
    scope.home = Home(scope)
    scope.closed = scope.done = True
    return Taken(scope, cue, 0)

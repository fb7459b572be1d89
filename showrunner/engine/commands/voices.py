"""Voices: `hush`, which waits in no lane, cuts what is said and takes what is queued to be said out of its lane."""

from __future__ import annotations

from showrunner.devices.vocabulary import HUSH, Class
from showrunner.engine.agenda import Key
from showrunner.engine.commands import runs
from showrunner.engine.play import Play, Sending, Taken
from showrunner.engine.states import Incident, State
from showrunner.timeline.cues import Send


def hush(play: Play, taken: Taken, step: Send, key: Key) -> tuple[Sending, tuple[tuple[int, int], ...] | None]:
    """Take a `hush`. Gives what is to be cut, as (id, attempt); None: its device is away, and it has its outcome."""
    run = runs.sending(play, taken, step, key)
    port = play.ports[run.device]
    reason = f"hushed by line {run.line}"
    said = [one for one in play.speaking if one.device == run.device]
    for one in said:
        if one.state is State.QUEUED:
            runs.withdraw(play, one)
            runs.end(play, one, "skipped", reason)
    if not port.ready:
        runs.end(play, run, "skipped", port.why_away)
        return run, None
    sounding = [one for one in said if one.result is None and one.state in {State.SENT, State.LASTING}]
    for one in sounding:
        one.hushed, one.retries = reason, 0
        if one.state is State.LASTING and not one.under_way:
            runs.end(play, one, "cancelled", reason)
    run.meets(Incident.SEND)
    run.attempt, run.sent_at, run.began = 1, play.real, play.instant
    return run, tuple((one.id, one.attempt) for one in sounding if one.result is None)


def silent(play: Play, device: str) -> None:
    """A device is as silent as it gets: who asked for that is done."""
    asked = [run for run in play.runs.values() if isinstance(run, Sending) and run.verb == HUSH]
    for run in asked:
        if run.device == device and run.command.verb.class_ is Class.IMPULSE:
            runs.end(play, run, "done", None)

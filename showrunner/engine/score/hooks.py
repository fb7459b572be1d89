"""The hooks: what the commands' side tells the score's, and a wait its list; how that follows from a command."""

from __future__ import annotations

from showrunner.engine.commands import lanes
from showrunner.engine.play import Hooks, Play, Run, Sending
from showrunner.engine.score import closing, lists, segments, waits
from showrunner.engine.states import badly


def _sent(play: Play, run: Sending) -> None:
    """The clock of a `meanwhile` starts with the first sending of its command."""
    if run.step.meanwhile is not None:
        run.meanwhile = lists.open_meanwhile(play, run.taken, run.key, run.step.meanwhile)


def _ended(play: Play, run: Run, why: str | None) -> None:
    """A failure is dealt with as the text says; what the command owned is closed; who waited for it goes on."""
    result = run.result or ""
    waits_for_its_device = isinstance(run, Sending) and run.away is not None
    if badly(result, run.reason) and not run.orphan and not run.scope.closed and not waits_for_its_device:
        policy = play.policy(run.step.policy)
        if policy == "hold":
            waits.bar(play, run)
        elif policy == "stop":
            segments.stop(play, "stopped", "stop")
    if run.meanwhile is not None:
        closing.close_home(play, run.meanwhile.home, "over")
    if run.wait is not None:
        closing.end_wait(play, run.wait, why or ("timed-out" if result == "timed-out" else "finished"))
    lists.leave(play, run.taken, run)


HOOKS = Hooks(lanes.pump, _sent, _ended, waits.hold_for, lists.go_on, lists.ended_by)

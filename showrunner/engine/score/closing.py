"""Closing: the end of a wait, of a list, of a home with everything inside it: rule "closing".

Waits and what is closed are one: a wait that ends closes its `meanwhile`, and a list that is closed ends its waits.
"""

from __future__ import annotations

from showrunner.engine.agenda import Rank
from showrunner.engine.commands import runs, streams
from showrunner.engine.play import Home, Play, Run, Scope, Sending, Taken, Wait
from showrunner.engine.score import until
from showrunner.engine.states import State

TOLD = frozenset({"over", "seek", "reload", "panic"})
"""Why a wait ends, where the journal says so; every other closing is `over` to it."""


def end_wait(play: Play, wait: Wait, why: str) -> None:
    """End a wait; the list goes on, in its place among what is due at this instant."""
    if wait.over:
        return
    wait.over = True
    play.waits.pop(wait, None)
    scope = wait.scope
    if wait.alarm is not None:
        wait.alarm.cancel()
    if wait.stops:
        scope.go_on(play.score)
        play.moved = True
    if not wait.silent:
        place = {"segment": wait.segment or None, "track": scope.track or None, "cue": wait.label}
        play.write("resume", **place, for_=wait.what, why=why)
    if wait.meanwhile is not None:
        close_home(play, wait.meanwhile.home, "over")
    if wait.bars:
        scope.barred.remove(wait)
        if scope.held_up and not scope.barred and not scope.closed:
            scope.held_up = False
            play.hooks.go_on(play, scope)
    elif wait.kind != "then" and not scope.closed and not wait.gone:
        if scope.current is None:
            raise RuntimeError("a wait without a cue")
        behind(play, scope.current)


def behind(play: Play, taken: Taken) -> None:
    """Go on behind a wait that is over, in its place among what is due at this instant."""
    scope = taken.scope
    key = (*scope.key, taken.index, taken.step)
    scope.alarm = play.agenda.on_score(play.score, Rank.CUE, key, lambda: play.hooks.go_on(play, scope))


def close_home(play: Play, home: Home, why: str, over: int = 0) -> None:
    """Close a track or a `meanwhile`: what is inside first, then its lists, waits, commands and held values.

    ``over``: these are let go over so long.
    """
    for inner in list(home.inner):
        close_home(play, inner, why, over)
    if home.parent is not None:
        home.parent.inner.pop(home, None)
    for scope in reversed(list(home.scopes)):
        _close_scope(play, scope, why)
    for repeating in home.repeats:
        if repeating.alarm is not None:
            repeating.alarm.cancel()
        until.close(play, repeating.until, why)
    for run in list(home.runs):
        close_run(play, run, why)
    streams.close(play, home, over=over)


def close_inside(play: Play, outer: Scope, why: str) -> None:
    """Close a `do` or a turn with all that was begun in it, though it is no home: its text is gone."""
    home = outer.home
    for inner in list(home.inner):
        if inner.scope.lies_in(outer):
            close_home(play, inner, why)
    for scope in [s for s in reversed(list(home.scopes)) if s.lies_in(outer)]:
        _close_scope(play, scope, why)
        home.scopes.pop(scope, None)
    outer.closed = True
    for repeating in [r for r in home.repeats if r.taken.scope.lies_in(outer)]:
        home.repeats.pop(repeating)
        if repeating.alarm is not None:
            repeating.alarm.cancel()
        until.close(play, repeating.until, why)
    for run in [r for r in home.runs if r.scope.lies_in(outer)]:
        close_run(play, run, why)
    streams.close(play, home, outer)


def _close_scope(play: Play, scope: Scope, why: str) -> None:
    """End a list where it is: no further cue, no wait. A `wait for` ends with its own outcome (``close_run``)."""
    if scope.closed:
        return
    scope.closed = True
    if scope.alarm is not None:
        scope.alarm.cancel()
    play.listening.pop(scope, None)
    for wait in [wait for wait in play.waits if wait.scope is scope and wait.run is None]:
        end_wait(play, wait, why if why in TOLD else "over")


def close_run(play: Play, run: Run, why: str) -> None:
    """End a command with its scope, or let it end by itself without keeping anything waiting."""
    resumed = why if why in TOLD else "over"
    if not isinstance(run, Sending):
        runs.end(play, run, "cancelled", why, resumed)
    elif run.state is State.QUEUED:
        runs.withdraw(play, run)
        runs.end(play, run, "skipped", why, resumed)
    elif run.streamed or why == "panic" or _counts_on(run, why):
        runs.land(play, run)
        runs.end(play, run, "cancelled", why, resumed)
    else:
        run.orphan = True


def _counts_on(run: Sending, why: str) -> bool:
    """Tell whether nothing of a command is in flight any more: only its `for` counts on, or what it does is stopped."""
    return run.state is State.LASTING and (why == "stop" or not run.under_way)

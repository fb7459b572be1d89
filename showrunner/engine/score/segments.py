"""Segments: one after the other, when each is over, and the closing of what is inside: rules "closing", "at most".

Also the end of the show, in order (`stop`, the last segment, Ctrl-C) or at once (panic).
"""

from __future__ import annotations

from showrunner.devices.vocabulary import Finished
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import lanes, safe, streams
from showrunner.engine.play import Home, Part, Play, Run, Scope
from showrunner.engine.score import curtain, lists, waits
from showrunner.engine.seeking import seeking
from showrunner.engine.states import State
from showrunner.timeline.cues import Await


def start(play: Play, index: int) -> None:
    """Begin a segment, or, behind the last, the end of the show."""
    if index >= len(play.cues.segments):
        finish(play, "done")
        return
    segment = play.cues.segments[index]
    if (segment.name, "", "") in play.options.excerpt.before:
        finish(play, "done")
        return
    part = Part(segment, index, play.score)
    play.part = part
    play.write("segment", segment=segment.name, title=segment.title)
    bound(play, part)
    for number in range(len(segment.tracks)):
        track_scope(play, part, number)
    curtain.hang(play)
    for scope in part.tracks:
        lists.open_scope(play, scope)
    check_over(play, part)


def track_scope(play: Play, part: Part, number: int) -> Scope:
    """Make the list of one track of a segment, its clock at 0; nothing of it is taken yet."""
    track = part.segment.tracks[number]
    scope = Scope("track", part, track.name, track.body, (part.index, number), track.file, track.line, None, play.score)
    scope.home = Home(scope)
    part.tracks.append(scope)
    part.homes.append(scope.home)
    return scope


def bound(play: Play, part: Part) -> None:
    """Set when a segment may be over at the earliest, and when it is over at the latest."""
    segment = part.segment
    part.at_least = True
    if segment.at_least is not None and part.began + segment.at_least > play.score:
        part.at_least = False
        alarm = play.agenda.on_score(
            part.began + segment.at_least, Rank.SEGMENT, (part.index, 0), lambda: long_enough(play, part)
        )
        part.alarms.append(alarm)
    if segment.at_most is not None:
        alarm = play.agenda.on_score(
            max(play.score, part.began + segment.at_most), Rank.SEGMENT, (part.index, 1), lambda: go_on(play, part)
        )
        part.alarms.append(alarm)


def long_enough(play: Play, part: Part) -> None:
    """The segment's `at least` has passed."""
    part.at_least = True
    check_over(play, part)


def check_over(play: Play, part: Part) -> None:
    """See whether a segment is over: its lists done, its commands finished, its `at least` passed."""
    if part.over or part.leaving is not None or play.part is not part or play.ending is not None:
        return
    if over(part):
        part.leaving = play.agenda.on_score(play.score, Rank.SEGMENT, (part.index, 2), lambda: leave(play, part))


def over(part: Part) -> bool:
    """Tell whether nothing keeps a segment open. Whoever did when last asked is asked first: there may be many."""
    if not part.at_least:
        return False
    count = len(part.tracks)
    for number in range(part.asked, part.asked + count):
        scope = part.tracks[number % count]
        if not scope.done or scope.unfinished:
            part.asked = number % count
            return False
    return True


def leave(play: Play, part: Part) -> None:
    """Go on to the next segment, if it is still so that this one is over."""
    part.leaving = None
    if over(part):
        go_on(play, part)


def go_on(play: Play, part: Part) -> None:
    """Close a segment and begin the next: its first cues come before anything left over is released."""
    close(play, part, "over")
    following = part.index + 1 if part.follow is None else part.follow
    last = play.options.excerpt.last
    if last is not None and following > last:
        finish(play, "done")
    else:
        start(play, following)


def conclude(play: Play) -> None:
    """End a show that is played up to a point: it has been reached."""
    if play.part is not None:
        close(play, play.part, "over")
    finish(play, "done")


def close(play: Play, part: Part, why: str) -> None:
    """Close a segment with everything in it."""
    part.over = True
    for alarm in part.alarms:
        alarm.cancel()
    if part.leaving is not None:
        part.leaving.cancel()
    for home in part.homes:
        close_home(play, home, why)


def close_home(play: Play, home: Home, why: str) -> None:
    """Close a track or a `meanwhile`: what is inside first, then its lists, waits, commands and held values."""
    for inner in list(home.inner):
        close_home(play, inner, why)
    if home.parent is not None:
        home.parent.inner.pop(home, None)
    for scope in reversed(list(home.scopes)):
        close_scope(play, scope, why)
    for repeating in home.repeats:
        if repeating.alarm is not None:
            repeating.alarm.cancel()
    for run in list(home.runs):
        close_run(play, run, why)
    streams.close(play, home)


def close_inside(play: Play, outer: Scope, why: str) -> None:
    """Close a `do` or a turn with all that was begun in it, though it is no home: its text is gone."""
    home = outer.home
    for inner in list(home.inner):
        if inner.scope.lies_in(outer):
            close_home(play, inner, why)
    for scope in [s for s in reversed(list(home.scopes)) if s.lies_in(outer)]:
        close_scope(play, scope, why)
        home.scopes.pop(scope, None)
    outer.closed = True
    for repeating in [r for r in home.repeats if r.taken.scope.lies_in(outer)]:
        home.repeats.pop(repeating)
        if repeating.alarm is not None:
            repeating.alarm.cancel()
    for run in [r for r in home.runs if r.scope.lies_in(outer)]:
        close_run(play, run, why)
    streams.close(play, home, outer)


def close_scope(play: Play, scope: Scope, why: str) -> None:
    """End a list where it is: no further cue, no wait."""
    if scope.closed:
        return
    scope.closed = True
    if scope.alarm is not None:
        scope.alarm.cancel()
    play.listening.pop(scope, None)
    for wait in [w for w in play.waits if w.scope is scope and (w.run is None or not isinstance(w.run.step, Await))]:
        waits.end_wait(play, wait, why if why in {"over", "seek", "reload", "panic"} else "over")


def close_run(play: Play, run: Run, why: str) -> None:
    """End a command with its scope, or let it end by itself without keeping anything waiting."""
    resumed = why if why in {"over", "seek", "reload", "panic"} else "over"
    if run.state is State.QUEUED and run.command is not None:
        play.ports[run.device].lanes[run.command.verb.lane].queue.remove(run)
        lanes.end(play, run, "skipped", why, resumed)
    elif run.command is None or lanes.streamed(run) or why == "panic" or _counts_on(run, why):
        if run.state is State.SENT and run.command is not None:
            lane = play.ports[run.device].lanes[run.command.verb.lane]
            lane.flight = None if lane.flight is run else lane.flight
        lanes.end(play, run, "cancelled", why, resumed)
    else:
        run.orphan = True


def _counts_on(run: Run, why: str) -> bool:
    """Tell whether nothing of a command is in flight any more: only its `for` counts on, or a voice that is stopped."""
    if run.state is not State.LASTING or run.command is None:
        return False
    sounds = run.command.verb.finished is Finished.SPEECH and not run.spoken
    return why == "stop" or (run.answered and not sounds)


def stop(play: Play, result: str, why: str) -> None:
    """End the show: in order, or, for panic, at once."""
    if play.panicked or (play.ending is not None and why != "panic"):
        return
    if why == "panic":
        play.panicked = True
        for run in list(play.runs.values()):
            close_run(play, run, why)
        for device, port in play.ports.items():
            if port.ready:
                safe.silence(play, device)
            else:
                safe.secure(play, device)
    if play.agenda.paused:
        play.agenda.resume(play.instant)
    play.ending = result
    if play.part is not None and not play.part.over:
        close(play, play.part, why)
    leave_off(play, why)
    finish(play, result)


def leave_off(play: Play, why: str) -> None:
    """Send nothing any more that waits in a lane, chased states of earlier segments too."""
    for run in [run for run in play.runs.values() if run.state is State.QUEUED and run.command is not None]:
        if not run.silent:
            close_run(play, run, why)


def finish(play: Play, result: str) -> None:
    """Let what is still in flight end (then comes the last entry); or begin again, where the show goes round."""
    round_ = play.round
    if result == "done" and round_ is not None and not play.silent and play.rounded != play.instant:
        play.rounded = play.instant
        play.write("operator", action="seek", from_="auto")
        seeking.seek(play, round_, play.instant)
        return
    play.ending = result
    play.part = None if play.part is None or play.part.over else play.part


def check_end(play: Play) -> None:
    """Write the end once nothing is in flight or held any more."""
    if play.ending is None or play.ended or play.runs or play.silencing:
        return
    for port in play.ports.values():
        stream = port.stream
        if port.ready and any(lane.flight is not None or lane.queue for lane in port.lanes.values()):
            return
        if port.ready and stream is not None and (stream.values or stream.dropped or stream.releasing):
            return
    if play.ending in play.options.lingers and not play.dismissed:
        return
    play.ended = True
    play.write("end", result=play.ending, counts=dict(play.counts))


def give_up(play: Play, reason: str) -> None:
    """End at once: every open command gets its outcome now (a second Ctrl-C)."""
    safe.give_up(play)
    for run in list(play.runs.values()):
        result = "skipped" if run.state is State.QUEUED else "cancelled"
        if run.state is State.QUEUED and run.command is not None:
            play.ports[run.device].lanes[run.command.verb.lane].queue.remove(run)
        run.orphan = True
        lanes.end(play, run, result, reason, "over")
    for port in play.ports.values():
        for lane in port.lanes.values():
            lane.flight = None
        if port.stream is not None:
            port.stream.values.clear()
            port.stream.dropped.clear()
            port.stream.releasing.clear()
    play.ending = "interrupted"
    check_end(play)

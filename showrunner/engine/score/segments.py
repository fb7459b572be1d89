"""Segments: one after the other, when each is over: rule "at most"; and the end of the show.

That comes in order (`stop`, the last segment, Ctrl-C), at once (panic), or where a part of the show that is played
ends: its *curtain*, if that is a time between two cues. A time of the plan is told as so long after a cue of a track,
on that track's clock: so it stands where the clock stands, and lies where it should however long the show was held up
before. An end at a cue is no curtain: that cue is left untaken (``lists.take``).

What the lists leave to be decided here (whether a segment is over, where the curtain hangs, that the show is stopped or
has come to where it ends) is decided behind each step, in ``settle``.
"""

from __future__ import annotations

from showrunner.engine import naming
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import panic, runs
from showrunner.engine.play import Home, Part, Play, Scope, Sending, Taken
from showrunner.engine.score import closing, hearing, lists, until
from showrunner.engine.states import State
from showrunner.times import rounded

# --- segments


def start(play: Play, index: int) -> None:
    """Begin a segment, or, behind the last, the end of the show."""
    if index >= len(play.cues.segments):
        _finish(play, "done")
        return
    segment = play.cues.segments[index]
    if (segment.name, "", "") in play.options.excerpt.before:
        _finish(play, "done")
        return
    part = Part(segment, index, play.score)
    play.part = part
    play.write("segment", segment=segment.name, title=segment.title)
    bound(play, part)
    if segment.until is not None:
        until.of_part(play, part, segment.until)
    for number in range(len(segment.tracks)):
        track_scope(play, part, number)
    hearing.open_whens(play, part)
    play.moved = True
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
            part.began + segment.at_least, Rank.SEGMENT, (part.index, 0), lambda: _long_enough(play, part)
        )
        part.alarms.append(alarm)
    if segment.at_most is not None:
        alarm = play.agenda.on_score(
            max(play.score, part.began + segment.at_most), Rank.SEGMENT, (part.index, 1), lambda: _go_on(play, part)
        )
        part.alarms.append(alarm)


def _long_enough(play: Play, part: Part) -> None:
    """The segment's `at least` has passed."""
    part.at_least = True
    check_over(play, part)


def settle(play: Play) -> None:
    """Decide behind a step what it has left open."""
    if play.intent == "conclude":
        play.intent = None
        _conclude(play)
    elif play.intent == "stop":
        play.intent = None
        stop(play, "stopped", "stop")
    hearing.settle(play)
    part = play.part
    if part is not None and part.stirred:
        part.stirred = False
        check_over(play, part)
    if play.moved:
        play.moved = False
        _hang_curtain(play)


def check_over(play: Play, part: Part) -> None:
    """See whether a segment is over: its lists done, its commands finished, its `at least` passed."""
    if part.over or part.leaving is not None or play.part is not part or play.ending is not None:
        return
    ends = part.until
    if ends is not None and ends.due and not ends.over and part.at_least and _done(part):
        until.by_itself(play, ends)
    if _over(part):
        part.leaving = play.agenda.on_score(play.score, Rank.SEGMENT, (part.index, 2), lambda: _leave(play, part))


def _over(part: Part) -> bool:
    """Tell whether nothing keeps a segment open: of one that is open until something comes only that does."""
    return part.at_least and (_done(part) if part.until is None else part.until.came is not None)


def _done(part: Part) -> bool:
    """Tell whether all its lists are done and its commands finished.

    Whoever kept it open when last asked is asked first: there may be many.
    """
    count = len(part.tracks)
    for number in range(part.asked, part.asked + count):
        scope = part.tracks[number % count]
        if not scope.done or scope.unfinished:
            part.asked = number % count
            return False
    return True


def _leave(play: Play, part: Part) -> None:
    """Go on to the next segment, if it is still so that this one is over."""
    part.leaving = None
    if _over(part):
        _go_on(play, part)


def _go_on(play: Play, part: Part) -> None:
    """Close a segment and begin the next: its first cues come before anything left over is released."""
    close(play, part, "over")
    following = part.index + 1 if part.follow is None else part.follow
    last = play.options.excerpt.last
    if last is not None and following > last:
        _finish(play, "done")
    else:
        start(play, following)


def close(play: Play, part: Part, why: str) -> None:
    """Close a segment with everything in it."""
    part.over = True
    for alarm in part.alarms:
        alarm.cancel()
    if part.leaving is not None:
        part.leaving.cancel()
    until.close(play, part.until, why)
    over = part.segment.release if why in {"over", "stop"} else 0
    for home in part.homes:
        closing.close_home(play, home, why, over)
    hearing.close(play, part, why, over)


# --- the curtain


def _hang_curtain(play: Play) -> None:
    """Set anew when the part that is played ends: a cue was taken, a clock stands or goes on, another end is wished."""
    if play.curtain is not None:
        play.curtain.cancel()
        play.curtain = None
    part, end = play.part, play.options.excerpt.until
    if end is None or part is None or part.over or part.segment.name != end.segment or play.ending is not None:
        return
    if not end.track:
        when: int | None = part.began + end.after
    else:
        track = next((scope for scope in part.tracks if scope.track == end.track), None)
        due = None if track is None else _due_of(play, track, end.cue)
        when = None if track is None or due is None or track.stands else track.zero + due + end.after
    if when is not None:
        play.curtain = play.agenda.on_score(
            max(play.score, when), Rank.SEGMENT, (part.index, 3), lambda: _fall(play, part)
        )


def _due_of(play: Play, track: Scope, label: str) -> int | None:
    """Give the clock value at which a cue of a track was due, if it was taken."""
    for index, due in reversed(track.history):
        if naming.label(play, Taken(track, track.body.cues[index], index)).text() == label:
            return rounded(due)
    return None


def _fall(play: Play, part: Part) -> None:
    play.curtain = None
    if play.part is part and not part.over and play.ending is None:
        _conclude(play)


def _conclude(play: Play) -> None:
    """End a show that is played up to a point: it has been reached."""
    if play.part is not None:
        close(play, play.part, "over")
    _finish(play, "done")


# --- the end


def stop(play: Play, result: str, why: str) -> None:
    """End the show: in order, or, for panic, at once."""
    if play.panicked or (play.ending is not None and why != "panic"):
        return
    if why == "panic":
        play.panicked = True
        for run in list(play.runs.values()):
            closing.close_run(play, run, why)
        for device, port in play.ports.items():
            if port.ready:
                panic.silence(play, device)
            else:
                panic.secure(play, device)
    if play.agenda.paused:
        play.agenda.resume(play.instant)
    play.ending = result
    if play.part is not None and not play.part.over:
        close(play, play.part, why)
    hearing.close_edge(play, why)
    leave_off(play, why)
    _finish(play, result)


def leave_off(play: Play, why: str) -> None:
    """Send nothing any more that waits in a lane, chased states of earlier segments too."""
    for run in list(play.runs.values()):
        if isinstance(run, Sending) and run.state is State.QUEUED and not run.silent:
            closing.close_run(play, run, why)


def _finish(play: Play, result: str) -> None:
    """Let what is still in flight end (then comes the last entry); or begin again, where the show goes round."""
    round_ = play.round
    if result == "done" and round_ is not None and not play.silent and play.rounded != play.instant:
        play.rounded = play.instant
        play.write("operator", action="seek", from_="auto")
        play.intent = round_
        return
    hearing.close_edge(play, "over")
    play.ending = result
    play.part = None if play.part is None or play.part.over else play.part


def check_end(play: Play) -> None:
    """Write the end once nothing is in flight or held any more."""
    if play.ending is None or play.ended or play.runs or play.silencing:
        return
    for port in play.ports.values():
        if port.ready and any(lane.flight is not None or lane.queue for lane in port.lanes.values()):
            return
        streams = port.streams.values()
        if port.ready and any(stream.values or stream.dropped or stream.releasing for stream in streams):
            return
    if play.ending in play.options.lingers and not play.dismissed:
        return
    play.ended = True
    play.write("end", result=play.ending, counts=dict(play.counts))


def give_up(play: Play, reason: str) -> None:
    """End at once: every open command gets its outcome now (a second Ctrl-C). Queued ones are skipped as by `stop`."""
    panic.give_up(play)
    for run in list(play.runs.values()):
        run.orphan = True
        if isinstance(run, Sending) and run.state is State.QUEUED:
            runs.withdraw(play, run)
            runs.end(play, run, "skipped", "stop", "over")
        else:
            runs.end(play, run, "cancelled", reason, "over")
    for port in play.ports.values():
        for lane in port.lanes.values():
            lane.flight = None
        for stream in port.streams.values():
            stream.values.clear()
            stream.dropped.clear()
            stream.releasing.clear()
    play.ending = "interrupted"
    check_end(play)

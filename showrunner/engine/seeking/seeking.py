"""Seeking: beginning at a point of the plan, with the stage as it would look there.

What is past is played silently in an imaginary world (``imagined``), up to the point: so scopes, turns and clocks
stand where the plan has them, and what spans the point goes on to its end in the plan without having been sent. Then
every device is brought to its state (``chasing``); held and moving values go on from where they would be.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import replace

from showrunner.devices.vocabulary import Answered, Ended, Output
from showrunner.engine import imagined
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import frames, lanes, panic, properties, runs
from showrunner.engine.messages import Excerpt, Silenced
from showrunner.engine.play import Part, Play, Run, Sending, Stream
from showrunner.engine.score import hearing, lists, segments, until
from showrunner.engine.seeking import chasing
from showrunner.engine.seeking.set_aside import bring_back, prevail, set_aside
from showrunner.engine.states import RESULTS, State


def skip(play: Play, now: int) -> None:
    """Let everything before the excerpt's point pass unseen; what comes at or after it is due from ``now`` on."""
    excerpt = play.options.excerpt
    _silently(play, now, excerpt.point, lambda: segments.start(play, 0), excerpt.first)
    # What the imagined devices answered was never said; the author's own text stands in for it.
    play.answers = {name: kept for name, kept in play.defaults.items() if kept is not None}
    play.ids = 0
    for port in play.ports.values():
        port.number = 0
    play.counts = dict.fromkeys(RESULTS, 0)
    play.bad = False
    play.presses.clear()
    _opened(play)
    for port in play.ports.values():
        chasing.chase(play, port)


def seek(play: Play, excerpt: Excerpt, now: int) -> None:
    """Go to another point of the plan in the middle of a show: what runs is closed, what is open there is opened.

    What is in flight ends by itself. Answers that came, and presses nobody waited for yet, are kept.
    """
    if play.part is not None and not play.part.over:
        segments.close(play, play.part, "seek")
    hearing.close_edge(play, "seek")
    segments.leave_off(play, "seek")
    for run in [run for run in play.runs.values() if run.silent]:
        _give_up(play, run)
    play.ending, play.panicked, play.dismissed, play.part = None, False, False, None
    play.options = replace(play.options, excerpt=excerpt)
    aside = set_aside(play)
    play.defaults, play.met = {}, {}
    _silently(play, now, excerpt.point, lambda: segments.start(play, 0), excerpt.first)
    bring_back(play, aside)
    play.answers = {name: kept for name, kept in play.defaults.items() if kept is not None} | play.answers
    play.defaults = aside.defaults | play.defaults
    _opened(play)
    if play.ending is None:
        hearing.open_edge(play)
    for name, port in play.ports.items():
        chasing.chase(play, port, {lane: _shown(aside.streams[name, lane]) for lane in port.streams})


def _shown(stream: Stream) -> tuple[str, ...]:
    """Name what a device shows of a lane, and what no frame has let go of: where a segment ends `release over` a time
    it is on its way to rest.
    """
    return (*stream.dropped, *stream.values) if stream.holds else ()


def _give_up(play: Play, run: Run) -> None:
    """End a command that only counts as running to its end in the plan: its lane is free for what comes."""
    if isinstance(run, Sending):
        if run.state is State.QUEUED:
            runs.withdraw(play, run)
        runs.land(play, run)
    runs.end(play, run, "cancelled", "seek")


def join(play: Play, part: Part, number: int, clock: int) -> None:
    """Open a track that came into the text while its segment plays: with the clock and the stage it would have now."""
    tracks, part.tracks = part.tracks, []
    beside(play, part, clock, lambda: lists.open_scope(play, segments.track_scope(play, part, number)))
    part.tracks = [*tracks[:number], *part.tracks, *tracks[number:]]


def beside(play: Play, part: Part, length: int, begin: Callable[[], None]) -> None:
    """Let something begin ``length`` microseconds ago beside what plays, unseen, with the stage it would have now."""
    now, met = play.instant, dict(play.met)
    aside = set_aside(play)
    least, leaving = part.at_least, part.leaving
    part.at_least, part.leaving, play.part = False, None, part
    _silently(play, now, length, begin, 0)
    states = {name: dict(port.states) for name, port in play.ports.items()}
    bring_back(play, aside)
    prevail(play, aside)
    play.met = met
    part.at_least, part.leaving = least, leaving
    until.stand_again(play)
    for name, port in play.ports.items():
        for stream in port.streams.values():
            properties.settle(play, stream, states[name])
            stream.dirty = True
            frames.schedule(play, stream)
        chasing.bring(play, port, states[name])


def _opened(play: Play) -> None:
    for port in play.ports.values():
        for lane in port.lanes.values():
            lane.queued_last = lane.queued_last and lane.flight is not None  # nobody has had the last turn here
    if play.part is not None:
        play.write("segment", segment=play.part.segment.name, title=play.part.segment.title)
    until.stand_again(play)


def _silently(play: Play, now: int, length: int, begin: Callable[[], None], first: int) -> None:
    """Let ``length`` microseconds of the plan pass before ``now`` in an imaginary world, and stop there.

    Of the segments before ``first`` everything passes, whatever comes at that very instant too.
    """
    options, real = play.options, play.agenda
    play.options = replace(options, auto=True, go_after=0, stay=0, presses=(), start_at=None, sparse=True, kinds=None)
    play.agenda = real.shadow(now)
    play.silent = True
    play.ids, ids = play.shadows, play.ids
    play.instant = play.real = now - length
    begin()
    segments.settle(play)
    coming: list[tuple[int, int, str, Output | Silenced]] = []
    counted = _absorb(play, coming, 0)
    while play.ending is None:
        due = play.agenda.due()
        soonest = coming[0][0] if coming else None
        before = play.part is not None and play.part.index < first
        end = now + 1 if before else now
        if soonest is not None and soonest < end and (due is None or soonest <= due):
            play.instant = play.real = max(play.instant, soonest)
            _, _, device, output = heapq.heappop(coming)
            _hear(play, device, output)
        elif due is not None and due < end:
            found = play.agenda.take()
            if found is None or found[1].act is None:
                continue
            play.instant = play.real = max(play.instant, found[0])
            found[1].act()
        else:
            break
        segments.settle(play)
        counted = _absorb(play, coming, counted)
    play.options = options
    play.instant = play.real = now
    play.shadows, play.ids = play.ids, ids
    _forget(play, coming)
    real.absorb(play.agenda)
    play.agenda = real
    play.silent = False


def _hear(play: Play, device: str, output: Output | Silenced) -> None:
    if isinstance(output, Silenced):
        panic.silenced(play, device)
    else:
        lanes.hear(play, device, output)


def _absorb(play: Play, coming: list[tuple[int, int, str, Output | Silenced]], counted: int) -> int:
    """Answer what would have been sent."""
    fixtures = {name: port.fixture for name, port in play.ports.items()}
    inventories = {name: port.inventory for name, port in play.ports.items()}
    effects, play.effects = play.effects, []
    for effect in effects:
        for delay, device, output in imagined.answers(effect, fixtures, inventories):
            counted += 1
            heapq.heappush(coming, (play.instant + delay, counted, device, output))
    return counted


def _forget(play: Play, coming: list[tuple[int, int, str, Output | Silenced]]) -> None:
    """Take what is under way out of the account: it ends in the plan, unwritten."""
    for run in play.runs.values():
        run.silent = True
        run.id = -abs(run.id)
    play.runs = {run.id: run for run in play.runs.values()}
    for port in play.ports.values():
        for past in port.states.values():
            past.id = -abs(past.id)  # what is over counts as little with what comes now
    for wait in play.waits:
        wait.silent = True
    for when, number, device, output in sorted(coming, key=lambda c: c[:2]):
        if isinstance(output, Answered | Ended):
            _hear_later(play, when, number, device, replace(output, id=-output.id))
    for port in play.ports.values():
        for stream in port.streams.values():
            for info in stream.waiting.values():
                info.limit.cancel()
            stream.waiting.clear()


def _hear_later(play: Play, when: int, number: int, device: str, output: Output) -> None:
    play.agenda.on_world(when, Rank.ELAPSED, (0, number), lambda: lanes.hear(play, device, output))

"""Seeking: beginning at a point of the plan, with the stage as it would look there.

What is past is played silently in an imaginary world (``imagined``), up to the point: so scopes, turns and clocks
stand where the plan has them, and what spans the point goes on to its end in the plan without having been sent. Then
the last state of every property is sent (*chased*); held and moving values go on from where they would be. No impulse
and no speech is repeated.
"""

from __future__ import annotations

import heapq
from dataclasses import replace

from showrunner.devices.vocabulary import Answered, Output, Spoken
from showrunner.engine import frames, imagined, lanes, lists, segments
from showrunner.engine.agenda import Rank
from showrunner.engine.hearing import hear
from showrunner.engine.play import Play, Port, Run
from showrunner.engine.states import RESULTS
from showrunner.timeline.cues import Send


def skip(play: Play, now: int) -> None:
    """Let everything before the excerpt's point pass unseen; what comes at or after it is due from ``now`` on."""
    options = play.options
    play.options = replace(options, auto=True, go_after=0, sparse=True)
    play.silent = True
    play.instant = play.real = now - options.excerpt.point
    segments.start(play, 0)
    coming: list[tuple[int, int, str, Output]] = []
    counted = _absorb(play, coming, 0)
    while play.ending is None:
        due = play.agenda.due()
        first = coming[0][0] if coming else None
        before = play.part is not None and play.part.index < options.excerpt.first
        end = now + 1 if before else now
        if first is not None and first < end and (due is None or first <= due):
            play.instant = play.real = max(play.instant, first)
            _, _, device, output = heapq.heappop(coming)
            hear(play, device, output)
        elif due is not None and due < end:
            found = play.agenda.take()
            if found is None or found[1].act is None:
                continue
            play.instant = play.real = max(play.instant, found[0])
            found[1].act()
        else:
            break
        segments.check_end(play)
        counted = _absorb(play, coming, counted)
    play.options = options
    play.instant = play.real = now
    _forget(play, coming)
    play.silent = False
    if play.part is not None:
        play.write("segment", segment=play.part.segment.name, title=play.part.segment.title)
    for port in play.ports.values():
        chase(play, port)


def _absorb(play: Play, coming: list[tuple[int, int, str, Output]], counted: int) -> int:
    """Answer what would have been sent."""
    fixtures = {name: port.fixture for name, port in play.ports.items()}
    effects, play.effects = play.effects, []
    for effect in effects:
        for delay, device, output in imagined.answers(effect, fixtures):
            counted += 1
            heapq.heappush(coming, (play.instant + delay, counted, device, output))
    return counted


def _forget(play: Play, coming: list[tuple[int, int, str, Output]]) -> None:
    """Take what is under way out of the account: it ends in the plan, unwritten; the count begins at 1."""
    for run in play.runs.values():
        run.silent = True
        run.id = -run.id
    play.runs = {run.id: run for run in play.runs.values()}
    for wait in play.waits:
        wait.silent = True
    for when, number, device, output in sorted(coming, key=lambda c: c[:2]):
        if isinstance(output, Answered | Spoken):
            _hear_later(play, when, number, device, replace(output, id=-output.id))
    for port in play.ports.values():
        if port.stream is not None:
            port.stream.number = 0
            for info in port.stream.waiting.values():
                info.limit.cancel()
            port.stream.waiting.clear()
    # What the imagined devices answered was never said; the author's own text stands in for it.
    play.answers = {name: text for name, text in play.defaults.items() if text is not None}
    play.ids = 0
    play.counts = dict.fromkeys(RESULTS, 0)
    play.bad = False
    play.presses.clear()


def _hear_later(play: Play, when: int, number: int, device: str, output: Output) -> None:
    play.agenda.on_world(when, Rank.ELAPSED, (0, number), lambda: hear(play, device, output))


def chase(play: Play, port: Port) -> None:
    """Bring a device to the state the show intends: the last state of every property, in the order they were taken.

    What is held or moves is sent anew with the next frame. No impulse and no speech is repeated.
    """
    if port.stream is not None:
        port.stream.last = None
        port.stream.dropped.clear()
        frames.returned(play, port.stream)
    states, port.states = port.states, {}
    for past in sorted(dict.fromkeys(states.values()), key=lambda run: abs(run.id)):
        if past.command is None or not isinstance(past.step, Send):
            continue
        play.ids += 1
        run = Run(play.ids, past.scope, past.taken, past.step, past.key, past.line, past.label, past.device, None)
        run.command = replace(past.command, lasting=None)
        run.orphan = True
        play.runs[run.id] = run
        run.scope.home.runs[run] = None
        play.write(
            "command",
            id=run.id,
            device=run.device,
            verb=run.command.verb.name,
            **lists.where(play, run.scope, run.taken),
            line=run.line,
            text=past.step.text,
        )
        lane = port.lanes[run.command.verb.lane]
        lane.queue.append(run)
        lanes.pump(play, lane)

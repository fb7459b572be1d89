"""Set aside: what goes on in the world while the engine plays something silently, put away and brought back.

A seek and a track that joins play a part of the plan in an imaginary world, on the same state; the real lanes, frames,
waits and commands must not take part in that.
"""

from __future__ import annotations

from collections import deque
from copy import copy
from dataclasses import field

from showrunner.engine.agenda import Alarm
from showrunner.engine.commands import properties, runs
from showrunner.engine.messages import Brought, Effect
from showrunner.engine.play import Chase, Held, Kept, Lane, Play, Port, Run, Scope, Sending, Stream, Until, Wait
from showrunner.slotted import dataclass


@dataclass(slots=True)
class Aside:
    """What was put away. The rest of the state (scopes, agenda) is not: it belongs to what plays silently."""

    runs: dict[int, Run]
    speaking: dict[Sending, None]
    waits: dict[Wait, None]
    untils: dict[Until, None]
    listening: dict[Scope, None]
    answers: dict[str, Kept]
    defaults: dict[str, Kept | None]
    presses: dict[str, list[Brought]]
    counts: dict[str, int]
    bad: bool
    effects: list[Effect]
    silencing: dict[str, Alarm]
    lanes: dict[tuple[str, str], Lane] = field(default_factory=dict)
    streams: dict[tuple[str, str], Stream] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    owners: dict[str, dict[str, Sending]] = field(default_factory=dict)
    states: dict[str, dict[str, Sending]] = field(default_factory=dict)
    chases: dict[str, Chase | None] = field(default_factory=dict)


def set_aside(play: Play) -> Aside:
    """Put the real world away: devices are idle, nothing is waited for, nothing is written yet."""
    aside = Aside(
        play.runs,
        play.speaking,
        play.waits,
        play.untils,
        play.listening,
        play.answers,
        play.defaults,
        play.presses,
        play.counts,
        play.bad,
        play.effects,
        play.silencing,
    )
    play.runs, play.speaking, play.waits, play.untils, play.listening = {}, {}, {}, {}, {}
    play.answers, play.defaults, play.presses = dict(play.answers), dict(play.defaults), {}
    play.counts, play.effects = dict.fromkeys(play.counts, 0), []
    play.silencing = {}  # in the plan nobody has to be silent first
    for name, port in play.ports.items():
        for lane in port.lanes.values():
            aside.lanes[name, lane.name] = copy(lane)
            lane.queue, lane.flight, lane.limit = deque(), None, None
        aside.numbers[name], port.number = port.number, 0
        for lane_name, stream in port.streams.items():
            if stream.alarm is not None:
                stream.alarm.cancel()
                stream.alarm = None
            aside.streams[name, lane_name] = copy(stream)
            stream.values, stream.dropped, stream.releasing, stream.waiting = {}, {}, {}, {}
            stream.known = dict(stream.known)
            stream.last = stream.moving_since = None
            stream.dirty = stream.returning = stream.cleared = False
        aside.owners[name], port.owners = port.owners, {}
        aside.states[name], port.states = port.states, {}
        aside.chases[name], port.chase = port.chase, None
    return aside


def bring_back(play: Play, aside: Aside) -> None:
    """Bring the real world back beside what was played silently: commands in flight, frames, waits, counts.

    What is held, owned and intended stays that of the silent playing: whose of the two counts is the caller's business.
    """
    play.runs = aside.runs | play.runs
    play.speaking = aside.speaking | play.speaking
    play.waits = aside.waits | play.waits
    play.untils = aside.untils | play.untils
    play.listening = aside.listening | play.listening
    play.answers, play.presses = aside.answers, aside.presses
    play.counts, play.bad, play.effects = aside.counts, aside.bad, aside.effects
    play.silencing = aside.silencing
    for name, port in play.ports.items():
        for lane in port.lanes.values():
            old = aside.lanes[name, lane.name]
            lane.queue.extendleft(reversed(old.queue))
            if old.flight is not None:
                lane.flight, lane.limit = old.flight, old.limit
            if lane.flight is old.flight:
                lane.queued_last = old.queued_last
        port.number, port.chase = aside.numbers[name], aside.chases[name]
        for lane_name, stream in port.streams.items():
            before = aside.streams[name, lane_name]
            stream.waiting, stream.last = before.waiting, before.last
            stream.dropped = {one: shown for one, shown in before.dropped.items() if one not in stream.values}
            stream.releasing, stream.cleared = before.releasing, before.cleared
            stream.dirty = stream.dirty or before.dirty


def prevail(play: Play, aside: Aside) -> None:
    """Let what was held before go on, but for properties that what was played silently took later."""
    for name, port in play.ports.items():
        port.states = aside.states[name] | port.states
        fresh, port.owners = port.owners, dict(aside.owners[name])
        silent = {lane: stream.values for lane, stream in port.streams.items()}
        for lane, stream in port.streams.items():
            before = aside.streams[name, lane]
            stream.values = dict(before.values)
            stream.dropped = {one: shown for one, shown in stream.dropped.items() if one not in stream.values}
            since = before.moving_since
            if stream.moving_since is None or (since is not None and properties.moving(play, stream)):
                stream.moving_since = since
        for lane, stream in port.streams.items():
            _join(play, port, stream, silent[lane])
        for property_, run in fresh.items():
            if port.streams:
                port.owners.setdefault(property_, run)


def _join(play: Play, port: Port, stream: Stream, silent: dict[str, Held]) -> None:
    for property_, held in silent.items():
        owner = port.owners.get(property_)
        if owner is not None and owner.began > held.run.began:
            if not any(other.run is held.run for other in stream.values.values()):
                runs.end(play, held.run, "cancelled", f"taken over by line {owner.line}")
            continue
        properties.claim(play, port, held.run, (property_,))
        stream.values[property_] = held
        stream.dropped.pop(property_, None)

"""Retargeting: what becomes of held and moving values when the text of a running show changes.

By property: equal, nothing is sent; different, from the present value to the new held without a jump; gone, released.
"""

from __future__ import annotations

from dataclasses import replace

from showrunner.devices.motion import Shape
from showrunner.devices.vocabulary import Command, Quantity, Target
from showrunner.engine import chance
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import frames, properties, runs, streams
from showrunner.engine.curves import Course
from showrunner.engine.play import Held, Play, Port, Sending, Stream
from showrunner.engine.reload.tracing import Traces
from showrunner.engine.states import State
from showrunner.slotted import dataclass
from showrunner.timeline import revise
from showrunner.timeline.cues import Send

GLIDE = 300_000
"""A value that was there already glides to its new place in so many microseconds."""


@dataclass(frozen=True, slots=True)
class Retarget:
    """A command that holds or moves something, and what it is in the new text (None: it is gone)."""

    device: str
    run: Sending
    new: Send | None


def trace(play: Play, traces: Traces) -> list[Retarget]:
    """Find what holds or moves something in the new text, before anything is changed. Equal ones are left out."""
    found: list[Retarget] = []
    for device, port in play.ports.items():
        for run in dict.fromkeys(held.run for stream in port.streams.values() for held in stream.values.values()):
            if isinstance(run.step, Send) and run.scope.part is play.part and run.scope.names is None:
                new = traces.sent(run)
                picked = () if new is None else _picked(run, new)
                new = None if new is None else chance.drawn(new, picked)
                if new is None or not revise.alike(run.step, new):
                    found.append(Retarget(device, run, new))
                elif new is not run.step:
                    run.step = new
                run.picked = picked
    return found


def _picked(run: Sending, new: Send) -> tuple[int, ...]:
    """Say which choices of a command's new text are those that were picked: the same, else those in their places."""
    numbers: list[int] = []
    for place, pick in enumerate(new.picks):
        old = run.step.picks[place] if place < len(run.step.picks) else None
        number = 0 if old is None else run.picked[place]
        if old is not None and old.reads[number] in pick.reads:
            number = pick.reads.index(old.reads[number])
        elif old is not None and len(old.reads) != len(pick.reads):
            number = 0
        numbers.append(number)
    return tuple(numbers)


def apply(play: Play, changes: list[Retarget], told: list[str]) -> None:
    """Bring what is held and moves to the new text."""
    for change in changes:
        port = play.ports[change.device]
        stream = play.stream(change.run)
        if not any(held.run is change.run for held in stream.values.values()):
            continue
        command = None if change.new is None else runs.filled(play, change.new.command, change.run.scope)
        if change.new is None:
            _release(play, stream, change.run, told)
        elif isinstance(command, Command) and isinstance(change.run.step, Send):
            before, change.run.step = change.run.step, change.new
            if command.verb.targets is not None and command.verb.stream != "release":
                _retarget(play, port, stream, change.run, before, command, told)
        frames.schedule(play, stream)


def _release(play: Play, stream: Stream, run: Sending, told: list[str]) -> None:
    names = [name for name, held in stream.values.items() if held.run is run]
    told.extend(f"{stream.device} {name} is released" for name in names)
    if run.state is State.ENDED or not run.releases:
        for name in names:
            properties.drop(play, stream, name)
        if run.state is State.CARRIED:
            runs.end(play, run, "cancelled", "reload", "reload")


def _retarget(
    play: Play, port: Port, stream: Stream, run: Sending, before: Send, command: Command, told: list[str]
) -> None:
    run.command = command
    new = {target.property: target for target in (command.verb.targets(command) if command.verb.targets else ())}
    old = before.command.verb.targets(before.command) if before.command.verb.targets else ()
    had = {target.property for target in old}
    over = command.over
    arrives = run.began + over
    until = None if command.lasting is None else arrives + command.lasting
    ease = command.ease
    was_moving = properties.moving(play, stream)
    for name, held in list(stream.values.items()):
        if held.run is not run:
            continue
        target = new.get(name)
        if target is None:
            told.append(f"{stream.device} {name} is released")
            properties.drop(play, stream, name)
        else:
            _aim(play, port, stream, held, target, arrives, ease, told)
            held.until = until
    later: Sending | None = None
    for name, target in new.items():
        if name in had:
            continue
        there = stream.values.get(name)
        if there is not None and (there.run.began, abs(there.run.id)) > (run.began, abs(run.id)):
            later = there.run  # each property has held owner: the command that started last
            continue
        _begin(play, port, stream, run, target, arrives, ease, until)
        told.append(f"{stream.device} {name}: now {_plain(target.to)}")
    if not any(held.run is run for held in stream.values.values()) and run.state is State.CARRIED:
        runs.end(play, run, "cancelled", "reload" if later is None else f"taken over by line {later.line}", "reload")
        return
    if not was_moving and properties.moving(play, stream):
        stream.moving_since = play.instant
    _last(play, stream, run, until)
    streams.mark(play, run)
    if run.state is not State.ENDED:
        run.passed = False
        frames.check_finished(play, run)


def _aim(
    play: Play, port: Port, stream: Stream, held: Held, target: Target, arrives: int, ease: str, told: list[str]
) -> None:
    """Let a value go on from where it is: to its new end, at its new time."""
    before = held.course
    to = properties.resting(port, target)
    if target.shape is not None:
        if before.shape != target.shape:
            told.append(f"{stream.device} {target.property}: goes on in the new motion")
            _bend(play, port, stream, held, target, target.shape, arrives)
        return
    same = before.to == to and before.shape is None
    coming = max(before.arrives, arrives) > play.instant
    if same and (not coming or (before.arrives == arrives and before.ease == ease)):
        return
    if not same:
        told.append(f"{stream.device} {target.property}: {_plain(before.to)} -> {_plain(target.to)}")
    end = arrives if arrives > play.instant else play.instant + (0 if same else GLIDE)
    begin = properties.present(play, port, stream, target.property)
    held.course = Course(begin, to, target.path, play.instant, end, ease if coming else "linear")
    _again(play, stream, held)


def _bend(play: Play, port: Port, stream: Stream, held: Held, target: Target, shape: Shape, arrives: int) -> None:
    """Let a value go on in another motion, at the place that this has by now: faded in from where it is."""
    begin, to = properties.present(play, port, stream, target.property), properties.resting(port, target)
    fade = max(0, min(GLIDE, arrives - play.instant))
    shape = replace(shape, joins=play.instant - held.run.began, fade_in=fade)
    held.course = Course(begin, to, target.path, held.run.began, arrives, "linear", shape)
    _again(play, stream, held)


def _again(play: Play, stream: Stream, held: Held) -> None:
    held.settled = held.over = False
    held.run.arrived = False
    stream.dirty = True
    _arrive(play, stream, held)


def _begin(
    play: Play, port: Port, stream: Stream, run: Sending, target: Target, arrives: int, ease: str, until: int | None
) -> None:
    """A property that an edited command has besides those it had: from what it shows."""
    end = max(arrives, play.instant + GLIDE)
    begin = properties.present(play, port, stream, target.property)
    held = Held(run, Course(begin, target.to, target.path, play.instant, end, ease), until)
    if target.shape is not None:
        _bend(play, port, stream, held, target, target.shape, arrives)
    properties.claim(play, port, run, (target.property,))
    stream.values[target.property] = held
    stream.dropped.pop(target.property, None)
    stream.dirty = True
    _arrive(play, stream, held)


def _arrive(play: Play, stream: Stream, held: Held) -> None:
    run, arrives = held.run, held.course.arrives
    if arrives > play.instant:
        play.agenda.on_world(arrives, Rank.ELAPSED, (abs(run.id), 0), lambda: streams.arrive(play, stream, run))


def _last(play: Play, stream: Stream, run: Sending, until: int | None) -> None:
    """Set when the command's `for` is over, by the new text."""
    if run.lasting is not None:
        run.lasting.cancel()
        run.lasting = None
    if until is not None:
        when = max(until, play.instant)
        run.lasting = play.agenda.on_world(
            when, Rank.ELAPSED, (abs(run.id), 1), lambda: streams.lapse(play, stream, run)
        )


def _plain(value: Quantity) -> str:
    if isinstance(value, tuple):
        return " ".join(map(_plain, value))
    return f"{value:g}"

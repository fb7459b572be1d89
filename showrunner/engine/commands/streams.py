"""Streams: what begins and ends the values that are held or move. Whose they are is in ``properties``, the frames that
carry them in ``frames``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from showrunner.devices.vocabulary import Target
from showrunner.engine import naming
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import frames, properties, runs
from showrunner.engine.curves import Course
from showrunner.engine.messages import LetGo, Steered
from showrunner.engine.play import Held, Home, Play, Port, Scope, Sending, Stream
from showrunner.engine.states import Incident


def begin(play: Play, port: Port, run: Sending) -> None:
    """Begin a streamed command: its properties are its own from now on."""
    command = runs.filled(play, run.command, run.scope)
    if isinstance(command, str):
        runs.end(play, run, "skipped", f"no value for {command}")
        return
    run.command = command
    run.meets(Incident.CARRY)
    run.attempt = 1
    _set_off(play, port, play.stream(run), run)


def intend(play: Play, port: Port, run: Sending) -> None:
    """Let a command whose device is away hold or move its values all the same: they are there when it returns."""
    _set_off(play, port, play.stream(run), run)
    play.stream(run).releasing.pop(run, None)


def _set_off(play: Play, port: Port, stream: Stream, run: Sending) -> None:
    """Let a command do to its properties what it says."""
    command = run.command
    run.began = play.instant
    over = command.over
    if run.releases:
        _release(play, port, stream, run, over)
    else:
        targets = command.verb.targets(command) if command.verb.targets is not None else ()
        _start(play, port, stream, run, targets, over, command.lasting)
    stream.dirty = True
    frames.schedule(play, stream)


def _start(
    play: Play, port: Port, stream: Stream, run: Sending, targets: Iterable[Target], over: int, lasting: int | None
) -> None:
    """Put targets in place of what their properties did before."""
    arrives = play.instant + over
    until = None if lasting is None else arrives + lasting
    ease = run.command.ease
    fresh: dict[str, Held] = {}
    for target in targets:
        begin = target.start if over else target.to
        if begin is None:
            begin = properties.present(play, port, stream, target.property)
        if stream.holds and isinstance(target.to, tuple) and isinstance(begin, int | float):
            begin = (begin, *target.to[1:])  # a catalogue's default is that of the first part
        to = properties.resting(port, target)
        course = Course(begin, to, target.path, play.instant, arrives, ease, target.shape)
        fresh[target.property] = Held(run, course, until)
    properties.claim(play, port, run, tuple(fresh))
    stream.values.update(fresh)
    if play.options.tells:
        play.told.extend(Steered(run.id, stream.device, name, held.course) for name, held in fresh.items())
    if not stream.holds:
        port.states.update(dict.fromkeys(fresh, run))  # where a move ends is a state: that device keeps it
    stream.dropped = {name: shown for name, shown in stream.dropped.items() if name not in fresh}
    if over and not properties.moving(play, stream, besides=run):
        stream.moving_since = play.instant
    if over:
        play.agenda.on_world(arrives, Rank.ELAPSED, (run.id, 0), lambda: arrive(play, stream, run))
    mark(play, run)
    if until is not None:
        run.lasting = play.agenda.on_world(until, Rank.ELAPSED, (run.id, 1), lambda: lapse(play, stream, run))


def _release(play: Play, port: Port, stream: Stream, run: Sending, over: int) -> None:
    """Let go of properties: at once, or by moving them to where they rest first."""
    named = run.command.verb.releases(run.command) if run.command.verb.releases else ()
    held = [*stream.values]
    # What a segment has left behind at this instant is still shown: no frame has said otherwise.
    held += [name for name, shown in stream.dropped.items() if over and shown is not None and name not in stream.values]
    names = tuple(name for name in (named or held) if name in held)
    if over and names:
        targets = tuple(
            Target(name, properties.rest(play, port, stream, name), properties.present(play, port, stream, name))
            for name in names
        )
        _start(play, port, stream, run, targets, over, 0)
        return
    properties.claim(play, port, run, names)
    for name in names:
        port.owners.pop(name, None)
        stream.dropped[name] = None
    stream.releasing[run] = None


def mark(play: Play, run: Sending) -> None:
    """Have what is written in the file that a command plays be logged as it comes; what has passed is not."""
    marks = run.command.marks
    for place, (passed, text) in enumerate(marks):
        if run.began + passed >= play.instant:
            act = partial(_log, play, run, marks, text)
            play.agenda.on_world(run.began + passed, Rank.ELAPSED, (abs(run.id), 4, place), act)


def _log(play: Play, run: Sending, marks: tuple[tuple[int, str], ...], text: str) -> None:
    """Log one mark, if the command still plays that file, and has not lost all that it moves."""
    if run.command.marks is marks and run in play.ports[run.device].owners.values():
        play.write("log", **naming.where(play, run.taken), line=run.line, message=text)


def arrive(play: Play, stream: Stream, run: Sending) -> None:
    """A move has come to its end value: a frame must carry it."""
    if any(held.run is run for held in stream.values.values()):
        stream.dirty = True
        if not play.ports[stream.device].ready and run.command.lasting is None:
            frames.missed(play, stream)
        frames.schedule(play, stream)


def lapse(play: Play, stream: Stream, run: Sending) -> None:
    """A command's `for` has passed: its values go, each as soon as a frame has carried it."""
    run.passed = run.meets(Incident.PASS)
    away = not play.ports[stream.device].ready
    if away:
        frames.check_finished(play, run)
        frames.missed(play, stream)
    for name, held in list(stream.values.items()):
        if held.run is run:
            if held.settled or away:
                properties.drop(play, stream, name)
            else:
                held.over = True
                stream.dirty = True
    frames.check_finished(play, run)
    frames.schedule(play, stream)


def close(play: Play, home: Home, within: Scope | None = None, over: int = 0) -> None:
    """Let go of everything that is held by a home that closes, or by the list ``within`` it: ``over`` so long, or now.

    Only a device whose verbs know `release` has a value of its own to go back to.
    """
    for port in play.ports.values():
        for stream in port.streams.values():
            for name, held in list(stream.values.items()):
                if held.run.scope.home is home and (within is None or held.run.scope.lies_in(within)):
                    if over and stream.holds and held.course.start is not None:
                        _ease_off(play, port, stream, name, over)
                    else:
                        properties.drop(play, stream, name)
            frames.schedule(play, stream)


def _ease_off(play: Play, port: Port, stream: Stream, name: str, over: int) -> None:
    """Let a property go back to where it rests, and then go. Nothing waits for it; whoever wants it takes it."""
    run, arrives = stream.values[name].run, play.instant + over
    if not properties.moving(play, stream):
        stream.moving_since = play.instant
    path, start = stream.values[name].course.path, properties.present(play, port, stream, name)
    course = Course(start, properties.rest(play, port, stream, name), path, play.instant, arrives, "linear")
    held = stream.values[name] = Held(run, course, arrives, over=True)
    stream.dirty = True
    if play.options.tells:
        play.told += [LetGo(stream.device, name), Steered(run.id, stream.device, name, course)]

    def gone() -> None:
        if stream.values.get(name) is held:
            stream.dirty = True
            if not port.ready:
                properties.drop(play, stream, name)
            frames.schedule(play, stream)

    play.agenda.on_world(arrives, Rank.ELAPSED, (run.id, 3), gone)

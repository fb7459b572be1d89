"""Streams: values that are held or move, who owns them, and when they are let go: rules "held values", "take-over".

The frames that carry them are in ``frames``, the way from one value to the next in ``curves``. A device whose verbs
know `release` forgets values by itself, so they are sent again and again while they are held; others keep what they
were told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from showrunner.devices.vocabulary import Quantity, Target
from showrunner.engine import curves
from showrunner.engine.agenda import Rank
from showrunner.engine.commands import frames, lanes
from showrunner.engine.curves import Course
from showrunner.engine.messages import LetGo, Steered
from showrunner.engine.play import Held, Home, Play, Port, Run, Scope, Stream
from showrunner.engine.states import Change, State, after
from showrunner.timeline import cues


def begin(play: Play, port: Port, run: Run) -> None:
    """Begin a streamed command: its properties are its own from now on."""
    step, stream = run.step, port.stream
    if run.command is None or stream is None or not isinstance(step, cues.Send):
        raise TypeError("not a streamed command")
    command = lanes.filled(play, run.command)
    if isinstance(command, str):
        lanes.end(play, run, "skipped", f"no value for {command}")
        return
    run.command = command
    run.state = after(run.state, Change.STREAM)
    run.attempt = 1
    set_off(play, port, stream, run)


def intend(play: Play, port: Port, run: Run) -> None:
    """Let a command whose device is away hold or move its values all the same: they are there when it returns."""
    if port.stream is not None:
        set_off(play, port, port.stream, run)
        port.stream.releasing.pop(run, None)


def set_off(play: Play, port: Port, stream: Stream, run: Run) -> None:
    """Let a command do to its properties what it says."""
    command = run.command
    if command is None:
        raise TypeError("not a streamed command")
    run.began = play.instant
    over = command.get("D") or 0
    if command.verb.stream == "release":
        release(play, port, stream, run, over)
    else:
        targets = command.verb.targets(command) if command.verb.targets is not None else ()
        start(play, port, stream, run, targets, over, command.lasting)
    stream.dirty = True
    frames.schedule(play, stream)


def start(
    play: Play, port: Port, stream: Stream, run: Run, targets: Iterable[Target], over: int, lasting: int | None
) -> None:
    """Put targets in place of what their properties did before."""
    arrives = play.instant + over
    until = None if lasting is None else arrives + lasting
    ease = str(run.command.get("E", "linear")) if run.command is not None else "linear"
    fresh: dict[str, Held] = {}
    for target in targets:
        begin = target.start if over else target.to
        if begin is None:
            begin = present(play, port, stream, target.property)
        fresh[target.property] = Held(run, Course(begin, target.to, target.path, play.instant, arrives, ease), until)
    claim(play, port, run, tuple(fresh))
    stream.values.update(fresh)
    if play.options.tells:
        play.told.extend(Steered(run.id, stream.device, name, held.course) for name, held in fresh.items())
    if not stream.holds:
        port.states.update(dict.fromkeys(fresh, run))  # where a move ends is a state: that device keeps it
    stream.dropped = {name: shown for name, shown in stream.dropped.items() if name not in fresh}
    if over and not moving(play, stream, besides=run):
        stream.moving_since = play.instant
    if over:
        play.agenda.on_world(arrives, Rank.ELAPSED, (run.id, 0), lambda: arrive(play, stream, run))
    if until is not None:
        run.lasting = play.agenda.on_world(until, Rank.ELAPSED, (run.id, 1), lambda: lapse(play, stream, run))


def present(play: Play, port: Port, stream: Stream, name: str) -> Quantity | None:
    """Tell what a property shows, as far as the show knows: None where the device must be asked."""
    held = stream.values.get(name)
    if held is not None and held.course.start is not None:
        return curves.value(held.course, play.instant)
    if (shown := stream.dropped.get(name)) is not None:
        return shown  # let go, as where a segment ends, but no frame has said so yet
    if name in stream.known:
        return stream.known[name]
    # Rule "frames": only the Editor's own values are not asked for in a dry run.
    return default(port, name) if play.options.auto and stream.holds else None


def told(port: Port, run: Run) -> None:
    """What a command has set at once is where the next move of it starts."""
    if port.stream is not None and run.command is not None and run.command.verb.values is not None:
        shown = run.command.verb.values(run.command)
        port.stream.known.update({name: to for name, to in shown.items() if port.owners.get(name) is run})


def default(port: Port, name: str) -> Quantity:
    """Give the model's own value of a property: the catalogue's, else 0."""
    for entries in (port.inventory or {}).values():
        for entry in entries:
            if entry.name == name and entry.default is not None:
                return entry.default
    return 0


def claim(play: Play, port: Port, run: Run, names: tuple[str, ...]) -> None:
    """Make ``run`` the owner of properties; who loses the last one to it ends, done if its time has come."""
    losers: dict[Run, None] = {}
    for name in names:
        owner = port.owners.get(name)
        if owner is not None and owner is not run:
            losers[owner] = None
        port.owners[name] = run
        if port.stream is not None:
            port.stream.values.pop(name, None)
            if play.options.tells:
                play.told.append(LetGo(port.stream.device, name))
            if not lanes.streamed(run):
                port.stream.known.pop(name, None)
    taken = "released" if run.command is not None and run.command.verb.stream == "release" else "taken over"
    for loser in losers:
        if loser not in port.owners.values():
            lose(play, loser, f"{taken} by line {run.line}")


def lose(play: Play, run: Run, reason: str) -> None:
    """A command has lost all it held. At the end of its own time it is done all the same."""
    if run.state is not State.LASTING or run.command is None:
        return
    ends = run.began + (run.command.get("D") or 0) + (run.command.lasting or 0)
    timed = lanes.streamed(run) and (bool(run.command.get("D")) or run.command.lasting is not None)
    if timed and ends <= play.instant:
        lanes.end(play, run, "done", None)
    else:
        lanes.end(play, run, "cancelled", reason)


def release(play: Play, port: Port, stream: Stream, run: Run, over: int) -> None:
    """Let go of properties: at once, or by moving them to the model's own value first."""
    named = run.command.verb.releases(run.command) if run.command and run.command.verb.releases else ()
    names = tuple(name for name in (named or tuple(stream.values)) if name in stream.values)
    if over and names:
        targets = tuple(Target(name, default(port, name), present(play, port, stream, name)) for name in names)
        start(play, port, stream, run, targets, over, 0)
        return
    claim(play, port, run, names)
    for name in names:
        port.owners.pop(name, None)
        stream.dropped[name] = None
    stream.releasing[run] = None


def arrive(play: Play, stream: Stream, run: Run) -> None:
    """A move has come to its end value: a frame must carry it."""
    if any(held.run is run for held in stream.values.values()):
        stream.dirty = True
        if not play.ports[stream.device].ready and run.command is not None and run.command.lasting is None:
            frames.missed(play, stream)
        frames.schedule(play, stream)


def lapse(play: Play, stream: Stream, run: Run) -> None:
    """A command's `for` has passed: its values go, each as soon as a frame has carried it."""
    run.passed = True
    away = not play.ports[stream.device].ready
    if away:
        frames.check_finished(play, run)
        frames.missed(play, stream)
    for name, held in list(stream.values.items()):
        if held.run is run:
            if held.settled or away:
                drop(play, stream, name)
            else:
                held.over = True
                stream.dirty = True
    frames.check_finished(play, run)
    frames.schedule(play, stream)


def drop(play: Play, stream: Stream, name: str) -> None:
    """Hold a property no longer."""
    held = stream.values.pop(name)
    if play.options.tells:
        play.told.append(LetGo(stream.device, name))
    if not stream.holds and held.course.start is not None:
        stream.known[name] = curves.value(held.course, play.instant)
    owners = play.ports[stream.device].owners
    if owners.get(name) is held.run:
        owners.pop(name)
    if stream.holds:
        stream.dropped[name] = None if held.course.start is None else curves.value(held.course, play.instant)
    if releases(held.run) and held.run.state is not State.ENDED:
        stream.releasing[held.run] = None


def close(play: Play, home: Home, within: Scope | None = None) -> None:
    """Let go of everything that is held by a home that closes, or by the list ``within`` it."""
    for port in play.ports.values():
        stream = port.stream
        if stream is not None:
            for name, held in list(stream.values.items()):
                if held.run.scope.home is home and (within is None or held.run.scope.lies_in(within)):
                    drop(play, stream, name)
            frames.schedule(play, stream)


def settle(play: Play, stream: Stream, states: Mapping[str, Run]) -> None:
    """Send where moves have ended that are the last state of a property: of a device that keeps what it was told."""
    for name, run in states.items():
        value = stream.known.get(name)
        if lanes.streamed(run) and name not in stream.values and value is not None:
            stream.values[name] = Held(run, Course(value, value, "line", play.instant, play.instant, "linear"), None)


def moving(play: Play, stream: Stream, besides: Run | None = None) -> bool:
    """Tell whether any value is on its way at this instant."""
    return any(held.course.arrives > play.instant and held.run is not besides for held in stream.values.values())


def releases(run: Run) -> bool:
    """Tell whether a command is a `release`: its end is the frame that ends the holding."""
    return run.command is not None and run.command.verb.stream == "release"

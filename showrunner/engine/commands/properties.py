"""Properties: what each property of a device does, who owns it, and when it is let go: rules "held values",
"take-over".

A device whose verbs know `release` forgets values by itself, so they are sent again and again while they are held;
others keep what they were told. What begins and ends them is in ``streams``, the frames that carry them in ``frames``.
"""

from __future__ import annotations

from collections.abc import Mapping

from showrunner.devices.vocabulary import Quantity, Target
from showrunner.engine import curves
from showrunner.engine.commands import runs
from showrunner.engine.curves import Course
from showrunner.engine.messages import LetGo
from showrunner.engine.play import Held, Play, Port, Sending, Stream
from showrunner.engine.states import State


def present(play: Play, port: Port, stream: Stream, name: str) -> Quantity | None:
    """Tell what a property shows, as far as the show knows: None where the device must be asked."""
    held = stream.values.get(name)
    if held is not None and held.course.start is not None:
        return curves.value(held.course, play.instant)
    if (shown := stream.dropped.get(name)) is not None:
        return shown  # let go, as where a segment ends, but no frame has said so yet
    if name in stream.known:
        return stream.known[name]
    # Rule "frames": only a program's own values are not asked for in a dry run.
    return default(port, name) if play.options.auto and stream.holds else None


def default(port: Port, name: str) -> Quantity:
    """Give the model's own value of a property: the catalogue's, else 0."""
    for entries in (port.inventory or {}).values():
        for entry in entries:
            if entry.name == name and entry.default is not None:
                return entry.default
    return 0


def rest(play: Play, port: Port, stream: Stream, name: str) -> Quantity:
    """Give the value to which a property goes while it is let go over a time: what its rows say, else its own."""
    held = stream.values.get(name)
    unknown = held is not None and held.course.start is None
    shown = held.course.to if held is not None and unknown else present(play, port, stream, name)
    return default(port, name) if stream.rests is None or shown is None else stream.rests(name, shown)


def resting(port: Port, target: Target) -> Quantity:
    """Give where a target ends: of what follows a motion that fades out, where it rests; else where it is to go."""
    shape = target.shape
    if shape is None:
        return target.to
    if isinstance(target.to, tuple):
        return (curves.last(shape), 0 if shape.fade_out else 1)
    return default(port, target.property) if shape.fade_out else curves.last(shape)


def moving(play: Play, stream: Stream, besides: Sending | None = None) -> bool:
    """Tell whether any value is on its way at this instant."""
    return any(held.course.arrives > play.instant and held.run is not besides for held in stream.values.values())


def told(port: Port, run: Sending) -> None:
    """What a command has set at once is where the next move of it starts."""
    if run.command.verb.values is not None:
        shown = run.command.verb.values(run.command)
        mine = {name: to for name, to in shown.items() if port.owners.get(name) is run}
        for stream in port.streams.values():
            stream.known.update(mine)


def claim(play: Play, port: Port, run: Sending, names: tuple[str, ...]) -> None:
    """Make ``run`` the owner of properties; who loses the last one to it ends, done if its time has come."""
    losers: dict[Sending, None] = {}
    for name in names:
        owner = port.owners.get(name)
        if owner is not None and owner is not run:
            losers[owner] = None
        port.owners[name] = run
        if port.streams and play.options.tells:
            play.told.append(LetGo(port.fixture.name, name))
        for stream in port.streams.values():
            stream.values.pop(name, None)
            if not run.streamed:
                stream.known.pop(name, None)
    taken = "released" if run.releases else "taken over"
    for loser in losers:
        if loser not in port.owners.values():
            _lose(play, loser, f"{taken} by line {run.line}")


def _lose(play: Play, run: Sending, reason: str) -> None:
    """A command has lost all it held. At the end of its own time it is done all the same."""
    if run.state not in {State.LASTING, State.CARRIED}:
        return
    over, lasting = run.command.over, run.command.lasting
    timed = run.streamed and (over > 0 or lasting is not None)
    if timed and run.began + over + (lasting or 0) <= play.instant:
        runs.end(play, run, "done", None)
    else:
        runs.end(play, run, "cancelled", reason)


def drop(play: Play, stream: Stream, name: str) -> None:
    """Hold a property no longer."""
    held = stream.values.pop(name)
    if play.options.tells:
        play.told.append(LetGo(stream.device, name))
    shown = None if held.course.start is None else curves.value(held.course, play.instant)
    if stream.holds:
        stream.dropped[name] = shown
    elif shown is not None:
        stream.known[name] = shown
    owners = play.ports[stream.device].owners
    if owners.get(name) is held.run:
        owners.pop(name)
    if held.run.releases and held.run.state is not State.ENDED:
        stream.releasing[held.run] = None


def settle(play: Play, stream: Stream, states: Mapping[str, Sending]) -> None:
    """Send where moves have ended that are the last state of a property: of a device that keeps what it was told."""
    for name, run in states.items():
        value = stream.known.get(name)
        if run.streamed and play.stream(run) is stream and name not in stream.values and value is not None:
            stream.values[name] = Held(run, Course(value, value, "line", play.instant, play.instant, "linear"), None)
            play.ports[stream.device].owners[name] = run  # a move that was cut short has let go of it

"""The scene: what a show that plays intends at this moment, as the JSON from which a page draws its stage.

Read off the engine's snapshot, so that nobody waits for anybody. What the devices made of it is in the journal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from showrunner.console.written import small
from showrunner.devices.speech import known as known_text
from showrunner.devices.vocabulary import Command, Fixture
from showrunner.drawing.acts import sight
from showrunner.engine.curves import Course
from showrunner.engine.imagined import spoken
from showrunner.engine.snapshot import Snapshot
from showrunner.slotted import dataclass

MOST = 400
"""So many values, and so many commands, are in a scene; how many more there are it says."""

LONGEST = 2_000
"""So many characters of a text are in it."""


OFTEN = 0.1
"""Every so many seconds there is another one at most."""

Seen: TypeAlias = dict[int, tuple[Command, dict[str, Any] | None]]
"""What was made of commands, by their numbers."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A show as it stands: ``zero`` is the instant of its time 0 (microseconds), ``at`` the show time by now, both None
    before it has come. ``fixtures``: its devices by their names, with their pictures.
    """

    snapshot: Snapshot
    zero: int | None
    at: int | None
    speed: float
    fixtures: Mapping[str, Fixture]


def scene(standing: Standing, known: Seen | None = None) -> dict[str, Any]:
    """Give the scene, without its time: two that are the same look the same. Times are show time.

    ``known``: what was made of commands for the scene before.
    """
    values, commands = [*_values(standing)], [*_commands(standing, {} if known is None else known)]
    # Of too many those are left off that went first and do not stand.
    commands.sort(key=lambda one: (one["stands"], one["id"]))
    return {
        "values": values[:MOST],
        "commands": commands[-MOST:],
        "more": max(0, len(values) - MOST) + max(0, len(commands) - MOST),
    }


def picture(fixtures: Mapping[str, Fixture], path: str) -> str | None:
    """Give a picture that the show knows by this path, as a data URL."""
    found = (one.settings.get("images", {}).get(path) for one in fixtures.values())
    return next((url for url in found if url is not None), None)


def _values(standing: Standing) -> Iterator[dict[str, Any]]:
    """Give what is held or moves, and what stays where it was put."""
    shot, zero = standing.snapshot, standing.zero or 0
    for device, held in shot.values.items():
        for name, course in held.items():
            yield _value(device, name, course, zero, stays=False)
    for device, stands in shot.stands.items():
        held = shot.values.get(device, {})
        for name, number in stands.items():
            command = shot.commands[number]
            to = None if name in held else _put(command).get(name)
            if to is not None:
                yield _value(device, name, Course(None, to, "line", zero, zero, "linear"), zero, stays=True)


def _put(command: Command) -> Mapping[str, Any]:
    """Give where a command leaves properties that nothing has to hold."""
    if command.verb.values is not None:
        return command.verb.values(command)
    targets = () if command.verb.targets is None else command.verb.targets(command)
    return {target.property: target.to for target in targets}


def _value(device: str, name: str, course: Course, zero: int, *, stays: bool) -> dict[str, Any]:
    return {
        "device": device,
        "property": name,
        "from": course.start,
        "to": course.to,
        "path": course.path,
        "start": course.since - zero,
        "arrives": course.arrives - zero,
        "ease": course.ease,
        "stays": stays,
    }


def _commands(standing: Standing, known: Seen) -> Iterator[dict[str, Any]]:
    """Give what is seen and heard of commands, with every value filled in."""
    shot = standing.snapshot
    stand = {number for stands in shot.stands.values() for number in stands.values()}
    for number in known.keys() - shot.commands.keys():
        del known[number]
    for number, command in shot.commands.items():
        before = known.get(number)
        if before is None or before[0] is not command:
            before = known[number] = command, _shown(command, standing.fixtures.get(command.device))
        if before[1] is not None:
            yield {"id": number, "stands": number in stand and command.verb.draws != "mouth", **before[1]}


def _shown(command: Command, fixture: Fixture | None) -> dict[str, Any] | None:
    """Give what is seen and heard of a command; None: nothing is, or its device is in the show no more."""
    if fixture is None:
        return None
    pictures = fixture.settings.get("images", {})
    seen, says = sight(command, pictures), _says(command, fixture)
    if seen is None:
        return {"device": command.device, "says": says, "for": command.lasting} if says else None
    path = seen["words"] if seen["words"] in pictures else None
    words = seen["words"][:LONGEST]
    return {"device": command.device, **seen, "words": words, "picture": path, "says": says, "for": command.lasting}


def _says(command: Command, fixture: Fixture) -> list[dict[str, Any]]:
    """Give what is said of a command, in order: the words, the face, and about how long it takes (microseconds)."""
    if command.verb.speaks is None:
        return []
    lasts = spoken(command, fixture.settings)
    return [
        {"text": known_text(one.text)[:LONGEST], "emotion": one.emotion, "lasts": long}
        for one, long in zip(command.verb.speaks(command), lasts, strict=True)
    ]


class Scenes:
    """Makes scenes for all who look on, one every ``OFTEN`` seconds at most, whoever asks and however many they are.

    ``look`` tells how the show stands; it is asked only where somebody wants to see it. In the server's loop alone.
    """

    def __init__(self, look: Callable[[], Standing], clock: Callable[[], float] = time.monotonic) -> None:
        self._look = look
        self._clock = clock
        self._made: float | None = None
        self._standing: Standing | None = None
        self._seen: Seen = {}
        self._body = b""
        self._event = b""
        self.number = 0
        """Counts the scenes that were another than the one before."""

    def newest(self) -> bytes:
        """Give the event `scene`, with the time of the show."""
        now = self._clock()
        if self._made is None or now >= self._made + OFTEN:
            self._made = now
            standing, before = self._look(), self._standing
            if before is None or standing.fixtures is not before.fixtures:
                self._seen.clear()  # its pictures may be others
            if before is None or standing.snapshot is not before.snapshot or standing.zero != before.zero:
                self._standing = standing
                body = small(scene(standing, self._seen))
                self.number += body != self._body
                self._body = body
            time_ = small({"at": standing.at, "speed": standing.speed, "ended": standing.snapshot.ended})
            self._event = b"event: scene\ndata: %b,%b\n\n" % (time_[:-1], self._body[1:])
        return self._event

"""The timetable of a show: what it is made of, and from when to when. Shapes, and what is counted up from them.

One page for what is expected (a ``Plan``, which ``plan`` makes) and for what happened (read off a journal by
``entries``). Times are microseconds of show time. ``seq`` is the number of the entry with which something began,
``last`` of that with which it ended: what comes at one instant has an order too. Where ``last`` is None it did not end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import TypeAlias

from showrunner.devices.sights import heard
from showrunner.devices.vocabulary import Command
from showrunner.engine.curves import Course
from showrunner.slotted import dataclass
from showrunner.timeline.labels import Key, Label
from showrunner.yielding import gently


@dataclass(frozen=True, slots=True)
class TimedSegment:
    """A segment, to the beginning of the next one."""

    seq: int
    name: str
    title: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TimedCue:
    """A cue that is taken. ``due`` on the clock of its list, ``late`` after that. ``label``: its name in ``where``,
    taken apart, which a plan knows; else a name and nothing more.
    """

    seq: int
    where: Key
    at: int
    due: int
    late: int
    label: Label


@dataclass(frozen=True, slots=True)
class TimedCommand:
    """A command from when it is taken to its outcome, ``result`` and ``reason``. ``sent``: when it first was, if ever.

    ``command`` is the compiled one, which a plan knows; a `wait for` has none, and no ``device`` but for an event's.
    ``file`` is None for the script itself, ``through`` are the `do`s it came through, the innermost first. ``took`` and
    ``filled``: as in the journal.
    """

    seq: int
    id: int
    where: Key
    device: str | None
    verb: str
    line: int
    text: str
    start: int
    file: str | None = None
    through: tuple[str, ...] = ()
    command: Command | None = None
    sent: int | None = None
    end: int | None = None
    last: int | None = None
    result: str | None = None
    reason: str | None = None
    took: int = 0
    filled: str | None = None

    @property
    def reads(self) -> str:
        """It as a person reads it: what was known of it before the show is filled in."""
        return self.text if self.filled is None else self.filled


@dataclass(frozen=True, slots=True)
class TimedWait:
    """What a list stands at: ``what`` is the journal's `for`, ``why`` it goes on."""

    seq: int
    where: Key
    what: str
    start: int
    end: int | None = None
    last: int | None = None
    why: str | None = None

    @property
    def stops(self) -> bool:
        """Whether a list stands at it: an `until` stops nothing."""
        return not self.what.startswith("until ")


@dataclass(frozen=True, slots=True)
class TimedLog:
    """A `log`."""

    seq: int
    where: Key
    at: int
    message: str


@dataclass(frozen=True, slots=True)
class TimedCurve:
    """A property on its way and held, by the command ``id``. ``until`` None: it stays where it is."""

    id: int
    device: str
    property: str
    course: Course
    until: int | None


@dataclass(frozen=True, slots=True)
class TimedUtterance:
    """A part of what is said: ``text`` as it will be heard, an answer that is not known yet by its name in braces."""

    text: str
    emotion: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Voice:
    """What one command says: whose voice, from when to when, and, where that is known, what."""

    device: str
    start: int
    end: int
    id: int
    utterances: tuple[TimedUtterance, ...] = ()


@dataclass(frozen=True, slots=True)
class Timetable:
    """A whole show. Everything stands in the order in which it begins.

    ``heard``: how many events each `when` has heard. ``length``: when its last entry comes. ``goes`` counts the GOs.
    ``whole``: it comes to its end, with ``result`` and ``counts`` (of the outcomes).
    """

    title: str = ""
    segments: tuple[TimedSegment, ...] = ()
    cues: tuple[TimedCue, ...] = ()
    commands: tuple[TimedCommand, ...] = ()
    waits: tuple[TimedWait, ...] = ()
    logs: tuple[TimedLog, ...] = ()
    voices: tuple[Voice, ...] = ()
    length: int = 0
    goes: int = 0
    whole: bool = True
    result: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    heard: Mapping[Key, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan(Timetable):
    """The timetable a show is expected to keep, and where its values are on their way and held.

    Not ``whole`` where the show goes on for longer than it was worth looking ahead.
    """

    curves: tuple[TimedCurve, ...] = ()


Moment: TypeAlias = TimedSegment | TimedCue | TimedCommand | TimedWait | TimedLog


def moments(table: Timetable) -> Iterator[tuple[Moment, bool]]:
    """Go through a timetable in the order in which things happened: what it is, and whether this is its end."""
    begun: Sequence[Sequence[Moment]] = (table.segments, table.cues, table.commands, table.waits, table.logs)
    placed = {one.seq: (one, False) for listed in begun for one in gently(listed)}
    ended: Sequence[Sequence[TimedCommand | TimedWait]] = (table.commands, table.waits)
    placed |= {one.last: (one, True) for listed in ended for one in gently(listed) if one.last is not None}
    for seq in sorted(placed):
        yield placed[seq]


def said(command: TimedCommand) -> str | None:
    """Give what a command of a plan says, every constant and every argument of a `do` filled in; None: it is no speech.

    A verb is known by its row: every one of the class SPEECH says what its commands speak.
    """
    if command.command is None or command.command.verb.speaks is None:
        return None
    return " ".join(heard(one.text) for one in command.command.verb.speaks(command.command))

"""The cue list: a show compiled. Typed, timed, every name looked up; what the engine calls.

Frozen data only: how it is made is in ``compile``, what happens with it in the engine. Times are microseconds.

Where things stand stays relative, as in the tree: ``Cue.line`` counts from the base of the list the cue stands in, a
step's ``span`` from the cue's line. The base of a track is in ``Track``, also of those of a `do`; the list of a
`repeat` or a `meanwhile` has the line of the cue that owns it as its base. So a compiled cue that was only moved is the
same value as before. A step's ``text`` is its source, modifiers included, variables not filled in; ``filled`` is the
same with constants and parameters filled in, None where that is no other text (``reads`` gives what a person reads).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar, Literal, TypeAlias

from showrunner.devices.vocabulary import Command, Event, Text
from showrunner.diagnostics.diagnostic import Span
from showrunner.slotted import dataclass
from showrunner.times import SCALE, Exact

Policy: TypeAlias = Literal["continue", "stop", "hold"]

Habit: TypeAlias = Literal["queue", "ignore", "restart", "together"]
"""What a `when` does with an event while its block plays."""

MAIN = "main"
"""The track of the cues of a segment or a `define` itself, and the segment of the cues of a file that has none."""

_NUMBER = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,15})?")

TURN = "turn"

COUNTED = (TURN, "left")
"""What a text may ask for in a counted `repeat`: the number of its turn, and how many are left with it."""

_INSERTED = re.compile(r"(?<!\{)\{([^\W\d][\w-]*)(?:\.([^\W\d][\w-]*))?\}(?!\})")

TIME = "time"
"""The wall clock, where it is named as a device is; and the one field of what it tells."""


@dataclass(frozen=True, slots=True)
class Beats:
    """So many beats, or bars: a length that the tempo makes of them where it is used."""

    count: Fraction
    unit: Literal["beat", "bar"]


@dataclass(frozen=True, slots=True)
class Tempo:
    """The music of a segment: ``rate`` beats a minute, so many ``beats`` a bar; bar 1 comes at ``offset`` on the clock
    of a track.
    """

    rate: Fraction
    beats: int
    offset: int

    @property
    def beat(self) -> Fraction:
        """How long a beat lasts."""
        return SCALE["m"] / self.rate

    def lasts(self, length: Beats) -> Fraction:
        """Say how long so many beats last."""
        return length.count * self.beat * (self.beats if length.unit == "bar" else 1)

    def at(self, bar: int, beat: Fraction) -> Fraction:
        """Say how long after the first beat of bar 1 a beat of a bar comes."""
        return ((bar - 1) * self.beats + beat - 1) * self.beat

    def called(self, micros: int) -> str:
        """Name the beat that it is so long after the first one of bar 1: `9.3`, and `9.3.5` half a beat later; cut to
        thousandths of a beat. Before bar 1 there is none.
        """
        # What was rounded to a microsecond may lie half of one before its beat.
        thousandths = (2 * micros + 1) * 500 // self.beat
        if thousandths < 0:
            return ""
        bar, beats = divmod(thousandths, self.beats * 1000)
        beat, rest = divmod(beats, 1000)
        return f"{bar + 1}.{beat + 1}" + (f".{rest:03}".rstrip("0") if rest else "")


@dataclass(frozen=True, slots=True)
class Position:
    """When a cue is taken: ``then`` waits for what stands above; ``at`` is a clock value; ``plus`` is added.

    `at 5s` (at) · `at +2s` (plus) · `then` (then, plus 0) · `then +2s` (then, plus) · `then at 40s` (then, at).
    ``bar``: it is written as a bar, at which the clock of its list does not stand any more. What is counted in beats is
    an exact fraction, for sums to be made of.
    """

    then: bool
    at: Exact | None
    plus: Exact | None
    bar: bool = False


@dataclass(frozen=True, slots=True)
class Pick:
    """`choose "a" or "b"` in a command, with its ``words``: the command with each of them, other picks at their first.

    ``reads``: what a person reads of each, in place of the ``hole``, all of it. ``shortest`` and ``longest`` are the
    two that take least and most.
    """

    words: str
    commands: tuple[Command, ...]
    reads: tuple[str, ...]
    hole: str
    shortest: int = 0
    longest: int = 0


@dataclass(frozen=True, slots=True)
class Send:
    """A device's command, with its modifiers.

    ``keep`` is the name after `->`, ``default`` the text after `or`. ``within`` None: the verb's limit, then the
    device's. ``picks``: what is chosen in it when it is taken; without, ``command`` has the first of each.
    """

    command: Command
    wait: bool
    within: int | None
    retry: int
    policy: Policy | None
    keep: str | None
    default: str | Text | None
    meanwhile: Body | None
    text: str
    span: Span
    filled: str | None = None
    picks: tuple[Pick, ...] = ()


@dataclass(frozen=True, slots=True)
class Safe:
    """A command of a device's `safe:` list. ``file`` and ``line`` are its place in the stage file."""

    send: Send
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Pause:
    """`wait 700ms`."""

    time: int
    text: str
    span: Span
    filled: str | None = None


@dataclass(frozen=True, slots=True)
class Awaited:
    """An event that is waited for: ``kind`` says what it is of, and ``name`` which; of a time `20:00`, `20:00:30`.

    ``often``: not one time, but each that so many microseconds divide, counted from midnight. Only of a device's:
    ``device``, its ``row``, and the ``values`` that it must have, by the row's placeholders. The track of a cue is not
    needed: cue names are unique in their segment.
    """

    kind: Literal["device", "cue", "button", "time"]
    name: str
    device: str | None = None
    row: Event | None = None
    values: tuple[tuple[str, Any], ...] = ()
    often: int | None = None

    @property
    def called(self) -> str:
        """What the journal calls it: `button raid`, `event lights on`, `clock 20:00`."""
        if self.device is None:
            return f"{'clock' if self.kind == 'time' else self.kind} {self.name}"
        return " ".join(["event", self.device, *filter(None, [self.name]), *(str(value) for _, value in self.values)])


@dataclass(frozen=True, slots=True)
class Until:
    """`until …`: the first of the ``events`` that comes ends a segment or a `repeat`."""

    events: tuple[Awaited, ...]
    span: Span

    @property
    def called(self) -> str:
        """What the journal calls it, behind `until`."""
        return " or ".join(event.called for event in self.events)


@dataclass(frozen=True, slots=True)
class Await:
    """`wait for …`: the first of the ``events`` that comes ends it. ``keep`` and ``default`` as of a ``Send``."""

    events: tuple[Awaited, ...]
    within: int | None
    policy: Policy | None
    keep: str | None
    default: str | Text | None
    meanwhile: Body | None
    text: str
    span: Span
    filled: str | None = None

    @property
    def kind(self) -> Literal["event", "cue", "button"]:
        """Who decides when it ends: a person, the show itself, or else the world."""
        kinds = {event.kind for event in self.events}
        return "button" if "button" in kinds else "cue" if "cue" in kinds else "event"


@dataclass(frozen=True, slots=True)
class Hold:
    """`hold "label"`: until GO, or until ``within`` has passed."""

    label: str | None
    within: int | None
    meanwhile: Body | None
    text: str
    span: Span
    filled: str | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """`log "text"`."""

    message: str | Text
    text: str
    span: Span
    filled: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """`stop`."""

    text: ClassVar[str] = "stop"
    filled: ClassVar[str | None] = None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """`do wave(…)`: the lists of the `define`, which begin together, with the arguments filled in.

    It is one without a name, or one for each of its ``tracks``, `main` first if it has cues.
    """

    name: str
    tracks: tuple[Track, ...]
    text: str
    span: Span
    filled: str | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """`repeat N times every D`; ``count`` None: as often as there is time. ``until`` ends it, ``at_once`` in a turn.

    ``on_beat``: D is counted in beats, and a turn that is late leaves the grid of beats as it is. `every A to B`:
    ``every`` and ``most``, in whole milliseconds; each gap is one of them.
    """

    count: int | None
    every: Exact
    body: Body
    text: str
    span: Span
    filled: str | None = None
    on_beat: bool = False
    until: Until | None = None
    at_once: bool = False
    most: int | None = None

    @property
    def turns(self) -> tuple[int | None, Exact, int | None, bool, tuple[Awaited, ...], bool]:
        """How many there are, when, and what ends them."""
        ends = () if self.until is None else self.until.events
        return self.count, self.every, self.most, self.on_beat, ends, self.at_once

    @property
    def endless(self) -> bool:
        """Whether only the end of its segment ends it, so that nothing waits for it."""
        return self.count is None and self.until is None

    @property
    def words(self) -> str:
        """By what its gaps are drawn."""
        return " ".join(self.text.split())


@dataclass(frozen=True, slots=True)
class ChosenBy:
    """What a `choose by` looks at: what was kept as ``name``, or its ``field``; else the ``constant`` of that name."""

    name: str
    field: str | None
    constant: str | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """A label: it fits this ``word``, or the numbers from ``least`` to ``most`` (None: without end); else anything.

    ``source`` as written.
    """

    source: str
    word: str | None
    least: int | float | None = None
    most: int | float | None = None

    @property
    def otherwise(self) -> bool:
        """Whether it is `else`."""
        return self.word is None and self.least is None and self.most is None

    @property
    def ranges(self) -> bool:
        """Whether it fits more numbers than one."""
        return self.word is None and not self.otherwise and self.least != self.most

    @property
    def empty(self) -> bool:
        """Whether no number fits it."""
        return self.least is not None and self.most is not None and self.most < self.least

    def holds(self, value: float) -> bool:
        """Tell whether a number lies in its range, ends included."""
        return (self.least is None or self.least <= value) and (self.most is None or value <= self.most)

    def fits(self, value: str | None) -> bool:
        """Tell whether it fits a value; None: there is none."""
        if self.otherwise or value is None:
            return self.otherwise
        if self.word is not None:
            return folded(self.word) == folded(value)
        found = number(value)
        return found is not None and self.holds(found)


def folded(text: str) -> str:
    """Give a text as labels are compared: neither case nor blanks around it matter, nor how its letters are written."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def number(text: str) -> float | None:
    """Read a value as a number: `500`, `5.5`, `-3`; None where it is none, as `5 €`."""
    found = _NUMBER.fullmatch(folded(text))
    return None if found is None else float(found[0])


@dataclass(frozen=True, slots=True)
class Choice:
    """A line below a `choose`; ``takes`` microseconds, estimated. ``fit`` below `choose by` alone."""

    body: Body
    takes: int
    fit: Fit | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """`choose`, with the ``words`` of its bag, or `choose by NAME` (``by``): one of the ``choices`` is played."""

    words: str
    by: ChosenBy | None
    choices: tuple[Choice, ...]
    text: str
    span: Span
    filled: str | None = None


@dataclass(frozen=True, slots=True)
class When:
    """`when EVENT … queue at most every D`: a turn of the ``body`` at each of the ``events``.

    ``keep`` and ``default`` as of a ``Send``; ``every``: it begins, or keeps waiting, at most one in so long.
    ``takes``: so many microseconds its block lasts, estimated.
    """

    events: tuple[Awaited, ...]
    keep: str | None
    default: str | Text | None
    habit: Habit
    every: int | None
    takes: int
    body: Body
    text: str
    span: Span
    filled: str | None = None

    @property
    def called(self) -> str:
        """What the journal calls its events: `button raid or button boo`."""
        return " or ".join(event.called for event in self.events)


@dataclass(frozen=True, slots=True)
class Hush:
    """`hush`: a command for each voice of the stage, in its order. Those that the show does not use are left out."""

    sends: tuple[Send, ...]
    text: str
    span: Span
    filled: str | None = None


Step: TypeAlias = Send | Hush | Pause | Await | Hold | Log | Stop | Call | Repeat | Choose | When


def bodies(step: Step) -> tuple[Body, ...]:
    """Give the lists that a step owns: its block, or its choices."""
    if isinstance(step, Choose):
        return tuple([choice.body for choice in step.choices])
    if isinstance(step, Call):
        return tuple([track.body for track in step.tracks])
    body = step.body if isinstance(step, Repeat | When) else None
    if isinstance(step, Send | Await | Hold):
        body = step.meanwhile
    return () if body is None else (body,)


def reads(step: Step) -> str:
    """Give a step as a person reads it: what is known before the show plays is filled in, an answer keeps its name."""
    return step.text if step.filled is None else step.filled


def counted(name: str, turn: int, count: int) -> str:
    """Say what `turn` or `left` is in a turn (from 1) of so many; after an edit it may be one beyond them."""
    return str(turn if name == TURN else max(1, count - turn + 1))


def inserted(text: str, known: Callable[[str, str | None], str | None]) -> str:
    """Give a command as it is written with what is ``known`` of its `{name}` and `{name.field}` put in, for people."""

    def put(found: re.Match[str]) -> str:
        value = known(found[1], found[2])
        return found[0] if value is None else value

    return _INSERTED.sub(put, text)


@dataclass(frozen=True, slots=True)
class Cue:
    """What is taken together: ``steps`` in order, each starting at once but for the waits among them.

    ``written`` is the position in the author's words (`then +500ms`, where `$beat` stood), empty where none is written.
    """

    line: int
    name: str | None
    position: Position
    written: str
    steps: tuple[Step, ...]
    span: Span

    @property
    def text(self) -> str:
        """Its commands as a person reads them, `;` between them."""
        return "; ".join(map(reads, self.steps))


@dataclass(frozen=True, slots=True)
class Body:
    """A list of cues, taken from top to bottom on a clock of its own."""

    cues: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """A list that runs beside the other tracks of its segment, or of its `define`. ``line`` is the base of its cues in
    ``file``.

    One without a name is all that a `define` without tracks has. In a segment it has one cue and that one step, a
    `when`, which hears as long as the segment plays.
    """

    name: str
    file: str
    line: int
    body: Body


@dataclass(frozen=True, slots=True)
class Segment:
    """Segments play one after the other. ``tracks``: `main` first if it has cues, then in order of declaration.

    ``release``: over so many microseconds what it still holds is let go when it is over (0: at once). ``whens``: a list
    for each `when` in it. ``until`` keeps it open, and ends it.
    """

    name: str
    title: str | None
    at_least: int | None
    at_most: int | None
    tracks: tuple[Track, ...]
    file: str
    line: int
    release: int = 0
    tempo: Tempo | None = None
    whens: tuple[Track, ...] = ()
    until: Until | None = None


@dataclass(frozen=True, slots=True)
class CueList:
    """A whole show, ready to be played.

    ``devices``: the stage names it uses, in stage order. ``events``: what it waits for or hears, as (device, event).
    ``buttons``: the names behind `button`, in order of first use. ``main`` is the script's path as given (a cue of
    another file is called `part.show:L7`). ``keeps``: those whose presses are kept for who waits for them later.
    ``whens``: a list for each `when` at the left edge, in order; ``above``: how many segments stand above each.
    """

    title: str
    main: str
    fingerprint: str
    segments: tuple[Segment, ...]
    devices: tuple[str, ...]
    events: tuple[tuple[str, str], ...]
    buttons: tuple[str, ...]
    keeps: frozenset[str] = frozenset()
    whens: tuple[Track, ...] = ()
    above: tuple[int, ...] = ()

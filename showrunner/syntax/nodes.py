"""The tree of a `.show` file: every node of the language, on one page.

Frozen data, named as the grammar names its rules. Where things stand is kept *relative*, so that a part of a file that
was only moved is the same value as before and need not be read again:

* a statement (``Cue``, ``Track``, ``Segment``, ``Define``, …) does not know its line; the ``Placed`` around it does,
  and counts from the statement around that (the file itself counts from 0, so a top-level ``Placed.line`` is the line
  number);
* every other node has a ``Span`` whose ``line`` counts from the first line of the statement it stands in.

So the line in the file is the sum along the way down. Nothing here reads text (``parser``) or prints it (``printer``).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Generic, Literal, TypeAlias, TypeVar

from showrunner.diagnostics.diagnostic import Span
from showrunner.slotted import dataclass

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Placed(Generic[T_co]):
    """A statement and its line, counted from the line of the statement around it."""

    line: int
    node: T_co


# --------------------------------------------------------------------------------------------------------------- values


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word: `Emote_Angry`, `to`, `@Kentax_Red`."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Insert:
    """`{name}` or `{name.field}` in a string."""

    name: str
    span: Span
    field: str | None = None

    @property
    def spelled(self) -> str:
        """Both, as between the braces."""
        return self.name if self.field is None else f"{self.name}.{self.field}"


@dataclass(frozen=True, slots=True)
class String:
    """A quoted text: escapes and doubled braces already read; ``parts`` alternates freely between text and inserts.

    ``source`` is the literal as written, quotes included. An empty string has no parts.
    """

    parts: tuple[str | Insert, ...]
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Number:
    """`-3`, `0.25`: an int where no point is written, else a float. ``source`` as written."""

    value: int | float
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Duration:
    """`1m30s`, in microseconds."""

    micros: int
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Beats:
    """`2beats`, `0.5bars`: so many of the ``unit``. How long that is, the tempo says where it is played."""

    count: Fraction
    unit: Literal["beat", "bar"]
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Clock:
    """`00:05`, in microseconds."""

    micros: int
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class JsonObject:
    """`{"a": 1}` after `call`: members in order, keys as text."""

    members: tuple[tuple[String, Json], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class JsonArray:
    """`[1, 2]` after `call`."""

    items: tuple[Json, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class JsonLiteral:
    """`true`, `false`, `null`, or a number in JSON's spelling."""

    value: bool | int | float | None
    source: str
    span: Span


Json: TypeAlias = JsonObject | JsonArray | JsonLiteral | String | Variable
Name: TypeAlias = Word | String | Variable
Time: TypeAlias = Clock | Duration | Beats | Variable
Count: TypeAlias = Number | Variable
Value: TypeAlias = Word | String | Number | Duration | Beats | Clock | Variable
Match: TypeAlias = Word | String | Number | Variable
Written: TypeAlias = Word | String | Number | Duration | Beats | Clock | Variable | JsonObject | JsonArray
Pickable: TypeAlias = Word | String | Number | Variable


@dataclass(frozen=True, slots=True)
class Pick:
    """`choose "a" or "b"` among the arguments of a device's command: one of them is taken."""

    choices: tuple[Pickable, ...]
    source: str
    span: Span


Argument: TypeAlias = Written | Pick


# ------------------------------------------------------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True)
class AndWait:
    """`and wait`."""

    span: Span


@dataclass(frozen=True, slots=True)
class Within:
    """`within 30s`."""

    time: Time
    span: Span


@dataclass(frozen=True, slots=True)
class Retry:
    """`retry 2`."""

    count: Number | Variable
    span: Span


@dataclass(frozen=True, slots=True)
class Else:
    """`else continue`, `else stop`, `else hold`."""

    policy: str
    span: Span


@dataclass(frozen=True, slots=True)
class Keep:
    """`-> name`, `-> name or "text"`. ``name_span`` is the name's own."""

    name: str
    name_span: Span
    default: String | Variable | None
    span: Span


@dataclass(frozen=True, slots=True)
class AndMeanwhile:
    """`and meanwhile`, with the block below the line."""

    body: Body
    span: Span


Modifier: TypeAlias = AndWait | Within | Retry | Else | Keep | AndMeanwhile


@dataclass(frozen=True, slots=True)
class DeviceCommand:
    """`animaze emote Emote_Angry and wait`: device, verb, what follows it, modifiers.

    The device is a variable where a constant or a parameter says which: `$who emote Emote_Angry`.

    ``say happy "hi"`` alone reads as device ``keywords.ALONE``, verb ``say``, ``short`` true; both words then have the
    span of the written ``say``.
    """

    device: Word | Variable
    verb: Word
    arguments: tuple[Argument, ...]
    modifiers: tuple[Modifier, ...]
    short: bool
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Hush:
    """`hush`: every voice of the show. That of one device is a command of the device: `rin hush`."""

    modifiers: tuple[Modifier, ...]
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Wait:
    """`wait 700ms`."""

    time: Time
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """`animaze AvatarChanged Fox`, `cue hello`, `button raid`, `time 20:00`: what may be waited for.

    ``kind`` is ``device``, ``cue``, ``button`` or ``time``; ``device`` is None but for the first. ``words`` are what
    stands behind: of a cue or a button its name, of a device the name of its event and what that is matched by. Of a
    time it is the ``clock``, which counts from midnight, or how ``often`` it comes in a day: `time every 1h`.
    """

    kind: str
    device: Word | Variable | None
    words: tuple[Match, ...]
    span: Span
    clock: Clock | None = None
    often: Time | None = None


@dataclass(frozen=True, slots=True)
class WaitFor:
    """`wait for button yes or no -> answer within 30s`: the first of the events that comes ends it."""

    events: tuple[Event, ...]
    modifiers: tuple[Modifier, ...]
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Hold:
    """`hold "host ready?"`."""

    label: String | None
    modifiers: tuple[Modifier, ...]
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Log:
    """`log "text"`."""

    message: String
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Stop:
    """`stop`."""

    span: Span


@dataclass(frozen=True, slots=True)
class Do:
    """`do wave(1, "x")`."""

    name: str
    name_span: Span
    arguments: tuple[Value, ...]
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Until:
    """`until button start or time 20:00`: what ends a segment or a `repeat`."""

    events: tuple[Event, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Repeat:
    """`repeat 8 times every 2s` (``count`` None: endless) with the block below the line.

    ``until``: what ends it besides; ``at_once``: in the middle of a turn, too. `every 20s to 40s`: ``every`` is the
    shortest gap, ``most`` the longest.
    """

    count: Number | Variable | None
    every: Time
    body: Body
    source: str
    span: Span
    until: Until | None = None
    at_once: bool = False
    most: Time | None = None

    @property
    def endless(self) -> bool:
        """Whether only the end of its segment ends it."""
        return self.count is None and self.until is None


@dataclass(frozen=True, slots=True)
class Label:
    """What a line below `choose by` is for: `yes`, `"Game over"`, `$word` (``word``) or a range, its ends included.

    `1 to 99` (both ends) · `100 or more` (``least``) · `up to 9` (``most``) · `5` (both the same) · `else` (nothing).
    """

    word: Word | String | Variable | None
    least: Number | Variable | None
    most: Number | Variable | None
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """A line below `choose`: its commands, and all below it. ``label`` below `choose by` alone.

    ``source``: the line and those below it, as written, but for comments on lines of their own.
    """

    label: Label | None
    body: Body
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Choose:
    """`choose`, or `choose by gift.amount` (``by``), with a line below for each choice."""

    by: Insert | None
    choices: tuple[Choice, ...]
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Nothing:
    """`nothing`: the one command of a line below `choose`."""

    source: str
    span: Span


Command: TypeAlias = DeviceCommand | Hush | Wait | WaitFor | Hold | Log | Stop | Do | Repeat | Choose | Nothing


# ----------------------------------------------------------------------------------------------------------- statements


@dataclass(frozen=True, slots=True)
class Bar:
    """`bar 9 beat 3.5`, counted from 1; ``source`` with one blank between words."""

    number: Count
    beat: Count | None
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Position:
    """When a cue is taken. ``then`` alone: after what stands above; ``at``: on the clock; ``plus``: that much later.

    `at 5s`, `at bar 9` (at) · `at +2s` (plus) · `then` (then) · `then +2s` (then, plus) · `then at 40s` (then, at).
    ``source`` is as written, with one blank between words; empty where it is not written at all.
    """

    then: bool
    at: Time | Bar | None
    plus: Time | None
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Cue:
    """`cue hello at 00:05 commands…`; spans inside count from the cue's first line.

    ``implied`` marks the one cue, at 0 s, that stands for a body of plain commands.
    """

    name: str | None
    name_span: Span | None
    position: Position
    commands: tuple[Command, ...]
    implied: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Body:
    """The block below a `define`, a `when`, a `repeat`, an `and meanwhile` or a choice.

    Lines count from the statement around it.
    """

    cues: tuple[Placed[Cue], ...]


@dataclass(frozen=True, slots=True)
class Track:
    """`track voice` and its cues."""

    name: str
    cues: tuple[Placed[Cue], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class When:
    """`when button raid -> raid queue at most every 10s` and its body, which is played at each of the events.

    ``policy`` is `queue`, `ignore`, `restart` or `together`, None where none is written; ``every`` is that behind
    `at most every`. ``source`` is the line as written, without `when`.
    """

    events: tuple[Event, ...]
    keep: Keep | None
    policy: str | None
    every: Time | None
    body: Body
    source: str
    span: Span


@dataclass(frozen=True, slots=True)
class Tempo:
    """`tempo 128 beats 4 offset 350ms`: beats a minute, beats a bar, and when bar 1 comes."""

    rate: Count
    beats: Count | None
    offset: Time | None
    span: Span


@dataclass(frozen=True, slots=True)
class Segment:
    """`segment song "Our song" tempo 128 at least 3m at most 4m release over 500ms`: its cues, tracks and whens, in
    file order. The cues are those of its track `main`. ``until``: what keeps it open, and ends it.
    """

    name: str
    title: String | None
    at_least: Time | None
    at_most: Time | None
    release: Time | None
    tempo: Tempo | None
    items: tuple[Placed[Cue] | Placed[Track] | Placed[When], ...]
    span: Span
    until: Until | None = None


@dataclass(frozen=True, slots=True)
class Define:
    """`define wave(who, n)` and its body; with ``tracks``, the cues in it are those of the track `main`."""

    name: str
    parameters: tuple[Word, ...]
    body: Body
    span: Span
    tracks: tuple[Placed[Track], ...] = ()


@dataclass(frozen=True, slots=True)
class Show:
    """`show "Morning stream"`."""

    title: String
    span: Span


@dataclass(frozen=True, slots=True)
class Let:
    """`let beat = 500ms`."""

    name: str
    name_span: Span
    value: Value
    span: Span


@dataclass(frozen=True, slots=True)
class Include:
    """`include "part.show"`."""

    path: String
    span: Span


Item: TypeAlias = Show | Let | Include | Define | Segment | When | Cue


@dataclass(frozen=True, slots=True)
class Script:
    """One file. ``bound`` are names that lines with a mistake would have bound: not to be reported as unknown.

    ``strays``: what stands where it cannot stand, a row each. It is never played, and looked at all the same.
    """

    path: str
    items: tuple[Placed[Item], ...]
    bound: frozenset[str] = frozenset()
    strays: tuple[Placed[Cue], ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a show as it was read: ``path`` as shown to the user, its text, its tree."""

    path: str
    text: str
    script: Script


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a show is read from.

    ``main`` is the script's path, ``sources`` every file by its path as shown to the user, in order of first inclusion.
    ``includes`` says which file an `include` brings in: (path of the including file, line of the `include`) -> path.
    A file is brought in once; further includes of it are not in the map. ``fingerprint`` is that of the journal.
    """

    main: str
    sources: dict[str, Source]
    includes: dict[tuple[str, int], str]
    fingerprint: str

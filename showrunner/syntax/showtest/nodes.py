"""What a `.showtest` file says, as data. Times are microseconds; every part keeps its place in the file."""

from __future__ import annotations

from dataclasses import field
from typing import Literal, TypeAlias

from showrunner.diagnostics.diagnostic import Place
from showrunner.slotted import dataclass

Result: TypeAlias = str
"""`done`, `failed`, `timed-out`, `skipped`, `cancelled`, as the journal has them."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it means, without its quotes, and where it stands; ``quoted``: it stood in quotes."""

    text: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """`name=value`, as with a press, an event or an entry; ``value`` is a number where it is written as one."""

    name: str
    value: str | int | float
    place: Place


# ------------------------------------------------------------------------------------------------ what the world does


@dataclass(frozen=True, slots=True)
class Setting:
    """How the whole show is played: ``name`` is the line's first word (`by`, `go` and `on` too).

    ``time`` and ``words`` are what stands behind it; ``device`` alone of a `latency`.
    """

    name: str
    place: Place
    text: str
    time: int | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What happens at a time of the show: ``action`` is the word behind it. ``said`` came with a press or an event."""

    at: int
    action: str
    place: Place
    text: str
    words: tuple[Word, ...] = ()
    time: int | None = None
    said: str | None = None
    fields: tuple[Field, ...] = ()


# ------------------------------------------------------------------------------------------------- what must be seen


@dataclass(frozen=True, slots=True)
class Near:
    """`within 50ms of 00:20`; ``about`` None: of its own time."""

    by: int
    about: int | None


@dataclass(frozen=True, slots=True)
class Claims:
    """What is said of a thing that is seen. ``times``: so many, exactly; None: at least one."""

    at: int | None = None
    near: Near | None = None
    before: int | None = None
    after: int | None = None
    times: int | None = None
    result: Result | None = None
    because: str | None = None
    during: Word | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """A thing to be seen: a `command` by words of it, a `cue`, `segment`, `log` or `hold` by its name or text."""

    kind: Literal["command", "cue", "segment", "log", "hold"]
    words: tuple[Word, ...]
    claims: Claims
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class See:
    """It is seen, as is claimed."""

    sight: Sight


@dataclass(frozen=True, slots=True)
class Never:
    """Nothing of the kind is seen."""

    sight: Sight


@dataclass(frozen=True, slots=True)
class InOrder:
    """They are seen one after the other; others may come between."""

    sights: tuple[Sight, ...]
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Together:
    """No two voices are heard at once."""

    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody speaks again after ``most`` at the latest."""

    most: int
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Over:
    """When the show is over."""

    claims: Claims
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Ends:
    """How the show ends: the journal's `result`."""

    result: Result
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Every command ends in one of these."""

    results: tuple[Result, ...]
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Late:
    """No cue comes later after its time than ``most``."""

    most: int
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Reloads:
    """What a save does: the one at a time, or every one. ``names`` None: what is asked is whether it was taken."""

    at: int | None
    what: str
    names: tuple[Word, ...] | None
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class InJournal:
    """The journal has (or ``lacks``) an entry of this kind with these keys."""

    kind: Word
    fields: tuple[Field, ...]
    claims: Claims
    place: Place
    text: str
    lacks: bool = False


Expectation: TypeAlias = See | Never | InOrder | Together | Silent | Over | Ends | Outcomes | Late | Reloads | InJournal
Line: TypeAlias = Setting | Deed | Expectation


@dataclass(frozen=True, slots=True)
class Case:
    """One test: its name, and the lines below it."""

    name: Word
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ShowTest:
    """A whole file. ``play`` names the show, None: the one beside it. ``always`` holds for each of the ``cases``."""

    path: str
    play: Word | None = None
    always: tuple[Line, ...] = ()
    cases: tuple[Case, ...] = field(default=())


def place_of(line: Line) -> Place:
    """Give where a line stands."""
    return line.sight.place if isinstance(line, See | Never) else line.place


def text_of(line: Line) -> str:
    """Give a line as it is written."""
    return line.sight.text if isinstance(line, See | Never) else line.text

"""What the engine says: effects for the performance to carry out, in order.

Only shapes. What goes in are the driver's outputs (``devices/vocabulary``) and the operator's words, as calls of
``caller.Caller``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, field
from typing import Any, Literal, TypeAlias

from showrunner.devices.vocabulary import Command, Quantity
from showrunner.engine.curves import Course
from showrunner.slotted import dataclass
from showrunner.timeline.cues import Policy, Safe
from showrunner.timeline.labels import Label
from showrunner.timeline.revise import Revision
from showrunner.times import as_time

Entry: TypeAlias = dict[str, Any]
"""One journal entry: keys in the contract's order, ``seq``, ``at`` and ``kind`` first."""


@dataclass(frozen=True, slots=True)
class End:
    """A time at which a part of a show ends: ``after`` microseconds on the clock of a track since its ``cue`` was due.

    With no track and no cue: so long after its segment began.
    """

    segment: str
    track: str
    cue: str
    after: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Which part of a show is played. ``point``: microseconds of the plan that count as past when it starts, and with
    them all that comes before the segment with the index ``first``.

    ``last``: index of the segment after which it ends. ``before``: the cues (segment, track, label) and segments
    (name, "", "") before the first of which it ends. ``until``: where that is a time, it ends at that time already.
    """

    point: int = 0
    first: int = 0
    last: int | None = None
    before: frozenset[tuple[str, str, str]] = frozenset()
    until: End | None = None

    @property
    def ends(self) -> bool:
        """Whether it ends before the show does."""
        return self.last is not None or bool(self.before) or self.until is not None

    def told(self) -> Entry | None:
        """Give it for the journal; None where it is the whole show."""
        if self == Excerpt():
            return None
        listed = {
            "point": self.point,
            "first": self.first,
            "last": self.last,
            "before": [list(one) for one in sorted(self.before)],
            "until": None if self.until is None else list(astuple(self.until)),
        }
        return {key: value for key, value in listed.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Brought:
    """What a press came with: a ``text``, and ``fields`` by name (texts and numbers)."""

    text: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> Entry:
        """Give it for the journal."""
        return {"text": self.text, "fields": dict(self.fields) or None}


NOTHING = Brought()


def who(origin: str) -> Entry:
    """Give who pressed, for the journal: `key`, `console`, `api`; of `osc 127.0.0.1:9000`, by whom, too."""
    word, _, by = origin.partition(" ")
    return {"from_": word, "by": by or None}


@dataclass(frozen=True, slots=True)
class Planned:
    """What the operator is to do in a dry run, ``at`` microseconds of show time. ``fields`` came with a press.

    ``action`` may be ``event``: then ``name`` is the device and its event, with these ``fields``. ``ignored``: nobody
    hears it, and why.
    """

    at: int
    action: str
    name: str | None = None
    text: str | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    ignored: str | None = None

    def told(self) -> list[Any]:
        """Give it for the journal: its parts in order."""
        parts = list(astuple(self))
        return parts if self.ignored else parts[:-1]


@dataclass(frozen=True, slots=True)
class Options:
    """How a show is to be played.

    ``seed`` begins the ids of all messages, and picks what is left to chance. ``chance``: something else does, for
    whoever asks how short or how long a show may be.
    ``auto``: GO and buttons come by themselves ``go_after`` microseconds after they are waited for, nothing is read
    from a device, and an event that never comes ends its wait: a dry run. They come not before ``stay`` microseconds of
    their segment have passed. ``presses``: what the operator does then at which time; once it has a button no button
    comes by itself, once it has a GO no GO does. ``start_at``: what the wall clock shows then at show time 0,
    microseconds since midnight; None: no time of the day is waited for. ``sparse``: frames only where a value is new
    or has arrived; ``kinds``: the kinds of journal entries that are wanted (None: all), for whoever wants the times
    alone. ``tells``: it is told what becomes of every held and moving value (``Caller.told``), for whoever draws them.
    ``excerpt``: the part of the show that is played. ``safe``: what panic sends when all is silent.
    ``guard``: the same key pressed again within so many microseconds counts once. ``lingers``: after these ends
    (`panic`, `done`) the show stands, and may be sought on in, until it is stopped. ``watched``: other threads read
    meanwhile what stands (``Caller.snapshot``).
    """

    seed: str = "0"
    chance: Literal["seed", "shortest", "longest"] = "seed"
    epoch: int = 0
    on_failure: Policy = "continue"
    auto: bool = False
    go_after: int = 0
    stay: int = 0
    presses: tuple[Planned, ...] = ()
    start_at: int | None = None
    journal_frames: bool = False
    sparse: bool = False
    kinds: frozenset[str] | None = None
    tells: bool = False
    excerpt: Excerpt = Excerpt()
    safe: tuple[Safe, ...] = ()
    guard: int = 0
    lingers: frozenset[str] = frozenset()
    watched: bool = False

    def given(self, action: str) -> bool:
        """Tell whether a dry run was told when GO or a button comes: then none comes by itself."""
        return any(one.action == action for one in self.presses)

    def told(self) -> Entry:
        """Give what a replay must know, where it is not as usual."""
        listed = {
            "go-after": self.go_after or None,
            "stay": self.stay or None,
            "presses": [one.told() for one in self.presses] or None,
            "start-at": None if self.start_at is None else as_time(self.start_at),
            "part": self.excerpt.told(),
            "on-failure": None if self.on_failure == "continue" else self.on_failure,
            "guard": self.guard or None,
            "lingers": sorted(self.lingers) or None,
        }
        return {key: value for key, value in listed.items() if value is not None}


@dataclass(frozen=True, slots=True)
class TextChange:
    """A new text of a show that plays, for the journal: fingerprints, what is different, warnings, how long it took.

    ``told`` is false where no command changed: then the text is taken over without a word.
    """

    old: str
    new: str
    revision: Revision
    findings: tuple[Entry, ...] = ()
    took: int = 0
    told: bool = True


@dataclass(frozen=True, slots=True)
class Write:
    """Write this down (``at`` is set by the performance where it is missing).

    For whoever plans: ``command`` is what a `command` entry is about, compiled, answers not filled in yet; ``label``
    what a `cue` entry is about.
    """

    entry: Entry
    command: Command | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand this attempt of a command to its driver."""

    device: str
    id: int
    attempt: int
    command: Command


@dataclass(frozen=True, slots=True)
class DeliverFrame:
    """Hand a frame of streamed values to the driver. ``first`` are the commands that it is the first to carry.

    ``shown``: it brings a device back to what the show holds, and is written down even if it carries nothing new.
    """

    device: str
    lane: str
    number: int
    values: Mapping[str, Quantity]
    first: tuple[int, ...]
    shown: bool = False


@dataclass(frozen=True, slots=True)
class DeliverClear:
    """Have the driver end every held value. ``first`` are the `release` commands it carries out."""

    device: str
    lane: str
    number: int
    first: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """Ask the driver what these properties show."""

    device: str
    lane: str
    properties: Sequence[str]


@dataclass(frozen=True, slots=True)
class Forget:
    """Tell the driver that an attempt is given up."""

    device: str
    id: int
    attempt: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Have the driver do what it can to be silent at once. ``Silenced`` is the answer, in any case.

    ``cut``: a `hush`; the commands (and attempts) whose voice it cuts, and nothing but the voice is meant.
    """

    device: str
    cut: tuple[tuple[int, int], ...] | None = None


@dataclass(frozen=True, slots=True)
class Silenced:
    """A device is as silent as it gets: the answer to ``Silence``, when the driver and what it asked for are done."""


@dataclass(frozen=True, slots=True)
class Dial:
    """Have a device dialled at once, by each way by which it is not connected, or rests."""

    device: str


Call: TypeAlias = Deliver | DeliverFrame | DeliverClear | Read | Forget | Silence | Dial
"""What is to be done with a device."""

Effect: TypeAlias = Write | Call


@dataclass(frozen=True, slots=True)
class Steered:
    """From now on a property is held or moves, by the command ``id``."""

    id: int
    device: str
    property: str
    course: Course


@dataclass(frozen=True, slots=True)
class LetGo:
    """A property is held and moved no longer by what steered it last."""

    device: str
    property: str


Told: TypeAlias = Steered | LetGo
"""What became of a held or moving value: nothing is to be done about it."""

"""What longer stretches must know of a cue that is compiled: what it says, claims, asks for, names and waits for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from showrunner.diagnostics.diagnostic import Place, Span
from showrunner.diagnostics.sentence import Sentence
from showrunner.timeline.compile.notes import Note, further


class Spot(NamedTuple):
    """Where something stands: in this file (``Span``) or, by way of ``through``, in another place of the show."""

    where: Span | Place
    through: tuple[Span | Place, ...] = ()

    def further(self, lines: int) -> Spot:
        """Count from a statement that begins ``lines`` lines further up."""
        where = further(self.where, lines) if isinstance(self.where, Span) else self.where
        return Spot(where, tuple(further(step, lines) if isinstance(step, Span) else step for step in self.through))

    def placed(self, path: str, base: int) -> Spot:
        """Give the spot with its file and its lines, which counted from ``base``."""
        where = self.where.place(path, base) if isinstance(self.where, Span) else self.where
        return Spot(where, tuple(step.place(path, base) if isinstance(step, Span) else step for step in self.through))

    def settled(self, path: str, base: int, by: Span) -> Spot:
        """Give the spot as seen from the `do` at ``by``, for a body whose lines count from ``base`` in ``path``."""
        where, through = self.placed(path, base)
        return Spot(where, (*through, by))

    def note(self, code: str, message: Sentence, help: Sentence | None = None) -> Note:
        """Make a note about this spot."""
        return Note(code, self.where, message, help, None, self.through)


Kind: TypeAlias = Literal[
    "kept",
    "unkept",
    "otherwise",
    "says",
    "gives",
    "label",
    "asked",
    "bare",
    "awaited",
    "ended",
    "named",
    "voice",
    "hold",
    "endless",
    "event",
    "button",
    "alone",
    "picture",
    "document",
    "uncut",
]
"""What a fact is about: an answer kept (``unkept``: by a command that has a mistake,
``otherwise``: with a text that stands in for it), asked for in a text (`name`,
`name.field`), or asked for where it must be known (``bare``); what is kept of an event has a field (``says``:
`name.field`, `name.*` where it may have any), and is one of a few texts (``gives``: `name`, with them); a label below
`choose by name` (with what it fits); a cue awaited (``ended``: by an `until`, which stops no list) or named; a
device that speaks; a `hold`; a `repeat` without end; an event (``device event``) or button waited for, or one button
and nothing else (``alone``); a picture shown or a document read (``device path``); a device that `hush` does not cut
(``device``, and the setting that would help)."""

MET = frozenset({"awaited", "ended"})
"""Kinds that wait for a cue of a track beside."""

BESIDE = frozenset({"voice", "hold", "endless"})
"""Kinds that matter to what stands around, not to the show as a whole."""


class Fact(NamedTuple):
    """Something in a cue that longer stretches must know of."""

    kind: Kind
    name: str
    spot: Spot
    what: Any = None


class Speech(NamedTuple):
    """Something said: ``start`` after the cue is due, estimated; ``gate`` counts what of unknown length came before.

    ``own``: said by the cue itself, not inside a `do`. ``cuts``: nothing is said; what the device says is cut.
    """

    gate: int
    start: int
    device: str
    length: int
    spot: Spot
    own: bool = True
    cuts: bool = False


class Claim(NamedTuple):
    """A command that wants a property for itself from ``start`` to ``end`` (half open, after the cue is due).

    A value held without an end claims the moment of its start. ``property``: device and name. ``how``: `at once` sets
    it and claims nothing; `release` gives up what was claimed, with an empty name all of the device.
    """

    gate: int
    start: int
    end: int
    property: tuple[str, str]
    span: Span
    how: Literal["hold", "at once", "release"] = "hold"


class Paced(NamedTuple):
    """A command of which its program takes only ``most``: so many in so many microseconds. ``start`` as of a claim."""

    gate: int
    start: int
    key: tuple[str, str]
    most: tuple[int, int]
    span: Span


class Sounding(NamedTuple):
    """Something said in the list: ``asked`` when it was sent, ``start`` to ``end`` when it sounds.

    ``place`` counts the cues; ``spot`` counts from the cue at ``line``. ``after`` is the line of the cue
    whose speech it queues behind, if it does. ``cuts``: as of a ``Speech``.
    """

    place: int
    line: int
    anchor: int
    asked: int
    start: int
    end: int
    device: str
    spot: Spot
    own: bool
    after: int | None
    cuts: bool = False


def called(facts: Sequence[Fact], path: str, base: int, by: Span) -> list[Fact]:
    """Give the facts of a `define`'s body as seen from the `do` at ``by``. Its cues' names stay its own."""
    # One of each is enough: the same place may be reached in many ways.
    found = {(fact.kind, fact.name, fact.spot.where): fact for fact in facts if fact.kind != "named"}
    return [fact._replace(spot=fact.spot.settled(path, base, by)) for fact in found.values()]

"""A cue and a list while they are compiled: what they became, and the facts the checks of longer stretches need.

A ``Draft`` depends on its cue alone (and on the names it used), so it is kept from one compile to the next. A ``Block``
is a list compiled: the body of a `repeat`, a `meanwhile`, a `define` with its arguments, or a track.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

from showrunner.devices.forms import Hole
from showrunner.diagnostics.diagnostic import Place, Span
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.constants import UNKNOWN, Constant, too_long
from showrunner.timeline.compile.names import Names
from showrunner.timeline.compile.notes import Note, further
from showrunner.timeline.compile.posts import Post

DEEPEST = 80
"""Blocks and `do`s inside each other, together (blocks alone are limited when the text is read)."""


MOST_SENT = 4096
"""So many commands are remembered in case they stand in the show again."""


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

    def note(self, code: str, message: str, help: str | None = None) -> Note:
        """Make a note about this spot."""
        return Note(code, self.where, message, help, None, self.through)


Kind: TypeAlias = Literal[
    "kept", "asked", "bare", "awaited", "named", "voice", "hold", "endless", "event", "button", "picture"
]
"""What a fact is about: an answer kept, asked for in a text, or asked for where it must be known (``bare``); a cue
awaited or named; a device that speaks; a `hold`; a `repeat` without end; an event (``device event``) or button waited
for; a picture shown (``device path``)."""

BESIDE = frozenset({"voice", "hold", "endless"})
"""Kinds that matter to what stands around, not to the show as a whole."""


class Fact(NamedTuple):
    """Something in a cue that longer stretches must know of."""

    kind: Kind
    name: str
    spot: Spot


class Speech(NamedTuple):
    """Something said: ``start`` after the cue is due, estimated; ``gate`` counts what of unknown length came before.

    ``own``: said by the cue itself, not inside a `do`.
    """

    gate: int
    start: int
    device: str
    length: int
    spot: Spot
    own: bool = True


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


class Sounding(NamedTuple):
    """Something said in the list: ``asked`` when it was sent, ``start`` to ``end`` when it sounds.

    ``place`` counts the cues; ``spot`` counts from the cue at ``line``. ``after`` is the line of the cue
    whose speech it queues behind, if it does.
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


def called(facts: Sequence[Fact], path: str, base: int, by: Span) -> list[Fact]:
    """Give the facts of a `define`'s body as seen from the `do` at ``by``. Its cues' names stay its own."""
    # One of each is enough: the same place may be reached in many ways.
    found = {(fact.kind, fact.name, fact.spot.where): fact for fact in facts if fact.kind != "named"}
    return [Fact(fact.kind, fact.name, fact.spot.settled(path, base, by)) for fact in found.values()]


@dataclass(slots=True)
class Block:
    """A list compiled. ``notes``, facts and lines count from the statement the list belongs to.

    ``count``: commands in it, multiplied out; ``height``: how deep blocks and `do`s stand in it; ``stops``: a `hold`
    or `wait for` in it can stand in the way of what comes after. ``takes``: microseconds from its start until all in it
    is finished, estimated; ``exact``: that is known, not guessed. ``said``: what is said in it, each part with the
    lines to add to its own.
    """

    body: cues.Body
    drafts: list[tuple[int, Draft]]
    notes: list[Note] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    devices: frozenset[str] = frozenset()
    count: int = 0
    height: int = 0
    stops: bool = False
    takes: int = 0
    exact: bool = True
    said: list[tuple[int, list[Sounding]]] = field(default_factory=list)

    def speeches(self) -> list[Sounding]:
        """Give what is said, as far as the times are known from the start."""
        return [one._replace(line=one.line + lower) for lower, part in self.said for one in part if one.anchor == 0]


class Sent(NamedTuple):
    """A device's command that depends on nothing but its words, compiled: wherever it stands it is the same."""

    node: nodes.DeviceCommand
    step: cues.Send
    post: Post
    holes: tuple[Hole, ...]


@dataclass(slots=True)
class Room:
    """What one compile has at hand. ``blocks`` keeps each `define` compiled, per arguments; ``circles`` go round;
    ``drivers`` names what could be on the stage: asked only of an unknown device, since the answer takes long.
    ``sent`` keeps commands that stand in the show again and again, by the identity of their nodes; ``groups`` has one
    of each set of devices.
    """

    names: Names
    posts: Mapping[str, Post]
    blocks: dict[tuple[str, tuple[Constant, ...]], Block]
    circles: frozenset[str]
    drivers: Callable[[], tuple[str, ...]]
    sent: dict[int, Sent] = field(default_factory=dict)
    groups: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)


class Draft:
    """One cue being compiled, and then what came of it.

    Times are estimates in microseconds after the cue is due: ``now`` where the next command stands, ``free`` the end of
    its last wait, ``finish`` the end of everything; ``gates`` counts waits of unknown length among them.
    """

    __slots__ = (
        "beside", "calls", "claims", "count", "cue", "depth", "devices", "exact", "facts", "finish", "free", "gates",
        "height", "node", "notes", "now", "parameters", "room", "settles", "speech", "steps", "stops", "unending",
        "uses",
    )  # fmt: skip

    def __init__(
        self,
        room: Room,
        node: nodes.Cue,
        parameters: Mapping[str, Constant],
        depth: int,
        uses: dict[str, Constant | None],
    ) -> None:
        self.room: Room | None = room
        self.node = node
        self.parameters = parameters
        self.depth = depth
        self.uses = uses
        self.cue: cues.Cue | None = None
        self.notes: list[Note] = []
        self.facts: list[Fact] = []
        self.devices: frozenset[str] = frozenset()
        self.count = 0
        self.height = 0
        self.stops = False
        self.steps: list[cues.Step] = []
        self.now = 0
        self.free = 0
        self.finish = 0
        self.gates = 0
        self.exact = True
        self.speech: list[Speech] = []
        self.claims: list[Claim] = []
        self.calls: list[tuple[str, Span]] = []
        self.beside = False
        self.settles = False
        self.unending: str | None = None

    @property
    def made(self) -> cues.Cue:
        """The finished cue."""
        if self.cue is None:
            raise TypeError("this cue is not finished")
        return self.cue

    @property
    def at_hand(self) -> Room:
        """What the compile has at hand, while it is under way."""
        if self.room is None:
            raise TypeError("this cue was finished in an earlier compile")
        return self.room

    def close(self, cue: cues.Cue) -> None:
        """Finish: nothing of the compile itself is kept, and nothing empty."""
        self.cue = cue
        self.room = None
        self.steps = _NOTHING
        self.notes = self.notes or _NOTHING
        self.facts = self.facts or _NOTHING
        self.speech = self.speech or _NOTHING
        self.claims = self.claims or _NOTHING
        self.calls = self.calls or _NOTHING
        self.uses = self.uses or _UNUSED
        self.parameters = self.parameters or _NO_PARAMETERS

    def looked_through(self) -> None:
        """Let go of what only the looking through of its stretch needs."""
        self.speech = self.claims = _NOTHING

    # -- reading values (``constants.Reader``) -------------------------------------------------------------------------

    def lookup(self, name: str) -> Constant | None:
        """Give what a name stands for here, and remember that this cue depends on it."""
        found = self.parameters.get(name)
        if found is None:
            names = self.at_hand.names
            found = names.constants.get(name)
            if found is None and name in names.unknown:
                found = UNKNOWN
            self.uses[name] = found
        return found

    def asked(self, name: str, span: Span) -> None:
        """Note that a text needs an answer."""
        self.facts.append(Fact("asked", name, Spot(span)))

    def bare(self, name: str, span: Span) -> None:
        """Note that `$name` is no constant; whether it is an answer is known when the whole book is read."""
        self.facts.append(Fact("bare", name, Spot(span)))

    def long(self, span: Span) -> None:
        """Refuse a text made of too much."""
        self.notes.append(too_long(span))

    def say(self, code: str, span: Span, message: str, help: str | None = None, fix: str | None = None) -> None:
        """Note a finding of this cue."""
        self.notes.append(Note(code, span, message, help, fix))

    # -- time ----------------------------------------------------------------------------------------------------------

    def runs(self, length: int, *, exact: bool) -> None:
        """Count a command that begins now and takes ``length``."""
        self.finish = max(self.finish, self.now + length)
        self.exact = self.exact and exact

    def waits(self, length: int, *, exact: bool) -> None:
        """Go on when ``length`` has passed; not ``exact``: a guess, so what follows is no longer comparable."""
        self.now += length
        self.free = self.now
        self.finish = max(self.finish, self.now)
        if not exact:
            self.gates += 1
            self.exact = False

    # -- what is inside ------------------------------------------------------------------------------------------------

    def uses_device(self, name: str) -> None:
        """Note that a command of this cue goes to a device."""
        if name not in self.devices:
            # A long show has few sets of devices, and many cues that use one of them.
            devices = self.devices | {name}
            self.devices = self.at_hand.groups.setdefault(devices, devices)

    def fact(self, kind: Kind, name: str, span: Span) -> None:
        """Note a fact of this cue."""
        self.facts.append(Fact(kind, name, Spot(span)))

    def take(self, block: Block, facts: Sequence[Fact]) -> None:
        """Add what is inside a block of this cue, or inside what it does."""
        self.facts.extend(facts)
        self.height = max(self.height, block.height + 1)
        self.count += block.count
        self.devices |= block.devices


_NOTHING: list[Any] = []
_UNUSED: dict[str, Constant | None] = {}
_NO_PARAMETERS: dict[str, Constant] = {}

"""A cue and a list while they are compiled: what they became, how they are looked through, what a compile has at hand.

A ``Draft`` depends on its cue alone (and on the names it used), so it is kept from one compile to the next. A ``Block``
is a list compiled: the body of a `repeat`, a `meanwhile`, a `define` with its arguments, or a track.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from showrunner.diagnostics.diagnostic import Place, Span
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.slotted import dataclass
from showrunner.syntax import nodes
from showrunner.syntax.printer import Spelling
from showrunner.timeline import cues
from showrunner.timeline.compile.constants import UNKNOWN, Constant, too_long
from showrunner.timeline.compile.facts import Claim, Fact, Kind, Paced, Sounding, Speech, Spot
from showrunner.timeline.compile.names import Names
from showrunner.timeline.compile.notes import Note
from showrunner.timeline.compile.posts import Post
from showrunner.times import Exact

DEEPEST = 80
"""Blocks and `do`s inside each other, together (blocks alone are limited when the text is read)."""

UNHEARD = cues.Tempo(Fraction(0), 0, 0)
"""The tempo of what nobody plays: how long its beats are cannot be known."""

MOST_SENT = 4096
"""So many commands are remembered in case they stand in the show again."""


@dataclass(slots=True)
class Block:
    """A list compiled. ``notes``, facts and lines count from the statement the list belongs to.

    ``count``: commands in it, multiplied out; ``height``: how deep blocks and `do`s stand in it; ``stops``: a `hold`
    or `wait for` in it can stand in the way of what comes after. ``takes``: microseconds from its start until all in it
    is finished, estimated; ``exact``: that is known, not guessed. ``said``: what is said in it, each part with the
    lines to add to its own; ``voices``: who says it.
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
    voices: frozenset[str] = frozenset()

    def speeches(self) -> list[Sounding]:
        """Give what is said, as far as the times are known from the start."""
        return [one._replace(line=one.line + lower) for lower, part in self.said for one in part if one.anchor == 0]


# --- looking through


class Moment(NamedTuple):
    """When a cue comes: ``start`` after its list began, ``clock`` as its list's clock shows it.

    ``anchor`` holds up to the first wait of unknown length in the cue; ``later`` is the one after it, and so on.
    ``overrun``: so much later than it is written what stands above lets it go.
    """

    anchor: int
    start: int
    clock: int
    later: int
    overrun: int


class Timing(NamedTuple):
    """A stretch of a list, timed: one moment a cue, what is said, when all of it is over and whether that is exact."""

    moments: list[Moment]
    sounding: list[Sounding]
    takes: int
    exact: bool


@dataclass(slots=True)
class Run:
    """How far the looking through a list has come: all that its next cue needs to know of those above.

    ``voices``: device -> (anchor, end, line) of what was said last. ``taken``: property -> (anchor, start, end, line)
    of the command that claimed it last. ``paced``: (device, verb) -> (anchor, start) of those that count. ``above`` is
    the last cue, ``latest`` when it came; ``written`` and ``highest`` are what positions said.
    ``steady``: its clock stands no more, and nothing sets it back.
    """

    anchor: int = 0
    unused: int = 1
    due: Exact = 0
    back: int = 0
    free: int = 0
    finish: int = 0
    readable: bool = True
    waited: bool = True
    exact: bool = True
    steady: bool = False
    voices: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    written: Exact | None = None
    highest: Exact = -1
    highest_line: int = 0
    above: Draft | None = None
    above_line: int = 0
    speaking: bool = False
    latest: int = 0
    taken: dict[tuple[str, str], tuple[int, int, int, int]] = field(default_factory=dict)
    paced: dict[tuple[str, str], tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def moved(self, lines: int) -> Run:
        """Give a copy whose lines stand further down; what is over and done with is left out."""
        alive = {
            key: (anchor, start, end, line + lines)
            for key, (anchor, start, end, line) in self.taken.items()
            if anchor >= self.anchor and max(start, end) >= self.due
        }
        voices = {device: (anchor, end, line + lines) for device, (anchor, end, line) in self.voices.items()}
        return replace(
            self,
            voices=voices,
            taken=alive,
            highest_line=self.highest_line + lines,
            above_line=self.above_line + lines,
        )

    def like(self, other: Run) -> bool:
        """Tell whether a list goes on from here as it does from there. A line nobody will ask for does not matter."""
        if self.above is not other.above:
            return False
        if self == other:
            return True
        voices = {name: (a, end, line if end > self.due else 0) for name, (a, end, line) in self.voices.items()}
        theirs = {name: (a, end, line if end > other.due else 0) for name, (a, end, line) in other.voices.items()}
        return voices == theirs and replace(self, voices={}) == replace(other, voices={})


Drafts: TypeAlias = list[tuple[int, "Draft"]]
"""Cues compiled, each with its line."""


class Passage(NamedTuple):
    """Some cues in a row of the list ``whole``: when they come, and how the list stands at the first of them.

    Whoever looks at a passage brings ``run`` up to its last cue, each check what is its own.
    """

    drafts: Drafts
    timing: Timing
    run: Run
    whole: Drafts


class Looks(NamedTuple):
    """What looks at passages, at lists and at lists beside each other as soon as they are compiled: the checks, known
    to this folder only so.
    """

    passage: Callable[[Passage], list[Note]]
    block: Callable[[Block], list[Note]]
    beside: Callable[[Beside], list[Note]]


class Listed(NamedTuple):
    """A track compiled: ``base`` is its line below its segment or `define`, ``span`` that of its own statement, if it
    has one.
    """

    name: str
    base: int
    block: Block
    span: Span | None


SEGMENT, DEFINE = sentence("segment"), sentence("`define`")


class Beside(NamedTuple):
    """Lists that play side by side: those of a segment, or of a `define` with tracks (``of``, in a user's words).

    ``unknown`` are names that nothing is to be said of. ``hearers``: what hears beside them.
    """

    of: Sentence
    lists: tuple[Listed, ...]
    unknown: frozenset[str]
    hearers: tuple[Hearer, ...] = ()


class Made(NamedTuple):
    """A `define` compiled: its ``lists``, one without a name where it has no tracks, and all of them as one block."""

    lists: tuple[Listed, ...]
    block: Block


class Hearer(NamedTuple):
    """A `when` compiled, with all that was found in it, settled. ``track`` is None where it has a mistake.

    ``commands``: so many are in its block; ``does``: the `define`s that its turns play.
    """

    track: cues.Track | None
    spot: Place
    notes: tuple[Note, ...]
    facts: tuple[Fact, ...]
    devices: frozenset[str]
    commands: int
    does: frozenset[str]

    @property
    def when(self) -> cues.When | None:
        """The step that hears."""
        step = None if self.track is None else self.track.body.cues[0].steps[0]
        return step if isinstance(step, cues.When) else None


OWN = frozenset({"kept", "unkept", "otherwise", "says", "gives", "label", "asked", "bare", "awaited", "named"})
"""Kinds of facts that a `when` has for itself: names and cues, which nothing else knows."""


class Part(NamedTuple):
    """A segment compiled, with its lists and what it hears. ``path`` and ``line`` say where it stands (line 0: the cues
    of a file that has none), ``spot`` where findings about it as a whole do. ``unknown`` are names that nothing is to
    be said of.
    """

    segment: cues.Segment
    lists: tuple[Listed, ...]
    path: str
    line: int
    spot: Place
    unknown: frozenset[str]
    hearers: tuple[Hearer, ...] = ()

    @property
    def beside(self) -> Beside:
        """Its lists, beside each other."""
        return Beside(SEGMENT, self.lists, self.unknown, self.hearers)

    @property
    def length(self) -> int:
        """How much score it has, in microseconds: cut at `at most`, not shorter than `at least`."""
        length = max((listed.block.takes for listed in self.lists), default=0)
        if self.segment.at_most is not None:
            length = min(length, self.segment.at_most)
        return max(length, self.segment.at_least or 0)


class Whole(NamedTuple):
    """A show compiled. ``facts`` are those of all it has, of what is never played too; ``titles`` its `show` lines;
    ``hearers`` all that it hears, in order, with facts of their own.
    ``rivals``: device -> devices that set the same thing, and why that ends badly.
    """

    parts: tuple[Part, ...]
    facts: tuple[Fact, ...]
    names: Names
    titles: tuple[tuple[str, int, nodes.Show], ...]
    most_commands: int
    longest_score: int
    rivals: Mapping[str, Mapping[str, str]]
    hearers: tuple[Hearer, ...] = ()


# --- compiling


class Sent(NamedTuple):
    """A device's command that depends on nothing but its words, compiled: wherever it stands it is the same."""

    node: nodes.DeviceCommand
    step: cues.Send
    post: Post


@dataclass(slots=True)
class Room:
    """What one compile has at hand. ``made`` keeps each `define` compiled, per arguments; ``circles`` go round;
    ``speaker`` names who is meant where a verb stands alone. ``drivers`` names what could be on the stage: asked only
    of an unknown device, since the answer takes long; ``absent`` gathers those that were asked for.
    ``looks`` looks at what is compiled; ``spelling`` gives how the devices like their commands written. ``sent`` keeps
    commands that stand in the show again and again, by the identity of their nodes; ``groups`` has one of each set of
    devices. ``tempo``: of the segment that is compiled.
    """

    names: Names
    posts: Mapping[str, Post]
    made: dict[tuple[str, tuple[Constant, ...], cues.Tempo | None], Made]
    circles: frozenset[str]
    speaker: Callable[[str], str | None]
    drivers: Callable[[], tuple[str, ...]]
    looks: Looks
    spelling: Callable[[], Spelling]
    absent: set[str] = field(default_factory=set)
    sent: dict[int, Sent] = field(default_factory=dict)
    groups: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    tempo: cues.Tempo | None = None


class Draft:
    """One cue being compiled, and then what came of it.

    Times are estimates in microseconds after the cue is due: ``now`` where the next command stands, ``free`` the end of
    its last wait, ``finish`` the end of everything; ``gates`` counts waits of unknown length among them.
    """

    __slots__ = (
        "beside", "calls", "claims", "count", "cue", "depth", "devices", "exact", "facts", "finish", "free", "gates",
        "height", "node", "notes", "now", "paced", "parameters", "room", "settles", "speech", "steps", "stops", "tempo",
        "unending", "uses",
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
        self.tempo = room.tempo
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
        self.paced: list[Paced] = []
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
        self.paced = self.paced or _NOTHING
        self.calls = self.calls or _NOTHING
        self.uses = self.uses or _UNUSED
        self.parameters = self.parameters or _NO_PARAMETERS

    def looked_through(self) -> None:
        """Let go of what only the looking through of its stretch needs."""
        self.speech = self.claims = self.paced = _NOTHING

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

    def lasting(self, beats: cues.Beats, span: Span, written: str) -> Fraction | None:
        """Give how long so many beats last here; None where nobody knows, which is noted."""
        if self.tempo is None:
            advice = sentence("say how fast they are behind the name of the segment: `segment song tempo 120`")
            self.say("E225", span, sentence("`{written}` is counted in beats, and here is no tempo", written), advice)
            return None
        return None if self.tempo is UNHEARD else self.tempo.lasts(beats)

    def say(
        self,
        code: str,
        span: Span,
        message: Sentence,
        help: Sentence | None = None,
        fix: str | None = None,
        given: str | None = None,
    ) -> None:
        """Note a finding of this cue."""
        self.notes.append(Note(code, span, message, help, fix, given=given))

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

    def fact(self, kind: Kind, name: str, span: Span, what: Any = None) -> None:
        """Note a fact of this cue."""
        self.facts.append(Fact(kind, name, Spot(span), what))

    def take(self, block: Block, facts: Sequence[Fact]) -> None:
        """Add what is inside a block of this cue, or inside what it does."""
        self.facts.extend(facts)
        self.height = max(self.height, block.height + 1)
        self.count += block.count
        self.devices |= block.devices


_NOTHING: list[Any] = []
_UNUSED: dict[str, Constant | None] = {}
_NO_PARAMETERS: dict[str, Constant] = {}

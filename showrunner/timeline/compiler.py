"""A book compiled: from the tree of its files to the cue list the engine plays, or to everything that is wrong with it.

The one door of this room. Segments stand in the order in which their files are included; a cue is compiled once and
kept, with what it depends on, for the next compile of a book that has it still.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple, TypeAlias

from showrunner import devices
from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic, Place, Span, has_errors, in_reading_order
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.checks.answers import Follower, State
from showrunner.timeline.checks.doubtful import after_the_end, over_at_once, two_voices
from showrunner.timeline.checks.limits import LONGEST_SCORE, MOST_COMMANDS, MOST_FINDINGS, Played, limits, told
from showrunner.timeline.checks.meetings import meetings
from showrunner.timeline.checks.unbound import unbound
from showrunner.timeline.compile.bodies import cue, expanded, joined
from showrunner.timeline.compile.calls import Calls, calls_of
from showrunner.timeline.compile.constants import UNKNOWN, Constant
from showrunner.timeline.compile.draft import Block, Draft, Fact, Kind, Room, Spot
from showrunner.timeline.compile.modifiers import plain_of, time_of
from showrunner.timeline.compile.names import Names, names_of
from showrunner.timeline.compile.notes import LINE, Note, diagnostic, further, settled
from showrunner.timeline.compile.outline import Cues, scenes, skeleton
from showrunner.timeline.compile.posts import posts
from showrunner.timeline.compile.stretch import Stretch
from showrunner.timeline.compile.titles import given_twice, title, titles
from showrunner.timeline.compile.track import NOTHING, Kept, again, singly

MAIN = "main"


Key: TypeAlias = tuple[str, str, str]
"""A track: its file, segment and name."""


@dataclass(slots=True)
class Memory:
    """What one compile leaves for the next: every track as it was compiled.

    It holds only while stage and catalogue are the same; a cue that uses a `define` only while all of them are.
    """

    fixtures: Mapping[str, Fixture]
    inventories: Mapping[str, Inventory]
    names: Names
    tracks: dict[Key, Kept] = field(default_factory=dict)


class Picture(NamedTuple):
    """A picture that some command shows: on which device, its path as written, and where that stands."""

    device: str
    path: str
    place: Place
    through: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compile's outcome. ``cues`` is None where a finding is an error.

    ``count``: commands, repeats multiplied out (endless ones once). ``length``: microseconds of score, estimated.
    ``pictures`` are all that commands show, wherever they stand; that they are there is for others to see.
    """

    cues: cues.CueList | None
    findings: tuple[Diagnostic, ...]
    memory: Memory
    count: int
    length: int
    pictures: tuple[Picture, ...] = ()


def compile_show(
    book: nodes.Book,
    fixtures: Mapping[str, Fixture],
    inventories: Mapping[str, Inventory] | None = None,
    previous: Memory | None = None,
    *,
    once: bool = False,
    most_commands: int = MOST_COMMANDS,
    longest_score: int = LONGEST_SCORE,
) -> Compiled:
    """Compile a whole show for a stage. Findings of the files themselves (their syntax) are the reader's.

    ``once``: no next compile will want what this one knows, so that nothing is remembered; it takes less memory.
    """
    work = _Work(book, fixtures, inventories or {}, previous, once=once)
    # All that is made here is kept: looking for garbage among it again and again would take most of the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        segments = work.segments()
        work.titles()
        work.defines_nobody_calls()
        work.rest(most_commands, longest_score)
    finally:
        if collecting:
            gc.enable()
    found = in_reading_order([diagnostic(note) for note in work.notes if not work.cut_off(note)])
    findings = told(found, MOST_FINDINGS)
    if has_errors(findings):
        return Compiled(None, findings, work.memory, work.count, work.length, work.pictures())
    made = cues.CueList(
        title(work.bones, work.reader()),
        book.main,
        book.fingerprint,
        tuple(segments),
        tuple(name for name in fixtures if name in work.devices),
        tuple(work.events()),
        tuple(work.named("button")),
    )
    return Compiled(made, findings, work.memory, work.count, work.length, work.pictures())


class _Work:
    """One compile under way."""

    def __init__(
        self,
        book: nodes.Book,
        fixtures: Mapping[str, Fixture],
        inventories: Mapping[str, Inventory],
        previous: Memory | None,
        *,
        once: bool,
    ) -> None:
        self.book = book
        self._once = once
        self.bones = skeleton(book)
        names = names_of(self.bones)
        self.calls: Calls = calls_of(names)
        self.room = Room(names, posts(fixtures, inventories), {}, self.calls.circles, devices.names)
        self.memory = Memory(fixtures, inventories, names)
        self.notes: list[Note] = [*names.notes, *self.calls.notes]
        self.facts: list[Fact] = []
        self.devices: frozenset[str] = frozenset()
        self.count = 0
        self.length = 0
        self._played: list[Played] = []
        self._called: set[str] = set()
        self.spare: list[Fact] = []
        same = previous is not None and previous.fixtures == fixtures and previous.inventories == inventories
        self._old = previous.tracks if previous is not None and same else {}
        self._loose: dict[int, Draft] | None = None
        self._same_defines = (
            previous is not None
            and previous.names.defines == names.defines
            and previous.names.constants == names.constants
            and previous.names.unknown == names.unknown
        )

    # -- segments ------------------------------------------------------------------------------------------------------

    def segments(self) -> list[cues.Segment]:
        """Compile every segment, in playing order."""
        first: dict[str, str] = {}
        for path, line, node in scenes(self.bones, self.book):
            if isinstance(node, nodes.Segment):
                span, name = node.span, node.name
                played = self._segment(path, line, node)
            else:
                span, name = further(node[0].node.span, node[0].line), MAIN
                played = self._main(path, node)
            where = f"{path} line {line + span.line}"
            if name in first:
                message = f"there is a segment `{name}` already, in {first[name]}"
                self.notes.append(Note("E211", span.place(path, line), message, "give one of them another name"))
            first.setdefault(name, where)
            self._played.append(played)
        return [played.segment for played in self._played]

    def _main(self, path: str, placed: Cues) -> Played:
        block = self._list(placed, (path, MAIN, MAIN))
        line = placed[0].line
        track = cues.Track(MAIN, path, 0, block.body)
        spot = placed[0].node.span.place(path, line)
        played = Played(cues.Segment(MAIN, None, None, None, (track,), path, line), [block], spot)
        self._look_at(played, [(MAIN, 0, block)], path, 0)
        return played

    def _segment(self, path: str, line: int, node: nodes.Segment) -> Played:
        reader = self.reader()
        title = None if node.title is None else plain_of(reader, node.title)
        least = None if node.at_least is None else time_of(reader, node.at_least, "`at least`")
        most = None if node.at_most is None else time_of(reader, node.at_most, "`at most`", least=1)
        if least is not None and most is not None and least > most and node.at_least is not None:
            reader.say(
                "E412", node.at_least.span, "`at least` is longer than `at most`", "let `at most` be the longer one"
            )
        self.notes.extend(settled(note, path, line) for note in reader.notes)
        self.spare.extend(_placed(reader.facts, path, line))
        direct = tuple([nodes.Placed(p.line, p.node) for p in node.items if isinstance(p.node, nodes.Cue)])
        lists: list[tuple[str, int, Block]] = []
        if direct:
            lists.append((MAIN, 0, self._list(direct, (path, node.name, MAIN))))
        named = {MAIN} if direct else set()
        for placed in node.items:
            track = placed.node
            if not isinstance(track, nodes.Track):
                continue
            if track.name in named:
                message = f"this segment has a track `{track.name}` already"
                if track.name == MAIN and direct:
                    message = "the cues of the segment itself are its track `main`"
                self.notes.append(
                    Note("E212", track.span.place(path, line + placed.line), message, "give it another name")
                )
            named.add(track.name)
            lists.append((track.name, placed.line, self._list(track.cues, (path, node.name, track.name))))
        lists.sort(key=lambda one: one[0] != MAIN)
        tracks = tuple(cues.Track(name, path, line + base, block.body) for name, base, block in lists)
        segment = cues.Segment(node.name, title, least, most, tracks, path, line)
        played = Played(segment, [block for _, _, block in lists], node.span.place(path, line))
        self._look_at(played, lists, path, line)
        return played

    def reader(self) -> Draft:
        """Give what reads the values of a segment's own line."""
        nothing = nodes.Cue(None, None, nodes.Position(False, None, None, "", Span(0, 1, 1)), (), False, Span(0, 1, 1))
        return Draft(self.room, nothing, {}, 0, {})

    def _list(self, placed: Cues, key: Key) -> Block:
        """Compile a track, with what is remembered of its cues."""
        # Of two tracks of one name (a mistake) the second is kept.
        old = self._old.get(key)
        spare = self._elsewhere() if old is None else {}
        old, made = old or NOTHING, partial(self._cue, spare)
        if self._once:
            return joined(self._seen(singly(placed, made)))
        kept = self.memory.tracks[key] = again(old, placed, self._good, made)
        return joined(self._seen(kept.stretches))

    def _seen(self, stretches: Iterable[Stretch]) -> Iterator[Stretch]:
        """Note what stretches do, on their way."""
        for one in stretches:
            self._called.update(one.does)
            yield one

    def _good(self, stretch: Stretch) -> bool:
        return not stretch.names or self._same_defines

    def _cue(self, elsewhere: Mapping[int, Draft], node: nodes.Cue, spare: Mapping[int, Draft]) -> Draft:
        """Compile a cue, or take it from the last time."""
        draft = spare.get(id(node)) or elsewhere.get(id(node))
        if draft is None or draft.node is not node or (draft.uses and not self._holds(draft)):
            return cue(self.room, node, {}, 0, {})
        return draft

    def _elsewhere(self) -> Mapping[int, Draft]:
        """Give every cue of the last time, by the identity of its node, for a track or segment that has a new name."""
        if self._loose is None:
            self._loose = {
                id(draft.node): draft
                for kept in self._old.values()
                for stretch in kept.stretches
                for _, draft in stretch.drafts
            }
        return self._loose

    def _holds(self, draft: Draft) -> bool:
        """Tell whether all names that a remembered cue used still stand for the same."""
        constants, unknown = self.room.names.constants, self.room.names.unknown
        for name, value in draft.uses.items():
            if name.startswith("do "):
                if not self._same_defines:
                    return False
                continue
            now: Constant | None = constants.get(name) or (UNKNOWN if name in unknown else None)
            if now != value:
                return False
        return True

    def _look_at(self, played: Played, lists: list[tuple[str, int, Block]], path: str, line: int) -> None:
        """Check what concerns the tracks of one segment together."""
        notes: list[Note] = []
        segment = played.segment
        for _, base, block in lists:
            found = list(block.notes)
            if segment.at_most is not None:
                after_the_end(block.drafts, segment.at_most, found)
            self.notes.extend(settled(note, path, line + base) for note in found)
        _same_cue_names(lists, notes)
        meetings(lists, self.room.names.unknown, notes)
        alone = over_at_once(lists, segment.at_least)
        if alone is not None:
            message = "the segment is over as soon as this begins: a `repeat` without end keeps nothing open"
            name = segment.name if line else "NAME"
            notes.append(alone.note("W503", message, f"say how long it lasts: `segment {name} at least 1m`"))
        if len(lists) > 1:
            said = [(one, base) for _, base, block in lists for one in block.speeches()]
            if len({one.device for one, _ in said}) > 1:
                spoken = [(0, s.start, s.end, s.device, s.spot.further(base + s.line)) for s, base in said]
                two_voices(spoken, notes)
        self.notes.extend(settled(note, path, line) for note in notes)
        for _, base, block in lists:
            self.facts.extend(_placed(block.facts, path, line + base))
            self.devices |= block.devices
            self.count += block.count

    # -- the show as a whole -------------------------------------------------------------------------------------------

    def defines_nobody_calls(self) -> None:
        """Compile what is never played too, its parameters unknown: a mistake in it is a mistake."""
        reached = self.calls.reached(self._called)
        for name, defined in self.room.names.defines.items():
            if name in reached or name in self.room.circles:
                continue
            block = expanded(self.room, name, (UNKNOWN,) * len(defined.node.parameters), 1)
            if block is not None:
                self.notes.extend(settled(note, defined.path, defined.line) for note in block.notes)
                self.spare.extend(_placed(block.facts, defined.path, defined.line))

    def titles(self) -> None:
        """Look at every `show` line."""
        self.notes.extend(given_twice(self.bones))
        for path, line, node in titles(self.bones):
            reader = self.reader()
            plain_of(reader, node.title)
            self.spare.extend(_placed(reader.facts, path, line))
            self.notes.extend(settled(note, path, line) for note in reader.notes)

    def rest(self, most_commands: int, longest_score: int) -> None:
        """Check names, answers and limits over all segments."""
        facts = [*self.facts, *self.spare]
        self.notes.extend(unbound(facts, self.room.names))
        kept = frozenset(fact.name for fact in facts if fact.kind == "kept")
        if kept:
            follower = Follower(kept)
            state: State = {}
            for played in self._played:
                tracks = zip(played.segment.tracks, played.blocks, strict=True)
                follower.segment(list(tracks), state)
            self.notes.extend(follower.notes)
        self.notes.extend(limits(self._played, most_commands, longest_score))
        self.length = sum(played.length for played in self._played)

    def named(self, kind: Kind) -> dict[str, None]:
        """Give the names of one kind of fact, in order of first use."""
        return dict.fromkeys(fact.name for fact in self.facts if fact.kind == kind)

    def events(self) -> list[tuple[str, str]]:
        """Give what is waited for, as (device, event)."""
        parts = [name.partition(" ") for name in self.named("event")]
        return [(device, event) for device, _, event in parts]

    def pictures(self) -> tuple[Picture, ...]:
        """Give the pictures, each with its place."""
        found: list[Picture] = []
        for fact in [*self.facts, *self.spare]:
            if fact.kind == "picture" and isinstance(fact.spot.where, Place):
                device, _, path = fact.name.partition(" ")
                through = tuple(step for step in fact.spot.through if isinstance(step, Place))
                found.append(Picture(device, path, fact.spot.where, through))
        return tuple(found)

    def cut_off(self, note: Note) -> bool:
        """Tell whether a list only seems to begin here: the line above could not be read, and says so itself."""
        if note.below is None or not isinstance(note.where, Place):
            return False
        lines = self.book.sources[note.where.path].text.split("\n")
        for number in range(note.where.line - 1, note.below, -1):
            line = lines[number - 1].partition("#")[0].strip() if number <= len(lines) else ""
            if line:
                return note.below > 0 or line.startswith(("at ", "then ", "cue "))
        return False


def _placed(facts: list[Fact], path: str, base: int) -> list[Fact]:
    """Give the facts as seen from outside the file."""
    return [Fact(fact.kind, fact.name, fact.spot.placed(path, base)) for fact in facts]


def _same_cue_names(lists: list[tuple[str, int, Block]], notes: list[Note]) -> None:
    seen: dict[str, Spot] = {}
    for _, base, block in lists:
        for named in block.facts:
            if named.kind != "named":
                continue
            spot = named.spot.further(base)
            first = seen.setdefault(named.name, spot)
            if first is not spot and isinstance(first.where, Span):
                message = f"there is a cue `{named.name}` in line {LINE} already"
                note = spot.note("E213", message, "give one of them another name")
                notes.append(note._replace(lines=(first.where.line,)))

"""A book compiled: from the tree of its files to the cue list the engine plays, or to everything that is wrong with it.

The one door of this room. Segments stand in the order in which their files are included; a cue is compiled once and
kept, with what it depends on, for the next compile of a book that has it still.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from showrunner import devices
from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic, Place, Span, has_errors, in_reading_order
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.answers import Follower, State
from showrunner.timeline.binding import UNKNOWN, Constant
from showrunner.timeline.calls import Calls, calls_of
from showrunner.timeline.checks import after_the_end, over_at_once, two_voices
from showrunner.timeline.draft import Block, Draft, Fact, Kind, Room, Spot
from showrunner.timeline.limits import LONGEST_SCORE, MOST_COMMANDS, Played, limits
from showrunner.timeline.lists import block_of, cue, expanded
from showrunner.timeline.meetings import meetings
from showrunner.timeline.modifiers import plain_of, time_of
from showrunner.timeline.names import Names, names_of
from showrunner.timeline.notes import LINE, Note, diagnostic, further, settled
from showrunner.timeline.scenes import Cues, scenes
from showrunner.timeline.stage import posts
from showrunner.timeline.titles import given_twice, title, titles
from showrunner.timeline.unbound import unbound

MAIN = "main"


Key: TypeAlias = int | tuple[int, int]
"""The identity of a cue's node; with a number, if the node stands in several places."""


@dataclass(slots=True)
class Memory:
    """What one compile leaves for the next: every cue of the tracks, by the identity of its node.

    It holds only while stage and catalogue are the same; a cue that uses a `define` only while all of them are.
    """

    fixtures: Mapping[str, Fixture]
    inventories: Mapping[str, Inventory]
    names: Names
    drafts: dict[Key, Draft] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compile's outcome. ``cues`` is None where a finding is an error.

    ``count``: commands, repeats multiplied out (endless ones once). ``length``: microseconds of score, estimated.
    """

    cues: cues.CueList | None
    findings: tuple[Diagnostic, ...]
    memory: Memory
    count: int
    length: int


def compile_show(
    book: nodes.Book,
    fixtures: Mapping[str, Fixture],
    inventories: Mapping[str, Inventory] | None = None,
    previous: Memory | None = None,
    *,
    most_commands: int = MOST_COMMANDS,
    longest_score: int = LONGEST_SCORE,
) -> Compiled:
    """Compile a whole show for a stage. Findings of the files themselves (their syntax) are the reader's."""
    work = _Work(book, fixtures, inventories or {}, previous)
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
    findings = in_reading_order([diagnostic(note) for note in work.notes if not work.cut_off(note)])
    if has_errors(findings):
        return Compiled(None, findings, work.memory, work.count, work.length)
    made = cues.CueList(
        title(book, work.reader()),
        book.main,
        book.fingerprint,
        tuple(segments),
        tuple(name for name in fixtures if name in work.devices),
        tuple(work.events()),
        tuple(work.named("button")),
    )
    return Compiled(made, findings, work.memory, work.count, work.length)


class _Work:
    """One compile under way."""

    def __init__(
        self,
        book: nodes.Book,
        fixtures: Mapping[str, Fixture],
        inventories: Mapping[str, Inventory],
        previous: Memory | None,
    ) -> None:
        self.book = book
        names = names_of(book)
        self.calls: Calls = calls_of(names)
        self.room = Room(names, posts(fixtures, inventories), {}, self.calls.circles, devices.names())
        self.memory = Memory(fixtures, inventories, names)
        self.notes: list[Note] = [*names.notes, *self.calls.notes]
        self.facts: list[Fact] = []
        self.devices: frozenset[str] = frozenset()
        self.count = 0
        self.length = 0
        self._played: list[Played] = []
        self._called: set[str] = set()
        self.spare: list[Fact] = []
        self._copies: dict[int, int] = {}
        same = previous is not None and previous.fixtures == fixtures and previous.inventories == inventories
        self._old = previous.drafts if previous is not None and same else {}
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
        for path, line, node in scenes(self.book):
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
        block = self._list(placed)
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
            lists.append((MAIN, 0, self._list(direct)))
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
            lists.append((track.name, placed.line, self._list(track.cues)))
        lists.sort(key=lambda one: one[0] != MAIN)
        tracks = tuple(cues.Track(name, path, line + base, block.body) for name, base, block in lists)
        segment = cues.Segment(node.name, title, least, most, tracks, path, line)
        played = Played(segment, [block for _, _, block in lists], node.span.place(path, line))
        self._look_at(played, lists, path, line)
        return played

    def reader(self) -> Draft:
        """Give what reads the values of a segment's own line."""
        nothing = nodes.Cue(None, None, nodes.Position(False, None, None, Span(0, 1, 1)), (), False, Span(0, 1, 1))
        return Draft(self.room, nothing, {}, 0, {})

    def _list(self, placed: Cues) -> Block:
        """Compile a track, with what is remembered of its cues."""
        drafts: list[tuple[int, Draft]] = []
        old, kept, copies = self._old, self.memory.drafts, self._copies
        for one in placed:
            node = one.node
            key: Key = id(node)
            if key in kept:
                # The same line once more may well be the same node: each place has a draft of its own.
                copy = copies[id(node)] = copies.get(id(node), 0) + 1
                key = (id(node), copy)
            draft = old.get(key)
            if draft is None or draft.node is not node or (draft.uses and not self._holds(draft)):
                draft = cue(self.room, node, {}, 0, {})
            kept[key] = draft
            if draft.uses:
                self._called.update([name[3:] for name in draft.uses if name.startswith("do ")])
            drafts.append((one.line, draft))
        return block_of(drafts, within=False)

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
            said = [(one, base) for _, base, block in lists for one in block.speeches]
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
        self.notes.extend(given_twice(self.book))
        for path, line, node in titles(self.book):
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

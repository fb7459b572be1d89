"""A book compiled: from the tree of its files to the cue list the engine plays, or to everything that is wrong with it.

The one door of this room. Segments stand in the order in which their files are included; a cue is compiled once and
kept, with what it depends on, for the next compile of a book that has it still.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field, replace
from functools import cache, partial
from typing import NamedTuple, TypeAlias

from showrunner import devices
from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic, Place, Span, has_errors, in_reading_order
from showrunner.diagnostics.sentence import sentence
from showrunner.slotted import dataclass
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.checks import table
from showrunner.timeline.checks.limits import LONGEST_SCORE, MOST_COMMANDS, MOST_FINDINGS, told
from showrunner.timeline.compile.bodies import cue, expanded, joined
from showrunner.timeline.compile.constants import UNKNOWN, Constant
from showrunner.timeline.compile.draft import OWN, UNHEARD, Block, Draft, Hearer, Listed, Part, Room, Whole
from showrunner.timeline.compile.events import until
from showrunner.timeline.compile.facts import Fact, Kind
from showrunner.timeline.compile.modifiers import plain_of, time_of
from showrunner.timeline.compile.music import bound_of, tempo_of
from showrunner.timeline.compile.names import Calls, Names, calls_of, names_of
from showrunner.timeline.compile.notes import Note, diagnostic, moved, settled
from showrunner.timeline.compile.outline import Cues, Edge, scenes, skeleton, title, titles
from showrunner.timeline.compile.posts import posts, speaker, spelling
from showrunner.timeline.compile.stretch import Stretch
from showrunner.timeline.compile.track import NOTHING, Kept, again, singly
from showrunner.timeline.compile.whens import hearer

LOOKED_UP = "E3"
"""How the codes begin of what is looked up in the tables of devices and in the catalogue."""

Key: TypeAlias = tuple[str, str, str, cues.Tempo | None]
"""A track: its file, segment and name, and the tempo it was compiled under."""


@dataclass(slots=True)
class Memory:
    """What one compile leaves for the next: every track as it was compiled.

    It holds only while stage and catalogue are the same; a cue that uses a `define` only while all of them are.
    """

    fixtures: Mapping[str, Fixture]
    inventories: Mapping[str, Inventory]
    names: Names
    tracks: dict[Key, Kept] = field(default_factory=dict)


class NamedFile(NamedTuple):
    """A file that some command shows or reads: on which device, its path as written, and where that stands."""

    device: str
    path: str
    place: Place
    through: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compile's outcome. ``cues`` is None where a finding is an error.

    ``count``: commands, repeats multiplied out (endless ones once). ``length``: microseconds of score, estimated.
    ``pictures`` are all that commands show, ``documents`` all that they read, wherever they stand; that they are there
    is for others to see. ``absent``: kinds of device that the show names and the stage lacks.
    """

    cues: cues.CueList | None
    findings: tuple[Diagnostic, ...]
    memory: Memory
    count: int
    length: int
    pictures: tuple[NamedFile, ...] = ()
    documents: tuple[NamedFile, ...] = ()
    absent: frozenset[str] = frozenset()


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
        work.strays()
        work.whole(most_commands, longest_score)
    finally:
        if collecting:
            gc.enable()
    found = in_reading_order([diagnostic(note) for note in work.notes if not work.cut_off(note)])
    findings = told(found, MOST_FINDINGS)
    files = work.files("picture"), work.files("document")
    if has_errors(findings):
        absent = frozenset(work.room.absent)
        return Compiled(None, findings, work.memory, work.count, work.length, *files, absent)
    made = cues.CueList(
        title(work.bones, work.reader()),
        book.main,
        book.fingerprint,
        tuple(segments),
        tuple(name for name in fixtures if name in work.devices),
        tuple(work.events()),
        tuple(work.named("button")),
        frozenset(work.named("alone")),
        _tracks(work.edge),
        tuple(work.above),
    )
    return Compiled(made, findings, work.memory, work.count, work.length, *files)


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
        self.room = Room(
            names,
            posts(fixtures, inventories),
            {},
            self.calls.circles,
            cache(partial(speaker, fixtures)),
            devices.names,
            table.LOOKS,
            cache(partial(spelling, fixtures)),
        )
        self.memory = Memory(fixtures, inventories, names)
        self.notes: list[Note] = [*names.notes, *self.calls.notes]
        self.facts: list[Fact] = []
        self.devices: frozenset[str] = frozenset()
        self.count = 0
        self.length = 0
        self._parts: list[Part] = []
        self._called: set[str] = set()
        self.spare: list[Fact] = []
        self.hearers: list[Hearer] = []
        self.edge: list[Hearer] = []
        self.above: list[int] = []
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
        for scene in scenes(self.bones, self.book):
            if isinstance(scene, Edge):
                self.edge.append(hearer(self.room, self.reader(), scene.node, scene.path, scene.line))
                self.above.append(len(self._parts))
                self._hear(self.edge[-1])
                continue
            path, line, node = scene
            part = self._segment(path, line, node) if isinstance(node, nodes.Segment) else self._main(path, node)
            self._look_at(part)
            self._parts.append(part)
        return [part.segment for part in self._parts]

    def _main(self, path: str, placed: Cues) -> Part:
        block = self._list(self.room, placed, (path, cues.MAIN, cues.MAIN, None))
        line = placed[0].line
        segment = cues.Segment(cues.MAIN, None, None, None, (cues.Track(cues.MAIN, path, 0, block.body),), path, line)
        spot = placed[0].node.span.place(path, line)
        return Part(segment, (Listed(cues.MAIN, 0, block, None),), path, 0, spot, self.room.names.unknown)

    def _segment(self, path: str, line: int, node: nodes.Segment) -> Part:
        heard = self.reader()
        room = replace(self.room, tempo=tempo_of(heard, node.tempo))
        reader = self.reader(room)
        reader.notes.extend(heard.notes)
        reader.facts.extend(heard.facts)
        title = None if node.title is None else plain_of(reader, node.title)
        least = None if node.at_least is None else bound_of(reader, node.at_least, "`at least`")
        most = None if node.at_most is None else bound_of(reader, node.at_most, "`at most`", least=1)
        release = None if node.release is None else time_of(reader, node.release, "`release over`", least=1)
        if least is not None and most is not None and least > most and node.at_least is not None:
            reader.say(
                "E412",
                node.at_least.span,
                sentence("`at least` is longer than `at most`"),
                sentence("let `at most` be the longer one"),
            )
        self.notes.extend(settled(note, path, line) for note in reader.notes)
        self.spare.extend(_placed(reader.facts, path, line))
        ends = self._ends(node, path, line)
        direct = tuple([nodes.Placed(p.line, p.node) for p in node.items if isinstance(p.node, nodes.Cue)])
        lists = []
        if direct:
            block = self._list(room, direct, (path, node.name, cues.MAIN, room.tempo))
            lists.append(Listed(cues.MAIN, 0, block, None))
        for placed in node.items:
            track = placed.node
            if isinstance(track, nodes.Track):
                block = self._list(room, track.cues, (path, node.name, track.name, room.tempo))
                lists.append(Listed(track.name, placed.line, block, track.span))
        hearers = [
            hearer(room, self.reader(room), placed.node, path, line + placed.line)
            for placed in node.items
            if isinstance(placed.node, nodes.When)
        ]
        lists.sort(key=lambda listed: listed.name != cues.MAIN)
        tracks = tuple(cues.Track(one.name, path, line + one.base, one.block.body) for one in lists)
        tempo = None if room.tempo is UNHEARD else room.tempo
        whens = _tracks(hearers)
        segment = cues.Segment(node.name, title, least, most, tracks, path, line, release or 0, tempo, whens, ends)
        spot = node.span.place(path, line)
        return Part(segment, tuple(lists), path, line, spot, self.room.names.unknown, tuple(hearers))

    def _ends(self, node: nodes.Segment, path: str, line: int) -> cues.Until | None:
        """Compile what ends a segment: anything but a cue of its own."""
        reader = self.reader()
        for event in () if node.until is None else node.until.events:
            if event.kind == "cue":
                message = sentence("a cue of the segment itself cannot end it: it would never come to its lines below")
                reader.say(
                    "E217",
                    event.span,
                    message,
                    sentence("end it with `at most`, or by a button or an event from outside"),
                )
        ends = until(reader, node.until)
        self.notes.extend(settled(note, path, line) for note in reader.notes)
        self.facts.extend(_placed([fact for fact in reader.facts if fact.kind != "awaited"], path, line))
        self.devices |= reader.devices
        return ends

    def reader(self, room: Room | None = None) -> Draft:
        """Give what reads the values of a segment's own line."""
        nothing = nodes.Cue(None, None, nodes.Position(False, None, None, "", Span(0, 1, 1)), (), False, Span(0, 1, 1))
        return Draft(room or self.room, nothing, {}, 0, {})

    def _list(self, room: Room, placed: Cues, key: Key) -> Block:
        """Compile a track, with what is remembered of its cues."""
        # Of two tracks of one name (a mistake) the second is kept.
        old = self._old.get(key)
        spare = self._elsewhere() if old is None else {}
        old, made = old or NOTHING, partial(self._cue, room, spare)
        if self._once:
            return joined(self._seen(singly(placed, made, table.LOOKS)), table.LOOKS)
        kept = self.memory.tracks[key] = again(old, placed, self._good, made, table.LOOKS)
        return joined(self._seen(kept.stretches), table.LOOKS)

    def _seen(self, stretches: Iterable[Stretch]) -> Iterator[Stretch]:
        """Note what stretches do, on their way."""
        for one in stretches:
            self._called.update(one.does)
            yield one

    def _good(self, stretch: Stretch) -> bool:
        return not stretch.names or self._same_defines

    def _cue(self, room: Room, elsewhere: Mapping[int, Draft], node: nodes.Cue, spare: Mapping[int, Draft]) -> Draft:
        """Compile a cue, or take it from the last time."""
        draft = spare.get(id(node)) or elsewhere.get(id(node))
        same = draft is not None and draft.node is node and draft.tempo == room.tempo
        if draft is None or not same or (draft.uses and not self._holds(draft)):
            return cue(room, node, {}, 0, {})
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

    def _look_at(self, part: Part) -> None:
        """Gather what is said of a segment: of each of its lists, and of them together."""
        found = [moved(note, listed.base) for listed in part.lists for note in listed.block.notes]
        found += [*table.looked(table.BESIDE, part.beside), *table.looked(table.PART, part)]
        self.notes.extend(settled(note, part.path, part.line) for note in found)
        lists: list[Listed | Hearer] = [*part.lists, *part.hearers]
        for listed in sorted(lists, key=lambda one: _line(one, part)):
            if isinstance(listed, Hearer):
                self._hear(listed)
                continue
            self.facts.extend(_placed(listed.block.facts, part.path, part.line + listed.base))
            self.devices |= listed.block.devices
            self.count += listed.block.count

    def _hear(self, hearer: Hearer) -> None:
        """Gather what is said of a `when`; its block counts once."""
        self.hearers.append(hearer)
        self.notes.extend(hearer.notes)
        self.facts.extend(fact for fact in hearer.facts if fact.kind not in OWN)
        self.devices |= hearer.devices
        self.count += hearer.commands
        self._called |= hearer.does

    # -- the show as a whole -------------------------------------------------------------------------------------------

    def defines_nobody_calls(self) -> None:
        """Compile what is never played too, its parameters unknown: a mistake in it is a mistake."""
        reached = self.calls.reached(self._called)
        unheard = replace(self.room, tempo=UNHEARD)
        for name, defined in self.room.names.defines.items():
            if name in reached or name in self.room.circles:
                continue
            made = expanded(unheard, name, (UNKNOWN,) * len(defined.node.parameters), 1)
            if made is not None:
                self.notes.extend(settled(note, defined.path, defined.line) for note in made.block.notes)
                self.spare.extend(_placed(made.block.facts, defined.path, defined.line))

    def strays(self) -> None:
        """Look at what stands where it cannot stand: devices, their verbs and the names of the model alone."""
        for path, source in self.book.sources.items():
            for placed in source.script.strays:
                draft = cue(self.room, placed.node, {}, 0, {})
                found = [note for note in draft.notes if note.code.startswith(LOOKED_UP)]
                self.notes.extend(settled(note, path, placed.line) for note in found)

    def titles(self) -> None:
        """Read every `show` line."""
        for path, line, node in titles(self.bones):
            reader = self.reader()
            plain_of(reader, node.title)
            self.spare.extend(_placed(reader.facts, path, line))
            self.notes.extend(settled(note, path, line) for note in reader.notes)

    def whole(self, most_commands: int, longest_score: int) -> None:
        """Look at the show as a whole."""
        facts, shown = (*self.facts, *self.spare), tuple(titles(self.bones))
        posts = self.room.posts.values()
        rivals = {
            one.name: {other.name: why for other in posts if (why := one.device.rivals.get(other.device.name))}
            for one in posts
        }
        show = Whole(
            tuple(self._parts), facts, self.room.names, shown, most_commands, longest_score, rivals, tuple(self.hearers)
        )
        self.notes.extend(table.looked(table.WHOLE, show))
        self.length = sum(part.length for part in self._parts)

    def named(self, kind: Kind) -> dict[str, None]:
        """Give the names of one kind of fact, in order of first use."""
        return dict.fromkeys(fact.name for fact in self.facts if fact.kind == kind)

    def events(self) -> list[tuple[str, str]]:
        """Give what is waited for, as (device, event)."""
        parts = [name.partition(" ") for name in self.named("event")]
        return [(device, event) for device, _, event in parts]

    def files(self, kind: Kind) -> tuple[NamedFile, ...]:
        """Give the files of one kind of fact, each with its place."""
        found: list[NamedFile] = []
        for fact in [*self.facts, *self.spare]:
            if fact.kind == kind and isinstance(fact.spot.where, Place):
                device, _, path = fact.name.partition(" ")
                through = tuple(step for step in fact.spot.through if isinstance(step, Place))
                found.append(NamedFile(device, path, fact.spot.where, through))
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


def _line(one: Listed | Hearer, part: Part) -> int:
    """Give the line of its file on which a list of a segment begins."""
    if isinstance(one, Hearer):
        return one.spot.line
    first = one.block.drafts[0][0] if one.block.drafts and one.span is None else 0
    return part.line + one.base + first


def _tracks(hearers: Iterable[Hearer]) -> tuple[cues.Track, ...]:
    return tuple(one.track for one in hearers if one.track is not None)


def _placed(facts: list[Fact], path: str, base: int) -> list[Fact]:
    """Give the facts as seen from outside the file."""
    return [fact._replace(spot=fact.spot.placed(path, base)) for fact in facts]

"""Labels: what a cue is called, in the journal and wherever it is shown.

A cue is called by its name, else by its line: `L7`, in an included file `part.show:L7`. What stands in a block of
another cue has the way there before it: `L13#3/L14` in the third turn of a `repeat` (of a `when`: at its third event),
`L7/wave/L31` in the `define` that is done, `L7/duet/voice/L31` in a track of it, `L7/L8` in a `meanwhile`. A cue may be
called `A/B` or `take #1`, and a file may lie in a folder: so a label can be taken apart only by who knows the show.
``Labels`` does, and nothing else reads one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from showrunner.diagnostics.wording import shortened
from showrunner.slotted import dataclass
from showrunner.timeline.cues import (
    COUNTED,
    Await,
    Body,
    Call,
    Choose,
    Cue,
    CueList,
    Hold,
    Repeat,
    Segment,
    Send,
    Track,
    When,
    counted,
    inserted,
)

Key: TypeAlias = tuple[str, str, str]
"""A cue by its names in the journal: segment, track, label."""

_WAY = re.compile(r"(?:#([0-9]{1,9}))?/")
_LINE = re.compile(r"L([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Label:
    """What a cue is called: its ``name``, else its ``file`` (``seen_from`` the script, None: that itself) and ``line``.

    ``inside`` is the block of another cue that it stands in, None in a track's own list.
    """

    file: str | None
    line: int
    name: str | None = None
    inside: Inside | None = None

    def text(self) -> str:
        """Give it as the journal has it."""
        return self.own if self.inside is None else "/".join(self.links)

    @property
    def links(self) -> tuple[str, ...]:
        """The words of the way to it and its own name, a file's folders too: `L7`, `wave`, `parts`, `song.show:L2`."""
        own = tuple(self.own.split("/")) if self.name is None else (self.name,)
        if self.inside is None:
            return own
        *before, last = self.inside.cue.links
        turn = self.inside.turn
        last = last if turn is None else f"{last}#{turn}"
        return (*before, last, *self.inside.words, *own)

    @property
    def own(self) -> str:
        """Without the way to it."""
        if self.name is not None:
            return self.name
        return f"{_front(self.file)}{self.line}"

    @property
    def people(self) -> str:
        """Give it as people see it, who count lines: `line 18`, `part.show, line 4`, in a turn `line 18, turn 2`."""
        if self.name is not None:
            called = self.name
        else:
            called = f"line {self.line}" if self.file is None else f"{self.file}, line {self.line}"
        return called if not self.turns else f"{called}, turn {' of '.join(map(str, reversed(self.turns)))}"

    def words(self, line: int | None, text: str) -> str:
        """Name a ``line`` of its file as people see it, of blocks the first line: `` line 32: `say happy "La…"` ``.

        Where it stands in no text any more (None), by its words alone.
        """
        said = " ".join(text.split("\n", 1)[0].split())
        cut = shortened(said)
        # What is cut within quotes is shown as a text all the same.
        cut = cut if cut == said or cut.count('"') % 2 == 0 else f'{cut[:-2]}…"'
        if line is None:
            return f"`{cut}`"
        return f"line {line}: `{cut}`" if self.file is None else f"{self.file}, line {line}: `{cut}`"

    @property
    def turns(self) -> tuple[int, ...]:
        """Which turn of each `repeat` on the way it is, the outermost first."""
        if self.inside is None:
            return ()
        before, turn = self.inside.cue.turns, self.inside.turn
        return before if turn is None else (*before, turn)

    @property
    def turn(self) -> Inside | None:
        """The turn in which it is, the outermost one of several; None: it is in no `repeat`."""
        outer = None if self.inside is None else self.inside.cue.turn
        return self.inside if outer is None and self.inside is not None and self.inside.turn is not None else outer


@dataclass(frozen=True, slots=True)
class Inside:
    """A block of a ``cue``: what it does or chooses (``call``), a ``turn`` of its `repeat` or `when` (from 1), else a
    `meanwhile`. ``track``: which one of what it does, where that has tracks.
    """

    cue: Label
    call: str | None = None
    turn: int | None = None
    track: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Say what stands between its cue and what is in it: what is done, and which track of that."""
        return tuple(filter(None, (self.call, self.track)))


def call_of(choice: int) -> str:
    """Give the word on the way to what stands in a choice (from 1) of a `choose`, where a `do` has its name."""
    return f"choose {choice}"


# --- files


def _front(file: str | None) -> str:
    """Give what stands before the line of a cue that has no name."""
    return "L" if file is None else f"{file}:L"


def seen_from(main: str, path: str) -> str | None:
    """Give the path of a file as seen from the folder of the script ``main``; None: it is the script."""
    if path == main:
        return None
    folder = main.rpartition("/")[0]
    return path[len(folder) + 1 :] if folder and path.startswith(f"{folder}/") else path


def path_of(main: str, file: str | None) -> str:
    """Give the path of a file that the journal names as seen from the folder of the script ``main``."""
    folder = main.rpartition("/")[0]
    return main if file is None else f"{folder}/{file}" if folder else file


def place_of(text: str) -> tuple[str | None, int]:
    """Read a place in the journal's words, `L20` or `part.show:L20`: file (None: the script) and line."""
    file, _, number = text.rpartition(":")
    return file or None, int(number[1:])


# --- where cues stand


@dataclass(frozen=True, slots=True)
class ListPlace:
    """A list of cues where it stands: a track, or the block of the step number ``step`` of its ``owner``.

    Its lines count from ``base`` in ``file``; ``inside`` begins its labels.
    """

    main: str
    segment: str
    track: str
    body: Body
    file: str
    base: int
    inside: Inside | None = None
    owner: CuePlace | None = None
    step: int = 0

    def places(self) -> Iterator[CuePlace]:
        """Give its cues, in order."""
        return map(self.place, range(len(self.body.cues)))

    def names(self) -> list[str]:
        """Give what each of its cues is called in it, in order; of many cues that is faster than to ask each."""
        front, base = _front(seen_from(self.main, self.file)), self.base
        return [f"{front}{base + cue.line}" if cue.name is None else cue.name for cue in self.body.cues]

    def place(self, index: int) -> CuePlace:
        """Give one of its cues."""
        cue = self.body.cues[index]
        label = Label(seen_from(self.main, self.file), self.base + cue.line, cue.name, self.inside)
        return CuePlace(self, index, cue, label)


@dataclass(frozen=True, slots=True)
class CuePlace:
    """A cue where it stands: number ``index`` of a list."""

    within: ListPlace
    index: int
    cue: Cue
    label: Label

    @property
    def key(self) -> Key:
        """What the journal calls it."""
        return self.within.segment, self.within.track, self.label.text()

    @property
    def line(self) -> int:
        """Its line in the ``file`` of its list."""
        return self.label.line

    @property
    def reads(self) -> str:
        """Its commands as a person reads them, in this turn of its `repeat`."""
        return inserted(self.cue.text, self._counted) if "{" in self.cue.text else self.cue.text

    def _counted(self, name: str, field: str | None) -> str | None:
        """Give what counts the turns here: those of the innermost counted `repeat`; None: that is not what is asked."""
        here: ListPlace | None = self.within
        while here is not None and here.owner is not None and name in COUNTED and field is None:
            step, turn = here.owner.cue.steps[here.step], None if here.inside is None else here.inside.turn
            if isinstance(step, Repeat) and step.count is not None and turn is not None:
                return counted(name, turn, step.count)
            here = None if isinstance(step, When) else here.owner.within
        return None

    @property
    def top(self) -> CuePlace:
        """The cue of the track's own list in which it stands, or that it is."""
        return self if self.within.owner is None else self.within.owner.top

    def lists(self, turn: int | None = None) -> Iterator[ListPlace]:
        """Give the blocks of the cue, in order: this turn of its `repeat` or `when`; without one, all others."""
        for number, step in enumerate(self.cue.steps):
            match step:
                case Repeat() | When() if turn is not None:
                    yield self._list(number, step.body, Inside(self.label, turn=turn))
                case Choose() if turn is None:
                    for choice, chosen in enumerate(step.choices, 1):
                        yield self._list(number, chosen.body, Inside(self.label, call_of(choice)))
                case Call() if turn is None:
                    for track in step.tracks:
                        inside = Inside(self.label, step.name, None, track.name or None)
                        yield self._list(number, track.body, inside, track.file, track.line)
                case Send() | Await() | Hold() if turn is None and step.meanwhile is not None:
                    yield self._list(number, step.meanwhile, Inside(self.label))
                case _:
                    pass

    def _list(self, step: int, body: Body, inside: Inside, file: str | None = None, base: int = 0) -> ListPlace:
        at = self.within
        file, base = (at.file, self.line) if file is None else (file, base)
        return ListPlace(at.main, at.segment, at.track, body, file, base, inside, self, step)


def tracks(show: CueList) -> Iterator[ListPlace]:
    """Give the tracks of a show, in order."""
    for segment in show.segments:
        for track in segment.tracks:
            yield of_track(show, segment, track)


def of_track(show: CueList, segment: Segment, track: Track) -> ListPlace:
    """Give the list of a track, or of a `when` of a segment."""
    return ListPlace(show.main, segment.name, track.name, track.body, track.file, track.line)


def whens(show: CueList) -> Iterator[ListPlace]:
    """Give a list for each `when` of a show, in the order of the text."""
    edge = [ListPlace(show.main, "", track.name, track.body, track.file, track.line) for track in show.whens]
    for index, segment in enumerate(show.segments):
        yield from (one for one, above in zip(edge, show.above, strict=True) if above == index)
        yield from (of_track(show, segment, track) for track in segment.whens)
    yield from (one for one, above in zip(edge, show.above, strict=True) if above == len(show.segments))


# --- the reader


class Labels:
    """The cues of a show by what the journal and the plan call them."""

    def __init__(self, show: CueList) -> None:
        self._tracks = {(track.segment, track.track): track for track in tracks(show)}
        self._lists: dict[tuple[int, str, int], dict[str, int]] = {}
        self._whens: dict[str, list[ListPlace]] = {}
        for when in whens(show):
            self._whens.setdefault(when.segment, []).append(when)
        for track in self._tracks.values():  # at once: whoever asks while a show plays has no time for it
            self._listed(track)

    def of(self, entry: Mapping[str, Any]) -> CuePlace | None:
        """Find the cue that an entry names; None where it names none, or one that is not in this text."""
        return self.at((entry.get("segment", ""), entry.get("track", ""), entry.get("cue", "")))

    def at(self, key: Key) -> CuePlace | None:
        """Find a cue by its names; None where it is not in this text, or none is named: a segment waits, too."""
        if not key[2]:
            return None
        track = self._tracks.get(key[:2])
        if track is not None:
            return self._find(track, key[2])
        heard = (self._find(when, key[2]) for when in self._whens.get(key[0], ()) if not key[1])
        return next((found for found in heard if found is not None), None)

    def label(self, key: Key) -> Label:
        """Take apart what a cue is called; of one that is not in this text no more is known than its words tell."""
        place = self.at(key)
        if place is not None:
            return place.label
        line = _LINE.fullmatch(key[2])
        return Label(None, 0, key[2]) if line is None else Label(None, int(line[1]))

    def _find(self, here: ListPlace, text: str) -> CuePlace | None:
        listed = self._listed(here)
        if text in listed:
            return here.place(listed[text])
        for mark in _WAY.finditer(text):
            ways = [(mark.start(), int(mark[1])), (mark.end() - 1, None)] if mark[1] else [(mark.start(), None)]
            for end, turn in ways:
                owner = listed.get(text[:end])
                if owner is not None and (found := self._inside(here.place(owner), turn, text[mark.end() :])):
                    return found
        return None

    def _inside(self, owner: CuePlace, turn: int | None, text: str) -> CuePlace | None:
        for block in owner.lists(turn):
            front = "" if block.inside is None else "".join(f"{word}/" for word in block.inside.words)
            if text.startswith(front) and (found := self._find(block, text[len(front) :])):
                return found
        return None

    def _listed(self, here: ListPlace) -> dict[str, int]:
        """Give the places of a list's cues by what each is called in it."""
        key = (id(here.body), here.file, here.base)
        found = self._lists.get(key)
        if found is None:
            found = self._lists[key] = {}
            for index, name in enumerate(here.names()):
                found.setdefault(name, index)
        return found

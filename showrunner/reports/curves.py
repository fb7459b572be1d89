"""Holds: which value each property has in the plan, from when to when, and the way it takes there.

Read off the plan's entries and the compiled show, for drawing; the engine does not know this module. Numbers only: a
rotation is no curve on a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from showrunner.devices.vocabulary import Command, Fixture, Inventory
from showrunner.engine.curves import eased
from showrunner.engine.messages import Entry
from showrunner.reports.plan import Plan
from showrunner.timeline.cues import Await, CueList, Hold, Send
from showrunner.timeline.labels import Label, Labels, walk
from showrunner.yielding import gently

_Where = tuple[str, str, Label]
"""Segment, track and cue."""

_Home = tuple[str, str, Label | None]
"""Segment, track and the cue whose `meanwhile` closes what it holds; None: the track does."""


@dataclass(slots=True)
class _Curve:
    """One value on its way or held. Times in microseconds of the plan; ``until`` None: nobody has ended it yet."""

    id: int
    start: int
    arrives: int
    begin: float | None
    to: float
    ease: str
    home: _Home
    until: int | None = None
    lapses: int | None = None

    def at(self, instant: int) -> float:
        if instant >= self.arrives or self.begin is None:
            return self.to
        share = eased(self.ease, (instant - self.start) / (self.arrives - self.start))
        return round(self.begin + (self.to - self.begin) * share, 6)


@dataclass(slots=True)
class _Book:
    """What stands in the show, to be found again by the words of a plan's entry. Cues are in any turn.

    ``commands``: the streamed commands of a line of a cue, in their order (a `do` may bring several with one text).
    ``owners``: cues with a command that has a `meanwhile`, and that command's text (None: a `hold`).
    """

    labels: Labels
    commands: dict[tuple[_Where, int, str], list[Command]] = field(default_factory=dict)
    owners: set[tuple[_Where, str | None]] = field(default_factory=set)


def holds(
    cues: CueList, planned: Plan, fixtures: Mapping[str, Fixture], inventories: Mapping[str, Inventory]
) -> Iterator[dict[str, Any]]:
    """Give the curves in the order in which they begin: the shape of ``holds`` in `GET /api/score`."""
    book = _book(cues)
    if not book.commands:
        return
    forgets = {name for name, one in fixtures.items() if any(verb.stream == "release" for verb in one.device.verbs)}
    drawing = _Drawing(book, forgets, inventories)
    for entry in gently(planned.entries):
        drawing.take(entry)
    yield from drawing.ended(planned.length)


def _book(cues: CueList) -> _Book:
    book = _Book(Labels(cues))
    for spot in gently(walk(cues)):
        where = (spot.block.segment, spot.block.track, spot.label)
        for step in spot.cue.steps:
            if isinstance(step, Send) and step.command.verb.stream is not None:
                book.commands.setdefault((where, spot.line + step.span.line, step.text), []).append(step.command)
            if isinstance(step, Send | Await | Hold) and step.meanwhile is not None:
                book.owners.add((where, None if isinstance(step, Hold) else step.text))
    return book


class _Drawing:
    """Goes through a plan's entries and keeps, of each property, the curve it is on."""

    def __init__(self, book: _Book, forgets: set[str], inventories: Mapping[str, Inventory]) -> None:
        self._book = book
        self._forgets = forgets
        self._inventories = inventories
        self._open: dict[tuple[str, str], _Curve] = {}
        self._known: dict[tuple[str, str], float] = {}
        self._left: dict[tuple[str, str], tuple[int, float]] = {}
        self._turn: dict[tuple[_Where, int, str], int] = {}
        self._owning: dict[int, _Where] = {}
        self._drawn: list[tuple[str, str, _Curve]] = []

    def take(self, entry: Entry) -> None:
        kind, now = entry["kind"], entry["at"]
        if kind == "command":
            self._command(entry, now)
        elif kind == "outcome":
            home = self._owning.pop(entry["id"], None)
            if home is not None:
                self._close(home, now)
        elif kind == "resume":
            where = self._where(entry)
            held = str(entry.get("for_", entry.get("for"))).startswith("go")
            if where is not None and held and (_bare(where), None) in self._book.owners:
                self._close(where, now)
        elif kind == "segment":
            self._close(None, now)

    def ended(self, length: int) -> Iterator[dict[str, Any]]:
        self._close(None, length)
        for device, name, curve in self._drawn:
            yield {
                "id": curve.id,
                "device": device,
                "property": name,
                "from": curve.begin,
                "to": curve.to,
                "start": curve.start,
                "arrives": curve.arrives,
                "until": curve.until if curve.until is not None else curve.lapses,
                "ease": curve.ease,
            }

    def _command(self, entry: Entry, now: int) -> None:
        where = self._where(entry)
        if where is None:
            return
        bare = _bare(where)
        if (bare, entry["text"]) in self._book.owners:
            self._owning[entry["id"]] = where
        key = (bare, entry["line"], entry["text"])
        listed = self._book.commands.get(key)
        if listed is None:
            return
        turn = self._turn[key] = self._turn.get(key, -1) + 1
        command = listed[turn % len(listed)]
        home = (where[0], where[1], where[2].home)
        verb, device = command.verb, command.device
        over = command.get("D") or 0
        ease = str(command.get("E", "linear"))
        if verb.stream == "release":
            named = verb.releases(command) if verb.releases is not None else ()
            for name in named or [name for owner, name in list(self._open) if owner == device]:
                if (device, name) not in self._open:
                    continue
                if over:
                    to = self._default(device, name)
                    self._begin((device, name), entry["id"], now, over, None, to, ease, home, now + over)
                else:
                    self._end((device, name), now)
            return
        lapses = None if command.lasting is None else now + over + command.lasting
        for target in verb.targets(command) if verb.targets is not None else ():
            place = (device, target.property)
            if isinstance(target.to, tuple) or isinstance(target.start, tuple):
                continue
            self._begin(place, entry["id"], now, over, target.start, target.to, ease, home, lapses)

    def _begin(
        self,
        place: tuple[str, str],
        id_: int,
        now: int,
        over: int,
        start: float | None,
        to: float,
        ease: str,
        home: _Home,
        lapses: int | None,
    ) -> None:
        begin = start if start is not None else self._present(place, now)
        self._end(place, now)
        curve = _Curve(id_, now, now + over, begin if over else to, to, ease, home, None, lapses)
        self._open[place] = curve
        self._drawn.append((*place, curve))

    def _present(self, place: tuple[str, str], now: int) -> float | None:
        held = self._open.get(place)
        if held is not None and (held.lapses is None or held.lapses >= now):
            return held.at(now)
        if self._left.get(place, (-1, 0.0))[0] == now:
            return self._left[place][1]  # let go at this instant: no frame has said so yet
        if place in self._known:
            return self._known[place]
        return self._default(*place) if place[0] in self._forgets else None

    def _default(self, device: str, name: str) -> float:
        for listed in self._inventories.get(device, {}).values():
            for one in listed:
                if one.name == name and isinstance(one.default, int | float):
                    return one.default
        return 0

    def _end(self, place: tuple[str, str], now: int) -> None:
        curve = self._open.pop(place, None)
        if curve is None:
            return
        curve.until = now if curve.lapses is None else min(now, curve.lapses)
        if place[0] not in self._forgets:
            self._known[place] = curve.at(now)
        elif curve.until == now:
            self._left[place] = (now, curve.at(now))

    def _close(self, home: _Where | None, now: int) -> None:
        """End what is held by a home and those inside it (None: by the segment that is over)."""
        for place, curve in list(self._open.items()):
            if place[0] not in self._forgets:
                continue  # its device keeps what it was told
            if home is None or _inside(curve.home, home):
                self._end(place, now)

    def _where(self, entry: Entry) -> _Where | None:
        spot = self._book.labels.of(entry)
        return None if spot is None else (entry["segment"], entry["track"], spot.label)


def _bare(where: _Where) -> _Where:
    """Give a cue's place without the numbers of turns."""
    return (where[0], where[1], where[2].in_any_turn())


def _inside(home: _Home, other: _Where) -> bool:
    return home[:2] == other[:2] and home[2] is not None and home[2].within(other[2])

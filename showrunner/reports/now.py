"""What stands: where a show that plays is, read off its journal. One reader for all who must know it at any moment.

The show's thread hands its entries in and never waits; whoever asks, in whatever thread, gets a frozen value. What the
journal does not say (whether the show has come to its end and lingers) is in the engine's snapshot.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal

from showrunner.devices.vocabulary import Fixture
from showrunner.engine.actions import AFTER_PANIC
from showrunner.engine.messages import Excerpt
from showrunner.reports import points
from showrunner.reports.entries import key, speaking
from showrunner.reports.music import Heard, Music
from showrunner.reports.timetable import Plan, TimedCue
from showrunner.slotted import dataclass
from showrunner.timeline import labels, revise
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import CuePlace, Key, Labels

UNTIMED = frozenset({"go", "button", "event", "cue", "clock"})
"""What a list may stand at for as long as nobody and nothing comes: the first word of a `wait` entry's `for`."""

OPERATORS = frozenset({"go", "button"})
"""What takes no time in the plan, since the operator decides."""


def awaited(what: str) -> tuple[str, ...]:
    """Name the buttons that are waited for, of a `wait` entry's `for`: `button a or button b`, `until button end`."""
    parts = (part.partition(" ") for part in what.removeprefix("until ").split(" or ") if not what.startswith("go "))
    return tuple(name for kind, _, name in parts if kind == "button")


@dataclass(frozen=True, slots=True)
class Halt:
    """What a list stands at: ``what`` is the journal's `for`, ``since`` the show time at which it began.

    ``cue`` is what its cue is called in the text in force, None where it is gone from that.
    """

    what: str
    since: int
    cue: Key | None

    @property
    def word(self) -> str:
        """What kind of thing it is: `go`, `button`, `event`, `cue`, `clock`, `command`, `time`, `then`."""
        return self.what.partition(" ")[0]

    @property
    def buttons(self) -> tuple[str, ...]:
        """The names of the buttons that end it."""
        return awaited(self.what)

    @property
    def label(self) -> str:
        """The words behind that: of a `hold`, those for the operator; of a button, its name."""
        return self.what.partition(" ")[2]


@dataclass(frozen=True, slots=True)
class Sounding:
    """A command that is being said, since a show time: whose voice, which command, as it is written."""

    device: str
    id: int
    text: str
    since: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A cue that the plan says comes next, and the show time of that. ``called``: as in ``Now``."""

    cue: Key
    called: str
    at: int


@dataclass(frozen=True, slots=True)
class Now:
    """What stands. Times in microseconds of show time.

    ``cue`` was taken last (None: none was, or it is gone from the text), ``called`` is what people call it: `line 7`.
    ``place`` is where in the plan the show has come to, of the cues that stand in a track's own list; after a seek its
    point. ``standing``: what lists stand at, the oldest first. ``behind`` the plan by so much, as of the last cue.
    ``paused`` since when. ``rested``: so long the show's clock has stood by pauses that are over. ``late``: what the
    machine was when it took the last cue. ``loop``: what is gone round, as it was asked for. ``leaving``: its segment
    is in the text no more, and plays to its end. ``devices`` by their state. ``end``: when the plan ends, as things
    are. ``music``: where the bars of its segment lie on the show's clock, from the first that was played on.
    """

    segment: str
    cue: Key | None
    called: str
    place: tuple[str, int]
    standing: tuple[Halt, ...]
    next: Expected | None
    behind: int
    loop: str | None
    paused: int | None
    rested: int
    late: int
    panicked: bool
    stopping: bool
    leaving: bool
    voices: tuple[Sounding, ...]
    devices: Mapping[str, str]
    end: int
    music: Music | None = None

    def bar(self, at: int) -> str:
        """Give the beat at a show time (`9.3`); nothing where no music plays."""
        return "" if self.music is None else self.music.beat(self.clock(at))

    def clock(self, at: int) -> int:
        """Give what the show's clock shows at a show time: it stands in a pause, the time on air does not."""
        return (at if self.paused is None else min(at, self.paused)) - self.rested

    @property
    def uncertain(self) -> bool:
        """Whether nobody knows when the next cue comes: the show is being left, or it stands, or a list of it does."""
        left = self.stopping or self.panicked or self.leaving or self.paused is not None
        return left or any(halt.word in UNTIMED for halt in self.standing)


@dataclass(frozen=True, slots=True)
class Near:
    """A cue near this moment; ``next``: it is the one to come.

    ``at``: when it was taken, or is expected; None: nobody knows, or it was passed over.
    """

    cue: Key
    called: str
    found: CuePlace | None
    state: Literal["", "stands", "taken", "passed", "next"]
    at: int | None
    next: bool


class Present:
    """Follows the journal of a show: ``take`` is a sink of it, all else is for any thread.

    ``excerpt`` is the part that is played, ``fixtures`` say which commands are heard.
    """

    def __init__(
        self,
        cues: CueList,
        planned: Plan,
        excerpt: Excerpt | None = None,
        fixtures: Mapping[str, Fixture] | None = None,
    ) -> None:
        part = excerpt or Excerpt()
        self._lock = threading.Lock()
        self._fresh: deque[Mapping[str, Any]] = deque()
        self._cues, self._planned = cues, planned
        self._planned_cues = cues
        self._labels = self._planned_labels = Labels(cues)
        self._newest = cues, self._labels
        self._coming: deque[_Text] = deque()
        self._fresh_cues: dict[Key, int] = {}
        self._gone: Labels | None = None
        self._spoken = speaking(fixtures or {})
        self._ahead = _Ahead(_played(planned, cues, part), part.point)
        self._places = _places(planned)
        self._segment = ""
        self._place = ("", 0)
        self._bound: list[tuple[str, tuple[str, int]]] = []
        self._taken: Key | None = None
        self._called = ""
        self._standing: list[_Standing] = []
        self._paused: int | None = None
        self._rests: int | None = None
        self._rested = 0
        self._heard = Heard()
        self._late = 0
        self._lost = 0
        self._loop: str | None = None
        self._sought = False
        self._point: int | None = None
        self._later: tuple[str, ...] | None = None
        self._stopping = False
        self._panicked = False
        self._queued: dict[int, str] = {}
        self._voices: dict[int, Sounding] = {}
        self._devices: dict[str, str] = {}

    # --- what it is told

    def take(self, entry: Mapping[str, Any]) -> None:
        """Take one entry of the journal. Never waits: whoever has the lock takes in what comes meanwhile."""
        if entry["kind"] in _READ:
            self._fresh.append(entry)
            self._settle()

    def revised(
        self, cues: CueList, planned: Plan, now: int | None, fixtures: Mapping[str, Fixture] | None = None
    ) -> None:
        """Go on with the ``planned`` of a text, at a show time (None: before its start).

        Told once for each text, by one thread. One that is not in force yet is from now on.
        """
        renaming = revise.Renaming(self._planned_cues, self._planned_labels, cues)
        fresh, places = _Ahead(planned), _places(planned)
        there = {segment.name for segment in cues.segments}
        if cues is not self._newest[0]:
            self.coming(cues)
        with self._looking():
            while self._coming and self._cues is not cues:
                self._goes_over(self._coming.popleft())
            if self._cues is not cues:
                return  # a newer text is in force already, and its plan will be told
            self._planned, self._planned_cues, self._places = planned, cues, places
            self._planned_labels = self._labels
            self._spoken = self._spoken if fixtures is None else speaking(fixtures)
            self._ahead = self._ahead.revised(fresh, renaming, self._stands_since(now or 0))
            for cue, at in self._fresh_cues.items():
                self._ahead.take(cue, at)
            self._fresh_cues.clear()
            if self._later is not None:
                self._ahead.leave(next((name for name in self._later if name in there), None))

    def coming(self, cues: CueList) -> None:
        """Prepare for a new text: it is in force from its entry on. Told in the order in which the show goes over."""
        old, labels = self._newest
        text = _Text(cues, Labels(cues), revise.Renaming(old, labels, cues), revise.segments(old, cues))
        self._newest = cues, text.labels
        with self._looking():
            self._coming.append(text)

    def _goes_over(self, text: _Text) -> None:
        """Go over to a text: lines are those of it, and what stands is called as in it."""
        order = [segment.name for segment in self._cues.segments]
        there = {segment.name for segment in text.cues.segments}
        self._segment = text.called.get(self._segment) or self._segment
        self._place = (text.called.get(self._place[0]) or self._place[0], self._place[1])
        if self._segment in there or not self._segment:
            self._later = None
        elif self._later is None:
            self._later = tuple(order[order.index(self._segment) + 1 :]) if self._segment in order else ()
        # A segment that is gone plays to its end: what it says is still to be seen.
        self._gone = None if self._later is None else self._gone or self._labels
        self._cues, self._labels = text.cues, text.labels
        for one in self._standing:
            one.cue = None if one.cue is None else text.renaming.get(one.cue)
        last = None if self._taken is None else text.renaming.get(self._taken)
        self._called = self._called if last is None else self._people(last)
        self._taken = last
        taken = ((text.renaming.get(cue), at) for cue, at in self._fresh_cues.items())
        self._fresh_cues = {cue: at for cue, at in taken if cue is not None}

    def bound_for(self, to: str, segment: str, point: int) -> None:
        """Count a point of the plan that a seek ``to`` it was asked for as the place: *next* twice goes two on.

        Until that is obeyed entries of the place that is left still come; its own entry says that it is.
        """
        with self._looking():
            self._bound.append((to, (segment, point)))

    # --- what it tells

    def now(self) -> Now:
        """Tell what stands."""
        with self._looking():
            found = self._ahead.next()
            return Now(
                self._segment,
                self._taken,
                self._called,
                self._bound[-1][1] if self._bound else self._place,
                tuple(Halt(one.called, one.since, one.cue) for one in self._standing),
                None if found is None else Expected(found[1], self._planned_people(found[1]), found[0]),
                self._ahead.behind,
                self._loop,
                self._rests,
                self._rested,
                self._late,
                self._panicked,
                self._stopping,
                self._later is not None,
                tuple(self._voices.values()),
                MappingProxyType(dict(self._devices)),
                self._planned.length + self._ahead.behind,
                self._heard.music(self._cues, self._segment),
            )

    @property
    def buttons(self) -> tuple[str, ...]:
        """The buttons of the text in force."""
        return self._cues.buttons

    def hears(self, segment: str | None) -> frozenset[str]:
        """Name the buttons that some `when` hears while a segment plays, of the text in force."""
        open_ = (one for one in labels.whens(self._cues) if one.segment in {"", segment})
        events = (event for one in open_ for event in revise.when_of(one.body).events)
        return frozenset(event.name for event in events if event.kind == "button")

    def find(self, cue: Key) -> CuePlace | None:
        """Find a cue by its present name; of a segment that is gone from the text and plays on, in the text before."""
        with self._looking():
            return self._text(cue).at(cue)

    def around(self, above: int, below: int, *, uncertain: bool = False) -> tuple[Near, ...]:
        """Give the cues around this moment: so many before what comes next, and so many from it on.

        Of a `repeat` only the first turn, or there would be nothing else. ``uncertain``: no time is known of what is to
        come.
        """
        with self._looking():
            ahead, place = self._ahead, self._ahead.place
            standing = {one.cue for one in self._standing if one.untimed}
            before = [*self._first_turns(place - 1, -1, above)]
            shown = [*reversed(before), *self._first_turns(place, 1, below)]
            # What is next may be a turn that is not shown; then it is what is shown first from there on.
            first = next((number for number in shown if number >= place), None)
            found = []
            for number in shown:
                cue, taken = ahead.cues[number].where, ahead.taken.get(ahead.cues[number].where)
                state: Literal["", "stands", "taken", "passed", "next"]
                if cue in standing:
                    state = "stands"
                elif taken is not None:
                    state = "taken"
                elif number == first:
                    state = "next"
                else:
                    state = "passed" if number < place else ""
                due = None if uncertain or number < place else ahead.cues[number].at + ahead.behind
                at = due if taken is None else taken
                called, there = self._planned_people(cue), self._planned_labels.at(cue)
                found.append(Near(cue, called, there, state, at, number == first))
            return tuple(found)

    def _first_turns(self, start: int, step: int, most: int) -> Iterator[int]:
        number, cues = start, self._ahead.cues
        while 0 <= number < len(cues) and most:
            if not any(turn > 1 for turn in self._planned_labels.label(cues[number].where).turns):
                yield number
                most -= 1
            number += step

    def _text(self, cue: Key) -> Labels:
        return self._gone if self._gone is not None and cue[0] == self._segment else self._labels

    def _people(self, cue: Key) -> str:
        return self._text(cue).label(cue).people

    def _planned_people(self, cue: Key) -> str:
        """Name a cue of the plan, which may be that of the text before for a moment."""
        return self._planned_labels.label(cue).people

    # --- one at a time

    @contextmanager
    def _looking(self) -> Iterator[None]:
        """Look at what stands, with all that has come."""
        with self._lock:
            self._take_in()
            yield
        self._settle()

    def _settle(self) -> None:
        while self._fresh and self._lock.acquire(blocking=False):
            try:
                self._take_in()
            finally:
                self._lock.release()

    def _take_in(self) -> None:
        while self._fresh:
            entry = self._fresh.popleft()
            self._read(entry)

    # --- the entries

    def _read(self, entry: Mapping[str, Any]) -> None:
        match entry["kind"]:
            case "segment":
                self._began(entry["at"], entry["segment"])
            case "cue":
                self._cue(entry)
            case "wait":
                where, what = key(entry), entry["for"]
                self._standing.append(_Standing(where, what, entry["at"], self._lost, where, what))
            case "resume":
                self._resumed(key(entry), entry["for"], entry["at"])
            case "operator":
                self._operator(entry)
            case "gap" if self._paused is None:  # a pause lasts over it
                self._lost += entry["for"]
                self._rested += entry["for"]
                self._ahead.stand(entry["for"])
            case "reload" if entry["ok"]:
                self._reloaded(entry)
            case "told" if entry["what"] == "text":
                self._reloaded(entry)
            case "device" if entry["state"] not in {"note", "flooded"}:
                self._devices[entry["device"]] = entry["state"]
            case "command" if (entry.get("device"), entry["verb"]) in self._spoken:
                self._queued[entry["id"]] = entry["text"]
            case "sent" if entry.get("id") in self._queued:
                text = self._queued.pop(entry["id"])
                self._voices[entry["id"]] = Sounding(entry["device"], entry["id"], text, entry["at"])
            case "outcome":
                self._queued.pop(entry["id"], None)
                self._voices.pop(entry["id"], None)

    def _began(self, at: int, segment: str) -> None:
        start = self._places.get((segment, "", ""), 0)
        if self._sought:
            self._ahead.jump(self._point, at)
        elif self._ahead.passed(segment):
            self._ahead.jump(None, at)  # a loop goes round
        # After a seek into a segment the place is the point, which lies behind its start.
        self._place = (segment, max(start, self._point or 0))
        self._segment, self._sought, self._panicked, self._later = segment, False, False, None
        self._gone = self._point = None
        self._heard.zero = None
        self._paused = self._paused and max(self._paused, at)
        self._standing.clear()

    def _cue(self, entry: Mapping[str, Any]) -> None:
        self._taken = cue = key(entry)
        self._called = self._people(cue)
        self._heard.take(entry, self._text(cue).at(cue), self._rested)
        self._ahead.take(cue, entry["at"])
        self._late = entry.get("late", 0)
        if self._planned_cues is not self._cues:
            self._fresh_cues[cue] = entry["at"]
        found, at = self._labels.at(cue), self._places.get(cue)
        if found is not None and found.label.inside is None and at is not None:
            self._place = (cue[0], at)

    def _reloaded(self, entry: Mapping[str, Any]) -> None:
        """The show has gone over to a text; what it stands at may be called otherwise there."""
        while self._coming and self._cues.fingerprint != entry["new"]:
            self._goes_over(self._coming.popleft())
        for told in entry.get("standing", ()):
            for one in self._standing:
                if (one.where, one.what) == (key(told), told["for"]):
                    one.called = told["now"]

    def _seek(self, to: str) -> None:
        """Go on to a point of the plan, at the segment that comes: to that which was meant, else by its words."""
        self._sought = True
        obeyed = next((number for number, (asked, _) in enumerate(self._bound) if asked == to), None)
        if obeyed is None:
            found = points.asked(self._planned, self._cues, "seek", to)
            self._point = None if found is None else found.point
        else:
            self._point = self._bound[obeyed][1][1]
            del self._bound[: obeyed + 1]

    def _resumed(self, where: Key, what: str, at: int) -> None:
        found = next((one for one in self._standing if (one.where, one.what) == (where, what)), None)
        if found is None:
            return
        self._standing.remove(found)
        still = any(one.untimed for one in self._standing)
        if found.what.partition(" ")[0] in OPERATORS and not still and self._ahead.since <= found.since:
            self._ahead.stand(at - found.since - (self._lost - found.lost))

    def _operator(self, entry: Mapping[str, Any]) -> None:
        action, to, at = entry["action"], entry.get("to"), entry["at"]
        if entry.get("ignored") or (self._panicked and action not in AFTER_PANIC):
            return
        if action in {"resume", "stop", "panic"} and self._paused is not None:
            # Whoever stops the show in a pause ends that too.
            self._lost += at - self._paused
            self._ahead.stand(at - self._paused)
            self._rested += at - (self._paused if self._rests is None else self._rests)
            self._paused = self._rests = None
        if action == "pause":
            # A seek in a pause begins it anew for what comes next, and not for the clock.
            self._paused = at if self._paused is None else self._paused
            self._rests = at if self._rests is None else self._rests
        elif action == "seek" and to is not None:
            self._seek(to)
        elif action in {"loop", "unloop"}:
            self._loop = to if action == "loop" else None
        elif action == "panic":
            self._panicked = True
            self._standing.clear()
        elif action == "stop":
            self._stopping = True

    def _stands_since(self, now: int) -> int:
        """Give the show time from which on nothing comes; the present one, where the show goes on."""
        since = [one.since for one in self._standing if one.untimed and one.since >= self._ahead.since]
        return min([now, *since, *([] if self._paused is None else [self._paused])])


_READ = frozenset(
    {"segment", "cue", "wait", "resume", "operator", "gap", "device", "command", "sent", "outcome", "reload", "told"}
)
"""The kinds of entries that say what stands."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A text that the show goes over to, with what cues and segments of the one before are called in it."""

    cues: CueList
    labels: Labels
    renaming: revise.Renaming
    called: Mapping[str, str | None]


@dataclass(slots=True)
class _Standing:
    """A wait that stands: as the entry that began it calls it, since when, and how long the show had been paused then.

    ``cue``: what its cue is called in the text in force, ``called``: what it waits for by that. The entry that ends it
    calls it as ``where`` and ``what`` do.
    """

    where: Key
    what: str
    since: int
    lost: int
    cue: Key | None
    called: str

    @property
    def untimed(self) -> bool:
        return self.what.partition(" ")[0] in UNTIMED


class _Ahead:
    """What the plan says comes next, counted from the cue that was taken last: the show may be late or wait.

    ``point``: the time of the plan at which the show begins.
    """

    def __init__(self, planned: Plan, point: int = 0) -> None:
        self.cues = planned.cues
        self.taken: dict[Key, int] = {}
        self.behind = -point
        self.since = 0
        self._jumped = False
        self._places = {cue.where: number for number, cue in enumerate(self.cues)}
        self._reached = self._first(lambda cue: cue.at >= point)

    def take(self, cue: Key, at: int) -> None:
        """Note that a cue was taken."""
        self.taken[cue] = self.since = at
        number = self._places.get(cue)
        if number is not None:
            self._reached = number if self._jumped else max(self._reached, number)
            self._jumped = False
            self.behind = at - self.cues[number].at

    def stand(self, time: int) -> None:
        """Have stood still for so long, with all that is to come."""
        self.behind += time

    def revised(self, fresh: _Ahead, renaming: revise.Renaming, now: int) -> _Ahead:
        """Give where the show is in the ``fresh`` plan of a new text; its cues have other names there.

        ``now`` is the show time, or that from which on it stands still.
        """
        kept = [(at, old, new) for old, at in self.taken.items() if (new := renaming.get(old)) is not None]
        fresh.taken, fresh.since, fresh.behind = {new: at for at, _, new in kept}, self.since, self.behind
        known = [one for one in kept if one[1] in self._places and one[2] in fresh._places]
        if known:
            _, old, new = max(known)
            fresh.behind += self.cues[self._places[old]].at - fresh.cues[fresh._places[new]].at
        point = now - fresh.behind
        fresh._reached = fresh._first(lambda cue: cue.at >= point)
        return fresh

    def leave(self, segment: str | None) -> None:
        """Come to this segment next, wherever the show is now; None: to nothing any more."""
        self._reached = self._first(lambda cue: cue.where[0] == segment)

    def jump(self, point: int | None, now: int) -> None:
        """Go on at a ``point`` of the plan, at the show time ``now``; None: at one that the next cue will show."""
        self.taken.clear()
        self._jumped = True
        self._reached = len(self.cues)
        if point is not None:
            self._reached = self._first(lambda cue: cue.at >= point)
            self.behind = now - point

    def passed(self, segment: str) -> bool:
        """Tell whether the show had come beyond the start of this segment."""
        return bool(self.taken) and self._first(lambda cue: cue.where[0] == segment) < self.place

    @property
    def place(self) -> int:
        """The place in ``cues`` of what comes next; behind the last, their number."""
        while self._reached < len(self.cues) and self.cues[self._reached].where in self.taken:
            self._reached += 1
        return self._reached

    def next(self) -> tuple[int, Key] | None:
        """Give the next cue and the show time at which it is expected; None behind the last."""
        if self.place == len(self.cues):
            return None
        found = self.cues[self.place]
        return found.at + self.behind, found.where

    def _first(self, fits: Callable[[TimedCue], bool]) -> int:
        return next((number for number, cue in enumerate(self.cues) if fits(cue)), len(self.cues))


def _places(planned: Plan) -> dict[Key, int]:
    """Tell when each cue comes first in the plan, and each segment (under its name alone)."""
    found = {(segment.name, "", ""): segment.start for segment in planned.segments}
    for cue in planned.cues:
        found.setdefault(cue.where, cue.at)
    return found


def _played(planned: Plan, cues: CueList, excerpt: Excerpt) -> Plan:
    """Leave away what the excerpt does not play."""
    end = None if excerpt.last is None else excerpt.last + 1
    names = {segment.name for segment in cues.segments[excerpt.first : end]}
    left = (cue for cue in planned.cues if cue.where[0] in names)
    return replace(planned, cues=tuple(cue for cue in left if cue.where not in excerpt.before))

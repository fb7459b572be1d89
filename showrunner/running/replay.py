"""A replay: the inputs a journal recorded, put through the scheduler again, every decision compared.

What the devices said and the operator did is taken from the journal, in its order and at its instants, and nothing else
is told; what was decided (cues, commands, sendings, waits, outcomes) must come out again, entry by entry.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from showrunner.devices.strangers import BLOCKED
from showrunner.devices.vocabulary import Answered, Condition, Fixture, FrameAnswered, Happened, Output
from showrunner.engine.caller import Caller
from showrunner.engine.journal import KEYWORDS
from showrunner.engine.messages import (
    Brought,
    Deliver,
    DeliverClear,
    DeliverFrame,
    Effect,
    End,
    Entry,
    Excerpt,
    Options,
    Planned,
    Silenced,
    TextChange,
    Write,
)
from showrunner.engine.telling import DECISIONS, Frames, output
from showrunner.slotted import dataclass
from showrunner.timeline.cues import TIME, CueList
from showrunner.timeline.revise import compare
from showrunner.times import as_time, of_day

OLD = "this journal was written by an older showrunner, which did not write down all that the devices told"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first entry that came out otherwise: what the journal has, what the scheduler says now (None: nothing)."""

    theirs: Entry | None
    ours: Entry | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why the journal cannot be replayed to its end, in the user's words."""

    message: str


class Replay:
    """One replay. ``point(action, to)`` tells what a seek meant, ``text(entry)`` gives the show a `reload` brought."""

    def __init__(
        self,
        caller: Caller,
        fixtures: Mapping[str, Fixture],
        entries: Sequence[Entry],
        point: Callable[[str, str], Excerpt | None],
        text: Callable[[Entry], CueList | None],
    ) -> None:
        self.caller = caller
        self.compared = 0
        self.reached = 0
        """The instant of the last entry on the caller's clock."""
        self._fixtures = fixtures
        self._entries = entries
        self._point = point
        self._text = text
        self._made: deque[Entry] = deque()
        self._delivered: set[tuple[int, int]] = set()
        self._frames = Frames()
        self._also: list[tuple[str, int]] = []  # of an answer to a frame: its entries still to come, one a command
        self._started = False
        self._last = 0
        self._stood = 0

    def run(self) -> Difference | Unknown | None:
        """Go through the journal; None: all of it came out the same."""
        if not self._entries[0].get("told"):
            return Unknown(OLD)
        entries = deque(self._entries[1:])
        while entries:
            entry = entries.popleft()
            self.reached = self._now(entry)
            found: Difference | Unknown | None
            if _of_frames(entry):
                every = [entry]
                while entries and _of_frames(entries[0]):
                    every.append(entries.popleft())
                self.reached = self._now(every[-1])
                found = self._answered(every)
            else:
                found = self._take(entry)
            if found is not None:
                return found
        whole = bool(self._entries) and self._entries[-1]["kind"] == "end"
        return Difference(None, self._made[0]) if whole and self._made else None

    @property
    def left(self) -> tuple[Entry, ...]:
        """What was decided after a ``run`` and is not in the journal: it breaks off."""
        return tuple(self._made)

    @property
    def sent(self) -> frozenset[tuple[int, int]]:
        """Give the attempts of commands that were handed over in a ``run``."""
        return frozenset(self._delivered)

    @property
    def stood(self) -> int:
        """For how long the caller's clock has stood altogether."""
        return self._stood

    def _now(self, entry: Entry) -> int:
        """Give the instant of an entry on the caller's clock, which stood when the machine did."""
        at: int = entry["at"]
        return at - self._stood

    # --- one entry

    def _take(self, entry: Entry) -> Difference | Unknown | None:
        kind, now = entry["kind"], self._now(entry)
        if entry.get("ignored") == BLOCKED and entry.get("from") != "auto":
            return None  # nobody heard it
        if kind == "device" and entry["state"] not in {"connecting", "flooded"}:
            self._hear(entry["device"], Condition(entry["state"], entry.get("detail"), why=entry.get("why")), now)
        elif kind == "event" and entry["device"] == TIME:
            self._before(now)
            time = as_time(of_day(entry["frame"][TIME]) or 0)
            self._keep(self.caller.strike(time, now, past=entry.get("past", False)))
        elif kind == "event" and "event" in entry and entry.get("from") != "auto":
            self._hear(entry["device"], Happened(entry["event"], entry.get("fields", {})), now)
        elif kind == "reply" and "id" in entry and entry.get("told", True):
            self._replied(entry)
        elif kind == "told":
            return self._told(entry)
        elif kind == "gap":
            self._before(now)
            self._stood += entry["for"]
            self._keep(self.caller.stood(now))
        elif kind == "sent" and "id" in entry:
            return self._until(entry, lambda: (entry["id"], entry["attempt"]) in self._delivered)
        elif kind == "reload" and entry["ok"]:
            unknown = self._revise(entry, told=True)
            return unknown if unknown is not None else self._compare(entry)
        elif kind in DECISIONS or kind == "operator" or (kind == "event" and "event" in entry):
            by_itself = kind != "operator" or entry.get("from") == "auto"
            if not self._started and kind == "end":
                return None  # it never began, so nothing was decided
            if not self._started and entry.get("action") != "connect":
                self._started = True
                if by_itself:  # a show that panicked before it began never does
                    self._keep(self.caller.start(now))
            if not by_itself:
                self._press(entry)
            wrong = self._until(entry, lambda: bool(self._made))
            return wrong if wrong is not None else self._compare(entry)
        return None

    def _compare(self, entry: Entry) -> Difference | None:
        made = self._made.popleft() if self._made else None
        self.compared += 1
        if made is None or made["kind"] != entry["kind"] or _heart(made) != _heart(entry):
            return Difference(entry, made)
        return None

    # --- what the caller does

    def _until(self, entry: Entry, there: Callable[[], bool]) -> Difference | None:
        """Let the caller go on, no further than to this entry's instant, until it has done what the entry says."""
        while not there():
            due = self.caller.due()
            if due is None or due > self._now(entry):
                return Difference(entry, None)
            self._step(self._now(entry))
        return None

    def _step(self, now: int) -> None:
        self._keep(self.caller.step(now))

    def _before(self, now: int) -> None:
        """Take the steps that come before something that was told: see ``telling``."""
        while now > self._last and (due := self.caller.due()) is not None and due < now:
            self._step(now)
        self._last = now

    def _keep(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Write):
                self._made.append(effect.entry)
            elif isinstance(effect, Deliver):
                self._delivered.add((effect.id, effect.attempt))
            elif isinstance(effect, DeliverFrame | DeliverClear):
                self._delivered.update((id_, 1) for id_ in effect.first)
                self._frames.add(effect, self.caller.play.instant)

    # --- what it is told

    def _hear(self, device: str, output: Output | Silenced, now: int) -> None:
        if isinstance(output, FrameAnswered):
            self._frames.waiting.pop((device, output.number), None)
        self._before(now)
        self._keep(self.caller.hear(device, output, now))

    def _replied(self, entry: Entry) -> None:
        device, id_, now = entry["device"], entry["id"], self._now(entry)
        if (device, id_) in self._also:
            self._also.remove((device, id_))
            return
        number = self._frames.carrying(device, id_)
        if number is not None:
            # Of a frame that carries several commands the entry of the first tells all.
            self._also = [(device, other) for other in self._frames.waiting[device, number].first[1:]]
            self._hear(device, FrameAnswered(number, ok=True), now)
            return
        said = entry["ok"], entry.get("reason"), entry.get("answer")
        self._hear(device, Answered(id_, entry.get("attempt", 1), *said), now)

    def _told(self, entry: Entry) -> Unknown | None:
        if entry["what"] == "steps":
            for _ in range(entry["count"]):
                self._step(self._now(entry))
            self._last = self._now(entry)
        elif entry["what"] == "text":
            return self._revise(entry, told=False)
        elif entry["what"] == "broken off":
            self._before(self._now(entry))
            self._frames.waiting.clear()
            self._also.clear()
            self._keep(self.caller.break_off(self._now(entry)))
        elif (said := output(entry)) is not None:
            self._hear(entry["device"], said, self._now(entry))
        return None

    def _answered(self, entries: Sequence[Entry]) -> Difference | None:
        """Tell of the answers to frames, of all devices in the order in which they came."""
        left = {
            (n, entry["device"]): deque(enumerate(entry["took"], entry["first"])) for n, entry in enumerate(entries)
        }
        while left:
            came: list[tuple[int, int, str, int]] = []
            for (n, device), answers in left.items():
                number, took = answers[0]
                frame = self._frames.waiting.get((device, number))
                if frame is not None:
                    came.append((frame.instant + took, n, device, number))
            due = self.caller.due()
            now, n, device, number = min(came, default=(self._now(entries[-1]) + 1, 0, "", 0))
            if due is not None and due < now and (not came or now > self._last):
                self._step(due)
            elif not came:
                return Difference(entries[0], None)
            else:
                self._hear(device, FrameAnswered(number, ok=True), now)
                left[n, device].popleft()
                if not left[n, device]:
                    left.pop((n, device))
        return None

    def _press(self, entry: Entry) -> None:
        action, to = entry["action"], entry.get("to")
        if entry.get("interrupts"):
            action = "interrupt"
        given = None
        if "part" in entry:
            given = _excerpt(entry["part"])
        elif action in {"seek", "loop", "unloop"}:
            given = self._point(action, to or "")
        self._before(self._now(entry))
        brought = Brought(entry.get("text"), entry.get("fields", {}))
        origin = f"{entry['from']} {entry.get('by', '')}".rstrip()
        self._keep(self.caller.press(action, entry.get("name"), origin, self._now(entry), to, given, brought))

    def _revise(self, entry: Entry, *, told: bool) -> Unknown | None:
        cues = self._text(entry)
        if cues is None:
            return Unknown("the script was saved while this was played; only a journal of `--record` has its texts")
        self._before(self._now(entry))
        change = TextChange(entry.get("old", ""), entry["new"], compare(self.caller.play.cues, cues), told=told)
        self._keep(self.caller.revise(cues, self._fixtures, change, self._now(entry)))
        return None


def _of_frames(entry: Entry) -> bool:
    return bool(entry["kind"] == "told" and entry["what"] == "frames")


def _heart(entry: Entry) -> dict[str, Any]:
    """Give what is compared of an entry: all but where it stands, and what a reload says of its making."""
    left_out = {"seq", "at", "before", "kind", *({"took", "findings"} if entry["kind"] == "reload" else ())}
    named = ((KEYWORDS.get(key, key), value) for key, value in entry.items())
    return {key: value for key, value in named if value is not None and key not in left_out}


def rehearsed(show: Entry) -> bool:
    """Tell whether the show of a journal was a dry run: only that begins in 1970, and its seed is a number."""
    return bool(show["epoch"] == 0 and show["seed"].isdecimal())


def recorded(show: Entry) -> Options:
    """Tell how the show of a journal was played."""
    said = show.get("options", {})
    auto = rehearsed(show)  # GO and buttons come by themselves
    return Options(
        seed=show["seed"],
        epoch=show["epoch"],
        on_failure=said.get("on-failure", "continue"),
        auto=auto,
        go_after=said.get("go-after", 0) if auto else 0,
        excerpt=_excerpt(said.get("part", {})),
        guard=said.get("guard", 0),
        lingers=frozenset(said.get("lingers", ())),
        stay=said.get("stay", 0),
        start_at=of_day(said["start-at"]) if "start-at" in said else None,
        presses=tuple(Planned(*one) for one in said.get("presses", ())),
    )


def _excerpt(part: Entry) -> Excerpt:
    """Read what ``Excerpt.told`` wrote."""
    return Excerpt(
        part.get("point", 0),
        part.get("first", 0),
        part.get("last"),
        frozenset((a, b, c) for a, b, c in part.get("before", ())),
        End(*part["until"]) if "until" in part else None,
    )

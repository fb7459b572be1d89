"""A replay: the inputs a journal recorded, put through the scheduler again, every decision compared.

What the devices said and the operator did is taken from the journal; what was decided (cues, commands, sendings, waits,
outcomes) must come out again, entry by entry. A journal does not have everything a driver told: the answers to frames
that were not written down, the end of a voice that was only estimated. Such an input is supplied where, and only where,
the entry that follows cannot be without it; so the number of a command's ``frames`` is not compared.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from showrunner.devices.vocabulary import (
    Answered,
    Condition,
    Fixture,
    FrameAnswered,
    Happened,
    Output,
    Spoken,
    Values,
)
from showrunner.engine.caller import Caller
from showrunner.engine.journal import KEYWORDS
from showrunner.engine.messages import (
    Deliver,
    DeliverClear,
    DeliverFrame,
    Effect,
    End,
    Entry,
    Excerpt,
    Options,
    Read,
    Silenced,
    TextChange,
    Write,
)
from showrunner.engine.play import Awaiting, Run, Sending
from showrunner.engine.states import State
from showrunner.timeline.cues import CueList
from showrunner.timeline.revise import compare

DECISIONS = frozenset({"segment", "cue", "command", "outcome", "wait", "resume", "log", "end"})
"""Entries that the scheduler decides on."""

NOT_COMPARED = frozenset({"seq", "at", "kind", "frames", "took", "findings"})


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
        self._fixtures = fixtures
        self._entries = entries
        self._seed = entries[0]["seed"] if entries and "seed" in entries[0] else "0"
        self._point = point
        self._text = text
        self._made: deque[Entry] = deque()
        self._delivered: set[tuple[int, int]] = set()
        self._frames: dict[tuple[str, int], tuple[int, ...]] = {}
        self._reading: list[str] = []
        self._started = False
        self._outcomes = {entry["id"]: entry for entry in entries if entry["kind"] == "outcome"}
        self._replies: dict[tuple[int, int], int] = {}
        for number, entry in enumerate(entries):
            if entry["kind"] == "reply" and "id" in entry:
                self._replies[entry["id"], self._attempt(entry)] = number

        self._unsaid = frozenset(_unsaid(entries))

    def run(self) -> Difference | Unknown | None:
        """Go through the journal; None: all of it came out the same."""
        for number, entry in enumerate(self._entries[1:], 1):
            found = self._take(number, entry)
            if found is not None:
                return found
        whole = bool(self._entries) and self._entries[-1]["kind"] == "end"
        return Difference(None, self._made[0]) if whole and self._made else None

    # --- one entry

    def _take(self, number: int, entry: Entry) -> Difference | Unknown | None:
        kind, now = entry["kind"], entry["at"]
        if kind == "device":
            if entry["state"] in {"waiting", "ready", "lost", "connecting"}:
                self._hear(entry["device"], Condition(entry["state"], entry.get("detail"), why=entry.get("why")), now)
        elif kind == "reply" and "id" in entry:
            self._replied(number, entry)
        elif kind == "sent" and "id" in entry:
            return self._until(entry, lambda: (entry["id"], entry["attempt"]) in self._delivered)
        elif kind == "reload" and entry["ok"]:
            cues = self._text(entry)
            if cues is None:
                return Unknown("the script was saved while this was played; only a journal of `--record` has its texts")
            self._revise(cues, entry["old"], entry["new"], now)
            return self._compare(entry)
        elif kind == "source" and number in self._unsaid:
            cues = self._text({"new": entry["fingerprint"]})
            if cues is not None:
                self._revise(cues, "", entry["fingerprint"], now, told=False)
        elif kind in DECISIONS or kind == "operator":
            if not self._started:
                self._started = True
                self._keep(self.caller.start(now))
            if kind == "operator" and entry.get("from") != "auto":
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

    def _until(self, entry: Entry, there: Callable[[], bool]) -> Difference | None:
        """Let the scheduler go on to this entry's instant until it has decided what the entry says."""
        now = entry["at"]
        while not there():
            due = self.caller.due()
            if due is not None and due <= now:
                if self._settle(due):
                    continue
                self._keep(self.caller.step(now))
            elif not self._supply(entry):
                return Difference(entry, None)
        return None

    # --- inputs that the journal has

    def _replied(self, number: int, entry: Entry) -> None:
        device, id_, now = entry["device"], entry["id"], entry["at"]
        attempt = self._attempt(entry)
        if self._replies.get((id_, attempt)) != number:
            return  # a later one of the same attempt is the answer
        reason = self._reason(id_)
        frame = next((n for (name, n), first in self._frames.items() if name == device and id_ in first), None)
        if frame is not None:
            self._hear(device, FrameAnswered(frame, entry.get("ok", True), reason), now)
        elif isinstance(run := self.caller.play.runs.get(id_), Sending) and not run.streamed:
            short = self._outcomes.get(id_, {}).get("result") == "cancelled"
            ok = entry.get("ok", True)
            self._hear(device, Answered(id_, attempt, ok, reason, entry.get("answer"), short), now)

    def _press(self, entry: Entry) -> None:
        action, to = entry["action"], entry.get("to")
        if action == "stop" and self._entries[-1].get("result") == "interrupted":
            action = "interrupt"
        given = None
        if "part" in entry:
            given = _excerpt(entry["part"])
        elif action in {"seek", "loop", "unloop"}:
            given = self._point(action, to or "")
        self._keep(self.caller.press(action, entry.get("name"), entry["from"], entry["at"], to, given))

    def _revise(self, cues: CueList, old: str, new: str, now: int, *, told: bool = True) -> None:
        change = TextChange(old, new, compare(self.caller.play.cues, cues), told=told)
        self._keep(self.caller.revise(cues, self._fixtures, change, now))

    # --- inputs that it has not

    def _settle(self, due: int) -> bool:
        """Answer what is in flight unseen and decides nothing, before the next step."""
        for (device, number), first in self._frames.items():
            stream = self.caller.play.ports[device].stream
            info = stream.waiting.get(number) if stream is not None else None
            if info is not None and not first and not info.ends and self.caller.play.instant < due:
                self._hear(device, FrameAnswered(number, ok=True), self.caller.play.instant)
                return True
        for device in self._reading:
            if self.caller.play.instant < due:
                self._reading.remove(device)
                self._hear(device, Values({}), self.caller.play.instant)
                return True
        return False

    def _supply(self, entry: Entry) -> bool:
        """Supply what must have been told for this entry to be; tell whether there was anything."""
        now, play = entry["at"], self.caller.play
        for (device, number), first in self._frames.items():
            if not first or entry["kind"] == "end" or entry.get("id") in first:
                self._hear(device, FrameAnswered(number, ok=True), now)
                return True
        if self._reading:
            self._hear(self._reading.pop(0), Values({}), now)
            return True
        for device in play.silencing:
            self._hear(device, Silenced(), now)
            return True
        run = play.runs.get(entry.get("id", 0)) if entry["kind"] == "outcome" else None
        output = None if run is None else self._told(run, entry)
        if run is None or run.device is None or output is None:
            return False
        self._hear(run.device, output, now)
        return True

    def _told(self, run: Run, entry: Entry) -> Output | None:
        """Work out what a driver told of a command by itself: an event, the end of a voice, that it cannot be sent."""
        if isinstance(run, Awaiting):
            return Happened(run.step.name) if run.step.kind == "device" else None
        if run.state is State.LASTING and run.speaks:
            return None if run.spoken else Spoken(run.id, run.attempt)
        if run.state is State.SENT:
            done = entry["result"] == "done"
            short = entry["result"] == "cancelled"
            return Answered(run.id, run.attempt, done or short, entry.get("reason"), None, short)
        return None

    # --- the scheduler

    def _hear(self, device: str, output: Output | Silenced, now: int) -> None:
        if isinstance(output, FrameAnswered):
            self._frames.pop((device, output.number), None)
        self._keep(self.caller.hear(device, output, now))

    def _keep(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Write):
                self._made.append(effect.entry)
            elif isinstance(effect, Deliver):
                self._delivered.add((effect.id, effect.attempt))
            elif isinstance(effect, DeliverFrame | DeliverClear):
                for id_ in effect.first:
                    run = self.caller.play.runs.get(id_)
                    self._delivered.add((id_, max(1, run.attempt) if isinstance(run, Sending) else 1))
                self._frames[effect.device, effect.number] = effect.first
            elif isinstance(effect, Read):
                self._reading.append(effect.device)

    def _attempt(self, entry: Entry) -> int:
        """Tell which attempt of a command a reply is about: its wire id says so where it has one."""
        begun = f"{self._seed}-{entry['id']}"
        return max(_attempts(entry["frame"], begun), default=1)

    def _reason(self, id_: int) -> str | None:
        return self._outcomes.get(id_, {}).get("reason")


def _attempts(frame: Any, begun: str) -> list[int]:
    if isinstance(frame, str):
        if frame == begun:
            return [1]
        rest = frame[len(begun) + 1 :] if frame.startswith(f"{begun}.") else ""
        return [int(rest)] if rest.isdecimal() else []
    parts = frame.values() if isinstance(frame, dict) else frame if isinstance(frame, list) else ()
    return [attempt for part in parts for attempt in _attempts(part, begun)]


def _heart(entry: Entry) -> dict[str, Any]:
    """Give what is compared of an entry."""
    named = ((KEYWORDS.get(key, key), value) for key, value in entry.items())
    return {key: value for key, value in named if value is not None and key not in NOT_COMPARED}


def recorded(show: Entry, entries: Sequence[Entry]) -> Options:
    """Tell how the show of a journal was played."""
    said = show.get("options", {})
    # Only a dry run has this seed and this epoch; in it GO and buttons come by themselves.
    auto = show["seed"] == "0" and show["epoch"] == 0
    return Options(
        seed=show["seed"],
        epoch=show["epoch"],
        on_failure=said.get("on-failure", "continue"),
        auto=auto,
        go_after=_go_after(entries) if auto else 0,
        excerpt=_excerpt(said.get("part", {})),
        guard=said.get("guard", 0),
        lingers=frozenset(said.get("lingers", ())),
    )


def _unsaid(entries: Sequence[Entry]) -> Iterator[int]:
    """Find where a text was taken over without a word: no command of it was changed, only its lines stand elsewhere.

    It is where a version's files were written down and no `reload` follows. The first is the show's own.
    """
    texts = [(n, e) for n, e in enumerate(entries) if e["kind"] == "source" or (e["kind"] == "reload" and e["ok"])]
    begun = False
    for (number, entry), (_, following) in pairwise([*texts, (len(entries), {})]):
        new = entry.get("fingerprint")
        if new is not None and new not in {following.get("fingerprint"), following.get("new")}:
            if begun:
                yield number
            begun = True


def _excerpt(part: Entry) -> Excerpt:
    """Read what ``Excerpt.told`` wrote."""
    return Excerpt(
        part.get("point", 0),
        part.get("first", 0),
        part.get("last"),
        frozenset((a, b, c) for a, b, c in part.get("before", ())),
        End(*part["until"]) if "until" in part else None,
    )


def _go_after(entries: Sequence[Entry]) -> int:
    """Tell how long after the first wait for GO or a button it came by itself."""
    came = next((e["at"] for e in entries if e["kind"] == "operator" and e.get("from") == "auto"), 0)
    waits = (e["at"] for e in entries if e["kind"] == "wait" and e["for"].partition(" ")[0] in {"go", "button"})
    return max(0, came - next(waits, came))

"""The plan: the show as it is expected to go, with estimated speech, GO at once, and devices that answer at once.

It is the caller calling the show in an imaginary world: no driver, no frame, no clock. So it is what a dry run would
write, without what travels on wires, and a good deal faster. What is read off it are the summary of `check`, expected
times, voices. It finds nothing wrong: that is the business of ``timeline``'s checks.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from showrunner.devices.vocabulary import Condition, Fixture, Inventory, Output
from showrunner.diagnostics.wording import count
from showrunner.engine import imagined
from showrunner.engine.caller import Caller
from showrunner.engine.messages import Deliver, Effect, Entry, Options, Write
from showrunner.timeline.cues import Body, CueList
from showrunner.times import length

LEAST = 200_000
EACH = 20
"""So many steps of a show are looked ahead, and so many more for each step that is written in it."""


OFTEN = 16
"""After so many steps it may breathe."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One utterance: whose, from when to when (microseconds of show time), which command."""

    device: str
    start: int
    end: int
    id: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The expected journal (without `sent`, `reply` and `device`), the utterances in order, and how long it all is.

    ``goes`` counts the GOs. ``whole`` is false where the show goes on for longer than it was worth looking ahead.
    """

    entries: tuple[Entry, ...]
    voices: tuple[Voice, ...]
    length: int
    goes: int = 0
    whole: bool = True


def plan(
    cues: CueList,
    fixtures: Mapping[str, Fixture],
    inventories: Mapping[str, Inventory] | None = None,
    kinds: frozenset[str] | None = None,
    breathe: Callable[[], None] = lambda: None,
) -> Plan:
    """Play the cue list in an imaginary world. Only entries of these ``kinds`` are kept (None: all).

    ``breathe`` is called again and again meanwhile; what it raises ends the work.
    """
    world = _Imagined(cues, fixtures, inventories or {}, kinds)
    try:
        whole = world.run(LEAST + EACH * written(cues), breathe)
    except Exception:
        # Bit by bit: to free all of it in one go would let nobody else work.
        while world.entries:
            del world.entries[-OFTEN:]
        raise
    return Plan(tuple(world.entries), tuple(world.voices), world.now, world.goes, whole)


def written(cues: CueList) -> int:
    """Count the steps of a show as they stand in its files: a body that is played twice counts once."""
    seen: set[int] = set()
    total = 0
    bodies = [track.body for segment in cues.segments for track in segment.tracks]
    while bodies:
        body = bodies.pop()
        if id(body) in seen:
            continue
        seen.add(id(body))
        for cue in body.cues:
            total += len(cue.steps)
            for step in cue.steps:
                inner = getattr(step, "body", None) or getattr(step, "meanwhile", None)
                if isinstance(inner, Body):
                    bodies.append(inner)
    return total


class _Imagined:
    """The imaginary world: what is to come, in order of its instant."""

    def __init__(
        self,
        cues: CueList,
        fixtures: Mapping[str, Fixture],
        inventories: Mapping[str, Inventory],
        kinds: frozenset[str] | None,
    ) -> None:
        wanted = None if kinds is None else kinds | {"wait"}
        self.caller = Caller(cues, fixtures, Options(auto=True, sparse=True, kinds=wanted), inventories)
        self.goes = 0
        self._kinds = kinds
        self.entries: list[Entry] = []
        self.voices: list[Voice] = []
        self.now = 0
        self._fixtures = fixtures
        self._devices = cues.devices
        self._coming: list[tuple[int, int, str, Output]] = []
        self._at_once: deque[tuple[str, Output]] = deque()
        self._count = 0

    def run(self, most: int, breathe: Callable[[], None]) -> bool:
        """Let the show pass, in at most so many steps; tell whether it came to its end."""
        for device in self._devices:
            self._take(self.caller.hear(device, Condition("ready"), 0))
        self._take(self.caller.start(0))
        for number in range(most):
            if self.caller.ended:
                return True
            if not number % OFTEN:
                breathe()
            if self._at_once:
                device, output = self._at_once.popleft()
                self._take(self.caller.hear(device, output, self.now))
                continue
            due = self.caller.due()
            if self._coming and (due is None or self._coming[0][0] <= due):
                self.now, _, device, output = heapq.heappop(self._coming)
                self._take(self.caller.hear(device, output, self.now))
            elif due is None:
                raise RuntimeError("nothing is left to happen, and the show has not ended")
            else:
                self.now = due
                self._take(self.caller.step(due))
        return self.caller.ended

    def _take(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Write):
                entry = effect.entry
                if entry["kind"] == "wait" and entry["for_"].partition(" ")[0] == "go":
                    self.goes += 1
                if self._kinds is None or entry["kind"] in self._kinds:
                    entry["at"] = self.now
                    self.entries.append(entry)
                continue
            for delay, device, output in imagined.answers(effect, self._fixtures):
                if not delay:
                    self._at_once.append((device, output))
                    continue
                self._count += 1
                heapq.heappush(self._coming, (self.now + delay, self._count, device, output))
                if isinstance(effect, Deliver):
                    self.voices.append(Voice(device, self.now, self.now + delay, effect.id))


def summary(planned: Plan, cues: CueList) -> str:
    """Say in one line what the show is: "3 segments, 4:12 of show, 2:40 of it speech, 2 GOs, 1 button"."""
    more = "" if planned.whole else "more than "
    parts = [
        count(len(cues.segments), "segment"),
        f"{more}{length(planned.length)} of show",
        f"{more}{length(heard(planned.voices))} of it speech",
    ]
    if planned.goes:
        parts.append(count(planned.goes, "GO"))
    if cues.buttons:
        parts.append(count(len(cues.buttons), "button"))
    return ", ".join(parts)


def heard(voices: Sequence[Voice]) -> int:
    """Add up the time in which anybody speaks."""
    total, until = 0, 0
    for voice in sorted(voices, key=lambda v: (v.start, v.end)):
        total += max(0, voice.end - max(voice.start, until))
        until = max(until, voice.end)
    return total


def silence(planned: Plan) -> tuple[int, int]:
    """Find the longest time in which nobody speaks: from, to."""
    best, until = (0, 0), 0
    for voice in sorted(planned.voices, key=lambda v: (v.start, v.end)):
        if voice.start - until > best[1] - best[0]:
            best = (until, voice.start)
        until = max(until, voice.end)
    return (until, planned.length) if planned.length - until > best[1] - best[0] else best

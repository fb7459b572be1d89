"""The plan made: the show as it is expected to go, with estimated speech, GO at once, and devices that answer at once.

It is the caller calling the show in an imaginary world: no driver, no frame, no clock. So it is what a dry run would
do, without what travels on wires, and a good deal faster. It finds nothing wrong: that is the business of
``timeline``'s checks.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from showrunner.devices.sights import heard as spoken_words
from showrunner.devices.vocabulary import Command, Condition, Fixture, Inventory, Output
from showrunner.diagnostics.sentence import Sentence, joined, plain, sentence
from showrunner.diagnostics.wording import count
from showrunner.engine import imagined
from showrunner.engine.caller import Caller
from showrunner.engine.messages import (
    Deliver,
    DeliverClear,
    DeliverFrame,
    Effect,
    Options,
    Silenced,
    Steered,
    Told,
    Write,
)
from showrunner.reports.counted_day import CountedDay
from showrunner.reports.entries import Recorder
from showrunner.reports.timetable import Plan, TimedCurve, TimedUtterance, Timetable, Voice
from showrunner.reports.voices import heard
from showrunner.timeline.cues import Choose, CueList, Repeat, Send
from showrunner.timeline.cues import bodies as owned
from showrunner.times import length

LEAST = 200_000
EACH = 20
"""So many steps of a show are looked ahead, and so many more for each step that is written in it."""


OFTEN = 16
"""After so many steps it may breathe."""

ENDS: tuple[Literal["shortest"], Literal["longest"]] = ("shortest", "longest")
"""What picks for who asks how short or how long a show may be."""

VOICES = frozenset({"wait"})
TIMES = VOICES | {"segment", "cue"}
ALL = TIMES | {"command", "outcome", "resume", "log"}
"""The kinds of entries that plans are made of. With the first few it tells when voices are heard, how long all of it is
and how many GOs are waited for; then when segments and cues come; at last what is done, stood at, moved, said, logged.
"""


def plan(
    cues: CueList,
    fixtures: Mapping[str, Fixture],
    inventories: Mapping[str, Inventory] | None = None,
    kinds: frozenset[str] = ALL,
    breathe: Callable[[], None] = lambda: None,
    options: Options | None = None,
    latency: int = 0,
) -> Plan:
    """Play the cue list in an imaginary world. ``kinds``: what the plan is made of; less is made faster. ``options``:
    how it is to be played, which GOs and presses come when among that; else GO and buttons come at once.
    ``latency``: microseconds that a message takes, each way.

    ``breathe`` is called again and again meanwhile; what it raises ends the work.
    """
    world = _Imagined(cues, fixtures, inventories or {}, kinds, options or Options(), latency)
    try:
        whole = world.run(LEAST + EACH * written(cues), breathe)
    except Exception:
        world.recorder.forget()
        raise
    return world.plan(whole=whole)


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
                bodies.extend(owned(step))
    return total


def chancy(cues: CueList) -> bool:
    """Tell whether something that is left to chance, or to an answer, may make a show shorter or longer."""
    bodies = [track.body for segment in cues.segments for track in segment.tracks]
    seen: set[int] = set()
    while bodies:
        body = bodies.pop()
        if id(body) in seen:
            continue
        seen.add(id(body))
        for step in (step for cue in body.cues for step in cue.steps):
            if isinstance(step, Choose) or (isinstance(step, Send) and step.picks):
                return True
            if isinstance(step, Repeat) and step.most is not None:
                return True
            bodies.extend(owned(step))
    return False


def summary(table: Timetable, cues: CueList, between: tuple[int, int] | None = None) -> Sentence:
    """Say in one line what the show is: "3 segments, 4:12 of show, 2:40 of it speech, 2 GOs, 1 button".

    ``between``: how short and how long it may be, where that is left to chance: "0:40 to 0:52 of show".
    """
    least, most = (length(end) for end in between or (table.length, table.length))
    lasts = plain(length(table.length)) if least == most else sentence("{least} to {most}", least, most)
    speech = plain(length(heard(table.voices)))
    if not table.whole:
        lasts, speech = sentence("more than {length}", lasts), sentence("more than {length}", speech)
    parts = [
        count(len(cues.segments), "segment"),
        sentence("{length} of show", lasts),
        sentence("{length} of it speech", speech),
    ]
    if table.goes:
        parts.append(count(table.goes, "GO"))
    if cues.buttons:
        parts.append(count(len(cues.buttons), "button"))
    return joined(parts, ", ")


class _Imagined:
    """The imaginary world: what is to come, in order of its instant."""

    def __init__(
        self,
        cues: CueList,
        fixtures: Mapping[str, Fixture],
        inventories: Mapping[str, Inventory],
        kinds: frozenset[str],
        options: Options,
        latency: int = 0,
    ) -> None:
        self._whole = kinds == ALL
        asked = replace(options, auto=True, sparse=True, kinds=kinds, tells=self._whole)
        self._inventories = inventories
        self.caller = Caller(cues, fixtures, asked, inventories)
        self.now = 0
        self._latency = latency
        self._day = None if options.start_at is None else CountedDay(self.caller, options.start_at)
        self._cues = cues
        self._fixtures = fixtures
        self.recorder = Recorder()
        self._written = 0
        self._voices: list[Voice] = []
        self._saying: dict[int, Command] = {}
        self._curves: list[TimedCurve] = []
        self._steered: dict[tuple[str, str], int] = {}
        self._coming: list[tuple[int, int, str, Output | Silenced]] = []
        self._at_once: deque[tuple[str, Output | Silenced]] = deque()
        self._count = 0

    def run(self, most: int, breathe: Callable[[], None]) -> bool:
        """Let the show pass, in at most so many steps; tell whether it came to its end."""
        for device in self._cues.devices:
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
            due, strikes = self.caller.due(), None if self._day is None else self._day.due(self.now)
            first = min((at for at in (due, strikes) if at is not None), default=None)
            if self._coming and (first is None or self._coming[0][0] <= first):
                self.now, _, device, output = heapq.heappop(self._coming)
                self._take(self.caller.hear(device, output, self.now))
            elif self._day is not None and strikes is not None and strikes == first:
                self.now = strikes
                self._take(self._day.strike(strikes))
            elif due is None:
                raise RuntimeError("nothing is left to happen, and the show has not ended")
            else:
                self.now = due
                self._take(self.caller.step(due))
        return self.caller.ended

    def plan(self, *, whole: bool) -> Plan:
        """Give what has come about."""
        made = self.recorder.timetable(self.now)
        return Plan(
            title=self._cues.title,
            segments=made.segments,
            cues=made.cues,
            commands=made.commands,
            waits=made.waits if self._whole else (),
            logs=made.logs,
            voices=tuple(self._voices),
            length=self.now,
            goes=made.goes,
            whole=whole,
            curves=tuple(self._curves),
        )

    def _take(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Write):
                self._write(effect)
                continue
            if self._whole:
                for id_ in _carried(effect):
                    self.recorder.sent(id_, self.now)
            for lasts, device, output in imagined.answers(effect, self._fixtures, self._inventories):
                delay = lasts + 2 * self._latency
                if not delay:
                    self._at_once.append((device, output))
                    continue
                self._count += 1
                heapq.heappush(self._coming, (self.now + delay, self._count, device, output))
                if lasts and isinstance(effect, Deliver) and effect.command.verb.speaks is not None:
                    said = tuple(self._utterances(effect)) if self._whole else ()
                    begins = self.now + self._latency
                    self._voices.append(Voice(device, begins, begins + lasts, effect.id, said))
        if self._whole:
            for told in self.caller.told():
                self._told(told)

    def _write(self, effect: Write) -> None:
        entry, command = effect.entry, effect.command
        entry["seq"], entry["at"] = self._written, self.now
        self._written += 1
        if "for_" in entry:
            entry["for"] = entry.pop("for_")
        self.recorder.take(entry, command, effect.label)
        if command is not None and command.verb.speaks is not None:
            self._saying[entry["id"]] = command

    def _utterances(self, sent: Deliver) -> Iterator[TimedUtterance]:
        """Give the parts of what is said. How long they take is known of what is sent, their words of what is written:
        an answer has a name there, and here only what somebody imagined.
        """
        written = self._saying.pop(sent.id, None)
        if written is None or written.verb.speaks is None:
            return
        start = self.now + self._latency
        lengths = imagined.spoken(sent.command, self._fixtures[sent.device].settings)
        for one, lasting in zip(written.verb.speaks(written), lengths, strict=True):
            yield TimedUtterance(spoken_words(one.text), one.emotion, start, start + lasting)
            start += lasting

    def _told(self, told: Told) -> None:
        place = (told.device, told.property)
        number = self._steered.pop(place, None)
        if number is not None:
            begun = self._curves[number]
            self._curves[number] = TimedCurve(begun.id, begun.device, begun.property, begun.course, self.now)
        if isinstance(told, Steered):
            self._steered[place] = len(self._curves)
            self._curves.append(TimedCurve(told.id, told.device, told.property, told.course, None))


def _carried(effect: Effect) -> tuple[int, ...]:
    """Give the commands that something sent is the first to carry."""
    match effect:
        case Deliver():
            return (effect.id,)
        case DeliverFrame() | DeliverClear():
            return effect.first
        case _:
            return ()

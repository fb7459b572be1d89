"""A toy device and a toy world for tests of the engine alone: no driver, no wire, replies as a test orders them.

The world here is the smallest that can call the caller: it keeps the replies to come in order of their instants and
steps the caller between them, as the performance does.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from showrunner.devices.vocabulary import (
    Answered,
    Argument,
    Class,
    Command,
    Condition,
    Device,
    Ended,
    Finished,
    Fixture,
    FrameAnswered,
    Kind,
    Lane,
    Output,
    Target,
    Utterance,
    Values,
    Verb,
)
from showrunner.diagnostics.diagnostic import Span
from showrunner.engine.caller import Caller
from showrunner.engine.messages import (
    Deliver,
    DeliverClear,
    DeliverFrame,
    Effect,
    Options,
    Read,
    Write,
)
from showrunner.engine.telling import Telling
from showrunner.timeline import cues
from tests.ways import DIALLED

SPAN = Span(0, 1, 1)
NUMBER = Kind("number", "a number")
NAME = Kind("name", "a name")
TIME = Kind("duration", "a time")


def targets(command: Command) -> tuple[Target, ...]:
    return tuple(Target(name, to) for name, to in zip(command.all("P"), command.all("V"), strict=True))


def said(command: Command) -> tuple[Utterance, ...]:
    return tuple(map(Utterance, command.all("NAME")))


def verb(name: str, class_: Class, lane: str, **more: Any) -> Verb:
    kinds = {"P": NAME, "V": NUMBER, "D": TIME, "NAME": NAME}
    return Verb(name, more.pop("form", "NAME"), kinds, class_, lane, f"{name}s", f"{name} x", **more)


VERBS = {
    "act": verb("act", Class.IMPULSE, "main", ends=False),
    "scene": verb("scene", Class.STATE, "main", properties=lambda _: ("scene",)),
    "ask": verb("ask", Class.QUERY, "chat"),
    "tell": verb("tell", Class.SPEECH, "chat", speaks=said),
    "echo": verb("echo", Class.SPEECH, "chat", finished=Finished.REPORTED, speaks=said),
    "change": verb(
        "change", Class.STATE, "stage", finished=Finished.REPORTED, keeps=True, properties=lambda _: ("scene",)
    ),
    "clip": verb(
        "clip",
        Class.IMPULSE,
        "stage",
        finished=Finished.REPORTED,
        answers=True,
        lasts=lambda _, __, inventory: None if inventory is None else 700_000,
    ),
    "everything": verb(
        "everything",
        Class.STATE,
        "stage",
        finished=Finished.REPORTED,
        keeps=True,
        beside=("main", "chat"),
        properties=lambda _: ("scene", "set"),
    ),
    "poke": verb("poke", Class.IMPULSE, "chat", finished=Finished.SENT),
    "set": verb("set", Class.STATE, "main", stream="set", finished=Finished.STREAM, targets=targets),
    "move": verb(
        "move", Class.MOVE, "main", form="P V [over D]", stream="move", finished=Finished.STREAM, targets=targets
    ),
    "fade": verb(
        "fade", Class.MOVE, "sound", form="P V [over D]", stream="move", finished=Finished.STREAM, targets=targets
    ),
    "release": verb(
        "release",
        Class.STATE,
        "main",
        form="[P]… [over D]",
        stream="release",
        finished=Finished.STREAM,
        releases=lambda c: c.all("P"),
    ),
}


def refuse(_: object) -> Any:
    raise AssertionError("a toy has no driver")


TOY = Device(
    "toy",
    tuple(VERBS.values()),
    (),
    (),
    (
        Lane("main", rate="rate", again=100_000, lapses=500_000),
        Lane("chat"),
        Lane("stage"),
        Lane("sound", rate="rate"),
    ),
    (DIALLED,),
    refuse,
    refuse,
    lambda _: "the toy is not there",
)


def fixture(name: str = "toy", device: Device = TOY) -> Fixture:
    return Fixture(name, device, {"timeout": 5_000_000, "rate": 30})


def send(
    verb_name: str, *arguments: tuple[str, Any], device: str = "toy", lasting: int | None = None, **more: Any
) -> cues.Send:
    command = Command(device, VERBS[verb_name], tuple(Argument(k, v, SPAN) for k, v in arguments), lasting)
    base = {
        "wait": False,
        "within": None,
        "retry": 0,
        "policy": None,
        "keep": None,
        "default": None,
        "meanwhile": None,
        "text": f"{device} {verb_name}",
        "span": SPAN,
    }
    return cues.Send(command, **{**base, **more})


def at(time: int, *steps: cues.Step, line: int = 1, name: str | None = None) -> cues.Cue:
    return cues.Cue(line, name, cues.Position(False, time, None), "", steps, SPAN)


def plus(time: int, *steps: cues.Step, line: int = 1) -> cues.Cue:
    return cues.Cue(line, None, cues.Position(False, None, time), "", steps, SPAN)


def then(*steps: cues.Step, plus: int | None = 0, at: int | None = None, line: int = 1) -> cues.Cue:
    return cues.Cue(line, None, cues.Position(True, at, None if at is not None else plus), "", steps, SPAN)


def body(*listed: cues.Cue) -> cues.Body:
    return cues.Body(tuple(replace(cue, line=line) for line, cue in enumerate(listed, 1)))


def track(name: str, *listed: cues.Cue, line: int = 0) -> cues.Track:
    return cues.Track(name, "toy.show", line, body(*listed))


def call(name: str, *tracks: cues.Track) -> cues.Call:
    """Make a `do`: of one list that is called ``""``, or of tracks."""
    return cues.Call(name, tracks, f"do {name}", SPAN)


def segment(name: str, *tracks: cues.Track, least: int | None = None, most: int | None = None) -> cues.Segment:
    return cues.Segment(name, None, least, most, tracks, "toy.show", 0)


def show(*segments: cues.Segment, devices: tuple[str, ...] = ("toy",)) -> cues.CueList:
    """Make a show; every cue gets a line of its own, as in a real script, so that its label is its own too."""
    lines = count(1)
    numbered = tuple(
        replace(s, tracks=tuple(replace(t, body=number(t.body, t.line, lines)) for t in s.tracks)) for s in segments
    )
    return cues.CueList("toy", "toy.show", "0" * 64, numbered, devices, (), ("raid",))


def number(listed: cues.Body, base: int, lines: Iterator[int]) -> cues.Body:
    numbered = []
    for cue in listed.cues:
        line = next(lines)
        inner = []
        for step in cue.steps:
            if isinstance(step, cues.Call):
                made = (replace(one, body=number(one.body, 0, lines), line=0) for one in step.tracks)
                inner.append(replace(step, tracks=tuple(made)))
            elif isinstance(step, cues.Repeat):
                inner.append(replace(step, body=number(step.body, line, lines)))
            elif isinstance(step, cues.Send | cues.Hold | cues.Await) and step.meanwhile is not None:
                inner.append(replace(step, meanwhile=number(step.meanwhile, line, lines)))
            else:
                inner.append(step)
        numbered.append(replace(cue, line=line - base, steps=tuple(inner)))
    return cues.Body(tuple(numbered))


@dataclass
class World:
    """Calls a caller. ``reply(device, id, attempt, verb)`` gives (delay, ok) or None for a reply that never comes.

    ``end`` gives, of a REPORTED command, what its end is and how long after it was sent it is told (None: never).
    ``conditions``: what state the toy says it is in, and when.
    ``changes`` are what else is asked of the caller, and when (a reload, a seek); ``look`` sees it after every input.
    ``late``: how late the machine takes the next step. ``device``: the kind of toy.
    Where nothing is left to happen but the operator's, GO comes. ``shown`` is what the last frame of each lane
    carried. ``journal`` is for a replay: it says what the caller was told, too.
    """

    cues: cues.CueList
    reply: Callable[[str, int, int, str], tuple[int, bool] | None] = lambda *_: (0, True)
    frame_reply: Callable[[str, int], tuple[int, bool] | None] = lambda *_: (0, True)
    end: Callable[[str, int, int, str], tuple[int, str] | None] = lambda *_: (400_000, "done")
    speech: int = 400_000
    options: Options = field(default_factory=lambda: Options(auto=True))
    presses: tuple[tuple[int, str, str | None], ...] = ()
    losses: tuple[tuple[int, str, bool], ...] = ()
    conditions: tuple[tuple[int, Any], ...] = ()
    changes: tuple[tuple[int, Callable[[Caller, int], list[Effect]]], ...] = ()
    look: Callable[[Caller], None] = lambda _: None
    late: Callable[[], int] = lambda: 0
    device: Device = TOY
    entries: list[dict[str, Any]] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    sends: list[tuple[int, Effect]] = field(default_factory=list)
    shown: dict[str, Any] = field(default_factory=dict)
    now: int = 0
    _heap: list[tuple[int, int, int, Any]] = field(default_factory=list)
    _count: int = 0

    def later(self, when: int, rank: int, what: Any) -> None:
        self._count += 1
        heapq.heappush(self._heap, (when, rank, self._count, what))

    def run(self, bound: int = 200_000) -> list[dict[str, Any]]:
        caller = Caller(self.cues, {name: fixture(name, self.device) for name in self.cues.devices}, self.options)
        self._telling = telling = Telling(caller, self._write)
        self._write(0, "show", told=True)
        for when, action, name in self.presses:
            self.later(when, 0, ("press", action, name))
        for when, device, back in self.losses:
            self.later(when, 1, (device, Condition("ready" if back else "lost")))
        for when, state in self.conditions:
            self.later(when, 1, ("toy", Condition(state)))
        for when, change in self.changes:
            self.later(when, 0, ("change", change))
        for device in self.cues.devices:
            self.hear(caller, device, Condition("ready"))
        telling.start(0)
        self.take(caller.start(0))
        for _ in range(bound):
            self.look(caller)
            if caller.ended:
                return self.entries
            due = caller.due()
            if (
                due is None
                and not self._heap
                and not self.options.auto
                and any(w.kind == "go" for w in caller.play.waits)
            ):
                telling.before(self.now)
                self.take(caller.press("go", None, "key", self.now))
                continue
            if self._heap and (due is None or self._heap[0][0] <= due):
                when, _, _, what = heapq.heappop(self._heap)
                self.now = max(self.now, when)
                if what[0] in {"change", "press"}:
                    telling.before(self.now)
                if what[0] == "change":
                    self.take(what[1](caller, self.now))
                elif what[0] == "press":
                    self.take(caller.press(what[1], what[2], "key", self.now))
                else:
                    if isinstance(what[1], Answered | Ended):
                        kind, ok = ("reply", what[1].ok) if isinstance(what[1], Answered) else ("ended", None)
                        self.entries.append({"at": self.now, "kind": kind, "id": what[1].id, "ok": ok})
                    self.hear(caller, *what)
            else:
                assert due is not None, "nothing is left to happen, and the show has not ended"
                self.now = max(self.now, due) + self.late()
                telling.step(due)
                effects = caller.step(self.now)
                self.take(effects)
                telling.stepped(effects, self.now)
        raise AssertionError("the show does not end")

    def hear(self, caller: Caller, device: str, output: Output) -> None:
        self._telling.tell(device, output, self.now, written=isinstance(output, Condition))
        if isinstance(output, Condition):
            self._telling.write(self.now, "device", device=device, state=output.state)
        self.take(caller.hear(device, output, self.now))

    def _write(self, now: int, kind: str, /, **keys: Any) -> None:
        self.journal.append({"at": now, "kind": kind, **{k.rstrip("_"): v for k, v in keys.items() if v is not None}})

    def take(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Write):
                keys = {k.rstrip("_"): v for k, v in effect.entry.items() if v is not None}
                self.entries.append({"at": self.now, **keys})
                made = dict(effect.entry)
                self._telling.write(self.now, made.pop("kind"), **made)
                continue
            self._telling.delivered(effect)
            self.sends.append((self.now, effect))
            if isinstance(effect, Deliver):
                self.entries.append({"at": self.now, "kind": "sent", "id": effect.id, "attempt": effect.attempt})
                self._telling.write(self.now, "sent", id=effect.id, attempt=effect.attempt)
                verb = effect.command.verb
                if verb.finished is Finished.SENT:
                    self.later(self.now, 1, (effect.device, Answered(effect.id, effect.attempt, ok=True)))
                    continue
                if verb.finished is Finished.REPORTED and verb.speaks is None:
                    end = self.end(effect.device, effect.id, effect.attempt, verb.name)
                    if end is not None:
                        ended = Ended(
                            effect.id, effect.attempt, end[1], None if end[1] == "done" else "so it was", "end"
                        )
                        self.later(self.now + end[0], 1, (effect.device, ended))
                found = self.reply(effect.device, effect.id, effect.attempt, verb.name)
                if found is not None:
                    delay, ok = found
                    if verb.name == "tell" and ok:
                        delay += self.speech
                    answer: Output = Answered(effect.id, effect.attempt, ok, None if ok else "no", "text")
                    self.later(self.now + delay, 1, (effect.device, answer))
                    if verb.name == "echo" and ok:
                        self.later(self.now + delay + self.speech, 1, (effect.device, Ended(effect.id, effect.attempt)))
            elif isinstance(effect, DeliverFrame | DeliverClear):
                self.shown[effect.lane] = dict(effect.values) if isinstance(effect, DeliverFrame) else {}
                for id_ in effect.first:
                    self._telling.write(self.now, "sent", id=id_, attempt=1)
                reply = self.frame_reply(effect.device, effect.number)
                if reply is not None:
                    answered = FrameAnswered(effect.number, reply[1], None if reply[1] else "no")
                    self.later(self.now + reply[0], 1, (effect.device, answered))
            elif isinstance(effect, Read):
                self.later(self.now, 1, (effect.device, Values({}, effect.lane)))

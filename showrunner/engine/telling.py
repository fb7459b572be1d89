"""What a caller is told, written down so that a replay can tell it the same again, at the same instants.

An entry that stands for something told (a `reply` that answers, an `event` of the table, a `device`) needs no other;
whatever else is told has an entry `told`. What the caller does by itself is known by its order: before something is
told it has taken every step that was due earlier, or none where it was told something at that instant already. Where it
was otherwise (a late machine), and where a late step sets a limit but writes nothing, `told` counts the ``steps``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from typing import Any

from showrunner.devices.vocabulary import Answered, Ended, FrameAnswered, Happened, Heard, Output, Send, Values
from showrunner.engine.caller import Caller
from showrunner.engine.messages import Call, Deliver, DeliverClear, DeliverFrame, Effect, Entry, Read, Silence, Silenced
from showrunner.slotted import dataclass

DECISIONS = frozenset({"segment", "cue", "command", "outcome", "wait", "resume", "log", "heard", "choice", "end"})
"""Entries that the caller decides on."""

LONGEST = 1_000_000
"""The answers to frames of so many microseconds stand in one entry at most."""

REMEMBERED = 64
"""So many unanswered frames are known by the instant at which they were due."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame without its answer: the instant it was due, after how many steps, and what it is the first to carry."""

    instant: int
    steps: int
    first: tuple[int, ...]


@dataclass(slots=True)
class Frames:
    """The frames of all devices that are not answered, in order, by device and number."""

    waiting: dict[tuple[str, int], Frame] = field(default_factory=dict)

    def add(self, call: DeliverFrame | DeliverClear, instant: int, steps: int = 0) -> None:
        """Take in one that is handed over; of many the oldest is forgotten."""
        self.waiting[call.device, call.number] = Frame(instant, steps, call.first)
        while len(self.waiting) > REMEMBERED:
            self.waiting.pop(next(iter(self.waiting)))

    def carrying(self, device: str, id: int) -> int | None:
        """Tell the number of the newest that is the first to carry a command."""
        found = (n for (name, n), frame in reversed(self.waiting.items()) if name == device and id in frame.first)
        return next(found, None)


@dataclass(slots=True)
class _Answers:
    """Answers to frames that follow each other, still to be written: how long after it was due each one came."""

    first: int
    since: int
    took: list[int] = field(default_factory=list)


class Telling:
    """Keeps account of what ``caller`` is told; ``write(now, kind, **keys)`` puts an entry into the journal.

    ``sent``: the attempts that were handed over in the journal before, where a show that broke off goes on.
    """

    def __init__(self, caller: Caller, write: Callable[..., object], sent: Iterable[tuple[int, int]] = ()) -> None:
        self._caller = caller
        self._into = write
        self._steps = 0
        self._silent: list[tuple[int, int]] = []  # steps since the last entry that stands for one: number and instant
        self._last: int | None = None
        self._sent: set[tuple[int, int]] = set(sent)
        self._going: set[tuple[int, int]] = set()  # what is handed over this moment: attempts of commands
        self._frames = Frames()
        self._answers: dict[str, _Answers] = {}

    def write(self, now: int, kind: str, /, **keys: Any) -> None:
        """Write an entry, behind all that was told before it."""
        self._flush(now)
        sent = (keys.get("id"), keys.get("attempt")) if kind == "sent" else None
        if kind in DECISIONS or keys.get("from_") == "auto" or (sent in self._going and sent not in self._sent):
            self._silent.clear()
        if kind == "sent" and keys.get("id") is not None:
            self._sent.add((keys["id"], keys["attempt"]))
        self._into(now, kind, **keys)

    # --- what the caller does

    def start(self, now: int) -> None:
        """Note that the show begins."""
        self._last = now

    def step(self, due: int) -> None:
        """Note that the step that is ``due`` is taken."""
        self._going.clear()
        self._steps += 1
        self._silent.append((self._steps, due))

    def stepped(self, effects: Iterable[Effect], now: int) -> None:
        """Note that what came of a step is done: where nothing says when it was taken and a limit counts from it."""
        self._going.clear()
        if self._silent and any(
            isinstance(effect, Deliver | Read | Silence)
            or (isinstance(effect, DeliverFrame | DeliverClear) and effect.first)
            for effect in effects
        ):
            self._count(now)

    def delivered(self, call: Call) -> None:
        """Note that something is handed over."""
        if isinstance(call, Deliver):
            self._going.add((call.id, call.attempt))
        if not isinstance(call, DeliverFrame | DeliverClear):
            return
        self._going.update((id_, 1) for id_ in call.first)
        self._frames.add(call, self._caller.play.instant, self._steps)

    # --- what it is told

    def said(self, device: str, outputs: Sequence[Output | Silenced]) -> Output | None:
        """Give that of what is told at once which the entry of its frame stands for."""
        heard = next((output for output in outputs if isinstance(output, Heard)), None)
        first = next((output for output in outputs if not isinstance(output, Heard | Send)), None)
        if heard is None:
            return None
        if isinstance(first, Happened):
            return None if heard.reply else first
        if isinstance(first, Answered):
            same = (heard.reply, heard.id, heard.ok, heard.answer) == (True, first.id, first.ok, first.answer)
            return first if same and not first.short else None
        if isinstance(first, FrameAnswered) and heard.reply and heard.ok and first.ok and heard.number == first.number:
            frame = self._frames.waiting.get((device, first.number))
            carried = frame is not None and frame.first
            return first if carried and self._frames.carrying(device, carried[0]) == first.number else None
        return None

    def before(self, now: int, frame: Frame | None = None) -> bool:
        """Note that something is told now, and write down what was done before it, where that is not as usual.

        An answer to a ``frame`` comes behind the step that sent it. Tells whether something was written.
        """
        self._going.clear()
        due = self._caller.due()
        since = [instant for number, instant in self._silent if frame is None or number > frame.steps]
        if self._last is None or now > self._last:
            wrong = (due is not None and due < now) or any(instant >= now for instant in since)
        else:
            wrong = bool(since)
        if wrong:
            self._count(now)
        self._silent.clear()
        self._last = now
        return wrong

    def tell(self, device: str, output: Output | Silenced, now: int, *, written: bool) -> None:
        """Note that something is told; it gets an entry of its own unless another one stands for it (``written``)."""
        frame = None
        if isinstance(output, FrameAnswered):
            frame = self._frames.waiting.pop((device, output.number), None)
            if frame is not None and output.ok and not written:
                self._answered(device, output.number, frame, now)
                return
        self.before(now, frame)
        if not written:
            self.write(now, "told", device=device, **_parts(output))

    def _answered(self, device: str, number: int, frame: Frame, now: int) -> None:
        alone = self.before(now, frame)
        answers = self._answers.get(device)
        if answers is not None and (number != answers.first + len(answers.took) or now - answers.since > LONGEST):
            self._flush(now)
            answers = None
        if answers is None:
            answers = self._answers[device] = _Answers(number, now)
        answers.took.append(now - frame.instant)
        if alone:
            self._flush(now)

    def _count(self, now: int) -> None:
        self.write(now, "told", what="steps", count=len(self._silent))
        self._silent.clear()
        self._last = now

    def _flush(self, now: int) -> None:
        for device, answers in self._answers.items():
            self._into(now, "told", device=device, what="frames", first=answers.first, took=answers.took)
        self._answers.clear()


def _parts(output: Output | Silenced) -> Entry:
    """Give what is told as the keys of an entry."""
    match output:
        case Answered():
            again = output.attempt if output.attempt > 1 else None
            keys = {"ok": output.ok, "reason": output.reason, "answer": output.answer, "short": output.short or None}
            return {"id": output.id, "what": "answered", "attempt": again, **keys}
        case Ended():
            again = output.attempt if output.attempt > 1 else None
            keys = {"result": output.result, "reason": output.reason, "answer": output.answer}
            return {"id": output.id, "what": "ended", "attempt": again, **keys}
        case FrameAnswered():
            guilty = list(output.properties) or None
            return {
                "what": "frame",
                "number": output.number,
                "ok": output.ok,
                "reason": output.reason,
                "properties": guilty,
            }
        case Values():
            of = {"lane": output.lane or None, "asked": None if output.asked else False}
            return {"what": "values", "values": dict(output.values), **of}
        case Happened():
            return {"what": "happened", "event": output.event, "fields": dict(output.fields) or None}
        case Silenced():
            return {"what": "silenced"}
    raise TypeError(f"nobody tells a caller of {output}")


def output(entry: Entry) -> Output | Silenced | None:
    """Give what an entry `told` says of a device; None where it is not of this kind."""
    attempt = entry.get("attempt", 1)
    match entry["what"]:
        case "answered":
            said = entry.get("reason"), entry.get("answer"), entry.get("short", False)
            return Answered(entry["id"], attempt, entry["ok"], *said)
        case "ended":
            return Ended(entry["id"], attempt, entry["result"], entry.get("reason"), entry.get("answer"))
        case "frame":
            return FrameAnswered(entry["number"], entry["ok"], entry.get("reason"), tuple(entry.get("properties", ())))
        case "values":
            shown = entry["values"].items()
            values = {name: tuple(one) if isinstance(one, list) else one for name, one in shown}
            return Values(values, entry.get("lane", ""), entry.get("asked", True))
        case "happened":
            return Happened(entry["event"], entry.get("fields", {}))
        case "silenced":
            return Silenced()
    return None

"""Captions: what was said, or is expected to be, part by part, with the times at which it is heard.

Of a journal: what was sent says the words, the program's own reports when they sound, and the outcome when no longer.
How a caption is written into a file is the business of ``exports``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from showrunner.devices.presence import Saying
from showrunner.devices.vocabulary import Device
from showrunner.reports.timetable import Plan
from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """A part of what is said: by which device (its name on the stage), from when to when (microseconds of show time),
    in which words, with which face.
    """

    device: str
    start: int
    end: int
    text: str
    emotion: str | None = None


def planned(table: Plan) -> tuple[Caption, ...]:
    """Give the captions of a plan: the estimated times."""
    found = [
        Caption(voice.device, part.start, part.end, part.text, part.emotion)
        for voice in table.voices
        for part in voice.utterances
    ]
    return _ordered(found)


def spoken(entries: Iterable[Mapping[str, Any]], kinds: Mapping[str, Device]) -> tuple[Caption, ...]:
    """Give the captions of a journal; ``kinds`` are the devices by the names of their drivers.

    What never sounded has none: it was not sent, or its device tells when a voice begins and did not tell it of this
    one. Of a line that was cut there is what was sent of it, to the moment of the cut. While the machine stood nobody
    knows what was heard: no caption lasts into a `gap`.
    """
    reader = _Reader(kinds)
    for entry in entries:
        reader.take(entry)
    return _ordered(reader.ended())


def _ordered(captions: Iterable[Caption]) -> tuple[Caption, ...]:
    return tuple(sorted((one for one in captions if one.end > one.start), key=lambda one: (one.start, one.end)))


@dataclass(slots=True)
class _Part:
    """What one frame has a voice say. ``begun`` and ``over``: when its program said that it sounds, and no longer."""

    saying: Saying
    sent: int
    begun: int | None = None
    over: int | None = None


class _Reader:
    """Goes through a journal and keeps what is said meanwhile, by the number of its command."""

    def __init__(self, kinds: Mapping[str, Device]) -> None:
        self._kinds = kinds
        self._devices: Mapping[str, str] = {}
        self._saying: dict[int, tuple[str, list[_Part]]] = {}
        self._telling: set[str] = set()
        self._made: list[tuple[str, _Part, int, bool]] = []
        self._gaps: list[int] = []
        self._now = 0

    def take(self, entry: Mapping[str, Any]) -> None:
        self._now = entry["at"]
        if entry["kind"] == "show":
            self._devices = entry.get("devices", {})
        elif entry["kind"] == "gap":
            self._gaps.append(entry["at"])
        elif entry["kind"] == "outcome":
            self._ended(entry["id"], entry["at"], whole=entry["result"] == "done")
        elif entry["kind"] in {"sent", "event"} and "id" in entry:
            kind = self._kinds.get(self._devices.get(entry.get("device", ""), ""))
            frame = entry.get("frame")
            if kind is not None and isinstance(frame, Mapping):
                self._frame(entry, kind, dict(frame))

    def _frame(self, entry: Mapping[str, Any], kind: Device, frame: dict[str, Any]) -> None:
        name, at = entry["device"], entry["at"]
        if entry["kind"] == "sent":
            saying = None if kind.said is None else kind.said(frame)
            if saying is not None:
                parts = self._saying.setdefault(entry["id"], (name, []))[1]
                if entry.get("attempt", 1) > 1 and parts and parts[-1].begun is None:
                    parts.clear()  # what a new attempt says again was not heard
                parts.append(_Part(saying, at))
            return
        words = None if kind.said is None else kind.said(frame)
        if words is not None:  # the program itself tells them, as they sound
            self._saying.setdefault(entry["id"], (name, []))[1].append(_Part(words, at, at))
            return
        told = None if kind.heard is None else kind.heard(frame)
        parts = self._saying.get(entry["id"], (name, []))[1]
        if told == "begins":
            self._telling.add(name)
            if parts and parts[-1].begun is None:
                parts[-1].begun = at
        elif told == "ends" and parts and parts[-1].begun is not None:
            parts[-1].over = at

    def _ended(self, id: int, at: int, *, whole: bool) -> None:
        name, parts = self._saying.pop(id, ("", []))
        for number, part in enumerate(parts, 1):
            self._made.append((name, part, parts[number].sent if number < len(parts) else at, whole))

    def ended(self) -> Iterable[Caption]:
        for number in list(self._saying):
            self._ended(number, self._now, whole=False)  # the journal breaks off
        for name, part, end, whole in self._made:
            if part.begun is None and not whole and name in self._telling:
                continue
            made = Caption(name, part.sent if part.begun is None else part.begun, end, part.saying.text)
            over = end if part.over is None else min(end, part.over)
            stood = min((at for at in self._gaps if at > made.start), default=over)
            yield replace(made, end=min(over, stood), emotion=part.saying.emotion)


def apart(captions: Sequence[Caption]) -> dict[str, list[Caption]]:
    """Part the captions by who speaks, in the order in which they are first heard."""
    found: dict[str, list[Caption]] = {}
    for one in captions:
        found.setdefault(one.device, []).append(one)
    return found

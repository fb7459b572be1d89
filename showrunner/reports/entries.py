"""Entries of a journal, read: what begins with one and ends with another becomes a thing with its times.

The one place that puts them together; what is made of that is the business of the other reports.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from showrunner.devices.vocabulary import Class, Command, Fixture
from showrunner.engine.messages import Entry
from showrunner.reports.timetable import (
    TimedCommand,
    TimedCue,
    TimedLog,
    TimedSegment,
    TimedWait,
    Timetable,
    Voice,
)
from showrunner.slotted import dataclass
from showrunner.timeline.labels import Key, Label
from showrunner.yielding import forget


@dataclass(frozen=True, slots=True)
class Written:
    """A journal as it was found: its entries in order, and the numbers of the lines (from 1) that could not be read."""

    entries: tuple[Entry, ...]
    torn: tuple[int, ...]


def written(data: bytes) -> Written:
    """Read a journal's lines. One that is torn (the program was killed, the disk was full for a while) is left out."""
    entries: list[Entry] = []
    torn: list[int] = []
    for number, text in enumerate(data.decode("utf-8-sig", "replace").split("\n"), 1):
        if not text.strip():
            continue
        try:
            entry = json.loads(text)
        except (ValueError, RecursionError):
            entry = None
        if isinstance(entry, dict) and entry.keys() >= {"seq", "at", "kind"} and isinstance(entry["at"], int):
            entries.append(entry)
        else:
            torn.append(number)
    return Written(tuple(entries), tuple(torn))


def key(entry: Mapping[str, Any]) -> Key:
    """Give what an entry calls its cue. What panic sends has neither segment nor track."""
    return entry.get("segment", ""), entry.get("track", ""), entry.get("cue", "")


def speaking(fixtures: Mapping[str, Fixture]) -> frozenset[tuple[str, str]]:
    """Give every (device, verb) that is heard: those whose rows are of the class SPEECH."""
    return frozenset(
        (name, verb.name)
        for name, fixture in fixtures.items()
        for verb in fixture.device.verbs
        if verb.class_ is Class.SPEECH
    )


def read(entries: Iterable[Mapping[str, Any]], fixtures: Mapping[str, Fixture]) -> Timetable:
    """Read a journal. ``fixtures`` say which commands are heard: from the first sending to the outcome."""
    recorder = Recorder()
    for entry in entries:
        recorder.take(entry)
    made, spoken = recorder.timetable(), speaking(fixtures)
    voices = [
        Voice(one.device, one.sent, one.end, one.id)
        for one in made.commands
        if one.device is not None and (one.device, one.verb) in spoken
        if one.sent is not None and one.end is not None and one.end > one.sent
    ]
    return replace(made, voices=tuple(sorted(voices, key=lambda voice: (voice.start, voice.id))))


class Recorder:
    """Makes a timetable of entries as they come, one by one."""

    def __init__(self) -> None:
        self.length = 0
        self._title = ""
        self._segments: list[TimedSegment] = []
        self._cues: list[TimedCue] = []
        self._commands: list[TimedCommand | _Begun] = []
        self._waits: list[TimedWait] = []
        self._logs: list[TimedLog] = []
        self._segment: Mapping[str, Any] | None = None
        self._running: dict[int, int] = {}
        self._standing: dict[tuple[Key, str], list[int]] = {}
        self._keys: dict[Key, Key] = {}
        self._end: Mapping[str, Any] | None = None
        self._heard: dict[Key, int] = {}

    def take(self, entry: Mapping[str, Any], command: Command | None = None, label: Label | None = None) -> None:
        """Take one entry; ``command`` or ``label`` is what a `command` or `cue` entry is about, where that is known."""
        self.length = entry["at"]
        match entry["kind"]:
            case "command":
                self._running[entry["id"]] = len(self._commands)
                self._commands.append(_Begun(entry, self._key(entry), command))
            case "outcome":
                self._outcome(entry)
            case "sent" if "id" in entry:
                self.sent(entry["id"], entry["at"])
            case "cue":
                where, called = self._key(entry), label or Label(None, 0, entry["cue"])
                self._cues.append(TimedCue(entry["seq"], where, entry["at"], entry["due"], entry["late"], called))
            case "wait":
                where, what = self._key(entry), entry["for"]
                self._standing.setdefault((where, what), []).append(len(self._waits))
                self._waits.append(TimedWait(entry["seq"], where, what, entry["at"]))
            case "resume":
                self._resume(entry)
            case "log":
                self._logs.append(TimedLog(entry["seq"], self._key(entry), entry["at"], entry["message"]))
            case "heard":
                self._heard[self._key(entry)] = entry["event"]
            case "segment":
                self._leave()
                self._segment = entry
            case "show":
                self._title = entry["title"]
            case "end":
                self._end = entry

    def sent(self, id: int, at: int) -> None:
        """Note that a command was sent, or carried by a frame."""
        number = self._running.get(id)
        begun = None if number is None else self._commands[number]
        if isinstance(begun, _Begun) and begun.sent is None:
            begun.sent = at

    def timetable(self, length: int | None = None) -> Timetable:
        """Give what there is by now; it ends with the last entry, or is so long."""
        self.length = self.length if length is None else length
        self._leave()
        self._segment = None
        end = self._end or {}
        return Timetable(
            self._title,
            tuple(self._segments),
            tuple(self._cues),
            tuple(one if isinstance(one, TimedCommand) else one.timed() for one in self._commands),
            tuple(self._waits),
            tuple(self._logs),
            (),
            self.length,
            sum(1 for wait in self._waits if wait.what.partition(" ")[0] == "go"),
            self._end is not None,
            end.get("result"),
            end.get("counts", {}),
            dict(self._heard),
        )

    def forget(self) -> None:
        """Let go of what there is by now, bit by bit: to free it in one go would let nobody else work."""
        forget(self._commands)
        forget(self._cues)
        forget(self._waits)

    def _leave(self) -> None:
        if self._segment is not None:
            begun = self._segment
            self._segments.append(
                TimedSegment(begun["seq"], begun["segment"], begun.get("title"), begun["at"], self.length)
            )

    def _outcome(self, entry: Mapping[str, Any]) -> None:
        number = self._running.pop(entry["id"], None)
        begun = None if number is None else self._commands[number]
        if number is not None and isinstance(begun, _Begun):
            reason = entry.get("reason")
            self._commands[number] = begun.timed(entry["at"], entry["seq"], entry["result"], reason, entry["took"])

    def _resume(self, entry: Mapping[str, Any]) -> None:
        # Two `do`s of one definition in one cue may stand at the same: the first to stand is the first to go on.
        standing = self._standing.get((self._key(entry), entry["for"]))
        if standing:
            number = standing.pop(0)
            wait = self._waits[number]
            self._waits[number] = replace(wait, end=entry["at"], last=entry["seq"], why=entry["why"])

    def _key(self, entry: Mapping[str, Any]) -> Key:
        """Have a cue's names once, however many entries have them."""
        made = key(entry)
        return self._keys.setdefault(made, made)


@dataclass(slots=True)
class _Begun:
    """A command whose outcome has not come."""

    entry: Mapping[str, Any]
    where: Key
    command: Command | None
    sent: int | None = None

    def timed(
        self,
        end: int | None = None,
        last: int | None = None,
        result: str | None = None,
        reason: str | None = None,
        took: int = 0,
    ) -> TimedCommand:
        """Give it with its outcome, or without one."""
        entry, through = self.entry, self.entry.get("through")
        return TimedCommand(
            entry["seq"],
            entry["id"],
            self.where,
            entry.get("device"),
            entry["verb"],
            entry["line"],
            entry["text"],
            entry["at"],
            entry.get("file"),
            () if through is None else tuple(through),
            self.command,
            self.sent,
            end,
            last,
            result,
            reason,
            took,
            entry.get("filled"),
        )

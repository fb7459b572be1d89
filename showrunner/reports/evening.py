"""The report of an evening: what was planned and what was, how late it was and why, what ended badly. Off a journal.

A cue is late for one of two kinds of reasons. *The score* let it go late: a list waited for a command, and that took
longer than the written times left room for; then the command says where the time went: in the queue of its lane, at its
device (with the wire to it), or in what it does (speech, `for`). Or *the machine* was late, which is everything else.
Times are microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from showrunner.devices.vocabulary import Class, Device
from showrunner.engine.messages import Entry
from showrunner.engine.states import badly
from showrunner.reports import entries as journals
from showrunner.reports.timetable import TimedCommand, TimedCue, TimedWait, Timetable
from showrunner.slotted import dataclass
from showrunner.timeline.labels import Key

Cause: TypeAlias = Literal["machine", "queue", "device", "score"]
CAUSES: Mapping[Cause, str] = {
    "machine": "this machine",
    "queue": "a queue",
    "device": "a device, with its wire",
    "score": "the score itself",
}
"""What a cue can be late for, and how that is said."""

NOTICED = 20_000
"""A cue that is late by less is not listed: nobody sees it."""


@dataclass(frozen=True, slots=True)
class PlayedSegment:
    """A segment each time it was played. ``planned`` and ``lasting``: when it would begin and how long it would last by
    the plan, where there is one.
    """

    segment: str
    title: str | None
    planned: int | None
    lasting: int | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlayedCue:
    """A cue that was taken. ``planned``: its time in the plan, where there is one. ``why``: what it was late for."""

    segment: str
    track: str
    cue: str
    planned: int | None
    due: int
    at: int
    late: int
    cause: Cause | None
    why: str | None


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the cues were for one cause: how many, all together, the worst."""

    cause: Cause
    cues: int
    total: int
    worst: int


@dataclass(frozen=True, slots=True)
class Bad:
    """A command that ended badly, or a line that nobody heard, with its line of the script."""

    at: int
    device: str | None
    segment: str
    track: str
    cue: str
    file: str | None
    line: int
    text: str
    result: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class PlayedDevice:
    """A device: how many commands it was sent, how long they stood in a queue and were then unanswered (half of them at
    most ``queue`` and ``answer``, none more than the worst), how often it was lost and for how long, and what was told
    of it (instant, state, words).
    """

    device: str
    driver: str
    commands: int
    queue: int
    worst_queue: int
    answer: int
    worst_answer: int
    lost: int
    away: int
    told: tuple[tuple[int, str, str | None], ...]


@dataclass(frozen=True, slots=True)
class PlayedReload:
    """A save: taken or refused, and what it changed (numbers of cues; of findings where it was refused)."""

    at: int
    ok: bool
    added: int
    removed: int
    changed: int
    missed: int
    findings: int


@dataclass(frozen=True, slots=True)
class Press:
    """What the operator did. ``what``: the button's name, or where a seek went."""

    at: int
    action: str
    what: str | None
    origin: str | None


@dataclass(frozen=True, slots=True)
class Evening:
    """The whole report. ``result`` None: the journal breaks off. ``gaps``: instants and lengths of standstills.

    ``planned``: whether there is a plan beside what happened. ``torn``: how many lines could not be read. ``unheard``:
    lines that were spoken and probably nobody heard, with why that is thought.
    """

    title: str
    script: str
    result: str | None
    length: int
    counts: Mapping[str, int]
    planned: bool
    torn: int
    segments: tuple[PlayedSegment, ...]
    cues: tuple[PlayedCue, ...]
    lateness: tuple[Lateness, ...]
    bad: tuple[Bad, ...]
    devices: tuple[PlayedDevice, ...]
    reloads: tuple[PlayedReload, ...]
    operator: tuple[Press, ...]
    gaps: tuple[tuple[int, int], ...]
    unheard: tuple[Bad, ...]


def evening(
    entries: Sequence[Entry], kinds: Mapping[str, Device], plan: Timetable | None = None, torn: int = 0
) -> Evening:
    """Read the journal of a show; ``kinds`` are the devices by the names of their drivers.

    ``plan`` is what was expected of the text it began with, where that is at hand.
    """
    table = journals.read(entries, {})
    show = entries[0] if entries else {}
    expected = {} if plan is None else {one.where: one.at for one in reversed(plan.cues)}
    cues = tuple(_cues(entries, table, expected))
    return Evening(
        table.title,
        str(show.get("script", "")),
        table.result,
        table.length,
        table.counts or _counted(table.commands),
        plan is not None,
        torn,
        tuple(_segments(table, plan)),
        cues,
        tuple(_lateness(cues)),
        tuple(_bad(table.commands)),
        tuple(_devices(show.get("devices", {}), kinds, entries, table.commands)),
        tuple(_reload(entry) for entry in entries if entry["kind"] == "reload"),
        tuple(
            Press(entry["at"], str(entry["action"]), entry.get("name") or entry.get("to"), entry.get("from"))
            for entry in entries
            if entry["kind"] == "operator"
        ),
        tuple((entry["at"], entry["for"]) for entry in entries if entry["kind"] == "gap"),
        tuple(_unheard(entries, table.commands)),
    )


def _segments(table: Timetable, plan: Timetable | None) -> Iterable[PlayedSegment]:
    expected = {} if plan is None else {one.name: one for one in reversed(plan.segments)}
    for one in table.segments:
        there = expected.get(one.name)
        planned, lasting = (None, None) if there is None else (there.start, there.end - there.start)
        yield PlayedSegment(one.name, one.title, planned, lasting, one.start, one.end)


def _cues(entries: Sequence[Entry], table: Timetable, expected: Mapping[Key, int]) -> Iterable[PlayedCue]:
    commands = {one.id: one for one in table.commands}
    answered: dict[int, int] = {}
    for entry in entries:
        if entry["kind"] == "reply" and "id" in entry:
            answered[entry["id"]] = entry["at"]
    let_go: dict[tuple[str, str, int], TimedWait] = {}
    for wait in table.waits:
        if wait.end is not None and wait.stops:
            let_go[*wait.where[:2], wait.end] = wait
    for cue in table.cues:
        cause, why = _cause(cue, let_go.get((*cue.where[:2], cue.at)), commands, answered)
        yield PlayedCue(*cue.where, expected.get(cue.where), cue.due, cue.at, cue.late, cause, why)


def _cause(
    cue: TimedCue, wait: TimedWait | None, commands: Mapping[int, TimedCommand], answered: Mapping[int, int]
) -> tuple[Cause | None, str | None]:
    if cue.late <= 0:
        return None, None
    if wait is None:
        return "machine", None
    word, _, rest = wait.what.partition(" ")
    command = commands.get(int(rest)) if word == "command" and rest.isdigit() else None
    if command is None:
        return "score", wait.what
    queue = (command.sent if command.sent is not None else wait.end or cue.at) - command.start
    answer = max(0, answered.get(command.id, command.end or cue.at) - command.start - queue)
    does = max(0, cue.at - command.start - queue - answer)
    said = f"line {command.line}: {command.reads.splitlines()[0]}"
    if queue >= max(answer, does):
        return "queue", said
    # Where no reply was written down, what the program did and how long the wire took cannot be told apart.
    return ("device", said) if answer > does and command.id in answered else ("score", said)


def _lateness(cues: Sequence[PlayedCue]) -> Iterable[Lateness]:
    for cause in CAUSES:
        late = [one.late for one in cues if one.cause == cause]
        yield Lateness(cause, len(late), sum(late), max(late, default=0))


def _bad(commands: Iterable[TimedCommand]) -> Iterable[Bad]:
    for one in commands:
        if one.result is not None and badly(one.result, one.reason):
            yield _told(one, one.result, one.reason)


def _unheard(entries: Iterable[Entry], commands: Iterable[TimedCommand]) -> Iterable[Bad]:
    why = {entry["unheard"]: entry.get("detail") for entry in entries if "unheard" in entry}
    for one in commands:
        if one.id in why:
            yield _told(one, one.result or "", why[one.id])


def _told(one: TimedCommand, result: str, reason: str | None) -> Bad:
    return Bad(one.start, one.device, *one.where, one.file, one.line, one.reads, result, reason)


def _counted(commands: Iterable[TimedCommand]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for one in commands:
        if one.result is not None:
            counts[one.result] = counts.get(one.result, 0) + 1
    return counts


def _devices(
    drivers: Mapping[str, str],
    kinds: Mapping[str, Device],
    entries: Sequence[Entry],
    commands: Sequence[TimedCommand],
) -> Iterable[PlayedDevice]:
    replied: dict[int, int] = {}
    for entry in entries:
        if entry["kind"] == "reply" and "id" in entry:
            replied.setdefault(entry["id"], entry["at"])
    last = entries[-1]["at"] if entries else 0
    for name, driver in drivers.items():
        mine = [one for one in commands if one.device == name and one.sent is not None]
        # What is said is answered when it has been spoken: that says nothing of the device and its wire.
        verbs = kinds[driver].verbs if driver in kinds else ()
        spoken = {verb.name for verb in verbs if verb.class_ is Class.SPEECH}
        queues = sorted((one.sent or 0) - one.start for one in mine)
        answered = [one for one in mine if one.id in replied and one.verb not in spoken]
        answers = sorted(replied[one.id] - (one.sent or 0) for one in answered)
        told = [one for one in entries if one["kind"] == "device" and one.get("device") == name]
        lost, away = _away(told, last)
        yield PlayedDevice(
            name,
            driver,
            len(mine),
            _half(queues),
            max(queues, default=0),
            _half(answers),
            max(answers, default=0),
            lost,
            away,
            tuple((one["at"], str(one["state"]), one.get("detail")) for one in told),
        )


def _away(told: Iterable[Mapping[str, Any]], last: int) -> tuple[int, int]:
    """Count how often a device was lost, or fell mute, and add up how long it was away."""
    lost, away = 0, 0
    since: int | None = None
    for entry in told:
        if entry["state"] in {"lost", "not answering"} and since is None:
            lost, since = lost + 1, entry["at"]
        elif entry["state"] == "ready" and since is not None:
            away, since = away + entry["at"] - since, None
    return lost, away if since is None else away + last - since


def _half(ordered: Sequence[int]) -> int:
    return ordered[len(ordered) // 2] if ordered else 0


def _reload(entry: Entry) -> PlayedReload:
    counted = {key: len(entry.get(key) or ()) for key in ("added", "removed", "changed", "missed", "findings")}
    return PlayedReload(entry["at"], bool(entry["ok"]), **counted)

"""The rows of a dry run: when each command is taken, when it was written, how it ended, and why at another time.

Read off the timetable of its journal. How they are laid out is the terminal's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from showrunner.diagnostics.wording import count
from showrunner.engine.states import badly
from showrunner.reports import endings
from showrunner.reports.music import Music, music
from showrunner.reports.timetable import (
    Moment,
    TimedCommand,
    TimedCue,
    TimedLog,
    TimedSegment,
    TimedWait,
    Timetable,
    moments,
)
from showrunner.slotted import dataclass
from showrunner.timeline.cues import Awaited, CueList, Until
from showrunner.timeline.labels import Inside, Key, Label, Labels
from showrunner.times import SCALE, clock, short

LEAST = 1_000
"""Microseconds below which nothing is called late or queued."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: ``at`` in microseconds, ``id`` of its command; a heading has only ``text``, the last line no cue.

    ``bar``: the beat that it is in a segment that has a tempo (`9.3`).
    ``written``: the script's words for its time. ``reason`` says why it is another, or why it ended so; ``bad``: badly.
    """

    at: int | None
    written: str
    track: str
    cue: Label | None
    text: str
    ending: str = ""
    reason: str = ""
    bad: bool = False
    id: int | None = None
    bar: str = ""


def rows(table: Timetable, cues: CueList) -> list[Row]:
    """Give the rows of a journal of ``cues``.

    Of a `repeat`, the first two turns are there and the others counted.
    """
    labels = Labels(cues)
    reader = _Reader(labels, music(table, cues, labels), {one.name: one.until for one in cues.segments})
    for moment, ended in moments(table):
        reader.take(moment, ended=ended)
    if table.result is not None:
        reader.rows.append(Row(table.length, "", "", None, _the_end(table)))
    return _folded(reader.rows)


class _Reader:
    """Makes the rows, moment by moment."""

    def __init__(self, labels: Labels, bars: Mapping[str, Music], ends: Mapping[str, Until | None]) -> None:
        self.rows: list[Row] = []
        self._labels = labels
        self._bars = bars
        self._ends = ends
        self._began = 0
        self._segment_name = ""
        self._restoring: int | None = None
        self._rows: dict[int, int] = {}
        self._wanted: dict[Key, str] = {}
        self._late: dict[Key, str] = {}
        self._freed: dict[str, tuple[int, str]] = {}
        self._ended: dict[tuple[str | None, int], str] = {}
        self._cause: dict[str, str] = {}

    def take(self, moment: Moment, *, ended: bool) -> None:
        """Take what begins, or ends."""
        match moment:
            case TimedSegment():
                self._segment(moment)
            case TimedCue():
                self._cue(moment)
            case TimedCommand() if ended:
                self._outcome(moment)
            case TimedCommand():
                self._command(moment)
            case TimedWait() if ended and moment.stops:
                self._resumed(moment)
            case TimedWait() if not ended:
                word, _, rest = moment.what.partition(" ")
                if word in {"go", "time"}:
                    said = f"wait {rest}" if word == "time" else f'hold "{rest}"' if rest else "hold"
                    self._row(moment.seq, moment.start, moment.where, said)
            case TimedLog():
                self._row(moment.seq, moment.at, moment.where, f'log "{moment.message}"')

    def _segment(self, segment: TimedSegment) -> None:
        at = segment.start
        named = f'{segment.name} "{segment.title}"' if segment.title else segment.name
        self._restoring = at if not self._segment_name else None
        self._segment_name = segment.name
        self._began = at
        self._cause.clear()
        self._wanted.clear()
        heading = [named, f"from {clock(at)}" if at else "", _stays(segment, self._ends.get(segment.name))]
        self.rows.append(Row(None, "", "", None, " · ".join(filter(None, heading))))

    def _cue(self, cue: TimedCue) -> None:
        place, at, track = cue.where, cue.at, cue.where[1]
        spot = self._labels.at(place)
        inside = None if spot is None else spot.label.inside
        self._restoring = None
        wanted = "" if spot is None else spot.cue.written
        if cue.due == 0 and (early := self._outer(place, inside)):
            wanted = early
        self._wanted[place] = wanted
        if cue.late >= LEAST:
            when, which = self._freed.get(track, (-1, ""))
            because = which if when == at else "what stands above"
            self._late[place] = f"{short(cue.late)} late because of {because}"
            if inside is None:
                self._cause[track] = because
        elif inside is None and wanted.startswith(("at ", "then at ")) and "+" not in wanted:
            behind = at - self._began - cue.due
            if behind >= LEAST and track in self._cause:
                self._late[place] = f"{short(behind)} after its written time since {self._cause[track]}"

    def _outer(self, place: Key, inside: Inside | None) -> str:
        """Take the position of the cue that has led here and has no line of its own (a `do`, a `repeat`)."""
        while inside is not None:
            if found := self._wanted.pop((*place[:2], inside.cue.text()), ""):
                return found
            inside = inside.cue.inside
        return ""

    def _command(self, command: TimedCommand) -> None:
        if command.start != self._restoring:
            self._row(command.seq, command.start, command.where, command.reads, command.id)
            return
        # Sent so that the stage looks as it would here: no cue was taken for it.
        segment, track, _ = command.where
        self._rows[command.seq] = len(self.rows)
        beside = track if segment == self._segment_name else ""
        label = self._labels.label(command.where)
        self.rows.append(Row(command.start, "restored", beside, label, command.reads, id=command.id))

    def _row(self, seq: int, at: int, place: Key, text: str, id: int | None = None) -> None:
        self._rows[seq] = len(self.rows)
        wanted, reason = self._wanted.pop(place, ""), self._late.pop(place, "")
        bar = self._bars[place[0]].place(at) if place[0] in self._bars else ""
        self.rows.append(Row(at, wanted, place[1], self._labels.label(place), text, "", reason, id=id, bar=bar))

    def _outcome(self, command: TimedCommand) -> None:
        number = self._rows[command.seq]
        row, at = self.rows[number], command.end or 0
        queued = self._queued(command)
        said, why = endings.ended(str(command.result), command.reason, command.took)
        reason = ", ".join(one for one in (why, row.reason, queued) if one)
        named = "" if row.cue is None else row.cue.own
        self._freed[row.track] = (at, named)
        self._ended[command.device, at] = named
        bad = badly(str(command.result), command.reason)
        self.rows[number] = replace(row, ending=f"! {said}" if bad else said, reason=reason, bad=bad)

    def _queued(self, command: TimedCommand) -> str:
        """Say what a command has waited for in its lane: what ended at the instant at which it was sent."""
        since = 0 if command.sent is None else command.sent - command.start
        which = self._ended.get((command.device, command.sent or 0))
        return "" if since < LEAST or which is None else f"queued {short(since)} behind {which}"

    def _resumed(self, wait: TimedWait) -> None:
        word, at, label = wait.what.partition(" ")[0], wait.end or 0, self._labels.label(wait.where)
        number = self._rows.get(wait.seq)
        if number is not None:
            self.rows[number] = replace(self.rows[number], ending=_went_on(str(wait.why), at - wait.start))
        if word == "time":
            self._freed[wait.where[1]] = (at, label.own)
        elif word not in {"then", "command"} and label.inside is None:
            self._cause[wait.where[1]] = f"{'the hold' if word == 'go' else 'the wait'} of {label.own}"


def _stays(segment: TimedSegment, ends: Until | None) -> str:
    """Say for how long a segment stays that an event ends."""
    if ends is None:
        return ""
    minutes, rest = divmod(segment.end - segment.start, SCALE["m"])
    lasts = short(segment.end - segment.start) if rest or not minutes else count(minutes, "minute")
    return f"until {' or '.join(map(_named, ends.events))}, or {lasts} in a dry run"


def _named(event: Awaited) -> str:
    if event.kind == "device":
        return f"`{event.called.removeprefix('event ')}`"
    return event.name if event.kind == "time" else f"the {event.kind} {event.name}"


def _the_end(table: Timetable) -> str:
    said = "the end" if table.result == "done" else f"the end ({table.result})"
    return f"{said}: {endings.line(table.counts, endings.of(table.commands))}"


def _went_on(why: str, waited: int) -> str:
    if why not in {"go", "finished"}:
        return f"{why} after {short(waited)}"
    word = "GO" if why == "go" else ""
    return f"{word} after {short(waited)}".strip() if waited else word


def _folded(rows: Sequence[Row]) -> list[Row]:
    """Keep the first two turns of every `repeat`, and whatever ended badly; count the rest where it begins."""
    kept: list[Row] = []
    counted: dict[tuple[str, Label], tuple[int, set[int]]] = {}
    for row in rows:
        if row.at is None:
            counted.clear()
        turn = None if row.cue is None else row.cue.turn
        if turn is None or turn.turn is None or turn.turn <= 2 or row.bad:
            kept.append(row)
            continue
        key = (row.track, turn.cue)
        if key not in counted:
            counted[key] = (len(kept), set())
            kept.append(row)
        number, turns = counted[key]
        turns.add(turn.turn)
        more = count(len(turns), "more turn")
        kept[number] = replace(
            kept[number], written="", cue=turn.cue, text=f"… {more} like this", ending="", reason="", id=None
        )
    return kept

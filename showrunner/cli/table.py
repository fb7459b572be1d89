"""The dry run as a table: when each command is taken, when it was written, who is heard, how it ended.

Reads a journal, whole. How the rows are laid out is in ``columns``, who is heard in ``voices``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from showrunner.cli.terminal.columns import Line, Paint, laid_out
from showrunner.diagnostics.wording import count, visible
from showrunner.engine.states import badly
from showrunner.reports.timetable import Voice
from showrunner.reports.voices import lanes
from showrunner.timeline.labels import Inside, Key, Label, Labels
from showrunner.times import clock, short

LEAST = 1_000
"""Microseconds below which nothing is called late or queued."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: ``at`` in microseconds, ``id`` of its command; a heading has only ``text``, the last line no cue."""

    at: int | None
    written: str
    track: str
    cue: Label | None
    text: str
    ending: str = ""
    reason: str = ""
    bad: bool = False
    id: int | None = None


def table(
    entries: Sequence[Mapping[str, Any]],
    labels: Labels,
    heard: Sequence[Voice] = (),
    closing: Sequence[str] = (),
    paint: Paint | None = None,
) -> str:
    """Lay out a journal: when each command comes, when the script wants it, and why that is another time.

    ``labels``: those of the show. ``heard`` makes a column for each voice: beside a command
    that speaks, how long (and how much later than it was taken), and a mark while it is speaking. Of a `repeat`, the
    first two turns are shown and the others counted. ``closing`` are lines below it all. ``paint`` colours commands.
    """
    reader = _Reader(labels)
    for entry in entries:
        reader.take(entry)
    sounding = {name: _Lane(spoken) for name, spoken in lanes(heard).items()}
    # Its name heads the column; a device is called there as in the script.
    head = Line("expected", "written", tuple(map(visible, sounding)), "track", ("cue",), "command", "", "")
    lines: list[Line | str] = []
    for row in _folded(reader.rows):
        if row.at is None:
            lines += ["", row.text]
        else:
            beside = tuple(lane.cell(row.at, row.id) for lane in sounding.values())
            cue = () if row.cue is None else row.cue.links
            lines.append(
                Line(clock(row.at), row.written, beside, row.track, cue, row.text, row.ending, row.reason, row.bad)
            )
    laid = laid_out(head, lines, paint)
    return "\n".join([visible(reader.title), "", *laid, *(["", *map(visible, closing)] if closing else [])]) + "\n"


class _Lane:
    """When one voice is heard."""

    def __init__(self, spoken: Sequence[Voice]) -> None:
        self._starts = [voice.start for voice in spoken]
        self._spoken = spoken
        self._by_command = {voice.id: voice for voice in spoken}
        self._begun: set[int] = set()

    def cell(self, at: int, id: int | None) -> str:
        if id is not None and id in self._by_command:
            voice = self._by_command[id]
            self._begun.add(id)
            later = f"+{short(voice.start - at)}, " if voice.start - at >= LEAST else ""
            return f"{later}{short(voice.end - voice.start)}"
        number = bisect_right(self._starts, at) - 1
        if number < 0:
            return ""
        voice = self._spoken[number]
        # What is taken at the same instant, but stands above its command, comes before it begins.
        return "│" if at < voice.end and (voice.start < at or voice.id in self._begun) else ""


class _Reader:
    """Makes the rows of a journal, entry by entry."""

    def __init__(self, labels: Labels) -> None:
        self.rows: list[_Row] = []
        self.title = ""
        self._labels = labels
        self._began = 0
        self._segment_name = ""
        self._restoring: int | None = None
        self._rows: dict[int, int] = {}
        self._devices: dict[int, str] = {}
        self._waits: dict[tuple[str, str, str, str], int] = {}
        self._wanted: dict[tuple[str, str, str], str] = {}
        self._late: dict[tuple[str, str, str], str] = {}
        self._freed: dict[str, tuple[int, str]] = {}
        self._ended: dict[str, tuple[int, str]] = {}
        self._cause: dict[str, str] = {}

    def take(self, entry: Mapping[str, Any]) -> None:
        at, kind = entry["at"], entry["kind"]
        place = (entry.get("segment", ""), entry.get("track", ""), entry.get("cue", ""))
        match kind:
            case "show":
                self.title = entry["title"]
            case "segment":
                self._segment(at, entry)
            case "cue":
                self._cue(at, place, entry["due"], entry["late"])
            case "command":
                self._rows[entry["id"]] = len(self.rows)
                self._devices[entry["id"]] = entry.get("device", "")
                if at == self._restoring:
                    # Sent so that the stage looks as it would here: no cue was taken for it.
                    track = place[1] if place[0] == self._segment_name else ""
                    cue = self._labels.label(place)
                    self.rows.append(_Row(at, "restored", track, cue, entry["text"], id=entry["id"]))
                else:
                    self._row(at, place, entry["text"], id=entry["id"])
            case "sent" if entry.get("id") in self._rows:
                self._sent(at, entry["id"], entry["device"])
            case "outcome" if entry["id"] in self._rows:
                self._outcome(at, entry)
            case "wait" if entry["for"].split(" ")[0] in {"go", "time"}:
                self._waits[*place, entry["for"]] = len(self.rows)
                word, _, rest = entry["for"].partition(" ")
                self._row(at, place, f"wait {rest}" if word == "time" else f'hold "{rest}"' if rest else "hold")
            case "resume":
                self._resume(at, place, entry)
            case "log":
                self._row(at, place, f'log "{entry["message"]}"')
            case "end":
                self.rows.append(_Row(at, "", "", None, _ending(entry)))

    def _segment(self, at: int, entry: Mapping[str, Any]) -> None:
        named = f'{entry["segment"]} "{entry["title"]}"' if entry.get("title") else entry["segment"]
        self._restoring = at if not self._segment_name else None
        self._segment_name = entry["segment"]
        self._began = at
        self._cause.clear()
        self._wanted.clear()
        self.rows.append(_Row(None, "", "", None, f"{named} · from {clock(at)}" if at else named))

    def _cue(self, at: int, place: Key, due: int, late: int) -> None:
        track, found = place[1], self._labels.at(place)
        inside = None if found is None else found.label.inside
        self._restoring = None
        wanted = "" if found is None else found.cue.written
        if due == 0 and (early := self._outer(place, inside)):
            wanted = early
        self._wanted[place] = wanted
        if late >= LEAST:
            when, which = self._freed.get(track, (-1, ""))
            because = which if when == at else "what stands above"
            self._late[place] = f"{short(late)} late because of {because}"
            if inside is None:
                self._cause[track] = because
        elif inside is None and wanted.startswith(("at ", "then at ")) and "+" not in wanted:
            behind = at - self._began - due
            if behind >= LEAST and track in self._cause:
                self._late[place] = f"{short(behind)} after its written time since {self._cause[track]}"

    def _outer(self, place: Key, inside: Inside | None) -> str:
        """Take the position of the cue that has led here and has no line of its own (a `do`, a `repeat`)."""
        while inside is not None:
            if found := self._wanted.pop((*place[:2], inside.cue.text()), ""):
                return found
            inside = inside.cue.inside
        return ""

    def _row(self, at: int, place: Key, text: str, id: int | None = None) -> None:
        wanted, reason = self._wanted.pop(place, ""), self._late.pop(place, "")
        self.rows.append(_Row(at, wanted, place[1], self._labels.label(place), text, "", reason, id=id))

    def _sent(self, at: int, id: int, device: str) -> None:
        number = self._rows[id]
        row = self.rows[number]
        since = at - (row.at or 0)
        when, which = self._ended.get(device, (-1, ""))
        if since >= LEAST and when == at and "queued" not in row.reason:
            queued = f"queued {short(since)} behind {which}"
            self.rows[number] = replace(row, reason=f"{row.reason}, {queued}" if row.reason else queued)

    def _outcome(self, at: int, entry: Mapping[str, Any]) -> None:
        number = self._rows.pop(entry["id"])
        row = self.rows[number]
        self._freed[row.track] = (at, _named(row))
        self._ended[self._devices.pop(entry["id"])] = (at, _named(row))
        said = entry["result"] if not entry.get("reason") else f"{entry['result']}: {entry['reason']}"
        if entry["result"] == "done" and entry["took"] >= LEAST:
            said += f" in {short(entry['took'])}"
        bad = badly(entry["result"], entry.get("reason"))
        self.rows[number] = replace(row, ending=f"! {said}" if bad else said, bad=bad)

    def _resume(self, at: int, place: Key, entry: Mapping[str, Any]) -> None:
        what = entry["for"].split(" ")[0]
        number = self._waits.pop((*place, entry["for"]), None)
        if number is not None:
            waited = at - (self.rows[number].at or 0)
            self.rows[number] = replace(self.rows[number], ending=_resumed(entry["why"], waited))
        if what == "time":
            self._freed[place[1]] = (at, self._labels.label(place).own)
        elif what not in {"then", "command"}:
            label = self._labels.label(place)
            if label.inside is None:
                self._cause[place[1]] = f"{'the hold' if what == 'go' else 'the wait'} of {label.own}"


def _named(row: _Row) -> str:
    return "" if row.cue is None else row.cue.own


def _ending(entry: Mapping[str, Any]) -> str:
    counted = [f"{number} {name}" for name, number in entry["counts"].items() if number]
    said = "the end" if entry["result"] == "done" else f"the end ({entry['result']})"
    return f"{said}: {', '.join(counted) or 'no commands'}"


def _resumed(why: str, waited: int) -> str:
    if why not in {"go", "finished"}:
        return f"{why} after {short(waited)}"
    word = "GO" if why == "go" else ""
    return f"{word} after {short(waited)}".strip() if waited else word


def _folded(rows: Sequence[_Row]) -> list[_Row]:
    """Keep the first two turns of every `repeat`, and whatever ended badly; count the rest where it begins."""
    kept: list[_Row] = []
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

"""The dry run as a table: when each command is taken, where it stands, how it ended. Reads a journal, whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from showrunner.cli.failures import is_bad
from showrunner.diagnostics.render import cells, visible

WIDEST = 72
"""Cells of a command's text that are shown."""

_TURN = re.compile(r"^(.*?)#(\d+)(?:/|$)")


@dataclass(frozen=True, slots=True)
class _Row:
    """One line: ``at`` in microseconds; ``written`` is when the script wants the cue; ``note`` is how it ended.

    A heading has only ``text``.
    """

    at: int | None
    written: str
    track: str
    cue: str
    text: str
    note: str = ""


def clock(micros: int) -> str:
    """Give an instant of show time as `MM:SS.mmm`, with hours where there are any."""
    seconds, milli = divmod(micros // 1_000, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    front = f"{hours}:{minutes:02}" if hours else f"{minutes:02}"
    return f"{front}:{seconds:02}.{milli:03}"


def short(micros: int) -> str:
    """Give a length of time for reading: `0.4 s`, `12 s`, `2:05`."""
    if micros >= 60_000_000:
        return f"{micros // 60_000_000}:{micros // 1_000_000 % 60:02}"
    tenths = (micros + 50_000) // 100_000
    return f"{tenths // 10}.{tenths % 10} s" if tenths % 10 else f"{tenths // 10} s"


def table(entries: Iterable[Mapping[str, Any]], written: Mapping[tuple[str, str], str]) -> str:
    """Lay out a journal: when each command comes, when the script wants it, how it ended, and why it came late.

    ``written``: (segment, cue) -> its position in the script. Of a `repeat`, the first two turns are shown and the
    others counted.
    """
    rows: list[_Row] = []
    commands: dict[int, int] = {}
    waits: dict[tuple[str, str, str, str], int] = {}
    late: dict[tuple[str, str, str], int] = {}
    wanted: dict[tuple[str, str, str], str] = {}
    title = ""
    for entry in entries:
        at, kind = entry["at"], entry["kind"]
        place = (entry.get("segment", ""), entry.get("track", ""), entry.get("cue", ""))
        match kind:
            case "show":
                title = entry["title"]
            case "segment":
                named = f'{entry["segment"]} "{entry["title"]}"' if entry.get("title") else entry["segment"]
                rows.append(_Row(None, "", "", "", named))
            case "cue":
                late[place] = entry["late"]
                wanted[place] = written.get((place[0], place[2].rpartition("/")[2]), "")
            case "command":
                commands[entry["id"]] = len(rows)
                overrun = late.get(place, 0)
                note = f"{short(overrun)} late: what stands above took longer" if overrun >= 1_000 else ""
                rows.append(_Row(at, wanted.pop(place, ""), place[1], place[2], entry["text"], note))
            case "outcome" if entry["id"] in commands:
                number = commands.pop(entry["id"])
                rows[number] = _ended(rows[number], entry)
            case "wait" if entry["for"].split(" ")[0] in {"go", "time"}:
                waits[*place, entry["for"]] = len(rows)
                word, _, rest = entry["for"].partition(" ")
                text = f"wait {rest}" if word == "time" else f'hold "{rest}"' if rest else "hold"
                rows.append(_Row(at, wanted.pop(place, ""), place[1], place[2], text))
            case "resume" if (*place, entry["for"]) in waits:
                number = waits.pop((*place, entry["for"]))
                waited = at - (rows[number].at or 0)
                rows[number] = replace(rows[number], note=_resumed(entry["why"], waited))
            case "log":
                rows.append(_Row(at, wanted.pop(place, ""), place[1], place[2], f'log "{entry["message"]}"'))
            case "end":
                rows.append(_Row(at, "", "", "", _ending(entry)))
    return _laid_out(title, _folded(rows))


def _ending(entry: Mapping[str, Any]) -> str:
    counted = [f"{number} {name}" for name, number in entry["counts"].items() if number]
    said = "the end" if entry["result"] == "done" else f"the end ({entry['result']})"
    return f"{said}: {', '.join(counted) or 'no commands'}"


def _resumed(why: str, waited: int) -> str:
    if why not in {"go", "finished"}:
        return f"{why} after {short(waited)}"
    word = "GO" if why == "go" else ""
    return f"{word} after {short(waited)}".strip() if waited else word


def _ended(row: _Row, outcome: Mapping[str, Any]) -> _Row:
    said = outcome["result"] if not outcome.get("reason") else f"{outcome['result']}: {outcome['reason']}"
    if outcome["result"] == "done" and outcome["took"] >= 1_000:
        said += f" in {short(outcome['took'])}"
    if is_bad(outcome):
        said = f"! {said}"
    return replace(row, note=f"{said} ({row.note})" if row.note else said)


def _folded(rows: Sequence[_Row]) -> list[_Row]:
    """Keep the first two turns of every `repeat`, and whatever ended badly; count the rest where it begins."""
    kept: list[_Row] = []
    counted: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for row in rows:
        if row.at is None:
            counted.clear()
        turn = _TURN.match(row.cue)
        if turn is None or int(turn[2]) <= 2 or row.note.startswith("! "):
            kept.append(row)
            continue
        key = (row.track, turn[1])
        if key not in counted:
            counted[key] = (len(kept), set())
            kept.append(row)
        number, turns = counted[key]
        turns.add(turn[2])
        more = "1 more turn" if len(turns) == 1 else f"{len(turns)} more turns"
        kept[number] = replace(kept[number], cue=turn[1], text=f"… {more} like this", note="")
    return kept


def _laid_out(title: str, rows: Sequence[_Row]) -> str:
    lines = [visible(title)]
    timed = [replace(row, text=_cut(visible(row.text))) for row in rows]
    times, positions, tracks, cues, texts = (
        max((cells(value) for value in column), default=0)
        for column in (
            [clock(row.at) for row in timed if row.at is not None],
            [row.written for row in timed],
            [visible(row.track) for row in timed],
            [visible(row.cue) for row in timed],
            [row.text for row in timed if row.at is not None],
        )
    )
    for row in timed:
        if row.at is None:
            lines += ["", row.text]
            continue
        parts = [
            f"  {clock(row.at):>{times}}",
            _filled(row.written, positions),
            _filled(visible(row.track), tracks),
            _filled(visible(row.cue), cues),
            _filled(row.text, texts),
            visible(row.note),
        ]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines) + "\n"


def _filled(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _cut(text: str) -> str:
    if cells(text) <= WIDEST:
        return text
    used = 0
    for number, character in enumerate(text):
        used += cells(character)
        if used >= WIDEST:
            return text[:number] + "…"
    return text

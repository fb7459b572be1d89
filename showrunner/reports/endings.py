"""How commands ended, in words: of one, and of all in a show's last line. Read off a journal or a timetable.

Where in the script something went wrong, and what the program said, is in ``failures``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from showrunner.diagnostics.wording import count, listed
from showrunner.engine.states import HARMLESS, badly
from showrunner.frozen import dataclass
from showrunner.reports.timetable import TimedCommand
from showrunner.times import short

NAMED = 3
"""So many commands that ended alike are named; the others are counted."""

LEAST = 1_000
"""Microseconds below which it is not said how long something took."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that was not simply done: where it stands and what it is (`line 7 DEVICE VERB`), and its outcome."""

    which: str
    result: str
    reason: str | None


def ended(result: str, reason: str | None, took: int = 0) -> tuple[str, str]:
    """Say how a command ended, in a word or two, and why, if there is more to say. What an end cuts is no trouble."""
    if result == "done":
        return (f"done in {short(took)}" if took >= LEAST else result), reason or ""
    if reason in HARMLESS:
        word = "cut" if result == "cancelled" else result
        return f"{word} by {'the end' if reason == 'over' else reason}", ""
    return result, reason or ""


def of(commands: Iterable[TimedCommand]) -> list[Ended]:
    """Give the commands of a timetable that were not simply done."""
    return [
        Ended(_which(one.file, one.line, one.device, one.verb), one.result, one.reason)
        for one in commands
        if one.result is not None and one.result != "done"
    ]


def unheard(number: int) -> str:
    """Say how many lines probably nobody heard, though they are done."""
    return f"{count(number, 'line was', 'lines were')} probably not heard"


def line(counts: Mapping[str, int], others: Iterable[Ended], silent: int = 0) -> str:
    """Say in one line how all commands ended, and which were not simply done: what ended badly first.

    ``silent``: so many lines probably nobody heard.
    """
    found: dict[str, list[str]] = {}
    for one in sorted(others, key=lambda one: not badly(one.result, one.reason)):
        found.setdefault(ended(one.result, one.reason)[0], []).append(one.which)
    said = [f"{counts['done']:,} done"] if counts.get("done") else []
    said += [f"{len(which):,} {word} ({listed(which, most=NAMED)})" for word, which in found.items()]
    return (", ".join(said) or "no commands") + (f"; {unheard(silent)}" if silent else "")


class Endings:
    """A sink of the journal that remembers which commands were not simply done, and counts lines nobody heard."""

    def __init__(self) -> None:
        self.others: list[Ended] = []
        self._running: dict[int, str] = {}
        self._unheard: set[int] = set()

    @property
    def unheard(self) -> int:
        """How many lines were spoken that probably nobody heard."""
        return len(self._unheard)

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Take one journal entry."""
        if entry["kind"] == "command":
            self._running[entry["id"]] = _which(entry.get("file"), entry["line"], entry.get("device"), entry["verb"])
        elif entry["kind"] == "device" and "unheard" in entry:
            self._unheard.add(entry["unheard"])
        elif entry["kind"] == "outcome":
            which = self._running.pop(entry["id"], "")
            if entry["result"] != "done":
                self.others.append(Ended(which, entry["result"], entry.get("reason")))


def _which(file: str | None, line: int, device: str | None, verb: str) -> str:
    place = f"line {line}" if file is None else f"{file} line {line}"
    return f"{place} {verb}" if device is None or verb == "wait for" else f"{place} {device} {verb}"

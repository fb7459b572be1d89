"""How commands ended, in words: of one, and of all in a show's last line. Read off a journal or a timetable.

Where in the script something went wrong, and what the program said, is in ``failures``.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import Any

from showrunner.diagnostics.wording import count, listed
from showrunner.engine.states import HARMLESS, badly
from showrunner.reports.timetable import TimedCommand
from showrunner.slotted import dataclass
from showrunner.times import short

NAMED = 3
"""So many commands that ended alike are named; the others are counted."""

LATELY = 1_000
"""A line that nobody heard is told again, if at all, before so many others."""

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


def of(commands: Iterable[TimedCommand]) -> Counter[Ended]:
    """Count the commands of a timetable that were not simply done."""
    return Counter(
        Ended(_which(one.file, one.line, one.device, one.verb), one.result, one.reason)
        for one in commands
        if one.result is not None and one.result != "done"
    )


def unheard(number: int) -> str:
    """Say how many lines probably nobody heard, though they are done."""
    return f"{count(number, 'line was', 'lines were')} probably not heard"


def line(counts: Mapping[str, int], others: Mapping[Ended, int], silent: int = 0) -> str:
    """Say in one line how all commands ended, and which were not simply done: what ended badly first.

    ``others``: how often each ended so. ``silent``: so many lines probably nobody heard.
    """
    found: dict[str, Counter[str]] = {}
    for one in sorted(others, key=lambda one: not badly(one.result, one.reason)):
        found.setdefault(ended(one.result, one.reason)[0], Counter())[one.which] += others[one]
    said = [f"{counts['done']:,} done"] if counts.get("done") else []
    said += [f"{which.total():,} {word} ({listed(which, most=NAMED)})" for word, which in found.items()]
    return (", ".join(said) or "no commands") + (f"; {unheard(silent)}" if silent else "")


class Endings:
    """A sink of the journal that remembers which commands were not simply done, and counts lines nobody heard.

    Of what a program says only whether it is trouble is kept: so no show, however long, makes it larger than its text.
    """

    def __init__(self) -> None:
        self.others: Counter[Ended] = Counter()
        self.unheard = 0
        self._running: dict[int, str] = {}
        self._told: deque[int] = deque(maxlen=LATELY)

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Take one journal entry."""
        if entry["kind"] == "command":
            self._running[entry["id"]] = _which(entry.get("file"), entry["line"], entry.get("device"), entry["verb"])
        elif entry["kind"] == "device" and "unheard" in entry and entry["unheard"] not in self._told:
            self._told.append(entry["unheard"])
            self.unheard += 1
        elif entry["kind"] == "outcome":
            which, reason = self._running.pop(entry["id"], ""), entry.get("reason")
            if entry["result"] != "done":
                self.others[Ended(which, entry["result"], reason if reason in HARMLESS else None)] += 1


def _which(file: str | None, line: int, device: str | None, verb: str) -> str:
    place = f"line {line}" if file is None else f"{file} line {line}"
    return f"{place} {verb}" if device is None or verb == "wait for" else f"{place} {device} {verb}"

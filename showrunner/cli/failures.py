"""What went wrong while a show ran, shown at the script's line: follows the journal as it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Place

HARMLESS = frozenset({"over", "stop", "seek", "reload", "panic"})
"""Reasons for which a command was not sent that are no failure."""


def is_bad(entry: Mapping[str, Any]) -> bool:
    """Tell whether an `outcome` entry is one the user should see."""
    if entry["result"] == "skipped":
        return entry.get("reason") not in HARMLESS
    return entry["result"] in {"failed", "timed-out"}


def place(command: Mapping[str, Any], main: str, texts: Mapping[str, str]) -> Place:
    """Find where a `command` entry stands: its line, in the file whose line holds its text (the script first)."""
    written, line = str(command["text"]).split("\n")[0], int(command["line"])
    for path in dict.fromkeys([main, *texts]):
        lines = texts.get(path, "").split("\n", line)[:line]
        column = lines[line - 1].find(written) if len(lines) == line else -1
        if column >= 0:
            return Place(path, line, column + 1, max(1, len(written)))
    return Place(main, line, 1)


class Failures:
    """A sink of the journal that hands each failure, laid out with carets, to ``tell``."""

    def __init__(self, main: str, texts: Mapping[str, str], tell: Callable[[str], None], *, colour: bool) -> None:
        self._main = main
        self._texts = texts
        self._tell = tell
        self._colour = colour
        self._running: dict[int, Mapping[str, Any]] = {}

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Take one journal entry."""
        if entry["kind"] == "command":
            self._running[entry["id"]] = entry
        elif entry["kind"] == "outcome":
            command = self._running.pop(entry["id"], None)
            if command is not None and is_bad(entry):
                self._tell(self._shown(command, entry))

    def _shown(self, command: Mapping[str, Any], outcome: Mapping[str, Any]) -> str:
        said = outcome.get("reason") or "no answer in time"
        message = f"{command['device']} {command['verb']}: {said}"
        where = place(command, self._main, self._texts)
        return render.failure(outcome["result"], message, where, self._texts, colour=self._colour)

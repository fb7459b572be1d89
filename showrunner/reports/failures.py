"""What went wrong while a show ran, and where in the script: follows the journal as it is written.

How it is shown, with carets, is in ``render``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from showrunner.diagnostics.diagnostic import Place
from showrunner.engine.states import badly
from showrunner.slotted import dataclass
from showrunner.timeline.labels import path_of, place_of


def place(command: Mapping[str, Any], main: str, texts: Mapping[str, str]) -> Place:
    """Find where a `command` entry stands: its file and line, and on that line its text."""
    path, line = path_of(main, command.get("file")), int(command["line"])
    written = str(command["text"]).split("\n")[0]
    lines = texts.get(path, "").split("\n", line)[:line]
    column = lines[line - 1].find(written) if len(lines) == line else -1
    return Place(path, line, column + 1, max(1, len(written))) if column >= 0 else Place(path, line, 1)


def calls(command: Mapping[str, Any], main: str, texts: Mapping[str, str]) -> tuple[Place, ...]:
    """Find the `do`s that a `command` entry came through, the innermost first: their whole lines."""
    found = []
    for call in command.get("through", ()):
        file, line = place_of(str(call))
        path = path_of(main, file)
        lines = texts.get(path, "").split("\n", line)[:line]
        written = lines[line - 1].rstrip() if len(lines) == line else ""
        start = len(written) - len(written.lstrip())
        found.append(Place(path, line, start + 1, max(1, len(written) - start)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Failure:
    """A command that ended badly. ``through``: the places of the `do`s it came through, the innermost first."""

    result: str
    message: str
    place: Place
    through: tuple[Place, ...]


class Failures:
    """A sink of the journal that hands each failure to ``tell``. ``texts`` are those of the files, by their paths."""

    def __init__(self, main: str, texts: Mapping[str, str], tell: Callable[[Failure], None]) -> None:
        self._main = main
        self._texts = texts
        self._tell = tell
        self._running: dict[int, Mapping[str, Any]] = {}

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Take one journal entry."""
        if entry["kind"] == "command":
            self._running[entry["id"]] = entry
        elif entry["kind"] == "outcome":
            command = self._running.pop(entry["id"], None)
            if command is not None and badly(entry["result"], entry.get("reason")):
                self._tell(self._read(command, entry))

    def _read(self, command: Mapping[str, Any], outcome: Mapping[str, Any]) -> Failure:
        said = outcome.get("reason") or "no answer in time"
        what = f"{command['device']} {command['verb']}" if "device" in command else command["verb"]
        where, through = place(command, self._main, self._texts), calls(command, self._main, self._texts)
        return Failure(outcome["result"], f"{what}: {said}", where, through)

"""What went wrong while a show ran, shown at the script's line: follows the journal as it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Place
from showrunner.engine.states import badly
from showrunner.timeline.labels import path_of, place_of


def is_bad(entry: Mapping[str, Any]) -> bool:
    """Tell whether an `outcome` entry is one the user should see."""
    return badly(entry["result"], entry.get("reason"))


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


class Failures:
    """A sink of the journal that hands each failure, laid out with carets, to ``tell``.

    ``paint`` colours a line of a show; without it there is no colour at all.
    """

    def __init__(
        self,
        main: str,
        texts: Mapping[str, str],
        tell: Callable[[str], None],
        *,
        paint: Callable[[str], str] | None = None,
    ) -> None:
        self._main = main
        self._texts = texts
        self._tell = tell
        self._paint = paint
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
        what = f"{command['device']} {command['verb']}" if "device" in command else command["verb"]
        message = f"{what}: {said}"
        where = place(command, self._main, self._texts)
        through = calls(command, self._main, self._texts)
        coloured = self._paint is not None
        return render.failure(
            outcome["result"], message, where, self._texts, through, colour=coloured, paint=self._paint
        )

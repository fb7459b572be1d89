"""The journal's file: every entry is written into it as it happens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import IO

from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.engine.journal import line
from showrunner.engine.messages import Entry


class JournalFile:
    """A sink of the journal. A disk that is full is told to ``warn`` once, and the show goes on.

    Raises ``Refusal`` where the file cannot be made.
    """

    def __init__(self, path: str, warn: Callable[[str], None]) -> None:
        self._path = path
        self._warn = warn
        self._file: IO[bytes] | None = None
        try:
            self._file = Path(path).open("wb", buffering=0)  # noqa: SIM115 - open as long as the show
        except OSError as error:
            raise Refusal(f"the journal `{path}` cannot be written: {reason(error)}") from error

    def __call__(self, entry: Entry) -> None:
        """Write one entry, so that a killed run loses at most this line."""
        if self._file is None:
            return
        try:
            self._file.write(f"{line(entry)}\n".encode())
        except OSError as error:
            self._warn(f"NO JOURNAL FROM HERE ON: `{self._path}` cannot be written: {reason(error)}")
            self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

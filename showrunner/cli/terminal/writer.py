"""Whoever writes to the terminal while a show plays: in a thread of its own, so that no terminal can hold the show up.

A terminal may take nothing for a while: Ctrl-S, text selected in a Windows console, a pipe whose reader stands. What is
to be shown then waits here, so much of it and no more; what is dropped is counted, and that is said.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from showrunner.diagnostics.wording import count

MOST = 2_000
"""So many things wait to be written."""

PATIENCE = 1.0
"""Seconds that the end of a show waits for a terminal that takes nothing."""

_STANDING: list[Writer] = []


class Writer:
    """Does what it is given, one after the other. ``say`` writes a line: what it is told when some were dropped."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._waiting: deque[Callable[[], None]] = deque()
        self._dropped = 0
        self._busy = False
        self._closing = False
        self._something = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="terminal", daemon=True)
        self._thread.start()

    def put(self, job: Callable[[], None]) -> None:
        """Have something written. Never waits; any thread may."""
        with self._something:
            if len(self._waiting) >= MOST:
                self._dropped += 1
                return
            self._waiting.append(job)
            self._something.notify_all()

    def settle(self, patience: float = PATIENCE) -> bool:
        """Wait until all of it is written, but no longer than so many seconds; tell whether it is."""
        with self._something:
            return self._something.wait_for(lambda: not self._waiting and not self._busy, patience)

    def close(self, patience: float = PATIENCE) -> None:
        """Write what waits, and no more after that. Where the terminal takes nothing, it is left behind."""
        if not self.settle(patience):
            _STANDING.append(self)
        with self._something:
            self._closing = True
            self._something.notify_all()

    def _run(self) -> None:
        while True:
            with self._something:
                while not self._waiting and not self._closing:
                    self._busy = False
                    self._something.notify_all()
                    self._something.wait()
                if not self._waiting:
                    return
                job, self._busy = self._waiting.popleft(), True
                dropped, self._dropped = (self._dropped, 0) if not self._waiting else (0, self._dropped)
            job()
            if dropped:
                self._say(f"{count(dropped, 'line')} could not be shown: the terminal took nothing")


def standing() -> bool:
    """Tell whether some terminal was left behind: then nothing may wait for it at the program's end either."""
    return bool(_STANDING)

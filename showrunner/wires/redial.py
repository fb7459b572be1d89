"""When a wire that dials tries again: after a pause of its own, as its driver wants, or as soon as somebody says so."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable


class Redial:
    """The pauses of one ``way``: one thread waits, any may say something. ``seconds`` turns microseconds into them."""

    def __init__(self, way: str, seconds: Callable[[int], float]) -> None:
        self._way = way
        self._seconds = seconds
        self._changed = threading.Condition()  # guards the two below
        self._until: float | None = None  # the instant that was asked for
        self._closed = False

    def rest(self, way: str, pause: int | None) -> None:
        """Wait so many microseconds before the next try, if it is this way that is meant; None: for a word."""
        if way == self._way:
            self._say(math.inf if pause is None else time.monotonic() + self._seconds(pause))

    def now(self) -> None:
        """Wait no longer."""
        self._say(time.monotonic())

    def met(self) -> None:
        """Note that a connection has opened: what was asked for before that is done."""
        with self._changed:
            self._until = None

    def close(self) -> None:
        """Never try again."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, pause: float) -> bool:
        """Wait ``pause`` seconds, or as was asked for; tell whether there is to be another try."""
        usual = time.monotonic() + pause
        with self._changed:
            while not self._closed:
                until = usual if self._until is None else self._until
                left = until - time.monotonic()
                if left <= 0:
                    self._until = None
                    return True
                self._changed.wait(None if until == math.inf else left)
            return False

    def _say(self, until: float) -> None:
        with self._changed:
            self._until = until
            self._changed.notify_all()

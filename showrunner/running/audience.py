"""What the audience of the doubles sees, line by line: `6.512 s  avatar Avatar03 · ParamAngleY 10.0 · says (happy) hi`.

All doubles in one line, for they are one picture. A value that moves is written four times a second, not at each step.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence

OFTEN = 0.25
"""Seconds between two lines that differ in numbers alone."""

_LAPSE = re.compile(r" until -?[\d.]+ s")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


class Audience:
    """Collects what the doubles show; any thread may tell it. ``names`` in the order they stand in the line.

    Those in ``labelled`` stand with their name before them (a second one of a kind). ``write`` gets each line.
    ``clock`` gives seconds; the first is the line's 0. ``lapses`` False: when a held value would lapse is not told, for
    the doubles count from another instant than the clock.
    """

    def __init__(
        self,
        names: Sequence[str],
        write: Callable[[str], None],
        labelled: frozenset[str] = frozenset(),
        clock: Callable[[], float] = time.monotonic,
        *,
        lapses: bool = True,
    ) -> None:
        self._seen = dict.fromkeys(names, "")
        self._write = write
        self._labelled = labelled
        self._clock = clock
        self._lapses = lapses
        self._began = clock()
        self._lock = threading.Lock()
        self._written = ""
        self._at = self._began - OFTEN
        self._open = False

    def begin(self) -> None:
        """Write what is seen so far, and from now on."""
        with self._lock:
            self._open = True
            self._tell()

    def see(self, name: str, shown: str) -> None:
        """Note what a double shows now, and write it unless only numbers have moved since just before."""
        with self._lock:
            self._seen[name] = shown
            self._tell()

    def glance(self) -> None:
        """Write what has moved since the last line (called every now and then)."""
        with self._lock:
            self._tell()

    def _tell(self) -> None:
        line = " · ".join(
            f"{name}: {shown}" if name in self._labelled else shown for name, shown in self._seen.items() if shown
        )
        # A held value is sent again and again, and lapses later each time: nobody sees that.
        lasting, before = _LAPSE.sub("", line), _LAPSE.sub("", self._written)
        if lasting == before or not self._open:
            return
        now = self._clock()
        if now - self._at < OFTEN and _NUMBER.sub("#", lasting) == _NUMBER.sub("#", before):
            return
        self._written, self._at = line, now
        self._write(f"{now - self._began:.3f} s  {line if self._lapses else lasting}")

"""The inbox of a real performance: arrivals from many threads, on the machine's steady clock.

Not the wires themselves: they put in, the performance takes out.
"""

from __future__ import annotations

import heapq
import sys
import threading
import time

from showrunner.wires.tempo import Tempo
from showrunner.wires.wire import Arrival, Arriving

_SLICE = 0.2
"""No wait of a lock is longer (seconds): on Windows Ctrl-C is seen only between two of them."""

_COARSE = 0.020 if sys.platform == "win32" else 0.0
"""A timed wait of a lock may come this late on Windows; the rest of the way is gone in short sleeps."""

_STEP = 0.001

CROWDED = 64
"""As much as so many messages may wait of one device before its wire reads no more (see ``pace.weight``).

So little lies before whatever is due that it is not late for it, however much comes in.
"""


class RealInbox:
    """Arrivals and a clock, in microseconds from when it was made. Any thread may put in, one takes out.

    ``tempo`` says how fast that clock goes; without one it goes as the wall's.
    """

    def __init__(self, tempo: Tempo | None = None) -> None:
        self._tempo = tempo or Tempo()
        self._start = self._tempo.now()
        # Reentrant: a signal handler may put in while this very thread is inside ``next``.
        self._changed = threading.Condition(threading.RLock())
        self._heap: list[tuple[int, bool, int, Arrival, int]] = []
        self._counter = 0
        self._waiting: dict[str, int] = {}
        self._tempo.listen(self._wake)

    def now(self) -> int:
        """Tell the microseconds since this inbox was made."""
        return self._tempo.now() - self._start

    def seconds(self, micros: int) -> float:
        """Tell how many seconds on the wall so many microseconds of this clock take."""
        return self._tempo.seconds(micros)

    def put(self, device: str, what: Arriving, weight: int = 1) -> None:
        """Stamp an arrival and wake whoever waits. ``device`` is the stage name, or empty for the operator.

        ``weight``: for how many messages it counts (see ``crowded``).
        """
        with self._changed:
            arrival = Arrival(self.now(), device, what)
            self._counter += 1
            self._waiting[device] = self._waiting.get(device, 0) + weight
            heapq.heappush(self._heap, (arrival.at, device != "", self._counter, arrival, weight))
            self._changed.notify()

    def crowded(self, device: str) -> bool:
        """Tell whether so much of a device waits here that its wire should read nothing more for now."""
        return self._waiting.get(device, 0) >= CROWDED

    def next(self, until: int | None) -> Arrival | None:
        """Give the next arrival stamped not later than ``until``, waiting for it; None once ``until`` has come."""
        with self._changed:
            while True:
                if self._heap and (until is None or self._heap[0][0] <= until):
                    arrival, weight = heapq.heappop(self._heap)[3:]
                    self._waiting[arrival.device] -= weight
                    return arrival
                if until is None:
                    self._changed.wait(_SLICE)
                    continue
                left = self._tempo.seconds(until - self.now())
                if left <= 0:
                    return None
                if left > _COARSE:
                    self._changed.wait(min(_SLICE, left - _COARSE))
                else:
                    self._doze(min(_STEP, left))

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()

    def _doze(self, seconds: float) -> None:
        self._changed.release()
        try:
            time.sleep(seconds)
        finally:
            self._changed.acquire()

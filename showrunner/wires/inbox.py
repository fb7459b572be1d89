"""The inbox of a real performance: arrivals from many threads, on the machine's steady clock.

Not the wires themselves: they put in, the performance takes out. Where the machine stood (a closed lid, a frozen
process) this clock stood too, and ``Stood`` arrives: nothing is due in one burst, and no limit has run out.
"""

from __future__ import annotations

import heapq
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from showrunner.wires.tempo import Tempo
from showrunner.wires.wire import STANDING, Arrival, Arriving, Stood

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

    ``tempo`` says how fast that clock goes; without one it goes as the wall's. ``work`` tells for how many nanoseconds
    this process has worked.
    """

    def __init__(self, tempo: Tempo | None = None, work: Callable[[], int] = time.process_time_ns) -> None:
        self._tempo = tempo or Tempo()
        self._work = work
        self._start = self._tempo.now()
        self._stood = 0
        self._looked: tuple[int, int] | None = None
        # Reentrant: a signal handler may put in while this very thread is inside ``next``.
        self._changed = threading.Condition(threading.RLock())
        self._heap: list[tuple[int, bool, int, Arrival, int]] = []
        self._counter = 0
        self._waiting: dict[str, int] = {}
        self._tempo.listen(self._wake)

    def now(self) -> int:
        """Tell the microseconds since this inbox was made, without those for which the machine stood."""
        return self.gone() - self._stood

    def gone(self) -> int:
        """Tell the microseconds since this inbox was made, all of them: for rates, since this never runs back."""
        return self._tempo.now() - self._start

    def seconds(self, micros: int) -> float:
        """Tell how many seconds on the wall so many microseconds of this clock take."""
        return self._tempo.seconds(micros)

    def put(self, device: str, what: Arriving, weight: int = 1) -> None:
        """Stamp an arrival and wake whoever waits. ``device`` is the stage name, or empty for the operator.

        ``weight``: for how many messages it counts (see ``crowded``).
        """
        with self._changed:
            self._push(Arrival(self.now(), device, what), weight)
            self._changed.notify()

    def _push(self, arrival: Arrival, weight: int) -> None:
        device = arrival.device
        self._counter += 1
        self._waiting[device] = self._waiting.get(device, 0) + weight
        heapq.heappush(self._heap, (arrival.at, device != "", self._counter, arrival, weight))

    def crowded(self, device: str) -> bool:
        """Tell whether so much of a device waits here that its wire should read nothing more for now."""
        return self._waiting.get(device, 0) >= CROWDED

    def next(self, until: int | None) -> Arrival | None:
        """Give the next arrival stamped not later than ``until``, waiting for it; None once ``until`` has come."""
        with self._changed:
            self._look(0.0)  # whoever asks was busy meanwhile
            while True:
                if self._heap and (until is None or self._heap[0][0] <= until):
                    arrival, weight = heapq.heappop(self._heap)[3:]
                    self._waiting[arrival.device] -= weight
                    return arrival
                left = None if until is None else self._tempo.seconds(until - self.now())
                if left is not None and left <= 0:
                    return None
                if left is None or left > _COARSE:
                    asked = _SLICE if left is None else min(_SLICE, left - _COARSE)
                    self._changed.wait(asked)
                else:
                    asked = min(_STEP, left)
                    self._doze(asked)
                self._look(asked)

    def _look(self, slept: float) -> None:
        """See whether the machine stood: more time has gone since the last look than anything here can account for.

        That is the time ``slept`` (seconds), or that for which this process worked. It stood from where both end.
        """
        wall, work = self._tempo.wall(), self._work()
        before, self._looked = self._looked, (wall, work)
        if before is None:
            return
        beyond = wall - before[0] - max(round(slept * 1_000_000_000), work - before[1])
        if beyond <= STANDING * 1_000_000_000:
            return
        stood = self._tempo.micros(beyond)
        self._stood += stood
        since, came = self.now(), [(one[3], one[4]) for one in sorted(self._heap)]
        self._heap.clear()
        self._waiting.clear()
        self._push(Arrival(since, "", Stood(stood)), 1)
        # What was stamped before this was seen came while it stood, or just behind it.
        for arrival, weight in came:
            at = arrival.at if arrival.at <= since else max(since, arrival.at - stood)
            self._push(replace(arrival, at=at), weight)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()

    def _doze(self, seconds: float) -> None:
        self._changed.release()
        try:
            time.sleep(seconds)
        finally:
            self._changed.acquire()

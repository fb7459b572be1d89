"""How fast time goes in a performance on doubles: as on the wall, or so many times faster or slower.

One tempo is shared by the performance and all its doubles, so that they live in the same time. It is no clock of its
own: an inbox is (``inbox``).
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from fractions import Fraction

SLOWEST, FASTEST = Fraction(1, 10), Fraction(100)
"""Beyond these a show is no longer itself: what travels between programs takes its time at any speed."""


def _counting_sleep() -> Callable[[], int]:
    """Give a steady clock (nanoseconds) that counts the sleep of the machine: a closed lid has taken its hours.

    Windows' counter does. Python's own clocks stand in sleep on Linux (clock_gettime(2): `CLOCK_BOOTTIME` does not)
    and on macOS (clock_gettime(3): `CLOCK_MONOTONIC_RAW` does not; on Linux the one of this name does).
    """
    if sys.platform == "win32":
        return time.perf_counter_ns
    name = "CLOCK_MONOTONIC_RAW" if sys.platform == "darwin" else "CLOCK_BOOTTIME"
    number = getattr(time, name, None)
    if number is None:
        return time.perf_counter_ns
    try:
        time.clock_gettime_ns(number)
    except OSError:  # a kernel, or a sandbox, that has no such clock
        return time.perf_counter_ns
    return lambda: time.clock_gettime_ns(number)


STEADY = _counting_sleep()


class Tempo:
    """Time that passes ``speed`` times as fast as that of ``source`` (nanoseconds), from 0. Any thread may ask.

    One thread at a time may ``change`` it.
    """

    def __init__(self, speed: Fraction | int = 1, source: Callable[[], int] = STEADY) -> None:
        self._source = source
        self._listeners: list[Callable[[], None]] = []
        # The speed, and since which instant of the source at which of ours. One value, exchanged as a whole, instead of
        # a lock: a signal handler asks for the time in the midst of whatever was going on.
        self._going = (_checked(speed), source(), 0)

    @property
    def speed(self) -> Fraction:
        """How many seconds of the show pass in one on the wall."""
        return self._going[0]

    def now(self) -> int:
        """Tell the microseconds that have passed."""
        speed, since, gone = self._going
        return (gone + (self._source() - since) * speed.numerator // speed.denominator) // 1_000

    def wall(self) -> int:
        """Tell the nanoseconds on the wall, from some fixed start."""
        return self._source()

    def micros(self, wall: int) -> int:
        """Tell how many microseconds pass in so many nanoseconds on the wall."""
        return wall * self.speed.numerator // (self.speed.denominator * 1_000)

    def seconds(self, micros: int) -> float:
        """Tell how many seconds on the wall so many microseconds take."""
        return micros / (1_000_000 * float(self.speed))

    def change(self, speed: Fraction | int) -> None:
        """Go on at another speed from here: no time is left out and none comes twice."""
        before, since, gone = self._going
        now = self._source()
        self._going = (_checked(speed), now, gone + (now - since) * before.numerator // before.denominator)
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Have ``listener`` called after every change: whoever sleeps has reckoned with the old speed."""
        self._listeners.append(listener)


def _checked(speed: Fraction | int) -> Fraction:
    if not SLOWEST <= speed <= FASTEST:
        raise ValueError(f"a speed of {speed} is not between {SLOWEST} and {FASTEST}")
    return Fraction(speed)

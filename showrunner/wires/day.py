"""The day: how long it is until the wall clock shows a time. The one place that knows a zone.

A wall clock may be set, so nothing is worked out for longer than until it is looked at again (``conductor``).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from showrunner.slotted import dataclass
from showrunner.times import as_time, of_day

PAST = 12 * 3_600_000_000
"""A time that was so many microseconds ago is one of tomorrow; one that was later than that has come."""

_SECOND, _DAY = 1_000_000, 86_400


@dataclass(frozen=True, slots=True)
class Day:
    """A wall clock. ``wall`` tells the time: microseconds since 1970 in Greenwich, ``zone`` by how many seconds the
    clock here was ahead of that at such a second.

    ``micros`` gives how many microseconds of the show pass in so many on the wall.
    """

    wall: Callable[[], int]
    zone: Callable[[int], int]
    micros: Callable[[int], int]

    def left(self, time: str) -> int:
        """Tell how many microseconds are left until the clock shows a time like `20:00`; 0: it has come.

        An hour that the clock skips comes at the jump, one that it shows twice comes once.
        """
        now, wanted = self.wall(), (of_day(time) or 0) // _SECOND
        seconds = now // _SECOND
        today = (seconds + self.zone(seconds)) // _DAY
        moments = [self._first(day * _DAY + wanted) * _SECOND for day in (today - 1, today, today + 1)]
        if now - max(moment for moment in moments if moment <= now) < PAST:
            return 0
        return self.micros(min(moment for moment in moments if moment > now) - now)

    def coming(self, time: str, often: int | None = None) -> tuple[int, tuple[str, ...]]:
        """Tell when the clock shows a time next, or one of those that ``often`` divides (microseconds from midnight):
        the moment, as ``wall`` has it, and what it shows then. At a jump these may be several.
        """
        now = self.wall()
        seconds = now // _SECOND
        shown = seconds + self.zone(seconds)
        if often is None:
            days = (shown // _DAY + day for day in (-1, 0, 1, 2))
            listed = [day * _DAY + (of_day(time) or 0) // _SECOND for day in days]
        else:
            step = often // _SECOND
            # A clock jumps by an hour or two; of longer steps the next few reach further than that.
            near = range(shown - 3 * 3_600 - step, shown + 3 * 3_600 + 2 * step, step)
            listed = [one - one % _DAY % step for one in near]
        moments: dict[int, dict[str, None]] = {}
        for local in sorted(set(listed)):
            moment = self._first(local) * _SECOND
            if moment > now:
                moments.setdefault(moment, {})[as_time(local % _DAY * _SECOND)] = None
        first = min(moments)
        return first, tuple(moments[first])

    def until(self, moment: int) -> int:
        """Tell how many microseconds are left until a moment, as ``wall`` has it; 0: it has come."""
        return max(0, self.micros(moment - self.wall()))

    def _first(self, local: int) -> int:
        """Give the first second at which the clock shows so much, or more."""
        before, after = self.zone(local - _DAY), self.zone(local + _DAY)
        shown = [local - ahead for ahead in (before, after) if self.zone(local - ahead) == ahead]
        if shown:
            return min(shown)
        early, late = local - after, local - before
        while late - early > 1:
            middle = (early + late) // 2
            early, late = (middle, late) if self.zone(middle) == before else (early, middle)
        return late


def here(micros: Callable[[int], int]) -> Day:
    """Give the clock of this machine, in its zone."""
    return Day(lambda: time.time_ns() // 1_000, lambda seconds: time.localtime(seconds).tm_gmtoff, micros)


def from_(start: int, gone: Callable[[], int]) -> Day:
    """Give a clock that shows ``start``, in microseconds since midnight, and goes on by what has ``gone`` since."""
    return Day(lambda: start + gone(), lambda _: 0, lambda micros: micros)

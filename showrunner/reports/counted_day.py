"""The wall clock of an imaginary world: what it shows is counted from where it began, and nobody sets it.

For a plan that is told what the clock shows at its beginning. The real one, with its zone, is of the wires.
"""

from __future__ import annotations

from showrunner.engine.caller import Caller
from showrunner.engine.messages import Effect
from showrunner.timeline.cues import Awaited
from showrunner.times import as_time, of_day

_DAY = 24 * 3_600_000_000
_PAST = _DAY // 2
"""A time that is less than half a day ago has come; another one is of tomorrow."""


class CountedDay:
    """What the clock shows: ``start`` (microseconds since midnight) at 0, and then what has passed."""

    def __init__(self, caller: Caller, start: int) -> None:
        self._caller = caller
        self._start = start
        self._moments: dict[Awaited, int] = {}

    def due(self, now: int) -> int | None:
        """Tell when it next shows a time that somebody waits for, or hears; None: nobody does."""
        heard = self._caller.moments
        self._moments = {event: self._moments.get(event, self._next(event, now)) for event in heard}
        waited = [now + self._left(time, now) for time in self._caller.times]
        return min([*waited, *self._moments.values()], default=None)

    def strike(self, now: int) -> list[Effect]:
        """Tell of all times that have come: first those that are now."""
        effects: list[Effect] = []
        come = {event: at for event, at in self._moments.items() if at <= now}
        for event in come:
            del self._moments[event]
        for time in dict.fromkeys(as_time((self._start + at) % _DAY) for at in sorted(come.values())):
            effects += self._caller.strike(time, now)
        for time in sorted(self._caller.times):
            if time in self._caller.times and not self._left(time, now):
                effects += self._caller.strike(time, now, past=self._caller.hears(time))
        return effects

    def _left(self, time: str, now: int) -> int:
        ago = (self._start + now - (of_day(time) or 0)) % _DAY
        return 0 if ago < _PAST else _DAY - ago

    def _next(self, event: Awaited, now: int) -> int:
        """Give when a time comes next that a `when` hears: not the one that is now."""
        step = event.often or _DAY
        first = 0 if event.often is not None else of_day(event.name) or 0
        return now + step - (self._start + now - first) % step

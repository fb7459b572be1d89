"""What the parts of the double stand on: the time, what is to happen later, and what is told.

``tell`` tells everybody who has asked for an event. What happens later can be called off.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

ENDS = frozenset(
    {
        "CurrentProgramSceneChanged",
        "SceneTransitionVideoEnded",
        "SceneTransitionEnded",
        "MediaInputPlaybackEnded",
        "ReplayBufferSaved",
        "RecordFileChanged",
        "CurrentSceneCollectionChanged",
        "CurrentProfileChanged",
    }
)
"""Events that are ends; of the outputs those whose state does not end in `ING`."""


@dataclass(order=True, slots=True)
class Alarm:
    """Something that happens at an instant."""

    at: int
    order: int
    act: Callable[[], None] = field(compare=False)
    off: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Call it off."""
        self.off = True


class Floor:
    """``told`` gathers events until they are taken. With ``mute_ends`` no end is told."""

    def __init__(self) -> None:
        self.now = 0
        self.mute_ends = False
        self.told: list[tuple[str, Mapping[str, Any] | None]] = []
        self._alarms: list[Alarm] = []
        self._order = count()

    def tell(self, event: str, data: Mapping[str, Any] | None) -> None:
        """Tell an event."""
        state = str((data or {}).get("outputState", "ING"))
        if not (self.mute_ends and (event in ENDS or not state.endswith("ING"))):
            self.told.append((event, data))

    def later(self, delay: int, act: Callable[[], None]) -> Alarm:
        """Do something in so many microseconds."""
        alarm = Alarm(self.now + delay, next(self._order), act)
        heapq.heappush(self._alarms, alarm)
        return alarm

    def take(self) -> list[tuple[str, Mapping[str, Any] | None]]:
        """Take what was told."""
        told, self.told = self.told, []
        return told

    def forget(self) -> None:
        """Call everything off."""
        self._alarms.clear()

    @property
    def due(self) -> int | None:
        """The instant of the next thing."""
        while self._alarms and self._alarms[0].off:
            heapq.heappop(self._alarms)
        return self._alarms[0].at if self._alarms else None

    def next(self, until: int) -> bool:
        """Do the next thing that is due by then; tell whether there was one."""
        if self.due is None or self.due > until:
            return False
        alarm = heapq.heappop(self._alarms)
        self.now = max(self.now, alarm.at)
        alarm.act()
        return True

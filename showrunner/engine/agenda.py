"""What is to be done when: alarms on two kinds of time, in the one order the language promises.

*World* time never stops; *score* time stands while the show is paused. An alarm of either kind has a ``Rank`` and a
key, and the agenda gives the next by (instant, rank, key, order of setting): never by what a dict or a heap happens to
do.
It knows nothing of what the alarms are for.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import field
from enum import IntEnum
from typing import TypeAlias

from showrunner.slotted import dataclass

Key: TypeAlias = tuple[int, ...]


class Rank(IntEnum):
    """The order at one instant (rule "one instant"). Replies come between OPERATOR and ELAPSED, from outside."""

    OPERATOR = 0
    ELAPSED = 2
    SEGMENT = 3
    CUE = 4
    FRAME = 6


@dataclass(slots=True)
class Alarm:
    """Something to be done at ``when`` (score or world time). ``act`` None: it was called off."""

    when: int
    rank: Rank
    key: Key
    act: Callable[[], None] | None

    def cancel(self) -> None:
        """Call it off; the agenda forgets it when it comes to it."""
        self.act = None


@dataclass(slots=True)
class Agenda:
    """All alarms, and how far score time lags behind world time."""

    _score: list[tuple[int, Rank, Key, int, Alarm]] = field(default_factory=list)
    _world: list[tuple[int, Rank, Key, int, Alarm]] = field(default_factory=list)
    _count: int = 0
    _stood: int = 0
    _paused_at: int | None = None

    def score(self, instant: int) -> int:
        """Turn an instant into score time."""
        return (instant if self._paused_at is None else self._paused_at) - self._stood

    @property
    def paused(self) -> bool:
        """Tell whether score time stands."""
        return self._paused_at is not None

    def pause(self, instant: int) -> None:
        """Let score time stand from this instant on."""
        self._paused_at = instant

    def resume(self, instant: int) -> None:
        """Let score time go on."""
        if self._paused_at is not None:
            self._stood += instant - self._paused_at
            self._paused_at = None

    def shadow(self, instant: int) -> Agenda:
        """Give an empty agenda whose score time is the same as this one's is at ``instant``."""
        return Agenda(_stood=instant - self.score(instant))

    def absorb(self, other: Agenda) -> None:
        """Take over every alarm of an agenda of the same score time, in the order in which they were set."""
        for heap, mine in ((other._score, self._score), (other._world, self._world)):
            for when, rank, key, _, alarm in sorted(heap, key=lambda entry: entry[3]):
                if alarm.act is not None:
                    self._count += 1
                    heapq.heappush(mine, (when, rank, key, self._count, alarm))

    def on_score(self, when: int, rank: Rank, key: Key, act: Callable[[], None]) -> Alarm:
        """Set an alarm in score time."""
        return self._set(self._score, when, rank, key, act)

    def on_world(self, when: int, rank: Rank, key: Key, act: Callable[[], None]) -> Alarm:
        """Set an alarm in world time."""
        return self._set(self._world, when, rank, key, act)

    def due(self) -> int | None:
        """Tell the instant of the next alarm; None when there is none (or only such as stand in a pause)."""
        found = self._first()
        return None if found is None else found[0]

    def take(self) -> tuple[int, Alarm] | None:
        """Take the next alarm out, with its instant."""
        found = self._first()
        if found is None:
            return None
        instant, heap = found
        return instant, heapq.heappop(heap)[-1]

    def _set(
        self, heap: list[tuple[int, Rank, Key, int, Alarm]], when: int, rank: Rank, key: Key, act: Callable[[], None]
    ) -> Alarm:
        alarm = Alarm(when, rank, key, act)
        self._count += 1
        heapq.heappush(heap, (when, rank, key, self._count, alarm))
        return alarm

    def _first(self) -> tuple[int, list[tuple[int, Rank, Key, int, Alarm]]] | None:
        score, world = self._score, self._world
        while score and score[0][4].act is None:
            heapq.heappop(score)
        while world and world[0][4].act is None:
            heapq.heappop(world)
        if score and self._paused_at is None:
            instant = score[0][0] + self._stood
            if not world or (instant, *score[0][1:4]) < world[0][:4]:
                return instant, score
        return (world[0][0], world) if world else None

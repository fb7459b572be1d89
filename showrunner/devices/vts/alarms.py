"""What the driver does by itself at an instant: an end that is not told, a request that is made again.

Each has a key; the same key again takes the place of what it was for before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

from showrunner.devices.vocabulary import Output

Step: TypeAlias = Callable[[int], list[Output]]
"""Called with the time; gives what the driver says."""


class Alarms:
    """All that is to be done, in the order of its instants, and of its setting where these are equal."""

    def __init__(self) -> None:
        self._set: dict[Hashable, tuple[int, Step]] = {}

    def set(self, key: Hashable, when: int, step: Step) -> None:
        """Take ``step`` at this instant, in place of what the key was for before."""
        self._set.pop(key, None)
        self._set[key] = (when, step)

    def cancel(self, key: Hashable) -> None:
        """Do nothing of it."""
        self._set.pop(key, None)

    def clear(self) -> None:
        """Do nothing at all."""
        self._set.clear()

    @property
    def due(self) -> int | None:
        """The next instant at which something is to be done."""
        return min((when for when, _ in self._set.values()), default=None)

    def elapsed(self, now: int) -> list[Output]:
        """Do what is due by now."""
        outputs: list[Output] = []
        while (due := self.due) is not None and due <= now:
            key = next(key for key, (when, _) in self._set.items() if when == due)
            _, step = self._set.pop(key)
            outputs += step(now)
        return outputs

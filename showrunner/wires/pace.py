"""How fast a wire reads: so much in a second, and what comes beyond that waits in the network, its sender with it.

No clock: it is told the time, in microseconds.
"""

from __future__ import annotations

MOST = 500
"""So many messages of a device are read in a second, and so many at once after a rest."""

MOST_OF_ONE = 400
"""So many of one of several connections: one alone never holds up the others."""

BLOCK = 16 * 1024
"""For each so many bytes a message counts once more: eight megabytes in a second are as much as 500 messages."""

TOLD = f"it sends more than {MOST} messages, or 8 MB, a second: what is too much waits"

_SECOND = 1_000_000
_PIECES = 10
"""So many pieces of messages, or pings, count as much as one message."""


def weight(size: int) -> int:
    """Tell for how many messages one of ``size`` bytes counts."""
    return 1 + size // BLOCK


class Pace:
    """Lets ``most`` messages through in a second. Several that share one come in turn, each after at most one other."""

    def __init__(self, most: int) -> None:
        self._message = _SECOND // most
        self._spent = -_SECOND  # the instant up to which the time is given away

    def full(self, now: int) -> bool:
        """Tell whether a message that comes at ``now`` would have to wait; nothing is counted."""
        return self._spent > now

    def message(self, now: int, size: int) -> int:
        """Count a message of ``size`` bytes that was read at ``now``; tell how long to wait before the next."""
        return self._take(now, self._message * weight(size))

    def piece(self, now: int) -> int:
        """Count a piece of a message, or a ping: less than a message, but not nothing."""
        return self._take(now, self._message // _PIECES)

    def _take(self, now: int, cost: int) -> int:
        self._spent = max(self._spent, now - _SECOND) + cost
        return max(0, self._spent - now)

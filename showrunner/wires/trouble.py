"""What goes wrong on the way out of a hosted double, on order: late, lost, garbled and broken-off messages.

Only the wire's own faults. What a program itself does wrong (no answer, an error) is ordered from its double.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from showrunner.devices.switches import GARBAGE
from showrunner.devices.vocabulary import Emit, Hang, Reaction
from showrunner.slotted import dataclass

GARBLED = (
    GARBAGE,
    '{"action": "GetEm',
    "[]",
    "null",
    "{}",
    '{"id": {"a": []}, "action": 7, "event": false, "Type": [], "type": null, "payload": "x"}',
    "\u0000\ufffd\u202e",
)
"""What comes in place of sense, in turn: no JSON, half of it, no object, an object with nothing right in it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is ordered. Times are microseconds, `every` counts the messages that the double sends.

    ``latency``: each way; up to ``jitter`` more on the way out, by ``seed``. ``lose_every``: that message never
    arrives. ``drop_every``: the connection is closed behind it. ``garbage_every``: nonsense comes before it.
    ``nudge_every``: so often the next of ``nudges`` (switches with their values: unasked events) is flipped.
    ``no_goodbye``: whoever says goodbye gets no answer, and the connection stays open until it is broken off.
    """

    latency: int = 0
    jitter: int = 0
    seed: int = 0
    lose_every: int | None = None
    drop_every: int | None = None
    garbage_every: int | None = None
    nudge_every: int | None = None
    nudges: tuple[tuple[str, str | None], ...] = ()
    no_goodbye: bool = False


CALM = Trouble()


class Mischief:
    """Does what is ordered to what a double sends. One for each double; the same ``seed``, the same delays."""

    def __init__(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self._chance = random.Random(trouble.seed)  # noqa: S311 - a fault on order, no secret
        self._sent = self._garbled = self._nudged = 0

    def delay(self) -> int:
        """Give how long the next message takes, in microseconds."""
        jitter = self._trouble.jitter
        return self._trouble.latency + (self._chance.randint(0, jitter) if jitter else 0)

    def out(self, reaction: Reaction) -> Sequence[Reaction]:
        """Give what really goes out for one thing the double does."""
        if not isinstance(reaction, Emit):
            return (reaction,)
        self._sent += 1
        out: list[Reaction] = []
        if self._turn(self._trouble.garbage_every):
            out.append(Emit(reaction.connection, GARBLED[self._garbled % len(GARBLED)]))
            self._garbled += 1
        if not self._turn(self._trouble.lose_every):
            out.append(reaction)
        if self._turn(self._trouble.drop_every):
            out.append(Hang(reaction.connection))
        return out

    def nudge(self) -> tuple[str, str | None] | None:
        """Give the next switch to flip for an unasked event, if there is any."""
        if not self._trouble.nudges:
            return None
        self._nudged += 1
        return self._trouble.nudges[(self._nudged - 1) % len(self._trouble.nudges)]

    def _turn(self, every: int | None) -> bool:
        return every is not None and self._sent % every == 0

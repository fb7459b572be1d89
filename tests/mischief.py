"""An application that spoils one of its messages, or all of them, on the virtual clock. For tests.

It stands before a device's own double: what it spoils was right a moment ago.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from showrunner.devices.vocabulary import Double, Emit, Frame, Hang, Reaction, Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show import stage
from showrunner.wires.loopback import World
from tests import invariants
from tests.stagehand import Played, compiled
from tests.ways import DIALLED

SECOND = 1_000_000
ALWAYS = 0

Fault = Callable[[Frame], list[tuple[int, Frame | str | None]]]
"""What becomes of a message: (delay, message) each; None closes the connection."""


class Mischief:
    """A double whose ``nth`` message (``ALWAYS``: every one) ``fault`` spoils. ``said``: its messages as meant."""

    def __init__(self, double: Double, fault: Fault | None, nth: int) -> None:
        self.double, self.fault, self.nth = double, fault, nth
        self.said: list[Frame] = []
        self.later: list[tuple[int, int, Emit]] = []
        self.switch, self.visible = double.switch, double.visible

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        return self.spoil(self.double.connected(connection, now, way), now)

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        self.later = [one for one in self.later if one[2].connection != connection]
        return self.spoil(self.double.disconnected(connection, now), now)

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        return self.spoil(self.double.received(connection, frame, now), now)

    @property
    def deadline(self) -> int | None:
        times = [at for at, _, _ in self.later]
        return min([*times, *([] if self.double.deadline is None else [self.double.deadline])], default=None)

    def elapsed(self, now: int) -> Sequence[Reaction]:
        due = [emit for at, _, emit in sorted(self.later, key=lambda one: one[:2]) if at <= now]
        self.later = [one for one in self.later if one[0] > now]
        own = self.double.elapsed(now) if self.double.deadline is not None and self.double.deadline <= now else ()
        return [*due, *self.spoil(own, now)]

    def spoil(self, reactions: Sequence[Reaction], now: int) -> list[Reaction]:
        found: list[Reaction] = []
        for reaction in reactions:
            if not isinstance(reaction, Emit) or isinstance(reaction.frame, str):
                found.append(reaction)
                continue
            self.said.append(reaction.frame)
            if self.fault is None or self.nth not in (ALWAYS, len(self.said)):
                found.append(reaction)
                continue
            for delay, frame in self.fault(reaction.frame):
                if frame is None:
                    found.append(Hang(reaction.connection))
                elif delay:
                    self.later.append((now + delay, len(self.said), replace(reaction, frame=frame)))
                else:
                    found.append(replace(reaction, frame=frame))
        return found


def _set(path: Path, device: str, fault: Fault | None, nth: int) -> tuple[Performance, Mischief, list[dict[str, Any]]]:
    cues, fixtures = compiled(path, stage.standard())
    world, entries = World(), list[dict[str, Any]]()
    kind = fixtures[device].device
    terms = Terms(device, fixtures[device].settings, "0", lambda now: now // 1000)
    spoilt = Mischief(kind.double(terms), fault, nth)
    wires = {device: world.join(device, spoilt, (DIALLED,))}
    return Performance(cues, fixtures, wires, world, Journal(entries.append), Options(auto=False)), spoilt, entries


def play(path: Path, device: str, fault: Fault | None = None, nth: int = ALWAYS) -> tuple[Played, list[Frame]]:
    """Play a show whose only device is spoilt so; give what came of it and the messages as they were meant.

    Whatever the fault: the show ends by itself, and every command has one outcome.
    """
    performance, spoilt, entries = _set(path, device, fault, nth)
    assert performance.standby(60 * SECOND) == {}
    performance.play()
    performance.close()
    invariants.one_outcome_each(entries)
    invariants.time_never_runs_backwards(entries)
    json.dumps(entries, ensure_ascii=False).encode()
    return Played(entries), spoilt.said


def stand_by(path: Path, device: str, fault: Fault, *, limit: int) -> dict[str, str]:
    """Connect to a device whose every message is spoilt; give what the user is told is missing."""
    performance, _, _ = _set(path, device, fault, ALWAYS)
    missing = performance.standby(limit)
    performance.close()
    return missing


def retyped(value: Any) -> Any:
    """Give the same JSON with every value of another type."""
    match value:
        case dict():
            return {key: retyped(one) for key, one in value.items()}
        case list():
            return {"0": [retyped(one) for one in value]}
        case bool():
            return "yes"
        case int() | float():
            return [str(value)]
        case str():
            return 7
    return {"none": None}

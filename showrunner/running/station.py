"""A station: one device during a performance, with its driver, its wire, and what is remembered of its frames.

Only the record; what happens with it is the performance's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from showrunner.devices.vocabulary import Driver, Fixture, Send
from showrunner.wires.wire import Wire


@dataclass(slots=True)
class Station:
    """A device during a performance. ``uncut``: why what sounds could not be cut when that was asked for last."""

    fixture: Fixture
    driver: Driver
    wire: Wire
    ready: bool = False
    waiting: str | None = None
    reason: str | None = None
    connection: int = 0
    uncut: str | None = None
    secrets: set[str] = field(default_factory=set)
    carried: dict[int, tuple[int, ...]] = field(default_factory=dict)
    frames: dict[int, Send] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)


def missing(station: Station) -> str:
    """Say what to do about a device that is not there."""
    fixture = station.fixture
    said = fixture.device.unreachable(fixture.settings)
    if fixture.name != fixture.device.name:
        said = f"{fixture.name}: {said}"  # of several of a kind it is told which
    return f"{said} ({station.reason})" if station.reason else said

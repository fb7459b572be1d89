"""A station: one device during a performance, with its driver, its wire, and what is remembered of its frames.

Only the record; what happens with it is the performance's business.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from showrunner.devices.vocabulary import Driver, Fixture, Output, Send
from showrunner.engine.journal import LONGEST_ANSWER, shown
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


def bounded(output: Output, secrets: Iterable[str]) -> Output:
    """Give what a driver says with its words as the journal has them: as short, and without secrets.

    A program's words of an error may be of any length, and its answer, too: of that so much is kept as can be written.
    """
    said: dict[str, Any] = {}
    for name in ("reason", "detail", "why"):
        words = getattr(output, name, None)
        if words:
            said[name] = shown(words, secrets)
    answer = getattr(output, "answer", None)
    if answer is not None:
        said["answer"] = answer[:LONGEST_ANSWER]
    return replace(output, **said) if said else output

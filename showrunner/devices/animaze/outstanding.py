"""Requests on their way, and which of them a reply answers.

By id; without one by the action, if exactly one request of that action is unanswered; never by arrival alone. Requests
already answered are remembered for a while, so that a reply that comes twice still finds its command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from showrunner.devices.animaze.requests import Request
from showrunner.devices.vocabulary import Frame, Output

Then: TypeAlias = Callable[[Frame, str | None, int], list[Output]]
"""What a reply leads to: called with the reply, its error if it has one, and the time."""

MOST = 256
"""So many unanswered requests are kept, and so many answered ones."""


@dataclass(slots=True, eq=False)
class Asked:
    """A request that was sent as ``wire`` id. ``other`` is another spelling of its action, to be tried if refused."""

    wire: str
    request: Request
    then: Then
    id: int | None = None
    attempt: int | None = None
    number: int | None = None
    other: str | None = None
    open: bool = True


class Outstanding:
    """The requests of one connection."""

    def __init__(self) -> None:
        self._open: list[Asked] = []
        self._answered: dict[tuple[str, str], Asked] = {}

    def clear(self) -> None:
        """Forget them all: their replies can not come any more."""
        self._open.clear()
        self._answered.clear()

    def add(self, asked: Asked) -> None:
        """Note a request that goes out."""
        self._open.append(asked)
        if len(self._open) > MOST:
            self._open.pop(0)

    def match(self, reply: Frame) -> Asked | None:
        """Find the request that ``reply`` answers; one that was answered before comes with ``open`` false."""
        wire, action = reply.get("id"), reply.get("action")
        folded = action.casefold() if isinstance(action, str) else None
        if wire is not None:
            for asked in self._open:
                if asked.wire == wire and folded in (None, asked.request.action.casefold()):
                    return asked
            return self._answered.get((wire, folded or "")) if isinstance(wire, str) else None
        same = [asked for asked in self._open if asked.request.action.casefold() == folded]
        return same[0] if len(same) == 1 else None

    def close(self, asked: Asked) -> None:
        """Note that a request has its reply."""
        self._open.remove(asked)
        asked.open = False
        self._answered[asked.wire, asked.request.action.casefold()] = asked
        if len(self._answered) > MOST:
            self._answered.pop(next(iter(self._answered)))

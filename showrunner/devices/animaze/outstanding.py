"""Requests on their way, and which of them a reply answers.

By id; without one by the action, the oldest first; never by arrival alone. Requests already answered are remembered for
a while, so that a reply that comes twice still finds its command. Where nobody waits for a request any more, its reply
may still come: until then a reply without id that could be either is taken for none.
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
    """A request that was sent as ``wire`` id.

    ``other`` is another spelling of its action, to be tried if this one is refused, or if nothing has come by ``hint``.
    ``given_up``: nobody waits for it any more. ``doubtful``: a reply has come that may have been its own. ``slow``: it
    may take long.
    """

    wire: str
    request: Request
    then: Then
    id: int | None = None
    attempt: int | None = None
    number: int | None = None
    other: str | None = None
    hint: int | None = None
    open: bool = True
    given_up: bool = False
    doubtful: bool = False
    slow: bool = False


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

    def give_up(self, id: int, attempt: int) -> None:
        """Note that nobody waits for this attempt any more."""
        for asked in self._open:
            if (asked.id, asked.attempt) == (id, attempt):
                asked.given_up = True

    def supersede(self, number: int) -> None:
        """Note that frame ``number`` follows: whatever still comes for an older one is of no interest."""
        for asked in self._open:
            if asked.number is not None and asked.number < number:
                # Newer values go out all the same, so nothing is lost by taking a reply for the newer frame's.
                asked.given_up = asked.doubtful = True

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
        able = [asked for asked in same if not (asked.given_up and asked.doubtful)]
        if len(able) > 1 and any(asked.given_up for asked in able):
            for asked in able:
                asked.doubtful = True
            return None
        return next(iter(able), None) or next(iter(same), None)

    @property
    def busy(self) -> bool:
        """Tell whether something is waited for that takes long, or may, for all we know."""
        return any(asked.slow and not asked.given_up for asked in self._open)

    @property
    def hint(self) -> int | None:
        """The next instant at which another spelling is tried."""
        return min((asked.hint for asked in self._open if asked.hint is not None and not asked.given_up), default=None)

    def hinted(self, now: int) -> list[Asked]:
        """Give what is to be sent in its other spelling: nothing has come in time."""
        found = [a for a in self._open if a.hint is not None and a.hint <= now and not a.given_up]
        for asked in found:
            asked.hint = None
        return found

    def close(self, asked: Asked) -> None:
        """Note that a request has its reply."""
        self._open.remove(asked)
        asked.open = False
        self._answered[asked.wire, asked.request.action.casefold()] = asked
        if len(self._answered) > MOST:
            self._answered.pop(next(iter(self._answered)))

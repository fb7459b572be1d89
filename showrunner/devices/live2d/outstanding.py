"""Requests on their way to the Editor, and which of them an answer is for.

By RequestId; without one by the method, the oldest first. Requests already answered are remembered for a while: some
Editors are said to answer RegisterPlugin twice. Where nobody waits for a request any more, its answer may still come:
until then an answer without RequestId that could be either is taken for none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import Frame, Output

Then: TypeAlias = Callable[[Frame, str | None, int], list[Output]]
"""What an answer leads to: called with the answer, the type of its error if it is one, and the time."""

MOST = 256
"""So many unanswered requests are kept, and so many answered ones."""


@dataclass(slots=True, eq=False)
class Asked:
    """A request. ``model`` is the UID in it, if it was filled in; ``again``: it was sent before, with another one.

    ``given_up``: nobody waits for it any more. ``doubtful``: an answer has come that may have been its own.
    """

    wire: str
    method: str
    data: Any
    then: Then
    id: int | None = None
    attempt: int | None = None
    number: int | None = None
    model: str | None = None
    again: bool = False
    open: bool = True
    given_up: bool = False
    doubtful: bool = False

    def with_model(self, model: str) -> Asked:
        """Give the same request for another model's UID, to be sent again."""
        return replace(self, data={**self.data, "ModelUID": model}, model=model, again=True, open=True)


class Outstanding:
    """The requests of one connection."""

    def __init__(self) -> None:
        self._open: dict[str, Asked] = {}
        self._answered: dict[str, Asked] = {}

    def clear(self) -> None:
        """Forget them all: their answers can not come any more."""
        self._open.clear()
        self._answered.clear()

    def add(self, asked: Asked) -> None:
        """Note a request that goes out."""
        self._open[asked.wire] = asked
        if len(self._open) > MOST:
            self._open.pop(next(iter(self._open)))

    def give_up(self, id: int, attempt: int) -> None:
        """Note that nobody waits for this attempt any more."""
        for asked in self._open.values():
            if (asked.id, asked.attempt) == (id, attempt):
                asked.given_up = True

    def supersede(self, number: int) -> None:
        """Note that frame ``number`` follows: whatever still comes for an older one is of no interest."""
        for asked in self._open.values():
            if asked.number is not None and asked.number < number:
                asked.given_up = asked.doubtful = True

    def match(self, answer: Frame) -> Asked | None:
        """Find the request that ``answer`` is for; one that was answered before comes with ``open`` false."""
        wire = answer.get("RequestId")
        if wire is not None:
            key = wire if isinstance(wire, str) else None
            return None if key is None else self._open.get(key, self._answered.get(key))
        same = [asked for asked in self._open.values() if asked.method == answer.get("Method")]
        able = [asked for asked in same if not (asked.given_up and asked.doubtful)]
        if len(able) > 1 and any(asked.given_up for asked in able):
            for asked in able:
                asked.doubtful = True
            return None
        return next(iter(able), None) or next(iter(same), None)

    @property
    def called(self) -> bool:
        """Tell whether the answer to a `call` is waited for."""
        return any(asked.id is not None and not asked.given_up for asked in self._open.values())

    def close(self, asked: Asked) -> None:
        """Note that a request has its answer."""
        self._open.pop(asked.wire, None)
        asked.open = False
        self._answered[asked.wire] = asked
        if len(self._answered) > MOST:
            self._answered.pop(next(iter(self._answered)))

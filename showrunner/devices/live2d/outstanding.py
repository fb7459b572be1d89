"""Requests on their way to the Editor, and which of them an answer is for.

By RequestId; without one by the method, if exactly one request of that method is unanswered. Requests already answered
are remembered for a while: some Editors are said to answer RegisterPlugin twice.
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
    """A request. ``model`` is the UID in it, if it was filled in; ``again``: it was sent before, with another one."""

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

    def match(self, answer: Frame) -> Asked | None:
        """Find the request that ``answer`` is for; one that was answered before comes with ``open`` false."""
        wire = answer.get("RequestId")
        if wire is None:
            same = [asked for asked in self._open.values() if asked.method == answer.get("Method")]
            return same[0] if len(same) == 1 else None
        key = wire if isinstance(wire, str) else None
        return None if key is None else self._open.get(key, self._answered.get(key))

    def close(self, asked: Asked) -> None:
        """Note that a request has its answer."""
        self._open.pop(asked.wire, None)
        asked.open = False
        self._answered[asked.wire] = asked
        if len(self._answered) > MOST:
            self._answered.pop(next(iter(self._answered)))

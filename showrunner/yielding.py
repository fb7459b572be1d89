"""Breath: long work done in small pieces, with the show's thread let in between, and with what is urgent first.

One call that lets nobody else work would make a cue late, because somebody opened the console or saved a script.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

BREATH = 0.001
"""So many seconds are worked before others are let in."""

STRETCH = 64
"""So many items of a long list are worked on in one go (well below a millisecond)."""

LONGEST = 0.25
"""So many seconds at a time long work waits for what is urgent, lest one of the two wait for the other for ever."""

Item = TypeVar("Item")


class _Breath:
    """When others were let in last, and how many of them are in a hurry."""

    def __init__(self) -> None:
        self._last = 0.0
        self._lock = threading.Lock()
        self._hurried = 0
        self._calm = threading.Event()
        self._calm.set()

    def take(self) -> None:
        if time.perf_counter() - self._last > BREATH:
            time.sleep(0)
            if not self._calm.is_set():
                self._calm.wait(LONGEST)
            self._last = time.perf_counter()

    def hurry(self, more: int) -> None:
        with self._lock:
            self._hurried += more
            if self._hurried:
                self._calm.clear()
            else:
                self._calm.set()


_breath = _Breath()


def breathe() -> None:
    """Let other threads work, if any wants to and it is time for it."""
    _breath.take()


@contextmanager
def first() -> Iterator[None]:
    """Have all long work wait while something urgent is done in this thread."""
    _breath.hurry(1)
    try:
        yield
    finally:
        _breath.hurry(-1)


def forget(items: list[Item]) -> None:
    """Let go of many things bit by bit. To free them in one go is work too, during which nobody else is let in."""
    while items:
        del items[-STRETCH:]


def gently(items: Iterable[Item]) -> Iterator[Item]:
    """Go through many things, letting other threads in between."""
    for number, item in enumerate(items):
        if number % STRETCH == 0:
            breathe()
        yield item

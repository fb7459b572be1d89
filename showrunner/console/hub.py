"""The hub: every journal entry, kept for whoever looks on, and what is announced beside them.

The show's thread hands entries in and goes on at once; they are written as text in the server's thread. A reader is a
place in the list of entries, nothing more: one that is slow costs no memory and delays nobody, and one that comes back
goes on where it was.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
from array import array
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Self

from showrunner.console.rows import Rows
from showrunner.console.written import small
from showrunner.engine.messages import Entry
from showrunner.timeline.cues import CueList
from showrunner.yielding import breathe

LARGEST = 16 * 1024
"""An entry longer than this (bytes) is kept without its frame: how long that was is said instead."""

BATCH = 64 * 1024
"""So many bytes, a little more perhaps, go to a reader at once."""

FLEETING = frozenset({"now"})
"""Kinds of events that are no news any more to who comes later."""

AT_ONCE = 200
"""So many entries are written as text before others in the server's thread have their turn."""


class Hub:
    """Keeps the journal of one run. ``publish`` and ``announce`` may be called from any thread and never wait.

    ``run`` names this run: entries are numbered within it, and a page that comes back from an earlier one must know.
    ``in_force`` tells which text the show plays; then every entry that names a cue says in which of the ``rows`` it is.
    """

    def __init__(self) -> None:
        self.run = secrets.token_hex(8)
        self.rows = Rows()
        self.in_force: Callable[[], CueList] | None = None
        self._fresh: deque[tuple[Entry, CueList | None]] = deque()
        self._written: list[bytes] = []
        self._numbers = array("q")
        self._said: dict[str, tuple[int, bytes]] = {}
        self._saying: deque[tuple[str, Mapping[str, Any]]] = deque()
        self._readers: set[Reader] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._called = False
        self._lock = threading.Lock()
        self.closed = False

    def __len__(self) -> int:
        return len(self._written) + len(self._fresh)

    def publish(self, entry: Entry) -> None:
        """Take a journal entry (a sink of the ``Journal``). The entry is not changed by anybody from now on."""
        self._fresh.append((entry, None if self.in_force is None else self.in_force()))
        self._call()

    def announce(self, event: str, data: Mapping[str, Any]) -> None:
        """Tell every reader. Of each kind of event only the newest is kept for those that are slow or come later."""
        self._saying.append((event, data))
        self._call()

    # --- in the server's loop

    def attach(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Work in this loop from now on (None: in none, entries wait)."""
        with self._lock:
            self._loop = loop
            self._called = False
        if loop is not None:
            self._call()

    def reader(self, after: int) -> Reader:
        """Give a reader of all entries numbered higher than ``after`` (-1: all)."""
        return Reader(self, after)

    def close(self) -> None:
        """End every reader once it has what there is. In the loop."""
        self.closed = True
        self._work(all_of_it=True)
        for reader in self._readers:
            reader.wake()

    def _call(self) -> None:
        if self._called or self._loop is None:
            return
        with self._lock:
            if self._called or self._loop is None:
                return
            self._called = True
            with contextlib.suppress(RuntimeError):  # the loop has just been closed: nobody reads any more
                self._loop.call_soon_threadsafe(self._work)

    def _work(self, *, all_of_it: bool = False) -> None:
        # Lowered first: what comes in from here on calls again.
        self._called = False
        taken = 0
        while self._fresh and (all_of_it or taken < AT_ONCE):
            entry, cues = self._fresh.popleft()
            self._numbers.append(entry["seq"])
            self._written.append(_event(entry if cues is None else {**entry, **self.rows.of(entry, cues)}))
            taken += 1
        while self._saying:
            event, data = self._saying.popleft()
            last = self._numbers[-1] if self._numbers else -1
            self._said[event] = (last, b"event: %b\ndata: %b\n\n" % (event.encode(), small(data)))
            for reader in self._readers:
                reader.missed[event] = None
        for reader in self._readers:
            reader.wake()
        if self._fresh:
            breathe()
            self._call()

    # --- for readers

    def place(self, after: int) -> int:
        """Give the place of the first entry numbered higher than ``after``."""
        return bisect_right(self._numbers, after)

    def reaches(self, place: int) -> bool:
        """Tell whether there is an entry at ``place``."""
        return place < len(self._written)

    def batch(self, place: int) -> list[bytes]:
        """Give the entries from ``place`` on, as many as go at once."""
        taken: list[bytes] = []
        size = 0
        for entry in self._written[place : place + AT_ONCE * 4]:
            taken.append(entry)
            size += len(entry)
            if size >= BATCH:
                break
        return taken

    def said_since(self, after: int) -> dict[str, None]:
        """List the kinds of events that somebody who has seen no more than entry ``after`` may have missed."""
        return {event: None for event, (last, _) in self._said.items() if last >= after and event not in FLEETING}

    def said(self, event: str) -> bytes:
        """Give the newest event of a kind."""
        return self._said[event][1]

    def join(self, reader: Reader) -> None:
        """Count a reader in."""
        self._readers.add(reader)

    def leave(self, reader: Reader) -> None:
        """Count a reader out."""
        self._readers.discard(reader)


class Reader:
    """Somebody who looks on: how far he has read, and which announcements he has not had. Lives in the loop."""

    def __init__(self, hub: Hub, after: int) -> None:
        self._hub = hub
        self._after = after
        self._place: int | None = None
        self._woken = asyncio.Event()
        self.missed: dict[str, None] = {}
        self.gone = False

    def __enter__(self) -> Self:
        self._hub.join(self)
        self._place = self._hub.place(self._after)
        self.missed = self._hub.said_since(self._after)
        return self

    def __exit__(self, *_: object) -> None:
        self._hub.leave(self)

    def wake(self) -> None:
        """See whether there is something to read."""
        self._woken.set()

    def leave(self) -> None:
        """He has hung up."""
        self.gone = True
        self.wake()

    async def next(self, limit: float) -> list[bytes] | None:
        """Wait for something to read, at most ``limit`` seconds (then: nothing). None: there will be no more."""
        if self._place is None:
            raise RuntimeError("a reader is entered first")
        if not self.missed and not self._hub.reaches(self._place):
            if self._hub.closed or self.gone:
                return None
            self._woken.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), limit)
        if self.gone:
            return None
        batch = self._hub.batch(self._place)
        self._place += len(batch)
        events = [self._hub.said(event) for event in self.missed]
        self.missed = {}
        return [*batch, *events]


def _event(entry: Entry) -> bytes:
    data = small(entry)
    if len(data) > LARGEST:
        data = small(_shortened(entry, len(data)))
    return b"id: %d\ndata: %b\n\n" % (entry["seq"], data)


def _shortened(entry: Entry, size: int) -> Entry:
    said = f"… {size} bytes in the journal, too long to be shown here"
    kept = {key: value for key, value in entry.items() if len(small(value)) <= LARGEST // 16}
    return {**kept, **{key: said for key in entry if key not in kept}}

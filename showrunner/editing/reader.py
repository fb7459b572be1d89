"""Reads shows while they are written, in a thread of its own: first what is wrong, then, when nothing newer waits, when
everything comes.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from showrunner.editing.shelf import Edition, Shelf
from showrunner.reports.plan import plan
from showrunner.slotted import dataclass
from showrunner.yielding import breathe

GLANCE = 1.0
"""Seconds between two looks whether stage file, catalogue or a part has changed on disk."""

_LEAVE = 5.0


@dataclass(frozen=True, slots=True)
class Hearing:
    """Who is told, in the thread of the reader: a show was ``read``, it was ``planned``, something ``failed``."""

    read: Callable[[str, Edition], None]
    planned: Callable[[str, Edition], None]
    failed: Callable[[Exception], None]


class Reader:
    """Reads the shows of a shelf whenever that is asked for."""

    def __init__(self, shelf: Shelf, hearing: Hearing) -> None:
        self._shelf = shelf
        self._hearing = hearing
        self._changed = threading.Condition()
        self._wanted: dict[str, None] = {}
        self._unplanned: dict[str, None] = {}
        self._closing = False
        self._looks: dict[str, tuple[tuple[str, int, int], ...]] = {}
        self._thread = threading.Thread(target=self._live, name="reads", daemon=True)
        self._thread.start()

    def ask(self, path: str) -> None:
        """Have the show that a file belongs to read anew."""
        with self._changed:
            self._wanted[path] = None
            self._changed.notify_all()

    def close(self) -> None:
        """Read no more."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(_LEAVE)

    def _live(self) -> None:
        while not self._closing:
            path, root = self._next()
            try:
                if path is not None:
                    self._read(path)
                elif root is not None:
                    self._plan(root)
                else:
                    self._glance()
            except Exception as error:  # noqa: BLE001 - the next key is read all the same
                self._hearing.failed(error)

    def _next(self) -> tuple[str | None, str | None]:
        """Wait for what is to be done: a file whose show is to be read, or a show to be planned; neither: a look."""
        with self._changed:
            if not (self._wanted or self._unplanned or self._closing):
                self._changed.wait(GLANCE)
            if self._wanted:
                path = next(iter(self._wanted))
                del self._wanted[path]
                return path, None
            if self._unplanned:
                root = next(iter(self._unplanned))
                del self._unplanned[root]
                return None, root
        return None, None

    def _read(self, path: str) -> None:
        shelf = self._shelf
        root = shelf.root(path)
        if path in shelf.pages and shelf.edition(path) is None:
            root = shelf.settle(path)
        edition = shelf.read(root)
        self._looks[root] = _look(edition)
        self._hearing.read(root, edition)
        if edition.known.prepared.cues is not None:
            with self._changed:
                self._unplanned[root] = None
        for stray in shelf.strays():
            if shelf.settle(stray) != root or stray == path:
                self.ask(stray)
        roots = {shelf.root(one) for one in shelf.pages}
        for one in [one for one in shelf.editions if one not in roots]:
            shelf.forget(one)
            self._looks.pop(one, None)

    def _plan(self, root: str) -> None:
        edition = self._shelf.editions.get(root)
        if edition is None or edition.known.prepared.cues is None or edition.known.current:
            return
        prepared = edition.known.prepared
        try:
            made = plan(prepared.cues, prepared.fixtures, prepared.inventories, breathe=self._breathe)  # type: ignore[arg-type]
        except _Outdated:
            with self._changed:
                self._unplanned[root] = None
            return
        planned = self._shelf.planned(root, edition, made)
        if planned is not None:
            self._hearing.planned(root, planned)

    def _breathe(self) -> None:
        breathe()
        if self._closing or self._wanted:
            raise _Outdated

    def _glance(self) -> None:
        for root, look in list(self._looks.items()):
            edition = self._shelf.editions.get(root)
            if edition is not None and _look(edition) != look:
                self.ask(root)


def _look(edition: Edition) -> tuple[tuple[str, int, int], ...]:
    """See what the files of a show look like from outside."""
    found = []
    for path in edition.known.prepared.files:
        with contextlib.suppress(OSError, ValueError):
            seen = Path(path).stat()
            found.append((path, seen.st_mtime_ns, seen.st_size))
    return tuple(found)


class _Outdated(Exception):  # noqa: N818 - no error: there is a newer text
    """The plan that is being worked out is that of a text that is not in the editor any more."""

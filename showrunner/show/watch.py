"""Watches files of a show on disk, and tells when what stands in them has changed.

Only that: which files they are is the book's business, what is made of a change whoever watches decides. The folders
are watched, not the files, since most editors save by writing another file and renaming it. Events make it quick; a
glance now and then makes it certain, for no system promises that every event arrives, and a folder that was removed and
made again has no events at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import stat
import threading
import time
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import field
from pathlib import Path
from typing import Any

from showrunner.slotted import dataclass

QUIET = 0.04
"""Seconds without an event after which the files are read: editors save in several steps."""

LONGEST = 1.0
"""Seconds after which they are read all the same, however busy the folder is."""

GLANCE = 0.25
"""Seconds between two glances at what the files look like from outside."""

AWAY = 0.5
"""Seconds that a file may be gone, unreadable or just emptied before that counts as a change of it."""

_AGAIN = 0.02
"""Seconds until such a file is looked at again."""

_COARSE = 3.0
"""Seconds in which a file may change twice and look the same: some disks count time in steps of two seconds."""

_LEAVE = 5.0
"""Seconds that are given to a thread to end; without a disk that hangs it takes a moment."""

_HOPS = 40
"""So many symbolic links are followed, as systems do."""

_READING = {"opened", "closed_no_write"}
"""Events that say that somebody has read a file: we, mostly."""

_EMPTY = hashlib.blake2b(b"").digest()

_Look = tuple[int, int, int, int]


@dataclass(slots=True)
class _File:
    """What is known of one file. ``digest`` None: it is not there, or cannot be read; ``away``: since when it seems so.

    ``fresh``: until when its content is read at every glance.
    """

    path: Path
    look: _Look | None = None
    digest: bytes | None = None
    away: float | None = None
    fresh: float = 0.0


@dataclass(slots=True)
class _Folder:
    """A folder that is watched: which one it was (device and number), and the observer's watch, where there is one.

    ``names``: what is looked for in it.
    """

    names: set[str] = field(default_factory=set)
    identity: tuple[int, int] | None = None
    watch: Any = None


@dataclass(slots=True)
class _Burst:
    """Events that came in and were not looked at yet: their names, the first and the last instant."""

    names: set[str] = field(default_factory=set)
    first: float = 0.0
    last: float = 0.0


class Watch:
    """Calls ``changed`` whenever the content of any of ``files`` is another than it was, once for a burst of changes.

    What stands in the files when they are first named counts as known: whoever has read a file before that reads it
    once more. ``changed`` is called in the watch's own thread, ``quiet`` seconds after the last event, and may call
    ``watch``. A file that is gone, locked or empty for less than half a second is being saved, and no change. With
    ``polling`` nothing is expected of the system's events, which network drives do not send: the files are looked at
    four times a second.
    """

    def __init__(
        self, files: Iterable[Path], changed: Callable[[], None], *, quiet: float = QUIET, polling: bool = False
    ) -> None:
        self._changed = changed
        self._quiet = quiet
        self._condition = threading.Condition()  # guards the two below
        self._burst = _Burst()
        self._closing = False
        self._lock = threading.RLock()  # guards the files and folders
        self._files: dict[Path, _File] = {}
        self._folders: dict[str, _Folder] = {}
        self._names: frozenset[str] = frozenset()
        self._observer = None if polling else _observer()
        self.watch(files)
        self._thread = threading.Thread(target=self._live, name="watch", daemon=True)
        self._thread.start()

    def watch(self, files: Iterable[Path]) -> None:
        """Watch these files from now on, and no others. What is known of those that stay is kept."""
        with self._lock:
            kept = {path: self._files.get(path) for path in dict.fromkeys(files)}
            # First the events, then the reading: what changes in between is told by one or seen by the other.
            self._arrange(list(kept))
            self._files = {path: one or _first(path) for path, one in kept.items()}

    def close(self) -> None:
        """Watch no longer; when it returns no thread is left, and ``changed`` is not called any more."""
        with self._condition:
            self._closing = True
            self._condition.notify()
        if self._thread is not threading.current_thread():
            self._thread.join(_LEAVE)
        with self._lock:
            observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(_LEAVE)

    # ---------------------------------------------------------------------------------------------------------- events

    def dispatch(self, event: Any) -> None:
        """Take one event of the observer, in its thread."""
        if event.event_type in _READING:
            return
        names = self._names.intersection(_named(path) for path in (event.src_path, event.dest_path) if path)
        if names:
            now = time.monotonic()
            with self._condition:
                if not self._burst.names:
                    self._burst.first = now
                    self._condition.notify()
                self._burst.names |= names
                self._burst.last = now

    def _live(self) -> None:
        pending = False
        while (burst := self._next(_AGAIN if pending else GLANCE)) is not None:
            with self._lock:
                pending, changed = self._look(burst.names)
            if changed and not self._closing:
                self._changed()

    def _next(self, limit: float) -> _Burst | None:
        """Wait for a burst to be over, ``limit`` seconds at most if there is none; None when it is time to end."""
        until = time.monotonic() + limit
        with self._condition:
            while not self._closing:
                burst, now = self._burst, time.monotonic()
                due = min(burst.last + self._quiet, burst.first + LONGEST) if burst.names else until
                if now >= due:
                    self._burst = _Burst()
                    return burst
                self._condition.wait(due - now)
        return None

    # ----------------------------------------------------------------------------------------------------------- looks

    def _look(self, names: set[str]) -> tuple[bool, bool]:
        """Look at the files; tell whether one of them is just being saved, and else whether any is another."""
        self._tend()
        now = time.monotonic()
        found: dict[Path, bytes | None] = {}
        pending = moved = False
        for path, one in self._files.items():
            look = _look(path)
            if look != one.look:
                one.look, one.fresh, moved = look, now + _COARSE, True
            elif one.away is None and one.fresh < now and _named(path) not in names and not _linked(path, names):
                continue
            digest = _digest(path)
            if digest == one.digest:
                one.away = None
                continue
            if digest is None or digest == _EMPTY:
                one.away = now if one.away is None else one.away
                if now - one.away < AWAY:
                    pending = True
                    continue
            found[path] = digest
        if moved:
            self._arrange(list(self._files))
        if pending or not found:
            # What else has changed is found again when the last of them is there.
            return pending, False
        for path, digest in found.items():
            self._files[path].digest, self._files[path].away = digest, None
        return False, True

    def _arrange(self, files: list[Path]) -> None:
        """Watch the folders of these files, and of what they are links to."""
        places = {place for path in files for place in _places(path)}
        self._names = frozenset(_named(name) for _, name in places)
        wanted = {folder for folder, _ in places}
        for gone in self._folders.keys() - wanted:
            self._leave(self._folders.pop(gone))
        for folder in wanted:
            self._folders.setdefault(folder, _Folder()).names = {name for where, name in places if where == folder}
        self._tend()

    def _tend(self) -> None:
        """Watch what is there now under a folder's name: it may have come, gone, or been made anew."""
        for path, folder in self._folders.items():
            # On Windows an open watch keeps a folder that was removed, and none of its name can be made meanwhile: so
            # one without any of the files is let go, and the glances have to do.
            left = any(os.path.lexists(os.path.join(path, name)) for name in folder.names)  # noqa: PTH118
            identity = _identity(path) if left else None
            if identity == folder.identity:
                continue
            self._leave(folder)
            folder.identity = identity
            if identity is not None and self._observer is not None:
                # Where the system gives out no more watches, the glances have to do.
                with contextlib.suppress(OSError):
                    folder.watch = self._observer.schedule(self, path, recursive=False)

    def _leave(self, folder: _Folder) -> None:
        if folder.watch is not None and self._observer is not None:
            # With its folder, a watch may have ended by itself.
            with contextlib.suppress(KeyError, OSError):
                self._observer.unschedule(folder.watch)
        folder.watch = None


def _observer() -> Any:
    from watchdog.observers import Observer

    # What it logs would stand in the middle of the cues; whether events arrive or not, a glance sees every change.
    logging.getLogger("watchdog").addHandler(logging.NullHandler())
    observer = Observer()
    observer.daemon = True
    observer.start()
    return observer


def _named(path: str | bytes | Path) -> str:
    # Systems differ in whether case counts and how accents are spelled; a name too many costs one look.
    return unicodedata.normalize("NFC", os.path.basename(os.fsdecode(path))).casefold()  # noqa: PTH119 - called often


def _places(path: Path) -> list[tuple[str, str]]:
    """List where a change of a file may be seen, as (real folder, name): it and every link on the way to it."""
    here, found = os.path.abspath(path), []  # noqa: PTH100 - links are not to be followed yet
    for _ in range(_HOPS):
        folder, name = os.path.split(here)
        found.append((os.path.realpath(folder), name))
        try:
            here = os.path.join(folder, os.readlink(here))  # noqa: PTH115, PTH118
        except (OSError, ValueError):
            break
    return found


def _linked(path: Path, names: set[str]) -> bool:
    """Tell whether a file of another name, to which this one is a link, is among ``names``."""
    return bool(names) and path.is_symlink() and any(_named(name) in names for _, name in _places(path))


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        found = os.stat(folder)  # noqa: PTH116
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None


def _look(path: Path) -> _Look | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def _digest(path: Path) -> bytes | None:
    try:
        # Nothing but a file: of a pipe nobody knows how long it would take.
        return hashlib.blake2b(path.read_bytes()).digest() if path.is_file() else None
    except (OSError, ValueError):
        return None


def _first(path: Path) -> _File:
    return _File(path, _look(path), _digest(path), fresh=time.monotonic() + _COARSE)

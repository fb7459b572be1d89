"""The journal's file: every entry goes into it as it happens, and no disk can hold the show up.

The show's thread puts lines into a list and goes on; a thread of its own writes them, in order. While the disk stands
or is full they wait in memory, up to a limit. A write that ends in the middle of a line leaves that line torn; it is
written once more, whole, behind it: readers pass over what is torn, so nothing is lost.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.diagnostics.wording import count
from showrunner.engine.journal import line
from showrunner.engine.messages import Entry

MOST_WAITING = 64 * 1024 * 1024
"""So many bytes wait for the disk; what comes on top of them is dropped, and an entry says how many were."""

AT_ONCE = 256 * 1024
"""So many bytes, a little more perhaps, are written in one go."""

AGAIN = 0.5
"""Seconds after which a disk that refused is tried again."""

AHEAD = 0.02
"""Seconds that a command waits for the disk to have taken what was decided before it. Once it has not, none waits any
more until it has."""

PATIENCE = 5.0
"""Seconds that the end of a show waits for a disk that stands."""


class JournalFile:
    """A sink of the journal. What is wrong with the disk is told to ``warn``, in any thread, and the show goes on.

    A journal that has entries is never written over: a number is appended to the name. ``path`` is the name it got.
    Raises ``Refusal`` where the file cannot be made.
    """

    def __init__(
        self,
        path: str,
        warn: Callable[[str], None],
        *,
        most: int = MOST_WAITING,
        write: Callable[[int, bytes], int] = os.write,
    ) -> None:
        self._warn = warn
        self._most = most
        self._write = write
        try:
            self.path, self._number = _made(path)
        except (OSError, ValueError) as error:
            raise Refusal(f"the journal `{path}` cannot be written: {reason(error)}") from error
        self._waiting: deque[bytes] = deque()
        self._over: bytes | None = None
        """The one of those that are waiting which is written over the beginning of the file."""
        self._bytes = 0
        self._dropped: Entry | None = None
        self._torn = False
        self._failing = False
        self._gone = False
        self._closing = False
        self._behind = False
        lock = threading.RLock()
        self._something, self._taken = threading.Condition(lock), threading.Condition(lock)
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def __call__(self, entry: Entry) -> None:
        """Take one entry; it is on its way to the disk when this returns, and this never waits for it."""
        data = f"{line(entry)}\n".encode()
        with self._something:
            if self._closing:
                return
            if self._dropped is not None or self._bytes + len(data) > self._most:
                self._drop(entry)
                return
            self._waiting.append(data)
            self._bytes += len(data)
            self._something.notify()

    def renew(self, entries: Sequence[Entry]) -> None:
        """Take all entries there were so far once more: each says more than it did, and is written over what it said.

        A pipe keeps what it has. So does a file that has more than that, since a line of it is torn.
        """
        data = b"".join(f"{line(entry)}\n".encode() for entry in entries)
        with self._something:
            if self._dropped is None and not self._closing and stat.S_ISREG(os.fstat(self._number).st_mode):
                self._waiting.append(data)
                self._bytes += len(data)
                self._over = data
                self._something.notify()

    def settle(self) -> None:
        """Let what was taken so far get to the disk before anything is sent that it tells of: see ``AHEAD``.

        So a show whose program is killed is never resumed with a command that was sent already.
        """
        with self._something:
            if not (self._behind or self._failing or self._closing):
                self._behind = not self._taken.wait_for(lambda: not self._waiting, AHEAD)

    def close(self, patience: float = PATIENCE) -> None:
        """Write what waits and close the file. A disk that stands is waited for so many seconds; then that is said."""
        with self._something:
            if self._closing:
                return
            self._closing = True
            self._something.notify()
        self._thread.join(patience)
        left = len(self._waiting) + (0 if self._dropped is None else self._dropped["entries"])
        if left:
            self._warn(f"{count(left, 'entry', 'entries')} of the journal are not in `{self.path}`")

    def _drop(self, entry: Entry) -> None:
        if self._dropped is None:
            self._dropped = {"seq": entry["seq"], "at": entry["at"], "kind": "dropped", "entries": 0}
            self._warn(f"THE JOURNAL HAS GAPS: `{self.path}` is not taken by the disk, and no more can wait in memory")
        self._dropped["entries"] += 1

    # --- in the journal's own thread

    def _run(self) -> None:
        while True:
            with self._something:
                while not self._waiting and self._dropped is None and not self._closing:
                    self._something.wait()
                if not self._waiting and self._dropped is not None:
                    self._waiting.append(f"{line(self._dropped)}\n".encode())
                    self._dropped = None
                if not self._waiting:
                    break
                batch = self._batch()
            if not self._written(batch):
                with self._something:
                    if self._closing:
                        break  # it was tried once more, for the last time
                    self._something.wait(AGAIN)
        with contextlib.suppress(OSError):
            os.close(self._number)

    def _batch(self) -> list[bytes]:
        taken: list[bytes] = []
        size = 0
        for one in self._waiting:
            if one is self._over and taken:
                break
            taken.append(one)
            size += len(one)
            if size >= AT_ONCE or one is self._over:
                break
        return taken

    def _written(self, batch: list[bytes]) -> bool:
        """Write whole lines, as many of them as the disk takes; tell whether it took all."""
        data = b"".join(batch)
        begun = b"\n" if self._torn else b""
        over = batch[0] is self._over
        done = 0
        try:
            if over:
                if os.lseek(self._number, 0, os.SEEK_CUR) > len(data):
                    self._took(batch, len(data))
                    return True
                os.lseek(self._number, 0, os.SEEK_SET)
            while done < len(begun) + len(data):
                done += self._write(self._number, (begun + data)[done:])
        except OSError as error:
            if not over:  # that begins anew
                self._took(batch, done - len(begun))
            if not self._failing:
                self._failing = True
                self._warn(
                    f"NO JOURNAL AT THE MOMENT: `{self.path}` cannot be written: {reason(error)}; it waits in memory"
                )
            return False
        self._took(batch, len(data))
        if self._failing:
            self._failing = False
            self._warn(f"the journal `{self.path}` is written again")
        self._look()
        return True

    def _took(self, batch: list[bytes], done: int) -> None:
        """Forget the lines that were written whole. ``done``: bytes of them that the disk has; less than 0: none."""
        whole = 0
        with self._something:
            for one in batch:
                if whole + len(one) > done:
                    break
                whole += len(one)
                self._waiting.popleft()
                self._bytes -= len(one)
            if not self._waiting:
                self._behind = False
                self._taken.notify_all()
        # Less than nothing: not even the line's end was taken that parts what comes from what is torn.
        self._torn = self._torn if done < 0 else done > whole

    def _look(self) -> None:
        """Say once that the file cannot be found any more: it was deleted, or its folder was."""
        with contextlib.suppress(OSError):
            found = os.fstat(self._number)
            if stat.S_ISREG(found.st_mode) and not found.st_nlink and not self._gone:
                self._gone = True
                self._warn(f"the journal `{self.path}` has been deleted: it is gone when the show has ended")


def _made(path: str) -> tuple[str, int]:
    """Make the file, or one with a number behind its name where there is a journal: its name, and its descriptor."""
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    number = 1
    while True:
        name = path if number == 1 else f"{path}.{number}"
        there = Path(name)
        if there.exists() and not there.is_file():
            return name, os.open(name, flags)  # a device or a pipe: `/dev/stdout`
        with contextlib.suppress(FileExistsError):
            empty = there.exists() and not there.stat().st_size
            made = os.open(name, flags if empty else flags | os.O_EXCL, 0o666)
            if _ours(made):
                return name, made
            os.close(made)
        number += 1


_FAR = 2**31 - 2
"""The byte that is locked on Windows, where nobody may read what is locked: no journal is so long."""


def _ours(number: int) -> bool:
    """Lock a journal: it is empty until a show begins, and another that waits to begin may have it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(number, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno != errno.EINVAL:  # a network disk without locks
                return False
        os.lseek(number, 0, os.SEEK_SET)
    else:
        import fcntl

        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # a network disk without locks
    return not os.fstat(number).st_size

"""Lines that are typed while a command runs: read in a thread of their own, handed on one by one.

Read past Python's own buffer, so that a thread still waiting for a line never holds up the end of the program.
"""

from __future__ import annotations

import contextlib
import io
import locale
import os
import select
import stat
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from showrunner.cli.terminal import windows_console


def terminal() -> bool:
    """Tell whether somebody can sit at standard input."""
    number = _number()
    if number is None or not sys.stdin.isatty():
        return False
    return sys.platform != "win32" or windows_console.is_one(number)


def closed() -> bool:
    """Tell whether it is certain that no line will ever come: nothing is connected, or it has ended already."""
    number = _number()
    if number is None:
        return True
    if terminal():
        return False
    try:
        what = os.fstat(number)
        if stat.S_ISREG(what.st_mode):
            return os.lseek(number, 0, os.SEEK_CUR) >= what.st_size
        if sys.platform == "win32":
            return False  # it tells nothing of a pipe or of NUL before they are read
        if stat.S_ISCHR(what.st_mode):
            return what.st_rdev == Path(os.devnull).stat().st_rdev
        asked = select.poll()
        asked.register(number, select.POLLIN)
        return any(said & select.POLLHUP and not said & select.POLLIN for _, said in asked.poll(0))
    except OSError:
        return True  # it was closed by whoever started the program


def listen(take: Callable[[str], None], ended: Callable[[], None]) -> None:
    """Hand every line of standard input to ``take``, in another thread, until it ends; then call ``ended``."""
    number = _number()
    if number is not None:
        threading.Thread(target=_read, args=(number, take, ended), name="keys", daemon=True).start()


def _number() -> int | None:
    try:
        return sys.stdin.fileno()
    except (AttributeError, ValueError, io.UnsupportedOperation):
        return None  # there is no keyboard (a service, a test)


def _read(number: int, take: Callable[[str], None], ended: Callable[[], None]) -> None:
    held = b""
    console = windows_console.encodings() if sys.platform == "win32" else ()
    others = (*console, locale.getencoding())
    while True:
        try:
            got = os.read(number, 4096)
        except OSError:
            got = b""
        if not got:
            ended()
            return
        *lines, held = (held + got).split(b"\n")
        for line in lines:
            take(text_of(line, others).strip())


def text_of(line: bytes, others: Sequence[str]) -> str:
    """Read a line: UTF-8, or the first of ``others`` in which it can be written, as older programs write."""
    for encoding in ("utf-8-sig", *others):
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return line.decode(encoding)
    return line.decode("utf-8", "replace")

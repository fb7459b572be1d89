"""Lines that are typed while a command runs: read in a thread of their own, handed on one by one.

Read past Python's own buffer, so that a thread still waiting for a line never holds up the end of the program.
"""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable


def listen(take: Callable[[str], None]) -> None:
    """Hand every line of standard input to ``take``, in another thread, until it ends."""
    try:
        number = sys.stdin.fileno()
    except (AttributeError, ValueError, io.UnsupportedOperation):
        # There is no keyboard (a service, a test).
        return
    threading.Thread(target=_read, args=(number, take), name="keys", daemon=True).start()


def _read(number: int, take: Callable[[str], None]) -> None:
    held = b""
    while True:
        try:
            got = os.read(number, 4096)
        except OSError:
            return
        if not got:
            return
        *lines, held = (held + got).split(b"\n")
        for line in lines:
            take(line.decode("utf-8", "replace").strip())

"""Single keys of the terminal, read without Enter: which key it was, by name. What a key does is the keymap's business.

On POSIX the terminal is taken out of its line mode and given back at the end, however the program ends; on Windows the
console's events are read. Ctrl-C and Ctrl-Z stay what they are. Where there is no such terminal, lines are (``keys``).
"""

from __future__ import annotations

import atexit
import codecs
import contextlib
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from showrunner.cli.terminal import lines
from showrunner.cli.terminal.windows_console import Console

_PATIENCE = 0.05
"""Seconds in which the rest of a key's sequence comes; what comes later is another key."""

_LEAVE = 2.0

_PLAIN = {
    " ": "space", "\r": "enter", "\n": "enter", "\t": "tab", "\x7f": "backspace", "\x08": "backspace", "\x1b": "escape",
}  # fmt: skip

_SEQUENCES = {
    "A": "up", "B": "down", "C": "right", "D": "left", "H": "home", "F": "end", "M": "enter",
    "1~": "home", "4~": "end", "7~": "home", "8~": "end", "5~": "page-up", "6~": "page-down", "3~": "delete",
}  # fmt: skip
"""What stands behind `ESC [` or `ESC O`, in the ways that terminals write it."""


def usable() -> bool:
    """Tell whether keys can be read: a terminal that has single keys, and this program in front of it."""
    if not lines.terminal() or os.environ.get("TERM") == "dumb":
        return False
    return sys.platform == "win32" or _in_front(sys.stdin.fileno())


def names(characters: str) -> Iterator[str]:
    """Give the names of the keys in what a POSIX terminal has sent; sequences that nobody knows give nothing.

    A key that is a character is called as it (`p`, `?`), the others `space`, `enter`, `escape`, `up`, `page-down`, ….
    """
    at = 0
    while at < len(characters):
        one = characters[at]
        at += 1
        if one == "\x1b" and characters[at : at + 1] in {"[", "O"}:
            start = at = at + 1
            while at < len(characters) and not "\x40" <= characters[at] <= "\x7e":
                at += 1
            at += 1
            name = _SEQUENCES.get(characters[start:at])
            if name is not None:
                yield name
        elif one in _PLAIN:
            yield _PLAIN[one]
        elif one.isprintable():
            yield one


class Keyboard:
    """Hands every key to ``take``, in a thread of its own, from ``open`` to ``close``. ``ended``: none can come.

    ``rest`` is called before the program is stopped by Ctrl-Z, ``wake`` when it goes on, both in a signal handler.
    """

    def __init__(
        self,
        take: Callable[[str], None],
        ended: Callable[[], None] = lambda: None,
        *,
        rest: Callable[[], None] = lambda: None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._take = take
        self._ended = ended
        self._rest = rest
        self._wake = wake
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._bell: tuple[int, int] | None = None
        self._console: Console | None = None
        self._number = -1
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._mode: list[Any] | None = None
        self._handlers: dict[int, Any] = {}

    def open(self) -> None:
        """Take the terminal and begin to read. In the main thread."""
        _OPEN.append(self)
        self._number = sys.stdin.fileno()
        piece = self._of_terminal
        if sys.platform == "win32":
            self._console = Console(self._number)
            piece = self._of_console
        else:
            self._bell = os.pipe()
            self._grab()
            atexit.register(self.restore)
            if threading.current_thread() is threading.main_thread():
                for number, handler in ((signal.SIGTSTP, self._stopped), (signal.SIGCONT, self._continued)):
                    self._handlers[number] = signal.signal(number, handler)
        self._thread = threading.Thread(target=self._read, args=(piece,), name="keyboard", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Read no more, and give the terminal back as it was."""
        self._closing.set()
        self.restore()
        if self in _OPEN:
            _OPEN.remove(self)
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers.clear()
        if self._bell is not None:
            os.write(self._bell[1], b"!")
        if self._console is not None:
            self._console.leave()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_LEAVE)
        if self._thread is None or not self._thread.is_alive():
            for end in self._bell or ():
                os.close(end)
            if self._console is not None:
                self._console.close()
            self._bell = self._console = None
        atexit.unregister(self.restore)

    def restore(self) -> None:
        """Give the terminal back; nothing happens where that is done, or was never needed."""
        if sys.platform != "win32" and self._mode is not None:
            import termios

            mode, self._mode = self._mode, None
            # The terminal may have gone with its window. It may take nothing, too: what waits is not waited for.
            with contextlib.suppress(termios.error, OSError):
                termios.tcsetattr(self._number, termios.TCSANOW, mode)

    def leave(self) -> None:
        """Give the terminal back for now."""
        self.restore()
        self._rest()

    # ----------------------------------------------------------------------------------------------------------- POSIX

    def _grab(self) -> None:
        if sys.platform != "win32" and self._mode is None and _in_front(self._number):
            import termios
            import tty

            # Keys come at once and are not echoed; Ctrl-C and Ctrl-Z go on being signals.
            with contextlib.suppress(termios.error, OSError):
                self._mode = termios.tcgetattr(self._number)
                tty.setcbreak(self._number, termios.TCSANOW)

    def _stopped(self, number: int, _frame: object) -> None:
        self.leave()
        # Stop as if nobody had listened, so that the shell sees what it is used to. Without a shell nothing stops.
        signal.signal(number, signal.SIG_DFL)
        signal.raise_signal(number)
        self._continued(number, None)

    def _continued(self, _number: int, _frame: object | None) -> None:
        if sys.platform != "win32" and not self._closing.is_set():
            signal.signal(signal.SIGTSTP, self._stopped)
            self._grab()
            self._wake()

    # ------------------------------------------------------------------------------------------------------- what comes

    def _read(self, piece: Callable[[float | None], str | None]) -> None:
        """Name the keys in what ``piece`` gives within some seconds: "" is nothing, None that nothing can come."""
        held = ""
        while True:
            got = piece(_PATIENCE if held else None)
            if self._closing.is_set():
                return
            if got is None:
                self._ended()
                return
            held += got
            if got and _unfinished(held):
                continue
            whole, held = held, ""
            for name in names(whole):
                self._take(name)

    def _of_terminal(self, patience: float | None) -> str | None:
        bell = self._bell[0] if self._bell is not None else -1
        ready, _, _ = select.select([self._number, bell], [], [], patience)
        if self._number not in ready or self._closing.is_set():
            return ""
        try:
            got = os.read(self._number, 4096)
        except OSError:
            got = b""
        return self._decoder.decode(got) if got else None

    def _of_console(self, patience: float | None) -> str | None:
        got = None if self._console is None else self._console.read(patience)
        if got is not None and "\x03" in got:
            signal.raise_signal(signal.SIGINT)  # whoever had the console before has left it so that it makes none
        return got


_OPEN: list[Keyboard] = []


def give_back() -> None:
    """Give the terminal back at once, for whoever leaves the program without ending anything."""
    for one in _OPEN:
        one.leave()


def _unfinished(held: str) -> bool:
    """Tell whether the rest of a key's sequence may still be on its way."""
    last = held.rfind("\x1b")
    rest = held[last + 1 :]
    if last < 0 or (rest and rest[0] not in "[O"):
        return False
    return not any("\x40" <= one <= "\x7e" for one in rest[1:])


def _in_front(number: int) -> bool:
    """Tell whether this program may use its terminal: one in the background would be stopped for it."""
    if sys.platform == "win32":
        return True
    try:
        return os.tcgetpgrp(number) == os.getpgrp()
    except OSError:
        return False

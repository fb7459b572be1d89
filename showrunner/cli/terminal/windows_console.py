"""The console of Windows, where keys come as events: which were pressed, as a POSIX terminal would have sent them.

Its modes (QuickEdit among them) are left as they are: reading events changes none, and Ctrl-C stays a signal. Shapes
and numbers are those of Microsoft's "Console Reference": `ReadConsoleInput`, `INPUT_RECORD`, "Virtual-Key Codes".
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from typing import Any, ClassVar

_KEY_EVENT = 1
_MENU = 0x12
"""The key Alt."""

_RIGHT_ALT, _LEFT_ALT, _RIGHT_CTRL, _LEFT_CTRL = 0x1, 0x2, 0x4, 0x8

_SEQUENCES = {
    0x26: "\x1b[A", 0x28: "\x1b[B", 0x27: "\x1b[C", 0x25: "\x1b[D", 0x24: "\x1b[H", 0x23: "\x1b[F",
    0x21: "\x1b[5~", 0x22: "\x1b[6~", 0x2E: "\x1b[3~",
}  # fmt: skip
"""What a terminal sends for the keys that are no characters, by their codes."""

_AT_ONCE = 64
"""So many events are fetched at once."""

_TYPED, _NOTHING = 1, 258
"""What waiting says: the second of the things that were waited for, and none of them in time."""

_FOR_EVER = 0xFFFFFFFF


class KeyEvent(ctypes.Structure):
    """`KEY_EVENT_RECORD`: ``character`` is one unit of UTF-16."""

    _fields_: ClassVar = [
        ("down", ctypes.c_int32),
        ("count", ctypes.c_uint16),
        ("code", ctypes.c_uint16),
        ("scan", ctypes.c_uint16),
        ("character", ctypes.c_uint16),
        ("state", ctypes.c_uint32),
    ]


class Event(ctypes.Structure):
    """`INPUT_RECORD`: what it is of besides a key (mouse, window, focus) is as long and not looked at."""

    _fields_: ClassVar = [("kind", ctypes.c_uint16), ("key", KeyEvent)]


class Typing:
    """What is typed, event by event: of a character outside the first plane each half is an event."""

    def __init__(self) -> None:
        self._half = b""

    def text(self, events: Iterable[Event]) -> str:
        """Give what a terminal would have sent for these events; half a character waits for its other half."""
        return "".join(self._one(event.key) for event in events if event.kind == _KEY_EVENT)

    def _one(self, key: Any) -> str:
        if not key.down and key.code != _MENU:
            return ""  # with Alt a character may be typed by its number: then it comes as Alt is let go
        control, alt = key.state & (_LEFT_CTRL | _RIGHT_CTRL), key.state & (_LEFT_ALT | _RIGHT_ALT)
        if not key.character:
            return "" if control or alt or not key.down else _SEQUENCES.get(key.code, "") * key.count
        # Ctrl and Alt together are AltGr, which makes characters; so does the right Alt alone. With one of the others
        # a key is not what it says: Alt with x is no PANIC.
        if key.down and ((control and not alt and key.character >= 0x20) or (alt == _LEFT_ALT and not control)):
            return ""
        unit: bytes = key.character.to_bytes(2, "little")
        if 0xD800 <= key.character < 0xDC00:
            self._half = unit
            return ""
        whole, self._half = self._half + unit, b""
        return whole.decode("utf-16-le", "ignore") * max(1, int(key.count))


class Console:
    """The console behind a file ``number``: ``read`` in one thread, ``leave`` in any other, ``close`` at the end."""

    def __init__(self, number: int) -> None:
        self._kernel = _kernel()
        self._input = _handle(number)
        self._left = ctypes.c_void_p(self._kernel.CreateEventW(None, 1, 0, None))
        self._typing = Typing()
        self._events = (Event * _AT_ONCE)()

    def read(self, patience: float | None) -> str | None:
        """Give what was typed: "" where nothing came within so many seconds, None where nothing can come any more."""
        things = (ctypes.c_void_p * 2)(self._left, self._input)
        milliseconds = _FOR_EVER if patience is None else round(patience * 1000)
        told = self._kernel.WaitForMultipleObjects(2, things, 0, milliseconds)
        if told == _NOTHING:
            return ""
        count = ctypes.c_uint32()
        fetch = self._kernel.ReadConsoleInputW
        if told != _TYPED or not fetch(self._input, self._events, _AT_ONCE, ctypes.byref(count)):
            return None
        return self._typing.text(self._events[: count.value])

    def leave(self) -> None:
        """Let ``read`` end."""
        self._kernel.SetEvent(self._left)

    def close(self) -> None:
        """Free what was taken for it."""
        self._kernel.CloseHandle(self._left)


def is_one(number: int) -> bool:
    """Tell whether a file is a console: of the device NUL Python says that it is a terminal, too."""
    mode = ctypes.c_uint32()
    return bool(_kernel().GetConsoleMode(_handle(number), ctypes.byref(mode)))


def encodings() -> tuple[str, ...]:
    """Name the encoding of what is typed into a console or written by its own commands; nothing where there is none."""
    page = _kernel().GetConsoleCP()
    return (f"cp{page}",) if page else ()


def _kernel() -> Any:
    windows: Any = ctypes
    kernel = windows.WinDLL("kernel32")
    kernel.CreateEventW.restype = ctypes.c_void_p
    kernel.WaitForMultipleObjects.restype = ctypes.c_uint32
    return kernel


def _handle(number: int) -> ctypes.c_void_p:
    import msvcrt

    system: Any = msvcrt
    return ctypes.c_void_p(system.get_osfhandle(number))

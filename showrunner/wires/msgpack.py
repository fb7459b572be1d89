"""MessagePack: a frame as bytes, for programs that ask a double for it (https://github.com/msgpack/msgpack, spec.md).

Of its kinds those that JSON has, too: no bytes, no extensions, and the keys of a table are texts.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from typing import Any

from showrunner.devices.vocabulary import Frame
from showrunner.wires.frames import DEEPEST, MOST_PARTS

_WORDS: Mapping[int, bool | None] = {0xC0: None, 0xC2: False, 0xC3: True}
_NUMBERS: Mapping[int, str] = {
    0xCA: ">f", 0xCB: ">d",
    0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q",
    0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q",
}  # fmt: skip
_TEXTS: Mapping[int, str] = {0xD9: ">B", 0xDA: ">H", 0xDB: ">I"}
_LISTS: Mapping[int, str] = {0xDC: ">H", 0xDD: ">I"}
_TABLES: Mapping[int, str] = {0xDE: ">H", 0xDF: ">I"}
"""First byte -> how the number, or the length, is written that follows."""


def read(raw: bytes) -> Frame | str:
    """Read one message; give a word on it where it is not one table, whole and within the limits of a message."""
    reader = _Reader(raw)
    try:
        value = reader.value(0)
    except (ValueError, TypeError):
        value = None
    if isinstance(value, dict) and reader.at == len(raw):
        return value
    return f"(a binary message of {len(raw)} bytes)"


def write(frame: Frame) -> bytes:
    """Write one message. A whole number of more than 64 bits becomes the nearest that there is."""
    return b"".join(_written(frame))


class _Reader:
    """What is left of a message. ``ValueError`` where it is cut off or not of ours, ``TypeError`` for such a key."""

    def __init__(self, raw: bytes) -> None:
        self.at = 0
        self._raw = raw
        self._parts = 0

    def value(self, depth: int) -> Any:
        self._parts += 1
        if depth > DEEPEST or self._parts > MOST_PARTS:
            raise ValueError
        first = self._take(1)[0]
        if first <= 0x7F:
            return first
        if first <= 0x8F:
            return self._table(first & 0x0F, depth)
        if first <= 0x9F:
            return self._list(first & 0x0F, depth)
        if first <= 0xBF:
            return self._text(first & 0x1F)
        if first >= 0xE0:
            return first - 0x100
        if first in _WORDS:
            return _WORDS[first]
        if first in _NUMBERS:
            return self._number(_NUMBERS[first])
        for forms, made in ((_TEXTS, lambda n, _: self._text(n)), (_LISTS, self._list), (_TABLES, self._table)):
            if first in forms:
                return made(int(self._number(forms[first])), depth)
        raise ValueError(first)

    def _take(self, size: int) -> bytes:
        piece = self._raw[self.at : self.at + size]
        if len(piece) < size:
            raise ValueError(size)
        self.at += size
        return piece

    def _number(self, form: str) -> int | float:
        number: int | float = struct.unpack(form, self._take(struct.calcsize(form)))[0]
        if not math.isfinite(number):
            raise ValueError(number)
        return number

    def _text(self, size: int) -> str:
        return self._take(size).decode("utf-8", "replace")

    def _list(self, size: int, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(size)]

    def _table(self, size: int, depth: int) -> dict[str, Any]:
        made = {}
        for _ in range(size):
            key = self.value(depth + 1)
            if not isinstance(key, str):
                raise TypeError(key)
            made[key] = self.value(depth + 1)
        return made


def _written(value: Any) -> list[bytes]:
    match value:
        case None:
            return [b"\xc0"]
        case bool():
            return [b"\xc3" if value else b"\xc2"]
        case int() if value >= 0:
            return [struct.pack(">BQ", 0xCF, min(value, 2**64 - 1))]
        case int():
            return [struct.pack(">Bq", 0xD3, max(value, -(2**63)))]
        case float():
            return [struct.pack(">Bd", 0xCB, value)]
        case str():
            text = value.encode("utf-8", "replace")
            return [struct.pack(">BI", 0xDB, len(text)), text]
        case dict():
            inside = [piece for key, one in value.items() for part in (key, one) for piece in _written(part)]
            return [struct.pack(">BI", 0xDF, len(value)), *inside]
        case _:
            return [struct.pack(">BI", 0xDD, len(value)), *(piece for one in value for piece in _written(one))]

"""What one value's spelling means: times, numbers, strings. Exact: no time ever goes through a float.

Not the words around a value, and not what a wrong spelling should have been (``mistakes`` knows that): what the grammar
lets pass but has no meaning comes back as a ``Fault``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SCALE = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000}
"""Microseconds in each unit of a duration, in the order the units are written."""

_RANK = {unit: rank for rank, unit in enumerate(SCALE)}
_FIELD = re.compile(r"([0-9]+)(?:\.([0-9]+))?(ms|[hms])")
_PIECE = re.compile(r"\\u\{([0-9A-Fa-f]+)\}|\\u([0-9A-Fa-f]{4})|\\(.)|(\{\{|\}\})|\{([^{}]*)\}|([^\\{}]+)")
_PLAIN = re.compile(r"[^\\{}]*")
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "f": "\f", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Fault:
    """A spelling without a meaning: what kind, and the stretch of it (offsets into the spelling)."""

    kind: Literal["order", "fraction", "finer", "character"]
    start: int
    end: int


def duration(source: str) -> int | Fault:
    """Read `1m30s` as microseconds: units in falling order, each once, a fraction only in the last, to 1 ms."""
    total, rank = 0, -1
    for field in _FIELD.finditer(source):
        whole, fraction, unit = field.groups()
        if _RANK[unit] <= rank:
            return Fault("order", field.start(), field.end())
        rank = _RANK[unit]
        total += int(whole) * SCALE[unit]
        if fraction is not None:
            if field.end() != len(source):
                return Fault("fraction", field.start(), field.end())
            micros, rest = divmod(int(fraction) * SCALE[unit], int("1" + "0" * len(fraction)))
            if rest or micros % 1000:
                return Fault("finer", field.start(), field.end())
            total += micros
    return total


def clock(source: str) -> int | Fault:
    """Read `M:SS`, `MM:SS` or `HH:MM:SS`, each with a fraction if wanted, as microseconds."""
    fields, _, fraction = source.partition(".")
    seconds = 0
    for field in fields.split(":"):
        seconds = seconds * 60 + int(field)
    micros, rest = divmod(int(fraction or "0") * 1_000_000, int("1" + "0" * len(fraction)))
    if rest or micros % 1000:
        return Fault("finer", len(fields), len(source))
    return seconds * 1_000_000 + micros


def number(source: str) -> int | float:
    """Read `-3` as an int, `0.25` (a point or an exponent is written) as a float. `-0` is 0."""
    return int(source) if source.lstrip("-").isdigit() else float(source)


def text(source: str) -> tuple[str | tuple[str, int, int], ...] | Fault:
    """Read a string with its quotes: stretches of text, and inserts as (name, start, end), offsets into the source.

    Escapes and doubled braces are read; JSON's own escapes too, a pair of surrogates as one character.
    """
    body = source[1:-1]
    if _PLAIN.fullmatch(body):
        return (body,) if body else ()
    parts: list[str | tuple[str, int, int]] = []
    heap: list[str] = []
    place = 1
    while place < len(source) - 1:
        piece = _PIECE.match(source, place, len(source) - 1)
        if piece is None:
            raise ValueError(f"the grammar lets {source!r} pass, this does not")
        braced, plain, escape, doubled, name, letters = piece.groups()
        end = piece.end()
        if name is not None:
            if heap:
                parts.append("".join(heap))
                heap = []
            parts.append((name, place, end))
        elif braced is not None or plain is not None:
            point = int(braced or plain, 16)
            if plain is not None and 0xD800 <= point < 0xDC00:
                low = _PIECE.match(source, end, len(source) - 1)
                if low is not None and low[2] is not None and 0xDC00 <= int(low[2], 16) < 0xE000:
                    point = 0x10000 + ((point - 0xD800) << 10) + int(low[2], 16) - 0xDC00
                    end = low.end()
            if point > 0x10FFFF or 0xD800 <= point < 0xE000:
                return Fault("character", place, end)
            heap.append(chr(point))
        else:
            heap.append(letters or (doubled and doubled[0]) or _ESCAPES.get(escape, escape))
        place = end
    if heap:
        parts.append("".join(heap))
    return tuple(parts)

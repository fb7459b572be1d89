"""What the spelling of a number and of a string means. Times are read in ``times``.

Not the words around a value, and not what a wrong spelling should have been (``slips`` know that): what the grammar
lets pass but has no meaning comes back as data.
"""

from __future__ import annotations

import re

from showrunner.slotted import dataclass

_PIECE = re.compile(r"\\u\{([0-9A-Fa-f]+)\}|\\u([0-9A-Fa-f]{4})|\\(.)|(\{\{|\}\})|\{([^{}]*)\}|([^\\{}]+)")
_PLAIN = re.compile(r"[^\\{}]*")
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b", "f": "\f", "r": "\r"}


@dataclass(frozen=True, slots=True)
class NoCharacter:
    """An escape with the number of no character: the stretch of it (offsets into the spelling)."""

    start: int
    end: int


def number(source: str) -> int | float:
    """Read `-3` as an int, `0.25` (a point or an exponent is written) as a float. `-0` is 0."""
    return int(source) if source.lstrip("-").isdigit() else float(source)


def text(source: str) -> tuple[str | tuple[str, int, int], ...] | NoCharacter:
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
                return NoCharacter(place, end)
            heap.append(chr(point))
        else:
            heap.append(letters or (doubled and doubled[0]) or _ESCAPES.get(escape, escape))
        place = end
    if heap:
        parts.append("".join(heap))
    return tuple(parts)

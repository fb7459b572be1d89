r"""How data is written for the console: compact JSON that is safe wherever a browser may put it.

`<`, `>` and `&` leave as `\u003c` and the like, so that no text of a script or a device is ever mistaken for HTML.
Large values are written in pieces with the show's thread let in between: JSON is written by one long call that lets
nobody else work, and no cue may be late because somebody opened the console.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from showrunner.slotted import dataclass
from showrunner.yielding import STRETCH, breathe

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)
_ESCAPES = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)
"""Characters that mean something to HTML, or end a line in old JavaScript."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value that is written already: ``data`` is JSON. A tenth of the memory of what it says, and nothing for the
    garbage collector to look through while a show plays.
    """

    data: bytes


def written(value: Any) -> bytes:
    """Write a value, or give what is written already."""
    return value.data if isinstance(value, Written) else small(value)


def small(value: Any) -> bytes:
    """Write a value in one go. A number that JSON has no word for (a device may send one) becomes its name."""
    try:
        text = _COMPACT.encode(value)
    except ValueError:
        text = _COMPACT.encode(_finite(value))
    # A lone surrogate has no UTF-8; as an escape it is still JSON.
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    return text.encode("utf-8", "backslashreplace")


def stretches(items: Iterable[Any]) -> Iterator[bytes]:
    """Write a long list piece by piece; together they are one JSON text. The items are made only as they are needed."""
    taken: list[Any] = []
    mark = b"["
    for item in items:
        taken.append(item)
        if len(taken) == STRETCH:
            yield mark + small(taken)[1:-1]
            taken.clear()
            breathe()
            mark = b","
    if taken:
        yield mark + small(taken)[1:-1]
    yield b"[]" if mark == b"[" and not taken else b"]"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value

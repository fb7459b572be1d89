"""Frames as they stand on a wire: the text of one JSON object, read and written.

Whatever comes in is survived: what is no JSON object is given as its text.
"""

from __future__ import annotations

import json
from typing import Any

from showrunner.devices.vocabulary import Frame


def _refuse(word: str) -> Any:
    raise ValueError(word)


def read(raw: bytes | str) -> Frame | str:
    """Read one text message. Broken UTF-8 becomes replacement signs, and so do halves of a sign in its escapes.

    Gives the text itself if it is not one JSON object (RFC 8259: `NaN` and `Infinity` are none).
    """
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    try:
        value = json.loads(text, parse_constant=_refuse)
        # Half a surrogate pair is legal in an escape, but no file and no wire could hold it afterwards.
        if "\\ud" in text or "\\uD" in text:
            whole = json.dumps(value, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
            value = json.loads(whole.decode("utf-16-le", "replace"))
    except (ValueError, RecursionError):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value if isinstance(value, dict) else text


def write(frame: Frame | str) -> str:
    """Write one message; a ``str`` goes out as it is (doubles use it for faults on order)."""
    if isinstance(frame, str):
        return frame
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")

"""Frames as they stand on a wire: the text of one JSON object, read and written.

Whatever comes in is survived: what is no JSON object is given as its text, what is too much for one as a word on that.
"""

from __future__ import annotations

import json
import re
from typing import Any

from showrunner.devices.vocabulary import Frame

LARGEST = 4 * 1024 * 1024
"""The longest message that a wire reads, in bytes."""

LARGEST_OF_DOUBLES = 16 * 1024 * 1024
"""The longest that a double reads: shows send pictures."""

DEEPEST = 64
"""So deep lists and tables may stand in each other in one message."""

MOST_PARTS = 100_000
"""So many lists, tables, texts and further items may be in one message."""

LONGEST_NUMBER = 640
"""So many digits a number has at most: to read and to write them takes their square."""

_VALUE = re.compile(r"[ \t\r\n]*[\[{\"\-0-9tfn]")
_OBJECT = re.compile(r"[ \t\r\n]*\{")
_PARTS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{},]', re.DOTALL)
"""What stands in a text is no part. A text that never ends is one text: nothing is looked at twice."""


def read(raw: bytes | str) -> Frame | str:
    """Read one text message. Broken UTF-8 becomes replacement signs, and so do halves of a sign in its escapes.

    Gives the text itself if it is not one JSON object (RFC 8259: `NaN` and `Infinity` are none), and a word on it if
    there is too much in it.
    """
    text = raw if isinstance(raw, str) else raw.decode("utf-8", "replace")
    if not _OBJECT.match(text):
        return _whole(text)
    value = _parsed(text)
    return value if isinstance(value, str) else dict(value)


def value(raw: bytes) -> Any:
    """Read what a body holds: any value of JSON, else its text, within the limits of a message.

    Gives a word on it where it is no text at all.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return f"(a body of {len(raw)} bytes that is no text)"
    return _parsed(text) if _VALUE.match(text) else text


def _parsed(text: str) -> Any:
    """Read JSON; give the text itself if it is none, and a word on it if there is too much in it."""
    much = _too_much(text)
    if much is not None:
        return f"(a message of {len(text)} characters: {much})"
    try:
        value = json.loads(text, parse_constant=_refuse, parse_int=_number if _has_long_number(text) else None)
        # Half a surrogate pair is legal in an escape, but no file and no wire could hold it afterwards.
        if "\\ud" in text or "\\uD" in text:
            whole = json.dumps(value, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
            value = json.loads(whole.decode("utf-16-le", "replace"))
    except (ValueError, RecursionError):
        return _whole(text)
    return value


def _whole(text: str) -> str:
    """Give the text without halves of signs."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _too_much(text: str) -> str | None:
    """Say what a message has too much of, before a reader goes down with every bracket and makes every item.

    Stops looking as soon as it is sure.
    """
    brackets = text.count("[") + text.count("{")
    if brackets <= DEEPEST and brackets + text.count(",") + text.count('"') <= MOST_PARTS:
        return None  # signs inside texts were counted, too, and it is little all the same
    depth = parts = 0
    for part in _PARTS.finditer(text):
        sign = part[0]
        if sign in "]}":
            depth -= 1
            continue
        parts += 1
        depth += sign in "[{"
        if depth > DEEPEST:
            return f"lists and tables stand in each other more than {DEEPEST} deep"
        if parts > MOST_PARTS:
            return f"it has more than {MOST_PARTS} parts"
    return None


def _has_long_number(text: str) -> bool:
    """Tell whether so many digits follow each other somewhere. Of any such row a whole half step is looked at."""
    step = LONGEST_NUMBER // 2
    return len(text) > step and any(text[at : at + step].isdigit() for at in range(0, len(text), step))


def _number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(digits)
    return int(digits)


def _refuse(word: str) -> Any:
    raise ValueError(word)


PATIENCE = 2_000_000
"""Microseconds that all of a request may take where it says nothing itself: the name, the connection, the answer."""


def within(request: Frame) -> int:
    """Tell how long a request by HTTP may take, in microseconds."""
    said = request.get("within", PATIENCE)
    return said if isinstance(said, int) and said > 0 else PATIENCE


def failed(request: Frame, wrong: str) -> Frame:
    """Give the answer to a request by HTTP that has none, with why."""
    return {"request": request.get("request"), "status": 0, "wrong": wrong}


def flat(frame: Frame) -> list[Frame]:
    """Give the messages of OSC in a frame, which may be a bundle of messages and bundles, in order."""
    if "bundle" not in frame:
        return [frame]
    return [one for inner in frame["bundle"] for one in flat(inner)]


def write(frame: Frame | str) -> str:
    """Write one message; a ``str`` goes out as it is (doubles use it for faults on order)."""
    if isinstance(frame, str):
        return frame
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode("utf-8")

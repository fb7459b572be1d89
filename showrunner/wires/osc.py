"""OSC (1.0, with the types of 1.1) as it stands in a datagram: read with care, written with the types that are said.

A message is `{address, args: [[type, value] …]}`. Types are OSC's own letters: `i h f d` numbers, `s S c` texts, `b`
bytes (base64), `T F` switches, `N I` nothing, `t` a time as its 64 bits, `r` a colour and `m` a MIDI message (four
numbers), `[` a list of such pairs. A bundle is its messages, in order and at once: a stranger's clock fires nothing.

The library reads and writes the parts. It believes what a packet says of its sizes and skips types that it does not
know without their bytes, so all of that is looked at before.
"""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pythonosc.parsing import osc_types

from showrunner.devices.vocabulary import Frame
from showrunner.slotted import dataclass

DEEPEST = 8
"""So deep bundles, and lists of arguments, may stand in each other."""

MOST_MESSAGES = 500
"""So many messages may be in one packet: all bones and all shapes of a face are two hundred."""

MOST_ARGUMENTS = 1_000
"""So many arguments a message may have."""

_BUNDLE = b"#bundle\0"
_AT_ONCE = (1).to_bytes(8, "big")
_TOO_DEEP = f"its parts stand in each other more than {DEEPEST} deep"


class _RubbishError(Exception):
    """A packet that is no OSC; says why."""


# -------------------------------------------------------------------------------------------------------------- reading


def read(raw: bytes) -> Sequence[Frame] | str:
    """Give the messages of a packet, or a word on why it is none."""
    try:
        return [_message(one) for one in _messages(raw)]
    except _RubbishError as error:
        return str(error)
    except Exception as error:  # noqa: BLE001 - whatever the library makes of it: it is the packet's fault
        return f"it cannot be read ({type(error).__name__})"


def _messages(raw: bytes) -> list[bytes]:
    """Give the messages of a packet in order, before anything in them is read."""
    found: list[bytes] = []
    waiting = [(raw, 0)]
    while waiting:
        one, depth = waiting.pop()
        if not one or len(one) % 4:
            raise _RubbishError(f"a part of {len(one)} bytes is no OSC")
        if not one.startswith(_BUNDLE):
            found.append(one)
            if len(found) > MOST_MESSAGES:
                raise _RubbishError(f"it has more than {MOST_MESSAGES} messages")
            continue
        if depth == DEEPEST:
            raise _RubbishError(_TOO_DEEP)
        waiting += [(inner, depth + 1) for inner in reversed(_elements(one))]
    return found


def _elements(bundle: bytes) -> list[bytes]:
    found, at = [], 16
    if len(bundle) < at:
        raise _RubbishError("a bundle has no time")
    while at < len(bundle):
        size = int.from_bytes(bundle[at : at + 4], "big", signed=True)
        at += 4
        if size <= 0 or at + size > len(bundle):
            raise _RubbishError(f"a part says that it is {size} bytes long, and {len(bundle) - at} are there")
        found.append(bundle[at : at + size])
        at += size
    return found


def _message(raw: bytes) -> Frame:
    address, at = _text(raw, 0)
    if not address.startswith("/"):
        raise _RubbishError("an address does not begin with `/`")
    if at == len(raw):  # very old senders say no types where there are no arguments
        return {"address": address, "args": []}
    tags, at = _text(raw, at)
    if not tags.startswith(","):
        raise _RubbishError("the types of the arguments do not begin with `,`")
    if len(tags) > MOST_ARGUMENTS:
        raise _RubbishError(f"a message has more than {MOST_ARGUMENTS} arguments")
    lists: list[list[Any]] = [[]]
    for tag in tags[1:]:
        if tag == "[":
            if len(lists) > DEEPEST:
                raise _RubbishError(_TOO_DEEP)
            lists.append([])
        elif tag == "]":
            if len(lists) == 1:
                raise _RubbishError("a list of arguments ends that has not begun")
            inner = lists.pop()
            lists[-1].append(["[", inner])
        else:
            value, at = _value(tag, raw, at)
            lists[-1].append([tag, value])
    if len(lists) > 1:
        raise _RubbishError("a list of arguments does not end")
    if at != len(raw):
        raise _RubbishError("behind the arguments stands something that is none")
    return {"address": address, "args": lists[0]}


def _text(raw: bytes, at: int) -> tuple[str, int]:
    """Read a text and where it ends. Not the library's way: that goes sign by sign, and a text may be long."""
    end = raw.find(b"\0", at)
    if end < 0:
        raise _RubbishError("a text does not end")
    try:
        return raw[at:end].decode("utf-8"), end + 4 - end % 4
    except UnicodeDecodeError:
        raise _RubbishError("a text is no UTF-8") from None


def _value(tag: str, raw: bytes, at: int) -> tuple[Any, int]:
    if tag in _CONSTANT:
        return _CONSTANT[tag], at
    if tag in _TEXTS:
        return _text(raw, at)
    if tag == "b":
        size = int.from_bytes(raw[at : at + 4], "big", signed=True)
        end = at + 4 + size
        if size < 0 or end > len(raw):
            raise _RubbishError(f"a part says that it is {size} bytes long, and {max(0, len(raw) - at - 4)} are there")
        return base64.b64encode(raw[at + 4 : end]).decode("ascii"), end + -end % 4
    kind = _KINDS.get(tag)
    if kind is None:
        raise _RubbishError(f"it has an argument of the unknown type `{tag if tag.isprintable() else repr(tag)}`")
    part = raw[at : at + kind.size]
    if len(part) < kind.size:
        raise _RubbishError("an argument is not there")
    return kind.read(part), at + kind.size


def _float32(part: bytes) -> float:
    """Give the shortest decimal that is this number, so that 0.1 is 0.1."""
    value = float(osc_types.get_float(part, 0)[0])
    if not math.isfinite(value):
        raise _RubbishError("it has a number that is none")
    return next(
        (short for digits in (6, 7, 8) if struct.pack(">f", short := float(f"{value:.{digits}g}")) == part), value
    )


def _float64(part: bytes) -> float:
    value = float(osc_types.get_double(part, 0)[0])
    if not math.isfinite(value):
        raise _RubbishError("it has a number that is none")
    return value


def _character(part: bytes) -> str:
    sign = chr(osc_types.get_int(part, 0)[0])
    if sign.encode("utf-8", "replace").decode() != sign:
        raise _RubbishError("it has half a sign")
    return sign


# -------------------------------------------------------------------------------------------------------------- writing


def write(frame: Frame) -> list[bytes]:
    """Write the packet of a frame, a message or a bundle. ``ValueError`` in words where OSC has no such thing."""
    try:
        return [_packet(frame)]
    except (
        osc_types.BuildError,
        TypeError,
        KeyError,
        IndexError,
        struct.error,
        OverflowError,
        RecursionError,
    ) as error:
        raise ValueError(f"it cannot be said by OSC ({error})") from error


def _packet(frame: Frame) -> bytes:
    if "bundle" in frame:
        parts = [_packet(one) for one in frame["bundle"]]
        return _BUNDLE + _AT_ONCE + b"".join(osc_types.write_int(len(part)) + part for part in parts)
    return _written(str(frame["address"]), tuple(_fixed(pair) for pair in frame["args"]))


def _fixed(pair: Sequence[Any]) -> tuple[str, Any]:
    tag, value = pair
    if isinstance(value, list):
        return tag, tuple(_fixed(one) if tag == "[" else one for one in value)
    return tag, value


@lru_cache(maxsize=2048)
def _written(address: str, args: tuple[tuple[str, Any], ...]) -> bytes:
    """Write one message. Held values are the same again and again."""
    if not address.startswith("/"):
        raise ValueError("an address begins with `/`")
    tags, parts = _arguments(args)
    return _string(address) + _string(f",{tags}") + parts


def _arguments(args: Sequence[tuple[str, Any]]) -> tuple[str, bytes]:
    tags, parts = "", b""
    for tag, value in args:
        if tag == "[":
            inner, bytes_ = _arguments(value)
            tags += f"[{inner}]"
            parts += bytes_
        elif tag in _CONSTANT:
            tags += tag
        else:
            tags += tag
            parts += _part(tag, value)
    return tags, parts


def _part(tag: str, value: Any) -> bytes:
    if tag in _TEXTS:
        return _string(str(value))
    if tag == "b":
        said = base64.b64decode(value, validate=True)
        return osc_types.write_int(len(said)) + said + b"\0" * (-len(said) % 4)
    kind = _KINDS.get(tag)
    if kind is None:
        raise ValueError(f"OSC has no type `{tag}`")
    return kind.write(value)


def _string(text: str) -> bytes:
    if "\0" in text:
        raise ValueError("a text of OSC has no sign NUL")
    return osc_types.write_string(text)


@dataclass(frozen=True, slots=True)
class _Kind:
    """An argument of a fixed size, in bytes."""

    size: int
    read: Callable[[bytes], Any]
    write: Callable[[Any], bytes]


_CONSTANT = {"T": True, "F": False, "N": None, "I": None}
_TEXTS = {"s", "S"}

_KINDS: Mapping[str, _Kind] = {
    "i": _Kind(4, lambda part: osc_types.get_int(part, 0)[0], osc_types.write_int),
    "h": _Kind(8, lambda part: osc_types.get_int64(part, 0)[0], osc_types.write_int64),
    "f": _Kind(4, _float32, osc_types.write_float),
    "d": _Kind(8, _float64, osc_types.write_double),
    "c": _Kind(4, _character, lambda value: osc_types.write_int(ord(value))),
    "t": _Kind(8, lambda part: osc_types.get_uint64(part, 0)[0], lambda value: struct.pack(">Q", value)),
    "r": _Kind(4, list, bytes),
    "m": _Kind(4, list, bytes),
}
"""Type -> how it is read and written."""

"""What stands behind an address of OSC in a row of a table: how it is written, which type it has, what is wrong there.

A number is of the type as which it is written: `1` is a whole one, `1.0` is not, and there are programs to which they
differ. `int` and `float` before it say otherwise. A frame has `[type, value]` pairs, see ``vocabulary.Frame``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from showrunner.devices.vocabulary import Argument, Kind, Objection, Text
from showrunner.diagnostics.sentence import Sentence, sentence

VALUES = "[NUMBER|TEXT|WORD]"
"""One of them in a form; several are this and `…`."""

KINDS: Mapping[str, Kind] = {
    "NUMBER": Kind("number", sentence("a number")),
    "TEXT": Kind("text", sentence("a text in quotes")),
    "WORD": Kind(
        "choice",
        sentence("`on`, `off`, `nil`, or `int` or `float` before a number"),
        choices=("on", "off", "nil", "int", "float"),
    ),
}
"""What may stand there."""

ADDRESS = Kind("name", sentence('an address in quotes, like `"/cue/1/start"`'))

_INT32, _INT64 = 2**31, 2**63
_FLOAT32 = 3.4028234663852886e38
_WRONG_SIGNS = re.compile(r"[\s#*,?\[\]{}\x00-\x1f\x7f]")
_WORDS: Mapping[str, tuple[str, bool | None]] = {"on": ("T", True), "off": ("F", False), "nil": ("N", None)}


def typed(arguments: Sequence[Argument]) -> list[list[Any]]:
    """Give what these arguments are in a message: pairs of type and value, in order. All else is passed over."""
    found: list[list[Any]] = []
    said = ""
    for one in arguments:
        if one.name == "NUMBER":
            found.append(_number(one.value, said))
        elif one.name == "TEXT":
            found.append(["s", one.value])
        elif one.name == "WORD" and one.value in _WORDS:
            found.append(list(_WORDS[one.value]))
        said = one.value if one.name == "WORD" else ""
    return found


def moved(value: float) -> list[Any]:
    """Give a number on its way: between two whole ones there are others."""
    return ["f", float(value)]


def _number(value: float, said: str) -> list[Any]:
    if said == "float" or (isinstance(value, float) and said != "int"):
        return ["f", float(value)]
    return ["i" if -_INT32 <= value < _INT32 else "h", int(value)]


def objections(arguments: Sequence[Argument], *addresses: str) -> tuple[Objection, ...]:
    """Say what of a command OSC cannot say; ``addresses`` are the names of the placeholders that are some."""
    found: list[Objection] = []
    for place, one in enumerate(arguments):
        before = arguments[place - 1].value if place and arguments[place - 1].name == "WORD" else ""
        if one.name in addresses:
            wrong = misspelled(one.value)
            found += [] if wrong is None else [Objection(place, *wrong)]
        elif one.name == "NUMBER":
            found += _misfit(place, one.value, before)
        elif before in {"int", "float"}:
            found.append(_alone(place - 1, before))
    if arguments and arguments[-1].name == "WORD" and arguments[-1].value in {"int", "float"}:
        found.append(_alone(len(arguments) - 1, arguments[-1].value))
    return tuple(found)


def misspelled(address: str | Text) -> tuple[Sentence, Sentence] | None:
    """Say why something is no address, and what to write; None: it is one, or not known yet."""
    if not isinstance(address, str):
        return None
    if not address.startswith("/"):
        return sentence("an address of OSC begins with `/`, and `{address}` does not", address), sentence(
            'write `"/{address}"`', address
        )
    sign = _WRONG_SIGNS.search(address)
    if sign is not None:
        seen = {" ": "blank"}.get(sign[0], f"`{sign[0]}`" if sign[0].isprintable() else sentence("sign of that kind"))
        return sentence("no {seen} stands in an address of OSC", seen), sentence(
            "a program's manual lists its addresses"
        )
    if "//" in address or (address.endswith("/") and address != "/"):
        return sentence("between two `/`, and behind the last one, stands a name"), sentence(
            "write it without the empty part"
        )
    return None


def _misfit(place: int, value: float, before: str) -> list[Objection]:
    if before == "int" and value != int(value):
        return [
            Objection(
                place,
                sentence("`int` is for whole numbers, and {value} is none", value),
                sentence("write `{value}` or `int 1`", value),
            )
        ]
    whole = before == "int" or (isinstance(value, int) and before != "float")
    if whole and not -_INT64 <= value < _INT64:
        return [Objection(place, sentence("OSC has no whole number as large as that"), None)]
    if not whole and abs(value) > _FLOAT32:
        return [Objection(place, sentence("OSC has no number as large as that"), None)]
    return []


def _alone(place: int, word: str) -> Objection:
    return Objection(place, sentence("behind `{word}` stands a number", word), sentence("for example `{word} 1`", word))


def size(address: str, pairs: Sequence[Sequence[Any]]) -> int:
    """Tell how many bytes a message has in a bundle."""
    parts = [_padded(len(address.encode("utf-8", "replace"))), _padded(1 + len(pairs))]
    for type_, value in pairs:
        if type_ == "s":
            parts.append(_padded(len(str(value).encode("utf-8", "replace"))))
        else:
            parts.append({"i": 4, "f": 4, "h": 8, "d": 8}.get(type_, 0))
    return 4 + sum(parts)


def _padded(length: int) -> int:
    return length + 4 - length % 4


HEAD = 16
"""So many bytes a bundle has before its first message."""

LARGEST = 1_200
"""So many bytes a packet should have at most to get through a network whole."""


def packets(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put messages together into as few packets as get through a network; one alone is no bundle."""
    groups: list[list[Mapping[str, Any]]] = []
    held = 0
    for one in messages:
        bytes_ = size(one["address"], one["args"])
        if not groups or held + bytes_ > LARGEST:
            groups.append([])
            held = HEAD
        groups[-1].append(one)
        held += bytes_
    return [dict(group[0]) if len(group) == 1 else {"bundle": group} for group in groups]

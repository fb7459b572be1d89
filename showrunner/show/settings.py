"""What a setting of the stage file may be: a row for each kind of value, with how it is read, worded and described.

Which settings there are, and which kind each of them takes, is said by their own rows (``vocabulary.Setting``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from showrunner.devices.vocabulary import Setting
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.show.yaml_marks import Marked, said, unknown
from showrunner.times import DURATION, micros

_URL = re.compile(r"wss?://(?:\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]@]+)(?::(\d{1,5}))?(?:/\S*)?")
_HOST = re.compile(r"[^\s/]+")
_LAST_PORT = 65_535


@dataclass(frozen=True, slots=True)
class ValueKind:
    """One kind of value.

    ``read`` gives a value as whoever uses it wants it, None where it is none such; ``wrong`` words that. ``schema``
    says to an editor what is taken, as far as a JSON schema can.
    """

    read: Callable[[Setting, Any], Any]
    wrong: Callable[[Setting, Marked], Diagnostic]
    schema: Callable[[Setting], Mapping[str, Any]]


def value_of(setting: Setting, mark: Marked) -> tuple[Any, tuple[Diagnostic, ...]]:
    """Read what was written for a setting: its value, None where it is none such, and what is wrong with it."""
    kind = KINDS[setting.accepts]
    value = kind.read(setting, mark.value)
    if value is None:
        return None, (kind.wrong(setting, mark),)
    if setting.accepts == "table" and setting.choices:
        odd = [(key, pair) for key, pair in mark.value.items() if key not in setting.choices]
        what = f"`{setting.name}` has no"
        return value, tuple(unknown("E032", pair.key, what, key, setting.choices) for key, pair in odd)
    return value, ()


# -------------------------------------------------------------------------------------------------------------- reading


def _url(_: Setting, value: Any) -> str | None:
    found = _URL.fullmatch(value) if isinstance(value, str) else None
    return None if found is None or int(found[1] or 0) > _LAST_PORT else found[0]


def _duration(_: Setting, value: Any) -> int | None:
    # No time at all is none: whoever writes 0 s means something that this is not.
    return (micros(value) or None) if isinstance(value, str) else None


def _number(_: Setting, value: Any) -> int | float | None:
    return value if _is_number(value) and 0 < value < math.inf else None


def _choice(setting: Setting, value: Any) -> Any:
    return value if value in setting.choices else None


def _text(_: Setting, value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _table(_: Setting, value: Any) -> dict[str, Any] | None:
    plain = isinstance(value, dict) and not any(isinstance(pair.value.value, dict | list) for pair in value.values())
    return {key: pair.value.value for key, pair in value.items()} if plain else None


def _host(_: Setting, value: Any) -> str | None:
    return value if isinstance(value, str) and _HOST.fullmatch(value) else None


def _port(_: Setting, value: Any) -> int | None:
    return value if _is_number(value) and isinstance(value, int) and 0 <= value <= _LAST_PORT else None


def _file(_: Setting, value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# -------------------------------------------------------------------------------------------------------- what is wrong


def _wants(what: str, way_out: Callable[[Setting, Any], str]) -> Callable[[Setting, Marked], Diagnostic]:
    def wrong(setting: Setting, mark: Marked) -> Diagnostic:
        message = f"`{setting.name}` is {what}, not `{said(mark.value)}`"
        return Diagnostic("E033", mark.place, message, way_out(setting, mark.value))

    return wrong


def _meaning(setting: Setting, _: Any) -> str:
    return f"{setting.name}: {setting.says}"


def _example(setting: Setting, _: Any) -> str:
    return f"for example `{setting.example or setting.default}`"


def _with_unit(_: Setting, value: Any) -> str:
    return f"write `{value}s` or `{value}ms`" if _is_number(value) else "for example `5s` or `250ms`"


def _no_choice(setting: Setting, mark: Marked) -> Diagnostic:
    return unknown("E033", mark.place, f"`{setting.name}` cannot be", said(mark.value), setting.choices)


# ------------------------------------------------------------------------------------------------------------ the kinds

_PLAIN = {"type": ["string", "number", "boolean", "null"]}

KINDS: Mapping[str, ValueKind] = {
    "url": ValueKind(
        _url,
        _wants("an address that begins with `ws://` or `wss://`", _example),
        lambda _: {"type": "string", "pattern": f"^{_URL.pattern}$"},
    ),
    "duration": ValueKind(
        _duration,
        _wants("a time with its unit, above 0", _with_unit),
        lambda _: {"type": "string", "pattern": f"^(?=.*[1-9]){DURATION}$"},
    ),
    "number": ValueKind(
        _number, _wants("a number above 0", _meaning), lambda _: {"type": "number", "exclusiveMinimum": 0}
    ),
    "choice": ValueKind(_choice, _no_choice, lambda setting: {"enum": list(setting.choices)}),
    "text": ValueKind(_text, _wants("a text", _meaning), lambda _: {"type": "string"}),
    "table": ValueKind(
        _table,
        _wants("a table like `{key: value}`", _meaning),
        lambda setting: {
            "type": "object",
            "properties": dict.fromkeys(setting.choices, _PLAIN),
            "additionalProperties": False if setting.choices else _PLAIN,
        },
    ),
    "host": ValueKind(
        _host,
        _wants("the name or number of a computer", _example),
        lambda _: {"type": "string", "pattern": f"^{_HOST.pattern}$"},
    ),
    "port": ValueKind(
        _port,
        _wants(f"a whole number up to {_LAST_PORT}", _example),
        lambda _: {"type": "integer", "minimum": 0, "maximum": _LAST_PORT},
    ),
    "file": ValueKind(_file, _wants("the name of a file", _example), lambda _: {"type": "string", "minLength": 1}),
}
"""What ``Setting.accepts`` says -> what that is. `driver` and `commands` are read where they mean something."""

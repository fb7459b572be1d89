"""What a setting of the stage file may be: a row for each kind of value, with how it is read, worded and described.

Which settings there are, and which kind each of them takes, is said by their own rows (``vocabulary.Setting``).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from showrunner.devices import addresses
from showrunner.devices.vocabulary import Setting
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.show.yaml_marks import Marked, said, unknown
from showrunner.slotted import dataclass
from showrunner.times import DURATION, micros

_HOST = r"[^\s/\[\]@?#%\\]+"
_A_SECOND = r"at most ([1-9][0-9]{0,5}) a second"
_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"


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
    return _parts(setting, mark) if setting.parts else (value, ())


def _parts(setting: Setting, mark: Marked) -> tuple[dict[str, Any], tuple[Diagnostic, ...]]:
    """Read a table whose keys have rows: what is said, and said well."""
    rows = {row.name: row for row in setting.parts}
    found: dict[str, Any] = {}
    findings: list[Diagnostic] = []
    for key, pair in mark.value.items():
        if key not in rows:
            findings.append(unknown("E032", pair.key, partial(_has_no, setting.name), key, rows))
            continue
        value, wrong = value_of(rows[key], pair.value)
        findings += wrong
        if value is not None:
            found[key] = value
    return found, tuple(findings)


# -------------------------------------------------------------------------------------------------------------- reading


def _url(setting: Setting, value: Any) -> str | None:
    return value if isinstance(value, str) and addresses.read(value, *_SCHEMES[setting.accepts]) is not None else None


def _duration(_: Setting, value: Any) -> int | None:
    # No time at all is none: whoever writes 0 s means something that this is not.
    return (micros(value) or None) if isinstance(value, str) else None


def _number(_: Setting, value: Any) -> int | float | None:
    return value if _is_number(value) and 0 < value < math.inf else None


def _choice(setting: Setting, value: Any) -> Any:
    return value if value in setting.choices else None


def _text(_: Setting, value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _table(setting: Setting, value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        return None
    plain = setting.parts or not any(isinstance(pair.value.value, dict | list) for pair in value.values())
    return {key: pair.value.value for key, pair in value.items()} if plain else None


def _host(_: Setting, value: Any) -> str | None:
    if not isinstance(value, str) or not re.fullmatch(_HOST, value):
        return None
    found, port = addresses.authority(f"[{value}]" if ":" in value else value)
    return value if found is not None and port is None else None


def _port(_: Setting, value: Any) -> int | None:
    return value if _is_number(value) and isinstance(value, int) and 0 <= value <= addresses.LAST_PORT else None


def _secret(_: Setting, value: Any) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(_VARIABLE, value) else None


def _file(_: Setting, value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() and value.isprintable() else None


def _rate(_: Setting, value: Any) -> int | None:
    found = re.fullmatch(_A_SECOND, value) if isinstance(value, str) else None
    return int(found[1]) if found is not None else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# -------------------------------------------------------------------------------------------------------- what is wrong


def _wants(what: Sentence, way_out: Callable[[Setting, Any], Sentence]) -> Callable[[Setting, Marked], Diagnostic]:
    def wrong(setting: Setting, mark: Marked) -> Diagnostic:
        message = sentence("`{setting}` is {what}, not `{mark}`", setting.name, what, said(mark.value))
        return Diagnostic("E033", mark.place, message, _plainly(mark.value) or way_out(setting, mark.value))

    return wrong


def _meaning(setting: Setting, _: Any) -> Sentence:
    return sentence("{setting}: {says}", setting.name, setting.says)


def _example(setting: Setting, _: Any) -> Sentence:
    return sentence("for example `{example}`", setting.example or setting.default)


def _address(setting: Setting, value: Any) -> Sentence:
    said = addresses.misfit(value, *_SCHEMES[setting.accepts]) if isinstance(value, str) else None
    return said or _example(setting, value)


def _computer(setting: Setting, value: Any) -> Sentence:
    bare = value.removeprefix("[").removesuffix("]") if isinstance(value, str) else ""
    if bare != value and _host(setting, bare) is not None:
        return (
            sentence('write `"{bare}"`, without brackets', bare)
            if ":" in bare
            else sentence("write `{bare}`, without brackets", bare)
        )
    return _example(setting, value)


def _plainly(value: Any) -> Sentence | None:
    """Say how a text is written that a Japanese keyboard made wide."""
    plain = unicodedata.normalize("NFKC", value) if isinstance(value, str) else value
    return None if plain == value else sentence("write `{plain}`, in half-width letters and digits", plain)


def _with_unit(_: Setting, value: Any) -> Sentence:
    return (
        sentence("write `{value}s` or `{value}ms`", value)
        if _is_number(value)
        else sentence("for example `5s` or `250ms`")
    )


def _per_second(_: Setting, value: Any) -> Sentence:
    return sentence(
        "write `at most {value} a second`", value if isinstance(value, int) and _is_number(value) and value > 0 else 20
    )


def _has_no(setting: str, key: str) -> Sentence:
    return sentence("`{setting}` has no `{key}`", setting, key)


def _cannot_be(setting: str, value: str) -> Sentence:
    return sentence("`{setting}` cannot be `{value}`", setting, value)


def _no_choice(setting: Setting, mark: Marked) -> Diagnostic:
    return unknown("E033", mark.place, partial(_cannot_be, setting.name), said(mark.value), setting.choices)


# ------------------------------------------------------------------------------------------------------------ the kinds

_SCHEMES = {"url": ("ws", "wss"), "http": ("http", "https"), "udp": ("udp",)}

_PLAIN = {"type": ["string", "number", "boolean", "null"]}

KINDS: Mapping[str, ValueKind] = {
    "url": ValueKind(
        _url,
        _wants(sentence("an address that begins with `ws://` or `wss://`"), _address),
        lambda _: {"type": "string", "pattern": f"^wss?{addresses.PATTERN}$"},
    ),
    "http": ValueKind(
        _url,
        _wants(sentence("an address that begins with `http://` or `https://`"), _address),
        lambda _: {"type": "string", "pattern": f"^https?{addresses.PATTERN}$"},
    ),
    "udp": ValueKind(
        _url,
        _wants(sentence("an address that begins with `udp://` and ends with a port"), _address),
        lambda _: {"type": "string", "pattern": f"^udp{addresses.PORT_ONLY}$"},
    ),
    "secret": ValueKind(
        _secret,
        _wants(sentence("the name of an environment variable, never the key itself"), _example),
        lambda _: {"type": "string", "pattern": f"^{_VARIABLE}$"},
    ),
    "duration": ValueKind(
        _duration,
        _wants(sentence("a time with its unit, above 0"), _with_unit),
        lambda _: {"type": "string", "pattern": f"^(?=.*[1-9]){DURATION}$"},
    ),
    "number": ValueKind(
        _number, _wants(sentence("a number above 0"), _meaning), lambda _: {"type": "number", "exclusiveMinimum": 0}
    ),
    "choice": ValueKind(_choice, _no_choice, lambda setting: {"enum": list(setting.choices)}),
    "text": ValueKind(_text, _wants(sentence("a text"), _meaning), lambda _: {"type": "string"}),
    "table": ValueKind(
        _table,
        _wants(sentence("a table like `{{key: value}}`"), _meaning),
        lambda setting: {
            "type": "object",
            "properties": {
                row.name: {"description": row.says, **KINDS[row.accepts].schema(row)} for row in setting.parts
            },
            "additionalProperties": False if setting.parts else _PLAIN,
        },
    ),
    "host": ValueKind(
        _host,
        _wants(sentence("the name or number of a computer"), _computer),
        lambda _: {"type": "string", "pattern": f"^{_HOST}$"},
    ),
    "port": ValueKind(
        _port,
        _wants(sentence("a whole number up to {last_port}", addresses.LAST_PORT), _example),
        lambda _: {"type": "integer", "minimum": 0, "maximum": addresses.LAST_PORT},
    ),
    "rate": ValueKind(
        _rate, _wants(sentence("a rate"), _per_second), lambda _: {"type": "string", "pattern": f"^{_A_SECOND}$"}
    ),
    "file": ValueKind(
        _file, _wants(sentence("the name of a file"), _example), lambda _: {"type": "string", "minLength": 1}
    ),
}
"""What ``Setting.accepts`` says -> what that is. `driver` and `commands` are read where they mean something."""

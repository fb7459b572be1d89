"""Values as JSON and back: what goes between machines, by the types that the dataclasses say.

What comes from outside is data: it has the shape that its type says, or it is ``Malformed``.
"""

from __future__ import annotations

import json
import types
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

LARGEST = 256 * 1024
"""So many bytes a message may have; what is longer goes into the store."""


class Malformed(ValueError):  # noqa: N818 - it is no error of ours
    """What came has not the shape that it should have; it says where."""


def packed(value: Any) -> bytes:
    """Give JSON as it goes over the wire."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def unpacked(data: bytes, most: int = LARGEST) -> Any:
    """Read JSON that came; raises ``Malformed``."""
    if len(data) > most:
        raise Malformed(f"{len(data)} bytes are more than {most}")
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Malformed("no JSON") from error


def plain(value: Any) -> Any:
    """Give a value as JSON has it: a dataclass as a table of what is not as usual, anything in order as a list."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(said) for one in fields(value) if (said := getattr(value, one.name)) != _usual(one)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, frozenset):
        return sorted((plain(item) for item in value), key=repr)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def read(kind: Any, data: Any) -> Any:
    """Make a value of a type out of what JSON has of it; raises ``Malformed``."""
    if kind is Any:
        return data
    origin, inside = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        return _made(kind, data)
    if origin in {Union, types.UnionType}:
        return _either(inside, data)
    if origin is Literal:
        return _checked(data in inside, data, kind)
    if origin is tuple:
        _checked(isinstance(data, list), data, kind)
        if len(inside) == 2 and inside[1] is ...:
            return tuple(read(inside[0], item) for item in data)
        _checked(len(data) == len(inside), data, kind)
        return tuple(read(one, item) for one, item in zip(inside, data, strict=True))
    if origin is frozenset:
        _checked(isinstance(data, list), data, kind)
        return frozenset(read(inside[0], item) for item in data)
    if origin is list or origin is Sequence:
        _checked(isinstance(data, list), data, kind)
        return [read(inside[0], item) for item in data]
    if origin is not None and issubclass(origin, Mapping):
        _checked(isinstance(data, dict), data, kind)
        return {key: read(inside[1], item) for key, item in data.items()}
    if kind is None or kind is type(None):
        return _checked(data is None, data, kind)
    if kind is float:
        return _checked(isinstance(data, int | float) and not isinstance(data, bool), data, kind)
    if kind is int:
        return _checked(isinstance(data, int) and not isinstance(data, bool), data, kind)
    return _checked(isinstance(data, kind), data, kind)


def _checked(right: bool, data: Any, kind: Any) -> Any:
    if not right:
        raise Malformed(f"{str(data)[:80]!r} is not {getattr(kind, '__name__', kind)}")
    return data


def _either(kinds: Sequence[Any], data: Any) -> Any:
    for kind in kinds:
        try:
            return read(kind, data)
        except Malformed:
            continue
    return _checked(False, data, kinds)


def _made(kind: type[Any], data: Any) -> Any:
    _checked(isinstance(data, dict), data, kind)
    types_: dict[str, Any] = _types(kind)  # type: ignore[arg-type]
    unknown = data.keys() - types_.keys()
    if unknown:
        raise Malformed(f"{kind.__name__} has no {min(unknown)}")
    given = {name: read(types_[name], item) for name, item in data.items()}
    try:
        return kind(**given)
    except TypeError as error:
        raise Malformed(f"{kind.__name__} lacks something") from error


@cache
def _types(kind: Hashable) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {one.name: hints[one.name] for one in fields(kind)}  # type: ignore[arg-type]


def _usual(one: Field[Any]) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING

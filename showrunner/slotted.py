"""Dataclasses with slots that are quickly made, and the frozen among them make values quickly.

The standard library writes up to six functions as text for each dataclass and compiles every one. With some two
hundred classes that was half of what `showrunner check` of a small file took. Here one is compiled, `__init__` (where
the class is frozen it fills the slots directly); the others are the same few closures for all. Fields, defaults,
`replace`, `fields`, patterns, equality, hashes and pickles are those of the standard library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields, is_dataclass
from dataclasses import dataclass as _standard
from functools import cache, partial
from operator import attrgetter
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, slots: bool, frozen: bool = False, eq: bool = True, repr: bool = True) -> Callable[[type], type]:
        """Make a class a dataclass, always with ``slots``."""
        if not slots:
            raise TypeError("a dataclass without slots is the standard library's")
        return partial(_make, frozen, eq, repr)


def _make(frozen: bool, eq: bool, shown: bool, class_: type) -> type:
    above = any(is_dataclass(base) for base in class_.__mro__[1:])  # then the standard library insists on its own word
    made: type[Any] = _standard(init=False, repr=False, eq=False, slots=True, frozen=above and frozen)(class_)
    made.__dataclass_params__.frozen = frozen
    known = fields(made)
    own: dict[str, Any] = {"__init__": _init(made, known, frozen)}
    if eq:
        own |= _compared([field.name for field in known if field.compare], frozen)
    if shown:
        own["__repr__"] = _repr
    if frozen:
        own |= {"__setattr__": _refuse, "__delattr__": _refuse, "__getstate__": _state, "__setstate__": _restore}
    for name, function in own.items():
        if name not in class_.__dict__ or (name == "__hash__" and class_.__dict__[name] is None):
            setattr(made, name, function)
    return made


def _compared(names: list[str], frozen: bool) -> dict[str, Any]:
    """Give equality by these attributes, and the hash that goes with it: what can be changed has none."""
    values = _values(names)

    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed if frozen else None}


def _values(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """Give what takes the tuple of these attributes."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _init(made: type, known: tuple[Field[Any], ...], frozen: bool) -> Callable[..., None]:
    """Make `__init__`: the code that others of its shape have, with the names of its own fields.

    In a frozen class each slot is set by its own descriptor, past the word that refuses.
    """
    given = [field for field in known if field.init and not field.kw_only]
    behind = [field for field in known if field.init and field.kw_only]
    values: dict[str, Any] = {"_missing": MISSING}
    names: dict[str, str] = {}
    for number, field in enumerate(known):
        names[f"_{number}"] = field.name
        values[f"_make_{number}"], values[f"_default_{number}"] = field.default_factory, field.default
        if frozen:
            values[f"_set_{number}"] = getattr(made, field.name).__set__
    defaults = {one.name: value for one in (*given, *behind) if (value := _default(one)) is not _NONE}
    trailing = [defaults[one.name] for one in given if one.name in defaults]
    if any(one.name not in defaults for one in given[len(given) - len(trailing) :]):
        raise TypeError(f"{made.__name__}: a field without a default stands behind one that has it")
    code = _code(tuple(map(_kind, known)), frozen, hasattr(made, "__post_init__"))
    code = code.replace(
        co_varnames=tuple(names.get(one, one) for one in code.co_varnames),
        co_names=tuple(names.get(one, one) for one in code.co_names),
        co_qualname=f"{made.__qualname__}.__init__",
    )
    init = FunctionType(code, values, "__init__", tuple(trailing))
    init.__kwdefaults__ = {one.name: defaults[one.name] for one in behind if one.name in defaults}
    return init


_NONE = object()


def _default(field: Field[Any]) -> object:
    return MISSING if field.default_factory is not MISSING else _NONE if field.default is MISSING else field.default


def _kind(field: Field[Any]) -> str:
    """Give what `__init__` does about a field: it is given (by name alone), made, or left as it is."""
    factory = field.default_factory is not MISSING
    if not field.init:
        return "make" if factory else "left" if field.default is MISSING else "default"
    return ("named " if field.kw_only else "given ") + ("or made" if factory else "")


@cache
def _code(kinds: tuple[str, ...], frozen: bool, more: bool) -> CodeType:
    """Compile `__init__` for numbered fields of these kinds."""
    heads: dict[str, list[str]] = {"given": ["self"], "named": ["*"]}
    lines = []
    for number, kind in enumerate(kinds):
        head, _, how = kind.partition(" ")
        value = f"_make_{number}()" if head == "make" else f"_{head}_{number}"
        if head in heads:
            heads[head].append(f"_{number}")
            value = f"_make_{number}() if _{number} is _missing else _{number}" if how else f"_{number}"
        if head != "left":
            lines.append(f"    _set_{number}(self, {value})" if frozen else f"    self._{number} = {value}")
    if more:
        lines.append("    self.__post_init__()")
    taken = ", ".join([*heads["given"], *(heads["named"] if len(heads["named"]) > 1 else [])])
    made: dict[str, Any] = {}
    exec(f"def __init__({taken}):\n" + ("\n".join(lines) or "    pass"), made)  # noqa: S102 - as the standard library does
    code: CodeType = made["__init__"].__code__
    return code


def _repr(self: Any) -> str:
    shown = (f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse(self: object, name: str, *_: object) -> NoReturn:
    raise FrozenInstanceError(f"{self.__class__.__qualname__}.{name} cannot be changed")


def _state(self: Any) -> list[object]:
    return [getattr(self, field.name) for field in fields(self)]


def _restore(self: Any, state: list[object]) -> None:
    for field, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)

"""Frozen dataclasses that are quickly made, and make values quickly.

The standard library writes six functions as text for each frozen dataclass and compiles every one. With some two
hundred classes that was half of what `showrunner check` of a small file took. Here one is compiled, `__init__`, which
fills the slots directly; the others are the same few closures for all. Fields, defaults, `replace`, `fields`, patterns,
equality, hashes and pickles are those of the standard library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, fields, is_dataclass
from dataclasses import dataclass as _standard
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NoReturn

__all__ = ["dataclass"]

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, frozen: bool, slots: bool) -> Callable[[type], type]:
        """Make a class a dataclass: always ``frozen``, always with ``slots``."""
        if not (frozen and slots):
            raise TypeError("a dataclass that can be changed, or has no slots, is the standard library's")
        return _make


def _make(class_: type) -> type:
    above = any(is_dataclass(base) for base in class_.__mro__[1:])  # then the standard library insists on its own word
    made: type[Any] = _standard(init=False, repr=False, eq=False, slots=True, frozen=above)(class_)
    made.__dataclass_params__.frozen = True
    known = fields(made)
    compared = _values([field.name for field in known if field.compare])

    def equal(self: object, other: object) -> bool:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(compared(self))

    own = {
        "__init__": _init(made, known),
        "__eq__": equal,
        "__hash__": hashed,
        "__repr__": _repr,
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__getstate__": _state,
        "__setstate__": _restore,
    }
    for name, function in own.items():
        if name not in class_.__dict__ or (name == "__hash__" and class_.__dict__[name] is None):
            setattr(made, name, function)
    return made


def _values(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """Give what takes the tuple of these attributes."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _init(made: type, known: tuple[Field[Any], ...]) -> Callable[..., None]:
    """Compile `__init__`: each slot is set by its own descriptor, past the `__setattr__` that refuses."""
    names: dict[str, Any] = {"_missing": MISSING}
    heads, lines = ["self"], []
    for field in known:
        name, value = field.name, field.name
        if not field.init or field.kw_only:
            raise TypeError(f"{made.__name__}.{name}: such a field is the standard library's")
        names[f"_set_{name}"] = getattr(made, name).__set__
        if field.default_factory is not MISSING:
            names[f"_make_{name}"] = field.default_factory
            heads.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        elif field.default is not MISSING:
            names[f"_default_{name}"] = field.default
            heads.append(f"{name}=_default_{name}")
        else:
            heads.append(name)
        lines.append(f"    _set_{name}(self, {value})")
    exec(f"def __init__({', '.join(heads)}):\n" + ("\n".join(lines) or "    pass"), names)  # noqa: S102 - as the standard library does
    init: Callable[..., None] = names["__init__"]
    init.__qualname__ = f"{made.__qualname__}.__init__"
    return init


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

"""Curves: the value of a moving property at an instant. Numbers in a line, rotations the short way round."""

from __future__ import annotations

import math
from typing import Literal

from showrunner.devices.motion import Shape, shaped, weighed
from showrunner.devices.vocabulary import Number, Quantity
from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Course:
    """The way of a value: from ``start`` at the instant ``since`` to ``to`` at ``arrives``, where it stays.

    ``start`` None: not known yet. ``shape``: it goes as a motion has it, and ``to`` is where it rests behind that.
    """

    start: Quantity | None
    to: Quantity
    path: Literal["line", "slerp"]
    since: int
    arrives: int
    ease: str
    shape: Shape | None = None


def value(course: Course, instant: int) -> Quantity:
    """Give the value of a property at an instant: the end value as written, else rounded to 6 decimals."""
    if instant >= course.arrives or course.start is None:
        return course.to
    if course.shape is not None:
        start, rest, passed = course.start, course.to, instant - course.since
        if isinstance(rest, tuple):
            return tuple(_rounded(one) for one in weighed(course.shape, _pair(start), passed))
        return _rounded(shaped(course.shape, 0 if isinstance(start, tuple) else start, rest, passed))
    share = eased(course.ease, (instant - course.since) / (course.arrives - course.since))
    begin, to = course.start, course.to
    if isinstance(begin, tuple) and isinstance(to, tuple):
        if course.path == "slerp":
            return slerp(begin, to, share)
        return tuple(_rounded(a + (b - a) * share) for a, b in zip(begin, to, strict=True))
    if isinstance(begin, tuple) or isinstance(to, tuple):
        return to
    return _rounded(begin + (to - begin) * share)


def _pair(start: Quantity) -> tuple[Number, ...]:
    return start if isinstance(start, tuple) else (start, 1)


def last(shape: Shape) -> Number:
    """Give where a motion without a fade at its end leaves a value."""
    return _rounded(shaped(shape, 0, 0, shape.takes))


def eased(ease: str, share: float) -> float:
    """Bend the share of time that has passed into the share of the way."""
    match ease:
        case "in":
            return share**3
        case "out":
            return 1 - (1 - share) ** 3
        case "in-out":
            return 4 * share**3 if share < 0.5 else 1 - (2 - 2 * share) ** 3 / 2
        case "sine":
            return (1 - math.cos(math.pi * share)) / 2
        case "step":
            return 0.0
        case _:
            return share


def slerp(begin: tuple[Number, ...], to: tuple[Number, ...], share: float) -> tuple[Number, ...]:
    """Turn from one rotation (x y z w) to another the short way round."""
    dot = sum(a * b for a, b in zip(begin, to, strict=True))
    sign = -1.0 if dot < 0 else 1.0
    angle = math.acos(min(1.0, abs(dot)))
    if angle < 1e-6:
        return tuple(_rounded(a + (b * sign - a) * share) for a, b in zip(begin, to, strict=True))
    first, second = math.sin((1 - share) * angle) / math.sin(angle), sign * math.sin(share * angle) / math.sin(angle)
    return tuple(_rounded(a * first + b * second) for a, b in zip(begin, to, strict=True))


def _rounded(number: float) -> Number:
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded

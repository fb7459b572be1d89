"""Numbers as Animaze keeps them: in single precision, printed with all that double precision shows of it."""

from __future__ import annotations

import math
import struct
from typing import Any


def single(number: float) -> float:
    """Round to single precision: 1.7 becomes 1.7000000476837158."""
    return float(struct.unpack("<f", struct.pack("<f", number))[0])


def degrees(number: float) -> float:
    """Take an angle to radians and back in single precision: 60 becomes 60.000003814697266."""
    return single(single(math.radians(number)) * single(180 / math.pi))


def number(value: Any) -> float | None:
    """Give a number in single precision, or None for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = single(float(value))
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def singles(given: Any, length: int) -> list[float] | None:
    """Give a list of so many numbers in single precision, or None for anything else."""
    if not isinstance(given, list) or len(given) != length:
        return None
    numbers = [found for value in given if (found := number(value)) is not None]
    return numbers if len(numbers) == length else None

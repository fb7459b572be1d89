"""Times: read as the language writes them, and spelled for people. A time is an integer of microseconds.

One rule holds for every spelling: **a time is cut, never rounded up.** What stands there has passed in full, as on a
clock on the wall, and a coarse spelling is a finer one with its end left off: `00:21.700` in a table is `00:21` on a
ruler and `0:21` as a length. So two reports of one show never differ by a second, and a show that is said to be
`0:21` long can be played from `00:21`. ``left`` alone counts what has begun: what a clock shows and what is left add up
to when it comes.

Exact: no time goes through a float. Not here: what a wrong spelling should have been (the slips of ``syntax`` know).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal, TypeAlias, cast

from showrunner.slotted import dataclass

SCALE = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1_000}
"""Microseconds in each unit of a duration, in the order the units are written."""

DURATION = r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[hms]))+"
"""What a duration looks like, as a regular expression; which of these mean something, ``duration`` knows."""

FARTHEST = 10**15
"""No estimate and no clock goes further: three decades."""

Exact: TypeAlias = int | Fraction
"""Microseconds that are not rounded yet: what is counted in beats is a fraction of them."""

_RANK = {unit: rank for rank, unit in enumerate(SCALE)}
_FIELD = re.compile(r"([0-9]+)(?:\.([0-9]+))?(ms|[hms])")
_DURATION = re.compile(DURATION)
_CLOCK = re.compile(r"[0-9]{1,2}(?::[0-5][0-9]){1,2}(?:\.[0-9]+)?")
_BEATS = re.compile(r"([0-9]+(?:\.[0-9]+)?)(beat|bar)s?")
_LONGEST = 40


# -------------------------------------------------------------------------------------------------------------- reading


@dataclass(frozen=True, slots=True)
class Fault:
    """A time without a meaning: what kind, and the stretch of it (offsets into the spelling)."""

    kind: Literal["order", "fraction", "finer"]
    start: int
    end: int


def duration(source: str) -> int | Fault:
    """Read what the grammar takes for a duration: units in falling order, each once, a fraction in the last."""
    total, rank = 0, -1
    for field in _FIELD.finditer(source):
        whole, fraction, unit = field.groups()
        if _RANK[unit] <= rank:
            return Fault("order", field.start(), field.end())
        rank = _RANK[unit]
        total += int(whole) * SCALE[unit]
        if fraction is not None:
            if field.end() != len(source):
                return Fault("fraction", field.start(), field.end())
            micros, rest = divmod(int(fraction) * SCALE[unit], int("1" + "0" * len(fraction)))
            if rest or micros % 1000:
                return Fault("finer", field.start(), field.end())
            total += micros
    return total


def beats(source: str) -> tuple[Fraction, Literal["beat", "bar"]] | None:
    """Read what the grammar takes for a duration, where it is counted in beats or bars: how many of which."""
    found = _BEATS.fullmatch(source)
    return None if found is None else (Fraction(found[1]), cast("Literal['beat', 'bar']", found[2]))


def rounded(exact: Exact) -> int:
    """Give whole microseconds: the nearest, and of two the later."""
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


def instant(source: str) -> int | Fault:
    """Read what the grammar takes for a clock: `M:SS`, `MM:SS` or `HH:MM:SS`, each with a fraction if wanted."""
    fields, _, fraction = source.partition(".")
    seconds = 0
    for field in fields.split(":"):
        seconds = seconds * 60 + int(field)
    micros, rest = divmod(int(fraction or "0") * SCALE["s"], int("1" + "0" * len(fraction)))
    if rest or micros % 1000:
        return Fault("finer", len(fields), len(source))
    return seconds * SCALE["s"] + micros


def of_day(source: str) -> int | None:
    """Read what the grammar takes for a clock as a time of the day, `HH:MM` or `HH:MM:SS`: microseconds since midnight.

    None where no day has such a time.
    """
    fields = source.split(":")
    if "." in source or int(fields[0]) > 23:
        return None
    hours, minutes, *seconds = map(int, fields)
    return hours * SCALE["h"] + minutes * SCALE["m"] + sum(seconds) * SCALE["s"]


def micros(written: str) -> int | None:
    """Read what somebody wrote for a duration (`250ms`, `1m30s`, `1.5s`); None if it is none."""
    if len(written) > _LONGEST or _DURATION.fullmatch(written) is None:
        return None
    found = duration(written)
    return found if isinstance(found, int) else None


def moment(written: str) -> int | None:
    """Read what somebody wrote for a duration or a clock (`00:40`); None if it is neither."""
    if len(written) <= _LONGEST and _CLOCK.fullmatch(written) is not None:
        found = instant(written)
        return found if isinstance(found, int) else None
    return micros(written)


# ------------------------------------------------------------------------------------------------ as a script writes it


def as_clock(micros: int) -> str:
    """Spell an instant as a script writes it: `00:06`, `01:02:03`, `00:06.500`; never below 0 or above ``FARTHEST``."""
    seconds, rest = divmod(min(max(0, micros), FARTHEST), SCALE["s"])
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    text = f"{hours:02}:{minute:02}:{second:02}" if hours else f"{minute:02}:{second:02}"
    thousandths = rest // 1000
    return f"{text}.{thousandths:03}" if thousandths else text


def as_duration(micros: int) -> str:
    """Spell a length of time as a script writes it: `700ms`, `2s`, `1.5s`, `1m30s`, `2h`."""
    milli = micros // 1000
    if milli < 1000:
        return f"{milli}ms"
    minutes, milli = divmod(milli, 60_000)
    hours, minutes = divmod(minutes, 60)
    seconds = f"{milli // 1000}.{milli % 1000:03}".rstrip("0").rstrip(".")
    return (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "") + (f"{seconds}s" if milli else "")


def as_time(micros: int) -> str:
    """Spell a time of the day, counted from midnight: `20:00`, `20:00:30`."""
    minutes, second = divmod(micros // SCALE["s"], 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02}:{minute:02}:{second:02}" if second else f"{hour:02}:{minute:02}"


# ---------------------------------------------------------------------------------------------------------- for reading


def clock(micros: int) -> str:
    """Spell an instant of show time to the millisecond: `00:21.700`, `1:02:03.000`; never below 0."""
    return f"{clock_to_second(micros)}.{max(0, micros) // 1000 % 1000:03}"


def clock_to_second(micros: int) -> str:
    """Spell an instant of show time to the second: `00:21`, `1:02:03`; never below 0."""
    minutes, seconds = divmod(max(0, micros) // SCALE["s"], 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def length(micros: int) -> str:
    """Spell how long a show or its speech is: `0:21`, `4:12`, `1:02:03`."""
    return clock_to_second(micros).removeprefix("0")


def short(micros: int) -> str:
    """Spell how long something takes or took, or how late it was: `40 ms`, `1.5 s`, `12 s`, `2:05`."""
    if micros >= SCALE["m"]:
        return length(micros)
    if 0 < micros < SCALE["s"]:
        return f"{micros // 1000} ms"
    return tenths(micros).replace(".0 ", " ")


def tenths(micros: int) -> str:
    """Spell seconds with their tenth: `0.0 s`, `3.6 s`, `75.2 s`."""
    found = micros // 100_000
    return f"{found // 10}.{found % 10} s"


def left(micros: int) -> str:
    """Spell what is left until something comes, in seconds begun: `3 s`; `1 s` until it is there."""
    return f"{-(-micros // SCALE['s'])} s"

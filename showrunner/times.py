"""Times outside of scripts, read as the language does (stage file, command line), and spelled for people."""

from __future__ import annotations

import re

from showrunner.syntax import literals

_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[hms]))+")
_CLOCK = re.compile(r"[0-9]{1,2}(?::[0-5][0-9]){1,2}(?:\.[0-9]+)?")
_LONGEST = 40


def micros(written: str) -> int | None:
    """Read `250ms`, `1m30s`, `1.5s` into microseconds, exactly; None if it is no duration."""
    if len(written) > _LONGEST or _DURATION.fullmatch(written) is None:
        return None
    found = literals.duration(written)
    return found if isinstance(found, int) else None


def moment(written: str) -> int | None:
    """Read a duration or a clock (`00:40`) into microseconds; None if it is neither."""
    if len(written) <= _LONGEST and _CLOCK.fullmatch(written) is not None:
        found = literals.clock(written)
        return found if isinstance(found, int) else None
    return micros(written)


def clock(micros: int) -> str:
    """Give an instant of show time as `MM:SS.mmm`, with hours where there are any."""
    seconds, milli = divmod(micros // 1_000, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    front = f"{hours}:{minutes:02}" if hours else f"{minutes:02}"
    return f"{front}:{seconds:02}.{milli:03}"


def short(micros: int) -> str:
    """Give a length of time for reading: `0.4 s`, `12 s`, `2:05`."""
    if micros >= 60_000_000:
        return f"{micros // 60_000_000}:{micros // 1_000_000 % 60:02}"
    tenths = (micros + 50_000) // 100_000
    return f"{tenths // 10}.{tenths % 10} s" if tenths % 10 else f"{tenths // 10} s"

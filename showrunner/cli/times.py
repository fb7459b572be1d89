"""Times for reading: an instant of the show, a length of time."""

from __future__ import annotations


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

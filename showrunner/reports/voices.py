"""Voices: who is heard when. Read off the voices of a timetable; what they say is no matter here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from showrunner.reports.timetable import Timetable, Voice


def heard(voices: Sequence[Voice]) -> int:
    """Add up the time in which anybody speaks."""
    total, until = 0, 0
    for voice in sorted(voices, key=lambda v: (v.start, v.end)):
        total += max(0, voice.end - max(voice.start, until))
        until = max(until, voice.end)
    return total


def silence(table: Timetable) -> tuple[int, int]:
    """Find the longest time in which nobody speaks: from, to."""
    best, until = (0, 0), 0
    for voice in sorted(table.voices, key=lambda v: (v.start, v.end)):
        if voice.start - until > best[1] - best[0]:
            best = (until, voice.start)
        until = max(until, voice.end)
    return (until, table.length) if table.length - until > best[1] - best[0] else best


def together(voices: Sequence[Voice]) -> list[tuple[int, int, str, str]]:
    """Find the stretches in which two devices are heard at once: from, to, who began, who came in."""
    found = []
    sounding: list[Voice] = []
    for voice in voices:
        sounding = [one for one in sounding if one.end > voice.start]
        found += [
            (voice.start, min(one.end, voice.end), one.device, voice.device)
            for one in sounding
            if one.device != voice.device
        ]
        sounding.append(voice)
    return found


def lanes(voices: Iterable[Voice]) -> dict[str, list[Voice]]:
    """Part the utterances by who speaks, in the order in which they are first heard."""
    found: dict[str, list[Voice]] = {}
    for voice in voices:
        found.setdefault(voice.device, []).append(voice)
    return found

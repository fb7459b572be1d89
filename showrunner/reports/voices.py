"""Who is heard when, read off a journal, and what there is to say about it below a dry run.

Not what the voices say, and no estimate: these are the times at which the doubles spoke.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from showrunner.devices.vocabulary import Class, Fixture
from showrunner.diagnostics.wording import count
from showrunner.reports.timetable import Plan, Voice, silence, summary
from showrunner.timeline.cues import CueList
from showrunner.times import clock, short

SHOWN = 3
"""So many stretches with two voices are listed; the others are counted."""


def speakers(fixtures: Mapping[str, Fixture]) -> frozenset[tuple[str, str]]:
    """Give every (device, verb) that is heard."""
    return frozenset(
        (name, verb.name)
        for name, fixture in fixtures.items()
        for verb in fixture.device.verbs
        if verb.class_ is Class.SPEECH
    )


def voices(entries: Iterable[Mapping[str, Any]], spoken: frozenset[tuple[str, str]]) -> tuple[Voice, ...]:
    """Find the utterances, in the order in which they begin: from the first sending to the end of the speech."""
    whose: dict[int, str] = {}
    begun: dict[int, int] = {}
    found: list[Voice] = []
    for entry in entries:
        kind = entry["kind"]
        if kind == "command" and (entry.get("device"), entry["verb"]) in spoken:
            whose[entry["id"]] = entry["device"]
        elif kind == "sent" and entry.get("id") in whose:
            begun.setdefault(entry["id"], entry["at"])
        elif kind == "outcome" and entry["id"] in begun and entry["at"] > begun[entry["id"]]:
            found.append(Voice(whose[entry["id"]], begun[entry["id"]], entry["at"], entry["id"]))
    return tuple(sorted(found, key=lambda voice: (voice.start, voice.id)))


def together(heard: Sequence[Voice]) -> list[tuple[int, int, str, str]]:
    """Find the stretches in which two devices are heard at once: from, to, who began, who came in."""
    found = []
    sounding: list[Voice] = []
    for voice in heard:
        sounding = [one for one in sounding if one.end > voice.start]
        found += [
            (voice.start, min(one.end, voice.end), one.device, voice.device)
            for one in sounding
            if one.device != voice.device
        ]
        sounding.append(voice)
    return found


def closing(entries: Sequence[Mapping[str, Any]], heard: Sequence[Voice], cues: CueList) -> list[str]:
    """Say what the show is on the whole: the summary, the longest silence, two voices at once."""
    length = entries[-1]["at"] if entries else 0
    played = {entry["segment"] for entry in entries if entry["kind"] == "segment"}
    goes = sum(1 for entry in entries if entry["kind"] == "wait" and entry["for"].partition(" ")[0] == "go")
    pressed = {e["for"].partition(" ")[2] for e in entries if e["kind"] == "wait" and e["for"].startswith("button ")}
    went = Plan(voices=tuple(heard), length=length, goes=goes)
    part = replace(
        cues,
        segments=tuple(one for one in cues.segments if one.name in played),
        buttons=tuple(one for one in cues.buttons if one in pressed),
    )
    lines = [summary(went, part)]
    start, end = silence(went)
    if heard and end > start:
        lines.append(f"longest silence: {short(end - start)}, from {clock(start)} to {clock(end)}")
    both = together(heard)
    lines += [
        f"two voices at once: {one} and {other}, {short(until - since)} from {clock(since)}"
        for since, until, one, other in both[:SHOWN]
    ]
    if len(both) > SHOWN:
        lines.append(f"two voices at once: {count(len(both) - SHOWN, 'more time')}")
    return lines


def lanes(heard: Iterable[Voice]) -> dict[str, list[Voice]]:
    """Part the utterances by who speaks, in the order in which they are first heard."""
    found: dict[str, list[Voice]] = {}
    for voice in heard:
        found.setdefault(voice.device, []).append(voice)
    return found

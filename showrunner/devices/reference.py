"""What a device understands, tells and can be set to, as text for people: made of the rows of its table alone."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from showrunner.devices.vocabulary import COMMON, Device, Event, Finished, Setting, Verb
from showrunner.times import as_duration

WIDTH = 96

UNKNOWN = "Nothing answers: nobody will ever know what came of it."
"""Said of what is only sent."""


def explained(device: Device) -> str:
    """Explain a kind of device: its commands, its events, its settings, its double's switches."""
    parts = [
        ("Commands", [line for verb in device.verbs for line in _verb(device, verb)]),
        ("What it tells", [line for event in device.events for line in _event(device, event)]),
        ("Settings in the stage file", [line for row in (*device.settings, *COMMON) for line in _setting(row)]),
        ("Lists of its catalogue", [line for row in device.catalogue for line in _told(row.name, row.says)]),
    ]
    lines = [f"{device.name} · {device.title.removeprefix('the ')}"]
    for title, rows in parts:
        if rows:
            lines += ["", title, "", *rows]
    return "\n".join(lines) + "\n"


def _told(name: str, *said: str) -> Iterator[str]:
    """Write a row: what it is called, and below it what is said of it."""
    yield f"  {name}"
    yield from wrap(" ".join(filter(None, said)), WIDTH, initial_indent="      ", subsequent_indent="      ")


def _verb(device: Device, verb: Verb) -> Iterator[str]:
    yield from _told(
        f"{device.name} {verb.name} {verb.form}".rstrip(), verb.says, UNKNOWN if verb.finished is Finished.SENT else ""
    )
    yield f"      for example: {verb.example}"


def _event(device: Device, event: Event) -> Iterator[str]:
    fields = [f"{field.name} ({field.says})" for field in event.fields]
    says = f"it says {', '.join(fields)}" if fields else ""
    words = f"{device.name} {event.name} {event.form}".split()
    yield from _told(" ".join(words), f"{event.says[:1].upper()}{event.says[1:]};" if says else event.says, says)
    yield f"      for example: {event.example}"


def _setting(row: Setting) -> Iterator[str]:
    default = as_duration(row.default) if row.accepts == "duration" and row.default is not None else row.default
    known = row.example if default in (None, "") else str(default)
    yield from _told(f"{row.name}: {known}".rstrip(": "), row.says)

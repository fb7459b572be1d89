"""The stage as the compiler sees it: each device by its name there, with its verbs, events and the model's own names.

Not the stage file, and nothing that is connected.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from showrunner.devices.forms import Matcher, matchers
from showrunner.devices.vocabulary import Device, Entry, Fixture, Inventory

SPEECH_RATE = 12.0
"""Characters a second, where a device has no setting for it."""


class Post(NamedTuple):
    """One device of the stage. ``lists``: catalogue list -> folded name -> entry; empty without a catalogue."""

    name: str
    device: Device
    matchers: Mapping[str, Matcher]
    rate: float
    lists: Mapping[str, Mapping[str, Entry]]


def posts(fixtures: Mapping[str, Fixture], inventories: Mapping[str, Inventory]) -> dict[str, Post]:
    """Give every device of the stage by its name, in stage order."""
    return {
        name: Post(
            name,
            fixture.device,
            matchers(fixture.device.verbs),
            _rate(fixture),
            {
                title: {entry.name.casefold(): entry for entry in reversed(entries)}
                for title, entries in inventories.get(name, {}).items()
            },
        )
        for name, fixture in fixtures.items()
    }


def _rate(fixture: Fixture) -> float:
    rate = fixture.settings.get("speech-rate", SPEECH_RATE)
    return float(rate) if isinstance(rate, int | float) and rate > 0 else SPEECH_RATE

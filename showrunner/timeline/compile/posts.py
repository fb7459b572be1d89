"""The stage as the compiler sees it: each device by its name there, with its verbs, events and the model's own names.

Not the stage file, and nothing that is connected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from showrunner.devices.forms import Matcher, matchers
from showrunner.devices.respelling import Speller
from showrunner.devices.vocabulary import Device, Entry, Fixture, Inventory, Way
from showrunner.syntax.keywords import ALONE
from showrunner.syntax.printer import Spelling

SPEECH_RATE = 12.0
"""Characters a second, where a device has no setting for it."""


class Post(NamedTuple):
    """One device of the stage.

    ``lists``: catalogue list -> folded name -> entry; empty without a catalogue. ``indexes``: catalogue list -> every
    index in it, for lists that have any. ``inventory``: all of it as it is, None without a catalogue.
    ``uncut``: what it says is not cut by `hush`, for want of this setting (empty: nothing would help). None: it is, or
    nobody knows, since there is no stage file.
    ``closed``: its ways that its ``settings`` leave closed, by name.
    """

    name: str
    device: Device
    matchers: Mapping[str, Matcher]
    events: Mapping[str, Matcher]
    rate: float
    lists: Mapping[str, Mapping[str, Entry]]
    indexes: Mapping[str, frozenset[int]]
    inventory: Inventory | None
    uncut: str | None
    closed: Mapping[str, Way]
    settings: Mapping[str, Any]


def speaker(stage: Mapping[str, Fixture], verb: str) -> str | None:
    """Name the device that is meant where a verb stands alone: the first of the stage whose voice takes it so."""
    voices = ((name, fixture.device.voice) for name, fixture in stage.items())
    return next((name for name, voice in voices if voice is not None and voice.alone == verb), None)


def spelling(stage: Mapping[str, Fixture]) -> Spelling:
    """Give how the devices of a stage like their commands written."""
    spellers = {name: Speller(fixture.device.verbs) for name, fixture in stage.items()}

    def spell(device: str, verb: str, words: tuple[str, ...]) -> tuple[str, ...]:
        meant = speaker(stage, verb) if device == ALONE else device
        return spellers[meant].spell(verb, words) if meant in spellers else words

    return spell


def posts(fixtures: Mapping[str, Fixture], inventories: Mapping[str, Inventory]) -> dict[str, Post]:
    """Give every device of the stage by its name, in stage order."""
    return {
        name: Post(
            name,
            fixture.device,
            matchers(fixture.device.verbs),
            matchers(fixture.device.events),
            _rate(fixture),
            {
                title: {entry.name.casefold(): entry for entry in reversed(entries)}
                for title, entries in inventories.get(name, {}).items()
            },
            {
                title: _indexes(entries)
                for title, entries in inventories.get(name, {}).items()
                if any(entry.index is not None for entry in entries)
            },
            inventories.get(name),
            _uncut(fixture),
            {way.name: way for way in fixture.device.ways if way not in fixture.ways},
            fixture.settings,
        )
        for name, fixture in fixtures.items()
    }


def _indexes(entries: Sequence[Entry]) -> frozenset[int]:
    """Give all indexes of a list; an entry without one counts on from the entry above it of the same owner."""
    found: set[int] = set()
    following: dict[str | None, int] = {}
    for entry in entries:
        index = following.get(entry.owner, 0) if entry.index is None else entry.index
        following[entry.owner] = index + 1
        found.add(index)
    return frozenset(found)


def _uncut(fixture: Fixture) -> str | None:
    voice = fixture.device.voice
    if voice is None or voice.cut_by is None:
        return None if voice is None else ""
    return voice.cut_by if voice.cut_by and fixture.staged and not fixture.settings.get(voice.cut_by) else None


def _rate(fixture: Fixture) -> float:
    rate = fixture.settings.get("speech-rate", SPEECH_RATE)
    return float(rate) if isinstance(rate, int | float) and rate > 0 else SPEECH_RATE

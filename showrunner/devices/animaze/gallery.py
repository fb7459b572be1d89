"""What a simulated Animaze has: its avatars, scenes, emotes, and the lists that belong to an avatar.

With a catalogue exactly what is in it; a list the catalogue does not have, or all of them, is a small made-up one in
which any further name is found too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from showrunner.devices.animaze.requests import ANY_NAME
from showrunner.devices.animaze.table import OWNED
from showrunner.devices.vocabulary import Entry, Inventory

ANY_INDEX = 99

_MADE_UP: Mapping[str, tuple[Entry, ...]] = {
    "avatars": (Entry("avatar03"), Entry("AvatarBomb"), Entry("@Kentax_Red")),
    "scenes": (Entry("Spaceship"), Entry("Stream"), Entry("@My_Room")),
    "emotes": (
        Entry("Emote_Alarm", label="Alarm"),
        Entry("Emote_Angry", label="Angry"),
        Entry("Emote_Wave", label="Wave"),
    ),
    "quickscenes": (Entry("Start", index=0), Entry("Talk", index=2)),
    "actions": (
        Entry("Come here", index=0),
        Entry("Hello", index=1),
        Entry("Wave", index=4),
        Entry("Explode", index=5, owner="AvatarBomb"),
    ),
    "poses": (
        Entry("Puff Cheeks", index=0),
        Entry("Tongue Out", index=1),
        Entry("Fuse", index=3, owner="AvatarBomb"),
    ),
    "idles": (Entry("Default Idle", index=0), Entry("Bored", index=2), Entry("Fight", index=3, owner="avatar03")),
}
"""Indexes have gaps, as the vendor's own example has (section "Get Idle Anims"): an index is not a position."""


class Gallery:
    """The lists of one double."""

    def __init__(self, inventory: Inventory | None) -> None:
        given = inventory or {}
        self._open = frozenset(_MADE_UP) - frozenset(given)
        self._lists = {name: _numbered(name, given.get(name, _MADE_UP[name])) for name in _MADE_UP}

    def first(self, which: str) -> str:
        """Give the first name of a list: what is loaded when the application starts."""
        return next((entry.name for entry in self._lists[which]), "")

    def entries(self, which: str, avatar: str) -> tuple[Entry, ...]:
        """Give a list as the application tells it, with an entry for every other name where any is found."""
        found = self._of(which, avatar)
        if which in OWNED and which in self._open:
            return (*found, Entry(ANY_NAME, index=ANY_INDEX))
        return found

    def find(self, which: str, name: str) -> str | None:
        """Give the spelling that the application has for a name, case ignored, or None if it has none such."""
        for entry in self._lists[which]:
            if entry.name.casefold() == name.casefold():
                return entry.name
        return name if which in self._open else None

    def at(self, which: str, index: int, avatar: str) -> str | None:
        """Give the name at an index, or None if there is none such."""
        for entry in self._of(which, avatar):
            if entry.index == index:
                return entry.name
        return str(index) if which in self._open else None

    def save(self, index: int) -> None:
        """Add a quickscene."""
        if all(entry.index != index for entry in self._lists["quickscenes"]):
            self._lists["quickscenes"] = (*self._lists["quickscenes"], Entry(f"Slot {index}", index=index))

    def _of(self, which: str, avatar: str) -> tuple[Entry, ...]:
        wanted = (None, avatar.casefold())
        return tuple(e for e in self._lists[which] if (e.owner.casefold() if e.owner else None) in wanted)


def _numbered(which: str, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Give each entry without an index the one after the entry above it of the same owner."""
    if which not in (*OWNED, "quickscenes"):
        return entries
    numbered: list[Entry] = []
    next_: dict[str | None, int] = {}
    for entry in entries:
        index = next_.get(entry.owner, 0) if entry.index is None else entry.index
        next_[entry.owner] = index + 1
        numbered.append(replace(entry, index=index))
    return tuple(numbered)

"""The catalogue: what the real models have, read from `catalogue.yaml` into one inventory a device.

Which lists a device has is said by its table; what an entry may say is the same everywhere. Not the asking of devices.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from showrunner.devices.vocabulary import Entry, Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.wording import listed, quoted
from showrunner.show.book import shown
from showrunner.show.yaml_marks import Mark, read, said, unknown

OWNED = ("actions", "poses", "idles")
"""Lists that stand below an avatar and belong to it."""

_FACTS = ("name", "index", "min", "max", "default", "label")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What came of reading a catalogue: the inventories by stage name, what is wrong, its text by its path."""

    inventories: Mapping[str, Inventory] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def load(path: str | None, fixtures: Mapping[str, Fixture]) -> Catalogue:
    """Read the catalogue at ``path`` (None: there is none) for the devices of a stage.

    A part is keyed by a device's stage name, or by its driver, which then holds for every device of that kind that has
    no part of its own.
    """
    if path is None:
        return Catalogue()
    path = shown(path)
    file = read(path, path, "E041")
    reader = _Reader(fixtures)
    inventories = {} if file.root is None else reader.read(file.root)
    texts = {} if file.text is None else {path: file.text}
    return Catalogue(inventories, (*file.findings, *reader.findings), texts)


class _Reader:
    """Reads one catalogue; collects what is wrong with it."""

    def __init__(self, fixtures: Mapping[str, Fixture]) -> None:
        self.findings: list[Diagnostic] = []
        self._fixtures = fixtures

    def read(self, root: Mark) -> dict[str, Inventory]:
        if not isinstance(root.value, dict):
            self._wrong(root.place, "a catalogue is a table: a device, then its lists", "for example `animaze:`")
            return {}
        parts: dict[str, Inventory] = {}
        drivers = {fixture.device.name: fixture.device for fixture in self._fixtures.values()}
        for name, pair in root.value.items():
            fixture = self._fixtures.get(name)
            device = drivers.get(name) if fixture is None else fixture.device
            if device is None:
                names = dict.fromkeys([*self._fixtures, *drivers])
                self.findings.append(unknown("E042", pair.key, "the stage has no device called", name, names))
            else:
                parts[name] = self._part(name, device.catalogue, pair.value)
        found = {name: parts.get(name, parts.get(one.device.name)) for name, one in self._fixtures.items()}
        return {name: part for name, part in found.items() if part is not None}

    def _part(self, device: str, lists: tuple[str, ...], mark: Mark) -> Inventory:
        if mark.value is None:
            return {}
        if not isinstance(mark.value, dict):
            self._wrong(mark.place, f"what `{device}` has is a table of lists", f"for example `{lists[0]}: [...]`")
            return {}
        inventory: dict[str, tuple[Entry, ...]] = {}
        for name, pair in mark.value.items():
            if name not in lists:
                self.findings.append(unknown("E042", pair.key, f"`{device}` has no list called", name, lists))
                continue
            inventory[name] = (*inventory.get(name, ()), *self._entries(name, pair.value, None))
            if name == "avatars":
                for owned, entries in self._owned(pair.value).items():
                    inventory[owned] = (*inventory.get(owned, ()), *entries)
        return inventory

    def _owned(self, mark: Mark) -> dict[str, tuple[Entry, ...]]:
        """Read what stands below the avatars. A list that no avatar has stays unknown."""
        found: dict[str, tuple[Entry, ...]] = {}
        for avatar, pair in mark.value.items() if isinstance(mark.value, dict) else ():
            inside = pair.value.value
            for name, below in inside.items() if isinstance(inside, dict) else ():
                if name in OWNED:
                    found[name] = (*found.get(name, ()), *self._entries(name, below.value, avatar))
        return found

    def _entries(self, list_: str, mark: Mark, owner: str | None) -> tuple[Entry, ...]:
        """Read a list of names, a list of `{name: …}`, or a table from name to what is known of it."""
        entries: list[Entry] = []
        places: list[Place] = []
        if isinstance(mark.value, dict):
            known = OWNED if list_ == "avatars" else _FACTS[1:]
            for name, pair in mark.value.items():
                facts = self._facts(name, pair.value, known)
                entries.append(self._entry(name, {} if list_ == "avatars" else facts, owner))
                places.append(pair.key)
        elif isinstance(mark.value, list):
            for item in mark.value:
                entry = self._item(item, owner)
                if entry is not None:
                    entries.append(entry)
                    places.append(item.place)
        elif mark.value is not None:
            self._wrong(mark.place, f"`{list_}` is a list of names", f"write `[{said(mark.value)}]`")
        names: set[str] = set()
        for entry, place in zip(entries, places, strict=True):
            if entry.name.casefold() in names:
                self._wrong(place, f"`{entry.name}` is twice in `{list_}`", "keep one of them")
            names.add(entry.name.casefold())
        return tuple(entries)

    def _item(self, item: Mark, owner: str | None) -> Entry | None:
        value = item.value
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return Entry(str(value), index=value, owner=owner)
        if isinstance(value, str) and value:
            return Entry(value, owner=owner)
        if isinstance(value, dict):
            facts = self._facts("the entry", item, _FACTS)
            name = facts.get("name")
            if name is not None and isinstance(name.value, str | int | float) and not isinstance(name.value, bool):
                return self._entry(str(name.value), facts, owner)
            self._wrong(item.place, "this entry has no name", "write `{name: Wave, index: 3}`")
            return None
        self._wrong(item.place, "an entry is a name or a table with a `name`", "put odd names in quotes: `'true'`")
        return None

    def _facts(self, name: str, mark: Mark, known: tuple[str, ...]) -> dict[str, Mark]:
        if mark.value is None:
            return {}
        if not isinstance(mark.value, dict):
            may = f"it may say {listed(map(quoted, known))}"
            self._wrong(mark.place, f"what is known of `{name}` is a table", may)
            return {}
        for key, pair in mark.value.items():
            if key not in known:
                self.findings.append(unknown("E042", pair.key, f"`{name}` has no", key, known))
        return {key: pair.value for key, pair in mark.value.items() if key in known}

    def _entry(self, name: str, facts: Mapping[str, Mark], owner: str | None) -> Entry:
        index, label = facts.get("index"), facts.get("label")
        if index is not None and (not _is_number(index.value) or not isinstance(index.value, int) or index.value < 0):
            self._wrong(index.place, f"the index of `{name}` is a whole number from 0", "for example `index: 3`")
            index = None
        numbers: dict[str, Any] = {}
        for key in ("min", "max", "default"):
            fact = facts.get(key)
            if fact is not None and not _is_number(fact.value):
                self._wrong(fact.place, f"`{key}` of `{name}` is a number, not `{said(fact.value)}`", None)
            elif fact is not None:
                numbers[key] = fact.value
        low, high = numbers.get("min", -math.inf), numbers.get("max", math.inf)
        if low > high:
            self._wrong(facts["min"].place, f"`{name}` has its `min` above its `max`", "exchange the two")
        elif not low <= numbers.get("default", max(low, min(high, 0))) <= high:
            self._wrong(facts["default"].place, f"`default` of `{name}` is not between its `min` and `max`", None)
        return Entry(
            name,
            None if index is None else index.value,
            owner,
            numbers.get("min"),
            numbers.get("max"),
            numbers.get("default"),
            None if label is None or label.value is None else str(label.value),
        )

    def _wrong(self, place: Place, message: str, help: str | None) -> None:
        self.findings.append(Diagnostic("E043", place, message, help))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)

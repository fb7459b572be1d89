"""The catalogue: what the real models have, read from `catalogue.yaml` into one inventory a device.

Which lists a device has is said by its table (``vocabulary.CatalogueList``), what an entry may say by the rows here.
Not the asking of devices.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from functools import partial
from typing import Any

from showrunner.devices.vocabulary import CatalogueList, Entry, Fixture, Inventory
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import listed, quoted
from showrunner.show.book import shown
from showrunner.show.stage import kind_of
from showrunner.show.yaml_marks import Marked, cut, in_quotes, read, said, unknown
from showrunner.slotted import dataclass
from showrunner.times import DURATION, as_duration, micros

_NUMBERED = re.compile(r"[ ]+#\d+")
"""What follows a name that was cut off at its number."""

_ENDLESS = 1e300
"""Nothing that a program counts is as large, and beyond it there are whole numbers that no floating one is."""


@dataclass(frozen=True, slots=True)
class EntryFact:
    """One key of an entry, and the field of ``Entry`` it fills.

    ``fits`` tells whether a value is one; ``wrong`` makes the sentence where it is not, of the entry's
    name and what was said. ``schema`` says to an editor what is taken. ``read`` makes the field of what stands
    there, ``spelled`` the other way round.
    """

    key: str
    field: str
    says: str
    fits: Callable[[Any], bool]
    schema: Mapping[str, Any]
    wrong: Callable[[str, str], Sentence]
    help: Sentence | None = None
    read: Callable[[Marked], Any] = lambda mark: mark.value
    spelled: Callable[[Any], Any] = lambda value: value


def _no_number(key: str, name: str, said: str) -> Sentence:
    return sentence("`{key}` of `{name}` is a number, not `{said}`", key, name, said)


def _no_device(name: str) -> Sentence:
    return sentence("the stage has no device called `{name}`", name)


def _no_list(device: str, name: str) -> Sentence:
    return sentence("`{device}` has no list called `{name}`", device, name)


def _no_key(name: str, key: str) -> Sentence:
    return sentence("`{name}` has no `{key}`", name, key)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -_ENDLESS < value < _ENDLESS


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and _is_number(value) and value >= 0


def _is_text(value: Any) -> bool:
    return not isinstance(value, list | dict)


def _is_length(value: Any) -> bool:
    return isinstance(value, str) and micros(value) is not None


_TEXT: Mapping[str, Any] = {"type": ["string", "number", "boolean", "null"]}


def _written(mark: Marked) -> str | None:
    return None if mark.value is None else mark.written


FACTS = (
    EntryFact(
        "index",
        "index",
        sentence("the number that the program has for it"),
        _is_index,
        {"type": "integer", "minimum": 0},
        lambda name, _: sentence("the index of `{name}` is a whole number from 0", name),
        sentence("for example `index: 3`"),
    ),
    EntryFact(
        "min",
        "minimum",
        sentence("the least value it takes"),
        _is_number,
        {"type": "number"},
        partial(_no_number, "min"),
    ),
    EntryFact(
        "max",
        "maximum",
        sentence("the greatest value it takes"),
        _is_number,
        {"type": "number"},
        partial(_no_number, "max"),
    ),
    EntryFact(
        "default",
        "default",
        sentence("the value it has by itself"),
        _is_number,
        {"type": "number"},
        partial(_no_number, "default"),
    ),
    EntryFact(
        "label",
        "label",
        sentence("what people call it"),
        _is_text,
        _TEXT,
        lambda name, said: sentence("the label of `{name}` is a text, not `{said}`", name, said),
        read=_written,
    ),
    EntryFact(
        "kind",
        "kind",
        sentence("of which kind it is, in the program's words"),
        _is_text,
        _TEXT,
        lambda name, said: sentence("the kind of `{name}` is a text, not `{said}`", name, said),
        read=_written,
    ),
    EntryFact(
        "id",
        "id",
        sentence("what the program knows it by; a script may call it so, too"),
        _is_text,
        _TEXT,
        lambda name, said: sentence("the id of `{name}` is a text, not `{said}`", name, said),
        read=_written,
    ),
    EntryFact(
        "length",
        "length",
        sentence("how long it lasts"),
        _is_length,
        {"type": "string", "pattern": f"^{DURATION}$"},
        lambda name, said: sentence("the length of `{name}` is a time, not `{said}`", name, said),
        sentence("for example `length: 12.5s`"),
        read=lambda mark: micros(mark.value),
        spelled=as_duration,
    ),
)
"""What may be known of an entry, beside its name."""

NAME = "name"
"""The key of an entry's name, where the entry is a table."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What came of reading a catalogue: the inventories by stage name, what is wrong, its text by its path."""

    inventories: Mapping[str, Inventory] = field(default_factory=dict)
    findings: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def load(path: str | None, fixtures: Mapping[str, Fixture]) -> Catalogue:
    """Read the catalogue at ``path`` (None: there is none) for the devices of a stage.

    A part is keyed by a device's stage name, or by its driver, which then holds for every device of that kind that has
    no part of its own. Kinds that are not on the stage keep theirs, should a script call one.
    """
    if path is None:
        return Catalogue()
    path = shown(path)
    file = read(path, path, "E041")
    reader = _CatalogueReader(fixtures, file.text or "")
    inventories = {} if file.root is None else reader.read(file.root)
    texts = {} if file.text is None else {path: file.text}
    return Catalogue(inventories, (*file.findings, *reader.findings), texts)


class _CatalogueReader:
    """Reads one catalogue; collects what is wrong with it."""

    def __init__(self, fixtures: Mapping[str, Fixture], text: str) -> None:
        self.findings: list[Diagnostic] = []
        self._lines = text.split("\n")
        self._fixtures = fixtures

    def read(self, root: Marked) -> dict[str, Inventory]:
        if not isinstance(root.value, dict):
            example = sentence("for example `{fixtures}:`", next(iter(self._fixtures), "guest"))
            self._wrong(root.place, sentence("a catalogue is a table: a device, then its lists"), example)
            return {}
        parts: dict[str, Inventory] = {}
        drivers = {fixture.device.name: fixture.device for fixture in self._fixtures.values()}
        for name, pair in root.value.items():
            fixture = self._fixtures.get(name)
            device = (drivers.get(name) or kind_of(name)) if fixture is None else fixture.device
            if device is None:
                names = dict.fromkeys([*self._fixtures, *drivers])
                self.findings.append(unknown("E042", pair.key, _no_device, name, names))
            else:
                parts[name] = self._part(name, device.catalogue, pair.value)
        found = {name: parts.get(name, parts.get(one.device.name)) for name, one in self._fixtures.items()}
        found |= {name: part for name, part in parts.items() if name not in drivers}
        return {name: part for name, part in found.items() if part is not None}

    def _part(self, device: str, lists: tuple[CatalogueList, ...], mark: Marked) -> Inventory:
        names = tuple(row.name for row in lists)
        if mark.value is None:
            return {}
        if not isinstance(mark.value, dict):
            example = sentence("for example `{names}: [...]`", names[0]) if names else None
            self._wrong(mark.place, sentence("what `{device}` has is a table of lists", device), example)
            return {}
        inventory: dict[str, tuple[Entry, ...]] = {}
        for name, pair in mark.value.items():
            if name not in names:
                self.findings.append(unknown("E042", pair.key, partial(_no_list, device), name, names))
                continue
            below = tuple(row.name for row in lists if row.of == name)
            inventory[name] = (*inventory.get(name, ()), *self._entries(name, pair.value, None, below))
            for owned, entries in self._owned(pair.value, below).items():
                inventory[owned] = (*inventory.get(owned, ()), *entries)
        return inventory

    def _owned(self, mark: Marked, below: tuple[str, ...]) -> dict[str, tuple[Entry, ...]]:
        """Read the lists that stand below the entries of one. A list that none of them has stays unknown."""
        found: dict[str, tuple[Entry, ...]] = {}
        for owner, pair in mark.value.items() if isinstance(mark.value, dict) else ():
            inside = pair.value.value
            for name, list_ in inside.items() if isinstance(inside, dict) else ():
                if name in below:
                    found[name] = (*found.get(name, ()), *self._entries(name, list_.value, owner))
        return found

    def _entries(self, list_: str, mark: Marked, owner: str | None, below: tuple[str, ...] = ()) -> tuple[Entry, ...]:
        """Read a list of names, a list of `{name: …}`, or a table from name to what is known of it.

        ``below``: lists that stand there instead of what is known.
        """
        entries: list[Entry] = []
        places: list[Place] = []
        if isinstance(mark.value, dict):
            for name, pair in mark.value.items():
                facts = self._facts(name, pair.value, below or _KEYS)
                entries.append(self._entry(name, {} if below else facts, owner))
                places.append(pair.key)
        elif isinstance(mark.value, list):
            for item in mark.value:
                entry = self._item(item, owner)
                if entry is not None:
                    entries.append(entry)
                    places.append(item.place)
        elif mark.value is not None and not self._cut_off(mark):
            self._wrong(
                mark.place,
                sentence("`{list}` is a list of names", list_),
                sentence("write `[{mark}]`", said(mark.value)),
            )
        names: set[str] = set()
        for entry, place in zip(entries, places, strict=True):
            if entry.name.casefold() in names:
                self._wrong(
                    place, sentence("`{entry}` is twice in `{list}`", entry.name, list_), sentence("keep one of them")
                )
            names.add(entry.name.casefold())
        return tuple(entries)

    def _item(self, item: Marked, owner: str | None) -> Entry | None:
        value = item.value
        if item.name and self._cut_off(item):
            return None
        if item.name:
            # `007` is a name, `7` the number that the program has for it.
            return Entry(item.name, index=value if _is_index(value) and str(value) == item.name else None, owner=owner)
        if isinstance(value, dict):
            if len(value) == 1 and not value.keys() & {NAME, *_KEYS}:
                ((before, pair),) = value.items()
                if pair.value.name is not None:
                    both = f"{before}: {pair.value.name}"
                    self._wrong(item.place, sentence("`{both}` is read as a table", cut(both)), in_quotes(both))
                    return None
            facts = self._facts("the entry", item, (NAME, *_KEYS))
            name = facts.get(NAME)
            if name is not None and name.name:
                return self._entry(name.name, facts, owner)
            self._wrong(item.place, sentence("this entry has no name"), sentence("write `{{name: Wave, index: 3}}`"))
            return None
        self._wrong(
            item.place,
            sentence("an entry is a name or a table with a `name`"),
            sentence("put odd names in quotes: `'true'`"),
        )
        return None

    def _cut_off(self, mark: Marked) -> bool:
        """Find a name that ends in a comment where none was meant: `Room #2`."""
        line = self._lines[mark.place.line - 1] if mark.place.line <= len(self._lines) else ""
        start = mark.place.column - 1
        found = _NUMBERED.match(line, start + mark.place.length)
        if found is None or line[start : start + mark.place.length] != mark.written:
            return False
        name = f"{mark.written}{found[0]}"
        place = replace(mark.place, length=len(name))
        self._wrong(
            place,
            sentence("of `{name}` only `{mark}` is read: a comment begins at `#`", cut(name), cut(mark.written)),
            in_quotes(name),
        )
        return True

    def _facts(self, name: str, mark: Marked, known: tuple[str, ...]) -> dict[str, Marked]:
        if mark.value is None:
            return {}
        if not isinstance(mark.value, dict):
            may = sentence("it may say {keys}", listed(map(quoted, known)))
            self._wrong(mark.place, sentence("what is known of `{name}` is a table", name), may)
            return {}
        for key, pair in mark.value.items():
            if key not in known:
                self.findings.append(unknown("E042", pair.key, partial(_no_key, name), key, known))
        return {key: pair.value for key, pair in mark.value.items() if key in known}

    def _entry(self, name: str, facts: Mapping[str, Marked], owner: str | None) -> Entry:
        fields: dict[str, Any] = {}
        for row in FACTS:
            fact = facts.get(row.key)
            if fact is not None and not row.fits(fact.value):
                self._wrong(fact.place, row.wrong(name, said(fact.value)), row.help)
            elif fact is not None:
                fields[row.field] = row.read(fact)
        low, high = fields.get("minimum", -math.inf), fields.get("maximum", math.inf)
        if low > high:
            self._wrong(
                facts["min"].place,
                sentence("`{name}` has its `min` above its `max`", name),
                sentence("exchange the two"),
            )
        elif not low <= fields.get("default", max(low, min(high, 0))) <= high:
            self._wrong(
                facts["default"].place, sentence("`default` of `{name}` is not between its `min` and `max`", name), None
            )
        return Entry(name, owner=owner, **fields)

    def _wrong(self, place: Place, message: Sentence, help: Sentence | None) -> None:
        self.findings.append(Diagnostic("E043", place, message, help))


_KEYS = tuple(row.key for row in FACTS)

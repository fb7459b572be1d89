"""What the devices say they have, written into the text of a catalogue, and what is different now.

Comments, order and everything else in the file stay as they are. Nothing is asked or saved here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Literal

from showrunner.devices.vocabulary import CatalogueList, Entry, Inventory
from showrunner.show.catalogue import FACTS, NAME
from showrunner.show.yaml_edit import Sheet, Slot
from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class CatalogueChange:
    """One difference: the name in the list of a device is ``new``, ``gone``, or ``other``: ``now`` says what it is."""

    device: str
    list: str
    name: str
    what: Literal["new", "gone", "other"]
    now: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """What came of it: the catalogue's new text, and the changes in it."""

    text: str
    changes: tuple[CatalogueChange, ...]


def count(
    text: str, device: str, kind: str, lists: Sequence[CatalogueList], inventory: Inventory, *, keep: bool = False
) -> Count:
    """Bring the part of ``device`` up to date; ``kind`` is its driver, ``lists`` the lists of that driver's catalogue.

    A list that is not in ``inventory`` is left alone. ``keep``: names that are gone stay in the file.
    A device without a part of its own stands under its kind's as long as that says what it has.
    """
    shared = Sheet(text)
    parts = shared.root.table()
    if device not in parts and kind in parts:
        teller = _Teller(shared, device, lists, inventory, keep=keep)
        teller.part(parts[kind])
        if device == kind or not teller.changes:
            return Count(text, ())
    sheet = Sheet(text)
    teller = _Teller(sheet, device, lists, inventory, keep=keep)
    slot = sheet.root.table().get(device)
    if slot is None:
        fresh = teller.part(Slot(None))
        if fresh:
            sheet.amend(sheet.root, (), {device: fresh})
    else:
        fresh = teller.part(slot)
        if fresh:
            sheet.amend(slot, (), fresh)
    return Count(sheet.done(), teller.sorted())


@dataclass(slots=True)
class _Line:
    """One entry of a list as it stands in the file. ``node`` is what goes if it goes, ``facts`` what is known of it."""

    name: str
    index: int | None
    node: Any
    facts: Slot
    told: Mapping[str, Slot] = field(default_factory=dict)


class _Teller:
    """Goes through one device's part and notes what is different."""

    def __init__(
        self, sheet: Sheet, device: str, lists: Sequence[CatalogueList], inventory: Inventory, *, keep: bool
    ) -> None:
        self.changes: list[CatalogueChange] = []
        self._sheet = sheet
        self._device = device
        self._lists = lists
        self._names = tuple(row.name for row in lists)
        self._owners = {row.of for row in lists if row.of is not None}
        self._inventory = {name: _once(entries) for name, entries in inventory.items() if name in self._names}
        self._keep = keep

    def sorted(self) -> tuple[CatalogueChange, ...]:
        """Give the changes in the order of the lists."""
        return tuple(sorted(self.changes, key=lambda change: self._names.index(change.list)))

    def part(self, part: Slot) -> dict[str, Any]:
        """Change the lists that the part has; give those it has not, to be added to it."""
        fresh: dict[str, Any] = {}
        there = part.table()
        below = {owners: self._owned(owners, there, fresh) for owners in self._owners}
        for row in self._lists:
            name = row.name
            if row.of is not None or name not in self._inventory:
                continue
            entries = self._inventory[name]
            if name in there:
                self._list(name, there[name], entries, removable=True, below=below.get(name))
            elif entries:
                self._new(name, entries)
                fresh[name] = _above(entries, below[name]) if below.get(name) else _written(entries)
        return {name: fresh[name] for name in self._names if name in fresh}

    def _owned(self, owners: str, there: Mapping[str, Slot], fresh: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """See to what belongs to the entries of a list: below them where they are a table, else in the part itself.

        Gives what is to stand below an entry that is not in the file yet.
        """
        standing = there.get(owners, Slot(None))
        table = {name.casefold(): slot for name, slot in standing.table().items()}
        below: dict[str, dict[str, Any]] = {}
        added: dict[str, dict[str, Any]] = {}
        for name in (row.name for row in self._lists if row.of == owners):
            told = self._by_owner(owners, self._inventory.get(name, ()))
            for owner, entries in told.items():
                own = table.get(owner.casefold()) if owner is not None else None
                mine = own.table() if own is not None else {}
                # What is told of one owner alone may stand anywhere; what is told of several stands with each.
                others = table.values() if len(told) == 1 else ()
                everywhere = [there.get(name), *(slot.table().get(name) for slot in others if slot is not own)]
                known = [line for slot in everywhere if slot is not None for line in _lines(slot)]
                if own is not None and name in mine:
                    apart = _lines(there[name]) if name in there else []
                    self._list(name, mine[name], [e for e in entries if not _find(apart, e)], removable=True)
                    continue
                before = known if own is None else _lines(there.get(name))
                new = [entry for entry in entries if not _find(before, entry)]
                if not new:
                    continue
                if own is not None and owner is not None:
                    added.setdefault(owner, {})[name] = _written(new)
                elif owner is not None and standing.kind in {"table", "nothing"} and self._has(owners, owner):
                    below.setdefault(owner.casefold(), {})[name] = _written(new)
                elif name in there:
                    self._list(name, there[name], new, removable=False)
                    continue
                else:
                    fresh[name] = _written(new)
                self._new(name, new)
        for owner, lists in added.items():
            self._sheet.amend(table[owner.casefold()], (), lists)
        return below

    def _has(self, owners: str, name: str) -> bool:
        return any(entry.name.casefold() == name.casefold() for entry in self._inventory.get(owners, ()))

    def _by_owner(self, owners: str, entries: Sequence[Entry]) -> dict[str | None, list[Entry]]:
        """Tell whose these are. A program that does not say has surely told of its only owner, if it has but one.

        What it says of some it says of the rest, where it names one owner alone.
        """
        able, named = self._inventory.get(owners, ()), {entry.owner for entry in entries} - {None}
        usual = next(iter(named)) if len(named) == 1 else able[0].name if not named and len(able) == 1 else None
        found: dict[str | None, list[Entry]] = {}
        for entry in entries:
            found.setdefault(entry.owner or usual, []).append(entry)
        return found or {usual: []}

    def _list(
        self,
        name: str,
        slot: Slot,
        entries: Sequence[Entry],
        *,
        removable: bool,
        below: Mapping[str, Any] | None = None,
    ) -> None:
        lines = _lines(slot)
        new = [entry for entry in entries if not _find(lines, entry)]
        gone = [line for line in lines if not any(_same(line, entry) for entry in entries)] if removable else []
        for entry in entries:
            line = _find(lines, entry)
            if line is not None and name not in self._owners:
                self._facts(name, line, entry, slot)
        self.changes += [CatalogueChange(self._device, name, line.name, "gone") for line in gone]
        self._new(name, new)
        leaving = () if self._keep else [line.node for line in gone]
        if not leaving and not new:
            return
        if name in self._owners and (slot.kind == "table" or below):
            self._sheet.amend(slot, leaving, _above(new, below or {}))
        elif slot.kind == "table":
            self._sheet.amend(slot, leaving, {_called(entry): _known(entry) or None for entry in new})
        elif slot.kind == "nothing":
            self._sheet.amend(slot, (), _written(new))
        else:
            self._sheet.amend(slot, leaving, [_item(entry) for entry in new])

    def _new(self, name: str, entries: Sequence[Entry]) -> None:
        self.changes += [CatalogueChange(self._device, name, _called(entry), "new") for entry in entries]

    def _facts(self, name: str, line: _Line, entry: Entry, slot: Slot) -> None:
        """Bring what is known of one entry up to date."""
        known = _known(entry)
        wanted = [fact for fact in known if fact not in {"index", "label"}]
        if line.index is not None and entry.index is not None and "index" in line.told:
            wanted.append("index")
        other = {fact: known[fact] for fact in wanted if not _says(line.told.get(fact), known[fact])}
        if not other:
            return
        now = ", ".join(f"{fact} {_shown(value)}" for fact, value in other.items())
        self.changes.append(CatalogueChange(self._device, name, line.name, "other", now))
        for fact in [fact for fact in other if fact in line.told]:
            self._sheet.put(line.told[fact], other.pop(fact))
        if not other:
            return
        if line.facts.kind == "table":
            self._sheet.amend(line.facts, (), other)
        else:
            self._sheet.put(line.facts, other if slot.kind == "table" else {NAME: line.name, **other})


def _above(entries: Sequence[Entry], below: Mapping[str, Any]) -> dict[str, Any]:
    """Write entries as a table, with what stands below each."""
    return {entry.name: below.get(entry.name.casefold()) for entry in entries}


def _lines(slot: Slot | None) -> list[_Line]:
    if slot is None:
        return []
    if slot.kind == "table":
        return [_line(name, one.key, one) for name, one in slot.table().items()]
    found = []
    for one in slot.items():
        if one.kind == "table":
            called = one.table().get(NAME)
            found.append(_line("" if called is None else str(called.node.value), one.node, one))
        elif one.kind == "text":
            found.append(_line(str(one.node.value), one.node, one))
    return found


def _line(name: str, node: Any, facts: Slot) -> _Line:
    told = facts.table()
    index = told.get("index")
    written = str(index.node.value) if index is not None else name if facts.kind == "text" else ""
    whole = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None
    return _Line(name, whole, node, facts, told)


def _same(line: _Line, entry: Entry) -> bool:
    # What has no name of its own is known by its index; its label is then what people call it.
    nameless = entry.index is not None and entry.name == str(entry.index)
    return line.name.casefold() == entry.name.casefold() or (nameless and line.index == entry.index)


def _find(lines: Sequence[_Line], entry: Entry) -> _Line | None:
    return next((line for line in lines if _same(line, entry)), None)


def _once(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Leave out what a device lists twice, and unnamed things with one label: a list has a name once for each owner."""
    found: dict[tuple[str | None, str], Entry] = {}
    for entry in entries:
        if entry.name:
            known = (entry.owner, _called(entry).casefold()) in found
            one = replace(entry, label=None) if known else entry
            found.setdefault((one.owner, _called(one).casefold()), one)
    return tuple(found.values())


def _called(entry: Entry) -> str:
    return entry.label if entry.label and entry.index is not None and entry.name == str(entry.index) else entry.name


def _known(entry: Entry) -> dict[str, Any]:
    known = {row.key: (row, getattr(entry, row.field)) for row in FACTS}
    if entry.label in {"", _called(entry)}:
        known.pop("label")
    return {fact: row.spelled(value) for fact, (row, value) in known.items() if value not in {None, ""}}


def _item(entry: Entry) -> Any:
    facts = _known(entry)
    return {NAME: _called(entry), **facts} if facts else _called(entry)


def _written(entries: Sequence[Entry]) -> list[Any] | dict[str, Any]:
    """Write a list that is not there yet: a table where the values of things have limits."""
    if any(entry.minimum is not None or entry.maximum is not None for entry in entries):
        return {_called(entry): _known(entry) or None for entry in entries}
    return [_item(entry) for entry in entries]


def _says(slot: Slot | None, value: str | float) -> bool:
    if slot is None or slot.kind != "text":
        return False
    if isinstance(value, str):
        return str(slot.node.value) == value
    try:
        return abs(float(str(slot.node.value).replace("_", "")) - value) <= 1e-6
    except ValueError:
        return False


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.6f}".rstrip("0").rstrip(".")

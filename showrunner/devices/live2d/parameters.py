"""What is known of a model's parameters: their names, what they allow, and values read from the Editor.

From the catalogue, and from the GetParameters that the Editor has answered, which counts for more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from showrunner.devices.live2d.table import limited
from showrunner.devices.vocabulary import Entry, Frame, Inventory, Number, Quantity


class Parameters:
    """The parameters of one Editor's model."""

    def __init__(self, inventory: Inventory | None) -> None:
        listed = (inventory or {}).get("parameters", ())
        self._catalogue = {entry.name: (entry.minimum, entry.maximum) for entry in listed}
        self._known = dict(self._catalogue)
        self._noted: set[str] = set()

    def forget(self) -> None:
        """Forget what a model has told: another one may be there. What the catalogue says stays."""
        self._known = dict(self._catalogue)

    def learn(self, rows: Any) -> None:
        """Take in the rows of a GetParameters. A parameter that repeats goes round and has no ends."""
        if isinstance(rows, list):
            round_ = {row.get("Id") for row in rows if isinstance(row, dict) and row.get("Repeat") is True}
            for entry in self.entries(rows):
                ends = (None, None) if entry.name in round_ else (_whole(entry.minimum), _whole(entry.maximum))
                self._known[entry.name] = ends

    def rows(self, values: Mapping[str, Quantity]) -> tuple[list[Frame], list[str]]:
        """Give the rows of a SetParameterValues, within what the model allows, and what had to be said about it."""
        rows: list[Frame] = []
        notes: list[str] = []
        for name, value in values.items():
            if isinstance(value, tuple):
                continue
            low, high = self._known.get(name, (None, None))
            sent = limited(value, low, high)
            if sent == value:
                self._noted.discard(name)
            elif name not in self._noted:
                self._noted.add(name)
                notes.append(f"{name} goes from {_spelled(low)} to {_spelled(high)} on this model: {sent} is sent")
            rows.append({"Id": name, "Value": value if sent == value else sent})
        return rows, notes

    def unknown(self, values: Mapping[str, Quantity]) -> tuple[str, ...]:
        """Give the parameters among these that the model is known not to have; a single one is surely meant."""
        if len(values) == 1:
            return tuple(values)
        return tuple(name for name in values if name not in self._known) if self._known else ()

    @staticmethod
    def entries(rows: Any) -> tuple[Entry, ...]:
        """Read the rows of a GetParameters for the catalogue; what cannot be understood is left out."""
        found: list[Entry] = []
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and isinstance(row.get("Id"), str):
                low, high, default = (row.get(key) for key in ("Min", "Max", "Default"))
                label = row.get("Name")
                found.append(
                    Entry(
                        row["Id"],
                        minimum=low if _is_number(low) else None,
                        maximum=high if _is_number(high) else None,
                        default=default if _is_number(default) else None,
                        label=label if isinstance(label, str) else None,
                    )
                )
        return tuple(found)

    @staticmethod
    def values(rows: Any, wanted: Sequence[str]) -> dict[str, Quantity]:
        """Read the rows of a GetParameterValues."""
        found: dict[str, Quantity] = {}
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict) and row.get("Id") in wanted and _is_number(row.get("Value")):
                found[row["Id"]] = row["Value"]
        return found


def _is_number(value: Any) -> TypeGuard[Number]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _whole(end: Number | None) -> Number | None:
    """Take the `.0` off an end: 30.0 is 30, also on the wire."""
    return int(end) if end is not None and end == int(end) else end


def _spelled(end: Number | None) -> str:
    return "anything" if end is None else str(end)

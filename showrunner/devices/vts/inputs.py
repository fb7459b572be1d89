"""The inputs of a simulated VTube Studio: what plugins inject, for a second at a time, and the parameters they make.

Source: the vendor's README, "Feeding in data for default or custom parameters".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from showrunner.devices.vocabulary import Entry, Frame
from showrunner.devices.vts.envelope import Fault, number
from showrunner.devices.vts.gallery import Gallery

LIFE = 1_000_000
"""Microseconds for which an injected value counts."""

MOST, MOST_OF_ONE = 300, 100
LARGEST = 1_000_000
_NAME = re.compile(r"[A-Za-z0-9]{4,32}")


@dataclass(slots=True)
class _Given:
    value: float
    weight: float
    until: int


@dataclass(slots=True)
class _Input:
    entry: Entry
    adder: str = "VTube Studio"
    tracked: float = 0
    set: dict[str, _Given] = field(default_factory=dict)
    added: dict[str, _Given] = field(default_factory=dict)


class Inputs:
    """All inputs, and who gives them what."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._known = {entry.name: _Input(entry) for entry in gallery.entries("parameters")}
        self.face_until: int | None = None

    def _find(self, name: str) -> _Input | None:
        found = self._known.get(name)
        if found is None and self._gallery.takes_any("parameters") and _NAME.fullmatch(name) and name[:5] != "Param":
            found = self._known[name] = _Input(Entry(name, minimum=0, maximum=1, default=0), "somebody")
        return found

    def inject(self, plugin: str, data: Mapping[str, Any], now: int) -> Fault | None:
        """Take values; with one that is wrong, none of them."""
        rows, mode = data.get("parameterValues"), data.get("mode") or "set"
        if not isinstance(rows, list) or not rows:
            return Fault(450, "no parameter values were given")
        if mode not in ("set", "add"):
            return Fault(455, "mode must be set or add")
        given: list[tuple[_Input, _Given]] = []
        for row in rows:
            taken = self._read(plugin, row if isinstance(row, dict) else {}, mode, now)
            if isinstance(taken, Fault):
                return taken
            given.append(taken)
        for one, value in given:
            (one.set if mode == "set" else one.added)[plugin] = value
        if data.get("faceFound") is True:
            self.face_until = now + LIFE
        return None

    def _read(self, plugin: str, row: Mapping[str, Any], mode: str, now: int) -> tuple[_Input, _Given] | Fault:
        name, value = str(row.get("id", "")), number(row.get("value"))
        weight = 1 if row.get("weight") is None else number(row.get("weight"))
        found = self._find(name)
        if found is None:
            text = f"Parameter {name} not found: only tracking parameters can be set, no Live2D parameters"
            return Fault(453, text)
        if value is None or abs(value) > LARGEST:
            return Fault(451, f"the value of {name} is out of range")
        if weight is None or not 0 <= weight <= 1:
            return Fault(452, f"the weight of {name} is not from 0 to 1")
        if mode == "set" and any(other != plugin and one.until > now for other, one in found.set.items()):
            return Fault(454, f"{name} is set by another plugin")
        return found, _Given(value, weight, now + LIFE)

    def create(self, plugin: str, data: Mapping[str, Any]) -> Fault | None:
        """Add a parameter of a plugin's own, or change it."""
        name, about = data.get("parameterName"), data.get("explanation")
        low, high, default = (number(data.get(key)) for key in ("min", "max", "defaultValue"))
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            return Fault(350, "the name must have 4 to 32 letters and digits")
        if low is None or high is None or default is None or max(abs(low), abs(high), abs(default)) > LARGEST:
            return Fault(351, "min, max and defaultValue must be numbers")
        there = self._known.get(name)
        if there is not None and there.adder == "VTube Studio":
            return Fault(354, "that is the name of a default parameter")
        if there is not None and there.adder != plugin:
            return Fault(352, "another plugin has a parameter of that name")
        if about is not None and (not isinstance(about, str) or len(about) >= 256):
            return Fault(353, "the explanation must have less than 256 characters")
        mine = [one for one in self._known.values() if one.adder == plugin]
        if there is None and len(mine) >= MOST_OF_ONE:
            return Fault(355, "a plugin may have 100 parameters")
        if there is None and sum(one.adder != "VTube Studio" for one in self._known.values()) >= MOST:
            return Fault(356, "there may be 300 parameters")
        self._known[name] = _Input(Entry(name, minimum=low, maximum=high, default=default), plugin, tracked=default)
        return None

    def delete(self, plugin: str, name: Any) -> Fault | None:
        """Take a plugin's own parameter away."""
        if not isinstance(name, str) or not name:
            return Fault(400, "no name was given")
        there = self._known.get(name)
        if there is None:
            return Fault(401, f"there is no parameter {name}")
        if there.adder == "VTube Studio":
            return Fault(403, f"{name} is a default parameter")
        if there.adder != plugin:
            return Fault(402, f"another plugin has made {name}")
        del self._known[name]
        return None

    def forget(self, plugin: str) -> None:
        """A plugin is not allowed any more: what it has made goes."""
        self._known = {name: one for name, one in self._known.items() if one.adder != plugin}

    def row(self, name: Any, now: int) -> Frame | None:
        """Give one parameter as an answer has it."""
        found = self._find(name) if isinstance(name, str) else None
        if found is None:
            return None
        entry = found.entry
        return {
            "name": entry.name,
            "addedBy": found.adder,
            "value": self._shown(found, now),
            "min": entry.minimum or 0,
            "max": 1 if entry.maximum is None else entry.maximum,
            "defaultValue": entry.default or 0,
        }

    def rows(self, now: int, *, own: bool) -> list[Frame]:
        """Give the default parameters, or those that plugins have made."""
        names = [name for name, one in self._known.items() if (one.adder != "VTube Studio") == own]
        return [row for name in names if (row := self.row(name, now)) is not None]

    def _shown(self, one: _Input, now: int) -> float:
        value = one.tracked
        for given in one.set.values():
            if given.until > now:
                value = given.value * given.weight + value * (1 - given.weight)
        value += sum(given.value for given in one.added.values() if given.until > now)
        return round(value, 6)

    def pass_time(self, now: int) -> None:
        """Lose what has not come again for a second."""
        for one in self._known.values():
            for given in (one.set, one.added):
                for plugin in [plugin for plugin, value in given.items() if value.until <= now]:
                    del given[plugin]
        if self.face_until is not None and self.face_until <= now:
            self.face_until = None

    @property
    def deadline(self) -> int | None:
        """The instant at which the next value is lost."""
        times = [given.until for one in self._known.values() for given in (*one.set.values(), *one.added.values())]
        return min([*times, *([] if self.face_until is None else [self.face_until])], default=None)

    def visible(self, now: int) -> list[str]:
        """Give what is injected, for people."""
        given = [one for one in self._known.values() if one.set or one.added]
        face = ["face found by a plugin"] if self.face_until is not None else []
        return [*(f"{one.entry.name} {round(self._shown(one, now), 3)}" for one in given), *face]

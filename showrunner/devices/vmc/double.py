"""A marionette, simulated: it draws what it is told by VMC, as one receiver or another does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from showrunner.devices.switches import misfit
from showrunner.devices.vmc.names import VRM0, VRM1
from showrunner.devices.vmc.table import SWITCHES
from showrunner.devices.vocabulary import Frame, Reaction, Terms

MOST = 500
"""So many expressions are collected: whoever never says Apply fills nothing up."""


class VmcDouble:
    """One receiver. See ``vocabulary.Double`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._name = terms.name
        self._state = {"apply": "replace", "case": "any", "names": "vrm0", "deaf": "off"}
        self._collected: dict[str, float] = {}
        self._face: dict[str, float] = {}
        self._bones: dict[str, tuple[float, ...]] = {}
        self._placed: dict[str, tuple[float, ...]] = {}
        self._called: str | None = None

    @property
    def deadline(self) -> int | None:
        """It does nothing by itself."""
        return None

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        """Nobody connects."""
        _ = connection, now, way
        return []

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        """Nobody goes."""
        _ = connection, now
        return []

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """Do nothing."""
        _ = now
        return []

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """Do what a message says; what is unknown, too short or of another type is passed over."""
        _ = connection, now
        if isinstance(frame, dict) and self._state["deaf"] == "off":
            self._take(str(frame.get("address")), [(type_, value) for type_, value in frame.get("args", [])])
        return []

    def _take(self, address: str, args: list[tuple[str, Any]]) -> None:
        name = str(args[0][1]) if args and args[0][0] == "s" else None
        numbers = tuple(float(value) for type_, value in args[1:] if type_ == "f")
        match address:
            case "/VMC/Ext/Blend/Apply":
                kept = self._face if self._state["apply"] == "keep" else {}
                self._face, self._collected = {**kept, **self._collected}, {}
            case "/VMC/Ext/Blend/Val" if name is not None and numbers and len(self._collected) < MOST:
                known = self._known(name)
                if known is not None:
                    self._collected[known] = numbers[0]
            case "/VMC/Ext/Bone/Pos" if name is not None and len(numbers) >= 7 and len(self._bones) < MOST:
                self._bones[name] = numbers[3:7]
            case "/VMC/Ext/Cam" if name is not None and len(numbers) >= 8:
                self._placed["camera"] = (*numbers[:3], numbers[7])
            case "/VMC/Ext/Light" if name is not None and len(numbers) >= 11:
                self._placed["light"] = (*numbers[:3], *numbers[7:10])
            case "/VMC/Ext/Set/Shortcut" | "/VMC/Ext/Set/Config" if name is not None:
                self._called = name
            case _ if address.startswith("/VMC/Thru/"):
                self._called = address

    def _known(self, name: str) -> str | None:
        """Find the model's own name for one on the wire; None: it has no such expression."""
        own, others = (VRM0, VRM1) if self._state["names"] == "vrm0" else (VRM1, VRM0)
        if self._state["case"] == "strict":
            return None if name in others and name not in own else name
        by_key = {one.casefold(): one for one in own}
        key = name.casefold()
        return by_key.get(key) or (None if key in {one.casefold() for one in others} else name)

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Flip one of the table's switches."""
        _ = now
        row = next((one for one in SWITCHES if one.name == name), None)
        if row is None or value not in row.choices:
            return [], misfit(self._name, SWITCHES, name, value)
        self._state[name] = str(value)
        return [], None

    def visible(self, now: int) -> str:
        """Say what is seen: "Joy 0.8 · Head turned · camera 0 1.4 1 30"."""
        _ = now
        parts = [f"{name} {value:g}" for name, value in self._face.items() if value]
        parts += [f"{name} turned" for name, turn in self._bones.items() if abs(turn[3]) < 0.999999]
        parts += [" ".join([what, *(f"{value:g}" for value in values)]) for what, values in self._placed.items()]
        return " · ".join([*parts, *([] if self._called is None else [self._called])])

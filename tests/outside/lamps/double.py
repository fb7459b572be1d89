# ruff: noqa: ARG002 - a double has to take all that it may be told
"""The desk, simulated: fades take their time, and a key can be pressed."""

from __future__ import annotations

from collections.abc import Sequence

from lamps.table import SWITCHES
from showrunner.devices.switches import FaultsOnOrder, misfit
from showrunner.devices.vocabulary import Emit, Frame, Hang, Reaction, Terms


class LampsDouble:
    """One desk. See ``vocabulary.Double`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        known = terms.inventory or {}
        self._lists = {
            name: [entry.name for entry in known.get(name, ())] or given
            for name, given in (("looks", ["Day", "Sunset", "Dark"]), ("lamps", ["Spot", "Wash"]))
        }
        self._open: list[int] = []
        self._look = "Day"
        self._levels: dict[str, float] = {}
        self._fade: tuple[int, int, str] | None = None
        self._fuse = True
        self._faults = FaultsOnOrder()

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        self._open.append(connection)
        return []

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        self._open.remove(connection)
        return []

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        if isinstance(frame, str) or self._faults.mute():
            return []
        match frame.get("do"):
            case "hello":
                return [Emit(connection, {"desk": "lamps", **self._lists})]
            case "look" if frame["look"] not in self._lists["looks"]:
                return [Emit(connection, {"id": frame["id"], "ok": False, "error": f"no look {frame['look']}"})]
            case "look":
                self._look = frame["look"]
                self._fade = (now + frame["over"] * 1000, connection, frame["id"])
                return [Emit(connection, {"id": frame["id"], "ok": True})]
            case "levels":
                self._levels |= frame["levels"]
                return [Emit(connection, {"id": frame["id"], "ok": True})]
        return []

    @property
    def deadline(self) -> int | None:
        return None if self._fade is None else self._fade[0]

    def elapsed(self, now: int) -> Sequence[Reaction]:
        if self._fade is None or self._fade[0] > now:
            return []
        _, connection, wire = self._fade
        self._fade = None
        return [Emit(connection, {"over": wire})] if self._fuse and connection in self._open else []

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        match name, value:
            case "press", str():
                return [Emit(one, {"pressed": value, "hard": 0.5}) for one in self._open], None
            case "fuse", "in" | "out":
                self._fuse = value == "in"
                return [], None
            case "fault", "drop":
                return [Hang(one) for one in self._open], None
            case "fault", str():
                fault, _, more = value.partition(" ")
                return [], self._faults.order(fault, more or None)
        return [], misfit("lamps", SWITCHES, name, value)

    def visible(self, now: int) -> str:
        levels = "".join(f" · {lamp} {level:g}" for lamp, level in sorted(self._levels.items()))
        return f"look {self._look}{levels}"

"""Values that are held or move: parameters, where the model is, its physics, each in frames of a request of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from showrunner.devices.in_flight import Then
from showrunner.devices.vocabulary import Frame, FrameAnswered, Output, Quantity, Values
from showrunner.devices.vts import repertoire
from showrunner.devices.vts.arguments import FACE_FOUND, PLACE
from showrunner.devices.vts.envelope import Fault, data_of, fault_of, number, rows, text

WRONG_VALUES = {451, 452, 453, 454}
"""Refusals of a whole frame for one of its values."""

NOBODYS = "HandDistance"
"""Goes along, without any weight, where only `face on` is held: VTube Studio wants a value in every frame."""

OVERRIDE, SHORTEST_OVERRIDE = 5, 0.5
"""Seconds for which the physics is held by one request, and the least that may be said."""

STREAMED = {
    "face": "InjectParameterDataRequest",
    "place": "MoveModelRequest",
    "looks": "SetCurrentModelPhysicsRequest",
}
"""Lane -> the request that carries its values."""


class Desk(Protocol):
    """What frames are sent with: the driver."""

    def stream(self, number: int, kind: str, data: Mapping[str, Any], then: Then, now: int, step: int = 1) -> Output:
        """Send a request of a frame: the first, or one that follows from it."""
        ...

    def ask(self, kind: str, data: Mapping[str, Any], then: Then, now: int) -> Output:
        """Send a question of the driver's own."""
        ...


class Streams:
    """The frames of one device. ``inputs``: the parameters that VTube Studio has told, none where it has told none."""

    def __init__(self, desk: Desk) -> None:
        self.inputs: frozenset[str] = frozenset()
        self._desk = desk
        self._held: list[dict[str, Any]] = []
        self._physics: Mapping[str, Quantity] = {}

    def forget(self) -> None:
        """Nothing is held any more: the connection is gone."""
        self._held, self._physics = [], {}

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> list[Output]:
        """Send all that is held or moves in a lane, in one request."""
        if lane == "face":
            return self._inject(number, values, now)
        if lane == "looks":
            self._physics = values
        data = physics(values, OVERRIDE) if lane == "looks" else place(values)
        return [self._desk.stream(number, STREAMED[lane], data, _frame_answered(number), now)]

    def _inject(self, number: int, values: Mapping[str, Quantity], now: int) -> list[Output]:
        """Send the parameters. One that VTube Studio does not take spoils them all: it is found, and let go."""
        named = injected(values)
        found = {"faceFound": True} if values.get(FACE_FOUND) == 1 else {}
        self._held = named

        def heard(reply: Frame, _: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            if fault is None:
                return [FrameAnswered(number, ok=True)]
            if fault.number not in WRONG_VALUES:
                return [FrameAnswered(number, ok=False, reason=fault.words)]
            return self._narrow(number, self._suspects(named, fault), fault, when)

        sent = named or [{"id": NOBODYS, "value": 0, "weight": 0}]
        data = {**found, "mode": "set", "parameterValues": sent}
        return [self._desk.stream(number, "InjectParameterDataRequest", data, heard, now)]

    def _suspects(self, named: list[dict[str, Any]], fault: Fault) -> list[dict[str, Any]]:
        """Give the values that may be at fault: what the refusal names, else what is not known, else all of them."""
        said = [row for row in named if re.search(rf"(?<!\w){re.escape(row['id'])}(?!\w)", fault.message)]
        unknown = [row for row in named if self.inputs and row["id"] not in self.inputs and fault.number == 453]
        return said or unknown or named

    def _narrow(
        self, number: int, suspects: list[dict[str, Any]], fault: Fault, now: int, step: int = 2
    ) -> list[Output]:
        """Find the value at fault, by halves."""
        if len(suspects) <= 1:
            guilty = tuple(row["id"] for row in suspects)
            return [FrameAnswered(number, ok=False, reason=fault.words, properties=guilty)]
        half, rest = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]

        def heard(reply: Frame, _: str | None, when: int) -> list[Output]:
            again = fault_of(reply)
            return self._narrow(number, rest if again is None else half, again or fault, when, step + 1)

        data = {"mode": "set", "parameterValues": half}
        return [self._desk.stream(number, "InjectParameterDataRequest", data, heard, now, step)]

    def clear(self, lane: str, number: int, now: int) -> list[Output]:
        """End what is held: parameters are left out."""
        if lane != "looks" or not self._physics:
            return [FrameAnswered(number, ok=True)]
        return [self._desk.stream(number, STREAMED[lane], self._physics_over(), _frame_answered(number), now)]

    def let_go(self, now: int) -> list[Output]:
        """Give everything back at once: parameters without any weight, and the physics as soon as that can be."""
        outputs: list[Output] = []
        if self._held:
            freed = [{**row, "weight": 0} for row in self._held]
            self._held = []
            outputs.append(self._desk.ask(STREAMED["face"], {"mode": "set", "parameterValues": freed}, _nothing, now))
        if self._physics:
            outputs.append(self._desk.ask(STREAMED["looks"], self._physics_over(), _nothing, now))
        return outputs

    def _physics_over(self) -> dict[str, Any]:
        values, self._physics = self._physics, {}
        return physics(values, SHORTEST_OVERRIDE)

    def read(self, lane: str, properties: Sequence[str], now: int) -> list[Output]:
        """Ask what properties show: parameters one after the other, a place in one request."""
        if lane == "face":
            return self._read_inputs([one for one in properties if one != FACE_FOUND], {}, now)
        kind = "CurrentModelRequest" if lane == "place" else "GetCurrentModelPhysicsRequest"

        def heard(reply: Frame, _: str | None, __: int) -> list[Output]:
            found = repertoire.place_of(reply) if lane == "place" else physics_of(reply, properties)
            return [Values({**found}, lane)]

        return [self._desk.ask(kind, {}, heard, now)]

    def _read_inputs(self, left: list[str], found: dict[str, Quantity], now: int) -> list[Output]:
        if not left:
            return [Values(found, "face")]

        def heard(reply: Frame, _: str | None, when: int) -> list[Output]:
            value = number(data_of(reply).get("value"))
            return self._read_inputs(left[1:], found if value is None else {**found, left[0]: (value, 1)}, when)

        return [self._desk.ask("ParameterValueRequest", {"name": left[0]}, heard, now)]


def _nothing(*_: Any) -> list[Output]:
    return []


def _frame_answered(number: int) -> Then:
    def heard(reply: Frame, _: str | None, __: int) -> list[Output]:
        fault = fault_of(reply)
        return [FrameAnswered(number, fault is None, None if fault is None else fault.words)]

    return heard


def injected(values: Mapping[str, Quantity]) -> list[dict[str, Any]]:
    """Give the rows of an InjectParameterDataRequest. The weight is said where it is not all of it."""
    found: list[dict[str, Any]] = []
    for name, value in values.items():
        if name != FACE_FOUND:
            to, weight = value if isinstance(value, tuple) else (value, 1)
            found.append({"id": name, "value": to, **({} if weight == 1 else {"weight": weight})})
    return found


def place(values: Mapping[str, Quantity]) -> dict[str, Any]:
    """Give the data of a MoveModelRequest that puts the model there at once."""
    keys = dict(zip(PLACE.values(), ("positionX", "positionY", "rotation", "size"), strict=True))
    said = {keys[name]: value for name, value in values.items()}
    return {"timeInSeconds": 0, "valuesAreRelativeToModel": False, **said}


def physics(values: Mapping[str, Quantity], seconds: float) -> dict[str, Any]:
    """Give the data of a SetCurrentModelPhysicsRequest that holds these for so long."""
    both: dict[str, list[dict[str, Any]]] = {"strength": [], "wind": []}
    for name, value in values.items():
        what, _, group = name.removeprefix("physics.").partition(" ")
        row = {"id": group, "value": value, "setBaseValue": not group, "overrideSeconds": seconds}
        both[what].append(row)
    return {"strengthOverrides": both["strength"], "windOverrides": both["wind"]}


def physics_of(reply: Frame, wanted: Sequence[str]) -> dict[str, Quantity]:
    """Read a GetCurrentModelPhysicsResponse, by property."""
    data = data_of(reply)
    found = {
        f"physics.{what}": number(data.get(key)) for what, key in (("strength", "baseStrength"), ("wind", "baseWind"))
    }
    for row in rows(data.get("physicsGroups")):
        for what in ("strength", "wind"):
            found[f"physics.{what} {text(row.get('groupID'))}"] = number(row.get(f"{what}Multiplier"))
    return {name: value for name, value in found.items() if value is not None and name in wanted}

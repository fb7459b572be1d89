"""The driver of VMC: held and moving values to frames of messages. Nobody answers, and any frame may be lost.

What `Apply` does differs: some receivers forget what was not named since the last one, others keep it. So each frame
has all that is held, `Apply` stands behind it once, and what is let go is told twice that it is at rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any
from urllib.parse import urlsplit

from showrunner.devices.osc_arguments import misspelled, packets, typed
from showrunner.devices.vmc.names import Names, sent
from showrunner.devices.vmc.table import AGAIN, NO_TURN, at_rest
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Frame,
    FrameAnswered,
    Heard,
    Listed,
    Output,
    Quantity,
    Send,
    Silent,
    Terms,
    Values,
)
from showrunner.slotted import dataclass

TWICE = 2
MARIONETTE = 39539
THROUGH = "/VMC/Thru"

START: Mapping[str, Quantity] = {
    "camera.position": (0.0, 1.3, 1.5),
    "camera.turn": (0.0, 1.0, 0.0, 0.0),
    "camera.fov": 30.0,
    "light.position": (0.0, 2.0, 0.0),
    "light.turn": NO_TURN,
    "light.colour": (1.0, 1.0, 1.0),
}
"""Where camera and light are taken to be before anything was said of them: in front of the model, and white."""


@dataclass(slots=True)
class _Layer:
    """What goes in the frames of one lane: what is held, and what is told that it is at rest, so often.

    ``due``: when that is told again, where no frame comes before.
    """

    held: dict[str, Quantity] = field(default_factory=dict)
    resting: dict[str, int] = field(default_factory=dict)
    due: int | None = None

    def let_go(self, kept: Mapping[str, Quantity]) -> None:
        """Hold only this."""
        gone = [name for name, value in self.held.items() if name not in kept and at_rest(name, ()) != ()]
        self.resting |= dict.fromkeys(gone, TWICE)
        self.held = dict(kept)
        for name in kept:
            self.resting.pop(name, None)

    def frame(self, now: int) -> dict[str, Quantity]:
        """Give the values of a frame that goes now."""
        values = {**{name: at_rest(name, ()) for name in self.resting}, **self.held}
        self.resting = {name: left - 1 for name, left in self.resting.items() if left > 1}
        self.due = now + AGAIN if self.resting else None
        return values


class VmcDriver:
    """One receiver of VMC. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._where = str(terms.settings.get("send", ""))
        self._names: Names = terms.settings.get("names", "vrm0")
        self._layers = {name: _Layer() for name in ("face", "body", "scene")}
        self._shown: dict[str, Quantity] = dict(START)

    # -- the way

    def connected(self, connection: int, now: int, way: str = "", origin: str | None = None) -> Sequence[Output]:
        """Be ready as soon as something can be sent: nobody greets."""
        _ = connection, now, way, origin
        told: list[Output] = [Condition("ready", f"sent to {self._where}; nobody answers by design")]
        if urlsplit(self._where).port == MARIONETTE:
            said = f"port {MARIONETTE} is a marionette's: not all of them take faces (Animaze takes bodies alone)"
            told.append(Condition("note", said))
        return told

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Nothing is told unasked."""
        _ = events, now
        return []

    def disconnected(self, connection: int, now: int, reason: str, code: int | None = None) -> Sequence[Output]:
        """Nothing ends here."""
        _ = connection, now, reason, code
        return []

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Whatever comes means nothing here."""
        _ = connection, now
        return [Heard({"text": frame} if isinstance(frame, str) else frame, reply=False)]

    # -- what goes out

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send what is no value, once."""
        _ = now
        match command.verb.name:
            case "shortcut":
                address, args = "/VMC/Ext/Set/Shortcut", [["s", str(command.get("NAME"))]]
            case "settings":
                address, args = "/VMC/Ext/Set/Config", [["s", str(command.get("PATH"))]]
            case _:
                address, args = str(command.get("ADDR")), typed(command.arguments)
                wrong = misspelled(address)
                if wrong is not None:
                    return [Answered(id, attempt, False, wrong[0])]
                address = address if address.startswith(f"{THROUGH}/") else f"{THROUGH}{address}"
        return [Send({"address": address, "args": args}, id, attempt), Answered(id, attempt, True)]

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:
        """Send all held and moving values of a lane, and what has been let go."""
        self._layers[lane].let_go(values)
        return [*self._frame(lane, now, number), FrameAnswered(number, ok=True)]

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:
        """Let go of all; what is held on comes in a frame at once, and is not seen at rest meanwhile."""
        layer = self._layers[lane]
        layer.let_go({})
        layer.due = now if layer.resting else None
        return [FrameAnswered(number, ok=True)]

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        """Nothing can be asked: give what was told last, else what is at rest."""
        _ = now
        return [Values({name: self._shown.get(name, at_rest(name, 0)) for name in properties}, lane)]

    def _frame(self, lane: str, now: int, number: int | None = None) -> list[Send]:
        values = self._layers[lane].frame(now)
        if not values:
            return []
        self._shown |= values
        head = [_message("/VMC/Ext/OK", ["i", 1]), _message("/VMC/Ext/T", ["f", now / 1_000_000])]
        said = {"face": self._face, "body": _body, "scene": _scene}[lane](values)
        return [Send(one, number=number) for one in packets([*head, *said])]

    def _face(self, values: Mapping[str, Quantity]) -> list[Frame]:
        told = [
            _message("/VMC/Ext/Blend/Val", ["s", name], ["f", _number(value)])
            for own, value in values.items()
            for name in sent(own.removeprefix("face."), self._names)
        ]
        return [*told, _message("/VMC/Ext/Blend/Apply")]

    # -- all else

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Nothing is waited for."""
        _ = id, attempt, now
        return []

    def panic(self, now: int) -> Sequence[Output]:
        """Let go of everything at once."""
        outputs: list[Output] = []
        for lane, layer in self._layers.items():
            layer.let_go({})
            outputs += self._frame(lane, now)
        return [*outputs, Silent()]

    def hush(self, now: int) -> Sequence[Output]:
        """Nothing here can be cut."""
        _ = now
        return [Silent()]

    def inventory(self, now: int) -> Sequence[Output]:
        """Nobody lists anything."""
        _ = now
        return [Listed({})]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Silence is no sign of anything."""
        _ = connection, now, gone
        return []

    @property
    def deadline(self) -> int | None:
        """When what is at rest is told so once more."""
        return min((layer.due for layer in self._layers.values() if layer.due is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """Tell once more what is at rest."""
        due = [lane for lane, layer in self._layers.items() if layer.due is not None and layer.due <= now]
        return [output for lane in due for output in self._frame(lane, now)]


def _body(values: Mapping[str, Quantity]) -> list[Frame]:
    """Give the bones; where one stands is the receiver's own business."""
    return [
        _message("/VMC/Ext/Bone/Pos", ["s", name.removeprefix("bone.")], *_floats((0, 0, 0)), *_floats(turn))
        for name, turn in values.items()
    ]


def _scene(values: Mapping[str, Quantity]) -> list[Frame]:
    told = []
    if "camera.fov" in values:
        place = [*_floats(values["camera.position"]), *_floats(values["camera.turn"])]
        told.append(_message("/VMC/Ext/Cam", ["s", "Camera"], *place, ["f", _number(values["camera.fov"])]))
    if "light.colour" in values:
        place = [*_floats(values["light.position"]), *_floats(values["light.turn"])]
        colour = [*_floats(values["light.colour"]), ["f", 1.0]]
        told.append(_message("/VMC/Ext/Light", ["s", "Light"], *place, *colour))
    return told


def _message(address: str, *args: list[Any]) -> Frame:
    return {"address": address, "args": [*args]}


def _floats(value: Quantity) -> list[list[Any]]:
    return [["f", float(part)] for part in (value if isinstance(value, tuple) else (value,))]


def _number(value: Quantity) -> float:
    return float(value[0] if isinstance(value, tuple) else value)

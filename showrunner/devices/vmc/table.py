"""What a show can say by VMC: the verbs and the settings of the stage file."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from showrunner.devices.osc_arguments import ADDRESS, KINDS, VALUES, objections
from showrunner.devices.switches import ON_OFF
from showrunner.devices.vmc.names import BONES, TRACKED, VRM0, VRM1, own
from showrunner.devices.vocabulary import (
    Class,
    Command,
    Finished,
    Inventory,
    Kind,
    Objection,
    Quantity,
    Setting,
    Switch,
    Target,
    Verb,
)
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import nearest

AGAIN = 100_000
"""A datagram may be lost, and what is held is sent again so often."""

EASES = ("linear", "in", "out", "in-out", "sine", "step")
NO_TURN = (0.0, 0.0, 0.0, 1.0)

_NAME = Kind("name", sentence("an expression's name"))
_OVER = {
    "D": Kind("duration", sentence("a time like `300ms`")),
    "E": Kind("choice", sentence("an ease"), choices=EASES),
}
_DEGREES = Kind("number", sentence("an angle in degrees"))
_METRES = Kind("number", sentence("metres"))
_SHARE = Kind("number", sentence("a number from 0 to 1"), minimum=0, maximum=1)


def turned(x: float, y: float, z: float) -> tuple[float, ...]:
    """Give the rotation (x y z w) of these degrees as Unity has it: about z, then x, then y."""
    (sx, cx), (sy, cy), (sz, cz) = ((math.sin(a), math.cos(a)) for a in (math.radians(d) / 2 for d in (x, y, z)))
    turn = (
        sx * cy * cz + cx * sy * sz,
        cx * sy * cz - sx * cy * sz,
        cx * cy * sz - sx * sy * cz,
        cx * cy * cz + sx * sy * sz,
    )
    return tuple(round(part, 6) + 0.0 for part in turn)


def _expressions(command: Command) -> tuple[Target, ...]:
    targets: list[Target] = []
    name = ""
    for argument in command.arguments:
        if argument.name == "NAME":
            name = own(str(argument.value))
        elif argument.name in {"V", "SWITCH"}:
            targets.append(Target(f"face.{name}", float(argument.value)))
    return tuple(targets)


def _released(command: Command) -> tuple[str, ...]:
    return tuple(f"face.{own(str(name))}" for name in command.all("NAME"))


def _bone(command: Command) -> tuple[Target, ...]:
    turn = turned(*(command.get(name) for name in ("X", "Y", "Z")))
    return (Target(f"bone.{command.get('NAME')}", turn, path="slerp"),)


def _placed(command: Command) -> tuple[Target, ...]:
    what = command.verb.name
    position = tuple(float(command.get(name)) for name in ("X", "Y", "Z"))
    turn = turned(*(command.get(name) for name in ("A", "B", "C")))
    rest = (
        Target(f"{what}.fov", float(command.get("FOV")))
        if what == "camera"
        else Target(f"{what}.colour", tuple(float(command.get(name)) for name in ("RED", "GREEN", "BLUE")))
    )
    return (Target(f"{what}.position", position), Target(f"{what}.turn", turn, path="slerp"), rest)


def _spelling(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    """Say what an expression is sent as where that is not how it was written, or what was probably meant."""
    found = []
    for place, argument in enumerate(command.arguments):
        if argument.name == "NAME" and isinstance(argument.value, str):
            known = own(argument.value)
            close = nearest(argument.value, (*VRM0, *VRM1, *TRACKED))
            if known.casefold() != argument.value.casefold():
                message = sentence(
                    "receivers of VRM 0 call `{argument}` `{known}`: it is sent as that", argument.value, known
                )
                found.append(
                    Objection(
                        place,
                        message,
                        sentence("write `{known}`, or `names: vrm1` in the stage file", known),
                        warns=True,
                    )
                )
            elif known not in (*VRM0, *TRACKED) and close is not None and close.casefold() != known.casefold():
                message = sentence(
                    "`{argument}` is no expression that every model has: it is sent as a clip of the model's own",
                    argument.value,
                )
                found.append(Objection(place, message, sentence("did you mean `{close}`?", close), warns=True))
    return tuple(found)


def _through(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    return objections(command.arguments, "ADDR")


def at_rest(name: str, value: Quantity) -> Quantity:
    """Give where a property goes that is let go: no expression, no turn; all else stays."""
    return 0.0 if name.startswith("face.") else NO_TURN if name.startswith("bone.") else value


_PLACE = {"X": _METRES, "Y": _METRES, "Z": _METRES, "A": _DEGREES, "B": _DEGREES, "C": _DEGREES}

VERBS = (
    Verb(
        name="expression",
        form="NAME V|SWITCH [NAME V|SWITCH]… [over D [ease E]]",
        kinds={"NAME": _NAME, "V": _SHARE, "SWITCH": Kind("switch", sentence("`on` or `off`")), **_OVER},
        class_=Class.STATE,
        lane="face",
        says="Shows expressions, each as far as its number says, and holds them.",
        example="vmc expression Joy 0.8 over 300ms",
        finished=Finished.STREAM,
        stream="move",
        targets=_expressions,
        check=_spelling,
        draws="face",
    ),
    Verb(
        name="release",
        form="[NAME]… [over D]",
        kinds={"NAME": _NAME, "D": _OVER["D"]},
        class_=Class.STATE,
        lane="face",
        says="Lets go of expressions, those named or all: they fade away, and the receiver's own are seen again.",
        example="vmc release Joy over 500ms",
        after=("vmc expression Joy 1",),
        finished=Finished.STREAM,
        stream="release",
        releases=_released,
        rests=at_rest,
        check=_spelling,
        draws="face",
    ),
    Verb(
        name="bone",
        form="NAME turn X Y Z [over D [ease E]]",
        kinds={
            "NAME": Kind("choice", sentence("a bone's name"), choices=BONES),
            "X": _DEGREES,
            "Y": _DEGREES,
            "Z": _DEGREES,
            **_OVER,
        },
        class_=Class.STATE,
        lane="body",
        says="Turns a bone, by degrees about x, y and z as Unity does, and holds it.",
        example="vmc bone Head turn 0 20 0 over 500ms",
        finished=Finished.STREAM,
        stream="move",
        targets=_bone,
        rests=at_rest,
        draws="part",
    ),
    Verb(
        name="camera",
        form="at X Y Z turn A B C fov FOV [over D [ease E]]",
        kinds={**_PLACE, "FOV": Kind("number", sentence("an angle in degrees"), minimum=1, maximum=179), **_OVER},
        class_=Class.STATE,
        lane="scene",
        says="Puts the camera there, turned so by degrees, and holds it.",
        example="vmc camera at 0 1.4 1 turn 0 180 0 fov 30 over 2s",
        finished=Finished.STREAM,
        stream="move",
        targets=_placed,
        draws="framing",
    ),
    Verb(
        name="light",
        form="at X Y Z turn A B C colour RED GREEN BLUE [over D [ease E]]",
        also=("at X Y Z turn A B C color RED GREEN BLUE [over D [ease E]]",),
        kinds={**_PLACE, "RED": _SHARE, "GREEN": _SHARE, "BLUE": _SHARE, **_OVER},
        class_=Class.STATE,
        lane="scene",
        says="Puts the light there, turned so by degrees, in that colour, and holds it.",
        example="vmc light at 0 2 0 turn 50 -30 0 colour 1 0.9 0.8",
        finished=Finished.STREAM,
        stream="move",
        targets=_placed,
        draws="value",
    ),
    Verb(
        name="shortcut",
        form="NAME",
        kinds={"NAME": Kind("name", sentence("a shortcut of the performer"))},
        class_=Class.IMPULSE,
        lane="main",
        says="Calls a function of the performer, as its keys do.",
        example="vmc shortcut Functions.FreeCamera",
        finished=Finished.SENT,
        draws="badge",
    ),
    Verb(
        name="settings",
        form="PATH",
        kinds={"PATH": Kind("text", sentence("a file of settings, as the performer's machine has it"))},
        class_=Class.IMPULSE,
        lane="main",
        says="Has the performer load its settings from a file.",
        example='vmc settings "C:/vmc/evening.json"',
        finished=Finished.SENT,
    ),
    Verb(
        name="through",
        form=f"ADDR {VALUES}…",
        kinds={"ADDR": ADDRESS, **KINDS},
        class_=Class.IMPULSE,
        lane="main",
        says="Sends a message that the performer hands on untouched, at `/VMC/Thru` and this address.",
        example='vmc through "/prop/hat" on',
        finished=Finished.SENT,
        check=_through,
    ),
)

SETTINGS = (
    Setting("send", "udp", "udp://127.0.0.1:39540", "where it goes: 39540 is a performer's port, 39539 a marionette's"),
    Setting("rate", "number", 30, "frames a second while values move"),
    Setting("names", "choice", "vrm0", "what expressions are called on the wire", choices=("vrm0", "vrm1", "both")),
)

SWITCHES = (
    Switch("apply", ("replace", "keep"), says="whether what was not named since the last Apply is gone, or stays"),
    Switch("case", ("strict", "any"), says="whether names are read to the letter"),
    Switch("names", ("vrm0", "vrm1"), says="which names the model has"),
    Switch("deaf", ON_OFF, says="datagrams are lost"),
)


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when nothing can be sent."""
    return f"Nothing can be sent to {settings['send']}: look at `send` in the stage file, and at the network."


_FACE = sentence("VMC has expressions: `vmc expression Joy 1`")
LACKS = {
    "emote": _FACE,
    "emotion": _FACE,
    "face": _FACE,
    "set": _FACE,
    "blend": _FACE,
    "pose": sentence("`vmc bone …` turns one"),
}
"""What people try."""

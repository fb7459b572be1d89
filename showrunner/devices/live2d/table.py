"""What a show can ask of the Cubism Editor: the verbs, the events, and the settings of the stage file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices import playing
from showrunner.devices.live2d.envelope import KNOWN, MODES
from showrunner.devices.switches import ON_OFF
from showrunner.devices.vocabulary import (
    CatalogueList,
    Class,
    Command,
    Event,
    Field,
    Finished,
    Flag,
    Kind,
    Number,
    Setting,
    Switch,
    Target,
    Verb,
)
from showrunner.diagnostics.sentence import sentence

SECOND = 1_000_000
AGAIN, LAPSES = 100_000, 500_000
"""The Editor drops a value half a second after it came last: it has five chances to come again."""
EASES = ("linear", "in", "out", "in-out", "sine", "step")

_PARAMETER = Kind("name", sentence("a parameter's id"), catalogue="parameters")
_VALUE = Kind("number", sentence("a value"))
_OVER = Kind("duration", sentence("a time like `300ms`"))
_EASE = Kind("choice", sentence("an ease"), choices=EASES)


def _set(command: Command) -> tuple[Target, ...]:
    return tuple(Target(name, to) for name, to in zip(command.all("PARAM"), command.all("V"), strict=True))


def _move(command: Command) -> tuple[Target, ...]:
    targets: list[Target] = []
    name, start = "", None
    for argument in command.arguments:
        if argument.name == "PARAM":
            name, start = argument.value, None
        elif argument.name == "FROM":
            start = argument.value
        elif argument.name == "TO":
            targets.append(Target(name, argument.value, start))
    return tuple(targets)


def _named(command: Command) -> tuple[str, ...]:
    return command.all("PARAM")


VERBS = (
    Verb(
        name="set",
        form="PARAM V [PARAM V]…",
        also=("PARAM to V [PARAM to V]…",),
        kinds={"PARAM": _PARAMETER, "V": _VALUE},
        class_=Class.STATE,
        lane="main",
        says="Holds parameters at values: for a time, or until something else takes them.",
        example="live2d set ParamAngleY 10 for 2s",
        finished=Finished.STREAM,
        stream="set",
        targets=_set,
        draws="part",
    ),
    Verb(
        name="move",
        form="PARAM [from FROM] to TO [PARAM [from FROM] to TO]… over D [ease E]",
        also=("PARAM [from FROM] TO [PARAM [from FROM] TO]… over D [ease E]",),
        kinds={"PARAM": _PARAMETER, "FROM": _VALUE, "TO": _VALUE, "D": _OVER, "E": _EASE},
        class_=Class.MOVE,
        lane="main",
        says="Moves parameters to values in that time, and holds them there.",
        example="live2d move ParamEyeBallX from -1 to 1 over 300ms ease in-out",
        finished=Finished.STREAM,
        stream="move",
        targets=_move,
        draws="part",
    ),
    playing.row(
        "main",
        "Plays a motion as the Cubism Editor exports it: once or `loop` times, with its fades, and lets go.",
        'live2d play "wave.motion3.json" speed 1.5',
        playing.itself,
        "the Cubism Editor",
    ),
    Verb(
        name="release",
        form="[PARAM]… [over D]",
        kinds={"PARAM": _PARAMETER, "D": _OVER},
        class_=Class.STATE,
        lane="main",
        says="Gives parameters back to the Editor: the ones named, or all that are held.",
        example="live2d release ParamAngleY",
        finished=Finished.STREAM,
        stream="release",
        releases=_named,
        draws="part",
    ),
    Verb(
        name="clear",
        form="",
        kinds={},
        class_=Class.STATE,
        lane="main",
        says="Gives all parameters back to the Editor at once.",
        example="live2d clear",
        finished=Finished.STREAM,
        stream="release",
        releases=lambda _: (),
        draws="part",
    ),
    Verb(
        name="call",
        form="METHOD [JSON]",
        kinds={
            "METHOD": Kind("name", sentence("a method of the Editor's API")),
            "JSON": Kind("json", sentence("the method's data in braces")),
        },
        class_=Class.IMPULSE,
        lane="main",
        says="Calls any method of the API, with the data in braces; the model's UID is filled in where it is needed. "
        "Keep the answer with `-> name`.",
        example='live2d call SendCubismLog {"Message": "We are live"}',
        answers=True,
    ),
)

_EXPORTED = (
    Field("path", "text", "the folder it was exported to"),
    Field("model", "text", "the file of its model"),
)

EVENTS = (
    Event(
        "NotifyChangeEditMode",
        "[MODE]",
        {"MODE": Kind("choice", sentence("a mode of the Editor"), choices=MODES)},
        (Field("mode", "text", "the mode it is in now"),),
        "the Editor changed to another mode (modelling, physics, animation …)",
        "wait for live2d NotifyChangeEditMode Modeling within 1m",
    ),
    *(
        Event(
            f"Notify{what}Exported",
            "",
            {},
            _EXPORTED,
            f"a {spoken} file was exported",
            f"wait for live2d Notify{what}Exported -> file within 10m",
        )
        for what, spoken in (
            ("MocFile", "moc"),
            ("MotionFile", "motion"),
            ("MotionSyncFile", "motion-sync"),
            ("PhysicsFile", "physics"),
        )
    ),
)

SETTINGS = (
    Setting(
        "url", "url", "ws://localhost:22033", "the port is in the Editor's External Application Integration Settings"
    ),
    Setting("timeout", "duration", 2 * SECOND, "how long to wait for an answer"),
    Setting("rate", "number", 30, "frames a second while values move"),
    Setting("model", "text", "", "the file of the model to use where several are open; else the one in front"),
)


SWITCHES = (
    Switch(
        "allow",
        ON_OFF,
        "on|off [NAME]",
        "each program's own box",
        Flag("ask", "off", "The Editor has allowed nobody, until `double live2d allow on`."),
    ),
    Switch("mode", MODES, "NAME"),
    Switch("model", ("open", "close"), "open|close [NAME]"),
    Switch("event", tuple(event.name for event in EVENTS), "NAME"),
    Switch("expiry", ("parameter", "buffer"), says="for which of them the half second runs"),
    Switch("version", KNOWN, "NUMBER"),
    Switch("twice", ON_OFF, says="registering is answered twice"),
    Switch(
        "edit-approval",
        ON_OFF,
        says="GetIsEditApproval is known before 1.1.0",
        flag=Flag("edit-approval", "on", "The Editor knows GetIsEditApproval, and says no, before 1.1.0."),
    ),
)

CATALOGUE = (CatalogueList("parameters", "the parameters of the model, by their ids, with their limits"),)


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when the Editor is not there."""
    return (
        f"The Cubism Editor did not answer at {settings['url']}: is it running, "
        "and is File > External Application Integration Settings switched on?"
    )


def limited(value: Number, minimum: Number | None, maximum: Number | None) -> Number:
    """Give the value within what the model allows."""
    if minimum is not None and value < minimum:
        return minimum
    if maximum is not None and value > maximum:
        return maximum
    return value


_SHAPED = sentence(
    "the Editor is told values, no expressions: `live2d set ParamMouthForm 1 ParamEyeLOpen 0.5` makes a face"
)
_MOVED = sentence(
    '`live2d play "wave.motion3.json"` plays a file; `live2d move ParamAngleX to 15 over 1s` moves a part'
)
LACKS = {"expression": _SHAPED, "emotion": _SHAPED, "face": _SHAPED, "motion": _MOVED, "animation": _MOVED}
"""What people try, who know the model from other programs."""

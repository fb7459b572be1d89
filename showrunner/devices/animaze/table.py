"""What a show can ask of Animaze: the verbs, the events, and the settings of the stage file."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from showrunner.devices import speech
from showrunner.devices.presence import Draws, Saying
from showrunner.devices.strangers import without_tags
from showrunner.devices.vocabulary import (
    CatalogueList,
    Class,
    Command,
    Event,
    Field,
    Finished,
    Frame,
    Inventory,
    Kind,
    Number,
    Objection,
    Quantity,
    Setting,
    Switch,
    Target,
    Utterance,
    Verb,
)
from showrunner.diagnostics.sentence import sentence

SECOND = 1_000_000
SLOW = 30 * SECOND
EASES = ("linear", "in", "out", "in-out", "sine", "step")

SPOKEN = ("ChatbotSpeechStarted", "ChatbotSpeechEnded")
"""What a next-version build tells while ChatPal speaks."""

CAMERA = ("camera.position", "camera.rotation")
FOV = "camera.fov"
PLACE = ("place.position", "place.rotation", "place.scale")

_ORDERS = re.compile(r"^\s*(?:-+[^\W\d]\w*\s*)+")
_NUMBER = Kind("number", sentence("a number"))
_QUATERNION = Kind("number", sentence("a number of the rotation (x y z w)"), minimum=-1, maximum=1)
_DEGREES = Kind("number", sentence("an angle in degrees"), minimum=-360, maximum=360)
_POSITION = {"X": _NUMBER, "Y": _NUMBER, "Z": _NUMBER}
_ROTATION = {"QX": _QUATERNION, "QY": _QUATERNION, "QZ": _QUATERNION, "QW": _QUATERNION}
_ANGLES = {"TURN": _DEGREES, "TILT": _DEGREES, "ROLL": _DEGREES}
_OPENING = {"FOV": Kind("number", sentence("an opening angle in degrees"), minimum=1, maximum=179)}
_SCALE = {"SCALE": Kind("number", sentence("a size (1 is as made)"))}
_OVER = {"D": Kind("duration", sentence("a time like `2s`")), "E": Kind("choice", sentence("an ease"), choices=EASES)}
_OVER_FORM = " over D [ease E]"
_POSITIONED = "position X Y Z rotation QX QY QZ QW"
_TURNED = "turn TURN tilt TILT [roll ROLL]"


BEHAVIOURS: Mapping[str, tuple[str, ...]] = {
    "Follow Mouse Cursor": (),
    "Mouse Keyboard Behavior": ("keyboardScale", "handToKeyboardDist", "xAxisOffset", "yAxisOffset", "zAxisOffset "),
    "Tracked Blinking": (),
    "Auto Blink": ("frequency",),
    "Look At Camera": ("range",),
    "Look At Camera Head": (),
    "Cross Eyes": (),
    "Pupil Behavior": ("frequency",),
    "Forced Symmetry Eyebrows": ("range",),
    "Forced Symmetry Eyelids": ("range",),
    "Forced Symmetry Mouth": ("range",),
    "Enhanced Body Movement 2D": (),
    "Enhanced Body Movement 3D": (),
    "Extreme Head Angles Attenuation": ("range", "maxSmoothingValue"),
    "Sound to Mouth Open": ("mouthSmoothTme", "soundSensitivity"),
    "Alternate lipsync Retargeting": (),
    "Idle Intensity": ("intensity",),
    "Inferred Body Yaw Movement": ("neutralZoneSize", "movementSmoothing", "headYawWeight"),
    "Breathing Behavior": ("amplitude", "frequency"),
}
"""The nineteen override behaviours of an avatar as the vendor spells them (page "Set Override") -> the keys of their
numbers, as they go on the wire.

Two keys are printed oddly by the vendor, in Set and in Get alike: `"zAxisOffset "` with a blank at its end and
`mouthSmoothTme`. Scripts write them as meant; the wire gets them as printed.
"""

_MEANT = {"zAxisOffset ": "zAxisOffset", "mouthSmoothTme": "mouthSmoothTime"}


def spelled(key: str) -> str:
    """Give the spelling of a key for people."""
    return _MEANT.get(key, key)


PARAMETERS = tuple(dict.fromkeys(spelled(key) for keys in BEHAVIOURS.values() for key in keys))
"""Every number some behaviour has, as scripts spell it."""


def wire_key(behaviour: str, parameter: str) -> str | None:
    """Give the key that ``parameter`` has on the wire, or None where the behaviour has no such number."""
    return next((key for key in BEHAVIOURS.get(behaviour, ()) if spelled(key) == parameter), None)


def tidy(number: float) -> Number:
    """Round a computed number to 6 decimals; an integral one becomes an integer."""
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def quaternion(turn: float, tilt: float, roll: float) -> tuple[Number, ...]:
    """Give the rotation (x y z w) for angles in degrees: roll first, then tilt, then turn.

    The camera's space is right-handed with y up: a positive turn looks to the left, a positive tilt looks up, a
    positive roll leans to the left.
    """
    (sy, cy), (sx, cx), (sz, cz) = (
        (math.sin(half), math.cos(half)) for half in (math.radians(angle) / 2 for angle in (turn, tilt, roll))
    )
    return (
        tidy(cy * sx * cz + sy * cx * sz),
        tidy(sy * cx * cz - cy * sx * sz),
        tidy(cy * cx * sz - sy * sx * cz),
        tidy(cy * cx * cz + sy * sx * sz),
    )


def values(command: Command) -> dict[str, Quantity]:
    """Give what a `camera` or `place` command sets: property -> value."""
    room = command.verb.name
    found: dict[str, Quantity] = {}
    if command.get("X") is not None:
        found[f"{room}.position"] = tuple(command.get(name) for name in ("X", "Y", "Z"))
        found[f"{room}.rotation"] = tuple(command.get(name) for name in ("QX", "QY", "QZ", "QW"))
    if command.get("TURN") is not None:
        found[f"{room}.rotation"] = quaternion(command.get("TURN"), command.get("TILT"), command.get("ROLL", 0))
    if command.get("SCALE") is not None:
        found["place.scale"] = command.get("SCALE")
    if command.get("FOV") is not None:
        found[FOV] = command.get("FOV")
    return found


def _targets(command: Command) -> tuple[Target, ...]:
    return tuple(
        Target(name, to, path="slerp" if name.endswith(".rotation") else "line") for name, to in values(command).items()
    )


def _owns(*names: str) -> Callable[[Command], tuple[str, ...]]:
    return lambda _: names


def _override(command: Command) -> tuple[str, ...]:
    return (f"override.{command.get('BEHAVIOUR')}",)


def _own_numbers(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    behaviour = command.get("BEHAVIOUR")
    own = [spelled(key) for key in BEHAVIOURS.get(behaviour, ())]
    listed = ", ".join(f"`{name}`" for name in own)
    advice = (
        sentence("its numbers are: {names}", listed)
        if own
        else sentence("it has no numbers: it is only turned on or off")
    )
    return tuple(
        Objection(place, sentence("`{behaviour}` has no number `{argument}`", behaviour, argument.value), advice)
        for place, argument in enumerate(command.arguments)
        if argument.name == "PARAMETER" and argument.value is not None and argument.value not in own
    )


def _utterances(command: Command) -> tuple[Utterance, ...]:
    return tuple(map(Utterance, command.all("TEXT")))


def _plain(text: str) -> str:
    """Take out what ChatPal would obey: tags, and what begins a text with an order (`-chatConfig`, `-echo`)."""
    return _ORDERS.sub("", without_tags(text))


def _echo_limit(command: Command, settings: Mapping[str, Any]) -> int:
    # It may have to last until the voice has ended, so a long text needs more than the device's time.
    text = str(command.get("TEXT"))
    return int(settings["timeout"]) + 10 * SECOND + 2 * speech.length(text, settings["speech-rate"])


def _state(name: str, form: str, kinds: Mapping[str, Kind], says: str, example: str, *owns: str, **more: Any) -> Verb:
    return Verb(name, form, kinds, Class.STATE, "main", says, f"animaze {example}", properties=_owns(*owns), **more)


def _impulse(name: str, form: str, kinds: Mapping[str, Kind], says: str, example: str, **more: Any) -> Verb:
    return Verb(name, form, kinds, Class.IMPULSE, "main", says, f"animaze {example}", **more)


def _both(name: str, form: str, kinds: Mapping[str, Kind], says: str, example: str, *owns: str) -> tuple[Verb, Verb]:
    """Make the two rows of something that can be set at once or moved over time."""
    draws: Draws = "framing" if name == "camera" else "position"
    return (
        _state(name, form, kinds, says + " at once.", example, *owns, values=values, draws=draws),
        Verb(
            name,
            form + _OVER_FORM,
            {**kinds, **_OVER},
            Class.MOVE,
            "stream",
            says + " in that time.",
            f"animaze {example} over 2s ease in-out",
            finished=Finished.STREAM,
            stream="move",
            targets=_targets,
            draws=draws,
        ),
    )


VERBS = (
    _state(
        "avatar",
        "NAME",
        {"NAME": Kind("name", sentence("an avatar's name"), catalogue="avatars")},
        "Loads an avatar. Its actions, poses, idles and overrides come with it.",
        "avatar Avatar03",
        "avatar",
        "pose",
        "idle",
        limit=SLOW,
        causes=("AvatarChanged",),
        draws="picture",
    ),
    _state(
        "scene",
        "NAME",
        {"NAME": Kind("name", sentence("a scene's name"), catalogue="scenes")},
        "Loads a scene.",
        "scene Spaceship",
        "scene",
        limit=SLOW,
        draws="frame",
    ),
    _impulse(
        "emote",
        "NAME",
        {"NAME": Kind("name", sentence("an emote's name"), catalogue="emotes")},
        "Plays an emote once. Animaze never says when it is over: `for 3s` counts it as running that long.",
        "emote Emote_Angry",
        ends=False,
        draws="badge",
    ),
    _impulse(
        "action",
        "ACTION",
        {"ACTION": Kind("name or index", sentence("a special action's name or index"), catalogue="actions")},
        "Plays one of the avatar's special actions once. Animaze never says when it is over.",
        "action Wave",
        ends=False,
        draws="badge",
    ),
    _state(
        "pose",
        "POSE",
        {"POSE": Kind("name or index", sentence("a pose's name or index"), catalogue="poses")},
        "Puts the avatar in one of its poses.",
        "pose Grin",
        "pose",
        draws="face",
    ),
    _state(
        "idle",
        "IDLE",
        {"IDLE": Kind("name or index", sentence("an idle's name or index"), catalogue="idles")},
        "Chooses what the avatar does while nothing happens.",
        "idle Bored",
        "idle",
    ),
    _state(
        "quickscene",
        "load INDEX",
        {"INDEX": Kind("index", sentence("a quickscene's index"), catalogue="quickscenes")},
        "Loads a saved set-up: avatar, scene, camera and the rest.",
        "quickscene load 0",
        *("avatar", "scene", "pose", "idle", *CAMERA, FOV, *PLACE),
        fixed=(("DO", "load"),),
        limit=SLOW,
    ),
    _impulse(
        "quickscene",
        "save INDEX",
        {"INDEX": Kind("index", sentence("a quickscene's index"))},
        "Saves the present set-up, in place of what was saved there.",
        "quickscene save 0",
        fixed=(("DO", "save"),),
        limit=SLOW,
    ),
    _impulse("calibrate", "", {}, "Calibrates the face tracker.", "calibrate"),
    _state(
        "broadcast",
        "SWITCH",
        {"SWITCH": Kind("switch", sentence("`on` or `off`"))},
        "Turns Animaze's virtual camera on or off.",
        "broadcast on",
        "broadcast",
    ),
    *_both(
        "camera",
        _POSITIONED,
        {**_POSITION, **_ROTATION},
        "Puts the camera there",
        "camera position 0 1.7 1 rotation 0 0 0 1",
        *CAMERA,
    ),
    *_both(
        "camera",
        _TURNED,
        _ANGLES,
        "Turns the camera where it stands (left, up and leaning left are positive)",
        "camera turn 20 tilt -5",
        CAMERA[1],
    ),
    *_both("camera", "fov FOV", _OPENING, "Opens or closes the camera's angle, in degrees", "camera fov 35", FOV),
    *_both(
        "place",
        _POSITIONED + " scale SCALE",
        {**_POSITION, **_ROTATION, **_SCALE},
        "Puts the avatar there",
        "place position 0 0 0 rotation 0 0 0 1 scale 1.2",
        *PLACE,
    ),
    Verb(
        "override",
        "BEHAVIOUR SWITCH [PARAMETER NUMBER]…",
        {
            "BEHAVIOUR": Kind("choice", sentence("a behaviour"), choices=tuple(BEHAVIOURS)),
            "SWITCH": Kind("switch", sentence("`on` or `off`")),
            "PARAMETER": Kind("choice", sentence("one of the behaviour's numbers"), choices=PARAMETERS),
            "NUMBER": _NUMBER,
        },
        Class.STATE,
        "main",
        "Turns one of the avatar's behaviours on or off, with its numbers if wanted.",
        'animaze override "Auto Blink" on frequency 0.5',
        properties=_override,
        check=_own_numbers,
    ),
    Verb(
        "chat",
        "TEXT",
        {"TEXT": Kind("text", sentence("what is asked, in quotes"))},
        Class.QUERY,
        "chat",
        "Asks ChatPal. Keep the answer with `-> name`; Animaze speaks it too.",
        'animaze chat "Tell one short joke" -> joke',
        limit=60 * SECOND,
        answers=True,
        causes=SPOKEN,
        plain=_plain,
        draws="mouth",
    ),
    Verb(
        "echo",
        "TEXT",
        {"TEXT": Kind("text", sentence("what is said, in quotes"))},
        Class.SPEECH,
        "chat",
        "Lets ChatPal's voice speak the text as it stands.",
        'animaze echo "Good morning!"',
        finished=Finished.REPORTED,
        causes=SPOKEN,
        speaks=_utterances,
        limit_of=_echo_limit,
        plain=_plain,
        draws="mouth",
    ),
    Verb(
        "call",
        "ACTION [JSON]",
        {
            "ACTION": Kind("name", sentence("an action of Animaze's API")),
            "JSON": Kind("json", sentence("the action's values in braces")),
        },
        Class.IMPULSE,
        "main",
        "Sends any action of the API, with the values in braces. Keep the answer with `-> name`.",
        'animaze call GetItemIcon {"name": "Spaceship"}',
        answers=True,
    ),
)

EVENTS = (
    Event(
        "ChatbotSpeechStarted",
        "",
        {},
        (),
        "ChatPal begins to speak (next builds; up to a second early)",
        "wait for animaze ChatbotSpeechStarted within 10s",
    ),
    Event(
        "ChatbotSpeechEnded",
        "",
        {},
        (),
        "ChatPal has spoken (next builds; up to a second late)",
        "wait for animaze ChatbotSpeechEnded within 30s",
    ),
    Event(
        "AvatarChanged",
        "[NAME]",
        {"NAME": Kind("name", sentence("an avatar's name"), catalogue="avatars")},
        (Field("avatar", "text", "the avatar that was loaded"),),
        "another avatar was loaded (announced by the vendor)",
        "wait for animaze AvatarChanged -> avatar within 30s",
    ),
)

PROFILES = ("stable", "next")
"""The builds there are."""

SETTINGS = (
    Setting("url", "url", "ws://localhost:9000", "the address in Animaze's Settings > Animaze API"),
    Setting("timeout", "duration", 5 * SECOND, "how long to wait for an answer where a verb says nothing else"),
    Setting(
        "profile",
        "choice",
        "stable",
        "next: a next-version build that tells when ChatPal speaks; stable: any other",
        choices=PROFILES,
        option="Which build of Animaze.",
    ),
    Setting("speech-rate", "number", 12, "characters a second, to estimate ChatPal's speech (wide ones count twice)"),
)


SWITCHES = (
    Switch("profile", PROFILES),
    Switch("events", ("before", "after"), says="the reply they belong to"),
    Switch("avatar", takes="NAME"),
    Switch("event", tuple(event.name for event in EVENTS), "NAME"),
)

CATALOGUE = (
    CatalogueList("avatars", "the avatars that can be loaded"),
    CatalogueList("scenes", "the scenes that can be loaded"),
    CatalogueList("emotes", "the emotes, by the name that the API has for them"),
    CatalogueList("actions", "the avatar's special actions", of="avatars"),
    CatalogueList("poses", "the avatar's poses", of="avatars"),
    CatalogueList("idles", "what the avatar can do while nothing happens", of="avatars"),
    CatalogueList("quickscenes", "the set-ups that were saved, by their index"),
)

OWNED = tuple(row.name for row in CATALOGUE if row.of is not None)
"""The lists that belong to the avatar that is loaded."""


ECHO = "-echo "
"""What a chat message begins with that ChatPal reads out as it stands."""


def said(frame: Frame) -> Saying | None:
    """Read what ChatPal's voice says because of a request: the text of an echo. What it answers a chat is not known."""
    message = frame.get("message")
    if frame.get("action") != "ChatbotSendMessage" or not isinstance(message, str):
        return None
    text = message.removeprefix(ECHO)
    return Saying(text) if text and text != message else None


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when Animaze is not there."""
    return f"Animaze did not answer at {settings['url']}: is it running, and is Settings > Animaze API > Enabled on?"


_SHOWN = sentence("Animaze shows an expression as an emote or a pose: `animaze emote NAME`, `animaze pose NAME`")
LACKS = {"expression": _SHOWN, "emotion": _SHOWN, "face": _SHOWN}
"""What people try, who know the avatar from other programs."""

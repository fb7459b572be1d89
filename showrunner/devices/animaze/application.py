"""The simulated Animaze itself: what is loaded, shown and spoken, and what each action does to it.

No wire, no ids, no clients: those are in ``double``. Names are kept by ``gallery``.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias

from showrunner.devices import speech
from showrunner.devices.animaze.gallery import Gallery
from showrunner.devices.animaze.table import BEHAVIOURS
from showrunner.devices.vocabulary import Frame, Inventory
from showrunner.slotted import dataclass

ICON = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
"""The smallest PNG there is."""

SEEN = 3_000_000
"""So long an emote or action is seen, in microseconds; the real ones differ, and Animaze never tells."""

Answer: TypeAlias = Mapping[str, Any] | str | None
"""The keys of a reply; None: the same command again; a ``str``: the error."""


@dataclass(slots=True)
class _Setup:
    """What a quickscene keeps."""

    avatar: str
    scene: str
    camera: tuple[list[float], list[float]]
    fov: float
    place: tuple[list[float], list[float], float]


@dataclass(slots=True)
class _Speech:
    """Something spoken, or about to be."""

    text: str
    starts: int
    ends: int
    started: bool = False


class Application:
    """What every client sees alike. ``told`` are triggers that are to be sent to all of them."""

    def __init__(self, inventory: Inventory | None, rate: float) -> None:
        self.gallery = Gallery(inventory)
        self.told: list[Frame] = []
        self._rate = rate
        self._now = _Setup(
            self.gallery.first("avatars"),
            self.gallery.first("scenes"),
            ([0.0, _single(1.7), 1.0], [0.0, 0.0, 0.0, 1.0]),
            _degrees(60),
            ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0], 1.0),
        )
        self._saved: dict[int, _Setup] = {}
        self._pose: str | None = None
        self._idle: str | None = None
        self._broadcast = False
        self._overrides: dict[str, dict[str, dict[str, Any]]] = {}
        self._seen: tuple[str, int] = ("", 0)
        self._voices: list[_Speech] = []
        self._actions: Mapping[str, Callable[[Frame, int], Answer]] = {
            "loadavatar": self._load_avatar,
            "loadscene": self._load_scene,
            "getavatars": lambda *_: {"avatars": self._names("avatars")},
            "getcurrentavatarinfo": self._avatar_info,
            "getscenes": lambda *_: {"scenes": self._names("scenes")},
            "getcurrentsceneinfo": lambda *_: {"description": "", **_named(self._now.scene)},
            "getitemicon": self._icon,
            "getemotes": self._emotes,
            "triggeremote": self._emote,
            "getspecialactions": lambda *_: {"specialActions": self._owned("actions")},
            "triggerspecialaction": self._special,
            "getposes": lambda *_: {"poseList": self._owned("poses")},
            "triggerpose": self._trigger_pose,
            "getidleanims": lambda *_: {"idleList": self._owned("idles")},
            "triggeridle": self._trigger_idle,
            "getquickscenes": self._quickscenes,
            "loadquickscene": self._load_quickscene,
            "savequickscene": self._save_quickscene,
            "calibratetracker": lambda *_: None,
            "broadcast": self._toggle,
            "setcameratransform": self._set_camera,
            "getcameratransform": lambda *_: dict(zip(("position", "rotation"), self._now.camera, strict=True)),
            "setcamerafov": self._set_fov,
            "getcamerafov": lambda *_: {"fov": self._now.fov},
            "setavatartransform": self._set_place,
            "getavatartransform": lambda *_: dict(zip(("position", "rotation", "scale"), self._now.place, strict=True)),
            "setoverride": self._set_override,
            "getoverride": self._get_override,
            "chatbotsendmessage": self._chat,
        }

    @property
    def avatar(self) -> str:
        """The avatar that is loaded."""
        return self._now.avatar

    @property
    def deadline(self) -> int | None:
        """The next start or end of a speech."""
        return min((voice.ends if voice.started else voice.starts for voice in self._voices), default=None)

    def act(self, action: str, frame: Frame, now: int) -> Answer:
        """Do what an action (case ignored) asks."""
        found = self._actions.get(action.casefold())
        return "Unknown action" if found is None else found(frame, now)

    def pass_time(self, now: int) -> None:
        """Let speech begin and end."""
        while self._voices and self._voices[0].starts <= now:
            voice = self._voices[0]
            if not voice.started:
                voice.started = True
                self.told.append({"event": "ChatbotSpeechStarted"})
            if voice.ends > now:
                break
            self._voices.pop(0)
            self.told.append({"event": "ChatbotSpeechEnded"})

    def visible(self, now: int) -> str:
        """Say what the audience sees: "avatar avatar03 · scene Spaceship · emote Emote_Angry"."""
        parts = [f"avatar {self._now.avatar}", f"scene {self._now.scene}"]
        parts += [f"pose {self._pose}"] if self._pose is not None else []
        parts += [f"idle {self._idle}"] if self._idle is not None else []
        parts += [self._seen[0]] if now < self._seen[1] else []
        parts += ["broadcast on"] if self._broadcast else []
        parts += [f"says {voice.text}" for voice in self._voices if voice.starts <= now < voice.ends]
        return " · ".join(parts)

    # -- the actions, in the order of the vendor's page

    def _load_avatar(self, frame: Frame, _: int) -> Answer:
        found = _found(frame, "name", lambda name: self.gallery.find("avatars", name))
        if found is None:
            return "Avatar not found"
        self.wear(found)
        return None

    def wear(self, avatar: str) -> None:
        """Load an avatar, whoever wants it."""
        self._now.avatar = avatar
        self._pose = self._idle = None
        self.told.append({"event": "AvatarChanged", "new_avatar": avatar})

    def _load_scene(self, frame: Frame, _: int) -> Answer:
        found = _found(frame, "name", lambda name: self.gallery.find("scenes", name))
        if found is None:
            return "Scene not found"
        self._now.scene = found
        return None

    def _avatar_info(self, *_: Any) -> Answer:
        info = {
            "animStandard": "AnimazeStandard_1_0",
            "description": "",
            "friendlyName": self._now.avatar,
            "isCustomized": False,
            "itemName": self._now.avatar,
            "itemType": "Avatar3D",
            "numProps": 0,
            "props": [],
        }
        return {"avatars": [info], "numAvatars": 1}

    def _icon(self, frame: Frame, _: int) -> Answer:
        lists = ("avatars", "scenes", "emotes")
        found = _found(
            frame, "name", lambda name: next(filter(None, (self.gallery.find(w, name) for w in lists)), None)
        )
        return "Item not found" if found is None else {"image": ICON}

    def _emotes(self, *_: Any) -> Answer:
        rows = self.gallery.entries("emotes", "")
        return {"emotes": [{"friendlyName": row.label or row.name, "itemName": row.name} for row in rows]}

    def _emote(self, frame: Frame, now: int) -> Answer:
        found = _found(frame, "itemName", lambda name: self.gallery.find("emotes", name))
        if found is None:
            return "Emote not found"
        self._seen = (f"emote {found}", now + SEEN)
        return None

    def _at(self, which: str, frame: Frame) -> str | None:
        index = _index(frame)
        return None if index is None else self.gallery.at(which, index, self._now.avatar)

    def _special(self, frame: Frame, now: int) -> Answer:
        found = self._at("actions", frame)
        if found is None:
            return "Special action not found"
        self._seen = (f"action {found}", now + SEEN)
        return None

    def _trigger_pose(self, frame: Frame, _: int) -> Answer:
        found = self._at("poses", frame)
        if found is None:
            return "Pose not found"
        self._pose = found
        return None

    def _trigger_idle(self, frame: Frame, _: int) -> Answer:
        found = self._at("idles", frame)
        if found is None:
            return "Idle not found"
        self._idle = found
        return None

    def _quickscenes(self, *_: Any) -> Answer:
        rows = self.gallery.entries("quickscenes", "")
        # `name` is in no documentation, but a published client cannot start without it.
        return {"quickslots": [{"image": ICON, "index": row.index, "name": row.name} for row in rows]}

    def _load_quickscene(self, frame: Frame, _: int) -> Answer:
        if self._at("quickscenes", frame) is None:
            return "Quickscene not found"
        saved = self._saved.get(frame["index"])
        if saved is not None:
            before = self._now.avatar
            self._now = replace(saved)
            if self._now.avatar != before:
                self.wear(self._now.avatar)
        return None

    def _save_quickscene(self, frame: Frame, _: int) -> Answer:
        index = _index(frame)
        if index is None or index < 0:
            return "Quickscene not found"
        self.gallery.save(index)
        self._saved[index] = replace(self._now)
        return None

    def _toggle(self, frame: Frame, _: int) -> Answer:
        if not isinstance(frame.get("toggle"), bool):
            return "Wrong value: toggle"
        self._broadcast = frame["toggle"]
        return None

    def _set_camera(self, frame: Frame, _: int) -> Answer:
        position, rotation = _singles(frame.get("position"), 3), _singles(frame.get("rotation"), 4)
        if position is None or rotation is None:
            return "Wrong value: position or rotation"
        self._now.camera = (position, rotation)
        return None

    def _set_fov(self, frame: Frame, _: int) -> Answer:
        fov = _number(frame.get("fov"))
        if fov is None or abs(fov) > 360:
            return "Wrong value: fov"
        self._now.fov = _degrees(float(frame["fov"]))
        return None

    def _set_place(self, frame: Frame, _: int) -> Answer:
        position, rotation = _singles(frame.get("position"), 3), _singles(frame.get("rotation"), 4)
        scale = _number(frame.get("scale"))
        if position is None or rotation is None or scale is None:
            return "Wrong value: position, rotation or scale"
        self._now.place = (position, rotation, scale)
        return None

    def _behaviour(self, frame: Frame) -> tuple[str, dict[str, Any]] | None:
        name = frame.get("behavior")
        for known, keys in BEHAVIOURS.items():
            if isinstance(name, str) and name.casefold() == known.casefold():
                mine = self._overrides.setdefault(self._now.avatar, {})
                return known, mine.setdefault(known, {"value": False, **dict.fromkeys(keys, 0.0)})
        return None

    def _set_override(self, frame: Frame, _: int) -> Answer:
        found = self._behaviour(frame)
        if found is None:
            return "Behavior not found"
        if not isinstance(frame.get("value"), bool):
            return "Wrong value: value"
        known, state = found
        given = {key: frame[key] for key in BEHAVIOURS[known] if frame.get(key) is not None}
        numbers = {key: _number(value) for key, value in given.items()}
        wrong = next((key for key, found in numbers.items() if found is None), None)
        if wrong is not None:
            return f"Wrong value: {wrong}"
        state.update(numbers, value=frame["value"])
        return None

    def _get_override(self, frame: Frame, _: int) -> Answer:
        found = self._behaviour(frame)
        return "Behavior not found" if found is None else {"behavior": found[0], **found[1]}

    def _chat(self, frame: Frame, now: int) -> Answer:
        message = frame.get("message")
        if not isinstance(message, str):
            return "Wrong value: message"
        if message.startswith("-chatConfig "):
            return {"response": ""}
        said = message.removeprefix("-echo ") if message.startswith("-echo ") else f"(reply to: {message})"
        starts = max([now, *(voice.ends for voice in self._voices)])
        self._voices.append(_Speech(said, starts, starts + speech.length(said, self._rate)))
        return {"response": said}

    def _names(self, which: str) -> list[str]:
        return [entry.name for entry in self.gallery.entries(which, "")]

    def _owned(self, which: str) -> list[Frame]:
        rows = self.gallery.entries(which, self._now.avatar)
        return [{"animName": row.name, "index": row.index} for row in rows]


def _found(frame: Frame, key: str, find: Callable[[str], str | None]) -> str | None:
    name = frame.get(key)
    return find(name) if isinstance(name, str) else None


def _index(frame: Frame) -> int | None:
    index = frame.get("index")
    if isinstance(index, float) and index.is_integer():
        return int(index)  # other languages' clients know one kind of number
    return index if type(index) is int else None


def _named(name: str) -> dict[str, str]:
    return {"friendlyName": name, "itemName": name}


# -- numbers as Animaze keeps them: in single precision, printed with all that double precision shows of it


def _single(number: float) -> float:
    """Round to single precision: 1.7 becomes 1.7000000476837158."""
    return float(struct.unpack("<f", struct.pack("<f", number))[0])


def _degrees(number: float) -> float:
    """Take an angle to radians and back in single precision: 60 becomes 60.000003814697266."""
    return _single(_single(math.radians(number)) * _single(180 / math.pi))


def _number(value: Any) -> float | None:
    """Give a number in single precision, or None for anything that is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = _single(float(value))
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def _singles(given: Any, length: int) -> list[float] | None:
    """Give a list of so many numbers in single precision, or None for anything else."""
    if not isinstance(given, list) or len(given) != length:
        return None
    numbers = [found for value in given if (found := _number(value)) is not None]
    return numbers if len(numbers) == length else None

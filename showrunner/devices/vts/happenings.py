"""What VTube Studio tells unasked, as the events of the table; and which of its own events must be asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from showrunner.devices.vocabulary import Frame, Happened, Number
from showrunner.devices.vts.arguments import BUTTONS, HANDS, ITEM_EVENTS
from showrunner.devices.vts.envelope import data_of, kind_of, number, rows, text
from showrunner.devices.vts.repertoire import Repertoire

SUBSCRIBED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "Hotkey": ("HotkeyTriggeredEvent", {"ignoreHotkeysTriggeredByAPI": True}),
    **dict.fromkeys(("FaceFound", "FaceLost", "HandFound", "HandLost"), ("TrackingStatusChangedEvent", {})),
    **dict.fromkeys(
        ("Mark", "AnimationStarted", "AnimationEnded"),
        ("ModelAnimationEvent", {"ignoreLive2DItems": False, "ignoreIdleAnimations": True}),
    ),
    "Clicked": ("ModelClickedEvent", {"onlyClicksOnModel": True}),
    "Item": ("ItemEvent", {"itemInstanceIDs": [], "itemFileNames": []}),
    "Background": ("BackgroundChangedEvent", {}),
    "Effects": ("PostProcessingEvent", {}),
    "Editor": ("Live2DCubismEditorConnectedEvent", {}),
}
"""Event of the table -> VTube Studio's own, and how it is asked for. A model that is loaded is told in any case."""

CONFIGS: Mapping[str, Mapping[str, Any]] = {**dict(SUBSCRIBED.values()), "ModelMovedEvent": {}}
"""VTube Studio's event -> how it is asked for."""


def wanted(events: Iterable[str]) -> tuple[str, ...]:
    """Give VTube Studio's events for those of the table; each once."""
    return tuple(dict.fromkeys(SUBSCRIBED[one][0] for one in events if one in SUBSCRIBED))


class Happenings:
    """Reads events. What is told as a state (a face is found) is compared with what was told before."""

    def __init__(self) -> None:
        self._found: dict[str, bool] = {}

    def clear(self) -> None:
        """Nothing is known: this is another connection."""
        self._found.clear()

    def face(self, *, found: bool) -> None:
        """Note whether a face is found, as VTube Studio has answered it."""
        self._found.setdefault("face", found)

    def read(self, frame: Frame, known: Repertoire) -> list[Happened]:
        """Give what has happened, by the names of the table."""
        data = data_of(frame)
        match kind_of(frame):
            case "HotkeyTriggeredEvent":
                return _hotkey(data)
            case "ModelAnimationEvent":
                return _animation(data)
            case "ModelLoadedEvent":
                said = {"model": text(data.get("modelName")), "id": text(data.get("modelID"))}
                return [Happened("ModelLoaded" if data.get("modelLoaded") is True else "ModelUnloaded", said)]
            case "TrackingStatusChangedEvent":
                return self._tracked(data)
            case "ModelClickedEvent":
                return _clicked(data)
            case "ItemEvent":
                return _item(data, known)
            case "BackgroundChangedEvent":
                return [Happened("Background", {"name": text(data.get("backgroundName"))})]
            case "PostProcessingEvent":
                on = data.get("currentOnState") is True
                return [Happened("Effects", {"name": text(data.get("currentPreset")), "on": on})]
            case "Live2DCubismEditorConnectedEvent":
                names = ("tryingToConnect", "connected", "shouldSendParameters")
                return self._changed("editor", all(data.get(name) is True for name in names))
            case _:
                return []

    def _changed(self, what: str, now: bool) -> list[Happened]:
        before = self._found.get(what, False)
        self._found[what] = now
        return [Happened("Editor", {"on": now})] if before != now else []

    def _tracked(self, data: Mapping[str, Any]) -> list[Happened]:
        found: list[Happened] = []
        for what, key in (("face", "faceFound"), *((hand, f"{hand}HandFound") for hand in HANDS)):
            now = data.get(key) is True
            before, self._found[what] = self._found.get(what, False), now
            if before != now:
                name = ("Face" if what == "face" else "Hand") + ("Found" if now else "Lost")
                found.append(Happened(name, {} if what == "face" else {"hand": what}))
        return found


def _hotkey(data: Mapping[str, Any]) -> list[Happened]:
    if data.get("hotkeyTriggeredByAPI") is True:
        return []
    keys = {"name": "hotkeyName", "type": "hotkeyAction", "file": "hotkeyFile", "id": "hotkeyID"}
    said = {name: text(data.get(key)) for name, key in keys.items()}
    return [Happened("Hotkey", {**said, "item": data.get("isLive2DItem") is True})]


def _animation(data: Mapping[str, Any]) -> list[Happened]:
    if data.get("isIdleAnimation") is True:
        return []
    said: dict[str, str | Number] = {"animation": text(data.get("animationName"))}
    length, at = number(data.get("animationLength")), number(data.get("animationEventTime"))
    said |= {} if length is None else {"length": length}
    match data.get("animationEventType"):
        case "Start":
            return [Happened("AnimationStarted", said)]
        case "End":
            return [Happened("AnimationEnded", said)]
        case "Custom":
            mark = {"text": text(data.get("animationEventData"))}
            return [Happened("Mark", {**mark, **said, **({} if at is None else {"at": at})})]
        case _:
            return []


def _at(position: Any) -> dict[str, Number]:
    found = {name: number(position.get(name)) for name in ("x", "y")} if isinstance(position, dict) else {}
    return {name: value for name, value in found.items() if value is not None}


def _clicked(data: Mapping[str, Any]) -> list[Happened]:
    hits = sorted(rows(data.get("artMeshHits")), key=lambda hit: number(hit.get("artMeshOrder")) or 0)
    if data.get("modelWasClicked") is not True or not hits:
        return []
    hit, button = hits[0].get("hitInfo"), data.get("mouseButtonID")
    said = {"artmesh": text(hit.get("artMeshID")) if isinstance(hit, dict) else ""}
    pressed = {"button": BUTTONS[button]} if isinstance(button, int) and 0 <= button < len(BUTTONS) else {}
    return [Happened("Clicked", {**said, **pressed, **_at(data.get("clickPosition"))})]


def _item(data: Mapping[str, Any], known: Repertoire) -> list[Happened]:
    kind, file = text(data.get("itemEventType")).removeprefix("Item"), text(data.get("itemFileName"))
    if kind not in ITEM_EVENTS:
        return []
    name = known.item_name(text(data.get("itemInstanceID"))) or file
    return [Happened("Item", {"item": name, "file": file, "type": kind, **_at(data.get("itemPosition"))})]

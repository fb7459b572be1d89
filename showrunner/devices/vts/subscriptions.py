"""What plugins want to be told by a simulated VTube Studio: events, how each is asked for, and which come regularly.

Source: the vendor's `Events/README.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from showrunner.devices.vocabulary import Frame
from showrunner.devices.vts.arguments import SECOND
from showrunner.devices.vts.envelope import MODEL_ID, Fault, number, text
from showrunner.devices.vts.studio import WINDOW, Answer, Studio

REGULAR: Mapping[str, tuple[float, int]] = {
    "TestEvent": (1, 1),
    "ModelOutlineEvent": (15, 15),
    "ArtMeshTrackingEvent": (1, 60),
    "ArtMeshOutlineEvent": (1, 30),
}
"""Events that come all the time: the least and the most of them in a second."""

EVENTS = (
    *REGULAR,
    "ModelLoadedEvent",
    "TrackingStatusChangedEvent",
    "BackgroundChangedEvent",
    "ModelConfigChangedEvent",
    "ModelMovedEvent",
    "HotkeyTriggeredEvent",
    "ModelAnimationEvent",
    "ItemEvent",
    "ModelClickedEvent",
    "PostProcessingEvent",
    "Live2DCubismEditorConnectedEvent",
)

ACTIONS = (
    *("Unset", "TriggerAnimation", "ChangeIdleAnimation", "ToggleExpression", "RemoveAllExpressions", "MoveModel"),
    *("ChangeBackground", "ReloadMicrophone", "ReloadTextures", "CalibrateCam", "ChangeVTSModel", "TakeScreenshot"),
    *("ScreenColorOverlay", "RemoveAllItems", "ToggleItemScene", "DownloadRandomWorkshopItem", "ExecuteItemAction"),
    *("ArtMeshColorPreset", "ToggleTracker", "ToggleTwitchFeature", "LoadEffectPreset", "ToggleLive2DEditorAPI"),
    *("WebItemAction", "ToggleModelSound"),
)


@dataclass(slots=True)
class Session:
    """One connection: the plugin once it has shown its token, and what it wants to be told, by event.

    ``since``: when each of these was asked for, and how often it has come.
    """

    plugin: tuple[str, str] | None = None
    events: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    since: dict[str, tuple[int, int]] = field(default_factory=dict)
    images: bool = False

    def subscribe(self, data: Mapping[str, Any], now: int, first: Callable[[str], None]) -> Answer:
        """Ask for an event, or for no more of it; ``first`` is called for what may be told at once."""
        name, config = data.get("eventName"), data.get("config")
        given = config if isinstance(config, dict) else {}
        on = data.get("subscribe") is True
        if (name and name not in EVENTS) or (not name and data.get("subscribe") is not False):
            return Fault(950, f"there is no event {name}" if name else "no eventName was given")
        if not name:
            self.events.clear()
        elif on:
            wrong = misconfigured(str(name), given)
            if wrong is not None:
                return wrong
            self.events[str(name)] = given
            self.since[str(name)] = (now, 0)
            first(str(name))
        else:
            self.events.pop(str(name), None)
        return {"subscribedEventCount": len(self.events), "subscribedEvents": list(self.events)}

    def wants(self, name: str, data: Mapping[str, Any]) -> bool:
        """Tell whether an event is one that it has asked for."""
        return self.plugin is not None and name in self.events and meets(name, self.events[name], data)

    @property
    def deadline(self) -> int | None:
        """The instant at which the next of the regular events comes."""
        return min((self._next(name) for name in self.events if name in REGULAR), default=None)

    def due(self, now: int) -> list[tuple[str, int]]:
        """Give the regular events that have come by now, each with its number."""
        found: list[tuple[str, int]] = []
        for name in self.events:
            while name in REGULAR and self._next(name) <= now:
                since, count = self.since[name]
                self.since[name] = (since, count + 1)
                found.append((name, count + 1))
        return found

    def _next(self, name: str) -> int:
        least, most = REGULAR[name]
        rate = min(max(number(self.events[name].get("frequency")) or most, least), most)
        since, count = self.since[name]
        return since + round((count + 1) * SECOND / rate)


def regularly(name: str, config: Mapping[str, Any], count: int, studio: Studio) -> Frame:
    """Give what a regular event says the ``count``-th time."""
    whose = {key: value for key, value in studio.whose.items() if key != "modelLoaded"}
    there = {"modelLoaded": studio.model is not None, "modelID": studio.model_id, "windowSize": WINDOW}
    match name:
        case "TestEvent":
            return {"yourTestMessage": text(config.get("testMessageForEvent")), "counter": count}
        case "ModelOutlineEvent":
            corners = [{"x": x, "y": y} for x, y in ((-0.3, -0.9), (0.3, -0.9), (0.3, 0.7), (-0.3, 0.7))]
            return {**whose, "convexHull": corners, "convexHullCenter": {"x": 0, "y": -0.1}, "windowSize": WINDOW}
        case "ArtMeshTrackingEvent":
            points = config.get("trackingPoints") if isinstance(config.get("trackingPoints"), list) else []
            many = len(points or ())
            return {
                **there,
                "subscribedPointsCount": many,
                "foundPointsCount": 0,
                "eventCounter": count,
                "trackingPoints": [],
            }
        case _:
            return {**there, "eventCounter": count, "artMeshOutlines": []}


def misconfigured(name: str, config: Mapping[str, Any]) -> Fault | None:
    """Give what is wrong with how an event is asked for."""
    match name:
        case "TestEvent" if len(str(config.get("testMessageForEvent", ""))) > 32:
            return Fault(100000, "testMessageForEvent may have 32 characters")
        case "ModelLoadedEvent":
            ids = config.get("modelID")
            known = ids if isinstance(ids, list) else [] if ids in (None, "") else [ids]
            if not all(isinstance(one, str) and MODEL_ID.fullmatch(one) for one in known):
                return Fault(100050, "that is no id of a model")
        case "HotkeyTriggeredEvent" if config.get("onlyForAction") not in (None, "", *ACTIONS):
            return Fault(100100, "there is no such action of a hotkey")
    return None


def meets(name: str, config: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Tell whether an event is one that was asked for."""

    def listed(key: str) -> list[Any]:
        value = config.get(key)
        return value if isinstance(value, list) else [] if value in (None, "") else [value]

    match name:
        case "ModelLoadedEvent":
            return not listed("modelID") or data["modelID"] in listed("modelID")
        case "HotkeyTriggeredEvent":
            only = listed("onlyForAction")
            by_api = config.get("ignoreHotkeysTriggeredByAPI") is True and data["hotkeyTriggeredByAPI"]
            return not by_api and (not only or data["hotkeyAction"] in only)
        case "ModelAnimationEvent":
            return not (config.get("ignoreLive2DItems") is True and data["isLive2DItem"])
        case "ItemEvent":
            ids, files = listed("itemInstanceIDs"), listed("itemFileNames")
            named = data["itemInstanceID"] in ids or any(str(one) in data["itemFileName"] for one in files)
            return named or not (ids or files)
        case "ModelClickedEvent":
            return not (config.get("onlyClicksOnModel") is True and not data["modelWasClicked"])
        case _:
            return True

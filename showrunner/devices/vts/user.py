"""The user of a simulated VTube Studio: what somebody in front of it does, and what the camera sees of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from showrunner.devices.switches import misfit
from showrunner.devices.vocabulary import Frame
from showrunner.devices.vts.arguments import HANDS, ITEM_EVENTS
from showrunner.devices.vts.body import hits_on
from showrunner.devices.vts.inputs import Inputs
from showrunner.devices.vts.looks import Looks
from showrunner.devices.vts.scenery import Scenery
from showrunner.devices.vts.settings import SWITCHES
from showrunner.devices.vts.studio import WINDOW, Studio

A_MOTION = "wave.motion3.json"


class User:
    """Whoever sits there. ``tracked``: what the camera sees of them; ``editor``: the Cubism Editor gets the values."""

    def __init__(self, studio: Studio, scenery: Scenery, looks: Looks, inputs: Inputs) -> None:
        self._studio, self._scenery, self._looks, self._inputs = studio, scenery, looks, inputs
        self.tracked = {"faceFound": False, "leftHandFound": False, "rightHandFound": False}
        self.editor = False
        self._events: Mapping[str, Callable[[str, int], object]] = {
            "Hotkey": lambda said, now: studio.press_by_hand(said or studio.hotkeys[0].name, now),
            "Mark": lambda said, now: studio.mark(said or "mark", now),
            "AnimationStarted": lambda said, now: studio.play(said or A_MOTION, now),
            "AnimationEnded": self._short,
            "ModelLoaded": lambda said, now: studio.change(said or studio.whose["modelName"] or "Akari", now),
            "ModelUnloaded": lambda *_: studio.unload(),
            "FaceFound": lambda *_: self._track({"faceFound": True}),
            "FaceLost": lambda *_: self._track({"faceFound": False}),
            "HandFound": lambda said, _: self._track({f"{said or 'left'}HandFound": True}),
            "HandLost": lambda said, _: self._track({f"{said or 'left'}HandFound": False}),
            "Clicked": lambda said, _: self._click(said or "face"),
            "Item": self._item,
            "Background": lambda said, _: studio.see(said or "evening"),
            "Effects": lambda said, _: looks.show(said or "Dream"),
            "Editor": lambda *_: self._connect_editor(on=not self.editor),
        }

    def does(self, name: str, value: str, now: int) -> str | None:
        """Flip a switch that is about the model, or what is around it; give what is wrong with that, if anything."""
        studio, first, rest = self._studio, value.partition(" ")[0], value.partition(" ")[2].strip()
        match name, first:
            case "window", "open" | "close" if not rest:
                studio.window = self._scenery.locked = self._looks.window = value == "open"
            case "model", "load" if rest:
                return studio.change(rest, now)
            case "model", "unload" if not rest:
                studio.unload()
            case "face", "found" | "lost" if not rest:
                self._track({"faceFound": value == "found"})
            case "hand", "found" | "lost" if rest in {"", *HANDS}:
                self._track({f"{hand}HandFound": first == "found" for hand in ([rest] if rest else HANDS)})
            case "click", str() if value:
                self._click(value)
            case "item", "click" if rest:
                item = self._scenery.find(rest)
                if item is None:
                    return f"there is no item `{rest}`"
                self._scenery.tell("Clicked", item, now)
            case "hotkey", str() if value:
                return studio.press_by_hand(value, now)
            case "background", str() if value:
                studio.see(value)
            case "editor", "on" | "off" if not rest:
                self._connect_editor(on=value == "on")
            case "other-plugin", str() if value:
                data = {"parameterValues": [{"id": value, "value": 0}]}
                fault = self._inputs.inject("another plugin", data, now)
                return None if fault is None else fault.message
            case "animation", "told" | "silent" if not rest:
                studio.silent = self._scenery.silent = value == "silent"
            case "answer", "queued" | "executed" if not rest:
                studio.at_once = value == "queued"
            case "event", str() if first in self._events:
                self._events[first](rest, now)
            case _:
                return misfit("vts", SWITCHES, name, value or None)
        return None

    def _track(self, found: Mapping[str, bool]) -> None:
        self.tracked.update(found)
        self._studio.told.append(("TrackingStatusChangedEvent", dict(self.tracked)))

    def _connect_editor(self, *, on: bool) -> None:
        self.editor = on
        self._studio.told.append(("Live2DCubismEditorConnectedEvent", self.editor_state()))

    def editor_state(self) -> Frame:
        """Give the data of a Live2DCubismEditorConnectedEvent."""
        return dict.fromkeys(("tryingToConnect", "connected", "shouldSendParameters"), self.editor)

    def _short(self, said: str, now: int) -> None:
        self._studio.play(said or A_MOTION, now)
        self._studio.stop(now)

    def _item(self, said: str, now: int) -> None:
        kind, _, file = said.partition(" ")
        self._scenery.happen(kind if kind in ITEM_EVENTS else "Clicked", file or "cup.png", now)

    def _click(self, mesh: str) -> None:
        whose, hits = self._studio.whose, hits_on(self._studio.model_id, mesh)
        data = {
            "modelLoaded": whose["modelLoaded"],
            "loadedModelID": whose["modelID"],
            "loadedModelName": whose["modelName"],
            "modelWasClicked": whose["modelLoaded"],
            "mouseButtonID": 0,
            "clickPosition": {"x": 0, "y": 0},
            "windowSize": WINDOW,
            "clickedArtMeshCount": len(hits),
            "artMeshHits": hits,
        }
        self._studio.told.append(("ModelClickedEvent", data))

"""What the double's OBS does with each request, and what it answers: all that is not the connection.

Names that are not there are refused before a request comes here (``fields``, ``collection``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from typing import Any

from showrunner.devices.obs.collection import Collection, Scene
from showrunner.devices.obs.events import VERSIONS
from showrunner.devices.obs.fields import No, names, wrong
from showrunner.devices.obs.floor import Floor
from showrunner.devices.obs.inert import INERT, Inert
from showrunner.devices.obs.outputs import FOLDER, Outputs
from showrunner.devices.obs.program import Program
from showrunner.devices.obs.protocol import Code
from showrunner.devices.obs.sources import FORMATS, Answer, Handler, Sources
from showrunner.devices.vocabulary import Frame, Inventory

SINCE = {"SplitRecordFile": (5, 5, 0), "CreateRecordChapter": (5, 5, 0)}
"""Requests that came later than the oldest version that the double can have."""

UUIDS, NOT_READY = (5, 4, 0), (5, 3, 0)
"""From which version on everything has a UUID, and requests are refused while the collection is changed."""

CHANGES = 135_000
"""So long it takes to change a small scene collection [run]."""


OUTPUTS = {"record": "Record", "stream": "Stream", "replay": "ReplayBuffer", "camera": "VirtualCam"}
"""How requests call the outputs."""

HOTKEYS = (
    "ReplayBuffer.Save",
    "OBSBasic.StartRecording",
    "OBSBasic.StopRecording",
    "OBSBasic.Screenshot",
    "libobs.mute",
)


def uuid(name: str) -> str:
    """Give the UUID of a thing: the same in every run."""
    digits = hashlib.sha256(name.encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


class Studio:
    """One OBS. ``now`` is the floor's; ``version`` that of obs-websocket."""

    def __init__(self, inventory: Inventory | None) -> None:
        self.floor = Floor()
        self.version = tuple(VERSIONS)[-1]
        self.changing = False
        self._inventory = inventory or {}
        first = [one.name for one in self._inventory.get("collections", ())] or ["Headless"]
        self.collections = {name: Collection(inventory) for name in first}
        self.profiles = [one.name for one in self._inventory.get("profiles", ())] or ["Headless"]
        self.collection, self.profile = first[0], self.profiles[0]
        self.program = Program(self.floor, self.collections[first[0]])
        self.sources = Sources(self.floor, self.program, lambda: self.number >= UUIDS)
        self.outputs = Outputs(self.floor)
        self.heard: list[str] = []
        self._parameters: dict[tuple[str, str], Any] = {}
        self._handlers: Mapping[str, Handler] = self._table()

    # -- what is there

    @property
    def _all(self) -> Collection:
        return self.program.collection

    @property
    def number(self) -> tuple[int, ...]:
        """Give the version as numbers."""
        return tuple(map(int, self.version.split(".")))

    @property
    def available(self) -> list[str]:
        """Name the requests that this version knows."""
        listed = self._inventory.get("requests")
        named = set(self._handlers) if listed is None else {one.name for one in listed} & set(self._handlers)
        return sorted(name for name in named if SINCE.get(name, ()) <= self.number)

    def _scene(self, data: Frame) -> Scene:
        return self._all.scenes[data["sceneName"]]

    # -- one request

    def do(self, type: Any, data: Any) -> Answer:
        """Carry a request out; what it makes happen is told on the floor."""
        if not isinstance(type, str) or type not in self.available:
            return No(Code.UNKNOWN_TYPE, "Your request type is not valid.")
        if self.changing and self.number >= NOT_READY:
            return No(Code.NOT_READY, "OBS is not ready to perform the request.")
        data = self._named(data)
        refused = wrong(type, data)
        if refused is not None:
            return refused
        for kind, name in names(type, data):
            if kind == "scene":
                found: object = self._all.scene(name)
            elif kind == "input":
                found = self._all.input(name, self.program.scene)
            else:
                found = self._all.source(name, self.program.scene)
            if isinstance(found, No):
                return found
        return self._handlers[type](data if isinstance(data, dict) else {}) or {}

    def _named(self, data: Any) -> Any:
        """Put names in the place of UUIDs."""
        if not isinstance(data, dict) or self.number < UUIDS:
            return data
        known = {uuid(name): name for name in (*self._all.scenes, *self._all.inputs)}
        more = {
            f"{key[:-4]}Name": known.get(value, value)
            for key, value in data.items()
            if key.endswith("Uuid") and isinstance(value, str) and f"{key[:-4]}Name" not in data
        }
        return {**data, **more}

    def told(self, data: Any) -> Any:
        """Put UUIDs beside names, where this version has them."""
        if self.number < UUIDS:
            return data
        if isinstance(data, list):
            return [self.told(one) for one in data]
        if not isinstance(data, dict):
            return data
        found = {key: self.told(value) for key, value in data.items()}
        for key in ("sceneName", "inputName", "sourceName", "currentProgramSceneName", "currentPreviewSceneName"):
            if key in data:
                found[f"{key[:-4]}Uuid"] = None if data[key] is None else uuid(data[key])
        return found

    def _table(self) -> Mapping[str, Handler]:
        floor, program, outputs = self.floor, self.program, self.outputs
        rows: dict[str, Handler] = {
            **{name: partial(self._inert, one) for name, one in INERT.items()},
            "GetVersion": self._get_version,
            "GetStats": lambda _: {
                "activeFps": 30.0,
                "availableDiskSpace": 72033.0,
                "averageFrameRenderTime": 1.0,
                "cpuUsage": 5.0,
                "memoryUsage": 252.0,
                "outputSkippedFrames": 0,
                "outputTotalFrames": 0,
                "renderSkippedFrames": 0,
                "renderTotalFrames": floor.now * 30 // 1_000_000,
                "webSocketSessionIncomingMessages": 0,
                "webSocketSessionOutgoingMessages": 0,
            },
            "GetVideoSettings": lambda _: {
                "baseHeight": 180,
                "baseWidth": 320,
                "fpsDenominator": 1,
                "fpsNumerator": 30,
                "outputHeight": 180,
                "outputWidth": 320,
            },
            "GetSceneList": self._get_scene_list,
            "GetGroupList": lambda _: {"groups": []},
            "GetCurrentProgramScene": lambda _: self._current("Program", program.scene),
            "SetCurrentProgramScene": lambda data: program.go(data["sceneName"]),
            "GetCurrentPreviewScene": lambda _: (
                No(Code.STUDIO_NOT_ACTIVE) if program.preview is None else self._current("Preview", program.preview)
            ),
            "SetCurrentPreviewScene": self._set_preview,
            "CreateScene": self._create_scene,
            "RemoveScene": self._remove_scene,
            "SetSceneName": self._set_scene_name,
            "GetSceneSceneTransitionOverride": lambda data: {
                "transitionName": self._scene(data).transition,
                "transitionDuration": self._scene(data).duration,
            },
            "SetSceneSceneTransitionOverride": self._set_override,
            "GetSceneTransitionList": self._get_transitions,
            "GetCurrentSceneTransition": self._get_transition,
            "SetCurrentSceneTransition": lambda data: program.choose(data["transitionName"]),
            "SetCurrentSceneTransitionDuration": self._set_duration,
            "TriggerStudioModeTransition": self._trigger,
            "GetStudioModeEnabled": lambda _: {"studioModeEnabled": program.studio},
            "SetStudioModeEnabled": lambda data: program.set_studio(on=data["studioModeEnabled"]),
            **self.sources.rows(),
            "GetRecordDirectory": lambda _: {"recordDirectory": FOLDER},
            "PauseRecord": lambda _: outputs.pause(on=True),
            "ResumeRecord": lambda _: outputs.pause(on=False),
            "ToggleRecordPause": self._toggle_pause,
            "SplitRecordFile": lambda _: outputs.split(),
            "CreateRecordChapter": lambda _: None if outputs.runs("record") else No(Code.OUTPUT_NOT_RUNNING),
            "SendStreamCaption": lambda _: None if outputs.runs("stream") else No(Code.OUTPUT_NOT_RUNNING),
            "SaveReplayBuffer": lambda _: outputs.save(),
            "GetLastReplayBufferReplay": lambda _: outputs.last(),
            "GetHotkeyList": lambda _: {"hotkeys": self._hotkeys()},
            "TriggerHotkeyByName": self._hotkey,
            "BroadcastCustomEvent": self._broadcast,
            "CallVendorRequest": self._vendor,
            "GetSceneCollectionList": lambda _: {
                "currentSceneCollectionName": self.collection,
                "sceneCollections": list(self.collections),
            },
            "SetCurrentSceneCollection": lambda data: self.load(data["sceneCollectionName"]),
            "CreateSceneCollection": self._create_collection,
            "GetProfileList": lambda _: {"currentProfileName": self.profile, "profiles": list(self.profiles)},
            "SetCurrentProfile": self._set_profile,
            "GetProfileParameter": lambda data: {
                "defaultParameterValue": None,
                "parameterValue": self._parameters.get((data["parameterCategory"], data["parameterName"])),
            },
            "SetProfileParameter": self._set_parameter,
            "Sleep": lambda _: No(Code.WRONG_EXECUTION),
        }
        for name, word in OUTPUTS.items():
            rows[f"Get{word}Status"] = partial(self._status, name)
            rows[f"Start{word}"] = partial(self._start, name)
            rows[f"Stop{word}"] = partial(self._stop, name)
            rows[f"Toggle{word}"] = partial(self._toggle, name)
        return rows

    def _status(self, output: str, _: Frame) -> Answer:
        return self.outputs.status(output)

    def _start(self, output: str, _: Frame) -> Answer:
        return self.outputs.start(output)

    def _stop(self, output: str, _: Frame) -> Answer:
        return self.outputs.stop(output)

    def _inert(self, one: Inert, data: Frame) -> Answer:
        if one.event is not None:
            told = {row.split()[0] for row in one.needs}
            self.floor.tell(one.event, {key: value for key, value in data.items() if key in told})
        return one.answer or {}

    def _toggle(self, output: str, _: Frame) -> Answer:
        runs = self.outputs.runs(output)
        done = self.outputs.stop(output) if runs else self.outputs.start(output)
        return done if isinstance(done, No) else {"outputActive": not runs}

    def _toggle_pause(self, _: Frame) -> Answer:
        paused = self.outputs.paused
        self.outputs.pause(on=not paused)
        return {"outputPaused": not paused}

    # -- scenes

    def _get_version(self, _: Frame) -> Answer:
        return {
            "availableRequests": self.available,
            "obsVersion": VERSIONS[self.version],
            "obsWebSocketVersion": self.version,
            "platform": "double",
            "platformDescription": "showrunner's double",
            "rpcVersion": 1,
            "supportedImageFormats": list(FORMATS),
        }

    def _current(self, which: str, name: str) -> Answer:
        plain = {f"current{which}SceneName": name}
        return plain if self.number < UUIDS else {**plain, "sceneName": name}

    def scene_rows(self) -> list[dict[str, Any]]:
        """List the scenes as OBS does, the last one first."""
        return [{"sceneIndex": at, "sceneName": name} for at, name in enumerate(reversed(self._all.scenes))]

    def _get_scene_list(self, _: Frame) -> Answer:
        if self.changing:
            return {"currentPreviewSceneName": None, "currentProgramSceneName": None, "scenes": []}
        return {
            "currentPreviewSceneName": self.program.preview,
            "currentProgramSceneName": self.program.scene,
            "scenes": self.scene_rows(),
        }

    def _set_preview(self, data: Frame) -> Answer | None:
        if not self.program.studio:
            return No(Code.STUDIO_NOT_ACTIVE)
        self.program.prepare(data["sceneName"])
        return None

    def _trigger(self, _: Frame) -> Answer | None:
        if self.program.preview is None:
            return No(Code.STUDIO_NOT_ACTIVE)
        self.program.go(self.program.preview)
        return None

    def _create_scene(self, data: Frame) -> Answer:
        name = data["sceneName"]
        if name in self._all.scenes or name in self._all.inputs:
            return No(Code.EXISTS, "A source already exists by that scene name.")
        self._all.scenes[name] = Scene(name)
        self.floor.tell("SceneCreated", {"isGroup": False, "sceneName": name})
        self.floor.tell("SceneListChanged", {"scenes": self.scene_rows()})
        return {"sceneUuid": uuid(name)} if self.number >= UUIDS else {}

    def _remove_scene(self, data: Frame) -> Answer | None:
        if len(self._all.scenes) == 1:
            return No(Code.CANNOT_ACT, "You cannot remove the last scene in the collection.")
        name = data["sceneName"]
        at = list(self._all.scenes).index(name)
        del self._all.scenes[name]
        neighbour = list(self._all.scenes)[max(0, at - 1)]
        self.floor.tell("SceneRemoved", {"isGroup": False, "sceneName": name})
        self.program.removed(name, neighbour)
        self.floor.tell("SceneListChanged", {"scenes": self.scene_rows()})
        return None

    def _set_scene_name(self, data: Frame) -> Answer | None:
        old, new = data["sceneName"], data["newSceneName"]
        if new in self._all.scenes or new in self._all.inputs:
            return No(Code.EXISTS, "A source already exists by that new scene name.")
        self._all.scenes = {new if name == old else name: scene for name, scene in self._all.scenes.items()}
        self._all.scenes[new].name = new
        self.program.renamed(old, new)
        self.floor.tell("SceneNameChanged", {"oldSceneName": old, "sceneName": new})
        return None

    def _set_override(self, data: Frame) -> Answer | None:
        scene = self._scene(data)
        if data.get("transitionName") is not None:
            found = self._all.transition(data["transitionName"])
            if isinstance(found, No):
                return found
        if "transitionName" in data:
            scene.transition = data["transitionName"]
        if "transitionDuration" in data:
            scene.duration = data["transitionDuration"]
        return None

    def _get_transitions(self, _: Frame) -> Answer:
        chosen = self._all.transitions[self.program.chosen]
        return {
            "currentSceneTransitionKind": chosen.kind,
            "currentSceneTransitionName": chosen.name,
            "transitions": [
                {
                    "transitionConfigurable": one.kind not in {"cut_transition", "fade_transition"},
                    "transitionFixed": one.span is not None,
                    "transitionKind": one.kind,
                    "transitionName": one.name,
                }
                for one in self._all.transitions.values()
            ],
        }

    def _get_transition(self, _: Frame) -> Answer:
        chosen = self._all.transitions[self.program.chosen]
        return {
            "transitionConfigurable": chosen.kind not in {"cut_transition", "fade_transition"},
            "transitionDuration": self.program.duration if chosen.span is None else None,
            "transitionFixed": chosen.span is not None,
            "transitionKind": chosen.kind,
            "transitionName": chosen.name,
            "transitionSettings": None,
        }

    def _set_duration(self, data: Frame) -> None:
        self.program.duration = int(data["transitionDuration"])
        said = {"transitionDuration": self.program.duration}
        self.floor.tell("CurrentSceneTransitionDurationChanged", said)

    # -- the rest

    def _hotkeys(self) -> list[str]:
        listed = self._inventory.get("hotkeys")
        return list(HOTKEYS) if listed is None else [one.name for one in listed]

    def _hotkey(self, data: Frame) -> Answer | None:
        known = self._all.loose or data["hotkeyName"] in self._hotkeys()
        return None if known else No(Code.NOT_FOUND, "No hotkeys were found by that name.")

    def _broadcast(self, data: Frame) -> None:
        self.floor.tell("CustomEvent", dict(data["eventData"]))

    def _vendor(self, data: Frame) -> Answer:
        if data["vendorName"] != "obs-browser":
            return No(Code.NOT_FOUND, "No vendor was found by that name.")
        return {"vendorName": data["vendorName"], "requestType": data["requestType"], "responseData": {}}

    def load(self, name: str) -> Answer | None:
        """Change to another collection: for a moment there is neither."""
        if name not in self.collections and self._inventory.get("collections") is None and self._all.loose:
            self.collections[name] = Collection(None)
        if name not in self.collections:
            return No(Code.NOT_FOUND)
        if name != self.collection:
            self._change(name)
        return None

    def _create_collection(self, data: Frame) -> Answer | None:
        name = data["sceneCollectionName"]
        if name in self.collections:
            return No(Code.EXISTS)
        self.collections[name] = Collection({"scenes": ()})
        self._change(name, listed=True)
        return None

    def _change(self, name: str, *, listed: bool = False) -> None:
        tell = self.floor.tell
        tell("CurrentSceneCollectionChanging", {"sceneCollectionName": self.collection})
        self.changing = True
        old = self._all

        def done() -> None:
            for scene in old.scenes:
                tell("SceneRemoved", {"isGroup": False, "sceneName": scene})
            for one in old.inputs:
                tell("InputRemoved", {"inputName": one})
            self.sources.clips.clear()
            self.sources.tell_all(self.collections[name].inputs.values())
            for scene in self.collections[name].scenes:
                tell("SceneCreated", {"isGroup": False, "sceneName": scene})
            self.program.load(self.collections[name])
            self.collection, self.changing = name, False
            if listed:
                tell("SceneCollectionListChanged", {"sceneCollections": list(self.collections)})
            tell("CurrentSceneCollectionChanged", {"sceneCollectionName": name})

        self.floor.later(CHANGES, done)

    def _set_profile(self, data: Frame) -> Answer | None:
        name = data["profileName"]
        if name not in self.profiles:
            if self._inventory.get("profiles") is not None or not self._all.loose:
                return No(Code.NOT_FOUND)
            self.profiles.append(name)
        if name != self.profile:
            self.floor.tell("CurrentProfileChanging", {"profileName": self.profile})
            self.profile = name
            self.floor.later(CHANGES, lambda: self.floor.tell("CurrentProfileChanged", {"profileName": name}))
        return None

    def _set_parameter(self, data: Frame) -> None:
        self._parameters[data["parameterCategory"], data["parameterName"]] = data.get("parameterValue")
        if data["parameterName"] == "RecQuality":
            self.outputs.shares = data.get("parameterValue") == "Stream"

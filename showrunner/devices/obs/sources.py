"""The double's sources: inputs, what stands in scenes, filters, and what each request about them does.

Which names are there has been looked at before (``answers``).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from showrunner.devices.obs.clips import Clips
from showrunner.devices.obs.collection import PLACED, READ_ONLY, Collection, Filter, Input, Item, Scene
from showrunner.devices.obs.fields import No
from showrunner.devices.obs.floor import Floor
from showrunner.devices.obs.program import Program
from showrunner.devices.obs.properties import LIMITS
from showrunner.devices.obs.protocol import Code
from showrunner.devices.vocabulary import Frame

Answer: TypeAlias = Mapping[str, Any] | No
Handler: TypeAlias = Callable[[Frame], "Answer | None"]

FORMATS = ("bmp", "jpeg", "jpg", "png")
BOUNDS = frozenset(
    f"OBS_BOUNDS_{word}"
    for word in ("NONE", "STRETCH", "SCALE_INNER", "SCALE_OUTER", "SCALE_TO_WIDTH", "SCALE_TO_HEIGHT", "MAX_ONLY")
)
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Erk"
    "Jggg=="
)
"""The picture of a screenshot: one point."""


class Sources:
    """The sources of whatever collection is loaded. ``tells_settings``: this version tells of changed settings."""

    def __init__(self, floor: Floor, program: Program, tells_settings: Callable[[], bool]) -> None:
        self.floor = floor
        self.program = program
        self.clips = Clips(floor, self.showing)
        self._tells_settings = tells_settings
        program.when_shown(self.shown)

    @property
    def _all(self) -> Collection:
        return self.program.collection

    def showing(self, source: str) -> bool:
        """Tell whether a source is shown: in the scene on air, or in the one that is prepared."""
        return self._all.everywhere or any(
            item.source == source and item.enabled
            for scene in {self.program.scene, self.program.preview} - {None}
            for item in self._all.scenes[str(scene)].items
        )

    def shown(self) -> None:
        """Another scene is shown: clips that begin with it do."""
        for input_ in self._all.inputs.values():
            shown = self.showing(input_.name)
            if shown and input_.settings.get("restart_on_activate") is True and input_.clip:
                self.clips.begin(input_)

    def _scene(self, data: Frame) -> Scene:
        return self._all.scenes[data["sceneName"]]

    def _input(self, data: Frame) -> Input:
        return self._all.inputs[data["inputName"]]

    def _source(self, data: Frame) -> Scene | Input:
        name = data["sourceName"]
        return self._all.scenes.get(name) or self._all.inputs[name]

    def _item(self, data: Frame) -> Item | No:
        scene, id_ = self._scene(data), data["sceneItemId"]
        said = f"No scene items were found in scene `{scene.name}` with the ID `{int(id_)}`."
        return next((item for item in scene.items if item.id == id_), None) or No(Code.NOT_FOUND, said)

    def rows(self) -> Mapping[str, Handler]:
        """Give what each request does."""
        clips = self.clips
        return {
            "GetInputList": lambda _: {"inputs": [self._input_row(one) for one in self._all.inputs.values()]},
            "GetInputSettings": lambda data: {
                "inputKind": self._input(data).kind + self._input(data).version,
                "inputSettings": dict(self._input(data).settings),
            },
            "SetInputSettings": self._set_settings,
            "SetInputName": self._set_input_name,
            "RemoveInput": self._remove_input,
            "GetInputMute": lambda data: self._heard(data, lambda one: {"inputMuted": one.muted}),
            "SetInputMute": lambda data: self._heard(data, lambda one: self._mute(one, on=data["inputMuted"])),
            "ToggleInputMute": self._toggle_mute,
            "GetInputVolume": lambda data: self._heard(data, _volume),
            "SetInputVolume": self._set_volume,
            "GetMediaInputStatus": lambda data: clips.status(self._input(data)),
            "TriggerMediaInputAction": lambda data: clips.act(self._input(data), data["mediaAction"]),
            "SetMediaInputCursor": lambda data: clips.seek(self._input(data), int(data["mediaCursor"] * 1000)),
            "OffsetMediaInputCursor": self._offset,
            "GetSceneItemList": self._get_items,
            "GetGroupSceneItemList": self._get_items,
            "GetSceneItemId": self._get_item_id,
            "GetSceneItemTransform": lambda data: self._about(
                data, lambda one: {"sceneItemTransform": dict(one.place)}
            ),
            "SetSceneItemTransform": lambda data: self._about(data, lambda one: _put(one, data["sceneItemTransform"])),
            "GetSceneItemEnabled": lambda data: self._about(data, lambda one: {"sceneItemEnabled": one.enabled}),
            "SetSceneItemEnabled": lambda data: self._about(
                data, lambda one: self._enable(data["sceneName"], one, on=data["sceneItemEnabled"])
            ),
            "GetSourceActive": self._get_active,
            "GetSourceFilterList": lambda data: {"filters": _filter_rows(self._source(data))},
            "GetSourceFilter": lambda data: self._filtered(data, lambda one: _filter_row(one, 0)),
            "SetSourceFilterEnabled": lambda data: self._filtered(data, lambda one: self._filter_on(data, one)),
            "SetSourceFilterSettings": lambda data: self._filtered(data, lambda one: _set_filter(one, data)),
            "GetSourceScreenshot": lambda data: _screenshot(data, {"imageData": PIXEL}),
            "SaveSourceScreenshot": lambda data: _screenshot(data, {}),
        }

    # -- inputs

    def tell_all(self, inputs: Iterable[Input]) -> None:
        """Tell of inputs that are loaded with a collection."""
        for one in inputs:
            settings = {"defaultInputSettings": {}, "inputSettings": dict(one.settings)}
            self.floor.tell("InputCreated", {**self._input_row(one), **settings})
            self.floor.tell("InputVolumeChanged", {"inputName": one.name, **_volume(one)})
            self.floor.tell("InputMuteStateChanged", {"inputMuted": one.muted, "inputName": one.name})

    @staticmethod
    def _input_row(one: Input) -> dict[str, Any]:
        kind = one.kind or "ffmpeg_source"
        return {"inputKind": kind + one.version, "inputName": one.name, "unversionedInputKind": kind}

    def _set_settings(self, data: Frame) -> None:
        one, given = self._input(data), data["inputSettings"]
        one.settings = {**({} if data.get("overlay") is False else one.settings), **given}
        if self._tells_settings():
            said = {"inputName": one.name, "inputSettings": dict(one.settings)}
            self.floor.tell("InputSettingsChanged", said)
        if "local_file" in given and one.clip:
            self.clips.given(one)

    def _set_input_name(self, data: Frame) -> Answer | None:
        old, new = data["inputName"], data["newInputName"]
        if new in self._all.scenes or new in self._all.inputs:
            return No(Code.EXISTS, "A source already exists by that new input name.")
        self._all.inputs = {new if name == old else name: one for name, one in self._all.inputs.items()}
        self._all.inputs[new].name = new
        for scene in self._all.scenes.values():
            for item in scene.items:
                item.source = new if item.source == old else item.source
        self.clips.renamed(old, new)
        self.floor.tell("InputNameChanged", {"inputName": new, "oldInputName": old})
        return None

    def _remove_input(self, data: Frame) -> None:
        name = data["inputName"]
        del self._all.inputs[name]
        for scene in self._all.scenes.values():
            scene.items = [item for item in scene.items if item.source != name]
        self.clips.removed(name)
        self.floor.tell("InputRemoved", {"inputName": name})

    def _heard(self, data: Frame, then: Callable[[Input], Answer | None]) -> Answer | None:
        """Do something with an input that has sound."""
        one = self._input(data)
        return then(one) if one.sounds else No(Code.WRONG_STATE, "The specified input does not support audio.")

    def _mute(self, one: Input, *, on: bool) -> None:
        one.muted = on
        self.floor.tell("InputMuteStateChanged", {"inputMuted": on, "inputName": one.name})

    def _toggle_mute(self, data: Frame) -> Answer | None:
        def toggle(one: Input) -> Answer:
            self._mute(one, on=not one.muted)
            return {"inputMuted": one.muted}

        return self._heard(data, toggle)

    def _set_volume(self, data: Frame) -> Answer | None:
        db, mul = data.get("inputVolumeDb"), data.get("inputVolumeMul")
        if db is not None and mul is not None:
            return No(Code.TOO_MANY, "You may only specify one volume field.")
        if db is None and mul is None:
            return No(Code.MISSING_FIELD, "You must specify one volume field.")

        def put(one: Input) -> None:
            one.db = float(db) + 0.0 if db is not None else max(-100.0, 20 * math.log10(mul)) if mul else -100.0
            self.floor.tell("InputVolumeChanged", {"inputName": one.name, **_volume(one)})

        return self._heard(data, put)

    def _offset(self, data: Frame) -> None:
        one = self._input(data)
        now = self.clips.status(one)["mediaCursor"] or 0
        self.clips.seek(one, int((now + data["mediaCursorOffset"]) * 1000))

    # -- items and filters

    def _about(self, data: Frame, then: Callable[[Item], Answer | None]) -> Answer | None:
        found = self._item(data)
        return found if isinstance(found, No) else then(found)

    def _get_items(self, data: Frame) -> Answer:
        return {
            "sceneItems": [
                {
                    "inputKind": None if one is None else (one.kind or "ffmpeg_source") + one.version,
                    "isGroup": None if one is not None else False,
                    "sceneItemBlendMode": "OBS_BLEND_NORMAL",
                    "sceneItemEnabled": item.enabled,
                    "sceneItemId": item.id,
                    "sceneItemIndex": at,
                    "sceneItemLocked": False,
                    "sceneItemTransform": dict(item.place),
                    "sourceName": item.source,
                    "sourceType": "OBS_SOURCE_TYPE_SCENE" if one is None else "OBS_SOURCE_TYPE_INPUT",
                }
                for at, item in enumerate(self._scene(data).items)
                for one in (self._all.inputs.get(item.source),)
            ]
        }

    def _get_item_id(self, data: Frame) -> Answer:
        found = self._all.item(self._scene(data), data["sourceName"], int(data.get("searchOffset") or 0))
        return found if isinstance(found, No) else {"sceneItemId": found.id}

    def _enable(self, scene: str, item: Item, *, on: bool) -> None:
        if item.enabled != on:
            item.enabled = on
            said = {"sceneItemEnabled": on, "sceneItemId": item.id, "sceneName": scene}
            self.floor.tell("SceneItemEnableStateChanged", said)

    def _get_active(self, data: Frame) -> Answer:
        name = data["sourceName"]
        if name in self._all.scenes:
            shown = name == self.program.scene and not self.program.studio
            return {"videoActive": shown, "videoShowing": shown}
        active = self._all.everywhere or any(
            item.source == name and item.enabled for item in self._all.scenes[self.program.scene].items
        )
        return {"videoActive": active, "videoShowing": self.showing(name)}

    def _filtered(self, data: Frame, then: Callable[[Filter], Answer | None]) -> Answer | None:
        found = self._all.filter(self._source(data), data["filterName"])
        return found if isinstance(found, No) else then(found)

    def _filter_on(self, data: Frame, one: Filter) -> None:
        one.enabled = data["filterEnabled"]
        said = {"filterEnabled": one.enabled, "filterName": data["filterName"], "sourceName": data["sourceName"]}
        self.floor.tell("SourceFilterEnableStateChanged", said)


def _volume(one: Input) -> dict[str, Any]:
    return {"inputVolumeDb": one.db, "inputVolumeMul": 0.0 if one.db <= -100 else 10 ** (one.db / 20)}


def _put(item: Item, given: Frame) -> Answer | None:
    changes = {key: value for key, value in given.items() if key in item.place and key not in READ_ONLY}
    if not changes:
        return No(Code.CANNOT_ACT, "You have not provided any valid transform changes.")
    for key, value in changes.items():
        if isinstance(PLACED[key], str):
            if not isinstance(value, str):
                return No(Code.FIELD_TYPE, f"The field value of `{key}` must be a string.")
            if value not in BOUNDS:
                return No(Code.INVALID_FIELD, f"The field `{key}` has an invalid value.")
            continue
        if isinstance(value, bool) or not isinstance(value, int | float):
            return No(Code.FIELD_TYPE, f"The field value of `{key}` must be a number.")
        low, high = LIMITS.get(key, (-math.inf, math.inf))
        if not low <= value <= high:
            side, limit = ("below the minimum", low) if value < low else ("above the maximum", high)
            return No(Code.OUT_OF_RANGE, f"The field value of `{key}` is {side} of `{float(limit):f}`")
    item.place.update({key: type(PLACED[key])(value) for key, value in changes.items()})
    return None


def _filter_row(one: Filter, at: int) -> dict[str, Any]:
    return {
        "filterEnabled": one.enabled,
        "filterIndex": at,
        "filterKind": one.kind,
        "filterSettings": dict(one.settings),
    }


def _filter_rows(source: Scene | Input) -> list[dict[str, Any]]:
    return [{**_filter_row(one, at), "filterName": name} for at, (name, one) in enumerate(source.filters.items())]


def _set_filter(one: Filter, data: Frame) -> None:
    one.settings = {**({} if data.get("overlay") is False else one.settings), **data["filterSettings"]}


def _screenshot(data: Frame, found: Mapping[str, Any]) -> Answer:
    if data["imageFormat"] not in FORMATS:
        return No(Code.INVALID_FIELD, "Your specified image format is invalid or not supported by this system.")
    return found

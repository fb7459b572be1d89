"""What each request of obs-websocket must have in its data, and how what it lacks is refused: for the double.

Source: obsproject/obs-websocket, `docs/generated/protocol.md` and `src/requesthandler/rpc/Request.cpp` (the words).
A row is `KEY KIND [LOW HIGH]`, with `?` behind what may be left out. ``KINDS`` says what JSON has for a kind; a
``scene``, ``input`` or ``source`` is a name that is looked up, and a ``filled`` object must not be empty.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.obs.inert import INERT
from showrunner.devices.obs.protocol import Code
from showrunner.slotted import dataclass

NAMES = ("scene", "input", "source")

KINDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys((*NAMES, "text"), (str,)),
    "number": (int, float),
    "switch": (bool,),
    "object": (dict,),
    "filled": (dict,),
    "any": (object,),
}

_WORDS = {str: "a string", int: "a number", bool: "boolean", dict: "an object"}

_ITEM = ("sceneName scene", "sceneItemId number 0 1e15")
_FILTER = ("sourceName source", "filterName text")
_INPUT = ("inputName input",)
_SCENE = ("sceneName scene",)

FIELDS: Mapping[str, tuple[str, ...]] = {
    "SetCurrentProgramScene": _SCENE,
    "SetCurrentPreviewScene": _SCENE,
    "CreateScene": ("sceneName text",),
    "RemoveScene": _SCENE,
    "SetSceneName": (*_SCENE, "newSceneName text"),
    "GetSceneSceneTransitionOverride": _SCENE,
    "SetSceneSceneTransitionOverride": (*_SCENE, "transitionName text?", "transitionDuration number? 50 20000"),
    "SetCurrentSceneTransition": ("transitionName text",),
    "SetCurrentSceneTransitionDuration": ("transitionDuration number 50 20000",),
    "SetStudioModeEnabled": ("studioModeEnabled switch",),
    "GetInputSettings": _INPUT,
    "SetInputSettings": (*_INPUT, "inputSettings object", "overlay switch?"),
    "SetInputName": (*_INPUT, "newInputName text"),
    "RemoveInput": _INPUT,
    "GetInputMute": _INPUT,
    "SetInputMute": (*_INPUT, "inputMuted switch"),
    "ToggleInputMute": _INPUT,
    "GetInputVolume": _INPUT,
    "SetInputVolume": (*_INPUT, "inputVolumeDb number? -100 26", "inputVolumeMul number? 0 20"),
    "GetMediaInputStatus": _INPUT,
    "TriggerMediaInputAction": (*_INPUT, "mediaAction text"),
    "SetMediaInputCursor": (*_INPUT, "mediaCursor number 0 1e15"),
    "OffsetMediaInputCursor": (*_INPUT, "mediaCursorOffset number"),
    "GetSceneItemList": _SCENE,
    "GetGroupSceneItemList": _SCENE,
    "GetSceneItemId": (*_SCENE, "sourceName text", "searchOffset number? -1 1e15"),
    "GetSceneItemTransform": _ITEM,
    "SetSceneItemTransform": (*_ITEM, "sceneItemTransform filled"),
    "GetSceneItemEnabled": _ITEM,
    "SetSceneItemEnabled": (*_ITEM, "sceneItemEnabled switch"),
    "GetSourceActive": ("sourceName source",),
    "GetSourceFilterList": ("sourceName source",),
    "GetSourceFilter": _FILTER,
    "SetSourceFilterEnabled": (*_FILTER, "filterEnabled switch"),
    "SetSourceFilterSettings": (*_FILTER, "filterSettings object", "overlay switch?"),
    "GetSourceScreenshot": ("sourceName source", "imageFormat text"),
    "SaveSourceScreenshot": ("sourceName source", "imageFormat text", "imageFilePath text"),
    "CreateRecordChapter": ("chapterName text?",),
    "SendStreamCaption": ("captionText text",),
    "TriggerHotkeyByName": ("hotkeyName text",),
    "BroadcastCustomEvent": ("eventData filled",),
    "CallVendorRequest": ("vendorName text", "requestType text", "requestData filled?"),
    "SetCurrentSceneCollection": ("sceneCollectionName text",),
    "CreateSceneCollection": ("sceneCollectionName text",),
    "SetCurrentProfile": ("profileName text",),
    "GetProfileParameter": ("parameterCategory text", "parameterName text"),
    "SetProfileParameter": ("parameterCategory text", "parameterName text", "parameterValue any?"),
    "Sleep": ("sleepMillis number? 0 50000", "sleepFrames number? 0 10000"),
    **{name: one.needs for name, one in INERT.items()},
}
"""Of the requests that need something; every other that the double knows needs nothing."""


@dataclass(frozen=True, slots=True)
class No:
    """A refusal: its code and OBS' comment."""

    code: Code
    comment: str | None = None


def wrong(type: str, data: Any) -> No | None:
    """Give what is wrong with the data of a request by its shape alone."""
    rows = FIELDS.get(type, ())
    needed = [row for row in rows if not row.split()[1].endswith("?")]
    if needed and not isinstance(data, dict):
        return No(Code.MISSING_DATA, "Your request data is missing or invalid (non-object)")
    return next((found for row in rows if (found := _misfit(row, data)) is not None), None)


def _misfit(row: str, data: Mapping[str, Any]) -> No | None:
    key, kind, *limits = row.split()
    value = data.get(key) if isinstance(data, dict) else None
    if value is None:
        missing = No(Code.MISSING_FIELD, f"Your request is missing the `{key}` field.")
        return None if kind.endswith("?") else missing
    wanted = KINDS[kind.removesuffix("?")]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted and object not in wanted):
        return No(Code.FIELD_TYPE, f"The field value of `{key}` must be {_WORDS[wanted[0]]}.")
    if not value and (isinstance(value, str) or kind.startswith("filled")):
        return No(Code.FIELD_EMPTY, f"The field value of `{key}` must not be empty.")
    sides = ("below the minimum", "above the maximum")
    for limit, side, beyond in zip(map(float, limits), sides, (-1, 1), strict=False):
        if isinstance(value, int | float) and value * beyond > limit * beyond:
            return No(Code.OUT_OF_RANGE, f"The field value of `{key}` is {side} of `{limit:f}`")
    return None


def names(type: str, data: Any) -> list[tuple[str, str]]:
    """Give the names in a request that are looked up, with their kinds."""
    if not isinstance(data, dict):
        return []
    rows = (row.split() for row in FIELDS.get(type, ()))
    return [(kind, str(data[key])) for key, kind, *_ in rows if kind in NAMES and isinstance(data.get(key), str)]

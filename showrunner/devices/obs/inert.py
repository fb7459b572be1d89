"""Requests that the double takes, and nothing on its stage changes by them: what they need, and what it answers.

A show may send any request that OBS has (`obs call`). The answers are those of the real one, freshly installed [run];
names in them are looked up as in every other request (``fields``).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Inert:
    """What a request must have in its data (as in ``fields``), the data of its answer, and what everybody is told."""

    needs: tuple[str, ...] = ()
    answer: Mapping[str, Any] | None = None
    event: str | None = None


_INPUT = ("inputName input",)
_SOURCE = ("sourceName source",)
_ITEM = ("sceneName scene", "sceneItemId number 0 1e15")
_FILTER = (*_SOURCE, "filterName text")
_OUTPUT = ("outputName text",)
_SLOT = ("realm text", "slotName text")
_PROFILE = ("profileName text",)
_STOPPED = {"outputActive": False}

INERT: Mapping[str, Inert] = {
    "GetSpecialInputs": Inert(answer=dict.fromkeys(("desktop1", "desktop2", "mic1", "mic2", "mic3", "mic4"))),
    "GetInputKindList": Inert(answer={"inputKinds": ["image_source", "color_source_v3", "ffmpeg_source"]}),
    "GetInputDefaultSettings": Inert(("inputKind text",), {"defaultInputSettings": {}}),
    "GetInputAudioBalance": Inert(_INPUT, {"inputAudioBalance": 0.5}),
    "SetInputAudioBalance": Inert((*_INPUT, "inputAudioBalance number 0 1"), event="InputAudioBalanceChanged"),
    "GetInputAudioMonitorType": Inert(_INPUT, {"monitorType": "OBS_MONITORING_TYPE_NONE"}),
    "SetInputAudioMonitorType": Inert((*_INPUT, "monitorType text"), event="InputAudioMonitorTypeChanged"),
    "GetInputAudioSyncOffset": Inert(_INPUT, {"inputAudioSyncOffset": 0}),
    "SetInputAudioSyncOffset": Inert(
        (*_INPUT, "inputAudioSyncOffset number -950 20000"), event="InputAudioSyncOffsetChanged"
    ),
    "GetInputAudioTracks": Inert(_INPUT, {"inputAudioTracks": {str(track): True for track in range(1, 7)}}),
    "SetInputAudioTracks": Inert((*_INPUT, "inputAudioTracks filled"), event="InputAudioTracksChanged"),
    "GetInputPropertiesListPropertyItems": Inert((*_INPUT, "propertyName text"), {"propertyItems": []}),
    "PressInputPropertiesButton": Inert((*_INPUT, "propertyName text")),
    "CreateInput": Inert(("sceneName scene", "inputName text", "inputKind text"), {"sceneItemId": 1}),
    "CreateSceneItem": Inert(("sceneName scene", *_SOURCE), {"sceneItemId": 1}),
    "DuplicateSceneItem": Inert(_ITEM, {"sceneItemId": 1}),
    "RemoveSceneItem": Inert(_ITEM),
    "GetSceneItemIndex": Inert(_ITEM, {"sceneItemIndex": 0}),
    "SetSceneItemIndex": Inert((*_ITEM, "sceneItemIndex number 0 8192")),
    "GetSceneItemLocked": Inert(_ITEM, {"sceneItemLocked": False}),
    "SetSceneItemLocked": Inert((*_ITEM, "sceneItemLocked switch"), event="SceneItemLockStateChanged"),
    "GetSceneItemBlendMode": Inert(_ITEM, {"sceneItemBlendMode": "OBS_BLEND_NORMAL"}),
    "SetSceneItemBlendMode": Inert((*_ITEM, "sceneItemBlendMode text")),
    "GetSceneItemPrivateSettings": Inert(_ITEM, {"sceneItemSettings": {}}),
    "SetSceneItemPrivateSettings": Inert((*_ITEM, "sceneItemSettings object")),
    "GetSourcePrivateSettings": Inert(_SOURCE, {"sourceSettings": {}}),
    "SetSourcePrivateSettings": Inert((*_SOURCE, "sourceSettings object")),
    "CreateSourceFilter": Inert((*_FILTER, "filterKind text")),
    "RemoveSourceFilter": Inert(_FILTER),
    "GetSourceFilterDefaultSettings": Inert(("filterKind text",), {"defaultFilterSettings": {}}),
    "SetSourceFilterIndex": Inert((*_FILTER, "filterIndex number 0 8192")),
    "SetSourceFilterName": Inert((*_FILTER, "newFilterName text")),
    "GetTransitionKindList": Inert(answer={"transitionKinds": ["cut_transition", "fade_transition"]}),
    "GetCurrentSceneTransitionCursor": Inert(answer={"transitionCursor": 1.0}),
    "SetCurrentSceneTransitionSettings": Inert(("transitionSettings filled",)),
    "SetTBarPosition": Inert(("position number 0 1",)),
    "GetOutputList": Inert(answer={"outputs": []}),
    "GetOutputStatus": Inert(_OUTPUT, _STOPPED),
    "GetOutputSettings": Inert(_OUTPUT, {"outputSettings": {}}),
    "SetOutputSettings": Inert((*_OUTPUT, "outputSettings object")),
    "StartOutput": Inert(_OUTPUT),
    "StopOutput": Inert(_OUTPUT),
    "ToggleOutput": Inert(_OUTPUT, _STOPPED),
    "GetStreamServiceSettings": Inert(answer={"streamServiceSettings": {}, "streamServiceType": "rtmp_common"}),
    "SetStreamServiceSettings": Inert(("streamServiceType text", "streamServiceSettings filled")),
    "SetVideoSettings": Inert(),
    "GetPersistentData": Inert(_SLOT, {"slotValue": None}),
    "SetPersistentData": Inert((*_SLOT, "slotValue any")),
    "CreateProfile": Inert(_PROFILE),
    "RemoveProfile": Inert(_PROFILE),
    "GetMonitorList": Inert(answer={"monitors": []}),
    "OpenInputPropertiesDialog": Inert(_INPUT),
    "OpenInputFiltersDialog": Inert(_INPUT),
    "OpenInputInteractDialog": Inert(_INPUT),
    "OpenSourceProjector": Inert(_SOURCE),
    "OpenVideoMixProjector": Inert(("videoMixType text",)),
    "TriggerHotkeyByKeySequence": Inert(),
}

"""Everything VTube Studio can list, asked for one request after the other, for the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.vocabulary import Entry, Frame, Inventory, Listed
from showrunner.devices.vts import repertoire
from showrunner.devices.vts.envelope import data_of, number, rows, text

_ARTMESHES = ("artMeshNames", "artMeshTags")
_SCENE = {"includeAvailableSpots": False, "includeItemInstancesInScene": False, "includeAvailableItemFiles": True}
_EFFECTS = {
    "fillPostProcessingPresetsArray": True,
    "fillPostProcessingEffectsArray": True,
    "effectIDFilter": [],
}


class Survey:
    """One look at everything. ``deadline``: until when the present answer is waited for."""

    def __init__(self, timeout: int, animations: Mapping[str, float]) -> None:
        self.deadline: int | None = None
        self._timeout = timeout
        self._left: list[tuple[str, Mapping[str, Any]]] = [
            ("AvailableModelsRequest", {}),
            ("ExpressionStateRequest", {"details": True}),
            ("InputParameterListRequest", {}),
            ("Live2DParameterListRequest", {}),
            ("ArtMeshListRequest", {}),
            ("ItemListRequest", _SCENE),
            ("PostProcessingListRequest", _EFFECTS),
        ]
        self._lists: dict[str, list[Entry]] = {}
        if animations:
            seen = (Entry(file, length=round(length * 1_000_000)) for file, length in animations.items())
            self._lists["animations"] = list(seen)

    def next(self, now: int) -> tuple[str, Mapping[str, Any]] | None:
        """Give what is to be asked next; None: that was all."""
        if not self._left:
            self.deadline = None
            return None
        self.deadline = now + self._timeout
        return self._left.pop(0)

    def listed(self) -> Listed:
        """Give what was found. A list that was not told is not there: it is unknown."""
        inventory: Inventory = {name: _each_once(entries) for name, entries in self._lists.items()}
        return Listed(inventory)

    def heard(self, kind: str, reply: Frame) -> None:
        """Take in an answer, which is no refusal."""
        data = data_of(reply)
        match kind:
            case "AvailableModelsRequest":
                models = repertoire.models_of(reply)
                self._lists["models"] = [Entry(model.name, id=model.id) for model in models]
                each = [("HotkeysInCurrentModelRequest", {"modelID": model.id}) for model in models]
                self._left = [*each, *self._left]
            case "HotkeysInCurrentModelRequest":
                self._hotkeys(reply)
            case "ExpressionStateRequest" if data.get("modelLoaded") is True:
                known = repertoire.expressions_of(reply)
                self._lists["expressions"] = [Entry(name, id=file) for name, file in known.items()]
            case "InputParameterListRequest":
                both = (data.get("defaultParameters"), data.get("customParameters"))
                self._lists["parameters"] = [entry for one in both for entry in repertoire.parameters_of(one)]
            case "Live2DParameterListRequest" if data.get("modelLoaded") is True:
                self._lists["live2d-parameters"] = list(repertoire.parameters_of(data.get("parameters")))
            case "ArtMeshListRequest" if data.get("modelLoaded") is True:
                names = [name for key in _ARTMESHES for name in data.get(key) or () if text(name)]
                self._lists["artmeshes"] = [Entry(name) for name in names]
            case "ItemListRequest":
                files = rows(data.get("availableItemFiles"))
                self._lists["items"] = [Entry(text(row.get("fileName")), kind=text(row.get("type"))) for row in files]
            case "PostProcessingListRequest":
                self._effects(data)

    def _hotkeys(self, reply: Frame) -> None:
        """Take in the hotkeys of one model. What has no name can only be pressed by its id."""
        model = text(data_of(reply).get("modelName"))
        for one in repertoire.hotkeys_of(reply):
            entry = Entry(one.name or one.id, owner=model or None, label=one.file or None, kind=one.kind, id=one.id)
            self._lists.setdefault("hotkeys", []).append(entry)

    def _effects(self, data: Mapping[str, Any]) -> None:
        presets = data.get("postProcessingPresets")
        self._lists["presets"] = [Entry(name) for name in presets if text(name)] if isinstance(presets, list) else []
        configs = [
            config for effect in rows(data.get("postProcessingEffects")) for config in rows(effect.get("configEntries"))
        ]
        self._lists["effects"] = [
            Entry(
                text(config.get("enumID")) or text(config.get("internalID")),
                minimum=number(config.get("floatMin")),
                maximum=number(config.get("floatMax")),
                default=number(config.get("floatDefault")),
                kind=text(config.get("type")) or None,
            )
            for config in configs
        ]


def _each_once(entries: list[Entry]) -> tuple[Entry, ...]:
    """Give each name once, whatever its case: the first is the one that VTube Studio takes."""
    found: dict[tuple[str, str | None], Entry] = {}
    for entry in entries:
        if entry.name:
            found.setdefault((entry.name.casefold(), entry.owner), entry)
    return tuple(found.values())

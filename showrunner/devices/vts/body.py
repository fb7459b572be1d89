"""What the model of a simulated VTube Studio is made of: ArtMeshes, its own parameters; what lies under the mouse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.vocabulary import Frame
from showrunner.devices.vts.envelope import Fault, number
from showrunner.devices.vts.studio import WINDOW, Answer, Studio


def hits_on(model: str, mesh: str) -> list[Frame]:
    """Give what lies under the mouse: one ArtMesh."""
    corners = {f"vertexID{one}": one for one in (1, 2, 3)} | {f"vertexWeight{one}": 0.3333 for one in (1, 2, 3)}
    info = {"modelID": model, "artMeshID": mesh, "angle": 0, "size": 0.33, **corners}
    return [{"artMeshOrder": 0, "isMasked": False, "hitInfo": info}]


def _names(studio: Studio) -> list[str]:
    return [entry.name for entry in studio.gallery.entries("artmeshes")] if studio.model is not None else []


def meshes(studio: Studio) -> Answer:
    """Give the data of an ArtMeshListResponse. The tag of an ArtMesh here is the first part of its name."""
    names = _names(studio)
    tags = list(dict.fromkeys(name.partition("_")[0] for name in names))
    return {
        "modelLoaded": studio.model is not None,
        "numberOfArtMeshNames": len(names),
        "numberOfArtMeshTags": len(tags),
        "artMeshNames": names,
        "artMeshTags": tags,
        "numberOfArtMeshGroups": 0,
        "artMeshGroups": [],
    }


def mesh_at(studio: Studio, data: Mapping[str, Any]) -> Answer:
    """Give the data of an ArtMeshAtPositionResponse: in the middle is the face."""
    place = {key: number(data.get(key)) or 0 for key in ("x", "y")}
    middle = studio.model is not None and place == {"x": 0, "y": 0}
    hits = hits_on(studio.model_id, "face") if middle else []
    return {
        "modelLoaded": studio.model is not None,
        "loadedModelID": studio.model_id,
        "loadedModelName": studio.whose["modelName"],
        "modelWasHit": bool(hits),
        "checkedPosition": place,
        "windowSize": WINDOW,
        "artMeshHitCount": len(hits),
        "artMeshHits": hits,
    }


def selected(studio: Studio, data: Mapping[str, Any]) -> Answer:
    """Give the data of an ArtMeshSelectionResponse: a person has clicked the first that were to be chosen."""
    for key, error in (("textOverride", 1000), ("helpOverride", 1001)):
        said = data.get(key)
        if said not in (None, "") and not (isinstance(said, str) and 4 <= len(said) <= 1024):
            return Fault(error, f"{key} must have 4 to 1024 characters")
    if studio.model is None:
        return Fault(1002, "no model is loaded")
    if studio.window:
        return Fault(1003, "another window is open")
    names, given = _names(studio), data.get("activeArtMeshes")
    chosen = [name for name in names if name in (given if isinstance(given, list) else [])]
    most = int(number(data.get("requestedArtMeshCount")) or 0)
    others = [name for name in names if name not in chosen]
    active = [*chosen, *others][:most] if most > 0 else chosen or names[:1]
    return {
        "success": True,
        "activeArtMeshes": active,
        "inactiveArtMeshes": [name for name in names if name not in active],
    }


def parameters(studio: Studio) -> list[Frame]:
    """Give the rows of a Live2DParameterListResponse."""
    return [
        {
            "name": entry.name,
            "value": entry.default or 0,
            "min": entry.minimum or 0,
            "max": 1 if entry.maximum is None else entry.maximum,
            "defaultValue": entry.default or 0,
        }
        for entry in (studio.gallery.entries("live2d-parameters") if studio.model is not None else ())
    ]

"""The Editor's messages: six fields, in the order of the vendor's samples; versions, methods, errors by name.

Sources: the vendor's manual, pages "Cubism Editor External API Integration" (fields, types, errors) and "List of
External API Integration Functions" (methods).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from showrunner.devices.vocabulary import Frame

VERSIONS = ("1.0.1", "1.0.0", "0.9.3", "0.9.2", "0.9.1", "0.9.0")
"""Every version of the API that is known here, newest first."""

KNOWN = ("1.1.0", *VERSIONS)
"""Versions that a double can be told to have. 1.1.0 only lets newer clients register: its editing API is not here."""

EVENTS = (
    "NotifyChangeEditMode",
    "NotifyMocFileExported",
    "NotifyMotionFileExported",
    "NotifyMotionSyncFileExported",
    "NotifyPhysicsFileExported",
)

MODEL_METHODS = frozenset(
    {
        "GetParameters",
        "GetParameterGroups",
        "GetParameterValues",
        "SetParameterValues",
        "ClearParameterValues",
        "GetPhysicsInfo",
        "SetPhysicsInfo",
    }
)
"""Methods that are about a model, by its UID."""

SINCE = {
    "ClearParameterValues": "0.9.1",
    "SetGlobalVersion": "0.9.1",
    "GetPhysicsInfo": "0.9.2",
    "SetPhysicsInfo": "0.9.2",
    "GetCurrentDocumentUID": "0.9.3",
    "GetDocument": "0.9.3",
    "SendCubismLog": "0.9.3",
    "GetIsEditApproval": "1.1.0",
}
"""The version that brought a method; all others are as old as the API."""

_VERSION = re.compile(r"([0-9]{1,4})\.([0-9]{1,4})\.([0-9]{1,4})")


def rank(version: str) -> tuple[int, ...] | None:
    """Give a version as numbers that can be compared; None where it is none."""
    found = _VERSION.fullmatch(version)
    return None if found is None else tuple(map(int, found.groups()))


DOCUMENTS = ("ModelingDocuments", "PhysicsDocuments", "AnimationDocuments")
"""The three lists of a GetDocuments."""

LONGEST_LOG = 5000
"""So many characters SendCubismLog takes."""

MODES = ("Physics", "Modeling", "Animation", "ModelingMeshEdit", "FormAnimation")


def request(version: str, stamp: int, id: str, method: str, data: Any) -> Frame:
    """Put a request together. ``stamp``: milliseconds."""
    return {
        "Version": version,
        "Timestamp": stamp,
        "RequestId": id,
        "Type": "Request",
        "Method": method,
        "Data": data,
    }


def data_of(frame: Frame) -> dict[str, Any]:
    """Give a message's data, empty where it is none."""
    data = frame.get("Data")
    return data if isinstance(data, dict) else {}


def said(event: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Give what an event says, by the names of its row's fields."""
    names = {"mode": "EditMode"} if event == "NotifyChangeEditMode" else {"path": "Path", "model": "ModelFilePath"}
    return {field: data[name] for field, name in names.items() if isinstance(data.get(name), str)}


def error_of(frame: Frame) -> str | None:
    """Give the type of the error that a message is, or None where it is none."""
    type_, kind = frame.get("Type"), data_of(frame).get("ErrorType")
    named = isinstance(kind, str) and kind not in {"", "NoError"}
    if not (isinstance(type_, str) and type_.casefold() == "error") and not (named and type_ != "Response"):
        return None
    return str(kind) if named else "Error"


def model_of(frame: Frame, name: str | None) -> str | None:
    """Give the UID of the model that an answer is about: of GetCurrentModelUID, or of GetDocuments the one of ``name``.

    ``name`` is the file of an open document, its folder and ending left out or not, letter case ignored.
    """
    data = data_of(frame)
    if name is None:
        model = data.get("ModelUID")
        return model if isinstance(model, str) else None
    wanted = name.replace("\\", "/").casefold()
    for document in (one for kind in DOCUMENTS for one in _objects(data.get(kind))):
        path = str(document.get("DocumentFilePath", "")).replace("\\", "/").casefold()
        file = path.rpartition("/")[2]
        if wanted in {path, file, file.rpartition(".")[0]}:
            for view in _objects(document.get("Views")):
                if isinstance(view.get("ModelUID"), str):
                    return str(view["ModelUID"])
    return None


def _objects(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def token_of(frame: Frame) -> str | None:
    """Give the token in a message, if there is one: it is nobody else's business."""
    token = data_of(frame).get("Token")
    return token if isinstance(token, str) and token else None


def is_event(frame: Frame) -> bool:
    """Tell whether a message was sent unasked. Some Editors are said to mark events as responses."""
    method = frame.get("Method")
    named = isinstance(method, str) and method.startswith("Notify")
    return frame.get("Type") == "Event" or (named and frame.get("RequestId") is None)


def wrong_fields(method: str, data: Frame) -> str | None:
    """Give InvalidData where the fields of a request are not as its row of the method list has them.

    Only shapes: whether a model or a parameter is there is asked elsewhere. Fields that are not listed are passed over.
    """

    def text(key: str, *, needed: bool = True) -> bool:
        return isinstance(data.get(key), str) or (not needed and data.get(key) is None)

    fine = True
    match method:
        case "RegisterPlugin":
            fine = text("Name") and text("Token", needed=False) and text("Icon", needed=False)
        case "SetGlobalVersion":
            fine = text("Version", needed=False)
        case "GetDocument":
            fine = text("DocumentUID")
        case "GetParameters" | "GetParameterGroups":
            fine = text("ModelUID") or text("DocumentUID")
        case "GetParameterValues":
            ids = data.get("Ids")
            named = ids is None or (isinstance(ids, list) and all(isinstance(name, str) for name in ids))
            fine = text("ModelUID") and named
        case "SetParameterValues":
            rows = data.get("Parameters")
            fine = text("ModelUID") and isinstance(rows, list) and all(map(_is_row, rows))
        case "ClearParameterValues" | "GetPhysicsInfo" | "SetPhysicsInfo":
            fine = text("ModelUID")
        case "SendCubismLog":
            kind, message = data.get("Type"), data.get("Message")
            fine = kind in (None, "info", "warning") and isinstance(message, str) and len(message) <= LONGEST_LOG
    return None if fine else "InvalidData"


def _is_row(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("Id"), str) and number(row.get("Value")) is not None


def number(value: Any) -> float | None:
    """Read a number, also one in quotes, as the manual's own example writes it; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None

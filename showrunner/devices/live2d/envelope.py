"""The Editor's messages: six fields, in the order of the vendor's samples; versions, methods, errors by name.

Sources: the vendor's manual, pages "Cubism Editor External API Integration" (fields, types, errors) and "List of
External API Integration Functions" (methods).
"""

from __future__ import annotations

from typing import Any

from showrunner.devices.vocabulary import Frame

VERSIONS = ("1.0.1", "1.0.0", "0.9.3", "0.9.2", "0.9.1", "0.9.0")
"""Every version of the API that is known here, newest first."""

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


def error_of(frame: Frame) -> str | None:
    """Give the type of the error that a message is, or None where it is none."""
    if frame.get("Type") != "Error":
        return None
    kind = data_of(frame).get("ErrorType")
    return kind if isinstance(kind, str) and kind else "Error"


def token_of(frame: Frame) -> str | None:
    """Give the token in a message, if there is one: it is nobody else's business."""
    token = data_of(frame).get("Token")
    return token if isinstance(token, str) and token else None


def is_event(frame: Frame) -> bool:
    """Tell whether a message was sent unasked. Some Editors are said to mark events as responses."""
    method = frame.get("Method")
    named = isinstance(method, str) and method.startswith("Notify")
    return frame.get("Type") == "Event" or (named and frame.get("RequestId") is None)

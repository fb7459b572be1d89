"""VTube Studio's messages: five fields of a request, six of an answer; errors by number, events by their type.

Source: the vendor's README ("API Details"), `ErrorID.cs` and `Events/README.md`. Errors are told apart by number: their
texts are documented nowhere.
"""

from __future__ import annotations

import math
import re
from typing import Any

from showrunner.devices.vocabulary import Frame, Number
from showrunner.slotted import dataclass

API, VERSION = "VTubeStudioPublicAPI", "1.0"

ERROR = "APIError"
"""The type of an answer that is a refusal."""

SWITCHED_OFF, UNKNOWN_TYPE, UNAUTHENTICATED, DENIED, ALREADY_ASKED = 1, 7, 8, 50, 51

NOT_NOW = {
    **dict.fromkeys((153, 154, 205, 550, 753, 759, 800, 903, 1101, 1200, 1255), 1_000_000),
    200: 500_000,
    203: 100_000,
}
"""Refusals that are none for good (a window is open, a cool-down), and how long until the same is asked again."""

MODEL_ID = re.compile(r"[0-9A-Fa-f]{32}")


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request was refused: the number, and VTube Studio's own words."""

    number: int
    message: str = ""

    @property
    def words(self) -> str:
        """Both, for people: "no such hotkey (error 202)"."""
        said = self.message.strip().rstrip(".")
        return f"{said} (error {self.number})" if said else f"error {self.number}"


def request(id: str, kind: str, data: Any) -> Frame:
    """Put a request together. ``kind``: its type."""
    return {"apiName": API, "apiVersion": VERSION, "requestID": id, "messageType": kind, "data": data}


def data_of(frame: Frame) -> dict[str, Any]:
    """Give a message's data, empty where it is none."""
    data = frame.get("data")
    return data if isinstance(data, dict) else {}


def kind_of(frame: Frame) -> str:
    """Give a message's type; empty where it has none."""
    kind = frame.get("messageType")
    return kind if isinstance(kind, str) else ""


def fault_of(frame: Frame) -> Fault | None:
    """Give what a message says was wrong; None where it is no refusal."""
    if kind_of(frame) != ERROR:
        return None
    data = data_of(frame)
    number, message = data.get("errorID"), data.get("message")
    return Fault(
        number if isinstance(number, int) and not isinstance(number, bool) else 0,
        message if isinstance(message, str) else "",
    )


def is_event(frame: Frame) -> bool:
    """Tell whether a message was sent unasked, whatever id it has."""
    return kind_of(frame).endswith("Event")


def token_of(frame: Frame) -> str | None:
    """Give the token in a message, if there is one: it is nobody else's business."""
    token = data_of(frame).get("authenticationToken")
    return token if isinstance(token, str) and token else None


def number(value: Any) -> Number | None:
    """Give a number; None for anything else."""
    fine = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if fine else None


def text(value: Any) -> str:
    """Give a text; empty for anything else."""
    return value if isinstance(value, str) else ""


def rows(value: Any) -> list[dict[str, Any]]:
    """Give the objects of a list; none where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []

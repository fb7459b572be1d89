"""What a simulated Editor expects in the data of each method, by the rows of the vendor's method list.

Only shapes: whether a model or a parameter is there is asked elsewhere. Fields that are not listed are passed over.
"""

from __future__ import annotations

import math
from typing import Any

from showrunner.devices.vocabulary import Frame

LONGEST_LOG = 5000


def wrong_fields(method: str, data: Frame) -> str | None:
    """Give InvalidData where the fields of a request are not as its row of the method list has them."""

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

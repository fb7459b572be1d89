"""Commands as Animaze's requests: which action, which keys. No connection, no ids, no state.

The actions and keys are those of the vendor's page "Animaze API", section "API Reference (Actions)".
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from showrunner.devices.animaze import table
from showrunner.devices.vocabulary import Command, Entry, Frame
from showrunner.diagnostics.wording import nearest
from showrunner.slotted import dataclass

ANY_NAME = "*"
"""An entry of this name stands for every name that is not listed: what a double lists that takes any name."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How one of Animaze's lists is asked for and read: the reply's key, and the keys of a row's name and label."""

    action: str
    key: str
    name: str | None = None
    label: str | None = None


LISTINGS: Mapping[str, Listing] = {
    "avatars": Listing("GetAvatars", "avatars"),
    "scenes": Listing("GetScenes", "scenes"),
    "emotes": Listing("GetEmotes", "emotes", "itemName", "friendlyName"),
    "quickscenes": Listing("GetQuickscenes", "quickslots", "index", "name"),
    "actions": Listing("GetSpecialActions", "specialActions", "animName"),
    "poses": Listing("GetPoses", "poseList", "animName"),
    "idles": Listing("GetIdleAnims", "idleList", "animName"),
}

BY_INDEX: Mapping[str, tuple[str, str]] = {
    "action": ("actions", "TriggerSpecialAction"),
    "pose": ("poses", "TriggerPose"),
    "idle": ("idles", "TriggerIdle"),
}
"""Verbs whose names belong to the avatar -> the list they stand in, the action that takes the index."""


SLOW = frozenset({"loadavatar", "loadscene", "loadquickscene", "savequickscene", "chatbotsendmessage"})
"""Actions that keep Animaze busy for many seconds, it may be: nothing else is answered meanwhile."""

ANSWERING = frozenset({"chat", "call"})
"""Verbs whose reply holds something worth keeping."""


@dataclass(frozen=True, slots=True)
class Request:
    """An action and its keys.

    ``other`` is another spelling of the action, to be tried if this one is refused, or if nothing comes in time.
    ``slow``: it may keep Animaze busy for long.
    """

    action: str
    fields: Mapping[str, Any]
    other: str | None = None
    slow: bool = False


def request(command: Command) -> Request | str:
    """Give the request of a command that needs nothing looked up, or why it cannot be sent."""
    name = command.get("NAME")
    match command.verb.name:
        case "avatar":
            return Request("LoadAvatar", {"name": name})
        case "scene":
            return Request("LoadScene", {"name": name})
        case "emote":
            return Request("TriggerEmote", {"itemName": name})
        case "quickscene":
            action = "LoadQuickscene" if command.get("DO") == "load" else "SaveQuickscene"
            return Request(action, {"index": command.get("INDEX")})
        case "calibrate":
            return Request("CalibrateTracker", {})
        case "broadcast":
            return Request("Broadcast", {"toggle": command.get("SWITCH")})
        case "override":
            return _override(command)
        case "chat":
            return Request("ChatbotSendMessage", {"message": command.get("TEXT")})
        case "echo":
            return Request("ChatbotSendMessage", {"message": f"{table.ECHO}{command.get('TEXT')}"})
        case "call":
            given = command.get("JSON")
            fields = given if isinstance(given, dict) else {}
            return Request(
                str(command.get("ACTION")), {key: value for key, value in fields.items() if key not in {"action", "id"}}
            )
    return f"animaze knows no verb called {command.verb.name}"


def _override(command: Command) -> Request | str:
    behaviour = str(command.get("BEHAVIOUR"))
    fields: dict[str, Any] = {"behavior": behaviour, "value": command.get("SWITCH")}
    for parameter, number in zip(command.all("PARAMETER"), command.all("NUMBER"), strict=True):
        key = table.wire_key(behaviour, parameter)
        if key is None:
            has = ", ".join(table.spelled(key) for key in table.BEHAVIOURS.get(behaviour, ())) or "none"
            return f'"{behaviour}" has no number called {parameter} (it has: {has})'
        fields[key] = number
    return Request("SetOverride", fields)


def index_of(verb: str, name: str, entries: tuple[Entry, ...]) -> int | str:
    """Give the index of a name in the avatar's list, case ignored where need be, or why there is none."""
    indexed = {entry.name: entry.index for entry in reversed(entries) if entry.index is not None}
    folded = {known.casefold(): index for known, index in reversed(indexed.items())}
    for found in (indexed.get(name), folded.get(name.casefold()), indexed.get(ANY_NAME)):
        if found is not None:
            return found
    meant = nearest(name, indexed)
    return f'no {verb} called "{name}" on this avatar' + (f' (did you mean "{meant}"?)' if meant else "")


def entries(listing: Listing, reply: Frame) -> tuple[Entry, ...]:
    """Read a list out of its reply. Rows that cannot be understood are left out."""
    rows = reply.get(listing.key)
    found: list[Entry] = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, str):
            found.append(Entry(row))
        elif isinstance(row, dict):
            name, label = row.get(listing.name or "itemName"), row.get(listing.label or "")
            whole = _whole(row.get("index"))
            if listing.name == "index":
                name = None if whole is None else str(whole)
            if isinstance(name, str):
                found.append(Entry(name, index=whole, label=label if isinstance(label, str) else None))
    return tuple(found)


def _whole(index: Any) -> int | None:
    if isinstance(index, float) and index.is_integer():
        return int(index)
    return index if isinstance(index, int) and not isinstance(index, bool) else None


def answer(request: Request, reply: Frame) -> str | None:
    """Give what a reply says beyond the request: its one text or number as text, else all of it as JSON."""
    own = {
        key: value
        for key, value in reply.items()
        if key not in {"action", "id", "error"}
        and not (key in request.fields and alike(key, request.fields[key], value))
    }
    if not own:
        return None
    if len(own) == 1:
        (only,) = own.values()
        if isinstance(only, str):
            return only
        if isinstance(only, int | float) and not isinstance(only, bool):
            return str(only)
    return json.dumps(own, ensure_ascii=False, separators=(",", ":"))


def alike(key: str, ours: Any, theirs: Any) -> bool:
    """Tell whether a value that comes back is the one that was sent: Animaze's numbers are of single precision."""
    if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        return len(ours) == len(theirs) and all(alike(key, *pair) for pair in zip(ours, theirs, strict=True))
    if isinstance(ours, bool) or isinstance(theirs, bool):
        return ours is theirs
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        # An angle goes through radians, which costs it more.
        return math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-3 if key == "fov" else 1e-6)
    return bool(ours == theirs)

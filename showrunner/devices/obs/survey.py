"""Asking OBS for everything it can list: what is asked when, and what has been learnt.

Two rounds of one batch each: what there is, then what stands in every scene and what every input has.
"""

from __future__ import annotations

from collections.abc import Sequence

from showrunner.devices.obs.protocol import Reply, request
from showrunner.devices.vocabulary import Entry, Frame, Inventory

FIRST: tuple[Frame, ...] = tuple(
    request(name)
    for name in (
        "GetVersion",
        "GetSceneList",
        "GetInputList",
        "GetSceneTransitionList",
        "GetCurrentSceneTransition",
        "GetHotkeyList",
        "GetSceneCollectionList",
        "GetProfileList",
        "GetGroupList",
    )
)


def further(first: Sequence[Reply]) -> tuple[Frame, ...]:
    """Give what is asked when the first answers are there."""
    scenes, inputs = first[1].rows("scenes"), first[2].rows("inputs")
    groups = first[8].data.get("groups")
    return (
        *(request("GetSceneItemList", {"sceneName": one.get("sceneName")}) for one in scenes),
        *(request("GetGroupSceneItemList", {"sceneName": one}) for one in (groups if isinstance(groups, list) else ())),
        *(request("GetSourceFilterList", {"sourceName": one.get("inputName")}) for one in inputs),
        *(request("GetMediaInputStatus", {"inputName": one.get("inputName")}) for one in inputs),
    )


def read(first: Sequence[Reply], second: Sequence[Reply], asked: Sequence[Frame]) -> Inventory:
    """Put the catalogue's lists together; what could not be asked is left out."""
    version, scenes, inputs, transitions, transition, hotkeys, collections, profiles, grouped = first
    groups = grouped.data.get("groups")
    found: dict[str, tuple[Entry, ...]] = {}
    found["scenes"] = (
        *(Entry(str(one.get("sceneName"))) for one in reversed(scenes.rows("scenes"))),
        *(Entry(str(one)) for one in (groups if isinstance(groups, list) else ())),
    )
    items: dict[tuple[str, str], Entry] = {}
    filters: dict[str, Entry] = {}
    lengths: dict[str, int] = {}
    for frame, reply in zip(asked, second, strict=False):
        data = frame["requestData"]
        if frame["requestType"] in {"GetSceneItemList", "GetGroupSceneItemList"}:
            scene = str(data["sceneName"])
            for row in reply.rows("sceneItems"):
                name = str(row.get("sourceName"))
                items.setdefault((scene, name), Entry(name, owner=scene))
        elif frame["requestType"] == "GetSourceFilterList":
            for row in reply.rows("filters"):
                name = str(row.get("filterName"))
                filters.setdefault(name, Entry(name, kind=str(row.get("filterKind"))))
        elif length := reply.number("mediaDuration"):
            lengths[str(data["inputName"])] = int(length * 1000)
    found["items"], found["filters"] = tuple(items.values()), tuple(filters.values())
    found["inputs"] = tuple(
        Entry(
            str(one.get("inputName")),
            kind=str(one.get("unversionedInputKind") or one.get("inputKind")),
            length=lengths.get(str(one.get("inputName"))),
        )
        for one in inputs.rows("inputs")
    )
    span = transition.number("transitionDuration")
    found["transitions"] = tuple(
        Entry(
            str(one.get("transitionName")),
            kind=str(one.get("transitionKind")),
            length=int(span * 1000)
            if span is not None and one.get("transitionName") == transition.text("transitionName")
            else None,
        )
        for one in transitions.rows("transitions")
    )
    for name, reply, key in (
        ("hotkeys", hotkeys, "hotkeys"),
        ("collections", collections, "sceneCollections"),
        ("profiles", profiles, "profiles"),
        ("requests", version, "availableRequests"),
    ):
        listed = reply.data.get(key)
        if isinstance(listed, list):
            found[name] = tuple(Entry(str(one)) for one in sorted(set(map(str, listed))))
    return found

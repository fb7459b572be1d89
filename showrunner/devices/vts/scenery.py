"""The items of a simulated VTube Studio: what is loaded, where it is, whether it plays or is pinned.

Source: the vendor's README, the chapters about items.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from showrunner.devices.vocabulary import Frame
from showrunner.devices.vts.arguments import ITEM_EASES, LONGEST_ITEM_MOVE, SECOND, limited
from showrunner.devices.vts.envelope import Fault, number, rows, text
from showrunner.devices.vts.gallery import Gallery
from showrunner.devices.vts.motion import Motion
from showrunner.devices.vts.studio import Answer

MOST, MOST_MOVES, MOST_STOPS = 60, 64, 1024
ORDERS = [order for order in range(-30, 31) if order != 0]
LEFT = -1000
FRAMES = 24
"""So many frames an animated item has here."""

ANGLES = ("RelativeToWorld", "RelativeToCurrentItemRotation", "RelativeToModel", "RelativeToPinPosition")
SIZES = ("RelativeToWorld", "RelativeToCurrentItemSize")
VERTICES = ("Provided", "Center", "Random")
SPLITS = ("Unchanged", "UseArtMeshID", "UseSpecialID")
_CUSTOM = re.compile(r"[A-Za-z0-9-]{8,32}\.(?:png|jpg|jpeg|gif)", re.IGNORECASE)
LARGEST_IMAGE = 5 * 1024 * 1024


@dataclass(slots=True)
class Item:
    """One item on the stage. ``loaded_by``: the plugin, empty for the user; ``goes_with``: a connection."""

    instance: str
    file: str
    kind: str
    order: int
    place: Motion
    loaded_by: str
    goes_with: int | None = None
    opacity: float = 1.0
    playing: bool = True
    frame: int = 0
    rate: float = 30.0
    flipped: bool = False
    pinned: str | None = None
    flags: tuple[bool, bool] = (False, False)
    smoothing: float = 0.0


class Scenery:
    """All items. ``told``: ItemEvents for those who want them."""

    def __init__(self, gallery: Gallery, make: Callable[[str], str], told: list[tuple[str, Frame]]) -> None:
        self._gallery, self._make, self._told = gallery, make, told
        self._items: dict[str, Item] = {}
        self.locked = False
        self.silent = False
        self.custom = False

    def find(self, wanted: object) -> Item | None:
        """Find an item by its instance, or its file."""
        return self._items.get(str(wanted)) or next((one for one in self._items.values() if one.file == wanted), None)

    def tell(self, kind: str, item: Item, now: int) -> None:
        """Tell that something happened to an item."""
        if kind == "Added" and self.silent:
            return
        place = item.place.at(now)
        data = {
            "itemEventType": kind,
            "itemInstanceID": item.instance,
            "itemFileName": item.file,
            "itemPosition": {"x": place["positionX"], "y": place["positionY"]},
        }
        self._told.append(("ItemEvent", data))

    def happen(self, kind: str, file: str, now: int) -> None:
        """Let something happen to an item by hand, which is put on the stage for it if need be."""
        item = self.find(file)
        if item is None:
            self.load("", 0, {"fileName": file}, now)
            item = self.find(file)
        if item is not None and kind != "Added":
            self.tell(kind, item, now)

    # -- the requests

    def load(self, plugin: str, connection: int, data: Mapping[str, Any], now: int) -> Answer:
        """Put an item on the stage."""
        file, image = text(data.get("fileName")), data.get("customDataBase64")
        if image:
            if not self.custom:
                return Fault(9, "the permission LoadCustomImagesAsItems is missing")
            if not _CUSTOM.fullmatch(file) or not _is_image(image):
                return Fault(758, "that is no picture that can be loaded")
        found = None if image else self._gallery.find("items", file) if file else None
        if found is None and not image:
            return Fault(751, "there is no such file") if file else Fault(750, "no fileName was given")
        if self.locked:
            return Fault(753, "no item can be loaded at this moment")
        if len(self._items) >= MOST:
            return Fault(754, "there are 60 items already")
        place = _read_place(data, {"positionX": 0.0, "positionY": 0.0, "rotation": 0.0, "size": 0.32})
        fade, smoothing = number(data.get("fadeTime")) or 0, number(data.get("smoothing")) or 0
        if place is None or not 0 <= fade <= 2 or not 0 <= smoothing <= 1:
            return Fault(757, "a value is out of range")
        order = self._order(int(number(data.get("order")) or 1), fails=data.get("failIfOrderTaken") is True)
        if order is None:
            return Fault(756, "that order is taken")
        goes = connection if data.get("unloadWhenPluginDisconnects") is True else None
        flags = (data.get("censored") is True, data.get("locked") is True)
        kind = "PNG" if found is None else found.kind or _kind(file)
        item = Item(
            self._make("item"),
            file if found is None else found.name,
            kind,
            order,
            Motion(place, place),
            plugin,
            goes,
            flags=flags,
            smoothing=smoothing,
            flipped=data.get("flipped") is True,
        )
        self._items[item.instance] = item
        self.tell("Added", item, now)
        return {"instanceID": item.instance, "fileName": item.file}

    def _order(self, wanted: int, *, fails: bool) -> int | None:
        taken = {one.order for one in self._items.values()}
        if wanted in taken and fails:
            return None
        free = [one for one in ORDERS if one not in taken]
        return wanted if wanted not in taken else next((one for one in free if one > wanted), free[0])

    def unload(self, plugin: str, data: Mapping[str, Any], now: int) -> Answer:
        """Take items off the stage; what is not there is no mistake."""
        if self.locked:
            return Fault(800, "no item can be unloaded at this moment")
        ids, files = (known if isinstance(known := data.get(key), list) else [] for key in ("instanceIDs", "fileNames"))
        others = data.get("allowUnloadingItemsLoadedByUserOrOtherPlugins") is True
        gone = [
            one
            for one in self._items.values()
            if data.get("unloadAllInScene") is True
            or (data.get("unloadAllLoadedByThisPlugin") is True and one.loaded_by == plugin)
            or ((one.instance in ids or one.file in files) and (others or one.loaded_by == plugin))
        ]
        self._remove(gone, now)
        return {"unloadedItems": [{"instanceID": one.instance, "fileName": one.file} for one in gone]}

    def _remove(self, gone: list[Item], now: int) -> None:
        for one in gone:
            del self._items[one.instance]
            self.tell("Removed", one, now)

    def clear(self, now: int) -> None:
        """Take all off."""
        self._remove(list(self._items.values()), now)

    def left(self, connection: int, now: int) -> None:
        """A plugin has gone, and with it what was to go with it."""
        self._remove([one for one in self._items.values() if one.goes_with == connection], now)

    def move(self, data: Mapping[str, Any], now: int) -> Answer:
        """Move items, each with an answer of its own."""
        moves = rows(data.get("itemsToMove"))
        if len(moves) > MOST_MOVES:
            return Fault(900, "at most 64 items can be moved at once")
        return {"movedItems": [self._moved(row, now) for row in moves]}

    def _moved(self, row: Mapping[str, Any], now: int) -> Frame:
        item = self._items.get(text(row.get("itemInstanceID")))
        said = {key: number(row.get(key)) for key in ("positionX", "positionY", "size", "rotation")}
        error = -1
        if item is None:
            error = 901
        elif row.get("fadeMode") not in (None, *ITEM_EASES.values()):
            error = 902
        elif item.pinned is not None:
            error = 903
        else:
            over = limited(number(row.get("timeInSeconds")) or 0, 0, LONGEST_ITEM_MOVE // SECOND)
            to = {key: value for key, value in said.items() if value is not None and value > LEFT}
            item.place = item.place.turned(to, round(over * SECOND), now)
            order = number(row.get("order"))
            item.order = item.order if order is None or order <= LEFT else int(order)
            item.flipped = row.get("flip") is True if row.get("setFlip") is True else item.flipped
        return {"itemInstanceID": text(row.get("itemInstanceID")), "success": error == -1, "errorID": error}

    def animate(self, data: Mapping[str, Any]) -> Answer:
        """Play, stop, or make more or less opaque."""
        item = self._items.get(text(data.get("itemInstanceID")))
        rate, frame, bright, opaque = (
            -1 if data.get(key) is None else number(data.get(key))
            for key in ("framerate", "frame", "brightness", "opacity")
        )
        stops = data.get("autoStopFrames")
        if item is None:
            return Fault(850, "there is no such item")
        if item.kind == "Live2D":
            return Fault(851, "a Live2D item has no frames")
        if isinstance(stops, list) and len(stops) > MOST_STOPS:
            return Fault(852, "too many frames to stop at")
        if None in (rate, frame, bright, opaque) or max(bright or 0, opaque or 0) > 1:
            return Fault(853, "a value is out of range")
        plays = data.get("setAnimationPlayState") is True
        if item.kind in {"PNG", "JPG"} and (plays or rate != -1 or frame != -1):
            return Fault(854, "a plain picture has no frames")
        item.rate = item.rate if rate == -1 else float(rate or 0)
        item.frame = item.frame if frame == -1 else int(frame or 0) % FRAMES
        item.opacity = item.opacity if opaque == -1 else float(opaque or 0)
        item.playing = data.get("animationPlayState") is True if plays else item.playing
        return {"frame": item.frame, "animationPlaying": item.playing and item.kind not in {"PNG", "JPG"}}

    def pin(self, data: Mapping[str, Any], now: int, *, model: str) -> Answer:
        """Pin an item to the model, or take it off."""
        item = self._items.get(text(data.get("itemInstanceID")))
        if item is None:
            return Fault(1050, "there is no such item")
        if data.get("pin") is not True:
            item.pinned = None
            self.tell("DroppedUnpinned", item, now)
            return {"isPinned": False, "itemInstanceID": item.instance, "itemFileName": item.file}
        if data.get("angleRelativeTo") not in ANGLES or data.get("sizeRelativeTo") not in SIZES:
            return Fault(1051, "angleRelativeTo or sizeRelativeTo is none that is known")
        if data.get("vertexPinType") not in VERTICES:
            return Fault(1051, "vertexPinType is none that is known")
        info = data.get("pinInfo") if isinstance(data.get("pinInfo"), dict) else {}
        if not model or text((info or {}).get("modelID")) not in {"", model}:
            return Fault(1052, "that model is not loaded")
        mesh = text((info or {}).get("artMeshID")) or next(
            (entry.name for entry in self._gallery.entries("artmeshes")), ""
        )
        if self._gallery.find("artmeshes", mesh) is None:
            return Fault(1053, "the model has no such ArtMesh")
        if data.get("vertexPinType") == "Provided":
            weights = [number((info or {}).get(f"vertexWeight{one}")) for one in (1, 2, 3)]
            if None in weights or abs(sum(one or 0 for one in weights) - 1) > 0.01:
                return Fault(1054, "the weights of the vertices do not make 1")
        item.pinned, item.place = mesh, Motion(item.place.at(now), item.place.at(now))
        self.tell("DroppedPinned", item, now)
        return {"isPinned": True, "itemInstanceID": item.instance, "itemFileName": item.file}

    def sort(self, data: Mapping[str, Any], *, model: Mapping[str, Any]) -> Answer:
        """Put an item between the layers of the model."""
        item = self._items.get(text(data.get("itemInstanceID")))
        if item is None:
            return Fault(1250, "there is no such item")
        if not model["modelLoaded"]:
            return Fault(1251, "no model is loaded")
        for key in ("setSplitPoint", "setFrontOrder", "setBackOrder"):
            if data.get(key) not in (None, *SPLITS, "FullyInFront", "FullyInBack"):
                return Fault(1252, f"{key} is none that is known")
        if self.locked:
            return Fault(1255, "no item can be sorted at this moment")
        return {
            "itemInstanceID": item.instance,
            **model,
            "loadedModelHadRequestedFrontLayer": True,
            "loadedModelHadRequestedBackLayer": True,
        }

    def listed(self, data: Mapping[str, Any]) -> Answer:
        """Give the data of an ItemListResponse."""
        file, instance = text(data.get("onlyItemsWithFileName")), text(data.get("onlyItemsWithInstanceID"))
        there = [
            one
            for one in self._items.values()
            if (not file or one.file == file) and (not instance or one.instance == instance)
        ]
        taken = {one.order for one in self._items.values()}
        spots = [order for order in ORDERS if order not in taken] if data.get("includeAvailableSpots") is True else []
        files = self._gallery.entries("items") if data.get("includeAvailableItemFiles") is True else ()
        return {
            "itemsInSceneCount": len(self._items),
            "totalItemsAllowedCount": MOST,
            "canLoadItemsRightNow": not self.locked,
            "availableSpots": spots,
            "itemInstancesInScene": [_row(one) for one in there]
            if data.get("includeItemInstancesInScene") is True
            else [],
            "availableItemFiles": [
                {
                    "fileName": entry.name,
                    "type": entry.kind or _kind(entry.name),
                    "loadedCount": sum(one.file == entry.name for one in self._items.values()),
                }
                for entry in files
                if not file or entry.name == file
            ],
        }

    def visible(self, now: int) -> list[str]:
        """Give the items, for people."""
        found = []
        for one in self._items.values():
            place = one.place.at(now)
            where = f"on {one.pinned}" if one.pinned else f"at {place['positionX']} {place['positionY']}"
            still = "" if one.playing or one.kind in {"PNG", "JPG", "Live2D"} else " (stopped)"
            seen = "" if one.opacity == 1 else f" ({one.opacity:.0%} opaque)"
            found.append(f"item {one.file} {where}{still}{seen}")
        return found


def _read_place(data: Mapping[str, Any], usual: Mapping[str, float]) -> dict[str, float] | None:
    """Read a place; None where a value is beyond what is allowed."""
    found = {key: default if data.get(key) is None else number(data.get(key)) for key, default in usual.items()}
    known = {key: value for key, value in found.items() if value is not None}
    fine = len(known) == len(usual) and all(abs(value) <= 1000 for value in known.values()) and 0 <= known["size"] <= 1
    return known if fine else None


def _kind(file: str) -> str:
    ending = file.rpartition(".")[2].upper() if "." in file else "Live2D"
    return {"PNG": "PNG", "JPG": "JPG", "JPEG": "JPG", "GIF": "GIF", "Live2D": "Live2D"}.get(ending, "Unknown")


def _is_image(value: Any) -> bool:
    try:
        image = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return False
    return len(image) < LARGEST_IMAGE and image.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8"))


def _row(item: Item) -> Frame:
    animated = item.kind not in {"PNG", "JPG", "Live2D"}
    return {
        "fileName": item.file,
        "instanceID": item.instance,
        "order": item.order,
        "type": item.kind,
        "censored": item.flags[0],
        "flipped": item.flipped,
        "locked": item.flags[1],
        "smoothing": item.smoothing,
        "framerate": item.rate if animated else -1,
        "frameCount": FRAMES if animated else -1,
        "currentFrame": item.frame if animated else -1,
        "pinnedToModel": item.pinned is not None,
        "pinnedModelID": "",
        "pinnedArtMeshID": item.pinned or "",
        "groupName": "",
        "sceneName": "",
        "fromWorkshop": False,
    }

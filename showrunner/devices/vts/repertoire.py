"""What is known of the model that is loaded: its hotkeys, expressions and inputs, the models and items there are.

As VTube Studio has told it on this connection. A list that is None is to be asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from showrunner.devices.vocabulary import Entry, Frame, Number
from showrunner.devices.vts.arguments import EXPRESSION_ENDING, PLACE, same_file
from showrunner.devices.vts.envelope import data_of, number, rows, text
from showrunner.slotted import dataclass


@dataclass(frozen=True, slots=True)
class Hotkey:
    """A hotkey. ``kind`` is what it does (`TriggerAnimation`), ``file`` what it does it with, if anything."""

    name: str
    id: str
    kind: str
    file: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model. ``file`` is that of its settings, by which another way to call it."""

    name: str
    id: str
    file: str = ""


class Repertoire:
    """What one VTube Studio has. ``model`` is the one that is loaded, ``loaded`` whether one is (None: not known)."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Know nothing: this is another connection, or there is none."""
        self.model: Model | None = None
        self.loaded: bool | None = None
        self.models: tuple[Model, ...] | None = None
        self.items: dict[str, str] = {}
        self.other_model()

    def other_model(self) -> None:
        """What belonged to the model before is not to be relied on."""
        self.hotkeys: tuple[Hotkey, ...] | None = None
        self.expressions: dict[str, str] | None = None

    def takes(self, model: Model | None) -> None:
        """Note which model is loaded now."""
        if model is None or self.model is None or model.id != self.model.id:
            self.other_model()
        self.model, self.loaded = model, model is not None

    def hotkey(self, wanted: str) -> Hotkey | None:
        """Find a hotkey by its id, or by its name, case ignored: the first of that name."""
        return find_hotkey(self.hotkeys or (), wanted)

    def expression(self, wanted: str) -> str:
        """Give the file of an expression. One that is not known is taken for a file."""
        for name, file in (self.expressions or {}).items():
            if wanted.casefold() == name.casefold() or same_file(wanted, file, EXPRESSION_ENDING):
                return file
        return wanted if wanted.endswith(EXPRESSION_ENDING) else f"{wanted}{EXPRESSION_ENDING}"

    def model_id(self, wanted: str) -> str | None:
        """Give the id of a model by its name, file or id, case ignored; None where none is called so."""
        folded = wanted.casefold()
        for model in self.models or ():
            if folded in {model.name.casefold(), model.id.casefold()} or same_file(wanted, model.file, ".vtube.json"):
                return model.id
        return None

    def item_name(self, instance: str) -> str | None:
        """Give what the show calls an item."""
        return next((name for name, known in self.items.items() if known == instance), None)


def find_hotkey(hotkeys: Iterable[Hotkey], wanted: str) -> Hotkey | None:
    """Find a hotkey among these as VTube Studio does: by its id, or the first of that name, case ignored."""
    known = tuple(hotkeys)
    by_id = next((one for one in known if one.id == wanted), None)
    return by_id or next((one for one in known if one.name.casefold() == wanted.casefold()), None)


# --- reading answers


def model_of(frame: Frame) -> Model | None:
    """Read which model is loaded off an answer or an event; None where none is."""
    data = data_of(frame)
    if data.get("modelLoaded") is not True:
        return None
    return Model(text(data.get("modelName")), text(data.get("modelID")))


def models_of(frame: Frame) -> tuple[Model, ...]:
    """Read an AvailableModelsResponse."""
    return tuple(
        Model(text(row.get("modelName")), text(row.get("modelID")), text(row.get("vtsModelName")))
        for row in rows(data_of(frame).get("availableModels"))
        if text(row.get("modelID"))
    )


def hotkeys_of(frame: Frame) -> tuple[Hotkey, ...]:
    """Read a HotkeysInCurrentModelResponse."""
    return tuple(
        Hotkey(text(row.get("name")), text(row.get("hotkeyID")), text(row.get("type")), text(row.get("file")))
        for row in rows(data_of(frame).get("availableHotkeys"))
        if text(row.get("hotkeyID"))
    )


def expressions_of(frame: Frame, *, active: bool = False) -> dict[str, str]:
    """Read an ExpressionStateResponse: name -> file, of all or of those that are on."""
    return {
        text(row.get("name")) or text(row.get("file")): text(row.get("file"))
        for row in rows(data_of(frame).get("expressions"))
        if text(row.get("file")) and (not active or row.get("active") is True)
    }


def parameters_of(listed: Any) -> tuple[Entry, ...]:
    """Read a list of parameters for the catalogue. ``label``: who has added one that is not VTube Studio's own."""
    found = []
    for row in rows(listed):
        name, adder = text(row.get("name")), text(row.get("addedBy"))
        if name:
            low, high, default = (number(row.get(key)) for key in ("min", "max", "defaultValue"))
            label = adder if adder not in {"", "VTube Studio"} else None
            found.append(Entry(name, minimum=low, maximum=high, default=default, label=label))
    return tuple(found)


def place_of(frame: Frame) -> dict[str, Number]:
    """Read where the model is, by property. The turn is given from -180 to 180, so that no way goes round the back."""
    position = data_of(frame).get("modelPosition")
    if not isinstance(position, dict):
        return {}
    keys = {"X": "positionX", "Y": "positionY", "DEG": "rotation", "S": "size"}
    found = {name: number(position.get(keys[hole])) for hole, name in PLACE.items()}
    turn = found["place.turn"]
    if turn is not None and turn > 180:
        found["place.turn"] = turn - 360
    return {name: value for name, value in found.items() if value is not None}


def items_of(frame: Frame) -> list[tuple[str, str]]:
    """Read the items in the scene off an ItemListResponse: (instance, file)."""
    listed = rows(data_of(frame).get("itemInstancesInScene"))
    return [(text(row.get("instanceID")), text(row.get("fileName"))) for row in listed if text(row.get("instanceID"))]

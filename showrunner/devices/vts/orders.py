"""Commands to requests: what each asks VTube Studio for, one request after the other, and what ends it.

What is refused for the moment only is asked again by the driver; how ends are told is in ``ends``, which hotkeys and
expressions there are in ``repertoire``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from showrunner.devices.in_flight import Then
from showrunner.devices.vocabulary import Answered, Command, Condition, Output, Values
from showrunner.devices.vts import repertoire
from showrunner.devices.vts.alarms import Alarms, Step
from showrunner.devices.vts.arguments import (
    BETWEEN_MODELS,
    ITEM_EASES,
    LONGEST_ITEM_MOVE,
    SECOND,
    colour,
    over_of,
    request_name,
    same_file,
)
from showrunner.devices.vts.ends import Attempt, Ends
from showrunner.devices.vts.envelope import Fault, data_of, fault_of, number, rows, text
from showrunner.devices.vts.repertoire import Hotkey, Repertoire

BETWEEN_HOTKEYS = 83_334
"""VTube Studio takes a hotkey in five frames: the next one waits here for so long, in microseconds."""

LEAVE = -1000
"""What an item's place is given as where it is to stay as it is."""

NO_MODEL = "no model is loaded in VTube Studio"


class Desk(Protocol):
    """What an order is carried out with: the driver."""

    known: Repertoire
    alarms: Alarms
    ends: Ends

    def order(self, of: Attempt, kind: str, data: Mapping[str, Any], then: Then, now: int) -> list[Output]:
        """Send a request of a command, again where it is refused for the moment only."""
        ...

    def subscribe(self, of: Attempt, event: str, then: Step, now: int) -> list[Output]:
        """Have an event told that an end needs, and go on."""
        ...

    def unwatch(self, now: int) -> list[Output]:
        """Be told no more how the model moves, unless somebody waits for it to stand."""
        ...

    def ask(self, kind: str, data: Mapping[str, Any], then: Then, now: int) -> Output:
        """Send a question of the driver's own."""
        ...


def answered(of: Attempt, fault: Fault | None = None, answer: str | None = None) -> Answered:
    """Say how a request went."""
    return Answered(of.id, of.number, fault is None, None if fault is None else fault.words, answer)


def failed(of: Attempt, reason: str) -> list[Output]:
    """Say that a command cannot be carried out."""
    return [Answered(of.id, of.number, ok=False, reason=reason)]


class Orders:
    """The commands of one device."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._next_hotkey = self._next_model = 0
        self._expressions_set = self._effects_set = False
        self._carried: Mapping[str, Callable[[Attempt, Command, int], list[Output]]] = {
            "model": self._model,
            "hotkey": self._hotkey,
            "place": self._place,
            "shift": self._shift,
            "expression": self._expression,
            "expressions": lambda of, _, now: self._expressions_off(of, now),
            "tint": self._tint,
            "effect": self._effect,
            "effects": self._effects,
            "item": self._item,
            "value": self._value,
            "face": self._face,
            "call": self._call,
        }

    def carry_out(self, of: Attempt, command: Command, now: int) -> list[Output]:
        """Send what a command asks for first."""
        return self._carried[command.verb.name](of, command, now)

    def _simple(self, of: Attempt, kind: str, data: Mapping[str, Any], now: int, lasting: int = 0) -> list[Output]:
        """Send one request whose work is over so long after its reply."""
        return self._desk.order(of, kind, data, self._after(of, lasting), now)

    def _after(self, of: Attempt, lasting: int, then: Step = lambda _: []) -> Then:
        def heard(reply: Any, _: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            if fault is not None:
                return [answered(of, fault)]
            return [answered(of), *self._over(of, lasting, then, when)]

        return heard

    def _over(self, of: Attempt, lasting: int, then: Step, now: int) -> list[Output]:
        """End an attempt after so long, by our own clock: of fades and moves VTube Studio tells no end."""

        def end(when: int) -> list[Output]:
            return [of.ended(), *then(when)]

        if lasting == 0:
            return end(now)
        self._desk.alarms.set(("end", of), now + lasting, end)
        return []

    # -- models

    def _model(self, of: Attempt, command: Command, now: int) -> list[Output]:
        if command.verb.answers:
            return self._which_model(of, now)
        known = self._desk.known
        wanted = command.get("NAME")
        if wanted is None:
            if known.loaded is False:
                return [answered(of), of.ended()]
            return self._load(of, "", None, now)

        def find(when: int) -> list[Output]:
            model = known.model_id(str(wanted)) or str(wanted)
            if known.model is not None and model in (known.model.id, known.model.name):
                return [answered(of), of.ended()]
            return self._load(of, model, model, when)

        if known.model is not None and str(wanted).casefold() == known.model.name.casefold():
            return [answered(of), of.ended()]
        if known.models is not None and known.model_id(str(wanted)) is not None:
            return find(now)
        return self._desk.order(of, "AvailableModelsRequest", {}, lambda *heard: find(heard[-1]), now)

    def _load(self, of: Attempt, model: str, wanted: str | None, now: int) -> list[Output]:
        if now < self._next_model:
            self._desk.alarms.set(("held", of), self._next_model, lambda when: self._load(of, model, wanted, when))
            return []
        self._next_model = now + BETWEEN_MODELS
        self._desk.ends.model(of, wanted, now)

        def heard(reply: Any, _: str | None, __: int) -> list[Output]:
            fault = fault_of(reply)
            if fault is not None:
                self._desk.ends.disarm(of)
            return [answered(of, fault)]

        return self._desk.order(of, "ModelLoadRequest", {"modelID": model}, heard, now)

    def _which_model(self, of: Attempt, now: int) -> list[Output]:
        def heard(reply: Any, _: str | None, __: int) -> list[Output]:
            model = repertoire.model_of(reply)
            return [answered(of, fault_of(reply), "" if model is None else model.name)]

        return self._desk.order(of, "CurrentModelRequest", {}, heard, now)

    # -- hotkeys

    def _hotkey(self, of: Attempt, command: Command, now: int) -> list[Output]:
        wanted, item, known = str(command.get("NAME")), command.get("ITEM"), self._desk.known
        if item is not None:
            return self._item_hotkey(of, wanted, str(item), now)
        if known.loaded is False:
            return failed(of, NO_MODEL)

        def press(when: int) -> list[Output]:
            return self._press(of, wanted, known.hotkey(wanted), {}, when)

        if known.hotkeys is not None:
            return press(now)
        return self._desk.order(of, "HotkeysInCurrentModelRequest", {}, lambda *heard: press(heard[-1]), now)

    def _item_hotkey(self, of: Attempt, wanted: str, item: str, now: int) -> list[Output]:
        def there(instance: str, file: str, when: int) -> list[Output]:
            def listed(reply: Any, _: str | None, later: int) -> list[Output]:
                hotkey = repertoire.find_hotkey(repertoire.hotkeys_of(reply), wanted)
                return self._press(of, wanted, hotkey, {"itemInstanceID": instance}, later)

            return self._desk.order(of, "HotkeysInCurrentModelRequest", {"live2DItemFileName": file}, listed, when)

        return self._with_item(of, item, there, now)

    def _press(
        self, of: Attempt, wanted: str, hotkey: Hotkey | None, where: Mapping[str, str], now: int
    ) -> list[Output]:
        """Press a hotkey, once what tells its end is told to us and its turn has come."""
        kind = "" if hotkey is None else hotkey.kind
        file = "" if hotkey is None else hotkey.file
        data = {"hotkeyID": wanted if hotkey is None else hotkey.id, **where}
        ends = self._desk.ends

        def heard(reply: Any, _: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            if fault is not None:
                ends.disarm(of)
                return [answered(of, fault), *(self._desk.unwatch(when) if kind == "MoveModel" else [])]
            if kind == "TriggerAnimation":
                ends.pressed(of, when)
            elif kind == "MoveModel":
                ends.set_off(of, when)
            return [answered(of), *([] if kind in _TOLD else [of.ended()])]

        def go(when: int) -> list[Output]:
            if when < self._next_hotkey:
                self._desk.alarms.set(("held", of), self._next_hotkey, go)
                return []
            self._next_hotkey = when + BETWEEN_HOTKEYS
            if kind == "TriggerAnimation":
                ends.animation(of, file, of_item=bool(where))
            elif kind == "ChangeVTSModel":
                ends.model(of, self._desk.known.model_id(file), when, any=self._desk.known.model_id(file) is None)
            elif kind == "MoveModel":
                ends.move(of)
            return self._desk.order(of, "HotkeyTriggerRequest", data, heard, when)

        event = _TOLD.get(kind)
        return go(now) if event is None else self._desk.subscribe(of, event, go, now)

    # -- where the model is

    def _place(self, of: Attempt, command: Command, now: int) -> list[Output]:
        return self._simple(of, "MoveModelRequest", move_model(command, 0, relative=False), now)

    def _shift(self, of: Attempt, command: Command, now: int) -> list[Output]:
        over = over_of(command)
        data = move_model(command, over, relative=True)

        def look(when: int) -> list[Output]:
            """Where a move of it begins next has changed."""
            return [self._desk.ask("CurrentModelRequest", {}, told, when)]

        def told(reply: Any, _: str | None, __: int) -> list[Output]:
            found = repertoire.place_of(reply)
            return [Values(found, "place", asked=False)] if found else []

        return self._desk.order(of, "MoveModelRequest", data, self._after(of, over, look), now)

    # -- looks

    def _expression(self, of: Attempt, command: Command, now: int) -> list[Output]:
        on, over, known = bool(command.get("SWITCH")), over_of(command), self._desk.known
        self._expressions_set = self._expressions_set or on

        def go(when: int) -> list[Output]:
            data: dict[str, Any] = {"expressionFile": known.expression(str(command.get("NAME"))), "active": on}
            if on and command.get("D") is not None:
                data["fadeTime"] = over / SECOND
            return self._simple(of, "ExpressionActivationRequest", data, when, over if on else 0)

        if known.expressions is not None:
            return go(now)
        return self._desk.order(of, "ExpressionStateRequest", {"details": True}, lambda *heard: go(heard[-1]), now)

    def _expressions_off(self, of: Attempt, now: int) -> list[Output]:
        def listed(reply: Any, _: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            if fault is not None:
                return [answered(of, fault)]
            return off(list(repertoire.expressions_of(reply, active=True).values()), when)

        def off(files: list[str], when: int) -> list[Output]:
            if not files:
                return [answered(of)]

            def heard(reply: Any, _: str | None, later: int) -> list[Output]:
                fault = fault_of(reply)
                return off(files[1:], later) if fault is None else [answered(of, fault)]

            data = {"expressionFile": files[0], "active": False}
            return self._desk.order(of, "ExpressionActivationRequest", data, heard, when)

        return self._desk.order(of, "ExpressionStateRequest", {"details": False}, listed, now)

    def _tint(self, of: Attempt, command: Command, now: int) -> list[Output]:
        written, matches = command.get("COLOR"), list(command.all("MATCH"))
        red, green, blue, opaque = (None if written is None else colour(str(written))) or (255, 255, 255, 255)
        matcher = {"nameContains": matches, "tagContains": matches} if matches else {"tintAll": True}
        tint = {
            "colorR": red,
            "colorG": green,
            "colorB": blue,
            "colorA": opaque,
            "mixWithSceneLightingColor": 1,
        }

        def heard(reply: Any, _: str | None, __: int) -> list[Output]:
            fault = fault_of(reply)
            note = (
                f"no part of the model has {' or '.join(f'`{one}`' for one in matches)} in its name: nothing is tinted"
            )
            nothing = fault is None and matches and data_of(reply).get("matchedArtMeshes") == 0
            return [answered(of, fault), *([Condition("note", note, of.id)] if nothing else [])]

        return self._desk.order(of, "ColorTintRequest", {"colorTint": tint, "artMeshMatcher": matcher}, heard, now)

    def _effect(self, of: Attempt, command: Command, now: int) -> list[Output]:
        over, do = over_of(command), command.get("DO")
        self._effects_set = True
        if do is None:
            data = effects(over=over, values=effect_values(command))
        else:
            data = effects(over=over, preset=str(command.get("NAME", "")))
        return self._simple(of, "PostProcessingUpdateRequest", data, now, over)

    def _effects(self, of: Attempt, command: Command, now: int) -> list[Output]:
        on = bool(command.get("SWITCH"))
        self._effects_set = self._effects_set or on
        return self._simple(of, "PostProcessingUpdateRequest", effects(on=on), now)

    # -- items

    def _item(self, of: Attempt, command: Command, now: int) -> list[Output]:
        do = command.get("DO")
        if do == "load":
            return self._load_item(of, command, now)
        if do == "unload all":
            self._desk.known.items.clear()
            return self._simple(of, "ItemUnloadRequest", unload_items(ours=True), now)
        name = str(command.get("NAME"))

        def there(instance: str, _: str, when: int) -> list[Output]:
            match do:
                case "move":
                    return self._move_item(of, instance, command, over_of(command, LONGEST_ITEM_MOVE), when)
                case "unload":
                    self._desk.known.items.pop(name, None)
                    return self._simple(of, "ItemUnloadRequest", unload_items(instance), when)
                case "pin" | "drop":
                    return self._simple(of, "ItemPinRequest", pin(instance, do, command.get("ARTMESH")), when)
                case _:
                    return self._simple(of, "ItemAnimationControlRequest", animation(instance, command), when)

        return self._with_item(of, name, there, now)

    def _with_item(
        self, of: Attempt, name: str, then: Callable[[str, str, int], list[Output]], now: int
    ) -> list[Output]:
        """Find an item by what the show calls it, by its file or its id."""

        def listed(reply: Any, _: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            if fault is not None:
                return [answered(of, fault)]
            there = repertoire.items_of(reply)
            ours = self._desk.known.items.get(name)
            found = next((one for one in there if one[0] in (ours, name)), None)
            found = found or next((one for one in there if same_file(name, one[1])), None)
            return failed(of, f"there is no item `{name}` on the stage") if found is None else then(*found, when)

        return self._desk.order(of, "ItemListRequest", LOADED, listed, now)

    def _load_item(self, of: Attempt, command: Command, now: int) -> list[Output]:
        file, known, over = str(command.get("FILE")), self._desk.known, over_of(command)
        name = str(command.get("NAME") or file)
        if name in known.items:
            return self._load_again(of, command, name, now)

        def heard(reply: Any, _: str | None, when: int) -> list[Output]:
            fault, instance = fault_of(reply), text(data_of(reply).get("instanceID"))
            if fault is not None:
                self._desk.ends.disarm(of)
                return [answered(of, fault)]
            known.items[name] = instance
            return [answered(of), *self._desk.ends.is_item(of, instance, when)]

        def go(when: int) -> list[Output]:
            self._desk.ends.item(of)
            return self._desk.order(of, "ItemLoadRequest", load_item(command, file, over), heard, when)

        return self._desk.subscribe(of, "ItemEvent", go, now)

    def _load_again(self, of: Attempt, command: Command, name: str, now: int) -> list[Output]:
        """What is there under that name already is brought where it belongs; another file takes its place."""
        file, known = str(command.get("FILE")), self._desk.known

        def listed(reply: Any, _: str | None, when: int) -> list[Output]:
            instance = known.items.pop(name, "")
            there = next((one for one in repertoire.items_of(reply) if one[0] == instance), None)
            if there is None:
                return self._load_item(of, command, when)
            if there[1] == file:
                known.items[name] = instance
                return self._move_item(of, instance, command, over_of(command), when)
            return self._desk.order(of, "ItemUnloadRequest", unload_items(instance), unloaded, when)

        def unloaded(reply: Any, _: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            return self._load_item(of, command, when) if fault is None else [answered(of, fault)]

        return self._desk.order(of, "ItemListRequest", LOADED, listed, now)

    def _move_item(self, of: Attempt, instance: str, command: Command, over: int, now: int) -> list[Output]:
        row = move_item(instance, command, over)

        def heard(reply: Any, _: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            moved = next(iter(rows(data_of(reply).get("movedItems"))), {})
            if fault is None and moved.get("success") is False:
                fault = Fault(int(number(moved.get("errorID")) or 0), "the item was not moved")
            if fault is not None:
                return [answered(of, fault)]
            return [answered(of), *self._over(of, over, lambda _: [], when)]

        return self._desk.order(of, "ItemMoveRequest", {"itemsToMove": [row]}, heard, now)

    # -- what is asked, and the rest

    def _value(self, of: Attempt, command: Command, now: int) -> list[Output]:
        def heard(reply: Any, _: str | None, __: int) -> list[Output]:
            value = number(data_of(reply).get("value"))
            return [answered(of, fault_of(reply), None if value is None else str(value))]

        return self._desk.order(of, "ParameterValueRequest", {"name": str(command.get("PARAM"))}, heard, now)

    def _face(self, of: Attempt, _: Command, now: int) -> list[Output]:
        def heard(reply: Any, _: str | None, __: int) -> list[Output]:
            return [answered(of, fault_of(reply), "on" if data_of(reply).get("found") is True else "off")]

        return self._desk.order(of, "FaceFoundRequest", {}, heard, now)

    def _call(self, of: Attempt, command: Command, now: int) -> list[Output]:
        def heard(reply: Any, _: str | None, __: int) -> list[Output]:
            fault = fault_of(reply)
            return [answered(of, fault, spelled(data_of(reply)) if fault is None else None)]

        kind = request_name(str(command.get("REQUEST")))
        return self._desk.order(of, kind, command.get("JSON", {}), heard, now)

    # -- panic

    def panic(self, now: int) -> list[Output]:
        """Take back what the show has laid over the model: expressions and effects, where it has set any."""
        outputs: list[Output] = []
        if self._expressions_set:

            def listed(reply: Any, _: str | None, when: int) -> list[Output]:
                files = repertoire.expressions_of(reply, active=True).values()
                return [
                    self._desk.ask(
                        "ExpressionActivationRequest", {"expressionFile": file, "active": False}, _nothing, when
                    )
                    for file in files
                ]

            outputs.append(self._desk.ask("ExpressionStateRequest", {"details": False}, listed, now))
        if self._effects_set:
            outputs.append(self._desk.ask("PostProcessingUpdateRequest", effects(on=False), _nothing, now))
        self._expressions_set = self._effects_set = False
        return outputs


_TOLD = {
    "TriggerAnimation": "ModelAnimationEvent",
    "ChangeVTSModel": "ModelLoadedEvent",
    "MoveModel": "ModelMovedEvent",
}
"""Type of a hotkey -> the event that tells its end. Of any other the reply is all there is."""

LOADED = {"includeAvailableSpots": False, "includeItemInstancesInScene": True, "includeAvailableItemFiles": False}
"""Asks for the items in the scene, and not for the files, which takes long."""


def _nothing(*_: Any) -> list[Output]:
    return []


def move_model(command: Command, over: int, *, relative: bool) -> dict[str, Any]:
    """Give the data of a MoveModelRequest; what a command does not say stays."""
    keys = {"X": "positionX", "Y": "positionY", "DEG": "rotation", "S": "size"}
    said = {key: command.get(hole) for hole, key in keys.items() if command.get(hole) is not None}
    return {"timeInSeconds": over / SECOND, "valuesAreRelativeToModel": relative, **said}


def effects(
    *, on: bool = True, over: int = 0, preset: str | None = None, values: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """Give the data of a PostProcessingUpdateRequest: a preset (empty: none), or values, or neither."""
    return {
        "postProcessingOn": on,
        "setPostProcessingPreset": preset is not None,
        "presetToSet": preset or "",
        "setPostProcessingValues": values is not None,
        "postProcessingValues": values or [],
        "postProcessingFadeTime": over / SECOND,
        "setAllOtherValuesToDefault": False,
        "usingRestrictedEffects": False,
        "randomizeAll": False,
        "randomizeAllChaosLevel": 0,
    }


def effect_values(command: Command) -> list[dict[str, str]]:
    """Give the values of an `effect`, which are texts on the wire."""
    found: list[dict[str, str]] = []
    for argument in command.arguments:
        if argument.name == "CONFIG":
            found.append({"configID": str(argument.value)})
        elif argument.name == "V":
            found[-1]["configValue"] = str(argument.value)
        elif argument.name == "W":
            word = str(argument.value)
            known = colour(word)
            switch = {"on": "true", "off": "false"}.get(word.casefold())
            found[-1]["configValue"] = switch or (word if known is None else "".join(f"{part:02X}" for part in known))
    return found


def load_item(command: Command, file: str, over: int) -> dict[str, Any]:
    """Give the data of an ItemLoadRequest. The item goes with the show."""
    return {
        "fileName": file,
        "positionX": command.get("X", 0),
        "positionY": command.get("Y", 0),
        "size": command.get("S", 0.32),
        "rotation": command.get("DEG", 0),
        "fadeTime": over / SECOND,
        "order": command.get("N", 1),
        "failIfOrderTaken": False,
        "smoothing": 0,
        "censored": False,
        "flipped": False,
        "locked": False,
        "unloadWhenPluginDisconnects": True,
    }


def unload_items(*instances: str, ours: bool = False) -> dict[str, Any]:
    """Give the data of an ItemUnloadRequest: of these, or of all that this plugin has loaded."""
    return {
        "unloadAllInScene": False,
        "unloadAllLoadedByThisPlugin": ours,
        "allowUnloadingItemsLoadedByUserOrOtherPlugins": not ours,
        "instanceIDs": list(instances),
        "fileNames": [],
    }


def move_item(instance: str, command: Command, over: int) -> dict[str, Any]:
    """Give one row of an ItemMoveRequest; what a command does not say stays."""
    return {
        "itemInstanceID": instance,
        "timeInSeconds": over / SECOND,
        "fadeMode": ITEM_EASES[str(command.get("E", "linear"))],
        "positionX": command.get("X", LEAVE),
        "positionY": command.get("Y", LEAVE),
        "size": command.get("S", LEAVE),
        "rotation": command.get("DEG", LEAVE),
        "order": command.get("N", LEAVE),
        "setFlip": False,
        "flip": False,
        "userCanStop": False,
    }


def pin(instance: str, do: str, artmesh: Any) -> dict[str, Any]:
    """Give the data of an ItemPinRequest: as the item is, in the middle of an ArtMesh (of any, where none is said)."""
    if do == "drop":
        return {"pin": False, "itemInstanceID": instance}
    return {
        "pin": True,
        "itemInstanceID": instance,
        "angleRelativeTo": "RelativeToCurrentItemRotation",
        "sizeRelativeTo": "RelativeToCurrentItemSize",
        "vertexPinType": "Center",
        "pinInfo": {"modelID": "", "artMeshID": "" if artmesh is None else str(artmesh), "angle": 0, "size": 0},
    }


def animation(instance: str, command: Command) -> dict[str, Any]:
    """Give the data of an ItemAnimationControlRequest; -1 leaves a thing as it is."""
    do = command.get("DO")
    return {
        "itemInstanceID": instance,
        "framerate": command.get("F", -1),
        "frame": command.get("N", -1),
        "brightness": -1,
        "opacity": command.get("OPACITY", -1),
        "setAutoStopFrames": False,
        "autoStopFrames": [],
        "setAnimationPlayState": do in {"play", "stop"},
        "animationPlayState": do == "play",
    }


def spelled(data: Mapping[str, Any]) -> str | None:
    """Give what an answer holds: its one text, number or switch as text, else all of it as JSON."""
    if not data:
        return None
    if len(data) == 1:
        (only,) = data.values()
        if isinstance(only, str):
            return only
        if number(only) is not None:
            return str(only)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

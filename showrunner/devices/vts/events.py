"""What VTube Studio can tell a show: the events. None of their texts comes from a viewer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.vocabulary import Event, Field, Kind
from showrunner.devices.vts.arguments import BUTTONS, ITEM_EVENTS, MOTION_ENDING, same_file
from showrunner.diagnostics.sentence import sentence

MODEL = Kind("name", sentence("a model's name"), catalogue="models")
ITEM = Kind("name", sentence("what the item is called, or its file"))


def _fits_hotkey(asked: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    wanted = str(asked.get("NAME", "")).casefold()
    return not wanted or wanted in {str(said.get(name, "")).casefold() for name in ("name", "id", "type")}


def _fits_animation(asked: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return "FILE" not in asked or same_file(str(asked["FILE"]), str(said.get("animation", "")), MOTION_ENDING)


def _fits_model(asked: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    wanted = str(asked.get("NAME", "")).casefold()
    return not wanted or wanted in {str(said.get(name, "")).casefold() for name in ("model", "id")}


def _fits_item(asked: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    if asked["TYPE"] != said.get("type"):
        return False
    return "FILE" not in asked or any(same_file(str(asked["FILE"]), str(said.get(one, ""))) for one in ("item", "file"))


_ANIMATED = (
    Field("animation", "text", "the animation's file"),
    Field("length", "number", "how long it is, in seconds"),
)
_PLACED_AT = (Field("x", "number", "how far right"), Field("y", "number", "how far up"))
_HAND = (Field("hand", "text", "`left` or `right`"),)


def _event(name: str, form: str, kinds: Mapping[str, Kind], fields: tuple[Field, ...], says: str, **more: Any) -> Event:
    example = more.pop("example", name)
    return Event(name, form, kinds, fields, says, f"wait for vts {example} within 1m", **more)


EVENTS = (
    _event(
        "Hotkey",
        "[NAME]",
        {"NAME": Kind("name", sentence("a hotkey's name, id or type"))},
        (
            Field("name", "text", "the hotkey's name"),
            Field("type", "text", "what it does: `TriggerAnimation`"),
            Field("file", "text", "the file it is about"),
            Field("item", "switch", "whether it is one of an item"),
            Field("id", "text", "its id"),
        ),
        "somebody pressed a hotkey (those that the show presses do not count)",
        example="Hotkey Wave",
        fits=_fits_hotkey,
    ),
    _event(
        "Mark",
        "[TEXT]",
        {"TEXT": Kind("name", sentence("the mark's text"))},
        (
            Field("text", "text", "what the animator has written there"),
            Field("animation", "text", "the animation's file"),
            Field("at", "number", "where in the animation, in seconds"),
            Field("length", "number", "how long the animation is, in seconds"),
        ),
        "an animation came to a mark that was put into it in the Cubism Editor",
        example='Mark "clap"',
    ),
    _event(
        "AnimationStarted",
        "[FILE]",
        {"FILE": Kind("name", sentence("an animation's file"))},
        _ANIMATED,
        "an animation began (idle ones do not count)",
        fits=_fits_animation,
    ),
    _event(
        "AnimationEnded",
        "[FILE]",
        {"FILE": Kind("name", sentence("an animation's file"))},
        _ANIMATED,
        "an animation is over (idle ones do not count)",
        fits=_fits_animation,
    ),
    _event(
        "ModelLoaded",
        "[NAME]",
        {"NAME": MODEL},
        (Field("model", "text", "the model's name"), Field("id", "text", "its id")),
        "a model was loaded",
        fits=_fits_model,
    ),
    _event(
        "ModelUnloaded",
        "",
        {},
        (Field("model", "text", "the model's name"), Field("id", "text", "its id")),
        "the model was unloaded",
    ),
    _event("FaceFound", "", {}, (), "the tracking found a face"),
    _event("FaceLost", "", {}, (), "the tracking lost the face"),
    _event("HandFound", "", {}, _HAND, "the tracking found a hand"),
    _event("HandLost", "", {}, _HAND, "the tracking lost a hand"),
    _event(
        "Clicked",
        "[ARTMESH [BUTTON]]",
        {
            "ARTMESH": Kind("name", sentence("an ArtMesh of the model"), catalogue="artmeshes"),
            "BUTTON": Kind("choice", sentence("a button of the mouse"), choices=BUTTONS),
        },
        (
            Field("artmesh", "text", "the topmost ArtMesh under the mouse"),
            Field("button", "text", "`left`, `right` or `middle`"),
            *_PLACED_AT,
        ),
        "somebody clicked on the model",
    ),
    _event(
        "Item",
        "TYPE [FILE]",
        {"TYPE": Kind("choice", sentence("what happens to an item"), choices=ITEM_EVENTS), "FILE": ITEM},
        (
            Field("item", "text", "what the show calls it, else its file"),
            Field("file", "text", "its file"),
            *_PLACED_AT,
            Field("type", "text", "what happened to it: `Clicked`"),
        ),
        "something happened to an item",
        example="Item Clicked cup.png",
        fits=_fits_item,
    ),
    _event(
        "Background",
        "[NAME]",
        {"NAME": Kind("name", sentence("a background's name"))},
        (Field("name", "text", "the background's name"),),
        "another background was chosen",
    ),
    _event(
        "Effects",
        "[PRESET]",
        {"PRESET": Kind("name", sentence("a preset's name"), catalogue="presets")},
        (
            Field("name", "text", "the preset, where there is one"),
            Field("on", "switch", "whether the effects are on"),
        ),
        "the visual effects were turned on or off, or another preset was chosen",
    ),
    _event(
        "Editor",
        "",
        {},
        (Field("on", "switch", "whether the Cubism Editor gets the values"),),
        "the connection to the Cubism Editor came or went",
    ),
)

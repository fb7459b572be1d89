"""What a show can ask of VTube Studio: the verbs, and the settings of the stage file. The events are in ``events``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from showrunner.devices.vocabulary import (
    Class,
    Command,
    Finished,
    Kind,
    Target,
    Verb,
)
from showrunner.devices.vts.arguments import (
    BETWEEN_MODELS,
    FACE_FOUND,
    ITEM_EASES,
    LOADING,
    LONGEST_ITEM_MOVE,
    SECOND,
    animation_lasts,
    both,
    call_limit,
    coloured,
    cut_short,
    effects_owned,
    item_owned,
    lasts,
    move_targets,
    named,
    owns,
    physical,
    physics_targets,
    place_targets,
    placed,
    rests,
    set_targets,
    tint_owned,
    toggles,
    tracked,
    whereto,
)
from showrunner.devices.vts.events import ITEM, MODEL
from showrunner.devices.vts.played import PLAY
from showrunner.diagnostics.sentence import sentence

EASES = ("linear", "in", "out", "in-out", "sine", "step")

_PARAMETER = Kind("name", sentence("a tracking parameter"), catalogue="parameters")
_VALUE = Kind("number", sentence("a value"), minimum=-1_000_000, maximum=1_000_000)
_TIME = Kind("duration", sentence("a time like `300ms`"))
_EASE = Kind("choice", sentence("an ease"), choices=EASES)
_EXPRESSION = Kind("name", sentence("an expression's name"), catalogue="expressions")
_SWITCH = Kind("switch", sentence("`on` or `off`"))
_POSITION = {
    "X": Kind("number", sentence("how far right, -1 to 1 in the window"), minimum=-1000, maximum=1000),
    "Y": Kind("number", sentence("how far up, -1 to 1 in the window"), minimum=-1000, maximum=1000),
    "DEG": Kind("number", sentence("an angle in degrees"), minimum=-360, maximum=360),
}
_MODEL_PLACE = {**_POSITION, "S": Kind("number", sentence("a size from -100 to 100"), minimum=-100, maximum=100)}
_ITEM_PLACE = {**_POSITION, "S": Kind("number", sentence("a size from 0 to 1"), minimum=0, maximum=1)}
_PLACED = "[x X] [y Y] [turn DEG] [size S]"
_ITEM_PLACED = "[x X] [y Y] [size S] [turn DEG]"


# --- the verbs


def _state(name: str, form: str, kinds: Mapping[str, Kind], lane: str, says: str, example: str, **more: Any) -> Verb:
    return Verb(name, form, kinds, Class.STATE, lane, says, f"vts {example}", **more)


def _impulse(name: str, form: str, kinds: Mapping[str, Kind], lane: str, says: str, example: str, **more: Any) -> Verb:
    return Verb(name, form, kinds, Class.IMPULSE, lane, says, f"vts {example}", **more)


def _query(name: str, form: str, kinds: Mapping[str, Kind], says: str, example: str) -> Verb:
    return Verb(name, form, kinds, Class.QUERY, "main", says, f"vts {example}", answers=True)


_TIMED = {"finished": Finished.REPORTED, "lasts": lasts(), "check": cut_short()}
"""Of what VTube Studio fades by itself and tells no end of: it is over that long after its reply."""

_PARAMETERS = (
    _state(
        "set",
        "PARAM V [PARAM V]…",
        {"PARAM": _PARAMETER, "V": _VALUE},
        "face",
        "Holds tracking parameters at values: for a time, or until something else takes them.",
        "set FaceAngleX 12 for 2s",
        also=("PARAM to V [PARAM to V]…",),
        finished=Finished.STREAM,
        stream="set",
        targets=set_targets,
        draws="part",
        check=tracked,
    ),
    Verb(
        "move",
        "PARAM [from FROM] to TO [PARAM [from FROM] to TO]… over D [ease E]",
        {"PARAM": _PARAMETER, "FROM": _VALUE, "TO": _VALUE, "D": _TIME, "E": _EASE},
        Class.MOVE,
        "face",
        "Moves tracking parameters to values in that time, and holds them there.",
        "vts move FaceAngleY from -10 to 10 over 500ms ease in-out",
        also=("PARAM [from FROM] TO [PARAM [from FROM] TO]… over D [ease E]",),
        finished=Finished.STREAM,
        stream="move",
        targets=move_targets,
        draws="part",
        check=tracked,
    ),
    PLAY,
    _state(
        "release",
        "[PARAM]… [over D]",
        {"PARAM": _PARAMETER, "D": _TIME},
        "face",
        "Gives parameters back to the tracking: the ones named, or all that are held.",
        "release FaceAngleX",
        finished=Finished.STREAM,
        stream="release",
        releases=lambda command: command.all("PARAM"),
        rests=rests,
    ),
    _state(
        "face",
        "SWITCH",
        {"SWITCH": _SWITCH},
        "face",
        "Has VTube Studio take the face as found, or leaves that to the camera again.",
        "face on for 2s",
        finished=Finished.STREAM,
        stream="set",
        targets=lambda command: (Target(FACE_FOUND, int(command.get("SWITCH"))),),
    ),
)

DRESSED = ("looks", "place")
"""Lanes of what is done to a model: it waits until the model is there, as hotkeys do."""

_MODELS = (
    _state(
        "model",
        "NAME",
        {"NAME": MODEL},
        "main",
        "Loads a model, unless it is there already. VTube Studio takes one in two seconds.",
        "model Mika",
        finished=Finished.REPORTED,
        keeps=True,
        beside=DRESSED,
        round=0,
        limit=LOADING,
        most=(1, BETWEEN_MODELS),
        properties=owns("model"),
        causes=("ModelLoaded", "ModelUnloaded"),
        draws="picture",
    ),
    _state(
        "model",
        "none",
        {},
        "main",
        "Unloads the model.",
        "model none",
        finished=Finished.REPORTED,
        keeps=True,
        beside=DRESSED,
        round=0,
        limit=LOADING,
        properties=owns("model"),
        causes=("ModelUnloaded",),
        draws="picture",
        clears=("expression ",),
    ),
    _query("model", "", {}, "Asks which model is loaded. Keep its name with `-> name`.", "model -> who"),
    _impulse(
        "hotkey",
        "NAME [on ITEM]",
        {"NAME": Kind("name", sentence("a hotkey's name"), catalogue="hotkeys"), "ITEM": ITEM},
        "main",
        "Presses one of the model's hotkeys, or one of a Live2D item. One that plays an animation is over with it.",
        "hotkey Wave",
        finished=Finished.REPORTED,
        lasts=animation_lasts,
        most=(12, SECOND),
        check=toggles,
        causes=("AnimationStarted", "AnimationEnded", "Mark"),
        draws="badge",
    ),
)

_PLACES = (
    _state(
        "place",
        _PLACED,
        _MODEL_PLACE,
        "place",
        "Puts the model there at once; what is not said stays.",
        "place x 0.5 size -30",
        properties=lambda command: tuple(placed(command)),
        values=placed,
        draws="position",
        check=whereto,
    ),
    Verb(
        "place",
        f"{_PLACED} over D [ease E]",
        {**_MODEL_PLACE, "D": _TIME, "E": _EASE},
        Class.MOVE,
        "place",
        "Moves the model there in that time.",
        "vts place x 0 y -0.2 over 2s ease in-out",
        finished=Finished.STREAM,
        stream="move",
        targets=place_targets,
        draws="position",
        check=whereto,
    ),
    _impulse(
        "shift",
        f"{_PLACED} [over D]",
        {**_MODEL_PLACE, "D": _TIME},
        "place",
        "Moves the model by that much from where it is, in up to two seconds.",
        "shift x 0.1 over 1s",
        **{**_TIMED, "check": both(whereto, cut_short())},
    ),
)

_ITEM_NAME = {"NAME": ITEM}

_GONE: dict[str, Any] = {"draws": "picture", "clears": ()}


def _item(
    form: str,
    kinds: Mapping[str, Kind],
    says: str,
    example: str,
    owned: Callable[[Command], tuple[str, ...]],
    **more: Any,
) -> Verb:
    fixed = (("DO", form.partition(" ")[0]),)
    kinds = {**_ITEM_NAME, **kinds}
    after = (f"vts item load {example.split()[1]}",)
    more |= {"fixed": fixed, "properties": owned, "after": after}
    return _state("item", form, kinds, "items", says, f"item {example}", **more)


_ITEMS = (
    _state(
        "item",
        f"load FILE [as NAME] {_ITEM_PLACED} [order N] [over D]",
        {
            "FILE": Kind("name", sentence("an item's file"), catalogue="items"),
            **_ITEM_NAME,
            **_ITEM_PLACE,
            "N": Kind("number", sentence("an order from -30 to 30"), minimum=-30, maximum=30),
            "D": _TIME,
        },
        "items",
        "Puts an item on the stage; it goes with the show.",
        "item load cup.png as cup x 0.3 y -0.4 size 0.2",
        finished=Finished.REPORTED,
        lasts=lasts(),
        check=cut_short(),
        fixed=(("DO", "load"),),
        properties=item_owned,
        causes=("Item",),
        draws="picture",
    ),
    Verb(
        "item",
        f"move NAME {_ITEM_PLACED} over D [ease E]",
        {**_ITEM_NAME, **_ITEM_PLACE, "D": _TIME, "E": Kind("choice", sentence("an ease"), choices=tuple(ITEM_EASES))},
        Class.MOVE,
        "items",
        "Moves an item there, in up to thirty seconds.",
        "vts item move cup.png x 0.5 over 1s ease overshoot",
        finished=Finished.REPORTED,
        lasts=lasts(LONGEST_ITEM_MOVE),
        check=cut_short(LONGEST_ITEM_MOVE),
        after=("vts item load cup.png",),
        fixed=(("DO", "move"),),
        properties=named("item.place"),
    ),
    *(
        _item(
            f"{do} NAME [frame N] [rate F]",
            {
                "N": Kind("index", sentence("a frame's number")),
                "F": Kind("number", sentence("frames a second"), minimum=0.1, maximum=120),
            },
            says,
            f"{do} dance.gif",
            named("item.play"),
        )
        for do, says in (
            ("play", "Lets an animated item play, from a frame or at a rate of its own."),
            ("stop", "Stops an animated item, at a frame if one is named."),
        )
    ),
    _item(
        "fade NAME OPACITY",
        {"OPACITY": Kind("number", sentence("from 0 (not seen) to 1"), minimum=0, maximum=1)},
        "Makes an item more or less opaque.",
        "fade cup.png 0.5",
        named("item.fade"),
    ),
    _item(
        "pin NAME [to ARTMESH]",
        {"ARTMESH": Kind("name", sentence("an ArtMesh of the model"), catalogue="artmeshes")},
        "Pins an item to the model, so that it moves with it.",
        "pin cup.png",
        named("item.pin"),
        causes=("Item",),
    ),
    _item(
        "drop NAME",
        {},
        "Takes an item off the model again: it stays where it is.",
        "drop cup.png",
        named("item.pin"),
        causes=("Item",),
    ),
    _item("unload NAME", {}, "Takes an item off the stage.", "unload cup.png", item_owned, causes=("Item",), **_GONE),
    _state(
        "item",
        "unload all",
        {},
        "items",
        "Takes all items off the stage that the show has loaded.",
        "item unload all",
        fixed=(("DO", "unload all"),),
        properties=owns("items"),
        draws="picture",
        clears=("item ", "item."),
        causes=("Item",),
    ),
)


def _all_off(name: str, says: str, **more: Any) -> Verb:
    return _state(name, "off", {}, "looks", says, f"{name} off", properties=owns(name), **more)


_LOOKS = (
    _state(
        "expression",
        "NAME SWITCH [over D]",
        {"NAME": _EXPRESSION, "SWITCH": _SWITCH, "D": _TIME},
        "looks",
        "Turns an expression on or off. It fades in within that time, up to two seconds, and out as it came.",
        "expression cry on over 500ms",
        properties=named("expression"),
        draws="face",
        **_TIMED,
    ),
    _all_off("expressions", "Turns off every expression that is on.", draws="face", clears=("expression ",)),
    _state(
        "tint",
        "COLOR [MATCH]…",
        {
            "COLOR": Kind("name", sentence("a colour")),
            "MATCH": Kind("name", sentence("a part of an ArtMesh's name or tag")),
        },
        "looks",
        "Colours the parts of the model whose name or tag has one of these words in it, or all of it. "
        "It only gets darker; the tints go with the show.",
        "tint ff8080 hair",
        properties=tint_owned,
        check=coloured,
        draws="value",
    ),
    _all_off("tint", "Takes every tint off the model.", draws="value", clears=("tint",)),
    _state(
        "effect",
        "preset NAME [over D]",
        {"NAME": Kind("name", sentence("a preset's name"), catalogue="presets"), "D": _TIME},
        "looks",
        "Shows a preset of the visual effects.",
        "effect preset Dream over 1s",
        fixed=(("DO", "preset"),),
        properties=owns("effect preset"),
        causes=("Effects",),
        draws="value",
        **_TIMED,
    ),
    _state(
        "effect",
        "preset none [over D]",
        {"D": _TIME},
        "looks",
        "Takes the preset off again.",
        "effect preset none",
        fixed=(("DO", "no preset"),),
        properties=owns("effect preset"),
        causes=("Effects",),
        draws="value",
        clears=(),
        **_TIMED,
    ),
    _state(
        "effect",
        "CONFIG V [CONFIG V]… [over D]",
        {
            "CONFIG": Kind("name", sentence("a value of an effect"), catalogue="effects"),
            "V": Kind("number", sentence("a number")),
            "W": Kind("name", sentence("a colour, or `on` or `off`")),
            "D": _TIME,
        },
        "looks",
        "Sets values of the visual effects.",
        "effect Bloom_Strength 0.8 over 1s",
        also=("CONFIG V|W [CONFIG V|W]… [over D]",),
        properties=effects_owned,
        causes=("Effects",),
        draws="value",
        **_TIMED,
    ),
    _state(
        "effects",
        "SWITCH",
        {"SWITCH": _SWITCH},
        "looks",
        "Turns the visual effects on or off, all of them.",
        "effects on",
        properties=owns("effects"),
        causes=("Effects",),
    ),
    *(
        _state(
            "physics",
            f"{what} V [GROUP]",
            {
                "V": Kind("number", sentence("0 to 100, of a group 0 to 2")),
                "GROUP": Kind("name", sentence("a physics group of the model")),
            },
            "looks",
            says,
            f"physics {what} 80 for 2s",
            finished=Finished.STREAM,
            stream="set",
            targets=physics_targets,
            fixed=(("WHAT", what),),
            check=physical,
        )
        for what, says in (
            ("strength", "Holds how strongly the model's physics moves."),
            ("wind", "Holds how strongly the wind blows."),
        )
    ),
)

_OTHERS = (
    _query(
        "value",
        "PARAM",
        {"PARAM": _PARAMETER},
        "Asks what a tracking parameter shows. Keep it with `-> name`.",
        "value FaceAngleX -> angle",
    ),
    _query("face", "", {}, "Asks whether a face is found: `on` or `off`. Keep it with `-> name`.", "face -> found"),
    _impulse(
        "call",
        "REQUEST [JSON]",
        {
            "REQUEST": Kind("name", sentence("a request of VTube Studio's API")),
            "JSON": Kind("json", sentence("the request's data in braces")),
        },
        "main",
        "Sends any request of the API, with the data in braces. Keep the answer with `-> name`.",
        'call NDIConfig {"setNewConfig": false}',
        answers=True,
        limit_of=call_limit,
    ),
)

VERBS = (*_MODELS, *_PARAMETERS, *_PLACES, *_LOOKS, *_ITEMS, *_OTHERS)

"""What the arguments of a command mean: colours, places, targets, limits; and what a row has against some of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from showrunner.devices.vocabulary import Command, Inventory, Number, Objection, Quantity, Target
from showrunner.diagnostics.sentence import sentence
from showrunner.times import as_duration

SECOND = 1_000_000

ITEM_EASES = {
    "linear": "linear",
    "in": "easeIn",
    "out": "easeOut",
    "both": "easeBoth",
    "overshoot": "overshoot",
    "zip": "zip",
}
"""How an item moves -> what VTube Studio calls it."""

LONGEST_FADE, LONGEST_ITEM_MOVE = 2 * SECOND, 30 * SECOND
"""How long VTube Studio takes at most for a fade or a move of its own; a longer time is cut to it."""

BETWEEN_MODELS = 2 * SECOND
"""It loads a model at most that often."""

LOADING, ADDING = 30 * SECOND, 5 * SECOND
"""How long a model may take to be there, and an item."""

FACE_FOUND = "face.found"
"""The property of `face on`. No parameter is called so: those have letters and digits only."""

PLACE = {"X": "place.x", "Y": "place.y", "DEG": "place.turn", "S": "place.size"}
"""Placeholder -> property of where the model is."""

POP_UPS = ("ArtMeshSelectionRequest", "PermissionRequest", "ItemLoadRequest", "AuthenticationTokenRequest")
"""Requests that a person may have to answer in a window: that takes as long as it takes."""

AS_LONG_AS_IT_TAKES = 24 * 3600 * SECOND

COLOURS = {
    "black": "000000",
    "blue": "0000ff",
    "cyan": "00ffff",
    "gray": "808080",
    "green": "00ff00",
    "grey": "808080",
    "magenta": "ff00ff",
    "orange": "ffa500",
    "pink": "ffc0cb",
    "purple": "800080",
    "red": "ff0000",
    "white": "ffffff",
    "yellow": "ffff00",
}
_HEX = re.compile(r"#?([0-9A-Fa-f]{6})([0-9A-Fa-f]{2})?")

ITEM_EVENTS = ("Added", "Removed", "DroppedPinned", "DroppedUnpinned", "Clicked", "Locked", "Unlocked")
BUTTONS = ("left", "right", "middle")
HANDS = ("left", "right")
MOTION_ENDING, EXPRESSION_ENDING = ".motion3.json", ".exp3.json"


def same_file(wanted: str, file: str, ending: str = "") -> bool:
    """Tell whether a file is meant, with or without its ending, case ignored."""
    folded = file.casefold()
    return wanted.casefold() in {folded, folded.removesuffix(ending), folded.rpartition(".")[0] or folded}


def limited(value: Number, low: Number, high: Number) -> Number:
    """Give the value within its ends."""
    return min(max(value, low), high)


def colour(written: str) -> tuple[int, int, int, int] | None:
    """Read a colour: `red`, `ff8000` or `ff800080` (with how opaque it is); None where it is none."""
    found = _HEX.fullmatch(COLOURS.get(written.casefold(), written))
    if found is None:
        return None
    digits = found[1] + (found[2] or "ff")
    red, green, blue, opaque = (int(digits[at : at + 2], 16) for at in (0, 2, 4, 6))
    return red, green, blue, opaque


def over_of(command: Command, most: int = LONGEST_FADE) -> int:
    """Give the time after `over` in microseconds, as VTube Studio will take it."""
    return min(int(command.get("D", 0)), most)


# --- what the rows need


def set_targets(command: Command) -> tuple[Target, ...]:
    """Give where a `set` holds its parameters: each counts wholly."""
    return tuple(Target(name, (to, 1)) for name, to in zip(command.all("PARAM"), command.all("V"), strict=True))


def move_targets(command: Command) -> tuple[Target, ...]:
    """Give where a `move` brings its parameters."""
    targets: list[Target] = []
    name, start = "", None
    for argument in command.arguments:
        if argument.name == "PARAM":
            name, start = argument.value, None
        elif argument.name == "FROM":
            start = (argument.value, 1)
        elif argument.name == "TO":
            targets.append(Target(name, (argument.value, 1), start))
    return tuple(targets)


def rests(_: str, shown: Quantity) -> Quantity:
    """Let a value go back to the tracking: it stays what it is, and counts less and less."""
    return (shown[0], 0) if isinstance(shown, tuple) else 0


def placed(command: Command) -> dict[str, Quantity]:
    """Give what a `place` sets: property -> value."""
    return {name: command.get(hole) for hole, name in PLACE.items() if command.get(hole) is not None}


def place_targets(command: Command) -> tuple[Target, ...]:
    """Give where a `place` over a time brings the model."""
    return tuple(Target(name, to) for name, to in placed(command).items())


def physics_targets(command: Command) -> tuple[Target, ...]:
    """Give what a `physics` holds: of the model, or of one of its groups."""
    group = command.get("GROUP")
    name = f"physics.{command.get('WHAT')}"
    return (Target(name if group is None else f"{name} {group}", command.get("V")),)


def owns(*names: str) -> Callable[[Command], tuple[str, ...]]:
    """Make a row own these properties, whatever its command says."""
    return lambda _: names


def named(prefix: str, hole: str = "NAME") -> Callable[[Command], tuple[str, ...]]:
    """Make a row own a property that is called after one of its arguments."""
    return lambda command: (f"{prefix} {command.get(hole)}",)


def item_owned(command: Command) -> tuple[str, ...]:
    """Give the property of an item: what it is called, else its file."""
    return (f"item {command.get('NAME') or command.get('FILE')}",)


def tint_owned(command: Command) -> tuple[str, ...]:
    """Give the property of a tint: the parts that it is for."""
    return (f"tint {' '.join(command.all('MATCH'))}".rstrip(),)


def effects_owned(command: Command) -> tuple[str, ...]:
    """Give the properties of an `effect`: one for each value."""
    return tuple(f"effect {config_key(config)}" for config in command.all("CONFIG"))


def config_key(config: str) -> str:
    """Give a config's id as VTube Studio compares it: case, `_` and `-` do not count."""
    return re.sub(r"[_-]", "", config).casefold()


def lasts(most: int = LONGEST_FADE) -> Callable[[Command, Mapping[str, Any], Inventory | None], int | None]:
    """Make an estimate of what takes the time after `over`, up to the most that VTube Studio takes."""
    return lambda command, _, __: over_of(command, most)


def hotkey_of(name: str, inventory: Inventory | None) -> tuple[str | None, int | None]:
    """Give what the catalogue says of a hotkey: its type, and how long what it plays lasts. None: it does not say."""
    folded = name.casefold()
    for entry in (inventory or {}).get("hotkeys", ()):
        if folded in {entry.name.casefold(), (entry.id or "").casefold()}:
            played = (one.length for one in (inventory or {}).get("animations", ()) if one.name == entry.label)
            return entry.kind, entry.length or next(played, None)
    return None, None


def animation_lasts(command: Command, _: Mapping[str, Any], inventory: Inventory | None) -> int | None:
    """Estimate how long a hotkey plays what it plays, from the catalogue."""
    kind, length = hotkey_of(str(command.get("NAME")), inventory)
    return (length if kind in (None, "TriggerAnimation") else 0) or 0


def call_limit(command: Command, _: Mapping[str, Any]) -> int | None:
    """Give the time limit of a `call`: none where a person may have to click."""
    return AS_LONG_AS_IT_TAKES if request_name(str(command.get("REQUEST"))) in POP_UPS else None


def request_name(written: str) -> str:
    """Give the type of a request, whose ending may be left out: `Statistics`."""
    return written if written.endswith("Request") else f"{written}Request"


# --- what a row has against a command


def _at(command: Command, name: str) -> int:
    return next(place for place, argument in enumerate(command.arguments) if argument.name == name)


def whereto(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    """Object to a place that says nothing."""
    if any(argument.name in PLACE for argument in command.arguments):
        return ()
    message = sentence("`{verb}` does not say where to", command.verb.name)
    return (Objection(None, message, sentence("say at least one of `x`, `y`, `turn` and `size`")),)


def coloured(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    """Object to a colour that is none."""
    written = str(command.get("COLOR"))
    if colour(written) is not None:
        return ()
    help_ = sentence("write it as `red`, `ff8000` or, half opaque, `ff800080`")
    return (Objection(_at(command, "COLOR"), sentence("`{written}` is no colour", written), help_),)


def physical(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    """Object to a strength or wind beyond its range."""
    most = 100 if command.get("GROUP") is None else 2
    if 0 <= command.get("V") <= most:
        return ()
    what = command.get("WHAT")
    message = sentence("the {what} of the model goes from 0 to 100", what)
    if most == 2:
        message = sentence("the {what} of a group goes from 0 to 2", what)
    return (Objection(_at(command, "V"), message, sentence("write a number from 0 to {most}", most)),)


def tracked(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
    """Warn of a parameter that looks like one of the model's own."""
    return tuple(
        Objection(
            place,
            sentence(
                "`{argument}` looks like a parameter of the model: VTube Studio takes tracking parameters",
                argument.value,
            ),
            sentence("write one like `FaceAngleX`; `live2d` sets the model's own, in the Cubism Editor"),
            warns=True,
        )
        for place, argument in enumerate(command.arguments)
        if argument.name == "PARAM" and str(argument.value).startswith("Param")
    )


def cut_short(most: int = LONGEST_FADE) -> Callable[[Command, Inventory | None], tuple[Objection, ...]]:
    """Make a row warn of a time that VTube Studio cuts short."""

    def check(command: Command, _: Inventory | None) -> tuple[Objection, ...]:
        if int(command.get("D", 0)) <= most:
            return ()
        message = sentence("VTube Studio takes {most} for this at most, and cuts the rest off", as_duration(most))
        return (
            Objection(
                _at(command, "D"), message, sentence("write `over {most}` or less", as_duration(most)), warns=True
            ),
        )

    return check


def toggles(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
    """Warn of a hotkey that turns something on with one press, and off with the next."""
    name = str(command.get("NAME"))
    kind, _ = hotkey_of(name, inventory)
    if kind is None or not kind.startswith("Toggle"):
        return ()
    message = sentence("`{name}` turns on with one press and off with the next: nobody knows which this one is", name)
    help_ = sentence("write `vts expression NAME on`") if kind == "ToggleExpression" else None
    return (Objection(_at(command, "NAME"), message, help_, warns=True),)


def both(
    *checks: Callable[[Command, Inventory | None], tuple[Objection, ...]],
) -> Callable[[Command, Inventory | None], tuple[Objection, ...]]:
    """Make a row object to what any of these objects to."""
    return lambda command, inventory: tuple(one for check in checks for one in check(command, inventory))

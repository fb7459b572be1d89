"""What a simulated VTube Studio has: models with their hotkeys, expressions and animations, items, inputs, effects.

With a catalogue exactly what is in it; a list the catalogue does not have, or all of them, is a small made-up one in
which any further name is found too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from showrunner.devices.vocabulary import Entry, Inventory
from showrunner.devices.vts.arguments import EXPRESSION_ENDING, MOTION_ENDING, same_file
from showrunner.devices.vts.envelope import MODEL_ID
from showrunner.devices.vts.repertoire import Hotkey, find_hotkey


def _inputs() -> tuple[Entry, ...]:
    """Give the inputs of the real program, by their ranges."""
    ranges: dict[tuple[float, float], tuple[str, ...]] = {
        (-15, 15): ("FacePositionX", "FacePositionY"),
        (-10, 10): ("FacePositionZ",),
        (-30, 30): ("FaceAngleX", "FaceAngleY"),
        (-90, 90): ("FaceAngleZ",),
        (0, 1): (
            *("MouthSmile", "MouthOpen", "Brows", "TongueOut", "CheekPuff", "FaceAngry", "BrowLeftY", "BrowRightY"),
            *("EyeOpenLeft", "EyeOpenRight", "VoiceVolume", "VoiceFrequency", "VoiceVolumePlusMouthOpen"),
            *("VoiceFrequencyPlusMouthSmile", "HandLeftFound", "HandRightFound", "BothHandsFound"),
        ),
        (-1, 1): ("EyeLeftX", "EyeLeftY", "EyeRightX", "EyeRightY", "MousePositionX", "MousePositionY", "MouthX"),
        (0, 10): ("HandDistance",),
    }
    found = [
        Entry(name, minimum=low, maximum=high, default=0) for (low, high), names in ranges.items() for name in names
    ]
    fingers = ("1_Thumb", "2_Index", "3_Middle", "4_Ring", "5_Pinky")
    for side in ("Left", "Right"):
        hand = {"PositionX": (0, 10), "PositionY": (-10, 10), "PositionZ": (-10, 10), "AngleX": (-180, 180)}
        hand |= {"AngleZ": (-180, 180), "Open": (0, 1), **{f"Finger_{one}": (0, 1) for one in fingers}}
        found += [
            Entry(f"Hand{side}{name}", minimum=low, maximum=high, default=0) for name, (low, high) in hand.items()
        ]
    return tuple(found)


_MADE_UP: Mapping[str, tuple[Entry, ...]] = {
    "models": (Entry("Akari"), Entry("Mika")),
    "hotkeys": (
        Entry("Wave", kind="TriggerAnimation", label="wave.motion3.json"),
        Entry("Nod", kind="TriggerAnimation", label="nod.motion3.json"),
        Entry("Cry", kind="ToggleExpression", label="cry.exp3.json"),
        Entry("Plain face", kind="RemoveAllExpressions"),
        Entry("Idle", kind="ChangeIdleAnimation", label="idle.motion3.json"),
        Entry("Close-up", kind="MoveModel"),
        Entry("Evening", kind="ChangeBackground", label="evening"),
        Entry("Dream", kind="LoadEffectPreset", label="Dream"),
        Entry("Tidy", kind="RemoveAllItems"),
        Entry("Change", owner="Akari", kind="ChangeVTSModel", label="Mika.vtube.json"),
        Entry("Change back", owner="Mika", kind="ChangeVTSModel", label="Akari.vtube.json"),
    ),
    "expressions": (
        Entry("cry", id="cry.exp3.json"),
        Entry("smile", id="smile.exp3.json"),
        Entry("blush", id="blush.exp3.json"),
    ),
    "animations": (
        Entry("wave.motion3.json", length=1_200_000, label="clap"),
        Entry("nod.motion3.json", length=600_000),
    ),
    "parameters": _inputs(),
    "live2d-parameters": (
        *(Entry(f"ParamAngle{axis}", minimum=-30, maximum=30, default=0) for axis in "XYZ"),
        Entry("ParamEyeLOpen", minimum=0, maximum=1, default=1),
        Entry("ParamEyeROpen", minimum=0, maximum=1, default=1),
        Entry("ParamMouthOpenY", minimum=0, maximum=1, default=0),
    ),
    "artmeshes": tuple(map(Entry, ("hair_front", "hair_back", "face", "mouth", "eye_left", "eye_right", "ribbon"))),
    "items": (Entry("cup.png", kind="PNG"), Entry("dance.gif", kind="GIF"), Entry("cat", kind="Live2D")),
    "presets": (Entry("Dream"), Entry("Night")),
    "effects": (
        *(
            Entry(f"{effect}_Strength", minimum=0, maximum=1, default=0, kind="Float")
            for effect in ("Bloom", "Vignette", "ChromaticAberration", "Grain", "Pixelation", "AnalogGlitch")
        ),
        Entry("Bloom_Threshold", minimum=0, maximum=1, default=0.8, kind="Float"),
        Entry("Bloom_TintColor", kind="Color"),
        Entry("ColorGrading_Strength", minimum=0, maximum=1, default=0, kind="Float"),
        Entry("WeatherEffects_RainStrength", minimum=0, maximum=1, default=0, kind="Float"),
        Entry("WeatherEffects_SnowStrength", minimum=0, maximum=1, default=0, kind="Float"),
    ),
}

UNSAID_LENGTH = 1_000_000
"""How long an animation is, in microseconds, of which nobody says it."""


def made_id(name: str) -> str:
    """Make an id of 32 hex digits: the same for the same name."""
    return hashlib.sha256(name.encode()).hexdigest()[:32]


class Gallery:
    """The lists of one double."""

    def __init__(self, inventory: Inventory | None) -> None:
        given = inventory or {}
        self._open = frozenset(_MADE_UP) - frozenset(given)
        self._lists = {name: given.get(name, made_up) for name, made_up in _MADE_UP.items()}

    def entries(self, which: str) -> tuple[Entry, ...]:
        """Give a list as it is."""
        return self._lists[which]

    def find(self, which: str, name: str) -> Entry | None:
        """Find an entry by its name or id, case ignored; in a list nobody gave, any name is found."""
        folded = name.casefold()
        for entry in self._lists[which]:
            if folded in {entry.name.casefold(), (entry.id or "").casefold()}:
                return entry
        return Entry(name) if which in self._open else None

    def model(self, wanted: str) -> Entry | None:
        """Find a model by its id; one of another name only where nobody gave a list."""
        for entry in self._lists["models"]:
            if wanted == (entry.id or made_id(entry.name)):
                return entry
        known = not MODEL_ID.fullmatch(wanted) and "models" in self._open
        return (self.find("models", wanted) or Entry(wanted)) if known else None

    def hotkeys(self, model: str) -> tuple[Hotkey, ...]:
        """Give the hotkeys of a model."""
        return tuple(
            Hotkey(
                entry.name,
                entry.id or made_id(f"hotkey {entry.owner or model} {entry.name}"),
                entry.kind or "TriggerAnimation",
                entry.label or "",
            )
            for entry in self._lists["hotkeys"]
            if entry.owner is None or entry.owner.casefold() == model.casefold()
        )

    def hotkey(self, model: str, wanted: str) -> Hotkey | None:
        """Find a hotkey of a model by its id or name."""
        found = find_hotkey(self.hotkeys(model), wanted)
        if found is not None or "hotkeys" not in self._open:
            return found
        return Hotkey(wanted, made_id(f"hotkey {model} {wanted}"), "TriggerAnimation", f"{wanted}{MOTION_ENDING}")

    def expression(self, file: str) -> str | None:
        """Give the file of an expression, if there is such."""
        for entry in self._lists["expressions"]:
            known = entry.id or f"{entry.name}{EXPRESSION_ENDING}"
            if file.casefold() == known.casefold():
                return known
        return file if "expressions" in self._open else None

    def animation(self, file: str) -> tuple[int, str | None]:
        """Give how long an animation is, in microseconds, and the mark in its middle, if it has one."""
        for entry in self._lists["animations"]:
            if same_file(entry.name, file, MOTION_ENDING):
                return entry.length or UNSAID_LENGTH, entry.label
        return UNSAID_LENGTH, None

    def takes_any(self, which: str) -> bool:
        """Tell whether any further name is found in a list."""
        return which in self._open

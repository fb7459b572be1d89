"""The nineteen override behaviours of an avatar and their numbers (vendor's page, "Set Override").

Two keys are printed oddly by the vendor, in Set and in Get alike: `"zAxisOffset "` with a blank at its end and
`mouthSmoothTme`. Scripts write them as meant; the wire gets them as printed.
"""

from __future__ import annotations

from collections.abc import Mapping

BEHAVIOURS: Mapping[str, tuple[str, ...]] = {
    "Follow Mouse Cursor": (),
    "Mouse Keyboard Behavior": ("keyboardScale", "handToKeyboardDist", "xAxisOffset", "yAxisOffset", "zAxisOffset "),
    "Tracked Blinking": (),
    "Auto Blink": ("frequency",),
    "Look At Camera": ("range",),
    "Look At Camera Head": (),
    "Cross Eyes": (),
    "Pupil Behavior": ("frequency",),
    "Forced Symmetry Eyebrows": ("range",),
    "Forced Symmetry Eyelids": ("range",),
    "Forced Symmetry Mouth": ("range",),
    "Enhanced Body Movement 2D": (),
    "Enhanced Body Movement 3D": (),
    "Extreme Head Angles Attenuation": ("range", "maxSmoothingValue"),
    "Sound to Mouth Open": ("mouthSmoothTme", "soundSensitivity"),
    "Alternate lipsync Retargeting": (),
    "Idle Intensity": ("intensity",),
    "Inferred Body Yaw Movement": ("neutralZoneSize", "movementSmoothing", "headYawWeight"),
    "Breathing Behavior": ("amplitude", "frequency"),
}
"""Each behaviour as the vendor spells it -> the keys of its numbers, as they go on the wire."""

_MEANT = {"zAxisOffset ": "zAxisOffset", "mouthSmoothTme": "mouthSmoothTime"}


def spelled(key: str) -> str:
    """Give the spelling of a key for people."""
    return _MEANT.get(key, key)


PARAMETERS = tuple(dict.fromkeys(spelled(key) for keys in BEHAVIOURS.values() for key in keys))
"""Every number some behaviour has, as scripts spell it."""


def wire_key(behaviour: str, parameter: str) -> str | None:
    """Give the key that ``parameter`` has on the wire, or None where the behaviour has no such number."""
    return next((key for key in BEHAVIOURS.get(behaviour, ()) if spelled(key) == parameter), None)

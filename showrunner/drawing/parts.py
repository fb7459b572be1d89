"""The parts of a puppet: which value moves what of it, which face goes with a feeling, how a mouth speaks.

Tables alone: the page is handed the same ones. A channel goes from -1 to 1 or from 0 to 1; an eye that is open is 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

REST: Mapping[str, float] = {
    "turn": 0.0,
    "nod": 0.0,
    "tilt": 0.0,
    "lean": 0.0,
    "bow": 0.0,
    "sway": 0.0,
    "eye-left": 1.0,
    "eye-right": 1.0,
    "look": 0.0,
    "gaze": 0.0,
    "brow-left": 0.0,
    "brow-right": 0.0,
    "frown": 0.0,
    "open": 0.0,
    "smile": 0.0,
    "breath": 0.0,
    "cheek": 0.0,
    "shut-left": 0.0,
    "shut-right": 0.0,
}
"""Every channel, and where it is when nobody moves it."""

PARTS: Mapping[str, tuple[tuple[str, ...], float, float]] = {
    # a model's standard parameters
    "paramanglex": (("turn",), 1 / 30, 0),
    "paramangley": (("nod",), 1 / 30, 0),
    "paramanglez": (("tilt",), 1 / 30, 0),
    "parambodyanglex": (("lean",), 1 / 10, 0),
    "parambodyangley": (("bow",), 1 / 10, 0),
    "parambodyanglez": (("sway",), 1 / 10, 0),
    "parameyelopen": (("eye-left",), 1, 0),
    "parameyeropen": (("eye-right",), 1, 0),
    "parameyeballx": (("look",), 1, 0),
    "parameyebally": (("gaze",), 1, 0),
    "parambrowly": (("brow-left",), 1, 0),
    "parambrowry": (("brow-right",), 1, 0),
    "parambrowlform": (("frown",), -1, 0),
    "parambrowrform": (("frown",), -1, 0),
    "parammouthopeny": (("open",), 1, 0),
    "parammouthform": (("smile",), 1, 0),
    "parambreath": (("breath",), 1, 0),
    "paramcheek": (("cheek",), 1, 0),
    # tracking parameters; smile and brows rest in the middle
    "faceanglex": (("turn",), 1 / 30, 0),
    "faceangley": (("nod",), 1 / 30, 0),
    "faceanglez": (("tilt",), 1 / 30, 0),
    "facepositionx": (("lean",), 1 / 10, 0),
    "facepositiony": (("bow",), 1 / 10, 0),
    "eyeopenleft": (("eye-left",), 1, 0),
    "eyeopenright": (("eye-right",), 1, 0),
    "eyeleftx": (("look",), 1, 0),
    "eyerightx": (("look",), 1, 0),
    "eyelefty": (("gaze",), 1, 0),
    "eyerighty": (("gaze",), 1, 0),
    "brows": (("brow-left", "brow-right"), 2, 0.5),
    "browlefty": (("brow-left",), 2, 0.5),
    "browrighty": (("brow-right",), 2, 0.5),
    "mouthopen": (("open",), 1, 0),
    "mouthsmile": (("smile",), 2, 0.5),
    "cheekpuff": (("cheek",), 1, 0),
    # expressions of a VRM model that are no feeling, of both versions
    "face.a": (("open",), 1, 0),
    "face.aa": (("open",), 1, 0),
    "face.i": (("open",), 0.4, 0),
    "face.ih": (("open",), 0.4, 0),
    "face.u": (("open",), 0.5, 0),
    "face.ou": (("open",), 0.5, 0),
    "face.e": (("open",), 0.6, 0),
    "face.ee": (("open",), 0.6, 0),
    "face.o": (("open",), 0.8, 0),
    "face.oh": (("open",), 0.8, 0),
    "face.blink": (("shut-left", "shut-right"), 1, 0),
    "face.blink_l": (("shut-left",), 1, 0),
    "face.blink_r": (("shut-right",), 1, 0),
    "face.blinkleft": (("shut-left",), 1, 0),
    "face.blinkright": (("shut-right",), 1, 0),
    "face.lookup": (("gaze",), 1, 0),
    "face.lookdown": (("gaze",), -1, 0),
    "face.lookleft": (("look",), -1, 0),
    "face.lookright": (("look",), 1, 0),
}
"""Property, in small letters -> the channels it moves, its factor, and the value that is rest."""

FACES: Mapping[str, Mapping[str, float]] = {
    "neutral": {},
    "happy": {"smile": 1.0, "brow-left": 0.3, "brow-right": 0.3, "cheek": 0.7},
    "sad": {"smile": -0.8, "brow-left": 0.2, "brow-right": 0.2, "frown": -0.8, "eye-left": -0.3, "eye-right": -0.3},
    "angry": {"smile": -0.6, "brow-left": -0.5, "brow-right": -0.5, "frown": 1.0},
    "relaxed": {"smile": 0.6, "eye-left": -0.45, "eye-right": -0.45, "cheek": 0.3},
    "surprised": {"brow-left": 1.0, "brow-right": 1.0, "eye-left": 0.3, "eye-right": 0.3, "open": 0.3},
}
"""Feeling -> what it adds to each channel."""

ALIASES: Mapping[str, str] = {
    "face.joy": "happy",
    "face.happy": "happy",
    "face.angry": "angry",
    "face.sorrow": "sad",
    "face.sad": "sad",
    "face.fun": "relaxed",
    "face.relaxed": "relaxed",
    "face.surprised": "surprised",
    "face.neutral": "neutral",
}
"""A VRM model's expression, in small letters -> the feeling it shows, as far as its value says."""

VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüœAEIOUYÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜŒ"
QUIET = (
    ".,;:!?-()\"' \n\u2013\u2014\u2026\u201c\u201d\u201e\u00ab\u00bb\u3000\u3001\u3002\uff01\uff1f\u300c\u300d\u30fb"
)
"""Where a mouth is wide open, and where it is shut. A letter of another script is a syllable of its own."""

OPEN, SYLLABLE, NARROW = 0.9, 0.8, 0.3
"""How far a mouth opens for a vowel, for such a syllable, for a consonant."""


def tables() -> dict[str, Any]:
    """Give all of it as the page has it."""
    mouth = {"vowels": VOWELS, "quiet": QUIET, "open": OPEN, "syllable": SYLLABLE, "narrow": NARROW}
    return {
        "rest": dict(REST),
        "parts": {name: list(row) for name, row in PARTS.items()},
        "faces": {name: dict(added) for name, added in FACES.items()},
        "aliases": dict(ALIASES),
        "mouth": mouth,
    }

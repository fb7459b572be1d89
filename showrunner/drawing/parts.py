"""The parts of a puppet: which value moves what of it, which face goes with a feeling, how a mouth speaks, what a name
means.

Tables alone: the page is handed those that it needs. A channel goes from -1 to 1 or from 0 to 1; an eye that is open
is 1.
"""

from __future__ import annotations

import re
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
    "hand-left": 0.0,
    "hand-right": 0.0,
    "wag": 0.0,
    "lift": 0.0,
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

FEELINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("happy", ("happy", "joy", "smil", "grin", "laugh", "cheer", "love", "heart", "fun", "笑", "喜", "嬉")),
    ("sad", ("sad", "cry", "tear", "sorrow", "weep", "泣", "悲")),
    ("angry", ("angry", "anger", "mad", "rage", "furious", "怒")),
    ("surprised", ("surpris", "shock", "scare", "amaze", "wow", "驚", "びっくり")),
    ("relaxed", ("relax", "sleep", "yawn", "calm", "眠", "のんびり")),
)
"""Feeling -> how words begin, in the name of an emote, a pose or an expression, that shows it."""

GESTURES: Mapping[str, Mapping[str, tuple[float, int]]] = {
    "wave": {"hand-right": (1.0, 0), "wag": (0.8, 4), "tilt": (-0.15, 0)},
    "clap": {"hand-left": (0.7, 0), "hand-right": (0.7, 0), "wag": (0.5, 6)},
    "nod": {"nod": (0.7, 3)},
    "shake": {"turn": (0.7, 3)},
    "bow": {"nod": (-1.4, 0), "lift": (-0.8, 0)},
    "dance": {"sway": (0.9, 3), "lift": (0.5, 3), "hand-left": (0.6, 0), "hand-right": (0.6, 0)},
    "jump": {"lift": (1.2, 0), "hand-left": (0.8, 0), "hand-right": (0.8, 0)},
    "small": {"lift": (0.35, 0), "tilt": (0.15, 1)},
}
"""Gesture -> what it adds to a channel at most, and how often that goes to and fro; 0: once there and back."""

MOTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("wave", ("wav", "hello", "greet", "bye", "手を振", "挨拶")),
    ("clap", ("clap", "applau", "拍手")),
    ("nod", ("nod", "yes", "agree", "頷", "うなず")),
    ("shake", ("shake", "refuse", "disagree", "首を振")),
    ("bow", ("bow", "お辞儀")),
    ("dance", ("danc", "sway", "swing", "踊", "ダンス")),
    ("jump", ("jump", "hop", "cheer", "ジャンプ")),
)
"""Gesture -> how words begin, in the name of an emote, an action or a hotkey, that is one; any other is a small one."""

GESTURE = 1_600_000
"""So long a gesture lasts, in microseconds."""

FRAMING: Mapping[str, int] = {"camera.rotation": 1, "camera.turn": -1}
"""Where a camera looks -> 1 where a turn to the left and up is positive, -1 where it is negative."""

VOWELS = "aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüœAEIOUYÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜŒ"
QUIET = (
    ".,;:!?-()\"' \n\u2013\u2014\u2026\u201c\u201d\u201e\u00ab\u00bb\u3000\u3001\u3002\uff01\uff1f\u300c\u300d\u30fb"
)
"""Where a mouth is wide open, and where it is shut. A letter of another script is a syllable of its own."""

OPEN, SYLLABLE, NARROW = 0.9, 0.8, 0.3
"""How far a mouth opens for a vowel, for such a syllable, for a consonant."""

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_a-zA-Z]+")


def meant(table: tuple[tuple[str, tuple[str, ...]], ...], name: str) -> str | None:
    """Give what a name means by one of the tables of beginnings: `Emote_Wave` waves; None: nothing that is known."""
    words = [word.lower() for word in _WORDS.findall(name)]
    for what, beginnings in table:
        for begin in beginnings:
            if any(word.startswith(begin) if begin.isascii() else begin in word for word in words):
                return what
    return None


def tables() -> dict[str, Any]:
    """Give what the page needs of it."""
    return {
        "rest": dict(REST),
        "parts": {name: list(row) for name, row in PARTS.items()},
        "faces": {name: dict(added) for name, added in FACES.items()},
        "aliases": dict(ALIASES),
        "gestures": {name: {key: list(one) for key, one in row.items()} for name, row in GESTURES.items()},
        "gesture": GESTURE,
        "framing": dict(FRAMING),
        "mouth": {"vowels": VOWELS, "quiet": QUIET, "open": OPEN, "syllable": SYLLABLE, "narrow": NARROW},
    }

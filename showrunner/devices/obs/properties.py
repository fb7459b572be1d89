"""What of OBS is set, or moved over time, by name: `volume/Mic`, `place/Live/Logo/positionX`, `tune/Back/Tint/hue`.

Names in OBS may hold anything, so what parts them is written otherwise inside them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from showrunner.devices.vocabulary import Command, Number, Target

PLACE, TUNE, VOLUME = "place", "tune", "volume"

SILENCE, LOUDEST = -100, 26
"""What OBS takes for a volume, in decibels; the lower end is silence."""

KEYS: Mapping[str, tuple[str, ...]] = {
    "x": ("positionX",),
    "y": ("positionY",),
    "scale": ("scaleX", "scaleY"),
    "width": ("boundsWidth",),
    "height": ("boundsHeight",),
    "left": ("cropLeft",),
    "right": ("cropRight",),
    "top": ("cropTop",),
    "bottom": ("cropBottom",),
}
"""Short words for where a source stands -> OBS' own."""

LIMITS: Mapping[str, tuple[Number, Number]] = {
    "positionX": (-90001, 90001),
    "positionY": (-90001, 90001),
    "rotation": (-360, 360),
    "scaleX": (-1000, 1000),
    "scaleY": (-1000, 1000),
    "boundsWidth": (1, 90001),
    "boundsHeight": (1, 90001),
    "cropLeft": (0, 100000),
    "cropRight": (0, 100000),
    "cropTop": (0, 100000),
    "cropBottom": (0, 100000),
}
"""OBS' own words for where a source stands, with what it takes for each (P, SetSceneItemTransform)."""

WHOLE = frozenset(key for key in LIMITS if key.startswith("crop"))
"""Those that OBS counts in whole pixels."""


def named(*parts: str) -> str:
    """Give the name of what is moved."""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def parts(name: str) -> tuple[str, ...]:
    """Give the parts of such a name."""
    return tuple(part.replace("%2F", "/").replace("%25", "%") for part in name.split("/"))


def owns(*words: str) -> Callable[[Command], tuple[str, ...]]:
    """Give what names the one thing that a command sets: fixed words, then what stands for its placeholders."""

    def owned(command: Command) -> tuple[str, ...]:
        return (named(*(str(command.get(word, "")) if word.isupper() else word for word in words)),)

    return owned


def places(command: Command) -> tuple[Target, ...]:
    """Give where a `place` brings a source."""
    start = (PLACE, str(command.get("SCENE", "")), str(command.get("SOURCE")))
    pairs = zip(command.all("KEY"), command.all("N"), strict=True)
    return tuple(Target(named(*start, key), to) for word, to in pairs for key in KEYS.get(word, (word,)))


def tunes(command: Command) -> tuple[Target, ...]:
    """Give what a `tune` sets of a filter."""
    start = (TUNE, str(command.get("SOURCE")), str(command.get("FILTER")))
    pairs = zip(command.all("KEY"), command.all("N"), strict=True)
    return tuple(Target(named(*start, key), to) for key, to in pairs)


def volumes(command: Command) -> tuple[Target, ...]:
    """Give the volume that a `volume` sets."""
    return (Target(named(VOLUME, str(command.get("INPUT"))), command.get("DB")),)

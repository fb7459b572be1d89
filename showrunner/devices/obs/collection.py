"""A scene collection of the double: scenes with what stands in them, inputs, filters; and what a catalogue makes of it.

Without a catalogue it is the one of the observed OBS (three scenes, a colour, a text, a sound of two seconds), and
whatever else is named is there as soon as it is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from showrunner.devices.obs.fields import No
from showrunner.devices.obs.protocol import Code
from showrunner.devices.obs.sense import MEDIA, is_kind
from showrunner.devices.vocabulary import Entry, Inventory

LENGTH = 2_000_000
"""A clip lasts so long of which nothing is known (microseconds)."""

SILENT = ("color_source", "image_source", "text_", "group")
"""Kinds of inputs without sound."""

FILES = ("local_file", "file", "playlist")


@dataclass(slots=True)
class Filter:
    """A filter of a source."""

    kind: str
    enabled: bool = True
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Input:
    """A source that is no scene. ``kind`` is without the number of its version; ``length`` that of its file."""

    name: str
    kind: str = ""
    version: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
    muted: bool = False
    db: float = 0.0
    length: int = LENGTH
    filters: dict[str, Filter] = field(default_factory=dict)

    @property
    def clip(self) -> bool:
        """Tell whether it plays."""
        return not self.kind or is_kind(self.kind, MEDIA)

    @property
    def sounds(self) -> bool:
        """Tell whether it has sound."""
        return not self.kind.startswith(SILENT)

    @property
    def missing(self) -> bool:
        """Tell whether its file is not there: so the double takes one whose name says `missing`."""
        return any("missing" in str(self.settings.get(key, "")) for key in FILES)


PLACED: Mapping[str, Any] = {
    "alignment": 5,
    "boundsAlignment": 0,
    "boundsHeight": 0.0,
    "boundsType": "OBS_BOUNDS_NONE",
    "boundsWidth": 0.0,
    "cropBottom": 0,
    "cropLeft": 0,
    "cropRight": 0,
    "cropTop": 0,
    "height": 180.0,
    "positionX": 0.0,
    "positionY": 0.0,
    "rotation": 0.0,
    "scaleX": 1.0,
    "scaleY": 1.0,
    "sourceHeight": 180.0,
    "sourceWidth": 320.0,
    "width": 320.0,
}
"""Where an item stands at first [run]."""

READ_ONLY = frozenset({"width", "height", "sourceWidth", "sourceHeight"})


@dataclass(slots=True)
class Item:
    """One source in one scene."""

    id: int
    source: str
    enabled: bool = True
    place: dict[str, Any] = field(default_factory=lambda: dict(PLACED))


@dataclass(slots=True)
class Scene:
    """A scene, bottom item first. ``transition`` and ``duration`` are its own, in place of the chosen ones."""

    name: str
    items: list[Item] = field(default_factory=list)
    transition: str | None = None
    duration: int | None = None
    filters: dict[str, Filter] = field(default_factory=dict)
    made: int = 0

    def put(self, source: str) -> Item:
        """Put a source on top."""
        self.made += 1
        self.items.append(Item(self.made, source))
        return self.items[-1]


@dataclass(slots=True)
class Transition:
    """A kind of change. ``span``: how long it lasts where that cannot be chosen, in microseconds."""

    name: str
    kind: str
    span: int | None = None


STINGER = 1_930_000
FRAME = 33_000
"""How long the observed Stinger took, and a Cut (microseconds)."""

TRANSITIONS = (
    Transition("Cut", "cut_transition", FRAME),
    Transition("Fade", "fade_transition"),
    Transition("Swipe", "swipe_transition"),
    Transition("Slide", "slide_transition"),
    Transition("Fade to Color", "fade_to_color_transition"),
    Transition("Luma Wipe", "wipe_transition"),
    Transition("Stinger", "obs_stinger_transition", STINGER),
)
"""Those of the observed OBS."""

SPANS = {"cut_transition": FRAME, "obs_stinger_transition": STINGER}


class Collection:
    """One collection. ``loose``: what is named and not there is made."""

    def __init__(self, inventory: Inventory | None) -> None:
        self.loose = inventory is None
        self.program: str | None = None
        """The scene that was on air when another collection was loaded."""
        self.scenes: dict[str, Scene] = {}
        self.inputs: dict[str, Input] = {}
        self.transitions: dict[str, Transition] = {}
        listed = OBSERVED if inventory is None else inventory
        for name in [one.name for one in listed.get("scenes", ())] or ["Scene"]:
            self.scenes[name] = Scene(name)
        for one in listed.get("inputs", ()):
            kind = one.kind or ""
            version = {"text_ft2_source": "_v2", "color_source": "_v3", "text_gdiplus": "_v3"}.get(kind, "")
            self.inputs[one.name] = Input(one.name, kind, version, length=one.length or LENGTH)
        for one in listed.get("items", ()):
            for scene in self.scenes.values():
                if one.owner in (None, scene.name):
                    scene.put(one.name)
        for one in listed.get("filters", ()):
            for input_ in self.inputs.values():
                if one.owner in (None, input_.name):
                    input_.filters[one.name] = Filter(one.kind or "color_filter_v2")
        named = [Transition(one.name, one.kind or _like(one.name)) for one in listed.get("transitions", ())]
        for transition in named or TRANSITIONS:
            span = SPANS.get(transition.kind)
            self.transitions[transition.name] = Transition(transition.name, transition.kind, span)
        self.everywhere = not self.loose and "items" not in listed
        """Nothing is known of what stands where, so all is taken to be shown."""

    def scene(self, name: str) -> Scene | No:
        """Give a scene."""
        if name in self.inputs:
            return No(Code.WRONG_RESOURCE, "The specified source is not a scene.")
        if name not in self.scenes and self.loose:
            self.scenes[name] = Scene(name)
        return self.scenes.get(name) or _nothing(name)

    def input(self, name: str, program: str) -> Input | No:
        """Give an input; one that is made stands in the ``program`` scene."""
        if name in self.scenes:
            return No(Code.WRONG_RESOURCE, "The specified source is not an input.")
        if name not in self.inputs and self.loose:
            self.inputs[name] = Input(name)
            self.scenes[program].put(name)
        return self.inputs.get(name) or _nothing(name)

    def source(self, name: str, program: str) -> Scene | Input | No:
        """Give a scene or an input."""
        return self.scenes.get(name) or self.input(name, program)

    def item(self, scene: Scene, source: str, skipped: int = 0) -> Item | No:
        """Give an item of a source in a scene: the first but so many, of -1 the last."""
        found = [item for item in scene.items if item.source == source]
        if not found and (self.loose or (self.everywhere and source in {*self.inputs, *self.scenes})):
            if source not in self.scenes and source not in self.inputs:
                self.inputs[source] = Input(source)
            found.append(scene.put(source))
        if found and skipped < len(found):
            return found[skipped]
        return No(Code.NOT_FOUND, "No scene items were found in the specified scene by that name or offset.")

    def filter(self, source: Scene | Input, name: str) -> Filter | No:
        """Give a filter of a source."""
        if name not in source.filters and self.loose:
            source.filters[name] = Filter("color_filter_v2")
        said = f"No filter was found in the source `{source.name}` with the name `{name}`."
        return source.filters.get(name) or No(Code.NOT_FOUND, said)

    def transition(self, name: str) -> Transition | No:
        """Give a transition."""
        if name not in self.transitions and self.loose:
            self.transitions[name] = Transition(name, _like(name))
        return self.transitions.get(name) or No(Code.NOT_FOUND, "No scene transition was found by that name.")


def _nothing(name: str) -> No:
    return No(Code.NOT_FOUND, f"No source was found by the name of `{name}`.")


def _like(name: str) -> str:
    """Give the kind that a transition of this name has in a fresh OBS."""
    return next((one.kind for one in TRANSITIONS if one.name.casefold() == name.casefold()), "fade_transition")


OBSERVED: Inventory = {
    "scenes": (Entry("Live"), Entry("Break"), Entry("Song")),
    "inputs": (
        Entry("Jingle", kind="ffmpeg_source", length=LENGTH),
        Entry("Lower third", kind="text_ft2_source"),
        Entry("Back", kind="color_source"),
    ),
    "items": (Entry("Back", owner="Live"), Entry("Lower third", owner="Live"), Entry("Jingle", owner="Live")),
    "filters": (Entry("Tint", owner="Back", kind="color_filter_v2"),),
}
"""The collection of the observed OBS."""

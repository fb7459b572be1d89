"""What makes sense for this OBS, beyond what each argument tells: by the catalogue, and by OBS' own limits.

And how long a command is likely to take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from showrunner.devices.obs.properties import KEYS, LIMITS
from showrunner.devices.vocabulary import Command, Inventory, Objection
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, there_are

SECOND = 1_000_000
SHORTEST, LONGEST = 50_000, 20 * SECOND
"""How long OBS lets a transition last (P, SetCurrentSceneTransitionDuration)."""

USUAL = 300_000
"""What a transition lasts in a fresh OBS."""

TEXTS = ("text_ft2_source", "text_gdiplus")
"""The kinds of inputs that show a text, without the number of their version."""

MEDIA = ("ffmpeg_source", "vlc_source", "slideshow")
"""The kinds that play and come to an end."""

FIXED: Mapping[str, int] = {"cut_transition": 0, "obs_stinger_transition": LONGEST}
"""Kinds of transitions whose time cannot be chosen -> how long they last at most."""


def places(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
    """See that a source stands there, and that OBS takes the numbers."""
    found = list(stands(command, inventory))
    word = ""
    for place, argument in enumerate(command.arguments):
        if argument.name == "KEY":
            word = argument.value
        elif argument.name == "N":
            low, high = LIMITS[KEYS.get(word, (word,))[0]]
            if not low <= argument.value <= high:
                advice = sentence("write a number from {low} to {high}", low, high)
                found.append(
                    Objection(place, sentence("OBS takes no {argument} for `{word}`", argument.value, word), advice)
                )
    return tuple(found)


def _place_of(command: Command, name: str) -> int:
    return next(place for place, argument in enumerate(command.arguments) if argument.name == name)


def _missing(command: Command, name: str, known: list[str], said: Callable[[str], Sentence]) -> tuple[Objection, ...]:
    value = command.get(name)
    if value in known or not isinstance(value, str):  # with an answer in it nobody knows it yet
        return ()
    advice = did_you_mean(nearest(value, known), there_are(known) if known else sentence("the catalogue lists none"))
    return (Objection(_place_of(command, name), said(value), advice),)


def stands(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
    """See that a source stands in the scene that is named, or in any."""
    items, scene = (inventory or {}).get("items"), command.get("SCENE")
    if items is None:
        return ()
    known = sorted({item.name for item in items if scene is None or item.owner in (None, scene)})

    def said(source: str) -> Sentence:
        if scene is None:
            return sentence("`{source}` stands in no scene", source)
        return sentence("in `{scene}` stands no `{source}`", scene, source)

    return _missing(command, "SOURCE", known, said)


def _no_filter(name: str) -> Sentence:
    return sentence("OBS has no filter `{name}`", name)


def filters(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
    """See that there is such a filter; on which source it is the catalogue does not say."""
    listed = (inventory or {}).get("filters")
    if listed is None:
        return ()
    return _missing(command, "FILTER", [one.name for one in listed], _no_filter)


def of_kind(kinds: tuple[str, ...], what: str) -> Callable[[Command, Inventory | None], tuple[Objection, ...]]:
    """See that an input is of one of these kinds, where the catalogue says of which it is."""

    def check(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
        name = command.get("INPUT")
        kind = next((one.kind for one in (inventory or {}).get("inputs", ()) if one.name == name), None)
        if kind is None or is_kind(kind, kinds):
            return ()
        fits = [one.name for one in (inventory or {}).get("inputs", ()) if one.kind and is_kind(one.kind, kinds)]
        advice = there_are(fits) if fits else sentence("the catalogue lists none that is")
        return (
            Objection(
                _place_of(command, "INPUT"), sentence("`{name}` is no {what}, but a {kind}", name, what, kind), advice
            ),
        )

    return check


def is_kind(kind: str, kinds: tuple[str, ...]) -> bool:
    """Tell whether an input is of one of these kinds, whatever its version."""
    return kind.startswith(kinds)


def transition(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
    """See that a transition can last so long."""
    over, name = command.get("D"), command.get("TRANSITION")
    if over is None:
        return ()
    kind = next((one.kind for one in (inventory or {}).get("transitions", ()) if one.name == name), None)
    if kind is not None and is_kind(kind, tuple(FIXED)):
        return (
            Objection(
                _place_of(command, "D"),
                sentence("how long `{name}` lasts cannot be chosen", name),
                sentence("leave out `over`"),
            ),
        )
    if SHORTEST <= over <= LONGEST:
        return ()
    return (
        Objection(
            _place_of(command, "D"),
            sentence("no transition of OBS lasts so long"),
            sentence("write a time from 50ms to 20s"),
        ),
    )


def requested(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
    """See that this OBS knows a request."""
    listed = (inventory or {}).get("requests")
    if listed is None:
        return ()
    name, known = command.get("REQUEST"), [one.name for one in listed]
    if name in known or not isinstance(name, str):
        return ()
    advice = did_you_mean(nearest(name, known), sentence("`showrunner inventory` asks anew what it understands"))
    return (Objection(_place_of(command, "REQUEST"), sentence("this OBS has no request `{name}`", name), advice),)


def change_lasts(command: Command, _: Mapping[str, Any], inventory: Inventory | None) -> int | None:
    """Estimate the microseconds of a change of scene."""
    over, name = command.get("D"), command.get("TRANSITION")
    known = next((one for one in (inventory or {}).get("transitions", ()) if one.name == name), None)
    if known is not None and known.kind == "cut_transition":
        return 0
    if over is not None:
        return int(over)
    return USUAL if known is None or known.length is None else known.length


def clip_lasts(command: Command, _: Mapping[str, Any], inventory: Inventory | None) -> int | None:
    """Give the microseconds of a clip, where the catalogue has them."""
    known = (inventory or {}).get("inputs", ())
    return next((one.length for one in known if one.name == command.get("INPUT")), None)

"""`play "wave.motion3.json"`: the row that plays a motion of Live2D's format on a device that takes values.

What the format is stands in ``motion``. The file is a document of the show: a check reads it, and a command that plays
it has it bound, so that nothing looks for it later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from showrunner.devices import motion
from showrunner.devices.motion import Motion, Shape
from showrunner.devices.vocabulary import (
    Class,
    Command,
    Document,
    Entry,
    Finished,
    Inventory,
    Kind,
    Objection,
    Target,
    Verb,
)
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import listed

MOTIONS = "motions"
"""The list in which the motions stand that a show's own files bring along, by their paths."""

MOST_ROUNDS, SLOWEST, FASTEST = 1_000, 0.05, 20

Ways = Callable[[str], tuple[tuple[str, float, float], ...]]
"""The properties that a parameter of the model moves on a device, each with a factor and what is added to it."""


def document(text: str, settings: Mapping[str, Any]) -> Document | str:  # noqa: ARG001 - as other devices read theirs
    """Read a motion; a ``str`` says what is wrong with it. Its name in the list is its path."""
    found = motion.read(text)
    return found if isinstance(found, str) else Document(None, {MOTIONS: (Entry("", length=found.length, file=found),)})


def itself(parameter: str) -> tuple[tuple[str, float, float], ...]:
    """Of a device that knows the model's own parameters: each moves itself."""
    return ((parameter, 1, 0),)


def row(lane: str, says: str, example: str, ways: Ways, program: str, *, weighed: bool = False) -> Verb:
    """Make the row of `play` for a device. ``program``: its name in messages. ``weighed``: values have a weight."""
    return Verb(
        name="play",
        form="FILE [speed F] [loop N]",
        kinds={
            "FILE": Kind("name", sentence("a motion's file below the show's folder"), document=True),
            "F": Kind(
                "number", sentence("how fast: 1 is as written, 2 twice as fast"), minimum=SLOWEST, maximum=FASTEST
            ),
            "N": Kind("index", sentence("how often it plays"), minimum=1, maximum=MOST_ROUNDS),
        },
        class_=Class.MOVE,
        lane=lane,
        says=says,
        example=example,
        finished=Finished.STREAM,
        stream="move",
        targets=_weighed if weighed else _targets,
        binds=lambda command, inventory: _bound(command, inventory, ways),
        check=lambda command, inventory: tuple(_objections(command, inventory, ways, program)),
        draws="part",
    )


def _motion(command: Command, inventory: Inventory | None) -> Motion | None:
    file = command.get("FILE")
    entry = next((one for one in (inventory or {}).get(MOTIONS, ()) if one.name == file), None)
    return entry.file if entry is not None and isinstance(entry.file, Motion) else None


def _targets(command: Command) -> tuple[Target, ...]:
    """Give what is moved; where nothing is faded in nobody need know from where."""
    return tuple(
        Target(name, first, None if shape.fade_in else first, shape=shape)
        for name, shape in command.plays
        for first in (shape.curve.first[1],)
    )


def _weighed(command: Command) -> tuple[Target, ...]:
    """Give what is moved where a value has a weight: that is what fades."""
    return tuple(
        Target(name, (first, 1), (first, 0 if shape.fade_in else 1), shape=shape)
        for name, shape in command.plays
        for first in (shape.curve.first[1],)
    )


def _known(name: str, inventory: Inventory | None) -> bool:
    entries = (inventory or {}).get("parameters")
    return entries is None or any(entry.name == name for entry in entries)


def _bound(command: Command, inventory: Inventory | None, ways: Ways) -> Command:
    """Put into a command what it plays: for each property a shape. It ends by itself, and lets go then."""
    found = _motion(command, inventory)
    if found is None:
        return command
    speed, rounds = float(command.get("F", 1)), int(command.get("N", 1))
    shapes: dict[str, Shape] = {}
    for curve in found.curves:
        if curve.of != "Parameter":
            continue
        for name, factor, plus in ways(curve.id):
            if _known(name, inventory):
                shapes[name] = replace(motion.played(found, curve, speed, rounds), factor=factor, plus=plus)
    takes = max(1, round(found.length / speed)) * rounds
    marks = tuple(motion.marked(found, speed, rounds))
    return replace(command, lasting=0, plays=tuple(shapes.items()), takes=takes, marks=marks)


def _objections(command: Command, inventory: Inventory | None, ways: Ways, program: str) -> list[Objection]:
    wrong: list[Objection] = []
    if command.lasting is not None:
        message = sentence("a motion lasts as long as its file says, and lets go then")
        help_ = sentence("leave out the `for`: `speed 2` makes it shorter, `loop 3` longer")
        wrong.append(Objection(None, message, help_))
    found = _motion(command, inventory)
    if found is None:
        return wrong
    place = next(place for place, one in enumerate(command.arguments) if one.name == "FILE")
    parameters = [curve.id for curve in found.curves if curve.of == "Parameter"]
    strange = [one for one in parameters if not ways(one)]
    unknown = [
        one for one in parameters if (names := ways(one)) and not any(_known(name, inventory) for name, *_ in names)
    ]
    if not parameters or len(strange) + len(unknown) == len(parameters):
        message = sentence(
            "`{file}` moves nothing here: {program} knows none of its parameters", command.get("FILE"), program
        )
        help_ = sentence("was it made for another model? `showrunner inventory` asks anew")
        return [*wrong, Objection(place, message, help_)]
    rest = sentence("the rest of it plays")
    if unknown:
        message = sentence("not in the catalogue, so that nothing moves there: {names} of the motion", _quoted(unknown))
        help_ = sentence("`showrunner inventory` asks the program anew")
        wrong.append(Objection(place, message, help_, warns=True))
    if strange:
        message = sentence("{program} has nothing for {names} of the motion", program, _quoted(strange))
        wrong.append(Objection(place, message, rest, warns=True))
    if any(curve.of != "Parameter" for curve in found.curves):
        message = sentence(
            "the motion fades parts of the model, or the model itself: {program} takes values of parameters only",
            program,
        )
        wrong.append(Objection(place, message, rest, warns=True))
    return wrong


NAMED = 5
"""So many names are written out in a message."""


def _quoted(names: list[str]) -> Sentence:
    shown = [f"`{one}`" for one in names[:NAMED]]
    if len(names) > NAMED:
        return sentence("{names} and {count} more", ", ".join(shown), len(names) - NAMED)
    return listed(shown, "and")

"""What a show can ask of the light desk, what it tells, and where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.vocabulary import (
    CatalogueList,
    Class,
    Command,
    Event,
    Field,
    Finished,
    Inventory,
    Kind,
    Setting,
    Switch,
    Target,
    Verb,
)

SECOND = 1_000_000

_LAMP = Kind("name", "a lamp's name", catalogue="lamps")
_LEVEL = Kind("number", "a level from 0 to 100", minimum=0, maximum=100)


def fade(command: Command, settings: Mapping[str, Any]) -> int:
    """Give how long a look takes to come, in microseconds."""
    return int(command.get("D") or settings["fade"])


def _lasts(command: Command, settings: Mapping[str, Any], _: Inventory | None) -> int:
    return fade(command, settings)


def _targets(command: Command) -> tuple[Target, ...]:
    return (Target(command.get("LAMP"), command.get("LEVEL")),)


VERBS = (
    Verb(
        name="look",
        form="LOOK [over D]",
        kinds={
            "LOOK": Kind("name", "a look's name", catalogue="looks"),
            "D": Kind("duration", "a time like `2s`"),
        },
        class_=Class.STATE,
        lane="main",
        says="Fades to a look that is saved in the desk. It is finished when the fade is over.",
        example="lamps look Sunset over 2s",
        finished=Finished.REPORTED,
        keeps=True,
        properties=lambda _: ("look",),
        lasts=_lasts,
        draws="frame",
    ),
    Verb(
        name="flash",
        form="",
        kinds={},
        class_=Class.IMPULSE,
        lane="main",
        says="Flashes all lamps once. The desk does not answer.",
        example="lamps flash",
        finished=Finished.SENT,
        draws="badge",
    ),
    Verb(
        name="dim",
        form="LAMP to LEVEL [over D]",
        kinds={"LAMP": _LAMP, "LEVEL": _LEVEL, "D": Kind("duration", "a time like `2s`")},
        class_=Class.MOVE,
        lane="levels",
        says="Dims a lamp, at once or in that time.",
        example="lamps dim Spot to 40 over 1s",
        finished=Finished.STREAM,
        stream="move",
        targets=_targets,
        draws="value",
    ),
)

EVENTS = (
    Event(
        "pressed",
        "[KEY]",
        {"KEY": Kind("name", "a key of the desk")},
        (Field("key", "text", "which key", longest=20), Field("hard", "number", "how hard, from 0 to 1")),
        "somebody pressed a key of the desk",
        "wait for lamps pressed Go -> key within 30s",
        switch=("press", "Go"),
    ),
)

SETTINGS = (
    Setting("desk", "url", "ws://localhost:9700", "where the desk listens"),
    Setting("timeout", "duration", 2 * SECOND, "how long to wait for an answer"),
    Setting("fade", "duration", SECOND, "how long a look takes to come where nothing is said"),
    Setting("rate", "number", 20, "levels a second"),
)

SWITCHES = (
    Switch("press", takes="KEY", says="somebody presses a key of the desk"),
    Switch("fuse", ("in", "out"), says="without it no fade is ever over"),
)

CATALOGUE = (
    CatalogueList("looks", "the looks that are saved in the desk"),
    CatalogueList("lamps", "the lamps, by their names"),
)


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when the desk is not there."""
    return f"the light desk did not answer at {settings['desk']}: is its remote control switched on?"

"""A device of somebody else's: what is wrong with its table is said, and a driver that raises stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from showrunner.devices import find
from showrunner.devices.guarded import guarded
from showrunner.devices.soundness import unsound
from showrunner.devices.vocabulary import (
    CatalogueList,
    Class,
    Condition,
    Device,
    Event,
    Field,
    Finished,
    Kind,
    Lane,
    Setting,
    Terms,
    Way,
)
from showrunner.diagnostics.refusal import Refusal


def device(name: str) -> Device:
    found = find(name)
    assert found is not None
    return found


ANIMAZE, LIVE2D, AITUBER = device("animaze"), device("live2d"), device("aituber")
URL = next(row for row in ANIMAZE.settings if row.name == "url")


def verb(of: Device, called: str, /, **changed: Any) -> Device:
    """Give the device with this one row, changed."""
    row = next(row for row in of.verbs if row.name == called)
    return replace(of, verbs=(replace(row, **changed),))


@pytest.mark.parametrize("one", [ANIMAZE, LIVE2D, AITUBER, *(device(name) for name in ("obs", "vts", "osc", "vmc"))])
def test_ours_are_sound(one: Device) -> None:
    assert unsound(one, one.name) is None


def test_what_is_no_device_is_told() -> None:
    assert unsound(3, "lamp") == "`device` is no Device, but a int"
    assert unsound(replace(ANIMAZE, unreachable=lambda _: 1 / 0), "animaze") == (
        "its table cannot be read: ZeroDivisionError: division by zero"
    )


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (replace(ANIMAZE, name="other"), "it is offered as `animaze`, and calls itself `other`"),
        (replace(ANIMAZE, title=""), "it has no `title`"),
        (replace(ANIMAZE, verbs=list(ANIMAZE.verbs)), "`verbs` is no tuple of Verb"),
        (replace(ANIMAZE, lanes=("main",)), "`lanes` is no tuple of Lane"),
        (replace(ANIMAZE, driver=None), "`driver` cannot be called"),
        (
            replace(LIVE2D, lanes=(Lane("main", rate="rate", again=300_000, lapses=500_000),)),
            "the lane `main` has `again` at more than half of `lapses`",
        ),
        (replace(ANIMAZE, ways=()), "its `ways` need names, each another"),
        (replace(ANIMAZE, ways=ANIMAZE.ways * 2), "its `ways` need names, each another"),
        (
            replace(ANIMAZE, ways=(Way("api", "json", "client", "address"),)),
            "the way `api` has an address in a setting that there is not",
        ),
        (
            replace(ANIMAZE, ways=(Way("api", "smoke", "client", "url"),)),
            "the way `api` is of no kind that there is",
        ),
        (
            replace(ANIMAZE, settings=(*ANIMAZE.settings, Setting("safe", "text", "", "what is safe"))),
            "the setting `safe` has a name that every device's part has",
        ),
        (replace(ANIMAZE, settings=(*ANIMAZE.settings, URL)), "the setting `url` is there twice"),
        (
            replace(ANIMAZE, settings=(*ANIMAZE.settings, Setting("colour", "text", "", " "))),
            "the setting `colour` does not say what it means",
        ),
        (
            replace(ANIMAZE, catalogue=(*ANIMAZE.catalogue, CatalogueList("hats", "the hats", of="heads"))),
            "the list `hats` belongs to `heads`, and there is no such list",
        ),
        (replace(ANIMAZE, unreachable=lambda _: " "), "`unreachable` says nothing"),
        (verb(ANIMAZE, "emote", name="9"), "`9 NAME`: its name is no word"),
        (verb(ANIMAZE, "emote", says=""), "`emote NAME`: it does not say what it does, with an example"),
        (verb(ANIMAZE, "emote", lane="attic"), "`emote NAME`: it takes a lane that there is not"),
        (
            verb(ANIMAZE, "emote", class_=Class.SPEECH),
            "`emote NAME`: what is of the class SPEECH says what it speaks, and nothing else does",
        ),
        (
            verb(ANIMAZE, "echo", finished=Finished.SENT),
            "`echo TEXT`: speech ends with its reply or is REPORTED",
        ),
        (
            verb(ANIMAZE, "emote", keeps=True),
            "`emote NAME`: `keeps` and `lasts` are for what is REPORTED",
        ),
        (
            verb(ANIMAZE, "emote", stream="set"),
            "`emote NAME`: what holds or moves values has `targets`, and nothing else has",
        ),
        (
            verb(ANIMAZE, "emote", finished=Finished.STREAM),
            "`emote NAME`: a STREAM sets, moves or releases",
        ),
        (verb(ANIMAZE, "emote", kinds={}), "`emote NAME`: nothing says what NAME may be"),
        (
            verb(ANIMAZE, "emote", kinds={"NAME": Kind("colour", "a colour")}),
            "`emote NAME`: NAME accepts nothing that there is",
        ),
        (
            verb(ANIMAZE, "emote", kinds={"NAME": Kind("choice", "one of few")}),
            "`emote NAME`: NAME has choices where it is a `choice`, and nowhere else",
        ),
        (
            verb(ANIMAZE, "emote", kinds={"NAME": Kind("name", "a hat", catalogue="hats")}),
            "`emote NAME`: NAME is looked up in a list that there is not: `hats`",
        ),
        (
            replace(
                ANIMAZE,
                events=(Event("Waved", "", {}, (Field("who", "smell", "who waved"),), "Somebody waved.", "Waved"),),
            ),
            "event `Waved`: the field `who` does not say what it is",
        ),
    ],
)
def test_what_is_wrong_with_a_table_is_said_to_whoever_wrote_it(one: Device, wrong: str) -> None:
    assert unsound(one, "animaze" if one.name in {"animaze", "other"} else one.name) == wrong


class Raising:
    """A driver that raises at everything but its deadline."""

    deadline = 5

    def elapsed(self, now: int) -> None:
        raise KeyError(now)

    def panic(self, now: int) -> list[Condition]:
        return [Condition("note", f"quiet at {now}")]


def terms() -> Terms:
    return Terms("lamp", {}, "0", lambda now: now, {}, None)


def test_a_driver_that_raises_is_lost_and_asked_nothing_more() -> None:
    driver = guarded(replace(ANIMAZE, driver=lambda _: Raising())).driver(terms())
    assert driver.deadline == 5
    assert driver.panic(3) == [Condition("note", "quiet at 3")]
    why = "its driver failed: KeyError: 7"
    assert driver.elapsed(7) == [Condition("lost", why, why=why)]
    assert (driver.deadline, driver.panic(9)) == (None, [])


@pytest.mark.parametrize("what", ["driver", "double"])
def test_what_cannot_be_made_is_said(what: str) -> None:
    def wrong(_: Terms) -> Any:
        raise ImportError("no module named lamp")

    made: Callable[[Terms], Any] = getattr(guarded(replace(ANIMAZE, **{what: wrong})), what)
    with pytest.raises(Refusal, match=f"the {what} of `animaze` cannot be made: ImportError: no module named lamp"):
        made(terms())

"""How a device is brought to its state where its table has rounds: a model, then what it looks like, then the shot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from showrunner.devices.vocabulary import Class, Device, Finished, Lane
from showrunner.engine.caller import Caller
from showrunner.engine.messages import DeliverFrame, Effect, Excerpt, Options
from showrunner.timeline import cues
from tests import invariants
from tests.coherence import coherent
from tests.toys import TOY, VERBS, World, at, segment, send, show, targets, track, verb

STUDIO = {
    one.name: one
    for one in (
        verb(
            "model",
            Class.STATE,
            "stage",
            finished=Finished.REPORTED,
            keeps=True,
            round=0,
            properties=lambda _: ("model",),
        ),
        verb("look", Class.STATE, "looks", properties=lambda command: (f"look.{command.get('NAME')}",)),
        verb("shot", Class.STATE, "shots", round=2, properties=lambda _: ("shot",)),
        verb("ask", Class.QUERY, "chat"),
        verb("wave", Class.IMPULSE, "chat", round=0),
        verb("set", Class.STATE, "face", form="P V", stream="set", finished=Finished.STREAM, targets=targets),
        replace(VERBS["fade"], round=0),
    )
}
LANES = ("stage", "looks", "shots", "chat")
KIND: Device = replace(
    TOY,
    verbs=tuple(STUDIO.values()),
    lanes=(
        *(Lane(name) for name in LANES),
        Lane("face", rate="rate", again=100_000, lapses=500_000),
        Lane("sound", rate="rate"),
    ),
)
GONE = ((1_000_000, "toy", False), (2_000_000, "toy", True))
"""It is lost after a second, and back after another."""

EARLY = (0, "model x", "look a", "shot one")
"""What is taken at the beginning: each is answered at once, the model is over after 400 ms."""


def do(words: str) -> cues.Send:
    name, argument = words.split(" ")
    given = [("P", argument), ("V", 1)] if STUDIO[name].stream else [("NAME", argument)]
    step = send("act", *given, text=words)
    return replace(step, command=replace(step.command, verb=STUDIO[name]))


def played(*listed: tuple[Any, ...], **more: Any) -> World:
    """Play cues, each a time in milliseconds and its commands."""
    lines = [at(time * 1000, *map(do, words)) for time, *words in (EARLY, *listed, (30_000, "wave end"))]
    options = {"losses": GONE, "device": KIND, "look": lambda one: coherent(one.play), **more}
    world = World(show(segment("one", track("t", *lines))), **options)
    world.run()
    invariants.replayed_the_same(world)
    return world


def went(world: World, since: int = 1_000) -> list[tuple[int, str]]:
    """Give what was sent since then: milliseconds, and what; of frames those that carry something else."""
    text = {one["id"]: one["text"] for one in world.entries if one["kind"] == "command"}
    found, shown = [], {}
    for when, effect in world.sends:
        if isinstance(effect, DeliverFrame):
            if shown.get(effect.lane) != (effect.values, effect.shown):
                found.append((when // 1000, f"{effect.lane} {' '.join(effect.values)}"))
            shown[effect.lane] = (effect.values, False)
        elif type(effect).__name__ == "Deliver":
            found.append((when // 1000, text[effect.id]))
    return [one for one in found if since <= one[0] and one[1] != "wave end"]


def test_a_round_is_sent_when_the_one_before_is_over() -> None:
    world = played((500, "set p", "fade q"))
    assert went(world) == [
        (2000, "model x"),
        (2000, "sound q"),
        (2400, "look a"),
        (2400, "face p"),
        (2400, "shot one"),
    ]


def test_a_move_of_an_early_round_goes_at_once() -> None:
    world = played((1500, "fade q"))
    assert went(world)[:2] == [(2000, "model x"), (2000, "sound q")]


def test_a_frame_without_an_answer_is_an_end_to_wait_for() -> None:
    late = {"frame_reply": lambda *_: (450_000, True)}
    assert went(played((1500, "fade q"), **late))[2:] == [(2450, "look a"), (2450, "shot one")]
    assert went(played((500, "set p"), **late))[-1] == (2850, "shot one")


def test_ends_that_do_not_come_are_waited_for_ten_seconds_at_most() -> None:
    world = played(end=lambda *_: (15_000_000, "done"))
    assert went(world) == [(2000, "model x"), (12_000, "look a"), (12_000, "shot one")]


def test_an_end_that_is_bad_is_an_end() -> None:
    replies = {"reply": lambda _d, id_, _a, _v: (50_000, id_ != 4)}
    assert went(played(**replies)) == [(2000, "model x"), (2050, "look a"), (2100, "shot one")]


@pytest.mark.parametrize(
    ("rule", "taken", "expected"),
    [
        ("of the same property", "shot two", [(2400, "look a"), (2400, "shot two")]),
        ("behind its own round", "look b", [(2400, "look a"), (2400, "look b"), (2400, "shot one")]),
        ("of the round that is sent", "wave y", [(2100, "wave y"), (2400, "look a"), (2400, "shot one")]),
        ("a question", "ask y", [(2400, "look a"), (2400, "ask y"), (2400, "shot one")]),
        ("the model itself", "model y", [(2400, "model y"), (2400, "look a"), (2400, "shot one")]),
    ],
)
def test_what_a_newer_command_takes_over_is_left_out_and_any_other_comes_in_its_round(
    rule: str, taken: str, expected: Any
) -> None:
    assert went(played((2100, taken))) == [(2000, "model x"), *expected], rule


def test_what_waits_for_its_device_comes_behind_the_round_it_is_of() -> None:
    assert went(played((1500, "ask y"))) == [(2000, "model x"), (2400, "look a"), (2400, "ask y"), (2400, "shot one")]


def test_a_device_that_is_lost_again_is_brought_to_all_of_it_when_it_is_back() -> None:
    again = ((2_200_000, "toy", False), (3_000_000, "toy", True))
    expected = [(2000, "model x"), (3000, "model x"), (3400, "look a"), (3400, "shot one")]
    assert went(played(losses=GONE + again)) == expected


def test_a_show_that_stops_sends_no_further_round() -> None:
    world = played(presses=((2_200_000, "stop", None),))
    assert went(world) == [(2000, "model x")]
    assert world.entries[-1]["result"] == "stopped"


def test_in_a_pause_no_round_begins_and_none_is_given_up() -> None:
    presses = ((2_100_000, "pause", None), (22_000_000, "resume", None))
    assert went(played(presses=presses)) == [(2000, "model x"), (22_000, "look a"), (22_000, "shot one")]


def test_a_busy_device_is_waited_for() -> None:
    states = ((2_100_000, "busy"), (15_000_000, "ready"))
    expected = [(2000, "model x"), (15_000, "look a"), (15_000, "shot one")]
    assert went(played(conditions=states)) == expected


def test_a_show_that_begins_at_a_point_begins_in_rounds() -> None:
    world = played(losses=(), options=Options(auto=True, excerpt=Excerpt(point=5_000_000)))
    assert went(world, 0) == [(0, "model x"), (400, "look a"), (400, "shot one")]


def test_a_seek_brings_it_there_in_rounds() -> None:
    def seek(caller: Caller, now: int) -> list[Effect]:
        return caller.press("seek", None, "console", now, "5000000", Excerpt(point=5_000_000))

    world = played(losses=(), changes=((1_000_000, seek),))
    assert went(world) == [(1000, "model x"), (1400, "look a"), (1400, "shot one")]

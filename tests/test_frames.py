"""Frames of the toy's held values, to the instant: what no performance of a real device shows."""

from __future__ import annotations

from dataclasses import replace

from showrunner.devices.vocabulary import Target
from showrunner.engine.messages import DeliverClear, DeliverFrame
from showrunner.timeline import cues
from tests import toys
from tests.invariants import replayed_the_same
from tests.toys import SPAN, World, send


def test_behind_an_end_of_holding_the_rest_goes_first_though_more_is_let_go_at_every_answer():
    releases = cues.Repeat(12, 1_000_000, toys.body(toys.at(0, send("release", ("P", "A")))), "", SPAN)
    show = toys.show(
        toys.segment(
            "one",
            toys.track("letting go", toys.at(0, releases)),
            toys.track("holding", toys.at(100_000, send("set", ("P", "B"), ("V", 5)))),
        )
    )
    world = World(show, frame_reply=lambda *_: None)
    world.run()
    sent = [(at, type(one)) for at, one in world.sends if isinstance(one, DeliverClear | DeliverFrame)]
    assert sent[:3] == [(0, DeliverClear), (5_000_000, DeliverFrame), (10_000_000, DeliverClear)]
    values = [dict(one.values) for _, one in world.sends if isinstance(one, DeliverFrame)]
    assert values[0] == {"B": 5}


def parts(command):
    """Each value counts so much: 1, until it is let go."""
    return tuple(Target(name, (to, 1)) for name, to in zip(command.all("P"), command.all("V"), strict=True))


def fading(_, shown):
    return (shown[0], 0)


ROWS = {
    **toys.VERBS,
    "set": replace(toys.VERBS["set"], targets=parts),
    "move": replace(toys.VERBS["move"], targets=parts),
    "release": replace(toys.VERBS["release"], rests=fading),
}


def do(name, *given):
    step = send(name, *given)
    return replace(step, command=replace(step.command, verb=ROWS[name]))


def values(world):
    """Give what frames carried: milliseconds, and the values; an end of holding has none."""
    found = [(0, None)]
    for at, one in world.sends:
        if isinstance(one, DeliverClear | DeliverFrame):
            shown = dict(one.values) if isinstance(one, DeliverFrame) else {}
            found += [(at // 1000, shown)] if found[-1][1] != shown else []
    return found[1:]


def shown(*cues_, **more):
    track = toys.track("t", *cues_)
    kind = replace(toys.TOY, verbs=tuple(ROWS.values()))
    world = World(toys.show(toys.segment("one", track), toys.segment("two", toys.track("u"))), device=kind, **more)
    world.run()
    replayed_the_same(world)
    return values(world)


def test_what_is_let_go_over_a_time_goes_to_where_its_row_says():
    held = toys.at(0, do("set", ("P", "A"), ("V", 8)))
    found = shown(held, toys.at(500_000, do("release", ("P", "A"), ("D", 200_000))))
    assert found[0] == (0, {"A": (8, 1)})
    assert found[-2:] == [(700, {"A": (8, 0)}), (700, {})]
    (half,) = [one["A"] for at, one in found if at == 600]
    assert half == (8, 0.5)


def test_a_value_of_which_nothing_is_known_begins_at_the_default_of_its_first_part():
    found = shown(toys.at(0, do("move", ("P", "A"), ("V", 8), ("D", 200_000))))
    assert [one["A"] for at, one in found if at == 100] == [(4, 1)]


def test_a_segment_that_lets_go_over_a_time_lets_it_go_there_too():
    held = toys.track("t", toys.at(0, do("set", ("P", "A"), ("V", 8))))
    one = replace(toys.segment("one", held, least=1_000_000), release=200_000)
    after = toys.segment("two", toys.track("u", toys.at(500_000, send("act", ("NAME", "x")))))
    world = World(toys.show(one, after), device=replace(toys.TOY, verbs=tuple(ROWS.values())))
    world.run()
    replayed_the_same(world)
    found = values(world)
    assert [one["A"] for at, one in found if at == 1_100] == [(8, 0.5)]
    assert found[-2:] == [(1_200, {"A": (8, 0)}), (1_200, {})]

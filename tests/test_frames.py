"""Frames of the toy's held values, to the instant: what no performance of a real device shows."""

from __future__ import annotations

from showrunner.engine.messages import DeliverClear, DeliverFrame
from showrunner.timeline import cues
from tests import toys
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

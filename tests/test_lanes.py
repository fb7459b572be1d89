"""Lanes with streams of their own: what each sends and when, one beside the other."""

from __future__ import annotations

from typing import Any

from showrunner.devices.vocabulary import Values
from showrunner.engine.messages import DeliverClear, DeliverFrame
from tests import invariants
from tests.coherence import coherent
from tests.toys import World, at, segment, send, show, track

MOVE = send("move", ("P", "A"), ("V", 9), ("D", 300_000))
FADE = send("fade", ("P", "V"), ("V", 3), ("D", 300_000))


def played(*segments: Any, **more: Any) -> World:
    world = World(show(*segments), look=lambda caller: coherent(caller.play), **more)
    world.run()
    return world


def frames(world: World, lane: str) -> list[tuple[int, int]]:
    """Give the frames of a lane: (milliseconds, number)."""
    sends = [(at_ // 1000, one) for at_, one in world.sends if isinstance(one, DeliverFrame | DeliverClear)]
    return [(at_, one.number) for at_, one in sends if one.lane == lane]


def test_frame_numbers_count_over_the_device() -> None:
    world = played(segment("one", track("t", at(0, MOVE, FADE))))
    invariants.replayed_the_same(world)
    numbers = sorted(number for lane in ("main", "sound") for _, number in frames(world, lane))
    assert numbers == list(range(1, len(numbers) + 1))


def test_a_lane_that_is_not_answered_holds_up_no_other() -> None:
    """The first frame is the fade's, and is never answered."""
    world = played(
        segment("one", track("t", at(0, FADE), at(100_000, MOVE))),
        frame_reply=lambda _, n: None if n == 1 else (0, True),
    )
    moving = [at_ for at_, _ in frames(world, "main") if at_ <= 400]
    assert (moving[0], moving[-1], len(moving)) == (100, 400, 10)
    assert [at_ for at_, _ in frames(world, "sound")] == [0]


def test_what_a_program_keeps_is_neither_sent_again_nor_let_go() -> None:
    one = segment("one", track("t", at(0, MOVE, FADE)), least=2_000_000)
    world = played(one, segment("two", track("t", at(500_000, send("act", ("NAME", "x"))))))
    assert max(at_ for at_, _ in frames(world, "sound")) == 300
    assert max(at_ for at_, _ in frames(world, "main")) == 2000
    assert world.shown == {"main": {}, "sound": {"V": 3}}


def test_what_the_user_moves_is_where_the_next_move_starts() -> None:
    unasked = Values({"V": 1}, asked=False)
    again = send("fade", ("P", "V"), ("V", 5), ("D", 400_000))
    world = played(
        segment("one", track("t", at(0, FADE), at(1_000_000, again))),
        changes=((500_000, lambda caller, now: caller.hear("toy", unasked, now)),),
    )
    shown = [
        one.values["V"] for at_, one in world.sends if isinstance(one, DeliverFrame) and 1_190_000 < at_ < 1_210_000
    ]
    assert shown == [3.0]


def test_what_the_user_moves_changes_nothing_that_moves() -> None:
    world = played(
        segment("one", track("t", at(0, FADE))),
        changes=((150_000, lambda caller, now: caller.hear("toy", Values({"V": 100}, asked=False), now)),),
    )
    assert world.shown["sound"] == {"V": 3}
    assert all(one.values["V"] <= 3 for _, one in world.sends if isinstance(one, DeliverFrame))


# --- a device that is busy


def test_to_a_device_that_is_busy_nothing_is_sent_and_then_it_goes_on() -> None:
    """Neither command nor frame goes, nothing is chased, and what was on its way is answered all the same."""
    world = played(
        segment("one", track("t", at(0, send("scene", ("NAME", "x")), MOVE), at(150_000, send("act", ("NAME", "y"))))),
        conditions=((100_000, "busy"), (2_000_000, "ready")),
        reply=lambda *_: (120_000, True),
    )
    invariants.replayed_the_same(world)
    assert [(one["at"], one["id"]) for one in world.entries if one["kind"] == "sent"] == [(0, 1), (2_000_000, 3)]
    assert not [at_ for at_, _ in frames(world, "main") if 100 < at_ < 2000]
    outcomes = {one["id"]: (one["at"], one["result"]) for one in world.entries if one["kind"] == "outcome"}
    assert (outcomes[1], outcomes[3]) == ((120_000, "done"), (2_120_000, "done"))


def test_a_move_that_was_cut_short_is_brought_back_to_where_it_was_left() -> None:
    long = send("fade", ("P", "V"), ("V", 3), ("D", 3_000_000))
    world = played(
        segment("one", track("t", at(0, long)), most=1_000_000),
        segment("two", track("t", at(4_000_000, send("act", ("NAME", "x"))))),
        losses=((2_000_000, "toy", False), (3_000_000, "toy", True)),
    )
    invariants.replayed_the_same(world)
    late = [(at_ // 1000, dict(one.values)) for at_, one in world.sends if isinstance(one, DeliverFrame)]
    assert late[-1] == (3000, {"V": 1.0})


def test_a_device_that_stays_busy_is_lost_and_on_its_return_it_is_chased() -> None:
    world = played(
        segment("one", track("t", at(0, send("scene", ("NAME", "x"))), at(4_000_000, send("act", ("NAME", "y"))))),
        conditions=((100_000, "busy"), (2_000_000, "lost"), (3_000_000, "ready")),
    )
    assert [(one["at"], one["id"]) for one in world.entries if one["kind"] == "sent"] == [
        (0, 1), (3_000_000, 2), (4_000_000, 3),
    ]  # fmt: skip

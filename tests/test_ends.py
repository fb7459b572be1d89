"""How a command ends whose end its device reports: before or behind the reply, well or not, in one lane or several."""

from __future__ import annotations

from typing import Any

import pytest

from showrunner.devices.vocabulary import Answered, Ended
from showrunner.engine import imagined
from showrunner.engine.messages import Deliver
from showrunner.timeline import cues
from tests import invariants
from tests.coherence import coherent
from tests.toys import World, at, body, fixture, segment, send, show, track

Entry = dict[str, Any]


def played(*steps: cues.Step, **more: Any) -> World:
    """Play commands of one instant; the reply comes after 100 ms, the end after 400 ms, where nothing else is said."""
    reply = more.pop("reply", (100_000, True))
    end = more.pop("end", (400_000, "done"))
    known = {"reply": lambda *_: reply, "end": lambda *_: end, **more}
    world = World(show(segment("one", track("t", at(0, *steps)))), look=lambda one: coherent(one.play), **known)
    world.run()
    invariants.replayed_the_same(world)
    return world


def outcome(world: World, id_: int = 1) -> tuple[int, str, str | None]:
    (found,) = [one for one in world.entries if one["kind"] == "outcome" and one["id"] == id_]
    return found["at"] // 1000, found["result"], found.get("reason")


def went(world: World) -> list[tuple[int, int]]:
    """Give when each command was sent: (milliseconds, id)."""
    return [(one["at"] // 1000, one["id"]) for one in world.entries if one["kind"] == "sent"]


@pytest.mark.parametrize(
    ("rule", "reply", "end", "expected"),
    [
        ("it ends when both have come", (100_000, True), (400_000, "done"), (400, "done", None)),
        ("the end may come before the reply", (100_000, True), (40_000, "done"), (100, "done", None)),
        ("and at one instant with it", (100_000, True), (100_000, "done"), (100, "done", None)),
        ("a refusal behind an early end has failed", (100_000, False), (40_000, "done"), (100, "failed", "no")),
        ("a refusal needs no end", (100_000, False), (400_000, "done"), (100, "failed", "no")),
        ("what fails behind its reply", (100_000, True), (400_000, "failed"), (400, "failed", "so it was")),
        ("what failed before its reply", (100_000, True), (40_000, "failed"), (100, "failed", "so it was")),
        ("what is replaced is no failure", (100_000, True), (400_000, "cancelled"), (400, "cancelled", "so it was")),
        ("without a reply there is no end", None, (40_000, "done"), (5000, "timed-out", "no reply within 5s")),
    ],
)
def test_a_reported_command_ends_with_reply_and_end(rule: str, reply: Any, end: Any, expected: Any) -> None:
    assert outcome(played(send("clip", ("NAME", "x")), reply=reply, end=end)) == expected, rule


def test_behind_its_end_its_time_counts_on() -> None:
    assert outcome(played(send("change", ("NAME", "x"), lasting=700_000))) == (700, "done", None)
    assert outcome(played(send("change", ("NAME", "x"), lasting=200_000))) == (400, "done", None)


@pytest.mark.parametrize(
    ("rule", "verb", "more", "expected"),
    [
        ("the device's limit is for the reply alone", "clip", {}, (9000, "done", None)),
        ("its own counts to the end", "clip", {"within": 3_000_000}, (3000, "timed-out", "no end within 3s")),
        (
            "with `and wait` or without",
            "clip",
            {"within": 3_000_000, "wait": True},
            (3000, "timed-out", "no end within 3s"),
        ),
    ],
)
def test_limits_of_what_is_reported(rule: str, verb: str, more: Any, expected: Any) -> None:
    assert outcome(played(send(verb, ("NAME", "x"), **more), end=(9_000_000, "done"))) == expected, rule


@pytest.mark.parametrize(
    ("rule", "more", "expected"),
    [
        ("a voice may take longer than its limit", {"within": 3_000_000}, (9100, "done", None)),
        (
            "but where it is awaited",
            {"within": 3_000_000, "wait": True},
            (3000, "timed-out", "no end of the speech within 3s"),
        ),
        (
            "a limit never counts for a `for`",
            {"within": 10_000_000, "wait": True, "lasting": 12_000_000},
            (12000, "done", None),
        ),
    ],
)
def test_limits_of_a_voice(rule: str, more: Any, expected: Any) -> None:
    assert outcome(played(send("echo", ("NAME", "x"), **more), speech=9_000_000)) == expected, rule


def test_what_an_end_says_is_kept() -> None:
    world = played(send("clip", ("NAME", "x"), keep="answer"), send("ask", ("NAME", "y")))
    assert outcome(world) == (400, "done", None)
    assert [one["answer"] for one in world.journal if one.get("what") == "ended"] == ["end"]


def test_another_attempt_is_told_of_anew_and_an_old_end_changes_nothing() -> None:
    replies = {1: (100_000, False), 2: (200_000, True)}
    ends = {1: (150_000, "failed"), 2: (500_000, "done")}
    world = World(
        show(segment("one", track("t", at(0, send("clip", ("NAME", "x"), retry=1))))),
        reply=lambda _d, _i, attempt, _v: replies[attempt],
        end=lambda _d, _i, attempt, _v: ends[attempt],
    )
    world.run()
    assert outcome(world) == (600, "done", None)


def test_an_end_that_failed_is_tried_again() -> None:
    ends = {1: (400_000, "failed"), 2: (400_000, "done")}
    world = World(
        show(segment("one", track("t", at(0, send("change", ("NAME", "x"), retry=1))))),
        end=lambda _d, _i, attempt, _v: ends[attempt],
    )
    world.run()
    assert went(world) == [(0, 1), (400, 1)]
    assert outcome(world) == (800, "done", None)


@pytest.mark.parametrize("verb", ["clip", "change", "echo"])
def test_what_is_accepted_and_not_over_has_failed_when_its_device_is_lost(verb: str) -> None:
    world = played(send(verb, ("NAME", "x")), losses=((200_000, "toy", False), (300_000, "toy", True)))
    assert outcome(world) == (200, "failed", "connection lost")


def test_what_is_only_sent_is_over_at_once() -> None:
    assert outcome(played(send("poke", ("NAME", "x")))) == (0, "done", None)


# --- lanes


def test_a_lane_that_is_kept_is_free_at_the_end_and_not_at_the_reply() -> None:
    world = played(send("change", ("NAME", "x")), send("clip", ("NAME", "y")), send("clip", ("NAME", "z")))
    assert went(world) == [(0, 1), (400, 2), (500, 3)]


def test_a_time_of_its_own_keeps_no_lane() -> None:
    world = played(send("change", ("NAME", "x"), lasting=2_000_000), send("change", ("NAME", "y")))
    assert went(world) == [(0, 1), (400, 2)]
    assert outcome(world) == (400, "cancelled", "taken over by line 1")


def test_what_takes_several_lanes_waits_for_all_and_holds_up_all() -> None:
    world = played(
        send("clip", ("NAME", "x")),
        send("everything", ("NAME", "y")),
        send("act", ("NAME", "z")),
        send("ask", ("NAME", "w")),
        send("clip", ("NAME", "v")),
    )
    assert went(world) == [(0, 1), (100, 2), (500, 5), (500, 3), (500, 4)]


def test_what_stood_behind_one_that_takes_several_lanes_goes_when_that_is_gone() -> None:
    """The lane `stage` is taken for long; the question ends, and with it what stood in the lane `main` for both."""
    asked = send("ask", ("NAME", "w"), meanwhile=body(at(0, send("everything", ("NAME", "y")))))
    one = track("one", at(0, send("clip", ("NAME", "x")), asked), at(50_000, send("act", ("NAME", "z"))))
    world = World(
        show(segment("s", one)),
        reply=lambda _d, _i, _a, verb: (3_000_000 if verb == "clip" else 100_000, True),
        look=lambda caller: coherent(caller.play),
    )
    world.run()
    assert outcome(world, 3) == (100, "skipped", "over")
    assert went(world) == [(0, 1), (0, 2), (100, 4)]


def test_frames_give_way_to_what_takes_several_lanes() -> None:
    moving = send("move", ("P", "A"), ("V", 9), ("D", 3_000_000))
    later = at(1_000_000, send("everything", ("NAME", "y")))
    world = World(show(segment("one", track("t", at(0, moving), later))), frame_reply=lambda *_: (30_000, True))
    world.run()
    ((sent, _),) = went(world)
    assert 1000 <= sent < 1100


# --- what is not over yet, in the plan


@pytest.mark.parametrize(("known", "length"), [({}, 700_000), (None, 0)])
def test_how_long_it_lasts_lies_between_reply_and_end_in_the_plan(known: Any, length: int) -> None:
    """What the model is known to need; where nothing is known of it, no time."""
    sent = Deliver("toy", 1, 1, send("clip", ("NAME", "x")).command)
    told = list(imagined.answers(sent, {"toy": fixture()}, {"toy": known}))
    assert [(after, type(output)) for after, _, output in told] == [(0, Answered), (length, Ended)]

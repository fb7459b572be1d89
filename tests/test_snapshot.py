"""Snapshots: what stands between two steps, as a value that another thread may read."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest
from hypothesis import given

from showrunner.engine import curves, snapshot
from showrunner.engine.caller import Caller
from showrunner.engine.messages import Effect, Excerpt, Options
from showrunner.engine.play import LATELY
from showrunner.engine.snapshot import Snapshot, Standing
from showrunner.timeline import cues
from tests.programs import shows, worlds
from tests.test_reload_invariants import usual
from tests.toys import SPAN, World, at, segment, send, show, track

MOVE = send("move", ("P", "x"), ("V", 10), ("D", 4_000_000))
SHOW = show(
    segment(
        "one",
        track("main", at(0, MOVE), at(1_000_000, cues.Hold("ready", None, None, "", SPAN))),
        track("other", at(3_000_000, send("act", ("NAME", "x")))),
    )
)


def seen(*instants: int, presses: tuple[tuple[int, str, str | None], ...] = (), changes: Any = ()) -> list[Snapshot]:
    """Play the show, and give what stood behind the last input up to each of these instants."""
    found: dict[int, Snapshot] = {}
    presses = (*presses, (5_000_000, "go", None))
    world = World(SHOW, options=Options(watched=True), presses=presses, changes=changes)

    def look(caller: Caller) -> None:
        found.update((instant, caller.snapshot()) for instant in instants if world.now <= instant)

    world.look = look
    world.run()
    return [found[instant] for instant in instants]


def test_it_tells_what_is_waited_for_and_what_the_clocks_of_the_segment_show() -> None:
    playing, standing = seen(500_000, 2_500_000)
    assert playing.standing == ()
    assert [(clock.track, clock.at(700_000)) for clock in playing.clocks] == [("main", 700_000), ("other", 700_000)]
    assert standing.segment == "one"
    assert standing.standing == (Standing("one", "main", "L2", "go ready", 1_000_000),)
    assert [(clock.at(2_700_000), clock.runs) for clock in standing.clocks] == [(1_000_000, False), (2_700_000, True)]


def test_what_moves_is_told_as_its_course_so_that_its_value_is_known_at_any_instant() -> None:
    (found,) = seen(2_000_000)
    course = found.values["toy"]["x"]
    assert [curves.value(course, now) for now in (0, 2_000_000, 3_000_000, 9_000_000)] == [0, 5, 7.5, 10]


def test_clocks_stand_in_a_pause_and_what_moves_goes_on() -> None:
    (found,) = seen(900_000, presses=((500_000, "pause", None), (1_000_000, "resume", None)))
    assert found.paused
    assert [clock.at(900_000) for clock in found.clocks] == [500_000, 500_000]
    assert curves.value(found.values["toy"]["x"], 1_000_000) == 2.5


def test_a_loop_a_panic_and_the_end_are_told() -> None:
    def loop(caller: Caller, now: int) -> list[Effect]:
        return caller.press("loop", None, "key", now, "one", Excerpt(last=0))

    looping, panicked = seen(150_000, 250_000, presses=((200_000, "panic", None),), changes=((100_000, loop),))
    assert looping.loop == Excerpt(last=0)
    assert (looping.panicked, looping.ending, looping.ended) == (False, None, False)
    assert (panicked.panicked, panicked.ending, panicked.ended) == (True, "panic", False)
    assert panicked.clocks == ()


def test_one_that_was_taken_stays_as_it_is_and_nobody_can_change_it() -> None:
    first, _ = seen(500_000, 2_500_000)
    again, *_ = seen(500_000)
    assert first == again
    with pytest.raises(FrozenInstanceError):
        first.paused = True  # type: ignore[misc]
    with pytest.raises(TypeError):
        first.values["toy"]["x"] = first.values["toy"]["x"]  # type: ignore[index]


@usual
@given(shows(), worlds())
def test_the_one_that_is_ready_to_be_read_is_always_the_newest(
    cue_list: cues.CueList, given_world: dict[str, Any]
) -> None:
    def look(caller: Caller) -> None:
        assert caller.snapshot() == snapshot.taken(caller.play)

    given_world["options"] = replace(given_world["options"], watched=True)
    World(cue_list, **given_world, look=look).run()


def test_what_hears_is_told_with_how_much_it_has_heard_and_what_plays_and_waits() -> None:
    pressed = cues.Awaited("button", "boo")
    body = cues.Body((at(0, cues.Pause(2_000_000, "", SPAN)),))
    when = cues.When((pressed,), None, None, "queue", 1_000_000, 2_000_000, body, "when button boo", SPAN)
    listed = cues.Track(
        "", SHOW.main, 7, cues.Body((cues.Cue(0, None, cues.Position(False, 0, None), "", (when,), SPAN),))
    )
    world = World(
        replace(SHOW, whens=(listed,), above=(1,), buttons=("boo",)),
        options=Options(watched=True),
        presses=((500_000, "button", "boo"), (1_500_000, "button", "boo"), (3_000_000, "go", None)),
    )
    found: list[Snapshot] = []
    world.look = lambda caller: found.append(caller.snapshot())
    world.run()
    (heard,) = next(one.hears for one in found if one.instant == 1_500_000)
    assert (heard.segment, heard.cue, heard.when) == (None, "L7", when)
    assert (heard.heard, heard.plays, heard.waiting, heard.rests) == (2, 1, 1, 2_500_000)
    assert found[-1].hears == ()


def test_commands_are_told_as_they_went_and_which_of_them_stand() -> None:
    steps = at(0, send("scene", ("NAME", "a"))), at(1_000_000, send("act", ("NAME", "x")))
    world = World(show(segment("one", track("main", *steps, at(9_000_000, cues.Pause(1, "", SPAN))))))
    found: list[Snapshot] = []
    world.look = lambda caller: found.append(snapshot.taken(caller.play))
    world.run()
    before, after = ([one for one in found if one.instant <= instant][-1] for instant in (500_000, 2_000_000))
    assert [(one, made.verb.name, made.get("NAME")) for one, made in before.commands.items()] == [(1, "scene", "a")]
    assert [made.verb.name for made in after.commands.values()] == ["scene", "act"]
    assert {name: dict(held) for name, held in after.stands.items()} == {"toy": {"scene": 1}}


def test_of_what_went_only_so_much_is_remembered_but_all_that_stands() -> None:
    many = [at(n * 10_000, send("act", ("NAME", "x"))) for n in range(1, LATELY + 10)]
    world = World(show(segment("one", track("main", at(0, send("scene", ("NAME", "a"))), *many))))
    found: list[Snapshot] = []
    world.look = lambda caller: found.append(snapshot.taken(caller.play))
    world.run()
    assert len(found[-1].commands) == LATELY + 1
    assert 1 in found[-1].commands

"""Reloads and seeks at awkward instants, each the smallest that once went wrong. The rules by name are performances."""

from __future__ import annotations

from showrunner.engine.caller import Caller
from showrunner.engine.messages import Effect, Excerpt, Options
from showrunner.timeline.cues import CueList
from tests.programs import spelled
from tests.test_reload_invariants import reload, reworded
from tests.toys import World, at, plus, segment, send, show, then, track

ACT = send("act", ("NAME", "x"))


def test_a_reload_in_a_pause_while_an_else_hold_stands_behind_a_wait_takes_the_next_cue_once() -> None:
    held = send("act", ("NAME", "x"), within=10_000, policy="hold", wait=True)
    text = show(segment("one", track("main", at(0, held), at(0, ACT))))
    world = {"reply": lambda _d, number, _a, _v: None if number == 1 else (1_000, True), "options": Options()}
    presses = ((90_000, "pause", None), (200_000, "go", None), (300_000, "resume", None))
    plain = World(text, **world, presses=presses).run()
    again = World(text, **world, presses=presses, changes=((100_000, reload(reworded(text))),)).run()
    assert [entry for entry in again if entry["kind"] != "reload"] == plain
    assert [entry["at"] for entry in plain if entry["kind"] == "cue"] == [0, 300_000]


def test_a_state_that_was_chased_and_still_waits_in_its_lane_is_skipped_when_the_show_is_stopped() -> None:
    text = show(
        segment("one", track("main", at(0, send("scene", ("NAME", "x"))))),
        segment("two", track("main", at(1_000_000, ACT))),
    )

    def seek(caller: Caller, now: int) -> list[Effect]:
        return caller.press("seek", None, "key", now, "two", Excerpt(0, 1))

    presses = ((0, "pause", None), (20_000, "stop", None))
    entries = World(text, presses=presses, changes=((10_000, seek),)).run()
    ends = {entry["id"]: (entry["result"], entry.get("reason")) for entry in entries if entry["kind"] == "outcome"}
    assert list(ends.values()) == [("skipped", "stop")]
    assert entries[-1]["kind"] == "end"


def test_a_then_that_has_what_it_waits_for_and_speech_that_began_since_comes_when_it_said() -> None:
    spoken = send("echo", ("NAME", "a long one"))
    text = show(
        segment(
            "one",
            track("main", at(0, ACT), then(ACT, plus=300_000)),
            track("other", at(100_000, spoken), plus(0, send("echo", ("NAME", "z")))),
        )
    )
    changes = tuple((when, reload(reworded(text))) for when in (50_000, 150_000, 250_000))
    plain, again = World(text).run(), World(text, changes=changes).run()
    assert [entry for entry in again if entry["kind"] != "reload"] == plain
    assert [entry["at"] for entry in plain if entry["kind"] == "cue" and entry["track"] == "main"] == [0, 300_000]


def test_a_seek_past_the_end_ends_the_show_and_leaves_the_stage_as_it_would_be_then() -> None:
    text = show(segment("one", track("main", at(0, send("scene", ("NAME", "x"))), at(1_000_000, ACT))))

    def seek(caller: Caller, now: int) -> list[Effect]:
        return caller.press("seek", None, "key", now, "9s", Excerpt(9_000_000))

    entries = World(text, changes=((500_000, seek),)).run()
    verbs = [entry["verb"] for entry in entries if entry["kind"] == "command"]
    assert verbs == ["scene", "scene"]
    assert (entries[-1]["kind"], entries[-1]["at"]) == ("end", 500_000)


def test_a_held_value_whose_time_alone_is_edited_is_not_sent_again() -> None:
    def text(lasting: int) -> CueList:
        return show(segment("one", track("main", at(0, spelled(send("set", ("P", "A"), ("V", 3), lasting=lasting))))))

    plain = World(text(90_000))
    plain.run()
    edited = World(text(50_000), changes=((20_000, reload(text(90_000))),))
    edited.run()
    assert edited.sends == plain.sends


def test_a_cue_that_a_save_missed_comes_when_the_save_is_undone_at_the_instant_it_was_due() -> None:
    text = show(segment("one", track("main", at(250_000, ACT))))
    sooner = show(segment("one", track("main", plus(0, ACT))))
    undone = tuple((250_000, reload(one)) for one in (sooner, reworded(text)))
    plain, again = World(text).run(), World(text, changes=undone).run()
    told = [entry for entry in again if entry["kind"] == "reload"]
    assert [entry["missed"] for entry in told] == [["one/L1"], []]
    assert [entry for entry in again if entry["kind"] != "reload"] == plain


def test_a_show_that_is_stopped_and_then_sought_on_in_stands_at_its_end_again() -> None:
    text = show(segment("one", track("main", at(0, ACT))))

    def seek(caller: Caller, now: int) -> list[Effect]:
        return caller.press("seek", None, "key", now, "one", Excerpt())

    world = {"reply": lambda *_: (1_000_000, True), "options": Options(lingers=frozenset({"done"}))}
    presses = ((500_000, "stop", None), (9_000_000, "stop", None))
    entries = World(text, **world, presses=presses, changes=((600_000, seek),)).run()
    assert (entries[-1]["kind"], entries[-1]["at"]) == ("end", 9_000_000)

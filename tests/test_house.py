"""A house in memory: one log, a leader, who stands by, and the stage that must notice nothing."""

from __future__ import annotations

import pytest

from tests.housed import SECOND, House, entries_of

SHOW = """\
segment one
  at 0s    live2d set ParamAngleX 10 for 2s; animaze scene Spaceship
  at 500ms live2d move ParamAngleY to 20 over 1s; say happy "Hello, everyone!"
  then     animaze emote Emote_Wave
segment two
  at 0s    say "And goodbye."
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "evening.show"
    path.write_text(SHOW)
    return path


def heart(entries):
    """What a journal says, without the order of what is of one instant, the stamps in frames, how a replay counts."""
    left = ("seq", "before", "frame")
    kept = [one for one in entries if one["kind"] not in {"lead", "told", "device", "show", "source"}]
    return sorted(str({key: value for key, value in one.items() if key not in left}) for one in kept)


def test_the_journal_is_that_of_a_run_without_a_house(script):
    house = House(script, way=0)
    house.opens()
    house.begin()
    house.end()
    assert heart(house.entries["a"]) == heart(entries_of(script))


def test_who_stands_by_has_the_same_journal(script):
    house = House(script)
    house.opens()
    house.follows()
    house.begin()
    house.end()
    assert house.entries["b"] == house.entries["a"]
    assert house.twice() == house.missing() == 0


def test_the_leader_dies_and_the_show_goes_on(script):
    house = House(script)
    house.opens()
    house.follows()
    house.begin()
    house.at(house.world.now() + 1_200_000, lambda: house.kill("a"))
    house.end()
    assert house.members["b"].led == 1
    assert house.twice() == house.missing() == 0


LONG = """\
segment one
  at 0s    live2d set ParamAngleX 10 for 20s; animaze scene Spaceship
  at 500ms live2d move ParamAngleY to 20 over 8s; say happy "Hello, everyone!"
  at 1s    repeat 90 times every 100ms
    animaze emote Emote_Wave
  at 1s    repeat 30 times every 300ms
    say "Again."
"""


@pytest.fixture
def long(tmp_path):
    path = tmp_path / "long.show"
    path.write_text(LONG)
    return path


def begun(path, *followers, **more):
    house = House(path, **more)
    house.opens()
    for name in followers:
        house.follows(name)
    house.run(2 * SECOND)
    house.begin()
    return house


def whole(house, names):
    """Nothing came twice, nothing is missing, and all who were there to the end have the same journal."""
    assert (house.twice(), house.missing()) == (0, 0)
    journals = [house.entries[name] for name in names if house.members[name].ended is not None]
    assert journals
    for one in journals[1:]:
        assert one == journals[0]
    refused = [one.follower.refusing for one in house.members.values() if one.follower is not None]
    assert [one for one in refused if one] == []


def after(house, time, thing):
    house.at(house.world.now() + time, thing)


@pytest.mark.parametrize("time", range(1_000_000, 9_000_000, 770_000))
def test_a_leader_may_die_at_any_time(long, time):
    house = begun(long, "b")
    after(house, time, lambda: house.kill("a"))
    house.end()
    assert house.members["b"].led == 1
    whole(house, "b")


def test_a_leader_that_wakes_finds_itself_overtaken_and_stands_by(long):
    house = begun(long, "b")
    after(house, 3 * SECOND, lambda: house.freeze("a", 2 * SECOND))
    house.end()
    assert (house.members["a"].led, house.members["b"].led) == (1, 1)
    assert house.members["a"].state == "ended"
    whole(house, "ab")


def test_a_leader_that_is_cut_off_decides_nothing_and_comes_back_as_a_follower(long):
    house = begun(long, "b")
    after(house, 3 * SECOND, lambda: house.cut("a", 2 * SECOND))
    house.end()
    assert house.members["b"].led == 1
    whole(house, "ab")


@pytest.mark.parametrize("followers", ["", "b"])
def test_a_server_that_is_away_for_a_while_is_a_gap(long, followers):
    house = begun(long, *followers)
    after(house, 3 * SECOND, lambda: house.down(3 * SECOND))
    house.end()
    gaps = [one["for"] for one in house.entries["a"] if one["kind"] == "gap"]
    assert len(gaps) == 1
    assert 2 * SECOND < gaps[0] < 4 * SECOND
    whole(house, "a" + followers)


def test_a_stagehand_that_was_started_anew_brings_its_devices_back(long):
    house = begun(long, "b")
    after(house, 3 * SECOND, lambda: house.kill("stage"))
    after(house, 4 * SECOND, house.begin_hand)
    house.end()
    states = [one["state"] for one in house.entries["a"] if one["kind"] == "device" and one["device"] == "live2d"]
    assert states[-2:] == ["lost", "ready"]
    assert house.twice() == 0
    # What was on its way to a machine that died has failed, as that of any program that does.
    never = house.decided() - {(one.id, one.attempt) for one in house.ledger}
    results = {one["id"]: one["result"] for one in house.entries["a"] if one["kind"] == "outcome"}
    assert {results[id_] for id_, _ in never} <= {"failed"}
    assert house.entries["a"] == house.entries["b"]


def test_a_stagehand_that_does_not_come_back_is_lost(long):
    house = begun(long)
    after(house, 3 * SECOND, lambda: house.kill("stage"))
    house.end()
    lost = [one for one in house.entries["a"] if one["kind"] == "device" and one["state"] == "lost"]
    assert {one["detail"] for one in lost} == {"its stagehand `stage` is silent"}


def test_a_lost_acknowledgement_is_looked_up(long):
    house = begun(long, "b")
    after(house, 3 * SECOND, lambda: setattr(house.server, "lose_next", 1))
    house.end()
    whole(house, "ab")


def test_an_application_dies_during_a_take_over(long):
    house = begun(long, "b")
    after(house, 3 * SECOND, lambda: house.kill("a"))
    after(house, 3_100_000, lambda: house.world.lose("animaze", house.world.now()))
    after(house, 3_900_000, lambda: house.world.restore("animaze", house.world.now()))
    house.end()
    whole(house, "b")


def test_of_two_who_stand_by_one_leads(long):
    house = begun(long, "b", "c")
    after(house, 3 * SECOND, lambda: house.kill("a"))
    after(house, 6 * SECOND, lambda: house.kill(house.leader().by))
    house.end()
    whole(house, house.members)


@pytest.mark.parametrize("shift", [10 * SECOND, -10 * SECOND, 3_600 * SECOND])
def test_a_clock_that_is_wrong_moves_nothing(long, shift):
    house = House(long)
    house.opens()
    house.follows("b", shift=shift)
    house.run(2 * SECOND)
    house.begin()
    after(house, 3 * SECOND, lambda: house.kill("a"))
    house.end()
    assert [one for one in house.entries["b"] if one["kind"] == "gap"] == []
    assert max(one["late"] for one in house.entries["b"] if one["kind"] == "cue") < SECOND
    whole(house, "b")


def test_who_comes_late_plays_all_of_it_and_may_lead_then(long):
    house = begun(long)
    after(house, 4 * SECOND, lambda: house.follows("b"))
    after(house, 7 * SECOND, lambda: house.kill("a"))
    house.end()
    whole(house, "b")


def test_a_planned_hand_over_costs_nothing(long):
    house = begun(long, "b")
    after(house, 3 * SECOND, lambda: house.press("a", "hand over"))
    house.end()
    assert house.members["b"].led == 1
    assert max(one["late"] for one in house.entries["b"] if one["kind"] == "cue") < 20_000
    assert [one["why"] for one in house.entries["b"] if one["kind"] == "lead"] == ["handed over"]
    whole(house, "ab")


def test_nobody_is_handed_the_show_who_is_not_ready(long):
    house = begun(long)
    after(house, 3 * SECOND, lambda: house.press("a", "hand over"))
    house.end()
    assert (SECOND, "nobody is ready to take over") in [(SECOND, text) for _, _, text in house.said]


def test_presses_at_the_moment_of_death_are_neither_lost_nor_done_twice(tmp_path):
    path = tmp_path / "raid.show"
    path.write_text('segment one\n  at 30s log "end"\n  when button raid\n    log "raid"\n')
    house = begun(path, "b", "c")
    after(house, 3 * SECOND, lambda: house.kill("a"))
    for n in range(100):
        after(house, SECOND + n * 100_000, lambda: house.press("c", "button", "raid"))
    house.end()
    pressed = [one for one in house.entries["c"] if one["kind"] == "operator" and "ignored" not in one]
    assert len(pressed) == 100
    whole(house, "bc")


def test_live2d_sees_no_value_lapse(long):
    house = begun(long, "b")
    seen = []
    after(house, 3 * SECOND, lambda: house.kill("a"))
    for n in range(60):
        after(
            house,
            2 * SECOND + n * 50_000,
            lambda: seen.append(house.world.wires["live2d"]._double.visible(house.world.now())),
        )
    house.end()
    assert [one for one in seen if "ParamAngleX" not in one] == []


def test_what_is_not_played_the_same_way_is_refused_in_words(long, monkeypatch):
    house = begun(long)
    monkeypatch.setattr("showrunner.house.follower.version", lambda: "0.0 3.9")
    house.follows("b")
    house.run(house.world.now() + 2 * SECOND)
    assert house.members["b"].state == "refusing"
    assert "0.0 3.9" in house.members["b"].follower.refusing


def test_a_second_show_on_a_channel_is_refused(long):
    house = begun(long)
    house.opens("z")
    house.run(house.world.now() + 2 * SECOND)
    assert "`a` plays a show on channel `evening`" in house.members["z"].refused


def test_a_log_that_was_deleted_is_told_and_nothing_goes_on(long):
    house = begun(long, "b")
    after(house, 3 * SECOND, lambda: house.server.delete("evening"))
    house.run(house.world.now() + 8 * SECOND)
    assert any("it was lost" in text for _, who, text in house.said if who == "a")

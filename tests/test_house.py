"""A house in memory: one log, a leader, who stands by, and the stage that must notice nothing."""

from __future__ import annotations

import pytest

from tests.housed import House, entries_of

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
    kept = [one for one in entries if one["kind"] not in {"lead", "told", "device", "show"}]
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

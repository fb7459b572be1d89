"""Camera, avatar and ChatPal's voice in the whole program on the virtual clock: what goes over the wire, and when."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from showrunner.devices.vocabulary import Entry, Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show import stage
from showrunner.wires.loopback import World
from tests import invariants
from tests.stagehand import Played, compiled
from tests.ways import DIALLED

SECOND = 1_000_000
MS = 1000


def play(tmp_path, script, *, latency=0, arrange=lambda *_: None, inventory=None, **settings):
    path = tmp_path / "a.show"
    path.write_text(script, encoding="utf-8")
    standing = stage.standard()
    kind = standing["animaze"].device
    standing["animaze"] = replace(standing["animaze"], settings={**standing["animaze"].settings, **settings})
    cues, fixtures = compiled(path, standing)
    world, entries = World(latency), []
    double = kind.double(Terms("animaze", fixtures["animaze"].settings, "0", lambda now: now // 1000, {}, inventory))
    wires = {"animaze": world.join("animaze", double, (DIALLED,))}
    options = Options(auto=False, journal_frames=True)
    performance = Performance(cues, fixtures, wires, world, Journal(entries.append), options)
    assert performance.standby(60 * SECOND) == {}
    arrange(world)
    performance.play()
    performance.close()
    invariants.one_outcome_each(entries)
    return Played(entries), double


def sent(played, action):
    return [entry["frame"] for entry in played.all("sent") if entry["frame"]["action"] == action]


def unanswered_at_most(played):
    """Give the largest number of requests that were unanswered at once."""
    most = waiting = 0
    for entry in played.entries:
        waiting += {"sent": 1, "reply": -1}.get(entry["kind"], 0)
        most = max(most, waiting)
    return most


def test_an_opening_angle_goes_in_a_straight_line_from_where_it_is(tmp_path):
    played, double = play(tmp_path, "at 0s animaze camera fov 30 over 1s\n")
    fovs = [frame["fov"] for frame in sent(played, "SetCameraFov")]
    assert fovs == [pytest.approx(60 - n, abs=1e-4) for n in range(31)]
    assert (fovs[0], fovs[-1]) == (60, 30)
    assert unanswered_at_most(played) == 1
    assert [entry["result"] for entry in played.all("outcome")] == ["done"]
    assert double._application._now.fov == pytest.approx(30)


def test_a_rotation_goes_the_way_of_a_rotation(tmp_path):
    script = "at 0s animaze camera position 0 1 2 rotation 0 0 0 1\nat 1s animaze camera turn 90 tilt 0 over 1s\n"
    played, _ = play(tmp_path, script)
    _, *moving = sent(played, "SetCameraTransform")
    for n, frame in enumerate(moving):
        half = math.radians(90 * n / 30) / 2
        assert frame["rotation"] == pytest.approx([0, math.sin(half), 0, math.cos(half)], abs=2e-6)
        assert frame["position"] == [0, 1, 2], "what is not said stays as it is"
    assert len(moving) == 31


def test_a_place_goes_with_its_size(tmp_path):
    script = "at 0s animaze place position 3 0 0 rotation 0 0 0 1 scale 2 over 300ms\n"
    played, _ = play(tmp_path, script)
    frames = sent(played, "SetAvatarTransform")
    assert [frame["scale"] for frame in frames] == [pytest.approx(1 + n / 9, abs=1e-5) for n in range(10)]
    assert [frame["position"][0] for frame in frames] == [pytest.approx(n / 3, abs=1e-5) for n in range(10)]


def test_one_request_is_unanswered_at_a_time_and_the_newest_value_wins(tmp_path):
    script = """
at 0s animaze camera position 0 0 0 rotation 0 0 0 1 over 1s; animaze camera fov 30 over 1s
at 0s animaze place position 1 0 0 rotation 0 0 0 1 scale 2 over 1s
"""
    played, double = play(tmp_path, script, latency=60 * MS)
    moving = [
        (entry["kind"], entry["frame"]["action"])
        for entry in played.entries
        if entry["kind"] in {"sent", "reply"} and "Set" in str(entry["frame"]) and entry.get("id") in {None, 3}
    ]
    turns = ["SetCameraTransform", "SetCameraFov", "SetAvatarTransform"] * (len(moving) // 6)
    assert moving == [(kind, action) for action in turns for kind in ("sent", "reply")]
    assert len(sent(played, "SetCameraFov")) < 8, "each takes 120 ms, and three share the way"
    now = double._application._now
    assert (now.camera[0], now.place[0], now.place[2]) == ([0, 0, 0], [1, 0, 0], 2)
    assert now.fov == pytest.approx(30)
    assert {entry["result"] for entry in played.all("outcome")} == {"done"}


@pytest.mark.parametrize(
    ("profile", "latency", "ends"),
    [("stable", 0, 667), ("stable", 50, 767), ("next", 0, 667), ("next", 50, 767)],
)
def test_an_echo_with_and_wait_lets_the_show_go_on_when_it_has_been_spoken(tmp_path, profile, latency, ends):
    script = "at 0s animaze echo 'La la la la' and wait; log 'spoken'\n"
    played, _ = play(tmp_path, script, latency=latency * MS, profile=profile)
    assert [entry["at"] for entry in played.all("log")] == [ends * MS]
    assert [entry["result"] for entry in played.all("outcome")] == ["done"]


def test_an_answer_of_chatpal_is_kept_and_spoken_by_the_next_line(tmp_path):
    played, _ = play(tmp_path, "at 0s animaze chat 'Hello' -> said or 'nothing'\nthen animaze echo \"So: {said}\"\n")
    assert sent(played, "ChatbotSendMessage")[1]["message"] == "-echo So: (reply to: Hello)"


def test_names_are_those_of_the_avatar_that_is_there_when_they_are_wanted(tmp_path):
    script = """
at 0s animaze avatar avatar03; animaze action Wave
at 1s animaze avatar AvatarBomb; animaze action Explode
at 2s animaze quickscene save 1; animaze avatar avatar03; animaze idle Fight
at 3s animaze quickscene load 1; animaze action Explode
"""
    played, _ = play(tmp_path, script)
    assert [frame["index"] for frame in sent(played, "TriggerSpecialAction")] == [4, 5, 5]
    assert len(sent(played, "GetSpecialActions")) == 3
    assert {entry["result"] for entry in played.all("outcome")} == {"done"}


def test_an_avatar_that_somebody_loads_by_hand_is_noticed_also_on_a_stable_build(tmp_path):
    def arrange(world):
        world.switch("animaze", world.now() + SECOND, "avatar", "AvatarBomb")

    inventory = {
        "avatars": (Entry("Fox"), Entry("AvatarBomb")),
        "idles": (Entry("Fight", index=3, owner="Fox"), Entry("Fight", index=5, owner="AvatarBomb")),
    }
    script = "at 0s animaze idle Fight\nat 2s animaze idle Fight\n"
    played, _ = play(tmp_path, script, arrange=arrange, inventory=inventory)
    assert [entry["result"] for entry in played.all("outcome")] == ["done", "done"]
    assert [frame["index"] for frame in sent(played, "TriggerIdle")] == [3, 3, 5]
    assert len(sent(played, "GetIdleAnims")) == 2, "the index was refused, so her list was fetched once more"

"""The scene: what a page that draws the stage is told of the show's intentions, and how often."""

import json
from dataclasses import replace

import pytest

from showrunner.console import scene as scenes
from showrunner.console.scene import Scenes, Standing, scene
from showrunner.devices.vocabulary import Condition
from showrunner.engine import imagined
from showrunner.engine.caller import Caller
from showrunner.engine.messages import Options, Write
from showrunner.show.prepare import prepare
from tests.consoling import NOWHERE, TOKENS, threads
from tests.consoling import Standing as Open


def stands(path, at):
    """Play a show in an imaginary world up to an instant; give how it stands then."""
    ready = prepare(str(path), None, None)
    assert ready.cues is not None, ready.findings
    caller = Caller(ready.cues, ready.fixtures, Options(auto=True, watched=True), ready.inventories)
    coming, number = [], 0

    def take(effects, now):
        nonlocal number
        for effect in effects:
            if not isinstance(effect, Write):
                for delay, device, output in imagined.answers(effect, ready.fixtures, ready.inventories):
                    number += 1
                    coming.append((now + delay, number, device, output))

    for device in ready.cues.devices:
        take(caller.hear(device, Condition("ready"), 0), 0)
    take(caller.start(0), 0)
    while True:
        coming.sort(key=lambda one: one[:2])
        due = caller.due()
        then = min((one for one in (due, coming[0][0] if coming else None) if one is not None), default=None)
        if then is None or then > at or caller.ended:
            return Standing(caller.snapshot(), 0, at, 1.0, ready.fixtures)
        if coming and coming[0][0] == then:
            _, _, device, output = coming.pop(0)
            take(caller.hear(device, output, then), then)
        else:
            take(caller.step(then), then)


@pytest.fixture
def shown(tmp_path):
    def at(text, seconds):
        path = tmp_path / "a.show"
        path.write_text(text, "utf-8")
        return scene(stands(path, int(seconds * 1_000_000)))

    return at


def test_what_is_held_and_what_moves_is_told_as_its_course(shown):
    made = shown("at 1s live2d move ParamAngleX from 0 to 10 over 2s ease out for 5s\n", 2)
    assert made["values"] == [
        {
            "device": "live2d",
            "property": "ParamAngleX",
            "from": 0,
            "to": 10,
            "path": "line",
            "start": 1_000_000,
            "arrives": 3_000_000,
            "ease": "out",
            "stays": False,
        }
    ]


def test_what_was_put_somewhere_and_is_kept_there_stays(shown):
    made = shown('at 0s animaze camera fov 30 over 1s\nat 9s log "x"\n', 5)
    assert [(one["property"], one["to"], one["stays"]) for one in made["values"]] == [("camera.fov", 30, True)]


def test_a_command_is_told_with_what_was_kept_filled_in(shown):
    made = shown('let who = "Aki"\nat 0s say happy "Hello {who}!"\nat 9s log "x"\n', 0.5)
    (one,) = made["commands"]
    assert [(said["text"], said["emotion"]) for said in one["says"]] == [("Hello Aki!", "happy")]
    assert one["says"][0]["lasts"] >= 400_000


def test_a_scene_stands_until_another_takes_its_place(shown):
    text = "at 0s obs scene Live\nat 2s obs scene Talk\nat 3s obs scene Live\n"
    made = shown(text, 2.5)["commands"]
    assert [(one["words"], one["draws"], one["stands"]) for one in made] == [
        ("scene Live", "frame", False),
        ("scene Talk", "frame", True),
    ]


def test_what_cannot_be_drawn_is_written(shown):
    made = shown("at 0s animaze idle 2\n", 1)["commands"]
    assert [(one["draws"], one["words"]) for one in made] == [("written", "idle 2")]


def test_more_than_is_told_is_counted_and_what_stands_is_left_off_last(shown, monkeypatch):
    monkeypatch.setattr(scenes, "MOST", 2)
    made = shown("at 0s obs scene Live\nat 1s repeat 5 times every 100ms\n  at 0s animaze emote Emote_Wave\n", 3)
    assert [one["stands"] for one in made["commands"]] == [False, True]
    assert made["more"] == 4


def test_one_scene_serves_all_and_the_same_one_is_not_made_again(tmp_path):
    asked, now = [], [0.0]
    path = tmp_path / "b.show"
    path.write_text("at 0s obs scene Live\nat 1s obs scene Talk\n", "utf-8")
    standing = stands(path, 0)

    def look():
        asked.append(1)
        return standing

    made = Scenes(look, lambda: now[0])
    first = made.newest()
    assert made.newest() is first
    assert (len(asked), made.number) == (1, 1)
    now[0] = 0.2
    standing = replace(standing, at=200_000)
    assert made.newest() != first
    assert (len(asked), made.number) == (2, 1)
    now[0] = 0.4
    standing = stands(path, 2_000_000)
    assert b"scene Talk" in made.newest()
    assert made.number == 2


# --- over HTTP


@pytest.fixture
def here():
    before = threads()
    standing = Open()
    yield standing
    standing.close()
    assert [name for name in threads() if name not in before] == []


def test_only_who_asks_for_the_stage_is_told_of_it(here):
    plain = here.watch()
    looks = here.watch(path="/api/events?stage", token=TOKENS.cast)
    assert looks.until("scene") == {
        "at": None,
        "speed": 1.0,
        "ended": False,
        "values": [],
        "commands": [],
        "more": 0,
    }
    here.console.close()
    assert "scene" not in {one[0] for one in plain.rest()}


def test_a_scene_that_is_another_comes_at_once_and_entries_are_missed_by_nobody(here, tmp_path):
    looks = here.watch(path="/api/events?stage")
    assert looks.until("scene")["commands"] == []
    path = tmp_path / "c.show"
    path.write_text("at 0s obs scene Live\n", "utf-8")
    here.hub.publish({"seq": 0, "at": 0, "kind": "log", "message": "x"})
    here.desk.standing = stands(path, 0)
    found = []
    while not found or found[-1][0] != "scene" or not found[-1][2]["commands"]:
        found.append(looks.next())
    assert [one[1] for one in found if one[0] == "message"] == [0]
    assert found[-1][2]["commands"][0]["words"] == "scene Live"


def test_the_tables_of_the_puppet_are_the_programs(here):
    status, _, data = here.ask("GET", "/api/stage", token=TOKENS.cast)
    made = json.loads(data)
    assert status == 200
    assert made["parts"]["paramanglex"] == [["turn"], pytest.approx(1 / 30), 0]
    assert {"rest", "faces", "aliases", "mouth"} < made.keys()


def test_a_picture_is_given_by_the_path_the_show_knows_and_nothing_else(here, tmp_path):
    png = bytes.fromhex("89504e470d0a1a0a") + b"rest"
    (tmp_path / "a.png").write_bytes(png)
    (tmp_path / "secret.png").write_bytes(png)
    path = tmp_path / "d.show"
    path.write_text('at 0s say "Look" image "a.png"\n', "utf-8")
    here.desk.standing = stands(path, 0)
    status, headers, data = here.ask("GET", "/api/picture?path=a.png")
    assert (status, headers["content-type"], data) == (200, "image/png", png)
    assert headers["x-content-type-options"] == "nosniff"
    for other in ("secret.png", "", "./a.png", str(tmp_path / "a.png")):
        assert here.ask("GET", f"/api/picture?path={other}")[::2] == (404, b"")


def test_the_stage_s_own_page_is_arrived_at_by_the_same_tokens(here):
    status, headers, _ = here.ask("GET", f"/stage?cast={TOKENS.cast}", token=None)
    assert (status, headers["location"]) == (303, "/stage")
    assert here.ask("GET", "/stage?cast=wrong", token=None)[::2] == (403, b"")
    assert here.ask("GET", "/stage", token=None)[::2] == (403, b"")
    onward = here.ask("GET", f"/stage?cast={TOKENS.cast}", token=None, headers={"Sec-Fetch-Site": "cross-site"})
    assert b"url=/stage" in onward[2]


def test_of_the_drawing_only_what_pages_share_is_served(here):
    assert here.ask("GET", "/drawing/stage/puppet.js")[1]["content-type"] == "text/javascript; charset=utf-8"
    for other in ("../staged.py", "..%2Fstaged.py", "nothing.js", ""):
        assert here.ask("GET", f"/drawing/stage/{other}")[0] == 404


def test_a_show_that_has_not_begun_has_an_empty_stage():
    assert scene(NOWHERE) == {"values": [], "commands": [], "more": 0}

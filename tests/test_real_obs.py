"""The real OBS: what the device counts on is so, and what the double says is what OBS said, message by message.

Compared are shapes (keys, and the types of what they hold), codes and comments. Where OBS cannot be run these tests are
skipped with the reason.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.obs_stage import RECORDED, Program, doubled, furnish, shape
from tests.real_obs import PASSWORD, running
from tests.test_clients import PROGRAMS, TOURS, told_on_the_real_one, tour

MATROSKA = b"\x1a\x45\xdf\xa3"
"""How a file of its kind begins."""


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    with running(tmp_path_factory.mktemp("obs")) as studio:
        program = Program(studio.url).entered()
        furnish(program, studio.folder)
        program.close()
        yield studio


@pytest.fixture
def program(studio):
    with contextlib.closing(Program(studio.url).entered()) as program:
        yield program


def test_who_does_not_know_the_password_is_sent_away(studio):
    with contextlib.closing(Program(studio.url, "a wrong one")) as stranger:
        assert stranger.sent_away() == (4009, "Authentication failed.")


def test_a_scene_by_another_transition_is_a_batch_of_three_and_the_user_s_own_choice_stays(program):
    override = {"sceneName": "Break", "transitionName": "Cut", "transitionDuration": None}
    requests = [
        ("GetSceneSceneTransitionOverride", {"sceneName": "Break"}),
        ("SetSceneSceneTransitionOverride", override),
        ("SetCurrentProgramScene", {"sceneName": "Break"}),
        ("SetSceneSceneTransitionOverride", override | {"transitionName": None}),
    ]
    batch = [{"requestType": kind, "requestData": data} for kind, data in requests]
    program.say(8, {"requestId": "b", "haltOnFailure": True, "requests": batch})
    results = program.hear(9)["results"]
    assert [result["requestStatus"]["code"] for result in results] == [100] * 4
    assert results[0]["responseData"] == {"transitionName": None, "transitionDuration": None}
    heard = program.until("CurrentProgramSceneChanged", sceneName="Break")
    assert {event["eventData"].get("transitionName") for event in heard} - {None} == {"Cut"}
    assert program.do("GetCurrentSceneTransition")["transitionName"] == "Fade"


ANSWERS = Path(__file__).parent / "transcripts" / "obs-answers.jsonl"
"""What is asked one after the other, the events that are then waited for, and what the real OBS said, in shape."""


def told(program, wanted):
    """Wait for events, in any order; give all that came meanwhile."""
    heard, left = [], list(wanted)
    while left:
        event = program.events.pop(0) if program.events else program.hear(5)
        heard.append(event)
        state = event.get("eventData", {}).get("outputState", "").removeprefix("OBS_WEBSOCKET_OUTPUT_")
        for name in (event["eventType"], f"{event['eventType']} {state}"):
            if name in left:
                left.remove(name)
                break
    return heard


def examined(program):
    """Ask all that stands in ``ANSWERS``; give the lines with what is said now."""
    lines, heard = [], []
    for asked in (line for line in recorded() if "ask" in line):
        answer = program.ask(asked["ask"], asked.get("data"))
        said = [answer["requestStatus"].get("comment"), shape(answer.get("responseData"))]
        lines.append({**asked, "said": [answer["requestStatus"]["code"], *said]})
        heard += told(program, asked.get("until", ()))
    events = Counter(json.dumps([one["eventType"], one["eventIntent"], shape(one.get("eventData"))]) for one in heard)
    return [*lines, *({"event": json.loads(one), "times": times} for one, times in sorted(events.items()))]


def recorded():
    return [json.loads(line) for line in ANSWERS.read_text(encoding="utf-8").splitlines()]


def test_obs_says_what_was_recorded_of_it(tmp_path):
    """In an OBS that nobody has used before: what it says depends on what went before."""
    with running(tmp_path) as studio, contextlib.closing(Program(studio.url).entered()) as program:
        furnish(program, studio.folder)
        if program.hello["obsWebSocketVersion"] != RECORDED:
            pytest.skip(f"this OBS has obs-websocket {program.hello['obsWebSocketVersion']}, recorded is {RECORDED}")
        said = examined(program)
    if os.environ.get("SHOWRUNNER_UPDATE"):
        ANSWERS.write_text("".join(json.dumps(line) + "\n" for line in said), encoding="utf-8")
    assert said == recorded()


def test_the_double_says_what_obs_said():
    with doubled() as host, contextlib.closing(Program(host.host.url).entered()) as program:
        assert examined(program) == recorded()


def test_the_double_takes_every_request_that_obs_has():
    with doubled() as host, contextlib.closing(Program(host.host.url).entered()) as program:
        known = set(program.do("GetVersion")["availableRequests"])
    said = map(json.loads, (ANSWERS.parent / "obs-01-handshake-inventory.jsonl").read_text("utf-8").splitlines())
    answers = [line["msg"]["d"].get("responseData", {}) for line in said if line["dir"] == "s2c"]
    (real,) = [answer["availableRequests"] for answer in answers if "availableRequests" in answer]
    assert set(real) == known


@pytest.mark.parametrize("name", TOURS)
def test_obs_tells_other_people_s_programs_what_was_recorded(studio, program, name):
    if program.hello["obsWebSocketVersion"] != RECORDED:
        pytest.skip(f"this OBS has obs-websocket {program.hello['obsWebSocketVersion']}, recorded is {RECORDED}")
    said = [shape(one) for one in tour(*TOURS[name], studio.url, PASSWORD)]
    if os.environ.get("SHOWRUNNER_UPDATE"):
        lines = {**told_on_the_real_one(), name: said}
        PROGRAMS.write_text("".join(json.dumps(line) + "\n" for line in lines.items()), encoding="utf-8")
    assert said == told_on_the_real_one()[name]


SHOW = """\
segment talk
  at 0s    obs scene Break
  then     obs scene Song by Fade over 600ms
  then     obs play Clip
  then     obs record on
  then     obs volume Clip -30 over 2s
  then     obs record off -> film
  then     log "{film}"
  then     obs hide Title in Talk; obs mute Clip; obs filter Back Tint off; obs text Title "Good evening"
  then     obs scene Talk; obs show Title in Talk; obs unmute Clip
"""


def played(folder, url, text):
    """Play a show as a user does; give the entries of its journal, and how the program ended."""
    folder.mkdir()
    (folder / "a.show").write_text(text, encoding="utf-8")
    (folder / "stage.yaml").write_text(f"devices:\n  obs: {{url: '{url}', key-env: OBS_PASSWORD}}\n", encoding="utf-8")
    program = [sys.executable, "-c", "from showrunner.cli import main; main()"]
    words = [*program, "run", "a.show", "--yes", "--journal", "a.journal"]
    state = {**os.environ, "OBS_PASSWORD": PASSWORD}
    ran = subprocess.run(words, cwd=folder, env=state, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert ran.returncode in {0, 3}, ran.stderr
    lines = (folder / "a.journal").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines], ran.returncode


def spoken(journal):
    """Give what each command said and heard, in order and in shape; and what else was said, each shape once."""
    commands, others = defaultdict(list), set()
    for entry in journal:
        if "frame" in entry:
            data = entry["frame"]["d"]
            requests = [one["requestType"] for one in data.get("requests", data.get("results", ()))]
            said = [entry["kind"], data.get("requestType", data.get("eventType", requests)), shape(entry["frame"])]
            if "id" in entry:
                commands[entry["text"] if "text" in entry else entry["id"]].append(said)
            else:
                others.add(json.dumps(said))
    return dict(commands), sorted(others)


def test_a_show_on_the_real_obs_waits_for_its_real_ends_and_is_the_same_on_the_double(tmp_path, studio, program):
    if program.hello["obsWebSocketVersion"] != RECORDED:
        pytest.skip(f"this OBS has obs-websocket {program.hello['obsWebSocketVersion']}, the double {RECORDED}")
    program.do("SetCurrentProgramScene", sceneName="Talk")
    program.do("SetInputVolume", inputName="Clip", inputVolumeDb=0)
    real, code = played(tmp_path / "real", studio.url, SHOW)
    assert code == 0, real[-1]
    took = {entry["id"]: entry["took"] for entry in real if entry["kind"] == "outcome" and entry["result"] == "done"}
    assert sorted(took) == list(range(1, 14))
    assert took[2] > 550_000, "the fade"
    assert took[3] > 1_500_000, "the clip"
    assert program.do("GetInputVolume", inputName="Clip")["inputVolumeDb"] == -30
    (film,) = [entry["message"] for entry in real if entry["kind"] == "log"]
    assert Path(film).read_bytes()[:4] == MATROSKA
    with doubled() as host:
        double, code = played(tmp_path / "double", host.host.url, SHOW)
    assert code == 0, double[-1]
    (one, others), (two, more) = spoken(double), spoken(real)
    assert one == two
    assert set(others) - set(more) == set()
    assert set(more) - set(others) == set()


GONE = """\
segment s
  at 0s        obs record on
  then         obs call BroadcastCustomEvent {"eventData": {"now": "gone"}}
  then +500ms  obs record off within 2s
  then         log "over"
"""


def test_a_show_goes_on_when_obs_is_gone_in_the_middle_of_a_recording(tmp_path):
    with running(tmp_path / "obs") as studio, contextlib.closing(Program(studio.url).entered()) as program:
        gone = threading.Thread(target=lambda: program.until("CustomEvent") and studio.kill())
        gone.start()
        journal, code = played(tmp_path / "show", studio.url, GONE)
        gone.join()
    ends = [entry for entry in journal if entry["kind"] in {"outcome", "log", "end"}]
    recorded, _, stopped, *rest = [
        entry.get("result", entry["kind"]) for entry in ends
    ]  # the event's answer may be lost
    assert (code, recorded, stopped, rest) == (3, "done", "skipped", ["log", "done"])

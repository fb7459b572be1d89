"""Other people's programs, unchanged, against the doubles.

What they do stands in `tests/clients`, a program each, which tells what it got as JSON. They run on libraries that are
installed apart from this program's own (see CONTRIBUTING.md); where one is missing its test is skipped with the reason.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import websocket as peer

from showrunner.running.dry_run import double
from showrunner.show.stage import standard
from showrunner.wires.hosting import HostedDouble
from tests.joined import everybody
from tests.obs_stage import doubled, shape
from tests.real_obs import PASSWORD
from tests.ways import DIALLED

ROOT = Path(__file__).parent.parent
CLIENTS = ROOT / "tests" / "clients"
PYTHON = [ROOT / "build" / "clients" / place for place in ("bin/python", "Scripts/python.exe")]
PROGRAMS = ROOT / "tests" / "transcripts" / "obs-programs.jsonl"
PATIENCE = 60


def tour(program, library, *arguments):
    """Let a program do all it does; give what it tells."""
    if program.endswith(".js"):
        runner = shutil.which("node")
        there = (CLIENTS / "node_modules" / library).is_dir()
    else:
        runner = next((str(path) for path in PYTHON if path.exists()), None)
        looking = [runner, "-c", f"import {library}"]
        there = runner and not subprocess.run(looking, capture_output=True, check=False).returncode
    if not runner or not there:
        pytest.skip(f"{library} is not installed (CONTRIBUTING.md says how)")
    words = [runner, str(CLIENTS / program), *arguments]
    ran = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.fixture
def animaze():
    """Give a double of Animaze that listens, and what went over its wire."""
    heard = []
    fixture = standard()["animaze"].played
    hosted = HostedDouble(
        "animaze",
        double(fixture, None, lambda now: now // 1000),
        {DIALLED: "ws://localhost:0"},
        on_frame=lambda way, frame: heard.append((way, frame)),
    )
    hosted.open()
    yield hosted.url, heard
    hosted.close()


def test_animazepy_works_unchanged(animaze):
    """Every request it can make, each answered before the next."""
    url, heard = animaze
    replies, goodbye = tour("with_animazepy.py", "AnimazePy", url)
    assert len(replies) >= 25
    requests = [frame for way, frame in heard if way == "in"]
    assert [frame for way, frame in heard if way == "out"] == list(replies.values())
    assert [frame["action"] for frame in requests] == [reply["action"] for reply in replies.values()]
    assert {name: reply["error"] for name, reply in replies.items() if "error" in reply} == {}
    assert replies["get_avatars"]["avatars"]
    assert goodbye == "WebSocket connection closed successfully."


def test_a_bare_websocket_client_works_beside_another_one(animaze):
    """As the vendor's own example does it: a request, a reply, nothing else; two clients do not see each other's."""
    url, _ = animaze
    first, second = (peer.create_connection(url, timeout=10) for _ in range(2))
    first.send(json.dumps({"action": "TriggerEmote", "id": "a", "itemName": "Emote_Angry"}))
    second.send(json.dumps({"action": "GetScenes", "id": "b"}))
    assert json.loads(first.recv()) == {"action": "TriggerEmote", "id": "a", "itemName": "Emote_Angry"}
    assert json.loads(second.recv())["id"] == "b"
    first.close()
    second.close()


TOURS = {
    "obs-websocket-js by JSON": ("with_obs_websocket_js.js", "obs-websocket-js", "json"),
    "obs-websocket-js by MessagePack": ("with_obs_websocket_js.js", "obs-websocket-js", "msgpack"),
    "simpleobsws": ("with_simpleobsws.py", "simpleobsws"),
    "obsws-python": ("with_obsws_python.py", "obsws_python"),
}
"""Programs that are at home in OBS."""


def told_on_the_real_one():
    """Give what the real OBS told each of them, in shape (tests/test_real_obs.py)."""
    return dict(json.loads(line) for line in PROGRAMS.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize("name", TOURS)
def test_a_program_for_obs_is_told_by_the_double_what_obs_tells_it(name):
    with doubled() as host:
        assert [shape(one) for one in tour(*TOURS[name], host.host.url, PASSWORD)] == told_on_the_real_one()[name]


@pytest.fixture
def vts():
    """Give a double of VTube Studio that listens."""
    fixture = everybody()["vts"].played
    hosted = HostedDouble("vts", double(fixture, None, lambda now: now // 1000), {DIALLED: "ws://127.0.0.1:0"})
    hosted.open()
    yield hosted.url
    hosted.close()


def test_vtubestudio_works_unchanged(vts):
    """The token, a hotkey with the end of its animation, values, a model; each within the second that it waits."""
    first, hotkeys, pressed, animations, moved, injected, refused, expression, load, event, statistics = tour(
        "with_vtubestudio.js", "vtubestudio", vts
    )
    assert first == [True]
    assert hotkeys[1]["availableHotkeys"][0]["name"] == "Wave"
    assert pressed[1]["hotkeyID"] == hotkeys[1]["availableHotkeys"][0]["hotkeyID"]
    assert (animations[0], animations[-1]) == ("Start", "End")
    assert [moved[1], injected[1], expression[1]] == [{}, {}, {}]
    assert refused[1] == 453
    assert event == ["modelLoaded", "Mika"]
    assert isinstance(load[1]["modelID"], str)
    assert statistics[1]["connectedPlugins"] == 1


def test_pytubestudio_works_unchanged(vts, tmp_path):
    """Its models look at every field of every answer; its ids stand in a field that nobody reads."""
    said = tour("with_pytubestudio.py", "PyTubeStudio", vts, str(tmp_path / "token"))
    assert len(said) >= 20
    other = {kind: answer for kind, answer in said.items() if answer != f"{kind}Response"}
    assert other == {"SetCurrentModelPhysics": "APIError"}, "it asks for nothing to be held"


def test_vtubebridge_works_unchanged(vts):
    """What it asks for in vain is refused as the real one does."""
    assert tour("with_vtubebridge.py", "vtstudio", vts) == [
        ["AvailableModelsResponse", None],
        ["APIError", 7],
        ["HotkeyTriggerResponse", None],
        ["InjectParameterDataResponse", None],
    ]

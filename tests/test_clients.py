"""Other people's programs, unchanged, against the doubles."""

import inspect
import json
import logging

import pytest
import websocket as peer

from showrunner.running.dry_run import double
from showrunner.show.stage import standard
from showrunner.wires.hosting import HostedDouble
from tests.ways import DIALLED


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


VALUES = {
    "message": "Hello",
    "avatar_name": "AvatarBomb",
    "anim_name": "Emote_Wave",
    "scene_name": "Stream",
    "fov": 45.0,
    "pos_x": 0.5,
    "pos_y": 1.5,
    "pos_z": 2.5,
    "rot_x": 0.0,
    "rot_y": 0.0,
    "rot_z": 0.0,
    "rot_w": 1.0,
    "frequency": 0.5,
    "amplitude": 0.5,
    "choice": True,
    "value": True,
}
"""What each argument of the wrapper's methods is called with; the rest are indexes (0) and offsets (0.5)."""


def test_animazepy_works_unchanged(animaze, caplog):
    """AnimazePy 0.0.3 from PyPI: every request it can make, each answered before the next."""
    wrapper = pytest.importorskip("AnimazePy", reason="AnimazePy is not installed (pip install -e '.[clients]')")
    url, heard = animaze
    client = wrapper.AnimazeWrapper("dev", url)
    caplog.set_level(logging.INFO)
    assert client.connect() is not None
    calls = {
        name: method
        for name, method in inspect.getmembers(client, inspect.ismethod)
        if name not in {"__init__", "connect", "disconnect", "send_command"}
    }
    assert len(calls) >= 25
    replies = {name: method(**_arguments(method)) for name, method in calls.items()}
    requests = [frame for way, frame in heard if way == "in"]
    assert [frame for way, frame in heard if way == "out"] == list(replies.values())
    assert [frame["action"] for frame in requests] == [reply["action"] for reply in replies.values()]
    assert {name: reply["error"] for name, reply in replies.items() if "error" in reply} == {}
    assert replies["get_avatars"]["avatars"]
    assert client.disconnect() == "WebSocket connection closed successfully."
    assert "Failed" not in caplog.text


def _arguments(method):
    parameters = inspect.signature(method).parameters.values()
    usual = {"index": 0, "pose_index": 0, "scene_index": 0}
    return {one.name: VALUES.get(one.name, usual.get(one.name, 0.5)) for one in parameters}


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

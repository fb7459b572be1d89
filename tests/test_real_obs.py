"""The real OBS: what the device counts on is so, and what the double says is what OBS said, message by message.

Compared are shapes (keys, and the types of what they hold), codes and comments. Where OBS cannot be run these tests are
skipped with the reason.
"""

import base64
import contextlib
import hashlib
import itertools
import json
import wave
from pathlib import Path

import pytest
import websocket

from tests import test_clients as clients
from tests.real_obs import PASSWORD, running

PATIENCE = 20


class Program:
    """A program of somebody else at OBS' door. ``events``: those that were heard and not yet waited for, in order."""

    def __init__(self, url, password=PASSWORD, mask=2047):
        self.socket = websocket.create_connection(url, timeout=PATIENCE, suppress_origin=True)
        self.events, self.numbers = [], itertools.count(1)
        self.hello = self.hear(0)
        asked = {"rpcVersion": 1, "eventSubscriptions": mask}
        if "authentication" in self.hello:
            asked["authentication"] = proof(password, **self.hello["authentication"])
        self.say(1, asked)

    def entered(self):
        """Wait until OBS has let it in."""
        self.hear(2)
        return self

    def say(self, op, data):
        self.socket.send(json.dumps({"op": op, "d": data}))

    def hear(self, op):
        """Give the next message of a kind; events that come before it are kept."""
        while True:
            message = json.loads(self.socket.recv())
            if message["op"] == op:
                return message["d"]
            assert message["op"] == 5, message
            self.events.append(message["d"])

    def ask(self, kind, data=None):
        """Give the whole answer to a request."""
        number = str(next(self.numbers))
        self.say(6, {"requestType": kind, "requestId": number, **({} if data is None else {"requestData": data})})
        answer = self.hear(7)
        assert answer["requestId"] == number
        return answer

    def do(self, kind, **data):
        """Give what an answer holds; it has to be a good one."""
        answer = self.ask(kind, data)
        assert answer["requestStatus"]["result"], answer
        return answer.get("responseData", {})

    def until(self, kind, **fields):
        """Give the events up to one of a kind with these fields, and wait for it where it has not come yet."""
        heard = []
        while (
            not heard or heard[-1]["eventType"] != kind or not fields.items() <= heard[-1].get("eventData", {}).items()
        ):
            heard.append(self.events.pop(0) if self.events else self.hear(5))
        return heard

    def sent_away(self):
        """Give the code and the words with which OBS ends the connection."""
        opcode, said = self.socket.recv_data()
        assert opcode == websocket.ABNF.OPCODE_CLOSE, said
        return int.from_bytes(said[:2], "big"), said[2:].decode()

    def close(self):
        self.socket.shutdown()


def proof(password, challenge, salt):
    def hashed(text):
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    return hashed(hashed(password + salt) + challenge)


SCENES = {"Talk": ["Back", "Title"], "Song": ["Clip"], "Break": ["Pause"]}
CLIP = 2
"""Seconds."""


def furnish(program, folder):
    """Build a small stage: three scenes, a colour and a text, a clip, another colour, and a filter."""
    clip = folder / "clip.wav"
    with wave.open(str(clip), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * CLIP))
    kinds = {
        "Back": ("color_source_v3", {"color": 0xFF884400}),
        "Title": ("text_ft2_source_v2", {"text": "Hello"}),
        "Clip": ("ffmpeg_source", {"local_file": str(clip), "restart_on_activate": False}),
        "Pause": ("color_source_v3", {"color": 0xFF004488}),
    }
    for scene, sources in SCENES.items():
        program.do("CreateScene", sceneName=scene)
        for name in sources:
            kind, settings = kinds[name]
            program.do("CreateInput", sceneName=scene, inputName=name, inputKind=kind, inputSettings=settings)
    program.do("CreateSourceFilter", sourceName="Back", filterName="Tint", filterKind="color_filter_v2")
    program.do("SetCurrentProgramScene", sceneName="Talk")
    program.until("CurrentProgramSceneChanged", sceneName="Talk")
    program.do("RemoveScene", sceneName="Scene")


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


def test_a_recording_is_whole_when_its_stop_is_told(program):
    program.do("StartRecord")
    program.until("RecordStateChanged", outputState="OBS_WEBSOCKET_OUTPUT_STARTED")
    program.do("StopRecord")
    told = program.until("RecordStateChanged", outputState="OBS_WEBSOCKET_OUTPUT_STOPPED")[-1]
    written = Path(told["eventData"]["outputPath"]).read_bytes()
    assert written[:4] == b"\x1a\x45\xdf\xa3"  # Matroska


TOURS = {
    "obs-websocket-js by JSON": ("with_obs_websocket_js.js", "obs-websocket-js", "json"),
    "obs-websocket-js by MessagePack": ("with_obs_websocket_js.js", "obs-websocket-js", "msgpack"),
    "simpleobsws": ("with_simpleobsws.py", "simpleobsws"),
    "obsws-python": ("with_obsws_python.py", "obsws_python"),
}


@pytest.mark.parametrize("tour", TOURS.values(), ids=TOURS)
def test_other_people_s_programs_find_what_they_look_for(studio, tour):
    program, library, *more = tour
    assert clients.tour(program, library, *more, studio.url, PASSWORD)

"""The same small stage in the real OBS and in its double, and a program of somebody else that talks to either."""

import base64
import contextlib
import hashlib
import itertools
import json
import wave

import websocket

from showrunner.devices.vocabulary import Entry
from tests.hosted import hosted
from tests.real_obs import PASSWORD

PATIENCE = 20

RECORDED = "5.1.0"
"""The version of obs-websocket in Debian 12, of which the transcripts are."""


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

STOP = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_STOP"


def settings(clip):
    """Give what each input is set to; ``clip`` is a file."""
    return {
        "Back": {"color": 0xFF884400},
        "Title": {"text": "Hello"},
        "Clip": {"local_file": str(clip), "restart_on_activate": False},
        "Pause": {"color": 0xFF004488},
    }


def furnish(program, folder):
    """Build a small stage: three scenes, a colour and a text, a clip, another colour, and a filter."""
    clip = folder / "clip.wav"
    with wave.open(str(clip), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 8000 * CLIP))
    kinds = {"Title": "text_ft2_source_v2", "Clip": "ffmpeg_source"}
    for scene, sources in SCENES.items():
        program.do("CreateScene", sceneName=scene)
        for name in sources:
            kind, given = kinds.get(name, "color_source_v3"), settings(clip)[name]
            program.do("CreateInput", sceneName=scene, inputName=name, inputKind=kind, inputSettings=given)
    program.do("CreateSourceFilter", sourceName="Back", filterName="Tint", filterKind="color_filter_v2")
    program.do("SetCurrentProgramScene", sceneName="Talk")
    program.until("CurrentProgramSceneChanged", sceneName="Talk")
    program.do("RemoveScene", sceneName="Scene")
    program.until("SceneListChanged")
    program.do("TriggerMediaInputAction", inputName="Clip", mediaAction=STOP)  # it began as it was made
    program.until("MediaInputPlaybackEnded")


STAGE = {
    "scenes": tuple(Entry(name) for name in reversed(SCENES)),
    "inputs": (
        Entry("Pause", kind="color_source"),
        Entry("Clip", kind="ffmpeg_source", length=CLIP * 1_000_000),
        Entry("Title", kind="text_ft2_source"),
        Entry("Back", kind="color_source"),
    ),
    "items": tuple(Entry(name, owner=scene) for scene, names in SCENES.items() for name in names),
    "filters": (Entry("Tint", owner="Back", kind="color_filter_v2"),),
    "transitions": (Entry("Cut", kind="cut_transition"), Entry("Fade", kind="fade_transition")),
}
"""The same stage, for the double."""


@contextlib.contextmanager
def doubled():
    """Give a double of the OBS that was recorded, with the same stage."""
    with hosted("obs", STAGE) as host:
        host.switch("version", RECORDED)
        host.switch("password", PASSWORD)
        host.switch("camera", "missing")
        with contextlib.closing(Program(host.host.url).entered()) as program:
            for name, given in settings("clip.wav").items():
                program.do("SetInputSettings", inputName=name, inputSettings=given)
            program.do("SetCurrentProgramScene", sceneName="Talk")  # it takes longer than a clip to see its file
            program.until("CurrentProgramSceneChanged")
        yield host


def shape(value):
    """Give the keys, and the types of what they hold. Of a list the different shapes in it."""
    match value:
        case dict():
            return {key: shape(one) for key, one in sorted(value.items())}
        case list():
            return [json.loads(one) for one in sorted({json.dumps(shape(one)) for one in value})]
        case None:
            return None
    return type(value).__name__

"""OBS' double: what it says to recordings of the real one (29.0.2, obs-websocket 5.1.0), frame by frame in shape."""

import json
from collections import Counter
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.obs.collection import OBSERVED
from showrunner.devices.obs.protocol import proof
from showrunner.devices.vocabulary import Hang, Terms

RECORDED = sorted((Path(__file__).parent / "transcripts").glob("obs-0*.jsonl"))
PASSWORD = "showrunner-test"  # noqa: S105 - that of the recordings
NOTHING_PASSES = {"InputAudioBalanceChanged", "InputAudioSyncOffsetChanged", "InputCreated"}
"""Events of a collection that is loaded, which nothing here needs."""

WORLD = (("version", "5.1.0"), ("password", PASSWORD), ("stream", "fails"), ("camera", "missing"))
"""How the recorded OBS stood."""


def lines(path):
    """Read a recording; of one instant first who comes in: what they were told in it was under way for a while."""
    read = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(read, key=lambda line: (line["t"], _comes(line))) if any("client" in line for line in read) else read


def _comes(line):
    return not (isinstance(line.get("msg"), dict) and line["msg"].get("op") in {0, 1, 2})


def made():
    double = devices.find("obs").double(Terms("obs", {}, "0", lambda now: now // 1000, {}, OBSERVED))
    for name, value in WORLD:
        assert double.switch(name, value, 0)[1] is None
    return double


class Rig:
    """A double and its clients, by the recording's names. ``said``: what came, as (section, client, frame or code)."""

    def __init__(self):
        self.double, self.now, self.section, self.said = made(), 0, 0, []
        self.clients, self.challenges = {}, {}

    def hear(self, reactions):
        names = {number: name for name, number in self.clients.items()}
        for reaction in reactions:
            if reaction.connection not in names:
                continue
            client = names[reaction.connection]
            told = reaction.code if isinstance(reaction, Hang) else reaction.frame
            self.said.append((self.section, client, told))
            if isinstance(told, dict) and told["op"] == 0:
                self.challenges[client] = told["d"]["authentication"]

    def until(self, now):
        while self.double.deadline is not None and self.double.deadline <= now:
            self.now = max(self.now, self.double.deadline)
            self.hear(self.double.elapsed(self.now))
        self.now = max(self.now, now)

    def connect(self, client):
        self.clients[client] = max(self.clients.values(), default=0) + 1
        self.hear(self.double.connected(self.clients[client], self.now))

    def send(self, client, frame):
        if isinstance(frame, dict) and frame.get("op") == 1 and "authentication" in frame["d"]:
            shown = self.challenges[client]
            if frame["d"]["authentication"] != "bm90IHRoZSByaWdodCBvbmU=":
                frame["d"]["authentication"] = proof(PASSWORD, shown["challenge"], shown["salt"])
        self.hear(self.double.received(self.clients[client], frame, self.now))


def shape(value):
    """Give what is the same in every OBS: keys and kinds of values, not what they are."""
    if isinstance(value, dict):
        return {key: 0 if key in LOOSE else shape(one) for key, one in sorted(value.items())}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


LOOSE = {"inputSettings", "filterSettings", "hotkeys", "availableRequests", "sceneCollections", "profiles"}


def answer(data):
    """Give what is compared of an answer: what was asked, its code and comment, the shape of what it holds."""
    status = data["requestStatus"]
    held = data.get("responseData")
    kept = None if held is None else json.dumps(shape(held))
    return data["requestType"], data.get("requestId"), status["code"], status.get("comment"), kept


def event(data):
    held = dict(data.get("eventData") or {})
    for key in ("outputPath", "savedReplayPath"):
        if isinstance(held.get(key), str):
            held[key] = "a path"
    for key, value in held.items():
        held[key] = round(value, 4) if isinstance(value, float) else value
    return data["eventType"], data["eventIntent"], json.dumps(held, sort_keys=True)


def read(frame):
    """Give what is compared of a message: (what, parts)."""
    if isinstance(frame, int):
        return "closed", frame
    op, data = frame["op"], frame["d"]
    if op == 5:
        return "event", event(data)
    if op == 7:
        return "answer", answer(data)
    if op == 9:
        return "answer", (data["requestId"], *map(answer, data["results"]))
    return "greeting", (op, json.dumps(shape(data)))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_the_proof_of_the_password_is_the_recorded_one(path):
    salted = {}
    checked = 0
    for line in lines(path):
        frame, client = line.get("msg"), line.get("client")
        if isinstance(frame, dict) and frame.get("op") == 0:
            salted[client] = frame["d"]["authentication"]
        shown = frame["d"].get("authentication") if isinstance(frame, dict) and frame.get("op") == 1 else None
        if shown and shown != "bm90IHRoZSByaWdodCBvbmU=":
            assert shown == proof(PASSWORD, salted[client]["challenge"], salted[client]["salt"])
            checked += 1
    assert checked


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_the_double_says_what_the_recorded_obs_said(path):
    rig, recorded, begins = Rig(), [], False
    if path.stem == "obs-06-outputs":
        rig.double._studio.outputs.shares = True
    for line in lines(path):
        client, at = line.get("client"), int(line["t"] * 1_000_000)
        if line["dir"] == "note":
            rig.until(at)
            begins = True
            if line["msg"] == "OBS is closed by its user":
                rig.until(at + 1_000_000)
                rig.double.disconnected(rig.clients.pop("b"), rig.now)  # it had gone before, which nobody recorded
                rig.hear(rig.double.switch("close", None, rig.now)[0])
        elif line["dir"] == "c2s":
            rig.until(at)
            rig.section, begins = rig.section + begins, False
            rig.send(client, line["msg"] if "msg" in line else line["text"])
        elif line["dir"] == "close":
            rig.until(at)
            if line["code"] != 1000:
                recorded.append((rig.section, client, line["code"]))
        else:
            if line["msg"]["op"] == 0:
                rig.connect(client)
            recorded.append((rig.section, client, line["msg"]))
    rig.until(rig.now + 3_000_000)
    sections = {section for section, *_ in recorded}
    for section in sorted(sections):
        for client in {one for part, one, _ in recorded if part == section}:
            expected = [read(frame) for part, one, frame in recorded if (part, one) == (section, client)]
            found = [read(frame) for part, one, frame in rig.said if (part, one) == (section, client)]
            for what in ("greeting", "answer", "closed"):
                assert [one for one in found if one[0] == what] == [one for one in expected if one[0] == what]
            kept = [
                [one[1] for one in all_ if one[0] == "event" and one[1][0] not in NOTHING_PASSES]
                for all_ in (found, expected)
            ]
            assert Counter(kept[0]) == Counter(kept[1]), section

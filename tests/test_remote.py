"""Presses by OSC, and the status that is told: what an address means, and a remote on loopback."""

from __future__ import annotations

import json
import os
import queue
import socket
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from showrunner.console import osc as remote
from showrunner.console.osc import Call, Remote, Subscribe, messages, read, spelt
from showrunner.engine.messages import NOTHING, Brought
from showrunner.reports.status import CueStatus, Status
from showrunner.show.stage_file import load
from showrunner.wires import osc
from tests.consoling import PATIENCE, Desk, threads
from tests.pressing import Pressed


@pytest.mark.parametrize(
    ("address", "args", "asked"),
    [
        ("/showrunner/go", [], Call("go")),
        ("/showrunner/go", [["f", 1.0]], Call("go")),
        ("/showrunner/panic", [["T", True]], Call("panic")),
        ("/showrunner/start", [["N", None]], Call("start")),
        ("/showrunner/next", [["s", "0"]], Call("next")),
        ("/showrunner/go", [["f", 0.0]], None),
        ("/showrunner/panic", [["i", 0]], None),
        ("/showrunner/stop", [["F", False]], None),
        ("/showrunner/button/red", [], Call("button", "red")),
        ("/showrunner/button/red", [["i", 1]], Call("button", "red")),
        ("/showrunner/button/red", [["f", 0.0]], None),
        ("/showrunner/button/red/down", [], Call("button", "red")),
        ("/showrunner/button/red/up", [["i", 1]], None),
        ("/showrunner/button/big%20hug", [["s", "Aki says hi"]], Call("button", "big hug", "Aki says hi")),
        ("/showrunner/button/a%2Fb", [], Call("button", "a/b")),
        ("/showrunner/button/red", [["i", 1], ["s", "hi"]], Call("button", "red", "hi")),
        ("/showrunner/status/subscribe", [], Subscribe(None, 60.0)),
        ("/showrunner/status/subscribe", [["i", 9001]], Subscribe(9001, 60.0)),
        ("/showrunner/status/subscribe", [["i", 0], ["f", 5.0]], Subscribe(None, 5.0)),
        ("/showrunner/status/subscribe", [["i", 9001], ["i", 0]], Subscribe(9001, 0.0)),
        ("/showrunner/status/subscribe", [["i", 9001], ["i", 10**9]], Subscribe(9001, 3600.0)),
    ],
)
def test_what_an_address_asks_for(address, args, asked):
    assert read(address, args) == asked


@pytest.mark.parametrize(
    ("address", "args", "said"),
    [
        ("/showrunner/*", [], "it is meant for several addresses at once, and a press is for one"),
        ("/showrunner/{go,panic}", [["i", 0]], "it is meant for several addresses at once, and a press is for one"),
        ("/showrunner/button/[a-z]", [], "it is meant for several addresses at once, and a press is for one"),
        ("/go", [], "there is no address `/go`"),
        ("go", [], "there is no address `go`"),
        ("/showrunner/interrupt", [], "there is no address `/showrunner/interrupt`"),
        ("/showrunner/button", [], "there is no address `/showrunner/button`"),
        ("/showrunner/button/", [], "which button? `/showrunner/button/NAME`"),
        ("/showrunner/status/subscribe", [["i", 70000]], "70000 is no port"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(address, args, said):
    assert read(address, args) == said


def test_another_programs_remote_works_where_the_stage_file_says_so():
    assert [read(f"/{one}", [], "qlab") for one in ("go", "pause", "resume", "stop", "panic")] == [
        Call("go"),
        Call("pause"),
        Call("resume"),
        Call("stop"),
        Call("panic"),
    ]
    assert read("/showrunner/go", [], "qlab") == Call("go")
    assert read("/playhead/next", [], "qlab") == "there is no address `/playhead/next`"


STATUS = Status(
    "standing",
    62_500_000,
    61_500_000,
    "song",
    CueStatus("L4", 'say happy "la"'),
    CueStatus("L5", "animaze scene Cafe", 3_000_000),
    90_500_000,
    ("button big hug",),
    {"big hug": True, "a/b": False},
    {},
)


def test_the_status_as_messages():
    assert messages(STATUS) == {
        "/showrunner/status/state": [("s", "standing")],
        "/showrunner/status/segment": [("s", "song")],
        "/showrunner/status/playing": [("s", 'say happy "la"')],
        "/showrunner/status/next": [("s", "animaze scene Cafe")],
        "/showrunner/status/left": [("f", 90.0)],
        "/showrunner/status/clock": [("s", "01:01")],
        "/showrunner/status/standing": [("i", 1)],
        "/showrunner/status/button/big_hug": [("i", 1)],
        "/showrunner/status/button/a%2Fb": [("i", 0)],
    }
    assert messages(replace(STATUS, left=None))["/showrunner/status/left"] == [("f", -1.0)]
    assert read(f"/showrunner/button/{spelt('a/b')}", []) == Call("button", "a/b")


# --- on a socket


class Asked(Desk):
    """A desk whose presses can be waited for."""

    def __init__(self):
        super().__init__()
        self.stands = STATUS
        self.presses = queue.SimpleQueue()

    def do(self, action, name, to, until, origin, brought):
        answer = super().do(action, name, to, until, origin, brought)
        self.presses.put((action, name, to, until, origin, *(() if brought == NOTHING else (brought,))))
        return answer


class Hand:
    """Somebody with a remote."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(PATIENCE)
        self.socket.connect(("127.0.0.1", port))
        self.name = f"osc 127.0.0.1:{self.socket.getsockname()[1]}"

    def send(self, address, *args):
        for packet in osc.write({"address": address, "args": [list(one) for one in args]}):
            self.socket.send(packet)

    def hears(self):
        (message,) = osc.read(self.socket.recv(65536))
        return message["address"], [value for _, value in message["args"]]

    def until(self, address):
        while (heard := self.hears())[0] != address:
            pass
        return heard[1]


@pytest.fixture
def stand():
    open_, before = [], threads()

    def stood(*senders, like=None, url="udp://127.0.0.1:0"):
        desk, said = Asked(), queue.SimpleQueue()
        listening = Remote(desk, url, said.put, senders, like)
        assert listening.open() is None
        open_.append(listening)
        hand = Hand(listening.port)
        open_.append(hand.socket)
        return desk, hand, said, listening

    yield stood
    for one in open_:
        one.close()
    assert [name for name in threads() if name not in before] == []


def test_a_press_says_who_pressed_and_brings_its_text(stand):
    desk, hand, _, _ = stand()
    hand.send("/showrunner/go")
    assert desk.presses.get(timeout=PATIENCE) == ("go", None, None, None, hand.name)
    hand.send("/showrunner/button/big_hug", ("s", "from Aki"))
    assert desk.presses.get(timeout=PATIENCE) == ("button", "big hug", None, None, hand.name, Brought("from Aki"))


def test_a_key_that_is_let_go_and_what_comes_doubled_presses_nothing(stand):
    desk, hand, said, _ = stand()
    hand.send("/showrunner/next", ("f", 1.0))
    hand.send("/showrunner/next", ("f", 0.0))
    hand.send("/showrunner/next", ("f", 1.0))
    assert said.get(timeout=PATIENCE) == f"`/showrunner/next` from {hand.name[4:]} was not done: it came twice"
    hand.send("/showrunner/panic")
    hand.send("/showrunner/panic")
    heard = [desk.presses.get(timeout=PATIENCE)[0] for _ in range(3)]
    assert sorted(heard) == ["next", "panic", "panic"]


def test_several_in_a_bundle_count_one_by_one_in_order(stand):
    desk, hand, _, _ = stand()
    parts = [{"address": f"/showrunner/{one}", "args": []} for one in ("pause", "resume", "go")]
    for packet in osc.write({"bundle": parts}):
        hand.socket.send(packet)
    assert [desk.presses.get(timeout=PATIENCE)[0] for _ in range(3)] == ["pause", "resume", "go"]


def test_rubbish_and_what_is_unknown_is_said_once_and_stops_nothing(stand):
    desk, hand, said, _ = stand()
    hand.socket.send(b"#bundle\0\0\0\0\0\0\0\0\1\xff\xff\xff\xfc")
    assert "sent something that is no OSC" in said.get(timeout=PATIENCE)
    for _ in range(3):
        hand.send("/nothing")
    hand.send("/showrunner/go")
    assert desk.presses.get(timeout=PATIENCE)[0] == "go"
    assert said.get(timeout=PATIENCE).endswith("was not done: there is no address `/nothing`")
    assert said.empty()


def test_who_may_not_press_presses_nothing(stand):
    desk, hand, said, _ = stand("192.168.0.7")
    hand.send("/showrunner/panic")
    assert said.get(timeout=PATIENCE) == "127.0.0.1 presses by OSC and is none of those that may: 192.168.0.7"
    assert desk.asked == []


def test_who_asks_for_the_status_has_all_of_it_then_what_changes_and_answers(stand):
    desk, hand, _, _ = stand()
    hand.send("/showrunner/status/subscribe")
    first = [hand.hears() for _ in messages(STATUS)]
    assert dict(first) == {address: [value for _, value in args] for address, args in messages(STATUS).items()}
    desk.stands = replace(STATUS, state="playing")
    assert hand.hears() == ("/showrunner/status/state", ["playing"])
    hand.send("/showrunner/go")
    assert hand.until("/showrunner/reply") == ["/showrunner/go", "ok", ""]
    desk.answer = "the show is over"
    hand.send("/showrunner/pause")
    assert hand.until("/showrunner/reply") == ["/showrunner/pause", "refused", "the show is over"]


def test_the_last_status_is_told_when_the_show_is_closed(stand):
    desk, hand, _, listening = stand()
    hand.send("/showrunner/status/subscribe", ("i", hand.socket.getsockname()[1]))
    hand.until("/showrunner/status/button/a%2Fb")
    desk.stands = replace(STATUS, state="ended")
    listening.close()
    assert hand.hears() == ("/showrunner/status/state", ["ended"])


def test_more_than_may_be_told_are_not(stand, monkeypatch):
    monkeypatch.setattr(remote, "MOST_SUBSCRIBED", 1)
    _, hand, said, listening = stand()
    hand.send("/showrunner/status/subscribe")
    hand.hears()
    other = Hand(listening.port)
    with other.socket:
        other.send("/showrunner/status/subscribe")
        assert said.get(timeout=PATIENCE) == (f"1 are told the status by OSC already; {other.name[4:]} is one too many")


def test_a_press_that_hangs_delays_no_panic_and_too_many_are_refused(stand, monkeypatch):
    monkeypatch.setattr(remote, "MOST_WAITING", 1)
    desk, hand, said, _ = stand()
    hangs, freed = queue.SimpleQueue(), queue.SimpleQueue()

    def answer(action):
        if action == "go":
            hangs.put(action)
            freed.get(timeout=PATIENCE)

    desk.answer = answer
    hand.send("/showrunner/go")
    hangs.get(timeout=PATIENCE)
    hand.send("/showrunner/pause")
    assert said.get(timeout=PATIENCE).endswith("was not done: 1 presses wait already")
    hand.send("/showrunner/panic")
    assert desk.presses.get(timeout=PATIENCE)[0] == "panic"
    freed.put(None)
    assert desk.presses.get(timeout=PATIENCE)[0] == "go"


def test_a_port_that_is_taken_is_said(stand):
    _, _, _, listening = stand()
    other = Remote(Desk(), f"udp://127.0.0.1:{listening.port}", print)
    wrong = other.open()
    assert wrong is not None
    assert wrong.startswith(f"nobody can press by OSC: port {listening.port} is taken")
    other.close()


# --- in the stage file


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("{osc: 'udp://127.0.0.1:8765'}", []),
        ("{osc: 'udp://localhost:8765', osc-like: qlab}", []),
        ("{osc: 'udp://0.0.0.0:8765', osc-from: 192.168.0.7 192.168.0.8}", []),
        (
            "{osc: 'udp://0.0.0.0:8765'}",
            ["there is no password in OSC: whoever is in the network could press"],
        ),
        ("{osc: 'http://127.0.0.1:8765'}", ["`osc` is an address that begins with `udp://` and ends with a port"]),
        (
            "{osc: 'udp://0.0.0.0:8765', osc-from: deck}",
            ["`osc-from` names machines by their numbers, and `deck` is none"],
        ),
        ("{osc: 'udp://127.0.0.1:8765', osc-like: eos}", ["`osc-like` cannot be"]),
    ],
)
def test_where_presses_come_in_stands_in_the_stage_file(tmp_path: Path, said: str, found: list[str]) -> None:
    path = tmp_path / "stage.yaml"
    path.write_text(f"console: {said}\n", "utf-8")
    setup = load(str(path))
    assert [one.code for one in setup.findings] == ["E033"] * len(found)
    for one, words in zip(setup.findings, found, strict=True):
        assert one.message.startswith(words)


def test_a_show_is_called_by_osc_from_its_start_to_its_end(tmp_path: Path) -> None:

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (tmp_path / "stage.yaml").write_text(f"console: {{osc: 'udp://127.0.0.1:{port}'}}\n", "utf-8")
    (tmp_path / "a.show").write_text(
        "at 0s wait for button hug -> gift\nthen log '{gift}'\nthen hold\nthen log 'over'\n", "utf-8"
    )

    environment = {**os.environ, "SHOWRUNNER_STATE": str(tmp_path / ".state"), "PYTHONUNBUFFERED": "1"}
    playing = Pressed(
        *("run", "a.show", "--yes", "--journal", "out.journal"),
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    hand = Hand(port)
    with playing, hand.socket:
        for line in playing.stderr or ():
            if "waits for the button" in line:
                hand.send("/showrunner/button/hug", ("s", "from Aki"))
            if "hold: press" in line:
                hand.send("/showrunner/go", ("i", 1))
        assert playing.wait(PATIENCE) == 0
    entries = [json.loads(line) for line in (tmp_path / "out.journal").read_text("utf-8").splitlines()]
    pressed = [one for one in entries if one["kind"] == "operator"]
    by = hand.name[4:]
    assert [(one["action"], one["from"], one["by"]) for one in pressed] == [("button", "osc", by), ("go", "osc", by)]
    assert pressed[0]["text"] == "from Aki"
    assert [one["message"] for one in entries if one["kind"] == "log"] == ["from Aki", "over"]
    again = Pressed("replay", "out.journal", cwd=tmp_path, env=environment, stdout=subprocess.PIPE)
    assert "the same" in again.communicate(timeout=PATIENCE)[0]

"""Animaze and the Cubism Editor as programs on real sockets that break the rules of the wire itself.

The real wires, drivers and engine; the stand-ins speak through the doubles and then misbehave. Every show ends by
itself, with one outcome for each command.
"""

import json
import threading

import pytest
from wsproto import events

from showrunner import devices
from showrunner.devices.vocabulary import Emit, Hang, Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.running.stagehand import Stagehand
from showrunner.show import stage
from showrunner.wires import websocket
from showrunner.wires.inbox import RealInbox
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Pressed, Quiet
from tests import invariants
from tests.stagehand import Played, compiled
from tests.test_hostile_run import Stand, shake

PATIENCE = 15
"""Seconds after which a show that has not ended is broken off, and its test fails."""

DEVICES = ("animaze", "live2d")
SHOWS = {
    "animaze": "at 0s animaze emote A within 400ms; animaze pose B within 400ms; animaze camera fov 30 within 400ms\n",
    "live2d": "at 0s live2d set A 1 for 50ms within 400ms; live2d call GetDocuments within 400ms\n",
}


class Program:
    """A stand-in: its double answers, and ``spoil(text, nth)`` gives the bytes that really go out, or raises OSError.

    Once it is ``hung`` it neither reads nor writes, and its connections stay open until ``ended``.
    """

    def __init__(self, device, spoil, *, pongs=True):
        self.spoil, self.pongs, self.said, self.connections = spoil, pongs, 0, 0
        self.hung, self.ended = threading.Event(), threading.Event()
        kind = devices.find(device)
        self.double = kind.double(Terms(device, dict(stage.standard()[device].settings), "0", lambda now: now // 1000))
        self.stand = Stand(self.talk)
        self.url = f"ws://localhost:{self.stand.port}/"

    def talk(self, met):
        side = shake(met)
        self.connections += 1
        mine = self.connections
        self.double.connected(mine, 0)
        while data := met.recv(65536):
            if self.hung.is_set():
                self.ended.wait(PATIENCE)
                return
            side.receive_data(data)
            for event in side.events():
                if isinstance(event, events.Ping) and self.pongs:
                    met.sendall(side.send(event.response()))
                elif isinstance(event, events.CloseConnection):
                    return
                elif isinstance(event, events.TextMessage):
                    for reaction in self.double.received(mine, json.loads(event.data), 0):
                        assert isinstance(reaction, Emit | Hang)
                        self.said += 1
                        met.sendall(self.spoil(json.dumps(reaction.frame).encode(), self.said))


def framed(raw, *, opcode=1, final=True):
    """Make one WebSocket frame as a server sends it."""
    length = len(raw)
    size = bytes([length]) if length < 126 else b"\x7e" + length.to_bytes(2, "big") if length < 65536 else None
    return bytes([(0x80 if final else 0) | opcode]) + (size or b"\x7f" + length.to_bytes(8, "big")) + raw


@pytest.fixture
def program():
    opened = []

    def program(device, spoil, **more):
        opened.append(Program(device, spoil, **more))
        return opened[-1]

    yield program
    for one in opened:
        one.ended.set()
        one.stand.close()


def play(path, device, url, on_entry=lambda *_: None):
    cues, fixtures = compiled(path, stage.standard())
    inbox, entries = RealInbox(), []

    def sink(entry):
        entries.append(dict(entry))
        on_entry(entry, inbox)

    wire = ClientWire(device, url, inbox, pauses=(0.02, 0.1))
    performance = Performance(cues, fixtures, {device: wire}, inbox, Journal(sink), Options(auto=False))
    late = []

    def break_off():
        late.append(True)
        inbox.put("", Pressed("interrupt"))
        inbox.put("", Pressed("interrupt"))

    guard = threading.Timer(PATIENCE, break_off)
    guard.start()
    try:
        missing = performance.standby(PATIENCE * 1_000_000)
        if not missing:
            performance.play()
    finally:
        guard.cancel()
        performance.close()
    assert not late, f"the show did not end by itself: {entries[-8:]}"
    assert not [t.name for t in threading.enumerate() if t.name.startswith(f"wire {device}")]
    if not missing:
        invariants.one_outcome_each(entries)
    return Played(entries), missing


def written(tmp_path, device, script=None):
    path = tmp_path / "a.show"
    path.write_text(script or SHOWS[device], encoding="utf-8")
    return path


def results(played):
    return [entry["result"] for entry in played.all("outcome")]


SOUND = {
    "in many small frames": lambda raw, _: b"".join(
        framed(raw[n : n + 7], opcode=1 if n == 0 else 0, final=n + 7 >= len(raw)) for n in range(0, len(raw), 7)
    ),
    "of four megabytes": lambda raw, _: framed(raw[:-1] + b',"ballast":"' + b"x" * 4_000_000 + b'"}'),
    "with a ping in front": lambda raw, _: framed(b"?", opcode=9) + framed(raw),
    "with bytes that are no UTF-8 in it": lambda raw, _: framed(raw[:-1] + b',"more":"\xff\xc0\xed\xa0\x80"}'),
    "after one of bytes that are no UTF-8": lambda raw, _: framed(b"\xff\xfe\x80") + framed(raw),
    "after a binary one": lambda raw, _: framed(b"\x00\x01", opcode=2) + framed(raw),
    "after an empty one": lambda raw, _: framed(b"") + framed(raw),
}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("spoil", SOUND.values(), ids=SOUND)
def test_a_message_that_is_only_odd_is_understood(tmp_path, program, device, spoil):
    patient = written(tmp_path, device, SHOWS[device].replace("400ms", "9s"))
    played, missing = play(patient, device, program(device, spoil).url)
    assert missing == {}
    assert set(results(played)) == {"done"}


def cut(raw, _):  # noqa: ARG001
    raise OSError


def half(raw, _):
    return framed(raw)[: len(raw) // 2]


def nonsense(raw, _):  # noqa: ARG001
    return b"\x8f\x00 this is no frame"


def shut(raw, _):  # noqa: ARG001
    return framed(b"\x03\xe8", opcode=8)


BREAKS = {"closes": cut, "speaks no frame": nonsense, "says goodbye": shut}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("spoil", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("nth", range(1, 8))
def test_a_program_that_breaks_off_at_any_point_is_met_again(tmp_path, program, device, spoil, nth):
    other = program(device, lambda raw, said: spoil(raw, said) if said == nth else framed(raw))
    played, missing = play(written(tmp_path, device), device, other.url)
    assert missing == {}
    assert set(results(played)) <= {"done", "failed", "skipped"}
    assert {entry.get("reason") for entry in played.all("outcome")} <= {None, "connection lost", "not connected"}


@pytest.mark.parametrize("device", DEVICES)
def test_a_message_that_stops_in_the_middle_is_not_waited_for_without_end(tmp_path, program, device, monkeypatch):
    monkeypatch.setattr(websocket, "_STUCK", 0.3)
    begun = {"animaze": 1, "live2d": 5}[device]
    other = program(device, lambda raw, said: half(raw, said) if said == begun else framed(raw))
    played, _ = play(written(tmp_path, device), device, other.url)
    assert set(results(played)) <= {"done", "failed", "skipped", "timed-out"}
    assert "it stopped in the middle of a message" in {entry.get("detail") for entry in played.all("device")}


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("pongs", [True, False], ids=["which answered pings", "which never did"])
def test_a_connection_that_is_only_half_open_is_noticed(tmp_path, program, device, pongs, monkeypatch):
    monkeypatch.setattr(websocket, "_PING_EVERY", 0.05)
    monkeypatch.setattr(websocket, "_SILENT", 0.4)
    monkeypatch.setattr(websocket, "_QUIET", 0.2)
    monkeypatch.setattr(websocket, "_LOOK", 0.02)
    other = program(device, lambda raw, _: framed(raw), pongs=pongs)

    def on_entry(entry, inbox):
        if entry["kind"] == "log":
            other.hung.set()
        if entry["kind"] == "device" and entry["state"] == "lost":
            inbox.put("", Pressed("stop"))

    first = {"animaze": "animaze emote A", "live2d": "live2d call GetDocuments"}[device]
    script = f'at 0s {first} and wait; log "now"\nat 1s hold "ready?"\n'
    played, _ = play(written(tmp_path, device, script), device, other.url, on_entry)
    (lost,) = played.all("device", state="lost")[:1]
    assert lost["detail"] == "it no longer answers"


@pytest.mark.parametrize("pongs", [True, False], ids=["which answered pings", "which never did"])
@pytest.mark.parametrize(
    ("device", "slow"),
    [
        ("animaze", "animaze avatar A within 9s"),
        ("animaze", 'animaze chat "hi" within 9s'),
        ("animaze", "animaze call GetPoses within 9s"),
        ("live2d", "live2d call GetDocuments within 9s"),
    ],
)
def test_a_program_that_is_busy_for_long_is_not_taken_for_gone(tmp_path, program, device, slow, pongs, monkeypatch):
    monkeypatch.setattr(websocket, "_PING_FIRST", 0.02)
    monkeypatch.setattr(websocket, "_PING_EVERY", 0.02)
    monkeypatch.setattr(websocket, "_SILENT", 0.5)
    monkeypatch.setattr(websocket, "_QUIET", 0.05)
    monkeypatch.setattr(websocket, "_LOOK", 0.01)
    told, enough, working = [], threading.Event(), []

    def work(raw, _):
        # It says nothing and answers no ping until its silence was told a few times.
        if working and not enough.is_set():
            assert enough.wait(PATIENCE)
        return framed(raw)

    other = program(device, work, pongs=pongs)
    quiet = Stagehand.arrived

    def arrived(self, arrival, now):
        if isinstance(arrival.what, Quiet) and working:
            told.append(arrival.what)
            if len(told) == 5:
                enough.set()
        quiet(self, arrival, now)

    monkeypatch.setattr(Stagehand, "arrived", arrived)

    def on_entry(entry, _):
        if entry["kind"] == "cue":
            working.append(True)

    played, _ = play(written(tmp_path, device, f"at 300ms {slow}\n"), device, other.url, on_entry)
    assert played.all("device", state="lost") == []
    assert results(played) == ["done"]
    assert {one.gone for one in told} == {pongs}


@pytest.mark.parametrize("device", DEVICES)
def test_a_program_that_answers_no_pings_and_is_there_is_left_in_peace(tmp_path, program, device, monkeypatch):
    monkeypatch.setattr(websocket, "_QUIET", 0.05)
    monkeypatch.setattr(websocket, "_LOOK", 0.02)
    asked = []

    def on_entry(entry, inbox):
        frame = entry.get("frame", {})
        if entry["kind"] == "reply" and "id" not in entry and played_since:
            asked.append(frame)
            if len(asked) == 5:
                inbox.put("", Pressed("go"))
        if entry["kind"] == "wait":
            played_since.append(True)

    played_since = []
    played, _ = play(
        written(tmp_path, device, 'at 0s hold "ready?"\nthen ' + SHOWS[device].partition(" ")[2].partition(" ")[2]),
        device,
        program(device, lambda raw, _: framed(raw), pongs=False).url,
        on_entry,
    )
    assert set(results(played)) == {"done"}
    assert played.all("device", state="lost") == []
    assert len(asked) >= 5, "the harmless question was answered, and nothing else happened"


def test_a_stranger_who_ignores_the_harmless_question_is_doubted_once_and_no_more(tmp_path, program, monkeypatch):
    monkeypatch.setattr(websocket, "_QUIET", 0.05)
    monkeypatch.setattr(websocket, "_LOOK", 0.02)
    deaf = program("animaze", lambda raw, _: b"" if b"GetCameraF" in raw else framed(raw), pongs=False)

    def on_entry(entry, inbox):
        if entry["kind"] == "device" and entry["state"] == "ready" and entry["at"] > 0:
            inbox.put("", Pressed("go"))

    script = (
        'at 0s animaze emote A\nthen hold "ready?"\nthen animaze emote B and wait\nthen hold "still?" within 400ms\n'
    )
    played, _ = play(written(tmp_path, "animaze", script), "animaze", deaf.url, on_entry)
    assert [entry["detail"] for entry in played.all("device", state="lost")] == ["it no longer answers"]
    assert results(played) == ["done", "done"]

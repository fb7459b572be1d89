"""Datagrams on sockets: what comes, from whom, how much of it, and what is said of what does not come."""

import json
import shutil
import socket
import subprocess
import threading

import pytest

from showrunner.devices.vocabulary import Emit, Way
from showrunner.wires import datagram, osc, pace, server
from showrunner.wires.datagram import DatagramListener, DatagramSender, coding
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import CROWDED, RealInbox
from showrunner.wires.reach import Permit
from showrunner.wires.wire import Connected, Link, Noted, Received, Unreachable

PATIENCE = 10_000_000
OSC = coding("osc")
OUT = Way("out", "osc", "client", "send")
IN = Way("in", "osc", "server", "listen")
GO = {"address": "/go", "args": [["i", 1], ["s", "ä"]]}


def expect(inbox, kind=Received):
    until = inbox.now() + PATIENCE
    while (arrival := inbox.next(until)) is not None:
        if isinstance(arrival.what, kind):
            return arrival.what
    raise AssertionError(f"no {kind.__name__} came")


class Standing(RealInbox):
    """Rates see no time go by."""

    def now(self):
        return super().gone()

    def gone(self):
        return 0


def listener(closing, how=OSC, url="udp://127.0.0.1:0", inbox=RealInbox, **options):
    wire = closing(DatagramListener("it", url, inbox(), how, **options))
    wire.open()
    expect(wire._inbox, Connected)
    return wire, wire._inbox


def stranger(closing, wire):
    """Give a socket that sends to a wire that listens."""
    made = closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
    made.settimeout(10)
    made.connect(("127.0.0.1", wire._port))
    return made


def sender(closing, url, how=OSC, **options):
    wire = closing(DatagramSender("it", url, RealInbox(), how, **options))
    wire.open()
    return wire, wire._inbox


def test_what_is_sent_comes_with_where_it_is_from_and_what_is_answered_goes_back(closing):
    heard, come = listener(closing, link=Link("in"))
    wire, inbox = sender(closing, heard.url, link=Link("out"))
    number = expect(inbox, Connected)
    assert (number.connection, number.way) == (1, "out")
    wire.send(1, {"bundle": [GO, {"address": "/b", "args": []}]})
    first, second = expect(come).frame, expect(come).frame
    assert first == {**GO, "from": first["from"]}
    assert (second["address"], second["from"]) == ("/b", first["from"])
    assert first["from"].startswith("127.0.0.1:")
    heard.send(1, GO)
    assert expect(inbox).frame == {**GO, "from": heard.url.removeprefix("udp://")}


def test_a_datagram_of_json_is_one_object(closing):
    heard, come = listener(closing, coding("datagram"))
    peer = stranger(closing, heard)
    peer.send(b"[1]")
    assert expect(come, Noted).detail == "127.0.0.1 sent something that is no JSON: it is no JSON object"
    peer.send(b'{"apiName": "x", "from": "me"}')
    assert expect(come).frame == {"apiName": "x", "from": f"127.0.0.1:{peer.getsockname()[1]}"}
    heard.send(1, {"a": "ä"})
    assert json.loads(peer.recv(100)) == {"a": "ä"}


def test_rubbish_is_noted_once_and_reaches_nobody(closing):
    heard, come = listener(closing)
    peer = stranger(closing, heard)
    endless = b"#bundle\0" + (1).to_bytes(8, "big") + (-4).to_bytes(4, "big", signed=True)
    for raw in (endless, endless, b"", b"x" * datagram.LONGEST, *osc.write(GO)):
        peer.send(raw)
    assert [expect(come, Noted).detail for _ in range(3)] == [
        "127.0.0.1 sent something that is no OSC: a part says that it is -4 bytes long, and 0 are there",
        "127.0.0.1 sent something that is no OSC: a part of 0 bytes is no OSC",
        "127.0.0.1 sent something that is no OSC: a part of 65507 bytes is no OSC",
    ]
    assert expect(come).frame["address"] == "/go"


def test_of_too_many_messages_the_first_are_taken_and_the_rest_is_lost_and_that_is_said_once(closing, monkeypatch):
    heard, come = listener(closing, inbox=Standing)
    monkeypatch.setattr(come, "crowded", lambda _: False)
    peer = stranger(closing, heard)
    (many,) = osc.write({"bundle": [GO] * osc.MOST_MESSAGES})
    for _ in range(4):
        peer.send(many)
    found = [expect(come).frame for _ in range(2 * pace.MOST)]
    assert len(found) == 1_000
    assert expect(come, Noted).detail == datagram._TOLD
    assert come.next(come.now() + 1) is None


def test_a_flood_does_not_hide_what_comes_behind_it(closing):
    heard, come = listener(closing)
    peer = stranger(closing, heard)
    (go,) = osc.write(GO)
    for _ in range(2 * CROWDED):
        peer.send(go)
    for _ in range(2 * CROWDED):
        expect(come)
    peer.send(osc.write({"address": "/after", "args": []})[0])
    assert expect(come).frame["address"] == "/after"


def test_only_those_that_may_send_are_heard(closing):
    heard, come = listener(closing, senders=("192.168.0.7",))
    stranger(closing, heard).send(osc.write(GO)[0])
    assert expect(come, Noted).detail == "127.0.0.1 sends here and is none of those that may: 192.168.0.7"


def test_of_somebody_who_is_not_there_it_is_said_once_and_what_follows_still_goes(closing):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    wire, inbox = sender(closing, f"udp://127.0.0.1:{port}")
    expect(inbox, Connected)
    wire._missed()
    wire._missed()
    assert expect(inbox, Noted).detail == f"nothing listens at 127.0.0.1:{port}: what is sent there is lost"
    heard, come = listener(closing, url=f"udp://127.0.0.1:{port}")
    wire.send(1, GO)
    assert expect(come).frame["address"] == "/go"
    assert inbox.next(inbox.now()) is None
    heard.close()


class Refused:
    """A socket on a system that says that nobody took what was sent: first when sending, then when reading."""

    def __init__(self, real, *, failure):
        self.real, self.failure, self.failed = real, failure, 0

    def __getattr__(self, name):
        return getattr(self.real, name)

    def send(self, raw):
        if not self.failed:
            self.failed += 1
            raise self.failure
        return self.real.send(raw)

    def recvfrom(self, size):
        raise self.failure if size else BlockingIOError


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), ConnectionResetError()])
def test_what_a_system_says_of_the_last_datagram_takes_nothing_from_the_next(closing, failure):
    heard, come = listener(closing)
    wire, inbox = sender(closing, heard.url)
    expect(inbox, Connected)
    wire._socket = Refused(wire._socket, failure=failure)
    assert wire._take(wire._socket) is False
    wire.send(1, GO)
    assert expect(come).frame["address"] == "/go"
    assert "nothing listens" in expect(inbox, Noted).detail


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ({"address": "go", "args": []}, "something could not be sent: an address begins with `/`"),
        (
            {"address": "/a", "args": [["s", "x" * datagram.LONGEST]]},
            "something could not be sent: it has more than 65507 bytes",
        ),
    ],
)
def test_what_cannot_be_sent_is_said_and_the_wire_lives_on(closing, frame, said):
    heard, come = listener(closing)
    wire, inbox = sender(closing, heard.url)
    expect(inbox, Connected)
    wire.send(1, frame)
    wire.send(1, GO)
    assert expect(inbox, Noted).detail == said
    assert expect(come).frame["address"] == "/go"


def test_a_port_that_is_taken_is_said_and_tried_again(closing, monkeypatch):
    monkeypatch.setattr(datagram, "_PAUSES", (0.05, 0.05))
    first, _ = listener(closing)
    second = closing(DatagramListener("it", first.url, RealInbox(), OSC, link=Link("in")))
    second.open()
    port = first._port
    who = "another program, another showrunner, or another device of this stage"
    assert expect(second._inbox, Unreachable) == Unreachable(
        f"port {port} is taken: {who} listens there", "taken", "in"
    )
    first.close()
    assert expect(second._inbox, Connected).way == "in"


@pytest.mark.parametrize(
    ("url", "permit", "said"),
    [
        ("udp://192.0.2.1:9", Permit("write it down"), "which is not of this machine or its local network; write it"),
        ("udp://192.168.0.9:9", Permit(refused="it may not"), "it may not"),
    ],
)
def test_nothing_is_sent_too_far_away(closing, url, permit, said):
    _, inbox = sender(closing, url, permit=permit)
    assert said in expect(inbox, Unreachable).reason


def test_localhost_is_listened_on_on_both_loopbacks_and_datagrams_share_no_port():
    sockets, port = server.bind("localhost", 0, socket.SOCK_DGRAM)
    try:
        assert {one.getsockname()[1] for one in sockets} == {port}
        with pytest.raises(OSError, match=r".+"):
            server.bind("localhost", port, socket.SOCK_DGRAM)
    finally:
        for one in sockets:
            one.close()


class Echo:
    """Says again what it hears, by the way that it hears it; `say` sends by the way `in`."""

    def __init__(self):
        self.deadline, self.by = None, {}

    def connected(self, connection, now, way):  # noqa: ARG002
        self.by[way] = connection
        return []

    def disconnected(self, connection, now):  # noqa: ARG002
        return []

    def received(self, connection, frame, now):  # noqa: ARG002
        return [Emit(connection, {"address": f"/again{frame['address']}", "args": frame["args"]})]

    def elapsed(self, now):  # noqa: ARG002
        return []

    def switch(self, name, value, now):  # noqa: ARG002
        return [Emit(self.by["in"], {"address": value, "args": []})], None

    def visible(self, now):  # noqa: ARG002
        return ""


def test_a_double_hears_and_answers_by_one_way_and_sends_by_another(closing):
    heard, come = listener(closing)
    hosted = closing(HostedDouble("it", Echo(), {OUT: "udp://localhost:0", IN: heard.url}))
    hosted.open()
    assert hosted.urls[OUT].startswith("udp://localhost:")
    wire, inbox = sender(closing, hosted.urls[OUT])
    expect(inbox, Connected)
    wire.send(1, GO)
    assert expect(inbox).frame["address"] == "/again/go"
    assert hosted.switch("say", "/hello") is None
    assert expect(come).frame["address"] == "/hello"


# ------------------------------------------------------------------------------------------------- other people's ends


LIBLO = pytest.mark.skipif(not shutil.which("oscsend"), reason="there is no oscsend here (Debian: liblo-tools)")


@LIBLO
def test_what_another_program_sends_is_understood(closing):
    heard, come = listener(closing)
    told = ["127.0.0.1", str(heard._port), "/cue/7", "ifsTFNhd", "7", "0.5", "ä b", "1099511627776", "0.1"]
    subprocess.run(["oscsend", *told], check=True, timeout=10)
    assert expect(come).frame["args"] == [
        ["i", 7], ["f", 0.5], ["s", "ä b"], ["T", True], ["F", False], ["N", None], ["h", 2**40], ["d", 0.1],
    ]  # fmt: skip


@LIBLO
def test_what_is_sent_is_understood_by_another_program(closing):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    dump = subprocess.Popen(["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True, encoding="utf-8")
    lines = iter(dump.stdout.readline, "")
    try:
        wire, inbox = sender(closing, f"udp://127.0.0.1:{port}")
        expect(inbox, Connected)
        args = [["i", 7], ["f", 0.5], ["s", "ä"], ["T", True], ["N", None], ["h", 2**40]]
        told = {"bundle": [{"address": "/a", "args": args}, {"address": "/b", "args": []}]}
        heard = threading.Event()

        def send_on():
            while not heard.wait(0.05):
                wire.send(1, told)

        sending = threading.Thread(target=send_on)
        sending.start()
        found = [next(lines).split(" ", 1)[1].strip() for _ in range(2)]
        heard.set()
        sending.join()
        assert found == ['/a ifsTNh 7 0.500000 "ä" #T Nil 1099511627776', "/b"]
    finally:
        dump.kill()
        dump.communicate()

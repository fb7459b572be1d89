"""Requests by HTTP, in memory and on sockets: each has exactly one answer, whatever becomes of it."""

import queue
import socket
import threading

import pytest

from showrunner.devices.vocabulary import Emit, Hang, Way
from showrunner.wires import frames
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.http import MOST_AT_ONCE, HttpWire
from showrunner.wires.inbox import RealInbox
from showrunner.wires.loopback import World
from showrunner.wires.reach import Permit
from showrunner.wires.web import Branch, WebServer
from showrunner.wires.wire import Connected, Link, Received

API = Way("api", "http", "client", "api", "/api/v1/")
BACK = Way("back", "http", "server", "api", "/back/")
PATIENCE = 10_000_000


class Oracle:
    """Answers with what it was asked; `twice` twice, `silent` never, `hang` hangs up, `late` after three seconds."""

    def __init__(self):
        self.deadline, self.late, self.asked, self.gone = None, None, [], []

    def connected(self, connection, now, way):  # noqa: ARG002
        self.connection = connection
        return []

    def disconnected(self, connection, now):  # noqa: ARG002
        self.gone.append(connection)
        return []

    def received(self, connection, frame, now):
        self.asked.append(frame)
        said = {key: value for key, value in frame.items() if key not in {"request", "within"}}
        answer = Emit(connection, {"request": frame["request"], "status": 200, "date": "then", "body": said})
        match frame.get("path"):
            case "silent":
                return []
            case "hang":
                return [Hang(connection)]
            case "late":
                self.deadline, self.late = now + 3_000_000, answer
                return []
            case "twice":
                return [answer, answer]
        return [answer]

    def elapsed(self, now):  # noqa: ARG002
        self.deadline = None
        return [self.late]

    def switch(self, name, value, now):  # noqa: ARG002
        request = {"request": "m1", "method": "POST", "path": value, "body": {"token": "t"}}
        return [Emit(self.connection, request)], None

    def visible(self, now):  # noqa: ARG002
        return ""


@pytest.fixture
def closing():
    opened = []
    yield lambda thing: opened.append(thing) or thing
    for thing in reversed(opened):
        thing.close()


# ------------------------------------------------------------------------------------------------------------ in memory


def world(latency=1000):
    made = World(latency)
    wire = made.join("it", Oracle(), (API,))
    wire.open()
    assert made.next(None).what == Connected(1)
    return made, wire


def answers(made):
    found = []
    while (arrival := made.next(PATIENCE)) is not None:
        found.append((arrival.at, arrival.what.frame))
    return found


def test_a_request_is_answered_once_and_takes_its_way_twice():
    made, wire = world()
    wire.send(1, {"request": "a", "path": "twice"})
    assert answers(made) == [(3_000, {"request": "a", "status": 200, "date": "then", "body": {"path": "twice"}})]


@pytest.mark.parametrize(("path", "after", "wrong"), [
    ("silent", frames.PATIENCE, "it did not answer in time"),
    ("late", frames.PATIENCE, "it did not answer in time"),
    ("hang", 1_000, "it hung up without an answer"),
])  # fmt: skip
def test_where_no_answer_comes_there_is_one_all_the_same(path, after, wrong):
    made, wire = world()
    wire.send(1, {"request": "a", "path": path})
    assert answers(made) == [(1_000 + after, {"request": "a", "status": 0, "wrong": wrong})]


def test_a_request_says_itself_how_long_it_may_take():
    made, wire = world()
    wire.send(1, {"request": "a", "path": "late", "within": 4_000_000})
    assert [(at, frame["status"]) for at, frame in answers(made)] == [(3_003_000, 200)]


def test_of_an_application_that_is_away_it_is_said_at_once_and_nothing_connects_anew():
    made, wire = world()
    wire.send(1, {"request": "a", "path": "silent"})
    made.lose("it", 5_000)
    assert made.next(PATIENCE).what == Received(1, {"request": "a", "status": 0, "wrong": "the connection was lost"})
    wire.send(1, {"request": "b"})
    assert made.next(PATIENCE).what == Received(1, {"request": "b", "status": 0, "wrong": "nothing answers there"})
    made.restore("it", 6_000)
    assert made.next(7_000) is None
    wire.send(1, {"request": "c"})
    assert made.next(PATIENCE).what.frame["status"] == 200


# ----------------------------------------------------------------------------------------------------------- on sockets


def expect(inbox, kind=Received):
    until = inbox.now() + PATIENCE
    while (arrival := inbox.next(until)) is not None:
        if isinstance(arrival.what, kind):
            return arrival.what
    raise AssertionError(f"no {kind.__name__} came")


@pytest.fixture
def pair(closing):
    """Give a wire to a double on a socket, its inbox, and the double."""
    oracle, inbox = Oracle(), RealInbox()
    hosted = closing(HostedDouble("it", oracle, {API: "http://localhost:0/api/v1/"}))
    hosted.open()
    wire = closing(HttpWire("it", hosted.url, inbox, link=Link("api")))
    wire.open()
    assert expect(inbox, Connected) == Connected(1)
    return wire, inbox, oracle


def test_what_is_asked_and_answered_on_a_socket_is_what_it_is_in_memory(pair):
    wire, inbox, oracle = pair
    asked = {"method": "PUT", "path": "decks/a b/", "query": {"clientId": "ü&="}, "body": {"text": "ä", "list": [1]}}
    wire.send(1, {"request": "a", **asked})
    assert expect(inbox).frame == {"request": "a", "status": 200, "date": "then", "body": asked}
    assert [frame["body"] for frame in oracle.asked] == [{"text": "ä", "list": [1]}]


def test_several_requests_are_under_way_at_once_and_each_gets_its_own_answer(pair):
    wire, inbox, _ = pair
    for number in range(8):
        wire.send(1, {"request": str(number), "path": f"{number}/"})
    assert {(one["request"], one["body"]["path"]) for one in (expect(inbox).frame for _ in range(8))} == {
        (str(number), f"{number}/") for number in range(8)
    }


@pytest.mark.parametrize("path", ["hang", "silent"])
def test_a_socket_without_an_answer_gives_one_all_the_same(pair, path):
    wire, inbox, _ = pair
    wire.send(1, {"request": "a", "path": path, "within": 300_000})
    answer = expect(inbox).frame
    assert (answer["request"], answer["status"]) == ("a", 0)
    assert "did not answer" in answer["wrong"]


def test_so_many_requests_are_under_way_and_no_more(pair):
    wire, inbox, _ = pair
    for number in range(MOST_AT_ONCE + 1):
        wire.send(1, {"request": number, "path": "silent", "within": 5_000_000})
    assert expect(inbox).frame == {
        "request": MOST_AT_ONCE, "status": 0, "wrong": f"more than {MOST_AT_ONCE} requests are under way",
    }  # fmt: skip


def serve(closing, *said):
    """Listen, and answer what comes with these bytes, one after the other; give the port."""
    listening = closing(socket.create_server(("127.0.0.1", 0)))

    def run():
        for one in said:
            try:
                met, _ = listening.accept()
            except OSError:
                return
            with met:
                met.recv(65536)
                met.sendall(one)

    threading.Thread(target=run, daemon=True).start()
    return listening.getsockname()[1]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", "its answer broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nhalf", "its answer broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "its answer broke off"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (frames.LARGEST + 1), "it answered with more than 4 MiB"),
        (b"no HTTP at all\r\n\r\n", "speaks no HTTP"),
    ],
)
def test_an_answer_that_lies_about_its_size_is_none(closing, said, wrong):
    wire, inbox = closing(HttpWire("it", f"http://127.0.0.1:{serve(closing, said)}", RealInbox())), None
    inbox = wire._inbox
    wire.open()
    wire.send(1, {"request": "a"})
    answer = expect(inbox).frame
    if wrong is None:
        assert answer == {"request": "a", "status": 200, "body": "{"}
    else:
        assert wrong in answer["wrong"]
        assert answer["status"] == 0


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b"[1, 2]", [1, 2]),
        (b'"a"', "a"),
        (b"null", None),
        (b"plain", "plain"),
        (b"\xff\xfe", "(a body of 2 bytes that is no text)"),
        (b"[" * 100, "(a message of 100 characters: lists and tables stand in each other more than 64 deep)"),
        (b"[NaN]", "[NaN]"),
    ],
)
def test_a_body_is_json_or_a_text_or_a_word_on_it(raw, read):
    assert frames.value(raw) == read


def test_what_is_too_far_is_not_asked_unless_it_is_allowed():
    wire = HttpWire("it", "http://192.0.2.1:1", RealInbox(), Permit("write it down"))
    wire.open()
    wire.send(1, {"request": "a", "within": 300_000})
    assert expect(wire._inbox).frame["wrong"] == (
        "nothing is sent to 192.0.2.1:1, which is not of this machine or its local network; write it down"
    )
    wire.close()


def test_a_program_asks_and_is_answered(closing):
    inbox, oracle = RealInbox(), Oracle()
    server = closing(WebServer("it", "http://localhost:0/back/", inbox, [Branch("", "http", Link("back"))]))
    server.open()
    assert expect(inbox, Connected) == Connected(1)
    hosted = closing(HostedDouble("it", oracle, {BACK: server.url}))
    hosted.open()
    assert hosted.switch("ask", "done/") is None
    asked = expect(inbox).frame
    assert asked | {"request": ""} == {"request": "", "method": "POST", "path": "done/", "body": {"token": "t"}}
    heard = queue.Queue()
    oracle.received = lambda connection, frame, now: heard.put((connection, now, frame)) or []
    server.send(1, {"request": asked["request"], "status": 202, "date": "then", "body": {"ok": True}})
    told = {"request": "m1", "status": 202, "date": "then", "body": {"ok": True}}
    assert heard.get(timeout=10)[2] == told


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (b"GET /elsewhere HTTP/1.1\r\nHost: a\r\n\r\n", b"404"),
        (b"GET /api/v1/x HTTP/1.1\r\nHost: a\r\nOrigin: http://evil.example\r\n\r\n", b"403"),
        (b"GET /api/v1/x HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"\x00\x01\r\n\r\n", b"400"),
        (b"GET /api/v1/x HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 20_000, b"431"),
    ],
)
def test_a_request_that_is_for_nobody_is_refused(pair, asked, status):
    wire, _, oracle = pair
    port = int(wire._url.rpartition(":")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as met:
        met.settimeout(10)
        met.sendall(asked)
        assert met.recv(65536).startswith(b"HTTP/1.1 " + status)
    assert oracle.asked == []

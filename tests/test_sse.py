"""Events by HTTP: how a stream is read, and asked for again, in memory and on sockets; requests beside it."""

import queue
import socket
import threading

import pytest

from showrunner.devices.vocabulary import Emit, Hang, Way
from showrunner.wires import frames, pace, sse
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.http import HttpWire
from showrunner.wires.inbox import RealInbox
from showrunner.wires.loopback import World
from showrunner.wires.reach import Permit
from showrunner.wires.sse import EventsWire, Reading
from showrunner.wires.wire import Connected, Disconnected, Link, Noted, Received, Unreachable

API = Way("api", "http", "client", "api", "/api/v1/")
EVENTS = Way("events", "sse", "client", "api", "/api/v1/events/")
PATIENCE = 10_000_000
HEAD = b"HTTP/1.1 200 OK\r\nDate: then\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n"
OPENED = {"opened": {"status": 200, "date": "then"}}


# ------------------------------------------------------------------------------------------------------- what is read


@pytest.mark.parametrize(
    ("raw", "events"),
    [
        (b"data: hello\n\n", [{"data": "hello"}]),
        (b'id: e1\nevent: slide\ndata: {"n": 1}\n\n', [{"event": "slide", "id": "e1", "data": {"n": 1}}]),
        (b"data: a\r\ndata: b\r\n\r\n", [{"data": "a\nb"}]),
        (b"data: a\rdata:b\r\rdata: c\r\r", [{"data": "a\nb"}, {"data": "c"}]),
        (b"\xef\xbb\xbfdata: a\n\n", [{"data": "a"}]),
        (b": connected\n\n: heartbeat\n\n", []),
        (b"event: nothing\n\ndata: a\n\n", [{"data": "a"}]),
        (b"data\ndata:  two\n\n", [{"data": "\n two"}]),
        (b"data: never finished\n", []),
        (b"data: \xff\n\n", [{"data": "(a body of 1 bytes that is no text)"}]),
        (b"id: a\0b\nevent: \xff\ndata: 1\n\n", [{"event": "\ufffd", "data": 1}]),
        (b"unknown: x\nretry: soon\n data: y\ndata: z\n\n", [{"data": "z"}]),
    ],
)
def test_a_stream_is_read_as_the_standard_says_however_it_is_cut(raw, events):
    for step in (1, 2, 3, len(raw)):
        reading = Reading()
        pieces = [raw[at : at + step] for at in range(0, len(raw), step)]
        assert [event for piece in pieces for event, _ in reading.take(piece)] == events


def test_the_last_id_and_the_pause_that_was_asked_for_are_kept():
    reading = Reading()
    reading.take(b"id: e1\ndata: a\n\nid: e2\nretry: 1500\n\nid: e3\n")
    assert (reading.last, reading.retry) == ("e2", 1500)


def test_what_waits_for_its_end_is_counted_empty_lines_too():
    reading = Reading()
    reading.take(b"data: abc\ndata:\nda")
    assert reading.held == 4 + 1 + 2
    reading.take(b"ta:\n\n")
    assert reading.held == 0


# ------------------------------------------------------------------------------------------------------ in memory, and
# on sockets: the same double


class Newsroom:
    """Greets who listens, tells them all what it is asked by `tell`, and hangs up on them by `hang`."""

    def __init__(self, opened=None):
        self.deadline, self.listening, self.opened = None, [], opened or OPENED

    def connected(self, connection, now, way):  # noqa: ARG002
        if way != "events":
            return []
        self.listening.append(connection)
        return [Emit(connection, self.opened)]

    def disconnected(self, connection, now):  # noqa: ARG002
        if connection in self.listening:
            self.listening.remove(connection)
        return []

    def received(self, connection, frame, now):  # noqa: ARG002
        answer = Emit(connection, {"request": frame["request"], "status": 200, "date": "then"})
        if frame["path"] == "hang":
            return [answer, *map(Hang, self.listening)]
        event = {"event": "told", "id": "e1", "data": frame["body"]}
        return [answer, *(Emit(one, event) for one in self.listening)]

    def elapsed(self, now):  # noqa: ARG002
        return []

    def switch(self, name, value, now):  # noqa: ARG002
        return [Emit(one, {"event": name, "data": value}) for one in self.listening], None

    def visible(self, now):  # noqa: ARG002
        return ""


def expect(inbox, kind=Received):
    until = inbox.now() + PATIENCE
    while (arrival := inbox.next(until)) is not None:
        if isinstance(arrival.what, kind):
            return arrival.what
    raise AssertionError(f"no {kind.__name__} came")


def newsroom(closing, double, ways=(API, EVENTS)):
    hosted = closing(HostedDouble("it", double, {way: f"http://localhost:0{way.at}" for way in ways}))
    hosted.open()
    return hosted


def events(closing, url, **options):
    wire = closing(EventsWire("it", url, RealInbox(), link=Link("events"), **options))
    wire.open()
    return wire, wire._inbox


def test_requests_and_events_at_one_address_share_a_server(closing):
    hosted = newsroom(closing, Newsroom())
    assert hosted.urls[EVENTS] == f"{hosted.urls[API]}events/"
    wire, inbox = events(closing, hosted.urls[EVENTS])
    assert expect(inbox, Connected).way == "events"
    assert expect(inbox).frame == OPENED
    asking = closing(HttpWire("api", hosted.urls[API], inbox))
    asking.open()
    said = {"text": "ä\nb\u2028c", "list": [1]}
    asking.send(1, {"request": "a", "method": "POST", "path": "tell", "body": said})
    told = [expect(inbox).frame for _ in range(2)]
    assert {"event": "told", "id": "e1", "data": said} in told
    asking.send(1, {"request": "b", "path": "hang"})
    assert expect(inbox, Disconnected).reason == "the program closed the connection"
    assert expect(inbox, Connected).way == "events"
    assert wire._last == "e1"


def test_in_memory_the_same_comes():
    made = World(1_000)
    wire = made.join("it", Newsroom(), (API, EVENTS))
    wire.open()
    heard = []
    while (arrival := made.next(5_000)) is not None:
        heard.append(arrival.what)
    assert heard == [Connected(1), Connected(2), Received(2, OPENED)]
    wire.send(1, {"request": "a", "path": "tell", "body": {"n": 1}})
    told = []
    while (arrival := made.next(10_000)) is not None:
        told.append(arrival.what)
    answer = {"request": "a", "status": 200, "date": "then"}
    assert told == [Received(1, answer), Received(2, {"event": "told", "id": "e1", "data": {"n": 1}})]


def test_what_a_stream_was_opened_with_is_told_also_where_it_is_refused(closing):
    double = Newsroom({"opened": {"status": 401, "date": "then"}})
    _, inbox = events(closing, newsroom(closing, double).urls[EVENTS])
    assert expect(inbox, Connected)
    assert expect(inbox).frame == {"opened": {"status": 401, "date": "then"}}
    assert expect(inbox, Disconnected).reason == "it answered with HTTP 401"


def test_a_stream_that_is_dropped_ends_with_our_reason_and_is_asked_for_again(closing):
    wire, inbox = events(closing, newsroom(closing, Newsroom()).urls[EVENTS])
    number = expect(inbox, Connected).connection
    expect(inbox)
    wire.drop(number + 1, "not this one")
    wire.drop(number, "enough of it")
    gone = expect(inbox, Disconnected)
    assert (gone.reason, gone.dropped) == ("enough of it", True)
    assert expect(inbox, Connected).connection == number + 1


# ---------------------------------------------------------------------------------------------------- strange servers


def serve(closing, *said, heard=None):
    """Listen, and answer what comes with these bytes, one after the other; then say nothing more. Give the address."""
    listening = closing(socket.create_server(("127.0.0.1", 0)))
    left = threading.Event()

    def run():
        for one in said:
            try:
                met, _ = listening.accept()
            except OSError:
                return
            with met:
                asked = met.recv(65536)
                if heard is not None:
                    heard.put(asked)
                met.sendall(one)
                if one is said[-1]:
                    left.wait(10)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    closing(type("", (), {"close": lambda _: (left.set(), thread.join(10))})())
    return f"http://127.0.0.1:{listening.getsockname()[1]}/events/"


def test_a_stream_that_breaks_off_is_asked_for_from_where_it_was(closing):
    heard = queue.Queue()
    url = serve(closing, HEAD + b"id: e7\ndata: 1\n\n", HEAD + b"data: 2\n\n", heard=heard)
    _, inbox = events(closing, url)
    assert [expect(inbox).frame for _ in range(2)] == [OPENED, {"id": "e7", "data": 1}]
    assert expect(inbox, Disconnected).reason == "the program closed the connection"
    assert [expect(inbox).frame for _ in range(2)] == [OPENED, {"data": 2}]
    first, second = heard.get(timeout=10), heard.get(timeout=10)
    assert b"last-event-id" not in first.lower()
    assert b"Last-Event-ID: e7\r\n" in second


def test_a_stream_without_a_sign_of_life_is_gone_and_comments_are_one(closing, monkeypatch):
    monkeypatch.setattr(sse, "SILENT", 0.3)
    _, inbox = events(closing, serve(closing, HEAD + b": connected\n\n"))
    assert expect(inbox, Disconnected).reason.startswith("nothing has come of it for")


def test_an_event_without_an_end_is_not_waited_for(closing):
    _, inbox = events(closing, serve(closing, HEAD + b"data: " + b"x" * (frames.LARGEST + 1)))
    assert expect(inbox, Disconnected).reason == "it sent an event of more than 4 MiB"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>data: x", "alien"),
        (b"no HTTP at all\r\n\r\n", "alien"),
        (b"", "silent"),
    ],
)
def test_what_sends_no_events_is_said_to_send_none(closing, monkeypatch, said, why):
    monkeypatch.setattr(sse, "_OPENED", 0.3)
    _, inbox = events(closing, serve(closing, said))
    assert expect(inbox, Unreachable).kind == why


def test_a_redirection_is_not_followed(closing):
    heard = queue.Queue()
    _, inbox = events(
        closing, serve(closing, b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n", heard=heard)
    )
    assert expect(inbox).frame == {"opened": {"status": 302}}
    assert expect(inbox, Disconnected).reason == "it answered with HTTP 302"


def test_events_that_come_too_fast_wait_with_their_sender_and_that_is_said_once(closing):
    flood = b"".join(b"data: %d\n\n" % number for number in range(2 * pace.MOST))
    _, inbox = events(closing, serve(closing, HEAD + flood))
    assert expect(inbox, Noted).detail == pace.TOLD


def test_nothing_is_asked_too_far_away_or_without_its_key(closing):
    _, inbox = events(closing, "http://192.0.2.1:1/", permit=Permit("write it down"))
    assert "which is not of this machine or its local network; write it down" in expect(inbox, Unreachable).reason
    _, inbox = events(closing, "http://192.0.2.1:1/", permit=Permit(refused="there is no key"))
    assert expect(inbox, Unreachable).reason == "there is no key"

"""The wires on real sockets: free ports of this machine, no waiting but for what must come."""

import contextlib
import errno
import json
import socket
import threading

import pytest
import websocket as peer
import wsproto
from wsproto import events

from showrunner.devices.aituber import device, table
from showrunner.devices.aituber.driver import AituberDriver
from showrunner.devices.vocabulary import Answered, Argument, Command, Condition, Emit, Hang, Send, Terms
from showrunner.diagnostics.diagnostic import Span
from showrunner.wires import frames, server, websocket
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PageServer
from showrunner.wires.trouble import Trouble
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Arrival, Connected, Disconnected, Pressed, Quiet, Received, Unreachable
from tests.ways import DIALLED, PAGE

PATIENCE = 15_000_000


def expect(inbox, kind, device=None):
    """Give the next arrival of a kind; what else comes before is passed over."""
    until = inbox.now() + PATIENCE
    while (arrival := inbox.next(until)) is not None:
        if isinstance(arrival.what, kind) and device in {None, arrival.device}:
            return arrival.what
    raise AssertionError(f"no {kind.__name__} came")


@pytest.fixture
def inbox():
    return RealInbox()


class Raw:
    """A server of one conversation after the other, in a thread: ``talk(socket)`` plays it."""

    def __init__(self, talk, family=socket.AF_INET):
        self.listening = socket.socket(family, socket.SOCK_STREAM)
        self.listening.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        self.listening.listen(8)
        self.port = self.listening.getsockname()[1]
        self.url = f"ws://localhost:{self.port}/any"
        self.talk = talk
        self.closed = False
        self.open = []
        self.thread = threading.Thread(target=self.serve, name="raw server", daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                met, _ = self.listening.accept()
            except OSError:
                return
            self.open.append(met)
            with met:
                if self.closed:
                    return
                try:
                    self.talk(met)
                except OSError:
                    continue

    def close(self):
        self.closed = True
        for met in self.open:
            try:
                met.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        with contextlib.suppress(OSError):
            socket.create_connection(self.listening.getsockname()[:2]).close()  # wakes accept on every system
        self.listening.close()
        self.thread.join(5)


def shake(met):
    """Take a client's greeting; give the server's side of the protocol."""
    side = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    while True:
        side.receive_data(met.recv(65536))
        for event in side.events():
            if isinstance(event, events.Request):
                met.sendall(side.send(events.AcceptConnection()))
                return side


def read_on(met):
    """Read until the other side has gone."""
    while met.recv(65536):
        pass


def dial(url, **options):
    """Come as a program does (no Origin) or as a page."""
    options.setdefault("suppress_origin", "origin" not in options)
    return peer.create_connection(url, timeout=10, **options)


def text_frame(raw):
    return bytes([0x81]) + (bytes([len(raw)]) if len(raw) < 126 else bytes([126]) + len(raw).to_bytes(2, "big")) + raw


# ------------------------------------------------------------------------------------------------------------ the inbox


def test_at_equal_stamps_the_operator_comes_first_then_the_order_of_arrival(inbox, monkeypatch):
    monkeypatch.setattr(inbox, "now", lambda: 5)
    inbox.put("a", Connected(1))
    inbox.put("b", Connected(1))
    inbox.put("", Pressed("go"))
    assert [inbox.next(5).device for _ in range(3)] == ["", "a", "b"]


def test_an_arrival_after_the_limit_is_kept_for_later(inbox):
    inbox.put("a", Connected(1))
    assert inbox.next(-1) is None
    assert isinstance(inbox.next(None), Arrival)


def test_nothing_by_the_limit_is_none_and_not_before_it(inbox):
    until = inbox.now() + 3_000
    assert inbox.next(until) is None
    assert inbox.now() >= until


def test_the_fine_approach_of_slow_clocks_sees_arrivals_too(inbox, monkeypatch):
    monkeypatch.setattr("showrunner.wires.inbox._COARSE", 60.0)
    thread = threading.Thread(target=lambda: inbox.put("a", Connected(1)))
    thread.start()
    assert expect(inbox, Connected) == Connected(1)
    thread.join()
    assert inbox.next(inbox.now() + 3_000) is None


def test_many_threads_put_and_nothing_is_lost_or_out_of_order(inbox):
    def put(name):
        for number in range(500):
            inbox.put(name, Connected(number))

    threads = [threading.Thread(target=put, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    seen = [inbox.next(inbox.now() + PATIENCE) for _ in range(2000)]
    for thread in threads:
        thread.join()
    assert [arrival.at for arrival in seen] == sorted(arrival.at for arrival in seen)
    for name in "abcd":
        assert [a.what.connection for a in seen if a.device == name] == list(range(500))


# ---------------------------------------------------------------------------------------------------------- their texts


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"[1]", "[1]"),
        (b"", ""),
        (b"{", "{"),
        (b'{"a": NaN}', '{"a": NaN}'),
        (b'"\xff"', '"\ufffd"'),
        (b'{"a": "\\ud83d"}', {"a": "\ufffd"}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b"[" * 100_000, "[" * 100_000),
        (b'{"a": ' + b"9" * 5000 + b"}", '{"a": ' + "9" * 5000 + "}"),
    ],
)
def test_any_text_is_survived_and_can_be_written_down(raw, read):
    found = frames.read(raw)
    assert found == read
    json.dumps(found, ensure_ascii=False).encode()


# -------------------------------------------------------------------------------------------------- the wire that dials


def test_frames_go_both_ways_in_order(inbox, closing):
    there = RealInbox()
    pages = closing(PageServer("there", "ws://localhost:0/ws", there))
    pages.open()
    wire = closing(ClientWire("here", pages.url, inbox))
    wire.open()
    assert expect(inbox, Connected) == Connected(1)
    assert expect(there, Connected) == Connected(1, None)
    for number in range(200):
        wire.send(1, {"n": number, "text": "あ😀"})
        pages.send(1, {"m": number})
    assert [expect(there, Received).frame for _ in range(200)] == [{"n": n, "text": "あ😀"} for n in range(200)]
    assert [expect(inbox, Received).frame for _ in range(200)] == [{"m": n} for n in range(200)]


def test_frames_of_almost_four_megabytes_pass(inbox, closing):
    there = RealInbox()
    pages = closing(PageServer("there", "ws://127.0.0.1:0/ws", there))
    pages.open()
    wire = closing(ClientWire("here", pages.url, inbox))
    wire.open()
    expect(inbox, Connected)
    big = {"image": "x" * (frames.LARGEST - 100)}
    wire.send(1, big)
    assert expect(there, Received).frame == big
    pages.send(1, big)
    assert expect(inbox, Received).frame == big


def test_a_port_where_nobody_listens_is_refused_and_tried_again(inbox, closing):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    wire = closing(ClientWire("here", f"ws://localhost:{port}", inbox, pauses=(0.01, 0.02)))
    wire.open()
    assert [("refused" in expect(inbox, Unreachable).reason) for _ in range(3)] == [True] * 3


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", b"220 mail\r\n\r\n", b""])
def test_what_is_no_websocket_is_said_to_be_none(inbox, closing, answer):
    raw = closing(Raw(lambda met: (met.recv(65536), met.sendall(answer))))
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    assert "no WebSocket" in expect(inbox, Unreachable).reason


def test_a_name_nobody_knows_is_said_to_be_unknown(inbox, closing, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    wire = closing(ClientWire("here", "ws://studio.invalid:1", inbox))
    wire.open()
    assert expect(inbox, Unreachable).reason == "no machine of that name is known"


def test_a_server_that_never_answers_runs_out_of_time_and_does_not_hinder_closing(inbox, closing, monkeypatch):
    monkeypatch.setattr(websocket, "_GREET", 0.05)
    raw = closing(Raw(read_on))
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    assert expect(inbox, Unreachable).reason == "it did not answer in time"
    monkeypatch.setattr(websocket, "_GREET", 60.0)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_localhost_is_found_on_ipv6_alone(inbox, closing):
    try:
        raw = closing(Raw(lambda met: (shake(met), read_on(met)), socket.AF_INET6))
    except OSError:
        pytest.skip("no IPv6 loopback here")
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    assert expect(inbox, Connected) == Connected(1)


def test_proxies_of_the_environment_are_not_asked(inbox, closing, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    raw = closing(Raw(lambda met: (shake(met), read_on(met))))
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    assert expect(inbox, Connected) == Connected(1)


def test_broken_text_and_binary_frames_never_end_the_reading(inbox, closing):
    def talk(met):
        shake(met)
        met.sendall(text_frame(b'{"a": "\xff\xfe"}') + text_frame(b"no json") + bytes([0x82, 3]) + b"\0\1\2")
        met.sendall(bytes([0x89, 0]) + text_frame(b'{"last": 1}'))
        read_on(met)

    raw = closing(Raw(talk))
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    assert [expect(inbox, Received).frame for _ in range(4)] == [
        {"a": "\ufffd\ufffd"},
        "no json",
        "(a binary message of 3 bytes)",
        {"last": 1},
    ]


def test_a_lost_connection_is_told_and_dialled_again_under_the_next_number(inbox, closing):
    raw = closing(Raw(lambda met: (shake(met), met.sendall(text_frame(b'{"hi": 1}')))))
    wire = closing(ClientWire("here", raw.url, inbox, pauses=(0.01, 0.02)))
    wire.open()
    seen = [inbox.next(inbox.now() + PATIENCE).what for _ in range(6)]
    lost = "the connection was lost"
    assert seen == [
        what
        for number in (1, 2)
        for what in (Connected(number), Received(number, {"hi": 1}), Disconnected(number, lost))
    ]


def test_a_frame_that_is_no_websocket_frame_ends_the_connection_in_plain_words(inbox, closing):
    raw = closing(Raw(lambda met: (shake(met), met.sendall(b"\x8f\x00"), read_on(met))))
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    assert expect(inbox, Disconnected).reason == "it sent something that is no WebSocket message"


def test_a_dropped_connection_is_told_with_our_reason(inbox, closing):
    there = RealInbox()
    pages = closing(PageServer("there", "ws://localhost:0/ws", there))
    pages.open()
    wire = closing(ClientWire("here", pages.url, inbox, pauses=(0.01, 0.02)))
    wire.open()
    expect(inbox, Connected)
    wire.drop(1, "of no use")
    assert expect(inbox, Disconnected) == Disconnected(1, "of no use")
    assert expect(inbox, Connected) == Connected(2)
    wire.send(1, {"to": "nobody"})
    wire.send(2, {"to": "you"})
    assert expect(there, Received).frame == {"to": "you"}


def test_of_a_side_that_answered_pings_and_is_silent_it_is_told_and_its_goodbye_is_not_waited_for(
    inbox, closing, monkeypatch
):
    monkeypatch.setattr(websocket, "_LEAVE", 3600)
    monkeypatch.setattr(websocket, "_QUIET", 0.2)
    monkeypatch.setattr(websocket, "_PING_FIRST", 0.01)
    monkeypatch.setattr(websocket, "_PING_EVERY", 0.05)
    monkeypatch.setattr(websocket, "_SILENT", 0.4)
    monkeypatch.setattr(websocket, "_LOOK", 0.05)
    hung = threading.Event()

    def talk(met):
        side = shake(met)
        answered = 0
        while not answered:
            side.receive_data(met.recv(65536))
            for event in side.events():
                if isinstance(event, events.Ping):
                    met.sendall(side.send(event.response()))
                    answered += 1
        hung.wait(10)

    raw = closing(Raw(talk))
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    assert [expect(inbox, Quiet) for _ in range(2)] == [Quiet(1, gone=True)] * 2
    wire.drop(1, "it no longer answers")
    assert expect(inbox, Disconnected).reason == "it no longer answers"
    monkeypatch.setattr(websocket, "_LEAVE", 0.1)
    hung.set()


def test_a_side_that_does_not_read_neither_blocks_a_send_nor_the_closing(inbox, closing):
    hung = threading.Event()
    raw = closing(Raw(lambda met: (shake(met), hung.wait(20))))
    wire = closing(ClientWire("here", raw.url, inbox))
    wire.open()
    expect(inbox, Connected)
    for _ in range(4):
        wire.send(1, {"image": "x" * 10_000_000})
    wire.close()
    hung.set()


def test_closing_before_and_during_the_first_try_leaves_nothing(inbox, closing):
    closing(ClientWire("here", "ws://localhost:1", inbox))
    wire = closing(ClientWire("here", "ws://localhost:1", inbox))
    wire.open()
    wire.open()
    wire.close()
    wire.open()


def test_an_address_that_is_no_websocket_address_is_our_bug(inbox):
    with pytest.raises(ValueError, match="http://"):
        ClientWire("here", "http://localhost:1", inbox)


def test_a_secure_address_is_greeted_with_tls(inbox, closing):
    raw = closing(Raw(lambda met: (met.recv(65536), met.sendall(b"plain text\r\n\r\n"))))
    wire = closing(ClientWire("here", raw.url.replace("ws:", "wss:"), inbox))
    wire.open()
    assert expect(inbox, Unreachable).reason == "the secure connection could not be made"


# --------------------------------------------------------------------------------------------- the wire that is dialled


def test_each_page_has_its_number_and_its_origin(inbox, closing):
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    first = dial(pages.url, origin="http://localhost:3000")
    assert expect(inbox, Connected) == Connected(1, "http://localhost:3000")
    second = dial(pages.url, origin="http://127.0.0.1:3000")
    assert expect(inbox, Connected) == Connected(2, "http://127.0.0.1:3000")
    pages.send(2, {"to": 2})
    pages.send(1, {"to": 1})
    pages.send(3, {"to": 3})
    assert [json.loads(page.recv())["to"] for page in (first, second)] == [1, 2]
    first.close()
    assert expect(inbox, Disconnected) == Disconnected(1, "the page closed the connection")
    pages.drop(2, "an older page")
    assert expect(inbox, Disconnected) == Disconnected(2, "an older page")
    second.close()


def test_a_page_of_another_site_is_refused_and_named_once(inbox, closing):
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    for _ in range(2):
        with pytest.raises(peer.WebSocketBadStatusException) as refusal:
            dial(pages.url, origin="http://evil.example")
        assert refusal.value.status_code == 403
    assert "http://evil.example" in expect(inbox, Unreachable).reason
    assert inbox.next(inbox.now()) is None


def test_only_the_path_of_the_address_is_served(inbox, closing):
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    for _ in range(2):
        with pytest.raises(peer.WebSocketBadStatusException):
            dial(pages.url.replace("/ws", "/other"))
    told = expect(inbox, Unreachable)
    assert (told.reason, told.kind) == ("a page asked for /other, but the address ends in /ws", "elsewhere")
    dial(pages.url).close()
    assert expect(inbox, Connected) == Connected(1)


def test_whoever_tries_all_the_paths_there_are_is_not_told_of_without_end(inbox, closing, monkeypatch):
    monkeypatch.setattr("showrunner.wires.server.MOST_REFUSED", 3)
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    for number in range(6):
        with pytest.raises(peer.WebSocketBadStatusException):
            dial(pages.url.replace("/ws", f"/{number}{'x' * 500}"))
    told = [expect(inbox, Unreachable).reason for _ in range(3)]
    assert all(len(reason) < 200 for reason in told)
    assert inbox.next(inbox.now()) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_localhost_is_served_on_both_loopbacks(inbox, closing, host):
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    port = int(pages.url.split(":")[2].split("/")[0])
    try:
        reached = socket.create_connection((host, port), timeout=10)
    except OSError:
        if host == "::1":
            pytest.skip("no IPv6 loopback here")
        raise
    dial(pages.url, socket=reached).close()
    assert expect(inbox, Connected) == Connected(1)


def test_odd_messages_of_a_page_are_received_as_text(inbox, closing):
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    page = dial(pages.url)
    page.send("no json")
    page.send_bytes(b"\0\1")
    page.send('{"a": 1}')
    assert [expect(inbox, Received).frame for _ in range(3)] == ["no json", "(a binary message of 2 bytes)", {"a": 1}]
    page.shutdown()


def test_a_port_that_is_taken_is_told_and_tried_again(inbox, closing, monkeypatch):
    monkeypatch.setattr(server, "_PAUSES", (0.02, 0.05))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        pages = closing(PageServer("page", f"ws://localhost:{other.getsockname()[1]}/ws", inbox))
        pages.open()
        assert "is taken" in expect(inbox, Unreachable).reason
    wire = closing(ClientWire("here", pages.url, inbox, pauses=(0.02, 0.05)))
    wire.open()
    assert expect(inbox, Connected, "page") == Connected(1)


def test_closing_with_open_pages_frees_the_port_at_once(inbox, closing):
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    page = dial(pages.url)
    expect(inbox, Connected)
    pages.close()
    again = closing(PageServer("page", pages.url, inbox))
    again.open()
    dial(again.url).close()
    assert expect(inbox, Connected) == Connected(1)
    page.shutdown()


# ------------------------------------------------------------------------------------------------------ doubles, hosted


class Parrot:
    """Repeats what it hears, chimes once, hangs up on request."""

    deadline = None

    def connected(self, connection, now, _=""):
        self.deadline = now
        self.last = connection
        return []

    def disconnected(self, *_):
        return []

    def received(self, connection, frame, _):
        return [Hang(connection, frame["hang"])] if "hang" in frame else [Emit(connection, frame)]

    def elapsed(self, _):
        self.deadline = None
        return [Emit(self.last, {"chime": 1})]

    def switch(self, name, value, _):
        return ([Emit(self.last, {name: value})], None) if name == "say" else ([], "no such switch")

    def visible(self, _):
        return "a parrot"


def test_what_is_said_in_a_row_is_not_held_back_until_the_first_is_acknowledged(inbox, closing):
    pages = closing(PageServer("there", "ws://localhost:0/ws", inbox))
    pages.open()
    met = dial(pages.url)
    expect(inbox, Connected)
    (guest,) = pages._inside._door.inside
    assert guest.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    met.close()


def test_the_code_with_which_a_program_closes_is_told(inbox, closing):
    hosted = closing(HostedDouble("bird", Parrot(), {DIALLED: "ws://localhost:0"}))
    hosted.open()
    wire = closing(ClientWire("here", hosted.url, inbox))
    wire.open()
    wire.send(expect(inbox, Connected).connection, {"hang": 4009})
    assert expect(inbox, Disconnected).code == 4009


def test_the_code_with_which_a_page_closes_is_told(inbox, closing):
    pages = closing(PageServer("there", "ws://localhost:0/ws", inbox))
    pages.open()
    hosted = closing(HostedDouble("bird", Parrot(), {PAGE: pages.url}, at_load=1))
    hosted.open()
    pages.send(expect(inbox, Connected).connection, {"hang": 4001})
    assert expect(inbox, Disconnected).code == 4001


def test_a_hosted_double_answers_on_any_path_and_its_switches_work_from_outside(inbox, closing):
    seen, shown = [], []
    hosted = closing(
        HostedDouble(
            "bird",
            Parrot(),
            {DIALLED: "ws://localhost:0"},
            on_frame=lambda way, frame: seen.append((way, frame)),
            on_visible=shown.append,
        )
    )
    hosted.open()
    wire = closing(ClientWire("here", f"{hosted.url}any/path", inbox, pauses=(0.02, 0.05)))
    wire.open()
    expect(inbox, Connected)
    assert expect(inbox, Received).frame == {"chime": 1}
    wire.send(1, {"a": 1})
    assert expect(inbox, Received).frame == {"a": 1}
    assert hosted.switch("say", "hi") is None
    assert expect(inbox, Received).frame == {"say": "hi"}
    assert hosted.switch("sing") == "no such switch"
    wire.send(1, {"hang": 1})
    assert isinstance(expect(inbox, Disconnected), Disconnected)
    assert expect(inbox, Connected) == Connected(2)
    assert seen[:3] == [("out", {"chime": 1}), ("in", {"a": 1}), ("out", {"a": 1})]
    assert shown == ["a parrot"]


def test_latency_and_jitter_never_turn_the_order_and_every_nth_frame_is_lost_on_order(inbox, closing):
    hosted = closing(
        HostedDouble("bird", Parrot(), {DIALLED: "ws://localhost:0"}, trouble=Trouble(2000, 5000, seed=1, lose_every=4))
    )
    hosted.open()
    wire = closing(ClientWire("here", hosted.url, inbox))
    wire.open()
    expect(inbox, Connected)
    for number in range(40):
        wire.send(1, {"n": number})
    got = [expect(inbox, Received).frame for _ in range(31)]  # 41 frames with the chime, 10 of them lost
    numbers = [frame["n"] for frame in got if "n" in frame]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == len(numbers) == 30


def test_a_double_whose_port_is_taken_says_so_at_once(closing):
    first = closing(HostedDouble("bird", Parrot(), {DIALLED: "ws://localhost:0"}))
    first.open()
    second = closing(HostedDouble("bird", Parrot(), {DIALLED: first.url}))
    with pytest.raises(OSError) as refused:  # noqa: PT011 - what Windows says of it is in the user's language
        second.open()
    assert refused.value.errno == errno.EADDRINUSE


def test_a_double_listens_on_loopback_only():
    with pytest.raises(ValueError, match="loopback"):
        HostedDouble("bird", Parrot(), {DIALLED: "ws://0.0.0.0:9000"})


def test_a_hosted_page_with_a_surplus_connection_speaks_a_line_for_the_driver(inbox, closing):
    settings = {setting.name: setting.default for setting in device.settings}
    terms = Terms("aituber", settings, "0", lambda at: at // 1000)
    wire = closing(PageServer("aituber", "ws://localhost:0/ws", inbox))
    wire.open()
    double = device.double(terms)
    page = closing(HostedDouble("aituber", double, {PAGE: wire.url}, at_load=2))
    page.open()
    driver, log, newest = AituberDriver(terms), [], 0
    spoken = (Argument("EMOTION", "happy", Span(0, 1, 1)), Argument("TEXT", "hi", Span(0, 1, 1)))

    def give(outputs):
        log.extend(outputs)
        for output in outputs:
            if isinstance(output, Send):
                wire.send(output.connection or newest, output.frame)
            if output == Condition("ready"):
                give(driver.command(1, 1, Command("aituber", table.VERBS[0], spoken), inbox.now()))

    until = inbox.now() + PATIENCE
    while not any(isinstance(output, Answered) for output in log):
        arrival = inbox.next(min(until, driver.deadline or until))
        assert inbox.now() < until, "no answer came"
        match arrival.what if arrival is not None else None:
            case None:
                give(driver.elapsed(inbox.now()))
            case Connected(connection, origin):
                newest = max(newest, connection)
                give(driver.connected(connection, arrival.at, origin))
            case Disconnected(connection, reason):
                give(driver.disconnected(connection, arrival.at, reason))
            case Received(connection, frame):
                give(driver.received(connection, frame, arrival.at))
    assert Answered(1, 1, ok=True) in log
    assert [output.state for output in log if isinstance(output, Condition)] == ["ready"]
    assert newest == 2
    assert double.log == [("assistant", "hi")]

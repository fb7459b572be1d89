"""What others can reach has limits: how many come in, how long they may stand there, how much and how fast they talk.

On real sockets, and what is pure without them. Before these limits 1,100 idle connections took every file of the
process, and one message of 60 MB held a show for 83 seconds.
"""

import contextlib
import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import websocket as peer
import wsproto
from wsproto import events

from showrunner.console import server as console
from showrunner.wires import door, frames, pace, server, websocket
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import CROWDED, RealInbox
from showrunner.wires.pace import Pace
from showrunner.wires.server import PageServer
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import FULL, Connected, Disconnected, Noted, Received, Unreachable
from tests.consoling import Standing
from tests.files import POSIX, few_files, no_more_files, refusals
from tests.test_sockets import PATIENCE, Parrot, Raw, dial, expect, shake, text_frame
from tests.ways import DIALLED, PAGE

SECOND = 1_000_000


@pytest.fixture
def inbox():
    return RealInbox()


@pytest.fixture
def pages(inbox, closing):
    made = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    made.open()
    return made


def port(pages):
    return int(pages.url.split(":")[2].split("/")[0])


@contextlib.contextmanager
def crowd(pages, count):
    """Connect so often and say nothing."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(socket.create_connection(("127.0.0.1", port(pages)), 15)) for _ in range(count)]


def is_cut(connection):
    """Wait until the other side has ended it."""
    connection.settimeout(15)
    with contextlib.suppress(ConnectionError):
        while connection.recv(65536):
            pass
    return True


def told(inbox):
    """Give what was noted so far."""
    notes = []
    while (arrival := inbox.next(inbox.now())) is not None:
        notes += [arrival.what.detail] if isinstance(arrival.what, Noted) else []
    return notes


def test_the_reference_has_these_limits():
    text = (Path(__file__).parent.parent / "grammar" / "README.md").read_text("utf-8")
    table = text.partition("whoever else reaches a port:")[2].partition("Where all places")[0]
    rows = re.findall(r"^\| .+? \| (.*[0-9].*) \|$", table, re.MULTILINE)
    told = [[int(number.replace(",", "")) for number in re.findall(r"[0-9,]*[0-9]", row)] for row in rows]
    mega = pace.MOST * pace.BLOCK // 1_000_000
    assert told == [
        [frames.LARGEST // MEBI, frames.LARGEST_OF_DOUBLES // MEBI],
        [frames.DEEPEST, frames.MOST_PARTS],
        [pace.MOST, mega, pace.MOST_OF_ONE],
        [server.PLACES.all, server.PLACES.of_one],
        [console.MOST, console.MOST_FROM_ONE],
        [int(server.TO_ASK), int(console.TO_ASK)],
    ]


# --------------------------------------------------------------------------------------------------------- who comes in


def endless_head(met):
    met.sendall(b"HTTP/1.1 101 Switching Protocols\r\n")
    while True:
        met.sendall(b"X-More: and more\r\n" * 100)


def endless_line(met):
    met.sendall(b"HTTP/1.1 101 ")
    while True:
        met.sendall(b"x" * 1000)


@pytest.mark.parametrize("talk", [endless_head, endless_line])
def test_a_program_whose_greeting_never_ends_is_not_listened_to_for_ever(inbox, closing, monkeypatch, talk):
    monkeypatch.setattr(websocket, "_GREETED", 0.2)
    wire = closing(ClientWire("here", closing(Raw(talk)).url, inbox))
    wire.open()
    assert expect(inbox, Unreachable).kind == "alien"


def test_however_many_only_connect_a_page_comes_in(inbox, pages, monkeypatch):
    monkeypatch.setattr(server, "TO_ASK", 3600)
    with crowd(pages, 300):
        page = dial(pages.url)
        assert expect(inbox, Connected) == Connected(1)
        page.send('{"a": 1}')
        assert expect(inbox, Received).frame == {"a": 1}
        page.close()


def test_of_those_who_only_connect_so_many_stay(pages, monkeypatch):
    monkeypatch.setattr(server, "TO_ASK", 3600)
    with crowd(pages, server.PLACES.of_one + 5) as connections:
        assert all(is_cut(connection) for connection in connections[:5])
        for connection in connections[5:]:
            connection.settimeout(0)
            with pytest.raises(BlockingIOError):
                connection.recv(1)


@pytest.mark.parametrize("said", [b"", b"GET /ws HTTP/1.1\r\nHost: loc"], ids=["nothing", "half a question"])
def test_who_asks_for_nothing_is_let_go(pages, monkeypatch, said):
    monkeypatch.setattr(server, "TO_ASK", 0.05)
    with crowd(pages, 1) as (connection,):
        connection.sendall(said)
        assert is_cut(connection)


def test_who_asks_for_it_byte_by_byte_is_let_go_too(pages, monkeypatch):
    monkeypatch.setattr(server, "TO_ASK", 0.3)
    with crowd(pages, 1) as (connection,):
        connection.settimeout(0.01)
        said = None
        while said is None:
            try:
                connection.sendall(b"G")
                said = connection.recv(1)
            except TimeoutError:
                continue
            except ConnectionError:
                said = b""
        assert said == b""


def test_a_page_that_was_let_in_may_say_nothing_as_long_as_it_likes(inbox, pages, monkeypatch):
    monkeypatch.setattr(server, "TO_ASK", 0.05)
    page = dial(pages.url)
    expect(inbox, Connected)
    with crowd(pages, 1) as (connection,):
        assert is_cut(connection)  # so much time has passed
    pages.send(1, {"still": "here"})
    assert json.loads(page.recv()) == {"still": "here"}
    page.close()


def test_open_connections_that_say_nothing_make_room_the_oldest_first(inbox, closing, monkeypatch):
    monkeypatch.setattr(server, "PLACES", door.Places(9, 2))
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    silent = [dial(pages.url) for _ in range(3)]
    assert [expect(inbox, kind) for kind in (Connected, Connected, Disconnected, Connected)] == [
        Connected(1),
        Connected(2),
        Disconnected(1, "it made room for others: nothing ever came from it"),
        Connected(3),
    ]
    for page in silent:
        page.shutdown()


def test_who_speaks_keeps_his_place_and_it_is_said_once(inbox, closing, monkeypatch):
    monkeypatch.setattr(server, "PLACES", door.Places(9, 2))
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    speaking = [dial(pages.url) for _ in range(2)]
    for number, page in enumerate(speaking, 1):
        page.send("{}")
        expect(inbox, Received)
        pages.send(number, {"n": number})
    for _ in range(3):
        with pytest.raises((OSError, peer.WebSocketException)):
            dial(pages.url)
    assert [json.loads(page.recv()) for page in speaking] == [{"n": 1}, {"n": 2}]
    full = "more than 2 connections at once from 127.0.0.1: idle ones are closed, else those that come"
    assert told(inbox) == [full]
    for page in speaking:
        page.close()


def test_who_is_spoken_to_keeps_his_place(inbox, closing, monkeypatch):
    monkeypatch.setattr(server, "PLACES", door.Places(9, 2))
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    old_fashioned = dial(pages.url)
    expect(inbox, Connected)
    for number in range(2):
        pages.send(1, {"n": number})
        old_fashioned.recv()
    silent = [dial(pages.url) for _ in range(4)]
    assert expect(inbox, Disconnected).connection == 2
    pages.send(1, {"still": "here"})
    assert json.loads(old_fashioned.recv()) == {"still": "here"}
    for page in (old_fashioned, *silent):
        page.shutdown()


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_a_crowd_from_one_address_leaves_room_for_another(inbox, closing, monkeypatch):
    monkeypatch.setattr(server, "PLACES", door.Places(9, 2))
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    speaking = [dial(pages.url) for _ in range(2)]
    for page in speaking:
        page.send("{}")
        expect(inbox, Received)
    try:
        other = socket.create_connection(("::1", port(pages)), 15)
    except OSError:
        pytest.skip("no IPv6 loopback here")
    dial(pages.url, socket=other).close()
    assert expect(inbox, Connected) == Connected(3)
    for page in speaking:
        page.close()


def test_a_head_that_is_none_costs_its_own_connection_alone(inbox, pages, capfd):
    heads = [
        b"GET / HTTP/1.1\r\nHost: \xff\xfe\xfd\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        b"GET /\xff HTTP/1.1\r\n\r\n",
    ]
    for head in heads:
        with crowd(pages, 1) as (connection,):
            with contextlib.suppress(OSError):
                connection.sendall(head)
            assert is_cut(connection)
    dial(pages.url).close()
    assert expect(inbox, Connected) == Connected(1)
    assert capfd.readouterr() == ("", "")


# ------------------------------------------------------------------------------------------------ no more files to open


@pytest.fixture
def accepting(monkeypatch):
    return refusals(monkeypatch)


@POSIX
def test_without_room_for_a_file_nobody_comes_in_and_that_is_said_once_and_tried_in_peace(
    inbox, closing, accepting, monkeypatch, capfd
):
    monkeypatch.setattr(door, "PAUSE", 3600)
    pages = closing(PageServer("page", "ws://127.0.0.1:0/ws", inbox))
    pages.open()
    inside = dial(pages.url)
    expect(inbox, Connected)
    with socket.socket() as late, no_more_files():
        late.connect(("127.0.0.1", port(pages)))
        assert expect(inbox, Noted).detail == f"{FULL}; whoever comes now waits"
        for number in range(100):  # who is inside goes on
            inside.send(json.dumps({"n": number}))
            assert expect(inbox, Received).frame == {"n": number}
        assert len(accepting) == 1
    assert capfd.readouterr() == ("", "")
    inside.close()


@POSIX
def test_as_soon_as_there_is_room_again_who_waits_comes_in(inbox, closing, accepting, monkeypatch, capfd):
    monkeypatch.setattr(door, "PAUSE", 0.02)
    pages = closing(PageServer("page", "ws://127.0.0.1:0/ws", inbox))
    pages.open()
    with socket.socket() as late:
        with no_more_files():
            late.connect(("127.0.0.1", port(pages)))
            expect(inbox, Noted)
            while len(accepting) < 3:
                assert inbox.next(inbox.now() + 10_000) is None  # not said again
        dial(pages.url, socket=late).close()
        assert expect(inbox, Connected) == Connected(1)
    assert capfd.readouterr() == ("", "")


CROWD = """
import socket, sys
crowd = []
for port in map(int, sys.argv[1:]):
    for _ in range(300):
        try:
            crowd.append(socket.create_connection(("127.0.0.1", port), 15))
        except OSError:
            break
print(len(crowd), flush=True)
sys.stdin.read()
"""


@POSIX
def test_a_crowd_at_two_ports_shuts_nobody_out_of_either(inbox, pages, capfd):
    """A device's port and the console's have places of their own, and all of them together are fewer than files."""
    standing = Standing()
    words = [sys.executable, "-c", CROWD, str(port(pages)), str(standing.port)]
    with few_files(256), subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as crowd:
        crowd.stdout.readline()
        page = dial(pages.url)
        assert expect(inbox, Connected) == Connected(1)
        assert standing.press("go") == (200, {"ok": True})
        page.close()
        crowd.stdin.close()
    standing.close()
    assert capfd.readouterr() == ("", "")


@POSIX
def test_a_wire_that_finds_no_room_for_a_file_dials_on(inbox, closing, monkeypatch):
    raw = closing(Raw(lambda met: (shake(met), met.recv(65536))))
    full = []

    def selector():
        if not full:
            full.append(True)
            raise OSError(24, "Too many open files")
        return real()

    real = websocket.selectors.DefaultSelector
    monkeypatch.setattr(websocket.selectors, "DefaultSelector", selector)
    wire = closing(ClientWire("here", raw.url, inbox, pauses=(0.01, 0.02)))
    wire.open()
    assert [expect(inbox, kind) for kind in (Connected, Disconnected, Connected)] == [
        Connected(1),
        Disconnected(1, FULL),
        Connected(2),
    ]


@POSIX
def test_a_port_that_finds_no_room_for_a_file_says_so_and_is_tried_again(inbox, closing, monkeypatch):
    monkeypatch.setattr(server, "_PAUSES", (0.02, 0.05))
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    with no_more_files():
        pages.open()
        assert expect(inbox, Unreachable).reason.endswith("too many files are open")
    while pages.url.endswith(":0/ws"):
        assert inbox.next(inbox.now() + 20_000) is None or not pages.url.endswith(":0/ws")
    dial(pages.url).close()
    assert expect(inbox, Connected) == Connected(1)


# --------------------------------------------------------------------------------------------------- how long a message


def piece(raw, *, opcode, final):
    return bytes([(0x80 if final else 0) | opcode, 127]) + len(raw).to_bytes(8, "big") + raw


MEBI = 1024 * 1024
TOO_LONG = {
    "as it says itself": lambda met: met.sendall(bytes([0x81, 127]) + (4 * MEBI + 1).to_bytes(8, "big")),
    "and says it is endless": lambda met: met.sendall(bytes([0x81, 127]) + (2**63 - 1).to_bytes(8, "big")),
    "in pieces": lambda met: [met.sendall(piece(b"x" * MEBI, opcode=int(n == 0), final=False)) for n in range(5)],
}


@pytest.mark.parametrize("say", TOO_LONG.values(), ids=TOO_LONG)
def test_a_program_whose_message_is_too_long_is_left_and_dialled_again(inbox, closing, say):
    def talk(met):
        shake(met)
        with contextlib.suppress(OSError):
            say(met)
        met.recv(65536)

    wire = closing(ClientWire("here", closing(Raw(talk)).url, inbox, pauses=(0.01, 0.02)))
    wire.open()
    assert [expect(inbox, kind) for kind in (Connected, Disconnected, Connected)] == [
        Connected(1),
        Disconnected(1, "it sent a message of more than 4 MiB"),
        Connected(2),
    ]


@pytest.mark.parametrize("pieces", [1, 50])
def test_a_page_whose_message_is_too_long_is_let_go(inbox, pages, pieces):
    page = dial(pages.url)
    with contextlib.suppress(OSError):
        for number in range(pieces):
            raw = "x" * (4 * MEBI // pieces + 1)
            page.send_frame(peer.ABNF.create_frame(raw, 0 if number else 1, int(number == pieces - 1)))
    assert expect(inbox, Disconnected) == Disconnected(1, "it sent a message of more than 4 MiB")
    assert told(inbox) == []
    page.shutdown()


@pytest.mark.parametrize(("size", "taken"), [(5, True), (15, True), (17, False)])
def test_a_double_takes_longer_ones_for_shows_send_pictures(closing, size, taken):
    bird = closing(HostedDouble("bird", Parrot(), {DIALLED: "ws://localhost:0"}))
    bird.open()
    client = dial(bird.url, skip_utf8_validation=True)
    assert json.loads(client.recv()) == {"chime": 1}
    picture = {"image": "x" * (size * MEBI)}
    with contextlib.suppress(OSError):
        client.send(json.dumps(picture))
    if taken:
        assert json.loads(client.recv()) == picture
    else:
        code, said = client.recv_data(control_frame=True)
        assert (code, said[:2]) == (peer.ABNF.OPCODE_CLOSE, (1009).to_bytes(2, "big"))
    client.shutdown()


def test_a_page_that_is_a_double_takes_longer_ones_too(closing):
    heard = threading.Event()

    class Page(Parrot):
        deadline = None

        def connected(self, *_):
            return []

        def received(self, _, frame, __):
            if len(frame["image"]) == 9 * MEBI:
                heard.set()
            return []

    theirs = RealInbox()
    waiting = closing(PageServer("page", "ws://localhost:0/ws", theirs))
    waiting.open()
    page = closing(HostedDouble("bird", Page(), {PAGE: waiting.url}, at_load=1))
    page.open()
    expect(theirs, Connected)
    waiting.send(1, {"image": "x" * (9 * MEBI)})
    assert heard.wait(15)


def test_a_message_in_very_many_pieces_is_one_message(inbox, closing):
    text = b'{"a": "' + b"x" * 400 + b'"}'

    def talk(met):
        shake(met)
        met.sendall(
            b"".join(bytes([(n == 0) | 0x80 * (n == len(text) - 1), 1, text[n]]) for n in range(len(text)))
            + text_frame(b'{"b": 1}')
        )
        met.recv(65536)

    wire = closing(ClientWire("here", closing(Raw(talk)).url, inbox))
    wire.open()
    assert [expect(inbox, Received).frame for _ in range(2)] == [json.loads(text), {"b": 1}]


# ------------------------------------------------------------------------------------------------- what is in a message

DEEP = "lists and tables stand in each other more than 64 deep"
MANY = "it has more than 100000 parts"


def nested(deep, key='"a"'):
    return "{" + key + ":" + "[" * (deep - 1) + "]" * (deep - 1) + "}"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (nested(64), None),
        (nested(65), DEEP),
        (nested(100_000), DEEP),
        ('{"a":' * 100_000, DEEP),
        ('{"a": "' + "[" * 100_000 + '"}', None),
        ('{"a": "' + '\\"[' * 50_000 + '"}', None),
        ('{"a": [' + "0," * 99_997 + "0]}", None),
        ('{"a": [' + "0," * 99_998 + "0]}", MANY),
        ('{"a": [' + "[]," * 99_998 + "0]}", MANY),
        ("{" + ",".join(f'"{n}":0' for n in range(60_000)) + "}", MANY),
        ('{"a": ["' + '","' * 60_000 + '"]}', MANY),
        ('{"a": "' + "," * 200_000 + '"}', None),
        ('{"a": "' + "\\\\" * 200_000 + '"}', None),
    ],
)
def test_a_message_has_a_depth_and_a_count_of_parts(text, wrong):
    assert frames.read(text) == (
        json.loads(text) if wrong is None else f"(a message of {len(text)} characters: {wrong})"
    )


def test_a_text_that_never_ends_is_looked_at_once():
    # Looked at again from every quotation mark in it, this would take hours.
    text = '{"a": "' + '\\"[' * 1_000_000
    assert frames.read(text) == text


def test_what_is_no_object_is_text_whatever_is_in_it():
    for text in ("[" * 100_000, "0," * 200_000, '"{' * 100_000):
        assert frames.read(text) == text


def test_a_page_that_sends_too_much_in_one_message_stays_and_is_understood_again(inbox, pages):
    page = dial(pages.url)
    page.send('{"a": [' + "0," * 200_000 + "0]}")
    page.send('{"b": 1}')
    assert [expect(inbox, Received).frame for _ in range(2)] == [
        f"(a message of 400010 characters: {MANY})",
        {"b": 1},
    ]
    page.close()


# ---------------------------------------------------------------------------------------------------- how fast it talks


def test_after_a_rest_so_many_come_at_once_and_then_so_many_in_a_second():
    made = Pace(500)
    assert [made.message(5 * SECOND, 10) for _ in range(502)] == [0] * 500 + [2_000, 4_000]
    assert made.message(5 * SECOND + 6_000, 10) == 0
    assert [made.message(9 * SECOND, 10) for _ in range(501)] == [0] * 500 + [2_000]


def test_a_long_message_counts_as_several_and_a_piece_as_part_of_one():
    made = Pace(500)
    assert made.message(0, 512 * pace.BLOCK) == 2_000 * 13
    made = Pace(500)
    assert [made.piece(0) for _ in range(5001)] == [0] * 5000 + [200]


def flood(count):
    def talk(met):
        shake(met)
        met.sendall(b"".join(text_frame(b'{"n": %d}' % number) for number in range(count)))
        met.recv(65536)

    return talk


@pytest.fixture
def slow(monkeypatch):
    """Let a flood be no more than even a slow machine can read."""
    monkeypatch.setattr(pace, "MOST", 20)
    monkeypatch.setattr(pace, "MOST_OF_ONE", 16)


def is_whole(inbox, count):
    seen = [inbox.next(inbox.now() + PATIENCE).what for _ in range(count + 2)]
    assert [what.frame["n"] for what in seen if isinstance(what, Received)] == list(range(count))
    assert [what for what in seen if isinstance(what, Noted)] == [Noted(pace.TOLD)]


@pytest.mark.usefixtures("slow")
def test_a_program_that_floods_is_read_slowly_loses_nothing_and_is_told_of_once(inbox, closing):
    wire = closing(ClientWire("here", closing(Raw(flood(40))).url, inbox))
    wire.open()
    is_whole(inbox, 40)


@pytest.mark.usefixtures("slow")
def test_a_page_that_floods_is_read_slowly_loses_nothing_and_is_told_of_once(inbox, closing):
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    page = dial(pages.url)
    for number in range(40):
        page.send(json.dumps({"n": number}))
    is_whole(inbox, 40)
    page.close()


@pytest.mark.usefixtures("slow")
def test_a_page_that_floods_does_not_hold_up_another(inbox, closing):
    """One alone may not use up what is read of a device: the other's word comes before the last of the flood."""
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    loud, other = dial(pages.url), dial(pages.url)
    for number in range(60):
        loud.send(json.dumps({"n": number}))
    while expect(inbox, Received).frame != {"n": 18}:
        pass
    other.send('{"other": 1}')
    seen = [expect(inbox, Received).frame for _ in range(60 - 18)]
    assert {"other": 1} in seen[:-1]
    loud.shutdown()
    other.shutdown()


def measured(inbox):
    """Note how much waits at most while nobody takes anything."""
    most, put = [0], inbox.put

    def putting(*args):
        put(*args)
        most[0] = max(most[0], inbox._waiting[args[0]])

    inbox.put = putting
    return most


def until_crowded(inbox, name, done):
    while not done.is_set() and not inbox.crowded(name):
        done.wait(0.005)


def test_what_nobody_takes_is_not_read_of_a_program(inbox, closing):
    most, done = measured(inbox), threading.Event()

    def talk(met):
        shake(met)
        for number in range(400):
            met.sendall(text_frame(b'{"n": %d}' % number))
        met.recv(65536)
        done.set()

    wire = closing(ClientWire("here", closing(Raw(talk)).url, inbox))
    wire.open()
    until_crowded(inbox, "here", done)
    assert [expect(inbox, Received).frame["n"] for _ in range(400)] == list(range(400))
    assert CROWDED <= most[0] <= CROWDED + 1


def test_what_nobody_takes_is_not_read_of_a_page(inbox, pages):
    most, done = measured(inbox), threading.Event()
    page = dial(pages.url)
    for number in range(300):
        page.send(json.dumps({"n": number}))
    until_crowded(inbox, "page", done)
    assert [expect(inbox, Received).frame["n"] for _ in range(300)] == list(range(300))
    assert CROWDED <= most[0] <= CROWDED + 1
    page.close()


def test_a_long_message_waits_alone(inbox, pages):
    most, done = measured(inbox), threading.Event()
    page = dial(pages.url)

    def shout():
        for _ in range(3):
            page.send(json.dumps({"text": "x" * 2 * MEBI}))
        done.set()

    shouting = threading.Thread(target=shout)
    shouting.start()
    until_crowded(inbox, "page", done)
    assert [len(expect(inbox, Received).frame["text"]) for _ in range(3)] == [2 * MEBI] * 3
    assert most[0] <= CROWDED + pace.weight(2 * MEBI + 20)
    shouting.join()
    page.close()


def test_a_page_that_is_not_read_for_now_is_not_taken_for_gone(inbox, closing, monkeypatch):
    """Its answers to pings wait where all else waits that is not read."""
    monkeypatch.setattr(server, "PING", 0.3)
    monkeypatch.setattr(server, "SILENCE", 1.0)
    pages = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    pages.open()
    page, pinged, enough = dial(pages.url), [], threading.Event()

    def read():
        with contextlib.suppress(OSError, peer.WebSocketException):
            while page.recv_data(control_frame=True)[0] == peer.ABNF.OPCODE_PING:  # and answers it
                pinged.append(True)
                if len(pinged) == 6:
                    enough.set()

    reading = threading.Thread(target=read)
    reading.start()
    for number in range(300):
        page.send(json.dumps({"n": number}))
    assert enough.wait(15)
    assert inbox.crowded("page")  # not one of the answers was heard
    assert [expect(inbox, Received).frame["n"] for _ in range(300)] == list(range(300))
    page.shutdown()
    reading.join()


def test_a_flood_of_pings_is_answered_at_its_pace(inbox, pages):
    side = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    with socket.create_connection(("127.0.0.1", port(pages)), 15) as page:
        page.sendall(side.send(events.Request(host="localhost", target="/ws")))
        expect(inbox, Connected)
        side.receive_data(page.recv(65536))
        list(side.events())
        page.sendall(b"".join(side.send(events.Ping(b"%d" % number)) for number in range(500)))
        page.sendall(side.send(events.TextMessage('{"a": 1}')))
        assert expect(inbox, Received).frame == {"a": 1}


# -------------------------------------------------------------------------------------------------- a client that idles


class Client:
    """A program on its bare socket, which does only what it is told to: it answers no ping by itself."""

    def __init__(self, url):
        self.side = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        parts = urlsplit(url)
        self.met = socket.create_connection(("127.0.0.1", parts.port), 15)
        self.met.sendall(self.side.send(events.Request(host="localhost", target=parts.path or "/")))
        assert isinstance(self.hear(), events.AcceptConnection)

    def hear(self):
        while True:
            for event in self.side.events():
                return event
            self.side.receive_data(self.met.recv(65536) or None)

    def say(self, text):
        self.met.sendall(self.side.send(events.TextMessage(text)))

    def close(self):
        self.met.close()


class Silent(Parrot):
    def connected(self, *_):
        return []


@pytest.fixture
def bird(closing):
    def bird(**more):
        said = []
        made = closing(HostedDouble("bird", Silent(), {DIALLED: "ws://localhost:0"}, on_visit=said.append, **more))
        made.open()
        return made, said

    return bird


def test_a_double_pings_nobody_for_no_source_says_that_the_applications_do(inbox, bird, closing, monkeypatch):
    monkeypatch.setattr(server, "PING", 0.001)
    client = closing(Client(bird()[0].url))
    for number in range(50):
        client.say(f'{{"n":{number}}}')
        assert client.hear().data == f'{{"n":{number}}}'
    again = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    again.open()
    assert isinstance(closing(Client(again.url)).hear(), events.Ping)  # where pages come in it is pinged


def test_a_client_that_reads_nothing_is_kept_and_all_its_commands_count(bird, closing, monkeypatch):
    monkeypatch.setattr(server, "PING", 0.01)
    monkeypatch.setattr(server, "SILENCE", 0.01)
    double, said = bird()
    sleeper, awake = closing(Client(double.url)), closing(Client(double.url))
    for number in range(200):  # so much time passes, and it reads nothing
        awake.say(f'{{"n":{number}}}')
        awake.hear()
        sleeper.say(f'{{"n":{number}}}')
    assert [sleeper.hear().data for _ in range(200)] == [f'{{"n":{number}}}' for number in range(200)]
    assert said == ["1 has come from 127.0.0.1", "2 has come from 127.0.0.1"]


def test_where_it_is_ordered_a_double_pings_and_drops_who_does_not_answer(bird, closing):
    double, said = bird(ping=0.05)
    client = closing(Client(double.url))
    assert isinstance(client.hear(), events.Ping)
    assert client.hear().code == 1011
    double.switch("sing")  # its thread has had a turn
    assert said == ["1 has come from 127.0.0.1", "1 was dropped: it no longer answers"]


def test_who_answers_a_doubles_pings_stays(bird, closing):
    client = closing(Client(bird(ping=0.3)[0].url))
    for _ in range(4):
        client.met.sendall(client.side.send(client.hear().response()))


def test_a_double_says_who_comes_goes_and_is_dropped(bird, closing):
    double, said = bird()
    first, second = closing(Client(double.url)), closing(Client(double.url))
    first.met.sendall(first.side.send(events.CloseConnection(1000)))
    assert isinstance(first.hear(), events.CloseConnection)
    second.say('{"hang":1}')
    assert isinstance(second.hear(), events.CloseConnection)
    closing(Client(double.url)).say("{}")
    while len(said) < 5:
        assert double.switch("sing") == "no such switch"  # its thread has had a turn
    assert said == [
        "1 has come from 127.0.0.1",
        "2 has come from 127.0.0.1",
        "1 has gone: the program closed the connection",
        "2 was dropped: closed by the double",
        "3 has come from 127.0.0.1",
    ]


def test_a_page_that_is_a_double_pings_nobody_either(closing, monkeypatch):
    """A browser's page cannot ping, and waits for as long as it takes."""
    monkeypatch.setattr(websocket, "_PING_FIRST", 0.0)
    monkeypatch.setattr(websocket, "_PING_EVERY", 0.0)
    monkeypatch.setattr(websocket, "_LOOK", 0.001)
    monkeypatch.setattr(websocket, "_STUCK", 0.01)
    heard, over = [], threading.Event()

    def talk(met):
        side = shake(met)
        for number in range(20):
            whole = side.send(events.TextMessage(f'{{"n":{number}}}'))
            met.sendall(whole[:4])
            while len(heard) <= number and not over.wait(0.02):  # longer than others would wait for the rest
                break
            met.sendall(whole[4:])
            side.receive_data(met.recv(65536))
            heard.extend(side.events())
        over.set()
        met.recv(65536)

    page = closing(HostedDouble("bird", Silent(), {PAGE: closing(Raw(talk)).url}, at_load=1))
    page.open()
    assert over.wait(15)
    assert [event.data for event in heard] == [f'{{"n":{number}}}' for number in range(20)]


def test_a_page_that_is_a_double_says_why_it_does_not_get_in_and_when_it_does(closing):
    said = []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"ws://localhost:{free.getsockname()[1]}/ws"
    page = closing(HostedDouble("bird", Silent(), {PAGE: url}, at_load=1, on_visit=said.append))
    page.open()
    theirs = RealInbox()
    while not said:
        theirs.next(theirs.now() + 10_000)
    waiting = closing(PageServer("page", url, theirs))
    waiting.open()
    expect(theirs, Connected)
    while len(said) < 2:
        theirs.next(theirs.now() + 10_000)
    assert said == ["nothing listens there: connection refused", "connected"]

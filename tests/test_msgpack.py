"""MessagePack: what is written is read again, strangers' bytes are survived, and a double speaks it with who asks."""

import contextlib

import pytest
import websocket
from hypothesis import given
from hypothesis import strategies as st

from showrunner.devices.vocabulary import Emit, Way
from showrunner.wires.frames import DEEPEST, MOST_PARTS
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.msgpack import read, write

PATIENCE = 10

VALUES = [
    ("a0", ""),
    ("a2 68 69", "hi"),
    ("d9 02 c3 a9", "é"),
    ("da 00 01 41", "A"),
    ("db 00 00 00 01 41", "A"),
    ("a1 ff", "�"),
    ("c0", None),
    ("c2", False),
    ("c3", True),
    ("7f", 127),
    ("e0", -32),
    ("ff", -1),
    ("cc ff", 255),
    ("cd 01 00", 256),
    ("ce ff ff ff ff", 2**32 - 1),
    ("cf ff ff ff ff ff ff ff ff", 2**64 - 1),
    ("d0 80", -128),
    ("d1 80 00", -(2**15)),
    ("d2 80 00 00 00", -(2**31)),
    ("d3 80 00 00 00 00 00 00 00", -(2**63)),
    ("ca 3f 00 00 00", 0.5),
    ("cb bf f0 00 00 00 00 00 00", -1.0),
    ("90", []),
    ("92 01 a1 62", [1, "b"]),
    ("dc 00 01 c0", [None]),
    ("dd 00 00 00 01 c0", [None]),
    ("80", {}),
    ("de 00 01 a1 61 01", {"a": 1}),
    ("df 00 00 00 01 a1 61 91 80", {"a": [{}]}),
]
"""A value's bytes, from the tables of the specification, and the value."""


@pytest.mark.parametrize(("raw", "value"), VALUES, ids=[raw for raw, _ in VALUES])
def test_each_kind_of_value_is_read(raw, value):
    assert read(b"\x81\xa1v" + bytes.fromhex(raw)) == {"v": value}


NO_FRAMES = {
    "nothing": b"",
    "a number alone": b"\x01",
    "a list alone": b"\x90",
    "something behind it": b"\x80\x00",
    "cut off": b"\x81\xa1v",
    "a text cut off": b"\x81\xa1v\xdb\xff\xff\xff\xffabc",
    "a list that says it is endless": b"\x81\xa1v\xdd\xff\xff\xff\xff",
    "a key that is a number": b"\x81\x01\x01",
    "a key that is a list": b"\x81\x90\x01",
    "a number that is none": b"\x81\xa1v\xcb\x7f\xf8\0\0\0\0\0\0",
    "a number without end": b"\x81\xa1v\xca\x7f\x80\0\0",
    "bytes": b"\x81\xa1v\xc4\x01a",
    "an extension": b"\x81\xa1v\xd4\x01a",
    "a sign that is never used": b"\x81\xa1v\xc1",
    "too deep": b"\x81\xa1v" + b"\x91" * DEEPEST + b"\xc0",
    "too many parts": b"\x81\xa1v\xdd" + MOST_PARTS.to_bytes(4, "big") + b"\xc0" * MOST_PARTS,
}


@pytest.mark.parametrize("raw", NO_FRAMES.values(), ids=NO_FRAMES)
def test_what_is_no_frame_is_given_as_a_word_on_it(raw):
    assert read(raw) == f"(a binary message of {len(raw)} bytes)"


numbers = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), values))
def test_what_is_written_is_read_again(frame):
    assert read(write(frame)) == frame


@given(st.binary(max_size=60))
def test_no_bytes_bring_it_down(raw):
    assert isinstance(read(raw), dict | str)


def test_a_whole_number_that_is_too_long_becomes_the_nearest():
    assert read(write({"up": 10**400, "down": -(10**400)})) == {"up": 2**64 - 1, "down": -(2**63)}


class Parrot:
    """Says again what it hears, as a text where it was no frame."""

    deadline = None

    def connected(self, *_):
        return []

    disconnected = connected

    def received(self, connection, frame, _):
        return [Emit(connection, frame if isinstance(frame, dict) else {"heard": frame})]


@pytest.fixture
def talk():
    """Dial a double that speaks two ways of it, and ask for some; give the way that was granted and a way to talk."""
    way = Way("api", "json", "client", "url", spoken=(("bird.json", "json"), ("bird.packed", "msgpack")))
    hosted = HostedDouble("bird", Parrot(), {way: "ws://localhost:0"})
    hosted.open()
    with contextlib.ExitStack() as opened:
        opened.callback(hosted.close)

        def dial(*asked):
            socket = websocket.create_connection(hosted.url, timeout=PATIENCE, subprotocols=list(asked))
            opened.callback(socket.close)
            return socket

        yield dial


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ((), None),
        (("bird.json",), "bird.json"),
        (("bird.packed",), "bird.packed"),
        (("bird.packed", "bird.json"), "bird.packed"),
        (("of another bird", "bird.json"), "bird.json"),
    ],
    ids=str,
)
def test_a_program_gets_the_first_of_what_it_asks_for_that_is_spoken(talk, asked, granted):
    socket = talk(*asked)
    assert socket.getsubprotocol() == granted
    if granted == "bird.packed":
        socket.send_binary(write({"a": 1}))
        assert socket.recv_data() == (websocket.ABNF.OPCODE_BINARY, write({"a": 1}))
        socket.send("text")
        assert read(socket.recv()) == {"heard": "(a text message of 4 bytes)"}
    else:
        socket.send('{"a": 1}')
        assert socket.recv() == '{"a":1}'
        socket.send_binary(b"\x80")
        assert socket.recv() == '{"heard":"(a binary message of 1 bytes)"}'


def test_a_packed_message_may_come_in_pieces(talk):
    socket = talk("bird.packed")
    raw = write({"long": "x" * 100, "more": [1, 2.5]})
    pieces = [raw[:50], raw[50:51], raw[51:]]
    for number, piece in enumerate(pieces):
        opcode = websocket.ABNF.OPCODE_CONT if number else websocket.ABNF.OPCODE_BINARY
        socket.send_frame(websocket.ABNF.create_frame(piece, opcode, int(piece is pieces[-1])))
    assert read(socket.recv()) == read(raw)

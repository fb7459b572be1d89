"""OSC as it stands in a datagram: what is read is what was written, and rubbish is a word on it, at once."""

import base64
import math
import struct

import hypothesis
import hypothesis.strategies as some
import pytest
from pythonosc import osc_bundle_builder, osc_message_builder

from showrunner.wires import osc
from showrunner.wires.datagram import LONGEST


def message(address, *args):
    return {"address": address, "args": [list(pair) for pair in args]}


def packet(frame):
    (written,) = osc.write(frame)
    return written


def string(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return raw + b"\0" * (4 - len(raw) % 4)


def bundle(*parts, sizes=None):
    said = sizes or [len(part) for part in parts]
    together = b"".join(size.to_bytes(4, "big", signed=True) + part for size, part in zip(said, parts, strict=True))
    return b"#bundle\0" + (1).to_bytes(8, "big") + together


GO = string("/go") + string(",")


# ---------------------------------------------------------------------------------------------------- what is written


@pytest.mark.parametrize(
    "args",
    [
        [("i", 1), ("i", -(2**31)), ("f", 1.0), ("f", 0.1), ("f", -1.5e-7), ("s", "ä b"), ("s", "")],
        [("T", True), ("F", False), ("N", None), ("I", None), ("h", 2**40), ("d", 0.1), ("S", "sym"), ("c", "x")],
        [("b", base64.b64encode(b"abcde").decode()), ("b", ""), ("t", 2**63 + 1), ("r", [1, 2, 3, 255])],
        [("m", [0, 144, 60, 127]), ("[", [["i", 1], ["[", [["s", "in"]]], ["T", True]]), ("i", 2)],
        [],
    ],
)
def test_what_is_written_is_read_with_its_types(args):
    said = message("/a/b ä", *args)
    assert osc.read(packet(said)) == [said]


def test_the_library_writes_the_same():
    builder = osc_message_builder.OscMessageBuilder("/cue/7")
    for value, tag in ((1, "i"), (0.1, "f"), ("ä", "s"), (True, "T"), (2**40, "h"), (0.1, "d"), (b"abc", "b")):
        builder.add_arg(value, tag)
    args = [("i", 1), ("f", 0.1), ("s", "ä"), ("T", True), ("h", 2**40), ("d", 0.1), ("b", "YWJj")]
    said = message("/cue/7", *args)
    assert packet(said) == builder.build().dgram
    outer = osc_bundle_builder.OscBundleBuilder(osc_bundle_builder.IMMEDIATELY)
    outer.add_content(builder.build())
    assert packet({"bundle": [said]}) == outer.build().dgram


def test_a_bundle_is_its_messages_in_order_whatever_its_time():
    one, two, three = (message(f"/{n}", ("i", n)) for n in (1, 2, 3))
    assert osc.read(packet({"bundle": [one, {"bundle": [two]}, three]})) == [one, two, three]
    later = bundle(GO).replace((1).to_bytes(8, "big"), (2**63).to_bytes(8, "big"))
    assert osc.read(later) == [message("/go")]
    assert osc.read(bundle()) == []


def test_what_very_old_senders_leave_out_is_no_argument():
    assert osc.read(string("/go")) == [message("/go")]


@pytest.mark.parametrize(
    "frame",
    [
        message("go"),
        message("/a", ("i", 2**31)),
        message("/a", ("i", "1")),
        message("/a", ("f", 1e300)),
        message("/a", ("s", "a\0b")),
        message("/a\0b"),
        message("/a", ("x", 1)),
        message("/a", ("b", "?")),
        message("/a", ("r", [256, 0, 0, 0])),
        message("/a", ("c", "ab")),
        {"address": "/a"},
        {"bundle": [message("/a", ("s", "\ud800"))]},
    ],
)
def test_what_osc_cannot_say_is_refused_in_words(frame):
    with pytest.raises(ValueError, match=r"OSC|begins|NUL|base64|bytes must|range"):
        osc.write(frame)


# ----------------------------------------------------------------------------------------------------------- rubbish


def nested(depth):
    made = GO
    for _ in range(depth):
        made = bundle(made)
    return made


@pytest.mark.parametrize(
    ("raw", "wrong"),
    [
        (b"", "a part of 0 bytes is no OSC"),
        (b"/go", "a part of 3 bytes is no OSC"),
        (b"\0" * LONGEST, f"a part of {LONGEST} bytes is no OSC"),
        (b"\0" * (LONGEST - 3), "an address does not begin with `/`"),
        (b"/" * (LONGEST - 3), "a text does not end"),
        (b"#bundle\0", "a bundle has no time"),
        (bundle(b"", sizes=[-4]), "a part says that it is -4 bytes long, and 0 are there"),
        (bundle(b"", sizes=[0]), "a part says that it is 0 bytes long, and 0 are there"),
        (bundle(GO, sizes=[2**31 - 4]), f"a part says that it is {2**31 - 4} bytes long, and 8 are there"),
        (bundle(b"/ab\0\0\0", sizes=[6]), "a part of 26 bytes is no OSC"),
        (nested(osc.DEEPEST + 1), "its parts stand in each other more than 8 deep"),
        (nested(3_000), "its parts stand in each other more than 8 deep"),
        (bundle(*[GO] * (osc.MOST_MESSAGES + 1)), "it has more than 500 messages"),
        (string(b"/\xff\xfe"), "a text is no UTF-8"),
        (string("/a") + string(",s") + string(b"\xff"), "a text is no UTF-8"),
        (string("/a") + string("ii"), "the types of the arguments do not begin with `,`"),
        (string("/a") + string(",i"), "an argument is not there"),
        (string("/a") + string(",f") + b"\0\0", "a part of 10 bytes is no OSC"),
        (string("/a") + string(",x"), "it has an argument of the unknown type `x`"),
        (string("/a") + string(",\x07"), "it has an argument of the unknown type `'\\x07'`"),
        (string("/a") + string(",b") + b"\xff\xff\xff\xf8", "a part says that it is -8 bytes long, and 0 are there"),
        (string("/a") + string(",b") + b"\0\0\0\x08abcd", "a part says that it is 8 bytes long, and 4 are there"),
        (string("/a") + string(",i") + b"\0\0\0\1\0\0\0\2", "behind the arguments stands something that is none"),
        (string("/a") + string(",f") + struct.pack(">f", math.nan), "it has a number that is none"),
        (string("/a") + string(",d") + struct.pack(">d", math.inf), "it has a number that is none"),
        (string("/a") + string(",c") + struct.pack(">i", 0xD800), "it has half a sign"),
        (string("/a") + string(",c") + struct.pack(">i", -1), "it cannot be read (ValueError)"),
        (string("/a") + string(",[i") + b"\0\0\0\1", "a list of arguments does not end"),
        (string("/a") + string(",]"), "a list of arguments ends that has not begun"),
        (string("/a") + string("," + "[" * 9 + "]" * 9), "its parts stand in each other more than 8 deep"),
        (string("/a") + string("," + "T" * 2_000), "a message has more than 1000 arguments"),
    ],
)
def test_rubbish_is_a_word_on_it(raw, wrong):
    assert osc.read(raw) == wrong


@hypothesis.settings(derandomize=True, max_examples=300)
@hypothesis.given(some.binary(max_size=200), some.sampled_from([b"", b"#bundle\0" + b"\0" * 8, string("/a"), GO]))
def test_whatever_comes_is_survived(raw, head):
    found = osc.read(head + raw)
    assert isinstance(found, str) or all(one["address"].startswith("/") for one in found)


@pytest.mark.parametrize("number", [0.1, 1 / 3, 1e-40, 3.4028234663852886e38, -16777217.0, 0.30000001192092896, -0.0])
def test_a_short_number_is_the_shortest_that_is_the_same(number):
    part = struct.pack(">f", number)
    ((_, read),) = osc.read(string("/a") + string(",f") + part)[0]["args"]
    assert struct.pack(">f", read) == part
    assert len(repr(read)) <= len(repr(struct.unpack(">f", part)[0]))

"""AITuberKit's driver: against recordings of the real page, and against the double in memory."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showrunner.devices import find
from showrunner.devices.aituber import device, table
from showrunner.devices.aituber.driver import MARGIN, AituberDriver
from showrunner.devices.aituber.pages import HELLO_DUE, HELLO_WAIT, NO_HELLO
from showrunner.devices.vocabulary import (
    Answered,
    Argument,
    Command,
    Condition,
    Fixture,
    Happened,
    Heard,
    Send,
    Silent,
    Terms,
)
from showrunner.diagnostics.diagnostic import Span
from showrunner.wires.loopback import World
from showrunner.wires.wire import Connected, Disconnected, Received
from tests.ways import PAGE

TRANSCRIPTS = Path(__file__).parent / "transcripts"
FRAMES = Path(table.__file__).parent / "frames"
SECOND = 1_000_000
SETTLING = SECOND


def terms(**settings):
    filled = {setting.name: setting.default for setting in device.settings} | settings
    return Terms("aituber", filled, "5eed", lambda at: at // 1000)


def say(*words, image=None):
    """`say("happy", "hi")`: words that are emotions are emotions, the others texts."""
    arguments = [Argument("EMOTION" if word in table.EMOTIONS else "TEXT", word, Span(0, 1, 1)) for word in words]
    if image is not None:
        arguments.append(Argument("PATH", image, Span(0, 1, 1)))
    return Command("aituber", table.VERBS[0], tuple(arguments))


def frames(outputs):
    return [output.frame for output in outputs if isinstance(output, Send)]


def of(kind, outputs):
    return [output for output in outputs if isinstance(output, kind)]


def hello(session="s"):
    return {"version": "2", "id": "m", "type": "session.hello", "sessionId": session, "payload": {}}


def report(kind, request, **payload):
    return {"version": "2", "id": "m", "type": kind, "requestId": request, "payload": {"requestId": request} | payload}


def ready(driver, connection=1, now=0):
    driver.connected(connection, now)
    driver.connected(99, now, "api")
    outputs = [*driver.received(connection, hello(), now), *driver.elapsed(now + SETTLING)]
    assert Condition("ready") in outputs
    return driver


class Play:
    """A driver and the double in memory; ``log`` is everything the driver gave, with its time."""

    def __init__(self, latency=0, **settings):
        self.driver = AituberDriver(terms(**settings))
        self.double = device.double(terms(**settings))
        self.world = World(latency)
        self.wire = self.world.join("aituber", self.double, (PAGE,))
        self.wire.open()
        self.log = []
        self.now = 0

    def give(self, outputs):
        for output in outputs:
            self.log.append((self.now, output))
            if isinstance(output, Send):
                self.wire.send(output.connection or self.connection, output.frame)

    def until(self, until):
        driver = self.driver
        while True:
            due = driver.deadline
            stop = until if due is None else min(due, until)
            arrival = self.world.next(stop)
            self.now = self.world.now()
            match arrival.what if arrival is not None else None:
                case Connected(connection):
                    self.connection = connection
                    self.give(driver.connected(connection, self.now))
                case Disconnected(connection, reason):
                    self.give(driver.disconnected(connection, self.now, reason))
                case Received(connection, frame):
                    self.give(driver.received(connection, frame, self.now))
                case None if due is not None and due <= until:
                    self.give(driver.elapsed(self.now))
                case None:
                    return self

    def say(self, id, *words, attempt=1):
        self.give(self.driver.command(id, attempt, say(*words), self.now))
        return self

    def seen(self, kind):
        return [(at, output) for at, output in self.log if isinstance(output, kind)]


def test_the_device_is_found_by_its_folder():
    assert find("aituber") is device


def test_one_line_is_one_start_one_delta_and_one_done_under_its_wire_id():
    driver = ready(AituberDriver(terms()))
    sent = driver.command(12, 1, say("happy", "hi"), 2 * SECOND)
    assert sent == [
        Send(
            {"version": "2", "id": f"5eed-12-{n}", "type": kind, "requestId": "5eed-12", "payload": payload},
            12,
            1,
            None,
            1,
        )
        for n, (kind, payload) in enumerate(
            [
                ("chat.start", {}),
                ("chat.delta", {"text": "hi", "role": "assistant", "emotion": "happy"}),
                ("chat.done", {}),
            ],
            1,
        )
    ]


def test_a_second_attempt_has_a_wire_id_of_its_own():
    driver = ready(AituberDriver(terms()))
    assert {f["requestId"] for f in frames(driver.command(12, 2, say("hi"), 2 * SECOND))} == {"5eed-12.2"}


def test_a_say_is_answered_when_the_speech_has_ended():
    play = Play().until(2 * SECOND).say(7, "happy", "x" * 24).until(10 * SECOND)
    assert play.seen(Answered) == [(4 * SECOND, Answered(7, 1, ok=True))]
    last = [heard for at, heard in play.seen(Heard) if at == 4 * SECOND][-1]
    assert (last.reply, last.ok, last.id) == (True, True, 7)
    assert play.double.log == [("assistant", "x" * 24)]


def test_each_part_is_sent_when_the_one_before_was_spoken():
    play = Play().until(2 * SECOND).say(1, "happy", "x" * 12, "sad", "y" * 24).until(10 * SECOND)
    deltas = [(at, s.frame["payload"]["text"][0]) for at, s in play.seen(Send) if s.frame["type"] == "chat.delta"]
    assert deltas == [(2 * SECOND, "x"), (3 * SECOND, "y")]
    assert play.seen(Answered) == [(5 * SECOND, Answered(1, 1, ok=True))]
    assert play.double.log == [("assistant", "x" * 12 + " " + "y" * 24)]
    assert [c for _, c in play.seen(Condition) if c.state == "note"] == []


def test_a_part_that_is_reported_twice_does_not_let_the_one_behind_it_throw_the_next_away():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("happy", "one", "sad", "two", "angry", "three"), 2 * SECOND)
    spoken = [report("character.speech.done", "5eed-1", speechSegmentId=name) for name in ("a", "a", "b", "b")]
    sent = [[f["payload"].get("text") for f in frames(driver.received(1, one, 3 * SECOND))] for one in spoken]
    assert sent == [["two "], [], ["three", None], []]


@pytest.mark.parametrize(
    ("words", "bubble"),
    [
        (("happy", "I won!", "surprised", "Oh."), "I won! Oh."),
        (("I won! ", "sad", "Oh."), "I won! Oh."),
        (("I won!", "sad", "\nOh."), "I won!\nOh."),
        (("勝った!", "sad", "あれ。"), "勝った!あれ。"),
        (("やった。", "sad", "Oh."), "やった。Oh."),
        (("I won!", "sad", "", "happy", "Oh."), "I won! Oh."),
        (("", "sad", "Oh.", "happy", ""), "Oh."),
    ],
)
@pytest.mark.parametrize("protocol", ["v2", "legacy"])
def test_parts_stand_a_blank_apart_in_the_bubble_unless_a_side_is_wide_or_blank(words, bubble, protocol):
    play = Play(protocol=protocol).until(2 * SECOND).say(1, *words).until(20 * SECOND)
    assert play.double.log == [("assistant", bubble)]
    assert len(play.seen(Answered)) == 1


def test_an_empty_part_is_not_waited_for():
    play = Play().until(2 * SECOND).say(1, "", *(("sad", "") * 2000), "happy", "x" * 12).until(10 * SECOND)
    assert play.seen(Answered) == [(3 * SECOND, Answered(1, 1, ok=True))]


def test_the_paced_line_of_the_recording_is_sent_as_it_was_there():
    driver, ours, theirs = AituberDriver(terms()), [], []
    rows = map(json.loads, (FRAMES / "v2.jsonl").read_text(encoding="utf-8").splitlines())
    driver.connected(1, 0)
    answered = []
    for row in rows:
        now = row["ms"] * 1000
        frame = json.loads(json.dumps(row["frame"]).replace("req_B", "5eed-1"))
        if row["dir"] == "app->server":
            outputs = driver.received(1, frame, now)
            assert isinstance(outputs[0], Heard)
            assert len(of(Heard, outputs)) == 1
            answered += of(Answered, outputs)
        elif frame["type"] == "chat.start":
            driver.elapsed(now)
            words = ("happy", "First sentence of B. ", "sad", "Second sentence of B. ")
            outputs = driver.command(1, 1, say(*words, "surprised", "Third sentence of B."), now)
        else:
            outputs = []
        ours += [(f["type"], f["payload"].get("text"), f["payload"].get("emotion")) for f in frames(outputs)]
        if row["dir"] == "server->app" and frame["type"].startswith("chat."):
            payload = frame["payload"]
            theirs.append((frame["type"], payload.get("text"), payload.get("emotion")))
    assert ours == theirs
    assert answered == [Answered(1, 1, ok=True)]


@pytest.mark.parametrize("name", sorted(path.name for path in TRANSCRIPTS.glob("aituberkit-*.jsonl")))
@pytest.mark.parametrize("protocol", ["auto", "v2", "legacy"])
def test_every_frame_of_the_real_page_is_heard_exactly_once(name, protocol):
    driver = AituberDriver(terms(protocol=protocol))
    pings = pongs = 0
    for row in map(json.loads, (TRANSCRIPTS / name).read_text(encoding="utf-8").splitlines()):
        now = row["ms"] * 1000
        if row.get("event") == "connect":
            driver.connected(row["conn"], now)
        elif row.get("event") == "close":
            driver.disconnected(row["conn"], now, "closed")
        elif row["dir"] == "app->server":
            outputs = driver.received(row["conn"], row["frame"], now)
            assert [type(output) is Heard for output in outputs] == [True] + [False] * (len(outputs) - 1)
            pings += row["frame"]["type"] == "ping"
            pongs += [f["type"] for f in frames(outputs)] == ["pong"]
    assert pings == pongs


def test_the_page_is_ready_once_it_said_hello_and_has_settled():
    play = Play().until(5 * SECOND)
    assert play.seen(Condition) == [(SETTLING, Condition("ready"))]


def test_a_page_that_needs_no_settling_is_ready_with_its_hello():
    assert Play(settle=0).until(0).seen(Condition) == [(0, Condition("ready"))]


def test_the_surplus_connection_of_a_loading_page_makes_it_neither_ready_nor_lost():
    driver, seen = AituberDriver(terms()), []
    seen += driver.connected(1, 0)
    seen += driver.received(1, hello(), 95_000)
    seen += driver.disconnected(1, 119_000, "closed")
    seen += driver.connected(2, 128_000)
    seen += driver.received(2, hello(), 131_000)
    assert of(Condition, seen) == []
    assert driver.deadline == 95_000 + SETTLING
    assert driver.elapsed(driver.deadline) == [Condition("ready")]
    assert [send.connection for send in of(Send, seen)] == [1, 2]


def test_a_page_that_is_known_is_ready_at_once_when_it_is_back():
    driver = ready(AituberDriver(terms()))
    assert driver.disconnected(1, 5 * SECOND, "the page closed the connection") == [
        Condition("lost", "the page closed the connection")
    ]
    driver.connected(2, 6 * SECOND)
    assert of(Condition, driver.received(2, hello(), 6 * SECOND)) == [Condition("ready")]


def test_the_newest_page_that_said_hello_is_spoken_to():
    driver = ready(AituberDriver(terms()))
    driver.connected(2, 2 * SECOND)
    (told,) = driver.received(2, hello("other tab"), 2 * SECOND)[1:]
    assert (told.state, told.detail.partition(":")[0]) == ("note", "2 pages are open, and only the newest speaks")
    assert {send.connection for send in of(Send, driver.command(1, 1, say("hi"), 2 * SECOND))} == {2}
    assert driver.disconnected(1, 3 * SECOND, "closed") == []
    assert driver.disconnected(2, 4 * SECOND, "closed") == [Condition("lost", "closed")]


def test_with_speak_to_first_the_page_that_came_first_is_spoken_to_also_where_it_connects_anew():
    driver = ready(AituberDriver(terms(**{"speak-to": "first"})))

    def spoken_to(id, at):
        sent = of(Send, driver.command(id, 1, say("hi"), at))
        page = sent[0].connection
        driver.received(page, report("character.response.done", f"5eed-{id}"), at + SECOND)
        return {send.connection for send in sent}

    driver.connected(2, 2 * SECOND)
    (told,) = driver.received(2, hello("other tab"), 2 * SECOND)[1:]
    assert "only the one that came first speaks" in told.detail
    assert "`speak-to: newest`" in told.detail
    assert spoken_to(1, 3 * SECOND) == {1}
    assert driver.disconnected(1, 5 * SECOND, "closed") == []
    assert spoken_to(2, 6 * SECOND) == {2}
    driver.connected(3, 8 * SECOND)
    assert len(of(Condition, driver.received(3, hello(), 8 * SECOND))) == 1
    assert spoken_to(3, 9 * SECOND) == {3}


def test_one_page_on_two_connections_is_one_page_and_more_of_them_are_told_once():
    driver = ready(AituberDriver(terms()))

    def told(connection, session):
        driver.connected(connection, 2 * SECOND)
        return [one.detail[:7] for one in of(Condition, driver.received(connection, hello(session), 2 * SECOND))]

    assert told(2, "s") == []
    assert told(3, "t") == ["2 pages"]
    assert told(4, "t") == []
    assert told(5, "u") == ["3 pages"]
    driver.disconnected(5, 3 * SECOND, "closed")
    assert told(6, "v") == ["3 pages"]


def test_a_newcomer_that_says_no_hello_does_not_take_the_lines_of_a_page_that_did():
    driver = ready(AituberDriver(terms()))
    driver.connected(2, 5 * SECOND)
    while driver.deadline is not None:
        assert driver.elapsed(driver.deadline) == []
    assert {s.connection for s in of(Send, driver.command(1, 1, say("hi"), 16 * SECOND))} == {1}
    driver.received(1, report("character.response.done", "5eed-1"), 17 * SECOND)
    # Nor when there is no other: the page is not old, it said hello.
    assert driver.disconnected(1, 18 * SECOND, "closed") == [Condition("lost", "closed")]
    assert of(Condition, driver.received(2, hello("other tab"), 19 * SECOND)) == []
    assert driver.elapsed(driver.deadline) == [Condition("ready")]


def test_a_page_that_is_busy_when_it_comes_is_no_old_one():
    driver = AituberDriver(terms())
    driver.connected(1, 0)
    assert driver.deadline == HELLO_DUE
    (told,) = driver.elapsed(HELLO_DUE)
    assert (told.state, told.detail) == ("waiting", NO_HELLO)
    assert driver.received(1, hello(), 9 * SECOND)[1:] == []
    assert driver.deadline == 9 * SECOND + SETTLING
    assert driver.elapsed(driver.deadline) == [Condition("ready")]
    assert {f["version"] for f in frames(driver.command(1, 1, say("hi"), 11 * SECOND))} == {"2"}


def test_a_page_that_said_hello_is_never_an_old_one_however_long_it_is_busy_after_a_reload():
    driver = ready(AituberDriver(terms()))
    driver.disconnected(1, 5 * SECOND, "reloaded")
    driver.connected(2, 6 * SECOND)
    seen = []
    while driver.deadline is not None:
        seen += driver.elapsed(driver.deadline)
    assert [c.state for c in seen] == ["waiting"]
    assert driver.received(2, hello("reloaded"), 60 * SECOND)[1:] == []
    assert driver.elapsed(60 * SECOND + SETTLING) == [Condition("ready")]


def test_a_page_that_goes_while_its_hello_is_waited_for_is_waited_for_no_more():
    driver = AituberDriver(terms())
    driver.connected(1, 0)
    driver.elapsed(HELLO_DUE)
    assert driver.disconnected(1, 4 * SECOND, "closed") == [Condition("lost", "closed")]
    assert driver.deadline is None


def test_a_line_in_several_parts_stays_on_its_page_when_a_newer_one_comes():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("one", "sad", "two"), 2 * SECOND)
    driver.connected(2, 3 * SECOND)
    driver.received(2, hello("other tab"), 3 * SECOND)
    sent = of(Send, driver.received(1, report("character.speech.done", "5eed-1"), 4 * SECOND))
    assert [(send.frame["type"], send.connection) for send in sent] == [("chat.delta", 1), ("chat.done", 1)]
    assert of(Answered, driver.received(1, report("character.response.done", "5eed-1"), 5 * SECOND)) != []
    assert {send.connection for send in of(Send, driver.command(2, 1, say("hi"), 6 * SECOND))} == {2}


def test_a_line_goes_on_where_its_page_connects_anew():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("one", "sad", "two"), 2 * SECOND)
    driver.connected(2, 3 * SECOND)
    driver.received(2, hello(), 3 * SECOND)
    assert driver.disconnected(1, 3 * SECOND, "closed") == []
    sent = of(Send, driver.received(2, report("character.speech.done", "5eed-1"), 4 * SECOND))
    assert {send.connection for send in sent} == {2}
    assert len(of(Answered, driver.received(2, report("character.response.done", "5eed-1"), 5 * SECOND))) == 1


def test_a_line_whose_page_is_closed_has_failed_though_another_page_is_there():
    driver = ready(AituberDriver(terms()))
    driver.connected(2, 2 * SECOND)
    driver.received(2, hello("other tab"), 2 * SECOND)
    driver.command(1, 1, say("one"), 2 * SECOND)
    (answered,) = driver.disconnected(2, 3 * SECOND, "closed")
    assert (answered.ok, answered.id) == (False, 1)
    assert answered.reason.startswith("connection lost")
    assert {send.connection for send in of(Send, driver.command(2, 1, say("hi"), 4 * SECOND))} == {1}


def test_a_connection_lost_while_she_speaks_is_told_and_a_late_report_still_names_the_command():
    play = Play().until(2 * SECOND).say(3, "x" * 60)
    play.world.lose("aituber", 3 * SECOND)
    play.world.restore("aituber", 4 * SECOND)
    play.until(20 * SECOND)
    states = [(at, c.state) for at, c in play.seen(Condition)]
    assert states == [(SETTLING, "ready"), (3 * SECOND, "lost"), (4 * SECOND, "ready")]
    assert play.seen(Answered) == []
    assert [h.id for at, h in play.seen(Heard) if at == 7 * SECOND] == [3, 3]


def test_a_line_that_was_over_at_once_is_noted_as_probably_not_heard():
    play = Play().until(2 * SECOND)
    play.double.switch("voice", "off", play.now)
    play.say(4, "hello there, how are you today?").until(3 * SECOND)
    assert play.seen(Answered) == [(2 * SECOND, Answered(4, 1, ok=True))]
    (note,) = [c for _, c in play.seen(Condition) if c.state == "note"]
    assert note.id == 4
    assert "not heard" in note.detail


@pytest.mark.parametrize(
    ("took", "words", "notes"),
    [
        (150_000, ("Hi",), 1),
        (250_000, ("Hi",), 0),
        (390_000, ("Hi", "sad", "No"), 1),
        (410_000, ("Hi", "sad", "No"), 0),
    ],
)
def test_a_short_line_is_not_heard_either_when_it_is_over_sooner_than_a_voice_can_be(took, words, notes):
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say(*words), 2 * SECOND)
    driver.received(1, report("character.speech.done", "5eed-1", speechSegmentId="a"), 2 * SECOND + took // 2)
    done = driver.received(1, report("character.response.done", "5eed-1"), 2 * SECOND + took)
    assert of(Answered, done) == [Answered(1, 1, ok=True)]
    assert len(of(Condition, done)) == notes


@pytest.mark.parametrize(
    ("failing", "words", "unheard"),
    [
        ("610ms", ["x" * 6, "x" * 60], [2]),  # the long one is over far too soon; the short one may have been heard
        ("610ms", ["x" * 60, "x" * 6, "x" * 7], [1, 2, 3]),
        ("5s", ["x" * 12, "x" * 36, "x" * 36], [1, 2, 3]),  # an engine that is given up after a while
        ("5s", ["x" * 36, "x" * 12], [1, 2]),
        ("5s", ["x" * 36, "x" * 40], []),  # nothing can be told from these
        ("0ms", ["x" * 12, "x" * 36, "x" * 12, "x" * 1], []),
    ],
)
def test_a_voice_that_fails_slowly_takes_as_long_for_a_short_text_as_for_a_long_one(failing, words, unheard):
    play = Play().until(2 * SECOND)
    assert play.double.switch("failing", failing, play.now) == ([], None)
    for number, text in enumerate(words, 1):
        play.say(number, text).until(play.now + 20 * SECOND)
    told = [one for _, one in play.seen(Condition) if one.state == "note"]
    assert [one.id for one in told] == unheard
    assert all(one.unheard and "probably it was not heard" in one.detail for one in told)


def test_a_line_that_was_heard_ends_the_doubt():
    play = Play().until(2 * SECOND)
    for number, (failing, text) in enumerate([("610ms", "x" * 60), ("0ms", "x" * 24), ("0ms", "x" * 7)], 1):
        play.double.switch("failing", failing, play.now)
        play.say(number, text).until(play.now + 20 * SECOND)
    assert [one.id for _, one in play.seen(Condition) if one.unheard] == [1]


def test_a_line_of_emoji_alone_is_over_at_once_as_it_should_be():
    play = Play().until(2 * SECOND).say(4, "happy", "\U0001f389\U0001f389\U0001f389 !").until(3 * SECOND)
    assert play.seen(Answered) == [(2 * SECOND, Answered(4, 1, ok=True))]
    assert [c for _, c in play.seen(Condition) if c.state == "note"] == []


@pytest.mark.parametrize("protocol", ["v2", "legacy", "relay"])
@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_whatever_is_said_text_role_and_emotion_are_strings_and_one_frame_is_one_utterance(protocol, texts):
    mode = {"mode": "connect"} if protocol == "relay" else {"protocol": protocol}
    driver = AituberDriver(terms(**mode))
    driver.connected(1, 0)
    driver.received(1, hello(), 0)
    driver.elapsed(SETTLING)
    # The words of a show come as text whatever they look like: `say "12345"` is no number.
    parts = [word for text in texts for word in ("sad", f"12345{text}")]
    sent = frames(driver.command(1, 1, say(*parts), SETTLING))
    for _ in texts:
        sent += frames(driver.received(1, report("character.speech.done", "5eed-1"), 2 * SECOND))
        if driver.deadline is not None:
            sent += frames(driver.elapsed(driver.deadline))
    spoken = [frame.get("payload", frame) for frame in sent]
    said = [one["text"].removesuffix(" ") for one in spoken if one.get("text")]
    assert said == [f"12345{text}".removesuffix(" ") for text in texts]
    for one in spoken:
        assert all(isinstance(one[key], str) for key in ("text", "role", "emotion") if key in one)
        assert one == {} or one["role"] == "assistant"


# ------------------------------------------------------------------------------------------------- panic and stop

API = {"url": "http://localhost:3000", "client": "studio", "key-env": "KEY"}
STOP = {"request": "5eed-h2", "method": "POST", "path": "stop/", "body": {"clientId": "studio", "mode": "all"}}
CUT = Send(STOP, way="api")


def test_panic_sends_no_further_part_and_asks_for_the_sound_to_be_cut():
    driver = ready(AituberDriver(terms(api=API)))
    driver.command(1, 1, say("one", "sad", "two"), 2 * SECOND)
    end, cut = driver.panic(3 * SECOND)
    assert (end.frame["type"], end.frame["requestId"], cut) == ("chat.done", "5eed-1", CUT)
    assert frames(driver.received(1, report("character.speech.done", "5eed-1"), 3 * SECOND)) == []
    done = driver.received(1, report("character.response.done", "5eed-1"), 3 * SECOND)
    assert done[1:] == [Answered(1, 1, ok=True, short=True)]


def test_a_cut_whose_report_is_lost_is_over_after_four_seconds():
    driver = ready(AituberDriver(terms(api=API)))
    driver.command(1, 1, say("x" * 600), 2 * SECOND)
    assert driver.panic(3 * SECOND) == [CUT]
    assert driver.deadline == 7 * SECOND
    assert driver.elapsed(7 * SECOND) == [Answered(1, 1, ok=True, short=True)]


@pytest.mark.parametrize(
    ("api", "why"),
    [
        (None, "no `api` in the stage file"),
        ({**API, "key-env": None}, "`api` in the stage file has no `key-env`"),
        ({**API, "url": None}, "`api` in the stage file has no `url`"),
    ],
)
def test_where_nothing_can_be_cut_the_voice_finishes_and_it_is_said_but_only_while_it_speaks(api, why):
    driver = ready(AituberDriver(terms(api=api)))
    assert driver.panic(2 * SECOND) == [Silent()]
    driver.command(1, 1, say("one"), 2 * SECOND)
    note, silent = driver.panic(3 * SECOND)
    assert silent == Silent()
    assert note == Condition("note", f"the voice will finish its sentence: {why}", 1)
    done = driver.received(1, report("character.response.done", "5eed-1"), 4 * SECOND)
    assert done[1:] == [Answered(1, 1, ok=True)]


def test_with_api_a_silent_page_is_asked_too_since_an_older_line_may_sound():
    assert ready(AituberDriver(terms(api=API))).panic(2 * SECOND) == [CUT]


@pytest.mark.parametrize("mode", [{"protocol": "legacy"}, {"mode": "connect"}])
def test_an_estimated_line_is_cut_and_answered_too(mode):
    driver = AituberDriver(terms(api=API, **mode))
    driver.connected(1, 0)
    driver.connected(2, 0, "api")
    driver.elapsed(SETTLING)
    driver.command(1, 1, say("x" * 600, "sad", "two"), 2 * SECOND)
    assert [type(output) for output in driver.panic(3 * SECOND)] == [Send] * (2 if "protocol" in mode else 1)
    assert driver.elapsed(7 * SECOND) == [Answered(1, 1, ok=True, short=True)]
    assert driver.deadline is None


def test_a_line_after_panic_is_spoken_as_ever():
    play = Play(api=API).until(2 * SECOND).say(1, "x" * 60)
    play.give(play.driver.panic(play.now))
    play.say(2, "y" * 12).until(20 * SECOND)
    assert [answered.id for _, answered in play.seen(Answered)] == [2]


def test_a_line_given_up_sends_no_further_part_and_frees_the_page():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("one", "sad", "two"), 2 * SECOND)
    (end,) = frames(driver.forget(1, 1, 60 * SECOND))
    assert (end["type"], end["requestId"]) == ("chat.done", "5eed-1")
    late = driver.received(1, report("character.speech.done", "5eed-1"), 61 * SECOND)
    assert late == [Heard(late[0].frame, reply=False, id=1, attempt=1)]
    done = driver.received(1, report("character.response.done", "5eed-1"), 61 * SECOND)
    assert done == [Heard(done[0].frame, reply=True, id=1, ok=True, attempt=1)]
    assert driver.forget(1, 1, 62 * SECOND) == []


def test_the_report_of_an_older_attempt_does_not_answer_the_newer_one():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("one"), 2 * SECOND)
    driver.forget(1, 1, 20 * SECOND)
    driver.command(1, 2, say("one"), 20 * SECOND)
    assert of(Answered, driver.received(1, report("character.response.done", "5eed-1"), 21 * SECOND)) == []
    assert of(Answered, driver.received(1, report("character.response.done", "5eed-1.2"), 22 * SECOND)) == [
        Answered(1, 2, ok=True)
    ]


def test_somebody_typing_is_an_event_and_frees_the_input_box():
    play = Play().until(2 * SECOND)
    play.world.switch("aituber", 2 * SECOND, "type", "hello")
    play.until(3 * SECOND)
    assert [event.event for _, event in play.seen(Happened)] == ["chat.message"]
    assert "input locked" not in play.double.visible(play.now)
    assert play.double.log == [("user", "hello")]
    assert play.seen(Answered) == []


@pytest.mark.parametrize("words", [("x" * 60,), ("x" * 3, "sad", "y" * 60)])
@pytest.mark.parametrize("protocol", ["v2", "legacy"])
def test_enter_in_the_page_cuts_the_line_that_it_speaks(words, protocol):
    play = Play(protocol=protocol).until(2 * SECOND).say(1, *words)
    play.world.switch("aituber", 3 * SECOND, "type", "hello")
    play.until(20 * SECOND)
    assert play.seen(Answered) == [(3 * SECOND, Answered(1, 1, ok=True, short=True, reason="cut in the page"))]
    assert [role for role, _ in play.double.log] == ["assistant", "user"]
    assert play.double.visible(play.now) == "silent · face neutral"
    assert [c for _, c in play.seen(Condition) if c.state == "note"] == []
    play.say(2, "z" * 12).until(30 * SECOND)
    over = 21 * SECOND + (MARGIN if protocol == "legacy" else 0)
    assert play.seen(Answered)[1:] == [(over, Answered(2, 1, ok=True))]


def test_of_a_line_cut_in_the_page_no_further_part_is_sent():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("one", "sad", "two"), 2 * SECOND)
    driver.received(1, report("character.speech.start", "5eed-1"), 2 * SECOND)
    typed = {"version": "2", "id": "msg_9", "type": "chat.message", "payload": {"text": "hello"}}
    assert [f["requestId"] for f in frames(driver.received(1, typed, 3 * SECOND))] == ["msg_9"]
    spoken = driver.received(1, report("character.speech.done", "5eed-1", speechSegmentId="a"), 3 * SECOND)
    assert spoken[1:] == [Answered(1, 1, ok=True, short=True, reason="cut in the page")]


def test_enter_does_not_cut_what_the_page_has_not_begun_nor_what_another_page_says():
    driver = ready(AituberDriver(terms()))
    typed = {"version": "2", "id": "msg_9", "type": "chat.message", "payload": {"text": "hello"}}
    driver.command(1, 1, say("one"), 2 * SECOND)
    driver.received(1, typed, 2 * SECOND)
    driver.received(1, report("character.speech.start", "5eed-1"), 2 * SECOND)
    driver.connected(2, 3 * SECOND)
    driver.received(2, hello("other tab"), 3 * SECOND)
    driver.received(2, typed, 3 * SECOND)
    done = driver.received(1, report("character.response.done", "5eed-1"), 4 * SECOND)
    assert of(Answered, done) == [Answered(1, 1, ok=True)]


def test_a_line_cut_in_the_page_whose_report_is_lost_is_over_after_four_seconds():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("one"), 2 * SECOND)
    driver.received(1, report("character.speech.start", "5eed-1"), 2 * SECOND)
    driver.received(1, {"version": "2", "id": "msg_9", "type": "chat.message", "payload": {}}, 3 * SECOND)
    assert driver.panic(4 * SECOND)[0].state == "note"
    assert driver.elapsed(7 * SECOND) == [Answered(1, 1, ok=True, short=True, reason="cut in the page")]


def test_freeing_the_input_box_makes_no_empty_bubble_in_the_old_protocol_either():
    play = Play(protocol="legacy").until(2 * SECOND)
    play.world.switch("aituber", 2 * SECOND, "type", "hello")
    play.until(3 * SECOND)
    assert "input locked" not in play.double.visible(play.now)
    assert play.double.log == [("user", "hello")]


def test_what_is_typed_amid_a_line_is_answered_after_it_so_that_the_bubble_stays_whole():
    driver = ready(AituberDriver(terms()))
    driver.command(1, 1, say("one ", "sad", "two"), 2 * SECOND)
    typed = {"version": "2", "id": "msg_9", "type": "chat.message", "payload": {"text": "hello"}}
    assert frames(driver.received(1, typed, 2 * SECOND)) == []
    sent = frames(driver.received(1, report("character.speech.done", "5eed-1"), 3 * SECOND))
    assert [(f["type"], f["requestId"]) for f in sent] == [
        ("chat.delta", "5eed-1"),
        ("chat.done", "5eed-1"),
        ("chat.done", "msg_9"),
    ]
    assert sent[-1]["payload"] == {"role": "user"}


def test_cancel_in_the_page_is_an_event():
    driver = ready(AituberDriver(terms()))
    frame = {"version": "2", "id": "m", "type": "control.cancel", "requestId": "msg_1", "payload": {}}
    assert driver.received(1, frame, 0)[1:] == [Happened("control.cancel")]


def test_a_page_that_says_no_hello_is_spoken_to_in_the_old_protocol_and_estimated():
    play = Play()
    play.double.switch("legacy", "on", 0)
    play.until(12 * SECOND).say(1, "happy", "x" * 12, "sad", "y" * 24).until(20 * SECOND)
    states = [(at, condition.state) for at, condition in play.seen(Condition)]
    assert states == [(HELLO_DUE, "waiting"), (HELLO_WAIT + SETTLING, "ready")]
    sent = [(t, s.frame["type"], s.frame["emotion"]) for t, s in play.seen(Send) if "role" in s.frame]
    assert sent == [
        (12 * SECOND, "start", "neutral"),
        (12 * SECOND, "message", "happy"),
        (13 * SECOND + MARGIN, "message", "sad"),
        (13 * SECOND + MARGIN, "end", "neutral"),
    ]
    assert play.seen(Answered) == [(15 * SECOND + 2 * MARGIN, Answered(1, 1, ok=True))]
    assert play.double.log == [("assistant", "x" * 12 + " " + "y" * 24)]


def test_with_protocol_legacy_no_session_is_offered():
    play = Play(protocol="legacy").until(4 * SECOND).say(1, "x" * 12).until(6 * SECOND)
    assert all("version" not in s.frame for _, s in play.seen(Send))
    assert play.seen(Answered) == [(5 * SECOND + MARGIN, Answered(1, 1, ok=True))]


def test_with_protocol_v2_an_old_page_is_waited_for_and_said_so():
    play = Play(protocol="v2")
    play.double.switch("legacy", "on", 0)
    play.until(20 * SECOND)
    assert [(at, c.state) for at, c in play.seen(Condition)] == [(HELLO_DUE, "waiting")]


def test_a_typed_line_of_an_old_page_is_freed_too():
    driver = AituberDriver(terms(protocol="legacy"))
    driver.connected(1, 0)
    outputs = driver.received(1, {"content": "hello", "type": "chat"}, 0)
    assert outputs[1] == Happened("chat.message", {"text": "hello"})
    assert [f["type"] for f in frames(outputs)] == ["end"]


def test_a_relay_gets_one_bare_message_for_each_part():
    driver = AituberDriver(terms(mode="connect"))
    assert [c.state for c in of(Condition, driver.connected(1, 0))] == ["ready"]
    assert frames(driver.command(1, 1, say("happy", "hello"), 0)) == [
        {"text": "hello", "role": "assistant", "emotion": "happy", "type": "message"}
    ]
    assert driver.elapsed(driver.deadline) == [Answered(1, 1, ok=True)]


def test_a_relay_that_refuses_is_understood_and_the_way_out_is_named():
    driver = AituberDriver(terms(mode="connect"))
    driver.connected(1, 0)
    driver.command(1, 1, say("hello"), 0)
    refusal = {"text": "不正な送信が送られたようです。", "role": "assistant", "emotion": "neutral", "type": ""}
    heard, answered = driver.received(1, refusal, 100)
    assert (heard.reply, heard.ok, answered.ok) == (True, False, False)
    assert "mode: serve" in answered.reason
    assert driver.deadline is None


def test_a_picture_goes_with_the_first_part_or_is_noted_as_missing():
    driver = ready(AituberDriver(terms(images={"a.png": "data:image/png;base64,AA=="})))
    sent = frames(driver.command(1, 1, say("hi", image="a.png"), 2 * SECOND))
    assert sent[1]["payload"]["image"] == "data:image/png;base64,AA=="
    driver.forget(1, 1, 3 * SECOND)
    outputs = driver.command(2, 1, say("hi", image="b.png"), 3 * SECOND)
    assert [(c.state, c.id) for c in of(Condition, outputs)] == [("note", 2)]
    assert "image" not in frames(outputs)[1]["payload"]


def test_a_command_without_a_page_fails_and_sends_nothing():
    assert [type(o) for o in AituberDriver(terms()).command(1, 1, say("hi"), 0)] == [Answered]


@pytest.mark.parametrize(
    "frame",
    [
        "not json",
        {},
        {"version": 2, "type": "session.hello"},
        {"version": "2"},
        {"version": "2", "type": ["ping"], "payload": 7},
        {"version": "2", "type": "chat.message", "id": 4},
        {"version": "2", "type": "character.response.done", "requestId": "5eed-9999999999999999999999"},
        {"version": "2", "type": "character.response.done", "requestId": "5eed-1.x.y"},
        {"text": {"a": 1}, "type": "chat"},
    ],
)
def test_odd_frames_are_heard_and_change_nothing(frame):
    driver = ready(AituberDriver(terms()))
    outputs = driver.received(1, frame, 0)
    assert isinstance(outputs[0], Heard)
    assert {type(output) for output in outputs[1:]} <= {Happened}


KINDS = [
    "session.ready",
    "session.hello",
    "ping",
    "pong",
    "ack",
    "chat.message",
    "chat.start",
    "chat.delta",
    "chat.done",
    "chat.error",
    "chat",
    "start",
    "end",
    "control.cancel",
    "character.speech.done",
    "character.response.done",
    "message",
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
WORDS = st.sampled_from(["2", "assistant", "user", "hi", "", "5eed-1", "5eed-1.2", "x", "start", "end", *KINDS])
FIELDS = ("text", "role", "emotion", "image", "requestId", "legacyType", "message", "content", "sessionId", "id")
FIELD = st.sampled_from(FIELDS)
ODD = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS) | JSON},
    optional={"version": st.just("2") | JSON, "payload": st.dictionaries(FIELD, WORDS | JSON) | JSON}
    | dict.fromkeys(FIELDS, WORDS | JSON),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ODD | st.text(max_size=10), max_size=8), st.sampled_from(["auto", "legacy", "v2"]))
def test_no_frame_however_odd_upsets_the_driver_or_the_double(odd, protocol):
    driver = AituberDriver(terms(protocol=protocol))
    driver.connected(1, 0)
    driver.received(1, hello(), 0)
    driver.elapsed(SETTLING)
    driver.command(1, 1, say("one", "sad", "two"), SETTLING)
    double = device.double(terms())
    double.connected(1, 0)
    for number, frame in enumerate(odd):
        now = SETTLING + number * SECOND
        assert [type(o) for o in driver.received(1, frame, now)].count(Heard) == 1
        for reaction in double.received(1, frame, now):
            json.dumps(reaction.frame)
        for machine in (driver, double):
            assert machine.deadline is None or isinstance(machine.deadline, int)
            machine.elapsed(now + SECOND)
        assert double.visible(now)


def test_the_limit_of_a_say_is_ten_seconds_and_twice_the_estimate():
    verb = table.VERBS[0]
    assert verb.limit_of(say("x" * 24, "sad", "y" * 12), terms().settings) == 16 * SECOND


def test_unreachable_names_the_switch_to_look_at():
    assert "External Linkage Mode" in device.unreachable(terms().settings)
    assert "relay" in device.unreachable(terms(mode="connect").settings)
    settings = [terms(mode=mode).settings for mode in ("serve", "connect")]
    assert [Fixture("aituber", device, one).awaited for one in settings] == [True, False]

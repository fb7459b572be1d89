"""AITuberKit's driver and the server its page connects to, against pages of every kind, over real sockets.

Whatever a page does, the show ends, each command has one outcome, and it is the right one. Nothing here waits but on
what must come; the only limits that pass are those that a case is about.
"""

import contextlib
import json
import os
import threading
from dataclasses import replace

import pytest
import websocket

from showrunner.engine.journal import Journal
from showrunner.engine.messages import Options
from showrunner.running.performance import Performance
from showrunner.show.stage import standard
from showrunner.syntax.nodes import Book, Source
from showrunner.syntax.parser import parse
from showrunner.timeline.compiler import compile_show
from showrunner.wires import server
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PAGES, PageServer
from showrunner.wires.wire import Pressed
from tests import invariants

SECOND = 1_000_000
LINE = 'at 0s  say happy "one" sad "two" within 1s\nthen   say "three" within 1s\n'


class Page:
    """A page, played by ``manner(page, frame)``, which is called with each frame that comes; None: it has connected."""

    def __init__(self, url, manner, origin=PAGES[0], again=1):
        self.url, self.manner, self.origin, self.again = url, manner, origin, again
        self.session, self.seen, self.deltas = f"session_{id(self)}", [], 0
        self.gone = threading.Event()
        self.thread = threading.Thread(target=self.live, name="page", daemon=True)
        self.thread.start()

    def live(self):
        for _ in range(self.again):
            with contextlib.suppress(OSError, websocket.WebSocketException):
                self.socket = websocket.create_connection(
                    self.url, timeout=20, origin=self.origin, skip_utf8_validation=True
                )
                self.manner(self, None)
                while True:
                    raw = self.socket.recv()
                    if not raw:
                        break
                    frame = json.loads(raw)
                    self.seen.append(frame)
                    self.manner(self, frame)
            self.socket.shutdown()
            if self.gone.is_set():
                return

    def raw(self, data, code=websocket.ABNF.OPCODE_TEXT):
        self.socket.send(data, code)

    def say(self, kind, request=None, **payload):
        told = {} if request is None else {"requestId": request}
        frame = {"version": "2", "id": "m", "type": kind, "sessionId": self.session, "payload": told | payload}
        self.raw(json.dumps(frame | told))

    def end(self, request):
        self.say("character.response.done", request, speechSegmentCount=1)

    def close(self):
        self.gone.set()
        self.socket.shutdown()
        self.thread.join(10)


def honest(page, frame):
    """Do as the real page does, only that each text is spoken at once."""
    match frame:
        case {"type": "session.ready"}:
            page.say("session.hello", protocolVersion="2", capabilities=[])
        case {"type": "chat.delta", "requestId": request, "payload": {"text": text}}:
            for kind in ("message.received", "message.rendered", "speech.start", "speech.done"):
                page.say(f"character.{kind}", request, text=text)
        case {"type": "chat.done", "requestId": request}:
            page.end(request)


def before(*kinds):
    """Make a manner that is honest but for what the decorated function does when such a frame comes (true: instead)."""

    def dressed(manner):
        def both(page, frame):
            kind = None if frame is None else frame.get("type")
            if kind not in kinds or not manner(page, frame):
                honest(page, frame)

        both.__name__ = manner.__name__
        return both

    return dressed


class Evening:
    """A show on the server, in this thread; pages come in threads of their own."""

    def __init__(self, text=LINE, **settings):
        stood = standard()
        filled = {**stood["aituber"].settings, "settle": 0, "speech-rate": 1000, "timeout": SECOND} | settings
        stood["aituber"] = replace(stood["aituber"], settings=filled)
        parsed = parse(text, "a.show")
        made = compile_show(Book("a.show", {"a.show": Source("a.show", text, parsed.script)}, {}, ""), stood)
        assert made.cues is not None, made.findings
        self.entries, self.opened = [], []
        self.inbox = RealInbox()
        self.wire = PageServer("aituber", "ws://localhost:0/ws", self.inbox)
        self.wire.open()
        self.performance = Performance(
            made.cues, stood, {"aituber": self.wire}, self.inbox, Journal(self.entries.append), Options(seed="5eed")
        )

    def page(self, manner=honest, **more):
        self.opened.append(Page(self.wire.url, manner, **more))
        return self.opened[-1]

    def play(self):
        assert self.performance.standby(20 * SECOND) == {}
        result = self.performance.play()
        invariants.one_outcome_each(self.entries)
        return result

    def outcomes(self):
        return [(e["id"], e["result"]) for e in self.entries if e["kind"] == "outcome"]

    def notes(self):
        return [e["detail"] for e in self.entries if e["kind"] == "device" and e["state"] == "note"]

    def close(self):
        self.performance.close()
        for page in self.opened:
            page.close()
        assert [t.name for t in threading.enumerate() if t.name.startswith("wire aituber") or t.name == "page"] == []


@pytest.fixture
def evening():
    made = []

    def make(*args, **more):
        made.append(Evening(*args, **more))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_an_honest_page_gets_each_line_whole_and_in_order(evening):
    show = evening()
    page = show.page()
    assert show.play().result == "done"
    assert show.outcomes() == [(1, "done"), (2, "done")]
    kinds = [(f["type"], f["payload"].get("text")) for f in page.seen if f["type"].startswith("chat")]
    assert kinds == [
        ("chat.start", None), ("chat.delta", "one "), ("chat.delta", "two"), ("chat.done", None),
        ("chat.start", None), ("chat.delta", "three"), ("chat.done", None),
    ]  # fmt: skip


# ------------------------------------------------------------------------------- what does no harm to any of the lines


@before("chat.delta", "chat.done")
def reports_about_nobodys_lines(page, _):
    ids = [None, 5, [], {}, "", "5eed-", "5eed-99", "5eed-1.7", "other-1", "5eed-\u0661", "x" * 10_000]
    for odd in ids:
        wrong = {"version": "2", "type": "character.response.done", "requestId": odd, "payload": {"requestId": odd}}
        page.raw(json.dumps(wrong))
        page.raw(json.dumps({**wrong, "type": "character.speech.done"}))


@before("chat.delta")
def nonsense_in_every_form(page, _):
    for odd in ["", "{", "null", "[1]", '"text"', "NaN", "\x00", "[" * 100_000, '{"a":' * 5000, '{"version":"2"}']:
        page.raw(odd.encode())
    page.raw(b"\x00\xff\xfe", websocket.ABNF.OPCODE_BINARY)
    page.raw(json.dumps({"version": "2", "type": {"a": 1}, "payload": [], "requestId": {}}))
    page.raw('{"version":"2","type":"character.speech.done","payload":"\\ud800"}')


@before("chat.delta")
def four_megabytes(page, frame):
    page.say("character.message.received", frame["requestId"], text="x" * 4_000_000)


@before("chat.start")
def five_hundred_pings(page, frame):
    for _ in range(500 if frame["requestId"] == "5eed-1" else 0):
        page.say("ping")


@before("chat.done")
def everything_twice(page, frame):
    for _ in range(2):
        honest(page, frame)


@before("chat.delta")
def a_viewer_types_all_the_time(page, _):
    for number in range(50):
        page.raw(json.dumps({"version": "2", "id": f"msg_{number}", "type": "chat.message", "payload": {"text": "?"}}))


@before("session.ready", "chat.delta")
def a_page_that_plays_the_server(page, frame):
    for kind in ("session.ready", "chat.start", "chat.delta", "chat.done", "chat.error", "pong", "ack"):
        page.say(kind, frame.get("requestId"), text="mine")


@before("session.ready")
def hello_again_and_again(page, _):
    for _ in range(20):
        page.say("session.hello", protocolVersion="2")


@before("chat.delta")
def old_fashioned_talk_between(page, _):
    page.raw(json.dumps({"content": "hello", "type": "chat"}))
    page.raw(json.dumps({"text": "不正な送信が送られたようです。", "role": "assistant", "type": ""}))


@pytest.mark.parametrize(
    "manner",
    [
        reports_about_nobodys_lines, nonsense_in_every_form, four_megabytes, five_hundred_pings, everything_twice,
        a_viewer_types_all_the_time, a_page_that_plays_the_server, hello_again_and_again, old_fashioned_talk_between,
    ],
    ids=lambda manner: manner.__name__,
)  # fmt: skip
def test_what_does_no_harm_does_none(evening, manner):
    show = evening(LINE.replace(" within 1s", ""))
    page = show.page(manner)
    assert show.play().result == "done"
    assert show.outcomes() == [(1, "done"), (2, "done")]
    assert all(len(json.dumps(e)) < 20_000 for e in show.entries if e["kind"] != "show")
    texts = [f["payload"]["text"] for f in page.seen if f["type"] == "chat.delta"]
    assert texts == ["one ", "two", "three"]
    if manner is a_viewer_types_all_the_time:
        # Each typed line is let go, or the page's input box would stay locked; and none amid the bubble.
        ends = [f["requestId"] for f in page.seen if f["type"] == "chat.done"]
        assert ends.count("msg_49") >= 2
        assert ends[0] == "5eed-1"
    if manner is five_hundred_pings:
        assert sum(f["type"] == "pong" for f in page.seen) >= 500


# ------------------------------------------------------------------------------------------------- what costs a line


@before("chat.delta")
def silent_about_the_first_part(_, frame):
    return frame["requestId"] == "5eed-1"


@before("chat.done")
def silent_about_the_end(_, frame):
    return frame["requestId"] == "5eed-1"


@pytest.mark.parametrize("manner", [silent_about_the_first_part, silent_about_the_end], ids=lambda m: m.__name__)
def test_a_report_that_never_comes_costs_its_line_the_limit_and_the_next_one_nothing(evening, manner):
    show = evening()
    page = show.page(manner)
    show.play()
    assert show.outcomes() == [(1, "timed-out"), (2, "done")]
    assert any("clicked" in note for note in show.notes())
    # The bubble is closed all the same: the page's input box is locked until then. (A page that has told nothing is
    # also asked something, by an end of the driver's own.)
    ends = [f["requestId"] for f in page.seen if f["type"] == "chat.done" and not f["requestId"].startswith("5eed-h")]
    assert ends == ["5eed-1", "5eed-2"]


def test_a_line_that_is_over_far_too_early_is_noted_as_probably_not_heard(evening):
    long = "this would take more than a second, " * 20
    show = evening(f'at 0s  say "{long}"\n', **{"speech-rate": 20})
    show.page()
    show.play()
    (note,) = show.notes()
    assert "probably it was not heard" in note


def closes(page):
    page.socket.send_close()
    page.socket.shutdown()


def aborts(page):
    page.socket.shutdown()


def breaks_the_protocol(page):
    page.socket.sock.sendall(b"\xff" * 64)


def sends_what_is_no_text(page):
    page.raw(b"\xff\xfe\xfd")


def sends_more_than_is_taken(page):
    page.raw(b'"' + b"x" * 5_000_000)


@pytest.mark.parametrize(
    "how", [closes, aborts, breaks_the_protocol, sends_more_than_is_taken], ids=lambda h: h.__name__
)
@pytest.mark.parametrize("when", ["chat.start", "chat.delta", "chat.done"])
def test_a_page_that_goes_away_fails_what_it_speaks_and_is_used_again_when_it_returns(evening, how, when):
    went = []

    @before(when)
    def manner(page, _):
        if not went:
            went.append(1)
            how(page)
            return True
        return False

    show = evening('at 0s  say happy "one" sad "two" else hold\nthen   say "three"\n')
    show.page(manner, again=5)
    states = []
    show.performance.journal.sinks.append(
        lambda e: states.append(e["state"]) if e["kind"] == "device" and e["state"] != "note" else None
    )

    # The operator's GO comes when the page is back: a line that came sooner would be skipped.
    def go(entry):
        if entry["kind"] == "device" and entry["state"] == "ready" and "lost" in states:
            show.inbox.put("", Pressed("go"))

    show.performance.journal.sinks.append(go)
    show.play()
    assert show.outcomes() == [(1, "failed"), (2, "done")]
    assert states == ["connecting", "ready", "lost", "ready"]


@pytest.mark.skipif(os.name == "nt", reason="the same on every system, and slow there")
def test_a_text_frame_that_is_no_text_ends_that_connection_at_most(evening):
    @before("chat.start")
    def manner(page, _):
        if page.deltas == 0:
            page.deltas += 1
            sends_what_is_no_text(page)

    show = evening()
    show.page(manner, again=2)
    show.play()
    assert {result for _, result in show.outcomes()} <= {"done", "failed", "skipped"}


# --------------------------------------------------------------------------------------------- several, and strangers


def test_a_crowd_that_says_nothing_locks_no_page_out_and_stands_in_the_journal_once(evening):
    show = evening()
    with contextlib.ExitStack() as crowd:
        for _ in range(server.PLACES.of_one + 40):
            crowd.enter_context(contextlib.closing(websocket.create_connection(show.wire.url, suppress_origin=True)))
        show.page()
        assert show.play().result == "done"
    assert show.outcomes() == [(1, "done"), (2, "done")]
    (note,) = [note for note in show.notes() if "connections at once" in note]
    assert note.startswith(f"more than {server.PLACES.of_one} connections at once from ")


def test_the_page_that_came_last_speaks_and_the_older_one_when_it_is_closed(evening):
    came = threading.Event()

    @before("session.ready")
    def second(_, __):
        came.set()

    @before("chat.done")
    def leaves(page, frame):
        honest(page, frame)
        page.gone.set()
        page.socket.close()
        return True

    show = evening('at 0s  say "one"\nat 500ms  say "two" within 5s\n')
    older = show.page()
    assert show.performance.standby(20 * SECOND) == {}
    newer = show.page(
        lambda page, frame: (second if frame and frame["type"] == "session.ready" else leaves)(page, frame)
    )
    show.performance.idle(came.is_set)
    until = show.inbox.now() + SECOND // 5
    show.performance.idle(lambda: show.inbox.now() > until)
    assert show.performance.play().result == "done"
    assert [f["payload"]["text"] for f in newer.seen if f["type"] == "chat.delta"] == ["one"]
    assert [f["payload"]["text"] for f in older.seen if f["type"] == "chat.delta"] == ["two"]
    assert show.outcomes() == [(1, "done"), (2, "done")]


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "https://localhost:3000",
        "http://localhost:3001",
        "http://localhost:3000.evil.example",
    ],
)
def test_a_page_of_a_stranger_is_refused_while_the_right_one_speaks(evening, origin):
    show = evening()
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        websocket.create_connection(show.wire.url, timeout=10, origin=origin)
    assert refusal.value.status_code == 403
    show.page(origin="http://127.0.0.1:3000")
    assert show.play().result == "done"


def test_the_two_connections_of_a_loading_page_are_one_page(evening):
    @before("session.ready")
    def surplus(page, frame):
        honest(page, frame)
        page.gone.set()
        closes(page)
        return True

    show = evening(settle=200_000)
    show.page(surplus)
    page = show.page()
    assert show.play().result == "done"
    assert [f["payload"]["text"] for f in page.seen if f["type"] == "chat.delta"] == ["one ", "two", "three"]
    states = [e["state"] for e in show.entries if e["kind"] == "device" and e["state"] != "note"]
    assert states == ["connecting", "ready"]


def test_long_texts_emoji_and_pictures_arrive_as_they_are(evening):
    long = "Grüße, 世界! " * 2000
    texts = [long, "\U0001f600\U0001f468\u200d\U0001f469\u200d\U0001f467", 'Zeile\nzwei\t"quoted" \\ {braces}', "12345"]
    spelled = [json.dumps(text, ensure_ascii=False).replace("{", "{{").replace("}", "}}") for text in texts]
    picture = "data:image/png;base64," + "A" * 3_000_000
    script = f'at 0s  say {spelled[0]} image "a.png"\n' + "".join(f"then   say {one}\n" for one in spelled[1:])
    show = evening(script, images={"a.png": picture}, **{"speech-rate": 1_000_000})
    page = show.page()
    show.play()
    payloads = [f["payload"] for f in page.seen if f["type"] == "chat.delta"]
    assert [one["text"] for one in payloads] == texts
    assert [one.get("image") for one in payloads] == [picture, None, None, None]
    assert {result for _, result in show.outcomes()} == {"done"}
    assert all(len(json.dumps(e)) < 5_000 + len(long) * 3 for e in show.entries)

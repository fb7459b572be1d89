"""AITuberKit's double as a page on real sockets, before servers that are none of ours: every frame of the reference.

The tables stand here a second time, as they were observed on the real page, and from nowhere in the program. And the
other way round: our driver in `mode: connect` before relays that are none of ours.
"""

import contextlib
import json
import queue
import socket
import threading
from dataclasses import replace

import pytest
import wsproto
from wsproto import events

from showrunner.devices.vocabulary import Terms
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Options
from showrunner.running.performance import Performance
from showrunner.show.stage import standard
from showrunner.syntax.nodes import Book, Source
from showrunner.syntax.parser import parse
from showrunner.timeline.compiler import compile_show
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PageServer
from showrunner.wires.trouble import CALM, Trouble
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Connected, Disconnected
from tests import invariants
from tests.ways import PAGE

PATIENCE = 15


class Host:
    """A WebSocket server on one loopback. ``came``: (connection, headers); ``got``: (connection, frame)."""

    def __init__(self, host="127.0.0.1", answer=None):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.listening = socket.socket(family, socket.SOCK_STREAM)
        self.listening.bind((host, 0))
        self.listening.listen(8)
        self.url = f"ws://{f'[{host}]' if ':' in host else host}:{self.listening.getsockname()[1]}/ws"
        self.answer, self.open = answer, {}
        self.came, self.got, self.went, self.passed = (queue.Queue() for _ in range(4))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        for number in range(1, 100):
            try:
                met, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self.meet, args=(number, met), daemon=True).start()

    def meet(self, number, met):
        side = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
        written = ""
        with met, contextlib.suppress(OSError, wsproto.utilities.ProtocolError):
            while raw := met.recv(65536):
                side.receive_data(raw)
                for event in side.events():
                    if isinstance(event, events.Request):
                        met.sendall(side.send(events.AcceptConnection()))
                        self.open[number] = (met, side)
                        headers = {name.decode().lower(): value.decode() for name, value in event.extra_headers}
                        self.came.put((number, headers | {"path": event.target, "protocols": event.subprotocols}))
                    elif isinstance(event, events.TextMessage):
                        written += event.data
                        if event.message_finished:
                            frame, written = json.loads(written), ""
                            self.got.put((number, frame))
                            for one in self.answer(frame) if self.answer is not None else ():
                                self.send(one, number)
                    elif isinstance(event, events.CloseConnection):
                        met.sendall(side.send(event.response()))
                        self.went.put((number, event.code))
                        return

    def send(self, frame, number=None):
        met, side = self.open[max(self.open) if number is None else number]
        met.sendall(side.send(events.Message(data=frame if isinstance(frame, str) else json.dumps(frame))))

    def next(self, *kinds):
        while True:
            _, frame = self.got.get(timeout=PATIENCE)
            if not kinds or frame.get("type") in kinds:
                return frame

    def until(self, kind):
        """Give all frames up to the first of a kind, with it."""
        frames = [self.next()]
        while frames[-1].get("type") != kind:
            frames.append(self.next())
        return frames

    def close(self):
        for met, _ in self.open.values():
            with contextlib.suppress(OSError):
                met.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()


@pytest.fixture
def closing():
    opened = []
    yield lambda thing: opened.append(thing) or thing
    for thing in reversed(opened):
        thing.close()


@pytest.fixture
def stand(closing):
    """Let the double, a page with a quick voice, come to a foreign server."""

    def standing(host="127.0.0.1", at_load=1, trouble=CALM, **settings):
        try:
            server = closing(Host(host))
        except OSError:
            pytest.skip("no IPv6 loopback here")
        fixture = standard()["aituber"]
        terms = Terms(
            "aituber", {**fixture.settings, "speech-rate": 1000, **settings}, "0", lambda _: 1_763_000_000_000
        )
        double = fixture.device.double(terms)
        page = closing(
            HostedDouble(
                "aituber",
                double,
                {PAGE: server.url},
                at_load=at_load,
                trouble=trouble,
                on_frame=lambda *one: server.passed.put(one),
            )
        )
        page.open()
        return server, page

    return standing


def v2(kind, request=None, **payload):
    about = {} if request is None else {"requestId": request}
    return {"version": "2", "id": "x", "type": kind, **about, "payload": payload}


HELLO = [
    "ack", "ping", "pong", "chat.message", "chat.start", "chat.delta", "chat.done", "chat.error", "file.upload",
    "control.cancel", "character.message.received", "character.message.rendered", "character.speech.start",
    "character.speech.done", "character.speech.error", "character.response.done",
]  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_page_greets_as_a_browser_does_and_says_hello_once_for_each_connection(stand, host):
    server, _ = stand(host)
    _, headers = server.came.get(timeout=PATIENCE)
    assert (headers["origin"], headers["path"], headers["protocols"]) == ("http://localhost:3000", "/ws", [])
    for _ in range(2):
        server.send(v2("session.ready", capabilities=[]))
    hello = server.next()
    assert list(hello) == ["version", "id", "type", "sessionId", "timestamp", "payload"]
    assert (hello["version"], hello["type"]) == ("2", "session.hello")
    assert hello["payload"] == {"protocolVersion": "2", "capabilities": HELLO}
    assert hello["timestamp"] == "2025-11-13T02:13:20.000Z"
    server.send(v2("chat.done", "r"))
    assert server.next()["type"] == "character.message.received", "and no second hello before it"


def test_two_connections_at_load_and_the_last_one_stays(closing):
    server = closing(Host())
    fixture = standard()["aituber"]
    double = fixture.device.double(Terms("aituber", fixture.settings, "0", lambda _: 0))
    closing(HostedDouble("aituber", double, {PAGE: server.url})).open()
    assert {server.came.get(timeout=PATIENCE)[0] for _ in range(2)} == {1, 2}
    assert server.went.get(timeout=PATIENCE)[0] == 1
    server.send(v2("session.ready"), 2)
    assert server.got.get(timeout=PATIENCE)[0] == 2


def test_a_goodbye_that_the_page_never_answers_leaves_its_connection_open_until_it_is_broken_off(stand):
    server, _ = stand(trouble=Trouble(no_goodbye=True))
    server.came.get(timeout=PATIENCE)
    met, side = server.open[1]
    met.sendall(side.send(events.CloseConnection(code=1001)))
    said = json.dumps(v2("session.ready")).encode()
    met.sendall(bytes([0x81, len(said)]) + said)  # what stands behind a goodbye wsproto itself would not send
    assert server.next()["type"] == "session.hello"
    assert server.went.empty()
    met.shutdown(socket.SHUT_RDWR)
    assert server.came.get(timeout=PATIENCE)[0] == 2, "then it comes again"


def test_our_own_server_is_not_held_up_by_a_page_that_never_says_goodbye(closing):
    inbox = RealInbox()
    wire = closing(PageServer("page", "ws://localhost:0/ws", inbox))
    wire.open()
    fixture = standard()["aituber"]
    double = fixture.device.double(Terms("aituber", fixture.settings, "0", lambda _: 0))
    closing(HostedDouble("page", double, {PAGE: wire.url}, trouble=Trouble(no_goodbye=True))).open()
    last = 0
    for number in (1, 2, 3):  # two at load, and the one that comes when those have gone
        while not isinstance(what := inbox.next(inbox.now() + PATIENCE * 1_000_000).what, Connected):
            assert isinstance(what, Disconnected)
        last = what.connection
        assert last == number
        if number == 2:
            wire.drop(2, "of no use")
    wire.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("wire page")]


def test_a_closed_connection_is_taken_up_again_in_v2_under_the_same_session_without_a_hello(stand):
    server, _ = stand()
    server.came.get(timeout=PATIENCE)
    server.send(v2("session.ready"))
    session = server.next()["sessionId"]
    met, side = server.open[1]
    met.sendall(side.send(events.CloseConnection(code=1001)))
    server.came.get(timeout=PATIENCE)
    server.send(v2("chat.done", "r"), 2)
    frame = server.next()
    assert (frame["type"], frame["sessionId"]) == ("character.message.received", session)


LIFE = ["message.received", "message.rendered", "speech.start", "speech.done", "response.done"]


@pytest.mark.parametrize(
    ("frames", "expected", "log"),
    [
        (  # the usual way
            [v2("chat.start", "r"), v2("chat.delta", "r", text="Hi", role="assistant"), v2("chat.done", "r")],
            ["message.received", *LIFE[:3], "message.received", "message.rendered", "speech.done", "response.done"],
            [("assistant", "Hi")],
        ),
        ([v2("chat.done", "r", text="Hi")], LIFE, [("assistant", "Hi")]),
        ([v2("chat.error", "r", message="Oh")], LIFE, [("assistant", "Oh")]),
        ([v2("chat.delta", "r", text="Hi", legacyType="end")], LIFE, [("assistant", "Hi")]),
        (
            [v2("chat.start", "r", text="Hi"), v2("chat.done", "r")],
            ["message.received", "speech.start", *LIFE[:2], "speech.done", "response.done"],
            [("assistant", "")],
        ),
        ([v2("chat.done", "r")], ["message.received", "message.rendered", "response.done"], [("assistant", "")]),
        ([v2("chat.done", "r", text="\U0001f389 !")], LIFE, [("assistant", "\U0001f389 !")]),
        (
            [v2("chat.delta", "r", text="x", role="code"), v2("chat.done", "r", role="code")],
            ["message.received", "message.rendered", "message.received", "message.rendered", "response.done"],
            [("code", "x")],
        ),
        ([{**v2("chat.done"), "payload": {"requestId": "r", "text": "Hi"}}], LIFE, [("assistant", "Hi")]),
        ([{**v2("chat.done", "r"), "payload": None}], [*LIFE[:2], "response.done"], [("assistant", "")]),
    ],
)  # fmt: skip
def test_every_v2_frame_is_reported_as_on_the_real_page(stand, frames, expected, log):
    server, page = stand()
    server.came.get(timeout=PATIENCE)
    server.send(v2("session.ready"))
    server.next("session.hello")
    for frame in frames:
        server.send(frame)
    seen = server.until("character.response.done")
    assert [frame["type"].removeprefix("character.") for frame in seen] == expected
    for frame in seen:
        assert (frame["requestId"], frame["payload"]["requestId"]) == ("r", "r")
    assert page._double.log == log


@pytest.mark.parametrize(
    "frame",
    [
        "not json", "", "[]", "null", "7", '"text"', v2("ping", "r"), v2("nonsense", "r"), v2("ack", "r"), v2("pong"),
        {**v2("chat.delta", "r", text="Hi"), "version": 2}, {"text": "Hi"}, {"text": "Hi", "role": ""}, {},
        {"text": "Hi", "role": "assistant", "emotion": "happy", "type": "end", "requestId": "r"},
        v2("chat.delta", text="nobody asks"),
    ],
)  # fmt: skip
def test_what_has_no_answer_gets_none_and_does_no_harm(stand, frame):
    server, _ = stand()
    server.came.get(timeout=PATIENCE)
    server.send(v2("session.ready"))
    server.next("session.hello")
    server.send(frame)
    server.send(v2("chat.done", "after"))
    assert server.next()["requestId"] == "after"


def test_a_number_as_text_kills_the_page_until_it_is_reloaded(stand):
    server, page = stand()
    server.came.get(timeout=PATIENCE)
    server.send({"text": 12345, "role": "assistant", "type": "end"})
    server.send(v2("session.ready"))
    server.send(v2("chat.done", "r", text="never"))
    for _ in range(3):
        server.passed.get(timeout=PATIENCE)
    assert page.switch("reload") is None
    server.came.get(timeout=PATIENCE)
    server.send(v2("session.ready"))
    assert server.next()["type"] == "session.hello"
    server.send(v2("chat.done", "s", text="heard"))
    assert server.next()["requestId"] == "s"


def test_somebody_types_in_both_protocols_and_cancels(stand):
    server, page = stand()
    server.came.get(timeout=PATIENCE)
    server.send({"text": "", "role": "assistant", "type": "end"})
    server.passed.get(timeout=PATIENCE)
    assert page.switch("type", "hello") is None
    assert server.next() == {"content": "hello", "type": "chat"}
    assert page.switch("type", "again") is not None, "the box is locked until an end"
    server.send({"text": "", "role": "assistant", "type": "end"})
    server.send(v2("session.ready"))
    server.next("session.hello")
    assert page.switch("type", "and now") is None
    typed = server.next()
    assert (typed["type"], typed["payload"], "requestId" in typed) == ("chat.message", {"text": "and now"}, False)
    assert page.switch("cancel") is None
    cancelled = server.next()
    assert (cancelled["type"], cancelled["requestId"], cancelled["payload"]) == ("control.cancel", typed["id"], {})
    server.send(v2("chat.done", typed["id"]))
    assert server.until("character.response.done")[-1]["payload"]["speechSegmentCount"] == 0


def test_the_page_stopped_by_its_control_reports_what_sounded(stand):
    server, page = stand(**{"speech-rate": 1})
    server.came.get(timeout=PATIENCE)
    server.send(v2("session.ready"))
    server.send(v2("chat.done", "r", text="a long, long sentence"))
    server.next("character.speech.start")
    assert page.switch("stop") is None
    kinds = [frame["type"].removeprefix("character.") for frame in server.until("character.response.done")]
    assert kinds == ["speech.done", "response.done"]
    assert page._double.visible(10**12).startswith("silent")


# ------------------------------------------------------------------------------------------------------- connect mode


def relayed(closing, answer, text):
    """Play a show in connect mode at a relay; give (what the relay got, outcomes with reasons)."""
    relay = closing(Host(answer=answer))
    stood = standard()
    settings = {**stood["aituber"].settings, "mode": "connect", "url": relay.url, "speech-rate": 1000}
    stood["aituber"] = replace(stood["aituber"], settings=settings)
    parsed = parse(text, "a.show")
    made = compile_show(Book("a.show", {"a.show": Source("a.show", text, parsed.script)}, {}, ""), stood)
    entries, inbox = [], RealInbox()
    wire = ClientWire("aituber", relay.url, inbox)
    performance = Performance(made.cues, stood, {"aituber": wire}, inbox, Journal(entries.append), Options())
    assert performance.standby(PATIENCE * 1_000_000) == {}
    performance.play()
    performance.close()
    invariants.one_outcome_each(entries)
    got = []
    with contextlib.suppress(queue.Empty):
        while True:
            got.append(relay.got.get(timeout=0.2)[1])
    return got, [(e["result"], e.get("reason", "")) for e in entries if e["kind"] == "outcome"]


def test_a_relay_that_passes_lines_on_gets_the_vendors_bare_message_for_each_part(closing):
    heard = {"text": "one ", "role": "assistant", "emotion": "happy", "type": "message"}
    script = 'at 0s  say happy "one" sad "two"\nthen   say "three"\n'
    # A relay may send everything to everybody, us too.
    got, outcomes = relayed(closing, lambda frame: [frame, v2("session.ready"), v2("ping")], script)
    assert got[0] == heard
    assert [(one["text"], one["emotion"], one["type"]) for one in got] == [
        ("one ", "happy", "message"), ("two", "sad", "message"), ("three", "neutral", "message"),
    ]  # fmt: skip
    assert outcomes == [("done", ""), ("done", "")]


def test_a_relay_that_refuses_is_understood_in_the_users_words(closing):
    def refuses(_):
        told = {"role": "assistant", "emotion": "neutral"}
        return [
            {"text": "", "type": "start", **told},
            {"text": "不正な送信が送られたようです。", "type": "", **told},
            {"text": "", "type": "end", **told},
        ]

    got, outcomes = relayed(closing, refuses, 'at 0s  say "one"\nthen   say "two"\n')
    assert len(got) == 2
    assert [result for result, _ in outcomes] == ["failed", "failed"]
    assert all("mode: serve" in reason for _, reason in outcomes)

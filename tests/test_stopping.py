"""The stop that cuts AITuberKit's sound, asked of servers of every kind on this machine."""

import json
import socket
import threading
from dataclasses import replace

import pytest

from showrunner.devices.aituber import control, cutting
from showrunner.running.permits import permit
from showrunner.show.stage import standard
from showrunner.wires import http
from showrunner.wires.inbox import RealInbox
from showrunner.wires.reach import Permit
from showrunner.wires.wire import Connected, Link, Received

KEY = "not-to-be-seen"
WITHIN = 2_000_000
PATIENCE = 10_000_000


class Web:
    """A web server of one answer after the other: ``talk(socket, request)``. ``asked`` has the requests."""

    def __init__(self, talk, family=socket.AF_INET):
        self.listening = socket.socket(family, socket.SOCK_STREAM)
        self.listening.bind(("127.0.0.1" if family == socket.AF_INET else "::1", 0))
        self.listening.listen(4)
        self.port = self.listening.getsockname()[1]
        self.talk, self.asked, self.met = talk, [], []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                met, _ = self.listening.accept()
                self.met.append(met)
                with met:
                    raw = met.recv(65536)
                    while b"\r\n\r\n" not in raw or not raw.endswith(b"}"):
                        raw += met.recv(65536)
                    self.asked.append(raw)
                    self.talk(met)
            except OSError:
                if self.listening.fileno() < 0:
                    return

    def close(self):
        for met in self.met:
            met.close()
        self.listening.close()


def answer(line, *headers, body=b""):
    rest = "".join(f"{one}\r\n" for one in headers).encode()
    return b"HTTP/1.1 " + line.encode() + b"\r\n" + rest + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.fixture
def web():
    opened = []

    def stand(talk, family=socket.AF_INET):
        opened.append(Web(talk if callable(talk) else lambda met: met.sendall(talk), family))
        return opened[-1]

    yield stand
    for one in opened:
        one.close()


def asked(url, key=KEY):
    """Ask for a stop as a wire does; give what is wrong with it."""
    body = cutting.stop({"clientId": "studio"})
    request = {"request": "0-h1", "method": "POST", "path": "stop/", "body": body, "within": WITHIN}
    return control.refused(http.ask(f"{url}/api/v1/", request, Permit("write it down", key)))


def stop(port, host="127.0.0.1", path=""):
    said = asked(f"http://{host}:{port}{path}")
    assert said is None or KEY not in said
    return said


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
def test_the_stop_names_the_client_and_shows_the_key(web, status):
    server = web(answer(status, body=b"{}" if not status.startswith("204") else b""))
    assert stop(server.port) is None
    (raw,) = server.asked
    assert raw.startswith(b"POST /api/v1/stop/ HTTP/1.1\r\n")
    assert f"\r\nAuthorization: Bearer {KEY}\r\n".encode() in raw
    assert json.loads(raw.split(b"\r\n\r\n")[1]) == {"clientId": "studio", "mode": "all"}


@pytest.mark.parametrize("host", ["localhost", "[::1]"])
def test_both_loopbacks_are_reached(web, host):
    try:
        server = web(answer("202 Accepted"), socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 loopback here")
    assert stop(server.port, host) is None


def test_a_proxy_of_the_environment_is_not_told_the_key(web, monkeypatch):
    proxy, server = web(answer("200 OK")), web(answer("202 Accepted"))
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    assert stop(server.port) is None
    assert (len(proxy.asked), len(server.asked)) == (0, 1)


def test_a_redirection_is_not_followed_with_the_key(web):
    other = web(answer("202 Accepted"))
    server = web(answer("308 Permanent Redirect", f"Location: http://127.0.0.1:{other.port}/api/v1/stop/"))
    assert "HTTP 308" in stop(server.port)
    assert other.asked == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("401 Unauthorized", "the key is not the one"),
        ("404 Not Found", "`api: url`"),
        ("503 Unavailable", "it has no key"),
        ("500 No", "HTTP 500"),
    ],
)
def test_a_refusal_is_told(web, line, told):
    assert told in stop(web(answer(line)).port)


@pytest.mark.parametrize(
    "said", [b"SSH-2.0-OpenSSH_9.6\r\n", b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 x\r\n\r\n", b"A" * 70000]
)
def test_what_is_no_web_server_is_told(web, said):
    assert "speaks no HTTP" in stop(web(said).port)


def test_a_server_that_hangs_up_without_a_word_is_told(web):
    assert "did not answer" in stop(web(lambda _: None).port)


def test_a_server_that_never_answers_and_one_that_trickles_are_given_up(web, monkeypatch):
    monkeypatch.setattr("tests.test_stopping.WITHIN", 300_000)
    ended, before = threading.Event(), set(threading.enumerate())

    def trickle(met):
        while not ended.wait(0.05):
            met.sendall(b"H")

    silent, trickling = web(lambda _: ended.wait(30)), web(trickle)
    assert "did not answer" in stop(silent.port)
    assert "did not answer" in stop(trickling.port)
    ended.set()
    for one in set(threading.enumerate()) - before:
        if "is asked" in one.name:
            one.join(5)
            assert not one.is_alive()


def test_nobody_there_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "nothing listens" in stop(port)


@pytest.mark.parametrize(
    ("api", "told"),
    [
        (None, "no `api`"),
        ({"url": "http://localhost:3000"}, "no `key-env`"),
        ({"url": "http://localhost:3000", "key-env": None}, "no `key-env`"),
        ({"key-env": "K"}, "no `url`"),
    ],
)
def test_what_is_missing_in_the_stage_file_is_told(api, told):
    assert told in control.unable(api)


@pytest.mark.parametrize("value", [None, " \n"])
def test_a_key_that_is_not_there_is_told_before_anything_is_sent(web, monkeypatch, value):
    server, aituber = web(answer("202 Accepted")), standard()["aituber"]
    if value is not None:
        monkeypatch.setenv("AITUBERKIT_TEST", value)
    api = {"url": f"http://127.0.0.1:{server.port}", "client": "c", "key-env": "AITUBERKIT_TEST"}
    fixture = replace(aituber, settings={**aituber.settings, "api": api})
    (way,) = (way for way in fixture.ways if way.name == "api")
    said = http.ask(fixture.address(way), {"request": "1"}, permit(fixture, way))
    assert said == {"request": "1", "status": 0, "wrong": "the environment variable AITUBERKIT_TEST is not set"}
    assert server.asked == []


@pytest.mark.parametrize("key", ["a\nb: c", "schlüssel€"])
def test_a_key_that_cannot_be_one_is_told_and_not_shown(web, key):
    server = web(answer("202 Accepted"))
    said = asked(f"http://127.0.0.1:{server.port}", key)
    assert "characters" in said
    assert key not in said
    assert server.asked == []


def test_the_answer_comes_to_the_inbox_from_a_thread_of_its_own(web):
    server, inbox = web(answer("202 Accepted", body=b'{"ok": true}')), RealInbox()
    wire = http.HttpWire("aituber", f"http://127.0.0.1:{server.port}/api/v1/", inbox, Permit(key=KEY), Link("api"))
    wire.open()
    assert inbox.next(inbox.now() + PATIENCE).what == Connected(1)
    wire.send(1, {"request": "7", "method": "POST", "path": "stop/", "body": {}})
    answered = inbox.next(inbox.now() + PATIENCE)
    assert (answered.device, answered.what) == (
        "aituber", Received(1, {"request": "7", "status": 202, "body": {"ok": True}}),
    )  # fmt: skip
    wire.close()

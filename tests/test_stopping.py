"""The stop that cuts AITuberKit's sound, asked of servers of every kind on this machine."""

import json
import socket
import threading

import pytest

from showrunner.devices.aituber import cutting
from showrunner.wires import http
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Hushed

KEY = "not-to-be-seen"


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
def web(monkeypatch):
    monkeypatch.setattr(http, "_ACTED_UPON", 0.01)
    opened = []

    def stand(talk, family=socket.AF_INET):
        opened.append(Web(talk if callable(talk) else lambda met: met.sendall(talk), family))
        return opened[-1]

    yield stand
    for one in opened:
        one.close()


def asked(api, environment):
    cut = cutting.stop(api)
    return cut if isinstance(cut, str) else http.ask(cut.request, environment, "write it down")


def stop(port, host="127.0.0.1", path="", **more):
    api = {"url": f"http://{host}:{port}{path}", "client": "studio", "key-env": "STUDIO_KEY"} | more
    said = asked(api, {"STUDIO_KEY": KEY})
    assert said is None or KEY not in said
    return said


@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content"])
def test_the_stop_names_the_client_and_shows_the_key(web, status):
    server = web(answer(status, body=b"{}" if not status.startswith("204") else b""))
    assert stop(server.port, path="/") is None
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
    assert "is not AITuberKit" in stop(web(said).port)


def test_a_server_that_hangs_up_without_a_word_is_told(web):
    assert "AITuberKit" in stop(web(lambda _: None).port)


def test_a_server_that_never_answers_and_one_that_trickles_are_given_up(web, monkeypatch):
    monkeypatch.setattr(http, "_PATIENCE", 0.3)
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
    assert "not running" in stop(port)


@pytest.mark.parametrize(
    ("api", "environment", "told"),
    [
        ({"url": "http://localhost:3000", "key-env": "K"}, {}, "the environment variable K is not set"),
        ({"url": "http://localhost:3000", "key-env": "K"}, {"K": " \n"}, "the environment variable K is not set"),
        ({"url": "http://localhost:3000"}, {"K": KEY}, "no `key-env`"),
        ({"url": "http://localhost:3000", "key-env": None}, {"K": KEY}, "no `key-env`"),
        ({"key-env": "K"}, {"K": KEY}, "no http address"),
        ({"url": "file:///etc/passwd", "key-env": "K"}, {"K": KEY}, "no http address"),
        ({"url": "http://", "key-env": "K"}, {"K": KEY}, "no http address"),
        ({"url": "http://[::1", "key-env": "K"}, {"K": KEY}, "no http address"),
        ({"url": "http://a:99999", "key-env": "K"}, {"K": KEY}, "no http address"),
        ({"url": "http://a/ b", "key-env": "K"}, {"K": KEY}, "no http address"),
        ({"url": "http://localhost:1/ü", "key-env": "K"}, {"K": KEY}, "no http address"),
        ({"url": 7, "key-env": "K"}, {"K": KEY}, "no http address"),
    ],
)
def test_what_is_missing_is_told_before_anything_is_sent(api, environment, told):
    said = asked({"client": "studio"} | api, environment)
    assert told in said
    assert KEY not in said


@pytest.mark.parametrize("key", ["a\nb: c", "schlüssel€"])
def test_a_key_that_cannot_be_one_is_told_and_not_shown(web, key):
    server = web(answer("202 Accepted"))
    api = {"url": f"http://127.0.0.1:{server.port}", "client": "c", "key-env": "K"}
    said = asked(api, {"K": key})
    assert "characters" in said
    assert key not in said
    assert server.asked == []


def test_the_answer_comes_to_the_inbox_from_a_thread_of_its_own():
    inbox, go = RealInbox(), threading.Event()

    def ask():
        assert go.wait(10)
        return "no"

    http.begin(inbox, "aituber", ask)
    go.set()
    arrival = inbox.next(inbox.now() + 10_000_000)
    assert (arrival.device, arrival.what) == ("aituber", Hushed("no"))

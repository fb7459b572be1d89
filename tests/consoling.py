"""A console for tests: the real server on loopback, a desk that writes down what it is asked, and a plain browser."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
from pathlib import Path

from showrunner.console.hub import Hub
from showrunner.console.scene import Standing as StandingStage
from showrunner.console.server import Console
from showrunner.console.tokens import Tokens
from showrunner.engine.messages import NOTHING
from showrunner.engine.snapshot import Snapshot
from showrunner.reports.status import Status

PATIENCE = 15
TOKENS = Tokens("operator-" + "o" * 32, "cast-" + "c" * 32)


NOWHERE = StandingStage(
    Snapshot(0, False, False, None, False, None, None, (), (), (), {}, {}, {}), None, None, 1.0, {}
)  # fmt: skip
"""A show that has not begun, with nothing on its stage."""


class Desk:
    """Answers at once; ``asked`` is what it was asked, ``answer`` what it says to it."""

    def __init__(self):
        self.asked = []
        self.answer = None
        self.data = {"version": 1, "title": "One", "script": "one.show", "files": [{"path": "one.show", "text": "<b>"}]}
        self.time = {"at": 5, "paused": False, "speed": 1.0, "ended": False}
        self.looked = 0
        self.standing = NOWHERE
        self.stands = Status("standby", None, 0, "", None, None, None, (), {}, {})

    def status(self):
        return self.stands

    def stage(self):
        return self.standing

    def score(self):
        self.looked += 1
        return self.data

    def now(self):
        return self.time

    def do(self, action, name, to, until, origin, brought):
        self.asked.append((action, name, to, until, origin, *(() if brought == NOTHING else (brought,))))
        return self.answer(action) if callable(self.answer) else self.answer


class Standing:
    """A console that is open, and what one does with it."""

    def __init__(self, desk=None, hub=None, host="127.0.0.1", port=0, page=None, **more):
        self.desk = Desk() if desk is None else desk
        self.hub = Hub() if hub is None else hub
        if page is not None:
            more["page"] = Path(page)
        self.console = Console(self.hub, self.desk, TOKENS, host, port, **more)
        self.streams = []
        wrong = self.console.open()
        assert wrong is None, wrong

    @property
    def port(self):
        return self.console.port

    def close(self):
        self.console.close()
        for stream in self.streams:
            stream.close()

    def ask(self, method, path, body=None, *, token=TOKENS.operator, cookie=None, headers=None, host=None):
        """Ask one thing on a connection of its own: status, headers (small letters), body."""
        given = {} if token is None else {"Authorization": f"Bearer {token}"}
        if cookie is not None:
            given["Cookie"] = cookie
        given |= headers or {}
        if host is not None:
            given["Host"] = host
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        got = {name.lower(): value for name, value in answer.getheaders()}
        if got.get("content-encoding") == "gzip":
            data = gzip.decompress(data)
        return answer.status, got, data

    def press(self, action, *, token=TOKENS.operator, cookie=None, headers=None, **keys):
        """Press something: status and what was said."""
        given = {"Content-Type": "application/json", **(headers or {})}
        return self.post("/api/do", {"action": action, **keys}, token=token, cookie=cookie, headers=given)

    def post(self, path, body, *, headers=None, **more):
        """Send a message (a text: as it is): status and what was said."""
        given = {"Content-Type": "application/json"} if headers is None else headers
        status, _, data = self.ask(
            "POST", path, body if isinstance(body, str) else json.dumps(body), headers=given, **more
        )
        return status, json.loads(data) if data else None

    def cookie(self, path=f"/?token={TOKENS.operator}"):
        """Arrive at an address; give the cookie the browser would send from then on."""
        status, headers, _ = self.ask("GET", path, token=None)
        assert status == 303
        assert headers["location"] == "/"
        return headers["set-cookie"].partition(";")[0]

    def watch(self, after=None, last=None, token=TOKENS.operator, path="/api/events"):
        self.streams.append(Stream(self.port, after, last, token, path))
        return self.streams[-1]


class Stream:
    """Somebody who looks on: reads events as they come."""

    def __init__(self, port, after=None, last=None, token=TOKENS.operator, path="/api/events"):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token}", "Accept": "text/event-stream"}
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        self.connection.request("GET", path + ("" if after is None else f"?after={after}"), headers=headers)
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.read()
        assert self.answer.getheader("content-type") == "text/event-stream; charset=utf-8"

    def next(self):
        """Give the next event: its name (`message` for an entry), its id, its data; None when there are no more."""
        name, number, data = "message", None, None
        while line := self.answer.readline():
            key, _, value = line.decode().rstrip("\n").partition(": ")
            if not key:
                if data is not None:
                    return name, number, json.loads(data)
                name, number, data = "message", None, None
            elif key == "event":
                name = value
            elif key == "id":
                number = int(value)
            elif key == "data":
                data = value
        return None

    def entries(self, count):
        """Give the numbers of the next so many journal entries."""
        found = []
        while len(found) < count:
            event = self.next()
            assert event is not None, f"no more after {found[-3:]}"
            if event[0] == "message":
                assert event[1] == event[2]["seq"]
                found.append(event[1])
        return found

    def rest(self):
        """Give all events up to the end."""
        found = []
        while (event := self.next()) is not None:
            found.append(event)
        return found

    def until(self, name):
        """Give the data of the next event of that name."""
        while (event := self.next()) is not None:
            if event[0] == name:
                return event[2]
        raise AssertionError(f"no `{name}` came")

    def close(self):
        """Hang up."""
        self.answer.close()
        self.connection.close()


def entry(seq, kind="log", **keys):
    return {"seq": seq, "at": seq * 1000, "kind": kind, **keys}


def threads():
    """Name the threads of a console that are there."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("console")]

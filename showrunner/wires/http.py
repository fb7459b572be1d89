"""The wire of requests: HTTP to a program that listens. Each request has exactly one answer, also where all fails.

Out goes `{request, method, path, query, body, within}`: an id of the driver's; `GET` where nothing is said; what
follows the address; a table; a table or list (sent as JSON) or a text; microseconds. Back comes `{request, status,
date, body}`, the body as JSON where it is that, else as text. Where there is no answer the status is 0, and `wrong`
says why. No redirect is followed, no proxy is asked, and no header stands in a frame.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import math
import socket
import ssl
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from showrunner.devices.vocabulary import Frame
from showrunner.wires import frames, reach
from showrunner.wires.inbox import RealInbox
from showrunner.wires.reach import Permit
from showrunner.wires.redial import Redial
from showrunner.wires.wire import GOODBYE, Connected, Link, Received

MOST_AT_ONCE = 32
"""So many requests are under way at once."""

_LEAVE = 0.25
"""Seconds that a request which was given up may take to end."""

_PLAIN = "/:@!$&'()*+,;=~-._%"
"""What stands in a path as it is (RFC 3986, 3.3)."""


class HttpWire:
    """A wire that asks the program at ``url`` (``http://…`` or ``https://…``), each request in a thread of its own.

    It is connected from the beginning: whether somebody answers shows with each request. Where its driver lets it rest
    it is connected anew behind that.
    """

    def __init__(
        self, name: str, url: str, inbox: RealInbox, permit: Permit = reach.ANYWHERE, link: Link | None = None
    ) -> None:
        self._name = name
        self._url = url
        self._inbox = inbox
        self._permit = permit
        self._link = link or Link()
        self._redial = Redial(self._link.way, inbox.seconds)
        self._lock = threading.Lock()  # guards the three below
        self._under_way: dict[threading.Thread, Asking] = {}
        self._number: int | None = None
        self._resting: threading.Thread | None = None
        self._closed = False

    def open(self) -> None:
        """Be there."""
        if self._number is None:
            self._number = next(self._link.numbers)
            self._inbox.put(self._name, Connected(self._number, way=self._link.way))

    def send(self, connection: int, frame: Frame | str) -> None:
        """Put a request to the program; its answer arrives."""
        if connection != self._number or isinstance(frame, str):
            return
        within = self._inbox.seconds(frames.within(frame))
        asking = Asking(self._url, frame, self._permit)
        thread = threading.Thread(
            target=lambda: self._answer(asking, within), name=f"wire {self._name} asks", daemon=True
        )
        with self._lock:
            crowded = len(self._under_way) >= MOST_AT_ONCE
            if not crowded:
                self._under_way[thread] = asking
        if crowded:
            self._heard(frames.failed(frame, f"more than {MOST_AT_ONCE} requests are under way"))
        else:
            thread.start()

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:
        """Do nothing: there is no connection to close."""
        _ = connection, reason, code

    def rest(self, way: str, pause: int | None) -> None:
        """Be there anew after so many microseconds; None: when ``dial`` says so."""
        if way != self._link.way or self._closed:
            return
        with self._lock:
            self._redial.rest(way, pause)
            if self._resting is None:
                self._resting = threading.Thread(target=self._rest, name=f"wire {self._name} rests", daemon=True)
                self._resting.start()

    def dial(self) -> None:
        """Be there anew, where it rests."""
        self._redial.now()

    def close(self) -> None:
        """Give up what is under way: within about two seconds no thread and no socket of this wire is left."""
        self._closed = True
        self._redial.close()
        with self._lock:
            left, resting = dict(self._under_way), self._resting
        if resting is not None:
            resting.join(_LEAVE)
        for asking in left.values():
            asking.give_up()
        for thread in left:
            thread.join(_LEAVE)

    def _rest(self) -> None:
        if self._redial.wait(math.inf):
            with self._lock:
                self._resting = None
                self._number = next(self._link.numbers)
            self._inbox.put(self._name, Connected(self._number, way=self._link.way))

    def _answer(self, asking: Asking, within: float) -> None:
        answer = asking.wait(within)
        with self._lock:
            self._under_way.pop(threading.current_thread(), None)
        self._heard(answer)

    def _heard(self, answer: Frame) -> None:
        if not self._closed and self._number is not None:
            self._inbox.put(self._name, Received(self._number, answer))


def ask(url: str, frame: Frame, permit: Permit) -> Frame:
    """Put one request to the program at ``url`` and give its answer. Blocks; call it in a thread."""
    return Asking(url, frame, permit).wait(frames.within(frame) / 1_000_000)


class Asking:
    """One request on its way."""

    def __init__(self, url: str, frame: Frame, permit: Permit) -> None:
        self._connection = connection(url)
        self._where = f"{self._connection.host}:{self._connection.port}"
        self._target = _target(urlsplit(url).path, frame)
        self._frame = frame
        self._permit = permit
        self._given_up = threading.Event()
        self._answers: list[Frame] = []

    def wait(self, seconds: float) -> Frame:
        """Give the answer; after so many seconds it is given up."""
        if self._permit.refused is not None:
            return frames.failed(self._frame, self._permit.refused)
        # A name server that is silent, or a program that answers a letter a second, is not waited for.
        self._connection.timeout = seconds
        thread = threading.Thread(target=self._ask, name=f"wire {self._where} is asked", daemon=True)
        thread.start()
        thread.join(seconds)
        if self._answers:
            return self._answers[0]
        self.give_up()
        thread.join(_LEAVE)
        return frames.failed(self._frame, f"it did not answer at {self._where} in time")

    def give_up(self) -> None:
        """Wait no longer."""
        self._given_up.set()
        reached: socket.socket | None = self._connection.sock
        if reached is not None:
            with contextlib.suppress(OSError):
                reached.shutdown(socket.SHUT_RDWR)

    def _ask(self) -> None:
        try:
            connect(self._connection, self._permit)
            # Where nobody listens any more nothing is sent: what comes late would hit something else.
            answer = frames.failed(self._frame, "it was given up") if self._given_up.is_set() else self._asked()
        except reach.TooFarError as error:
            answer = frames.failed(self._frame, str(error))
        except ConnectionRefusedError:
            answer = frames.failed(self._frame, f"nothing listens at {self._where}")
        except ValueError:
            answer = frames.failed(self._frame, "the key, or the request, has characters that it cannot have")
        except http.client.IncompleteRead:
            answer = frames.failed(self._frame, "its answer broke off")
        except OSError:
            answer = frames.failed(self._frame, f"it did not answer at {self._where}")
        except http.client.HTTPException:
            answer = frames.failed(self._frame, f"what answers at {self._where} speaks no HTTP")
        finally:
            self._connection.close()
        self._answers.append(answer)

    def _asked(self) -> Frame:
        body, headers = _body(self._frame.get("body"))
        if self._permit.key:
            # Nothing but the address itself is asked: a redirection would hand the key to somebody else.
            headers["Authorization"] = f"Bearer {self._permit.key}"
        self._connection.request(str(self._frame.get("method", "GET")), self._target, body, headers)
        response = self._connection.getresponse()
        raw = response.read(frames.LARGEST + 1)
        if len(raw) > frames.LARGEST:
            return frames.failed(self._frame, f"it answered with more than {frames.LARGEST // 1024 // 1024} MiB")
        if response.length:
            return frames.failed(self._frame, "its answer broke off")
        told = {"request": self._frame.get("request"), "status": response.status, "date": response.getheader("Date")}
        said = frames.value(raw) if raw else None
        return {key: value for key, value in {**told, "body": said}.items() if value is not None}


def connection(url: str) -> http.client.HTTPConnection:
    """Make a connection to the program at ``url``, not yet opened."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    return kind(parts.hostname or "", parts.port)


def connect(connection: http.client.HTTPConnection, permit: Permit) -> None:
    """Open it to one of the numbers that were judged: asked again, a name might stand for others.

    Blocks. ``OSError`` where nobody can be reached, ``reach.TooFarError`` where that is too far.
    """
    found = reach.numbers(connection.host, connection.port, permit)
    for number in found:
        try:
            connection.sock = socket.create_connection((number, connection.port), connection.timeout)
            break
        except OSError:
            if number == found[-1]:
                raise
    if isinstance(connection, http.client.HTTPSConnection):
        secure = ssl.create_default_context()
        connection.sock = secure.wrap_socket(connection.sock, server_hostname=connection.host)


def _target(base: str, frame: Frame) -> str:
    path = quote(str(frame.get("path", "")).lstrip("/"), safe=_PLAIN)
    query = frame.get("query")
    asked = urlencode(query) if isinstance(query, Mapping) and query else ""
    return f"{base.removesuffix('/')}/{path}{'?' if asked else ''}{asked}"


def _body(said: Any) -> tuple[bytes | None, dict[str, str]]:
    if said is None:
        return None, {}
    if isinstance(said, str):
        return said.encode("utf-8", "replace"), {"Content-Type": "text/plain; charset=utf-8"}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace"), {"Content-Type": "application/json"}

"""The wire of events: a stream by HTTP from a program that listens, asked for again whenever it ends.

What comes on each connection is first `{opened: {status, date}}`, then `{event, id, data}`, as far as it is said (HTML
standard, 9.2; the data as JSON where it is that, else as text). Nothing goes out but where it was: `Last-Event-ID`.
Comments are a sign of life and no more. As of ``http``, no redirect is followed, no proxy is asked.
"""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urlsplit

from showrunner.devices.vocabulary import Frame
from showrunner.wires import frames, http, pace, reach
from showrunner.wires.inbox import RealInbox
from showrunner.wires.reach import Permit
from showrunner.wires.redial import Redial
from showrunner.wires.wire import GOODBYE, Connected, Disconnected, Link, Noted, Received, Unreachable

_REACH = 1.5
"""Seconds for the network to reach one address; a local program answers at once."""

_OPENED = 6.0
"""Seconds for the name, the connection and the head of the answer together."""

SILENT = 40.0
"""Seconds without even a comment after which a stream is gone, however open it looks: servers send one every 15."""

_SETTLED = 5.0
"""A stream that lasted this long was a good one: the next try comes quickly again."""

_PAUSES = (0.25, 5.0)
"""The first and the longest pause between two tries, in seconds; each is doubled."""

_LONGEST_PAUSE = 60.0
"""So many seconds a server may ask for between two tries (its `retry`)."""

_REST = 0.02
"""How often it is looked, in seconds, whether there is room again for what comes in."""

_PIECE = 64 * 1024

_MARK = b"\xef\xbb\xbf"
"""A byte order mark, which may stand before the first line."""

_LEAVE = 0.5

_OK = 200

_BROKEN = (OSError, HTTPException, ValueError)
"""What becomes of a stream that breaks off or lies about its size; the last, of one that we have hung up."""


class EventsWire:
    """A wire that asks the program at ``url`` (``http://…`` or ``https://…``) for its events, again and again."""

    def __init__(
        self, name: str, url: str, inbox: RealInbox, permit: Permit = reach.ANYWHERE, link: Link | None = None
    ) -> None:
        self._name = name
        self._url = url
        self._inbox = inbox
        self._permit = permit
        self._link = link or Link()
        self._pace = pace.Pace(pace.MOST)
        self._noted = False
        self._last: str | None = None
        self._retry = _PAUSES[0]
        self._redial = Redial(self._link.way, inbox.seconds)
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()  # guards the three below
        self._socket: socket.socket | None = None
        self._number = 0
        self._dropped: str | None = None

    def open(self) -> None:
        """Begin to ask, in a thread of its own."""
        if self._thread is None and not self._closing.is_set():
            self._thread = threading.Thread(target=self._ask_on, name=f"wire {self._name} listens", daemon=True)
            self._thread.start()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Do nothing: events come, and nothing goes."""
        _ = connection, frame

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:
        """End that stream; ``Disconnected`` with this reason follows, and a new try."""
        _ = code
        with self._lock:
            if connection != self._number or self._socket is None or self._dropped is not None:
                return
            self._dropped = reason
            _hang_up(self._socket)

    def rest(self, way: str, pause: int | None) -> None:
        """Ask again after so many microseconds; None: when ``dial`` says so."""
        self._redial.rest(way, pause)

    def dial(self) -> None:
        """Ask at once, where there is no stream."""
        with self._lock:
            alone = self._socket is None
        if alone:
            self._redial.now()

    def close(self) -> None:
        """Close for good: within about two seconds no thread and no socket of this wire is left."""
        self._closing.set()
        self._redial.close()
        with self._lock:
            _hang_up(self._socket)
        thread, self._thread = self._thread, None
        if thread is not None:
            thread.join(_LEAVE + 1.5)

    # -------------------------------------------------------------------------------------------- the thread that asks

    def _ask_on(self) -> None:
        if self._permit.refused is not None:
            self._inbox.put(self._name, Unreachable(self._permit.refused, way=self._link.way))
            return
        pause = 0.0
        while self._redial.wait(pause * random.uniform(0.8, 1.0)):  # noqa: S311 - no secret
            began = time.monotonic()
            why = self._once()
            if why is not None and not self._closing.is_set():
                self._inbox.put(self._name, why)
            settled = time.monotonic() - began > max(_SETTLED, pause)
            pause = self._retry if settled or not pause else min(max(_PAUSES[1], self._retry), pause * 2)

    def _once(self) -> Unreachable | None:
        """Ask for the stream and read it to its end; tell why it could not be had."""
        asked = http.connection(self._url)
        asked.timeout = _REACH
        where = f"{asked.host}:{asked.port}"
        endless = threading.Timer(_OPENED, self._hang_up)
        endless.daemon = True
        endless.start()
        try:
            response = self._opened(asked)
        except reach.TooFarError as error:
            return Unreachable(str(error), way=self._link.way)
        except _BROKEN as error:
            return _why(error, where, self._link.way)
        else:
            endless.cancel()
            kind = str(response.getheader("Content-Type", "")).partition(";")[0].strip().lower()
            with contextlib.closing(response):
                if response.status == _OK and kind != "text/event-stream":
                    return Unreachable(f"what answers at {where} sends no events", "alien", self._link.way)
                self._live(response)
            return None
        finally:
            endless.cancel()
            with self._lock:
                self._socket = None
            asked.close()

    def _opened(self, asked: HTTPConnection) -> HTTPResponse:
        http.connect(asked, self._permit)
        reached = asked.sock
        reached.settimeout(_OPENED)
        with self._lock:
            self._socket, self._dropped = reached, None
        if self._closing.is_set():
            raise ConnectionAbortedError
        headers = {"Accept": "text/event-stream", "Cache-Control": "no-store"}
        if self._last is not None:
            headers["Last-Event-ID"] = self._last
        if self._permit.key:
            headers["Authorization"] = f"Bearer {self._permit.key}"
        asked.request("GET", urlsplit(self._url).path or "/", headers=headers)
        response = asked.getresponse()
        reached.settimeout(SILENT)
        return response

    def _live(self, response: HTTPResponse) -> None:
        with self._lock:
            self._number = number = next(self._link.numbers)
            self._redial.met()
        self._inbox.put(self._name, Connected(number, way=self._link.way))
        opened = {"status": response.status, "date": response.getheader("Date")}
        said = {key: value for key, value in opened.items() if value is not None}
        self._inbox.put(self._name, Received(number, {"opened": said}))
        right = response.status == _OK
        reason = self._read(response, number) if right else f"it answered with HTTP {response.status}"
        with self._lock:
            dropped, reason = self._dropped is not None, self._dropped or reason
        if not self._closing.is_set():
            self._inbox.put(self._name, Disconnected(number, reason, dropped))

    def _read(self, response: HTTPResponse, number: int) -> str:
        """Read until the stream ends; tell why it did."""
        reading = Reading()
        while True:
            try:
                piece = response.read1(_PIECE)
            except TimeoutError:
                return f"nothing has come of it for {SILENT:.0f} s, not even a sign of life"
            except _BROKEN:
                return "the connection was lost"
            if not piece:
                return "the program closed the connection"
            for frame, size in reading.take(piece):
                self._inbox.put(self._name, Received(number, frame), pace.weight(size))
                self._rest(self._pace.message(self._inbox.gone(), size))
            if reading.last is not None:
                self._last = reading.last
            if reading.retry is not None:
                self._retry = min(_LONGEST_PAUSE, max(_PAUSES[0], reading.retry / 1000))
            if reading.held > frames.LARGEST:
                return f"it sent an event of more than {frames.LARGEST // 1024 // 1024} MiB"
            self._rest(self._pace.piece(self._inbox.gone()))

    def _rest(self, micros: int) -> None:
        """Read nothing for so long, and as long as there is no room: what comes meanwhile waits with its sender."""
        if micros and not self._noted:
            self._noted = True
            self._inbox.put(self._name, Noted(pace.TOLD))
        self._closing.wait(self._inbox.seconds(micros))
        while self._inbox.crowded(self._name) and not self._closing.wait(_REST):
            pass

    def _hang_up(self) -> None:
        with self._lock:
            _hang_up(self._socket)


class Reading:
    """Reads a stream of events piece by piece (HTML standard, 9.2.6).

    ``last`` is the id that was said last, ``retry`` the milliseconds between two tries, if the server asked for that.
    """

    def __init__(self) -> None:
        self.last: str | None = None
        self.retry: int | None = None
        self._line: list[bytes] = []  # what there is of it
        self._of_line = self._of_data = 0  # bytes; of the data its lines' ends, too: empty ones are not free
        self._begun = False
        self._half = False  # a CR came last: with an LF behind it that is one end of a line
        self._said: dict[str, str] = {}
        self._data: list[bytes] = []

    def take(self, piece: bytes) -> list[tuple[Frame, int]]:
        """Take the next piece; give the events that are whole with it, and how many bytes each has."""
        found: list[tuple[Frame, int]] = []
        text = piece[1:] if self._half and piece.startswith(b"\n") else piece
        self._half = piece.endswith(b"\r")
        first, *others = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self._line.append(first)
        self._of_line += len(first)
        for other in others:
            line = b"".join(self._line)
            self._line, self._of_line = [other], len(other)
            if not self._begun:
                self._begun, line = True, line.removeprefix(_MARK)
            if line:
                self._field(line)
            elif (event := self._event()) is not None:
                found.append(event)
        return found

    @property
    def held(self) -> int:
        """How many bytes wait for the end of their event."""
        return self._of_line + self._of_data

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"data":
                self._data.append(value)
                self._of_data += len(value) + 1
            case b"event":
                self._said["event"] = value.decode("utf-8", "replace")
            case b"id" if b"\0" not in value:
                self._said["id"] = value.decode("utf-8", "replace")
            case b"retry" if value.isdigit() and len(value) < 10:
                self.retry = int(value)

    def _event(self) -> tuple[Frame, int] | None:
        said, data = self._said, b"\n".join(self._data)
        self._said, self._data, self._of_data = {}, [], 0
        if "id" in said:
            self.last = said["id"]
        if not data:
            return None
        event: Frame = {key: said[key] for key in ("event", "id") if key in said}
        return {**event, "data": frames.value(data)}, len(data)


def _hang_up(reached: socket.socket | None) -> None:
    if reached is not None:
        with contextlib.suppress(OSError):
            reached.shutdown(socket.SHUT_RDWR)
        if sys.platform == "win32":
            # There that alone does not wake whoever waits for the next bytes.
            with contextlib.suppress(OSError):
                socket.close(reached.detach())


def _why(error: Exception, where: str, way: str) -> Unreachable:
    """Say in plain words why there are no events."""
    match error:
        case socket.gaierror():
            return Unreachable("no machine of that name is known", "unknown", way)
        case ConnectionRefusedError():
            return Unreachable(f"nothing listens at {where}", "refused", way)
        case ssl.SSLError():
            return Unreachable("the secure connection could not be made", "alien", way)
        case OSError():
            return Unreachable(f"it did not answer at {where} in time", "silent", way)
        case HTTPException():
            return Unreachable(f"what answers at {where} speaks no HTTP", "alien", way)
        case _:
            return Unreachable("the key has characters that it cannot have", way=way)

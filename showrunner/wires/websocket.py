"""The wire to a program that listens: we dial, read in one thread, write in another, and dial again when it ends.

Not the meaning of frames (the drivers') and not the pages that dial us (``server``).
"""

from __future__ import annotations

import ipaddress
import queue
import random
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import websocket

from showrunner.devices.vocabulary import Frame
from showrunner.diagnostics.refusal import reason
from showrunner.wires import frames, pace
from showrunner.wires.inbox import RealInbox
from showrunner.wires.reach import ANYWHERE, Permit, TooFarError, judge
from showrunner.wires.redial import Redial
from showrunner.wires.wire import (
    FULL,
    GOODBYE,
    STANDING,
    Connected,
    Disconnected,
    Link,
    Noted,
    Quiet,
    Received,
    Unreachable,
)

_REACH = 1.5
"""Seconds for the network to reach one address; a local program answers at once."""

_GREET = 3.0
"""Seconds for the other side to answer the WebSocket greeting, and for each part of a slow answer."""

_GREETED = 6.0
"""Seconds after which a greeting that has not come to its end is given up, however steadily it trickles in."""

_STUCK = 5.0
"""Seconds without progress after which a write or the rest of a message is given up."""

_PING_FIRST = 0.5
_PING_EVERY = 1.5
_SILENT = 4.0
"""A side that has answered pings and is silent this long is gone, even if its connection looks open, or it is busy.

Which of them is the driver's business: it knows what the program was asked for.
"""

_QUIET = 1.75
"""Where pings are not answered, so much silence is told, and again after as much more."""

_SETTLED = 5.0
"""A connection that lasted this long was a good one: the next try comes quickly again."""

_REST = 0.02
"""How often it is looked, in seconds, whether there is room again for what comes in."""

_LOOK = 0.25
_LEAVE = 0.5
"""Seconds that the closing greeting may take."""

_GONE = (OSError, websocket.WebSocketException)

_UNGREETED = (*_GONE, TooFarError, ValueError, IndexError)
"""The last two: what older releases of websocket-client make of an answer that is no HTTP."""


class ClientWire:
    """A wire to ``url`` (``ws://…`` or ``wss://…``) that puts what arrives into ``inbox`` under the device's ``name``.

    ``pauses``: the first and the longest pause between two tries, in seconds; each is doubled, with ``jitter`` some of
    it is left to chance so that many clients do not come at once. ``goodbye`` False: the other side's goodbye is not
    answered, and the connection stays open (a fault on order). ``link``: what it is to its device, if not all of it.
    ``permit``: how far it may go, where the driver answers with a secret.

    ``origin``: it is a double's page of that site and does as browsers do: says where it comes from, pings nobody,
    waits as long as it takes for who stops in the middle, and takes longer messages.
    """

    def __init__(
        self,
        name: str,
        url: str,
        inbox: RealInbox,
        *,
        pauses: tuple[float, float] = (0.25, 5.0),
        jitter: bool = True,
        origin: str | None = None,
        goodbye: bool = True,
        link: Link | None = None,
        permit: Permit = ANYWHERE,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"ws", "wss"}:
            raise ValueError(f"{url} is no ws:// or wss:// address")
        self._name = name
        self._url = url
        self._secure = parts.scheme == "wss"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (443 if self._secure else 80)
        self._inbox = inbox
        self._link = link or Link()
        self._permit = permit
        self._pauses = pauses
        self._jitter = jitter
        self._origin = origin
        self._page = origin is not None
        self._largest = frames.LARGEST_OF_DOUBLES if self._page else frames.LARGEST
        self._pace = pace.Pace(pace.MOST)
        self._noted = False
        self._goodbye = goodbye
        self._redial = Redial(self._link.way, inbox.seconds)
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()  # guards the six below
        self._socket: socket.socket | None = None
        self._number = 0
        self._outgoing: queue.SimpleQueue[Frame | str | int] | None = None
        self._dropped: str | None = None
        self._leaving: float | None = None
        self._answers_pings = False
        self._code: int | None = None  # with which the other side said goodbye
        self._binary = False  # of the message that is being read, as is the next
        self._held = 0

    def open(self) -> None:
        """Begin to dial, in a thread of its own."""
        if self._thread is None and not self._closing.is_set():
            self._thread = threading.Thread(target=self._dial_on, name=f"wire {self._name}", daemon=True)
            self._thread.start()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Hand the frame to the writer; nothing happens where that connection has ended."""
        with self._lock:
            outgoing = self._outgoing if connection == self._number else None
        if outgoing is not None:
            outgoing.put(frame)

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:
        """Close that connection; ``Disconnected`` with this reason follows, and a new try."""
        with self._lock:
            if connection != self._number or self._outgoing is None or self._dropped is not None:
                return
            self._dropped = reason
            self._leaving = time.monotonic() + _LEAVE
            self._outgoing.put(code)

    def rest(self, way: str, pause: int | None) -> None:
        """Dial again after so many microseconds; None: when ``dial`` says so."""
        self._redial.rest(way, pause)

    def dial(self) -> None:
        """Dial at once, where there is no connection."""
        with self._lock:
            alone = self._outgoing is None
        if alone:
            self._redial.now()

    def close(self) -> None:
        """Close for good: within about two seconds no thread and no socket of this wire is left."""
        self._closing.set()
        self._redial.close()
        with self._lock:
            if self._outgoing is not None:
                self._outgoing.put(GOODBYE)
        thread, self._thread = self._thread, None
        if thread is None:
            return
        thread.join(_LEAVE)
        with self._lock:
            _hang_up(self._socket)
        thread.join(_REACH + _LEAVE)

    # ------------------------------------------------------------------------------------------- the thread that dials

    def _dial_on(self) -> None:
        pause, longest = self._pauses
        wait = 0.0
        while self._redial.wait(wait):
            began = time.monotonic()
            try:
                greeted = self._greet()
            except _UNGREETED as error:
                if not self._closing.is_set():
                    self._inbox.put(self._name, replace(_why(error), way=self._link.way))
            else:
                self._live(greeted)
            if time.monotonic() - began > max(_SETTLED, pause):
                pause = self._pauses[0]
            wait = pause * random.uniform(0.8, 1.0) if self._jitter else pause  # noqa: S311 - no secret
            pause = min(longest, pause * 2)

    def _greet(self) -> websocket.WebSocket:
        reached = self._reach()
        try:
            with self._lock:
                self._socket = reached
            if self._closing.is_set():
                raise ConnectionAbortedError
            if self._secure:
                reached = ssl.create_default_context().wrap_socket(reached, server_hostname=self._host)
                with self._lock:
                    self._socket = reached
            endless = threading.Timer(_GREETED, _hang_up, [reached])
            endless.daemon = True
            endless.start()
            try:
                # A socket that is handed in is used as it is: no proxy of the environment gets in between.
                return websocket.create_connection(
                    self._url,
                    timeout=_GREET,
                    socket=reached,
                    enable_multithread=True,
                    skip_utf8_validation=True,
                    fire_cont_frame=True,
                    redirect_limit=0,
                    origin=self._origin,
                    suppress_origin=self._origin is None,
                    class_=_Side,
                    largest=self._largest,
                    goodbye=self._goodbye,
                )
            finally:
                endless.cancel()
        except _UNGREETED:
            reached.close()
            raise

    def _reach(self) -> socket.socket:
        failure: OSError = ConnectionRefusedError()
        found = _addresses(self._host, self._port)
        judge([address[0] for _, address in found], self._host, self._port, self._permit)
        for family, address in found:
            if self._closing.is_set():
                break
            reached = socket.socket(family, socket.SOCK_STREAM)
            reached.settimeout(_REACH)
            try:
                reached.connect(address)
                reached.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as error:
                reached.close()
                failure = error
            else:
                reached.settimeout(_GREET)
                return reached
        raise failure

    def _live(self, connection: websocket.WebSocket) -> None:
        outgoing: queue.SimpleQueue[Frame | str | int] = queue.SimpleQueue()
        with self._lock:
            self._number = next(self._link.numbers)
            self._outgoing = outgoing
            self._dropped = self._leaving = self._code = None
            self._redial.met()
            if self._closing.is_set():
                outgoing.put(GOODBYE)
        connection.settimeout(None if self._page else _STUCK)
        writer = threading.Thread(
            target=_write, args=(connection, outgoing), name=f"wire {self._name} writes", daemon=True
        )
        self._inbox.put(self._name, Connected(self._number, way=self._link.way))
        writer.start()
        reason = self._read(connection)
        with self._lock:
            self._outgoing = None
            dropped, reason = self._dropped is not None, self._dropped or reason
            _hang_up(self._socket)  # before waiting for the writer: it may be stuck in a write
        outgoing.put(GOODBYE)
        writer.join()
        with self._lock:
            if self._socket is not None:
                self._socket.close()
            self._socket = None
        if not self._closing.is_set():
            self._inbox.put(self._name, Disconnected(self._number, reason, dropped, self._code))

    def _read(self, connection: websocket.WebSocket) -> str:
        """Read until the connection ends; tell why it did."""
        raw = connection.sock
        if raw is None:
            return "the connection ended"
        heard = told = time.monotonic()
        pinged = heard + _PING_FIRST - _PING_EVERY
        self._answers_pings = False
        self._held = 0
        pieces: list[bytes] = []
        try:
            selector = selectors.DefaultSelector()
        except OSError:
            return FULL
        with selector:
            selector.register(raw, selectors.EVENT_READ)
            while True:
                try:
                    began = time.monotonic()
                    if (isinstance(raw, ssl.SSLSocket) and raw.pending()) or selector.select(_LOOK):
                        ended = self._take(connection, pieces)
                        if ended is not None:
                            return ended
                        heard = told = time.monotonic()
                    now = time.monotonic()
                    if now - began > _LOOK + STANDING:
                        heard = told = now  # this machine stood, and asked for nothing
                    if self._leaving is not None and (now > self._leaving or now - heard > _QUIET):
                        return "it was left"  # its answer to our goodbye may never come
                    bound = _SILENT if self._answers_pings else _QUIET
                    if now - heard > bound and now - told > min(bound, _QUIET):
                        told = now
                        self._inbox.put(self._name, Quiet(self._number, gone=self._answers_pings))
                    # A writer at work proves nothing and must not be waited for: pings go only where nobody writes.
                    if not self._page and now - pinged > _PING_EVERY and not connection.lock.locked():
                        pinged = now
                        connection.ping()
                except websocket.WebSocketTimeoutException:
                    return "it stopped in the middle of a message"
                except _GONE as error:
                    return _ended(error)

    def _take(self, connection: websocket.WebSocket, pieces: list[bytes]) -> str | None:
        """Take the next piece of a message, and with its last one the message; tell why the connection is over."""
        code, piece = connection.recv_data_frame(control_frame=True)
        if code in {websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_BINARY, websocket.ABNF.OPCODE_CONT}:
            if not pieces:
                self._binary = code == websocket.ABNF.OPCODE_BINARY
            pieces.append(piece.data)
            self._held += len(piece.data)
            if self._held > self._largest:
                return _too_long(self._largest)
            if piece.fin:
                self._received(b"".join(pieces))
                pieces.clear()
                return None
        elif code == websocket.ABNF.OPCODE_PONG:
            self._answers_pings = True
        elif code == websocket.ABNF.OPCODE_CLOSE and self._goodbye:
            self._code = int.from_bytes(piece.data[:2], "big") if len(piece.data) > 1 else None
            return "the program closed the connection"
        self._rest(self._pace.piece(self._inbox.gone()))
        return None

    def _received(self, raw: bytes) -> None:
        read = f"(a binary message of {len(raw)} bytes)" if self._binary else frames.read(raw)
        self._held = 0
        self._inbox.put(self._name, Received(self._number, read), pace.weight(len(raw)))
        self._rest(self._pace.message(self._inbox.gone(), len(raw)))

    def _rest(self, micros: int) -> None:
        """Read nothing for so long, and as long as there is no room: what comes meanwhile waits with its sender."""
        until = time.monotonic() + self._inbox.seconds(micros)
        if micros and not self._noted:
            self._noted = True
            self._inbox.put(self._name, Noted(pace.TOLD))
        while not self._closing.is_set() and self._leaving is None:
            left = until - time.monotonic()
            if left <= 0 and not self._inbox.crowded(self._name):
                return
            self._closing.wait(min(_REST, left) if left > 0 else _REST)


class _Side(websocket.WebSocket):
    """Our side as the library has it, but that it takes no message that says it is longer than ``largest`` bytes.

    ``goodbye`` False: it never says goodbye.
    """

    def __init__(self, *, largest: int, goodbye: bool, **options: Any) -> None:
        super().__init__(**options)
        self._goodbye = goodbye
        self.frame_buffer = _Buffer(self._recv, largest)

    def send_close(self, status: int = websocket.STATUS_NORMAL, reason: str | bytes = b"") -> None:
        """Say goodbye, or nothing."""
        if self._goodbye:
            super().send_close(status, reason)


class _Buffer(websocket.frame_buffer):
    def __init__(self, receive: Callable[[int], bytes], largest: int) -> None:
        super().__init__(receive, skip_utf8_validation=True)
        self._largest = largest

    def recv_length(self) -> None:
        super().recv_length()
        if self.length is not None and self.length > self._largest:
            raise _TooLongError(_too_long(self._largest))


class _TooLongError(websocket.WebSocketException):
    """A message that says it is longer than is taken."""


def _too_long(largest: int) -> str:
    return f"it sent a message of more than {largest // 1024 // 1024} MiB"


def _write(connection: websocket.WebSocket, outgoing: queue.SimpleQueue[Frame | str | int]) -> None:
    while True:
        frame = outgoing.get()
        try:
            if isinstance(frame, int):
                connection.send_close(frame)
                return
            connection.send(frames.write(frame))
        except _GONE:
            # Half a message may stand on the wire: the connection is of no use, and the reader is to see that.
            _hang_up(connection.sock)
            return


def _hang_up(connection: socket.socket | None) -> None:
    if connection is not None:
        try:
            connection.shutdown(socket.SHUT_RDWR)  # wakes a read or write in another thread; closing alone would not
        except OSError:
            return  # it has ended already


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """List where to try. `localhost` is both loopbacks, whatever the machine's tables say; a name is looked up."""
    if host == "localhost":
        return [(socket.AF_INET, ("127.0.0.1", port)), (socket.AF_INET6, ("::1", port))]
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        return _look_up(host, port)
    return [(socket.AF_INET if version == 4 else socket.AF_INET6, (host, port))]


def _look_up(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    found: list[tuple[socket.AddressFamily, tuple[str, int]]] = []
    failure: list[OSError] = [socket.gaierror()]

    def ask() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend((family, (str(address[0]), port)) for family, _, _, _, address in answers)

    # A name server that is silent cannot be interrupted; so it is asked in a thread that ends by itself.
    asking = threading.Thread(target=ask, name=f"looking up {host}", daemon=True)
    asking.start()
    asking.join(_REACH)
    if not found:
        raise failure[0]
    return list(found)


def _why(error: Exception) -> Unreachable:
    """Say in plain words why a try failed."""
    match error:
        case TooFarError():
            return Unreachable(str(error), "forbidden")
        case socket.gaierror():
            return Unreachable("no machine of that name is known", "unknown")
        case ConnectionRefusedError():
            return Unreachable("nothing listens there: connection refused", "refused")
        case websocket.WebSocketBadStatusException():
            if error.status_code == 403:
                return Unreachable("it refused the connection (HTTP 403)", "forbidden")
            return Unreachable(f"what answers there is no WebSocket (HTTP {error.status_code})", "alien")
        case TimeoutError() | websocket.WebSocketTimeoutException():
            return Unreachable("it did not answer in time", "silent")
        case ssl.SSLError():
            return Unreachable("the secure connection could not be made", "alien")
        case websocket.WebSocketException() | ConnectionError() | ValueError() | IndexError():
            return Unreachable("what answers there is no WebSocket", "alien")
        case OSError():
            return Unreachable(reason(error) if error.strerror else "the network does not lead there")
        case _:
            return Unreachable(str(error))


def _ended(error: Exception) -> str:
    if isinstance(error, _TooLongError):
        return str(error)
    if isinstance(error, websocket.WebSocketProtocolException | websocket.WebSocketPayloadException):
        return "it sent something that is no WebSocket message"
    return "the connection was lost"

"""The wire on which a page comes to us: a WebSocket server on this machine, in a thread of its own.

How many may come is the ``door``'s business, what they say the drivers'.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from typing import Protocol
from urllib.parse import unquote, urlsplit

import wsproto
from wsproto import events
from wsproto.connection import ConnectionState
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import ProtocolError

from showrunner.devices.vocabulary import Frame
from showrunner.slotted import dataclass
from showrunner.wires import frames, msgpack, pace
from showrunner.wires.door import NO_ROOM, Door, Guest, Places
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import FULL, GOODBYE, STANDING, Connected, Disconnected, Link, Noted, Received, Unreachable

PAGES = ("http://localhost:3000", "http://127.0.0.1:3000")
"""Sites on this machine, whose pages are let in where nothing else is said; of the first a double's page is."""

MOST_REFUSED = 100
"""So many different refusals are told: whoever tries all the paths there are gets no further word."""

LONGEST = 80
"""So many characters of a path are told."""

PING, SILENCE = 1.0, 3.5
"""Seconds between two pings; and who has said nothing at all for so long is gone: browsers answer by themselves."""

TO_ASK = 5.0
"""Seconds within which who has connected asks for a WebSocket."""

PLACES = Places(64, 24)
"""A page opens up to four connections when it is loaded."""

MOST_UNREAD = 64 * 1024 * 1024
"""Whoever lets so many bytes lie takes nothing any more."""

_PAUSES = (0.5, 5.0)

_LEAVE = 1.0
"""Seconds that a goodbye may take."""

_REST = 0.02
"""How often it is looked, in seconds, whether there is room again for what comes in."""


def bind(host: str, port: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> tuple[list[socket.socket], int]:
    """Listen on a host; `localhost` is both loopbacks where there are two. Port 0: a free one, the same on both.

    Gives the sockets and the port. ``OSError`` where the port is taken or the host is not of this machine.
    """
    for _ in range(20):
        first = _listen(socket.AF_INET6 if ":" in host else socket.AF_INET, _LOOPBACK.get(host, host), port, kind)
        chosen = int(first.getsockname()[1])
        if host != "localhost":
            return [first], chosen
        try:
            return [first, _listen(socket.AF_INET6, "::1", chosen, kind)], chosen
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return [first], chosen  # a machine without IPv6
            first.close()
            if port:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on both loopbacks")


_LOOPBACK = {"localhost": "127.0.0.1"}


def _listen(family: socket.AddressFamily, host: str, port: int, kind: socket.SocketKind) -> socket.socket:
    listening = socket.socket(family, kind)
    try:
        if sys.platform == "win32":
            # On Windows the option below would let two programs share a port and neither would know.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        elif kind == socket.SOCK_STREAM:  # of datagrams it would do just that elsewhere
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((host, port))
        if kind == socket.SOCK_STREAM:
            listening.listen(256)
    except OSError:
        listening.close()
        raise
    return listening


def why_not(error: OSError, host: str, port: int) -> Unreachable:
    """Say in plain words why it cannot be listened there."""
    if error.errno in {errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)}:
        who = "another program, another showrunner, or another device of this stage"
        return Unreachable(f"port {port} is taken: {who} listens there", "taken")
    if error.errno in {errno.EACCES, getattr(errno, "WSAEACCES", None)}:
        return Unreachable(f"this machine does not let us listen on port {port}", "taken")
    if error.errno in NO_ROOM:
        return Unreachable(FULL)
    return Unreachable(f"{host} is no address of this machine", "unknown")


@dataclass(frozen=True, slots=True)
class Manners:
    """How those inside are treated.

    ``ping``: they are pinged so often (seconds; None: never), and who has said nothing for ``silence`` is gone.
    ``largest``: so many bytes a message may have. ``gone``: what is said of one that goes by itself. ``goodbye`` False:
    its goodbye is not answered (a fault on order). ``spoken``: what they may ask for as they come, see ``Way``.
    """

    ping: float | None
    silence: float
    largest: int = frames.LARGEST
    gone: str = "the page closed the connection"
    goodbye: bool = True
    spoken: Mapping[str, str] = field(default_factory=dict)


class Inside(Protocol):
    """Those inside a server. All of it happens in the thread of its loop."""

    closing: asyncio.Event

    async def live(self, sockets: list[socket.socket]) -> None:
        """Let in whoever comes at these sockets, until ``closing``; then let everybody go, and close them."""
        ...

    def send(self, connection: int, frame: Frame | str) -> None:
        """Send a frame to one of those inside, if it still is."""
        ...

    def drop(self, connection: int, reason: str, code: int) -> None:
        """Let one of those inside go, if it still is there."""
        ...


class Server:
    """A wire on which others come to us: listens on ``url``, in a thread of its own; who they are is ``inside``."""

    def __init__(self, name: str, url: str, inbox: RealInbox, inside: Inside, way: str) -> None:
        parts = urlsplit(url)
        self._name = name
        self._scheme = parts.scheme
        self._host = parts.hostname or "localhost"
        self._port = parts.port if parts.port is not None else 80
        self._path = parts.path or "/"
        self._inbox = inbox
        self._inside = inside
        self._way = way
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._trying: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address that is listened on, with the port that was found where 0 was asked for."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{self._scheme}://{host}:{self._port}{self._path}"

    def open(self) -> None:
        """Listen. Where that fails, say why and go on trying, in a thread."""
        if self._thread is None and self._trying is None and not self._closing.is_set() and not self._listen():
            self._trying = threading.Thread(target=self._try_on, name=f"wire {self._name} tries", daemon=True)
            self._trying.start()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Hand the frame to the connection; nothing happens where it has ended."""
        self._call(lambda: self._inside.send(connection, frame))

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:
        """Close one connection."""
        self._call(lambda: self._inside.drop(connection, reason, code))

    def close(self) -> None:
        """Close everything: within about two seconds no thread and no socket of this wire is left."""
        self._closing.set()
        if self._trying is not None:
            self._trying.join()
        self._call(self._inside.closing.set)
        if self._thread is not None:
            self._thread.join(4)

    def listen(self) -> None:
        """Listen, or raise ``OSError``: for whoever has no use for another try."""
        sockets, self._port = bind(self._host, self._port)
        try:
            self._loop = loop = asyncio.new_event_loop()
        except OSError:
            for listening in sockets:
                listening.close()
            raise
        self._thread = threading.Thread(
            target=_serve, args=(loop, self._inside, sockets), name=f"wire {self._name} listens", daemon=True
        )
        self._thread.start()

    def _call(self, what: Callable[[], None]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # all is closed
                self._loop.call_soon_threadsafe(what)

    def _listen(self) -> bool:
        try:
            self.listen()
        except OSError as error:
            self._inbox.put(self._name, replace(why_not(error, self._host, self._port), way=self._way))
            return False
        return True

    def _try_on(self) -> None:
        pause, longest = _PAUSES
        while not self._closing.wait(pause) and not self._listen():
            pause = min(longest, pause * 2)


class PageServer(Server):
    """A wire that pages dial: listens on ``url``; each connection gets the next number.

    ``origins``: pages of these sites are let in, besides programs (which send no Origin); None lets in everybody, and
    on any path. A page that is refused is told so (HTTP 403) and named to the user, once per site. ``manners`` are how
    those inside are treated; a page unless it is said otherwise. ``link``: what it is to its device, if not all of it.
    """

    def __init__(
        self,
        name: str,
        url: str,
        inbox: RealInbox,
        origins: tuple[str, ...] | None = PAGES,
        manners: Manners | None = None,
        link: Link | None = None,
    ) -> None:
        link = link or Link()
        path = unquote(urlsplit(url).path or "/")
        room = _Room(name, inbox, origins, path, manners or Manners(PING, SILENCE), link)
        super().__init__(name, url, inbox, room, link.way)


def _serve(loop: asyncio.AbstractEventLoop, inside: Inside, sockets: list[socket.socket]) -> None:
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(inside.live(sockets))


class _Room:
    """Who is inside a ``PageServer``. All of it in the thread of its loop."""

    def __init__(
        self,
        name: str,
        inbox: RealInbox,
        origins: tuple[str, ...] | None,
        path: str,
        manners: Manners,
        link: Link,
    ) -> None:
        self._name = name
        self._inbox = inbox
        self._origins = origins
        self._path = path
        self._manners = manners
        self._link = link
        self._refused: set[str] = set()
        self._pages: dict[int, _Page] = {}
        self._pace = pace.Pace(pace.MOST)
        self._noted = False
        self._door: Door | None = None
        self.closing = asyncio.Event()

    async def live(self, sockets: list[socket.socket]) -> None:
        """Let in whoever comes at these sockets, until ``closing``; then let everybody go, and close them."""
        self._door = door = Door(sockets, PLACES, lambda: _Page(self, self._manners), self._note)
        tasks = {asyncio.create_task(door.open()), asyncio.create_task(self.closing.wait())}
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
        for listening in sockets:
            listening.close()
        for page in list(self._pages.values()):
            page.end("it was closed", CloseReason.GOING_AWAY)
        await door.close(_LEAVE)
        for task in done:
            task.result()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Send a frame to one of those inside, if it still is."""
        page = self._pages.get(connection)
        if page is not None:
            page.send(frame)

    def drop(self, connection: int, reason: str, code: int) -> None:
        """Let one of those inside go, if it still is there."""
        page = self._pages.get(connection)
        if page is not None:
            page.end(reason, code)

    # --- what the pages tell

    def asked(self, page: _Page, origin: str | None, path: str, address: str) -> int | None:
        """Give the number of a page that asks to be let in, or None for one that is not."""
        if origin is not None and self._origins is not None and origin not in self._origins:
            self._refuse(Unreachable(f"a page from {origin[:LONGEST]} wanted in and was refused", "stranger"))
            return None
        if self._origins is not None and path != self._path:
            said = f"a page asked for {path[:LONGEST]}, but the address ends in {self._path}"
            self._refuse(Unreachable(said, "elsewhere"))
            return None
        number = next(self._link.numbers)
        self._pages[number] = page
        self._inbox.put(self._name, Connected(number, origin, address, self._link.way))
        return number

    def heard(self, number: int, frame: Frame | str, size: int) -> int:
        """Take a message; tell for how many microseconds nothing more is taken from that page."""
        now = self._inbox.gone()
        self._inbox.put(self._name, Received(number, frame), pace.weight(size))
        return self._pace.message(now, size)

    def rest(self, micros: int) -> float:
        """Give the seconds that so many microseconds are, and tell the user once that somebody has to wait."""
        if micros and not self._noted:
            self._noted = True
            self._note(pace.TOLD)
        return self._inbox.seconds(micros)

    @property
    def crowded(self) -> bool:
        """Whether so much waits to be worked off that nobody here should be read for now."""
        return self._inbox.crowded(self._name)

    def now(self) -> int:
        """Tell the microseconds that have gone, for rates."""
        return self._inbox.gone()

    def over(self, number: int, reason: str, code: int | None, *, dropped: bool) -> None:
        """Note that it is over with a page that was let in."""
        del self._pages[number]
        if not self.closing.is_set():
            self._inbox.put(self._name, Disconnected(number, reason, dropped, code))

    def left(self, page: _Page) -> None:
        """Note that a connection is closed."""
        if self._door is not None:
            self._door.left(page)

    def _note(self, what: str) -> None:
        self._inbox.put(self._name, Noted(what))

    def _refuse(self, why: Unreachable) -> None:
        """Say once that somebody was not let in, however often the same is tried."""
        if why.reason not in self._refused and len(self._refused) < MOST_REFUSED:
            self._refused.add(why.reason)
            self._inbox.put(self._name, replace(why, way=self._link.way))


class _Page(Guest):
    """One connection: it asks to be let in, and then messages go both ways."""

    def __init__(self, room: _Room, manners: Manners) -> None:
        self._room = room
        self._manners = manners
        self._loop = asyncio.get_running_loop()
        self._side = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
        self._pace = pace.Pace(pace.MOST_OF_ONE)
        self._number: int | None = None
        self._over = False
        self._said, self._told = False, 0
        self._packed = False  # it speaks MessagePack
        self._pieces: list[str] = []
        self._bytes = bytearray()
        self._size = 0
        self._heard = self._asks = self._loop.time()
        self._timer: asyncio.TimerHandle | None = None  # until it has asked; then to the next ping; then to its end
        self._resting: asyncio.TimerHandle | None = None

    @property
    def idle(self) -> bool:
        """Whether it has said nothing yet, and was told no more than a greeting."""
        return self._over or (not self._said and self._told <= 1)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for what it asks."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport
        self._after(TO_ASK, self.cut)

    def connection_lost(self, _: Exception | None) -> None:
        """Note that it is gone."""
        self._finish(self._manners.gone)
        if self._timer is not None:
            self._timer.cancel()
        self._room.left(self)

    def cut(self) -> None:
        """End it at once."""
        self._finish("it made room for others: nothing ever came from it", dropped=True)
        super().cut()

    def data_received(self, data: bytes) -> None:
        """Take what comes."""
        self._heard = self._loop.time()
        try:
            self._side.receive_data(data)
        except (ProtocolError, ValueError) as error:  # the second: signs in its head that are none
            self._refuse(getattr(error, "event_hint", None) or events.RejectConnection())
            return
        self._read_on()

    def send(self, frame: Frame | str) -> None:
        """Send it a message."""
        self._told += 1
        if self._packed and not isinstance(frame, str):
            self._write(events.BytesMessage(msgpack.write(frame)))
        else:
            self._write(events.TextMessage(frames.write(frame)))

    def end(self, reason: str, code: int = GOODBYE) -> None:
        """Say goodbye, and wait a little for the answer. That it is over is told at once."""
        if self._over:
            return
        self._finish(reason, dropped=True)
        self.transport.write(self._side.send(events.CloseConnection(code)))
        self.transport.resume_reading()
        self._after(_LEAVE, self.transport.abort)

    # --- what comes in

    def _read_on(self) -> None:
        """Take what has come, up to where a rest is due."""
        for event in self._side.events():
            rest = self._take(event)
            if not self._over and (rest or self._room.crowded):
                self.transport.pause_reading()
                self._resting = self._loop.call_later(max(_REST, self._room.rest(rest)), self._go_on)
                return

    def _go_on(self) -> None:
        self._resting = None
        if self._over:
            return
        if self._room.crowded:
            self._resting = self._loop.call_later(_REST, self._go_on)
            return
        self._read_on()
        if self._resting is None:
            self.transport.resume_reading()

    def _take(self, event: events.Event) -> int:
        """Take one thing; tell for how many microseconds nothing more is to be taken."""
        match event:
            case events.CloseConnection():
                self._goodbye(event)
                return 0
            case _ if self._over:
                return 0  # what comes behind our goodbye
            case events.Request():
                self._asked(event)
                return 0
            case events.TextMessage(data, _, finished) | events.BytesMessage(data, _, finished):
                return self._piece(data, finished=finished)
            case events.Ping():
                self._write(event.response())
        return self._pace.piece(self._room.now())

    def _asked(self, request: events.Request) -> None:
        headers = {name: value.decode("latin-1") for name, value in request.extra_headers}
        address = self.transport.get_extra_info("peername")
        path = unquote(request.target.partition("?")[0])
        number = self._room.asked(self, headers.get(b"origin"), path, str(address[0]) if address else "")
        if number is None:
            self._refuse(events.RejectConnection(status_code=403))
            return
        self._number = number
        spoken = next((name for name in request.subprotocols if name in self._manners.spoken), None)
        self._packed = spoken is not None and self._manners.spoken[spoken] == "msgpack"
        self.transport.write(self._side.send(events.AcceptConnection(subprotocol=spoken)))
        if self._manners.ping is not None:
            self._ask_again()
        elif self._timer is not None:
            self._timer.cancel()

    def _piece(self, data: str | bytes | bytearray, *, finished: bool) -> int:
        if isinstance(data, str):
            self._pieces.append(data)
        elif self._packed:
            self._bytes += data
        self._size += len(data.encode()) if isinstance(data, str) else len(data)
        if self._size > self._manners.largest:
            said = f"it sent a message of more than {self._manners.largest // 1024 // 1024} MiB"
            self.end(said, CloseReason.MESSAGE_TOO_BIG)
            return 0
        now = self._room.now()
        if not finished:
            return self._pace.piece(now)
        size, self._size, self._said = self._size, 0, True
        read = self._whole(size, binary=not isinstance(data, str))
        wait = self._room.heard(self._number or 0, read, size)
        return max(wait, self._pace.message(now, size))

    def _whole(self, size: int, *, binary: bool) -> Frame | str:
        """Read the message whose last piece has come; give a word on one that is not of the kind it asked for."""
        text, packed = "".join(self._pieces), bytes(self._bytes)
        self._pieces.clear()
        self._bytes.clear()
        if binary is not self._packed:
            return f"(a {'binary' if binary else 'text'} message of {size} bytes)"
        return msgpack.read(packed) if binary else frames.read(text)

    def _goodbye(self, event: events.CloseConnection) -> None:
        if not self._manners.goodbye:
            if self._timer is not None:
                self._timer.cancel()  # a ping is out of place now
            return
        if self._side.state is ConnectionState.REMOTE_CLOSING:
            self._finish(self._manners.gone, event.code)
            self.transport.write(self._side.send(event.response()))
        elif self._side.state is ConnectionState.OPEN:
            self._finish("it sent something that is no WebSocket message", dropped=True)
            self.transport.write(self._side.send(event))
        self.transport.close()

    # --- what goes out, and how it ends

    def _write(self, event: events.Event) -> None:
        if self._side.state is not ConnectionState.OPEN:
            return
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self._finish("it takes nothing any more", dropped=True)
            self.cut()
            return
        self.transport.write(self._side.send(event))

    def _ping(self) -> None:
        """Ask whether it is still there. Whoever is not read for now, by us, may well have answered.

        And a machine that stood asked nobody.
        """
        if self._resting is not None or self._loop.time() - self._asks > STANDING:
            self._heard = self._loop.time()
        if self._loop.time() - self._heard > self._manners.silence:
            self.end("it no longer answers", CloseReason.INTERNAL_ERROR)
            return
        self._write(events.Ping())
        self._ask_again()

    def _ask_again(self) -> None:
        every = self._manners.ping or PING
        self._asks = self._loop.time() + every
        self._after(every, self._ping)

    def _refuse(self, answer: events.Event) -> None:
        """Do not let it in, or, once it is in, have no more to do with it."""
        if self._number is None and not self._over:
            self.transport.write(self._side.send(answer))
        self._finish(self._manners.gone)
        self.transport.close()
        self._after(_LEAVE, self.transport.abort)

    def _finish(self, reason: str, code: int | None = None, *, dropped: bool = False) -> None:
        if self._over:
            return
        self._over = True
        if self._resting is not None:
            self._resting.cancel()
        if self._number is not None:
            self._room.over(self._number, reason, code, dropped=dropped)

    def _after(self, seconds: float, then: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, then)

"""The wire on which a page comes to us: a WebSocket server on this machine, in a thread of its own.

``Listening`` is the bare server (any ASGI application); ``PageServer`` the wire built on it. What pages say is the
drivers' business.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
import threading
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket, WebSocketDisconnect

from showrunner.devices.vocabulary import Frame
from showrunner.wires import frames
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Connected, Disconnected, Received, Unreachable

PAGES = ("http://localhost:3000", "http://127.0.0.1:3000")
"""Where AITuberKit's page comes from when nothing is changed."""

MOST_REFUSED = 100
"""So many different refusals are told: whoever tries all the paths there are gets no further word."""

LONGEST = 80
"""So many characters of a path are told."""

_LARGEST = 64 * 1024 * 1024
_PAUSES = (0.5, 5.0)


def bind(host: str, port: int) -> tuple[list[socket.socket], int]:
    """Listen on a host; `localhost` is both loopbacks where there are two. Port 0: a free one, the same on both.

    Gives the sockets and the port. ``OSError`` where the port is taken or the host is not of this machine.
    """
    for _ in range(20):
        first = _listen(socket.AF_INET6 if ":" in host else socket.AF_INET, _LOOPBACK.get(host, host), port)
        chosen = int(first.getsockname()[1])
        if host != "localhost":
            return [first], chosen
        try:
            return [first, _listen(socket.AF_INET6, "::1", chosen)], chosen
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return [first], chosen  # a machine without IPv6
            first.close()
            if port:
                raise
    raise OSError(errno.EADDRINUSE, "no port is free on both loopbacks")


_LOOPBACK = {"localhost": "127.0.0.1"}


def _listen(family: socket.AddressFamily, host: str, port: int) -> socket.socket:
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # On Windows the option below would let two programs share a port and neither would know.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listening.bind((host, port))
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    return listening


def _silent_at_the_end() -> type[asyncio.Protocol]:
    from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

    class Silent(WSProtocol):
        """The server's side of a WebSocket that takes a goodbye for nothing: no answer, and nothing is closed."""

        def handle_close(self, event: object) -> None:  # noqa: ARG002
            getattr(self, "stop_keepalive", lambda: None)()  # older ones have none; a ping is out of place now

    return Silent


class Listening:
    """An ASGI application served on sockets that listen already, until ``close``. Prints nothing, takes no signals.

    ``goodbye`` False: a client's closing greeting is never answered (a fault on order).
    """

    def __init__(self, name: str, application: ASGIApp, sockets: list[socket.socket], *, goodbye: bool = True) -> None:
        self._sockets = sockets
        self._server = uvicorn.Server(
            uvicorn.Config(
                application,
                ws="wsproto" if goodbye else _silent_at_the_end(),
                ws_max_size=_LARGEST,
                ws_ping_interval=2.0,
                ws_ping_timeout=2.5,
                ws_per_message_deflate=False,
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._serve, name=f"wire {name} listens", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.run(self._server.serve(sockets=self._sockets))

    def close(self) -> None:
        """Stop: open connections are ended; within about two seconds no thread and no socket is left."""
        self._server.should_exit = True
        self._thread.join(4)
        for listening in self._sockets:
            listening.close()


@dataclass(frozen=True, slots=True)
class _Page:
    """One open connection: its loop and what is still to be sent on it (None: hang up)."""

    loop: asyncio.AbstractEventLoop
    outgoing: asyncio.Queue[Frame | str | None]


class PageServer:
    """A wire that pages dial: listens on ``url``; each connection gets the next number.

    ``origins``: pages of these sites are let in, besides programs (which send no Origin); None lets in everybody, and
    on any path. A page that is refused is told so (HTTP 403) and named to the user, once per site. ``goodbye`` False:
    see ``Listening``.
    """

    def __init__(
        self,
        name: str,
        url: str,
        inbox: RealInbox,
        origins: tuple[str, ...] | None = PAGES,
        *,
        goodbye: bool = True,
    ) -> None:
        parts = urlsplit(url)
        self._name = name
        self._host = parts.hostname or "localhost"
        self._port = parts.port if parts.port is not None else 80
        self._path = parts.path or "/"
        self._inbox = inbox
        self._origins = origins
        self._goodbye = goodbye
        self._refused: set[str] = set()
        self._count = 0
        self._pages: dict[int, _Page] = {}
        self._dropped: dict[int, str] = {}
        self._lock = threading.Lock()  # guards the two above: the show's thread sends, the server's connects
        self._listening: Listening | None = None
        self._closing = threading.Event()
        self._trying: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address that is listened on, with the port that was found where 0 was asked for."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"ws://{host}:{self._port}{self._path}"

    def open(self) -> None:
        """Listen. Where that fails, say why and go on trying, in a thread."""
        if self._listening is None and self._trying is None and not self._closing.is_set() and not self._listen():
            self._trying = threading.Thread(target=self._try_on, name=f"wire {self._name} tries", daemon=True)
            self._trying.start()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Hand the frame to the connection; nothing happens where it has ended."""
        self._put(connection, frame)

    def drop(self, connection: int, reason: str) -> None:
        """Close one connection."""
        with self._lock:
            if connection in self._pages:
                self._dropped[connection] = reason
        self._put(connection, None)

    def close(self) -> None:
        """Close everything: within about two seconds no thread and no socket of this wire is left."""
        self._closing.set()
        if self._trying is not None:
            self._trying.join()
        if self._listening is not None:
            self._listening.close()
            self._listening = None

    def _put(self, connection: int, frame: Frame | str | None) -> None:
        with self._lock:
            page = self._pages.get(connection)
            if page is not None and not page.loop.is_closed():
                page.loop.call_soon_threadsafe(page.outgoing.put_nowait, frame)

    def listen(self) -> None:
        """Listen, or raise ``OSError``: for whoever has no use for another try."""
        sockets, self._port = bind(self._host, self._port)
        application = Starlette(routes=[WebSocketRoute("/{path:path}", self._meet)])
        self._listening = Listening(self._name, application, sockets, goodbye=self._goodbye)

    def _listen(self) -> bool:
        try:
            self.listen()
        except OSError as error:
            self._inbox.put(self._name, self._why(error))
            return False
        return True

    def _try_on(self) -> None:
        pause, longest = _PAUSES
        while not self._closing.wait(pause) and not self._listen():
            pause = min(longest, pause * 2)

    def _why(self, error: OSError) -> Unreachable:
        if error.errno in {errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", None)}:
            who = "another program, another showrunner, or another device of this stage"
            return Unreachable(f"port {self._port} is taken: {who} listens there", "taken")
        if error.errno in {errno.EACCES, getattr(errno, "WSAEACCES", None)}:
            return Unreachable(f"this machine does not let us listen on port {self._port}", "taken")
        return Unreachable(f"{self._host} is no address of this machine", "unknown")

    async def _meet(self, page: WebSocket) -> None:
        origin = page.headers.get("origin")
        path = page.scope["path"]
        if origin is not None and self._origins is not None and origin not in self._origins:
            self._refuse(Unreachable(f"a page from {origin} wanted in and was refused", "stranger"))
            await page.close()
            return
        if self._origins is not None and path != unquote(self._path):
            said = f"a page asked for {path[:LONGEST]}, but the address ends in {self._path}"
            self._refuse(Unreachable(said, "elsewhere"))
            await page.close()
            return
        await page.accept()
        here = _Page(asyncio.get_running_loop(), asyncio.Queue())
        with self._lock:
            self._count += 1
            number = self._count
            self._pages[number] = here
        self._inbox.put(self._name, Connected(number, origin))
        writing = asyncio.create_task(_write(page, here.outgoing))
        try:
            await self._read(number, page)
        finally:
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writing
            with self._lock:
                del self._pages[number]
                reason = self._dropped.pop(number, "the page closed the connection")
            if not self._closing.is_set():
                self._inbox.put(self._name, Disconnected(number, reason))

    def _refuse(self, why: Unreachable) -> None:
        """Say once that somebody was not let in, however often the same is tried."""
        if why.reason not in self._refused and len(self._refused) < MOST_REFUSED:
            self._refused.add(why.reason)
            self._inbox.put(self._name, why)

    async def _read(self, number: int, page: WebSocket) -> None:
        while True:
            message = await page.receive()
            if message["type"] == "websocket.disconnect":
                return
            text = message.get("text")
            if text is not None:
                self._inbox.put(self._name, Received(number, frames.read(text)))
            else:
                self._inbox.put(self._name, Received(number, f"(a binary message of {len(message['bytes'])} bytes)"))


async def _write(page: WebSocket, outgoing: asyncio.Queue[Frame | str | None]) -> None:
    try:
        while (frame := await outgoing.get()) is not None:
            await page.send_text(frames.write(frame))
        await page.close()
    except (WebSocketDisconnect, RuntimeError):
        return  # it has ended (Starlette's words for it); the reader says so

"""The console's server: finds its port, serves the site in a thread of its own, and leaves nothing behind.

What is answered is in ``site``, who is let in in ``guard``.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from showrunner.console.desk import Desk
from showrunner.console.guard import EVERYWHERE, Guard
from showrunner.console.hub import Hub
from showrunner.console.site import PAGE, Site, role_of
from showrunner.console.tokens import ROLES, Tokens
from showrunner.wires.door import NO_ROOM, Door, Guest, Places
from showrunner.wires.server import bind
from showrunner.wires.wire import FULL

NEXT = 20
"""So many ports are tried where the one asked for is taken, then any."""

TO_ASK = 10.0
"""A connection on which nothing whole is asked for so many seconds is closed."""

GRACE = 2
"""So many seconds a reader has to take the last entries before his connection is cut."""

MOST, MOST_FROM_ONE = 128, 96
"""So many connections at once, and so many of one address. These places are the console's own: however many crowd at a
device's port, the operator comes in here, and the other way round.
"""

_TAKEN = {errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE), getattr(errno, "WSAEACCES", -1)}
"""Windows also keeps whole ranges of ports for others (the last one): a port beside them will do."""


class Console:
    """The console of one run: open it, print ``operator_url`` and ``cast_url``, close it when the show is over.

    ``host`` and ``port`` are those of the stage file; ``names`` further names by which the machine is called. ``notes``
    are sentences for the user: that the port is another one, that others on the network can reach it.
    """

    def __init__(
        self,
        hub: Hub,
        desk: Desk,
        tokens: Tokens,
        host: str = "127.0.0.1",
        port: int = 8765,
        names: Iterable[str] = (),
        page: Path = PAGE,
    ) -> None:
        self._hub = hub
        self._desk = desk
        self._tokens = tokens
        self._host = host
        self._names = tuple(names)
        self._page = page
        self.port = port
        self.notes: list[str] = [] if tokens.warning is None else [tokens.warning]
        self._sockets: list[socket.socket] = []
        self._thread: threading.Thread | None = None
        self._executors: list[ThreadPoolExecutor] = []
        self._door: Door | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._living = threading.Event()

    @property
    def operator_url(self) -> str:
        """The address for whoever calls the show."""
        return f"{self._address}/?token={self._tokens.operator}"

    @property
    def cast_url(self) -> str:
        """The address for those who only look on."""
        return f"{self._address}/?cast={self._tokens.cast}"

    @property
    def network_url(self) -> str | None:
        """The operator's address for a phone, where the console is open to all of the network."""
        if self._host not in EVERYWHERE:
            return None
        own = _own_address(socket.AF_INET6 if self._host == "::" else socket.AF_INET)
        return None if own is None else f"{_site(own, self.port)}/?token={self._tokens.operator}"

    @property
    def _address(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104
        return _site(host, self.port)

    def open(self) -> str | None:
        """Begin to serve; give in one sentence why that cannot be, if it cannot."""
        asked = self.port
        try:
            self._sockets, self.port = self._bind(asked)
            self._loop = asyncio.new_event_loop()
        except OSError as error:
            for listening in self._sockets:
                listening.close()
            return self._why(error, asked)
        if asked and self.port != asked:
            self.notes.append(
                f"port {asked} is taken (another program, or another showrunner); the console is at port {self.port}"
            )
        if self._host in EVERYWHERE:
            phone = self.network_url
            self.notes.append(
                "the console can be reached from the whole network"
                f"{'' if phone is None else f', from a phone as {phone}'}; "
                "whoever has that address can press, and whoever can read the network's traffic can read it"
            )
        presses, urgent = ThreadPoolExecutor(1, "console presses"), ThreadPoolExecutor(1, "console urgent")
        scores = {role: ThreadPoolExecutor(2, f"console score for {role}") for role in ROLES}
        self._executors = [presses, urgent, *scores.values()]
        guard = Guard(self._tokens, self._host, self.port, self._names)
        site = Site(self._hub, self._desk, guard, presses, urgent, scores, self._drop, self._page)
        server = uvicorn.Server(
            uvicorn.Config(
                site,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="critical",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=int(TO_ASK),
                timeout_graceful_shutdown=GRACE,
            )
        )
        self._thread = threading.Thread(target=self._serve, args=(self._loop, server), name="console", daemon=True)
        self._thread.start()
        return None

    def close(self) -> None:
        """End it: readers get what they have not had yet; within about three seconds nothing of it is left."""
        if self._thread is None:
            return
        self._living.wait(5)
        if self._loop is not None and self._stopping is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(GRACE + 3)
        for listening in self._sockets:
            listening.close()
        for executor in self._executors:
            # Waited for in a thread: a desk that hangs must not keep us.
            ending = threading.Thread(target=executor.shutdown, kwargs={"cancel_futures": True}, daemon=True)
            ending.start()
            ending.join(1)
        self._thread = None

    def _serve(self, loop: asyncio.AbstractEventLoop, server: uvicorn.Server) -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(self._live(server))

    async def _live(self, server: uvicorn.Server) -> None:
        loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        loop.set_exception_handler(_quiet)
        self._living.set()
        self._hub.attach(loop)
        door = self._door = Door(self._sockets, Places(MOST, MOST_FROM_ONE), lambda: _Connection(server, door))
        letting_in = asyncio.create_task(door.open())
        # It listens nowhere itself: who comes in is the door's business.
        serving = asyncio.create_task(server.serve(sockets=[]))
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({letting_in, serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        letting_in.cancel()
        await asyncio.wait({letting_in})
        for listening in self._sockets:
            listening.close()
        # Streams have no end of their own: they are told, and then the server waits for nobody.
        self._hub.close()
        server.should_exit = True
        await serving
        stopping.cancel()
        await door.close(0)
        self._hub.attach(None)

    def _drop(self, client: tuple[str, int]) -> None:
        """Cut the connection of a client (host, port) that takes nothing any more. In the server's loop."""
        for guest in self._door.inside if self._door is not None else ():
            if isinstance(guest, _Connection) and guest.client == tuple(client):
                guest.cut()

    def _bind(self, asked: int) -> tuple[list[socket.socket], int]:
        ports = [asked, *range(asked + 1, min(asked + 1 + NEXT, 65536)), 0] if asked else [0]
        for port in ports[:-1]:
            try:
                return bind(self._host, port)
            except OSError as error:
                if error.errno not in _TAKEN:
                    raise
        return bind(self._host, ports[-1])

    def _why(self, error: OSError, asked: int) -> str:
        if error.errno == errno.EACCES:
            return (
                f"this machine does not let us listen on port {asked}; "
                "write another one into the stage file: `console: {port: 8765}`"
            )
        if error.errno in NO_ROOM:
            return f"{FULL}; so there is no console"
        if error.errno in _TAKEN:
            return "no port is free for the console; write one into the stage file: `console: {port: 8765}`"
        return (
            f"`{self._host}` is no address of this machine, so the console cannot be there; "
            "write `console: {host: 127.0.0.1}` into the stage file"
        )


def _site(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address(family: socket.AddressFamily) -> str | None:
    """Give this machine's address in its network, if it is in one."""
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as asking:
            # Nothing is sent: the system only works out from where it would be (to addresses that are nobody's).
            asking.connect(("2001:db8::1" if family == socket.AF_INET6 else "192.0.2.1", 9))
            return str(asking.getsockname()[0])
    except OSError:
        return None


def _quiet(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # A connection that breaks in the middle is everyday; on Windows the loop would tell the terminal about it.
    if not isinstance(context.get("exception"), ConnectionError):
        loop.default_exception_handler(context)


class _Connection(H11Protocol, Guest):
    """uvicorn's, but that a door keeps it, and that it is closed where nothing is asked for."""

    def __init__(self, server: uvicorn.Server, door: Door) -> None:
        super().__init__(server.config, server.server_state, {})
        self._door = door
        self._waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._door.left(self)
        super().connection_lost(exc)

    @property
    def idle(self) -> bool:
        """Whether nothing is being answered; half a question is none."""
        return self.cycle is None or self.cycle.response_complete

    @property
    def claim(self) -> int | None:
        """Idle ones go first, but who has not asked yet may be the operator; then all of the cast: it comes again."""
        if self.cycle is None:
            return 1
        role = role_of(self.cycle.scope)
        if not self.idle:
            return 2 if role == "cast" else None
        return 3 if role == "operator" else 0

    def _wait(self) -> None:
        # Whatever trickles in: a question comes whole within this time.
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = self.loop.call_later(TO_ASK, self._never_asked)

    def _never_asked(self) -> None:
        if self.idle:
            self.cut()

"""The door at a port that others can reach: so many come in, and whoever only stands there, or has the least claim to
be there, makes room for the next.

What is said inside is the guests' business. Everything here happens in one loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable

from showrunner.slotted import dataclass
from showrunner.wires.wire import FULL

PAUSE = 0.5
"""Seconds until it is tried again where this machine has no more room for a connection."""

BREATH = 0.01
"""Seconds until the next one is met after one that could not be."""

MOST_SAID = 20
"""So many different things are told: whoever comes from all the addresses there are gets no further word."""

NO_ROOM = {
    errno.EMFILE,
    errno.ENFILE,
    errno.ENOBUFS,
    errno.ENOMEM,
    getattr(errno, "WSAEMFILE", errno.EMFILE),
    getattr(errno, "WSAENOBUFS", errno.ENOBUFS),
}
"""What a system says that has no more room for a connection or a file."""


class Guest(asyncio.Protocol, ABC):
    """One connection. Whoever makes one lets the door know when it is lost (``Door.left``)."""

    transport: asyncio.Transport

    @property
    @abstractmethod
    def idle(self) -> bool:
        """Whether nothing has come of it so far, or nothing more will."""

    @property
    def claim(self) -> int | None:
        """How much of a claim it has to its place: where all are taken, who has the least goes. None: it stays."""
        return 0 if self.idle else None

    def cut(self) -> None:
        """End it at once, without a word."""
        self.transport.abort()


@dataclass(frozen=True, slots=True)
class Places:
    """How many may be inside: in all, and from one address."""

    all: int
    of_one: int


class Door:
    """Lets in who comes at ``sockets`` that listen, as long as there are ``places``.

    ``make`` gives a new guest. ``say`` gets, once each, what a user should know.
    """

    def __init__(
        self,
        sockets: list[socket.socket],
        places: Places,
        make: Callable[[], Guest],
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._sockets = sockets
        self._places = places
        self._make = make
        self._say = say
        self._said: set[str] = set()
        self._inside: dict[Guest, str] = {}  # and where each came from; who came first is the first
        self._empty = asyncio.Event()

    @property
    def inside(self) -> list[Guest]:
        """Those that are inside, in the order in which they came."""
        return list(self._inside)

    def left(self, guest: Guest) -> None:
        """Note that a guest has gone."""
        self._inside.pop(guest, None)
        if not self._inside:
            self._empty.set()

    async def open(self) -> None:
        """Let in whoever comes, until cancelled."""
        for listening in self._sockets:
            listening.setblocking(False)
        await asyncio.gather(*map(self._stand_at, self._sockets))

    async def close(self, patience: float) -> None:
        """Wait so many seconds for those inside to leave, and cut whoever is left."""
        if not self._inside:
            return
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), patience)
        for guest in self.inside:
            guest.cut()
        await self._empty.wait()

    async def _stand_at(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                met, address = await loop.sock_accept(listening)
            except OSError as error:
                if error.errno in NO_ROOM:
                    # Who waits there is still there: tried again at once, it would be the same, without end.
                    self._tell(f"{FULL}; whoever comes now waits")
                    await asyncio.sleep(PAUSE)
                else:
                    await asyncio.sleep(BREATH)  # it went away before it was met, most likely
                continue
            await self._let_in(met, address[0])

    async def _let_in(self, met: socket.socket, address: str) -> None:
        alike = [guest for guest, came_from in self._inside.items() if came_from == address]
        for there, most, where in (
            (alike, self._places.of_one, f" from {address}"),
            (self.inside, self._places.all, ""),
        ):
            if len(there) < most:
                continue
            self._tell(f"more than {most} connections at once{where}: idle ones are closed, else those that come")
            claims = [(claim, guest) for guest in there if (claim := guest.claim) is not None]
            if not claims:
                met.close()
                return
            # Of equal ones who came first.
            min(claims, key=lambda one: one[0])[1].cut()
            await asyncio.sleep(0)  # it is told that it is lost
        with contextlib.suppress(OSError):  # it is gone, and that will be noticed
            # Else the second of two messages in a row waits for the other side's word on the first, some 40 ms.
            met.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        guest = self._make()
        self._inside[guest] = address
        self._empty.clear()
        await asyncio.get_running_loop().connect_accepted_socket(lambda: guest, met)

    def _tell(self, what: str) -> None:
        if what not in self._said and len(self._said) < MOST_SAID:
            self._said.add(what)
            self._say(what)

"""Doubles on real sockets: what `simulate` and `run --doubles` start, on this machine's loopback only.

One thread per double takes from an inbox, as a performance does, only from the other end of the wire. What a double
does is its own business.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Literal
from urllib.parse import urlsplit

from showrunner.devices.vocabulary import Double, Emit, Frame, Hang, Reaction
from showrunner.wires.frames import LARGEST_OF_DOUBLES
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PAGES, Manners, PageServer
from showrunner.wires.tempo import Tempo
from showrunner.wires.trouble import CALM, Mischief, Trouble
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Arrival, Connected, Disconnected, Noted, Pressed, Received, Unreachable

PAGE_PAUSES = (1.0, 30.0)
"""Seconds between a page's tries: 1, 2, 4, 8, 16, 30, 30 …."""

GLANCE = 250_000
"""How often it is looked what the audience sees, if anybody wants to know: an emote ends without a word."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
"""The names of this machine that a double listens on."""


class HostedDouble:
    """A double that real programs can talk to.

    ``connects`` ``client``: it listens on ``url`` (any path, port 0 for a free one) and clients dial it. ``server``: it
    is a page that dials the server at ``url``, and again as the page does; ``at_load`` connections at first (the real
    page opens two), of which the last one stays, each from the site ``origin``. ``trouble`` is what goes wrong on the
    way, ``tempo`` how fast its time goes. ``ping``: it pings those that dial it every so many seconds, and drops who
    does not answer; else it pings nobody. ``on_frame`` sees each frame (``in`` or ``out`` as the double sees it),
    ``on_visible`` what the audience sees, when it changes, ``on_visit`` is told in words who comes, goes and is
    dropped; all are called in its thread.
    """

    def __init__(
        self,
        name: str,
        double: Double,
        connects: Literal["client", "server"],
        url: str,
        *,
        trouble: Trouble = CALM,
        at_load: int = 2,
        origin: str | None = None,
        tempo: Tempo | None = None,
        ping: float | None = None,
        on_frame: Callable[[str, Frame | str], None] | None = None,
        on_visible: Callable[[str], None] | None = None,
        on_visit: Callable[[str], None] | None = None,
    ) -> None:
        if connects == "client" and urlsplit(url).hostname not in LOOPBACK:
            raise ValueError(f"a double listens on this machine's loopback only, not on {url}")
        self._name = name
        self._double = double
        self._trouble = trouble
        self._mischief = Mischief(trouble)
        self._on_frame = on_frame
        self._on_visible = on_visible
        self._on_visit = on_visit
        self._inbox = RealInbox(tempo)
        self._server: PageServer | None = None
        self._dialling: list[ClientWire] = []
        if connects == "client":
            # Who has not answered one ping when the next is due is dropped.
            manners = Manners(
                ping, 1.5 * (ping or 0), LARGEST_OF_DOUBLES, "the program closed the connection", not trouble.no_goodbye
            )
            self._server = PageServer(f"0 {name}", url, self._inbox, None, manners)
        else:
            self._dialling = [
                ClientWire(
                    f"{number} {name}",
                    url,
                    self._inbox,
                    pauses=PAGE_PAUSES,
                    jitter=False,
                    origin=origin or PAGES[0],
                    goodbye=not trouble.no_goodbye,
                )
                for number in range(at_load)
            ]
        self._links: dict[tuple[int, int], int] = {}  # (wire, its connection) -> the double's connection
        self._connections = 0
        self._released: dict[int, int] = {}
        self._pending: list[tuple[int, int, Callable[[int], None]]] = []
        self._counter = 0
        self._orders: deque[tuple[str, str | None, Future[str | None]]] = deque()
        self._closing = False
        self._loaded = False
        self._seen = self._told = ""
        self._thread = threading.Thread(target=self._live, name=f"double {name}", daemon=True)

    @property
    def listens(self) -> bool:
        """Tell whether it is dialled, and is no page that dials."""
        return self._server is not None

    @property
    def url(self) -> str:
        """Where it listens (a double that is dialled)."""
        if self._server is None:
            raise ValueError("a page listens nowhere")
        return self._server.url

    def open(self) -> None:
        """Begin to listen (``OSError`` where the port is taken), or to dial."""
        if self._server is not None:
            self._server.listen()
        for wire in self._dialling[:1]:
            wire.open()
        self._thread.start()

    def close(self) -> None:
        """End it: within about two seconds no thread and no socket of it is left."""
        self._closing = True
        self._inbox.put("", Pressed("stop"))
        if self._thread.is_alive():
            self._thread.join()
        for wire in self._dialling:
            wire.close()
        if self._server is not None:
            self._server.close()

    def switch(self, name: str, value: str | None = None) -> str | None:
        """Flip a switch of the double, from any thread; give what was wrong with it, if anything."""
        answer: Future[str | None] = Future()
        self._orders.append((name, value, answer))
        self._inbox.put("", Pressed("switch"))
        return answer.result(timeout=5)

    # ---------------------------------------------------------------------------------------------- the double's thread

    def _live(self) -> None:
        now = 0
        self._look(now)
        self._nudge_later(now)
        while not self._closing:
            due = self._double.deadline
            glance = now + GLANCE if self._on_visible is not None else None
            coming = self._pending[0][0] if self._pending else None
            until = min((at for at in (due, coming, glance) if at is not None), default=None)
            arrival = self._inbox.next(until)
            now = max(now, arrival.at if arrival is not None else until or 0)
            if arrival is not None:
                self._take(arrival, now)
            elif self._pending and self._pending[0][0] <= now:
                heapq.heappop(self._pending)[2](now)
            elif due is not None and due <= now:
                self._react(self._double.elapsed(now), now)
            self._look(now)

    def _look(self, now: int) -> None:
        if self._on_visible is not None and (visible := self._double.visible(now)) != self._seen:
            self._seen = visible
            self._on_visible(visible)

    def _take(self, arrival: Arrival, now: int) -> None:
        wire = int(arrival.device.split(" ")[0]) if arrival.device else 0
        match arrival.what:
            case Pressed():
                while self._orders:
                    name, value, answer = self._orders.popleft()
                    reactions, wrong = self._double.switch(name, value, now)
                    self._react(reactions, now)
                    answer.set_result(wrong)
            case Connected(connection, origin, address):
                self._connections += 1
                self._links[wire, connection] = self._connections
                self._visit(f"{self._connections} has come{_whence(origin, address)}" if self.listens else "connected")
                self._react(self._double.connected(self._connections, now), now)
                if wire + 1 < len(self._dialling):
                    self._dialling[wire + 1].open()
                elif wire and not self._loaded:
                    self._leave_surplus(wire, now)
            case Disconnected(connection, reason, dropped):
                ended = self._links.pop((wire, connection), None)
                if ended is not None:
                    self._visit(f"{ended} {'was dropped' if dropped else 'has gone'}: {reason}")
                    self._released.pop(ended, None)
                    self._react(self._double.disconnected(ended, now), now)
            case Received(connection, frame):
                link = self._links.get((wire, connection))
                if link is not None:
                    self._later(now + self._trouble.latency, now, lambda then: self._hear(link, frame, then))
            case Unreachable(said) | Noted(said):
                self._visit(said)

    def _visit(self, said: str) -> None:
        """Tell who comes and goes; the same failure is told once, however often it is tried again."""
        if self._on_visit is not None and said != self._told:
            self._told = said
            self._on_visit(said)

    def _leave_surplus(self, last: int, now: int) -> None:
        self._loaded = True
        for wire in range(last):
            self._dialling[wire].close()
            for key in [key for key in self._links if key[0] == wire]:
                self._react(self._double.disconnected(self._links.pop(key), now), now)

    def _hear(self, link: int, frame: Frame | str, now: int) -> None:
        if self._on_frame is not None:
            self._on_frame("in", frame)
        if link in self._links.values():
            self._react(self._double.received(link, frame, now), now)

    def _react(self, reactions: Sequence[Reaction], now: int) -> None:
        for reaction in reactions:
            for really in self._mischief.out(reaction):
                self._leave(really, now)

    def _nudge_later(self, now: int) -> None:
        every = self._trouble.nudge_every
        if every is not None:
            self._later(now + every, now, self._nudge)

    def _nudge(self, now: int) -> None:
        nudge = self._mischief.nudge()
        if nudge is not None:
            self._react(self._double.switch(*nudge, now)[0], now)
            self._nudge_later(now)

    def _leave(self, reaction: Reaction, now: int) -> None:
        # Messages of one connection never overtake each other, however late one is.
        at = max(now + self._mischief.delay(), self._released.get(reaction.connection, 0))
        self._released[reaction.connection] = at
        self._later(at, now, lambda _: self._put(reaction))

    def _later(self, at: int, now: int, thing: Callable[[int], None]) -> None:
        if at <= now:
            thing(now)
            return
        self._counter += 1
        heapq.heappush(self._pending, (at, self._counter, thing))

    def _put(self, reaction: Reaction) -> None:
        if isinstance(reaction, Emit) and self._on_frame is not None:
            self._on_frame("out", reaction.frame)
        for (wire, connection), link in self._links.items():
            if link != reaction.connection:
                continue
            way = self._server if self._server is not None else self._dialling[wire]
            match reaction:
                case Emit(_, frame):
                    way.send(connection, frame)
                case Hang():
                    way.drop(connection, "closed by the double")


def _whence(origin: str | None, address: str | None) -> str:
    return (f" from {address}" if address else "") + (f", a page of {origin}" if origin else "")

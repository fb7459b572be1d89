"""Doubles on real sockets: what `simulate` and `run --doubles` start, on this machine's loopback only.

One thread per double takes from an inbox, as a performance does, only from the other end of the wire. What a double
does is its own business.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from urllib.parse import urlsplit

from showrunner.devices.vocabulary import Double, Emit, Frame, Hang, Reaction, Way
from showrunner.slotted import dataclass
from showrunner.wires.datagram import DatagramListener, DatagramSender, coding
from showrunner.wires.frames import LARGEST_OF_DOUBLES
from showrunner.wires.http import HttpWire
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PAGES, Manners, PageServer, Server
from showrunner.wires.sse import EventsWire
from showrunner.wires.tempo import Tempo
from showrunner.wires.trouble import CALM, Mischief, Trouble
from showrunner.wires.web import Branch, WebServer
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import (
    Arrival,
    Connected,
    Disconnected,
    Link,
    Noted,
    Pressed,
    Received,
    Unreachable,
    Wire,
)

PAGE_PAUSES = (1.0, 30.0)
"""Seconds between a page's tries: 1, 2, 4, 8, 16, 30, 30 …."""

GLANCE = 250_000
"""How often it is looked what the audience sees, if anybody wants to know: an emote ends without a word."""

LOOPBACK = {"localhost", "127.0.0.1", "::1"}
"""The names of this machine that a double listens on."""


class HostedDouble:
    """A double that real programs can talk to.

    ``ways`` with the address of each. By one that ``connects`` as ``client`` it listens there (any path, port 0 for a
    free one) and clients dial it. ``server``: it is a page that dials the server there, and again as the page does;
    ``at_load`` connections at first (the real page opens two), of which the last one stays, each from the site
    ``origin``. ``trouble`` is what goes wrong on the
    way, ``tempo`` how fast its time goes. ``ping``: it pings those that dial it every so many seconds, and drops who
    does not answer; else it pings nobody. ``on_frame`` sees each frame (``in`` or ``out`` as the double sees it),
    ``on_visible`` what the audience sees, when it changes, ``on_visit`` is told in words who comes, goes and is
    dropped; all are called in its thread.
    """

    def __init__(
        self,
        name: str,
        double: Double,
        ways: Mapping[Way, str],
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
        for way, url in ways.items():
            if way.connects == "client" and urlsplit(url).hostname not in LOOPBACK:
                raise ValueError(f"a double listens on this machine's loopback only, not on {url}")
        self._name = name
        self._double = double
        self._trouble = trouble
        self._mischief = Mischief(trouble)
        self._on_frame = on_frame
        self._on_visible = on_visible
        self._on_visit = on_visit
        self._inbox = RealInbox(tempo)
        # Who has not answered one ping when the next is due is dropped.
        self._manners = Manners(
            ping, 1.5 * (ping or 0), LARGEST_OF_DOUBLES, "the program closed the connection", not trouble.no_goodbye
        )
        self._origin = origin or PAGES[0]
        self._numbers = count(1)
        self._sides: list[_Side] = []
        for together in _shared(ways):
            way = together[0]
            for nth in range(at_load if way.connects == "server" and way.encoding == "json" else 1):
                self._sides.append(self._side({one: ways[one] for one in together}, nth))
        self._open: dict[int, _Side] = {}  # by connection
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
        return bool(self.urls)

    @property
    def url(self) -> str:
        """Where it listens by the first way by which it does."""
        if not self.listens:
            raise ValueError("a page listens nowhere")
        return next(iter(self.urls.values()))

    @property
    def urls(self) -> Mapping[Way, str]:
        """Where it listens, by the ways by which it does."""
        return {way: url for side in self._sides for way, url in side.urls().items()}

    def open(self) -> None:
        """Begin to listen (``OSError`` where a port is taken), and to dial."""
        try:
            for side in self._sides:
                if isinstance(side.wire, Server | DatagramListener):
                    side.wire.listen()
                elif not side.nth:
                    side.wire.open()
        except OSError:
            for side in self._sides:
                side.wire.close()
            raise
        self._thread.start()

    def close(self) -> None:
        """End it: within about two seconds no thread and no socket of it is left."""
        self._closing = True
        self._inbox.put("", Pressed("stop"))
        if self._thread.is_alive():
            self._thread.join()
        for side in self._sides:
            side.wire.close()

    def switch(self, name: str, value: str | None = None) -> str | None:
        """Flip a switch of the double, from any thread; give what was wrong with it, if anything."""
        answer: Future[str | None] = Future()
        self._orders.append((name, value, answer))
        self._inbox.put("", Pressed("switch"))
        return answer.result(timeout=5)

    def _side(self, ways: Mapping[Way, str], nth: int) -> _Side:
        """Make the double's end of a way, or of several that share a server; of several at load the ``nth``."""
        name = f"{len(self._sides)} {self._name}"
        links = {way: Link(way.name, self._numbers) for way in ways}
        (way, url), link = next(iter(ways.items())), next(iter(links.values()))
        wire: Wire
        if way.encoding in _WEB and way.connects == "client":
            branches = [_branch(one, at, links[one]) for one, at in ways.items()]
            wire = WebServer(name, url.removesuffix(urlsplit(url).path), self._inbox, branches)
        elif way.encoding == "http":
            wire = HttpWire(name, url, self._inbox, link=link)
        elif way.encoding == "sse":
            wire = EventsWire(name, url, self._inbox, link=link)
        elif way.encoding != "json" and way.connects == "client":
            wire = DatagramListener(name, url, self._inbox, coding(way.encoding), link=link)
        elif way.encoding != "json":
            wire = DatagramSender(name, url, self._inbox, coding(way.encoding), link=link)
        elif way.connects == "client":
            manners = replace(self._manners, spoken=dict(way.spoken))
            wire = PageServer(name, url, self._inbox, None, manners, link)
        else:
            wire = ClientWire(
                name,
                url,
                self._inbox,
                pauses=PAGE_PAUSES,
                jitter=False,
                origin=self._origin,
                goodbye=self._manners.goodbye,
                link=link,
            )
        return _Side(ways, wire, nth)

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
        side = self._sides[int(arrival.device.split(" ")[0]) if arrival.device else 0]
        match arrival.what:
            case Pressed():
                while self._orders:
                    name, value, answer = self._orders.popleft()
                    reactions, wrong = self._double.switch(name, value, now)
                    self._react(reactions, now)
                    answer.set_result(wrong)
            case Connected(connection, origin, address, way):
                self._open[connection] = side
                listens = side.first.connects == "client"
                self._visit(f"{connection} has come{_whence(origin, address)}" if listens else "connected")
                self._react(self._double.connected(connection, now, way), now)
                if not listens:
                    self._load(side, now)
            case Disconnected(connection, reason, dropped):
                if self._open.pop(connection, None) is not None:
                    self._visit(f"{connection} {'was dropped' if dropped else 'has gone'}: {reason}")
                    self._released.pop(connection, None)
                    self._react(self._double.disconnected(connection, now), now)
            case Received(connection, frame):
                if connection in self._open:
                    self._later(now + self._trouble.latency, now, lambda then: self._hear(connection, frame, then))
            case Unreachable(said) | Noted(said):
                self._visit(said)

    def _visit(self, said: str) -> None:
        """Tell who comes and goes; the same failure is told once, however often it is tried again."""
        if self._on_visit is not None and said != self._told:
            self._told = said
            self._on_visit(said)

    def _load(self, side: _Side, now: int) -> None:
        """Open the next connection of a page that is being loaded; with the last one the others are left."""
        alike = [one for one in self._sides if one.first == side.first]
        if side is not alike[-1]:
            alike[side.nth + 1].wire.open()
        elif side.nth and not self._loaded:
            self._loaded = True
            for surplus in alike[:-1]:
                surplus.wire.close()
                for connection in [number for number, one in self._open.items() if one is surplus]:
                    del self._open[connection]
                    self._react(self._double.disconnected(connection, now), now)

    def _hear(self, connection: int, frame: Frame | str, now: int) -> None:
        if self._on_frame is not None:
            self._on_frame("in", frame)
        if connection in self._open:
            self._react(self._double.received(connection, frame, now), now)

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
        side = self._open.get(reaction.connection)
        if side is None:
            return
        match reaction:
            case Emit(connection, frame):
                side.wire.send(connection, frame)
            case Hang(connection, code, why):
                if why:
                    self._visit(why)
                side.wire.drop(connection, why or "closed by the double", code)


@dataclass(frozen=True, slots=True)
class _Side:
    """The double's end of ``ways`` with their addresses; ``nth`` of those that a page opens when it is loaded."""

    ways: Mapping[Way, str]
    wire: Wire
    nth: int

    @property
    def first(self) -> Way:
        return next(iter(self.ways))

    def urls(self) -> dict[Way, str]:
        """Give where it listens, with the port that was found; empty where it dials."""
        if not isinstance(self.wire, Server | DatagramListener):
            return {}
        found = urlsplit(self.wire.url)
        return {
            way: f"{found.scheme}://{found.netloc}{urlsplit(url).path or found.path}" for way, url in self.ways.items()
        }


_WEB = {"http", "sse"}


def _shared(ways: Mapping[Way, str]) -> list[tuple[Way, ...]]:
    """Put together what one server is for: requests and events that are asked for at one setting's address."""
    found: dict[tuple[str, str], tuple[Way, ...]] = {}
    for way in ways:
        web = way.encoding in _WEB and way.connects == "client"
        key = ("", way.setting) if web else (way.name, way.setting)
        found[key] = (*found.get(key, ()), way)
    return list(found.values())


def _branch(way: Way, url: str, link: Link) -> Branch:
    path = urlsplit(url).path.removesuffix("/")
    return Branch(path, "sse" if way.encoding == "sse" else "http", link, LARGEST_OF_DOUBLES)


def _whence(origin: str | None, address: str | None) -> str:
    return (f" from {address}" if address else "") + (f", a page of {origin}" if origin else "")

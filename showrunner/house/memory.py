"""A house in this process: log, store and words on the virtual clock of a ``World``. What goes wrong is on order.

Each machine has its own ``Desk``; the server may be ``down``, a desk ``cut`` off or its machine ``frozen``. A word that
is said while the way is down is lost, as on a real server.
"""

from __future__ import annotations

from collections.abc import Callable

from showrunner.house.bus import MAIL, Appended, Fetched, Found, Kept, Line, Loaded, News, Recorded, Said, Unsure
from showrunner.house.messages import Kind
from showrunner.wires.loopback import World
from showrunner.wires.wire import Mail

LATENCY = 300
"""So many microseconds a message is under way, each way."""

MOST = 256
"""So many records are read in one go."""

APART = "|"
"""Between the name of a machine and `house`, where its mail arrives."""


class Server:
    """What all desks share. ``down``: nobody reaches it. ``full``: its disk takes no more."""

    def __init__(self, world: World, latency: int = LATENCY) -> None:
        self.world = world
        self.latency = latency
        self.down = False
        self.full = False
        self.logs: dict[str, list[tuple[int, Kind, bytes]]] = {}
        self.ends: dict[str, int] = {}
        self.kept: dict[str, bytes] = {}
        self.desks: dict[str, Desk] = {}
        self.appends = 0
        self.refused = 0
        self.lose_next = 0
        """So many acknowledgements of the next appends are lost."""

    def desk(self, name: str) -> Desk:
        """Give a machine its way in; one of the same name takes its place."""
        self.desks[name] = Desk(self, name)
        return self.desks[name]

    def reach(self, desk: Desk, thing: Callable[[], None]) -> None:
        """Let something of a desk reach the server, if it does."""
        self.world.later(self.latency, lambda: thing() if desk.open and not (self.down or desk.cut) else None)

    def tell(self, desk: Desk, news: News) -> None:
        """Let something reach a desk, if it does."""
        if desk.open and not (self.down or desk.cut):
            self.world.arrive(self.latency, f"{desk.name}{APART}{MAIL}", Mail(news))

    def put(self, channel: str, kind: Kind, after: int, data: bytes) -> int | str:
        """Append, fenced; give the sequence, or what is wrong."""
        end = self.ends.setdefault(channel, 0)
        if self.full:
            return "the disk is full"
        if after != end:
            self.refused += 1
            return f"wrong last sequence: {end}"
        self.appends += 1
        self.ends[channel] = end + 1
        self.logs.setdefault(channel, []).append((end + 1, kind, data))
        for one in self.desks.values():
            if channel in one.followed:
                self.tell(one, Recorded(channel, end + 1, data))
        return end + 1

    def delete(self, channel: str) -> None:
        """Somebody deletes a log."""
        self.logs.pop(channel, None)
        self.ends.pop(channel, None)


class Desk:
    """One machine's way into a house in memory: a ``Bus``."""

    def __init__(self, server: Server, name: str) -> None:
        self.name = name
        self.cut = False
        self.open = True
        self.followed: set[str] = set()
        self._server = server
        self._heard: set[str] = set()

    def follow(self, channel: str) -> None:
        """Follow a log."""
        self.followed.add(channel)

    def append(self, channel: str, kind: Kind, after: int, data: bytes) -> None:
        """Append to a log."""
        server = self._server

        def reached() -> None:
            said = server.put(channel, kind, after, data)
            if server.lose_next and isinstance(said, int):
                server.lose_next -= 1
                server.world.later(500_000, lambda: server.tell(self, Unsure(channel, "no answer")))
            elif isinstance(said, int):
                server.tell(self, Appended(channel, said))
            else:
                server.tell(self, Unsure(channel, said, full=server.full))

        self._ask(reached, Unsure(channel, "the server is not reached"))

    def fetch(self, channel: str, after: int) -> None:
        """Read from a log."""

        def reached() -> None:
            log, end = self._server.logs.get(channel, []), self._server.ends.get(channel, 0)
            records = tuple((seq, data) for seq, _, data in log if seq > after)[:MOST]
            self._server.tell(self, Fetched(channel, after, records, end))

        self._ask(reached, Fetched(channel, after, (), 0, "the server is not reached"))

    def find(self, channel: str) -> None:
        """Find the last show."""

        def reached() -> None:
            log, end = self._server.logs.get(channel, []), self._server.ends.get(channel, 0)
            show = max((seq for seq, kind, _ in log if kind == "show"), default=0)
            self._server.tell(self, Found(channel, show, end))

        self._ask(reached, Found(channel, 0, 0, "the server is not reached"))

    def store(self, hash: str, data: bytes) -> None:
        """Keep something."""

        def reached() -> None:
            self._server.kept[hash] = data
            self._server.tell(self, Kept(hash))

        self._ask(reached, Kept(hash, "the server is not reached"))

    def load(self, hash: str) -> None:
        """Read it."""
        self._ask(lambda: self._server.tell(self, Loaded(hash, self._server.kept.get(hash))), Loaded(hash, None))

    def listen(self, subject: str) -> None:
        """Listen."""
        self._heard.add(subject)

    def say(self, subject: str, data: bytes) -> None:
        """Say something."""

        def reached() -> None:
            for one in self._server.desks.values():
                if one.hears(subject):
                    self._server.tell(one, Said(subject, data))

        self._server.reach(self, reached)

    def purge(self, channel: str, before: int) -> None:
        """Remove what is old."""
        log = self._server.logs.get(channel, [])
        self._server.logs[channel] = [one for one in log if one[0] >= before]

    def close(self) -> None:
        """End it."""
        self.open = False

    def back(self) -> None:
        """Tell the machine that the way is there again."""
        self._server.tell(self, Line(up=True))

    def hears(self, subject: str) -> bool:
        """Tell whether this machine listens to a subject."""
        return self.open and any(
            subject == one or (one.endswith("*") and subject.rpartition(".")[0] == one[:-2]) for one in self._heard
        )

    def _ask(self, reached: Callable[[], None], otherwise: News) -> None:
        """Ask the server; where it is not reached, that is told after a while, by whoever has the way itself."""
        world, server = self._server.world, self._server

        def arrived() -> None:
            if not self.open:
                return
            if server.down or self.cut:
                world.arrive(100_000, f"{self.name}{APART}{MAIL}", Mail(otherwise))
            else:
                reached()

        world.later(server.latency, arrived)

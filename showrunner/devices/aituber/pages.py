"""Which connection of AITuberKit's page is spoken to, and in which protocol. For the driver; sends nothing itself.

A page is known by the name it gives itself (its session), also when it connects anew; a reload makes another one of it.

Source: the device's README, "What we send".
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from showrunner.devices.vocabulary import Condition

HELLO_DUE = 3_000_000
"""A page that is not busy has said hello long before (it takes 0.2 s); now it is told that one is waited for."""

HELLO_WAIT = 10_000_000
"""A page that says no hello this long after it came speaks the legacy protocol, if no page has said one in this run."""

REMEMBERED = 64
"""So many connections are known by their page, to find a page again that has connected anew."""

Tongue: TypeAlias = Literal["v2", "legacy", "relay"]

_READY = {
    "v2": Condition("ready"),
    "legacy": Condition("ready", "the page does not report when a line was spoken: ends are estimated"),
    "relay": Condition("ready", "a relay does not report when a line was spoken: ends are estimated"),
}

NO_V2 = "the page came but does not speak protocol v2"

NO_HELLO = "the page came but has not said hello yet: it is busy, or an old one"


class Pages:
    """The open connections. The newest whose protocol is known is used, or where ``first`` the page that came first.

    ``fixed`` is a protocol known beforehand.

    ``patient`` (settings: `protocol: v2`) goes on waiting for a hello, and so does whoever had one from a page before:
    where the page was new once, it is no old one later, only busy. ``settling``: microseconds that a page just
    loaded is left alone; it opens a surplus connection first and has no character yet, so what it is told then is lost.
    """

    def __init__(self, fixed: Tongue | None, settling: int, *, patient: bool, first: bool = False) -> None:
        self._settling = settling
        self._first = first
        self._fixed = fixed
        self._patient = patient
        self._tongues: dict[int, Tongue | None] = {}  # None: not known yet
        self._awaited: dict[int, int] = {}  # connection -> when it is told that its hello is waited for
        self._patience: dict[int, int] = {}  # connection -> when its hello is waited for no more
        self._told = False  # that nobody can be spoken to yet
        self._sessions: dict[str, int] = {}  # a page's own name for itself -> when it first came
        self._owners: dict[int, str] = {}  # connection, also one that has ended -> its page's name for itself
        self._settled: int | None = None  # when what is there may be used
        self._counted = 1  # so many pages were told of
        self.used: int | None = None
        """The connection that is spoken to, if any can be."""

    @property
    def tongue(self) -> Tongue | None:
        """The protocol of the connection in use; None: nobody can be spoken to."""
        return self._tongues.get(self.used) if self.used is not None else None

    @property
    def sessions(self) -> tuple[str, ...]:
        """The pages that are there, by their own names, in the order in which they came."""
        there = {page for number, page in self._owners.items() if self._tongues.get(number) == "v2"}
        return tuple(sorted(there, key=lambda page: self._sessions[page]))

    @property
    def deadline(self) -> int | None:
        """The next end of a wait for a hello, or of a page's settling."""
        ends = (self._settled, *self._awaited.values(), *self._patience.values())
        return min((at for at in ends if at is not None), default=None)

    def came(self, connection: int, now: int) -> list[Condition]:
        """Note a new connection."""
        self._tongues[connection] = self._fixed
        if self._fixed is None:
            self._awaited[connection] = now + HELLO_DUE
            self._patience[connection] = now + HELLO_WAIT
            return []
        return self._settle(now + self._settling if self._fixed == "legacy" else now, now)

    def greeted(self, connection: int, session: str, now: int) -> list[Condition]:
        """Note a hello. A page that was seen before (it has only connected anew) needs no time to settle."""
        if self._fixed is not None or connection not in self._tongues:
            return []
        self._forget(connection)
        self._owners[connection] = session
        while len(self._owners) > REMEMBERED:
            del self._owners[next(iter(self._owners))]
        late = self._tongues[connection] == "legacy"
        self._tongues[connection] = "v2"
        conditions = self._settle(self._sessions.setdefault(session, now) + self._settling, now)
        if late:
            conditions.append(Condition("note", "the page reports when a line was spoken, after all"))
        return conditions + self._crowd()

    def heir(self, connection: int | None) -> int | None:
        """Tell where the page is now that came by a connection: there, while it is open, else where it came anew."""
        if connection is None or connection in self._tongues:
            return connection
        page = self._owners.get(connection)
        anew = (number for number, tongue in self._tongues.items() if tongue and page == self._owners.get(number, ""))
        return max(anew, default=None)

    def went(self, connection: int, reason: str) -> list[Condition]:
        """Note an end: fall back to another connection that can be used, else it is lost."""
        self._tongues.pop(connection, None)
        self._forget(connection)
        self._counted = max(1, min(self._counted, len(self.sessions)))
        if self._newest() is None:
            self._settled = None
        if self.used != connection:
            if self._told and not self._tongues:
                self._told = False
                return [Condition("lost", reason)]
            return []
        # On a newer connection it is the same page as a rule, and what it is saying is reported there.
        self.used = self._newest()
        return [] if self.used is not None else [Condition("lost", reason)]

    def elapsed(self, now: int) -> list[Condition]:
        """Do what was due at ``deadline``."""
        conditions: list[Condition] = []
        for connection in [number for number, at in self._awaited.items() if at <= now]:
            del self._awaited[connection]
            if self.used is None and self._settled is None and not self._told:
                self._told = True
                conditions.append(Condition("waiting", NO_V2 if self._patient else NO_HELLO))
        for connection in [number for number, at in self._patience.items() if at <= now]:
            del self._patience[connection]
            if not self._patient and not self._sessions:
                self._tongues[connection] = "legacy"
                conditions += self._settle(now + self._settling, now)
        return conditions + self._ready(now)

    def _forget(self, connection: int) -> None:
        self._awaited.pop(connection, None)
        self._patience.pop(connection, None)

    def _newest(self) -> int | None:
        """Give the connection that is to be used: the newest, of the page that came first where that is wished."""
        # Whatever connects and says no hello may be no page at all: one that did goes before it.
        able = [number for number, tongue in self._tongues.items() if tongue is not None]
        able = [number for number in able if self._tongues[number] == "v2"] or able
        if self._first and able:
            pages = self.sessions
            able = [number for number in able if self._owners.get(number) == pages[0]] if pages else [min(able)]
        return max(able, default=None)

    def _crowd(self) -> list[Condition]:
        """Tell once that there are more pages than before."""
        count = len(self.sessions)
        if count <= self._counted:
            return []
        self._counted = count
        which, other = ("one that came first", "newest") if self._first else ("newest", "first")
        said = f"{count} pages are open, and only the {which} speaks"
        return [Condition("note", f"{said}: close what is too much, or set `speak-to: {other}` in the stage file")]

    def _settle(self, at: int, now: int) -> list[Condition]:
        if self.used is not None:
            self.used = self._newest()
            return []
        self._settled = at if self._settled is None else min(at, self._settled)
        return self._ready(now)

    def _ready(self, now: int) -> list[Condition]:
        newest = self._newest()
        tongue = self._tongues.get(newest) if newest is not None else None
        if self._settled is None or self._settled > now or tongue is None:
            return []
        self._settled = None
        self._told = False
        self.used = newest
        return [_READY[tongue]]

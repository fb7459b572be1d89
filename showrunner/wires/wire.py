"""What a wire is: frames to one device and back, numbered connections, arrivals put into one inbox.

Only the shapes: ``loopback`` runs them in memory on a virtual clock, ``websocket`` and ``server`` on real sockets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import field
from itertools import count
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from showrunner.devices.vocabulary import Frame
from showrunner.slotted import dataclass

STANDING = 1.0
"""A machine that was late by more than so many seconds has stood; by less it was only late."""

FULL = "this machine has no more room for connections: too many files are open"
"""What is said where a system has no more files for sockets."""


GOODBYE = 1000
"""With what a WebSocket is closed where nothing is wrong (RFC 6455, 7.4.1)."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a wire is told of the device that it leads to: the name of its way, and what numbers its connections.

    Connections count over all ways of a device, so these share one ``numbers``.
    """

    way: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1), compare=False)


@dataclass(frozen=True, slots=True)
class Connected:
    """A connection opened, by the ``way`` of that name.

    ``origin`` is that of a page that came to us, ``address`` where it came from.
    """

    connection: int
    origin: str | None = None
    address: str | None = field(default=None, compare=False)
    way: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Disconnected:
    """A connection ended; ``reason`` in plain words. ``dropped``: we ended it.

    ``code``: with what the other side closed a WebSocket, if it said so.
    """

    connection: int
    reason: str
    dropped: bool = field(default=False, compare=False)
    code: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Received:
    """A text frame came: a JSON object, or the text itself where it is none."""

    connection: int
    frame: Frame | str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing has come on that connection for a while; told again as long as it lasts.

    ``gone``: not even an answer to pings, where they were answered before. Else: where pings are not answered at all.
    """

    connection: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A try to connect failed (the wire goes on trying by itself); ``reason`` in plain words, ``kind`` for programs.

    ``refused``: nothing listens. ``unknown``: no such machine. ``silent``: no answer in time. ``alien``: what answers
    is no WebSocket. ``forbidden``: it does not let us in. ``taken``: our port is another program's. ``stranger``: a
    page of a site that is not let in. ``elsewhere``: a page that asked for another path than ours.
    """

    reason: str
    kind: Literal["refused", "unknown", "silent", "alien", "forbidden", "taken", "stranger", "elsewhere", "other"] = (
        "other"
    )
    way: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Noted:
    """Something about the way itself that a user should know, in plain words. It changes nothing."""

    detail: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """The operator did something: ``action`` and further words as in the journal's `operator` entry.

    ``given`` is what the performance needs for it besides (what a point means, what came with a button, a new text); no
    wire looks at it.
    ``taken`` is called, in the show's thread, as soon as the show takes it: until then nobody may say that it was done.
    """

    action: str
    name: str | None = None
    to: str | None = None
    origin: str = "key"
    given: object = None
    taken: Callable[[], None] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Stood:
    """The machine, or this process, stood for so many microseconds: the clock that stamps arrivals leaves them out."""

    time: int


@dataclass(frozen=True, slots=True)
class Mail:
    """What another machine of the house says, or what became of something that was told it; no wire looks at it."""

    what: object


Arriving: TypeAlias = Connected | Disconnected | Received | Quiet | Unreachable | Noted | Pressed | Stood | Mail


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something from outside, and the instant (microseconds on the performance's clock) at which it arrived.

    ``device`` is the stage name, or empty for the operator.
    """

    at: int
    device: str
    what: Arriving


class Wire(Protocol):
    """The way to one device. No method blocks, none raises for what the other side does."""

    def open(self) -> None:
        """Begin to connect, or to listen, and go on (with growing pauses) until closed."""
        ...

    def send(self, connection: int, frame: Frame | str) -> None:
        """Put a frame on that connection; nothing happens where it has ended (its ``Disconnected`` says so)."""
        ...

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:
        """Close one connection; a WebSocket with this ``code``."""
        ...

    def close(self) -> None:
        """Close everything; when it returns no thread and no socket of this wire is left."""
        ...


@runtime_checkable
class Dialler(Protocol):
    """What a wire on which we dial takes besides."""

    def rest(self, way: str, pause: int | None) -> None:
        """Dial the way of this name again after so many microseconds and not before; None: when ``dial`` says so.

        It does nothing to a connection that is open: it is for the time behind that.
        """
        ...

    def dial(self) -> None:
        """Dial at once what is not connected, or rests."""
        ...


class Listener(Wire, Protocol):
    """A wire on which others come to us."""

    @property
    def url(self) -> str:
        """The address that is listened on, with the port that was found where 0 was asked for."""
        ...

    def listen(self) -> None:
        """Listen, or raise ``OSError``: for whoever has no use for another try."""
        ...


@dataclass(frozen=True, slots=True)
class Together:
    """The wires of one device as one. What is no connection of a wire is nothing to it."""

    wires: tuple[Wire, ...]

    def open(self) -> None:
        """Open all of them."""
        for wire in self.wires:
            wire.open()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Put a frame on that connection."""
        for wire in self.wires:
            wire.send(connection, frame)

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:
        """Close that connection."""
        for wire in self.wires:
            wire.drop(connection, reason, code)

    def rest(self, way: str, pause: int | None) -> None:
        """Let that way rest."""
        for wire in self.wires:
            if isinstance(wire, Dialler):
                wire.rest(way, pause)

    def dial(self) -> None:
        """Dial by all ways by which we do."""
        for wire in self.wires:
            if isinstance(wire, Dialler):
                wire.dial()

    def close(self) -> None:
        """Close all of them."""
        for wire in self.wires:
            wire.close()


class Inbox(Protocol):
    """Where arrivals wait, and the clock they are stamped with: virtual or real."""

    def now(self) -> int:
        """Tell the time in microseconds from some fixed start."""
        ...

    def next(self, until: int | None) -> Arrival | None:
        """Give the next arrival not later than ``until``, waiting for it; None when ``until`` has come first.

        With ``until`` None: wait for an arrival however long it takes (a virtual clock with nothing to come: None).
        Arrivals at one instant: the operator's first, then in order of arrival.
        """
        ...

"""The wires of datagrams (UDP): each is a message or several, none is answered, and what is lost nobody tells.

What stands in a packet is its ``Coding``'s business: one JSON object here, OSC in ``osc``. What comes has `from`, the
address of who sent it. Much is dropped and never waited for: who sends does not notice.
"""

from __future__ import annotations

import contextlib
import queue
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from showrunner.devices.vocabulary import Frame
from showrunner.diagnostics.refusal import reason
from showrunner.slotted import dataclass
from showrunner.wires import frames, pace, reach, server
from showrunner.wires.inbox import RealInbox
from showrunner.wires.reach import Permit
from showrunner.wires.wire import GOODBYE, Connected, Link, Noted, Received, Unreachable

LONGEST = 65_507
"""So many bytes a datagram can have (RFC 768, RFC 791)."""

_LOOK = 0.25
_REST = 0.02
"""Seconds for which nothing is read where too much comes, or too much waits to be worked off."""

_AT_ONCE = 64
"""So many packets are taken, or dropped, in one go."""

_PAUSES = (0.5, 5.0)

_ANEW = 10.0
"""Who was not there is told of again where that was not so for so many seconds."""

_MOST_SAID = 20
"""So many different things are told of what comes: whoever tries all the nonsense there is gets no further word."""

_TOLD = f"more than {pace.MOST} messages, or 8 MB, a second come: what is too much is lost"


@dataclass(frozen=True, slots=True)
class Coding:
    """What stands in a packet. ``name``: what people call it.

    ``read`` gives the frames of a packet, or a word on why it is none; it never raises. ``write`` gives the packets of
    a frame; ``ValueError`` in words where there can be none.
    """

    name: str
    read: Callable[[bytes], Sequence[Frame] | str]
    write: Callable[[Frame], Sequence[bytes]]


def _read(raw: bytes) -> Sequence[Frame] | str:
    found = frames.read(raw)
    return "it is no JSON object" if isinstance(found, str) else [found]


JSON = Coding("JSON", _read, lambda frame: [frames.write(frame).encode()])
"""One JSON object a packet."""


def coding(encoding: str) -> Coding:
    """Give how the packets of a way look. The library for OSC is only there where it is needed."""
    if encoding == "datagram":
        return JSON
    from showrunner.wires import osc

    return Coding("OSC", osc.read, osc.write)


class _Datagrams:
    """One end: it reads in one thread and writes in another; ``_put`` sends a packet."""

    def __init__(self, name: str, url: str, inbox: RealInbox, coding: Coding, link: Link | None) -> None:
        parts = urlsplit(url)
        self._name = name
        self._host = parts.hostname or "localhost"
        self._port = parts.port or 0
        self._inbox = inbox
        self._coding = coding
        self._link = link or Link()
        self._pace = pace.Pace(pace.MOST)
        self._said: set[str] = set()
        self._number: int | None = None
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._outgoing: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
        self._senders: frozenset[str] = frozenset()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Hand the frame to the writer."""
        if connection == self._number and isinstance(frame, dict):
            self._outgoing.put(frame)

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:
        """Do nothing: there is no connection to close."""
        _ = connection, reason, code

    def close(self) -> None:
        """Close for good: within about two seconds no thread and no socket of this wire is left."""
        self._closing.set()
        self._outgoing.put(None)
        for thread in self._threads:
            thread.join(2)

    def _start(self, what: Callable[[], None], does: str) -> None:
        thread = threading.Thread(target=what, name=f"wire {self._name} {does}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _live(self, sockets: Sequence[socket.socket]) -> None:
        """Read and write until closed; then close the sockets."""
        with contextlib.ExitStack() as stack:
            for one in sockets:
                one.setblocking(False)
                stack.enter_context(one)
            self._number = next(self._link.numbers)
            self._inbox.put(self._name, Connected(self._number, way=self._link.way))
            writer = threading.Thread(target=self._write_on, name=f"wire {self._name} writes", daemon=True)
            writer.start()
            self._read_on(sockets)
            writer.join()

    # ---------------------------------------------------------------------------------------------------- what comes

    def _read_on(self, sockets: Sequence[socket.socket]) -> None:
        with selectors.DefaultSelector() as selector:
            for one in sockets:
                selector.register(one, selectors.EVENT_READ, one)
            while not self._closing.is_set():
                ready = selector.select(_LOOK)
                if sum(self._take(key.data) for key, _ in ready):
                    self._closing.wait(_REST)

    def _take(self, from_: socket.socket) -> bool:
        """Take what waits at a socket, so much at once; tell whether it was too much."""
        dropped = False
        for _ in range(_AT_ONCE):
            if self._inbox.crowded(self._name):
                return True
            try:
                raw, sender = from_.recvfrom(LONGEST + 1)
            except BlockingIOError:
                return dropped
            except ConnectionError:
                # What we sent was not taken: some systems say so here, Windows of any socket.
                self._missed()
                continue
            except OSError as error:
                self._tell(f"something came that could not be read: {reason(error)}")
                return True
            if self._closing.is_set():
                return False
            dropped = not self._packet(raw, sender, from_) or dropped
        return dropped

    def _packet(self, raw: bytes, sender: tuple[str, int], came_by: socket.socket) -> bool:
        """Take one packet; tell whether it was worth the time."""
        host, port = sender[0].partition("%")[0].removeprefix("::ffff:"), sender[1]
        if self._senders and host not in self._senders:
            self._tell(f"{host} sends here and is none of those that may: {' '.join(sorted(self._senders))}")
            return False
        if self._pace.full(self._inbox.gone()):
            self._tell(_TOLD)
            return False
        self._heard(sender, came_by)
        found = self._coding.read(raw)
        if isinstance(found, str):
            self._tell(f"{host} sent something that is no {self._coding.name}: {found}")
        parts = [] if isinstance(found, str) else found
        where = {"from": f"[{host}]:{port}" if ":" in host else f"{host}:{port}"}
        size = len(raw) // max(1, len(parts))
        for one in parts:
            self._inbox.put(self._name, Received(self._number or 0, {**one, **where}), pace.weight(size))
        for _ in range(max(1, len(parts))):
            self._pace.message(self._inbox.gone(), size)
        return True

    def _heard(self, sender: tuple[str, int], came_by: socket.socket) -> None:
        """Note who said something."""

    def _missed(self) -> None:
        """Note that what was sent reached nobody."""

    def _tell(self, what: str) -> None:
        if what not in self._said and len(self._said) < _MOST_SAID:
            self._said.add(what)
            self._inbox.put(self._name, Noted(what))

    # ---------------------------------------------------------------------------------------------------- what goes

    def _write_on(self) -> None:
        while (frame := self._outgoing.get()) is not None:
            try:
                packets = self._coding.write(frame)
            except ValueError as error:
                self._tell(f"something could not be sent: {error}")
                continue
            for packet in packets:
                self._send(packet)

    def _send(self, packet: bytes) -> None:
        if len(packet) > LONGEST:
            self._tell(f"something could not be sent: it has more than {LONGEST} bytes")
            return
        for _ in range(2):
            try:
                self._put(packet)
            except ConnectionError:
                self._missed()  # that is of what went before; this is still here
                continue
            except BlockingIOError:
                self._tell("more is sent than the network takes: what is too much is lost")
            except OSError as error:
                self._tell(f"nothing can be sent to {self._host}:{self._port}: {reason(error)}")
            return

    def _put(self, packet: bytes) -> None:
        raise NotImplementedError


class DatagramSender(_Datagrams):
    """A wire to ``url`` (``udp://HOST:PORT``); what that answers to where it came from comes here.

    There is no connection: it is open from the beginning, whoever is there. `localhost` is 127.0.0.1 here, for of two
    loopbacks nobody would say which one was right.
    """

    def __init__(
        self,
        name: str,
        url: str,
        inbox: RealInbox,
        coding: Coding = JSON,
        permit: Permit = reach.ANYWHERE,
        link: Link | None = None,
    ) -> None:
        super().__init__(name, url, inbox, coding, link)
        self._permit = permit
        self._socket: socket.socket | None = None
        self._absent = -_ANEW

    def open(self) -> None:
        """Find out where to send to, in a thread."""
        if not self._threads and not self._closing.is_set():
            self._start(self._open, "sends")

    def _open(self) -> None:
        pause, longest = _PAUSES
        while not self._closing.is_set():
            try:
                self._socket = self._aimed()
            except reach.TooFarError as error:
                why = Unreachable(str(error), way=self._link.way)
            except socket.gaierror:
                why = Unreachable("no machine of that name is known", "unknown", self._link.way)
            except OSError as error:
                why = Unreachable(reason(error) if error.strerror else str(error), way=self._link.way)
            else:
                self._live([self._socket])
                return
            if self._closing.is_set():
                return
            self._inbox.put(self._name, why)
            self._closing.wait(pause)
            pause = min(longest, pause * 2)

    def _aimed(self) -> socket.socket:
        """Give a socket that sends there, and of which we hear whether nobody is there, where the system says so."""
        if self._permit.refused is not None:
            raise reach.TooFarError(self._permit.refused)
        number = reach.numbers(self._host, self._port, self._permit, socket.SOCK_DGRAM)[0]
        made = socket.socket(socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_DGRAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            made.connect((number, self._port))
        except OSError:
            made.close()
            raise
        return made

    def _missed(self) -> None:
        now, before = time.monotonic(), self._absent
        self._absent = now
        if now - before > _ANEW:
            self._inbox.put(
                self._name, Noted(f"nothing listens at {self._host}:{self._port}: what is sent there is lost")
            )

    def _put(self, packet: bytes) -> None:
        if self._socket is not None:
            self._socket.send(packet)


class DatagramListener(_Datagrams):
    """A wire that others send to: listens on ``url``. What goes out goes to who spoke last.

    ``senders``: only what comes from these hosts is taken; none: from everybody who gets through to the address.
    """

    def __init__(
        self,
        name: str,
        url: str,
        inbox: RealInbox,
        coding: Coding = JSON,
        senders: Sequence[str] = (),
        link: Link | None = None,
    ) -> None:
        super().__init__(name, url, inbox, coding, link)
        self._senders = frozenset(senders)
        self._last: tuple[tuple[str, int], socket.socket] | None = None

    @property
    def url(self) -> str:
        """The address that is listened on, with the port that was found where 0 was asked for."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"udp://{host}:{self._port}"

    def open(self) -> None:
        """Listen. Where that fails, say why and go on trying, in a thread."""
        if not self._threads and not self._closing.is_set() and not self._listen():
            self._start(self._try_on, "tries")

    def listen(self) -> None:
        """Listen, or raise ``OSError``: for whoever has no use for another try."""
        sockets, self._port = server.bind(self._host, self._port, socket.SOCK_DGRAM)
        self._start(lambda: self._live(sockets), "listens")

    def _listen(self) -> bool:
        try:
            self.listen()
        except OSError as error:
            self._inbox.put(self._name, replace(server.why_not(error, self._host, self._port), way=self._link.way))
            return False
        return True

    def _try_on(self) -> None:
        pause, longest = _PAUSES
        while not self._closing.wait(pause) and not self._listen():
            pause = min(longest, pause * 2)

    def _heard(self, sender: tuple[str, int], came_by: socket.socket) -> None:
        self._last = sender, came_by

    def _put(self, packet: bytes) -> None:
        if self._last is not None:
            sender, by = self._last
            by.sendto(packet, sender)

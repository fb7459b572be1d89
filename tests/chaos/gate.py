"""A gate between a show and one of its programs, through which every byte goes, and what can go wrong there."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
from collections.abc import Callable
from typing import Literal

Manner = Literal["open", "shut", "frozen", "slow", "flapping", "half-open", "corrupt", "stranger"]
"""How a gate stands: ``shut`` nobody listens, and whoever was there is thrown out; ``frozen`` nothing moves; ``slow``
everything takes a while; ``flapping`` whoever comes in is thrown out again; ``half-open`` all is swallowed, for good of
who was there; ``corrupt`` bytes on the way to the show are others; ``stranger`` another program has that port."""

MANNERS: tuple[Manner, ...] = ("shut", "frozen", "slow", "flapping", "half-open", "corrupt", "stranger")

STRANGERS = (
    b"220 mail.example ESMTP\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
    b"\x00\xff" * 400,
)
"""What programs say that are no programs of ours: mail, the web both ways, TLS, nonsense."""

SLOWEST = 0.25
"""Seconds that a piece takes at most, where it is slow."""

SPOILT = 0.2
"""So many of the pieces are spoilt where they are."""


class Gate:
    """Whoever dials ``port`` gets through to where ``reach`` says, in the manner of the moment."""

    def __init__(self, reach: Callable[[], tuple[str, int]], *, dialled: bool, chance: random.Random) -> None:
        self._reach, self._chance = reach, chance
        self._home = 0 if dialled else 1
        """Which of the two ends is the show."""
        self._manner: Manner = "open"
        self._links: set[_Link] = set()
        self._turned = threading.Condition()
        self._closed = threading.Event()
        self._listening = self._listen(0)
        self.port = int(self._listening.getsockname()[1])

    def turn(self, manner: Manner) -> None:
        """Stand in another manner from now on."""
        with self._turned:
            before, self._manner = self._manner, manner
            links = list(self._links)
            self._turned.notify_all()
        if "shut" in {before, manner} and before != manner:
            if manner == "shut":
                _close(self._listening)
            else:
                self._listening = self._listen(self.port)
        for link in links:
            if manner in {"shut", "flapping", "stranger"}:
                link.cut(rude=self._chance.random() < 0.5)
            elif manner == "half-open":
                link.dead = True

    def close(self) -> None:
        self._closed.set()
        self.turn("shut")

    def _listen(self, port: int) -> socket.socket:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(64)
        threading.Thread(target=self._serve, args=(listening,), daemon=True).start()
        return listening

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                met, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._meet, args=(met,), daemon=True).start()

    def _meet(self, met: socket.socket) -> None:
        if self._manner == "flapping" and self._chance.random() < 0.5:
            _close(met)
            return
        other = self._reached()
        if other is None:
            _close(met)
            return
        link = _Link((met, other))
        with self._turned:
            self._links.add(link)
        if self._manner == "stranger":
            with contextlib.suppress(OSError):
                link.ends[self._home].sendall(self._chance.choice(STRANGERS))
            link.dead = True
        ways = [threading.Thread(target=self._pump, args=(link, way), daemon=True) for way in (0, 1)]
        for way in ways:
            way.start()
        for way in ways:
            way.join()
        link.cut()
        with self._turned:
            self._links.discard(link)

    def _reached(self) -> socket.socket | None:
        """Dial on: a program that is being started, or a show, is not there at once."""
        while not self._closed.is_set() and self._manner != "shut":
            try:
                return socket.create_connection(self._reach(), timeout=5)
            except OSError:
                self._closed.wait(0.05)
        return None

    def _pump(self, link: _Link, way: int) -> None:
        source, sink = link.ends[way], link.ends[1 - way]
        with contextlib.suppress(OSError):
            source.settimeout(None)
            while data := source.recv(65536):
                with self._turned:
                    self._turned.wait_for(lambda: self._manner != "frozen" or link.gone)
                if self._manner == "slow":
                    self._closed.wait(self._chance.random() * SLOWEST)
                elif self._manner == "flapping" and self._chance.random() < 0.3:
                    break
                elif self._manner == "half-open":
                    link.dead = True
                elif self._manner == "corrupt" and way != self._home and self._chance.random() < SPOILT:
                    spoilt = bytearray(data)
                    spoilt[self._chance.randrange(len(spoilt))] ^= 1 << self._chance.randrange(8)
                    data = bytes(spoilt)
                if not link.dead:
                    sink.sendall(data)
        if not link.dead or source is link.ends[self._home]:
            link.cut()


class _Link:
    """The two ends of one connection: who dialled, and who was dialled."""

    def __init__(self, ends: tuple[socket.socket, socket.socket]) -> None:
        self.ends = ends
        self.dead = self.gone = False

    def cut(self, *, rude: bool = False) -> None:
        """End it, as a program does that ends, or (``rude``) one that is killed while something is on its way."""
        self.gone = True
        for end in self.ends:
            if rude:
                with contextlib.suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            _close(end, socket.SHUT_RD if rude else socket.SHUT_RDWR)


def _close(one: socket.socket, how: int = socket.SHUT_RDWR) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(how)
    one.close()

"""A double on a real loopback socket, and clients that come to it as other people's programs do. For tests."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import websocket

from showrunner import devices
from showrunner.devices.vocabulary import Double, Inventory, Terms
from showrunner.show.stage import fixture
from showrunner.wires.hosting import HostedDouble

PATIENCE = 10
"""Seconds after which what was to come has not come, and the test fails."""


class _Fresh:
    """Stands before a double that can be made anew, while the socket stays open."""

    def __init__(self, make: Callable[[], Double]) -> None:
        self._make = make
        self.double = make()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.double, name)

    def renew(self) -> None:
        self.double = self._make()


class Hosted:
    """The double of a device, listening. ``seen``: what the audience saw, in order."""

    def __init__(self, device: str, inventory: Inventory | None = None, **settings: Any) -> None:
        kind = devices.find(device)
        assert kind is not None
        given = {**fixture(device, kind).settings, **settings}
        self._double = _Fresh(lambda: kind.double(Terms(device, given, "0", lambda now: now // 1000, {}, inventory)))
        self.seen: list[str] = []
        self._changed = threading.Condition()
        self.host = HostedDouble(device, self._double, {kind.ways[0]: "ws://localhost:0/"}, on_visible=self._see)
        self.host.open()
        self._clients: list[Client] = []

    def renew(self) -> None:
        """Let all clients go and begin anew, as if it had just been started."""
        while self._clients:
            with contextlib.suppress(OSError, websocket.WebSocketException):
                self._clients.pop().socket.close(timeout=0)
        self._double.renew()
        self.seen.clear()

    def _see(self, visible: str) -> None:
        with self._changed:
            self.seen.append(visible)
            self._changed.notify_all()

    def sees(self, *parts: str, without: str | None = None) -> None:
        """Wait until the audience sees all of this, and none of what it is to be without."""

        def right() -> bool:
            last = self.seen[-1] if self.seen else ""
            return all(part in last for part in parts) and (without is None or without not in last)

        with self._changed:
            assert self._changed.wait_for(right, PATIENCE), self.seen[-3:]

    def switch(self, name: str, value: str | None = None) -> None:
        assert self.host.switch(name, value) is None

    def client(self, **options: Any) -> Client:
        """Come in. ``origin``, ``header`` and the rest as websocket-client takes them."""
        options.setdefault("suppress_origin", "origin" not in options)
        self._clients.append(Client(websocket.create_connection(self.host.url, timeout=PATIENCE, **options)))
        return self._clients[-1]

    def close(self) -> None:
        self.renew()
        self.host.close()


class Client:
    """One program's connection."""

    def __init__(self, socket: websocket.WebSocket) -> None:
        self.socket = socket

    def say(self, message: Any) -> None:
        self.socket.send(message if isinstance(message, str) else json.dumps(message))

    def hear(self) -> Any:
        return json.loads(self.socket.recv())

    def ask(self, message: Any) -> Any:
        """Send one message and give the very next that comes."""
        self.say(message)
        return self.hear()


@contextlib.contextmanager
def hosted(device: str, inventory: Inventory | None = None, **settings: Any) -> Iterator[Hosted]:
    """Host a double for a while; no thread of it is left behind."""
    host = Hosted(device, inventory, **settings)
    try:
        yield host
    finally:
        host.close()

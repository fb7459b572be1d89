"""The language server by WebSocket: for an editor in a page, which shows the operator's token.

Starlette's side of it; which port or site it stands at is decided by whoever serves it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Protocol
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from showrunner.editing.server import Desk
from showrunner.slotted import dataclass

MOST = 8
"""So many editors are served at once."""

WAITING = 1_000
"""So many messages wait for an editor that takes none; then it is left alone."""

REFUSED, FULL = 1008, 1013
"""How a connection is closed that may not be here, and one for which there is no place (RFC 6455, 7.4)."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Door(Protocol):
    """Who knows by which names this server may be called."""

    def at_home(self, hosts: list[str]) -> bool:
        """Tell whether the Host headers name it."""
        ...


class Keys(Protocol):
    """Who knows whose a token is."""

    def role(self, token: str) -> str | None:
        """Tell who shows it."""
        ...


@dataclass(slots=True)
class Places:
    """How many editors are served now."""

    taken: int = 0


def app(make: Callable[[], Desk], door: Door, keys: Keys, places: Places) -> Starlette:
    """Give a site that serves editors, each with a desk of its own."""

    async def come(websocket: WebSocket) -> None:
        header = websocket.headers.getlist
        tokens = websocket.query_params.getlist("token")
        known = len(tokens) == 1 and keys.role(tokens[0]) == "operator"
        if not (door.at_home(header("host")) and _near(header("origin")) and known):
            await websocket.close(REFUSED)
        elif places.taken >= MOST:
            await websocket.close(FULL)
        else:
            places.taken += 1
            try:
                await talk(websocket, make())
            finally:
                places.taken -= 1

    return Starlette(routes=[WebSocketRoute("/", come)])


def _near(origins: list[str]) -> bool:
    """Tell whether it is a page of this machine that asks, or no page at all."""
    try:
        return len(origins) < 2 and all(urlsplit(one).hostname in LOOPBACK for one in origins)
    except ValueError:
        return False


async def talk(websocket: WebSocket, desk: Desk) -> None:
    """Serve one editor until it leaves."""
    await websocket.accept()
    writer = _Writer(websocket.send_text)
    desk.server.protocol.set_writer(writer, include_headers=False)
    sending = asyncio.create_task(writer.send())
    try:
        while not writer.full:
            text = await websocket.receive_text()
            try:
                desk.server.protocol.handle_message(
                    json.loads(text, object_hook=desk.server.protocol.structure_message)
                )
            except SystemExit:
                break
            except Exception:  # noqa: BLE001, S112 - what cannot be read is no question
                continue
    except WebSocketDisconnect:
        pass
    finally:
        sending.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await sending
        await asyncio.get_running_loop().run_in_executor(None, desk.close)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close()


class _Writer:
    """What pygls writes into; the messages leave in their order."""

    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self._send = send
        self._waiting: asyncio.Queue[str] = asyncio.Queue(WAITING)
        self.full = False

    def write(self, data: bytes) -> None:
        """Queue a message."""
        try:
            self._waiting.put_nowait(data.decode())
        except asyncio.QueueFull:
            self.full = True

    def close(self) -> None:
        """Nothing is left to close: the connection is ended by ``talk``."""

    async def send(self) -> None:
        """Send what waits, for ever."""
        while True:
            await self._send(await self._waiting.get())

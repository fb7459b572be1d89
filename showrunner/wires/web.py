"""The wire on which requests come to us: an HTTP server, which answers them and sends streams of events.

Of the frames of ``http`` and ``stream`` it is the other end. A request that no way is for is refused here; so is one
from a page in a browser, for no page has a use for it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Sequence
from email.utils import formatdate
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import h11

from showrunner.devices.vocabulary import Frame
from showrunner.slotted import dataclass
from showrunner.wires import frames, pace
from showrunner.wires.door import Door, Guest, Places
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import MOST_UNREAD, TO_ASK, Server
from showrunner.wires.wire import Connected, Disconnected, Link, Noted, Received

PLACES = Places(64, 32)
"""A program opens some connections at once."""

_HEAD = 64 * 1024
"""So many bytes the head of a request may have."""

_KEPT = 30.0
"""Seconds for which a connection may stand there with nothing asked."""

_LEAVE = 1.0
_REST = 0.02


@dataclass(frozen=True, slots=True)
class Branch:
    """A way that begins at this path of the server. ``largest``: so many bytes a request may have."""

    at: str
    encoding: Literal["http", "sse"]
    link: Link
    largest: int = frames.LARGEST


class WebServer(Server):
    """A wire that programs ask: listens on ``url``, which ends where its ``branches`` begin.

    All requests of a branch by HTTP come over one connection, which opens at once; each that asks for a stream of
    events is one of its own.
    """

    def __init__(self, name: str, url: str, inbox: RealInbox, branches: Sequence[Branch]) -> None:
        base = urlsplit(url).path.removesuffix("/")
        inside = _Desk(name, inbox, [(f"{base}{one.at}" or "/", one) for one in branches])
        super().__init__(name, url, inbox, inside, branches[0].link.way)


class _Desk:
    """Who is inside a ``WebServer``. All of it in the thread of its loop."""

    def __init__(self, name: str, inbox: RealInbox, branches: Sequence[tuple[str, Branch]]) -> None:
        self._name = name
        self._inbox = inbox
        self._branches = sorted(branches, key=lambda one: -len(one[0]))  # the longest path first
        self._numbers: dict[int, Branch] = {}
        self._asked = 0
        self._waiting: dict[str, _Visitor] = {}
        self._streams: dict[int, _Visitor] = {}
        self._pace = pace.Pace(pace.MOST)
        self._noted = False
        self._door: Door | None = None
        self.closing = asyncio.Event()

    async def live(self, sockets: list[Any]) -> None:
        """Let in whoever comes at these sockets, until ``closing``; then let everybody go, and close them."""
        for _, branch in reversed(self._branches):
            if branch.encoding == "http":
                number = next(branch.link.numbers)
                self._numbers[number] = branch
                self._inbox.put(self._name, Connected(number, way=branch.link.way))
        self._door = door = Door(sockets, PLACES, lambda: _Visitor(self), self.note)
        tasks = {asyncio.create_task(door.open()), asyncio.create_task(self.closing.wait())}
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)
        for listening in sockets:
            listening.close()
        for guest in door.inside:
            guest.transport.close()
        await door.close(_LEAVE)
        for task in done:
            task.result()

    def send(self, connection: int, frame: Frame | str) -> None:
        """Answer a request, or send an event to who listens."""
        if isinstance(frame, str):
            return
        stream = self._streams.get(connection)
        if stream is not None:
            stream.tell(frame)
        elif connection in self._numbers:
            visitor = self._waiting.pop(str(frame.get("request")), None)
            if visitor is not None:
                visitor.answer(frame)

    def drop(self, connection: int, reason: str, code: int) -> None:
        """End a stream, or hang up on all who wait for an answer."""
        _ = reason, code
        stream = self._streams.get(connection)
        if stream is not None:
            stream.end()
        elif connection in self._numbers:
            for visitor in self._waiting.values():
                visitor.transport.close()
            self._waiting.clear()

    # --- what the visitors tell

    def find(self, path: str) -> tuple[Branch, str] | None:
        """Give the branch that a path belongs to, and what of it follows there."""
        return next(((one, path[len(at) :].lstrip("/")) for at, one in self._branches if path.startswith(at)), None)

    def heard(self, visitor: _Visitor, branch: Branch, asked: Frame, size: int) -> int:
        """Take a request; tell for how many microseconds nothing more is taken from who asked."""
        self._asked += 1
        request = str(self._asked)
        self._waiting[request] = visitor
        number = next(number for number, one in self._numbers.items() if one is branch)
        self._inbox.put(self._name, Received(number, {"request": request, **asked}), pace.weight(size))
        return self._pace.message(self._inbox.gone(), size)

    def listens(self, visitor: _Visitor, branch: Branch, address: str | None) -> None:
        """Note one that asks for events."""
        visitor.number = number = next(branch.link.numbers)
        self._streams[number] = visitor
        self._inbox.put(self._name, Connected(number, address=address, way=branch.link.way))

    def left(self, visitor: _Visitor) -> None:
        """Note that a connection is closed."""
        self._waiting = {request: one for request, one in self._waiting.items() if one is not visitor}
        told = not self.closing.is_set()
        if told and visitor.number is not None and self._streams.pop(visitor.number, None) is not None:
            self._inbox.put(self._name, Disconnected(visitor.number, "the program closed the connection"))
        if self._door is not None:
            self._door.left(visitor)

    def rest(self, micros: int) -> float:
        """Give the seconds that so many microseconds are, and tell the user once that somebody has to wait."""
        if micros and not self._noted:
            self._noted = True
            self.note(pace.TOLD)
        return self._inbox.seconds(micros)

    @property
    def crowded(self) -> bool:
        """Whether so much waits to be worked off that nobody here should be read for now."""
        return self._inbox.crowded(self._name)

    def note(self, what: str) -> None:
        """Tell the user something, once."""
        self._inbox.put(self._name, Noted(what))


class _Visitor(Guest):
    """One connection: it asks, one request after the other, and may be given events without end."""

    def __init__(self, desk: _Desk) -> None:
        self._desk = desk
        self._loop = asyncio.get_running_loop()
        self._side = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD)
        self._request: h11.Request | None = None
        self._found: tuple[Branch, str] | None = None
        self._body = bytearray()
        self._said = False
        self._timer: asyncio.TimerHandle | None = None
        self._resting: asyncio.TimerHandle | None = None
        self.number: int | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is asked at this moment."""
        return self._request is None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for what it asks."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport
        self._after(TO_ASK)

    def connection_lost(self, _: Exception | None) -> None:
        """Note that it is gone."""
        for timer in (self._timer, self._resting):
            if timer is not None:
                timer.cancel()
        self._desk.left(self)

    def data_received(self, data: bytes) -> None:
        """Take what comes; behind a stream of events nothing should."""
        if self.number is None:
            self._side.receive_data(data)
            self._read_on()

    def eof_received(self) -> None:
        """Note that it says nothing more, and close."""

    def _read_on(self) -> None:
        try:
            while self._resting is None:
                event = self._side.next_event()
                if event is h11.NEED_DATA or event is h11.PAUSED:
                    return
                rest = self._take(event)
                if rest or self._desk.crowded:
                    self.transport.pause_reading()
                    self._resting = self._loop.call_later(max(_REST, self._desk.rest(rest)), self._go_on)
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint)

    def _go_on(self) -> None:
        self._resting = None
        if self.transport.is_closing():
            return
        self.transport.resume_reading()
        self._read_on()

    def _take(self, event: Any) -> int:
        match event:
            case h11.Request():
                self._request, self._body = event, bytearray()
                self._found = self._desk.find(unquote(event.target.decode("latin-1").partition("?")[0]))
                if self._found is None or any(name == b"origin" for name, _ in event.headers):
                    self._refuse(404 if self._found is None else 403)
                elif self._timer is not None:
                    self._after(TO_ASK)  # for all of it
            case h11.Data():
                self._body += event.data
                if self._found is None or len(self._body) > self._found[0].largest:
                    self._refuse(413)
            case h11.EndOfMessage():
                return self._asked()
            case h11.ConnectionClosed():
                self.transport.close()
        return 0

    def _asked(self) -> int:
        request, found = self._request, self._found
        if request is None or found is None or self.transport.is_closing():
            return 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        branch, path = found
        if branch.encoding == "sse":
            address = self.transport.get_extra_info("peername")
            self._desk.listens(self, branch, str(address[0]) if address else None)
            return 0
        query = dict(parse_qsl(request.target.decode("latin-1").partition("?")[2], keep_blank_values=True))
        asked: Frame = {"method": request.method.decode("latin-1"), "path": path}
        if query:
            asked["query"] = query
        if self._body:
            asked["body"] = frames.value(bytes(self._body))
        return self._desk.heard(self, branch, asked, len(self._body))

    # --- what goes out

    def answer(self, frame: Frame) -> None:
        """Answer the request that waits."""
        status, body = frame.get("status"), frame.get("body")
        if not isinstance(status, int) or not 200 <= status <= 599:
            self.transport.close()  # it has no answer
            return
        written = b"" if body is None else body.encode() if isinstance(body, str) else _json(body)
        kind = "text/plain; charset=utf-8" if isinstance(body, str) else "application/json"
        self._head(status, frame.get("date"), [("Content-Type", kind), ("Content-Length", str(len(written)))])
        self._write(h11.Data(data=written))
        self._write(h11.EndOfMessage())
        self._request = self._found = None
        if self._side.our_state is h11.MUST_CLOSE:
            self.transport.close()
            return
        self._side.start_next_cycle()
        self._after(_KEPT)
        self._read_on()

    def tell(self, frame: Frame) -> None:
        """Send an event; the first thing said says how the stream was opened."""
        opened = frame.get("opened")
        if not self._said:
            self._said = True
            first = opened if isinstance(opened, dict) else {}
            self._head(first.get("status", 200), first.get("date"), [("Content-Type", "text/event-stream")])
        if opened is None:
            self._write(h11.Data(data=_event(frame)))

    def end(self) -> None:
        """Say that no further event comes."""
        if self._said:
            self._write(h11.EndOfMessage())
        self.transport.close()

    def _head(self, status: int, date: Any, headers: list[tuple[str, str]]) -> None:
        told = [("Date", str(date or formatdate(usegmt=True))), ("Cache-Control", "no-store"), *headers]
        self._write(h11.Response(status_code=status, headers=told))

    def _refuse(self, status: int) -> None:
        if self._side.our_state in {h11.IDLE, h11.SEND_RESPONSE} and not self.transport.is_closing():
            self._head(status, None, [("Content-Length", "0"), ("Connection", "close")])
            self._write(h11.EndOfMessage())
        self.transport.close()

    def _write(self, event: Any) -> None:
        if self.transport.get_write_buffer_size() > MOST_UNREAD:
            self.cut()
            return
        written = self._side.send(event)
        if written and not self.transport.is_closing():
            self.transport.write(written)

    def _after(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self.cut)


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _event(frame: Frame) -> bytes:
    """Write an event (HTML standard, 9.2): data of several lines is several lines."""
    data = frame.get("data", "")
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    lines = [f"{key}: {frame[key]}" for key in ("id", "event") if key in frame]
    # JSON may hold signs that end a line elsewhere, and here do not.
    lines += [f"data: {one}" for one in re.split(r"\r\n|\r|\n", text)]
    return ("\n".join(lines) + "\n\n").encode("utf-8", "replace")

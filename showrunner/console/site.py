"""The console's site: what is answered to which request. An ASGI application; sockets and threads are in ``server``."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from showrunner import drawing
from showrunner.console import presses
from showrunner.console.desk import Desk
from showrunner.console.guard import ASKS, HEADERS, LOOKS, PRESSES, Bucket, Caller, Guard
from showrunner.console.hub import Hub
from showrunner.console.presses import ASKED, LONGEST, Answers, Asked, Said
from showrunner.console.scene import Scenes, picture
from showrunner.console.scores import Scores
from showrunner.console.tokens import ROLES, Role
from showrunner.console.written import small
from showrunner.drawing.parts import tables
from showrunner.engine import actions
from showrunner.reports.status import Status

PAGE = Path(__file__).parent / "page"
STAGE = Path(drawing.__file__).parent / "stage"
"""The modules by which a show is drawn as a stage. They lie beside the page as they do on disk, so that it imports them
by the same way in a browser and out of one.
"""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}
"""What a file of the page is. Not asked of the system: a Windows registry may call a script plain text."""

ENTRIES = {"/": "page/index.html", "/stage": "page/stage.html"}
"""Where somebody arrives, and the page that is there."""

TICK = 1.0
"""Every so many seconds each reader is told what time it is."""
OFTEN = 0.1
"""Whoever is told of each change of the status is told every so many seconds at most."""
SLOW = 10.0
"""A reader who takes nothing for so many seconds is dropped; he may come again and go on where he was."""
MOST = 32
"""So many readers of each role at once."""
PATIENCE = 5.0
"""So many seconds the body of a request, or the desk's answer, is waited for."""
SCORE = 30.0
"""So many seconds the score is waited for."""

STATES = frozenset({"show", "segment", "operator", "reload", "end"})
"""Kinds of entries after which readers are told the time at once: a clock may have stopped, started or jumped."""

_KIND = re.compile(rb'"kind":"([a-z]+)"')


class Site:
    """Answers requests, once the guard has let them in. ``drop`` cuts the connection of a client (host, port).

    ``pressing`` and ``urgent`` are the threads the desk's work is done in: an ordinary press never delays a panic. Each
    role has ``scores`` of its own to make them in, and rates and places of its own: the cast never keeps the operator
    waiting.
    """

    def __init__(
        self,
        hub: Hub,
        desk: Desk,
        guard: Guard,
        pressing: Executor,
        urgent: Executor,
        scores: Mapping[Role, Executor],
        drop: Callable[[tuple[str, int]], None],
        page: Path = PAGE,
    ) -> None:
        self._hub = hub
        self._desk = desk
        self._guard = guard
        self._presses = pressing
        self._urgent = urgent
        self._drop = drop
        # Only what lies there may be asked for: a name from outside never becomes a path.
        self._page = {
            f"{name}/{path.relative_to(folder).as_posix()}": path
            for name, folder in (("page", page), ("drawing/stage", STAGE))
            for path in folder.rglob("*")
            if path.suffix in TYPES
        }
        self._scores = Scores()
        self._scenes = Scenes(desk.stage)
        self._making = scores
        self._press_rate = _for_each(PRESSES)
        self._look_rate = _for_each(LOOKS)
        self._ask_rate = Bucket(*ASKS)
        self._answers = Answers()
        self._readers = dict.fromkeys(ROLES, 0)
        self._site = Starlette(
            routes=[
                Route("/", self._index),
                Route("/stage", self._index),
                Route("/page/{name:path}", self._file),
                Route("/drawing/stage/{name:path}", self._file),
                Route("/api/score", self._score),
                Route("/api/actions", self._actions),
                Route("/api/stage", self._tables),
                Route("/api/picture", self._picture),
                Route("/api/events", _Raw(self._events), methods=["GET"]),
                Route("/api/status", _Raw(self._status), methods=["GET"]),
                Route("/api/do", partial(self._do, presses.do), methods=["POST"]),
                Route("/api/press", partial(self._do, presses.press), methods=["POST"]),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Look at who comes, then answer; the headers that bind the browser stand on every answer."""
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return

        async def bound(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self._answer(scope)(scope, receive, bound)

    def _answer(self, scope: Scope) -> ASGIApp:
        request = Request(scope)
        header = request.headers.getlist
        hosts, path = header("host"), scope["path"]
        token, cast = request.query_params.getlist("token"), request.query_params.getlist("cast")
        arriving = path in ENTRIES and request.method == "GET" and bool(token or cast)
        if not self._guard.at_home(hosts):
            return _nothing()
        sites = header("sec-fetch-site")
        if not self._guard.own_page(hosts[0], header("origin"), sites, arriving=arriving):
            return _nothing()
        if arriving:
            cookie = self._guard.arrives(token, cast)
            return _nothing() if cookie is None else _welcome(cookie, sites, path)
        caller = self._guard.known(header("cookie"), header("authorization"))
        if caller is None:
            return _nothing()
        scope["state"] = {"caller": caller}
        if caller.role == "cast" and not self._ask_rate.take():
            return _said(429, "those who look on ask too much at once; wait a second")
        return self._site

    # --- the page

    async def _index(self, request: Request) -> Response:
        return self._of_page(ENTRIES[request.scope["path"]])

    async def _file(self, request: Request) -> Response:
        return self._of_page(request.scope["path"][1:])

    def _of_page(self, name: str) -> Response:
        path = self._page.get(name)
        if path is None:
            return Response(status_code=404)
        try:
            data = path.read_bytes()
        except OSError:
            return Response(status_code=404)
        return Response(data, headers={"content-type": TYPES[path.suffix]})

    # --- the show

    async def _score(self, request: Request) -> Response:
        caller = _caller(request)
        if not self._look_rate[caller].take():
            return _said(429, "the score was asked for too often; wait a second")
        packed = "gzip" in request.headers.get("accept-encoding", "")
        try:
            async with asyncio.timeout(SCORE):
                loop, making = asyncio.get_running_loop(), self._making[caller.role]
                data = await loop.run_in_executor(making, self._written_score, caller.role == "cast", packed)
        except TimeoutError:
            return _said(504, f"the score was not ready within {SCORE:g} s")
        headers = {"content-type": "application/json", "vary": "accept-encoding"}
        if packed:
            headers["content-encoding"] = "gzip"
        return Response(data, headers=headers)

    def _written_score(self, readonly: bool, packed: bool) -> bytes:
        return self._scores.answer({**self._desk.score(), "run": self._hub.run, "readonly": readonly}, packed=packed)

    async def _actions(self, _: Request) -> Response:
        listed = [one for one in actions.ACTIONS if one.where & {"page", "http"}]
        return _json(200, {"version": 1, "actions": [_described(one) for one in listed]})

    async def _tables(self, _: Request) -> Response:
        return _json(200, {"version": 1, **tables()})

    async def _picture(self, request: Request) -> Response:
        url = picture(self._desk.stage().fixtures, request.query_params.get("path", ""))
        head, _, data = (url or "").partition(",")
        if not data:
            return Response(status_code=404)
        return Response(base64.b64decode(data), media_type=head.removeprefix("data:").partition(";")[0])

    async def _status(self, request: Request, receive: Receive, send: Send) -> None:
        caller = _caller(request)
        if "text/event-stream" in request.headers.get("accept", ""):
            await self._look_on(caller.role, partial(self._statuses, request, receive, send), request, receive, send)
        elif self._look_rate[caller].take():
            await _json(200, self._desk.status().told())(request.scope, receive, send)
        else:
            await _said(429, "the status was asked for too often; wait a second")(request.scope, receive, send)

    async def _statuses(self, request: Request, receive: Receive, send: Send) -> None:
        """Send the status at once, and whenever it is another, at most every ``OFTEN`` seconds."""
        gone = asyncio.Event()
        watching = asyncio.create_task(_hung_up(receive, gone.set))
        last: Status | None = None
        try:
            headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            over = False
            while not over:
                over = gone.is_set() or self._hub.closed
                now = self._desk.status()
                if last is None or now.steady != last.steady:
                    last = now
                    async with asyncio.timeout(SLOW):
                        body = _event("status", now.told())
                        await send({"type": "http.response.body", "body": body, "more_body": True})
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), OFTEN)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            # He takes nothing: what is left in the system's buffers would hold his connection for ever.
            self._drop(request.scope["client"])
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def _look_on(
        self, role: Role, stream: Callable[[], Awaitable[None]], request: Request, receive: Receive, send: Send
    ) -> None:
        """Let somebody look on, if there is a place left for his role."""
        if self._readers[role] >= MOST or self._hub.closed:
            await _said(503, f"too many pages of the {role} look on; close one")(request.scope, receive, send)
            return
        self._readers[role] += 1
        try:
            await stream()
        finally:
            self._readers[role] -= 1

    async def _events(self, request: Request, receive: Receive, send: Send) -> None:
        after = _number(request.headers.get("last-event-id")) or _number(request.query_params.get("after"))
        stage = "stage" in request.query_params
        stream = partial(self._stream, -1 if after is None else int(after), stage, request, receive, send)
        await self._look_on(_caller(request).role, stream, request, receive, send)

    async def _stream(self, after: int, stage: bool, request: Request, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()

        async def say(data: bytes, *, more: bool = True) -> None:
            async with asyncio.timeout(SLOW):
                await send({"type": "http.response.body", "body": data, "more_body": more})

        with self._hub.reader(after) as reader:
            watching = asyncio.create_task(_hung_up(receive, reader.leave))
            try:
                headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
                await send({"type": "http.response.start", "status": 200, "headers": headers})
                await say(b"retry: 1000\n\n" + _event("run", {"run": self._hub.run}) + self._now())
                told = loop.time()
                look = _Look(self._scenes) if stage else None
                while (news := await reader.next(_wait(told + TICK, look, loop.time()))) is not None:
                    now = b""
                    if loop.time() >= told + TICK or any(_state(one) for one in news):
                        now, told = self._now(), loop.time()
                    if look is not None:
                        now += look.news(loop.time())
                    if news or now:
                        await say(b"".join(news) + now)
                await say(b"", more=False)
            except TimeoutError:
                # He takes nothing: what is left in the system's buffers would hold his connection for ever.
                self._drop(request.scope["client"])
            finally:
                watching.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await watching

    def _now(self) -> bytes:
        return _event("now", self._desk.now())

    # --- the operator

    async def _do(self, read: Callable[[bytes], Asked | str], request: Request) -> Response:
        caller = _caller(request)
        if caller.role != "operator":
            return Response(status_code=403)
        if request.headers.get("content-type", "").partition(";")[0].strip().casefold() != "application/json":
            return _said(415, "send JSON, with the header `Content-Type: application/json`")
        try:
            async with asyncio.timeout(PATIENCE):
                body = await _body(request)
        except (TimeoutError, ClientDisconnect):
            return _said(408, "the message did not come to its end")
        if body is None:
            return _said(413, f"a message has at most {LONGEST} bytes")
        asked = read(body)
        if isinstance(asked, str):
            return _said(400, asked)
        status, wrong = await self._answers.once(asked, partial(self._press, asked, caller))
        return _json(200, {"ok": True}) if wrong is None else _said(status, wrong)

    async def _press(self, asked: Asked, caller: Caller) -> Said:
        action = asked.action
        if action != "panic" and not self._press_rate[caller].take():
            return 429, "too many presses at once; `panic` still works"
        executor = self._urgent if ASKED[action].urgent else self._presses
        origin = "api" if caller.program else "console"
        pressed = partial(self._desk.do, action, asked.name, asked.to, asked.until, origin, asked.brought)
        try:
            wrong = await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(executor, pressed), PATIENCE)
        except TimeoutError:
            return 504, f"`{action}` was asked for, but the show has not answered in time; it may still take it"
        return (200, None) if wrong is None else (409, wrong)


class _Look:
    """Somebody who looks at the stage: which scene he had last, and when he may have the next."""

    def __init__(self, scenes: Scenes) -> None:
        self._scenes = scenes
        self._had = 0
        self._at = -TICK
        self.next = 0.0

    def news(self, now: float) -> bytes:
        """Give the scene, if it is another than the one he had, or he was not told the time for long."""
        if now < self.next:
            return b""
        self.next = now + OFTEN
        event = self._scenes.newest()
        if self._scenes.number == self._had and now < self._at + TICK:
            return b""
        self._had, self._at = self._scenes.number, now
        return event


def _wait(tick: float, look: _Look | None, now: float) -> float:
    return max(0.0, min(tick, tick if look is None else look.next) - now)


class _Raw:
    """An endpoint that writes its answer itself: of type ASGI, so that Starlette leaves it alone."""

    def __init__(self, handle: Callable[[Request, Receive, Send], Any]) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._handle(Request(scope), receive, send)


def _nothing() -> Response:
    return Response(status_code=403)


def _welcome(cookie: str, sites: list[str], path: str) -> Response:
    if any(site in {"cross-site", "same-site"} for site in sites):
        # From a link on another page a browser keeps the strict cookie back, redirect or not; our own page may send it.
        onward = (
            f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={path}">'
            "<title>Console</title>"
        )
        return Response(onward, headers={"content-type": TYPES[".html"], "set-cookie": cookie})
    return RedirectResponse(path, 303, headers={"set-cookie": cookie})


def _json(status: int, data: Mapping[str, Any]) -> Response:
    return Response(small(data), status, headers={"content-type": "application/json"})


def _said(status: int, message: str) -> Response:
    return _json(status, {"ok": False, "message": message})


def _for_each(rate: tuple[float, int]) -> Mapping[Caller, Bucket]:
    """Give a bucket to each kind of caller."""
    return {Caller(role, program): Bucket(*rate) for role in ROLES for program in (False, True)}


def role_of(scope: Mapping[str, Any]) -> Role | None:
    """Tell who asked, of a request that was looked at; None: nobody who is known."""
    caller: Caller | None = scope.get("state", {}).get("caller")
    return None if caller is None else caller.role


def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


def _described(action: actions.Action) -> dict[str, Any]:
    return {
        "action": action.name,
        "says": actions.by_key(action),
        "where": sorted(action.where),
        "keys": list(action.keys),
        "shown": action.shown,
        "takes": list(action.takes),
        "back": action.back,
        "before": action.before,
        "after_panic": action.after_panic,
        "asks": action.asks,
    }


def _number(text: str | None) -> str | None:
    return text if text is not None and re.fullmatch(r"-1|[0-9]{1,15}", text) else None


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), small(data))


def _state(event: bytes) -> bool:
    kind = _KIND.search(event)
    return kind is not None and kind[1].decode() in STATES


async def _hung_up(receive: Receive, then: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    then()


async def _body(request: Request) -> bytes | None:
    """Read the message; None where it is too long (nothing more of it is read)."""
    told = request.headers.get("content-length", "0")
    if told.isdigit() and int(told) > LONGEST:
        return None
    read = b""
    async for piece in request.stream():
        read += piece
        if len(read) > LONGEST:
            return None
    return read

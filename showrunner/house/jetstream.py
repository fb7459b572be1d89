"""A house on a server: NATS JetStream, through its own client. Needs the extra `showrunner[house]`.

One thread with a loop of its own talks to the server; what comes of it is put into an inbox. The server publishes each
record again as it stores it, so a log is followed without anything that the server must remember; what gets lost on the
way is read from the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from showrunner.diagnostics.refusal import Refusal, lacking
from showrunner.house.bus import MAIL, Appended, Fetched, Found, Kept, Line, Loaded, News, Recorded, Said, Unsure
from showrunner.house.messages import Kind
from showrunner.wires.wire import Arriving, Mail

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg
    from nats.js import JetStreamContext

UNREACHABLE = 4
"""The exit code where no server is reached."""

PORT = 4222
ANSWER = 0.4
"""Seconds that the server has for an answer."""

BATCH = 256
"""So many records are read in one go."""

TAIL = "tail"
"""Before the subject under which a stored record is published again."""

STORE = "TEXTS"

MOST_BYTES = 2 * 1024 * 1024 * 1024
"""A log of a channel has so many bytes at most: an evening's has about a hundredth of that."""

WRONG_LAST = 10071
"""The server's code where something else stands at the end of a log."""

FULL = frozenset({10077, 10023, 10028, 10047})
"""Its codes where there is no room: a log's limit, or the disk's."""


class Inbox(Protocol):
    """Where what comes of it is put; any thread may."""

    def put(self, device: str, what: Arriving) -> None:
        """Stamp an arrival and wake whoever waits."""
        ...


def extra() -> None:
    """See whether the client is there; raises ``Refusal``."""
    try:
        import nats  # noqa: F401
    except ImportError as error:
        raise lacking("a house needs the client of its server, `nats-py`", "house", exit=UNREACHABLE) from error


def address(url: str) -> str:
    """Give the address of a server in full: `studio` is `nats://studio:4222`; raises ``Refusal``."""
    whole = url if "://" in url else f"nats://{url}"
    try:
        parts = urlsplit(whole)
        port = parts.port or PORT
    except ValueError as error:
        raise Refusal(f"`{url}` is no address of a house", "it looks like `nats://192.168.0.5:4222`") from error
    if parts.scheme not in {"nats", "tls", "ws", "wss"} or not parts.hostname:
        raise Refusal(f"`{url}` is no address of a house", "it looks like `nats://192.168.0.5:4222`")
    who = f"{parts.username}:{parts.password or ''}@" if parts.username else ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{who}{host}:{port}"


def shown(url: str) -> str:
    """Give an address as it may be shown: without its password."""
    return url.rpartition("@")[2] if "@" in url else url


class JetStream:
    """A ``Bus`` on a server. Raises ``Refusal`` where the server is not reached, or does not let us in."""

    def __init__(self, url: str, name: str, inbox: Inbox, *, wait: float = 5.0) -> None:
        extra()
        self._url, self._name, self._inbox = address(url), name, inbox
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._subjects: set[str] = set()
        self._logs: set[str] = set()
        self._wrong: Exception | None = None
        self._up = threading.Event()
        self._client: Client | None = None
        self._js: JetStreamContext | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="house", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._connect(wait), self._loop)
        self._up.wait(wait + 3)
        if self._wrong is not None or self._js is None:
            self.close()
            raise self._refusal()

    def _refusal(self) -> Refusal:
        where, wrong = shown(self._url), str(self._wrong or "it does not answer")
        if "uthoriz" in wrong or "uthent" in wrong:
            return Refusal(
                f"the house at {where} does not let us in: the name or the password is wrong",
                "write them into the address: `nats://NAME:PASSWORD@HOST`",
                exit=UNREACHABLE,
            )
        if "no responders" in wrong or "ServiceUnavailable" in wrong:
            return Refusal(f"the server at {where} keeps no logs", "start it with JetStream: `nats-server -js`", exit=4)
        return Refusal(
            f"no house at {where}: {wrong or 'nothing answers there'}",
            "start its server, or `showrunner stagehand --serve` on the machine of the stage",
            exit=UNREACHABLE,
        )

    # --- the thread

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    async def _connect(self, wait: float) -> None:
        import nats

        try:
            self._client = await asyncio.wait_for(
                nats.connect(
                    self._url,
                    name=f"showrunner {self._name}",
                    connect_timeout=2,
                    reconnect_time_wait=0.05,
                    max_reconnect_attempts=-1,
                    ping_interval=1,
                    max_outstanding_pings=2,
                    allow_reconnect=True,
                    pending_size=8 * 1024 * 1024,
                    error_cb=self._erred,
                    disconnected_cb=self._lost,
                    reconnected_cb=self._back,
                ),
                wait,
            )
            js = self._client.jetstream(timeout=ANSWER)
            await js.account_info()
            self._js = js
        except (OSError, TimeoutError) as error:
            self._wrong = self._wrong or error
        except Exception as error:  # noqa: BLE001 - the client raises its own for what a server says
            self._wrong = error
        self._up.set()

    async def _erred(self, error: Exception) -> None:
        if self._js is None and str(error).strip():
            self._wrong = error

    async def _lost(self) -> None:
        if not self._closing and self._js is not None:
            self._tell(Line(up=False, why=f"the house at {shown(self._url)} is not reached; it is tried again"))

    async def _back(self) -> None:
        self._tell(Line(up=True, why=f"the house at {shown(self._url)} is reached again"))

    def _tell(self, news: News) -> None:
        if not self._closing:
            self._inbox.put(MAIL, Mail(news))

    def _do(self, thing: Coroutine[Any, Any, None]) -> None:
        """Have something done in the loop's thread, in the order in which it is asked."""
        if self._closing:
            thing.close()
            return
        self._loop.call_soon_threadsafe(self._begin, thing)

    def _begin(self, thing: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(thing)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._tell(Line(up=True, why=f"the house: {task.exception()}"))

    # --- logs

    def follow(self, channel: str) -> None:
        """Have a log, made if there is none, and be told of its records."""
        if channel not in self._logs:
            self._logs.add(channel)
            self._do(self._follow(channel))

    async def _follow(self, channel: str) -> None:
        client, js = self._there()

        async def came(message: Msg) -> None:
            headers = message.headers or {}
            self._tell(Recorded(channel, int(headers.get("Nats-Sequence", 0)), message.data))

        await client.subscribe(f"{TAIL}.sr.{channel}.>", cb=came)
        await self._made(js, channel)

    async def _made(self, js: JetStreamContext, channel: str) -> None:
        """Make a log where there is none. One that was deleted is another one: whoever read the old one sees that."""
        from nats.js.api import DiscardPolicy, RePublish, StorageType, StreamConfig

        names = [f"sr.{channel}.{kind}" for kind in ("show", "lead", "log")]
        config = StreamConfig(
            name=f"SHOW_{channel}",
            subjects=names,
            storage=StorageType.FILE,
            num_replicas=1,
            discard=DiscardPolicy.NEW,
            max_bytes=MOST_BYTES,
            allow_direct=True,
            republish=RePublish(src=">", dest=f"{TAIL}.>"),
        )
        while not self._closing:
            try:
                try:
                    await js.stream_info(config.name or "")
                except Exception as error:
                    if "not found" not in str(error):
                        raise
                    await self._add(js, config)
            except Exception as error:  # noqa: BLE001 - whatever is wrong is told, and tried again
                self._tell(Line(up=False, why=f"the log of `{channel}` cannot be made: {_words(error)}"))
                await asyncio.sleep(1)
            else:
                return

    async def _add(self, js: JetStreamContext, config: Any) -> None:
        """Make a log as large as this server lets us."""
        for part in (1, 8, 64):
            config.max_bytes = MOST_BYTES // part
            try:
                await js.add_stream(config)
            except Exception as error:
                if "insufficient" not in str(error) or part == 64:
                    raise
            else:
                return

    def append(self, channel: str, kind: Kind, after: int, data: bytes) -> None:
        """Append a record right behind ``after``, or not at all."""
        self._do(self._append(channel, kind, after, data))

    async def _append(self, channel: str, kind: Kind, after: int, data: bytes) -> None:
        _, js = self._there()
        headers = {"Nats-Expected-Last-Sequence": str(after), "Nats-Expected-Stream": f"SHOW_{channel}"}
        try:
            answer = await js.publish(f"sr.{channel}.{kind}", data, timeout=ANSWER, headers=headers)
        except Exception as error:  # noqa: BLE001 - every way in which nobody knows
            full = getattr(error, "err_code", None) in FULL
            self._tell(Unsure(channel, _words(error), full=full))
        else:
            self._tell(Appended(channel, answer.seq))

    def fetch(self, channel: str, after: int) -> None:
        """Read what stands behind ``after``."""
        self._do(self._fetch(channel, after))

    async def _fetch(self, channel: str, after: int) -> None:
        _, js = self._there()
        name = f"SHOW_{channel}"
        try:
            end = (await js.stream_info(name)).state.last_seq
            records: list[tuple[int, bytes]] = []
            seq = after
            while seq < end and len(records) < BATCH:
                found = await js.get_msg(name, seq=seq + 1, direct=True, next=True)
                seq = found.seq or end
                records.append((seq, found.data or b""))
        except Exception as error:  # noqa: BLE001
            self._tell(Fetched(channel, after, (), 0, _words(error)))
        else:
            self._tell(Fetched(channel, after, tuple(records), end))

    def find(self, channel: str) -> None:
        """Look for the last show of a channel."""
        self._do(self._find(channel))

    async def _find(self, channel: str) -> None:
        from nats.js.errors import NotFoundError

        _, js = self._there()
        name = f"SHOW_{channel}"
        try:
            end = (await js.stream_info(name)).state.last_seq
            try:
                show = (await js.get_msg(name, subject=f"sr.{channel}.show", direct=True)).seq or 0
            except NotFoundError:
                show = 0
        except Exception as error:  # noqa: BLE001
            self._tell(Found(channel, 0, 0, _words(error)))
        else:
            self._tell(Found(channel, show, end))

    def purge(self, channel: str, before: int) -> None:
        """Remove from a log what stands before a record."""
        self._do(self._purge(channel, before))

    async def _purge(self, channel: str, before: int) -> None:
        _, js = self._there()
        with contextlib.suppress(Exception):
            await js.purge_stream(f"SHOW_{channel}", seq=before)

    # --- the store

    def store(self, hash: str, data: bytes) -> None:
        """Keep something under its hash."""
        self._do(self._store(hash, data))

    async def _store(self, hash: str, data: bytes) -> None:
        from nats.js.errors import NotFoundError

        _, js = self._there()
        try:
            try:
                store = await js.object_store(STORE)
            except NotFoundError:
                store = await js.create_object_store(STORE)
            try:
                await store.get_info(hash)
            except NotFoundError:
                await store.put(hash, data)
        except Exception as error:  # noqa: BLE001
            self._tell(Kept(hash, _words(error)))
        else:
            self._tell(Kept(hash))

    def load(self, hash: str) -> None:
        """Read it."""
        self._do(self._load(hash))

    async def _load(self, hash: str) -> None:
        _, js = self._there()
        data: bytes | None = None
        for _try in range(5):
            try:
                store = await js.object_store(STORE)
                data = (await store.get(hash)).data
                break
            except Exception:  # noqa: BLE001 - a server that was just started; then it is not there
                await asyncio.sleep(0.2)
        self._tell(Loaded(hash, data))

    # --- words

    def listen(self, subject: str) -> None:
        """Be told what is said under a subject."""
        if subject not in self._subjects:
            self._subjects.add(subject)
            self._do(self._listen(subject))

    async def _listen(self, subject: str) -> None:
        client, _ = self._there()

        async def came(message: Msg) -> None:
            self._tell(Said(message.subject, message.data))

        await client.subscribe(subject, cb=came)

    def say(self, subject: str, data: bytes) -> None:
        """Say something to whoever listens. While the server is away it is lost: it would be old by then."""
        self._do(self._say(subject, data))

    async def _say(self, subject: str, data: bytes) -> None:
        client, _ = self._there()
        if client.is_connected:
            with contextlib.suppress(Exception):
                await client.publish(subject, data)

    def close(self) -> None:
        """End it: what was said is on its way, then the connection is closed."""
        if self._closing:
            return
        self._closing = True

        async def end() -> None:
            if self._client is not None:
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(self._client.flush(), 1)
                with contextlib.suppress(Exception):
                    await asyncio.wait_for(self._client.close(), 2)
            for task in [*self._tasks]:
                task.cancel()
            self._loop.call_soon(self._loop.stop)

        with contextlib.suppress(RuntimeError):
            asyncio.run_coroutine_threadsafe(end(), self._loop)
        self._thread.join(5)

    def _there(self) -> tuple[Client, JetStreamContext]:
        if self._client is None or self._js is None:
            raise ConnectionError("no connection")
        return self._client, self._js


def _words(error: Exception) -> str:
    """Say what the client raises in words."""
    if isinstance(error, TimeoutError | asyncio.TimeoutError) or "timeout" in str(error).lower():
        return "the server did not answer in time"
    return getattr(error, "description", None) or str(error) or type(error).__name__

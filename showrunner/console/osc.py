"""Who calls the show by OSC: a foot switch, a deck of keys, a phone; and the status that they are told.

There is no password in OSC and no connection: who may press is known by the address it comes from alone. A press with
0 or false is a key that is let go, and nothing. What is meant for several addresses at once is refused: nobody presses
`panic` by accident. Addresses are those of the README beside this file; those of QLab's remotes can be obeyed, too
(QLab 5, OSC dictionary).
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from showrunner.console.desk import Desk
from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.wording import quoted, shortened, visible
from showrunner.engine.messages import NOTHING, Brought
from showrunner.reports.status import Status
from showrunner.slotted import dataclass
from showrunner.times import SCALE, clock_to_second
from showrunner.wires import osc, pace, server

OURS = "/showrunner/"
"""All addresses begin with this, ..."""

LIKE: Mapping[str, Mapping[str, str]] = {"qlab": {f"/{one}": one for one in ("go", "pause", "resume", "stop", "panic")}}
"""... but those of another program's remotes, where the stage file says that they count."""

ACTIONS = ("start", "go", "pause", "resume", "stop", "panic", "next", "previous")
"""What can be done; and `button/NAME`."""

URGENT = frozenset({"stop", "panic"})
"""What waits for no other press, and may come twice."""

GUARDED = frozenset({"go", "button"})
"""What the show itself keeps from coming twice (``guard``); of all else that is done here."""

GUARD = 0.3
"""The same press from the same address within so many seconds is one that the network has doubled."""

MOST_WAITING = 50
"""So many presses may wait to be taken."""

SUBSCRIBED = 60.0
"""For so many seconds somebody is told the status, unless he says for how long."""
MOST_SECONDS = 3600.0
MOST_SUBSCRIBED = 32
"""So many are told at once."""

OFTEN = 0.1
"""Whoever is told of each change is told every so many seconds at most."""

LONGEST_WORD = 300
"""So many characters of an address, and of a status, count."""

MOST_SAID = 20
"""So many different things are said of what comes: whoever tries all the nonsense there is gets no further word."""

_PATTERN = frozenset("?*[]{}")
_LONGEST = 65_507

Sender: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Call:
    """A press. ``name`` of a button as it is spelt in the address, ``text`` what came with it."""

    action: str
    name: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Somebody wants to be told the status: at this ``port`` (None: where he asks from), for so many ``seconds``."""

    port: int | None
    seconds: float


def read(address: str, args: Sequence[Sequence[Any]], like: str | None = None) -> Call | Subscribe | str | None:
    """Tell what a message asks for; a text says why that cannot be known, None: a key was let go.

    ``args`` are pairs of type and value. ``like``: the other program whose addresses count, too.
    """
    values = [pair[1] for pair in args]
    if _PATTERN & set(address):
        return "it is meant for several addresses at once, and a press is for one"
    if address == f"{OURS}status/subscribe":
        return _subscribe(values)
    if values and values[0] is not None and not isinstance(values[0], str | list) and values[0] == 0:
        return None
    action = LIKE.get(like or "", {}).get(address) or address.removeprefix(OURS)
    if action in ACTIONS and (address.startswith(OURS) or action != address):
        return Call(action)
    button = address.removeprefix(f"{OURS}button/")
    if button == address:
        return f"there is no address `{visible(shortened(address))}`"
    for end in ("/down", "/up"):
        if button.endswith(end):
            button = button.removesuffix(end)
            if end == "/up":
                return None
    if not button:
        return f"which button? `{OURS}button/NAME`"
    return Call("button", unquote(button), next((one for one in values if isinstance(one, str)), None))


def _subscribe(values: Sequence[Any]) -> Subscribe | str:
    numbers = [one for one in values if isinstance(one, int | float) and not isinstance(one, bool)]
    port = int(numbers[0]) if numbers and numbers[0] else None
    if port is not None and not 0 < port < 65536:
        return f"{port} is no port"
    seconds = float(numbers[1]) if len(numbers) > 1 else SUBSCRIBED
    return Subscribe(port, max(0.0, min(seconds, MOST_SECONDS)))


def spelt(button: str) -> str:
    """Spell a button's name as it stands in an address."""
    return quote(button.replace(" ", "_"), safe="")


def messages(status: Status) -> dict[str, list[tuple[str, Any]]]:
    """Give the status as messages, address -> arguments. What is left is in seconds; -1: nobody knows."""
    said: dict[str, list[tuple[str, Any]]] = {
        "state": [("s", status.state)],
        "segment": [("s", status.segment[:LONGEST_WORD])],
        "playing": [("s", "" if status.playing is None else status.playing.text)],
        "next": [("s", "" if status.next is None else status.next.text)],
        "left": [("f", -1.0 if status.left is None else float(status.left // SCALE["s"]))],
        "clock": [("s", clock_to_second(status.clock))],
        "standing": [("i", len(status.standing))],
    }
    said |= {f"button/{spelt(name)}": [("i", int(awaited))] for name, awaited in status.buttons.items()}
    return {f"{OURS}status/{name}": args for name, args in said.items()}


def tried(url: str) -> str | None:
    """Listen at an address for a moment; give in one sentence why that cannot be, if it cannot."""
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 0
    try:
        sockets, _ = server.bind(host, port, socket.SOCK_DGRAM)
    except OSError as error:
        return f"nobody can press by OSC: {server.why_not(error, host, port).reason}"
    for one in sockets:
        one.close()
    return None


def pressers(senders: Sequence[str]) -> str:
    """Say who may press."""
    return f"these machines: {' '.join(senders)}" if senders else "this machine alone"


@dataclass(slots=True)
class _Subscriber:
    """Somebody who is told the status ``until`` an instant, and what he was ``told`` last."""

    until: float
    told: dict[str, list[tuple[str, Any]]]


class Remote:
    """Listens at ``url`` (``udp://HOST:PORT``) and hands what comes to the desk. Called from any thread.

    ``senders``: only what comes from these hosts is taken; none: from everybody who gets through to the address.
    ``say`` is told what people should know of it, once.
    """

    def __init__(
        self, desk: Desk, url: str, say: Callable[[str], None], senders: Iterable[str] = (), like: str | None = None
    ) -> None:
        parts = urlsplit(url)
        self._desk = desk
        self._host, self.port = parts.hostname or "127.0.0.1", parts.port or 0
        self._say = say
        self._senders = frozenset(senders)
        self._like = like
        self._sockets: list[socket.socket] = []
        self._pace = pace.Pace(pace.MOST)
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._presses = ThreadPoolExecutor(1, "osc presses")
        self._urgent = ThreadPoolExecutor(1, "osc urgent")
        self._waiting = {True: 0, False: 0}
        self._lock = threading.Lock()
        self._last: dict[tuple[str, str], float] = {}
        self._subscribers: dict[Sender, _Subscriber] = {}
        self._said: set[str] = set()

    def open(self) -> str | None:
        """Begin to listen; give in one sentence why that cannot be, if it cannot."""
        try:
            self._sockets, self.port = server.bind(self._host, self.port, socket.SOCK_DGRAM)
        except OSError as error:
            return f"nobody can press by OSC: {server.why_not(error, self._host, self.port).reason}"
        self._thread = threading.Thread(target=self._live, name="osc", daemon=True)
        self._thread.start()
        return None

    def close(self) -> None:
        """End it: those who are told the status are told the last one."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join(3)
        for executor in (self._presses, self._urgent):
            executor.shutdown(wait=False, cancel_futures=True)

    # --- what comes

    def _live(self) -> None:
        with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
            for one in self._sockets:
                one.setblocking(False)
                stack.enter_context(one)
                selector.register(one, selectors.EVENT_READ, one)
            while not self._closing.is_set():
                for key, _ in selector.select(OFTEN):
                    self._take(key.data)
                self._tell_all()
            self._tell_all()

    def _take(self, from_: socket.socket) -> None:
        for _ in range(pace.MOST):
            try:
                raw, sender = from_.recvfrom(_LONGEST + 1)
            except BlockingIOError:
                return
            except OSError:
                continue  # what was sent to somebody reached nobody: some systems say so here
            host = sender[0].partition("%")[0].removeprefix("::ffff:")
            if self._senders and host not in self._senders:
                self._note(f"{host} presses by OSC and is none of those that may: {' '.join(sorted(self._senders))}")
            elif not self._pace.full(now := time.monotonic_ns() // 1000):
                self._pace.message(now, len(raw))
                for address, args in self._messages(raw, host):
                    self._heard(address, args, (host, sender[1]))
            else:
                self._note(f"more than {pace.MOST} messages a second come by OSC: what is too much is lost")

    def _messages(self, raw: bytes, host: str) -> Iterator[tuple[str, Sequence[Any]]]:
        found = osc.read(raw)
        if isinstance(found, str):
            self._note(f"{host} sent something that is no OSC: {found}")
            return
        for one in found:
            yield one["address"], one["args"]

    def _heard(self, address: str, args: Sequence[Any], sender: Sender) -> None:
        asked = read(address[:LONGEST_WORD], args, self._like)
        if asked is None:
            return
        if isinstance(asked, Subscribe):
            self._subscribe(asked, sender)
        elif isinstance(asked, str):
            self._answer(address, sender, asked)
        elif self._doubled(asked, sender):
            self._answer(address, sender, "it came twice")
        elif self._waiting[urgent := asked.action in URGENT] >= MOST_WAITING:
            self._answer(address, sender, f"{MOST_WAITING} presses wait already")
        else:
            with self._lock:
                self._waiting[urgent] += 1
            (self._urgent if urgent else self._presses).submit(self._press, asked, address, sender)

    def _doubled(self, call: Call, sender: Sender) -> bool:
        if call.action in GUARDED | URGENT:
            return False
        key, now = (call.action, f"{sender[0]}:{sender[1]}"), time.monotonic()
        self._last = {one: at for one, at in self._last.items() if now - at < GUARD}
        before = self._last.setdefault(key, now)
        return before != now

    # --- what is done

    def _press(self, call: Call, address: str, sender: Sender) -> None:
        try:
            self._answer(address, sender, self._done(call, f"osc {_address(sender)}"))
        finally:
            with self._lock:
                self._waiting[call.action in URGENT] -= 1

    def _done(self, call: Call, origin: str) -> str | None:
        name = call.name
        if name is not None:
            names = tuple(self._desk.status().buttons)
            name = name if name in names else next((one for one in names if spelt(one) == spelt(name)), name)
        brought = NOTHING if call.text is None else Brought(call.text)
        try:
            return self._desk.do(call.action, name, None, None, origin, brought)
        except TimeoutError as late:
            return str(late)

    def _answer(self, address: str, sender: Sender, wrong: str | None) -> None:
        if wrong is not None:
            self._note(f"{quoted(address)} from {_address(sender)} was not done: {wrong}")
        told = {one for one in tuple(self._subscribers) if one[0] == sender[0]}
        for one in told:
            said = [("s", address), ("s", "ok" if wrong is None else "refused"), ("s", wrong or "")]
            self._send(one, f"{OURS}reply", said)

    def _note(self, text: str) -> None:
        with self._lock:
            if text in self._said or len(self._said) >= MOST_SAID:
                return
            self._said.add(text)
        self._say(visible(text))

    # --- who is told

    def _subscribe(self, asked: Subscribe, sender: Sender) -> None:
        whom = (sender[0], asked.port or sender[1])
        if not asked.seconds:
            self._subscribers.pop(whom, None)
        elif whom in self._subscribers or len(self._subscribers) < MOST_SUBSCRIBED:
            # Who asks again is told all of it again: he may have been started anew.
            self._subscribers[whom] = _Subscriber(time.monotonic() + asked.seconds, {})
        else:
            self._note(f"{MOST_SUBSCRIBED} are told the status by OSC already; {_address(whom)} is one too many")

    def _tell_all(self) -> None:
        now = time.monotonic()
        for whom, one in tuple(self._subscribers.items()):
            if one.until <= now:
                del self._subscribers[whom]
        if not self._subscribers:
            return
        said = messages(self._desk.status())
        for whom, one in self._subscribers.items():
            for address, args in said.items():
                if one.told.get(address) != args:
                    self._send(whom, address, args)
            one.told = said

    def _send(self, whom: Sender, address: str, args: Sequence[tuple[str, Any]]) -> None:
        family = socket.AF_INET6 if ":" in whom[0] else socket.AF_INET
        by = next((one for one in self._sockets if one.family == family), None)
        if by is None:
            return
        try:
            for packet in osc.write({"address": address, "args": [list(one) for one in args]}):
                by.sendto(packet, whom)
        except BlockingIOError:
            pass  # the next change is told
        except OSError as error:
            if not self._closing.is_set():
                self._note(f"the status cannot be sent to {_address(whom)}: {reason(error)}")


def _address(sender: Sender) -> str:
    host, port = sender
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

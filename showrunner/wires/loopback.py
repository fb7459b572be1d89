"""Wires in memory: devices' doubles on a virtual clock. No socket, no thread, no waiting.

The world's time moves only in ``World.next``, from one thing to come to the next, so an hour takes what its work takes.
Frames are handed over as they are, not copied: neither side changes one after it has let go of it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import field
from functools import partial
from typing import Any

from showrunner.devices.vocabulary import Double, Emit, Frame, Reaction, Way
from showrunner.slotted import dataclass
from showrunner.wires import frames
from showrunner.wires.wire import (
    GOODBYE,
    Arrival,
    Arriving,
    Connected,
    Disconnected,
    Pressed,
    Received,
    Stood,
    Unreachable,
)

CLIENT_RETRY = 250_000
"""Our side dials again this long after a connection ended (microseconds), as the real wire does."""

PAGE_RETRY = 1_000_000
"""A page dials again this long after a connection ended, as a page does in its first tries."""

SWAPPED = 10_000
"""A datagram that is overtaken comes so much later (microseconds)."""

NEIGHBOUR = "127.0.0.1:0"
"""Where datagrams come from, in memory."""

_OPERATOR, _FAULT, _WORLD = range(3)
"""Of what comes at one instant, in this order. Further ways of a device come after the first, in its order."""


class WrongOrder(ValueError):  # noqa: N818 - it is whoever orders that is wrong
    """A double cannot do what is ordered; in words."""


class World:
    """An inbox on a virtual clock, and the doubles behind it.

    ``latency``: microseconds that a frame takes, each way. At one instant come: the operator's presses, planned faults,
    then all else by way in its device's order, and so in the order in which it was set off, then what the doubles do by
    themselves, in order of joining.
    ``wires`` lead to those that have joined.
    """

    def __init__(self, latency: int = 0) -> None:
        self.latency = latency
        self._now = 0
        self._counter = 0
        self._heap: list[tuple[int, int, int, Arrival | Callable[[], None]]] = []
        self.wires: dict[str, LoopbackWire] = {}

    def join(
        self,
        name: str,
        double: Double,
        ways: Sequence[Way],
        *,
        lose_every: int | None = None,
        swap_every: int | None = None,
    ) -> LoopbackWire:
        """Bring in a double under the device's stage name; give the wire that leads to it, by these ``ways``.

        ``lose_every``: every n-th frame of the double is lost (a fault, for tests), and of datagrams every n-th each
        way. ``swap_every``: every n-th datagram is overtaken by what is sent within the next 10 ms.
        """
        if name in self.wires:
            raise ValueError(f"{name} has joined already")
        wire = LoopbackWire(self, name, double, ways, lose_every, swap_every)
        self.wires[name] = wire
        return wire

    def press(self, at: int, what: Pressed | Stood) -> None:
        """Plan an input of the operator, or that the machine stands."""
        self._push(at, _OPERATOR, Arrival(max(at, self._now), "", what))

    def lose(self, name: str, at: int) -> None:
        """Plan that the application goes away: its connection ends, and tries to reach it fail."""
        self._push(at, _FAULT, self.wires[name].lose)

    def restore(self, name: str, at: int) -> None:
        """Plan that the application is back and connects."""
        self._push(at, _FAULT, self.wires[name].restore)

    def slow(self, name: str, at: int, latency: int) -> None:
        """Plan that a frame to or from that application takes so long from then on, each way."""

        def slowed() -> None:
            self.wires[name].latency = latency

        self._push(at, _FAULT, slowed)

    def switch(self, name: str, at: int, switch: str, value: str | None = None) -> None:
        """Plan that a switch of the double is flipped. A switch it does not know is a ``WrongOrder`` at that time."""
        self._push(at, _FAULT, lambda: self.wires[name].switch(switch, value))

    def now(self) -> int:
        """Tell the virtual time in microseconds."""
        return self._now

    def next(self, until: int | None) -> Arrival | None:
        """Give the next arrival not later than ``until``; None once nothing comes by then (the time is ``until``)."""
        heap = self._heap
        while True:
            waiting = heap[0][0] if heap else None
            mover: LoopbackWire | None = None
            for wire in self.wires.values():
                deadline = wire.deadline
                if deadline is not None and (waiting is None or deadline < waiting):
                    waiting, mover = deadline, wire
            if waiting is None or (until is not None and waiting > until):
                if until is not None:
                    self._now = max(self._now, until)
                return None
            self._now = max(self._now, waiting)
            if mover is not None:
                mover.elapsed()
                continue
            thing = heapq.heappop(heap)[3]
            if isinstance(thing, Arrival):
                return thing
            thing()

    def _push(self, at: int, rank: int, thing: Arrival | Callable[[], None]) -> None:
        self._counter += 1
        heapq.heappush(self._heap, (max(at, self._now), rank, self._counter, thing))

    def later(self, delay: int, thing: Callable[[], None], place: int = 0) -> None:
        """Do something ``delay`` microseconds from now (for the wires of this world), by the way at this place."""
        self._push(self._now + delay, _WORLD + place, thing)

    def arrive(self, delay: int, device: str, what: Arriving, place: int = 0) -> None:
        """Let something arrive ``delay`` microseconds from now (for the wires of this world)."""
        at = self._now + delay
        self._push(at, _WORLD + place, Arrival(at, device, what))


class LoopbackWire:
    """The way to one double. Made by ``World.join``; connections count up from 1, one at a time by each way.

    Its frames are those of the encodings on sockets, as these read them. A way of requests or datagrams is open from
    the beginning: who asks an application that is away gets that for an answer, and a datagram is lost.
    """

    def __init__(
        self,
        world: World,
        name: str,
        double: Double,
        ways: Sequence[Way],
        lose_every: int | None,
        swap_every: int | None,
    ) -> None:
        self._world = world
        self._name = name
        self._double = double
        self._lines = [_Line(way, place) for place, way in enumerate(ways)]
        self._lose_every, self._swap_every = lose_every, swap_every
        self._emitted = 0
        self._connections = 0
        self._wanted = False
        self._away = False
        self.latency = world.latency
        self.deadline = double.deadline
        """The instant of the next thing the double does by itself, as it was after its last call."""

    def open(self) -> None:
        """Connect, one latency from now."""
        if not self._wanted:
            self._wanted = True
            for line in self._lines:
                self._dial(line, self.latency)

    def send(self, connection: int, frame: Frame | str) -> None:
        """Let the frame reach the double one latency from now."""
        line = self._line(connection)
        if line is None or line.way.encoding == "sse":
            return
        if line.asks and isinstance(frame, dict):
            self._ask(line, frame)
        for one in line.carried(frame):
            if (delay := self._delay(line)) is not None:
                self._world.later(delay, partial(self._reach, connection, one), line.place)

    def drop(self, connection: int, reason: str, code: int = GOODBYE) -> None:  # noqa: ARG002
        """End the connection at once; it is tried anew."""
        line = self._line(connection)
        if line is not None and not line.stays:
            self._end(line, reason)
            self._again(line)

    def rest(self, way: str, pause: int | None) -> None:
        """Dial that way again after so many microseconds; None: when ``dial`` says so."""
        for line in self._lines:
            if line.way.name == way and line.dialled and not line.datagrams:
                line.rests, line.until = pause is None, None if pause is None else self._world.now() + pause
                if line.stays or not line.up:
                    self._again(line)

    def dial(self) -> None:
        """Dial at once what is not connected, or rests."""
        for line in self._lines:
            if line.dialled and self._wanted and (not line.up or line.anew):
                line.rests, line.until = False, self._world.now()
                self._dial(line, self.latency)

    def close(self) -> None:
        """End the connections for good, without a word to the inbox."""
        self._wanted = False
        for line in self._lines:
            line.attempt += 1
            if line.up:
                line.up = False
                self._react(self._double.disconnected(line.connection, self._world.now()))

    def lose(self) -> None:
        """Let the application go away (see ``World.lose``)."""
        self._away = True
        for line in self._lines:
            if line.stays:
                self._fail(line, "the connection was lost")
            elif line.up:
                self._end(line, "the connection was lost")

    def restore(self) -> None:
        """Let the application come back (see ``World.restore``)."""
        self._away = False
        for line in self._lines:
            if self._wanted and not line.up and not line.rests:
                self._dial(line, self.latency)

    def switch(self, switch: str, value: str | None) -> None:
        """Flip a switch of the double (see ``World.switch``)."""
        reactions, wrong = self._double.switch(switch, value, self._world.now())
        if wrong is not None:
            raise WrongOrder(wrong)
        self._react(reactions)

    def elapsed(self) -> None:
        """Let the double do what is due."""
        self._react(self._double.elapsed(self._world.now()))

    def _line(self, connection: int) -> _Line | None:
        return next((line for line in self._lines if line.up and line.connection == connection), None)

    def _dial(self, line: _Line, delay: int) -> None:
        line.attempt += 1
        attempt = line.attempt
        self._world.later(delay, lambda: self._arrive(line, attempt), line.place)

    def _again(self, line: _Line) -> None:
        """Dial as the driver wants it, else after the usual pause."""
        line.attempt += 1
        if not line.rests:
            self._dial(line, line.retry if line.until is None else max(0, line.until - self._world.now()))

    def _arrive(self, line: _Line, attempt: int) -> None:
        if attempt != line.attempt or not self._wanted or (line.up and not line.anew):
            return
        line.until = None
        if self._away and not line.stays:
            if line.dialled:  # of a page that does not come nobody hears
                self._world.arrive(0, self._name, Unreachable("nothing answers there", way=line.way.name), line.place)
            return
        self._connections += 1
        line.connection, line.up = self._connections, True
        self._world.arrive(0, self._name, Connected(line.connection, way=line.way.name), line.place)
        self._react(self._double.connected(line.connection, self._world.now(), line.way.name))

    def _reach(self, connection: int, frame: Frame | str) -> None:
        line = self._line(connection)
        if line is None or (line.stays and self._away):
            return
        self._react(self._double.received(connection, frame, self._world.now()))

    def _end(self, line: _Line, reason: str, code: int | None = None) -> None:
        line.up = False
        self._world.arrive(0, self._name, Disconnected(line.connection, reason, code=code), line.place)
        self._react(self._double.disconnected(line.connection, self._world.now()))

    def _react(self, reactions: Sequence[Reaction]) -> None:
        self.deadline = self._double.deadline
        for reaction in reactions:
            line = self._line(reaction.connection)
            if line is None:
                continue
            if isinstance(reaction, Emit):
                for frame in line.carried(reaction.frame):
                    self._leave(line, frame)
            elif line.stays:
                self._fail(line, reaction.why or "it hung up without an answer")
            else:
                self._end(line, reaction.why or "the application closed the connection", reaction.code)
                self._again(line)

    def _leave(self, line: _Line, frame: Frame | str) -> None:
        self._emitted += not line.datagrams
        if not line.datagrams and self._lose_every is not None and not self._emitted % self._lose_every:
            return
        delay = self._delay(line)
        if delay is None:
            return
        if not delay and not line.stays:
            self._world.arrive(0, self._name, Received(line.connection, frame), line.place)
            return
        # What is still under way when its connection ends never arrives.
        self._world.later(delay, partial(self._land, line.connection, frame), line.place)

    def _land(self, connection: int, frame: Frame | str) -> None:
        line = self._line(connection)
        if line is None or (line.stays and self._away) or not line.awaits(frame):
            return
        self._world.arrive(0, self._name, Received(connection, frame), line.place)

    def _delay(self, line: _Line) -> int | None:
        """Tell how long a frame is under way, in microseconds; None: it is lost."""
        if not line.datagrams:
            return self.latency
        if self._away:
            return None
        line.datagram += 1
        if self._lose_every is not None and not line.datagram % self._lose_every:
            return None
        late = self._swap_every is not None and not line.datagram % self._swap_every
        return self.latency + (SWAPPED if late else 0)

    def _ask(self, line: _Line, frame: Frame) -> None:
        """Note a request: it has an answer in time, or it is told that there is none."""
        request = frame.get("request")
        line.asked[request] = asked = object()
        if self._away:
            self._fail(line, "nothing answers there")
            return

        def late() -> None:
            if line.asked.get(request) is asked:
                self._fail(line, "it did not answer in time", request)

        self._world.later(frames.within(frame), late, line.place)

    def _fail(self, line: _Line, wrong: str, *requests: Any) -> None:
        """Answer requests, or all that wait, with why there is no answer."""
        for request in requests or tuple(line.asked):
            del line.asked[request]
            self._world.arrive(
                0, self._name, Received(line.connection, frames.failed({"request": request}, wrong)), line.place
            )


@dataclass(slots=True)
class _Line:
    """One way of a device, at its ``place`` among them. ``connection``: the number of the newest, if it is ``up``.

    ``asked`` are the requests without an answer, ``datagram`` counts what goes by datagrams, both ways.
    """

    way: Way
    place: int
    connection: int = 0
    up: bool = False
    attempt: int = 0  # a planned dial of an older attempt is void
    until: int | None = None  # when it is dialled again, if its driver has said so
    rests: bool = False  # it is not, before somebody says so
    asked: dict[Any, object] = field(default_factory=dict)
    datagram: int = 0

    @property
    def datagrams(self) -> bool:
        return self.way.encoding in {"osc", "datagram"}

    @property
    def stays(self) -> bool:
        return self.datagrams or self.way.encoding == "http"

    @property
    def anew(self) -> bool:
        """Whether it is to be connected anew, though it is open all the time."""
        return self.stays and (self.rests or self.until is not None)

    @property
    def asks(self) -> bool:
        return self.way.encoding == "http" and self.dialled

    def carried(self, frame: Frame | str) -> Sequence[Frame | str]:
        """Give what a frame is on the other side: several where it is a bundle."""
        if not self.datagrams:
            return (frame,)
        if isinstance(frame, str):
            return ()
        return tuple(
            {**one, "from": NEIGHBOUR} for one in (frames.flat(frame) if self.way.encoding == "osc" else (frame,))
        )

    def awaits(self, frame: Frame | str) -> bool:
        """Tell whether something that comes is waited for: of the answers to one request the first."""
        if not self.asks:
            return True
        return isinstance(frame, dict) and self.asked.pop(frame.get("request"), None) is not None

    @property
    def dialled(self) -> bool:
        return self.way.connects == "client"

    @property
    def retry(self) -> int:
        return CLIENT_RETRY if self.dialled else PAGE_RETRY

"""The stagehand: the lower half of a performance. It has the devices: drivers, wires, their deadlines, their secrets.

It is called with what is to be done, and tells what the drivers made of it and of what came in, in the words of the
vocabulary: all of one call of a driver at once, in order, and no secret in it. It decides nothing about the show and
writes nothing down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import (
    Condition,
    Driver,
    Drop,
    Fixture,
    Heard,
    Inventory,
    Output,
    Remember,
    Rest,
    Send,
    Silent,
    Terms,
)
from showrunner.engine.journal import LONGEST_ANSWER, shown
from showrunner.engine.messages import (
    Call,
    Deliver,
    DeliverClear,
    DeliverFrame,
    Dial,
    Forget,
    Read,
    Silence,
    Silenced,
)
from showrunner.slotted import dataclass
from showrunner.wires.wire import (
    Arrival,
    Connected,
    Dialler,
    Disconnected,
    Noted,
    Quiet,
    Received,
    Unreachable,
    Wire,
)

REMINDED = 3_000_000
"""A page that dials us is asked for when none has been there for so long: one that is awake has come by then."""

FAILED = 1011
"""The code with which a program closes a connection when something is wrong in it (RFC 6455, 7.4.1)."""

REMEMBERED_FRAMES = 64
"""So many unanswered stream frames of a device are kept to be told of should they be refused."""

FILES = ("images", "documents")
"""The settings that files of the show stand in."""

Tell: TypeAlias = Callable[[str, Sequence[Output | Silenced], int], None]
"""Takes what was said of one device, at an instant: all of one call of its driver."""


class Ways:
    """The ways of one device, and its connections that are open, the newest last, with the way of each."""

    def __init__(self, fixture: Fixture) -> None:
        self._names = tuple(way.name for way in fixture.ways) or ("",)
        self._open: dict[int, str] = {}

    def __len__(self) -> int:
        """Count the connections that are open."""
        return len(self._open)

    @property
    def main(self) -> str:
        """The name of its first way."""
        return self._names[0]

    def side(self, way: str) -> bool:
        """Tell whether this is another way than the first (which may go without a name)."""
        return way not in {"", self.main}

    def came(self, what: Connected) -> str:
        """Note that a connection has opened; give the name of its way."""
        way = what.way or self.main
        self._open[what.connection] = way
        return way

    def went(self, connection: int) -> None:
        """Note that a connection has ended."""
        self._open.pop(connection, None)

    def connection(self, send: Send) -> int:
        """Tell on which connection something goes: the one it names, else the newest of its way; 0: there is none."""
        if send.connection is not None:
            return send.connection
        way = send.way or self.main
        return next((number for number, name in reversed(self._open.items()) if name == way), 0)

    def written(self, connection: int, way: str = "") -> str:
        """Give the way of a connection as the journal has it: where there are several. ``way``: if that has ended."""
        return self._open.get(connection, way or self.main) if len(self._names) > 1 else ""


@dataclass(slots=True)
class Station:
    """A device with its driver and the wire that all its ``ways`` are.

    ``files`` are its pictures and documents, by the settings they stand in: those of a later text are added to them.
    ``deadline`` is as it was after the last call of the driver. ``waiting`` for a person, in the driver's words;
    ``reason``: why it could not be reached last, ``said``: by other ways than the first. ``rests``: the ways that
    are not dialled before somebody says so. ``remind``: when people are told that its page is waited for, if none has
    come by then. Of the stream frames that have no answer yet the show is told of those in ``told``; ``untold`` are the
    others, as they were sent.
    """

    fixture: Fixture
    driver: Driver
    wire: Wire
    files: Mapping[str, dict[str, Any]]
    ways: Ways
    deadline: int | None = None
    ready: bool = False
    waiting: str | None = None
    reason: str | None = None
    said: dict[str, str] = field(default_factory=dict)
    rests: set[str] = field(default_factory=set)
    remind: int | None = None
    secrets: set[str] = field(default_factory=set)
    told: set[int] = field(default_factory=set)
    untold: dict[int, Send] = field(default_factory=dict)

    def look(self) -> None:
        """Note the next instant at which something is to be done about it."""
        self.deadline = self.driver.deadline
        if self.remind is not None and (self.deadline is None or self.remind < self.deadline):
            self.deadline = self.remind

    def rest(self, rest: Rest) -> None:
        """Have a way dialled again when its driver wants it."""
        way = rest.way or self.ways.main
        if rest.pause is None:
            self.rests.add(way)
        if isinstance(self.wire, Dialler):
            self.wire.rest(way, rest.pause)

    def wait(self, now: int) -> None:
        """Have people told, in a while, that its page is waited for, if none is there."""
        if self.fixture.awaited and self.fixture.device.reminder and not self.ways:
            self.remind = now + REMINDED
        self.look()

    @property
    def missing(self) -> str:
        """What to do about it, where it is not there."""
        fixture = self.fixture
        said = fixture.device.unreachable(fixture.settings)
        if fixture.name != fixture.device.name:
            said = f"{fixture.name}: {said}"  # of several of a kind it is told which
        return f"{said} ({self.reason})" if self.reason else said


class Stagehand:
    """The devices of one performance.

    ``tell`` is told what they say, before the call that led to it returns. ``wires`` has the way to each device that is
    connected, by stage name; there may come more. ``seed`` begins all wire ids, ``epoch`` is the wall clock at show
    time 0 (milliseconds). ``memory``, ``secrets`` and ``remember`` as for a ``Performance``.

    Of stream frames, many a second, it tells if they carry something for the first time, if they bring a device back to
    what is held, and if one is refused; of all with ``every_frame``.
    """

    def __init__(
        self,
        tell: Tell,
        wires: Mapping[str, Wire],
        seed: str,
        epoch: int,
        *,
        memory: Mapping[str, Mapping[str, str]] | None = None,
        secrets: Mapping[str, Mapping[str, str]] | None = None,
        remember: Callable[[str, str, str], None] | None = None,
        every_frame: bool = False,
    ) -> None:
        self.stations: dict[str, Station] = {}
        self._tell = tell
        self._wires = wires
        self._seed = seed
        self._epoch = epoch
        self._memory = memory or {}
        self._secrets = secrets or {}
        self._remember = remember
        self._every_frame = every_frame
        self._zero: int | None = None

    # --- called from above

    def connect(self, fixture: Fixture, events: tuple[str, ...], inventory: Inventory | None, now: int) -> None:
        """Begin to reach a device, and go on until closed; its program is asked for these ``events``."""
        name = fixture.name
        files = {one: dict(fixture.settings.get(one) or {}) for one in FILES}
        settings = {**fixture.settings, **files}
        own = self._secrets.get(name, {})
        terms = Terms(name, settings, self._seed, self._stamp, self._memory.get(name, {}), inventory, own)
        station = Station(fixture, fixture.device.driver(terms), self._wires[name], files, Ways(fixture))
        station.secrets.update(own.values())
        station.wait(now)
        self.stations[name] = station
        self.listen(name, events, now)
        station.wire.open()

    def listen(self, device: str, events: tuple[str, ...], now: int) -> None:
        """Have a program tell of these events; more than it was asked for before."""
        station = self.stations[device]
        if station.fixture.device.events:
            self._take(device, station.driver.listen(events, now), now)

    def show(self, fixture: Fixture) -> None:
        """Take in the pictures and documents of a later text: what is under way keeps those it has."""
        for name, held in self.stations[fixture.name].files.items():
            held.update(fixture.settings.get(name) or {})

    def begin(self, zero: int) -> None:
        """Take this instant for show time 0: frames are stamped from it."""
        self._zero = zero

    def do(self, call: Call, now: int) -> None:
        """Have a device do something."""
        station = self.stations[call.device]
        driver = station.driver
        outputs: Sequence[Output]
        if isinstance(call, Deliver):
            outputs = driver.command(call.id, call.attempt, call.command, now)
        elif isinstance(call, DeliverFrame):
            if call.first or call.shown or self._every_frame:
                station.told.add(call.number)
            outputs = driver.frame(call.lane, call.number, call.values, now)
        elif isinstance(call, DeliverClear):
            if call.first or self._every_frame:
                station.told.add(call.number)
            outputs = driver.clear(call.lane, call.number, now)
        elif isinstance(call, Read):
            outputs = driver.read(call.lane, call.properties, now)
        elif isinstance(call, Forget):
            outputs = driver.forget(call.id, call.attempt, now)
        elif isinstance(call, Silence):
            outputs = driver.panic(now) if call.cut is None else driver.hush(now)
        elif isinstance(call, Dial):
            station.rests.clear()
            outputs = ()
            if isinstance(station.wire, Dialler):
                station.wire.dial()
        self._take(call.device, outputs, now)

    def close(self) -> None:
        """Close every connection."""
        for station in self.stations.values():
            station.wire.close()

    # --- called by whoever has the clock

    @property
    def deadline(self) -> tuple[int, str] | None:
        """The next instant at which a driver wants to do something by itself, and of which device; None: none does."""
        found: tuple[int, str] | None = None
        for name, station in self.stations.items():
            instant = station.deadline
            if instant is not None and (found is None or instant < found[0]):
                found = instant, name
        return found

    def elapsed(self, device: str, deadline: int, now: int) -> None:
        """Do what was due at the ``deadline`` of a device."""
        station = self.stations[device]
        if station.remind is not None and station.remind <= deadline:
            station.remind = None
            self._take(device, [Condition("note", station.fixture.device.reminder)], now)
        if station.driver.deadline is not None and station.driver.deadline <= deadline:
            self._take(device, station.driver.elapsed(deadline), now)

    def arrived(self, arrival: Arrival, now: int) -> None:
        """Take in what came over a wire; of a device that is not connected it is nothing."""
        name, what = arrival.device, arrival.what
        station = self.stations.get(name)
        if station is None:
            return
        if isinstance(what, Received):
            heard = station.driver.received(what.connection, what.frame, now)
            self._take(name, heard, now, way=station.ways.written(what.connection))
        elif isinstance(what, Connected):
            way = station.ways.came(what)
            station.rests.discard(way)
            if not station.ways.side(way):
                station.remind = None
            self._take(name, station.driver.connected(what.connection, now, way, what.origin), now)
        elif isinstance(what, Disconnected):
            station.ways.went(what.connection)
            if what.code == FAILED:
                station.reason = what.reason
            self._take(name, station.driver.disconnected(what.connection, now, what.reason, what.code), now)
            station.wait(now)
        elif isinstance(what, Quiet):
            self._take(name, station.driver.quiet(what.connection, now, gone=what.gone), now)
        elif isinstance(what, Unreachable) and station.ways.side(what.way):
            if station.said.get(what.way) != what.reason:
                station.said[what.way] = what.reason
                self._take(name, [Condition("note", f"`{what.way}`: {what.reason}")], now)
        elif isinstance(what, Unreachable):
            # Of a page that cannot come in nobody else hears; and to reload it would not help.
            if station.fixture.awaited and what.reason != station.reason:
                again = "; it is tried again until the port is free" if what.kind == "taken" else ""
                self._take(name, [Condition("note", what.reason + again)], now)
            station.reason, station.remind = what.reason, None
            station.look()
        elif isinstance(what, Noted):
            self._take(name, [Condition("note", what.detail)], now)

    @property
    def ready(self) -> bool:
        """Whether every device is ready to play."""
        return all(station.ready for station in self.stations.values())

    @property
    def hoping(self) -> bool:
        """Whether one waits for a person (an approval): that takes as long as it takes.

        Nothing comes of it by itself where it rests.
        """
        waiting = (one for one in self.stations.values() if one.waiting is not None and not one.ready)
        return any(not one.rests for one in waiting)

    @property
    def patience(self) -> int:
        """How long, in microseconds, those that are not ready are waited for, by what their fixtures say."""
        return min((one.fixture.patience for one in self.stations.values() if not one.ready), default=0)

    def missing(self) -> dict[str, str]:
        """Give the devices that are not ready, with what to do about each."""
        return {name: one.waiting or one.missing for name, one in self.stations.items() if not one.ready}

    # --- what drivers say

    def _take(self, name: str, outputs: Sequence[Output], now: int, way: str = "") -> None:
        """Do what a driver says; ``way`` is by which it has heard something, as the journal has it."""
        told: list[Output | Silenced] = []
        station = self.stations[name]
        self._sort(name, station, outputs, told, way)
        station.look()
        if told:
            self._tell(name, told, now)

    def _sort(
        self,
        name: str,
        station: Station,
        outputs: Sequence[Output],
        told: list[Output | Silenced],
        way: str = "",
    ) -> None:
        """Do what is to be done here; what the show must know is collected in ``told``, in order."""
        for output in outputs:
            if isinstance(output, Send):
                station.secrets.update(output.secrets)
                connection = station.ways.connection(output)
                station.wire.send(connection, output.frame)
                sent = replace(output, way=station.ways.written(connection, output.way))
                if output.number is None or output.number in station.told:
                    told.append(bounded(sent, station.secrets))
                else:
                    station.untold[output.number] = sent
                    while len(station.untold) > REMEMBERED_FRAMES:
                        station.untold.pop(next(iter(station.untold)))
            elif isinstance(output, Heard):
                station.secrets.update(output.secrets)
                told += _heard(station, replace(output, way=way), outputs)
            elif isinstance(output, Remember):
                if self._remember is not None:
                    self._remember(name, output.key, output.value)
            elif isinstance(output, Drop):
                station.wire.drop(output.connection, output.reason)
            elif isinstance(output, Rest):
                station.rest(output)
            elif isinstance(output, Silent):
                if output.said is not None:
                    told.append(bounded(Condition("note", output.said), station.secrets))
                told.append(Silenced())
            elif isinstance(output, Condition) and output.state not in {"note", "busy"}:
                station.ready = output.state == "ready"
                station.reason = output.why if output.why is not None and output.state == "lost" else station.reason
                station.waiting = output.detail if output.state == "waiting" else None
                rests = any(isinstance(one, Rest) and one.pause is None for one in outputs)
                told.append(bounded(replace(output, rests=rests), station.secrets))
            else:
                told.append(bounded(output, station.secrets))

    def _stamp(self, now: int) -> int:
        return self._epoch + (0 if self._zero is None else max(0, now - self._zero) // 1000)


def _heard(station: Station, heard: Heard, led_to: Sequence[Output]) -> list[Output]:
    """Give what the show is told of an incoming frame: perhaps nothing of the answer to a stream frame or its echo."""
    if heard.number is None:
        return [bounded(heard, station.secrets)]
    if not heard.reply:
        return []  # no more than the echo of a frame, before its answer or behind it
    if heard.number in station.told:
        # A stream frame may be several requests, one after the other: it is not over while another one follows.
        if not any(isinstance(output, Send) and output.number == heard.number for output in led_to):
            station.told.discard(heard.number)
        return [bounded(heard, station.secrets)]
    sent = station.untold.pop(heard.number, None)
    if heard.ok is not False:
        return []
    return [bounded(one, station.secrets) for one in (sent, heard) if one is not None]


def bounded(output: Output, secrets: Iterable[str]) -> Output:
    """Give what a driver says as it may be written down: words and frames as short as the journal's, without secrets.

    A program's words of an error may be of any length, and its answer, too: of that so much is kept as can be written.
    """
    if isinstance(output, Send):
        frame = shown(output.frame, secrets)
        return Send(frame, output.id, output.attempt, output.number, output.connection, way=output.way)
    if isinstance(output, Heard):
        frame, answer = shown(output.frame, secrets), output.answer and output.answer[:LONGEST_ANSWER]
        of = output.id, output.number, output.ok
        return Heard(frame, output.reply, *of, answer, attempt=output.attempt, way=output.way)
    said: dict[str, Any] = {}
    for name in ("reason", "detail", "why"):
        words = getattr(output, name, None)
        if words:
            said[name] = shown(words, secrets)
    answer = getattr(output, "answer", None)
    if answer is not None:
        said["answer"] = answer[:LONGEST_ANSWER]
    return replace(output, **said) if said else output

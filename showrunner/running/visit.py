"""A visit: devices are reached, asked what they have, perhaps heard, and left again. No show, no journal.

What `doctor` and `inventory` know of the world. What is made of it is their business.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace

from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Driver,
    Drop,
    Ended,
    Finished,
    Fixture,
    Heard,
    Inventory,
    Listed,
    Output,
    Remember,
    Rest,
    Send,
    Terms,
)
from showrunner.running.stagehand import REMINDED, Ways
from showrunner.running.wiring import wiring
from showrunner.show import user_files
from showrunner.slotted import dataclass
from showrunner.wires.wire import Arrival, Connected, Dialler, Disconnected, Inbox, Received, Unreachable, Wire

ANY_NAME = "*"
"""An entry of this name stands for every other name: doubles that take any list one. It is no name of anything."""

SOUND = 1
"""The id of the line by which a voice is tried: it is the only command of a visit."""

VOICE = 30_000_000
"""How long such a line may sound after it was taken, in microseconds."""

PATIENCE = 60_000_000
"""How long a device that answers may take to list what it has, in microseconds; a driver's own limits are shorter."""


@dataclass(frozen=True, slots=True)
class Sounded:
    """What came of trying a voice. ``wrong``: why it was probably not heard; ``took``: microseconds."""

    wrong: str | None
    took: int


@dataclass(frozen=True, slots=True)
class Found:
    """What came of visiting one device.

    ``met``: a connection opened. ``answered``: something replied to us in the device's own words. ``detail``: what the
    driver said of being ready. ``waiting``: the person it waits for, in the driver's words, and ``why``. ``lost``: why
    the last connection ended. ``failed``: the last try that failed. ``inventory`` None: it did not say what it has.
    ``notes``: what else was told. ``sounded``: what came of trying its voice; None: it was not tried.
    """

    ready: bool = False
    met: bool = False
    answered: bool = False
    detail: str | None = None
    waiting: str | None = None
    why: str | None = None
    lost: str | None = None
    failed: Unreachable | None = None
    inventory: Inventory | None = None
    notes: tuple[str, ...] = ()
    sounded: Sounded | None = None

    @property
    def right(self) -> bool:
        """Tell whether the device itself was met, ready to play; where it lists things, it has said so."""
        return self.ready and self.inventory is not None


@dataclass(slots=True)
class _Host:
    """One device during the visit: given up at ``until``; ``remind``: when it is told that its page is waited for."""

    name: str
    fixture: Fixture
    driver: Driver
    wire: Wire
    ways: Ways
    until: int
    remind: int | None
    ready: bool = False
    met: bool = False
    answered: bool = False
    detail: str | None = None
    waiting: str | None = None
    why: str | None = None
    lost: str | None = None
    failed: Unreachable | None = None
    inventory: Inventory | None = None
    notes: list[str] = field(default_factory=list)
    sound: Command | None = None
    began: int | None = None
    tried: set[str] = field(default_factory=set)
    doubt: str | None = None
    sounded: Sounded | None = None

    @property
    def settled(self) -> bool:
        """Tell whether nothing more is to be learnt: it has told all, a person is needed, or no try can succeed."""
        hopeless = self.failed is not None and self.failed.kind not in {"stranger", "elsewhere"} and not self.met
        ways = all(way.name in self.tried for way in self.fixture.ways[1:])
        told = self.inventory is not None and ways and (self.sound is None or self.sounded is not None)
        return told or (self.waiting is not None and self.began is None) or hopeless

    @property
    def end(self) -> int:
        """When it is waited for no longer."""
        if self.began is not None:
            return self.until
        telling = self.ready and (self.answered or not self.fixture.device.catalogue)
        return self.until + PATIENCE if telling else self.until

    @property
    def deadline(self) -> int | None:
        """The next instant at which something is to be done about it."""
        return min((at for at in (self.driver.deadline, self.remind) if at is not None), default=None)

    def found(self) -> Found:
        return Found(
            self.ready,
            self.met,
            self.answered,
            self.detail,
            self.waiting,
            self.why,
            self.lost,
            self.failed,
            self.inventory,
            tuple(self.notes),
            self.sounded,
        )


def visit(
    fixtures: Mapping[str, Fixture],
    wires: Mapping[str, Wire],
    inbox: Inbox,
    limit: int | None,
    *,
    stamp: Callable[[int], int],
    seed: str = "0",
    memory: Mapping[str, Mapping[str, str]] | None = None,
    secrets: Mapping[str, Mapping[str, str]] | None = None,
    remember: Callable[[str, str, str], None] | None = None,
    remind: Callable[[str, str], None] | None = None,
    sounds: Mapping[str, Command] | None = None,
) -> dict[str, Found]:
    """Visit these devices at once and give what was found, by name. Closes the wires.

    ``limit``: microseconds for a device to answer at all (None: as its ``Fixture`` says); one that has begun to list
    what it has is heard out. A try that fails is the end of it: whoever asks how things stand wants to know how they
    stand now. ``remind`` is told of a device whose page is waited for. ``sounds``: lines by which voices are tried, by
    the device's name. The rest is as for a ``Performance``.
    """
    began = inbox.now()
    hosts = {
        name: _Host(
            name,
            fixture,
            fixture.device.driver(
                Terms(
                    name,
                    {**fixture.settings, "events": ()},
                    seed,
                    stamp,
                    (memory or {}).get(name, {}),
                    secrets=(secrets or {}).get(name, {}),
                )
            ),
            wires[name],
            Ways(fixture),
            began + (fixture.patience if limit is None else limit),
            began + REMINDED if fixture.awaited and fixture.device.reminder else None,
            sound=(sounds or {}).get(name),
        )
        for name, fixture in fixtures.items()
    }
    round_ = _Round(hosts, inbox, remember, remind)
    try:
        for host in hosts.values():
            host.wire.open()
        round_.go()
    finally:
        for host in hosts.values():
            host.wire.close()
    return {name: host.found() for name, host in hosts.items()}


def reach(
    fixtures: Mapping[str, Fixture],
    limit: int | None,
    warn: Callable[[str], None],
    say: Callable[[str], None],
    simulated: frozenset[str] = frozenset(),
    inventories: Mapping[str, Inventory] | None = None,
    sounds: Mapping[str, Command] | None = None,
) -> dict[str, Found]:
    """Visit these devices where they are; those in ``simulated`` are doubles, which have what ``inventories`` say.

    What a driver wants kept is kept; ``warn`` is told where it cannot be, ``say`` what somebody can do meanwhile. The
    rest is as ``visit`` has it.
    """
    epoch = time.time_ns() // 1_000_000

    def stamp(now: int) -> int:
        return epoch + now // 1_000

    wired = wiring(fixtures, simulated, inventories or {}, stamp)

    def remember(device: str, key: str, value: str) -> None:
        wrong = None if device in simulated else user_files.remember(wired.fixtures[device], key, value)
        if wrong is not None:
            warn(wrong)

    try:
        return visit(
            wired.fixtures,
            wired.wires,
            wired.inbox,
            limit,
            stamp=stamp,
            seed=f"{epoch & 0xFFFFFFFF:08x}",
            memory=user_files.memory({name: one for name, one in fixtures.items() if name not in simulated}),
            secrets=wired.secrets,
            remember=remember,
            remind=lambda name, said: say(f"{name}: {said}"),
            sounds=sounds,
        )
    finally:
        wired.close()


class _Round:
    """The loop over the devices that are visited."""

    def __init__(
        self,
        hosts: Mapping[str, _Host],
        inbox: Inbox,
        remember: Callable[[str, str, str], None] | None,
        remind: Callable[[str, str], None] | None,
    ) -> None:
        self._hosts = hosts
        self._inbox = inbox
        self._remember = remember
        self._remind = remind

    def go(self) -> None:
        """Do what there is to do until every device is settled, or was waited for long enough."""
        while open_ := [one for one in self._hosts.values() if not one.settled and one.end > self._inbox.now()]:
            first, due = min(one.end for one in open_), None
            for host in open_:
                deadline = host.deadline
                if deadline is not None and deadline <= first:
                    first, due = deadline, host
            arrival = self._inbox.next(first)
            if arrival is not None:
                self._arrived(arrival)
            elif due is None:
                # One of them is waited for no longer.
                for host in open_:
                    if host.began is not None and host.end <= first:
                        self._take(host, host.driver.forget(SOUND, 1, first), first)
                        host.sounded = Sounded(host.doubt or "no end of the line was reported", first - host.began)
            elif due.remind is not None and due.remind <= first:
                due.remind = None
                if self._remind is not None:
                    self._remind(due.name, due.fixture.device.reminder)
            else:
                self._take(due, due.driver.elapsed(first), first)

    def _arrived(self, arrival: Arrival) -> None:
        host, what, now = self._hosts.get(arrival.device), arrival.what, arrival.at
        if host is None:
            return
        if isinstance(what, Connected):
            way = host.ways.came(what)
            host.tried.add(way)
            if not host.ways.side(way):
                host.met, host.remind = True, None
            self._take(host, host.driver.connected(what.connection, now, way, what.origin), now)
        elif isinstance(what, Disconnected):
            host.ways.went(what.connection)
            host.lost = what.reason
            if host.began is not None:
                self._sounded(host, what.reason, now)
            self._take(host, host.driver.disconnected(what.connection, now, what.reason, what.code), now)
        elif isinstance(what, Received):
            self._take(host, host.driver.received(what.connection, what.frame, now), now)
        elif isinstance(what, Unreachable) and host.ways.side(what.way):
            if what.way not in host.tried:
                host.notes.append(f"`{what.way}`: {what.reason}")
            host.tried.add(what.way)
        elif isinstance(what, Unreachable):
            host.failed = what

    def _take(self, host: _Host, outputs: Sequence[Output], now: int) -> None:
        for output in outputs:
            if isinstance(output, Send):
                host.wire.send(host.ways.connection(output), output.frame)
            elif isinstance(output, Heard):
                host.answered = host.answered or output.reply
            elif isinstance(output, Drop):
                host.wire.drop(output.connection, output.reason)
            elif isinstance(output, Rest) and isinstance(host.wire, Dialler):
                host.wire.rest(output.way or host.ways.main, output.pause)
            elif isinstance(output, Remember):
                if self._remember is not None:
                    self._remember(host.name, output.key, output.value)
            elif isinstance(output, Condition):
                self._condition(host, output, now)
            elif isinstance(output, Listed) and (
                host.answered or not any(row.told for row in host.fixture.device.catalogue)
            ):
                # Of a device that lists things, silence to every question is no inventory: it is another program.
                host.inventory = {
                    name: tuple(entry for entry in entries if entry.name != ANY_NAME)
                    for name, entries in output.inventory.items()
                }
                self._sound(host, now)
            elif isinstance(output, Answered) and output.id == SOUND:
                if not output.ok:
                    self._sounded(host, output.reason or "it was refused without a reason", now)
                elif not self._goes_on(host, now):
                    self._sounded(host, output.reason, now)
            elif isinstance(output, Ended) and output.id == SOUND:
                self._sounded(host, output.reason, now)

    def _sound(self, host: _Host, now: int) -> None:
        """Try the voice, once."""
        command = host.sound
        if command is None or host.began is not None or not host.ready:
            return
        host.began = now
        verb, settings = command.verb, host.fixture.settings
        limit = verb.limit if verb.limit_of is None else verb.limit_of(command, settings)
        host.until = now + (settings["timeout"] if limit is None else limit)
        self._take(host, host.driver.command(SOUND, 1, command, now), now)

    def _goes_on(self, host: _Host, now: int) -> bool:
        """Tell whether a line that was taken is still to be spoken; it is waited for."""
        goes_on = host.sound is not None and host.sound.verb.finished is Finished.REPORTED
        if goes_on:
            host.until = now + VOICE
        return goes_on

    def _sounded(self, host: _Host, wrong: str | None, now: int) -> None:
        if host.sounded is None and host.began is not None:
            host.sounded = Sounded(wrong or host.doubt, now - host.began)

    def _condition(self, host: _Host, condition: Condition, now: int) -> None:
        if condition.state == "note":
            if condition.id == SOUND:
                host.doubt = condition.detail
                if host.sounded is not None:
                    host.sounded = replace(host.sounded, wrong=condition.detail)
            elif condition.detail is not None and condition.detail not in host.notes:
                host.notes.append(condition.detail)
            return
        host.ready = condition.state == "ready"
        host.waiting = condition.detail or "it waits for somebody" if condition.state == "waiting" else None
        host.why = condition.why
        if host.ready:
            host.detail = condition.detail
            self._take(host, host.driver.inventory(now), now)

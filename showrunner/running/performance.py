"""The performance: the one loop that joins clock, caller, drivers, wires and journal.

It decides nothing: what is next is the caller's business, what a frame means the driver's. It carries things from one
to the other, in order, and writes down what it carries. On a virtual clock or a real one it is the same loop; only the
inbox differs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from showrunner.devices.vocabulary import (
    Condition,
    Cut,
    Drop,
    Fixture,
    Heard,
    Inventory,
    Output,
    Remember,
    Send,
    Silent,
    Terms,
)
from showrunner.engine.caller import Caller
from showrunner.engine.journal import Journal, shown
from showrunner.engine.messages import (
    Deliver,
    DeliverClear,
    DeliverFrame,
    Effect,
    Excerpt,
    Forget,
    Options,
    Read,
    Silence,
    Silenced,
    Write,
)
from showrunner.running.edition import NewText, Refused, Sources, refusal
from showrunner.running.station import Station, bounded, missing
from showrunner.timeline.cues import CueList
from showrunner.wires.wire import (
    Arrival,
    Connected,
    Disconnected,
    Hushed,
    Inbox,
    Noted,
    Pressed,
    Quiet,
    Received,
    Unreachable,
    Wire,
)

__all__ = ["Options", "Performance", "Result"]

GLANCE = 100_000
"""How often ``idle`` looks whether it is done (microseconds)."""

REMEMBERED_FRAMES = 64
"""So many unanswered stream frames are kept to be written down should they be refused."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a show ended: the journal's `end`, and whether some command ended badly."""

    result: str
    counts: dict[str, int]
    bad: bool


class Performance:
    """One show on its devices, from the first connection to the last journal entry.

    ``inventories`` and ``memory`` are by stage name; ``remember(device, key, value)`` keeps what a driver wants kept.
    ``hush(device, cut)`` has a program cut its sound, without waiting; the inbox gets what came of it (``Hushed``).
    ``every_event``: devices are asked for all events they have, since the text may change and wait for others.
    """

    def __init__(
        self,
        cues: CueList,
        fixtures: Mapping[str, Fixture],
        wires: Mapping[str, Wire],
        inbox: Inbox,
        journal: Journal,
        options: Options,
        *,
        inventories: Mapping[str, Inventory] | None = None,
        memory: Mapping[str, Mapping[str, str]] | None = None,
        remember: Callable[[str, str, str], None] | None = None,
        hush: Callable[[str, Cut], None] | None = None,
        every_event: bool = False,
    ) -> None:
        self.cues = cues
        self.options = options
        self.inbox = inbox
        self.journal = journal
        self.caller = Caller(cues, fixtures, options, inventories)
        self.interrupted = False
        self._begun = False
        self._remember = remember
        self._hush = hush
        self._later: deque[tuple[str, Output | Silenced, int]] = deque()
        self._latest = 0
        self._stations: dict[str, Station] = {}
        self._memory = memory or {}
        self._every_event = every_event
        self._images: dict[str, dict[str, str]] = {}
        for name in cues.devices:
            self._station(name, cues, fixtures[name], wires[name], (inventories or {}).get(name))

    def _station(self, name: str, cues: CueList, fixture: Fixture, wire: Wire, inventory: Inventory | None) -> Station:
        awaited = tuple(event for device, event in cues.events if device == name)
        events = tuple(event.name for event in fixture.device.events) if self._every_event else awaited
        # The pictures of a later text are added to these: the driver keeps looking them up here.
        images = dict(fixture.settings.get("images") or {})
        self._images[name] = images
        settings = {**fixture.settings, "events": events, "images": images}
        terms = Terms(name, settings, self.options.seed, self._stamp, self._memory.get(name, {}), inventory)
        station = self._stations[name] = Station(fixture, fixture.device.driver(terms), wire)
        return station

    @property
    def devices(self) -> AbstractSet[str]:
        """The stage names of all devices it knows."""
        return self._stations.keys()

    # --- the three acts

    def standby(self, limit: int) -> dict[str, str]:
        """Connect to every device; give those that are not ready, with what to do about it.

        ``limit`` is the time for a device to answer at all, in microseconds; a device that waits for a person (an
        approval) is waited for without limit, until the operator breaks off.
        """
        self._begun = True
        self.journal.write(
            self.inbox.now(),
            "show",
            version=1,
            title=self.cues.title,
            script=self.cues.main,
            fingerprint=self.cues.fingerprint,
            devices={name: station.fixture.device.name for name, station in self._stations.items()},
            seed=self.options.seed,
            epoch=self.options.epoch,
            options=self.options.told() or None,
        )
        for name, station in self._stations.items():
            self.journal.write(self.inbox.now(), "device", device=name, state="connecting")
            station.wire.open()
        until = self.inbox.now() + limit
        while not self.interrupted and not all(station.ready for station in self._stations.values()):
            hoping = any(s.waiting is not None and not s.ready for s in self._stations.values())
            if not self._turn(None if hoping else until) and not hoping and self.inbox.now() >= until:
                break
        self._secure()
        return {
            name: station.waiting or missing(station) for name, station in self._stations.items() if not station.ready
        }

    def idle(self, done: Callable[[], bool]) -> None:
        """Keep the connections alive (greetings, heartbeats, approvals) until ``done``, or until it is interrupted."""
        while not done() and not self.interrupted:
            self._turn(self.inbox.now() + GLANCE)
        self._secure()

    def _secure(self) -> None:
        """See a panic through that came before the show: silence, and what is safe."""
        while self.interrupted and self.journal.zero is not None and not self.caller.ended:
            self._turn(None)

    def play(self) -> Result:
        """Play the show from its first segment to its end."""
        while self._later:
            self._turn(None)
        now = self.journal.zero = self._from(self.inbox.now())
        self._perform(self.caller.start(now), now)
        while not self.caller.ended:
            if not self._turn(None) and not self.caller.ended:
                raise RuntimeError("nothing is left to happen, and the show has not ended")
        return Result(self.caller.play.ending or "done", self.caller.counts, self.caller.bad)

    def close(self) -> None:
        """Close every connection. A show that was never played has its end written all the same."""
        if self._begun and not self.caller.ended and self.journal.zero is None:
            self._begun = False
            result = "interrupted" if self.interrupted else "lost"
            self.journal.write(self.inbox.now(), "end", result=result, counts=self.caller.counts)
        for station in self._stations.values():
            station.wire.close()

    # --- the loop

    def _turn(self, until: int | None) -> bool:
        """Do the next thing in order; tell whether there was one not later than ``until``."""
        if self._later:
            device, output, now = self._later.popleft()
            self._perform(self.caller.hear(device, output, now), now)
            return True
        deadline, station = min(
            (
                (deadline, index)
                for index, s in enumerate(self._stations.values())
                if (deadline := s.driver.deadline) is not None
            ),
            default=(None, None),
        )
        due = self.caller.due() if self.journal.zero is not None else None
        first = min((instant for instant in (deadline, due, until) if instant is not None), default=None)
        arrival = self.inbox.next(first)
        if arrival is not None:
            self._arrived(arrival)
            return True
        if deadline is not None and station is not None and deadline == first:
            name = list(self._stations)[station]
            now = self._from(deadline)
            self._outputs(name, self._stations[name].driver.elapsed(deadline), now)
            return True
        if due is not None and due == first:
            now = self._from(self.inbox.now())
            self._perform(self.caller.step(now), now)
            return True
        return False

    def _from(self, instant: int) -> int:
        """Take an instant for what is done now: what came in while something was done comes after that."""
        self._latest = max(self._latest, instant)
        return self._latest

    def _arrived(self, arrival: Arrival) -> None:
        what, now = arrival.what, self._from(arrival.at)
        if isinstance(what, Pressed):
            self._pressed(what, now)
            return
        station = self._stations.get(arrival.device)
        if station is None:
            return
        if isinstance(what, Received):
            self._outputs(arrival.device, station.driver.received(what.connection, what.frame, now), now)
        elif isinstance(what, Connected):
            station.connection = what.connection
            self._outputs(arrival.device, station.driver.connected(what.connection, now, what.origin), now)
        elif isinstance(what, Disconnected):
            self._outputs(arrival.device, station.driver.disconnected(what.connection, now, what.reason), now)
        elif isinstance(what, Quiet):
            self._outputs(arrival.device, station.driver.quiet(what.connection, now, gone=what.gone), now)
        elif isinstance(what, Unreachable):
            station.reason = what.reason
        elif isinstance(what, Noted):
            self._outputs(arrival.device, [Condition("note", what.detail)], now)
        elif isinstance(what, Hushed):
            self._hushed(arrival.device, what, now)

    def _pressed(self, what: Pressed, now: int) -> None:
        if isinstance(what.given, Sources):
            given = what.given
            for path, text in given.texts.items():
                role = given.roles.get(path)
                self.journal.write(now, "source", fingerprint=given.fingerprint, path=path, role=role, text=text)
            return
        if isinstance(what.given, NewText | Refused):
            self._revise(what.given, now)
            return
        if self.journal.zero is None:
            self.interrupted = self.interrupted or what.action in {"interrupt", "stop", "panic"}
            if what.action != "panic":
                return
            self.journal.zero = now  # a show that has not begun has nothing but this
        excerpt = what.given if isinstance(what.given, Excerpt) else None
        self._perform(self.caller.press(what.action, what.name, what.origin, now, what.to, excerpt), now)

    def _revise(self, text: NewText | Refused, now: int) -> None:
        if isinstance(text, Refused):
            self.journal.write(now, "reload", **refusal(text))
            return
        for name in text.cues.devices:
            if name in self._stations:
                self._images[name].update(text.fixtures[name].settings.get("images") or {})
            else:
                inventory = text.inventories.get(name)
                station = self._station(name, text.cues, text.fixtures[name], text.wires[name], inventory)
                self.journal.write(now, "device", device=name, state="connecting")
                station.wire.open()
        effects = self.caller.revise(text.cues, text.fixtures, text.change, now)
        for effect in effects[:1]:
            if isinstance(effect, Write) and effect.entry["kind"] == "reload":
                effect.entry["took"] += self.inbox.now() - now
        self._perform(effects, now)
        self.cues = text.cues

    # --- carrying things over

    def _perform(self, effects: Iterable[Effect], now: int) -> None:
        for effect in effects:
            if isinstance(effect, Write):
                keys = dict(effect.entry)
                self.journal.write(now, keys.pop("kind"), **keys)
                continue
            station = self._stations[effect.device]
            driver = station.driver
            outputs: Sequence[Output]
            if isinstance(effect, Deliver):
                outputs = driver.command(effect.id, effect.attempt, effect.command, now)
            elif isinstance(effect, DeliverFrame):
                station.carried[effect.number] = effect.first
                if effect.shown:
                    station.shown.add(effect.number)
                outputs = driver.frame(effect.number, effect.values, now)
            elif isinstance(effect, DeliverClear):
                station.carried[effect.number] = effect.first
                outputs = driver.clear(effect.number, now)
            elif isinstance(effect, Read):
                outputs = driver.read(effect.properties, now)
            elif isinstance(effect, Forget):
                outputs = driver.forget(effect.id, effect.attempt, now)
            elif isinstance(effect, Silence):
                outputs = driver.panic(now)
            self._outputs(effect.device, outputs, now)
            if isinstance(effect, Silence) and not any(isinstance(output, Cut) for output in outputs):
                self._later.append((effect.device, Silenced(), now))

    def _outputs(self, name: str, outputs: Sequence[Output], now: int) -> None:
        station = self._stations[name]
        for said in outputs:
            output = bounded(said, station.secrets)
            if isinstance(output, Send):
                station.secrets.update(output.secrets)
                self._write_sent(name, station, output, now)
                station.wire.send(station.connection if output.connection is None else output.connection, output.frame)
            elif isinstance(output, Heard):
                station.secrets.update(output.secrets)
                self._write_heard(name, station, output, now, outputs)
            elif isinstance(output, Remember):
                if self._remember is not None:
                    self._remember(name, output.key, output.value)
            elif isinstance(output, Cut):
                self._cut(name, output, now)
            elif isinstance(output, Silent):
                self._silent(name, station, now)
            elif isinstance(output, Drop):
                station.wire.drop(output.connection, output.reason)
            else:
                if isinstance(output, Condition):
                    self._condition(name, station, output, now)
                self._later.append((name, output, now))

    def _cut(self, name: str, cut: Cut, now: int) -> None:
        nobody = Hushed("nothing here can ask for it")
        hush = self._hush or (lambda device, _: self._hushed(device, nobody, now))
        hush(name, cut)

    def _hushed(self, name: str, what: Hushed, now: int) -> None:
        station = self._stations[name]
        station.uncut = what.wrong
        self._outputs(name, station.driver.hushed(now, cut=what.wrong is None), now)

    def _silent(self, name: str, station: Station, now: int) -> None:
        said = "the voice was cut" if station.uncut is None else f"the voice will finish its sentence: {station.uncut}"
        self.journal.write(now, "device", device=name, state="note", detail=said)
        self._later.append((name, Silenced(), now))

    def _condition(self, name: str, station: Station, condition: Condition, now: int) -> None:
        if condition.state != "note":
            station.ready = condition.state == "ready"
            station.waiting = condition.detail if condition.state == "waiting" else None
        keys = {"state": condition.state, "detail": condition.detail, "why": condition.why}
        self.journal.write(now, "device", device=name, **keys)

    def _write_sent(self, name: str, station: Station, send: Send, now: int) -> None:
        frame = shown(send.frame, station.secrets)
        ids: tuple[int | None, ...] = (send.id,)
        if send.number is not None:
            ids = station.carried.get(send.number, ())
            if not ids:
                if self.options.journal_frames or send.number in station.shown:
                    ids = (None,)
                else:
                    station.frames[send.number] = send
                    while len(station.frames) > REMEMBERED_FRAMES:
                        station.frames.pop(next(iter(station.frames)))
        for id_ in ids:
            attempt = None if id_ is None else (send.attempt or 1)
            self.journal.write(now, "sent", id=id_, device=name, frame=frame, attempt=attempt)

    def _write_heard(self, name: str, station: Station, heard: Heard, now: int, led_to: Sequence[Output]) -> None:
        # A stream frame may be several requests, one after the other: it is not over while another one follows.
        frame = shown(heard.frame, station.secrets)
        ids: tuple[int | None, ...] = (heard.id,)
        if heard.number is not None:
            goes_on = any(isinstance(output, Send) and output.number == heard.number for output in led_to)
            ids = station.carried.get(heard.number, ()) if goes_on else station.carried.pop(heard.number, ())
            unwritten = station.frames.pop(heard.number, None)
            shown_all = self.options.journal_frames or heard.number in station.shown
            station.shown -= set() if goes_on else {heard.number}
            if not ids and (heard.ok is False or shown_all):
                ids = (None,)
                if unwritten is not None:
                    self.journal.write(now, "sent", device=name, frame=shown(unwritten.frame, station.secrets))
        kind = "reply" if heard.reply else "event"
        for id_ in ids:
            self.journal.write(now, kind, id=id_, device=name, frame=frame, ok=heard.ok, answer=heard.answer)

    def _stamp(self, now: int) -> int:
        zero = self.journal.zero
        return self.options.epoch + (0 if zero is None else max(0, now - zero) // 1000)

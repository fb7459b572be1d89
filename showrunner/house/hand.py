"""The stagehand of a house: the devices of one machine, for whoever leads the show that has claimed them.

It reads the log: what the leader decided stands there before it is done, in order and once, so nothing reaches a device
that is not in the log, and nothing twice, whoever leads. What its drivers say it numbers, and keeps until the log has
it. It decides nothing and begins nothing by itself; it outlives every conductor.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from typing import Any, Protocol

from showrunner.devices.vocabulary import Fixture, FrameAnswered, Heard, Inventory, Output, Send
from showrunner.diagnostics.wording import count
from showrunner.engine.messages import Deliver, DeliverClear, DeliverFrame, Silence, Silenced
from showrunner.house.bus import Bus, Fetched, Line, Loaded, Recorded, Said
from showrunner.house.forms import Malformed, packed
from showrunner.house.messages import FORM, Asking, Beat, Claim, Here, Offer, Record, Up, heard, written
from showrunner.house.tail import Tail
from showrunner.house.texts import FILES, device_said, made, opened
from showrunner.house.words import call_read, output_said, tables, version
from showrunner.running.stagehand import Stagehand
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.wires.wire import Arrival, Mail, Wire

HERE = 500_000
"""So often it says that it is there (microseconds)."""

MOST_KEPT, MOST_BYTES = 10_000, 16 * 1024 * 1024
"""So many messages, and bytes of them, are kept for a leader that is away."""

FOR = 10_000_000
"""For so long, in microseconds, values are sent again that nobody sends any more."""

QUIET = 200_000
"""After so many microseconds without a beat of the leader."""

OWN = 1_000_000_000
"""From here on frames are numbered that it sends by itself."""


class Reach(Protocol):
    """Whoever makes the ways to devices."""

    def join(self, fixture: Fixture, inventory: Inventory | None) -> tuple[Fixture, Wire]:
        """Make the way to a device; give it as it is reached."""
        ...

    def leave(self) -> None:
        """End what was made; the wires are closed already."""
        ...

    def memory(self, fixture: Fixture) -> Mapping[str, str]:
        """Give what was kept for a device."""
        ...

    def secrets(self, fixture: Fixture) -> Mapping[str, str]:
        """Give its secrets."""
        ...

    def remember(self, device: str, key: str, value: str) -> None:
        """Keep something for the next run."""
        ...


@dataclass(frozen=True, slots=True)
class Took:
    """A line of the ledger: this attempt of a command was handed to its driver, by a record of the log."""

    at: int
    seq: int
    id: int
    attempt: int
    device: str
    verb: str


@dataclass(slots=True)
class _Lane:
    """The values that a lane was told last, and when; ``open``: the frame of ours that is not answered."""

    call: DeliverFrame
    at: int
    open: int | None = None


@dataclass(slots=True)
class _Bound:
    """A show that is played: which, how its log is read, and what its stage needs."""

    claim: Claim
    tail: Tail
    first: tuple[int, Record] | None = None
    prepared: Prepared | None = None
    stagehand: Stagehand | None = None
    mine: frozenset[str] = frozenset()
    wires: dict[str, Wire] = field(default_factory=dict)
    memory: dict[str, Mapping[str, str]] = field(default_factory=dict)
    secrets: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    lanes: dict[tuple[str, str], _Lane] = field(default_factory=dict)


class Hand:
    """The devices of one machine, by the name ``hand``; ``life`` is another one for each process.

    ``fixtures`` are those of its stage. ``clock`` tells its own steady time; ``tell`` is given what people should know,
    ``ledger`` each command as it is handed to its driver.
    """

    def __init__(
        self,
        hand: str,
        life: str,
        fixtures: Mapping[str, Fixture],
        bus: Bus,
        clock: Callable[[], int],
        reach: Reach,
        tell: Callable[[str], None],
        ledger: Callable[[Took], None] | None = None,
    ) -> None:
        self.hand, self.life = hand, life
        self._fixtures = fixtures
        self._bus = bus
        self._clock = clock
        self._reach = reach
        self._tell = tell
        self._ledger = ledger
        self._had: set[tuple[int, int]] = set()
        self._bound: _Bound | None = None
        self._kept: deque[tuple[int, int, int, str, tuple[dict[str, Any], ...]]] = deque()
        self._bytes = 0
        self._n = 0
        self._term = 0
        self._lives = 1
        self._here = 0
        self._said: Here | None = None
        self._beaten: tuple[int, int] | None = None
        """The leader's clock in its last beat, and ours when that came."""
        self._numbers = OWN
        self._over: tuple[str, int] | None = None
        """The show that has ended last."""
        bus.listen("sr.hands")
        bus.listen(f"sr.hand.{hand}.claim")

    @property
    def channel(self) -> str:
        """The channel whose show it plays; empty: none."""
        return "" if self._bound is None else self._bound.claim.channel

    # --- called by whoever has the clock

    @property
    def due(self) -> int:
        """When it wants to ``act``."""
        found = [self._here]
        bound = self._bound
        if bound is not None and bound.stagehand is not None:
            deadline = bound.stagehand.deadline
            found += [] if deadline is None else [deadline[0]]
            found += [at for lane in bound.lanes.values() if (at := self._again(lane)) is not None]
        return min(found)

    def act(self, now: int) -> None:
        """Do what is due."""
        bound = self._bound
        if bound is not None and bound.stagehand is not None:
            deadline = bound.stagehand.deadline
            if deadline is not None and deadline[0] <= now:
                bound.stagehand.elapsed(deadline[1], deadline[0], now)
            for lane in bound.lanes.values():
                at = self._again(lane)
                if at is not None and at <= now:
                    self._resend(bound.stagehand, lane, now)
        if now >= self._here:
            if bound is not None and bound.tail.asking:
                bound.tail.ask(now)
            self.say_here(now)

    def arrived(self, arrival: Arrival, now: int) -> None:
        """Take in what came: from a device, or from the house."""
        if isinstance(arrival.what, Mail):
            self._news(arrival.what.what, now)
        elif self._bound is not None and self._bound.stagehand is not None:
            self._bound.stagehand.arrived(arrival, now)
            self._look(now)

    def close(self) -> None:
        """Let go of all devices."""
        self._unbind()
        self._bus.close()

    def silence(self, now: int) -> None:
        """Silence every device, whatever the house does: somebody at this machine wants it."""
        if self._bound is not None and self._bound.stagehand is not None:
            self._bound.lanes.clear()
            for name in tuple(self._bound.stagehand.stations):
                self._bound.stagehand.do(Silence(name), now)

    # --- the house

    def say_here(self, now: int) -> None:
        """Say that it is there, and how far it is."""
        self._here = now + HERE
        bound = self._bound
        ready = Here(self.hand, self.life, self._n, self._term)
        if bound is not None:
            stage = bound.stagehand
            known = {} if stage is None else stage.missing()
            hoping = stage is not None and stage.hoping
            patience = 0 if stage is None else stage.patience
            at = 0 if stage is None or not stage.stations else bound.tail.last
            ready = Here(self.hand, self.life, self._n, self._term, at, self.channel, known, hoping, patience)
        self._said = ready
        self._bus.say("sr.here", written(ready))

    def _look(self, now: int) -> None:
        """Say at once what has changed of who is missing."""
        bound, said = self._bound, self._said
        if bound is not None and bound.stagehand is not None and said is not None:
            known = said.missing.keys() == bound.stagehand.missing().keys()
            if not known or said.hoping != bound.stagehand.hoping or not said.applied:
                self.say_here(now)

    def _news(self, news: object, now: int) -> None:
        bound = self._bound
        match news:
            case Said():
                self._word(news, now)
            case Recorded() if bound is not None:
                bound.tail.recorded(news, now)
            case Fetched() if bound is not None:
                bound.tail.fetched(news, now)
            case Loaded() if bound is not None:
                if bound.prepared is None:
                    self._prepare(bound, news.data, now)
                bound.tail.loaded(news)
            case Line(up=True):
                self._here = now
                if bound is not None:
                    bound.tail.ask(now)
        if self._bound is not None:
            self._read(self._bound, now)

    def _word(self, said: Said, now: int) -> None:
        try:
            message = None if said.subject == "sr.hands" else heard(said.data)
        except Malformed as error:
            self._tell(f"what came under {said.subject} is no message of a house: {error}")
            return
        if said.subject == "sr.hands":
            self._offer()
        elif isinstance(message, Claim) and said.subject.endswith(".claim"):
            self._claimed(message, now)
        elif isinstance(message, Beat) and message.term >= self._term:
            self._beat(message, now)
        elif isinstance(message, Asking):
            if message.after < 0:
                self._give_up("the leader had lost sight of this machine")
            else:
                self._tell_again(message.after, now)

    def _offer(self) -> None:
        devices = {name: device_said(one) for name, one in self._fixtures.items()}
        self._bus.say("sr.offer", written(Offer(self.hand, self.life, version(), devices, self.channel)))

    def _claimed(self, claim: Claim, now: int) -> None:
        bound = self._bound
        if bound is not None and (bound.claim.channel, bound.claim.show) == (claim.channel, claim.show):
            self.say_here(now)  # it is claimed already: they have not heard so
            return
        if (claim.channel, claim.show) == self._over:
            return
        if bound is not None and bound.claim.channel != claim.channel:
            self._tell(f"`{claim.channel}` wants these devices, but `{bound.claim.channel}` has them")
            self.say_here(now)
            return
        self._unbind()
        self._had.clear()
        tail = Tail(self._bus, claim.channel, claim.show - 1)
        self._bound = _Bound(claim, tail)
        self._bus.follow(claim.channel)
        self._bus.listen(f"sr.{claim.channel}.beat")
        self._bus.listen(f"sr.{claim.channel}.ask.{self.hand}")
        tail.ask(now)

    def _beat(self, beat: Beat, now: int) -> None:
        bound = self._bound
        if bound is None:
            return
        self._beaten = beat.now, now
        life, n = beat.had.get(self.hand, ("", 0))
        if life == self.life:
            while self._kept and self._kept[0][0] <= n:
                self._bytes -= self._kept.popleft()[2]
        bound.tail.reaches(beat.last, now)

    # --- the log

    def _read(self, bound: _Bound, now: int) -> None:
        """Do what the log says, as far as it has come."""
        try:
            while bound is self._bound and (bound.first is None or bound.prepared is not None):
                found = next(bound.tail.records(), None)
                if found is None:
                    break
                if bound.first is None:
                    self._open(bound, *found)
                else:
                    self._record(bound, *found, now)
        except Malformed as error:
            self._give_up(f"the log of `{bound.claim.channel}` cannot be read: {error}")
        if bound is self._bound and bound.tail.lost:
            self._give_up(bound.tail.lost)

    def _give_up(self, why: str) -> None:
        """Let go of a show that cannot be played on; whoever claims these devices again has another life of them."""
        self._tell(f"{why}; the devices are let go")
        self._lives += 1
        self.life = f"{self.life.partition('.')[0]}.{self._lives}"
        self._n, self._bytes = 0, 0
        self._kept.clear()
        self._unbind()

    def _open(self, bound: _Bound, seq: int, record: Record) -> None:
        opening = record.opening
        if opening is None or record.form != FORM:
            raise Malformed(f"record {seq} begins no show of this version")
        if opening.version != version():
            raise Malformed(f"its show is played by {opening.version}, and this is {version()}")
        bound.first = seq, record
        self._bus.load(opening.texts)

    def _prepare(self, bound: _Bound, data: bytes | None, now: int) -> None:
        """Make the show ready: for its pictures, its documents and what its drivers ask for by name."""
        if bound.first is None or bound.first[1].opening is None:
            return
        seq, record = bound.first
        opening = bound.first[1].opening
        wrong = ""
        try:
            bound.prepared = None if data is None else made(opened(data))
            kinds = {} if bound.prepared is None else {n: bound.prepared.fixtures[n].device for n in opening.hands}
            if bound.prepared is None:
                wrong = "its texts are not in the store"
            elif tables(kinds) != opening.tables:
                wrong = "its devices have other tables there than here"
        except (Malformed, KeyError) as error:
            wrong = str(error)
        if wrong:
            self._give_up(f"the show of `{bound.claim.channel}` cannot be played here: {wrong}")
            return
        seed = opening.seed if self._lives == 1 else f"{opening.seed}.{self.life}"
        bound.mine = frozenset(name for name, hand in opening.hands.items() if hand == self.hand)
        bound.stagehand = Stagehand(
            self._out,
            bound.wires,
            seed,
            opening.epoch,
            memory=bound.memory,
            secrets=bound.secrets,
            remember=self._reach.remember,
            every_frame=bool(opening.options.get("frames")),
        )
        self._record(bound, seq, record, now)

    def _record(self, bound: _Bound, seq: int, record: Record, now: int) -> None:
        """Do what one record says. What is older than this life, or than its claim, is done no more."""
        if record.why or record.opening is not None:
            self._term = seq
        fresh = seq > bound.claim.since
        for at, kind, keys in record.calls:
            if keys.get("device", "") in bound.mine or kind == "begin":
                self._call(bound, seq, [kind, keys], now - (record.now - at), now, fresh=fresh)
        if record.why:
            self._lead(now)
        if any(entry.get("kind") == "end" for entry in record.entries):
            self._over = bound.claim.channel, bound.claim.show
            self._unbind()
            self.say_here(now)

    def _call(self, bound: _Bound, seq: int, said: list[Any], at: int, now: int, *, fresh: bool) -> None:
        """Do one call, decided ``at`` an instant of the leader's clock; of what is not ``fresh`` only what stands."""
        stage, (kind, keys) = bound.stagehand, said
        if stage is None or bound.prepared is None:
            return
        if kind == "connect":
            self._connect(bound, stage, bound.prepared, keys, now)
        elif kind == "listen":
            stage.listen(keys["device"], tuple(keys["events"]), now)
        elif kind == "begin":
            theirs = at if self._beaten is None else self._beaten[0] + now - self._beaten[1]
            stage.begin(now - (max(theirs, at) - keys["zero"]))
        elif fresh:
            call = call_read(said, {name: one.fixture.device for name, one in stage.stations.items()})
            if isinstance(call, Deliver):
                if (call.id, call.attempt) in self._had:
                    return  # the log has each once; whoever forges one does not have it done twice
                self._had.add((call.id, call.attempt))
                if self._ledger is not None:
                    self._ledger(Took(now, seq, call.id, call.attempt, call.device, call.command.verb.name))
            if isinstance(call, DeliverFrame) and call.values:
                bound.lanes[call.device, call.lane] = _Lane(call, now)
            elif isinstance(call, DeliverFrame | DeliverClear):
                bound.lanes.pop((call.device, call.lane), None)
            stage.do(call, now)

    def _connect(self, bound: _Bound, stage: Stagehand, prepared: Prepared, keys: dict[str, Any], now: int) -> None:
        """Begin to reach a device, as it stands on this machine's stage, with what the show brings for it."""
        name = keys["device"]
        own = self._fixtures.get(name)
        if own is None:
            raise Malformed(f"`{name}` is not on this stage")
        shown, inventory = prepared.fixtures[name].settings, prepared.inventories.get(name)
        brought = {key: shown[key] for key in FILES if shown.get(key)}
        fixture, bound.wires[name] = self._reach.join(own, inventory)
        fixture = replace(fixture, settings={**fixture.settings, **brought})
        bound.memory[name], bound.secrets[name] = self._reach.memory(fixture), self._reach.secrets(fixture)
        stage.connect(fixture, tuple(keys["events"]), inventory, now)

    def _unbind(self) -> None:
        bound, self._bound = self._bound, None
        if bound is not None and bound.stagehand is not None:
            bound.stagehand.close()
            self._reach.leave()

    # --- what its drivers say

    def _out(self, device: str, outputs: Sequence[Output | Silenced], now: int) -> None:
        """Number what was said of a device, keep it, and say it."""
        told = [one for one in outputs if not self._of_ours(device, one)]
        if not told:
            return
        self._n += 1
        said = tuple(output_said(one) for one in told)
        size = len(packed(said))
        self._kept.append((self._n, now, size, device, said))
        self._bytes += size
        self._bus.say(f"sr.{self.channel}.up", written(Up(self.hand, self.life, self._n, device, 0, said)))
        if len(self._kept) > MOST_KEPT or self._bytes > MOST_BYTES:
            self._give_up(f"nobody has taken what the devices said {count(len(self._kept), 'time')}")

    def _of_ours(self, device: str, output: Output | Silenced) -> bool:
        """Tell whether something is about a frame that the show knows nothing of."""
        if not isinstance(output, Send | Heard | FrameAnswered) or (output.number or 0) < OWN:
            return False
        if isinstance(output, FrameAnswered) and self._bound is not None:
            for lane in self._bound.lanes.values():
                if lane.call.device == device and lane.open == output.number:
                    lane.open = None
        return True

    def _lead(self, now: int) -> None:
        """Somebody leads from here on: tell again what the log has not, with its age."""
        self.say_here(now)
        self._tell_again(0, now)

    def _tell_again(self, after: int, now: int) -> None:
        for n, at, _, device, said in self._kept:
            if n > after:
                up = Up(self.hand, self.life, n, device, now - at, said)
                self._bus.say(f"sr.{self.channel}.up", written(up))

    # --- without a leader

    def _again(self, lane: _Lane) -> int | None:
        """Tell when the values of a lane are to be sent again, since nobody does; None: never."""
        if self._bound is None or self._bound.stagehand is None or lane.open is not None or self._beaten is None:
            return None
        station = self._bound.stagehand.stations.get(lane.call.device)
        row = None if station is None else next(r for r in station.fixture.device.lanes if r.name == lane.call.lane)
        if row is None or row.again is None or station is None or not station.ready:
            return None
        pause = 3 * row.again if row.lapses is None else row.lapses // 2
        at = max(lane.at + pause, self._beaten[1] + QUIET)
        return at if at <= self._beaten[1] + FOR else None

    def _resend(self, stage: Stagehand, lane: _Lane, now: int) -> None:
        self._numbers += 1
        lane.at, lane.open = now, self._numbers
        stage.do(replace(lane.call, number=self._numbers, first=(), shown=False), now)

"""Who leads a show: makes its turns, and writes each into the log before anything comes of it.

One record is under way at a time; what is decided meanwhile goes into the next. What is not acknowledged is neither in
the journal nor on the stage. It never waits: what is due it is told by ``due``, what comes by the methods.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field

from showrunner.devices.vocabulary import Condition
from showrunner.engine.messages import Entry
from showrunner.house.bus import Bus, Fetched, Kept, Unsure
from showrunner.house.forms import LARGEST, Malformed, packed
from showrunner.house.messages import Asking, Beat, Claim, Here, Kind, Opening, Record, Up, heard, written
from showrunner.house.played import Played, Taken, Turn
from showrunner.house.texts import digest
from showrunner.house.words import output_said, press_said
from showrunner.slotted import dataclass
from showrunner.wires.wire import Pressed

BEAT = 100_000
"""So often it says that it lives (microseconds)."""

PATIENCE = 400_000
"""So long without an acknowledgement, or its own beat, and it decides nothing more: others may believe it dead."""

STOOD = 1_000_000
"""What was held up longer than this is a `gap`: shifted, and not late."""

GATHER = 1_000_000
"""So long it waits, when it begins to lead, for what the stagehands have kept."""

SILENT = 2_000_000
"""A stagehand that has not been heard for so long is lost, with its devices."""

RETRY = 100_000

HAND_OVER = "hand over"
"""What is pressed for somebody else to lead."""

MOST_TURNS = 400
"""So many turns go into one record at most."""

MOST_HELD = 10_000
"""So many messages that came too early are kept until those before them have come."""


@dataclass(frozen=True, slots=True)
class Made:
    """A turn that was made and is not in the log yet. ``done`` is called with its record's sequence when it is."""

    turn: Turn
    taken: Taken
    done: Callable[[int], None] | None = None


@dataclass(slots=True)
class _Flight:
    """A record that is under way ``since`` then. ``again``: when it is asked what became of it."""

    made: list[Made]
    number: int
    kind: Kind
    data: bytes
    since: int
    again: int | None = None
    stored: str = ""


@dataclass(slots=True)
class HandState:
    """A stagehand as the leader knows it: its life, how many of its messages are in the log, when it was heard last.

    ``told``: it has said what it had kept for this term. ``lost``: it was silent for too long.
    """

    life: str
    had: int
    seen: int
    told: bool = False
    lost: bool = False
    asked: int = 0
    here: Here | None = None
    early: dict[int, Up] = field(default_factory=dict)


class Leader:
    """Leads one show from the end of its log on.

    ``clock`` tells the time of the show's clock. ``sink`` is given what is in the log, ``shift`` how far
    the show's clock is to be moved back. ``had`` is what the log has of each stagehand: its life, and how many of its
    messages. ``latest``: the instant of the log's last turn; ``wall`` tells microseconds since 1970.
    """

    def __init__(
        self,
        by: str,
        channel: str,
        bus: Bus,
        played: Played,
        clock: Callable[[], int],
        *,
        show: int,
        term: int,
        last: int,
        latest: int,
        had: Mapping[str, tuple[str, int]],
        sink: Callable[[Taken], None],
        shift: Callable[[int], None],
        tell: Callable[[str], None],
        wall: Callable[[], int],
        number: int = 0,
        pressed: Mapping[str, int] | None = None,
    ) -> None:
        self.by, self.channel, self.show, self.term, self.last = by, channel, show, term, last
        self.played = played
        self.overtaken = ""
        """Why it leads no more, in words."""
        self.ended: Entry | None = None
        """The show's last entry, once it is in the log."""
        self.handing: int | None = None
        """Since when somebody else is to lead."""
        self.alone = False
        self.had = dict(had)
        self.pressed: dict[str, int | None] = dict(pressed or {})
        """When each press of another machine was taken, by its id; None: it is not in the log yet."""
        now = clock()
        self._bus, self._clock, self._sink, self._shift, self._tell, self._wall = bus, clock, sink, shift, tell, wall
        self._pending: deque[Made] = deque()
        self._flight: _Flight | None = None
        self._number = number
        self._latest = latest
        self._beat_at = now
        self._echo = now
        self._held: int | None = None
        self._waiting: deque[Up] = deque()
        self._gather: int | None = now + GATHER
        names = set(played.opening.hands.values())
        self.hands = {name: HandState(*self.had.get(name, ("", 0)), now) for name in sorted(names)}

    # --- when something is to be done

    @property
    def holding(self) -> bool:
        """Whether it decides nothing: nobody has acknowledged anything for a while, or another is to lead."""
        return self._held is not None or self.handing is not None

    @property
    def gathering(self) -> bool:
        """Whether it waits for what the stagehands have kept."""
        return self._gather is not None

    @property
    def idle(self) -> bool:
        """Whether all that was decided is in the log."""
        return self._flight is None and not self._pending

    @property
    def due(self) -> int:
        """The instant, on the show's clock, at which it wants to ``act``."""
        found = [self._beat_at]
        if self._flight is not None and self._flight.again is not None:
            found.append(self._flight.again)
        if self._gather is not None:
            found.append(self._gather)
        elif not self.holding:
            conductor = self.played.conductor
            found += [one for one in (conductor.due, conductor.glance) if one is not None]
        return min(found)

    def act(self) -> None:
        """Do what is due, one thing."""
        now = self._clock()
        if now >= self._beat_at:
            self._look(now)
            self._beat(now)
            return
        flight = self._flight
        if flight is not None and flight.again is not None and now >= flight.again:
            flight.again = now + RETRY
            self._bus.fetch(self.channel, self.last)
            return
        if self._gather is not None:
            if now >= self._gather:
                self._gathered(now)
            return
        if self.holding or self.overtaken:
            return
        conductor = self.played.conductor
        due, glance = conductor.due, conductor.glance
        if glance is not None and glance <= now and (due is None or glance <= due):
            self.turn(["look", self._from(now), self._wall()])
        elif due is not None and due <= now:
            self.turn(["step", self._from(now)])

    def turn(self, turn: Turn, done: Callable[[int], None] | None = None) -> None:
        """Make a turn, and have it written."""
        self._pending.append(Made(turn, self.played.take(turn), done))
        self._flush()

    def now(self) -> int:
        """Give an instant for a turn: now, and never before the last."""
        return self._from(self._clock())

    def _from(self, now: int) -> int:
        self._latest = max(self._latest, now)
        return self._latest

    # --- the log

    def _flush(self) -> None:
        if self._flight is not None or not self._pending or self.overtaken:
            return
        made = [self._pending.popleft() for _ in range(min(len(self._pending), MOST_TURNS))]
        self._number += 1
        data = self._data(made)
        while len(data) > LARGEST and len(made) > 1:
            self._pending.extendleft(reversed(made[len(made) // 2 :]))
            made = made[: len(made) // 2]
            data = self._data(made)
        flight = self._flight = _Flight(made, self._number, "log", data, self._clock())
        if len(data) > LARGEST:
            flight.stored = digest(data)
            self._bus.store(flight.stored, data)
            flight.data = packed({"stored": flight.stored})
            return
        self._append(flight)

    def _append(self, flight: _Flight) -> None:
        flight.again = self._clock() + PATIENCE
        self._bus.append(self.channel, flight.kind, self.last, flight.data)

    def _data(self, made: Sequence[Made]) -> bytes:
        return written(
            Record(
                self.by,
                self._number,
                self._latest,
                tuple(one.turn for one in made),
                tuple(entry for one in made for entry in one.taken.entries),
                tuple(call for one in made for call in one.taken.calls),
            )
        )

    def kept(self, news: Kept) -> None:
        """Take in that a long record is in the store."""
        flight = self._flight
        if flight is None or flight.stored != news.hash:
            return
        if news.wrong:
            self._tell(f"the store takes nothing: {news.wrong}")
        self._append(flight)

    def appended(self, seq: int) -> None:
        """Take in that the record under way is in the log."""
        flight = self._flight
        if flight is None or seq != self.last + 1:
            return
        self._flight, self.last = None, seq
        for one in flight.made:
            self._sink(one.taken)
            if one.done is not None:
                one.done(seq)
            if one.taken.entries and one.taken.entries[-1]["kind"] == "end":
                self.ended = one.taken.entries[-1]
        if self._held is not None:
            self._echo = self._clock()
            self._go_on()
        self._flush()

    def unsure(self, news: Unsure) -> None:
        """Look what became of the record under way: it was refused, or its acknowledgement is lost."""
        if self._flight is None:
            return
        if news.full:
            self._tell(f"the log takes no more ({news.why}); nothing can be decided until there is room")
            self._flight.again = self._clock() + RETRY
            return
        self._flight.again = self._clock() + RETRY
        self._bus.fetch(self.channel, self.last)

    def fetched(self, news: Fetched) -> None:
        """See whether what stands behind my last record is mine."""
        flight = self._flight
        if news.wrong or news.after != self.last:
            return
        if news.last < self.last:
            self.overtaken = f"the log of `{self.channel}` ends at {news.last}, before {self.last}: it was lost"
            return
        if not news.records:
            if flight is not None and news.last == self.last:
                self._append(flight)
            return
        seq, data = news.records[0]
        if flight is not None and data == flight.data:
            self.appended(seq)
            return
        try:
            record = heard(data)
        except Malformed:
            record = None
        who = record.by if isinstance(record, Record) else "somebody"
        self.overtaken = f"{who} leads"

    def theirs(self, term: int, by: str) -> None:
        """Take in a beat, or a record, of whoever leads."""
        if term > self.term:
            self.overtaken = f"{by} leads"
        elif by == self.by:
            self._echo = self._clock()
            if self._held is not None and (self._flight is None or self._clock() - self._flight.since < PATIENCE):
                self._go_on()

    # --- life

    def _look(self, now: int) -> None:
        """See whether it is held up, and whether a stagehand is silent."""
        since = self._echo if self._flight is None else min(self._echo, self._flight.since)
        if self._held is None and now - since > PATIENCE:
            self._held = since + PATIENCE
        if self._held is not None:
            return
        for name, state in self.hands.items():
            if not state.lost and state.life and now - state.seen > SILENT and self._gather is None:
                state.lost = True
                self._tell(f"the stagehand `{name}` is silent")
                self._lose(name, state.life, state.had, f"its stagehand `{name}` is silent")

    def _go_on(self) -> None:
        """Go on after it was held up: what took longer than a second is a gap."""
        held, self._held = self._held, None
        now = self._clock()
        for state in self.hands.values():
            state.seen = max(state.seen, now)
        stood = 0 if held is None else now - max(held, self._latest)
        if stood > STOOD and self.played.conductor.begun:
            self._shift(stood)
            self._echo = self._clock()
            self.turn(["stood", self.now(), stood])
        while self._waiting and self._held is None:
            self._up(self._waiting.popleft())

    def _beat(self, now: int) -> None:
        self._beat_at = now + BEAT
        had = {name: (state.life, self.had.get(name, ("", 0))[1]) for name, state in self.hands.items()}
        beat = Beat(self.by, self.term, self.last, now, self._wall(), had, self.alone)
        self._bus.say(f"sr.{self.channel}.beat", written(beat))

    # --- stagehands

    def up(self, message: Up) -> None:
        """Take in what a driver said, in its order."""
        if self._held is not None:
            self._waiting.append(message)
        else:
            self._up(message)

    def _up(self, message: Up) -> None:
        state = self.hands.get(message.hand)
        if state is None or message.life != state.life or message.n <= state.had or state.lost:
            return
        if message.n > state.had + 1:
            if len(state.early) < MOST_HELD:
                state.early[message.n] = message
            self._ask(message.hand, state)
            return
        self._tell_turn(message, state)
        while (found := state.early.pop(state.had + 1, None)) is not None:
            self._tell_turn(found, state)
        self._settle()

    def _tell_turn(self, message: Up, state: HandState) -> None:
        state.had = message.n
        state.seen = self._clock()
        at = self._from(self._clock() - message.age)
        turn = ["told", at, message.hand, message.life, message.n, message.device, list(message.outputs)]
        try:
            self.turn(turn, lambda _: self._is_had(message.hand, message.life, message.n))
        except Malformed as error:
            self._tell(f"the stagehand `{message.hand}` says what cannot be: {error}")

    def _is_had(self, hand: str, life: str, n: int) -> None:
        self.had[hand] = life, n

    def _ask(self, name: str, state: HandState) -> None:
        now = self._clock()
        if now - state.asked > RETRY:
            state.asked = now
            self._bus.say(f"sr.{self.channel}.ask.{name}", written(Asking(self.by, state.had)))

    def here(self, message: Here) -> None:
        """Take in that a stagehand is there."""
        state = self.hands.get(message.hand)
        if state is None or message.channel not in {"", self.channel} or self.played.conductor.caller.ended:
            return
        now = self._clock()
        state.seen = now
        if message.life != state.life and self._held is None:
            known, state.life, state.had, state.lost = state.life, message.life, 0, False
            state.early.clear()
            state.told = True
            if known:
                self._tell(f"the stagehand `{message.hand}` was started anew")
                again = self._claimer(message.hand)
                self._lose(message.hand, message.life, 0, "its stagehand was started anew", again)
            else:
                self._claim(message.hand, 0)
        elif state.lost and self._held is None:
            self._bus.say(f"sr.{self.channel}.ask.{message.hand}", written(Asking(self.by, -1)))
        elif message.channel == "" and self.idle:
            self._claim(message.hand, self.last if self.had.get(message.hand, ("", 0))[1] else 0)
        state.here = message
        if message.life == state.life and message.channel == self.channel:
            state.told = state.told or message.term >= self.term
            if message.last > state.had:
                self._ask(message.hand, state)
        self._settle()

    def claim_all(self) -> None:
        """Have every stagehand play the show."""
        for hand in self.hands:
            self._claim(hand, 0)

    def _claimer(self, hand: str) -> Callable[[int], None]:
        return lambda seq: self._claim(hand, seq)

    def _claim(self, hand: str, since: int) -> None:
        self._bus.say(f"sr.hand.{hand}.claim", written(Claim(self.channel, self.show, since)))

    def _lose(self, hand: str, life: str, n: int, why: str, done: Callable[[int], None] | None = None) -> None:
        """Tell the show that the devices of a stagehand are lost."""
        self.had[hand] = life, n
        mine = [name for name, holder in self.played.opening.hands.items() if holder == hand]
        for place, name in enumerate(mine, 1):
            said = output_said(Condition("lost", why, why=why))
            last = done if place == len(mine) else None
            self.turn(["told", self.now(), hand, life, n, name, [said]], last)

    def _settle(self) -> None:
        """Go on as soon as all that the stagehands had kept has come."""
        if self._gather is not None and all(
            state.told and state.here is not None and state.here.last <= state.had for state in self.hands.values()
        ):
            self._gathered(self._clock())

    def _gathered(self, now: int) -> None:
        self._gather = None
        for state in self.hands.values():
            if not state.told and state.life and not state.lost:
                state.seen = min(state.seen, now - SILENT)  # it had its time: the next look finds it silent

    # --- presses

    def press(self, pressed: Pressed, id: str = "", done: Callable[[], None] | None = None) -> None:
        """Do what somebody presses; ``done`` is called once that is in the log."""
        if id:
            self.pressed[id] = None

        def taken(_: int) -> None:
            if id:
                self.pressed[id] = now
            if pressed.taken is not None:
                pressed.taken()
            if done is not None:
                done()
            if pressed.action == HAND_OVER:
                self.handing = self._clock()

        now = self.now()
        conductor = self.played.conductor
        self.turn(["press", now, press_said(pressed), id], taken)
        if conductor.interrupted and not conductor.begun:
            self.turn(["close", self.now()])

    # --- before the show

    def begin(self) -> None:
        """Begin with the first segment."""
        self.turn(["begin", self.now()])

    def missing(self) -> dict[str, str]:
        """Give the devices that are not ready, with what to do about each."""
        found: dict[str, str] = {}
        for name, state in self.hands.items():
            here = state.here
            if here is None or here.channel != self.channel or not here.applied:
                mine = [one for one, holder in self.played.opening.hands.items() if holder == name]
                found |= dict.fromkeys(mine, f"the stagehand `{name}` is not there")
            else:
                found |= here.missing
        return found

    @property
    def hoping(self) -> bool:
        """Whether one waits for a person."""
        return any(state.here is not None and state.here.hoping for state in self.hands.values())


def opening_record(by: str, opening: Opening, made: Made, now: int) -> bytes:
    """Give the first record of a show: with it somebody leads it."""
    return written(Record(by, 1, now, (made.turn,), tuple(made.taken.entries), tuple(made.taken.calls), opening))

"""One conductor of a house: it opens a show and leads it, or stands by and takes it over, or both in turn.

What it decides is in ``leader``, how it follows in ``follower``; here is who it is at the moment, and what comes in.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from showrunner.engine.messages import Entry, Excerpt, Options
from showrunner.house.bus import Appended, Bus, Fetched, Found, Kept, Line, Loaded, Recorded, Said, Unsure
from showrunner.house.follower import Follower
from showrunner.house.forms import Malformed
from showrunner.house.leader import HAND_OVER, STOOD, Leader, Made, opening_record
from showrunner.house.messages import Asked, Beat, Done, Here, Opening, Ready, Up, heard, written
from showrunner.house.played import Played, Taken
from showrunner.house.words import press_read, press_said
from showrunner.reports import points
from showrunner.reports.plan import TIMES, plan
from showrunner.running.conductor import Sources
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.wires.wire import Arrival, Mail, Pressed, Stood

LISTEN = 600_000
"""So long it is listened for somebody who leads the channel before a show is opened on it (microseconds)."""

LOOK = 1_000_000
"""So often it is looked for a show while none is on, and said who stands by."""

AGAIN = 500_000
"""A press without an answer is asked again after so long: the same press, done once."""

PATIENCE = 10_000_000
"""A press that nobody has answered for so long is given up, and said so."""

HANDED = 1_000_000
"""When nobody has taken over for so long, who handed over leads again."""


@dataclass(frozen=True, slots=True)
class Show:
    """A show that is to be opened: how it is played, the show itself, and its texts for the others."""

    opening: Opening
    prepared: Prepared
    texts: bytes


@dataclass(slots=True)
class _Asking:
    """A press that was asked of whoever leads, since when, and when it is asked again."""

    pressed: Pressed
    since: int
    again: int


class Member:
    """One conductor, by the name ``by``. Without a ``show`` it stands by.

    ``clock`` tells our own steady time, ``wall`` the microseconds since 1970. ``sink`` is given what came of
    each turn as it is in the log, ``tell`` what people should know.
    """

    def __init__(
        self,
        by: str,
        channel: str,
        bus: Bus,
        clock: Callable[[], int],
        wall: Callable[[], int],
        *,
        sink: Callable[[Taken], None],
        tell: Callable[[str], None],
        show: Show | None = None,
    ) -> None:
        self.by, self.channel = by, channel
        self.leader: Leader | None = None
        self.follower: Follower | None = None
        self.ended: Entry | None = None
        """The show's last entry."""
        self.refused = ""
        """Why it cannot play at all, in words."""
        self.standing: dict[str, tuple[str, int]] = {}
        """Who stands by, in which state, and when that was heard."""
        self.led = 0
        """How often it has begun to lead."""
        self._bus, self._clock, self._wall, self._sink, self._tell = bus, clock, wall, sink, tell
        self._show = show
        self._offset = 0
        self._found: Found | None = None
        self._listens = clock() + LISTEN
        self._sending: bytes | None = None
        self._made: Made | None = None
        self._played: Played | None = None
        self._over = 0
        self._look = clock()
        self._was_ready = False
        self._said = ""
        self._asked: dict[str, _Asking] = {}
        self._presses = 0
        self._plan: tuple[Any, Any] | None = None
        bus.follow(channel)
        for subject in ("beat", "do", "done", "up", "ready"):
            bus.listen(f"sr.{channel}.{subject}")
        bus.listen("sr.here")
        bus.find(channel)

    # --- what it is

    @property
    def state(self) -> str:
        """Say what it does at the moment."""
        if self.ended is not None:
            return "ended"
        if self.leader is not None:
            return "leading"
        if self.follower is not None:
            return self.follower.state
        return "waiting" if self._show is None else "opening"

    @property
    def played(self) -> Played | None:
        """The show, as far as it is known."""
        if self.leader is not None:
            return self.leader.played
        return None if self.follower is None else self.follower.played

    def now(self) -> int:
        """Tell the time of the show's clock."""
        return self._clock() - self._offset

    # --- when something is to be done

    @property
    def due(self) -> int | None:
        """When, on our own clock, it wants to ``act``; None: not before something comes."""
        if self.ended is not None or self.refused:
            return None
        found = [one.again for one in self._asked.values()]
        if self.leader is not None:
            found.append(self.leader.due + self._offset)
            if self.leader.handing is not None:
                found.append(self.leader.handing + self._offset + HANDED)
            return min(found)
        found.append(self._look)
        if self.follower is not None:
            due = self.follower.due
            return min([*found, *([] if due is None else [due])])
        return min([*found, self._listens]) if self._show is not None and self._sending is None else min(found)

    def act(self) -> None:
        """Do what is due."""
        now = self._clock()
        for id_, asking in list(self._asked.items()):
            if asking.again <= now:
                self._ask(id_, asking, now)
        if self.leader is not None:
            self._act_as_leader(self.leader, now)
        elif now >= self._look:
            self._look = now + LOOK
            self._say_ready()
            if self.follower is None:
                self._bus.find(self.channel)
        elif self.follower is not None:
            self.follower.act()
            self._change()
        if self._show is not None and self._sending is None and self._found is not None and now >= self._listens:
            self._send(self._show)

    def _act_as_leader(self, leader: Leader, now: int) -> None:
        if leader.handing is not None and now - self._offset - leader.handing > HANDED:
            leader.handing = None
            self._tell("nobody took over: this one leads on")
        leader.act()
        self._change()

    # --- what comes

    def arrived(self, arrival: Arrival) -> None:
        """Take in what came: a press, a machine that stood, or mail of the house."""
        what = arrival.what
        if isinstance(what, Pressed):
            self.press(what)
        elif isinstance(what, Stood):
            self._stood(what.time)
        elif isinstance(what, Mail):
            self._news(what.what)
        self._change()

    def _stood(self, time: int) -> None:
        if self.leader is not None:
            if self.leader.played.conductor.begun:
                self.leader.turn(["stood", self.leader.now(), time])
        elif self.follower is not None:
            self.follower.slept()

    def _news(self, news: object) -> None:
        leader, follower = self.leader, self.follower
        match news:
            case Said():
                self._word(news)
            case Recorded() if follower is not None:
                follower.recorded(news)
            case Recorded() if self._show is None and leader is None:
                self._bus.find(self.channel)
            case Appended():
                if leader is not None:
                    leader.appended(news.seq)
                elif follower is not None:
                    follower.appended(news.seq)
                elif self._made is not None:
                    self._opened(news.seq)
            case Unsure():
                self._unsure(news)
            case Fetched():
                if leader is not None:
                    leader.fetched(news)
                elif follower is not None:
                    follower.fetched(news)
            case Found():
                self._find(news)
            case Loaded() if follower is not None:
                follower.loaded(news)
            case Kept():
                self._kept(news)
            case Line():
                self._line(news)

    def _word(self, said: Said) -> None:
        try:
            message = heard(said.data)
        except Malformed as error:
            self._tell(f"what came under {said.subject} is no message of a house: {error}")
            return
        leader = self.leader
        match message:
            case Beat():
                self._beat(message)
            case Up() if leader is not None and said.subject.endswith(".up"):
                leader.up(message)
            case Here() if leader is not None and said.subject == "sr.here":
                leader.here(message)
            case Ready() if message.by != self.by:
                self.standing[message.by] = message.state, self._clock()
            case Asked() if leader is not None and said.subject.endswith(".do"):
                self._asked_of_us(leader, message)
            case Done() if message.id in self._asked:
                asking = self._asked.pop(message.id)
                if not message.ok:
                    self._tell(f"`{asking.pressed.action}` was not done: {message.reason}")
                elif asking.pressed.taken is not None:
                    asking.pressed.taken()

    def _beat(self, beat: Beat) -> None:
        if self.leader is not None:
            self.leader.theirs(beat.term, beat.by)
        elif self.follower is not None:
            self.follower.beat(beat)
        elif self._show is not None and beat.by != self.by:
            self.refused = f"`{beat.by}` plays a show on channel `{self.channel}`: `--follow` stands by for it"

    def _line(self, line: Line) -> None:
        if line.why:
            self._tell(line.why)
        if line.up and self.follower is not None:
            self.follower.tail.ask(self._clock())
        if line.up and self.leader is None and self.follower is None:
            self._bus.find(self.channel)

    # --- who it is from here on

    def _change(self) -> None:
        """Begin to lead, or to follow, where that has come."""
        leader, follower = self.leader, self.follower
        if follower is not None and follower.leads:
            self._take_over(follower)
        elif follower is not None and follower.ended is not None and self._was_ready:
            self.ended = follower.ended
        elif follower is not None and follower.ended is not None:
            self._over, self.follower = follower.show, None
        if leader is not None and leader.ended is not None:
            self.ended = leader.ended
        elif leader is not None and leader.overtaken:
            self._tell(leader.overtaken)
            self.leader = None
            self._bus.find(self.channel)
        if self.follower is not None:
            self._was_ready = self._was_ready or self.follower.ready
        if self.state != self._said:
            self._said = self.state
            self._say_ready()

    def _say_ready(self) -> None:
        if self.leader is None:
            why = self.follower.refusing if self.follower is not None else ""
            self._bus.say(f"sr.{self.channel}.ready", written(Ready(self.by, self.state, why)))

    def _find(self, found: Found) -> None:
        if self._show is not None:
            self._found = found if not found.wrong else self._found
            return
        if found.wrong or self.leader is not None or self.follower is not None:
            return
        if found.show > self._over:
            self._was_ready = False
            self.follower = Follower(
                self.by,
                self.channel,
                self._bus,
                self._clock,
                found.show,
                sink=self._sink,
                show_clock=self.now,
            )

    def _take_over(self, follower: Follower) -> None:
        played = follower.played
        if played is None:
            return
        offset = follower.offset
        own = self._clock()
        self._offset = own - follower.latest if offset is None else offset
        self.follower = None
        behind = self.now() - follower.alive
        self._lead(
            Leader(
                self.by,
                self.channel,
                self._bus,
                played,
                self.now,
                show=follower.show,
                term=follower.term,
                last=follower.tail.last,
                latest=follower.latest,
                had=follower.had,
                sink=self._sink,
                shift=self._shift,
                tell=self._tell,
                wall=self._wall,
                number=follower.number,
                pressed=follower.pressed,
            )
        )
        if behind > STOOD and played.conductor.begun and self.leader is not None:
            self._shift(behind)
            self.leader.turn(["stood", self.leader.now(), behind])

    def _lead(self, leader: Leader) -> None:
        self.leader = leader
        self.led += 1
        leader.act()

    def _shift(self, by: int) -> None:
        self._offset += by

    # --- a show that is opened

    def _send(self, show: Show) -> None:
        self._sending = show.texts
        self._bus.store(show.opening.texts, show.texts)

    def _kept(self, news: Kept) -> None:
        if self.leader is not None:
            self.leader.kept(news)
            return
        show = self._show
        if show is None or self._found is None or self._made is not None:
            return
        if news.wrong:
            self.refused = f"the store of the house takes nothing: {news.wrong}"
            return
        self._played = Played(show.opening, show.prepared, self.now)
        turn = ["open", self.now()]
        self._made = Made(turn, self._played.take(turn))
        self._append_show(show, self._found.last)

    def _append_show(self, show: Show, last: int) -> None:
        if self._made is not None:
            data = opening_record(self.by, show.opening, self._made, self._made.turn[1])
            self._bus.append(self.channel, "show", last, data)

    def _opened(self, seq: int) -> None:
        if self._made is None or self._played is None or self._show is None:
            return
        show, self._show = self._show, None
        made, self._made = self._made, None
        self._sink(made.taken)
        names = dict.fromkeys(show.opening.hands.values())
        leader = Leader(
            self.by,
            self.channel,
            self._bus,
            self._played,
            self.now,
            show=seq,
            term=seq,
            last=seq,
            latest=made.turn[1],
            had=dict.fromkeys(names, ("", 0)),
            sink=self._sink,
            shift=self._shift,
            tell=self._tell,
            wall=self._wall,
            number=1,
        )
        self._lead(leader)
        leader.claim_all()
        prepared = show.prepared
        sources = Sources(prepared.fingerprint, prepared.whole_texts, prepared.roles)
        leader.press(Pressed("source", given=sources))

    def _unsure(self, news: Unsure) -> None:
        if self.leader is not None:
            self.leader.unsure(news)
        elif self.follower is not None:
            self.follower.unsure()
        elif self._show is not None:
            self.refused = f"the show cannot be opened on channel `{self.channel}`: {news.why}"

    # --- presses

    def press(self, pressed: Pressed) -> None:
        """Do what somebody at this machine presses: here, or where the show is led."""
        if self.leader is not None:
            self._press(self.leader, pressed, "", None)
        elif self.follower is not None and self.follower.played is not None:
            self._presses += 1
            now = self._clock()
            id_ = f"{self.by}-{self._presses}"
            asking = self._asked[id_] = _Asking(pressed, now, now)
            self._ask(id_, asking, now)

    def _ask(self, id: str, asking: _Asking, now: int) -> None:
        if self.leader is not None:
            del self._asked[id]
            if id not in self.leader.pressed:
                self._press(self.leader, asking.pressed, id, None)
            return
        if now - asking.since > PATIENCE:
            del self._asked[id]
            self._tell(f"`{asking.pressed.action}` was not done: nobody leads")
            return
        asking.again = now + AGAIN
        self._bus.say(f"sr.{self.channel}.do", written(Asked(id, press_said(asking.pressed))))

    def _asked_of_us(self, leader: Leader, asked: Asked) -> None:
        """Do what another machine presses; what was done is answered."""
        subject = f"sr.{self.channel}.done"
        if asked.id in leader.pressed:
            at = leader.pressed[asked.id]
            if at is not None:
                self._bus.say(subject, written(Done(asked.id, ok=True, at=at)))
            return
        try:
            pressed = press_read(dict(asked.press))
        except Malformed as error:
            self._bus.say(subject, written(Done(asked.id, ok=False, reason=str(error))))
            return
        self._press(leader, pressed, asked.id, subject)

    def _press(self, leader: Leader, pressed: Pressed, id: str, subject: str | None) -> None:
        wrong = self._wrong(leader, pressed)
        if wrong is None and pressed.action in {"go", "start"} and not leader.played.conductor.begun:
            leader.begin()
            if pressed.taken is not None:
                pressed.taken()
            return
        if wrong is None and pressed.action in {"seek", "loop", "unloop"} and not isinstance(pressed.given, Excerpt):
            meant = self._meant(leader, pressed.action, pressed.to or "")
            if meant is None:
                wrong = f"there is no `{pressed.to}` in the show"
            else:
                pressed = Pressed(pressed.action, pressed.name, pressed.to, pressed.origin, meant, pressed.taken)
        if wrong is not None:
            if subject is None:
                self._tell(wrong)
            else:
                self._bus.say(subject, written(Done(id, ok=False, reason=wrong)))
            return

        def done() -> None:
            if subject is not None:
                self._bus.say(subject, written(Done(id, ok=True, at=leader.pressed.get(id))))

        leader.press(pressed, id, done)

    def _wrong(self, leader: Leader, pressed: Pressed) -> str | None:
        """Say why a press cannot be done now."""
        begun = leader.played.conductor.begun
        if pressed.action == HAND_OVER and not any(state == "ready" for state, _ in self.standing.values()):
            return "nobody is ready to take over"
        if pressed.action in {"go", "start"} and not begun and leader.missing():
            return "not everything is ready: " + "; ".join(leader.missing().values())
        return None

    def _meant(self, leader: Leader, action: str, to: str) -> Excerpt | None:
        """Tell which part of the show a point means."""
        played = leader.played
        cues, prepared = played.conductor.cues, played.prepared
        if self._plan is None or self._plan[0] is not cues:
            options = Options(seed=played.opening.seed)
            self._plan = cues, plan(cues, prepared.fixtures, prepared.inventories, TIMES, options=options)
        return points.asked(self._plan[1], cues, action, to)

    def close(self) -> None:
        """End it."""
        self._bus.close()

"""Who stands by: plays a show along by its log, and compares everything that comes out of it, all evening.

It becomes the leader by appending to the end of the log that it has played: whoever is not at the end cannot.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from showrunner.engine.journal import line
from showrunner.engine.messages import Entry
from showrunner.house.bus import Bus, Fetched, Loaded, Recorded
from showrunner.house.forms import Malformed, packed
from showrunner.house.leader import HAND_OVER
from showrunner.house.messages import FORM, Beat, Opening, Record, written
from showrunner.house.played import Played, Taken
from showrunner.house.tail import Tail
from showrunner.house.texts import made, opened
from showrunner.house.words import tables, version

SILENCE = 400_000
"""Without a beat and a record for so long, the leader counts as dead (microseconds of our own steady clock)."""

BEATS = 10
"""So many beats are heard at the end of the log before one is ready: one knows the leader's clock then."""

MINUTE = 60_000_000
"""Over so long the smallest distance between the leader's clock and ours is looked for."""

NEAR = 100_000
"""Who is further behind than this is not ready."""


class Follower:
    """Follows one show from its first record. ``clock`` tells our own steady time."""

    def __init__(
        self,
        by: str,
        channel: str,
        bus: Bus,
        clock: Callable[[], int],
        show: int,
        *,
        sink: Callable[[Taken], None],
        show_clock: Callable[[], int],
    ) -> None:
        self.by, self.channel, self.show = by, channel, show
        self.tail = Tail(bus, channel, show - 1)
        self.played: Played | None = None
        self.term = 0
        self.led_by = ""
        self.refusing = ""
        """Why it may not stand by, in words."""
        self.leads = False
        """Whether the end of the log says that we lead."""
        self.ended: Entry | None = None
        self.latest = 0
        self.had: dict[str, tuple[str, int]] = {}
        self.compared = 0
        self.pressed: dict[str, int] = {}
        self.number = 0
        self._bus, self._clock, self._sink, self._show_clock = bus, clock, sink, show_clock
        self._first: tuple[int, Record] | None = None
        self._beats = 0
        self._heard = clock()
        self._checking: int | None = None
        self._sent: int | None = None
        self._apart: deque[tuple[int, int]] = deque()
        self._led: int | None = None
        self._alone = False
        self._handed = False
        self.tail.ask(self._clock())

    # --- what state it is in

    @property
    def ready(self) -> bool:
        """Whether it could lead this moment."""
        return self.state == "ready"

    @property
    def state(self) -> str:
        """Give its state, in the words of the status."""
        if self.refusing:
            return "refusing"
        if self.played is None:
            return "joining"
        if self.tail.behind or not self.tail.whole or self._beats < BEATS:
            return "catching up"
        return "ready"

    @property
    def offset(self) -> int | None:
        """How far our clock is ahead of the leader's, and a beat's way; None: nobody knows yet."""
        return min((apart for _, apart in self._apart), default=None)

    @property
    def alive(self) -> int:
        """The instant of the leader's clock up to which somebody led, as far as is known."""
        return max(self.latest, self._led or 0)

    # --- when something is to be done

    @property
    def due(self) -> int | None:
        """When it wants to ``act``; None: not before something comes."""
        if self.refusing or self.ended is not None:
            return None
        if self.tail.asking:
            return self._clock() + SILENCE // 4
        return max(self._heard + SILENCE, self._clock() + NEAR // 10) if self.ready and not self._alone else None

    def act(self) -> None:
        """Look whether the leader is silent: then read what is behind our end, and if nothing is, lead."""
        now = self._clock()
        if self.tail.asking:
            self.tail.ask(now)
            return
        if now - self._heard < SILENCE or not self.ready or self._alone:
            return
        self._checking = now
        self.tail.ask(now)

    # --- what comes

    def beat(self, beat: Beat) -> None:
        """Take in that somebody leads."""
        if beat.term < self.term:
            return
        now = self._clock()
        self._heard, self._checking, self._alone = now, None, beat.alone
        self.led_by = beat.by
        self._led = beat.now
        self._apart.append((now, now - beat.now))
        while self._apart[0][0] < now - MINUTE:
            self._apart.popleft()
        self.tail.reaches(beat.last, now)
        for hand, (life, n) in beat.had.items():
            if hand not in self.had or self.had[hand][0] != life:
                self.had[hand] = life, n
        if not self.tail.behind and self.tail.whole:
            self._beats = min(self._beats + 1, BEATS)

    def slept(self) -> None:
        """Take in that this machine stood: what it knows of clocks and beats is old."""
        self._heard, self._checking = self._clock(), None
        self._apart.clear()
        self._beats = 0

    def recorded(self, news: Recorded) -> None:
        """Take in a record as it came."""
        self._heard = self._clock()
        self.tail.recorded(news, self._clock())
        self._read()

    def appended(self, seq: int) -> None:
        """Take in that what we wrote to lead is in the log."""
        self.tail.reaches(seq, self._clock())

    def unsure(self) -> None:
        """Look what became of what we wrote to lead."""
        self._sent = None
        self._heard = self._clock()
        self.tail.ask(self._clock())

    def fetched(self, news: Fetched) -> None:
        """Take in what was read."""
        before = self.tail.end
        self.tail.fetched(news, self._clock())
        if self.tail.lost:
            self.refusing = self.tail.lost
            return
        self._read()
        if self._checking is None or news.wrong or self.refusing:
            return
        checked, self._checking = self._checking, None
        if news.records or self.tail.end > before or self._heard > checked:
            self._heard = max(self._heard, self._clock())
        elif self.ready:
            self._lead("no sign of life")

    def loaded(self, news: Loaded) -> None:
        """Take in what the store had: the texts of the show, or a long record."""
        if self.played is None and self._first is not None:
            self._join(news.data)
        else:
            self.tail.loaded(news)
        self._read()

    def _lead(self, why: str) -> None:
        self.number += 1
        now = self._clock()
        offset = self.offset
        at = max(self.alive, 0 if offset is None else now - offset)
        self._sent = self.number
        self._heard = now  # for an answer it waits as long as for a sign of life
        record = Record(self.by, self.number, at, why=why)
        self._bus.append(self.channel, "lead", self.tail.last, written(record))

    # --- the log

    def _read(self) -> None:
        try:
            while not self.refusing and (self._first is None or self.played is not None):
                found = next(self.tail.records(), None)
                if found is None:
                    break
                if self._first is None:
                    self._open(*found)
                else:
                    self._play(*found)
        except Malformed as error:
            self.refusing = f"the log of `{self.channel}` cannot be read: {error}"
        if self._handed and self.ready and not self.tail.behind and self.ended is None:
            self._handed = False
            self._lead("handed over")

    def _open(self, seq: int, record: Record) -> None:
        opening = record.opening
        if opening is None or record.form != FORM:
            raise Malformed(f"record {seq} begins no show of this version")
        if opening.version != version():
            self.refusing = f"the show is played by showrunner and Python {opening.version}, and this is {version()}"
            return
        self._first = seq, record
        self._bus.load(opening.texts)

    def _join(self, data: bytes | None) -> None:
        """Compile the show, from its texts in the store and never from this machine's disk."""
        if self._first is None or self._first[1].opening is None:
            return
        opening: Opening = self._first[1].opening
        try:
            if data is None:
                self.refusing = "the texts of the show are not in the store"
                return
            prepared = made(opened(data))
            kinds = {name: prepared.fixtures[name].device for name in opening.hands}
        except (Malformed, KeyError) as error:
            self.refusing = str(error)
            return
        if tables(kinds) != opening.tables:
            self.refusing = "its devices have other tables there than here"
            return
        self.played = Played(opening, prepared, self._show_clock)
        self._play(*self._first)

    def _play(self, seq: int, record: Record) -> None:
        """Make the turns of a record, and compare what comes out of them."""
        played = self.played
        if played is None:
            return
        self.latest = max(self.latest, record.now)
        self._heard = max(self._heard, self._clock())
        if record.why:
            self.term, self.led_by, self._handed = seq, record.by, False
            self._sink(Taken([played.lead(record.now, seq, record.by, record.why)], []))
            self._beats = max(self._beats, 1)
            self.leads = record.by == self.by
            if not self.leads:
                self._apart.clear()
            return
        if record.opening is not None:
            self.term, self.led_by = seq, record.by
        self.leads = False
        taken: list[Taken] = []
        for turn in record.turns:
            if turn[0] == "told":
                self.had[turn[2]] = turn[3], turn[4]
            taken.append(played.take(turn))
            if turn[0] == "press":
                self._handed = self._handed or turn[2].get("action") == HAND_OVER
                if turn[3]:
                    self.pressed[turn[3]] = turn[1]
        entries = [entry for one in taken for entry in one.entries]
        self._compare(record, entries, [call for one in taken for call in one.calls])
        for one in taken:
            self._sink(one)
        if entries and entries[-1]["kind"] == "end":
            self.ended = entries[-1]

    def _compare(self, record: Record, entries: list[Entry], calls: list[list[Any]]) -> None:
        self.compared += len(entries)
        theirs = packed([list(record.entries), list(record.calls)])
        if packed([entries, calls]) == theirs:
            return
        pairs = [*zip([*record.entries, None], [*entries, None], strict=False)]
        for one, other in pairs:
            if one is None or other is None or packed(_heart(one)) != packed(_heart(other)):
                self.refusing = f"an entry came out otherwise here: {_shown(one)}, here {_shown(other)}"
                return
        self.refusing = "what is to be done came out otherwise here"


def _heart(entry: Entry) -> Entry:
    """Give what is compared of an entry: how long a reload took is the leader's."""
    return {key: one for key, one in entry.items() if key != "took"} if entry["kind"] == "reload" else entry


def _shown(entry: Entry | None) -> str:
    return "nothing" if entry is None else line(entry)[:400]

"""The conductor: the upper half of a performance. It has the show: the caller, the journal, what the operator presses.

It says what is to be done with the devices (``Hands``), is told what they said, and writes everything down. It knows no
driver, no wire and no secret.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import field
from typing import Protocol

from showrunner.devices import strangers
from showrunner.devices.strangers import BLOCKED, NO_WORDS, Blocklist
from showrunner.devices.vocabulary import EVENTS, Answered, Condition, Fixture, Happened, Heard, Inventory, Output, Send
from showrunner.diagnostics.wording import tamed
from showrunner.engine.actions import URGENT
from showrunner.engine.caller import Caller
from showrunner.engine.journal import Journal
from showrunner.engine.messages import (
    NOTHING,
    Brought,
    Call,
    Deliver,
    DeliverClear,
    DeliverFrame,
    Effect,
    Entry,
    Excerpt,
    Options,
    Silenced,
    TextChange,
    Write,
)
from showrunner.engine.telling import Telling
from showrunner.slotted import dataclass
from showrunner.timeline.cues import TIME, Awaited, CueList
from showrunner.wires.wire import Pressed

SECOND = 1_000_000
GLANCE = SECOND
"""So often, in microseconds, the wall clock is looked at while a time of the day is waited for."""


class Hands(Protocol):
    """Whoever has the devices. What they say of it is told to the conductor (``told``)."""

    def connect(self, fixture: Fixture, events: tuple[str, ...], inventory: Inventory | None, now: int) -> None:
        """Begin to reach a device; its program is asked for these ``events``."""
        ...

    def listen(self, device: str, events: tuple[str, ...], now: int) -> None:
        """Have a program tell of these events, too."""
        ...

    def show(self, fixture: Fixture) -> None:
        """Take in the pictures and documents of a later text."""
        ...

    def begin(self, zero: int) -> None:
        """Take this instant for show time 0."""
        ...

    def do(self, call: Call, now: int) -> None:
        """Have a device do something."""
        ...


class Day(Protocol):
    """The clock on the wall."""

    def left(self, time: str) -> int:
        """Tell how many microseconds are left until it shows a time like `20:00`; 0: it has come."""
        ...

    def coming(self, time: str, often: int | None = None) -> tuple[int, tuple[str, ...]]:
        """Tell when it shows a time next, or one of those that ``often`` divides, and what it shows then."""
        ...

    def until(self, moment: int) -> int:
        """Tell how many microseconds are left until such a moment; 0: it has come."""
        ...


@dataclass(frozen=True, slots=True)
class NewText:
    """A new text of the show, right and compiled. ``fixtures`` has every device it uses, as it is reached."""

    cues: CueList
    fixtures: Mapping[str, Fixture]
    inventories: Mapping[str, Inventory]
    change: TextChange


@dataclass(frozen=True, slots=True)
class BadText:
    """A new text that has errors: fingerprints, the findings as the journal has them, microseconds it took."""

    old: str
    new: str
    findings: tuple[Entry, ...]
    took: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts of all files of a version by their paths, and their ``roles``, for a journal that is to be replayed."""

    fingerprint: str
    texts: Mapping[str, str]
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Playbill:
    """What the first entry says of a run besides its show, so that it can be resumed: the ``engine``'s version, the
    ``stage`` file, and ``options`` of the command line. ``resumes``: the journal that this one goes on from.
    ``script``: what the script is called, where it does not lie where it was written.
    """

    engine: str
    stage: str | None = None
    options: Mapping[str, object] = field(default_factory=dict)
    resumes: str | None = None
    script: str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """A show that broke off, as a replay of its journal leaves it.

    ``at``: the instant of the journal's last entry on the caller's clock, which has ``stood`` for so long altogether.
    ``left``: entries that had been decided by then, and did not come into the journal any more; ``sent``: the attempts
    of commands that had been handed over. ``gone`` tells for how many microseconds nothing has gone on by now.
    """

    caller: Caller
    at: int
    stood: int
    left: tuple[Entry, ...]
    sent: AbstractSet[tuple[int, int]]
    gone: Callable[[], int]


class Conductor:
    """One show, from its first journal entry to the last. ``hands`` has the devices, ``clock`` tells the time.

    ``day`` is the wall clock; without one no time of the day comes. What strangers write with ``blocked`` words is
    heard by nobody. ``broken``: the show goes on from there; until it does, its clock stands.
    """

    def __init__(
        self,
        cues: CueList,
        fixtures: Mapping[str, Fixture],
        journal: Journal,
        options: Options,
        hands: Hands,
        clock: Callable[[], int],
        *,
        inventories: Mapping[str, Inventory] | None = None,
        playbill: Playbill | None = None,
        broken: Broken | None = None,
        day: Day | None = None,
        blocked: Blocklist = NO_WORDS,
    ) -> None:
        self.cues = cues
        self.journal = journal
        self.caller = Caller(cues, fixtures, options, inventories) if broken is None else broken.caller
        self.interrupted = False
        self._options = options
        self._hands = hands
        self._clock = clock
        self._fixtures = {name: fixtures[name] for name in cues.devices}
        self._inventories = inventories or {}
        self._listening: dict[str, tuple[str, ...]] = {}
        self._playbill = playbill
        self._broken = broken
        self._day = day
        self._moments: dict[Awaited, tuple[int, tuple[str, ...]]] = {}
        self._blocked = blocked
        self._floods: dict[str, _Flood] = {}
        self.glance: int | None = None
        """When the clocks are to be looked at; None: nobody waits for that."""
        self._ahead = 0
        self._opened = False
        self._telling = Telling(self.caller, journal.write, () if broken is None else broken.sent)
        self._heard: deque[tuple[str, Output | Silenced, int]] = deque()
        self._carried: dict[str, dict[int, tuple[int, ...]]] = {name: {} for name in cues.devices}

    @property
    def devices(self) -> AbstractSet[str]:
        """The stage names of all devices it knows."""
        return self._fixtures.keys()

    # --- the course of a show

    def open(self, now: int) -> None:
        """Write the first entry, and have every device reached."""
        now = self._instant(now)
        self._opened = True
        broken, bill = self._broken, self._playbill
        if broken is not None:
            self.journal.begin(-broken.stood)
        self._telling.write(
            now,
            "show",
            version=1,
            title=self.cues.title,
            script=self.cues.main if bill is None or bill.script is None else bill.script,
            fingerprint=self.cues.fingerprint,
            devices={name: fixture.device.name for name, fixture in self._fixtures.items()},
            seed=self._options.seed,
            epoch=self._options.epoch,
            options={**self._options.told(), **({} if bill is None else bill.options)} or None,
            told=True,
            stage=None if bill is None else bill.stage,
            engine=None if bill is None else bill.engine,
            resumes=None if bill is None else bill.resumes,
        )
        if broken is not None:
            self._perform((Write(entry) for entry in broken.left), now)
            self._telling.before(now)
            self._telling.write(now, "told", what="broken off")
            self._perform(self.caller.break_off(now), now)
            if self.caller.ended:
                return  # it had only waited for what nobody will hear any more
        for fixture in self._fixtures.values():
            self._connect(fixture, self._inventories.get(fixture.name), now)

    @property
    def begun(self) -> bool:
        """Whether show time 0 has come, or a show that broke off goes on."""
        return self.journal.zero is not None and self._broken is None

    @property
    def at(self) -> int | None:
        """The show time; None before time 0. Any thread may ask."""
        zero = self.journal.zero
        return None if zero is None else self._instant(self._clock()) - zero

    def begin(self, now: int) -> None:
        """Begin with the first segment: this instant is show time 0. One that broke off goes on."""
        for device in list(self._floods):
            self._flooded(device, self._instant(now))
        if self._broken is not None:
            broken, self._broken = self._broken, None
            self._ahead = broken.at - now
            self.stood(broken.gone(), now)
            return
        self._zero(now)
        self._telling.start(now)
        self._perform(self.caller.start(now), now)

    @property
    def due(self) -> int | None:
        """The instant of the caller's next step; None where there is none, or the show has not begun."""
        due = self.caller.due() if self.begun else None
        return None if due is None else due - self._ahead

    def step(self, now: int) -> None:
        """Let the caller do what is due."""
        now, due = self._instant(now), self.caller.due()
        if due is not None:
            self._telling.step(due)
        effects = self.caller.step(now)
        self._perform(effects, now)
        self._telling.stepped(effects, now)

    def look(self, now: int) -> None:
        """Look at the clocks: tell of a time of the day that has come, and of what was dropped in a second."""
        now = self._instant(now)
        for device, flood in list(self._floods.items()):
            if now >= (self.journal.zero or 0) + (flood.second + 1) * SECOND:
                self._flooded(device)
        day = self._day
        if day is not None:
            come = [(moment, shown) for moment, shown in self._moments.values() if not day.until(moment)]
            self._moments = {event: it for event, it in self._moments.items() if it not in come}
            for time in dict.fromkeys(time for _, shown in sorted(come) for time in shown):
                self._strike(time, now)
            for time in sorted(self.caller.times):
                if time in self.caller.times and not day.left(time):
                    self._strike(time, now, past=self.caller.hears(time))
        self._watch()

    def _strike(self, time: str, now: int, *, past: bool = False) -> None:
        """Tell of a time of the day that is now, or is ``past`` where somebody hears only the moment itself."""
        self._telling.before(now)
        frame = {TIME: time if time.count(":") > 1 else f"{time}:00"}
        self._telling.write(now, "event", device=TIME, frame=frame, past=past or None)
        self._perform(self.caller.strike(time, now, past=past), now)

    def _watch(self) -> None:
        """Say when the clocks are to be looked at. Somebody may set that on the wall: it is no longer than a second."""
        day, looks = self._day, []
        if day is not None and self.begun:
            looks += [self._clock() + min(day.left(time), GLANCE) for time in self.caller.times]
            heard = self.caller.moments
            self._moments = {event: self._next(day, event) for event in heard}
            looks += [self._clock() + min(day.until(moment), GLANCE) for moment, _ in self._moments.values()]
        zero = (self.journal.zero or 0) - self._ahead
        looks += [zero + (flood.second + 1) * SECOND for flood in self._floods.values() if flood.dropped]
        self.glance = min(looks, default=None)

    def _next(self, day: Day, event: Awaited) -> tuple[int, tuple[str, ...]]:
        """Give the moment of a time that is heard, sooner where somebody has put the clock back."""
        coming, known = day.coming(event.name, event.often), self._moments.get(event)
        return coming if known is None else min(known, coming)

    def stood(self, time: int, now: int) -> None:
        """Go on where the machine had stood for so long: show time counts it, and nothing else does."""
        if not self.begun or self.caller.ended:
            return
        now = self._instant(now)
        self._telling.before(now)
        self._telling.write(now, "gap", for_=time)
        self._zero((self.journal.zero or 0) - time)
        self._perform(self.caller.stood(now), now)

    def close(self, now: int) -> None:
        """Write the end of a show that was opened and never begun; any other has its own.

        One that broke off and has not gone on may be resumed again.
        """
        if self._opened and not self.caller.ended and not self.begun and self._broken is None:
            self._opened = False
            result = "interrupted" if self.interrupted else "lost"
            self._telling.write(self._instant(now), "end", result=result, counts=self.caller.counts)

    # --- what the devices say

    def told(self, device: str, outputs: Sequence[Output | Silenced], now: int) -> None:
        """Take what was said of a device, all of one call of its driver: it is written down at once, heard in turn."""
        now = self._instant(now)
        if any(isinstance(one, Happened) for one in outputs):
            outputs = self._admitted(device, outputs, now)
        said = self._telling.said(device, outputs)
        if said is not None:
            self._telling.tell(device, said, now, written=True)
        for output in outputs:
            if isinstance(output, Send):
                self._write_sent(device, output, now)
            elif isinstance(output, Heard):
                self._write_heard(device, output, now, outputs, said)
            else:
                if isinstance(output, Condition):
                    self._telling.tell(device, output, now, written=True)
                    unheard = output.id if output.unheard else None
                    keys = {"state": output.state, "detail": output.detail, "why": output.why, "unheard": unheard}
                    keys["rests"] = output.rests or None
                    self._telling.write(now, "device", device=device, **keys)
                elif output is not said:
                    self._telling.tell(device, output, now, written=False)
                self._heard.append((device, output, now))
        if self._floods:
            self._watch()

    def _admitted(self, device: str, outputs: Sequence[Output | Silenced], now: int) -> Sequence[Output | Silenced]:
        """Leave out the events that nobody is to hear: those beyond the rate, which are counted, and those blocked."""
        kind, left = self._fixtures[device].device, list[Output | Silenced]()
        heard = next((one for one in outputs if isinstance(one, Heard)), None)
        blocked = False
        for one in outputs:
            if not isinstance(one, Happened):
                left.append(one)
            elif not self._within_rate(device, now):
                continue
            elif self._blocked.blocks(strangers.written(kind, one)):
                blocked, told = True, strangers.bounded(kind, one)
                way, frame = (None, None) if heard is None or heard.reply else (heard.way or None, heard.frame)
                fields = dict(told.fields) or None
                keys = {"way": way, "frame": frame, "event": told.event, "fields": fields, "ignored": BLOCKED}
                self._telling.write(now, "event", device=device, **keys)
            else:
                left.append(strangers.bounded(kind, one))
        unasked = heard is not None and not heard.reply and heard.id is None
        # What said nothing but this is not written down a second time, or at all.
        nothing_else = unasked and len(left) < len(outputs) and all(one is heard for one in left)
        return [] if nothing_else else [one for one in left if not (blocked and unasked and one is heard)]

    def _within_rate(self, device: str, now: int) -> bool:
        """Count an event of a device in its second; tell whether it is one of those that are heard."""
        most: int | None = self._fixtures[device].settings.get(EVENTS.name)
        if most is None:
            return True
        second = (now - (self.journal.zero or 0)) // SECOND
        if device in self._floods and self._floods[device].second != second:
            self._flooded(device)
        flood = self._floods.setdefault(device, _Flood(second, most))
        flood.came += 1
        return flood.came <= most

    def _flooded(self, device: str, at: int | None = None) -> None:
        """Write down how many events of a device were dropped in a second that is over; ``at``: or ends here."""
        flood = self._floods.pop(device)
        if flood.dropped:
            end = (self.journal.zero or 0) + (flood.second + 1) * SECOND
            detail = str(flood.dropped)
            self._telling.write(end if at is None else at, "device", device=device, state="flooded", detail=detail)

    @property
    def told_more(self) -> bool:
        """Whether something that was said has not been heard yet: that comes before all else."""
        return bool(self._heard)

    def hear(self) -> None:
        """Let the caller hear the next thing that was said."""
        device, output, now = self._heard.popleft()
        self._perform(self.caller.hear(device, output, now), now)

    # --- what the operator presses

    def press(self, pressed: Pressed, now: int) -> None:
        """Do what was pressed; what is given with it may be a text."""
        given, now = pressed.given, self._instant(now)
        if isinstance(given, Sources):
            for path, text in given.texts.items():
                role = given.roles.get(path)
                self._telling.write(now, "source", fingerprint=given.fingerprint, path=path, role=role, text=text)
        elif isinstance(given, BadText):
            self._refuse(given, now)
        elif isinstance(given, NewText):
            self._revise(given, now)
        else:
            part = given if isinstance(given, Excerpt) else None
            self._press(pressed, part, given if isinstance(given, Brought) else NOTHING, now)

    def _press(self, pressed: Pressed, part: Excerpt | None, brought: Brought, now: int) -> None:
        action = pressed.action
        if not self.begun:
            self.interrupted = self.interrupted or action in URGENT
            if action != "connect" and (action != "panic" or self._broken is not None):
                return
            if action == "panic":
                self._zero(now)  # a show that has not begun has nothing but this
        if action == "button" and self._blocked.blocks((brought.text, *brought.fields.values())):
            kept = Brought(None if brought.text is None else tamed(brought.text), strangers.all_tamed(brought.fields))
            keys = {"action": action, "name": pressed.name, "from_": pressed.origin, **kept.told(), "ignored": BLOCKED}
            self._telling.write(now, "operator", **keys)
            return
        self._telling.before(now)
        self._perform(self.caller.press(action, pressed.name, pressed.origin, now, pressed.to, part, brought), now)

    def _refuse(self, text: BadText, now: int) -> None:
        nothing: dict[str, list[str]] = {key: [] for key in ("added", "removed", "changed", "missed", "again")}
        keys = {"old": text.old, "new": text.new, **nothing, "findings": list(text.findings), "took": text.took}
        self._telling.write(now, "reload", ok=False, **keys)

    def _revise(self, text: NewText, now: int) -> None:
        for name in text.cues.devices:
            fixture = text.fixtures[name]
            if name in self._fixtures:
                before, events = self._listening[name], self._events(name, text.cues)
                if events != before:
                    self._hands.listen(name, events, now - self._ahead)
                self._hands.show(fixture)
            else:
                self._fixtures[name], self._carried[name] = fixture, {}
                self._connect(fixture, text.inventories.get(name), now, text.cues)
        self._telling.before(now)
        if not text.change.told and not self.caller.ended:
            self._telling.write(now, "told", what="text", new=text.change.new)
        effects = self.caller.revise(text.cues, text.fixtures, text.change, now)
        for effect in effects[:1]:
            if isinstance(effect, Write) and effect.entry["kind"] == "reload":
                effect.entry["took"] += self._instant(self._clock()) - now
        self._perform(effects, now)
        self.cues = text.cues

    # --- carrying out and writing down

    def _perform(self, effects: Iterable[Effect], now: int) -> None:
        for effect in effects:
            if isinstance(effect, Write):
                keys = dict(effect.entry)
                if keys["kind"] == "end":
                    for device in list(self._floods):
                        self._flooded(device, now)
                self._telling.write(now, keys.pop("kind"), **keys)
                continue
            if isinstance(effect, DeliverFrame | DeliverClear) and effect.first:
                self._carried[effect.device][effect.number] = effect.first
            self._telling.delivered(effect)
            if isinstance(effect, Deliver):
                self.journal.settle()
            self._hands.do(effect, now - self._ahead)
        self._watch()

    def _zero(self, now: int) -> None:
        self.journal.begin(now)
        self._hands.begin(now - self._ahead)

    def _instant(self, now: int) -> int:
        """Give an instant on the caller's clock: that of a show which broke off stands until it goes on."""
        broken = self._broken
        return now + self._ahead if broken is None else broken.at

    def _connect(self, fixture: Fixture, inventory: Inventory | None, now: int, cues: CueList | None = None) -> None:
        self._telling.write(now, "device", device=fixture.name, state="connecting")
        self._hands.connect(fixture, self._events(fixture.name, cues or self.cues), inventory, now)

    def _events(self, device: str, cues: CueList) -> tuple[str, ...]:
        """Name the events of a device that are waited for, or were in an earlier text: some of that may still play."""
        awaited = (event for teller, event in cues.events if teller == device)
        found = tuple(dict.fromkeys((*self._listening.get(device, ()), *awaited)))
        self._listening[device] = found
        return found

    def _write_sent(self, name: str, send: Send, now: int) -> None:
        for id_ in self._ids(name, send):
            attempt, way = None if id_ is None else (send.attempt or 1), send.way or None
            self._telling.write(now, "sent", id=id_, device=name, way=way, frame=send.frame, attempt=attempt)

    def _write_heard(
        self, name: str, heard: Heard, now: int, led_to: Sequence[Output | Silenced], said: Output | None
    ) -> None:
        attempt = said.attempt if isinstance(said, Answered) else heard.attempt or 1
        again = attempt if attempt > 1 and heard.id is not None else None
        keys: Entry = {"way": heard.way or None, "frame": heard.frame, "ok": heard.ok, "answer": heard.answer}
        if isinstance(said, Answered):
            keys |= {"reason": said.reason, "attempt": again}
        elif heard.reply:
            keys |= {"attempt": again}
        elif isinstance(said, Happened):
            keys |= {"event": said.event, "fields": dict(said.fields) or None}
        kind = "reply" if heard.reply else "event"
        for id_ in self._ids(name, heard):
            told = False if heard.reply and id_ is not None and said is None else None
            self._telling.write(now, kind, id=id_, device=name, **keys, told=told)
        # A stream frame may be several requests, one after the other: it is not over while another one follows.
        number = heard.number
        if number is not None and not any(isinstance(one, Send) and one.number == number for one in led_to):
            self._carried[name].pop(number, None)

    def _ids(self, name: str, said: Send | Heard) -> tuple[int | None, ...]:
        """Give the commands that a message is about; one that is about none is written all the same."""
        return (said.id,) if said.number is None else self._carried[name].get(said.number) or (None,)


@dataclass(slots=True)
class _Flood:
    """The events of a device in one ``second`` of show time: so many ``came``, and at most so many are heard."""

    second: int
    most: int
    came: int = 0

    @property
    def dropped(self) -> int:
        return max(0, self.came - self.most)

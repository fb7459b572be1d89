"""All that goes over AITuberKit's HTTP control: its pages, its events, and which of them concerns whom. For the driver.

What becomes of a deck is in ``slides``, of a line in ``aloud``; how requests and events look, in ``control``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from showrunner.devices.aituber import table
from showrunner.devices.aituber.aloud import Aloud
from showrunner.devices.aituber.control import REMEMBERED, STATUS, Control, Errand, Tabs, Told
from showrunner.devices.aituber.cutting import stop
from showrunner.devices.aituber.decks import plain
from showrunner.devices.aituber.slides import Slides
from showrunner.devices.in_flight import WireIds
from showrunner.devices.vocabulary import Class, Command, Condition, Ended, Frame, Happened, Heard, Output, Terms

WAYS = frozenset({"api", "events", "answers"})
"""The ways beside that of the page."""

HELD = 3_000_000
"""So long a command waits for the ways it needs, once: they open a moment after the page's own (microseconds)."""

Stopped: TypeAlias = Callable[[str | None, int], list[Output]]
"""Called when a stop is taken, or with why it is not."""


class Desk:
    """The HTTP side of one AITuberKit. ``fetched`` is called when a page has taken a stop."""

    def __init__(self, terms: Terms, ids: WireIds, fetched: Callable[[int], None]) -> None:
        self._control = Control(terms, ids)
        self._tabs = Tabs(self._control.client)
        self._slides = Slides(self._control, terms.settings.get("documents", {}))
        self._aloud = Aloud(self._control, terms)
        self._fetched = fetched
        self._ways: dict[int, str] = {}  # by connection
        self._alone = terms.settings["mode"] == "http"  # no page connects to us
        self._found = False  # a page, where none connects to us
        self._stopped_of: frozenset[str] = frozenset()  # under which ids the newest stop was asked for
        self._stops: list[str | None] = []  # what came of the newest one
        self._held: list[tuple[Errand, Command]] = []  # commands that wait for these ways
        self._until: int | None = None  # so long
        self._waited = False  # that was in vain
        self._asking = False  # which pages there are
        self._unheard: str | None = None  # why no events come
        self._sounding: dict[str, str] = {}  # sentences, by AITuberKit's names of them

    # --- connections

    def opened(self, connection: int, way: str) -> bool:
        """Note a connection; tells whether it is one of these ways."""
        if way not in WAYS:
            return False
        self._ways[connection] = way
        if way == "api":
            self._control.connection = connection
        return True

    def closed(self, connection: int, reason: str) -> list[Output] | None:
        """Note that a connection has ended; None: it is none of these ways."""
        way = self._ways.pop(connection, None)
        if way == "api":
            self._control.connection = None
        elif way == "events" and self._control.events is not None:
            self._control.events = None
            return [Condition("note", f"AITuberKit's events have ended: {reason}")]
        return None if way is None else []

    def received(self, connection: int, frame: Frame, now: int) -> list[Output] | None:
        """Read what came by one of these ways; None: it is another."""
        match self._ways.get(connection):
            case "api":
                return self._control.answered(frame, now)
            case "events":
                return self._event(connection, frame, now)
            case "answers":
                secrets, outputs = self._aloud.answered(connection, frame, now)
                return [Heard(frame, reply=False, secrets=secrets), *outputs]
        return None

    @property
    def unable(self) -> str | None:
        """Say why nothing can be asked, going by the stage file; None: it can."""
        return self._control.unable

    @property
    def reached(self) -> bool:
        """Whether requests can be sent."""
        return self._control.connection is not None

    @property
    def listens(self) -> bool:
        """Whether events come."""
        return self._control.events is not None

    @property
    def playing(self) -> bool:
        """Whether a deck plays."""
        return self._slides.playing

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages with our client id, by their receiver ids."""
        return tuple(self._tabs.seen)

    # --- commands

    def command(self, id: int, attempt: int, command: Command, now: int) -> list[Output]:
        """Begin an attempt of a command that goes by HTTP."""
        errand = Errand(id, attempt)
        if self.unable is None and not self._waited and not (self.reached and self.listens):
            self._held.append((errand, command))
            self._until = now + HELD if self._until is None else self._until
            return []
        return self._begin(errand, command, now)

    def _release(self, now: int) -> list[Output]:
        """Begin what has waited: the ways it needs are open, or are waited for no longer."""
        held, self._held, self._until = self._held, [], None
        return [output for errand, command in held for output in self._begin(errand, command, now)]

    def _begin(self, errand: Errand, command: Command, now: int) -> list[Output]:
        wrong = self._control.wrong
        if wrong is not None:
            return [errand.accept(ok=False, reason=wrong)]
        match command.verb.name:
            case "speak":
                pose = command.get("POSE")
                return self._aloud.speak(errand, table.parts(command), None if pose is None else str(pose))
            case "ask":
                return self._aloud.ask(errand, str(command.get("TEXT")))
        return self._slides.command(errand, command, now)

    def forget(self, id: int, attempt: int) -> list[Output]:
        """Note that an attempt was given up."""
        self._held = [one for one in self._held if (one[0].id, one[0].attempt) != (id, attempt)]
        self._aloud.forget(id, attempt)
        return self._slides.forget(id, attempt)

    def lost(self) -> None:
        """Note that what was under way has failed: the page is gone."""
        self._held, self._until = [], None
        self._slides.lost()
        self._aloud.lost()

    @property
    def deadline(self) -> int | None:
        """The next instant at which something is asked, or a page is gone."""
        gone = self._tabs.due if self.listens else None
        times = (gone, self._until, self._slides.deadline, self._aloud.deadline)
        return min((at for at in times if at is not None), default=None)

    def elapsed(self, now: int) -> list[Output]:
        """Do what was due at ``deadline``."""
        gone = self._seen("gone", self._tabs.elapsed(now)) if self.listens else []
        if self._until is not None and self._until <= now:
            self._waited = True
            gone += self._release(now)
        return [*gone, *self._slides.elapsed(now), *self._aloud.elapsed(now)]

    # --- silence

    def silenced(self) -> list[Output]:
        """Answer what is spoken over HTTP and is to be cut."""
        cut = [errand for errand, command in self._held if command.verb.class_ is Class.SPEECH]
        self._held = [one for one in self._held if one[0] not in cut]
        ended: list[Output] = []
        for errand in cut:
            ended += [errand.accept(), Ended(errand.id, errand.attempt, "cancelled")]
        return [*ended, *self._slides.silenced(), *self._aloud.silenced()]

    def stop(self, stopped: Stopped, *, playing: bool) -> list[Output]:
        """Ask for a stop: of each page by its own id, which reaches it whatever it waits for, else of the client id.

        Where a deck is ``playing`` it is paused first, both under the id that has the deck: one list, kept in order.
        """
        if playing:

            def paused(_: Frame, __: str | None, ___: int) -> list[Output]:
                return self._stop([{"clientId": self._control.client}], stopped)

            return [self._slides.pause(paused)]
        receivers = [{"receiverId": one} for one in self._tabs.seen] if self.listens else []
        return self._stop(receivers or [{"clientId": self._control.client}], stopped)

    def _stop(self, targets: Sequence[Mapping[str, str]], stopped: Stopped) -> list[Output]:
        self._stopped_of = frozenset(one for target in targets for one in target.values())
        answers = self._stops = list[str | None]()

        def answered(_: Frame, wrong: str | None, now: int) -> list[Output]:
            answers.append(wrong)
            if len(answers) < len(targets) or answers is not self._stops:  # of an older stop nobody waits for it
                return []
            return stopped(None if None in answers else answers[0], now)

        return [self._control.ask("POST", "stop/", answered, body=stop(target)) for target in targets]

    # --- what is told

    def _event(self, connection: int, frame: Frame, now: int) -> list[Output]:
        """Read an event. Signs of life, what is old and what is about others' pages is no news, and nobody hears it."""
        if "opened" in frame:
            wrong = self._control.opened(connection, frame, now)
            note = [] if wrong in {None, self._unheard} else [Condition("note", f"`events`: {wrong}")]
            self._unheard = wrong
            # Whoever came before is not told again.
            self._waited = wrong is not None
            return [Heard(frame, reply=False), *note, *(self._survey() if wrong is None else []), *self._release(now)]
        told = self._control.news(frame)
        if told is None:
            return []
        asks = told.kind == STATUS and self._control.wrong is None and self._tabs.noticed(told.about, now)
        outputs = self._survey() if asks else []
        if told.kind == STATUS or (told.about != self._control.client and told.about not in self._tabs.seen):
            return outputs
        # Of what goes by HTTP it is known because of which command something sounds.
        errand = (self._slides.presents or self._aloud.speaks) if told.kind.startswith("speech_chunk_") else None
        outputs += self._told(told, now)
        if errand is None:
            return [Heard(frame, reply=False), *outputs]
        return [Heard(frame, reply=False, id=errand.id, attempt=errand.attempt), *outputs]

    def _told(self, told: Told, now: int) -> list[Output]:
        match told.kind:
            case "commands_fetched" if told.about in self._stopped_of:
                self._fetched(now)
            case "speech_chunk_started":
                self._slides.sounded(now, begins=True)
                text = plain(told.text("text") or "").strip()
                self._sounding[told.text("speechChunkId") or ""] = text
                while len(self._sounding) > REMEMBERED:
                    del self._sounding[next(iter(self._sounding))]
                return [*self._aloud.sounded(text, now, begins=True), Happened("spoken-start", {"text": text})]
            case "speech_chunk_ended":
                self._slides.sounded(now, begins=False)
                text = self._sounding.pop(told.text("speechChunkId") or "", "")
                return [*self._aloud.sounded(text, now, begins=False), Happened("spoken-end", {"text": text})]
            case "speech_ended":
                return self._aloud.ended()
        return self._slides.told(told, now)

    def _survey(self) -> list[Output]:
        """Ask which pages there are, unless that is asked already."""
        if self._asking or self._control.connection is None:
            return []
        self._asking = True

        def listed(frame: Frame, wrong: str | None, now: int) -> list[Output]:
            self._asking = False
            if wrong is not None:
                self._tabs.strangers.clear()
                return [self._waiting(wrong)] if self._alone and not self._found else []
            outputs = self._seen("came", self._tabs.listed(frame, now))
            if self._alone and not self._found:
                outputs.append(self._waiting(f"no page with the client id `{self._control.client}` is open"))
            return outputs

        return [self._control.ask("GET", "receivers/", listed)]

    def _waiting(self, why: str) -> Condition:
        return Condition("waiting", f"{why}: open AITuberKit's page, or reload it")

    def _seen(self, what: str, pages: Sequence[tuple[str, str]]) -> list[Output]:
        """Tell which pages have come, or gone; where none connects to us, that is whether there is anybody at all."""
        outputs: list[Output] = [
            Happened("page", {"what": what, "receiver": one, "kind": kind} if kind else {"what": what, "receiver": one})
            for one, kind in pages
        ]
        there = bool(self._tabs.seen)
        if self._alone and there != self._found:
            self._found = there
            if not there:
                self._slides.lost()
                self._aloud.lost()
            outputs.append(Condition("ready") if there else Condition("lost", "AITuberKit's page was closed"))
        return outputs

"""What AITuberKit's page does of what it fetches from its server, simulated: it speaks, and plays a deck of slides.

For the double. It fetches every now and then, acts a moment later, and reports everything under two ids. Source: the
device's README, "The HTTP control".
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from functools import partial
from itertools import count
from typing import Any

from showrunner.devices.aituber.served import Kept, Server
from showrunner.devices.aituber.speaker import Speaker, SpeechSegment, sentences
from showrunner.devices.vocabulary import Frame

FETCHES = 130_000
"""So long after it was put into a list something is fetched (microseconds; 130 to 190 ms were seen)."""

ACTS = 100_000
"""So long after that the page acts (0.1 to 0.2 s)."""

LOADS = 350_000
"""So long it takes to load a deck."""

TWIN = 150_000
"""So much later the second of the two reports comes; up to 4 s were seen."""

ADVANCES = 200_000
"""So long after the sound of a narration the next slide comes (0.1 to 0.3 s)."""

QUIET = 1_600_000
"""So long after the last sound the page says that it speaks no more."""

REPORTS = 2_000_000
"""So often it reports that it is there."""

LINGERS = 90_000_000
"""So long a page that was closed stays in the list of pages."""

THINKS = 800_000
"""So long its AI takes for an answer."""


class Page:
    """The page's side of the HTTP control. ``speaker`` is the voice that it shares with the WebSocket.

    ``called`` is given what the AI has answered, for whoever wants to be called, ``was_cut`` what was cut.
    """

    def __init__(
        self,
        client: str,
        receiver: str,
        rate: float,
        called: Callable[[Frame, Frame], None],
        was_cut: Callable[[SpeechSegment, int], None],
    ) -> None:
        self.client, self.receiver = client, receiver
        self._rate = rate
        self._called = called
        self._was_cut = was_cut
        self.server: Server
        self.speaker: Speaker
        self._coming: list[tuple[int, int, Callable[[int], None]]] = []
        self._count = count()
        self.fetches, self.acts = FETCHES, ACTS
        self.hears = True
        self.there = True
        self.receives = True
        self.twins = True
        self.linked = True
        self.voice = True
        self.failing = 0
        self.answer, self.answers = "It was toast, as ever.", "completed"
        self._seen_at = 0
        self._thinks = False
        self._told: SpeechSegment | None = None
        self._chunks = 0
        self._speaking = False
        self._quiet: int | None = None
        self._reports: int | None = None
        self._wakes: int | None = None
        self._deck: Frame | None = None
        self._slides: list[tuple[str, Frame, bool]] = []  # section, slide, whether the deck stands behind it
        self._at = 0
        self._state = "unassigned"
        self._pausing = False
        self._dead = False
        self._target = client
        self.shown = False
        self._first = False  # what is shown is the first slide, whatever the state says

    # --- time

    @property
    def deadline(self) -> int | None:
        """The next instant at which it does something."""
        times = (self._coming[0][0] if self._coming else None, self._quiet, self._reports, self._wakes)
        return min((at for at in times if at is not None), default=None)

    def elapsed(self, now: int) -> None:
        """Do what is due."""
        while self._coming and self._coming[0][0] <= now:
            heapq.heappop(self._coming)[2](now)
        if self._wakes is not None and self._wakes <= now:
            self._wakes = None
            self._fetch(now)
        if self._quiet is not None and self._quiet <= now:
            self._quiet, self._speaking = None, False
            self._flag("speech_ended", now)
        if self._reports is not None and self._reports <= now:
            self._reports = now + REPORTS
            self._report(now)

    def _later(self, at: int, what: Callable[[int], None]) -> None:
        heapq.heappush(self._coming, (at, next(self._count), what))

    def listened(self, now: int, *, to: bool) -> None:
        """Somebody listens to the events: now it is worth while to report that it is there."""
        self._reports = now if to else None

    # --- what it says of itself

    def ids(self) -> tuple[str, str]:
        """Give the two ids under which it reports."""
        return self.client, self.receiver

    def _report(self, now: int) -> None:
        if not self.there:
            return
        self._seen_at = now
        said = {"connected": True, "isSpeaking": self._speaking, "chatProcessing": self._thinks}
        for one in self.ids():
            self.server.event("status_updated", one, dict(said), now)

    def _flag(self, kind: str, now: int) -> None:
        said = {"isSpeaking": self._speaking, "chatProcessing": self._thinks}
        self._twice(kind, said, now)

    def _twice(self, kind: str, said: Frame, now: int) -> None:
        self.server.event(kind, self.client, dict(said), now)
        if self.twins:
            self._later(now + TWIN, lambda then: self.server.event(kind, self.receiver, dict(said), then))

    def status(self, about: str) -> Frame | None:
        """Give its status under an id."""
        if about not in self.ids():
            return None
        return {
            "configuredClientId": self.client,
            "receiverKind": "browser",
            "connected": True,
            "isSpeaking": self._speaking,
            "chatProcessing": self._thinks,
            "messageReceiverEnabled": self.receives,
            "externalLinkageMode": self.linked,
            "presentation": self._actual(),
            "activeSpeech": None,
            "clientId": about,
        }

    def _actual(self) -> Frame:
        if self._deck is None:
            return {"state": self._state, "isSpeaking": self._speaking, "lastError": None}
        section, slide, _ = self._slides[self._at]
        return {
            "presentationId": self._deck["presentationId"],
            "revision": self._deck["revision"],
            "state": self._state,
            "sectionId": section,
            "slideId": slide["id"],
            "slideIndex": self._at,
            "isSpeaking": self._speaking,
            "lastError": None,
        }

    def listed(self, now: int, stamp: Callable[[int], int]) -> list[Frame]:
        """Give its row in the list of pages; it stays there for a while when it is closed."""
        if self.there:
            self._seen_at = now
        elif now - self._seen_at > LINGERS:
            return []
        row = {"receiverId": self.receiver, "configuredClientId": self.client, "displayName": "AITuberKit"}
        more = {"kind": "browser", "capabilities": ["presentation", "chat", "speech"], "connected": True}
        return [{**row, **more, "isSpeaking": self._speaking, "lastSeenAt": stamp(self._seen_at)}]

    def visible(self) -> list[str]:
        """Say what of a deck is seen."""
        if self._deck is None or not self.shown:
            return []
        slide = self._slides[0 if self._first else self._at][1]
        return [f"slide {slide['id']}"]

    # --- fetching

    def queued(self, now: int) -> None:
        """Something was put into a list: it is fetched in a moment, a stop and what is before it at once."""
        if any(one["type"] == "stop" for about in self._reached() for one in self._kept(about).commands):
            self._fetch(now, at_once=True)
        elif self._wakes is None:
            self._wakes = now + self.fetches

    def _kept(self, about: str) -> Kept:
        return self.server.kept.get(about, Kept())

    def _reached(self) -> tuple[str, ...]:
        """Give the ids under which it fetches something now: while its AI thinks, and with a deck of the tab, one."""
        if not self.there or not self.hears:
            return ()
        deaf = self._thinks or (self._deck is not None and self._target == self.receiver)
        return (self.receiver,) if deaf else self.ids()

    def _fetch(self, now: int, *, at_once: bool = False) -> None:
        for about in self._reached():
            kept = self._kept(about)
            commands, kept.commands = kept.commands, []
            if commands:
                self.server.event("commands_fetched", about, {"count": len(commands)}, now)
                for one in commands:
                    if at_once:
                        self._act(one, about, now)
                    else:
                        self._later(now + self.acts, partial(self._act, one, about))
            if not self.receives or not kept.messages:
                continue
            messages, kept.messages = kept.messages, []
            self.server.event("messages_fetched", about, {"count": len(messages)}, now)
            for one in messages:
                self._later(now + self.acts, partial(self._take, one))

    def _act(self, command: Frame, about: str, now: int) -> None:
        match command["type"]:
            case "stop":
                self.stop(command["mode"], now)
            case "presentation.load":
                deck = self.server.deck(command["presentationId"])
                self._later(now + LOADS, lambda then: self._load(deck, about, then))
            case _:
                self._move(command, now)

    def _take(self, message: Frame, now: int) -> None:
        if message["type"] == "ai_generate":
            self._thinks = True
            self._later(now + THINKS, lambda then: self._answered(message, then))
        elif message["type"] == "direct_send":
            self.say(message["text"], message.get("session") or message["id"], now)

    def _answered(self, message: Frame, now: int) -> None:
        self._thinks = False
        whole = self.answers == "completed"
        if isinstance(message.get("callback"), dict):
            said: Frame = {"status": self.answers} | ({"content": self.answer} if whole else {})
            said |= {"error": "the model failed"} if self.answers == "failed" else {}
            self._called(message["callback"], said)
        if whole:
            self.say(self.answer, message["id"], now)
        self.queued(now)

    # --- what is spoken

    def say(self, text: str, session: str, now: int, *, shown: str = "", narrates: bool = False) -> int:
        """Speak a text, sentence by sentence; gives how many there are."""
        spoken = list(sentences(text)) if self.voice else []
        names = [one for _, one in sentences(shown, whole=True)] if shown else []
        for number, (face, one) in enumerate(spoken):
            name = names[number] if len(names) == len(spoken) else one
            segment = SpeechSegment("", None, one, face or "neutral", self.failing)
            segment.session, segment.narrates, segment.shown = session, narrates, name
            if any(other.session for other in self.speaker.take(segment, now)):
                self._dead = True
        if spoken and not self._speaking:
            self._speaking = True
            self._flag("speech_started", now)
        self.look(now)
        return len(spoken)

    def look(self, now: int) -> None:
        """Report what begins to sound, and what has ended."""
        sounding = self.speaker.sounding
        heard = sounding if sounding is not None and sounding.ends is not None and not sounding.fails else None
        if heard is self._told:
            return
        ended, self._told = self._told, heard
        if ended is not None:
            self.server.event("speech_chunk_ended", self.receiver, {"speechChunkId": self._chunk()}, now)
            self._quiet = now + QUIET
        if heard is not None:
            self._chunks += 1
            self._quiet = None
            self._speaking = True
            said = {"speechChunkId": self._chunk(), "text": heard.shown or heard.text}
            self.server.event("speech_chunk_started", self.receiver, said, now)
        if ended is not None and ended.narrates and not (heard is not None and heard.narrates):
            self._later(now + ADVANCES, self._narrated)

    def _chunk(self) -> str:
        return f"speech-{self._chunks}"

    def stop(self, mode: str, now: int) -> None:
        """Cut what sounds (`speech`, `all`), drop what waits (`queue`, `all`)."""
        # Sentences that are dropped are never counted off: no slide comes by itself from then on.
        if mode != "speech" and any(one.session for one in self.speaker.waiting):
            self._dead = True
        if mode == "queue":
            self.speaker.waiting = []
            return
        cut = self.speaker.stop() if mode == "all" else self.speaker.skip(now)
        self.look(now)
        if cut is not None:
            self._was_cut(cut, now)
        if mode == "all" and self._speaking:
            self._speaking, self._quiet = False, None
            self._flag("speech_ended", now)

    # --- the deck

    def _load(self, deck: Frame | None, about: str, now: int) -> None:
        if deck is None:
            return
        self._deck, self._target = deck, about
        self._slides = []
        for section in deck["sections"]:
            last = section["slides"][-1]
            self._slides += [
                (section["id"], one, bool(one.get("pauseAfter", one is last))) for one in section["slides"]
            ]
        self._at, self._state, self._pausing, self.shown, self._first = 0, "paused", False, False, False
        for kind in ("presentation_loaded", "slide_changed", "presentation_paused"):
            self._deck_event(kind, now)

    def reload(self, now: int) -> None:
        """Be loaded anew: the deck is loaded again, and the voice can go on by itself again."""
        self._coming, self._told, self._quiet, self._speaking, self._thinks = [], None, None, False, False
        self._dead = False
        found = next(((about, one) for about, one in self.server.assigned.items() if about in self.ids()), None)
        at, was = self._at, self._deck
        self._deck, self._state = None, "unassigned"
        if found is not None:
            self._load(self.server.deck(found[1]["presentationId"]), found[0], now)
            self._at = at if was is not None and at < len(self._slides) else 0
        self.queued(now)

    def _deck_event(self, kind: str, now: int) -> None:
        if self._deck is not None:
            section, slide, _ = self._slides[self._at]
            said = {"presentationId": self._deck["presentationId"], "revision": self._deck["revision"]}
            self._twice(kind, said | {"sectionId": section, "slideId": slide["id"], "state": self._state}, now)

    def go(self, slide: str, now: int) -> str | None:
        """Come to a slide as somebody else wishes; tells why not."""
        if all(one["id"] != slide for _, one, _ in self._slides):
            return f"there is no slide `{slide}` on the page"
        self._move({"action": "goto", "target": {"slideId": slide}, "speak": False}, now)
        return None

    def _stand(self, at: int, state: str, now: int) -> None:
        """Come to a slide and a state; what has changed is reported."""
        moved, was = at != self._at, self._state
        self._at, self._state = at, state
        if moved:
            self._first = False
            self._deck_event("slide_changed", now)
        if state != was:
            kinds = {"playing": "presentation_started", "paused": "presentation_paused"}
            kinds |= {"section_paused": "section_paused", "completed": "presentation_completed"}
            if state in kinds:
                self._deck_event(kinds[state], now)

    def _move(self, command: Mapping[str, Any], now: int) -> None:
        action = command["action"]
        if self._deck is None:
            return
        last = len(self._slides) - 1
        sections = [section for section, _, _ in self._slides]
        following = next((at for at in range(self._at, last + 1) if sections[at] != sections[self._at]), None)
        match action:
            case "start" | "resume":
                self._play(self._at, now)
            case "pause":
                if self._state == "playing":
                    self._pausing = True
                    if not self._narrating:
                        self._stand(self._at, "paused", now)
            case "next_slide" | "previous_slide":
                at = min(max(self._at + (1 if action == "next_slide" else -1), 0), last)
                self._show(at, now)
            case "previous_section":
                before = [at for at in range(self._at) if sections[at] != sections[self._at]]
                self._show(sections.index(sections[before[-1]]) if before else 0, now)
            case "next_section":
                if following is None:
                    self._stand(self._at, "completed", now)
                else:
                    self._play(following, now)
            case "goto":
                where = command["target"]
                found = (at for at, one in enumerate(self._slides) if one[1]["id"] == where["slideId"])
                at = next(found, -1)
                if at < 0:
                    self._state = "error"
                    self._deck_event("presentation_error", now)
                    deck, target = self._deck, self._target
                    self._later(now + 1_500_000, lambda then: self._load(deck, target, then))
                elif command["speak"]:
                    self._play(at, now)
                else:
                    self._show(at, now)
            case "reset":
                self.shown = False
                self._stand(0, "ready", now)
            case "hide" | "show":
                self.shown = action == "show"
                self._first = action == "show"
            case "unload":
                said = {"presentationId": self._deck["presentationId"], "revision": self._deck["revision"]}
                self._deck, self._state, self.shown = None, "unassigned", False
                self._twice("presentation_unloaded", said, now)
                self.queued(now)

    def _show(self, at: int, now: int) -> None:
        self.shown = True
        self._pausing = False
        self._stand(at, "paused", now)

    @property
    def _narrating(self) -> bool:
        sounding = self.speaker.sounding
        return (sounding is not None and sounding.narrates) or any(one.narrates for one in self.speaker.waiting)

    def _play(self, at: int, now: int) -> None:
        """Play from a slide; one without a narration is skipped at once."""
        self.shown, self._pausing = True, False
        while not self._words(at) and at + 1 < len(self._slides) and not self._slides[at][2]:
            at += 1
        self._stand(at, "playing", now)
        self._narrate(now)

    def _words(self, at: int) -> str:
        slide = self._slides[at][1]
        return str(slide.get("speechText") or slide.get("narration") or "")

    def _narrate(self, now: int) -> None:
        slide = self._slides[self._at][1]
        # Where something else is spoken than is shown, it is reported as it stands there.
        shown = str(slide.get("narration") or "") if slide.get("speechText") else ""
        if not self.say(self._words(self._at), f"slide-{next(self._count)}", now, shown=shown, narrates=True):
            self._later(now, self._narrated)

    def _narrated(self, now: int) -> None:
        """The narration of a slide is over: go on, unless the deck is to stand."""
        if self._deck is None or self._state != "playing" or self._narrating or self._dead:
            return
        last = self._at == len(self._slides) - 1
        if last:
            self._stand(self._at, "completed", now)
        elif self._pausing:
            self._pausing = False
            self._stand(self._at, "paused", now)
        elif self._slides[self._at][2]:
            self._stand(self._at, "section_paused", now)
        else:
            self._play(self._at + 1, now)

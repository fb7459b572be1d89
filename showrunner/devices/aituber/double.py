"""AITuberKit's page, simulated: what it shows, speaks and reports, as observed on the real one (README.md).

Here is what goes over the WebSocket; what goes over HTTP is in ``served`` (the server) and ``page``. No voice is made:
a segment "sounds" for the estimated time. What a page does when nobody listens, is clicked or is muted is a switch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from showrunner.devices.aituber import protocol
from showrunner.devices.aituber.control import TABS
from showrunner.devices.aituber.page import Page
from showrunner.devices.aituber.protocol import CAPABILITIES, Message, iso, read
from showrunner.devices.aituber.served import Server
from showrunner.devices.aituber.speaker import Speaker, SpeechSegment
from showrunner.devices.aituber.table import SWITCHES
from showrunner.devices.switches import GARBAGE, FaultsOnOrder, misfit
from showrunner.devices.vocabulary import Emit, Frame, Hang, Reaction, Terms
from showrunner.slotted import dataclass
from showrunner.times import micros

_AT = {"presentationId": "deck", "revision": 1, "sectionId": "section", "slideId": "slide", "state": "playing"}

MADE_UP: Mapping[str, tuple[str, bool, Frame]] = {
    "slide": ("slide_changed", True, _AT),
    "section-end": ("section_paused", True, {**_AT, "state": "section_paused"}),
    "deck-end": ("presentation_completed", True, {**_AT, "state": "completed"}),
    "deck-error": ("presentation_error", True, {**_AT, "state": "error"}),
    "spoken-start": ("speech_chunk_started", False, {"speechChunkId": "made-up", "text": "Hello!"}),
    "spoken-end": ("speech_chunk_ended", False, {"speechChunkId": "made-up"}),
}
"""What is told by the switch `event`: what it is called, whether under the client id, and what it says."""

PING_EVERY = 15_000_000
"""Counted from the load of the page; sent only in v2 and while connected."""


@dataclass(slots=True)
class _Speaking:
    segments: int = 0
    pending: int = 0
    ended: bool = False


class AituberDouble:
    """The page (see ``vocabulary.Double``). ``log`` holds the chat log as (role, text), the newest bubble last."""

    def __init__(self, terms: Terms) -> None:
        self._rate: float = terms.settings["speech-rate"]
        self._stamp = terms.stamp
        # A page's own name is like no other's: two doubles must not be taken for one page.
        self._mark = "" if terms.seed == "0" else f"_{terms.seed}"
        self._ids = 0
        client = str((terms.settings.get("api") or {}).get("client", ""))
        self._page = Page(client, f"{TABS}1{self._mark}", self._rate, self._call, self._cut)
        self._server = Server(terms.stamp, self._tell_event, self._page.status, self._listed)
        self._page.server = self._server
        self._page.linked = terms.settings["mode"] != "http"
        self._events = True
        self._refuses = False
        self._listening: list[int] = []
        self._caller: int | None = None
        self._calls = 0
        self._leaving: list[Reaction] = []
        self._gesture = True
        self._voice = True
        self._failing = 0
        self._old = False
        self._faults = FaultsOnOrder()
        self._loads = 0
        self._open: list[int] = []
        self._api: int | None = None
        self._load()

    def _load(self) -> None:
        self._loads += 1
        self._session = f"session_{self._loads}{self._mark}"
        self._v2 = False
        self._greeted: set[int] = set()
        self._loaded: int | None = None
        self._pings = 0
        self.log: list[tuple[str, str]] = []
        self._block = False
        self._locked = False
        self._poisoned = False
        self._asked: str | None = None
        self._requests: dict[str, _Speaking] = {}
        self._speaker = self._page.speaker = Speaker(self._rate, clicked=self._gesture)

    # ---------------------------------------------------------------------------------------------------- connections

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        """Say nothing: a page waits for the server's ``session.ready``."""
        if way == "api":
            self._api = connection
            return []
        if way == "answers":
            self._caller = connection
            return []
        if way == "events":
            return self._listen(connection, now)
        self._open.append(connection)
        if self._loaded is None:
            self._loaded = now
        self._pings = (now - self._loaded) // PING_EVERY
        return []

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        """Free the input box, as the page does when it connects anew. What sounds goes on."""
        if connection in self._listening:
            self._listening.remove(connection)
            self._page.listened(now, to=bool(self._listening))
            return []
        self._open = [number for number in self._open if number != connection]
        self._greeted.discard(connection)
        self._locked = False
        return []

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """Read a frame of either protocol; its form alone decides which."""
        if connection == self._api and isinstance(frame, dict):
            status, body = self._server.answer(frame, now)
            self._page.queued(now)
            answer = {"request": frame.get("request"), "status": status, "date": self._server.date(now), "body": body}
            return [Emit(connection, answer), *self._left()]
        if connection == self._caller or connection in self._listening:
            return []
        if isinstance(frame, str) or self._poisoned or self._faults.silent is None:
            return []
        if self._old or not protocol.is_v2(frame):
            step = str(frame.get("type") or "")
            message = read(frame, step if step in {"start", "end"} else "", frame.get("role") or "", None)
            return self._take(message, now)
        inner = protocol.payload(frame)
        request = protocol.request(frame)
        match frame.get("type"):
            case "session.ready":
                if not self._v2 and self._loaded is not None:
                    self._pings = (now - self._loaded) // PING_EVERY
                self._v2 = True
                if connection in self._greeted:
                    return []
                self._greeted.add(connection)
                hello = {"protocolVersion": "2", "capabilities": list(CAPABILITIES)}
                return [Emit(connection, self._frame("session.hello", hello, None, now))]
            case "chat.start":
                return self._take(read(inner, "start", "assistant", request), now)
            case "chat.delta":
                kind = inner.get("legacyType")
                return self._take(read(inner, kind if kind in ("start", "end") else "", "assistant", request), now)
            case "chat.done":
                return self._end(read(inner, "end", "assistant", request), now)
            case "chat.error":
                told = {**inner, "text": inner.get("message", inner.get("text"))}
                return self._end(read(told, "end", "assistant", request), now)
        return []

    # ------------------------------------------------------------------------------------------------------------ HTTP

    def _listed(self, now: int) -> list[Frame]:
        return self._page.listed(now, self._stamp)

    def _listen(self, connection: int, now: int) -> list[Reaction]:
        """Begin to tell events: the past ones first, again."""
        if self._refuses:
            refused: Frame = {"opened": {"status": 401, "date": self._server.date(now)}}
            return [Emit(connection, refused), Hang(connection)]
        self._listening.append(connection)
        self._page.listened(now, to=True)
        opened: Frame = {"opened": {"status": 200, "date": self._server.date(now)}}
        return [Emit(connection, one) for one in (opened, *self._server.past)]

    def _tell_event(self, frame: Frame) -> None:
        if self._events:
            self._leaving += [Emit(connection, frame) for connection in self._listening]

    def _call(self, callback: Frame, said: Frame) -> None:
        """Tell whoever wants to be called what the AI has answered."""
        self._calls += 1
        body = {"interactionId": callback["interactionId"], "token": callback["token"], **said}
        if self._caller is not None:
            request: Frame = {"request": f"call-{self._calls}", "method": "POST", "path": "", "body": body}
            self._leaving.append(Emit(self._caller, request))

    def _left(self) -> list[Reaction]:
        leaving, self._leaving = self._leaving, []
        return leaving

    # ------------------------------------------------------------------------------------------------- bubble and voice

    def _end(self, message: Message, now: int) -> list[Reaction]:
        if message.request is not None and message.request == self._asked:
            self._asked = None
        return self._take(message, now)

    def _take(self, message: Message, now: int) -> list[Reaction]:
        if not isinstance(message.text, str):
            self._poisoned = True  # the page's store breaks: nothing is shown or reported until it is reloaded
            self._locked = True
            return []
        self._locked = message.step != "end"
        told = {
            "text": message.text,
            "role": message.role,
            "emotion": message.emotion,
            "messageType": message.step,
            "hasImage": message.image,
        }
        reactions = self._tell("character.message.received", message.request, told | self._at("receivedAt", now), now)
        if message.role == "user":
            return reactions
        self._show(message)
        if message.step != "start":
            rendered = told | self._at("renderedAt", now)
            reactions += self._tell("character.message.rendered", message.request, rendered, now)
        request = None
        if message.request is not None and self._v2:
            request = self._requests.setdefault(message.request, _Speaking())
            request.ended = request.ended or message.step == "end"
        if message.role == "assistant" and message.text:
            reactions += self._speak(message, request, now)
        return reactions + self._done(message.request, now)

    def _show(self, message: Message) -> None:
        if message.step == "start":
            self._block = False
            return
        if message.role and (message.text or message.image or not self._block):
            if self._block and self.log and self.log[-1][0] == message.role:
                role, before = self.log.pop()
                self.log.append((role, before + message.text))
            else:
                self.log.append((message.role, message.text))
            self._block = True
        if message.step == "end":
            self._block = False

    def _speak(self, message: Message, request: _Speaking | None, now: int) -> list[Reaction]:
        segment = SpeechSegment(self._id(), message.request, message.text, message.emotion, self._failing)
        if request is not None:
            request.segments += 1
            request.pending += 1
        reactions = self._of_segment("character.speech.start", segment, "startedAt", now)
        if not self._voice or not any(character.isalnum() for character in message.text):
            return reactions + self._silenced(segment, now)  # muted, or nothing in it that can be spoken
        for dropped in self._speaker.take(segment, now):
            reactions += self._silenced(dropped, now)
        self._page.look(now)
        return reactions + self._left()

    def _silenced(self, segment: SpeechSegment, now: int) -> list[Reaction]:
        if segment.session:
            return []  # what came by HTTP is reported in its events
        reactions = self._of_segment("character.speech.done", segment, "completedAt", now)
        request = self._requests.get(segment.request) if segment.request is not None else None
        if request is not None:
            request.pending -= 1
        return reactions + self._done(segment.request, now)

    def _done(self, name: str | None, now: int) -> list[Reaction]:
        request = self._requests.get(name) if name is not None else None
        if request is None or name is None or not request.ended or request.pending:
            return []
        del self._requests[name]
        if self._faults.mute():
            return []
        told = {"speechSegmentCount": request.segments} | self._at("completedAt", now)
        return self._tell("character.response.done", name, told, now)

    # ------------------------------------------------------------------------------------------------------------ time

    @property
    def deadline(self) -> int | None:
        """The end of what sounds, or the next ping."""
        ends = self._speaker.ends
        ping = None
        if self._v2 and self._open and self._loaded is not None:
            ping = self._loaded + (self._pings + 1) * PING_EVERY
        return min((at for at in (ends, ping, self._page.deadline) if at is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """End what has sounded long enough and begin what waits; ping."""
        reactions: list[Reaction] = []
        segment = self._speaker.elapsed(now)
        if segment is not None:
            reactions += self._silenced(segment, now)
        self._page.look(now)
        self._page.elapsed(now)
        if self._loaded is not None and self._loaded + (self._pings + 1) * PING_EVERY <= now:
            self._pings = (now - self._loaded) // PING_EVERY
            if self._v2 and self._open:
                reactions.append(Emit(self._open[-1], self._frame("ping", {}, None, now)))
        return [*reactions, *self._left()]

    # -------------------------------------------------------------------------------------------------------- switches

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Do what a person at the page could: `stop`, `type TEXT`, `cancel`, `reload`.

        `gesture off` (nobody has clicked: nothing sounds), `voice off` (no voice engine: done at once), `failing TIME`
        (the engine answers with an error after so long: then it is done), `legacy on` (an older page, which knows no
        v2). `cut` is what its HTTP control does; with `control off` a stop is taken all the same, but the page does not
        hear of it (it has another client id). `fault silent N` (the N-th line gets no `character.response.done`),
        `fault silent all` (a page that hangs), `fault garbage`, `fault drop`.

        Of the HTTP side: `events off` (what happens is not told), `events break` (the stream ends), `events refused`,
        `twins off` (and under one id only), `fetches TIME`
        (how busy the machine is), `tab close` (the page is gone, as far as HTTP goes; it stays in the list of pages),
        `receiver off`, `restricted on`, `answer TEXT`, `answers empty` (what its AI says), `goto SLIDE` (somebody else
        moves the deck), `event NAME` (one is told that did not happen).
        """
        if name == "fault":
            name, _, value = (value or "").strip().partition(" ")
        match name, value:
            case "stop", None:
                return self._stop(now), None
            case "cut", None:
                return self._stop(now) if self._page.hears else [], None
            case "control", "on" | "off":
                self._page.hears = value == "on"
                return [], None
            case "type", str(text):
                return self._type(text, now)
            case "cancel", None:
                if self._asked is None or not self._open:
                    return [], "there is nothing to cancel: no typed line waits for an answer"
                return [Emit(self._open[-1], self._frame("control.cancel", {}, self._asked, now))], None
            case "reload", None:
                gone: list[Reaction] = [Hang(connection, 1001) for connection in self._open]
                self._load()
                self._page.reload(now)
                return [*gone, *self._left()], None
            case "silent", _:
                return [], self._faults.order(name, value)
            case "garbage", _:
                return [Emit(connection, GARBAGE) for connection in self._open], None
            case "drop", _:
                return [Hang(connection) for connection in self._open], None
            case "gesture", "on" | "off":
                self._gesture = value == "on"
                self._speaker.click(now, clicked=self._gesture)
                return [], None
            case "failing", str(time) if (failing := micros(time)) is not None:
                self._failing = self._page.failing = failing
                return [], None
            case "voice", "on" | "off":
                self._voice = self._page.voice = value == "on"
                return [], None
            case "legacy", "on" | "off":
                self._old = value == "on"
                self._v2 = False
                return [], None
        return self._http_switch(name, value, now)

    def _http_switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        page = self._page
        match name, value:
            case "events", "on" | "off":
                self._events = value == "on"
                self._refuses = False
            case "events", "break" | "refused":
                self._refuses = value == "refused"
                return [Hang(connection) for connection in self._listening], None
            case "twins", "on" | "off":
                page.twins = value == "on"
            case "receiver", "on" | "off":
                page.receives = value == "on"
            case "restricted", "on" | "off":
                self._server.restricted = value == "on"
            case "fetches", str(time) if (fetches := micros(time)) is not None:
                page.fetches = fetches
            case "tab", "open" | "close":
                page.there = value == "open"
                page.queued(now)
            case "answer", str(text):
                page.answer = text
            case "answers", "completed" | "empty" | "failed":
                page.answers = value
            case "goto", str(slide):
                wrong = page.go(slide, now)
                return self._left(), wrong
            case "event", str(kind) if kind in MADE_UP:
                name, ours, said = MADE_UP[kind]
                self._server.event(name, page.client if ours else page.receiver, dict(said), now)
            case _:
                return [], misfit("aituber", SWITCHES, name, value)
        return self._left(), None

    def _stop(self, now: int) -> list[Reaction]:
        # What waited is never reported: its request stays open for good (seen on the real page).
        self._page.stop("all", now)
        return self._left()

    def _cut(self, segment: SpeechSegment, now: int) -> None:
        self._leaving += self._silenced(segment, now)

    def _type(self, text: str, now: int) -> tuple[Sequence[Reaction], str | None]:
        if self._locked:
            return [], "the input box is locked: a line is not ended yet"
        if not self._open:
            return [], "the page is not connected: it drops what is typed"
        self._locked = True
        self._block = False
        self.log.append(("user", text))
        if not self._v2:
            frame: Frame = {"content": text, "type": "chat"}
        else:
            frame = self._frame("chat.message", {"text": text}, None, now)
            self._asked = frame["id"]
        # Enter is a stop as well.
        return [Emit(self._open[-1], frame), *self._stop(now)], None

    def visible(self, now: int) -> str:
        """Say what is heard and seen: "says (happy) hi · face happy", "silent · face neutral · input locked"."""
        seen = [*self._speaker.visible(now), *self._page.visible()]
        if self._poisoned:
            seen.append("dead until reloaded")
        if self._locked:
            seen.append("input locked")
        return " · ".join(seen)

    # ---------------------------------------------------------------------------------------------------------- frames

    def _id(self) -> str:
        self._ids += 1
        return f"msg_{self._ids}"

    def _at(self, key: str, now: int) -> Frame:
        return {key: iso(self._stamp(now))}

    def _frame(self, kind: str, payload: Frame, request: str | None, now: int) -> Frame:
        frame: Frame = {"version": "2", "id": self._id(), "type": kind, "sessionId": self._session}
        frame |= self._at("timestamp", now)
        frame["payload"] = payload
        if request is not None:
            frame["requestId"] = request
        return frame

    def _tell(self, kind: str, request: str | None, payload: Frame, now: int) -> list[Reaction]:
        """Report about a request: only in v2, only where it has a name, and lost if nobody is connected."""
        if not self._v2 or request is None or not self._open:
            return []
        return [Emit(self._open[-1], self._frame(kind, {"requestId": request} | payload, request, now))]

    def _of_segment(self, kind: str, segment: SpeechSegment, key: str, now: int) -> list[Reaction]:
        told = {"speechSegmentId": segment.id, "text": segment.text, "emotion": segment.emotion}
        return self._tell(kind, segment.request, told | self._at(key, now), now)

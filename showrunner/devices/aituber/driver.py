"""AITuberKit's driver: lines to the page, its reports to answers, in whichever protocol the page speaks.

One utterance at a time: the page throws away what waits when something newer comes. How frames look is in ``protocol``;
why each step is as it is, in README.md. What goes over its HTTP control is in ``desk``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from showrunner.devices import speech
from showrunner.devices.aituber import protocol, table
from showrunner.devices.aituber.control import NOT_REACHED
from showrunner.devices.aituber.cutting import TOLD, Cutting, Verdict
from showrunner.devices.aituber.desk import Desk
from showrunner.devices.aituber.hearing import Hearing
from showrunner.devices.aituber.pages import Pages, Tongue
from showrunner.devices.aituber.slides import MAY_BE_DEAD
from showrunner.devices.in_flight import Answering, WireIds
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Drop,
    Entry,
    Frame,
    FrameAnswered,
    Happened,
    Heard,
    Listed,
    Output,
    Quantity,
    Send,
    Silent,
    Terms,
    Values,
)
from showrunner.slotted import dataclass

CUT_WITHIN = 4_000_000
"""A line whose sound is being cut is over by then, whatever is reported."""

MARGIN = 500_000
"""What each estimate has on top: a voice must be made before it sounds, and too late is heard less than too early."""

UNENDED = (
    "no end of the speech was reported: has anybody clicked into AITuberKit's page (a browser plays no sound in a page "
    "that nobody has touched), or pressed its Stop button?"
)

COUNTED = 1_000_000
"""Pages are counted so long after that was asked for: another one may be about to come."""

CUT_IN_PAGE = "cut in the page"
"""Somebody typed into the page while it spoke."""

UNASKED = frozenset({"ping", "chat.message", "control.cancel"})
"""What a page says by itself, or a person in it: no sign that it takes what we send."""

GONE = "connection lost: the page that spoke this was closed; another one is used from now on"


@dataclass(frozen=True, slots=True)
class _Saying:
    """The line in flight. ``next`` is the first part not sent yet; ``due`` ends the part on the way by estimate.

    ``cut``: it is to be silent; no further part is sent. ``short``: not all of it is heard, for a ``reason`` where that
    is not the operator.
    ``connection``: the page that speaks it, also when a newer page has come. ``sent``: when the last part went out;
    ``unheard``: so many parts the page has not begun to speak yet, as far as it says; ``over``: its names of those
    that it has spoken. ``noticed``: something was heard of the page since the line began.
    """

    id: int
    attempt: int
    request: str
    parts: tuple[tuple[str, str], ...]
    image: str | None
    tongue: Tongue
    began: int
    next: int = 0
    frames: int = 0
    due: int | None = None
    closed: bool = False
    cut: bool = False
    short: bool = False
    reason: str | None = None
    connection: int | None = None
    sent: int = 0
    unheard: int = 0
    over: tuple[str, ...] = ()
    noticed: bool = False


class AituberDriver:
    """The state machine of one AITuberKit (see ``vocabulary.Driver`` for what each method is given and gives)."""

    def __init__(self, terms: Terms) -> None:
        self._ids = WireIds(terms.seed)
        self._rate: float = terms.settings["speech-rate"]
        self._relay = table.dials(terms.settings)
        self._images: Mapping[str, str] = terms.settings.get("images", {})
        self._desk = Desk(terms, self._ids, self._fetched)
        protocol: str = terms.settings["protocol"]
        self._fixed: Tongue | None = "relay" if self._relay else "legacy" if protocol == "legacy" else None
        self._pages = Pages(
            self._fixed,
            terms.settings.get("settle", 0),
            patient=protocol == "v2",
            first=terms.settings["speak-to"] == "first",
        )
        self._answering = Answering()
        self._saying: _Saying | None = None
        self._cutting: Cutting | None = None
        self._counting: int | None = None  # when the pages are counted that were asked for
        self._hearing = Hearing()
        self._owed: list[Send] = []  # ends that a user's typed lines wait for

    # ---------------------------------------------------------------------------------------------------- connections

    def connected(self, connection: int, now: int, way: str = "", origin: str | None = None) -> Sequence[Output]:
        """Offer v2 on each connection; pages that know it answer with a hello."""
        _ = origin
        if self._desk.opened(connection, way):
            return []
        conditions = self._pages.came(connection, now)
        if self._fixed is not None:
            return conditions
        capabilities = {"capabilities": ["chat.message", "chat.start", "chat.delta", "chat.done"]}
        offer = protocol.v2("session.ready", self._ids.own(), None, capabilities)
        return [Send(offer, connection=connection), *conditions]

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Ask for nothing: all that happens is told to whoever is connected."""
        _ = events, now
        return []

    def disconnected(self, connection: int, now: int, reason: str, code: int | None = None) -> Sequence[Output]:
        """Fall back to another connection that is ready, else say that the page is lost."""
        _ = now, code
        side = self._desk.closed(connection, reason)
        if side is not None:
            return side
        self._owed = [send for send in self._owed if send.connection != connection]
        conditions = self._pages.went(connection, reason)
        saying = self._saying
        if conditions:
            self._saying = None
            self._answering.clear()
            self._desk.lost()
        elif saying is not None and saying.tongue == "v2" and self._pages.heir(saying.connection) is None:
            self._saying = None
            return [Answered(saying.id, saying.attempt, ok=False, reason=GONE), *self._pay()]
        return conditions

    # ------------------------------------------------------------------------------------------------------ what comes

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read one frame of the page (or relay), or an answer by HTTP."""
        if isinstance(frame, str):
            return [Heard({"text": frame}, reply=False)]
        told = self._desk.received(connection, frame, now)
        if told is not None:
            return told
        if not protocol.is_v2(frame):
            return self._legacy_frame(connection, frame, now)
        about, attempt = self._ids.about(protocol.request(frame)) or (None, None)
        saying = self._saying
        current = saying is not None and protocol.request(frame) == saying.request
        outputs: list[Output] = [Heard(frame, reply=False, id=about, attempt=attempt)]
        match frame.get("type"):
            case "session.hello":
                outputs += self._pages.greeted(connection, str(frame.get("sessionId")), now)
            case "ping" if not self._relay:
                outputs.append(Send(protocol.v2("pong", self._ids.own()), connection=connection))
            case "chat.message":
                outputs.append(_message(protocol.payload(frame).get("text")))
                self._typed(connection, now)
                own = frame.get("id")
                if isinstance(own, str) and not self._relay:
                    done = protocol.v2("chat.done", self._ids.own(), own)
                    outputs += self._owe(Send(protocol.freeing(done), connection=connection))
            case "control.cancel":
                outputs.append(Happened("control.cancel"))
            case "character.speech.start":
                outputs += self._started(protocol.request(frame), now)
            case "character.speech.done" | "character.speech.error":
                outputs += self._silent(protocol.request(frame))
                if saying is not None and current:
                    outputs += self._spoken(saying, protocol.payload(frame).get("speechSegmentId"), now)
            case "character.response.done" if about is not None:
                outputs[0] = Heard(frame, reply=True, id=about, ok=True, attempt=attempt)
                outputs += self._silent(protocol.request(frame))
                if saying is not None and current and saying.closed:
                    outputs += self._finish(saying, now)
        if str(frame.get("type")) not in UNASKED:
            outputs += self._answering.heard()
            if self._saying is not None and not self._saying.noticed:
                self._saying = replace(self._saying, noticed=True)
        return outputs

    def _spoken(self, saying: _Saying, segment: object, now: int) -> list[Output]:
        """A part has been spoken: send the next one. What is told twice of one part counts once."""
        if isinstance(segment, str) and segment in saying.over:
            return []
        if saying.reason is not None:
            return self._finish(saying, now)
        if saying.closed:
            return []
        return self._speak(replace(saying, over=(*saying.over, segment)) if isinstance(segment, str) else saying, now)

    def _started(self, request: str | None, now: int) -> list[Output]:
        """The page begins to speak a part. If that was to be cut, and the stop came before it: cut it now."""
        saying, cutting = self._saying, self._cutting
        if saying is not None and saying.request == request:
            self._saying = replace(saying, unheard=saying.unheard - 1)
        return [] if cutting is None or cutting.request != request else self._judged(cutting.started(now))

    def _silent(self, request: str | None) -> list[Output]:
        """The page has ended to speak something: perhaps what was to be cut."""
        cutting = self._cutting
        return [] if cutting is None or cutting.request != request else self._judged(cutting.ended())

    def _legacy_frame(self, connection: int, frame: Frame, now: int) -> list[Output]:
        outputs: list[Output] = [Heard(frame, reply=False)]
        saying = self._saying
        if frame.get("type") == "chat" and "content" in frame:
            outputs.append(_message(frame["content"]))
            self._typed(connection, now)
            if not self._relay:
                outputs += self._owe(Send(protocol.freeing(protocol.legacy("end")), connection=connection))
        elif self._relay and protocol.REFUSED in str(frame.get("text")):
            why = (
                "the relay takes our lines for an invalid message and does not pass them on to AITuberKit's page: "
                "set `mode: serve` and let the page connect to showrunner"
            )
            if saying is None:
                outputs.append(Condition("note", why))
            else:
                outputs[0] = Heard(frame, reply=True, id=saying.id, ok=False, attempt=saying.attempt)
                self._saying = None
                outputs.append(Answered(saying.id, saying.attempt, ok=False, reason=why))
        return outputs

    def _typed(self, connection: int, now: int) -> None:
        """Somebody pressed Enter in the page, which cuts what it is saying: send no further part of that.

        What it has not begun yet is not cut. It needs no end: the answer to what was typed is one.
        """
        saying = self._saying
        if saying is None or saying.cut or saying.tongue == "relay" or connection != self._page(saying):
            return
        reported = saying.tongue == "v2"
        if not reported or saying.unheard <= 0:
            due = now + CUT_WITHIN if reported else now
            self._saying = replace(saying, closed=True, cut=True, short=True, reason=CUT_IN_PAGE, due=due)

    def _owe(self, send: Send) -> list[Output]:
        # The page's input box is locked until its line is answered; but an end amid a line would split our bubble.
        if self._saying is not None and not self._saying.closed:
            self._owed.append(send)
            return []
        return [send]

    def _pay(self) -> list[Output]:
        owed, self._owed = self._owed, []
        return [*owed]

    # ------------------------------------------------------------------------------------------------------- what goes

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send the first part of a `say` (and its end, if it has no other); what goes by HTTP is not done here."""
        if command.verb.name != "say":
            return self._desk.command(id, attempt, command, now)
        tongue = self._pages.tongue
        if tongue is None:
            return [Answered(id, attempt, ok=False, reason="AITuberKit's page is not connected")]
        # A stop would cut this line too, so none is asked for any more.
        cutting, self._cutting = self._cutting, None
        doubtful = cutting is not None and (cutting.doubted or cutting.due is not None)
        outputs: list[Output] = [Condition("note", TOLD["doubt"])] if doubtful else []
        request = self._ids.attempt(id, attempt)
        path = command.get("PATH")
        image = self._images.get(str(path)) if path is not None else None
        if path is not None and image is None:
            outputs.append(Condition("note", f"the picture {path} was not loaded; the line is sent without it", id))
        parts = protocol.spaced(table.parts(command))
        saying = _Saying(id, attempt, request, parts, image, tongue, now, connection=self._pages.used)
        return [*outputs, *self._speak(saying, now)]

    def _speak(self, saying: _Saying, now: int) -> list[Output]:
        """Send the next part; after the last one, the end."""
        frames: list[Frame] = []

        def put(what: str, text: str = "", emotion: str = "neutral", image: str | None = None) -> None:
            frames.append(_framed(saying, saying.frames + len(frames) + 1, what, text, emotion, image))

        if saying.next == 0 and saying.tongue != "relay":
            put("start")
        at = saying.next
        while True:
            emotion, text = saying.parts[at]
            # Only the frame that makes the bubble keeps its picture.
            put("part", text, emotion, saying.image if at == 0 else None)
            at += 1
            last = at == len(saying.parts)
            if last or text or saying.tongue != "v2":
                break  # else: an empty text is never reported, so there is nothing to wait for
        if last and saying.tongue != "relay":
            put("end")
        due = None if saying.tongue == "v2" else now + speech.length(text, self._rate) + MARGIN
        self._saying = replace(
            saying,
            next=at,
            frames=saying.frames + len(frames),
            due=due,
            closed=last,
            sent=now,
            unheard=saying.unheard + bool(text),
        )
        where = self._page(saying)
        outputs: list[Output] = [Send(frame, saying.id, saying.attempt, connection=where) for frame in frames]
        return [*outputs, *self._pay()] if last else outputs

    def _page(self, saying: _Saying) -> int | None:
        """Tell which connection the rest of a line goes to: a bubble begun on one page is not ended on another."""
        heir = self._pages.heir(saying.connection)
        return self._pages.used if heir is None else heir

    def _finish(self, saying: _Saying, now: int) -> list[Output]:
        self._saying = None
        outputs: list[Output] = [Answered(saying.id, saying.attempt, ok=True, short=saying.short, reason=saying.reason)]
        # A text of emoji alone is shown and not spoken, as it should be.
        spoken = [text for _, text in saying.parts if any(character.isalnum() for character in text)]
        expected = sum(speech.length(text, self._rate) for text in spoken)
        if spoken and saying.tongue == "v2" and not saying.cut:
            outputs += self._hearing.over(saying.id, len(spoken), expected, now - saying.began)
        return outputs

    # ------------------------------------------------------------------------------------------------------------ time

    @property
    def deadline(self) -> int | None:
        """The next end of an estimate, of the wait for a hello, or of a page's settling."""
        due = self._saying.due if self._saying is not None else None
        cut = self._cutting.due if self._cutting is not None else None
        times = (
            due,
            cut,
            self._counting,
            self._pages.deadline,
            self._answering.due,
            self._desk.deadline,
        )
        return min((at for at in times if at is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """Do what was due at ``deadline``."""
        outputs: list[Output] = [*self._pages.elapsed(now)]
        saying = self._saying
        if saying is not None and saying.due is not None and saying.due <= now:
            outputs += self._finish(saying, now) if saying.closed else self._speak(saying, now)
        cutting = self._cutting
        if cutting is not None and cutting.due is not None and cutting.due <= now:
            outputs += self._judged(cutting.elapsed(now))
        outputs += self._desk.elapsed(now)
        # Amid a line it would split the bubble.
        asks, said = self._answering.elapsed(now, busy=self._saying is not None and not self._saying.closed)
        outputs += said
        if asks:
            # It is told as received, frees the input box, and nobody sees or hears it.
            end = protocol.v2("chat.done", self._ids.own(), self._ids.own())
            outputs.append(Send(protocol.freeing(end), connection=self._pages.used))
        if self._counting is not None and self._counting <= now:
            self._counting = None
            pages = tuple(Entry(name) for name in self._pages.sessions or self._desk.pages)
            outputs.append(Listed({"pages": pages} if pages else {}))
        return outputs

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Send no further part of a line that was given up; close its bubble, so that the page is free."""
        saying = self._saying
        if saying is None or (saying.id, saying.attempt) != (id, attempt):
            return self._desk.forget(id, attempt)
        outputs = self._cut(saying)
        if saying.tongue == "v2" and not saying.cut:
            outputs.append(Condition("note", UNENDED, saying.id))
        if saying.tongue != "v2" or saying.noticed:
            return outputs
        # A page of v2 says of each message at once that it has received it.
        return [*outputs, *self._answering.missed(now, saying.frames)]

    def panic(self, now: int) -> Sequence[Output]:
        """There is nothing but the voice."""
        return self.hush(now)

    def hush(self, now: int) -> Sequence[Output]:
        """Send no further part, and have what sounds cut. No message to the page does that (README, "Stopping")."""
        saying = self._saying
        outputs: list[Output] = [] if saying is None else self._cut(saying)
        wrong, playing = self._desk.unable, self._desk.playing
        able = wrong is None
        outputs += self._desk.silenced()
        if wrong is not None:
            # Nobody need be told that nothing can be cut while it is silent.
            note = f"the voice will finish its sentence: {wrong}"
            outputs += [Silent()] if saying is None else [Condition("note", note, saying.id), Silent()]
        else:
            self._cutting = Cutting(None, 0, mute=False, sent=0) if saying is None else _cutting(saying)
            self._cutting.listens = self._desk.listens
            if playing:
                outputs.append(Condition("note", MAY_BE_DEAD))
            outputs += self._judged(self._cutting.ask(now), playing=playing)
        if saying is not None:
            # It is answered all the same: by its last report, or soon, should that be lost with the sound.
            within = now + CUT_WITHIN if able else saying.due
            short = saying.short or able or not saying.closed
            self._saying = replace(saying, closed=True, cut=True, short=short, due=within)
        return outputs

    def _stopped(self, wrong: str | None, now: int) -> list[Output]:
        """A stop is taken, or not (``wrong``): wait for the page's report of the end, unless that has come.

        Or ask once more, where the line came later. After a newer line nobody waits for it.
        """
        cutting = self._cutting
        if cutting is None or not cutting.waiting:
            return []
        return self._judged(cutting.answered(now)) if wrong is None else self._uncut(wrong)

    def _fetched(self, now: int) -> None:
        """A page has fetched the stop."""
        if self._cutting is not None:
            self._cutting.fetched(now)

    def _uncut(self, wrong: str) -> list[Output]:
        """Let what sounds end by itself."""
        cutting, saying = self._cutting, self._saying
        self._cutting = None
        if cutting is not None and saying is not None and saying.request == cutting.request:
            self._saying = replace(saying, short=cutting.short, due=cutting.ends)
        return [Silent(f"the voice will finish its sentence: {wrong}")]

    def _judged(self, verdict: Verdict, *, playing: bool = False) -> list[Output]:
        """Do what is to be done about a cut; ``playing``: a deck is to stand first."""
        if verdict == "wait":
            return []
        if verdict == "ask" and not self._desk.reached:
            return self._uncut(NOT_REACHED)
        if verdict == "ask":
            return self._desk.stop(self._stopped, playing=playing)
        self._cutting = None
        return [Silent(TOLD.get(verdict))]

    def _cut(self, saying: _Saying) -> list[Output]:
        self._saying = None
        if saying.closed or saying.tongue == "relay":
            return self._pay()
        end = _framed(saying, saying.frames + 1, "end")
        return [Send(end, connection=self._page(saying)), *self._pay()]

    # ---------------------------------------------------------------------------------- what AITuberKit has nothing of

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:
        """Refuse: no value can be streamed to AITuberKit."""
        _ = lane, now
        return [FrameAnswered(number, ok=False, reason="AITuberKit holds no values", properties=tuple(values))]

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:
        """Agree at once: nothing is held."""
        _ = lane, now
        return [FrameAnswered(number, ok=True)]

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        """Give no values: nothing can be asked."""
        _ = lane, properties, now
        return [Values({})]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Ask nothing: neither protocol has a question that a page or a relay would answer. Pings must do."""
        _ = now
        return [Drop(connection, "it no longer answers")] if gone else []

    def inventory(self, now: int) -> Sequence[Output]:
        """Count the pages that are there, once those that are about to come have come; they have no lists."""
        self._counting = now + COUNTED
        return []


def _message(text: object) -> Happened:
    return Happened("chat.message", {"text": text} if isinstance(text, str) else {})


def _cutting(saying: _Saying) -> Cutting:
    mute = saying.tongue != "v2"
    left = 0 if mute else saying.unheard
    return Cutting(saying.request, left, mute, saying.sent, saying.short or not saying.closed, saying.due)


def _framed(
    saying: _Saying, number: int, what: str, text: str = "", emotion: str = "neutral", image: str | None = None
) -> Frame:
    if saying.tongue != "v2":
        return protocol.legacy("message" if what == "part" else what, text, emotion, image)
    kind = {"start": "chat.start", "part": "chat.delta", "end": "chat.done"}[what]
    payload = protocol.line(text, emotion, image) if what == "part" else {}
    return protocol.v2(kind, f"{saying.request}-{number}", saying.request, payload)

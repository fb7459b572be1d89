"""VTube Studio's driver: commands and held values to requests, answers and events to what they mean.

What must be done first (the token, Allow) is in ``handshake``, what each command asks for in ``orders``, how its end is
found in ``ends``, what the events mean in ``happenings``. No clock, no socket.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from showrunner.devices.in_flight import Answering, Asked, InFlight, Then, WireIds
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Drop,
    Frame,
    FrameAnswered,
    Heard,
    Output,
    Quantity,
    Send,
    Silent,
    Terms,
    Values,
)
from showrunner.devices.vts import happenings, repertoire
from showrunner.devices.vts.alarms import Alarms, Step
from showrunner.devices.vts.ends import Attempt, Ends
from showrunner.devices.vts.envelope import (
    DENIED,
    NOT_NOW,
    SWITCHED_OFF,
    UNAUTHENTICATED,
    Fault,
    data_of,
    fault_of,
    is_event,
    kind_of,
    number,
    request,
    rows,
    text,
    token_of,
)
from showrunner.devices.vts.handshake import Handshake
from showrunner.devices.vts.happenings import Happenings
from showrunner.devices.vts.orders import LOADED, Orders
from showrunner.devices.vts.repertoire import Repertoire
from showrunner.devices.vts.streams import STREAMED, Streams
from showrunner.devices.vts.survey import Survey
from showrunner.slotted import dataclass

HARMLESS = "APIStateRequest"
"""Asked when nothing is heard for a while, only to see whether anybody is there: it changes nothing."""

FORBIDDEN = {SWITCHED_OFF, UNAUTHENTICATED, DENIED}

_OTHER_MODEL = ("CurrentModelRequest", "HotkeysInCurrentModelRequest", "InputParameterListRequest")


@dataclass(frozen=True, slots=True)
class _Request:
    """A request and its data."""

    kind: str
    data: Mapping[str, Any]


class VtsDriver:
    """One VTube Studio. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self.known = Repertoire()
        self.alarms = Alarms()
        self.ends = Ends(self.alarms, self._ask_model, self._ask_items, self.unwatch)
        self._terms = terms
        self._timeout = int(terms.settings.get("timeout", 5_000_000))
        self._connection: int | None = None
        self._ids = WireIds(terms.seed)
        self._steps: dict[Attempt, int] = {}
        self._in_flight: InFlight[_Request] = InFlight()
        self._answering = Answering()
        self._orders = Orders(self)
        self._handshake = Handshake(terms, self.ask, self._wanted)
        self._happenings = Happenings()
        self._heard: tuple[str, ...] = ()
        self._subscribed: set[str] = set()
        self._streams = Streams(self)
        self._animations: dict[str, float] = {}
        self._survey: Survey | None = None
        self._probe: str | None = None
        self._alive = False

    # -- the connection

    def connected(self, connection: int, now: int, way: str = "", origin: str | None = None) -> Sequence[Output]:
        """Begin with the question whether the API is on."""
        _ = way, origin
        self._connection = connection
        self._forget_everything()
        return self._handshake.begin(connection, now)

    def disconnected(self, connection: int, now: int, reason: str, code: int | None = None) -> Sequence[Output]:
        """Forget what was asked and what was known; the token stays."""
        _ = now, code
        if connection != self._connection:
            return []
        self._connection = None
        self._forget_everything()
        rests = self._handshake.rests  # what is waited for has been said
        self._handshake.end()
        return [] if rests else [Condition("lost", reason)]

    def _forget_everything(self) -> None:
        self._in_flight.clear()
        self._answering.clear()
        self.alarms.clear()
        self.ends.clear()
        self.known.forget()
        self._happenings.clear()
        self._steps.clear()
        self._subscribed.clear()
        self._streams.forget()
        self._survey = None
        self._probe, self._alive = None, False

    def _wanted(self) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Give the events that the show waits for, and how each is asked for."""
        return tuple((name, happenings.CONFIGS[name]) for name in self._heard)

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Be told of what the show waits for; what it waits for no more is told until the connection ends."""
        self._heard = happenings.wanted(events)
        new = [one for one in self._wanted() if one[0] not in self._subscribed] if self._handshake.done else []
        data = [{"eventName": name, "subscribe": True, "config": config} for name, config in new]
        return [self.ask("EventSubscriptionRequest", one, _nothing, now) for one in data]

    # -- what comes in

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read an answer or an event."""
        if isinstance(frame, str):
            note = Condition("note", "VTube Studio sent something that is no message of its API; it was passed over")
            return [Heard({"text": frame}, reply=False), note]
        token = token_of(frame)
        secrets = () if token is None else (token,)
        if connection != self._connection:
            return [Heard(frame, reply=False, secrets=secrets)]
        self._probe = None
        if is_event(frame):
            return [Heard(frame, reply=False, secrets=secrets), *self._event(frame, now)]
        asked = self._match(frame)
        if asked is None:
            return [Heard(frame, reply=False, secrets=secrets)]
        again = self._answering.heard()
        if not asked.open:
            return [Heard(frame, True, asked.id, asked.number, secrets=secrets, attempt=asked.attempt), *again]
        self._in_flight.close(asked)
        self._alive = True
        fault = fault_of(frame)
        news = self._learn(asked.what, frame) if fault is None else []
        outputs = [*news, *self._answer(asked, frame, fault, now)]
        kept = next((output.answer for output in outputs if isinstance(output, Answered)), None)
        for output in outputs:
            if isinstance(output, Answered):
                self._steps.pop(Attempt(output.id, output.attempt), None)
        again = again if self._handshake.done else []  # with this very answer it may have taken its leave
        heard = Heard(frame, True, asked.id, asked.number, fault is None, kept, secrets, asked.attempt)
        return [heard, *outputs, *again]

    def _match(self, answer: Frame) -> Asked[_Request] | None:
        # Every request has an id of its own: only where an answer has none does its type count.
        wire = answer.get("requestID")
        kind = kind_of(answer).removesuffix("Response") + "Request"
        return self._in_flight.match(wire or None, None if wire else kind)

    def _answer(self, asked: Asked[_Request], frame: Frame, fault: Fault | None, now: int) -> list[Output]:
        streamed = asked.number is not None
        if self._in_flight.gave_up(asked.id, asked.attempt) or (streamed and not self._handshake.done):
            return []
        words = None if fault is None else fault.words
        if fault is not None and fault.number in FORBIDDEN and self._handshake.done:
            # Values that are held keep their place: they are not refused, they wait for the person as the show does.
            told = [] if streamed else asked.then(frame, words, now)
            return [*told, *self._handshake.forbidden(fault, now)]
        return asked.then(frame, words, now)

    def _learn(self, asked: _Request, frame: Frame) -> list[Output]:
        """Take in what an answer says of the model, whatever it was asked for."""
        data = data_of(frame)
        match asked.kind:
            case "CurrentModelRequest":
                self.known.takes(repertoire.model_of(frame))
            case "AvailableModelsRequest":
                self.known.models = repertoire.models_of(frame)
            case "HotkeysInCurrentModelRequest" if not asked.data:
                self.known.hotkeys = repertoire.hotkeys_of(frame)
            case "ExpressionStateRequest" if asked.data.get("details") is True:
                self.known.expressions = repertoire.expressions_of(frame)
            case "InputParameterListRequest":
                both = [*rows(data.get("defaultParameters")), *rows(data.get("customParameters"))]
                self._streams.inputs = frozenset(text(row.get("name")) for row in both)
            case "EventSubscriptionRequest":
                name = text(asked.data.get("eventName"))
                on = asked.data.get("subscribe") is True
                self._subscribed = self._subscribed | {name} if on else self._subscribed - {name}
            case "FaceFoundRequest":
                self._happenings.face(found=data.get("found") is True)
        return []

    def _event(self, frame: Frame, now: int) -> list[Output]:
        data, outputs = data_of(frame), list[Output]()
        match kind_of(frame):
            case "ModelLoadedEvent":
                outputs += self._another_model(frame, now)
            case "ModelConfigChangedEvent" if data.get("hotkeyConfigChanged") is True:
                self.known.hotkeys = None
                outputs.append(self.ask("HotkeysInCurrentModelRequest", {}, _nothing, now))
            case "ModelAnimationEvent":
                length = number(data.get("animationLength"))
                if length and data.get("animationEventType") == "Start":
                    self._animations[text(data.get("animationName"))] = length
                outputs += self.ends.animated(frame, now)
            case "ModelMovedEvent":
                self.ends.moved(now)
            case "ItemEvent" if text(data.get("itemEventType")).removeprefix("Item") == "Added":
                outputs += self.ends.added(text(data.get("itemInstanceID")))
        return [*outputs, *self._happenings.read(frame, self.known)]

    def _another_model(self, frame: Frame, now: int) -> list[Output]:
        """A model was loaded or unloaded: what it has is asked for, and where it stands."""
        model = repertoire.model_of(frame)
        self.known.takes(model)
        ended = self.ends.loaded(model)
        if model is None or not self._handshake.done:
            return ended
        self.known.other_model()
        asks = [self.ask(kind, {}, self._placed if kind == _OTHER_MODEL[0] else _nothing, now) for kind in _OTHER_MODEL]
        return [*ended, *asks, self.ask("ExpressionStateRequest", {"details": True}, _nothing, now)]

    def _placed(self, reply: Frame, _: str | None, __: int) -> list[Output]:
        found = repertoire.place_of(reply)
        return [Values(found, "place", asked=False)] if found else []

    # -- what goes out

    def _send(
        self,
        wire: str,
        kind: str,
        data: Mapping[str, Any],
        then: Then,
        now: int,
        of: Attempt | None = None,
        number: int | None = None,
    ) -> Send:
        command, attempt = (None, None) if of is None else (of.id, of.number)
        self._in_flight.add(Asked(wire, kind, _Request(kind, data), then, command, attempt, number, now))
        frame = request(wire, kind, data)
        token = token_of(frame)
        return Send(frame, command, attempt, number, secrets=() if token is None else (token,))

    def ask(self, kind: str, data: Mapping[str, Any], then: Then, now: int) -> Send:
        """Send a question of the driver's own."""
        return self._send(self._ids.own(), kind, data, then, now)

    def order(self, of: Attempt, kind: str, data: Mapping[str, Any], then: Then, now: int) -> list[Output]:
        """Send a request of a command; one that is refused for the moment only is made again in a while."""

        def heard(reply: Frame, error: str | None, when: int) -> list[Output]:
            fault = fault_of(reply)
            pause = None if fault is None else NOT_NOW.get(fault.number)
            if pause is None:
                return then(reply, error, when)
            self.alarms.set(("held", of), when + pause, lambda later: self.order(of, kind, data, then, later))
            return []

        step = self._steps[of] = self._steps.get(of, 0) + 1
        first = self._ids.attempt(of.id, of.number)
        return [self._send(first if step == 1 else f"{first}-{step}", kind, data, heard, now, of)]

    def subscribe(self, of: Attempt, event: str, then: Step, now: int) -> list[Output]:
        """Have an event told that an end needs, where it is not told yet; an end that is not told is done without."""
        if event in self._subscribed:
            return then(now)
        data = {"eventName": event, "subscribe": True, "config": happenings.CONFIGS.get(event, {})}
        return self.order(of, "EventSubscriptionRequest", data, lambda *heard: then(heard[-1]), now)

    def unwatch(self, now: int) -> list[Output]:
        """Be told no more how the model moves, which comes with every frame, unless somebody waits for it to stand."""
        if self.ends.moving or "ModelMovedEvent" not in self._subscribed:
            return []
        self._subscribed.discard("ModelMovedEvent")
        data = {"eventName": "ModelMovedEvent", "subscribe": False, "config": {}}
        return [self.ask("EventSubscriptionRequest", data, _nothing, now)]

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send an attempt of an ordinary command."""
        return self._orders.carry_out(Attempt(id, attempt), command, now)

    def _ask_model(self, of: Attempt, now: int) -> list[Output]:
        def heard(reply: Frame, _: str | None, __: int) -> list[Output]:
            return self.ends.found_model(of, repertoire.model_of(reply))

        return [self.ask("CurrentModelRequest", {}, heard, now)]

    def _ask_items(self, of: Attempt, now: int) -> list[Output]:
        def heard(reply: Frame, _: str | None, __: int) -> list[Output]:
            return self.ends.found_items(of, repertoire.items_of(reply))

        return [self.ask("ItemListRequest", LOADED, heard, now)]

    # -- streamed values

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:
        """Send all that is held or moves in a lane, in one request."""
        if not values:
            return [FrameAnswered(number, ok=True)]
        since = self._in_flight.supersede(number, STREAMED[lane])
        if not self._handshake.done:
            return []  # a person is waited for; the engine has been told
        if mute := self._in_flight.mute(self._answering.overtaken(since, self._timeout, now)):
            return mute
        return self._streams.frame(lane, number, values, now)

    def stream(self, number: int, kind: str, data: Mapping[str, Any], then: Then, now: int, step: int = 1) -> Send:
        """Send a request of a frame: the first, or one that follows from it."""
        first = self._ids.frame(number)
        return self._send(first if step == 1 else f"{first}-{step}", kind, data, then, now, number=number)

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:
        """End what is held. A parameter is only left out: VTube Studio gives it back within a second."""
        return self._streams.clear(lane, number, now) if self._handshake.done else [FrameAnswered(number, ok=True)]

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        """Ask what properties show: parameters one after the other, all else in one request."""
        return self._streams.read(lane, properties, now) if self._handshake.done else [Values({}, lane)]

    # -- the rest

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Note that an attempt was given up: its answer means nothing any more, nor does its end."""
        of = Attempt(id, attempt)
        self._in_flight.give_up(id, attempt)
        self.ends.disarm(of)
        self.alarms.cancel(("held", of))
        self._steps.pop(of, None)
        return [*self.unwatch(now), *self._in_flight.mute(self._answering.missed(now))]

    @property
    def _busy(self) -> bool:
        """Whether a command is in flight that may take its time, as a model does, or a person."""
        return any(asked.id is not None for asked in self._in_flight.wanted)

    def panic(self, now: int) -> Sequence[Output]:
        """Give every value back at once, and take off what the show has laid over the model."""
        if not self._handshake.done:
            return [Silent()]
        return [*self._streams.let_go(now), *self._orders.panic(now), Silent()]

    def hush(self, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing here can be cut."""
        return [Silent()]

    def inventory(self, now: int) -> Sequence[Output]:
        """Ask for every list, one after the other."""
        self._survey = Survey(self._timeout, self._animations)
        return self._next_list(now)

    def _next_list(self, now: int) -> list[Output]:
        survey = self._survey
        if survey is None:
            return []
        step = survey.next(now) if self._handshake.done else None
        if step is None:
            self._survey = None
            return [survey.listed()]
        kind, data = step

        def heard(reply: Frame, error: str | None, when: int) -> list[Output]:
            if self._survey is not survey:
                return []
            if error is None:
                survey.heard(kind, reply)
            return self._next_list(when)

        return [self.ask(kind, data, heard, now)]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Ask whether anybody is there; the second time without a word, give the connection up.

        While it is busy, the limit of what it does counts.
        """
        if connection != self._connection or self._busy:
            return []
        if gone:
            return [Drop(connection, "it no longer answers")]
        if self._probe is None:
            asked = self.ask(HARMLESS, {}, _nothing, now)
            self._probe = asked.frame["requestID"]
            return [asked]
        if not self._alive:
            return []
        self._alive = False
        return [Drop(connection, "it no longer answers")]

    @property
    def deadline(self) -> int | None:
        """The next instant at which the driver does something by itself."""
        survey = None if self._survey is None else self._survey.deadline
        times = (self._handshake.due, self._answering.due, self.alarms.due, survey)
        return min((time for time in times if time is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """Do what is due; take the handshake's step again; do without a list that does not come; ask a mute one."""
        outputs: list[Output] = []
        asks, said = self._answering.elapsed(now, busy=self._busy)
        outputs += self._in_flight.mute(said)
        if asks:
            outputs.append(self.ask(HARMLESS, {}, _nothing, now))
        if self._survey is not None and self._survey.deadline is not None and self._survey.deadline <= now:
            outputs += self._next_list(now)
        outputs += self.alarms.elapsed(now)
        return [*outputs, *self._handshake.elapsed(now)]


def _nothing(*_: Any) -> list[Output]:
    return []

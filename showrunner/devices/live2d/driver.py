"""The Cubism Editor's driver: commands and held values to requests, answers and events to what they mean.

What must be done first (registering, Allow, a model) is in ``handshake``. From then on it sends what the show wants,
with the model's present UID; how often values are sent is the engine's business. No clock, no socket.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from showrunner.devices.in_flight import Answering, Asked, InFlight, Then, WireIds
from showrunner.devices.live2d.envelope import (
    EVENTS,
    MODEL_METHODS,
    data_of,
    error_of,
    is_event,
    request,
    said,
    token_of,
)
from showrunner.devices.live2d.handshake import NO_MORE, Handshake
from showrunner.devices.live2d.parameters import Parameters
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Drop,
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

HARMLESS = "GetIsApproval"
"""Asked when nothing is heard for a while, only to see whether anybody is there: it changes nothing."""


@dataclass(frozen=True, slots=True)
class _Request:
    """A method and its data. ``model`` is the UID in it, if it was filled in; ``again``: sent before, with another."""

    method: str
    data: Any
    model: str | None = None
    again: bool = False

    def with_model(self, model: str) -> _Request:
        """Give the same request for another model's UID."""
        return replace(self, data={**self.data, "ModelUID": model}, model=model, again=True)


class Live2dDriver:
    """One Cubism Editor. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._timeout = int(terms.settings.get("timeout", 2_000_000))
        self._connection: int | None = None
        self._ids = WireIds(terms.seed)
        self._in_flight: InFlight[_Request] = InFlight()
        self._answering = Answering()
        self._parameters = Parameters(terms.inventory)
        self._handshake = Handshake(terms, self._courtesy, self._subscribe_all)
        self._listening: tuple[str, ...] = ()
        self._listing_until: int | None = None
        self._probe: str | None = None
        self._alive = False

    # -- the connection

    def connected(
        self,
        connection: int,
        now: int,
        way: str = "",
        origin: str | None = None,
    ) -> Sequence[Output]:
        """Begin with RegisterPlugin."""
        _ = way, origin
        self._connection = connection
        self._forget_everything()
        return self._handshake.begin(now)

    def disconnected(
        self,
        connection: int,
        now: int,
        reason: str,
        code: int | None = None,
    ) -> Sequence[Output]:
        """Forget what was asked; the token stays."""
        _ = now, code
        if connection != self._connection:
            return []
        self._connection = None
        self._forget_everything()
        self._handshake.end()
        return [Condition("lost", reason)]

    def _forget_everything(self) -> None:
        self._in_flight.clear()
        self._answering.clear()
        self._parameters.forget()
        self._listing_until = None
        self._probe, self._alive = None, False

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Subscribe to what is new among them; where no model is there yet, to all of them once it is."""
        new = [event for event in EVENTS if event in events and event not in self._listening]
        self._listening = (*self._listening, *new)
        return self._subscribe(new, now) if self._handshake.done else []

    def _subscribe_all(self, now: int) -> list[Output]:
        return self._subscribe([event for event in EVENTS if event in self._listening], now)

    def _subscribe(self, events: Sequence[str], now: int) -> list[Output]:
        if not events:
            return []

        def then(reply: Frame, error: str | None, when: int) -> list[Output]:
            why = "it did not accept that" if error is None and data_of(reply).get("Accepted") is False else error
            note = f"The Cubism Editor will not tell of {events[0]}: {why}"
            return [*([Condition("note", note)] if why is not None else []), *self._subscribe(events[1:], when)]

        return [self._courtesy(events[0], {"Enabled": True}, then, now)]

    # -- what comes in

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read an answer or an event."""
        if isinstance(frame, str):
            note = Condition(
                "note", "The Cubism Editor sent something that is no message of its API; it was passed over"
            )
            return [Heard({"text": frame}, reply=False), note]
        token = token_of(frame)
        secrets = () if token is None else (token,)
        if connection == self._connection:
            self._probe = None
        asked = None if connection != self._connection or is_event(frame) else self._match(frame)
        if asked is None:
            heard = Heard(frame, reply=False, secrets=secrets)
            return [heard, *(self._event(frame, now) if connection == self._connection and is_event(frame) else [])]
        again = self._answering.heard()
        if not asked.open:
            return [Heard(frame, True, asked.id, asked.number, secrets=secrets, attempt=asked.attempt), *again]
        self._in_flight.close(asked)
        self._alive = True
        error = error_of(frame)
        if error is None and asked.what.method == "GetParameters" and self._handshake.concerns(asked.what.data):
            self._parameters.learn(data_of(frame).get("Parameters"))
        outputs = self._answer(asked, frame, error, now)
        kept = next((output.answer for output in outputs if isinstance(output, Answered)), None)
        again = again if self._handshake.done else []  # with this very answer it may have taken its leave
        heard = Heard(frame, True, asked.id, asked.number, error is None, kept, secrets, asked.attempt)
        return [heard, *outputs, *again]

    def _match(self, answer: Frame) -> Asked[_Request] | None:
        # Every request has an id of its own: only where an answer has none does its method count.
        wire = answer.get("RequestId")
        return self._in_flight.match(wire, answer.get("Method") if wire is None else None)

    def _answer(self, asked: Asked[_Request], frame: Frame, error: str | None, now: int) -> list[Output]:
        streamed = asked.number is not None
        if self._in_flight.gave_up(asked.id, asked.attempt) or (streamed and not self._handshake.done):
            return []
        if error == "PluginNotRegistered" and self._handshake.done:
            # Values that are held keep their place: they are not refused, they wait for the person as the show does.
            told = [] if streamed else asked.then(frame, NO_MORE, now)
            return [*told, *self._handshake.forbidden(now)]
        if error == "InvalidModel" and asked.what.model is not None and not asked.what.again:
            return self._with_new_model(asked, now)
        return asked.then(frame, error, now)

    def _with_new_model(self, asked: Asked[_Request], now: int) -> list[Output]:
        """A UID is good for one connection at most: fetch the present one and send the same again, once."""

        def then(reply: Frame, error: str | None, when: int) -> list[Output]:
            if self._in_flight.gave_up(asked.id, asked.attempt):
                return []
            model = self._handshake.uid(reply) if error is None else None
            if model is None:
                told = [] if asked.number is not None else asked.then(reply, self._handshake.missing, when)
                return [*told, *self._handshake.closed(when)]
            changed = model != self._handshake.model
            self._handshake.model = model
            again = self._send(replace(asked, what=asked.what.with_model(model), open=True), when)
            return [again, *(self._learn(when) if changed else [])]

        return [self._courtesy(self._handshake.asks, {}, then, now)]

    def _learn(self, now: int) -> list[Output]:
        """Another model: what the one before allowed counts no more."""
        self._parameters.forget()
        return [self._courtesy("GetParameters", {"ModelUID": self._handshake.model}, lambda *_: [], now)]

    def _event(self, frame: Frame, now: int) -> list[Output]:
        method = frame.get("Method")
        if method not in EVENTS:
            return []
        outputs: list[Output] = [Happened(method, said(method, data_of(frame)))]
        if method == "NotifyChangeEditMode" and self._handshake.done:
            # Another mode may show another model.
            outputs.append(self._courtesy(self._handshake.asks, {}, self._note_model, now))
        return outputs

    def _note_model(self, reply: Frame, error: str | None, now: int) -> list[Output]:
        model = self._handshake.uid(reply) if error is None else None
        if model is None or not self._handshake.done or model == self._handshake.model:
            return []
        self._handshake.model = model
        return self._learn(now)

    # -- what goes out

    def _send(self, asked: Asked[_Request], now: int) -> Send:
        asked.since = now
        self._in_flight.add(asked)
        what, stamp = asked.what, self._terms.stamp(now)
        frame = request(self._handshake.version, stamp, asked.wire, what.method, what.data)
        token = token_of(frame)
        return Send(frame, asked.id, asked.attempt, asked.number, secrets=() if token is None else (token,))

    def _courtesy(self, method: str, data: Frame, then: Then, now: int) -> Send:
        return self._send(Asked(self._ids.own(), method, _Request(method, data), then), now)

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send a `call`; all else is streamed."""
        method, data = str(command.get("METHOD")), command.get("JSON", {})
        model = None
        if method in MODEL_METHODS and isinstance(data, dict) and not {"ModelUID", "DocumentUID"} & set(data):
            model = self._handshake.model
            data = {"ModelUID": model, **data}

        def then(reply: Frame, error: str | None, _: int) -> list[Output]:
            return [Answered(id, attempt, error is None, error, _said(data_of(reply)) if error is None else None)]

        asked = Asked(self._ids.attempt(id, attempt), method, _Request(method, data, model), then, id, attempt)
        return [self._send(asked, now)]

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:  # noqa: ARG002
        """Send all held and moving values in one SetParameterValues."""
        if not values:
            return [FrameAnswered(number, ok=True)]
        since = self._in_flight.supersede(number)
        if not self._handshake.done:
            return []  # a person is waited for; the engine has been told
        if mute := self._in_flight.mute(self._answering.overtaken(since, self._timeout, now)):
            return mute
        rows, notes = self._parameters.rows(values)

        def then(_: Frame, error: str | None, __: int) -> list[Output]:
            guilty = self._parameters.unknown(values) if error == "InvalidParameter" else ()
            return [FrameAnswered(number, error is None, error, guilty)]

        data = {"ModelUID": self._handshake.model, "Parameters": rows}
        return [
            self._stream(number, "SetParameterValues", data, then, now),
            *(Condition("note", note) for note in notes),
        ]

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Send ClearParameterValues. An Editor that has no such method lets go of values by itself."""

        def then(_: Frame, error: str | None, __: int) -> list[Output]:
            fine = error in (None, "MethodNotFound")
            return [FrameAnswered(number, fine, None if fine else error)]

        return [self._stream(number, "ClearParameterValues", {"ModelUID": self._handshake.model}, then, now)]

    def _stream(self, number: int, method: str, data: Frame, then: Then, now: int) -> Send:
        what = _Request(method, data, self._handshake.model)
        return self._send(Asked(self._ids.frame(number), method, what, then, number=number), now)

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:  # noqa: ARG002
        """Ask for the values that the model shows."""
        if not self._handshake.done:
            return [Values({})]

        def then(reply: Frame, error: str | None, _: int) -> list[Output]:
            rows = data_of(reply).get("Parameters") if error is None else None
            return [Values(self._parameters.values(rows, properties))]

        return [
            self._courtesy(
                "GetParameterValues", {"ModelUID": self._handshake.model, "Ids": list(properties)}, then, now
            )
        ]

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Note that an attempt was given up: its answer means nothing any more."""
        self._in_flight.give_up(id, attempt)
        return self._in_flight.mute(self._answering.missed(now))

    @property
    def _busy(self) -> bool:
        """Whether a `call` is in flight that may take its time (`within 30s`)."""
        return any(asked.id is not None for asked in self._in_flight.wanted)

    def panic(self, now: int) -> Sequence[Output]:
        """End every held value, whatever is in flight."""
        if not self._handshake.done:
            return [Silent()]
        clear = self._courtesy("ClearParameterValues", {"ModelUID": self._handshake.model}, lambda *_: [], now)
        return [clear, Silent()]

    def hush(self, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing here can be cut."""
        return [Silent()]

    def inventory(self, now: int) -> Sequence[Output]:
        """Ask for the model's parameters."""
        if not self._handshake.done:
            return [Listed({})]
        self._listing_until = now + self._timeout

        def then(reply: Frame, error: str | None, _: int) -> list[Output]:
            if self._listing_until is None:
                return []
            self._listing_until = None
            rows = data_of(reply).get("Parameters") if error is None else None
            return [Listed({"parameters": Parameters.entries(rows)} if isinstance(rows, list) else {})]

        return [self._courtesy("GetParameters", {"ModelUID": self._handshake.model}, then, now)]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Ask whether anybody is there; the second time without a word, give the connection up.

        While it is busy, the limit of what it does counts.
        """
        if connection != self._connection or self._busy:
            return []
        if gone:
            return [Drop(connection, "it no longer answers")]
        if self._probe is None:
            asked = self._courtesy(HARMLESS, {}, lambda *_: [], now)
            self._probe = asked.frame["RequestId"]
            return [asked]
        if not self._alive:
            return []
        self._alive = False
        return [Drop(connection, "it no longer answers")]

    @property
    def deadline(self) -> int | None:
        """The next poll, or the instant at which an answer is waited for no longer."""
        times = (self._handshake.due, self._listing_until, self._answering.due)
        return min((time for time in times if time is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """Take the handshake's step again; do without a list that does not come; ask a mute one."""
        outputs: list[Output] = []
        asks, said = self._answering.elapsed(now, busy=self._busy)
        outputs += self._in_flight.mute(said)
        if asks:
            outputs.append(self._courtesy(HARMLESS, {}, lambda *_: [], now))
        if self._listing_until is not None and self._listing_until <= now:
            self._listing_until = None
            outputs.append(Listed({}))
        outputs.extend(self._handshake.elapsed(now))
        return outputs


def _said(data: Frame) -> str | None:
    """Give what an answer holds: its one text or number as text, else all of it as JSON."""
    if not data:
        return None
    if len(data) == 1:
        (only,) = data.values()
        if isinstance(only, str):
            return only
        if isinstance(only, int | float) and not isinstance(only, bool):
            return str(only)
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

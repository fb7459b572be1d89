"""Animaze's driver: commands to requests, replies and triggers to answers. One connection, no clock, no socket.

Replies are matched by id, and without one by their action if exactly one request of that action is unanswered; never by
arrival alone, for triggers come between (README.md, "Messages"). Which keys an action has is in ``requests``, how long
a voice takes in ``voices``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from showrunner.devices.animaze import requests, transforms
from showrunner.devices.animaze.outstanding import Asked, Outstanding, Then
from showrunner.devices.animaze.requests import LISTINGS, OWNED, Request
from showrunner.devices.animaze.survey import Survey
from showrunner.devices.animaze.table import EVENTS, values
from showrunner.devices.animaze.transforms import Transforms
from showrunner.devices.animaze.voices import Voices
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Entry,
    Frame,
    FrameAnswered,
    Happened,
    Heard,
    Output,
    Quantity,
    Send,
    Terms,
)

_EVENTS = frozenset(event.name for event in EVENTS)


@dataclass(slots=True)
class _Parts:
    """A frame of streamed values, which may be several requests."""

    open: int
    refused: list[str] = field(default_factory=list)
    reason: str | None = None


class AnimazeDriver:
    """One Animaze. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._connection: int | None = None
        self._courtesies = 0
        self._outstanding = Outstanding()
        self._given_up: set[tuple[int, int]] = set()
        self._lists: dict[str, tuple[Entry, ...]] = {}
        self._transforms = Transforms()
        self._spellings: dict[str, str] = {}
        self._voices = Voices(terms)
        self._survey: Survey | None = None

    # -- the connection

    def connected(self, connection: int, now: int, origin: str | None = None) -> Sequence[Output]:  # noqa: ARG002
        """Animaze needs no handshake: it is ready at once."""
        self._connection = connection
        self._forget_everything()
        return [Condition("ready")]

    def disconnected(self, connection: int, now: int, reason: str) -> Sequence[Output]:  # noqa: ARG002
        """Forget what was asked and what was known."""
        if connection != self._connection:
            return []
        self._connection = None
        self._forget_everything()
        return [Condition("lost", reason)]

    def _forget_everything(self) -> None:
        self._outstanding.clear()
        self._given_up.clear()
        self._lists.clear()
        self._transforms.clear()
        self._voices.clear()
        self._survey = None

    # -- what comes in

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read a reply or a trigger."""
        if isinstance(frame, str):
            note = Condition("note", "Animaze sent something that is no message of its API; it was passed over")
            return [Heard({"text": frame}, reply=False), note]
        if connection != self._connection:
            return [Heard(frame, reply=False)]
        event = frame.get("event")
        if isinstance(event, str):
            return [Heard(frame, reply=False), *self._trigger(event, now)]
        asked = self._outstanding.match(frame)
        if asked is None:
            return [Heard(frame, reply=False)]
        if not asked.open:
            return [Heard(frame, reply=True, id=asked.id, number=asked.number)]
        return self._reply(asked, frame, now)

    def _trigger(self, event: str, now: int) -> list[Output]:
        if event == "AvatarChanged":
            self._lists.clear()
        outputs: list[Output] = [Happened(event)] if event in _EVENTS else []
        if event == "ChatbotSpeechEnded":
            outputs.extend(self._voices.ended(now))
        return outputs

    def _reply(self, asked: Asked, frame: Frame, now: int) -> list[Output]:
        self._outstanding.close(asked)
        error = frame.get("error")
        reason = None if error in (None, "", False) else str(error)
        action = asked.request.action
        if reason is not None and asked.other is not None:
            # Clients that work send `…FOV` where the page prints `…Fov`: whichever is refused, the other is tried once.
            self._spellings[action] = asked.other
            request = Request(asked.other, asked.request.fields)
            again = self._ask(asked.wire, request, asked.then, asked.id, asked.attempt, asked.number)
            return [Heard(frame, True, asked.id, asked.number, ok=False), again]
        if reason is None:
            self._settle(action)
        given_up = (asked.id, asked.attempt) in self._given_up
        outputs = [] if given_up else asked.then(frame, reason, now)
        kept = next((output.answer for output in outputs if isinstance(output, Answered)), None)
        return [Heard(frame, True, asked.id, asked.number, reason is None, kept), *outputs]

    def _settle(self, action: str) -> None:
        """Forget what an action that has just succeeded, or has just been sent, makes wrong."""
        self._transforms.forget(action)
        if action.casefold() in {"loadavatar", "loadquickscene"}:
            self._lists.clear()

    # -- what goes out

    def _ask(
        self,
        wire: str,
        request: Request,
        then: Then,
        id: int | None = None,
        attempt: int | None = None,
        number: int | None = None,
    ) -> Send:
        spelling = self._spellings.get(request.action)
        if spelling is not None:
            request = Request(spelling, request.fields)
        other = request.action[:-3] + "FOV" if request.action.endswith("Fov") else None
        self._settle(request.action)
        self._outstanding.add(Asked(wire, request, then, id, attempt, number, other))
        frame = {"action": request.action, "id": wire, **request.fields}
        return Send(frame, id=id, attempt=attempt, number=number)

    def _query(self, request: Request, then: Then) -> Send:
        self._courtesies += 1
        return self._ask(f"{self._terms.seed}-h{self._courtesies}", request, then)

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send an attempt of an ordinary command, after what must be asked first."""
        verb = command.verb.name
        if verb in OWNED:
            return self._by_index(id, attempt, verb, command.get(verb.upper()))
        if verb in {"camera", "place"}:
            return self._transforms.set(
                values(command),
                lambda request, then: self._order(id, attempt, request, then),
                self._query,
                lambda reason: [Answered(id, attempt, reason is None, reason)],
                lambda: (id, attempt) not in self._given_up,
            )
        request = requests.request(command)
        if isinstance(request, str):
            return [Answered(id, attempt, ok=False, reason=request)]
        if verb in {"chat", "echo"}:
            return self._speak(id, attempt, verb, request, str(command.get("TEXT")), now)

        def then(reply: Frame, reason: str | None, _: int) -> list[Output]:
            kept = requests.answer(request, reply) if reason is None and verb in requests.ANSWERING else None
            return [Answered(id, attempt, reason is None, reason, kept)]

        return [self._order(id, attempt, request, then)]

    def _order(self, id: int, attempt: int, request: Request, then: Then) -> Send:
        wire = f"{self._terms.seed}-{id}" + (f".{attempt}" if attempt > 1 else "")
        return self._ask(wire, request, then, id, attempt)

    def _by_index(self, id: int, attempt: int, verb: str, wanted: Any) -> list[Output]:
        """Send what takes an index, looking a name up in the avatar's own list."""
        which, action = OWNED[verb]

        def trigger(index: int) -> list[Output]:
            return [
                self._order(
                    id,
                    attempt,
                    Request(action, {"index": index}),
                    lambda _, reason, __: [Answered(id, attempt, reason is None, reason)],
                )
            ]

        def by_name() -> list[Output]:
            index = requests.index_of(verb, str(wanted), self._lists[which])
            if isinstance(index, str):
                return [Answered(id, attempt, ok=False, reason=index)]
            return trigger(index)

        def listed(reply: Frame, reason: str | None, _: int) -> list[Output]:
            if reason is None:
                self._lists[which] = requests.entries(LISTINGS[which], reply)
            if (id, attempt) in self._given_up:
                return []
            if reason is not None:
                return [Answered(id, attempt, ok=False, reason=f"Animaze did not list its {which}: {reason}")]
            return by_name()

        if isinstance(wanted, int):
            return trigger(wanted)
        if which in self._lists:
            return by_name()
        return [self._query(Request(LISTINGS[which].action, {}), listed)]

    def _speak(self, id: int, attempt: int, verb: str, request: Request, text: str, now: int) -> list[Output]:
        def then(reply: Frame, reason: str | None, when: int) -> list[Output]:
            response = reply.get("response")
            if reason is not None:
                self._voices.refused(id, attempt)
            else:
                self._voices.replied(id, attempt, response if isinstance(response, str) else "", when)
            kept = response if isinstance(response, str) and verb == "chat" else None
            return [Answered(id, attempt, reason is None, reason, kept)]

        self._voices.sent(id, attempt, text if verb == "echo" else None, now)
        return [self._order(id, attempt, request, then)]

    # -- streamed values

    def frame(self, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:  # noqa: ARG002
        """Send one frame; camera, angle and place are a request each, with the frame's one number."""
        concerned = transforms.concerned(values)
        if not concerned:
            return [FrameAnswered(number, ok=True)]
        parts = _Parts(len(concerned))

        def part(mine: Mapping[str, Quantity]) -> list[Output]:
            def done(reason: str | None) -> list[Output]:
                parts.open -= 1
                if reason is not None:
                    parts.refused.extend(mine)
                    parts.reason = parts.reason or reason
                if parts.open:
                    return []
                return [FrameAnswered(number, not parts.refused, parts.reason, tuple(parts.refused))]

            def send(request: Request, then: Then) -> Send:
                return self._ask(f"{self._terms.seed}-s{number}", request, then, number=number)

            return self._transforms.set(mine, send, self._query, done, lambda: True)

        return [
            output
            for transform in concerned
            for output in part({name: values[name] for name in transform.keys.values() if name in values})
        ]

    def clear(self, number: int, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing is held here: Animaze keeps what it was told."""
        return [FrameAnswered(number, ok=True)]

    def read(self, properties: Sequence[str], now: int) -> Sequence[Output]:  # noqa: ARG002
        """Ask where camera and avatar are."""
        return self._transforms.read(properties, self._query)

    # -- the rest

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Note that an attempt was given up: what it waits for is not sent any more."""
        self._given_up.add((id, attempt))
        self._voices.given_up(id, attempt, now)
        return []

    def panic(self, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Animaze has no action that stops anything."""
        return []

    def inventory(self, now: int) -> Sequence[Output]:
        """Ask for every list, one after the other."""
        self._survey = Survey(self._terms)
        return self._next_list(now)

    def _next_list(self, now: int) -> list[Output]:
        survey = self._survey
        if survey is None:
            return []
        step = survey.next(now)
        if step is None:
            self._survey = None
            return [survey.listed()]

        def then(reply: Frame, reason: str | None, when: int) -> list[Output]:
            if self._survey is not survey or not survey.heard(step, reply, reason):
                return []
            return self._next_list(when)

        return [self._query(Request(step, {}), then)]

    @property
    def deadline(self) -> int | None:
        """The instant at which a voice is over by the estimate, or a list is waited for no longer."""
        times = (self._voices.deadline, self._survey.deadline if self._survey is not None else None)
        return min((time for time in times if time is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """End voices by the estimate; go on without a list that does not come."""
        outputs: list[Output] = self._voices.elapsed(now)
        if self._survey is not None and self._survey.deadline is not None and self._survey.deadline <= now:
            outputs.extend(self._next_list(now))
        return outputs

"""Animaze's driver: commands to requests, replies and triggers to answers. One connection, no clock, no socket.

Replies are matched by id, and without one by their action, in order; never by arrival alone, for triggers come between
(README.md, "Messages"). Which keys an action has is in ``requests``, how long a voice takes in ``chatpal``, where
camera and avatar are in ``transforms``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from showrunner.devices.animaze import requests, transforms
from showrunner.devices.animaze.chatpal import Voices
from showrunner.devices.animaze.requests import BY_INDEX, LISTINGS, SLOW, Request
from showrunner.devices.animaze.survey import Survey
from showrunner.devices.animaze.table import EVENTS, values
from showrunner.devices.animaze.transforms import Transforms
from showrunner.devices.in_flight import Answering, Asked, InFlight, Then, WireIds
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
    Output,
    Quantity,
    Send,
    Silent,
    Terms,
)

_EVENTS = frozenset(event.name for event in EVENTS)


HARMLESS = "GetCameraFov"
"""Asked when nothing is heard for a while, only to see whether anybody is there: a small reply, and nothing changes."""


class AnimazeDriver:
    """One Animaze. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._timeout = int(terms.settings.get("timeout", 5_000_000))
        self._connection: int | None = None
        self._ids = WireIds(terms.seed)
        self._newest = 0
        self._in_flight: InFlight[Request] = InFlight()
        self._answering = Answering()
        self._lists: dict[str, tuple[Entry, ...]] = {}
        self._transforms = Transforms()
        self._avatars = 0
        self._spellings: dict[str, str] = {}
        self._understood: set[str] = set()
        self._probe: str | None = None
        self._alive = self._doubted = False
        self._voices = Voices(terms)
        self._survey: Survey | None = None

    # -- the connection

    def connected(
        self,
        connection: int,
        now: int,
        way: str = "",
        origin: str | None = None,
    ) -> Sequence[Output]:
        """Animaze needs no handshake: it is ready at once."""
        _ = now, way, origin
        self._connection = connection
        self._forget_everything()
        return [Condition("ready")]

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        """Ask for nothing: all that happens is told to whoever is connected."""
        _ = events, now
        return []

    def disconnected(
        self,
        connection: int,
        now: int,
        reason: str,
        code: int | None = None,
    ) -> Sequence[Output]:
        """Forget what was asked and what was known."""
        _ = now, code
        if connection != self._connection:
            return []
        self._connection = None
        self._forget_everything()
        return [Condition("lost", reason)]

    def _forget_everything(self) -> None:
        self._in_flight.clear()
        self._answering.clear()
        self._understood.clear()
        self._probe, self._alive = None, False
        self._another_avatar()
        self._transforms.clear()
        self._voices.lost()
        self._survey = None

    # -- what comes in

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        """Read a reply or a trigger."""
        if isinstance(frame, str):
            note = Condition("note", "Animaze sent something that is no message of its API; it was passed over")
            return [Heard({"text": frame}, reply=False), note]
        if connection != self._connection:
            return [Heard(frame, reply=False)]
        self._probe = None
        event = frame.get("event")
        if isinstance(event, str):
            return [Heard(frame, reply=False), *self._trigger(event, frame, now)]
        action = frame.get("action")
        asked = self._in_flight.match(frame.get("id"), action.casefold() if isinstance(action, str) else None)
        if asked is None:
            return [Heard(frame, reply=False)]
        again = self._answering.heard()
        if not asked.open:
            return [Heard(frame, reply=True, id=asked.id, number=asked.number, attempt=asked.attempt), *again]
        return [*self._reply(asked, frame, now), *again]

    def _trigger(self, event: str, frame: Frame, now: int) -> list[Output]:
        fields: dict[str, str] = {}
        if event == "AvatarChanged":
            avatar = frame.get("new_avatar")
            fields = {"avatar": avatar} if isinstance(avatar, str) else {}
            self._another_avatar()
            self._transforms.forget("LoadAvatar")
        outputs: list[Output] = [Happened(event, fields)] if event in _EVENTS else []
        if event == "ChatbotSpeechStarted":
            self._voices.begun(now)
        elif event == "ChatbotSpeechEnded":
            outputs.extend(self._voices.ended())
        return outputs

    def _another_avatar(self) -> None:
        """What belonged to the avatar before is not to be relied on, nor is a list of its own that is still to come."""
        self._avatars += 1
        self._lists.clear()

    def _reply(self, asked: Asked[Request], frame: Frame, now: int) -> list[Output]:
        self._in_flight.close(asked)
        self._alive = True
        error = frame.get("error")
        reason = None if error in (None, "", False) else str(error)
        action, other = asked.what.action, asked.what.other
        if reason is not None and other is not None:
            # Clients that work send `…FOV` where the page prints `…Fov`: whichever is refused, the other is tried once.
            self._spellings[action] = other
            request = Request(other, asked.what.fields)
            again = self._ask(now, asked.wire, request, asked.then, asked.id, asked.attempt, asked.number)
            return [Heard(frame, True, asked.id, asked.number, ok=False, attempt=asked.attempt), again]
        if reason is None:
            self._settle(action)
            self._understood.add(action)
            if frame.get("action") == _other(action) != action:
                self._spellings[action] = str(frame["action"])  # sent in both, it has answered the other one
        outputs = [] if self._in_flight.gave_up(asked.id, asked.attempt) else asked.then(frame, reason, now)
        kept = next((output.answer for output in outputs if isinstance(output, Answered)), None)
        heard = Heard(frame, True, asked.id, asked.number, reason is None, kept, attempt=asked.attempt)
        return [heard, *outputs]

    def _settle(self, action: str) -> None:
        """Forget what an action that has just succeeded, or has just been sent, makes wrong."""
        self._transforms.forget(action)
        if action.casefold() in {"loadavatar", "loadquickscene"}:
            self._another_avatar()

    # -- what goes out

    def _ask(
        self,
        now: int,
        wire: str,
        request: Request,
        then: Then,
        id: int | None = None,
        attempt: int | None = None,
        number: int | None = None,
        *,
        slow: bool = False,
        plain: bool = False,
    ) -> Send:
        spelling = self._spellings.get(request.action)
        if spelling is not None:
            request = Request(spelling, request.fields)
        known = plain or request.action in self._understood
        other = None if known or not request.action.endswith("Fov") else _other(request.action)
        until = None if other is None else now + self._timeout // 2
        self._settle(request.action)
        name = request.action.casefold()
        what = replace(request, other=other, slow=slow or name in SLOW)
        self._in_flight.add(Asked(wire, name, what, then, id, attempt, number, now, until))
        frame = {"action": request.action, "id": wire, **request.fields}
        return Send(frame, id=id, attempt=attempt, number=number)

    def _query(self, request: Request, then: Then, now: int) -> Send:
        return self._ask(now, self._ids.own(), request, then)

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        """Send an attempt of an ordinary command, after what must be asked first."""
        verb = command.verb.name
        if verb in BY_INDEX:
            return self._by_index(id, attempt, verb, command.get(verb.upper()), now)
        if verb in {"camera", "place"}:
            return self._transforms.set(
                values(command),
                lambda request, then, when: self._order(id, attempt, request, then, when),
                self._query,
                lambda reason, _: [Answered(id, attempt, reason is None, reason)],
                lambda: not self._in_flight.gave_up(id, attempt),
                now,
            )
        request = requests.request(command)
        if isinstance(request, str):
            return [Answered(id, attempt, ok=False, reason=request)]
        if verb in {"chat", "echo"}:
            return self._speak(id, attempt, verb, request, str(command.get("TEXT")), now)

        def then(reply: Frame, reason: str | None, _: int) -> list[Output]:
            kept = requests.answer(request, reply) if reason is None and verb in requests.ANSWERING else None
            return [Answered(id, attempt, reason is None, reason, kept)]

        return [self._order(id, attempt, request, then, now, slow=verb == "call")]

    def _order(self, id: int, attempt: int, request: Request, then: Then, now: int, *, slow: bool = False) -> Send:
        return self._ask(now, self._ids.attempt(id, attempt), request, then, id, attempt, slow=slow)

    def _by_index(self, id: int, attempt: int, verb: str, wanted: Any, now: int) -> list[Output]:
        """Send what takes an index, looking a name up in the avatar's own list."""
        which, action = BY_INDEX[verb]

        def trigger(index: int, when: int, *, remembered: bool = False) -> list[Output]:
            def then(_: Frame, reason: str | None, later: int) -> list[Output]:
                if reason is not None and remembered:
                    # Somebody may have loaded another avatar by hand, which a stable build does not tell.
                    self._lists.pop(which, None)
                    return ask(later)
                return [Answered(id, attempt, reason is None, reason)]

            return [self._order(id, attempt, Request(action, {"index": index}), then, when)]

        def by_name(when: int, *, remembered: bool = False) -> list[Output]:
            index = requests.index_of(verb, str(wanted), self._lists[which])
            if isinstance(index, int):
                return trigger(index, when, remembered=remembered)
            return ask(when) if remembered else [Answered(id, attempt, ok=False, reason=index)]

        def ask(when: int) -> list[Output]:
            avatars = self._avatars

            def listed(reply: Frame, reason: str | None, later: int) -> list[Output]:
                if reason is None and avatars == self._avatars:
                    self._lists[which] = requests.entries(LISTINGS[which], reply)
                if self._in_flight.gave_up(id, attempt):
                    return []
                if reason is not None:
                    return [Answered(id, attempt, ok=False, reason=f"Animaze did not list its {which}: {reason}")]
                return by_name(later) if which in self._lists else ask(later)

            return [self._query(Request(LISTINGS[which].action, {}), listed, when)]

        if isinstance(wanted, int):
            return trigger(wanted, now)
        return by_name(now, remembered=True) if which in self._lists else ask(now)

    def _speak(self, id: int, attempt: int, verb: str, request: Request, text: str, now: int) -> list[Output]:
        def then(reply: Frame, reason: str | None, when: int) -> list[Output]:
            response = reply.get("response")
            if reason is not None:
                self._voices.refused(id, attempt)
            else:
                self._voices.replied(id, attempt, response if isinstance(response, str) else "", when)
            kept = response if isinstance(response, str) and verb == "chat" else None
            return [Answered(id, attempt, reason is None, reason, kept)]

        self._voices.sent(id, attempt, text if verb == "echo" else None)
        return [self._order(id, attempt, request, then, now)]

    # -- streamed values

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:  # noqa: ARG002
        """Send one frame; camera, angle and place are a request each, one after the other, with the frame's number."""
        self._newest = number
        since = self._in_flight.supersede(number)
        if mute := self._in_flight.mute(self._answering.overtaken(since, self._timeout, now)):
            return mute
        left = list(transforms.concerned(values))
        refused: dict[str, str] = {}

        def send(request: Request, then: Then, when: int) -> Send:
            return self._ask(when, self._ids.frame(number), request, then, number=number)

        def on(when: int) -> list[Output]:
            if not left:
                why = next(iter(refused.values()), None)
                return [FrameAnswered(number, why is None, why, tuple(refused))]
            transform = left.pop(0)
            mine = {name: values[name] for name in transform.keys.values() if name in values}

            def done(reason: str | None, later: int) -> list[Output]:
                if reason is not None:
                    refused.update(dict.fromkeys(mine, reason))
                # What a newer frame carries is newer than what is left of this one.
                return on(later) if number == self._newest else []

            return self._transforms.set(mine, send, self._query, done, lambda: number == self._newest, when)

        return on(now)

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing is held here: Animaze keeps what it was told."""
        return [FrameAnswered(number, ok=True)]

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:  # noqa: ARG002
        """Ask where camera and avatar are."""
        return self._transforms.read(properties, self._query, now)

    # -- the rest

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        """Note that an attempt was given up: what it waits for is not sent any more."""
        self._in_flight.give_up(id, attempt)
        self._voices.given_up(id, attempt, now)
        return self._in_flight.mute(self._answering.missed(now))

    @property
    def _busy(self) -> bool:
        """Whether what takes long (an avatar, an answer of the chat) may keep a living Animaze from saying anything."""
        return any(asked.what.slow for asked in self._in_flight.wanted)

    def panic(self, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Animaze has no action that stops anything."""
        return [Silent()]

    def hush(self, now: int) -> Sequence[Output]:  # noqa: ARG002
        """Nothing here can be cut."""
        return [Silent()]

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

        return [self._query(Request(step, {}), then, now)]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        """Ask whether anybody is there; the second time without a word, give the connection up.

        While it is busy, the time limit of what it does counts.
        """
        if connection != self._connection or self._busy:
            return []
        if gone:
            return [Drop(connection, "it no longer answers")]
        if self._probe is None:
            asked = self._query(Request(HARMLESS, {}), lambda *_: [], now)
            self._probe = asked.frame["id"]
            return [asked]
        if not self._alive or (self._doubted and HARMLESS not in self._understood):
            return []
        # Once is enough where this very request was never answered: perhaps it is only not known there.
        self._alive, self._doubted = False, True
        return [Drop(connection, "it no longer answers")]

    @property
    def deadline(self) -> int | None:
        """The instant at which a voice is over by the estimate, a list is waited for no longer, or a spelling tried."""
        survey = self._survey.deadline if self._survey is not None else None
        times = (self._voices.deadline, survey, self._in_flight.deadline, self._answering.due)
        return min((time for time in times if time is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Output]:
        """End voices by the estimate; do without a list that does not come; try the other spelling; ask a mute one."""
        outputs: list[Output] = self._voices.elapsed(now)
        asks, said = self._answering.elapsed(now, busy=self._busy)
        outputs += self._in_flight.mute(said)
        if asks:
            outputs.append(self._ask(now, self._ids.own(), Request(HARMLESS, {}), lambda *_: [], plain=True))
        for asked in self._in_flight.overdue(now):
            frame = {"action": asked.what.other, "id": asked.wire, **asked.what.fields}
            asked.what = replace(asked.what, other=None)
            outputs.append(Send(frame, id=asked.id, attempt=asked.attempt, number=asked.number))
        if self._survey is not None and self._survey.deadline is not None and self._survey.deadline <= now:
            outputs.extend(self._next_list(now))
        return outputs


def _other(action: str) -> str:
    """Give the other spelling of an action that has two."""
    ending = {"Fov": "FOV", "FOV": "Fov"}.get(action[-3:])
    return action if ending is None else action[:-3] + ending

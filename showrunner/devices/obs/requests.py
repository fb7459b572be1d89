"""What has been asked of one OBS: requests and batches with their ids, and what their answers lead to.

Each is answered once; what OBS was not ready for (a change of its scene collection) is asked once more. Which request
does what is ``orders``' business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from showrunner.devices.in_flight import MOST, Asked, InFlight, WireIds
from showrunner.devices.obs.protocol import Code, Op, Reply, data_of, message, reply, request
from showrunner.devices.vocabulary import Answered, Frame, Heard, Output, Send

Job: TypeAlias = tuple[int, int]
"""An attempt of a command: its id and its number."""

Then: TypeAlias = Callable[[Reply, int], list[Output]]
"""What an answer leads to: called with it and the time."""

SOON = 500_000
"""So long after OBS was not ready it is asked once more (microseconds)."""


@dataclass(frozen=True, slots=True)
class _Asking:
    """What was sent, and whether that was for the second time."""

    frame: Frame
    again: bool = False


class Requests:
    """The requests of one connection."""

    def __init__(self, seed: str) -> None:
        self._ids = WireIds(seed)
        self._in_flight: InFlight[_Asking] = InFlight()
        self._steps: dict[str, int] = {}
        self._later: list[tuple[int, Asked[_Asking]]] = []

    def clear(self) -> None:
        """Forget them all: this is another connection, or there is none."""
        self._in_flight.clear()
        self._steps.clear()
        self._later.clear()

    # -- asking

    def ask(
        self,
        now: int,
        type: str,
        data: Mapping[str, Any] | None,
        then: Then,
        job: Job | None = None,
        number: int | None = None,
    ) -> Send:
        """Send one request: of a command's attempt, of a frame, or a question of the driver's own."""
        wire = self._wire(job, number)
        frame = message(Op.REQUEST, {**request(type, data), "requestId": wire})
        return self._send(now, wire, frame, then, job, number)

    def batch(
        self,
        now: int,
        requests: Sequence[Frame],
        then: Then,
        job: Job | None = None,
        number: int | None = None,
        *,
        halts: bool = False,
    ) -> Send:
        """Send several requests as one; with ``halts`` nothing is done behind the first that is refused."""
        wire = self._wire(job, number)
        frame = message(Op.BATCH, {"requestId": wire, "haltOnFailure": halts, "requests": list(requests)})
        return self._send(now, wire, frame, then, job, number)

    def _wire(self, job: Job | None, number: int | None) -> str:
        if job is None and number is None:
            return self._ids.own()
        first = self._ids.attempt(*job) if job is not None else self._ids.frame(number or 0)
        self._steps[first] = step = self._steps.pop(first, 0) + 1
        if len(self._steps) > MOST:
            self._steps.pop(next(iter(self._steps)))
        return first + (f"-{step}" if step > 1 else "")

    def _send(self, now: int, wire: str, frame: Frame, then: Then, job: Job | None, number: int | None) -> Send:
        id_, attempt = job or (None, None)

        def read(heard: Frame, _: str | None, when: int) -> list[Output]:
            return then(reply(data_of(heard)), when)

        self._in_flight.add(Asked(wire, "", _Asking(frame), read, id_, attempt, number, now))
        return Send(frame, id_, attempt, number)

    # -- answers

    def answered(self, frame: Frame, now: int) -> tuple[list[Output], bool]:
        """Take in an answer: what it was, and what it leads to. Tells as well whether it answers anything of ours."""
        data = data_of(frame)
        asked = self._in_flight.match(data.get("requestId"), None)
        if asked is None:
            return [Heard(frame, reply=False)], False
        if not asked.open:
            return [Heard(frame, True, asked.id, asked.number, attempt=asked.attempt)], True
        self._in_flight.close(asked)
        found = reply(data)
        kept: str | None = None
        outputs: list[Output] = []
        if not self._in_flight.gave_up(asked.id, asked.attempt) and not asked.given_up:
            if found.code == Code.NOT_READY and not asked.what.again:
                self._later.append((now + SOON, asked))
            else:
                outputs = asked.then(frame, None, now)
                kept = next((one.answer for one in outputs if isinstance(one, Answered)), None)
        heard = Heard(frame, True, asked.id, asked.number, found.ok, kept, attempt=asked.attempt)
        return [heard, *outputs], True

    @property
    def deadline(self) -> int | None:
        """The instant at which something is asked once more."""
        return min((at for at, _ in self._later), default=None)

    def again(self, now: int, *, all: bool = False) -> list[Output]:
        """Ask once more what OBS was not ready for: what is due, or ``all`` of it."""
        due = [asked for at, asked in self._later if all or at <= now]
        self._later = [] if all else [(at, asked) for at, asked in self._later if at > now]
        outputs: list[Output] = []
        for asked in due:
            if self._in_flight.gave_up(asked.id, asked.attempt):
                continue
            frame = asked.what.frame
            what = _Asking(frame, again=True)
            self._in_flight.add(Asked(asked.wire, "", what, asked.then, asked.id, asked.attempt, asked.number, now))
            outputs.append(Send(frame, asked.id, asked.attempt, asked.number))
        return outputs

    # -- what nobody waits for

    def give_up(self, job: Job) -> None:
        """Note that nobody waits for this attempt any more."""
        self._in_flight.give_up(*job)

    def gave_up(self, job: Job) -> bool:
        """Tell whether this attempt was given up."""
        return self._in_flight.gave_up(*job)

    def supersede(self, number: int, older: Sequence[int]) -> int | None:
        """Note that a frame follows the ``older`` ones of its lane; give when the oldest went that was waited for."""
        waited = [
            one
            for one in self._in_flight.wanted
            if one.number is not None and one.number in older and one.number < number
        ]
        for asked in waited:
            asked.given_up = True
        return min((asked.since for asked in waited), default=None)

    def abandon(self) -> None:
        """Note that nobody waits for anything the show has asked: OBS is mute."""
        self._in_flight.abandon()

    @property
    def wanted(self) -> tuple[tuple[Job | None, int | None], ...]:
        """Whose answers are waited for, the oldest first: attempts of commands, or numbers of frames."""
        later = tuple(asked for _, asked in self._later)
        return tuple(
            (None if asked.id is None or asked.attempt is None else (asked.id, asked.attempt), asked.number)
            for asked in (*self._in_flight.wanted, *later)
            if asked.id is not None or asked.number is not None
        )

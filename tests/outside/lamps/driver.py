# ruff: noqa: ARG002 - a driver has to take all that it may be told
"""The desk's driver: looks are reported when they are over; where that is not told, the driver ends them itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lamps.table import fade
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Condition,
    Drop,
    Ended,
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

SPARE = 1_000_000


@dataclass
class Fading:
    id: int
    attempt: int
    until: int
    accepted: bool = False


class LampsDriver:
    """One desk. See ``vocabulary.Driver`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._seed = f"{terms.seed}-"
        self._connection: int | None = None
        self._fading: Fading | None = None
        self._looks: tuple[str, ...] = ()
        self._lamps: tuple[str, ...] = ()
        self._asked = False

    def connected(self, connection: int, now: int, way: str = "", origin: str | None = None) -> Sequence[Output]:
        self._connection = connection
        return [Condition("connecting"), Send({"do": "hello"})]

    def disconnected(self, connection: int, now: int, reason: str, code: int | None = None) -> Sequence[Output]:
        if connection != self._connection:
            return []
        self._connection = self._fading = None
        return [Condition("lost", reason)]

    def listen(self, events: Sequence[str], now: int) -> Sequence[Output]:
        return []

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        said = frame if isinstance(frame, dict) else {"text": frame}
        if "desk" in said:
            self._looks, self._lamps = tuple(said["looks"]), tuple(said["lamps"])
            listed = [self._listed()] if self._asked else []
            self._asked = False
            return [Heard(said, reply=True), *([Condition("ready")] if not listed else []), *listed]
        if "pressed" in said:
            fields = {"key": str(said["pressed"]), "hard": said.get("hard", 1)}
            return [Heard(said, reply=False), Happened("pressed", fields)]
        fading, wire = self._fading, str(said.get("id", said.get("over", ""))).removeprefix(self._seed)
        if wire.startswith("s"):
            number = int(wire[1:])
            return [Heard(said, reply=True, number=number, ok=True), FrameAnswered(number, ok=True)]
        if fading is None or wire != f"{fading.id}.{fading.attempt}":
            return [Heard(said, reply=False)]
        if "over" in said:
            self._fading = None
            return [Heard(said, reply=False, id=fading.id), Ended(fading.id, fading.attempt)]
        fading.accepted = bool(said["ok"])
        if not fading.accepted:
            self._fading = None
        wrong = said.get("error")
        heard = Heard(said, reply=True, id=fading.id, ok=fading.accepted, attempt=fading.attempt)
        return [heard, Answered(fading.id, fading.attempt, ok=fading.accepted, reason=wrong)]

    @property
    def deadline(self) -> int | None:
        return None if self._fading is None else self._fading.until

    def elapsed(self, now: int) -> Sequence[Output]:
        fading = self._fading
        if fading is None or fading.until > now:
            return []
        self._fading = None
        note = Condition("note", "the desk did not say that the fade is over", fading.id)
        return [note, Ended(fading.id, fading.attempt)] if fading.accepted else []

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        if command.verb.name == "flash":
            return [Send({"do": "flash"}, id, attempt), Answered(id, attempt, ok=True)]
        over = fade(command, self._terms.settings)
        self._fading = Fading(id, attempt, now + over + SPARE)
        wire = f"{self._seed}{id}.{attempt}"
        return [Send({"do": "look", "id": wire, "look": command.get("LOOK"), "over": over // 1000}, id, attempt)]

    def frame(self, lane: str, number: int, values: Mapping[str, Quantity], now: int) -> Sequence[Output]:
        return [Send({"do": "levels", "levels": dict(values), "id": f"{self._seed}s{number}"}, number=number)]

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:
        return [FrameAnswered(number, ok=True)]

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        return [Values(dict.fromkeys(properties, 0), lane)]

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        if self._fading is not None and self._fading.id == id:
            self._fading = None
        return []

    def panic(self, now: int) -> Sequence[Output]:
        self._fading = None
        return [Silent()]

    def hush(self, now: int) -> Sequence[Output]:
        return [Silent()]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        return [Drop(connection, "the desk is silent")] if gone else [Send({"do": "hello"})]

    def inventory(self, now: int) -> Sequence[Output]:
        self._asked = True
        return [Send({"do": "hello"})]

    def _listed(self) -> Listed:
        names = {"looks": self._looks, "lamps": self._lamps}
        return Listed({name: tuple(map(Entry, entries)) for name, entries in names.items()})

"""What a house stands on: one log a channel, a store, and words that may be lost. Shapes only.

``memory`` has it in this process on a virtual clock, ``jetstream`` on a server. No method waits: what becomes of a call
arrives as ``Mail``, with one of the values below in it.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias

from showrunner.house.messages import Kind
from showrunner.slotted import dataclass

MAIL = "house"
"""The name under which mail arrives in an inbox."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A record of a log that is followed. They come in order, each once or more, and some may be missing."""

    channel: str
    seq: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Appended:
    """What was to be appended is in the log, at ``seq``."""

    channel: str
    seq: int


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody knows whether it is in the log: another record stands there, or the acknowledgement was lost. ``why`` in
    words; ``full``: the log has no room for it.
    """

    channel: str
    why: str
    full: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What stands in a log behind ``after``, in order, perhaps not all of it; ``last``: where the log ends.

    ``wrong``: it could not be read, in words.
    """

    channel: str
    after: int
    records: tuple[tuple[int, bytes], ...]
    last: int
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the last show of a channel begins, and where its log ends; 0: there is none. ``wrong`` as above."""

    channel: str
    show: int
    last: int
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the store has under a hash; None: nothing, or it could not be reached."""

    hash: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class Kept:
    """What was to be stored is in the store; ``wrong``: why not."""

    hash: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said something under a subject."""

    subject: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Line:
    """The way to the server: it is there again, or it is lost, and why."""

    up: bool
    why: str = ""


News: TypeAlias = Recorded | Appended | Unsure | Fetched | Found | Loaded | Kept | Said | Line


class Bus(Protocol):
    """One machine's way into the house."""

    def follow(self, channel: str) -> None:
        """Have a log, made if there is none, and be told of its records as they come (``Recorded``)."""
        ...

    def append(self, channel: str, kind: Kind, after: int, data: bytes) -> None:
        """Append a record right behind ``after``, or not at all: ``Appended`` or ``Unsure``."""
        ...

    def fetch(self, channel: str, after: int) -> None:
        """Read what stands behind ``after``: ``Fetched``."""
        ...

    def find(self, channel: str) -> None:
        """Look for the last show of a channel: ``Found``."""
        ...

    def store(self, hash: str, data: bytes) -> None:
        """Keep something under its SHA-256: ``Kept``."""
        ...

    def load(self, hash: str) -> None:
        """Read it: ``Loaded``."""
        ...

    def listen(self, subject: str) -> None:
        """Be told what is said under a subject (``Said``); it may end with `.*`."""
        ...

    def say(self, subject: str, data: bytes) -> None:
        """Say something to whoever listens."""
        ...

    def purge(self, channel: str, before: int) -> None:
        """Remove from a log what stands before a record."""
        ...

    def close(self) -> None:
        """End it."""
        ...

"""The states of a command, as one table. Everything that changes a command's state asks it; nothing else decides.

A command is *queued* in its lane, *sent*, *lasting* when it has its reply but its time, its voice or its frames have
not ended, and *ended* with exactly one outcome. A retry goes from sent back to queued. A streamed command (a held or
moving value) has no place in a queue: it is *lasting* from the moment it is taken, and its frames are its sending.
"""

from __future__ import annotations

from enum import IntEnum, auto
from types import MappingProxyType


class State(IntEnum):
    """Where a command is."""

    QUEUED = auto()
    SENT = auto()
    LASTING = auto()
    ENDED = auto()


class Change(IntEnum):
    """What may happen to a command."""

    SEND = auto()
    STREAM = auto()
    ANSWER = auto()
    RETRY = auto()
    END = auto()


TRANSITIONS = MappingProxyType(
    {
        (State.QUEUED, Change.SEND): State.SENT,
        (State.QUEUED, Change.STREAM): State.LASTING,
        (State.QUEUED, Change.END): State.ENDED,
        (State.SENT, Change.ANSWER): State.LASTING,
        (State.SENT, Change.RETRY): State.QUEUED,
        (State.SENT, Change.END): State.ENDED,
        (State.LASTING, Change.RETRY): State.QUEUED,
        (State.LASTING, Change.END): State.ENDED,
    }
)


def after(state: State, change: Change) -> State:
    """Give the state that follows; a change the table does not know is a mistake of ours and raises KeyError."""
    return TRANSITIONS[state, change]


RESULTS = ("done", "failed", "timed-out", "skipped", "cancelled")
"""The outcomes, in the order in which they are counted."""

HARMLESS = frozenset({"over", "stop", "seek", "reload", "panic"})
"""Reasons for which a `skipped` is no failure."""


def badly(result: str, reason: str | None) -> bool:
    """Tell whether a command ended badly: what the user should see, and what `else` and exit code 3 are about."""
    return result in {"failed", "timed-out"} or (result == "skipped" and reason not in HARMLESS)

"""The states of a command as one table, and its outcomes. What changes a command's state asks the table; nothing else
decides.

A command is *queued* in its lane and *sent* when its turn comes. With its reply it is *lasting*: its `for` is not over,
or what it began (a voice). One whose values frames carry (it is held, or moves) has no place in a queue: it is
*carried* from the moment it is taken. Each has *ended* with exactly one outcome. Where an attempt is given up and there
is another, a command is queued again, before everything else in its lane; one that is carried is carried anew.

The table has every state and everything that may befall a command. ``IGNORED``: it is about what is over (an attempt
that was given up, a command that has its outcome) or not the business of the command, and changes nothing. ``NEVER``:
it cannot be, and is a mistake of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto
from types import MappingProxyType
from typing import Final, Literal, TypeAlias


class State(IntEnum):
    """Where a command is."""

    QUEUED = auto()
    SENT = auto()
    LASTING = auto()
    CARRIED = auto()
    ENDED = auto()


class Incident(IntEnum):
    """What may befall a command: it goes, or is put in a frame; its reply comes, its end is reported, its `for`
    has passed; it is tried again; it ends.
    """

    SEND = auto()
    CARRY = auto()
    ANSWER = auto()
    REPORT = auto()
    PASS = auto()
    RETRY = auto()
    END = auto()


IGNORED: Final = "ignored"
NEVER: Final = "never"

_Q, _S, _L, _C, _E = State

Cell: TypeAlias = State | Literal["ignored", "never"]

TABLE: Mapping[Incident, tuple[Cell, Cell, Cell, Cell, Cell]] = MappingProxyType(
    {
        #                 queued    sent      lasting   carried   ended
        Incident.SEND:   (_S,       NEVER,    NEVER,    NEVER,    NEVER),
        Incident.CARRY:  (_C,       NEVER,    NEVER,    NEVER,    NEVER),
        Incident.ANSWER: (IGNORED,  _L,       IGNORED,  _C,       IGNORED),
        Incident.REPORT: (IGNORED,  _S,       _L,       IGNORED,  IGNORED),
        Incident.PASS:   (NEVER,    _S,       _L,       _C,       IGNORED),
        Incident.RETRY:  (NEVER,    _Q,       _Q,       _C,       IGNORED),  # what it holds on is carried anew
        Incident.END:    (_E,       _E,       _E,       _E,       IGNORED),
    }
)  # fmt: skip


def after(state: State, incident: Incident) -> State | None:
    """Give the state that follows; None where it is ignored. What can never be raises a ValueError."""
    found = TABLE[incident][state - 1]
    if isinstance(found, State):
        return found
    if found == NEVER:
        raise ValueError(f"a command that is {state.name} never meets {incident.name}")
    return None


RESULTS = ("done", "failed", "timed-out", "skipped", "cancelled")
"""The outcomes, in the order in which they are counted."""

HARMLESS = frozenset({"over", "stop", "seek", "reload", "panic"})
"""Reasons for which a `skipped` is no failure; what a `hush` took out of its lane is none either."""


def badly(result: str, reason: str | None) -> bool:
    """Tell whether a command ended badly: what the user should see, and what `else` and exit code 3 are about."""
    harmless = reason in HARMLESS or (reason or "").startswith("hushed by ")
    return result in {"failed", "timed-out"} or (result == "skipped" and not harmless)

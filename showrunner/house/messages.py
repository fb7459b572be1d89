"""What is in the log of a channel and what is said beside it: one shape each, with one JSON form.

A record of the log has what went in (turns: the calls of a ``Conductor``, with their instants) and what came out: the
journal entries, and the calls to the devices. A follower makes the same turns and compares; a stagehand reads the
calls; whoever wants the journal needs only the entries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal

from showrunner.house.forms import Malformed, packed, plain, read, unpacked
from showrunner.slotted import dataclass

FORM = 1
"""The version of these messages."""

Kind = Literal["show", "lead", "log"]
"""Under which subject of its channel a record stands."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a show begins with: all that a machine needs to play it along. It is in the first record alone.

    ``version`` and ``tables`` as in ``words``. ``texts`` is the hash of the script with what belongs to it, in the
    store. ``hands``: who has which device. ``zone``: by how many seconds the clock on the wall is ahead of Greenwich.
    ``bill``: what the first entry of the journal says besides.
    """

    version: str
    tables: str
    texts: str
    script: str
    hands: Mapping[str, str]
    seed: str
    epoch: int
    zone: int
    options: Mapping[str, Any] = field(default_factory=dict)
    bill: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a log. ``by`` wrote it, as its ``number``-th: so it knows it again when an acknowledgement is lost.

    ``now``: the instant of the show's clock at which it was closed. ``why``, where somebody begins to lead.
    ``calls``: a call each, as ``[now, kind, device or what it says …]``.
    """

    by: str
    number: int
    now: int
    turns: tuple[list[Any], ...] = ()
    entries: tuple[dict[str, Any], ...] = ()
    calls: tuple[list[Any], ...] = ()
    opening: Opening | None = None
    why: str = ""
    form: int = FORM


@dataclass(frozen=True, slots=True)
class Beat:
    """The leader lives. ``last``: where its log ends, ``now``: the show's clock; ``had``: of each stagehand the life,
    and the number of the last of its messages that is in the log.
    """

    by: str
    term: int
    last: int
    now: int
    wall: int = 0
    had: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Up:
    """What a stagehand's driver said, all of one call, as its ``n``-th message of this ``life``.

    ``age``: so many microseconds ago.
    """

    hand: str
    life: str
    n: int
    device: str
    age: int
    outputs: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Here:
    """A stagehand is there. ``last``: the number of its last message; ``term``: of the leader that it heard last.

    ``applied``: how far it has read the log; 0: it plays no show. ``missing``: devices that are not ready, with what to
    do about each; ``hoping``: one waits for a person.
    """

    hand: str
    life: str
    last: int = 0
    term: int = 0
    applied: int = 0
    channel: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)
    hoping: bool = False
    patience: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A stagehand is to play a show: that whose first record stands at ``show`` in the log of ``channel``.

    ``since``: what stands up to there was for an earlier life of it; of that it takes what stands, not what happens.
    """

    channel: str
    show: int
    since: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What a stagehand has: its devices as their stage has them. ``busy``: the channel that it plays on."""

    hand: str
    life: str
    version: str
    devices: Mapping[str, Mapping[str, Any]]
    busy: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """A leader lacks what a stagehand said ``after`` so many messages: it is to say it again."""

    by: str
    after: int


@dataclass(frozen=True, slots=True)
class Ready:
    """Somebody stands by for a channel: in which ``state``, and why in words."""

    by: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody presses, from another machine. The same ``id`` is done once, however often it is asked."""

    id: str
    press: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of it: ``at`` which show time it was taken, or the ``reason`` why not."""

    id: str
    ok: bool
    at: int | None = None
    reason: str = ""


Message = Record | Beat | Up | Here | Claim | Offer | Asking | Ready | Asked | Done

_KINDS: Mapping[str, type[Any]] = {
    kind.__name__.lower(): kind for kind in (Record, Beat, Up, Here, Claim, Offer, Asking, Ready, Asked, Done)
}


def written(message: Message) -> bytes:
    """Give a message as it goes over the wire."""
    return packed({"is": type(message).__name__.lower(), **plain(message)})


def heard(data: bytes, most: int | None = None) -> Message:
    """Read a message that came; raises ``Malformed``."""
    said = unpacked(data) if most is None else unpacked(data, most)
    if not isinstance(said, dict) or said.get("is") not in _KINDS:
        raise Malformed("no message of a house")
    made: Message = read(_KINDS[said.pop("is")], said)
    return made

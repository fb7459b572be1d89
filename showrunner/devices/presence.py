"""What people see and hear of a device: as what a command is drawn, how it looks, speaks and calls, how it is tried.

Rows for tables, read wherever a show is drawn or told of. How anything is drawn is the business of whoever draws it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from showrunner.slotted import dataclass

Draws: TypeAlias = Literal[
    "face",
    "mouth",
    "part",
    "badge",
    "framing",
    "position",
    "frame",
    "page",
    "picture",
    "text",
    "clip",
    "value",
]
"""What the audience sees of a command: a face, a mouth that speaks, a part of a model, a sign beside it for a moment,
how near the camera is, where something stands; what fills the frame (a scene), a page of slides, a picture or a figure,
written words, a clip that runs, a value.
"""

STANDS: frozenset[Draws] = frozenset({"frame", "page", "picture", "text"})
"""What of it stands until another command of its kind."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a device speaks.

    ``alone``: its verb that needs no device before it (`say "hi"`): the first device of the stage that has it is meant.
    ``cut_by``: the setting without which nobody can cut what it says; None: nobody ever can; empty: it can always be
    cut. ``sample``: a short line, without the device's name, by which it is tried.
    """

    alone: str = ""
    cut_by: str | None = None
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is seen from ``start`` to ``end`` (microseconds of show time; None: it stays), because of the command
    that was given in the place ``by``.

    It is number ``number`` of ``of``; its ``title`` and ``lines`` are what can be read of it. ``says``: what is said
    meanwhile, as (start, end, text, emotion).
    """

    by: int
    start: int
    end: int | None
    number: int
    of: int
    title: str
    lines: tuple[str, ...] = ()
    says: tuple[tuple[int, int, str, str | None], ...] = ()


Colour: TypeAlias = Literal["teal", "violet", "red", "blue", "amber", "green"]

COLOURS: tuple[Colour, ...] = ("teal", "violet", "red", "blue", "amber", "green")
"""All of them, as styles number them."""

Shape: TypeAlias = Literal["circle", "square", "triangle", "diamond"]


@dataclass(frozen=True, slots=True)
class Looks:
    """How a device is told from the others in a picture. No colour says anything alone, so it has a ``shape``, too."""

    colour: Colour
    shape: Shape


@dataclass(frozen=True, slots=True)
class Beacon:
    """How a program calls into the network that it is there: datagrams that come unasked to a UDP ``port``.

    ``doctor`` listens for it. ``says`` reads one: what it tells; None: it is no call of this program. ``every``: so
    many microseconds lie between two of them, at most.
    """

    port: int
    every: int
    says: Callable[[Mapping[str, Any]], str | None]


@dataclass(frozen=True, slots=True)
class Tried:
    """How a trial went: whether all is well, what was found, and where it is not well what to do about it."""

    right: bool
    said: str
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Trial:
    """How a ``way`` by HTTP is tried before an evening: requests that change nothing, and what is read off the answers,
    in their order.
    """

    way: str
    requests: tuple[dict[str, Any], ...]
    judge: Callable[[Sequence[dict[str, Any]]], Tried]


@dataclass(frozen=True, slots=True)
class First:
    """What somebody meets of a device who begins with it: what `new` asks, and what it writes.

    ``about``: what it is, in a few words. ``switched``: where its program lets others in. ``settings``: what the stage
    file says beside its address. The rest are commands of a first show, without the device's name: what stands when it
    ``begins``, what ``joins`` in, what comes ``later``, and what goes to and fro in ``turns``. Where none of these says
    anything, it is examples of the table.
    """

    about: str = ""
    switched: str = ""
    settings: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    turns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Saying:
    """What a frame that was sent has a voice say, and with which face, where the program shows one."""

    text: str
    emotion: str | None = None

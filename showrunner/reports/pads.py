"""Pads: what the operator can press in a show, where that is heard, and what a press may bring. Read off its cue list.

Not whether a press is waited for now, nor how often it was pressed: that is in the journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from showrunner.devices.vocabulary import Answer, Command
from showrunner.slotted import dataclass
from showrunner.timeline import cues, labels, revise
from showrunner.timeline.cues import Body, CueList, Habit

TEXT, BUTTON = "text", "button"
"""The fields of every press: what came with it, and its own name, which nobody types."""


@dataclass(frozen=True, slots=True)
class Ear:
    """A `when` that hears a button: its ``segment`` (None: it stands at the left edge), its ``cue`` in the journal.

    ``habit``: what it does while its block plays. ``every``: it begins at most one turn in so many microseconds.
    """

    segment: str | None
    cue: str
    habit: Habit
    every: int | None


@dataclass(frozen=True, slots=True)
class Pad:
    """A button: the ``segment`` in which it is heard first (None: in all), and each `when` that hears it.

    ``keeps``: a press that nobody waits for yet is kept. ``brings``: the fields of a press that some line of the show
    reads, its text first.
    """

    name: str
    segment: str | None
    ears: tuple[Ear, ...]
    keeps: bool
    brings: tuple[str, ...]


def pads(show: CueList) -> list[Pad]:
    """List the buttons of a show, in the order of the text."""
    if not show.buttons:
        return []
    ears: dict[str, list[Ear]] = {}
    for when in labels.whens(show):
        step = revise.when_of(when.body)
        ear = Ear(when.segment or None, when.place(0).label.text(), step.habit, step.every)
        for name in _buttons(step):
            ears.setdefault(name, []).append(ear)
    first: dict[str, str | None] = {}
    for track in show.whens:
        for name in (name for step in _listening(track) for name in _buttons(step)):
            first.setdefault(name, None)
    kept: dict[str, set[tuple[str, bool]]] = {}
    read: dict[str, dict[str, None]] = {}
    for segment in show.segments:
        for step in _listening(segment):
            for name in _buttons(step):
                first.setdefault(name, segment.name)
    for one in _within(show):
        if isinstance(one, Answer):
            read.setdefault(one.name, {})[one.field or ""] = None
        elif getattr(one, "keep", None) is not None:
            for name in _buttons(one):
                kept.setdefault(name, set()).add((one.keep, len(one.events) == 1))
    return [
        Pad(name, first.get(name), tuple(ears.get(name, ())), name in show.keeps, _brings(kept.get(name, set()), read))
        for name in show.buttons
    ]


def _buttons(step: Any) -> dict[str, None]:
    return {event.name: None for event in step.events if event.kind == "button" and event.name is not None}


def _brings(kept: set[tuple[str, bool]], read: Mapping[str, Mapping[str, None]]) -> tuple[str, ...]:
    """Give the fields that are read of what is kept by these names; ``alone``: the main one is its text."""
    found = [field or (TEXT if alone else BUTTON) for name, alone in kept for field in read.get(name, ())]
    others = dict.fromkeys(field for field in found if field not in {TEXT, BUTTON})
    return (*([TEXT] if TEXT in found else []), *sorted(others))


def _listening(thing: Any) -> Iterator[Any]:
    """Give all that waits for events, or hears them, within something of a show."""
    return (one for one in _within(thing) if not isinstance(one, Answer))


def _within(thing: Any) -> Iterator[Any]:
    """Give all that has events, and every place in a text that is open, within something of a show, in order."""
    stack, seen = [thing], set[int]()
    while stack:
        one = stack.pop()
        if isinstance(one, Answer):
            yield one
        elif isinstance(one, tuple | list):
            stack.extend(reversed(one))
        elif isinstance(one, Mapping):
            stack.extend(one.values())
        elif isinstance(one, Command):
            stack.extend(argument.value for argument in one.arguments)
        elif type(one).__module__ == cues.__name__:
            if isinstance(one, Body):
                if id(one) in seen:
                    continue
                seen.add(id(one))
            if hasattr(one, "events") and one is not thing:
                yield one
            stack.extend(getattr(one, field.name) for field in reversed(fields(one)))

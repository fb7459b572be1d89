"""A `when`, compiled: the events it hears, what it does with them, and the block of its turns.

It stands beside the lists of its segment, or of the whole show, and has no say in how long these take. What is kept in
a turn is known in that turn alone, so its facts are looked at apart from all others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from showrunner.diagnostics.sentence import sentence
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.bodies import body
from showrunner.timeline.compile.constants import Constant, filled
from showrunner.timeline.compile.draft import Draft, Hearer, Room
from showrunner.timeline.compile.events import awaited, says
from showrunner.timeline.compile.modifiers import modifiers_of, time_of
from showrunner.timeline.compile.notes import Note, settled

_ALWAYS = cues.Position(False, 0, None)


def hearer(room: Room, draft: Draft, node: nodes.When, path: str, line: int) -> Hearer:
    """Compile a `when`. ``draft`` reads the values of its own line."""
    events = awaited(draft, node.events, "`when`")
    modifiers = modifiers_of(draft, () if node.keep is None else (node.keep,), ("->",), "when")
    if modifiers.keep is not None:
        says(draft, modifiers.keep, events, modifiers.default, node.span)
    every = None if node.every is None else time_of(draft, node.every, "`at most every`", least=1)
    uses: dict[str, Constant | None] = {}
    block = body(room, node.body, {}, 1, uses)
    spot = node.span.place(path, line)
    notes = [*draft.notes, *block.notes]
    facts = [fact for fact in [*draft.facts, *block.facts] if fact.kind != "endless"]
    for fact in block.facts:
        if fact.kind == "endless":
            message = sentence(
                "a `repeat` without end cannot stand in the turns of a `when`: each turn would start one more"
            )
            advice = sentence("give it a number of times, or put it into a track")
            notes.append(fact.spot.note("E204", message, advice))
    track = None
    if len(events) == len(node.events) and (every is not None or node.every is None):
        text = f"when {node.source}"
        habit = cast("cues.Habit", node.policy or "queue")
        step = cues.When(
            events,
            modifiers.keep,
            modifiers.default,
            habit,
            every,
            block.takes,
            block.body,
            text,
            node.span,
            filled(text, draft),
        )
        notes.extend(_calls_itself(step, node))
        track = cues.Track("", path, line, cues.Body((cues.Cue(0, None, _ALWAYS, "", (step,), node.span),)))
    return Hearer(
        track,
        spot,
        tuple(settled(note, path, line) for note in notes),
        tuple(fact._replace(spot=fact.spot.placed(path, line)) for fact in facts),
        draft.devices | block.devices,
        block.count,
        frozenset(name[3:] for name in uses if name.startswith("do ")),
    )


def _calls_itself(step: cues.When, node: nodes.When) -> Iterator[Note]:
    """W523: a command of the block brings about what the `when` hears."""
    for event, heard in zip(step.events, node.events, strict=True):
        if event.device is None:
            continue
        for sent in _sent(step.body):
            command = sent.command
            caused = command.device == event.device and event.name in command.verb.causes
            given = {argument.value for argument in command.arguments if isinstance(argument.value, str | int | float)}
            told = all(isinstance(argument.value, str | int | float) for argument in command.arguments)
            caused = caused and all(value in given for what, value in command.verb.only_with if what == event.name)
            if caused and not (told and any(value not in given for _, value in event.values)):
                message = sentence(
                    "`{sent}` in the block brings this about again: each turn would begin the next", sent.text
                )
                yield Note(
                    "W523",
                    heard.span,
                    message,
                    sentence("let something else begin it, or be told less: `at most every 20s`"),
                )
                break


def _sent(body: cues.Body) -> Iterator[cues.Send]:
    waiting, seen = [body], set[int]()
    while waiting:
        here = waiting.pop()
        if id(here) in seen:
            continue
        seen.add(id(here))
        for step in (step for cue in here.cues for step in cue.steps):
            if isinstance(step, cues.Send):
                yield step
            waiting.extend(cues.bodies(step))

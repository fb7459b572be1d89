"""A device's command in which something is chosen, compiled: `say choose "a" or "b"`."""

from __future__ import annotations

from dataclasses import replace

from showrunner.devices.vocabulary import Command
from showrunner.syntax import nodes
from showrunner.timeline import cues
from showrunner.timeline.compile.choices import as_written
from showrunner.timeline.compile.constants import filled
from showrunner.timeline.compile.draft import Block, Draft
from showrunner.timeline.compile.modifiers import Modifiers
from showrunner.timeline.compile.notes import Note
from showrunner.timeline.compile.sends import send


def picking(draft: Draft, node: nodes.DeviceCommand, modifiers: Modifiers, meanwhile: Block | None) -> cues.Send | None:
    """Compile a device's command; where something is chosen in it, each of it in turn, others at their first."""
    picks = {place: value for place, value in enumerate(node.arguments) if isinstance(value, nodes.Pick)}
    if not picks:
        return send(draft, node, modifiers, meanwhile)

    def variant(at: dict[int, int]) -> nodes.DeviceCommand:
        given = [v.choices[at.get(n, 0)] if isinstance(v, nodes.Pick) else v for n, v in enumerate(node.arguments)]
        return replace(node, arguments=tuple(given))

    made: list[cues.Pick] = []
    notes: list[Note] = []
    longest: dict[int, int] = {}
    for place, pick in picks.items():
        takes: list[int] = []
        commands: list[Command] = []
        for number in range(len(pick.choices)):
            aside = Draft(draft.at_hand, draft.node, draft.parameters, draft.depth, draft.uses)
            step = send(aside, variant({place: number}), modifiers, meanwhile)
            notes.extend(aside.notes)
            draft.facts.extend(fact for fact in aside.facts if fact not in draft.facts)
            if step is not None:
                commands.append(step.command)
                takes.append(aside.finish)
        if len(commands) == len(pick.choices):
            longest[place] = takes.index(max(takes))
            told = [filled(one, draft) or one for one in (*map(as_written, pick.choices), pick.source)]
            shortest = takes.index(min(takes))
            words = "\n".join(map(as_written, pick.choices))
            made.append(cues.Pick(words, tuple(commands), tuple(told[:-1]), told[-1], shortest, longest[place]))
    before = len(draft.notes)
    counted = send(draft, variant(longest), modifiers, meanwhile)
    draft.notes[before:] = dict.fromkeys([*draft.notes[before:], *notes])
    if counted is None or len(made) < len(picks):
        return None
    return replace(counted, command=made[0].commands[0], picks=tuple(made))

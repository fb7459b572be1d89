"""The model's own names: what a catalogue lists, and what it says of each. Without a catalogue every name is taken."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from showrunner.devices.forms import FILLED, WORD, Atom, Match
from showrunner.devices.vocabulary import Argument, Entry, Kind
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, there_are
from showrunner.timeline.compile.misfits import reach_of
from showrunner.timeline.compile.notes import Note
from showrunner.timeline.compile.posts import Post


def looked_up(match: Match, atoms: Sequence[Atom], post: Post) -> tuple[Match, list[Note]]:
    """Give the match with every listed name in the catalogue's spelling, and what the model does not have."""
    notes: list[Note] = []
    arguments: list[Argument] = list(match.arguments)
    holder: Entry | None = None
    for place, hole in enumerate(match.holes):
        atom, argument = atoms[hole.atom], arguments[place]
        entries = post.lists.get(hole.kind.catalogue) if hole.kind.catalogue else None
        if entries is not None:
            holder = None
            value = argument.value
            if isinstance(value, str):
                named = entries.get(value.casefold())
                holder = named or next((one for one in entries.values() if one.id == value), None)
                if holder is None:
                    notes.append(_no_such(hole.kind, value, atom, [entry.name for entry in entries.values()], post))
                elif named is not None and named.name != value:
                    arguments[place] = replace(argument, value=holder.name)
            elif (
                isinstance(value, int) and (known := post.indexes.get(hole.kind.catalogue or "")) and value not in known
            ):
                message = sentence(
                    "`{post}` has nothing at {value}: the catalogue has other indexes for its {catalogue}",
                    post.name,
                    value,
                    hole.kind.catalogue,
                )
                advice = there_are([str(index) for index in sorted(known)])
                notes.append(Note("E308", atom.span, message, advice))
        elif holder is not None and hole.kind.accepts == "number":
            low, high, value = holder.minimum, holder.maximum, argument.value
            if (low is not None and value < low) or (high is not None and value > high):
                reach = reach_of(low, high)
                told = f"{value} (`{atom.source}`)" if atom.source.startswith("$") else atom.source
                message = sentence("`{holder}` goes {reach} on this model, not to {told}", holder.name, reach, told)
                notes.append(Note("E411", atom.span, message, sentence("write a number {reach}", reach)))
    if notes or all(new is old for new, old in zip(arguments, match.arguments, strict=True)):
        return match, notes
    return replace(match, arguments=tuple(arguments)), notes


def _holding(value: str, names: list[str]) -> str | None:
    """Find the one name that has this as one of its words: `Wave` in `Emote_Wave`."""
    holding = [name for name in names if value.casefold() in re.split(r"[\W_]+", name.casefold())]
    return holding[0] if len(holding) == 1 else None


def _no_such(kind: Kind, value: str, atom: Atom, names: list[str], post: Post) -> Note:
    close = nearest(value, names) or _holding(value, names)
    advice = did_you_mean(close, there_are(names) if names else sentence("its list in the catalogue is empty"))
    fix = close if close and atom.shape == WORD and atom.shape != FILLED else None
    message = sentence(
        "`{post}` has no `{value}`: the catalogue does not list it among its {catalogue}",
        post.name,
        value,
        kind.catalogue,
    )
    return Note("E308", atom.span, message, advice, fix)

"""Lists that play side by side, put together: the tracks of a `define` as one block, as whoever does it sees them.

How a list is compiled is in ``bodies``; what is looked for in lists beside each other, in the checks.
"""

from __future__ import annotations

from showrunner.timeline import cues
from showrunner.timeline.compile.draft import DEFINE, Beside, Block, Listed, Looks
from showrunner.timeline.compile.facts import MET
from showrunner.timeline.compile.notes import moved


def together(lists: tuple[Listed, ...], unknown: frozenset[str], looks: Looks) -> Block:
    """Put the tracks of a `define` together. It has no list of its own; which cues they wait for is their business."""
    blocks = [listed.block for listed in lists]
    notes = [moved(note, listed.base) for listed in lists for note in listed.block.notes]
    notes += looks.beside(Beside(DEFINE, lists, unknown))
    facts = [
        fact._replace(spot=fact.spot.further(listed.base))
        for listed in lists
        for fact in listed.block.facts
        if fact.kind not in MET
    ]
    return Block(
        cues.Body(()),
        [],
        notes,
        facts,
        frozenset().union(*(block.devices for block in blocks)),
        sum(block.count for block in blocks),
        max(block.height for block in blocks),
        any(block.stops for block in blocks),
        max(block.takes for block in blocks),
        all(block.exact for block in blocks),
        [(lower + listed.base, said) for listed in lists for lower, said in listed.block.said],
        frozenset().union(*(block.voices for block in blocks)),
    )

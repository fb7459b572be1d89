"""`wait for cue`: the cue stands in another track of the segment, and no two wait for each other."""

from __future__ import annotations

from showrunner.diagnostics.nearest import nearest
from showrunner.timeline.draft import Block
from showrunner.timeline.notes import Note
from showrunner.timeline.words import listed


def meetings(tracks: list[tuple[str, int, Block]], unknown: frozenset[str], notes: list[Note]) -> None:
    """Check the tracks of one segment, as (name, lines below the segment, block); notes count from the segment."""
    if not any(fact.kind == "awaited" for _, _, block in tracks for fact in block.facts):
        return
    homes: dict[str, tuple[int, int]] = {}
    for index, (_, _, block) in enumerate(tracks):
        for place, (_, draft) in enumerate(block.drafts):
            if draft.node.name is not None:
                homes.setdefault(draft.node.name, (index, place))
    waits: list[tuple[int, int, str, Note]] = []
    for index, (_, base, block) in enumerate(tracks):
        for place, (line, draft) in enumerate(block.drafts):
            for named in draft.facts:
                if named.kind != "awaited":
                    continue
                home = homes.get(named.name)
                spot = named.spot.further(base + line)
                if home is None and named.name not in unknown:
                    inner = any(
                        f.kind == "named" and f.name == named.name for _, _, other in tracks for f in other.facts
                    )
                    close = nearest(named.name, homes)
                    message = f"no track of this segment has a cue `{named.name}`"
                    advice = (
                        f"did you mean `{close}`?" if close else listed(homes) if homes else "write `cue NAME at …`"
                    )
                    if inner:
                        message = (
                            f"`{named.name}` stands inside a block: only a cue of a track itself can be waited for"
                        )
                        advice = "give the cue that owns the block a name, and wait for that"
                    notes.append(spot.note("E217", message, advice))
                elif home is not None and home[0] == index:
                    message = f"`{named.name}` is a cue of this track itself, which comes in its turn"
                    notes.append(
                        spot.note("E217", message, "below it, write `then` or `at`; wait for cues of other tracks")
                    )
                elif home is not None and named.spot.through == ():
                    waits.append((index, place, named.name, spot.note("E218", "", None)))
    _circles(waits, homes, notes)


def _circles(waits: list[tuple[int, int, str, Note]], homes: dict[str, tuple[int, int]], notes: list[Note]) -> None:
    """Find waits that end only when they themselves have ended. Each depends on the waits before the cue it awaits."""
    needs: list[list[int]] = []
    for number, (track, place, name, _) in enumerate(waits):
        other, home = homes[name]
        needs.append(
            [
                index
                for index, (at, where, _, _) in enumerate(waits)
                if (at == other and where < home) or (at == track and where <= place and index < number)
            ]
        )
    left = set(range(len(waits)))
    while free := {index for index in left if not any(need in left for need in needs[index])}:
        left -= free
    if not left:
        return
    # What is left goes round or waits for what does: follow it to a circle.
    trail: list[int] = []
    step = min(left)
    while step not in trail:
        trail.append(step)
        step = next(need for need in needs[step] if need in left)
    circle = trail[trail.index(step) :]
    names = list(dict.fromkeys(waits[index][2] for index in circle))
    chain = " -> ".join([*names, names[0]])
    message = f"these cues wait for each other, so none ever comes: {chain}"
    notes.append(waits[min(circle)][3]._replace(message=message, help="let one of them come at a time of its own"))

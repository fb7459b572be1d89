"""`wait for cue`: the cue stands in another track of the segment or `define`, and no two wait for each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, there_are
from showrunner.timeline.compile.draft import Beside, Drafts, Whole
from showrunner.timeline.compile.facts import MET
from showrunner.timeline.compile.notes import Note

LONGEST_CHAIN = 12
"""So many names are told of cues that wait for each other in a circle."""

_UNTOLD = sentence("not said yet")
"""Stands until a circle is found; then the note is said of the whole of it."""


def meetings(beside: Beside) -> Iterator[Note]:
    """E217, E218: a cue that is waited for stands in no other track, or several wait for each other."""
    yield from _in_turns(beside)
    tracks = beside.lists
    if not any(fact.kind in MET for listed in tracks for fact in listed.block.facts):
        return
    homes: dict[str, tuple[int, int]] = {}
    for index, listed in enumerate(tracks):
        for place, (_, draft) in enumerate(listed.block.drafts):
            if draft.node.name is not None:
                homes.setdefault(draft.node.name, (index, place))
    waits: list[tuple[int, int, str, Note]] = []
    for index, listed in enumerate(tracks):
        drafts = listed.block.drafts

        def stands(place: int, drafts: Drafts = drafts) -> bool:
            """Tell whether a list waits for what is begun at a place: the next line is a `then`."""
            return place + 1 < len(drafts) and drafts[place + 1][1].made.position.then

        for place, (line, draft) in enumerate(drafts):
            for named in draft.facts:
                if named.kind not in MET:
                    continue
                home = homes.get(named.name)
                spot = named.spot.further(listed.base + line)
                if home is None and named.name not in beside.unknown:
                    inner = any(
                        f.kind == "named" and f.name == named.name for other in tracks for f in other.block.facts
                    )
                    close = nearest(named.name, homes)
                    message = sentence("no track of this {place} has a cue `{named}`", beside.of, named.name)
                    advice = did_you_mean(close, there_are(homes) if homes else sentence("write `cue NAME at …`"))
                    if inner:
                        message = sentence(
                            "`{named}` stands inside a block: only a cue of a track itself can be waited for",
                            named.name,
                        )
                        advice = sentence("give the cue that owns the block a name, and wait for that")
                    yield spot.note("E217", message, advice)
                elif home is not None and home[0] == index:
                    message = sentence("`{named}` is a cue of this track itself, which comes in its turn", named.name)
                    yield spot.note(
                        "E217", message, sentence("below it, write `then` or `at`; wait for cues of other tracks")
                    )
                elif home is not None and named.spot.through == () and (named.kind == "awaited" or stands(place)):
                    waits.append((index, place, named.name, spot.note("E218", _UNTOLD)))
    yield from _circles(waits, homes)


def _in_turns(beside: Beside) -> Iterator[Note]:
    """E217: what a turn of a `when` in the segment waits for is a cue of none of its tracks."""
    homes = [draft.node.name for listed in beside.lists for _, draft in listed.block.drafts if draft.node.name]
    for hearer in beside.hearers:
        for named in hearer.facts:
            if named.kind in MET and named.name not in homes and named.name not in beside.unknown:
                advice = did_you_mean(
                    nearest(named.name, homes), there_are(homes) if homes else sentence("write `cue NAME at …`")
                )
                yield named.spot.note(
                    "E217", sentence("no track of this segment has a cue `{named}`", named.name), advice
                )


def nowhere(show: Whole) -> Iterator[Note]:
    """E217: a turn of a `when` at the left edge waits for a cue, and stands in no segment that could have it."""
    inside = {hearer.spot for part in show.parts for hearer in part.hearers}
    for hearer in show.hearers:
        for named in hearer.facts if hearer.spot not in inside else ():
            if named.kind in MET:
                message = sentence(
                    "a `when` at the left edge stands beside no track that could have a cue `{named}`", named.name
                )
                yield named.spot.note("E217", message, sentence("put the `when` into the segment of the cue"))


def _circles(waits: list[tuple[int, int, str, Note]], homes: dict[str, tuple[int, int]]) -> Iterator[Note]:
    """Find waits that end only when they themselves have ended. Each depends on the waits before the cue it awaits.

    Those of a track follow each other in ``waits``, from top to bottom: so many of them are over, the rest is not.
    """
    first: dict[int, int] = {}
    places: dict[int, list[int]] = {}
    for number, (track, place, _, _) in enumerate(waits):
        first.setdefault(track, number)
        places.setdefault(track, []).append(place)
    needs: list[tuple[int, int]] = []
    for _, _, name, _ in waits:
        other, home = homes[name]
        needs.append((other, bisect_left(places.get(other, []), home)))
    over = _over(first, places, needs)
    stuck = {track: first[track] + over[track] for track in places if over[track] < len(places[track])}
    if not stuck:
        return
    # What is left goes round or waits for what does: follow it to a circle.
    trail: dict[int, int] = {}
    step = min(stuck.values())
    while step not in trail:
        trail[step] = len(trail)
        track, (other, many) = waits[step][0], needs[step]
        above = [stuck[track]] if stuck[track] < step else []
        step = min([*above, stuck[other]] if other in stuck and over[other] < many else above)
    circle = list(trail)[trail[step] :]
    names = list(dict.fromkeys(waits[index][2] for index in circle))
    shown = names if len(names) <= LONGEST_CHAIN else [*names[: LONGEST_CHAIN - 1], "…", names[-1]]
    chain = " -> ".join([*shown, names[0]])
    message = sentence("these cues wait for each other, so none ever comes: {chain}", chain)
    yield waits[min(circle)][3]._replace(message=message, help=sentence("let one of them come at a time of its own"))


def _over(first: dict[int, int], places: dict[int, list[int]], needs: list[tuple[int, int]]) -> dict[int, int]:
    """Count for each track how many of its waits end: a wait ends when those above it and those it ``needs`` have."""
    over = dict.fromkeys(places, 0)
    asleep: dict[int, list[int]] = {}
    awake = list(places)
    while awake:
        track = awake.pop()
        before = over[track]
        while over[track] < len(places[track]):
            other, many = needs[first[track] + over[track]]
            if over.get(other, 0) < many:
                asleep.setdefault(other, []).append(track)
                break
            over[track] += 1
        if over[track] > before:
            awake.extend(asleep.pop(track, ()))
    return over

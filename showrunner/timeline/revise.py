"""Two versions of a show compared: which segment, track, cue and command of the new one is which of the old.

Pure: lists in, pairs out. What becomes of a show that is playing is the engine's business (``engine/reload``).

Segments and tracks are found again by name, cues by name, then by their commands in order (position left out), and
what is left between the same two neighbours in order. Places (lines, columns) are no difference.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from showrunner.syntax.reading.unchanged import agreeing
from showrunner.timeline.cues import Await, Body, Call, Cue, CueList, Hold, Log, Pause, Repeat, Segment, Send, Step
from showrunner.timeline.labels import CuePlace, Key, Label, ListPlace, of_track, tracks

Pairs: TypeAlias = tuple[int | None, ...]
"""For each of the old, the index of the same one among the new; None: it is gone."""

MOST_CELLS = 250_000
"""Up to so many comparisons the longest common run of cues is worked out exactly; beyond, first come first served."""


@dataclass(frozen=True, slots=True)
class Revision:
    """What an edit is, as the journal's `reload` says it: labels like `opening/L5` or `song/body/kick`."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    segments: bool = False

    @property
    def nothing(self) -> bool:
        """Tell whether no command, time or order is different."""
        return not (self.added or self.removed or self.changed or self.segments)


def compare(old: CueList, new: CueList) -> Revision:
    """Say what is added, removed and changed; ``segments``: also their order, limits or titles."""
    added: list[str] = []
    removed: list[str] = []
    changed: list[str] = []
    before = {segment.name: segment for segment in old.segments}
    after = {segment.name: segment for segment in new.segments}
    frame = [(s.name, s.title, s.at_least, s.at_most, [t.name for t in s.tracks]) for s in old.segments] != [
        (s.name, s.title, s.at_least, s.at_most, [t.name for t in s.tracks]) for s in new.segments
    ]
    for name in dict.fromkeys([*after, *before]):
        tracks_before = _tracks(old, before[name]) if name in before else {}
        tracks_after = _tracks(new, after[name]) if name in after else {}
        for track in dict.fromkeys([*tracks_after, *tracks_before]):
            one, other = tracks_before.get(track), tracks_after.get(track)
            if one is None or other is None:
                for whole, found in ((one, removed), (other, added)):
                    if whole is not None:
                        found.extend(map(_named, whole.places()))
                continue
            if one.body is other.body:
                continue
            now = other.body.cues
            pairs = cues(one.body.cues, now)
            for index, pair in enumerate(pairs):
                if pair is None:
                    removed.append(_named(one.place(index)))
                elif one.body.cues[index] is not now[pair] and not same(one.body.cues[index], now[pair]):
                    changed.append(_named(other.place(pair)))
            kept = [pair for pair in pairs if pair is not None]
            if len(kept) < len(now):
                there = set(kept)
                added.extend(_named(other.place(index)) for index in range(len(now)) if index not in there)
            frame = frame or kept != sorted(kept)
    return Revision(tuple(added), tuple(removed), tuple(changed), frame or old.title != new.title)


def _tracks(show: CueList, segment: Segment) -> dict[str, ListPlace]:
    return {track.name: of_track(show, segment, track) for track in segment.tracks}


def _named(place: CuePlace) -> str:
    return named(place.within.segment, place.within.track, place.label)


def named(segment: str, track: str, label: Label) -> str:
    """Call a cue as the journal's `reload` does: `opening/L5`, and in a track besides `main`, `song/body/kick`."""
    return f"{segment}/{label.text()}" if track == "main" else f"{segment}/{track}/{label.text()}"


def renamed(old: CueList, new: CueList) -> dict[Key, Key | None]:
    """Give each cue written directly in a track of the old text with its name in the new one, None where it is gone.

    What is in a block of a cue has a name that goes on from that of its cue.
    """
    there = {(track.segment, track.track): track for track in tracks(new)}
    found: dict[Key, Key | None] = {}
    for track in tracks(old):
        now = there.get((track.segment, track.track))
        pairs = cues(track.body.cues, () if now is None else now.body.cues)
        for place, pair in zip(track.places(), pairs, strict=True):
            found[place.key] = None if now is None or pair is None else now.place(pair).key
    return found


# --- the same cue


def same(old: Cue, new: Cue) -> bool:
    """Tell whether two cues do the same at the same time, wherever they stand."""
    if old is new:
        return True
    if old.name != new.name or old.position != new.position:
        return False
    return old.steps is new.steps or (len(old.steps) == len(new.steps) and all(map(alike, old.steps, new.steps)))


def alike(old: Step, new: Step) -> bool:
    """Tell whether two steps do the same, blocks included."""
    if old is new:
        return True
    match old, new:
        case Send(), Send():
            return _sent(old, new) and _blocks(old.meanwhile, new.meanwhile)
        case Pause(), Pause():
            return old.time == new.time
        case Await(), Await():
            return (old.kind, old.device, old.name, old.within, old.policy) == (
                new.kind, new.device, new.name, new.within, new.policy
            ) and _blocks(old.meanwhile, new.meanwhile)  # fmt: skip
        case Hold(), Hold():
            return (old.label, old.within) == (new.label, new.within) and _blocks(old.meanwhile, new.meanwhile)
        case Log(), Log():
            return old.message == new.message
        case Call(), Call():
            return old.name == new.name and _blocks(old.body, new.body)
        case Repeat(), Repeat():
            return (old.count, old.every) == (new.count, new.every) and _blocks(old.body, new.body)
        case _:
            return type(old) is type(new)  # `stop` has nothing that could differ


def _sent(old: Send, new: Send) -> bool:
    one, other = old.command, new.command
    return (
        one is other
        or (
            one.device == other.device
            and one.verb is other.verb
            and one.lasting == other.lasting
            and len(one.arguments) == len(other.arguments)
            and all(
                a.name == b.name and type(a.value) is type(b.value) and a.value == b.value
                for a, b in zip(one.arguments, other.arguments, strict=True)
            )
        )
    ) and (old.wait, old.within, old.retry, old.policy, old.keep, old.default) == (
        new.wait, new.within, new.retry, new.policy, new.keep, new.default
    )  # fmt: skip


def _blocks(old: Body | None, new: Body | None) -> bool:
    if old is new:
        return True
    if old is None or new is None:
        return False
    return len(old.cues) == len(new.cues) and all(map(same, old.cues, new.cues))


# --- finding again


def cues(old: Sequence[Cue], new: Sequence[Cue]) -> Pairs:
    """Find the cues of a list again in its new version."""
    if old is new:
        return tuple(range(len(old)))
    start, end = _ends(old, new)
    middle = _middle(old[start : len(old) - end], new[start : len(new) - end])
    return (
        *range(start),
        *(None if pair is None else pair + start for pair in middle),
        *range(len(new) - end, len(new)),
    )


def _ends(old: Sequence[Cue], new: Sequence[Cue]) -> tuple[int, int]:
    """Count the cues that are the same from the top, and then from the bottom: nearly all, after a usual edit."""
    most = min(len(old), len(new))
    # What is equal is found fast; what only stands on other lines is the same too.
    start = agreeing(old, new)
    while start < most and (old[start] is new[start] or same(old[start], new[start])):
        start += 1
    left = most - start
    end = agreeing(old[: -1 - left : -1], new[: -1 - left : -1])
    while end < left and (old[-1 - end] is new[-1 - end] or same(old[-1 - end], new[-1 - end])):
        end += 1
    return start, end


def _middle(old: Sequence[Cue], new: Sequence[Cue]) -> Pairs:
    pairs: list[int | None] = [None] * len(old)
    named = {cue.name: index for index, cue in enumerate(new) if cue.name is not None}
    used: set[int] = set()
    for index, cue in enumerate(old):
        found = named.get(cue.name) if cue.name is not None else None
        if found is not None:
            pairs[index] = found
            used.add(found)
    left = [index for index, pair in enumerate(pairs) if pair is None]
    free = [index for index in range(len(new)) if index not in used]
    for one, other in common([_commands(old[i]) for i in left], [_commands(new[i]) for i in free]):
        pairs[left[one]] = free[other]
        used.add(free[other])
    _between(pairs, len(new), used)
    return tuple(pairs)


def steps(old: Cue, new: Cue) -> Pairs:
    """Find the steps of a cue again in its new version: the same command first, then one of the same kind."""
    if old.steps is new.steps:
        return tuple(range(len(old.steps)))
    pairs: list[int | None] = [None] * len(old.steps)
    used: set[int] = set()
    for signature in (_command, _kind):
        left = [index for index, pair in enumerate(pairs) if pair is None]
        free = [index for index in range(len(new.steps)) if index not in used]
        for one, other in common([signature(old.steps[i]) for i in left], [signature(new.steps[i]) for i in free]):
            pairs[left[one]] = free[other]
            used.add(free[other])
    return tuple(pairs)


def _commands(cue: Cue) -> Hashable:
    return tuple(map(_command, cue.steps))


def _command(step: Step) -> Hashable:
    """What a command is called by: its words, without blanks that mean nothing, and without its block."""
    match step:
        case Send() | Await() | Hold():
            return " ".join(step.text.split())
        case Pause():
            return ("wait", step.time)
        case Log():
            return ("log", str(step.message))
        case Call():
            return ("do", step.name)
        case Repeat():
            return ("repeat", step.count, step.every)
        case _:
            return ("stop",)


def _kind(step: Step) -> Hashable:
    """What a command must have in common with the one it was edited from."""
    match step:
        case Send():
            return ("send", step.command.device, step.command.verb.stream or step.command.verb.name)
        case Await():
            return ("wait for", step.kind)
        case Call():
            return ("do", step.name)
        case _:
            return type(step).__name__


def _between(pairs: list[int | None], count: int, used: set[int]) -> None:
    """Pair what is left between the same two neighbours, in order."""
    index = 0
    while index < len(pairs):
        if pairs[index] is not None:
            index += 1
            continue
        first = index
        while index < len(pairs) and pairs[index] is None:
            index += 1
        above = -1 if first == 0 else pairs[first - 1]
        below = count if index == len(pairs) else pairs[index]
        if above is None or below is None:
            continue
        spare = (new for new in range(above + 1, below) if new not in used)
        if any(new in used for new in range(above + 1, below)):
            continue  # another cue stands between them now: they are no neighbours any more
        for old, new in zip(range(first, index), spare, strict=False):
            pairs[old] = new
    used.update(pair for pair in pairs if pair is not None)


def common(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """Give a common subsequence as pairs of indexes, in order; the longest one where that is not too much work."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        yield start, start
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    one, other = old[start : len(old) - end], new[start : len(new) - end]
    found = _longest(one, other) if len(one) * len(other) <= MOST_CELLS else _anchored(one, other)
    for a, b in found:
        yield start + a, start + b
    for offset in range(end, 0, -1):
        yield len(old) - offset, len(new) - offset


def _longest(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    width = len(new) + 1
    table = [[0] * width for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return found


def _anchored(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Pair what stands exactly once on either side, in the longest order both have, and fill up between."""
    once_old, once_new = Counter(old), Counter(new)
    where = {item: index for index, item in enumerate(new) if once_new[item] == 1}
    pairs = [(i, where[item]) for i, item in enumerate(old) if once_old[item] == 1 and item in where]
    anchors = _rising(pairs)
    if not anchors:
        return _greedy(old, new)
    found: list[tuple[int, int]] = []
    last = (-1, -1)
    for anchor in [*anchors, (len(old), len(new))]:
        inner = common(old[last[0] + 1 : anchor[0]], new[last[1] + 1 : anchor[1]])
        found.extend((last[0] + 1 + a, last[1] + 1 + b) for a, b in inner)
        if anchor[0] < len(old):
            found.append(anchor)
        last = anchor
    return found


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the longest run of pairs that rises on both sides."""
    tails: list[int] = []
    at: list[int] = []
    back: list[int] = [-1] * len(pairs)
    for number, (_, new) in enumerate(pairs):
        place = bisect_left(tails, new)
        if place == len(tails):
            tails.append(new)
            at.append(number)
        else:
            tails[place], at[place] = new, number
        back[number] = at[place - 1] if place else -1
    found: list[tuple[int, int]] = []
    number = at[-1] if at else -1
    while number >= 0:
        found.append(pairs[number])
        number = back[number]
    return found[::-1]


def _greedy(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int]]:
    places: dict[Hashable, list[int]] = {}
    for index in range(len(new) - 1, -1, -1):
        places.setdefault(new[index], []).append(index)
    found: list[tuple[int, int]] = []
    last = -1
    for index, item in enumerate(old):
        spots = places.get(item)
        while spots and spots[-1] <= last:
            spots.pop()
        if spots:
            last = spots.pop()
            found.append((index, last))
    return found


def waits(cue: Cue) -> list[tuple[int, str]]:
    """List the steps at which a cue makes its list wait: (index, kind), kinds as those of the engine's waits."""
    found: list[tuple[int, str]] = []
    for index, step in enumerate(cue.steps):
        match step:
            case Send(wait=True):
                found.append((index, "command"))
            case Pause():
                found.append((index, "time"))
            case Hold():
                found.append((index, "go"))
            case Await():
                found.append((index, "event" if step.kind == "device" else step.kind))
            case _:
                pass
    return found

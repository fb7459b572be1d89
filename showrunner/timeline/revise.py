"""Two versions of a show compared: which segment, track, cue and command of the new one is which of the old.

Pure: lists in, pairs out. What becomes of a show that is playing is the engine's business (``engine/reload``).

Segments and tracks are found again by name, cues by name, then by their commands in order (position left out), and
what is left between the same two neighbours in order. A segment that is only called otherwise is the same, too. Places
(lines, columns) are no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from showrunner.slotted import dataclass
from showrunner.syntax.reading.unchanged import agreeing
from showrunner.timeline.alignment import between, common
from showrunner.timeline.cues import (
    Await,
    Body,
    Call,
    Choice,
    Choose,
    Cue,
    CueList,
    Hold,
    Hush,
    Log,
    Pause,
    Repeat,
    Segment,
    Send,
    Step,
    Track,
    When,
    bodies,
)
from showrunner.timeline.labels import CuePlace, Key, Label, Labels, ListPlace, of_track, tracks
from showrunner.timeline.labels import whens as all_whens

Pairs: TypeAlias = tuple[int | None, ...]
"""For each of the old, the index of the same one among the new; None: it is gone."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A cue of a track that an edit touched: where it stood and where it stands; None: it is new, or gone."""

    old: CuePlace | None
    new: CuePlace | None


@dataclass(frozen=True, slots=True)
class Revision:
    """What an edit is. ``segments``: their order, limits, names or titles differ, or those of their tracks."""

    edits: tuple[Edit, ...]
    segments: bool = False

    @property
    def added(self) -> tuple[str, ...]:
        """Give the cues that are new, as the journal's `reload` calls them: `opening/L5`, `song/body/kick`."""
        return tuple(_named(edit.new) for edit in self.edits if edit.old is None and edit.new is not None)

    @property
    def removed(self) -> tuple[str, ...]:
        """Give the cues that are gone, by what they were called."""
        return tuple(_named(edit.old) for edit in self.edits if edit.new is None and edit.old is not None)

    @property
    def changed(self) -> tuple[str, ...]:
        """Give the cues that do something else now, or at another time."""
        return tuple(_named(edit.new) for edit in self.edits if edit.old is not None and edit.new is not None)

    @property
    def nothing(self) -> bool:
        """Tell whether no command, time or order is different."""
        return not (self.edits or self.segments)


def _frame(segment: Segment) -> tuple[object, ...]:
    names = [track.name for track in segment.tracks]
    ends = None if segment.until is None else segment.until.events
    limits = segment.at_least, segment.at_most, ends, segment.release
    return segment.name, segment.title, *limits, segment.tempo, names


def compare(old: CueList, new: CueList) -> Revision:
    """Say what is added, removed and changed."""
    edits: list[Edit] = []
    before = {segment.name: segment for segment in old.segments}
    after = {segment.name: segment for segment in new.segments}
    called = segments(old, new)
    was = {now: name for name, now in called.items() if now is not None}
    frame = [*map(_frame, old.segments)] != [*map(_frame, new.segments)]
    pairs: list[tuple[str | None, str | None]] = [(was.get(name), name) for name in after]
    for one, other in (*pairs, *((name, None) for name in before if called[name] is None)):
        tracks_before = _tracks(old, before[one]) if one is not None else {}
        tracks_after = _tracks(new, after[other]) if other is not None else {}
        for track in dict.fromkeys([*tracks_after, *tracks_before]):
            found, moved = _listed(tracks_before.get(track), tracks_after.get(track))
            edits.extend(found)
            frame = frame or moved
    edits.extend(_heard(old, new, called))
    return Revision(tuple(edits), frame or old.title != new.title)


def _heard(old: CueList, new: CueList, called: Mapping[str, str | None]) -> Iterator[Edit]:
    """Compare what two texts hear."""
    there = {(when.segment, *of): when for when, of in _numbered(all_whens(new))}
    names: Mapping[str, str | None] = {**called, "": ""}
    before = [((names[when.segment], *of), when) for when, of in _numbered(all_whens(old))]
    was: dict[tuple[str | None, str, int], ListPlace] = dict(before)
    for key, now in there.items():
        yield from _listed(was.get(key), now)[0]
    for place, gone in before:
        if place not in there:
            yield from _listed(gone, None)[0]


def _numbered(lists: Iterable[ListPlace]) -> Iterator[tuple[ListPlace, tuple[str, int]]]:
    """Give each with the words of its events, and how many of the same segment have come before it in the same
    words.
    """
    seen: Counter[tuple[str, str]] = Counter()
    for one in lists:
        words = when_of(one.body).called
        yield one, (words, seen[one.segment, words])
        seen[one.segment, words] += 1


def when_of(body: Body) -> When:
    """Give the `when` of a list that is one."""
    step = body.cues[0].steps[0]
    if not isinstance(step, When):
        raise TypeError("this list is no `when`")
    return step


def whens(old: Sequence[Track], new: Sequence[Track]) -> Pairs:
    """Find the whens of a segment, or of the left edge, again: each by its events, and the k-th in the same words."""
    there: dict[str, list[int]] = {}
    for index in reversed(range(len(new))):
        there.setdefault(when_of(new[index].body).called, []).append(index)
    words = [when_of(track.body).called for track in old]
    return tuple(there[one].pop() if there.get(one) else None for one in words)


def _listed(one: ListPlace | None, other: ListPlace | None) -> tuple[list[Edit], bool]:
    """Compare two versions of a list, None where there is none; tell also whether its cues stand in another order."""
    if one is None or other is None:
        gone = [] if one is None else [Edit(place, None) for place in one.places()]
        return [*gone, *([] if other is None else [Edit(None, place) for place in other.places()])], False
    if one.body is other.body:
        return [], False
    edits, old, now = [], one.body.cues, other.body.cues
    # Above and below what was edited everything is the same, and a long list has little else.
    start, end = _ends(old, now)
    middle = _middle(old[start : len(old) - end], now[start : len(now) - end])
    for index, pair in enumerate(middle, start):
        if pair is None:
            edits.append(Edit(one.place(index), None))
        elif not same(old[index], now[start + pair]):
            edits.append(Edit(one.place(index), other.place(start + pair)))
    kept = [start + pair for pair in middle if pair is not None]
    there = set(kept)
    edits.extend(Edit(None, other.place(index)) for index in range(start, len(now) - end) if index not in there)
    return edits, kept != sorted(kept)


def within(edit: Edit) -> list[Edit]:
    """Say which cues of a block an edit touched, where nothing of the cue that owns the block is different itself."""
    one, other = edit.old, edit.new
    if one is None or other is None or len(one.cue.steps) != len(other.cue.steps):
        return [edit]
    if (one.cue.name, one.cue.position) != (other.cue.name, other.cue.position):
        return [edit]
    blocks = dict(_blocks_of(one)), dict(_blocks_of(other))
    for before, after in zip(one.cue.steps, other.cue.steps, strict=True):
        if not bare(before, after) or len(bodies(before)) != len(bodies(after)):
            return [edit]
    found: list[Edit] = []
    for number, listed in blocks[0].items():
        inner, moved = _listed(listed, blocks[1][number])
        if moved:
            return [edit]
        found += [deeper for one_of_them in inner for deeper in within(one_of_them)]
    return found


def _blocks_of(place: CuePlace) -> Iterator[tuple[tuple[int, tuple[str, ...]], ListPlace]]:
    for listed in (*place.lists(1), *place.lists()):
        yield (listed.step, () if listed.inside is None else listed.inside.words), listed


def _tracks(show: CueList, segment: Segment) -> dict[str, ListPlace]:
    return {track.name: of_track(show, segment, track) for track in segment.tracks}


def _named(place: CuePlace) -> str:
    return named(place.within.segment, place.within.track, place.label)


def named(segment: str, track: str, label: Label) -> str:
    """Call a cue as the journal's `reload` does: `opening/L5`, and in a track besides `main`, `song/body/kick`."""
    return "/".join(filter(None, (segment, "" if track == "main" else track, label.text())))


def segments(old: CueList, new: CueList) -> dict[str, str | None]:
    """Give each segment of the old text with its name in the new one, None where it is gone.

    Found again by name; and one that stands between the same two neighbours with the same cues is the same segment,
    whatever it is called now.
    """
    there = {segment.name: index for index, segment in enumerate(new.segments)}
    found = {segment.name: segment.name if segment.name in there else None for segment in old.segments}
    free = [segment.name not in found for segment in new.segments]
    above = -1
    for index, segment in enumerate(old.segments):
        if found[segment.name] is None:
            known = (there[name] for one in old.segments[index + 1 :] if (name := found[one.name]) is not None)
            between = range(above + 1, next(known, len(new.segments)))
            now = next((n for n in between if free[n] and _alike(segment, new.segments[n])), None)
            if now is not None:
                found[segment.name], free[now] = new.segments[now].name, False
        name = found[segment.name]
        above = above if name is None else there[name]
    return found


def _alike(old: Segment, new: Segment) -> bool:
    """Tell whether at least half of the cues of two segments are the same, track by track."""
    tracks = {track.name: track.body.cues for track in new.tracks}
    most = max(sum(len(track.body.cues) for track in segment.tracks) for segment in (old, new))
    kept = 0
    for track in old.tracks:
        there = tracks.get(track.name, ())
        pairs = zip(track.body.cues, cues(track.body.cues, there), strict=True)
        kept += sum(pair is not None and same(cue, there[pair]) for cue, pair in pairs)
    return 0 < most <= 2 * kept


class Renaming:
    """What cues written directly in a track of an old text are called in a new one, asked one by one.

    ``labels`` are those of the old text. What is in a block of a cue has a name that goes on from that of its cue.
    """

    def __init__(self, old: CueList, labels: Labels, new: CueList) -> None:
        there = {(track.segment, track.track): track for track in tracks(new)}
        called = segments(old, new)
        self._labels = labels
        self._tracks: dict[tuple[str, str], tuple[ListPlace, Pairs]] = {}
        for track in tracks(old):
            segment = called[track.segment]
            now = None if segment is None else there.get((segment, track.track))
            if now is not None:
                self._tracks[track.segment, track.track] = now, cues(track.body.cues, now.body.cues)

    def get(self, cue: Key) -> Key | None:
        """Give its name in the new text; None where it is gone, or in neither text."""
        place, listed = self._labels.at(cue), self._tracks.get(cue[:2])
        if place is None or listed is None or place.label.inside is not None:
            return None
        now, pairs = listed
        pair = pairs[place.index]
        return None if pair is None else now.place(pair).key


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
    return old is new or (bare(old, new) and _blocks(bodies(old), bodies(new)))


def bare(old: Step, new: Step) -> bool:
    """Tell whether two steps are the same but for their blocks."""
    match old, new:
        case Send(), Send():
            return _sent(old, new)
        case Pause(), Pause():
            return old.time == new.time
        case Await(), Await():
            return (old.events, old.within, old.policy, old.keep, old.default) == (
                new.events, new.within, new.policy, new.keep, new.default
            )  # fmt: skip
        case Hush(), Hush():
            return [one.command for one in old.sends] == [one.command for one in new.sends]
        case Hold(), Hold():
            return (old.label, old.within) == (new.label, new.within)
        case Log(), Log():
            return old.message == new.message
        case Call(), Call():
            return (old.name, [one.name for one in old.tracks]) == (new.name, [one.name for one in new.tracks])
        case Repeat(), Repeat():
            return old.turns == new.turns
        case When(), When():
            return (old.events, old.keep, old.default, old.habit, old.every) == (
                new.events, new.keep, new.default, new.habit, new.every
            )  # fmt: skip
        case Choose(), Choose():
            return (old.by, [one.fit for one in old.choices]) == (new.by, [one.fit for one in new.choices])
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
            and (one.plays, one.marks) == (other.plays, other.marks)
            and all(
                a.name == b.name and type(a.value) is type(b.value) and a.value == b.value
                for a, b in zip(one.arguments, other.arguments, strict=True)
            )
        )
    ) and _picks(old) == _picks(new) and (old.wait, old.within, old.retry, old.policy, old.keep, old.default) == (
        new.wait, new.within, new.retry, new.policy, new.keep, new.default
    )  # fmt: skip


def chosen(old: Choice, new: Choice) -> bool:
    """Tell whether two choices are the same."""
    return _blocks([old.body], [new.body])


def choices(old: Choose, new: Choose) -> Pairs:
    """Find the lines below a `choose` again: by label, by words, between the same neighbours, in their places."""
    pairs: list[int | None] = [None] * len(old.choices)
    used: set[int] = set()
    for like in (_labelled_alike, chosen):
        for index, one in enumerate(old.choices):
            there = [at for at, other in enumerate(new.choices) if at not in used and like(one, other)]
            if pairs[index] is None and there:
                pairs[index] = min(there, key=lambda at: abs(at - index))
                used.add(pairs[index] or 0)
    between(pairs, len(new.choices), used)
    if len(old.choices) == len(new.choices):
        pairs = [index if pair is None and index not in used else pair for index, pair in enumerate(pairs)]
    return tuple(pairs)


def _labelled_alike(old: Choice, new: Choice) -> bool:
    return old.fit is not None and old.fit == new.fit


def _picks(step: Send) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Give what is chosen in a command, without where that stands."""
    return [
        (one.words, [tuple(argument.value for argument in command.arguments) for command in one.commands])
        for one in step.picks
    ]


def _blocks(old: Sequence[Body], new: Sequence[Body]) -> bool:
    return len(old) == len(new) and all(
        one is other or (len(one.cues) == len(other.cues) and all(map(same, one.cues, other.cues)))
        for one, other in zip(old, new, strict=True)
    )


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
    between(pairs, len(new), used)
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
        case Hush():
            return ("hush",)
        case Log():
            return ("log", str(step.message))
        case Call():
            return ("do", step.name)
        case Repeat():
            return ("repeat", *step.turns)
        case When():
            return ("when", step.called)
        case Choose():
            return " ".join(step.text.split())
        case _:
            return ("stop",)


def _kind(step: Step) -> Hashable:
    """What a command must have in common with the one it was edited from."""
    match step:
        case Send():
            return ("send", step.command.device, step.command.verb.stream or step.command.verb.name)
        case Await():
            return ("wait for", *(event.kind for event in step.events))
        case Call():
            return ("do", step.name)
        case _:
            return type(step).__name__


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
                found.append((index, step.kind))
            case _:
                pass
    return found

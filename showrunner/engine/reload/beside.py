"""Tracks in a new text, of the segment and of each `do` that plays: what is new joins, and who waits for a cue goes on.

What is gone is closed in ``revising``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from showrunner.engine import naming
from showrunner.engine.play import Doing, Home, Part, Play, Scope, Taken
from showrunner.engine.reload.playhead import Joining, Outcome
from showrunner.engine.reload.tracing import GONE, Traces, owner_of
from showrunner.engine.score import lists, waits
from showrunner.engine.seeking import seeking
from showrunner.timeline.cues import MAIN, Call, Cue
from showrunner.times import short


def scopes(home: Home) -> Iterator[Scope]:
    """Give the lists of a home, and of all homes in it."""
    yield from home.scopes
    if home.scope not in home.scopes:
        yield home.scope
    for inner in home.inner:
        yield from scopes(inner)


def grow(play: Play, scope: Scope, children: Iterable[Scope], traces: Traces, outcome: Outcome) -> None:
    """Begin what is new in the `do`s of a list that go on: now, before a track that is gone can end them."""
    done: dict[tuple[Taken, int], list[Doing]] = {}
    for child in children:
        if isinstance(child.owner, Doing) and isinstance(child.owner.step, Call):
            done.setdefault(owner_of(child), []).append(child.owner)
    for (taken, number), doings in done.items():
        index, new = traces.step(taken, number) or (GONE, None)
        old, going = doings[0].step, [one for one in doings if one in taken.unfinished and not one.scope.closed]
        if not isinstance(new, Call) or not isinstance(old, Call):
            continue
        cues = next((doing.cues for doing in doings if doing.cues is not None), {})
        for doing in doings:
            doing.cues = cues if new.tracks[0].name else None
        before = {track.name or MAIN for track in old.tracks}
        added = [at for at, track in enumerate(new.tracks) if (track.name or MAIN) not in before]
        if not added or not going or taken.index >= scope.index:
            continue
        key = (*scope.key, taken.index, index)
        clock = max(doing.scope.clock(play.score) for doing in going)
        made = [lists.track_of(play, taken, new, key, at, cues) for at in added]
        for track in made:
            if isinstance(track.owner, Doing):
                track.owner.due = doings[0].due
        outcome.joining.append(Joining(taken, new, tuple(made), clock))


def join(play: Play, part: Part, outcome: Outcome) -> None:
    """Let tracks that are new start at the furthest clock of their segment or `do`, as by a seek."""
    there = {scope.track for scope in part.tracks}
    clock = max((scope.clock(play.score) for scope in part.tracks), default=play.score - part.began)
    for number, track in enumerate(part.segment.tracks):
        if track.name not in there:
            seeking.join(play, part, number, clock)
            outcome.running.append(f"track `{track.name}` joins, {short(clock)} in")
    for one in outcome.joining:
        if one.taken.scope.closed or not one.tracks:
            continue
        lists.join(play, one.taken, one.tracks, partial(seeking.beside, play, part, one.clock))
        if one.back:
            outcome.running.append(_put_back(play, one))
            continue
        names = [scope.inside.track or MAIN for scope in one.tracks if scope.inside is not None]
        said = one.step.name if isinstance(one.step, Call) else ""
        outcome.running.extend(f"track `{name}` of `do {said}` joins, {short(one.clock)} in" for name in names)


def _put_back(play: Play, one: Joining) -> str:
    """Say that what was put back goes on, or that it would be over."""
    line = one.taken.scope.base + one.taken.cue.line + one.step.span.line
    turns = [turning for scope in one.tracks for turning in scope.home.repeats if turning.taken.scope.lies_in(scope)]
    goes_on = turns or any(not scope.done or scope.unfinished for scope in one.tracks)
    becomes = f"goes on, {short(one.clock)} in" if goes_on else "would be over by now"
    return f"{naming.label(play, one.taken).words(line, one.step.text)} {becomes}"


def meet(play: Play, part: Part) -> None:
    """A cue that is waited for has come when it is past, missed or gone."""
    tracks = [scope for home in part.homes for scope in scopes(home) if scope.beside and not scope.closed]
    for scope in tracks:
        scope.cues.update(_names(scope.body.cues[: scope.index]))
        if isinstance(scope.owner, Doing) and isinstance(scope.owner.step, Call):
            playing = {one.owner.number for one in tracks if isinstance(one.owner, Doing) and one.cues is scope.cues}
            for number, track in enumerate(scope.owner.step.tracks):
                scope.cues.update({} if number in playing else _names(track.body.cues))
    for wait in [wait for wait in play.waits if wait.run is not None and wait.scope.part is part]:
        events, cues = () if wait.run is None else wait.run.step.events, wait.scope.cues
        if wait.scope.names is not None and cues is not part.cues:
            continue  # the turn of a `when` plays its old text, and in it a `do`
        coming = {cue.name for scope in tracks if scope.cues is cues for cue in scope.body.cues[scope.index :]}
        met = any(event.kind == "cue" and event.name in cues for event in events)
        if met or all(event.kind == "cue" and event.name not in coming for event in events):
            waits.come(play, wait, "reload")


def _names(cues: Iterable[Cue]) -> dict[str, None]:
    return dict.fromkeys(cue.name for cue in cues if cue.name is not None)

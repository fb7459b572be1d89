"""Hearing: a `when` that is open, the events it hears, and its turns.

A turn is a list of its own. It begins at the step that heard the event, its first cues come in their place of that
instant, and nothing waits for it. What it leaves stays where the `when` stands: to the end of the segment, or of the
show. So all turns of a `when` have one home, and the one that `restart` ends is closed inside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import Happened
from showrunner.engine import naming
from showrunner.engine.agenda import Key, Rank
from showrunner.engine.commands import runs
from showrunner.engine.messages import Brought
from showrunner.engine.play import Hearing, Home, Part, Play, Scope, Taken, Turned
from showrunner.engine.score import closing, lists, waits
from showrunner.timeline import cues, revise
from showrunner.timeline.cues import TIME, Awaited, Track
from showrunner.timeline.labels import Inside
from showrunner.times import of_day

MOST_QUEUED = 100
"""So many events wait for the turns before theirs."""

MOST_TOGETHER = 20
"""So many turns play beside each other."""

MOST_AT_ONCE = 100
"""So many turns begin at one instant: what begins itself again would never end."""

BEHIND = 1 << 30
"""Comes behind every number of a track, and of a segment: turns are taken after all tracks, those of the edge last."""

Said: TypeAlias = Mapping[str, Any]


# --- open


def open_edge(play: Play) -> None:
    """Let the whens at the left edge hear: from time 0, and again behind a seek."""
    nowhere = cues.Segment("", None, None, None, (), play.cues.main, 0, whens=play.cues.whens)
    play.edge = Part(nowhere, BEHIND, play.score)
    open_whens(play, play.edge)


def renew(play: Play, part: Part) -> list[Hearing]:
    """Go on by a new text: what is found again hears on, what is new hears at once. Give those that are gone.

    What waits plays the new text; a turn that plays goes on as it began.
    """
    play.fresh = True
    before = {one.words[1:]: one for one in part.hearings if not one.gone}
    there: list[Hearing] = []
    for index, words in enumerate(_words(part.segment.whens)):
        one = before.pop(words, None)
        there.append(_open(play, part, index, words) if one is None else _moved(play, one, index))
    for one in before.values():
        one.gone = True
        if one.alarm is not None:
            one.alarm.cancel()
        _drop(play, one, "reload")
    part.hearings = [*there, *(one for one in part.hearings if one.gone)]
    return list(before.values())


def _moved(play: Play, hearing: Hearing, index: int) -> Hearing:
    """Put a `when` where it stands in the new text, in a segment that may be called otherwise."""
    part, taken = hearing.part, hearing.taken
    track, scope = part.segment.whens[index], taken.scope
    scope.body, scope.file, scope.base, scope.key = track.body, track.file, track.line, (part.index, BEHIND, index)
    taken.cue, taken.label, hearing.step = track.body.cues[0], None, revise.when_of(track.body)
    hearing.label = naming.label(play, taken).text()
    hearing.words = (part.segment.name, *hearing.words[1:])
    play.heard[hearing.words] = hearing.heard
    return hearing


def open_whens(play: Play, part: Part) -> None:
    """Let the whens of a segment hear."""
    play.fresh = True
    for index, words in enumerate(_words(part.segment.whens)):
        part.hearings.append(_open(play, part, index, words))


def _words(whens: Sequence[Track]) -> Iterator[tuple[str, int]]:
    """Give what each is found again by: the words of its events, and how many stand above it in the same words."""
    seen: list[str] = []
    for track in whens:
        words = revise.when_of(track.body).called
        yield words, seen.count(words)
        seen.append(words)


def _open(play: Play, part: Part, index: int, words: tuple[str, int]) -> Hearing:
    track = part.segment.whens[index]
    key = (part.index, BEHIND, index)
    scope = Scope("when", part, "", track.body, key, track.file, track.line, None, play.score)
    scope.home = Home(scope)
    scope.index, scope.done = 1, True
    taken = Taken(scope, track.body.cues[0], 0, step=1, complete=True)
    called = (part.segment.name, *words)
    label = naming.label(play, taken).text()
    return Hearing(taken, label, revise.when_of(track.body), called, play.heard.get(called, 0))


def open_(play: Play) -> Iterator[Hearing]:
    """Give all that hear, in the order of the text."""
    part, edge = play.part, play.edge
    inside = [] if part is None or part.over else [one for one in part.hearings if not one.gone]
    around = [] if edge is None else [one for one in edge.hearings if not one.gone]
    index = len(play.cues.segments) if part is None else part.index
    above = [one for one, number in zip(around, play.cues.above, strict=False) if number <= index]
    yield from (*above, *inside, *around[len(above) :])


def _listening(play: Play, heard: Callable[[Awaited], bool]) -> list[tuple[Hearing, Awaited]]:
    if play.silent or play.ending is not None:
        return []
    found = ((one, next(filter(heard, one.step.events), None)) for one in open_(play))
    return [(one, event) for one, event in found if event is not None]


# --- events


def hears_button(play: Play, name: str | None) -> bool:
    """Tell whether a press of this button would be heard."""
    return bool(_listening(play, lambda event: (event.kind, event.name) == ("button", name)))


def pressed(play: Play, name: str, brought: Brought) -> None:
    """Let each `when` of a button hear that it was pressed."""
    _hear(play, lambda event: (event.kind, event.name) == ("button", name), waits.came(name, brought))


def told(play: Play, device: str, happened: Happened) -> None:
    """Let each `when` of an event hear that a device tells it."""
    _hear(play, lambda event: waits.fits(event, device, happened), happened.fields)


def struck(play: Play, time: str) -> None:
    """Let each `when` of this time of the day hear that it is now."""
    _hear(play, lambda event: _strikes(event, time), {TIME: time})


def hears_time(play: Play, time: str) -> bool:
    """Tell whether this time of the day would be heard."""
    return bool(_listening(play, lambda event: _strikes(event, time)))


def _strikes(event: Awaited, time: str) -> bool:
    if event.often is None:
        return (event.kind, event.name) == ("time", time)
    return not (of_day(time) or 0) % event.often


def moments(play: Play) -> frozenset[Awaited]:
    """Give the times of the day that some `when` hears."""
    heard = _listening(play, lambda event: event.kind == "time")
    return frozenset(event for one, _ in heard for event in one.step.events if event.kind == "time")


def _hear(play: Play, heard: Callable[[Awaited], bool], said: Said) -> None:
    for hearing, event in _listening(play, heard):
        hearing.heard += 1
        play.heard[hearing.words], play.fresh = hearing.heard, True
        step = hearing.step
        kept = (
            None if step.keep is None else waits.kept_of(step, event, said, runs.said_instead(play, None, step.default))
        )
        _take(play, hearing, Turned(hearing.heard, kept, step.habit))


def _take(play: Play, hearing: Hearing, turned: Turned) -> None:
    """Decide what becomes of an event, write it down, and let it become that."""
    why = _ignored(play, hearing)
    if why is not None:
        _write(play, hearing, turned.number, "ignored", why)
        return
    hearing.last = play.score
    newest = hearing.step.every is not None or turned.habit == "restart"
    if play.agenda.paused or (turned.habit == "queue" and (hearing.turns or hearing.waiting)):
        _write(play, hearing, turned.number, "queued")
        if newest:
            _drop(play, hearing, "newer")
        hearing.waiting.append(turned)
        _later(play, hearing)
        return
    restarts = turned.habit == "restart" and bool(hearing.turns)
    _write(play, hearing, turned.number, "restarted" if restarts else "begun")
    _begin(play, hearing, turned)


def _ignored(play: Play, hearing: Hearing) -> str | None:
    """Say why an event comes to nothing; the rate is looked at before all else."""
    step = hearing.step
    if step.every is not None and hearing.last is not None and play.score - hearing.last < step.every:
        return "too soon"
    if hearing.begun == (play.instant, MOST_AT_ONCE):
        return "too many at once"
    if step.habit == "ignore":
        return "paused" if play.agenda.paused else "plays" if hearing.turns else None
    if step.habit == "together" and len(hearing.turns) + len(hearing.waiting) >= MOST_TOGETHER:
        return f"{MOST_TOGETHER} play"
    if step.habit == "queue" and step.every is None and len(hearing.waiting) >= MOST_QUEUED:
        return f"{MOST_QUEUED} waiting"
    return None


def _write(play: Play, hearing: Hearing, number: int, became: str, why: str | None = None) -> None:
    segment = hearing.part.segment.name or None
    play.write("heard", segment=segment, cue=hearing.label, event=number, became=became, why=why)


def _drop(play: Play, hearing: Hearing, why: str) -> None:
    for turned in hearing.waiting:
        _write(play, hearing, turned.number, "dropped", why)
    hearing.waiting.clear()


# --- turns


def _later(play: Play, hearing: Hearing) -> None:
    """Let what waits begin as soon as it may: when the turn before is over, in a pause when that is."""
    if hearing.waiting and (hearing.alarm is None or hearing.alarm.act is None):
        key = (*hearing.taken.scope.key, hearing.waiting[0].number)
        hearing.alarm = play.agenda.on_score(play.score, Rank.ELAPSED, key, lambda: _next(play, hearing))


def _next(play: Play, hearing: Hearing) -> None:
    hearing.alarm, play.fresh = None, True
    while hearing.waiting and (hearing.waiting[0].habit in {"restart", "together"} or not hearing.turns):
        if hearing.begun == (play.instant, MOST_AT_ONCE):
            _drop(play, hearing, "too many at once")
            return
        _begin(play, hearing, hearing.waiting.popleft())


def _begin(play: Play, hearing: Hearing, turned: Turned) -> None:
    """Let a turn begin; where it restarts, the one that plays is closed."""
    if turned.habit == "restart":
        running, hearing.turns = list(hearing.turns), {}
        for scope in running:
            closing.close_inside(play, scope, "over")
    at, count = hearing.begun
    hearing.begun = play.instant, count + 1 if at == play.instant else 1
    outer, step = hearing.taken.scope, hearing.step
    key: Key = (*outer.key, turned.number)
    inside = Inside(naming.label(play, hearing.taken), turn=turned.number)
    scope = Scope("turn", outer.part, "", step.body, key, outer.file, outer.base, inside, play.score, outer)
    scope.home, scope.owner, scope.names = outer.home, hearing, {}
    if step.keep is not None:
        scope.names[step.keep] = turned.kept
    hearing.turns[scope] = None
    lists.open_scope(play, scope)


def settle(play: Play) -> None:
    """Let what waited for a turn that is over begin, behind the step that ended it."""
    stirred, play.turned = play.turned, {}
    for hearing in stirred:
        play.fresh = True
        _later(play, hearing)


# --- closed


def close(play: Play, part: Part, why: str, over: int = 0) -> None:
    """Let the whens of a segment, or of the edge, hear no more: their turns are closed, and what waits is dropped."""
    play.fresh = True
    for hearing in part.hearings:
        if hearing.alarm is not None:
            hearing.alarm.cancel()
        _drop(play, hearing, why)
        hearing.turns = {}
        closing.close_home(play, hearing.taken.scope.home, why, over)


def close_edge(play: Play, why: str) -> None:
    """Close what hears for the whole show."""
    edge, play.edge = play.edge, None
    if edge is not None:
        edge.over = True
        close(play, edge, why)

"""What a hot reload means for the show, in at most ten plain lines: for people at the terminal and the console.

What it says is what will happen; lines of the script are named as they stand there. It is worked out behind the reload,
from where the lists stand then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from showrunner.diagnostics.wording import listed
from showrunner.engine.play import Doing, Home, Play, Repeating, Scope
from showrunner.engine.reload.playhead import Outcome
from showrunner.timeline import revise
from showrunner.timeline.cues import Awaited, Call, Choose, CueList, Repeat, Segment, Send, Step, bodies
from showrunner.timeline.labels import CuePlace
from showrunner.timeline.revise import Edit, Revision
from showrunner.times import as_duration, short

MOST = 10
"""So many lines are said at the most."""

NAMED = 3
"""So many lines of the script are named in one of them; the rest are counted."""

Fate: TypeAlias = Literal["coming", "turn", "missed", "taken", "past"]
"""What becomes of a cue: it comes, or comes with the next turn of its `repeat`; it was missed, or taken, or is past."""


def report(play: Play, old: CueList, revision: Revision, outcome: Outcome) -> list[str]:
    """Say what changed and what it means: what comes, what does not, what is past, what became of what was running."""
    new = play.cues
    called = revise.segments(old, new)
    whole = {name for name, now in called.items() if now is None}
    whole |= {segment.name for segment in new.segments} - set(called.values())
    lines = [] if old.title == new.title else [f"the show is called `{new.title}` now"]
    lines += _segments(play, old, called, outcome)
    told = _Told(play, outcome)
    for edit in revision.edits:
        place = edit.new or edit.old
        if place is None or place.within.segment in whole:
            continue
        if place.within.track in _tracks_beside(old, new, called, place.within.segment):
            continue
        for inner in revise.within(edit):
            told.take(inner)
    lines += told.lines()
    if not lines and not outcome.running and revision.segments:
        lines.append("lines stand in another order")
    room = MOST - len(lines)
    if len(outcome.running) > room:
        rest = len(outcome.running) - room + 1
        return [*lines, *outcome.running[: room - 1], f"and {rest} more of what was running"]
    return [*lines, *outcome.running]


# --- lines of the script


class _Told:
    """The lines of the script that an edit touched, each once, under what becomes of it."""

    def __init__(self, play: Play, outcome: Outcome) -> None:
        self._play = play
        self._part = None if play.part is None or play.part.over or play.ending is not None else play.part
        self._scopes = [] if self._part is None else [s for home in self._part.homes for s in _scopes(home)]
        self._repeats = [] if self._part is None else [r for home in self._part.homes for r in _repeats(home)]
        self._running = outcome.running
        self._again = dict.fromkeys(one.words for one in outcome.again)
        self._missed = dict.fromkeys(one.words for one in outcome.missed)
        self._said: dict[str, dict[str, None]] = {
            what: {} for what in ("changed", "new", "go", "stands", "until", "turn", "event", "gone", "past")
        }

    def lines(self) -> list[str]:
        """Give a line for each thing that may become of them."""
        turn, again = self._said["turn"], self._again
        missed = {words: None for words in self._missed if words not in turn and words not in again}
        known = (
            ("changed", self._said["changed"]),
            ("new", self._said["new"]),
            ("GO carries the new words", self._said["go"]),
            ("what is waited for now", self._said["stands"]),
            ("what ends it counts at once", self._said["until"]),
            ("from the next turn on", turn),
            ("from the next event on", self._said["event"]),
            ("taken out", self._said["gone"]),
            ("will not come, since its time is past or it stands above what plays", missed),
            ("is past: it has been played, and will not be played again", self._said["past"]),
            ("comes again, since it stands below what plays now", again),
        )
        return [f"{what}: {listed(words, most=NAMED)}" for what, words in known if words]

    def take(self, edit: Edit) -> None:
        """Take one edit."""
        place, old = edit.new, edit.old
        if place is None:
            if old is not None and not self._runs(_words(old).partition(": ")[2]):
                self._said["gone"][_words(old)] = None
            return
        if not place.within.track:
            self._hears(old, place)
            return
        fate, words = self._fate(place), _words(place)
        if words in self._again or self._runs(words) or (fate == "taken" and words in self._missed):
            return
        if fate in {"missed", "past"} and (old is None or fate == "missed"):
            self._missed[words] = None
        elif fate == "turn":
            self._said["turn"][words] = None
        elif fate == "coming" or old is None:
            if old is not None and old.cue.position != place.cue.position:
                words = _words(place, timed=True)
            self._said["new" if old is None else "changed"][words] = None
        elif fate == "past":
            self._said["past"][words] = None
        else:
            self._taken(old, place)

    def _hears(self, old: CuePlace | None, place: CuePlace) -> None:
        """A `when` was edited, or a line in its block: a turn that plays goes on as it began."""
        segment, part = place.within.segment, self._part
        if not segment or (part is not None and part.follow is None and segment == part.segment.name):
            new = old is None and place.within.owner is None
            self._said["new" if new else "event"][_words(place)] = None
            return
        index = next(n for n, one in enumerate(self._play.cues.segments) if one.name == segment)
        comes = "new" if old is None else "changed"
        self._said[comes if part is None or index >= _following(self._play) else "past"][_words(place)] = None

    def _taken(self, old: CuePlace, place: CuePlace) -> None:
        """A cue that was taken was edited: what it goes on with follows the new text, all else of it is past."""
        was = {now: before for before, now in enumerate(revise.steps(old.cue, place.cue)) if now is not None}
        touched = False
        for number, step in enumerate(place.cue.steps):
            before = old.cue.steps[was[number]] if number in was else None
            if before is not None and revise.alike(before, step):
                continue
            touched = True
            if before is not None and revise.bare(before, step) and not bodies(step):
                continue  # what became of its block is told with what was running
            if isinstance(before, Choose) and isinstance(step, Choose) and self._chosen_alone(place, before, step):
                continue  # what became of the line that plays is told with what was running
            what, words = self._goes_on(place, number, step, before), _words(place, step)
            if what == "past" and before is None:
                self._missed[words] = None
            elif what:
                self._said[what][words] = None
        if not touched and old.cue.position != place.cue.position:
            self._said["past"][_words(place, timed=True)] = None

    def _goes_on(
        self, place: CuePlace, number: int, step: Step, before: Step | None
    ) -> Literal["until", "turn", "go", "stands", "new", "past", ""]:
        """Tell under what a command of a cue that was taken is to be told; nothing, if its values say it themselves."""
        if self._runs(_words(place, step)):
            return ""
        if isinstance(step, Repeat) and self._repeating(place):
            # When its turns come is asked for the next one; what ends them all is the new one from now on.
            alike = isinstance(before, Repeat) and before.turns[:-2] == step.turns[:-2] and before.body == step.body
            return "until" if alike else "turn"
        if isinstance(step, Call) and (
            self._doing(place) or any(f" of `do {step.name}` " in one for one in self._running)
        ):
            return ""
        current = next((s.current for s in self._of(place) if s.index == place.index + 1), None)
        if current is not None and not current.complete and current.index == place.index:
            if number >= current.step:
                return "new"
            stands = next((w for w in self._play.waits if w.scope is current.scope and not w.bars), None)
            if number == current.step - 1 and stands is not None:
                return "go" if stands.kind == "go" else "stands"
        return "" if isinstance(step, Send) and step.command.verb.stream and self._holds(place) else "past"

    def _runs(self, words: str) -> bool:
        """Tell whether it is said already what became of a line that was running."""
        return any(line.startswith(words) for line in self._running)

    def _fate(self, place: CuePlace) -> Fate:
        part = self._part
        if part is None:
            return "coming"
        index = next(n for n, one in enumerate(self._play.cues.segments) if one.name == place.within.segment)
        if index != part.index or part.follow is not None:
            return "coming" if index >= _following(self._play) else "past"
        fates = {self._in(scope, place.index) for scope in self._of(place)}
        owner = place.within.owner
        if not fates and owner is not None:
            above = self._fate(owner)
            return "turn" if above == "taken" and self._repeating(owner) else above
        if "coming" in fates or not fates:
            return "coming"
        while owner is not None:
            if self._repeating(owner):
                return "turn"
            owner = owner.within.owner
        return "taken" if "taken" in fates else "missed"

    def _in(self, scope: Scope, index: int) -> Fate:
        if index >= scope.index:
            return "coming"
        return "missed" if index in scope.missed else "taken"

    def _of(self, place: CuePlace) -> list[Scope]:
        body, track = place.within.body, place.within.track
        return [scope for scope in self._scopes if scope.body is body and scope.track == track and not scope.closed]

    def _repeating(self, place: CuePlace) -> bool:
        body = place.within.body
        return any(one.taken.scope.body is body and one.taken.index == place.index for one in self._repeats)

    def _doing(self, place: CuePlace) -> bool:
        owners = (scope.owner for scope in self._scopes if isinstance(scope.owner, Doing) and not scope.closed)
        takens = (owner.taken for owner in owners if owner in owner.taken.unfinished)
        return any(one.scope.body is place.within.body and one.index == place.index for one in takens)

    def _chosen_alone(self, place: CuePlace, old: Choose, new: Choose) -> bool:
        """Tell whether of the lines of a `choose` no other than the one that plays was edited."""
        owners = [one.owner for one in self._scopes if isinstance(one.owner, Doing) and one.owner.step is new]
        plays = {one.number - 1 for one in owners if one.taken.index == place.index}
        pairs = [*enumerate(revise.choices(old, new))]
        same = [pair for at, pair in pairs if pair is not None and revise.chosen(old.choices[at], new.choices[pair])]
        gone = any(pair is None for _, pair in pairs)
        return bool(plays) and not gone and set(range(len(new.choices))) <= plays | set(same)

    def _holds(self, place: CuePlace) -> bool:
        body = place.within.body
        streams = (stream for port in self._play.ports.values() for stream in port.streams.values())
        takens = (held.run.taken for stream in streams for held in stream.values.values())
        return any(taken.scope.body is body and taken.index == place.index for taken in takens)


def _words(place: CuePlace, step: Step | None = None, *, timed: bool = False) -> str:
    """Name a line of the script, or that of one command of a cue, in its own words; ``timed``: with its position."""
    text = place.cue.text if step is None else step.text
    line = place.line + (0 if step is None else step.span.line)
    return place.label.words(line, f"{place.cue.written} {text}" if timed and place.cue.written else text)


def _scopes(home: Home) -> Iterator[Scope]:
    yield from dict.fromkeys([*home.scopes, home.scope, *(turn.taken.scope for turn in home.repeats)])
    for inner in home.inner:
        yield from _scopes(inner)


def _repeats(home: Home) -> Iterator[Repeating]:
    yield from home.repeats
    for inner in home.inner:
        yield from _repeats(inner)


# --- segments and tracks


def _following(play: Play) -> int:
    """Give the index of the first segment that is still to come."""
    part = play.part
    if part is None:
        return 0
    return part.index + 1 if part.follow is None else part.follow


def _segments(play: Play, old: CueList, called: Mapping[str, str | None], outcome: Outcome) -> Iterator[str]:
    """Say what became of segments, and of tracks of those that do not play."""
    new = play.cues
    was = {now: name for name, now in called.items() if now is not None}
    before = {segment.name: (index, segment) for index, segment in enumerate(old.segments)}
    playing = None if play.part is None or play.part.over else play.part.segment.name
    for index, segment in enumerate(new.segments):
        name = segment.name
        comes = outcome.following is None or index >= _following(play)
        if name not in was:
            yield f"segment `{name}` is new" + ("" if comes else ": it stands above what plays, and will not come")
            continue
        at, one = before[was[name]]
        if one.name != name:
            yield f"segment `{one.name}` is renamed: it is called `{name}` now"
        came = outcome.following is None or at >= outcome.following
        if name != playing and comes != came:
            yield (
                f"segment `{name}` stands below what plays now: it comes again"
                if comes
                else f"segment `{name}` stands above what plays now: it will not play"
            )
        yield from _limits(play, one, segment)
        yield from _until(one, segment)
        if name != playing:
            yield from _tracks(one, segment)
        if one.title != segment.title:
            yield f"segment `{name}` has another title"
    for name, now in called.items():
        if now is None and name != playing:
            yield f"segment `{name}` is gone"
    yield from _order(play, [called[one.name] for one in old.segments])


def _order(play: Play, before: Sequence[str | None]) -> Iterator[str]:
    """Say in which order the segments to come stand, where that is another one."""
    coming = [segment.name for segment in play.cues.segments[_following(play) :]]
    stood = [name for name in before if name in coming]
    if stood != [name for name in coming if name in stood]:
        yield f"the segments to come: {listed(coming, most=NAMED)}"


def _limits(play: Play, old: Segment, new: Segment) -> Iterator[str]:
    part = play.part
    for what, before, now in (
        ("at least", old.at_least, new.at_least),
        ("at most", old.at_most, new.at_most),
    ):
        if before == now:
            continue
        said = f"no `{what}` any more" if now is None else f"`{what} {as_duration(now)}`"
        passed = 0 if part is None or part.segment.name != new.name else play.score - part.began
        if what == "at most" and now is not None and passed >= now:
            yield f"segment `{new.name}` is over: {said}, and it has played for {short(passed)}"
        else:
            yield f"segment `{new.name}`: {said}" + ("" if before is None else f" (it was {as_duration(before)})")


def _until(old: Segment, new: Segment) -> Iterator[str]:
    before, now = (None if one.until is None else " or ".join(map(_written, one.until.events)) for one in (old, new))
    if before != now:
        said = "no `until` any more" if now is None else f"`until {now}`"
        yield f"segment `{new.name}`: {said}" + ("" if before is None else f" (it was `until {before}`)")


def _written(event: Awaited) -> str:
    return f"time {event.name}" if event.kind == "time" else event.called.removeprefix("event ")


def _tracks(old: Segment, new: Segment) -> Iterator[str]:
    before, now = [track.name for track in old.tracks], [track.name for track in new.tracks]
    gone, fresh = [n for n in before if n not in now], [n for n in now if n not in before]
    for tracks, said in ((fresh, "new"), (gone, "gone")):
        if tracks:
            names = f"tracks {listed(f'`{n}`' for n in tracks)} of segment `{new.name}` are {said}"
            yield names if len(tracks) > 1 else f"track `{tracks[0]}` of segment `{new.name}` is {said}"


def _tracks_beside(old: CueList, new: CueList, called: Mapping[str, str | None], name: str) -> set[str]:
    """Give the tracks of a segment that are in one of the two texts alone: of them it is told as a whole."""
    before = next((s for s in old.segments if called[s.name] == name or s.name == name), None)
    now = next((s for s in new.segments if s.name == (name if before is None else called[before.name])), None)
    names = [{track.name for track in segment.tracks} if segment is not None else set() for segment in (before, now)]
    return names[0] ^ names[1]

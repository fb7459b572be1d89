"""Tracing: where in the new text of a show stands what is being played. It only looks; ``revising`` acts on it.

Everything is traced before anything is changed: from then on these answers, not the scopes, know the old text.
"""

from __future__ import annotations

from dataclasses import field

from showrunner.engine.play import Doing, Repeating, Run, Scope, Taken
from showrunner.slotted import dataclass
from showrunner.timeline import revise
from showrunner.timeline.cues import MAIN, Await, Body, Call, Choose, Cue, Hold, Repeat, Segment, Send, Step

GONE = -1
"""The index of a cue or command that is in no text any more."""


@dataclass(frozen=True, slots=True)
class NewList:
    """A list in the new text: its cues, and what the engine needs to call what is taken from it by its name."""

    body: Body
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Fate:
    """A cue that was taken, in the new text: its index there, itself, and where each of its commands is now.

    ``stands``: the command it goes on standing at, if the new text has the wait it stands at (its k-th, of the same
    kind). ``onward``: the first command that comes behind what it did last.
    """

    index: int
    cue: Cue
    steps: revise.Pairs
    stands: int | None
    onward: int


@dataclass(slots=True)
class Traces:
    """What is known of one change of text: lists, their cues, cues that were taken, commands."""

    segment: Segment
    places: dict[Scope, NewList | None] = field(default_factory=dict)
    pairs: dict[Scope, revise.Pairs] = field(default_factory=dict)
    fates: dict[Taken, Fate | None] = field(default_factory=dict)

    def scope(self, scope: Scope) -> NewList | None:
        """Find a list again; None: it is gone, or stands in something that is."""
        if scope not in self.places:
            place = self.places[scope] = self._place(scope)
            gone = (None,) * len(scope.body.cues)
            self.pairs[scope] = gone if place is None else revise.cues(scope.body.cues, place.body.cues)
        return self.places[scope]

    def taken(self, taken: Taken) -> Fate | None:
        """Find a cue that was taken again."""
        if taken not in self.fates:
            self.fates[taken] = self._fate(taken)
        return self.fates[taken]

    def step(self, taken: Taken, number: int) -> tuple[int, Step] | None:
        """Find one command of a cue again: its place there, and itself."""
        fate = self.taken(taken)
        index = None if fate is None or number == GONE else fate.steps[number]
        return None if index is None or fate is None else (index, fate.cue.steps[index])

    def repeat(self, repeating: Repeating) -> tuple[int, Repeat] | None:
        """Find a `repeat` that plays again: its place in its cue, and itself."""
        found = self.step(repeating.taken, repeating.key[-1])
        return (found[0], found[1]) if found is not None and isinstance(found[1], Repeat) else None

    def sent(self, run: Run) -> Send | None:
        """Find a device's command again."""
        found = self.step(run.taken, run.key[-1])
        return found[1] if found is not None and isinstance(found[1], Send) else None

    def _fate(self, taken: Taken) -> Fate | None:
        place = self.scope(taken.scope)
        index = None if place is None or taken.index == GONE else self.pairs[taken.scope][taken.index]
        if place is None or index is None:
            return None
        cue = place.body.cues[index]
        steps = revise.steps(taken.cue, cue)
        stands = _stands(taken.cue, cue, taken.step - 1)
        done = [now for now in steps[: taken.step] if now is not None]
        onward = stands if stands is not None else max(done, default=len(cue.steps) - 1)
        return Fate(index, cue, steps, stands, onward + 1)

    def _place(self, scope: Scope) -> NewList | None:
        if scope.kind == "track":
            found = next((one for one in self.segment.tracks if one.name == scope.track), None)
            return None if found is None else NewList(found.body, found.file, found.line)
        taken, number = owner_of(scope)
        same, fate, outer = self.step(taken, number), self.taken(taken), self.scope(taken.scope)
        if same is None or fate is None or outer is None:
            return None
        step = same[1]
        if isinstance(step, Call):
            at = track(scope, step)
            if at is None:
                return None
            now = step.tracks[at]
            return NewList(now.body, now.file, now.line)
        if isinstance(step, Choose):
            chosen = choice(scope, step)
            line = outer.line + fate.cue.line
            return None if chosen is None else NewList(step.choices[chosen].body, outer.file, line)
        body = step.body if isinstance(step, Repeat) else None
        if isinstance(step, Send | Await | Hold):
            body = step.meanwhile
        return None if body is None else NewList(body, outer.file, outer.line + fate.cue.line)


def track(scope: Scope, new: Call) -> int | None:
    """Find the track of a `do` that plays in a list among those of the new text; one that has none is all `main`."""
    owner = scope.owner
    if not isinstance(owner, Doing) or not isinstance(owner.step, Call):
        return None
    name = owner.step.tracks[owner.number].name
    return next((at for at, one in enumerate(new.tracks) if (one.name or MAIN) == (name or MAIN)), None)


def choice(scope: Scope, new: Choose) -> int | None:
    """Find the line of a `choose` that plays in a list among those of the new text, from 0."""
    owner = scope.owner
    if not isinstance(owner, Doing) or not isinstance(owner.step, Choose):
        return None
    return revise.choices(owner.step, new)[owner.number - 1]


def _stands(old: Cue, new: Cue, step: int) -> int | None:
    before, after = revise.waits(old), revise.waits(new)
    count = next((k for k, (index, _) in enumerate(before) if index == step), None)
    if count is None or count >= len(after) or before[count][1] != after[count][1]:
        return None
    return after[count][0]


def owner_of(scope: Scope) -> tuple[Taken, int]:
    """Give the cue whose command began a `do`, a turn or a `meanwhile`, and the number of that command."""
    owner = scope.owner
    if isinstance(owner, Repeating):
        return owner.taken, owner.key[-1]
    taken = owner.taken if isinstance(owner, Doing) else scope.within
    if taken is None:
        raise TypeError("a track has no owner")
    return taken, scope.key[-2]

"""When the cues of a list come and end, estimated: a small sum over the list, no simulation.

Real lengths are known of `wait`, `for` and `over` only. Speech is guessed from its text; a `hold`, a `wait for` and a
device's reply take no time here. So that no check compares guesses, every time belongs to an *anchor*: times of one
anchor are exactly as far apart as they say, times of different anchors are not comparable.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from showrunner.timeline.compile.draft import Draft, Sounding


class Moment(NamedTuple):
    """When a cue is due: ``start`` after its list began, ``clock`` as its list's clock shows it.

    ``anchor`` holds up to the first wait of unknown length in the cue; ``later`` is the one after it, and so on.
    """

    anchor: int
    start: int
    clock: int
    later: int


class Timing(NamedTuple):
    """A stretch of a list, timed: one moment a cue, what is said, when all of it is over and whether that is exact."""

    moments: list[Moment]
    sounding: list[Sounding]
    takes: int
    exact: bool


@dataclass(slots=True)
class Run:
    """How far the looking through a list has come: all that its next cue needs to know of those above.

    ``voices``: device -> (anchor, end, line) of what was said last. ``taken``: property -> (anchor, start, end, line)
    of the command that claimed it last. ``above`` is the last cue, ``latest`` when it came; ``written`` and ``highest``
    are what positions said.
    """

    anchor: int = 0
    unused: int = 1
    due: int = 0
    back: int = 0
    free: int = 0
    finish: int = 0
    readable: bool = True
    waited: bool = True
    exact: bool = True
    voices: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    written: int | None = None
    highest: int = -1
    highest_line: int = 0
    above: Draft | None = None
    above_line: int = 0
    speaking: bool = False
    latest: int = 0
    taken: dict[tuple[str, str], tuple[int, int, int, int]] = field(default_factory=dict)

    def moved(self, lines: int) -> Run:
        """Give a copy whose lines stand further down; what is over and done with is left out."""
        alive = {
            key: (anchor, start, end, line + lines)
            for key, (anchor, start, end, line) in self.taken.items()
            if anchor >= self.anchor and max(start, end) >= self.due
        }
        voices = {device: (anchor, end, line + lines) for device, (anchor, end, line) in self.voices.items()}
        return replace(
            self,
            voices=voices,
            taken=alive,
            highest_line=self.highest_line + lines,
            above_line=self.above_line + lines,
        )

    def like(self, other: Run) -> bool:
        """Tell whether a list goes on from here as it does from there. A line nobody will ask for does not matter."""
        if self.above is not other.above:
            return False
        if self == other:
            return True
        voices = {name: (a, end, line if end > self.due else 0) for name, (a, end, line) in self.voices.items()}
        theirs = {name: (a, end, line if end > other.due else 0) for name, (a, end, line) in other.voices.items()}
        return voices == theirs and replace(self, voices={}) == replace(other, voices={})


def timing(drafts: list[tuple[int, Draft]], run: Run) -> Timing:
    """Estimate a stretch. An overrun sets the clock back as it does on stage: what follows keeps its gaps."""
    moments: list[Moment] = []
    sounding: list[Sounding] = []
    voices = run.voices
    anchor, unused, due, back, free, finish = run.anchor, run.unused, run.due, run.back, run.free, run.finish
    readable = run.readable  # the clock can be told from the anchor
    waited, exact = run.waited, run.exact  # nothing unknown gates this cue; is in the cue above
    takes, every = 0, True
    for place, (line, draft) in enumerate(drafts):
        position = draft.made.position
        at, plus = position.at, position.plus or 0
        if position.then:
            ready = max(free, finish, *[end for _, end, _ in voices.values()])
            known = waited and exact and not voices
            voices.clear()
            want = ready + plus if at is None else max(ready, at + back)
            if not known:
                anchor, unused = unused, unused + 1
                readable = at is not None
            due = want
        else:
            want = at + back if at is not None else due + plus
            if not waited or (at is not None and not readable):
                anchor, unused = unused, unused + 1
                readable = at is not None
            if want < free:
                back += free - want
                want = free
            due = want
        moments.append(Moment(anchor, due, due - back, unused))
        for gate, offset, device, length, spot, own in draft.speech:
            asked = start = due + offset
            said_in = unused + gate - 1 if gate else anchor
            after = None
            before = voices.get(device)
            if before is not None and before[1] > asked:
                start = before[1]
                if before[0] == said_in and before[2] != line:
                    after = before[2]
            end = start + length
            voices[device] = (said_in, end, line)
            sounding.append(Sounding(place, line, said_in, asked, start, end, device, spot, own, after))
            takes = max(takes, end)
        free, finish = due + draft.free, due + draft.finish
        takes = max(takes, finish)
        waited, exact = draft.gates == 0, draft.exact
        every = every and exact
        if not waited:
            anchor = unused + draft.gates - 1
            unused += draft.gates
    run.anchor, run.unused, run.due, run.back, run.free, run.finish = anchor, unused, due, back, free, finish
    run.readable, run.waited, run.exact = readable, waited, exact
    return Timing(moments, sounding, takes, every)

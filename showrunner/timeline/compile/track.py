"""A track, compiled anew after a change: what stands above and below the change is taken from the last time.

Not how cues are compiled (``bodies``) or looked through (``stretch``): only what of them is still good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from showrunner.slotted import dataclass
from showrunner.syntax import nodes
from showrunner.syntax.reading.unchanged import agreeing
from showrunner.timeline.compile.draft import Draft, Drafts, Looks, Run
from showrunner.timeline.compile.outline import Cues
from showrunner.timeline.compile.stretch import Stretch, stretch_of

LENGTH = 64
"""So many cues make a stretch, about."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A track as it was compiled: its cues and the stretches they were looked through in."""

    placed: Cues
    stretches: tuple[Stretch, ...]


Good = Callable[[Stretch], bool]
Make = Callable[[nodes.Cue, dict[int, Draft]], Draft]
NOTHING = Kept((), ())


def again(old: Kept, placed: Cues, good: Good, make: Make, looks: Looks) -> Kept:
    """Compile a track. ``good`` tells which stretches hold whatever else changed; ``make`` compiles a cue.

    ``make`` is given drafts that may be used again, by the identity of their nodes.
    """
    head, tail, lines = _same(old.placed, placed)
    planned: list[tuple[Drafts, Stretch | None, int]] = []
    middle: list[tuple[Drafts, Stretch | None, int]] = []
    above: list[Stretch] = []
    below: list[Stretch] = []
    spare: dict[int, Draft] = {}
    at = 0
    for one in old.stretches:
        end = at + len(one.drafts)
        if end <= head:
            above.append(one)
        elif at >= len(old.placed) - tail:
            below.append(one)
        else:
            spare.update([(id(draft.node), draft) for _, draft in one.drafts])
        at = end
    begin = sum(len(one.drafts) for one in above)
    stop = len(placed) - sum(len(one.drafts) for one in below)
    drafts = [(one.line, make(one.node, spare)) for one in placed[begin:stop]]
    middle.extend((drafts[start : start + LENGTH], None, 0) for start in range(0, len(drafts), LENGTH))
    for group, down in ((above, 0), (below, lines)):
        if group is below:
            planned.extend(middle)
        for one in group:
            if good(one):
                planned.append(
                    ([(line + down, draft) for line, draft in one.drafts] if down else one.drafts, one, down)
                )
            else:
                kept = {id(draft.node): draft for _, draft in one.drafts}
                planned.append(([(line + down, make(draft.node, kept)) for line, draft in one.drafts], None, 0))
    whole = [pair for drafts, _, _ in planned for pair in drafts]
    run = Run()
    done: list[Stretch] = []
    for drafts, known, down in planned:
        if known is not None and known.fits(run, down):
            stretch = known.further(down)
        else:
            stretch = stretch_of(drafts, run, whole, looks, within=False)
        done.append(stretch)
        run = stretch.after
    return Kept(placed, tuple(done))


def singly(placed: Cues, make: Make, looks: Looks) -> Iterator[Stretch]:
    """Compile a track for this time only, stretch by stretch: what just the next time would need is let go at once."""
    run = Run()
    whole: Drafts = []
    for start in range(0, len(placed), LENGTH):
        drafts = [(one.line, make(one.node, {})) for one in placed[start : start + LENGTH]]
        whole.extend(drafts)
        stretch = stretch_of(drafts, run, whole, looks, within=False)
        run = stretch.after
        for _, draft in drafts:
            draft.looked_through()
        yield stretch


def _same(old: Cues, new: Cues) -> tuple[int, int, int]:
    """Count the cues at both ends that are as before, and by how many lines those at the end moved."""
    most = min(len(old), len(new))
    head = agreeing(old, new)
    if head == most:
        # All of the shorter one; what is left of the longer one is the change.
        return head, 0, 0
    lines = new[-1].line - old[-1].line
    if not lines:
        return head, agreeing(old[: -1 - (most - head) : -1], new[: -1 - (most - head) : -1]), 0
    tail = 0
    for one, other in zip(reversed(old), reversed(new), strict=False):
        if tail == most - head or one.node is not other.node or one.line + lines != other.line:
            break
        tail += 1
    return head, tail, lines

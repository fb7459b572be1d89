"""A stretch of a list: some cues in a row, looked through together, so that a long list need not be done all over.

What is found in a stretch depends on its cues and on what comes in from above (a ``Run``). Where both are as they were,
it is as it was, wherever it stands now. How stretches are put together is in ``bodies``, which of them are kept in
``track``.
"""

from __future__ import annotations

from dataclasses import replace

from showrunner.slotted import dataclass
from showrunner.timeline import cues
from showrunner.timeline.compile.draft import Drafts, Looks, Passage, Run
from showrunner.timeline.compile.facts import BESIDE, Fact, Sounding
from showrunner.timeline.compile.notes import Note, moved
from showrunner.timeline.compile.timing import timing


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some cues of a list and what was found in them. Lines count from the base of the list.

    ``before`` and ``after`` say how the list stands at both ends. ``quiet``: nothing was noted that speaks of other
    cues. ``sounding`` counts its lines ``lower`` lines further up. ``names``: it uses constants or a `define`;
    ``does``: the names of those.
    """

    drafts: Drafts
    before: Run
    after: Run
    cues: list[cues.Cue]
    notes: list[Note]
    facts: list[Fact]
    devices: frozenset[str]
    count: int
    height: int
    stops: bool
    sounding: list[Sounding]
    voices: frozenset[str]
    takes: int
    exact: bool
    quiet: bool
    names: bool
    does: frozenset[str]
    lower: int = 0

    def fits(self, run: Run, lines: int) -> bool:
        """Tell whether it can be taken as it is, so many lines further down, where the list stands at ``run``."""
        return self.quiet and self.before.moved(lines).like(run)

    def further(self, lines: int) -> Stretch:
        """Give it so many lines further down."""
        if not lines:
            return self
        return replace(
            self,
            drafts=[(line + lines, draft) for line, draft in self.drafts],
            before=self.before.moved(lines),
            after=self.after.moved(lines),
            cues=[_at(cue.line + lines, cue) for cue in self.cues],
            notes=[moved(note, lines) for note in self.notes],
            facts=[fact._replace(spot=fact.spot.further(lines)) for fact in self.facts],
            lower=self.lower + lines,
        )


def _at(line: int, cue: cues.Cue) -> cues.Cue:
    return cues.Cue(line, cue.name, cue.position, cue.written, cue.steps, cue.span)


def stretch_of(drafts: Drafts, run: Run, whole: Drafts, looks: Looks, *, within: bool) -> Stretch:
    """Look through some cues of the list ``whole``, which stands at ``run``.

    ``within``: the list stands in another, which must know what it leaves there.
    """
    before = run.moved(0)
    after = run.moved(0)
    made: list[cues.Cue] = []
    own: list[Note] = []
    facts: list[Fact] = []
    devices: frozenset[str] = frozenset()
    does: set[str] = set()
    count = height = 0
    stops = names = False
    for line, draft in drafts:
        cue = draft.cue
        if cue is None or cue.line != line:
            cue = draft.cue = _at(line, draft.made)
        made.append(cue)
        count += draft.count
        if draft.notes:
            own.extend([moved(note, line) for note in draft.notes])
        if draft.facts:
            seen = [fact for fact in draft.facts if within or fact.kind not in BESIDE]
            facts.extend([fact._replace(spot=fact.spot.further(line)) for fact in seen])
        if within and draft.speech:
            facts.extend(Fact("voice", s.device, s.spot.further(line)) for s in draft.speech if s.own and not s.cuts)
        if not draft.devices <= devices:
            devices |= draft.devices
        if draft.height or draft.stops:
            height = max(height, draft.height)
            stops = stops or draft.stops
        if draft.uses:
            names = True
            does.update([name[3:] for name in draft.uses if name.startswith("do ")])
    times = timing(drafts, after)
    notes = looks.passage(Passage(drafts, times, after, whole))
    if drafts:
        after.above_line, after.above = drafts[-1]
    return Stretch(
        drafts,
        before,
        after,
        made,
        [*own, *notes],
        facts,
        devices,
        count,
        height,
        stops,
        times.sounding,
        frozenset([sounding.device for sounding in times.sounding if not sounding.cuts]),
        times.takes,
        times.exact,
        not notes,
        names,
        frozenset(does),
    )

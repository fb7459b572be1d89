"""A snapshot: what stands at the end of a step, as frozen values that any thread may read and keep.

It is made where nothing else changes anything, in the show's own thread behind a step, and takes the place of the one
before by a single assignment. So a reader in another thread sees one step whole, never half of the next, and neither
waits for the other: there is no lock by which a reader could hold the show up. What changes by itself is in it as what
it follows from: a clock that runs (``TrackClock.at``), a value on its way (``curves.value``).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from showrunner.devices.vocabulary import Command
from showrunner.engine.curves import Course
from showrunner.engine.messages import Excerpt
from showrunner.engine.play import Hearing, Play, Sending
from showrunner.engine.score import hearing
from showrunner.slotted import dataclass
from showrunner.timeline.cues import When


@dataclass(frozen=True, slots=True)
class TrackClock:
    """The clock of a track (microseconds): what it showed at ``instant``, and whether it runs on."""

    track: str
    instant: int
    shown: int
    runs: bool

    def at(self, now: int) -> int:
        """Tell what it shows ``now``, if no step comes in between."""
        return self.shown + max(0, now - self.instant) if self.runs else self.shown


@dataclass(frozen=True, slots=True)
class Standing:
    """A wait that stands: where, for what (the `for` of the journal), and since which instant."""

    segment: str
    track: str
    cue: str
    what: str
    since: int


@dataclass(frozen=True, slots=True)
class Heard:
    """A `when` that is open: ``segment`` (None: at the left edge) and ``cue`` as its entries have it.

    ``heard`` events so far, ``plays`` so many turns, ``waiting`` so many events. ``rests``: before that instant, if
    nothing stands, what comes is too soon.
    """

    segment: str | None
    cue: str
    when: When
    heard: int
    plays: int
    waiting: int
    rests: int | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What stands at ``instant``: of a show, of its segment, of its devices. ``hears``: its whens, by the text.

    ``ending``: the result it is coming to, or has come to once it has ``ended``. ``loop``: where it begins again.
    ``values``: what is held or moves, by device and property. ``commands``, by their numbers and with every value
    filled in: what went last, what is under way, and what ``stands`` (of each property of a device the number of what
    set it last, below 0 where the show began behind that).
    """

    instant: int
    paused: bool
    panicked: bool
    ending: str | None
    ended: bool
    loop: Excerpt | None
    segment: str | None
    clocks: tuple[TrackClock, ...]
    standing: tuple[Standing, ...]
    hears: tuple[Heard, ...]
    values: Mapping[str, Mapping[str, Course]]
    commands: Mapping[int, Command]
    stands: Mapping[str, Mapping[str, int]]


def _heard(play: Play, one: Hearing) -> Heard:
    every, last = one.step.every, one.last
    rests = None if every is None or last is None else play.instant + last + every - play.score
    counts = one.heard, len(one.turns), len(one.waiting)
    return Heard(one.part.segment.name or None, one.label, one.step, *counts, rests)


def taken(play: Play, before: Snapshot | None = None) -> Snapshot:
    """Take a snapshot of a show between two steps. What hears is that of the one ``before``, where nothing of it has
    changed.
    """
    part = None if play.part is None or play.part.over else play.part
    now, score, paused = play.instant, play.score, play.agenda.paused
    tracks = () if part is None else part.tracks
    under_way = (run for run in play.runs.values() if isinstance(run, Sending) and run.sent_at is not None)
    commands = dict(play.lately)
    commands |= {run.id: run.command for run in under_way}
    commands |= {run.id: run.command for port in play.ports.values() for run in port.states.values()}
    kept = None if before is None or play.fresh or before.paused != paused else before.hears
    return Snapshot(
        now,
        paused,
        play.panicked,
        play.ending,
        play.ended,
        play.round,
        None if part is None else part.segment.name,
        tuple(TrackClock(one.track, now, one.clock(score), not (paused or one.stands)) for one in tracks),
        tuple(
            Standing(wait.scope.part.segment.name, wait.scope.track, wait.label, wait.what, wait.since)
            for wait in play.waits
        )
        + tuple(Standing(one.segment, one.track or "", one.label or "", one.what, one.since) for one in play.untils),
        tuple(_heard(play, one) for one in hearing.open_(play)) if kept is None else kept,
        MappingProxyType(
            {
                name: MappingProxyType(held)
                for name, port in play.ports.items()
                if (held := {one: it.course for lane in port.streams.values() for one, it in lane.values.items()})
            }
        ),
        MappingProxyType(commands),
        MappingProxyType(
            {
                name: MappingProxyType({one: run.id for one, run in port.states.items()})
                for name, port in play.ports.items()
                if port.states
            }
        ),
    )

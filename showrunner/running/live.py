"""A show on its stage: what is asked for made into wires, doubles, a journal and the performance that plays it.

Nothing is shown here, and nobody is asked: whoever calls the show puts its own sinks beside the journal.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from fractions import Fraction

from showrunner import __version__
from showrunner.devices.vocabulary import Fixture
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Excerpt, Options
from showrunner.running.audience import Audience
from showrunner.running.conductor import Broken, Playbill, Sources
from showrunner.running.faults import Faults
from showrunner.running.journal_file import JournalFile
from showrunner.running.performance import Performance
from showrunner.running.wiring import join, wiring
from showrunner.show import outputs, user_files
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList, Policy
from showrunner.wires.day import here
from showrunner.wires.wire import Pressed

GUARD = 300_000
"""A finger that shakes presses a key again within so many microseconds, unless something else is said."""


def fresh() -> str:
    """Draw the seed of a show that is played for real."""
    return f"{secrets.randbits(32):08x}"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a show is to be played. ``simulated`` names the devices that are doubles, ``journal`` a file.

    ``frames``: the journal has every streamed frame. ``guard``: a key that is pressed twice within so many microseconds
    counts once. ``speed`` other than 1 is for doubles only; ``faults`` are what is to go wrong with which of them,
    ``verbose`` shows what their audience would see. ``catalogue`` is the file that the user named; ``ways``: how it is
    called besides by keys (console, watch), for whoever resumes it; ``resumes``: the journal of the show that goes on.
    ``seed``: what all that is chosen comes from, in the show and in every plan of it.
    """

    simulated: frozenset[str] = frozenset()
    journal: str | None = None
    frames: bool = False
    guard: int = GUARD
    on_failure: Policy | None = None
    excerpt: Excerpt = field(default_factory=Excerpt)
    speed: Fraction = Fraction(1)
    faults: Mapping[str, Faults] = field(default_factory=dict)
    verbose: bool = False
    catalogue: str | None = None
    ways: Mapping[str, object] = field(default_factory=dict)
    resumes: str | None = None
    seed: str = field(default_factory=fresh)

    def told(self) -> Mapping[str, object]:
        """Give what a journal must say of it for the show to be resumed, where it is not as usual."""
        listed = {
            "doubles": sorted(self.simulated) or None,
            "frames": self.frames or None,
            "speed": str(self.speed) if self.speed != 1 else None,
            "catalogue": self.catalogue,
            "ways": dict(self.ways) or None,
        }
        return {key: value for key, value in listed.items() if value is not None}


class Live:
    """A show with all that it is played on. ``close`` it in any case.

    ``say`` is given what the doubles' audience sees, ``warn`` what is not as it should be; both in any thread.
    ``lingers`` as in ``Options``. Raises ``Refusal`` where the journal cannot be written, or is one of the show's
    files.
    """

    def __init__(
        self,
        prepared: Prepared,
        cues: CueList,
        wishes: Wishes,
        say: Callable[[str], None],
        warn: Callable[[str], None],
        *,
        lingers: frozenset[str] = frozenset(),
        broken: Broken | None = None,
    ) -> None:
        if wishes.journal is not None:
            outputs.apart(wishes.journal, prepared.read)
        stage, epoch = prepared.stage, time.time_ns() // 1_000_000
        self.stage = stage
        self.wishes = wishes
        self._say = say
        self._warn = warn
        self._file = None if wishes.journal is None else JournalFile(wishes.journal, warn)
        self.notes: list[str] = []
        """What is to be said before it begins."""
        if self._file is not None and self._file.path != wishes.journal:
            self.notes.append(f"`{wishes.journal}` has entries already: the journal is written to `{self._file.path}`")
        self._stamp = lambda now: epoch + now // 1_000
        self.journal = Journal()
        if self._file is not None:
            self.journal.sinks.append(self._file)
            self.journal.settle = self._file.settle
            self.journal.early = self._file.renew
        used = {name: stage.fixtures[name] for name in cues.devices}
        self.audience = self._audience(used) if wishes.verbose else None
        self.wired = wiring(used, wishes.simulated, prepared.inventories, self._stamp, wishes.faults, self.audience)
        self.notes += self.wired.notes
        options = Options(
            watched=True,
            seed=wishes.seed,
            epoch=epoch,
            on_failure=wishes.on_failure or stage.on_failure,
            journal_frames=wishes.frames,
            excerpt=wishes.excerpt,
            safe=prepared.safe,
            guard=wishes.guard,
            lingers=lingers,
        )
        if broken is not None:
            options = broken.caller.play.options
        real = {name: one for name, one in stage.fixtures.items() if name not in wishes.simulated}
        self.performance = Performance(
            cues,
            self.wired.fixtures,
            self.wired.wires,
            self.wired.inbox,
            self.journal,
            options,
            inventories=prepared.inventories,
            memory=user_files.memory(real),
            secrets=self.wired.secrets,
            remember=self._remember,
            playbill=Playbill(__version__, stage.path, wishes.told(), wishes.resumes),
            broken=broken,
            blocked=stage.blocked,
            day=here(lambda micros: self.wired.tempo.micros(micros * 1_000)),
        )
        if wishes.journal is not None and wishes.resumes is None:
            # The texts stand with what was played of them: they may have changed when somebody reads it.
            sources = Sources(prepared.fingerprint, prepared.whole_texts, prepared.roles)
            self.wired.inbox.put("", Pressed("source", given=sources))

    def at(self) -> int | None:
        """Tell the show time; None before time 0."""
        return self.performance.conductor.at

    def join(self, prepared: Prepared, name: str) -> Fixture:
        """Make the way to a device that comes into the show with a new text: a double, if it was said to be one."""
        fixture, wishes = prepared.fixtures[name], self.wishes
        join(self.wired, name, fixture, wishes.simulated, prepared.inventories, self._stamp, wishes.faults)
        return self.wired.fixtures[name]

    def close(self) -> None:
        """End all of it."""
        self.performance.close()
        self.wired.close()
        if self._file is not None:
            self._file.close()

    def _audience(self, used: Mapping[str, Fixture]) -> Audience:
        """Give what writes down what the doubles show, in show time: 0 before it begins."""
        played = {name: one for name, one in used.items() if name in self.wishes.simulated}
        return Audience(
            tuple(played),
            self._say,
            frozenset(name for name, one in played.items() if name != one.device.name),
            lambda: 0.0 if self.journal.zero is None else (self.at() or 0) / 1_000_000,
            lapses=False,
        )

    def _remember(self, device: str, key: str, value: str) -> None:
        if device in self.wishes.simulated:
            return
        wrong = user_files.remember(self.wired.fixtures[device], key, value)
        if wrong is not None:
            self._warn(wrong)

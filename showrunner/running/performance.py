"""The performance: a conductor and a stagehand on one machine, and the one loop that has the clock for both.

It decides nothing: what is next is the conductor's business, what a frame means the stagehand's. On a virtual clock or
a real one it is the same loop; only the inbox differs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from showrunner.devices.strangers import NO_WORDS, Blocklist
from showrunner.devices.vocabulary import Fixture, Inventory, Output
from showrunner.engine.caller import Caller
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Options, Silenced
from showrunner.running.conductor import Broken, Conductor, Playbill
from showrunner.running.stagehand import Stagehand
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList
from showrunner.wires.day import Day
from showrunner.wires.wire import Arrival, Inbox, Pressed, Stood, Wire

__all__ = ["Missing", "Options", "Performance", "Result"]

GLANCE = 100_000
"""How often it is looked whether standby is over, or ``idle`` done (microseconds)."""

Missing: TypeAlias = Callable[[Mapping[str, str], bool], None]
"""Takes the devices that are missing with what to do about each, and whether their time is over."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a show ended: the journal's `end`, and whether some command ended badly."""

    result: str
    counts: dict[str, int]
    bad: bool


class Stands(RuntimeError):  # noqa: N818 - it is the show that stands
    """Nothing is left to happen, and the show has not ended: it stands, and nobody is there to let it go on."""

    def __init__(self) -> None:
        super().__init__("nothing is left to happen, and the show has not ended")


class Performance:
    """One show on its devices, from the first connection to the last journal entry.

    ``wires`` are by stage name; that of a device which comes with a new text is in it by then. ``inventories`` and
    ``memory`` are by stage name, too, and so are ``secrets`` (as in ``Terms``); ``remember(device, key, value)`` keeps
    what a driver wants kept. ``day``: the wall clock. What strangers write with ``blocked`` words is heard by nobody.
    """

    def __init__(
        self,
        cues: CueList,
        fixtures: Mapping[str, Fixture],
        wires: Mapping[str, Wire],
        inbox: Inbox,
        journal: Journal,
        options: Options,
        *,
        inventories: Mapping[str, Inventory] | None = None,
        memory: Mapping[str, Mapping[str, str]] | None = None,
        secrets: Mapping[str, Mapping[str, str]] | None = None,
        remember: Callable[[str, str, str], None] | None = None,
        playbill: Playbill | None = None,
        broken: Broken | None = None,
        day: Day | None = None,
        blocked: Blocklist = NO_WORDS,
    ) -> None:
        self.inbox = inbox
        self.stagehand = Stagehand(
            self._told,
            wires,
            options.seed,
            options.epoch,
            memory=memory,
            secrets=secrets,
            remember=remember,
            every_frame=options.journal_frames,
        )
        self.conductor = Conductor(
            cues,
            fixtures,
            journal,
            options,
            self.stagehand,
            inbox.now,
            inventories=inventories,
            playbill=playbill,
            broken=broken,
            day=day,
            blocked=blocked,
        )
        self._latest = 0

    @property
    def cues(self) -> CueList:
        """The text that is played."""
        return self.conductor.cues

    @property
    def caller(self) -> Caller:
        """Whoever calls the cues."""
        return self.conductor.caller

    @property
    def journal(self) -> Journal:
        """What is written down."""
        return self.conductor.journal

    @property
    def devices(self) -> AbstractSet[str]:
        """The stage names of all devices it knows."""
        return self.conductor.devices

    @property
    def interrupted(self) -> bool:
        """Whether it was broken off before it began."""
        return self.conductor.interrupted

    # --- the three acts

    def standby(self, limit: int | None = None, missing: Missing | None = None) -> dict[str, str]:
        """Connect to every device; give those that are not ready, with what to do about it.

        ``limit`` is the time for each device to answer at all, in microseconds (None: as its ``Fixture`` says); when
        one has not, the others are not waited for either. A device that waits for a person (an approval) is waited for
        without limit, until the operator breaks off. With ``missing`` every device is: that is told what is missing
        whenever it is something else, and once more when the time is over.
        """
        stagehand = self.stagehand
        began = self.inbox.now()
        self.conductor.open(began)
        if missing is not None:
            self._gather(missing, lambda: began + (stagehand.patience if limit is None else limit))
        while not self.interrupted and not stagehand.ready:
            hoping = stagehand.hoping
            until = began + (stagehand.patience if limit is None else limit)
            if not self._turn(None if hoping else until) and not hoping and self.inbox.now() >= until:
                break
        self._secure()
        return stagehand.missing()

    def _gather(self, missing: Missing, until: Callable[[], int]) -> None:
        """Wait for every device, however long it takes, and tell what is missing meanwhile."""
        told: tuple[dict[str, str], bool] = {}, False
        while not self.interrupted and not self.stagehand.ready:
            now = self.stagehand.missing(), self.inbox.now() >= until()
            if now != told:
                told = now
                missing(*told)
            self._turn(self.inbox.now() + GLANCE)
        missing(self.stagehand.missing(), False)

    def idle(self, done: Callable[[], bool]) -> None:
        """Keep the connections alive (greetings, heartbeats, approvals) until ``done``, or until it is interrupted."""
        while not done() and not self.interrupted:
            self._turn(self.inbox.now() + GLANCE)
        self._secure()

    def _secure(self) -> None:
        """See a panic through that came before the show: silence, and what is safe."""
        while self.interrupted and self.conductor.begun and not self.caller.ended:
            self._turn(None)

    def play(self) -> Result:
        """Play the show from its first segment to its end."""
        while self.conductor.told_more:
            self.conductor.hear()
        self.conductor.begin(self._from(self.inbox.now()))
        caller = self.caller
        while not caller.ended:
            if not self._turn(None) and not caller.ended:
                raise Stands
        return Result(caller.snapshot().ending or "done", caller.counts, caller.bad)

    def close(self) -> None:
        """Close every connection. A show that was never played has its end written all the same."""
        self.conductor.close(self.inbox.now())
        self.stagehand.close()

    # --- the loop

    def _turn(self, until: int | None) -> bool:
        """Do the next thing in order; tell whether there was one not later than ``until``."""
        conductor, stagehand = self.conductor, self.stagehand
        if conductor.told_more:
            conductor.hear()
            return True
        deadline, due, glance = stagehand.deadline, conductor.due, conductor.glance
        first = until if due is None or (until is not None and until < due) else due
        if deadline is not None and (first is None or deadline[0] < first):
            first = deadline[0]
        if glance is not None and (first is None or glance < first):
            first = glance
        arrival = self.inbox.next(first)
        if arrival is not None:
            self._arrived(arrival, self._from(arrival.at))
        elif glance is not None and glance == first:
            conductor.look(self._from(self.inbox.now()))
        elif deadline is not None and deadline[0] == first:
            stagehand.elapsed(deadline[1], deadline[0], self._from(deadline[0]))
        elif due is not None and due == first:
            conductor.step(self._from(self.inbox.now()))
        else:
            return False
        return True

    def _from(self, instant: int) -> int:
        """Take an instant for what is done now: what came in while something was done comes after that."""
        self._latest = max(self._latest, instant)
        return self._latest

    def _told(self, device: str, outputs: Sequence[Output | Silenced], now: int) -> None:
        self.conductor.told(device, outputs, now)

    def _arrived(self, arrival: Arrival, now: int) -> None:
        if isinstance(arrival.what, Pressed):
            self.conductor.press(arrival.what, now)
            if arrival.what.taken is not None:
                arrival.what.taken()
        elif isinstance(arrival.what, Stood):
            self.conductor.stood(arrival.what.time, now)
        else:
            self.stagehand.arrived(arrival, now)

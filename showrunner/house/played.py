"""A show as it is played by several at once: a conductor whose every call is a turn that can be written down.

Who leads makes a turn because it is due, who follows because the log has it: the same call, at the same instant, on the
same show, so the same entries and the same calls to the devices come out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from showrunner import __version__
from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Call, Entry, Excerpt, Options
from showrunner.house.forms import Malformed, plain, read
from showrunner.house.messages import Opening
from showrunner.house.words import call_said, output_read, press_read
from showrunner.running.conductor import Conductor, Playbill
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.timeline.cues import Policy
from showrunner.wires.day import Day

Turn: TypeAlias = list[Any]
"""A call of a conductor: its kind, its instant, and what goes with it.

``open`` · ``begin`` · ``step`` · ``close`` · ``look WALL`` · ``told HAND LIFE N DEVICE OUTPUTS`` · ``press PRESS ID``
· ``stood FOR``
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a turn: journal entries, and calls to the devices.

    ``early``: at show time 0 the entries of standby once more, with how long ago each was; they come before the others.
    """

    entries: list[Entry]
    calls: list[list[Any]]
    early: tuple[Entry, ...] = ()


class Played:
    """One show, turn by turn. ``sinks`` of the journal are given nothing here: ``take`` gives what was written.

    ``clock`` tells the time of the show's clock, for what is asked between two turns.
    """

    def __init__(self, opening: Opening, prepared: Prepared, clock: Callable[[], int]) -> None:
        if prepared.cues is None:
            raise Malformed("the show does not check")
        self.opening = opening
        self.prepared = prepared
        self.hands = dict(opening.hands)
        self._entries: list[Entry] = []
        self._calls: list[list[Any]] = []
        self._now = 0
        self._wall = 0
        self.journal = Journal(self._entries.append)
        self.journal.early = self._keep
        self._early: tuple[Entry, ...] = ()
        self.conductor = Conductor(
            prepared.cues,
            {name: prepared.fixtures[name] for name in prepared.cues.devices},
            self.journal,
            options(opening, prepared),
            self,
            clock,
            inventories=prepared.inventories,
            playbill=_bill(opening),
            day=Day(lambda: self._now + self._wall, lambda _: opening.zone, lambda micros: micros),
            blocked=prepared.stage.blocked,
        )

    def take(self, turn: Turn) -> Taken:
        """Make a turn; give what came of it. Raises ``Malformed``."""
        conductor = self.conductor
        try:
            kind, now, *more = turn
            self._now = now
            match kind:
                case "open":
                    conductor.open(now)
                case "begin":
                    conductor.begin(now)
                case "step":
                    conductor.step(now)
                case "look":
                    self._wall = more[0] - now
                    conductor.look(now)
                case "told":
                    conductor.told(more[3], [output_read(one) for one in more[4]], now)
                case "press":
                    conductor.press(press_read(more[0]), now)
                case "stood":
                    conductor.stood(more[0], now)
                case "close":
                    conductor.close(now)
                case _:
                    raise Malformed(f"no turn: {kind}")
        except (TypeError, ValueError, KeyError, IndexError) as error:
            raise Malformed(f"a turn that cannot be made: {error}") from error
        while conductor.told_more:
            conductor.hear()
        taken = Taken(self._entries[:], self._calls, self._early)
        self._entries.clear()
        self._calls, self._early = [], ()
        return taken

    def _keep(self, entries: Sequence[Entry]) -> None:
        self._early = tuple(entries)

    def set_wall(self, wall: int, now: int) -> None:
        """Note what the clock on the wall shows, between two looks at it."""
        self._wall = wall - now

    def lead(self, now: int, term: int, by: str, why: str) -> Entry:
        """Write down who leads from here on."""
        entry = self.journal.write(now, "lead", term=term, by=by, why=why)
        self._entries.clear()
        return entry

    # --- the hands of the conductor

    def connect(self, fixture: Fixture, events: tuple[str, ...], inventory: Inventory | None, now: int) -> None:  # noqa: ARG002
        """Have a device reached."""
        self._calls.append([now, "connect", {"device": fixture.name, "events": list(events)}])

    def listen(self, device: str, events: tuple[str, ...], now: int) -> None:
        """Have a program tell of more."""
        self._calls.append([now, "listen", {"device": device, "events": list(events)}])

    def show(self, fixture: Fixture) -> None:
        """A later text has pictures and documents of its own."""

    def begin(self, zero: int) -> None:
        """Say when show time 0 is."""
        self._calls.append([self._now, "begin", {"zero": zero}])

    def do(self, call: Call, now: int) -> None:
        """Have a device do something."""
        self._calls.append([now, *call_said(call)])


def options(opening: Opening, prepared: Prepared) -> Options:
    """Give how the show is played."""
    said = opening.options
    policy: Policy = said.get("on-failure", prepared.stage.on_failure)
    return Options(
        watched=True,
        seed=opening.seed,
        epoch=opening.epoch,
        on_failure=policy,
        journal_frames=said.get("frames", False),
        excerpt=read(Excerpt, said.get("part", {})),
        safe=prepared.safe,
        guard=said.get("guard", 0),
    )


def options_said(chosen: Options) -> dict[str, Any]:
    """Give them for an ``Opening``: what is not in the show itself."""
    part = plain(chosen.excerpt)
    said = {"on-failure": chosen.on_failure, "frames": chosen.journal_frames, "part": part, "guard": chosen.guard}
    return {key: one for key, one in said.items() if one}


def _bill(opening: Opening) -> Playbill:
    bill = opening.bill
    stage = bill.get("stage")
    made = Playbill(__version__, stage, dict(bill.get("options", {})))
    return replace(made, script=opening.script)

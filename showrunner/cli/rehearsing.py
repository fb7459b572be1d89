"""A rehearsal on its stage: the show as `run` plays it, with the watch, the console and all keys around it.

What is put together here; what a save does is in ``rehearsal``, what it means for the show in the engine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from showrunner.book import Library
from showrunner.cli import kept, keys
from showrunner.cli.doubles import join
from showrunner.cli.live import Live, Wishes, acts, interrupts
from showrunner.cli.operator import REHEARSE
from showrunner.cli.prepared import Prepared, prepare
from showrunner.console.hub import Hub
from showrunner.console.server import Console
from showrunner.console.tokens import kept as tokens
from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics.render import visible
from showrunner.engine.messages import Entry
from showrunner.plan import Plan, plan
from showrunner.rehearsal import Edition, Rehearsal
from showrunner.stage import CATALOGUE, NAME
from showrunner.timeline.cues import CueList
from showrunner.watching import Watch
from showrunner.wires.wire import Wire

SWITCH = 0.001
"""Seconds after which a thread that works (reading, planning) lets the show have its turn."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How it is rehearsed. ``part``: `--from`, `--until`, `--only` as given; ``guard`` in microseconds."""

    part: tuple[str | None, str | None, str | None] = (None, None, None)
    record: bool = False
    stay: bool = False
    guard: int = 300_000
    poll: bool = False
    console: bool = True


class Reader:
    """Reads one script again and again; what has not changed is not read anew."""

    def __init__(self, path: str, stage: str | None, catalogue: str | None) -> None:
        self.path = path
        self._stage = stage
        self._catalogue = catalogue
        self._library = Library(cache=kept.grammar())
        self._before: Prepared | None = None

    def read(self, _before: Edition | None = None) -> Prepared:
        """Read it, with all that has changed since the last time."""
        self._before = prepare(
            self.path,
            self._stage,
            self._catalogue,
            self._library.read(self.path),
            before=self._before,
            once=False,
        )
        return self._before

    @property
    def files(self) -> list[Path]:
        """The files whose content matters, also those that may come to be."""
        beside = Path(self.path).parent
        named = [*(self._before.files if self._before is not None else ()), self.path]
        return [Path(one).absolute() for one in named] + [
            (beside / name).absolute()
            for name, chosen in ((NAME, self._stage), (CATALOGUE, self._catalogue))
            if chosen is None
        ]


class _Said:
    """What the terminal says of saves."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._stage = live.stage.path

    def refused(self, edition: Edition) -> None:
        """Show what is wrong, with carets."""
        self._live.status.found(edition.findings, edition.texts)
        self._live.status.say("The save was refused; the show plays on as it was.")

    def planned(self, edition: Edition, cues: CueList, planned: Plan) -> None:
        """Follow the new text from here on."""
        self._live.texts.clear()
        self._live.texts.update(edition.texts)
        self._live.cues = cues
        self._live.status.revised(cues, planned, edition.texts)

    def entry(self, entry: Entry) -> None:
        """Say what a save did."""
        if entry["kind"] == "reload" and entry["ok"]:
            lines = entry.get("report") or ["nothing that plays"]
            self._live.status.say(
                "\n".join([f"saved: {visible(lines[0])}", *(f"       {visible(o)}" for o in lines[1:])])
            )


def rehearse(reader: Reader, prepared: Prepared, cues: CueList, wishes: Wishes, ways: Ways) -> int:
    """Rehearse a show and give the exit code."""
    sys.setswitchinterval(SWITCH)
    hub = Hub()
    lingers = frozenset({"panic", "done"} if ways.stay else {"panic"})
    planned = plan(cues, prepared.fixtures, prepared.inventories, frozenset({"cue"}))
    live = Live(prepared, cues, planned, wishes, hub.publish, guard=ways.guard, lingers=lingers, revisable=True)
    said = _Said(live)
    rehearsal = Rehearsal(
        prepared,
        cues,
        reader.read,
        live.performance,
        live.wired.inbox,
        hub,
        said,
        wire=lambda edition, name: _wire(live, edition, name),
        part=ways.part,
        speed=_tempo(live, wishes),
        record=ways.record,
    )
    live.journal.sinks += [rehearsal.follow, said.entry]
    console = Console(hub, rehearsal, tokens(), live.stage.host, live.stage.port) if ways.console else None
    watch = Watch(reader.files, lambda: _saved(rehearsal, reader, watch), polling=ways.poll)

    def press(action: str, name: str | None) -> None:
        wrong = rehearsal.do(action, name if action == "button" else None, name, None, "key")
        if wrong is not None:
            live.status.say(visible(wrong))

    try:
        with interrupts(live.wired):
            if console is not None:
                _open(console, live)
            awaited = not (keys.terminal() or keys.closed())
            return acts(
                live,
                lambda: live.cues.buttons,
                awaited=awaited and console is None,
                offered=REHEARSE,
                press=press,
                ready=rehearsal.ready,
            )
    finally:
        watch.close()
        rehearsal.close()
        live.close()
        if console is not None:
            console.close()


def _saved(rehearsal: Rehearsal, reader: Reader, watch: Watch) -> None:
    rehearsal.saved()
    watch.watch(reader.files)


def _open(console: Console, live: Live) -> None:
    wrong = console.open()
    if wrong is not None:
        live.status.say(f"warning: no console: {visible(wrong)}")
        return
    for note in console.notes:
        live.status.say(f"note: {visible(note)}")
    live.status.say(f"Console:       {console.operator_url}")
    live.status.say(f"for the cast:  {console.cast_url}  (looks on only)")


def _wire(live: Live, edition: Edition, name: str) -> tuple[Fixture, Wire]:
    """Make the way to a device that comes into the show with a save: a double, if it was said to be one."""
    fixture, simulated = edition.fixtures[name], live.wishes.simulated
    join(live.wired, name, fixture, simulated, edition.inventories, live.stamp, live.wishes.faults)
    return live.wired.fixtures[name], live.wired.wires[name]


def _tempo(live: Live, wishes: Wishes) -> Callable[[Fraction], None] | None:
    if not set(live.cues.devices) <= wishes.simulated:
        return None
    return live.wired.tempo.change

"""A rehearsal on its stage: the show as `run` plays it, with the watch, the console and all keys around it.

What is put together here; what a save does is in ``rehearsal``, what it means for the show in the engine.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from showrunner.cli.live import Live, Wishes, acts, interrupts, origin
from showrunner.cli.terminal import lines
from showrunner.console.hub import Hub
from showrunner.console.server import Console
from showrunner.console.tokens import kept as tokens
from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics.wording import visible
from showrunner.engine.messages import Entry
from showrunner.reports.plan import TIMES, plan
from showrunner.reports.timetable import Plan
from showrunner.running.edition import Edition
from showrunner.running.rehearsal import Rehearsal
from showrunner.running.wiring import join
from showrunner.show import user_files
from showrunner.show.book import Library
from showrunner.show.prepare import Prepared, prepare
from showrunner.show.watch import Watch
from showrunner.timeline.cues import CueList
from showrunner.wires.wire import Wire

SWITCH = 0.0002
"""Seconds after which a thread that works (reading, planning) lets the show have its turn."""

YOUNG, MIDDLE, OLD = 700, 3, 1_000_000
"""How often garbage is looked for, as ``gc.set_threshold`` has it: in small portions, and never by itself among what
has lived for long, for that would make a cue late. That is done when a plan has been made.
"""


@dataclass(frozen=True, slots=True)
class Ways:
    """How it is rehearsed. ``part``: `--from`, `--until`, `--only` as given."""

    part: tuple[str | None, str | None, str | None] = (None, None, None)
    record: bool = False
    stay: bool = False
    poll: bool = False
    console: bool = True


SHOWN = 20
"""So many findings of a save are shown: more would take away the sight of the show."""


class Reader:
    """Reads one script again and again; what has not changed is not read anew."""

    def __init__(self, path: str, stage: str | None, catalogue: str | None) -> None:
        self.path = path
        self._stage = stage
        self._catalogue = catalogue
        self._library = Library(cache=user_files.grammar())
        self._before: Prepared | None = None
        self._news: list[str] = []

    def read(self, _before: Edition | None = None) -> Prepared:
        """Read it, with all that has changed since the last time."""
        before = self._before
        self._before = prepare(
            self.path,
            self._stage,
            self._catalogue,
            self._library.read(self.path),
            before=before,
            once=False,
        )
        if before is not None:
            self._news += _news(before, self._before)
        return self._before

    def news(self) -> list[str]:
        """Give what is to be said of the stage file and the catalogue since this was asked last."""
        news, self._news = self._news, []
        return news

    @property
    def files(self) -> list[Path]:
        """The files whose content matters, also those that may come to be."""
        named = [*(self._before.files if self._before is not None else ()), self.path]
        return [Path(one).absolute() for one in named]


class _Said:
    """What the terminal says of saves."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._stage = live.stage.path
        self._returned: list[tuple[str, str]] = []

    def refused(self, edition: Edition) -> None:
        """Show what is wrong, with carets."""
        self._live.status.found(edition.findings[:SHOWN], edition.texts)
        more = len(edition.findings) - SHOWN
        if more > 0:
            self._live.status.say(f"… and {more} more: `showrunner check` shows them all")
        self._live.status.say("The save was refused; the show plays on as it was.")

    def mended(self) -> None:
        """Say that what was refused is gone from the file."""
        self._live.status.say("The script is right again, and says what plays.")

    def returned(self, old: str, new: str) -> None:
        """Remember that what comes is no save."""
        self._returned.append((old, new))

    def planned(self, edition: Edition, cues: CueList, planned: Plan) -> None:
        """Follow the new text from here on."""
        self._live.texts.clear()
        self._live.texts.update(edition.texts)
        self._live.cues = cues
        self._live.status.revised(cues, planned)

    def entry(self, entry: Entry) -> None:
        """Say what a save did."""
        if entry["kind"] == "reload" and entry["ok"]:
            lines, step = entry.get("report") or ["nothing that plays"], (entry["old"], entry["new"])
            back = step in self._returned
            if back:
                self._returned.remove(step)
            # The file is as it was saved; what plays is another version of it.
            said = "brought back: " if back else "saved: "
            self._live.status.say(
                "\n".join([f"{said}{visible(lines[0])}", *(f"       {visible(o)}" for o in lines[1:])])
            )


def rehearse(reader: Reader, prepared: Prepared, cues: CueList, wishes: Wishes, ways: Ways) -> int:
    """Rehearse a show and give the exit code."""
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    hub = Hub()
    lingers = frozenset({"panic", "done"} if ways.stay else {"panic"})
    planned = plan(cues, prepared.fixtures, prepared.inventories, TIMES)
    live = Live(prepared, cues, planned, wishes, hub.publish, lingers=lingers, revisable=True)
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
        tempo=live.wired.tempo,
        simulated=wishes.simulated,
        record=ways.record,
    )
    live.journal.sinks += [rehearsal.follow, said.entry]
    console = Console(hub, rehearsal, tokens(), live.stage.host, live.stage.port) if ways.console else None
    watch = Watch(reader.files, lambda: _saved(rehearsal, reader, watch, live.status.say), polling=ways.poll)

    def press(action: str, name: str | None) -> None:
        wrong = rehearsal.do(action, name if action == "button" else None, name, None, origin())
        if wrong is not None:
            live.status.say(visible(wrong))

    try:
        with interrupts(live.wired):
            if console is not None:
                _open(console, live)
            awaited = not (lines.terminal() or lines.closed())
            return acts(
                live,
                lambda: live.cues.buttons,
                awaited=awaited and console is None,
                place="rehearse",
                press=press,
                ready=rehearsal.ready,
            )
    finally:
        watch.close()
        rehearsal.close()
        live.close()
        if console is not None:
            console.close()


def _saved(rehearsal: Rehearsal, reader: Reader, watch: Watch, say: Callable[[str], None]) -> None:
    rehearsal.saved()
    for news in reader.news():
        say(visible(news))
    watch.watch(reader.files)


def _news(before: Prepared, now: Prepared) -> list[str]:
    """Say what it means that the stage file or the catalogue was saved: devices that are connected stay as they are."""
    if before.ground is None or now.ground is None:
        return []
    stood, stands = dict(before.ground.stood), dict(now.ground.stood)
    said = []
    for path in dict.fromkeys([*stood, *stands]):
        if stood.get(path) == stands.get(path):
            continue
        name = Path(path).name
        if path in {before.stage.path, now.stage.path}:
            said.append(f"note: {name} has changed: devices that play keep what they have until the next start")
        else:
            said.append(f"note: {name} has changed: the script is checked against it from now on")
    return said


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

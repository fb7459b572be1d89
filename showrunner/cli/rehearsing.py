"""A rehearsal in front of a terminal: the show as `run` plays it, with the watch and the console around it.

What a save does is in ``running.rehearsal``, what it means for the show in the engine.
"""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from showrunner.cli.live import Seat, acts, interrupts, origin
from showrunner.cli.terminal import lines
from showrunner.console.hub import Hub
from showrunner.console.server import Console
from showrunner.console.tokens import kept as tokens
from showrunner.diagnostics.wording import visible
from showrunner.engine.actions import Place
from showrunner.engine.messages import Entry, Options
from showrunner.reports.plan import TIMES, plan
from showrunner.running.conductor import Broken
from showrunner.running.live import Wishes
from showrunner.running.manuscript import Manuscript
from showrunner.running.rehearsal import Rehearsal
from showrunner.show.prepare import Prepared
from showrunner.show.stage import Stage
from showrunner.show.watch import Watch
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList

if TYPE_CHECKING:
    from showrunner.console.desk import Desk
    from showrunner.console.osc import Remote

SWITCH = 0.0002
"""Seconds after which a thread that works (reading, planning) lets the show have its turn."""

YOUNG, MIDDLE, OLD = 700, 3, 1_000_000
"""How often garbage is looked for, as ``gc.set_threshold`` has it: in small portions, and never by itself among what
has lived for long, for that would make a cue late. That is done when a plan has been made.
"""

SHOWN = 20
"""So many findings of a save are shown: more would take away the sight of the show."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How it is rehearsed. ``part``: `--from`, `--until`, `--only` as given.

    ``evening``: no rehearsal but the show itself, called from a console; it is played as `run` plays it.
    """

    part: tuple[str | None, str | None, str | None] = (None, None, None)
    stay: bool = False
    poll: bool = False
    console: bool = True
    evening: bool = False

    def told(self) -> Mapping[str, object]:
        """Give it for the journal, from which the show may be resumed."""
        start, until, only = self.part
        listed = {
            "evening": self.evening,
            "console": self.console,
            "poll": self.poll,
            "from": start,
            "until": until,
            "only": only,
        }
        return {key: value for key, value in listed.items() if value}


def ways_of(told: Mapping[str, Any]) -> Ways:
    """Read what ``Ways.told`` wrote; whether it stays at its end is among the show's options."""
    part = (told.get("from"), told.get("until"), told.get("only"))
    switches = {name: bool(told.get(name)) for name in ("poll", "console", "evening")}
    return Ways(part, **switches)


@dataclass(frozen=True, slots=True)
class Onward:
    """A show that broke off and goes on: as it was left, its entries up to there, and what its files are ``now``.

    ``point`` says in words where that is.
    """

    broken: Broken
    past: Sequence[Entry]
    now: Prepared
    point: Callable[[Seat], Iterable[str]]


def rehearse(
    manuscript: Manuscript | None,
    prepared: Prepared,
    cues: CueList,
    wishes: Wishes,
    ways: Ways,
    *,
    ask: bool = True,
    onward: Onward | None = None,
) -> int:
    """Rehearse a show and give the exit code. Without a manuscript its text stays as it is."""
    sys.setswitchinterval(SWITCH)
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    hub = Hub()
    wishes = replace(wishes, ways=ways.told())
    lingers = frozenset({"panic", "done"} if ways.stay else () if ways.evening else {"panic"})
    lingers = lingers if onward is None else onward.broken.caller.play.options.lingers
    past, publish = ((), hub.publish) if onward is None else (onward.past, _behind(hub, onward.past))
    broken = None if onward is None else onward.broken
    seed = wishes.seed if broken is None else broken.caller.play.options.seed
    planned = plan(cues, prepared.fixtures, prepared.inventories, TIMES, options=Options(seed=seed))
    seat = Seat(prepared, cues, planned, wishes, publish, lingers=lingers, broken=broken, past=past)
    live, said = seat.live, _Said(seat)
    # What came before the last save is in no row of the text in force.
    saves = [number for number, entry in enumerate(past) if entry["kind"] == "reload" and entry["ok"]]
    begun = saves[-1] if saves else 0
    for entry in past[:begun]:
        hub.publish(entry)
    rehearsal = Rehearsal(
        prepared,
        cues,
        manuscript.read if manuscript is not None else lambda: prepared if onward is None else onward.now,
        live.performance,
        live.wired.inbox,
        hub,
        seat.present,
        said,
        join=live.join,
        part=ways.part,
        tempo=live.wired.tempo,
        simulated=wishes.simulated,
        record=wishes.journal is not None,
        seed=seed,
    )
    for entry in past[begun:]:
        hub.publish(entry)
    live.journal.sinks.append(said.entry)
    console = Console(hub, rehearsal, tokens(), live.stage.host, live.stage.port) if ways.console else None
    remote = _remote(live.stage, rehearsal, seat.warn)
    watch = None if manuscript is None else _watched(manuscript, rehearsal, seat, ways)
    waiting = None if ways.evening else _Missing(seat, rehearsal.missing)
    place: Place = "run" if ways.evening else "rehearse"

    def press(action: str, name: str | None) -> None:
        try:
            wrong = rehearsal.do(action, name if action in {"button", "connect"} else None, name, None, origin())
        except TimeoutError as late:
            wrong = str(late)
        if wrong is not None:
            seat.status.say(visible(wrong))

    with interrupts(live.wired), ExitStack() as closing:
        if console is not None:
            closing.callback(console.close)
        closing.callback(seat.close)
        if remote is not None:
            closing.callback(remote.close)
        closing.callback(rehearsal.close)
        if watch is not None:
            closing.callback(watch.close)
        if console is not None:
            _open(console, seat)
        if remote is not None:
            _listen(remote, seat)
        if onward is not None:
            if onward.now.fingerprint != cues.fingerprint:
                rehearsal.saved()
            seat.told(onward.point(seat))
        awaited = console is None and remote is None and not (lines.terminal() or lines.closed())
        return acts(
            seat,
            ask=ask,
            awaited=awaited,
            place=place,
            press=press,
            ready=rehearsal.ready,
            missing=waiting,
            onward=onward is not None,
        )


def _behind(hub: Hub, past: Sequence[Entry]) -> Callable[[Entry], None]:
    """Give the console's sink of a show that goes on: it is numbered behind what was before."""

    def publish(entry: Entry) -> None:
        if entry["kind"] != "show":  # it says only that it goes on
            hub.publish({**entry, "seq": entry["seq"] + len(past) - 1})

    return publish


class _Said:
    """What the terminal says of saves."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self._returned: list[tuple[str, str]] = []
        self._coming: deque[tuple[Prepared, CueList]] = deque()

    def refused(self, edition: Prepared) -> None:
        """Show what is wrong, with carets."""
        self._seat.status.found(edition.findings[:SHOWN], edition.texts)
        more = len(edition.findings) - SHOWN
        if more > 0:
            self._seat.status.say(f"… and {more} more: `showrunner check` shows them all")
        self._seat.status.say("The save was refused; the show plays on as it was.")

    def mended(self) -> None:
        """Say that what was refused is gone from the file."""
        self._seat.status.say("The script is right again.")

    def unchanged(self) -> None:
        """Say that a save changed no command."""
        self._seat.status.say("saved: nothing changed")

    def coming(self, edition: Prepared, cues: CueList) -> None:
        """Remember the lines that are to be shown when the show has gone over to them."""
        self._coming.append((edition, cues))

    def returned(self, old: str, new: str) -> None:
        """Remember that what comes is no save."""
        self._returned.append((old, new))

    def entry(self, entry: Entry) -> None:
        """Say what a save did, and show lines of the new text from here on."""
        went_over = entry["kind"] == "reload" and entry["ok"]
        if (went_over or (entry["kind"] == "told" and entry["what"] == "text")) and self._coming:
            edition, self._seat.cues = self._coming.popleft()
            self._seat.texts.clear()
            self._seat.texts.update(edition.texts)
        if entry["kind"] == "reload" and entry["ok"]:
            lines, step = entry.get("report") or ["nothing changed"], (entry["old"], entry["new"])
            back = step in self._returned
            if back:
                self._returned.remove(step)
            # The file is as it was saved; what plays is another version of it.
            said = "brought back: " if back else "saved: "
            self._seat.status.say(
                "\n".join([f"{said}{visible(lines[0])}", *(f"       {visible(o)}" for o in lines[1:])])
            )


class _Missing:
    """What is said while devices are missing: in the console at once, at the terminal when they take long."""

    def __init__(self, seat: Seat, tell: Callable[[Mapping[str, str]], None]) -> None:
        self._seat = seat
        self._tell = tell
        self._said: set[str] = set()

    def __call__(self, missing: Mapping[str, str], late: bool) -> None:
        """Take what is missing, and whether it takes long."""
        self._tell(missing)
        if not late or not missing.keys() - self._said:
            return
        for said in (said for name, said in missing.items() if name not in self._said):
            self._seat.warn(said)
        if not self._said:
            self._seat.status.say("Waiting for what is missing; Ctrl-C ends it.")
        self._said |= missing.keys()


def _watched(manuscript: Manuscript, rehearsal: Rehearsal, seat: Seat, ways: Ways) -> Watch:
    def saved() -> None:
        rehearsal.saved()
        for news in manuscript.news():
            seat.status.say(visible(news))
        watch.watch(manuscript.files)

    watch = Watch(manuscript.files, saved, polling=ways.poll)
    return watch


def _open(console: Console, seat: Seat) -> None:
    wrong = console.open()
    if wrong is not None:
        seat.warn(f"no console: {wrong}")
        return
    for note in console.notes:
        seat.status.say(f"note: {visible(note)}")
    # An address in a line of its own fits a terminal of 80 cells, and is one to be clicked.
    seat.status.say(f"Console:\n  {console.operator_url}")
    seat.status.say(f"For the cast (looks on only):\n  {console.cast_url}")


def _remote(stage: Stage, desk: Desk, warn: Callable[[str], None]) -> Remote | None:
    """Give what listens for presses by OSC, where the stage file wants it."""
    if stage.osc is None:
        return None
    from showrunner.console.osc import Remote

    return Remote(desk, stage.osc, warn, stage.pressers, stage.osc_like)


def _listen(remote: Remote, seat: Seat) -> None:
    wrong = remote.open()
    if wrong is not None:
        seat.warn(wrong)
        return
    from showrunner.console.osc import pressers

    who = pressers(seat.live.stage.pressers)
    seat.status.say(f"Presses by OSC come in at UDP port {remote.port}, from {who}")

"""A show on its stage, from standby to the last journal entry: connects, asks, plays, says what happens.

What `run` does once the script is known to be right. When things happen is the performance's business.
"""

from __future__ import annotations

import gc
import os
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

from showrunner.cli import presses
from showrunner.cli.terminal import keyboard, lines, output
from showrunner.cli.terminal.keyboard import Keyboard
from showrunner.cli.terminal.keys import Operator
from showrunner.cli.terminal.status import Status
from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics.refusal import Refusal, reason
from showrunner.diagnostics.wording import visible
from showrunner.engine.actions import Place
from showrunner.engine.journal import Journal, line
from showrunner.engine.messages import Excerpt
from showrunner.reports.failures import Failures
from showrunner.reports.plan import TIMES, plan
from showrunner.reports.timetable import Plan
from showrunner.running.audience import Audience
from showrunner.running.faults import Faults
from showrunner.running.performance import Options, Performance, Result
from showrunner.running.wiring import Wiring, wiring
from showrunner.show import user_files
from showrunner.show.prepare import Prepared
from showrunner.timeline.cues import CueList, Policy
from showrunner.wires import stopping
from showrunner.wires.wire import Pressed

GUARD = 300_000
"""A finger that shakes presses a key again within so many microseconds, unless something else is said."""

INTERRUPTED, UNREACHABLE, BADLY, DONE = 130, 4, 3, 0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for. ``simulated`` names the devices that are doubles, ``journal`` a file.

    ``ask``: wait for the operator before time 0. ``guard``: a key that is pressed twice within so many microseconds
    counts once. ``speed`` other than 1 is for doubles only; ``faults`` are what is to go wrong with which of them,
    ``verbose`` shows what their audience would see.
    """

    simulated: frozenset[str] = frozenset()
    journal: str | None = None
    frames: bool = False
    ask: bool = True
    guard: int = GUARD
    on_failure: Policy | None = None
    excerpt: Excerpt = field(default_factory=Excerpt)
    speed: Fraction = Fraction(1)
    faults: Mapping[str, Faults] = field(default_factory=dict)
    verbose: bool = False


class Live:
    """A show with everything around it: wires, doubles, journal, status line, performance. ``close`` it in any case."""

    def __init__(
        self,
        prepared: Prepared,
        cues: CueList,
        planned: Plan,
        wishes: Wishes,
        *sinks: Callable[[dict[str, Any]], None],
        lingers: frozenset[str] = frozenset(),
        revisable: bool = False,
    ) -> None:
        stage, epoch = prepared.stage, time.time_ns() // 1_000_000
        self.cues = cues
        self.stage = stage
        self.wishes = wishes
        self.texts = dict(prepared.texts)
        used = {name: stage.fixtures[name] for name in cues.devices}
        paper = None if wishes.journal is None else Paper(wishes.journal)
        self.paper = paper
        self.stamp = lambda now: epoch + now // 1_000
        self.journal = Journal(*([] if paper is None else [paper]))
        audience = self._audience(used) if wishes.verbose else None
        self.wired = wiring(used, wishes.simulated, prepared.inventories, self.stamp, wishes.faults, audience)
        wired = self.wired
        for note in wired.notes:
            output.warn(note)
        self.status = Status(
            cues,
            planned,
            self.at,
            wishes.excerpt,
            lambda: wired.interrupted,
            keys=keyboard.usable(),
            over=lambda: "done" in lingers and self.performance.caller.play.ending == "done",
        )
        status = self.status
        failures = Failures(
            cues.main, self.texts, lambda text: status.say(text.rstrip("\n")), paint=output.painter(sys.stderr)
        )
        self.journal.sinks += [status, failures, *sinks]
        if audience is not None:
            audience.begin()
        if paper is not None:
            paper.tell = status.say
        options = Options(
            watched=True,
            seed=f"{secrets.randbits(32):08x}",
            epoch=epoch,
            on_failure=wishes.on_failure or stage.on_failure,
            journal_frames=wishes.frames,
            excerpt=wishes.excerpt,
            safe=prepared.safe,
            guard=wishes.guard,
            lingers=lingers,
        )
        simulated = wishes.simulated
        self.performance = Performance(
            cues,
            wired.fixtures,
            wired.wires,
            wired.inbox,
            self.journal,
            options,
            inventories=prepared.inventories,
            memory=user_files.memory({name: one for name, one in stage.fixtures.items() if name not in simulated}),
            remember=lambda device, key, value: _remember(wired, device, key, value, simulated, status),
            hush=lambda device, api: stopping.begin(wired.inbox, device, lambda: _hush(wired, device, api, simulated)),
            every_event=revisable,
        )

    def _audience(self, used: Mapping[str, Fixture]) -> Audience:
        """Give what writes down what the doubles show, in show time: 0 before it begins."""
        played = {name: one for name, one in used.items() if name in self.wishes.simulated}
        return Audience(
            tuple(played),
            lambda line: self.status.say(visible(line)),
            frozenset(name for name, one in played.items() if name != one.device.name),
            lambda: (self.at() or 0) / 1_000_000,
            lapses=False,
        )

    def at(self) -> int | None:
        """Tell the show time; None before time 0."""
        zero = self.journal.zero
        return None if zero is None else self.wired.inbox.now() - zero

    def close(self) -> None:
        """End all of it."""
        self.status.end()
        self.performance.close()
        self.wired.close()
        if self.paper is not None:
            self.paper.close()


def play(prepared: Prepared, cues: CueList, wishes: Wishes) -> int:
    """Play ``cues`` and give the exit code."""
    planned = plan(cues, prepared.stage.fixtures, prepared.inventories, TIMES)
    presses.announce(cues, wishes.excerpt, planned)
    live = Live(prepared, cues, planned, wishes)
    try:
        with interrupts(live.wired):
            awaited = bool(presses.wanted(cues, wishes.excerpt, planned))
            return acts(live, lambda: cues.buttons, awaited=awaited and not (lines.terminal() or lines.closed()))
    finally:
        live.close()


def acts(
    live: Live,
    buttons: Callable[[], Sequence[str]],
    *,
    awaited: bool = False,
    place: Place = "run",
    press: Callable[[str, str | None], None] | None = None,
    ready: threading.Event | None = None,
) -> int:
    """Play the three acts: standby, the operator's word, the show. Give the exit code.

    ``awaited``: presses must come from standard input. ``place`` says which actions are offered; ``press`` does them
    once the show plays (else the performance is told); ``ready`` is set by whoever else may start it.
    """
    performance, wired, status = live.performance, live.wired, live.status
    missing = performance.standby(live.stage.connect_timeout)
    if performance.interrupted:
        return INTERRUPTED
    for said in missing.values():
        status.say(f"error: {visible(said)}")
    if missing:
        return UNREACHABLE
    started, ready = threading.Event(), ready or threading.Event()

    def act(action: str, name: str | None) -> None:
        if started.is_set() and press is not None:
            press(action, name)
        elif started.is_set() or action in {"stop", "panic"}:
            wired.inbox.put("", Pressed(action, name, origin=origin()))
        elif action == "go":
            ready.set()

    def ended() -> None:
        if awaited and not performance.caller.ended:
            status.say("warning: standard input has ended: nobody can press GO any more; Ctrl-C ends the show")

    with _listening(Operator(act, status, buttons, place), ended, status):
        if live.wishes.ask and lines.terminal():
            status.say(f"Ready. Press {'space to start; ? shows all keys' if status.keys else 'Enter to start'}")
            # Frames are served meanwhile: a page that is not answered would go away.
            performance.idle(ready.is_set)
            if performance.interrupted:
                return INTERRUPTED
        started.set()
        return _play(performance, wired, status, live.wishes.speed)


def origin() -> str:
    """Say who presses here, as the journal does: somebody at a terminal, or a program that writes lines."""
    return "key" if lines.terminal() else "api"


def _play(performance: Performance, wired: Wiring, status: Status, speed: Fraction) -> int:
    # What is there now stays; a collector that looks at it again would make the show late.
    gc.collect()
    gc.freeze()
    status.begin()
    # Not before: how long a device may take to be ready is a matter of the wall's clock.
    wired.tempo.change(speed)
    result = performance.play()
    status.end()
    return _left(result, status)


@contextmanager
def _listening(operator: Operator, ended: Callable[[], None], status: Status) -> Iterator[None]:
    """Let the operator have the keys of the terminal; where there is none, the lines of standard input."""
    if not status.keys:
        lines.listen(operator.line, ended)
        yield
        return
    board = Keyboard(operator.key, ended, rest=status.rest, wake=status.wake)
    board.open()
    try:
        yield
    finally:
        board.close()


def _left(result: Result, status: Status) -> int:
    counted = ", ".join(f"{number} {name}" for name, number in result.counts.items() if number)
    status.say(f"{result.result}: {counted or 'no commands'}")
    if result.result == "interrupted":
        return INTERRUPTED
    return BADLY if result.bad else DONE


def _remember(wired: Wiring, device: str, key: str, value: str, simulated: frozenset[str], status: Status) -> None:
    if device in simulated:
        return
    wrong = user_files.remember(wired.fixtures[device], key, value)
    if wrong is not None:
        status.say(f"warning: {visible(wrong)}")


def _hush(wired: Wiring, device: str, api: Mapping[str, Any], simulated: frozenset[str]) -> str | None:
    """Have AITuberKit, or its double, cut what sounds; give what was wrong, if anything."""
    if device not in simulated:
        return stopping.stop(api, os.environ)
    doubles = [name for name in wired.wires if name in simulated]
    return wired.hosted[doubles.index(device)].switch("stop")


@contextmanager
def interrupts(wired: Wiring) -> Iterator[None]:
    """Hand Ctrl-C to the performance: once it ends in order, twice at once; a third time nothing is waited for.

    Being told to end, or that the terminal has been closed, is the same as Ctrl-C: nothing stays held, the journal is
    closed. Who ignores that (`nohup`) goes on.
    """

    def pressed(number: int, _frame: object) -> None:
        if wired.interrupted and number not in {signal.SIGINT, signal.SIGTERM}:
            return  # a terminal that is closed says so more than once
        wired.interrupted += 1
        if wired.interrupted > 2:
            keyboard.give_back()
            os._exit(INTERRUPTED)
        wired.inbox.put("", Pressed("interrupt"))

    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    heard = [number for number in known if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN]
    before: dict[int, Any] = {number: signal.signal(number, pressed) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Paper:
    """The journal's file, written entry by entry. A disk that is full is said once, and the show goes on."""

    def __init__(self, path: str) -> None:
        self.tell: Callable[[str], None] = output.say
        self._path = path
        self._file: IO[bytes] | None = None
        try:
            self._file = Path(path).open("wb", buffering=0)  # noqa: SIM115 - open as long as the show
        except OSError as error:
            raise Refusal(f"the journal `{path}` cannot be written: {reason(error)}") from error

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Write one entry, so that a killed run loses at most this line."""
        if self._file is None:
            return
        try:
            self._file.write(f"{line(dict(entry))}\n".encode())
        except OSError as error:
            why = reason(error)
            self.tell(f"warning: NO JOURNAL FROM HERE ON: `{visible(self._path)}` cannot be written: {why}")
            self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

"""A show in front of a terminal: the status line, the keys, Ctrl-C, what is said. What `run` does, and `rehearse` has.

What it is played on is put together in ``running``; when things happen is the performance's business.
"""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import Any, Protocol

from showrunner.cli.options import Played
from showrunner.cli.terminal import keyboard, lines, output
from showrunner.cli.terminal.keyboard import Keyboard
from showrunner.cli.terminal.keys import Operator
from showrunner.cli.terminal.status import Status
from showrunner.cli.terminal.writer import Writer
from showrunner.diagnostics.diagnostic import in_reading_order
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.wording import visible
from showrunner.engine.actions import BEFORE, Place
from showrunner.engine.messages import Entry, Options
from showrunner.reports import endings
from showrunner.reports.endings import Endings
from showrunner.reports.failures import Failures
from showrunner.reports.now import Present
from showrunner.reports.plan import TIMES, plan
from showrunner.reports.presses import wanted
from showrunner.reports.timetable import Plan
from showrunner.running.conductor import Broken
from showrunner.running.faults import read as faults
from showrunner.running.live import Live, Wishes, fresh
from showrunner.running.orders import devices, doubles_only, part, policy, tempo, time
from showrunner.running.performance import Missing, Result
from showrunner.show.pictures import MISSING
from showrunner.show.prepare import Prepared
from showrunner.timeline.cues import CueList
from showrunner.wires.inbox import RealInbox
from showrunner.wires.wire import Pressed

INTERRUPTED, UNREACHABLE, BADLY, DONE = 130, 4, 3, 0

NOBODY, SAYS_YES = "nobody can let the show go on: standard input is closed", "`--yes` lets it go on at once"


def ready(read: Callable[[], Prepared], said: Played, *, audience: bool = False) -> tuple[Prepared, CueList, Wishes]:
    """Read a show, show what is found in it, and take the options. Leaves with 1 where it has errors.

    With an ``audience``, a picture that is not there is an error, unless a double stands for what would show it.
    """
    on_failure, guard = policy("--on-failure", said["on_failure"]), time("--guard", said["guard"])
    speed = tempo("--speed", said["speed"])
    prepared = read()
    simulated = devices("--doubles", said["doubles"] or "", prepared.fixtures)
    real = [name for name in prepared.missing if audience and name not in simulated]
    missing = [one for name in real for one in prepared.missing[name]]
    known = [one for one in prepared.findings if not (missing and one.code == MISSING)]
    output.findings(in_reading_order([*known, *missing]), prepared.texts)
    if prepared.cues is None or missing:
        raise SystemExit(1)
    doubles_only("--speed", said["speed"], prepared.cues.devices, simulated)
    played = {name: one.device for name, one in prepared.fixtures.items() if name in simulated}
    seed = fresh()
    points = said["start"], said["until"], said["only"]
    wishes = Wishes(
        seed=seed,
        simulated=simulated,
        faults=faults("--fault", said["fault"] or (), played),
        journal=said["journal"],
        frames=said["journal_frames"],
        guard=guard,
        on_failure=on_failure,
        excerpt=part(prepared.cues, prepared.fixtures, prepared.inventories, *points, seed),
        speed=speed,
        verbose=said["verbose"],
        catalogue=said["catalogue"],
    )
    return prepared, prepared.cues, wishes


class Seat:
    """Where somebody sits and calls a show: the show with its status line. ``close`` it in any case.

    ``broken`` is a show that goes on, ``past`` the entries up to there.
    """

    def __init__(
        self,
        prepared: Prepared,
        cues: CueList,
        planned: Plan,
        wishes: Wishes,
        *sinks: Callable[[Entry], None],
        lingers: frozenset[str] = frozenset(),
        broken: Broken | None = None,
        past: Iterable[Entry] = (),
    ) -> None:
        self.cues = cues
        self.texts = dict(prepared.texts)
        self._writer = Writer(output.say)
        live = self.live = Live(
            prepared,
            cues,
            wishes,
            lambda text: self.status.say(visible(text)),
            self.warn,
            lingers=lingers,
            broken=broken,
        )
        self.present = Present(cues, planned, wishes.excerpt, prepared.fixtures)
        self.status = Status(
            self.present,
            live.at,
            lambda: live.wired.interrupted,
            keys=keyboard.usable(),
            over=lambda: "done" in lingers and live.performance.caller.snapshot().ending == "done",
            put=self._writer.put,
        )
        failures = Failures(cues.main, self.texts, lambda one: self.status.say(output.failed(one, self.texts)))
        self.endings = Endings()
        for entry in past:
            self.present.take(entry)
            self.endings(entry)
            if entry["kind"] == "command":
                failures(entry)
        live.journal.sinks += [self.present.take, self.status, failures, self.endings, *sinks]
        for note in live.notes:
            self.warn(note)
        if live.audience is not None:
            live.audience.begin()

    def told(self, point: Iterable[str]) -> None:
        """Say where a show that broke off goes on."""
        for line in point:
            self.status.say(line)

    def warn(self, text: str) -> None:
        """Say what is not as it should be; any thread may."""
        self.status.say(f"warning: {visible(text)}")

    def close(self) -> None:
        """End all of it."""
        self.status.end()
        self.live.close()
        self._writer.close()


def play(prepared: Prepared, cues: CueList, wishes: Wishes, *, ask: bool = True) -> int:
    """Play ``cues`` and give the exit code. ``ask``: wait for the operator before time 0."""
    options = Options(seed=wishes.seed)
    planned = plan(cues, prepared.stage.fixtures, prepared.inventories, TIMES, options=options)
    pressed = wanted(cues, wishes.excerpt, planned)
    announce(pressed)
    seat = Seat(prepared, cues, planned, wishes)
    with interrupts(seat.live.wired), closing(seat):
        awaited = bool(pressed) and not (lines.terminal() or lines.closed())
        return acts(seat, ask=ask, awaited=awaited)


def announce(pressed: Sequence[tuple[str, bool]]) -> None:
    """Say how GO can come where there is no terminal; raises ``Refusal`` where it must come and never can."""
    if lines.terminal() or not pressed:
        return
    if not lines.closed():
        output.say("There is no terminal: an empty line on standard input is GO, a button is a line with its name")
        return
    for text, stands in pressed:
        if stands:
            raise Refusal(
                f"nobody can press GO: standard input is closed, and the show would stay at `{text}`",
                "start it in a terminal, or play a part without it: `--only SEGMENT` (`--yes` does not press GO)",
            )
    output.warn("nobody can press GO: standard input is closed")


def acts(
    seat: Seat,
    *,
    ask: bool,
    awaited: bool,
    place: Place = "run",
    press: Callable[[str, str | None], None] | None = None,
    ready: threading.Event | None = None,
    missing: Missing | None = None,
    onward: bool = False,
) -> int:
    """Play the three acts: standby, the operator's word, the show. Give the exit code.

    ``ask``: it waits for the operator's word. ``awaited``: presses must come from standard input. ``place`` says which
    actions are offered; ``press`` does them once the show plays (else the performance is told); ``ready`` is set by
    whoever else may start it. ``missing``: devices that are missing are waited for without end, and it is told of them.
    ``onward``: it is a show that goes on, and a line of standard input may be the word, too.
    """
    live, status = seat.live, seat.status
    performance, wired = live.performance, live.wired
    met, started, ready = threading.Event(), threading.Event(), ready or threading.Event()

    def act(action: str, name: str | None) -> None:
        if started.is_set() and press is not None:
            press(action, name)
        elif started.is_set() or action in BEFORE:
            wired.inbox.put("", Pressed(action, name, origin=origin()))
        elif action == "go" and met.is_set():
            ready.set()
        elif action == "go":
            status.say("not everything is ready")

    def ended() -> None:
        if ask and onward and not started.is_set() and not ready.is_set():
            status.say(f"error: {NOBODY}; {SAYS_YES}")
            wired.inbox.put("", Pressed("interrupt"))
        elif awaited and not performance.caller.ended:
            seat.warn("standard input has ended: nobody can press GO any more; Ctrl-C ends the show")

    operator = Operator(act, status, lambda: seat.cues.buttons, place)
    with ExitStack() as listening:
        # Who sits there may dial a device while others are waited for; lines of a program are for the show.
        if lines.terminal():
            listening.enter_context(_listening(operator, ended, status))
        away = performance.standby(live.stage.connect_timeout, missing)
        if performance.interrupted:
            return INTERRUPTED
        for said in away.values():
            status.say(f"error: {visible(said)}")
        if away:
            return UNREACHABLE
        met.set()
        if not lines.terminal():
            listening.enter_context(_listening(operator, ended, status))
        if ask and (onward or lines.terminal()):
            word = "go on" if onward else "start"
            status.say(f"Ready. Press {f'space to {word}; ? shows all keys' if status.keys else f'Enter to {word}'}")
            # Frames are served meanwhile: a page that is not answered would go away.
            performance.idle(ready.is_set)
            if performance.interrupted:
                return INTERRUPTED
        started.set()
        return _play(seat)


def origin() -> str:
    """Say who presses here, as the journal does: somebody at a terminal, or a program that writes lines."""
    return "key" if lines.terminal() else "api"


def _play(seat: Seat) -> int:
    live, status = seat.live, seat.status
    # What is there now stays; a collector that looks at it again would make the show late.
    gc.collect()
    gc.freeze()
    status.begin()
    # Not before: how long a device may take to be ready is a matter of the wall's clock.
    live.wired.tempo.change(live.wishes.speed)
    result = live.performance.play()
    status.end()
    return _left(result, seat)


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


def _left(result: Result, seat: Seat) -> int:
    seat.status.say(
        f"{result.result}: {visible(endings.line(result.counts, seat.endings.others, seat.endings.unheard))}"
    )
    if result.result == "interrupted":
        return INTERRUPTED
    return BADLY if result.bad else DONE


class Interruptible(Protocol):
    """What Ctrl-C is handed to: how often it was pressed, and where that is put."""

    interrupted: int

    @property
    def inbox(self) -> RealInbox:
        """Where it is put."""
        ...


@contextmanager
def interrupts(wired: Interruptible, *, ends: str = "interrupt") -> Iterator[None]:
    """Hand Ctrl-C to the performance: once it ends in order, twice at once; a third time nothing is waited for.

    Being told to end, or that the terminal has been closed, is the same as Ctrl-C: nothing stays held, the journal is
    closed; with ``ends`` being told to end is that press. Who ignores that (`nohup`) goes on. The show is closed within
    it: Ctrl-C that comes while the last entries are written must not take them.
    """

    def pressed(number: int, _frame: object) -> None:
        if wired.interrupted and number not in {signal.SIGINT, signal.SIGTERM}:
            return  # a terminal that is closed says so more than once
        wired.interrupted += 1
        if wired.interrupted > 2:
            keyboard.give_back()
            os._exit(INTERRUPTED)
        wired.inbox.put("", Pressed(ends if number == signal.SIGTERM else "interrupt"))

    known = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    heard = [number for number in known if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN]
    before: dict[int, Any] = {number: signal.signal(number, pressed) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

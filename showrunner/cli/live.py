"""A show on its stage, from standby to the last journal entry: connects, asks, plays, says what happens.

What `run` does once the script is known to be right. When things happen is the performance's business.
"""

from __future__ import annotations

import gc
import os
import queue
import secrets
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from showrunner import state
from showrunner.cli import keys, presses, screen
from showrunner.cli.doubles import Wiring, wiring
from showrunner.cli.failures import Failures
from showrunner.cli.prepared import Prepared
from showrunner.cli.status import Status
from showrunner.diagnostics.render import visible
from showrunner.engine.journal import Journal, line
from showrunner.engine.messages import Excerpt
from showrunner.performance import Options, Performance, Result
from showrunner.plan import plan
from showrunner.timeline.cues import CueList, Policy
from showrunner.wires.wire import Pressed

INTERRUPTED, UNREACHABLE, BADLY, DONE = 130, 4, 3, 0


def play(
    prepared: Prepared,
    cues: CueList,
    *,
    simulated: frozenset[str],
    journal: str | None,
    frames: bool,
    ask: bool,
    on_failure: Policy | None,
    excerpt: Excerpt,
) -> int:
    """Play ``cues`` and give the exit code. ``simulated`` names the devices that are doubles, ``journal`` a file."""
    stage, epoch = prepared.stage, time.time_ns() // 1_000_000
    used = {name: stage.fixtures[name] for name in cues.devices}
    expected = plan(cues, used, prepared.inventories, frozenset({"cue"}))
    presses.announce(cues, excerpt, expected)
    paper = None if journal is None else Paper(journal)
    wired = wiring(used, simulated, prepared.inventories, lambda now: epoch + now // 1_000)
    written = Journal(*([] if paper is None else [paper]))
    status = Status(
        cues,
        expected,
        lambda: None if written.zero is None else wired.inbox.now() - written.zero,
        excerpt,
        lambda: wired.interrupted,
    )
    failures = Failures(
        cues.main, prepared.texts, lambda text: status.say(text.rstrip("\n")), paint=screen.painter(sys.stderr)
    )
    written.sinks += [status, failures]
    if paper is not None:
        paper.tell = status.say
    options = Options(
        seed=f"{secrets.randbits(32):08x}",
        epoch=epoch,
        on_failure=on_failure or stage.on_failure,
        journal_frames=frames,
        excerpt=excerpt,
    )
    performance = Performance(
        cues,
        wired.fixtures,
        wired.wires,
        wired.inbox,
        written,
        options,
        inventories=prepared.inventories,
        memory=state.memory({name: one for name, one in used.items() if name not in simulated}),
        remember=lambda device, key, value: _remember(wired, device, key, value, simulated, status),
    )
    try:
        with _interrupts(wired):
            awaited = bool(presses.wanted(cues, excerpt, expected)) and not (keys.terminal() or keys.closed())
            return _acts(performance, cues, wired, status, stage.connect_timeout, ask=ask, awaited=awaited)
    finally:
        status.end()
        performance.close()
        wired.close()
        if paper is not None:
            paper.close()


def _acts(
    performance: Performance, cues: CueList, wired: Wiring, status: Status, limit: int, *, ask: bool, awaited: bool
) -> int:
    missing = performance.standby(limit)
    if performance.interrupted:
        return INTERRUPTED
    for said in missing.values():
        status.say(f"error: {visible(said)}")
    if missing:
        return UNREACHABLE
    typed: queue.SimpleQueue[str] = queue.SimpleQueue()
    started = threading.Event()

    def take(words: str) -> None:
        if started.is_set():
            _press(words, cues, wired, status)
        else:
            typed.put(words)

    def ended() -> None:
        if awaited and not performance.caller.ended:
            status.say("warning: standard input has ended: nobody can press GO any more; Ctrl-C ends the show")

    keys.listen(take, ended)
    if ask and keys.terminal():
        status.say("Ready. Press Enter to start")
        # Frames are served meanwhile: a page that is not answered would go away.
        performance.idle(lambda: not typed.empty())
        if performance.interrupted:
            return INTERRUPTED
    started.set()
    # What is there now stays; a collector that looks at it again would make the show late.
    gc.collect()
    gc.freeze()
    status.begin()
    result = performance.play()
    status.end()
    return _left(result, status)


def _press(words: str, cues: CueList, wired: Wiring, status: Status) -> None:
    if not words or words.casefold() == "go":
        wired.inbox.put("", Pressed("go"))
    elif words in cues.buttons:
        wired.inbox.put("", Pressed("button", words))
    elif words.casefold() in {"pause", "resume", "stop", "panic"}:
        wired.inbox.put("", Pressed(words.casefold()))
    else:
        listed = ", ".join([*cues.buttons, "pause", "resume", "stop", "panic"])
        status.say(f"`{visible(words)}` does nothing; Enter is GO, and there are: {visible(listed)}")


def _left(result: Result, status: Status) -> int:
    counted = ", ".join(f"{number} {name}" for name, number in result.counts.items() if number)
    status.say(f"{result.result}: {counted or 'no commands'}")
    if result.result == "interrupted":
        return INTERRUPTED
    return BADLY if result.bad else DONE


def _remember(wired: Wiring, device: str, key: str, value: str, simulated: frozenset[str], status: Status) -> None:
    if device in simulated:
        return
    wrong = state.remember(wired.fixtures[device], key, value)
    if wrong is not None:
        status.say(f"warning: {visible(wrong)}")


@contextmanager
def _interrupts(wired: Wiring) -> Iterator[None]:
    """Hand Ctrl-C to the performance: once it ends in order, twice at once; a third time nothing is waited for."""

    def pressed(_signal: int, _frame: object) -> None:
        wired.interrupted += 1
        if wired.interrupted > 2:
            os._exit(INTERRUPTED)
        wired.inbox.put("", Pressed("interrupt"))

    before: Any = signal.signal(signal.SIGINT, pressed)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Paper:
    """The journal's file, written entry by entry. A disk that is full is said once, and the show goes on."""

    def __init__(self, path: str) -> None:
        self.tell: Callable[[str], None] = screen.say
        self._path = path
        self._file: IO[bytes] | None = None
        try:
            self._file = Path(path).open("wb", buffering=0)  # noqa: SIM115 - open as long as the show
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            screen.wrong(f"the journal `{visible(path)}` cannot be written: {why}")

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Write one entry, so that a killed run loses at most this line."""
        if self._file is None:
            return
        try:
            self._file.write(f"{line(dict(entry))}\n".encode())
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            self.tell(f"warning: NO JOURNAL FROM HERE ON: `{visible(self._path)}` cannot be written: {why}")
            self.close()

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

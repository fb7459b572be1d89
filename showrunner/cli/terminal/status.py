"""What a running show looks like: one line that is kept up to date on a terminal, plain lines anywhere else.

Follows the journal. Says what happens; failures are said by ``failures``, where the show is in the plan by ``around``.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from showrunner.cli.terminal import output
from showrunner.cli.terminal.around import Ahead, around
from showrunner.cli.terminal.columns import cut, way
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.diagnostics.wording import visible
from showrunner.engine.actions import AFTER_PANIC
from showrunner.engine.messages import Excerpt
from showrunner.reports import points
from showrunner.reports.entries import key
from showrunner.reports.timetable import Plan
from showrunner.timeline import revise
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import Key, Labels
from showrunner.times import clock, clock_to_second, left

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

TIMES_A_SECOND = 8

LONGEST = 100
"""Cells of what a cue does that are shown in a plain line."""


@dataclass(frozen=True, slots=True)
class _Wait:
    """What the show stands at, since when; ``lost``: how long it had been paused by then. ``cue``: its present name."""

    label: str
    at: int
    lost: int
    cue: Key | None


class Status:
    """A sink of the journal. ``now`` tells the show time in microseconds, or None before it has begun.

    ``planned`` says which cue is to be expected next, and when; ``excerpt`` which part of it is played.
    ``interrupts`` tells how often Ctrl-C was pressed. With ``keys`` single keys are read, else lines. ``over``: the
    show has come to its end, and stays.
    """

    def __init__(
        self,
        cues: CueList,
        planned: Plan,
        now: Callable[[], int | None],
        excerpt: Excerpt | None = None,
        interrupts: Callable[[], int] = lambda: 0,
        *,
        keys: bool = False,
        over: Callable[[], bool] = lambda: False,
    ) -> None:
        self._now = now
        self._over = over
        self._interrupts = interrupts
        self.keys = keys
        self._cues, self._planned = cues, planned
        self._labels = Labels(cues)
        self._gone: Labels | None = None
        self._buttons = cues.buttons
        self._ahead = Ahead(_played(planned, cues, excerpt or Excerpt()), (excerpt or Excerpt()).point)
        self._devices: dict[str, str] = {}
        self._segment = ""
        self._last = ""
        self._taken: Key | None = None
        self._standing: dict[tuple[str, str, str, str], _Wait] = {}
        self._paused: int | None = None
        self._lost = 0
        self._loop: str | None = None
        self._later: tuple[str, ...] | None = None
        self._stopping = False
        self._panicked = False
        self._sought: str | None = None
        self._typed: str | None = None
        self._live: Live | None = None

    @property
    def paused(self) -> bool:
        """Whether the show's clock stands by a pause."""
        return self._paused is not None

    def revised(self, cues: CueList, planned: Plan) -> None:
        """Go on with another version of the show, whose plan is ``planned``."""
        names, there = revise.renamed(self._cues, cues), {segment.name for segment in cues.segments}
        order = [segment.name for segment in self._cues.segments]
        if self._segment in there or not self._segment:
            self._later = None
        elif self._later is None:
            self._later = tuple(order[order.index(self._segment) + 1 :]) if self._segment in order else ()
        # A segment that is gone plays to its end: what it says is still to be seen.
        self._gone = None if self._later is None else self._gone or self._labels
        self._labels, self._buttons = Labels(cues), cues.buttons
        self._cues, self._planned = cues, planned
        self._ahead = self._ahead.revised(planned, names, self._stands_since())
        if self._later is not None:
            self._ahead.leave(next((name for name in self._later if name in there), None))
        for where, wait in list(self._standing.items()):
            if wait.cue is not None and where in self._standing:
                self._standing[where] = replace(wait, cue=names.get(wait.cue))
        last = None if self._taken is None else names.get(self._taken)
        self._last = self._last if last is None else self._way(last)
        self._taken = last

    def _stands_since(self) -> int:
        """Give the show time from which on nothing comes; the present one, where the show goes on."""
        now, ahead = self._now() or 0, self._ahead
        since = [wait.at for wait in self._standing.values() if wait.at >= ahead.since]
        return min([now, *since, *([] if self._paused is None else [self._paused])])

    def begin(self) -> None:
        """Show the line from now on, where there is a terminal to show it on."""
        if not sys.stderr.isatty():
            return
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False)
        self._live = Live(get_renderable=self._line, console=console, refresh_per_second=TIMES_A_SECOND, transient=True)
        self._live.start()

    def end(self) -> None:
        """Take the line away."""
        if self._live is not None:
            with _read_or_not():
                self._live.stop()
            self._live = None

    def say(self, text: str) -> None:
        """Write something above the line. Where nobody can read it any more, the show goes on without a word."""
        with _read_or_not():
            if self._live is None:
                output.say(text)
            else:
                from rich.text import Text

                self._live.console.print(Text.from_ansi(text), soft_wrap=True)

    def found(self, findings: Iterable[Diagnostic], texts: Mapping[str, str]) -> None:
        """Show what is wrong with a script, with carets, above the line."""
        colour, paint = output.coloured(sys.stderr), output.painter(sys.stderr)
        said = render.text(tuple(findings), texts, colour=colour, paint=paint).rstrip("\n")
        if said:
            self.say(said)

    def type(self, text: str | None) -> None:
        """Show what is being typed at the beginning of the line; None: nothing is."""
        self._typed = text
        if self._live is not None:
            with _read_or_not():
                self._live.refresh()

    def around(self) -> list[str]:
        """Give the cues around the present moment, a line each."""
        standing = {wait.cue for wait in self._standing.values() if wait.cue is not None}
        return around(self._ahead, standing, self._labels, uncertain=self._uncertain)

    @property
    def _uncertain(self) -> bool:
        left = self._stopping or self._panicked or self._later is not None or self._over()
        return left or self.paused or bool(self._standing)

    def rest(self) -> None:
        """Leave the line and show the cursor, since the program is being stopped. Takes no lock: a signal calls it."""
        if self._live is not None:
            with contextlib.suppress(OSError):
                os.write(sys.stderr.fileno(), b"\r\x1b[K\x1b[?25h")

    def wake(self) -> None:
        """Hide the cursor again: the line comes back by itself."""
        if self._live is not None:
            with contextlib.suppress(OSError):
                os.write(sys.stderr.fileno(), b"\x1b[?25l")

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Take one journal entry."""
        where = (entry.get("segment", ""), entry.get("track", ""), entry.get("cue", ""), entry.get("for", ""))
        match entry["kind"]:
            case "segment":
                self._began(entry["at"], entry["segment"])
                self._plain(entry["at"], f"segment {entry['segment']}")
            case "cue":
                self._taken = key(entry)
                self._last, spot = self._way(self._taken), self._text(self._taken).at(self._taken)
                self._ahead.take(entry)
                does = "" if spot is None else cut(spot.cue.text, LONGEST)
                self._plain(entry["at"], f"{entry['track']}  {self._last}  {does}".rstrip())
            case "wait":
                self._waits(where, entry["at"])
            case "resume":
                self._goes_on(where, entry["at"])
            case "device":
                self._device(entry)
            case "operator":
                self._operator(entry)
            case "log":
                self.say(f"{clock(entry['at'])}  {visible(entry['message'])}")

    def _waits(self, where: tuple[str, str, str, str], at: int) -> None:
        word, _, label = where[3].partition(" ")
        if word in {"go", "button", "event", "cue"}:
            self._standing[where] = _Wait(label, at, self._lost, where[:3])
        if word == "go":
            named = f' "{visible(label)}"' if label else ""
            self.say(f"{clock(at)}  hold{named}: press {'space' if self.keys else 'Enter'} for GO")
        elif word == "button":
            how = f"press {self._key(label)}" if self.keys else "type its name and Enter"
            self.say(f"{clock(at)}  waits for the button `{visible(label)}`: {how}")

    def _goes_on(self, where: tuple[str, str, str, str], at: int) -> None:
        wait = self._standing.pop(where, None)
        operators = where[3].partition(" ")[0] in {"go", "button"}  # in the plan these take no time
        if wait is not None and operators and not self._standing and self._ahead.since <= wait.at:
            self._ahead.stand(at - wait.at - (self._lost - wait.lost))

    def _key(self, button: str) -> str:
        number = self._buttons.index(button) + 1 if button in self._buttons else 0
        return str(number) if 0 < number < 10 else "`:`, type its name and Enter"

    def _began(self, at: int, segment: str) -> None:
        if self._sought is not None:
            found = points.asked(self._planned, self._cues, "seek", self._sought)
            self._ahead.jump(None if found is None else found.point, at)
        elif self._ahead.passed(segment):
            self._ahead.jump(None, at)  # a loop goes round
        self._segment, self._sought, self._panicked, self._later = segment, None, False, None
        self._gone = None
        self._paused = self._paused and max(self._paused, at)
        self._standing.clear()

    def _operator(self, entry: Mapping[str, Any]) -> None:
        action, to, at = entry["action"], entry.get("to"), entry["at"]
        if entry.get("ignored") or (self._panicked and action not in AFTER_PANIC):
            return
        if action in {"resume", "stop", "panic"} and self._paused is not None:
            # Whoever stops the show in a pause ends that too.
            self._lost += at - self._paused
            self._ahead.stand(at - self._paused)
            self._paused = None
        if action == "pause":
            self._paused = at if self._paused is None else self._paused
        elif action == "seek":
            self._sought = to
        elif action in {"loop", "unloop"}:
            self._loop = to if action == "loop" else None
        elif action == "panic":
            self._panicked = True
            self._standing.clear()
            self.say("PANIC: what speaks is cut, what is held is let go, nothing more is sent")
        elif action == "stop" and not self._stopping:
            self._stopping = True
            self.say("Stopping: what is under way is finished first; Ctrl-C ends it at once")
        elif action == "stop" and self._interrupts() > 1:
            self.say("Ending now: nothing is waited for any more")
        elif action == "stop":
            self.say("Still stopping; one more Ctrl-C ends it at once")

    def _device(self, entry: Mapping[str, Any]) -> None:
        if entry["state"] != "note":
            self._devices[entry["device"]] = entry["state"]
        detail = f": {visible(entry['detail'])}" if entry.get("detail") else ""
        self.say(f"{entry['device']}: {entry['state']}{detail}")

    def _plain(self, at: int, text: str) -> None:
        self.say(f"{clock(at)}  {visible(text)}")

    def _line(self) -> Text:
        from rich.text import Text

        now = self._now()
        return Text(visible(self.shown(now)), no_wrap=True, overflow="ellipsis")

    def shown(self, now: int | None) -> str:
        """Give the line: what must be seen stands first, for its end may be cut off."""
        parts = [] if self._typed is None else [f":{self._typed}_"]
        parts += [clock_to_second(now) if now is not None else "standby"]
        parts += [
            f"{', '.join(name for name, one in self._devices.items() if one == state)} {state}"
            for state in sorted(set(self._devices.values()), key=lambda state: (state == "ready", state))
        ]
        parts += ["PANIC"] if self._panicked else ["PAUSED"] if self.paused else []
        parts += ["OVER"] if self._over() else []
        parts += [f"LOOP {self._loop}"] if self._loop is not None else []
        waited = [place[3].partition(" ") for place in self._standing]
        holds = [f"HOLD {label}".rstrip() for word, _, label in waited if word == "go"]
        parts += [f"{', '.join(holds)} · {'space' if self.keys else 'Enter'} is GO"] if holds else []
        pressed = [name for word, _, name in waited if word == "button"]
        parts += [f"BUTTON {name}" + (f" · {self._key(name)}" if self.keys else "") for name in pressed]
        # A list that stands makes every time of the plan uncertain: then none is said.
        parts += [self._segment, "" if self._uncertain else self._next(now)]
        parts += [f"last {self._last}" if self._last else ""]
        return "  ·  ".join(part for part in parts if part)

    def _next(self, now: int | None) -> str:
        if now is None:
            return ""
        found = self._ahead.next()
        if found is None:
            return ""
        name = self._way(found[1])
        return f"next {name} in {left(found[0] - now)}" if found[0] > now else f"next {name}"

    def _text(self, cue: Key) -> Labels:
        return self._gone if self._gone is not None and cue[0] == self._segment else self._labels

    def _way(self, cue: Key) -> str:
        return way(self._text(cue).label(cue).links)


@contextlib.contextmanager
def _read_or_not() -> Iterator[None]:
    """Write to whoever looks on, and no more where that cannot be done: their terminal or pipe is closed."""
    try:
        yield
    except OSError:
        output.mute()


def _played(planned: Plan, cues: CueList, excerpt: Excerpt) -> Plan:
    """Leave away what the excerpt does not play."""
    end = None if excerpt.last is None else excerpt.last + 1
    names = {segment.name for segment in cues.segments[excerpt.first : end]}
    left = (cue for cue in planned.cues if cue.where[0] in names)
    return replace(planned, cues=tuple(cue for cue in left if cue.where not in excerpt.before))

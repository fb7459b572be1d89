"""What a running show looks like: one line that is kept up to date on a terminal, plain lines anywhere else.

Follows the journal. Says what happens; failures are said by ``failures``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from showrunner.cli import screen
from showrunner.cli.columns import cut, way
from showrunner.cli.times import clock
from showrunner.cli.written import contents
from showrunner.diagnostics.render import visible
from showrunner.engine.messages import Excerpt
from showrunner.plan import Plan
from showrunner.timeline.cues import CueList

if TYPE_CHECKING:
    from rich.live import Live
    from rich.text import Text

TIMES_A_SECOND = 8

LONGEST = 100
"""Cells of what a cue does that are shown in a plain line."""


class Status:
    """A sink of the journal. ``now`` tells the show time in microseconds, or None before it has begun.

    ``planned`` says which cue is to be expected next, and when; ``excerpt`` which part of it is played.
    ``interrupts`` tells how often Ctrl-C was pressed.
    """

    def __init__(
        self,
        cues: CueList,
        planned: Plan,
        now: Callable[[], int | None],
        excerpt: Excerpt | None = None,
        interrupts: Callable[[], int] = lambda: 0,
    ) -> None:
        self._now = now
        self._interrupts = interrupts
        self._contents = contents(cues)
        self._ahead = Ahead(_played(planned, cues, excerpt or Excerpt()), (excerpt or Excerpt()).point)
        self._devices: dict[str, str] = {}
        self._segment = ""
        self._last = ""
        self._standing: dict[tuple[str, str, str], str] = {}
        self._paused = False
        self._stopping = False
        self._live: Live | None = None

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
            self._live.stop()
            self._live = None

    def say(self, text: str) -> None:
        """Write something above the line."""
        if self._live is None:
            screen.say(text)
        else:
            from rich.text import Text

            self._live.console.print(Text.from_ansi(text), soft_wrap=True)

    def __call__(self, entry: Mapping[str, Any]) -> None:
        """Take one journal entry."""
        where = (entry.get("track", ""), entry.get("cue", ""), entry.get("for", ""))
        match entry["kind"]:
            case "segment":
                self._segment = entry["segment"]
                self._standing.clear()
                self._plain(entry["at"], f"segment {entry['segment']}")
            case "cue":
                self._last = way(entry["cue"])
                self._ahead.take(entry)
                does = self._contents.get((entry["segment"], entry["cue"].rpartition("/")[2]), "")
                self._plain(entry["at"], f"{entry['track']}  {way(entry['cue'])}  {cut(does, LONGEST)}".rstrip())
            case "wait":
                self._waits(where, entry["at"])
            case "resume":
                self._standing.pop(where, None)
            case "device":
                self._device(entry)
            case "operator":
                self._operator(entry["action"])
            case "log":
                self.say(f"{clock(entry['at'])}  {visible(entry['message'])}")

    def _waits(self, where: tuple[str, str, str], at: int) -> None:
        word, _, label = where[2].partition(" ")
        if word in {"go", "button", "event", "cue"}:
            self._standing[where] = label
        if word == "go":
            named = f' "{visible(label)}"' if label else ""
            self.say(f"{clock(at)}  hold{named}: press Enter for GO")
        elif word == "button":
            self.say(f"{clock(at)}  waits for the button `{visible(label)}`: type its name and Enter")

    def _operator(self, action: str) -> None:
        if action in {"pause", "resume"}:
            self._paused = action == "pause"
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
        parts = [clock(now)[:-4] if now is not None else "standby"]
        parts += [
            f"{', '.join(name for name, one in self._devices.items() if one == state)} {state}"
            for state in sorted(set(self._devices.values()), key=lambda state: (state == "ready", state))
        ]
        parts += ["PAUSED"] if self._paused else []
        waited = [key[2].partition(" ") for key in self._standing]
        holds = [f"HOLD {label}".rstrip() for word, _, label in waited if word == "go"]
        parts += [f"{', '.join(holds)} · Enter is GO"] if holds else []
        parts += [f"BUTTON {name}" for word, _, name in waited if word == "button"]
        # A list that stands makes every time of the plan uncertain: then none is said.
        parts += [self._segment, "" if self._standing or self._paused or self._stopping else self._next(now)]
        parts += [f"last {self._last}" if self._last else ""]
        return "  ·  ".join(part for part in parts if part)

    def _next(self, now: int | None) -> str:
        if now is None:
            return ""
        found = self._ahead.next()
        if found is None:
            return ""
        at, name = found
        return f"next {way(name)} in {(at - now) // 1_000_000 + 1} s" if at > now else f"next {way(name)}"


class Ahead:
    """What the plan says comes next, counted from the cue that was taken last: the show may be late or wait.

    ``point``: the time of the plan at which the show begins.
    """

    def __init__(self, planned: Plan, point: int = 0) -> None:
        self._cues = [entry for entry in planned.entries if entry["kind"] == "cue"]
        self._places = {_key(entry): number for number, entry in enumerate(self._cues)}
        self._taken: set[tuple[str, str, str]] = set()
        self._reached = next((n for n, entry in enumerate(self._cues) if entry["at"] >= point), len(self._cues))
        self._behind = -point

    def take(self, entry: Mapping[str, Any]) -> None:
        """Take one `cue` entry of the journal."""
        key = _key(entry)
        self._taken.add(key)
        number = self._places.get(key)
        if number is not None:
            self._reached = max(self._reached, number)
            self._behind = entry["at"] - self._cues[number]["at"]

    def next(self) -> tuple[int, str] | None:
        """Give the next cue and the show time at which it is expected; None behind the last."""
        while self._reached < len(self._cues) and _key(self._cues[self._reached]) in self._taken:
            self._reached += 1
        if self._reached == len(self._cues):
            return None
        found = self._cues[self._reached]
        return found["at"] + self._behind, found["cue"]


def _played(planned: Plan, cues: CueList, excerpt: Excerpt) -> Plan:
    """Leave away what the excerpt does not play."""
    end = None if excerpt.last is None else excerpt.last + 1
    names = {segment.name for segment in cues.segments[excerpt.first : end]}
    left = [e for e in planned.entries if e["kind"] == "cue" and e["segment"] in names]
    return replace(planned, entries=tuple(e for e in left if _key(e) not in excerpt.before))


def _key(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["segment"], entry["track"], entry["cue"]

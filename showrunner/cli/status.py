"""What a running show looks like: one line that is kept up to date on a terminal, plain lines anywhere else.

Follows the journal. Says what happens; failures are said by ``failures``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from showrunner.cli import screen
from showrunner.cli.columns import cut, way
from showrunner.cli.times import clock
from showrunner.cli.written import contents
from showrunner.diagnostics.render import visible
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

    ``planned`` says which cue is to be expected next, and when.
    """

    def __init__(self, cues: CueList, planned: Plan, now: Callable[[], int | None]) -> None:
        self._now = now
        self._contents = contents(cues)
        self._ahead = Ahead(planned)
        self._devices: dict[str, str] = {}
        self._segment = ""
        self._last = ""
        self._holding: dict[tuple[str, str], str] = {}
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
        where = (entry.get("track", ""), entry.get("cue", ""))
        match entry["kind"]:
            case "segment":
                self._segment = entry["segment"]
                self._plain(entry["at"], f"segment {entry['segment']}")
            case "cue":
                self._last = way(entry["cue"])
                self._ahead.take(entry)
                does = self._contents.get((entry["segment"], entry["cue"].rpartition("/")[2]), "")
                self._plain(entry["at"], f"{entry['track']}  {way(entry['cue'])}  {cut(does, LONGEST)}".rstrip())
            case "wait":
                word, _, label = entry["for"].partition(" ")
                if word == "go":
                    self._holding[where] = label
                    self.say(f"{clock(entry['at'])}  hold {visible(label)}: press Enter for GO")
                elif word == "button":
                    self.say(f"{clock(entry['at'])}  waits for the button {visible(label)}: type its name and Enter")
            case "resume":
                self._holding.pop(where, None)
            case "device":
                self._device(entry)
            case "operator" if entry["action"] == "stop":
                self.say("Stopping: what is under way is finished first; Ctrl-C ends it at once")
            case "log":
                self.say(f"{clock(entry['at'])}  {visible(entry['message'])}")

    def _device(self, entry: Mapping[str, Any]) -> None:
        if entry["state"] != "note":
            self._devices[entry["device"]] = entry["state"]
        detail = f": {visible(entry['detail'])}" if entry.get("detail") else ""
        self.say(f"{entry['device']}: {entry['state']}{detail}")

    def _plain(self, at: int, text: str) -> None:
        if self._live is None:
            screen.say(f"{clock(at)}  {visible(text)}")

    def _line(self) -> Text:
        from rich.text import Text

        now = self._now()
        parts = [clock(now)[:-4] if now is not None else "standby", self._segment]
        if self._holding:
            parts.append("HOLD " + ", ".join(self._holding.values()) + " · Enter is GO")
        else:
            parts += [f"last {self._last}" if self._last else "", self._next(now)]
        parts += [f"{name} {state}" for name, state in self._devices.items()]
        return Text(visible("  ·  ".join(part for part in parts if part)), no_wrap=True, overflow="ellipsis")

    def _next(self, now: int | None) -> str:
        if now is None:
            return ""
        found = self._ahead.next()
        if found is None:
            return ""
        at, name = found
        return f"next {way(name)} in {(at - now) // 1_000_000 + 1} s" if at > now else f"next {way(name)}"


class Ahead:
    """What the plan says comes next, counted from the cue that was taken last: the show may be late or wait."""

    def __init__(self, planned: Plan) -> None:
        self._cues = [entry for entry in planned.entries if entry["kind"] == "cue"]
        self._places = {_key(entry): number for number, entry in enumerate(self._cues)}
        self._taken: set[tuple[str, str, str]] = set()
        self._reached = 0
        self._behind = 0

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


def _key(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["segment"], entry["track"], entry["cue"]

"""The status of a show: what plays, what comes next, what is left, what it waits for, each button.

One value for all that shows it beside us: a program over HTTP, a lamp or a second screen over OSC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from showrunner.diagnostics.wording import shortened
from showrunner.reports.now import UNTIMED, Now, Present
from showrunner.slotted import dataclass
from showrunner.timeline.labels import Key
from showrunner.times import SCALE, clock_to_second

VERSION = 1

LONGEST = 200
"""Of a cue's words so many characters are told."""

State: TypeAlias = Literal["standby", "playing", "standing", "paused", "stopping", "panic", "over", "ended"]


@dataclass(frozen=True, slots=True)
class CueStatus:
    """A cue: its name in the journal, what it does as it is written, how many µs it is away (None: unknown)."""

    cue: str
    text: str
    wait: int | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """Where a show is. Times in microseconds.

    ``at`` is the time on air (None: the show has not begun), ``clock`` what the show's clock shows. ``left``: so long
    the plan goes on; None while nobody knows, since the show stands or is left. ``standing``: what lists wait for, the
    oldest first, as the journal says it. ``buttons``: whether a line of the show waits for each now, or hears it.
    """

    state: State
    at: int | None
    clock: int
    segment: str
    playing: CueStatus | None
    next: CueStatus | None
    left: int | None
    standing: tuple[str, ...]
    buttons: Mapping[str, bool]
    devices: Mapping[str, str]

    @property
    def steady(self) -> Status:
        """The same, with its times to the second: whoever is told of each change is told once a second of those."""
        second = SCALE["s"]
        coming = self.next
        if coming is not None and coming.wait is not None:
            coming = replace(coming, wait=coming.wait // second)
        return replace(
            self,
            at=None if self.at is None else self.at // second,
            clock=self.clock // second,
            next=coming,
            left=None if self.left is None else self.left // second,
        )

    def told(self) -> dict[str, Any]:
        """Give it as JSON, of ``VERSION``."""
        return {
            "version": VERSION,
            "state": self.state,
            "at": self.at,
            "clock": clock_to_second(self.clock),
            "segment": self.segment,
            "playing": _told(self.playing),
            "next": _told(self.next),
            "left": self.left,
            "standing": list(self.standing),
            "buttons": [{"name": name, "awaited": awaited} for name, awaited in self.buttons.items()],
            "devices": dict(self.devices),
        }


def status(present: Present, at: int | None, *, over: bool = False, ended: bool = False) -> Status:
    """Tell where a show is ``at`` a show time. ``over``: it lingers at its end; ``ended``: nothing comes any more."""
    now = present.now()
    uncertain = at is None or over or ended or now.uncertain
    halts = tuple(halt.what for halt in now.standing if halt.word in UNTIMED)
    state = _state(now, at, over=over, ended=ended)
    heard = present.hears(now.segment) if state in {"playing", "standing", "paused"} else frozenset()
    awaited = heard.union(*(halt.buttons for halt in now.standing))
    coming = None
    if now.next is not None and not (over or ended):
        wait = None if uncertain else max(0, now.next.at - (at or 0))
        coming = _cue(present, now.next.cue, wait)
    return Status(
        state,
        at,
        0 if at is None else now.clock(at),
        now.segment,
        None if now.cue is None else _cue(present, now.cue),
        coming,
        None if uncertain else max(0, now.end - (at or 0)),
        halts,
        MappingProxyType({name: name in awaited for name in present.buttons}),
        now.devices,
    )


def _state(now: Now, at: int | None, *, over: bool, ended: bool) -> State:
    stands = any(halt.word in UNTIMED for halt in now.standing)
    found: tuple[tuple[bool, State], ...] = (
        (ended, "ended"),
        (now.panicked, "panic"),
        (over, "over"),
        (at is None, "standby"),
        (now.stopping, "stopping"),
        (now.paused is not None, "paused"),
        (stands, "standing"),
    )
    return next((state for holds, state in found if holds), "playing")


def _cue(present: Present, cue: Key, wait: int | None = None) -> CueStatus:
    found = present.find(cue)
    return CueStatus(cue[2], "" if found is None else shortened(found.cue.text, LONGEST), wait)


def _told(cue: CueStatus | None) -> dict[str, Any] | None:
    return None if cue is None else {"cue": cue.cue, "text": cue.text, "in": cue.wait}

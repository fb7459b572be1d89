"""The rehearsal: a show that plays while its script is edited, and whoever calls it from keyboard or console.

It reads the script again when it was saved and hands the new text to the performance, keeps the versions, and turns
what the operator asks for into what the engine understands. It draws nothing and decides nothing about time: console
and terminal show, the engine plays.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Protocol

from showrunner import points
from showrunner.console.hub import Hub
from showrunner.console.score import PLANNED, score, with_state
from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic
from showrunner.edition import NewText, Refused, Sources
from showrunner.engine.messages import Change, Entry, Excerpt
from showrunner.performance import Performance
from showrunner.plan import Plan, plan
from showrunner.timeline.cues import CueList
from showrunner.timeline.revise import compare
from showrunner.wires.wire import Arriving, Pressed, Wire

MOST_VERSIONS = 20
"""So many versions of the script are kept to go back to."""

PATIENCE = 10.0
"""Whoever asks for a point of the show waits so many seconds for the plan of a text that was just saved."""

NOT_YET = "the show has not begun"


class Edition(Protocol):
    """A script read and compiled, with what it stands on. ``cues`` is None where there are errors."""

    @property
    def cues(self) -> CueList | None:
        """The show compiled."""
        ...

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What is wrong, or might be."""
        ...

    @property
    def texts(self) -> Mapping[str, str]:
        """Every file's text by its path."""
        ...

    @property
    def fixtures(self) -> Mapping[str, Fixture]:
        """The devices of the stage."""
        ...

    @property
    def inventories(self) -> Mapping[str, Inventory]:
        """What the catalogue says the devices have."""
        ...

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the files, empty where the script cannot be read."""
        ...


class Shown(Protocol):
    """Whoever says to the people at the terminal what becomes of a save."""

    def refused(self, edition: Edition) -> None:
        """A text has errors; the show plays on as it was."""
        ...

    def planned(self, edition: Edition, cues: CueList, plan: Plan) -> None:
        """The plan of the text in force has been worked out."""
        ...


class Inbox(Protocol):
    """Where presses go; any thread may put in."""

    def now(self) -> int:
        """Tell the time in microseconds."""
        ...

    def put(self, device: str, what: Arriving) -> None:
        """Stamp an arrival and wake whoever waits."""
        ...


@dataclass(frozen=True, slots=True)
class _Known:
    """A text in force with its plan, and the score made of both."""

    cues: CueList
    edition: Edition
    plan: Plan
    score: Mapping[str, Any]
    places: Mapping[tuple[str, str, str], int]


class Rehearsal:
    """One rehearsal. Its methods may be called from any thread; nothing of it runs in the performance's own.

    ``read(before)`` reads the script anew; ``wire(edition, name)`` makes the way to a device that a new text uses,
    giving the fixture as it is reached. ``record``: the texts are written into the journal. ``part``: what `--from`,
    `--until` and `--only` said. ``speed`` changes the tempo, where that can be.
    """

    def __init__(
        self,
        first: Edition,
        cues: CueList,
        read: Callable[[Edition], Edition],
        performance: Performance,
        inbox: Inbox,
        hub: Hub,
        shown: Shown,
        *,
        wire: Callable[[Edition, str], tuple[Fixture, Wire]],
        part: tuple[str | None, str | None, str | None] = (None, None, None),
        speed: Callable[[Fraction], None] | None = None,
        record: bool = False,
    ) -> None:
        self.ready = threading.Event()
        self._read = read
        self._performance = performance
        self._inbox = inbox
        self._hub = hub
        self._shown = shown
        self._wire = wire
        self._part = part
        self._speed = speed
        self._tempo = Fraction(1)
        self._record = record
        self._lock = threading.RLock()
        self._versions: list[tuple[Edition, CueList]] = [(first, cues)]
        self._last = first
        self._refused: Edition | None = None
        self._fixtures: dict[str, Fixture] = {}
        self._wires: dict[str, Wire] = {}
        self._known: _Known | None = None
        self._changed = threading.Condition()
        self._wanted: tuple[Edition, CueList] | None = None
        self._closing = False
        self._place = ("", 0)
        self._looping = False
        self._sought = False
        self._thread = threading.Thread(target=self._plans, name="plans", daemon=True)
        self._thread.start()
        self._write(first)
        self._plan_for(first, cues)

    def close(self) -> None:
        """Work out no more plans."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(5)

    # --- a save

    def saved(self) -> None:
        """Read the script again: it has changed on disk. Called in the watch's thread."""
        began = time.perf_counter_ns()
        with self._lock:
            edition = self._last = self._read(self._last)
            took = (time.perf_counter_ns() - began) // 1_000
            if edition.cues is None:
                self._refuse(edition, took)
            else:
                self._take(edition, edition.cues, began)

    def _refuse(self, edition: Edition, took: int) -> None:
        _, cues = self._versions[-1]
        found = tuple(render.as_data(one) for one in edition.findings)
        self._refused = edition
        self._inbox.put("", Pressed("reload", given=Refused(cues.fingerprint, edition.fingerprint, found, took)))
        self._hub.announce("findings", {"refused": True, "findings": list(found)})
        self._shown.refused(edition)

    def _take(self, edition: Edition, cues: CueList, began: int, *, back: bool = False) -> None:
        _, before = self._versions[-1]
        mended, self._refused = self._refused is not None, None
        revision = compare(before, cues)
        for name in cues.devices:
            if name not in self._performance.devices and name not in self._wires:
                self._fixtures[name], self._wires[name] = self._wire(edition, name)
        reached = {name: self._fixtures.get(name, edition.fixtures[name]) for name in cues.devices}
        found = tuple(render.as_data(one) for one in edition.findings)
        took = (time.perf_counter_ns() - began) // 1_000
        change = Change(before.fingerprint, cues.fingerprint, revision, found, took, told=not revision.nothing)
        self._write(edition)
        self._inbox.put("", Pressed("reload", given=NewText(cues, reached, self._wires, edition.inventories, change)))
        if back:
            self._versions.pop()
        elif revision.nothing:
            self._versions[-1] = (edition, cues)
        else:
            self._versions.append((edition, cues))
            del self._versions[:-MOST_VERSIONS]
        if mended:
            self._hub.announce("findings", {"refused": False, "findings": list(found)})
        self._plan_for(edition, cues)

    def _write(self, edition: Edition) -> None:
        """Have the texts written into the journal, so that it can be replayed by itself."""
        if self._record:
            sources = Sources(edition.fingerprint, dict(edition.texts))
            self._inbox.put("", Pressed("source", given=sources))

    # --- the plan, in a thread of its own: a long show takes a second

    def _plan_for(self, edition: Edition, cues: CueList) -> None:
        with self._changed:
            self._wanted = (edition, cues)
            self._changed.notify_all()

    def _plans(self) -> None:
        while True:
            with self._changed:
                while self._wanted is None and not self._closing:
                    self._changed.wait()
                if self._closing or self._wanted is None:
                    return
                (edition, cues), self._wanted = self._wanted, None
            expected = plan(cues, edition.fixtures, edition.inventories, PLANNED)
            made = score(cues, expected, edition.texts, edition.fixtures, edition.inventories)
            with self._changed:
                self._known = _Known(cues, edition, expected, made, _places(expected))
                self._changed.notify_all()
            self._shown.planned(edition, cues, expected)
            self._hub.announce("score", {"fingerprint": cues.fingerprint})

    def _present(self) -> _Known | None:
        """Give the plan of the text in force, waiting for it a moment."""
        until = time.monotonic() + PATIENCE
        with self._changed:
            while self._known is None or self._wanted is not None or self._known.cues is not self._versions[-1][1]:
                if self._closing or not self._changed.wait(max(0.0, until - time.monotonic())):
                    return None
            return self._known

    # --- what the console sees

    def score(self) -> Mapping[str, Any]:
        """Give the show as it is in force."""
        known = self._present() or self._known
        if known is None:
            raise RuntimeError("the plan of the show has not been worked out")
        with self._lock:
            refused = self._refused
            return with_state(
                known.score,
                started=self._at() is not None,
                findings=(refused or self._versions[-1][0]).findings,
                refused=refused is not None,
                undo=len(self._versions) > 1,
            )

    def now(self) -> Mapping[str, Any]:
        """Give the show time and whether it stands."""
        play = self._performance.caller.play
        return {"at": self._at(), "paused": play.agenda.paused, "speed": float(self._tempo), "ended": play.ended}

    def _at(self) -> int | None:
        zero = self._performance.journal.zero
        return None if zero is None else self._inbox.now() - zero

    def follow(self, entry: Entry) -> None:
        """Take a journal entry: where the show is, for whoever asks for the next cue."""
        if entry["kind"] == "segment":
            known = self._known
            start = None if known is None else known.places.get((entry["segment"], "", ""))
            # After a seek into a segment the place is the point, which lies behind its start.
            self._place = (entry["segment"], max(start or 0, self._place[1]) if self._sought else start or 0)
            self._sought = False
        elif entry["kind"] == "cue" and not {"/", "#"} & set(entry["cue"]):
            known = self._known
            at = None if known is None else known.places.get((entry["segment"], entry["track"], entry["cue"]))
            if at is not None:
                self._place = (entry["segment"], at)
        elif entry["kind"] == "end":
            self._hub.announce("now", dict(self.now()))

    # --- what the operator asks for

    def do(self, action: str, name: str | None, to: str | None, until: str | None, origin: str) -> str | None:
        """Do what is asked; None, or in one sentence why not."""
        if action == "start":
            self.ready.set()
            return None
        if action == "undo-reload":
            return self._undo()
        if self._performance.caller.ended:
            return "the show is over"
        if self._at() is None and action not in {"stop", "panic"}:
            return NOT_YET
        if action in {"go", "pause", "resume", "stop", "panic", "skip"}:
            self._inbox.put("", Pressed(action, origin=origin))
            return None
        if action == "button":
            return self._button(name, origin)
        if action == "speed":
            return self._change(to)
        if action == "unloop":
            self._looping = False
            self._inbox.put("", Pressed("unloop", origin=origin, given=self._bounds()))
            return None
        return self._go_to(action, name, to, until, origin)

    def _button(self, name: str | None, origin: str) -> str | None:
        buttons = self._versions[-1][1].buttons
        if name not in buttons:
            return f"the show has no button called `{name}`" if name else "which button?"
        self._inbox.put("", Pressed("button", name, origin=origin))
        return None

    def _change(self, to: str | None) -> str | None:
        if self._speed is None:
            return "the speed can be changed only where every device is a double"
        try:
            wished = Fraction(to or "")
            self._speed(wished)
        except (ValueError, ZeroDivisionError):
            return f"`{to}` is no speed: write a number from 0.1 to 100"
        self._tempo = wished
        self._hub.announce("now", dict(self.now()))
        return None

    def _go_to(self, action: str, name: str | None, to: str | None, until: str | None, origin: str) -> str | None:
        known = self._present()
        if known is None:
            return "the plan of the new text is not worked out yet; try again in a moment"
        segment = name or self._place[0]
        found: Excerpt | points.Unknown | None
        asked = to or ""
        if action == "loop" and to is None:
            if self._looping:
                return self.do("unloop", None, None, None, origin)
            asked, found = segment, self._round(known, segment)
        elif action == "loop":
            found = points.excerpt(known.plan, known.cues, to, until, None)
            asked = f"{to} {until}"
        elif action in {"next", "previous"}:
            asked, found = self._neighbour(known, forward=action == "next")
        elif action == "only":
            asked, found = f"only {segment}", points.excerpt(known.plan, known.cues, None, None, segment)
        else:
            asked = segment if action == "again" else asked
            found = points.excerpt(known.plan, known.cues, asked, None, None)
        if isinstance(found, points.Unknown):
            return found.message
        if found is None:
            return f"there is no {action} cue"
        if action not in {"loop", "only"}:
            bounds = self._bounds()
            found = replace(found, last=bounds.last, before=bounds.before) if bounds else found
            self._place, self._sought = (self._place[0], found.point), True
        self._looping = action == "loop"
        self._inbox.put("", Pressed("loop" if action == "loop" else "seek", to=asked, origin=origin, given=found))
        return None

    def _bounds(self) -> Excerpt:
        """Give where the show ends by what the command line said, in the text in force."""
        known, (start, until, only) = self._known, self._part
        if known is None or (until is None and only is None):
            return Excerpt()
        found = points.excerpt(known.plan, known.cues, start, until, only)
        return Excerpt() if isinstance(found, points.Unknown) else found

    def _round(self, known: _Known, segment: str) -> Excerpt | points.Unknown:
        found = points.excerpt(known.plan, known.cues, segment, None, None)
        index = next((n for n, one in enumerate(known.cues.segments) if one.name == segment), None)
        return found if isinstance(found, points.Unknown) else replace(found, last=index)

    def _neighbour(self, known: _Known, *, forward: bool) -> tuple[str, Excerpt | None]:
        here = self._place[1]
        direct = [e for e in known.plan.entries if e["kind"] == "cue" and not {"/", "#"} & set(e["cue"])]
        if forward:
            entry = next((e for e in direct if e["at"] > here), None)
        else:
            entry = next((e for e in reversed(direct) if e["at"] < here), None)
        return ("", None) if entry is None else (f"{entry['segment']}/{entry['cue']}", Excerpt(entry["at"]))

    def _undo(self) -> str | None:
        with self._lock:
            if len(self._versions) < 2:
                return "there is no version before this one"
            edition, cues = self._versions[-2]
            self._take(edition, cues, time.perf_counter_ns(), back=True)
        return None


def _places(expected: Plan) -> dict[tuple[str, str, str], int]:
    """Give when each cue comes first in the plan."""
    found: dict[tuple[str, str, str], int] = {}
    for entry in expected.entries:
        if entry["kind"] == "cue":
            found.setdefault((entry["segment"], entry["track"], entry["cue"]), entry["at"])
        elif entry["kind"] == "segment":
            found.setdefault((entry["segment"], "", ""), entry["at"])
    return found

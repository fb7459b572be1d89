"""The rehearsal: a show that plays while its script is edited, and whoever calls it from keyboard or console.

It reads the script again when it was saved and hands the new text to the performance, keeps the versions, and turns
what the operator asks for into what the engine understands. It draws nothing and decides nothing about time: console
and terminal show, the engine plays.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Protocol

import showrunner.engine.reload.report
import showrunner.engine.reload.revising  # noqa: F401 - loaded here, and not by the first save while the show plays
from showrunner import yielding
from showrunner.console.hub import Hub
from showrunner.console.scene import Standing
from showrunner.console.score import listed, with_state
from showrunner.devices.vocabulary import Fixture
from showrunner.diagnostics import render
from showrunner.diagnostics.wording import quoted, there_are
from showrunner.engine.actions import BEFORE
from showrunner.engine.messages import NOTHING, Brought, Excerpt, TextChange
from showrunner.reports import points
from showrunner.reports.now import UNTIMED, Present
from showrunner.reports.status import Status, status
from showrunner.running.conductor import BadText, NewText, Sources
from showrunner.running.performance import Performance
from showrunner.running.planner import Known, Planner
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList
from showrunner.timeline.revise import Revision, compare
from showrunner.wires.tempo import Tempo
from showrunner.wires.wire import Arriving, Pressed

MOST_VERSIONS = 20
"""So many versions of the script are kept to go back to."""

NOT_YET = "the show has not begun"

TAKEN_WITHIN = 1.0
"""Seconds in which the show has to take a press: who pressed must not believe that it was done where it was not."""


class Shown(Protocol):
    """Whoever says to the people at the terminal what becomes of a save."""

    def refused(self, edition: Prepared) -> None:
        """A text has errors; the show plays on as it was."""
        ...

    def mended(self) -> None:
        """What was refused is gone from the files."""
        ...

    def unchanged(self) -> None:
        """A save changed nothing that plays."""
        ...

    def coming(self, edition: Prepared, cues: CueList) -> None:
        """A text is handed to the show: its `reload` entry, or the `told` of one that changes nothing, is the next."""
        ...

    def returned(self, old: str, new: str) -> None:
        """The operator goes from the text with one fingerprint to another again: no save, though it is a reload."""
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
class _Loop:
    """What the show goes round: from a point ``until`` another, or a segment; which part that is, and who wished it."""

    start: str
    until: str | None
    part: Excerpt
    origin: str


class Rehearsal:
    """One rehearsal. Its methods may be called from any thread; only ``follow`` runs in the performance's own.

    Presses that go somewhere come one after the other (``_pressing``), and so do changes of the text (``_lock``). Where
    the show is has a lock of its own (``_following``), held for moments: the show's thread must wait for nobody.

    ``read()`` reads the script anew; ``join(edition, name)`` makes the way to a device that a new text uses, giving the
    fixture as it is reached. ``record``: later texts are written into the journal, as the first one is. ``part``:
    what `--from`, `--until` and `--only` said. ``tempo`` is that of the show; it can be changed where every device is
    ``simulated``. ``seed``: what its plans choose by, as the show does.
    """

    def __init__(
        self,
        first: Prepared,
        cues: CueList,
        read: Callable[[], Prepared],
        performance: Performance,
        inbox: Inbox,
        hub: Hub,
        present: Present,
        shown: Shown,
        *,
        join: Callable[[Prepared, str], Fixture],
        part: tuple[str | None, str | None, str | None] = (None, None, None),
        tempo: Tempo | None = None,
        simulated: frozenset[str] = frozenset(),
        record: bool = False,
        seed: str = "0",
    ) -> None:
        self.ready = threading.Event()
        self._read = read
        self._performance = performance
        self._inbox = inbox
        self._hub = hub
        self._present = present
        self._shown = shown
        self._join = join
        self._part = part
        self._tempo = tempo or Tempo()
        self._simulated = simulated
        self._record = record
        self._lock = threading.RLock()
        self._versions: list[tuple[Prepared, CueList]] = [(first, cues)]
        self._undone: list[tuple[Prepared, CueList]] = []
        self._refused: Prepared | None = None
        self._fixtures: dict[str, Fixture] = {}
        self._pressing = threading.RLock()
        self._loop: _Loop | None = None
        self._planner = Planner(self._planned, lambda text: performance.cues is text, hub.rows, seed)
        hub.in_force = lambda: performance.caller.cues
        self._planner.ask(first, cues)

    def close(self) -> None:
        """Work out no more plans."""
        self._planner.close()

    # --- a save

    def saved(self) -> None:
        """Read the script again: it has changed on disk. Called in the watch's thread."""
        began = time.perf_counter_ns()
        with self._lock, yielding.first():
            edition = self._read()
            took = (time.perf_counter_ns() - began) // 1_000
            if edition.cues is None:
                self._refuse(edition, took)
            else:
                self._undone.clear()
                mended, self._refused = self._refused is not None, None
                _, before = self._versions[-1]
                if mended:
                    self._shown.mended()
                revision = self._take(edition, edition.cues, began)
                if mended:
                    self._tell_mended(edition)
                if revision.nothing and (mended or edition.cues.fingerprint != before.fingerprint):
                    self._shown.unchanged()

    def _refuse(self, edition: Prepared, took: int) -> None:
        _, cues = self._versions[-1]
        found = tuple(render.as_data(one) for one in edition.findings)
        shown = listed(edition.findings, edition.texts, self._versions[-1][0].texts)
        self._refused = edition
        self._inbox.put("", Pressed("reload", given=BadText(cues.fingerprint, edition.fingerprint, found, took)))
        self._hub.announce("findings", {"refused": True, "findings": shown})
        self._shown.refused(edition)

    def _take(self, edition: Prepared, cues: CueList, began: int, *, back: bool = False) -> Revision:
        _, before = self._versions[-1]
        revision = compare(before, cues)
        for name in cues.devices:
            if name not in self._performance.devices and name not in self._fixtures:
                self._fixtures[name] = self._join(edition, name)
        reached = {name: self._fixtures.get(name, edition.fixtures[name]) for name in cues.devices}
        found = tuple(render.as_data(one) for one in edition.findings)
        self._write(edition)
        self._present.coming(cues)
        self._shown.coming(edition, cues)
        # All that was done since the save counts: the text is not in force before it.
        took = (time.perf_counter_ns() - began) // 1_000
        change = TextChange(before.fingerprint, cues.fingerprint, revision, found, took, told=not revision.nothing)
        self._inbox.put("", Pressed("reload", given=NewText(cues, reached, edition.inventories, change)))
        if back:
            self._undone.append(self._versions.pop())
        elif revision.nothing:
            self._versions[-1] = (edition, cues)
        else:
            self._versions.append((edition, cues))
            del self._versions[:-MOST_VERSIONS]
        if self._tempo.speed != 1 and not self._any_speed():
            self._set(Fraction(1))  # a real application came in with this text
        self._planner.ask(edition, cues)
        return revision

    def _tell_mended(self, edition: Prepared) -> None:
        shown = listed(edition.findings, edition.texts, edition.texts)
        self._hub.announce("findings", {"refused": False, "findings": shown})

    def _write(self, edition: Prepared) -> None:
        """Have the texts written into the journal, so that it can be replayed by itself."""
        if self._record:
            sources = Sources(edition.fingerprint, edition.whole_texts, edition.roles)
            self._inbox.put("", Pressed("source", given=sources))

    def missing(self, devices: Mapping[str, str]) -> None:
        """Tell the console which devices are missing, with what to do about each."""
        self._hub.announce("standby", {"missing": dict(devices)})

    def _planned(self, known: Known) -> None:
        self._present.revised(known.cues, known.plan, self._at(), known.edition.fixtures)
        self._hub.announce("score", {"fingerprint": known.cues.fingerprint})
        self._loop_again(known)

    def _in_force(self) -> Known | None:
        """Give the plan of the text in force, waiting for it a moment."""
        return self._planner.of(self._versions[-1][1])

    # --- what the console sees

    def score(self) -> Mapping[str, Any]:
        """Give the show as it is in force."""
        known = self._in_force() or self._planner.known
        if known is None:
            raise RuntimeError("the plan of the show has not been worked out")
        with self._lock:
            refused, (edition, _) = self._refused, self._versions[-1]
            found = refused or edition
            return with_state(
                known.score,
                started=self._at() is not None,
                findings=listed(found.findings, found.texts, edition.texts),
                refused=refused is not None,
                undo=len(self._versions) > 1,
                redo=bool(self._undone),
                speed=self._any_speed(),
            )

    def now(self) -> Mapping[str, Any]:
        """Give the show time, how fast it goes, whether it stands, whether it is over and (the last entry) ended."""
        stands = self._performance.caller.snapshot()
        return {
            "at": self._at(),
            "paused": stands.paused or (self._at() is not None and not self._performance.conductor.begun),
            "speed": float(self._tempo.speed),
            "over": stands.ending is not None,
            "ended": stands.ended,
        }

    def stage(self) -> Standing:
        """Give how the show stands: what the engine intends, its time, its devices."""
        zero, at = self._performance.conductor.journal.zero, self._at()
        shot, speed = self._performance.caller.snapshot(), float(self._tempo.speed)
        return Standing(shot, zero, at, speed, self._versions[-1][0].fixtures)

    def status(self) -> Status:
        """Give where the show is, for whoever shows it beside us."""
        stands = self._performance.caller.snapshot()
        return status(self._present, self._at(), over=stands.ending is not None, ended=stands.ended)

    def _at(self) -> int | None:
        return self._performance.conductor.at

    # --- what the operator asks for

    def do(
        self,
        action: str,
        name: str | None,
        to: str | None,
        until: str | None,
        origin: str,
        brought: Brought = NOTHING,
    ) -> str | None:
        """Do what is asked; None, or in one sentence why not. ``brought`` came with a button."""
        conductor = self._performance.conductor
        if action == "start" or (action in {"go", "resume"} and conductor.at is not None and not conductor.begun):
            # A show that broke off has begun, as a page sees it, and stands: whoever lets it go on lets it begin.
            if not self._performance.stagehand.ready:
                return "not everything is ready"
            self.ready.set()
            return None
        if action == "undo-reload":
            return self._undo()
        if action == "redo-reload":
            return self._redo()
        if self._performance.caller.snapshot().ended:
            return "the show is over"
        if self._at() is None and action not in BEFORE:
            return NOT_YET
        if action == "connect":
            return self._connect(name, origin)
        action = "skip" if action == "next" and self._stands_before_it() else action
        if action in {"go", "pause", "resume", "stop", "panic", "skip"}:
            self._press(Pressed(action, origin=origin))
            return None
        if action == "button":
            return self._button(name, origin, brought)
        if action == "speed":
            return self._change(to)
        known = None if action == "unloop" else self._in_force()
        with self._pressing:
            if action == "unloop":
                self._unloop(origin)
                return None
            return self._go_to(known, action, name, to, until, origin)

    def _put(self, pressed: Pressed) -> None:
        self._inbox.put("", pressed)

    def _press(self, pressed: Pressed) -> None:
        """Hand a press to the show, and wait until it takes it; raises TimeoutError where it does not in time."""
        taken = threading.Event()
        self._inbox.put("", replace(pressed, taken=taken.set))
        if not taken.wait(TAKEN_WITHIN) and not self._performance.caller.snapshot().ended:
            raise TimeoutError(f"`{pressed.action}` was handed to the show, which has not taken it yet")

    def _stands_before_it(self) -> bool:
        """Tell whether the next cue is the one behind the wait that `skip` would end, that which has stood longest."""
        known, standing = self._planner.known, self._present.now().standing
        if known is None or not standing or standing[0].word not in UNTIMED:
            return False
        return standing[0].cue is not None and points.follows_at_once(known.plan, standing[0].cue)

    def _button(self, name: str | None, origin: str, brought: Brought) -> str | None:
        buttons = self._versions[-1][1].buttons
        if name not in buttons:
            return f"the show has no button called `{name}`" if name else "which button?"
        self._press(Pressed("button", name, origin=origin, given=brought))
        return None

    def _connect(self, name: str | None, origin: str) -> str | None:
        known = self._performance.devices
        if name is not None and name not in known:
            return f"the show has no device called `{name}`; {there_are(map(quoted, sorted(known)))}"
        self._press(Pressed("connect", name, origin=origin))
        return None

    def _change(self, to: str | None) -> str | None:
        if not self._any_speed():
            return "the speed can be changed only where every device is a double"
        try:
            self._set(Fraction(to or ""))
        except (ValueError, ZeroDivisionError):
            return f"`{to}` is no speed: write a number from 0.1 to 100"
        return None

    def _any_speed(self) -> bool:
        """Tell whether the speed may be changed: no real application would keep step."""
        return set(self._versions[-1][1].devices) <= self._simulated

    def _set(self, speed: Fraction) -> None:
        self._tempo.change(speed)
        self._hub.announce("now", dict(self.now()))

    def _unloop(self, origin: str) -> None:
        # In a panic it is written down, and not obeyed.
        self._loop = self._loop if self._performance.caller.snapshot().panicked else None
        self._press(Pressed("unloop", origin=origin, given=self._bounds()))

    def _go_to(
        self, known: Known | None, action: str, name: str | None, to: str | None, until: str | None, origin: str
    ) -> str | None:
        if known is None:
            return "the plan of the new text is not worked out yet; try again in a moment"
        place = self._present.now().place
        segment = name or place[0]
        found: Excerpt | points.Unknown | None
        asked = to or ""
        if action == "loop" and to is None:
            if self._loop is not None:
                self._unloop(origin)
                return None
            found = self._round(known, segment, None)
        elif action == "loop":
            found = self._round(known, asked, until)
        elif action in {"next", "previous"}:
            forward = action == "next"
            asked, found = points.neighbour(known.plan, known.cues, *place, forward=forward) or ("", None)
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
            found = replace(found, last=bounds.last, before=bounds.before, until=bounds.until)
            self._present.bound_for(asked, self._segment_at(known, found), found.point)
        if action == "loop":
            self._go_round(_Loop(to or segment, until, found, origin), self._press)
            return None
        loop = None if action == "only" else self._loop_around(known, found.point)
        if loop is not None:
            found = replace(found, last=loop.last, before=loop.before, until=loop.until)
        self._press(Pressed("seek", to=asked, origin=origin, given=found))
        if loop is None and self._loop is not None:
            # Who goes elsewhere leaves the loop. Afterwards, for in a panic nothing but the seek is obeyed.
            self._loop = None
            self._press(Pressed("unloop", origin=origin, given=found))
        return None

    def _bounds(self) -> Excerpt:
        """Give where the show ends by what the command line said, in the text in force."""
        known, (start, until, only) = self._planner.known, self._part
        if known is None or (until is None and only is None):
            return Excerpt()
        found = points.excerpt(known.plan, known.cues, start, until, only)
        return Excerpt() if isinstance(found, points.Unknown) else found

    def _segment_at(self, known: Known, point: Excerpt) -> str:
        """Give the segment in which a point of the plan lies; of two at one instant the one that is meant."""
        begun = [segment.name for segment in known.plan.segments if segment.start <= point.point]
        meant = known.cues.segments[point.first].name
        return meant if point.first or not begun else begun[-1]

    def _round(self, known: Known, start: str, until: str | None) -> Excerpt | points.Unknown:
        """Give what a loop goes round: what lies between two points, or a whole segment."""
        found = points.excerpt(known.plan, known.cues, start, until, None)
        if until is not None or isinstance(found, points.Unknown):
            return found
        index = next((n for n, one in enumerate(known.cues.segments) if one.name == start), None)
        return replace(found, last=index)

    def _go_round(self, loop: _Loop, press: Callable[[Pressed], None]) -> None:
        # In a panic it is written down, and not obeyed.
        self._loop = self._loop if self._performance.caller.snapshot().panicked else loop
        asked = loop.start if loop.until is None else f"{loop.start} {loop.until}"
        press(Pressed("loop", to=asked, origin=loop.origin, given=loop.part))

    def _loop_again(self, known: Known) -> None:
        """Let a loop go round where its points are in a new text; one of them may be gone."""
        with self._pressing:
            loop = self._loop
            if loop is None or self._performance.caller.snapshot().ended:
                return
            found = self._round(known, loop.start, loop.until)
            if isinstance(found, points.Unknown):
                self._unloop(loop.origin)
            elif found != loop.part:
                self._go_round(replace(loop, part=found), self._put)

    def _loop_around(self, known: Known, point: int) -> Excerpt | None:
        """Give the loop the show is in, if it is in one and the point lies in it too."""
        if self._loop is None:
            return None
        found = self._round(known, self._loop.start, self._loop.until)
        if isinstance(found, points.Unknown) or point < found.point:
            return None
        if self._loop.until is not None:
            end = points.find(known.plan, self._loop.until)
        else:
            after = known.cues.segments[found.last + 1 :] if found.last is not None else ()
            starts = {segment.name: segment.start for segment in known.plan.segments}
            end = starts.get(after[0].name, known.plan.length) if after else known.plan.length
        return found if isinstance(end, int) and point < end else None

    def _undo(self) -> str | None:
        with self._lock:
            if len(self._versions) < 2:
                return "there is no version before this one"
            edition, cues = self._versions[-2]
            self._shown.returned(self._versions[-1][1].fingerprint, cues.fingerprint)
            self._take(edition, cues, time.perf_counter_ns(), back=True)
        return None

    def _redo(self) -> str | None:
        with self._lock:
            if not self._undone:
                return "no save was undone since the last one"
            edition, cues = self._undone.pop()
            self._shown.returned(self._versions[-1][1].fingerprint, cues.fingerprint)
            self._take(edition, cues, time.perf_counter_ns())
        return None

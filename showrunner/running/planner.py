"""Planning: the plan of the text in force and the score made of it, worked out beside a show that plays.

A thread of its own, since a long show takes a second or two; it breathes, so that the show and whatever is urgent come
first. What a plan is for is the rehearsal's business.
"""

from __future__ import annotations

import contextlib
import gc
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from showrunner import yielding
from showrunner.console.rows import Rows
from showrunner.console.score import score
from showrunner.engine.messages import Options
from showrunner.reports.plan import plan
from showrunner.reports.timetable import Plan
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList

PATIENCE = 10.0
"""Whoever asks for a point of the show waits so many seconds for the plan of a text that was just saved."""

SETTLED = 0.5
"""So many seconds the plan of a new text waits for the text to be in force; in a show that is over it never is."""

GLANCE = 0.002
"""Seconds between two looks whether it is."""

_LEAVE = 5.0


@dataclass(frozen=True, slots=True)
class Known:
    """A text in force with its plan, of which segments and cues are kept, and the score made of all of it."""

    cues: CueList
    edition: Prepared
    plan: Plan
    score: Mapping[str, Any]


class Planner:
    """Works out the plan of one text after the other, from ``ask`` to ``made``; one that is outdated is given up.

    ``in_force`` tells whether the show plays a text already: nothing is to work beside the step in which it goes over.
    ``rows`` numbers the cues of every text; ``seed`` is that of the show.
    """

    def __init__(
        self, made: Callable[[Known], None], in_force: Callable[[CueList], bool], rows: Rows, seed: str
    ) -> None:
        self.known: Known | None = None
        self._made = made
        self._in_force = in_force
        self._rows = rows
        self._options = Options(seed=seed)
        self._changed = threading.Condition()
        self._wanted: tuple[Prepared, CueList] | None = None
        self._closing = False
        self._thread = threading.Thread(target=self._live, name="plans", daemon=True)
        self._thread.start()

    def ask(self, edition: Prepared, cues: CueList) -> None:
        """Have the plan of a text worked out."""
        with self._changed:
            self._wanted = (edition, cues)
            self._changed.notify_all()

    def of(self, cues: CueList) -> Known | None:
        """Give the plan of a text that was asked for, waiting for it; None if that takes too long."""
        until = time.monotonic() + PATIENCE
        with self._changed:
            while self.known is None or self.known.cues is not cues:
                if self._closing or not self._changed.wait(max(0.0, until - time.monotonic())):
                    return None
            return self.known

    def close(self) -> None:
        """Work out no more plans."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(_LEAVE)

    def _live(self) -> None:
        while True:
            with self._changed:
                while self._wanted is None and not self._closing:
                    self._changed.wait()
                if self._closing or self._wanted is None:
                    return
                (edition, cues), self._wanted = self._wanted, None
            with contextlib.suppress(_Outdated):
                self._work_out(edition, cues)
            # Nothing else looks for garbage among what lives long. What is left now stays, mostly: looking at it again
            # and again would make the show late.
            gc.collect()
            gc.freeze()

    def _work_out(self, edition: Prepared, cues: CueList) -> None:
        until = time.monotonic() + SETTLED
        while not self._in_force(cues) and time.monotonic() < until and not self._closing:
            time.sleep(GLANCE)
        given = cues, edition.fixtures, edition.inventories
        whole = plan(*given, breathe=self._breathe, options=self._options)
        drawn = score(cues, whole, edition.texts, edition.fixtures, self._rows)
        # By segments and cues points of the show are found; all else is needed for the score alone.
        expected = replace(whole, commands=(), waits=(), voices=(), curves=())
        spare: list[object] = [*whole.commands, *whole.waits, *whole.voices, *whole.curves]
        del whole
        known = Known(cues, edition, expected, drawn)
        with self._changed:
            before, self.known = self.known, known
            self._changed.notify_all()
        self._made(known)
        spare += () if before is None else before.plan.cues
        del before
        yielding.forget(spare)

    def _breathe(self) -> None:
        """Let the show in, and whoever is in a hurry; give up where the plan is not wanted any more."""
        yielding.breathe()
        if self._closing or self._wanted is not None:
            raise _Outdated


class _Outdated(Exception):  # noqa: N818 - no error: there is a newer text
    """The plan that is being worked out is that of a text that is not in force any more."""

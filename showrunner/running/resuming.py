"""A show that broke off goes on: its journal played through again, up to where it ends, and what is needed to go on.

Nothing is shown here, and nobody is asked.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from showrunner.diagnostics.refusal import Refusal
from showrunner.engine.messages import Entry
from showrunner.engine.telling import DECISIONS
from showrunner.running.conductor import Broken
from showrunner.running.live import Wishes
from showrunner.running.recording import Recording
from showrunner.running.replay import Difference, Unknown, rehearsed
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList

CHANGED = 5
"""The exit code where the text is not that of then, or the journal comes out otherwise."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What goes on: the text that was in force, and the show as it stood in it."""

    prepared: Prepared
    cues: CueList
    broken: Broken


def refuse(path: str, entries: Sequence[Entry]) -> None:
    """Raise ``Refusal`` where there is nothing to go on with: it has ended, or never began, or was no live show."""
    show, last = entries[0], entries[-1]
    if last["kind"] == "end":
        raise Refusal(f"`{path}` has its end ({last['result']}): there is nothing to go on with")
    if rehearsed(show):
        raise Refusal(f"`{path}` is the journal of a dry run: there is nothing to go on with")
    if not any(entry["kind"] in DECISIONS for entry in entries):
        raise Refusal(f"the show of `{path}` had not begun", f"start it: `showrunner run {show['script']}`")


def wishes(show: Entry, journal: str) -> Wishes:
    """Tell how the show of a ``journal`` is to be played on: as it was, with a journal of its own."""
    said = show.get("options", {})
    first = re.sub(r"\.[0-9]+$", "", journal)
    return Wishes(
        simulated=frozenset(said.get("doubles", ())),
        journal=first if Path(first).exists() else journal,
        frames=said.get("frames", False),
        speed=Fraction(said.get("speed", "1")),
        catalogue=said.get("catalogue"),
        ways=said.get("ways", {}),
        resumes=journal,
    )


def resume(recording: Recording) -> Resumed | Difference | Unknown:
    """Play the journal through again; give the show as it stood, or why that cannot be known."""
    first = recording.prepared()
    if first.cues is None:
        return Unknown("the text that was played cannot be compiled any more")
    replay = recording.replay(first, first.cues, watched=True)
    wrong = replay.run()
    if wrong is not None:
        return wrong
    if replay.caller.ended:
        raise Refusal(f"the show of `{recording.written}` had come to its end: there is nothing to go on with")
    show = recording.entries[0]
    # The wall's clock alone goes on where nobody is.
    ended = show["epoch"] * 1_000 + show.get("before", 0) + replay.reached + replay.stood
    broken = Broken(
        replay.caller,
        replay.reached,
        replay.stood,
        replay.left,
        replay.sent,
        lambda: max(0, time.time_ns() // 1_000 - ended),
    )
    return Resumed(recording.latest(), replay.caller.cues, broken)

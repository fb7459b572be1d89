"""What a hot reload did, in at most ten plain lines: for the terminal, the console, and whoever reads the journal."""

from __future__ import annotations

from collections.abc import Sequence

from showrunner.timeline.revise import Revision

MOST = 10
"""So many lines are said at the most."""

NAMED = 5
"""So many cues are named in a line; the rest are counted."""


def report(revision: Revision, missed: Sequence[str], again: Sequence[str], running: Sequence[str]) -> list[str]:
    """Say what changed, what was missed, what will come again, what became of what was running."""
    lines = [
        f"{_count(len(cues), 'cue')} {what}: {_names(cues)}"
        for what, cues in (("changed", revision.changed), ("added", revision.added), ("removed", revision.removed))
        if cues
    ]
    if revision.segments:
        lines.append("segments or tracks: their order, titles or limits changed")
    if missed:
        lines.append(f"missed, for it stands above the playhead or its time is past: {_names(missed)}")
    if again:
        lines.append(f"comes again, for it stands below the playhead now: {_names(again)}")
    room = MOST - len(lines)
    if len(running) > room:
        return [*lines, *running[: room - 1], f"and {len(running) - room + 1} more of what was running"]
    return [*lines, *running]


def _names(cues: Sequence[str]) -> str:
    listed = ", ".join(cues[:NAMED])
    return listed if len(cues) <= NAMED else f"{listed} and {len(cues) - NAMED} more"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

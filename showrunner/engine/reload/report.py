"""What a hot reload did, in at most ten plain lines: for the terminal, the console, and whoever reads the journal."""

from __future__ import annotations

from collections.abc import Sequence

from showrunner.diagnostics.wording import count, listed
from showrunner.timeline.revise import Revision

MOST = 10
"""So many lines are said at the most."""

NAMED = 5
"""So many cues are named in a line; the rest are counted."""


def report(revision: Revision, missed: Sequence[str], again: Sequence[str], running: Sequence[str]) -> list[str]:
    """Say what changed, what was missed, what will come again, what became of what was running."""
    lines = [
        f"{count(len(cues), 'cue')} {what}: {listed(cues, most=NAMED)}"
        for what, cues in (("changed", revision.changed), ("added", revision.added), ("removed", revision.removed))
        if cues
    ]
    if revision.segments:
        lines.append("segments or tracks: their order, titles or limits changed")
    if missed:
        lines.append(f"missed, for it stands above the playhead or its time is past: {listed(missed, most=NAMED)}")
    if again:
        lines.append(f"comes again, for it stands below the playhead now: {listed(again, most=NAMED)}")
    room = MOST - len(lines)
    if len(running) > room:
        return [*lines, *running[: room - 1], f"and {len(running) - room + 1} more of what was running"]
    return [*lines, *running]

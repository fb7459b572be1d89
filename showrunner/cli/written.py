"""What the script says about each cue, by the names that cues have in the journal."""

from __future__ import annotations

from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import walk


def contents(cues: CueList) -> dict[tuple[str, str], str]:
    """Give segment and cue (without the way to it) -> its commands, as written, `;` between them."""
    found: dict[tuple[str, str], str] = {}
    for spot in walk(cues):
        found.setdefault((spot.block.segment, spot.label.own), spot.cue.text)
    return found

"""Naming: what the journal calls the cues of a show, and what it calls the same ones in another version of it.

Only cues written directly in a track: what is in a block of a cue has a name that goes on from that of its cue.
"""

from __future__ import annotations

from typing import TypeAlias

from showrunner.timeline import revise
from showrunner.timeline.cues import Cue, CueList, Track

Key: TypeAlias = tuple[str, str, str]
"""A cue by its names in the journal: segment, track, cue."""


def label(show: CueList, track: Track, cue: Cue) -> str:
    """Call a cue by its own name, or by `L` and its line; in another file, behind that as seen from the script."""
    if cue.name is not None:
        return cue.name
    folder = show.main.rpartition("/")[0]
    below = track.file[len(folder) + 1 :] if folder and track.file.startswith(f"{folder}/") else track.file
    return f"L{track.line + cue.line}" if track.file == show.main else f"{below}:L{track.line + cue.line}"


def renamed(old: CueList, new: CueList) -> dict[Key, Key | None]:
    """Give each cue of the old version with its name in the new one, None where it is gone."""
    found: dict[Key, Key | None] = {}
    tracks = {(segment.name, track.name): track for segment in new.segments for track in segment.tracks}
    for segment in old.segments:
        for track in segment.tracks:
            now = tracks.get((segment.name, track.name))
            pairs = revise.cues(track.body.cues, () if now is None else now.body.cues)
            for cue, pair in zip(track.body.cues, pairs, strict=True):
                key = (segment.name, track.name, label(old, track, cue))
                there = None if now is None or pair is None else label(new, now, now.body.cues[pair])
                found[key] = None if there is None else (*key[:2], there)
    return found

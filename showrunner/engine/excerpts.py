"""Excerpts: which part of a show is played, where its text changes meanwhile (hot reload).

What an excerpt is stands in ``messages``, how one is found in a plan in ``showrunner.points``.
"""

from __future__ import annotations

from dataclasses import replace

from showrunner.engine.play import Play
from showrunner.engine.tracing import GONE
from showrunner.timeline import revise
from showrunner.timeline.cues import CueList


def carry(play: Play, old: CueList, new: CueList) -> None:
    """Let the end of a part that is played stand where it stood."""
    excerpt = play.options.excerpt
    last = excerpt.last
    if last is not None:
        names = [segment.name for segment in old.segments[: last + 1]]
        last = next((at for name in reversed(names) if (at := index_of(new, name)) is not None), GONE)
    before = set()
    for segment, track, label in excerpt.before:
        before.add((segment, track, _renamed(old, new, segment, track, label)))
    until = excerpt.until
    if until is not None and until.track:
        until = replace(until, cue=_renamed(old, new, until.segment, until.track, until.cue))
    play.options = replace(play.options, excerpt=replace(excerpt, last=last, before=frozenset(before), until=until))


def _renamed(old: CueList, new: CueList, segment: str, track: str, label: str) -> str:
    """Give the label that a cue written directly in a track has in the new text."""
    if not label.startswith("L"):
        return label
    for one in old.segments:
        for list_ in one.tracks if one.name == segment else ():
            at = next((t for s in new.segments if s.name == segment for t in s.tracks if t.name == track), None)
            if list_.name != track or at is None:
                continue
            pairs = revise.cues(list_.body.cues, at.body.cues)
            for cue, pair in zip(list_.body.cues, pairs, strict=True):
                if f"L{list_.line + cue.line}" == label and pair is not None:
                    now = at.body.cues[pair]
                    return now.name or f"L{at.line + now.line}"
    return label


def index_of(cues: CueList, name: str) -> int | None:
    """Find a segment by its name."""
    return next((index for index, segment in enumerate(cues.segments) if segment.name == name), None)

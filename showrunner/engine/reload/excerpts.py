"""Excerpts: which part of a show is played, where its text changes meanwhile (hot reload).

What an excerpt is stands in ``messages``, how one is found in a plan in ``reports/points``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from showrunner.engine.play import Play
from showrunner.engine.reload.tracing import GONE
from showrunner.timeline import revise
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import Labels


def carry(play: Play, old: CueList, new: CueList, called: Mapping[str, str | None]) -> None:
    """Let the end of a part that is played stand where it stood; its segments are ``called`` so in the new text."""
    excerpt = play.options.excerpt
    last = excerpt.last
    if last is not None:
        names = [segment.name for segment in old.segments[: last + 1]]
        last = next((at for name in reversed(names) if (at := index_of(new, called[name])) is not None), GONE)
    until = excerpt.until
    before = excerpt.before
    if before or until is not None:
        renaming = revise.Renaming(old, Labels(old), new)
        before = frozenset(renaming.get(key) or (called.get(key[0]) or key[0], *key[1:]) for key in before)
        if until is not None:
            now = renaming.get((until.segment, until.track, until.cue))
            segment = called.get(until.segment) or until.segment
            until = replace(until, segment=segment, cue=until.cue if now is None else now[2])
    play.options = replace(play.options, excerpt=replace(excerpt, last=last, before=before, until=until))


def index_of(cues: CueList, name: str | None) -> int | None:
    """Find a segment by its name; None has none."""
    return next((index for index, segment in enumerate(cues.segments) if segment.name == name), None)

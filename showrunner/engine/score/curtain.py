"""The curtain: where a part of a show that is played ends (or goes round) at a time between two cues.

A time of the plan is told as so long after a cue of a track, on that track's clock: so it stands where the clock
stands, and lies where it should however long the show was held up before. Ends at a cue are not here: that is left
untaken (``lists.take``).
"""

from __future__ import annotations

from showrunner.engine import naming
from showrunner.engine.agenda import Rank
from showrunner.engine.play import Part, Play, Scope, Taken
from showrunner.engine.score import segments


def hang(play: Play) -> None:
    """Set anew when the part that is played ends: a cue was taken, a clock stands or goes on, another end is wished."""
    if play.curtain is not None:
        play.curtain.cancel()
        play.curtain = None
    part, end = play.part, play.options.excerpt.until
    if end is None or part is None or part.over or part.segment.name != end.segment or play.ending is not None:
        return
    if not end.track:
        when: int | None = part.began + end.after
    else:
        track = next((scope for scope in part.tracks if scope.track == end.track), None)
        due = None if track is None else _taken(play, track, end.cue)
        when = None if track is None or due is None or track.stands else track.zero + due + end.after
    if when is not None:
        play.curtain = play.agenda.on_score(
            max(play.score, when), Rank.SEGMENT, (part.index, 3), lambda: _fall(play, part)
        )


def _taken(play: Play, track: Scope, label: str) -> int | None:
    """Give the clock value at which a cue of a track was due, if it was taken."""
    for index, due in reversed(track.history):
        if naming.label(play, track, Taken(track, track.body.cues[index], index)).text() == label:
            return due
    return None


def _fall(play: Play, part: Part) -> None:
    play.curtain = None
    if play.part is part and not part.over and play.ending is None:
        segments.conclude(play)

"""How much a show may be: counted from the compiled lists, before anything is played out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.timeline import cues
from showrunner.timeline.compile.draft import Block
from showrunner.timeline.compile.notes import Note, further

MOST_COMMANDS = 500_000
LONGEST_SCORE = 24 * 3_600_000_000
MOST_FINDINGS = 1_000
"""Of one severity, in one file."""
_HOUR = 3_600_000_000


class Played(NamedTuple):
    """A segment and what its tracks were compiled from. ``spot`` is where findings about it as a whole stand."""

    segment: cues.Segment
    blocks: list[Block]
    spot: Place

    @property
    def length(self) -> int:
        """How much score it has, in microseconds: cut at `at most`, not shorter than `at least`."""
        length = max((block.takes for block in self.blocks), default=0)
        if self.segment.at_most is not None:
            length = min(length, self.segment.at_most)
        return max(length, self.segment.at_least or 0)


def limits(show: Sequence[Played], most_commands: int, longest_score: int) -> Iterator[Note]:
    """Say where a show has got more commands (E408) or more score (E409) than it may; each once."""
    count = length = 0
    counted = timed = False
    for played in show:
        before = count
        count += sum(block.count for block in played.blocks)
        if count > most_commands and not counted:
            counted = True
            yield _too_many(played, before, most_commands)
        length += played.length
        if length > longest_score and not timed:
            timed = True
            message = f"up to the end of this segment the show takes more than {longest_score // _HOUR} hours"
            yield Note("E409", played.spot, message, "split it into several shows")


def told(findings: Sequence[Diagnostic], most: int) -> tuple[Diagnostic, ...]:
    """Leave out what nobody will read: of each file ``most`` errors (then E413) and ``most`` warnings (then W514)."""
    if len(findings) <= most:
        return tuple(findings)
    counted: Counter[tuple[str, str]] = Counter()
    kept: list[Diagnostic] = []
    for one in findings:
        key = (one.place.path, one.severity)
        counted[key] += 1
        if counted[key] <= most:
            kept.append(one)
        elif counted[key] == most + 1:
            code, what = ("E413", "errors") if one.severity == "error" else ("W514", "warnings")
            message = f"there are more than {most:,} {what} in this file; the rest is not told"
            kept.append(Diagnostic(code, one.place, message, "begin with the first"))
    return tuple(kept)


def _too_many(played: Played, count: int, most: int) -> Note:
    for track, block in zip(played.segment.tracks, played.blocks, strict=True):
        for line, draft in block.drafts:
            count += draft.count
            if count > most:
                place = further(draft.made.span, line).place(track.file, track.line)
                message = f"with this line the show has {_number(count)} commands; {most:,} is the most"
                return Note("E408", place, message, "a `repeat` without a number of times counts its block only once")
    raise ValueError("this segment does not pass the limit")


def _number(count: int) -> str:
    return f"{count:,}" if count < 10**12 else "more than a million million"

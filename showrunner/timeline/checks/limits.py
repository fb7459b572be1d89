"""How much a show may be: counted from the compiled lists, before anything is played out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.sentence import sentence
from showrunner.timeline.compile.draft import Part, Whole
from showrunner.timeline.compile.notes import Note, further

MOST_COMMANDS = 500_000
LONGEST_SCORE = 24 * 3_600_000_000
MOST_FINDINGS = 1_000
"""Of one severity, in one file."""
_HOUR = 3_600_000_000


def commands(show: Whole) -> Iterator[Note]:
    """E408: where the show has got more commands than it may."""
    count = 0
    for part in show.parts:
        before = count
        count += sum(listed.block.count for listed in part.lists)
        if count > show.most_commands:
            yield _too_many(part, before, show.most_commands)
            return
    for hearer in show.hearers:
        count += hearer.commands
        if count > show.most_commands:
            yield _beyond(hearer.spot, count, show.most_commands)
            return


def score(show: Whole) -> Iterator[Note]:
    """E409: where the show has got more score than it may."""
    length = 0
    for part in show.parts:
        length += part.length
        if length > show.longest_score:
            message = sentence(
                "up to the end of this segment the show takes more than {longest_score} hours",
                show.longest_score // _HOUR,
            )
            yield Note("E409", part.spot, message, sentence("split it into several shows"))
            return


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
            message = sentence("there are more than {most:,} {what} in this file; the rest is not told", most, what)
            kept.append(Diagnostic(code, one.place, message, sentence("begin with the first")))
    return tuple(kept)


def _too_many(part: Part, count: int, most: int) -> Note:
    for track, listed in zip(part.segment.tracks, part.lists, strict=True):
        for line, draft in listed.block.drafts:
            count += draft.count
            if count > most:
                place = further(draft.made.span, line).place(track.file, track.line)
                return _beyond(place, count, most)
    raise ValueError("this segment does not pass the limit")


def _beyond(place: Place, count: int, most: int) -> Note:
    message = sentence("with this line the show has {count} commands; {most:,} is the most", _number(count), most)
    return Note("E408", place, message, sentence("a `repeat` without a number of times counts its block only once"))


def _number(count: int) -> str:
    return f"{count:,}" if count < 10**12 else sentence("more than a million million")

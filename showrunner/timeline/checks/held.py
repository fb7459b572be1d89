"""Values held: who takes a property away from a command that still wants it.

Spans are half open: what ends at 2 s does not meet what begins at 2 s. Where a time is only guessed, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.diagnostics.sentence import sentence
from showrunner.timeline.compile.draft import Passage
from showrunner.timeline.compile.facts import Claim
from showrunner.timeline.compile.notes import LINE, Note, further
from showrunner.times import as_clock


def held_twice(seen: Passage) -> Iterator[Note]:
    """W501: a command takes a property over while another still claims it."""
    run = seen.run
    taken = run.taken
    for (line, draft), moment in zip(seen.drafts, seen.timing.moments, strict=True):
        if moment.start < run.latest:
            taken.clear()
        run.latest = moment.start
        for claim in draft.claims:
            gate, start, end, key, _, how = claim
            anchor = moment.later + gate - 1 if gate else moment.anchor
            start += moment.start
            end += moment.start
            if how == "release":
                _given_up(taken, key, anchor, start)
                continue
            before = taken.get(key)
            if before is not None and before[0] == anchor:
                within = before[1] < start < before[2] if how == "at once" else before[1] <= start < before[2]
                # A `set` without a length is where a move of the same moment begins.
                begins = before[1] == before[2] and end > start
                if within or (how == "hold" and start == before[1] and not begins):
                    yield _held(claim, line, before)
            if how == "hold":
                taken[key] = (anchor, start, end, line)
            else:
                taken.pop(key, None)


def _held(claim: Claim, line: int, before: tuple[int, int, int, int]) -> Note:
    _, start, end, other = before
    span, name = further(claim.span, line), claim.property[1]
    advice = sentence("let the one end before the other begins")
    if other == line:
        return Note("W501", span, sentence("`{name}` is set twice at once: only the last one is seen", name), advice)
    when = f"till {as_clock(end)}" if end > start else sentence("by a command of the same moment")
    message = sentence("`{name}` is still held {when} by line {line} when this takes it over", name, when, LINE)
    return Note("W501", span, message, advice, lines=(other,))


def _given_up(
    taken: dict[tuple[str, str], tuple[int, int, int, int]], released: tuple[str, str], anchor: int, at: int
) -> None:
    device, name = released
    for key in [released] if name else [key for key in taken if key[0] == device]:
        before = taken.get(key)
        if before is not None and before[0] == anchor and before[1] < at:
            taken[key] = (anchor, before[1], min(before[2], at), before[3])

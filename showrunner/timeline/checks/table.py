"""The table of checks: what is looked at when a passage, a list, lists side by side, a segment or a show are compiled.

A check is one function that takes what it looks at and gives notes, and one row here. What is wrong with a single
command is said where that is compiled; here stands what only shows beside others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from showrunner.slotted import dataclass
from showrunner.timeline.checks import answers, doubles, ends, held, limits, meetings, order, programs, voices
from showrunner.timeline.compile.draft import Beside, Block, Looks, Part, Passage, Whole
from showrunner.timeline.compile.notes import Note

Seen = TypeVar("Seen", Passage, Block, Beside, Part, Whole)


@dataclass(frozen=True, slots=True)
class Check(Generic[Seen]):
    """One check, and the codes of what it finds. Notes count from what it looks at; those of a show are settled."""

    look: Callable[[Seen], Iterable[Note]]
    codes: tuple[str, ...]


PASSAGE: tuple[Check[Passage], ...] = (
    Check(order.order, ("E201", "E202", "E203", "W518", "W520")),
    Check(held.held_twice, ("W501",)),
    Check(programs.too_many, ("W536",)),
    Check(ends.held_alone, ("W504",)),
    Check(ends.never_ending, ("W508",)),
    Check(voices.still_speaking, ("W509",)),
)

BLOCK: tuple[Check[Block], ...] = (Check(voices.two_in_a_list, ("W510",)),)

BESIDE: tuple[Check[Beside], ...] = (
    Check(doubles.tracks, ("E212",)),
    Check(doubles.cues, ("E213",)),
    Check(meetings.meetings, ("E217", "E218")),
    Check(ends.outlasts, ("W542",)),
    Check(voices.two_beside, ("W510",)),
)

PART: tuple[Check[Part], ...] = (
    Check(ends.after_the_end, ("W502",)),
    Check(ends.over_at_once, ("W503",)),
    Check(ends.pressed_before, ("W521",)),
)

WHOLE: tuple[Check[Whole], ...] = (
    Check(doubles.segments, ("E211",)),
    Check(doubles.titles, ("E223",)),
    Check(answers.unbound, ("E205", "E221", "E226")),
    Check(answers.followed, ("E222", "W507")),
    Check(answers.labels, ("W515",)),
    Check(voices.never_cut, ("W519",)),
    Check(programs.rivals, ("W537",)),
    Check(meetings.nowhere, ("E217",)),
    Check(ends.nothing_open, ("E227",)),
    Check(limits.commands, ("E408",)),
    Check(limits.score, ("E409",)),
)


def looked(checks: Iterable[Check[Seen]], seen: Seen) -> list[Note]:
    """Look at something with every check of its kind, in order."""
    return [note for check in checks for note in check.look(seen)]


LOOKS = Looks(
    lambda passage: looked(PASSAGE, passage),
    lambda block: looked(BLOCK, block),
    lambda beside: looked(BESIDE, beside),
)
"""What a compile is given, to look at everything as soon as it is compiled."""

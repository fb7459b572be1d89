"""Whether a line was heard, as far as the times of its reports tell. For the driver.

The page reports the end of what could not be spoken as it does of what was (README, "What reports are worth"). But a
voice that fails takes as long for a long text as for a short one, be that a moment or until its engine is given up.
"""

from __future__ import annotations

from dataclasses import replace

from showrunner.devices.vocabulary import Condition
from showrunner.slotted import dataclass
from showrunner.times import tenths

SOONEST = 200_000
"""No voice has made and spoken a text so soon (microseconds): it takes 85 ms at least before it sounds."""

SPREAD = 50_000
"""By so much, and a tenth, two failures of one kind differ."""

LONGER = 1_000_000
"""By so much at least, and twice, a text must be longer, if that it took no longer is to mean something."""

_ENGINE = "probably it was not heard (is the voice engine running?)"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line that the page says it has spoken: what a part of it took, and what was expected (microseconds)."""

    id: int
    expected: int
    took: int
    unheard: bool = False


class Hearing:
    """Compares each line with what was expected, and with the line before it."""

    def __init__(self) -> None:
        self._before: Spoken | None = None

    def over(self, id: int, parts: int, expected: int, took: int) -> list[Condition]:
        """Take in a line of so many parts that was spoken; give a note for each line that probably nobody heard."""
        before, line = self._before, Spoken(id, expected // parts, took // parts)
        soon = line.took < max(line.expected / 4, SOONEST)
        same = before is not None and abs(before.took - line.took) <= SPREAD + min(before.took, line.took) // 10
        conditions: list[Condition] = []
        if soon:
            about = round(expected, -5)  # an estimate has no more than a tenth
            said = f"this line was over after {tenths(took)} where about {tenths(about)} were expected"
            conditions.append(_note(id, said))
        elif before is not None and same and before.unheard:
            conditions.append(_note(id, f"this line took {tenths(line.took)}, as the one before it did"))
        elif before is not None and same and _longer(before, line):
            for one, other in ((before, "after"), (line, "before")):
                said = f"this line took {tenths(one.took)}, as the one {other} it did, and one of them is much longer"
                conditions.append(_note(one.id, said))
        self._before = replace(line, unheard=bool(conditions))
        return conditions


def _longer(one: Spoken, other: Spoken) -> bool:
    short, long = sorted((one.expected, other.expected))
    return long >= 2 * short and long - short >= LONGER


def _note(id: int, said: str) -> Condition:
    return Condition("note", f"{said}: {_ENGINE}", id, unheard=True)

"""How long a text takes to say: one estimate, shared by the checks, the time limits, the drivers and the doubles.

Not speech itself: nothing here sounds.
"""

from __future__ import annotations

import unicodedata

from showrunner.devices.vocabulary import Text

SHORTEST = 400_000
"""No utterance is shorter than this (microseconds)."""


def weight(text: str) -> int:
    """Count what is to be spoken: code points without white space, East Asian wide ones twice."""
    if text.isascii():
        return sum(map(len, text.split()))
    return sum(
        2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text if not character.isspace()
    )


def known(text: str | Text) -> str:
    """Give what is known of a text before its answers are."""
    return text if isinstance(text, str) else "".join(part for part in text if isinstance(part, str))


def length(text: str, rate: float) -> int:
    """Estimate the microseconds that ``text`` takes at ``rate`` characters a second, rounded up to a millisecond."""
    numerator, denominator = float(rate).as_integer_ratio()
    milliseconds = -(-weight(text) * 1000 * denominator // numerator)
    return max(SHORTEST, milliseconds * 1000)

"""How messages are worded: what may be printed, how much of it, things counted and listed, the word that was meant.

For findings and for whatever else is said to people. Pure: text in, text out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal, overload

from showrunner.diagnostics.sentence import Sentence, joined, sentence

LONGEST_QUOTE = 40
"""So many characters of what somebody wrote are repeated to them."""

LONGEST_TEXT = 500
"""So many characters of a stranger's text are kept."""

MOST_LISTED = 24
"""So many names are listed where there is a choice; the others are counted."""

_LONGEST_WORD = 60
_JOINERS = "\u200c\u200d"
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
_LINE_END = re.compile(r"\s*[\t-\r\x1c-\x1e\x85\u2028\u2029]\s*")


# -------------------------------------------------------------------------------------------------------- safe to print


def visible(text: str) -> str:
    r"""Give ``text`` with everything that could move a cursor or turn the reading direction as `\u{…}`."""
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) in {"Zs", "Co", "Cn"}:
        return character
    return f"\\u{{{ord(character):x}}}"


def tamed(text: str, most: int = LONGEST_TEXT) -> str:
    """Give a stranger's text as it is kept: without control characters, cut with a `…` behind so many others.

    Where a line ended there is a blank. Tamed again it is the same.
    """
    kept = text if text.isprintable() else "".join(filter(_harmless, _LINE_END.sub(" ", text))).strip()
    return kept if len(kept) <= most or kept[most:] == "…" else f"{kept[:most]}…"


def _harmless(character: str) -> bool:
    turns = unicodedata.bidirectional(character) in _TURNING
    return not turns and unicodedata.category(character) not in {"Cc", "Cs"}


# ------------------------------------------------------------------------------------------------------------- how much


def cells(text: str) -> int:
    """Count the cells a terminal gives to ``text``: East Asian wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(map(_cell, text))


def _cell(character: str) -> int:
    if character in _JOINERS or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def beginning(text: str, room: int) -> str:
    """Give as much of a text, from its beginning, as has room in so many cells."""
    used = 0
    for number, character in enumerate(text):
        used += _cell(character)
        if used > room:
            return text[:number]
    return text


def shortened(text: str, most: int = LONGEST_QUOTE) -> str:
    """Give a text of at most so many characters, the last of them a `…` where something is missing."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


# --------------------------------------------------------------------------------------------------- counted and listed


def count(number: int, noun: str, nouns: str | None = None) -> Sentence:
    """Count things: `1 error`, `2 errors`, `12,000 cues`; ``nouns`` where several are called otherwise.

    One thing and several are two sentences, `{number:,} cue` and `{number:,} cues`.
    """
    return sentence(f"{{number:,}} {noun if number == 1 else nouns or f'{noun}s'}", number)


def quoted(name: str) -> str:
    """Give a name as it stands in a message, safe to print: `` `name` ``."""
    return f"`{visible(name)}`"


def listed(names: Iterable[str], last: Literal["and", "or"] | None = None, most: int | None = None) -> Sentence:
    """List names, each once: `a, b, c`; with a word before the ``last``, `a, b or c`.

    Of more than ``most`` the others are counted: `a, b and 7 more`.
    """
    known = list(dict.fromkeys(names))
    if most is not None and len(known) > most:
        return sentence("{names} and {number:,} more", joined(known[:most], ", "), len(known) - most)
    if last is None or len(known) < 2:
        return joined(known, ", ")
    before = joined(known[:-1], ", ")
    if last == "or":
        return sentence("{names} or {another}", before, known[-1])
    return sentence("{names} and {another}", before, known[-1])


def there_are(names: Iterable[str], most: int = MOST_LISTED) -> Sentence:
    """Say what there is to choose from: `there are: a, b, c`."""
    return sentence("there are: {names}", listed(names, most=most))


# ---------------------------------------------------------------------------------------------- the word that was meant


@overload
def did_you_mean(meant: str, otherwise: Sentence | None = None) -> Sentence: ...
@overload
def did_you_mean(meant: str | None, otherwise: Sentence) -> Sentence: ...
@overload
def did_you_mean(meant: str | None, otherwise: None = None) -> Sentence | None: ...
def did_you_mean(meant: str | None, otherwise: Sentence | None = None) -> Sentence | None:
    """Ask for the word that was probably meant; where none is known, give the other advice."""
    return sentence("did you mean {meant}?", quoted(meant)) if meant else otherwise


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """Give the candidate that is a slip of the finger away from ``word``, or None where none is.

    Case is ignored. A slip is a letter too many, too few, wrong, or two changed about; one in a word of up to four
    letters, two in a longer one, three from eight on. Of equally near ones the first counts.
    """
    wanted = word.casefold()
    if not wanted or len(wanted) > _LONGEST_WORD:
        return None
    allowed = 1 if len(wanted) <= 4 else 2 if len(wanted) < 8 else 3
    best: str | None = None
    for candidate in candidates:
        told = candidate.casefold()
        if abs(len(told) - len(wanted)) > allowed:
            continue
        far = _distance(wanted, told)
        # A word that shares no letter in its place is no slip of a short one.
        if far <= allowed and far < max(len(wanted), len(told)):
            best, allowed = candidate, far - 1
            if far == 0:
                break
    return best


def _distance(one: str, other: str) -> int:
    """Count the slips between two words (optimal string alignment)."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        here = [row]
        for column, told in enumerate(other, 1):
            cost = min(above[column] + 1, here[-1] + 1, above[column - 1] + (letter != told))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == told:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        before, above = above, here
    return above[-1]

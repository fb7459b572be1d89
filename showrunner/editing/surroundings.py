"""What stands around a place in a text that may be half typed: its row, what that stands below, the words before it.

Read off the lines themselves and not off the tree: of a line that is being written there is no node yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

from showrunner.editing.pages import Position
from showrunner.slotted import dataclass
from showrunner.syntax.keywords import STATEMENTS
from showrunner.syntax.lines import comment, joins, row, whole
from showrunner.syntax.parser import tokens
from showrunner.syntax.phrases import Start

Token: TypeAlias = tuple[str, str, int]
"""A word of a row: its terminal, its text, its offset in the row."""

Block: TypeAlias = Literal[
    "file", "segment", "track", "define", "when", "cue", "repeat", "meanwhile", "choose", "choose by", "line"
]
"""What a line may stand below; ``line``: something that has no block."""

_INDENT = re.compile(r"[ \t]*")
_WORD = re.compile(r"[\w.@$-]*\Z")
_HEADS: dict[str, Block] = {
    "_SEGMENT": "segment",
    "_TRACK": "track",
    "_DEFINE": "define",
    "_WHEN": "when",
    "_CUE": "cue",
    "AT": "cue",
    "THEN": "cue",
}
_TALLEST = 200
"""A row of more lines is not looked for from below."""

LONGEST = 20_000
"""Nothing is offered within a longer row."""


@dataclass(frozen=True, slots=True)
class Owner:
    """A row that the place stands below: what its block is, its line (from 0), its text."""

    block: Block
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``owners`` from the outermost in. ``line`` is that on which the row begins, ``text`` all of it, ``before`` what
    stands before the place; ``start``: as what it is read.
    """

    owners: tuple[Owner, ...]
    line: int
    text: str
    before: str
    start: Start

    @property
    def block(self) -> Block:
        """What the row stands directly below."""
        return self.owners[-1].block if self.owners else "file"

    def within(self, *blocks: Block) -> Owner | None:
        """Give the innermost of the rows around that is one of these."""
        return next((owner for owner in reversed(self.owners) if owner.block in blocks), None)


def surroundings(lines: Sequence[str], place: Position) -> Surroundings:
    """Look around a place. A line that says nothing yet belongs as deep as the place is indented."""
    line = min(place.line, len(lines) - 1)
    first, text = _row_at(lines, line)
    before = "\n".join([*lines[first:line], lines[line][: place.column]])
    width = _width(lines[first])
    if not lines[first].strip():
        width = min(width, place.column)
    owners = tuple(_owners(lines, first, width))
    start: Start = "choice" if owners and owners[-1].block == "choose by" else "line"
    return Surroundings(owners, first, text, before, start)


def _row_at(lines: Sequence[str], line: int) -> tuple[int, str]:
    """Find the row that a line belongs to: it may begin further up, where a text or JSON goes on below its line."""
    for first in range(line - 1, max(-1, line - _TALLEST), -1):
        if len(lines[first]) > LONGEST:
            break
        begun = row(lines[first])
        if joins(begun) or begun.text[begun.end - 1 : begun.end] in "\"'":
            found = whole(list(lines[first : line + _TALLEST]), 0, begun)
            if found.height > line - first:
                return first, found.text
        if begun.head in STATEMENTS:
            break
    if len(lines[line]) > LONGEST:
        return line, lines[line]
    return line, whole(list(lines[line : line + _TALLEST]), 0, row(lines[line])).text


def _width(line: str) -> int:
    found = _INDENT.match(line)
    return 0 if found is None else len(found[0])


def _owners(lines: Sequence[str], line: int, width: int) -> list[Owner]:
    found: list[Owner] = []
    for above in range(line - 1, -1, -1):
        if width == 0:
            break
        text = lines[above]
        if _width(text) >= width or not text.strip() or text.lstrip().startswith("#"):
            continue
        width = _width(text)
        found.append(Owner("line", above, text))
    found.reverse()
    known: list[Owner] = []
    for one in found:
        start: Start = "choice" if known and known[-1].block == "choose by" else "line"
        known.append(Owner(block_of(one.text, start, below=known[-1].block if known else "file"), one.line, one.text))
    return known


def block_of(text: str, start: Start = "line", below: Block = "file") -> Block:
    """Say what a block below this row is."""
    if len(text) > LONGEST:
        return "line"
    read = tokens(text, start)
    terminals = [terminal for terminal, _, _ in read]
    if not terminals:
        return "line"
    if terminals[-3:] == ["CHOOSE", "BY", "KEPT"]:
        return "choose by"
    if terminals[-1] == "CHOOSE":
        return "choose"
    last = terminals[len(terminals) - terminals[::-1].index("SEMICOLON") if "SEMICOLON" in terminals else 0 :]
    if "MEANWHILE" in last:
        return "meanwhile"
    if "REPEAT" in last:
        return "repeat"
    if below in ("choose", "choose by"):
        return "cue"
    return _HEADS.get(terminals[0], "line")


@dataclass(frozen=True, slots=True)
class Typing:
    """A word that is being typed: ``word`` up to the place, beginning at ``column`` of its line; what stands ``ahead``
    of it in the row. ``quote``: it is within a text that this sign began, of which ``word`` is all so far.
    """

    word: str
    column: int
    ahead: str
    quote: str = ""
    remark: bool = False


def typing(before: str) -> Typing:
    """Say what is being typed at the end of the beginning of a row."""
    written = before[before.rfind("\n") + 1 :]
    if (begun := comment(written)) is not None:
        return Typing(written[begun:], begun, "", remark=True)
    opened = _open_quote(written)
    if opened is not None:
        ahead = before[: len(before) - len(written) + opened]
        return Typing(written[opened + 1 :], opened + 1, ahead, written[opened])
    found = _WORD.search(written)
    word = "" if found is None else found[0]
    return Typing(word, len(written) - len(word), before[: len(before) - len(word)])


def _open_quote(text: str) -> int | None:
    """Find where a text begins that is not closed."""
    at, opened = 0, None
    while at < len(text):
        sign = text[at]
        if opened is None:
            opened = at if sign in "\"'" else None
        elif sign == "\\":
            at += 1
        elif sign == text[opened]:
            opened = None
        at += 1
    return opened


# ---------------------------------------------------------------------------------------- the command that is written

_ENDS = frozenset({"AND", "WITHIN", "RETRY", "ELSE", "ARROW"})
_BEFORE_A_DEVICE = frozenset({"SEMICOLON", "CLOCK", "DURATION", "THEN", "FOR", "_OR", "UNTIL", "_WHEN"})


@dataclass(frozen=True, slots=True)
class Written:
    """The command or event that is being written: the words of its device and verb (or event), and those behind.

    ``device`` is empty where a verb stands alone (`say`). ``over``: its arguments have ended, modifiers follow.
    """

    device: Token | None
    verb: Token | None
    arguments: tuple[Token, ...]
    event: bool
    over: bool = False


def written(read: Sequence[Token]) -> Written | None:
    """Find the last command of a device, or event of one, among the words of a row; None: it ends in no such."""
    start = next((n + 1 for n in range(len(read) - 1, -1, -1) if read[n][0] == "SEMICOLON"), 0)
    words = list(read[start:])
    event = _event(words)
    if event is not None:
        return event
    for place, (terminal, _, _) in enumerate(words):
        if terminal == "SAY":
            return _command(None, words[place], words[place + 1 :])
        if terminal == "DEVICE" or (terminal == "VARIABLE" and _begins(words, place)):
            verb = words[place + 1] if place + 1 < len(words) else None
            return _command(words[place], verb, words[place + 2 :])
    return None


def _begins(words: Sequence[Token], place: int) -> bool:
    """Tell whether a variable stands where a device may."""
    if place == 0:
        return True
    before = words[place - 1][0]
    return before in {"CLOCK", "DURATION", "THEN"} or (before == "VARIABLE" and place > 1)


def _command(device: Token | None, verb: Token | None, behind: Sequence[Token]) -> Written:
    end = next((n for n, token in enumerate(behind) if token[0] in _ENDS), len(behind))
    return Written(device, verb, tuple(behind[:end]), event=False, over=end < len(behind))


def _event(words: Sequence[Token]) -> Written | None:
    """Find the last event, where the row waits for one or hears one."""
    begun = next(
        (n for n, token in enumerate(words) if token[0] in {"UNTIL", "_WHEN"} or _waits(words, n)),
        None,
    )
    if begun is None:
        return None
    first = next((n + 1 for n in range(len(words) - 1, begun - 1, -1) if words[n][0] == "_OR"), begun + 1)
    if first >= len(words) or words[first][0] not in {"DEVICE", "VARIABLE"}:
        return None
    behind = words[first + 2 :]
    end = next((n for n, token in enumerate(behind) if token[0] in _ENDS), len(behind))
    verb = words[first + 1] if first + 1 < len(words) else None
    return Written(words[first], verb, tuple(behind[:end]), event=True, over=end < len(behind))


def _waits(words: Sequence[Token], place: int) -> bool:
    return words[place][0] == "FOR" and place > 0 and words[place - 1][0] == "WAIT"

"""The place in a row where reading stopped: what stands there, what stood before it, what could have come.

Not here: what that means (``explain``, and those it asks).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from showrunner.diagnostics.sentence import Sentence
from showrunner.syntax.keywords import POSITIONS, RESERVED
from showrunner.syntax.lines import row
from showrunner.syntax.phrases import Slip, slip

_PIECE = re.compile(
    r""""(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\#[^\n]*|->|[+;,(){}\[\]=]|(?:(?!->)[^\s;,(){}\[\]="'\#])+"""
)
_LUMP = re.compile(r"""(?:(?!->)[^\s;,(){}\[\]="'#])+""")
_NUMERIC = re.compile(r"""(?:(?!->)[^\s;(){}\[\]="'#])+""")
STRING = re.compile(r""""(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""")
"""A text in quotes that is closed."""

WORD = re.compile(r"(?:[^\W\d]|@(?=\w))(?:[\w.@]|-(?!>))*")
"""A bare word, as in the grammar."""

NAME = re.compile(r"[^\W\d](?:\w|-(?!>))*")
"""What `$name` can say, as in the grammar."""

TIME = r"[0-9][0-9:.]*(?:ms|[hms])?(?:[0-9.]+(?:ms|[hms]))*"
"""What is meant for a time, right or wrong, as part of a pattern."""

_APART = frozenset(" \t\n\u00a0\u3000;,(){}[]=\"'#$")


@dataclass(frozen=True)
class Halt:
    """Where a row could not be read on.

    ``at``: the offset in ``text``; ``expected``: the terminals that could have come; ``end``: where the code ends.
    """

    text: str
    at: int
    expected: frozenset[str]
    end: int

    @cached_property
    def lump(self) -> str:
        """What stands there, a string or up to the next blank, quote or bracket; empty at the end of the row."""
        if self.at >= self.end:
            return ""
        found = STRING.match(self.text, self.at, self.end) or _LUMP.match(self.text, self.at, self.end)
        return found[0] if found else self.text[self.at]

    @cached_property
    def glued(self) -> tuple[int, str]:
        """The same with what is glued to it on the left and with commas: offset and text."""
        start = self.at
        while start and self.text[start - 1] not in _APART:
            start -= 1
        found = _NUMERIC.match(self.text, start, self.end)
        return (start, found[0].rstrip(",")) if found else (self.at, self.lump)

    @cached_property
    def pieces(self) -> tuple[tuple[str, int], ...]:
        """Every piece of the row before the place, with its offset."""
        return pieces(self.text, self.at)

    @cached_property
    def prior(self) -> tuple[str, ...]:
        """The pieces of the row before the place."""
        return tuple(piece for piece, _ in self.pieces)

    @cached_property
    def command(self) -> tuple[str, ...]:
        """The pieces of the command the place is in, without the position before it; empty at a command's start."""
        words = self.prior
        depth, begin = 0, 0
        for place, word in enumerate(words):
            depth += (word in "([{") - (word in ")]}") if len(word) == 1 else 0
            if word == ";" and depth <= 0:
                begin = place + 1
        return words[begin:] if begin else words[self._position(words) :]

    @staticmethod
    def _position(words: tuple[str, ...]) -> int:
        if not words or words[0] not in POSITIONS:
            return 0
        place = 2 if words[0] == "cue" else 0
        if words[place : place + 1] == ("then",):
            place += 1
            if words[place : place + 1] == ("at",):
                return place + 2
            return place + 2 if words[place : place + 1] == ("+",) else place
        if words[place : place + 1] == ("at",):
            return place + (3 if words[place + 1 : place + 2] == ("+",) else 2)
        return len(words)

    @cached_property
    def head(self) -> str:
        """The first word of the row; empty where the row broke off at it."""
        return self.prior[0] if self.prior else ""

    @cached_property
    def last(self) -> str:
        """The piece before the place, or empty."""
        return self.prior[-1] if self.prior else ""

    @cached_property
    def last_end(self) -> int:
        """Where the piece before the place ends."""
        return self.pieces[-1][1] + len(self.last) if self.pieces else self.at

    @property
    def ends(self) -> bool:
        """Whether nothing more comes in this command."""
        return self.at >= self.end or self.text[self.at] == ";"

    @property
    def rest(self) -> str:
        """The rest of the row's code."""
        return self.text[self.at : self.end].split("\n", 1)[0].rstrip()

    @property
    def modifier(self) -> bool:
        """Whether a modifier stands there."""
        return self.lump in RESERVED or self.text.startswith("->", self.at)

    @property
    def time_wanted(self) -> bool:
        """Whether only a time could have come (or a `+`, or what belongs to the place alone)."""
        return "CLOCK" in self.expected and not self.expected & {"WORD", "STRING", "NUMBER"}

    @property
    def command_wanted(self) -> bool:
        """Whether a command could have begun."""
        return {"DEVICE", "SAY", "REPEAT"} <= self.expected

    def slip(
        self,
        code: str,
        message: Sentence,
        help: Sentence | None = None,
        fix: str | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> Slip:
        """Make a slip of what stands there, or of another stretch of the row; ``fix`` replaces that stretch.

        At the end of the row the slip stands behind its last piece, and ``fix`` is put there.
        """
        first = self.at if start is None else start
        if first >= self.end and end is None:
            back = self.pieces[-1][1] if self.pieces else max(0, self.end - 1)
            whole = (back, self.end, self.text[back : self.end] + fix) if fix is not None else None
            return slip(self.text, self.end, self.end + 1, code, message, help, whole)
        last = first + max(1, len(self.lump)) if end is None else end
        return slip(self.text, first, last, code, message, help, None if fix is None else (first, last, fix))


def pieces(text: str, end: int) -> tuple[tuple[str, int], ...]:
    """Give every piece of a row up to an offset, with its own: words, texts, signs; no comment."""
    return tuple((piece[0], piece.start()) for piece in _PIECE.finditer(text, 0, end) if piece[0][0] != "#")


def halt(text: str, at: int, expected: frozenset[str]) -> Halt:
    """Look at a row where reading stopped."""
    end = row(text).end
    return Halt(text, min(at, end), expected, end)

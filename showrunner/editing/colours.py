"""What each word of a file is, for its colour: read off the same words as everywhere (``syntax.highlight``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from showrunner.syntax.highlight import ShowLexer

KINDS = ("comment", "keyword", "modifier", "function", "variable", "number", "operator", "string")
"""What words are told apart as, in the words of the protocol."""

_OF = (
    (Comment, "comment"),
    (Keyword.Pseudo, "modifier"),
    (Keyword, "keyword"),
    (Name.Label, "function"),
    (Name.Variable, "variable"),
    (Number, "number"),
    (Operator, "operator"),
    (String.Interpol, "variable"),
    (String.Escape, "operator"),
    (String, "string"),
)

LONGEST = 20_000
"""A longer line has no colours."""


class Coloured(NamedTuple):
    """A word: its line, where it begins and ends, and what it is (its place in ``KINDS``)."""

    line: int
    start: int
    end: int
    kind: int


def coloured(lines: Sequence[str], first: int = 0, last: int | None = None) -> list[Coloured]:
    """Say what the words of some lines are; no word goes over the end of its line."""
    end = len(lines) if last is None else min(len(lines), last + 1)
    return [
        Coloured(number, start, stop, kind)
        for number in range(max(0, first), end)
        for start, stop, kind in _line(lines[number])
    ]


@lru_cache(maxsize=50_000)
def _line(text: str) -> tuple[tuple[int, int, int], ...]:
    if len(text) > LONGEST:
        return ()
    found: list[tuple[int, int, int]] = []
    for at, token, word in _LEXER.get_tokens_unprocessed(text):
        kind = _kind(token)
        if kind is None or not word.strip():
            continue
        if found and found[-1][1] == at and found[-1][2] == kind:
            found[-1] = (found[-1][0], at + len(word), kind)
        else:
            found.append((at, at + len(word), kind))
    return tuple(found)


def _kind(token: _TokenType) -> int | None:
    return next((KINDS.index(kind) for one, kind in _OF if token in one), None)


_LEXER = ShowLexer()

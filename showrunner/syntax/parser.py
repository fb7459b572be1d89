"""Text to tree: a row through the grammar to nodes, and the reader that remembers what it has read.

Rows come from ``lines``, blocks are put together by ``blocks``, and what a row that could not be read should have been
is said by ``slips/explain``. Lark is known here and in ``builder``, nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache, partial
from pkgutil import get_data
from typing import NamedTuple, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from showrunner.diagnostics.diagnostic import Diagnostic, in_reading_order
from showrunner.frozen import dataclass
from showrunner.syntax.lines import cut
from showrunner.syntax.nodes import Script
from showrunner.syntax.phrases import Phrase
from showrunner.syntax.reading.blocks import assemble
from showrunner.syntax.reading.builder import Meaningless, build
from showrunner.syntax.reading.memory import Limits, ReadingMemory
from showrunner.syntax.reading.unchanged import rows_of
from showrunner.syntax.slips.explain import explain

_CUE = re.compile(
    r"""[ \t]*(?:cue[ \t]+(?:"[^"]*"|'[^']*'|[\w.@-]+)[ \t]+)?"""
    r"""(?:then(?![\w.@-])(?:[ \t]+(?:at[ \t]+|\+[ \t]*)[^\s;]+)?|at[ \t]+\+?[^\s;]+)"""
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file, read: its tree, and what was wrong in it, in reading order. What could not be read is not in the tree."""

    script: Script
    findings: tuple[Diagnostic, ...]


class ScriptReader:
    """Reads the versions of one file. What was read before and stands there unchanged is the same object again."""

    def __init__(self, limits: Limits | None = None, cache: str | None = None) -> None:
        """``cache`` names a file in which the built grammar is kept for the next time; it need not be writable."""
        self._limits = limits or Limits()
        self._phrase = phrase if cache is None else partial(phrase, cache=cache)
        self._memory = ReadingMemory({}, {}, {})

    def read(self, text: str, path: str) -> Parsed:
        """Read a file. ``path`` is how findings call it."""
        assembled = assemble(text, self._memory, self._phrase, self._limits)
        self._memory = assembled.memory
        findings = in_reading_order([slip.found(path, line) for line, slip in assembled.slips])
        return Parsed(Script(path, assembled.items, assembled.bound), findings)


def parse(text: str, path: str) -> Parsed:
    """Read a file once."""
    return ScriptReader().read(text, path)


def phrase(text: str, line: int, cache: str | None = None) -> Phrase:
    """Read one row that stands ``line`` lines below the statement it belongs to."""
    try:
        tree = _grammar(cache).parse(text)
    except UnexpectedToken as wrong:
        at = len(text) if wrong.token.type == "$END" else int(wrong.token.start_pos or 0)
        return _refused(text, line, at, frozenset(wrong.accepts or wrong.expected), cache)
    except UnexpectedCharacters as wrong:
        return _refused(text, line, wrong.pos_in_stream or 0, frozenset(wrong.allowed or ()), cache)
    try:
        return build(cast("Tree[Token]", tree.children[0]), text, line)
    except Meaningless as wrong:
        return Phrase(None, (), "", wrong.slip)


def tokens(text: str) -> tuple[tuple[str, str, int], ...]:
    """Give the tokens of a row as (terminal, text, offset), without blanks and comments; of one with a mistake, those
    before it.
    """
    seen: list[tuple[str, str, int]] = []
    with suppress(UnexpectedToken, UnexpectedCharacters):
        read = _grammar().parse_interactive(text).iter_parse()
        seen.extend((token.type, str(token), token.start_pos or 0) for token in read)
    return tuple(token for token in seen if token[0] != "$END")


class Lexeme(NamedTuple):
    """A token where it stands in its file: line and column from 1, the terminal of the grammar, its text."""

    line: int
    column: int
    terminal: str
    text: str


def lexemes(text: str) -> Iterator[Lexeme]:
    """Give the tokens of a whole file, in order."""
    rows, numbers, _ = rows_of(cut(text), ReadingMemory({}, {}, {}))
    for row, number in zip(rows, numbers, strict=True):
        for terminal, word, offset in () if row.blank else tokens(row.text):
            begun = row.text.rfind("\n", 0, offset) + 1
            yield Lexeme(number + row.text.count("\n", 0, offset), offset - begun + 1, terminal, word)


@cache
def _grammar(kept: str | None = None) -> Lark:
    source = (get_data("showrunner.grammar", "show.lark") or b"").decode()
    # Lark keys what it keeps by grammar and version, builds anew what does not fit, and never fails over it.
    return Lark(source, parser="lalr", lexer="contextual", start="line", cache=kept or False)


def _refused(text: str, line: int, at: int, expected: frozenset[str], cache: str | None) -> Phrase:
    slip = explain(text, at, frozenset(terminal.lstrip("_") for terminal in expected)).moved(line)
    # A cue whose time could be read keeps it, so that the lines below it are not judged as if it were not there.
    head = _CUE.match(text)
    if head is not None and head.end() <= at and head.end() < len(text.rstrip()):
        return Phrase(phrase(head[0], line, cache).statement, (), "", slip)
    return Phrase(None, (), "", slip)

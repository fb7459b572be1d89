"""Text to tree: a row through the grammar to nodes, and the reader that remembers what it has read.

Rows come from ``lines``, blocks are put together by ``blocks``, and what a row that could not be read should have been
is said by ``slips/explain``. Lark is known here and in ``builder``, nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, partial
from pkgutil import get_data
from typing import NamedTuple, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from showrunner.diagnostics.diagnostic import Diagnostic, Span, in_reading_order
from showrunner.slotted import dataclass
from showrunner.syntax import slips
from showrunner.syntax.keywords import COMMANDS
from showrunner.syntax.lines import Row, cut, measure
from showrunner.syntax.nodes import Cue, Define, Script, Segment, Track, When
from showrunner.syntax.phrases import Phrase, Slip, Start
from showrunner.syntax.reading.blocks import assemble
from showrunner.syntax.reading.builder import build
from showrunner.syntax.reading.memory import Limits, ReadingMemory
from showrunner.syntax.reading.unchanged import rows_of
from showrunner.syntax.reading.values import Meaningless, Mends, origin

_CUE = re.compile(
    r"""[ \t]*(?:cue[ \t]+(?:"[^"]*"|'[^']*'|[\w.@-]+)[ \t]+)?"""
    r"""(?:then(?![\w.@-])(?:[ \t]+(?:at[ \t]+|\+[ \t]*)[^\s;]+)?|at[ \t]+\+?[^\s;]+)"""
)

MOST_SLIPS = 5
"""So many mistakes of one row are told."""


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
        return Parsed(Script(path, assembled.items, assembled.bound, assembled.strays), findings)


def parse(text: str, path: str) -> Parsed:
    """Read a file once."""
    return ScriptReader().read(text, path)


def phrase(text: str, line: int, cache: str | None = None, start: Start = "line") -> Phrase:
    """Read one row that stands ``line`` lines below the statement it belongs to."""
    found = _read(text, line, cache, start)
    if found.slip is None or "\n" in text or len(text) > slips.explain.LONGEST:
        return found
    return _nevertheless(text, line, found, found.slip, cache, start)


def _read(text: str, line: int, cache: str | None, start: Start, mends: Mends = ()) -> Phrase:
    try:
        tree = _grammar(cache).parse(text, start=start)
    except UnexpectedToken as wrong:
        at = len(text) if wrong.token.type == "$END" else int(wrong.token.start_pos or 0)
        return _refused(text, line, at, frozenset(wrong.accepts or wrong.expected), cache)
    except UnexpectedCharacters as wrong:
        return _refused(text, line, wrong.pos_in_stream or 0, frozenset(wrong.allowed or ()), cache)
    try:
        read = cast("Tree[Token]", tree if start == "choice" else tree.children[0])
        return build(read, text, line, mends)
    except Meaningless as wrong:
        return _read(text, line, cache, start) if mends else Phrase(None, (), "", wrong.slip)


def tokens(text: str, start: Start = "line") -> tuple[tuple[str, str, int], ...]:
    """Give the tokens of a row as (terminal, text, offset), without blanks and comments; of one with a mistake, those
    before it.
    """
    seen: list[tuple[str, str, int]] = []
    with suppress(UnexpectedToken, UnexpectedCharacters):
        read = _grammar().parse_interactive(text, start=start).iter_parse()
        seen.extend((token.type, str(token), token.start_pos or 0) for token in read)
    return tuple(token for token in seen if token[0] not in {"$END", "_FURTHER"})


def upcoming(text: str, start: Start = "line") -> frozenset[str]:
    """Name the terminals that may stand behind the beginning of a row; none where it has a mistake."""
    reading = _grammar().parse_interactive(text, start=start)
    with suppress(UnexpectedToken, UnexpectedCharacters):
        for _ in reading.iter_parse():
            pass
        return frozenset(cast("set[str]", reading.accepts()))  # type: ignore[no-untyped-call]
    return frozenset()


def complete(text: str, start: Start = "line") -> bool:
    """Tell whether a row is one of the language, as far as the grammar knows."""
    with suppress(UnexpectedInput):
        return bool(_grammar().parse(text, start=start))
    return False


def row_tokens(rows: Sequence[Row]) -> Iterator[tuple[Start, tuple[tuple[str, str, int], ...]]]:
    """Give as what each row of a file is read, and its tokens: directly below a `choose by` it begins with a label."""
    widths, _, _ = measure(list(rows), tabs=any("\t" in row.indent for row in rows))
    around: list[tuple[int, bool]] = []
    for row, width in zip(rows, widths, strict=True):
        if row.blank:
            yield "line", ()
            continue
        while around and around[-1][0] >= width:
            around.pop()
        start: Start = "choice" if around and around[-1][1] else "line"
        read = tokens(row.text, start)
        around.append((width, [terminal for terminal, _, _ in read[-3:]] == ["CHOOSE", "BY", "KEPT"]))
        yield start, read


class Lexeme(NamedTuple):
    """A token where it stands in its file: line and column from 1, the terminal of the grammar, its text."""

    line: int
    column: int
    terminal: str
    text: str


def lexemes(text: str) -> Iterator[Lexeme]:
    """Give the tokens of a whole file, in order."""
    rows, numbers, _ = rows_of(cut(text), ReadingMemory({}, {}, {}))
    for row, number, (_, read) in zip(rows, numbers, row_tokens(rows), strict=True):
        for terminal, word, offset in read:
            begun = row.text.rfind("\n", 0, offset) + 1
            yield Lexeme(number + row.text.count("\n", 0, offset), offset - begun + 1, terminal, word)


@cache
def _grammar(kept: str | None = None) -> Lark:
    source = (get_data("showrunner.grammar", "show.lark") or b"").decode()
    # Lark keys what it keeps by grammar and version, builds anew what does not fit, and never fails over it.
    return Lark(source, parser="lalr", lexer="contextual", start=["line", "choice"], cache=kept or False)


def _refused(text: str, line: int, at: int, expected: frozenset[str], cache: str | None) -> Phrase:
    slip = slips.explain.explain(text, at, frozenset(terminal.lstrip("_") for terminal in expected)).moved(line)
    # A cue whose time could be read keeps it, so that the lines below it are not judged as if it were not there.
    head = _CUE.match(text)
    if head is not None and head.end() <= at and head.end() < len(text.rstrip()):
        return Phrase(_read(head[0], line, cache, "line").statement, (), "", slip)
    return Phrase(None, (), "", slip)


def _nevertheless(text: str, line: int, found: Phrase, slip: Slip, cache: str | None, start: Start) -> Phrase:
    """Read the rest of a row with a mistake: every mistake is told at once.

    As it was meant, where a slip says what to put there; else without the command it is in. No mistake is told twice.
    """
    slips, meant, mends, whole = [slip], text, cast("Mends", ()), True
    while len(slips) <= MOST_SLIPS:
        for way in _ways(meant, slip, begun=found.statement is not None):
            said = _read(way.text, line, cache, start, (*mends, *way.mends))
            if said.slip is None or way.text[way.over : said.slip.span.column - 1].strip():
                break
        else:
            break
        meant, mends, whole = way.text, (*mends, *way.mends), whole and way.whole
        if said.slip is None:
            return _kept(found, said, slips, whole=whole)
        slip = said.slip
        slips.append(_written(slip, mends))
    return replace(found, slip=slips[0], more=tuple(slips[1:]))


class _Way(NamedTuple):
    """A row without a slip: where what was put there ends, what that is, and whether its last command is still there.

    A slip further on counts if something stands between.
    """

    text: str
    over: int
    mends: Mends = ()
    whole: bool = True


def _ways(text: str, slip: Slip, *, begun: bool) -> Iterator[_Way]:
    """Give a row without a slip, the likeliest first. ``begun``: it is a cue whose position could be read."""
    if slip.fix is not None:
        place, put = slip.fix
        start = place.column - 1
        put_in = ((start, place.length, len(put)),)
        yield _Way(text[:start] + put + text[start + place.length :], start + len(put), put_in)
    at, over = slip.span.column - 1, slip.span.column - 1 + slip.span.length
    words = slips.halt.pieces(text, len(text))
    ends = [offset for word, offset in words if word == ";"]
    begins = max((end + 1 for end in ends if end < at), default=0)
    stops = min((end for end in ends if end >= at), default=len(text))
    head = _CUE.match(text) if begun and not begins else None
    headless = not begins and head is None
    if headless:
        # What is left is no line of its own: only where it is right is it taken.
        begins = len(text) - len(text.lstrip())
        for word, offset in words:
            if word in COMMANDS and over <= offset < stops:
                yield _Way(_without(text, begins, offset), len(text))
    elif head is not None:
        begins = head.end()
    if stops < len(text):
        yield _Way(_without(text, begins, stops + 1), len(text) if headless else stops)
    elif ends:
        yield _Way(_without(text, begins - 1, stops), len(text), whole=False)


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{' ' * (end - start)}{text[end:]}"


def _kept(found: Phrase, said: Phrase, slips: list[Slip], *, whole: bool) -> Phrase:
    """Give what was read of a row beside its slips: a position that could not be read is not guessed."""
    statement = found.statement or (
        said.statement if isinstance(said.statement, Segment | Track | Define | When) else None
    )
    if isinstance(found.statement, Cue):
        statement = replace(found.statement, commands=said.commands)
    return Phrase(statement, said.commands, said.last_owns if whole else "", slips[0], tuple(slips[1:]), said.label)


def _written(slip: Slip, mends: Mends) -> Slip:
    """The same, with the spans of the row as it is written."""

    def moved(span: Span) -> Span:
        start = origin(span.column - 1, mends)
        return replace(span, column=start + 1, length=max(1, origin(span.column - 1 + span.length, mends) - start))

    return replace(slip, span=moved(slip.span), fix=slip.fix and (moved(slip.fix[0]), slip.fix[1]))

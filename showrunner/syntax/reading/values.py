"""The values in one row's tree: words, times, numbers, texts and JSON, and where they stand.

Not here: the commands and statements they belong to (``builder``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern
from typing import TypeAlias, cast

from lark import Token, Tree

from showrunner import times
from showrunner.diagnostics.diagnostic import Span
from showrunner.syntax import literals, slips
from showrunner.syntax.lines import extent
from showrunner.syntax.nodes import (
    Beats,
    Clock,
    Count,
    Duration,
    Insert,
    Json,
    JsonArray,
    JsonLiteral,
    JsonObject,
    Number,
    String,
    Time,
    Value,
    Variable,
    Word,
)
from showrunner.syntax.phrases import Slip

Part: TypeAlias = "Token | Tree[Token]"

Mends: TypeAlias = "tuple[tuple[int, int, int], ...]"
"""Stretches of a row that were replaced, one after the other: offset, length before and after."""

OBJECTS = ("object", "array")
"""What JSON is made of, as the grammar names it."""

_BREAK = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|[ \t]*(?:\#[^\n]*)?(?:\n[ \t]*(?:\#[^\n]*)?)+""")
_JSON = {"true": True, "false": False, "null": None}


# A long show says the same words in the same columns again and again, and often the same commands: one object each is
# enough. It saves half of the memory of a tree, and making the parts of a command that was made before.
_span = lru_cache(maxsize=1 << 14)(Span)


@lru_cache(maxsize=1 << 14)
def word_of(text: str, span: Span) -> Word:
    """Give a word; equal ones are one object."""
    return Word(intern(text), span)


class Meaningless(Exception):  # noqa: N818 - it leaves this module only as a slip
    """The row keeps to the grammar, but one part of it has no meaning."""

    def __init__(self, slip: Slip) -> None:
        self.slip = slip


class Values:
    """Makes nodes of the values of one row. Lines count from the statement, ``line`` lines above the row."""

    def __init__(self, text: str, line: int, mends: Mends) -> None:
        self.text = text
        self.line = line
        self.mends = mends

    def word(self, token: Part) -> Word:
        """Read a word."""
        return word_of(str(token), self.span(token))

    def who(self, token: Part) -> Word | Variable:
        """Read the name of a device."""
        return cast("Word | Variable", self.value(token))

    def time(self, token: Part) -> Time:
        """Read a time, in whatever measure."""
        return cast("Time", self.value(token))

    def count(self, token: Part) -> Count:
        """Read a number, or a variable."""
        return cast("Count", self.value(token))

    def value(self, part: Part) -> Value:
        """Read one value of any kind."""
        if isinstance(part, Tree):
            return self.text_of(part)
        token, source, span = part, str(part), self.span(part)
        match token.type:
            case "STRING":
                return self.string(token)
            case "NUMBER":
                return Number(literals.number(source), source, span)
            case "DURATION" if beats := times.beats(source):
                return Beats(*beats, source, span)
            case "DURATION":
                return Duration(self.exact(times.duration(source), token), source, span)
            case "CLOCK":
                return Clock(self.exact(times.instant(source), token), source, span)
            case "VARIABLE":
                return Variable(source[1:], span)
        return word_of(source, span)

    def of_day(self, part: Part) -> Clock:
        """Read a time of the day. Raises ``Meaningless`` for one that no day has."""
        source, span = str(part), self.span(part)
        micros = times.of_day(source)
        if micros is None:
            raise Meaningless(slips.times.no_time_of_day(source, span))
        return Clock(micros, source, span)

    def exact(self, read: int | times.Fault, token: Token) -> int:
        """Give a time that was read. Raises ``Meaningless`` where it was none."""
        if isinstance(read, times.Fault):
            raise Meaningless(slips.times.meaningless_time(str(token), read, self.span(token)))
        return read

    def string(self, part: Part) -> String:
        """Read a string. Raises ``Meaningless`` for the number of no character."""
        token = cast("Token", part)
        source = str(token)
        span = self.span(token)
        read = literals.text(source)
        if isinstance(read, literals.NoCharacter):
            raise Meaningless(slips.quotes.no_character(source, read, span))
        parts = tuple(piece if isinstance(piece, str) else self.insert(piece, span) for piece in read)
        return String(parts, source, span)

    def text_of(self, part: Part) -> String:
        """Read a text, or one that goes on over several lines: joined by one blank."""
        if isinstance(part, Token):
            return self.string(part)
        strings = [self.string(one) for one in part.children]
        parts: list[str | Insert] = []
        for piece in (piece for one in strings for piece in (" ", *one.parts)):
            if isinstance(piece, str) and parts and isinstance(parts[-1], str):
                parts[-1] += piece
            else:
                parts.append(piece)
        first = cast("str", parts[0])[1:]
        joined = (first, *parts[1:]) if first else tuple(parts[1:])
        return String(joined, _one_literal(part), strings[0].span)

    def insert(self, piece: tuple[str, int, int], span: Span) -> Insert:
        """Read what stands in braces in the string at ``span``."""
        name, dot, field = piece[0].partition(".")
        where = Span(span.line, span.column + piece[1], piece[2] - piece[1])
        return Insert(name, where, field if dot else None)

    def plain(self, part: Part) -> str:
        """Read a name that is fixed when the script is read: a word, or a string without inserts."""
        token = cast("Token", part)
        if token.type != "STRING":
            return str(token)
        string = self.string(token)
        inserts = [piece for piece in string.parts if isinstance(piece, Insert)]
        if inserts or not string.parts:
            raise Meaningless(slips.names.name_not_fixed(str(token), inserts[0].span if inserts else string.span))
        return "".join(piece for piece in string.parts if isinstance(piece, str))

    def json(self, part: Part) -> Json:
        """Read a value of JSON."""
        if isinstance(part, Tree):
            inside = [piece for piece in part.children[1:-1] if piece is not None]
            span = self.across(part.children[0], part.children[-1])
            if part.data == "array":
                return JsonArray(tuple(self.json(piece) for piece in inside), span)
            pairs = zip(inside[::2], inside[1::2], strict=True)
            members = tuple((self.string(key), self.json(value)) for key, value in pairs)
            names: set[tuple[str | Insert, ...]] = set()
            for key, _ in members:
                if key.parts in names:
                    raise Meaningless(slips.json.member_twice(key.source, key.span))
                names.add(key.parts)
            return JsonObject(members, span)
        match part.type:
            case "JSON_STRING":
                return self.string(part)
            case "VARIABLE":
                return Variable(str(part)[1:], self.span(part))
            case "JSON_NUMBER":
                return JsonLiteral(literals.number(str(part)), str(part), self.span(part))
        return JsonLiteral(_JSON[str(part)], str(part), self.span(part))

    # ------------------------------------------------------------------------------------------------------ spans

    def span(self, part: Part) -> Span:
        """Span one token."""
        token = cast("Token", part)
        if self.mends:
            return self.written(token.start_pos or 0, token.end_pos or 0)
        return _span(self.line + (token.line or 1) - 1, token.column or 1, len(token))

    def across(self, first: Part, last: Part) -> Span:
        """Span from one part of the row to another; over several lines, to the end of the first line's code."""
        start, end = first_of(first), last_of(last)
        if self.mends:
            return self.written(start.start_pos or 0, end.end_pos or 0)
        if start.line == end.line:
            return _span(
                self.line + (start.line or 1) - 1, start.column or 1, (end.end_pos or 0) - (start.start_pos or 0)
            )
        head = self.text[start.start_pos or 0 :].split("\n", 1)[0]
        return _span(self.line + (start.line or 1) - 1, start.column or 1, max(1, len(head.rstrip())))

    def whole(self) -> Span:
        """Span the code of the row's first line."""
        start, length = extent(self.text)
        if self.mends:
            return self.written(start, start + length)
        return _span(self.line, start + 1, length)

    def written(self, start: int, end: int) -> Span:
        """Span a stretch of a row that was mended, as it is written: such a row is one line."""
        begins = origin(start, self.mends)
        return _span(self.line, begins + 1, max(1, origin(end, self.mends) - begins))

    def source(self, parts: list[Part]) -> str:
        """Give what is written, on one line; a JSON value keeps its own."""
        written = self.stretch(parts)
        if "\n" not in written or any(isinstance(part, Tree) and part.data in OBJECTS for part in parts):
            return written
        out, done = [], first_of(parts[0]).start_pos or 0
        for part in (text for tree in parts if isinstance(tree, Tree) for text in tree.find_data("text")):
            out += [self.text[done : first_of(part).start_pos], _one_literal(part)]
            done = last_of(part).end_pos or 0
        out.append(self.text[done : last_of(parts[-1]).end_pos])
        return _BREAK.sub(lambda found: found[1] or " ", "".join(out))

    def stretch(self, parts: list[Part]) -> str:
        """Give what is written, as it is."""
        return self.text[first_of(parts[0]).start_pos : last_of(parts[-1]).end_pos]


def origin(offset: int, mends: Mends) -> int:
    """Tell where in a row as it is written an offset of the mended one is."""
    for start, before, after in reversed(mends):
        if offset >= start + after:
            offset += before - after
        elif offset > start:
            offset = start + min(offset - start, before)
    return offset


def _one_literal(part: Tree[Token]) -> str:
    """Spell a text that goes on over several lines as one string."""
    quote = str(first_of(part))[0]
    bodies = (str(one)[1:-1] if str(one)[0] == quote else _requoted(str(one)[1:-1], quote) for one in part.children)
    return f"{quote}{' '.join(bodies)}{quote}"


def _requoted(body: str, quote: str) -> str:
    return re.sub(rf"\\.|{quote}", lambda found: found[0] if len(found[0]) > 1 else f"\\{quote}", body)


def is_text(part: Part) -> bool:
    """Tell whether this is a text, on one line or several."""
    return part.data == "text" if isinstance(part, Tree) else part.type == "STRING"


def first_of(part: Part) -> Token:
    """Give the first token of a part."""
    while isinstance(part, Tree):
        part = part.children[0]
    return part


def last_of(part: Part) -> Token:
    """Give the last token of a part."""
    while isinstance(part, Tree):
        part = next(piece for piece in reversed(part.children) if piece is not None)
    return part

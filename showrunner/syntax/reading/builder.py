"""One row's tree, as the grammar made it, turned into nodes.

Not here: making the tree (``parser``), and blocks (``blocks``): a statement's block is still empty here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from sys import intern
from typing import TypeAlias, cast

from lark import Token, Tree

from showrunner import times
from showrunner.diagnostics.diagnostic import Span
from showrunner.syntax import literals, slips
from showrunner.syntax.keywords import ALONE
from showrunner.syntax.lines import extent
from showrunner.syntax.nodes import (
    AndMeanwhile,
    AndWait,
    Argument,
    Bar,
    Beats,
    Body,
    Clock,
    Command,
    Count,
    Cue,
    Define,
    DeviceCommand,
    Do,
    Duration,
    Else,
    Event,
    Hold,
    Hush,
    Include,
    Insert,
    Json,
    JsonArray,
    JsonLiteral,
    JsonObject,
    Keep,
    Let,
    Log,
    Match,
    Modifier,
    Number,
    Position,
    Repeat,
    Retry,
    Segment,
    Show,
    Stop,
    String,
    Tempo,
    Time,
    Track,
    Value,
    Variable,
    Wait,
    WaitFor,
    When,
    Within,
    Word,
)
from showrunner.syntax.phrases import Phrase, Slip, Statement, owns

Part: TypeAlias = "Token | Tree[Token]"

Mends: TypeAlias = "tuple[tuple[int, int, int], ...]"
"""Stretches of a row that were replaced, one after the other: offset, length before and after."""

_NOTHING = Body(())
_EVENTS = ("event", "other")
_OBJECTS = ("object", "array")
_BREAK = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|[ \t]*(?:\#[^\n]*)?(?:\n[ \t]*(?:\#[^\n]*)?)+""")
_JSON = {"true": True, "false": False, "null": None}


def build(tree: Tree[Token], text: str, line: int, mends: Mends = ()) -> Phrase:
    """Make nodes of the tree of the row ``text``, ``line`` lines below its statement. Raises ``Meaningless``.

    ``mends``: what was put into the row as it is written, so that it could be read; spans are those of what is written.
    """
    return _Builder(text, line, mends).phrase(tree)


# A long show says the same words in the same columns again and again, and often the same commands: one object each is
# enough. It saves half of the memory of a tree, and making the parts of a command that was made before.
_span = lru_cache(maxsize=1 << 14)(Span)


@lru_cache(maxsize=1 << 14)
def _word(text: str, span: Span) -> Word:
    return Word(intern(text), span)


_KNOWN, _SHORT = 1 << 12, 200
_commands: dict[tuple[str, int, int], DeviceCommand] = {}
"""Commands of devices by their text, line and column: what they say depends on nothing else. So many are remembered,
and none that is longer."""


class Meaningless(Exception):  # noqa: N818 - it leaves this module only as a slip
    """The row keeps to the grammar, but one part of it has no meaning."""

    def __init__(self, slip: Slip) -> None:
        self.slip = slip


class _Builder:
    """Makes nodes of one row's tree. Lines count from the statement, ``line`` lines above the row."""

    def __init__(self, text: str, line: int, mends: Mends) -> None:
        self.text = text
        self.line = line
        self.mends = mends

    # ------------------------------------------------------------------------------------------------- whole rows

    def phrase(self, tree: Tree[Token]) -> Phrase:
        if tree.data == "commands":
            commands = self.commands(tree)
            return Phrase(None, commands, owns(commands[-1]))
        if tree.data == "cue":
            cue = self.cue(tree)
            return Phrase(cue, cue.commands, owns(cue.commands[-1]) if cue.commands else "")
        return Phrase(self.statement(tree), (), "")

    def statement(self, tree: Tree[Token]) -> Statement:
        first, *rest = tree.children
        span = self.whole()
        match tree.data:
            case "show":
                return Show(self.string(first), span)
            case "include":
                return Include(self.string(first), span)
            case "let":
                return Let(str(first), self.span(first), self.value(rest[0]), span)
            case "track":
                return Track(self.plain(first), (), span)
            case "define":
                inside = rest[0].children if isinstance(rest[0], Tree) else []
                names = tuple(_word(str(name), self.span(name)) for name in inside if name is not None)
                return Define(self.plain(first), names, _NOTHING, span)
            case "segment":
                return self.segment(first, rest, span)
            case "when":
                return self.when(cast("list[Tree[Token]]", tree.children), span)
        raise AssertionError(f"the grammar has a statement `{tree.data}` that is not built")

    def segment(self, first: Part, rest: list[Part], span: Span) -> Segment:
        title, *bounds = rest
        found: dict[str, Time] = {}
        tempo: Tempo | None = None
        for bound in cast("list[Tree[Token]]", bounds):
            word, which, *_ = bound.children
            written = str(word) if bound.data == "tempo" else f"{word} {which}"
            if written in found or (bound.data == "tempo" and tempo is not None):
                where = word if bound.data == "tempo" else which
                raise Meaningless(slips.statements.bound_twice(written, self.span(where)))
            if bound.data == "tempo":
                tempo = self.tempo(bound.children)
            else:
                found[written] = self.time(bound.children[-1])
        least, most, release = (found.get(written) for written in ("at least", "at most", "release over"))
        heading = self.string(title) if title else None
        return Segment(self.plain(first), heading, least, most, release, tempo, (), span)

    def tempo(self, parts: list[Part]) -> Tempo:
        given = [part for part in parts if part is not None]
        words = {cast("Token", word).type: value for word, value in zip(given[::2], given[1::2], strict=True)}
        beats, offset = words.get("BEATS"), words.get("OFFSET")
        return Tempo(
            self.count(words["TEMPO"]),
            None if beats is None else self.count(beats),
            None if offset is None else self.time(offset),
            self.across(given[0], given[-1]),
        )

    def when(self, parts: list[Tree[Token]], span: Span) -> When:
        events = self.events([part for part in parts if part.data in _EVENTS])
        for event in events:
            if event.kind == "cue":
                raise Meaningless(slips.commands.cue_heard(["cue", *map(_written, event.words)], event.span))
        found: dict[str, Tree[Token]] = {}
        for part in parts:
            if part.data in _EVENTS:
                continue
            if part.data in found:
                words = str(found[part.data].children[0]), str(part.children[0])
                raise Meaningless(slips.statements.habit_twice(part.data, *words, self.across(part, part)))
            found[part.data] = part
        policy, pace = found.get("policy"), found.get("pace")
        return When(
            events,
            cast("Keep", self.modifier(found["kept"])) if "kept" in found else None,
            None if policy is None else str(policy.children[0]),
            None if pace is None else self.time(pace.children[-1]),
            _NOTHING,
            self.source(cast("list[Part]", parts)),
            span,
        )

    def cue(self, tree: Tree[Token]) -> Cue:
        name, *rest = tree.children
        if isinstance(name, Tree):
            return self.cue_of(None, tree.children)
        return self.cue_of(name, rest)

    def cue_of(self, name: Token | None, rest: list[Part]) -> Cue:
        position, commands = rest
        return Cue(
            self.plain(name) if name is not None else None,
            self.span(name) if name is not None else None,
            self.position(cast("Tree[Token]", position)),
            self.commands(cast("Tree[Token]", commands)) if commands is not None else (),
            implied=False,
            span=self.whole(),
        )

    def position(self, tree: Tree[Token]) -> Position:
        words = tree.children
        kinds = [word.type if isinstance(word, Token) else "BAR" for word in words]
        time = self.time(words[-1]) if kinds[-1] in {"CLOCK", "DURATION", "VARIABLE"} else None
        bar = self.bar(words[-1]) if isinstance(words[-1], Tree) else None
        later = "PLUS" in kinds
        last = str(words[-1]) if bar is None else bar.source
        source = f"{words[0]} +{last}" if later else " ".join([*map(str, words[:-1]), last])
        return Position(
            then="THEN" in kinds,
            at=None if later else bar or time,
            plus=time if later else None,
            source=source,
            span=self.across(words[0], words[-1]),
        )

    def bar(self, tree: Tree[Token]) -> Bar:
        given = [part for part in tree.children if part is not None]
        beat = self.count(given[3]) if len(given) > 2 else None
        return Bar(self.count(given[1]), beat, " ".join(map(str, given)), self.across(given[0], given[-1]))

    def commands(self, tree: Tree[Token]) -> tuple[Command, ...]:
        commands = tuple(self.command(cast("Tree[Token]", part)) for part in tree.children)
        for command in commands[:-1]:
            if owned := owns(command):
                raise Meaningless(slips.commands.not_last(owned, command.span))
        return commands

    # --------------------------------------------------------------------------------------------------- commands

    def command(self, tree: Tree[Token]) -> Command:
        parts = tree.children
        match tree.data:
            case "device" | "call" | "say":
                return self.device(tree.data == "say", parts)
            case "hush":
                return Hush(self.modifiers(parts[1:]), self.source(parts), self.across(parts[0], parts[-1]))
            case "wait":
                return Wait(self.time(parts[1]), self.source(parts), self.across(parts[0], parts[1]))
            case "wait_for":
                inside = [cast("Tree[Token]", part) for part in parts[2:]]
                events = self.events([part for part in inside if part.data in _EVENTS])
                for event, part in zip(events, inside, strict=False):
                    if event.often is not None:
                        raise Meaningless(slips.commands.comes_often(self.source([part]), event.span))
                behind = self.modifiers([part for part in inside if part.data not in _EVENTS])
                return WaitFor(events, behind, self.source(parts), self.across(parts[0], parts[-1]))
            case "hold":
                given = [part for part in parts if part is not None]
                label = next((self.text_of(part) for part in given if _is_text(part)), None)
                modifiers = [part for part in given if isinstance(part, Tree) and not _is_text(part)]
                span = self.across(given[0], given[-1])
                return Hold(label, self.modifiers(modifiers), self.source(given), span)
            case "log":
                return Log(self.text_of(parts[1]), self.source(parts), self.across(parts[0], parts[1]))
            case "stop":
                return Stop(self.span(parts[0]))
            case "do":
                values = parts[2].children[:-1] if isinstance(parts[2], Tree) else []
                arguments = tuple(self.value(part) for part in values if part is not None)
                last = parts[2] if parts[2] is not None else parts[1]
                source, span = self.source([parts[0], last]), self.across(parts[0], last)
                return Do(self.plain(parts[1]), self.span(parts[1]), arguments, source, span)
            case "repeat":
                _, *count, time = [
                    part for part in parts if not (isinstance(part, Token) and part.type in {"TIMES", "EVERY"})
                ]
                counted = self.count(count[0]) if count[0] is not None else None
                source, span = self.source([parts[0], time]), self.across(parts[0], time)
                return Repeat(counted, self.time(time), _NOTHING, source, span)
        raise AssertionError(f"the grammar has a command `{tree.data}` that is not built")

    def events(self, parts: list[Tree[Token]]) -> tuple[Event, ...]:
        """Read `A or B or …`; behind a button, a name alone is one more button."""
        found: list[Event] = []
        for part in parts:
            first, *rest = part.children
            span, kind = self.across(first, part.children[-1]), cast("Token", first).type
            if part.data == "other":
                if found[0].kind != "button":
                    raise Meaningless(slips.commands.no_event(str(first), span))
                found.append(Event("button", None, (cast("Match", self.value(first)),), span))
                continue
            if kind == "TIME":
                clock = self.of_day(rest[0]) if len(rest) == 1 else None
                found.append(Event("time", None, (), span, clock, None if clock else self.time(rest[-1])))
                continue
            words = tuple(cast("Match", self.value(word)) for word in rest)
            device = self.word(first) if kind == "DEVICE" else None
            meant = slips.commands.article(device.text, [str(word) for word in rest], span) if device else None
            if meant is not None:
                raise Meaningless(meant)
            found.append(Event("device" if device else str(first), device, words, span))
        return tuple(found)

    def device(self, short: bool, parts: list[Part]) -> DeviceCommand:
        given = [part for part in parts if part is not None]
        written = self.stretch(given)
        begins = _first(given[0])
        key = (written, self.line + (begins.line or 1), begins.column or 1)
        known = None if self.mends else _commands.get(key)
        if known is not None:
            return known
        verb = self.word(given[0] if short else given[1])
        device = _word(ALONE, verb.span) if short else self.word(given[0])
        rest = given[1:] if short else given[2:]
        arguments: list[Argument] = []
        modifiers: list[Part] = []
        for part in rest:
            if isinstance(part, Token) or _is_text(part):
                arguments.append(self.value(part))
            elif part.data in _OBJECTS:
                arguments.append(cast("JsonObject | JsonArray", self.json(part)))
            else:
                modifiers.append(part)
        span = self.across(given[0], given[-1])
        made = DeviceCommand(device, verb, tuple(arguments), self.modifiers(modifiers), short, self.source(given), span)
        if len(written) <= _SHORT and not self.mends:
            if len(_commands) >= _KNOWN:
                _commands.clear()
            _commands[key] = made
        return made

    def modifiers(self, parts: Sequence[Part]) -> tuple[Modifier, ...]:
        if not parts:
            return ()
        found = tuple(self.modifier(cast("Tree[Token]", part)) for part in parts)
        for place, modifier in enumerate(found):
            if any(type(modifier) is type(other) for other in found[:place]):
                start = modifier.span
                raise Meaningless(slips.modifiers.modifier_twice(self.source([parts[place]]), start))
        return found

    def modifier(self, tree: Tree[Token]) -> Modifier:
        parts = tree.children
        last = parts[-1] if parts[-1] is not None else parts[-2]
        span = self.across(parts[0], last)
        match tree.data:
            case "and_wait":
                return AndWait(span)
            case "and_meanwhile":
                return AndMeanwhile(_NOTHING, span)
            case "within":
                return Within(self.time(parts[1]), span)
            case "retry":
                return Retry(self.count(parts[1]), span)
            case "on_failure":
                return Else(str(parts[1]), span)
            case "keep" | "kept":
                default = cast("String | Variable", self.value(parts[2])) if parts[2] is not None else None
                return Keep(str(parts[1]), self.span(parts[1]), default, span)
        raise AssertionError(f"the grammar has a modifier `{tree.data}` that is not built")

    # ----------------------------------------------------------------------------------------------------- values

    def word(self, token: Part) -> Word:
        return _word(str(token), self.span(token))

    def time(self, token: Part) -> Time:
        return cast("Time", self.value(token))

    def count(self, token: Part) -> Count:
        return cast("Count", self.value(token))

    def value(self, part: Part) -> Value:
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
        return _word(source, span)

    def of_day(self, part: Part) -> Clock:
        source, span = str(part), self.span(part)
        micros = times.of_day(source)
        if micros is None:
            raise Meaningless(slips.times.no_time_of_day(source, span))
        return Clock(micros, source, span)

    def exact(self, read: int | times.Fault, token: Token) -> int:
        if isinstance(read, times.Fault):
            raise Meaningless(slips.times.meaningless_time(str(token), read, self.span(token)))
        return read

    def string(self, part: Part) -> String:
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
        token = cast("Token", part)
        if self.mends:
            return self.written(token.start_pos or 0, token.end_pos or 0)
        return _span(self.line + (token.line or 1) - 1, token.column or 1, len(token))

    def across(self, first: Part, last: Part) -> Span:
        """Span from one part of the row to another; over several lines, to the end of the first line's code."""
        start, end = _first(first), _last(last)
        if self.mends:
            return self.written(start.start_pos or 0, end.end_pos or 0)
        if start.line == end.line:
            return _span(
                self.line + (start.line or 1) - 1, start.column or 1, (end.end_pos or 0) - (start.start_pos or 0)
            )
        head = self.text[start.start_pos or 0 :].split("\n", 1)[0]
        return _span(self.line + (start.line or 1) - 1, start.column or 1, max(1, len(head.rstrip())))

    def whole(self) -> Span:
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
        if "\n" not in written or any(isinstance(part, Tree) and part.data in _OBJECTS for part in parts):
            return written
        out, done = [], _first(parts[0]).start_pos or 0
        for part in (text for tree in parts if isinstance(tree, Tree) for text in tree.find_data("text")):
            out += [self.text[done : _first(part).start_pos], _one_literal(part)]
            done = _last(part).end_pos or 0
        out.append(self.text[done : _last(parts[-1]).end_pos])
        return _BREAK.sub(lambda found: found[1] or " ", "".join(out))

    def stretch(self, parts: list[Part]) -> str:
        return self.text[_first(parts[0]).start_pos : _last(parts[-1]).end_pos]


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
    quote = str(_first(part))[0]
    bodies = (str(one)[1:-1] if str(one)[0] == quote else _requoted(str(one)[1:-1], quote) for one in part.children)
    return f"{quote}{' '.join(bodies)}{quote}"


def _requoted(body: str, quote: str) -> str:
    return re.sub(rf"\\.|{quote}", lambda found: found[0] if len(found[0]) > 1 else f"\\{quote}", body)


def _is_text(part: Part) -> bool:
    return part.data == "text" if isinstance(part, Tree) else part.type == "STRING"


def _first(part: Part) -> Token:
    while isinstance(part, Tree):
        part = part.children[0]
    return part


def _last(part: Part) -> Token:
    while isinstance(part, Tree):
        part = next(piece for piece in reversed(part.children) if piece is not None)
    return part


def _written(word: Match) -> str:
    return f"${word.name}" if isinstance(word, Variable) else word.text if isinstance(word, Word) else word.source

"""One row's tree, as the grammar made it, turned into nodes.

Not here: what a single value says (``values``), making the tree (``parser``), and blocks (``blocks``): a statement's
block is still empty here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from lark import Token, Tree

from showrunner.diagnostics.diagnostic import Span
from showrunner.syntax import slips
from showrunner.syntax.keywords import ALONE
from showrunner.syntax.nodes import (
    AndMeanwhile,
    AndWait,
    Argument,
    Bar,
    Body,
    Choose,
    Command,
    Cue,
    Define,
    DeviceCommand,
    Do,
    Else,
    Event,
    Hold,
    Hush,
    Include,
    Insert,
    JsonArray,
    JsonObject,
    Keep,
    Label,
    Let,
    Log,
    Match,
    Modifier,
    Nothing,
    Number,
    Pick,
    Pickable,
    Position,
    Repeat,
    Retry,
    Segment,
    Show,
    Stop,
    String,
    Tempo,
    Track,
    Until,
    Variable,
    Wait,
    WaitFor,
    When,
    Within,
    Word,
)
from showrunner.syntax.phrases import Phrase, Statement, owns
from showrunner.syntax.reading.values import (
    OBJECTS,
    Meaningless,
    Mends,
    Part,
    Values,
    first_of,
    is_text,
    word_of,
)

_NOTHING = Body(())
_EVENTS = ("event", "other")


def build(tree: Tree[Token], text: str, line: int, mends: Mends = ()) -> Phrase:
    """Make nodes of the tree of the row ``text``, ``line`` lines below its statement. Raises ``Meaningless``.

    ``mends``: what was put into the row as it is written, so that it could be read; spans are those of what is written.
    """
    return _Builder(text, line, mends).phrase(tree)


_KNOWN, _SHORT = 1 << 12, 200
_commands: dict[tuple[str, int, int], DeviceCommand] = {}
"""Commands of devices by their text, line and column: what they say depends on nothing else. So many are remembered,
and none that is longer."""


class _Builder(Values):
    """Makes nodes of one row's tree."""

    # ------------------------------------------------------------------------------------------------- whole rows

    def phrase(self, tree: Tree[Token]) -> Phrase:
        if tree.data == "commands":
            commands = self.commands(tree)
            return Phrase(None, commands, owns(commands[-1]))
        if tree.data == "cue":
            cue = self.cue(tree)
            return Phrase(cue, cue.commands, owns(cue.commands[-1]) if cue.commands else "")
        if tree.data == "choice":
            label, said = tree.children
            commands = () if said is None else self.commands(cast("Tree[Token]", said))
            owned = owns(commands[-1]) if commands else ""
            return Phrase(None, commands, owned, label=self.label(cast("Tree[Token]", label)))
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
                names = tuple(word_of(str(name), self.span(name)) for name in inside if name is not None)
                return Define(self.plain(first), names, _NOTHING, span)
            case "segment":
                return self.segment(first, rest, span)
            case "when":
                return self.when(cast("list[Tree[Token]]", tree.children), span)
        raise AssertionError(f"the grammar has a statement `{tree.data}` that is not built")

    def segment(self, first: Part, rest: list[Part], span: Span) -> Segment:
        title, *bounds = rest
        found: dict[str, Tree[Token]] = {}
        for bound in cast("list[Tree[Token]]", bounds):
            word, which, *_ = bound.children
            written = str(word) if bound.data in {"tempo", "until"} else f"{word} {which}"
            if written in found:
                raise Meaningless(
                    slips.statements.bound_twice(
                        written, self.span(word if bound.data in {"tempo", "until"} else which)
                    )
                )
            found[written] = bound
        spans = (found.get(written) for written in ("at least", "at most", "release over"))
        least, most, release = (None if bound is None else self.time(bound.children[-1]) for bound in spans)
        tempo = self.tempo(found["tempo"].children) if "tempo" in found else None
        until = self.until(found["until"]) if "until" in found else None
        heading = self.string(title) if title else None
        return Segment(self.plain(first), heading, least, most, release, tempo, (), span, until)

    def until(self, tree: Tree[Token]) -> Until:
        word, *events = tree.children
        found = self.events(cast("list[Tree[Token]]", events))
        return Until(found, self.across(word, tree.children[-1]))

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
                label = next((self.text_of(part) for part in given if is_text(part)), None)
                modifiers = [part for part in given if isinstance(part, Tree) and not is_text(part)]
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
                return self.repeat([part for part in parts if part is not None])
            case "choose":
                return Choose(None, (), self.source(parts), self.span(parts[0]))
            case "choose_by":
                name, dot, field = str(parts[2]).partition(".")
                kept = Insert(name, self.span(parts[2]), field if dot else None)
                return Choose(kept, (), self.source(parts), self.across(parts[0], parts[2]))
            case "nothing":
                return Nothing(self.source(parts), self.span(parts[0]))
        raise AssertionError(f"the grammar has a command `{tree.data}` that is not built")

    def repeat(self, parts: list[Part]) -> Repeat:
        kinds = [part.type if isinstance(part, Token) else part.data for part in parts]
        counted = self.count(parts[1]) if "TIMES" in kinds else None
        until = self.until(cast("Tree[Token]", parts[kinds.index("until")])) if "until" in kinds else None
        most = self.time(parts[kinds.index("TO") + 1]) if "TO" in kinds else None
        every, span = self.time(parts[kinds.index("EVERY") + 1]), self.across(parts[0], parts[-1])
        return Repeat(counted, every, _NOTHING, self.source(parts), span, until, "ONCE" in kinds, most)

    def label(self, tree: Tree[Token]) -> Label:
        words = [cast("Token", part) for part in tree.children]
        source, span = self.source(tree.children), self.across(words[0], words[-1])
        kinds = [word.type for word in words]
        if kinds[0] == "ELSE":
            return Label(None, None, None, source, span)
        values = [self.value(word) for word in words]
        if kinds[0] == "UP":
            return Label(None, None, cast("Number | Variable", values[2]), source, span)
        first = values[0]
        if len(words) == 1 and not isinstance(first, Number):
            return Label(cast("Word | String | Variable", first), None, None, source, span)
        least = cast("Number | Variable", first)
        most = None if kinds[-1] == "MORE" else cast("Number | Variable", values[-1])
        return Label(None, least, most, source, span)

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
            device = self.who(first) if kind in {"DEVICE", "VARIABLE"} else None
            meant = slips.commands.article(str(first), [str(word) for word in rest], span) if device else None
            if meant is not None:
                raise Meaningless(meant)
            found.append(Event("device" if device else str(first), device, words, span))
        return tuple(found)

    def device(self, short: bool, parts: list[Part]) -> DeviceCommand:
        given = [part for part in parts if part is not None]
        written = self.stretch(given)
        begins = first_of(given[0])
        key = (written, self.line + (begins.line or 1), begins.column or 1)
        known = None if self.mends else _commands.get(key)
        if known is not None:
            return known
        verb = self.word(given[0] if short else given[1])
        device = word_of(ALONE, verb.span) if short else self.who(given[0])
        rest = given[1:] if short else given[2:]
        arguments: list[Argument] = []
        modifiers: list[Part] = []
        for part in rest:
            if isinstance(part, Token) or is_text(part):
                arguments.append(self.value(part))
            elif part.data == "pick":
                inside = part.children[1:]
                choices = tuple([cast("Pickable", self.value(one)) for one in inside])
                arguments.append(Pick(choices, self.source([part]), self.across(part.children[0], inside[-1])))
            elif part.data in OBJECTS:
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


def _written(word: Match) -> str:
    return f"${word.name}" if isinstance(word, Variable) else word.text if isinstance(word, Word) else word.source

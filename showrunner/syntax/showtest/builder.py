"""A tree of the grammar of `.showtest` made into a node; what the grammar lets pass without a meaning is a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from lark import Token, Tree

from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.syntax.showtest.nodes import (
    Claims,
    Deed,
    Ends,
    Field,
    InJournal,
    InOrder,
    Late,
    Line,
    Near,
    Never,
    Outcomes,
    Over,
    Reloads,
    See,
    Setting,
    Sight,
    Silent,
    Together,
    Word,
)
from showrunner.syntax.showtest.slips import NO_TIME
from showrunner.times import moment, of_day

Branch: TypeAlias = "Tree[Token]"

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?")
_ESCAPE = re.compile(r"\\(u\{([0-9A-Fa-f]+)\}|.)")
_ESCAPES = {"n": "\n", "t": "\t"}


class Meaningless(Exception):  # noqa: N818 - it is no error of ours
    """What the grammar lets pass and what means nothing."""

    def __init__(self, finding: Diagnostic) -> None:
        super().__init__(finding.message)
        self.finding = finding


def build(tree: Branch, text: str, place: Place) -> Line | Word:
    """Make the node of a line: ``text`` without its indentation, which stands at ``place``."""
    return _Builder(text.rstrip(), place).line(tree)


def plain(written: str) -> str:
    """Read a text with its quotes and backslashes."""
    return _ESCAPE.sub(lambda one: chr(int(one[2], 16)) if one[2] else _ESCAPES.get(one[1], one[1]), written[1:-1])


class _Builder:
    def __init__(self, text: str, place: Place) -> None:
        comment = re.search(r"""^((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^"'#]|(?<=\S)#)*?)\s+#""", text)
        self._text = text if comment is None else comment[1].rstrip()
        self._place = place

    def line(self, tree: Branch) -> Line | Word:
        place, text = self._place, self._text
        parts = tree.children
        match str(tree.data):
            case "play" | "test":
                return self._word(_tokens(tree)[-1])
            case "deed":
                return self._deed(tree)
            case "see" | "never":
                sight = self._sight(_branches(tree))
                return See(sight) if tree.data == "see" else Never(sight)
            case "together":
                return Together(place, text)
            case "silent":
                return Silent(self._time(tree), place, text)
            case "late":
                return Late(self._time(tree), place, text)
            case "over":
                return Over(self._claims(_branches(tree)), place, text)
            case "ends":
                return Ends(str(parts[-1]), place, text)
            case "outcomes":
                return Outcomes(tuple(str(one) for one in _tokens(tree) if one.type == "RESULT"), place, text)
            case "reloads":
                return self._reloads(tree)
            case "journal":
                return self._entry(tree)
            case "order":
                return InOrder((), place, text)
            case _:
                return self._setting(tree)

    # --- what the world does

    def _setting(self, tree: Branch) -> Setting:
        tokens = _tokens(tree)
        name = str(tokens[0])
        words = tuple(self._word(one) for one in tokens[1:] if one.type in {"NAME", "STRING", "ARGUMENT", "COUNT"})
        words += tuple(self._word(one) for one in tokens[1:] if one.type in {"CONTINUE", "STOP", "HOLD"})
        time = next((self._moment(one) for one in tokens if one.type == "MOMENT"), None)
        if name == "clock":
            written = next(one for one in tokens if one.type == "MOMENT")
            time = of_day(str(written)) if re.fullmatch(r"[0-9]{1,2}(?::[0-5][0-9]){1,2}", written) else None
            if time is None:
                raise self._none(written, sentence("no day has such a time"), sentence("write it like `19:55`"))
        return Setting(name, self._place, self._text, time, words)

    def _deed(self, tree: Branch) -> Deed:
        at = self._moment(next(one for one in _tokens(tree) if one.type == "MOMENT"))
        branch = _branches(tree)[0]
        tokens = _tokens(branch)
        action, rest = str(tokens[0]), tokens[1:]
        fields = tuple(self._field(one) for one in rest if one.type == "FIELD")
        time = next((self._moment(one) for one in rest if one.type == "MOMENT"), None)
        said: str | None = None
        names = [one for one in rest if one.type in {"NAME", "STRING", "ARGUMENT"}]
        if branch.data == "button":
            said = self._word(names[1]).text if len(names) > 1 else None
            names = names[:1]
        words = tuple(map(self._word, names))
        return Deed(at, action, self._place, self._text, words, time, said, fields)

    # --- what must be seen

    def _sight(self, branches: Sequence[Branch]) -> Sight:
        thing = branches[0]
        kind: Any = str(thing.data)
        names = {"NAME", "STRING", "ARGUMENT"}
        words = tuple(self._word(one) for one in _tokens(thing) if one.type in names)
        return Sight(kind, words, self._claims(branches[1:]), self._place, self._text)

    def _claims(self, branches: Sequence[Branch]) -> Claims:
        made = Claims()
        for branch in branches:
            (name, value), *more = self._claim(branch).items()
            first = next(one for one in _tokens(branch))
            for key, one in ((name, value), *more):
                if getattr(made, key) is not None:
                    raise Meaningless(
                        Diagnostic(
                            "E321",
                            self._at(first),
                            sentence("`{word}` has been said already", str(first)),
                            sentence("say it once"),
                        )
                    )
                made = replace(made, **{key: one})
        return made

    def _claim(self, branch: Branch) -> Mapping[str, Any]:
        tokens = _tokens(branch)
        times = [self._moment(one) for one in tokens if one.type == "MOMENT"]
        match str(branch.data):
            case "at" | "before" | "after":
                return {str(branch.data): times[0]}
            case "near":
                return {"near": Near(times[0], times[1] if len(times) > 1 else None)}
            case "count":
                first = tokens[0]
                return {"times": {"ONCE": 1, "TWICE": 2}.get(first.type) or int(first)}
            case "during":
                return {"during": self._word(tokens[-1])}
            case _:
                because = plain(tokens[-1]) if tokens[-1].type == "STRING" else None
                return {"result": str(tokens[0]), **({} if because is None else {"because": because})}

    def _reloads(self, tree: Branch) -> Reloads:
        at = next((self._moment(one) for one in _tokens(tree) if one.type == "MOMENT"), None)
        branch = _branches(tree)[-1]
        tokens = _tokens(branch)
        if branch.data == "taken":
            return Reloads(at, str(tokens[-1]), None, self._place, self._text)
        words = tuple(self._word(one) for one in tokens[1:] if one.type in {"NAME", "STRING"})
        return Reloads(at, str(tokens[0]), words, self._place, self._text)

    def _entry(self, tree: Branch) -> InJournal:
        tokens = [one for one in tree.children if isinstance(one, Token)]
        kind = next(one for one in tokens if one.type == "ENTRY")
        fields = tuple(self._field(one) for one in tokens if one.type == "FIELD")
        lacks = any(one.type == "NO" for one in tokens)
        claims = self._claims(_branches(tree))
        return InJournal(self._word(kind), fields, claims, self._place, self._text, lacks)

    # --- values

    def _at(self, token: Token) -> Place:
        return Place(self._place.path, self._place.line, self._place.column + (token.start_pos or 0), len(token))

    def _word(self, token: Token) -> Word:
        quoted = token.type == "STRING"
        return Word(plain(token) if quoted else str(token), self._at(token), quoted)

    def _field(self, token: Token) -> Field:
        name, _, value = token.partition("=")
        if value[:1] == '"':
            return Field(name, plain(value), self._at(token))
        if _NUMBER.fullmatch(value) is None:
            return Field(name, value, self._at(token))
        return Field(name, float(value) if "." in value else int(value), self._at(token))

    def _time(self, tree: Branch) -> int:
        return self._moment(next(one for one in _tokens(tree) if one.type == "MOMENT"))

    def _moment(self, token: Token) -> int:
        found = moment(str(token))
        if found is None:
            raise self._none(token, sentence("`{word}` is no time", str(token)), NO_TIME)
        return found

    def _none(self, token: Token, message: Sentence, way_out: Sentence) -> Meaningless:
        return Meaningless(Diagnostic("E322", self._at(token), message, way_out))


def _branches(tree: Branch) -> list[Branch]:
    return [one for one in tree.children if isinstance(one, Tree)]


def _tokens(tree: Branch) -> list[Token]:
    return [one for one in tree.scan_values(lambda value: isinstance(value, Token)) if isinstance(one, Token)]

"""A `.showtest` file, read: text to nodes and findings. Every line is read, whatever is wrong with those around it.

Not here: whether the show has what a test speaks of (``testing/fits`` knows the show).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pkgutil import get_data
from typing import TypeAlias, cast

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from showrunner.diagnostics.diagnostic import Diagnostic, Place, in_reading_order
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import quoted
from showrunner.slotted import dataclass
from showrunner.syntax.lines import cut, strange
from showrunner.syntax.showtest.builder import Meaningless, build
from showrunner.syntax.showtest.nodes import Case, InOrder, Line, See, ShowTest, Sight, Word
from showrunner.syntax.showtest.slips import explain

MOST_LINES = 20_000
"""A file of more lines is none that somebody wrote."""

LONGEST = 10_000
"""So many characters has a line at most."""

_Built: TypeAlias = "Line | Word | None"


@dataclass(frozen=True, slots=True)
class ReadTest:
    """A file, read: what could be understood of it, and what was wrong, in reading order."""

    test: ShowTest
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line with something on it. ``kind``: `play`, `test`, or another line of the language; None: not readable."""

    place: Place
    width: int
    kind: str | None
    built: _Built


def read(text: str, path: str) -> ReadTest:
    """Read a file. ``path`` is how findings call it."""
    findings: list[Diagnostic] = []
    test = _assemble(path, list(_rows(text, path, findings)), findings)
    return ReadTest(test, in_reading_order(findings))


@cache
def _grammar() -> Lark:
    source = (get_data("showrunner.grammar", "showtest.lark") or b"").decode()
    return Lark(source, parser="lalr", lexer="contextual", start="line")


def _rows(text: str, path: str, findings: list[Diagnostic]) -> Iterator[_Row]:
    for number, line in enumerate(cut(text), 1):
        begun = line.lstrip(" \t")
        if not begun or begun.startswith("#"):
            continue
        column = len(line) - len(begun) + 1
        place = Place(path, number, column, max(1, len(begun.rstrip())))
        if number > MOST_LINES or len(line) > LONGEST:
            many = sentence("this file has more than {most} lines", f"{MOST_LINES:,}")
            long = sentence("this line has over {most} characters", f"{LONGEST:,}")
            said = many if number > MOST_LINES else long
            findings.append(Diagnostic("E327", place, said, sentence("make several files of it")))
            return
        width = len(line[: column - 1].expandtabs(4))
        hidden = strange(begun)
        if hidden is not None:
            where = Place(path, number, column + hidden)
            findings.append(
                Diagnostic(
                    "E321", where, sentence("there is a character here that nobody can see"), sentence("take it out")
                )
            )
            yield _Row(place, width, None, None)
            continue
        yield _row(begun, place, width, findings)


def _row(begun: str, place: Place, width: int, findings: list[Diagnostic]) -> _Row:
    try:
        tree = cast("Tree[Token]", _grammar().parse(begun).children[0])
    except (UnexpectedToken, UnexpectedCharacters) as wrong:
        findings.append(_wrong(wrong, begun, place))
        return _Row(
            place, width, begun.split(maxsplit=1)[0] if begun.split(maxsplit=1)[0] in {"test", "in"} else None, None
        )
    try:
        return _Row(place, width, str(tree.data), build(tree, begun, place))
    except Meaningless as slip:
        findings.append(slip.finding)
        return _Row(place, width, str(tree.data), None)


def _wrong(wrong: UnexpectedToken | UnexpectedCharacters, begun: str, place: Place) -> Diagnostic:
    if isinstance(wrong, UnexpectedToken):
        at = len(begun.rstrip()) if wrong.token.type == "$END" else int(wrong.token.start_pos or 0)
        able = frozenset(wrong.accepts or wrong.expected)
    else:
        at, able = wrong.pos_in_stream or 0, frozenset(wrong.allowed or ())
    return explain(begun, at, able, place)


# --------------------------------------------------------------------------------------------- which stands below which


class _File:
    """A file on its way: what stands at its edge, and the tests so far."""

    def __init__(self, path: str, findings: list[Diagnostic]) -> None:
        self.path = path
        self.findings = findings
        self.play: Word | None = None
        self.always: list[Line] = []
        self.cases: list[tuple[Word, list[Line]]] = []
        self.named: set[str] = set()

    def refuse(self, place: Place, message: Sentence, way_out: Sentence) -> None:
        self.findings.append(Diagnostic("E325", place, message, way_out))

    def done(self) -> ShowTest:
        cases = tuple(Case(name, tuple(lines)) for name, lines in self.cases)
        return ShowTest(self.path, self.play, tuple(self.always), cases)


def _assemble(path: str, rows: list[_Row], findings: list[Diagnostic]) -> ShowTest:
    file = _File(path, findings)
    edge = rows[0].width if rows else 0
    inside: int | None = None  # how far the lines of the test are indented, once one has come
    lines: list[Line] | None = None  # of the test that is open
    number = 0
    while number < len(rows):
        row = rows[number]
        number += 1
        if row.width < edge or (row.width > edge and lines is None):
            file.refuse(
                row.place,
                sentence("this line is indented, and nothing stands above it that has lines below it"),
                _BELOW,
            )
            continue
        if row.width == edge:
            lines, inside = (_begin(file, row), None) if row.kind == "test" else (None, None)
            if row.kind == "test":
                continue
            holder = file.always
        else:
            inside = row.width if inside is None else inside
            holder = lines if lines is not None else []
            if row.width != inside:
                file.refuse(row.place, sentence("this line is indented otherwise than those above it"), _BELOW)
                continue
        number = _take(file, row, rows, number, holder)
    return file.done()


_BELOW = sentence("lines below `test` are indented alike, and those below `in this order` once more")


def _begin(file: _File, row: _Row) -> list[Line]:
    lines: list[Line] = []
    if isinstance(row.built, Word):
        if row.built.text in file.named:
            said = sentence("there is a test {name} above", quoted(row.built.text))
            file.findings.append(Diagnostic("E326", row.built.place, said, sentence("give each a name of its own")))
        file.named.add(row.built.text)
        file.cases.append((row.built, lines))
    return lines


def _take(file: _File, row: _Row, rows: list[_Row], number: int, holder: list[Line]) -> int:
    """Take one line, and of `in this order` those below it; give the row that comes next."""
    edge = rows[0].width
    if row.kind == "play" and isinstance(row.built, Word):
        if row.width != edge:
            file.refuse(row.place, sentence("`play` holds for the whole file"), sentence("put it at the left edge"))
        elif file.play is not None:
            file.findings.append(
                Diagnostic(
                    "E326", row.place, sentence("this file has its show already"), sentence("one file, one show")
                )
            )
        else:
            file.play = row.built
        return number
    if row.kind == "test":
        file.refuse(
            row.place, sentence("a test does not stand in another one"), sentence("put `test` at the left edge")
        )
        return number
    if row.kind not in {"order", "in"}:
        if row.built is not None and not isinstance(row.built, Word):
            holder.append(row.built)
        return number
    sights: list[Sight] = []
    below = rows[number].width if number < len(rows) else row.width
    while number < len(rows) and rows[number].width > row.width:
        inner = rows[number]
        number += 1
        if inner.width != below:
            file.refuse(inner.place, sentence("this line is indented otherwise than those above it"), _BELOW)
        elif isinstance(inner.built, See):
            sights.append(inner.built.sight)
        elif inner.kind is not None and inner.built is not None:
            file.refuse(
                inner.place, sentence("below `in this order` there are only lines that begin with `see`"), _BELOW
            )
    if isinstance(row.built, InOrder):
        if len(sights) < 2 and below <= row.width:
            file.refuse(row.place, sentence("`in this order` needs two lines below it or more"), _BELOW)
        holder.append(InOrder(tuple(sights), row.built.place, row.built.text))
    return number

"""The language keeps its word: what version 1 reads is read the same, wherever a word stands that came later.

`language/version-1.lark` is the grammar of version 1. Rule: nothing but what begins a command or an event is taken.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from showrunner.syntax import parser
from showrunner.syntax.lines import cut, row, whole

ROOT = Path(__file__).parent.parent
OLD = Lark(
    (ROOT / "tests/language/version-1.lark").read_text(encoding="utf-8"),
    parser="lalr",
    lexer="contextual",
    start="line",
)
LATER = (
    "hush",
    "time",
    "release",
    "over",
    "button",
    "field",
    "when",
    "choose",
    "until",
    "tempo",
    "nothing",
    "queue",
    "bar",
    "beat",
    "beats",
    "offset",
    "to",
    "up",
    "more",
    "by",
)
"""Words that are new in the grammar, that stand in new places, or that will."""

TAKEN = {
    "hush": ("command",),
    "time": ("event",),
    "when": ("command", "event"),
    "choose": ("command", "event", ""),
    "nothing": ("command",),
}
"""What such a word begins: there it is taken, and no device may be called so."""

BEGUN = re.compile(r"""^(?:cue\s+(?:"[^"]*"|\S+)\s+)?(?:at|then)(?:\s+at)?(?:\s+\+?\s*\S+)?$""")
"""A position, and nothing behind it."""

SHOWS = sorted(
    path
    for folder in ("shows", "examples", "tests/language/accepted", "tests/performances", "tests/edits")
    for path in (ROOT / folder).rglob("*.show")
)


@cache
def rows() -> tuple[str, ...]:
    """Give every row of the shows there are that version 1 reads, each once."""
    found: dict[str, None] = {}
    for path in SHOWS:
        lines = cut(path.read_text(encoding="utf-8"))
        place = 0
        while place < len(lines):
            begun = row(lines[place])
            one = whole(lines, place, begun)
            place += one.height
            goes_on = one.height > 1 and begun.open is None  # which version 1 did not know
            if not one.blank and not goes_on:
                found[one.text.strip()] = None
    # A line with `when` or `choose by` is none of version 1, though it could have had a device called so.
    return tuple(text for text in found if read(OLD, text) is not None and not re.search(r"^when |\bchoose by ", text))


def read(grammar: Lark, text: str) -> object:
    """Read a row; None where the grammar has no such. What may be waited for stands as it is written."""
    try:
        return plain(grammar.parse(text, start="line"))
    except LarkError:
        return None


def plain(tree: object) -> object:
    if isinstance(tree, Token):
        return tree.type, str(tree)
    if not isinstance(tree, Tree):
        return tree
    parts = [plain(one) for one in tree.children]
    if tree.data in {"event", "other"}:
        return parts
    if tree.data == "repeat":
        parts = [part for part in parts if part is not None]  # what it may be said of it now, and is not
    if tree.data == "wait_for":
        parts = [leaf for part in parts for leaf in (part if isinstance(part, list) else [part])]
    while tree.data == "repeat" and parts[-1] is None:  # an addition that version 1 has not
        parts.pop()
    return str(tree.data), parts


def test_every_row_of_version_1_is_read_as_it_was():
    new = parser._grammar()
    assert len(rows()) > 400
    other = [text for text in rows() if read(OLD, text) != read(new, text)]
    assert other == []


def tokens(text: str) -> list[Token]:
    return [token for token in OLD.parse_interactive(text).iter_parse() if token.type != "$END"]


@cache
def kinds() -> tuple[str, ...]:
    """Give one row of each kind: with the same terminals in the same order."""
    found: dict[tuple[str, ...], str] = {}
    for text in rows():
        found.setdefault(tuple(token.type for token in tokens(text)), text)
    return tuple(found.values())


def with_words(text: str, word: str) -> list[tuple[str, str]]:
    """Put a word into a row at every place, and in the place of every word; give what begins there, too."""
    made = []
    for token in tokens(text):
        start, end = token.start_pos, token.end_pos
        before = text[:start].rstrip()
        begins = "event" if before.endswith((" for", " or")) else "command"
        begins = begins if not before or before.endswith((";", " for", " or")) or BEGUN.search(before) else ""
        made.append((begins, f"{text[:start]}{word} {text[start:]}"))
        if token.type in {"WORD", "DEVICE", "NAME"}:
            made.append((begins, f"{text[:start]}{word}{text[end:]}"))
    return [*made, ("", f"{text} {word}")]


@pytest.mark.parametrize("word", LATER)
def test_a_word_that_came_later_is_an_ordinary_word_wherever_it_begins_nothing(word):
    new = parser._grammar()
    other = []
    for begins, text in (made for one in kinds() for made in with_words(one, word)):
        was = read(OLD, text)
        if was is not None and read(new, text) != was and begins not in TAKEN.get(word, ()):
            other.append(text)
    assert other == []

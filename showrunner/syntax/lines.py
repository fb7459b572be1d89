# ruff: noqa: RUF001 - quotes of other languages are looked for
"""The lines of a file, before anyone asks what they say: where each begins and ends, and how far it is indented.

A *row* is one line of the language: mostly one line of the file, more where a JSON value after `call` goes on below, or
where a line ends in a text or in `or` and what is deeper below it goes on.
LF and CRLF end lines and nothing else does. Not here: which row may stand below which (``blocks``).
"""

from __future__ import annotations

import re
from itertools import islice, zip_longest

from showrunner.slotted import dataclass

_INDENT = re.compile(r"[ \t\u00a0\u3000]*")
_BEGINS = re.compile(r"^[ \t]*[^\W\d]", re.MULTILINE)
_HEAD = re.compile(r"[^\W\d][\w.@-]*")
_CALL = re.compile(r"""\bcall[ \t]+(?:[\w.@$-]+|"[^"]*"|'[^']*')[ \t]*[{\[]""")
_PIECE = re.compile(r""""(?:[^"\\\n]|\\.)*(?:"|(?=\n)|$)|'(?:[^'\\\n]|\\.)*(?:'|(?=\n)|$)|\#[^\n]*|[{}\[\]]""")
_STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# A line inside an open JSON value begins with none of a script's words, unless it is a name before a colon.
_RESUMES = re.compile(r"""[ \t]*(?!(?:true|false|null)\b)[^\W\d][\w.@-]*(?![ \t]*[:,}\]])[ \t]+[^ \t#:,}\]]""")
_ALONE = re.compile(r"[ \t]*(?:then|stop)[ \t]*(?:#.*)?$")
_NOTHING = re.compile(r"[ \t]*(?:#.*)?$")
_TEXT_OR = re.compile(r"""["'“”„«»‘’「『]|or(?![\w.@-])""")
_ENDS_IN_OR = re.compile(r"(?<![\w.@$-])or\Z")


# Those that are none of the language, too: such a line has one mistake, and what goes on below it has none.
_QUOTES = frozenset("\"'”’“‘„»«」』")

LONGEST = 1_000_000
"""A row of more characters is refused for that: its brackets are not counted."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the language.

    ``text`` is as written, without line end; ``end`` is where its code ends (before blanks and a last comment).
    ``head`` is the word it begins with, or empty. ``blank``: nothing on it, or a comment alone. ``height`` in lines of
    the file. ``depth``: how deep its brackets nest. ``open``: where a bracket after `call` stands open at its end.
    """

    text: str
    indent: str
    head: str
    blank: bool
    height: int
    end: int
    depth: int
    open: int | None


def cut(text: str) -> list[str]:
    """Cut a file into its lines, without line ends. A byte order mark at the start is dropped."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return text.split("\n")


def busy(text: str, most: int) -> bool:
    """Tell whether more than ``most`` lines begin with a word, as cues and commands do. No more is read of them."""
    return text.count("\n") >= most and next(islice(_BEGINS.finditer(text), most, None), None) is not None


def row(text: str) -> Row:
    """Measure one row."""
    found = _INDENT.match(text)
    indent = found[0] if found else ""
    end, depth, opened = _code(text)
    head = _HEAD.match(text, len(indent))
    # A comment with a character nobody can see is no blank line: it has to be reported.
    blank = end <= len(indent) and strange(text) is None
    return Row(text, indent, head[0] if head else "", blank, text.count("\n") + 1, end, depth, opened)


def strange(text: str) -> int | None:
    """Find a character that nobody can see: control characters, half characters, marks that turn the writing round."""
    found = _STRANGE.search(text)
    return found.start() if found else None


def extent(text: str) -> tuple[int, int]:
    """Give where the code of a row's first line begins and how long it is."""
    first = text if "\n" not in text else text[: text.index("\n")]
    found = _INDENT.match(first)
    start = found.end() if found else 0
    return start, max(1, _code(first)[0] - start)


def joins(row: Row) -> bool:
    """Tell whether this line may be no row of its own: where none does, each line of a file is one."""
    begins = _TEXT_OR.match(row.text, len(row.indent)) is not None
    return not row.blank and (row.open is not None or begins or _ends_in_or(row))


def whole(lines: list[str], first: int, begun: Row) -> Row:
    """Give the row that begins at ``lines[first]``, of which ``begun`` is the first line: the same, or a taller one.

    A JSON value goes on to where it ends. A line that ends in a text goes on in the next (blank lines and comments
    between do not matter) if that is deeper and begins with a text or `or`; one that ends in `or`, if that is deeper.
    """
    opened = begun.open is not None and _CALL.search(begun.text) is not None
    last = found = row(gather(lines, first)) if opened else begun
    end = over = first + found.height
    while (below := _further(lines, end, last, begun.indent)) is not None:
        last, end = row(lines[below]), below + 1
    return found if end == over else row("\n".join(lines[first:end]))


def _further(lines: list[str], below: int, above: Row, indent: str) -> int | None:
    """Find the line on which a row goes on that is so far indented, and of which the line ``above`` is the last yet."""
    chosen = _ends_in_or(above)
    if above.blank or not (chosen or above.text[above.end - 1 : above.end] in _QUOTES):
        return None
    while below < len(lines) and _NOTHING.match(lines[below]):
        below += 1
    found = _INDENT.match(lines[below]) if below < len(lines) else None
    if found is None or not (len(found[0]) > len(indent) and found[0].startswith(indent)):
        return None
    return below if chosen or _TEXT_OR.match(lines[below], found.end()) else None


def _ends_in_or(row: Row) -> bool:
    return (
        row.text.endswith("or", 0, row.end) and _ENDS_IN_OR.search(row.text, max(0, row.end - 3), row.end) is not None
    )


def gather(lines: list[str], first: int) -> str:
    """Give the text of the row that begins at ``lines[first]``, whose JSON value goes on below.

    It ends where the value does, or before a line that can only be script.
    """
    stack: list[str] = []
    last = first
    while True:
        for piece in _PIECE.finditer(lines[last]):
            if piece[0] in "{[":
                stack.append(piece[0])
            elif piece[0] in "}]" and stack:
                stack.pop()
        last += 1
        if not stack or last == len(lines) or _RESUMES.match(lines[last]) or _ALONE.match(lines[last]):
            break
    while last > first + 1 and not lines[last - 1].strip():
        last -= 1
    return "\n".join(lines[first:last])


def measure(rows: list[Row], *, tabs: bool) -> tuple[list[int], int, frozenset[int]]:
    """Measure how far rows are indented: the width of each, that of a tab, and the rows that mix tabs and spaces.

    A row mixes if its own indentation does, or if it cannot be compared with the row above in the same block. A tab
    counts as the first indentation by spaces does; that decides nothing but where a row that mixes is taken to stand.
    """
    if not tabs:
        return [len(row.indent) for row in rows], 0, frozenset()
    indents = [row.indent for row in rows]
    unit = next((len(row.indent) for row in rows if row.indent and not row.blank and "\t" not in row.indent), 4)
    mixed: set[int] = set()
    above = ""
    said = [place for place, found in enumerate(rows) if not found.blank]
    for place, below in zip_longest(said, said[1:]):
        indent = rows[place].indent
        if len(set(indent)) > 1 or (indent and above and indent[0] != above[0]):
            mixed.add(place)
            if indent and above and below is not None and rows[below].indent[:1] == above[0]:
                continue  # one odd line: the next is held against the one above it
        above = indent
    return [len(indent) + indent.count("\t") * (unit - 1) for indent in indents], unit, frozenset(mixed)


def comment(text: str) -> int | None:
    """Give the offset of the `#` that begins the comment of a one-line text, or None."""
    return next((piece.start() for piece in _PIECE.finditer(text) if piece[0][0] == "#"), None) if "#" in text else None


def _code(text: str) -> tuple[int, int, int | None]:
    """Give where the code ends, how deep brackets nest in it, and the innermost one open at its end."""
    if len(text) > LONGEST or not ("#" in text or "{" in text or "[" in text):
        return len(text.rstrip(" \t\r\u00a0\u3000")), 0, None
    stack: list[int] = []
    deepest = 0
    last = len(text)
    for piece in _PIECE.finditer(text):
        mark = piece[0][0]
        if mark == "#":
            if piece.end() == len(text):
                last = piece.start()
        elif mark in "{[":
            stack.append(piece.start())
            deepest = max(deepest, len(stack))
        elif mark in "}]" and stack:
            stack.pop()
    return len(text[:last].rstrip(" \t\r\n\u00a0\u3000")), deepest, stack[-1] if stack else None

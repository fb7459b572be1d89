"""The formatter: a file in its one canonical layout. Comments are kept, the meaning never changes.

Two spaces a level, one space between words, `; ` between commands, at most one blank line in a row, a comment behind a
line two spaces away from it. Strings, numbers and times keep their spelling. A JSON value keeps its line breaks.
What cues say stands in one column (``columns``). Not here: what a device's verb likes to be written as; that comes in
as a ``Spelling``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TypeAlias

from showrunner.diagnostics.diagnostic import Diagnostic, has_errors
from showrunner.diagnostics.wording import cells
from showrunner.slotted import dataclass
from showrunner.syntax.columns import STEP, Leading, columns
from showrunner.syntax.keywords import ALONE, HABITS, STATEMENTS
from showrunner.syntax.lines import Row, comment, cut, row, whole
from showrunner.syntax.parser import complete, parse, row_tokens
from showrunner.syntax.phrases import Start

Spelling: TypeAlias = Callable[[str, str, tuple[str, ...]], tuple[str, ...]]
"""Takes device, verb and arguments as written; gives the arguments as they are best written, with the same meaning."""

_OWNERS = frozenset({"REPEAT", "MEANWHILE"})
_OWNING_LAST = frozenset({"CHOOSE", "KEPT"})
_TIGHT_BEFORE = frozenset({"SEMICOLON", "COMMA", "COLON", "RPAR", "CLOSE", "LPAR", "CLOSE_OBJECT", "CLOSE_ARRAY"})
_TIGHT_AFTER = frozenset({"LPAR", "PLUS", "OPEN_OBJECT", "OPEN_ARRAY"})
_BOUNDS = frozenset({"TEMPO", "AT", "UNTIL", "RELEASE"})
_BOUND_ORDER = ("TEMPO", "LEAST", "MOST", "UNTIL", "OVER")
_HABIT_ORDER = ("ARROW", *map(str.upper, HABITS), "AT")
_ELSEWHERE = frozenset({*STATEMENTS, "button", "time"})
"""Names of buttons that mean something else where `button` does not stand before them."""
_OPENING = frozenset({"OPEN_OBJECT", "OPEN_ARRAY"})
_CLOSING = frozenset({"CLOSE_OBJECT", "CLOSE_ARRAY"})
_ENDS_ARGUMENTS = frozenset({"AND", "WITHIN", "RETRY", "ELSE", "ARROW", "SEMICOLON"})


@dataclass(frozen=True, slots=True)
class Formatted:
    """A file, laid out. With errors among the ``findings`` the ``text`` is as it came."""

    text: str
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    """One word of a row: its terminal, its text, and what stood between it and the word before.

    The terminal of a label below `choose by` is LABEL.
    """

    type: str
    text: str
    gap: str


def format_text(text: str, path: str, spelling: Spelling | None = None) -> Formatted:
    """Lay a file out. A file with errors is left as it is. CRLF stays CRLF; a byte order mark goes."""
    parsed = parse(text, path)
    if has_errors(parsed.findings):
        return Formatted(text, parsed.findings)
    rows = _rows(cut(text))
    read = [
        None if one.blank else _written(one, start, words, spelling)
        for one, (start, words) in zip(rows, row_tokens(rows), strict=True)
    ]
    layout = columns(rows, [None if words is None else _leading(words) for words in read])
    out: list[str] = []
    for found, words, (indent, column) in zip(rows, read, layout, strict=True):
        if not found.text.strip():
            if out and out[-1]:
                out.append("")
        elif words is None:
            out.append(" " * indent + found.text.strip())
        else:
            out.append(_laid_out(found, words, indent, column))
    while out and not out[-1]:
        out.pop()
    laid = "".join(f"{line}\n" for line in out)
    return Formatted(laid.replace("\n", "\r\n") if "\r\n" in text else laid, parsed.findings)


def written(text: str, spelling: Spelling | None = None) -> str:
    """Write lines of a file as they are laid out, from the left edge and without comments: the words of a choice.

    Lines with a mistake stay as they are: they are never played.
    """
    measured = _rows(cut(text))
    tokens = list(row_tokens(measured))
    if not all(complete(one.text, start) for one, (start, _) in zip(measured, tokens, strict=True)):
        return text
    read = [
        _plainly(_written(one, start, words, spelling)) for one, (start, words) in zip(measured, tokens, strict=True)
    ]
    layout = columns(measured, [_leading(words) for words in read])
    laid = zip(measured, read, layout, strict=True)
    return "\n".join(_laid_out(replace(one, text=""), words, indent, column) for one, words, (indent, column) in laid)


def _plainly(words: list[_Token]) -> list[_Token]:
    return [replace(word, gap="\n" if "\n" in word.gap else " ") for word in words]


def _rows(lines: list[str]) -> list[Row]:
    rows: list[Row] = []
    place = 0
    while place < len(lines):
        if not lines[place].strip() and rows and not rows[-1].text.strip():
            place += 1
            continue
        found = whole(lines, place, row(lines[place]))
        rows.append(found)
        place += found.height
    return rows


def _written(
    found: Row, start: Start, words: Sequence[tuple[str, str, int]], spelling: Spelling | None
) -> list[_Token]:
    read = _one_button(_in_order(_tidy(_tokens(found.text, words))))
    if start == "choice":
        label = _label(read)
        read = [*(replace(word, type="LABEL") for word in read[:label]), *read[label:]]
    return read if spelling is None else _respelt(read, spelling)


def _in_order(words: list[_Token]) -> list[_Token]:
    """Put in order what bounds a segment (`tempo`, `at least`, `at most`, `until`, `release over`) and what stands
    behind the events of a `when` (`-> name`, the policy, `at most every`).
    """
    if words[0].type == "_WHEN":
        begins = [place for place, word in enumerate(words) if word.type in _HABIT_ORDER]
        habits = [words[start:end] for start, end in pairwise([*begins, len(words)])]
        habits.sort(key=lambda habit: _HABIT_ORDER.index(habit[0].type))
        return [*words[: begins[0]], *(word for habit in habits for word in habit)] if begins else words
    begins = [place for place, word in enumerate(words) if word.type in _BOUNDS]
    if words[0].type != "_SEGMENT" or not begins:
        return words
    bounds = [words[start:end] for start, end in pairwise([*begins, len(words)])]
    bounds.sort(key=lambda bound: min(_BOUND_ORDER.index(word.type) for word in bound if word.type in _BOUND_ORDER))
    return [*words[: begins[0]], *(word for bound in bounds for word in bound)]


def _one_button(words: list[_Token]) -> list[_Token]:
    """Say `button` once where several are waited for: `button yes or no`."""
    out: list[_Token] = []
    buttons = False
    for place, word in enumerate(words):
        if word.type in {"FOR", "UNTIL", "_WHEN"}:
            buttons = words[place + 1].type == "BUTTON"
        again = buttons and word.type == "BUTTON" and out[-1].type == "_OR"
        if not (again and words[place + 1].text not in _ELSEWHERE):
            out.append(word)
    return out


def _leading(words: list[_Token]) -> Leading | None:
    """Measure the position or the label a row begins with; None if it begins with none."""
    labels = sum(word.type == "LABEL" for word in words)
    begin = 2 if words[0].type == "_CUE" else 0
    place = labels or begin
    if words[place : place + 1] and words[place].type == "THEN":
        place += 1
    if words[place : place + 1] and words[place].type in {"PLUS", "AT"}:
        place += 3 if words[place + 1].type == "PLUS" else 2
    if place == begin:
        return None
    if words[place - 1].type == "BAR":
        place += 3 if words[place + 1 : place + 2] and words[place + 1].type == "BEAT" else 1
    owns = any(word.type in _OWNERS for word in words[place:]) or words[-1].type in _OWNING_LAST
    return Leading(cells(_joined(words[:place])), bool(words[place:]), owns, place)


def _label(words: list[_Token]) -> int:
    """Count the words of the label that a row directly below a `choose by` begins with."""
    if words[0].type == "UP":
        return 3
    behind = [word.type for word in words[1:3]]
    return 3 if behind[:1] == ["TO"] or behind == ["_OR", "MORE"] else 1


def _joined(words: list[_Token]) -> str:
    out: list[str] = []
    for before, word in zip([None, *words], words, strict=False):
        out.append(word.text if before is None or _tight(before, word) else f" {word.text}")
    return "".join(out)


def _laid_out(found: Row, words: list[_Token], indent: int, column: int | None) -> str:
    """Write a row from ``indent`` on; what comes behind its position begins ``column`` places further. A text that
    goes on, and an `or`, stand below the first.
    """
    out = [" " * indent]
    nested, text, width = 0, indent + 2 * STEP, indent
    before: _Token | None = None
    if column is not None and (leading := _leading(words)) is not None:
        position = _joined(words[: leading.words])
        out.append(position + " " * (column - leading.width))
        words = words[leading.words :]
        width += column
    for token in words:
        closes = token.type in _CLOSING
        nested -= closes
        if "\n" in token.gap:
            width = indent + STEP * nested if nested or closes else text
            remark, *lines = token.gap.split("\n")
            out.append(_behind(remark))
            for place, line in enumerate(lines):
                inner = line.strip()
                if inner.startswith("#"):
                    out.append(f"\n{' ' * (width + STEP * closes)}{inner}")
                elif not inner and 0 < place + 1 < len(lines) and not out[-1].endswith("\n"):
                    out.append("\n")
            out.append(f"\n{' ' * width}")
        else:
            if before is not None and not _tight(before, token):
                out.append(" ")
                width += 1
            if token.type == "STRING" and before is not None and before.type != "_OR":
                text = width
        out.append(token.text)
        width += cells(token.text)
        nested += token.type in _OPENING
        before = token
    return "".join(out) + _behind(_remark(found.text))


def _behind(remark: str) -> str:
    return f"  {remark.strip()}" if remark.strip().startswith("#") else ""


def _remark(text: str) -> str:
    last = text[text.rfind("\n") + 1 :]
    place = comment(last)
    return "" if place is None else last[place:]


def _tight(before: _Token, token: _Token) -> bool:
    return token.type in _TIGHT_BEFORE or before.type in _TIGHT_AFTER


def _tokens(text: str, words: Sequence[tuple[str, str, int]]) -> list[_Token]:
    read: list[_Token] = []
    end = 0
    for type_, word, offset in words:
        read.append(_Token(type_, word, text[end:offset]))
        end = offset + len(word)
    return read


def _tidy(read: list[_Token]) -> list[_Token]:
    """Leave out what means nothing: a last `;`, a last comma in parentheses, empty parentheses."""
    if read[-1].type == "SEMICOLON":
        read = read[:-1]
    kept: list[_Token] = []
    for token in read:
        if token.type in {"RPAR", "CLOSE"}:
            if kept[-1].type == "COMMA":
                kept.pop()
            if kept[-1].type == "LPAR":
                kept.pop()
                continue
        kept.append(token)
    return kept


def _respelt(read: list[_Token], spelling: Spelling) -> list[_Token]:
    place = labels = sum(word.type == "LABEL" for word in read)
    out = read[:labels]
    while place < len(read):
        token = read[place]
        begins = place == labels or out[-1].type in {"SEMICOLON", "CLOCK", "DURATION", "THEN"}
        timed = len(out) > 1 and out[-1].type == "VARIABLE" and out[-2].type in {"AT", "PLUS"}
        begins = begins or timed
        short = token.type == "SAY" and begins
        if not (short or (token.type == "DEVICE" and begins)):
            out.append(token)
            place += 1
            continue
        first = place + (1 if short else 2)
        last = first
        while last < len(read) and read[last].type not in _ENDS_ARGUMENTS:
            last += 1
        out.extend(read[place:first])
        if read[first - 1].type == "CALL" or any(word.type == "CHOOSE" for word in read[first:last]):
            out.extend(read[first:last])
        else:
            device, verb = (ALONE, "say") if short else (token.text, read[place + 1].text)
            out.extend(_arguments(device, verb, read[first:last], spelling))
        place = last
    return out


def _arguments(device: str, verb: str, given: list[_Token], spelling: Spelling) -> list[_Token]:
    """Spell arguments anew; a text that goes on below is one of them, and stays as it is."""
    if any("\n" in token.gap and token.type != "STRING" for token in given):
        return given
    words: list[list[_Token]] = []
    for token in given:
        if "\n" in token.gap and words:
            words[-1].append(token)
        else:
            words.append([token])
    written = [" ".join(token.text for token in word) for word in words]
    tall = {text: word for text, word in zip(written, words, strict=True) if len(word) > 1}
    spelled = spelling(device, verb, tuple(written))
    return [token for word in spelled for token in tall.get(word, [_Token("WORD", word, " ")])]

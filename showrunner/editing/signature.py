"""The forms of the command that is being written, and which part of them stands at the place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from showrunner.devices.vocabulary import Verb
from showrunner.editing import cards
from showrunner.editing.completion import atoms
from showrunner.editing.known import Known
from showrunner.editing.pages import Position
from showrunner.editing.surroundings import surroundings, typing, written
from showrunner.slotted import dataclass
from showrunner.syntax.parser import tokens

_PART = re.compile(r"[A-Z][A-Z0-9_]*")


@dataclass(frozen=True, slots=True)
class Form:
    """One form: how it is written, what it does, and its parts: where each stands in it, and what it is."""

    text: str
    says: str
    parts: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """The forms a command may have, the one it seems to have, and the part of it that comes next (None: none)."""

    forms: tuple[Form, ...]
    form: int
    part: int | None


def signature(known: Known, lines: Sequence[str], place: Position) -> Signature | None:
    """Say what the command at a place takes."""
    if place.line >= len(lines):
        return None
    around = surroundings(lines, place)
    typed = typing(around.before)
    if typed.remark:
        return None
    read = tokens(typed.ahead, around.start)
    if (given := _given(known, read)) is not None:
        return given
    command = written(read)
    if command is None or command.verb is None or command.over or command.event:
        return None
    post = known.post(None if command.device is None else command.device[1], command.verb[1])
    matcher = None if post is None else post.matchers.get(command.verb[1])
    if post is None or matcher is None:
        return None
    label = command.verb[1] if command.device is None else f"{post.name} {command.verb[1]}"
    found = matcher.upcoming(atoms(command.arguments))
    forms = tuple(_form(label, row) for row in matcher.rows)
    chosen = matcher.rows.index(found.row) if found.row in matcher.rows else 0
    wanted = {name for kind in found.kinds for name, one in found.row.kinds.items() if one == kind}
    names = _PART.findall(forms[chosen].text)
    taken = len([atom for atom in atoms(command.arguments) if not _is_word(found.row, atom.source)])
    part = next((n for n, name in enumerate(names) if name in wanted and n >= min(taken, len(names) - 1)), None)
    if part is None:
        part = next((n for n, name in enumerate(names) if name in wanted), None)
    return Signature(forms, chosen, part)


def _is_word(row: Verb, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(text)}(?![\w-])", row.form) is not None


def _form(label: str, row: Verb) -> Form:
    text = cards.form(label, row)
    parts = tuple(
        (found.start(), found.end(), cards.kind(row.kinds[found[0]]) if found[0] in row.kinds else "")
        for found in _PART.finditer(text, len(label))
    )
    return Form(text, row.says, parts)


def _given(known: Known, read: Sequence[tuple[str, str, int]]) -> Signature | None:
    """Say what a definition takes, between its parentheses."""
    opened = next((n for n in range(len(read) - 1, 0, -1) if read[n][0] in ("LPAR", "CLOSE", "RPAR")), None)
    if opened is None or read[opened][0] != "LPAR" or opened < 2 or read[opened - 2][0] != "DO":
        return None
    found = known.defined(read[opened - 1][1].strip("\"'"))
    if found is None:
        return None
    node = found[2]
    text, parts = f"do {node.name}(", []
    for number, one in enumerate(node.parameters):
        text += ", " if number else ""
        parts.append((len(text), len(text) + len(one.text), ""))
        text += one.text
    at = sum(token[0] == "COMMA" for token in read[opened:])
    return Signature((Form(f"{text})", "", tuple(parts)),), 0, at if at < len(parts) else None)

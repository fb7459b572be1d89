"""A command spelled anew: the words after a verb as the form of its row has them, where ``also`` allows others.

Works on words as written, with the same meaning before and after. Not here: what a show is, and how lines are laid out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

from showrunner.devices.forms import ANY, NUMBER, STRING, TIME, WORD, Atom, FormPart, Match, Matcher, read_form
from showrunner.devices.vocabulary import Verb
from showrunner.diagnostics.diagnostic import Span

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_NOWHERE = Span(0, 1, 1)

Holes: TypeAlias = Sequence[tuple[str, str]]
"""Placeholders with what is written for each, in order."""


class Speller:
    """How the verbs of one table are best written."""

    def __init__(self, verbs: Sequence[Verb]) -> None:
        names = {row.name for row in verbs if row.also}
        self._rows = {name: tuple(row for row in verbs if row.name == name) for name in names}
        self._any = {name: Matcher(rows) for name, rows in self._rows.items()}
        self._first = {name: Matcher([replace(row, also=()) for row in rows]) for name, rows in self._rows.items()}

    def spell(self, name: str, words: tuple[str, ...]) -> tuple[str, ...]:
        """Give the words after the verb ``name`` as the form of its row has them; what fits no row stays as it is."""
        if name not in self._rows:
            return words
        atoms = [_atom(word) for word in words]
        found = self._any[name].match(atoms, _NOWHERE)
        if not isinstance(found, Match) or isinstance(self._first[name].match(atoms, _NOWHERE), Match):
            return words
        holes = [(hole.name, words[hole.atom]) for hole in found.holes]
        if found.lasting is not None:
            holes.append(("for", _lasting(words)))
        written = _write(read_form(found.verb.form), holes)
        if written is None or written[1]:
            return words
        again = self._first[name].match([_atom(word) for word in written[0]], _NOWHERE)
        same = isinstance(again, Match) and [(hole.name, written[0][hole.atom]) for hole in again.holes] == [
            (hole.name, words[hole.atom]) for hole in found.holes
        ]
        return written[0] if same else words


def _lasting(words: tuple[str, ...]) -> str:
    return words[len(words) - words[::-1].index("for")]


def _atom(word: str) -> Atom:
    """Tell the shape of a word by its spelling. What a `$name` stands for is not known here; it may be anything."""
    if word[0] in "\"'":
        return Atom(STRING, word[1:-1], word, _NOWHERE)
    if word[0] == "$":
        return Atom(ANY, word, word, _NOWHERE)
    if _NUMBER.fullmatch(word):
        return Atom(NUMBER, float(word) if "." in word else int(word), word, _NOWHERE)
    if word[0].isdigit():
        return Atom(TIME, 1, word, _NOWHERE)
    return Atom(WORD, word, word, _NOWHERE)


def _write(
    part: FormPart, holes: Sequence[tuple[str, str]]
) -> tuple[tuple[str, ...], Sequence[tuple[str, str]]] | None:
    """Write a part of a form with what fills its placeholders; give the words, and what is left to be placed."""
    if part.op == "word":
        return (part.words[0],), holes
    if part.op in {"hole", "for"}:
        wanted = "for" if part.op == "for" else part.words[0]
        if not holes or holes[0][0] != wanted:
            return None
        return (("for",) if part.op == "for" else ()) + (holes[0][1],), holes[1:]
    if part.op == "maybe":
        return _write(part.parts[0], holes) or ((), holes)
    if part.op == "either":
        return next((found for inner in part.parts if (found := _write(inner, holes)) is not None), None)
    out: tuple[str, ...] = ()
    if part.op == "many":
        found = _write(part.parts[0], holes)
        if found is None:
            return None
        while found is not None and len(found[1]) < len(holes):
            out, holes = out + found[0], found[1]
            found = _write(part.parts[0], holes)
        return out, holes
    for inner in part.parts:
        found = _write(inner, holes)
        if found is None:
            return None
        out, holes = out + found[0], found[1]
    return out, holes

"""What names stand for: constants, parameters, and values that only the running show will know.

Names of devices, verbs and of a model's own things are looked up elsewhere (``misfits``, ``model_names``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from showrunner.devices.forms import ANY, FILLED, JSON, NUMBER, STRING, TIME, WORD, Atom
from showrunner.devices.vocabulary import Answer, Text
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.syntax import nodes
from showrunner.timeline.compile.notes import Note
from showrunner.timeline.cues import Beats

BEATS = "<beats>"
"""The shape of a length in beats, which has no time before it is used under a tempo. Its value is ``cues.Beats``."""


class Constant(NamedTuple):
    """What a name stands for. ``shape`` as of an atom: FILLED (text), NUMBER, TIME, BEATS, or ANY: nobody knows.

    ``source`` is what an insert of it puts into a text.
    """

    shape: str
    value: Any
    source: str | Text


class Unknown(str):
    """A text that a mistake, told elsewhere, keeps from being known. What it is inserted into is not known either."""

    __slots__ = ()


NOBODY_KNOWS = Unknown("…")

UNKNOWN = Constant(ANY, None, NOBODY_KNOWS)
"""What stands for a name that a line with a mistake would have bound: fits everywhere, means nothing."""

LONGEST = 100_000
"""No text a show makes has more characters: texts made of texts could otherwise grow without bound."""


SHOWN = 200
"""So many characters of a value are filled in where a person reads a command."""

_PIECE = re.compile(r""""(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\$(?P<bare>[^\W\d](?:\w|-(?!>))*)""")
_INSERT = re.compile(r"\{\{|\}\}|\\.|\{(?P<name>[^\W\d](?:\w|-(?!>))*)\}")


class Reader(Protocol):
    """Who reads values: knows what names stand for and is told what is odd about them."""

    def lookup(self, name: str) -> Constant | None:
        """Give what a name stands for; None: no constant and no parameter."""

    def asked(self, name: str, span: Span) -> None:
        """Note that a text needs an answer that comes while the show plays."""

    def bare(self, name: str, span: Span) -> None:
        """Note that `$name` stands where a value must be known before the show plays, and is not."""

    def long(self, span: Span) -> None:
        """Note that a text got longer than ``LONGEST``."""


def flat(parts: Iterable[str | Answer]) -> str | Text:
    """Join what is text already; give a plain ``str`` if nothing is open."""
    joined: list[str | Answer] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if not joined:
        return ""
    if len(joined) == 1 and isinstance(joined[0], str):
        return joined[0]
    return tuple(joined)


def text_of(string: nodes.String, reader: Reader) -> str | Text:
    """Fill in what is known. A name that is not is an answer to come: it stays open, and the reader is told of it."""
    parts = string.parts
    if not parts:
        return ""
    if len(parts) == 1 and isinstance(parts[0], str):
        return parts[0]
    filled: list[str | Answer] = []
    length, unknown = 0, False
    for part in parts:
        if isinstance(part, str):
            filled.append(part)
            continue
        constant = reader.lookup(part.name) if part.field is None else None
        if constant is None:
            reader.asked(part.spelled, part.span)
            filled.append(Answer(part.name, part.field))
            continue
        if isinstance(constant.source, Unknown):
            unknown = True
        elif isinstance(constant.source, str):
            filled.append(constant.source)
        else:
            filled.extend(constant.source)
        length += size(constant.source)
        if length > LONGEST:
            reader.long(string.span)
            return NOBODY_KNOWS
    return NOBODY_KNOWS if unknown else flat(filled)


def filled(source: str, reader: Reader) -> str | None:
    """Give what is written with every constant and parameter filled in, for people; None where that changes nothing."""
    if "$" not in source and "{" not in source:
        return None

    def inserted(found: re.Match[str]) -> str:
        constant = None if found["name"] is None else reader.lookup(found["name"])
        return found[0] if constant is None else _shown(constant)

    def piece(found: re.Match[str]) -> str:
        if found["bare"] is None:
            return _INSERT.sub(inserted, found[0])
        constant = reader.lookup(found["bare"])
        return found[0] if constant is None else _shown(constant)

    made = _PIECE.sub(piece, source)
    return None if made == source else made


def _shown(constant: Constant) -> str:
    parts = (constant.source,) if isinstance(constant.source, str) else constant.source
    text = "".join(part if isinstance(part, str) else f"{{{part.spelled}}}" for part in parts)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def size(text: str | Text) -> int:
    """Count the characters of what is known of a text, each open place as one."""
    return len(text) if isinstance(text, str) else sum(len(part) if isinstance(part, str) else 1 for part in text)


def atom_of(value: nodes.Written, reader: Reader) -> Atom:
    """Make the atom of an argument. A `$name` that is no constant is told to the reader."""
    if isinstance(value, nodes.Word):
        return Atom(WORD, value.text, value.text, value.span)
    if isinstance(value, nodes.String):
        return Atom(STRING, text_of(value, reader), value.source, value.span)
    if isinstance(value, nodes.Number):
        return Atom(NUMBER, value.value, value.source, value.span)
    if isinstance(value, nodes.Beats):
        return Atom(BEATS, Beats(value.count, value.unit), value.source, value.span)
    if isinstance(value, nodes.Duration | nodes.Clock):
        return Atom(TIME, value.micros, value.source, value.span)
    if isinstance(value, nodes.Variable):
        constant = reader.lookup(value.name)
        if constant is None:
            reader.bare(value.name, value.span)
            constant = UNKNOWN
        return Atom(constant.shape, constant.value, f"${value.name}", value.span)
    return Atom(JSON, json_of(value, reader), "{…}", value.span)


def to_come(atom: Atom) -> str | None:
    """Name what stands here as `$name` for a text in which an answer stands; None where it is no such."""
    return atom.source[1:] if atom.source.startswith("$") and isinstance(atom.value, tuple) else None


def json_of(value: nodes.Json, reader: Reader) -> Any:
    """Make the Python value of what stands after `call`; its depth was limited when it was read."""
    if isinstance(value, nodes.JsonObject):
        return {_key(key, reader): json_of(member, reader) for key, member in value.members}
    if isinstance(value, nodes.JsonArray):
        return [json_of(item, reader) for item in value.items]
    if isinstance(value, nodes.JsonLiteral):
        return value.value
    if isinstance(value, nodes.String):
        return text_of(value, reader)
    constant = reader.lookup(value.name)
    if constant is None:
        reader.asked(value.name, value.span)
        return (Answer(value.name),)
    # JSON has no times: a time goes as it is written.
    return constant.source if constant.shape in (TIME, BEATS) else constant.value


def _key(key: nodes.String, reader: Reader) -> str:
    text = text_of(key, reader)
    return text if isinstance(text, str) else key.source[1:-1]


def constant_of(atom: Atom) -> Constant:
    """Give what a name bound to this atom stands for."""
    if atom.shape in (WORD, STRING, FILLED):
        return Constant(FILLED, atom.value, atom.value)
    return Constant(atom.shape, atom.value, atom.source)


def too_long(span: Span) -> Note:
    """Say that a text has grown past all use."""
    return Note(
        "E414",
        span,
        sentence("with its inserts this text has more than {longest:,} characters", LONGEST),
        sentence("insert less into it"),
    )

"""A finding that does not know its file yet, so that what was found in a cue holds wherever the cue is moved.

Not for users: ``settle`` makes the ``Diagnostic`` of it once file and line are known.
"""

from __future__ import annotations

from typing import NamedTuple

from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Place, Span
from showrunner.diagnostics.sentence import Sentence

LINE = "\0"
"""Stands in a message for a line number that ``Note.lines`` gives, in order."""


class Note(NamedTuple):
    """A finding whose ``where`` counts its lines from a statement (``Span``), or is settled already (``Place``).

    ``lines`` are lines the message and then the help speak of, counted like ``where``. ``below`` is the line of the
    statement that owns the list, for what is only worth saying if nothing between was unreadable. ``given`` names the
    parameter that is at fault, since what it was given is known only while the show plays.
    """

    code: str
    where: Span | Place
    message: Sentence
    help: Sentence | None = None
    fix: str | None = None
    through: tuple[Span | Place, ...] = ()
    lines: tuple[int, ...] = ()
    below: int | None = None
    given: str | None = None


def moved(note: Note, lines: int) -> Note:
    """Count from a statement that begins ``lines`` lines further up."""
    if not lines:
        return note
    where = note.where
    if isinstance(where, Span):
        where = further(where, lines)
    through = tuple(further(step, lines) if isinstance(step, Span) else step for step in note.through)
    below = None if note.below is None else note.below + lines
    return note._replace(where=where, through=through, lines=tuple(line + lines for line in note.lines), below=below)


def further(span: Span, lines: int) -> Span:
    """Give the span as counted from a statement that begins ``lines`` lines further up."""
    return Span(span.line + lines, span.column, span.length) if lines else span


def settled(note: Note, path: str, base: int) -> Note:
    """Give the note with every line and place filled in, for the file ``path`` and the statement at line ``base``."""
    where, through = note.where, note.through
    message, advice, lines = note.message, note.help, list(note.lines)
    while LINE in message:
        message = message.put(LINE, str(base + lines.pop(0)))
    while advice is not None and LINE in advice:
        advice = advice.put(LINE, str(base + lines.pop(0)))
    return note._replace(
        where=where.place(path, base) if isinstance(where, Span) else where,
        message=message,
        help=advice,
        through=tuple(step.place(path, base) if isinstance(step, Span) else step for step in through),
        lines=(),
        below=None if note.below is None else note.below + base,
    )


def diagnostic(note: Note) -> Diagnostic:
    """Make the finding of a settled note."""
    where = note.where
    if isinstance(where, Span):
        raise TypeError(f"the note {note.code} was never settled")
    places = tuple(step for step in note.through if isinstance(step, Place))
    fix = None if note.fix is None else Fix(where, note.fix)
    return Diagnostic(note.code, where, note.message, note.help, fix, places)

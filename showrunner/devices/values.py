"""One thing after a verb, and whether it may stand for a placeholder of a certain kind.

The shapes of what can be written, and the values in them. Which placeholder meets which thing is in ``forms``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from showrunner.devices.vocabulary import Kind
from showrunner.diagnostics.diagnostic import Span

WORD, STRING, FILLED = "<word>", "<string>", "<filled>"
NUMBER, TIME, JSON, ANY = "<number>", "<time>", "<json>", "<any>"
"""Shapes of atoms. FILLED is the text a `$name` stands for; ANY a value nobody knows yet, which fits everywhere."""

FITS: Mapping[str, frozenset[str]] = {
    "name": frozenset({WORD, STRING, FILLED, ANY}),
    "index": frozenset({NUMBER, ANY}),
    "name or index": frozenset({WORD, STRING, FILLED, NUMBER, ANY}),
    "text": frozenset({STRING, ANY}),
    "number": frozenset({NUMBER, ANY}),
    "duration": frozenset({TIME, ANY}),
    "switch": frozenset({WORD, STRING, FILLED, ANY}),
    "choice": frozenset({WORD, STRING, FILLED, ANY}),
    "json": frozenset({JSON, ANY}),
}
"""What ``Kind.accepts`` says -> the shapes that may stand there."""


class Atom(NamedTuple):
    """One thing after the verb, variables filled in.

    ``value``: text of a word, ``str`` or ``Text`` of a string, a number, microseconds, or a JSON value. ``source`` is
    what the author wrote.
    """

    shape: str
    value: Any
    source: str
    span: Span


_LARGEST = 10**15


@cache
def _spellings(choices: tuple[str, ...]) -> dict[str, str]:
    return {choice.casefold(): choice for choice in choices}


def take(kind: Kind, atom: Atom) -> tuple[Any, str | None]:
    """Give the value that ``atom`` has for ``kind``, or why it cannot stand there."""
    shape, value, _, _ = atom
    if shape == ANY:
        return value, None
    accepts = kind.accepts
    if accepts == "choice":
        known = _spellings(kind.choices).get(value.casefold()) if isinstance(value, str) else None
        return known, None if known is not None else "choice"
    if accepts == "switch":
        return value == "on", None if value in ("on", "off") else "switch"
    if shape == TIME:
        return value, None if value > 0 else "zero"
    if shape == NUMBER:
        if not -_LARGEST <= value <= _LARGEST:
            return value, "endless"
        if accepts != "number" and (not isinstance(value, int) or value < 0):
            return value, "whole"
        if kind.minimum is not None and value < kind.minimum:
            return value, "low"
        if kind.maximum is not None and value > kind.maximum:
            return value, "high"
    return value, None

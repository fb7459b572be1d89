"""What to say when the words after a verb do not fit: the device's table said why, this says it in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from showrunner.devices.forms import ANY, FILLED, JSON, NUMBER, STRING, TIME, WORD, Atom, Mismatch, Wrong
from showrunner.devices.vocabulary import Kind
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.nearest import nearest
from showrunner.timeline.notes import Note
from showrunner.timeline.stage import Post

_BUILT_IN = frozenset({"say", "do", "repeat", "hold", "log", "stop"})
_MANY = 24
_SHAPES = {
    WORD: "the word `{}`",
    STRING: "the text {}",
    FILLED: "the text that `{}` stands for",
    NUMBER: "the number {}",
    TIME: "the time {}",
    JSON: "the value in braces",
    ANY: "`{}`",
}


def described(atom: Atom) -> str:
    """Name an atom in plain words: "the number 5"."""
    source = atom.source if len(atom.source) <= 40 else f"{atom.source[:39]}…"
    if source.startswith("$") and atom.shape in (NUMBER, TIME):
        source = f"that `{source}` stands for"
    return _SHAPES[atom.shape].format(source)


def mismatch(label: str, found: Mismatch, atoms: Sequence[Atom], verb: Span, stage: Iterable[Post]) -> Note:
    """Word a command that its table cannot read: something is missing, out of place, or left over."""
    if found.atom >= len(atoms):
        return _missing(label, found, atoms, verb)
    atom = atoms[found.atom]
    advice, fix = _way_out(found, atom, stage)
    if found.complete:
        message = f"`{label}` has all it takes: {described(atom)} is left over"
        return Note("E305", atom.span, message, advice or _example(found), fix)
    message = f"`{label}` wants {_wanted(found)} here, not {described(atom)}"
    return Note("E304", atom.span, message, advice or _example(found), fix)


def _missing(label: str, found: Mismatch, atoms: Sequence[Atom], verb: Span) -> Note:
    if not atoms:
        return Note("E304", verb, f"`{label}` wants {_wanted(found)} after it", _example(found))
    last = atoms[-1]
    advice = _example(found)
    if _takes(found, "text") and last.shape in (WORD, FILLED):
        choices = [choice for kind in found.row.kinds.values() for choice in kind.choices]
        chosen = isinstance(last.value, str) and last.value.casefold() in choices
        advice = f'what she says goes in quotes: `{last.source} "…"`' if chosen else _quotes(last)
    return Note("E304", last.span, f"`{label}` wants {_wanted(found)} after {described(last)}", advice)


def _wanted(found: Mismatch) -> str:
    choices = [*(kind.says for kind in found.kinds), *(f"`{word}`" for word in found.words if word != "for")]
    if not choices:
        choices = [f"`{word}`" for word in found.words]
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def _example(found: Mismatch) -> str:
    return f"for example: `{found.row.example}`"


def _takes(found: Mismatch, accepts: str) -> bool:
    return any(kind.accepts == accepts for kind in found.kinds)


def _quotes(atom: Atom) -> str:
    said = f"{{{atom.source[1:]}}}" if atom.shape == FILLED else atom.source
    return f'what she says goes in quotes: `"{said}"`'


def _way_out(found: Mismatch, atom: Atom, stage: Iterable[Post]) -> tuple[str | None, str | None]:
    """Give help and, where it is mechanical, the replacement for the atom."""
    word = atom.value if atom.shape == WORD else ""
    if word in ("wait", "meanwhile"):
        return f"did you mean `and {word}`?", f"and {word}"
    if word in _BUILT_IN or (word and any(word == post.name or word in post.matchers for post in stage)):
        return f"is a `;` missing before `{word}`?", f"; {word}"
    if _takes(found, "text") and atom.shape in (WORD, FILLED):
        said = f"{{{atom.source[1:]}}}" if atom.shape == FILLED else atom.source
        return _quotes(atom), f'"{said}"'
    if word and (close := nearest(word, found.words)):
        return f"did you mean `{close}`?", close
    written = not atom.source.startswith("$")
    if _takes(found, "duration") and atom.shape == NUMBER and written and not atom.source.startswith("-"):
        return f"a time has a unit: `{atom.source}s`", f"{atom.source}s"
    if _takes(found, "number") and atom.shape == STRING and re.fullmatch(r"-?\d+(\.\d+)?", str(atom.value)):
        return "a number stands without quotes", str(atom.value)
    if atom.shape == STRING and found.complete and (emotion := _takes_emotion(found)):
        return f"each further text wants {emotion.says} before it: `{emotion.choices[0]} {atom.source}`", None
    return None, None


def _takes_emotion(found: Mismatch) -> Kind | None:
    return next((kind for kind in found.kinds if kind.accepts == "choice" and kind.choices), None)


def wrong(label: str, found: Wrong, atom: Atom) -> Note:
    """Word a value that its kind refuses."""
    kind, span, source = found.kind, atom.span, atom.source
    if found.why == "choice":
        close = nearest(atom.value, kind.choices) if isinstance(atom.value, str) else None
        advice = f"did you mean `{close}`?" if close else listed(kind.choices)
        return Note("E306", span, f"`{_said(atom)}` is not {kind.says}", advice, close if atom.shape == WORD else None)
    if found.why == "switch":
        return Note("E306", span, f"`{label}` wants `on` or `off` here, not `{_said(atom)}`", "write `on` or `off`")
    if found.why == "zero":
        message = f"`{source}` is no time at all: nothing would be seen of it"
        return Note("E404", span, message, "write at least `1ms`, or leave it out")
    if found.why == "whole":
        message = f"{source} cannot be {kind.says}: that is a whole number, 0 or more"
        return Note("E403", span, message, "places count from 0")
    if found.why == "endless":
        return Note("E402", span, "this number is too large to be sent", None)
    reach = reach_of(kind.minimum, kind.maximum)
    return Note("E402", span, f"{source} is outside the range of {kind.says}: {reach}", f"write a number {reach}")


def reach_of(low: float | None, high: float | None) -> str:
    """Put a range in words; either end may be open."""
    if low is None or high is None:
        return f"of {high} or less" if low is None else f"of {low} or more"
    return f"from {low} to {high}"


def _said(atom: Atom) -> str:
    return atom.value if isinstance(atom.value, str) else atom.source


def listed(names: Iterable[str]) -> str:
    """List what there is to choose from, cut short where it is long."""
    known = list(names)
    more = f" and {len(known) - _MANY} more" if len(known) > _MANY else ""
    return "there are: " + ", ".join(known[:_MANY]) + more

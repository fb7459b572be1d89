"""What to say when the words after a verb do not fit: the device's table said why, this says it in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from showrunner.devices.forms import ANY, FILLED, JSON, NUMBER, STRING, TIME, WORD, Atom, Matcher, Mismatch, Wrong
from showrunner.devices.vocabulary import Kind
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import did_you_mean, listed, nearest, shortened, there_are
from showrunner.syntax import slips
from showrunner.syntax.keywords import POSITIONS
from showrunner.timeline.compile.constants import BEATS, to_come
from showrunner.timeline.compile.notes import Note
from showrunner.timeline.compile.posts import Post
from showrunner.timeline.compile.repairs import Repair, repair

_BUILT_IN = frozenset({"say", "do", "repeat", "hold", "log", "stop"})
_GROWN = re.compile(r"(for|over|within|retry|to|from)([0-9].*)")
_MOST_WORDS = 6
_MOVING = ("over", "ease", "from", "to")
_MEANT = {"timeout": "within", "limit": "within", "max": "within", "during": "for", "lasting": "for"}
_SHAPES: Mapping[str, Callable[[str], Sentence]] = {
    WORD: lambda source: sentence("the word `{source}`", source),
    STRING: lambda source: sentence("the text {source}", source),
    FILLED: lambda source: sentence("the text that `{source}` stands for", source),
    NUMBER: lambda source: sentence("the number {source}", source),
    TIME: lambda source: sentence("the time {source}", source),
    BEATS: lambda source: sentence("the time {source}", source),
    JSON: lambda _: sentence("the value in braces"),
    ANY: lambda source: sentence("`{source}`", source),
}


def described(atom: Atom) -> Sentence:
    """Name an atom in plain words: "the number 5"."""
    source = shortened(atom.source)
    if source.startswith("$") and atom.shape in (NUMBER, TIME, BEATS):
        source = sentence("that `{source}` stands for", source)
    return _SHAPES[atom.shape](source)


def mismatch(
    label: str, found: Mismatch, atoms: Sequence[Atom], verb: Span, stage: Iterable[Post], matcher: Matcher
) -> Note:
    """Word a command that its table cannot read: something is missing, out of place, or left over."""
    for one in atoms[max(0, found.atom - 1) : found.atom + 1]:
        added = slips.absent.instead("until") if one.shape == WORD and one.value == "until" else None
        if added is not None:
            return Note("E305", one.span, *added)
    if (inside := _quote_inside(atoms)) is not None:
        return inside
    quoted = _several_words(found.row.kinds.values(), atoms[: found.atom + _MOST_WORDS])
    if quoted is not None:
        return quoted
    if found.atom >= len(atoms):
        return _missing(label, found, atoms, verb)
    atom = atoms[found.atom]
    before = atoms[found.atom - 1] if found.atom else None
    for word in (before, atom):
        if word is not None and word.shape == WORD and word.value in POSITIONS:
            return Note(
                "E169",
                word.span,
                sentence("`{word}` begins a line of its own", word.value),
                sentence("put it on the next line"),
            )
    if before is not None and before.value in _MOVING and _takes(found, "text") and atom.shape == TIME:
        return Note(
            "E305",
            before.span,
            sentence("`{label}` takes no `{before}`", label, before.value),
            sentence("a text takes as long as it needs"),
        )
    if before is not None and before.shape == atom.shape == WORD and _chosen(found, before) and _chosen(found, atom):
        return Note(
            "E305",
            atom.span,
            sentence("a text has one emotion"),
            sentence("take `{before}` or `{atom}` away", before.source, atom.source),
        )
    advice, fix = _apart(found, atoms) or _way_out(found, atoms, stage)
    if advice is None and (unquoted := _unquoted(found, atoms)) is not None:
        where, said = unquoted
        return Note(
            "E304", where, sentence("`{label}` wants {found} here", label, _wanted(found)), _quotes(said), f'"{said}"'
        )
    better = repair(matcher, found, atoms) if advice is None else None
    if (
        better is None
        and advice is None
        and found.complete
        and found.atom
        and WORD == atom.shape == atoms[found.atom - 1].shape
    ):
        advice = _one_name(found, atoms)
    if advice is None and better is not None:
        if better.how != "before":
            return _repaired(label, better, atoms)
        missing, behind = better.words, atoms[better.place]
        advice = sentence(
            "is {missing} missing before `{behind}`?", listed((f"`{word}`" for word in missing), "or"), behind.source
        )
        if len(missing) == 1 and behind is atom:
            fix = f"{missing[0]} {atom.source}"
    if found.complete:
        message = sentence("`{label}` has all it takes: {atom} is left over", label, described(atom))
        return Note("E305", atom.span, message, advice or _example(found), fix)
    message = sentence("`{label}` wants {found} here, not {atom}", label, _wanted(found), described(atom))
    return Note("E304", atom.span, message, advice or _example(found), fix, given=to_come(atom))


def _repaired(label: str, better: Repair, atoms: Sequence[Atom]) -> Note:
    atom = atoms[better.place]
    known = listed((f"`{word}`" for word in better.words), "or")
    if better.how == "without":
        return Note(
            "E305",
            atom.span,
            sentence("`{atom}` is too much in `{label}`", atom.source, label),
            sentence("leave it out"),
            "",
        )
    if better.how == "later":
        said = f"`{atom.source} {atoms[better.place + 1].source}`"
        return Note(
            "E304",
            atom.span,
            sentence("{said} stands too early", said),
            sentence("put {said} behind all the rest", said),
        )
    if better.how == "timed":
        advice = sentence("as in `{words} 1s {atom}`", better.words[0], atom.source)
        return Note(
            "E304",
            atom.span,
            sentence("`{label}` wants {known} and a time before `{atom}`", label, known, atom.source),
            advice,
        )
    fix = better.words[0] if len(better.words) == 1 else None
    return Note(
        "E304",
        atom.span,
        sentence("`{label}` takes no `{atom}` here", label, atom.source),
        sentence("did you mean {known}?", known),
        fix,
    )


def _quote_inside(atoms: Sequence[Atom]) -> Note | None:
    """`"She said "hi" to me"`: a quote inside a text has ended it."""
    for before, atom in pairwise(atoms):
        begins, ends = atom.span.column, before.span.column + before.span.length
        if before.shape == STRING and atom.shape == WORD and atom.span.line == before.span.line and begins == ends:
            mark = before.source[0]
            other = "'" if mark == '"' else '"'
            message = sentence("the `{mark}` before `{atom}` ends this text", mark, atom.source)
            advice = sentence("inside a text write `\\{mark}`, or put the whole between `{other}`", mark, other)
            return Note("E304", before.span, message, advice)
    return None


def _apart(found: Mismatch, atoms: Sequence[Atom]) -> tuple[Sentence, None] | None:
    """`for 5 s`: one time in two pieces."""
    atom, *behind = atoms[found.atom : found.atom + 2]
    unit = slips.times.unit(behind[0].source) if behind else None
    if not _takes(found, "duration") or atom.shape != NUMBER or unit is None:
        return None
    better = f"{atom.source}{unit}"
    return sentence(
        "`{atom}` and `{behind}` stand apart: write `{better}`", atom.source, behind[0].source, better
    ), None


def _missing(label: str, found: Mismatch, atoms: Sequence[Atom], verb: Span) -> Note:
    if not atoms:
        return Note("E304", verb, sentence("`{label}` wants {found} after it", label, _wanted(found)), _example(found))
    last = atoms[-1]
    advice = _example(found)
    if _takes(found, "text") and last.shape in (WORD, FILLED):
        chosen = _chosen(found, last)
        if chosen and len(atoms) == 2 and atoms[0].shape == STRING:
            message = sentence("`{last}` stands behind the text it belongs to", last.source)
            said = f"{found.row.name} {last.source} {atoms[0].source}"
            return Note("E304", last.span, message, sentence("the emotion stands before its text: `{said}`", said))
        advice = (
            sentence('what is said goes in quotes: `{last} "…"`', last.source) if chosen else _quotes(_spoken([last]))
        )
    return Note(
        "E304",
        last.span,
        sentence("`{label}` wants {found} after {last}", label, _wanted(found), described(last)),
        advice,
    )


def _several_words(kinds: Iterable[Kind], atoms: Sequence[Atom]) -> Note | None:
    """Say that words without quotes are together one of the choices: `Auto Blink`."""
    choices = {choice.casefold(): choice for kind in kinds for choice in kind.choices if " " in choice}
    if not choices:
        return None
    for first in range(len(atoms)):
        words: list[str] = []
        for atom in atoms[first : first + _MOST_WORDS]:
            if atom.shape != WORD:
                break
            words.append(atom.value)
            choice = choices.get(" ".join(words).casefold())
            if choice is not None and len(words) > 1:
                span = _across(atoms[first].span, atom.span)
                return Note(
                    "E304",
                    span,
                    sentence("`{choice}` is one name of several words", choice),
                    sentence('write `"{choice}"`', choice),
                    f'"{choice}"',
                )
    return None


def _one_name(found: Mismatch, atoms: Sequence[Atom]) -> Sentence | None:
    """Guess that a word left over belongs to the name before it: `scene My Room`."""
    name = atoms[found.atom - 1]
    if not any(kind.accepts in ("name", "name or index") for kind in found.row.kinds.values()):
        return None
    words = [name.source]
    for atom in atoms[found.atom :]:
        if atom.shape != WORD:
            break
        words.append(atom.source)
    return sentence('a name of several words stands in quotes: `"{words}"`', " ".join(words))


def _across(first: Span, last: Span) -> Span:
    if first.line != last.line:
        return first
    return Span(first.line, first.column, last.column + last.length - first.column)


def _wanted(found: Mismatch) -> Sentence:
    choices = [*(kind.says for kind in found.kinds), *(f"`{word}`" for word in found.words if word != "for")]
    if not choices:
        choices = [f"`{word}`" for word in found.words]
    return listed(choices, "or")


def _example(found: Mismatch) -> Sentence:
    return sentence("for example: `{example}`", found.row.example)


def _takes(found: Mismatch, accepts: str) -> bool:
    return any(kind.accepts == accepts for kind in found.kinds)


def _unquoted(found: Mismatch, atoms: Sequence[Atom]) -> tuple[Span, str] | None:
    """Take all bare words together where a text is wanted: where they stand, and the text they are."""
    if not _takes(found, "text") or atoms[found.atom].shape not in (WORD, FILLED):
        return None
    if atoms[found.atom].value in (*_MOVING, "wait", "meanwhile", *_BUILT_IN):
        return None
    first = last = found.atom
    if first and atoms[first - 1].shape == WORD and not _chosen(found, atoms[first - 1]):
        first -= 1
    while last + 1 < len(atoms) and atoms[last + 1].shape in (WORD, FILLED, NUMBER):
        last += 1
    return _across(atoms[first].span, atoms[last].span), _spoken(atoms[first : last + 1])


def _chosen(found: Mismatch, atom: Atom) -> bool:
    choices = [choice for kind in found.row.kinds.values() for choice in kind.choices]
    return isinstance(atom.value, str) and atom.value.casefold() in choices


def _spoken(atoms: Sequence[Atom]) -> str:
    return " ".join(f"{{{atom.source[1:]}}}" if atom.source.startswith("$") else atom.source for atom in atoms)


def _quotes(said: str) -> Sentence:
    return sentence('what is said goes in quotes: `"{said}"`', said)


def _way_out(found: Mismatch, atoms: Sequence[Atom], stage: Iterable[Post]) -> tuple[Sentence | None, str | None]:
    """Give help and, where it is mechanical, the replacement for the atom."""
    atom = atoms[found.atom]
    word = atom.value if atom.shape == WORD else ""
    if word in ("wait", "meanwhile"):
        return did_you_mean(f"and {word}"), f"and {word}"
    if word in _BUILT_IN or (word and any(word == post.name or word in post.matchers for post in stage)):
        return sentence("is a `;` missing before `{word}`?", word), f"; {word}"
    if grown := _GROWN.fullmatch(word if isinstance(word, str) else ""):
        return sentence("a space is missing: write `{word} {number}`", grown[1], grown[2]), f"{grown[1]} {grown[2]}"
    behind = atoms[found.atom + 1 : found.atom + 2]
    if found.complete and word in _MEANT and behind and behind[0].shape == TIME:
        return did_you_mean(f"{_MEANT[word]} {behind[0].source}"), _MEANT[word]
    if word and (close := nearest(word, found.words)):
        return did_you_mean(close), close
    written = not atom.source.startswith("$")
    if _takes(found, "duration") and atom.shape == NUMBER and written and not atom.source.startswith("-"):
        return sentence("a time has a unit: `{atom}s`", atom.source), f"{atom.source}s"
    if _takes(found, "number") and atom.shape == STRING and re.fullmatch(r"-?\d+(\.\d+)?", str(atom.value)):
        return sentence("a number stands without quotes"), str(atom.value)
    if atom.shape == STRING and found.complete and (emotion := _takes_emotion(found)):
        return sentence(
            "each further text wants {says} before it: `{choices} {atom}`",
            emotion.says,
            emotion.choices[0],
            atom.source,
        ), None
    return None, None


def _takes_emotion(found: Mismatch) -> Kind | None:
    return next((kind for kind in found.kinds if kind.accepts == "choice" and kind.choices), None)


def refused(label: str, found: Sequence[Wrong], atoms: Sequence[Atom]) -> list[Note]:
    """Word the values that their kinds refuse."""
    quoted = _quote_inside(atoms) or _several_words([one.kind for one in found], atoms)
    if quoted is not None:
        return [quoted]
    return [wrong(label, one, atoms[one.atom])._replace(given=to_come(atoms[one.atom])) for one in found]


def wrong(label: str, found: Wrong, atom: Atom) -> Note:
    """Word a value that its kind refuses."""
    kind, span, source = found.kind, atom.span, atom.source
    if found.why == "choice":
        close = nearest(atom.value, kind.choices) if isinstance(atom.value, str) else None
        advice = did_you_mean(close, there_are(kind.choices))
        return Note(
            "E306",
            span,
            sentence("`{atom}` is not {says}", _said(atom), kind.says),
            advice,
            close if atom.shape == WORD else None,
        )
    if found.why == "switch":
        return Note(
            "E306",
            span,
            sentence("`{label}` wants `on` or `off` here, not `{atom}`", label, _said(atom)),
            sentence("write `on` or `off`"),
        )
    if found.why == "zero":
        message = sentence("`{source}` is no time at all: nothing would be seen of it", source)
        return Note("E404", span, message, sentence("write at least `1ms`, or leave it out"))
    if found.why == "whole":
        message = sentence("{source} cannot be {says}: that is a whole number, 0 or more", source, kind.says)
        return Note("E403", span, message, sentence("places count from 0"))
    if found.why == "endless":
        return Note("E402", span, sentence("this number is too large to be sent"), None)
    if source.startswith("$"):
        source = f"{atom.value} (`{source}`)"
    reach = reach_of(kind.minimum, kind.maximum)
    return Note(
        "E402",
        span,
        sentence("{source} is outside the range of {says}: {reach}", source, kind.says, reach),
        sentence("write a number {reach}", reach),
    )


def reach_of(low: float | None, high: float | None) -> str:
    """Put a range in words; either end may be open."""
    if low is None or high is None:
        return sentence("of {high} or less", high) if low is None else sentence("of {low} or more", low)
    return sentence("from {low} to {high}", low, high)


def _said(atom: Atom) -> str:
    return atom.value if isinstance(atom.value, str) else atom.source

"""How the words after a verb are read: a row's ``form`` taken apart, and made into a matcher for commands.

Knows shapes and kinds, no device and no show: what a name refers to, and how a mismatch is worded, is decided elsewhere
(``timeline``). The spelling of forms is explained at ``vocabulary.Verb``. Two rules settle what could be read twice:
a bare word that stands in the form at this place is that word (quoted, it is a name), and a quoted string is a text
before it is anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from showrunner.devices.vocabulary import HUSH, Argument, Class, Event, Kind, Verb
from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.slotted import dataclass

A_TIME = Kind("duration", sentence("a time like `2s`"))
_REMEMBERED, _LONG = 2048, 64
_LARGEST = 10**15
_SIGN = re.compile(r"\s*(\[|\]|\(|\)|…|\.\.\.|\||[A-Z][A-Z0-9_]*|[a-z][a-z0-9-]*)")

# --- the form of a row


@dataclass(frozen=True, slots=True)
class FormPart:
    """A piece of a form.

    ``op``: ``word`` (one of ``words``), ``hole`` (the placeholder ``words[0]``), ``for`` (`for D`, which every form may
    end with), ``all`` (the ``parts`` in order), ``either`` (one of them), ``maybe`` (the one part or nothing), ``many``
    (the one part once or more).
    """

    op: Literal["word", "hole", "for", "all", "either", "maybe", "many"]
    words: tuple[str, ...] = ()
    parts: tuple[FormPart, ...] = ()


def read_form(form: str) -> FormPart:
    """Read a row's form. ``for D`` is understood at the end where the form does not have it.

    Raises ``ValueError`` where the form itself is misspelled: a mistake in a table, not in a show.
    """
    signs: list[str] = []
    position = 0
    text = form.rstrip()
    while position < len(text):
        found = _SIGN.match(text, position)
        if found is None:
            raise ValueError(f"the form {form!r} cannot be read at {text[position:]!r}")
        signs.append("…" if found[1] == "..." else found[1])
        position = found.end()
    rest, part = _sequence(signs)
    if rest:
        raise ValueError(f"the form {form!r} closes a bracket it never opened")
    if ("for", "D") in pairwise(signs):
        return part
    return FormPart("all", parts=(part, FormPart("maybe", parts=(FormPart("for"),))))


def placeholders(form: str) -> tuple[str, ...]:
    """Name the placeholders of a form, in order. Raises ``ValueError`` where the form is misspelled."""

    def named(part: FormPart) -> tuple[str, ...]:
        own = part.words if part.op == "hole" else ()
        return (*own, *(name for inner in part.parts for name in named(inner)))

    return named(read_form(form))


def _sequence(signs: list[str]) -> tuple[list[str], FormPart]:
    parts: list[FormPart] = []
    while signs and signs[0] not in "])":
        sign, signs = signs[0], signs[1:]
        if sign in "[(":
            signs, part = _sequence(signs)
            if not signs:
                raise ValueError(f"a form opens {sign!r} and never closes it")
            signs = signs[1:]
            if signs and signs[0] == "…":
                part, signs = FormPart("many", parts=(part,)), signs[1:]
            parts.append(FormPart("maybe", parts=(part,)) if sign == "[" else part)
        elif sign == "|":
            if not parts or not signs:
                raise ValueError("a form has a `|` with nothing beside it")
            other = _one(signs[0])
            parts[-1] = _either(parts[-1], other)
            signs = signs[1:]
        elif sign == "for" and signs and signs[0] == "D":
            parts.append(FormPart("for"))
            signs = signs[1:]
        else:
            parts.append(_one(sign))
    return signs, FormPart("all", parts=tuple(parts))


def _one(sign: str) -> FormPart:
    return FormPart("hole" if sign[0].isupper() else "word", words=(sign,))


def _either(first: FormPart, second: FormPart) -> FormPart:
    if first.op == second.op == "word":
        return FormPart("word", words=(*first.words, *second.words))
    return FormPart("either", parts=(*(first.parts if first.op == "either" else (first,)), second))


# --- what stands after a verb

WORD, STRING, FILLED = "<word>", "<string>", "<filled>"
NUMBER, TIME, JSON, ANY = "<number>", "<time>", "<json>", "<any>"
"""Shapes of atoms. FILLED is the text a `$name` stands for; ANY a value nobody knows yet, which fits everywhere."""

_FITS: Mapping[str, frozenset[str]] = {
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


@cache
def _spellings(choices: tuple[str, ...]) -> dict[str, str]:
    return {choice.casefold(): choice for choice in choices}


def _take(kind: Kind, atom: Atom) -> tuple[Any, str | None]:
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


# --- the matcher


class Hole(NamedTuple):
    """A placeholder as it met an atom: ``atom`` is that atom's place in the command."""

    atom: int
    name: str
    kind: Kind


class Fit(NamedTuple):
    """The row that a command's shapes belong to. ``lasting`` is the place of the time after `for`, if there is one."""

    verb: Verb
    holes: tuple[Hole, ...]
    lasting: int | None


@dataclass(frozen=True, slots=True)
class Mismatch:
    """How far the command could be read.

    ``atom``: the place of the first thing that fits nowhere, or the number of atoms where something is missing.
    ``words``: words of the form that could stand there; ``kinds``: placeholders that could; ``complete``: the command
    could have ended before it. ``row``: the row that came as far.
    """

    atom: int
    words: tuple[str, ...]
    kinds: tuple[Kind, ...]
    complete: bool
    row: Verb


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value of the right shape that may not stand there. ``atom`` is its place.

    ``why``: ``choice`` (none of the choices), ``switch`` (neither `on` nor `off`), ``whole`` (no whole number from 0),
    ``low`` or ``high`` (outside the kind's range), ``zero`` (no time at all), ``endless`` (too large to be a number).
    """

    atom: int
    kind: Kind
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """A command that fits: its row, its arguments in order (the row's ``fixed`` ones last), its `for`.

    ``holes`` says which atom each argument came from.
    """

    verb: Verb
    arguments: tuple[Argument, ...]
    lasting: int | None
    holes: tuple[Hole, ...]


class Matcher:
    """All rows of one verb. Made once per table; ``match`` is asked for every command."""

    def __init__(self, rows: Sequence[Verb]) -> None:
        self.rows = tuple(rows)
        self._nodes: list[_State] = []
        accepting: list[int] = []
        starts: list[int] = []
        for row in self.rows:
            for form in (row.form, *row.also):
                end = self._state(_State(accepts=row))
                starts.append(self._wire(read_form(form), row, end))
                accepting.append(end)
        self._start = self._closure(starts)
        self._literals = frozenset(word for node in self._nodes for word in node.words)
        self._fits: dict[tuple[str, ...], Fit | Mismatch] = {}

    @property
    def words(self) -> frozenset[str]:
        """All words that stand in a form of this verb."""
        return self._literals

    def match(self, atoms: Sequence[Atom], span: Span) -> Match | Mismatch | tuple[Wrong, ...]:
        """Read what follows the verb; ``span`` is what arguments get that the row itself supplies."""
        literals = self._literals
        shapes = tuple([atom[1] if atom[0] == WORD and atom[1] in literals else atom[0] for atom in atoms])
        fit = self._fits.get(shapes)
        if fit is None:
            fit = self._fit(shapes)
            if len(shapes) <= _LONG:
                if len(self._fits) >= _REMEMBERED:
                    self._fits.clear()
                self._fits[shapes] = fit
        if isinstance(fit, Mismatch):
            return fit
        verb, holes, at = fit
        arguments: list[Argument] = []
        wrong: list[Wrong] = []
        for place, name, kind in holes:
            atom = atoms[place]
            value, why = _take(kind, atom)
            if why is None:
                arguments.append(Argument(name, value, atom[3]))
            else:
                wrong.append(Wrong(place, kind, why))
        lasting: int | None = None
        if at is not None:
            lasting, why = _take(A_TIME, atoms[at])
            if why is not None:
                wrong.append(Wrong(at, A_TIME, why))
        if wrong:
            return tuple(wrong)
        arguments.extend(Argument(name, value, span) for name, value in verb.fixed)
        return Match(verb, tuple(arguments), lasting, holes)

    def upcoming(self, atoms: Sequence[Atom]) -> Mismatch:
        """Say what may follow these atoms; where they fit no form, what could stand for the first that does not."""
        literals = self._literals
        threads: list[tuple[int, _Trail | None]] = [(state, None) for state in self._start]
        for place, atom in enumerate(atoms):
            shape = atom.value if atom.shape == WORD and atom.value in literals else atom.shape
            moved = self._step(threads, place, shape)
            if not moved:
                return self._expected(threads, place)
            threads = moved
        return self._expected(threads, len(atoms))

    # -- the machine: states joined by words and holes; a set of them is followed through the shapes -------------------

    def _state(self, state: _State) -> int:
        self._nodes.append(state)
        return len(self._nodes) - 1

    def _wire(self, part: FormPart, row: Verb, end: int) -> int:
        """Add states that read ``part`` and go on at ``end``; give the first."""
        if part.op == "word":
            return self._state(_State(words=dict.fromkeys(part.words, end)))
        if part.op == "hole":
            return self._state(_State(hole=part.words[0], kind=row.kinds[part.words[0]], next=end))
        if part.op == "for":
            time = self._state(_State(hole="for", kind=A_TIME, next=end, lasting=True))
            return self._state(_State(words={"for": time}))
        if part.op == "either":
            return self._state(_State(free=[self._wire(inner, row, end) for inner in part.parts]))
        if part.op == "maybe":
            inside = self._wire(part.parts[0], row, end)
            return self._state(_State(free=[inside, end]))
        if part.op == "many":
            again = self._state(_State())
            inside = self._wire(part.parts[0], row, again)
            self._nodes[again].free = [inside, end]
            return inside
        for inner in reversed(part.parts):
            end = self._wire(inner, row, end)
        return end

    def _closure(self, states: Iterable[int]) -> tuple[int, ...]:
        seen: dict[int, None] = {}
        waiting = list(reversed(list(states)))
        while waiting:
            state = waiting.pop()
            if state not in seen:
                seen[state] = None
                waiting.extend(reversed(self._nodes[state].free))
        return tuple(seen)

    def _fit(self, shapes: tuple[str, ...]) -> Fit | Mismatch:
        threads: list[tuple[int, _Trail | None]] = [(state, None) for state in self._start]
        for place, shape in enumerate(shapes):
            moved = self._step(threads, place, shape)
            if not moved:
                return self._expected(threads, place)
            threads = moved
        for state, trail in threads:
            row = self._nodes[state].accepts
            if row is not None:
                return _finish(row, trail)
        return self._expected(threads, len(shapes))

    def _step(
        self, threads: list[tuple[int, _Trail | None]], place: int, shape: str
    ) -> list[tuple[int, _Trail | None]]:
        nodes = self._nodes
        taken = [(nodes[state].words[shape], trail) for state, trail in threads if shape in nodes[state].words]
        if not taken:
            # A word of the form that may not stand here is a word like any other.
            shape = shape if shape.startswith("<") else WORD
            fitting = [
                (state, trail)
                for state, trail in threads
                if (kind := nodes[state].kind) is not None and shape in _FITS[kind.accepts]
            ]
            if shape == STRING:
                texts = [entry for entry in fitting if _accepts(nodes[entry[0]]) == "text"]
                fitting = texts or [entry for entry in fitting if not self._before_text(nodes[entry[0]])]
            taken = [(nodes[state].next, _Trail(trail, place, nodes[state])) for state, trail in fitting]
        moved: dict[int, _Trail | None] = {}
        for start, trail in taken:
            for state in self._closure([start]):
                moved.setdefault(state, trail)
        return list(moved.items())

    def _before_text(self, state: _State) -> bool:
        # An emotion stands bare before what is said: `"happy" "hi"` would be two texts.
        after = self._closure([state.next])
        return _accepts(state) == "choice" and any(_accepts(self._nodes[one]) == "text" for one in after)

    def _expected(self, threads: list[tuple[int, _Trail | None]], place: int) -> Mismatch:
        nodes = [self._nodes[state] for state, _ in threads]
        words = dict.fromkeys(word for node in nodes for word in node.words)
        kinds = {node.kind.says: node.kind for node in nodes if node.kind is not None}
        complete = any(node.accepts for node in nodes)
        row = next((node.accepts for node in nodes if node.accepts), self._row_of(threads))
        return Mismatch(place, tuple(words), tuple(kinds.values()), complete, row)

    def _row_of(self, threads: list[tuple[int, _Trail | None]]) -> Verb:
        """Give the first row that these threads can still become."""
        seen: set[int] = set()
        waiting = [state for state, _ in threads]
        while waiting:
            state = waiting.pop()
            if state not in seen:
                seen.add(state)
                node = self._nodes[state]
                waiting.extend([*node.free, *node.words.values(), *([node.next] if node.kind else [])])
        return next(row for state in sorted(seen) if (row := self._nodes[state].accepts) is not None)


class _State:
    __slots__ = ("accepts", "free", "hole", "kind", "lasting", "next", "words")

    def __init__(
        self,
        *,
        words: dict[str, int] | None = None,
        hole: str = "",
        kind: Kind | None = None,
        next: int = -1,
        free: list[int] | None = None,
        lasting: bool = False,
        accepts: Verb | None = None,
    ) -> None:
        self.words = words or {}
        self.hole = hole
        self.kind = kind
        self.next = next
        self.free = free or []
        self.lasting = lasting
        self.accepts = accepts


class _Trail(NamedTuple):
    before: _Trail | None
    place: int
    state: _State


def _accepts(state: _State) -> str:
    return state.kind.accepts if state.kind else ""


def _finish(row: Verb, trail: _Trail | None) -> Fit:
    holes: list[Hole] = []
    lasting: int | None = None
    while trail is not None:
        if trail.state.lasting:
            lasting = trail.place
        elif trail.state.kind is not None:
            holes.append(Hole(trail.place, trail.state.hole, trail.state.kind))
        trail = trail.before
    return Fit(row, tuple(reversed(holes)), lasting)


_tables: dict[int, tuple[Sequence[Verb] | Sequence[Event], dict[str, Matcher]]] = {}
_TABLES_KEPT = 64


def matchers(verbs: Sequence[Verb] | Sequence[Event]) -> Mapping[str, Matcher]:
    """Give the matcher of every verb or event of a table. Made once: the same tuple of rows gives the same matchers."""
    known = _tables.get(id(verbs))
    if known is not None and known[0] is verbs:
        return known[1]
    rows: dict[str, list[Verb]] = {}
    for verb in verbs:
        rows.setdefault(verb.name, []).append(verb.row if isinstance(verb, Event) else verb)
    row = (
        None if any(isinstance(one, Event) for one in verbs) else hush([one for one in verbs if isinstance(one, Verb)])
    )
    if row is not None:
        rows.setdefault(HUSH, [row])
    made = {name: Matcher(group) for name, group in rows.items()}
    if len(_tables) >= _TABLES_KEPT:
        _tables.clear()
    _tables[id(verbs)] = (verbs, made)
    return made


def hush(verbs: Sequence[Verb]) -> Verb | None:
    """Give the row of `hush` for a table; None where nothing in it speaks."""
    voice = next((verb for verb in verbs if verb.class_ is Class.SPEECH), None)
    if voice is None:
        return None
    says = "Cuts what is said and forgets what is queued to be said."
    return Verb(HUSH, "", {}, Class.IMPULSE, voice.lane, says, HUSH)

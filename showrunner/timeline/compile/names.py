"""The names a book binds before the show plays: constants and definitions, of all its files, and which does which.

In which order they stand does not matter; two of one name, circles and names nobody gave a value are found here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest
from showrunner.syntax import nodes
from showrunner.timeline.compile.constants import UNKNOWN, Constant, atom_of, constant_of, too_long
from showrunner.timeline.compile.notes import Note, settled


class Definition(NamedTuple):
    """A `define` and where it stands."""

    path: str
    line: int
    node: nodes.Define


class Names(NamedTuple):
    """Every name a book binds before the show plays, and what was wrong with them."""

    constants: Mapping[str, Constant]
    defines: Mapping[str, Definition]
    unknown: frozenset[str]
    notes: tuple[Note, ...]


def names_of(book: nodes.Book) -> Names:
    """Gather every `let` and `define` of all files and work out the constants, whatever their order."""
    notes: list[Note] = []
    unknown = frozenset[str]().union(*(source.script.bound for source in book.sources.values()))
    lets: dict[str, tuple[str, int, nodes.Let]] = {}
    defines: dict[str, Definition] = {}
    above = _above(book)
    for path, source in book.sources.items():
        for placed in source.script.items:
            node = placed.node
            if isinstance(node, nodes.Let):
                known = lets.get(node.name)
                if known is None:
                    lets[node.name] = (path, placed.line, node)
                elif known[0] == path or known[0] not in above[path]:
                    notes.append(_twice("E206", "let", node.name, node.name_span, path, placed.line, known))
            elif isinstance(node, nodes.Define):
                if node.name in defines:
                    known_define = defines[node.name]
                    notes.append(_twice("E214", "define", node.name, _name_span(node), path, placed.line, known_define))
                else:
                    defines[node.name] = Definition(path, placed.line, node)
                notes.extend(settled(note, path, placed.line) for note in _parameters(node))
    constants = _work_out(lets, unknown, notes)
    return Names(constants, defines, unknown, tuple(notes))


def _above(book: nodes.Book) -> dict[str, set[str]]:
    """Say of each file which files include it, directly or not."""
    above: dict[str, set[str]] = {path: set() for path in book.sources}
    for path in book.sources:
        for (including, _), included in book.includes.items():
            if including == path and included in above:
                above[included] |= {path} | above[path]
    return above


def _twice(code: str, word: str, name: str, span: Span, path: str, line: int, known: tuple[Any, ...]) -> Note:
    first = f"{known[0]} line {known[1]}" if known[0] != path else f"line {known[1]}"
    note = Note(
        code,
        span,
        sentence("`{word} {name}` is already in {first}", word, name, first),
        sentence("give one of them another name"),
    )
    return settled(note, path, line)


def _name_span(node: nodes.Define) -> Span:
    return Span(node.span.line, node.span.column + len("define "), len(node.name))


def _parameters(node: nodes.Define) -> Iterator[Note]:
    seen: set[str] = set()
    for parameter in node.parameters:
        if parameter.text in seen:
            yield Note(
                "E215",
                parameter.span,
                sentence("`{node}` takes `{parameter}` twice", node.name, parameter.text),
                sentence("give each its name"),
            )
        seen.add(parameter.text)


def _work_out(
    lets: Mapping[str, tuple[str, int, nodes.Let]], unknown: frozenset[str], notes: list[Note]
) -> dict[str, Constant]:
    """Give every constant its value, the ones it is made of first. What goes in a circle is said and left unknown."""
    done: dict[str, Constant] = {}
    for first in lets:
        trail = {first: None}
        while trail:
            name = next(reversed(trail))
            path, line, node = lets[name]
            if name in done:
                del trail[name]
                continue
            needed = next((need for need, _ in _needs(node) if need in lets and need not in done), None)
            if needed is None:
                done[name] = _value(lets[name], done, unknown, lets, notes)
            elif needed in trail:
                names = list(trail)
                circle = [*names[names.index(needed) :], needed]
                message = sentence("these constants are made of each other: {circle}", " -> ".join(circle))
                note = Note("E207", node.name_span, message, sentence("give one of them a value of its own"))
                notes.append(settled(note, path, line))
                done.update(dict.fromkeys(circle, UNKNOWN))
            else:
                trail[needed] = None
    return done


def _needs(node: nodes.Let) -> Iterator[tuple[str, Span]]:
    if isinstance(node.value, nodes.Variable):
        yield node.value.name, node.value.span
    elif isinstance(node.value, nodes.String):
        yield from ((part.name, part.span) for part in node.value.parts if isinstance(part, nodes.Insert))


def _value(
    let: tuple[str, int, nodes.Let],
    done: Mapping[str, Constant],
    unknown: frozenset[str],
    names: Iterable[str],
    notes: list[Note],
) -> Constant:
    path, line, node = let
    reader = _LetReader(done)
    for name, span in _needs(node):
        if name not in done and name not in unknown:
            advice = did_you_mean(nearest(name, names), sentence("a constant can only be made of constants"))
            reader.notes.append(Note("E205", span, sentence("no `let` gives `{name}` a value", name), advice))
    constant = constant_of(atom_of(node.value, reader))
    notes.extend(settled(note, path, line) for note in reader.notes)
    return UNKNOWN if reader.notes or any(name not in done for name, _ in _needs(node)) else constant


class _LetReader:
    """Reads the value of a `let`: what it needs has been looked for already."""

    def __init__(self, done: Mapping[str, Constant]) -> None:
        self.lookup = done.get
        self.notes: list[Note] = []

    def asked(self, name: str, span: Span) -> None:
        """Say nothing: the caller has."""

    def bare(self, name: str, span: Span) -> None:
        """Say nothing: the caller has."""

    def long(self, span: Span) -> None:
        """Refuse a text made of too much."""
        self.notes.append(too_long(span))


# --- which `define` does which


class Calls(NamedTuple):
    """The graph. ``circles`` are the definitions that come back to themselves or do one that does."""

    does: Mapping[str, tuple[str, ...]]
    circles: frozenset[str]
    notes: tuple[Note, ...]

    def reached(self, names: Iterable[str]) -> set[str]:
        """Give every definition that is played when these are."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.does.get(name, ()))
        return found


def calls_of(names: Names) -> Calls:
    """Follow every `do` of every `define`; a circle is said once, where it closes, with its chain."""
    sites = {name: list(_done(defined.node)) for name, defined in names.defines.items()}
    does = {name: tuple(dict.fromkeys(done for done, _ in found)) for name, found in sites.items()}
    notes: list[Note] = []
    circles: set[str] = set()
    done: set[str] = set()
    for first in does:
        if first in done:
            continue
        trail = {first: iter(sites[first])}
        while trail:
            name = next(reversed(trail))
            step = next(trail[name], None)
            if step is None:
                if any(inner in circles for inner in does[name]):
                    circles.add(name)
                done.add(name)
                del trail[name]
                continue
            inner, span = step
            if inner in trail:
                chain = [*list(trail)[list(trail).index(inner) :], inner]
                if not circles.issuperset(chain):
                    notes.append(_circle(names, name, span, chain))
                circles.update(chain)
            elif inner in does and inner not in done:
                trail[inner] = iter(sites[inner])
    return Calls(does, frozenset(circles), tuple(notes))


def _circle(names: Names, name: str, span: Span, chain: list[str]) -> Note:
    message = sentence("`{name}` does itself, so it would never end: {chain}", chain[0], " -> ".join(chain))
    defined = names.defines[name]
    return settled(Note("E210", span, message, sentence("take this `do` out")), defined.path, defined.line)


def _done(node: nodes.Define) -> Iterator[tuple[str, Span]]:
    """Give every `do` in a `define`, with its span as counted from there."""
    yield from _dos(node.body, 0)
    for placed in node.tracks:
        yield from _dos(nodes.Body(placed.node.cues), placed.line)


def _dos(body: nodes.Body, base: int) -> Iterator[tuple[str, Span]]:
    """Give every `do` in a body, with its span as counted from the definition."""
    for placed in body.cues:
        line = base + placed.line
        for command in placed.node.commands:
            if isinstance(command, nodes.Do):
                yield command.name, Span(command.span.line + line, command.span.column, command.span.length)
            elif isinstance(command, nodes.Repeat):
                yield from _dos(command.body, line)
            elif isinstance(command, nodes.Choose):
                for choice in command.choices:
                    yield from _dos(choice.body, line)
            elif isinstance(command, nodes.DeviceCommand | nodes.Hold | nodes.WaitFor):
                for modifier in command.modifiers:
                    if isinstance(modifier, nodes.AndMeanwhile):
                        yield from _dos(modifier.body, line)

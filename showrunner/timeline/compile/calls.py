"""Which `define` does which: the graph of all `do`s between definitions, and the circles in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from showrunner.diagnostics.diagnostic import Span
from showrunner.syntax import nodes
from showrunner.timeline.compile.names import Names
from showrunner.timeline.compile.notes import Note, settled


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
    sites = {name: list(_dos(defined.node.body, 0)) for name, defined in names.defines.items()}
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
    message = f"`{chain[0]}` does itself, so it would never end: {' -> '.join(chain)}"
    defined = names.defines[name]
    return settled(Note("E210", span, message, "take this `do` out"), defined.path, defined.line)


def _dos(body: nodes.Body, base: int) -> Iterator[tuple[str, Span]]:
    """Give every `do` in a body, with its span as counted from the definition."""
    for placed in body.cues:
        line = base + placed.line
        for command in placed.node.commands:
            if isinstance(command, nodes.Do):
                yield command.name, Span(command.span.line + line, command.span.column, command.span.length)
            elif isinstance(command, nodes.Repeat):
                yield from _dos(command.body, line)
            elif isinstance(command, nodes.DeviceCommand | nodes.Hold | nodes.WaitFor):
                for modifier in command.modifiers:
                    if isinstance(modifier, nodes.AndMeanwhile):
                        yield from _dos(modifier.body, line)

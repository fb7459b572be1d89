"""Every name of a show, and every place where it stands: what it is bound at, and what it is used at, in all its files.

Read off the tree. What was found in a statement is kept by that statement, which is the same object as long as nobody
edits it, so after a key only one of them is looked through again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from showrunner.diagnostics.diagnostic import Place, Span
from showrunner.slotted import dataclass
from showrunner.syntax import nodes
from showrunner.syntax.lines import cut
from showrunner.timeline.cues import MAIN

Kind: TypeAlias = Literal["constant", "parameter", "kept", "define", "cue", "button", "segment", "track", "device"]

_NAMED = re.compile(r"""[ \t]*(?:segment|track|define)[ \t]+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s(]+)""")


class Name(NamedTuple):
    """What is called so. ``within`` parts names that may be given twice: of a parameter its `define`, of a cue its
    segment, of a track too; else empty.
    """

    kind: Kind
    text: str
    within: str = ""


class Occurrence(NamedTuple):
    """One place of a name. ``binds``: it gets its meaning there. ``inside`` is the `define` or segment it stands in."""

    name: Name
    place: Place
    binds: bool
    inside: Name | None


class Raw(NamedTuple):
    """The same before it is known what else there is: ``line`` counts from the statement at the left edge.

    ``kind`` ``value``: what a `$name` or `{name}` stands for depends on what is bound elsewhere. ``label``: a word
    below `choose by`, of the answer ``of``.
    """

    kind: Literal[Kind, "value", "label"]
    text: str
    line: int
    span: Span
    binds: bool
    of: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """All occurrences of a show: by name, and by file and line (from 1)."""

    by_name: Mapping[Name, Sequence[Occurrence]]
    by_line: Mapping[tuple[str, int], Sequence[Occurrence]]
    fields: Mapping[str, frozenset[tuple[str, str]]]
    """Of a kept name, the events (device, event) it is kept of."""

    def at(self, path: str, line: int, column: int) -> Occurrence | None:
        """Give the name at a place, line and column from 0; of one that just ends there that."""
        here = self.by_line.get((path, line + 1), ())
        fitting = [one for one in here if one.place.column - 1 <= column <= one.place.column - 1 + one.place.length]
        return min(fitting, key=lambda one: (one.place.length, -one.place.column), default=None)

    def named(self, *kinds: Kind) -> list[Name]:
        """Give the names of these kinds, in the order in which they come."""
        return [name for name in self.by_name if name.kind in kinds]

    def bound(self, name: Name) -> list[Occurrence]:
        """Give the places where a name gets its meaning; of one that gets it nowhere, the first it stands at."""
        found = self.by_name.get(name, ())
        return [one for one in found if one.binds] or list(found[:1])


Kept: TypeAlias = dict[int, tuple[object, tuple[Raw, ...]]]
"""What was found in each statement, by its identity; with the statement, so that no other can have that."""


def index(book: nodes.Book, kept: Kept | None = None) -> tuple[Index, Kept]:
    """Find every name of a book. ``kept`` is what came of the last time; what comes of this time is given, too."""
    before = kept or {}
    now: Kept = {}
    read: list[tuple[str, int, nodes.Item, Sequence[str], tuple[Raw, ...]]] = []
    for path, source in book.sources.items():
        lines = cut(source.text)
        for placed in source.script.items:
            known = before.get(id(placed.node))
            found = known[1] if known is not None else tuple(_item(placed.node, lines, placed.line))
            now[id(placed.node)] = (placed.node, found)
            read.append((path, placed.line, placed.node, lines, found))
    return _resolved(read), now


# ---------------------------------------------------------------------------------------------------- what they mean


def _resolved(read: Sequence[tuple[str, int, nodes.Item, Sequence[str], tuple[Raw, ...]]]) -> Index:
    constants = {raw.text for _, _, _, _, found in read for raw in found if raw.kind == "constant"}
    buttons = _answers(raw for _, _, _, _, found in read for raw in found)
    fields: dict[str, set[tuple[str, str]]] = {}
    by_name: dict[Name, list[Occurrence]] = {}
    by_line: dict[tuple[str, int], list[Occurrence]] = {}
    for path, line, node, _, found in read:
        inside = _inside(node)
        parameters = {one.text for one in node.parameters} if isinstance(node, nodes.Define) else set()
        for raw in found:
            name = _name(raw, inside, parameters, constants, buttons)
            if name is None:
                continue
            one = Occurrence(name, raw.span.place(path, line + raw.line), raw.binds, inside)
            by_name.setdefault(name, []).append(one)
            by_line.setdefault((path, one.place.line), []).append(one)
            if raw.kind == "kept" and raw.of:
                device, _, event = raw.of.partition(" ")
                fields.setdefault(raw.text, set()).add((device, event))
    return Index(by_name, by_line, {name: frozenset(events) for name, events in fields.items()})


def _inside(node: nodes.Item) -> Name | None:
    if isinstance(node, nodes.Define):
        return Name("define", node.name)
    if isinstance(node, nodes.Segment):
        return Name("segment", node.name)
    return Name("segment", MAIN) if isinstance(node, nodes.Cue) else None


def _name(
    raw: Raw,
    inside: Name | None,
    parameters: set[str],
    constants: set[str],
    buttons: Mapping[str, frozenset[str]],
) -> Name | None:
    if raw.kind == "label":
        return Name("button", raw.text) if raw.text in buttons.get(raw.of, ()) else None
    if raw.kind == "value":
        if raw.text in parameters and inside is not None:
            return Name("parameter", raw.text, inside.text)
        return Name("constant" if raw.text in constants else "kept", raw.text)
    if raw.kind in ("parameter", "cue", "track"):
        return Name(raw.kind, raw.text, "" if inside is None else inside.text)
    return Name(raw.kind, raw.text)


def _answers(raws: Iterable[Raw]) -> Mapping[str, frozenset[str]]:
    """Say which buttons each kept name may be the answer of."""
    found: dict[str, set[str]] = {}
    for raw in raws:
        if raw.kind == "kept" and raw.of.startswith("button "):
            found.setdefault(raw.text, set()).update(raw.of.removeprefix("button ").split("\n"))
    return {name: frozenset(words) for name, words in found.items()}


# ------------------------------------------------------------------------------------------------------ in the tree


def _item(node: nodes.Item, lines: Sequence[str], line: int) -> Iterator[Raw]:
    match node:
        case nodes.Show():
            yield from _value(node.title, 0)
        case nodes.Let():
            yield Raw("constant", node.name, 0, node.name_span, binds=True)
            yield from _value(node.value, 0)
        case nodes.Define():
            yield from _headed("define", node.name, lines, line, 0)
            for parameter in node.parameters:
                yield Raw("parameter", parameter.text, 0, parameter.span, binds=True)
            yield from _body(node.body, 0)
        case nodes.Segment():
            yield from _segment(node, lines, line)
        case nodes.When():
            yield from _when(node, 0)
        case nodes.Cue():
            yield from _cue(node, 0)
        case nodes.Include():
            return


def _headed(
    kind: Literal["segment", "track", "define"], name: str, lines: Sequence[str], line: int, down: int
) -> Iterator[Raw]:
    """Find a name behind the word that begins its row; ``line`` is that row's, from 1."""
    found = _NAMED.match(lines[line - 1]) if 0 < line <= len(lines) else None
    if found is not None:
        yield Raw(kind, name, down, Span(0, found.start(1) + 1, len(found[1])), binds=True)


def _segment(node: nodes.Segment, lines: Sequence[str], line: int) -> Iterator[Raw]:
    yield from _headed("segment", node.name, lines, line, 0)
    tempo = (None, None, None) if node.tempo is None else (node.tempo.rate, node.tempo.beats, node.tempo.offset)
    for value in (node.title, node.at_least, node.at_most, node.release, *tempo):
        yield from _value(value, 0)
    if node.until is not None:
        yield from _events(node.until.events, 0)
    for placed in node.items:
        if isinstance(placed.node, nodes.Track):
            yield from _headed("track", placed.node.name, lines, line + placed.line, placed.line)
            for cue in placed.node.cues:
                yield from _cue(cue.node, placed.line + cue.line)
        elif isinstance(placed.node, nodes.When):
            yield from _when(placed.node, placed.line)
        else:
            yield from _cue(placed.node, placed.line)


def _when(node: nodes.When, line: int) -> Iterator[Raw]:
    yield from _events(node.events, line)
    if node.keep is not None:
        yield from _keep(node.keep, node.events, line)
    yield from _value(node.every, line)
    yield from _body(node.body, line)


def _body(body: nodes.Body, line: int) -> Iterator[Raw]:
    for placed in body.cues:
        yield from _cue(placed.node, line + placed.line)


def _cue(node: nodes.Cue, line: int) -> Iterator[Raw]:
    if node.name is not None and node.name_span is not None:
        yield Raw("cue", node.name, line, node.name_span, binds=True)
    at = node.position.at
    for value in (at.number, at.beat) if isinstance(at, nodes.Bar) else (at,):
        yield from _value(value, line)
    yield from _value(node.position.plus, line)
    for command in node.commands:
        yield from _command(command, line)


def _command(node: nodes.Command, line: int) -> Iterator[Raw]:
    match node:
        case nodes.DeviceCommand():
            if isinstance(node.device, nodes.Variable):
                yield from _value(node.device, line)
            elif not node.short:
                yield Raw("device", node.device.text, line, node.device.span, binds=False)
            for argument in node.arguments:
                yield from _value(argument, line)
            yield from _modifiers(node.modifiers, (), line)
        case nodes.Hush():
            yield from _modifiers(node.modifiers, (), line)
        case nodes.Wait():
            yield from _value(node.time, line)
        case nodes.WaitFor():
            yield from _events(node.events, line)
            yield from _modifiers(node.modifiers, node.events, line)
        case nodes.Hold():
            yield from _value(node.label, line)
            yield from _modifiers(node.modifiers, (), line)
        case nodes.Log():
            yield from _value(node.message, line)
        case nodes.Do():
            yield Raw("define", node.name, line, node.name_span, binds=False)
            for given in node.arguments:
                yield from _value(given, line)
        case nodes.Repeat():
            for value in (node.count, node.every, node.most):
                yield from _value(value, line)
            if node.until is not None:
                yield from _events(node.until.events, line)
            yield from _body(node.body, line)
        case nodes.Choose():
            if node.by is not None:
                span = Span(node.by.span.line, node.by.span.column, len(node.by.name))
                yield Raw("value", node.by.name, line, span, binds=False)
            for choice in node.choices:
                yield from _label(choice.label, "" if node.by is None else node.by.name, line)
                yield from _body(choice.body, line)
        case nodes.Stop() | nodes.Nothing():
            return


def _label(label: nodes.Label | None, of: str, line: int) -> Iterator[Raw]:
    if label is None:
        return
    if isinstance(label.word, nodes.Word | nodes.String):
        yield Raw("label", spoken(label.word), line, label.word.span, binds=False, of=of)
    elif label.word is not None:
        yield from _value(label.word, line)
    for bound in (label.least, label.most):
        yield from _value(bound, line)


def _events(events: Sequence[nodes.Event], line: int) -> Iterator[Raw]:
    for event in events:
        if isinstance(event.device, nodes.Word):
            yield Raw("device", event.device.text, line, event.device.span, binds=False)
        elif event.device is not None:
            yield from _value(event.device, line)
        for place, word in enumerate(event.words):
            if not place and event.kind in ("button", "cue") and isinstance(word, nodes.Word | nodes.String):
                kind: Literal["button", "cue"] = "button" if event.kind == "button" else "cue"
                yield Raw(kind, spoken(word), line, word.span, binds=False)
            else:
                yield from _value(word, line)
        yield from _value(event.often, line)


def _modifiers(modifiers: Sequence[nodes.Modifier], events: Sequence[nodes.Event], line: int) -> Iterator[Raw]:
    for modifier in modifiers:
        match modifier:
            case nodes.Keep():
                yield from _keep(modifier, events, line)
            case nodes.Within():
                yield from _value(modifier.time, line)
            case nodes.Retry():
                yield from _value(modifier.count, line)
            case nodes.AndMeanwhile():
                yield from _body(modifier.body, line)
            case _:
                continue


def _keep(keep: nodes.Keep, events: Sequence[nodes.Event], line: int) -> Iterator[Raw]:
    yield Raw("kept", keep.name, line, keep.name_span, binds=True, of=_kept_of(events))
    yield from _value(keep.default, line)


def _kept_of(events: Sequence[nodes.Event]) -> str:
    """Say of what something is kept: of which buttons, or of an event of a device."""
    if events and all(event.kind == "button" for event in events):
        return "button " + "\n".join(
            spoken(event.words[0]) for event in events if isinstance(event.words[0], nodes.Word | nodes.String)
        )
    first = events[0] if events else None
    if first is None or not isinstance(first.device, nodes.Word) or not first.words:
        return ""
    return f"{first.device.text} {getattr(first.words[0], 'text', '')}"


def _value(value: nodes.Argument | nodes.Name | nodes.Json | None, line: int) -> Iterator[Raw]:
    match value:
        case nodes.Variable():
            yield Raw("value", value.name, line, value.span, binds=False)
        case nodes.String():
            for part in value.parts:
                if isinstance(part, nodes.Insert):
                    span = Span(part.span.line, part.span.column + 1, len(part.name))
                    yield Raw("value", part.name, line, span, binds=False)
        case nodes.Pick():
            for choice in value.choices:
                yield from _value(choice, line)
        case nodes.JsonObject():
            for key, member in value.members:
                yield from _value(key, line)
                yield from _value(member, line)
        case nodes.JsonArray():
            for item in value.items:
                yield from _value(item, line)
        case _:
            return


def spoken(word: nodes.Word | nodes.String) -> str:
    """Give the text of a name, as a word or in quotes."""
    if isinstance(word, nodes.Word):
        return word.text
    return "".join(part if isinstance(part, str) else f"{{{part.spelled}}}" for part in word.parts)

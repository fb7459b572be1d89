"""The shape of a file: its segments, tracks, cues and definitions, what can be folded, and what it links to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from showrunner.editing.known import Known
from showrunner.editing.pages import Position, Range, stretch
from showrunner.slotted import dataclass
from showrunner.syntax import nodes
from showrunner.times import clock_to_second

_NAME = re.compile(r"""[ \t]*(?:segment|track|define|cue|show|let|include|when)[ \t]+("[^"]*"|'[^']*'|[^\s(=]+)""")
_INDENT = re.compile(r"[ \t]*")


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that has a name: all of it, its name's stretch, what is inside."""

    name: str
    kind: Literal["segment", "track", "cue", "define", "constant", "when"]
    detail: str
    range: Range
    own: Range
    inside: tuple[Symbol, ...] = ()


def symbols(known: Known, path: str, lines: Sequence[str]) -> list[Symbol]:
    """Give what a file is made of, as it was read last."""
    source = None if known.book is None else known.book.sources.get(path)
    if source is None:
        return []
    return [made for placed in source.script.items if (made := _symbol(known, placed, lines, 0)) is not None]


def _symbol(known: Known, placed: nodes.Placed[nodes.Item], lines: Sequence[str], base: int) -> Symbol | None:
    node, line = placed.node, base + placed.line
    match node:
        case nodes.Segment():
            inside = [_inner(known, item, lines, line) for item in node.items]
            kept = tuple(one for one in inside if one is not None)
            title = _plain(node.title)
            starts = known.schedule.starts.get(node.name)
            detail = " · ".join(filter(None, ["" if starts is None else clock_to_second(starts), title]))
            return _made("segment", node.name, detail, lines, line, kept)
        case nodes.Define():
            takes = f"({', '.join(one.text for one in node.parameters)})" if node.parameters else ""
            return _made("define", node.name, takes, lines, line)
        case nodes.Let():
            value = lines[line - 1].partition("=")[2].strip() if line <= len(lines) else ""
            return _made("constant", node.name, value, lines, line)
        case nodes.When():
            return _made("when", f"when {node.source}", "", lines, line)
        case nodes.Cue():
            return None if node.name is None else _made("cue", node.name, node.position.source, lines, line)
        case _:
            return None


def _inner(
    known: Known,
    placed: nodes.Placed[nodes.Cue] | nodes.Placed[nodes.Track] | nodes.Placed[nodes.When],
    lines: Sequence[str],
    base: int,
) -> Symbol | None:
    node, line = placed.node, base + placed.line
    if isinstance(node, nodes.Track):
        cues = [_inner(known, cue, lines, line) for cue in node.cues]
        return _made("track", node.name, "", lines, line, tuple(one for one in cues if one is not None))
    if isinstance(node, nodes.When):
        return _made("when", f"when {node.source}", "", lines, line)
    return None if node.name is None else _made("cue", node.name, node.position.source, lines, line)


def _plain(title: nodes.String | None) -> str:
    return "" if title is None else title.source[1:-1]


def _made(
    kind: Literal["segment", "track", "cue", "define", "constant", "when"],
    name: str,
    detail: str,
    lines: Sequence[str],
    line: int,
    inside: tuple[Symbol, ...] = (),
) -> Symbol | None:
    """Make a symbol of the block that begins on a line (from 1)."""
    if line > len(lines):
        return None
    first = line - 1
    last = block_end(lines, first)
    found = _NAME.match(lines[first])
    own = stretch(first, *((found.start(1), found.end(1)) if found else (0, len(lines[first]))))
    whole = Range(Position(first, _width(lines[first])), Position(last, len(lines[last])))
    return Symbol(name or "?", kind, detail, whole, own, inside)


def _width(line: str) -> int:
    found = _INDENT.match(line)
    return 0 if found is None else found.end()


def block_end(lines: Sequence[str], first: int) -> int:
    """Give the last line of the block below a line, or that line itself."""
    width, last = _width(lines[first]), first
    for number in range(first + 1, len(lines)):
        if not lines[number].strip():
            continue
        if _width(lines[number]) <= width:
            break
        last = number
    return last


@dataclass(frozen=True, slots=True)
class Fold:
    """Lines (from 0) that can be folded away below the first of them."""

    first: int
    last: int
    remark: bool = False


def folds(lines: Sequence[str]) -> list[Fold]:
    """Give what can be folded: blocks below their line, and comments that stand together."""
    found: list[Fold] = []
    open_: list[tuple[int, int, int]] = []  # width, first line, last line that said something
    remarks: list[int] = []
    for number, line in enumerate([*lines, ""]):
        text = line.strip()
        if text.startswith("#") and number < len(lines):
            remarks.append(number)
            continue
        if len(remarks) > 1:
            found.append(Fold(remarks[0], remarks[-1], remark=True))
        remarks = []
        if not text and number < len(lines):
            continue
        width = _width(line) if number < len(lines) else -1
        while open_ and open_[-1][0] >= width:
            _, first, last = open_.pop()
            if last > first:
                found.append(Fold(first, last))
        open_ = [(one, first, number) for one, first, _ in open_] if number < len(lines) else []
        if number < len(lines):
            open_.append((width, number, number))
    return sorted(found, key=lambda one: (one.first, one.last))


# ------------------------------------------------------------------------------------------------------------- links


@dataclass(frozen=True, slots=True)
class Link:
    """A stretch that names a file, and that file as it is written; ``of_show``: it counts from the show's folder, else
    from the file in which it stands.
    """

    range: Range
    path: str
    of_show: bool


def links(known: Known, path: str) -> list[Link]:
    """Give the files that a file names: what it includes, pictures and documents of its commands."""
    source = None if known.book is None else known.book.sources.get(path)
    if source is None:
        return []
    found: list[Link] = []
    for placed in source.script.items:
        if isinstance(placed.node, nodes.Include):
            found += _named(placed.node.path, placed.line, of_show=False)
        else:
            for line, command in commands(placed.node, placed.line):
                found += _files(known, command, line)
    return found


def _named(text: nodes.String, line: int, *, of_show: bool) -> Iterator[Link]:
    if len(text.parts) == 1 and isinstance(text.parts[0], str):
        start = text.span.column
        yield Link(stretch(line + text.span.line - 1, start, start + text.span.length - 2), text.parts[0], of_show)


def _files(known: Known, command: nodes.DeviceCommand, line: int) -> Iterator[Link]:
    if not isinstance(command.device, nodes.Word):
        return
    post = known.post(None if command.short else command.device.text, command.verb.text)
    matcher = None if post is None else post.matchers.get(command.verb.text)
    kinds = () if matcher is None else [kind for row in matcher.rows for kind in row.kinds.values()]
    if any(kind.picture or kind.document for kind in kinds):
        for argument in command.arguments:
            if isinstance(argument, nodes.String) and "." in argument.source:
                yield from _named(argument, line, of_show=True)


def commands(node: nodes.Item | nodes.Track, line: int) -> Iterator[tuple[int, nodes.DeviceCommand]]:
    """Give every command of a device in a statement, with the line (from 1) its spans count from."""
    match node:
        case nodes.Segment():
            for item in node.items:
                yield from commands(item.node, line + item.line)
        case nodes.Track():
            for cue in node.cues:
                yield from commands(cue.node, line + cue.line)
        case nodes.Define() | nodes.When():
            yield from _in_body(node.body, line)
        case nodes.Cue():
            for command in node.commands:
                yield from _in_command(command, line)
        case _:
            return


def _in_body(body: nodes.Body, line: int) -> Iterator[tuple[int, nodes.DeviceCommand]]:
    for placed in body.cues:
        yield from commands(placed.node, line + placed.line)


def _in_command(command: nodes.Command, line: int) -> Iterator[tuple[int, nodes.DeviceCommand]]:
    match command:
        case nodes.DeviceCommand():
            yield line, command
        case nodes.Repeat():
            yield from _in_body(command.body, line)
        case nodes.Choose():
            for choice in command.choices:
                yield from _in_body(choice.body, line)
        case _:
            pass
    if isinstance(command, nodes.DeviceCommand | nodes.WaitFor | nodes.Hold):
        for modifier in command.modifiers:
            if isinstance(modifier, nodes.AndMeanwhile):
                yield from _in_body(modifier.body, line)

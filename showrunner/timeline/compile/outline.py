"""What a book is made of: its title, and its segments in the order in which they play."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import NamedTuple, TypeAlias, cast

from showrunner.syntax import nodes
from showrunner.timeline.compile.constants import Reader, text_of

Cues: TypeAlias = tuple[nodes.Placed[nodes.Cue], ...]


class Scene(NamedTuple):
    """A segment, or the cues of a file that has none: they form the segment `main`.

    ``line`` is the segment's; 0 for cues alone, whose own lines count from the file.
    """

    path: str
    line: int
    node: nodes.Segment | Cues


def skeleton(book: nodes.Book) -> nodes.Book:
    """Give the book without cues outside of segments, but for the first of each file: a long file has little else."""
    sources: dict[str, nodes.Source] = {}
    for path, source in book.sources.items():
        items = source.script.items
        kept = [placed for placed in items if type(placed.node) is not nodes.Cue]
        if len(kept) < len(items):
            first = next(number for number, placed in enumerate(items) if type(placed.node) is nodes.Cue)
            kept.insert(first, items[first])
        sources[path] = replace(source, script=replace(source.script, items=tuple(kept)))
    return replace(book, sources=sources)


class Edge(NamedTuple):
    """A `when` at the left edge, and where it stands."""

    path: str
    line: int
    node: nodes.When


def scenes(bones: nodes.Book, book: nodes.Book) -> Iterator[Scene | Edge]:
    """Give every segment and every `when` at the left edge of the book, in playing order. ``bones`` is its skeleton."""
    trail = [(book.main, iter(bones.sources[book.main].script.items))]
    while trail:
        path, items = trail[-1]
        placed = next(items, None)
        if placed is None:
            trail.pop()
            continue
        node = placed.node
        if isinstance(node, nodes.Segment):
            yield Scene(path, placed.line, node)
        elif isinstance(node, nodes.When):
            yield Edge(path, placed.line, node)
        elif isinstance(node, nodes.Cue):
            yield Scene(path, 0, _loose(book.sources[path].script, len(bones.sources[path].script.items) == 1))
        elif isinstance(node, nodes.Include):
            part = book.includes.get((path, placed.line))
            if part is not None and part in book.sources:
                trail.append((part, iter(bones.sources[part].script.items)))


def _loose(script: nodes.Script, nothing_else: bool) -> Cues:
    items = script.items if nothing_else else [one for one in script.items if type(one.node) is nodes.Cue]
    return cast("Cues", tuple(items))


def title(book: nodes.Book, reader: Reader) -> str:
    """Give the title, constants filled in."""
    for placed in book.sources[book.main].script.items:
        if isinstance(placed.node, nodes.Show):
            text = text_of(placed.node.title, reader)
            return text if isinstance(text, str) else ""
    return PurePosixPath(book.main.replace("\\", "/")).stem


def titles(book: nodes.Book) -> Iterator[tuple[str, int, nodes.Show]]:
    """Give every `show` line with its file and line: what is inserted into it is looked at with everything else."""
    for path, source in book.sources.items():
        for placed in source.script.items:
            if isinstance(placed.node, nodes.Show):
                yield path, placed.line, placed.node

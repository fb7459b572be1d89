"""In which order the segments of a book play: each file's where its `include` stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias, cast

from showrunner.syntax import nodes

Cues: TypeAlias = tuple[nodes.Placed[nodes.Cue], ...]


class Scene(NamedTuple):
    """A segment, or the cues of a file that has none: they form the segment `main`.

    ``line`` is the segment's; 0 for cues alone, whose own lines count from the file.
    """

    path: str
    line: int
    node: nodes.Segment | Cues


def scenes(book: nodes.Book) -> Iterator[Scene]:
    """Give every segment of the book, in playing order."""
    trail = [(book.main, iter(book.sources[book.main].script.items))]
    given: set[str] = set()
    while trail:
        path, items = trail[-1]
        placed = next(items, None)
        if placed is None:
            trail.pop()
            continue
        node = placed.node
        if isinstance(node, nodes.Segment):
            yield Scene(path, placed.line, node)
        elif isinstance(node, nodes.Cue):
            if path not in given:
                given.add(path)
                yield Scene(path, 0, _loose(book.sources[path].script))
        elif isinstance(node, nodes.Include):
            part = book.includes.get((path, placed.line))
            if part is not None and part in book.sources:
                trail.append((part, iter(book.sources[part].script.items)))


def _loose(script: nodes.Script) -> Cues:
    return tuple([cast("nodes.Placed[nodes.Cue]", placed) for placed in script.items if type(placed.node) is nodes.Cue])

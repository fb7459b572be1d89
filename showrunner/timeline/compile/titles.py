"""What a show is called: its `show "…"`, or the name of its file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from showrunner.syntax import nodes
from showrunner.timeline.compile.constants import text_of
from showrunner.timeline.compile.draft import Draft
from showrunner.timeline.compile.notes import Note


def title(book: nodes.Book, reader: Draft) -> str:
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


def given_twice(book: nodes.Book) -> Iterator[Note]:
    """E223: a file that gives the show its title a second time."""
    first: dict[str, int] = {}
    for path, line, node in titles(book):
        if first.setdefault(path, line) != line:
            message = f"the show has its title already, in line {first[path]}"
            yield Note("E223", node.span.place(path, line), message, "keep one of the two lines")

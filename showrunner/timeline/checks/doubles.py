"""Names given twice: of cues and tracks in a segment or a `define`, of segments in a show, and the title of a file."""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.timeline.compile.draft import Beside, Whole
from showrunner.timeline.compile.facts import Spot
from showrunner.timeline.compile.notes import LINE, Note, further
from showrunner.timeline.cues import MAIN

_OTHER = sentence("give one of them another name")


def cues(beside: Beside) -> Iterator[Note]:
    """E213: two cues of a segment, or of a `define` with tracks, have one name."""
    seen: dict[str, Spot] = {}
    for listed in beside.lists:
        for named in listed.block.facts:
            if named.kind != "named":
                continue
            spot = named.spot.further(listed.base)
            first = seen.setdefault(named.name, spot)
            if first is not spot and isinstance(first.where, Span):
                message = sentence("there is a cue `{named}` in line {line} already", named.name, LINE)
                yield spot.note("E213", message, _OTHER)._replace(lines=(first.where.line,))


def tracks(beside: Beside) -> Iterator[Note]:
    """E212: two tracks of a segment, or of a `define`, have one name."""
    seen: dict[str, Span | None] = {}
    for listed in beside.lists:
        if listed.name in seen and listed.span is not None:
            message = sentence("this {place} has a track `{track}` already", beside.of, listed.name)
            if listed.name == MAIN and seen[MAIN] is None:
                message = sentence("the cues of the {place} itself are its track `main`", beside.of)
            yield Note("E212", further(listed.span, listed.base), message, sentence("give it another name"))
        seen.setdefault(listed.name, listed.span)


def segments(show: Whole) -> Iterator[Note]:
    """E211: two segments of a show have one name."""
    first: dict[str, str] = {}
    for part in show.parts:
        name, spot = part.segment.name, part.spot
        if name in first:
            yield Note(
                "E211", spot, sentence("there is a segment `{name}` already, in {first}", name, first[name]), _OTHER
            )
        first.setdefault(name, f"{spot.path} line {spot.line}")


def titles(show: Whole) -> Iterator[Note]:
    """E223: a file gives the show its title a second time."""
    first: dict[str, int] = {}
    for path, line, node in show.titles:
        if first.setdefault(path, line) != line:
            message = sentence("the show has its title already, in line {first}", first[path])
            yield Note("E223", node.span.place(path, line), message, sentence("keep one of the two lines"))

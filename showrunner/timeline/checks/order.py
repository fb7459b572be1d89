"""The order of a list: what each position says about the line above it."""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.syntax import nodes
from showrunner.timeline.compile.draft import Drafts, Passage
from showrunner.timeline.compile.notes import LINE, Note, further
from showrunner.times import as_clock


def order(seen: Passage) -> Iterator[Note]:
    """E201, E202, E203: a line that has nothing above it, comes too early, or waits for what never ends."""
    run = seen.run
    written, highest, highest_line, above = run.written, run.highest, run.highest_line, run.above
    for line, draft in seen.drafts:
        position = draft.made.position
        at = position.at
        if at is None and position.plus is not None:
            if above is None:
                yield _first(draft.node, line)
            elif position.then and _endless(above.node):
                yield _never(draft.node, line)
            written = None if position.then or written is None else written + position.plus
            time = written
        else:
            if position.then:
                if above is None:
                    yield _first(draft.node, line)
                elif _endless(above.node):
                    yield _never(draft.node, line)
            written = None if position.then else at
            time = at
            if at is not None and at < highest:
                yield _early(draft.node, at, line, seen.whole, highest, highest_line)
        if time is not None and time >= highest:
            highest, highest_line = time, line
        above = draft
    run.written, run.highest, run.highest_line = written, highest, highest_line


def _first(node: nodes.Cue, line: int) -> Note:
    word = "then" if node.position.then else "at +"
    message = f"`{word}` looks at the line above it, and here is none: this list begins with it"
    span = node.position.span
    return Note("E201", further(span, line), message, "begin with `at 2s`, for example", below=0)


def _never(node: nodes.Cue, line: int) -> Note:
    message = "`then` would wait for ever: the `repeat` above it has no end"
    advice = "give the `repeat` a number of times, or say when with `at`"
    return Note("E203", further(node.position.span, line), message, advice)


def _endless(node: nodes.Cue) -> bool:
    last = node.commands[-1] if node.commands else None
    return isinstance(last, nodes.Repeat) and last.count is None


def _early(node: nodes.Cue, at: int, line: int, drafts: Drafts, highest: int, highest_line: int) -> Note:
    source = node.position.at.source if isinstance(node.position.at, nodes.Clock | nodes.Duration) else as_clock(at)
    home = highest_line
    for other, draft in drafts:
        if other >= line:
            break
        position = draft.made.position
        if position.at is not None and position.at > at:
            home = other
            break
    message = f"`{source}` is earlier than {as_clock(highest)} in line {LINE}, and a list is played from top to bottom"
    advice = f"this line belongs above line {LINE}"
    return Note("E202", further(node.position.span, line), message, advice, lines=(highest_line, home))

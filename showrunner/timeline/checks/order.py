"""The order of a list: what each position says about the line above it."""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.diagnostics.sentence import sentence
from showrunner.syntax import nodes
from showrunner.timeline.compile.draft import Draft, Drafts, Passage
from showrunner.timeline.compile.notes import LINE, Note, further
from showrunner.times import Exact, as_clock, rounded, short

LEAST = 100_000
"""Microseconds by which a cue may come late before a pause is called swallowed."""


def order(seen: Passage) -> Iterator[Note]:
    """E201, E202, E203, W518, W520: a line that has nothing above it, comes too early, waits for what never ends, is
    meant to come after a pause that is gone, or at a bar that is past.

    What the operator or the world lets go (`hold`, `wait for`) stops the clock: behind it no pause is swallowed. Nobody
    knows for how long it stops a list whose clock goes on with the music.
    """
    run = seen.run
    written, highest, highest_line, above = run.written, run.highest, run.highest_line, run.above
    above_line = run.above_line
    for (line, draft), moment in zip(seen.drafts, seen.timing.moments, strict=True):
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
        early = at is not None and at < highest
        if moment.overrun >= LEAST and not early and above is not None and not above.stops:
            if position.bar and moment.overrun > LEAST:
                yield _off(above_line, draft.node, line, moment.overrun)
            elif not (position.bar or position.then):
                yield _swallowed(above_line, draft, line, moment.overrun)
        if time is not None and time >= highest:
            highest, highest_line = time, line
        above, above_line = draft, line
    run.written, run.highest, run.highest_line = written, highest, highest_line


def _swallowed(above_line: int, draft: Draft, line: int, overrun: int) -> Note:
    position = draft.node.position.source
    message = sentence(
        "this pause is swallowed: line {line} lasts about {overrun} longer than `{position}` leaves it",
        LINE,
        short(overrun),
        position,
    )
    if draft.node.position.plus is not None:
        better = f"then{position.removeprefix('at')}"
        advice = sentence("write `{better}`: so long after line {line} is over", better, LINE)
    else:
        better = f"then {position}"
        advice = sentence(
            "write `{better}` if it may come late, or `then +500ms` for a pause after line {line}", better, LINE
        )
    span = further(draft.node.position.span, line)
    return Note("W518", span, message, advice, better, lines=(above_line, above_line))


def _off(above_line: int, node: nodes.Cue, line: int, late: int) -> Note:
    message = sentence(
        "this comes about {late} late, off the music: line {line} lasts beyond `{position}`",
        short(late),
        LINE,
        node.position.source,
    )
    advice = sentence(
        "music does not wait: begin line {line} earlier, give it a track of its own, or take a later bar", LINE
    )
    return Note("W520", further(node.position.span, line), message, advice, lines=(above_line, above_line))


def _first(node: nodes.Cue, line: int) -> Note:
    word = "then" if node.position.then else "at +"
    message = sentence("`{word}` looks at the line above it, and here is none: this list begins with it", word)
    span = node.position.span
    return Note("E201", further(span, line), message, sentence("begin with `at 2s`, for example"), below=0)


def _never(node: nodes.Cue, line: int) -> Note:
    message = sentence("`then` would wait for ever: the `repeat` above it has no end")
    advice = sentence("give the `repeat` a number of times, or say when with `at`")
    return Note("E203", further(node.position.span, line), message, advice)


def _endless(node: nodes.Cue) -> bool:
    last = node.commands[-1] if node.commands else None
    return isinstance(last, nodes.Repeat) and last.endless


def _spelled(node: nodes.Cue, at: Exact) -> str:
    written = node.position.at
    return as_clock(rounded(at)) if written is None or isinstance(written, nodes.Variable) else written.source


def _early(node: nodes.Cue, at: Exact, line: int, drafts: Drafts, highest: Exact, highest_line: int) -> Note:
    source = _spelled(node, at)
    latest, home = as_clock(rounded(highest)), highest_line
    for other, draft in drafts:
        if other >= line:
            break
        if other == highest_line and isinstance(draft.node.position.at, nodes.Bar):
            latest = f"`{draft.node.position.at.source}`"
        if home != highest_line:
            continue
        position = draft.made.position
        if position.at is not None and position.at > at:
            home = other
    message = sentence(
        "`{source}` is earlier than {latest} in line {line}, and a list is played from top to bottom",
        source,
        latest,
        LINE,
    )
    advice = sentence("this line belongs above line {line}", LINE)
    return Note("E202", further(node.position.span, line), message, advice, lines=(highest_line, home))

"""What the script says about each cue, by the names that cues have in the journal: when it comes, and what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from showrunner.timeline.cues import (
    Await,
    Body,
    Call,
    Cue,
    CueList,
    Hold,
    Log,
    Pause,
    Position,
    Repeat,
    Send,
    Step,
    Stop,
)
from showrunner.times import as_clock, as_duration

_POSITION = re.compile(
    r"""[ \t]*(?:cue[ \t]+(?:"[^"]*"|'[^']*'|\S+)[ \t]+)?"""
    r"""((?:then[ \t]+at[ \t]|(?:then|at)[ \t]*\+|at[ \t])[ \t]*[^\s;#]+|then(?![\w.@-]))"""
)


def written(cues: CueList, texts: Mapping[str, str] | None = None) -> dict[tuple[str, str], str]:
    """Give segment and cue (its name, or `L` and its line, without the way to it) -> its position, in words.

    With the files' ``texts`` they are the author's own words (`then +$beat`); a cue without a position has none.
    """
    lines = {path: text.split("\n") for path, text in (texts or {}).items()}
    found: dict[tuple[str, str], str] = {}
    for segment, label, cue, file, line in _all(cues):
        here = lines.get(file, ())
        said = _quoted(here[line - 1]) if 0 < line <= len(here) else words(cue.position)
        found.setdefault((segment, label), said)
    return found


def contents(cues: CueList) -> dict[tuple[str, str], str]:
    """Give segment and cue -> its commands, as written, `;` between them."""
    found: dict[tuple[str, str], str] = {}
    for segment, label, cue, _, _ in _all(cues):
        found.setdefault((segment, label), "; ".join(map(_said, cue.steps)))
    return found


def words(position: Position) -> str:
    """Write a position as the language does: `at 00:05`, `then +2s`."""
    plus = "" if not position.plus else f"+{as_duration(position.plus)}"
    if position.at is not None:
        return ("then " if position.then else "") + f"at {as_clock(position.at)}"
    return f"{'then' if position.then else 'at'} {plus}".rstrip()


def _quoted(line: str) -> str:
    match = _POSITION.match(line)
    return " ".join(match[1].split()).replace("+ ", "+") if match else ""


def _said(step: Step) -> str:
    match step:
        case Send() | Await() | Hold():
            return step.text
        case Pause():
            return f"wait {as_duration(step.time)}"
        case Log():
            return f'log "{step.message}"' if isinstance(step.message, str) else "log …"
        case Stop():
            return "stop"
        case Call():
            return f"do {step.name}"
        case Repeat():
            every = f"every {as_duration(step.every)}"
            return f"repeat {every}" if step.count is None else f"repeat {step.count} times {every}"


def _all(cues: CueList) -> Iterator[tuple[str, str, Cue, str, int]]:
    for segment in cues.segments:
        for track in segment.tracks:
            for label, cue, file, line in _labelled(track.body, track.file, track.line, cues.main):
                yield segment.name, label, cue, file, line


def _labelled(body: Body, file: str, base: int, main: str) -> Iterator[tuple[str, Cue, str, int]]:
    for cue in body.cues:
        line = base + cue.line
        number = f"L{line}" if file == main else f"{file.rpartition('/')[2]}:L{line}"
        yield cue.name or number, cue, file, line
        for step in cue.steps:
            match step:
                case Call():
                    yield from _labelled(step.body, step.file, step.line, main)
                case Repeat():
                    yield from _labelled(step.body, file, line, main)
                case Send(meanwhile=inside) | Await(meanwhile=inside) | Hold(meanwhile=inside) if inside is not None:
                    yield from _labelled(inside, file, line, main)
                case _:
                    pass

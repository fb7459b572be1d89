"""What the script says about when each cue comes, by the names that cues have in the journal."""

from __future__ import annotations

from collections.abc import Iterator

from showrunner.cli.table import clock, short
from showrunner.timeline.cues import Await, Body, Call, CueList, Hold, Position, Repeat, Send


def written(cues: CueList) -> dict[tuple[str, str], str]:
    """Give segment and cue (its name, or `L` and its line, without the way to it) -> its position, in words."""
    found: dict[tuple[str, str], str] = {}
    for segment in cues.segments:
        for track in segment.tracks:
            for label, position in _labelled(track.body, track.file, track.line, cues.main):
                found.setdefault((segment.name, label), words(position))
    return found


def words(position: Position) -> str:
    """Write a position as the language does: `at 00:05`, `then +2s`."""
    plus = "" if not position.plus else f"+{short(position.plus).replace(' ', '')}"
    if position.at is not None:
        time = clock(position.at)
        return ("then " if position.then else "") + f"at {time.removesuffix('.000')}"
    return f"{'then' if position.then else 'at'} {plus}".rstrip()


def _labelled(body: Body, file: str, base: int, main: str) -> Iterator[tuple[str, Position]]:
    for cue in body.cues:
        line = base + cue.line
        number = f"L{line}" if file == main else f"{file.rpartition('/')[2]}:L{line}"
        yield cue.name or number, cue.position
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

"""What stands beside the lines: when they come, how long what is said takes, bars; what can be done with a part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from showrunner.editing.known import Known
from showrunner.editing.pages import Position, Range, stretch
from showrunner.reports.timetable import TimedCue
from showrunner.slotted import dataclass
from showrunner.syntax import nodes
from showrunner.syntax.parser import tokens
from showrunner.timeline.cues import MAIN
from showrunner.times import clock, length, moment, tenths

_TIMED = frozenset({"AT", "THEN", "PLUS", "CLOCK", "DURATION", "BAR", "BEAT", "NUMBER", "VARIABLE"})


@dataclass(frozen=True, slots=True)
class Hint:
    """Something written beside the text, behind a position. ``says``: more of it, for a small box."""

    place: Position
    text: str
    says: str


def hints(known: Known, path: str, lines: Sequence[str], first: int = 0, last: int | None = None) -> list[Hint]:
    """Give the absolute times of cues, the bars, and how long what is said is estimated to take, of some lines."""
    plan = known.schedule
    found: list[Hint] = []
    end = len(lines) - 1 if last is None else min(last, len(lines) - 1)
    for line in range(max(0, first), end + 1):
        cues = plan.cues.get((path, line + 1), ())
        if cues and (hint := _time(known, lines[line], line, cues)) is not None:
            found.append(hint)
        found += _spoken(known, path, lines[line], line)
    return found


def _time(known: Known, text: str, line: int, cues: Sequence[TimedCue]) -> Hint | None:
    first = cues[0]
    behind = _position_end(text)
    if behind is None:
        return None
    music = known.schedule.bars.get(first.where[0])
    bar = "" if music is None else music.place(first.at)
    written = text[:behind].split()[-1:]
    if not bar and len(cues) == 1 and text.lstrip().startswith("at ") and written and moment(written[0]) == first.at:
        return None  # it says so itself
    more = f", {len(cues):,} times" if len(cues) > 1 else ""
    said = f"= {clock(first.at)}{f' · {bar}' if bar else ''}{more}"
    times = ", ".join(clock(one.at) for one in cues[:12]) + (" …" if len(cues) > 12 else "")
    return Hint(Position(line, behind), said, f"planned at {times}")


def _position_end(text: str) -> int | None:
    """Find where the position of a cue ends on its line."""
    read = tokens(text)
    begin = 2 if read and read[0][0] == "_CUE" else 0
    if len(read) <= begin or read[begin][0] not in ("AT", "THEN"):
        return None
    end = begin
    while end + 1 < len(read) and read[end + 1][0] in _TIMED and not _a_device(read, end + 1):
        end += 1
    return read[end][2] + len(read[end][1])


def _a_device(read: Sequence[tuple[str, str, int]], place: int) -> bool:
    """Tell whether a `$name` behind `then` is a device, as what follows it shows."""
    return read[place][0] == "VARIABLE" and read[place - 1][0] not in ("AT", "PLUS", "BAR", "BEAT")


def _spoken(known: Known, path: str, text: str, line: int) -> Iterator[Hint]:
    """Say behind each text on a line that is spoken how long that takes."""
    if known.plan is None:
        return
    lasting = known.schedule.voices
    seen: set[str] = set()
    at = 0
    for command in known.schedule.commands.get((path, line + 1), ()):
        taken = lasting.get(command.id)
        row = command.text.partition("\n")[0]
        if taken is None or row in seen:
            continue
        seen.add(row)
        begun = text.find(row, at)
        if begun < 0:
            continue
        at = begun + len(row)
        yield Hint(Position(line, at), f"~{tenths(taken)}", "how long it is estimated to be heard")


# -------------------------------------------------------------------------------------------- what can be done with it


@dataclass(frozen=True, slots=True)
class Lens:
    """Something to be done with a part of a show: it stands above a line. ``point`` None: with all of it."""

    range: Range
    title: str
    what: str
    point: str | None


DRY_RUN, REHEARSE = "showrunner.dryRun", "showrunner.rehearse"
"""What an editor, or the server, is asked to do."""


def lenses(known: Known, path: str, lines: Sequence[str]) -> list[Lens]:
    """Offer to play a segment dry and to rehearse from it, and from cues that have a name."""
    book = known.book
    source = None if book is None else book.sources.get(path)
    if source is None or book is None:
        return []
    found: list[Lens] = []
    if path == book.main:
        whole = "" if known.plan is None else f" · {length(known.plan.length)}"
        here = stretch(0, 0, len(lines[0]) if lines else 0)
        found += [
            Lens(here, f"dry run{whole}", DRY_RUN, None),
            Lens(here, "rehearse", REHEARSE, None),
        ]
    for placed in source.script.items:
        node = placed.node
        if isinstance(node, nodes.Segment):
            found += _of_segment(known, node, placed.line, lines)
        elif isinstance(node, nodes.Cue) and node.name is not None:
            found.append(_from(placed.line, lines, f"{MAIN}/{node.name}"))
    return found


def _of_segment(known: Known, node: nodes.Segment, line: int, lines: Sequence[str]) -> Iterator[Lens]:
    plan = known.schedule
    start, end = plan.starts.get(node.name), plan.ends.get(node.name)
    lasts = "" if start is None or end is None else f" · {length(end - start)}"
    here = stretch(line - 1, 0, len(lines[line - 1]) if line <= len(lines) else 0)
    yield Lens(here, f"dry run this segment{lasts}", DRY_RUN, node.name)
    yield Lens(here, "rehearse from here", REHEARSE, node.name)
    for placed in node.items:
        below = placed.node.cues if isinstance(placed.node, nodes.Track) else (placed,)
        base = line + placed.line if isinstance(placed.node, nodes.Track) else line
        for cue in below:
            if isinstance(cue.node, nodes.Cue) and cue.node.name is not None:
                yield _from(base + cue.line, lines, f"{node.name}/{cue.node.name}")


def _from(line: int, lines: Sequence[str], point: str) -> Lens:
    here = stretch(line - 1, 0, len(lines[line - 1]) if line <= len(lines) else 0)
    return Lens(here, "rehearse from here", REHEARSE, point)

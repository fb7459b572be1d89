"""When what stands on a line is planned to come, also while the text has been changed since it was planned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from showrunner.reports.music import Music, music
from showrunner.reports.timetable import Plan, TimedCommand, TimedCue
from showrunner.show.prepare import Prepared
from showrunner.slotted import dataclass
from showrunner.syntax.lines import cut
from showrunner.syntax.reading.unchanged import agreeing
from showrunner.timeline.labels import Labels, seen_from


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is planned on each line, by file and line (from 1) of the text as it is now, in the order in which it comes.

    ``voices``: how long what a command says is heard, by its number. ``starts``: when a segment begins, ``ends`` when
    it ends; ``bars`` of those that have a tempo.
    """

    cues: Mapping[tuple[str, int], Sequence[TimedCue]]
    commands: Mapping[tuple[str, int], Sequence[TimedCommand]]
    voices: Mapping[int, int]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    bars: Mapping[str, Music]
    length: int


NOTHING = Schedule({}, {}, {}, {}, {}, {}, 0)


def schedule(plan: Plan, planned: Prepared, texts: Mapping[str, str]) -> Schedule:
    """Sort the plan of a text that was ``planned`` by the lines of the ``texts`` as they are now; what stands on a line
    that has changed since is left out.
    """
    if planned.reading.book is None or planned.cues is None:
        return NOTHING
    main = planned.reading.book.main
    files = {seen_from(main, path): path for path in planned.reading.book.sources}
    now = {path: _moved(planned.texts[path], texts.get(path, "")) for path in files.values()}
    cues: dict[tuple[str, int], list[TimedCue]] = {}
    for cue in plan.cues:
        place = _place(files, now, cue.label.file, cue.label.line)
        if place is not None:
            cues.setdefault(place, []).append(cue)
    commands: dict[tuple[str, int], list[TimedCommand]] = {}
    for command in plan.commands:
        place = _place(files, now, command.file, command.line)
        if place is not None:
            commands.setdefault(place, []).append(command)
    return Schedule(
        cues,
        commands,
        {one.id: one.end - one.start for one in plan.voices},
        {one.name: one.start for one in plan.segments},
        {one.name: one.end for one in plan.segments},
        music(plan, planned.cues, Labels(planned.cues)) if any(one.tempo for one in planned.cues.segments) else {},
        plan.length,
    )


def _place(
    files: Mapping[str | None, str], now: Mapping[str, tuple[int, int, int]], file: str | None, line: int
) -> tuple[str, int] | None:
    path = files.get(file)
    if path is None:
        return None
    head, tail, down = now[path]
    if line <= head:
        return path, line
    return (path, line + down) if line > tail else None


def _moved(old: str, new: str) -> tuple[int, int, int]:
    """Say how many lines at the top are the same, behind which line all are, and by how much these moved."""
    if old == new:
        return len(old), len(old), 0
    before, after = cut(old), cut(new)
    head = agreeing(before, after)
    tail = agreeing(before[head:][::-1], after[head:][::-1])
    return head, len(before) - tail, len(after) - len(before)

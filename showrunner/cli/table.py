"""The dry run as a table on the terminal: its rows, a column for each voice, and what there is to say below.

What stands in the rows is read by ``reports.table``, who is heard by ``reports.voices``; columns are laid out by
``terminal.columns``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from showrunner.cli.terminal.columns import Line, Paint, cut, laid_out, way, wrapped
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import count, visible
from showrunner.reports.now import awaited
from showrunner.reports.plan import summary
from showrunner.reports.table import LEAST, rows
from showrunner.reports.timetable import Timetable, Voice
from showrunner.reports.voices import lanes, silence, together
from showrunner.timeline.cues import CueList, reads
from showrunner.timeline.labels import whens
from showrunner.timeline.revise import when_of
from showrunner.times import clock, short

SHOWN = 3
"""So many stretches with two voices are listed; the others are counted."""


def table(went: Timetable, cues: CueList, paint: Paint | None = None, width: int | None = None) -> str:
    """Lay out how ``cues`` went: when each command comes, when the script wants it, and why that is another time.

    Every voice has a column: beside a command that speaks, how long (and how much later than it was taken), and a mark
    while it is speaking. ``paint`` colours commands; ``width``: the cells of a line, None: as many as it takes.
    """
    sounding = {name: _Lane(spoken) for name, spoken in lanes(went.voices).items()}
    # Its name heads the column; a device is called there as in the script.
    shown = rows(went, cues)
    bar = "bar" if any(row.bar for row in shown) else ""
    head = Line("expected", bar, "written", tuple(map(visible, sounding)), "track", ("cue",), "ended", "command", "")
    lines: list[Line | str] = []
    for row in shown:
        if row.at is None:
            lines += ["", row.text]
        else:
            beside = tuple(lane.cell(row.at, row.id) for lane in sounding.values())
            cue = () if row.cue is None else row.cue.links
            said = (row.track, cue, row.ending, row.text, row.reason, row.bad)
            lines.append(Line(clock(row.at), row.bar, row.written, beside, *said))
    below = [part for line in (*_hears(went, cues), *closing(went, cues)) for part in wrapped(visible(line), width)]
    title = visible(went.title) if width is None else cut(visible(went.title), width)
    return "\n".join([title, "", *laid_out(head, lines, paint, width), "", *below]) + "\n"


def _hears(went: Timetable, cues: CueList) -> list[str]:
    """List what the show hears, each `when` once: how long its block lasts, and how many events it has heard."""
    lines = []
    for place in whens(cues):
        when, (cue,) = when_of(place.body), place.places()
        heard = went.heard.get(cue.key, 0)
        times = "not heard" if not heard else "heard once" if heard == 1 else f"heard {heard} times"
        inside = f" ({place.segment})" if place.segment else ""
        lines.append(f"  {way(cue.label.links)}  {reads(when)}{inside}: {short(when.takes)}, {times}")
    return ["what it hears", *lines, ""] if lines else []


def closing(went: Timetable, cues: CueList) -> list[str]:
    """Say what the show was on the whole: the summary, the longest silence, two voices at once."""
    played = {segment.name for segment in went.segments}
    pressed = {button for wait in went.waits for button in awaited(wait.what)}
    part = replace(
        cues,
        segments=tuple(one for one in cues.segments if one.name in played),
        buttons=tuple(one for one in cues.buttons if one in pressed),
    )
    lines: list[str] = [summary(went, part)]
    start, end = silence(went)
    if went.voices and end > start:
        lines.append(
            sentence("longest silence: {length}, from {start} to {end}", short(end - start), clock(start), clock(end))
        )
    both = together(went.voices)
    lines += [
        sentence(
            "two voices at once: {one} and {other}, {length} from {start}",
            one,
            other,
            short(until - since),
            clock(since),
        )
        for since, until, one, other in both[:SHOWN]
    ]
    if len(both) > SHOWN:
        lines.append(sentence("two voices at once: {times}", count(len(both) - SHOWN, "more time")))
    return lines


class _Lane:
    """When one voice is heard."""

    def __init__(self, spoken: Sequence[Voice]) -> None:
        self._starts = [voice.start for voice in spoken]
        self._spoken = spoken
        self._by_command = {voice.id: voice for voice in spoken}
        self._begun: set[int] = set()

    def cell(self, at: int, id: int | None) -> str:
        if id is not None and id in self._by_command:
            voice = self._by_command[id]
            self._begun.add(id)
            later = f"+{short(voice.start - at)}, " if voice.start - at >= LEAST else ""
            return f"{later}{short(voice.end - voice.start)}"
        number = bisect_right(self._starts, at) - 1
        if number < 0:
            return ""
        voice = self._spoken[number]
        # What is taken at the same instant, but stands above its command, comes before it begins.
        return "│" if at < voice.end and (voice.start < at or voice.id in self._begun) else ""

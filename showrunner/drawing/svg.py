"""A score drawn as SVG: one line of time below the other, and in each the lanes that have something in it.

Nothing in it is fetched from anywhere, nothing is a program, and every text is escaped.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import field
from itertools import pairwise

from showrunner.diagnostics.wording import count, listed
from showrunner.drawing.paper import SMALL, Paper, Room, breadth, fitting, lines, paper, tail
from showrunner.drawing.rows import Row, rows
from showrunner.drawing.score import Bar, Curve, Mark, Note, Part, Score, Spot, gathered
from showrunner.drawing.style import style
from showrunner.engine.curves import eased
from showrunner.slotted import dataclass
from showrunner.times import clock_to_second, length

RULER, BARS, TRACK, LABEL, CURVE = 24.0, 13.0, 19.0, 15.0, 26.0
"""Heights of lanes."""

LINE, LINES = 12.0, 3
"""Height of a line of what is said, and how many there may be."""

NARROW = 32.0
"""What is said stands in its box if that is wider than this."""

UPRIGHT = 26.0
"""What a break waits for stands in it if it has this room."""

TALL = 90.0
"""The least height of a line with a break in it, whose label stands upright."""

ROWS = 3
"""So many labels of commands stand below each other; the others have none."""

LEAST = 2.5
"""Things nearer to each other than this are drawn as one."""

GAP = 3
"""Between what stands and what takes its place."""

ROUND = 7
"""How round the ends of a clip are: it has a length of its own."""

LONGEST = 190.0
"""A command's label is no longer than this, if it does not last longer."""

LISTED = 8
"""So many cues are told of where one mark stands for several."""

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def svg(score: Score, *, width: float = 1160.0, gutter: float = 112.0, named: str = "show") -> str:
    """Draw a score. ``width`` in units of the picture; ``named`` begins its ids, for pages with several pictures."""
    drawing = _Drawing(score, paper(score, width, gutter), named)
    drawing.draw()
    height = math.ceil(drawing.down)
    size = f'viewBox="0 0 {width:g} {height}" width="{width:g}" height="{height}"'
    said = f'role="img" aria-labelledby="{named}-title {named}-says"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {said}>',
            f'<title id="{named}-title">{escaped(score.title)}</title>',
            f'<desc id="{named}-says">{escaped(description(score))}</desc>',
            f"<style>{style()}</style>",
            f'<rect class="paper" width="{width:g}" height="{height}"/>',
            *drawing.made,
            "</svg>\n",
        ]
    )


def description(score: Score) -> str:
    """Say in words what is to be seen: for those who hear the picture."""
    cues = sum(len(marks) for part in score.parts for marks in part.tracks.values())
    parts = [f"{part.title or part.name} from {clock_to_second(part.start.at)}" for part in score.parts]
    return f"A show of {_length(score)} with {count(cues, 'cue')}. Segments: {listed(parts, most=40)}."


def escaped(text: str) -> str:
    """Give a text as it may stand in SVG and HTML; characters that XML does not allow are replaced."""
    clean = _FORBIDDEN.sub("\ufffd", text)
    return clean.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _length(score: Score) -> str:
    return length(score.length) if score.whole else f"more than {length(score.length)}"


@dataclass(slots=True)
class _Drawing:
    """What has been drawn, and how far down it reaches."""

    score: Score
    paper: Paper
    named: str
    made: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    down: float = 0.0

    def draw(self) -> None:
        self._heading()
        for part in gathered(self.score).parts:
            self._part(part)
        self._legend()

    # ---------------------------------------------------------------------------------------------------------- pieces

    def _text(self, x: float, y: float, text: str, kind: str = "", more: str = "") -> None:
        classed = f' class="{kind}"' if kind else ""
        self.made.append(f'<text x="{x:.1f}" y="{y:.1f}"{classed}{more}>{escaped(text)}</text>')

    def _box(self, x: float, y: float, width: float, height: float, kind: str, says: str = "", bend: int = 2) -> None:
        where = f'x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}" rx="{bend}"'
        self._shape("rect", f'{where} class="{kind}"', says)

    def _path(self, path: str, kind: str, says: str = "") -> None:
        self._shape("path", f'd="{path}" class="{kind}"', says)

    def _shape(self, name: str, how: str, says: str) -> None:
        self.made.append(f"<{name} {how}><title>{escaped(says)}</title></{name}>" if says else f"<{name} {how}/>")

    def _lane(self, name: str, kind: str = "lane") -> None:
        shown = tail(name, self.paper.gutter - 12)
        self._text(self.paper.gutter - 8, self.down + 13, shown, kind, ' text-anchor="end"')

    def _hue(self, device: str) -> int:
        return self.score.devices[device]

    def _x(self, row: Row, along: float) -> float:
        return self.paper.gutter + along - row.start

    # --------------------------------------------------------------------------------------------------------- heading

    def _heading(self) -> None:
        self._text(12, 32, fitting(self.score.title, self.paper.width - 24, 11), "big")
        said = f"{self.score.script} · {_length(self.score)} as planned · {count(len(self.score.parts), 'segment')}"
        self._text(12, 50, fitting(said, self.paper.width - 24), "faint")
        self.down = 60

    def _legend(self) -> None:
        self.down += 26
        entries = [("cue", "a cue"), ("named", "a cue with a name"), ("wait", "stands until GO, a button or an event")]
        entries += [(f"f{self._hue(name)}", name) for name in self.score.devices]
        x = 12.0
        for kind, says in entries:
            if x > 12 and x + 22 + breadth(says) > self.paper.width - 12:
                x, self.down = 12.0, self.down + 18
            if kind in {"cue", "named"}:
                self._path(f"M{x + 3:.1f} {self.down - 8:.1f}l5 4.5l-5 4.5z", kind)
            else:
                self._box(x, self.down - 9, 12, 10, kind)
            self._text(x + 17, self.down, says, "faint")
            x += 36 + breadth(says)
        self.down += 16

    # ------------------------------------------------------------------------------------------------------------ rows

    def _part(self, part: Part) -> None:
        self.down += 32
        heading = fitting(part.title or part.name, self.paper.width * 0.6, 9)
        self._text(12, self.down, heading, "head")
        begins = f"from {clock_to_second(part.start.at)}"
        beside = f"{part.name} · {begins}" if part.title else begins
        at = 24 + breadth(heading, 9)
        self._text(at, self.down, fitting(beside, self.paper.width - at - 12), "faint")
        self.down += 6
        for row in rows(part, self.paper):
            self._row(part, row)

    def _row(self, part: Part, row: Row) -> None:
        top, before = self.down + 4, self.made
        ruler = RULER + BARS if part.music is not None else RULER
        # The lanes are drawn first, for the ruler's lines go behind them and reach down as far as they do.
        self.made, self.behind, self.down = [], [], top + ruler
        for number, name in enumerate(name for name in part.tracks if name in row.tracks):
            self._track(name if len(part.tracks) > 1 or name != "main" else "cues", row.tracks[name], row, number)
        if row.notes:
            self._notes(row.notes, row)
        for name in self.score.devices:
            if name in row.devices:
                self._device(name, row.devices[name], row)
            for place in [place for place in row.curves if place[0] == name]:
                self._property(place, row.curves[place], row)
        if row.more:
            self._text(self.paper.gutter, self.down + 12, f"and {row.more} more that move", "small faint")
            self.down += 18
        if row.breaks:
            self.down = max(self.down, top + TALL)
        lanes, self.made = self.made, before + self.behind
        self._ruler(row, top, ruler)
        self._waits(row, top)
        self.made += lanes
        self.down += 6

    def _ruler(self, row: Row, top: float, height: float) -> None:
        foot = top + RULER - 4
        waits = [self._x(row, self.paper.along(one.spot)) for one in row.breaks]
        if height > RULER:
            # In music the lines that reach down are those of the bars.
            self._text(self.paper.gutter - 8, top + height - 6, "bar", "small named", ' text-anchor="end"')
        for number, along in row.bars:
            x, said = self._x(row, along), f"{number}"
            self._path(f"M{x:.1f} {foot:.1f}V{self.down:.1f}", "grid")
            reach = x + breadth(said, SMALL) + 4
            if reach <= self.paper.width and self._free(x, reach, waits):
                self._text(x + 2, top + height - 6, said, "small named")
        self._path(f"M{self.paper.gutter:.1f} {foot:.1f}H{self._x(row, row.end):.1f}", "rule")
        for at, along in row.ticks:
            x, said = self._x(row, along), clock_to_second(at)
            self._path(f"M{x:.1f} {foot - 4:.1f}V{foot if height > RULER else self.down:.1f}", "grid")
            reach = x + breadth(said, SMALL) + 4
            if reach <= self.paper.width and self._free(x, reach, waits):
                self._text(x + 2, foot - 6, said, "tick")

    def _free(self, x: float, reach: float, waits: Sequence[float]) -> bool:
        """Tell whether no break that has its words in it takes the room of a figure."""
        return self.paper.pause < UPRIGHT or not any(x - self.paper.pause < wait < reach for wait in waits)

    def _waits(self, row: Row, top: float) -> None:
        last = float("-inf")
        for one in row.breaks:
            x = self._x(row, self.paper.along(one.spot))
            if x - last < LEAST:
                continue
            last = x
            said = f'{one.kind} "{one.label}"' if one.label else one.kind
            width, height = max(self.paper.pause - 6, 1.5), self.down - top
            self._box(x + 3, top, width, height, "wait", f"{clock_to_second(one.spot.at)} stands until {said}")
            if self.paper.pause >= UPRIGHT:
                word = "GO" if one.kind == "GO" else "…"
                self._text(x + 3 + width / 2, top + 12, word, "small go said", ' text-anchor="middle"')
                turned = f' transform="rotate(90 {x + width / 2:.1f} {top + 18:.1f})"'
                label = one.label or ("" if one.kind == "GO" else one.kind)
                self._text(x + width / 2, top + 18, fitting(label, height - 20, SMALL), "small said", turned)

    def _limit(self, row: Row, x: float) -> float:
        """Tell how far a label that begins at ``x`` may reach: to the next break, or to the paper's edge."""
        waits = [self._x(row, self.paper.along(one.spot)) for one in row.breaks]
        number = bisect_right(waits, x - 0.5)
        return min(waits[number] if number < len(waits) else self.paper.width, self.paper.width) - 2

    # ----------------------------------------------------------------------------------------------------------- lanes

    def _track(self, name: str, marks: Sequence[Mark], row: Row, number: int) -> None:
        if number % 2 == 0:
            self.made, lane = self.behind, self.made
            self._box(self.paper.gutter, self.down, row.end - row.start, TRACK, "band", bend=0)
            self.made = lane
        self._lane(name)
        groups: list[tuple[float, list[Mark]]] = []
        for mark in marks:
            x = self._x(row, self.paper.along(mark.spot))
            if groups and x - groups[-1][0] < LEAST:
                groups[-1][1].append(mark)
            else:
                groups.append((x, [mark]))
        crowded: list[tuple[float, str]] = []  # names that have no room beside their mark
        for place, (x, group) in enumerate(groups):
            shown = next((mark for mark in group if mark.named), group[0])
            says = "\n".join(mark.says for mark in group[:LISTED])
            says += f"\nand {count(len(group) - LISTED, 'cue')} more" if len(group) > LISTED else ""
            self._path(f"M{x:.1f} {self.down + 5:.1f}l5 4.5l-5 4.5z", "named" if shown.named else "cue", says)
            following = groups[place + 1][0] if place + 1 < len(groups) else float("inf")
            room = min(following, self._limit(row, x)) - x - 9
            if shown.label and breadth(shown.label, SMALL) <= room:
                self._text(x + 7, self.down + 13, shown.label, "small" if shown.named else "small faint")
            elif shown.named:
                crowded.append((x, shown.label))
        self.down += TRACK
        below = Room(1)
        for x, label in crowded:
            text = fitting(label, min(LONGEST, self._limit(row, x) - x), SMALL)
            if text and below.take(x, breadth(text, SMALL)) is not None:
                self._text(x, self.down + 8, text, "small")
        self.down += LINE * below.used

    def _notes(self, notes: Sequence[Note], row: Row) -> None:
        self._lane("log")
        room = Room(ROWS)
        for note in notes:
            x = max(self._x(row, self.paper.along(note.spot)), self.paper.gutter)
            text = fitting(note.text, min(LONGEST, self._limit(row, x) - x - 4), SMALL)
            place = room.take(x, breadth(text, SMALL) + 4) if text else None
            y = self.down + LABEL * (place or 0)
            self._box(x, y + 3, 2, LABEL - 5, "cue", note.says, 0)
            if place is not None:
                self._text(x + 5, y + 12.5, text, "small")
        self.down += LABEL * max(1, room.used) + 3

    def _device(self, name: str, bars: Sequence[Bar], row: Row) -> None:
        self.down += 4
        hue = self._hue(name)
        self._lane(name, f"lane t{hue}")
        spoken, others = [bar for bar in bars if bar.speech], [bar for bar in bars if not bar.speech]
        if spoken:
            self._speech(spoken, row, hue)
        if others:
            self._commands(others, row, hue)

    def _edges(self, start: Spot, end: Spot, row: Row) -> tuple[float, float]:
        first, last = self._x(row, self.paper.along(start)), self._x(row, self.paper.along(end))
        return max(first, self.paper.gutter), min(last, self._x(row, row.end))

    def _speech(self, bars: Sequence[Bar], row: Row, hue: int) -> None:
        last = float("-inf")
        shown: list[tuple[float, float, Bar, list[str]]] = []
        for bar in bars:
            x, end = self._edges(bar.start, bar.end, row)
            if end - last >= LEAST:
                last = end
                written = lines(bar.text, end - x - 8, LINES, SMALL) if end - x > NARROW else []
                shown.append((x, end, bar, written))
        height = 7 + LINE * max(1, *(len(written) for *_, written in shown))
        for x, end, bar, written in shown:
            self._box(x, self.down, end - x - 1, height, f"f{hue}", bar.says, 3)
            for number, line in enumerate(written):
                self._text(x + 4, self.down + 12 + LINE * number, line, "small")
        self.down += height + 4

    def _commands(self, bars: Sequence[Bar], row: Row, hue: int) -> None:
        room, last = Room(ROWS), float("-inf")
        for bar in bars:
            x, end = self._edges(bar.start, bar.end, row)
            until = end if bar.stands is None else self._edges(bar.start, bar.stands, row)[1]
            long, stands = max(end - x, 3), max(until - x - GAP, 3)
            text, at, begin, width = self._labelled(bar.text, x, stands, row)
            place = room.take(begin, width)
            if place is not None:
                y = self.down + LABEL * place
                if stands > long:
                    self._box(x, y + 1, stands, LABEL - 3, f"stands f{hue}", bar.says)
                if bar.start.at < bar.end.at or bar.stands is None:
                    self._box(x, y + 1, long, LABEL - 3, f"f{hue}", bar.says, ROUND if bar.clip else 2)
                self._text(at, y + 10.5, text, "small")
            elif x - last >= LEAST:
                last = x
                self._box(x, self.down + LABEL * ROWS - 1, 2.5, 4, f"t{hue}", bar.says, 1)
        self.down += LABEL * room.used + (5 if last > float("-inf") else 1)

    def _labelled(self, text: str, x: float, long: float, row: Row) -> tuple[str, float, float, float]:
        """Choose where the label of a bar stands: in it, behind it, or before it where the show stands right behind.

        Gives the label, where it begins, where label and bar begin, and how long they are together.
        """
        full = breadth(text, SMALL)
        if full <= long - 8:
            return text, x + 5, x, long
        limit = self._limit(row, x)
        if long >= 60:
            return fitting(text, long - 8, SMALL), x + 5, x, long
        if x + long + 3 + min(full, 40) <= limit:
            text = fitting(text, min(LONGEST, limit - x - long - 3), SMALL)
            return text, x + long + 3, x, long + 3 + breadth(text, SMALL)
        before = [self._x(row, self.paper.along(one.spot)) + self.paper.pause for one in row.breaks]
        left = max([self.paper.gutter, *(end for end in before if end <= x)])
        text = fitting(text, min(LONGEST, x - left - 6), SMALL)
        begin = x - 3 - breadth(text, SMALL)
        return text, begin, begin, x + long - begin

    def _property(self, place: tuple[str, str], curves: Sequence[Curve], row: Row) -> None:
        low, high = self.score.ranges[place]
        hue, left, right = self._hue(place[0]), self.paper.gutter, self._x(row, row.end)
        foot, tall = self.down + CURVE - 3, CURVE - 8
        self._lane(place[1], f"lane t{hue}")
        self._path(f"M{left:.1f} {foot:.1f}H{right:.1f}", "grid")
        last = float("-inf")
        for curve in curves:
            traced = [
                (x, foot - 2 - (tall - 2) * ((value - low) / (high - low) if high > low else 0.5))
                for x, value in _clipped(self._way(curve, row), left, right)
            ]
            if not traced or traced[-1][0] - last < LEAST:
                continue
            last = traced[-1][0]
            line = "L".join(f"{x:.1f} {y:.1f}" for x, y in traced)
            self._path(f"M{traced[0][0]:.1f} {foot:.1f}L{line}L{last:.1f} {foot:.1f}z", f"held t{hue}")
            self._path(f"M{line}", f"curve s{hue}", curve.says)
        if high > low and right + breadth(f"{high:g}", SMALL) + 6 < self.paper.width:
            self._text(right + 4, self.down + 10, f"{high:g}", "tick")
            self._text(right + 4, foot + 1, f"{low:g}", "tick")
        self.down += CURVE

    def _way(self, curve: Curve, row: Row) -> list[tuple[float, float]]:
        """Give points of a curve, in order: along the row, and the value there."""
        start, arrives, end = (self._x(row, self.paper.along(one)) for one in (curve.start, curve.arrives, curve.end))
        points = []
        if arrives > start and curve.begin is not None and curve.ease == "step":
            points = [(start, curve.begin), (arrives, curve.begin)]
        elif arrives > start and curve.begin is not None:
            count = 1 if curve.ease == "linear" else max(4, min(32, int((arrives - start) / 5)))
            for number in range(count):
                share = number / count
                value = curve.begin + (curve.to - curve.begin) * eased(curve.ease, share)
                points.append((start + (arrives - start) * share, value))
        return [*points, (arrives if points else start, curve.to), (end, curve.to)]


def _clipped(points: Sequence[tuple[float, float]], left: float, right: float) -> list[tuple[float, float]]:
    """Keep what lies between two edges; where a line crosses one, it ends there."""
    kept: list[tuple[float, float]] = []
    for (x, value), (on, there) in pairwise(points):
        if on < left or x > right:
            continue
        slope = (there - value) / (on - x) if on > x else 0.0
        for edge in (max(x, left), min(on, right)):
            point = (edge, value + slope * (edge - x) if on > x else (value if edge == x and not kept else there))
            if not kept or kept[-1] != point:
                kept.append(point)
    return kept

"""Music: where the bars of a segment lie, in a plan or in what was played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.reports.timetable import Timetable
from showrunner.slotted import dataclass
from showrunner.timeline.cues import CueList, Tempo
from showrunner.timeline.labels import CuePlace, Labels


@dataclass(frozen=True, slots=True)
class Music:
    """The bars of a segment: its tempo, and the instant at which bar 1 comes."""

    tempo: Tempo
    first: int

    def place(self, at: int) -> str:
        """Say at which beat of which bar an instant is: `9.3`, `9.3.5`; before bar 1 nothing."""
        return self.tempo.called(at - self.first)

    def beat(self, at: int) -> str:
        """Say the same without what has passed of that beat: `9.3`."""
        return ".".join(self.place(at).split(".")[:2])


def music(went: Timetable, cues: CueList, labels: Labels) -> Mapping[str, Music]:
    """Find the bars of each segment that has a tempo.

    Its clock is that of the first of its lists that comes to a bar: above its first bar a list may stand.
    """
    tempos = {segment.name: segment.tempo for segment in cues.segments if segment.tempo is not None}
    found = {
        segment.name: Music(tempo, segment.start + tempo.offset)
        for segment in went.segments
        if (tempo := tempos.get(segment.name)) is not None
    }
    known: set[str] = set()
    for cue in went.cues if found else ():
        name, place = cue.where[0], labels.at(cue.where)
        if name in found and name not in known and on_bar(place):
            known.add(name)
            found[name] = Music(tempos[name], cue.at - cue.late - cue.due + tempos[name].offset)
    return found


def on_bar(place: CuePlace | None) -> bool:
    """Tell whether a cue shows where the bars of its segment lie: it stands in a track itself, at a bar."""
    return place is not None and place.cue.position.bar and place.label.inside is None


class Heard:
    """Follows a show that plays. ``zero``: when the clock of its music showed 0, known from the first bar on."""

    def __init__(self) -> None:
        self.zero: int | None = None

    def take(self, entry: Mapping[str, Any], place: CuePlace | None, rested: int) -> None:
        """Take the entry of a cue, and for how long the show's clock had stood by then."""
        if on_bar(place):
            self.zero = entry["at"] - entry["late"] - entry["due"] - rested

    def music(self, cues: CueList, name: str) -> Music | None:
        """Give the bars of the segment that plays, by the text in force, on the show's clock."""
        tempo = next((one.tempo for one in cues.segments if one.name == name), None)
        return None if tempo is None or self.zero is None else Music(tempo, self.zero + tempo.offset)

"""Rows: which cue of the show an entry means, by a number that the cue keeps through all edits.

The journal calls a cue as the text in force does, and every edit moves names. So whoever shows a show needs one thing
more, and it is laid over the entries here: the row of the cue list, and where below that.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any, TypeAlias

from showrunner.slotted import dataclass
from showrunner.timeline import revise
from showrunner.timeline.cues import CueList
from showrunner.timeline.labels import CuePlace, Labels, ListPlace, tracks, whens

Stand: TypeAlias = tuple[str, str, str, int]
"""Where a list stands: its segment and track, its file and line there."""

Same: TypeAlias = tuple[str, ...]
"""What a list is found again by in another text."""

KEPT = 24
"""So many texts of a show are remembered; a rehearsal keeps a few less to go back to."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """One text of a show: the reader of its labels, which list stands where, and the number of every cue of each."""

    cues: CueList
    labels: Labels
    lists: Mapping[Stand, Same]
    numbers: Mapping[Same, tuple[int, ...]]

    def of(self, place: CuePlace) -> dict[str, Any]:
        """Say where a cue is: ``row``, and for what stands in its blocks ``inner`` and ``turns``."""
        top = place.top
        found: dict[str, Any] = {"row": self.numbers[self.lists[_stand(top.within)]][top.index]}
        if top is not place:
            found["inner"] = "/".join(reversed([*_way(place)]))
        if turns := place.label.turns:
            found["turns"] = list(turns)
        return found


def _stand(place: ListPlace) -> Stand:
    return place.segment, place.track, place.file, place.base


def _lists(cues: CueList) -> Iterator[tuple[Same, ListPlace]]:
    """Give every list that a show has, and what it is found again by: a `when` by the words of its events."""
    for track in tracks(cues):
        yield (track.segment, track.track), track
    seen: Counter[Same] = Counter()
    for when in whens(cues):
        words = (when.segment, "", revise.when_of(when.body).called)
        yield (*words, str(seen[words])), when
        seen[words] += 1


def _way(place: CuePlace) -> Iterator[str]:
    while place.within.owner is not None:
        yield f"{place.within.step}.{place.index}"
        place = place.within.owner


class Rows:
    """Numbers the cues of every text of a show. May be asked from any thread, also for a text that was in force before.

    A cue that is in two texts has one number; one that is new gets a new one.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._texts: deque[Numbered] = deque(maxlen=KEPT)
        self._fresh = count()
        self._standing: dict[tuple[str, ...], dict[str, Any]] = {}

    def numbered(self, cues: CueList) -> Numbered:
        """Give a text with its numbers."""
        with self._lock:
            found = next((text for text in self._texts if text.cues is cues), None)
            if found is None:
                found = Numbered(
                    cues, Labels(cues), {_stand(one): words for words, one in _lists(cues)}, self._numbers(cues)
                )
            else:
                self._texts.remove(found)
            self._texts.append(found)
            return found

    def of(self, entry: Mapping[str, Any], cues: CueList) -> dict[str, Any]:
        """Say where an entry of the journal is, written while ``cues`` were in force; nothing where it names no cue.

        The entries come in order: the one that ends a wait calls its cue as the one that began it did.
        """
        wait = tuple(str(entry.get(key)) for key in ("segment", "track", "cue", "for"))
        if entry["kind"] == "resume" and wait in self._standing:
            return self._standing.pop(wait)
        if entry["kind"] == "segment":
            self._standing.clear()
        found = self._placed(entry, cues) if "cue" in entry else {}
        if entry["kind"] == "wait":
            self._standing[wait] = found
        return found

    def _placed(self, entry: Mapping[str, Any], cues: CueList) -> dict[str, Any]:
        # What is in the text no more, and plays to its end as it was, is found in an older one.
        for text in (self.numbered(cues), *self._older()):
            place = text.labels.of(entry)
            if place is not None:
                return text.of(place)
        return {}

    def _older(self) -> list[Numbered]:
        with self._lock:
            return [*reversed(self._texts)][1:]

    def _numbers(self, cues: CueList) -> dict[Same, tuple[int, ...]]:
        found: dict[Same, tuple[int, ...]] = {}
        before = self._texts[-1] if self._texts else None
        olds = dict(_lists(before.cues)) if before is not None else {}
        for words, new in _lists(cues):
            same: dict[int, int] = {}
            if before is not None and words in olds:
                old = olds[words]
                # A `when` is one cue, and the same one whatever its block says.
                pairs = revise.cues(old.body.cues, new.body.cues) if new.track else [0]
                numbers = zip(before.numbers[words], pairs, strict=True)
                same = {pair: number for number, pair in numbers if pair is not None}
            found[words] = tuple(same[n] if n in same else next(self._fresh) for n in range(len(new.body.cues)))
        return found

"""What is said in a show, as it will be heard: every constant and every argument of a `do` filled in.

The plan has the script's own words; the compiled commands have this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import Text
from showrunner.timeline.cues import Await, Body, Call, CueList, Hold, Repeat, Send
from showrunner.timeline.labels import label_of
from showrunner.yielding import gently

_TURN = re.compile(r"#\d+")

Where: TypeAlias = tuple[str, str, str, str]
"""Segment, track, way to the cue without the numbers of turns, and the command as it is written."""


class Spoken:
    """The words of every command that speaks."""

    def __init__(self, cues: CueList) -> None:
        self._texts: dict[Where, list[str]] = {}
        self._asked: dict[Where, int] = {}
        for segment in cues.segments:
            for track in segment.tracks:
                for label, step in _sends(track.body, track.file, track.line, "", cues.main):
                    verb = step.command.verb
                    if verb.speaks is not None:
                        said = " ".join(map(_words, verb.speaks(step.command)))
                        self._texts.setdefault((segment.name, track.name, label, step.text), []).append(said)

    def of(self, entry: Mapping[str, Any]) -> str | None:
        """Give the words of a `command` entry, each entry being asked for once, in order; None if it does not speak."""
        where = (entry["segment"], entry["track"], _TURN.sub("", entry["cue"]), entry["text"])
        texts = self._texts.get(where)
        if texts is None:
            return None
        # A cue may have several `do`s of one definition: their commands differ in nothing but their words.
        number = self._asked[where] = self._asked.get(where, -1) + 1
        return texts[number % len(texts)]


def _sends(body: Body, file: str, base: int, prefix: str, main: str) -> Iterator[tuple[str, Send]]:
    for cue in gently(body.cues):
        line = base + cue.line
        label = prefix + (cue.name or label_of(line, file, main))
        for step in cue.steps:
            inside: Any = getattr(step, "meanwhile", None) if isinstance(step, Send | Await | Hold) else None
            match step:
                case Send():
                    yield label, step
                case Call():
                    yield from _sends(step.body, step.file, step.line, f"{label}/{step.name}/", main)
                case Repeat():
                    yield from _sends(step.body, file, line, f"{label}/", main)
                case _:
                    pass
            if inside is not None:
                yield from _sends(inside, file, line, f"{label}/", main)


def _words(text: str | Text) -> str:
    # An answer that will come is called by its name.
    return (
        text
        if isinstance(text, str)
        else "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in text)
    )

"""What is said in a show, as it will be heard: every constant and every argument of a `do` filled in.

The plan has the script's own words; the compiled commands have this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import Text
from showrunner.timeline.cues import CueList, Send
from showrunner.timeline.labels import Label, Labels, walk
from showrunner.yielding import gently

Where: TypeAlias = tuple[str, str, Label, str]
"""Segment, track, cue in any turn, and the command as it is written."""


class Spoken:
    """The words of every command that speaks."""

    def __init__(self, cues: CueList) -> None:
        self._labels = Labels(cues)
        self._texts: dict[Where, list[str]] = {}
        self._asked: dict[Where, int] = {}
        for spot in gently(walk(cues)):
            for step in spot.cue.steps:
                if isinstance(step, Send) and step.command.verb.speaks is not None:
                    said = " ".join(_words(one.text) for one in step.command.verb.speaks(step.command))
                    where = (spot.block.segment, spot.block.track, spot.label, step.text)
                    self._texts.setdefault(where, []).append(said)

    def of(self, entry: Mapping[str, Any]) -> str | None:
        """Give the words of a `command` entry, each entry being asked for once, in order; None if it does not speak."""
        spot = self._labels.of(entry)
        if spot is None:
            return None
        where = (entry["segment"], entry["track"], spot.label.in_any_turn(), entry["text"])
        texts = self._texts.get(where)
        if texts is None:
            return None
        # A cue may have several `do`s of one definition: their commands differ in nothing but their words.
        number = self._asked[where] = self._asked.get(where, -1) + 1
        return texts[number % len(texts)]


def _words(text: str | Text) -> str:
    # An answer that will come is called by its name.
    return (
        text
        if isinstance(text, str)
        else "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in text)
    )

"""The voice of AITuberKit's page, simulated: one sentence sounds, others wait; what is newer throws older ones away.

For the double. No sound is made: a sentence sounds for the estimated time. Source: the device's README, "What we send"
and "Speech over HTTP".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from showrunner.devices import speech

SYNTHESIS = 85_000
"""A segment younger than this is not sounding yet: a newer one throws it away (85 to 250 ms were observed)."""

FACE_RESETS = 1_500_000
"""The face goes back to neutral this long after the last sound."""

_ENDS = re.compile("(?<=[.!?\n\u3002\uff0e\uff01\uff1f])")  # and the wide ones of Japanese
_COMMA = re.compile("^(.{5,}?[,\u3001\uff0c])\\s*(?=\\S)", re.DOTALL)
_FACE = re.compile(r"^\s*\[([^\[\]\n]*)\]")


def sentences(text: str, *, whole: bool = False) -> Iterator[tuple[str, str]]:
    """Split a text that came by HTTP, as the page does: (what is taken for a face, else empty; the sentence).

    At the end of each sentence and line, and the first one at its first comma behind five characters. A face alone, and
    what has no letter in it, is nothing. ``whole``: the sentences as they are written, faces and all.
    """
    face, first = "", True
    for piece in _ENDS.split(text):
        rest = piece
        while (tag := _FACE.match(rest)) is not None:
            face = face if tag[1].startswith("motion:") else tag[1]
            rest = rest[tag.end() :]
        rest = rest.strip()
        if not any(character.isalnum() for character in rest):
            continue
        rest = piece.strip() if whole else rest
        comma = _COMMA.match(rest) if first else None
        first = False
        for part in (rest,) if comma is None else (comma[1], rest[comma.end() :]):
            yield face, part


@dataclass(slots=True)
class SpeechSegment:
    """One text being spoken, or waiting to be. ``ends`` None: it has not begun (it waits, or nobody has clicked).

    ``fails``: after so many microseconds the voice engine fails, and nothing sounds; 0: it does not.
    ``session``: what is of one session waits for each other; empty: of none. ``narrates``: it belongs to a slide.
    ``shown`` is how it is reported, where that is another text than what is spoken.
    """

    id: str
    request: str | None
    text: str
    emotion: str
    fails: int = 0
    began: int = 0
    ends: int | None = None
    session: str = ""
    narrates: bool = False
    shown: str = ""


class Speaker:
    """What sounds and what waits. ``clicked`` false: nobody has touched the page, so its browser lets nothing sound."""

    def __init__(self, rate: float, *, clicked: bool) -> None:
        self._rate = rate
        self._clicked = clicked
        self.sounding: SpeechSegment | None = None
        self.waiting: list[SpeechSegment] = []
        self._face = ("neutral", 0)  # what was put on last, and when its sound ended

    @property
    def ends(self) -> int | None:
        """When what sounds has ended."""
        return self.sounding.ends if self.sounding is not None else None

    @property
    def silent_since(self) -> int:
        """When the last sound ended, or will."""
        return self._face[1]

    def take(self, segment: SpeechSegment, now: int) -> list[SpeechSegment]:
        """Take a newer segment; give those it throws away."""
        dropped: list[SpeechSegment] = []
        if not segment.session or any(one.session != segment.session for one in self.waiting):
            dropped, self.waiting = self.waiting, []
        sounding = self.sounding
        if sounding is not None and not sounding.session and not segment.session:
            young = sounding.ends is None or now - sounding.began < SYNTHESIS
            dropped += [sounding] if young else []
            self.sounding = None if young else sounding
        if self.sounding is None:
            self._begin(segment, now)
        else:
            self.waiting.append(segment)
        return dropped

    def elapsed(self, now: int) -> SpeechSegment | None:
        """End what has sounded long enough and give it; what waited begins."""
        segment = self.sounding
        if segment is None or segment.ends is None or segment.ends > now:
            return None
        self._next(now)
        return segment

    def stop(self) -> SpeechSegment | None:
        """Cut what sounds and give it. What waited is gone without a word."""
        segment, self.sounding = self.sounding, None
        self.waiting = []
        return segment

    def skip(self, now: int) -> SpeechSegment | None:
        """Cut what sounds and give it; what waited begins."""
        segment = self.sounding
        self._next(now)
        return segment

    def click(self, now: int, *, clicked: bool) -> None:
        """Let sound, or (a page just loaded, untouched) let nothing sound any more."""
        self._clicked = clicked
        if clicked and self.sounding is not None and self.sounding.ends is None:
            self._begin(self.sounding, now)

    def visible(self, now: int) -> list[str]:
        """Say what is heard and which face is shown."""
        segment = self.sounding
        if segment is None or segment.fails:
            heard = "silent"
        elif segment.ends is None:
            heard = f"waits for a click to say ({segment.emotion}) {segment.text}"
        else:
            heard = f"says ({segment.emotion}) {segment.text}"
        face, until = self._face
        return [heard, f"face {face if now < until + FACE_RESETS else 'neutral'}"]

    def _next(self, now: int) -> None:
        self.sounding = None
        if self.waiting:
            self._begin(self.waiting.pop(0), now)

    def _begin(self, segment: SpeechSegment, now: int) -> None:
        self.sounding = segment
        segment.began = now
        if segment.fails:
            segment.ends = now + segment.fails
        elif self._clicked:
            segment.ends = now + speech.length(segment.text, self._rate)
            self._face = (segment.emotion, segment.ends)

"""The voice of AITuberKit's page, simulated: one segment sounds, the newest waits, what is older is thrown away.

For the double. No sound is made: a segment sounds for the estimated time. Source: the device's README, "What we send".
"""

from __future__ import annotations

from showrunner.devices import speech
from showrunner.frozen import dataclass

SYNTHESIS = 85_000
"""A segment younger than this is not sounding yet: a newer one throws it away (85 to 250 ms were observed)."""

FACE_RESETS = 1_500_000
"""The face goes back to neutral this long after the last sound."""


@dataclass(slots=True)
class SpeechSegment:
    """One text being spoken, or waiting to be. ``ends`` None: it has not begun (it waits, or nobody has clicked).

    ``fails``: after so many microseconds the voice engine fails, and nothing sounds; 0: it does not.
    """

    id: str
    request: str | None
    text: str
    emotion: str
    fails: int = 0
    began: int = 0
    ends: int | None = None


class Speaker:
    """What sounds and what waits. ``clicked`` false: nobody has touched the page, so its browser lets nothing sound."""

    def __init__(self, rate: float, *, clicked: bool) -> None:
        self._rate = rate
        self._clicked = clicked
        self.sounding: SpeechSegment | None = None
        self._waiting: SpeechSegment | None = None
        self._face = ("neutral", 0)  # what was put on last, and when its sound ended

    @property
    def ends(self) -> int | None:
        """When what sounds has ended."""
        return self.sounding.ends if self.sounding is not None else None

    def take(self, segment: SpeechSegment, now: int) -> SpeechSegment | None:
        """Take a newer segment; give the one it throws away, if any."""
        dropped, self._waiting = self._waiting, None
        if self.sounding is not None and (self.sounding.ends is None or now - self.sounding.began < SYNTHESIS):
            dropped, self.sounding = self.sounding, None
        if self.sounding is None:
            self._begin(segment, now)
        else:
            self._waiting = segment
        return dropped

    def elapsed(self, now: int) -> SpeechSegment | None:
        """End what has sounded long enough and give it; what waited begins."""
        segment = self.sounding
        if segment is None or segment.ends is None or segment.ends > now:
            return None
        self.sounding = None
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._begin(waiting, now)
        return segment

    def stop(self) -> SpeechSegment | None:
        """Cut what sounds and give it. What waited is gone without a word."""
        segment, self.sounding, self._waiting = self.sounding, None, None
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

    def _begin(self, segment: SpeechSegment, now: int) -> None:
        self.sounding = segment
        segment.began = now
        if segment.fails:
            segment.ends = now + segment.fails
        elif self._clicked:
            segment.ends = now + speech.length(segment.text, self._rate)
            self._face = (segment.emotion, segment.ends)

"""When ChatPal has spoken: by its own triggers where they come, else by the estimate.

Next-version builds tell of the start and the end of each speech, stable ones of nothing; the setting `profile` says
what to expect, what is heard counts. Triggers carry no id and go to every client, so voices start in the order in which
they were asked for, and a start that nobody here asked for is somebody else's. What was asked is the driver's business.
"""

from __future__ import annotations

from showrunner.devices import speech
from showrunner.devices.vocabulary import Condition, Ended, Output, Terms
from showrunner.slotted import dataclass

PATIENCE = 15_000_000
"""Where triggers come, one is waited for so long after the estimated end (microseconds; public clients do the same)."""

HOPE = 5_000_000
"""So long after the estimated end a trigger is waited for where none has come yet, but should."""


@dataclass(slots=True, eq=False)
class _Awaited:
    """One utterance. ``text`` None: an answer of ChatPal's own.

    ``ends`` is its estimated end, ``until`` how long it is waited for; both None where it was not replied to yet.
    """

    id: int
    attempt: int
    text: str | None
    ends: int | None = None
    until: int | None = None
    started: bool = False
    wanted: bool = True


class Voices:
    """The utterances that are to come or sounding, oldest first; ``None`` among the sounding is somebody else's."""

    def __init__(self, terms: Terms) -> None:
        self._promised = terms.settings.get("profile") == "next"
        self._rate = float(terms.settings.get("speech-rate", 12))
        self._told: bool | None = None
        self._voices: list[_Awaited] = []
        self._sounding: list[_Awaited | None] = []

    def lost(self) -> None:
        """The connection is gone: what was begun is perhaps spoken to its end, and nobody will tell of it."""
        self._told = None
        self._sounding.clear()
        self._voices.clear()

    def sent(self, id: int, attempt: int, text: str | None) -> None:
        """Note that something to be spoken was sent; ``text`` None where the words are ChatPal's."""
        self._voices.append(_Awaited(id, attempt, text))

    def refused(self, id: int, attempt: int) -> None:
        """Nothing is spoken after a refusal."""
        self._voices = [voice for voice in self._voices if (voice.id, voice.attempt) != (id, attempt)]

    def replied(self, id: int, attempt: int, response: str, now: int) -> None:
        """Note the reply: from now on the voice sounds, or soon."""
        for voice in self._voices:
            if (voice.id, voice.attempt) == (id, attempt):
                length = speech.length(response if voice.text is None else voice.text, self._rate)
                voice.ends = now + length
                voice.until = voice.ends + self._patience

    @property
    def _patience(self) -> int:
        if self._told:
            return PATIENCE
        return HOPE if self._promised and self._told is None else 0

    def given_up(self, id: int, attempt: int, now: int) -> None:
        """Nobody waits for this one any more; it may sound all the same."""
        for voice in self._voices:
            if (voice.id, voice.attempt) == (id, attempt):
                voice.wanted = False
                voice.until = now + PATIENCE if voice.until is None else voice.until

    def begun(self, now: int) -> None:
        """Animaze says that a speech has begun: it is the oldest that has not, or nobody's here."""
        self._trust()
        voice = next((voice for voice in self._voices if not voice.started), None)
        self._sounding.append(voice)
        if voice is not None:
            voice.started = True
            if voice.until is not None:
                length = 0 if voice.text is None else speech.length(voice.text, self._rate)
                voice.until = max(voice.until, now + length + PATIENCE)

    def ended(self) -> list[Output]:
        """Animaze says that a speech has ended: the one that sounds, or the oldest if no start was told."""
        self._trust()
        voice = self._sounding.pop(0) if self._sounding else next(iter(self._voices), None)
        if voice is None or voice not in self._voices:
            return []  # somebody else's, or one that was over by the estimate
        self._voices.remove(voice)
        return [Ended(voice.id, voice.attempt)] if voice.text is not None and voice.wanted else []

    def _trust(self) -> None:
        """Triggers do come here: every voice that is still to end is waited for until its own has come."""
        more = PATIENCE - self._patience
        self._told = True
        for voice in self._voices:
            if voice.until is not None and more:
                voice.until += more

    @property
    def deadline(self) -> int | None:
        """The next instant at which a voice counts as ended."""
        return min((voice.until for voice in self._voices if voice.until is not None), default=None)

    def elapsed(self, now: int) -> list[Output]:
        """End what has sounded long enough."""
        over = [voice for voice in self._voices if voice.until is not None and voice.until <= now]
        self._voices = [voice for voice in self._voices if voice not in over]
        outputs: list[Output] = []
        for voice in over:
            missed = voice.ends is not None and voice.until != voice.ends
            if voice.text is not None and voice.wanted:
                if missed:
                    said = "Animaze did not tell that the speech has ended; the show goes on by the estimate"
                    outputs.append(Condition("note", said, voice.id))
                outputs.append(Ended(voice.id, voice.attempt))
            if missed and self._told is None:
                self._told = False  # it was promised and did not come: from here on the estimate alone counts
        return outputs

"""When ChatPal has spoken: by its own trigger on next builds, else by the estimate.

Triggers carry no id, so voices end in the order in which they were asked for. What was asked is the driver's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from showrunner.devices import speech
from showrunner.devices.vocabulary import Condition, Output, Spoken, Terms

PATIENCE = 15_000_000
"""So long after the estimated end a trigger is still waited for, in microseconds (as public clients do)."""


@dataclass(slots=True, eq=False)
class _Voice:
    """One utterance. ``text`` None: an answer of ChatPal's own. ``until`` None: not replied to yet."""

    id: int
    attempt: int
    text: str | None
    until: int | None = None
    wanted: bool = True


class Voices:
    """The utterances that are to come or sounding, oldest first."""

    def __init__(self, terms: Terms) -> None:
        self._told = terms.settings.get("profile") == "next"
        self._rate = float(terms.settings.get("speech-rate", 12))
        self._voices: list[_Voice] = []

    def clear(self) -> None:
        """Forget them all."""
        self._voices.clear()

    def sent(self, id: int, attempt: int, text: str | None, now: int) -> None:  # noqa: ARG002
        """Note that something to be spoken was sent; ``text`` None where the words are ChatPal's."""
        if self._told or text is not None:
            self._voices.append(_Voice(id, attempt, text))

    def refused(self, id: int, attempt: int) -> None:
        """Nothing is spoken after a refusal."""
        self._voices = [voice for voice in self._voices if (voice.id, voice.attempt) != (id, attempt)]

    def replied(self, id: int, attempt: int, response: str, now: int) -> None:
        """Note the reply: from now on the voice sounds, or soon."""
        for voice in self._voices:
            if (voice.id, voice.attempt) == (id, attempt):
                length = speech.length(response if voice.text is None else voice.text, self._rate)
                voice.until = now + length + (PATIENCE if self._told else 0)

    def given_up(self, id: int, attempt: int, now: int) -> None:
        """Nobody waits for this one any more; it may sound all the same."""
        for voice in self._voices:
            if (voice.id, voice.attempt) == (id, attempt):
                voice.wanted = False
                voice.until = now + PATIENCE if voice.until is None else voice.until

    def ended(self, now: int) -> list[Output]:  # noqa: ARG002
        """Animaze says that a speech has ended: it is the oldest."""
        if not self._told or not self._voices:
            return []
        voice = self._voices.pop(0)
        return [Spoken(voice.id, voice.attempt)] if voice.text is not None and voice.wanted else []

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
            if voice.text is not None and voice.wanted:
                if self._told:
                    said = "Animaze did not tell that the speech has ended; the show goes on by the estimate"
                    outputs.append(Condition("note", said, voice.id))
                outputs.append(Spoken(voice.id, voice.attempt))
        return outputs

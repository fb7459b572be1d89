"""How AITuberKit's page reads what it is sent, and how it dates what it says. For the double; shapes only.

Source: the device's README, "What we send" and "What reports are worth".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from showrunner.devices.vocabulary import Frame

CAPABILITIES = (
    "ack",
    "ping",
    "pong",
    "chat.message",
    "chat.start",
    "chat.delta",
    "chat.done",
    "chat.error",
    "file.upload",
    "control.cancel",
    "character.message.received",
    "character.message.rendered",
    "character.speech.start",
    "character.speech.done",
    "character.speech.error",
    "character.response.done",
)


@dataclass(frozen=True, slots=True)
class Message:
    """A frame of either protocol, as the page reads it: ``step`` is `start`, empty or `end`."""

    step: str
    text: Any
    role: str
    emotion: str
    image: bool
    request: str | None


def read(inner: Frame, step: str, role: str, request: str | None) -> Message:
    """Read a frame's fields; ``role`` is what a missing one counts as. The text is taken as it comes."""
    text = inner.get("text")
    return Message(
        step=step,
        text="" if text is None else text,
        role=str(inner.get("role") or role),
        emotion=str(inner.get("emotion") or "neutral"),
        image=bool(inner.get("image")),
        request=request,
    )


def iso(milliseconds: int) -> str:
    """Write an instant as the page does: `2026-11-21T01:13:07.867Z` (days to a date: H. Hinnant, `civil_from_days`)."""
    days, rest = divmod(milliseconds, 86_400_000)
    era, day_of_era = divmod(days + 719_468, 146_097)
    year = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year + year // 4 - year // 100)
    shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted + 2) // 5 + 1
    month = shifted + 3 if shifted < 10 else shifted - 9
    year += era * 400 + (month <= 2)
    seconds, thousandths = divmod(rest, 1000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{thousandths:03}"
    return f"{year:04}-{month:02}-{day:02}T{clock}Z"

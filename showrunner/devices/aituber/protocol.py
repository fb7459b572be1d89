"""AITuberKit's wire: how a line looks in protocol v2, the legacy protocol and a relay's, and how the page reads it.

Shapes only, no state. Source: the device's README, "What we send" and "What reports are worth"; there is no message
that stops speech or moves the character.
Text and emotion are always strings: a page that gets anything else shows nothing more until it is reloaded.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

from showrunner.devices.aituber.decks import plain
from showrunner.devices.presence import Saying
from showrunner.devices.vocabulary import Frame
from showrunner.slotted import dataclass

VERSION = "2"
"""The string: the number 2 makes a legacy frame of it."""

REFUSED = "不正な送信"
"""How the relay aituber-server begins its answer to every frame but a page's own chat ("an invalid message …")."""

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
"""What a page says in its hello that it can."""


def v2(kind: str, id: str, request: str | None = None, payload: Frame | None = None) -> Frame:
    """Give a v2 envelope. ``request`` is what the page's reports about it will carry."""
    frame: Frame = {"version": VERSION, "id": id, "type": kind}
    if request is not None:
        frame["requestId"] = request
    frame["payload"] = payload if payload is not None else {}
    return frame


def line(text: str, emotion: str, image: str | None) -> Frame:
    """Give the payload of a `chat.delta`, which is also what a legacy frame holds."""
    spoken: Frame = {"text": text, "role": "assistant", "emotion": emotion}
    if image is not None:
        spoken["image"] = image
    return spoken


def spaced(parts: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Set the texts of one bubble, as (emotion, text), a blank apart, since the page puts them together as they come.

    No blank stands beside another one, or beside a wide character: those scripts have none between sentences.
    """
    texts = [(at, text) for at, (_, text) in enumerate(parts) if text]
    narrow = {
        at for (at, text), (_, after) in pairwise(texts) if not (_stands_alone(text[-1]) or _stands_alone(after[0]))
    }
    return tuple((emotion, text + " " * (at in narrow)) for at, (emotion, text) in enumerate(parts))


def _stands_alone(character: str) -> bool:
    return character.isspace() or unicodedata.east_asian_width(character) in "WF"


def said(frame: Frame) -> Saying | None:
    """Read what the character says because of a frame that was sent to the page, in either protocol.

    Of a deck, of its AI and of what is spoken over HTTP the page itself tells the words, as they begin to sound.
    """
    if frame.get("event") == "speech_chunk_started":
        data = frame.get("data")
        inner = data.get("payload") if isinstance(data, dict) else None
        words = inner.get("text") if isinstance(inner, dict) else None
        return Saying(plain(words).strip()) if isinstance(words, str) and words else None
    if frame.get("type") not in {"chat.delta", "message"}:
        return None
    spoken = frame.get("payload") if "payload" in frame else frame
    if not isinstance(spoken, dict) or not isinstance(spoken.get("text"), str) or not spoken["text"]:
        return None
    emotion = spoken.get("emotion")
    return Saying(spoken["text"].strip(), emotion if isinstance(emotion, str) else None)


def heard(frame: Frame) -> Literal["begins", "ends"] | None:
    """Tell whether the voice begins or ends to sound with a report of the page."""
    match frame.get("event", frame.get("type")):
        case "character.speech.start":
            return "begins"
        case "character.speech.done" | "character.speech.error" | "character.response.done" | "speech_chunk_ended":
            return "ends"
    return None


def legacy(kind: str, text: str = "", emotion: str = "neutral", image: str | None = None) -> Frame:
    """Give a legacy frame: ``kind`` is `start`, `message` or `end`."""
    return {**line(text, emotion, image), "type": kind}


def freeing(end: Frame) -> Frame:
    """Give an empty end the role that makes no bubble: it only frees the page's input box.

    The character's own would be an empty bubble in the place of the one that is being read.
    """
    return {**end, "payload": {"role": "user"}} if is_v2(end) else {**end, "role": "user"}


def is_v2(frame: Frame) -> bool:
    """Tell whether a frame has the v2 form."""
    return frame.get("version") == VERSION


def payload(frame: Frame) -> dict[str, Any]:
    """Give a frame's payload; anything that is no object counts as empty, as the page has it."""
    inner = frame.get("payload")
    return inner if isinstance(inner, dict) else {}


def request(frame: Frame) -> str | None:
    """Give the request that a frame is about: at the top, else in the payload."""
    for holder in (frame, payload(frame)):
        value = holder.get("requestId")
        if isinstance(value, str):
            return value
    return None


# -------------------------------------------------------------------------------------------------- as the page has it


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
    """Write an instant as the page does: `2026-11-21T01:13:07.867Z`."""
    instant = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")

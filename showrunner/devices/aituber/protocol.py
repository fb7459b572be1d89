"""How a line looks on AITuberKit's wire: protocol v2, the legacy protocol, and a relay's. Shapes only, no state.

Source: the device's README, "What we send"; there is no message that stops speech or moves the character.
Text and emotion are always strings: a page that gets anything else shows nothing more until it is reloaded.
"""

from __future__ import annotations

from typing import Any

from showrunner.devices.vocabulary import Frame

VERSION = "2"
"""The string: the number 2 makes a legacy frame of it."""

REFUSED = "不正な送信"
"""How the relay aituber-server begins its answer to every frame but a page's own chat ("an invalid message …")."""


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


def legacy(kind: str, text: str = "", emotion: str = "neutral", image: str | None = None) -> Frame:
    """Give a legacy frame: ``kind`` is `start`, `message` or `end`."""
    return {**line(text, emotion, image), "type": kind}


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

"""Hearing: what a driver made of a frame goes to whom it concerns. The same for a real device and an imagined one."""

from __future__ import annotations

from showrunner.devices.vocabulary import Answered, FrameAnswered, Output, Spoken, Values
from showrunner.engine.commands import frames, lanes
from showrunner.engine.play import Play


def hear(play: Play, device: str, output: Output) -> None:
    """Take in an answer; what is none concerns nobody here."""
    if isinstance(output, Answered):
        lanes.answered(play, device, output)
    elif isinstance(output, Spoken):
        lanes.spoken(play, output)
    elif isinstance(output, FrameAnswered):
        frames.answered(play, device, output)
    elif isinstance(output, Values):
        frames.values(play, device, output)

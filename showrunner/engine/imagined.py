"""An imaginary world for the caller: devices that answer at once, speech that lasts as long as it is estimated to.

What ``showrunner.plan`` plays a whole show in, and what a seek plays it in up to its point. It needs no driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from showrunner.devices import speech
from showrunner.devices.vocabulary import (
    Answered,
    Class,
    Command,
    Finished,
    Fixture,
    FrameAnswered,
    Output,
    Spoken,
    Values,
)
from showrunner.engine.messages import Deliver, DeliverClear, DeliverFrame, Effect, Read

USUAL_RATE = 12
"""Characters a second, for a device whose settings do not say."""


def spoken(command: Command, settings: Mapping[str, Any]) -> int:
    """Estimate the microseconds a command will be heard; 0 where it does not speak."""
    verb = command.verb
    if verb.class_ is not Class.SPEECH or verb.speaks is None:
        return 0
    rate = settings.get("speech-rate", USUAL_RATE)
    texts = ("".join(p if isinstance(p, str) else "" for p in text) for text in verb.speaks(command))
    return sum(speech.length(text, rate) for text in texts)


def answers(effect: Effect, fixtures: Mapping[str, Fixture]) -> Iterator[tuple[int, str, Output]]:
    """Give what comes of an effect: (microseconds from now, device, output)."""
    if isinstance(effect, Deliver):
        command = effect.command
        lasting = spoken(command, fixtures[effect.device].settings)
        late = command.verb.finished is Finished.SPEECH
        answer = f"(reply to: {next((a.value for a in command.arguments if isinstance(a.value, str)), '')})"
        yield 0 if late else lasting, effect.device, Answered(effect.id, effect.attempt, ok=True, answer=answer)
        if late:
            yield lasting, effect.device, Spoken(effect.id, effect.attempt)
    elif isinstance(effect, DeliverFrame | DeliverClear):
        yield 0, effect.device, FrameAnswered(effect.number, ok=True)
    elif isinstance(effect, Read):
        yield 0, effect.device, Values({})

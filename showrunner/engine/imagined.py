"""An imaginary world for the caller: devices that answer at once, speech that lasts as long as it is estimated to.

What ``reports/plan`` plays a whole show in, and what a seek plays it in up to its point. It needs no driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from showrunner.devices import speech
from showrunner.devices.vocabulary import (
    Answered,
    Command,
    Ended,
    Finished,
    Fixture,
    FrameAnswered,
    Inventory,
    Output,
    Values,
)
from showrunner.engine.messages import Deliver, DeliverClear, DeliverFrame, Effect, Read, Silence, Silenced

USUAL_RATE = 12
"""Characters a second, for a device whose settings do not say."""


def spoken(command: Command, settings: Mapping[str, Any]) -> tuple[int, ...]:
    """Estimate the microseconds each utterance of a command will be heard; none where it does not speak."""
    if command.verb.speaks is None:
        return ()
    rate = settings.get("speech-rate", USUAL_RATE)
    return tuple(speech.length(speech.known(one.text), rate) for one in command.verb.speaks(command))


def _answer(command: Command) -> str:
    return f"(reply to: {next((a.value for a in command.arguments if isinstance(a.value, str)), '')})"


def _lasting(command: Command, settings: Mapping[str, Any], inventory: Inventory | None) -> int:
    """Estimate how many microseconds a command's work takes."""
    known = None if command.verb.lasts is None else command.verb.lasts(command, settings, inventory)
    return sum(spoken(command, settings)) if known is None else known


def answers(
    effect: Effect, fixtures: Mapping[str, Fixture], inventories: Mapping[str, Inventory | None]
) -> Iterator[tuple[int, str, Output | Silenced]]:
    """Give what comes of an effect: (microseconds from now, device, output)."""
    if isinstance(effect, Deliver):
        command = effect.command
        lasting = _lasting(command, fixtures[effect.device].settings, inventories.get(effect.device))
        late = command.verb.finished is Finished.REPORTED
        answer = _answer(command) if command.verb.answers else None
        yield 0 if late else lasting, effect.device, Answered(effect.id, effect.attempt, ok=True, answer=answer)
        if late:
            yield lasting, effect.device, Ended(effect.id, effect.attempt)
    elif isinstance(effect, DeliverFrame | DeliverClear):
        yield 0, effect.device, FrameAnswered(effect.number, ok=True)
    elif isinstance(effect, Silence):
        for id_, attempt in effect.cut or ():
            yield 0, effect.device, Answered(id_, attempt, ok=True, short=True)
        yield 0, effect.device, Silenced()
    elif isinstance(effect, Read):
        yield 0, effect.device, Values({}, effect.lane)

"""Ends that VTube Studio tells by events, and what is done where it tells none.

An end is armed in the call that sends its request, for the event may come before the reply. Whatever is armed ends:
each has an instant at which the driver asks, or does without (README, "When it is over").
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TypeAlias

from showrunner.devices.vocabulary import Condition, Ended, Frame, Output
from showrunner.devices.vts.alarms import Alarms, Step
from showrunner.devices.vts.arguments import ADDING, LOADING
from showrunner.devices.vts.envelope import data_of, number, text
from showrunner.devices.vts.repertoire import Model
from showrunner.slotted import dataclass

SECOND = 1_000_000
UNSTARTED = 3 * SECOND
"""So long after its reply a hotkey's animation may begin."""

LATE = 2 * SECOND
"""So long after its length an animation may tell its end."""

STILL = 200_000
"""A model that has not moved for so long stands."""

MOVING = 5 * SECOND
"""So long a hotkey may move the model."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a command, by the engine's numbers."""

    id: int
    number: int

    def ended(self, reason: str | None = None, *, cancelled: bool = False) -> Ended:
        """Say that it is over: failed for a reason, or cancelled for one."""
        result = "done" if reason is None else "cancelled" if cancelled else "failed"
        return Ended(self.id, self.number, result, reason)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class _Model:
    """A model that is to be there: ``wanted`` its id, None where none is to be, any where it is not known which."""

    wanted: str | None
    any: bool = False

    def met(self, model: Model | None) -> bool:
        """Tell whether this is the model that is to be there."""
        return model is not None if self.any else self.wanted == (None if model is None else model.id)


@dataclass(frozen=True, slots=True)
class _Animation:
    file: str
    of_item: bool
    started: bool = False


@dataclass(frozen=True, slots=True)
class _Item:
    instance: str


@dataclass(frozen=True, slots=True)
class _Move:
    pass


_Armed: TypeAlias = _Model | _Animation | _Item | _Move

Question: TypeAlias = Callable[[Attempt, int], list[Output]]
"""Asks VTube Studio whether what an attempt wanted is so by now."""


class Ends:
    """What is waited for, the oldest first."""

    def __init__(self, alarms: Alarms, ask_model: Question, ask_items: Question, stands: Step) -> None:
        self._alarms = alarms
        self._ask_model, self._ask_items, self._stood = ask_model, ask_items, stands
        self._armed: dict[Attempt, _Armed] = {}
        self._came: deque[str] = deque(maxlen=64)

    def clear(self) -> None:
        """Wait for nothing: the connection is gone, and with it every command."""
        self._armed.clear()
        self._came.clear()

    def disarm(self, attempt: Attempt) -> None:
        """Wait for this end no more."""
        self._alarms.cancel(("end", attempt))
        self._armed.pop(attempt, None)

    def _over(self, attempt: Attempt, reason: str | None = None, *, cancelled: bool = False) -> list[Output]:
        self.disarm(attempt)
        return [attempt.ended(reason, cancelled=cancelled)]

    def _without(self, attempt: Attempt, note: str) -> list[Output]:
        return [Condition("note", note, attempt.id), *self._over(attempt)]

    # -- a model

    def model(self, attempt: Attempt, wanted: str | None, now: int, *, any: bool = False) -> None:
        """Wait until this model is loaded (None: until none is; ``any``: until one is)."""
        self._armed[attempt] = _Model(wanted, any)
        self._alarms.set(("end", attempt), now + LOADING, lambda when: self._ask_model(attempt, when))

    def loaded(self, model: Model | None) -> list[Output]:
        """A model was loaded, or (None) the one that was there is gone."""
        outputs: list[Output] = []
        for attempt, armed in list(self._armed.items()):
            if isinstance(armed, _Animation) and not armed.of_item:
                outputs += self._over(attempt, "its model was unloaded", cancelled=True)
            elif isinstance(armed, _Model):
                if armed.met(model):
                    outputs += self._over(attempt)
                elif model is not None:
                    outputs += self._over(attempt, "another model was chosen in VTube Studio", cancelled=True)
        return outputs

    def found_model(self, attempt: Attempt, model: Model | None) -> list[Output]:
        """VTube Studio has answered which model is loaded, since its event did not come."""
        armed = self._armed.get(attempt)
        if not isinstance(armed, _Model):
            return []
        if armed.met(model):
            return self._without(attempt, "VTube Studio did not tell that the model was loaded; it is there")
        return self._over(attempt, f"it was not loaded within {LOADING // SECOND} s")

    # -- an animation

    def animation(self, attempt: Attempt, file: str, *, of_item: bool) -> None:
        """Wait until an animation that is about to begin is over."""
        self._armed[attempt] = _Animation(file, of_item)

    def pressed(self, attempt: Attempt, now: int) -> None:
        """The hotkey has its reply: its animation is to begin soon."""
        armed = self._armed.get(attempt)
        if isinstance(armed, _Animation) and not armed.started:
            note = f"VTube Studio did not tell that {armed.file} began: it is taken to be over"
            self._alarms.set(("end", attempt), now + UNSTARTED, lambda _: self._without(attempt, note))

    def animated(self, frame: Frame, now: int) -> list[Output]:
        """Read a ModelAnimationEvent."""
        data = data_of(frame)
        file, of_item = text(data.get("animationName")), data.get("isLive2DItem") is True
        if data.get("isIdleAnimation") is True:
            return []
        mine = [
            (attempt, armed)
            for attempt, armed in self._armed.items()
            if isinstance(armed, _Animation) and (armed.file.casefold(), armed.of_item) == (file.casefold(), of_item)
        ]
        kind = data.get("animationEventType")
        if kind == "Start":
            return self._started(mine, file, number(data.get("animationLength")) or 0, now)
        if kind == "End":
            # Where no start was told, the end is that of the oldest.
            begun = [attempt for attempt, armed in mine if armed.started] or [attempt for attempt, _ in mine]
            return self._over(begun[0]) if begun else []
        return []

    def _started(self, mine: list[tuple[Attempt, _Animation]], file: str, length: float, now: int) -> list[Output]:
        outputs: list[Output] = []
        for attempt, armed in mine:
            if armed.started:
                outputs += self._over(attempt, f"{file} was started again", cancelled=True)
        first = next((attempt for attempt, armed in mine if not armed.started), None)
        if first is not None:
            self._armed[first] = _Animation(
                file, next(armed.of_item for attempt, armed in mine if attempt == first), True
            )
            note = f"VTube Studio did not tell the end of {file}: it is taken to be over"
            until = now + round(length * SECOND) + LATE
            self._alarms.set(("end", first), until, lambda _: self._without(first, note))
        return outputs

    # -- a model that is moved by a hotkey

    def move(self, attempt: Attempt) -> None:
        """Wait until the model stands again."""
        self._armed[attempt] = _Move()

    def set_off(self, attempt: Attempt, now: int) -> None:
        """The hotkey has its reply: the model moves, or is about to."""
        if attempt in self._armed:
            self._alarms.set(("end", attempt), now + STILL, lambda when: self._stands(attempt, when))
            self._alarms.set(("move", attempt), now + MOVING, lambda when: self._stands(attempt, when))

    def moved(self, now: int) -> None:
        """The model has moved: it does not stand yet."""
        for attempt, armed in self._armed.items():
            if isinstance(armed, _Move):
                self._alarms.set(("end", attempt), now + STILL, lambda when, one=attempt: self._stands(one, when))  # type: ignore[misc]

    def _stands(self, attempt: Attempt, now: int) -> list[Output]:
        self._alarms.cancel(("move", attempt))
        return [*self._over(attempt), *self._stood(now)] if attempt in self._armed else []

    @property
    def moving(self) -> bool:
        """Whether a model is moved by a hotkey."""
        return any(isinstance(armed, _Move) for armed in self._armed.values())

    # -- an item

    def item(self, attempt: Attempt) -> None:
        """Wait until an item is there; which one, the reply will say."""
        self._armed[attempt] = _Item("")

    def is_item(self, attempt: Attempt, instance: str, now: int) -> list[Output]:
        """The reply has said which item it is: it may have come before."""
        if attempt not in self._armed:
            return []
        if instance in self._came:
            return self._over(attempt)
        self._armed[attempt] = _Item(instance)
        self._alarms.set(("end", attempt), now + ADDING, lambda when: self._ask_items(attempt, when))
        return []

    def added(self, instance: str) -> list[Output]:
        """An item has come."""
        self._came.append(instance)
        found = next((one for one, armed in self._armed.items() if armed == _Item(instance)), None)
        return [] if found is None else self._over(found)

    def found_items(self, attempt: Attempt, there: list[tuple[str, str]]) -> list[Output]:
        """VTube Studio has answered which items there are, since its event did not come."""
        armed = self._armed.get(attempt)
        if not isinstance(armed, _Item):
            return []
        if any(instance == armed.instance for instance, _ in there):
            return self._without(attempt, "VTube Studio did not tell that the item was added; it is there")
        return self._over(attempt, "the item is not there")

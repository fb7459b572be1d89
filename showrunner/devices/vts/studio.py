"""The simulated VTube Studio itself: which model is loaded, where it stands, and what its hotkeys and expressions do.

No wire, no plugins: those are in ``double``. What is on the stage beside the model is in ``scenery``, what lies over it
in ``looks``. Time is cut in sixtieths of a second, as the real one's frames are. How long things take that nobody has
written down is said beside them here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from showrunner.devices.vocabulary import Entry, Frame
from showrunner.devices.vts.arguments import BETWEEN_MODELS, EXPRESSION_ENDING, SECOND
from showrunner.devices.vts.envelope import MODEL_ID, Fault, number
from showrunner.devices.vts.gallery import Gallery, made_id
from showrunner.devices.vts.motion import Motion
from showrunner.devices.vts.repertoire import Hotkey

WINDOW = {"x": 1280, "y": 720}

FRAME = 16_667
"""A sixtieth of a second, in microseconds."""

SLOT = 5 * FRAME
"""A hotkey is taken every five frames."""

WAITING = 32
"""So many hotkeys may wait."""

LOADING = 500_000
"""A model takes so long to be there; the real ones differ."""

MOVED = 500_000
"""A hotkey moves the model for so long."""

AT_FIRST = {"positionX": 0.0, "positionY": 0.0, "rotation": 0.0, "size": 0.0}
CLOSE = {"positionX": 0.0, "positionY": -0.4, "rotation": 0.0, "size": 30.0}
"""Where a hotkey brings the model."""

Ticket: TypeAlias = Any
"""Whoever waits for an answer that comes later."""

Answer: TypeAlias = Mapping[str, Any] | Fault | None
"""The data of an answer, or why there is none; None: it comes later."""


@dataclass(slots=True)
class _Animation:
    """One that plays. ``marks``: what is still to be told, by its instant."""

    file: str
    since: int
    length: int
    of_item: bool
    marks: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Press:
    """A hotkey that is to be taken. ``ticket``: it is answered then."""

    hotkey: Hotkey
    by_api: bool
    of_item: bool
    ticket: Ticket | None


class Studio:
    """What every plugin sees alike.

    ``told`` are events to be sent to those who want them, by VTube Studio's names; ``late`` the answers that were owed.
    ``watched``: whether anybody wants to know how the model moves.
    """

    def __init__(self, gallery: Gallery, watched: Callable[[], bool], press: Callable[[Hotkey], None]) -> None:
        self.gallery = gallery
        self.told: list[tuple[str, Frame]] = []
        self.late: list[tuple[Ticket, Answer]] = []
        self.window = False
        self.silent = False
        self.at_once = True
        self._watched, self._beside = watched, press
        self.model: Entry | None = next(iter(gallery.entries("models")), Entry("Akari"))
        self._loaded_at = 0
        self._loading: tuple[Entry, int, Ticket] | None = None
        self._next_load = -BETWEEN_MODELS
        self.place = Motion(AT_FIRST, AT_FIRST)
        self._next_move: int | None = None
        self.expressions: dict[str, bool] = {}
        self._queue: deque[_Press] = deque()
        self._slot = -SLOT
        self._pressed: dict[str, int] = {}
        self._playing: list[_Animation] = []
        self.background = "default"

    # -- time

    @property
    def deadline(self) -> int | None:
        """The next instant at which something happens by itself."""
        times = [] if self._loading is None else [self._loading[1]]
        times += [self._slot + SLOT] if self._queue else []
        for one in self._playing:
            times += [one.since + one.length, *(at for at, _ in one.marks[:1])]
        times += [] if self._next_move is None else [self._next_move]
        return min(times, default=None)

    def pass_time(self, now: int) -> None:
        """Do what is due, in the order of its instants."""
        while (due := self.deadline) is not None and due <= now:
            if self._loading is not None and self._loading[1] <= due:
                self._arrive(due)
            for one in list(self._playing):
                while one.marks and one.marks[0][0] <= due:
                    self._animated("Custom", one, *one.marks.pop(0))
                if one.since + one.length <= due:
                    self._playing.remove(one)
                    self._animated("End", one, one.since + one.length, "Anim_End")
            if self._queue and self._slot + SLOT <= due:
                self._take(self._queue.popleft(), due)
            if self._next_move is not None and self._next_move <= due:
                self._move_on(due)

    # -- the model

    @property
    def model_id(self) -> str:
        """The id of the model that is loaded; empty without one."""
        return "" if self.model is None else self.model.id or made_id(self.model.name)

    @property
    def whose(self) -> Frame:
        """The model as nearly every answer has it."""
        name = "" if self.model is None else self.model.name
        return {"modelLoaded": self.model is not None, "modelName": name, "modelID": self.model_id}

    def load(self, data: Mapping[str, Any], now: int, ticket: Ticket) -> Answer:
        """Load a model, or, for the empty id, unload the one that is there."""
        wanted = data.get("modelID")
        if not isinstance(wanted, str):
            return Fault(150, "no modelID was given")
        found = self.gallery.model(wanted) if wanted else None
        if wanted and found is None:
            known = MODEL_ID.fullmatch(wanted)
            return Fault(152, "there is no such model") if known else Fault(151, "that is no id of a model")
        if now < self._next_load:
            return Fault(153, "a model can be loaded every two seconds")
        if self._loading is not None or self.window:
            return Fault(154, "no model can be loaded at this moment")
        self._next_load = now + BETWEEN_MODELS
        self.unload()
        if found is None:
            return {"modelID": ""}
        self._loading = (found, now + LOADING, ticket)
        return None

    def change(self, name: str, now: int) -> str | None:
        """Load a model by hand, by its name; give what is wrong, if anything."""
        found = self.gallery.find("models", name)
        if found is None:
            return f"there is no model `{name}`"
        self.unload()
        self._loading = (found, now, None)
        self.pass_time(now)
        return None

    def unload(self) -> None:
        """Take the model off. Its animations end, and nobody is told."""
        if self.model is not None:
            self.told.append(("ModelLoadedEvent", {**self.whose, "modelLoaded": False}))
        self.model = None
        self._playing = [one for one in self._playing if one.of_item]
        self.expressions.clear()

    def _arrive(self, now: int) -> None:
        if self._loading is None:
            return
        self.model, _, ticket = self._loading
        self._loading, self._loaded_at = None, now
        self.place, self._next_move = Motion(AT_FIRST, AT_FIRST), None
        if not self.silent:
            self.told.append(("ModelLoadedEvent", self.whose))
        if ticket is not None:
            self.late.append((ticket, {"modelID": self.model_id}))

    def current(self, now: int) -> Frame:
        """Give the data of a CurrentModelResponse."""
        parameters, meshes = (len(self.gallery.entries(name)) for name in ("live2d-parameters", "artmeshes"))
        there = self.model is not None
        name = self.whose["modelName"]
        return {
            **self.whose,
            "vtsModelName": f"{name}.vtube.json" if there else "",
            "vtsModelIconName": f"{name}.png" if there else "",
            "live2DModelName": f"{name}.model3.json" if there else "",
            "modelLoadTime": LOADING // 1000 if there else 0,
            "timeSinceModelLoaded": (now - self._loaded_at) // 1000 if there else 0,
            "numberOfLive2DParameters": parameters if there else 0,
            "numberOfLive2DArtmeshes": meshes if there else 0,
            "hasPhysicsFile": there,
            "numberOfTextures": int(there),
            "textureResolution": 4096 if there else 0,
            "modelPosition": _positive(self.place.at(now)),
        }

    def models(self) -> list[Frame]:
        """Give the rows of an AvailableModelsResponse."""
        return [
            {
                "modelLoaded": (entry.id or made_id(entry.name)) == self.model_id,
                "modelName": entry.name,
                "modelID": entry.id or made_id(entry.name),
                "vtsModelName": f"{entry.name}.vtube.json",
                "vtsModelIconName": f"{entry.name}.png",
            }
            for entry in self.gallery.entries("models")
        ]

    # -- where it stands

    def move(self, data: Mapping[str, Any], now: int) -> Answer:
        """Move the model, smoothly if a time is said; a newer move takes an older one's place."""
        if self.model is None:
            return Fault(300, "no model is loaded")
        over, relative = number(data.get("timeInSeconds")), data.get("valuesAreRelativeToModel")
        if over is None or not isinstance(relative, bool):
            return Fault(301, "timeInSeconds and valuesAreRelativeToModel are needed")
        limits = {"positionX": 1000, "positionY": 1000, "rotation": 360, "size": 100}
        said: dict[str, float] = {}
        for key, most in limits.items():
            if data.get(key) is not None:
                value = number(data.get(key))
                if value is None or abs(value) > most:
                    return Fault(302, f"{key} is out of range")
                said[key] = value
        if not 0 <= over <= 2:
            return Fault(302, "timeInSeconds is out of range")
        if relative:
            here = self.place.at(now)
            said = {key: round(here[key] + value, 6) for key, value in said.items()}
        self._set_off(said, round(over * SECOND), now)
        return {}

    def _set_off(self, to: Mapping[str, float], over: int, now: int) -> None:
        self.place = self.place.turned(to, over, now)
        self._next_move = now
        self._move_on(now)

    def moved(self, now: int) -> Frame:
        """Give the data of a ModelMovedEvent."""
        place = _positive(self.place.at(now))
        order = ("positionX", "positionY", "size", "rotation")
        who = {key: value for key, value in self.whose.items() if key != "modelLoaded"}
        return {**who, "modelPosition": {key: place[key] for key in order}}

    def _move_on(self, now: int) -> None:
        if self._watched():
            self.told.append(("ModelMovedEvent", self.moved(now)))
        moving = self._watched() and now < self.place.arrives
        self._next_move = min(now + FRAME, self.place.arrives) if moving else None

    # -- hotkeys

    @property
    def hotkeys(self) -> tuple[Hotkey, ...]:
        """The hotkeys of the model."""
        return self.gallery.hotkeys(self.whose["modelName"])

    def press(self, data: Mapping[str, Any], now: int, ticket: Ticket, *, of_item: bool = False) -> Answer:
        """Take a hotkey that a plugin presses: it waits for its turn."""
        if self.model is None and not of_item:
            return Fault(201, "no model is loaded")
        wanted = data.get("hotkeyID")
        found = self.gallery.hotkey(self.whose["modelName"], wanted) if isinstance(wanted, str) and wanted else None
        if found is None:
            return Fault(202, "there is no such hotkey")
        if self.window:
            return Fault(205, "no hotkey can be triggered at this moment")
        if now - self._pressed.get(found.id, -SLOT) < SLOT:
            return Fault(203, "that hotkey was triggered just now")
        if len(self._queue) >= WAITING:
            return Fault(200, "too many hotkeys wait")
        self._pressed[found.id] = now
        self._queue.append(_Press(found, by_api=True, of_item=of_item, ticket=None if self.at_once else ticket))
        if self._slot + SLOT <= now:
            self._take(self._queue.popleft(), now)
        return {"hotkeyID": found.id} if self.at_once else None

    def press_by_hand(self, name: str, now: int) -> str | None:
        """Press a hotkey as its user does; give what is wrong, if anything."""
        found = self.gallery.hotkey(self.whose["modelName"], name)
        if found is None:
            return f"there is no hotkey `{name}`"
        self._take(_Press(found, by_api=False, of_item=False, ticket=None), now)
        return None

    def _take(self, press: _Press, now: int) -> None:
        hotkey, self._slot = press.hotkey, now
        if press.ticket is not None:
            self.late.append((press.ticket, {"hotkeyID": hotkey.id}))
        said = {
            "hotkeyID": hotkey.id,
            "hotkeyName": hotkey.name,
            "hotkeyAction": hotkey.kind,
            "hotkeyFile": hotkey.file,
            "hotkeyTriggeredByAPI": press.by_api,
            **{key: value for key, value in self.whose.items() if key != "modelLoaded"},
            "isLive2DItem": press.of_item,
        }
        self.told.append(("HotkeyTriggeredEvent", said))
        match hotkey.kind:
            case "TriggerAnimation":
                self.play(hotkey.file, now, of_item=press.of_item)
            case "ToggleExpression":
                self.expressions[hotkey.file] = not self.expressions.get(hotkey.file, False)
            case "RemoveAllExpressions":
                self.expressions.clear()
            case "MoveModel":
                self._set_off(CLOSE, MOVED, now)
            case "ChangeBackground":
                self.see(hotkey.file)
            case "ChangeVTSModel":
                found = self.gallery.find("models", hotkey.file.removesuffix(".vtube.json"))
                if found is not None and self._loading is None:
                    self.unload()
                    self._loading = (found, now + LOADING, None)
            case _:
                self._beside(hotkey)

    def see(self, background: str) -> None:
        """Show another background."""
        self.background = background
        self.told.append(("BackgroundChangedEvent", {"backgroundName": background}))

    # -- animations

    def play(self, file: str, now: int, *, of_item: bool = False) -> None:
        """Play an animation once; the one that played before is over."""
        self.stop(now, of_item=of_item)
        length, mark = self.gallery.animation(file)
        marks = [] if mark is None else [(now + length // 2, mark)]
        self._playing.append(_Animation(file, now, length, of_item, marks))
        self._animated("Start", self._playing[-1], now, "Anim_Start")

    def stop(self, now: int, *, of_item: bool = False) -> None:
        """End what plays."""
        for one in [one for one in self._playing if one.of_item == of_item]:
            self._playing.remove(one)
            self._animated("End", one, now, "Anim_End")

    def mark(self, words: str, now: int) -> None:
        """Come to a mark, in whatever plays."""
        one = next(iter(self._playing), _Animation("wave.motion3.json", now, SECOND, of_item=False))
        self._animated("Custom", one, now, words)

    def _animated(self, kind: str, one: _Animation, now: int, said: str) -> None:
        if kind == "End" and self.silent:
            return
        data = {
            "animationEventType": kind,
            "animationEventTime": round((now - one.since) / SECOND, 6),
            "animationEventData": said,
            "animationName": one.file,
            "animationLength": one.length / SECOND,
            "isIdleAnimation": False,
            **{key: value for key, value in self.whose.items() if key != "modelLoaded"},
            "isLive2DItem": one.of_item,
        }
        self.told.append(("ModelAnimationEvent", data))

    # -- expressions

    def express(self, data: Mapping[str, Any]) -> Answer:
        """Turn an expression on or off."""
        file = data.get("expressionFile")
        if not isinstance(file, str) or not file.endswith(EXPRESSION_ENDING):
            return Fault(650, f"an expression's file ends in {EXPRESSION_ENDING}")
        if self.model is None:
            return Fault(652, "no model is loaded")
        found = self.gallery.expression(file)
        if found is None:
            return Fault(651, "the model has no such expression")
        self.expressions[found] = data.get("active") is True
        return {}

    def expressed(self, data: Mapping[str, Any]) -> Answer:
        """Give the data of an ExpressionStateResponse."""
        wanted, details = data.get("expressionFile"), data.get("details") is True
        if wanted and not (isinstance(wanted, str) and wanted.endswith(EXPRESSION_ENDING)):
            return Fault(600, f"an expression's file ends in {EXPRESSION_ENDING}")
        known = [entry.id or f"{entry.name}{EXPRESSION_ENDING}" for entry in self.gallery.entries("expressions")]
        files = list(dict.fromkeys([*known, *self.expressions])) if self.model is not None else []
        if wanted:
            files = [file for file in files if file.casefold() == wanted.casefold()]
            if not files:
                return Fault(601, "the model has no such expression")
        return {**self.whose, "expressions": [self._expression(file, details=details) for file in files]}

    def _expression(self, file: str, *, details: bool) -> Frame:
        used = [one for one in self.hotkeys if one.file == file]
        return {
            "name": file.removesuffix(EXPRESSION_ENDING),
            "file": file,
            "active": self.expressions.get(file, False),
            "deactivateWhenKeyIsLetGo": False,
            "autoDeactivateAfterSeconds": False,
            "secondsRemaining": 0,
            "usedInHotkeys": [{"name": one.name, "id": one.id} for one in used] if details else [],
            "parameters": [{"name": "ParamMouthOpenY", "value": 0}] if details else [],
        }

    # -- for people

    def visible(self, now: int) -> list[str]:
        """Say what is seen of the model."""
        if self._loading is not None:
            return [f"model {self._loading[0].name} is loading"]
        if self.model is None:
            return ["no model"]
        place = {key: value for key, value in self.place.at(now).items() if value != AT_FIRST[key]}
        parts = [f"model {self.model.name}"]
        parts += ["at " + " ".join(f"{key} {round(value, 3)}" for key, value in place.items())] if place else []
        parts += [f"expression {file.removesuffix(EXPRESSION_ENDING)}" for file, on in self.expressions.items() if on]
        parts += [f"animation {one.file}" for one in self._playing]
        return [*parts, *([f"background {self.background}"] if self.background != "default" else [])]


def _positive(place: Mapping[str, float]) -> Frame:
    """Give a place as answers have it: a turn from 0 to 360."""
    return {**place, "rotation": place["rotation"] % 360}

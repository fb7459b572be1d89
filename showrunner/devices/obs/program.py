"""The double's picture: which scene is on air, which is prepared, and the transition between two.

As observed on OBS 29.0.2 (README.md, "Scenes"), its traps too: a change that is replaced has no end, one in studio mode
is thrown away while another runs, and a transition that is changed in the middle never ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from showrunner.devices.obs.collection import Collection, Transition
from showrunner.devices.obs.fields import No
from showrunner.devices.obs.floor import Alarm, Floor

USUAL = 300


@dataclass(slots=True)
class Change:
    """A transition that runs."""

    start: str
    target: str
    transition: str
    end: Alarm


class Program:
    """What is on air of one collection."""

    def __init__(self, floor: Floor, collection: Collection) -> None:
        self._floor = floor
        self._shown: Callable[[], None] = lambda: None
        self.collection = collection
        self.scene = next(iter(collection.scenes))
        self.preview: str | None = None
        self.chosen = "Fade" if "Fade" in collection.transitions else next(iter(collection.transitions))
        self.duration = USUAL
        self.change: Change | None = None
        self._broken: frozenset[str] = frozenset()

    def when_shown(self, act: Callable[[], None]) -> None:
        """Have something done whenever another scene is shown."""
        self._shown = act

    @property
    def studio(self) -> bool:
        """Tell whether studio mode is on."""
        return self.preview is not None

    def load(self, collection: Collection) -> None:
        """Take another collection; a transition that runs gets no end."""
        self._call_off()
        studio = self.studio
        self.collection.program = self.scene
        self.collection, self._broken = collection, frozenset()
        self.scene = collection.program or next(iter(collection.scenes))
        if collection.program is not None:
            self._floor.tell("CurrentProgramSceneChanged", {"sceneName": self.scene})
        self.preview = self.scene if studio else None
        if self.chosen not in collection.transitions:
            self.chosen = next(iter(collection.transitions))

    def go(self, target: str) -> None:
        """Change to a scene, as whoever asks for it does."""
        running = self.change
        if self.studio:
            if running is not None:
                running.start, running.target = self.scene, target  # it is thrown away, and told of all the same
                self.scene = target
                return
            self._run(target, studio=True)
            return
        if target == self.scene:
            return
        if target in self._broken and self.scene in self._broken:
            self.scene = target
            self._shown()
            return
        self._broken = frozenset()
        left = None
        if running is not None:
            left = running.end.at - self._floor.now if target == running.start else None
            self._call_off()
        self._run(target, studio=False, left=left)

    def _call_off(self) -> None:
        if self.change is not None:
            self.change.end.cancel()
            self.change = None

    def _run(self, target: str, *, studio: bool, left: int | None = None) -> None:
        scene = self.collection.scenes[target]
        transition = self.collection.transitions[scene.transition or self.chosen]
        span = self.spans(transition, scene.duration if scene.transition else None) if left is None else left
        before = self.scene
        self.scene = target

        def over() -> None:
            change, self.change = self.change, None
            if studio and self.preview is not None:
                self.preview = before if change is None else change.start
                self._floor.tell("CurrentPreviewSceneChanged", {"sceneName": self.preview})
            self._floor.tell("SceneTransitionVideoEnded", {"transitionName": transition.name})
            said = self.scene if change is None else change.target
            self._floor.tell("CurrentProgramSceneChanged", {"sceneName": said})
            self._floor.tell("SceneTransitionEnded", {"transitionName": transition.name})

        self._floor.tell("SceneTransitionStarted", {"transitionName": transition.name})
        self.change = Change(before, target, transition.name, self._floor.later(span, over))
        self._shown()

    def spans(self, transition: Transition, own: int | None = None) -> int:
        """Give the microseconds that a transition lasts."""
        return transition.span if transition.span is not None else (own or self.duration) * 1000

    def prepare(self, target: str) -> None:
        """Choose the scene that is prepared."""
        if self.preview != target:
            self.preview = target
            self._floor.tell("CurrentPreviewSceneChanged", {"sceneName": target})
            self._shown()

    def _break(self) -> None:
        """A transition is touched while it runs: its end never comes."""
        if self.change is not None:
            self._broken = frozenset({self.change.start, self.change.target})
            self._call_off()

    def set_studio(self, *, on: bool) -> None:
        """Turn studio mode on or off."""
        if on == self.studio:
            return
        self._break()
        if not on:
            self._floor.tell("CurrentProgramSceneChanged", {"sceneName": self.preview})
            self._floor.tell("CurrentProgramSceneChanged", {"sceneName": self.scene})
        self.preview = self.scene if on else None
        self._floor.tell("StudioModeStateChanged", {"studioModeEnabled": on})
        self._shown()

    def choose(self, name: str) -> No | None:
        """Choose a transition."""
        found = self.collection.transition(name)
        if isinstance(found, No):
            return found
        if found.name != self.chosen:
            self._break()
            self.chosen = found.name
        self._floor.tell("CurrentSceneTransitionChanged", {"transitionName": found.name})
        return None

    def renamed(self, old: str, new: str) -> None:
        """A scene has another name."""
        self.scene = new if self.scene == old else self.scene
        self.preview = new if self.preview == old else self.preview
        if self.change is not None and self.change.target == old:
            self.change.target = new

    def removed(self, name: str, neighbour: str) -> None:
        """A scene is gone: what was shown of it gives way to a neighbour."""
        if self.preview == name:
            self.preview = neighbour
        if self.scene == name:
            self._call_off()
            self._run(neighbour, studio=False)

"""What is known of an OBS while a show plays: read when it is reached, and kept up by what it tells.

Nothing here asks or decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from showrunner.devices.obs.protocol import Reply, request
from showrunner.devices.obs.sense import FIXED, USUAL
from showrunner.devices.vocabulary import Frame

QUESTIONS: tuple[Frame, ...] = tuple(
    request(name)
    for name in (
        "GetVersion",
        "GetSceneList",
        "GetStudioModeEnabled",
        "GetSceneTransitionList",
        "GetCurrentSceneTransition",
        "GetInputList",
        "GetSceneCollectionList",
        "GetProfileList",
    )
)
"""What is asked at the beginning, in one batch."""


class Known:
    """One OBS. Names are None, and collections empty, where nothing is known."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin anew: another OBS may be there next time."""
        self.version: str | None = None
        self.requests: frozenset[str] = frozenset()
        self.program: str | None = None
        self.preview: str | None = None
        self.studio = False
        self.scenes: tuple[str, ...] = ()
        self.transition: str | None = None
        self.span: int | None = USUAL
        """How long the transition lasts that is chosen in OBS, in microseconds; None: that cannot be chosen."""
        self.fixed: dict[str, int] = {}
        """Transitions whose time cannot be chosen -> how long they last at most, in microseconds."""
        self.kinds: dict[str, str] = {}
        """Inputs -> what they are, without the number of a version."""
        self.collection: str | None = None
        self.profile: str | None = None
        self.running: int | None = None
        """Until when a transition may be running, at the latest; None: none is."""

    def learn(self, answers: Sequence[Reply]) -> None:
        """Read the answers to ``QUESTIONS``, as far as they came."""
        version, scenes, studio, transitions, transition, inputs, collections, profiles = [
            *answers,
            *(Reply(0, "it did not come", {}) for _ in range(len(QUESTIONS) - len(answers))),
        ][: len(QUESTIONS)]
        self.running = None
        self.version = version.text("obsVersion")
        named = version.data.get("availableRequests")
        self.requests = frozenset(map(str, named)) if isinstance(named, list) else frozenset()
        self.program, self.preview = scenes.text("currentProgramSceneName"), scenes.text("currentPreviewSceneName")
        self.scenes = tuple(str(one.get("sceneName")) for one in scenes.rows("scenes"))
        self.studio = studio.data.get("studioModeEnabled") is True
        self.fixed = {
            str(one.get("transitionName")): FIXED.get(str(one.get("transitionKind")), FIXED["obs_stinger_transition"])
            for one in transitions.rows("transitions")
            if one.get("transitionFixed") is True
        }
        self.choose(transition)
        self.kinds = {str(one.get("inputName")): _kind(one) for one in inputs.rows("inputs")}
        self.collection = collections.text("currentSceneCollectionName")
        self.profile = profiles.text("currentProfileName")

    def choose(self, transition: Reply) -> None:
        """Read the transition that is chosen in OBS."""
        if transition.ok:
            self.transition = transition.text("transitionName")
            span = transition.number("transitionDuration")
            self.span = None if span is None else int(span * 1000)

    def lasts(self, transition: str | None, over: int | None = None) -> int:
        """Tell how long a transition lasts at most, in microseconds; None: the one that is chosen."""
        name = self.transition if transition is None else transition
        if name in self.fixed:
            return self.fixed[name]
        return over if over is not None else USUAL if self.span is None else self.span

    def hear(self, event: str, data: Mapping[str, Any], now: int) -> None:
        """Take in what OBS tells of itself."""
        text = {key: value for key, value in data.items() if isinstance(value, str)}
        match event:
            case "CurrentProgramSceneChanged":
                self.program = text.get("sceneName", self.program)
                self.running = self.running if self.studio else None
            case "CurrentPreviewSceneChanged":
                self.preview = text.get("sceneName", self.preview)
            case "StudioModeStateChanged":
                self.studio = data.get("studioModeEnabled") is True
                self.preview = self.program if self.studio else None
                self.running = None
            case "SceneTransitionStarted":
                self.running = now + self.lasts(text.get("transitionName")) + MARGIN
            case "SceneTransitionEnded":
                self.running = None
            case "CurrentSceneTransitionDurationChanged":
                span = data.get("transitionDuration")
                if isinstance(span, int) and self.span is not None:
                    self.span = span * 1000
            case "SceneListChanged":
                rows = data.get("scenes")
                if isinstance(rows, list):
                    self.scenes = tuple(str(one.get("sceneName")) for one in rows if isinstance(one, dict))
            case "SceneNameChanged":
                self._rename(text.get("oldSceneName"), text.get("sceneName"))
            case "InputCreated":
                self.kinds[text.get("inputName", "")] = _kind(text)
            case "InputRemoved":
                self.kinds.pop(text.get("inputName", ""), None)
            case "InputNameChanged":
                if (kind := self.kinds.pop(text.get("oldInputName", ""), None)) is not None:
                    self.kinds[text.get("inputName", "")] = kind

    def _rename(self, old: str | None, new: str | None) -> None:
        if old is None or new is None:
            return
        self.scenes = tuple(new if name == old else name for name in self.scenes)
        self.program = new if self.program == old else self.program
        self.preview = new if self.preview == old else self.preview


MARGIN = 1_000_000
"""So much longer than it should last a thing is waited for before OBS is asked whether it is over (microseconds)."""


def _kind(row: Mapping[str, Any]) -> str:
    return str(row.get("unversionedInputKind") or row.get("inputKind") or "")

"""The double's clips: what plays, how far it is, and when it is over (README.md, "Clips")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from showrunner.devices.obs.collection import Input
from showrunner.devices.obs.fields import No
from showrunner.devices.obs.floor import Alarm, Floor
from showrunner.devices.obs.protocol import ACTION, MEDIA, Code
from showrunner.devices.obs.sense import is_kind

EARLY = 70_000
"""So much before its file is over a clip tells so [run]."""

STOPS = 79_000
"""So long after it was stopped it tells that it is over [run]."""

STUCK = 128_000
"""Where a clip stands that was over and is told to play [run]."""

OPENS = 46_000
"""So long after it got another file a clip begins [run]."""

LISTS = ("vlc_source", "slideshow")
"""Kinds of clips that have a next one."""

OVER = frozenset({"ENDED", "STOPPED", "NONE"})


@dataclass(slots=True)
class Clip:
    """How far one is: at ``since`` it was at ``cursor`` (microseconds). It ends by ``end``."""

    state: str = "ENDED"
    cursor: int = 0
    since: int = 0
    end: Alarm | None = None


class Clips:
    """The clips of a collection. ``showing`` tells whether a source is shown at all."""

    def __init__(self, floor: Floor, showing: Callable[[str], bool]) -> None:
        self._floor = floor
        self._showing = showing
        self._clips: dict[str, Clip] = {}

    def clear(self) -> None:
        """Another collection: nothing plays, and nothing tells of its end."""
        for clip in self._clips.values():
            self._quiet(clip)
        self._clips.clear()

    def removed(self, name: str) -> None:
        """An input is gone, and its clip with it."""
        self._quiet(self._clips.pop(name, Clip()))

    def renamed(self, old: str, new: str) -> None:
        """An input has another name, under which its clip ends."""
        if old in self._clips:
            self._clips[new] = self._clips.pop(old)

    def status(self, input_: Input) -> dict[str, Any]:
        """Answer GetMediaInputStatus."""
        clip = self._clip(input_)
        over = clip.state in OVER
        length = 0 if input_.missing else input_.length // 1000
        return {
            "mediaState": MEDIA + clip.state,
            "mediaDuration": None if over else length,
            "mediaCursor": None if over else self._cursor(input_, clip) // 1000,
        }

    def playing(self) -> list[tuple[str, str]]:
        """Give what is not over, with its state."""
        return [(name, clip.state.lower()) for name, clip in self._clips.items() if clip.state not in OVER]

    def act(self, input_: Input, action: str) -> No | None:
        """Do what TriggerMediaInputAction says."""
        word = action.removeprefix(ACTION)
        if word == action or word not in {"PLAY", "PAUSE", "STOP", "RESTART", "NEXT", "PREVIOUS", "NONE"}:
            return No(Code.INVALID_FIELD, "You have specified an invalid media input action.")
        if not input_.clip:
            return None
        clip = self._clip(input_)
        if word == "RESTART":
            self.begin(input_)
        elif word == "PAUSE" and clip.state == "PLAYING":
            clip.cursor, clip.state = self._cursor(input_, clip), "PAUSED"
            self._quiet(clip)
        elif word == "PLAY" and clip.state == "PAUSED":
            self._run(input_, clip, clip.cursor)
        elif word == "PLAY" and clip.state in OVER:
            clip.state, clip.cursor, clip.since = "PLAYING", STUCK, self._floor.now
            self._tell("Started", input_)
        elif word == "STOP" and clip.state not in OVER:
            self._quiet(clip)
            clip.state = "STOPPED"
            self._floor.later(STOPS, lambda: self._over(input_, clip))
        if word not in {"NEXT", "PREVIOUS"} or is_kind(input_.kind, LISTS):
            self._floor.tell("MediaInputActionTriggered", {"inputName": input_.name, "mediaAction": action})
        return None

    def begin(self, input_: Input) -> None:
        """Play it from its beginning."""
        clip = self._clip(input_)
        self._quiet(clip)
        if input_.missing or not self._showing(input_.name):
            clip.state, clip.cursor, clip.since = "PLAYING", 0, self._floor.now
            if input_.missing:
                self._tell("Started", input_)
            return
        self._run(input_, clip, 0)

    def given(self, input_: Input) -> None:
        """It got another file, and begins with that."""
        clip = self._clip(input_)
        self._quiet(clip)

        def opens() -> None:
            if input_.missing:
                self._tell("Started", input_)
                self._over(input_, clip)
            elif self._showing(input_.name):
                self._run(input_, clip, 0)

        clip.end = self._floor.later(OPENS, opens)

    def seek(self, input_: Input, cursor: int) -> None:
        """Go to another place of it."""
        clip = self._clip(input_)
        if clip.state == "PLAYING":
            self._quiet(clip)
            clip.cursor, clip.since = min(max(cursor, 0), input_.length), self._floor.now
            clip.end = self._floor.later(self._left(input_, clip.cursor), lambda: self._ends(input_, clip))
        elif clip.state == "PAUSED":
            clip.cursor = min(max(cursor, 0), input_.length)

    def _clip(self, input_: Input) -> Clip:
        return self._clips.setdefault(input_.name, Clip())

    def _cursor(self, input_: Input, clip: Clip) -> int:
        if clip.state != "PLAYING" or clip.end is None:
            return clip.cursor
        went = clip.cursor + self._floor.now - clip.since
        return went % max(1, input_.length) if self._loops(input_) else min(went, input_.length)

    def _run(self, input_: Input, clip: Clip, cursor: int) -> None:
        clip.state, clip.cursor, clip.since = "PLAYING", cursor, self._floor.now
        clip.end = self._floor.later(self._left(input_, cursor), lambda: self._ends(input_, clip))
        self._tell("Started", input_)

    @staticmethod
    def _left(input_: Input, cursor: int) -> int:
        return max(0, input_.length - cursor - min(EARLY, input_.length // 2))

    @staticmethod
    def _loops(input_: Input) -> bool:
        return input_.settings.get("looping") is True or input_.settings.get("loop") is True

    def _ends(self, input_: Input, clip: Clip) -> None:
        if self._loops(input_):
            self._run(input_, clip, 0)
        else:
            self._over(input_, clip)

    def _over(self, input_: Input, clip: Clip) -> None:
        self._quiet(clip)
        clip.state, clip.cursor = "ENDED", 0
        self._tell("Ended", input_)

    def _tell(self, what: str, input_: Input) -> None:
        self._floor.tell(f"MediaInputPlayback{what}", {"inputName": input_.name})

    @staticmethod
    def _quiet(clip: Clip) -> None:
        if clip.end is not None:
            clip.end.cancel()
            clip.end = None

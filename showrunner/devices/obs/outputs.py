"""The double's outputs: recording, stream, replay buffer, virtual camera (README.md, "Outputs")."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from showrunner.devices.obs.fields import No
from showrunner.devices.obs.floor import Floor
from showrunner.devices.obs.protocol import OUTPUT, Code

FOLDER = "/home/user/Videos"
"""Where the observed OBS records to."""

EVENTS = {
    "record": "RecordStateChanged",
    "stream": "StreamStateChanged",
    "replay": "ReplayBufferStateChanged",
    "camera": "VirtualcamStateChanged",
}

TAKES = {
    "record": (45_000, 20_000, 1_030_000),
    "stream": (0, 518_000, 300_000),
    "replay": (14_000, 0, 1_088_000),
    "camera": (0, 20_000, 20_000),
}
"""Microseconds [run]: until it says that it starts or stops, from then until it has started, until it has stopped."""

SAVES = 1_980_000
"""So long a replay takes until it is saved [run]."""

NO_CAMERA = No(Code.WRONG_STATE, "VirtualCam is not available.")


@dataclass(slots=True)
class State:
    """One output. ``path``: where it writes to."""

    active: bool = False
    changing: bool = False
    paused: bool = False
    since: int = 0
    path: str | None = None


class Outputs:
    """All of them. ``shares``: the recording shares the encoder of the stream, so it cannot pause."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._states = {name: State() for name in EVENTS}
        self._made = 0
        self._saved: str | None = None
        self.stream_fails = self.camera_missing = self.shares = False

    def active(self) -> list[str]:
        """Name what runs."""
        return [name for name, state in self._states.items() if state.active]

    def runs(self, name: str) -> bool:
        """Tell whether an output runs."""
        return self._states[name].active

    @property
    def paused(self) -> bool:
        """Whether the recording is paused."""
        return self._states["record"].paused

    def status(self, name: str) -> dict[str, Any] | No:
        """Answer Get…Status."""
        if name == "camera" and self.camera_missing:
            return NO_CAMERA
        state = self._states[name]
        took = (self._floor.now - state.since) // 1000 if state.active else 0
        if name in {"replay", "camera"}:
            return {"outputActive": state.active}
        seconds, rest = divmod(took, 1000)
        code = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
        shared = {
            "outputActive": state.active,
            "outputBytes": took * 32,
            "outputDuration": took,
            "outputTimecode": code,
        }
        if name == "record":
            return {**shared, "outputPaused": state.paused}
        further = {"outputCongestion": 0.0, "outputReconnecting": False, "outputSkippedFrames": 0}
        return {**shared, **further, "outputTotalFrames": took * 30 // 1000}

    def start(self, name: str) -> dict[str, Any] | No:
        """Start an output."""
        state = self._states[name]
        if name == "camera" and self.camera_missing:
            return NO_CAMERA
        if state.active or state.changing:
            return No(Code.OUTPUT_RUNNING)
        state.changing = True
        says, starts, _ = TAKES[name]

        def starting() -> None:
            self._tell(name, "STARTING")
            self._floor.later(starts, started)

        def started() -> None:
            state.changing = False
            if name == "stream" and self.stream_fails:
                self._tell(name, "STOPPED")
                return
            state.active, state.since = True, self._floor.now
            if name == "record":
                state.path = self._file()
            self._tell(name, "STARTED", state.path)

        self._floor.later(says, starting)
        return {}

    def stop(self, name: str) -> dict[str, Any] | No:
        """Stop an output; the answer of a recording has its path already."""
        state = self._states[name]
        if name == "camera" and self.camera_missing:
            return NO_CAMERA
        if not state.active:
            return No(Code.OUTPUT_NOT_RUNNING)
        says, _, stops = TAKES[name]
        path = state.path

        def stopping() -> None:
            self._tell(name, "STOPPING")
            self._floor.later(stops, stopped)

        def stopped() -> None:
            state.active = state.paused = False
            state.path = None
            self._tell(name, "STOPPED", path)

        self._floor.later(says, stopping)
        return {"outputPath": path} if name == "record" else {}

    def pause(self, *, on: bool) -> No | None:
        """Pause the recording, or let it go on; nothing happens where nothing is recorded, or it cannot."""
        state = self._states["record"]
        if state.paused == on:
            return No(Code.OUTPUT_PAUSED if on else Code.OUTPUT_NOT_PAUSED)
        if state.active and not self.shares:
            state.paused = on
            self._tell("record", "PAUSED" if on else "RESUMED")
        return None

    def split(self) -> No | None:
        """Go on in another file."""
        state = self._states["record"]
        if not state.active:
            return No(Code.OUTPUT_NOT_RUNNING)

        def done() -> None:
            state.path = self._file()
            self._floor.tell("RecordFileChanged", {"newOutputPath": state.path})

        self._floor.later(100_000, done)
        return None

    def save(self) -> No | None:
        """Save what the replay buffer holds."""
        if not self.runs("replay"):
            return No(Code.OUTPUT_NOT_RUNNING)

        def done() -> None:
            self._saved = self._file("Replay ")
            self._floor.tell("ReplayBufferSaved", {"savedReplayPath": self._saved})

        self._floor.later(SAVES, done)
        return None

    def last(self) -> dict[str, Any] | No:
        """Answer GetLastReplayBufferReplay."""
        if not self.runs("replay"):
            return No(Code.OUTPUT_NOT_RUNNING)
        return {"savedReplayPath": self._saved or ""}

    def _file(self, begins: str = "") -> str:
        self._made += 1
        return f"{FOLDER}/{begins}2026-11-30 14-23-{self._made:02}.mkv"

    def _tell(self, name: str, state: str, path: str | None = None) -> None:
        active = state in {"STARTED", "RESUMED"}
        said: dict[str, Any] = {"outputActive": active, "outputState": OUTPUT + state}
        if name == "record":
            said["outputPath"] = path
        self._floor.tell(EVENTS[name], said)

"""Ends that are owed: what a command has begun in OBS, the event that tells that it is over, and what is asked where
that does not come.

Each is armed in the call that sends its request, for the event may come before the answer. Facts: README.md, "Ends".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from showrunner.devices.obs.known import MARGIN, Known
from showrunner.devices.obs.protocol import MEDIA, OUTPUT, Code, Reply, request
from showrunner.devices.obs.requests import Job, Requests
from showrunner.devices.vocabulary import Condition, Ended, Frame, Output

SHOWN = 1_000_000
"""Within so long a clip has begun that is shown at all."""

STANDS = 3_600_000_000
"""So long a clip may stand paused: nobody goes on with it then, and no show waits for it for ever."""

LOST = "OBS did not report the end, and did not answer whether it is over"

Result: TypeAlias = Literal["done", "failed", "cancelled"]


class End(ABC):
    """One end that is owed. ``due``: when OBS is asked; ``over``: it was told."""

    untold = "OBS did not report its end"

    def __init__(self, job: Job, requests: Requests, due: int, patience: int) -> None:
        self.job = job
        self.due = due
        self.over = False
        self._requests = requests
        self._patience = patience
        self._asked = 0

    def ends(
        self, result: Result = "done", reason: str | None = None, answer: str | None = None, note: str | None = None
    ) -> list[Output]:
        """Tell the end, once."""
        if self.over:
            return []
        self.over = True
        noted = [] if note is None else [Condition("note", note, id=self.job[0])]
        return [Ended(*self.job, result, reason, answer), *noted]

    @abstractmethod
    def hears(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:
        """Look whether an event is the end, or changes what is waited for."""

    def accepted(self, now: int) -> list[Output]:  # noqa: ARG002
        """Note that its request was answered well."""
        return []

    @abstractmethod
    def questions(self) -> tuple[Frame, ...]:
        """Give what OBS is asked where the end does not come; nothing: it cannot be asked."""

    @abstractmethod
    def judges(self, replies: Sequence[Reply], now: int) -> list[Output]:
        """Read the answers: it is over, or it is waited for on."""

    def asks(self, now: int) -> list[Output]:
        """Ask whether it is over."""
        self._asked += 1
        if self._asked > 1 or not self.questions():
            return self.ends("failed", LOST if self.questions() else self.untold)
        self.due = now + self._patience

        def then(reply: Reply, when: int) -> list[Output]:
            if self.over:
                return []
            self._asked = 0
            return self.judges(reply.results or (reply,), when)

        return [self._requests.batch(now, self.questions(), then)]


class SceneEnd(End):
    """A change of scene. It is over when the target is on air; another one there has taken its place."""

    def __init__(
        self, job: Job, requests: Requests, known: Known, target: str, now: int, span: int, patience: int
    ) -> None:
        super().__init__(job, requests, now + span + MARGIN, patience)
        self.target = target
        self._known = known
        self._answered = self._doubted = False
        self._began = now
        self._span = span

    def hears(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:
        """The target on air is the end; another scene may be the end of what went before, so it is asked."""
        if event == "CurrentProgramSceneChanged":
            if data.get("sceneName") == self.target:
                return self.ends()
            self._doubted = not self._answered
            return self.asks(now) if self._answered and not self._asked else []
        if event == "SceneNameChanged" and data.get("oldSceneName") == self.target:
            self.target = str(data.get("sceneName"))
        if event == "SceneRemoved" and data.get("sceneName") == self.target:
            return self.ends("failed", "the scene was removed")
        return []

    def accepted(self, now: int) -> list[Output]:
        """Only from here on OBS names the target: it may take longer to change than to tell of what it shows."""
        self._answered = True
        return self.asks(now) if self._doubted and not self.over else []

    def questions(self) -> tuple[Frame, ...]:
        """While it runs OBS names the target already; its own transition may last longer than the chosen one."""
        return (
            request("GetCurrentProgramScene"),
            request("GetSceneSceneTransitionOverride", {"sceneName": self.target}),
        )

    def judges(self, replies: Sequence[Reply], now: int) -> list[Output]:
        """Wait on where it is on its way; end where it must be over."""
        self._known.program = replies[0].text("currentProgramSceneName") or self._known.program
        if self._known.program != self.target:
            return self.ends("cancelled", "another scene was chosen in OBS")
        own = replies[1].number("transitionDuration") if len(replies) > 1 else None
        span = max(self._span, 0 if own is None else int(own * 1000))
        self.due = self._began + span + MARGIN
        return [] if now < self.due else self.ends(note=self.untold)


class ClipEnd(End):
    """A clip that plays. A loop is over when it has begun; what does not begin is not shown, or has no file."""

    def __init__(self, job: Job, requests: Requests, name: str, now: int, patience: int) -> None:
        super().__init__(job, requests, now + SHOWN, patience)
        self.name = name
        self._started = False
        self._cursor: float | None = None
        self._paused: int | None = None

    def hears(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:
        """An end before its beginning is that of what played before."""
        if event == "InputNameChanged" and data.get("oldInputName") == self.name:
            self.name = str(data.get("inputName"))
        if data.get("inputName") != self.name:
            return []
        if event == "InputRemoved":
            return self.ends("failed", "it was removed in OBS")
        if event == "MediaInputPlaybackStarted":
            self._started, self._asked, self._cursor = True, 0, None
            return self.asks(now)
        if event == "MediaInputPlaybackEnded" and self._started:
            return self.ends()
        return []

    def questions(self) -> tuple[Frame, ...]:
        """How far it is, whether it loops, whether anybody sees it."""
        return (
            request("GetMediaInputStatus", {"inputName": self.name}),
            request("GetInputSettings", {"inputName": self.name}),
            request("GetSourceActive", {"sourceName": self.name}),
        )

    def judges(self, replies: Sequence[Reply], now: int) -> list[Output]:
        """Wait for what is left of it; end where there is nothing left."""
        status, settings, active = (*replies, *(Reply(0, "it did not come", {}) for _ in range(3)))[:3]
        if not status.ok:
            return self.ends("failed", status.why)
        if not self._started and active.data.get("videoShowing") is False:
            return self.ends("failed", "it is not shown in any scene that OBS shows, so it does not play")
        state = (status.text("mediaState") or "").removeprefix(MEDIA)
        if state in {"ENDED", "STOPPED", "NONE", "ERROR"}:
            if not self._started:
                return self.ends("failed", "it did not begin")
            return self.ends(note=self.untold)
        length, cursor = status.number("mediaDuration"), status.number("mediaCursor")
        if length == 0 and not cursor:
            return self.ends("failed", "its file is missing or cannot be read")
        held = settings.data.get("inputSettings")
        if isinstance(held, dict) and (held.get("looping") is True or held.get("loop") is True):
            return self.ends(note=f"`{self.name}` plays in a loop: it has no end that could be waited for")
        if self._cursor is not None and cursor == self._cursor and state == "PLAYING":
            return self.ends("failed", "it plays, and does not go on")
        self._started, self._cursor = True, cursor
        self._paused = (now if self._paused is None else self._paused) if state == "PAUSED" else None
        if self._paused is not None and now - self._paused >= STANDS:
            return self.ends("cancelled", "it has stood paused for an hour")
        left = max(0, (length or 0) - (cursor or 0))
        self.due = now + int(left * 1000) + MARGIN
        return []


class OutputEnd(End):
    """An output that starts, stops, pauses or goes on: `wanted` is the last word of the state that ends it."""

    def __init__(self, job: Job, requests: Requests, kind: OutputKind, wanted: str, now: int, patience: int) -> None:
        super().__init__(job, requests, now + kind.waits[wanted], patience)
        self._kind = kind
        self._wanted = wanted

    def hears(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:  # noqa: ARG002
        """The wanted state is the end; what stops while it starts has failed."""
        if event != self._kind.event:
            return []
        state, path = str(data.get("outputState")).removeprefix(OUTPUT), data.get("outputPath")
        if state == self._wanted:
            return self.ends(answer=path if isinstance(path, str) else None)
        if state == "STOPPED":
            return self.ends("failed", "it stopped at once, and OBS gave no reason")
        return []

    def questions(self) -> tuple[Frame, ...]:
        """Whether it runs."""
        return (request(self._kind.status),)

    def judges(self, replies: Sequence[Reply], now: int) -> list[Output]:  # noqa: ARG002
        """It is as it was wanted, or will not be."""
        status = replies[0]
        active, paused = status.data.get("outputActive") is True, status.data.get("outputPaused") is True
        if not status.ok:
            return self.ends("failed", status.why)
        if self._wanted in {"PAUSED", "RESUMED"}:
            if not active:
                return self.ends("failed", "nothing is recorded")
            fine = paused == (self._wanted == "PAUSED")
            wrong = "OBS did not do it: this recording shares the encoder of the stream"
            return self.ends(note=self.untold) if fine else self.ends("failed", wrong)
        if active == (self._wanted == "STARTED"):
            return self.ends(note=self.untold)
        return self.ends("failed", "OBS says that it does not run" if not active else "OBS says that it still runs")


class OutputKind:
    """An output: its event, its status, how long each change of it may take, and the requests that bring it about."""

    def __init__(self, event: str, status: str, on: str, off: str, waits: tuple[int, int]) -> None:
        self.event, self.status = event, status
        self.orders: Mapping[str, str] = {"STARTED": on, "STOPPED": off}
        second = 1_000_000
        self.waits: Mapping[str, int] = {
            "STARTED": waits[0] * second,
            "STOPPED": waits[1] * second,
            "PAUSED": 5 * second,
            "RESUMED": 5 * second,
        }


OUTPUTS: Mapping[str, OutputKind] = {
    "record": OutputKind("RecordStateChanged", "GetRecordStatus", "StartRecord", "StopRecord", (5, 10)),
    "stream": OutputKind("StreamStateChanged", "GetStreamStatus", "StartStream", "StopStream", (20, 20)),
    "replay": OutputKind(
        "ReplayBufferStateChanged", "GetReplayBufferStatus", "StartReplayBuffer", "StopReplayBuffer", (5, 10)
    ),
    "camera": OutputKind("VirtualcamStateChanged", "GetVirtualCamStatus", "StartVirtualCam", "StopVirtualCam", (5, 10)),
}
"""By the verb of the table."""

THERE: Mapping[str, Code] = {
    "STARTED": Code.OUTPUT_RUNNING,
    "STOPPED": Code.OUTPUT_NOT_RUNNING,
    "PAUSED": Code.OUTPUT_PAUSED,
    "RESUMED": Code.OUTPUT_NOT_PAUSED,
}
"""With what OBS refuses a state that is there already."""


class FileEnd(End):
    """A file that OBS writes: its path is the answer. ``before`` is the one it wrote last, where it can be asked."""

    def __init__(
        self,
        job: Job,
        requests: Requests,
        event: str,
        key: str,
        due: int,
        patience: int,
        question: str = "",
        before: str | None = None,
    ) -> None:
        super().__init__(job, requests, due, patience)
        self._event, self._key = event, key
        self._question, self._before = question, before

    def hears(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:  # noqa: ARG002
        """The file is whole."""
        path = data.get(self._key)
        return self.ends(answer=path if isinstance(path, str) else None) if event == self._event else []

    def questions(self) -> tuple[Frame, ...]:
        """Which file was written last."""
        return (request(self._question),) if self._question else ()

    def judges(self, replies: Sequence[Reply], now: int) -> list[Output]:  # noqa: ARG002
        """Another file than before is the one."""
        path = replies[0].text(self._key)
        if path and path != self._before:
            return self.ends(answer=path, note=self.untold)
        return self.ends("failed", "OBS has written no file")


class ChangeEnd(End):
    """Another scene collection, or profile."""

    def __init__(self, job: Job, requests: Requests, kind: ChangeKind, name: str, due: int, patience: int) -> None:
        super().__init__(job, requests, due, patience)
        self.name = name
        self._kind = kind

    def hears(self, event: str, data: Mapping[str, Any], now: int) -> list[Output]:  # noqa: ARG002
        """The driver tells its end itself, when it has read what is there now."""
        return []

    def questions(self) -> tuple[Frame, ...]:
        """Which one is there."""
        return (request(self._kind.question),)

    def judges(self, replies: Sequence[Reply], now: int) -> list[Output]:  # noqa: ARG002
        """It is there, or will not be."""
        if replies[0].text(self._kind.key) == self.name:
            return self.ends(note=self.untold)
        return self.ends("failed", "OBS did not change to it")


class ChangeKind:
    """What blocks all of OBS while it changes: its requests and the key of its name, and what is known of it."""

    def __init__(self, order: str, field: str, question: str, key: str, known: Callable[[Known], str | None]) -> None:
        self.order, self.field = order, field
        self.question, self.key = question, key
        self.known = known


CHANGES: Mapping[str, ChangeKind] = {
    "collection": ChangeKind(
        "SetCurrentSceneCollection",
        "sceneCollectionName",
        "GetSceneCollectionList",
        "currentSceneCollectionName",
        lambda known: known.collection,
    ),
    "profile": ChangeKind(
        "SetCurrentProfile", "profileName", "GetProfileList", "currentProfileName", lambda known: known.profile
    ),
}
"""By the verb of the table."""

"""obs-websocket's messages: what is sent and what comes, codes and masks, and how the password is shown.

Sources: obsproject/obs-websocket, `docs/generated/protocol.md` (protocol 5, RPC version 1), and its message handling,
which says what the document leaves out; see README.md beside this file.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Literal

from showrunner.devices.vocabulary import Frame
from showrunner.slotted import dataclass

RPC = 1
"""The version of remote calls, the same in every obs-websocket from 5.0 on."""

SPOKEN: tuple[tuple[str, Literal["json", "msgpack"]], ...] = (
    ("obswebsocket.json", "json"),
    ("obswebsocket.msgpack", "msgpack"),
)
"""How messages may be written, by the subprotocol that a client asks for (P, "Connecting to obs-websocket")."""


class Op(IntEnum):
    """What a message is."""

    HELLO = 0
    IDENTIFY = 1
    IDENTIFIED = 2
    REIDENTIFY = 3
    EVENT = 5
    REQUEST = 6
    REPLY = 7
    BATCH = 8
    BATCH_REPLY = 9


class Close(IntEnum):
    """With what obs-websocket ends a connection."""

    STOPPING = 1001
    NOT_DECODED = 4002
    MISSING = 4003
    WRONG_TYPE = 4004
    WRONG_VALUE = 4005
    UNKNOWN_OP = 4006
    NOT_IDENTIFIED = 4007
    IDENTIFIED_TWICE = 4008
    PASSWORD = 4009
    OTHER_RPC = 4010
    KICKED = 4011


class Code(IntEnum):
    """What became of a request."""

    SUCCESS = 100
    MISSING_TYPE = 203
    UNKNOWN_TYPE = 204
    WRONG_EXECUTION = 206
    NOT_READY = 207
    MISSING_FIELD = 300
    MISSING_DATA = 301
    INVALID_FIELD = 400
    FIELD_TYPE = 401
    OUT_OF_RANGE = 402
    FIELD_EMPTY = 403
    TOO_MANY = 404
    OUTPUT_RUNNING = 500
    OUTPUT_NOT_RUNNING = 501
    OUTPUT_PAUSED = 502
    OUTPUT_NOT_PAUSED = 503
    OUTPUT_DISABLED = 504
    STUDIO_ACTIVE = 505
    STUDIO_NOT_ACTIVE = 506
    NOT_FOUND = 600
    EXISTS = 601
    WRONG_RESOURCE = 602
    WRONG_STATE = 604
    FAILED = 702
    CANNOT_ACT = 703


_WORDS: Mapping[int, str] = {
    Code.NOT_READY: "OBS is not ready to do that now",
    Code.OUTPUT_RUNNING: "that output runs already",
    Code.OUTPUT_NOT_RUNNING: "that output does not run",
    Code.OUTPUT_PAUSED: "it is paused already",
    Code.OUTPUT_NOT_PAUSED: "it is not paused",
    Code.OUTPUT_DISABLED: "it is switched off in OBS' settings",
    Code.STUDIO_ACTIVE: "studio mode is on",
    Code.STUDIO_NOT_ACTIVE: "studio mode is off",
    Code.NOT_FOUND: "OBS has nothing of that name",
}
"""What a refusal means that comes without a comment."""

INTENTS: Mapping[str, int] = {
    **dict.fromkeys(("ExitStarted", "CustomEvent"), 1),
    **dict.fromkeys(
        (
            "CurrentSceneCollectionChanging",
            "CurrentSceneCollectionChanged",
            "SceneCollectionListChanged",
            "CurrentProfileChanging",
            "CurrentProfileChanged",
        ),
        2,
    ),
    **dict.fromkeys(
        (
            "SceneCreated",
            "SceneRemoved",
            "SceneNameChanged",
            "SceneListChanged",
            "CurrentProgramSceneChanged",
            "CurrentPreviewSceneChanged",
        ),
        4,
    ),
    **dict.fromkeys(
        ("InputCreated", "InputRemoved", "InputNameChanged", "InputMuteStateChanged", "InputVolumeChanged"), 8
    ),
    **dict.fromkeys(
        (
            "CurrentSceneTransitionChanged",
            "CurrentSceneTransitionDurationChanged",
            "SceneTransitionStarted",
            "SceneTransitionEnded",
            "SceneTransitionVideoEnded",
        ),
        16,
    ),
    "SourceFilterEnableStateChanged": 32,
    **dict.fromkeys(
        (
            "StreamStateChanged",
            "RecordStateChanged",
            "RecordFileChanged",
            "ReplayBufferStateChanged",
            "VirtualcamStateChanged",
            "ReplayBufferSaved",
        ),
        64,
    ),
    **dict.fromkeys(("SceneItemEnableStateChanged", "SceneItemLockStateChanged"), 128),
    **dict.fromkeys(("MediaInputPlaybackStarted", "MediaInputPlaybackEnded", "MediaInputActionTriggered"), 256),
    "VendorEvent": 512,
    "StudioModeStateChanged": 1024,
}
"""An event -> the bit of the mask by which a client asks for it."""

OURS = 1 + 2 + 4 + 8 + 16 + 64 + 256 + 1024
"""What the ends of commands need, and what must be known of OBS; nothing that comes at every frame."""

FURTHER: Mapping[str, int] = {"shown": 128, "hidden": 128, "vendor": 512}
"""An event of the table -> what has to be asked for it besides."""


def mask(events: Iterable[str]) -> int:
    """Give the mask for these events of the table."""
    found = OURS
    for event in events:
        found |= FURTHER.get(event, 0)
    return found


ACTION = "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_"
MEDIA = "OBS_MEDIA_STATE_"
OUTPUT = "OBS_WEBSOCKET_OUTPUT_"
"""How the words for what a medium is to do, what it does, and what an output does begin on the wire."""


def proof(password: str, challenge: str, salt: str) -> str:
    """Give the `authentication` that shows a password: it is as secret as the password itself."""

    def hashed(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    return hashed(hashed(password + salt) + challenge)


def request(type: str, data: Mapping[str, Any] | None = None) -> Frame:
    """Put together what is asked: alone it gets an id, in a batch it needs none."""
    return {"requestType": type, **({} if data is None else {"requestData": dict(data)})}


def message(op: Op, data: Frame) -> Frame:
    """Put a message together."""
    return {"op": int(op), "d": data}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request: ``why`` in OBS' words where it was refused; ``data`` is empty where there is none.

    ``results`` are those of a batch, in order: all else is of the first that was refused, or of the last.
    """

    code: int
    why: str | None
    data: Mapping[str, Any]
    results: Sequence[Reply] = ()

    @property
    def ok(self) -> bool:
        """Tell whether it was done."""
        return self.why is None

    def text(self, key: str) -> str | None:
        """Give a text of its data; None where there is none."""
        found = self.data.get(key)
        return found if isinstance(found, str) else None

    def number(self, key: str) -> float | None:
        """Give a number of its data; None where there is none."""
        return number(self.data.get(key))

    def rows(self, key: str) -> list[Mapping[str, Any]]:
        """Give a list of objects of its data; empty where there is none."""
        found = self.data.get(key)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def number(value: Any) -> float | None:
    """Give a number that is one and has an end."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST else None


LARGEST = 1e15
"""No number of OBS is as large."""


def reply(data: Mapping[str, Any]) -> Reply:
    """Read the data of an answer, or of one part of a batch's answer."""
    results = data.get("results")
    if isinstance(results, list):
        read = tuple(reply(one) for one in results if isinstance(one, dict))
        worst = next((one for one in read if not one.ok), read[-1] if read else Reply(Code.SUCCESS, None, {}))
        return Reply(worst.code, worst.why, worst.data, read)
    status, held = data.get("requestStatus"), data.get("responseData")
    status = status if isinstance(status, dict) else {}
    code, comment = status.get("code"), status.get("comment")
    code = code if isinstance(code, int) else 0
    why = None
    if status.get("result") is not True:
        why = comment if isinstance(comment, str) and comment else _WORDS.get(code, f"OBS refused it (code {code})")
    return Reply(code, why, held if isinstance(held, dict) else {})


def data_of(frame: Frame) -> Mapping[str, Any]:
    """Give what a message holds; empty where it holds nothing."""
    found = frame.get("d")
    return found if isinstance(found, dict) else {}

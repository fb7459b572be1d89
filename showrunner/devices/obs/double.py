"""OBS Studio, simulated: its side of the wire. Greeting, password, requests, batches, and events to who asked for them.

What a request does is in ``answers``. OBS carries requests out side by side: which comes first, the answer or the
event, is a switch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from showrunner.devices.obs.answers import Studio
from showrunner.devices.obs.events import EVENTS, SWITCHES, VERSIONS
from showrunner.devices.obs.fields import No
from showrunner.devices.obs.outputs import EVENTS as OUTPUTS
from showrunner.devices.obs.protocol import INTENTS, OUTPUT, RPC, Close, Code, Op, message, number, proof
from showrunner.devices.obs.sources import Answer
from showrunner.devices.switches import GARBAGE, ON_OFF, FaultsOnOrder, misfit
from showrunner.devices.vocabulary import Emit, Frame, Hang, Reaction, Terms
from showrunner.times import micros

ALL = 0x7FF
"""What a client is told of that does not say what it wants."""

QUICK = 50_000
"""With events first, what happens within so long of a request is told before its answer (microseconds)."""

OFTEN = 33_333
"""A frame of the picture, for a batch that counts in frames."""


@dataclass(slots=True)
class _Client:
    """One connection: what it was asked to prove, whether it is in, and what it is told of."""

    challenge: str
    identified: bool = False
    mask: int = ALL


@dataclass(slots=True)
class _Batch:
    """A batch that is carried out: what is left of it, what was answered, until when it sleeps."""

    id: Any
    left: list[Any]
    halts: bool
    frames: bool
    results: list[Frame] = field(default_factory=list)


class ObsDouble:
    """One simulated OBS, for any number of clients. See ``vocabulary.Double`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._studio = Studio(terms.inventory)
        self._floor = self._studio.floor
        self._clients: dict[int, _Client] = {}
        self._faults = FaultsOnOrder()
        self._password: str | None = None
        self._order = "reply"
        self._count = self._made = 0
        self._slow = 0
        self._said: list[Reaction] = []

    # -- connections and time

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:  # noqa: ARG002
        """OBS greets first."""
        self._pass(now)
        self._clients[connection] = client = _Client(self._make("challenge"))
        hello: Frame = {"obsWebSocketVersion": self._studio.version, "rpcVersion": RPC}
        if self._studio.number >= (5, 6, 0):
            hello["obsStudioVersion"] = VERSIONS[self._studio.version]
        if self._password is not None:
            hello["authentication"] = {"challenge": client.challenge, "salt": self._salt}
        self._said.append(Emit(connection, message(Op.HELLO, hello)))
        return self._take()

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        """Nothing of OBS hangs on a connection."""
        self._pass(now)
        self._clients.pop(connection, None)
        return self._take()

    @property
    def _salt(self) -> str:
        return self._digest("salt")

    def _digest(self, what: str) -> str:
        return hashlib.sha256(f"{self._terms.name} {self._terms.seed} {what}".encode()).hexdigest()[:32]

    def _make(self, what: str) -> str:
        self._made += 1
        return self._digest(f"{what} {self._made}")

    @property
    def deadline(self) -> int | None:
        """The instant of the next thing that happens by itself."""
        return self._floor.due

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """Do what is due."""
        self._pass(now)
        return self._take()

    def _pass(self, now: int) -> None:
        while self._floor.next(now):
            self._tell_all()
        self._floor.now = max(self._floor.now, now)

    def _take(self) -> list[Reaction]:
        self._tell_all()
        said, self._said = self._said, []
        return said

    def _tell_all(self) -> None:
        """Tell what has happened to all who want to know."""
        for event, data in self._floor.take():
            intent = INTENTS.get(event, 8)
            body: Frame = {"eventIntent": intent, "eventType": event}
            if data is not None:
                body["eventData"] = data if event in {"CustomEvent", "VendorEvent"} else self._studio.told(dict(data))
            for connection, client in self._clients.items():
                if client.identified and client.mask & intent:
                    self._said.append(Emit(connection, message(Op.EVENT, body)))

    # -- messages

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """Take in a message; what is none of obs-websocket's ends the connection."""
        self._pass(now)
        client = self._clients.get(connection)
        if client is None:
            return self._take()
        code = self._misread(client, frame)
        if code is not None:
            self._said.append(Hang(connection, code))
            return self._take()
        if isinstance(frame, dict):
            data = frame["d"]
            match frame["op"]:
                case Op.IDENTIFY | Op.REIDENTIFY:
                    client.identified = True
                    client.mask = data.get("eventSubscriptions", client.mask)
                    self._said.append(Emit(connection, message(Op.IDENTIFIED, {"negotiatedRpcVersion": RPC})))
                case Op.REQUEST:
                    self._request(connection, data)
                case Op.BATCH:
                    halts, frames = data.get("haltOnFailure") is True, data.get("executionType") == 1
                    batch = _Batch(data["requestId"], list(data["requests"]), halts, frames)
                    self._go_on(connection, batch)
        return self._take()

    def _misread(self, client: _Client, frame: Frame | str) -> Close | None:
        """Give with what the connection is ended for a message, if it is (README.md, "Messages")."""
        if isinstance(frame, str):
            return Close.NOT_DECODED
        if "request-type" in frame:
            return Close.OTHER_RPC
        op, data = frame.get("op"), frame.get("d")
        if "d" not in frame:
            return Close.MISSING
        if not isinstance(data, dict):
            return Close.WRONG_TYPE
        if not isinstance(op, int) or op not in {Op.IDENTIFY, Op.REIDENTIFY, Op.REQUEST, Op.BATCH}:
            return Close.UNKNOWN_OP
        if op == Op.IDENTIFY:
            return Close.IDENTIFIED_TWICE if client.identified else self._let_in(client, data)
        if not client.identified:
            return Close.NOT_IDENTIFIED
        if op == Op.REIDENTIFY:
            return _mask_wrong(data)
        if "requestId" not in data:
            return Close.MISSING
        if op == Op.REQUEST:
            if "requestType" not in data:
                return Close.MISSING
            return None if isinstance(data["requestType"], str) else Close.WRONG_TYPE
        if "requests" not in data:
            return Close.MISSING
        if not isinstance(data["requests"], list):
            return Close.WRONG_TYPE
        return Close.WRONG_VALUE if data.get("executionType", 0) not in {0, 1, 2} else None

    def _let_in(self, client: _Client, data: Frame) -> Close | None:
        if "rpcVersion" not in data:
            return Close.MISSING
        if not isinstance(data["rpcVersion"], int):
            return Close.WRONG_TYPE
        if self._password is not None:
            shown = data.get("authentication")
            if shown is None or shown != proof(self._password, client.challenge, self._salt):
                return Close.PASSWORD
        return _mask_wrong(data) or (Close.OTHER_RPC if data["rpcVersion"] != RPC else None)

    # -- requests

    def _request(self, connection: int, data: Frame) -> None:
        status = self._do(data)
        if self._faults.mute():
            self._tell_all()
            return
        reply = Emit(connection, message(Op.REPLY, {"requestId": data["requestId"], **status}))
        self._answer(reply)

    def _do(self, data: Any) -> Frame:
        """Carry out one request, alone or of a batch; give its part of the answer."""
        if not isinstance(data, dict):
            data = {}
        type_ = data.get("requestType")
        refusal = self._faults.refuse()
        answer: Answer = No(Code.FAILED, refusal) if refusal else self._studio.do(type_, data.get("requestData"))
        status: Frame = {"requestStatus": {"code": int(Code.SUCCESS), "result": True}, "requestType": type_}
        if isinstance(answer, No):
            comment = {} if answer.comment is None else {"comment": answer.comment}
            status["requestStatus"] = {"code": int(answer.code), **comment, "result": False}
        elif answer:
            status["responseData"] = self._studio.told(dict(answer))
        return status

    def _answer(self, reply: Emit) -> None:
        """Send an answer before or behind the events that its request brings about, as ordered."""
        self._count += 1
        first = self._order == "event" or (self._order == "mixed" and self._count % 2 == 0)
        if self._slow:
            self._tell_all()
            self._floor.later(self._slow, lambda: self._said.append(reply))
        elif first:
            self._tell_all()
            until = self._floor.now + QUICK
            now = self._floor.now
            while self._floor.next(until):
                self._tell_all()
            self._floor.now = now
            self._said.append(reply)
        else:
            self._said.append(reply)

    def _go_on(self, connection: int, batch: _Batch) -> None:
        """Carry out what is left of a batch, up to a sleep."""
        while batch.left:
            data = batch.left.pop(0)
            type_ = data.get("requestType") if isinstance(data, dict) else None
            if type_ == "Sleep":
                held = data.get("requestData") or {}
                sleep = number(held.get("sleepFrames" if batch.frames else "sleepMillis"))
                batch.results.append(_slept(data))
                wait = int((sleep or 0) * (OFTEN if batch.frames else 1000))
                self._floor.later(wait, lambda: self._go_on(connection, batch))
                return
            part = self._do(data)
            if isinstance(data, dict) and "requestId" in data:
                part = {"requestId": data["requestId"], **part}
            batch.results.append(part)
            if batch.halts and not part["requestStatus"]["result"]:
                break
        if not self._faults.mute():
            body = {"requestId": batch.id, "results": batch.results}
            self._answer(Emit(connection, message(Op.BATCH_REPLY, body)))

    # -- by hand

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Flip one of the table's switches, or order a `fault …`."""
        self._pass(now)
        if name == "fault":
            name, _, value = (value or "").strip().partition(" ")
        wrong = self._flip(name, value)
        return self._take(), wrong

    def _flip(self, name: str, value: str | None) -> str | None:
        studio = self._studio
        match name, value:
            case "order", "reply" | "event" | "mixed":
                self._order = str(value)
            case "lost", "end" | "none":
                self._floor.mute_ends = value == "end"
            case "slow", str() if (slow := micros(value)) is not None:
                self._slow = slow
            case "stream", "works" | "fails":
                studio.outputs.stream_fails = value == "fails"
            case "version", str() if value in VERSIONS:
                studio.version = value
            case "camera", "there" | "missing":
                studio.outputs.camera_missing = value == "missing"
            case "password", str() if value.strip():
                self._password = None if value == "none" else value
            case "scene", str() if value:
                return self._chosen(value)
            case "studio", str() if value in ON_OFF:
                studio.program.set_studio(on=value == "on")
            case "collection", str() if value:
                refused = studio.load(value)
                return f"`collection`: there is no `{value}`" if isinstance(refused, No) else None
            case "kick", None:
                self._hang(Close.KICKED)
            case "close", None:
                self._close()
            case "event", str() if value.partition(" ")[0] in {event.name for event in EVENTS}:
                self._nudge(*value.partition(" ")[::2])
            case "garbage", _:
                self._said += [Emit(to, GARBAGE) for to in self._clients]
            case "drop", _:
                self._said += [Hang(to) for to in self._clients]
            case "silent" | "error", _:
                return self._faults.order(name, value)
            case _:
                return misfit("obs", SWITCHES, name, value)
        return None

    def _chosen(self, scene: str) -> str | None:
        found = self._studio.program.collection.scene(scene)
        if isinstance(found, No):
            return f"`scene`: {found.comment}"
        self._studio.program.go(scene)
        return None

    def _hang(self, code: Close) -> None:
        self._said += [Hang(to, code) for to in self._clients]

    def _close(self) -> None:
        for scene in self._studio.program.collection.scenes:
            self._floor.tell("SceneRemoved", {"isGroup": False, "sceneName": scene})
        for one in self._studio.program.collection.inputs:
            self._floor.tell("InputRemoved", {"inputName": one})
        self._floor.tell("ExitStarted", None)
        self._tell_all()
        self._floor.later(130_000, lambda: self._hang(Close.STOPPING))

    def _nudge(self, event: str, value: str) -> None:
        """Tell an event as if a person had caused it."""
        tell, first = self._floor.tell, value.split()
        studio = self._studio
        scene = value or studio.program.scene
        clip = {"inputName": value or "Jingle"}
        match event:
            case "scene":
                tell("CurrentProgramSceneChanged", {"sceneName": scene})
            case "preview":
                tell("CurrentPreviewSceneChanged", {"sceneName": scene})
            case "started" | "ended":
                tell(f"MediaInputPlayback{event.capitalize()}", clip)
            case "muted" | "unmuted":
                tell("InputMuteStateChanged", {"inputMuted": event == "muted", **clip})
            case "record" | "stream" | "replay" | "camera":
                state = (value or "started").upper()
                if state == "SAVED":
                    tell("ReplayBufferSaved", {"savedReplayPath": "/home/user/Videos/Replay.mkv"})
                    return
                path = {"outputPath": "/home/user/Videos/show.mkv"} if event == "record" else {}
                tell(OUTPUTS[event], {"outputActive": state == "STARTED", "outputState": OUTPUT + state, **path})
            case "shown" | "hidden":
                item = studio.program.collection.item(
                    studio.program.collection.scenes[studio.program.scene], value or "Lower third"
                )
                if not isinstance(item, No):
                    said = {"sceneItemEnabled": event == "shown", "sceneItemId": item.id}
                    tell("SceneItemEnableStateChanged", {**said, "sceneName": studio.program.scene})
            case "custom":
                tell("CustomEvent", {"text": value} if value else {"lamp": "on"})
            case "vendor":
                vendor, told = (*first, "obs-browser", "told")[:2] if len(first) != 1 else (first[0], "told")
                tell("VendorEvent", {"vendorName": vendor, "eventType": told, "eventData": {}})

    def visible(self, now: int) -> str:
        """Say what the audience sees and hears: "Live · Lower third "Good evening!" · recording"."""
        _ = now
        studio = self._studio
        parts = [studio.program.scene]
        if studio.program.change is not None:
            parts[0] = f"{studio.program.change.start} > {studio.program.change.target}"
        if studio.program.preview is not None:
            parts.append(f"prepared {studio.program.preview}")
        for one in studio.program.collection.inputs.values():
            if one.settings.get("text"):
                parts.append(f'{one.name} "{one.settings["text"]}"')
            if one.muted:
                parts.append(f"{one.name} muted")
            if one.db:
                parts.append(f"{one.name} {one.db:.1f} dB")
        here = studio.program.collection.scenes[studio.program.scene]
        parts += [f"{item.source} hidden" for item in here.items if not item.enabled]
        parts += [f"{name} {state}" for name, state in studio.sources.clips.playing()]
        parts += [f"{name} on" for name in studio.outputs.active()]
        return " · ".join(parts)


def _mask_wrong(data: Mapping[str, Any]) -> Close | None:
    mask = data.get("eventSubscriptions", 0)
    fine = isinstance(mask, int) and not isinstance(mask, bool) and mask >= 0
    return None if fine else Close.WRONG_TYPE


def _slept(data: Frame) -> Frame:
    named = {"requestId": data["requestId"]} if "requestId" in data else {}
    return {**named, "requestStatus": {"code": int(Code.SUCCESS), "result": True}, "requestType": "Sleep"}

"""The Cubism Editor's External API up to 1.0.1, simulated: its side of the wire, and what each method does.

Checks are made in one order: JSON, Version, Type, Data, Method, permission, fields, model, parameter. The manual says
what each error means, not which comes first. The models are in ``documents``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeAlias

from showrunner.devices.live2d.documents import Document, Documents
from showrunner.devices.live2d.envelope import (
    EVENTS,
    KNOWN,
    MODEL_METHODS,
    MODES,
    SINCE,
    VERSIONS,
    number,
    rank,
    wrong_fields,
)
from showrunner.devices.live2d.plugins import Plugins
from showrunner.devices.live2d.table import SWITCHES
from showrunner.devices.switches import GARBAGE, ON_OFF, FaultsOnOrder, misfit
from showrunner.devices.vocabulary import Emit, Frame, Hang, Reaction, Terms
from showrunner.slotted import dataclass

REGISTERED_AGAIN = 500_000
"""Some Editors are said to answer RegisterPlugin once more after this long: a switch, off by default."""

KEYFORMS = (1, 0, 1)
"""The version that brought the forms of a parameter."""

ASKED_BEFORE = ("GetIsApproval", "GetIsEditApproval")
"""What a program may ask that has registered and is not allowed yet."""

Answer: TypeAlias = Mapping[str, Any] | str
"""The data of a response, or the type of an error."""


@dataclass(slots=True)
class _Client:
    """One connection: its token once registered, the events it wants, the version it fixed, the one it spoke last."""

    token: str | None = None
    events: dict[str, None] = field(default_factory=dict)
    version: str | None = None
    spoken: str = ""


class Live2dDouble:
    """One simulated Editor, for any number of clients. See ``vocabulary.Double`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._clients: dict[int, _Client] = {}
        self._faults = FaultsOnOrder()
        self._newest = VERSIONS[0]
        self._plugins = Plugins(self._make, terms.memory.get("token"))
        self._made = 0
        self._mode = "Modeling"
        self._documents = Documents(terms.inventory, self._make)
        self._twice = self._edit_approval = False
        self._later: list[tuple[int, Emit]] = []
        self._log: str | None = None
        self._physics: dict[str, Any] = {}
        self._methods: Mapping[str, Callable[[_Client, Frame, int], Answer]] = {
            "RegisterPlugin": self._register,
            "GetIsApproval": lambda client, *_: {"Result": self._plugins.allowed(client.token)},
            "GetIsEditApproval": lambda *_: {"Result": False},
            "GetAPIVersion": lambda *_: {"Version": self._newest},
            "SetGlobalVersion": self._set_version,
            "GetCurrentModelUID": lambda *_: (
                "InvalidModel" if self._documents.front is None else {"ModelUID": self._documents.front.model_uid}
            ),
            "GetCurrentDocumentUID": lambda *_: (
                "InvalidDocument" if self._documents.front is None else {"DocumentUID": self._documents.front.uid}
            ),
            "GetCurrentEditMode": lambda *_: {"EditMode": self._mode},
            "GetDocuments": lambda *_: {
                "PhysicsDocuments": [],
                "ModelingDocuments": self._documents.rows(),
                "AnimationDocuments": [],
            },
            "GetDocument": self._get_document,
            "GetParameters": lambda client, data, _: {
                "Parameters": self._about(data).model.rows(keyforms=(rank(client.spoken) or KEYFORMS) >= KEYFORMS)
            },
            "GetParameterGroups": lambda *_: {"Groups": [{"GroupUID": "ParamGroupRoot", "GroupName": "Root"}]},
            "GetParameterValues": self._get_values,
            "SetParameterValues": self._set_values,
            "ClearParameterValues": self._clear_values,
            "GetPhysicsInfo": lambda *_: {"Fps": 60, **self._physics},
            "SetPhysicsInfo": self._set_physics,
            "SendCubismLog": self._send_log,
            **dict.fromkeys(EVENTS, lambda *_: {"Accepted": True}),
        }

    # -- connections and time

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:  # noqa: ARG002
        """The Editor greets nobody."""
        self._clients[connection] = _Client()
        return []

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:  # noqa: ARG002
        """Tokens and values outlive a connection; subscriptions do not."""
        self._clients.pop(connection, None)
        self._later = [(at, emit) for at, emit in self._later if emit.connection != connection]
        return []

    @property
    def deadline(self) -> int | None:
        """The instant at which a value lapses or an answer comes a second time."""
        times = [at for at, _ in self._later]
        if self._documents.deadline is not None:
            times.append(self._documents.deadline)
        return min(times, default=None)

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """Let values lapse."""
        self._documents.pass_time(now)
        due = [emit for at, emit in self._later if at <= now]
        self._later = [(at, emit) for at, emit in self._later if at > now]
        return due

    # -- requests

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """Answer at once, in order."""
        before = list(self.elapsed(now))
        client = self._clients.setdefault(connection, _Client())
        if isinstance(frame, str):
            return [
                *before,
                Emit(connection, self._message(None, None, "Error", "", {"ErrorType": "InvalidJson"}, now)),
            ]
        client.spoken = self._version(client, frame)
        answer = self._faults.refuse() or self._check(client, frame) or self._do(client, frame, now)
        kind = "Error" if isinstance(answer, str) else "Response"
        data = {"ErrorType": answer} if isinstance(answer, str) else dict(answer)
        reply = Emit(connection, self._message(client, frame, kind, frame.get("Method", ""), data, now))
        if self._twice and frame.get("Method") == "RegisterPlugin" and kind == "Response":
            self._later.append((now + REGISTERED_AGAIN, reply))
        return before if self._faults.mute() else [*before, reply]

    def _version(self, client: _Client | None, frame: Frame | None) -> str:
        named = None if frame is None else frame.get("Version")
        fixed = None if client is None else client.version
        return str(named) if self._speaks(named) else fixed or self._newest

    def _speaks(self, version: Any) -> bool:
        """Tell whether a version is one up to the newest: one in between that never was is taken, too."""
        if version == self._newest:
            return True
        numbers = rank(version) if isinstance(version, str) else None
        return numbers is not None and numbers <= (rank(self._newest) or numbers)

    def _message(
        self, client: _Client | None, request: Frame | None, kind: str, method: Any, data: Frame, now: int
    ) -> Frame:
        wire = None if request is None else request.get("RequestId")
        return {
            "Version": self._version(client, request),
            "Timestamp": self._terms.stamp(now),
            **({} if wire is None else {"RequestId": wire}),
            "Type": kind,
            "Method": method,
            "Data": data,
        }

    def _check(self, client: _Client, frame: Frame) -> str | None:
        """Give the first error of a request that does not depend on what is in its data."""
        named = frame.get("Version")
        # Only the first version of the API insists on being named.
        if not self._speaks(named) and not (named is None and self._newest != VERSIONS[-1]):
            return "UnsupportedVersion"
        if frame.get("Type") != "Request":
            return "InvalidType"
        if not isinstance(frame.get("Data"), dict):
            return "InvalidData"
        method = frame.get("Method")
        if not isinstance(method, str) or method not in self._methods or not self._has(method):
            return "MethodNotFound"
        if method == "RegisterPlugin":
            return None
        if client.token is None or not (method in ASKED_BEFORE or self._plugins.allowed(client.token)):
            return "PluginNotRegistered"
        return None

    def _has(self, method: str) -> bool:
        probed = method == "GetIsEditApproval" and self._edit_approval
        return probed or self._speaks(SINCE.get(method, self._newest))

    def _do(self, client: _Client, frame: Frame, now: int) -> Answer:
        method, data = frame["Method"], frame["Data"]
        if method in EVENTS:
            if not isinstance(data.get("Enabled"), bool):
                return "InvalidData"
            if data["Enabled"]:
                client.events[method] = None
            else:
                client.events.pop(method, None)
        wrong = wrong_fields(method, data)
        if wrong is None and method in MODEL_METHODS:
            found = self._documents.about(data)
            wrong = found if isinstance(found, str) else None
        return wrong or self._methods[method](client, data, now)

    def _about(self, data: Frame) -> Document:
        found = self._documents.about(data)
        if isinstance(found, str):
            raise RuntimeError("no such model is open, and the check before let it pass")  # noqa: TRY004
        return found

    # -- the methods

    def _make(self, what: str) -> str:
        """Make a token or UID: 32 hex digits that are the same in every run with the same seed."""
        self._made += 1
        return hashlib.sha256(f"{self._terms.name} {self._terms.seed} {what} {self._made}".encode()).hexdigest()[:32]

    def _register(self, client: _Client, data: Frame, _: int) -> Answer:
        client.token = self._plugins.register(data["Name"], data.get("Token"))
        return {"Token": client.token}

    def _set_version(self, client: _Client, data: Frame, _: int) -> Answer:
        version = data.get("Version")
        if version is not None and not self._speaks(version):
            return "UnsupportedVersion"
        client.version = version
        return {}

    def _get_document(self, _: _Client, data: Frame, __: int) -> Answer:
        found = self._documents.about({"DocumentUID": data["DocumentUID"]})
        return found if isinstance(found, str) else {"ModelingDocuments": [found.row()]}

    def _get_values(self, _: _Client, data: Frame, __: int) -> Answer:
        model, names = self._about(data).model, data.get("Ids")
        if names is None:
            names = model.names
        return {"Parameters": model.values(name for name in names if model.has(name))}

    def _set_values(self, _: _Client, data: Frame, now: int) -> Answer:
        model, values = self._about(data).model, {row["Id"]: number(row["Value"]) for row in data["Parameters"]}
        if not all(model.has(name) for name in values):
            return "InvalidParameter"
        model.send({name: value for name, value in values.items() if value is not None}, now)
        return {}

    def _clear_values(self, _: _Client, data: Frame, __: int) -> Answer:
        self._about(data).model.clear()
        return {}

    def _set_physics(self, _: _Client, data: Frame, __: int) -> Answer:
        self._physics.update({key: value for key, value in data.items() if key != "ModelUID"})
        return {}

    def _send_log(self, _: _Client, data: Frame, __: int) -> Answer:
        self._log = data["Message"]
        return {}

    # -- by hand

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Flip one of the table's switches, or order a `fault …`."""
        before = list(self.elapsed(now))
        if name == "fault":
            name, _, value = (value or "").strip().partition(" ")
        wrong: str | None = None
        match name, value:
            case "allow", str() if value.partition(" ")[0] in ON_OFF:
                on, _, whom = value.partition(" ")
                wrong = self._plugins.tick(whom.strip() or None, on=on == "on")
            case "mode", str() if value in MODES:
                self._mode = value
                return [*before, *self._notify("NotifyChangeEditMode", now)], None
            case "model", str() if value.split(" ")[0] == "close":
                wrong = self._documents.close(value[5:].strip() or None)
            case "model", str() if value.split(" ")[0] == "open":
                self._documents.open(value[4:].strip() or None)
            case "event", str() if value in EVENTS:
                return [*before, *self._notify(value, now)], None
            case "expiry", "parameter" | "buffer":
                self._documents.share_the_half_second(value == "buffer")
            case "version", str() if value in KNOWN:
                self._newest = value
            case "twice", "on" | "off":
                self._twice = value == "on"
            case "edit-approval", "on" | "off":
                self._edit_approval = value == "on"
            case "garbage", _:
                return [*before, *(Emit(to, GARBAGE) for to in self._clients)], None
            case "drop", _:
                return [*before, *(Hang(to) for to in self._clients)], None
            case "silent" | "error", _:
                wrong = self._faults.order(name, value)
            case _:
                wrong = misfit("live2d", SWITCHES, name, value)
        return before, wrong

    def _notify(self, event: str, now: int) -> list[Reaction]:
        """Tell those who want to know, as long as they are allowed to."""
        data: Frame = {"Path": "C:/models/double", "ModelFilePath": "C:/models/double.cmo3"}
        if event == "NotifyChangeEditMode":
            data = {"EditMode": self._mode}
        elif event == "NotifyMocFileExported":
            data["Files"] = ["C:/models/double.moc3"]
        return [
            Emit(to, self._message(client, None, "Event", event, data, now))
            for to, client in self._clients.items()
            if event in client.events and self._plugins.allowed(client.token)
        ]

    def visible(self, now: int) -> str:
        """Say what is seen of the model: "Modeling · ParamAngleY 10.0"."""
        if self._documents.front is None:
            return "no model is open"
        self._documents.pass_time(now)
        parts = [self._mode, *self._plugins.visible(), *self._documents.visible()]
        return " · ".join([*parts, *([] if self._log is None else [f"log {self._log}"])])

"""VTube Studio, simulated: its side of the wire, who may come in, and what each request is answered with.

Checks are made in one order: JSON, apiName, apiVersion, requestID, messageType, whether the API is on, permission, and
then what the request itself wants. What the model does is in ``studio``, items are in ``scenery``, tints, effects and
physics in ``looks``, inputs in ``inputs``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from showrunner.devices.switches import GARBAGE, FaultsOnOrder
from showrunner.devices.vocabulary import Emit, Frame, Hang, Reaction, Terms
from showrunner.devices.vts import body
from showrunner.devices.vts.arguments import SECOND
from showrunner.devices.vts.envelope import (
    API,
    DENIED,
    ERROR,
    SWITCHED_OFF,
    UNAUTHENTICATED,
    UNKNOWN_TYPE,
    VERSION,
    Fault,
    data_of,
    number,
    text,
)
from showrunner.devices.vts.gallery import Gallery
from showrunner.devices.vts.inputs import Inputs
from showrunner.devices.vts.looks import Looks
from showrunner.devices.vts.plugins import Plugins
from showrunner.devices.vts.repertoire import Hotkey
from showrunner.devices.vts.scenery import Scenery
from showrunner.devices.vts.studio import Answer, Studio
from showrunner.devices.vts.subscriptions import Session, regularly
from showrunner.devices.vts.user import User

PROGRAM = "1.32.0"
"""The version it says it has."""

IMAGES = "LoadCustomImagesAsItems"
"""The one permission that there is besides being let in."""

WAY_IN = ("APIStateRequest", "AuthenticationTokenRequest", "AuthenticationRequest")
"""What is answered before a plugin has shown its token."""

BETWEEN_NDI = 3 * SECOND


@dataclass(frozen=True, slots=True)
class _Request:
    """A request as it is answered, perhaps later."""

    connection: int
    id: str
    kind: str
    session: Session
    data: Mapping[str, Any]
    now: int

    @property
    def plugin(self) -> str:
        """The name of whoever asks."""
        return "" if self.session.plugin is None else self.session.plugin[0]


_Handler: TypeAlias = Callable[[_Request], Answer]


class VtsDouble:
    """One simulated VTube Studio, for any number of plugins. See ``vocabulary.Double`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._made = 0
        self._sessions: dict[int, Session] = {}
        self._faults = FaultsOnOrder()
        self._plugins = Plugins(self._make, terms.memory.get("token"))
        gallery = Gallery(terms.inventory)
        self._studio = Studio(
            gallery, lambda: any("ModelMovedEvent" in one.events for one in self._sessions.values()), self._beside
        )
        self._scenery = Scenery(gallery, self._make, self._studio.told)
        self._looks = Looks(gallery, self._studio.told)
        self._inputs = Inputs(gallery)
        self._gallery = gallery
        self._on, self._revoked = True, DENIED
        self._order, self._mixed = "reply", False
        self._user = User(self._studio, self._scenery, self._looks, self._inputs)
        self._windows: dict[int, _Request] = {}
        self._greetings: list[tuple[int, str, Frame]] = []
        self._next_ndi = -BETWEEN_NDI
        self._ndi = {"ndiActive": False, "useNDI5": True, "useCustomResolution": False}
        self._size = (-1, -1)
        self._handlers: Mapping[str, _Handler] = self._table()

    def _table(self) -> Mapping[str, _Handler]:
        studio, scenery, looks, inputs = self._studio, self._scenery, self._looks, self._inputs
        return {
            "APIStateRequest": self._state,
            "AuthenticationTokenRequest": self._beg,
            "AuthenticationRequest": self._enter,
            "PermissionRequest": self._permit,
            "StatisticsRequest": self._statistics,
            "VTSFolderInfoRequest": lambda _: {
                "models": "Live2DModels",
                "backgrounds": "Backgrounds",
                "items": "Items",
                "config": "Config",
                "logs": "Logs",
                "backup": "Backup",
            },
            "CurrentModelRequest": lambda asked: studio.current(asked.now),
            "AvailableModelsRequest": lambda _: {
                "numberOfModels": len(studio.models()),
                "availableModels": studio.models(),
            },
            "ModelLoadRequest": lambda asked: studio.load(asked.data, asked.now, asked),
            "MoveModelRequest": lambda asked: studio.move(asked.data, asked.now),
            "HotkeysInCurrentModelRequest": self._hotkeys,
            "HotkeyTriggerRequest": self._press,
            "ExpressionStateRequest": lambda asked: studio.expressed(asked.data),
            "ExpressionActivationRequest": lambda asked: studio.express(asked.data),
            "ArtMeshListRequest": lambda _: body.meshes(studio),
            "ArtMeshAtPositionRequest": lambda asked: body.mesh_at(studio, asked.data),
            "ArtMeshSelectionRequest": lambda asked: body.selected(studio, asked.data),
            "ColorTintRequest": lambda asked: (
                Fault(250, "no model is loaded") if studio.model is None else looks.tint(asked.connection, asked.data)
            ),
            "SceneColorOverlayInfoRequest": lambda _: _OVERLAY,
            "FaceFoundRequest": lambda _: {"found": self._user.tracked["faceFound"] or inputs.face_until is not None},
            "InputParameterListRequest": lambda asked: {
                **studio.whose,
                "customParameters": inputs.rows(asked.now, own=True),
                "defaultParameters": inputs.rows(asked.now, own=False),
            },
            "ParameterValueRequest": lambda asked: (
                inputs.row(asked.data.get("name"), asked.now) or Fault(500, "there is no such parameter")
            ),
            "Live2DParameterListRequest": lambda _: {**studio.whose, "parameters": body.parameters(studio)},
            "InjectParameterDataRequest": lambda asked: inputs.inject(asked.plugin, asked.data, asked.now) or {},
            "ParameterCreationRequest": lambda asked: (
                inputs.create(asked.plugin, asked.data) or {"parameterName": asked.data["parameterName"]}
            ),
            "ParameterDeletionRequest": lambda asked: (
                inputs.delete(asked.plugin, asked.data.get("parameterName"))
                or {"parameterName": asked.data["parameterName"]}
            ),
            "GetCurrentModelPhysicsRequest": lambda asked: looks.physics(studio.whose, asked.plugin),
            "SetCurrentModelPhysicsRequest": lambda asked: looks.hold(
                asked.plugin, asked.data, asked.now, model=studio.model is not None
            ),
            "NDIConfigRequest": self._ndi_config,
            "ItemListRequest": lambda asked: scenery.listed(asked.data),
            "ItemLoadRequest": lambda asked: scenery.load(asked.plugin, asked.connection, asked.data, asked.now),
            "ItemUnloadRequest": lambda asked: scenery.unload(asked.plugin, asked.data, asked.now),
            "ItemMoveRequest": lambda asked: scenery.move(asked.data, asked.now),
            "ItemAnimationControlRequest": lambda asked: scenery.animate(asked.data),
            "ItemPinRequest": lambda asked: scenery.pin(asked.data, asked.now, model=studio.model_id),
            "ItemSortRequest": lambda asked: scenery.sort(asked.data, model=studio.whose),
            "PostProcessingListRequest": lambda asked: looks.listed(asked.data),
            "PostProcessingUpdateRequest": lambda asked: looks.update(asked.data),
            "EventSubscriptionRequest": self._subscribe,
        }

    # -- connections and time

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:  # noqa: ARG002
        """VTube Studio greets nobody."""
        self._sessions[connection] = Session()
        return []

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        """What belongs to the session goes with it: subscriptions, tints, some of the items, an open window."""
        before = self.elapsed(now)
        self._sessions.pop(connection, None)
        self._windows.pop(connection, None)
        self._looks.left(connection)
        self._scenery.left(connection, now)
        return [*before, *self._tell(now)]

    @property
    def deadline(self) -> int | None:
        """The next instant at which something happens by itself."""
        regular = [session.deadline for session in self._sessions.values()]
        times = [self._studio.deadline, self._inputs.deadline, self._looks.deadline, *regular]
        return min((time for time in times if time is not None), default=None)

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """Do what is due."""
        self._studio.pass_time(now)
        self._inputs.pass_time(now)
        self._looks.pass_time(now)
        return [*self._tell(now), *self._tell_regularly(now)]

    # -- requests

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """Answer a request, or owe the answer to a person, or to a model that loads."""
        before = list(self.elapsed(now))
        session = self._sessions.setdefault(connection, Session())
        if isinstance(frame, str):
            lost = _Request(connection, self._make("request"), "", session, {}, now)
            return [*before, self._reply(lost, Fault(2, "that is no JSON object"))]
        wire = frame.get("requestID")
        named = wire if isinstance(wire, str) and wire else self._make("request")
        asked = _Request(connection, named, text(frame.get("messageType")), session, data_of(frame), now)
        refused = self._faults.refuse()
        answer: Answer = self._ordered(refused) if refused is not None else self._check(asked, frame)
        if answer is None:
            answer = self._handlers[asked.kind](asked)
        said: list[Reaction] = [] if answer is None or self._faults.mute() else [self._reply(asked, answer)]
        return [*before, *self._together(said, self._tell(now))]

    def _together(self, replies: list[Reaction], events: list[Reaction]) -> list[Reaction]:
        """Put replies and events in the order that was chosen: which comes first is documented nowhere."""
        self._mixed = not self._mixed if replies and events else self._mixed
        first = self._order == "event" or (self._order == "mixed" and self._mixed)
        return [*events, *replies] if first else [*replies, *events]

    def _check(self, asked: _Request, frame: Frame) -> Fault | None:
        """Give the first mistake of a request that does not depend on what is in its data."""
        wire = frame.get("requestID")
        if frame.get("apiName") != API:
            return Fault(3, "apiName is wrong")
        if frame.get("apiVersion") != VERSION:
            return Fault(4, "apiVersion is wrong")
        if wire is not None and wire != "" and not (isinstance(wire, str) and wire.isascii() and len(wire) <= 64):
            return Fault(5, "requestID must have 1 to 64 ASCII characters")
        if not asked.kind:
            return Fault(6, "messageType is missing")
        if asked.kind not in self._handlers:
            return Fault(UNKNOWN_TYPE, f"there is no request {asked.kind}")
        if not self._on and asked.kind != "APIStateRequest":
            return Fault(SWITCHED_OFF, "plugins have no access")
        if asked.kind in WAY_IN:
            return None
        if asked.session.plugin is None:
            return Fault(UNAUTHENTICATED, "this session is not authenticated")
        if asked.plugin not in self._plugins.allowed:
            return Fault(self._revoked, "this plugin is not allowed any more")
        return None

    def _ordered(self, words: str) -> Fault:
        """Read what was ordered: `error 203`, `error 453 Parameter X not found`, or words alone."""
        first, _, rest = words.partition(" ")
        known = first.isascii() and first.isdigit()
        return Fault(int(first[:9]), rest) if known else Fault(0, words)

    def _reply(self, asked: _Request, answer: Mapping[str, Any] | Fault) -> Emit:
        if isinstance(answer, Fault):
            data: Mapping[str, Any] = {"errorID": answer.number, "message": answer.message}
            return Emit(asked.connection, self._message(ERROR, asked.id, data, asked.now))
        kind = asked.kind.removesuffix("Request") + "Response"
        return Emit(asked.connection, self._message(kind, asked.id, answer, asked.now))

    def _message(self, kind: str, id: str, data: Mapping[str, Any], now: int) -> Frame:
        return {
            "apiName": API,
            "apiVersion": VERSION,
            "timestamp": self._terms.stamp(now),
            "messageType": kind,
            "requestID": id,
            "data": dict(data),
        }

    def _make(self, what: str) -> str:
        """Make an id or token: 32 hex digits that are the same in every run with the same seed."""
        self._made += 1
        return hashlib.sha256(f"{self._terms.name} {self._terms.seed} {what} {self._made}".encode()).hexdigest()[:32]

    # -- permission

    def _state(self, asked: _Request) -> Answer:
        within = asked.session.plugin is not None and asked.session.plugin[0] in self._plugins.allowed
        return {
            "active": self._on,
            "vTubeStudioVersion": PROGRAM,
            "currentSessionAuthenticated": within,
        }

    def _beg(self, asked: _Request) -> Answer:
        wrong = self._plugins.misnamed(asked.data)
        if wrong is not None:
            return wrong
        if self._windows:
            return Fault(51, "a window is asking about a plugin already")
        return self._clicked(asked)

    def _clicked(self, asked: _Request) -> Answer:
        """Answer as the person clicks; None: nobody does for the time being."""
        if self._plugins.clicks == "off":
            self._windows[asked.connection] = asked
            return None
        if asked.kind == "PermissionRequest":
            asked.session.images = self._plugins.clicks == "on"
            return self._permissions(asked)
        if self._plugins.clicks == "deny":
            return Fault(DENIED, "the user has denied API access")
        plugin = (str(asked.data["pluginName"]), str(asked.data["pluginDeveloper"]))
        return {"authenticationToken": self._plugins.token(plugin)}

    def _enter(self, asked: _Request) -> Answer:
        names = ("pluginName", "pluginDeveloper", "authenticationToken")
        for key, error in zip(names, (101, 102, 100), strict=True):
            if not text(asked.data.get(key)):
                return Fault(error, f"{key} is missing")
        name, developer, token = (str(asked.data[key]) for key in names)
        known = self._plugins.knows(token, (name, developer))
        asked.session.plugin = (name, developer) if known else None
        reason = "Token valid. The plugin is authenticated for the duration of this session."
        return {"authenticated": known, "reason": reason if known else "Token invalid or revoked."}

    def _permit(self, asked: _Request) -> Answer:
        wanted = text(asked.data.get("requestedPermission"))
        if wanted and wanted != IMAGES:
            return Fault(1100, "there is no such permission")
        if not wanted or asked.session.images:
            return self._permissions(asked)
        if self._studio.window:
            return Fault(1101, "the window of the API settings is open")
        return self._clicked(asked)

    def _permissions(self, asked: _Request) -> Answer:
        self._scenery.custom = granted = asked.session.images
        wanted = text(asked.data.get("requestedPermission"))
        return {
            "grantSuccess": granted or not wanted,
            "requestedPermission": wanted,
            "permissions": [{"name": IMAGES, "granted": granted}],
        }

    # -- what the program is asked

    def _statistics(self, asked: _Request) -> Answer:
        return {
            "uptime": asked.now // 1000,
            "framerate": 60,
            "vTubeStudioVersion": PROGRAM,
            "allowedPlugins": len(self._plugins.allowed),
            "connectedPlugins": sum(one.plugin is not None for one in self._sessions.values()),
            "startedWithSteam": False,
            "windowWidth": 1280,
            "windowHeight": 720,
            "windowIsFullscreen": False,
        }

    def _hotkeys(self, asked: _Request) -> Answer:
        model, item = text(asked.data.get("modelID")), text(asked.data.get("live2DItemFileName"))
        whose = self._studio.whose
        name = whose["modelName"]
        if model:
            found = self._gallery.model(model)
            if found is None:
                return Fault(152, "there is no such model")
            name = found.name
            whose = {"modelLoaded": model == self._studio.model_id, "modelName": name, "modelID": model}
        elif item and self._gallery.find("items", item) is None:
            return Fault(152, "there is no such item")
        there = bool(model or item or self._studio.model is not None)
        return {**whose, "availableHotkeys": [_hotkey(one) for one in self._gallery.hotkeys(name)] if there else []}

    def _press(self, asked: _Request) -> Answer:
        instance = asked.data.get("itemInstanceID")
        if instance:
            item = self._scenery.find(instance)
            if item is None:
                return Fault(206, "there is no such item")
            if item.kind != "Live2D":
                return Fault(207, "that is no Live2D item")
        return self._studio.press(asked.data, asked.now, asked, of_item=bool(instance))

    def _beside(self, hotkey: Hotkey) -> None:
        """Do what a hotkey does that is not about the model."""
        if hotkey.kind == "LoadEffectPreset":
            self._looks.show(hotkey.file)
        elif hotkey.kind == "RemoveAllItems":
            self._scenery.clear(0)

    def _ndi_config(self, asked: _Request) -> Answer:
        if asked.data.get("setNewConfig") is True:
            if asked.now < self._next_ndi:
                return Fault(550, "NDI can be set every three seconds")
            width, height = (number(asked.data.get(key)) for key in ("customWidthNDI", "customHeightNDI"))
            sizes = ((width, 16), (height, 8))
            fine = all(size == -1 or (size and 256 <= size <= 8192 and size % step == 0) for size, step in sizes)
            if not fine:
                return Fault(551, "that is no resolution")
            self._next_ndi = asked.now + BETWEEN_NDI
            self._ndi = {key: asked.data.get(key) is True for key in self._ndi}
            self._size = (int(width or -1), int(height or -1))
        return {
            "setNewConfig": asked.data.get("setNewConfig") is True,
            **self._ndi,
            "customWidthNDI": self._size[0],
            "customHeightNDI": self._size[1],
        }

    # -- by hand

    # -- events

    def _subscribe(self, asked: _Request) -> Answer:
        def first(name: str) -> None:
            """Tell at once what is told at once, to the one who has asked."""
            if name == "ModelMovedEvent" and self._studio.model is not None:
                self._greetings.append((asked.connection, name, self._studio.moved(asked.now)))
            elif name == "Live2DCubismEditorConnectedEvent":
                self._greetings.append((asked.connection, name, self._user.editor_state()))

        return asked.session.subscribe(asked.data, asked.now, first)

    def _tell(self, now: int) -> list[Reaction]:
        """Send what has happened to those who want to know, and the answers that were owed."""
        studio = self._studio
        late = [one for one in studio.late if one[0].connection in self._sessions]
        replies: list[Reaction] = [self._reply(ticket, answer) for ticket, answer in late if answer is not None]
        events: list[Reaction] = [Emit(to, self._event(name, data, now)) for to, name, data in self._greetings]
        for name, data in studio.told:
            wanting = [to for to, session in self._sessions.items() if session.wants(name, data)]
            events += [Emit(to, self._event(name, data, now)) for to in wanting]
        studio.late.clear()
        studio.told.clear()
        self._greetings.clear()
        return self._together(replies, events)

    def _tell_regularly(self, now: int) -> list[Reaction]:
        return [
            Emit(to, self._event(name, regularly(name, session.events[name], count, self._studio), now))
            for to, session in self._sessions.items()
            for name, count in session.due(now)
        ]

    def _event(self, name: str, data: Frame, now: int) -> Frame:
        return self._message(name, self._make("event"), data, now)

    # -- by hand

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Flip one of the table's switches, or order a `fault …`."""
        before = list(self.elapsed(now))
        if name == "fault":
            name, _, value = (value or "").strip().partition(" ")
        if name == "garbage":
            return [*before, *(Emit(to, GARBAGE) for to in self._sessions)], None
        if name == "drop":
            return [*before, *(Hang(to) for to in self._sessions)], None
        if name in {"silent", "error"}:
            return before, self._faults.order(name, value)
        wrong = self._flip(name, (value or "").strip(), now)
        return [*before, *self._clicks(), *self._tell(now)], wrong

    def _flip(self, name: str, value: str, now: int) -> str | None:
        match name, value:
            case "allow", "on" | "off" | "deny":
                self._plugins.clicks = value
            case "api", "on" | "off":
                self._on = value == "on"
            case "revoke", "":
                for plugin in self._plugins.allowed:
                    self._inputs.forget(plugin)
                self._plugins.revoke()
            case "revoked", "50" | "8":
                self._revoked = int(value)
            case "order", "reply" | "event" | "mixed":
                self._order = value
            case _:
                return self._user.does(name, value, now)
        return None

    def _clicks(self) -> list[Reaction]:
        """Answer the windows that were open, if somebody clicks now."""
        if self._plugins.clicks == "off":
            return []
        waiting, self._windows = self._windows, {}
        answers = [(asked, self._clicked(asked)) for asked in waiting.values()]
        return [self._reply(asked, answer) for asked, answer in answers if answer is not None]

    def visible(self, now: int) -> str:
        """Say what the audience sees: "model Akari · FaceAngleX 12"."""
        self._inputs.pass_time(now)
        self._looks.pass_time(now)
        waiting = ["asks whether to allow a plugin"] if self._windows else []
        parts = [*waiting, *self._studio.visible(now), *self._inputs.visible(now)]
        return " · ".join([*parts, *self._looks.visible(), *self._scenery.visible(now)])


_OVERLAY: Frame = {
    "active": False,
    "itemsIncluded": False,
    "isWindowCapture": False,
    "baseBrightness": 100,
    "colorBoost": 0,
    "smoothing": 0,
    **{f"color{what}{part}": 0 for what in ("Overlay", "Avg") for part in "RGB"},
    **{
        f"{side}CapturePart": {"active": False, "colorR": 0, "colorG": 0, "colorB": 0}
        for side in ("left", "middle", "right")
    },
}


def _hotkey(one: Hotkey) -> Frame:
    return {
        "name": one.name,
        "type": one.kind,
        "description": f"{one.kind} hotkey",
        "file": one.file,
        "hotkeyID": one.id,
        "keyCombination": [],
        "onScreenButtonID": -1,
    }

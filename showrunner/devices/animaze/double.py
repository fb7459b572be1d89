"""Animaze Desktop, simulated: answers every action of its API as the vendor's page has it (README.md).

This is its side of the wire: clients, ids, profiles, faults on order; what the actions do is in ``application``. What
the page leaves open is answered so that the public clients live with it; every error text but `Avatar not found` is a
stand-in.
"""

from __future__ import annotations

from collections.abc import Sequence

from showrunner.devices.animaze.application import Application
from showrunner.devices.animaze.table import EVENTS, SWITCHES
from showrunner.devices.switches import GARBAGE, FaultsOnOrder, misfit
from showrunner.devices.vocabulary import Emit, Frame, Hang, Reaction, Terms

NEXT_ONLY = ("getcurrentavatarinfo", "getcurrentsceneinfo")


class AnimazeDouble:
    """One simulated Animaze, for any number of clients. See ``vocabulary.Double`` for the calls."""

    def __init__(self, terms: Terms) -> None:
        self._application = Application(terms.inventory, float(terms.settings.get("speech-rate", 12)))
        # Without a word it is a stable build: public clients cannot live with triggers.
        self._next = terms.settings.get("profile") == "next"
        self._events_first = False
        self._connections: dict[int, None] = {}
        self._faults = FaultsOnOrder()

    # -- connections and time

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:  # noqa: ARG002
        """Animaze greets nobody."""
        self._connections[connection] = None
        return []

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:  # noqa: ARG002
        """What was loaded stays loaded."""
        self._connections.pop(connection, None)
        return []

    @property
    def deadline(self) -> int | None:
        """The next start or end of a speech, on builds that tell of it."""
        return self._application.deadline if self._next else None

    def elapsed(self, now: int) -> Sequence[Reaction]:
        """Tell all clients of speech that has begun or ended."""
        self._application.pass_time(now)
        return self._tell()

    def _tell(self) -> list[Reaction]:
        told, self._application.told = self._application.told, []
        return [Emit(to, dict(frame)) for frame in told for to in self._connections] if self._next else []

    # -- requests

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        """Answer at once, in order; triggers come after the reply, or before it if so switched."""
        self._application.pass_time(now)
        before = self._tell()
        if isinstance(frame, str):
            return [*before, Emit(connection, {"error": "Invalid JSON"})]
        reply = self._reply(frame, now)
        self._application.pass_time(now)
        told = self._tell()
        replies: list[Reaction] = [] if self._faults.mute() else [Emit(connection, reply)]
        return [*before, *told, *replies] if self._events_first else [*before, *replies, *told]

    def _reply(self, frame: Frame, now: int) -> Frame:
        head = {key: frame[key] for key in ("action", "id") if frame.get(key) is not None}
        action = frame.get("action")
        refusal = self._faults.refuse()
        if refusal is not None:
            return {**head, "error": refusal}
        if not isinstance(action, str):
            return {**head, "error": "Missing action"}
        if action.casefold() in NEXT_ONLY and not self._next:
            return {**head, "error": "Unknown action"}
        answer = self._application.act(action, frame, now)
        if isinstance(answer, str):
            return {**head, "error": answer}
        if answer is None:
            return {key: value for key, value in frame.items() if key != "id" or value is not None}
        return {**head, **answer}

    # -- by hand

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        """Flip one of the table's switches, or order a `fault …`."""
        self._application.pass_time(now)
        before = self._tell()
        if name == "fault":
            name, _, value = (value or "").strip().partition(" ")
        wrong: str | None = None
        match name, value:
            case "profile", "stable" | "next":
                self._next = value == "next"
            case "events", "before" | "after":
                self._events_first = value == "before"
            case "avatar", str() if value and (found := self._application.gallery.find("avatars", value)) is not None:
                self._application.wear(found)
            case "event", str() if value in {event.name for event in EVENTS}:
                more = {"new_avatar": self._application.avatar} if value == "AvatarChanged" else {}
                return [*before, *(Emit(to, {"event": value, **more}) for to in self._connections)], None
            case "garbage", _:
                return [*before, *(Emit(to, GARBAGE) for to in self._connections)], None
            case "drop", _:
                return [*before, *(Hang(to) for to in self._connections)], None
            case "silent" | "error", _:
                wrong = self._faults.order(name, value)
            case _:
                avatars = (entry.name for entry in self._application.gallery.entries("avatars", ""))
                wrong = misfit("animaze", SWITCHES, name, value, avatars if name == "avatar" else ())
        return [*before, *self._tell()], wrong

    def visible(self, now: int) -> str:
        """Say what the audience sees: "avatar avatar03 · scene Spaceship · emote Emote_Angry"."""
        return self._application.visible(now)

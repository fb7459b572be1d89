"""The way to VTube Studio: is its API on, may this plugin use it, what is told, and what does the model have.

The order is the vendor's (README, "Authentication"): a token once, for which a person clicks Allow, and it is shown on
every connection. What a person is waited for is said, and asked again, or waited for without end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from showrunner.devices.in_flight import Then
from showrunner.devices.vocabulary import Condition, Drop, Output, Remember, Rest, Send, Terms
from showrunner.devices.vts.envelope import (
    ALREADY_ASKED,
    DENIED,
    SWITCHED_OFF,
    Fault,
    data_of,
    fault_of,
    text,
    token_of,
)

UNCLICKED = 500_000
"""Whoever has not clicked by then is told to."""

POLL = 2_000_000
"""A person who has to switch something on is waited for by asking this often, in microseconds."""

SWITCH_ON = "VTube Studio takes no plugins: switch on Allow Plugin API access on the first page of its settings"
ALLOW = "VTube Studio is waiting for you: click Allow in its window, for the plugin `{name}`"
BUSY = "VTube Studio is asking about another plugin: answer it there, and then click Allow for `{name}`"
REFUSED = (
    "VTube Studio was told not to allow `{name}`. To be asked again, say `connect {device}`, and click Allow there"
)
REVOKED = (
    "VTube Studio does not allow `{name}` any more. To be asked again, say `connect {device}`, and click Allow there"
)
MISNAMED = "VTube Studio refuses this plugin: {why}. Look at `name` of `{device}` in the stage file"
TROUBLE = "VTube Studio did not let this program in: {why}; it is tried again"

NOT_ALLOWED = "VTube Studio does not allow this program"
NOT_YET = "VTube Studio has not allowed this program yet"
OFF = "VTube Studio's plugin API is switched off"

ALWAYS: tuple[tuple[str, Mapping[str, Any]], ...] = (("ModelLoadedEvent", {}), ("ModelConfigChangedEvent", {}))
"""What is told in any case: without it nobody knows which hotkeys there are."""

TRACKING = "TrackingStatusChangedEvent"
"""Tells a state: what it is before the first of them is asked for."""

LOOKS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("CurrentModelRequest", {}),
    ("InputParameterListRequest", {}),
    ("HotkeysInCurrentModelRequest", {}),
    ("ExpressionStateRequest", {"details": True}),
)
"""What is asked before the show: what the model has."""

Ask: TypeAlias = Callable[[str, Mapping[str, Any], Then, int], Send]
"""Sends a request with its data; calls the ``Then`` with the answer."""

Step: TypeAlias = Callable[[int], list[Output]]


def plugin_name(terms: Terms) -> str:
    """Give the name that VTube Studio shows: each device of the stage is a plugin of its own."""
    name = str(terms.settings.get("name") or "showrunner")
    return name if terms.name == "vts" else f"{name} ({terms.name})"[:32]


class Handshake:
    """Where the driver stands with one VTube Studio. ``done``: the show may begin; ``rests``: once it is told to."""

    def __init__(self, terms: Terms, ask: Ask, wanted: Callable[[], tuple[tuple[str, Mapping[str, Any]], ...]]) -> None:
        self.done = self.rests = False
        self.due: int | None = None
        self._ask, self._wanted = ask, wanted
        self._device = terms.name
        self._name = plugin_name(terms)
        self._timeout = int(terms.settings.get("timeout", 5_000_000))
        self._token = terms.memory.get("token")
        self._connection = 0
        self._step: Step | None = None
        self._said: str | None = None
        self._left: list[tuple[str, Mapping[str, Any]]] = []

    def begin(self, connection: int, now: int) -> list[Output]:
        """Start on a connection that has just opened."""
        self.end()
        self._connection = connection
        return self._look(now)

    def end(self) -> None:
        """The connection is gone. The token stays."""
        self.done = self.rests = False
        self._step = self.due = self._said = None

    def elapsed(self, now: int) -> list[Output]:
        """Take the present step again, if it is time."""
        if self._step is None or self.due is None or now < self.due:
            return []
        return self._step(now)

    def forbidden(self, fault: Fault, now: int) -> list[Output]:
        """A request was refused for want of permission: show the token again, or wait for the operator."""
        if not self.done:
            return []
        if fault.number == DENIED:
            self._token = None
            return self._rest(REVOKED.format(name=self._name, device=self._device))
        if fault.number == SWITCHED_OFF:
            return self._wait(SWITCH_ON, self._look, now, OFF)
        return [*self._wait(TROUBLE.format(why=fault.words), self._look, now, NOT_ALLOWED), *self._look(now)]

    # -- the steps

    def _take(self, step: Step, kind: str, data: Mapping[str, Any], then: Then, now: int) -> list[Output]:
        """Send a step's request; the step is taken, or taken anew, if no answer comes in time."""
        self._step, self.due = step, now + self._timeout
        taken = self._connection

        def still(reply: Any, error: str | None, when: int) -> list[Output]:
            return then(reply, error, when) if self._step == step and self._connection == taken else []

        return [self._ask(kind, data, still, now)]

    def _wait(self, said: str, step: Step, now: int, why: str) -> list[Output]:
        """Wait for a person: say once for what, and take the step again in a while. ``why`` is for commands."""
        self.done, self._step, self.due = False, step, now + POLL
        return self._say(said, why)

    def _say(self, said: str, why: str) -> list[Output]:
        if said == self._said:
            return []
        self._said = said
        return [Condition("waiting", said, why=why)]

    def _rest(self, said: str) -> list[Output]:
        """Ask no more by itself: the operator says when."""
        self.done, self.rests = False, True
        self._step = self.due = None
        return [*self._say(said, NOT_ALLOWED), Rest("", None), Drop(self._connection, NOT_ALLOWED)]

    def _refused(self, fault: Fault, step: Step, now: int) -> list[Output]:
        """Live with whatever the way in was refused for."""
        if fault.number == SWITCHED_OFF:
            return self._wait(SWITCH_ON, self._look, now, OFF)
        if fault.number == DENIED:
            return self._rest(REFUSED.format(name=self._name, device=self._device))
        if fault.number == ALREADY_ASKED:
            return self._wait(BUSY.format(name=self._name), step, now, NOT_YET)
        if fault.number in {52, 53, 54}:
            return self._rest(MISNAMED.format(why=fault.words, device=self._device))
        return self._wait(TROUBLE.format(why=fault.words), step, now, NOT_ALLOWED)

    def _look(self, now: int) -> list[Output]:
        def then(reply: Any, _: str | None, when: int) -> list[Output]:
            if (fault := fault_of(reply)) is not None:
                return self._refused(fault, self._look, when)
            if data_of(reply).get("active") is False:
                return self._wait(SWITCH_ON, self._look, when, OFF)
            return self._show(when) if self._token is not None else self._beg(when)

        return self._take(self._look, "APIStateRequest", {}, then, now)

    def _plugin(self) -> dict[str, Any]:
        return {"pluginName": self._name, "pluginDeveloper": self._name}

    def _show(self, now: int) -> list[Output]:
        """Show the token; one that is not known any more never will be."""

        def then(reply: Any, _: str | None, when: int) -> list[Output]:
            if (fault := fault_of(reply)) is not None:
                return self._refused(fault, self._show, when)
            if data_of(reply).get("authenticated") is True:
                self._left = [*ALWAYS, *self._wanted()]
                return self._subscribe(when)
            self._token = None
            return self._beg(when)

        data = {**self._plugin(), "authenticationToken": self._token}
        return self._take(self._show, "AuthenticationRequest", data, then, now)

    def _beg(self, now: int) -> list[Output]:
        """Ask for a token: the answer comes when the person has clicked, and not before that is said to be needed."""

        def waits(_: int) -> list[Output]:
            self.due = None
            return self._say(ALLOW.format(name=self._name), NOT_YET)

        def then(reply: Any, _: str | None, when: int) -> list[Output]:
            if (fault := fault_of(reply)) is not None:
                return self._refused(fault, self._beg, when)
            self._token = token_of(reply)
            if self._token is None:
                return self._wait(TROUBLE.format(why="no token came"), self._beg, when, NOT_ALLOWED)
            return [Remember("token", self._token), *self._show(when)]

        asked = self._take(waits, "AuthenticationTokenRequest", self._plugin(), then, now)
        self.due = now + UNCLICKED
        return asked

    def _subscribe(self, now: int) -> list[Output]:
        """Ask to be told, one event after the other; then look at what there is."""
        if not self._left:
            tracked = any(name == TRACKING for name, _ in self._wanted())
            self._left = [*LOOKS, *([("FaceFoundRequest", {})] if tracked else [])]
            return self._see(now)

        def then(reply: Any, _: str | None, when: int) -> list[Output]:
            return [*self._untold(self._left.pop(0)[0], fault_of(reply)), *self._subscribe(when)]

        name, config = self._left[0]
        data = {"eventName": name, "subscribe": True, "config": config}
        return self._take(self._subscribe, "EventSubscriptionRequest", data, then, now)

    def _untold(self, event: str, fault: Fault | None) -> list[Output]:
        note = None if fault is None else f"VTube Studio will not tell of {text(event)}: {fault.words}"
        return [] if note is None else [Condition("note", note)]

    def _see(self, now: int) -> list[Output]:
        """Learn what the model has; what VTube Studio does not tell is done without."""
        if not self._left:
            self.done = True
            self._step = self.due = self._said = None
            return [Condition("ready")]

        def then(_: Any, __: str | None, when: int) -> list[Output]:
            self._left.pop(0)
            return self._see(when)

        def without(when: int) -> list[Output]:
            self._left.pop(0)
            return self._see(when)

        kind, data = self._left[0]
        return self._take(without, kind, data, then, now)

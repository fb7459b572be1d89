"""The way to a model: register, wait until a person has ticked Allow, wait until a model is open.

The order is the vendor's (manual, "Token authentication"): RegisterPlugin, GetIsApproval until it is true, the model's
UID, and what its parameters allow. No event tells of Allow or of a model, so both are polled. What is done with it is
in ``driver``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from showrunner.devices.in_flight import Then
from showrunner.devices.live2d.envelope import VERSIONS, data_of, model_of, token_of
from showrunner.devices.vocabulary import Condition, Frame, Output, Remember, Send, Terms

POLL = 500_000
"""A person is waited for by asking this often, in microseconds."""

ALLOW = (
    "The Cubism Editor is waiting for you: in File > External Application Integration Settings, "
    "tick Allow beside `{name}`"
)
OPEN = "No model is open in the Cubism Editor: open one there, and the show goes on by itself"
OPEN_THAT = "`{model}` is not open in the Cubism Editor: open it there, and the show goes on by itself"
REFUSED = (
    "The Cubism Editor refused to register this program ({error}); it is tried again. If that goes on: initialise the "
    "tokens in File > External Application Integration Settings, or start the Editor anew"
)
NO_ENTRY = "the Cubism Editor refuses to register this program"
NOT_YET = "the Cubism Editor has not allowed this program yet"
NO_MORE = "the Cubism Editor does not allow this any more"
OTHER_VERSIONS = "the Cubism Editor knows none of the versions of its API that are known here"
TOO_OLD = "The Cubism Editor knows none of the API versions {oldest} to {newest}: Editor 5.1 or newer is needed"

TRIES_WITH_TOKEN = 4
"""Of so many tries to register that are refused, the last is without the token."""

Ask: TypeAlias = Callable[[str, Frame, Then, int], Send]
"""Sends a method with its data; calls the ``Then`` with the answer."""

Step: TypeAlias = Callable[[int], list[Output]]


class Handshake:
    """Where the driver stands with one Editor. ``model`` is the open model's UID once everything is as it must be."""

    def __init__(self, terms: Terms, ask: Ask, ready: Step) -> None:
        self.version = VERSIONS[0]
        self.model: str | None = None
        self.due: int | None = None
        self._ask = ask
        self._ready = ready
        self._name = "showrunner" if terms.name == "live2d" else f"showrunner ({terms.name})"
        self._timeout = int(terms.settings.get("timeout", 2_000_000))
        self._wanted = str(terms.settings.get("model") or "") or None
        self._token = terms.memory.get("token")
        self._refusals = 0
        self._met: str | None = None
        self._step: Step | None = None
        self._said: str | None = None

    @property
    def done(self) -> bool:
        """Tell whether there is a model to work with."""
        return self.model is not None

    def begin(self, now: int) -> list[Output]:
        """Register on a connection that has just opened."""
        self.end()
        return self._register(now)

    def end(self) -> None:
        """The connection is gone. Token and version stay."""
        self.model = self._step = self.due = self._said = None

    def elapsed(self, now: int) -> list[Output]:
        """Take the present step again, if it is time."""
        if self._step is None or self.due is None or now < self.due:
            return []
        return self._step(now)

    def forbidden(self, now: int) -> list[Output]:
        """A request was refused for want of permission: back to waiting for a person."""
        return self._wait(ALLOW.format(name=self._name), self._approval, now, NO_MORE) if self.done else []

    def closed(self, now: int) -> list[Output]:
        """The model is gone: wait for one."""
        return self._wait(self._missing, self._find_model, now, self.missing) if self.done else []

    # -- which model

    @property
    def asks(self) -> str:
        """The method whose answer tells the model's UID."""
        return "GetCurrentModelUID" if self._wanted is None else "GetDocuments"

    def uid(self, answer: Frame) -> str | None:
        """Read the UID out of that answer, or None where the model is not open."""
        return model_of(answer, self._wanted)

    def concerns(self, data: object) -> bool:
        """Tell whether a request's data is about the model we work with, or are about to."""
        model = data.get("ModelUID") if isinstance(data, dict) else None
        return model is not None and model in (self.model, self._met)

    @property
    def missing(self) -> str:
        """What a command is told whose model is not open."""
        if self._wanted is None:
            return "no model is open in the Cubism Editor"
        return f"`{self._wanted}` is not open in the Cubism Editor"

    @property
    def _missing(self) -> str:
        return OPEN if self._wanted is None else OPEN_THAT.format(model=self._wanted)

    # -- the steps

    def _take(self, step: Step, method: str, data: Frame, then: Then, now: int) -> list[Output]:
        """Send a step's request; the step is taken anew if no answer comes in time."""
        self._step, self.due = step, now + self._timeout

        def still(reply: Frame, error: str | None, when: int) -> list[Output]:
            return then(reply, error, when) if self._step == step else []

        return [self._ask(method, data, still, now)]

    def _wait(self, said: str, step: Step, now: int, why: str | None = None) -> list[Output]:
        """Wait for a person: say once for what, and take the step again in a while. ``why`` is for commands."""
        self.model, self._step, self.due = None, step, now + POLL
        if said == self._said:
            return []
        self._said = said
        return [Condition("waiting", said, why=why)]

    def _register(self, now: int) -> list[Output]:
        def then(reply: Frame, error: str | None, when: int) -> list[Output]:
            if error == "UnsupportedVersion":
                older = VERSIONS[VERSIONS.index(self.version) + 1 :]
                self.version = older[0] if older else VERSIONS[0]
                if older:
                    return self._register(when)
                said = TOO_OLD.format(oldest=VERSIONS[-1], newest=VERSIONS[0])
                return self._wait(said, self._register, when, OTHER_VERSIONS)
            token = token_of(reply)
            if error is not None or token is None:
                self._refusals += 1
                return self._wait(REFUSED.format(error=error or "no token came"), self._register, when, NO_ENTRY)
            news: list[Output] = [Remember("token", token)] if token != self._token else []
            self._token, self._refusals = token, 0
            return [*news, *self._approval(when)]

        # It may be the token that is refused; but without it a person must tick Allow again, so that is no hasty step.
        shown = self._token is not None and self._refusals % TRIES_WITH_TOKEN != TRIES_WITH_TOKEN - 1
        data = {"Name": self._name, **({"Token": self._token} if shown else {})}
        return self._take(self._register, "RegisterPlugin", data, then, now)

    def _approval(self, now: int) -> list[Output]:
        def then(reply: Frame, error: str | None, when: int) -> list[Output]:
            if error is None and data_of(reply).get("Result") is True:
                return self._find_model(when)
            # A token that is not known any more never becomes allowed: register anew.
            again = self._register if error == "PluginNotRegistered" else self._approval
            return self._wait(ALLOW.format(name=self._name), again, when, NOT_YET)

        return self._take(self._approval, "GetIsApproval", {}, then, now)

    def _find_model(self, now: int) -> list[Output]:
        def then(reply: Frame, error: str | None, when: int) -> list[Output]:
            if error == "PluginNotRegistered":
                return self._wait(ALLOW.format(name=self._name), self._approval, when, NOT_YET)
            model = self.uid(reply) if error is None else None
            if model is None:
                return self._wait(self._missing, self._find_model, when, self.missing)
            return self._parameters(model, when)

        return self._take(self._find_model, self.asks, {}, then, now)

    def _parameters(self, model: str, now: int) -> list[Output]:
        """Learn what the parameters allow; an Editor that does not tell is worked with all the same."""
        self._met = model

        def go(when: int) -> list[Output]:
            self.model = model
            self._met = self._step = self.due = self._said = None
            return [Condition("ready"), *self._ready(when)]

        def then(_: Frame, error: str | None, when: int) -> list[Output]:
            if error == "PluginNotRegistered":
                return self._wait(ALLOW.format(name=self._name), self._approval, when, NOT_YET)
            return go(when)

        return self._take(go, "GetParameters", {"ModelUID": model}, then, now)

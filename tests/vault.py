# ruff: noqa: ARG002 - a device has to take all that it may be told
"""A device from outside that wants a secret: a WebSocket whose program asks for a password and refuses a wrong one.

Its double has the password `sesame`, until its switch `password` says another; a switch `away` ends the connection.
"""

from __future__ import annotations

from collections.abc import Sequence

from showrunner.devices.vocabulary import (
    Answered,
    Class,
    Command,
    Condition,
    Device,
    Emit,
    Frame,
    Hang,
    Heard,
    Kind,
    Lane,
    Listed,
    Output,
    Reaction,
    Rest,
    Send,
    Setting,
    Silent,
    Switch,
    Terms,
    Verb,
    Way,
)

REFUSED, LOST = 4009, 4000
"""With what its program closes a connection: the password is wrong; all others."""

OPEN = Verb("open", "NAME", {"NAME": Kind("name", "a door")}, Class.IMPULSE, "main", "Opens a door.", "open left")


class Driver:
    """Answers the question for a password; where it is refused, nothing is dialled until somebody has seen to it."""

    deadline = None

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def connected(self, connection: int, now: int, way: str = "", origin: str | None = None) -> Sequence[Output]:
        return [Condition("connecting")]

    def disconnected(self, connection: int, now: int, reason: str, code: int | None = None) -> Sequence[Output]:
        if code == REFUSED:
            said = f"the vault refused the password in {self._terms.settings['key-env']}"
            return [Condition("waiting", f"{said}; set it, then `connect {self._terms.name}`"), Rest("", None)]
        return [Condition("lost", reason)]

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Output]:
        said = frame if isinstance(frame, dict) else {}
        if "asks" in said:
            secret = self._terms.secrets.get("key-env", "")
            return [Heard(said, reply=False), Send({"password": secret, "says": f"it is {secret}"})]
        if "id" in said:
            return [Heard(said, True, said["id"], ok=True), Answered(said["id"], said["attempt"], ok=True)]
        return [Heard(said, reply=True), Condition("ready")]

    def elapsed(self, now: int) -> Sequence[Output]:
        return []

    def command(self, id: int, attempt: int, command: Command, now: int) -> Sequence[Output]:
        return [Send({"open": command.get("NAME"), "id": id, "attempt": attempt}, id, attempt)]

    def frame(self, lane: str, number: int, values: object, now: int) -> Sequence[Output]:
        raise AssertionError("a vault has no values")

    def clear(self, lane: str, number: int, now: int) -> Sequence[Output]:
        raise AssertionError("a vault has no values")

    def read(self, lane: str, properties: Sequence[str], now: int) -> Sequence[Output]:
        raise AssertionError("a vault has no values")

    def forget(self, id: int, attempt: int, now: int) -> Sequence[Output]:
        return []

    def panic(self, now: int) -> Sequence[Output]:
        return [Silent()]

    def hush(self, now: int) -> Sequence[Output]:
        return [Silent()]

    def quiet(self, connection: int, now: int, *, gone: bool = False) -> Sequence[Output]:
        return []

    def inventory(self, now: int) -> Sequence[Output]:
        return [Listed({})]


class Double:
    deadline = None

    def __init__(self, terms: Terms) -> None:
        self._password = terms.settings["password"]
        self._open: list[int] = []

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        self._open.append(connection)
        return [Emit(connection, {"asks": "password"})]

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        self._open.remove(connection)
        return []

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        assert isinstance(frame, dict)
        if "password" in frame:
            right = frame["password"] == self._password
            return [Emit(connection, {"welcome": True}) if right else Hang(connection, REFUSED)]
        return [Emit(connection, {"id": frame["id"], "attempt": frame["attempt"]})]

    def elapsed(self, now: int) -> Sequence[Reaction]:
        return []

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        if name == "password":
            self._password = value
        return [Hang(one, LOST) for one in self._open], None

    def visible(self, now: int) -> str:
        return "a vault"


VAULT = Device(
    "vault",
    (OPEN,),
    (),
    (
        Setting("url", "url", "ws://localhost:4455", "where the vault listens"),
        Setting("timeout", "duration", 5_000_000, "how long it is given for a reply"),
        Setting("key-env", "secret", "VAULT_PASSWORD", "the environment variable in which its password stands"),
        Setting("password", "text", "sesame", "what its double wants to hear"),
    ),
    (Lane("main"),),
    (Way("api", "json", "client", "url"),),
    Driver,
    Double,
    lambda settings: f"no vault at {settings['url']}",
    doubled={"password": ""},
    switches=(Switch("password", takes="TEXT"), Switch("away")),
    title="the vault",
    variables="VAULT_",
)

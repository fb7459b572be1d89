"""Where camera and avatar are: what was last sent or read, and what must be read before a Set action is whole.

A Set action takes all its keys at once (vendor's page, "Set Camera Transform" and "Set Avatar Transform"), while a show
may say only one of them. Nothing here knows a command or a reply's way.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeGuard

from showrunner.devices.animaze.requests import Request
from showrunner.devices.animaze.table import tidy
from showrunner.devices.in_flight import Then
from showrunner.devices.vocabulary import Frame, Output, Quantity, Send, Values

Query: TypeAlias = Callable[[Request, Then, int], Send]
"""Sends a request at an instant; calls the ``Then`` with its reply."""


@dataclass(frozen=True, slots=True, eq=False)
class Transform:
    """What one Set action carries: the keys on the wire and the show's properties for them."""

    set: str
    get: str
    keys: Mapping[str, str]


TRANSFORMS = (
    Transform(
        "SetCameraTransform", "GetCameraTransform", {"position": "camera.position", "rotation": "camera.rotation"}
    ),
    Transform("SetCameraFov", "GetCameraFov", {"fov": "camera.fov"}),
    Transform(
        "SetAvatarTransform",
        "GetAvatarTransform",
        {"position": "place.position", "rotation": "place.rotation", "scale": "place.scale"},
    ),
)

FORGETS: Mapping[str, tuple[str, ...]] = {
    "loadavatar": ("place.",),
    "loadscene": ("camera.",),
    "loadquickscene": ("camera.", "place."),
}
"""Actions (case ignored) after which transforms read or sent before may be wrong, and which."""

_LENGTHS = {"position": 3, "rotation": 4}


def concerned(properties: Container[str]) -> tuple[Transform, ...]:
    """Give the transforms that some of these properties belong to."""
    return tuple(t for t in TRANSFORMS if any(name in properties for name in t.keys.values()))


class Transforms:
    """What is known of one Animaze's transforms: property -> value."""

    def __init__(self) -> None:
        self._known: dict[str, Quantity] = {}
        self._reading = 0

    def clear(self) -> None:
        """Forget all: another application may be there next time."""
        self._known.clear()

    def forget(self, action: str) -> None:
        """Forget what ``action`` may have changed."""
        stale = FORGETS.get(action.casefold())
        if stale is not None:
            self._known = {name: value for name, value in self._known.items() if not name.startswith(stale)}

    def set(
        self,
        wanted: Mapping[str, Quantity],
        send: Query,
        query: Query,
        done: Callable[[str | None, int], list[Output]],
        wished: Callable[[], bool],
        now: int,
    ) -> list[Output]:
        """Send the Set action for ``wanted``, properties of one transform, after reading what it does not say.

        ``done`` is called with the reason of a refusal, or None, and the time. ``wished`` tells, when the reading has
        come, whether the command is still wanted.
        """
        (transform,) = concerned(wanted)

        def answered(_: Frame, reason: str | None, when: int) -> list[Output]:
            if reason is not None:
                for name in wanted:
                    self._known.pop(name, None)
            return done(reason, when)

        def whole(when: int) -> Send | None:
            values = {**self._known, **wanted}
            if any(name not in values for name in transform.keys.values()):
                return None
            self._known.update(wanted)
            fields = {key: _wire(values[name]) for key, name in transform.keys.items()}
            return send(Request(transform.set, fields), answered, when)

        def read(reply: Frame, reason: str | None, when: int) -> list[Output]:
            if reason is None:
                self._known.update(_values(transform, reply))
            if not wished():
                return []
            sent = whole(when)
            why = reason or "its answer cannot be read"
            return [sent] if sent is not None else done(f"{transform.get}, which must come first, failed: {why}", when)

        sent = whole(now)
        return [sent if sent is not None else query(Request(transform.get, {}), read, now)]

    def read(self, properties: Sequence[str], query: Query, now: int) -> list[Output]:
        """Ask what these properties are; ends with ``Values`` unless a later reading has begun by then."""
        asked = concerned(properties)
        if not asked:
            return [Values({})]
        self._reading += 1
        reading, found, left = self._reading, dict[str, Quantity](), set(asked)

        def ask(transform: Transform) -> Send:
            def then(reply: Frame, reason: str | None, _: int) -> list[Output]:
                told = {} if reason is not None else _values(transform, reply)
                self._known.update(told)
                found.update((name, value) for name, value in told.items() if name in properties)
                left.discard(transform)
                return [Values(found)] if not left and reading == self._reading else []

            return query(Request(transform.get, {}), then, now)

        return [ask(transform) for transform in asked]


def _values(transform: Transform, reply: Frame) -> dict[str, Quantity]:
    """Read a transform's reply, without the noise of single precision."""
    found: dict[str, Quantity] = {}
    for key, name in transform.keys.items():
        value = reply.get(key)
        if key in _LENGTHS:
            if isinstance(value, list) and len(value) == _LENGTHS[key] and all(map(_is_number, value)):
                found[name] = tuple(tidy(number) for number in value)
        elif _is_number(value):
            # An angle has been to radians and back in single precision: 60 comes as 60.000003814697266.
            found[name] = tidy(round(value, 3) if key == "fov" else value)
    return found


def _is_number(value: Any) -> TypeGuard[float]:
    # Beyond 1e15 is no place in any room, and rounding what is no number would raise.
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e15 < value < 1e15


def _wire(value: Quantity) -> Any:
    return list(value) if isinstance(value, tuple) else value

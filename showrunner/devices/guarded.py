"""A device from outside, guarded: what goes wrong in its code is told, and stops neither the show nor another device.

Our own devices never raise, and a test says so; of a stranger's nobody knows. A driver or a double that has raised once
is of no use for the rest of the show: its device counts as lost, and it is asked nothing more. What a row works out is
tried where a script uses it, so that it is a finding; where it raises later all the same, it says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar, cast

from showrunner.devices.vocabulary import (
    Argument,
    Command,
    Condition,
    Device,
    Double,
    Driver,
    Event,
    Frame,
    Hang,
    Inventory,
    Objection,
    Output,
    Reaction,
    Terms,
    Verb,
)
from showrunner.diagnostics.refusal import Refusal
from showrunner.diagnostics.sentence import sentence

Made = TypeVar("Made")

MEND = sentence("put its package right, or ask who made it")

_SILENT: Mapping[str, Callable[..., Any]] = {
    "targets": lambda *_: (),
    "releases": lambda *_: (),
    "rests": lambda _, value: value,
    "properties": lambda *_: (),
    "values": lambda *_: {},
    "speaks": lambda *_: (),
    "limit_of": lambda *_: None,
    "lasts": lambda *_: None,
    "plain": lambda text: text,
    "fits": lambda *_: False,
    "tells": lambda *_: {},
}
"""What a row works out -> what it says instead, where that cannot be had."""


def guarded(device: Device) -> Device:
    """Give the same device, whose driver and double are made with care and called so, and its rows, too."""
    driver = _careful(device.name, "driver", device.driver)
    double = _careful(device.name, "double", device.double)
    unreachable, document, trial = device.unreachable, device.document, device.trial
    return replace(
        device,
        verbs=tuple(map(_verb, device.verbs)),
        events=tuple(map(_event, device.events)),
        driver=lambda terms: cast("Driver", _Guarded(driver(terms))),
        double=lambda terms: _GuardedDouble(double(terms)),
        unreachable=_or_words(unreachable, f"{device.title} did not answer; why, its package cannot say"),
        document=None if document is None else _or_words(document, "its package cannot read it"),
        trial=None if trial is None else _or_words(trial, "its package cannot say how that is tried"),
        said=None if device.said is None else _or(device.said, lambda _: None),
        heard=None if device.heard is None else _or(device.heard, lambda _: None),
    )


def _careful(name: str, what: str, make: Callable[[Terms], Made]) -> Callable[[Terms], Made]:
    def made(terms: Terms) -> Made:
        try:
            return make(terms)
        except Exception as error:
            raise Refusal(f"the {what} of `{name}` cannot be made: {_spelled(error)}", MEND) from error

    return made


def _spelled(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


# --- rows


def _or(work: Callable[..., Any], instead: Callable[..., Any]) -> Callable[..., Any]:
    """Give the same function, which does ``instead`` where it raises."""

    def done(*given: Any) -> Any:
        try:
            return work(*given)
        except Exception:  # noqa: BLE001 - whatever goes wrong in there, the show goes on
            return instead(*given)

    return done


def _or_words(work: Callable[..., Any], words: str) -> Callable[..., Any]:
    """Give the same function, which gives what is wrong in ``words`` where it raises."""

    def done(*given: Any) -> Any:
        try:
            return work(*given)
        except Exception as error:  # noqa: BLE001 - as above
            return f"{words} ({_spelled(error)})"

    return done


def _tried(work: Callable[..., Any], *given: Any) -> tuple[Objection, ...]:
    """Say what is wrong with a row that raises."""
    try:
        work(*given)
    except Exception as error:  # noqa: BLE001 - as above
        return (Objection(None, sentence("what this does cannot be worked out: {error}", _spelled(error)), MEND),)
    return ()


def _verb(row: Verb) -> Verb:
    """Give the same row, which is tried on each command that is checked."""
    tried = [work for name in ("targets", "releases", "properties", "values", "speaks") if (work := getattr(row, name))]

    def check(command: Command, inventory: Inventory | None) -> tuple[Objection, ...]:
        wrong = [one for work in tried for one in _tried(work, command)]
        if wrong or row.check is None:
            return tuple(wrong[:1])
        return _tried(row.check, command, inventory) or row.check(command, inventory)

    return replace(_quiet(row), check=check)


def _event(row: Event) -> Event:
    if row.check is None:
        return _quiet(row)
    look = row.check

    def check(arguments: Sequence[Argument]) -> tuple[Objection, ...]:
        return _tried(look, arguments) or look(arguments)

    return replace(_quiet(row), check=check)


Row = TypeVar("Row", Verb, Event)


def _quiet(row: Row) -> Row:
    known = {one.name for one in fields(row)}
    works = {name: work for name in _SILENT if name in known and (work := getattr(row, name)) is not None}
    quiet: dict[str, Any] = {name: _or(work, _SILENT[name]) for name, work in works.items()}
    return replace(row, **quiet)


# --- driver and double


class _Guarded:
    """Calls a driver as long as it does not raise."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._failed = False

    @property
    def deadline(self) -> int | None:
        return None if self._failed else self._driver.deadline

    def __getattr__(self, name: str) -> Callable[..., Sequence[Output]]:
        def call(*given: Any, **named: Any) -> Sequence[Output]:
            if self._failed:
                return []
            try:
                found: Sequence[Output] = getattr(self._driver, name)(*given, **named)
            except Exception as error:  # noqa: BLE001 - as above
                self._failed = True
                why = f"its driver failed: {_spelled(error)}"
                return [Condition("lost", why, why=why)]
            return found

        return call


class _GuardedDouble:
    """Calls a double as long as it does not raise; then it hangs up, and on everybody who comes again."""

    def __init__(self, double: Double) -> None:
        self._double = double
        self._open: dict[int, None] = {}
        self._why = ""

    @property
    def deadline(self) -> int | None:
        return None if self._why else self._double.deadline

    def connected(self, connection: int, now: int, way: str = "") -> Sequence[Reaction]:
        self._open[connection] = None
        return self._react(lambda: self._double.connected(connection, now, way))

    def disconnected(self, connection: int, now: int) -> Sequence[Reaction]:
        self._open.pop(connection, None)
        return self._react(lambda: self._double.disconnected(connection, now))

    def received(self, connection: int, frame: Frame | str, now: int) -> Sequence[Reaction]:
        return self._react(lambda: self._double.received(connection, frame, now))

    def elapsed(self, now: int) -> Sequence[Reaction]:
        return self._react(lambda: self._double.elapsed(now))

    def switch(self, name: str, value: str | None, now: int) -> tuple[Sequence[Reaction], str | None]:
        wrong: list[str | None] = []

        def flip() -> Sequence[Reaction]:
            reactions, said = self._double.switch(name, value, now)
            wrong.append(said)
            return reactions

        reactions = self._react(flip)
        return reactions, wrong[0] if wrong else self._why

    def visible(self, now: int) -> str:
        seen: list[str] = []

        def look() -> Sequence[Reaction]:
            seen.append(self._double.visible(now))
            return ()

        self._react(look)
        return seen[0] if seen else self._why

    def _react(self, call: Callable[[], Sequence[Reaction]]) -> Sequence[Reaction]:
        if not self._why:
            try:
                return tuple(call())
            except Exception as error:  # noqa: BLE001 - as above
                self._why = f"its double failed: {_spelled(error)}"
        return [Hang(connection, 1011, self._why) for connection in self._open]

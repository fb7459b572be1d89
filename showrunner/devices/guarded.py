"""A device from outside, guarded: what goes wrong in its code is told, and stops neither the show nor another device.

Our own drivers never raise, and a test says so; of a stranger's nobody knows. One that has raised once is of no use for
the rest of the show: its device counts as lost, and it is asked nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

from showrunner.devices.vocabulary import Condition, Device, Driver, Output, Terms
from showrunner.diagnostics.refusal import Refusal

Made = TypeVar("Made")


def guarded(device: Device) -> Device:
    """Give the same device, whose driver and double are made with care, and its driver called so."""
    driver = _careful(device.name, "driver", device.driver)
    double = _careful(device.name, "double", device.double)
    return replace(device, driver=lambda terms: cast("Driver", _Guarded(driver(terms))), double=double)


def _careful(name: str, what: str, make: Callable[[Terms], Made]) -> Callable[[Terms], Made]:
    def made(terms: Terms) -> Made:
        try:
            return make(terms)
        except Exception as error:
            wrong = f"the {what} of `{name}` cannot be made: {type(error).__name__}: {error}"
            raise Refusal(wrong, "put its package right, or ask who made it") from error

    return made


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
            except Exception as error:  # noqa: BLE001 - whatever goes wrong in there, the show goes on
                self._failed = True
                why = f"its driver failed: {type(error).__name__}: {error}"
                return [Condition("lost", why, why=why)]
            return found

        return call

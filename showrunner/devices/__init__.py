"""The devices: one folder each, with its table, driver, double, page and recorded frames. Knows no shows.

A folder below this one that defines ``device`` (a ``vocabulary.Device``) is a device; so is what an outside package
offers under the entry point group ``showrunner.devices``. Nothing else lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from showrunner.devices.vocabulary import Device
from showrunner.slotted import dataclass

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


@dataclass(frozen=True, slots=True)
class Outside:
    """What a package from outside offers under one name. ``device`` None: it is of no use, and ``wrong`` says why."""

    package: str
    device: Device | None
    wrong: str = ""


@cache
def own() -> tuple[str, ...]:
    """Name the folders here."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg))


@cache
def names() -> tuple[str, ...]:
    """Name every driver there is: the folders here, then those of installed packages, each group sorted."""
    return (*own(), *sorted(set(_offered()) - set(own())))


def find(name: str) -> Device | None:
    """Load the driver called ``name``; None where there is none, or a package offers it and it is of no use."""
    if name in own():
        found: Device = importlib.import_module(f"{__name__}.{name}").device
        return found
    offered = outside(name)
    return None if offered is None else offered.device


@cache
def outside(name: str) -> Outside | None:
    """Load what a package from outside offers as ``name``; None where none does. Never raises."""
    found = _offered().get(name)
    if not found:
        return None
    packages = ", ".join(sorted(_package(entry) for entry in found))
    if name in own():
        return Outside(packages, None, "showrunner has a device of that name itself")
    if len(found) > 1:
        return Outside(packages, None, "several packages offer a device of that name")
    from showrunner.devices.guarded import guarded
    from showrunner.devices.soundness import unsound

    try:
        device = found[0].load()
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever is wrong in there, other shows go on
        return Outside(packages, None, f"it cannot be loaded: {type(error).__name__}: {error}")
    wrong = unsound(device, name)
    return Outside(packages, None, wrong) if wrong is not None else Outside(packages, guarded(device))


@cache
def offered() -> tuple[str, ...]:
    """Name what packages from outside offer, whether it is of use or not."""
    return tuple(sorted(_offered()))


@cache
def _offered() -> dict[str, list[EntryPoint]]:
    # Asking the installed packages costs more than everything else here, so it is asked only for unknown names.
    from importlib.metadata import entry_points

    found: dict[str, list[EntryPoint]] = {}
    for entry in entry_points(group="showrunner.devices"):
        found.setdefault(entry.name, []).append(entry)
    return found


def _package(entry: EntryPoint) -> str:
    return "a package" if entry.dist is None else f"{entry.dist.name} {entry.dist.version}"

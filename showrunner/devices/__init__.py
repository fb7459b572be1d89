"""The devices: one folder each, with its table, driver, double, page and recorded frames. Knows no shows.

A folder below this one that defines ``device`` (a ``vocabulary.Device``) is a device; so is what an outside package
offers under the entry point group ``showrunner.devices``. Nothing else lists them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache

from showrunner.devices.vocabulary import Device


@cache
def names() -> tuple[str, ...]:
    """Name every driver there is: the folders here, then those of installed packages, each group sorted."""
    own = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return (*own, *sorted(set(_outside()) - set(own)))


@cache
def find(name: str) -> Device | None:
    """Load the driver called ``name``, or give None where there is none. Only this one folder is imported."""
    if any(module.name == name and module.ispkg for module in pkgutil.iter_modules(__path__)):
        found = importlib.import_module(f"{__name__}.{name}").device
    elif name in _outside():
        found = _outside()[name]()
    else:
        return None
    if not isinstance(found, Device):
        raise TypeError(f"{name}: `device` is a {type(found).__name__}, not a Device")
    return found


@cache
def _outside() -> dict[str, Callable[[], object]]:
    # Asking the installed packages costs more than everything else here, so it is asked only for unknown names.
    from importlib.metadata import entry_points

    return {entry.name: entry.load for entry in entry_points(group="showrunner.devices")}

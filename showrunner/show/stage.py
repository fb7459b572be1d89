"""The stage: which devices there are, where, and what holds for a run when nothing else is said.

The defaults, and where the stage file is looked for. How it is read is in ``stagefile``; no connection is made here.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from showrunner import devices
from showrunner.devices.vocabulary import Device, Fixture
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.show.book import folder, shown

STANDARD = ("animaze", "live2d", "aituber")
"""The devices that are always on the stage, in stage order."""

NAME = "stage.yaml"
CATALOGUE = "catalogue.yaml"

Policy = Literal["continue", "stop", "hold"]


@dataclass(frozen=True, slots=True)
class Safe:
    """One command line of a device's `safe:` list, and where it stands.

    ``quote`` is the quotation mark around it, empty where there is none; None where the text is not in the file as it
    is read (escapes, several lines), so that nothing inside it can be pointed at.
    """

    text: str
    place: Place
    quote: str | None = None

    def at(self, place: Place) -> Place:
        """Give the place in the file of a place in the line (``column`` counts from the line's first character)."""
        if self.quote is None:
            return self.place
        before = self.text[: place.column - 1]
        # In single quotation marks YAML writes one of them as two.
        doubled = before.count("'") if self.quote == "'" else 0
        column = self.place.column + len(self.quote) + len(before) + doubled
        return replace(self.place, column=column, length=place.length)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a run stands on. ``fixtures`` are in stage order; ``connect_timeout`` is in microseconds.

    ``path`` is the stage file's, ``catalogue`` the catalogue's, each None where there is none.
    """

    fixtures: Mapping[str, Fixture]
    on_failure: Policy = "continue"
    connect_timeout: int = 10_000_000
    host: str = "127.0.0.1"
    port: int = 8765
    catalogue: str | None = None
    safe: Mapping[str, tuple[Safe, ...]] = field(default_factory=dict)
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What came of reading a stage file: a stage in any case, what is wrong with the file, its text by its path."""

    stage: Stage
    findings: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def fixture(name: str, device: Device) -> Fixture:
    """Put ``device`` on the stage as ``name``, with every setting at its default."""
    return Fixture(name, device, {setting.name: setting.default for setting in device.settings})


def standard() -> dict[str, Fixture]:
    """Give the devices that are always there, with their defaults."""
    found = ((name, devices.find(name)) for name in STANDARD)
    return {name: fixture(name, device) for name, device in found if device is not None}


def setup(script: str, path: str | None = None, catalogue: str | None = None) -> Setup:
    """Make the stage for ``script``: from the file at ``path``, else from `stage.yaml` beside it, else the defaults.

    ``catalogue`` named by the user goes before the stage file's own and `catalogue.yaml` beside the script.
    """
    beside = posixpath.dirname(shown(script))
    chosen = path
    if chosen is None and Path(folder(script), NAME).is_file():
        chosen = posixpath.join(beside, NAME)
    if chosen is None:
        made = Setup(Stage(standard()))
    else:
        from showrunner.show.stage_file import load

        made = load(chosen)
    stage = made.stage
    if catalogue is not None:
        stage = replace(stage, catalogue=shown(catalogue))
    elif stage.catalogue is None and Path(folder(script), CATALOGUE).is_file():
        stage = replace(stage, catalogue=posixpath.join(beside, CATALOGUE))
    return replace(made, stage=stage)

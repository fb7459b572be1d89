"""An edition: a new text of a show that plays, ready to take the place of the old, or refused.

Only the shapes: what the performance is handed of it, and what the journal says of a refused one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.engine.messages import Change, Entry
from showrunner.timeline.cues import CueList
from showrunner.wires.wire import Wire


@dataclass(frozen=True, slots=True)
class NewText:
    """A new text of the show, right and compiled. ``fixtures`` and ``wires`` have every device it uses."""

    cues: CueList
    fixtures: Mapping[str, Fixture]
    wires: Mapping[str, Wire]
    inventories: Mapping[str, Inventory]
    change: Change


@dataclass(frozen=True, slots=True)
class Refused:
    """A new text that has errors: fingerprints, the findings as the journal has them, microseconds it took."""

    old: str
    new: str
    findings: tuple[Entry, ...]
    took: int


@dataclass(frozen=True, slots=True)
class Sources:
    """The texts of all files of a version by their paths, and their ``roles``, for a journal that is to be replayed."""

    fingerprint: str
    texts: Mapping[str, str]
    roles: Mapping[str, str]


def refusal(text: Refused) -> dict[str, Any]:
    """Give the keys of the journal's `reload` for a text that was refused: nothing is changed."""
    nothing: dict[str, list[str]] = {key: [] for key in ("added", "removed", "changed", "missed", "again")}
    return {
        "ok": False,
        "old": text.old,
        "new": text.new,
        **nothing,
        "findings": list(text.findings),
        "took": text.took,
    }

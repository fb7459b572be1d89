"""What the stage file and the catalogue may say of OBS, and what is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.obs.table import SECOND
from showrunner.devices.vocabulary import CatalogueList, Setting
from showrunner.diagnostics.sentence import sentence

SETTINGS = (
    Setting("url", "url", "ws://localhost:4455", "the port is in OBS' Tools > WebSocket Server Settings"),
    Setting(
        "key-env",
        "secret",
        None,
        "the environment variable in which the password stands",
        example="OBS_PASSWORD",
    ),
    Setting("timeout", "duration", 5 * SECOND, "how long to wait for an answer where a verb says nothing else"),
    Setting("rate", "number", 30, "frames a second while values move"),
)

CATALOGUE = (
    CatalogueList("scenes", "the scenes, and the groups"),
    CatalogueList("items", "what stands in a scene", of="scenes"),
    CatalogueList("inputs", "the inputs, with their kind; of a clip its length where it is known"),
    CatalogueList("filters", "the filters, with their kind"),
    CatalogueList("transitions", "the transitions, with their kind"),
    CatalogueList("hotkeys", "the hotkeys"),
    CatalogueList("collections", "the scene collections"),
    CatalogueList("profiles", "the profiles"),
    CatalogueList("requests", "the requests that this version of OBS understands"),
)


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when OBS is not there."""
    return (
        f"OBS did not answer at {settings['url']}: is it running, "
        "and is Tools > WebSocket Server Settings > Enable WebSocket server ticked?"
    )


LACKS = {
    "fade": sentence(
        "a scene comes by a transition: `obs scene Live by Fade over 1s`; a sound: `obs volume Music -100 over 3s`"
    ),
    "switch": sentence("`obs scene NAME` brings a scene on air"),
    "source": sentence("`obs show NAME`, `obs hide NAME`, `obs place NAME x 0 y 0`"),
}
"""What people try, who know OBS by its buttons."""

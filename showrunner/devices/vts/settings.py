"""What the stage file and the catalogue may say of VTube Studio, how its double is switched, and what is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.presence import Beacon
from showrunner.devices.switches import ON_OFF
from showrunner.devices.vocabulary import CatalogueList, Flag, Setting, Switch
from showrunner.devices.vts.arguments import SECOND
from showrunner.devices.vts.events import EVENTS
from showrunner.diagnostics.sentence import sentence

SETTINGS = (
    Setting("url", "url", "ws://localhost:8001", "the port is on VTube Studio's settings page, beside the plugin API"),
    Setting("timeout", "duration", 5 * SECOND, "how long to wait for an answer"),
    Setting("rate", "number", 30, "frames a second while values move"),
    Setting("name", "text", "showrunner", "what VTube Studio asks you to allow, 3 to 32 characters"),
)

ALLOWED = ("on", "off", "deny")
ORDERS = ("reply", "event", "mixed")

SWITCHES = (
    Switch(
        "allow",
        ALLOWED,
        says="what becomes of the window that asks: Allow, nobody clicks, Deny",
        flag=Flag("ask", "off", "VTube Studio asks, and nobody clicks until `double vts allow on`."),
    ),
    Switch("api", ON_OFF, says="Allow Plugin API access"),
    Switch("revoke", says="its user takes the permission back"),
    Switch("revoked", ("50", "8"), says="the error that is told then"),
    Switch("window", ("open", "close"), says="a window of settings, in which much is not possible"),
    Switch("model", takes="load NAME|unload"),
    Switch("face", ("found", "lost")),
    Switch("hand", takes="found|lost [left|right]"),
    Switch("click", takes="ARTMESH"),
    Switch("item", takes="click NAME"),
    Switch("hotkey", takes="NAME", says="pressed by hand"),
    Switch("background", takes="NAME"),
    Switch("editor", ON_OFF, says="the connection to the Cubism Editor"),
    Switch("other-plugin", takes="PARAM", says="another plugin sets that parameter"),
    Switch("animation", ("told", "silent"), says="silent: no end is told, of an animation or anything else"),
    Switch("order", ORDERS, says="what comes first, the reply or the event"),
    Switch("answer", ("queued", "executed"), says="when a hotkey is answered"),
    Switch("event", tuple(event.name for event in EVENTS), "NAME"),
)

CATALOGUE = (
    CatalogueList("models", "the models, with their ids"),
    CatalogueList("hotkeys", "the hotkeys, with their types and the files they are about"),
    CatalogueList("expressions", "the expressions of the model, with their files"),
    CatalogueList("parameters", "the tracking parameters, with what their range is meant to be"),
    CatalogueList("live2d-parameters", "the parameters of the model itself, which can only be looked at"),
    CatalogueList("artmeshes", "the ArtMeshes of the model"),
    CatalogueList("items", "the items that can be loaded, by their files"),
    CatalogueList("presets", "the presets of the visual effects"),
    CatalogueList("effects", "the values of the visual effects"),
    CatalogueList("animations", "the animations that were seen, with their lengths"),
)


def _called(message: Mapping[str, Any]) -> str | None:
    """Read the call that VTube Studio sends into the network every two seconds, whether plugins may come in or not."""
    data = message.get("data")
    if message.get("messageType") != "VTubeStudioAPIStateBroadcast" or not isinstance(data, dict):
        return None
    if data.get("active") is not True:
        return "VTube Studio is running, and takes no plugins: switch on Allow Plugin API access in its settings"
    return f"VTube Studio takes plugins at port {data.get('port')}: is that the one in `url`?"


BEACON = Beacon(port=47779, every=2 * SECOND, says=_called)


def unreachable(settings: Mapping[str, Any]) -> str:
    """Say what to look at when VTube Studio is not there."""
    return (
        f"VTube Studio did not answer at {settings['url']}: is it running, and is "
        "Allow Plugin API access on, on the first page of its settings?"
    )


RIVALS = {
    "live2d": sentence("while VTube Studio is connected to the Cubism Editor, it sends its values there, too"),
}
"""Devices that may set values of the same model."""

_MOTION = sentence("VTube Studio plays animations only by hotkeys that its user made: `vts hotkey NAME`")
_FACES = sentence("VTube Studio knows expressions: `vts expression NAME on`")
LACKS = {"motion": _MOTION, "animation": _MOTION, "play": _MOTION, "emotion": _FACES, "emote": _MOTION}
"""What people try, who know the model from other programs."""

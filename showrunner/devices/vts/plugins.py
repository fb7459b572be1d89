"""Who may use a simulated VTube Studio: tokens, and the window in which a person clicks Allow or Deny.

Source: the vendor's README, "Authentication". A plugin is known by its token together with both its names.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from showrunner.devices.vts.envelope import Fault

_PNG, _JPG = b"\x89PNG\r\n", b"\xff\xd8\xff"


class Plugins:
    """All that were ever allowed. ``make`` makes tokens, ``kept`` is a token of an earlier run."""

    def __init__(self, make: Callable[[str], str], kept: str | None) -> None:
        self._make = make
        self._kept = kept
        self._tokens: dict[str, tuple[str, str]] = {}
        self.clicks = "on"
        self.asked: tuple[str, str] | None = None
        """The plugin that the open window is about."""

    @property
    def allowed(self) -> tuple[str, ...]:
        """The names of those that may come in."""
        return tuple(dict.fromkeys(name for name, _ in self._tokens.values()))

    def misnamed(self, data: Mapping[str, Any]) -> Fault | None:
        """Give what is wrong with the names and the picture of a plugin that asks."""
        for key, number in (("pluginName", 52), ("pluginDeveloper", 53)):
            name = data.get(key)
            if not isinstance(name, str) or not 3 <= len(name) <= 32:
                return Fault(number, f"{key} must have 3 to 32 characters")
        icon = data.get("pluginIcon")
        return None if icon in (None, "") or _is_icon(icon) else Fault(54, "pluginIcon must be a PNG or JPG, 128x128")

    def token(self, plugin: tuple[str, str]) -> str:
        """Allow a plugin."""
        token = self._make("token")
        self._tokens[token] = plugin
        return token

    def knows(self, token: str, plugin: tuple[str, str]) -> bool:
        """Tell whether a token is good for a plugin of these names."""
        if token == self._kept:
            self._tokens.setdefault(token, plugin)
        return self._tokens.get(token) == plugin

    def revoke(self) -> None:
        """Forget them all."""
        self._tokens.clear()
        self._kept = None


def _is_icon(value: Any) -> bool:
    try:
        image = base64.b64decode(value, validate=True) if isinstance(value, str) else b""
    except (binascii.Error, ValueError):
        return False
    if image.startswith(_PNG):
        return image[16:24] == (128).to_bytes(4, "big") * 2
    return image.startswith(_JPG)

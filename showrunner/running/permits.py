"""What a wire may do: a key goes only where the user lets it go, and so does what no program asked for.

Reads what the user allows and, of the environment, the one variable that a way has for its key.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from showrunner.devices.vocabulary import Fixture, Tried, Way
from showrunner.show import allowed
from showrunner.wires import http
from showrunner.wires.reach import ANYWHERE, Permit


def permit(fixture: Fixture, way: Way) -> Permit:
    """Tell what the wire of a way may do. A WebSocket greets before anything goes over it, and needs none."""
    if way.encoding == "json":
        return ANYWHERE
    mine, _ = allowed.load()
    url = fixture.address(way)
    variable = _variable(fixture, way)
    refused = allowed.variable_refused(mine, variable, fixture.device) if variable else None
    refused = refused or allowed.address_refused(mine, url)
    to_allow = None if mine.address(url) else allowed.to_allow(url)
    if refused is not None:
        return Permit(to_allow, refused=f"{refused.message}; {refused.help}")
    key = os.environ.get(variable, "").strip() if variable else ""
    if variable and not key:
        return Permit(to_allow, refused=f"the environment variable {variable} is not set")
    return Permit(to_allow, key)


def tried(fixture: Fixture) -> Tried | None:
    """Try the way by HTTP of a device; None where it has none. Blocks for as long as its requests may take."""
    trial = None if fixture.device.trial is None else fixture.device.trial(fixture.settings)
    if trial is None or isinstance(trial, str):
        return None if trial is None else Tried(False, trial)
    way = next(way for way in fixture.ways if way.name == trial.way)
    may, url = permit(fixture, way), fixture.address(way)
    return trial.judge([http.ask(url, request, may) for request in trial.requests])


def _variable(fixture: Fixture, way: Way) -> str:
    """Name the environment variable with the key that a way shows; empty: it shows none."""
    row = next(row for row in fixture.device.settings if row.name == way.setting)
    said = fixture.settings[way.setting]
    secret = next((part for part in row.parts if part.accepts == "secret"), None)
    return str(said.get(secret.name) or "") if secret is not None and isinstance(said, Mapping) else ""

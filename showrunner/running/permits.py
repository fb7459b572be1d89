"""What a wire may do: a key goes only where the user lets it go, and so does what no program asked for.

Reads what the user allows and, of the environment, the variables that a device has for its secrets.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from showrunner.devices.presence import Tried
from showrunner.devices.vocabulary import Fixture, Way
from showrunner.show import allowed
from showrunner.wires import http
from showrunner.wires.reach import ANYWHERE, Permit

BESIDE = "url"
"""The setting with the address to which goes what stands beside it."""


def permit(fixture: Fixture, way: Way) -> Permit:
    """Tell what the wire of a way may do.

    A WebSocket greets before anything goes over it, and needs none, but where its driver answers with a secret.
    """
    if way.encoding == "json" and not (way.setting == BESIDE and _named(fixture)):
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


def secrets(fixture: Fixture) -> dict[str, str]:
    """Give the secrets of a device that its driver gets, by the setting that names each: those that are allowed."""
    named = _named(fixture)
    if not named:
        return {}
    mine, _ = allowed.load()
    url = fixture.settings.get(BESIDE)
    if isinstance(url, str) and allowed.address_refused(mine, url) is not None:
        return {}
    found = {
        setting: os.environ.get(variable, "").strip()
        for setting, variable in named.items()
        if allowed.variable_refused(mine, variable, fixture.device) is None
    }
    return {setting: value for setting, value in found.items() if value}


def tried(fixture: Fixture) -> Tried | None:
    """Try the way by HTTP of a device; None where it has none. Blocks for as long as its requests may take."""
    trial = None if fixture.device.trial is None else fixture.device.trial(fixture.settings)
    if trial is None or isinstance(trial, str):
        return None if trial is None else Tried(False, trial)
    way = next(way for way in fixture.ways if way.name == trial.way)
    may, url = permit(fixture, way), fixture.address(way)
    return trial.judge([http.ask(url, request, may) for request in trial.requests])


def _named(fixture: Fixture) -> dict[str, str]:
    """Name the environment variables of the secrets that its driver gets, by the setting of each."""
    rows = (row.name for row in fixture.device.settings if row.accepts == "secret")
    return {name: str(fixture.settings[name]) for name in rows if fixture.settings.get(name)}


def _variable(fixture: Fixture, way: Way) -> str:
    """Name the environment variable with the key that a way shows; empty: it shows none."""
    row = next(row for row in fixture.device.settings if row.name == way.setting)
    said = fixture.settings[way.setting]
    secret = next((part for part in row.parts if part.accepts == "secret"), None)
    return str(said.get(secret.name) or "") if secret is not None and isinstance(said, Mapping) else ""

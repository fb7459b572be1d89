"""AITuberKit's External Linkage: the character that speaks. Facts and sources are in README.md beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from showrunner.devices.aituber import decks, events, paging, protocol, table
from showrunner.devices.presence import First, Looks, Trial, Voice
from showrunner.devices.vocabulary import FAULTS, Device, Double, Driver, Lane, Terms


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.aituber.driver import AituberDriver

    return AituberDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.aituber.double import AituberDouble

    return AituberDouble(terms)


def _trial(settings: Mapping[str, Any]) -> Trial | str | None:
    from showrunner.devices.aituber.trial import trial

    return trial(settings)


device = Device(
    name="aituber",
    verbs=table.VERBS,
    events=events.EVENTS,
    settings=table.SETTINGS,
    lanes=(Lane("speech"), Lane("slides"), Lane("pause")),
    ways=table.WAYS,
    driver=_driver,
    double=_double,
    unreachable=table.unreachable,
    reminder=table.RELOAD,
    voice=Voice(alone="say", cut_by="api", sample='say happy "Hello! Can you hear me?"'),
    looks=Looks("amber", "diamond"),
    first=First(
        about="a character that speaks, in the browser",
        switched="Settings > AI settings > External Linkage Mode. Its page connects to this address",
        settings=("speech-rate",),
    ),
    switches=table.SWITCHES,
    faults=tuple(fault for fault in FAULTS if fault.name != "error"),
    title="AITuberKit",
    variables="AITUBERKIT_",
    doubled={"mode": "serve", "settle": 0},
    said=protocol.said,
    heard=protocol.heard,
    document=decks.document,
    catalogue=table.LISTS,
    trial=_trial,
    pages=paging.pages,
)

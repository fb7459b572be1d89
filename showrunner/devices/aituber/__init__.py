"""AITuberKit's External Linkage: the character that speaks. Facts and sources are in README.md beside this file."""

from __future__ import annotations

from showrunner.devices.aituber import protocol, table
from showrunner.devices.vocabulary import Device, Double, Driver, Terms


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.aituber.driver import AituberDriver

    return AituberDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.aituber.double import AituberDouble

    return AituberDouble(terms)


device = Device(
    name="aituber",
    verbs=table.VERBS,
    events=table.EVENTS,
    settings=table.SETTINGS,
    lanes=("main",),
    connects="server",
    driver=_driver,
    double=_double,
    unreachable=table.unreachable,
    dials=table.dials,
    reminder=table.RELOAD,
    switches=table.SWITCHES,
    title="AITuberKit",
    variables="AITUBERKIT_",
    doubled={"mode": "serve", "settle": 0},
    said=protocol.said,
    heard=protocol.heard,
)

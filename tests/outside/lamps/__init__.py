"""A light desk: looks that fade, lamps that are dimmed, keys that are pressed. Its frames are in README.md."""

from __future__ import annotations

from lamps import table
from showrunner.devices.presence import Looks
from showrunner.devices.vocabulary import FAULTS, Device, Double, Driver, Lane, Terms, Way


def _driver(terms: Terms) -> Driver:
    from lamps.driver import LampsDriver

    return LampsDriver(terms)


def _double(terms: Terms) -> Double:
    from lamps.double import LampsDouble

    return LampsDouble(terms)


device = Device(
    name="lamps",
    verbs=table.VERBS,
    events=table.EVENTS,
    settings=table.SETTINGS,
    lanes=(Lane("main"), Lane("levels", rate="rate")),
    ways=(Way("desk", "json", "client", "desk"),),
    driver=_driver,
    double=_double,
    unreachable=table.unreachable,
    catalogue=table.CATALOGUE,
    switches=table.SWITCHES,
    faults=tuple(fault for fault in FAULTS if fault.name in {"silent", "drop"}),
    title="the light desk",
    looks=Looks("violet", "square"),
    lacks={"dark": "a look does that: `lamps look Dark`"},
)

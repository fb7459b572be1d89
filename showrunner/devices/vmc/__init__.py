"""VMC: faces and bones for whoever draws the model. Facts and sources are in README.md beside this file."""

from __future__ import annotations

from showrunner.devices.presence import Looks
from showrunner.devices.vmc import table
from showrunner.devices.vocabulary import Device, Double, Driver, Lane, Terms, Way


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.vmc.driver import VmcDriver

    return VmcDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.vmc.double import VmcDouble

    return VmcDouble(terms)


device = Device(
    name="vmc",
    verbs=table.VERBS,
    events=(),
    settings=table.SETTINGS,
    lanes=(
        Lane("main"),
        Lane("face", rate="rate", again=table.AGAIN),
        Lane("body", rate="rate", again=table.AGAIN),
        Lane("scene", rate="rate", again=table.AGAIN),
    ),
    ways=(Way("out", "osc", "client", "send"),),
    driver=_driver,
    double=_double,
    unreachable=table.unreachable,
    switches=table.SWITCHES,
    faults=(),
    title="VMC",
    looks=Looks("teal", "diamond"),
    lacks=table.LACKS,
)

"""OSC: messages to and from any program that takes them. Facts and sources are in README.md beside this file."""

from __future__ import annotations

from showrunner.devices.osc import table
from showrunner.devices.presence import First, Looks
from showrunner.devices.vocabulary import Device, Double, Driver, Lane, Terms, Way


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.osc.driver import OscDriver

    return OscDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.osc.double import OscDouble

    return OscDouble(terms)


device = Device(
    name="osc",
    verbs=table.VERBS,
    events=table.EVENTS,
    settings=table.SETTINGS,
    lanes=(Lane("main"), Lane("questions"), Lane("values", rate="rate", again=table.AGAIN)),
    ways=(Way("out", "osc", "client", "send"), Way("in", "osc", "server", "listen", senders="from")),
    driver=_driver,
    double=_double,
    unreachable=table.unreachable,
    switches=table.SWITCHES,
    faults=table.ON_ORDER,
    title="OSC",
    looks=Looks("red", "triangle"),
    first=First(about="lights, music and whatever else takes such messages"),
    lacks=table.LACKS,
)

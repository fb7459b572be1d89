"""Live2D Cubism Editor: the parameters of an open model. Facts and sources are in README.md beside this file."""

from __future__ import annotations

from showrunner.devices import playing
from showrunner.devices.live2d import table
from showrunner.devices.presence import First, Looks
from showrunner.devices.vocabulary import Device, Double, Driver, Lane, Terms, Way


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.live2d.driver import Live2dDriver

    return Live2dDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.live2d.double import Live2dDouble

    return Live2dDouble(terms)


device = Device(
    name="live2d",
    verbs=table.VERBS,
    events=table.EVENTS,
    settings=table.SETTINGS,
    lanes=(Lane("main", rate="rate", again=table.AGAIN, lapses=table.LAPSES),),
    ways=(Way("api", "json", "client", "url"),),
    driver=_driver,
    double=_double,
    unreachable=table.unreachable,
    catalogue=table.CATALOGUE,
    switches=table.SWITCHES,
    title="the Cubism Editor",
    looks=Looks("green", "triangle"),
    first=First(
        about="a model's parameters, while it is drawn",
        switched="File > External application integration settings",
        settings=("timeout", "rate"),
        joins=("set ParamAngleY 10 for 2s",),
        later=("move ParamAngleX to 20 over 1s ease in-out",),
        turns=(
            "move ParamBodyAngleX to 8 over 1s ease in-out",
            "move ParamBodyAngleX to -8 over 1s ease in-out",
        ),
    ),
    document=playing.document,
    lacks=table.LACKS,
)

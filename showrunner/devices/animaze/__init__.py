"""Animaze Desktop: the avatar, its stage and ChatPal. Facts and sources are in README.md beside this file."""

from __future__ import annotations

from showrunner.devices.animaze import table
from showrunner.devices.presence import First, Looks, Voice
from showrunner.devices.vocabulary import Device, Double, Driver, Lane, Terms, Way


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.animaze.driver import AnimazeDriver

    return AnimazeDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.animaze.double import AnimazeDouble

    return AnimazeDouble(terms)


device = Device(
    name="animaze",
    verbs=table.VERBS,
    events=table.EVENTS,
    settings=table.SETTINGS,
    lanes=(Lane("main"), Lane("chat"), Lane("stream", rate="rate")),
    ways=(Way("api", "json", "client", "url"),),
    driver=_driver,
    double=_double,
    unreachable=table.unreachable,
    catalogue=table.CATALOGUE,
    switches=table.SWITCHES,
    title="Animaze",
    voice=Voice(sample='echo "Hello! Can you hear me?"'),
    looks=Looks("blue", "circle"),
    first=First(
        about="an avatar, its scene and its camera",
        switched="Settings > Animaze API > Enabled",
        settings=("timeout",),
        begins=("scene Spaceship", "avatar Avatar03"),
        joins=("emote Emote_Wave for 3s",),
    ),
    said=table.said,
    lacks=table.LACKS,
)

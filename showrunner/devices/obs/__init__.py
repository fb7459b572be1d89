"""OBS Studio: scenes, what stands in them, sound, media and outputs. Facts and sources are in README.md beside this."""

from __future__ import annotations

from showrunner.devices.obs import events, protocol, settings, table
from showrunner.devices.presence import First, Looks
from showrunner.devices.vocabulary import Device, Double, Driver, Lane, Terms, Way


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.obs.driver import ObsDriver

    return ObsDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.obs.double import ObsDouble

    return ObsDouble(terms)


device = Device(
    name="obs",
    verbs=table.VERBS,
    events=events.EVENTS,
    settings=settings.SETTINGS,
    lanes=tuple(Lane(name, rate="rate" if name in table.STREAMED else "") for name in table.LANES),
    ways=(Way("api", "json", "client", "url", spoken=protocol.SPOKEN),),
    driver=_driver,
    double=_double,
    unreachable=settings.unreachable,
    catalogue=settings.CATALOGUE,
    switches=events.SWITCHES,
    title="OBS",
    variables="OBS_",
    looks=Looks("teal", "square"),
    first=First(
        about="scenes, sound, clips and recordings",
        switched="Tools > WebSocket Server Settings",
        begins=("scene Live",),
        later=("scene Break by Fade over 1s",),
    ),
    lacks=settings.LACKS,
)

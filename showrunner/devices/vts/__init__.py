"""VTube Studio: models with their hotkeys, expressions and tracking. Facts and sources are in README.md beside this."""

from __future__ import annotations

from showrunner.devices import playing
from showrunner.devices.presence import First, Looks
from showrunner.devices.vocabulary import Device, Double, Driver, Lane, Terms, Way
from showrunner.devices.vts import events, settings, table
from showrunner.devices.vts.arguments import SECOND

LANES = (
    Lane("main"),
    # A value that has not come for a second is lost: it has three chances to come again.
    Lane("face", rate="rate", again=300_000, lapses=SECOND),
    Lane("place", rate="rate"),
    Lane("items"),
    # Of what is here only the physics is held, five seconds at a time.
    Lane("looks", rate="rate", again=2 * SECOND, lapses=5 * SECOND),
)


def _driver(terms: Terms) -> Driver:
    from showrunner.devices.vts.driver import VtsDriver

    return VtsDriver(terms)


def _double(terms: Terms) -> Double:
    from showrunner.devices.vts.double import VtsDouble

    return VtsDouble(terms)


device = Device(
    name="vts",
    verbs=table.VERBS,
    events=events.EVENTS,
    settings=settings.SETTINGS,
    lanes=LANES,
    ways=(Way("api", "json", "client", "url"),),
    driver=_driver,
    double=_double,
    unreachable=settings.unreachable,
    catalogue=settings.CATALOGUE,
    switches=settings.SWITCHES,
    title="VTube Studio",
    looks=Looks("violet", "circle"),
    first=First(
        about="a Live2D model that follows a camera",
        switched="Settings > VTube Studio Plugins > Start API",
        joins=("hotkey Wave",),
        later=("expression Happy on over 500ms",),
    ),
    document=playing.document,
    lacks=settings.LACKS,
    rivals=settings.RIVALS,
    find=settings.BEACON,
)

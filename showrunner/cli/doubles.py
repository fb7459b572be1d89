"""The wires of a show that is played for real, and the doubles on sockets that stand in for some of its devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.dryrun import double, in_memory
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PAGES, PageServer
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Wire


def pages(fixture: Fixture) -> bool:
    """Tell whether the device's page comes to us, so that we listen."""
    return fixture.device.connects == "server" and fixture.settings.get("mode") != "connect"


@dataclass(slots=True)
class Wiring:
    """The wires of a run, by stage name, the doubles it started, and the fixtures as they are reached."""

    fixtures: dict[str, Fixture]
    inbox: RealInbox = field(default_factory=RealInbox)
    wires: dict[str, Wire] = field(default_factory=dict)
    hosted: list[HostedDouble] = field(default_factory=list)
    interrupted: int = 0

    def close(self) -> None:
        """End the doubles; the wires are closed by the performance."""
        for one in self.hosted:
            one.close()


def wiring(
    fixtures: Mapping[str, Fixture],
    simulated: frozenset[str],
    inventories: Mapping[str, Inventory],
    stamp: Callable[[int], int],
) -> Wiring:
    """Make the wires to these devices; those named in ``simulated`` get doubles on free ports of this machine."""
    made = Wiring(dict(fixtures))
    for name, fixture in fixtures.items():
        if name not in simulated:
            made.wires[name] = _wire(fixture, made.inbox)
            continue
        played = in_memory(fixture)
        behind = double(played, inventories.get(name), stamp)
        if pages(played):
            server = PageServer(name, "ws://localhost:0/ws", made.inbox)
            server.open()
            hosted = HostedDouble(name, behind, "server", server.url)
            made.wires[name], url = server, server.url
            hosted.open()
        else:
            hosted = HostedDouble(name, behind, "client", "ws://localhost:0")
            hosted.open()
            url = hosted.url
            made.wires[name] = ClientWire(name, url, made.inbox)
        made.fixtures[name] = replace(played, settings={**played.settings, "url": url})
        made.hosted.append(hosted)
    return made


def _wire(fixture: Fixture, inbox: RealInbox) -> Wire:
    url = fixture.settings["url"]
    if not pages(fixture):
        return ClientWire(fixture.name, url, inbox)
    origins = fixture.settings.get("origins")
    return PageServer(fixture.name, url, inbox, tuple(origins.split()) if origins else PAGES)

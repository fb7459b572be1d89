"""The wires of a show that is played for real, and the doubles on sockets that stand in for some of its devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from showrunner.devices.vocabulary import Fixture, Inventory
from showrunner.running.audience import Audience
from showrunner.running.dry_run import double
from showrunner.running.faults import NONE, Faults
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PageServer
from showrunner.wires.tempo import Tempo
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Wire


@dataclass(slots=True)
class Wiring:
    """The wires of a run, by stage name, the doubles it started, and the fixtures as they are reached.

    ``tempo`` is that of the run and of its doubles; where a real program plays, it stays as it is. ``audience`` is told
    what the doubles show.
    """

    fixtures: dict[str, Fixture]
    tempo: Tempo = field(default_factory=Tempo)
    inbox: RealInbox = field(init=False)
    wires: dict[str, Wire] = field(default_factory=dict)
    hosted: list[HostedDouble] = field(default_factory=list)
    interrupted: int = 0
    audience: Audience | None = None
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inbox = RealInbox(self.tempo)

    def close(self) -> None:
        """End the doubles; the wires are closed by the performance."""
        for one in self.hosted:
            one.close()


def wiring(
    fixtures: Mapping[str, Fixture],
    simulated: frozenset[str],
    inventories: Mapping[str, Inventory],
    stamp: Callable[[int], int],
    faults: Mapping[str, Faults] | None = None,
    audience: Audience | None = None,
) -> Wiring:
    """Make the wires to these devices; those named in ``simulated`` get doubles on free ports of this machine.

    ``faults``: what is ordered to go wrong with which of the doubles. ``audience`` is told what they show.
    """
    made = Wiring({}, audience=audience)
    for name, fixture in fixtures.items():
        join(made, name, fixture, simulated, inventories, stamp, faults)
    return made


def join(
    made: Wiring,
    name: str,
    fixture: Fixture,
    simulated: frozenset[str],
    inventories: Mapping[str, Inventory],
    stamp: Callable[[int], int],
    faults: Mapping[str, Faults] | None = None,
) -> None:
    """Add one device to a run: its wire, and its double if it has one."""
    made.fixtures[name] = fixture
    if name not in simulated:
        made.wires[name] = _wire(fixture, made.inbox)
        return
    played = fixture.played
    behind = double(played, inventories.get(name), stamp)
    wrong = (faults or {}).get(name, NONE)
    made.notes += wrong.begin(name, behind)
    seen = None if made.audience is None else partial(made.audience.see, name)
    if played.awaited:
        server = PageServer(name, "ws://localhost:0/ws", made.inbox, played.origins)
        server.open()
        # A page that was loaded long ago: nothing need settle, and no surplus connection comes first.
        hosted = HostedDouble(
            name,
            behind,
            "server",
            server.url,
            trouble=wrong.trouble,
            at_load=1,
            origin=next(iter(played.origins), None),
            tempo=made.tempo,
            on_visible=seen,
        )
        made.wires[name], url = server, server.url
        hosted.open()
    else:
        hosted = HostedDouble(
            name, behind, "client", "ws://localhost:0", trouble=wrong.trouble, tempo=made.tempo, on_visible=seen
        )
        hosted.open()
        url = hosted.url
        made.wires[name] = ClientWire(name, url, made.inbox)
    made.fixtures[name] = replace(played, settings={**played.settings, "url": url})
    made.hosted.append(hosted)


def _wire(fixture: Fixture, inbox: RealInbox) -> Wire:
    url = fixture.settings["url"]
    if not fixture.awaited:
        return ClientWire(fixture.name, url, inbox)
    return PageServer(fixture.name, url, inbox, fixture.origins)

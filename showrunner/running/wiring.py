"""The wires of a show that is played for real, and the doubles on sockets that stand in for some of its devices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from itertools import count

from showrunner.devices.vocabulary import Fixture, Inventory, Way
from showrunner.running import permits
from showrunner.running.audience import Audience
from showrunner.running.dry_run import double
from showrunner.running.faults import NONE, Faults
from showrunner.slotted import dataclass
from showrunner.wires.datagram import DatagramListener, DatagramSender, coding
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.http import HttpWire
from showrunner.wires.inbox import RealInbox
from showrunner.wires.reach import ANYWHERE, Permit
from showrunner.wires.server import PageServer
from showrunner.wires.sse import EventsWire
from showrunner.wires.tempo import Tempo
from showrunner.wires.web import Branch, WebServer
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Link, Listener, Together, Wire


@dataclass(slots=True)
class Wiring:
    """The wires of a run, by stage name, the doubles it started, and the fixtures as they are reached.

    ``tempo`` is that of the run and of its doubles; where a real program plays, it stays as it is. ``audience`` is told
    what the doubles show. ``secrets`` are those of the real programs, by the setting that names each.
    """

    fixtures: dict[str, Fixture]
    tempo: Tempo = field(default_factory=Tempo)
    inbox: RealInbox = field(init=False)
    wires: dict[str, Wire] = field(default_factory=dict)
    secrets: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
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
    """Add one device to a run: its wires, and its double if it has one."""
    numbers = count(1)
    if name not in simulated:
        made.fixtures[name] = fixture
        made.secrets[name] = permits.secrets(fixture)
        ours = [
            _wire(fixture, way, fixture.address(way), made.inbox, numbers, permits.permit(fixture, way))
            for way in fixture.ways
        ]
        made.wires[name] = _together(ours)
        return
    played = fixture.played
    behind = double(played, inventories.get(name), stamp)
    wrong = (faults or {}).get(name, NONE)
    made.notes += wrong.begin(name, behind)
    seen = None if made.audience is None else partial(made.audience.see, name)
    # Where the double dials we listen first, where we dial the double does; both at free ports.
    wires: dict[Way, Wire] = {}
    places: dict[Way, str] = {}
    for way in played.ways:
        places[way] = _free(way)
        if way.connects == "server":
            wires[way] = listener = _listener(played, way, places[way], made.inbox, numbers)
            listener.open()
            places[way] = listener.url
    # A page that was loaded long ago: nothing need settle, and no surplus connection comes first.
    hosted = HostedDouble(
        name,
        behind,
        places,
        trouble=wrong.trouble,
        at_load=1,
        origin=next(iter(played.origins), None),
        tempo=made.tempo,
        on_visible=seen,
    )
    hosted.open()
    made.hosted.append(hosted)
    places.update(hosted.urls)
    made.fixtures[name] = played.addressed(places)
    for way in played.ways:
        if way not in wires:
            wires[way] = _wire(played, way, places[way], made.inbox, numbers)
    made.wires[name] = _together([wires[way] for way in played.ways])


def _wire(
    fixture: Fixture, way: Way, url: str, inbox: RealInbox, numbers: Iterator[int], permit: Permit = ANYWHERE
) -> Wire:
    """Make our end of a way."""
    if way.connects == "server":
        return _listener(fixture, way, url, inbox, numbers)
    link = Link(way.name, numbers)
    if way.encoding == "http":
        return HttpWire(fixture.name, url, inbox, permit, link)
    if way.encoding == "sse":
        return EventsWire(fixture.name, url, inbox, permit, link)
    if way.encoding in {"osc", "datagram"}:
        return DatagramSender(fixture.name, url, inbox, coding(way.encoding), permit, link)
    return ClientWire(fixture.name, url, inbox, link=link, permit=permit)


def _listener(fixture: Fixture, way: Way, url: str, inbox: RealInbox, numbers: Iterator[int]) -> Listener:
    """Make our end of a way by which the program comes to us."""
    link = Link(way.name, numbers)
    if way.encoding in {"http", "sse"}:
        return WebServer(fixture.name, url, inbox, [Branch("", "sse" if way.encoding == "sse" else "http", link)])
    if way.encoding in {"osc", "datagram"}:
        return DatagramListener(fixture.name, url, inbox, coding(way.encoding), fixture.senders(way), link)
    return PageServer(fixture.name, url, inbox, fixture.origins, link=link)


def _free(way: Way) -> str:
    """Give an address on this machine at a port that is free."""
    if way.encoding in {"osc", "datagram"}:
        return "udp://localhost:0"
    scheme = "ws" if way.encoding == "json" else "http"
    return f"{scheme}://localhost:0{way.at or ('/ws' if way.connects == 'server' else '')}"


def _together(wires: Sequence[Wire]) -> Wire:
    """Give the wires of one device as one."""
    return wires[0] if len(wires) == 1 else Together(tuple(wires))

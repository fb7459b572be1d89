"""A dry run: a whole show at once, on a virtual clock, on the devices' own doubles, in this process.

No socket, no waiting, no file: what a test, a check or a program of your own calls. `showrunner dry-run` is this with a
command line around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from showrunner.devices.strangers import BLOCKED, NO_WORDS, Blocklist, written
from showrunner.devices.vocabulary import Double, Fixture, Happened, Inventory, Terms
from showrunner.diagnostics.refusal import Refusal
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Entry, Options, Planned
from showrunner.running.performance import Performance, Result
from showrunner.timeline.cues import CueList
from showrunner.wires.day import from_
from showrunner.wires.loopback import World

PATIENCE = 60_000_000
"""How long a double may take to be ready, in virtual microseconds."""


def double(fixture: Fixture, inventory: Inventory | None, stamp: Callable[[int], int], seed: str = "0") -> Double:
    """Make the double of a fixture; ``stamp`` turns its instants into the milliseconds its frames carry.

    ``seed``: another one for each of several doubles that meet.
    """
    return fixture.device.double(Terms(fixture.name, fixture.settings, seed, stamp, {}, inventory))


def dry_run(
    cues: CueList,
    fixtures: Mapping[str, Fixture],
    *sinks: Callable[[Entry], None],
    options: Options | None = None,
    inventories: Mapping[str, Inventory] | None = None,
    latency: int = 0,
    world: World | None = None,
    arrange: Callable[[World], None] | None = None,
    blocked: Blocklist = NO_WORDS,
) -> Result:
    """Play a show in memory; every journal entry goes to each sink as it happens.

    ``latency``: microseconds a frame takes, each way. ``arrange`` may plan what the world does (presses, lost
    connections, switches of the doubles) once all doubles are ready: what is its `now()` then is show time 0. What
    strangers write with ``blocked`` words is heard by nobody. Raises ``Refusal`` if a double does not get ready.
    """
    known = inventories or {}
    journal = Journal(*sinks, holds=True)
    chosen = options or Options(auto=True)
    planned = tuple(heard(one, fixtures, blocked) for one in chosen.presses)
    chosen = replace(chosen, presses=planned)
    place = world or World(latency)

    def stamp(now: int) -> int:
        return chosen.epoch + (0 if journal.zero is None else max(0, now - journal.zero) // 1000)

    used = {name: fixtures[name].played for name in cues.devices}
    for name, one in used.items():
        place.join(name, double(one, known.get(name), stamp), one.ways)

    start = chosen.start_at
    day = None if start is None else from_(start, lambda: place.now() - (journal.zero or 0))
    performance = Performance(
        cues, used, place.wires, place, journal, chosen, inventories=known, day=day, blocked=blocked
    )
    missing = performance.standby(PATIENCE)
    if missing:
        performance.close()
        raise Refusal(
            "; ".join(missing.values()), "its double is there at once: look at what the device does in standby"
        )
    if arrange is not None:
        arrange(place)
    try:
        return performance.play()
    finally:
        performance.close()


def heard(planned: Planned, fixtures: Mapping[str, Fixture], blocked: Blocklist) -> Planned:
    """Note of what is to come that nobody will hear it, for its words."""
    device, _, event = (planned.name or "").partition(" ")
    if planned.action == "event" and device in fixtures:
        said = written(fixtures[device].device, Happened(event, planned.fields))
    else:
        said = [planned.text, *planned.fields.values()]
    return replace(planned, ignored=BLOCKED) if blocked.blocks(said) else planned

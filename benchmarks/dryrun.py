"""A dry run of one hour with 5,000 cues, in events a second, beside SimPy scheduling as many events.

An event of ours is a journal entry: taken, looked up, sent, answered, written down. SimPy's are bare time-outs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import simpy

sys.path.insert(0, str(Path(__file__).parent))
from measure import ratios, side_by_side, spread

from showrunner.devices.vocabulary import Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show import stage
from showrunner.show.book import Library
from showrunner.timeline.compiler import compile_show
from showrunner.timeline.cues import CueList
from showrunner.wires.loopback import World


def main(cues: int = 5_000, runs: int = 5) -> None:
    step = 3_600_000 // cues
    text = "".join(
        f"at {n * step}ms animaze emote Emote_{n % 40}; live2d set ParamAngleY {n % 30} for 200ms\n"
        for n in range(cues)
    )
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "hour.show"
        script.write_text(text, "utf-8")
        book = Library().read(str(script)).book
    fixtures = stage.standard()
    assert book is not None
    compiled = compile_show(book, fixtures).cues
    assert compiled is not None
    events = len(play(compiled, fixtures))

    def ours() -> None:
        play(compiled, fixtures)

    def peer() -> None:
        world = simpy.Environment()

        def source() -> object:
            for _ in range(events):
                yield world.timeout(1)

        world.process(source())
        world.run()

    mine, theirs = side_by_side(ours, peer, runs)
    print(f"one hour, {cues:,} cues, {events:,} journal entries: {spread(mine, 's')}")
    print(f"SimPy, {events:,} time-outs:                        {spread(theirs, 's')}")
    print(f"ours: {events / sorted(mine)[len(mine) // 2]:,.0f} events a second; ratio {ratios(mine, theirs)}")


def play(compiled: CueList, fixtures: dict) -> list:
    entries: list = []
    world = World()
    used = {name: fixtures[name] for name in compiled.devices}
    wires = {
        name: world.join(
            name, one.device.double(Terms(name, one.settings, "0", lambda now: now // 1000)), one.device.connects
        )
        for name, one in used.items()
    }
    performance = Performance(compiled, used, wires, world, Journal(entries.append), Options(auto=True))
    assert not performance.standby(10_000_000)
    performance.play()
    return entries


if __name__ == "__main__":
    main()

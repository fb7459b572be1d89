"""A dry run of one hour with 5,000 cues, in events a second, beside SimPy scheduling as many events.

An event of ours is a journal entry: taken, looked up, sent, answered, written down. SimPy's are bare time-outs.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import simpy

sys.path.insert(0, str(Path(__file__).parent))
from measure import Row, ratios, run, shown, side_by_side, spread

from showrunner.devices.vocabulary import Fixture
from showrunner.engine.messages import Entry
from showrunner.running.dry_run import dry_run
from showrunner.show import stage
from showrunner.show.book import Library
from showrunner.timeline.compiler import compile_show
from showrunner.timeline.cues import CueList


def compiled(text: str, fixtures: Mapping[str, Fixture]) -> CueList:
    """Give the cue list of a script."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "hour.show")
        script.write_text(text, "utf-8")
        book = Library().read(str(script)).book
    assert book is not None
    made = compile_show(book, fixtures)
    assert made.cues is not None, made.findings
    return made.cues


def play(cues: CueList, fixtures: Mapping[str, Fixture]) -> list[Entry]:
    """Play a show in memory; give its journal."""
    entries: list[Entry] = []
    assert dry_run(cues, fixtures, entries.append).result == "done"
    return entries


def timeouts(count: int) -> None:
    """Let SimPy wait so many times."""
    world = simpy.Environment()

    def source() -> Iterator[simpy.Event]:
        for _ in range(count):
            yield world.timeout(1)

    world.process(source())
    world.run()


def hour(quick: bool) -> Iterator[Row]:
    """Play an hour of show."""
    count, runs = (500, 2) if quick else (5_000, 5)
    step = 3_600_000 // count
    fixtures = stage.standard()
    cues = compiled(
        "".join(
            f"at {n * step}ms animaze emote Emote_{n % 40}; live2d set ParamAngleY {n % 30} for 200ms\n"
            for n in range(count)
        ),
        fixtures,
    )
    events = len(play(cues, fixtures))
    mine, theirs = side_by_side(lambda: play(cues, fixtures), lambda: timeouts(events), runs)
    detail = (
        f"{count:,} cues, {events:,} journal entries: {spread(mine, 's')}",
        f"SimPy, {events:,} time-outs: {spread(theirs, 's')}",
        f"{events / statistics.median(mine):,.0f} entries a second",
    )
    yield Row("an hour played dry", shown(mine), "SimPy", ratios(mine, theirs), 40, detail=detail)


PARTS = {"dryrun": hour}

if __name__ == "__main__":
    run(PARTS, __doc__)

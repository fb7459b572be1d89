"""How late real cues are: 1,000 of them, 20 ms apart, on loopback sockets to the Animaze double.

The peer is the least one could write: a loop that sleeps until each instant and sends the same frames with
websocket-client to the same double, waiting for each reply. Lateness is taken when the frame goes out.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import websocket

sys.path.insert(0, str(Path(__file__).parent))
from measure import Row, percentiles, run, share

from showrunner.devices.vocabulary import Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show import stage
from showrunner.show.book import Library
from showrunner.timeline.compiler import compile_show
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.websocket import ClientWire

GAP = 0.020


def sparse(quick: bool) -> Iterator[Row]:
    """Play cues that have nothing beside them."""
    cues, runs = (100, 1) if quick else (1_000, 3)
    fixture = stage.standard()["animaze"]
    gains, mine, detail = [], [], []
    for _ in range(runs):
        ours, bare = performance(cues, fixture), loop(cues, fixture)
        mine += ours
        gains.append((share(ours, 99) - share(bare, 99)) * 1000)
        detail += [f"showrunner: {percentiles(ours)}", f"bare loop:  {percentiles(bare)}"]
    yield Row(
        "lateness of a cue, p99",
        f"{share(mine, 99) * 1000:.2f} ms",
        "+ bare loop",
        tuple(gains),
        1,
        unit=" ms",
        detail=tuple(detail),
    )


def host(fixture) -> HostedDouble:
    double = fixture.device.double(Terms("animaze", fixture.settings, "0", lambda now: now // 1000))
    hosted = HostedDouble("animaze", double, {fixture.ways[0]: "ws://localhost:0"})
    hosted.open()
    return hosted


def performance(cues: int, fixture) -> list[float]:
    text = "".join(f"at {int((n + 1) * GAP * 1000)}ms animaze emote Emote_{n % 40}\n" for n in range(cues))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "many.show"
        script.write_text(text, "utf-8")
        book = Library().read(str(script)).book
    assert book is not None
    compiled = compile_show(book, {"animaze": fixture}).cues
    assert compiled is not None
    hosted = host(fixture)
    entries: list = []
    inbox = RealInbox()
    wire = ClientWire("animaze", hosted.url, inbox)
    playing = Performance(compiled, {"animaze": fixture}, {"animaze": wire}, inbox, Journal(entries.append), Options())
    try:
        missing = playing.standby(10_000_000)
        assert not missing, missing
        playing.play()
    finally:
        playing.close()
        hosted.close()
    due = iter(int((n + 1) * GAP * 1_000_000) for n in range(cues))
    return [(e["at"] - next(due)) / 1e6 for e in entries if e["kind"] == "sent" and "id" in e]


def loop(cues: int, fixture) -> list[float]:
    hosted = host(fixture)
    late = []
    try:
        socket = websocket.create_connection(hosted.url)
        start = time.monotonic()
        for number in range(cues):
            due = start + (number + 1) * GAP
            time.sleep(max(0.0, due - time.monotonic()))
            frame = {"action": "TriggerEmote", "id": f"0-{number + 1}", "itemName": f"Emote_{number % 40}"}
            socket.send(json.dumps(frame))
            late.append(time.monotonic() - due)
            socket.recv()
        socket.close()
    finally:
        hosted.close()
    return late


PARTS = {"lateness": sparse}

if __name__ == "__main__":
    run(PARTS, __doc__)

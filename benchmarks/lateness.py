"""How late real cues are: 1,000 of them, 20 ms apart, on loopback sockets to the Animaze double.

The peer is the least one could write: a loop that sleeps until each instant and sends the same frames with
websocket-client to the same double, waiting for each reply. Lateness is taken when the frame goes out.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

import websocket

sys.path.insert(0, str(Path(__file__).parent))
from measure import percentiles

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


def main(cues: int = 1_000, runs: int = 3) -> None:
    fixture = stage.standard()["animaze"]
    gains = []
    for _ in range(runs):
        ours = performance(cues, fixture)
        bare = loop(cues, fixture)
        gains.append(percentile(ours) - percentile(bare))
        print(f"showrunner: {percentiles(ours)}")
        print(f"bare loop:  {percentiles(bare)}")
    middle = statistics.median(gains) * 1000
    print(f"p99 above the bare loop: {middle:.2f} ms ({min(gains) * 1000:.2f} to {max(gains) * 1000:.2f}, {runs} runs)")


def percentile(values: list[float]) -> float:
    return sorted(values)[len(values) * 99 // 100]


def host(fixture) -> HostedDouble:
    double = fixture.device.double(Terms("animaze", fixture.settings, "0", lambda now: now // 1000))
    hosted = HostedDouble("animaze", double, "client", "ws://localhost:0")
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
        assert not playing.standby(10_000_000)
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


if __name__ == "__main__":
    main()

"""OBS: how long a command is under way, and how many volumes a second a fade keeps, beside a bare client.

The peer sends the same texts with websocket-client, at the same instants, and waits for each answer; it is told of as
many events. Both speak to the same double, in a process of its own, over a real loopback socket.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from doubles import hosted, studio
from measure import Row, percentiles, ratios, run

from showrunner.devices.vocabulary import Fixture
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show.book import Library
from showrunner.timeline.compiler import compile_show
from showrunner.wires.inbox import RealInbox
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Arriving, Received

APART = 0.02
"""Seconds between two commands."""

RATE = 60
INPUTS = 8
"""The bit of the mask for events of inputs."""

ASKED = ("SetInputMute", "SetInputVolume")


@dataclass
class Seen:
    """What was asked: when, how long it was under way, in seconds, and what the last one was."""

    sent: dict[str, float] = field(default_factory=dict)
    trips: list[float] = field(default_factory=list)
    text: str = ""

    def out(self, frame: dict) -> None:
        data = frame["d"]
        if data.get("requestType") in ASKED:
            self.text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
            self.sent[data["requestId"]] = time.perf_counter()

    def back(self, frame: dict) -> None:
        began = self.sent.get(frame["d"].get("requestId"))
        if began is not None:
            self.trips.append(time.perf_counter() - began)

    def rate(self) -> float:
        at = list(self.sent.values())
        return (len(at) - 1) / (at[-1] - at[0])


class WatchedInbox(RealInbox):
    seen: Seen

    def put(self, device: str, what: Arriving, weight: int = 1) -> None:
        if isinstance(what, Received) and isinstance(what.frame, dict):
            self.seen.back(what.frame)
        super().put(device, what, weight)


class WatchedWire(ClientWire):
    seen: Seen

    def send(self, connection: int, frame: dict | str) -> None:
        if isinstance(frame, dict):
            self.seen.out(frame)
        super().send(connection, frame)


def ours(fixture: Fixture, script: str) -> Seen:
    """Play a show."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.show")
        path.write_text(script, "utf-8")
        book = Library().read(str(path)).book
    assert book is not None
    compiled = compile_show(book, {"obs": fixture})
    assert compiled.cues is not None, compiled.findings
    seen, inbox = Seen(), WatchedInbox()
    inbox.seen = seen
    wire = WatchedWire("obs", fixture.settings["url"], inbox)
    wire.seen = seen
    playing = Performance(compiled.cues, {"obs": fixture}, {"obs": wire}, inbox, Journal(), Options())
    try:
        missing = playing.standby(10_000_000)
        assert not missing, missing
        assert not playing.play().bad
    finally:
        playing.close()
    return seen


def peer(fixture: Fixture, text: str, count: int, apart: float) -> Seen:
    """Send the same so often, at the same instants, and wait for each answer."""
    socket = studio(fixture.settings["url"], INPUTS)
    frame, seen, start = json.loads(text), Seen(), time.perf_counter()
    for number in range(count):
        time.sleep(max(0.0, start + number * apart - time.perf_counter()))
        frame["d"]["requestId"] = f"peer-{number}"
        seen.out(frame)
        socket.send(seen.text)
        while (heard := json.loads(socket.recv()))["op"] != 7:
            pass
        seen.back(heard)
    socket.close()
    return seen


def trips(quick: bool) -> Iterator[Row]:
    """Mute and unmute, in turn with the peer."""
    count, runs = (50, 1) if quick else (250, 5)
    words = [f"  at {round(n * APART * 1000)}ms obs {('mute', 'unmute')[n % 2]} Jingle" for n in range(count)]
    script = "\n".join(["segment sound", *words, ""])
    mine, theirs = [], []
    with hosted("obs") as fixture:
        for _ in range(runs):
            mine.append(ours(fixture, script))
            theirs.append(peer(fixture, mine[-1].text, count, APART))
    detail = [f"{count} commands, one every {APART * 1000:.0f} ms"]
    for name, all_ in (("showrunner", mine), ("bare client", theirs)):
        detail.append(f"{name}: round trip {percentiles([trip for seen in all_ for trip in seen.trips])}")
    middles = [[statistics.median(seen.trips) for seen in all_] for all_ in (mine, theirs)]
    reached = f"{statistics.median(middles[0]) * 1000:.2f} ms"
    yield Row("round trip to OBS", reached, "bare client", ratios(*middles), 1.5, detail=tuple(detail))


def values(quick: bool) -> Iterator[Row]:
    """Fade a volume at 60 a second, in turn with the peer."""
    seconds, runs = (1.0, 1) if quick else (5.0, 3)
    script = f"at 0s obs volume Jingle -60 over {round(seconds * 1000)}ms\n"
    mine, theirs = [], []
    with hosted("obs") as fixture:
        asked = replace(fixture, settings={**fixture.settings, "rate": RATE})
        for _ in range(runs):
            mine.append(ours(asked, script))
            theirs.append(peer(asked, mine[-1].text, round(seconds * RATE), 1 / RATE))
    detail = []
    for name, all_ in (("showrunner", mine), ("bare client", theirs)):
        rates = ", ".join(f"{seen.rate():.1f}" for seen in all_)
        detail.append(f"{name}: {rates} a second; round trip {percentiles([t for seen in all_ for t in seen.trips])}")
    found = ratios([seen.rate() for seen in mine], [seen.rate() for seen in theirs])
    reached = f"{statistics.median(seen.rate() for seen in mine):.1f}/s"
    yield Row(f"{RATE} volumes a second kept", reached, "bare client", found, 0.9, least=True, detail=tuple(detail))


PARTS = {"trips": trips, "values": values}

if __name__ == "__main__":
    run(PARTS, __doc__)

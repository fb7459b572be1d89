"""40 held Live2D parameters, strictly one frame in flight: how many frames a second, how long each is under way.

The peer is a bare ping-pong: websocket-client sends the same bytes at the same instants, and waits for each answer.
Both speak to the same double, in a process of its own, over a real loopback socket. At last both go as fast as answers
come. The part ``long`` plays 20 minutes at 60 a second: lateness and memory along the way.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from doubles import editor, hosted
from measure import Row, began, percentiles, ratios, resident, run

from showrunner.devices.vocabulary import Fixture
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show.book import Library
from showrunner.timeline.compiler import compile_show
from showrunner.wires.inbox import RealInbox
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Arriving, Received

PARAMETERS = 40
RATES: tuple[int | None, ...] = (30, 60, None)
GLANCE = 300
"""The memory is looked at every so many frames."""

FAST = 1_000
"""Frames a second asked of showrunner where it is to go as fast as answers come."""


@dataclass
class Seen:
    """When frames went out and how long each was under way, in seconds, and the memory, now and then, in bytes."""

    sent: array[float] = field(default_factory=lambda: array("d"))
    trips: array[float] = field(default_factory=lambda: array("d"))
    memory: list[int] = field(default_factory=list)
    text: str = ""
    start: float = 0.0
    waits: str | None = None
    crowded: int = 0

    def out(self, number: str, text: str) -> None:
        self.crowded += self.waits is not None
        self.waits, self.text = number, text
        if len(self.sent) % GLANCE == 0:
            self.memory.append(resident())
        self.sent.append(time.perf_counter())

    def back(self, number: object) -> None:
        if number == self.waits:
            self.trips.append(time.perf_counter() - self.sent[-1])
            self.waits = None

    def rate(self) -> float:
        return (len(self.sent) - 1) / (self.sent[-1] - self.sent[0])


class WatchedInbox(RealInbox):
    seen: Seen

    def put(self, device: str, what: Arriving, weight: int = 1) -> None:
        if isinstance(what, Received) and isinstance(what.frame, dict):
            self.seen.back(what.frame.get("RequestId"))
        super().put(device, what, weight)


class WatchedWire(ClientWire):
    seen: Seen

    def send(self, connection: int, frame: dict | str) -> None:
        if isinstance(frame, dict) and frame["Method"] == "SetParameterValues":
            self.seen.out(frame["RequestId"], json.dumps(frame, ensure_ascii=False, separators=(",", ":")))
        super().send(connection, frame)


def ours(fixture: Fixture, seconds: float) -> Seen:
    """Let a show move 40 parameters for so long."""
    moves = " ".join(f"Param{n:02} from -{n}.25 to {n}.75" for n in range(1, PARAMETERS + 1))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "body.show")
        script.write_text(f"at 0s live2d move {moves} over {int(seconds * 1000)}ms\n", "utf-8")
        book = Library().read(str(script)).book
    assert book is not None
    compiled = compile_show(book, {"live2d": fixture})
    assert compiled.cues is not None, compiled.findings
    seen, inbox = Seen(), WatchedInbox()
    inbox.seen = seen
    wire = WatchedWire("live2d", fixture.settings["url"], inbox)
    wire.seen = seen
    journal = Journal()
    playing = Performance(compiled.cues, {"live2d": fixture}, {"live2d": wire}, inbox, journal, Options())
    try:
        missing = playing.standby(10_000_000)
        assert not missing, missing
        assert not playing.play().bad
        assert journal.zero is not None
        seen.start = began(inbox.now, journal.zero)
    finally:
        playing.close()
    assert not seen.crowded, "more than one frame was in flight"
    return seen


def peer(fixture: Fixture, seconds: float, rate: int | None, text: str) -> Seen:
    """Send the same bytes at the same instants, and wait for each answer."""
    socket, model = editor(fixture.settings["url"])
    frame = json.loads(text)
    frame["Data"]["ModelUID"] = model
    text = json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
    seen, start, count = Seen(), time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        if rate is not None:
            time.sleep(max(0.0, start + count / rate - time.perf_counter()))
        count += 1
        seen.out("x", "")
        socket.send(text)
        socket.recv()
        seen.back("x")
    socket.close()
    return seen


def side(quick: bool) -> Iterator[Row]:
    """Play and ping-pong in turn, at each rate."""
    seconds, runs = (1.0, 1) if quick else (5.0, 3)
    with hosted("live2d") as fixture:
        for rate in RATES:
            asked = replace(fixture, settings={**fixture.settings, "rate": rate or FAST})
            mine, theirs = [], []
            for _ in range(runs):
                mine.append(ours(asked, seconds))
                theirs.append(peer(fixture, seconds, rate, mine[-1].text))
            detail = [f"{PARAMETERS} parameters, {len(mine[-1].text.encode()):,} bytes a frame"]
            for name, all_ in (("showrunner", mine), ("bare loop ", theirs)):
                trips = [trip for seen in all_ for trip in seen.trips]
                rates = ", ".join(f"{seen.rate():.1f}" for seen in all_)
                detail.append(f"{name}: {rates} a second; round trip {percentiles(trips)}")
            found = ratios([seen.rate() for seen in mine], [seen.rate() for seen in theirs])
            reached = f"{statistics.median(seen.rate() for seen in mine):.1f}/s"
            claim = f"{rate} frames a second kept" if rate else "frames as fast as answers"
            aim = 0.9 if rate else None
            yield Row(claim, reached, "bare loop", found, aim, least=True, detail=tuple(detail))


def long(quick: bool) -> Iterator[Row]:
    """Play on and on: what grows?"""
    seconds, rate, windows = 5.0 if quick else 1_200.0, 60, 6
    with hosted("live2d", rate=rate) as fixture:
        ours(fixture, 5)
        seen = ours(fixture, seconds)
    sent, memory = seen.sent, seen.memory
    gaps = [(at - seen.start) * rate % 1 / rate for at in sent]
    detail, most = [f"{seconds:.0f} s at {rate} frames a second: {seen.rate():.2f} a second, {len(sent):,} frames"], []
    for number in range(windows):
        part = slice(len(sent) * number // windows, len(sent) * (number + 1) // windows)
        late, trips = percentiles(gaps[part]), percentiles(seen.trips[part])
        most.append(max(memory[len(memory) * number // windows : max(1, len(memory) * (number + 1) // windows)]))
        detail.append(f"part {number + 1} of {windows}: {most[-1] / 1e6:.1f} MB; late by {late}; round trip {trips}")
    found = (most[-1] / most[0],)
    yield Row(
        "memory after long streaming", f"{most[-1] / 1e6:.0f} MB", "at its start", found, 1.05, detail=tuple(detail)
    )


PARTS = {"frames": side}
LONG = {"long": long}

if __name__ == "__main__":
    run(PARTS, __doc__, LONG)

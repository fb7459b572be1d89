"""200 reconnects of a show's devices: what is left of threads, sockets and memory, and how long each takes.

The doubles (two Cubism Editors) drop every connection as soon as the device is ready again; they live in this process,
so that their threads and sockets are counted too. The wires do not pause between two tries here. The peer is bare
websocket-client, which dials the same doubles, greets them as shortly as can be, and is dropped as often.
"""

from __future__ import annotations

import gc
import os
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import websocket

sys.path.insert(0, str(Path(__file__).parent))
from doubles import editor
from measure import Row, ratios, resident, run, shown, spread

from showrunner.devices.vocabulary import Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show import stage
from showrunner.show.book import Library
from showrunner.timeline.compiler import compile_show
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.websocket import ClientWire

DEVICES = ("live2d", "other")
PATIENCE = 120.0


class Left(NamedTuple):
    """What this process holds."""

    threads: int
    sockets: int | None
    memory: int

    def __str__(self) -> str:
        sockets = "sockets not known here" if self.sockets is None else f"{self.sockets} sockets"
        return f"{self.threads} threads, {sockets}, {self.memory / 1e6:.1f} MB"


def left() -> Left:
    gc.collect()
    return Left(threading.active_count(), sockets(), resident())


def sockets() -> int | None:
    """Count the open sockets of this process; None where the system has no list."""
    if not Path("/dev/fd").is_dir():
        return None
    count = 0
    for entry in list(Path("/dev/fd").iterdir()):
        try:
            count += stat.S_ISSOCK(os.fstat(int(entry.name)).st_mode)
        except OSError:
            continue  # the list itself was open
    return count


class Drops:
    """A journal's sink that has a double drop its connection whenever the device is ready, so many times."""

    def __init__(self, hosts: Mapping[str, HostedDouble], times: int) -> None:
        self.hosts = hosts
        self.most = times
        self.on = False
        self.count = dict.fromkeys(hosts, 0)
        self.dropped = dict.fromkeys(hosts, 0.0)
        self.took: list[float] = []

    def __call__(self, entry: Mapping[str, Any]) -> None:
        if self.on and entry["kind"] == "device" and entry["state"] == "ready":
            self.took.append(time.perf_counter() - self.dropped[entry["device"]])
            self.next(entry["device"])

    def next(self, device: str) -> None:
        if self.count[device] < self.most:
            self.count[device] += 1
            self.dropped[device] = time.perf_counter()
            self.hosts[device].switch("fault", "drop")

    @property
    def done(self) -> bool:
        return len(self.took) == self.most * len(self.hosts)


def bare(url: str, host: HostedDouble, times: int) -> list[float]:
    """Dial, be dropped, dial again; give how long each time took."""
    took = []
    socket, _ = editor(url)
    for _ in range(times):
        start = time.perf_counter()
        host.switch("fault", "drop")
        while socket.connected and socket.recv_data()[0] != websocket.ABNF.OPCODE_CLOSE:
            pass
        socket.close()
        socket, _ = editor(url)
        took.append(time.perf_counter() - start)
    socket.close()
    return took


def returning(quick: bool) -> Iterator[Row]:
    """Drop every device again and again."""
    times = 20 if quick else 200
    fixtures = {name: replace(stage.standard()["live2d"], name=name) for name in DEVICES}
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "two.show")
        script.write_text("at 0s live2d set ParamAngleX 1; other set ParamAngleX 1\n", "utf-8")
        book = Library().read(str(script)).book
    assert book is not None
    compiled = compile_show(book, fixtures).cues
    assert compiled is not None
    nothing = left()
    hosts: dict[str, HostedDouble] = {}
    for name, fixture in fixtures.items():
        double = fixture.device.double(Terms(name, fixture.settings, "0", lambda now: now // 1000))
        hosts[name] = HostedDouble(name, double, {fixture.ways[0]: "ws://localhost:0"})
        hosts[name].open()
    inbox, drops = RealInbox(), Drops(hosts, times)
    wires = {name: ClientWire(name, host.url, inbox, pauses=(0.0, 0.0)) for name, host in hosts.items()}
    playing = Performance(compiled, fixtures, wires, inbox, Journal(drops), Options())
    assert not playing.standby(10_000_000)
    before = left()
    drops.on = True
    for name in hosts:
        drops.next(name)
    until = time.monotonic() + PATIENCE
    playing.idle(lambda: drops.done or time.monotonic() > until)
    assert drops.done, f"only {len(drops.took)} came back"
    after = left()
    playing.close()
    theirs = [took for name, host in hosts.items() for took in bare(hosts[name].url, host, times)]
    for host in hosts.values():
        host.close()
    detail = (
        f"ready:                           {before}",
        f"after {times} reconnects of {len(hosts)} devices: {after}",
        f"closed:                          {left()}; before anything was opened {nothing}",
        f"from drop to ready: {spread(drops.took, 'ms', 1000)}",
        f"bare websocket-client, from drop to greeted: {spread(theirs, 'ms', 1000)}",
    )
    took = ratios(sorted(drops.took), sorted(theirs))
    yield Row("a device is back", shown(drops.took), "bare dial", took, detail=detail)
    kept = after.threads - before.threads + (after.sockets or 0) - (before.sockets or 0)
    yield Row("threads, sockets left behind", f"{kept}", "none", (kept,), 0, unit="")
    if before.memory:
        grown = after.memory / before.memory
        yield Row("memory after the reconnects", f"{after.memory / 1e6:.0f} MB", "before them", (grown,), 1.1)


PARTS = {"reconnects": returning}

if __name__ == "__main__":
    run(PARTS, __doc__)

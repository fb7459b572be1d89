"""From `os.replace` of a script to the new cue list in force in a running rehearsal, beside bare watchdog's event.

A real `showrunner rehearse` in a process of its own, with doubles on sockets and the console open, plays shows of 100,
1,000 and 10,000 three-command cues; one line is edited and saved by rename, again and again. A text is in force
when its `reload` stands in the journal, which is a pipe that this program reads. The entry's `took` is our own work:
reading, checking, compiling, comparing, and the engine's step. Then: how late cues are while a show of 10,000 is saved
once a second, beside the same show left alone; and the memory after 1,000 reloads, beside that after ten.
Needs a system with named pipes.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from compile import script
from measure import Absent, Row, percentiles, ratios, run, share, shown
from watch import Bare
from watchdog.observers import Observer

from showrunner.show.watch import QUIET

MAIN = "from showrunner.cli import main; main()"

TRACED = """
import gc, os, signal, sys, tracemalloc
def told(*_):
    gc.collect()
    os.write(int(os.environ["TRACED_TO"]), b"%d\\n" % tracemalloc.get_traced_memory()[0])
signal.signal(signal.SIGUSR1, told)
tracemalloc.start()
"""

PATIENCE = 60

GAP = 0.020
"""Seconds between the cues whose lateness is measured."""


class Rehearsal:
    """A rehearsal as a process, and what its journal says: each entry with the instant at which it was read."""

    def __init__(self, folder: Path, text: str, *, traced: bool = False) -> None:
        self.path = folder / "bench.show"
        self.path.write_text(text, "utf-8")
        (folder / "stage.yaml").write_text("console: {port: 0}\n", "utf-8")
        self.lines = text.splitlines()
        self.entries: queue.SimpleQueue[tuple[float, dict[str, Any]]] = queue.SimpleQueue()
        self.lot = random.Random(1)
        pipe = folder / "journal"
        if not hasattr(os, "mkfifo"):
            raise Absent("this system has no named pipes")
        os.mkfifo(pipe)
        self.told, telling = os.pipe()
        words = ["rehearse", str(self.path), "--doubles", "all", "--yes", "--journal", str(pipe)]
        state = {"SHOWRUNNER_STATE": str(folder / "state"), "TRACED_TO": str(telling)}
        self.process = subprocess.Popen(
            [sys.executable, "-c", (TRACED if traced else "") + MAIN, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **state},
            pass_fds=(telling,),
        )
        os.close(telling)
        threading.Thread(target=self._read, args=(pipe,), daemon=True).start()
        self.until("segment")

    def _read(self, pipe: Path) -> None:
        with pipe.open("rb") as journal:
            for line in journal:
                self.entries.put((time.perf_counter(), json.loads(line)))

    def until(self, kind: str) -> tuple[float, dict[str, Any]]:
        """Wait for the next entry of a kind."""
        while True:
            at, entry = self.entries.get(timeout=PATIENCE)
            if entry["kind"] == kind:
                return at, entry

    def edit(self, number: int) -> Path:
        """Change one line, at a place drawn by lot, and write the text beside the script."""
        place = self.lot.choice([place for place, line in enumerate(self.lines) if " emote " in line])
        line = self.lines[place]
        emote = line.partition(" emote ")[2].partition(";")[0]
        self.lines[place] = line.replace(f" emote {emote}", f" emote Other{number}")
        beside = self.path.with_suffix(".tmp")
        beside.write_text("\n".join(self.lines) + "\n", "utf-8")
        return beside

    def memory(self) -> int:
        """Ask how much memory Python's objects take, in bytes."""
        self.process.send_signal(signal.SIGUSR1)
        return int(os.read(self.told, 100))

    def resident(self) -> int:
        """Tell how much memory the process has, in bytes."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")

    def close(self) -> None:
        self.process.kill()
        self.process.wait(PATIENCE)
        os.close(self.told)


@contextlib.contextmanager
def rehearsal(text: str, *, traced: bool = False) -> Iterator[Rehearsal]:
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.closing(Rehearsal(Path(folder), text, traced=traced)) as made,
    ):
        yield made


def delays(quick: bool) -> Iterator[Row]:
    """Measure from the replacement to the new text in force, and of it our own work."""
    for cues, saves, pause in ((100, 60, 0.5), (1_000, 60, 0.7), (10_000, 40, 2.5)):
        yield from _delays(cues, 5 if quick else saves, pause)


def _delays(cues: int, saves: int, pause: float) -> Iterator[Row]:
    ours, theirs, works = [], [], []
    with rehearsal(script(cues)) as playing:
        bare, observer = Bare(playing.path.name), Observer()
        observer.schedule(bare, str(playing.path.parent))
        observer.start()
        for number in range(saves + 3):
            beside = playing.edit(number)
            time.sleep(pause)
            bare.told.clear()
            start = time.perf_counter()
            beside.replace(playing.path)
            at, entry = playing.until("reload")
            assert bare.told.wait(PATIENCE)
            assert entry["ok"], entry
            assert len(entry["changed"]) <= 1, entry
            if number >= 3:
                ours.append(at - start)
                theirs.append(bare.at - start)
                works.append(entry["took"] / 1e6)
        observer.stop()
        observer.join()
    beyond = [a - b - QUIET for a, b in zip(ours, theirs, strict=True)]
    detail = (
        f"{cues:,} three-command cues, one line edited, {saves} saves by rename",
        f"bare watchdog, first event: {percentiles(theirs)}",
        f"the new text in force:      {percentiles(ours)}",
        f"beyond event and quiet time ({QUIET * 1000:.0f} ms): {percentiles(beyond)}",
        f"of it our own work:         {percentiles(works)}",
    )
    yield Row(f"save in force, {cues:,} cues", shown(ours), "an event", ratios(ours, theirs), detail=detail)
    worst = share(works, 95)
    aim = 1 if cues == 10_000 else None
    yield Row(f"its own work, {cues:,}, p95", shown([worst]), "20 ms", (worst / 0.020,), aim)


def lateness(quick: bool) -> Iterator[Row]:
    """Measure how late cues are while the show is saved once a second, beside the same show left alone."""
    seconds, cues, step = 5 if quick else 40, 10_000, int(GAP * 1000)
    text = "".join(
        f"at {(n + 1) * step}ms animaze emote Emote_{n % 40}; live2d set ParamAngleY {n % 30} for 20ms; log '{n}'\n"
        for n in range(cues)
    )
    late: dict[bool, list[float]] = {}
    taken = 0
    for saving in (False, True):
        with rehearsal(text) as playing:
            started = time.perf_counter()
            found, number = [], 0
            while (now := time.perf_counter() - started) < seconds:
                if saving and now > number + 1:
                    playing.edit(number).replace(playing.path)
                    number += 1
                with contextlib.suppress(queue.Empty):
                    _, entry = playing.entries.get(timeout=0.05)
                    if entry["kind"] == "cue":
                        found.append(entry["late"] / 1e6)
                    taken += entry["kind"] == "reload"
            late[saving] = found
    detail = (
        f"{taken} reloads in {seconds} s",
        f"left alone:   {percentiles(late[False])}",
        f"while saving: {percentiles(late[True])}",
    )
    for percent in (95, 99):
        alone, saved = (share(values, percent) * 1000 for values in late.values())
        claim, ours = f"late while saving, p{percent}", f"{saved:.2f} ms"
        yield Row(claim, ours, "+ left alone", (saved - alone,), 5, unit=" ms", detail=detail)
        detail = ()


def memory(quick: bool) -> Iterator[Row]:
    """Measure what 1,000 reloads leave behind, while the show holds: what it plays is in the console's journal too."""
    cues, reloads = 300, 50 if quick else 1_000
    for traced in (False, True):
        with rehearsal(f"at 0s hold\n{script(cues)}", traced=traced) as playing:
            found = []
            for number in range(reloads):
                playing.edit(number).replace(playing.path)
                playing.until("reload")
                if number + 1 in {10, 50, 100, 200, 400, reloads}:
                    time.sleep(3)
                    found.append((number + 1, playing.memory() if traced else playing.resident()))
        detail = tuple(f"after {number:,}: {size / 1e6:.1f} MB" for number, size in found)
        what = "objects" if traced else "memory"
        points = tuple((float(number), size / 1e6) for number, size in found)
        grown = (found[-1][1] / found[0][1],)
        claim, ours = f"{what} after {reloads:,} saves", f"{found[-1][1] / 1e6:.0f} MB"
        yield Row(claim, ours, "after ten", grown, 1.3, detail=detail, points=points, axes=("saves", "MB"))


PARTS = {"delays": delays, "lateness": lateness, "memory": memory}

if __name__ == "__main__":
    run(PARTS, __doc__)

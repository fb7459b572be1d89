"""From `os.replace` of a script to the new cue list in force in a running rehearsal, beside bare watchdog's event.

A real `showrunner rehearse` in a process of its own, with doubles on sockets and the console open, plays shows of 100,
1,000 and 10,000 three-command cues; one line is edited and saved by rename, again and again. A text is in force
when its `reload` stands in the journal, which is a pipe that this program reads. The entry's `took` is our own work:
reading, checking, compiling, comparing, and the engine's step. Then: how late cues are while a show of 10,000 is saved
once a second, beside the same show left alone; and the memory after 1,000 reloads, beside that after ten.
Needs a system with named pipes.
"""

from __future__ import annotations

import argparse
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
from measure import ratios
from watch import Bare, shares
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


def delays(cues: int, saves: int, pause: float) -> None:
    """Measure from the replacement to the new text in force."""
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
    print(f"{cues:,} three-command cues, one line edited, {saves} saves by rename, one every {pause + ours[0]:.1f} s")
    print(f"  bare watchdog, first event: {shares(theirs)}")
    print(f"  the new text in force:      {shares(ours)}; ratio {ratios(ours, theirs)}")
    print(f"  beyond event and quiet time ({QUIET * 1000:.0f} ms): {shares(beyond)}")
    print(f"  of it our own work:         {shares(works)}")


def lateness(cues: int, seconds: int) -> None:
    """Measure how late cues are while the show is saved once a second, beside the same show left alone."""
    step = int(GAP * 1000)
    text = "".join(
        f"at {(n + 1) * step}ms animaze emote Emote_{n % 40}; live2d set ParamAngleY {n % 30} for 20ms; log '{n}'\n"
        for n in range(cues)
    )
    late: dict[bool, list[float]] = {}
    for saving in (False, True):
        with rehearsal(text) as playing:
            started = time.perf_counter()
            found, number, taken = [], 0, 0
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
            if saving:
                print(f"  {taken} reloads in {seconds} s, {len(found):,} cues")
    print(f"  left alone:   {shares(late[False])}")
    print(f"  while saving: {shares(late[True])}")
    for name, share in (("p95", 95), ("p99", 99), ("max", 100)):
        both = [sorted(values)[min(len(values) - 1, len(values) * share // 100)] * 1000 for values in late.values()]
        print(f"  {name} above the show left alone: {both[1] - both[0]:.2f} ms (aim: 5)")


def memory(cues: int, reloads: int) -> None:
    """Measure what 1,000 reloads leave behind, while the show holds: what it plays is in the console's journal too."""
    for traced in (False, True):
        with rehearsal(f"at 0s hold\n{script(cues)}", traced=traced) as playing:
            found = []
            for number in range(reloads):
                playing.edit(number).replace(playing.path)
                playing.until("reload")
                if number + 1 in {10, 50, 100, reloads // 2, reloads}:
                    time.sleep(3)
                    found.append((number + 1, playing.memory() if traced else playing.resident()))
        what = "Python's objects" if traced else "resident"
        said = ", ".join(f"after {number:,}: {size / 1e6:.1f} MB" for number, size in found)
        print(f"  {what}: {said}; ratio {found[-1][1] / found[0][1]:.3f}")


def main() -> None:
    wanted = argparse.ArgumentParser()
    wanted.add_argument("part", nargs="*", choices=["delays", "lateness", "memory"])
    chosen = wanted.parse_args().part or ["delays", "lateness", "memory"]
    if "delays" in chosen:
        for cues, saves, pause in ((100, 60, 0.5), (1_000, 60, 0.7), (10_000, 40, 2.5)):
            delays(cues, saves, pause)
    if "lateness" in chosen:
        print("10,000 cues, 20 ms apart:")
        lateness(10_000, 40)
    if "memory" in chosen:
        print("300 cues, saved again and again:")
        memory(300, 1_000)


if __name__ == "__main__":
    main()

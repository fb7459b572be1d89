"""From `os.replace` of a script to the watch's call, beside bare watchdog's event of the same replacement.

What the watch adds is its quiet time, which lets an editor finish saving, and reading the file.
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

sys.path.insert(0, str(Path(__file__).parent))
from measure import Row, percentiles, run, shown

from showrunner.show.watch import QUIET, Watch

PATIENCE = 10.0


class Bare(FileSystemEventHandler):
    def __init__(self, name: str) -> None:
        self.name = name
        self.told = threading.Event()
        self.at = 0.0

    def on_any_event(self, event: FileSystemEvent) -> None:
        if str(event.dest_path or event.src_path).endswith(self.name) and not self.told.is_set():
            self.at = time.perf_counter()
            self.told.set()


def saves(quick: bool) -> Iterator[Row]:
    """Replace a script again and again, in a folder full of other files."""
    count, cues, others = (10, 1_000, 2_000) if quick else (100, 1_000, 2_000)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "bench.show")
        script.write_text("")
        for number in range(others):
            Path(folder, f"{number}.png").touch()
        told, at = threading.Event(), [0.0]

        def changed() -> None:
            at[0] = time.perf_counter()
            told.set()

        bare, observer = Bare(script.name), Observer()
        observer.schedule(bare, folder)
        observer.start()
        ours, theirs = [], []
        with contextlib.closing(Watch([script], changed)):
            for save in range(count):
                text = "".join(f"at {n}s log 'save {save}'\n" for n in range(cues))
                beside = Path(folder, "bench.tmp")
                beside.write_text(text)
                told.clear()
                bare.told.clear()
                start = time.perf_counter()
                beside.replace(script)
                assert told.wait(PATIENCE)
                assert bare.told.wait(PATIENCE)
                ours.append(at[0] - start)
                theirs.append(bare.at - start)
        observer.stop()
        observer.join()
    beyond = [a - b - QUIET for a, b in zip(ours, theirs, strict=True)]
    detail = (
        f"{count} saves of {cues:,} cues by rename, {others:,} other files in the folder",
        f"bare watchdog, first event:  {percentiles(theirs)}",
        f"the watch, `changed` called: {percentiles(ours)}",
        f"beyond event and quiet time ({QUIET * 1000:.0f} ms): {percentiles(beyond)}",
    )
    found = tuple(one * 1000 for one in beyond)
    yield Row("a save is noticed", shown(ours), "+ event", found, unit=" ms", detail=detail)


PARTS = {"watch": saves}

if __name__ == "__main__":
    run(PARTS, __doc__)

"""From `os.replace` of a script to the watch's call, beside bare watchdog's event of the same replacement.

What the watch adds is its quiet time, which lets an editor finish saving, and reading the file.
"""

from __future__ import annotations

import contextlib
import tempfile
import threading
import time
from pathlib import Path

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

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


def shares(values: list[float]) -> str:
    ordered = sorted(values)
    at = [ordered[len(ordered) // 2], ordered[len(ordered) * 95 // 100], ordered[-1]]
    return "p50 {:.2f} ms, p95 {:.2f} ms, max {:.2f} ms".format(*(value * 1000 for value in at))


def main(saves: int = 100, cues: int = 1_000, others: int = 2_000) -> None:
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
            for save in range(saves):
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
    print(f"{saves} saves of {cues:,} cues by rename, {others:,} other files in the folder")
    print(f"bare watchdog, first event:  {shares(theirs)}")
    print(f"the watch, `changed` called: {shares(ours)}")
    beyond = [a - b - QUIET for a, b in zip(ours, theirs, strict=True)]
    print(f"beyond event and quiet time ({QUIET * 1000:.0f} ms): {shares(beyond)}")


if __name__ == "__main__":
    main()

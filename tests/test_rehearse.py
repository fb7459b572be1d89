"""Rehearsals as a user has them: a real process, files saved on disk, presses over HTTP. Few: they take real time."""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

FIRST = """\
at 00:00  live2d set ParamAngleX 10
at 00:00  hold "ready?"
then      log "the old text"
"""

MAIN = "from showrunner.cli import main; main()"

PATIENCE = 30


class Running:
    """A rehearsal, and what it says."""

    def __init__(self, script: Path, journal: Path) -> None:
        words = ["rehearse", str(script), "--doubles", "all", "--yes", "--record", str(journal)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", MAIN, *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "SHOWRUNNER_STATE": str(script.parent / "state"), "PYTHONUNBUFFERED": "1"},
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self.reader.start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._lines.put(line)

    def until(self, pattern: str) -> re.Match[str]:
        while True:
            found = re.search(pattern, self._lines.get(timeout=PATIENCE))
            if found is not None:
                return found

    def press(self, address: str, **what: str) -> dict[str, object]:
        base, token = address.split("/?token=")
        asked = urllib.request.Request(  # noqa: S310 - the console, on loopback
            f"{base}/api/do",
            json.dumps(what).encode(),
            {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            said: dict[str, object] = json.load(answer)
        return said


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "a.show"
    path.write_text(FIRST, "utf-8")
    (tmp_path / "stage.yaml").write_text("console: {port: 0}\n", "utf-8")
    return path


@pytest.fixture
def running(script: Path, tmp_path: Path) -> Iterator[Running]:
    made = Running(script, tmp_path / "a.journal")
    yield made
    made.process.kill()
    made.process.wait(PATIENCE)
    made.reader.join(PATIENCE)
    if made.process.stdout is not None:
        made.process.stdout.close()


def test_a_save_is_played_a_bad_one_refused_and_go_comes_over_the_console(
    running: Running, script: Path, tmp_path: Path
) -> None:
    address = running.until(r"(http://\S+/\?token=\S+)")[1]
    running.until("hold")
    script.write_text(FIRST.replace("log", "lgo"), "utf-8")
    running.until("The save was refused; the show plays on as it was.")
    beside = tmp_path / "a.show~"
    beside.write_text(FIRST.replace("the old text", "the new text").replace("X 10", "X 20"), "utf-8")
    beside.replace(script)
    running.until("saved: 2 cues changed")
    assert running.press(address, action="go") == {"ok": True}
    running.until("the new text")
    assert running.process.wait(PATIENCE) == 0
    entries = [json.loads(line) for line in (tmp_path / "a.journal").read_text("utf-8").splitlines()]
    reloads = [entry for entry in entries if entry["kind"] == "reload"]
    assert [entry["ok"] for entry in reloads] == [False, True]
    assert reloads[0]["findings"][0]["line"] == 3
    assert reloads[1]["changed"] == ["main/L1", "main/L3"]
    assert reloads[1]["running"] == ["live2d ParamAngleX: 10 -> 20"]
    assert entries[-1]["kind"] == "end"
    assert entries[-1]["result"] == "done"
    again = subprocess.run(
        [sys.executable, "-c", MAIN, "replay", str(tmp_path / "a.journal")],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert again.stdout.startswith("the same: "), again.stdout

"""What is written to a terminal while a show plays: no terminal holds the show up, however long it takes nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from showrunner.cli.terminal import writer
from showrunner.cli.terminal.writer import MOST, Writer

PATIENCE = 20.0

SHOW = """segment a at least 1500ms
  at 0s repeat every 10ms
    at 0s log "a line that is long enough to fill a terminal's place in a moment, so that it takes nothing more"
"""


@pytest.fixture
def standing(monkeypatch):
    """A terminal that takes nothing until it is told to."""
    monkeypatch.setattr(writer, "_STANDING", [])
    go = threading.Event()
    yield go
    go.set()


def test_things_are_written_in_their_order_by_another_thread():
    shown, threads = [], set()

    def job(number):
        shown.append(number)
        threads.add(threading.current_thread())

    made = Writer(pytest.fail)
    for number in range(100):
        made.put(lambda number=number: job(number))
    assert made.settle(PATIENCE)
    made.close()
    assert shown == list(range(100))
    assert threading.current_thread() not in threads
    assert not writer.standing()


def test_a_terminal_that_takes_nothing_holds_nobody_up_and_what_was_dropped_is_counted(standing):
    shown, told = [], []
    began = threading.Event()
    made = Writer(told.append)
    made.put(lambda: began.set() or standing.wait(PATIENCE))
    assert began.wait(PATIENCE)
    for number in range(MOST + 7):
        made.put(lambda number=number: shown.append(number))
    standing.set()
    assert made.settle(PATIENCE)
    made.close()
    assert shown == list(range(MOST))
    assert told == ["7 lines could not be shown: the terminal took nothing"]


def test_a_terminal_that_never_takes_anything_is_left_behind(standing):
    began = threading.Event()
    made = Writer(pytest.fail)
    made.put(lambda: began.set() or standing.wait(PATIENCE))
    assert began.wait(PATIENCE)
    made.close(0.01)
    assert writer.standing()


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals of POSIX")
def test_a_show_plays_to_its_end_on_a_terminal_that_nobody_reads(tmp_path):
    (tmp_path / "a.show").write_text(SHOW, "utf-8")
    reader, terminal = os.openpty()
    environment = {**os.environ, "SHOWRUNNER_STATE": str(tmp_path / ".state")}
    words = ["run", "a.show", "--yes", "--journal", "a.journal"]
    try:
        ran = subprocess.run(
            [sys.executable, "-c", "from showrunner.cli import main; main()", *words],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=terminal,
            timeout=60,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(reader)
    assert ran.returncode == 0
    entries = [json.loads(line) for line in Path(tmp_path, "a.journal").read_text("utf-8").splitlines()]
    assert (entries[-1]["kind"], entries[-1]["result"]) == ("end", "done")
    assert sum(1 for entry in entries if entry["kind"] == "log") >= 100

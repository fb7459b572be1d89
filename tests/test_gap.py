"""A machine that stood: what was missed comes later, not in one burst, and the journal, its readers and a replay know.

How it is noticed is in ``test_tempo``; the exact journals are in ``performances``.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from showrunner.reports.captions import spoken
from showrunner.reports.now import Present
from showrunner.reports.plan import plan
from showrunner.running.recording import drivers, opened
from showrunner.show.prepare import prepare
from tests.stagehand import perform

PERFORMANCES = Path(__file__).parent / "performances"
PATIENCE = 60
STANDING = 2.5
"""Seconds for which a process is stopped."""

SHOW = """\
segment talk
  track face
    at 0s  live2d set ParamAngleX 5 for 3s
  track voice
    at 500ms  say "she is in the middle of this sentence when everything stands still" and wait
    then      log "the voice has ended"
  track body
    at 0s     log "here we go"
    at 500ms  animaze emote Emote_Wave within 1s
    at 1s     log "one"
    at 1500ms animaze emote Emote_Angry
    at 2s     log "two"
    at 2500ms log "three"
"""


def replayed(journal: Path, script: Path) -> object:
    with opened(str(journal), str(script)) as recording:
        prepared = recording.prepared()
        assert prepared.cues is not None
        replay = recording.replay(prepared, prepared.cues)
        found = replay.run()
        assert replay.compared > 2
        return found


@pytest.mark.parametrize("script", sorted(PERFORMANCES.glob("a-machine-that-stood-*.show")), ids=lambda one: one.stem)
def test_a_gap_is_replayed(script: Path, tmp_path: Path) -> None:
    told = perform(script, script.with_suffix(".plan").read_text("utf-8"), seed="live").entries
    journal = tmp_path / "a.journal"
    journal.write_text("".join(f"{json.dumps(entry)}\n" for entry in told), "utf-8")
    assert replayed(journal, script) is None


def test_without_its_gap_a_journal_is_not_replayed(tmp_path: Path) -> None:
    script = next(PERFORMANCES.glob("a-machine-that-stood-shifts-*.show"))
    told = perform(script, script.with_suffix(".plan").read_text("utf-8"), seed="live").entries
    journal = tmp_path / "a.journal"
    journal.write_text("".join(f"{json.dumps(one)}\n" for one in told if one["kind"] != "gap"), "utf-8")
    assert replayed(journal, script) is not None


def test_what_comes_next_is_expected_later_by_the_gap(tmp_path: Path) -> None:
    script = tmp_path / "a.show"
    script.write_text('at 1s  log "one"\nat 3s  hold "ready?"\nat 5s  log "two"\n', "utf-8")
    found = prepare(str(script))
    assert found.cues is not None
    present = Present(found.cues, plan(found.cues, found.fixtures, found.inventories))
    told = perform(script, "by hand\nat 2s stood 1m\nat 3500ms stood 1m\nat 4s go").entries
    expected = {}
    for entry in told:
        present.take(entry)
        now = present.now()
        expected[entry["kind"], entry["at"]] = None if now.next is None else now.next.at
    assert expected["cue", 1_000_000] == 3_000_000
    assert expected["gap", 2_000_000] == 63_000_000
    # At a hold it is the hold that counts: a second of it was show time, and one minute was none.
    assert expected["operator", 124_000_000] == 125_000_000 + 60_000_000 - 60_000_000
    assert [entry["at"] for entry in told if entry["kind"] == "log"] == [1_000_000, 126_000_000]


def test_no_caption_lasts_into_a_gap(tmp_path: Path) -> None:
    script = tmp_path / "a.show"
    script.write_text('at 1s  say "Good morning to all of you out there" and wait\n', "utf-8")
    told = perform(script, "at 2s stood 1h").entries
    [caption] = spoken(told, drivers(told))
    assert (caption.start, caption.end) == (1_000_000, 2_000_000)


@pytest.mark.skipif(sys.platform == "win32", reason="no process can be stopped by a signal there")
def test_a_process_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    """On sockets, with its doubles in it: no reply comes while it stands, and none counts as late."""
    script, journal = tmp_path / "a.show", tmp_path / "a.journal"
    script.write_text(SHOW, "utf-8")
    words = ["run", str(script), "--doubles", "all", "--yes", "--journal", str(journal)]
    process = subprocess.Popen(
        [sys.executable, "-c", "from showrunner.cli import main; main()", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env={**os.environ, "SHOWRUNNER_STATE": str(tmp_path / "state")},
    )
    assert process.stderr is not None
    try:
        said = b""
        while b"one\n" not in said and (more := os.read(process.stderr.fileno(), 4096)):
            said += more
        process.send_signal(signal.SIGSTOP)
        while select.select([process.stderr], [], [], STANDING)[0]:
            more = os.read(process.stderr.fileno(), 4096)  # what was on its way
            assert more, said.decode()
            said += more
        process.send_signal(signal.SIGCONT)
        said += process.stderr.read()
        assert process.wait(PATIENCE) == 0, said.decode()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
    entries = [json.loads(line) for line in journal.read_bytes().splitlines()]
    [gap] = [entry for entry in entries if entry["kind"] == "gap"]
    assert gap["for"] > 1_000_000
    behind = [entry for entry in entries if entry["kind"] == "cue" and entry["seq"] > gap["seq"]]
    assert [entry["cue"] for entry in behind if entry["track"] == "body"] == ["L11", "L12", "L13"]
    for entry in behind:
        assert entry["late"] < gap["for"]
    body = [entry for entry in behind if entry["track"] == "body"]
    assert all(entry["at"] >= entry["due"] + gap["for"] for entry in body)
    assert {entry["result"] for entry in entries if entry["kind"] == "outcome"} == {"done"}
    assert [entry for entry in entries if entry["kind"] == "device" and entry["at"]] == []
    assert "nothing went on for" in said.decode()
    assert replayed(journal, script) is None

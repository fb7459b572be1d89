"""Whatever reads a journal reads that of a panic: its safe commands stand in no segment and no track."""

import json
import shutil
from pathlib import Path

import pytest

from showrunner.cli.app import run
from showrunner.cli.table import table
from showrunner.cli.terminal.status import Status
from showrunner.console.hub import Hub
from showrunner.console.score import score
from showrunner.reports.entries import read
from showrunner.reports.failures import Failures
from showrunner.reports.now import Present
from showrunner.reports.plan import plan
from showrunner.reports.voices import lanes
from showrunner.show import stage
from tests.stagehand import compiled

HERE = Path(__file__).parent / "performances"
CASES = sorted(path.stem for path in HERE.glob("*.journal") if '"cue":"safe"' in path.read_text("utf-8"))


def entries(name):
    found = [json.loads(line) for line in (HERE / f"{name}.journal").read_text("utf-8").splitlines()]
    assert any(one["kind"] == "command" and "segment" not in one and "track" not in one for one in found)
    return found


def made(name):
    path = HERE / f"{name}.show"
    cues, fixtures = compiled(path, stage.standard())
    return cues, fixtures, plan(cues, fixtures, {}), {str(path): path.read_text("utf-8")}


def test_there_are_such_journals():
    assert len(CASES) >= 3


@pytest.mark.parametrize("name", CASES)
def test_the_status_line_and_the_failures(name, capsys):
    cues, _, planned, texts = made(name)
    present = Present(cues, planned)
    status, told = Status(present, lambda: None), []
    failures = Failures(cues.main, texts | {"panic.yaml": (HERE / "panic.yaml").read_text("utf-8")}, told.append)
    bad = 0
    for entry in entries(name):
        present.take(entry)
        status(entry)
        failures(entry)
        bad += entry["kind"] == "outcome" and entry["result"] in {"failed", "timed-out"}
        assert isinstance(status.shown(entry["at"]), str)
        assert isinstance(status.around(), list)
    assert len(told) >= bad
    assert "segment main" in capsys.readouterr().err


@pytest.mark.parametrize("name", CASES)
def test_the_table_and_the_voices(name):
    cues, fixtures, *_ = made(name)
    listed = entries(name)
    went = read(listed, fixtures)
    assert lanes(went.voices).keys() <= {"aituber"}
    laid = table(went, cues)
    safe = [entry["text"] for entry in listed if entry.get("cue") == "safe"]
    assert safe
    assert all(text in laid for text in safe)


@pytest.mark.parametrize("name", CASES)
def test_the_console(name):
    cues, fixtures, planned, texts = made(name)
    assert score(cues, planned, texts, fixtures)["title"] == cues.title
    hub = Hub()
    listed = entries(name)
    for entry in listed:
        hub.publish(entry)
    hub.close()
    sent = b"".join(hub.batch(hub.place(-1)))
    assert sent.count(b'"cue":"safe"') == sum(entry.get("cue") == "safe" for entry in listed)


@pytest.mark.parametrize("name", CASES)
def test_the_replay(name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for file in (f"{name}.show", f"{name}.journal", "panic.yaml"):
        shutil.copy(HERE / file, tmp_path)
    with pytest.raises(SystemExit) as left:
        run(["replay", f"{name}.journal", "--script", f"{name}.show", "--stage", "panic.yaml"])
    said = capsys.readouterr()
    assert said.out.startswith("the same: "), said
    assert not left.value.code

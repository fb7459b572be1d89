"""Replays: the inputs of a journal give every decision again; a journal that was tampered with does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stagehand import perform

HERE = Path(__file__).parent
SHOWS = sorted(path for path in (HERE.parent / "shows").glob("*/*.show") if path.stem == path.parent.name)


def replayed(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    from showrunner.cli.app import run

    with pytest.raises(SystemExit) as left:
        run(["replay", *words])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out + said.err


@pytest.mark.parametrize("show", SHOWS, ids=lambda path: path.stem)
def test_a_dry_run_comes_out_the_same(show: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = tmp_path / "a.journal"
    journal.write_bytes(_dry_run(show, capsys))
    code, said = replayed([str(journal), "--script", str(show)], capsys)
    assert said.startswith("the same: ")
    assert code == 0


def test_a_decision_that_was_changed_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show = HERE.parent / "shows" / "hello" / "hello.show"
    lines = _dry_run(show, capsys).decode().splitlines(keepends=True)
    number = next(n for n, one in enumerate(lines) if '"kind":"cue"' in one and n > 20)
    entry = json.loads(lines[number])
    lines[number] = json.dumps({**entry, "due": entry["due"] + 1}) + "\n"
    journal = tmp_path / "a.journal"
    journal.write_text("".join(lines), "utf-8")
    code, said = replayed([str(journal), "--script", str(show)], capsys)
    assert code == 5
    assert said.startswith("different, after ")
    assert f'"due":{entry["due"] + 1}' in said


def test_a_torn_last_line_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show = HERE.parent / "shows" / "hello" / "hello.show"
    data = _dry_run(show, capsys)
    journal = tmp_path / "a.journal"
    journal.write_bytes(data[: len(data) * 2 // 3])
    assert replayed([str(journal), "--script", str(show)], capsys)[0] == 0


def test_what_is_no_journal_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "a.journal"
    other.write_text('{"no": "journal"}\n', "utf-8")
    code, said = replayed([str(other)], capsys)
    assert code == 2
    assert "no entry of a journal" in said


def test_a_script_that_changed_since_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "a.show"
    script.write_text('at 1s log "one"\n', "utf-8")
    journal = tmp_path / "a.journal"
    journal.write_text(perform(script).journal, "utf-8")
    script.write_text('at 2s log "one"\n', "utf-8")
    code, said = replayed([str(journal), "--script", str(script)], capsys)
    assert code == 2
    assert "it has changed since" in said


def _dry_run(show: Path, capsys: pytest.CaptureFixture[str]) -> bytes:
    from showrunner.cli.app import run

    with pytest.raises(SystemExit):
        run(["dry-run", str(show), "--format", "jsonl"])
    return capsys.readouterr().out.encode()

"""Replays: the inputs of a journal give every decision again; a journal that was tampered with does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.invariants import replayed_the_same
from tests.stagehand import perform
from tests.toys import World, at, segment, send, show, track

HERE = Path(__file__).parent
PERFORMANCES = HERE / "performances"


def plan_of(name: str) -> str:
    plan = PERFORMANCES / f"{name}.plan"
    return plan.read_text("utf-8") if plan.exists() else ""


PLAYED = sorted(path.stem for path in PERFORMANCES.glob("*.show") if "reload" not in plan_of(path.stem))
SHOWS = sorted(path for path in (HERE.parent / "shows").glob("*/*.show") if path.stem == path.parent.name)


def replayed(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    from showrunner.cli.app import run

    with pytest.raises(SystemExit) as left:
        run(["replay", *words])
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out + said.err


@pytest.mark.parametrize("played", SHOWS, ids=lambda path: path.stem)
def test_a_dry_run_comes_out_the_same(played: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    journal = tmp_path / "a.journal"
    journal.write_bytes(_dry_run(played, capsys))
    code, said = replayed([str(journal), "--script", str(played)], capsys)
    assert said.startswith("the same: ")
    assert code == 0


@pytest.mark.parametrize("name", PLAYED)
def test_whatever_happens_in_a_performance_comes_out_the_same(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seeks, loops, presses, pauses, devices that are away, late or mute: all but saves, whose texts are not kept."""
    orders = plan_of(name).splitlines()
    first, *rest = (PERFORMANCES / f"{name}.journal").read_text("utf-8").splitlines(keepends=True)
    if "by hand" in orders:
        # Only an evening on the clock of a wall has an operator.
        first = first.replace('"epoch":0', '"epoch":1')
    journal = tmp_path / "a.journal"
    journal.write_text("".join([first, *rest]), "utf-8", newline="\n")
    stage = [str(PERFORMANCES / order.split()[1]) for order in orders if order.startswith("stage ")]
    words = [str(journal), "--script", str(PERFORMANCES / f"{name}.show")]
    code, said = replayed([*words, "--stage", *stage] if stage else words, capsys)
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


def test_a_dry_run_with_a_seed_of_its_own_comes_out_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = tmp_path / "a.journal"
    journal.write_bytes(_dry_run(SHOWS[0], capsys, "--seed", "3"))
    code, said = replayed([str(journal), "--script", str(SHOWS[0])], capsys)
    assert said.startswith("the same: ")
    assert code == 0


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
    assert "is no journal: the first entry must be `show`, version 1" in said


def test_a_journal_that_does_not_say_all_that_was_told_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "a.show"
    script.write_text('at 1s log "one"\n', "utf-8")
    journal = tmp_path / "a.journal"
    journal.write_text(perform(script).journal.replace(',"told":true', ""), "utf-8")
    code, said = replayed([str(journal), "--script", str(script)], capsys)
    assert code == 2
    assert "written by an older showrunner" in said


def test_a_script_that_changed_since_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "a.show"
    script.write_text('at 1s log "one"\n', "utf-8")
    journal = tmp_path / "a.journal"
    journal.write_text(perform(script).journal, "utf-8")
    script.write_text('at 2s log "one"\n', "utf-8")
    code, said = replayed([str(journal), "--script", str(script)], capsys)
    assert code == 2
    assert "it has changed since" in said


@pytest.mark.parametrize("path", ["a\0b.show", "../" * 3000 + "a.show", "a.show/b.show"])
def test_texts_that_can_be_nowhere_are_said(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = tmp_path / "a.show"
    script.write_text('at 1s log "one"\n', "utf-8")
    first, *rest = perform(script).journal.splitlines(keepends=True)
    mark = json.loads(first)["fingerprint"]
    sources = [
        json.dumps({"seq": 1, "at": 0, "kind": "source", "fingerprint": mark, "path": one, "text": "x"}) + "\n"
        for one in ("a.show", path)
    ]
    journal = tmp_path / "a.journal"
    journal.write_text("".join([first, *sources, *rest]), "utf-8")
    code, said = replayed([str(journal)], capsys)
    assert code == 2
    assert "names files of its show that can be nowhere" in said


def test_a_stage_file_that_is_not_beside_the_script_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script, stage = tmp_path / "a.show", tmp_path / "stage.yaml"
    script.write_text("at 1s guest emote Emote_Wave\n", "utf-8")
    stage.write_text("devices:\n  guest: {driver: animaze}\n", "utf-8")
    journal = tmp_path / "a.journal"
    journal.write_bytes(_dry_run(script, capsys))
    elsewhere = stage.rename(tmp_path / "night.yaml")
    code, said = replayed([str(journal), "--script", str(script)], capsys)
    assert code == 1
    assert "help: the stage file of then had `guest`: name that file with `--stage FILE`" in said
    code, said = replayed([str(journal), "--script", str(script), "--stage", str(elsewhere)], capsys)
    assert (code, said.partition(":")[0]) == (0, "the same")


def _dry_run(show: Path, capsys: pytest.CaptureFixture[str], *words: str) -> bytes:
    from showrunner.cli.app import run

    with pytest.raises(SystemExit):
        run(["dry-run", str(show), "--format", "jsonl", *words])
    return capsys.readouterr().out.encode()


def test_a_save_that_moves_lines_and_changes_no_command_is_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is said of it in the journal but its text, and that it is in force."""
    text = 'segment one\n  at 1s  log "a"\n  at 3s  log "b"\n'
    (tmp_path / "a.show").write_text(text, "utf-8", newline="\n")
    (tmp_path / "a.edited").write_text(f"# a line more\n{text}", "utf-8", newline="\n")
    told = perform(tmp_path / "a.show", "at 2s reload a.edited").entries
    assert [entry["cue"] for entry in told if entry["kind"] == "cue"] == ["L2", "L4"]
    source = {"seq": 0, "kind": "source", "path": told[0]["script"]}
    told.insert(1, {**source, "at": 0, "fingerprint": told[0]["fingerprint"], "text": text})
    saved = next(number for number, entry in enumerate(told) if entry.get("what") == "text")
    told.insert(saved, {**source, "at": 2_000_000, "fingerprint": told[saved]["new"], "text": f"# a line more\n{text}"})
    (tmp_path / "a.journal").write_text("".join(f"{json.dumps(entry)}\n" for entry in told), "utf-8")
    assert replayed([str(tmp_path / "a.journal")], capsys)[1].startswith("the same: ")


def test_a_segment_that_is_gone_and_played_to_its_end_is_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its lines are those of a text that is not in force any more."""
    text, gone = 'segment one\n  at 1s  log "a"\n  at 3s  log "b"\n', 'segment two\n  at 1s  log "c"\n'
    (tmp_path / "a.show").write_text(text, "utf-8", newline="\n")
    (tmp_path / "a.edited").write_text(gone, "utf-8", newline="\n")
    told = perform(tmp_path / "a.show", "at 2s reload a.edited").entries
    assert [entry["cue"] for entry in told if entry["kind"] == "cue"] == ["L2", "L3"]
    source = {"seq": 0, "kind": "source", "path": told[0]["script"]}
    told.insert(1, {**source, "at": 0, "fingerprint": told[0]["fingerprint"], "text": text})
    saved = next(number for number, entry in enumerate(told) if entry["kind"] == "reload")
    told.insert(saved, {**source, "at": 2_000_000, "fingerprint": told[saved]["new"], "text": gone})
    (tmp_path / "a.journal").write_text("".join(f"{json.dumps(entry)}\n" for entry in told), "utf-8")
    assert replayed([str(tmp_path / "a.journal")], capsys)[1].startswith("the same: ")


def test_a_late_answer_to_a_frame_with_several_commands_is_no_answer_to_a_later_frame_with_one_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It comes when the last of them is carried by a second frame, too: all its entries are of the first frame."""
    text = (
        "at 0s  live2d set ParamAngleX 7\n"
        "at 1s  live2d set ParamAngleY 3 for 300ms; live2d move ParamAngleZ from 0 to 3 over 300ms; "
        "live2d release ParamAngleX over 130ms\n"
        "at 3050ms  live2d set ParamAngleZ 3\n"
        'at 5s  log "meanwhile"\n'
        "at 7s  live2d set ParamAngleZ 4\n"
    )
    (tmp_path / "a.show").write_text(text, "utf-8")
    told = perform(tmp_path / "a.show", "latency 1100ms").entries
    sent = [(one["id"], one["at"]) for one in told if one["kind"] == "sent" and "id" in one]
    assert sent == [
        (1, 0),
        (2, 2_000_000),
        (3, 2_000_000),
        (4, 2_000_000),
        (4, 4_000_000),
        (5, 6_000_000),
        (6, 8_000_000),
    ]
    assert [one["id"] for one in told if one["kind"] == "reply" and one["at"] == 4_200_000 and "id" in one] == [2, 3, 4]
    journal = tmp_path / "a.journal"
    journal.write_text("".join(f"{json.dumps(entry)}\n" for entry in told), "utf-8")
    said = replayed([str(journal), "--script", str(tmp_path / "a.show")], capsys)[1]
    assert said.startswith("the same: "), said


@pytest.mark.parametrize("result", ["lost", "interrupted"])
def test_a_show_that_never_began_comes_out_the_same(
    result: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A device was not there, or somebody pressed Ctrl-C before: its end is all there is."""
    (tmp_path / "a.show").write_text('at 0s  animaze scene Studio\nat 1s  log "over"\n', "utf-8")
    played = perform(tmp_path / "a.show").entries
    away = {"seq": 1, "at": 0, "kind": "device", "device": "animaze", "state": "connecting"}
    end = {"seq": 2, "at": 0, "kind": "end", "result": result, "counts": dict.fromkeys(played[-1]["counts"], 0)}
    journal = tmp_path / "a.journal"
    journal.write_text("".join(f"{json.dumps(entry)}\n" for entry in (played[0], away, end)), "utf-8")
    said = replayed([str(journal), "--script", str(tmp_path / "a.show")], capsys)[1]
    assert said.startswith("the same: "), said


def test_what_was_pressed_while_the_machine_was_late_comes_before_what_was_due_meanwhile() -> None:
    """The cue at 100 ms is taken at 150 ms; the pause of 110 ms is told then, before the cue at 120 ms."""
    late = iter([0, 50_000])
    text = show(
        segment("one", track("main", *(at(when, send("act", ("NAME", "x"))) for when in (0, 100_000, 120_000))))
    )
    presses = ((110_000, "pause", None), (400_000, "resume", None))
    world = World(text, presses=presses, late=lambda: next(late, 0))
    entries = world.run()
    assert [entry["at"] for entry in entries if entry["kind"] == "cue"] == [0, 150_000, 400_000]
    assert {"at": 150_000, "kind": "told", "what": "steps", "count": 0} in world.journal
    replayed_the_same(world)

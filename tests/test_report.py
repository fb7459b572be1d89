"""The report of an evening: planned and real times, what was late and for what, what ended badly; off a journal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from showrunner.cli.report import _table as table
from showrunner.devices import find
from showrunner.drawing.evening_page import evening_page
from showrunner.reports import endings
from showrunner.reports.evening import Lateness, PlayedCue, evening

KINDS = {name: find(name) for name in ("aituber", "animaze")}
SHOW = {
    "kind": "show",
    "version": 1,
    "title": "T",
    "script": "t.show",
    "devices": {"animaze": "animaze", "mika": "aituber"},
}
SEGMENT = {"kind": "segment", "segment": "one", "title": "First"}


def journal(*entries):
    listed = [{"at": 0, **SHOW}, {"at": 0, **SEGMENT}, *entries]
    return [{"seq": number, **entry} for number, entry in enumerate(listed)]


def cue(at, name, late=0):
    return {"at": at, "kind": "cue", "segment": "one", "track": "main", "cue": name, "due": at - late, "late": late}


def command(at, id, text, device="animaze"):
    verb = text.split()[1]
    where = {"segment": "one", "track": "main", "cue": "L1", "line": id}
    return {"at": at, "kind": "command", "id": id, "device": device, "verb": verb, **where, "text": text}


def sent(at, id, device="animaze"):
    return {"at": at, "kind": "sent", "id": id, "device": device, "frame": {}, "attempt": 1}


def reply(at, id, device="animaze"):
    return {"at": at, "kind": "reply", "id": id, "device": device, "frame": {}, "ok": True}


def outcome(at, id, result="done", reason=None):
    return {"at": at, "kind": "outcome", "id": id, "result": result, "took": 0} | ({"reason": reason} if reason else {})


def waited(since, at, what):
    where = {"segment": "one", "track": "main", "cue": "L1", "for": what}
    return {"at": since, "kind": "wait", **where}, {"at": at, "kind": "resume", **where, "why": "finished"}


def causes(entries):
    return {one.cause: (one.cues, one.total, one.worst) for one in evening(entries, KINDS).lateness}


def test_a_cue_that_nothing_held_up_is_late_for_the_machine():
    found = evening(journal(cue(0, "L1"), cue(1_030_000, "L2", 30_000), cue(2_010_000, "L3", 10_000)), KINDS)
    assert found.lateness == (
        Lateness("machine", 2, 40_000, 30_000),
        Lateness("queue", 0, 0, 0),
        Lateness("device", 0, 0, 0),
        Lateness("score", 0, 0, 0),
    )
    assert found.cues[1] == PlayedCue("one", "main", "L2", None, 1_000_000, 1_030_000, 30_000, "machine", None)


@pytest.mark.parametrize(
    ("times", "cause"),
    [
        ((0, 800_000, 900_000, 1_000_000), "queue"),  # it stood in the queue for most of the time
        ((0, 0, 900_000, 1_000_000), "device"),  # its program took most of it to answer
        ((0, 0, 100_000, 1_000_000), "score"),  # it was written so: a `for`, or speech
    ],
)
def test_a_cue_that_waited_for_a_command_is_late_for_where_the_time_went(times, cause):
    taken, out, back, over = times
    wait, resume = waited(taken, over, "command 1")
    entries = journal(
        cue(0, "L1"),
        command(taken, 1, "animaze scene Beach"),
        wait,
        sent(out, 1),
        reply(back, 1),
        outcome(over, 1),
        resume,
        cue(over, "L2", 500_000),
    )
    assert causes(entries)[cause] == (1, 500_000, 500_000)
    assert evening(entries, KINDS).cues[1].why == "line 1: animaze scene Beach"


def test_a_cue_that_waited_for_the_operator_is_late_for_the_score():
    wait, resume = waited(0, 1_000_000, "go host ready?")
    found = evening(journal(cue(0, "L1"), wait, resume, cue(1_000_000, "L2", 1)), KINDS)
    assert (found.cues[1].cause, found.cues[1].why) == ("score", "go host ready?")


def test_what_is_spoken_says_nothing_of_how_fast_a_device_answers():
    found = evening(
        journal(
            command(0, 1, "mika say 'x'", "mika"),
            sent(0, 1, "mika"),
            reply(5_000_000, 1, "mika"),
            outcome(5_000_000, 1),
            command(0, 2, "animaze emote A"),
            sent(20_000, 2),
            reply(70_000, 2),
            outcome(70_000, 2),
        ),
        KINDS,
    )
    animaze, mika = found.devices
    assert (mika.commands, mika.answer, mika.worst_answer) == (1, 0, 0)
    assert (animaze.queue, animaze.worst_queue, animaze.answer, animaze.worst_answer) == (
        20_000,
        20_000,
        50_000,
        50_000,
    )


def test_a_device_that_was_lost_twice_is_told_with_the_time_it_was_away():
    states = [(0, "ready"), (10, "lost"), (15, "connecting"), (30, "ready"), (50, "lost"), (60, "connecting")]
    entries = journal(*({"at": at, "kind": "device", "device": "animaze", "state": state} for at, state in states))
    device = evening([*entries, {"seq": 99, "at": 90, "kind": "log", "message": "x"}], KINDS).devices[0]
    assert (device.lost, device.away) == (2, 20 + 40)


def test_what_ended_badly_is_listed_with_its_line_and_what_was_cut_on_purpose_is_not():
    found = evening(
        journal(
            command(5, 7, "animaze emote Nope"),
            outcome(9, 7, "failed", "no such emote"),
            command(6, 8, "animaze emote A"),
            outcome(9, 8, "skipped", "over"),
            command(7, 9, "animaze emote B"),
            outcome(9, 9, "cancelled", "taken over by line 4"),
        ),
        KINDS,
    )
    assert [(one.at, one.line, one.text, one.result, one.reason) for one in found.bad] == [
        (5, 7, "animaze emote Nope", "failed", "no such emote")
    ]
    assert found.result is None  # the journal breaks off


def test_lines_that_probably_nobody_heard_are_listed_and_ended_well():
    found = evening(
        journal(
            command(0, 1, "mika say 'one'", "mika"),
            {"kind": "device", "at": 1, "device": "mika", "state": "note", "detail": "why", "unheard": 1},
            outcome(1, 1),
            command(2, 2, "mika say 'two'", "mika"),
            {"kind": "device", "at": 3, "device": "mika", "state": "note", "detail": "another note"},
            outcome(3, 2),
        ),
        KINDS,
    )
    assert found.bad == ()
    assert [(one.line, one.result, one.reason) for one in found.unheard] == [(1, "done", "why")]
    assert "1 line was probably not heard\n  00:00.000  t.show:1  mika say 'one'\n             why\n" in table(found)
    assert "Probably not heard" in evening_page(found)


def test_the_last_line_counts_each_line_that_nobody_heard_once():
    counted = endings.Endings()
    for number in (1, 3, 3):
        counted({"kind": "device", "at": 1, "device": "mika", "state": "note", "detail": "why", "unheard": number})
    said = endings.line({"done": 3}, counted.others, counted.unheard)
    assert said == "3 done; 2 lines were probably not heard"
    assert endings.line({"done": 3}, {}) == "3 done"


def test_saves_presses_and_standstills_are_listed():
    changed = {"added": ["a"], "removed": [], "changed": ["b", "c"], "missed": [], "again": []}
    found = evening(
        journal(
            {"at": 1, "kind": "reload", "ok": True, **changed, "findings": []},
            {"at": 2, "kind": "reload", "ok": False, **{key: [] for key in changed}, "findings": [{}, {}]},
            {"at": 3, "kind": "operator", "action": "button", "name": "raid", "from": "key"},
            {"at": 4, "kind": "operator", "action": "seek", "to": "two", "from": "console"},
            {"at": 5, "kind": "gap", "for": 2_000_000},
        ),
        KINDS,
    )
    assert [(one.ok, one.added, one.changed, one.findings) for one in found.reloads] == [
        (True, 1, 2, 0),
        (False, 0, 0, 2),
    ]
    assert [(one.action, one.what, one.origin) for one in found.operator] == [
        ("button", "raid", "key"),
        ("seek", "two", "console"),
    ]
    assert found.gaps == ((5, 2_000_000),)


def test_no_text_of_a_journal_becomes_an_element_of_the_page():
    bad = '<img src=x onerror="alert(1)">'
    show = {"seq": 0, "at": 0, **SHOW, "title": bad, "script": bad, "devices": {bad: bad}}
    entries = [
        show,
        {"seq": 1, "at": 0, "kind": "segment", "segment": bad, "title": bad},
        {**cue(9_000_000, bad, 9_000_000), "seq": 2, "segment": bad},
        {**command(0, 1, f"animaze {bad}", bad), "seq": 3, "file": bad},
        {**outcome(1, 1, "failed", bad), "seq": 4},
        {"seq": 5, "at": 2, "kind": "device", "device": bad, "state": "lost", "detail": bad},
        {"seq": 6, "at": 3, "kind": "operator", "action": "button", "name": bad, "from": bad},
    ]
    page = evening_page(evening(entries, KINDS))
    assert "<img" not in page
    assert "&lt;img" in page
    assert "http" not in page  # nothing is fetched


# ------------------------------------------------------------------------------------------------------ the command


def run(words, capsys):
    from showrunner.cli.app import run

    with pytest.raises(SystemExit) as left:
        run(words)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


@pytest.fixture
def recorded(tmp_path, capsys):
    show, journal = tmp_path / "a.show", tmp_path / "a.journal"
    show.write_text('segment one\n  at 1s  say "Hi"\n  then +1s  animaze emote A\n', "utf-8")
    journal.write_text(run(["dry-run", str(show), "--format", "jsonl"], capsys)[1], "utf-8")
    return journal


def test_planned_and_real_times_are_the_same_in_a_dry_run(recorded, capsys):
    code, out, _ = run(["report", str(recorded), "--format", "json"], capsys)
    found = json.loads(out)
    assert code == 0
    assert found["version"] == 1
    assert found["planned"] is True
    assert found["result"] == "done"
    assert [(one["planned"], one["start"], one["lasting"], one["end"]) for one in found["segments"]] == [
        (0, 0, 2_400_000, 2_400_000)
    ]
    assert [one["planned"] == one["at"] for one in found["cues"]] == [True, True]


def test_without_the_script_there_is_no_plan_and_that_is_said(recorded, capsys):
    (recorded.parent / "a.show").unlink()
    code, out, _ = run(["report", str(recorded)], capsys)
    assert code == 0
    assert "the script is not at hand as it was played" in out
    changed = recorded.parent / "a.show"
    changed.write_text('at 5s  say "Other"\n', "utf-8")
    assert json.loads(run(["report", str(recorded), "--format", "json"], capsys)[1])["planned"] is False


def test_every_line_of_the_table_fits_into_eighty_columns(recorded, capsys):
    _, out, _ = run(["report", str(recorded)], capsys)
    assert [line for line in out.splitlines() if len(line) > 80] == []
    assert out.splitlines()[:2] == ["a", "done after 00:02.400: 2 done"]


def test_the_page_stands_alone(recorded, capsys):
    code, out, _ = run(["report", str(recorded), "--format", "html"], capsys)
    assert code == 0
    assert out.startswith("<!doctype html>")
    assert "http" not in out


@pytest.mark.parametrize(
    "text", ["", "nothing\n", '{"seq":0,"at":0,"kind":"cue"}\n', '{"seq":0,"at":0,"kind":"show","version":9}\n']
)
def test_what_is_no_journal_cannot_be_read(text, tmp_path, capsys):
    (tmp_path / "a.journal").write_text(text, "utf-8")
    code, out, said = run(["report", str(tmp_path / "a.journal")], capsys)
    assert (code, out) == (1, "")
    assert "error: " in said
    assert run(["report", str(Path(tmp_path, "none"))], capsys)[0] == 1

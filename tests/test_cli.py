"""The command line: exit codes, what goes to which stream, and the commands from end to end."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from showrunner import __version__, cli
from showrunner.cli import live, table
from showrunner.cli.app import COMMANDS
from showrunner.cli.failures import is_bad, place

GOOD = "at 00:05 animaze emote Emote_Angry; live2d set ParamAngleY 10 for 2s; say happy 'hi'\n"
BAD = "at 5s animase emote Emote_Wave\n"
WARNED = "at 1s animaze emote Emote_Wave\nthen log 'x'\n"


class Ran:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / ".state"))
    for name, text in (("good.show", GOOD), ("bad.show", BAD), ("warned.show", WARNED)):
        Path(name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(here, capsys, monkeypatch):
    assert here

    def run(*words, typed=""):
        monkeypatch.setattr(sys, "argv", ["showrunner", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed.encode()), encoding="utf-8"))
        with pytest.raises(SystemExit) as left:
            cli.main()
        caught = capsys.readouterr()
        return Ran(left.value.code or 0, caught.out, caught.err)

    return run


# ---------------------------------------------------------------------------------------------------------- everywhere


def test_the_version_is_a_result(run):
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"showrunner {__version__}\n", "")


@pytest.mark.parametrize("words", [[], *[[command] for command in COMMANDS]])
def test_every_help_shows_an_example_that_begins_with_the_programs_name(run, words):
    ran = run(*words, "--help")
    assert ran.code == 0
    assert re.search(r"Examples?:\n +showrunner ", ran.out)


@pytest.mark.parametrize(
    "words",
    [
        ["bogus"],
        ["check"],
        ["check", "good.show", "--format", "xml"],
        ["check", "good.show", "--bogus"],
        ["check", "empty"],
        ["dry-run", "good.show", "--latency", "5"],
        ["dry-run", "good.show", "--on-failure", "maybe"],
        ["run", "good.show", "--doubles", "animase"],
        ["run", "good.show", "--doubles", "all", "--yes", "--journal", "nowhere/journal"],
        ["simulate", "bogus"],
        ["simulate", "--profile", "old"],
        ["explain", "E999"],
    ],
)
def test_wrong_usage_leaves_with_2_and_says_so_on_standard_error(run, here, words):
    (here / "empty").mkdir()
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.strip()


def test_no_colour_and_no_control_character_goes_into_a_pipe(run):
    ran = run("check", "bad.show")
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only where there is a disk that is always full")
def test_output_that_cannot_be_written_is_said_in_words(here):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", "from showrunner.cli import main; main()", "check", "bad.show"]
        ran = subprocess.run(command, cwd=here, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == "error: the output cannot be written: no space left on device"


# --------------------------------------------------------------------------------------------------------------- check


@pytest.mark.parametrize(
    ("words", "code", "summary"),
    [
        (["good.show"], 0, "no errors in 1 file: 1 segment, 0:07 of show, 0:01 of it speech"),
        (["bad.show"], 1, "1 error in 1 file"),
        (["warned.show"], 0, "no errors, 1 warning in 1 file: 1 segment, 0:01 of show, 0:00 of it speech"),
        (["warned.show", "--strict"], 1, "no errors, 1 warning in 1 file: 1 segment, 0:01 of show, 0:00 of it speech"),
        (["good.show", "warned.show"], 0, "no errors, 1 warning in 2 files"),
        (["good.show", "bad.show"], 1, "1 error in 2 files"),
        (["."], 1, "1 error, 1 warning in 3 files"),
        (["missing.show"], 1, "1 error in 1 file"),
    ],
)
def test_check_says_how_many_mistakes_there_are_and_leaves_accordingly(run, words, code, summary):
    ran = run("check", *words)
    assert (ran.code, ran.err) == (code, f"{summary}\n")
    assert bool(ran.out) == (code == 1 or "warning" in summary)


def test_check_reads_standard_input(run):
    assert run("check", "-", typed=GOOD).code == 0
    ran = run("check", "-", typed=BAD)
    assert (ran.code, " --> -:1:7" in ran.out) == (1, True)


def test_check_prints_json_for_programs(run):
    ran = run("check", "bad.show", "--format", "json")
    (finding,) = json.loads(ran.out)["findings"]
    place = (finding["path"], finding["line"], finding["column"], finding["length"])
    assert (ran.code, place) == (1, ("bad.show", 1, 7, 7))
    assert json.loads(run("check", "good.show", "--format", "json").out) == {"version": 1, "findings": []}


@pytest.mark.parametrize(("form", "begins"), [("github", "::error file=bad.show,"), ("sarif", '{"$schema"')])
def test_check_prints_what_other_tools_read(run, form, begins):
    assert run("check", "bad.show", "--format", form).out.startswith(begins)


def test_a_part_is_checked_with_the_show_that_includes_it(run, here):
    folder = here / "shows"
    folder.mkdir()
    (folder / "a_part.show").write_text("segment one\n  at 1s say happy 'I am {host}'\n")
    (folder / "main.show").write_text("let host = 'Mika'\ninclude 'a_part.show'\n")
    assert (run("check", "shows").code, run("check", "shows/a_part.show").code) == (0, 1)


def test_scripts_that_go_round_in_a_circle_are_not_left_out(run, here):
    folder = here / "shows"
    folder.mkdir()
    (folder / "a.show").write_text("include 'b.show'\n")
    (folder / "b.show").write_text("include 'a.show'\n")
    ran = run("check", "shows")
    assert (ran.code, ran.out.count("error[E014]")) == (1, 1)


def test_a_missing_part_is_not_blamed_on_the_names_it_would_have_had(run, here):
    (here / "a.show").write_text("include 'nowhere.show'\nat 1s do wave\nat 2s log '{host}'\nat 3s animaze scene $x\n")
    ran = run("check", "a.show", "--format", "json")
    assert [finding["code"] for finding in json.loads(ran.out)["findings"]] == ["E001"]


def test_check_takes_stage_and_catalogue_beside_the_script_or_as_told(run, here):
    (here / "stage.yaml").write_text("devices:\n  guest: {driver: animaze}\n")
    (here / "guest.show").write_text("at 1s guest scene Stream\n")
    assert run("check", "guest.show").code == 0
    (here / "names.yaml").write_text("guest: {scenes: [Spaceship]}\n")
    ran = run("check", "guest.show", "--catalogue", "names.yaml")
    assert (ran.code, "Stream" in ran.out) == (1, True)
    (here / "other.yaml").write_text("devises: {}\n")
    ran = run("check", "good.show", "--stage", "other.yaml")
    assert (ran.code, "other.yaml:1:1" in ran.out, "did you mean `devices`?" in ran.out) == (1, True, True)


# ------------------------------------------------------------------------------------------------------------- explain


def test_explain_shows_a_wrong_and_a_right_example(run):
    ran = run("explain", "e014")
    assert (ran.code, ran.err) == (0, "")
    assert "Wrong:" in ran.out
    assert "Right:" in ran.out


# ----------------------------------------------------------------------------------------------------------------- new


def test_a_new_show_checks_clean_and_plays(run):
    made = run("new", "my-show")
    assert made.out.splitlines() == ["my-show/my-show.show", "my-show/stage.yaml", "my-show/catalogue.yaml"]
    checked = run("check", "my-show", "--strict")
    assert (checked.code, checked.out) == (0, "")
    assert run("fmt", "--check", "my-show").code in {0, 1}
    assert run("dry-run", "my-show/my-show.show").code == 0


def test_new_overwrites_nothing(run, here):
    (here / "stage.yaml").write_text("mine")
    ran = run("new", ".")
    assert (ran.code, (here / "stage.yaml").read_text()) == (2, "mine")


# ----------------------------------------------------------------------------------------------------------------- fmt


def test_fmt_lays_a_file_out_and_then_leaves_it_alone(run, here):
    (here / "a.show").write_text("at 5s    log 'x'\n")
    assert (run("fmt", "--check", "a.show").code, (here / "a.show").read_text()) == (1, "at 5s    log 'x'\n")
    ran = run("fmt", "--diff", "a.show")
    assert (ran.code, "+at 5s log 'x'\n" in ran.out) == (1, True)
    assert (run("fmt", "a.show").code, (here / "a.show").read_text()) == (0, "at 5s log 'x'\n")
    assert (run("fmt", "--check", "a.show").code, run("fmt", "--diff", "a.show").out) == (0, "")


def test_fmt_of_standard_input_goes_to_standard_output(run):
    assert run("fmt", "-", typed="at 5s    log 'x'\n").out == "at 5s log 'x'\n"


def test_fmt_leaves_a_file_with_mistakes_as_it_is(run, here):
    (here / "a.show").write_text("at 5    log 'x'\n")
    ran = run("fmt", "a.show")
    assert (ran.code, ran.out, (here / "a.show").read_text()) == (1, "", "at 5    log 'x'\n")
    assert "error[E101]" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="rights and links are another matter there")
def test_fmt_keeps_rights_and_links(run, here):
    (here / "a.show").write_text("at 5s    log 'x'\n")
    (here / "a.show").chmod(0o640)
    (here / "link.show").symlink_to("a.show")
    run("fmt", "link.show")
    assert (here / "link.show").is_symlink()
    assert ((here / "a.show").stat().st_mode & 0o777, (here / "a.show").read_text()) == (0o640, "at 5s log 'x'\n")


# ------------------------------------------------------------------------------------------------------------- dry-run


def test_a_dry_run_shows_every_command_with_its_time_and_outcome(run):
    ran = run("dry-run", "good.show")
    assert (ran.code, ran.err) == (0, "")
    rows = [line.split() for line in ran.out.splitlines() if line.strip().startswith("00:05")]
    assert [row[1:3] for row in rows] == [["at", "00:05"], ["main", "L1"], ["main", "L1"]]
    assert [text in ran.out for text in ("animaze emote", "live2d set", "say happy")] == [True] * 3
    assert "the end: 3 done" in ran.out


def test_a_dry_run_as_json_lines_is_the_journal(run):
    ran = run("dry-run", "good.show", "--format", "jsonl", "--seed", "7")
    entries = [json.loads(line) for line in ran.out.splitlines()]
    assert [entry["seq"] for entry in entries] == list(range(len(entries)))
    assert (entries[0]["kind"], entries[0]["seed"], entries[0]["script"]) == ("show", "7", "good.show")
    assert (entries[-1]["kind"], entries[-1]["result"]) == ("end", "done")
    assert run("dry-run", "good.show", "--format", "jsonl", "--seed", "7").out == ran.out


def test_a_dry_run_of_a_script_with_mistakes_plays_nothing(run):
    ran = run("dry-run", "bad.show")
    assert (ran.code, ran.out) == (1, "")
    assert "error[" in ran.err


def test_a_command_that_fails_is_shown_at_its_line_and_leaves_with_3(run, here):
    (here / "a.show").write_text("at 1s animaze chat 'hi' within 1s\nat 2s log 'on'\n")
    ran = run("dry-run", "a.show", "--latency", "2s")
    assert ran.code == 3
    assert "timed-out: animaze chat:" in ran.err
    assert "1 | at 1s animaze chat 'hi' within 1s\n  |       ^^^^^^^" in ran.err
    assert "! timed-out" in ran.out


def test_holds_go_by_themselves_in_a_dry_run_as_late_as_told(run, here):
    (here / "a.show").write_text("at 1s hold 'ready?'\nthen log 'on'\n")
    assert "00:01.000  then      main  L2  log" in run("dry-run", "a.show").out
    late = run("dry-run", "a.show", "--go-after", "3s").out
    assert "GO after 3 s" in late
    assert "00:04.000  then      main  L2  log" in late


def test_turns_of_a_repeat_are_counted_after_the_second(run, here):
    (here / "a.show").write_text("at 1s repeat 9 times every 1s\n  animaze emote Emote_Wave\n")
    out = run("dry-run", "a.show").out
    assert out.count("Emote_Wave") == 2
    assert "… 7 more turns like this" in out


def test_a_cue_that_had_to_wait_says_how_late_it_is_and_why(run, here):
    (here / "a.show").write_text("at 1s wait 3s; log 'x'\nat 2s log 'y'; animaze scene B\n")
    assert "2 s late: what stands above took longer" in run("dry-run", "a.show").out


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["--only", "two"], ["B"]),
        (["--from", "two"], ["B", "C"]),
        (["--until", "two"], ["A"]),
        (["--from", "two", "--until", "three"], ["B"]),
    ],
)
def test_a_part_of_a_show_can_be_played(run, here, words, shown):
    names = zip(("one", "two", "three"), "ABC", strict=True)
    (here / "a.show").write_text("".join(f"segment {n}\n  at 1s animaze emote {c}_ for 1s\n" for n, c in names))
    ran = run("dry-run", "a.show", *words)
    assert (ran.code, re.findall(r"emote ([ABC])_", ran.out)) == (0, shown)


def test_a_point_that_is_not_there_is_wrong_usage(run):
    ran = run("dry-run", "good.show", "--from", "nowhere")
    assert (ran.code, ran.out, "nowhere" in ran.err) == (2, "", True)


@pytest.mark.parametrize(
    ("micros", "clock", "short"),
    [
        (0, "00:00.000", "0 s"),
        (61_001_000, "01:01.001", "1:01"),
        (3_600_000_000, "1:00:00.000", "60:00"),
        (449_999, "00:00.449", "0.4 s"),
    ],
)
def test_times_are_written_for_people(micros, clock, short):
    assert (table.clock(micros), table.short(micros)) == (clock, short)


def test_a_failure_is_found_in_the_file_whose_line_holds_it():
    texts = {"a.show": "one\nat 1s log 'x'\n", "p.show": "x\n  at 1s animaze scene B\n"}
    found = place({"line": 2, "text": "animaze scene B"}, "a.show", texts)
    assert (found.path, found.line, found.column, found.length) == ("p.show", 2, 9, 15)
    assert place({"line": 9, "text": "gone"}, "a.show", texts).path == "a.show"


@pytest.mark.parametrize(
    ("outcome", "bad"),
    [
        ({"result": "done"}, False),
        ({"result": "cancelled", "reason": "taken over by line 3"}, False),
        ({"result": "skipped", "reason": "over"}, False),
        ({"result": "skipped", "reason": "not connected"}, True),
        ({"result": "failed"}, True),
        ({"result": "timed-out"}, True),
    ],
)
def test_what_was_cut_short_on_purpose_is_no_failure(outcome, bad):
    assert is_bad(outcome) is bad


# ----------------------------------------------------------------------------------------------- run and simulate

QUICK = "at 10ms animaze scene Spaceship; live2d set ParamAngleY 10 for 50ms\nat 20ms say happy 'hi'\n"


def test_run_with_doubles_plays_the_show_over_sockets_and_writes_its_journal(run, here):
    (here / "quick.show").write_text(QUICK)
    ran = run("run", "quick.show", "--doubles", "all", "--yes", "--journal", "out.journal")
    assert (ran.code, ran.out) == (0, "")
    entries = [json.loads(line) for line in (here / "out.journal").read_text(encoding="utf-8").splitlines()]
    assert (entries[0]["kind"], entries[-1]["kind"], entries[-1]["counts"]["done"]) == ("show", "end", 3)
    assert re.fullmatch(r"[0-9a-f]{8}", entries[0]["seed"])
    assert not (here / ".state").exists(), "a double's token is not kept"


def test_run_leaves_with_4_when_a_device_cannot_be_reached(run, here):
    (here / "stage.yaml").write_text(
        "devices:\n  animaze: {url: 'ws://127.0.0.1:1'}\ndefaults: {connect-timeout: 300ms}\n"
    )
    (here / "a.show").write_text("at 1s animaze scene Stream\n")
    ran = run("run", "a.show", "--yes")
    assert ran.code == 4
    assert "ws://127.0.0.1:1" in ran.err


def test_run_refuses_a_script_with_mistakes_before_it_connects(run):
    ran = run("run", "bad.show", "--yes")
    assert (ran.code, ran.out) == (1, "")
    assert "connecting" not in ran.err


def test_a_full_disk_is_said_once_and_stops_nothing(here, monkeypatch):
    class Full:
        def write(self, _):
            raise OSError(28, "No space left on device")

        def close(self):
            pass

    assert here
    monkeypatch.setattr(Path, "open", lambda *_, **__: Full())
    told = []
    paper = live.Paper("out.journal")
    paper.tell = told.append
    paper({"seq": 0})
    paper({"seq": 1})
    assert len(told) == 1
    assert "no space left on device" in told[0]


def started(here, *words):
    environment = {**os.environ, "SHOWRUNNER_STATE": str(here / ".state"), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", "from showrunner.cli import main; main()", *words],
        cwd=here,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal to send there")
@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_in_order_and_twice_at_once_with_130(here, times):
    (here / "long.show").write_text("at 10ms animaze scene Spaceship\nat 20ms log 'begun'\nat 1h log 'never'\n")
    process = started(here, "run", "long.show", "--doubles", "all", "--yes", "--journal", "out.journal")
    with process:
        for line in process.stderr:
            if "begun" in line:
                for _ in range(times):
                    process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    entries = [json.loads(line) for line in (here / "out.journal").read_text(encoding="utf-8").splitlines()]
    assert (entries[-1]["kind"], entries[-1]["result"]) == ("end", "interrupted")


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal to send there")
def test_simulate_says_where_it_listens_and_a_show_plays_on_it(run, here):
    process = started(here, "simulate", "animaze", "live2d", "--animaze", "0", "--live2d", "0")
    with process:
        said = [process.stdout.readline() for _ in range(2)]
        urls = dict(re.fullmatch(r"(\w+): listens at (\S+)\n", line).groups() for line in said)
        (here / "stage.yaml").write_text("devices:\n" + "".join(f"  {n}: {{url: '{u}'}}\n" for n, u in urls.items()))
        (here / "a.show").write_text("at 10ms animaze scene Spaceship; live2d set ParamAngleY 10 for 50ms\n")
        ran = run("run", "a.show", "--yes")
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(timeout=30) == 0
    assert ran.code == 0, ran.err
    assert "Spaceship" in rest
    assert (here / ".state/tokens.json").exists(), "the token is kept for the next run"

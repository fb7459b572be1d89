"""The command line: exit codes, what goes to which stream, and the commands from end to end."""

import errno
import html
import io
import itertools
import json
import os
import re
import signal
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from types import SimpleNamespace

import pytest

from showrunner import __version__, cli
from showrunner.cli import live
from showrunner.cli.app import COMMANDS
from showrunner.cli.terminal import columns, lines, output
from showrunner.engine.states import badly
from showrunner.reports.failures import Failures, place
from showrunner.running.live import Live
from showrunner.show.stage import kinds
from showrunner.show.stage_file import load
from tests.disk import FULL
from tests.pressing import Pressed

ROOT = Path(__file__).parent.parent

GOOD = "at 00:05 animaze emote Emote_Angry; live2d set ParamAngleY 10 for 2s; say happy 'hi'\n"
BAD = "at 5s animase emote Emote_Wave\n"
WARNED = "at 1s animaze emote Emote_Wave\nthen log 'x'\n"


class Ran:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def here(tmp_path, monkeypatch, built):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / ".state"))
    monkeypatch.setenv("SHOWRUNNER_CACHE", str(built))
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
        ["check", ""],
        ["check", "good.show", "", "--strict"],
        ["fmt", ""],
        ["run", ""],
        ["new", "my\nshow"],
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


@FULL
@pytest.mark.parametrize("unbuffered", [[], ["-u"]])
@pytest.mark.parametrize("words", [["check", "bad.show"], ["--version"]])
def test_output_that_cannot_be_written_is_said_in_words(here, words, unbuffered):
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, *unbuffered, "-c", "from showrunner.cli import main; main()", *words]
        ran = subprocess.run(command, cwd=here, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == "error: the output cannot be written: no space left on device"


# --------------------------------------------------------------------------------------------------------------- check


@pytest.mark.parametrize(
    ("words", "code", "summary"),
    [
        (["good.show"], 0, "no errors in 1 file: 1 segment, 0:07 of show, 0:00 of it speech"),
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


@pytest.mark.parametrize("file", ["stage", "catalogue"])
def test_schema_says_where_the_schema_of_a_file_lies(run, file):
    ran = run("schema", file)
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(Path(ran.out.rstrip("\n")).read_text(encoding="utf-8"))["title"].startswith("showrunner: a ")


def test_schema_of_something_else_is_wrong_usage(run):
    ran = run("schema", "stagee")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean `stage`?" in ran.err


# ----------------------------------------------------------------------------------------------------------------- new


def test_a_new_show_checks_clean_and_plays(run):
    made = run("new", "my-show")
    assert made.out.splitlines() == ["my-show/my-show.show", "my-show/stage.yaml", "my-show/catalogue.yaml"]
    checked = run("check", "my-show", "--strict")
    assert (checked.code, checked.out) == (0, "")
    assert run("fmt", "--check", "my-show").code in {0, 1}
    assert run("dry-run", "my-show/my-show.show").code == 0


@pytest.mark.parametrize("used", [*(kind.name for kind in kinds()), "all"])
def test_a_new_show_for_one_application_or_for_all_checks_clean_and_plays(run, here, used):
    assert run("new", "mine", "--with", used).code == 0
    stood = load(str(here / "mine" / "stage.yaml"))
    assert stood.findings == ()
    ((_, text),) = stood.texts.items()
    named = {kind.name for kind in kinds() if used in {kind.name, "all"}}
    assert set(re.findall(r"^  (\w+): \{", text, re.MULTILINE)) == named
    checked = run("check", "mine", "--strict")
    assert (checked.code, checked.out) == (0, "")
    played = run("dry-run", "mine")
    assert played.code == 0, played.err


def test_somebody_at_a_terminal_is_asked_what_he_uses_until_he_says_it(run, here, monkeypatch):
    monkeypatch.setattr(lines, "terminal", lambda: True)
    ran = run("new", "mine", typed="animase\n1 aituber\n")
    assert "  1  Animaze " in ran.err
    assert "there is no application `animase` here; did you mean `animaze`?\n" in ran.err
    stage = (here / "mine" / "stage.yaml").read_text("utf-8")
    assert "  animaze: {" in stage
    assert "  aituber: {" in stage
    assert "live2d" not in stage
    run("new", "yours", typed="\n")
    assert "  live2d: {" in (here / "yours" / "stage.yaml").read_text("utf-8")
    run("new", "theirs", typed="")
    assert (here / "theirs" / "stage.yaml").read_text("utf-8") == (here / "yours" / "stage.yaml").read_text("utf-8")


def test_a_new_show_for_an_application_nobody_knows_is_refused(run, here):
    ran = run("new", "mine", "--with", "animaze,animase")
    assert (ran.code, ran.err) == (2, "error: there is no application `animase` here\nhelp: did you mean `animaze`?\n")
    assert not (here / "mine").exists()


def test_the_readme_shows_lines_that_new_writes_and_these_name_commands_as_they_are_typed(run, here):
    run("new", "a SHOW")
    written = (here / "a SHOW" / "a SHOW.show").read_text("utf-8").splitlines()
    assert written[0] == '# A first show. Look at it:   showrunner dry-run "a SHOW/a SHOW.show"'
    assert written[1] == '# Check it:                   showrunner check "a SHOW"'
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = readme.partition("2. Open `my-show/my-show.show`")[2].partition("3. `showrunner check")[0]
    listed = [line.strip() for line in shown.splitlines() if line.startswith("       ")]
    assert len(listed) == 5
    assert {*listed} <= {line.strip() for line in written}


def test_new_overwrites_nothing(run, here):
    (here / "stage.yaml").write_text("mine")
    ran = run("new", ".")
    assert (ran.code, (here / "stage.yaml").read_text()) == (2, "mine")


# ----------------------------------------------------------------------------------------------------------------- fmt


def test_fmt_lays_a_file_out_and_then_leaves_it_alone(run, here):
    (here / "a.show").write_text("at 5s    log 'x'\n", newline="\n")
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
    rows = [line for line in ran.out.splitlines() if line.strip().startswith("00:05")]
    assert [("at 00:05" in row, "L1" in row) for row in rows] == [(True, True), (False, True), (False, True)]
    assert [text in ran.out for text in ("animaze emote", "live2d set", "say happy")] == [True] * 3
    assert "the end: 3 done" in ran.out


@pytest.mark.parametrize("form", ["table", "jsonl"])
@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), ("at 0s animaze emote A within 10ms\n", 3)])
def test_a_dry_run_ends_as_the_show_did_though_nobody_reads_it(here, form, text, code):
    (here / "a.show").write_text(text, "utf-8")
    reader, writer = os.pipe()
    os.close(reader)
    words = ["dry-run", "a.show", "--latency", "50ms", "--format", form]
    command = [sys.executable, "-c", "from showrunner.cli import main; main()", *words]
    try:
        ran = subprocess.run(command, cwd=here, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(writer)
    assert ran.returncode == code
    assert "Traceback" not in ran.stderr


def test_a_reader_who_has_gone_is_no_fault_by_the_name_that_windows_has_for_it(run, monkeypatch):
    class Gone(io.StringIO):
        def flush(self):
            if self.getvalue():
                self.truncate(0)
                raise OSError(errno.EINVAL, "Invalid argument")

        def fileno(self):
            return nothing.fileno()

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(sys, "stdout", Gone())
    with Path(os.devnull).open("w", encoding="utf-8") as nothing:
        ran = run("dry-run", "good.show")
    assert (ran.code, ran.err) == (0, "")


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


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_what_lies_beside_a_script_is_called_what_it_is(run, here, command):
    (here / "stage.yaml").write_text("devices: {}\n", "utf-8")
    (here / "notes.md").write_text("# Notes\n", "utf-8")
    (here / "one.PNG").write_bytes(b"\x89PNG")
    (here / "a.show").write_text("at 0s  log 'x'\n", "utf-8")
    ran = run(command, "stage.yaml", "a.show", "notes.md", "one.PNG")
    assert ran.code == 0
    assert ran.err.splitlines()[:3] == [
        "note: `stage.yaml` is the stage file, no script; it is read with the script beside it",
        "note: `notes.md` is a text, no script",
        "note: `one.PNG` is a picture, no script",
    ]
    alone = run(command, "stage.yaml")
    assert (alone.code, alone.err.splitlines()[1]) == (2, "help: name a `.show` file, or the folder it lies in")


def test_a_dry_run_that_was_told_what_to_press_is_replayed_the_same(run, here):
    (here / "a.show").write_text("at 0s wait for button a\nthen hold\nthen log 'on'\n", "utf-8")
    ran = run(
        "dry-run", "a.show", "--press", 'a@2s "x" n=1', "--do", "pause@3s", "--do", "resume@4s", "--format", "jsonl"
    )
    (here / "told.journal").write_text(ran.out, "utf-8")
    assert ran.code == 0
    assert run("replay", "told.journal").out.startswith("the same")


@pytest.mark.parametrize("line", ["segment a until button b\n  at 0s log 'x'\n", "at 0s wait for button b\n"])
def test_a_pause_does_not_count_to_how_long_a_dry_run_stays(run, here, line):
    (here / "a.show").write_text(line, "utf-8")
    ran = run("dry-run", "a.show", "--stay", "10s", "--do", "pause@2s", "--do", "resume@30s", "--format", "jsonl")
    assert (ran.code, json.loads(ran.out.splitlines()[-1])["at"]) == (0, 38_000_000)


def test_a_dry_run_says_how_buttons_can_be_pressed_and_what_came_too_late(run, here):
    (here / "a.show").write_text("at 0s wait for button a\n", "utf-8")
    assert "`--press NAME@TIME`" in run("dry-run", "a.show").err
    ran = run("dry-run", "a.show", "--press", "a@1s", "--press", "a@9s", "--press", "b@1s")
    assert ran.err.splitlines() == [
        "warning: --press: nobody in this show waits for the button `b`",
        "warning: the show was over at 1 s, before what is given for 9 s; `--stay` lets it play on",
    ]


def test_a_missing_picture_is_an_error_only_where_an_audience_would_miss_it(run, here):
    (here / "a.show").write_text('at 0s say "x" image "none.png"\nthen say "y" image "none.png"\n', "utf-8")
    assert (run("check", "a.show").code, run("dry-run", "a.show").code) == (0, 0)
    assert run("dry-run", "a.show").err.count("warning[W533]") == 1
    ran = run("run", "a.show", "--yes")
    assert (ran.code, ran.err.count("error[E420]"), ran.err.count("W533")) == (1, 1, 0)


def test_a_table_may_be_told_how_wide_it_is(run):
    assert max(map(len, run("dry-run", "good.show", "--width", "40").out.splitlines())) <= 40
    ran = run("dry-run", "good.show", "--width", "19")
    assert (ran.code, ran.err) == (2, "error: --width is a whole number from 20, not `19`\n")


def test_holds_go_by_themselves_in_a_dry_run_as_late_as_told(run, here):
    (here / "a.show").write_text("at 1s hold 'ready?'\nthen log 'on'\n")
    assert "  00:01.000  then     L2          log" in run("dry-run", "a.show").out
    late = run("dry-run", "a.show", "--go-after", "3s").out
    assert "GO after 3 s" in late
    assert "  00:04.000  then     L2                 log" in late


def test_turns_of_a_repeat_are_counted_after_the_second(run, here):
    (here / "a.show").write_text("at 1s repeat 9 times every 1s\n  animaze emote Emote_Wave\n")
    out = run("dry-run", "a.show").out
    assert out.count("Emote_Wave") == 2
    assert "… 7 more turns like this" in out


def rows(out):
    """Give the rows of a table, blanks left away."""
    return [re.split(r" {2,}", line.strip()) for line in out.splitlines() if re.match(r"  \d\d:\d\d", line)]


def test_what_comes_later_than_written_says_how_late_it_is_and_why(run, here):
    (here / "a.show").write_text(
        "let beat = 500ms\nat 1s wait 3s; log 'x'\nat 2s log 'y'; animaze scene B\n"
        "at +$beat animaze emote C for 4s and wait\n"
        "at 3s animaze emote D\nat 4s hold 'ready?'\nat 5s animaze emote E\nthen at 6s animaze emote F for 1s\n"
    )
    out = run("dry-run", "a.show", "--go-after", "2s").out
    assert rows(out) == [
        ["00:01.000", "at 1s", "L2", "after 3 s", "wait 3s"],
        ["00:04.000", "L2", 'log "x"'],
        ["00:04.000", "at 2s", "L3", 'log "y"', "(2 s late because of L2)"],
        ["00:04.000", "L3", "done", "animaze scene B"],
        ["00:04.500", "at +500ms", "L4", "done in 4 s", "animaze emote C for 4s and wait"],
        ["00:08.500", "at 3s", "L5", "done", "animaze emote D", "(3.5 s late because of L4)"],
        ["00:09.500", "at 4s", "L6", "GO after 2 s", 'hold "ready?"', "(5.5 s after its written time since L4)"],
        ["00:12.500", "at 5s", "L7", "done", "animaze emote E", "(7.5 s after its written time since the hold of L6)"],
        [
            "00:13.500",
            "then at 6s",
            "L8",
            "done in 1 s",
            "animaze emote F for 1s",
            "(7.5 s after its written time since the hold of L6)",
        ],
        ["00:14.500", "the end: 5 done"],
    ]


def test_a_voice_has_a_column_that_says_when_she_is_really_heard(run, here):
    (here / "a.show").write_text("at 1s say 'One two three.'\nat +900ms say 'four'\nat +200ms animaze emote E\n")
    assert run("dry-run", "a.show").out.splitlines() == [
        "a",
        "",
        "  expected   written    aituber          cue  ended           command",
        "",
        "main",
        "  00:01.000  at 1s      1 s              L1   done in 1 s     say 'One two three.'",
        "  00:01.900  at +900ms  +100 ms, 400 ms  L2   done in 400 ms  say 'four'  (queued 100 ms behind L1)",
        "  00:02.100  at +200ms  │                L3   done            animaze emote E",
        "  00:02.400  the end: 3 done",
        "",
        "1 segment, 0:02 of show, 0:01 of it speech",
        "longest silence: 1 s, from 00:00.000 to 00:01.000",
    ]


def test_two_voices_at_once_and_the_longest_silence_stand_below(run, here):
    (here / "stage.yaml").write_text("devices:\n  rin: {driver: aituber, url: 'ws://localhost:8001/ws'}\n")
    (here / "a.show").write_text("at 1s say 'One two three four five six.'\n       rin say 'four'\nat 9s log 'on'\n")
    assert run("dry-run", "a.show").out.splitlines()[2:7] + run("dry-run", "a.show").out.splitlines()[-3:] == [
        "  expected   written  aituber  rin     cue  ended           command",
        "",
        "main",
        "  00:01.000  at 1s    1.9 s            L1   done in 1.9 s   say 'One two three four five six.'",
        "  00:01.000           │        400 ms  L1   done in 400 ms  rin say 'four'",
        "1 segment, 0:09 of show, 0:01 of it speech",
        "longest silence: 6 s, from 00:02.917 to 00:09.000",
        "two voices at once: aituber and rin, 400 ms from 00:01.000",
    ]


def test_a_table_on_a_terminal_is_the_same_in_colours(run, here, monkeypatch):
    (here / "a.show").write_text("at 1s say 'One {{'; animaze emote E\nat 2s log 'x'\n")
    plain = run("dry-run", "a.show").out
    monkeypatch.setattr(output, "coloured", lambda _: True)
    painted = run("dry-run", "a.show").out
    assert "\x1b[" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    assert "\x1b[1;35mat\x1b[0m" in run("check", "bad.show").out


@pytest.mark.skipif(not entry_points(group="pygments.lexers", name="show"), reason="it is here, and not installed")
def test_the_lexer_is_found_by_its_name(here):
    code = "from pygments.lexers import get_lexer_by_name as find; print(type(find('show')).__name__)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=here, capture_output=True, text=True, check=True)
    assert ran.stdout == "ShowLexer\n"


def test_the_picture_of_the_first_show_is_its_dry_run():
    drawn = (ROOT / "shows/hello/hello.svg").read_text(encoding="utf-8")
    assert "@font-face" not in drawn
    assert "url(http" not in drawn
    shown = html.unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn)))
    assert "".join((ROOT / "tests/shows/hello.plan").read_text(encoding="utf-8").split()) in "".join(shown.split())


@pytest.mark.parametrize("state", ["none", "spoilt", "no folder"])
def test_the_built_grammar_is_kept_and_whatever_becomes_of_it_changes_nothing(here, state):
    where = here / "cache"
    if state == "no folder":
        where.write_text("a file")
    elif state == "spoilt":
        where.mkdir()
        (where / "grammar").write_text("spoilt")
    command = [sys.executable, "-c", "from showrunner.cli import main; main()", "check", "bad.show"]
    environment = {**os.environ, "SHOWRUNNER_CACHE": str(where), "PYTHONUTF8": "1"}
    for _ in range(2):
        ran = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (1, "1 error in 1 file\n")
        assert ran.stdout.startswith("error[E301]")
    assert state == "no folder" or (where / "grammar").stat().st_size > 10_000


def test_the_way_to_a_cue_is_shortened_in_its_middle():
    assert columns.way(["L13"]) == "L13"
    assert columns.way(["L7", "L20#2", "wave", "L31"]) == "L7/…/L31"
    assert columns.way(["one.show:L7", "L20#2", "wave", "L31"]) == "…/L31"
    assert columns.cells(columns.way(["a-very-long-name-of-a-file.show:L7", "L8"])) <= columns.WIDEST_CUE
    assert columns.cells(columns.way(["雨" * 40])) <= columns.WIDEST_CUE


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


def test_the_summary_of_a_part_counts_what_plays_and_what_is_restored_is_called_so(run, here):
    one = "segment one\n  track body\n    at 1s animaze scene Stream\n    then wait for button left\n"
    (here / "a.show").write_text(f"{one}segment two\n  at 1s animaze emote B\n  then wait for button right\n")
    ran = run("dry-run", "a.show", "--only", "two").out.splitlines()
    assert ran[2:6] + ran[-1:] == [
        "  expected   written   cue  ended  command",
        "",
        "two",
        "  00:00.000  restored  L3   done   animaze scene Stream",
        "1 segment, 0:01 of show, 0:00 of it speech, 1 button",
    ]
    assert run("dry-run", "a.show").out.endswith(", 2 buttons\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--from", "nowhere"], "there is no segment or cue called `nowhere`; there are: `main`, `L1`"),
        (["--only", "nowhere"], "there is no segment called `nowhere`; there are: `main`"),
        (["--from", "1:99"], "`1:99` is not a clock time; write it like `01:39` or `1:02:03`"),
        (["--until", "5"], "`5` is a number without a unit, not a time; write `5s`, or a clock time like `01:39`"),
        (["--from", "01:39"], "`01:39` is after the end: the plan is 0:07 long"),
    ],
)
def test_a_point_that_is_not_there_is_wrong_usage(run, words, said):
    ran = run("dry-run", "good.show", *words)
    assert (ran.code, ran.out, ran.err) == (2, "", f"error: {said}\n")


def test_a_folder_stands_for_the_one_script_in_it(run, here):
    (here / "one").mkdir()
    (here / "one" / "a.show").write_text(GOOD)
    assert run("dry-run", "one").code == run("run", "one", "--doubles", "bogus").code - 2 == 0
    ran = run("run", ".")
    assert (ran.code, "name one of: bad.show, good.show, warned.show" in ran.err) == (2, True)


@pytest.mark.parametrize(
    ("lines", "words", "code"),
    [
        ("  at 10ms hold 'ready?'\n", [], 2),
        ("  at 10ms wait for button go-on\n", [], 2),
        ("  at 10ms repeat 2 times every 1s\n    at 0s hold\n", [], 2),
        ("  at 10ms hold 'ready?' within 10ms\n", [], 0),
        ("  at 10ms log 'x'\n  track raids\n    at 0s repeat every 1s\n      at 0s wait for button raid\n", [], 0),
        ("  at 10ms hold\n", ["--only", "two"], 0),
        ("  at 10ms hold\n", ["--from", "two"], 0),
        ("  at 10ms log 'x'\n  at 20ms hold\n", ["--until", "L3"], 0),
    ],
)
def test_a_show_that_nobody_can_free_is_refused_before_it_starts(run, here, lines, words, code):
    text = f"segment one\n{lines}segment two\n  at 10ms animaze emote B\n"
    (here / "a.show").write_text(text)
    ran = run("run", "a.show", "--doubles", "all", "--yes", "--journal", "out.journal", *words)
    assert ran.code == code, ran.err
    assert ("connecting" in ran.err) == (code == 0)
    assert (here / "out.journal").exists() == (code == 0)
    assert ("nobody can press GO: standard input is closed" in ran.err) == (not words)


def test_a_failure_is_found_in_the_file_the_journal_names():
    texts = {"d/a.show": "one\nat 1s log 'x'\n", "d/p.show": "x\n  at 1s animaze scene B\n"}
    found = place({"line": 2, "text": "animaze scene B", "file": "p.show"}, "d/a.show", texts)
    assert (found.path, found.line, found.column, found.length) == ("d/p.show", 2, 9, 15)
    assert place({"line": 9, "text": "gone"}, "a.show", texts).path == "a.show"


def test_a_failure_of_what_is_sent_again_stands_in_its_own_file():
    here = Path(__file__).parent / "performances"
    name, part = "what-is-sent-again-says-in-which-file-it-stands", "parts/opening.show"
    told = []
    failures = Failures(
        f"{name}.show", {one: (here / one).read_text("utf-8") for one in (f"{name}.show", part)}, told.append
    )
    for entry in (here / f"{name}.journal").read_text("utf-8").splitlines():
        failures(json.loads(entry))
    assert len(told) == 1
    assert (told[0].place.path, told[0].place.line, told[0].place.column) == (part, 5, 14)
    assert told[0].message.startswith("animaze avatar: ")


def test_a_failure_inside_a_do_shows_the_call_it_came_through():
    told = []
    failures = Failures("d/a.show", {"d/a.show": "include 'part.show'\nsegment s\n  at 1s  do greet\n"}, told.append)
    command = {"kind": "command", "id": 1, "device": "animaze", "verb": "avatar", "line": 2, "file": "part.show"}
    failures({**command, "text": "animaze avatar Nobody", "through": ["L3"]})
    failures({"kind": "outcome", "id": 1, "result": "failed", "reason": "Avatar not found"})
    assert (told[0].place.path, told[0].place.line) == ("d/part.show", 2)
    assert [(call.path, call.line) for call in told[0].through] == [("d/a.show", 3)]


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
    assert badly(outcome["result"], outcome.get("reason")) is bad


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


def test_run_without_a_terminal_says_each_cue_with_what_it_does(run, here):
    (here / "quick.show").write_text(QUICK)
    ran = run("run", "quick.show", "--doubles", "all", "--yes")
    said = [line.split("  ", 1)[1] for line in ran.err.splitlines() if re.match(r"\d\d:\d\d", line)]
    assert said == [
        "segment main",
        "line 1  animaze scene Spaceship; live2d set ParamAngleY 10 for 50ms",
        "line 2  say happy 'hi'",
    ]


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


def started(here, *words):
    environment = {**os.environ, "SHOWRUNNER_STATE": str(here / ".state"), "PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    return Pressed(*words, cwd=here, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c_ends_in_order_and_twice_at_once_with_130(here, times):
    (here / "long.show").write_text("at 10ms animaze scene Spaceship\nat 20ms log 'begun'\nat 1h log 'never'\n")
    process = started(here, "run", "long.show", "--doubles", "all", "--yes", "--journal", "out.journal")
    with process:
        for line in process.stderr:
            if line.endswith("  begun\n"):  # the log's own line; the cue's line has the word, too
                for _ in range(times):
                    process.ctrl_c()
        assert process.wait(timeout=30) == 130
    entries = [json.loads(line) for line in (here / "out.journal").read_text(encoding="utf-8").splitlines()]
    assert (entries[-1]["kind"], entries[-1]["result"]) == ("end", "interrupted")


@pytest.mark.parametrize("command", ["run", "rehearse", "resume"])
def test_ctrl_c_while_a_show_is_closed_takes_none_of_its_journal(run, here, monkeypatch, command):
    (here / "a.show").write_text("at 10ms log 'begun'\nat 20ms log 'over'\n")
    words = {
        "run": ["a.show", "--doubles", "all", "--journal", "out.journal"],
        "rehearse": ["a.show", "--doubles", "all", "--journal", "out.journal", "--no-console"],
        "resume": ["broken.journal"],
    }[command]
    if command == "resume":
        assert run("run", "a.show", "--doubles", "all", "--yes", "--journal", "broken.journal").code == 0
        whole = (here / "broken.journal").read_text(encoding="utf-8").splitlines(keepends=True)
        (here / "broken.journal").write_text("".join(whole[:-3]), encoding="utf-8")
    close = Live.close

    def pressed(live: Live) -> None:
        signal.raise_signal(signal.SIGINT)
        close(live)

    monkeypatch.setattr(Live, "close", pressed)
    assert run(command, *words, "--yes").code == 0
    written = max(here.glob("*.journal*"), key=lambda one: one.stat().st_mtime_ns)
    last = json.loads(written.read_text(encoding="utf-8").splitlines()[-1])
    assert (last["kind"], last["result"]) == ("end", "done")


def test_a_third_ctrl_c_gives_the_terminal_back_and_waits_for_nothing(monkeypatch):
    done = []

    def leave(code):
        done.append(code)
        raise SystemExit(code)

    monkeypatch.setattr(live.os, "_exit", leave)
    monkeypatch.setattr(live.keyboard, "give_back", lambda: done.append("given back"))
    wired = SimpleNamespace(interrupted=0, inbox=SimpleNamespace(put=lambda _, pressed: done.append(pressed.action)))
    with live.interrupts(wired):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(SystemExit):
            signal.raise_signal(signal.SIGINT)
    assert done == ["interrupt", "interrupt", "given back", 130]


def test_simulate_says_where_it_listens_and_a_show_plays_on_it(run, here):
    process = started(here, "simulate", "animaze", "live2d", "--animaze", "0", "--live2d", "0", "--verbose")
    with process:
        told = (re.fullmatch(r"(\w+): listens at (\S+)\n", line) for line in process.stdout)
        urls = dict(one.groups() for one in itertools.islice(filter(None, told), 2))
        (here / "stage.yaml").write_text("devices:\n" + "".join(f"  {n}: {{url: '{u}'}}\n" for n, u in urls.items()))
        (here / "a.show").write_text("at 10ms animaze scene Spaceship; live2d set ParamAngleY 10 for 50ms\n")
        ran = run("run", "a.show", "--yes")
        process.ctrl_c()
        rest = process.stdout.read()
        assert process.wait(timeout=30) == 0
    assert ran.code == 0, ran.err
    assert "Spaceship" in rest
    assert (here / ".state/tokens.json").exists(), "the token is kept for the next run"

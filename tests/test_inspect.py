"""`inspect`, the window into the compiler: every layer of one show, to the byte; and that each line is where it says.

The show and its layers stand in `inspected/`; `SHOWRUNNER_UPDATE=1` writes the layers anew.
"""

import io
import os
import re
import sys
from pathlib import Path

import pytest

from showrunner import cli
from showrunner.reports import plan

HERE = Path(__file__).parent
INSPECTED = HERE / "inspected"
LAYERS = ("tokens", "nodes", "cues", "plan")
ACCEPTED = sorted(path.relative_to(HERE).as_posix() for path in (HERE / "language" / "accepted").glob("*.show"))


@pytest.fixture
def inspect(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path))

    def run(*words, typed=b""):
        monkeypatch.setattr(sys, "argv", ["showrunner", "inspect", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        with pytest.raises(SystemExit) as left:
            cli.main()
        caught = capsys.readouterr()
        return left.value.code or 0, caught.out, caught.err

    return run


@pytest.mark.parametrize("layer", LAYERS)
def test_every_layer_of_a_show_is_shown_a_thing_a_line_with_its_place(inspect, monkeypatch, layer):
    monkeypatch.chdir(INSPECTED)
    code, out, err = inspect("evening.show", f"--{layer}")
    assert (code, err) == (0, "")
    kept = INSPECTED / f"evening.{layer}"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        kept.write_text(out, encoding="utf-8", newline="\n")
    assert out == kept.read_text(encoding="utf-8")


def test_a_when_is_shown_behind_the_tracks_with_its_first_turn(inspect, tmp_path):
    script = tmp_path / "a.show"
    script.write_text("when button boo\n  log 'boo'\nat 0s  log 'hello'\n", "utf-8")
    code, out, _ = inspect(str(script), "--cues")
    assert code == 0
    assert [line.split()[1:] for line in out.splitlines()[2:]] == [
        ["L1", "Cue", "at=0"],
        ["When", "habit='queue'", "takes=0"],
        ["L1#1/L2", "Cue", "at=0"],
        ["Log", "message='boo'"],
    ]


@pytest.mark.parametrize("path", ACCEPTED)
def test_a_token_stands_where_it_is_said_to_stand(inspect, monkeypatch, path):
    monkeypatch.chdir(HERE)
    code, out, _ = inspect(path, "--tokens")
    assert code == 0
    for line in out.splitlines():
        file, number, column, text = re.fullmatch(r"(\S+?):(\d+):(\d+) +\w+ +(.*)", line).groups()
        written = Path(file).read_text(encoding="utf-8").split("\n")[int(number) - 1]
        assert written[int(column) - 1 :].startswith(text)


@pytest.mark.parametrize("path", ACCEPTED)
@pytest.mark.parametrize("layer", ["nodes", "cues"])
def test_a_node_and_a_step_begin_where_a_word_begins(inspect, monkeypatch, path, layer):
    monkeypatch.chdir(HERE)
    _, out, _ = inspect(path, "--tokens")
    words = {line.split(" ")[0] for line in out.splitlines()}
    code, out, _ = inspect(path, f"--{layer}")
    assert code == 0
    assert out
    for line in out.splitlines():
        place = line.split(" ")[0]
        # An insert stands inside of a string, which is one token.
        assert place in words or " Insert " in line


def test_standard_input_is_read(inspect):
    code, out, err = inspect("-", "--tokens", typed=b"at 1s stop\n")
    assert (code, err) == (0, "")
    assert out == "-:1:1  AT        at\n-:1:4  DURATION  1s\n-:1:7  STOP      stop\n"


def test_a_show_that_does_not_check_leaves_with_1_and_shows_what_was_understood(inspect):
    typed = b"at 5s stop\nat 5 log 'x'\nthen log 'y'\n"
    code, out, err = inspect("-", "--nodes", typed=typed)
    assert code == 1
    assert [line.split()[0] for line in out.splitlines() if line.endswith("Cue")] == ["-:1:1", "-:2:1", "-:3:1"]
    assert err.startswith("error[E101]: `5` is a number without a unit, not a time\n")
    code, out, err = inspect("-", "--tokens", typed=typed)
    assert (code, [line for line in out.splitlines() if line.startswith("-:2:")]) == (1, ["-:2:1   AT        at"])
    for layer in ("cues", "plan"):
        code, out, _ = inspect("-", f"--{layer}", typed=typed)
        assert (code, out) == (1, "")


def test_a_script_that_is_not_there_leaves_with_1(inspect, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for layer in LAYERS:
        code, out, err = inspect("missing.show", f"--{layer}")
        assert (code, out) == (1, "")
        assert "missing.show" in err


@pytest.mark.parametrize("words", [[], ["--tokens", "--nodes"]])
def test_one_layer_is_shown_at_a_time(inspect, words):
    code, out, err = inspect("-", *words, typed=b"at 1s stop\n")
    assert (code, out) == (2, "")
    assert "`--tokens`, `--nodes`, `--cues` and `--plan`" in err


def test_what_is_too_long_to_look_ahead_is_planned_so_far(inspect, monkeypatch):
    monkeypatch.setattr(plan, "LEAST", 5)
    monkeypatch.setattr(plan, "EACH", 1)
    code, out, _ = inspect("-", "--plan", typed=b"at 0s repeat 100 times every 1s\n  log 'x'\n")
    assert code == 0
    assert out.splitlines()[-1].endswith("… and it goes on: further ahead nobody looks")


def test_what_somebody_wrote_moves_no_cursor(inspect):
    _, out, _ = inspect("-", "--nodes", typed="at 1s log '\u202eabc\u200b'\n".encode())
    assert "\u202e" not in out
    assert "\u200b" not in out

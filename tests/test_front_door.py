"""The front door of the Python API: what a program of one's own gets, and what it costs to come in."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import showrunner
from showrunner import Refusal, check, dry_run, plan, prepare
from showrunner.engine.journal import line

SHOW = """\
segment one
  at 1s  say "Hello, everyone!"
segment two
  at 0s  animaze emote Emote_Wave for 2s
  then   hold "ready?"
"""


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "a.show"
    path.write_text(SHOW, "utf-8")
    return path


def test_coming_in_reads_nothing_of_what_is_behind_the_door():
    program = "import json, showrunner, sys; print(json.dumps([m for m in sys.modules if m.startswith('showrunner')]))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == ["showrunner"]


def test_every_name_on_the_door_is_there_says_what_it_gives_and_no_other_is():
    for name in showrunner.__all__:
        assert name in dir(showrunner)
        assert getattr(showrunner, name).__doc__
    with pytest.raises(AttributeError, match="has no attribute 'dry_runs'"):
        _ = showrunner.dry_runs


def test_a_show_comes_with_its_stage_and_what_was_found(script):
    show = prepare(script)
    assert [segment.name for segment in show.cues.segments] == ["one", "two"]
    assert show.stage.fixtures["animaze"].settings["url"] == "ws://localhost:9000"
    assert check(show).right
    assert str(check(show)) == ""


def test_another_stage_and_catalogue_are_taken_where_they_are_named(script, tmp_path):
    (tmp_path / "night.yaml").write_text("devices: {animaze: {url: 'ws://localhost:9001'}}", "utf-8")
    (tmp_path / "names.yaml").write_text("animaze: {emotes: [Emote_Bow]}", "utf-8")
    show = prepare(script, stage=tmp_path / "night.yaml", catalogue=tmp_path / "names.yaml")
    assert show.stage.fixtures["animaze"].settings["url"] == "ws://localhost:9001"
    assert not check(show).right
    assert [(one.place.line, one.severity) for one in check(show).findings] == [(4, "error")]
    assert "Emote_Wave" in str(check(show))


def test_a_plan_has_its_times_in_microseconds(script):
    planned = plan(prepare(script))
    assert [(one.name, one.start) for one in planned.segments] == [("one", 0), ("two", planned.voices[0].end)]
    assert planned.voices[0].start == 1_000_000
    assert planned.goes == 1


def test_a_dry_run_gives_the_journal_and_how_it_ended(script):
    heard = []
    ran = dry_run(prepare(script), heard.append, go_after=3_000_000)
    assert (ran.result, ran.bad, ran.counts["done"]) == ("done", False, 2)
    assert list(ran.journal) == heard
    (pressed,) = [entry for entry in ran.journal if entry["kind"] == "operator"]
    (held,) = [entry for entry in ran.journal if entry["kind"] == "wait" and entry["for"] == "go ready?"]
    assert pressed["at"] - held["at"] == 3_000_000
    again = dry_run(prepare(script), go_after=3_000_000)
    assert [line(one) for one in again.journal] == [line(one) for one in ran.journal]


def test_a_part_of_a_show_is_named_as_on_the_command_line(script):
    ran = dry_run(prepare(script), only="two", latency=5_000)
    assert [entry["segment"] for entry in ran.journal if entry["kind"] == "segment"] == ["two"]
    assert dry_run(prepare(script), until="two").counts["done"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"start": "twoo"}, "there is no segment or cue called `twoo`; did you mean `two`?"),
        ({"on_failure": "go on"}, "on_failure is `continue`, `stop` or `hold`, not `go on`"),
    ],
)
def test_what_cannot_be_done_is_a_refusal_in_words(script, options, said):
    with pytest.raises(Refusal) as refused:
        dry_run(prepare(script), **options)
    assert str(refused.value) == refused.value.message == said


@pytest.mark.parametrize("work", [plan, dry_run])
def test_a_show_with_errors_is_neither_planned_nor_played(script, work):
    script.write_text("at 1s  sya 'hi'\n", "utf-8")
    with pytest.raises(Refusal, match="has errors") as refused:
        work(prepare(script))
    assert refused.value.way_out == "`check` says which"


def test_a_script_that_cannot_be_read_is_a_finding(tmp_path):
    assert [one.code for one in check(prepare(tmp_path / "none.show")).findings] == ["E001"]


def test_the_door_is_typed():
    assert (Path(showrunner.__file__).parent / "py.typed").exists()

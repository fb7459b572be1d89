"""What a cue is called, and that nobody is misled by a name: files in folders, cues named `A/B test` and `take #1`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from showrunner.cli.table import table
from showrunner.cli.terminal.status import Status
from showrunner.console.score import score
from showrunner.console.scores import Scores
from showrunner.engine.messages import Options
from showrunner.reports import points
from showrunner.reports.curves import numbers
from showrunner.reports.entries import read
from showrunner.reports.now import Present
from showrunner.reports.plan import plan
from showrunner.reports.timetable import said
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import Prepared, prepare
from showrunner.timeline.labels import Label, Labels, path_of, place_of, seen_from
from showrunner.timeline.revise import compare

HERE = Path(__file__).parent
SHOWS = sorted({*(HERE / "performances").glob("*.show"), *(HERE.parent / "shows").glob("*/*.show")})

ODD = """\
include "parts/song.show"
define "big/wave #2"
  at 0s  log "in"
  cue "in/out" at 1s  log "out"
segment opening
  cue "A/B test" at 1s  live2d set ParamAngleX 5 for 1s; do "big/wave #2"
  cue "take #1" at 4s
    say "one" and meanwhile
      cue "A" at 0s  live2d set ParamAngleY 3
      at 200ms  log "inside"
  then repeat 2 times every 1s
    cue "B/#2" at 0s  log "turn"
    at 500ms  do "big/wave #2"
"""

PART = """\
segment song
  at 1s  say "in a folder"
  then hold "now"
  at 3s  log "behind"
  track body
    cue kick at 1s  live2d move ParamAngleX to 4 over 1s
"""


def played(path: Path) -> Prepared:
    with contextlib.chdir(path.parent):
        return prepare(path.name)


def written(folder: Path, text: str = ODD, part: str = PART) -> Prepared:
    (folder / "parts").mkdir(exist_ok=True)
    (folder / "odd.show").write_text(text, "utf-8")
    (folder / "parts" / "song.show").write_text(part, "utf-8")
    prepared = played(folder / "odd.show")
    assert prepared.cues is not None, prepared.findings
    return prepared


@pytest.fixture
def odd(tmp_path: Path) -> Prepared:
    return written(tmp_path)


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_what_the_plan_calls_a_cue_is_found_again(path: Path) -> None:
    found = played(path)
    assert found.cues is not None
    labels = Labels(found.cues)
    planned = plan(found.cues, found.stage.fixtures, found.inventories)
    waits = [wait for wait in planned.waits if wait.where[2]]  # what ends a segment belongs to no cue
    for one in (*planned.cues, *planned.commands, *waits):
        place = labels.at(one.where)
        assert place is not None
        assert place.key == one.where


def test_a_label_is_taken_apart_by_the_show_it_is_from(odd: Prepared) -> None:
    assert odd.cues is not None
    labels = Labels(odd.cues)
    known = {}
    for cue in plan(odd.cues, odd.stage.fixtures, odd.inventories).cues:
        place = labels.at(cue.where)
        assert place is not None
        label = place.label
        top = place.top.label.text()
        known[cue.where[2]] = (label.own, top, label.turns, Path(place.within.file).name, place.line)
        # What the engine says of it, which has built it, is what the reader has taken apart.
        assert cue.label == label
    assert known == {
        "A/B test": ("A/B test", "A/B test", (), "odd.show", 6),
        "A/B test/big/wave #2/L3": ("L3", "A/B test", (), "odd.show", 3),
        "A/B test/big/wave #2/in/out": ("in/out", "A/B test", (), "odd.show", 4),
        "take #1": ("take #1", "take #1", (), "odd.show", 7),
        "take #1/A": ("A", "take #1", (), "odd.show", 9),
        "take #1/L10": ("L10", "take #1", (), "odd.show", 10),
        "L11": ("L11", "L11", (), "odd.show", 11),
        "L11#1/B/#2": ("B/#2", "L11", (1,), "odd.show", 12),
        "L11#1/L13": ("L13", "L11", (1,), "odd.show", 13),
        "L11#1/L13/big/wave #2/L3": ("L3", "L11", (1,), "odd.show", 3),
        "L11#1/L13/big/wave #2/in/out": ("in/out", "L11", (1,), "odd.show", 4),
        "L11#2/B/#2": ("B/#2", "L11", (2,), "odd.show", 12),
        "L11#2/L13": ("L13", "L11", (2,), "odd.show", 13),
        "L11#2/L13/big/wave #2/L3": ("L3", "L11", (2,), "odd.show", 3),
        "L11#2/L13/big/wave #2/in/out": ("in/out", "L11", (2,), "odd.show", 4),
        "parts/song.show:L2": ("parts/song.show:L2", "parts/song.show:L2", (), "song.show", 2),
        "parts/song.show:L3": ("parts/song.show:L3", "parts/song.show:L3", (), "song.show", 3),
        "parts/song.show:L4": ("parts/song.show:L4", "parts/song.show:L4", (), "song.show", 4),
        "kick": ("kick", "kick", (), "song.show", 6),
    }


NO_CUES = ("", "/", "L6", "A", "A/B test/L9", "take #1/", "take #1/L11", "L11/B/#2", "L11#1/", "L11#1/take #1")


@pytest.mark.parametrize("text", NO_CUES)
def test_what_no_cue_is_called_is_none(odd: Prepared, text: str) -> None:
    assert odd.cues is not None
    assert Labels(odd.cues).of({"segment": "opening", "track": "main", "cue": text}) is None
    assert Labels(odd.cues).of({"kind": "operator"}) is None


def test_a_file_is_seen_from_the_folder_of_the_script_and_found_from_there() -> None:
    for main, path, file in (
        ("a.show", "a.show", None),
        ("a.show", "b/c.show", "b/c.show"),
        ("x/a.show", "x/b/c.show", "b/c.show"),
        ("x/a.show", "x/a.show", None),
    ):
        assert seen_from(main, path) == file
        assert path_of(main, file) == path
        assert place_of(Label(file, 12).text()) == (file, 12)


def test_curves_and_spoken_words_are_those_of_a_cue_whatever_it_is_called(odd: Prepared) -> None:
    assert odd.cues is not None
    planned = plan(odd.cues, odd.stage.fixtures, odd.inventories)
    drawn = [(one.property, one.to) for one in numbers(planned.curves)]
    assert drawn == [("ParamAngleX", 4), ("ParamAngleX", 5), ("ParamAngleY", 3)]
    made = score(odd.cues, planned, odd.texts, odd.stage.fixtures)
    assert b'"said":"one"' in Scores().answer(made, packed=False)
    assert [text for text in map(said, planned.commands) if text is not None] == ["in a folder", "one"]


def test_an_edit_names_a_cue_of_an_included_file_as_everything_else_does(tmp_path: Path) -> None:
    before = written(tmp_path).cues
    after = written(tmp_path, part=PART.replace('say "in a', 'say "out of a').replace('  then hold "now"\n', "")).cues
    assert before is not None
    assert after is not None
    change = compare(before, after)
    assert (change.added, change.removed) == ((), ("song/parts/song.show:L3",))
    assert change.changed == ("song/parts/song.show:L2",)


def test_the_table_says_why_a_cue_comes_late_whatever_it_is_called(tmp_path: Path) -> None:
    late = (
        "segment song\n"
        '  cue "A/B test" at 0s  say "A long line, longer than a second." and wait\n'
        '  cue "take #1" at 1s   log "late"\n'
        '  at 4s                 log "later"\n'
    )
    prepared = written(tmp_path, 'include "parts/song.show"\n', late)
    assert prepared.cues is not None
    entries: list[dict[str, Any]] = []
    dry_run(prepared.cues, prepared.stage.fixtures, entries.append, options=Options(auto=True))
    rows = table(read(entries, {}), prepared.cues).splitlines()
    said = [row[row.index("log") :].split("  ", 1)[1].strip() for row in rows if "log" in row]
    assert said == [
        "(1.3 s late because of A/B test)",
        "(1.3 s after its written time since A/B test)",
    ]


def test_next_and_previous_go_to_every_cue_of_a_track_and_to_no_other(odd: Prepared) -> None:
    assert odd.cues is not None
    planned = plan(odd.cues, odd.stage.fixtures, odd.inventories)
    gone, place = [], ("song", 0)
    while (found := points.neighbour(planned, odd.cues, *place, forward=True)) is not None:
        gone.append(found[0])
        place = (odd.cues.segments[found[1].first].name, found[1].point)
        assert points.excerpt(planned, odd.cues, found[0], None, None) == found[1]
    assert gone == [
        "song/parts/song.show:L2",
        "song/parts/song.show:L3",
        "song/parts/song.show:L4",
        "opening/A/B test",
        "opening/take #1",
        "opening/L11",
    ]
    before = [points.neighbour(planned, odd.cues, *place, forward=False)]
    assert before[0] is not None
    assert before[0][0] == "opening/take #1"


def test_what_comes_at_once_behind_a_cue_is_told_whatever_the_cue_is_called(tmp_path: Path) -> None:
    held = 'segment song\n  cue "A/B" at 1s  hold "now"\n  then  log "at once"\n  at 3s  log "later"\n'
    prepared = written(tmp_path, 'include "parts/song.show"\n', held)
    assert prepared.cues is not None
    planned = plan(prepared.cues, prepared.stage.fixtures, prepared.inventories)
    assert points.follows_at_once(planned, ("song", "main", "A/B"))
    assert not points.follows_at_once(planned, ("song", "main", "parts/song.show:L3"))


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("A/B test", 4),
        ("opening/A/B test", 4),
        ("take #1", 7),
        ("A", 7),
        ("take #1/A", 7),
        ("in/out", 5),
        ("B/#2", 7.4),
        ("opening/L11#2/L13", 9.4),
        ("parts/song.show:L4", 3),
        ("song/parts/song.show:L4", 3),
    ],
)
def test_a_point_is_found_by_its_cues_name_with_or_without_the_way_to_it(odd: Prepared, text: str, at: float) -> None:
    assert odd.cues is not None
    planned = plan(odd.cues, odd.stage.fixtures, odd.inventories)
    assert points.find(planned, text) == at * 1_000_000


def test_a_loop_between_two_cues_with_blanks_in_their_names_is_read_from_the_journal(odd: Prepared) -> None:
    assert odd.cues is not None
    planned = plan(odd.cues, odd.stage.fixtures, odd.inventories)
    meant = points.excerpt(planned, odd.cues, "A/B test", "take #1", None)
    assert points.asked(planned, odd.cues, "loop", "A/B test take #1") == meant
    assert points.asked(planned, odd.cues, "loop", "nowhere take #1") is None


def test_a_segment_may_have_a_slash_in_its_name_too(tmp_path: Path) -> None:
    prepared = written(
        tmp_path, 'segment "a"\n  at 1s  log "x"\nsegment "a/b"\n  cue c at 1s  log "y"\n  cue "b/c" at 2s  log "z"\n'
    )
    assert prepared.cues is not None
    planned = plan(prepared.cues, prepared.stage.fixtures, prepared.inventories)
    expected = {"a/b": 1, "a/b/c": 2, "a/b/b/c": 3, "b/c": 3, "a/L2": 1, "a/b+1s": 2}
    assert {text: points.find(planned, text) for text in expected} == {
        text: second * 1_000_000 for text, second in expected.items()
    }
    assert isinstance(points.find(planned, "a/b/d"), points.Unknown)


def test_the_status_line_and_the_cues_around_say_what_a_cue_does_whatever_it_is_called(
    odd: Prepared, capsys: pytest.CaptureFixture[str]
) -> None:
    assert odd.cues is not None
    present = Present(odd.cues, plan(odd.cues, odd.stage.fixtures, odd.inventories))
    status = Status(present, lambda: None)
    for cue in ("A/B test", "take #1", "L11", "L11#2/L13/big/wave #2/in/out"):
        entry = {"kind": "cue", "at": 0, "segment": "opening", "track": "main", "cue": cue}
        present.take(entry)
        status(entry)
    assert capsys.readouterr().err.splitlines() == [
        '00:00.000  A/B test  live2d set ParamAngleX 5 for 1s; do "big/wave #2"',
        '00:00.000  take #1  say "one" and meanwhile',
        "00:00.000  line 11  repeat 2 times every 1s",
        '00:00.000  in/out, turn 2  log "out"',
    ]
    assert status.around() == [
        "segment opening",
        '   at 0s     B/#2, turn 1     passed  log "turn"',
        '   at 500ms  line 13, turn 1  passed  do "big/wave #2"',
        '   at 0s     line 3, turn 1   passed  log "in"',
        '   at 1s     in/out, turn 1   passed  log "out"',
    ]

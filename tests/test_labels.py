"""What a cue is called, and that nobody is misled by a name: files in folders, cues named `A/B test` and `take #1`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from showrunner.cli.table import table
from showrunner.console.score import score
from showrunner.console.scores import Scores
from showrunner.engine.messages import Options
from showrunner.reports.curves import numbers
from showrunner.reports.plan import plan
from showrunner.reports.timetable import said
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import Prepared, prepare
from showrunner.timeline.labels import Label, Labels, path_of, place_of, seen_from, walk
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
    labels, walked = Labels(found.cues), {(s.block.segment, s.block.track, s.label) for s in walk(found.cues)}
    planned = plan(found.cues, found.stage.fixtures, found.inventories)
    for one in (*planned.cues, *planned.commands, *planned.waits):
        spot = labels.at(one.where)
        assert spot is not None
        assert spot.key == one.where
        assert (*spot.key[:2], spot.label.in_any_turn()) in walked


def test_a_label_is_taken_apart_by_the_show_it_is_from(odd: Prepared) -> None:
    assert odd.cues is not None
    labels = Labels(odd.cues)
    known = {}
    for cue in plan(odd.cues, odd.stage.fixtures, odd.inventories).cues:
        spot = labels.at(cue.where)
        assert spot is not None
        label = spot.label
        home = None if label.home is None else label.home.text()
        known[cue.where[2]] = (label.own, label.top.text(), label.turns, home, Path(spot.block.file).name, spot.line)
    assert known == {
        "A/B test": ("A/B test", "A/B test", (), None, "odd.show", 6),
        "A/B test/big/wave #2/L3": ("L3", "A/B test", (), None, "odd.show", 3),
        "A/B test/big/wave #2/in/out": ("in/out", "A/B test", (), None, "odd.show", 4),
        "take #1": ("take #1", "take #1", (), None, "odd.show", 7),
        "take #1/A": ("A", "take #1", (), "take #1", "odd.show", 9),
        "take #1/L10": ("L10", "take #1", (), "take #1", "odd.show", 10),
        "L11": ("L11", "L11", (), None, "odd.show", 11),
        "L11#1/B/#2": ("B/#2", "L11", (1,), None, "odd.show", 12),
        "L11#1/L13": ("L13", "L11", (1,), None, "odd.show", 13),
        "L11#1/L13/big/wave #2/L3": ("L3", "L11", (1,), None, "odd.show", 3),
        "L11#1/L13/big/wave #2/in/out": ("in/out", "L11", (1,), None, "odd.show", 4),
        "L11#2/B/#2": ("B/#2", "L11", (2,), None, "odd.show", 12),
        "L11#2/L13": ("L13", "L11", (2,), None, "odd.show", 13),
        "L11#2/L13/big/wave #2/L3": ("L3", "L11", (2,), None, "odd.show", 3),
        "L11#2/L13/big/wave #2/in/out": ("in/out", "L11", (2,), None, "odd.show", 4),
        "parts/song.show:L2": ("parts/song.show:L2", "parts/song.show:L2", (), None, "song.show", 2),
        "parts/song.show:L3": ("parts/song.show:L3", "parts/song.show:L3", (), None, "song.show", 3),
        "parts/song.show:L4": ("parts/song.show:L4", "parts/song.show:L4", (), None, "song.show", 4),
        "kick": ("kick", "kick", (), None, "song.show", 6),
    }


@pytest.mark.parametrize(
    "text",
    ["", "L6", "A", "B test", "A/B test/L9", "take #1/", "take #1/L11", "L11/B/#2", "L11#1/", "L11#1/take #1", "/"],
)
def test_what_no_cue_is_called_is_none(odd: Prepared, text: str) -> None:
    assert odd.cues is not None
    assert Labels(odd.cues).of({"segment": "opening", "track": "main", "cue": text}) is None
    assert Labels(odd.cues).of({"kind": "operator"}) is None


def test_a_label_is_inside_another_by_its_way_and_not_by_its_letters() -> None:
    outer, other = Label(None, 7), Label(None, 7, "L7/L8")
    assert not other.within(outer)
    assert outer.within(outer)


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
    rows = table(entries, Labels(prepared.cues)).splitlines()
    said = [row[row.index("log") :].split("  ", 1)[1].strip() for row in rows if "log" in row]
    assert said == [
        "1.3 s late because of A/B test",
        "1.3 s after its written time since A/B test",
    ]

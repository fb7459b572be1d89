"""The show as a picture: one golden drawing, and what must hold for every other."""

import os
import re
import sys
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from showrunner import cli
from showrunner.drawing import paper
from showrunner.drawing.page import page
from showrunner.drawing.paper import Room, fitting, lines, tail
from showrunner.drawing.rows import rows
from showrunner.drawing.score import Spot, gathered, score
from showrunner.drawing.svg import svg
from showrunner.reports.plan import plan
from showrunner.show.prepare import prepare

ROOT = Path(__file__).parent.parent
DRAWINGS = Path(__file__).parent / "drawings"
SVG = "{http://www.w3.org/2000/svg}"


def scored(path):
    prepared = prepare(str(path))
    assert prepared.cues is not None, prepared.findings
    fixtures = prepared.stage.fixtures
    planned = plan(prepared.cues, fixtures, prepared.inventories)
    return score(planned, prepared.cues, prepared.fixtures)


@pytest.fixture
def drawn(tmp_path):
    def drawn(text):
        path = tmp_path / "a.show"
        path.write_text(text, "utf-8")
        return scored(path)

    return drawn


def parsed(picture):
    return ET.fromstring(picture)  # noqa: S314 - we have written it


def texts(picture):
    return [element.text or "" for element in parsed(picture).iter(f"{SVG}text")]


def test_the_picture_of_a_small_show(monkeypatch):
    monkeypatch.chdir(DRAWINGS)
    expected = DRAWINGS / "small.svg"
    picture = svg(scored("small.show"))
    if os.environ.get("SHOWRUNNER_UPDATE"):
        expected.write_text(picture, "utf-8", newline="\n")
    assert picture == expected.read_text("utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "shows").glob("*/*.show")), ids=lambda path: path.stem)
def test_every_show_can_be_drawn_and_its_segments_voices_and_holds_are_in_it(path):
    drawing = scored(path)
    picture = svg(drawing)
    shown = texts(picture)
    for part in drawing.parts:
        assert part.title or part.name in shown
        for one in part.breaks:
            assert f"stands until {one.kind}" in picture
    assert {name for part in drawing.parts for name in part.devices} <= set(shown)
    assert parsed(page(drawing).partition("\n")[2].partition('<div class="wide">')[2].partition("</div>")[0])


def test_nothing_in_a_picture_is_a_program_or_comes_from_elsewhere(drawn):
    hostile = "</title><script>alert(1)</script>&lt; \\u{202E}\\u{7}"
    drawing = drawn(
        f"show '{hostile}'\nsegment s '{hostile}'\n  at 0s animaze emote '{hostile}'; say '{hostile}'\n"
        f"  then hold '{hostile}'\n"
    )
    for picture in (svg(drawing), page(drawing)):
        assert "<script>alert" not in picture
        assert "\x07" not in picture
        assert set(re.findall(r"https?://[^\s\"<)]+", picture)) == {"http://www.w3.org/2000/svg"}
        assert not re.search(
            r"\son\w+=|<(?:img|iframe|object|embed|link|foreignObject|use|image)\b|@import|url\(", picture
        )
    assert texts(svg(drawing))[0].startswith("</title><script>alert(1)</script>")


def test_a_picture_has_a_name_and_a_description_for_those_who_hear_it(drawn):
    root = parsed(svg(drawn("show 'Mine'\nsegment a 'One'\n  at 1s log 'x'\nsegment b\n  at 0s log 'x'\n")))
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root if element.get("id")}
    assert [named[one] for one in root.get("aria-labelledby").split()] == [
        "Mine",
        "A show of 0:01 with 2 cues. Segments: One from 00:00, b from 00:01.",
    ]


def test_a_hold_is_a_break_in_the_ruler_and_what_comes_after_it_stands_behind_it(drawn):
    drawing = drawn("at 0s say 'one two three'\nthen hold 'ready?'\nthen animaze emote Wave\n")
    part = drawing.parts[0]
    assert [(one.kind, one.label) for one in part.breaks] == [("GO", "ready?")]
    wave = part.devices["animaze"][0]
    assert (wave.start, wave.end) == (Spot(part.breaks[0].spot.at, 1), Spot(part.breaks[0].spot.at, 1))
    sheet = paper.paper(drawing, 1000, 100)
    assert sheet.along(wave.start) - sheet.along(part.breaks[0].spot) == pytest.approx(paper.BREAK)


def test_what_stands_side_by_side_is_drawn_side_by_side_and_what_follows_each_behind_all_of_it(drawn):
    drawing = drawn(
        "segment s\n  at 1s hold 'left'\n  then log 'behind left'\n"
        "  track b\n    at 1s wait for button right\n    then animaze emote Wave\n"
        "  track c\n    at 1s log 'beside'\n    at 2s log 'later'\n"
    )
    part = drawing.parts[0]
    assert [(one.label, one.spot.breaks) for one in part.breaks] == [("left", 0), ("right", 1)]
    begun = {name: [mark.spot.breaks for mark in marks] for name, marks in part.tracks.items()}
    assert begun == {"main": [0, 2], "b": [0, 2], "c": [2, 2]}
    assert part.devices["animaze"][0].start == Spot(1_000_000, 2)


def test_one_list_that_stands_twice_at_one_instant_stands_one_after_the_other(drawn):
    part = drawn("at 1s hold 'one'\nthen hold 'two'\nthen log 'over'\n").parts[0]
    assert [mark.spot.breaks for mark in part.tracks["main"]] == [0, 1, 2]


def test_the_bars_of_a_song_have_numbers_beside_the_seconds(drawn):
    song = "  at 0s hold 'x'\n  at bar 1 log 'one'\n  at bar 4 log 'four'\n"
    drawing = drawn(f"segment a\n  at 0s wait 3s\nsegment b tempo 120 offset 500ms\n{song}")
    (row,) = rows(drawing.parts[1], sheet := paper.paper(drawing, 1160, 112))
    assert [number for number, _ in row.bars] == [1, 2, 3, 4]
    along = [sheet.along(Spot(at, 1)) for at in (3_500_000, 5_500_000, 7_500_000, 9_500_000)]
    assert [place for _, place in row.bars] == along
    assert texts(svg(drawing)).count("bar") == 1
    assert rows(drawing.parts[0], sheet)[0].bars == []


def test_of_many_bars_as_many_have_numbers_as_have_room(drawn):
    drawing = drawn("segment a tempo 300\n  at bar 1 log 'x'\n  at bar 700 log 'y'\n")
    numbers = [number for row in rows(drawing.parts[0], paper.paper(drawing, 1160, 112)) for number, _ in row.bars]
    steps = {after - before for before, after in pairwise(numbers)}
    assert numbers[0] == 1
    assert steps == {2}


def test_the_words_of_a_song_are_drawn(drawn):
    picture = svg(drawn("at 1s log 'La la la'\nat 4s log 'and la'\n"))
    assert {"log", "La la la", "and la"} <= {*texts(picture)}


def test_a_device_has_one_colour_in_every_show(drawn):
    alone = svg(drawn("at 0s live2d set A 1 for 1s\n"))
    second = svg(drawn("at 0s animaze emote Wave; say 'Hi'; live2d set A 1 for 1s\n"))
    [one], [other] = (re.findall(r'class="lane (t\d)"[^>]*>A<', picture) for picture in (alone, second))
    assert one == other


def test_curves_are_those_of_the_plan_and_their_commands_are_no_bars(drawn):
    drawing = drawn(
        "at 0s live2d move A from 0 to 8 over 2s ease in\nat 2s live2d set A 3 for 1s\nat 5s live2d clear\n"
    )
    part = drawing.parts[0]
    ways = [(c.start.at, c.arrives.at, c.end.at, c.begin, c.to, c.ease) for c in part.curves["live2d", "A"]]
    assert ways == [(0, 2_000_000, 2_000_000, 0, 8, "in"), (2_000_000, 2_000_000, 3_000_000, 3, 3, "linear")]
    assert drawing.ranges == {("live2d", "A"): (0, 8)}
    assert [bar.text for bar in part.devices["live2d"]] == ["clear"]


def test_what_is_said_has_every_value_filled_in_and_answers_by_their_names(drawn):
    drawing = drawn(
        "define greet(who)\n  say 'Hi {who}' and wait\n"
        "segment s\n  at 0s do greet('Ann'); do greet('Bob')\n  then animaze chat 'q' -> joke or 'none'\n"
        "  then repeat 2 times every 9s\n    at 0s say 'He said {joke}'\n"
    )
    assert [bar.text for bar in drawing.parts[0].devices["aituber"]] == ["Hi Ann", "Hi Bob", *["He said {joke}"] * 2]


# ----------------------------------------------------------------------------------------------------------- long shows


def boxes(picture):
    """Give (left, right, top, bottom) of every text, as wide as it is guessed to be."""
    for element in parsed(picture).iter(f"{SVG}text"):
        text, kind = element.text or "", element.get("class") or ""
        if not text or element.get("transform") or "big" in kind or "head" in kind:
            continue
        width, x, y = paper.breadth(text, 4.0), float(element.get("x")), float(element.get("y"))
        left = {"end": x - width, "middle": x - width / 2}.get(element.get("text-anchor"), x)
        yield left, left + width, y - 7, y, text


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    lines_ = ["show 'Long'"]
    for segment in range(10):
        lines_.append(f"segment s{segment}")
        for track in range(4):
            lines_.append(f"  track t{track}")
            for number in range(250):
                at = number * 1_440 + track * 300
                name = f"cue mark{number} " if track == 0 and number % 50 == 0 else ""
                does = [
                    f"animaze emote Emote_{number % 40}",
                    f"live2d set Param{number % 30} 1 for 500ms",
                    f"say 'This is line {number} of it'",
                    f"live2d move Angle to {number % 20} over 900ms ease in-out",
                ][track]
                lines_.append(f"    {name}at {at}ms {does}")
    path = tmp_path_factory.mktemp("long") / "long.show"
    path.write_text("\n".join(lines_) + "\n", "utf-8")
    return scored(path)


def test_ten_thousand_cues_make_a_picture_of_bounded_size_in_which_all_names_are_found(long):
    picture = svg(long)
    root = parsed(picture)
    assert float(root.get("height")) < 40_000
    assert len(picture) < 6_000_000
    shown = texts(picture)
    assert [name for name in shown if name.startswith("mark")] == [f"mark{n}" for n in range(0, 250, 50)] * 10
    assert "and 17 more that move" in shown
    assert page(long).count("<tr>") == 2_001


def test_no_two_labels_lie_on_each_other(long):
    for picture in (
        svg(long),
        svg(scored(ROOT / "shows/quiz/quiz.show")),
        svg(scored(ROOT / "shows/quiz/quiz.show"), width=390, gutter=66),
    ):
        lanes = {}
        for left, right, _, bottom, text in boxes(picture):
            lanes.setdefault(bottom, []).append((left, right, text))
        for lane in lanes.values():
            lane.sort()
            for (_, right, one), (left, _, other) in pairwise(lane):
                assert right <= left + 1, (one, other)


def test_many_holds_and_many_segments_stay_within_bounds(drawn):
    held = drawn("".join(f"at {n}s hold 'n{n}'; animaze emote E\n" for n in range(2_000)))
    assert float(parsed(svg(held)).get("height")) < 10_000
    parts = drawn("".join(f"segment s{n}\n  at 0s animaze emote E{n} for 300ms\n" for n in range(500)))
    together = gathered(parts)
    assert [part.name for part in together.parts[:2]] == ["s0 to s8", "s9 to s17"]
    assert len(together.parts) <= 60
    assert sum(len(part.tracks["segments"]) for part in together.parts) == 500
    assert float(parsed(svg(parts)).get("height")) < 15_000


def test_lines_break_at_no_break_and_leave_no_scrap(drawn):
    drawing = drawn("at 0s wait 20s; hold 'one'\nthen wait 6s\nthen hold 'two'\nthen say 'the end'\n")
    sheet = paper.Paper(width=134 + 26 * 40, gutter=112, second=40, pause=34)
    part = drawing.parts[0]
    assert sheet.line == 26 * 40
    broken = rows(part, sheet)
    ends = [(row.start, row.end) for row in broken]
    breaks = [sheet.along(one.spot) for one in part.breaks]
    assert all(not start < one + 34 or not one < start for start, _ in ends for one in breaks)
    assert [end for _, end in ends[:-1]] == [start for start, _ in ends[1:]]
    assert all(12 < end - start <= sheet.line + 12 for start, end in ends)


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("short", 100, "short"), ("rather long", 40, "rathe…"), ("x" * 9, 5, ""), ("日本語です", 40, "日本…")],
)
def test_a_text_that_does_not_fit_is_cut(text, width, shown):
    assert fitting(text, width) == shown


def test_texts_are_broken_at_blanks_and_others_anywhere():
    assert lines("Good morning to all of you", 64, 2) == ["Good", "morning t…"]
    assert lines("日本語の長い文章です", 40, 3) == ["日本", "語の", "長い…"]
    assert lines("Congratulations! Eat it", 60, 3) == ["Congratu…"]
    assert lines("", 60, 3) == []
    assert tail("ParamEyeLOpen", 54) == "…yeLOpen"


def test_labels_are_put_below_each_other_where_there_is_room():
    room = Room(2)
    assert [room.take(0, 50), room.take(10, 50), room.take(20, 5), room.take(54, 5)] == [0, 1, None, 0]
    assert room.used == 2


# ---------------------------------------------------------------------------------------------------- the command line


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("a.show").write_text("at 1s say 'hello'\n", "utf-8")
    Path("bad.show").write_text("at 1s sai 'hello'\n", "utf-8")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["showrunner", "timeline", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        caught = capsys.readouterr()
        return left.value.code or 0, caught.out, caught.err

    return run


def test_the_ending_of_the_name_says_what_is_drawn(run):
    assert run("a.show", "-o", "a.svg")[0] == run("a.show", "-o", "a.HTML")[0] == 0
    assert Path("a.svg").read_text("utf-8").startswith("<svg ")
    assert Path("a.HTML").read_text("utf-8").startswith("<!doctype html>")
    code, out, err = run("a.show", "-o", "-")
    assert (code, err) == (0, "")
    assert out == Path("a.svg").read_text("utf-8")


def test_a_show_with_mistakes_is_not_drawn(run):
    code, out, err = run("bad.show", "-o", "a.svg")
    assert (code, out, Path("a.svg").exists()) == (1, "", False)
    assert "error[" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["a.show", "-o", "a.png"], "the picture's name ends with .svg or .html, not `a.png`"),
        (["a.show", "-o", "svg"], "the picture's name ends with .svg or .html, not `svg`"),
        (["a.show", "-o", "no/such/a.svg"], "the picture `no/such/a.svg` cannot be written: no such file or directory"),
        (["a.show"], "Missing option"),
    ],
)
def test_a_name_that_cannot_be_is_wrong_usage(run, words, said):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_the_program_of_the_page_only_shows_texts():
    program = page(scored(DRAWINGS / "small.show")).partition("<script>")[2].partition("</script>")[0]
    assert "textContent" in program
    assert not re.search("innerHTML|eval|fetch|import|document.write", program)

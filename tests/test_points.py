"""Points of a show: where in the plan is what a seek names, and which cue is the next or the previous."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from showrunner.engine.messages import End, Excerpt
from showrunner.reports import points
from showrunner.reports.plan import plan
from showrunner.show.prepare import prepare
from showrunner.timeline import cues
from tests.toys import at, fixture, segment, send, show, track

ACT = send("act", ("NAME", "x"))
SECOND = 1_000_000
TURNS = cues.Repeat(2, SECOND, cues.Body((at(0, ACT, line=1),)), "", ACT.span)
SHOW = show(
    segment("one", track("main", at(0, ACT, name="first"), at(3 * SECOND, ACT))),
    segment("two", track("main", at(0, ACT, name="top"), at(SECOND, TURNS), at(4 * SECOND, ACT, name="last"))),
)
PLAN = plan(SHOW, {"toy": fixture()})


def neighbours(name: str, here: int) -> tuple[str | None, str | None]:
    found = [points.neighbour(PLAN, SHOW, name, here, forward=forward) for forward in (False, True)]
    before, after = (None if one is None else one[0] for one in found)
    return before, after


def test_next_and_previous_at_a_segments_start_cross_to_the_other_segment() -> None:
    assert neighbours("one", 0) == (None, "one/L2")
    assert neighbours("one", 3 * SECOND) == ("one/first", "two/top")
    assert neighbours("two", 3 * SECOND) == ("one/L2", "two/L4")
    assert neighbours("two", 3_500_000) == ("two/top", "two/L4")
    assert neighbours("two", 7 * SECOND) == ("two/L4", None)
    assert points.neighbour(PLAN, SHOW, "one", 3 * SECOND, forward=True) == ("two/top", Excerpt(3 * SECOND, 1))


def test_a_neighbour_is_the_same_point_as_its_name() -> None:
    for name, here in (("one", 0), ("one", 3 * SECOND), ("two", 3 * SECOND), ("two", 7 * SECOND)):
        for forward in (False, True):
            found = points.neighbour(PLAN, SHOW, name, here, forward=forward)
            assert found is None or points.excerpt(PLAN, SHOW, found[0], None, None) == found[1]


def test_of_a_segment_or_a_cue_all_segments_above_are_past_and_of_a_time_only_what_is_before_it() -> None:
    found = {text: points.excerpt(PLAN, SHOW, text, None, None) for text in ("two", "top", "two+1s", "two/last", "3s")}
    assert found == {
        "two": Excerpt(3 * SECOND, 1),
        "top": Excerpt(3 * SECOND, 1),
        "two+1s": Excerpt(4 * SECOND, 1),
        "two/last": Excerpt(7 * SECOND, 1),
        "3s": Excerpt(3 * SECOND, 0),
    }


def test_an_end_that_is_a_time_is_told_by_the_last_cue_of_a_track_before_it_and_one_that_is_a_cue_by_itself() -> None:
    def end(until: str) -> End | None:
        found = points.excerpt(PLAN, SHOW, None, until, None)
        assert isinstance(found, Excerpt)
        return found.until

    assert end("2s") == End("one", "main", "first", 2 * SECOND)
    assert end("3s") == End("one", "main", "first", 3 * SECOND)
    assert end("two+2500ms") == End("two", "main", "L4", 1_500_000)
    assert end("top") is None
    assert end("two") is None


def test_an_end_at_the_instant_of_the_start_is_one_if_it_names_a_later_segment(tmp_path: Path) -> None:
    script = tmp_path / "a.show"
    script.write_text("segment one\n  at 0s  hold\nsegment two\n  cue x at 0s  log 'no'\n", "utf-8")
    prepared = prepare(str(script))
    assert prepared.cues is not None
    planned = plan(prepared.cues, {}, {})
    for until in ("two", "x", "two/x"):
        found = points.excerpt(planned, prepared.cues, None, until, None)
        assert isinstance(found, Excerpt)
        assert ("two", "main", "x") in found.before
        assert ("one", "main", "L2") not in found.before
    for until in ("one", "0s", "one/L2", "L2"):
        assert isinstance(points.excerpt(planned, prepared.cues, None, until, None), points.Unknown)


ALL = "there are: `one`, `two`, `L2`, `L4`, `L5`, `first`, `last`, `top`"

WRONG = {
    "two+soon": "`soon` is no time; write `two+00:05` or `two+5s`",
    "8s": "`8s` is after the end: the plan is 0:07 long",
    "two+5s": "`two+5s` is after the end: the plan is 0:07 long",
    "01:5": "`01:5` is not a clock time; write it like `01:39` or `1:02:03`",
    "1:2:": "`1:2:` is not a clock time; write it like `01:39` or `1:02:03`",
    "1:02:03:04.5": "`1:02:03:04.5` is not a clock time; write it like `01:39` or `1:02:03`",
    "100": "`100` is a number without a unit, not a time; write `100s`, or a clock time like `01:39`",
    "1.5": "`1.5` is a number without a unit, not a time; write `1.5s`, or a clock time like `01:39`",
    "1.": f"there is no segment or cue called `1.`; {ALL}",
    "one/lst": "there is no cue in segment `one` called `lst`; there are: `L2`, `first`",
    "two/lst": "there is no cue in segment `two` called `lst`; did you mean `last`?",
    "onw": "there is no segment or cue called `onw`; did you mean `one`?",
    "lst": "there is no segment or cue called `lst`; did you mean `last`?",
    "tow+1s": "there is no segment called `tow`; did you mean `two`?",
    "first+1s": "there is no segment called `first`; there are: `one`, `two`",
    "first+soon": f"there is no segment or cue called `first+soon`; {ALL}",
    "+5s": f"there is no segment or cue called `+5s`; {ALL}",
    "": f"there is no segment or cue called ``; {ALL}",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_what_is_no_point_is_said_with_what_to_write_instead(text: str, said: str) -> None:
    assert points.find(PLAN, text) == points.Unknown(said)
    assert points.excerpt(PLAN, SHOW, text, "7s", None) == points.Unknown(said)
    assert points.excerpt(PLAN, SHOW, None, text, None) == points.Unknown(said)


def test_a_name_that_may_mean_several_points_is_said_with_all_of_them() -> None:
    text = show(
        segment("one", track("main", at(0, ACT, name="two"), at(SECOND, ACT, name="end"))),
        segment("two", track("main", at(SECOND, ACT, name="end"))),
    )
    planned = plan(text, {"toy": fixture()})
    several = "may mean several points; write one of:"
    assert points.find(planned, "two") == points.Unknown(f"`two` {several} two+0s, one/two")
    assert points.find(planned, "end") == points.Unknown(f"`end` {several} one/end, two/end")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((None, None, "tw"), "there is no segment called `tw`; did you mean `two`?"),
        (("one", None, "two"), "`--only` says it all; leave `--from` and `--until` away"),
        ((None, "one", "two"), "`--only` says it all; leave `--from` and `--until` away"),
        (("two", "one", None), "`one` is not later than where the show would start"),
        (("two", "top", None), "`top` is not later than where the show would start"),
    ],
)
def test_what_is_no_part_of_the_show_is_said(asked: tuple[str | None, str | None, str | None], said: str) -> None:
    assert points.excerpt(PLAN, SHOW, *asked) == points.Unknown(said)


TWO = Excerpt(3 * SECOND, 1)


@pytest.mark.parametrize(
    ("action", "to", "found"),
    [
        ("unloop", "", Excerpt()),
        ("seek", "two", TWO),
        ("seek", "only two", replace(TWO, last=1)),
        ("seek", "only", None),
        ("seek", "only nope", None),
        ("seek", "nope", None),
        ("loop", "two", replace(TWO, last=1)),
        ("loop", "two/top", TWO),
        ("loop", "first two", points.excerpt(PLAN, SHOW, "first", "two", None)),
        ("loop", "2s 4s", points.excerpt(PLAN, SHOW, "2s", "4s", None)),
        ("loop", "first nope", None),
        ("loop", "nope two", None),
        ("loop", "nope", None),
    ],
)
def test_what_a_journal_says_of_a_seek_or_a_loop_is_read_as_it_was_meant(
    action: str, to: str, found: Excerpt | None
) -> None:
    assert points.asked(PLAN, SHOW, action, to) == found


def test_seen_from_a_segment_that_is_in_no_text_any_more_the_next_cue_is_the_first_ones() -> None:
    assert neighbours("gone", 0) == (None, "one/L2")


def test_a_cue_follows_at_once_where_the_plan_takes_it_at_the_same_instant_in_the_same_list() -> None:
    listed = track("main", at(0, ACT, name="a"), at(0, ACT, name="b"), at(SECOND, ACT, name="c"))
    text = show(segment("one", listed, track("side", at(SECOND, ACT, name="d"), at(SECOND, TURNS, name="e"))))
    planned = plan(text, {"toy": fixture()})
    follows = {cue.where[2] for cue in planned.cues if points.follows_at_once(planned, cue.where)}
    assert follows == {"a", "d"}
    assert not points.follows_at_once(planned, ("one", "main", "gone"))


def test_an_end_at_the_start_of_a_segment_is_told_by_what_comes_before_it_and_one_before_its_first_cue_by_itself() -> (
    None
):
    text = show(
        segment("one", track("main", at(0, ACT, name="first")), least=3 * SECOND),
        segment("two", track("main", at(2 * SECOND, ACT, name="top"))),
    )
    planned = plan(text, {"toy": fixture()})
    ends = {until: points.excerpt(planned, text, None, until, None) for until in ("3s", "two+0s", "two+1s")}
    assert {until: found.until for until, found in ends.items() if isinstance(found, Excerpt)} == {
        "3s": End("one", "main", "first", 3 * SECOND),
        "two+0s": End("one", "main", "first", 3 * SECOND),
        "two+1s": End("two", "", "", SECOND),
    }


def test_an_end_that_is_a_cue_is_that_one_and_not_its_namesake_at_the_same_instant() -> None:
    text = show(
        segment("one", track("main", at(0, ACT), at(SECOND, ACT, name="mark"))),
        segment("two", track("main", at(0, ACT, name="mark"))),
    )
    found = points.excerpt(plan(text, {"toy": fixture()}), text, None, "two/mark", None)
    assert isinstance(found, Excerpt)
    assert found.before == {("two", "main", "mark")}

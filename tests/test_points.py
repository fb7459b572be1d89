"""Points of a show: where in the plan is what a seek names, and which cue is the next or the previous."""

from __future__ import annotations

from pathlib import Path

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

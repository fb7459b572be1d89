"""Motions of Live2D's published format: what a file says, its value at an instant, and how a show plays it."""

import json
import math
from itertools import pairwise
from pathlib import Path

import pytest

from showrunner.devices import motion
from showrunner.devices.motion import BEZIER, INVERSE, LINEAR, STEPPED, Curve, Segment, Shape
from showrunner.engine.curves import Course, value
from showrunner.engine.messages import TextChange
from showrunner.running.conductor import NewText
from showrunner.running.dry_run import dry_run
from showrunner.running.performance import Options
from showrunner.show.prepare import prepare
from showrunner.timeline.revise import compare
from showrunner.wires.wire import Pressed

SECOND = 1_000_000


def written(*curves, duration=2.0, data=(), **meta):
    meta = {"Duration": duration, "AreBeziersRestricted": True, "FadeInTime": 0, "FadeOutTime": 0, **meta}
    rows = [{"Target": "Parameter", "Id": name, "Segments": segments} for name, segments in curves]
    return json.dumps({"Version": 3, "Meta": meta, "Curves": rows, "UserData": list(data)})


RAMP = ("ParamAngleX", [0, 0, 0, 2, 20])


# ------------------------------------------------------------------------------------------- a curve, as it is defined


def everywhere(segment, restricted=True):
    """Give a curve of one segment from (0.5, 2) at a thousand times within it, with the share of time that passed."""
    curve = Curve("Parameter", "P", (0.5, 2.0), (segment,))
    end = segment.points[-1][0]
    for step in range(1000):
        share = step / 1000
        yield share, motion.at(curve, 0.5 + (end - 0.5) * share, restricted=restricted)


def test_a_linear_segment_goes_straight():
    for share, found in everywhere(Segment(LINEAR, ((2.5, 10.0),))):
        assert math.isclose(found, 2 + 8 * share, abs_tol=1e-9)


def test_a_stepped_segment_stays_at_its_beginning_and_an_inverse_one_is_at_its_end_at_once():
    assert {found for _, found in everywhere(Segment(STEPPED, ((2.5, 10.0),)))} == {2.0}
    inverse = [found for _, found in everywhere(Segment(INVERSE, ((2.5, 10.0),)))]
    assert (inverse[0], set(inverse[1:])) == (2.0, {10.0})


def between(points, share):
    """De Casteljau: each point a share of the way to the next, until one is left."""
    while len(points) > 1:
        points = [tuple(a + (b - a) * share for a, b in zip(p, q, strict=True)) for p, q in pairwise(points)]
    return points[0]


BENT = ((0.6, 9.0), (2.1, -3.0), (2.5, 10.0))


def test_in_a_restricted_bezier_time_runs_evenly():
    for share, found in everywhere(Segment(BEZIER, BENT)):
        assert math.isclose(found, between([(0.5, 2.0), *BENT], share)[1], abs_tol=1e-9)


def test_in_any_other_bezier_time_is_that_of_the_curve():
    curve = Curve("Parameter", "P", (0.5, 2.0), (Segment(BEZIER, BENT),))
    for step in range(1000):
        seconds, expected = between([(0.5, 2.0), *BENT], step / 1000)
        assert math.isclose(motion.at(curve, seconds, restricted=False), expected, abs_tol=1e-6)


def test_before_its_first_point_and_behind_its_last_a_curve_stands():
    curve = Curve("Parameter", "P", (0.5, 2.0), (Segment(LINEAR, ((1.0, 4.0),)),))
    assert [motion.at(curve, at, restricted=True) for at in (0, 0.5, 0.75, 1.0, 9)] == [2, 2, 3, 4, 4]


def test_a_fade_bends_in_from_what_was_there_and_out_to_where_it_rests_as_a_sine():
    curve = Curve("Parameter", "P", (0.0, 10.0), ())
    shape = Shape(curve, 4 * SECOND, fade_in=SECOND, fade_out=2 * SECOND)
    at = {when: round(motion.shaped(shape, 2, 4, int(when * SECOND)), 6) for when in (0, 0.25, 0.5, 1, 2, 3, 3.5, 4)}
    quarter = (1 - math.cos(math.pi / 4)) / 2
    assert at == {
        0: 2,
        0.25: round(2 + 8 * quarter, 6),
        0.5: 6,
        1: 10,
        2: 10,
        3: 7,
        3.5: round(4 + 6 * quarter, 6),
        4: 4,
    }


def test_a_loop_plays_each_round_from_the_beginning_and_fades_at_the_ends_of_the_whole():
    found = motion.read(written(RAMP))
    shape = motion.played(found, found.curves[0], 2, 3)
    assert (shape.one, shape.takes) == (SECOND, 3 * SECOND)
    values = [
        motion.shaped(shape, 0, 0, at) for at in (0, SECOND // 2, SECOND - 1, SECOND, SECOND * 3 // 2, 3 * SECOND)
    ]
    assert [round(one, 3) for one in values] == [0, 10, 20, 0, 10, 20]


def test_a_motion_that_says_no_fade_or_a_negative_one_fades_for_a_second_and_a_curve_has_its_own():
    text = json.loads(written(RAMP, RAMP))
    del text["Meta"]["FadeInTime"]
    text["Meta"]["FadeOutTime"] = -1
    text["Curves"][1] |= {"FadeInTime": 0.25, "FadeOutTime": 0}
    found = motion.read(json.dumps(text))
    shapes = [motion.played(found, curve, 1, 1) for curve in found.curves]
    assert [(one.fade_in, one.fade_out) for one in shapes] == [(SECOND, SECOND), (250_000, 0)]


def test_a_shape_is_the_same_when_it_comes_back_from_its_data():
    found = motion.read((Path(__file__).parent.parent / "examples/motions/nod.motion3.json").read_text("utf-8"))
    for curve in found.curves:
        shape = motion.played(found, curve, 1.5, 2)
        back = motion.of_data(json.loads(json.dumps(motion.as_data(shape))))
        for at in range(0, shape.takes + 1, shape.takes // 1000):
            assert motion.shaped(back, 3, 1, at) == motion.shaped(shape, 3, 1, at)


def test_between_its_corners_a_motion_is_nearly_straight():
    found = motion.read((Path(__file__).parent.parent / "examples/motions/nod.motion3.json").read_text("utf-8"))
    for curve in found.curves:
        shape = motion.played(found, curve, 1, 2)
        course = Course(0, 0, "line", 0, shape.takes, "linear", shape)
        corners = motion.corners(shape, 10_000)
        for since, until in pairwise(corners):
            middle = (value(course, since) + value(course, until)) / 2
            assert abs(value(course, (since + until) // 2) - middle) < 0.8
    assert len(motion.corners(shape, 10)) == 11


# --------------------------------------------------------------------------------------------------- what is no motion


WRONG = {
    "": "it is no JSON (line 1)",
    "[" * 100_000: "it is no JSON",
    "[]": "it is no motion: `Meta` and `Curves` are missing",
    '{"Version": 2, "Meta": {}, "Curves": []}': "its version is 2, and 3 is the one that is known",
    written(duration=0): "`Duration` is no number of seconds above 0 (six hours are the most)",
    written(duration=float("nan")): "`Duration` is no number of seconds above 0 (six hours are the most)",
    written(duration=10**400): "`Duration` is no number of seconds above 0 (six hours are the most)",
    written(("P", [])): "curve 1 (`P`): `Segments` is no list that begins with a point",
    written(("P", [0, "x"])): "curve 1 (`P`): `Segments` has something that is no number",
    written(RAMP, ("P", [0, 0, 4, 1, 1])): (
        "curve 2 (`P`): `Segments` has a segment of the kind 4, and 0, 1, 2 and 3 are known"
    ),
    written(("P", [0, 0, 1, 1, 1, 2])): "curve 1 (`P`): `Segments` ends in the middle of a segment",
    written(("P", [1, 0, 0, 0.5, 1])): "curve 1 (`P`): its times run back at 0.5 s",
    written(*[RAMP] * 1001): "it has 1001 curves, and 1000 are the most",
    written(*[("P", [0, 0, *[0, 1, 1] * 80_000])] * 3): "it has more than 200000 points",
}


@pytest.mark.parametrize(("text", "why"), WRONG.items(), ids=[why[:40] for why in WRONG.values()])
def test_what_is_no_motion_says_why(text, why):
    assert motion.read(text) == why


def test_marks_are_texts_within_the_motion_and_no_longer_than_a_line():
    rows = [
        {"Time": 1, "Value": " late "},
        {"Time": 0.5, "Value": "x" * 600},
        {"Time": 9, "Value": "never"},
        7,
        {"Time": 1},
    ]
    found = motion.read(written(RAMP, data=rows))
    assert [(mark.at, len(mark.text)) for mark in found.marks] == [(500_000, 500), (SECOND, 4)]


# ----------------------------------------------------------------------------------------------------------- in a show


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ramp.motion3.json").write_text(written(RAMP, data=[{"Time": 1, "Value": "half"}]), "utf-8")
    return tmp_path


def ready(folder, text, catalogue=None):
    (folder / "a.show").write_text(text, "utf-8")
    if catalogue is not None:
        (folder / "catalogue.yaml").write_text(catalogue, "utf-8")
    return prepare("a.show", None, None)


def played(prepared, *presses, **options):
    """Play a show; give its entries, and the values that went in frames, in the order of time."""
    entries, frames = [], []

    def arrange(world):
        for press in presses:
            world.press(world.now() + press[0], press[1])

    def take(entry):
        entries.append(entry)
        if entry["kind"] == "sent" and entry["frame"].get("Method") == "SetParameterValues":
            values = {row["Id"]: row["Value"] for row in entry["frame"]["Data"]["Parameters"]}
            frames.append((entry["at"], values))

    options = Options(auto=True, journal_frames=True, **options)
    dry_run(prepared.cues, prepared.fixtures, take, options=options, inventories=prepared.inventories, arrange=arrange)
    return entries, frames


def only(entries, kind, *keys):
    return [tuple(entry[key] for key in keys) for entry in entries if entry["kind"] == kind]


def test_a_motion_is_streamed_lasts_as_long_as_it_is_and_lets_go(folder):
    entries, frames = played(ready(folder, 'at 1s live2d play "ramp.motion3.json"\nthen log "over"\n'))
    for at, values in frames:
        assert values == {"ParamAngleX": round((at - SECOND) / 100_000, 6)}
    assert len(frames) > 50
    assert only(entries, "outcome", "result", "took") == [("done", 2 * SECOND)]
    assert only(entries, "log", "at", "message") == [(2 * SECOND, "half"), (3 * SECOND, "over")]
    last = [entry["frame"]["Method"] for entry in entries if entry["kind"] == "sent"][-1]
    assert last == "ClearParameterValues"


def test_what_is_taken_over_is_the_other_s_and_a_motion_that_lost_all_logs_no_more(folder):
    text = 'at 0s live2d play "ramp.motion3.json"\nat 500ms live2d set ParamAngleX 3 for 100ms\n'
    entries, frames = played(ready(folder, text))
    assert only(entries, "outcome", "result") == [("cancelled",), ("done",)]
    assert only(entries, "log", "message") == []
    assert frames[-1][1] == {"ParamAngleX": 3}


def test_speed_and_loop_change_how_long_it_takes_and_each_round_has_its_marks(folder):
    entries, _ = played(ready(folder, 'at 0s live2d play "ramp.motion3.json" speed 2 loop 3\n'))
    assert only(entries, "outcome", "result", "took") == [("done", 3 * SECOND)]
    assert only(entries, "log", "at") == [(500_000,), (1_500_000,), (2_500_000,)]


def test_vtube_studio_gets_the_inputs_that_the_standard_parameters_follow_and_their_weight_fades(folder):
    (folder / "fade.motion3.json").write_text(written(RAMP, FadeInTime=1, FadeOutTime=1), "utf-8")
    entries, _ = played(ready(folder, 'at 0s vts play "fade.motion3.json"\n'))
    sent = [
        (entry["at"], entry["frame"]["data"]["parameterValues"][0])
        for entry in entries
        if entry["kind"] == "sent" and entry["frame"].get("messageType") == "InjectParameterDataRequest"
    ]
    assert {row["id"] for _, row in sent} == {"FaceAngleX"}
    at_half = [row for at, row in sent if at <= SECOND // 2][-1]
    assert 0.4 < at_half["weight"] < 0.55
    assert next(row.get("weight", 1) for at, row in sent if at >= SECOND) > 0.99
    assert sent[-1][1]["weight"] == 0


CODES = {
    'at 0s live2d play "nobody.motion3.json"\n': [("E240", "there is no file `nobody.motion3.json`")],
    'at 0s live2d play "ramp.motion3.json" for 2s\n': [
        ("E407", "a motion lasts as long as its file says, and lets go then")
    ],
    'at 0s live2d play "ramp.motion3.json" speed 0\n': [("E402", None)],
    'at 0s live2d play "parts.motion3.json"\n': [
        ("E407", "`parts.motion3.json` moves nothing here: the Cubism Editor knows none of its parameters")
    ],
    'at 0s live2d play "torn.motion3.json"\n': [("E241", "`torn.motion3.json`: it is no JSON (line 1)")],
    'at 0s vts play "own.motion3.json"\n': [
        ("W534", "VTube Studio has nothing for `ParamHairFluffy` of the motion"),
    ],
}


@pytest.mark.parametrize(("text", "findings"), CODES.items(), ids=[text[6:40] for text in CODES])
def test_check_reads_the_file(folder, text, findings):
    parts = json.loads(written(RAMP))
    parts["Curves"][0] |= {"Target": "PartOpacity"}
    (folder / "parts.motion3.json").write_text(json.dumps(parts), "utf-8")
    (folder / "torn.motion3.json").write_text("{", "utf-8")
    (folder / "own.motion3.json").write_text(written(RAMP, ("ParamHairFluffy", [0, 0])), "utf-8")
    found = [(one.code, one.message) for one in ready(folder, text).findings]
    assert [code for code, _ in found] == [code for code, _ in findings]
    assert [message for _, message in found if any(message == said for _, said in findings)] == [
        said for _, said in findings if said is not None
    ]


def test_a_parameter_that_the_catalogue_does_not_know_is_warned_of_and_left_out_of_the_frames(folder):
    (folder / "two.motion3.json").write_text(written(RAMP, ("ParamTail", [0, 1])), "utf-8")
    catalogue = "live2d:\n  parameters:\n    ParamAngleX: {min: -30, max: 30, default: 0}\n"
    prepared = ready(folder, 'at 0s live2d play "two.motion3.json"\n', catalogue)
    assert [(one.code, one.message) for one in prepared.findings] == [
        ("W534", "not in the catalogue, so that nothing moves there: `ParamTail` of the motion")
    ]
    _, frames = played(prepared)
    assert {name for _, values in frames for name in values} == {"ParamAngleX"}


def test_a_motion_that_is_saved_anew_is_a_reload_and_goes_on_at_its_place_without_a_jump(folder):
    text = 'at 0s live2d play "ramp.motion3.json"\nthen log "over"\n'
    old = ready(folder, text)
    assert "ramp.motion3.json" in old.files
    (folder / "ramp.motion3.json").write_text(written(("ParamAngleX", [0, 10, 0, 4, 10]), duration=4), "utf-8")
    new = prepare("a.show", None, None, before=old)
    assert old.cues.fingerprint != new.cues.fingerprint
    revision = compare(old.cues, new.cues)
    assert not revision.nothing
    change = TextChange(old.cues.fingerprint, new.cues.fingerprint, revision)
    given = NewText(new.cues, new.fixtures, new.inventories, change)
    entries, frames = played(old, (SECOND // 2, Pressed("reload", given=given)))
    before = [values["ParamAngleX"] for at, values in frames if at < SECOND // 2][-1]
    after = [(at, values["ParamAngleX"]) for at, values in frames if at >= SECOND // 2]
    assert before < after[0][1] < before + 1
    assert all(shown == 10 for at, shown in after if at >= SECOND // 2 + 300_000)
    assert only(entries, "outcome", "result", "took") == [("done", 4 * SECOND)]

"""The stage as a picture: its values are the engine's, its page's are its own, and the page is one file that plays."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from showrunner.cli import app
from showrunner.drawing import staged as staging
from showrunner.drawing.preview import preview
from showrunner.drawing.puppet import moment, values
from showrunner.drawing.staged import staged
from showrunner.drawing.turns import turned
from showrunner.engine.caller import Caller
from showrunner.engine.curves import value
from showrunner.engine.messages import Options
from showrunner.reports.plan import plan
from showrunner.show.prepare import prepare
from tests import browser
from tests.called import called
from tests.test_page import node

ROOT = Path(__file__).parent.parent
SHOWS = sorted(ROOT.glob("shows/*/*.show"))
MOMENTS, WHOLE = 1_000, 50
"""At so many instants of each show values are compared, and at so many all that stands then."""


def stage_of(path):
    """Give the stage of a script as it is planned."""
    ready = prepare(str(path), None, None)
    planned = plan(ready.cues, ready.fixtures, ready.inventories)
    whens = turned(ready.cues, ready.fixtures, ready.inventories, Options())
    texts = {name: text for name, text in ready.texts.items() if name.endswith(".show")}
    return staged(planned, ready.cues, ready.fixtures, texts, whens)


def written(tmp_path, text):
    path = tmp_path / "a.show"
    path.write_text(text, "utf-8")
    return path


def instants(stage, number):
    """Give instants all over a show, and some at which something begins or ends."""
    step = max(1, stage["length"] // number)
    edges = [one[key] for one in stage["curves"] for key in ("start", "arrives", "until", "gone") if key in one]
    edges += [one[key] for one in stage["acts"] for key in ("at", "end") if key in one]
    return sorted({*range(0, stage["length"] + 1, step), *edges[:: max(1, len(edges) // number)]})


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_the_stage_of_the_page_is_the_stage_of_the_program(path):
    stage = stage_of(path)
    many, few = instants(stage, MOMENTS), instants(stage, WHOLE)
    turns = [turn for pad in stage["pads"] for turn in pad["turns"]][:WHOLE]
    theirs = of_the_page({"stage": stage, "values": many, "moments": few, "turns": turns})
    for instant, found in zip(many, theirs["values"], strict=True):
        ours = {one["name"]: values(stage, one["name"], instant, placed=True) for one in stage["devices"]}
        assert alike(as_json(ours), found), instant
    for instant, found in zip(few, theirs["moments"], strict=True):
        assert alike(as_json(moment(stage, instant)), found), instant
    for turn, found in zip(turns, theirs["turns"], strict=True):
        assert alike(as_json(moment(stage, 0, turn, turn["length"] // 3)), found), turn


def as_json(found):
    return json.loads(json.dumps(found))


def of_the_page(asked):
    """Give what the page's program says of a stage."""
    ran = subprocess.run(
        [node_path(), str(ROOT / "tests" / "page" / "stage.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(ran.stdout)


def node_path():
    """Give Node, where it takes modules; skip where it does not."""
    found = node("--print", "process.execPath")
    return found.stdout.strip()


def alike(ours, theirs):
    """Tell whether two scenes are the same, numbers to a millionth."""
    if isinstance(ours, dict):
        return ours.keys() == theirs.keys() and all(alike(one, theirs[key]) for key, one in ours.items())
    if isinstance(ours, list):
        return len(ours) == len(theirs) and all(map(alike, ours, theirs))
    return abs(ours - theirs) < 1e-6 if isinstance(ours, float) else ours == theirs


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_what_is_drawn_held_is_what_the_engine_holds_then(path):
    """The show is called once more, and looked into between its steps; nothing of the plan is asked there."""
    ready = prepare(str(path), None, None)
    stage = stage_of(path)
    # Where a value comes from a program alone knows; it is drawn where it goes to.
    unknown = {(one["device"], one["property"], one["start"]) for one in stage["curves"] if "from" not in one}
    compared = 0
    for instant, held in engine_holds(ready, max(1, stage["length"] // MOMENTS)):
        for device, courses in held.items():
            ours = values(stage, device, instant)
            for name, course in courses.items():
                there = course.to if (device, name, course.since) in unknown else value(course, instant)
                assert ours.pop(name, None) == there, (instant, device, name)
            # What has arrived and stays, nobody has to hold.
            assert all(stays(stage, device, name, instant) for name in ours), (instant, device, ours)
            compared += 1
    assert compared or not any(curve["arrives"] > curve["start"] for curve in stage["curves"])


def stays(stage, device, name, instant):
    """Tell whether a property was brought somewhere by then, to stay there."""
    here = [one for one in stage["curves"] if (one["device"], one["property"]) == (device, name)]
    last = [one for one in here if one["start"] <= instant][-1]
    return last["arrives"] <= instant and last.get("until") == next(
        (one["start"] for one in here if one["start"] > instant), None
    )


def engine_holds(ready, apart):
    """Call a show; yield instants midway between its steps and so far ``apart``, and what its engine holds then."""
    caller = Caller(ready.cues, ready.fixtures, Options(auto=True, sparse=True), ready.inventories)
    for now, then in called(caller, ready):
        held = caller.snapshot().values
        for instant in sorted({(now + then) // 2, *range(now - now % apart + apart, then, apart)} if held else ()):
            yield instant, held


def test_a_mouth_opens_at_vowels_and_is_shut_where_nobody_speaks(tmp_path):
    stage = stage_of(written(tmp_path, 'at 0s say "Aaaa, aaaa"\nthen +1s say "bye"\n'))
    said = stage["captions"][0]

    def opened(at):
        shapes = [shape for group in moment(stage, at)["puppets"][0]["groups"] for shape in group["shapes"]]
        mouth = next(one for one in shapes if one["look"] == "mouth")
        numbers = [float(one) for one in re.findall(r"-?[\d.]+", mouth["way"])]
        return numbers[7] - numbers[3]

    lasts = said["end"] - said["at"]
    assert opened(said["at"] + lasts * 2 // 10) == pytest.approx(15 * 0.9 * 1.6, abs=0.02)
    assert opened(said["at"] + lasts * 45 // 100) == 0
    assert opened(said["end"] + 1) == 0


def test_a_parameter_that_no_part_has_is_a_dial(tmp_path):
    stage = stage_of(written(tmp_path, "at 0s live2d set ParamTail 0.5 for 1s\n"))
    assert moment(stage, 500_000)["puppets"][0]["dials"] == [{"name": "ParamTail", "value": 0.5}]
    assert moment(stage, 1_000_000)["puppets"][0]["dials"] == []


def test_values_out_of_range_are_drawn_at_the_edge(tmp_path):
    far, edge = (
        moment(stage_of(written(tmp_path, f"at 0s live2d set ParamAngleX {value} for 1s\n")), 0)["puppets"][0]["groups"]
        for value in (9_000, 45)
    )
    assert far == edge


def test_what_cannot_be_drawn_is_written(tmp_path):
    stage = stage_of(written(tmp_path, "at 0s animaze idle 2\n"))
    assert [(one["draws"], one["words"]) for one in moment(stage, 0)["acts"]] == [("written", "idle 2")]


def test_what_a_row_fixes_is_not_written(tmp_path):
    stage = stage_of(written(tmp_path, 'at 0s obs scene Live; obs hide "Lower third"\n'))
    assert [(one["draws"], one["words"]) for one in moment(stage, 0)["acts"]] == [
        ("frame", "scene Live"),
        ("picture", "hide Lower third"),
    ]


def test_a_picture_that_is_missing_is_said_in_its_place(tmp_path):
    stage = stage_of(written(tmp_path, 'at 0s say "Look" image "no.png"\n'))
    assert [one["words"] for one in moment(stage, 1)["acts"]] == ["no.png is missing"]


def test_a_feeling_that_has_no_face_is_written(tmp_path):
    stage = stage_of(written(tmp_path, 'at 0s say happy "Hello"\n'))
    stage["captions"][0]["emotion"] = "smug"
    assert moment(stage, 1)["puppets"][0]["written"] == ["smug"]


def test_a_show_with_more_than_is_drawn_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(staging, "MOST", 2)
    stage = stage_of(written(tmp_path, "at 0s repeat 5 times every 1s\n  at 0s animaze idle 0\n"))
    assert (len(stage["acts"]), stage["length"], stage["whole"]) == (2, 2_000_000, False)


def test_a_stranger_s_words_are_data_in_the_file(tmp_path):
    page = preview(stage_of(written(tmp_path, 'show "</script><b>"\nat 0s say "<img src=x onerror=alert(1)>"\n')))
    assert page.count("</script>") == 2
    assert "<img" not in page
    assert "<b>" not in page


def test_a_page_names_no_address_but_that_of_its_shapes(tmp_path):
    page = preview(stage_of(written(tmp_path, 'at 0s say "hi"\n')))
    assert set(re.findall(r"https?://[^\"]*", page)) == {"http://www.w3.org/2000/svg"}
    assert "default-src 'none'" in page


def command(*words):
    """Run `preview`; give its exit code."""
    with pytest.raises(SystemExit) as left:
        app.run(["preview", *map(str, words)])
    return left.value.code or 0


def test_preview_writes_the_page(tmp_path):
    script, target = written(tmp_path, 'at 0s say "hi"\n'), tmp_path / "a.html"
    assert command(script, "-o", target) == 0
    assert target.read_text("utf-8").startswith("<!doctype html>")


def test_preview_of_a_show_with_mistakes_writes_nothing(tmp_path):
    script, target = written(tmp_path, "at 0s animaze fly\n"), tmp_path / "a.html"
    assert command(script, "-o", target) == 1
    assert not target.exists()


def test_preview_takes_the_presses_of_a_dry_run(tmp_path, capsys):
    script = written(tmp_path, "at 0s wait for button go\nthen animaze emote Wave\n")
    assert command(script, "-o", "-", "--press", "go@7s") == 0
    data = json.loads(re.search(r'id="stage">(.*?)</script>', capsys.readouterr().out).group(1))
    assert [one["at"] for one in data["acts"]] == [7_000_000]


def test_preview_begins_where_its_seed_has_the_point(tmp_path, capsys):
    """How long `one` lasts is drawn: a point of the plan lies where the same seed has it."""
    turns = '  at 0s  repeat 5 times every 1s to 9s\n    at 0s  log "x"\n'
    script = written(tmp_path, f'segment one\n{turns}segment two\n  at 0s  log "here"\n')
    for seed in (0, 7):
        assert command(script, "-o", "-", "--seed", seed, "--from", "two") == 0
        data = json.loads(re.search(r'id="stage">(.*?)</script>', capsys.readouterr().out).group(1))
        assert [(one["name"], one["at"]) for one in data["segments"]] == [("two", 0)]


def test_preview_warns_of_a_press_that_nobody_waits_for(tmp_path, capsys):
    script = written(tmp_path, 'at 0s say "hi"\n')
    assert command(script, "-o", "-", "--press", "nobody@1s") == 0
    assert "nobody in this show waits for the button `nobody`" in capsys.readouterr().err


@pytest.fixture(scope="module")
def chromium():
    with browser.running() as found:
        yield found


def test_the_page_plays_jumps_and_complains_of_nothing(chromium, tmp_path):
    target = tmp_path / "song.html"
    assert command(ROOT / "shows/song/song.show", "-o", target) == 0
    visit = browser.Visit(chromium, target.as_uri())
    page = visit.page
    assert page.locator(".puppets figure").count() == 3
    page.keyboard.press("]")
    assert page.locator(".segment").inner_text() == "Seven small stars"
    page.locator(".script button", has_text="Seven small stars on a paper sky").click()
    page.locator(".captions", has_text="Seven small stars on a paper sky").wait_for()
    pane = page.locator(".book").bounding_box()
    here = page.locator(".script [aria-current]").bounding_box()
    assert pane["y"] <= here["y"] <= pane["y"] + pane["height"]
    page.keyboard.press("Home")
    page.keyboard.press("k")
    page.locator(".play", has_text="Pause").wait_for()
    page.locator(".captions", has_text="This one is for you").wait_for()
    assert visit.complaints == []

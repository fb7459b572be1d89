"""The stage in the console: the same puppets as those of the plan, and the page on which one sees them."""

import json
import subprocess
from pathlib import Path

import pytest

from showrunner.console.scene import Standing as StandingStage
from showrunner.console.scene import scene
from showrunner.drawing import parts
from showrunner.drawing.puppet import moment
from showrunner.engine.caller import Caller
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Deliver, Options, Write
from tests.browser import DESK, PHONE, Visit, running
from tests.called import called
from tests.onstage import Playing, Script, address, stand
from tests.test_console_page import expect, violations
from tests.test_preview import alike, node_path, stage_of

ROOT = Path(__file__).parent.parent
SHOWS = sorted(ROOT.glob("shows/*/*.show"))
MOMENTS = 25

STRANGE = "<img src=x onerror='window.hit=1'>"
SHOW = f"""show "On stage"

segment one "First"
  at 0s  obs scene "{STRANGE}"; obs text Title "{STRANGE}"; osc send "/light" 1
         live2d set ParamTail 0.5 for 60s; animaze idle 2
  at 0s  say happy "{STRANGE} hello to everybody who is here tonight, and to all the others {STRANGE}"
  then   hold "on?"
  then   animaze emote Emote_Wave
  then   hold "the end?"
"""


# --- the same as the plan


def told(script):
    """Play a show in an imaginary world: yield an instant between two steps, how it stands, and its entries by then."""
    caller = Caller(script.cues, script.fixtures, Options(auto=True, watched=True), script.inventories)
    entries = []
    journal = Journal(entries.append)
    journal.begin(0)

    def seen(effect, now):
        if isinstance(effect, Write):
            keys = dict(effect.entry)
            journal.write(now, keys.pop("kind"), **keys)
        elif isinstance(effect, Deliver):
            journal.write(now, "sent", id=effect.id, device=effect.device)

    for now, then in called(caller, script, seen):
        at = (now + then) // 2
        yield at, StandingStage(caller.snapshot(), 0, at, 1.0, script.fixtures), entries


def unknown(stage, at):
    """Tell whether a plan draws something that only the show will know (where a value comes from, what was answered),
    or only the plan does: when which page of a deck is spoken.
    """
    moves = (one["start"] <= at < one["arrives"] and one.get("from") is None for one in stage["curves"])
    said = [one for one in stage["captions"] if one["at"] <= at < one["end"]]
    return any(moves) or any("{" in one["text"] or "present" in written(stage, one) for one in said)


def written(stage, one):
    """Give the line of the script that something comes from."""
    (text,) = [file["text"] for file in stage["files"] if file["path"] == one["file"]]
    return text.splitlines()[one["line"] - 1]


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_the_puppets_of_a_show_that_plays_are_those_of_its_plan(path):
    script, stage = Script(path), stage_of(path)
    every = max(1, stage["length"] // MOMENTS)
    scenes, entries, last = [], [], -every
    for at, standing, told_by_then in told(script):
        entries = told_by_then
        if at >= last + every and at < stage["length"] and not unknown(stage, at):
            scenes.append({"at": at, "scene": scene(standing), "upto": len(entries)})
            last = at
    given = {"score": script.read(), "tables": parts.tables(), "entries": script.placed(entries), "scenes": scenes}
    ran = subprocess.run(
        [node_path(), str(ROOT / "tests" / "page" / "live-stage.mjs")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert scenes
    assert ran.returncode == 0, ran.stderr
    for one, theirs in zip(scenes, json.loads(ran.stdout), strict=True):
        ours = json.loads(json.dumps(moment(stage, one["at"])["puppets"]))
        for puppet in [*ours, *theirs]:  # what is beside a puppet stands in the order in which it came
            puppet["dials"].sort(key=lambda dial: dial["name"])
            puppet["written"].sort()
        assert alike(ours, theirs), one["at"]


# --- on the page


@pytest.fixture(scope="module")
def chromium():
    with running() as found:
        yield found


@pytest.fixture
def opened(tmp_path, chromium):
    """A show that plays on doubles, and pages on which it is looked at."""
    closing = []
    path = tmp_path / "stage.show"
    path.write_text(SHOW, "utf-8")
    playing = Playing(Script(path))
    standing = playing.open()

    def visit(where="/?", **more):
        closing.append(Visit(chromium, address(standing, cast=where == "/stage?").replace("/?", where), **more))
        return closing[-1].page

    yield playing, visit
    complaints = [one for page in closing for one in page.complaints]
    for one in closing:
        one.close()
    playing.close()
    standing.close()
    assert complaints == []


def test_what_the_show_intends_stands_beside_what_each_device_says_of_it(opened):
    playing, visit = opened
    page = visit()
    page.locator('.script [data-side="stage"]').click()
    expect(page.locator("#stage-notes")).to_contain_text("the show has not begun")
    expect(page.locator("#stage-puppets figure")).to_have_count(3)
    page.keyboard.press("Space")
    expect(page.locator("#stage-captions")).to_contain_text("hello to everybody")
    expect(page.locator("figure.speaks figcaption")).to_have_text("aituber")
    expect(page.locator(".stage-frame")).to_contain_text(f"scene {STRANGE}")
    expect(page.locator(".stage-frame .stage-mark")).to_have_attribute("data-mark", "confirmed")
    obs = page.locator(".stage-card", has_text="obs")
    expect(obs.locator(".stage-text")).to_contain_text(f"text Title {STRANGE}")
    # A program that answers nothing: nobody will ever know.
    osc = page.locator(".stage-card", has_text="osc")
    expect(osc.locator("li .stage-mark").first).to_have_attribute("data-mark", "sent")
    expect(page.locator(".dial")).to_contain_text("ParamTail")
    expect(page.locator("figure", has_text="animaze")).to_contain_text("idle 2")
    page.locator('.stage [data-side="log"]').click()
    expect(page.locator("#stage-box")).to_be_hidden()
    page.locator('.log [data-side="stage"]').click()
    expect(page.locator(".stage-frame")).to_be_visible()
    expect(page.locator("#go-label")).to_have_text("on?")
    page.keyboard.press("Space")
    expect(page.locator(".stage-signs")).to_contain_text(["emote Emote_Wave"])
    page.keyboard.press("x")
    expect(page.locator("#stage-notes")).to_contain_text("panic: everything is let go")
    expect(page.locator(".dial")).to_have_count(0)
    assert page.evaluate("window.hit") is None
    assert playing.pressed() == ["go", "panic"]


def test_on_a_page_alone_the_cast_sees_it_and_presses_nothing(opened):
    playing, visit = opened
    alone, desk = visit("/stage?"), visit()
    desk.click("#go")
    expect(alone.locator("#stage-captions")).to_contain_text("hello to everybody")
    expect(alone.locator("#state")).to_have_text("playing")
    alone.keyboard.press("x")
    alone.keyboard.press("Space")
    expect(alone.locator("#state")).to_have_text("waiting")
    assert playing.pressed() == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_wrong_with_the_page_alone(tmp_path, chromium, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    path = tmp_path / "axe.show"
    path.write_text('at 0s obs scene Live; say "hello"\nat 9s live2d set ParamTail 1 for 9s\n', "utf-8")
    standing = stand(Script(path), 1_000_000)
    visiting = Visit(chromium, address(standing).replace("/?", "/stage?"), size, scheme, bypass_csp=True)
    expect(visiting.page.locator("#stage-puppets figure")).to_have_count(2)
    assert violations(axe, visiting.page) == []
    visiting.close()
    standing.close()

"""The console's page in a real browser: what it shows of a journal, what its controls ask for, what it survives."""

import http.server
import re
import threading
from pathlib import Path

import pytest

from showrunner.console.hub import Hub
from showrunner.engine import actions
from tests.browser import PHONE, Visit, running
from tests.consoling import Standing
from tests.onstage import Playing, Script, Told, address, stand
from tests.test_labels import written as prepared

SHOWS = sorted((Path(__file__).parent.parent / "shows").glob("*/*.show"))
DRIFT = 2_000
"""An act may lie so far from its plan by rounding (microseconds)."""

LIVE = """show "Try it"

segment one "First"
  at 0s    animaze scene Stream
  then     hold "ready?"
  then     wait for button bell within 60s and meanwhile
    at 30s  log "long"
  then     hold "the end?"
  then at 40s  log "over"
"""

LONG = """show "Long <b>one</b>"
let who = "there"

segment one "One"
  at 1s   animaze emote Emote_Wave for 2s
  at 4s   live2d move ParamAngleX from 0 to 10 over 2s; say happy "Hello <img src=x onerror='window.hit=1'> {who}!"
  then    hold "go <i>on</i>?"
  then    say relaxed "More."
segment two "Two"
  at 10s  log "late"
  at 20s  animaze emote Emote_Wave
"""


@pytest.fixture(scope="module")
def browser():
    with running() as one:
        yield one


@pytest.fixture
def visit(browser):
    """Opens pages; each must have nothing to complain of in the end."""
    open_ = []

    def go(standing, *, cast=False, **more):
        open_.append(Visit(browser, address(standing, cast=cast), **more))
        return open_[-1]

    yield go
    complaints = [one for page in open_ for one in page.complaints]
    for page in open_:
        page.close()
    assert complaints == []


@pytest.fixture
def stood():
    """Closes what was opened for a test."""
    open_ = []

    def keep(one):
        open_.append(one)
        return one

    yield keep
    for one in reversed(open_):
        one.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("shows")


def written(folder, text, name="a", rows=None):
    path = folder / f"{name}.show"
    path.write_text(text, encoding="utf-8")
    return Script(path, rows)


@pytest.fixture(scope="module")
def long(folder):
    return written(folder, LONG, "long")


def expect(locator):
    from playwright.sync_api import expect as waits

    waits.set_options(timeout=15_000)
    return waits(locator)


def state(page):
    return expect(page.locator("#state"))


# --- a real show, called from the page


@pytest.fixture
def live(folder, stood):
    playing = stood(Playing(written(folder, LIVE, "live")))
    standing = stood(playing.open())
    return playing, standing


def test_a_show_is_called_by_click(live, visit):
    playing, standing = live
    page = visit(standing).page
    state(page).to_have_text("standby")
    expect(page.locator("#go-word")).to_have_text("START")
    page.click("#go")
    expect(page.locator("#go-label")).to_have_text("ready?")
    state(page).to_have_text("waiting")
    page.click("#pause")
    state(page).to_have_text("paused")
    expect(page.locator("#pause")).to_have_text("Go on")
    page.click("#pause")
    state(page).to_have_text("waiting")
    page.click("#go")
    bell = page.get_by_role("button", name="bell, waited for")
    expect(page.locator("#go-label")).to_have_text("nothing waits")
    bell.click()
    expect(page.locator("#go-label")).to_have_text("the end?")
    page.get_by_role("button", name="bell", exact=True).click()
    expect(page.get_by_role("button", name="bell, 1 kept")).to_be_visible()
    page.click("#stop")
    expect(page.locator("#stop")).to_have_text("stop? again")
    page.click("#stop")
    state(page).to_have_text("stopped")
    assert playing.pressed() == ["pause", "resume", "go", "button", "button", "stop"]
    assert {one["from"] for one in playing.told if one["kind"] == "operator"} == {"console"}


def test_a_show_is_called_by_keys_alone(live, visit):
    playing, standing = live
    page = visit(standing).page
    state(page).to_have_text("standby")
    page.keyboard.press("Enter")
    expect(page.locator("#go-label")).to_have_text("ready?")
    page.keyboard.press("p")
    state(page).to_have_text("paused")
    page.keyboard.press("p")
    state(page).to_have_text("waiting")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="bell, waited for")).to_be_visible()
    page.keyboard.press("1")
    expect(page.locator("#go-label")).to_have_text("the end?")
    page.keyboard.press("x")
    state(page).to_have_text("panic")
    assert playing.pressed() == ["pause", "resume", "go", "button", "panic"]


def test_panic_by_click(live, visit):
    playing, standing = live
    page = visit(standing).page
    page.click("#go")
    expect(page.locator("#go-label")).to_have_text("ready?")
    page.click("#panic")
    state(page).to_have_text("panic")
    assert playing.pressed() == ["panic"]


def test_a_show_that_waits_for_buttons_has_pads_and_a_clock_that_runs_and_shows_what_has_happened(live, visit):
    _, standing = live
    page = visit(standing).page
    page.click("#go")
    state(page).to_have_text("waiting")
    expect(page.locator("#clocks")).to_have_attribute("aria-label", "show clock")
    expect(page.locator("#show")).to_contain_text("on air")
    expect(page.locator("#plan")).to_have_attribute("aria-pressed", "false")
    page.click("#plan")
    expect(page.locator("#plan")).to_have_attribute("aria-pressed", "true")
    pad = page.get_by_role("button", name="bell", exact=True)
    pad.click()
    expect(pad.or_(page.get_by_role("button", name="bell, 1 kept"))).to_contain_text("1 kept, 1")


TIMES = "\N{MULTIPLICATION SIGN}"

ROOM = """show "Game night"

when button scare restart at most every 20s
  log "boo"

segment talk
  when button donate or tip -> gift
    at 0s  log "{gift.user} gives {gift.amount}: {gift.text}"
    at 60s  log "thanked"
  at 0s  wait for button start

segment quiz
  at 0s  wait for button yes or no
"""


@pytest.fixture
def room(folder, stood):
    playing = stood(Playing(written(folder, ROOM, "room")))
    return playing, stood(playing.open())


def pad(page, name):
    return page.locator(".pad", has_text=name)


def test_the_pads_of_a_room_say_what_a_press_would_be_for(room, visit):
    _, standing = room
    page = visit(standing).page
    names = page.locator(".pad > span:first-child")
    expect(names).to_have_text(["scare", "donate", "tip", "start", "yes", "no"])
    page.click("#go")
    expect(pad(page, "start")).to_contain_text("waited for")
    pad(page, "scare").click()
    expect(pad(page, "scare")).to_contain_text(re.compile(rf"rests \d+ s, 1{TIMES}"))
    expect(pad(page, "scare")).to_have_attribute("data-rests", "")
    for name in ("donate", "tip"):
        pad(page, name).click()
    expect(pad(page, "donate")).to_contain_text(f"1 queued, 1{TIMES}")
    whens = page.locator("#whens li")
    expect(whens).to_have_text([
        re.compile(r"^when button scare restart at most every 20shears, 1 turn$"),
        re.compile(r"^when button donate or tip -> gifthears, 1 turn, 1 queued$"),
    ])  # fmt: skip
    expect(page.locator(".pad-box").nth(1)).to_have_attribute("data-hue", "0")
    expect(page.locator(".pad-box").nth(4)).to_have_attribute("data-hue", "1")
    pad(page, "start").click()
    expect(whens.nth(1)).not_to_contain_text("hears")


def test_a_segment_that_is_kept_open_says_until_when(folder, stood, visit):
    text = "segment soon until button start\n  at 0s  log 'soon'\nsegment quiz\n  at 0s  wait for button yes\n"
    page = visit(stood(stood(Playing(written(folder, text, "until"))).open())).page
    page.click("#go")
    expect(page.locator("#countdown")).to_have_text("until")
    expect(page.locator("#what")).to_have_text("button start")
    pad(page, "start").click()
    expect(page.locator("#segment")).to_have_text("quiz")
    expect(pad(page, "start")).not_to_contain_text("kept")


def test_what_a_press_brings_is_typed_into_a_form(room, visit):
    playing, standing = room
    page = visit(standing).page
    page.click("#go")
    expect(pad(page, "start")).to_contain_text("waited for")
    page.get_by_role("button", name="donate with text, amount, user").click()
    page.fill("#bring [name=text]", "Hello {x} <b>!")
    page.fill("#bring [name=amount]", "5.5")
    page.fill("#bring [name=user]", "Aki")
    page.keyboard.press("Enter")
    expect(pad(page, "donate")).to_contain_text(f"1{TIMES}")
    (pressed,) = (one for one in playing.told if one["kind"] == "operator")
    assert (pressed["name"], pressed["text"]) == ("donate", "Hello {x} <b>!")
    assert pressed["fields"] == {"amount": 5.5, "user": "Aki"}
    page.click('[data-side="log"] >> nth=0')
    expect(page.locator("#log-rows")).to_contain_text("Aki gives 5.5: Hello {x} <b>!")


# --- what the controls ask for


@pytest.fixture
def told(long, stood):
    return stood(stand(long, 5_000_000))


def ready(page):
    """Wait until the journal has arrived."""
    state(page).to_have_text("paused")


def pixel(page, seconds):
    """Tell where in the timeline's picture an early instant of the plan is."""
    canvas = page.locator("#canvas")
    expect(canvas).to_have_attribute("data-scale", re.compile(r"\d"))
    scale, margin = (float(canvas.get_attribute(f"data-{name}")) for name in ("scale", "margin"))
    return margin + scale * seconds


@pytest.fixture
def paused(long, stood, visit):
    """A told show that stands at five seconds, in a pause; its page."""
    entries = [one for one in long.entries() if one["at"] <= 5_000_000]
    entries.append({"seq": len(entries), "at": 5_000_000, "kind": "operator", "action": "pause", "from": "key"})
    standing = stood(stand(long, 5_000_000, entries))
    page = visit(standing).page
    ready(page)
    return standing, page


def test_what_is_shown_of_a_moment(paused):
    _, page = paused
    expect(page.locator("#title")).to_have_text("Long <b>one</b>")
    expect(page.locator("#segment")).to_have_text("One")
    expect(page.locator(".clock")).to_contain_text("00:05.0")
    expect(page.locator("#what")).to_have_text('then  hold "go <i>on</i>?"')
    speaking = page.locator(".voice.speaking")
    expect(speaking).to_contain_text("Hello <img src=x onerror='window.hit=1'> there!")
    assert page.evaluate("window.hit") is None
    playing = page.locator('.cue[data-kind="cue"][data-state="playing"]')
    expect(playing).to_contain_text("live2d move")
    expect(page.locator('.cue[data-state="done"]')).to_contain_text("Emote_Wave for 2s")
    expect(page.locator(".line[data-playing]")).to_contain_text("live2d move")
    words = {*page.locator(".script-word").all_text_contents()}
    assert words == {"show", "let", "segment", "at", "then", "hold", "say", "log"}
    expect(page.locator('.lamp[data-shine="ready"]')).to_have_count(3)


def test_the_name_of_what_is_kept_stands_out_in_the_script(folder, stood, visit):
    text = 'segment a\n  at 0s  wait for button bell -> who-rang or "nobody"\n  then   log "{who-rang}"\n'
    page = visit(stood(stand(written(folder, text, "kept")))).page
    expect(page.locator(".script-kept")).to_have_text("-> who-rang")
    expect(page.locator(".script-string").first).to_have_text('"nobody"')


def test_a_click_on_the_timeline_seeks_to_that_instant_of_the_plan(paused):
    standing, page = paused
    x = pixel(page, 3)
    with page.expect_response("**/api/do"):
        page.locator("#canvas").click(position={"x": x, "y": 150})
    [(action, to)] = standing.desk.asked
    segment, _, time = to.partition("+")
    # To the pixel: a show of half a minute has some forty of them a second.
    assert (action, segment) == ("seek", "one")
    assert abs(float(time.removeprefix("00:00:")) - 3) < 0.03


def test_what_lies_under_the_pointer_is_told(paused):
    _, page = paused
    page.locator("#canvas").hover(position={"x": pixel(page, 2), "y": 60})
    tip = page.locator("#tip")
    expect(tip).to_contain_text("animaze emote Emote_Wave for 2s")
    expect(tip).to_contain_text("line 5")
    expect(tip).to_contain_text("→ done")
    expect(tip).to_contain_text("TriggerEmote")
    expect(tip).to_contain_text("reply")


def test_a_tap_on_the_timeline_shows_details_and_seeks_only_when_asked(long, stood, visit):
    standing = stood(stand(long, 5_000_000))
    page = visit(standing, size=PHONE, has_touch=True).page
    page.tap('.views [data-view="timeline"]')
    expect(page.locator("#canvas")).to_be_visible()
    page.locator("#canvas").tap(position={"x": pixel(page, 2), "y": 60})
    tip = page.locator("#tip")
    expect(tip).to_contain_text("Emote_Wave")
    assert standing.desk.asked == []
    floor = page.locator(".transport").bounding_box()["y"]
    box = tip.bounding_box()
    assert box["y"] + box["height"] <= floor
    with page.expect_response("**/api/do"):
        tip.get_by_role("button", name="play from here").tap()
    [(action, to)] = standing.desk.asked
    assert (action, to.partition("+")[0]) == ("seek", "one")


def test_a_loop_between_two_points_and_seeking_by_name(paused):
    standing, page = paused
    page.click("#stretch")
    expect(page.locator("#stretch")).to_have_text("loop 00:05 until here")
    page.fill("#to", "two+00:10")
    with page.expect_response("**/api/do"):
        page.press("#to", "Enter")
    assert standing.desk.asked == [("seek", "two+00:10")]
    entry = {"kind": "operator", "action": "seek", "to": "two+00:10", "from": "console", "at": 5_000_000}
    standing.hub.publish({"seq": 10_000, **entry})
    expect(page.locator("#segment")).to_have_text("Two")
    with page.expect_response("**/api/do"):
        page.click("#stretch")
    assert standing.desk.asked[1:] == [("loop", "one+00:00:05", "two+00:00:10")]


def test_the_go_to_box_suggests_what_there_is(paused):
    _, page = paused
    offered = page.locator("#points option")
    assert [one.get_attribute("value") for one in offered.all()] == ["one", "two"]
    assert page.locator("#to").get_attribute("list") == "points"


def test_each_control_says_which_keys_do_the_same(paused):
    _, page = paused
    found = {name: page.locator(f"#{name}").get_attribute("aria-keyshortcuts") for name in ("go", "next", "loop", "to")}
    assert found == {"go": "Space Enter", "next": "ArrowRight n", "loop": "l", "to": None}


@pytest.mark.parametrize(
    ("key", "asked"),
    [
        ("k", ("skip",)),
        ("K", ("skip",)),
        ("ArrowRight", ("next",)),
        ("ArrowLeft", ("previous",)),
        ("r", ("again", "one")),
        ("l", ("loop",)),
        ("p", ("resume",)),
        ("x", ("panic",)),
        ("Space", ("go",)),
    ],
)
def test_each_key_asks_for_its_action(paused, key, asked):
    standing, page = paused
    with page.expect_response("**/api/do"):
        page.keyboard.press(key)
    assert standing.desk.asked == [asked]


def test_a_space_after_a_click_is_a_go_and_on_a_focused_button_that_button(paused):
    standing, page = paused
    with page.expect_response("**/api/do"):
        page.click("#skip")
    with page.expect_response("**/api/do"):
        page.keyboard.press("Space")
    page.focus("#next")
    with page.expect_response("**/api/do"):
        page.keyboard.press("Space")
    assert standing.desk.asked == [("skip",), ("go",), ("next",)]


def test_keys_typed_into_a_field_are_not_the_shows(paused):
    standing, page = paused
    page.keyboard.press("/")
    page.keyboard.type("x p emote")
    expect(page.locator(".entry").first).to_be_hidden()
    expect(page.locator("#log-rows")).to_have_attribute("data-empty", "")
    page.fill("#log-words", "Emote_Wave")
    expect(page.locator(".entry").first).to_contain_text("animaze emote Emote_Wave for 2s")
    assert standing.desk.asked == []


def test_only_this_and_again_stand_at_each_segment(paused):
    standing, page = paused
    with page.expect_response("**/api/do"):
        page.get_by_role("button", name="only this: Two").click()
    with page.expect_response("**/api/do"):
        page.get_by_role("button", name="again: One").click()
    assert standing.desk.asked == [("only", "two"), ("again", "one")]


def test_what_the_desk_refuses_is_said(told, stood, browser):
    visiting = stood(Visit(browser, address(told)))
    page = visiting.page
    expect(page.locator("#segment")).to_have_text("One")
    told.desk.answer = "there is nothing to <b>skip</b>"
    with page.expect_response("**/api/do"):
        page.keyboard.press("k")
    expect(page.locator(".notice")).to_contain_text("there is nothing to <b>skip</b>")
    # The browser itself notes an answer of 409; nothing else is wrong.
    assert [one for one in visiting.complaints if "409" not in one] == []


def test_every_control_can_be_reached_by_tab_and_left_again(paused):
    _, page = paused
    seen = []
    for _ in range(120):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement.id || document.activeElement.className || 'body'")
        if seen and name == seen[0] and len(seen) > 20:
            break
        seen.append(name)
    assert {"go", "skip", "pause", "stop", "panic", "previous", "next", "loop", "to", "help"} <= {*seen}
    assert {"scroller", "cue-rows", "book-rows"} <= {*seen}
    assert len(seen) < 120, "Tab comes round"


def test_the_help_lists_the_keys_and_panic_works_above_it(paused):
    standing, page = paused
    page.keyboard.press("?")
    terms = page.locator("#key-list dt")
    assert terms.all_text_contents() == [one.shown for one in actions.offered("page") if one.keys]
    expect(page.get_by_role("dialog")).to_contain_text("PANIC: ends everything now")
    page.keyboard.press("k")
    with page.expect_response("**/api/do"):
        page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert standing.desk.asked == [("panic",)]


def test_the_cast_sees_everything_and_has_nothing_to_press(long, stood, visit):
    standing = stood(stand(long, 5_000_000))
    page = visit(standing, cast=True).page
    expect(page.locator("#segment")).to_have_text("One")
    for name in ("#go", "#panic", "#stop", "#loop"):
        expect(page.locator(name)).to_be_hidden()
    page.keyboard.press("Space")
    page.keyboard.press("x")
    page.locator("#canvas").click(position={"x": 200, "y": 150})
    page.locator(".cue-open").nth(1).click()
    expect(page.locator("#tip").get_by_role("button")).to_have_text(["close"])
    assert standing.desk.asked == []


# --- reloads


FINDING = {
    "code": "E201",
    "severity": "error",
    "line": 6,
    "column": 11,
    "length": 4,
    "message": "there is no verb `<u>mov</u>`",
    "help": "did you mean `move`?",
    "fix": None,
}


def test_a_bad_save_is_shown_and_its_mending_too(paused, long):
    standing, page = paused
    found = {**FINDING, "path": long.read()["script"]}
    standing.hub.announce("findings", {"refused": True, "findings": [found]})
    notice = page.locator(".notice")
    expect(notice).to_contain_text("Your save was refused: 1 error. The show plays on as it was.")
    expect(notice).to_contain_text("long.show:6  there is no verb `<u>mov</u>`")
    expect(page.locator('.line[data-finding="error"]')).to_contain_text("error E201: there is no verb `<u>mov</u>`")
    standing.desk.state = {"undo": True}
    entry = {"kind": "reload", "ok": True, "old": "a", "new": "b", "added": ["L9"], "changed": [], "removed": []}
    standing.hub.publish({"seq": 10_000, "at": 5_000_000, **entry, "report": ["1 cue added: <b>L9</b>"]})
    standing.hub.announce("score", {"fingerprint": "b"})
    expect(notice).to_contain_text("Reloaded: 1 added")
    expect(notice).to_contain_text("1 cue added: <b>L9</b>")
    expect(page.locator(".line[data-finding]")).to_have_count(0)
    with page.expect_response("**/api/do"):
        notice.get_by_role("button", name="undo reload").click()
    assert standing.desk.asked == [("undo-reload",)]
    notice.get_by_role("button", name="put away").click()
    expect(notice).to_have_count(0)
    expect(page.locator(".clock")).to_contain_text("00:05.0")


def test_a_finding_of_a_refused_save_stands_where_its_line_is_in_the_text_in_force(paused, long):
    standing, page = paused
    found = {**FINDING, "path": long.read()["script"], "line": 9, "near": 6, "source": "  at 9s   live2d mov X"}
    standing.hub.announce("findings", {"refused": True, "findings": [found]})
    shown = page.locator('.line[data-finding="error"]')
    expect(shown).to_contain_text("in your save, line 9: at 9s   live2d mov X")
    assert shown.locator("xpath=preceding-sibling::*[1]").text_content().startswith("6  at 4s")


def test_a_save_that_was_undone_can_be_had_again(paused):
    standing, page = paused
    expect(page.locator("#redo")).to_be_hidden()
    standing.desk.state = {"redo": True}
    standing.hub.announce("score", {"fingerprint": "a"})
    expect(page.locator("#undo")).to_be_disabled()
    with page.expect_response("**/api/do"):
        page.click("#redo")
    assert standing.desk.asked == [("redo-reload",)]


def test_the_speed_is_offered_where_it_can_be_changed(paused):
    standing, page = paused
    expect(page.locator("#speed-box")).to_be_hidden()
    standing.desk.state = {"speed": True}
    standing.hub.announce("score", {"fingerprint": "a"})
    expect(page.locator("#speed-box")).to_be_visible()
    with page.expect_response("**/api/do"):
        page.select_option("#speed", "2")
    assert standing.desk.asked == [("speed", "2")]
    page.locator("#speed").evaluate("(node) => node.blur()")
    standing.desk.time = {**standing.desk.time, "speed": 3.5}
    expect(page.locator("#speed")).to_have_value("3.5")


def test_the_book_opens_the_file_that_plays(folder, stood, visit):
    (folder / "part.show").write_text('segment two "Two"\n  at 1s  log "x"\n  then  hold "here?"\n', "utf-8")
    script = written(
        folder, 'include "part.show"\nsegment last\n  at 1s  log "end"\n  then  hold "and here?"\n', "many"
    )
    entries = script.entries(go_after=1_000_000)
    first, last = [one["at"] for one in entries if one["kind"] == "wait" and one["for"].startswith("go")]
    standing = stood(stand(script, first, entries))
    page = visit(standing).page
    expect(page.locator("#files option:checked")).to_have_text("part.show")
    expect(page.locator(".line[data-playing]")).to_contain_text('hold "here?"')
    for one in entries:
        if first < one["at"] <= last:
            standing.hub.publish(one)
    expect(page.locator("#files option:checked")).to_have_text("many.show")
    expect(page.locator(".line[data-playing]")).to_contain_text('hold "and here?"')


# --- what can be pressed when


def test_before_the_start_there_is_start_and_stop_and_panic(long, stood, visit):
    standing = stood(stand(long, entries=[]))
    standing.desk.state = {"started": False}
    standing.desk.time = {"at": None, "paused": False, "speed": 1.0, "over": False, "ended": False}
    page = visit(standing).page
    state(page).to_have_text("standby")
    for name in ("skip", "pause", "previous", "next", "again", "loop", "to", "seek-key"):
        expect(page.locator(f"#{name}")).to_be_disabled()
    for name in ("go", "stop", "panic"):
        expect(page.locator(f"#{name}")).to_be_enabled()


def test_a_show_that_is_over_and_stays_stands_still_and_can_be_played_on(long, stood, visit):
    standing = stood(stand(long, entries=long.entries()[:-1]))
    standing.desk.time = {"at": 900_000_000, "paused": False, "speed": 1.0, "over": True, "ended": False}
    page = visit(standing).page
    state(page).to_have_text("over")
    expect(page.locator("#what")).to_have_text("over; seek to play on, or stop")
    expect(page.locator("#pause")).to_be_disabled()
    expect(page.locator("#show")).to_contain_text("on air 15:00")
    shown = page.locator(".clock").text_content()
    where = page.locator("#show").text_content().partition(" of ")[0]
    with page.expect_response("**/api/do"):
        page.get_by_role("button", name="again: One").click()
    assert standing.desk.asked == [("again", "one")]
    assert page.locator(".clock").text_content() == shown
    assert page.locator("#show").text_content().partition(" of ")[0] == where


# --- losing the connection, strangers


def test_when_showrunner_has_ended_after_the_show_the_page_says_so(long, stood, browser):
    standing = stood(stand(long))
    visiting = stood(Visit(browser, address(standing)))
    page = visiting.page
    state(page).to_have_text("ended")
    standing.close()
    expect(page.locator(".notice")).to_contain_text("showrunner has ended")
    state(page).to_have_text("ended")
    assert [one for one in visiting.complaints if "ERR_" not in one] == []


def test_a_lost_connection_is_shown_and_caught_up(long, stood, browser):
    entries = long.entries()
    first = [one for one in entries if one["at"] <= 5_000_000]
    standing = stood(stand(long, 5_000_000, entries))
    visiting = stood(Visit(browser, address(standing)))
    page = visiting.page
    expect(page.locator("#segment")).to_have_text("One")
    standing.close()
    state(page).to_have_text("lost connection")
    expect(page.locator(".notice")).to_contain_text("Connection lost")
    hub, desk = Hub(), Told(long)
    hub.in_force = lambda: long.cues
    hub.run = standing.hub.run
    for one in entries:
        hub.publish(one)
    desk.time = {"at": entries[-1]["at"], "paused": True, "speed": 1.0, "ended": True}
    stood(Standing(desk, hub, port=standing.port))
    state(page).to_have_text("ended")
    expect(page.locator("#segment")).to_have_text("Two")
    expect(page.locator(".notice")).to_have_count(0)
    page.evaluate("document.querySelector('.log button[data-side=log], .script button[data-side=log]').click()")
    beats = [one for one in entries if one.get("frame", {}).get("type") in {"ping", "pong"}]
    listed = [one for one in entries if one["kind"] != "told" and one not in beats]
    assert len(beats) == 2
    expect(page.locator(".entry").first).to_have_attribute("aria-setsize", str(len(listed)))
    assert len(first) < len(entries)
    refused = [one for one in visiting.complaints if "ERR_" not in one]
    assert refused == []


def test_a_foreign_page_gets_nothing(told, visit):
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>foreign</title><link rel=icon href=data:,>")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            own = visit(told)
            expect(own.page.locator("#segment")).to_have_text("One")
            page = own.context.new_page()
            page.goto(f"http://127.0.0.1:{server.server_address[1]}/")
            tried = page.evaluate(
                """async (home) => {
                  const tell = (answer) => `${answer.type} ${answer.status}`;
                  const body = JSON.stringify({action: "panic"});
                  const tries = [
                    fetch(`${home}/api/score`, {credentials: "include"}),
                    fetch(`${home}/api/do`, {method: "POST", credentials: "include", body,
                      headers: {"Content-Type": "application/json"}}),
                    fetch(`${home}/api/do`, {method: "POST", credentials: "include", mode: "no-cors", body}),
                  ];
                  const stream = new Promise((done) => {
                    const source = new EventSource(`${home}/api/events`, {withCredentials: true});
                    source.onmessage = () => done("heard");
                    source.onerror = () => { source.close(); done("nothing"); };
                  });
                  const said = await Promise.all(tries.map((one) => one.then(tell, () => "nothing")));
                  return [...said, await stream];
                }""",
                f"http://127.0.0.1:{told.port}",
            )
            assert tried == ["nothing"] * 4
            assert told.desk.asked == []
        finally:
            server.shutdown()


def test_a_device_that_rests_is_dialled_by_its_button(paused):
    standing, page = paused
    button = page.get_by_role("button", name="connect", exact=True)
    expect(button).to_have_count(0)
    entry = {"at": 5_000_000, "kind": "device", "device": "animaze"}
    standing.hub.publish({"seq": 10_000, **entry, "state": "waiting", "detail": "wrong password", "rests": True})
    with page.expect_response("**/api/do"):
        button.click()
    assert standing.desk.asked == [("connect", "animaze")]
    standing.hub.publish({"seq": 10_001, **entry, "state": "ready"})
    expect(button).to_have_count(0)


def test_signs_that_turn_or_hide_a_text_are_spelled_out(paused):
    standing, page = paused
    said = "\u202egnorw\u2069 \x1b[31mred\x07 <b>bold</b>"
    standing.hub.publish(
        {"seq": 10_000, "at": 5_000_000, "kind": "device", "device": "animaze", "state": "lost", "detail": said}
    )
    shown = r"\u{202e}gnorw\u{2069} \u{1b}[31mred\u{7} <b>bold</b>"
    expect(page.locator(".lamp-detail").first).to_have_text(shown)
    expect(page.locator(".notice")).to_contain_text(shown)
    page.click('.pick:visible [data-side="log"]')
    expect(page.locator(".entry").last).to_contain_text(shown)


# --- ten thousand cues


def test_ten_thousand_cues_scroll_and_only_a_screenful_exists(folder, stood, visit):
    lines = [f'  at {n}s  log "tick {n}"' for n in range(10_000)]
    script = written(folder, "\n".join(["segment all", *lines]), "ten")
    standing = stood(stand(script, 0))
    page = visit(standing).page
    expect(page.get_by_role("group", name="cues, scrolls")).to_contain_text('log "tick 3"')
    assert page.locator(".cue").count() < 60
    page.locator("#cue-rows").hover()
    page.mouse.wheel(0, 1_000_000)
    expect(page.locator("#cue-rows")).to_contain_text('log "tick 9999"')
    assert page.locator(".cue").count() < 60
    assert page.locator(".line").count() < 100
    page.click("#whole")
    expect(page.locator("#follow")).to_have_attribute("aria-pressed", "false")


# --- accessibility


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing_wrong(long, stood, visit, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    entries = [one for one in long.entries() if one["at"] <= 5_000_000]
    standing = stood(stand(long, 5_000_000, entries))
    standing.desk.state = {"undo": True}
    # Scripts of the page's own origin alone may run: axe comes in past that rule.
    more = {"size": PHONE, "has_touch": True} if size == "phone" else {}
    page = visit(standing, scheme=scheme, bypass_csp=True, **more).page
    expect(page.locator("#segment")).to_have_text("One")
    found = {**FINDING, "path": long.read()["script"]}
    standing.hub.announce("findings", {"refused": True, "findings": [found]})
    expect(page.locator(".notice")).to_contain_text("refused")
    assert wrongs(axe, page, size) == []


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing_wrong_in_a_room_and_in_its_form(room, visit, scheme, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    _, standing = room
    more = {"size": PHONE, "has_touch": True} if size == "phone" else {}
    page = visit(standing, scheme=scheme, bypass_csp=True, **more).page
    page.click("#go")
    expect(pad(page, "start")).to_contain_text("waited for")
    pad(page, "scare").click()
    expect(pad(page, "scare")).to_contain_text("rests")
    assert wrongs(axe, page, size) == []
    page.locator(".pad-more").first.click()
    assert violations(axe, page) == []


def wrongs(axe, page, size):
    """Give what axe has against each view of the page."""
    wrong = []
    views = ["cues", "timeline", "book", "log", "stage", "side"] if size == "phone" else ["book", "log", "stage"]
    for name in views:
        page.click(f'.views [data-view="{name}"]' if size == "phone" else f'.pick:visible [data-side="{name}"]')
        wrong += [(name, *one) for one in violations(axe, page)]
    return wrong


def violations(axe, page):
    found = axe.Axe().run(page).response["violations"]
    return [(one["id"], node["html"][:160]) for one in found for node in one["nodes"]]


# --- the model: what the page knows, from entries alone

FOLLOW = """async ([raw, entries, upto]) => {
  const { readScore } = await import("/page/model/score.js");
  const { newShow, take, running } = await import("/page/model/show.js");
  const { rowState } = await import("/page/model/cue-states.js");
  const { playhead, span } = await import("/page/model/playhead.js");
  const score = readScore(raw);
  const model = newShow(score, new Set(["seek", "stop", "panic"]));
  for (const entry of entries) if (upto === null || entry.at <= upto) take(model, entry, JSON.stringify(entry));
  const real = running(model, model.at);
  return {
    breaks: [...model.breaks.values()].map((one) => [one.plan, Math.round(one.extra / 1000), one.for]),
    off: Math.max(0, ...model.acts.filter((act) => act.planned)
      .map((act) => Math.abs(span(model, act, real).start.plan - act.planned.start))),
    unplanned: model.acts.filter((act) => !act.planned).length,
    acts: model.acts.length,
    speech: model.acts.filter((act) => act.speech).map((act) => act.text),
    states: score.rows.filter((row) => row.kind === "cue").map((row) => rowState(model, row.row).state),
    place: playhead(model, real),
    ended: model.ended,
  };
}"""


@pytest.fixture(scope="module")
def thinking(browser, long):
    """A page on which the modules can be asked."""
    standing = stand(long, 0)
    visiting = Visit(browser, address(standing))
    yield visiting.page
    visiting.close()
    standing.close()


def asked(thinking, what, script, entries, *more):
    """Ask the modules about a journal, as it comes to the page."""
    return thinking.evaluate(what, [script.read(), script.placed(entries), *more])


def lies_exactly_on_its_plan(thinking, script, *, told=False):
    """``told``: what ends when a program says so may take another time than was planned; then all that follows does."""
    known = asked(thinking, FOLLOW, script, script.entries(), None)
    assert told or known["breaks"] == []
    assert known["off"] <= DRIFT
    assert known["unplanned"] == 0
    assert known["acts"] == sum(one["kind"] == "command" for one in script.entries())
    assert set(known["states"]) <= {"done", "cut"}
    assert known["ended"] == "done"


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_a_dry_run_lies_exactly_on_its_plan(thinking, path):
    lies_exactly_on_its_plan(thinking, Script(path), told=path.stem in {"talkshow", "tutorial"})


def test_so_does_one_of_a_file_in_a_folder_with_cues_called_as_a_way_to_a_cue(thinking, tmp_path, monkeypatch):
    prepared(tmp_path)
    monkeypatch.chdir(tmp_path)
    lies_exactly_on_its_plan(thinking, Script("odd.show"))


def test_what_a_device_says_is_drawn_as_speech_whatever_its_verb_is_called(thinking, long):
    score, entries = long.read(), long.placed(long.entries())
    for device in score["devices"]:
        device["speech"] = ["tell" if verb == "say" else verb for verb in device["speech"]]
    for one in [*score["plan"]["entries"], *entries]:
        if one.get("verb") == "say":
            one["verb"] = "tell"
    known = thinking.evaluate(FOLLOW, [score, entries, None])
    assert known["speech"] == [one["text"] for one in entries if one.get("verb") == "tell"] != []


def test_a_wait_for_go_is_a_break_as_long_as_it_stood(thinking, long):
    entries = long.entries(go_after=4_000_000)
    known = asked(thinking, FOLLOW, long, entries, None)
    [waited] = [one for one in long.read()["plan"]["entries"] if one["kind"] == "wait" and one["for"].startswith("go")]
    assert known["breaks"] == [[waited["at"], 4000, "go go <i>on</i>?"]]
    assert known["off"] <= DRIFT
    standing = asked(thinking, FOLLOW, long, entries, waited["at"] + 1_000_000)
    assert standing["states"][:4] == ["done", "done", "waiting", "ahead"]
    assert standing["place"]["plan"] == waited["at"]


def test_what_was_played_twice_is_shown_once(thinking, long):
    entries = [one for one in long.entries() if one["at"] <= 5_000_000]
    seek = {"kind": "operator", "action": "seek", "to": "one+00:02", "from": "console", "at": 5_000_000}
    again = [{**one, "at": one["at"] + 3_000_000} for one in entries if one["at"] >= 2_000_000 and "seq" in one]
    opened = {"kind": "segment", "segment": "one", "title": "One", "at": 5_000_000}
    told = [{**one, "seq": n} for n, one in enumerate([*entries, seek, opened, *again])]
    known = asked(thinking, FOLLOW, long, told, None)
    assert known["acts"] == sum(one["kind"] == "command" for one in entries)
    assert known["states"][:3] == ["done", "playing", "next"]
    assert known["off"] <= DRIFT


def test_after_a_seek_the_playhead_is_where_it_went_and_a_panic_stops_it(thinking, long):
    entries = [one for one in long.entries() if one["at"] <= 2_000_000]
    operator = {"kind": "operator", "from": "console"}
    more = [
        {**operator, "action": "seek", "to": "two+00:12", "at": 2_000_000},
        {"kind": "segment", "segment": "two", "title": "Two", "at": 2_000_000},
        {"kind": "log", "segment": "two", "track": "main", "cue": "L9", "line": 9, "message": "-", "at": 5_000_000},
        {**operator, "action": "panic", "at": 6_000_000},
        {**operator, "action": "button", "name": "bell", "at": 7_000_000},
        {"kind": "log", "segment": "two", "track": "main", "cue": "L9", "line": 9, "message": "-", "at": 9_000_000},
    ]
    told = [{**one, "seq": n} for n, one in enumerate([*entries, *more])]
    [two] = [one["at"] for one in long.read()["plan"]["entries"] if one.get("segment") == "two" and "title" in one]
    for upto, plan in ((2_000_000, 12), (5_000_000, 15), (9_000_000, 16)):
        known = asked(thinking, FOLLOW, long, told, upto)
        assert known["place"]["plan"] == two + plan * 1_000_000


ENDS = """async ([raw, entries]) => {
  const { readScore } = await import("/page/model/score.js");
  const { newShow, take, running } = await import("/page/model/show.js");
  const { span } = await import("/page/model/playhead.js");
  const model = newShow(readScore(raw), new Set(["seek", "stop", "panic"]));
  for (const entry of entries) take(model, entry, JSON.stringify(entry));
  return model.acts.map((act) => [act.text, span(model, act, running(model, model.at))])
    .map(([text, { start, end }]) => [text, start.after, end.plan, end.after]);
}"""


def test_what_is_over_when_the_show_stands_ends_before_the_break_and_what_goes_on_behind_it(thinking, folder):
    script = written(folder, 'segment one\n  at 0s  say "Hi." and wait; hold "go?"\n  then  say "Then."\n', "ends")
    first, then = asked(thinking, ENDS, script, script.entries(go_after=3_000_000))
    assert first == ['say "Hi." and wait', True, first[2], False]
    assert then[:2] == ['say "Then."', True]
    [waited] = [one["at"] for one in script.entries() if one["kind"] == "wait" and one["for"].startswith("go")]
    assert first[2] == waited


DRAWN = """async ([raw, entries, upto]) => {
  const { readScore } = await import("/page/model/score.js");
  const { newShow, rebuilt, take, running } = await import("/page/model/show.js");
  const { playhead, reached, span } = await import("/page/model/playhead.js");
  const score = readScore(raw);
  let model = newShow(score, new Set(["seek", "stop", "panic"]));
  for (const entry of entries) if (entry.at <= upto) take(model, entry, JSON.stringify(entry));
  model = rebuilt(model, score);
  const real = running(model, upto);
  const here = playhead(model, real).plan;
  return model.acts.map((act) => [act.text, act.chased, span(model, act, real).start.plan, act.spoken,
    reached(model, act, here, real)]);
}"""


def test_what_is_held_is_drawn_as_far_as_it_has_come_and_no_further(thinking, long):
    entries = long.entries(go_after=4_000_000)
    [waited] = [one["at"] for one in entries if one["kind"] == "wait" and one["for"].startswith("go")]
    acts = asked(thinking, DRAWN, long, entries, waited + 3_000_000)
    moved = next(act for act in acts if act[0].startswith("live2d move"))
    assert moved[4] == waited


def test_what_was_said_is_known_after_a_reload_too(thinking, long):
    acts = asked(thinking, DRAWN, long, long.entries(), 5_000_000)
    [spoken] = [act[3] for act in acts if act[0].startswith("say happy")]
    assert spoken == "Hello <img src=x onerror='window.hit=1'> there!"


def test_what_a_seek_brings_back_is_drawn_where_the_seek_went(thinking, long):
    at = {"at": 2_000_000}
    command = {"kind": "command", "device": "live2d", "verb": "move", "segment": "one", "track": "main", "cue": "L6"}
    more = [
        {"kind": "operator", "from": "console", "action": "seek", "to": "two+00:05", **at},
        {"kind": "segment", "segment": "two", "title": "Two", **at},
        {**command, "id": 77, "line": 6, "text": "live2d move ParamAngleX from 0 to 10 over 2s", **at},
    ]
    told = [one for one in long.entries() if one["at"] < 2_000_000]
    told = [{**one, "seq": n} for n, one in enumerate([*told, *more])]
    acts = asked(thinking, DRAWN, long, told, 2_500_000)
    [two] = [one["at"] for one in long.read()["plan"]["entries"] if one.get("segment") == "two" and "title" in one]
    assert [act[:3] for act in acts] == [
        ["animaze emote Emote_Wave for 2s", False, 1_000_000],
        ["live2d move ParamAngleX from 0 to 10 over 2s", True, two + 5_000_000],
    ]


def test_a_panic_at_a_hold_leaves_the_playhead_there(thinking, long):
    entries = long.entries(go_after=9_000_000)
    [wait] = [one for one in entries if one["kind"] == "wait" and one["for"].startswith("go")]
    late = {"at": wait["at"] + 2_000_000}
    more = [
        {"kind": "operator", "action": "panic", "from": "key", **late},
        {**wait, "kind": "resume", "why": "panic", **late},
        {"kind": "log", "segment": "one", "track": "main", "cue": "L5", "line": 5, "message": "-", "at": 60_000_000},
    ]
    told = [*(one for one in entries if one["seq"] <= wait["seq"]), *more]
    told = [{**one, "seq": n} for n, one in enumerate(told)]
    known = asked(thinking, FOLLOW, long, told, None)
    assert known["place"] == {"plan": wait["at"], "extra": 2_000_000, "after": False}


REVISED = """async ([before, entries, after]) => {
  const { readScore } = await import("/page/model/score.js");
  const { newShow, take, rebuilt } = await import("/page/model/show.js");
  const { rowState } = await import("/page/model/cue-states.js");
  let model = newShow(readScore(before), new Set());
  for (const entry of entries) take(model, entry, JSON.stringify(entry));
  model = rebuilt(model, readScore(after));
  return model.score.rows.filter((row) => row.kind === "cue").map((row) => [row.line, rowState(model, row.row).state]);
}"""


def test_after_a_reload_what_was_played_is_found_where_it_stands_now(thinking, folder, long):
    lines = LONG.split("\n")
    text = "\n".join([*lines[:3], "# a remark", "# that moves every line", *lines[3:]])
    moved = written(folder, text, "moved", long.rows)
    entries = [one for one in long.entries() if one["at"] <= 5_000_000]
    reload = {"seq": len(entries), "at": 5_000_000, "kind": "reload", "ok": True, "old": "a", "new": "b"}
    states = asked(thinking, REVISED, long, [*entries, reload], moved.read())
    assert states == [[7, "done"], [8, "playing"], [9, "next"], [10, "ahead"], [12, "ahead"], [13, "ahead"]]


def test_after_a_reload_two_cues_with_the_same_words_are_not_taken_for_each_other(thinking, folder):
    first = written(folder, 'segment one\n  at 1s  log "x"\n  at 2s  say "Hi."\n  at 4s  say "Hi."\n', "twins")
    text = 'segment one\n  at 1s  log "x"\n  at 1500ms  say "Hi."\n  at 2s  say "Hi."\n  at 4s  say "Hi."\n'
    second = written(folder, text, "twins", first.rows)
    entries = [one for one in first.entries() if one["at"] <= 3_000_000]
    states = asked(thinking, REVISED, first, entries, second.read())
    assert [state for _, state in states] == ["done", "ahead", "done", "ahead"]

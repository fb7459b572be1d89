"""AITuberKit over its HTTP control: shows on the double in memory, with everything that the real one was seen to do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from showrunner import devices
from showrunner.devices import find
from showrunner.devices.aituber.slides import DEAD
from showrunner.devices.vocabulary import Answered, Argument, Command, Ended, Terms
from showrunner.diagnostics.diagnostic import Span
from showrunner.engine.journal import Journal
from showrunner.reports.captions import spoken
from showrunner.running.dry_run import dry_run
from showrunner.running.orders import part
from showrunner.running.performance import Options, Performance
from showrunner.show.prepare import prepare
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed

SECOND = 1_000_000

STAGE = """devices:
  aituber:
    api: {url: http://localhost:3000, client: studio, key-env: AITUBERKIT_API_KEY}
    answers: http://127.0.0.1:8766/answers
"""

NEWS = {
    "presentationId": "news",
    "title": "Evening news",
    "sections": [
        {
            "id": "weather",
            "title": "Weather",
            "slides": [
                {"id": "w1", "markdown": "# Weather", "narration": "The weather is fine today."},
                {
                    "id": "w2",
                    "markdown": "# Tomorrow",
                    "narration": "[sad]Tomorrow it rains. Take an umbrella.",
                    "speechText": "[sad]Tomorrow it rains. Take an umbrella with you.",
                },
            ],
        },
        {
            "id": "sport",
            "title": "Sport",
            "slides": [
                {"id": "s1", "markdown": "# Sport", "narration": "Now the sport of the day."},
                {"id": "s2", "markdown": "# Picture only"},
                {"id": "s3", "markdown": "# Last", "narration": "That was the sport."},
            ],
        },
    ],
}

RECORDED = Path(devices.__file__).parent / "aituber" / "frames" / "http.jsonl"
"""The requests and events of a real presentation."""

DECK = 'at 0s  aituber deck "slides/news.json"\n'


class Evening:
    """A show on the double, in memory. ``orders`` are (when, switch, value); ``presses`` (when, what)."""

    def __init__(
        self,
        folder: Path,
        text: str,
        *orders: tuple[float, str, str | None],
        presses: Sequence[tuple[float, str]] = (),
        stage: str = STAGE,
        lost: tuple[float, float] | None = None,
        latency: int = 0,
    ) -> None:
        (folder / "slides").mkdir(exist_ok=True)
        (folder / "slides" / "news.json").write_text(json.dumps(NEWS), "utf-8")
        (folder / "stage.yaml").write_text(stage, "utf-8")
        (folder / "a.show").write_text(text, "utf-8")
        prepared = prepare(str(folder / "a.show"))
        assert prepared.findings == ()
        assert prepared.cues is not None
        self.entries: list[dict[str, Any]] = []
        fixture = prepared.fixtures["aituber"]
        played = replace(fixture.played, settings={**fixture.played.settings, "mode": fixture.settings["mode"]})
        self.world = World(latency)
        self.double = played.device.double(Terms("aituber", played.settings, "0", lambda at: at // 1000))
        wire = self.world.join("aituber", self.double, played.ways)
        for at, switch, value in orders:
            self.world.switch("aituber", int(at * SECOND), switch, value)
        if lost is not None:
            self.world.lose("aituber", int(lost[0] * SECOND))
            self.world.restore("aituber", int(lost[1] * SECOND))
        for at, what in presses:
            self.world.press(int(at * SECOND), Pressed(what))
        journal = Journal(self.entries.append)
        used = {"aituber": played}
        show = Performance(prepared.cues, used, {"aituber": wire}, self.world, journal, Options(auto=True))
        assert show.standby(60 * SECOND) == {}
        self.ended = show.play()

    def all(self, kind: str, **keys: Any) -> list[dict[str, Any]]:
        return [e for e in self.entries if e["kind"] == kind and all(e.get(key) == one for key, one in keys.items())]

    @property
    def outcomes(self) -> list[tuple[str, str, str | None]]:
        verbs = {e["id"]: e["verb"] for e in self.all("command")}
        return [(verbs[e["id"]], e["result"], e.get("reason")) for e in self.all("outcome")]

    @property
    def asked(self) -> list[tuple[str, str, Any]]:
        sent = [e["frame"] for e in self.all("sent", way="api")]
        return [
            (f["method"], f["path"], (f.get("body") or {}).get("action")) for f in sent if f["path"] != "receivers/"
        ]

    @property
    def notes(self) -> list[str]:
        return [e["detail"] for e in self.all("device", state="note")]

    def happened(self, name: str) -> list[dict[str, Any]]:
        return [e.get("fields", {}) for e in self.entries if e.get("event") == name]

    @property
    def heard(self) -> list[str]:
        return [said["text"] for said in self.happened("spoken-start")]


def done(*verbs: str) -> list[tuple[str, str, None]]:
    return [(verb, "done", None) for verb in verbs]


# ------------------------------------------------------------------------------------------------------------- the deck


def test_a_deck_is_put_as_the_next_revision_and_loaded_for_the_client_id_and_never_started_by_itself(tmp_path):
    played = Evening(tmp_path, DECK + 'then aituber deck "slides/news.json"\n')
    assert played.outcomes == done("deck", "deck")
    path = "presentations/news/"
    once = [("GET", path, None), ("PUT", path, None), ("POST", f"{path}activate/", None)]
    assert played.asked == once * 2
    bodies = [e["frame"].get("body") for e in played.all("sent", way="api") if e["frame"]["path"] != "receivers/"]
    assert [(b["revision"], b["presentationId"]) for b in (bodies[1], bodies[4])] == [(1, "news"), (2, "news")]
    assert [bodies[2], bodies[5]] == [{"clientId": "studio", "revision": n, "autoStart": False} for n in (1, 2)]
    ids = [e["frame"]["request"] for e in played.all("sent", way="api", id=1)]
    assert ids == ["0-1", "0-1-2", "0-1-3"]


def test_a_section_is_presented_to_its_end_and_the_next_one_after_it(tmp_path):
    text = (
        DECK + "then aituber present\nthen log 'stands'\nthen aituber present next section\nthen aituber unload deck\n"
    )
    played = Evening(tmp_path, text)
    assert played.outcomes == done("deck", "present", "present", "unload")
    assert played.heard == [
        "The weather is fine today.",
        "Tomorrow it rains.",
        "Take an umbrella.",
        "Now the sport of the day.",
        "That was the sport.",
    ]
    assert [one["slide"] for one in played.happened("slide")] == ["w1", "w2", "s1", "s3"], "each of them once"
    assert [one["section"] for one in played.happened("section-end")] == ["weather"]
    assert [one["deck"] for one in played.happened("deck-end")] == ["news"]
    assert [action for *_, action in played.asked if action] == ["start", "next_section", "unload"]
    (stands,) = played.all("log")
    (over,) = [e["at"] for e in played.entries if e.get("event") == "section-end"]
    assert stands["at"] == over


def test_what_a_deck_says_has_its_captions(tmp_path):
    played = Evening(tmp_path, DECK + "then aituber present\nthen say 'Now you.'\n")
    captions = spoken(played.entries, {"aituber": find("aituber")})
    assert [one.text for one in captions] == [
        "The weather is fine today.",
        "Tomorrow it rains.",
        "Take an umbrella.",
        "Now you.",
    ]
    assert all(one.end <= after.start for one, after in pairwise(captions))


def test_what_is_said_waits_until_the_deck_stands(tmp_path):
    played = Evening(tmp_path, DECK + "then aituber present\nthen at 2s say 'And now to you.'\n")
    assert played.outcomes == done("deck", "present", "say")
    assert played.heard[-1] == "And now to you."


def test_a_present_that_follows_a_move_is_not_ended_by_what_is_still_told_of_the_move(tmp_path):
    text = DECK + "then aituber present from w2\nthen aituber slide w1\nthen aituber present\n"
    played = Evening(tmp_path, text)
    assert played.outcomes == done("deck", "present", "slide", "present")
    assert played.heard.count("Take an umbrella.") == 2


def test_a_deck_that_is_over_begins_anew(tmp_path):
    text = DECK + "then aituber present from s3\nthen aituber present\n"
    played = Evening(tmp_path, text)
    assert played.outcomes == done("deck", "present", "present")
    assert [action for *_, action in played.asked if action] == ["goto", "reset", "start"]
    assert played.heard[:2] == ["That was the sport.", "The weather is fine today."]


def test_a_show_may_begin_behind_its_deck_and_what_waits_for_the_way_to_it_comes(tmp_path):
    text = "segment one\n  at 0s aituber deck 'slides/news.json'\nsegment two\n  at 0s aituber present from s3\n"
    (tmp_path / "slides").mkdir()
    (tmp_path / "slides" / "news.json").write_text(json.dumps(NEWS), "utf-8")
    (tmp_path / "stage.yaml").write_text(STAGE, "utf-8")
    (tmp_path / "a.show").write_text(text, "utf-8")
    made = prepare(str(tmp_path / "a.show"))
    entries: list[dict[str, Any]] = []
    begin = part(made.cues, made.fixtures, made.inventories, "two", None, None)
    options = Options(auto=True, excerpt=begin)
    dry_run(made.cues, made.fixtures, entries.append, options=options, inventories=made.inventories)
    assert [e["result"] for e in entries if e["kind"] == "outcome"] == ["done", "done"]
    assert [e["fields"]["text"] for e in entries if e.get("event") == "spoken-start"] == ["That was the sport."]


def test_where_no_events_come_a_presentation_fails_and_a_deck_does_not(tmp_path):
    text = DECK.replace("0s", "5s") + "then aituber present else continue\n"
    played = Evening(tmp_path, text, (1, "events", "refused"))
    assert [(verb, result) for verb, result, _ in played.outcomes] == [("deck", "done"), ("present", "failed")]


def test_behind_the_last_section_the_deck_is_over_at_once(tmp_path):
    played = Evening(tmp_path, DECK + "then aituber slide s1\nthen aituber present next section\n")
    assert played.outcomes == done("deck", "slide", "present")
    assert played.heard == []


def test_a_pause_lets_the_sentence_end_and_with_it_the_present(tmp_path):
    played = Evening(tmp_path, DECK + "then aituber present\nat 2s aituber pause deck\n")
    assert sorted(played.outcomes) == sorted(done("deck", "present", "pause"))
    assert played.heard == ["The weather is fine today."]


def test_slides_are_moved_without_a_word(tmp_path):
    text = DECK + "then aituber slide w2\nthen aituber next\nthen aituber back\nthen aituber slide w2\n"
    played = Evening(tmp_path, text)
    assert played.outcomes == done("deck", "slide", "next", "back", "slide")
    assert [one["slide"] for one in played.happened("slide")] == ["w1", "w2", "s1", "w2"]
    assert [action for *_, action in played.asked if action] == ["goto", "next_slide", "previous_slide", "goto"]
    took = [e["took"] for e in played.all("outcome")]
    assert took[-1] == 0, "it was there already"


def test_at_the_first_slide_there_is_none_before(tmp_path):
    played = Evening(tmp_path, DECK + "then aituber back\n")
    assert played.outcomes == done("deck", "back")
    assert played.notes == ["there is no further slide"]


def test_a_slide_that_the_deck_does_not_have_is_asked_of_nobody(tmp_path):
    text = "at 0s aituber slide w9 else continue\nthen aituber deck 'slides/news.json'\n"
    played = Evening(tmp_path, text.replace("w9", '"w2"'))
    assert played.outcomes[0] == ("slide", "failed", "no deck of this show is loaded: `deck` comes first")
    assert "presentation/control/" not in [path for _, path, _ in played.asked]


def test_a_deck_that_is_shown_again_is_moved_away_and_back_for_the_page_shows_its_first_slide(tmp_path):
    text = DECK + "then aituber slide w2\nthen aituber hide deck\nthen aituber show deck\n"
    played = Evening(tmp_path, text)
    assert played.outcomes == done("deck", "slide", "hide", "show")
    moves = [e["frame"]["body"] for e in played.all("sent", way="api") if e["frame"]["path"] == "presentation/control/"]
    assert [(one["action"], (one.get("target") or {}).get("slideId")) for one in moves] == [
        ("goto", "w2"),
        ("hide", None),
        ("show", None),
        ("goto", "s1"),
        ("goto", "w2"),
    ]


def test_where_no_deck_is_there_is_nothing_to_unload_and_that_is_no_failure(tmp_path):
    played = Evening(tmp_path, "at 0s aituber unload deck\n")
    assert played.outcomes == done("unload")
    assert played.notes == ["there was no deck to unload"]


# ------------------------------------------------------------------------------------------- where nothing tells an end


@pytest.mark.parametrize(
    ("line", "within"),
    [
        ("aituber deck 'slides/news.json'", 10),
        ("aituber slide w2", 3),
        ("aituber next", 3),
        ("aituber unload deck", 5),
    ],
)
def test_where_no_event_tells_the_end_the_status_does_and_that_is_said(tmp_path, line, within):
    text = f"{DECK}at 20s {line}\n"
    played = Evening(tmp_path, text, (19, "events", "off"))
    assert [result for _, result, _ in played.outcomes] == ["done", "done"]
    assert played.notes == ["no event told that it is over; the status was asked"]
    took = played.all("outcome")[-1]["took"]
    assert took == within * SECOND


def test_a_present_whose_end_nobody_tells_is_found_to_be_over(tmp_path):
    played = Evening(tmp_path, DECK + "at 2s aituber present\n", (3, "events", "off"))
    assert played.outcomes == done("deck", "present")
    assert played.notes == ["no event told that it is over; the status was asked"]


def test_what_no_page_takes_fails_in_bounded_time(tmp_path):
    played = Evening(tmp_path, DECK, (0, "tab", "close"))
    assert played.outcomes == [
        ("deck", "failed", "no page has loaded it: is AITuberKit's page open, and is `client` of `api` its client id?")
    ]
    assert played.all("outcome")[0]["took"] == 10 * SECOND


def test_events_under_one_id_are_enough_and_each_is_told_once(tmp_path):
    text = DECK + "then aituber present\n"
    both, one = (Evening(tmp_path, text, (0, "twins", way)) for way in ("on", "off"))
    assert both.outcomes == one.outcomes == done("deck", "present")
    assert both.happened("slide") == one.happened("slide")


def test_a_page_that_is_reloaded_meanwhile_has_not_presented(tmp_path):
    played = Evening(tmp_path, DECK + "at 2s aituber present\nthen log 'on'\n", (3.5, "reload", None))
    reasons = [reason for verb, result, reason in played.outcomes if verb == "present" and result == "failed"]
    assert len(reasons) == 1


def test_somebody_elses_move_is_an_event_and_ends_nothing(tmp_path):
    text = DECK + "then wait for aituber slide s3 -> at within 1m\nthen log '{at} of {at.section}, {at.state}'\n"
    played = Evening(tmp_path, text, (5, "goto", "s3"))
    assert [e["message"] for e in played.all("log")] == ["s3 of sport, paused"]


def test_what_the_page_cannot_do_is_an_event(tmp_path):
    played = Evening(tmp_path, DECK + "then wait for aituber deck-error within 1m\n", (5, "event", "deck-error"))
    assert [result for _, result, _ in played.outcomes] == ["done", "done"]


# -------------------------------------------------------------------------------------------------------------- silence


def test_a_stop_goes_to_the_page_by_its_own_id(tmp_path):
    text = "at 0s say 'A very long line that is going to be cut in the middle of it.'\nat 2s hush\n"
    played = Evening(tmp_path, text)
    (body,) = [e["frame"]["body"] for e in played.all("sent", way="api") if e["frame"]["path"] == "stop/"]
    assert body == {"receiverId": "aituber-receiver-1", "mode": "all"}
    assert played.outcomes[0] == ("say", "cancelled", "hushed by line 2")
    assert "the voice was cut" in played.notes


def test_a_deck_that_plays_is_paused_before_it_is_stopped_and_both_under_the_client_id(tmp_path):
    text = DECK + "at 2s aituber present\nat 3s hush\nthen say 'Breaking news.'\n"
    played = Evening(tmp_path, text)
    stops = [e["frame"] for e in played.all("sent", way="api")][-2:]
    assert [one["body"] for one in stops] == [
        {"clientId": "studio", "action": "pause"},
        {"clientId": "studio", "mode": "all"},
    ]
    assert [one for one in played.outcomes if one[0] == "present"] == [("present", "cancelled", "hushed by line 3")]
    assert played.heard == ["The weather is fine today.", "Breaking news."]
    assert any("reload it before the next `present`" in note for note in played.notes)


def test_a_deck_whose_waiting_sentences_were_stopped_is_stuck_and_says_so(tmp_path):
    text = (
        DECK + "at 2s aituber present from w2\nat 3s hush\nat 10s aituber present from w1 else continue\n"
        "then say 'We go on without it.'\n"
    )
    played = Evening(tmp_path, text)
    assert played.outcomes[-2:] == [("present", "failed", DEAD), ("say", "done", None)]


def test_a_stop_that_no_page_fetches_is_said(tmp_path):
    text = DECK + "at 2s aituber present\nat 3s hush\nthen log 'after'\n"
    played = Evening(tmp_path, text, (2.5, "control", "off"))
    assert any(note.startswith("no page has fetched the stop") for note in played.notes)
    assert played.ended.result == "done"


def test_a_panic_in_a_presentation_silences_it(tmp_path):
    played = Evening(tmp_path, DECK + "at 2s aituber present\n", presses=[(3, "panic")])
    assert played.ended.result == "panic"
    assert [action for *_, action in played.asked if action] == ["start", "pause"]
    assert played.asked[-1][1] == "stop/"


@pytest.mark.parametrize("press", ["stop", "interrupt"])
def test_a_show_that_is_stopped_leaves_no_deck_that_speaks_on(tmp_path, press):
    played = Evening(tmp_path, DECK + "at 2s aituber present\n", presses=[(3, press)])
    assert [action for *_, action in played.asked if action] == ["start", "pause"]
    assert played.asked[-1][1] == "stop/"
    assert "silent" in played.double.visible(played.world.now())


def test_a_connection_that_is_lost_in_the_middle_fails_the_presentation(tmp_path):
    text = DECK + "at 2s aituber present else continue\nthen log 'on'\n"
    played = Evening(tmp_path, text, lost=(3.5, 6))
    assert [one for one in played.outcomes if one[0] == "present"] == [("present", "failed", "connection lost")]


# ------------------------------------------------------------------------------------------------------------------ ask


def test_the_ai_answers_and_its_answer_is_kept_when_it_has_been_spoken(tmp_path):
    text = "at 0s aituber ask 'What was for breakfast?' -> food or 'nothing'\nthen log '{food}'\n"
    played = Evening(tmp_path, text, (0, "answer", "It was toast, of course. With jam."))
    assert played.outcomes == done("ask")
    assert [e["message"] for e in played.all("log")] == ["It was toast, of course. With jam."]
    assert played.heard == ["It was toast,", "of course.", "With jam."]
    (answer,) = played.happened("answer")
    assert (answer["text"], answer["status"]) == ("It was toast, of course. With jam.", "completed")
    last = [e["at"] for e in played.entries if e.get("event") == "spoken-end"][-1]
    assert played.all("outcome")[0]["at"] == last
    (asked,) = [e["frame"]["body"] for e in played.all("sent", way="api") if e["frame"]["path"] == "chat/"]
    assert asked["responseCallback"] == {
        "url": "http://127.0.0.1:8766/answers",
        "interactionId": "0-1-1",
        "token": "…",
    }


@pytest.mark.parametrize(
    ("how", "reason"), [("empty", "AITuberKit's AI had no answer"), ("failed", "the model failed")]
)
def test_an_ai_without_an_answer_has_failed(tmp_path, how, reason):
    played = Evening(tmp_path, "at 0s aituber ask 'Well?' else continue\n", (0, "answers", how))
    assert played.outcomes == [("ask", "failed", reason)]


def test_an_answer_that_nobody_hears_is_no_failure_but_is_said(tmp_path):
    played = Evening(tmp_path, "at 0s aituber ask 'Well?'\n", (0, "voice", "off"))
    assert played.outcomes == done("ask")
    assert played.notes[-1].startswith("the answer came, and nothing sounded")


def test_an_ai_that_thinks_hears_of_a_stop_all_the_same(tmp_path):
    text = "at 0s aituber ask 'Well?'\nat 500ms hush\nthen say 'Never mind.'\n"
    played = Evening(tmp_path, text)
    assert [one for one in played.outcomes if one[0] == "ask"] == [("ask", "cancelled", "hushed by line 2")]
    (body,) = [e["frame"]["body"] for e in played.all("sent", way="api") if e["frame"]["path"] == "stop/"]
    assert "receiverId" in body


# --------------------------------------------------------------------------------------------- without External Linkage

ALONE = STAGE.replace("  aituber:\n", "  aituber:\n    mode: http\n")


def test_without_external_linkage_a_line_is_spoken_over_http(tmp_path):
    text = (
        "at 0s aituber speak happy 'Hello everybody, this is one sentence.' sad 'And a second one.'\nthen log 'over'\n"
    )
    played = Evening(tmp_path, text, stage=ALONE)
    assert played.outcomes == done("speak")
    assert played.heard == ["Hello everybody,", "this is one sentence.", "And a second one."]
    (body,) = [e["frame"]["body"] for e in played.all("sent", way="api") if e["frame"]["path"] == "speak/"]
    assert body["text"] == "[happy]Hello everybody, this is one sentence.\n[sad]And a second one."
    assert body["speechSessionId"] == "showrunner-0"
    last = [e["at"] for e in played.entries if e.get("event") == "spoken-end"][-1]
    assert played.all("log")[0]["at"] == last


def test_a_line_of_which_nothing_sounds_was_not_heard(tmp_path):
    played = Evening(tmp_path, "at 0s aituber speak 'Hello?' else continue\n", (0, "voice", "off"), stage=ALONE)
    ((_, result, reason),) = played.outcomes
    assert (result, str(reason).startswith("nothing sounded")) == ("failed", True)


def test_signs_of_the_page_in_a_text_are_none(tmp_path):
    played = Evening(tmp_path, "let mark = '[happy]'\nat 0s aituber speak '{mark} is what he wrote.'\n", stage=ALONE)
    (body,) = [e["frame"]["body"] for e in played.all("sent", way="api") if e["frame"]["path"] == "speak/"]
    assert "[happy] is" not in body["text"]


@pytest.mark.parametrize(
    ("stage", "line", "code"),
    [
        (STAGE, "aituber speak 'Hello.'", "E242"),
        (ALONE, "say 'Hello.'", "E242"),
        ("devices:\n  aituber: {}\n", "aituber deck 'slides/news.json'", "E242"),
        (ALONE.replace("    answers: http://127.0.0.1:8766/answers\n", ""), "aituber ask 'Well?'", "E242"),
    ],
)
def test_what_must_not_be_mixed_and_what_leads_nowhere_is_found_by_the_check(tmp_path, stage, line, code):
    (tmp_path / "stage.yaml").write_text(stage, "utf-8")
    (tmp_path / "a.show").write_text(f"at 0s {line}\n", "utf-8")
    assert [one.code for one in prepare(str(tmp_path / "a.show")).findings] == [code]


# ------------------------------------------------------------------------------------------------------------- the wire


def test_the_same_show_is_the_same_to_the_byte(tmp_path):
    text = DECK + "then aituber present\nthen aituber ask 'Well?'\nthen aituber unload deck\n"
    once, again = (Evening(tmp_path, text, latency=3000).entries for _ in range(2))
    assert once == again


def test_signs_of_life_do_not_stand_in_the_journal(tmp_path):
    played = Evening(tmp_path, DECK + "at 30s log 'x'\n")
    kinds = {e["frame"].get("event") for e in played.all("event", way="events")}
    assert "status_updated" not in kinds
    assert {"presentation_loaded", "commands_fetched"} <= kinds


def test_a_page_that_is_closed_is_told_after_six_seconds_and_when_it_is_back(tmp_path):
    text = "at 0s wait for aituber page gone within 1m\nthen wait for aituber page came within 1m\n"
    played = Evening(tmp_path, text, (5, "tab", "close"), (20, "tab", "open"))
    assert [result for _, result, _ in played.outcomes] == ["done", "done"]
    assert [one["what"] for one in played.happened("page")] == ["came", "gone", "came"]


def test_events_that_were_told_before_are_no_news_when_the_stream_comes_again(tmp_path):
    text = DECK + "then aituber slide w2\nat 20s log 'x'\n"
    played = Evening(tmp_path, text, (5, "events", "break"))
    assert len([e for e in played.all("event", way="events") if "opened" in e["frame"]]) == 2
    assert [one["slide"] for one in played.happened("slide")] == ["w1", "w2"]


def test_a_server_in_restricted_mode_refuses_in_its_words(tmp_path):
    played = Evening(tmp_path, DECK.replace("\n", " else continue\n"), (0, "restricted", "on"))
    ((_, result, reason),) = played.outcomes
    assert (result, "restricted mode" in str(reason)) == ("failed", True)


def test_the_requests_are_those_that_the_real_one_took(tmp_path):
    rows = [json.loads(row) for row in RECORDED.read_text("utf-8").splitlines()]
    real = [row for row in rows if row["dir"] == "http" and row["method"] != "GET"]
    played = Evening(tmp_path, DECK + "at 2s aituber present\nthen aituber present next section\n")
    ours = [e["frame"] for e in played.all("sent", way="api") if e["frame"].get("method") != "GET"]
    assert [(one["method"], f"/api/v1/{one['path']}") for one in ours] == [(row["method"], row["path"]) for row in real]
    for one, row in zip(ours[1:], real[1:], strict=True):
        assert one["body"] | {"revision": 0} == row["body"] | {"revision": 0} | {
            key: False for key in ("autoStart",) if "activate" in row["path"]
        }


@pytest.mark.parametrize("first", ["reply", "event"])
def test_an_end_may_be_told_before_the_reply(first):
    """AITuberKit's events and answers come by two connections: their order is free."""
    filled = {setting.name: setting.default for setting in find("aituber").settings}
    api = {"url": "http://localhost:3000", "client": "studio", "key-env": "AITUBERKIT_API_KEY"}
    deck = find("aituber").document(json.dumps(NEWS), filled).value
    settings = filled | {"api": api, "documents": {"news.json": deck}}
    driver = find("aituber").driver(Terms("aituber", settings, "0", lambda at: at // 1000))
    driver.connected(1, 0, "api")
    driver.connected(2, 0, "events")
    driver.received(2, {"opened": {"status": 200}}, 0)
    row = next(verb for verb in find("aituber").verbs if verb.name == "deck")
    driver.command(1, 1, Command("aituber", row, (Argument("FILE", "news.json", Span(0, 1, 1)),)), 0)
    driver.received(1, {"request": "0-1", "status": 200, "body": {"presentation": {"revision": 4}}}, 0)
    driver.received(1, {"request": "0-1-2", "status": 200, "body": {"ok": True}}, 0)
    said = {"presentationId": "news", "revision": 5, "sectionId": "weather", "slideId": "w1", "state": "paused"}
    data = {"id": "evt_1_1", "timestamp": 1, "clientId": "studio", "type": "presentation_loaded", "payload": said}
    come = {
        "reply": (1, {"request": "0-1-3", "status": 200, "body": {"ok": True}}),
        "event": (2, {"event": "presentation_loaded", "id": "evt_1_1", "data": data}),
    }
    order = [first, *(one for one in come if one != first)]
    outputs = [output for one in order for output in driver.received(*come[one], 1000)]
    ends = [output for output in outputs if isinstance(output, Answered | Ended)]
    wanted = {"reply": Answered(1, 1, ok=True), "event": Ended(1, 1)}
    assert ends == [wanted[one] for one in order]


def test_every_event_comes_in_the_order_in_which_the_real_page_tells_it(tmp_path):
    rows = [json.loads(row) for row in RECORDED.read_text("utf-8").splitlines()]
    deck = ("presentation_", "slide_", "section_")
    mine = [row for row in rows if row.get("clientId") == "studio" and row["event"].startswith(deck)]
    real = [(row["event"], row["payload"].get("slideId")) for row in mine]
    text = DECK + "at 2s aituber present\nthen aituber present next section\n"
    played = Evening(tmp_path, text)
    ours = [
        (e["frame"]["event"], e["frame"]["data"]["payload"].get("slideId"))
        for e in played.all("event", way="events")
        if "event" in e["frame"] and e["frame"]["data"]["clientId"] == "studio"
    ]
    told = [one for one in ours if one[0].startswith(deck)]
    assert told == real
    assert all(one != after for one, after in pairwise(told))

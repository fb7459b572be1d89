"""AITuberKit's server and page behind its HTTP control, simulated: held against recordings of the real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from showrunner import devices
from showrunner.devices.aituber import device
from showrunner.devices.aituber.double import AituberDouble
from showrunner.devices.aituber.speaker import sentences
from showrunner.devices.presence import Trial
from showrunner.devices.vocabulary import Emit, Terms

TRANSCRIPTS = Path(__file__).parent / "transcripts"
API, EVENTS = 1, 2
TAB = "aituber-receiver-1"

RUN = Path(devices.__file__).parent / "aituber" / "frames" / "http.jsonl"


def recorded(name: str) -> list[dict[str, Any]]:
    """Give the rows of a recording; ``run`` is the one that the device has with it."""
    path = RUN if name == "run" else TRANSCRIPTS / f"aituberkit-http-{name}.jsonl"
    return [json.loads(row) for row in path.read_text("utf-8").replace("aituber-receiver-TAB1", TAB).splitlines()]


NEWS: dict[str, Any] = next(row["body"] for row in recorded("run") if row.get("method") == "PUT")


class Page:
    """The double, asked over HTTP and listened to; ``told`` are its events, as (which, under which id, what of it)."""

    def __init__(self) -> None:
        filled = {setting.name: setting.default for setting in device.settings}
        filled |= {"api": {"client": "studio"}, "speech-rate": 12.5}
        self.double = AituberDouble(Terms("aituber", filled, "0", lambda at: at // 1000))
        self.told: list[tuple[str, str, Any]] = []
        self.double.connected(API, 0, "api")
        self.double.connected(EVENTS, 0, "events")
        self.now = 0

    def until(self, now: int) -> None:
        while self.double.deadline is not None and self.double.deadline <= now:
            self.now = self.double.deadline
            self.take(self.double.elapsed(self.now))
        self.now = now

    def take(self, reactions: Any) -> Any:
        answer = None
        for reaction in reactions:
            if isinstance(reaction, Emit) and reaction.connection == API:
                answer = reaction.frame
            elif isinstance(reaction, Emit) and isinstance(reaction.frame, dict):
                data = reaction.frame["data"]
                payload = data["payload"]
                what = payload.get("slideId") or payload.get("text")
                self.told.append((data["type"], data["clientId"], what))
        return answer

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        query = {"clientId": "studio"} if method == "GET" and "status" in path else None
        frame = {"request": "r", "method": method, "path": path, "body": body, "query": query}
        return self.take(self.double.received(API, frame, self.now))


SOUNDS = {"speech_chunk_started", "speech_chunk_ended"}
"""Their place among the events of a deck is free, too."""

FREE = {"status_updated", "speech_started", "speech_ended", "presentation_registered"}
"""Events whose place among the others is free, or that are about nobody's page."""


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("01-speak-tags", ()),
        ("02-interrupt", ()),
        ("run", ()),
        ("04-presentation-stop-stuck", ({"action": "goto", "target": {"sectionId": "sport", "slideId": "s3"}},)),
        ("05-receiver-assignment", ({"action": "pause"},)),
    ],
)
@pytest.mark.parametrize("about", ["studio", TAB])
def test_what_the_real_one_told_under_an_id_the_double_tells_in_the_same_order(name, before, about):
    page = Page()
    if before:
        page.ask("PUT", "presentations/news/", {**NEWS, "revision": 7})
        page.ask("POST", "presentations/news/activate/", {"clientId": "studio", "revision": 7})
        page.until(2_000_000)
        for command in before:
            page.ask("POST", "presentation/control/", {"clientId": "studio", **command})
        page.until(4_000_000)
    page.told.clear()
    began, real, last = page.now, [], 0
    for row in recorded(name):
        last = row["ms"] * 1000
        page.until(began + last)
        if row["dir"] == "http":
            said = page.ask(row["method"], row["path"].removeprefix("/api/v1/").partition("?")[0], row.get("body"))
            created = row["method"] == "PUT" and said["status"] == 201
            assert created or said["status"] == row["status"]
            assert set(said["body"]) >= set(row["response"])
        elif row["dir"] == "sse":
            what = row["payload"].get("slideId") or row["payload"].get("text")
            real.append((row["event"], row["clientId"], what))
    page.until(began + last + 1_000_000)
    for sound in (True, False):
        wanted, ours = (
            [one for one in told if one[1] == about and one[0] not in FREE and one[0].startswith("speech_") is sound]
            for told in (real, page.told)
        )
        assert ours[: len(wanted)] == wanted
        assert {one[0] for one in ours[len(wanted) :]} <= {"messages_fetched", *SOUNDS}, "what came after it"


def test_the_double_is_stuck_where_the_real_one_was():
    page = Page()
    page.ask("PUT", "presentations/news/", {**NEWS, "revision": 7})
    page.ask("POST", "presentations/news/activate/", {"clientId": "studio", "revision": 7})
    page.until(1_000_000)
    where = {"sectionId": "weather", "slideId": "w2"}
    page.ask("POST", "presentation/control/", {"clientId": "studio", "action": "goto", "target": where, "speak": True})
    page.until(2_000_000)
    page.ask("POST", "stop/", {"clientId": "studio"})
    page.until(30_000_000)
    actual = page.ask("GET", "presentation/status/")["body"]["actual"]
    assert (actual["state"], actual["slideId"], actual["isSpeaking"]) == ("playing", "w2", False)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("GET", "stop/", None, 405, "Method not allowed"),
        ("POST", "stop", {"clientId": "studio"}, 308, None),
        ("POST", "stop/", {}, 400, "Client ID is required"),
        ("POST", "speak/", {"clientId": "studio", "text": " "}, 400, "Text or messages are required"),
        (
            "POST",
            "speak/",
            {"clientId": "studio", "text": "x", "speechSessionId": None},
            400,
            "Invalid speech session ID",
        ),
        (
            "POST",
            "chat/",
            {"clientId": "studio", "text": "x", "mode": "ai_generate", "responseCallback": {}},
            400,
            None,
        ),
        ("POST", "presentation/control/", {"clientId": "studio", "action": "dance"}, 422, "Invalid action"),
        ("POST", "presentation/control/", {"clientId": "studio", "action": "goto"}, 422, "Target is required"),
        (
            "POST",
            "presentation/control/",
            {"clientId": "studio", "action": "start"},
            409,
            "No presentation is assigned",
        ),
        ("GET", "presentations/news/", None, 404, "Presentation not found"),
        ("PUT", "presentations/news/", {**NEWS, "presentationId": "other"}, 422, "Validation failed"),
        ("GET", "health/", None, 404, "Not found"),
        ("POST", "stop/", {"clientId": "nobody"}, 202, None),
    ],
)
def test_bad_input_is_refused_as_the_real_one_does(method, path, body, status, said):
    answer = Page().ask(method, path, body)
    assert answer["status"] == status
    assert said is None or answer["body"]["error"] == said


def test_a_revision_that_is_older_or_another_text_is_a_conflict_and_the_same_is_nothing():
    page = Page()
    put = [
        page.ask("PUT", "presentations/news/", {**NEWS, **more})
        for more in (
            {"revision": 5},
            {"revision": 5},
            {"revision": 5, "title": "Other"},
            {"revision": 4},
            {"revision": 6},
        )
    ]
    assert [(one["status"], one["body"].get("code") or one["body"]["noOp"]) for one in put] == [
        (201, False),
        (200, True),
        (409, "REVISION_CONFLICT"),
        (409, "STALE_REVISION"),
        (200, False),
    ]


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("Hello everybody, this is one sentence.", [("", "Hello everybody,"), ("", "this is one sentence.")]),
        ("[happy]Hi. [sad]Oh, no.", [("happy", "Hi."), ("sad", "Oh, no.")]),
        ("[motion:wave][HAPPY]Hi there.", [("HAPPY", "Hi there.")]),
        ("[happy] ... !", []),
        ("\u4eca\u65e5\u306f\u3002\u3067\u306f\uff01", [("", "\u4eca\u65e5\u306f\u3002"), ("", "\u3067\u306f\uff01")]),
    ],
)
def test_a_text_is_split_as_the_page_does(text, spoken):
    assert list(sentences(text)) == spoken


@pytest.mark.parametrize(
    ("mode", "linked", "right", "next_"),
    [
        ("serve", True, True, None),
        ("serve", False, False, "switch it on, or write `mode: http` here"),
        ("http", True, False, "switch it off, or write `mode: serve` here"),
        ("http", False, True, None),
    ],
)
def test_doctor_says_whether_the_page_has_external_linkage_as_the_stage_file_wants_it(mode, linked, right, next_):
    api = {"url": "http://localhost:3000", "client": "studio", "key-env": "AITUBERKIT_API_KEY"}
    assert device.trial is not None
    trial = device.trial({"api": api, "mode": mode})
    assert isinstance(trial, Trial)
    page = Page()
    page.double._page.linked = linked
    answers = [page.ask("GET", str(one["path"])) for one in trial.requests]
    tried = trial.judge(answers)
    assert (tried.right, tried.next) == (right, next_)

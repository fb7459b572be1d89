"""Panic and the operator's stop: what is silenced, how, and what is safe. The journals are in performances/."""

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from showrunner.devices.aituber import cutting
from showrunner.devices.aituber.driver import AituberDriver
from showrunner.devices.aituber.table import RELOAD
from showrunner.devices.vocabulary import Emit, Silent, Terms
from showrunner.diagnostics import codes
from showrunner.engine.commands import panic
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Options
from showrunner.reports.plan import plan
from showrunner.reports.points import excerpt
from showrunner.running.performance import Performance
from showrunner.show import allowed
from showrunner.show.prepare import prepare
from showrunner.show.stage import standard
from showrunner.wires import frames
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed
from tests.ways import PAGE

SECOND = 1_000_000
STAGE = """
devices:
  animaze: {safe: [animaze scene Stream, animaze camera fov 60]}
  aituber: {api: {url: http://localhost:3000, client: studio, key-env: AITUBERKIT_KEY}, safe: ["say 'Sorry.'"]}
"""
TAKEN = {"status": 202, "body": {"ok": True}}
SHOW = 'at 1s  animaze emote A; say "one two three four five six seven eight nine ten"\nat 60s log "never"\n'


def refused(wrong):
    return {"status": 0, "wrong": wrong}


class Asked:
    """Stands before AITuberKit's double and is its HTTP control: ``answer`` comes after 0.1 s, None never.

    ``asked`` are the requests; of so many of them (``stops``) the page hears.
    """

    def __init__(self, double, answer, stops):
        self.double, self.answer, self.stops = double, answer, stops
        self.asked, self.later, self.api = [], [], None

    def __getattr__(self, name):
        return getattr(self.double, name)

    def connected(self, connection, now, way):
        if way == "events":
            return []  # of those nothing is told
        if way != "api":
            return self.double.connected(connection, now, way)
        self.api = connection
        return []

    def received(self, connection, frame, now):
        if connection != self.api:
            return self.double.received(connection, frame, now)
        self.asked.append(frame)
        if self.answer is not None:
            self.later.append((now + SECOND // 10, {"request": frame["request"], **self.answer}))
        return self.double.switch("stop", None, now)[0] if len(self.asked) <= self.stops else []

    @property
    def deadline(self):
        return min((at for at in (self.double.deadline, *(at for at, _ in self.later)) if at is not None), default=None)

    def elapsed(self, now):
        due = [Emit(self.api, frame) for at, frame in self.later if at <= now]
        self.later = self.later[len(due) :]
        return [*self.double.elapsed(now), *due] if self.double.deadline == now else due


class Stood:
    """A show on its doubles, in memory; ``answer`` is what comes of asking for the voice to be cut.

    A stop is there at once, all else takes the ``latency``.
    """

    def __init__(
        self,
        folder,
        monkeypatch,
        stage=STAGE,
        show=SHOW,
        answer=TAKEN,
        latency=1000,
        stops=0,
    ):
        monkeypatch.chdir(folder)
        (folder / "a.show").write_text(show)
        (folder / "stage.yaml").write_text(stage)
        prepared = prepare("a.show")
        assert prepared.findings == ()
        self.entries = []
        self.world = World(latency)
        self.journal = Journal(self.entries.append)
        self.asked = []
        used = {name: prepared.stage.fixtures[name] for name in prepared.cues.devices}
        used = {name: replace(one, settings={**one.settings, "settle": 0}) if name == "aituber" else one
                for name, one in used.items()}  # fmt: skip
        doubles = {
            name: one.device.double(Terms(name, one.settings, "0", lambda at: at // 1000)) for name, one in used.items()
        }
        if "aituber" in used:
            doubles["aituber"] = Asked(doubles["aituber"], answer, stops)
            self.asked = doubles["aituber"].asked
        wires = {name: self.world.join(name, doubles[name], one.ways) for name, one in used.items()}
        for wire in wires.values():
            wire._delay = lambda line: 0 if line.asks else latency
        options = Options(safe=prepared.safe)
        self.doubles, self.cues, self.fixtures = doubles, prepared.cues, used
        self.performance = Performance(prepared.cues, used, wires, self.world, self.journal, options)

    def play(self, *presses):
        """Play it; ``presses`` are (when in the show, what)."""
        assert self.performance.standby(60 * SECOND) == {}
        for at, what in presses:
            self.world.press(self.world.now() + at, Pressed(what))
        return self.performance.play()

    def all(self, kind, **keys):
        return [e for e in self.entries if e["kind"] == kind and all(e.get(k) == v for k, v in keys.items())]

    def notes(self, device):
        return [e["detail"] for e in self.all("device", device=device, state="note")]


@pytest.fixture
def stood(tmp_path, monkeypatch):
    return lambda **options: Stood(tmp_path, monkeypatch, **options)


def test_what_is_safe_waits_for_the_silence_of_its_own_device_alone(stood):
    made = stood(stops=9)
    made.world.press(2 * SECOND, Pressed("panic"))
    result = made.play()
    (pressed,) = made.all("operator")
    sent = {e["id"]: e["at"] - pressed["at"] for e in reversed(made.all("sent")) if e.get("id", 0) > 2}
    taken = [e["text"] for e in made.all("command", cue="safe")]
    assert taken == ["animaze scene Stream", "animaze camera fov 60", "say 'Sorry.'"]
    assert (sent[3], sent[5]) == (0, SECOND // 10)
    (request,) = made.asked
    assert (request["method"], request["path"]) == ("POST", "stop/")
    assert request["body"] == {"clientId": "studio", "mode": "all"}
    assert [(e["way"], e["frame"]) for e in made.all("sent", way="api")] == [("api", request)]
    assert [(e["way"], e["ok"]) for e in made.all("reply", way="api")] == [("api", True)]
    assert made.notes("aituber") == ["the voice was cut"]
    assert (result.result, result.bad, result.counts["done"]) == ("panic", False, 4)


def test_from_the_key_on_nothing_ordinary_is_sent(stood):
    many = "at 0s  " + "; ".join(f"animaze emote E{n}" for n in range(50)) + "\nat 60s say 'never'\n"
    made = stood(show=many)
    made.world.press(SECOND // 200, Pressed("panic"))
    made.play()
    (pressed,) = made.all("operator")
    ordinary = {e["id"] for e in made.all("command") if e["cue"] != "safe"}
    assert len(ordinary) == 50
    assert [e for e in made.all("sent") if e["seq"] > pressed["seq"] and e.get("id") in ordinary] == []
    assert len(made.all("outcome", reason="panic")) == len(made.all("outcome")) - len(
        made.all("outcome", result="done")
    )


def test_a_refused_stop_is_told_and_the_safe_state_comes_all_the_same(stood):
    made = stood(answer=refused("the environment variable AITUBERKIT_KEY is not set"))
    made.world.press(2 * SECOND, Pressed("panic"))
    made.play()
    assert made.notes("aituber") == [
        "the voice will finish its sentence: the environment variable AITUBERKIT_KEY is not set"
    ]
    assert [e["result"] for e in made.all("outcome")[-3:]] == ["done"] * 3


def test_a_stop_that_is_never_answered_is_given_up_after_two_seconds(stood):
    made = stood(answer=None)
    made.play((2 * SECOND, "panic"))
    (pressed,) = made.all("operator")
    (note,) = made.all("device", detail="the voice will finish its sentence: it did not answer in time")
    assert note["at"] - pressed["at"] == frames.PATIENCE


def test_a_silence_that_is_never_told_is_waited_for_three_seconds_and_no_longer(stood, monkeypatch):
    monkeypatch.setattr(AituberDriver, "_stopped", lambda *_: [])
    made = stood()
    made.world.press(2 * SECOND, Pressed("panic"))
    made.play()
    (pressed,) = made.all("operator")
    (said,) = made.all("command", text="say 'Sorry.'")
    assert said["at"] - pressed["at"] == panic.LONGEST
    assert made.entries[-1]["kind"] == "end"


LONG = 'at 1s  say "' + "many words " * 40 + '"\nat 60s log "never"\n'


@pytest.mark.parametrize(
    ("latency", "after", "asked"),
    [
        (1_000, 500_000, 1),  # the page has said that she speaks
        (1_000, 500, 2),  # the line is still on its way: the stop comes before it
        (1_000, 1_500, 1),  # the page has it, and says that it was cut
        (200_000, 100_000, 2),  # the stop is answered long before the line is there
        (70_000, 65_000, 2),
    ],
)
@pytest.mark.parametrize("by", ["panic", "stop"])
def test_a_stop_that_is_there_before_the_line_is_asked_for_again(stood, by, latency, after, asked):
    made = stood(show=LONG, latency=latency, stops=9)
    heard = []
    received = made.doubles["aituber"].received

    def listen(connection, frame, now):
        reactions = received(connection, frame, now)
        heard.append((now, made.doubles["aituber"].visible(now)))
        return reactions

    made.doubles["aituber"].received = listen
    result = made.play((SECOND + after, by))
    assert len(made.asked) == asked
    assert made.notes("aituber") == ["the voice was cut"]
    assert any("many words" in seen for _, seen in heard), "she had begun"
    assert "many words" not in made.doubles["aituber"].visible(made.world.now())
    safe_ones = {one["id"] for one in made.all("command", cue="safe")}
    assert len(safe_ones) == (1 if by == "panic" else 0)
    assert {one["result"] for one in made.all("outcome") if one["id"] in safe_ones} <= {"done"}
    (cut,) = made.all("outcome", result="cancelled")
    assert cut["reason"] == by
    assert result.result == {"panic": "panic", "stop": "stopped"}[by]
    if by == "panic":
        (sorry,) = made.all("command", text="say 'Sorry.'")
        (outcome,) = made.all("outcome", id=sorry["id"])
        assert outcome["took"] >= 400_000, "what is safe was spoken to its end"


def test_a_page_that_never_has_the_line_is_waited_for_and_asked_once_more(stood):
    made = stood(show=LONG, stops=9)
    received = made.doubles["aituber"].received

    def deaf(connection, frame, now):
        return [] if str(frame.get("type")).startswith("chat.") else received(connection, frame, now)

    made.doubles["aituber"].received = deaf
    made.play((SECOND + 500, "panic"))
    assert len(made.asked) == 2
    (pressed,) = made.all("operator")
    (note,) = made.all("device", detail=cutting.TOLD["doubt"])
    assert note["at"] - pressed["at"] == 2 * (SECOND // 10 + cutting.REPORTED)


def test_a_stop_is_asked_for_three_times_and_no_more(stood):
    made = stood(show=LONG)
    made.play((SECOND + 500_000, "panic"))
    assert len(made.asked) == 2
    aituber = made.performance.stagehand.stations["aituber"].driver
    aituber._cutting = cutting.Cutting("x", 0, mute=False, sent=0)
    aituber._cutting.ask(0)
    asked, aituber._cutting.certain = 1, False
    while aituber._stopped(None, 0) != []:
        asked, aituber._cutting.certain = asked + 1, False  # as if she began once more
    assert asked == cutting.MOST
    assert aituber.elapsed(cutting.REPORTED) == [Silent(cutting.TOLD["doubt"])]


@pytest.mark.parametrize("by", ["panic", "stop"])
def test_a_stop_that_is_taken_and_that_no_page_hears_of_is_not_told_as_a_cut(stood, by):
    made = stood(show=LONG)
    made.play((SECOND + 500_000, by))
    assert len(made.asked) == 2
    assert "many words" in made.doubles["aituber"].visible(made.world.now())
    assert made.notes("aituber")[0] == cutting.TOLD["doubt"]
    assert "the voice was cut" not in made.notes("aituber")


@pytest.mark.parametrize(
    ("after", "asked"),
    [
        (900_000, 1),  # within the second that is waited
        (1_500_000, 2),
    ],
)
def test_a_cut_that_is_reported_late_is_told_when_it_is_known(stood, after, asked):
    made = stood(show=LONG)
    made.world.switch("aituber", 2 * SECOND + after, "stop")
    made.play((2 * SECOND, "panic"))
    (note,) = made.all("device", detail="the voice was cut")
    (pressed,) = made.all("operator")
    assert abs(note["at"] - pressed["at"] - after) <= 10_000
    assert len(made.asked) == asked


def test_a_refused_stop_lets_the_line_end_as_one_that_cannot_be_cut(stood):
    made = stood(show='at 1s  say "one two three four five six seven eight nine ten"\n', answer=refused("no"))
    made.play((2 * SECOND, "stop"))
    assert made.notes("aituber") == ["the voice will finish its sentence: no"]
    assert made.all("outcome", id=1)[0]["result"] == "done"


def test_of_an_old_page_it_is_not_known_whether_it_was_cut_and_said_so(stood):
    made = stood(show=LONG, stage=STAGE.replace("aituber: {", "aituber: {protocol: legacy, "), stops=9)
    made.play((2 * SECOND, "panic"))
    assert made.notes("aituber")[-1] == cutting.TOLD["mute"]


def test_a_panic_while_nothing_sounds_says_nothing_of_the_voice(stood):
    made = stood(stops=9)
    made.play((SECOND // 2, "panic"))
    assert len(made.asked) == 1
    assert made.notes("aituber") == []


def test_an_old_page_says_nothing_so_a_line_just_sent_is_stopped_twice(stood):
    legacy = STAGE.replace("aituber: {", "aituber: {protocol: legacy, ")
    for after, asked in ((100_000, 2), (900_000, 1)):
        made = stood(show=LONG, stage=legacy, stops=9)
        made.play((SECOND + after, "panic"))
        assert len(made.asked) == asked


@pytest.mark.parametrize("by", ["stop", "interrupt"])
def test_a_stop_cuts_what_sounds_and_sends_nothing_safe(stood, by):
    made = stood()
    made.world.press(2 * SECOND, Pressed(by))
    result = made.play()
    assert len(made.asked) == 2
    assert made.all("command", cue="safe") == []
    # This double's voice goes on, as if the stop had come too late: four seconds are given, and the line was cut short.
    assert made.all("outcome", id=2)[0] | {"seq": 0, "at": 0} == {
        "seq": 0, "at": 0, "kind": "outcome", "id": 2, "result": "cancelled", "reason": "stop",
        "took": made.all("outcome", id=2)[0]["took"],
    }  # fmt: skip
    assert result.bad is False


@pytest.mark.parametrize("by", ["stop", "interrupt"])
def test_a_stop_while_she_is_silent_asks_for_nothing(stood, by):
    made = stood()
    made.world.press(SECOND // 2, Pressed(by))
    made.play()
    assert made.asked == []
    assert made.notes("aituber") == []


def test_the_scripts_own_stop_lets_her_finish(stood):
    made = stood(show='at 1s  animaze emote A; say "hello you"\nat 1100ms  stop\n')
    assert made.play().result == "stopped"
    assert made.asked == []
    assert made.all("outcome", id=2)[0]["result"] == "done"


def test_a_second_ctrl_c_waits_for_no_silence(stood):
    made = stood(answer=None)
    for at in (2 * SECOND, 2 * SECOND + 50_000):
        made.world.press(at, Pressed("interrupt"))
    assert made.play().result == "interrupted"
    _, second = made.all("operator")
    assert made.entries[-1]["at"] == second["at"]


@pytest.mark.parametrize("after", [2_500, 900_000])
def test_panic_in_standby_silences_what_is_there_and_makes_it_safe(stood, after):
    made = stood(show='at 1s  animaze emote A; say "hello"\n')
    made.world.press(after, Pressed("panic"))
    if after == 900_000:
        assert made.performance.standby(60 * SECOND) == {}
        made.performance.idle(lambda: False)
    else:
        made.performance.standby(60 * SECOND)
    made.performance.close()
    assert made.performance.interrupted
    texts = {e["text"]: e["id"] for e in made.all("command")}
    assert sorted(texts) == ["animaze camera fov 60", "animaze scene Stream", "say 'Sorry.'"]
    assert len(made.all("outcome")) == 3
    assert [e["kind"] for e in made.entries].count("end") == 1
    assert made.entries[-1]["result"] == "panic"
    there = [e["result"] for e in made.all("outcome") if e["id"] in {texts[t] for t in texts if "animaze" in t}]
    assert there == ["done", "done"]


TWO = """segment one
  at 1s  say "one two three four five six seven eight nine ten"
  then   say "eleven"
segment two
  at 0s  animaze emote B
"""


def test_a_seek_while_she_is_being_silenced_finds_its_place(stood):
    made = stood(show=TWO)
    there = excerpt(plan(made.cues, made.fixtures, None, None), made.cues, "two", None, None)
    made.world.press(2 * SECOND, Pressed("panic"))
    made.world.press(2 * SECOND + SECOND // 20, Pressed("seek", to="two", given=there))
    assert made.play().result == "done"
    assert [e["segment"] for e in made.all("segment")] == ["one", "two"]
    assert [e["text"] for e in made.all("command", segment="two")] == ["animaze emote B"]


def test_panic_after_stop_still_makes_it_safe(stood):
    made = stood(stops=9)
    made.world.press(2 * SECOND, Pressed("stop"))
    made.world.press(2 * SECOND + 10_000, Pressed("panic"))
    assert made.play().result == "panic"
    assert len(made.all("command", cue="safe")) == 3
    assert len(made.asked) == 1


# ----------------------------------------------------------------------------------------------- what is wrong with it


def test_the_page_of_the_finding_shows_it(tmp_path, monkeypatch):
    page = codes.page("E036")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.show").write_text("at 1s  animaze emote A\n")
    for text, expected in ((page.wrong, ["E036"]), (page.right, [])):
        (tmp_path / "stage.yaml").write_text(text)
        assert [one.code for one in prepare("a.show").findings] == expected


def found(tmp_path, monkeypatch, lines, extra=""):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.show").write_text("at 1s  animaze emote A\n")
    listed = "".join(f"      - {line}\n" for line in lines)
    (tmp_path / "stage.yaml").write_text(f"devices:\n  animaze:\n    safe:\n{listed}{extra}")
    prepared = prepare("a.show")
    assert (prepared.cues is None) == any(one.severity == "error" for one in prepared.findings)
    return [(one.code, one.place.line - 3, one.place.column - 8, one.place.length) for one in prepared.findings]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("animaze scene Stream", None),
        ("'animaze scene \"My Room\"'", None),
        ("animaze scene A; animaze avatar B within 2s retry 1", None),
        ("animaze emote A for 3s", None),
        ("animase scene A", ("E301", 1, 7)),
        ("'animaze scen A'", ("E303", 10, 4)),
        ('"animaze scen A"', ("E303", 10, 4)),
        ("'animaze scene ''A'' B'", ("E305", 22, 1)),
        ("animaze scene $name", ("E205", 15, 5)),
        ("animaze emote A and wait", ("E036", 17, 8)),
        ("animaze scene A else stop", ("E036", 17, 9)),
        ("animaze chat 'x' -> y", ("E036", 18, 4)),
        ("live2d clear", ("E036", 1, 6)),
        ("say 'hi'", ("E036", 1, 3)),
        ("at 1s animaze scene A", ("E036", 1, 2)),
        ("then animaze scene A", ("E036", 1, 4)),
        ("wait 2s", ("E036", 1, 7)),
        ("hold", ("E036", 1, 4)),
        ("stop", ("E036", 1, 4)),
        ("animaze camera fov 60 over 2s", ("E036", 1, 29)),
        ("''", ("E036", 1, 2)),
        ('"animaze\\tscen A"', ("E303", 1, 17)),
        ("segment x", ("E1", 1, 0)),
    ],
)
def test_a_safe_line_is_checked_like_the_script_and_at_its_place(tmp_path, monkeypatch, line, expected):
    got = found(tmp_path, monkeypatch, [line])
    if expected is None:
        assert got == []
    elif expected[0] == "E1":
        assert got[0][0].startswith("E1")
    else:
        assert got == [(expected[0], 1, expected[1], expected[2])]


def test_every_wrong_safe_line_is_told_and_the_catalogue_is_asked(tmp_path, monkeypatch):
    (tmp_path / "catalogue.yaml").write_text("animaze: {scenes: [Room]}\n")
    got = found(tmp_path, monkeypatch, ["animaze scene Rom", "animaze scene Room", "wait 1s"])
    assert got == [("E308", 1, 15, 3), ("E036", 3, 1, 7)]


def test_a_block_of_several_lines_is_refused_and_one_line_of_it_taken(tmp_path, monkeypatch):
    got = found(
        tmp_path, monkeypatch, ["|\n        animaze scene A\n        animaze scene B", ">-\n        animaze scene C"]
    )
    assert [code for code, *_ in got] == ["E036"]


def test_live2d_has_nothing_to_hold_after_a_panic(tmp_path, monkeypatch):
    extra = "  live2d:\n    safe: ['live2d set ParamAngleX 0', live2d clear, 'live2d call GetDocuments {}']\n"
    assert [code for code, *_ in found(tmp_path, monkeypatch, ["animaze scene A"], extra)] == ["E036", "E036"]


# ------------------------------------------------------------------------------------------------------ on real sockets


class Control(BaseHTTPRequestHandler):
    """AITuberKit's HTTP control, as far as the stop goes."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, self.headers["Authorization"]))
        self.server.page.switch("stop")
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.mark.parametrize(
    ("variable", "key", "typed", "told"),
    [
        ("AITUBERKIT_API_KEY", "not-to-be-seen", "panic", "the voice was cut"),
        ("AITUBERKIT_API_KEY", "not-to-be-seen", "stop", "the voice was cut"),
        (
            *("AITUBERKIT_API_KEY", "", "panic"),
            "the voice will finish its sentence: the environment variable AITUBERKIT_API_KEY is not set",
        ),
        (
            *("STUDIO_KEY", "not-to-be-seen", "panic"),
            (
                "the voice will finish its sentence: `STUDIO_KEY` is no variable of AITuberKit (its own begin with "
                "`AITUBERKIT_`), and its value is sent nowhere; if it is meant, write `variables: [STUDIO_KEY]` in "
                "{allowed}"
            ),
        ),
    ],
)
def test_a_real_run_cuts_the_voice_of_a_real_page_by_http(tmp_path, variable, key, typed, told):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"ws://localhost:{free.getsockname()[1]}/ws"
    web = ThreadingHTTPServer(("127.0.0.1", 0), Control)
    web.asked = []
    (tmp_path / "a.show").write_text(f'at 0s  say "{"many words " * 40}"\nat 5m  log "never"\n')
    (tmp_path / "stage.yaml").write_text(
        f"devices:\n  aituber: {{url: '{url}', settle: 1ms, safe: [say 'Sorry.'],\n"
        f"    api: {{url: 'http://127.0.0.1:{web.server_port}', client: studio, key-env: {variable}}}}}\n"
    )
    aituber = standard()["aituber"]
    double = aituber.device.double(Terms("aituber", aituber.settings | {"speech-rate": 30}, "0", lambda at: at // 1000))
    speaks = threading.Event()

    def seen(visible):
        if "many words" in visible:
            speaks.set()

    web.page = HostedDouble("aituber", double, {PAGE: url}, at_load=1, on_visible=seen)
    serving = threading.Thread(target=web.serve_forever, daemon=True)
    serving.start()
    words = [
        sys.executable,
        "-c",
        "from showrunner.cli import main; main()",
        "run",
        "a.show",
        "--yes",
        "--journal",
        "a.journal",
    ]
    given = {name: value for name, value in os.environ.items() if name != variable} | {
        "SHOWRUNNER_STATE": str(tmp_path)
    }
    process = subprocess.Popen(
        words, cwd=tmp_path, env=given | ({variable: key} if key else {}), text=True, encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    watchdog = threading.Timer(60, process.kill)
    watchdog.start()
    try:
        # The page connects at once, if the server is there already, else a second later.
        web.page.open()
        said = ""
        while "line 1  say" not in said:
            line = process.stderr.readline()
            assert line, said
            said += line
        assert speaks.wait(60), said
        _, rest = process.communicate(f"{typed}\n", timeout=60)
        said += rest
    finally:
        watchdog.cancel()
        process.kill()
        process.wait(10)
        web.page.close()
        web.shutdown()
        web.server_close()
    written = (tmp_path / "a.journal").read_text(encoding="utf-8")
    entries = [json.loads(one) for one in written.splitlines()]
    told = told.format(allowed=allowed.seen(tmp_path / "allowed.yaml"))
    assert f"aituber: note: {told}\n" in said
    # The page may have come so late that it was to be reloaded.
    notes = [e["detail"] for e in entries if e.get("state") == "note"]
    assert [one for one in notes if one != RELOAD and not one.startswith("`events`")] == [told]
    # Once, or twice where the key came before her report; that is told apart above, in memory.
    assert set(web.asked) == ({("/api/v1/stop/", f"Bearer {key}")} if told == "the voice was cut" else set())
    assert len(web.asked) <= 2
    assert "not-to-be-seen" not in written + said
    safe_ones = [e["text"] for e in entries if e["kind"] == "command" and e["cue"] == "safe"]
    assert safe_ones == (["say 'Sorry.'"] if typed == "panic" else [])
    assert entries[-1]["result"] == {"panic": "panic", "stop": "stopped"}[typed]
    assert entries[-1]["counts"]["cancelled"] == 1
    assert process.returncode == 0

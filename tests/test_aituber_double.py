"""The simulated page, held against recordings of the real one."""

import json
from pathlib import Path

import pytest

from showrunner.devices.aituber import device
from showrunner.devices.aituber.double import AituberDouble
from showrunner.devices.switches import GARBAGE
from showrunner.devices.vocabulary import Emit, Hang, Terms

TRANSCRIPTS = Path(__file__).parent / "transcripts"
SECOND = 1_000_000


def page(**settings):
    filled = {setting.name: setting.default for setting in device.settings} | settings
    return AituberDouble(Terms("aituber", filled, "0", lambda at: at // 1000))


def v2(kind, request=None, **payload):
    return {"version": "2", "type": kind, "requestId": request, "payload": payload}


def greeted(double, connection=1, now=0):
    double.connected(connection, now)
    double.received(connection, v2("session.ready"), now)
    return double


def types(reactions):
    return [reaction.frame.get("type") for reaction in reactions if isinstance(reaction, Emit)]


def run_to(double, until):
    """Let time pass; give (at, reaction)s."""
    seen = []
    while double.deadline is not None and double.deadline <= until:
        at = double.deadline
        seen += [(at, reaction) for reaction in double.elapsed(at)]
    return seen


def gist(frame):
    payload = frame.get("payload", {})
    about = frame.get("requestId")
    return (frame.get("type"), about, payload.get("text"), payload.get("emotion"), payload.get("messageType"))


def replay(name):
    """Feed the double what the real page was sent, at the same times; give what each of them said."""
    # The voice in the recordings was quicker than our estimate, which counts wide characters twice.
    double, recorded, simulated = page(**{"speech-rate": 16}), [], []
    for row in map(json.loads, (TRANSCRIPTS / name).read_text(encoding="utf-8").splitlines()):
        now = row["ms"] * 1000
        if row["dir"] not in {"server->app", "app->server"} and row.get("event") not in {"connect", "close"}:
            continue
        simulated += [reaction.frame for _, reaction in run_to(double, now)]
        match row:
            case {"event": "connect", "conn": conn}:
                double.connected(conn, now)
            case {"event": "close", "conn": conn}:
                double.disconnected(conn, now)
            case {"dir": "server->app", "conn": conn, "frame": frame}:
                simulated += [reaction.frame for reaction in double.received(conn, frame, now)]
            case {"dir": "app->server", "frame": frame}:
                recorded.append(frame)
    return recorded, simulated


def test_the_double_reports_what_the_real_page_reported_in_the_same_order():
    recorded, simulated = replay("aituberkit-03-v2-basic.jsonl")
    # In burst A the real page reports the two speeches it threw away together, a little later.
    burst = [[gist(f) for f in side if f.get("requestId") == "req_A"] for side in (recorded, simulated)]
    rest = [[gist(f) for f in side if f.get("requestId") != "req_A"] for side in (recorded, simulated)]
    assert sorted(burst[0], key=str) == sorted(burst[1], key=str)
    assert rest[0] == rest[1]
    assert len(rest[0]) > 30


def test_the_double_counts_the_segments_as_the_real_page_does():
    counts = [
        {f["requestId"]: f["payload"]["speechSegmentCount"] for f in side if f["type"] == "character.response.done"}
        for side in replay("aituberkit-03-v2-basic.jsonl")
    ]
    assert counts[0] == counts[1] == {f"req_{c}": n for c, n in zip("ABCDEF", (3, 3, 3, 1, 1, 0), strict=True)}


def test_v2_is_kept_over_a_reconnect_without_session_ready():
    recorded, simulated = replay("aituberkit-06-reconnect.jsonl")
    assert [gist(f) for f in simulated] == [gist(f) for f in recorded]
    assert sum(f["type"] == "session.hello" for f in simulated) == 3


@pytest.mark.parametrize("name", ["01-legacy-oneshot", "02-legacy-block", "08-user-input-cancel-stop"])
def test_the_double_shows_speaks_and_is_typed_into_as_the_real_page_was(name):
    """What the real page's speaker played, by its length (0.08 s a character), and what stood in its log at the end."""
    double, ids, sounds = page(**{"speech-rate": 11}), {}, 0
    said = {"recorded": [], "simulated": []}
    for row in map(json.loads, (TRANSCRIPTS / f"aituberkit-{name}.jsonl").read_text(encoding="utf-8").splitlines()):
        now = row["ms"] * 1000
        said["simulated"] += [reaction.frame for _, reaction in run_to(double, now)]
        match row:
            case {"event": "connect", "conn": conn}:
                double.connected(conn, now)
            case {"event": "close", "conn": conn}:
                double.disconnected(conn, now)
            case {"dir": "server->app", "conn": conn, "frame": frame}:
                frame["requestId"] = ids.get(frame.get("requestId"))
                said["simulated"] += [reaction.frame for reaction in double.received(conn, frame, now)]
            case {"dir": "app->server", "frame": frame}:
                said["recorded"].append(frame)
                if frame["type"] in {"chat", "chat.message", "control.cancel"}:
                    text = frame.get("content") or frame["payload"].get("text")
                    reactions, wrong = double.switch("type" if text else "cancel", text, now)
                    assert wrong is None
                    said["simulated"] += [reaction.frame for reaction in reactions]
                    ids[frame.get("id")] = reactions[0].frame.get("id")
            case {"event": "audio.play", "dur": length}:
                sounds += 1
                heard = double.visible(now).partition(" · ")[0]
                assert heard.startswith("says (")
                assert abs(len(heard.partition(") ")[2].strip()) * 0.08 - length) < 0.001
            case {"event": "chatLog", "log": log}:
                assert double.log == [(one["role"], one["content"]) for one in log]
    assert sounds
    for frame in said["recorded"]:
        frame["requestId"] = ids.get(frame.get("requestId"))
    assert [gist(frame) for frame in said["simulated"]] == [gist(frame) for frame in said["recorded"]]


def test_frames_of_the_double_have_the_keys_of_the_real_ones():
    recorded, simulated = replay("aituberkit-03-v2-basic.jsonl")

    def shapes(frames):
        return {f["type"]: (sorted(f), sorted(f["payload"])) for f in frames}

    assert shapes(simulated) == shapes(recorded)


def test_a_segment_lasts_as_long_as_the_estimate():
    double = greeted(page())
    double.received(1, v2("chat.delta", "r", text="x" * 24), 0)
    double.received(1, v2("chat.done", "r"), 0)
    assert [(at, r.frame["type"]) for at, r in run_to(double, 3 * SECOND)] == [
        (2 * SECOND, "character.speech.done"),
        (2 * SECOND, "character.response.done"),
    ]


def test_a_newer_line_drops_what_waits_but_not_what_sounds():
    double = greeted(page())
    double.received(1, v2("chat.delta", "a", text="sounding " * 10, emotion="sad"), 0)
    double.received(1, v2("chat.delta", "b", text="waiting"), SECOND)
    dropped = double.received(1, v2("chat.delta", "c", text="newest"), SECOND)
    assert [f.frame["requestId"] for f in dropped if f.frame["type"] == "character.speech.done"] == ["b"]
    assert "sounding" in double.visible(SECOND)
    ends = [r.frame["requestId"] for _, r in run_to(double, 12 * SECOND) if r.frame["type"] == "character.speech.done"]
    assert ends == ["a", "c"]


@pytest.mark.parametrize("text", [12345, {"a": 1}, ["x"], True])
def test_a_text_that_is_no_string_kills_the_chat_until_a_reload(text):
    double = greeted(page())
    assert double.received(1, v2("chat.delta", "r", text=text), 0) == []
    assert double.received(1, v2("chat.delta", "s", text="fine"), 1) == []
    assert "dead until reloaded" in double.visible(1)
    reactions, wrong = double.switch("reload", None, 2)
    assert (list(reactions), wrong) == ([Hang(1, 1001)], None)
    double.disconnected(1, 2)
    greeted(double, 2, 3)
    assert "character.speech.start" in types(double.received(2, v2("chat.delta", "t", text="fine"), 4))


def test_the_number_2_as_version_makes_a_legacy_frame_that_shows_nothing():
    double = greeted(page())
    frame = v2("chat.delta", "r", text="hi") | {"version": 2}
    assert double.received(1, frame, 0) == []
    assert double.log == []
    assert "input locked" in double.visible(0)


def test_legacy_frames_are_shown_and_spoken_without_a_word():
    double = page()
    double.connected(1, 0)
    for kind, text in (("start", ""), ("message", "Hello. "), ("message", "Bye."), ("end", "")):
        frame = {"text": text, "role": "assistant", "emotion": "happy", "type": kind}
        assert double.received(1, frame, 0) == []
    assert double.log == [("assistant", "Hello. Bye.")]
    assert double.visible(0) == "says (happy) Bye. · face happy"
    assert run_to(double, 60 * SECOND) == []


def test_a_lone_legacy_message_leaves_the_input_locked_until_an_end():
    double = page()
    double.connected(1, 0)
    double.received(1, {"text": "hi", "role": "assistant", "type": "message"}, 0)
    assert double.switch("type", "hello", 0)[1] is not None
    double.received(1, {"text": "", "role": "assistant", "type": "end"}, 0)
    assert double.switch("type", "hello", 0) == ([Emit(1, {"content": "hello", "type": "chat"})], None)


def test_what_is_typed_can_be_cancelled_until_it_is_answered():
    double = greeted(page())
    assert double.switch("cancel", None, 0)[1] is not None
    (typed,), _ = double.switch("type", "hello", 0)
    assert (typed.frame["type"], "requestId" in typed.frame) == ("chat.message", False)
    (cancelled,), _ = double.switch("cancel", None, 1)
    assert cancelled.frame["requestId"] == typed.frame["id"]
    assert cancelled.frame["payload"] == {}
    double.received(1, v2("chat.done", typed.frame["id"]), 2)
    assert double.switch("cancel", None, 3)[1] is not None
    assert "input locked" not in double.visible(3)


@pytest.mark.parametrize(
    ("role", "log"), [("user", [("user", "hello")]), ("assistant", [("user", "hello"), ("assistant", "")])]
)
def test_an_empty_end_frees_the_input_box_and_is_an_empty_bubble_unless_it_is_the_users(role, log):
    double = greeted(page())
    (typed,), _ = double.switch("type", "hello", 0)
    double.received(1, v2("chat.done", typed.frame["id"], role=role), 1)
    assert "input locked" not in double.visible(1)
    assert double.log == log


def test_after_stop_a_request_with_something_waiting_is_never_done():
    double = greeted(page())
    for request, now in (("a", 0), ("b", SECOND)):
        double.received(1, v2("chat.delta", request, text="x" * 60), now)
        double.received(1, v2("chat.done", request), now)
    reactions, _ = double.switch("stop", None, 2 * SECOND)
    assert types(reactions) == ["character.speech.done", "character.response.done"]
    assert {r.frame["requestId"] for r in reactions} == {"a"}
    assert [r.frame["type"] for _, r in run_to(double, 40 * SECOND)] == ["ping", "ping"]


def test_without_a_click_nothing_ends_until_somebody_clicks():
    double = greeted(page())
    double.switch("gesture", "off", 0)
    assert "character.speech.start" in types(double.received(1, v2("chat.delta", "r", text="x" * 12), 0))
    assert run_to(double, 10 * SECOND) == []
    double.switch("gesture", "on", 11 * SECOND)
    assert [at for at, _ in run_to(double, 14 * SECOND)] == [12 * SECOND]


def test_without_a_voice_every_line_is_done_at_once():
    double = greeted(page())
    double.switch("voice", "off", 0)
    assert types(double.received(1, v2("chat.delta", "r", text="hello"), 0))[-1] == "character.speech.done"


def test_an_old_page_says_no_hello():
    double = page()
    double.switch("legacy", "on", 0)
    double.connected(1, 0)
    assert double.received(1, v2("session.ready"), 0) == []


def test_the_face_goes_back_a_second_and_a_half_after_the_sound():
    double = greeted(page())
    double.received(1, v2("chat.delta", "r", text="x" * 12, emotion="angry"), 0)
    double.received(1, v2("chat.done", "r"), 0)
    run_to(double, SECOND)
    assert double.visible(2 * SECOND) == "silent · face angry"
    assert double.visible(3 * SECOND) == "silent · face neutral"


@pytest.mark.parametrize("frame", ["nonsense", {}, {"version": "2"}, {"version": "2", "type": "ping", "payload": None}])
def test_odd_frames_get_no_answer(frame):
    assert greeted(page()).received(1, frame, 0) == []


def test_faults_come_on_order():
    double = greeted(page())
    assert double.switch("fault", "garbage", 0)[0] == [Emit(1, GARBAGE)]
    assert double.switch("fault", "drop", 0)[0] == [Hang(1)]
    assert double.switch("fault", "silent 2", 0) == ([], None)
    assert "number" in double.switch("fault", "silent soon", 0)[1]
    answered = []
    for number in range(3):
        double.received(1, v2("chat.delta", f"r{number}", text="hi"), number * SECOND)
        double.received(1, v2("chat.done", f"r{number}"), number * SECOND)
        seen = [reaction.frame for _, reaction in run_to(double, (number + 1) * SECOND)]
        answered += [frame["requestId"] for frame in seen if frame["type"] == "character.response.done"]
    assert answered == ["r0", "r2"]


def test_a_switch_it_does_not_know_is_told():
    assert page().switch("gesture", "maybe", 0)[1] == "`gesture` cannot be `maybe`: there are on, off"
    assert page().switch("type", None, 0)[1] == "`type` takes TEXT, not ``"
    assert page().switch("stop", "now", 0)[1] == "`stop` takes nothing, not `now`"
    assert page().switch("gestrue", "on", 0)[1].startswith("aituber has no switch `gestrue`: there are type, cancel,")

"""OBS' driver, joined to its double: every row with its end, and what becomes of it where OBS misbehaves."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showrunner import devices
from showrunner.devices.obs.properties import named, parts
from showrunner.devices.obs.protocol import OURS
from showrunner.devices.vocabulary import (
    Answered,
    Condition,
    Drop,
    Ended,
    Entry,
    Finished,
    FrameAnswered,
    Happened,
    Heard,
    Listed,
    Rest,
    Send,
    Silent,
    Values,
)
from showrunner.show.catalogue import load
from showrunner.show.catalogue_update import count
from showrunner.syntax.nodes import Book, Source
from showrunner.syntax.parser import parse
from showrunner.timeline.compiler import compile_show
from tests.chance import examples
from tests.joined import SECOND, Joined, check_recorded, everybody, none, only, typed

MS = 1000
READY = Condition("ready", "OBS 32.1.2")
VERBS = devices.find("obs").verbs
REPORTED = [verb for verb in VERBS if verb.finished is Finished.REPORTED]
SLOW = [verb for verb in REPORTED if verb.form not in {"pause", "resume"} and verb.lane != "call"]
"""What takes its time, and is no change of collection itself."""
PLAIN = [verb for verb in VERBS if verb.stream is None]
FRAMES = sorted((Path(devices.__file__).parent / "obs" / "frames").glob("*.jsonl"))


def row(verb):
    return f"{verb.name} {verb.form}"


def joined(**more):
    stage = Joined("obs", **more).connect()
    assert READY in stage.outputs
    stage.frames.clear()
    stage.outputs.clear()
    return stage


def prepared(verb, **switches):
    """Join, do what goes before a row's example, and flip switches behind that."""
    stage = joined()
    for second, line in enumerate(verb.after):
        stage.do(line)
        stage.until((second + 1) * SECOND)
    for name, value in switches.items():
        stage.switch(name, value)
    stage.frames.clear()
    stage.outputs.clear()
    return stage


def begun(stage, verb):
    """Do a row's example, somewhere else than the double stands at first."""
    line = {"scene": "obs scene Break by Fade over 1s", "stream": "obs stream on"}.get(verb.name, verb.example)
    return stage.send(typed(line.partition(" -> ")[0]))


def ends(outputs):
    return [(one.result, one.reason) for one in outputs if isinstance(one, Ended)]


def notes(outputs):
    return [one.detail for one in outputs if isinstance(one, Condition) and one.state == "note"]


def asked(stage):
    """Give what was asked, a batch as a list."""
    found = []
    for frame in stage.sent():
        data = frame["d"]
        found.append([one["requestType"] for one in data["requests"]] if "requests" in data else data["requestType"])
    return found


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("obs", path)


def test_obs_is_asked_for_what_the_show_waits_for_and_for_more_where_a_later_text_does():
    stage = Joined("obs", events=("scene",)).connect()
    stage.call("listen", ("scene", "record"))
    stage.call("listen", ("scene", "record", "shown"))
    stage.call("listen", ("scene", "record", "shown"))
    told = [(frame["op"], frame["d"]["eventSubscriptions"]) for _, frame in stage.frames if frame["op"] in {1, 3}]
    assert told == [(1, OURS), (3, OURS | 128)]
    stage.lose()
    stage.connect()
    assert stage.frames[-4][1]["d"]["eventSubscriptions"] == OURS | 128


# -- every row, in every order of events and answers


@pytest.mark.parametrize("order", ["reply", "event", "mixed"])
@pytest.mark.parametrize("verb", PLAIN, ids=row)
def test_every_row_is_done_whatever_comes_first(verb, order):
    stage = prepared(verb, order=order)
    begun(stage, verb)
    stage.until(stage.now + 5 * SECOND)
    assert only(stage.outputs, Answered).ok
    own = [one for one in stage.outputs if isinstance(one, Ended) and one.id == stage.ids]
    assert ends(own) == ([("done", None)] if verb.finished is Finished.REPORTED else [])
    assert notes(stage.outputs) == []


@pytest.mark.parametrize("verb", REPORTED, ids=row)
def test_an_end_that_is_not_told_is_asked_for_in_bounded_time(verb):
    stage = prepared(verb, lost="end")
    begun(stage, verb)
    stage.until(stage.now + 60 * SECOND)
    assert only(stage.outputs, Answered).ok
    ((result, reason),) = ends(stage.outputs)
    if verb.name == "split":  # nobody can be asked for the name of the file that is written now
        assert (result, reason) == ("failed", "OBS did not report its end")
    else:
        assert (result, reason) == ("done", None)
        assert "OBS did not report its end" in notes(stage.outputs)
    assert stage.driver.deadline is None, "nothing is owed any more"


@pytest.mark.parametrize("verb", REPORTED, ids=row)
def test_an_obs_that_is_mute_leaves_no_end_open(verb):
    stage = prepared(verb, lost="end")
    begun(stage, verb)
    stage.deaf = True
    stage.until(stage.now + 120 * SECOND)
    assert len(ends(stage.outputs)) == 1 or any(isinstance(one, Drop) for one in stage.outputs)


@pytest.mark.parametrize("verb", PLAIN, ids=row)
def test_a_connection_lost_in_the_middle_leaves_nothing_behind(verb):
    stage = prepared(verb)
    stage.deaf = True
    begun(stage, verb)
    assert stage.lose() == [Condition("lost", "gone")]
    stage.until(stage.now + 120 * SECOND)
    assert none(stage.outputs, Answered)
    assert none(stage.outputs, Ended)
    stage.deaf = False
    stage.connect()
    assert stage.outputs[-1] == READY
    assert len(stage.do("obs mute Jingle")) > 1


@pytest.mark.parametrize("verb", PLAIN, ids=row)
def test_after_a_panic_in_the_middle_nothing_more_is_sent_or_told(verb):
    stage = prepared(verb)
    stage.deaf = True
    begun(stage, verb)
    stage.deaf = False
    assert stage.call("panic") == [Silent()]
    stage.frames.clear()
    stage.outputs.clear()
    stage.until(stage.now + (20 if verb.lane == "call" else 60) * SECOND)
    assert none(stage.outputs, Answered)
    assert none(stage.outputs, Ended)


@pytest.mark.parametrize("verb", SLOW, ids=row)
def test_another_collection_in_the_middle_ends_what_is_not_over(verb):
    stage = prepared(verb)
    begun(stage, verb)
    at = stage.now
    stage.switch("collection", "Other")
    assert stage.now == at
    assert ends(stage.outputs) == [("failed", "the scene collection was changed")]
    assert Condition("busy", "OBS is changing its scene collection") in stage.outputs
    stage.frames.clear()
    stage.until(at + 100 * MS)
    assert stage.sent() == [], "nothing is sent while OBS has no scenes"
    stage.until(at + 200 * MS)
    assert stage.outputs[-1] == Condition("ready")


@pytest.mark.parametrize("verb", PLAIN, ids=row)
def test_the_same_is_sent_twice_in_the_same_bytes(verb):
    def bytes_():
        stage = prepared(verb, order="mixed")
        begun(stage, verb)
        stage.until(stage.now + 5 * SECOND)
        return [json.dumps(frame) for _, frame in stage.frames]

    assert bytes_() == bytes_()


@pytest.mark.parametrize(
    ("before", "line", "note"),
    [
        ("obs record on", "obs record on", "nothing to do: that output runs already"),
        (None, "obs record off", "nothing to do: that output does not run"),
        ("obs stream on", "obs stream on", "nothing to do: that output runs already"),
        (None, "obs replay off", "nothing to do: that output does not run"),
        (None, "obs camera off", "nothing to do: that output does not run"),
        (None, "obs scene Live", None),
        (None, "obs scene Live by Swipe over 1s", None),
        (None, "obs collection Headless", None),
        (None, "obs profile Headless", None),
    ],
)
def test_what_is_there_already_is_done_at_once(before, line, note):
    stage = joined()
    if before is not None:
        stage.do(before)
        stage.until(2 * SECOND)
    stage.outputs.clear()
    said = stage.do(line)
    assert only(said, Answered).ok
    assert ends(said) == [("done", None)]
    assert notes(said) == ([] if note is None else [note])


# -- scenes


def test_another_transition_is_one_batch_of_three_and_the_own_one_is_put_back():
    stage = joined()
    stage.do(
        "obs call SetSceneSceneTransitionOverride "
        '{"sceneName": "Break", "transitionName": "Slide", "transitionDuration": 700}'
    )
    stage.frames.clear()
    stage.do("obs scene Break by Swipe over 500ms")
    assert asked(stage) == [
        "GetSceneSceneTransitionOverride",
        ["SetSceneSceneTransitionOverride", "SetCurrentProgramScene", "SetSceneSceneTransitionOverride"],
    ]
    batch = stage.sent()[-1]["d"]
    assert batch["haltOnFailure"] is True
    assert [one["requestData"] for one in batch["requests"]] == [
        {"sceneName": "Break", "transitionName": "Swipe", "transitionDuration": 500},
        {"sceneName": "Break"},
        {"sceneName": "Break", "transitionName": "Slide", "transitionDuration": 700},
    ]
    stage.until(499 * MS)
    assert ends(stage.outputs) == []
    stage.until(500 * MS)
    assert ends(stage.outputs) == [("done", None)]


def test_a_time_alone_names_the_chosen_transition_with_it():
    stage = joined()
    stage.do("obs scene Break over 2s")
    first = stage.sent()[-1]["d"]["requests"][0]["requestData"]
    assert first == {"sceneName": "Break", "transitionName": "Fade", "transitionDuration": 2000}


def test_a_batch_that_halts_at_the_scene_takes_its_transition_back_before_it_fails():
    stage = joined(inventory={"scenes": (Entry("Live"), Entry("Break"))})
    stage.switch("fault", "error 3 no")
    said = stage.do("obs scene Break by Swipe")
    assert asked(stage)[-1] == "SetSceneSceneTransitionOverride"
    assert stage.sent()[-1]["d"]["requestData"] == {
        "sceneName": "Break", "transitionName": None, "transitionDuration": None,
    }  # fmt: skip
    assert only(said, Answered) == Answered(1, 1, ok=False, reason="no")
    assert ends(said) == []


def test_a_scene_that_is_not_there_fails_in_the_words_of_obs():
    stage = joined(inventory={"scenes": (Entry("Live"),)})
    assert only(stage.do("obs scene Brake"), Answered).reason == "No source was found by the name of `Brake`."
    assert stage.driver.deadline is None


def test_another_scene_chosen_in_obs_takes_the_place_of_ours():
    stage = joined()
    stage.do("obs scene Break")
    stage.until(100 * MS)
    stage.switch("scene", "Song")
    stage.until(SECOND)
    assert ends(stage.outputs) == [("cancelled", "another scene was chosen in OBS")]


def test_the_end_of_the_change_before_is_not_ours():
    stage = joined()
    stage.switch("scene", "Song")
    stage.until(299 * MS)
    stage.deaf = True
    stage.do("obs scene Break")
    stage.deaf = False
    frame = stage.sent()[-1]
    stage.until(300 * MS)  # Song is on air just now, and our request had not come to it
    stage.frames.clear()
    stage._carry(stage.double.received(1, frame, stage.now), ())
    stage.until(SECOND)
    assert ends(stage.outputs) == [("done", None)]


def test_in_studio_mode_a_change_waits_for_the_one_that_runs():
    stage = joined()
    stage.do("obs studio on")
    stage.switch("scene", "Song")
    stage.until(100 * MS)
    stage.frames.clear()
    stage.do("obs scene Break")
    stage.do("obs studio off")
    assert stage.sent() == []
    stage.until(300 * MS)
    assert asked(stage) == ["SetCurrentProgramScene"]
    stage.until(600 * MS)
    assert asked(stage) == ["SetCurrentProgramScene", "SetStudioModeEnabled"]
    assert ends(stage.outputs) == [("done", None)]


def test_a_transition_that_is_touched_while_it_runs_is_over_by_the_fallback():
    stage = joined()
    stage.do("obs scene Break")
    stage.until(100 * MS)
    stage.do('obs call SetCurrentSceneTransition {"transitionName": "Swipe"}')
    stage.until(3 * SECOND)
    assert ends(stage.outputs) == [("done", None)]
    assert notes(stage.outputs) == ["OBS did not report its end"]


def test_a_scene_with_a_slow_transition_of_its_own_is_waited_for():
    stage = joined()
    stage.do(
        "obs call SetSceneSceneTransitionOverride "
        '{"sceneName": "Break", "transitionName": "Slide", "transitionDuration": 5000}'
    )
    stage.do("obs scene Break")
    stage.until(4900 * MS)
    assert ends(stage.outputs) == []
    stage.until(5000 * MS)
    assert ends(stage.outputs) == [("done", None)]
    assert notes(stage.outputs) == []


# -- clips


@pytest.mark.parametrize(
    ("before", "line", "reason"),
    [
        (['obs file Jingle "missing.wav"'], "obs play Jingle", "its file is missing or cannot be read"),
        (["obs hide Jingle"], "obs play Jingle", "it is not shown in any scene that OBS shows, so it does not play"),
    ],
)
def test_a_clip_that_cannot_play_fails_soon(before, line, reason):
    stage = joined()
    for one in before:
        stage.do(one)
    stage.until(SECOND)
    stage.outputs.clear()
    stage.do(line)
    stage.until(2100 * MS)
    assert ends(stage.outputs) == [("failed", reason)]


def test_a_loop_is_over_when_it_has_begun():
    stage = joined()
    stage.do('obs call SetInputSettings {"inputName": "Jingle", "inputSettings": {"looping": true}}')
    stage.outputs.clear()
    said = stage.do("obs play Jingle")
    assert ends(said) == [("done", None)]
    assert notes(said) == ["`Jingle` plays in a loop: it has no end that could be waited for"]


def test_a_clip_played_again_takes_the_place_of_itself():
    stage = joined()
    stage.do("obs play Jingle")
    stage.until(SECOND)
    assert ends(stage.do("obs play Jingle")) == [("cancelled", "it was played again")]
    stage.outputs.clear()
    stage.until(4 * SECOND)
    assert ends(stage.outputs) == [("done", None)]


def test_a_paused_clip_is_over_when_the_rest_of_it_is():
    stage = joined()
    stage.do("obs play Jingle")
    stage.until(SECOND)
    stage.do("obs pause Jingle")
    stage.until(30 * SECOND)
    assert ends(stage.outputs) == []
    stage.do("obs resume Jingle")
    stage.until(31 * SECOND)
    assert ends(stage.outputs) == [("done", None)]


def test_a_clip_that_stands_paused_is_not_waited_for_for_ever():
    stage = joined()
    stage.do("obs play Jingle")
    stage.until(SECOND)
    stage.do("obs pause Jingle")
    stage.until(3599 * SECOND)
    assert ends(stage.outputs) == []
    stage.until(3700 * SECOND)
    assert ends(stage.outputs) == [("cancelled", "it has stood paused for an hour")]


def test_a_stop_is_an_end():
    stage = joined()
    stage.do("obs play Jingle")
    stage.until(SECOND)
    stage.do("obs stop Jingle")
    stage.until(1100 * MS)
    assert ends(stage.outputs) == [("done", None)]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ('RemoveInput {"inputName": "Jingle"}', [("failed", "it was removed in OBS")]),
        ('SetInputName {"inputName": "Jingle", "newInputName": "Tune"}', [("done", None)]),
    ],
)
def test_a_clip_that_is_renamed_ends_and_one_that_is_removed_fails(order, expected):
    stage = joined()
    stage.do("obs play Jingle")
    stage.do(f"obs call {order}")
    stage.until(3 * SECOND)
    assert ends(stage.outputs) == expected


@pytest.mark.parametrize("line", ['text Back "hi"', "play Back", 'url Back "https://a.b"'])
def test_what_would_show_nothing_is_refused_without_asking(line):
    stage = joined()
    assert not only(stage.do(f"obs {line}"), Answered).ok
    assert stage.sent() == []


# -- outputs


def test_a_stream_without_a_server_fails():
    stage = joined()
    stage.switch("stream", "fails")
    stage.do("obs stream on")
    stage.until(2 * SECOND)
    assert ends(stage.outputs) == [("failed", "it stopped at once, and OBS gave no reason")]


def test_a_recording_that_shares_its_encoder_does_not_pause_and_that_is_said():
    stage = joined()
    stage.do(
        "obs call SetProfileParameter "
        '{"parameterCategory": "SimpleOutput", "parameterName": "RecQuality", "parameterValue": "Stream"}'
    )
    stage.do("obs record on")
    stage.until(SECOND)
    stage.outputs.clear()
    stage.do("obs record pause")
    stage.until(7 * SECOND)
    assert ends(stage.outputs) == [("failed", "OBS did not do it: this recording shares the encoder of the stream")]


def test_the_path_of_a_recording_is_known_also_where_its_end_is_not_told():
    stage = joined()
    stage.do("obs record on")
    stage.until(SECOND)
    stage.switch("lost", "end")
    stage.outputs.clear()
    assert only(stage.do("obs record off"), Answered).answer == "/home/user/Videos/2026-11-30 14-23-01.mkv"
    stage.until(20 * SECOND)
    assert ends(stage.outputs) == [("done", None)]


def test_a_virtual_camera_without_its_driver_fails_in_the_words_of_obs():
    stage = joined()
    stage.switch("camera", "missing")
    assert only(stage.do("obs camera on"), Answered).reason == "VirtualCam is not available."


def test_a_request_that_this_obs_has_not_is_not_sent():
    stage = Joined("obs")
    stage.switch("version", "5.1.0")
    stage.connect()
    stage.frames.clear()
    said = stage.do('obs chapter "One"')
    assert only(said, Answered).reason == "OBS 29.0.2 has no CreateRecordChapter; it came with OBS 30.2"
    assert stage.sent() == []


# -- values


def test_names_of_what_moves_hold_anything():
    assert parts(named("place", "A/B", "50%", "x")) == ("place", "A/B", "50%", "x")


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        (
            "place Logo in Live x 1 positionY 2 scale 0.5",
            [("positionX", 1), ("positionY", 2), ("scaleX", 0.5), ("scaleY", 0.5)],
        ),
        ("tune Back Tint brightness 0.5 over 1s", [("brightness", 0.5)]),
        ("volume Mic -20 over 2s ease out", [("Mic", -20)]),
    ],
)
def test_a_command_says_what_goes_where(line, targets):
    command = typed(f"obs {line}")
    assert [(parts(one.property)[-1], one.to) for one in command.verb.targets(command)] == targets


def test_a_frame_of_several_things_is_one_batch_and_says_which_was_refused():
    stage = joined()
    frame = {"place/Live/Back/positionX": 1, "place/Live/Back/positionY": 2, "tune/Back/Tint/hue": 3}
    said = stage._carry((), stage.driver.frame("picture", 1, frame, 0))
    assert asked(stage) == ["GetSceneItemId", ["SetSceneItemTransform", "SetSourceFilterSettings"]]
    assert only(said, FrameAnswered) == FrameAnswered(1, ok=True)
    said = stage._carry((), stage.driver.frame("sound", 2, {"volume/Back": -3}, 0))
    refused = only(said, FrameAnswered)
    assert (refused.ok, refused.properties) == (False, ("volume/Back",))
    assert refused.reason == "The specified input does not support audio."


def test_what_is_shown_is_read_in_one_batch():
    stage = joined()
    stage._carry((), stage.driver.frame("sound", 1, {"volume/Jingle": -6}, 0))
    names = ["volume/Jingle", "place/Live/Back/rotation", "tune/Back/Tint/hue"]
    said = stage._carry((), stage.driver.read("sound", names, 0))
    assert only(said, Values) == Values({"volume/Jingle": -6.0, "place/Live/Back/rotation": 0.0}, "sound")


def test_a_fader_that_somebody_pulls_is_told_and_our_own_values_are_not():
    stage = joined()
    for number, db in enumerate((-1, -2, -3)):
        said = stage._carry((), stage.driver.frame("sound", number + 1, {"volume/Jingle": db}, 0))
        assert none(said, Values)
    told = [one.number for one in stage.outputs if isinstance(one, Heard) and not one.reply]
    assert told == [1, 2, 3], "many a second: they are no more to the show than the answers to these frames"
    stage.driver.frame("sound", 4, {"volume/Jingle": -4}, 0)
    data = {"inputName": "Jingle", "inputVolumeDb": -4.0, "inputVolumeMul": 0.631}
    tells = {"op": 5, "d": {"eventType": "InputVolumeChanged", "eventIntent": 8, "eventData": data}}
    early = stage.driver.received(1, tells, 0)
    assert only(early, Heard).number == 4, "OBS tells of it before it answers, or behind that"
    pulled = stage.do('obs call SetInputVolume {"inputName": "Jingle", "inputVolumeDb": -40}')
    assert only(pulled, Values) == Values({"volume/Jingle": -40.0}, "sound", asked=False)


# -- the connection


def test_the_password_is_shown_and_is_a_secret():
    stage = Joined("obs", secrets={"key-env": "word"})
    stage.switch("password", "word")
    stage.connect()
    assert stage.outputs[-1] == READY
    sent = next(one for one in stage.outputs if isinstance(one, Send))
    assert set(sent.secrets) == {sent.frame["d"]["authentication"], "word"}


@pytest.mark.parametrize(
    ("secrets", "settings", "said"),
    [
        ({"key-env": "wrong"}, {"key-env": "OBS_PASSWORD"}, "OBS did not take the password in OBS_PASSWORD"),
        ({}, {"key-env": "OBS_PASSWORD"}, "OBS asks for a password, and the environment variable OBS_PASSWORD"),
        ({}, {}, "OBS asks for a password. OBS shows it under Tools"),
    ],
)
def test_without_the_right_password_a_person_is_waited_for_and_obs_is_not_dialled(secrets, settings, said):
    stage = Joined("obs", secrets=secrets, **settings)
    stage.switch("password", "word")
    stage.connect()
    waiting = next(one for one in stage.outputs if isinstance(one, Condition))
    assert waiting.state == "waiting"
    assert waiting.detail.startswith(said)
    assert only(stage.outputs, Rest) == Rest("", None)
    if none(stage.outputs, Drop):
        return
    assert list(stage.driver.disconnected(1, 0, "it was dropped")) == [], "that has been said"


@pytest.mark.parametrize(("code", "why"), [(4010, "OBS speaks another protocol"), (4011, "it was thrown out in OBS")])
def test_who_is_refused_or_thrown_out_comes_back_only_when_told_to(code, why):
    stage = joined()
    waiting, rest = stage.driver.disconnected(1, 0, "closed", code)
    assert (waiting.state, waiting.why, rest) == ("waiting", why, Rest("", None))


def test_nothing_is_sent_to_an_obs_that_is_being_closed():
    stage = joined()
    stage.do("obs record on")
    stage.until(SECOND)
    stage.switch("close")
    assert Condition("lost", "OBS is being closed") in stage.outputs
    stage.frames.clear()
    assert only(stage.do("obs mute Jingle"), Answered) == Answered(2, 1, ok=False, reason="OBS is being closed")
    assert stage.call("quiet", 1) == []
    assert stage.sent() == []
    stage.outputs.clear()
    stage.until(2 * SECOND)
    assert stage.outputs == [], "that it is gone has been said"


def test_what_obs_is_not_ready_for_is_asked_once_more():
    stage = joined()
    stage.deaf = True
    stage.do("obs mute Jingle")
    asked_ = stage.sent()[-1]
    not_ready = {"requestId": "0-1", "requestType": "SetInputMute", "requestStatus": {"code": 207, "result": False}}
    assert none(stage.hear({"op": 7, "d": not_ready}), Answered)
    stage.until(499 * MS)
    assert len(stage.sent()) == 1
    stage.until(500 * MS)
    assert stage.sent() == [asked_, asked_]
    assert only(stage.hear({"op": 7, "d": not_ready}), Answered).reason == "OBS is not ready to do that now"


def test_a_change_of_collection_that_does_not_end_loses_obs():
    stage = joined()
    changing = {"eventType": "CurrentSceneCollectionChanging", "eventIntent": 2, "eventData": {}}
    stage.hear({"op": 5, "d": changing})
    stage.until(30 * SECOND)
    assert any(isinstance(one, Drop) for one in stage.outputs)
    assert stage.outputs[-2] == Condition("lost", "OBS did not finish changing")


@pytest.mark.parametrize(
    "frame",
    [
        "hello", {}, {"op": 5}, {"op": 5, "d": {"eventType": 7, "eventData": []}}, {"op": 7, "d": {"requestId": []}},
        {"op": 9, "d": {"requestId": "0-1", "results": "x"}}, {"op": "7", "d": None}, {"op": 0, "d": 5},
        {"op": 5, "d": {"eventType": "InputVolumeChanged", "eventData": {"inputVolumeDb": "loud"}}},
        {"op": 5, "d": {"eventType": "SceneListChanged", "eventData": {"scenes": [1, None]}}},
        {"op": 5, "d": {"eventType": "CurrentSceneTransitionChanged", "eventData": {"transitionName": 1e400}}},
        {"op": 7, "d": {"requestId": "0-1", "requestStatus": {"code": "x", "result": "yes"}, "responseData": [1]}},
    ],
    ids=str,
)  # fmt: skip
def test_rubbish_is_passed_over(frame):
    stage = joined()
    stage.hear(frame)
    assert only(stage.do("obs mute Jingle"), Answered).ok


# -- what happens


@pytest.mark.parametrize("event", devices.find("obs").events, ids=lambda event: event.name)
def test_the_double_tells_each_event_and_the_driver_passes_it_on(event):
    stage = Joined("obs", events=(event.name,)).connect()
    stage.outputs.clear()
    stage.switch("event", event.name)
    told = only(stage.outputs, Happened)
    assert told.event == event.name
    assert set(told.fields) <= {field.name for field in event.fields}
    assert event.fields[0].name in told.fields


def test_an_end_is_told_before_what_happened():
    stage = joined()
    stage.do("obs scene Break")
    stage.outputs.clear()
    stage.until(SECOND)
    both = [one for one in stage.outputs if isinstance(one, Ended | Happened)]
    assert both == [Ended(1, 1), Happened("scene", {"scene": "Break"})]


def test_obs_is_asked_for_no_more_events_than_are_needed():
    for events, mask in (((), 1375), (("shown",), 1375 + 128), (("vendor", "hidden"), 1375 + 128 + 512)):
        assert Joined("obs", events=events).connect().sent()[0]["d"]["eventSubscriptions"] == mask


def test_a_custom_event_fits_what_is_asked_for():
    (event,) = [event for event in devices.find("obs").events if event.name == "custom"]
    said = {"data": '{"lamp": "on", "level": 3}'}
    assert event.met({}, said)
    assert event.met({"KEY": "lamp"}, said)
    assert event.met({"KEY": "level", "VALUE": "3"}, said)
    assert not event.met({"KEY": "lamp", "VALUE": "off"}, said)
    assert not event.met({"KEY": "lamp"}, {"data": '{"lam'})


# -- the catalogue


def test_everything_obs_has_is_listed():
    stage = joined()
    found = only(stage.call("inventory"), Listed).inventory
    assert [one.name for one in found["scenes"]] == ["Live", "Break", "Song"]
    assert [(one.name, one.kind) for one in found["inputs"]] == [
        ("Jingle", "ffmpeg_source"), ("Lower third", "text_ft2_source"), ("Back", "color_source"),
    ]  # fmt: skip
    assert [(one.name, one.owner) for one in found["items"]] == [
        ("Back", "Live"), ("Lower third", "Live"), ("Jingle", "Live"),
    ]  # fmt: skip
    assert [(one.name, one.kind) for one in found["filters"]] == [("Tint", "color_filter_v2")]
    assert [(one.name, one.kind, one.length) for one in found["transitions"]][:2] == [
        ("Cut", "cut_transition", None), ("Fade", "fade_transition", 300_000),
    ]  # fmt: skip
    assert "CreateRecordChapter" in {one.name for one in found["requests"]}
    assert {one.name for one in found["collections"]} == {one.name for one in found["profiles"]} == {"Headless"}


def test_a_source_that_is_not_on_air_is_shown_and_hidden_wherever_it_stands():
    has = {
        "scenes": (Entry("Live"), Entry("Break"), Entry("Song")),
        "inputs": (Entry("Cup", kind="image_source"), Entry("Cat", kind="image_source")),
        "items": (Entry("Cup", owner="Break"), Entry("Cat", owner="Break"), Entry("Cat", owner="Song")),
    }
    stage = joined(inventory=has)
    assert only(stage.do("obs hide Cup"), Answered).ok
    stage.frames.clear()
    assert only(stage.do("obs hide Cat"), Answered).ok
    assert asked(stage)[-1] == ["SetSceneItemEnabled", "SetSceneItemEnabled"]
    said = stage._carry((), stage.driver.frame("picture", 1, {"place//Cat/positionX": 5}, 0))
    assert only(said, FrameAnswered).reason == (
        "`Cat` stands in several scenes, and not in the one on air: say `in SCENE`"
    )
    assert only(stage.do("obs hide Dog"), Answered).reason == "`Dog` stands in no scene"


def test_what_stands_in_several_scenes_stands_below_each_in_the_catalogue_and_comes_back_from_there(tmp_path):
    stage = joined()
    stage.do("obs show Jingle in Break")
    found = only(stage.call("inventory"), Listed).inventory
    rows = devices.find("obs").catalogue
    text = count("", "obs", "obs", rows, found).text
    assert text.startswith("obs:\n  scenes:\n    Live:\n      items:\n        - Back\n        - Lower third\n")
    assert "    Break:\n      items:\n        - Jingle\n" in text
    assert "    - {name: Jingle, kind: ffmpeg_source}\n" in text
    assert count(text, "obs", "obs", rows, found).changes == ()
    stage.do("obs show Back in Song")
    more = count(text, "obs", "obs", rows, only(stage.call("inventory"), Listed).inventory)
    assert [(one.list, one.name, one.what) for one in more.changes] == [("items", "Back", "new")]
    assert "    Song:\n      items:\n        - Back\n" in more.text
    path = tmp_path / "catalogue.yaml"
    path.write_text(text, encoding="utf-8")
    read = load(str(path), everybody()).inventories["obs"]
    assert [(one.name, one.owner) for one in read["items"]][-1] == ("Jingle", "Break")
    assert read["inputs"][0].kind == "ffmpeg_source"


CATALOGUE = """
obs:
  scenes:
    Live:
      items: [Back, Jingle]
    Break:
  inputs:
    - {name: Back, kind: color_source}
    - {name: Jingle, kind: ffmpeg_source, length: 3s}
  filters: [Tint]
  transitions:
    - {name: Cut, kind: cut_transition}
    - {name: Fade, kind: fade_transition}
  requests: [GetStats]
"""


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ('chapter "One"', "E309", "this OBS has no `CreateRecordChapter`, and `obs chapter` needs that"),
        ("scene Brake", "E308", "`obs` has no `Brake`: the catalogue does not list it among its scenes"),
        ("scene Live by Wipe", "E308", "`obs` has no `Wipe`: the catalogue does not list it among its transitions"),
        ("scene Live by Fade over 30s", "E407", "no transition of OBS lasts so long"),
        ("scene Live by Cut over 1s", "E407", "how long `Cut` lasts cannot be chosen"),
        ("play Back", "E407", "`Back` is no clip, but a color_source"),
        ('text Jingle "x"', "E407", "`Jingle` is no text source, but a ffmpeg_source"),
        ("show Jingle in Break", "E407", "in `Break` stands no `Jingle`"),
        ("hide Clock", "E407", "`Clock` stands in no scene"),
        ("place Back in Live rotation 500", "E407", "OBS takes no 500 for `rotation`"),
        ("filter Back Hue on", "E407", "OBS has no filter `Hue`"),
        ("call Foo", "E407", "this OBS has no request `Foo`"),
    ],
)
def test_the_check_says_what_this_obs_has_not(tmp_path, line, code, message):
    (tmp_path / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")
    inventories = load(str(tmp_path / "catalogue.yaml"), everybody()).inventories
    text = f"at 0s obs {line}\n"
    book = Book("a.show", {"a.show": Source("a.show", text, parse(text, "a.show").script)}, {}, "")
    (found,) = compile_show(book, everybody(), inventories).findings
    assert (found.code, found.message) == (code, message)


def test_a_plan_knows_how_long_a_transition_and_a_clip_last(tmp_path):
    (tmp_path / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")
    has = load(str(tmp_path / "catalogue.yaml"), everybody()).inventories["obs"]
    lasts = {
        line: typed(f"obs {line}").verb.lasts(typed(f"obs {line}"), {}, has)
        for line in ("scene Live", "scene Live by Cut", "scene Live by Fade over 2s", "play Jingle")
    }
    assert list(lasts.values()) == [300_000, 0, 2_000_000, 3_000_000]


def test_a_name_with_an_answer_in_it_is_not_looked_for(tmp_path):
    (tmp_path / "catalogue.yaml").write_text(CATALOGUE, encoding="utf-8")
    inventories = load(str(tmp_path / "catalogue.yaml"), everybody()).inventories
    text = 'at 0s wait for button pick -> it\nthen obs show "{it}" in Live; obs play "{it}"; obs call "{it}"\n'
    book = Book("a.show", {"a.show": Source("a.show", text, parse(text, "a.show").script)}, {}, "")
    assert compile_show(book, everybody(), inventories).findings == ()


# -- whatever happens

ORDERS = {
    line: typed(line)
    for line in (
        *(verb.example.partition(" -> ")[0] for verb in PLAIN if verb.name != "pause"),
        *("obs scene Break", "obs scene Live by Cut", "obs studio off", "obs record off", "obs hide Jingle"),
    )
}
FLIPS = (
    *(("order", "event"), ("order", "mixed"), ("lost", "end"), ("slow", "40ms"), ("stream", "fails")),
    *(("camera", "missing"), ("scene", "Song"), ("studio", "on"), ("studio", "off"), ("collection", "Other")),
    *(("event", "ended"), ("event", "scene"), ("fault", "silent 1"), ("fault", "error 2 no"), ("fault", "garbage")),
)
STEPS = st.one_of(
    st.sampled_from(sorted(ORDERS)), st.sampled_from(FLIPS), st.sampled_from((0, MS, 50 * MS, 300 * MS, 3 * SECOND))
)


def stands(stage):
    told = [one.state for one in stage.outputs if isinstance(one, Condition) and one.state != "note"]
    return told[-1] if told else "ready"


def free(stage, sent, command):
    """Tell whether the engine would send a command: nothing before it has its lanes."""
    answered = {one.id: one.ok for one in stage.outputs if isinstance(one, Answered)}
    ended = {one.id for one in stage.outputs if isinstance(one, Ended)}
    lanes = {command.verb.lane, *command.verb.beside}
    return all(
        number in ended or answered.get(number) is False or (number in answered and not one.verb.keeps)
        for number, one in sent.items()
        if lanes & {one.verb.lane, *one.verb.beside}
    )


@examples(60)
@given(st.lists(STEPS, max_size=25))
def test_whatever_happens_no_command_is_answered_or_ended_twice_and_what_was_accepted_ends(steps):
    stage, sent = joined(), {}
    for step in steps:
        if isinstance(step, int):
            stage.until(stage.now + step)
        elif isinstance(step, tuple):
            stage._carry(stage.double.switch(*step, stage.now)[0], ())
        elif stands(stage) == "ready" and free(stage, sent, ORDERS[step]):
            sent[stage.ids + 1] = ORDERS[step]
            stage.send(ORDERS[step])
    stage.until(stage.now + 200 * SECOND)
    answered = [one for one in stage.outputs if isinstance(one, Answered)]
    ended = [one.id for one in stage.outputs if isinstance(one, Ended)]
    assert len({one.id for one in answered}) == len(answered)
    assert len(set(ended)) == len(ended)
    if stands(stage) != "ready":
        return
    owed = {one.id for one in answered if one.ok and sent[one.id].verb.finished is Finished.REPORTED}
    assert owed <= set(ended)
    assert stage.driver.deadline is None, "nothing is owed any more"

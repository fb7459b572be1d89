"""Animaze's driver: joined to its double, and against an application that misbehaves."""

from dataclasses import replace
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.animaze.driver import HARMLESS
from showrunner.devices.animaze.table import BEHAVIOURS, quaternion, spelled
from showrunner.devices.vocabulary import (
    Answered,
    Condition,
    Drop,
    Ended,
    Entry,
    FrameAnswered,
    Happened,
    Heard,
    Listed,
    Send,
    Silent,
    Values,
)
from tests.joined import SECOND, Joined, check_recorded, none, only, typed

VERBS = devices.find("animaze").verbs
FRAMES = sorted((Path(devices.__file__).parent / "animaze" / "frames").glob("*.jsonl"))


def joined(**more):
    return Joined("animaze", **more).connect()


def deaf(**more):
    """Join a driver to an application that hears and says nothing by itself."""
    stage = joined(**more)
    stage.deaf = True
    return stage


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("animaze", path)


@pytest.mark.parametrize("verb", [v for v in VERBS if v.stream is None], ids=lambda v: f"{v.name} {v.form}")
def test_every_ordinary_row_goes_to_the_double_and_back(verb):
    stage = joined()
    said = stage.do(verb.example)
    answered = only(said, Answered)
    assert (answered.ok, answered.id, answered.attempt) == (True, 1, 1)
    assert stage.sent()[-1]["id"] == "0-1"


@pytest.mark.parametrize("verb", [v for v in VERBS if v.stream is not None], ids=lambda v: f"{v.name} {v.form}")
def test_every_streamed_row_goes_to_the_double_and_back(verb):
    stage = joined()
    values = {target.property.replace(".", "__"): target.to for target in verb.targets(typed(verb.example))}
    said = stage.frame(1, **values)
    assert only(said, FrameAnswered) == FrameAnswered(1, ok=True)
    read = only(stage.call("read", "stream", [name.replace("__", ".") for name in values]), Values).values
    assert {name.replace(".", "__"): pytest.approx(value, abs=1e-3) for name, value in read.items()} == values


def test_animaze_is_ready_as_soon_as_it_is_connected_and_says_what_was_lost():
    stage = joined()
    assert stage.outputs == [Condition("ready")]
    assert stage.lose() == [Condition("lost", "gone")]


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_every_behaviour_takes_its_numbers_in_friendly_spelling_and_sends_the_printed_keys(behaviour):
    stage = joined()
    numbers = " ".join(f"{spelled(key)} 0.5" for key in BEHAVIOURS[behaviour])
    assert only(stage.do(f"animaze override '{behaviour}' on {numbers}"), Answered).ok
    sent = dict.fromkeys(BEHAVIOURS[behaviour], 0.5)
    assert stage.sent()[-1] == {"action": "SetOverride", "id": "0-1", "behavior": behaviour, "value": True, **sent}
    stage.do(f'animaze call GetOverride {{"behavior": "{behaviour}"}}')
    assert stage.frames[-1][1].items() >= {"behavior": behaviour, "value": True, **sent}.items()


def test_a_number_that_a_behaviour_does_not_have_is_never_sent():
    # The check refuses it, so it can only come from a text that is filled in late: the driver looks once more.
    stage = joined()
    command = typed("animaze override 'Auto Blink' on frequency 0.5")
    wrong = tuple(replace(a, value="range") if a.value == "frequency" else a for a in command.arguments)
    answered = only(stage.send(replace(command, arguments=wrong)), Answered)
    assert answered.reason == '"Auto Blink" has no number called range (it has: frequency)'
    assert not stage.sent()


def test_an_error_fails_the_command_in_the_applications_words():
    stage = joined(inventory={"avatars": (Entry("Fox"),)})
    assert only(stage.do("animaze avatar Robot"), Answered) == Answered(1, 1, ok=False, reason="Avatar not found")


def test_a_second_attempt_has_a_wire_id_of_its_own():
    stage = joined(seed="beef")
    stage.do("animaze scene Stream", id=7)
    stage.do("animaze scene Stream", id=7, attempt=2)
    assert [frame["id"] for frame in stage.sent()] == ["beef-7", "beef-7.2"]


# -- names


def test_a_name_is_looked_up_once_in_the_avatars_list_and_its_index_is_sent():
    stage = joined()
    stage.do("animaze idle bored")
    stage.do("animaze idle 'Default Idle'")
    assert [(f["action"], f.get("index")) for f in stage.sent()] == [
        ("GetIdleAnims", None),
        ("TriggerIdle", 2),
        ("TriggerIdle", 0),
    ]


@pytest.mark.parametrize("change", ["animaze avatar AvatarBomb", "animaze quickscene load 0"])
def test_after_another_avatar_the_list_is_fetched_anew(change):
    stage = joined()
    stage.do("animaze pose Grin")
    stage.do(change)
    stage.do("animaze pose Grin")
    assert [f["action"] for f in stage.sent()].count("GetPoses") == 2


def test_an_index_that_is_refused_is_looked_up_anew_once_for_somebody_may_have_changed_the_avatar():
    stage = deaf()
    rows = {"poseList": [{"animName": "Grin", "index": 4}]}
    stage.do("animaze pose Grin")
    stage.hear({"action": "GetPoses", "id": "0-h1", **rows})
    assert only(stage.hear({"action": "TriggerPose", "id": "0-1"}), Answered).ok
    stage.do("animaze pose Grin")
    said = stage.hear({"action": "TriggerPose", "id": "0-2", "error": "no such pose"})
    assert none(said, Answered)
    stage.hear({"action": "GetPoses", "id": "0-h2", "poseList": [{"animName": "Grin", "index": 1}]})
    assert stage.sent()[-1] == {"action": "TriggerPose", "id": "0-2", "index": 1}
    refused = only(stage.hear({"action": "TriggerPose", "id": "0-2", "error": "no such pose"}), Answered)
    assert refused == Answered(2, 1, ok=False, reason="no such pose")


def test_a_name_that_is_not_in_the_list_of_a_moment_ago_is_looked_up_anew():
    stage = deaf()
    stage.do("animaze pose Grin")
    stage.hear({"action": "GetPoses", "id": "0-h1", "poseList": [{"animName": "Grin", "index": 4}]})
    stage.hear({"action": "TriggerPose", "id": "0-1"})
    stage.do("animaze pose Wink")
    said = stage.hear({"action": "GetPoses", "id": "0-h2", "poseList": [{"animName": "WINK", "index": 9}]})
    assert none(said, Answered)
    assert stage.sent()[-1] == {"action": "TriggerPose", "id": "0-2", "index": 9}


def test_a_list_that_comes_after_another_avatar_was_told_is_asked_for_again():
    stage = deaf()
    stage.do("animaze pose Grin")
    stage.hear({"event": "AvatarChanged", "new_avatar": "Robot"})
    said = stage.hear({"action": "GetPoses", "id": "0-h1", "poseList": [{"animName": "Grin", "index": 4}]})
    assert [output.frame["action"] for output in said if isinstance(output, Send)] == ["GetPoses"]
    stage.hear({"action": "GetPoses", "id": "0-h2", "poseList": [{"animName": "Grin", "index": 7}]})
    assert stage.sent()[-1]["index"] == 7


def test_after_the_trigger_that_tells_of_another_avatar_the_list_is_fetched_anew():
    stage = joined()
    stage.do("animaze pose Grin")
    assert only(stage.switch("event", "AvatarChanged"), Happened).event == "AvatarChanged"
    stage.do("animaze pose Grin")
    assert [f["action"] for f in stage.sent()].count("GetPoses") == 2


def test_an_index_goes_straight():
    stage = joined()
    stage.do("animaze action 3")
    assert stage.sent() == [{"action": "TriggerSpecialAction", "id": "0-1", "index": 3}]


def test_a_name_the_avatar_does_not_have_fails_with_the_nearest_one():
    stage = joined(inventory={"actions": (Entry("Wave"), Entry("Bow"))})
    answered = only(stage.do("animaze action Wavee"), Answered)
    assert answered.reason == 'no action called "Wavee" on this avatar (did you mean "Wave"?)'
    assert only(stage.do("animaze action Zzz"), Answered).reason == 'no action called "Zzz" on this avatar'


def test_a_list_that_is_refused_fails_the_command():
    stage = joined()
    stage.switch("fault", "error too busy")
    assert only(stage.do("animaze pose Grin"), Answered).reason == "Animaze did not list its poses: too busy"


def test_a_command_given_up_while_its_list_was_fetched_is_not_sent_any_more():
    stage = deaf()
    stage.do("animaze pose Grin")
    stage.call("forget", 1, 1)
    said = stage.hear({"action": "GetPoses", "id": "0-h1", "poseList": [{"animName": "Grin", "index": 4}]})
    assert none(said, Send)
    assert none(said, Answered)


@pytest.mark.parametrize("rows", [None, "x", {}, [1, None, {"animName": 3, "index": 1}, {"animName": "Grin"}]])
def test_a_list_nobody_can_read_is_an_empty_one(rows):
    stage = deaf()
    stage.do("animaze pose Grin")
    said = stage.hear({"action": "GetPoses", "id": "0-h1", "poseList": rows})
    assert only(said, Answered).reason == 'no pose called "Grin" on this avatar'


# -- matching


def test_replies_out_of_order_find_their_commands_by_id():
    stage = deaf()
    stage.do("animaze emote A")
    stage.do("animaze emote B")
    assert only(stage.hear({"action": "TriggerEmote", "id": "0-2"}), Answered).id == 2
    assert only(stage.hear({"action": "TriggerEmote", "id": "0-1"}), Answered).id == 1


def test_a_reply_without_id_is_matched_by_its_action_if_only_one_is_unanswered():
    stage = deaf()
    stage.do("animaze emote A")
    stage.do("animaze scene S")
    assert only(stage.hear({"action": "triggeremote"}), Answered).id == 1
    assert none(stage.hear({"action": "TriggerEmote"}), Answered)


def test_a_reply_without_id_for_one_of_two_attempts_is_matched_to_none():
    stage = deaf()
    stage.do("animaze emote A", id=1)
    stage.call("forget", 1, 1)
    stage.do("animaze emote A", id=1, attempt=2)
    said = stage.hear({"action": "TriggerEmote"})
    assert said == [Heard({"action": "TriggerEmote"}, reply=False)]


def test_replies_without_id_to_the_same_action_are_taken_in_order():
    stage = deaf()
    stage.do("animaze call TriggerEmote")
    stage.do("animaze emote B")
    assert only(stage.hear({"action": "TriggerEmote"}), Answered).id == 1
    assert only(stage.hear({"action": "TriggerEmote"}), Answered).id == 2


def test_one_reply_that_never_comes_does_not_spoil_all_that_come_without_id():
    stage = deaf()
    stage.do("animaze emote A", id=1)
    stage.call("forget", 1, 1)
    stage.do("animaze emote A", id=2)
    assert none(stage.hear({"action": "TriggerEmote"}), Answered), "it may be the late one"
    stage.call("forget", 2, 1)
    stage.do("animaze emote A", id=3)
    assert only(stage.hear({"action": "TriggerEmote"}), Answered).id == 3, "only one of both is missing"


def test_a_frame_is_answered_by_a_reply_without_id_though_an_older_one_was_not():
    stage = deaf()
    stage.frame(1, camera__fov=40)
    stage.frame(2, camera__fov=41)
    assert only(stage.hear({"action": "SetCameraFov"}), FrameAnswered) == FrameAnswered(2, ok=True)


def test_a_late_reply_is_heard_with_its_commands_id_and_changes_nothing():
    stage = deaf()
    stage.do("animaze emote A")
    stage.call("forget", 1, 1)
    reply = {"action": "TriggerEmote", "id": "0-1"}
    assert stage.hear(reply) == [Heard(reply, reply=True, id=1, ok=True, attempt=1)]


def test_a_doubled_reply_counts_once():
    stage = deaf()
    stage.do("animaze emote A")
    reply = {"action": "TriggerEmote", "id": "0-1"}
    assert only(stage.hear(reply), Answered).ok
    assert stage.hear(reply) == [Heard(reply, reply=True, id=1, attempt=1)]


def test_an_event_between_request_and_reply_is_an_event():
    stage = deaf()
    stage.do("animaze avatar Fox")
    event = {"event": "AvatarChanged", "new_avatar": "Fox"}
    assert stage.hear(event) == [Heard(event, reply=False), Happened("AvatarChanged", {"avatar": "Fox"})]
    assert only(stage.hear({"action": "LoadAvatar", "id": "0-1"}), Answered).ok


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"action": 5, "id": "0-1"},
        {"action": "TriggerEmote", "id": 1},
        {"action": "TriggerEmote", "id": ["0-1"]},
        {"action": "LoadScene", "id": "0-1"},
        {"action": "TriggerEmote", "id": "0-99"},
        {"event": 3},
        {"event": "NobodyKnows"},
        {"error": "Invalid JSON"},
        {"action": None, "id": None},
    ],
)
def test_a_frame_that_fits_nothing_is_heard_and_nothing_more(frame):
    stage = deaf()
    stage.do("animaze emote A")
    said = stage.hear(frame)
    assert isinstance(said[0], Heard)
    if not (frame.get("id") == "0-1" and frame.get("action") == 5):
        assert said == [Heard(frame, reply=False)]
    assert only(said + stage.hear({"action": "TriggerEmote", "id": "0-1"}), Answered).id == 1


def test_text_that_is_no_json_is_noted_and_passed_over():
    stage = deaf()
    heard, note = stage.hear("<html>")
    assert (heard.reply, heard.frame, note.state) == (False, {"text": "<html>"}, "note")


def test_what_an_older_connection_still_says_changes_nothing():
    stage = deaf()
    stage.do("animaze emote A")
    assert stage.driver.received(0, {"action": "TriggerEmote", "id": "0-1"}, 0)[0].reply is False


def test_what_was_asked_before_the_connection_was_lost_is_forgotten():
    stage = deaf()
    stage.do("animaze emote A")
    stage.lose()
    stage.connect()
    assert none(stage.hear({"action": "TriggerEmote", "id": "0-1"}), Answered)


@pytest.mark.parametrize("error", ["x", 3, {"a": 1}])
def test_an_error_of_any_type_fails(error):
    stage = deaf()
    stage.do("animaze emote A")
    answered = only(stage.hear({"action": "TriggerEmote", "id": "0-1", "error": error}), Answered)
    assert (answered.ok, answered.reason) == (False, str(error))


@pytest.mark.parametrize("error", [None, "", False])
def test_an_empty_error_is_none(error):
    stage = deaf()
    stage.do("animaze emote A")
    assert only(stage.hear({"action": "TriggerEmote", "id": "0-1", "error": error}), Answered).ok


# -- answers


def test_a_chat_answers_with_its_response():
    answered = only(joined().do("animaze chat 'Hello' -> a"), Answered)
    assert answered.answer == "(reply to: Hello)"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("GetCameraFov", "60.000003814697266"),
        ('SetCameraFov {"fov": 60}', None),
        ('SetCameraTransform {"position": [0, 1.7, 1], "rotation": [0, 0, 0, 1]}', None),
        ('LoadScene {"name": "Stream"}', None),
        ("GetAvatars", '{"avatars":["avatar03","AvatarBomb","@Kentax_Red"]}'),
    ],
)
def test_a_call_answers_with_what_the_reply_says(line, answer):
    assert only(joined().do(f"animaze call {line}"), Answered).answer == answer


def test_a_call_cannot_spoil_id_and_action():
    stage = joined()
    stage.do('animaze call TriggerEmote {"id": "mine", "action": "Broadcast", "itemName": "Emote_Wave"}')
    assert stage.sent() == [{"action": "TriggerEmote", "id": "0-1", "itemName": "Emote_Wave"}]


# -- the camera


def test_turning_the_camera_reads_first_where_it_stands():
    stage = joined()
    stage.do("animaze camera turn 90 tilt 0")
    assert stage.sent() == [
        {"action": "GetCameraTransform", "id": "0-h1"},
        {"action": "SetCameraTransform", "id": "0-1", "position": [0, 1.7, 1], "rotation": [0, 0.707107, 0, 0.707107]},
    ]
    stage.do("animaze camera turn 0 tilt 90")
    assert stage.sent()[2:] == [
        {"action": "SetCameraTransform", "id": "0-2", "position": [0, 1.7, 1], "rotation": [0.707107, 0, 0, 0.707107]}
    ]


@pytest.mark.parametrize(
    ("angles", "expected"),
    [
        ((0, 0, 0), (0, 0, 0, 1)),
        ((0, 0, 90), (0, 0, 0.707107, 0.707107)),
        ((180, 0, 0), (0, 1, 0, 0)),
        ((90, 90, 0), (0.5, 0.5, -0.5, 0.5)),
    ],
)
def test_angles_become_a_quaternion(angles, expected):
    assert quaternion(*angles) == expected


def test_a_camera_whose_place_cannot_be_read_is_not_turned():
    stage = joined()
    stage.switch("fault", "error no camera")
    answered = only(stage.do("animaze camera turn 5 tilt 0"), Answered)
    assert answered.reason == "GetCameraTransform, which must come first, failed: no camera"
    stage = deaf()
    stage.do("animaze camera turn 5 tilt 0")
    assert not only(stage.hear({"action": "GetCameraTransform", "id": "0-h1", "position": "here"}), Answered).ok


def test_a_frame_of_camera_and_angle_is_answered_when_both_are():
    stage = deaf()
    stage.frame(1, camera__position=(0, 1, 1), camera__rotation=(0, 0, 0, 1), camera__fov=40)
    assert [frame["action"] for frame in stage.sent()] == ["SetCameraTransform"], "one at a time is unanswered"
    said = stage.hear({"action": "SetCameraTransform", "id": "0-s1", "error": "no"})
    assert none(said, FrameAnswered)
    assert [frame["action"] for frame in stage.sent()] == ["SetCameraTransform", "SetCameraFov"]
    assert only(stage.hear({"action": "SetCameraFov", "id": "0-s1"}), FrameAnswered) == FrameAnswered(
        1, ok=False, reason="no", properties=("camera.position", "camera.rotation")
    )


def test_what_is_left_of_a_frame_is_not_sent_once_a_newer_one_has_gone_out():
    stage = deaf()
    stage.frame(1, camera__position=(0, 1, 1), camera__rotation=(0, 0, 0, 1), camera__fov=40)
    stage.frame(2, camera__fov=41)
    assert none(stage.hear({"action": "SetCameraTransform", "id": "0-s1"}), Send)
    assert only(stage.hear({"action": "SetCameraFov", "id": "0-s2"}), FrameAnswered) == FrameAnswered(2, ok=True)


def test_an_application_that_knows_only_fov_in_capitals_is_asked_once_more_so():
    stage = deaf()
    stage.do("animaze camera fov 35")
    heard, again = stage.hear({"action": "SetCameraFov", "id": "0-1", "error": "unknown action"})
    assert (heard.ok, again.frame) == (False, {"action": "SetCameraFOV", "id": "0-1", "fov": 35})
    assert only(stage.hear({"action": "SetCameraFOV", "id": "0-1"}), Answered).ok
    stage.do("animaze camera fov 36")
    assert stage.sent()[-1]["action"] == "SetCameraFOV"
    refused = stage.hear({"action": "SetCameraFOV", "id": "0-2", "error": "no"})
    assert only(refused, Answered) == Answered(2, 1, ok=False, reason="no")


def test_an_application_that_is_silent_to_fov_is_asked_once_more_in_capitals():
    stage = deaf()
    stage.do("animaze camera fov 35")
    assert none(stage.until(2_499_999), Send)
    (again,) = stage.until(2_500_000)
    assert again == Send({"action": "SetCameraFOV", "id": "0-1", "fov": 35}, id=1, attempt=1)
    assert none(stage.until(60 * SECOND), Send), "once"
    assert only(stage.hear({"action": "SetCameraFOV", "id": "0-1"}), Answered).ok
    stage.do("animaze camera fov 36")
    assert stage.sent()[-1]["action"] == "SetCameraFOV", "what was answered is what it knows"


def test_silence_says_nothing_about_a_spelling_that_was_answered_before():
    stage = deaf()
    stage.do("animaze camera fov 35")
    stage.hear({"action": "SetCameraFov", "id": "0-1"})
    stage.do("animaze camera fov 36")
    assert none(stage.until(60 * SECOND), Send)


def test_what_was_given_up_is_not_asked_in_capitals():
    stage = deaf()
    stage.do("animaze camera fov 35")
    stage.call("forget", 1, 1)
    asked = {output.frame["action"] for output in stage.until(60 * SECOND) if isinstance(output, Send)}
    assert asked == {HARMLESS}


def test_an_angle_is_read_without_what_single_precision_did_to_it():
    stage = deaf()
    stage.call("read", "stream", ["camera.fov", "camera.position"])
    at = {"position": [0.0, 1.7000000476837158, 1.0], "rotation": [0.0, 0.0, 0.0, 1.0]}
    stage.hear({"action": "GetCameraTransform", "id": "0-h1", **at})
    said = stage.hear({"action": "GetCameraFov", "id": "0-h2", "fov": 60.000003814697266})
    assert only(said, Values) == Values({"camera.fov": 60, "camera.position": (0, 1.7, 1)})


def test_a_later_reading_replaces_an_earlier_one_that_was_never_answered():
    stage = deaf()
    stage.call("read", "stream", ["camera.fov"])
    stage.call("read", "stream", ["camera.fov"])
    assert none(stage.hear({"action": "GetCameraFov", "id": "0-h1", "fov": 1}), Values)
    assert only(stage.hear({"action": "GetCameraFov", "id": "0-h2", "fov": 2.0}), Values) == Values({"camera.fov": 2})


def test_what_cannot_be_read_is_answered_at_once():
    assert joined().call("read", "stream", ["nothing.here"]) == [Values({})]
    assert joined().call("clear", "stream", 3) == [FrameAnswered(3, ok=True)]
    assert joined().call("panic") == [Silent()]


# -- voices


def test_an_echo_has_been_spoken_when_the_estimate_has_passed_on_a_stable_build():
    stage = joined()
    said = stage.do("animaze echo 'La la la la'")
    assert only(said, Answered).ok
    assert none(said, Ended)
    assert none(stage.until(666_999), Ended)
    assert only(stage.until(667_000), Ended) == Ended(1, 1)


def test_an_echo_has_been_spoken_when_a_next_build_says_so():
    stage = joined(profile="next")
    stage.do("animaze chat 'hi'")
    stage.do("animaze echo 'La la la la'")
    # The chat's answer is spoken first, for a second: its 12 signs at 12 a second. Its end is nobody's.
    assert none(stage.until(1_666_999), Ended)
    assert only(stage.until(1_667_000), Ended) == Ended(2, 1)
    assert [o.event for o in stage.outputs if isinstance(o, Happened)] == [
        "ChatbotSpeechStarted",
        "ChatbotSpeechEnded",
    ] * 2


def test_a_next_build_that_never_says_so_is_not_waited_for_without_end():
    stage = deaf(profile="next")
    stage.do("animaze echo 'hi'")
    stage.hear({"action": "ChatbotSendMessage", "id": "0-1", "response": ""})
    said = stage.until(60 * SECOND)
    assert only(said, Condition).state == "note"
    assert only(said, Ended) == Ended(1, 1)


def test_the_end_of_a_speech_may_come_before_its_reply():
    stage = deaf(profile="next")
    stage.do("animaze echo 'hi'")
    assert only(stage.hear({"event": "ChatbotSpeechEnded"}), Ended).id == 1
    assert only(stage.hear({"action": "ChatbotSendMessage", "id": "0-1", "response": ""}), Answered).ok
    assert none(stage.until(60 * SECOND), Ended)


def test_where_triggers_come_they_count_whatever_the_profile_says():
    stage = deaf()
    stage.do("animaze echo 'La la la la'")
    stage.hear({"action": "ChatbotSendMessage", "id": "0-1", "response": ""})
    stage.hear({"event": "ChatbotSpeechStarted"})
    assert none(stage.until(5 * SECOND), Ended), "the estimate was 0.667 s"
    assert only(stage.hear({"event": "ChatbotSpeechEnded"}), Ended) == Ended(1, 1)


def test_what_somebody_else_lets_chatpal_say_ends_no_voice_of_ours():
    stage = deaf(profile="next")
    stage.hear({"event": "ChatbotSpeechStarted"})
    stage.do("animaze echo 'hi'")
    assert none(stage.hear({"event": "ChatbotSpeechEnded"}), Ended)
    stage.hear({"event": "ChatbotSpeechStarted"})
    assert only(stage.hear({"event": "ChatbotSpeechEnded"}), Ended) == Ended(1, 1)


def test_triggers_that_were_promised_and_never_come_are_waited_for_once():
    stage = deaf(profile="next")
    stage.do("animaze echo 'hi'")
    stage.hear({"action": "ChatbotSendMessage", "id": "0-1", "response": ""})
    assert none(stage.until(5_399_999), Ended)
    assert [type(output) for output in stage.until(5_400_000)] == [Condition, Ended]
    stage.do("animaze echo 'hi'")
    stage.hear({"action": "ChatbotSendMessage", "id": "0-2", "response": ""})
    assert stage.until(5_800_000) == [Ended(2, 1)]


def test_of_a_speech_nothing_is_told_any_more_where_the_connection_is_lost_meanwhile():
    stage = deaf(profile="next")
    stage.do("animaze echo 'La la la la'")
    stage.hear({"action": "ChatbotSendMessage", "id": "0-1", "response": ""})
    stage.hear({"event": "ChatbotSpeechStarted"})
    stage.lose()
    stage.connect()
    assert none(stage.until(60 * SECOND), Ended)


def test_a_refused_echo_is_never_spoken():
    stage = joined()
    stage.switch("fault", "error 'ChatPal is off'")
    assert only(stage.do("animaze echo 'hi'"), Answered).reason == "ChatPal is off"
    assert none(stage.until(60 * SECOND), Ended)


def test_a_voice_given_up_is_not_reported():
    stage = deaf(profile="next")
    stage.do("animaze echo 'hi'")
    stage.call("forget", 1, 1)
    assert none(stage.hear({"event": "ChatbotSpeechEnded"}), Ended)


# -- the inventory


def test_an_inventory_holds_every_list_of_the_application():
    lists = {
        "avatars": (Entry("Fox"),),
        "scenes": (Entry("Room"),),
        "emotes": (Entry("Emote_Wave", label="Wave"),),
        "quickscenes": (Entry("Start", index=2),),
        "actions": (Entry("Wave", index=3),),
        "poses": (Entry("Grin", index=0),),
        "idles": (Entry("Calm", index=1),),
    }
    listed = only(joined(inventory=lists).call("inventory"), Listed).inventory
    assert listed == {**lists, "quickscenes": (Entry("2", index=2, label="Start"),)}
    owned = only(joined(inventory=lists, profile="next").call("inventory"), Listed).inventory
    assert owned["poses"] == (Entry("Grin", index=0, owner="Fox"),)


def test_an_inventory_goes_on_without_a_list_that_does_not_come():
    stage = joined()
    stage.switch("fault", "silent 2")
    assert none(stage.call("inventory"), Listed)
    assert "scenes" not in only(stage.until(5 * SECOND), Listed).inventory


# -- whether anybody is there


def test_where_nothing_comes_a_harmless_question_is_asked_and_the_connection_given_up_if_it_is_not_answered():
    stage = deaf()
    stage.do("animaze emote A")
    stage.hear({"action": "TriggerEmote", "id": "0-1"})
    assert only(stage.call("quiet", 1), Send).frame == {"action": "GetCameraFov", "id": "0-h1"}
    stage.hear({"action": "GetCameraFov", "id": "0-h1", "fov": 60.0})
    assert only(stage.call("quiet", 1), Send).frame["id"] == "0-h2"
    assert stage.call("quiet", 1) == [Drop(1, "it no longer answers")]
    assert stage.call("quiet", 1) == []
    assert stage.call("quiet", 0) == [], "an older connection"


def test_an_application_that_has_never_answered_anything_is_not_given_up_for_its_silence():
    stage = deaf()
    assert only(stage.call("quiet", 1), Send)
    assert stage.call("quiet", 1) == []

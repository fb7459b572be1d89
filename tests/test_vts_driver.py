"""VTube Studio's driver: joined to its double, and against one that misbehaves."""

from pathlib import Path

import pytest

from showrunner import devices
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
    Remember,
    Rest,
    Send,
    Silent,
    Target,
    Values,
)
from tests.joined import SECOND, Joined, check_recorded, none, only, typed

DEVICE = devices.find("vts")
FRAMES = sorted((Path(devices.__file__).parent / "vts" / "frames").glob("*.jsonl"))
AUTHENTICATED = ["APIStateRequest", "AuthenticationTokenRequest", "AuthenticationRequest"]
SUBSCRIBED = ["EventSubscriptionRequest", "EventSubscriptionRequest"]
LOOKED = [
    "CurrentModelRequest",
    "InputParameterListRequest",
    "HotkeysInCurrentModelRequest",
    "ExpressionStateRequest",
]


def joined(**more):
    stage = Joined("vts", **more).connect()
    assert Condition("ready") in stage.outputs
    stage.outputs.clear()
    stage.frames.clear()
    return stage


def kinds(stage):
    return [frame["messageType"] for frame in stage.sent()]


def datas(stage, kind):
    return [frame["data"] for frame in stage.sent() if frame["messageType"] == kind]


def message(kind, data, id="made-by-the-program"):
    return {
        "apiName": "VTubeStudioPublicAPI", "apiVersion": "1.0", "timestamp": 0, "messageType": kind,
        "requestID": id, "data": data,
    }  # fmt: skip


def refusal(id, number, text=""):
    return message("APIError", {"errorID": number, "message": text}, id)


def animation(kind, file="wave.motion3.json", **more):
    data = {
        "animationEventType": kind, "animationEventTime": 0, "animationEventData": f"Anim_{kind}",
        "animationName": file, "animationLength": 1.2, "isIdleAnimation": False, "isLive2DItem": False,
    }  # fmt: skip
    return message("ModelAnimationEvent", {**data, **more})


def ends(outputs):
    return [output for output in outputs if isinstance(output, Ended)]


def notes(outputs):
    return [output.detail for output in outputs if isinstance(output, Condition) and output.state == "note"]


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("vts", path)


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("set A 1 B -2.5", [Target("A", (1, 1)), Target("B", (-2.5, 1))]),
        ("set A to 1", [Target("A", (1, 1))]),
        ("move A to 1 B from 3 to 2 over 1s", [Target("A", (1, 1)), Target("B", (2, 1), (3, 1))]),
        ("face on", [Target("face.found", 1)]),
        ("place x 0.5 turn -90 over 1s", [Target("place.x", 0.5), Target("place.turn", -90)]),
        ("physics wind 20", [Target("physics.wind", 20)]),
        ("physics strength 1.5 Hair", [Target("physics.strength Hair", 1.5)]),
    ],
)
def test_a_command_says_which_value_goes_where(line, targets):
    command = typed(f"vts {line}")
    assert list(command.verb.targets(command)) == targets


def test_what_is_let_go_over_a_time_keeps_its_value_and_counts_less():
    row = next(verb for verb in DEVICE.verbs if verb.name == "release")
    assert row.rests("FaceAngleX", (12, 1)) == (12, 0)


# -- the way in


def test_the_way_in_is_token_subscriptions_and_a_look_at_the_model():
    stage = Joined("vts", seed="beef").connect()
    assert kinds(stage) == [*AUTHENTICATED, *SUBSCRIBED, *LOOKED]
    assert [frame["requestID"] for frame in stage.sent()][:2] == ["beef-h1", "beef-h2"]
    assert list(stage.sent()[0]) == ["apiName", "apiVersion", "requestID", "messageType", "data"]
    assert stage.outputs[-1] == Condition("ready")


def test_a_new_token_is_kept_and_is_a_secret_and_the_next_time_it_is_shown():
    stage = Joined("vts").connect()
    token = only(stage.outputs, Remember).value
    secret = [heard for heard in stage.outputs if isinstance(heard, Heard) and heard.secrets]
    shown = [sent for sent in stage.outputs if isinstance(sent, Send) and sent.secrets]
    assert [heard.secrets for heard in secret] == [sent.secrets for sent in shown] == [(token,)]
    stage.lose()
    stage.frames.clear()
    stage.connect()
    assert kinds(stage)[:2] == ["APIStateRequest", "AuthenticationRequest"]


def test_a_token_that_is_not_known_any_more_is_asked_for_anew():
    stage = Joined("vts", memory={"token": "old"}).connect()
    assert kinds(stage)[:3] == ["APIStateRequest", "AuthenticationRequest", "AuthenticationTokenRequest"]
    assert only(stage.outputs, Remember).value != "old"


def test_each_device_of_the_stage_is_a_plugin_of_its_own():
    stage = Joined("vts", name="My evening").connect()
    assert stage.sent()[1]["data"] == {"pluginName": "My evening", "pluginDeveloper": "My evening"}


def test_a_click_is_waited_for_without_end_and_said_once():
    stage = Joined("vts")
    stage.switch("allow", "off")
    stage.connect()
    stage.until(3600 * SECOND)
    assert only(stage.outputs, Condition).detail.endswith("click Allow in its window, for the plugin `showrunner`")
    assert kinds(stage) == ["APIStateRequest", "AuthenticationTokenRequest"]
    stage.switch("allow", "on")
    assert stage.outputs[-1] == Condition("ready")


def test_whoever_is_denied_asks_no_more_until_the_operator_says_so():
    stage = Joined("vts")
    stage.switch("allow", "deny")
    stage.connect()
    assert "say `connect vts`" in [output for output in stage.outputs if isinstance(output, Condition)][-1].detail
    assert (only(stage.outputs, Rest), only(stage.outputs, Drop).connection) == (Rest("", None), 1)
    assert stage.lose() == [], "what is waited for has been said"
    stage.until(60 * SECOND)
    assert kinds(stage) == ["APIStateRequest", "AuthenticationTokenRequest"]
    stage.switch("allow", "on")
    stage.connect()
    assert stage.outputs[-1] == Condition("ready")


def test_another_plugins_window_is_waited_for_every_two_seconds():
    stage = Joined("vts")
    stage.double.connected(9, 0)
    stage.double.switch("allow", "off", 0)
    plugin = {"pluginName": "Another", "pluginDeveloper": "Another"}
    stage.double.received(9, {**message("AuthenticationTokenRequest", plugin), "requestID": "a"}, 0)
    stage.connect()
    assert kinds(stage) == ["APIStateRequest", "AuthenticationTokenRequest"]
    stage.until(4 * SECOND)
    assert kinds(stage).count("AuthenticationTokenRequest") == 3
    stage.switch("allow", "on")
    assert Condition("ready") in stage.until(6 * SECOND)


def test_an_api_that_is_switched_off_is_asked_about_until_it_is_on():
    stage = Joined("vts")
    stage.switch("api", "off")
    stage.connect()
    assert "switch on Allow Plugin API access" in only(stage.outputs, Condition).detail
    stage.until(5 * SECOND)
    assert kinds(stage) == ["APIStateRequest"] * 3
    stage.switch("api", "on")
    assert Condition("ready") in stage.until(6 * SECOND)


@pytest.mark.parametrize("number", ["50", "8"])
def test_a_permission_that_is_taken_back_fails_what_is_asked_and_waits_for_the_operator(number):
    stage = joined()
    stage.switch("revoked", number)
    stage.switch("allow", "off")
    stage.switch("revoke")
    said = stage.do("vts hotkey Wave")
    assert only(said, Answered).ok is False
    said += stage.until(SECOND)
    waiting = [one for one in said if isinstance(one, Condition)]
    assert waiting[0].state == "waiting"
    assert (Rest("", None) in said) == (number == "50"), "with an 8 only the session may have been forgotten"
    if number == "8":
        assert kinds(stage)[-3:] == ["APIStateRequest", "AuthenticationRequest", "AuthenticationTokenRequest"]


def test_without_a_model_it_is_ready_and_what_needs_one_says_why():
    stage = Joined("vts")
    stage.switch("model", "unload")
    stage.connect()
    assert Condition("ready") in stage.outputs
    assert only(stage.do("vts hotkey Wave"), Answered).reason == "no model is loaded in VTube Studio"
    assert only(stage.do("vts expression cry on"), Answered).reason == "no model is loaded (error 652)"


# -- ends


ORDERS = ["reply", "event", "mixed"]


@pytest.mark.parametrize("order", ORDERS)
def test_a_hotkey_is_over_when_its_animation_is(order):
    stage = joined()
    stage.switch("order", order)
    assert only(stage.do("vts hotkey wave"), Answered) == Answered(1, 1, ok=True)
    assert ends(stage.until(SECOND)) == []
    assert ends(stage.until(1_200_000)) == [Ended(1, 1)]
    assert kinds(stage) == ["EventSubscriptionRequest", "HotkeyTriggerRequest"]
    stage.frames.clear()
    stage.do("vts hotkey Nod")
    assert kinds(stage) == ["HotkeyTriggerRequest"], "what tells its end is asked for once"


@pytest.mark.parametrize("name", ["Cry", "Plain face", "Idle", "Evening", "Dream", "Tidy"])
def test_a_hotkey_that_tells_no_end_is_over_with_its_reply(name):
    stage = joined()
    said = stage.do(f'vts hotkey "{name}"')
    assert (only(said, Answered), ends(said)) == (Answered(1, 1, ok=True), [Ended(1, 1)])


def test_an_end_that_is_not_told_is_done_without_two_seconds_after_the_animations_length():
    stage = joined()
    stage.switch("animation", "silent")
    stage.do("vts hotkey Wave")
    assert ends(stage.until(3_199_999)) == []
    said = stage.until(3_200_000)
    assert ends(said) == [Ended(1, 1)]
    assert notes(said) == ["VTube Studio did not tell the end of wave.motion3.json: it is taken to be over"]


def test_an_animation_that_does_not_begin_is_taken_to_be_over_after_three_seconds():
    stage = joined()
    stage.deaf = True
    stage.do("vts hotkey Wave")
    stage.hear(message("EventSubscriptionResponse", {}, "0-1"))
    stage.hear(message("HotkeyTriggerResponse", {"hotkeyID": "x"}, "0-1-2"))
    said = stage.until(3 * SECOND)
    assert ends(said) == [Ended(1, 1)]
    assert notes(said) == ["VTube Studio did not tell that wave.motion3.json began: it is taken to be over"]


def test_an_animation_that_is_started_again_ends_the_first_as_cancelled():
    stage = joined()
    stage.do("vts hotkey Wave")
    stage.until(500_000)
    stage.hear(animation("Start"))
    assert ends(stage.outputs) == [Ended(1, 1, "cancelled", "wave.motion3.json was started again")]


def test_a_model_that_goes_takes_its_animation_with_it():
    stage = joined()
    stage.do("vts hotkey Wave")
    assert ends(stage.switch("model", "unload")) == [Ended(1, 1, "cancelled", "its model was unloaded")]


@pytest.mark.parametrize("other", [{"isIdleAnimation": True}, {"isLive2DItem": True}, {"animationName": "nod"}])
def test_the_end_of_another_animation_is_no_end(other):
    stage = joined()
    stage.do("vts hotkey Wave")
    assert ends(stage.hear(animation("End", **other))) == []
    assert ends(stage.hear(animation("End"))) == [Ended(1, 1)]


def test_what_changes_the_model_or_moves_it_is_over_when_that_is():
    stage = joined()
    stage.do("vts hotkey Close-up")
    assert [(data["eventName"], data["subscribe"]) for data in datas(stage, "EventSubscriptionRequest")] == [
        ("ModelMovedEvent", True)
    ]
    assert ends(stage.until(600_000)) == []
    assert ends(stage.until(SECOND)) == [Ended(1, 1)]
    assert datas(stage, "EventSubscriptionRequest")[-1]["subscribe"] is False, "it is told with every frame"
    said = stage.do("vts hotkey Change")
    assert only(said, Answered).ok
    assert ends(stage.until(2 * SECOND)) == [Ended(2, 1)]


def test_more_than_twelve_hotkeys_in_a_second_wait_for_their_turn():
    stage = joined()
    for _ in range(3):
        stage.do("vts hotkey Cry")
        stage.do("vts hotkey Evening")
    assert kinds(stage).count("HotkeyTriggerRequest") == 1
    said = stage.until(500_000)
    assert [one.ok for one in stage.outputs if isinstance(one, Answered)] == [True] * 6
    assert none(said, Condition), "nothing was refused"


@pytest.mark.parametrize("order", ORDERS)
def test_a_model_is_loaded_when_it_is_told(order):
    stage = joined()
    stage.switch("order", order)
    assert none(stage.do("vts model mika"), Answered)
    said = [one for one in stage.until(SECOND) if isinstance(one, Answered | Ended)]
    assert set(said) == {Answered(1, 1, ok=True), Ended(1, 1)}
    assert kinds(stage)[:2] == ["AvailableModelsRequest", "ModelLoadRequest"]
    assert stage.driver.known.hotkeys is not None
    again = stage.do("vts model Mika")
    assert again == [Answered(2, 1, ok=True), Ended(2, 1)], "it is there already, and nothing is asked"


def test_a_model_that_was_not_told_is_asked_for_after_thirty_seconds():
    stage = joined()
    stage.switch("animation", "silent")
    stage.do("vts model Mika")
    stage.until(29 * SECOND)
    assert ends(stage.outputs) == []
    said = stage.until(30 * SECOND)
    assert ends(said) == [Ended(1, 1)]
    assert notes(said) == ["VTube Studio did not tell that the model was loaded; it is there"]


def test_a_model_that_is_chosen_by_hand_meanwhile_takes_the_others_place():
    stage = joined()
    stage.deaf = True
    stage.do("vts model Mika")
    stage.hear(
        message("AvailableModelsResponse", {"availableModels": [{"modelName": "Mika", "modelID": "a" * 32}]}, "0-1")
    )
    stage.hear(message("ModelLoadResponse", {"modelID": "a" * 32}, "0-1-2"))
    said = stage.hear(message("ModelLoadedEvent", {"modelLoaded": True, "modelName": "B", "modelID": "b" * 32}))
    assert ends(said) == [Ended(1, 1, "cancelled", "another model was chosen in VTube Studio")]


def test_two_models_within_two_seconds_wait_and_a_cool_down_is_lived_with():
    stage = joined()
    stage.double.connected(9, 0)
    stage.do("vts model Mika")
    stage.until(600_000)
    stage.do("vts model Akari")
    stage.until(3 * SECOND)
    assert [frame["messageType"] for way, frame in stage.frames if way == "from"].count("APIError") == 0
    assert len(ends(stage.outputs)) == 2
    stage.deaf = True
    stage.do("vts model Mika")
    first = stage.sent()[-1]
    stage.until(5 * SECOND)
    first = stage.sent()[-1]
    stage.hear(refusal(first["requestID"], 153))
    stage.frames.clear()
    stage.until(6 * SECOND)
    assert kinds(stage) == ["ModelLoadRequest"]


def test_what_a_window_keeps_from_being_done_is_tried_until_the_window_is_closed():
    stage = joined()
    stage.switch("window", "open")
    said = stage.do("vts hotkey Cry")
    assert none(said, Answered)
    stage.until(2_500_000)
    assert kinds(stage).count("HotkeyTriggerRequest") == 3
    stage.switch("window", "close")
    assert only(stage.until(3 * SECOND), Answered).ok


def test_what_is_given_up_is_tried_no_more():
    stage = joined()
    stage.switch("window", "open")
    stage.do("vts hotkey Cry")
    stage.call("forget", 1, 1)
    stage.frames.clear()
    stage.until(5 * SECOND)
    assert "HotkeyTriggerRequest" not in kinds(stage)


@pytest.mark.parametrize(
    ("line", "over"),
    [
        ("expression cry on over 500ms", 500_000),
        ("expression cry off over 500ms", 0),
        ("expression smile on over 5s", 2 * SECOND),
        ("shift x 0.1 over 1s", SECOND),
        ("effect preset Dream over 1s", SECOND),
        ("effect Bloom_Strength 0.5 over 1s", SECOND),
    ],
)
def test_a_fade_is_over_by_our_own_clock(line, over):
    stage = joined()
    said = stage.do(f"vts {line}")
    assert only(said, Answered).ok
    if over:
        assert ends(said) == []
        assert ends(stage.until(over - 1)) == []
    assert ends(stage.until(over)) == ([Ended(1, 1)] if over else [])
    assert len(ends(stage.outputs)) == 1


def test_where_a_shift_has_brought_the_model_is_where_the_next_move_starts():
    stage = joined()
    stage.do("vts place x 0.2")
    said = stage.do("vts shift x 0.1 turn -10")
    assert only(said, Values) == Values(
        {"place.x": 0.3, "place.y": 0.0, "place.turn": -10.0, "place.size": 0.0}, "place", asked=False
    )


def test_all_expressions_that_are_on_are_turned_off_one_after_the_other():
    stage = joined()
    stage.do("vts expression cry on")
    stage.do("vts expression smile on")
    stage.frames.clear()
    assert stage.do("vts expressions off")[-1] == Answered(3, 1, ok=True)
    off = [{"expressionFile": file, "active": False} for file in ("cry.exp3.json", "smile.exp3.json")]
    assert datas(stage, "ExpressionActivationRequest") == off
    assert [frame["requestID"] for frame in stage.sent()] == ["0-3", "0-3-2", "0-3-3"]


# -- items, looks


@pytest.mark.parametrize("order", ORDERS)
def test_an_item_is_there_when_it_is_told(order):
    stage = joined()
    stage.switch("order", order)
    said = stage.do("vts item load cup.png as cup x 0.3")
    assert set(ends(said)) == {Ended(1, 1)}
    stage.do("vts item move cup y 0.5 over 1s ease zip")
    move = datas(stage, "ItemMoveRequest")[0]["itemsToMove"][0]
    assert (move["positionX"], move["positionY"], move["timeInSeconds"], move["fadeMode"]) == (-1000, 0.5, 1, "zip")
    assert ends(stage.until(2 * SECOND)) == [Ended(2, 1)]


def test_an_item_that_was_not_told_is_asked_for_after_five_seconds():
    stage = joined()
    stage.switch("animation", "silent")
    assert ends(stage.do("vts item load cup.png")) == []
    said = stage.until(5 * SECOND)
    assert (ends(said), notes(said)) == (
        [Ended(1, 1)],
        ["VTube Studio did not tell that the item was added; it is there"],
    )


def test_an_item_that_is_there_already_is_brought_where_it_belongs_and_another_takes_its_place():
    stage = joined()
    stage.do("vts item load cup.png as it x 0.3")
    stage.do("vts item load cup.png as it x -0.3")
    assert kinds(stage).count("ItemLoadRequest") == 1
    stage.do("vts item load dance.gif as it")
    assert kinds(stage).count("ItemLoadRequest") == 2
    assert kinds(stage).count("ItemUnloadRequest") == 1
    assert "item cup.png" not in stage.double.visible(stage.now)
    assert len(ends(stage.outputs)) == 3


def test_an_item_that_is_not_there_is_said_by_its_name():
    assert only(joined().do("vts item fade hat 0.5"), Answered).reason == "there is no item `hat` on the stage"


def test_a_tint_that_meets_nothing_is_a_note():
    said = joined().do("vts tint red wings")
    assert only(said, Answered).ok
    assert notes(said) == ["no part of the model has `wings` in its name: nothing is tinted"]


@pytest.mark.parametrize(
    ("written", "parts"), [("red", (255, 0, 0, 255)), ("ff8000", (255, 128, 0, 255)), ('"#00ff0080"', (0, 255, 0, 128))]
)
def test_a_colour_is_a_word_or_its_digits(written, parts):
    stage = joined()
    stage.do(f"vts tint {written}")
    tint = datas(stage, "ColorTintRequest")[0]["colorTint"]
    assert tuple(tint[f"color{part}"] for part in "RGBA") == parts


def test_what_is_asked_is_kept():
    stage = joined()
    assert only(stage.do("vts model"), Answered).answer == "Akari"
    assert only(stage.do("vts face"), Answered).answer == "off"
    stage.switch("face", "found")
    assert only(stage.do("vts face"), Answered).answer == "on"
    assert only(stage.do("vts value FaceAngleX"), Answered).answer == "0"
    assert only(stage.do("vts value Nothing1x"), Answered).ok is True, "without a catalogue any name is taken"
    assert only(stage.do("vts call FaceFound"), Answered).answer == '{"found":true}'
    assert only(stage.do("vts call NoSuch"), Answered).reason == "there is no request NoSuchRequest (error 7)"


# -- values


def test_a_frame_has_all_values_and_the_weight_where_it_is_not_all():
    stage = joined()
    values = {"FaceAngleX": (12, 1), "MouthOpen": (0.5, 0.25), "face.found": 1}
    assert stage.call("frame", "face", 1, values)[-1] == FrameAnswered(1, ok=True)
    assert datas(stage, "InjectParameterDataRequest") == [
        {
            "faceFound": True,
            "mode": "set",
            "parameterValues": [{"id": "FaceAngleX", "value": 12}, {"id": "MouthOpen", "value": 0.5, "weight": 0.25}],
        }
    ]
    assert stage.call("read", "face", ["FaceAngleX"])[-1] == Values({"FaceAngleX": (12, 1)}, "face")


@pytest.mark.parametrize("text", ["Parameter Tail not found", "", "a Tailor, not Tails"])
def test_one_bad_value_is_found_in_the_refusal_or_by_halves(text):
    stage = joined()
    stage.driver._streams.inputs = frozenset()
    stage.deaf = True
    names = ["FaceAngleX", "FaceAngleY", "Tail", "MouthOpen", "Brows"]
    said = stage.call("frame", "face", 1, dict.fromkeys(names, (1, 1)))
    asked = 0
    while not any(isinstance(one, FrameAnswered) for one in said):
        frame = stage.sent()[-1]
        asked += 1
        bad = any(row["id"] == "Tail" for row in frame["data"]["parameterValues"])
        answer = (
            refusal(frame["requestID"], 453, text)
            if bad
            else message("InjectParameterDataResponse", {}, frame["requestID"])
        )
        said = stage.hear(answer)
    assert only(said, FrameAnswered).properties == ("Tail",)
    assert asked == (1 if text.startswith("Parameter") else 3)


def test_what_another_plugin_sets_is_named_and_let_go():
    stage = joined()
    stage.switch("other-plugin", "MouthOpen")
    said = stage.call("frame", "face", 1, {"FaceAngleX": (1, 1), "MouthOpen": (1, 1)})
    assert only(said, FrameAnswered).properties == ("MouthOpen",)
    assert only(said, FrameAnswered).reason == "MouthOpen is set by another plugin (error 454)"


def test_a_frame_that_is_refused_for_another_reason_names_nobody():
    stage = joined()
    stage.switch("fault", "error 0 an internal error")
    said = stage.call("frame", "face", 1, {"FaceAngleX": (1, 1), "MouthOpen": (1, 1)})
    assert only(said, FrameAnswered) == FrameAnswered(1, ok=False, reason="an internal error (error 0)")


def test_the_physics_is_held_five_seconds_at_a_time_and_let_go_at_once():
    stage = joined()
    stage.call("frame", "looks", 1, {"physics.strength": 80, "physics.wind PhysicsSetting1": 1.5})
    assert datas(stage, "SetCurrentModelPhysicsRequest") == [
        {
            "strengthOverrides": [{"id": "", "value": 80, "setBaseValue": True, "overrideSeconds": 5}],
            "windOverrides": [{"id": "PhysicsSetting1", "value": 1.5, "setBaseValue": False, "overrideSeconds": 5}],
        }
    ]
    assert only(stage.call("clear", "looks", 2), FrameAnswered).ok
    assert "strength" not in stage.double.visible(stage.now + SECOND)


def test_a_frame_of_one_lane_is_nothing_to_that_of_another():
    stage = joined()
    stage.deaf = True
    stage.call("frame", "face", 1, {"FaceAngleX": (1, 1)})
    stage.call("frame", "place", 2, {"place.x": 0.5})
    said = stage.hear(message("InjectParameterDataResponse", {}, "0-s1"))
    assert only(said, FrameAnswered) == FrameAnswered(1, ok=True)


def test_the_place_is_read_with_its_turn_the_short_way_round():
    stage = joined()
    stage.do("vts place x 0.5 turn -10")
    found = stage.call("read", "place", ["place.turn"])[-1]
    assert found == Values({"place.x": 0.5, "place.y": 0.0, "place.turn": -10.0, "place.size": 0.0}, "place")


def test_a_panic_gives_values_back_and_takes_off_what_the_show_has_laid_over_the_model():
    stage = joined()
    stage.call("frame", "face", 1, {"FaceAngleX": (12, 1)})
    stage.do("vts expression cry on")
    stage.do("vts effects on")
    stage.do("vts hotkey Wave")
    said = stage.call("panic")
    assert Silent() in said
    seen = stage.double.visible(stage.now)
    assert not [word for word in ("expression", "effects", "FaceAngleX 12") if word in seen]


def test_a_panic_leaves_alone_what_the_show_has_not_touched():
    stage = joined()
    assert stage.call("panic") == [Silent()]


# -- events


def happened(stage, switch, value=None):
    return [one for one in stage.switch(switch, value) if isinstance(one, Happened)]


def listening(*events):
    stage = Joined("vts")
    stage.driver.listen(events, 0)
    stage.connect()
    stage.outputs.clear()
    return stage


@pytest.mark.parametrize(
    ("event", "switch", "fields"),
    [
        ("Hotkey", "hotkey Cry", {"name": "Cry", "type": "ToggleExpression", "file": "cry.exp3.json", "item": False}),
        ("Mark", "event Mark clap", {"text": "clap", "animation": "wave.motion3.json", "length": 1.0, "at": 0.0}),
        ("AnimationStarted", "event AnimationStarted", {"animation": "wave.motion3.json", "length": 1.2}),
        ("AnimationEnded", "event AnimationEnded", {"animation": "wave.motion3.json", "length": 1.2}),
        ("ModelLoaded", "model load Mika", {"model": "Mika"}),
        ("ModelUnloaded", "model unload", {"model": "Akari"}),
        ("FaceFound", "face found", {}),
        ("HandFound", "hand found right", {"hand": "right"}),
        ("Clicked", "click hair_front", {"artmesh": "hair_front", "button": "left", "x": 0, "y": 0}),
        ("Item", "event Item Clicked cup.png", {"item": "cup.png", "file": "cup.png", "type": "Clicked"}),
        ("Background", "background beach", {"name": "beach"}),
        ("Effects", "event Effects Night", {"name": "Night", "on": True}),
        ("Editor", "editor on", {"on": True}),
    ],
)
def test_an_event_says_what_its_row_says(event, switch, fields):
    stage = listening(event)
    name, _, value = switch.partition(" ")
    told = [one for one in happened(stage, name, value) if one.event == event]
    assert fields.items() <= told[-1].fields.items()
    row = next(row for row in DEVICE.events if row.name == event)
    assert set(told[-1].fields) <= {field.name for field in row.fields}


def test_what_is_told_as_a_state_is_an_event_only_where_it_changes():
    stage = listening("FaceFound", "FaceLost", "HandFound", "Editor")
    assert happened(stage, "editor", "off") == []
    assert happened(stage, "face", "found") == [Happened("FaceFound")]
    assert happened(stage, "face", "found") == []
    assert happened(stage, "hand", "found left") == [Happened("HandFound", {"hand": "left"})]
    assert happened(stage, "face", "lost") == [Happened("FaceLost")]


def test_a_face_that_was_there_before_the_show_is_not_found_by_its_first_event():
    stage = Joined("vts")
    stage.switch("face", "found")
    stage.driver.listen(["HandFound"], 0)
    stage.connect()
    assert happened(stage, "hand", "found left") == [Happened("HandFound", {"hand": "left"})]


def test_only_what_is_waited_for_is_asked_for_and_more_where_the_text_changes():
    stage = listening("Mark")
    asked = [data["eventName"] for data in datas(stage, "EventSubscriptionRequest")]
    assert asked == ["ModelLoadedEvent", "ModelConfigChangedEvent", "ModelAnimationEvent"]
    stage.frames.clear()
    stage._carry((), stage.driver.listen(["Mark", "Background"], stage.now))
    assert [data["eventName"] for data in datas(stage, "EventSubscriptionRequest")] == ["BackgroundChangedEvent"]
    assert happened(stage, "background", "sea") == [Happened("Background", {"name": "sea"})]


@pytest.mark.parametrize(
    ("event", "asked", "said", "fits"),
    [
        ("Hotkey", {"NAME": "wave"}, {"name": "Wave", "id": "1", "type": "TriggerAnimation"}, True),
        ("Hotkey", {"NAME": "TriggerAnimation"}, {"name": "Wave", "id": "1", "type": "TriggerAnimation"}, True),
        ("Hotkey", {"NAME": "Nod"}, {"name": "Wave", "id": "1", "type": "TriggerAnimation"}, False),
        ("Hotkey", {}, {"name": "Wave"}, True),
        ("Mark", {"TEXT": "clap"}, {"text": "clap", "animation": "x"}, True),
        ("Mark", {"TEXT": "Clap"}, {"text": "clap", "animation": "x"}, False),
        ("AnimationEnded", {"FILE": "wave"}, {"animation": "wave.motion3.json"}, True),
        ("AnimationEnded", {"FILE": "wave.motion3.json"}, {"animation": "wave.motion3.json"}, True),
        ("AnimationEnded", {"FILE": "wav"}, {"animation": "wave.motion3.json"}, False),
        ("ModelLoaded", {"NAME": "mika"}, {"model": "Mika", "id": "a"}, True),
        ("Clicked", {"ARTMESH": "hair", "BUTTON": "left"}, {"artmesh": "hair", "button": "right"}, False),
        ("Item", {"TYPE": "Clicked", "FILE": "cup"}, {"type": "Clicked", "item": "cup", "file": "x.png"}, True),
        ("Item", {"TYPE": "Clicked", "FILE": "x"}, {"type": "Clicked", "item": "cup", "file": "x.png"}, True),
        ("Item", {"TYPE": "Added"}, {"type": "Clicked", "item": "cup", "file": "x.png"}, False),
    ],
)
def test_an_event_is_met_by_what_its_row_compares(event, asked, said, fits):
    row = next(row for row in DEVICE.events if row.name == event)
    assert row.met(asked, said) is fits


# -- lists, and what is strange


def test_the_inventory_is_everything_it_can_list():
    stage = joined()
    stage.do("vts hotkey Wave")
    listed = only(stage.call("inventory"), Listed).inventory
    assert set(listed) == {row.name for row in DEVICE.catalogue}
    assert listed["models"][0] == Entry("Akari", id="70190b9dcc502426e96aba24a368b892")
    wave = listed["hotkeys"][0]
    assert (wave.name, wave.kind, wave.label) == ("Wave", "TriggerAnimation", "wave.motion3.json")
    assert listed["expressions"][0] == Entry("cry", id="cry.exp3.json")
    assert listed["parameters"][0] == Entry("FacePositionX", minimum=-15, maximum=15, default=0)
    assert listed["animations"] == (Entry("wave.motion3.json", length=1_200_000),)
    assert listed["items"][0] == Entry("cup.png", kind="PNG")


def test_a_list_that_does_not_come_is_unknown():
    stage = joined()
    stage.switch("fault", "silent 1")
    assert none(stage.call("inventory"), Listed)
    listed = only(stage.until(5 * SECOND), Listed).inventory
    assert "models" not in listed
    assert "parameters" in listed


@pytest.mark.parametrize(
    "strange",
    [
        {},
        {"messageType": 5, "requestID": [], "data": "x"},
        message("APIError", None),
        message("APIError", {"errorID": True, "message": 5}),
        message("ModelAnimationEvent", {"animationEventType": "Start", "animationLength": "long"}),
        message("ModelAnimationEvent", None),
        message("ModelLoadedEvent", {"modelLoaded": "yes"}),
        message("ModelClickedEvent", {"modelWasClicked": True, "artMeshHits": [{"hitInfo": 5}], "mouseButtonID": 77}),
        message("ItemEvent", {"itemEventType": 5, "itemPosition": "here"}),
        message("TrackingStatusChangedEvent", []),
        message("SomethingNewEvent", {"x": 1}),
        message("HotkeyTriggerResponse", {}, "0-99"),
        "no JSON",
    ],
)
def test_what_is_strange_is_passed_over(strange):
    stage = joined()
    stage.hear(strange)
    assert only(stage.do("vts expression cry on"), Answered).ok


def test_answers_are_told_apart_by_their_id_and_never_by_their_order():
    stage = joined()
    stage.deaf = True
    stage.do("vts place x 1")
    stage.do("vts value MouthOpen")
    said = stage.hear(message("ParameterValueResponse", {"value": 0.5}, "0-2"))
    assert only(said, Answered) == Answered(2, 1, ok=True, answer="0.5")
    assert only(stage.hear(message("MoveModelResponse", {}, "0-1")), Answered) == Answered(1, 1, ok=True)


def test_a_program_that_says_nothing_is_asked_and_then_given_up():
    stage = joined()
    stage.deaf = True
    asked = stage.call("quiet", 1)
    assert only(asked, Send).frame["messageType"] == "APIStateRequest"
    assert only(stage.call("quiet", 1), Drop).connection == 1


def test_three_limits_missed_in_a_row_are_a_mute_program():
    stage = joined()
    stage.deaf = True
    said = []
    for number in (1, 2, 3):
        stage.do("vts place x 1")
        said += stage.call("forget", number, 1)
    assert only(said, Condition).state == "not answering"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"active": True, "port": 8002}, "VTube Studio takes plugins at port 8002: is that the one in `url`?"),
        (
            {"active": False, "port": 8001},
            "VTube Studio is running, and takes no plugins: switch on Allow Plugin API access in its settings",
        ),
        ("nonsense", None),
    ],
)
def test_its_call_into_the_network_says_where_it_is_and_what_to_switch_on(data, said):
    assert DEVICE.find.says(message("VTubeStudioAPIStateBroadcast", data)) == said
    assert DEVICE.find.says(message("AnotherBroadcast", data)) is None

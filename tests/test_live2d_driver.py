"""The Cubism Editor's driver: joined to its double, and against an Editor that misbehaves."""

from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.vocabulary import (
    Answered,
    Condition,
    Drop,
    Entry,
    FrameAnswered,
    Happened,
    Heard,
    Listed,
    Remember,
    Send,
    Target,
    Values,
)
from tests.joined import SECOND, Joined, check_recorded, none, only, typed

VERBS = devices.find("live2d").verbs
FRAMES = sorted((Path(devices.__file__).parent / "live2d" / "frames").glob("*.jsonl"))


def joined(**more):
    return Joined("live2d", **more).connect()


def deaf(**more):
    """Join a driver to an Editor that is ready and then hears and says nothing by itself."""
    stage = joined(**more)
    assert Condition("ready") in stage.outputs
    stage.frames.clear()
    stage.deaf = True
    return stage


def methods(stage):
    return [frame["Method"] for frame in stage.sent()]


def answer(id, method, data, type="Response"):
    return {"Version": "1.0.1", "Timestamp": 0, "RequestId": id, "Type": type, "Method": method, "Data": data}


def error(id, method, kind):
    return answer(id, method, {"ErrorType": kind}, "Error")


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("live2d", path)


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.name)
def test_every_row_goes_to_the_double_and_back(verb):
    stage = joined()
    command = typed(verb.example)
    if verb.stream is None:
        assert only(stage.do(verb.example), Answered).ok
    elif verb.stream == "release":
        assert verb.releases(command) == command.all("PARAM")
        assert only(stage.call("clear", "main", 1), FrameAnswered) == FrameAnswered(1, ok=True)
    else:
        values = {target.property: target.to for target in verb.targets(command)}
        assert only(stage.frame(1, **values), FrameAnswered) == FrameAnswered(1, ok=True)
        assert only(stage.call("read", "main", list(values)), Values) == Values(values)


@pytest.mark.parametrize(
    ("line", "targets"),
    [
        ("set A 1 B -2.5", [Target("A", 1), Target("B", -2.5)]),
        ("set A to 1 B to 2", [Target("A", 1), Target("B", 2)]),
        ("move A to 1 B from 3 to 2 over 1s", [Target("A", 1), Target("B", 2, 3)]),
        ("move A 1 over 1s ease sine for 2s", [Target("A", 1)]),
    ],
)
def test_a_command_says_which_parameter_goes_where(line, targets):
    command = typed(f"live2d {line}")
    assert list(command.verb.targets(command)) == targets


# -- the way to a model


WAY = ["RegisterPlugin", "GetIsApproval", "GetCurrentModelUID", "GetParameters"]


def test_the_handshake_is_four_requests_and_then_the_show_begins():
    stage = joined(seed="beef")
    assert methods(stage) == WAY
    assert [frame["RequestId"] for frame in stage.sent()] == ["beef-h1", "beef-h2", "beef-h3", "beef-h4"]
    assert list(stage.sent()[0]) == ["Version", "Timestamp", "RequestId", "Type", "Method", "Data"]
    assert stage.outputs[-1] == Condition("ready")


def test_a_new_token_is_kept_and_is_a_secret():
    stage = joined()
    token = stage.frames[1][1]["Data"]["Token"]
    assert only(stage.outputs, Remember) == Remember("token", token)
    assert next(heard.secrets for heard in stage.outputs if isinstance(heard, Heard)) == (token,)


def test_a_token_from_an_earlier_run_is_shown_again_and_is_a_secret():
    stage = joined(memory={"token": "old"})
    first = stage.outputs[0]
    assert (first.frame["Data"], first.secrets) == ({"Name": "showrunner", "Token": "old"}, ("old",))
    assert only(stage.outputs, Remember).value != "old", "the Editor did not know it and gave another"
    stage.lose()
    stage.outputs.clear()
    stage.connect()
    assert none(stage.outputs, Remember), "this one it knows"


def test_allow_is_asked_for_twice_a_second_until_it_is_ticked_and_said_once():
    stage = Joined("live2d")
    stage.switch("allow", "off")
    stage.connect()
    stage.until(1_600_000)
    assert methods(stage) == ["RegisterPlugin", *["GetIsApproval"] * 4]
    waiting = only(stage.outputs, Condition)
    assert waiting.state == "waiting"
    assert "tick Allow beside `showrunner`" in waiting.detail
    stage.switch("allow", "on")
    assert Condition("ready") in stage.until(2 * SECOND)


def test_a_model_is_waited_for():
    stage = Joined("live2d")
    stage.switch("model", "close")
    stage.connect()
    assert only(stage.outputs, Condition).detail.startswith("No model is open in the Cubism Editor")
    stage.until(SECOND)
    stage.switch("model", "open")
    assert Condition("ready") in stage.until(2 * SECOND)


def test_an_editor_that_does_not_list_its_parameters_is_worked_with_all_the_same():
    stage = Joined("live2d")
    stage.switch("fault", "silent 4")
    stage.connect()
    assert none(stage.outputs, Condition)
    assert Condition("ready") in stage.until(2 * SECOND)
    assert methods(stage) == WAY, "it is asked once"


def test_an_editor_that_knows_no_such_list_is_ready_at_once():
    stage = Joined("live2d")
    stage.deaf = True
    stage.connect()
    stage.hear(answer("0-h1", "RegisterPlugin", {"Token": "t"}))
    stage.hear(answer("0-h2", "GetIsApproval", {"Result": True}))
    stage.hear(answer("0-h3", "GetCurrentModelUID", {"ModelUID": "m"}))
    assert Condition("ready") in stage.hear(error("0-h4", "GetParameters", "MethodNotFound"))


def test_allow_that_is_unticked_in_between_is_asked_for_again():
    stage = Joined("live2d")
    stage.deaf = True
    stage.connect()
    stage.hear(answer("0-h1", "RegisterPlugin", {"Token": "t"}))
    stage.hear(answer("0-h2", "GetIsApproval", {"Result": True}))
    stage.hear(answer("0-h3", "GetCurrentModelUID", {"ModelUID": "m"}))
    assert "tick Allow" in only(stage.hear(error("0-h4", "GetParameters", "PluginNotRegistered")), Condition).detail


@pytest.mark.parametrize("newest", ["1.0.0", "0.9.3", "0.9.0"])
def test_an_older_editor_is_spoken_to_in_its_version(newest):
    stage = Joined("live2d")
    stage.switch("version", newest)
    stage.connect()
    stage.frame(1, ParamAngleX=1)
    assert {frame["Version"] for frame in stage.sent()[-4:]} == {newest}
    assert Condition("ready") in stage.outputs


def test_an_editor_that_knows_no_version_is_said_so_and_tried_again():
    stage = Joined("live2d")
    stage.deaf = True
    stage.connect()
    for n in range(1, 7):
        stage.hear(error(f"0-h{n}", "RegisterPlugin", "UnsupportedVersion"))
    assert "5.1 or newer" in only(stage.outputs, Condition).detail
    stage.deaf = False
    assert Condition("ready") in stage.until(SECOND)


def test_a_refused_registration_is_tried_again():
    stage = Joined("live2d")
    stage.switch("fault", "error InvalidData")
    stage.connect()
    told = only(stage.outputs, Condition)
    assert "refused to register this program (InvalidData)" in told.detail
    assert told.why == "the Cubism Editor refuses to register this program"
    assert Condition("ready") in stage.until(SECOND)


def test_a_token_that_is_refused_is_left_out_in_the_end_but_not_for_one_bad_moment():
    stage = Joined("live2d", memory={"token": "old"})
    stage.deaf = True
    stage.connect()
    for n in range(1, 5):
        stage.hear(error(f"0-h{n}", "RegisterPlugin", "InvalidData"))
        stage.until(n * SECOND // 2)
    told = [one.frame["Data"] for one in stage.outputs if isinstance(one, Send)]
    with_it = {"Name": "showrunner", "Token": "old"}
    assert told == [with_it, with_it, with_it, {"Name": "showrunner"}, with_it]
    stage.hear(answer("0-h5", "RegisterPlugin", {"Token": "new"}))
    assert only(stage.outputs, Remember).value == "new"


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_answer_of_the_handshake_that_never_comes_is_asked_for_again(nth):
    stage = Joined("live2d")
    stage.switch("fault", f"silent {nth}")
    stage.connect()
    assert none(stage.outputs, Condition)
    assert Condition("ready") in stage.until(2 * SECOND)


def test_an_editor_that_always_answers_too_late_gets_there_all_the_same():
    stage = Joined("live2d")
    stage.deaf = True
    stage.connect()
    stage.until(3 * SECOND)
    stage.hear(answer("0-h1", "RegisterPlugin", {"Token": "t"}))
    stage.hear(answer("0-h2", "RegisterPlugin", {"Token": "t"}))
    assert methods(stage) == ["RegisterPlugin", "RegisterPlugin", "GetIsApproval"]


def test_a_second_answer_to_the_registration_changes_nothing():
    stage = Joined("live2d")
    stage.switch("twice", "on")
    stage.connect()
    (again,) = stage.until(SECOND)
    assert (again.reply, len(again.secrets)) == (True, 1)


def test_what_a_show_waits_for_is_subscribed_once_the_model_is_there():
    stage = joined(events=("NotifyPhysicsFileExported", "NotifyChangeEditMode", "Other"))
    assert methods(stage)[4:] == ["NotifyChangeEditMode", "NotifyPhysicsFileExported"]
    assert only(stage.switch("event", "NotifyPhysicsFileExported"), Happened).event == "NotifyPhysicsFileExported"
    assert only(stage.switch("mode", "Physics"), Happened).event == "NotifyChangeEditMode"
    assert methods(stage)[-1] == "GetCurrentModelUID", "another mode may show another model"


def test_what_a_later_text_waits_for_is_subscribed_besides():
    stage = joined(events=("NotifyPhysicsFileExported",))
    stage.call("listen", ("NotifyPhysicsFileExported", "NotifyChangeEditMode"))
    stage.call("listen", ("NotifyPhysicsFileExported", "NotifyChangeEditMode"))
    assert methods(stage)[4:] == ["NotifyPhysicsFileExported", "NotifyChangeEditMode"]
    stage.lose()
    stage.connect()
    assert methods(stage)[-2:] == ["NotifyChangeEditMode", "NotifyPhysicsFileExported"]


def test_an_event_marked_as_a_response_is_an_event():
    stage = joined()
    frame = {"Type": "Response", "Method": "NotifyMocFileExported", "Data": {}}
    assert stage.hear(frame) == [Heard(frame, reply=False), Happened("NotifyMocFileExported")]


# -- values


def test_all_values_travel_in_one_request_with_their_numbers_as_they_are():
    stage = joined()
    stage.frame(4, ParamAngleX=10, ParamAngleY=0.25)
    sent = stage.sent()[-1]
    assert (sent["RequestId"], sent["Method"]) == ("0-s4", "SetParameterValues")
    assert sent["Data"]["Parameters"] == [{"Id": "ParamAngleX", "Value": 10}, {"Id": "ParamAngleY", "Value": 0.25}]
    assert type(sent["Data"]["Parameters"][0]["Value"]) is int


def test_an_empty_frame_needs_no_request():
    stage = deaf()
    assert stage.frame(1) == [FrameAnswered(1, ok=True)]


def test_a_value_beyond_the_models_ends_is_sent_within_them_and_said_once():
    stage = joined(inventory={"parameters": (Entry("A", minimum=-30, maximum=30),)})
    notes = [only(stage.frame(1, A=40), Condition), *[o for o in stage.frame(2, A=41) if isinstance(o, Condition)]]
    assert [(note.state, note.detail) for note in notes] == [
        ("note", "A goes from -30 to 30 on this model: 30 is sent")
    ]
    assert stage.sent()[-1]["Data"]["Parameters"] == [{"Id": "A", "Value": 30}]


def test_the_models_own_ends_are_known_from_the_beginning_and_count_for_more_than_the_catalogue():
    stage = joined()
    said = stage.frame(1, ParamMouthOpenY=7, ParamAngleX=-31, ParamBreath=0.5)
    assert [row["Value"] for row in stage.sent()[-1]["Data"]["Parameters"]] == [1, -30, 0.5]
    assert [output.detail for output in said if isinstance(output, Condition)] == [
        "ParamMouthOpenY goes from 0 to 1 on this model: 1 is sent",
        "ParamAngleX goes from -30 to 30 on this model: -30 is sent",
    ]


def test_the_ends_of_another_model_are_learnt_when_it_is_there():
    stage = deaf(inventory={"parameters": (Entry("A", minimum=-9, maximum=9), Entry("B", minimum=-9, maximum=9))})
    stage.frame(1, A=99, B=99)
    stage.hear(error("0-s1", "SetParameterValues", "InvalidModel"))
    stage.hear(answer("0-h5", "GetCurrentModelUID", {"ModelUID": "other"}))
    assert methods(stage)[-2:] == ["SetParameterValues", "GetParameters"]
    stage.hear(answer("0-s1", "SetParameterValues", {}))
    stage.hear(answer("0-h6", "GetParameters", {"Parameters": [{"Id": "A", "Min": 0, "Max": 2.5}]}))
    stage.frame(2, A=99, B=99)
    assert [row["Value"] for row in stage.sent()[-1]["Data"]["Parameters"]] == [2.5, 9], "B is as the catalogue says"


def test_what_another_model_allows_is_no_matter_of_ours():
    stage = deaf()
    stage.do('live2d call GetParameters {"ModelUID": "another"}')
    stage.hear(answer("0-1", "GetParameters", {"Parameters": [{"Id": "ParamAngleX", "Min": 0, "Max": 1}]}))
    stage.frame(1, ParamAngleX=20)
    assert stage.sent()[-1]["Data"]["Parameters"][0]["Value"] == 20


def test_the_ends_are_learnt_from_a_list_of_parameters_but_not_of_one_that_goes_round():
    stage = deaf()
    stage.do("live2d call GetParameters")
    rows = [{"Id": "A", "Min": 0, "Max": 1}, {"Id": "B", "Min": 0, "Max": 1, "Repeat": True}, {"Id": "C"}]
    stage.hear(answer("0-1", "GetParameters", {"Parameters": rows}))
    stage.frame(1, A=2, B=2, C=2)
    assert [row["Value"] for row in stage.sent()[-1]["Data"]["Parameters"]] == [1, 2, 2]


def test_a_parameter_the_model_does_not_have_is_named():
    stage = joined(inventory={"parameters": (Entry("A"),)})
    refused = only(stage.frame(1, A=1, B=2), FrameAnswered)
    assert refused == FrameAnswered(1, ok=False, reason="InvalidParameter", properties=("B",))


def test_clear_is_fine_where_the_editor_is_too_old_to_have_it():
    stage = deaf()
    stage.call("clear", "main", 1)
    assert only(stage.hear(error("0-s1", "ClearParameterValues", "MethodNotFound")), FrameAnswered).ok
    stage.call("clear", "main", 2)
    assert not only(stage.hear(error("0-s2", "ClearParameterValues", "InvalidData")), FrameAnswered).ok


def test_panic_clears_whatever_is_in_flight():
    stage = deaf()
    stage.frame(1, A=1)
    stage.call("panic")
    assert methods(stage) == ["SetParameterValues", "ClearParameterValues"]


@pytest.mark.parametrize("rows", [None, 3, [None, {"Id": "B", "Value": 1}, {"Id": "A", "Value": "x"}]])
def test_values_nobody_can_read_are_left_out(rows):
    stage = deaf()
    stage.call("read", "main", ["A"])
    said = stage.hear(answer("0-h5", "GetParameterValues", {"Parameters": rows}))
    assert only(said, Values) == Values({})


def test_a_refused_reading_is_an_empty_one():
    stage = joined()
    stage.switch("fault", "error InvalidData")
    assert only(stage.call("read", "main", ["A"]), Values) == Values({})


# -- another model, no model, no permission


@pytest.mark.parametrize("line", [None, "live2d call GetParameters"])
def test_when_the_model_has_another_uid_the_same_is_sent_again_with_it(line):
    stage = joined()
    stage.switch("model", "close")
    stage.switch("model", "open")
    said = stage.frame(1, ParamAngleX=1) if line is None else stage.do(line)
    first, again = [f for f in stage.sent() if f["RequestId"] in ("0-s1", "0-1")]
    assert methods(stage)[-4:] == [first["Method"], "GetCurrentModelUID", first["Method"], "GetParameters"]
    assert first["Data"]["ModelUID"] != again["Data"]["ModelUID"]
    assert only(said, FrameAnswered if line is None else Answered).ok


@pytest.mark.parametrize("name", ["hair", "HAIR.cmo3", "C:/models/hair.cmo3", "C:\\models\\hair.cmo3"])
def test_where_several_models_are_open_the_named_one_is_used_whichever_is_in_front(name):
    stage = Joined("live2d", model=name)
    stage.switch("model", "open hair")
    stage.switch("model", "open double")
    stage.connect()
    assert methods(stage) == ["RegisterPlugin", "GetIsApproval", "GetDocuments", "GetParameters"]
    assert only(stage.frame(1, ParamAngleX=3), FrameAnswered).ok
    assert stage.double.visible(0).startswith("Modeling · double in front · hair: ParamAngleX 3.0")


def test_a_named_model_is_waited_for_while_another_is_open():
    stage = Joined("live2d", model="hair")
    stage.connect()
    assert only(stage.outputs, Condition).detail.startswith("`hair` is not open in the Cubism Editor: open it there")
    stage.switch("model", "open hair")
    assert Condition("ready") in stage.until(SECOND)
    stage.switch("model", "close hair")
    assert "`hair` is not open" in only(stage.frame(1, ParamAngleX=3), Condition).detail
    stage.switch("model", "open hair")
    assert Condition("ready") in stage.until(2 * SECOND)
    assert only(stage.frame(2, ParamAngleX=3), FrameAnswered).ok


def test_a_call_about_a_named_model_that_is_gone_fails_and_says_which():
    stage = Joined("live2d", model="double").connect()
    stage.switch("model", "open hair")
    stage.switch("model", "close double")
    said = stage.do("live2d call GetParameters")
    assert only(said, Answered).reason == "`double` is not open in the Cubism Editor"


def test_two_devices_work_with_two_models_of_one_editor():
    stage = Joined("live2d", model="double").connect()
    stage.switch("model", "open hair")
    stage.frame(1, ParamAngleX=1)
    other = Joined("live2d", model="hair")
    other.double = stage.double
    other.connection = 1
    other.connect()
    other.frame(1, ParamAngleX=2)
    assert "hair in front" in stage.double.visible(0)
    assert "ParamAngleX 2.0" in stage.double.visible(0)
    assert "double: ParamAngleX 1.0" in stage.double.visible(0)


def test_a_uid_refused_twice_is_reported():
    stage = deaf()
    stage.frame(1, A=1)
    stage.hear(error("0-s1", "SetParameterValues", "InvalidModel"))
    stage.hear(answer("0-h5", "GetCurrentModelUID", {"ModelUID": "other"}))
    said = stage.hear(error("0-s1", "SetParameterValues", "InvalidModel"))
    assert only(said, FrameAnswered) == FrameAnswered(1, ok=False, reason="InvalidModel")


def test_a_model_that_is_closed_in_mid_show_is_waited_for():
    stage = joined()
    stage.switch("model", "close")
    said = stage.frame(1, ParamAngleX=1)
    assert only(said, Condition).state == "waiting"
    assert none(said, FrameAnswered), "held values keep their place"
    assert stage.frame(2, ParamAngleX=1) == []
    stage.switch("model", "open")
    assert Condition("ready") in stage.until(SECOND)
    assert only(stage.frame(3, ParamAngleX=1), FrameAnswered).ok


def test_a_call_without_a_model_fails_and_says_so():
    stage = joined()
    stage.switch("model", "close")
    said = stage.do("live2d call GetParameters")
    assert only(said, Answered).reason == "no model is open in the Cubism Editor"


def test_when_allow_is_unticked_in_mid_show_a_person_is_waited_for_again():
    stage = joined()
    stage.switch("allow", "off")
    said = stage.frame(1, ParamAngleX=1)
    assert only(said, Condition).state == "waiting"
    assert none(said, FrameAnswered)
    stage.until(SECOND)
    stage.switch("allow", "on")
    assert Condition("ready") in stage.until(2 * SECOND)


def test_a_call_that_is_not_allowed_any_more_fails_and_says_so():
    stage = joined()
    stage.switch("allow", "off")
    assert (
        only(stage.do("live2d call GetDocuments"), Answered).reason == "the Cubism Editor does not allow this any more"
    )


def test_an_editor_that_forgot_the_token_is_registered_with_anew():
    stage = Joined("live2d")
    stage.deaf = True
    stage.connect()
    stage.hear(answer("0-h1", "RegisterPlugin", {"Token": "t"}))
    stage.hear(error("0-h2", "GetIsApproval", "PluginNotRegistered"))
    stage.until(SECOND // 2)
    assert methods(stage) == ["RegisterPlugin", "GetIsApproval", "RegisterPlugin"]


# -- calls and matching


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("GetCurrentEditMode", "Modeling"),
        ('SendCubismLog {"Message": "hi"}', None),
        ('GetParameterValues {"Ids": ["ParamBreath"]}', '{"Parameters":[{"Id":"ParamBreath","Value":0.0}]}'),
    ],
)
def test_a_call_answers_with_what_the_data_says(line, answer):
    said = only(joined().do(f"live2d call {line}"), Answered)
    assert (said.ok, said.answer) == (True, answer)


def test_a_models_uid_is_filled_in_only_where_it_is_wanted_and_missing():
    stage = deaf()
    stage.do("live2d call GetParameters")
    stage.do('live2d call GetParameters {"ModelUID": "mine"}')
    stage.do('live2d call GetParameters {"DocumentUID": "doc"}')
    stage.do("live2d call GetDocuments")
    assert [sorted(f["Data"]) for f in stage.sent()] == [["ModelUID"], ["ModelUID"], ["DocumentUID"], []]
    assert stage.sent()[1]["Data"]["ModelUID"] == "mine"


def test_answers_out_of_order_find_their_requests():
    stage = deaf()
    stage.do("live2d call GetDocuments")
    stage.frame(1, A=1)
    assert only(stage.hear(answer("0-s1", "SetParameterValues", {})), FrameAnswered).number == 1
    assert only(stage.hear(answer("0-1", "GetDocuments", {})), Answered).id == 1


def test_a_late_or_doubled_answer_is_heard_with_its_commands_id_and_changes_nothing():
    stage = deaf()
    stage.do("live2d call GetDocuments")
    stage.call("forget", 1, 1)
    late = answer("0-1", "GetDocuments", {})
    assert stage.hear(late) == [Heard(late, reply=True, id=1, ok=True, attempt=1)]
    assert stage.hear(late) == [Heard(late, reply=True, id=1, attempt=1)]


def test_a_second_attempt_has_a_wire_id_of_its_own():
    stage = deaf()
    stage.do("live2d call GetDocuments", id=5)
    stage.do("live2d call GetDocuments", id=5, attempt=2)
    assert [f["RequestId"] for f in stage.sent()] == ["0-5", "0-5.2"]


def test_an_answer_needs_no_more_than_type_and_method_if_it_can_only_be_one():
    stage = deaf()
    stage.do("live2d call GetDocuments")
    assert only(stage.hear({"Type": "Response", "Method": "GetDocuments"}), Answered).ok


@pytest.mark.parametrize(
    "frame",
    [
        {},
        {"RequestId": 7, "Type": "Response", "Method": "GetDocuments", "Data": {}},
        {"RequestId": "0-77", "Type": "Response", "Method": "GetDocuments", "Data": {}},
        {"RequestId": ["0-1"], "Type": "Response"},
        {"Type": "Event", "Method": "NotifySomethingElse", "Data": []},
        {"Type": "Event", "Method": None},
        {"Type": "Error", "Method": "", "Data": {"ErrorType": "InvalidJson"}},
    ],
)
def test_a_frame_that_fits_nothing_is_heard_and_nothing_more(frame):
    stage = deaf()
    stage.do("live2d call GetDocuments")
    assert stage.hear(frame) == [Heard(frame, reply=False)]


def test_answers_without_request_id_are_taken_in_order():
    stage = deaf()
    stage.do("live2d call GetDocuments")
    stage.do("live2d call GetDocuments")
    bare = {"Type": "Response", "Method": "GetDocuments", "Data": {}}
    assert [only(stage.hear(bare), Answered).id for _ in range(2)] == [1, 2]


def test_an_answer_without_request_id_that_may_be_late_is_taken_for_none():
    stage = deaf()
    stage.do("live2d call GetDocuments", id=1)
    stage.call("forget", 1, 1)
    stage.do("live2d call GetDocuments", id=2)
    bare = {"Type": "Response", "Method": "GetDocuments", "Data": {}}
    assert none(stage.hear(bare), Answered)
    stage.call("forget", 2, 1)
    stage.do("live2d call GetDocuments", id=3)
    assert only(stage.hear(bare), Answered).id == 3


@pytest.mark.parametrize(
    ("frame", "ok"),
    [
        ({"Type": "error", "Data": {"ErrorType": "InvalidView"}}, False),
        ({"Data": {"ErrorType": "InvalidView"}}, False),
        ({"Type": "Error", "Data": {"ErrorType": "InvalidView", "Message": "more"}}, False),
        ({"Type": "Response", "Data": {"ErrorType": "NoError"}}, True),
        ({"Data": {"ErrorType": "NoError"}}, True),
        ({"Type": "Response"}, True),
    ],
)
def test_what_is_an_error_is_read_generously(frame, ok):
    stage = deaf()
    stage.do("live2d call GetDocuments")
    answered = only(stage.hear({"RequestId": "0-1", "Method": "GetDocuments", **frame}), Answered)
    assert (answered.ok, answered.reason) == (ok, None if ok else "InvalidView")


@pytest.mark.parametrize("data", [None, 3, {"ErrorType": 5}, {}])
def test_an_error_without_a_name_is_an_error(data):
    stage = deaf()
    stage.do("live2d call GetDocuments")
    assert only(stage.hear(answer("0-1", "GetDocuments", data, "Error")), Answered).reason == "Error"


def test_text_that_is_no_json_is_noted_and_passed_over():
    heard, note = deaf().hear("{ no")
    assert (heard.reply, heard.frame, note.state) == (False, {"text": "{ no"}, "note")


def test_a_lost_connection_is_said_and_the_next_one_begins_anew():
    stage = deaf()
    stage.do("live2d call GetDocuments")
    assert stage.lose() == [Condition("lost", "gone")]
    assert stage.driver.deadline is None
    stage.deaf = False
    stage.connect()
    assert methods(stage)[-4:] == WAY
    assert none(stage.hear(answer("0-1", "GetDocuments", {})), Answered)


# -- the inventory


def test_an_inventory_holds_the_models_parameters():
    entry = Entry("ParamHair", minimum=-2, maximum=2, default=0.5, label="Hair")
    assert only(joined(inventory={"parameters": (entry,)}).call("inventory"), Listed) == Listed(
        {"parameters": (entry,)}
    )


def test_an_inventory_ends_without_an_answer_too():
    stage = deaf()
    stage.call("inventory")
    assert only(stage.until(2 * SECOND), Listed) == Listed({})
    assert none(stage.hear(answer("0-h5", "GetParameters", {"Parameters": []})), Listed)
    assert only(Joined("live2d").call("inventory"), Listed) == Listed({})


def test_nothing_is_sent_before_there_is_a_model():
    stage = Joined("live2d")
    assert none(stage.frame(1, A=1) + stage.call("panic") + stage.call("read", "main", ["A"]), Send)


# -- whether anybody is there


def test_where_nothing_comes_a_harmless_question_is_asked_and_the_connection_given_up_if_it_is_not_answered():
    stage = deaf()
    assert only(stage.call("quiet", 1), Send).frame["Method"] == "GetIsApproval"
    stage.hear(answer("0-h5", "GetIsApproval", {"Result": True}))
    assert only(stage.call("quiet", 1), Send).frame["RequestId"] == "0-h6"
    assert stage.call("quiet", 1) == [Drop(1, "it no longer answers")]
    assert stage.call("quiet", 1) == []
    assert stage.call("quiet", 0) == [], "an older connection"

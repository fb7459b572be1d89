"""Animaze's double: as the vendor's page has it, and as its public clients need it."""

import math
import struct

import pytest

from showrunner import devices
from showrunner.devices.vocabulary import Emit, Entry, Hang, Terms
from tests.joined import SECOND, transcript

QUERIES = {
    "GetAvatars": {"avatars"},
    "GetScenes": {"scenes"},
    "GetQuickscenes": {"quickslots"},
    "GetEmotes": {"emotes"},
    "GetSpecialActions": {"specialActions"},
    "GetPoses": {"poseList"},
    "GetIdleAnims": {"idleList"},
    "GetCameraTransform": {"position", "rotation"},
    "GetCameraFov": {"fov"},
    "GetAvatarTransform": {"position", "rotation", "scale"},
}
KNOWN = {
    "avatars": (Entry("Fox"), Entry("@Robot")),
    "scenes": (Entry("Room"),),
    "emotes": (Entry("Emote_Wave", label="Wave"),),
    "quickscenes": (Entry("Start", index=0),),
    "actions": (Entry("Wave", owner="Fox"), Entry("Bow", index=4, owner="Fox"), Entry("Nod", owner="Fox")),
    "poses": (Entry("Grin"),),
    "idles": (Entry("Calm", owner="@Robot"),),
}


class Rig:
    """A double with one client or more."""

    def __init__(self, inventory=None, *, clients=1, **settings):
        self.double = devices.find("animaze").double(
            Terms("animaze", {"profile": "stable", "speech-rate": 12, **settings}, "0", lambda now: now, {}, inventory)
        )
        self.now = 0
        for client in range(1, clients + 1):
            assert list(self.double.connected(client, 0)) == []

    def all(self, frame, client=1):
        return list(self.double.received(client, frame, self.now))

    def ask(self, action, **fields):
        (reply,) = self.all({"action": action, **fields})
        assert reply.connection == 1
        return reply.frame

    def switch(self, name, value=None):
        reactions, wrong = self.double.switch(name, value, self.now)
        assert wrong is None, wrong
        return list(reactions)


REQUESTS = [line["to"] for line in transcript("animaze-client-python.jsonl")]


def test_a_published_client_gets_one_answer_to_each_request_with_its_action_and_id():
    rig = Rig()
    for request in REQUESTS:
        (reply,) = rig.all(request)
        assert reply.frame["action"] == request["action"]
        assert ("id" in reply.frame) == ("id" in request)
        assert reply.frame.get("id") == request.get("id")
        documented = next(
            (keys for name, keys in QUERIES.items() if name.casefold() == request["action"].casefold()), ()
        )
        assert set(documented) <= set(reply.frame)
        assert "error" not in reply.frame


def test_with_a_catalogue_the_published_client_is_refused_what_is_not_in_it():
    inventory = {
        "avatars": (Entry("test_fox"), Entry("test_robot")),
        "scenes": (Entry("test_room"), Entry("@user_room")),
        "emotes": (Entry("Emote_Angry"), Entry("Emote_Alarm")),
        "quickscenes": (Entry("Start", index=0),),
        "actions": (Entry("Wave"), Entry("Bow")),
        "poses": (Entry("Grin"), Entry("Wink")),
        "idles": (Entry("Calm"), Entry("Bored", index=2), Entry("Ready", index=3)),
    }
    rig = Rig(inventory)
    errors = [error for request in REQUESTS if (error := rig.all(request)[0].frame.get("error")) is not None]
    assert errors == [
        "Avatar not found",
        "Scene not found",
        "Emote not found",
        "Special action not found",
        "Pose not found",
        "Idle not found",
        "Quickscene not found",
        "Item not found",
    ]


@pytest.mark.parametrize("action", QUERIES)
def test_a_query_answers_with_its_documented_keys_and_nothing_else(action):
    assert set(Rig().ask(action, id="x")) == {"action", "id"} | QUERIES[action]


def test_a_command_is_answered_with_the_same_command():
    request = {"action": "LoadScene", "id": "7", "name": "Stream", "priority": 1}
    assert Rig().all(request) == [Emit(1, request)]


@pytest.mark.parametrize("id", ["x", 7, ["a"], ""])
def test_an_id_is_echoed_as_it_was_sent(id):
    assert Rig().ask("GetAvatars", id=id)["id"] == id


def test_no_id_in_is_no_id_out():
    assert "id" not in Rig().ask("GetAvatars")
    assert "id" not in Rig().ask("LoadScene", id=None, name="Stream")


@pytest.mark.parametrize("action", ["GetCameraFOV", "getcamerafov", "GETCAMERAFOV"])
def test_letter_case_of_an_action_is_ignored_and_echoed(action):
    assert Rig().ask(action)["action"] == action


def test_numbers_come_back_in_single_precision():
    rig = Rig()
    rig.ask("SetCameraTransform", position=[0, 1.7, 1], rotation=[0, 0, 0, 1])
    assert rig.ask("GetCameraTransform")["position"] == [0.0, 1.7000000476837158, 1.0]
    rig.ask("SetCameraFov", fov=60)
    assert rig.ask("GetCameraFov")["fov"] == 60.000003814697266


@pytest.mark.parametrize("number", [math.inf, math.nan, 1e300, 10**400, "1", None, True, [1]])
@pytest.mark.parametrize("key", ["fov", "position", "scale"])
def test_what_is_no_number_is_refused(key, number):
    rig = Rig()
    assert "error" in (
        rig.ask("SetCameraFov", fov=number)
        if key == "fov"
        else rig.ask("SetCameraTransform", position=[0, number, 0], rotation=[0, 0, 0, 1])
        if key == "position"
        else rig.ask("SetAvatarTransform", position=[0, 0, 0], rotation=[0, 0, 0, 1], scale=number)
    )


@pytest.mark.parametrize(
    "frame",
    ["", "{", "[]", {}, {"action": None}, {"action": 3}, {"action": "Fly", "id": "1"}, {"action": {"a": 1}}],
)
def test_nonsense_is_answered_with_an_error(frame):
    (reply,) = Rig().all(frame)
    assert "error" in reply.frame


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("LoadAvatar", {}),
        ("LoadAvatar", {"name": 3}),
        ("TriggerEmote", {"name": "Emote_Wave"}),
        ("TriggerPose", {"index": "1"}),
        ("TriggerPose", {"index": True}),
        ("SaveQuickscene", {"index": -1}),
        ("Broadcast", {"toggle": "on"}),
        ("SetCameraTransform", {"position": [0, 0, 0]}),
        ("SetAvatarTransform", {"position": [0, 0], "rotation": [0, 0, 0, 1], "scale": 1}),
        ("SetOverride", {"behavior": "Auto Blink"}),
        ("SetOverride", {"behavior": "Auto Blink", "value": True, "frequency": "much"}),
        ("SetOverride", {"behavior": "Jump", "value": True}),
        ("GetOverride", {}),
        ("ChatbotSendMessage", {}),
    ],
)
def test_a_request_without_what_it_needs_is_refused(action, fields):
    assert "error" in Rig().ask(action, **fields)


def test_without_a_catalogue_any_name_and_any_index_is_there():
    rig = Rig()
    for action, fields in [
        ("LoadAvatar", {"name": "Nobody"}),
        ("LoadScene", {"name": "Nowhere"}),
        ("TriggerEmote", {"itemName": "Emote_Any"}),
        ("TriggerSpecialAction", {"index": 42}),
        ("LoadQuickscene", {"index": 9}),
    ]:
        assert "error" not in rig.ask(action, **fields)


def test_names_are_found_in_any_letter_case():
    rig = Rig(KNOWN)
    rig.ask("LoadAvatar", name="FOX")
    assert rig.double.visible(0) == "avatar Fox · scene Room"
    assert rig.ask("LoadAvatar", name="Wolf")["error"] == "Avatar not found"


def test_actions_poses_and_idles_are_those_of_the_avatar_and_their_indexes_have_gaps():
    rig = Rig(KNOWN)
    assert [row["index"] for row in rig.ask("GetSpecialActions")["specialActions"]] == [0, 4, 5]
    assert rig.ask("GetIdleAnims")["idleList"] == []
    assert rig.ask("TriggerSpecialAction", index=1)["error"] == "Special action not found"
    rig.ask("LoadAvatar", name="@robot")
    assert rig.ask("GetSpecialActions")["specialActions"] == []
    assert rig.ask("GetIdleAnims")["idleList"] == [{"animName": "Calm", "index": 0}]
    assert rig.ask("GetPoses")["poseList"] == [{"animName": "Grin", "index": 0}]


def test_overrides_belong_to_the_avatar():
    rig = Rig(KNOWN)
    rig.ask("SetOverride", behavior="auto blink", value=True, frequency=0.1)
    single = struct.unpack("<f", struct.pack("<f", 0.1))[0]
    assert rig.ask("GetOverride", behavior="Auto Blink").items() >= {"value": True, "frequency": single}.items()
    rig.ask("LoadAvatar", name="@Robot")
    assert rig.ask("GetOverride", behavior="Auto Blink")["value"] is False


def test_a_quickscene_brings_back_what_was_saved():
    rig = Rig(KNOWN)
    rig.ask("SetCameraFov", fov=30)
    rig.ask("SaveQuickscene", index=3)
    rig.ask("LoadAvatar", name="@Robot")
    rig.ask("SetCameraFov", fov=50)
    rig.ask("LoadQuickscene", index=3)
    assert rig.double.visible(0).startswith("avatar Fox")
    assert rig.ask("GetCameraFov")["fov"] == pytest.approx(30)
    assert [row["name"] for row in rig.ask("GetQuickscenes")["quickslots"]] == ["Start", "Slot 3"]


def test_what_next_version_builds_add_is_refused_by_a_stable_one():
    assert Rig().ask("GetCurrentAvatarInfo")["error"] == "Unknown action"
    rig = Rig(KNOWN, profile="next")
    assert rig.ask("GetCurrentAvatarInfo")["avatars"][0]["itemName"] == "Fox"
    assert set(rig.ask("GetCurrentSceneInfo")) == {"action", "description", "friendlyName", "itemName"}


def test_a_stable_build_sends_no_triggers():
    rig = Rig(clients=2)
    rig.ask("LoadAvatar", name="Fox")
    rig.ask("ChatbotSendMessage", message="hi")
    assert rig.double.deadline is None
    assert rig.double.elapsed(60 * SECOND) == []


def test_a_next_build_tells_all_clients_after_the_reply_or_before_it():
    rig = Rig(clients=2, profile="next")
    event = {"event": "AvatarChanged", "new_avatar": "Fox"}
    request = {"action": "LoadAvatar", "name": "Fox"}
    assert rig.all(request) == [Emit(1, request), Emit(1, event), Emit(2, event)]
    rig.switch("events", "before")
    assert rig.all(request) == [Emit(1, event), Emit(2, event), Emit(1, request)]


def test_speech_on_a_next_build_begins_and_ends_with_a_trigger_one_after_the_other():
    rig = Rig(profile="next")
    first = rig.all({"action": "ChatbotSendMessage", "message": "-echo La la la la"})
    second = rig.all({"action": "ChatbotSendMessage", "message": "-echo no"})
    assert [e.frame.get("event", "reply") for e in first + second] == ["reply", "ChatbotSpeechStarted", "reply"]
    assert rig.double.visible(0).endswith("says La la la la")
    told = []
    while (at := rig.double.deadline) is not None:
        told += [(at, e.frame["event"]) for e in rig.double.elapsed(at)]
    assert told == [
        (667_000, "ChatbotSpeechEnded"),
        (667_000, "ChatbotSpeechStarted"),
        (1_067_000, "ChatbotSpeechEnded"),
    ]


@pytest.mark.parametrize(
    ("message", "response"),
    [("Hi", "(reply to: Hi)"), ("-echo Hi", "Hi"), ("-chatConfig be kind", "")],
)
def test_chatpal_answers(message, response):
    assert Rig().ask("ChatbotSendMessage", message=message, priority=1)["response"] == response


def test_the_audience_sees_an_emote_for_a_while():
    rig = Rig(KNOWN)
    rig.ask("TriggerEmote", itemName="emote_wave")
    rig.ask("Broadcast", toggle=True)
    assert rig.double.visible(0) == "avatar Fox · scene Room · emote Emote_Wave · broadcast on"
    assert rig.double.visible(3 * SECOND) == "avatar Fox · scene Room · broadcast on"


def test_faults_come_when_they_are_ordered():
    rig = Rig(clients=2)
    rig.switch("fault", "silent 2")
    assert len(rig.all({"action": "GetScenes"})) == 1
    assert rig.all({"action": "LoadScene", "name": "Stream"}) == []
    assert "scene Stream" in rig.double.visible(0), "it was heard, only not answered"
    rig.switch("fault", 'error "Out of milk"')
    assert rig.ask("GetScenes")["error"] == "Out of milk"
    assert "error" not in rig.ask("GetScenes")
    assert [type(reaction.frame) for reaction in rig.switch("fault", "garbage")] == [str, str]
    assert rig.switch("fault", "drop") == [Hang(1), Hang(2)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fly", None),
        ("event", "Nothing"),
        ("profile", None),
        ("fault", "silent x"),
        ("fault", "silent al"),
        ("fault", "error"),
        ("fault", None),
    ],
)
def test_a_switch_that_does_not_exist_is_said_so(name, value):
    reactions, wrong = Rig().double.switch(name, value, 0)
    assert (list(reactions), bool(wrong)) == ([], True)


def test_an_event_can_be_sent_by_hand_on_any_build():
    assert [e.frame["event"] for e in Rig(clients=2).switch("event", "ChatbotSpeechEnded")] == [
        "ChatbotSpeechEnded"
    ] * 2


def test_each_connection_is_answered_alone_and_a_lost_one_no_more():
    rig = Rig(clients=2, profile="next")
    rig.double.disconnected(2, 0)
    assert {e.connection for e in rig.all({"action": "LoadAvatar", "name": "Fox"})} == {1}

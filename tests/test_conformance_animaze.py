"""Animaze's double on a real socket: every action, override behaviour and trigger of the vendor's page, to the byte.

The tables stand here a second time, copied from the page "Animaze API" and from nowhere in the program.
"""

import base64
import json
import math
import struct

import pytest

from showrunner.devices.vocabulary import Entry
from tests.hosted import hosted
from tests.joined import transcript

HAS = {
    "avatars": (Entry("avatar03"), Entry("AvatarBomb")),
    "scenes": (Entry("Spaceship"), Entry("Stream")),
    "emotes": (Entry("Emote_Alarm", label="Alarm"), Entry("Emote_Angry", label="Angry")),
    "actions": (
        Entry("Come here", index=0, owner="avatar03"),
        Entry("Hello", index=1, owner="avatar03"),
        Entry("Boom", index=7, owner="AvatarBomb"),
    ),
    "poses": (Entry("Puff Cheeks", index=0), Entry("Tongue Out", index=1)),
    "idles": (Entry("Default Idle", index=0), Entry("Bored", index=2), Entry("Fight", index=3)),
    "quickscenes": (Entry("Start", index=0),),
}
SAME = None
"""Where the page says "same command"."""

STRAIGHT = [0.0, 0.0, 0.0, 1.0]
STABLE = [
    ("LoadAvatar", {"name": "Avatar03"}, SAME),
    ("LoadScene", {"name": "Spaceship"}, SAME),
    ("GetAvatars", {}, {"avatars": ["avatar03", "AvatarBomb"]}),
    ("GetScenes", {}, {"scenes": ["Spaceship", "Stream"]}),
    (
        "GetEmotes",
        {},
        {
            "emotes": [
                {"friendlyName": "Alarm", "itemName": "Emote_Alarm"},
                {"friendlyName": "Angry", "itemName": "Emote_Angry"},
            ]
        },
    ),
    ("TriggerEmote", {"itemName": "Emote_Alarm"}, SAME),
    (
        "GetSpecialActions",
        {},
        {"specialActions": [{"animName": "Come here", "index": 0}, {"animName": "Hello", "index": 1}]},
    ),
    ("TriggerSpecialAction", {"index": 1}, SAME),
    ("GetPoses", {}, {"poseList": [{"animName": "Puff Cheeks", "index": 0}, {"animName": "Tongue Out", "index": 1}]}),
    ("TriggerPose", {"index": 0}, SAME),
    (
        "GetIdleAnims",
        {},
        {
            "idleList": [
                {"animName": "Default Idle", "index": 0},
                {"animName": "Bored", "index": 2},
                {"animName": "Fight", "index": 3},
            ]
        },
    ),
    ("TriggerIdle", {"index": 3}, SAME),
    ("SaveQuickscene", {"index": 0}, SAME),
    ("LoadQuickscene", {"index": 0}, SAME),
    ("CalibrateTracker", {}, SAME),
    ("Broadcast", {"toggle": True}, SAME),
    ("SetCameraTransform", {"position": [0, 1.7, 1], "rotation": [0, 0, 0, 1]}, SAME),
    ("GetCameraTransform", {}, {"position": [0.0, 1.7000000476837158, 1.0], "rotation": STRAIGHT}),
    ("SetCameraFov", {"fov": 60}, SAME),
    ("GetCameraFov", {}, {"fov": 60.000003814697266}),
    ("SetAvatarTransform", {"position": [0, 1.7, 1.0], "rotation": STRAIGHT, "scale": 1}, SAME),
    ("GetAvatarTransform", {}, {"position": [0.0, 1.7000000476837158, 1.0], "rotation": STRAIGHT, "scale": 1.0}),
    ("SetOverride", {"behavior": "Auto Blink", "value": True, "frequency": 0.5}, SAME),
    ("GetOverride", {"behavior": "Auto Blink"}, {"behavior": "Auto Blink", "value": True, "frequency": 0.5}),
    ("ChatbotSendMessage", {"message": "-echo La la"}, {"response": "La la"}),
]
"""In an order in which each reply can be told from what went before."""

PICTURES = [("GetItemIcon", {"name": "Stream"}), ("GetQuickscenes", {})]
NEXT = [
    (
        "GetCurrentAvatarInfo",
        {
            "avatars": [
                {
                    "animStandard": "AnimazeStandard_1_0",
                    "description": "",
                    "friendlyName": "avatar03",
                    "isCustomized": False,
                    "itemName": "avatar03",
                    "itemType": "Avatar3D",
                    "numProps": 0,
                    "props": [],
                }
            ],
            "numAvatars": 1,
        },
    ),
    ("GetCurrentSceneInfo", {"description": "", "friendlyName": "Spaceship", "itemName": "Spaceship"}),
]
BEHAVIOURS = {
    "Follow Mouse Cursor": [],
    "Mouse Keyboard Behavior": ["keyboardScale", "handToKeyboardDist", "xAxisOffset", "yAxisOffset", "zAxisOffset "],
    "Tracked Blinking": [],
    "Auto Blink": ["frequency"],
    "Look At Camera": ["range"],
    "Look At Camera Head": [],
    "Cross Eyes": [],
    "Pupil Behavior": ["frequency"],
    "Forced Symmetry Eyebrows": ["range"],
    "Forced Symmetry Eyelids": ["range"],
    "Forced Symmetry Mouth": ["range"],
    "Enhanced Body Movement 2D": [],
    "Enhanced Body Movement 3D": [],
    "Extreme Head Angles Attenuation": ["range", "maxSmoothingValue"],
    "Sound to Mouth Open": ["mouthSmoothTme", "soundSensitivity"],
    "Alternate lipsync Retargeting": [],
    "Idle Intensity": ["intensity"],
    "Inferred Body Yaw Movement": ["neutralZoneSize", "movementSmoothing", "headYawWeight"],
    "Breathing Behavior": ["amplitude", "frequency"],
}


@pytest.fixture(scope="module")
def stable_build():
    with hosted("animaze", HAS) as host:
        yield host


@pytest.fixture
def stable(stable_build):
    stable_build.renew()
    return stable_build


@pytest.fixture(scope="module")
def newer_build():
    with hosted("animaze", HAS, profile="next") as host:
        yield host


@pytest.fixture
def next_build(newer_build):
    newer_build.renew()
    return newer_build


def single(number):
    return struct.unpack("<f", struct.pack("<f", number))[0]


def test_the_tables_here_are_whole():
    actions = [action for action, *_ in (*STABLE, *PICTURES, *NEXT)]
    assert len(actions) == len(set(actions)) == 29
    assert len(BEHAVIOURS) == 19


@pytest.mark.parametrize("id", [{}, {"id": "0E9AA4AE-8C70-4999-BFAE-4D639A3F73E2"}], ids=["no id", "id"])
def test_every_action_is_answered_as_the_page_says(stable, id):
    client = stable.client()
    for action, keys, reply in STABLE:
        request = {"action": action, **id, **keys}
        assert client.ask(request) == (request if reply is SAME else {"action": action, **id, **reply})


@pytest.mark.parametrize(("action", "keys"), PICTURES)
def test_pictures_come_as_base64(stable, action, keys):
    reply = stable.client().ask({"action": action, "id": "x", **keys})
    assert set(reply) == {"action", "id", *({"image"} if keys else {"quickslots"})}
    (holder,) = reply["quickslots"] if not keys else [reply]
    assert base64.b64decode(holder["image"], validate=True).startswith(b"\x89PNG")
    if not keys:
        assert (holder["index"], holder["name"], set(holder)) == (0, "Start", {"index", "image", "name"})


@pytest.mark.parametrize(("action", "reply"), NEXT)
def test_what_is_for_next_builds_alone_is_an_error_on_a_stable_one(stable, next_build, action, reply):
    assert next_build.client().ask({"action": action, "id": "MyDevName"}) == {
        "action": action,
        "id": "MyDevName",
        **reply,
    }
    refused = stable.client().ask({"action": action, "id": "MyDevName"})
    assert set(refused) == {"action", "id", "error"}


@pytest.mark.parametrize("action", [action for action, *_ in STABLE])
@pytest.mark.parametrize("spell", [str.lower, str.upper])
def test_letter_case_of_an_action_does_not_matter_and_comes_back_as_sent(stable, action, spell):
    keys = next(keys for name, keys, _ in STABLE if name == action)
    reply = stable.client().ask({"action": spell(action), "id": "x", **keys})
    assert (reply["action"], reply["id"]) == (spell(action), "x")
    assert "error" not in reply


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_every_behaviour_is_set_and_read_with_the_printed_keys(stable, behaviour):
    client, keys = stable.client(), BEHAVIOURS[behaviour]
    get = {"action": "GetOverride", "id": "g", "behavior": behaviour}
    assert client.ask(get) == {**get, "value": False, **dict.fromkeys(keys, 0.0)}
    numbers = {key: 0.1 * place for place, key in enumerate(keys, 1)}
    request = {"action": "SetOverride", "id": "s", "behavior": behaviour, "value": True, **numbers}
    assert client.ask(request) == request
    state = {**get, "value": True, **{key: single(number) for key, number in numbers.items()}}
    assert client.ask(get) == state
    only_off = {"action": "SetOverride", "behavior": behaviour, "value": False, **dict.fromkeys(keys)}
    assert client.ask(only_off) == only_off, "a client sends null for what it leaves out"
    assert client.ask(get) == {**state, "value": False}


EVENTS = [("ChatbotSpeechStarted", {}), ("ChatbotSpeechEnded", {}), ("AvatarChanged", {"new_avatar": "avatar03"})]


@pytest.mark.parametrize(("event", "values"), EVENTS)
def test_every_trigger_goes_to_all_clients_without_action_and_id(stable, event, values):
    clients = [stable.client(), stable.client()]
    for client in clients:
        client.ask({"action": "GetScenes"})
    stable.switch("event", event)
    assert [client.hear() for client in clients] == [{"event": event, **values}] * 2


def test_a_speech_on_a_next_build_is_told_to_those_too_who_did_not_ask(next_build):
    asks, hears = next_build.client(), next_build.client()
    hears.ask({"action": "GetScenes"})
    request = {"action": "ChatbotSendMessage", "id": "1", "message": "-echo hi", "priority": 1}
    assert asks.ask(request) == {"action": "ChatbotSendMessage", "id": "1", "response": "hi"}
    told = [{"event": "ChatbotSpeechStarted"}, {"event": "ChatbotSpeechEnded"}]
    assert [asks.hear(), asks.hear()] == told
    assert [hears.hear(), hears.hear()] == told


def test_another_avatar_is_told_after_the_reply_or_before_it_if_so_switched(next_build):
    client = next_build.client()
    request, event = (
        {"action": "LoadAvatar", "name": "AvatarBomb"},
        {"event": "AvatarChanged", "new_avatar": "AvatarBomb"},
    )
    assert [client.ask(request), client.hear()] == [request, event]
    next_build.switch("events", "before")
    assert [client.ask(request), client.hear()] == [event, request]


def test_a_stable_build_never_says_what_nobody_asked(stable):
    client = stable.client()
    for request in (
        {"action": "LoadAvatar", "name": "AvatarBomb"},
        {"action": "ChatbotSendMessage", "message": "-echo a"},
        {"action": "LoadScene", "name": "Stream"},
    ):
        assert client.ask(request)["action"] == request["action"]
    stable.sees("avatar AvatarBomb", "scene Stream", without="says")
    assert client.ask({"action": "GetScenes"})["action"] == "GetScenes"


def test_what_belongs_to_the_avatar_changes_with_the_reply(stable):
    client = stable.client()
    client.ask({"action": "SetOverride", "behavior": "Cross Eyes", "value": True})
    client.ask({"action": "LoadAvatar", "name": "avatarbomb"})
    assert client.ask({"action": "GetSpecialActions"})["specialActions"] == [{"animName": "Boom", "index": 7}]
    assert client.ask({"action": "GetOverride", "behavior": "Cross Eyes"})["value"] is False
    assert client.ask({"action": "TriggerSpecialAction", "index": 0})["error"]


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        ({"action": "LoadAvatar", "id": "7", "name": "Nobody"}, "Avatar not found"),
        ({"action": "LoadScene", "id": "7", "name": "Nowhere"}, None),
        ({"action": "GetItemIcon", "id": "7", "name": "Nothing"}, None),
        ({"action": "TriggerEmote", "id": "7", "itemName": "Emote_None"}, None),
        ({"action": "TriggerSpecialAction", "id": "7", "index": 9}, None),
        ({"action": "TriggerPose", "id": "7"}, None),
        ({"action": "TriggerIdle", "id": "7", "index": 1}, None),
        ({"action": "LoadQuickscene", "id": "7", "index": 5}, None),
        ({"action": "GetOverride", "id": "7", "behavior": "Moonwalk"}, None),
        ({"action": "DoWhatNobodyKnows", "id": "7"}, None),
        ({"action": "SetCameraTransform", "id": "7", "position": [0, 0, 0]}, None),
    ],
)
def test_an_error_has_action_id_and_words_and_nothing_else(stable, request_, error):
    reply = stable.client().ask(request_)
    assert set(reply) == {"action", "id", "error"}
    assert (reply["action"], reply["id"]) == (request_["action"], "7")
    assert isinstance(reply["error"], str)
    assert error in (None, reply["error"])


@pytest.mark.parametrize("nonsense", ["", "{", "[]", "null", '"GetScenes"', "5", "[" * 50_000, '{"action": NaN}'])
def test_nonsense_is_answered_and_the_next_request_too(stable, nonsense):
    client = stable.client()
    assert "error" in client.ask(nonsense)
    assert client.ask({"action": "GetScenes"}) == {"action": "GetScenes", "scenes": ["Spaceship", "Stream"]}


def test_a_binary_message_is_answered_too(stable):
    client = stable.client()
    client.socket.send_binary(b"\x00\xff")
    assert "error" in client.hear()


@pytest.mark.parametrize("index", [0, 0.0])
def test_an_index_may_be_written_with_a_point(stable, index):
    assert "error" not in stable.client().ask({"action": "TriggerPose", "index": index})


def test_replies_keep_the_order_of_the_requests_on_a_connection(stable):
    client = stable.client()
    for number in range(200):
        client.say({"action": ("GetScenes", "GetPoses", "CalibrateTracker")[number % 3], "id": str(number)})
    assert [client.hear()["id"] for _ in range(200)] == [str(number) for number in range(200)]


def test_ids_need_not_be_unique_and_each_client_gets_its_own_replies(stable):
    clients = [stable.client() for _ in range(5)]
    for number, client in enumerate(clients):
        client.say({"action": "GetScenes", "id": "MyDevName"})
        client.say({"action": "SetCameraFov", "id": "MyDevName", "fov": 20 + number})
    for number, client in enumerate(clients):
        assert client.hear()["action"] == "GetScenes"
        assert client.hear()["fov"] == 20 + number


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"origin": "http://localhost:9000"},
        {"origin": "null"},
        {"origin": "https://anywhere.example"},
        {"header": ["Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"]},
    ],
)
def test_programs_of_all_kinds_are_let_in(stable, options):
    assert stable.client(**options).ask({"action": "CalibrateTracker"}) == {"action": "CalibrateTracker"}


def test_a_connection_for_each_command_is_fine(stable):
    for _ in range(20):
        client = stable.client()
        assert client.ask({"action": "CalibrateTracker"}) == {"action": "CalibrateTracker"}
        client.socket.close()


def test_ten_megabytes_are_no_trouble(stable):
    request = {"action": "CalibrateTracker", "id": "1", "ballast": "x" * 10_000_000}
    assert stable.client().ask(request) == request


def test_numbers_beyond_any_room_are_refused_not_kept(stable):
    client = stable.client()
    for number in ("1e999", "-1e999", "NaN", "9" * 400):
        assert "error" in client.ask(f'{{"action": "SetCameraFov", "fov": {number}}}')
    assert math.isfinite(client.ask({"action": "GetCameraFov"})["fov"])


def test_a_published_client_lives_with_it_over_the_wire(stable):
    client = stable.client()
    for line in transcript("animaze-client-python.jsonl"):
        reply = client.ask(line["to"])
        assert reply["action"] == line["to"]["action"]
        assert reply.get("id") == line["to"].get("id")
        json.dumps(reply, allow_nan=False)

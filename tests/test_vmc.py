"""The device `vmc`: whole frames, one Apply behind them, and two words that something is at rest."""

from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.osc_arguments import LARGEST
from showrunner.devices.vmc import names, table
from showrunner.devices.vocabulary import Answered, Condition, FrameAnswered, Send, Silent, Terms, Values
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.wires import frames, osc
from showrunner.wires.loopback import World
from tests.joined import Joined, check_recorded, everybody, only, typed
from tests.stagehand import compiled

SECOND = 1_000_000
FRAMES = sorted((Path(table.__file__).parent / "frames").glob("*.jsonl"))
STAGE = everybody()


@pytest.fixture
def stage():
    return Joined("vmc").connect()


def send(joined, lane, number, **values):
    return joined._carry((), joined.driver.frame(lane, number, values, joined.now))


def face(joined):
    """Give what each frame has said of the face: names with values, and whether Apply is its end."""
    found = []
    for frame in joined.sent():
        said = [one for one in frames.flat(frame) if "/Blend/" in one["address"]]
        assert said[-1] == {"address": "/VMC/Ext/Blend/Apply", "args": []}
        found.append({one["args"][0][1]: one["args"][1][1] for one in said[:-1]})
    return found


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("vmc", path)


# ------------------------------------------------------------------------------------------------------------- names


@pytest.mark.parametrize(
    ("written", "own", "zero", "one"),
    [
        ("Joy", "Joy", "Joy", "happy"),
        ("happy", "Joy", "Joy", "happy"),
        ("HAPPY", "Joy", "Joy", "happy"),
        ("angry", "Angry", "Angry", "angry"),
        ("blinkLeft", "Blink_L", "Blink_L", "blinkLeft"),
        ("aa", "A", "A", "aa"),
        ("Surprised", "Surprised", "Surprised", "surprised"),
        ("JAWOPEN", "jawOpen", "jawOpen", "jawOpen"),
        ("MyClip", "MyClip", "MyClip", "MyClip"),
    ],
)
def test_an_expression_is_one_whichever_way_it_is_called(written, own, zero, one):
    assert names.own(written) == own
    assert (names.sent(own, "vrm0"), names.sent(own, "vrm1")) == ((zero,), (one,))
    assert names.sent(own, "both") == ((zero,) if zero == one else (zero, one))


def test_the_lists_are_whole():
    assert (len(names.VRM0), len(names.VRM1), len(names.TRACKED), len(names.BONES)) == (17, 18, 52, 55)
    assert len({*names.VRM0, *names.TRACKED}) == 17 + 52


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("happy", "receivers of VRM 0 call `happy` `Joy`: it is sent as that"),
        ("Jooy", "`Jooy` is no expression that every model has: it is sent as a clip of the model's own"),
        ("joy", None),
        ("angry", None),
        ("jawOpen", None),
        ("MyOwnClip", None),
    ],
)
def test_a_name_that_is_sent_otherwise_is_said_and_stops_nothing(name, message):
    command = typed(f"vmc expression {name} 1")
    found = command.verb.check(command, None)
    assert [one.message for one in found] == ([] if message is None else [message])
    assert all(one.warns for one in found)


def test_a_bone_is_one_of_unitys():
    assert typed("vmc bone lefteye turn 0 0 0").get("NAME") == "LeftEye"
    with pytest.raises(AssertionError, match="a bone's name"):
        typed("vmc bone Tail turn 0 0 0")


@pytest.mark.parametrize(
    ("degrees", "turn"),
    [
        ((0, 0, 0), (0.0, 0.0, 0.0, 1.0)),
        ((90, 0, 0), (0.707107, 0.0, 0.0, 0.707107)),
        ((0, 180, 0), (0.0, 1.0, 0.0, 0.0)),
        ((0, 0, 90), (0.0, 0.0, 0.707107, 0.707107)),
        ((90, 90, 0), (0.5, 0.5, -0.5, 0.5)),
        ((30, 45, 60), (0.391904, 0.200562, 0.360423, 0.822363)),
    ],
)
def test_degrees_become_a_turn_as_unity_has_it(degrees, turn):
    assert table.turned(*degrees) == pytest.approx(turn, abs=2e-6)


# ------------------------------------------------------------------------------------------------------------ frames


def test_each_frame_says_that_all_is_well_then_everything_then_apply(stage):
    stage.now = 2 * SECOND
    answered = only(send(stage, "face", 1, **{"face.Joy": 0.5, "face.MyClip": 1}), FrameAnswered)
    assert answered.ok
    (frame,) = stage.sent()
    assert [one["address"].removeprefix("/VMC/Ext") for one in frame["bundle"]] == [
        "/OK", "/T", "/Blend/Val", "/Blend/Val", "/Blend/Apply",
    ]  # fmt: skip
    assert frame["bundle"][1]["args"] == [["f", 2.0]]
    assert face(stage) == [{"Joy": 0.5, "MyClip": 1.0}]


def test_what_is_let_go_is_told_twice_that_it_is_at_rest_and_then_left_out(stage):
    send(stage, "face", 1, **{"face.Joy": 1, "face.Fun": 1})
    for number in range(2, 6):
        send(stage, "face", number, **{"face.Fun": 1})
    assert face(stage)[1:] == [{"Joy": 0.0, "Fun": 1.0}, {"Joy": 0.0, "Fun": 1.0}, {"Fun": 1.0}, {"Fun": 1.0}]


def test_where_no_frame_follows_it_is_told_by_itself(stage):
    send(stage, "face", 1, **{"face.Joy": 1})
    stage.call("clear", "face", 2)
    stage.until(SECOND)
    assert face(stage) == [{"Joy": 1.0}, {"Joy": 0.0}, {"Joy": 0.0}]
    assert stage.double.visible(0) == ""


def test_what_is_held_on_is_never_seen_at_rest(stage):
    send(stage, "face", 1, **{"face.Joy": 1, "face.Fun": 1})
    stage.call("clear", "face", 2)
    send(stage, "face", 3, **{"face.Fun": 1})
    assert face(stage)[1:] == [{"Joy": 0.0, "Fun": 1.0}]


def test_a_large_face_is_parted_and_applied_once_behind_all_of_it(stage):
    send(stage, "face", 1, **{f"face.{name}": 0.5 for name in names.TRACKED})
    sent = stage.sent()
    assert len(sent) == 3
    assert all(len(osc.write(frame)[0]) <= LARGEST for frame in sent)
    addresses = [one["address"] for frame in sent for one in frames.flat(frame)]
    assert addresses.count("/VMC/Ext/Blend/Apply") == 1
    assert addresses[-1] == "/VMC/Ext/Blend/Apply"
    assert stage.double.visible(0).count(" 0.5") == 52


def test_both_names_go_where_both_are_wanted():
    joined = Joined("vmc", names="both").connect()
    send(joined, "face", 1, **{"face.Joy": 1})
    assert face(joined) == [{"Joy": 1.0, "happy": 1.0}]


def test_a_bone_and_a_camera_are_whole_messages(stage):
    send(stage, "body", 1, **{"bone.Head": (0.0, 0.5, 0.0, 0.866025)})
    place = {"camera.position": (0, 1.4, 1), "camera.turn": (0, 1, 0, 0), "camera.fov": 30}
    send(stage, "scene", 2, **place)
    told = [one for frame in stage.sent() for one in frames.flat(frame) if one["address"][9:10] in "BC"]
    assert told == [
        {"address": "/VMC/Ext/Bone/Pos", "args": [["s", "Head"], *(["f", n] for n in (0, 0, 0, 0, 0.5, 0, 0.866025))]},
        {"address": "/VMC/Ext/Cam", "args": [["s", "Camera"], *(["f", n] for n in (0, 1.4, 1, 0, 1, 0, 0, 30))]},
    ]
    assert stage.double.visible(0) == "Head turned · camera 0 1.4 1 30"


def test_where_a_value_begins_is_what_was_told_last_else_where_it_is_at_rest(stage):
    send(stage, "face", 1, **{"face.Joy": 0.5})
    wanted = ["face.Joy", "face.Fun", "bone.Head", "camera.fov"]
    found = only(stage.call("read", "face", wanted), Values).values
    assert found == {"face.Joy": 0.5, "face.Fun": 0.0, "bone.Head": (0.0, 0.0, 0.0, 1.0), "camera.fov": 30.0}


def test_a_panic_lets_go_of_all_at_once(stage):
    send(stage, "face", 1, **{"face.Joy": 1})
    outputs = stage.call("panic")
    assert [type(one) for one in outputs] == [Send, Silent]
    assert stage.double.visible(0) == ""


@pytest.mark.parametrize(
    ("line", "address", "args"),
    [
        ("vmc shortcut Functions.FreeCamera", "/VMC/Ext/Set/Shortcut", [["s", "Functions.FreeCamera"]]),
        ('vmc settings "C:/a.json"', "/VMC/Ext/Set/Config", [["s", "C:/a.json"]]),
        ('vmc through "/prop" 1 1.0', "/VMC/Thru/prop", [["i", 1], ["f", 1.0]]),
        ('vmc through "/VMC/Thru/prop"', "/VMC/Thru/prop", []),
    ],
)
def test_what_is_no_value_is_sent_once(stage, line, address, args):
    assert [type(one) for one in stage.do(line)] == [Send, Answered]
    assert stage.sent() == [{"address": address, "args": args}]


def test_of_a_marionettes_port_it_is_said_that_not_all_of_them_take_faces():
    settings = {**STAGE["vmc"].settings, "send": "udp://127.0.0.1:39539"}
    told = devices.find("vmc").driver(Terms("vmc", settings, "0", lambda now: now)).connected(1, 0)
    assert [one.state for one in told if isinstance(one, Condition)] == ["ready", "note"]


# ------------------------------------------------------------------------------------------------- receivers, and loss


def told(double, *pairs, apply=True):
    for name, value in pairs:
        double.received(1, {"address": "/VMC/Ext/Blend/Val", "args": [["s", name], ["f", value]]}, 0)
    if apply:
        double.received(1, {"address": "/VMC/Ext/Blend/Apply", "args": []}, 0)
    return double.visible(0)


@pytest.fixture
def double():
    return devices.find("vmc").double(Terms("vmc", STAGE["vmc"].settings, "0", lambda now: now))


def test_receivers_differ_in_what_apply_does(double):
    assert told(double, ("Joy", 1)) == "Joy 1"
    assert told(double, ("Fun", 1), apply=False) == "Joy 1"
    assert told(double) == "Fun 1"
    double.switch("apply", "keep", 0)
    assert told(double, ("Joy", 1)) == "Fun 1 · Joy 1"
    assert told(double, ("Fun", 0)) == "Joy 1"


def test_receivers_differ_in_the_names_that_they_know(double):
    assert told(double, ("JOY", 1), ("happy", 1), ("MyClip", 1)) == "Joy 1 · MyClip 1"
    double.switch("case", "strict", 0)
    assert told(double, ("JOY", 1), ("happy", 1)) == "JOY 1"
    double.switch("case", "any", 0)
    double.switch("names", "vrm1", 0)
    assert told(double, ("Joy", 1), ("happy", 0.5)) == "happy 0.5"


@pytest.mark.parametrize(
    "args", [[], [["i", 1], ["f", 1.0]], [["s", "Joy"]], [["s", "Joy"], ["s", "x"]], [["s", "Joy"], ["i", 1]]]
)
def test_what_is_too_short_or_of_another_type_is_passed_over(double, args):
    double.received(1, {"address": "/VMC/Ext/Blend/Val", "args": args}, 0)
    double.received(1, {"address": "/VMC/Ext/Bone/Pos", "args": args}, 0)
    assert told(double) == ""


@pytest.mark.parametrize("apply", ["replace", "keep"])
@pytest.mark.parametrize("every", [None, 3, 4, 5])
def test_whatever_is_lost_the_face_is_the_shows_and_gone_at_its_end(tmp_path, apply, every):
    script = tmp_path / "a.show"
    script.write_text(
        "segment one\n  at 0s vmc expression Joy 1 over 500ms\n  at 1s vmc bone Head turn 0 20 0 over 500ms\n"
        '  at 2s vmc release over 500ms\n  at 4s vmc expression Fun 1\n  at 5s log "over"\n\n'
        'segment two\n  at 1s log "end"\n',
        "utf-8",
    )
    world, entries, seen = World(1_000), [], {}
    double = STAGE["vmc"].device.double(Terms("vmc", STAGE["vmc"].settings, "0", lambda now: now // 1000))
    wire = world.join("vmc", double, STAGE["vmc"].ways, lose_every=every)
    world.switch("vmc", 0, "apply", apply)

    def note(entry):
        entries.append(entry)
        seen[entry.get("message") or entry["seq"]] = double.visible(0)

    cues, _ = compiled(script, STAGE)
    show = Performance(cues, STAGE, {"vmc": wire}, world, Journal(note), Options(auto=True))
    assert show.standby(10 * SECOND) == {}
    assert (show.play().bad, seen["over"], seen["end"]) == (False, "Fun 1 · Head turned", "")

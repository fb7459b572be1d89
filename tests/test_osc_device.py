"""The device `osc`: what goes into a packet, what comes of one that arrives, and what is lost on the way."""

from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.osc import table
from showrunner.devices.osc_arguments import HEAD, LARGEST, packets, size
from showrunner.devices.vocabulary import (
    Answered,
    Condition,
    Ended,
    FrameAnswered,
    Happened,
    Heard,
    Send,
    Silent,
    Terms,
    Values,
)
from showrunner.engine.journal import Journal
from showrunner.running import orders
from showrunner.running.performance import Options, Performance
from showrunner.wires import osc
from showrunner.wires.loopback import World
from tests.joined import Joined, check_recorded, everybody, none, only, typed
from tests.stagehand import compiled

SECOND = 1_000_000
STAGE = everybody()
FRAMES = sorted((Path(table.__file__).parent / "frames").glob("*.jsonl"))
FROM = "127.0.0.1:4000"


@pytest.fixture
def stage():
    joined = Joined("osc").connect()
    joined.frames.clear()
    return joined


def message(address, *args):
    return {"address": address, "args": [list(pair) for pair in args]}


@pytest.mark.parametrize("path", FRAMES, ids=lambda path: path.stem)
def test_the_recorded_frames_are_what_driver_and_double_say(path):
    check_recorded("osc", path)


# --------------------------------------------------------------------------------------------------------- what is said


@pytest.mark.parametrize(
    ("written", "args"),
    [
        ("1", [["i", 1]]),
        ("1.0", [["f", 1.0]]),
        ("-0.5", [["f", -0.5]]),
        ("3000000000", [["h", 3_000_000_000]]),
        ("int 1.0 float 1", [["i", 1], ["f", 1.0]]),
        ('on off nil "on"', [["T", True], ["F", False], ["N", None], ["s", "on"]]),
        ('"int" 1', [["s", "int"], ["i", 1]]),
        ("", []),
    ],
)
def test_a_value_has_the_type_as_which_it_is_written(stage, written, args):
    stage.do(f'osc send "/a" {written}')
    assert stage.sent() == [{"address": "/a", "args": args}]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('osc send "go"', "an address of OSC begins with `/`, and `go` does not"),
        ('osc send "/a b"', "no blank stands in an address of OSC"),
        ('osc send "/cue/*"', "no `*` stands in an address of OSC"),
        ('osc set "/a?" 1', "no `?` stands in an address of OSC"),
        ('osc send "/a//b"', "between two `/`, and behind the last one, stands a name"),
        ('osc send "/a/"', "between two `/`, and behind the last one, stands a name"),
        ('osc ask "/a" for "b"', "an address of OSC begins with `/`, and `b` does not"),
        ('osc move "a" to 1 over 1s', "an address of OSC begins with `/`, and `a` does not"),
        ('osc send "/a" int 1.5', "`int` is for whole numbers, and 1.5 is none"),
        ('osc send "/a" int', "behind `int` stands a number"),
        ('osc send "/a" float "x"', "behind `float` stands a number"),
        ('osc send "/a" int on', "behind `int` stands a number"),
    ],
)
def test_what_osc_cannot_say_is_a_finding(line, said):
    with pytest.raises(AssertionError) as caught:
        typed(line)
    assert said in str(caught.value)


def test_what_is_sent_is_done_and_sent_once(stage):
    outputs = stage.do('osc send "/go"')
    assert [type(one) for one in outputs] == [Send, Answered]
    assert stage.driver.deadline is None


def test_what_is_set_is_sent_once_more_and_the_newest_counts(stage):
    stage.do('osc set "/dim" 0.1')
    stage.until(50_000)
    stage.do('osc set "/dim" 0.2')
    stage.until(SECOND)
    assert [frame["args"][0][1] for frame in stage.sent()] == [0.1, 0.2, 0.2]
    assert stage.double.visible(0) == "/dim 0.2"


def test_what_moves_is_never_whole_and_one_packet_holds_all_of_it(stage):
    answered = only(stage._carry((), stage.driver.frame("values", 1, {"/a": 1, "/b": 0.5}, 0)), FrameAnswered)
    assert answered == FrameAnswered(1, ok=True)
    assert stage.sent() == [{"bundle": [message("/a", ["f", 1.0]), message("/b", ["f", 0.5])]}]


def test_what_is_let_go_is_told_once_more_where_it_was_told_once_only(stage):
    stage._carry((), stage.driver.frame("values", 1, {"/a": 1, "/b": 2}, 0))
    stage.now = 100_000
    stage._carry((), stage.driver.frame("values", 2, {"/a": 1, "/b": 3}, 100_000))
    stage.frames.clear()
    assert only(stage.call("clear", "values", 3), FrameAnswered).ok
    stage.until(SECOND)
    assert stage.sent() == [message("/b", ["f", 3.0])]


def test_where_the_next_move_begins_is_what_was_told_last(stage):
    stage.do('osc set "/a" 5')
    stage.do('osc set "/b" "text"')
    assert only(stage.call("read", "values", ["/a", "/b", "/c"]), Values) == Values({"/a": 5}, "values")


def test_many_values_are_parted_into_packets_that_get_through():
    messages = [message(f"/avatar/parameters/number{n}", ["f", 0.5], ["s", "ä"], ["T", True]) for n in range(100)]
    parts = packets(messages)
    assert [one for part in parts for one in part["bundle"]] == messages
    for part in parts:
        (written,) = osc.write(part)
        assert len(written) == HEAD + sum(size(one["address"], one["args"]) for one in part["bundle"]) <= LARGEST
    assert packets([]) == []


# --------------------------------------------------------------------------------------------------------- what comes


def test_an_answer_ends_what_asked_for_it_and_is_an_event_too(stage):
    outputs = stage.do('osc ask "/version"')
    kinds = [type(one) for one in outputs]
    assert kinds == [Send, Answered, Heard, Ended, Happened]
    assert only(outputs, Ended) == Ended(1, 1, answer="5.4")


@pytest.mark.parametrize(
    ("args", "result", "answer"),
    [
        ([["i", 7]], "done", "7"),
        ([["s", "x"], ["f", 0.5]], "done", '["x",0.5]'),
        ([], "done", None),
        ([["s", '{"status": "ok", "data": [1]}']], "done", "[1]"),
        ([["s", '{"status": "error", "address": "/a"}']], "failed", None),
        ([["s", '{"a": 1}']], "done", '{"a": 1}'),
        ([["s", "{no JSON"]], "done", "{no JSON"),
        ([["s", "{" * 100_000]], "done", "{" * 100_000),
    ],
)
def test_what_an_answer_says_is_kept(stage, args, result, answer):
    stage.do('osc ask "/a" for "/b"')
    ended = only(stage.hear({"address": "/b", "args": args, "from": FROM}), Ended)
    assert (ended.result, ended.answer) == (result, answer)


def test_what_is_not_answered_has_failed_and_what_comes_later_is_an_event(stage):
    stage.do('osc ask "/a"')
    ended = only(stage.until(2 * SECOND), Ended)
    assert (ended.result, ended.reason) == ("failed", "nothing came at /reply/a within 2s")
    assert none(stage.hear({"address": "/reply/a", "args": [], "from": FROM}), Ended)
    stage.do('osc ask "/a"')
    stage.call("forget", 2, 1)
    assert stage.driver.deadline is None


def test_a_message_tells_its_arguments_where_it_came_to_and_from(stage):
    args = [["i", 1], ["s", "hello"], ["T", True], ["N", None], ["I", None], ["[", [["i", 1]]]]
    happened = only(stage.hear({"address": "/chat", "args": args, "from": FROM}), Happened)
    assert happened == Happened(
        "",
        {
            "value": 1,
            "arg1": 1,
            "arg2": "hello",
            "arg3": True,
            "arg4": "nil",
            "arg5": "impulse",
            "arg6": '[["i", 1]]',
            "count": 6,
            "address": "/chat",
            "sender": FROM,
        },
    )


(EVENT,) = devices.find("osc").events


@pytest.mark.parametrize(
    ("asked", "met"),
    [
        ({"ADDR": "/a/b"}, True),
        ({"ADDR": "/a"}, False),
        ({"ADDR": "/a/*"}, True),
        ({"ADDR": "/*"}, True),
        ({"ADDR": "/a/b/*"}, False),
        ({"ADDR": "/A/b"}, False),
        ({"ADDR": "/a/b", "NUMBER1": 7}, True),
        ({"ADDR": "/a/b", "NUMBER1": 7.0, "TEXT2": "x"}, True),
        ({"ADDR": "/a/b", "NUMBER1": 8}, False),
        ({"ADDR": "/a/b", "TEXT1": "7"}, False),
        ({"ADDR": "/a/b", "TEXT1": "*", "TEXT2": "*", "WORD3": "on"}, True),
        ({"ADDR": "/a/b", "NUMBER1": 7, "TEXT2": "x", "WORD3": "off"}, False),
        ({"ADDR": "/a/b", "NUMBER1": 7, "TEXT2": "x", "NUMBER3": 1}, False),
        ({"ADDR": "/a/b", "NUMBER1": 7, "TEXT2": "x", "WORD3": "on", "NUMBER4": 0.1}, True),
        ({"ADDR": "/a/b", "NUMBER1": 7, "TEXT2": "x", "WORD3": "on", "NUMBER4": 0.1001}, False),
    ],
)
def test_an_event_is_met_by_its_address_and_its_first_arguments(asked, met):
    said = {"arg1": 7, "arg2": "x", "arg3": True, "arg4": 0.10000000149011612, "address": "/a/b"}
    assert EVENT.met(asked, said) is met


def test_an_address_with_signs_of_a_pattern_is_taken_as_it_came():
    assert not EVENT.met({"ADDR": "/go"}, {"address": "/*"})


# ------------------------------------------------------------------------------------------------ ways, and the double


def test_it_is_ready_when_something_can_be_sent_whoever_is_there():
    driver = devices.find("osc").driver(Terms("osc", STAGE["osc"].settings, "0", lambda now: now))
    assert driver.connected(1, 0, "in") == []
    said = "sent to udp://127.0.0.1:53000; nobody answers by design"
    assert driver.connected(2, 0, "out") == [Condition("ready", said)]
    assert driver.disconnected(2, 0, "gone") == []
    assert driver.listen((), 0) == []
    assert "nothing is heard" in only(driver.listen(("",), 0), Condition).detail
    assert driver.panic(0) == [Silent()]


def test_the_double_talks_by_the_way_that_is_open_and_answers_as_it_was_told():
    double = devices.find("osc").double(Terms("osc", STAGE["osc"].settings, "0", lambda now: now))
    double.connected(1, 0, "out")
    (said,) = double.switch("event", '/go 1 0.5 "a b" on nil x', 0)[0]
    pairs = [["i", 1], ["f", 0.5], ["s", "a b"], ["T", True], ["N", None], ["s", "x"]]
    assert (said.connection, said.frame) == (1, {"address": "/go", "args": pairs})
    double.connected(2, 0, "in")
    assert double.switch("reply", '"/cues" [1, 2]', 0) == ([], None)
    (answer,) = double.received(1, message("/cues"), 0)
    said = [["s", '{"address": "/cues", "status": "ok", "data": [1, 2]}']]
    assert (answer.connection, answer.frame) == (2, {"address": "/reply/cues", "args": said})
    assert double.switch("reply", "/cues nonsense", 0)[1] == "`reply` takes ADDRESS JSON, not `/cues nonsense`"


@pytest.fixture
def play(tmp_path):
    def play(script, **options):
        (tmp_path / "a.show").write_text(script, "utf-8")
        return played(compiled(tmp_path / "a.show", STAGE)[0], **options)

    return play


def played(cues, *, lose_every=None, switches=()):
    world, entries = World(1_000), []
    fixture = STAGE["osc"]
    terms = Terms("osc", fixture.settings, "0", lambda now: now // 1000)
    double = fixture.device.double(terms)
    wire = world.join("osc", double, fixture.ways, lose_every=lose_every)
    for at, name, value in switches:
        world.switch("osc", at, name, value)
    show = Performance(cues, STAGE, {"osc": wire}, world, Journal(entries.append), Options(auto=True))
    assert show.standby(10 * SECOND) == {}
    return show.play(), entries, double


def test_a_lost_datagram_takes_no_state_from_the_stage(play):
    script = 'at 0s osc set "/a" 1; osc set "/b" 2\nat 1s osc move "/c" from 0 to 1 over 1s\nat 4s log "over"\n'
    for every in range(3, 8):
        result, _, double = play(script, lose_every=every)
        assert (result.result, result.bad) == ("done", False)
        assert set(double.visible(0).split(" · ")) == {"/a 1", "/b 2", "/c 1.0"}


def test_a_show_waits_for_a_message(play):
    script = 'at 0s wait for osc "/cue/*" 7 -> cue within 5s\nthen log "{cue} of {cue.count} at {cue.address}"\n'
    switches = [(SECOND, "event", "/cue/a 6"), (2 * SECOND, "event", "/cue/b 7 8")]
    result, entries, _ = play(script, switches=switches)
    assert result.result == "done"
    assert [one["message"] for one in entries if one["kind"] == "log"] == ["7 of 2 at /cue/b"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('wait for osc "go" within 1s', "an address of OSC begins with `/`, and `go` does not"),
        ('wait for osc "/a b/*" within 1s', "no blank stands in an address of OSC"),
        ('wait for osc "/cue/*/done" within 1s', "no `*` stands in an address of OSC"),
        ("wait for osc go within 1s", 'for example `wait for osc "/cue/7/done" within 1m`'),
    ],
)
def test_what_can_never_come_is_a_finding(tmp_path, line, said):
    (tmp_path / "a.show").write_text(f"at 0s {line}\n", "utf-8")
    with pytest.raises(AssertionError) as caught:
        compiled(tmp_path / "a.show", STAGE)
    assert said in str(caught.value)


def test_a_message_is_let_happen_in_a_dry_run_as_it_is_waited_for():
    (planned,) = orders.events("--event", ('osc "/cue/1" 7 "x" sender=me@3s',), STAGE)
    fields = {"value": 7, "arg1": 7, "arg2": "x", "count": 2, "address": "/cue/1", "sender": "me"}
    assert (planned.at, planned.name, planned.fields) == (3 * SECOND, "osc ", fields)
    assert EVENT.met({"ADDR": "/cue/*", "NUMBER1": 7}, planned.fields)

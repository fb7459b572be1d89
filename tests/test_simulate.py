"""`showrunner simulate` and the doubles of `run`: faults on order, what the audience sees, several of a kind."""

import io
import json
import os
import re
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import websocket as peer

from showrunner import cli
from showrunner.devices.switches import FaultsOnOrder
from showrunner.devices.vocabulary import Emit, Fixture, Hang
from showrunner.diagnostics.refusal import Refusal
from showrunner.running.audience import OFTEN, Audience
from showrunner.running.dry_run import double
from showrunner.running.faults import TAKES, faults, read
from showrunner.running.simulation import Simulation, host
from showrunner.running.wiring import wiring
from showrunner.show.stage import STANDARD, standard
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.trouble import GARBLED, Mischief, Trouble
from tests.pressing import Pressed
from tests.ways import DIALLED

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="no such signal to send there")


@pytest.fixture
def closing():
    opened = []
    yield lambda thing: opened.append(thing) or thing
    for thing in reversed(opened):
        thing.close()


def hosted(name, **options):
    fixture = standard()[name].played
    made = HostedDouble(name, double(fixture, None, lambda now: now // 1000), {DIALLED: "ws://localhost:0"}, **options)
    made.open()
    return made


def dial(url):
    return peer.create_connection(url, timeout=10, suppress_origin=True)


def ask(client, action, **fields):
    client.send(json.dumps({"action": action, "id": "7", **fields}))
    return json.loads(client.recv())


# --------------------------------------------------------------------------------------------------- trouble on the way


def sent(trouble, times):
    mischief = Mischief(trouble)
    out = [mischief.out(Emit(1, {"n": number})) for number in range(1, times + 1)]
    return [[one.frame if isinstance(one, Emit) else "hang" for one in each] for each in out]


def test_without_an_order_everything_goes_out_as_it_is():
    assert sent(Trouble(), 3) == [[{"n": 1}], [{"n": 2}], [{"n": 3}]]
    assert Mischief(Trouble()).delay() == 0
    assert Mischief(Trouble()).nudge() is None


def test_every_nth_message_is_lost_or_garbled_or_the_last_of_its_connection():
    assert sent(Trouble(lose_every=2), 4) == [[{"n": 1}], [], [{"n": 3}], []]
    assert sent(Trouble(drop_every=2), 4) == [[{"n": 1}], [{"n": 2}, "hang"], [{"n": 3}], [{"n": 4}, "hang"]]
    assert sent(Trouble(garbage_every=3), 6)[2::3] == [[GARBLED[0], {"n": 3}], [GARBLED[1], {"n": 6}]]


def test_a_hang_of_the_double_itself_is_no_message():
    mischief = Mischief(Trouble(lose_every=1))
    assert mischief.out(Hang(1)) == (Hang(1),)
    assert mischief.out(Emit(1, {})) == []


def test_jitter_is_the_same_for_the_same_seed():
    delays = [[Mischief(Trouble(10, 1000, seed)).delay() for _ in range(1)] for seed in (1, 1, 2)]
    series = [[one.delay() for _ in range(50)] for one in (Mischief(Trouble(10, 1000, s)) for s in (1, 1, 2))]
    assert delays[0] == delays[1]
    assert series[0] == series[1] != series[2]
    assert all(10 <= delay <= 1010 for delay in series[0])


def test_a_dropped_connection_is_taken_up_again_and_counts_on(closing):
    url = closing(hosted("animaze", trouble=Trouble(drop_every=3))).url
    for _ in range(2):
        client = dial(url)
        for _ in range(3):
            assert ask(client, "TriggerEmote", itemName="Emote_Wave")["itemName"] == "Emote_Wave"
        assert client.recv() == ""  # the closing greeting
        client.shutdown()


def test_nonsense_comes_before_the_answer(closing):
    client = dial(closing(hosted("animaze", trouble=Trouble(garbage_every=1))).url)
    for garbled in GARBLED:
        client.send(json.dumps({"action": "GetAvatars", "id": "7"}))
        assert client.recv() == garbled
        assert json.loads(client.recv())["id"] == "7"
    client.close()


def test_unasked_events_come_in_turn(closing):
    nudges = (("event", "AvatarChanged"), ("event", "ChatbotSpeechEnded"))
    client = dial(closing(hosted("animaze", trouble=Trouble(nudge_every=20_000, nudges=nudges))).url)
    told = [json.loads(client.recv())["event"] for _ in range(4)]
    first = told.index("AvatarChanged")
    assert told[first : first + 2] == ["AvatarChanged", "ChatbotSpeechEnded"]
    client.close()


def test_a_goodbye_that_is_never_answered_leaves_the_connection_open_until_the_client_goes(closing):
    double_ = closing(hosted("animaze", trouble=Trouble(no_goodbye=True)))
    client = dial(double_.url)
    assert ask(client, "GetAvatars")["id"] == "7"
    client.send_close()
    client.settimeout(0.3)
    with pytest.raises(peer.WebSocketTimeoutException):
        client.recv()
    client.shutdown()
    again = dial(double_.url)
    assert ask(again, "GetAvatars")["id"] == "7"
    again.send_close()
    double_.close()  # though that connection is still open
    again.shutdown()


def test_a_goodbye_is_answered_otherwise(closing):
    client = dial(closing(hosted("animaze")).url)
    client.send_close()
    assert client.recv_data(control_frame=True)[0] == peer.ABNF.OPCODE_CLOSE
    client.shutdown()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_double_on_localhost_is_found_on_both_loopbacks(closing, host):
    try:
        socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError:
        pytest.skip(f"this machine has no {host}")
    port = closing(hosted("live2d")).url.rpartition(":")[2].rstrip("/")
    client = dial(f"ws://[{host}]:{port}/" if ":" in host else f"ws://{host}:{port}/")
    client.send("no JSON")
    assert json.loads(client.recv())["Data"] == {"ErrorType": "InvalidJson"}
    client.close()


# ------------------------------------------------------------------------------------------ faults, as a user says them


def test_a_double_counts_to_the_request_that_gets_the_error():
    ordered = FaultsOnOrder()
    assert ordered.order("error", "3 Not now") is None
    assert [ordered.refuse() for _ in range(4)] == [None, None, "Not now", None]
    assert ordered.order("error", "404") is None
    assert [ordered.refuse() for _ in range(2)] == ["404", None]
    assert ordered.order("error", "0 is no number of a request") is None
    assert ordered.refuse() == "0 is no number of a request"
    assert ordered.order("error", " ") == "`error` needs the words of the error"


def test_faults_are_read_for_one_or_for_all():
    devices = {name: fixture.device for name, fixture in standard().items()}
    found = read("--fault", ["latency=40ms", "live2d:silent=5", "animaze:error=2 a:b=c", "no-goodbye"], devices)
    assert found["animaze"].trouble.latency == found["aituber"].trouble.latency == 40_000
    assert found["live2d"].switches == (("fault", "silent 5"),)
    assert found["animaze"].switches == (("fault", "error 2 a:b=c"),)
    assert found["aituber"].switches == ()
    assert all(one.trouble.no_goodbye for one in found.values())


def test_a_switch_of_a_double_is_ordered_as_a_fault_from_those_that_have_it():
    devices = {name: fixture.device for name, fixture in standard().items()}
    found = read(
        "--fault", ["live2d:mode=Physics", "profile=next", "garbage", "aituber:reload"], devices, {"seed": "3"}
    )
    assert found["live2d"].switches == (("mode", "Physics"), ("fault", "garbage"))
    assert found["animaze"].switches == (("profile", "next"), ("fault", "garbage"))
    assert found["aituber"].switches == (("fault", "garbage"), ("reload", None))
    assert {one.trouble.seed for one in found.values()} == {3}
    with pytest.raises(Refusal, match="it is `mode=NAME`, not `mode`"):
        read("--fault", ["live2d:mode"], devices)
    with pytest.raises(Refusal, match="no fault called `mode`"):
        read("--fault", ["animaze:mode=Physics"], devices)


def test_every_fault_is_read_into_something():
    device = standard()["animaze"].device
    values = {"TIME": "2s", "N": "3", "[N] TEXT": "no", "": ""}
    calm = faults(device, {})
    assert [name for name, form in TAKES.items() if faults(device, {name: values[form]}) == calm] == []


@pytest.mark.parametrize("name", STANDARD)
def test_the_unasked_events_of_a_device_are_switches_of_its_double(name):
    fixture = standard()[name]
    nudges = faults(fixture.device, {"event-every": "1s"}).trouble.nudges
    made = double(fixture.played, None, lambda now: now)
    made.connected(1, 0)
    assert nudges
    assert made.switch(*nudges[0], 0)[1] is None


def test_what_a_double_cannot_do_is_a_warning(closing):
    fixture, warned = standard()["aituber"], []
    ordered = {"mika": faults(fixture.device, {"error": "no"})}
    closing(host(Simulation({"mika": fixture}, faults=ordered), lambda _: None, warned.append)["mika"])
    closing(made := wiring({"mika": fixture}, frozenset({"mika"}), {}, lambda now: now, ordered))
    closing(made.wires["mika"])
    assert warned == made.notes == ["mika cannot do `error no`"]


# --------------------------------------------------------------------------------------------------------- the audience


class Watched:
    def __init__(self, names, labelled=frozenset()):
        self.now = 100.0
        self.lines = []
        self.audience = Audience(names, self.lines.append, labelled, lambda: self.now)

    def see(self, after, name, shown):
        self.now += after
        self.audience.see(name, shown)


def test_the_audience_sees_one_picture_of_all_doubles():
    watched = Watched(("animaze", "live2d", "guest"), frozenset({"guest"}))
    watched.see(0, "live2d", "Modeling")
    assert watched.lines == []
    watched.audience.begin()
    watched.see(5, "animaze", "avatar Avatar03 · emote Emote_Angry")
    watched.see(0.001, "live2d", "Modeling · ParamAngleY 10.0 until 7.0 s")
    watched.see(0.001, "guest", "avatar Fox")
    assert watched.lines == [
        "0.000 s  Modeling",
        "5.000 s  avatar Avatar03 · emote Emote_Angry · Modeling",
        "5.001 s  avatar Avatar03 · emote Emote_Angry · Modeling · ParamAngleY 10.0 until 7.0 s",
        "5.002 s  avatar Avatar03 · emote Emote_Angry · Modeling · ParamAngleY 10.0 until 7.0 s · guest: avatar Fox",
    ]


def test_a_value_that_is_only_sent_again_is_no_news():
    watched = Watched(("live2d",))
    watched.audience.begin()
    for second in range(1, 5):
        watched.see(1, "live2d", f"ParamAngleY 10.0 until {second}.5 s")
    assert watched.lines == ["1.000 s  ParamAngleY 10.0 until 1.5 s"]


def test_a_value_that_moves_is_written_now_and_then_and_its_end_always():
    watched = Watched(("live2d",))
    watched.audience.begin()
    for step in range(100):
        watched.see(0.01, "live2d", f"ParamAngleY {step / 10} until {step / 100:.1f} s")
    written = [line.split()[3] for line in watched.lines]
    assert len(written) == 4
    watched.now += OFTEN
    watched.audience.glance()
    watched.audience.glance()
    assert watched.lines[4:] == ["1.250 s  ParamAngleY 9.9 until 1.0 s"]


# --------------------------------------------------------------------------------------------------------- the commands


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["showrunner", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as left:
            cli.main()
        caught = capsys.readouterr()
        return left.value.code or 0, caught.out, caught.err

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["simulate", "--profile", "old"], "--profile is `stable` or `next`, not `old`"),
        (["simulate", "--latency", "5"], "--latency is a time like `250ms` or `2s`, not `5`"),
        (["simulate", "--drop-every", "0"], "--drop-every is a whole number from 1, not `0`"),
        (["simulate", "--ping", "1"], "--ping is a time like `250ms` or `2s`, not `1`"),
        (["simulate", "--ping", "0s"], "--ping is a time like `250ms` or `2s`, not `0s`"),
        (["simulate", "--port", "gest=9100"], "--port names a device that is played, as in `animaze=9100`, and `gest`"),
        (["simulate", "--port", "guest=99999"], "--port guest= wants a whole number from 0 to 65535, not `99999`"),
        (["simulate", "--seed", "x"], "--seed is a whole number from 0, not `x`"),
        (["simulate", "--error", " "], "--error needs the words of the error"),
        (["simulate", "gest"], "simulate: the stage has no device called `gest`\nhelp: did you mean `guest`?"),
        (["simulate", "--catalogue", "bad.yaml"], "the catalogue has mistakes"),
        (["run", "a.show", "--fault", "silent=3"], "--fault is for doubles, and there are none"),
        (["run", "a.show", "--doubles", "all", "--fault", "silnt=3"], "there is no fault called `silnt`"),
        (["run", "a.show", "--doubles", "all", "--fault", "silent"], "--fault: it is `silent=N`, not `silent`"),
        (["run", "a.show", "--doubles", "all", "--fault", "gest:silent=1"], "help: did you mean `guest`?"),
        (["run", "a.show", "--doubles", "all", "--fault", "latency=x"], "--fault latency is a time like"),
    ],
)
def test_wrong_usage_leaves_with_2_and_says_what_to_do(run, tmp_path, words, said):
    (tmp_path / "stage.yaml").write_text("devices: {guest: {driver: animaze}}\n")
    (tmp_path / "a.show").write_text("at 0s animaze emote Emote_Wave\n")
    (tmp_path / "bad.yaml").write_text("animaze: {emoticons: [x]}\n")
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert said in err


def test_a_port_that_is_taken_is_said_with_a_way_out_and_nothing_is_left_open(run, closing):
    taken = closing(socket.create_server(("127.0.0.1", 0)))
    port = taken.getsockname()[1]
    code, out, err = run("simulate", "animaze", "live2d", "--animaze", "0", "--live2d", str(port))
    assert code == 2
    assert out.startswith("animaze: listens at ")
    assert f"live2d cannot listen at ws://localhost:{port}: " in err
    assert err.endswith("help: end what listens there, or choose another port: --live2d PORT\n")


def test_a_show_on_faulty_doubles_has_every_outcome(run, tmp_path):
    (tmp_path / "a.show").write_text("at 0s animaze emote Emote_Wave; guest emote Emote_Angry\n")
    (tmp_path / "stage.yaml").write_text("devices: {guest: {driver: animaze, url: 'ws://192.0.2.7:9000'}}\n")
    words = ("--doubles", "all", "--yes", "--journal", "j", "--fault", "guest:error=Not now", "--fault", "latency=1ms")
    code, _, _ = run("run", "a.show", *words)
    entries = [json.loads(line) for line in (tmp_path / "j").read_text(encoding="utf-8").splitlines()]
    assert code == 3
    assert sorted((e["result"], e.get("reason")) for e in entries if e["kind"] == "outcome") == [
        ("done", None),
        ("failed", "Not now"),
    ]


def test_a_run_shows_what_the_audience_of_its_doubles_sees(run, tmp_path):
    (tmp_path / "a.show").write_text("at 20ms animaze scene Stream\nat 40ms live2d set ParamAngleY 10 for 30ms\n")
    code, _, err = run("run", "a.show", "--doubles", "all", "--yes", "--verbose")
    assert code == 0
    seen = [line.partition(" s  ")[2] for line in err.splitlines() if re.match(r"\d+\.\d{3} s  ", line)]
    first, stream = "avatar avatar03 · scene Spaceship", "avatar avatar03 · scene Stream · Modeling"
    assert seen[0] in {first, f"{first} · Modeling"}
    assert stream in seen
    assert f"{stream} · ParamAngleY 10.0" in seen


class Simulating:
    """`simulate` in a process of its own, until it is interrupted."""

    def __init__(self, here, *words):
        self.process = Pressed(
            "simulate",
            *words,
            cwd=here,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "SHOWRUNNER_STATE": str(here / "state")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def __enter__(self):
        for line in self.process.stderr:
            if "Ctrl-C" in line:
                return self
        raise AssertionError("it never began")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()

    def line(self):
        with ThreadPoolExecutor(1) as reader:
            return reader.submit(self.process.stdout.readline).result(timeout=30)

    def end(self):
        self.process.ctrl_c()
        with ThreadPoolExecutor(2) as readers:
            out, err = (readers.submit(stream.read) for stream in (self.process.stdout, self.process.stderr))
            code = self.process.wait(timeout=30)
            return code, out.result(timeout=30), err.result(timeout=30)


@UNIX
def test_the_devices_of_a_stage_are_played_each_by_its_name(run, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "stage.yaml").write_text(
        f"devices:\n  animaze: {{url: 'ws://localhost:{port}'}}\n"
        f"  guest: {{driver: animaze, url: 'ws://192.0.2.7:{port}'}}\n"
    )
    with Simulating(tmp_path, "animaze", "guest", "--verbose") as simulating:
        urls = [re.fullmatch(r"\w+: listens at (\S+?)(, in place of \S+)?\n", simulating.line())[1] for _ in range(2)]
        assert run("double", "guest", "avatar", "AvatarBomb")[0] == 0
        (tmp_path / "stage.yaml").write_text(
            f"devices:\n  animaze: {{url: '{urls[0]}'}}\n  guest: {{driver: animaze, url: '{urls[1]}'}}\n"
        )
        (tmp_path / "a.show").write_text("at 0s guest emote Emote_Wave\nat 20ms animaze scene Stream\n")
        assert run("run", "a.show", "--yes")[0] == 0
        code, out, err = simulating.end()
    assert (code, err.strip()) == (0, "")
    lines = [line.partition(" s  ")[2] for line in out.splitlines() if " s  " in line]
    first = "avatar avatar03 · scene Spaceship · guest: avatar avatar03 · scene Spaceship"
    assert lines[:2] == [first, "avatar avatar03 · scene Spaceship · guest: avatar AvatarBomb · scene Spaceship"]
    assert lines[2:4] == [
        "avatar avatar03 · scene Spaceship · guest: avatar AvatarBomb · scene Spaceship · emote Emote_Wave",
        "avatar avatar03 · scene Stream · guest: avatar AvatarBomb · scene Spaceship · emote Emote_Wave",
    ]


@UNIX
def test_the_ports_of_doubles_are_given_by_name(closing):
    stage = standard()
    said = []
    guest = Fixture("guest", stage["animaze"].device, stage["animaze"].settings)
    simulation = Simulation({"guest": guest, "aituber": stage["aituber"]}, ports={"guest": 0, "aituber.page": 8123})
    for one in host(simulation, said.append, said.append).values():
        closing(one)
    assert re.fullmatch(r"guest: listens at ws://localhost:[1-9]\d*/", said[0])
    assert said[1] == "aituber: its page dials ws://localhost:8123/ws"


def test_who_comes_goes_and_is_dropped_is_told_where_asked_for(tmp_path):
    with Simulating(tmp_path, "live2d", "--live2d", "0", "--verbose", "--ping", "200ms", "--ask") as simulating:
        url = simulating.line().split()[-1]
        assert simulating.line().endswith(" s  Modeling · not allowed\n")
        client = dial(url)
        assert simulating.line() == "live2d: 1 has come from 127.0.0.1\n"
        client.send_close()
        assert simulating.line() == "live2d: 1 has gone: the program closed the connection\n"
        sleeper = dial(url)  # it reads nothing, so it answers no ping
        assert simulating.line() == "live2d: 2 has come from 127.0.0.1\n"
        assert simulating.line() == "live2d: 2 was dropped: it no longer answers\n"
        for one in (client, sleeper):
            one.shutdown()
        assert simulating.end()[0] == 0


def test_a_page_that_is_ordered_to_ping_cannot(closing):
    said = []
    simulation = Simulation({"aituber": standard()["aituber"]}, {"aituber": "ws://localhost:1/ws"}, ping=1_000_000)
    closing(host(simulation, lambda _: None, said.append)["aituber"])
    assert said == ["aituber pings nobody: it is a page that dials"]


@UNIX
def test_what_programs_of_others_cannot_do_without_is_an_option(tmp_path):
    with Simulating(tmp_path, "live2d", "--live2d", "0", "--edit-approval") as simulating:
        client = dial(simulating.line().split()[-1])

        def ask(method, **data):
            client.send(json.dumps({"Version": "1.0.1", "Type": "Request", "Method": method, "Data": data}))
            return json.loads(client.recv())["Data"]

        ask("RegisterPlugin", Name="Some program")
        assert ask("GetIsEditApproval") == {"Result": False}
        client.shutdown()
        assert simulating.end()[0] == 0


@UNIX
def test_every_message_is_shown_where_asked_for(tmp_path):
    with Simulating(tmp_path, "animaze", "--animaze", "0", "--messages") as simulating:
        url = simulating.line().split()[-1]
        client = dial(url)
        ask(client, "TriggerEmote", itemName="Emote_Wave")
        client.close()
        assert simulating.line() == 'animaze: <- {"action":"TriggerEmote","id":"7","itemName":"Emote_Wave"}\n'
        assert simulating.line() == 'animaze: -> {"action":"TriggerEmote","id":"7","itemName":"Emote_Wave"}\n'
        assert simulating.end()[0] == 0


def test_the_help_of_double_names_every_switch_of_every_double(run):
    code, out, _ = run("double", "--help")
    assert code == 0
    rows = {row[0]: " ".join(row[1:]) for row in (re.split(r"\s+", line.strip()) for line in _joined(out))}
    for name, fixture in standard().items():
        _, wrong = double(fixture.played, None, lambda now: now).switch("nonsense", None, 0)
        known = [word.split()[0] for word in wrong.rpartition("there are ")[2].split(",")]
        assert len(known) >= 5
        assert [
            switch for switch in known if not re.search(rf"(^|, ){switch}\b", rows[name]) and switch != "fault"
        ] == []


def _joined(out):
    """Give the help's lines, those that go on a row put behind it."""
    lines = []
    for line in out.splitlines():
        if line.startswith("           ") and lines:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
    return lines

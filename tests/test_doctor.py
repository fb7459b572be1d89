"""`showrunner doctor`: every state a device can be found in, on real sockets of this machine."""

import io
import json
import socket
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from showrunner import cli
from showrunner.devices import find
from showrunner.devices.aituber.table import ORIGINS
from showrunner.running.dry_run import double
from showrunner.show.stage import standard
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.websocket import ClientWire


class Ran:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    def told(self, label):
        return [line.strip().partition(" ")[2].strip() for line in self.out.splitlines() if f" {label}:" in line]


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def doctor(here, capsys, monkeypatch):
    assert here

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["showrunner", "doctor", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        with pytest.raises(SystemExit) as left:
            cli.main()
        caught = capsys.readouterr()
        return Ran(left.value.code or 0, caught.out, caught.err)

    return run


def hosted(name, url="ws://localhost:0", seed="0"):
    fixture = standard()[name].played
    made = HostedDouble(name, double(fixture, None, lambda now: now // 1000, seed), {fixture.ways[0]: url})
    made.open()
    return made


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def staged(limit="20s", **devices):
    """Write the stage file: devices with their settings."""
    lines = ["devices:"]
    for name, settings in devices.items():
        lines += [f"  {name}:", *(f"    {key.replace('_', '-')}: '{value}'" for key, value in settings.items())]
    Path("stage.yaml").write_text("\n".join([*lines, f"defaults: {{connect-timeout: {limit}}}", ""]), encoding="utf-8")


class Talking:
    """A program that says one thing to whoever comes."""

    def __init__(self, said):
        self.said = said
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            met, _ = self.listening.accept()
            with met:
                if not met.recv(4096):
                    return
                met.sendall(self.said)

    def close(self):
        with socket.create_connection(("127.0.0.1", self.port)):
            pass
        self.thread.join()
        self.listening.close()


# ---------------------------------------------------------------------------------------------------------- all is well


def test_all_ready_is_said_with_what_there_is_and_leaves_with_0(doctor, closing):
    port = free_port()
    staged(
        animaze={"url": closing(hosted("animaze")).url},
        live2d={"url": closing(hosted("live2d")).url},
        aituber={"url": f"ws://localhost:{port}/ws", "settle": "1ms"},
    )
    closing(hosted("aituber", f"ws://localhost:{port}/ws"))
    ran = doctor()
    assert (ran.code, ran.err) == (0, "3 of 3 devices ready\n")
    assert [line for line in ran.out.splitlines() if line[0] != " "] == [
        "animaze: ready",
        "live2d: ready",
        "aituber: ready",
    ]
    animaze, live2d, aituber = ran.told("found")
    assert animaze == "3 avatars, 3 scenes, 3 emotes, 2 quickscenes, 3 actions, 2 poses, 3 idles"
    assert live2d == "13 parameters"
    assert aituber == "1 page open"
    assert ran.told("tried")[2] == f"waited for the page at ws://localhost:{port}/ws"
    assert ran.told("next") == []


def test_only_the_devices_that_are_named_are_reached(doctor, closing, here):
    guest = closing(hosted("animaze"))
    (here / "other.yaml").write_text(f"devices:\n  guest: {{driver: animaze, url: '{guest.url}'}}\n")
    ran = doctor("--stage", "other.yaml", "--device", "guest")
    assert (ran.code, ran.err) == (0, "1 of 1 device ready\n")
    assert ran.out.startswith(f"guest: ready\n  tried: {guest.url}\n")


def test_a_second_visit_needs_no_new_permission(doctor, closing, here):
    editor = closing(hosted("live2d"))
    staged(live2d={"url": editor.url})
    assert doctor("--device", "live2d").code == 0
    assert (here / "state" / "tokens.json").exists()
    assert doctor("--device", "live2d").code == 0


# --------------------------------------------------------------------------------------------------- something is amiss


@pytest.mark.parametrize(
    ("name", "said"),
    [("animaze", "Settings > Animaze API > Enabled"), ("live2d", "External Application Integration Settings")],
)
def test_a_program_that_does_not_run_or_has_its_api_switched_off(doctor, name, said):
    staged(**{name: {"url": f"ws://localhost:{free_port()}"}})
    ran = doctor("--device", name)
    assert (ran.code, ran.err) == (4, "0 of 1 device ready\n")
    assert ran.out.startswith(f"{name}: not ready\n")
    assert "nothing listens there" in ran.told("found")[0]
    assert said in ran.told("next")[0]
    assert "is it running" in ran.told("next")[0]


def test_a_host_that_nobody_knows(doctor):
    staged(animaze={"url": "ws://nowhere.invalid:9000"})
    ran = doctor("--device", "animaze")
    assert (ran.code, ran.told("found")) == (4, ["no machine of that name is known"])
    assert "`url` of `animaze`" in ran.told("next")[0]


@pytest.mark.parametrize("said", [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"220 smtp\r\n"])
def test_another_program_on_the_port(doctor, closing, said):
    staged(animaze={"url": f"ws://localhost:{closing(Talking(said)).port}"})
    ran = doctor("--device", "animaze")
    assert ran.code == 4
    assert "no WebSocket" in ran.told("found")[0]
    assert "another program has that port" in ran.told("next")[0]


def test_a_program_that_lets_only_some_in(doctor, closing):
    refusal = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    staged(animaze={"url": f"ws://localhost:{closing(Talking(refusal)).port}"})
    ran = doctor("--device", "animaze")
    assert (ran.code, ran.told("found")) == (4, ["it refused the connection (HTTP 403)"])


@pytest.mark.parametrize(("name", "other"), [("animaze", "live2d"), ("live2d", "animaze")])
def test_a_program_of_another_kind_answers(doctor, closing, name, other):
    staged("1s", **{name: {"url": closing(hosted(other)).url}})
    ran = doctor("--device", name)
    assert (ran.code, ran.told("found")) == (4, [f"it takes connections, but does not answer as {name} does"])
    assert "another program has that port" in ran.told("next")[0]


def test_the_editor_waits_for_allow(doctor, closing):
    editor = closing(hosted("live2d"))
    editor.switch("allow", "off")
    staged(live2d={"url": editor.url})
    ran = doctor("--device", "live2d")
    assert (ran.code, ran.told("found")) == (4, ["it answers, but the Cubism Editor has not allowed this program yet"])
    assert "tick Allow beside `showrunner`" in ran.told("next")[0]


def test_the_editor_has_no_model_open(doctor, closing):
    editor = closing(hosted("live2d"))
    editor.switch("model", "close")
    staged(live2d={"url": editor.url})
    ran = doctor("--device", "live2d")
    assert ran.code == 4
    assert "No model is open in the Cubism Editor" in ran.told("next")[0]


def test_the_editor_refuses_to_register(doctor, closing):
    editor = closing(hosted("live2d"))
    editor.switch("fault", "error InvalidData")
    staged(live2d={"url": editor.url})
    ran = doctor("--device", "live2d")
    assert (ran.code, ran.told("found")) == (4, ["it answers, but the Cubism Editor refuses to register this program"])
    assert "initialise the tokens" in ran.told("next")[0]


def test_the_editor_speaks_another_version(doctor, closing, monkeypatch):
    monkeypatch.setattr("showrunner.devices.live2d.handshake.VERSIONS", ("2.0.0",))
    staged(live2d={"url": closing(hosted("live2d")).url})
    ran = doctor("--device", "live2d")
    assert ran.code == 4
    assert ran.told("found") == [
        "it answers, but the Cubism Editor knows none of the versions of its API that are known here"
    ]


def test_our_own_port_is_taken(doctor):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        staged(aituber={"url": f"ws://localhost:{port}/ws"})
        ran = doctor("--device", "aituber")
    assert ran.code == 4
    assert f"port {port} is taken" in ran.told("found")[0]
    assert "end the other program" in ran.told("next")[0]


def test_no_page_is_open(doctor):
    staged("200ms", aituber={"url": f"ws://localhost:{free_port()}/ws"})
    ran = doctor("--device", "aituber")
    assert (ran.code, ran.told("found")) == (4, ["no page came"])
    assert "is the page open" in ran.told("next")[0]


def test_a_page_of_another_site_is_named(doctor, closing):
    port = free_port()
    staged("1500ms", aituber={"url": f"ws://localhost:{port}/ws"})
    wire = ClientWire("0", f"ws://localhost:{port}/ws", RealInbox(), pauses=(0.05, 0.05), origin="http://evil.example")
    closing(wire).open()
    ran = doctor("--device", "aituber")
    assert ran.code == 4
    assert ran.told("found") == ["a page from http://evil.example wanted in and was refused"]
    assert "`origins` of `aituber`" in ran.told("next")[0]


def test_a_page_that_was_given_half_the_address_is_named(doctor, closing):
    port = free_port()
    staged("1500ms", aituber={"url": f"ws://localhost:{port}/ws"})
    closing(ClientWire("0", f"ws://localhost:{port}/", RealInbox(), pauses=(0.05, 0.05), origin=ORIGINS[0])).open()
    ran = doctor("--device", "aituber")
    assert ran.code == 4
    assert ran.told("found") == ["a page asked for /, but the address ends in /ws"]
    assert ran.told("next") == ["in the page's settings, write the address as it stands above, its end too"]


def test_one_that_is_missing_does_not_hide_the_others(doctor, closing):
    staged(
        animaze={"url": closing(hosted("animaze")).url},
        live2d={"url": f"ws://localhost:{free_port()}"},
    )
    ran = doctor("--device", "live2d", "--device", "animaze")
    assert (ran.code, ran.err) == (4, "1 of 2 devices ready\n")
    assert ran.out.startswith("animaze: ready\n")
    assert "live2d: not ready\n" in ran.out


# ------------------------------------------------------------------------------------------------------- voice and stop


class Control:
    """AITuberKit's HTTP control, as far as it can be asked how things stand. ``pages``: their client ids."""

    def __init__(self, *pages, status=200, receiver=True, told=None):
        self.asked = []
        rows = [{"configuredClientId": one, "lastSeenAt": 10_000, "connected": True} for one in pages]
        # This one was closed a while ago: it stays in the list for 90 s.
        rows.append({"configuredClientId": "studio", "lastSeenAt": 1_000, "connected": True})
        state = {"ok": True, "status": {"messageReceiverEnabled": receiver}}
        control = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self):
                control.asked.append((self.path, self.headers["Authorization"]))
                said = {"receivers": rows} if self.path == "/api/v1/receivers/" else state
                body = json.dumps(said if told is None else told).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def voice(closing, here, monkeypatch):
    """Give a page that is there, on a stage with the settings ``more``."""

    def stand(more="", pages=1):
        port = free_port()
        monkeypatch.setenv("AITUBERKIT_API_KEY", "not-to-be-seen")
        here.joinpath("stage.yaml").write_text(
            f"devices:\n  aituber: {{url: 'ws://localhost:{port}/ws', settle: 1s, speech-rate: 200{more}}}\n"
        )
        opened = [closing(hosted("aituber", f"ws://localhost:{port}/ws", str(number))) for number in range(pages)]
        return opened[0]

    return stand


@pytest.mark.parametrize(
    ("pages", "more", "right", "said", "next_"),
    [
        (["studio"], {}, True, "the key is right, and 1 page with the client id `studio` is there", None),
        (["live"], {}, False, "no page has the client id `studio`: there is `live`", "NEXT_PUBLIC_CLIENT_ID"),
        (
            [""],
            {},
            False,
            "no page has the client id `studio`: the pages that are open have none",
            "NEXT_PUBLIC_CLIENT",
        ),
        (["studio"], {"receiver": False}, False, "its message receiver is off", "NEXT_PUBLIC_MESSAGE_RECEIVER_ENABLED"),
        (["studio", "studio"], {}, False, "only one hears of a stop", "another client id"),
        ([], {"told": {"receivers": []}}, False, "AITuberKit knows no page", "NEXT_PUBLIC_AITUBERKIT_API_KEY"),
        ([], {"told": [1]}, False, "what answers there is not AITuberKit", "`url` of `api`"),
        ([], {"status": 401}, False, "the key is not the one in its AITUBERKIT_API_KEY", None),
        ([], {"status": 503}, False, "it has no key", None),
        ([], {"status": 403}, False, "restricted mode", None),
        ([], {"status": 308}, False, "HTTP 308", None),
    ],
)
def test_the_stop_is_tried_before_the_evening(doctor, closing, voice, pages, more, right, said, next_):
    control = closing(Control(*pages, **more))
    url = f"http://127.0.0.1:{control.server.server_port}"
    voice(f", api: {{url: '{url}', client: studio, key-env: AITUBERKIT_API_KEY}}")
    ran = doctor("--device", "aituber")
    assert ran.out.startswith("aituber: ready\n" if right else "aituber: ready, but not all is well\n")
    assert ran.code == (0 if right else 4)
    assert said in ran.told("stop")[0]
    assert [next_ in one for one in ran.told("next")] == ([] if next_ is None else [True])
    assert "not-to-be-seen" not in ran.out + ran.err
    assert {key for _, key in control.asked} == {"Bearer not-to-be-seen"}
    asked = {path for path, _ in control.asked}
    assert asked <= {"/api/v1/receivers/", "/api/v1/status/?clientId=studio", "/api/v1/events/"}


def test_a_key_that_is_not_set_is_told_and_nothing_is_asked(doctor, closing, voice, monkeypatch):
    control = closing(Control("studio"))
    voice(f", api: {{url: 'http://127.0.0.1:{control.server.server_port}', client: s, key-env: AITUBERKIT_API_KEY}}")
    monkeypatch.delenv("AITUBERKIT_API_KEY")
    ran = doctor("--device", "aituber")
    assert (ran.code, ran.told("stop")) == (4, ["the environment variable AITUBERKIT_API_KEY is not set"])
    assert control.asked == []


def test_two_pages_are_counted(doctor, voice):
    voice(pages=2)
    ran = doctor("--device", "aituber")
    assert (ran.code, ran.told("found")) == (0, ["2 pages open"])
    assert ran.told("note")[0].startswith("2 pages are open, and only the newest speaks")


def test_a_short_line_is_played_only_where_that_is_asked_for(doctor, voice):
    page = voice()
    assert doctor("--device", "aituber").told("sound") == []
    assert page._double.log == []
    ran = doctor("--device", "aituber", "--sound")
    assert ran.code == 0
    assert ran.told("sound")[0].startswith("a short line took ")
    assert page._double.log == [("assistant", "Hello! Can you hear me?")]


def test_a_voice_that_is_not_heard_is_told(doctor, voice):
    page = voice()
    page.switch("voice", "off")
    ran = doctor("--device", "aituber", "--sound")
    assert ran.code == 4
    assert "probably it was not heard" in ran.told("sound")[0]


def test_every_voice_is_tried_and_what_has_none_is_not(doctor, closing):
    staged(animaze={"url": closing(hosted("animaze")).url}, live2d={"url": closing(hosted("live2d")).url})
    ran = doctor("--device", "animaze", "--device", "live2d", "--sound")
    assert ran.code == 0
    assert len(ran.told("sound")) == 1


# ---------------------------------------------------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--device", "animase"], "help: did you mean `animaze`?"),
        (["--device", "\x1b[2J"], "help: there are: `animaze`, `live2d`, `aituber`"),
        (["--stage", "nowhere.yaml"], "there is no file `nowhere.yaml`"),
        (["--stage", "bad.yaml"], "error: the stage file has mistakes"),
    ],
)
def test_wrong_usage_leaves_with_2_and_reaches_for_nothing(doctor, here, words, said):
    (here / "bad.yaml").write_text("devises: {}\n")
    ran = doctor(*words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert "\x1b" not in ran.err


def test_a_program_that_calls_into_the_network_is_heard_where_it_is_not_reached(doctor, monkeypatch):
    vts = find("vts")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sending, socket.socket(type=socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        monkeypatch.setattr("showrunner.devices.vts.device", replace(vts, find=replace(vts.find, port=port)))
        over = threading.Event()

        def call():
            told = {"messageType": "VTubeStudioAPIStateBroadcast", "data": {"active": True, "port": 8002}}
            while not over.wait(0.02):
                for packet in (b"\xff rubbish", b"[1]", json.dumps(told).encode()):
                    sending.sendto(packet, ("127.0.0.1", port))

        calling = threading.Thread(target=call)
        calling.start()
        try:
            staged(vts={"url": f"ws://localhost:{free_port()}"})
            ran = doctor("--device", "vts")
        finally:
            over.set()
            calling.join()
    assert ran.code == 4
    assert ran.told("heard") == ["VTube Studio takes plugins at port 8002: is that the one in `url`? (from 127.0.0.1)"]

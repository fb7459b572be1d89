"""Connections that end, that only look open, and that come back: on real sockets, with nothing left behind."""

import contextlib
import gc
import io
import json
import socket
import sys
import threading

import pytest
import wsproto
from wsproto import events

from showrunner import cli
from showrunner.running.dry_run import double
from showrunner.show.stage import standard
from showrunner.wires import server, websocket
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.inbox import RealInbox
from showrunner.wires.server import PageServer
from showrunner.wires.trouble import Trouble
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Connected, Disconnected, Quiet, Received

PATIENCE = 20_000_000


def expect(inbox, kind):
    until = inbox.now() + PATIENCE
    while (arrival := inbox.next(until)) is not None:
        if isinstance(arrival.what, kind):
            return arrival.what
    raise AssertionError(f"no {kind.__name__} came")


def threads():
    return sorted(thread.name for thread in threading.enumerate() if thread.name.startswith(("wire ", "double ")))


def sockets():
    gc.collect()
    return sum(isinstance(thing, socket.socket) and thing.fileno() != -1 for thing in gc.get_objects())


def hosted(name, url, **options):
    fixture = standard()[name].played
    made = HostedDouble(name, double(fixture, None, lambda _: 0), {fixture.ways[0]: url}, **options)
    made.open()
    return made


# ----------------------------------------------------------------------------------------------- nothing is left behind


def test_after_many_reconnects_no_thread_and_no_socket_is_left():
    before, inbox = (threads(), sockets()), RealInbox()
    program = hosted("animaze", "ws://localhost:0", trouble=Trouble(drop_every=1))
    wire = ClientWire("here", program.url, inbox, pauses=(0.001, 0.002))
    wire.open()
    seen = []
    for number in range(1, 61):
        assert expect(inbox, Connected) == Connected(number)
        wire.send(number, {"action": "GetAvatars", "id": "1"})
        expect(inbox, Received)
        assert expect(inbox, Disconnected).connection == number
        if number % 10 == 0:
            seen.append((len(threads()), sockets()))
    wire.close()
    program.close()
    assert (threads(), sockets()) == before
    # While it goes on nothing grows: what a connection has, it has for as long as it lasts.
    assert max(count for count, _ in seen) <= 5
    assert max(count for _, count in seen[3:]) <= max(count for _, count in seen[:3]) + 2


def test_after_many_visits_of_a_page_no_thread_and_no_socket_is_left():
    before, inbox = (threads(), sockets()), RealInbox()
    waiting = PageServer("page", "ws://localhost:0/ws", inbox)
    waiting.open()
    for number in range(1, 31):
        wire = ClientWire("there", waiting.url, RealInbox(), origin="http://localhost:3000")
        wire.open()
        assert expect(inbox, Connected).connection == number
        if number % 2:
            waiting.drop(number, "enough")
        else:
            wire.close()
        assert expect(inbox, Disconnected).connection == number
        wire.close()
    waiting.close()
    assert (threads(), sockets()) == before


# ------------------------------------------------------------------------------------------------------------ half open


class Deaf:
    """A program in Animaze's place that answers until ``first`` emotes were triggered, and then nothing.

    So on its first connection; later ones are served well.

    ``pongs``: it answers pings as long as it answers.
    """

    def __init__(self, first, *, pongs):
        self.first = first
        self.pongs = pongs
        self.heard = []
        self.open = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://localhost:{self.listening.getsockname()[1]}"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                met, _ = self.listening.accept()
            except OSError:
                return
            self.open.append(met)
            threading.Thread(target=self.meet, args=(met, len(self.open)), daemon=True).start()

    def meet(self, met, number):
        side = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
        answered = 0
        try:
            while data := met.recv(65536):
                side.receive_data(data)
                for event in side.events():
                    deaf = number == 1 and answered >= self.first
                    if isinstance(event, events.Request):
                        met.sendall(side.send(events.AcceptConnection()))
                    elif isinstance(event, events.Ping) and self.pongs and not deaf:
                        met.sendall(side.send(event.response()))
                    elif isinstance(event, events.TextMessage):
                        action = json.loads(event.data)["action"]
                        self.heard.append((number, action))
                        answered += action == "TriggerEmote"
                        if not deaf:
                            met.sendall(side.send(events.Message(data=event.data)))
        except (OSError, wsproto.utilities.ProtocolError):
            return

    def close(self):
        for one in (self.listening, *self.open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.fixture
def deaf():
    opened = []

    def deaf(first, *, pongs):
        opened.append(Deaf(first, pongs=pongs))
        return opened[-1]

    yield deaf
    for one in opened:
        one.close()


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))

    def run(program, show):
        (tmp_path / "stage.yaml").write_text(f"devices: {{animaze: {{url: '{program.url}'}}}}\n")
        (tmp_path / "a.show").write_text(show)
        monkeypatch.setattr(sys, "argv", ["showrunner", "run", "a.show", "--yes", "--journal", "j"])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
        with pytest.raises(SystemExit) as left:
            cli.main()
        capsys.readouterr()
        entries = [json.loads(line) for line in (tmp_path / "j").read_text(encoding="utf-8").splitlines()]
        return left.value.code or 0, entries

    return run


def test_silence_without_pings_is_told_as_long_as_it_lasts(deaf, monkeypatch):
    monkeypatch.setattr(websocket, "_QUIET", 0.05)
    inbox = RealInbox()
    wire = ClientWire("here", deaf(9, pongs=False).url, inbox)
    wire.open()
    expect(inbox, Connected)
    assert [expect(inbox, Quiet) for _ in range(2)] == [Quiet(1), Quiet(1)]
    wire.close()


def test_a_connection_that_is_left_does_not_wait_for_the_other_sides_goodbye(deaf):
    inbox = RealInbox()
    wire = ClientWire("here", deaf(0, pongs=False).url, inbox)
    wire.open()
    expect(inbox, Connected)
    wire.drop(1, "of no use")
    assert expect(inbox, Disconnected) == Disconnected(1, "of no use")
    assert expect(inbox, Connected) == Connected(2)
    wire.close()


@pytest.mark.parametrize("pongs", [True, False])
def test_a_connection_that_only_looks_open_is_given_up_and_made_anew(run, deaf, monkeypatch, pongs):
    monkeypatch.setattr(websocket, "_QUIET", 0.2)
    monkeypatch.setattr(websocket, "_LEAVE", 0.1)
    monkeypatch.setattr(websocket, "_PING_FIRST", 0.05)
    monkeypatch.setattr(websocket, "_PING_EVERY", 0.05)
    monkeypatch.setattr(websocket, "_SILENT", 0.4)
    monkeypatch.setattr(websocket, "_LOOK", 0.02)
    program = deaf(1, pongs=pongs)
    code, entries = run(program, "at 300ms animaze emote Emote_Wave\nat 2s animaze emote Emote_Angry\n")
    states = [(e["state"], e.get("detail")) for e in entries if e["kind"] == "device"]
    assert states == [("connecting", None), ("ready", None), ("lost", "it no longer answers"), ("ready", None)]
    assert [e["result"] for e in entries if e["kind"] == "outcome"] == ["done", "done"]
    assert code == 0
    asked = [action for number, action in program.heard if number == 1]
    # Where pings say nothing, something harmless is asked.
    assert asked[asked.index("TriggerEmote") :] == (["TriggerEmote"] if pongs else ["TriggerEmote", "GetCameraFov"])
    assert [action for number, action in program.heard if number == 2][-1] == "TriggerEmote"


def test_within_five_seconds_it_is_known():
    # What the two ways to notice it add up to, with the time a look takes.
    assert 2 * websocket._QUIET + websocket._LEAVE + 3 * websocket._LOOK < 5
    assert websocket._SILENT + websocket._LOOK < 5
    assert websocket._PING_FIRST < websocket._QUIET


def test_a_page_that_only_looks_open_is_given_up(monkeypatch):
    """Browsers answer pings by themselves; whoever does not is no longer there."""
    assert server.PING + server.SILENCE < 5
    monkeypatch.setattr(server, "PING", 0.05)
    monkeypatch.setattr(server, "SILENCE", 0.05)
    inbox = RealInbox()
    wire = PageServer("page", "ws://localhost:0/ws", inbox)
    wire.open()
    side = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    port = int(wire.url.rpartition(":")[2].removesuffix("/ws"))
    with socket.create_connection(("127.0.0.1", port)) as page:
        page.sendall(side.send(events.Request(host="localhost", target="/ws")))
        assert expect(inbox, Connected).connection == 1
        assert expect(inbox, Disconnected).connection == 1
    wire.close()

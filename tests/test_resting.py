# ruff: noqa: S106, S107 - the passwords are those of a double
"""A connection that was refused: nothing is dialled before its driver wants it, or somebody says `connect DEVICE`."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices.vocabulary import Way
from showrunner.engine.caller import Caller
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Options
from showrunner.running.dry_run import double
from showrunner.running.performance import Performance
from showrunner.running.replay import Replay, recorded
from showrunner.show.prepare import prepare
from showrunner.wires import sse
from showrunner.wires.hosting import HostedDouble
from showrunner.wires.http import HttpWire
from showrunner.wires.inbox import RealInbox
from showrunner.wires.loopback import World
from showrunner.wires.sse import EventsWire
from showrunner.wires.websocket import ClientWire
from showrunner.wires.wire import Connected, Disconnected, Link, Pressed, Unreachable
from tests.vault import LOST, REFUSED, VAULT

SECOND = 1_000_000
REFUSAL = "the vault refused the password in VAULT_PASSWORD; set it, then `connect vault`"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    known = devices.find
    monkeypatch.setattr(devices, "find", lambda name: VAULT if name == "vault" else known(name))
    Path("stage.yaml").write_text("devices: {vault: {}}\n", encoding="utf-8")


class Evening:
    """A show with a vault, in memory. ``entries`` is its journal."""

    def __init__(self, text, password="sesame"):
        Path("a.show").write_text(text, encoding="utf-8")
        self.show, self.world, self.entries = prepare("a.show"), World(), []
        fixture = self.show.fixtures["vault"]
        self.world.join("vault", double(fixture, None, lambda now: now), fixture.ways)
        self.performance = Performance(
            self.show.cues,
            {"vault": fixture},
            self.world.wires,
            self.world,
            Journal(self.entries.append),
            Options(auto=True),
            secrets={"vault": {"key-env": password}},
        )

    def states(self):
        """Give what was told of the vault, and what the operator did, each with its second."""
        zero = next((one["at"] for one in self.entries if one["kind"] == "segment"), 0)
        return [
            (round((one["at"] - zero) / SECOND, 2), one.get("state") or one["action"], one.get("rests"))
            for one in self.entries
            if one["kind"] in {"device", "operator"}
        ]

    def outcomes(self):
        return [one["result"] for one in self.entries if one["kind"] == "outcome"]


def test_a_refused_connection_is_not_dialled_again_and_standby_ends_in_its_time():
    evening = Evening("at 0s vault open left\n", password="wrong")
    assert evening.performance.standby(10 * SECOND) == {"vault": REFUSAL}
    assert evening.world.now() == 10 * SECOND
    assert evening.states() == [(0, "connecting", None), (0, "connecting", None), (0, "waiting", True)]


@pytest.mark.parametrize("name", ["vault", None])
def test_the_operator_has_it_dialled_before_the_show(name):
    evening = Evening("at 0s vault open left\n", password="other")
    evening.world.switch("vault", 5 * SECOND, "password", "other")
    evening.world.press(6 * SECOND, Pressed("connect", name))
    assert evening.performance.standby(10 * SECOND) == {}
    assert evening.world.now() == 6 * SECOND
    evening.performance.play()
    assert evening.outcomes() == ["done"]
    assert replayed_the_same(evening)


def test_the_operator_has_it_dialled_in_the_middle_of_a_show():
    evening = Evening("at 0s vault open left\nat 20s vault open right\nat 50s vault open left\n")
    assert evening.performance.standby(10 * SECOND) == {}
    evening.world.switch("vault", 10 * SECOND, "password", "other")
    evening.world.switch("vault", 30 * SECOND, "password", "sesame")
    evening.world.press(40 * SECOND, Pressed("connect", "vault"))
    evening.performance.play()
    assert evening.outcomes() == ["done", "skipped", "done"]
    assert [state for state in evening.states() if state[0] > 0] == [
        (10, "lost", None),
        (10.25, "connecting", None),
        (10.25, "waiting", True),
        (40, "connect", None),
        (40, "connecting", None),
        (40, "ready", None),
    ]
    assert replayed_the_same(evening)


@pytest.mark.parametrize(
    ("name", "ignored"), [("volt", "no such device"), (None, "every device is there"), ("vault", None)]
)
def test_where_there_is_nothing_to_dial_the_journal_says_so(name, ignored):
    evening = Evening("at 0s vault open left\nat 5s vault open right\n")
    evening.performance.standby(SECOND)
    evening.world.press(2 * SECOND, Pressed("connect", name))
    evening.performance.play()
    (pressed,) = [one for one in evening.entries if one["kind"] == "operator"]
    assert pressed.get("ignored") == ignored
    assert evening.outcomes() == ["done", "done"]
    assert replayed_the_same(evening)


def test_after_a_panic_it_is_still_dialled():
    evening = Evening("at 0s vault open left\nat 20s vault open right\n")
    evening.performance.caller.play.options = Options(auto=True, lingers=frozenset({"panic"}))
    evening.performance.standby(SECOND)
    evening.world.switch("vault", 2 * SECOND, "password", "other")
    evening.world.press(4 * SECOND, Pressed("panic"))
    evening.world.switch("vault", 5 * SECOND, "password", "sesame")
    evening.world.press(6 * SECOND, Pressed("connect", "vault"))
    evening.world.press(7 * SECOND, Pressed("stop"))
    evening.performance.play()
    assert (6, "ready", None) in evening.states()


def replayed_the_same(evening):
    show = evening.show
    caller = Caller(show.cues, show.fixtures, recorded(evening.entries[0]))
    replay = Replay(caller, show.fixtures, evening.entries, lambda *_: None, lambda _: None)
    return replay.run() is None and replay.compared > 0


# --- the wires


def in_memory(way, pause):
    world = World()
    fixture = prepare_vault()
    wire = world.join("vault", double(fixture, None, lambda now: now), [way])
    wire.open()
    world.next(None)
    wire.rest(way.name, pause)
    return world, wire


def prepare_vault():
    Path("b.show").write_text("at 0s vault open left\n", encoding="utf-8")
    return prepare("b.show").fixtures["vault"]


@pytest.mark.parametrize(("pause", "expected"), [(3 * SECOND, 3 * SECOND), (100_000, 100_000)])
def test_in_memory_it_is_dialled_when_its_driver_wants_it(pause, expected):
    world, wire = in_memory(VAULT.ways[0], pause)
    wire.drop(1, "refused")
    came = [world.next(None) for _ in range(3)]
    assert [(one.at, type(one.what)) for one in came if not hasattr(one.what, "frame")] == [
        (0, Disconnected),
        (expected, Connected),
    ]


def test_in_memory_a_way_of_requests_is_connected_anew():
    way = Way("api", "http", "client", "url")
    world, _ = in_memory(way, 3 * SECOND)
    assert (one := world.next(10 * SECOND)) is not None
    assert (one.at, one.what) == (3 * SECOND, Connected(2))
    world, wire = in_memory(way, None)
    assert world.next(10 * SECOND) is None
    wire.dial()
    assert world.next(10 * SECOND).what == Connected(2)


@pytest.fixture
def inbox():
    return RealInbox()


def test_a_socket_rests_until_it_is_dialled(inbox):
    fixture = prepare_vault()
    program = HostedDouble("vault", double(fixture, None, lambda now: now), {fixture.ways[0]: "ws://localhost:0"})
    program.open()
    wire = ClientWire("vault", program.url, inbox, pauses=(0.001, 0.002), link=Link("api"))
    wire.open()
    try:
        come(inbox, Connected)
        wire.rest("api", None)
        wire.send(1, {"password": "wrong"})
        assert come(inbox, Disconnected).code == REFUSED
        assert inbox.next(inbox.now() + 100_000) is None  # by itself it would be there after a millisecond
        wire.dial()
        assert come(inbox, Connected) == Connected(2)
        program.switch("away", None)
        assert come(inbox, Disconnected).code == LOST
        assert come(inbox, Connected) == Connected(3)  # it rested for one time
    finally:
        wire.close()
        program.close()


def test_a_wire_of_requests_is_there_anew(inbox):
    wire = HttpWire("vault", "http://localhost:9", inbox, link=Link("api"))
    wire.open()
    try:
        assert come(inbox, Connected) == Connected(1)
        wire.rest("events", None)  # another way
        wire.rest("api", None)
        assert inbox.next(inbox.now() + 50_000) is None
        wire.dial()
        assert come(inbox, Connected) == Connected(2)
        wire.rest("api", 1_000)
        assert come(inbox, Connected) == Connected(3)
        wire.rest("api", None)
    finally:
        wire.close()


def test_a_wire_of_events_rests_until_it_is_dialled(inbox, monkeypatch):
    monkeypatch.setattr(sse, "_PAUSES", (0.001, 0.002))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    wire = EventsWire("vault", f"http://127.0.0.1:{port}", inbox, link=Link("events"))
    wire.open()
    try:
        come(inbox, Unreachable)
        wire.rest("events", None)
        while inbox.next(inbox.now() + 100_000) is not None:
            pass  # what was under way
        assert inbox.next(inbox.now() + 100_000) is None
        wire.dial()
        come(inbox, Unreachable)
    finally:
        wire.close()


def come(inbox, kind):
    until = inbox.now() + 20 * SECOND
    while (arrival := inbox.next(until)) is not None:
        if isinstance(arrival.what, kind):
            return arrival.what
    raise AssertionError(f"no {kind.__name__} came")

"""What the audience sees of held and moving parameters, to the microsecond, in the whole program on the virtual clock.

Under both readings of what the manual leaves open: the half second of the Editor's buffer runs for each parameter
alone, or for the whole buffer.
"""

from __future__ import annotations

import pytest

from showrunner.devices.vocabulary import Terms
from showrunner.engine.journal import Journal
from showrunner.running.performance import Options, Performance
from showrunner.show import stage
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed
from tests import invariants
from tests.stagehand import Played, compiled
from tests.ways import DIALLED

SECOND = 1_000_000
MS = 1000
READINGS = ("parameter", "buffer")


class Watched:
    """The Editor's double, looked at whenever something has happened to it. ``shown``: (time, parameter) -> value."""

    def __init__(self, double, *names):
        self.double, self.names, self.zero = double, names, 0
        self.shown = {}
        self.visible = double.visible

    def _look(self, now):
        row = self.double._documents.front
        for name in self.names:
            self.shown[now - self.zero, name] = None if row is None else row.model.shown(name)

    def __getattr__(self, name):
        called = getattr(self.double, name)
        if name not in {"connected", "disconnected", "received", "elapsed", "switch"}:
            return called

        def call(*arguments):
            now = next(one for one in reversed(arguments) if isinstance(one, int))
            if self.deadline is not None and self.deadline < now:
                self._look(self.deadline)
            found = called(*arguments)
            self._look(now)
            return found

        return call

    @property
    def deadline(self):
        return self.double.deadline

    def steps(self, name):
        """Give when its value changed, and to what."""
        found = []
        for (time, one), value in sorted(self.shown.items()):
            if one == name and time >= 0 and (not found or found[-1][1] != value):
                found.append((time, value))
        return found


def play(tmp_path, script, *names, expiry="parameter", latency=0, arrange=lambda *_: None):
    path = tmp_path / "a.show"
    path.write_text(script, encoding="utf-8")
    cues, fixtures = compiled(path, stage.standard())
    world, entries = World(latency), []
    kind = fixtures["live2d"].device
    settings = dict(fixtures["live2d"].settings)
    watched = Watched(kind.double(Terms("live2d", settings, "0", lambda now: now // 1000)), *names)
    assert watched.double.switch("expiry", expiry, 0)[1] is None
    wires = {"live2d": world.join("live2d", watched, (DIALLED,))}
    performance = Performance(cues, fixtures, wires, world, Journal(entries.append), Options(auto=True))
    assert performance.standby(60 * SECOND) == {}
    watched.zero = world.now()
    watched.shown.clear()
    arrange(world)
    performance.play()
    performance.close()
    while (due := watched.deadline) is not None:
        watched.elapsed(due)
    invariants.one_outcome_each(entries)
    return Played(entries), watched


@pytest.mark.parametrize("expiry", READINGS)
@pytest.mark.parametrize("lasting", [10, 500, 999, 2000, 2050])
def test_a_hold_ends_at_its_microsecond_while_others_go_on(tmp_path, expiry, lasting):
    script = f"at 0s live2d set ParamAngleX 10 for {lasting}ms; live2d set ParamAngleY 5 for 3s\nat 4s log 'end'\n"
    _, watched = play(tmp_path, script, "ParamAngleX", "ParamAngleY", expiry=expiry)
    assert watched.steps("ParamAngleX") == [(0, 10.0), (lasting * MS, 0.0)]
    assert watched.steps("ParamAngleY") == [(0, 5.0), (3 * SECOND, 0.0)], "not a blink while the other is let go"


@pytest.mark.parametrize("expiry", READINGS)
def test_a_value_that_is_held_without_end_never_lapses(tmp_path, expiry):
    script = "at 0s live2d set ParamAngleX 10\nat 600s live2d release ParamAngleX\nat 601s log 'end'\n"
    _, watched = play(tmp_path, script, "ParamAngleX", expiry=expiry)
    assert watched.steps("ParamAngleX") == [(0, 10.0), (600 * SECOND, 0.0)]


@pytest.mark.parametrize("expiry", READINGS)
@pytest.mark.parametrize("latency", [0, 20 * MS])
def test_a_move_goes_through_its_values_in_order_and_arrives_exactly(tmp_path, expiry, latency):
    script = "at 0s live2d move ParamAngleX from 0 to 30 over 1s for 200ms\nat 2s log 'end'\n"
    _, watched = play(tmp_path, script, "ParamAngleX", expiry=expiry, latency=latency)
    steps = watched.steps("ParamAngleX")
    values = [value for _, value in steps]
    assert values[:-1] == sorted(values[:-1])
    assert values[-2:] == [30.0, 0.0]
    assert steps[-2][0] == pytest.approx(SECOND + latency, abs=2 * latency + 1)
    assert steps[-1][0] == pytest.approx(1_200 * MS + latency, abs=2 * latency + 1)


@pytest.mark.parametrize("expiry", READINGS)
def test_a_call_that_is_never_answered_lets_no_held_value_lapse(tmp_path, expiry):
    script = "at 0s live2d set ParamAngleX 10 for 3s\nat 1s live2d call GetDocuments\nat 4s log 'end'\n"
    played, watched = play(
        tmp_path, script, "ParamAngleX", expiry=expiry,
        arrange=lambda world: world.switch("live2d", world.now() + SECOND, "fault", "silent 1"),
    )  # fmt: skip
    assert watched.steps("ParamAngleX") == [(0, 10.0), (3 * SECOND, 0.0)]
    assert {entry["id"]: entry["result"] for entry in played.all("outcome")} == {1: "done", 2: "timed-out"}


@pytest.mark.parametrize(("off", "on"), [("allow off", "allow on"), ("model close", "model open")])
def test_what_is_held_is_held_again_when_a_person_has_put_it_right(tmp_path, off, on):
    script = "at 0s live2d set ParamAngleX 10 for 8s\nat 9s log 'end'\n"

    def arrange(world):
        world.switch("live2d", world.now() + 2 * SECOND, *off.split())
        world.switch("live2d", world.now() + 5 * SECOND, *on.split())

    played, watched = play(tmp_path, script, "ParamAngleX", arrange=arrange)
    states = [(entry["state"], entry["at"] // SECOND) for entry in played.all("device") if entry["at"]]
    assert states == [("waiting", 2), ("ready", 5)]
    (outcome,) = played.all("outcome")
    assert (outcome["result"], outcome["at"]) == ("done", 8 * SECOND)
    shown = watched.steps("ParamAngleX")
    assert shown[0] == (0, 10.0)
    assert shown[-1] == (8 * SECOND, 0.0)
    back = shown[-2]
    assert back[1] == 10.0
    assert 5 * SECOND <= back[0] <= 5_500 * MS


def test_a_model_that_was_switched_is_found_and_held_at_once(tmp_path):
    script = "at 0s live2d set ParamAngleX 10 for 4s\nat 5s log 'end'\n"

    def arrange(world):
        world.switch("live2d", world.now() + 2 * SECOND, "model", "close")
        world.switch("live2d", world.now() + 2 * SECOND, "model", "open")

    played, watched = play(tmp_path, script, "ParamAngleX", arrange=arrange)
    assert [entry["state"] for entry in played.all("device") if entry["at"]] == []
    assert [entry["result"] for entry in played.all("outcome")] == ["done"]
    assert watched.steps("ParamAngleX")[-1] == (4 * SECOND, 0.0)
    asked = [e["frame"]["Method"] for e in played.all("sent") if e["at"] and e["frame"]["Method"].startswith("Get")]
    assert asked == ["GetCurrentModelUID", "GetParameters"], "once"


@pytest.mark.parametrize("expiry", READINGS)
def test_panic_ends_every_value_at_once(tmp_path, expiry):
    script = (
        "at 0s live2d set ParamAngleX 10 ParamAngleY 5; live2d move ParamAngleZ from 0 to 9 over 5s\nat 9s log 'x'\n"
    )
    _, watched = play(
        tmp_path, script, "ParamAngleX", "ParamAngleZ", expiry=expiry,
        arrange=lambda world: world.press(world.now() + 1_234_567, Pressed("panic")),
    )  # fmt: skip
    assert watched.steps("ParamAngleX") == [(0, 10.0), (1_234_567, 0.0)]
    assert watched.steps("ParamAngleZ")[-1] == (1_234_567, 0.0)


# -- before and beside the values


def test_allow_is_waited_for_as_long_as_it_takes_and_said_once(tmp_path):
    path = tmp_path / "a.show"
    path.write_text("at 0s live2d set ParamAngleX 10 for 1s\n", encoding="utf-8")
    cues, fixtures = compiled(path, stage.standard())
    world, entries = World(), []
    double = fixtures["live2d"].device.double(Terms("live2d", {}, "0", lambda now: now // 1000))
    assert double.switch("allow", "off", 0)[1] is None
    wires = {"live2d": world.join("live2d", double, (DIALLED,))}
    world.switch("live2d", 3600 * SECOND, "allow", "on")
    performance = Performance(cues, fixtures, wires, world, Journal(entries.append), Options(auto=True))
    assert performance.standby(10 * SECOND) == {}
    assert world.now() == 3600 * SECOND
    assert performance.play().result == "done"
    (waiting,) = Played(entries).all("device", state="waiting")
    assert "tick Allow beside `showrunner`" in waiting["detail"]
    token = double._plugins._plugins
    assert all(secret not in str(entries) for secret in token)


@pytest.mark.parametrize("event", [event.name for event in stage.standard()["live2d"].device.events])
def test_every_event_can_be_waited_for(tmp_path, event):
    script = f"at 0s wait for live2d {event} within 5s\nthen log 'it came'\n"
    played, _ = play(
        tmp_path, script, arrange=lambda world: world.switch("live2d", world.now() + SECOND, "event", event)
    )
    assert [entry["at"] for entry in played.all("log")] == [SECOND]
    subscribed = [e["frame"]["Method"] for e in played.all("sent") if e["frame"]["Method"].startswith("Notify")]
    assert subscribed == [event], "what is not waited for is not subscribed"

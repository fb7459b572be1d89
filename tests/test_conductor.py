"""The two halves of a performance: what goes between them is data, without a secret, and may take its time."""

from __future__ import annotations

import pickle
from collections import Counter, deque
from dataclasses import replace

import pytest

from showrunner.engine.journal import Journal, line
from showrunner.engine.messages import Options
from showrunner.running.dry_run import double, dry_run
from showrunner.running.performance import Performance
from showrunner.show.prepare import prepare
from showrunner.wires.loopback import World

SHOW = """\
segment one
  at 0s    live2d set ParamAngleX 10 for 2s; animaze scene Spaceship
  at 500ms live2d move ParamAngleY to 20 over 1s; say happy "Hello, everyone!"
  then     animaze emote Emote_Wave
segment two
  at 0s    say "And goodbye."
"""


class Apart(Performance):
    """A performance with a letterbox between its halves: what the devices said is read when the loop comes by."""

    def __init__(self, *args, **more):
        self.box = deque()
        super().__init__(*args, **more)

    def _told(self, device, outputs, now):
        self.box.append(pickle.dumps((device, outputs, now)))

    def _turn(self, until):
        if not self.box:
            return super()._turn(until)
        self.conductor.told(*pickle.loads(self.box.popleft()))  # noqa: S301 - written just above
        return True

    def play(self):
        while self.box:
            self._turn(None)
        return super().play()


def played(path, kind):
    show, world, entries = prepare(str(path)), World(latency=3_000), []
    used = {name: show.fixtures[name].played for name in show.cues.devices}
    for name, one in used.items():
        world.join(name, double(one, None, lambda now: now // 1000), one.ways)
    performance = kind(show.cues, used, world.wires, world, Journal(entries.append), Options(auto=True))
    assert performance.standby(60_000_000) == {}
    performance.play()
    performance.close()
    return performance, entries


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "a.show"
    path.write_text(SHOW, "utf-8")
    return path


def told(entries, kind):
    return Counter(line({**entry, "seq": 0}) for entry in entries if entry["kind"] == kind)


def test_the_halves_may_stand_apart_and_nothing_comes_twice_or_is_missing(script):
    _, near = played(script, Performance)
    _, far = played(script, Apart)
    assert near[-1]["result"] == "done"
    for kind in ("segment", "cue", "command", "sent", "reply", "event", "outcome", "wait", "resume", "end"):
        assert told(far, kind) == told(near, kind), kind


class Counted:
    """A driver that counts how often it is called, and how often it is asked for its deadline."""

    made: tuple[Counted, ...] = ()

    def __init__(self, driver):
        self.driver, self.calls, self.asked = driver, 0, 0
        Counted.made += (self,)

    def __getattr__(self, name):
        if name == "deadline":
            self.asked += 1
        else:
            self.calls += 1
        return getattr(self.driver, name)


def test_a_driver_is_asked_for_its_deadline_only_where_it_was_called(script, monkeypatch):
    monkeypatch.setattr(Counted, "made", ())
    show = prepare(str(script))
    fixtures = {
        name: replace(
            one, device=replace(one.device, driver=lambda terms, make=one.device.driver: Counted(make(terms)))
        )
        for name, one in show.fixtures.items()
    }
    assert dry_run(show.cues, fixtures).result == "done"
    assert len(Counted.made) == 3
    for driver in Counted.made:
        assert driver.asked == driver.calls + 1  # as it was made, and behind each call


def test_no_secret_goes_up(script):
    up = []

    class Listening(Performance):
        def _told(self, device, outputs, now):
            up.append(repr(outputs))
            super()._told(device, outputs, now)

    performance, entries = played(script, Listening)
    secrets = {one for station in performance.stagehand.stations.values() for one in station.secrets}
    assert secrets
    for secret in secrets:
        assert not any(secret in said for said in up)
        assert not any(secret in line(entry) for entry in entries)

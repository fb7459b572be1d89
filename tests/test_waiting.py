"""Waiting for devices before a show, on the virtual clock: how long for each kind, and what is told meanwhile."""

from dataclasses import replace

import pytest

from showrunner.devices.aituber.table import RELOAD
from showrunner.engine.journal import Journal
from showrunner.engine.messages import Options
from showrunner.running.dry_run import double
from showrunner.running.performance import Performance
from showrunner.running.visit import visit
from showrunner.show.stage import standard
from showrunner.syntax.nodes import Book, Source
from showrunner.syntax.parser import parse
from showrunner.timeline.compiler import compile_show
from showrunner.wires.loopback import World
from showrunner.wires.wire import Unreachable

SECOND = 1_000_000
LINES = {"aituber": 'at 0s  say "hi"\n', "animaze": "at 0s  animaze emote Wave\n"}


class Standby:
    """A show that uses some devices; ``away`` says from when on each is there (None: never)."""

    def __init__(self, *names, **away):
        text = "".join(LINES[name] for name in names)
        parsed = parse(text, "a.show")
        made = compile_show(Book("a.show", {"a.show": Source("a.show", text, parsed.script)}, {}, ""), standard())
        self.fixtures = {name: standard()[name] for name in names}
        self.world, self.entries = World(), []
        for name, fixture in self.fixtures.items():
            self.world.join(name, double(fixture, None, lambda now: now // 1000), fixture.ways)
            if name in away:
                self.world.lose(name, 0)
                if away[name] is not None:
                    self.world.restore(name, away[name])
        self.performance = Performance(
            made.cues, standard(), self.world.wires, self.world, Journal(self.entries.append), Options()
        )

    def missing(self, *limit):
        # What is planned for the first instant comes before anybody connects.
        assert self.world.next(0) is None
        return sorted(self.performance.standby(*limit))

    def notes(self):
        return [entry["detail"] for entry in self.entries if entry.get("state") == "note"]


@pytest.mark.parametrize(("comes", "there"), [(33 * SECOND, True), (36 * SECOND, False)])
def test_a_page_that_dials_us_is_waited_for_35_seconds(comes, there):
    standby = Standby("aituber", aituber=comes)
    assert standby.missing() == ([] if there else ["aituber"])
    assert standby.world.now() == (34 if there else 35) * SECOND


def test_a_program_that_we_dial_is_waited_for_ten_seconds_and_then_nobody_else_is():
    standby = Standby("animaze", "aituber", animaze=None, aituber=None)
    assert standby.missing() == ["aituber", "animaze"]
    assert standby.world.now() == 10 * SECOND


def test_a_relay_is_dialled_and_not_waited_for_as_a_page_is():
    aituber = standard()["aituber"]
    relay = replace(aituber, settings={**aituber.settings, "mode": "connect"})
    assert (aituber.patience, relay.patience) == (35 * SECOND, 10 * SECOND)


@pytest.mark.parametrize("name", ["animaze", "aituber"])
def test_a_written_limit_holds_for_all(name):
    standby = Standby(name, **{name: None})
    assert standby.missing(2 * SECOND) == [name]
    assert standby.world.now() == 2 * SECOND


def test_a_page_that_is_waited_for_is_to_be_reloaded_and_that_is_told_once():
    standby = Standby("aituber", aituber=20 * SECOND)
    assert standby.missing() == []
    assert standby.notes() == [RELOAD]


@pytest.mark.parametrize("name", ["animaze", "aituber"])
def test_who_comes_at_once_and_who_is_dialled_is_not_to_be_reloaded(name):
    standby = Standby(name, **({"animaze": None} if name == "animaze" else {}))
    standby.missing()
    assert standby.notes() == []


def test_a_page_that_stays_away_in_a_show_is_to_be_reloaded_too():
    standby = Standby("aituber")
    assert standby.missing() == []
    standby.world.lose("aituber", standby.world.now())
    standby.performance.idle(lambda: standby.world.now() > 9 * SECOND)
    assert standby.notes() == [RELOAD]


def test_a_page_that_is_gone_for_a_moment_is_not_to_be_reloaded():
    standby = Standby("aituber")
    assert standby.missing() == []
    standby.world.lose("aituber", standby.world.now())
    standby.world.restore("aituber", standby.world.now() + 2 * SECOND)
    standby.performance.idle(lambda: standby.world.now() > 9 * SECOND)
    assert standby.notes() == []


def test_why_no_page_can_come_in_is_told_at_once_and_once():
    standby = Standby("aituber", aituber=None)
    for _ in range(2):
        standby.world.arrive(SECOND, "aituber", Unreachable("port 8000 is taken: …", "taken"))
    assert standby.missing() == ["aituber"]
    assert standby.notes() == ["port 8000 is taken: …; it is tried again until the port is free"]


def test_a_visit_waits_as_long_for_each_and_says_so():
    standby, said = Standby("animaze", "aituber", animaze=None, aituber=20 * SECOND), []
    assert standby.world.next(0) is None
    found = visit(
        standby.fixtures, standby.world.wires, standby.world, None, stamp=lambda now: now // 1000,
        remind=lambda *told: said.append(told),
    )  # fmt: skip
    assert {name: one.ready for name, one in found.items()} == {"animaze": False, "aituber": True}
    assert said == [("aituber", RELOAD)]

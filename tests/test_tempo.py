"""How fast time goes: the tempo and the inbox that follows it, on a source of time that the test moves."""

import json
import sys
import threading
from fractions import Fraction
from types import SimpleNamespace

import pytest

from showrunner import cli
from showrunner.running.wiring import wiring
from showrunner.show import stage
from showrunner.wires import inbox
from showrunner.wires.inbox import RealInbox
from showrunner.wires.tempo import Tempo
from showrunner.wires.wire import Pressed, Received, Stood


class Wall:
    """A clock on the wall, in nanoseconds, that only goes when it is told to."""

    def __init__(self):
        self.shows = 7_000_000_123

    def __call__(self):
        return self.shows

    def go(self, seconds):
        self.shows += round(seconds * 1_000_000_000)


@pytest.fixture
def wall(monkeypatch):
    monkeypatch.setattr(inbox, "_COARSE", 0.0)  # of Windows' own locks: the waits of these tests end when they are told
    return Wall()


@pytest.mark.parametrize(
    ("speed", "micros"), [(1, 3_000_000), (4, 12_000_000), (Fraction("0.1"), 300_000), (100, 300_000_000)]
)
def test_time_passes_so_many_times_as_fast(wall, speed, micros):
    tempo = Tempo(speed, wall)
    assert tempo.now() == 0
    wall.go(3)
    assert tempo.now() == micros
    assert tempo.seconds(micros) == pytest.approx(3)


def test_a_change_leaves_nothing_out_and_nothing_comes_twice(wall):
    tempo = Tempo(1, wall)
    told = []
    tempo.listen(lambda: told.append(tempo.speed))
    wall.go(10)
    tempo.change(Fraction("2.5"))
    assert tempo.now() == 10_000_000
    wall.go(2)
    assert tempo.now() == 15_000_000
    tempo.change(Fraction(1, 2))
    wall.go(2)
    assert tempo.now() == 16_000_000
    assert told == [Fraction("2.5"), Fraction("0.5")]


def test_no_time_is_lost_to_rounding_in_an_hour(wall):
    tempo = Tempo(3, wall)
    for _ in range(3_600):
        wall.go(1)
        tempo.change(Fraction(1, 3) if tempo.speed == 3 else 3)
    assert tempo.now() == pytest.approx(1_800 * 3_000_000 + 1_800 * 333_333.333_333, abs=2)


@pytest.mark.parametrize("speed", [0, -1, Fraction("0.099"), 101])
def test_there_is_a_slowest_and_a_fastest(wall, speed):
    tempo = Tempo(1, wall)
    for wrong in (lambda: Tempo(speed, wall), lambda: tempo.change(speed)):
        with pytest.raises(ValueError, match="is not between"):
            wrong()
    assert tempo.speed == 1


def test_an_inbox_waits_the_shorter_the_faster_time_goes(wall, monkeypatch):
    tempo = Tempo(1, wall)
    wall.go(5)
    taken = RealInbox(tempo)
    waits = []

    def wait(seconds):
        waits.append(round(seconds, 6))
        wall.go(seconds)

    monkeypatch.setattr(inbox, "time", SimpleNamespace(sleep=wait))
    taken._changed.wait = wait
    assert taken.now() == 0
    assert taken.next(500_000) is None
    before, waits[:] = sum(waits), []
    tempo.change(10)
    assert taken.next(1_000_000) is None
    assert before == pytest.approx(0.5)
    assert sum(waits) == pytest.approx(0.05)
    assert taken.now() == 1_000_000


class Sleep:
    """Sleeps of an inbox on ``wall``: each lasts as long as it is asked for, the n-th by ``late[n]`` seconds longer."""

    def __init__(self, taken, wall, late, meanwhile=lambda: None):
        self._wall, self._late, self._meanwhile = wall, list(late), meanwhile
        taken._changed.wait = self

    def __call__(self, seconds):
        late = self._late.pop(0) if self._late else 0
        self._wall.go(seconds + late)
        if late:
            self._meanwhile()


def test_a_machine_that_stood_in_its_sleep_wakes_when_it_meant_to(wall):
    taken = RealInbox(Tempo(1, wall), lambda: 0)
    Sleep(taken, wall, [0, 3_600])
    found = taken.next(300_000)
    assert (found.at, found.device, found.what) == (300_000, "", Stood(3_600_000_000))
    assert taken.now() == 300_000
    assert taken.next(300_000) is None
    assert taken.next(500_000) is None


def test_a_machine_that_is_late_by_a_second_was_only_late(wall):
    taken = RealInbox(Tempo(1, wall), lambda: 0)
    Sleep(taken, wall, [1])
    assert taken.next(100_000) is None
    assert taken.now() == 1_100_000


def test_a_process_that_works_has_not_stood(wall):
    work = Wall()
    taken = RealInbox(Tempo(1, wall), work)
    assert taken.next(0) is None
    wall.go(5)
    work.go(4.5)
    assert taken.next(0) is None
    wall.go(5)
    work.go(1)
    assert taken.next(10_000_000).what == Stood(4_000_000)
    assert taken.now() == 6_000_000


def test_what_came_in_while_it_stood_comes_when_it_goes_on_and_in_its_order(wall):
    taken = RealInbox(Tempo(1, wall), lambda: 0)

    def woken():
        taken.put("animaze", Received(1, {}))
        wall.go(0.001)
        taken.put("", Pressed("go"))

    Sleep(taken, wall, [0, 3], woken)
    found = [(one.at, one.what) for one in (taken.next(400_000) for _ in range(3))]
    assert found == [
        (400_000, Stood(3_001_000)),
        (400_000, Pressed("go")),
        (400_000, Received(1, {})),
    ]


def test_how_long_it_stood_is_told_in_the_time_of_the_tempo(wall):
    taken = RealInbox(Tempo(20, wall), lambda: 0)
    Sleep(taken, wall, [2])
    assert taken.next(1_000_000).what == Stood(40_000_000)
    assert taken.now() == 1_000_000


def test_arrivals_are_stamped_in_the_time_of_the_tempo(wall):
    tempo = Tempo(20, wall)
    taken = RealInbox(tempo)
    wall.go(0.5)
    taken.put("", Pressed("go"))
    assert taken.next(None).at == 10_000_000


def test_who_waits_is_woken_by_a_change():
    tempo = Tempo(Fraction(1, 10))
    taken = RealInbox(tempo)
    waiting, woken = threading.Event(), threading.Event()
    wait = taken._changed.wait

    def noted(seconds):
        waiting.set()
        if wait(60 if not woken.is_set() else seconds):
            woken.set()

    taken._changed.wait = noted
    until = taken.now() + 20_000_000  # 200 seconds on the wall, or a fifth of one
    thread = threading.Thread(target=taken.next, args=(until,), daemon=True)
    thread.start()
    assert waiting.wait(20)
    tempo.change(100)
    assert woken.wait(20)
    thread.join(20)
    assert not thread.is_alive()


def test_a_run_and_all_its_doubles_share_one_tempo():
    fixtures = stage.standard()
    wired = wiring(fixtures, frozenset(fixtures), {}, lambda now: now // 1_000)
    try:
        # The page has come: nothing is on its way when all is closed.
        assert wired.inbox.next(wired.inbox.now() + 20_000_000).device == "aituber"
        assert {id(one._inbox._tempo) for one in wired.hosted} == {id(wired.tempo)} == {id(wired.inbox._tempo)}
    finally:
        for wire in wired.wires.values():
            wire.close()
        wired.close()


# ---------------------------------------------------------------------------------------------------- the command line


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / ".state"))
    (tmp_path / "a.show").write_text("at 0s animaze scene One\nat 20s animaze scene Two; live2d set A 1 for 1s\n")

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["showrunner", "run", "a.show", "--yes", "--journal", "out.journal", *words])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code or 0, capsys.readouterr().err

    return run


def test_a_show_of_twenty_seconds_plays_in_a_moment_and_its_journal_has_its_own_times(run, tmp_path):
    patient = "{timeout: 5m}"  # of show time: two seconds of that are hard for a machine that has much to do
    (tmp_path / "stage.yaml").write_text(f"devices: {{animaze: {patient}, live2d: {patient}}}\n")
    code, said = run("--doubles", "all", "--speed", "100")
    assert code == 0, said
    entries = [json.loads(line) for line in (tmp_path / "out.journal").read_text("utf-8").splitlines()]
    cues = [(entry["cue"], entry["due"], entry["at"] - entry["late"]) for entry in entries if entry["kind"] == "cue"]
    assert cues == [("L1", 0, 0), ("L2", 20_000_000, 20_000_000)]
    assert entries[-1]["counts"]["done"] == 3
    assert entries[-1]["at"] >= 21_000_000


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--speed", "2"], "--speed is for doubles only, and `animaze`, `live2d` would be real"),
        (["--speed", "2", "--doubles", "live2d"], "--speed is for doubles only, and `animaze` would be real"),
        *[
            (["--speed", wrong, "--doubles", "all"], f"--speed is a number from 0.1 to 100, not `{wrong}`")
            for wrong in ("0", "0.05", "101", "-1", "fast", "1e2", "nan", "1/2", "٢", "")
        ],
    ],
)
def test_a_speed_that_cannot_be_is_wrong_usage(run, tmp_path, words, said):
    code, told = run(*words)
    assert code == 2
    assert said in told
    assert not (tmp_path / "out.journal").exists()

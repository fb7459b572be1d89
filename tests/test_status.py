"""The status line: what it shows while a show runs, waits, is paused and ends."""

import pytest

from showrunner.cli import status
from showrunner.cli.status import Status
from showrunner.engine.messages import Excerpt
from showrunner.plan import Plan
from showrunner.timeline.cues import CueList, Segment

CUES = CueList(
    "t", "a.show", "", tuple(Segment(n, None, None, None, (), "a.show", 1) for n in ("one", "two")), (), (), ()
)
PLANNED = [(1_000_000, "one", "L1"), (5_000_000, "one", "L2"), (9_000_000, "two", "L4")]
ENTRIES = tuple({"kind": "cue", "at": at, "segment": s, "track": "main", "cue": cue} for at, s, cue in PLANNED)


@pytest.fixture
def line(capsys):
    def made(excerpt=None):
        return Status(CUES, Plan(ENTRIES, (), 10_000_000), lambda: None, excerpt)

    yield made
    capsys.readouterr()


def wait(what, kind="wait"):
    return {"kind": kind, "at": 2_000_000, "segment": "one", "track": "main", "cue": "L1", "for": what}


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("go ready?", "HOLD ready? · Enter is GO  ·  last L1"),
        ("go", "HOLD · Enter is GO  ·  last L1"),
        ("button raid", "BUTTON raid  ·  last L1"),
        ("event aituber chat.message", "last L1"),
        ("then", "next L2 in 4 s  ·  last L1"),
    ],
)
def test_what_is_waited_for_stands_in_front_and_no_time_is_said_while_a_list_stands(line, what, shown):
    shows = line()
    shows(ENTRIES[0])
    before = shows.shown(2_000_000)
    shows(wait(what))
    assert shows.shown(2_000_000) == f"00:02  ·  {shown}"
    shows(wait(what, "resume"))
    assert shows.shown(2_000_000) == before


def test_devices_stand_before_all_that_may_be_cut(line):
    shows = line()
    for name, state in (("animaze", "ready"), ("live2d", "lost"), ("aituber", "ready")):
        shows({"kind": "device", "at": 0, "device": name, "state": state})
    shows({"kind": "segment", "at": 0, "segment": "one"})
    assert shows.shown(0) == "00:00  ·  live2d lost  ·  animaze, aituber ready  ·  one  ·  next L1 in 2 s"


def test_a_pause_is_seen(line):
    shows = line()
    shows({"kind": "operator", "at": 0, "action": "pause"})
    assert shows.shown(0) == "00:00  ·  PAUSED"
    shows({"kind": "operator", "at": 0, "action": "resume"})
    assert shows.shown(0) == "00:00  ·  next L1 in 2 s"


def test_the_second_ctrl_c_says_that_it_ends_now(capsys):
    pressed = iter([1, 2])
    shows = Status(CUES, Plan((), (), 0), lambda: None, None, lambda: next(pressed))
    for _ in range(3):
        shows({"kind": "operator", "at": 0, "action": "stop"})
    assert capsys.readouterr().err.splitlines() == [
        "Stopping: what is under way is finished first; Ctrl-C ends it at once",
        "Still stopping; one more Ctrl-C ends it at once",
        "Ending now: nothing is waited for any more",
    ]


@pytest.mark.parametrize(
    ("excerpt", "shown"),
    [
        (Excerpt(9_000_000, 1, 1), "next L4 in 1 s"),
        (Excerpt(4_000_000), "next L2 in 2 s"),
        (Excerpt(0, 0, None, frozenset({("one", "main", "L1")})), "next L2 in 6 s"),
    ],
)
def test_of_an_excerpt_only_what_is_played_comes_next(line, excerpt, shown):
    assert line(excerpt).shown(-1).endswith(shown)


def test_a_hold_is_said_with_its_label_in_quotes(capsys):
    Status(CUES, Plan((), (), 0), lambda: None)(wait("go ready for the quiz?"))
    assert capsys.readouterr().err == '00:02.000  hold "ready for the quiz?": press Enter for GO\n'


def test_the_next_cue_is_the_plans_counted_from_the_cue_taken_last():
    cues = [(1_000_000, "L1"), (5_000_000, "L2"), (7_000_000, "L3")]
    entries = [{"kind": "cue", "at": at, "segment": "s", "track": "main", "cue": cue} for at, cue in cues]
    ahead = status.Ahead(Plan(tuple(entries), (), 8_000_000))
    assert ahead.next() == (1_000_000, "L1")
    ahead.take({**entries[0], "at": 3_000_000})
    assert ahead.next() == (7_000_000, "L2")
    ahead.take({**entries[0], "cue": "nobody planned this"})
    assert ahead.next() == (7_000_000, "L2")
    ahead.take({**entries[2], "at": 7_000_000})
    assert ahead.next() is None

"""The status line: what it shows while a show runs, waits, is paused and ends."""

import io
from dataclasses import replace

import pytest
from rich.console import Console, Group
from rich.live import Live

from showrunner.cli.terminal.status import ABOVE, BELOW, Status, around
from showrunner.diagnostics.diagnostic import Diagnostic, Place
from showrunner.engine.messages import Excerpt
from showrunner.reports.entries import Recorder
from showrunner.reports.now import Present
from showrunner.reports.timetable import Plan
from showrunner.timeline import cues
from showrunner.timeline.cues import CueList, Segment
from tests import toys

CUES = CueList(
    "t", "a.show", "", tuple(Segment(n, None, None, None, (), "a.show", 1) for n in ("one", "two")), (), (), ()
)
PLANNED = [(1_000_000, "one", "L1"), (5_000_000, "one", "L2"), (9_000_000, "two", "L4")]
ENTRIES = tuple({"kind": "cue", "at": at, "segment": s, "track": "main", "cue": cue} for at, s, cue in PLANNED)


def plan_of(*entries):
    recorder = Recorder()
    for number, entry in enumerate(entries):
        recorder.take({"seq": number, "due": 0, "late": 0, **entry})
    made = recorder.timetable(10_000_000)
    return Plan(segments=made.segments, cues=made.cues, length=made.length)


class Shown:
    """A status line, and the reader of what stands that it is shown by: both sinks of one journal."""

    def __init__(self, cues, planned, excerpt=None, interrupts=lambda: 0, **how):
        self.present = Present(cues, planned, excerpt)
        self.status = Status(self.present, lambda: None, interrupts, **how)

    def __call__(self, entry):
        self.present.take(entry)
        self.status(entry)

    def shown(self, now):
        return self.status.shown(now)


@pytest.fixture
def line(capsys):
    def made(excerpt=None):
        return Shown(CUES, plan_of(*ENTRIES), excerpt)

    yield made
    capsys.readouterr()


def wait(what, kind="wait"):
    return {"kind": kind, "at": 2_000_000, "segment": "one", "track": "main", "cue": "L1", "for": what}


@pytest.mark.parametrize(
    ("what", "shown"),
    [
        ("go ready?", "HOLD ready? · Enter is GO  ·  last line 1"),
        ("go", "HOLD · Enter is GO  ·  last line 1"),
        ("button raid", "BUTTON raid  ·  last line 1"),
        ("event aituber chat.message", "last line 1"),
        ("then", "next line 2 in 3 s  ·  last line 1"),
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
    assert shows.shown(0) == "00:00  ·  live2d lost  ·  one  ·  next line 1 in 1 s"


def test_in_a_narrow_terminal_what_waits_for_somebody_stands_before_all_else(line):
    shows = line()
    shows({"kind": "device", "at": 0, "device": "animaze", "state": "connecting"})
    shows(wait("go ready?"))
    wide = "00:02  ·  animaze connecting  ·  HOLD ready? · Enter is GO"
    assert shows.status.shown(2_000_000, len(wide)) == wide
    assert shows.status.shown(2_000_000, 20).startswith("HOLD ready? · Enter is GO  ·  00:02")


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [
        ("utf-8", "HOLD ready? · Enter…"),
        ("ascii", "HOLD ready? - Enter "),
        ("cp932", "HOLD ready? - Enter "),
    ],
)
def test_a_terminal_of_20_cells_shows_hold_in_any_encoding(line, encoding, seen):
    shows = line()
    shows(wait("go ready?"))
    screen = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=screen, width=20, force_terminal=True, color_system=None, legacy_windows=False)
    shows.status._live = Live(console=console, auto_refresh=False)
    console.print(Group(shows.status._line()))
    screen.flush()
    (shown,) = screen.buffer.getvalue().decode(encoding).splitlines()
    assert shown == seen


def test_a_pause_is_seen(line):
    shows = line()
    shows({"kind": "operator", "at": 0, "action": "pause"})
    assert shows.shown(0) == "00:00  ·  PAUSED"
    shows({"kind": "operator", "at": 0, "action": "resume"})
    assert shows.shown(0) == "00:00  ·  next line 1 in 1 s"


def test_a_pause_stops_the_clock_one_sees_and_the_time_on_air_stands_beside_it(line):
    shows = line()
    shows({"kind": "operator", "at": 4_000_000, "action": "pause"})
    assert shows.shown(6_000_000) == "00:04  ·  on air 00:06  ·  PAUSED"
    shows({"kind": "operator", "at": 7_000_000, "action": "seek", "to": "one"})
    shows({"kind": "segment", "at": 7_000_000, "segment": "one"})
    assert shows.shown(9_000_000).startswith("00:04  ·  on air 00:09  ·  PAUSED"), "a seek in a pause sets no clock"
    shows({"kind": "operator", "at": 10_000_000, "action": "resume"})
    assert shows.shown(11_000_000).startswith("00:05  ·  on air 00:11  ·  one")


def test_how_the_show_goes_on_is_never_cut(line):
    shows = line()
    shows({"kind": "segment", "at": 0, "segment": "one"})
    shows(wait("go a question that is much too long for any line of this terminal, and goes on"))
    for name in ("left", "right", "up"):
        shows(wait(f"button {name}"))
    assert shows.status.shown(2_000_000, 60).split("\n") == [
        "00:02",
        "HOLD a question that is much too long for any… · Enter is GO",
        "BUTTON left  ·  BUTTON right  ·  BUTTON up  ·  one",
    ]


def test_a_cue_that_came_late_is_said(line):
    shows = line()
    shows({**ENTRIES[0], "late": 340_000})
    assert "LATE 340 ms" in shows.shown(2_000_000)
    shows({**ENTRIES[1], "late": 40_000})
    assert "LATE" not in shows.shown(6_000_000)


def test_a_cue_of_a_turn_stands_in_no_track(capsys):
    shown = Shown(CUES, plan_of(*ENTRIES))
    shown({"kind": "cue", "at": 2_000_000, "cue": "L7#3/L8", "due": 0, "late": 0})
    assert "00:02.000  L7#3/L8" in capsys.readouterr().err


def test_what_must_be_seen_has_colour(line):
    shows = line()
    shows({**ENTRIES[0], "late": 340_000})
    shows(wait("go ready?"))
    shows({"kind": "operator", "at": 2_000_000, "action": "pause"})
    text = shows.status._line()
    coloured = {text.plain[span.start : span.end]: str(span.style) for span in text.spans}
    assert coloured == {
        "PAUSED": "bold yellow",
        "LATE 340 ms": "bold yellow",
        "HOLD ready? · Enter is GO": "bold green",
    }


def test_the_second_ctrl_c_says_that_it_ends_now(capsys):
    pressed = iter([1, 2])
    shows = Shown(CUES, Plan(), interrupts=lambda: next(pressed))
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
        (Excerpt(9_000_000, 1, 1), "next line 4 in 1 s"),
        (Excerpt(4_000_000), "next line 2 in 2 s"),
        (Excerpt(0, 0, None, frozenset({("one", "main", "L1")})), "next line 2 in 6 s"),
    ],
)
def test_of_an_excerpt_only_what_is_played_comes_next(line, excerpt, shown):
    assert line(excerpt).shown(-1).endswith(shown)


def test_a_hold_is_said_with_its_label_in_quotes(capsys):
    Shown(CUES, Plan())(wait("go ready for the quiz?"))
    assert capsys.readouterr().err == '00:02.000  hold "ready for the quiz?": press Enter for GO\n'


def test_the_next_cue_is_the_plans_counted_from_the_cue_taken_last():
    listed = [(1_000_000, "L1"), (5_000_000, "L2"), (7_000_000, "L3")]
    entries = [{"kind": "cue", "at": at, "segment": "s", "track": "main", "cue": cue} for at, cue in listed]
    cues = CueList("t", "a.show", "", (Segment("s", None, None, None, (), "a.show", 1),), (), (), ())
    present = Present(cues, plan_of(*entries))

    def comes():
        found = present.now().next
        return None if found is None else (found.at, found.cue)

    assert comes() == (1_000_000, ("s", "main", "L1"))
    present.take({**entries[0], "at": 3_000_000})
    assert comes() == (7_000_000, ("s", "main", "L2"))
    present.take({**entries[0], "cue": "nobody planned this"})
    assert comes() == (7_000_000, ("s", "main", "L2"))
    present.take({**entries[2], "at": 7_000_000})
    assert comes() is None


# --------------------------------------------------------------------------------------------------- with single keys


@pytest.mark.parametrize(
    ("what", "said", "shown"),
    [
        ("go ready?", '00:02.000  hold "ready?": press space for GO', "HOLD ready? · space is GO"),
        ("button b2", "00:02.000  waits for the button `b2`: press 2", "BUTTON b2 · 2"),
        (
            "button b2 or event aituber chat.message or button b3",
            "00:02.000  waits for the button `b2` or `b3`: press 2 or 3",
            "BUTTON b2 · 2  ·  BUTTON b3 · 3",
        ),
        (
            "button b10",
            "00:02.000  waits for the button `b10`: press `:`, type its name and Enter",
            "BUTTON b10 · `:`, type its name and Enter",
        ),
    ],
)
def test_with_keys_it_says_which_to_press(capsys, what, said, shown):
    cues = replace(CUES, buttons=tuple(f"b{number}" for number in range(1, 12)))
    shows = Shown(cues, Plan(), keys=True)
    shows(wait(what))
    assert capsys.readouterr().err == f"{said}\n"
    assert shows.shown(0) == f"00:00  ·  {shown}"


def test_what_is_typed_stands_first(line):
    shows = line()
    shows.status.type("ra")
    assert shows.shown(0).startswith(":ra_  ·  00:00")
    shows.status.type(None)
    assert shows.shown(0).startswith("00:00")


def test_findings_are_said_with_their_carets(capsys):
    finding = Diagnostic("E301", Place("a.show", 1, 7, 7), "there is no device `animase`")
    Shown(CUES, Plan()).status.found([finding], {"a.show": "at 5s animase emote X\n"})
    assert capsys.readouterr().err.splitlines() == [
        "error[E301]: there is no device `animase`",
        " --> a.show:1:7",
        "  |",
        "1 | at 5s animase emote X",
        "  |       ^^^^^^^",
    ]
    Shown(CUES, Plan()).status.found([], {})
    assert capsys.readouterr().err == ""


def test_another_version_of_the_show_goes_on_from_here(capsys):
    shows = Shown(CUES, plan_of(*ENTRIES))
    shows({**ENTRIES[0], "at": 2_000_000})  # a second behind the plan
    later = [{**entry, "cue": f"L{10 + number}"} for number, entry in enumerate(ENTRIES)]
    shows.present.revised(CUES, plan_of(*later), 3_000_000)
    assert shows.shown(3_000_000) == "00:03  ·  next line 11 in 3 s  ·  last line 1"
    capsys.readouterr()


# ------------------------------------------------------------------------------------------------------ the cue list

LONG = [
    (0, "one", "L1"),
    (1_000_000, "one", "L2"),
    (1_500_000, "one", "L2#1/L3"),
    (2_500_000, "one", "L2#2/L3"),
    (3_500_000, "one", "L2#3/L3"),
    (4_000_000, "two", "wave"),
    (6_000_000, "two", "L9"),
]
TURNS = cues.Repeat(3, 1_000_000, toys.body(toys.at(0)), "repeat 3 times every 1s", toys.SPAN)
LONG_SHOW = toys.show(
    toys.segment(
        "one",
        toys.track(
            "main",
            toys.at(0, cues.Log("hi", "say 'hi'", toys.SPAN)),
            replace(toys.at(1_000_000, TURNS), written="then"),
        ),
    ),
    toys.segment(
        "two",
        toys.track(
            "main",
            replace(toys.at(0, cues.Log("x", "hold \x1b[2J", toys.SPAN), name="wave"), written="at 00:01"),
            toys.at(2_000_000),
        ),
    ),
)


def cue(number, late=0):
    at, segment, name = LONG[number]
    return {"kind": "cue", "at": at + late, "segment": segment, "track": "main", "cue": name}


@pytest.fixture
def present():
    return Present(LONG_SHOW, plan_of(*map(cue, range(len(LONG)))))


def shown(present, **how):
    return around(present.around(ABOVE, BELOW, **how))


def test_before_the_start_the_first_cue_is_next(present):
    assert shown(present) == [
        "segment one",
        ">  00:00.000            line 1          next  say 'hi'",
        "   00:01.000  then      line 2                repeat 3 times every 1s",
        "   00:01.500            line 3, turn 1",
        "segment two",
        "   00:04.000  at 00:01  wave                  hold \\u{1b}[2J",
        "   00:06.000            line 9",
    ]


def test_what_was_taken_has_its_time_and_what_comes_is_as_late_as_the_show(present):
    for number in (0, 1, 3):
        present.take(cue(number, 500_000))
    assert [line[:38].rstrip() for line in shown(present)] == [
        "segment one",
        "   00:00.500            line 1",
        "   00:01.500  then      line 2",
        "                        line 3, turn 1",
        "segment two",
        ">  00:04.500  at 00:01  wave",
        "   00:06.500            line 9",
    ]
    assert [line.split()[-1] for line in shown(present) if "turn 1" in line] == ["passed"]


def test_while_it_stands_no_time_is_said_of_what_comes(present):
    for number in range(6):
        present.take(cue(number))
    present.take({**cue(5), "kind": "wait", "for": "go"})
    assert present.now().uncertain
    assert shown(present, uncertain=True)[-2:] == [
        "   00:04.000  at 00:01  wave            stands  hold \\u{1b}[2J",
        ">                       line 9          next",
    ]


def test_behind_the_last_cue_only_what_was_is_shown(present):
    for number in range(len(LONG)):
        present.take(cue(number))
    assert [line.partition("taken")[1] for line in shown(present)] == ["", "taken", "taken", "", "taken", "taken"]
    assert shown(Present(CUES, Plan())) == ["no cues"]


SEGMENTS = tuple({"kind": "segment", "at": at, "segment": name} for at, name in ((0, "one"), (7_000_000, "two")))


@pytest.fixture
def sought():
    """A show of which everything was played, up to the last cue."""
    shows = Shown(CUES, plan_of(*SEGMENTS, *ENTRIES))
    for entry in ENTRIES:
        shows(entry)
    return shows


@pytest.mark.parametrize(
    ("to", "segment", "following"),
    [
        ("one", "one", "next line 1 in 1 s"),
        ("one/L2", "one", "next line 2"),
        ("one+2s", "one", "next line 2 in 3 s"),
        ("only two", "two", "next line 4 in 2 s"),
        ("gone", "two", ""),
    ],
)
def test_after_a_seek_what_comes_next_is_counted_from_there(sought, to, segment, following):
    sought({"kind": "operator", "at": 20_000_000, "action": "seek", "to": to})
    sought({"kind": "segment", "at": 20_000_000, "segment": segment})
    assert sought.shown(20_000_000).split("  ·  ") == [
        "00:20",
        segment,
        *([following] if following else []),
        "last line 4",
    ]


def test_after_a_seek_backwards_the_cues_around_are_those_that_come_again(sought):
    sought({"kind": "operator", "at": 20_000_000, "action": "seek", "to": "one+2s"})
    sought({"kind": "segment", "at": 20_000_000, "segment": "one"})
    assert [row.split()[-2:] for row in sought.status.around() if "line" in row] == [
        ["1", "passed"], ["2", "next"], ["line", "4"]
    ]  # fmt: skip


def test_where_a_loop_goes_round_nothing_is_said_to_be_next_until_a_cue_is_taken(sought):
    sought({"kind": "segment", "at": 20_000_000, "segment": "one"})
    assert sought.shown(20_000_000) == "00:20  ·  one  ·  last line 4"
    sought({"kind": "cue", "at": 21_000_000, "segment": "one", "track": "main", "cue": "L1"})
    assert sought.shown(21_000_000) == "00:21  ·  one  ·  next line 2 in 4 s  ·  last line 1"


def test_a_panic_is_seen_until_the_show_is_sent_elsewhere(sought, capsys):
    sought({"kind": "operator", "at": 20_000_000, "action": "panic"})
    assert sought.shown(20_000_000) == "00:20  ·  PANIC  ·  last line 4"
    assert (
        capsys.readouterr().err
        == "PANIC: nothing more is sent, what is held is let go, a voice is cut where that can be done\n"
    )
    sought({"kind": "operator", "at": 21_000_000, "action": "seek", "to": "two"})
    sought({"kind": "segment", "at": 21_000_000, "segment": "two"})
    assert sought.shown(21_000_000) == "00:21  ·  two  ·  next line 4 in 2 s  ·  last line 4"


def test_a_loop_and_the_end_of_a_show_that_stays_are_seen():
    over = [False]
    shows = Shown(CUES, plan_of(*SEGMENTS, *ENTRIES), over=lambda: over[0])
    shows({"kind": "operator", "at": 0, "action": "loop", "to": "one"})
    assert shows.shown(0) == "00:00  ·  LOOP one  ·  next line 1 in 1 s"
    shows({"kind": "operator", "at": 0, "action": "unloop"})
    over[0] = True
    assert shows.shown(0) == "00:00  ·  OVER"


def test_what_comes_is_later_by_the_time_that_the_show_stood(line):
    shows = line()
    shows(ENTRIES[0])
    shows({"kind": "operator", "at": 2_000_000, "action": "pause"})
    shows({"kind": "operator", "at": 5_000_000, "action": "resume"})
    assert shows.shown(6_000_000) == "00:03  ·  on air 00:06  ·  next line 2 in 2 s  ·  last line 1"
    shows(wait("go ready?") | {"at": 6_000_000})
    shows(wait("go ready?", "resume") | {"at": 8_000_000})
    assert shows.shown(9_000_000) == "00:06  ·  on air 00:09  ·  next line 2 in 1 s  ·  last line 1"


def test_a_pause_that_was_ignored_is_not_shown(line):
    shows = line()
    shows({"kind": "operator", "at": 0, "action": "pause", "ignored": "pressed twice"})
    assert shows.shown(0) == "00:00  ·  next line 1 in 1 s"

"""The dry run's table: it fits the terminal, how a command ended stands before it, and names are filled in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sized
from pathlib import Path
from typing import Any

import pytest

from showrunner.cli.table import table as laid_out
from showrunner.diagnostics.wording import cells
from showrunner.engine.messages import Options, Planned
from showrunner.reports import endings
from showrunner.reports.endings import Ended, Endings
from showrunner.reports.entries import read
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import prepare

SHOW = (
    'let host = "Mika"\n'
    "let mood = happy\n"
    "let beat = 500ms\n"
    "define greet(who)\n"
    '  at 0s  say $mood "Hello {who}, I am {host}, and {{this}} is a line that goes on for a good while."\n'
    "segment one at most 20s\n"
    "  track voice\n"
    '    at 1s          do greet("everybody")\n'
    "    then +$beat    animaze scene $host\n"
    "  track body\n"
    "    at 2s          animaze scene B within 10ms\n"
    "    at 3s          animaze emote E for 30s\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., list[str]]:
    """Lay out the dry run of the show at so many columns."""
    (tmp_path / "a.show").write_text(SHOW, "utf-8")
    prepared = prepare(str(tmp_path / "a.show"))
    cues = prepared.cues
    assert cues is not None, prepared.findings
    entries: list[dict[str, Any]] = []
    dry_run(cues, prepared.fixtures, entries.append, options=Options(auto=True), latency=100_000)
    return lambda width=None: laid_out(read(entries, prepared.fixtures), cues, width=width).splitlines()


def test_names_are_filled_in_where_a_person_reads(table):
    said = "\n".join(table())
    assert 'say happy "Hello everybody, I am Mika, and {{this}} is' in said
    assert re.search(r"then \+500ms .* animaze scene Mika", said)
    assert "$" not in said


def test_at_80_columns_voices_and_tracks_give_way_to_the_command(table):
    assert table(80) == [
        "a",
        "",
        "  expected   written      cue          ended           command",
        "",
        "one",
        '  00:01.000  at 1s        L8/greet/L5  done in 5.4 s   say happy "Hello everybo…',
        "  00:02.000  at 2s        L11          ! timed-out     animaze scene B within 1…",
        "                                                       (no reply within 10ms)",
        "  00:03.000  at 3s        L12          cut by the end  animaze emote E for 30s",
        "  00:06.950  then +500ms  L9           done in 200 ms  animaze scene Mika",
        "  00:20.000  the end: 2 done, 1 timed-out (line 11 animaze scene), 1 cut by the",
        "             end (line 12 animaze emote)",
        "",
        "1 segment, 0:20 of show, 0:05 of it speech",
        "longest silence: 13.5 s, from 00:06.450 to 00:20.000",
    ]


@pytest.mark.parametrize("width", [20, 26, 33, 40, 60, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_terminal(table, width):
    lines = table(width)
    assert max(map(cells, lines)) <= width
    assert any("! time" in line for line in lines)


def test_at_40_columns_a_command_has_a_line_of_its_own(table):
    lines = table(40)
    assert lines[2:7] == [
        "  expected   cue          ended",
        "",
        "one",
        "  00:01.000  L8/greet/L5  done in 5.4 s",
        '    say happy "Hello everybody, I am Mi…',
    ]


def test_the_last_line_names_what_was_not_done_and_what_is_no_trouble_last():
    journal = [
        {"kind": "command", "id": 1, "device": "toy", "verb": "act", "line": 4},
        {"kind": "command", "id": 2, "device": "toy", "verb": "act", "line": 5, "file": "part.show"},
        {"kind": "command", "id": 3, "device": "toy", "verb": "wait for", "line": 6},
        {"kind": "command", "id": 4, "device": "toy", "verb": "act", "line": 7},
        {"kind": "outcome", "id": 1, "result": "cancelled", "reason": "over"},
        {"kind": "outcome", "id": 2, "result": "skipped", "reason": "stop"},
        {"kind": "outcome", "id": 3, "result": "failed", "reason": "no"},
        {"kind": "outcome", "id": 4, "result": "done"},
    ]
    sink = Endings()
    for entry in journal:
        sink(entry)
    said = endings.line({"done": 1, "failed": 1, "skipped": 1, "cancelled": 1}, sink.others)
    assert said == (
        "1 done, 1 failed (line 6 wait for), 1 cut by the end (line 4 toy act), "
        "1 skipped by stop (part.show line 5 toy act)"
    )


def test_of_many_that_ended_alike_three_are_named_each_once():
    others = [Ended(f"line {number // 2}", "failed", "no") for number in range(10)]
    assert endings.line({}, Counter(others)) == "10 failed (line 0, line 1, line 2 and 2 more)"
    assert endings.line({}, {}) == "no commands"


def test_what_is_remembered_of_endings_is_bounded_by_the_text_however_long_the_show():
    sink = Endings()
    for number in range(5_000):
        sink({"kind": "command", "id": number, "line": 1 + number % 2, "device": "toy", "verb": "act"})
        sink({"kind": "outcome", "id": number, "result": "failed", "reason": f"no, for the {number}. time"})
        sink({"kind": "device", "device": "toy", "state": "note", "unheard": number})
    assert len(sink.others) == 2
    assert all(len(kept) < 5_000 for kept in vars(sink).values() if isinstance(kept, Sized))
    said = "5,000 failed (line 1 toy act, line 2 toy act); 5,000 lines were probably not heard"
    assert endings.line({}, sink.others, sink.unheard) == said


def test_below_the_table_stands_each_when_once_with_how_long_it_lasts_and_how_often_it_came(tmp_path):
    (tmp_path / "a.show").write_text(
        "when button boo restart\n"
        "  at 2s  log 'boo'\n"
        "segment one at least 5s\n"
        "  when button bar\n"
        "    log 'bar'\n"
        "  at 0s  log 'one'\n",
        "utf-8",
    )
    cues = prepare(str(tmp_path / "a.show")).cues
    assert cues is not None
    entries: list[dict[str, Any]] = []
    presses = tuple(Planned(at, "button", "boo") for at in (1_000_000, 2_000_000))
    dry_run(cues, {}, entries.append, options=Options(auto=True, presses=presses))
    shown = laid_out(read(entries, {}), cues).splitlines()
    below = shown.index("what it hears")
    assert shown[below : below + 4] == [
        "what it hears",
        "  L1  when button boo restart: 2 s, heard 2 times",
        "  L4  when button bar (one): 0 s, not heard",
        "",
    ]


@pytest.mark.parametrize(
    ("options", "stays"),
    [
        (Options(auto=True), "or 5 minutes in a dry run"),
        (Options(auto=True, stay=90_000_000), "or 1:30 in a dry run"),
        (Options(auto=True, presses=(Planned(42_000_000, "button", "start"),)), "or 42 s in a dry run"),
        (Options(auto=True, presses=(Planned(1, "event", "animaze AvatarChanged"),)), "or 5 minutes in a dry run"),
        (
            Options(auto=True, presses=(Planned(360_000_000, "event", "animaze AvatarChanged"),)),
            "or 6 minutes in a dry run",
        ),
    ],
)
def test_a_segment_that_an_event_ends_says_so_above_its_rows_and_how_long_it_stays(tmp_path, options, stays):
    (tmp_path / "a.show").write_text(
        "segment one until button start or animaze AvatarChanged Fox or time 23:30\n"
        "  at 0s  repeat every 10s until button off\n"
        '    at 0s  log "turn"\n'
        '  at 5s  log "x"\n',
        "utf-8",
    )
    prepared = prepare(str(tmp_path / "a.show"))
    cues = prepared.cues
    assert cues is not None, prepared.findings
    entries: list[dict[str, Any]] = []
    dry_run(cues, prepared.fixtures, entries.append, options=options)
    head = f"one · until the button start or `animaze AvatarChanged Fox` or 23:30, {stays}"
    assert head in laid_out(read(entries, prepared.fixtures), cues).splitlines()

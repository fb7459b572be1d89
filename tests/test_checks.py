"""Warnings: what is allowed and probably not meant. Each rule is shown where it speaks and where it keeps silent."""

from __future__ import annotations

import inspect

import pytest

from showrunner.timeline.checks import answers, doubles, ends, held, limits, meetings, order, programs, table, voices
from tests.tables import codes, compiled

LONG = "say 'twenty-five letters in these'"  # 25 letters without blanks: 2.5 s at this stage's rate


def cases(*rows: tuple[str, str, list[str]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("rule", "text", "found"), rows, ids=[row[0] for row in rows])


@cases(
    ("a later one takes over", "at 0s live2d set A 1 for 5s\nat 2s live2d set A 2 for 1s\n", ["W501 2:7"]),
    ("spans are half open", "at 0s live2d set A 1 for 2s\nat 2s live2d set A 2 for 1s\n", []),
    ("a move claims its time", "at 0s live2d move A to 1 over 2s\nat 1s live2d set A 2\n", ["W501 2:7"]),
    ("a move claims its `for`", "at 0s live2d move A to 1 over 1s for 2s\nat 2s live2d set A 2\n", ["W501 2:7"]),
    ("an open hold is there to be taken over", "at 0s live2d set A 1\nat 2s live2d set A 2 for 1s\n", []),
    ("at one moment only the last is seen", "at 0s live2d set A 1; live2d set A 2\n", ["W501 1:23"]),
    ("other parameters of one line do not matter", "at 0s live2d set A 1; live2d set B 2\n", []),
    ("other parameters do not matter", "at 0s live2d set A 1 for 5s\nat 2s live2d set B 2 for 1s\n", []),
    ("a release ends the claim", "at 0s live2d set A 1 for 5s\nat 1s live2d release A\nat 2s live2d set A 2\n", []),
    ("a release of all ends it too", "at 0s live2d set A 1 for 5s\nat 1s live2d release\nat 2s live2d set A 2\n", []),
    ("a release of another does not", "at 0s live2d set A 1 for 5s\nat 1s live2d release B\nat 2s live2d set A 2\n",
     ["W501 3:7"]),
    ("a wait counts", "at 0s live2d set A 1 for 2s; wait 2s; live2d set A 2\n", []),
    ("a wait that is too short", "at 0s live2d set A 1 for 2s; wait 1s; live2d set A 2\n", ["W501 1:39"]),
    ("`then` after a known length", "at 0s live2d set A 1 for 2s\nthen live2d set A 2 for 1s\n", []),
    ("nobody knows how long a hold lasts", "at 0s live2d set A 1 for 5s\nat 1s hold 'x'\nat 2s live2d set A 2\n", []),
    ("nor how long she speaks", "at 0s live2d set A 1 for 5s; say 'x' and wait\nat 2s live2d set A 2\n", []),
    ("other scopes are not compared",
     "at 0s live2d set A 1 for 5s\nat 1s repeat 2 times every 1s\n  at 0s live2d set A 2\n", []),
    ("what is set at once ends a move", "at 1s animaze camera fov 20 over 2s\nat 2s animaze camera fov 30\n",
     ["W501 2:7"]),
    ("and is there to be moved from", "at 1s animaze camera fov 20; animaze camera fov 30 over 2s\n", []),
    ("when the move is over", "at 1s animaze camera fov 20 over 2s\nat 3s animaze camera fov 30\n", []),
    ("it claims nothing", "at 1s animaze camera fov 20\nat 1s animaze camera fov 30\n", []),
    ("an overrun moves both",
     "at 0s live2d set B 1 for 5s\nthen live2d set A 1 for 2s\nat 3s live2d set C 1\nat 4s live2d set A 1\n",
     ["W518 3:1", "W501 4:7"]),
)  # fmt: skip
def test_two_commands_that_hold_one_parameter(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


AWAITED = 'at 0s say "This is quite a long sentence, and it takes its time" and wait\n'


@cases(
    ("behind `and wait`", f"{AWAITED}at +400ms log 'x'\n", ["W518 2:1"]),
    ("for a written time, too", f"{AWAITED}at 2s log 'x'\n", ["W518 2:1"]),
    ("behind a `wait`", "at 0s log 'a'; wait 3s\nat 2s log 'x'\n", ["W518 2:1"]),
    ("behind a `then`", "at 5s log 'a'\nthen +5s log 'b'\nat 6s log 'x'\n", ["W518 3:1"]),
    ("not if 100 ms are not lost", "at 0s log 'a'; wait 1099ms\nat 1s log 'x'\n", []),
    ("but from 100 ms on", "at 0s log 'a'; wait 1100ms\nat 1s log 'x'\n", ["W518 2:1"]),
    ("each once: what follows moves with it", f"{AWAITED}at 1s log 'x'\nat 2s log 'y'\n", ["W518 2:1"]),
    ("not behind a `hold`", "at 0s say 'One two three four' and wait; hold\nat 1s log 'x'\n", []),
    ("not with `then`", f"{AWAITED}then +400ms log 'x'\n", []),
    ("not where the written time leaves room", f"{AWAITED}at 20s log 'x'\n", []),
    ("in a block", f"at 0s repeat 2 times every 9s\n  {AWAITED}  at +400ms log 'x'\n", ["W518 3:3"]),
    ("a time that is too early is that and no more", "at 3s log 'a'; wait 3s\nat 2s log 'x'\n", ["E202 2:1"]),
)  # fmt: skip
def test_a_pause_that_is_swallowed(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("at the end is too late", "segment s at most 10s\n  at 10s log 'x'\n", ["W502 2:3"]),
    ("before it is not", "segment s at most 10s\n  at 9.999s log 'x'\n", []),
    ("`then at` is meant too", "segment s at most 10s\n  at 1s log 'x'\n  then at 12s log 'y'\n", ["W502 3:3"]),
    ("in every track", "segment s at most 10s\n  track t\n    at 11s log 'x'\n", ["W502 3:5"]),
    ("not in a block, whose clock is another", ("segment s at most 10s\n  at 0s repeat 2 times every 12s\n"
     "    at 11s log 'x'\n"), []),
)  # fmt: skip
def test_a_cue_that_the_end_of_its_segment_cuts_off(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("alone", "segment s\n  at 0s repeat every 1s\n    log 'x'\n", ["W503 2:9"]),
    ("in two tracks", ("segment s\n  track a\n    at 0s repeat every 1s\n      log 'x'\n"
     "  track b\n    at 0s repeat every 1s\n      log 'x'\n"), ["W503 3:11"]),
    ("with `at least`", "segment s at least 5s\n  at 0s repeat every 1s\n    log 'x'\n", []),
    ("beside something that lasts", "segment s\n  at 0s repeat every 1s\n    log 'x'\n  at 1s say 'x'\n", []),
    ("the earlier one has the time of the later", ("segment s\n  at 0s repeat every 1s\n    log 'x'\n"
     "  at 5s repeat every 1s\n    log 'y'\n"), ["W503 4:9"]),
    ("a line at a later time", "segment s\n  at 0s repeat every 1s\n    log 'x'\n  at 5s log 'y'\n", []),
    ("a counted one lasts by itself", "segment s\n  at 0s repeat 2 times every 1s\n    log 'x'\n", []),
)  # fmt: skip
def test_a_repeat_without_end_that_alone_fills_a_segment(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


HOLDS = "define q\n  hold 'x'\n"


@cases(
    ("the next line goes on", HOLDS + "at 0s do q\nat 5s log 'x'\n", ["W504 3:7"]),
    ("with `then` it waits", HOLDS + "at 0s do q\nthen log 'x'\n", []),
    ("nothing below", HOLDS + "at 0s do q\n", []),
    ("through another", HOLDS + "define p\n  do q\nat 0s do p\nat 5s log 'x'\n", ["W504 5:7"]),
    ("a `wait for` too", "define q\n  wait for button b\nat 0s do q\nat 5s log 'x'\n", ["W504 3:7"]),
    ("not a hold in a `meanwhile`",
     "define q\n  say 'x' and meanwhile\n    at 0s hold 'y'\nat 0s do q\nat 5s log 'x'\n", []),
)  # fmt: skip
def test_a_hold_inside_a_do_stops_only_that(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("of the same voice", "at 0s say 'x' and meanwhile\n  at 0s say 'y'\n", ["W505 2:9"]),
    (
        "in a `repeat` inside",
        "at 0s say 'x' and meanwhile\n  at 0s repeat every 1s\n    at 0s say 'y'\n",
        ["W505 3:11"],
    ),
    ("in a `do` inside", "define d\n  say 'y'\nat 0s say 'x' and meanwhile\n  at 0s do d\n", ["W505 2:3"]),
    ("not while she is silent", "at 0s hold 'x' and meanwhile\n  at 0s say 'y'\n", []),
    ("another voice over hers", f"at 0s {LONG} and meanwhile\n  at 1s animaze echo 'y'\n", ["W510 2:9"]),
    ("in a `do`", f"define d\n  at 1s animaze echo 'y'\nat 0s {LONG} and meanwhile\n  at 0s do d\n", ["W510 2:9"]),
    ("not behind it", "at 0s say 'x' and meanwhile\n  at 2s animaze echo 'y'\n", []),
)
def test_what_is_said_while_she_speaks_is_never_spoken(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("inside", "at 0s hold 'x' and meanwhile\n  at 0s hold 'y'\n", ["W506 2:9"]),
    ("in a `do` inside", HOLDS + "at 0s hold 'x' and meanwhile\n  at 0s do q\n", ["W506 2:3"]),
    ("not a hold while she speaks", "at 0s say 'x' and meanwhile\n  at 0s hold 'y'\n", []),
)
def test_a_hold_inside_a_hold_never_gets_its_go(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


ASK = "animaze chat 'x' -> j"


@cases(
    ("used before it is asked for", f"at 0s say '{{j}}'\nthen {ASK}\n", ["E222 1:11"]),
    ("used beside the question", f"at 0s {ASK}; say '{{j}}'\n", ["W507 1:34"]),
    ("used by the question itself", "at 0s animaze chat '{j}' -> j\n", ["E222 1:20"]),
    ("used in the meanwhile of the question", f"at 0s {ASK} and meanwhile\n  at 0s say '{{j}}'\n", ["E222 2:13"]),
    ("used some time later", f"at 0s {ASK}\nat 5s say '{{j}}'\n", ["W507 2:11"]),
    ("used when its time is over", f"at 0s {ASK} within 5s\nat 5s say '{{j}}'\n", []),
    ("used before its time is over", f"at 0s {ASK} within 5s\nat 4s say '{{j}}'\n", ["W507 2:11"]),
    ("a try more takes its time", f"at 0s {ASK} within 5s retry 1\nat 5s say '{{j}}'\n", ["W507 2:11"]),
    ("used after `then`", f"at 0s {ASK}\nthen say '{{j}}'\n", []),
    ("used after `and wait`", f"at 0s {ASK} and wait; say '{{j}}'\n", []),
    ("`then` waits for the line above only", f"at 0s {ASK}\nat 1s log 'x'\nthen say '{{j}}'\n", ["W507 3:10"]),
    ("asked for in a `do` before", f"define d\n  {ASK}\nat 0s do d\nthen say '{{j}}'\n", []),
    ("asked for in a `do` beside", f"define d\n  {ASK}\nat 0s do d\nat 1s say '{{j}}'\n", ["W507 4:11"]),
    ("used in a `do` too early", f"define d\n  say '{{j}}'\nat 0s do d\nthen {ASK}\nthen do d\n", ["E222 2:7"]),
    ("asked for in the segment before", f"segment a\n  at 0s {ASK}\nsegment b\n  at 0s say '{{j}}'\n", []),
    ("asked for in the segment after", f"segment a\n  at 0s say '{{j}}'\nsegment b\n  at 0s {ASK}\n", ["E222 2:13"]),
    ("of another track nobody knows", f"segment a\n  track t\n    at 0s {ASK}\n  track u\n    at 0s say '{{j}}'\n", []),
    (
        "asked for in the turn before",
        f"at 0s repeat 3 times every 9s\n  at 0s say '{{j}}'\n  then {ASK}\n",
        ["W507 2:13"],
    ),
)
def test_an_answer_is_used_only_when_it_is_there(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


WAVE = "animaze emote Wave"


@cases(
    ("`then`", f"at 0s {WAVE}\nthen log 'x'\n", ["W508 2:1"]),
    ("`then +2s`", f"at 0s {WAVE}\nthen +2s log 'x'\n", ["W508 2:1"]),
    ("`and wait`", f"at 0s {WAVE} and wait; log 'x'\n", ["W508 1:26"]),
    ("with `for`", f"at 0s {WAVE} for 2s\nthen log 'x'\n", []),
    ("`and wait` with `for`", f"at 0s {WAVE} for 2s and wait; log 'x'\n", []),
    ("beside what does end", f"at 0s {WAVE}; say 'x'\nthen log 'x'\n", []),
    ("while she is speaking", f"at 0s say 'x'\nat 1s {WAVE}\nthen log 'x'\n", []),
    ("by the clock", f"at 0s {WAVE}\nat 2s log 'x'\n", []),
)
def test_waiting_for_what_never_reports_its_end(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("a gesture beside", f"at 5s {LONG}\nat 6s say 'x'; {WAVE}\n", ["W509 2:7"]),
    ("she has finished", f"at 5s {LONG}\nat 7.5s say 'x'; {WAVE}\n", []),
    ("she has not quite finished", f"at 5s {LONG}\nat 7.4s say 'x'; {WAVE}\n", ["W509 2:9"]),
    ("nothing beside", f"at 5s {LONG}\nat 6s say 'x'\n", []),
    ("`then at` keeps them together", f"at 5s {LONG}\nthen at 6s say 'x'; {WAVE}\n", []),
    ("counted from a `then`", f"at 0s hold\nthen {LONG}\nat +1s say 'x'; {WAVE}\n", ["W509 3:8"]),
    ("two on one line are meant so", f"at 5s {LONG}; say 'x'; {WAVE}\n", []),
    ("a hold between, and nobody knows", f"at 5s {LONG}\nat 5s hold\nat 6s say 'x'; {WAVE}\n", []),
    ("said in a `do`", f"define d\n  {LONG}\nat 5s do d\nat 6s say 'x'; {WAVE}\n", ["W509 4:7"]),
)
def test_what_stands_beside_a_say_that_has_to_queue(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


def test_the_help_for_a_say_that_has_to_queue_is_the_position_to_write() -> None:
    (finding,) = compiled(f"at 5s {LONG}\nat 00:06 say 'x'; {WAVE}\n").findings
    assert "line 1" in finding.message
    assert "00:07.500" in finding.message
    assert finding.help == "`then at 00:06` keeps them together"


@cases(
    ("in one list", f"at 0s {LONG}\nat 1s animaze echo 'x'\n", ["W510 2:7"]),
    ("one after the other", f"at 0s {LONG}\nat 2.5s animaze echo 'x'\n", []),
    ("on one line", "at 0s say 'x'; animaze echo 'y'\n", ["W510 1:16"]),
    ("with `then`", f"at 0s {LONG}\nthen animaze echo 'x'\n", []),
    ("in two tracks",
     f"segment s\n  track a\n    at 0s {LONG}\n  track b\n    at 1s animaze echo 'x'\n", ["W510 5:11"]),
    ("in two tracks, at unknown times",
     f"segment s\n  track a\n    at 0s hold\n    then {LONG}\n  track b\n    at 1s animaze echo 'x'\n", []),
    ("one voice queues", f"at 0s {LONG}\nat 1s say 'x'\n", []),
)  # fmt: skip
def test_two_voices_at_once(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("an emotion in brackets", "at 0s say '[happy] hi'\n", ["W511 1:11"]),
    ("a variable", "let a = 1\nat 0s say 'hi $a'\n", ["W511 2:11"]),
    ("a variable nobody knows", "at 0s say 'hi $a'\n", ["W511 1:11"]),
    ("a price", "at 0s say 'only $5'\n", []),
    ("a prompt may say anything", "at 0s animaze chat '[happy] $b'\n", []),
    ("but not mean a constant", "let a = 1\nat 0s animaze chat '$a'\n", ["W511 2:20"]),
    ("an inserted text is the author's", "let a = '$b'\nat 0s say '{a}'\n", []),
)
def test_a_text_that_would_be_read_out_wrongly(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("an event", "at 0s wait for animaze SceneChanged\n", ["W512 1:7"]),
    ("an event with a limit", "at 0s wait for animaze SceneChanged within 5s\n", []),
    ("a button", "at 0s wait for button x\n", []),
    ("a gesture", "at 0s animaze emote Wave retry 1\n", ["W513 1:26"]),
    ("a sentence", "at 0s say 'x' retry 1\n", ["W513 1:15"]),
    ("a scene", "at 0s animaze scene X retry 1\n", []),
    ("a question", "at 0s animaze chat 'x' retry 1\n", []),
)
def test_waits_without_a_limit_and_retries_that_may_be_seen(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


@cases(
    ("an empty text", "at 0s say ''\n", ["W540 1:11"]),
    ("blanks", "at 0s say happy ' ' sad 'x'\n", ["W540 1:17"]),
    ("a name for nothing", "let a = ''\nat 0s say \"{a}\"\n", ["W540 2:11"]),
    ("a question", "at 0s animaze chat ''\n", []),
    ("a name in a text", "let a = 'x'\nat 0s say \"{a}\"\n", []),
)
def test_a_text_in_which_nothing_is_said(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


CUES = "  track t\n    cue one at 0s log 'x'\n    cue two at 5s repeat 2 times every 1s\n      cue in at 0s log 'y'\n"


@cases(
    ("in another track", "segment s\n" + CUES + "  track u\n    at 0s wait for cue one\n", []),
    ("nowhere", "segment s\n" + CUES + "  track u\n    at 0s wait for cue onne\n", ["E217 7:24"]),
    ("inside a block", "segment s\n" + CUES + "  track u\n    at 0s wait for cue in\n", ["E217 7:24"]),
    ("in this track", "segment s\n" + CUES + "    at 9s wait for cue one\n", ["E217 6:24"]),
    ("in another segment", "segment s\n" + CUES + "segment r\n  at 0s wait for cue one\n", ["E217 7:22"]),
    ("from a `do`", "define d\n  wait for cue one\nsegment s\n" + CUES + "  track u\n    at 0s do d\n", []),
    ("from a `do` in vain", "define d\n  wait for cue onne\nsegment s\n" + CUES + "  track u\n    at 0s do d\n",
     ["E217 2:16"]),
    ("above the wait of the other",
     "segment s\n  track a\n    cue x at 0s wait for cue y\n  track b\n    cue y at 0s wait for cue x\n", []),
    ("below the wait of the other",
     ("segment s\n  track a\n    at 0s wait for cue y\n    cue x then log 'x'\n"
     "  track b\n    at 0s wait for cue x\n    cue y then log 'y'\n"), ["E218 3:24"]),
    ("round three tracks",
     ("segment s\n  track a\n    at 0s wait for cue y\n    cue x then log 'x'\n  track b\n    at 0s wait for cue z\n"
     "    cue y then log 'y'\n  track c\n    at 0s wait for cue x\n    cue z then log 'z'\n"), ["E218 3:24"]),
)  # fmt: skip
def test_a_cue_that_is_waited_for_stands_in_another_track(rule: str, text: str, found: list[str]) -> None:
    assert codes(text) == found, rule


def test_of_a_long_circle_of_waits_only_a_part_is_told() -> None:
    tracks = (f"  track t{n}\n    at 0s wait for cue c{(n + 1) % 40}\n    cue c{n} then log 'x'\n" for n in range(40))
    (found,) = compiled("segment s\n" + "".join(tracks)).findings
    chain = " -> ".join(f"c{n}" for n in range(1, 12))
    assert (found.code, found.place.line) == ("E218", 3)
    assert found.message == f"these cues wait for each other, so none ever comes: {chain} -> … -> c0 -> c1"


def test_the_length_of_a_show_is_that_of_its_score() -> None:
    text = (
        "segment a at least 10s\n  at 0s log 'x'\nsegment b at most 4s\n  at 9s log 'x'\nsegment c\n  at 1s wait 2s\n"
    )
    assert compiled(text).length == 17_000_000


# --- the table


def test_every_check_is_a_row_of_the_table_and_says_what_it_finds() -> None:
    rows = [row for rows in (table.PASSAGE, table.BLOCK, table.BESIDE, table.PART, table.WHOLE) for row in rows]
    for row in rows:
        assert (row.look.__doc__ or "").startswith(f"{', '.join(row.codes)}: "), row
    there = {
        function
        for module in (answers, doubles, ends, held, limits, meetings, order, programs, voices)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert there - {limits.told} == {row.look for row in rows}

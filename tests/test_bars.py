"""Musical time: bars and beats as exact fractions, and what is said of lines that get them wrong."""

from __future__ import annotations

import sys
from fractions import Fraction

import pytest

from showrunner import cli
from showrunner.engine.messages import Options
from showrunner.reports.now import Present
from showrunner.reports.plan import plan
from showrunner.timeline.cues import Beats, Position, Tempo
from showrunner.times import rounded
from tests.tables import compiled
from tests.toys import World

RATE = Fraction("174.614")
BEAT = 60_000_000 / RATE
HOUR = 2_619
"""So many bars of four beats last an hour, nearly."""


def played(text: str) -> list[tuple[str, int]]:
    """Play a text whose commands are `log`s; give what is logged, and when."""
    made = compiled(text)
    assert made.cues is not None, made.findings
    entries = World(made.cues).run()
    return [(entry["message"], entry["at"]) for entry in entries if entry["kind"] == "log"]


def test_after_an_hour_a_bar_comes_within_a_microsecond_of_the_exact_fraction():
    lines = "".join(f"  at bar {bar} beat 3.5 log '{bar}'\n" for bar in range(1, HOUR, 97))
    found = played(f"segment song tempo 174.614 offset 350ms\n{lines}")
    assert len(found) == 27
    for bar, at in found:
        exact = 350_000 + (Fraction(int(bar) - 1) * 4 + Fraction(5, 2)) * BEAT
        assert at == rounded(exact)
        assert abs(at - exact) <= Fraction(1, 2)


def test_after_an_hour_of_turns_the_last_is_within_a_microsecond_of_the_exact_fraction():
    turns = 4 * HOUR
    found = played(f"segment song tempo 174.614\n  at bar 1 repeat {turns} times every 1beat\n    at 0s log 'x'\n")
    assert [at for _, at in found] == [rounded(turn * BEAT) for turn in range(turns)]
    assert abs(found[-1][1] - (turns - 1) * BEAT) <= Fraction(1, 2)
    assert found[-1][1] > 3_590_000_000


def test_a_sum_of_beats_is_made_of_fractions_and_rounded_once():
    steps = 3_000
    lines = "  at +1beat log 'x'\n" * steps
    found = played(f"segment song tempo 174.614\n  at bar 1 log 'x'\n{lines}")
    assert [at for _, at in found] == [rounded(step * BEAT) for step in range(steps + 1)]


def test_half_a_microsecond_is_rounded_up():
    assert [rounded(Fraction(n, 2)) for n in (1, 2, 3, -1)] == [1, 1, 2, 0]
    assert rounded(7) == 7


def test_a_list_in_a_track_counts_from_its_offset_and_one_inside_from_where_it_stands():
    text = """
define bars
  at bar 1 log "inside 1"
  at bar 2 log "inside 2"

segment song tempo 120 beats 3 offset 250ms
  at 0s     log "zero"
  at 1bar   log "a bar from the start"
  at bar 3  do bars
"""
    assert played(text) == [
        ("zero", 0),
        ("a bar from the start", 1_500_000),
        ("inside 1", 3_250_000),
        ("inside 2", 4_750_000),
    ]


@pytest.mark.parametrize(
    ("written", "position"),
    [
        ("at bar 9", Position(False, Fraction(16_350_000), None, bar=True)),
        ("at bar 9 beat 3.5", Position(False, Fraction(17_600_000), None, bar=True)),
        ("then at bar $n beat $k", Position(True, Fraction(1_350_000), None, bar=True)),
        ("at 8bars", Position(False, Fraction(16_000_000), None)),
        ("at +$swing", Position(False, None, Fraction(250_000))),
        ("then +0.25bars", Position(True, None, Fraction(500_000))),
    ],
)
def test_a_position_is_worked_out_by_the_tempo_of_its_segment(written, position):
    text = "let n = 1\nlet k = 3\nlet swing = 0.5beats\nsegment a tempo 120 offset 350ms\n  at 0s log 'x'\n"
    made = compiled(f"{text}  {written} log 'y'\n").cues
    assert made is not None
    assert made.segments[0].tempo == Tempo(Fraction(120), 4, 350_000)
    assert made.segments[0].tracks[0].body.cues[1].position == position


@pytest.mark.parametrize(
    ("micros", "called"),
    [(-1, ""), (0, "1.1"), (499_999, "1.1.999"), (500_000, "1.2"), (2_250_000, "2.1.5"), (17_125_000, "9.3.25")],
)
def test_a_tempo_counts_bars_and_beats_from_1(micros, called):
    tempo = Tempo(Fraction(120), 4, 350_000)
    assert tempo.called(micros) == called
    assert tempo.lasts(Beats(Fraction(2), "bar")) == 4_000_000
    assert tempo.lasts(Beats(Fraction(2), "beat")) == 1_000_000


SONG = "segment song tempo 120\n"
LONG = "say 'twenty-five letters in these'"  # 2.5 s


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # no tempo
        ("at 0s wait 2beats\n", ["E225 1:12+6"]),
        ("at bar 3 log 'x'\n", ["E225 1:4+5"]),
        ("at 0s repeat every 1bar\n  at 0s log 'x'\n", ["E225 1:20+4"]),
        ("at 0s live2d set A 1 for 2beats\n", ["E225 1:26+6"]),
        ("segment a at least 2bars\n  at 0s log 'x'\n", ["E225 1:20+5"]),
        ("let b = 2beats\nat 0s wait $b\nat 5s log '{b}'\n", ["E225 2:12+2"]),
        ("define d(t)\n  at 0s wait $t\nat 0s do d(1beat)\n", ["E225 3:12+5"]),
        ("define d\n  at 0s wait 1beat\nsegment a tempo 90\n  at 0s do d\nsegment b\n  at 0s do d\n", ["E225 2:14+5"]),
        # nobody does it, so nobody knows its tempo
        ("define d\n  at bar 2 wait 1beat\n  at bar 3 repeat every 1bar\n    at 0s log 'x'\nat 0s log 'x'\n", []),
        # a bar that is none
        (f"{SONG}  at bar 0 log 'x'\n", ["E402 2:10+1"]),
        (f"{SONG}  at bar 1.5 log 'x'\n", ["E402 2:10+3"]),
        (f"{SONG}  at bar 1 beat 0.5 log 'x'\n", ["E402 2:17+3"]),
        (f"{SONG}  at bar 1 beat 5 log 'x'\n", ["E402 2:17+1"]),
        (f"{SONG}  at bar 1 beat 4.999 log 'x'\n", []),
        (f"{SONG}  at bar 1 beat 1.0001 log 'x'\n", ["E402 2:17+6"]),
        # a tempo that is none
        ("segment a tempo 0.999\n  at 0s log 'x'\n", ["E402 1:17+5"]),
        ("segment a tempo 1000.001\n  at bar 1 log 'x'\n", ["E402 1:17+8"]),
        ("segment a tempo 120.0001\n  at 0s wait 1beat\n", ["E402 1:17+8"]),
        ("segment a tempo 120 beats 65\n  at 0s log 'x'\n", ["E402 1:27+2"]),
        ("segment a tempo 120 beats 3.5\n  at 0s log 'x'\n", ["E402 1:27+3"]),
        ("segment a tempo 1000 beats 64\n  at 0s log 'x'\n", []),
        ("segment a tempo 1 beats 1\n  at 0s log 'x'\n", []),
        ("let s = 'x'\nsegment a tempo $s\n  at 0s log 'x'\n", ["E401 2:17+2"]),
        ("segment a tempo 120 offset 1beat\n  at 0s log 'x'\n", ["E401 1:28+5"]),
        ("let o = 1beat\nsegment a tempo 120 offset $o\n  at 0s log 'x'\n", ["E401 2:28+2"]),
        # order, and what is too short
        (f"{SONG}  at bar 2 log 'x'\n  at bar 1 beat 4 log 'x'\n", ["E202 3:3+15"]),
        (f"{SONG}  at bar 2 log 'x'\n  at 1s log 'x'\n", ["E202 3:3+5"]),
        (f"{SONG}  at bar 1 repeat every 0.019beats\n    at 0s log 'x'\n", ["E405 2:25+10"]),
        (f"{SONG}  at bar 1 log 'x'; wait for button b within 0beats\n", ["E404 2:46+6"]),
        # off the music
        (f"{SONG}  at bar 1 {LONG} and wait\n  at bar 2 log 'x'\n", ["W520 3:3+8"]),
        (f"{SONG}  at 0s {LONG} and wait\n  at bar 1 log 'x'\n", ["W520 3:3+8"]),
        (f"{SONG}  at bar 1 {LONG}\n  then at bar 2 log 'x'\n", ["W520 3:3+13"]),
        (f"{SONG}  at bar 1 wait 2100ms\n  at bar 2 log 'x'\n", []),
        (f"{SONG}  at bar 1 wait 2101ms\n  at bar 2 log 'x'\n", ["W520 3:3+8"]),
        (
            f"{SONG}  at bar 1 wait 5s\n  at bar 2 log 'x'\n  at bar 3 log 'x'\n  at bar 4 log 'x'\n",
            ["W520 3:3+8", "W520 4:3+8"],
        ),
        (f"{SONG}  at bar 1 wait 3s\n  at +1beat log 'x'\n", ["W518 3:3+9"]),
        (f"{SONG}  at bar 1 hold 'x'\n  at bar 2 log 'x'\n", []),
        ("segment a tempo 120 at most 2bars\n  at bar 3 log 'x'\n", ["W502 2:3+8"]),
        ("segment a tempo 120 offset 1s at most 2bars\n  at bar 2 log 'x'\n", []),
    ],
)
def test_what_is_wrong_with_a_line_of_music_is_said_at_its_place(text, found):
    notes = [f"{one.code} {one.place.line}:{one.place.column}+{one.place.length}" for one in compiled(text).findings]
    assert notes == found


@pytest.mark.parametrize(
    ("line", "better"),
    [
        ("at bar 0", "bar 1"),
        ("at bar 1.5", "bar 1 beat 3"),
        ("at bar 2.75 beat 3", "bar 3 beat 2"),
        ("at bar 9 beat 5", "bar 10"),
        ("at bar 9 beat 6.5", "bar 10 beat 2.5"),
        ("at bar 9 beat 0", "bar 9"),
        ("at bar 9 beat 2.0004", "bar 9 beat 2"),
    ],
)
def test_the_help_for_a_bar_that_is_none_is_the_one_to_write(line, better):
    (found,) = compiled(f"{SONG}  {line} log 'x'\n").findings
    assert found.help == f"write `{better}`"


def test_an_edit_of_the_tempo_alone_changes_every_bar():
    text = "define d\n  at bar 2 log 'd'\n" + SONG + "  at bar 2 log 'x'\n  at 9s do d\n"
    first = compiled(text)
    again = compiled(text.replace("120", "60"), previous=first.memory)
    assert again.cues is not None
    assert [cue.position.at for cue in again.cues.segments[0].tracks[0].body.cues] == [4_000_000, 9_000_000]
    assert again.cues == compiled(text.replace("120", "60")).cues


def test_each_beat_is_called_so_though_it_was_rounded_to_a_microsecond():
    tempo = Tempo(RATE, 3, 0)
    for beat in range(0, 30_000, 7):
        assert tempo.called(rounded(beat * BEAT)) == f"{beat // 3 + 1}.{beat % 3 + 1}"


# ----------------------------------------------------------------------------------------------------- where it is seen

SHOW = """
segment talk
  at 0s  log "no bar"
segment song tempo 120 offset 500ms
  at 0s            hold "the band?"
  at bar 1         log "one"
  at bar 2 beat 3  log "two and a half"
  at +0.5beats     log "later"
"""


def test_a_dry_run_has_the_bars_beside_the_seconds(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.show").write_text(SHOW, encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["showrunner", "dry-run", "a.show", "--go-after", "2s"])
    with pytest.raises(SystemExit):
        cli.main()
    assert [line.partition("  (")[0] for line in capsys.readouterr().out.splitlines()[2:12]] == [
        "  expected   bar    written          cue  ended         command",
        "",
        "talk",
        '  00:00.000         at 0s            L3                 log "no bar"',
        "",
        "song",
        '  00:00.000         at 0s            L5   GO after 2 s  hold "the band?"',
        '  00:02.500  1.1    at bar 1         L6                 log "one"',
        '  00:05.500  2.3    at bar 2 beat 3  L7                 log "two and a half"',
        '  00:05.750  2.3.5  at +0.5beats     L8                 log "later"',
    ]


def test_what_stands_knows_the_beat_from_the_first_bar_on_and_it_stands_in_a_pause():
    made = compiled(SHOW).cues
    assert made is not None
    present = Present(made, plan(made, {}))
    seen = []

    def see(at: int) -> None:
        seen.append(present.now().bar(at))

    presses = ((2_000_000, "go", None), (3_600_000, "pause", None), (4_600_000, "resume", None))
    for entry in World(made, presses=presses, options=Options()).run():
        present.take(entry)
        if entry["kind"] in {"log", "operator"}:
            see(entry["at"])
    see(6_750_000)
    assert seen == ["", "", "1.1", "1.3", "1.3", "2.3", "2.3", "2.3"]

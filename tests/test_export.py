"""Exports: what was said and when, and what was planned, read back by other people's programs."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from showrunner.devices import find
from showrunner.reports.captions import Caption, spoken
from showrunner.reports.exports import FORMATS
from showrunner.reports.timetable import TimedSegment, Timetable
from tests.disk import LINKS

HERE = Path(__file__).parent
KINDS = {name: find(name) for name in ("aituber", "animaze")}
SHOW = {"at": 0, "kind": "show", "version": 1, "title": "T", "script": "t.show", "devices": {"mika": "aituber"}}


def part(at, text, *, id=1, emotion="happy", attempt=1):
    frame = {"version": "2", "type": "chat.delta", "payload": {"text": text, "role": "assistant", "emotion": emotion}}
    return {"at": at, "kind": "sent", "id": id, "device": "mika", "frame": frame, "attempt": attempt}


def told(at, kind, *, id=1):
    return {"at": at, "kind": "event", "id": id, "device": "mika", "frame": {"version": "2", "type": kind}}


def ended(at, result, *, id=1):
    return {"at": at, "kind": "outcome", "id": id, "result": result, "took": at}


def captions(*entries):
    return spoken([{"seq": number, **entry} for number, entry in enumerate((SHOW, *entries))], KINDS)


def test_a_line_is_heard_from_when_the_page_says_that_it_sounds_to_when_it_says_that_it_is_over():
    heard = captions(
        part(1_000_000, "Hello"),
        told(1_700_000, "character.speech.start"),
        told(3_000_000, "character.speech.done"),
        ended(5_000_000, "done"),
    )
    assert heard == (Caption("mika", 1_700_000, 3_000_000, "Hello", "happy"),)


def test_where_nothing_is_told_a_line_is_heard_from_its_sending_to_its_outcome():
    assert captions(part(1, "Hello"), ended(9, "done")) == (Caption("mika", 1, 9, "Hello", "happy"),)


def test_each_part_has_a_caption_of_its_own():
    heard = captions(part(0, "I won!"), part(4, "Oh.", emotion="sad"), ended(9, "done"))
    assert heard == (Caption("mika", 0, 4, "I won!", "happy"), Caption("mika", 4, 9, "Oh.", "sad"))


def test_of_a_line_that_was_cut_there_is_only_what_sounded():
    heard = captions(
        part(0, "One"),
        told(1, "character.speech.start"),
        ended(3, "cancelled"),
        part(4, "Two", id=2),
        ended(6, "cancelled", id=2),  # sent, and cut before the page said that it sounds
    )
    assert heard == (Caption("mika", 1, 3, "One", "happy"),)


def test_what_is_said_again_is_captioned_once():
    heard = captions(part(0, "Hi"), part(5, "Hi", attempt=2), ended(9, "done"))
    assert heard == (Caption("mika", 5, 9, "Hi", "happy"),)


def test_a_journal_that_breaks_off_ends_its_last_caption_there():
    heard = captions(part(0, "Hi"), told(2, "character.speech.start"), {"at": 7, "kind": "log", "message": "x"})
    assert heard == (Caption("mika", 2, 7, "Hi", "happy"),)


def test_the_blank_that_parts_two_sentences_in_the_bubble_is_no_part_of_a_caption():
    heard = captions(part(0, "Hi "), told(2, "character.speech.start"), part(5, "Bye"), ended(9, "done"))
    assert [one.text for one in heard] == ["Hi", "Bye"]


def test_the_legacy_protocol_and_an_echo_are_read_too():
    legacy = {"at": 0, "kind": "sent", "id": 1, "device": "mika", "frame": {"type": "message", "text": "Hi"}}
    assert captions(legacy, ended(3, "done"))[0].text == "Hi"
    frame = {"action": "ChatbotSendMessage", "id": "0-1", "message": "-echo Good morning"}
    echo = {"at": 0, "kind": "sent", "id": 1, "device": "animaze", "frame": frame}
    entries = [{**SHOW, "devices": {"animaze": "animaze"}}, echo, ended(3, "done")]
    assert [one.text for one in spoken([{"seq": n, **one} for n, one in enumerate(entries)], KINDS)] == ["Good morning"]


ODD = 'He said "<b>no</b> & {\\b1}yes" --> \n\n and {left}\x1b[2J'
"""What somebody may have said: tags, overrides, an arrow, an empty line, an escape."""


@pytest.mark.parametrize("ending", [".srt", ".vtt", ".ass"])
def test_captions_are_read_back_by_pysubs2(ending, tmp_path):
    pysubs2 = pytest.importorskip("pysubs2", reason="pysubs2 is not installed (pip install -e '.[dev]')")
    made = [Caption("mika", 1_250_000, 3_725_000, "こんにちは"), Caption("rin", 3_600_000_000, 3_601_000_000, ODD)]
    file = tmp_path / f"a{ending}"
    file.write_text(FORMATS[ending](Timetable(title="T"), made).text, "utf-8", newline="\n")
    read = pysubs2.load(str(file))
    assert [(one.start, one.end) for one in read] == [(1250, 3720 if ending == ".ass" else 3725), (3600000, 3601000)]
    assert read[0].plaintext == "こんにちは"
    for seen in ("no", "yes", "left", "\u2192", "[2J"):
        assert seen in read[1].text
    assert "\x1b" not in file.read_text("utf-8")


def test_a_text_is_never_a_tag():
    made = [Caption("mika", 0, 1_000_000, ODD)]
    assert "<b>" not in FORMATS[".srt"](Timetable(), made).text
    assert "{\\b1}" not in FORMATS[".srt"](Timetable(), made).text
    assert "&lt;b&gt;no&lt;/b&gt; &amp; {" in FORMATS[".vtt"](Timetable(), made).text
    assert "{" not in FORMATS[".ass"](Timetable(), made).text.rpartition("Dialogue:")[2]


def test_a_timeline_is_read_back_by_opentimelineio():
    otio = pytest.importorskip("opentimelineio", reason="opentimelineio is not installed (pip install -e '.[dev]')")
    table = Timetable(
        "T", (TimedSegment(0, "a", "First", 0, 4_000_000), TimedSegment(1, "b", None, 4_000_000, 9_000_000))
    )
    said = [Caption("mika", 1_000_000, 2_500_000, "Hi", "happy"), Caption("rin", 2_000_000, 3_000_000, "Oh")]
    read = otio.adapters.read_from_string(FORMATS[".otio"](table, said).text, "otio_json")
    assert [track.name for track in read.tracks] == ["segments", "mika", "rin"]
    assert [clip.name for clip in read.tracks[0].find_clips()] == ["First", "b"]
    assert read.tracks[0].duration().to_seconds() == 9
    (clip,) = read.tracks[1].find_clips()
    assert clip.name == "Hi"
    assert clip.trimmed_range_in_parent().start_time.to_seconds() == 1
    assert clip.duration().to_seconds() == 1.5


def test_chapters_are_as_video_platforms_take_them_and_say_where_they_would_not():
    table = Timetable(
        "T", (TimedSegment(0, "a", "First", 200_000, 12_000_000), TimedSegment(1, "b", None, 12_000_000, 3_700_000_000))
    )
    made = FORMATS[".chapters.txt"](table, ())
    assert made.text == "0:00 First\n0:12 b\n"
    assert made.notes == ("YouTube shows chapters only where there are at least 3; this has 2",)
    hours = Timetable(
        "T", tuple(TimedSegment(n, f"s{n}", None, n * 3_600_000_000, (n + 1) * 3_600_000_000) for n in range(3))
    )
    assert FORMATS[".chapters.txt"](hours, ()).text == "0:00 s0\n1:00:00 s1\n2:00:00 s2\n"
    assert FORMATS[".chapters.txt"](hours, ()).notes == ()


# ------------------------------------------------------------------------------------------------------ the command

SCRIPT = 'segment one "First"\n  at 1s  say happy "Hi" sad "Oh"\nsegment two\n  at 0s  say "Bye"\n'


def run(words, capsys):
    from showrunner.cli.app import run

    with pytest.raises(SystemExit) as left:
        run(words)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


@pytest.fixture
def evening(tmp_path, capsys):
    """A show, and the journal of its dry run beside it."""
    show, journal = tmp_path / "a.show", tmp_path / "a.journal"
    show.write_text(SCRIPT, "utf-8")
    code, out, _ = run(["dry-run", str(show), "--format", "jsonl"], capsys)
    assert code == 0
    journal.write_text(out, "utf-8")
    return show, journal


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_a_dry_run_goes_as_it_is_planned_and_so_do_its_exports(ending, evening, tmp_path, capsys):
    show, journal = evening
    for source, name in ((show, "planned"), (journal, "was")):
        code, out, _ = run(["export", str(source), "-o", str(tmp_path / f"{name}{ending}")], capsys)
        assert (code, out) == (0, "")
    planned, was = ((tmp_path / f"{name}{ending}").read_text("utf-8") for name in ("planned", "was"))
    assert was == planned
    assert was


def test_the_table_of_cues_has_the_times_of_the_journal(evening, tmp_path, capsys):
    run(["export", str(evening[1]), "-o", str(tmp_path / "a.csv")], capsys)
    rows = list(csv.DictReader((tmp_path / "a.csv").read_text("utf-8").splitlines()))
    cues = [one for line in evening[1].read_text("utf-8").splitlines() if (one := json.loads(line))["kind"] == "cue"]
    assert rows == [{key: str(one[key]) for key in ("segment", "track", "cue", "due", "at", "late")} for one in cues]


def test_an_ending_that_is_not_known_is_wrong_usage_and_a_file_that_cannot_be_read_is_one(evening, tmp_path, capsys):
    code, _, said = run(["export", str(evening[1]), "-o", str(tmp_path / "a.mp4")], capsys)
    assert code == 2
    assert ".srt" in said
    assert run(["export", str(tmp_path / "none.journal"), "-o", str(tmp_path / "a.srt")], capsys)[0] == 1
    (tmp_path / "x.journal").write_text('{"no": "journal"}\n', "utf-8")
    assert run(["export", str(tmp_path / "x.journal"), "-o", str(tmp_path / "a.srt")], capsys)[0] == 1
    (tmp_path / "bad.show").write_text("at 5s animase emote X\n", "utf-8")
    assert run(["export", str(tmp_path / "bad.show"), "-o", str(tmp_path / "a.srt")], capsys)[0] == 1
    assert not (tmp_path / "a.srt").exists()


@pytest.mark.parametrize("link", [pytest.param(os.symlink, marks=LINKS), os.link])
def test_what_is_read_is_never_written_over(link, tmp_path, capsys):
    table = tmp_path / "a.csv"
    table.write_text(SCRIPT, "utf-8")
    assert run(["export", str(table), "-o", str(table)], capsys)[0] == 2
    link(table, tmp_path / "link.csv")
    assert run(["export", str(table), "-o", str(tmp_path / "link.csv")], capsys)[0] == 2
    assert table.read_text("utf-8") == SCRIPT


def test_a_torn_line_is_said_and_what_stands_behind_it_is_read(evening, tmp_path, capsys):
    lines = evening[1].read_text("utf-8").splitlines(keepends=True)
    torn = next(n for n, one in enumerate(lines) if '"kind":"cue"' in one)
    lines[torn] = lines[torn][:20] + "\n"
    evening[1].write_text("".join(lines), "utf-8")
    code, _, said = run(["export", str(evening[1]), "-o", str(tmp_path / "a.srt")], capsys)
    assert code == 0
    assert f"line {torn + 1}" in said
    assert "Bye" in (tmp_path / "a.srt").read_text("utf-8")

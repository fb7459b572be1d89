"""The plan as data, and a journal read as the same: what is done, stood at, moved and said, from when to when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from showrunner.engine.messages import Options
from showrunner.reports.entries import Recorder, read
from showrunner.reports.plan import TIMES, VOICES, plan, summary
from showrunner.reports.timetable import Plan, TimedUtterance, Timetable, moments, said
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import Prepared, prepare

HERE = Path(__file__).parent
SHOWS = sorted({*(HERE / "performances").glob("*.show"), *(HERE.parent / "shows").glob("*/*.show")})
SECOND = 1_000_000


def show(folder: Path, text: str) -> Prepared:
    path = folder / "a.show"
    path.write_text(text, "utf-8")
    found = prepare(str(path))
    assert found.cues is not None, found.findings
    return found


def planned(folder: Path, text: str) -> Plan:
    found = show(folder, text)
    assert found.cues is not None
    return plan(found.cues, found.fixtures, found.inventories)


def test_a_command_has_its_times_its_outcome_and_what_it_was_compiled_to(tmp_path: Path) -> None:
    made = planned(
        tmp_path,
        "define wave(who)\n"
        "  animaze emote $who for 2s\n"
        "segment one\n"
        "  at 1s  do wave(Ann)\n"
        "  then  animaze scene Studio\n",
    )
    wave, scene = made.commands
    assert (wave.start, wave.sent, wave.end) == (SECOND, SECOND, 3 * SECOND)
    assert (wave.result, wave.took, wave.through) == ("done", 2 * SECOND, ("L4",))
    assert wave.command is not None
    assert wave.command.get("NAME") == "Ann"
    assert (scene.start, scene.end, scene.where) == (3 * SECOND, 3 * SECOND, ("one", "main", "L5"))


def test_a_wait_and_a_segment_last_from_their_beginning_to_their_end(tmp_path: Path) -> None:
    made = planned(tmp_path, "segment one\n  at 1s  wait 2s; log 'x'\nsegment two\n  at 1s  hold 'ready?'\n")
    assert [(segment.name, segment.start, segment.end) for segment in made.segments] == [
        ("one", 0, 3 * SECOND),
        ("two", 3 * SECOND, 4 * SECOND),
    ]
    assert [(wait.what, wait.start, wait.end, wait.why) for wait in made.waits] == [
        ("time 2s", SECOND, 3 * SECOND, "finished"),
        ("go ready?", 4 * SECOND, 4 * SECOND, "go"),
    ]
    assert made.goes == 1


def test_a_voice_says_its_parts_one_after_the_other_each_with_its_face(tmp_path: Path) -> None:
    made = planned(
        tmp_path,
        'let host = "Mika"\n'
        "segment one\n"
        '  at 1s  say happy "Hello, I am {host}." sad "Bye."\n'
        '  then   animaze chat "Hi." -> answer or "nothing"\n'
        '  then   say "It said {answer}."\n'
        '  then   animaze echo "Good night."\n',
    )
    first, second, echo = made.voices
    assert first.utterances == (
        TimedUtterance("Hello, I am Mika.", "happy", SECOND, SECOND + 1_167_000),
        TimedUtterance("Bye.", "sad", SECOND + 1_167_000, SECOND + 1_567_000),
    )
    assert [(one.text, one.emotion) for one in second.utterances] == [("It said {answer}.", "neutral")]
    assert [(one.text, one.emotion) for one in echo.utterances] == [("Good night.", None)]
    for voice in made.voices:
        assert (voice.utterances[0].start, voice.utterances[-1].end) == (voice.start, voice.end)
        [command] = [one for one in made.commands if one.id == voice.id]
        assert (command.device, command.sent, command.end) == (voice.device, voice.start, voice.end)
    spoken = [text for text in map(said, made.commands) if text is not None]
    assert spoken == ["Hello, I am Mika. Bye.", "It said {answer}.", "Good night."]


def test_a_curve_is_the_engines_and_ends_where_something_else_begins_or_lets_go(tmp_path: Path) -> None:
    made = planned(
        tmp_path,
        "segment one\n"
        "  at 0s  live2d move A from 0 to 8 over 2s ease in\n"
        "  at 1s  live2d set A 3 for 1s\n"
        "  at 3s  live2d set A 1\n"
        "  at 4s  live2d release A over 1s\n",
    )
    assert [(c.id, c.course.start, c.course.to, c.course.since, c.course.arrives, c.until) for c in made.curves] == [
        (1, 0, 8, 0, 2 * SECOND, SECOND),
        (2, 3, 3, SECOND, SECOND, 2 * SECOND),
        (3, 1, 1, 3 * SECOND, 3 * SECOND, 4 * SECOND),
        (4, 1, 0, 4 * SECOND, 5 * SECOND, 5 * SECOND),
    ]


def test_a_move_that_is_cut_by_the_end_of_its_segment_ends_there(tmp_path: Path) -> None:
    made = planned(
        tmp_path, "segment one at most 1s\n  at 0s  animaze camera fov 30 over 4s\nsegment two\n  at 1s  log 'x'\n"
    )
    [curve] = made.curves
    assert (curve.course.start, curve.course.arrives, curve.until) == (None, 4 * SECOND, SECOND)


def test_a_rotation_is_a_curve_of_the_plan_and_what_is_kept_ends_when_it_is_put_elsewhere(tmp_path: Path) -> None:
    made = planned(
        tmp_path,
        "segment one\n"
        "  at 0s  animaze camera position 0 1 1 rotation 0 0 0 1 over 1s\n"
        "  at 3s  animaze camera position 0 2 1 rotation 0 0 0 1\n",
    )
    found = {curve.property: curve for curve in made.curves}
    turned = found["camera.rotation"]
    assert (turned.course.to, turned.course.path, turned.until) == ((0, 0, 0, 1), "slerp", 3 * SECOND)


def test_with_fewer_kinds_a_plan_tells_the_same_of_what_is_left(tmp_path: Path) -> None:
    found = show(tmp_path, "segment one\n  at 1s  say 'hello'; hold\n  at 3s  live2d set A 1\n")
    assert found.cues is not None
    whole, times, voices = (
        plan(found.cues, found.fixtures, found.inventories, kinds)
        for kinds in (frozenset(TIMES | {"command", "outcome", "resume"}), TIMES, VOICES)
    )
    assert (times.segments, [(c.where, c.at) for c in times.cues]) == (
        tuple(times.segments),
        [(c.where, c.at) for c in whole.cues],
    )
    assert (times.commands, times.waits, times.curves, voices.cues) == ((), (), (), ())
    spans = [[(v.device, v.start, v.end, v.id) for v in one.voices] for one in (whole, times, voices)]
    assert spans[0] == spans[1] == spans[2]
    lines = {summary(one, found.cues) for one in (whole, times, voices)}
    assert lines == {"1 segment, 0:03 of show, 0:00 of it speech, 1 GO"}


@pytest.mark.parametrize("path", SHOWS, ids=lambda path: path.stem)
def test_a_dry_run_is_read_as_the_plan_has_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(path.parent)
    found = prepare(path.name)
    assert found.cues is not None
    entries: list[dict[str, Any]] = []
    dry_run(found.cues, found.fixtures, entries.append, options=Options(auto=True), inventories=found.inventories)
    expected, went = plan(found.cues, found.fixtures, found.inventories), read(entries, found.fixtures)
    # A voice is cut a moment after it was asked to be, so its own track may come behind another.
    heard, meant = [one.where for one in went.cues], [one.where for one in expected.cues]
    assert sorted(heard) == sorted(meant)
    assert heard == meant or "hush" in path.stem
    assert [(one.id, one.where, one.text) for one in went.commands] == [
        (one.id, one.where, one.text) for one in expected.commands
    ]
    assert [one.name for one in went.segments] == [one.name for one in expected.segments]
    assert went.goes == expected.goes
    assert went.whole
    assert went.counts == {kind: sum(one.result == kind for one in went.commands) for kind in went.counts}


@pytest.mark.parametrize("path", sorted((HERE / "performances").glob("*.journal")), ids=lambda path: path.stem)
def test_every_moment_of_a_journal_comes_in_its_order(path: Path) -> None:
    entries = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    made = read(entries, {})
    kinds = {"segment", "cue", "command", "outcome", "wait", "resume", "log"}
    wanted = [entry["seq"] for entry in entries if entry["kind"] in kinds]
    order = [getattr(moment, "last", None) if ended else moment.seq for moment, ended in moments(made)]
    assert order == [seq for seq in wanted if seq in set(order)]
    begun = {entry["seq"] for entry in entries if entry["kind"] in kinds - {"outcome", "resume"}}
    assert begun == {moment.seq for moment, ended in moments(made) if not ended}


def test_what_did_not_end_has_no_end_and_of_two_equal_waits_the_first_goes_on_first() -> None:
    where = {"segment": "one", "track": "main", "cue": "L2"}
    recorder = Recorder()
    for seq, keys in enumerate(
        (
            {"kind": "segment", "segment": "one"},
            {"kind": "command", "id": 1, "device": "toy", "verb": "act", **where, "line": 2, "text": "toy act"},
            {"kind": "wait", **where, "for": "go"},
            {"kind": "wait", **where, "for": "go"},
            {"kind": "resume", **where, "for": "go", "why": "go"},
            {"kind": "resume", **where, "for": "go ready?", "why": "go"},
            {"kind": "outcome", "id": 7, "result": "done", "took": 0},
        )
    ):
        recorder.take({"seq": seq, "at": seq * SECOND, **keys})
    made = recorder.timetable()
    [command] = made.commands
    assert (command.end, command.last, command.result) == (None, None, None)
    assert [(wait.start, wait.end) for wait in made.waits] == [(2 * SECOND, 4 * SECOND), (3 * SECOND, None)]
    assert not made.whole
    assert made.length == 6 * SECOND


def test_a_journal_without_a_line_is_a_timetable_without_a_thing() -> None:
    assert read([], {}) == Timetable(whole=False)


def test_a_plan_that_is_told_what_the_clock_shows_goes_as_a_dry_run_that_is_told_the_same(tmp_path: Path) -> None:
    found = show(
        tmp_path,
        'when time every 1m\n  at 0s  log "a minute"\n'
        "segment soon until time 20:00\n"
        '  at 0s  wait for time 19:59:30\n  then   log "soon"\n'
        'segment late\n  at 0s  wait for time 19:00\n  then   log "long past"\n',
    )
    assert found.cues is not None
    options = Options(auto=True, start_at=(19 * 60 + 58) * 60 * SECOND)
    made = plan(found.cues, found.fixtures, found.inventories, options=options)
    entries: list[dict[str, Any]] = []
    dry_run(found.cues, found.fixtures, entries.append, options=options)
    logs = [(one.at, one.message) for one in made.logs]
    assert logs == [(one["at"], one["message"]) for one in entries if one["kind"] == "log"]
    assert [at for at, _ in logs] == [60 * SECOND, 90 * SECOND, 120 * SECOND]


def test_in_a_plan_a_message_takes_its_time_each_way_and_a_voice_sounds_between(tmp_path: Path) -> None:
    found = show(tmp_path, 'at 0s  say "Hello there"\nthen   animaze emote Wave\n')
    assert found.cues is not None
    at_once, late = (plan(found.cues, found.fixtures, latency=latency) for latency in (0, 250_000))
    said, emote = late.commands
    assert said.end == emote.start == at_once.length + 500_000
    assert emote.end == emote.start + 500_000
    (voice,) = late.voices
    assert (voice.start, voice.end) == (250_000, 250_000 + at_once.length)
    assert [(one.start, one.end) for one in voice.utterances] == [(voice.start, voice.end)]

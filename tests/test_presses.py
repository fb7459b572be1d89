"""What a dry run is told to press: `--press`, `--do`, `--stay`; what comes with a press stands in the journal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from showrunner.diagnostics.refusal import Refusal
from showrunner.engine.messages import Options, Planned
from showrunner.running import orders
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import prepare

SECOND = 1_000_000

BOARD = """segment game
  track scare
    at 0s  repeat every 500ms
      at 0s  wait for button scare
      at 0s  log "scared"
  track end
    at 0s  wait for button end
    then   log "bye"
    then   stop
"""


def played(
    folder: Path, text: str, *presses: str, do: tuple[str, ...] = (), event: str = "", **more: Any
) -> list[dict[str, Any]]:
    (folder / "a.show").write_text(text, "utf-8")
    prepared = prepare(str(folder / "a.show"))
    assert prepared.cues is not None, prepared.findings
    given = (*orders.presses("--press", presses), *orders.done("--do", do))
    given = (*given, *orders.events("--event", [event] if event else [], prepared.fixtures))
    entries: list[dict[str, Any]] = []
    dry_run(prepared.cues, prepared.fixtures, entries.append, options=Options(auto=True, presses=given, **more))
    return entries


def operated(entries: list[dict[str, Any]]) -> list[tuple[int, str, str | None]]:
    return [(e["at"], e["action"], e.get("name")) for e in entries if e["kind"] == "operator"]


def logged(entries: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(e["at"], e["message"]) for e in entries if e["kind"] == "log"]


def test_a_button_comes_when_it_is_told_to_and_no_other_by_itself(tmp_path: Path) -> None:
    entries = played(tmp_path, BOARD, "scare@2s", "scare@4s", "end@9s")
    assert logged(entries) == [(2 * SECOND, "scared"), (4 * SECOND, "scared"), (9 * SECOND, "bye")]
    assert operated(entries) == [
        (2 * SECOND, "button", "scare"),
        (4 * SECOND, "button", "scare"),
        (9 * SECOND, "button", "end"),
    ]
    assert {e["from"] for e in entries if e["kind"] == "operator"} == {"auto"}


CLOCK = """at 0s  wait for button start or aituber chat.message or time 20:00 -> how
then   log "{how}"
"""


def test_without_a_clock_a_time_of_the_day_comes_at_once_unless_something_else_was_told_to(tmp_path: Path) -> None:
    assert logged(played(tmp_path, CLOCK)) == [(0, "20:00")]
    assert logged(played(tmp_path, CLOCK, "other@3s")) == [(0, "20:00")]
    assert logged(played(tmp_path, CLOCK, "start@3s")) == [(3 * SECOND, "start")]
    heard = CLOCK.replace("button start or ", "")
    assert logged(played(tmp_path, heard)) == [(0, "20:00")]
    assert logged(played(tmp_path, heard, event="aituber chat.message hi@4s")) == [(4 * SECOND, "hi")]


def test_with_a_clock_a_time_of_the_day_comes_when_it_does(tmp_path: Path) -> None:
    at = orders.time_of_day("--start-at", "19:59:58")
    assert logged(played(tmp_path, CLOCK, "start@3s", start_at=at)) == [(2 * SECOND, "20:00")]
    assert logged(played(tmp_path, CLOCK, "start@1s", start_at=at)) == [(1 * SECOND, "start")]


@pytest.mark.parametrize("wrong", ["24:00", "20", "8pm", "20:60", "20:00.5", "", "-1:00"])
def test_a_time_of_the_day_is_hours_and_minutes(wrong: str) -> None:
    with pytest.raises(Refusal) as refused:
        orders.time_of_day("--start-at", wrong)
    assert str(refused.value) == f"--start-at is a time of the day like `19:55`, not `{wrong}`"


def test_what_comes_with_a_press_is_in_the_journal(tmp_path: Path) -> None:
    line = 'end@3s "Hello \\"you\\"!" user=Aki amount=500 part=2.5 said="two words"'
    (entry,) = [e for e in played(tmp_path, BOARD, line) if e["kind"] == "operator"]
    assert list(entry) == ["seq", "at", "kind", "action", "name", "from", "text", "fields"]
    assert entry["text"] == 'Hello "you"!'
    assert entry["fields"] == {"user": "Aki", "amount": 500, "part": 2.5, "said": "two words"}


def test_a_wait_whose_button_is_not_pressed_ends_after_ten_seconds_or_its_within(tmp_path: Path) -> None:
    text = "at 0s wait for button a\nthen wait for button b within 3s\nthen log 'on'\n"
    entries = played(tmp_path, text, "z@1s")
    ended = [(e["at"], e["result"], e["reason"]) for e in entries if e["kind"] == "outcome"]
    said = "no press in a dry run"
    assert ended == [(10 * SECOND, "done", said), (13 * SECOND, "done", said)]


def test_a_button_of_which_the_show_knows_nothing_is_heard_by_nobody(tmp_path: Path) -> None:
    entries = played(tmp_path, BOARD, "nope@1s", "end@2s")
    assert [e.get("ignored") for e in entries if e["kind"] == "operator"] == ["nobody listens", None]


def test_a_press_that_comes_before_its_wait_is_kept_for_it(tmp_path: Path) -> None:
    entries = played(tmp_path, "at 5s wait for button a\nthen log 'on'\n", "a")
    assert operated(entries) == [(0, "button", "a")]
    assert logged(entries) == [(5 * SECOND, "on")]


def test_go_comes_by_itself_unless_one_is_given(tmp_path: Path) -> None:
    text = "at 1s hold\nthen log 'on'\n"
    assert logged(played(tmp_path, text, "z@1s")) == [(SECOND, "on")]
    assert logged(played(tmp_path, text, do=("go@4s",))) == [(4 * SECOND, "on")]
    late = played(tmp_path, text, do=("go@500ms",))
    assert logged(late) == [(11 * SECOND, "on")]
    assert [e["why"] for e in late if e["kind"] == "resume"] == ["timed-out"]


def test_a_pause_stands_until_it_is_told_to_go_on(tmp_path: Path) -> None:
    entries = played(tmp_path, "at 5s log 'on'\n", do=("pause@2s", "resume@00:10"))
    assert logged(entries) == [(13 * SECOND, "on")]


def test_a_segment_stays_so_long_before_anything_presses_itself(tmp_path: Path) -> None:
    text = "segment a\n  at 1s hold\nsegment b\n  at 2s wait for button x\n  then log 'on'\n"
    entries = played(tmp_path, text, stay=60 * SECOND)
    assert operated(entries) == [(60 * SECOND, "go", None), (120 * SECOND, "button", "x")]


def test_at_one_instant_they_come_in_the_order_in_which_they_are_given(tmp_path: Path) -> None:
    entries = played(tmp_path, BOARD, "scare@1s", "end@1s")
    assert [name for _, _, name in operated(entries)] == ["scare", "end"]


def test_a_name_of_several_words_stands_in_quotes() -> None:
    assert orders.presses("--press", ['"cut the cake"@00:40']) == (Planned(40 * SECOND, "button", "cut the cake"),)


@pytest.mark.parametrize("wrong", ["", "a b@1s", "a@", "a@soon", 'a@1s "open', "a@1s =x", 'a@1s "x" "y"'])
def test_what_is_no_press_is_refused(wrong: str) -> None:
    with pytest.raises(Refusal, match="--press"):
        orders.presses("--press", [wrong])


@pytest.mark.parametrize("wrong", ["", "button@1s", "go@soon", "pause@30s", "seek@1s"])
def test_what_the_operator_cannot_do_is_refused(wrong: str) -> None:
    with pytest.raises(Refusal, match="--do"):
        orders.done("--do", [wrong])


TOLD = """at 0s  wait for aituber chat.message -> line or "nobody" within 30s
then   log "{line}"
then   wait for animaze AvatarChanged Fox -> it within 30s
then   log "{it.avatar}"
"""


def told(folder: Path, text: str, *given: str) -> list[dict[str, Any]]:
    (folder / "a.show").write_text(text, "utf-8")
    prepared = prepare(str(folder / "a.show"))
    assert prepared.cues is not None, prepared.findings
    planned = orders.events("--event", given, prepared.stage.fixtures)
    entries: list[dict[str, Any]] = []
    dry_run(prepared.cues, prepared.fixtures, entries.append, options=Options(auto=True, presses=planned))
    return entries


def test_a_device_tells_what_a_dry_run_is_told_that_it_tells(tmp_path: Path) -> None:
    given = ("aituber chat.message 'Hello'@5s", "animaze AvatarChanged Cat@6s", "animaze AvatarChanged avatar=Fox@20s")
    entries = told(tmp_path, TOLD, given[0].replace("'", '"'), *given[1:])
    assert logged(entries) == [(5 * SECOND, "Hello"), (20 * SECOND, "Fox")]
    first = next(e for e in entries if e["kind"] == "event" and "event" in e)
    assert (first["device"], first["event"], first["fields"], first["from"]) == (
        "aituber",
        "chat.message",
        {"text": "Hello"},
        "auto",
    )


def test_without_its_event_a_wait_ends_with_the_text_behind_or(tmp_path: Path) -> None:
    assert logged(told(tmp_path, TOLD))[0] == (30 * SECOND, "nobody")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("aituber chat.mesage", "never tells `chat.mesage`"),
        ("aitube chat.message", "there is no device `aitube`"),
        ('aituber chat.message "x" "y"@3s', '`"y"` is left over'),
        ("aituber chat.message user=3", "has no field `user`"),
        ("aituber", "is a device, its event"),
        ('aituber chat.message "x"@soon', "is no time like"),
    ],
)
def test_an_event_that_no_device_tells_is_refused(tmp_path: Path, wrong: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        told(tmp_path, TOLD, wrong)

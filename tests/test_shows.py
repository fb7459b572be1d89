"""The whole shows and the short examples: each checks without a word, and plays to its end as its plan says.

`SHOWRUNNER_UPDATE=1` writes the plans in tests/shows/ anew: read the difference before you believe it.
"""

from __future__ import annotations

import os
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest

from showrunner import cli
from showrunner.diagnostics import render
from showrunner.reports.plan import plan
from showrunner.running.dry_run import dry_run
from showrunner.show.prepare import Prepared, prepare
from showrunner.wires.loopback import World
from showrunner.wires.wire import Pressed

ROOT = Path(__file__).parents[1]
PLANS = Path(__file__).parent / "shows"
SHOWS = sorted(path.parent.name for path in ROOT.glob("shows/*/*.show") if path.stem == path.parent.name)
EXAMPLES = sorted(path.stem for path in ROOT.glob("examples/*.show"))
SECOND = 1_000_000


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def left(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Run the program; give its exit code."""
    monkeypatch.setattr(sys, "argv", ["showrunner", *words])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


def clean(path: str) -> Prepared:
    prepared = prepare(path)
    assert render.text(prepared.findings, prepared.texts) == ""
    return prepared


# ------------------------------------------------------------------------------------------------------------ the shows


@pytest.mark.parametrize("name", SHOWS)
def test_a_show_checks_without_a_warning_and_lasts_from_half_a_minute_to_six(name: str) -> None:
    prepared = clean(f"shows/{name}/{name}.show")
    assert prepared.cues is not None
    expected = plan(prepared.cues, prepared.stage.fixtures, prepared.inventories)
    assert 30 * SECOND <= expected.length <= 360 * SECOND  # a room stays open for five in its plan
    assert expected.voices


@pytest.mark.parametrize("name", SHOWS)
def test_a_show_plays_to_its_end_as_its_plan_says(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = left(monkeypatch, "dry-run", f"shows/{name}/{name}.show", "--go-after", "10s")
    played = capsys.readouterr()
    assert (code, played.err) == (0, "")
    kept = PLANS / f"{name}.plan"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        kept.write_text(played.out, encoding="utf-8", newline="\n")
    assert played.out == kept.read_text(encoding="utf-8")


def test_no_plan_is_left_behind_without_its_show() -> None:
    assert {path.stem for path in PLANS.glob("*.plan")} == set(SHOWS)
    assert len(SHOWS) >= 12


@pytest.mark.parametrize("name", SHOWS)
def test_a_show_says_at_its_top_how_it_is_run(name: str) -> None:
    path = f"shows/{name}/{name}.show"
    text = (ROOT / path).read_text(encoding="utf-8")
    top = text.partition("\nshow ")[0]
    assert top.startswith("# ")
    assert f"showrunner run {path}" in top


def test_every_picture_of_a_show_is_there_and_is_a_png() -> None:
    named = [
        path.parent / picture
        for path in ROOT.glob("shows/*/*.show")
        for picture in re.findall(r'image "([^"]+)"', path.read_text(encoding="utf-8"))
    ]
    assert named
    assert [picture.read_bytes()[:8] for picture in named] == [b"\x89PNG\r\n\x1a\n"] * len(named)


def raided(at: int) -> list[dict[str, Any]]:
    prepared = clean("shows/raid/raid.show")
    assert prepared.cues is not None
    entries: list[dict[str, Any]] = []

    def arrange(world: World) -> None:
        world.press(world.now() + at, Pressed("button", "raid"))

    dry_run(prepared.cues, prepared.stage.fixtures, entries.append, arrange=arrange)
    return entries


def test_a_raid_is_seen_at_once_and_heard_when_the_sentence_is_over() -> None:
    at = 12 * SECOND
    entries = raided(at)
    taken = {e["id"]: e for e in entries if e["kind"] == "command"}
    first_sent = {e["id"]: e["at"] for e in reversed(entries) if e["kind"] == "sent" and "id" in e}
    ended = {e["id"]: e for e in entries if e["kind"] == "outcome"}
    (emote,) = [i for i, e in taken.items() if e["track"] == "raids" and e["verb"] == "emote"]
    (welcome,) = [i for i, e in taken.items() if e["track"] == "raids" and e["verb"] == "say"]
    speaking = [
        i for i, e in taken.items() if e["track"] == "voice" and e["verb"] == "say" and e["at"] <= at < ended[i]["at"]
    ]
    assert speaking, "the press falls into a sentence"
    assert first_sent[emote] == at
    assert first_sent[welcome] == ended[speaking[0]]["at"]
    assert {outcome["result"] for i, outcome in ended.items() if taken[i]["verb"] == "say"} == {"done"}


def test_without_a_raid_nobody_is_welcomed() -> None:
    entries = raided(3600 * SECOND)
    assert not [e for e in entries if e["kind"] == "command" and e["track"] == "raids" and e["verb"] == "say"]


# --------------------------------------------------------------------------------------------------------- the examples


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_short_says_what_it_shows_checks_and_plays(name: str) -> None:
    text = (ROOT / f"examples/{name}.show").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) < 15
    prepared = clean(f"examples/{name}.show")
    assert prepared.cues is not None
    entries: list[dict[str, Any]] = []
    assert not dry_run(prepared.cues, prepared.stage.fixtures, entries.append).bad
    assert entries[-1]["kind"] == "end"


def test_the_examples_page_lists_every_example_with_its_first_line() -> None:
    page = (ROOT / "examples/README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| \[`([\w-]+)\.show`\]\(\1\.show\) \| (.+) \|$", page, re.MULTILINE)
    assert sorted(name for name, _ in listed) == EXAMPLES
    for name, says in listed:
        first = (ROOT / f"examples/{name}.show").read_text(encoding="utf-8").partition("\n")[0]
        assert f"# {says}" == first


def test_the_python_example_prints_how_every_command_ended(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["api.py", "examples/then.show"])
    with pytest.raises(SystemExit) as end:
        runpy.run_path("examples/api.py", run_name="__main__")
    assert end.value.code == 0
    assert capsys.readouterr().out.splitlines()[:3] == [
        "planned: 23.417 s",
        '   1.000  say happy "Good morning, everyone!": done after 1.750 s',
        "   2.750  animaze emote Emote_Wave for 3s: done after 3.000 s",
    ]

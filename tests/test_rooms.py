"""Rooms in random evenings keep what the language says of them, whatever is pressed and whatever viewers write."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from showrunner.engine.journal import line
from showrunner.engine.messages import Options
from showrunner.running.dry_run import dry_run
from showrunner.running.orders import done, events, presses
from showrunner.running.recording import opened
from showrunner.show.prepare import Prepared, prepare
from showrunner.syntax.parser import ScriptReader, parse
from showrunner.syntax.printer import format_text
from tests import invariants
from tests.chance import examples
from tests.rooms import FEATURES, Evening, evenings

ENOUGH = 6_000
"""A journal of more entries is broken off: these rooms last half a minute."""

STAGE = """devices:
  guest: {driver: animaze, url: ws://127.0.0.1:9100}
"""

Entry = dict[str, Any]


def made(evening: Evening, folder: Path) -> Prepared:
    """Write a room down and check it."""
    script = folder / "room.show"
    script.write_text(evening.script, "utf-8", newline="\n")
    (folder / "stage.yaml").write_text(STAGE, "utf-8")
    prepared = prepare(str(script))
    assert prepared.cues is not None, [(one.code, one.message, one.place.line) for one in prepared.findings]
    return prepared


def play(evening: Evening, prepared: Prepared) -> list[Entry]:
    """Play an evening in memory; give its journal."""
    entries: list[Entry] = []

    def keep(entry: Entry) -> None:
        entries.append(entry)
        assert len(entries) < ENOUGH, "it does not end"

    assert prepared.cues is not None
    planned = (
        *presses("--press", evening.presses),
        *events(
            "--event", [one for one in evening.events if "aituber" in prepared.cues.devices], prepared.stage.fixtures
        ),
        *done("--do", evening.done),
    )
    options = Options(seed=evening.seed, auto=True, stay=3_000_000, presses=planned)
    dry_run(prepared.cues, prepared.stage.fixtures, keep, options=options)
    return json.loads(json.dumps(entries))


def turn(entry: Entry) -> tuple[tuple[str | None, str], int] | None:
    """Give the `when` to whose turn an entry of a cue belongs, and the number of the turn."""
    found = re.match(r"(L[0-9]+)#([0-9]+)/", entry["cue"])
    return None if found is None or "track" in entry else ((entry.get("segment"), found[1]), int(found[2]))


def policies(script: str) -> dict[str, str]:
    """Give what each `when` of a script does with what comes while its turn plays."""
    lines = enumerate(script.splitlines(), 1)
    found = {f"L{number}": text.split() for number, text in lines if text.split()[0] == "when"}
    words = ("ignore", "restart", "together")
    return {cue: next((word for word in words if word in said), "queue") for cue, said in found.items()}


def what_is_heard_is_numbered_and_has_one_end(entries: list[Entry]) -> None:
    """Each event that a `when` hears has one entry; what was queued begins later, or is dropped, or the show ends."""
    heard: dict[tuple[str | None, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        if entry["kind"] == "heard":
            heard[entry.get("segment"), entry["cue"]].append(entry)
    began: dict[tuple[str | None, str], set[int]] = defaultdict(set)
    for entry in entries:
        of = turn(entry) if entry["kind"] == "cue" else None
        if of is not None:
            began[of[0]].add(of[1])
    for when, said in heard.items():
        first = [one["event"] for one in said if one["became"] != "dropped"]
        assert first == list(range(1, len(first) + 1)), when
        became = {one["event"]: one["became"] for one in said if one["became"] != "dropped"}
        dropped = Counter(one["event"] for one in said if one["became"] == "dropped")
        assert all(became[number] == "queued" and times == 1 for number, times in dropped.items()), when
        assert not began[when] & set(dropped), "what was dropped never begins"
        assert all(became[number] != "ignored" for number in began[when])
        assert all("why" in one for one in said if one["became"] in {"ignored", "dropped"})
    assert set(began) - {when for when, turns in began.items() if not turns} <= set(heard)


def no_more_turns_at_once_than_stated(entries: list[Entry], script: str) -> None:
    """A `when` that has one turn at a time never goes back to an earlier one."""
    kinds = policies(script)
    last: dict[tuple[str | None, str], int] = defaultdict(int)
    for entry in entries:
        of = turn(entry) if entry["kind"] in {"cue", "command"} else None
        if of is not None and kinds[of[0][1]] != "together":
            assert of[1] >= last[of[0]], f"turn {of[1]} after turn {last[of[0]]}: {entry}"
            last[of[0]] = of[1]


def nothing_after_panic(entries: list[Entry]) -> None:
    """Behind a panic nothing is taken, chosen or begun."""
    at = next((n for n, one in enumerate(entries) if one["kind"] == "operator" and one["action"] == "panic"), None)
    if at is None or "ignored" in entries[at]:
        return
    for entry in entries[at + 1 :]:
        assert entry["kind"] not in {"cue", "command", "choice", "segment"}, entry
        assert entry["kind"] != "heard" or entry["became"] in {"dropped", "ignored"}, entry


def pick(seed: str, words: list[str], met: int) -> int:
    """Give which of some choices is taken that were met so often before, from 1: rule 81, written a second time."""
    many = len(words)

    def order(round_: int) -> list[int]:
        said = "\n".join(words)
        return sorted(range(many), key=lambda one: hashlib.sha256(f"{seed}\0{said}\0{round_}\0{one}".encode()).digest())

    round_, place = divmod(met, many)
    now = order(round_ if many > 2 else 0)
    if many > 2 and round_ and now[0] == order(round_ - 1)[-1]:
        now[0], now[1] = now[1], now[0]
    return now[place] + 1


def indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def each_pick_is_that_of_the_seed(entries: list[Entry], evening: Evening) -> None:
    """The k-th pick of the same words is always the same, whatever else there is and whatever happens."""
    lines = evening.script.splitlines()
    met: Counter[str] = Counter()
    for entry in entries:
        if entry["kind"] != "choice" or not lines[entry["line"] - 1].endswith("choose"):
            continue
        deep = indent(lines[entry["line"] - 1])
        words = [
            text.strip() for text in takewhile(lambda text, deep=deep: indent(text) > deep, lines[entry["line"] :])
        ]
        assert entry["picked"] == pick(evening.seed, words, met["\n".join(words)]), entry
        met["\n".join(words)] += 1


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("room")


def test_a_room_has_what_the_language_has() -> None:
    seen: set[str] = set()

    @settings(max_examples=200, derandomize=True, database=None, phases=[Phase.generate])
    @given(evening=evenings())
    def look(evening: Evening) -> None:
        seen.update(name for name, words in FEATURES.items() if re.search(words, evening.script, re.MULTILINE))

    look()
    assert seen == FEATURES.keys()


@examples(60)
@given(evening=evenings())
def test_an_evening_keeps_the_rules(evening: Evening, folder: Path) -> None:
    prepared = made(evening, folder)
    entries = play(evening, prepared)
    invariants.time_never_runs_backwards(entries)
    invariants.one_outcome_each(entries)
    what_is_heard_is_numbered_and_has_one_end(entries)
    no_more_turns_at_once_than_stated(entries, evening.script)
    nothing_after_panic(entries)
    each_pick_is_that_of_the_seed(entries, evening)
    assert entries == play(evening, prepared)
    written = folder / "room.journal"
    written.write_text("".join(line(entry) + "\n" for entry in entries), "utf-8", newline="\n")
    with opened(written) as recording:
        again = recording.prepared()
        assert again.cues is not None
        found = recording.replay(again, again.cues).run()
    assert found is None, found


@examples(60)
@given(evening=evenings())
def test_a_room_is_printed_so_that_it_means_the_same(evening: Evening, folder: Path) -> None:
    formatted = format_text(evening.script, "room.show")
    assert formatted.findings == ()
    assert format_text(formatted.text, "room.show").text == formatted.text
    before = play(evening, made(evening, folder))
    after = play(evening, made(replace(evening, script=formatted.text), folder))
    places = ("fingerprint", "line", "cue", "text", "reason", "before")
    assert [_without(one, *places) for one in before] == [_without(one, *places) for one in after]


def _without(entry: Entry, *keys: str) -> Entry:
    return {key: value for key, value in entry.items() if key not in keys}


@examples(60)
@given(one=evenings(), other=evenings())
def test_a_reader_that_remembers_reads_a_room_as_a_new_one_does(one: Evening, other: Evening) -> None:
    reader = ScriptReader()
    left, right = one.script.splitlines(), other.script.splitlines()
    for cut in range(0, min(len(left), len(right)), 2):
        text = "\n".join([*left[:cut], *right[cut:]])
        assert reader.read(text, "room") == parse(text, "room")

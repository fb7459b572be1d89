"""What is left to chance: bags and gaps to the byte, each choice once a round, and nothing else moves a pick."""

from __future__ import annotations

import hashlib
import itertools
import json
from pathlib import Path

import pytest

from showrunner.cli.app import run
from showrunner.engine import chance

WORDS = ('"a"\n"b"', 'say happy "Hello!"\ndo stretch\nnothing', "one\ntwo\nthree\nfour\nfive")


def written_down(seed: str, words: str, met: int, count: int) -> int:
    """Pick as the rule says it: bags by SHA-256 of seed, words, round and choice, NUL between them."""

    def bag(number: int) -> list[int]:
        keys = ["\0".join([seed, words, str(number), str(i)]).encode("utf-8") for i in range(count)]
        return [i for _, i in sorted((hashlib.sha256(key).digest(), i) for i, key in enumerate(keys))]

    number, place = divmod(met, count)
    if count <= 2:
        return bag(0)[place]
    order = bag(number)
    if number > 0 and order[0] == bag(number - 1)[-1]:
        order[0], order[1] = order[1], order[0]
    return order[place]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_a_thousand_picks_are_those_of_the_rule(count: int) -> None:
    for seed in ("0", "7", "1a2b3c4d"):
        for words in WORDS:
            picked = [chance.order(seed, words, met // count, count)[met % count] for met in range(1000)]
            assert picked == [written_down(seed, words, met, count) for met in range(1000)]


@pytest.mark.parametrize("count", [2, 3, 4, 7])
def test_each_choice_comes_once_a_round_and_never_twice_running(count: int) -> None:
    picked = [one for number in range(200) for one in chance.order("0", "words", number, count)]
    rounds = [picked[start : start + count] for start in range(0, len(picked), count)]
    assert all(sorted(one) == list(range(count)) for one in rounds)
    assert all(one != other for one, other in itertools.pairwise(picked))


ROOM = """segment room at least 3m
  at 0s  repeat 100 times every 1s to 1500ms
    animaze emote choose Emote_A or Emote_B or Emote_C
{more}"""


def ended(words: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(words)
    assert not left.value.code


def played(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: str = "", *options: str
) -> list[dict[str, object]]:
    script = tmp_path / "room.show"
    script.write_text(ROOM.format(more=more), encoding="utf-8")
    ended(["dry-run", str(script), "--format", "jsonl", *options])
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_hundred_picks_and_gaps_of_a_show_are_those_of_the_rule_and_unmoved_by_an_edit_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journal = played(tmp_path, capsys)
    picked = [entry["picked"] for entry in journal if entry["kind"] == "choice"]
    assert picked == [written_down("0", "Emote_A\nEmote_B\nEmote_C", met, 3) + 1 for met in range(100)]
    turns = [entry["at"] for entry in journal if entry["kind"] == "cue" and str(entry["cue"]).count("#")]
    words = "repeat 100 times every 1s to 1500ms"
    drawn = [hashlib.sha256(f"0\0{words}\0{n}".encode()).digest()[:8] for n in range(99)]
    gaps = [1_000_000 + int.from_bytes(one, "big") % 501 * 1000 for one in drawn]
    assert [after - before for before, after in itertools.pairwise(turns)] == gaps
    more = '  at 1s  log "elsewhere"\n  track beside\n    at 2s  animaze emote choose Emote_A or Emote_D\n'
    edited = [e["picked"] for e in played(tmp_path, capsys, more) if e["kind"] == "choice" and "#" in str(e["cue"])]
    assert edited == picked


def test_another_seed_is_another_evening_and_its_journal_is_replayed_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = played(tmp_path, capsys), played(tmp_path, capsys, "", "--seed", "7")
    assert [e["picked"] for e in one if e["kind"] == "choice"] != [e["picked"] for e in other if e["kind"] == "choice"]
    journal = tmp_path / "room.journal"
    journal.write_text("".join(f"{json.dumps(entry)}\n" for entry in other), encoding="utf-8")
    ended(["replay", str(journal)])


def test_how_long_a_show_may_be_is_said_where_its_choices_differ_in_length(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "long.show"
    script.write_text("at 0s  choose\n  animaze emote A for 10s\n  animaze emote A for 14s\n", encoding="utf-8")
    ended(["check", str(script)])
    assert "0:10 to 0:14 of show" in capsys.readouterr().err

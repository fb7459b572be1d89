"""What is written down of a message: whole where it is short, and cut to a size where it is not."""

import hashlib
import json

import pytest

from showrunner.engine.journal import LARGEST, LONG, LONGEST_ANSWER, Journal, line, shown
from tests.mischief import play

TENS_OF_KIB = 40 * 1024


def fingerprint(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def length(value):
    return len(line(value).encode())


@pytest.mark.parametrize("harmful", ["\x7f", "\x9b", "\u061c", "\u200f", "\u202e", "\u2066", "\u2069"])
def test_what_would_steer_a_terminal_or_turn_a_line_round_stands_escaped(harmful):
    """Whoever looks at a journal with `cat` sees what a stranger wrote, and is not steered by it."""
    entry = {"frame": {f"key{harmful}": [f"gone{harmful}31m あ 👩\u200d🎤"]}}
    assert line(entry) == f'{{"frame":{{"key\\u{ord(harmful):04x}":["gone\\u{ord(harmful):04x}31m あ 👩\u200d🎤"]}}}}'
    assert json.loads(line(entry)) == entry


WHOLE = [
    {},
    {"a": None, "b": [True, 1, -2.5, "x", {}, []], "c": {"d": "あ"}},
    {"a": "x" * LONG},
    {"Data": {"Parameters": [{"Id": f"ParamAngleX{n}", "Value": n / 7} for n in range(300)]}, "RequestId": "0-1"},
    {"a": list(range(1000)), "b": {f"key{n}": n for n in range(500)}, "c": ["あいうえお"] * 100},
]


@pytest.mark.parametrize("frame", WHOLE)
def test_a_message_of_ordinary_size_is_written_whole(frame):
    assert shown(frame) == frame


def test_a_long_string_is_its_beginning_its_length_and_its_hash():
    text = "あ" * (LONG + 1)
    assert shown({"a": text}) == {"a": f"{text[:60]}…{LONG + 1} characters, sha256 {fingerprint(text)}"}


def test_of_a_long_list_the_rest_is_its_count_and_its_hash_and_what_stands_behind_it_is_written():
    items = [{"name": f"Emote_{n}", "index": n} for n in range(5000)]
    cut = shown({"action": "GetEmotes", "emotes": items, "id": "0-7"})
    assert (cut["action"], cut["id"]) == ("GetEmotes", "0-7")
    *written, rest = cut["emotes"]
    there = len(written) - (written[-1] != items[len(written) - 1])
    assert written[:there] == items[:there]
    assert there > 500
    more = items[len(written) :]
    assert rest == f"…{len(more):,} more items, sha256 {fingerprint(compact(more))}"
    assert length(cut) < TENS_OF_KIB


def test_of_a_long_table_too():
    table = {f"k{n}": n for n in range(5000)}
    cut = shown(table)
    rest = cut.pop("…")
    assert list(cut.items()) == list(table.items())[: len(cut)]
    more = dict(list(table.items())[len(cut) :])
    assert rest == f"…{len(more):,} more keys, sha256 {fingerprint(compact(more))}"


def deep(levels, inside):
    for _ in range(levels):
        inside = [inside, 1, {"a": 2}]
    return {"a": inside, "id": "0-1"}


HUGE = {
    "a list": {"a": [0] * 99_000, "id": "0-1"},
    "many lists": {"a": [[0] * 30] * 3000, "id": "0-1"},
    "lists in lists": {"a": [[[["x" * 900] * 50] * 50] * 50], "id": "0-1"},
    "a table of long keys": {f"{n}{'k' * 5000}": n for n in range(500)},
    "keys of signs that take six bytes": {f"{n}{chr(1) * 900}": n for n in range(500)},
    "signs that take six bytes": {"a": [chr(1) * 900] * 4000, "id": "0-1"},
    "signs that take three bytes": {"a": ["あ" * 900] * 4000, "id": "0-1"},
    "long numbers": {"a": [10**639] * 6000, "id": "0-1"},
    "deep": deep(60, [0] * 99_000),
    "deep at the end": {"a": [0] * 20_000, "b": deep(60, [0] * 20_000)},
    "a long text at every level": {"a": {"b": {"c": ["x" * 5_000_000], "d": "y" * 5_000_000}, "e": "z" * 5_000_000}},
}


@pytest.mark.parametrize("frame", HUGE.values(), ids=HUGE)
def test_whatever_is_in_a_message_its_entry_stays_below_some_tens_of_kib(frame):
    cut = shown(frame)
    assert length(cut) < TENS_OF_KIB
    assert json.loads(line(cut)) == cut
    if "id" in frame and frame["a"] is not None:
        assert list(cut)[:1] == ["a"]


def test_a_secret_is_hidden_wherever_it_stands_and_its_hash_is_not_told_either():
    word = "0123456789abcdef"
    frame = {word: 1, "a": [word, f"my {word}!", *["x" * 50] * 1000, word], "text": word * 100}
    cut = shown(frame, [word])
    assert word not in line(cut)
    *_, rest = cut["a"]
    more = [*["x" * 50] * 1000, "…"][-int(rest[1:].split()[0]) :]
    assert rest.endswith(fingerprint(compact(more)))
    assert cut["text"] == "…"


def test_an_empty_secret_hides_nothing():
    assert shown({"a": "b"}, [""]) == {"a": "b"}


def test_a_programs_words_are_as_short_as_its_strings(tmp_path):
    """An error of a megabyte is the reason of an outcome, and the answer of one would be spoken."""
    path = tmp_path / "a.show"
    path.write_text('at 0s animaze emote A\nthen animaze chat "hi" -> said\nthen animaze echo "so: {said}"\n', "utf-8")

    def huge(frame):
        if frame.get("action") == "TriggerEmote":
            return [(0, {"action": frame["action"], "id": frame["id"], "error": "no " * 400_000})]
        if "response" in frame:
            return [(0, {**frame, "response": "y" * 1_000_000})]
        return [(0, frame)]

    played, _ = play(path, "animaze", huge)
    assert max(map(length, played.entries)) < TENS_OF_KIB
    (failed,) = [entry for entry in played.all("outcome") if entry["result"] == "failed"]
    assert failed["reason"].startswith("no no no ")
    assert "…1200000 characters, sha256 " in failed["reason"]
    (reply,) = [entry for entry in played.all("reply") if "answer" in entry]
    assert reply["answer"] == "y" * LONGEST_ANSWER
    (sent,) = [entry for entry in played.all("sent") if entry["frame"].get("message", "").startswith("-echo")]
    assert f"…{len('-echo so: ') + LONGEST_ANSWER} characters" in sent["frame"]["message"]


def test_what_is_written_is_what_it_says():
    assert LARGEST < TENS_OF_KIB
    assert 3 * LONGEST_ANSWER < TENS_OF_KIB


def times(entries):
    return [(entry["seq"], entry["at"], entry.get("before")) for entry in entries]


def test_what_comes_before_time_0_is_told_again_with_how_long_ago_it_was():
    came, again = [], []
    journal = Journal(came.append)
    journal.early = again.extend
    journal.write(1_000, "show")
    journal.write(700, "source")  # it was on its way before the show was written
    journal.write(5_000, "device")
    journal.begin(5_000)
    journal.write(5_250, "cue")
    journal.begin(4_000)  # the machine stood: what was written stays as it is
    assert times(came) == [(0, 0, None), (1, 0, None), (2, 0, None), (3, 250, None)]
    assert times(again) == [(0, 0, 4_000), (1, 0, 4_000), (2, 0, None)]
    assert list(again[0])[-1] == "before"


def test_who_holds_gets_it_once():
    came = []
    journal = Journal(came.append, holds=True)
    journal.write(1_000, "show")
    assert came == []
    journal.begin(5_000)
    journal.write(5_250, "cue")
    assert times(came) == [(0, 0, 4_000), (1, 250, None)]

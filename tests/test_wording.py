"""How messages are worded: counted, listed, cut short, and the word that was meant."""

import pytest

from showrunner.diagnostics.refusal import reason
from showrunner.diagnostics.wording import (
    beginning,
    cells,
    count,
    did_you_mean,
    listed,
    nearest,
    quoted,
    shortened,
    tamed,
    there_are,
    visible,
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "0 cues"), (1, "1 cue"), (2, "2 cues"), (12_345, "12,345 cues")],
)
def test_things_are_counted(number, expected):
    assert count(number, "cue") == expected


@pytest.mark.parametrize(
    ("names", "last", "most", "expected"),
    [
        ([], "or", None, ""),
        (["a"], "or", None, "a"),
        (["a", "b"], None, None, "a, b"),
        (["a", "b"], "or", None, "a or b"),
        (["a", "b", "a", "c"], "and", None, "a, b and c"),
        (["a", "b", "c"], None, 3, "a, b, c"),
        (["a", "b", "c", "d"], None, 2, "a, b and 2 more"),
        (["a", "b", "c", "d"], "or", 3, "a, b, c and 1 more"),
    ],
)
def test_names_are_listed_each_once(names, last, most, expected):
    assert listed(iter(names), last, most) == expected


def test_of_many_choices_the_first_are_listed_and_the_others_counted():
    assert there_are("abc") == "there are: a, b, c"
    assert there_are(map(str, range(1_030)), 3) == "there are: 0, 1, 2 and 1,027 more"


def test_a_name_is_quoted_so_that_it_can_move_no_cursor():
    assert quoted("a b") == "`a b`"
    assert quoted("\x1b[2J\u202ex") == "`\\u{1b}[2J\\u{202e}x`"
    assert visible("日本\u3000語 \u200d") == "日本\u3000語 \u200d"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, 日本\u3000語! 👩\u200d🚀", "Hello, 日本\u3000語! 👩\u200d🚀"),
        ("\x1b[2Jred\x00 \x7f\x9b", "[2Jred"),
        ("one\r\ntwo \n\n three\tfour\u2028five\n", "one two three four five"),
        ("\u202eoteg\u202c \u2066x\u2069", "oteg x"),
        ("a\ud800b", "ab"),
        ("x" * 500, "x" * 500),
        ("x" * 501, "x" * 500 + "…"),
        ("\n", ""),
    ],
)
def test_a_strangers_text_is_kept_without_what_could_do_harm(text, expected):
    assert tamed(text) == expected
    assert tamed(tamed(text)) == expected


@pytest.mark.parametrize(
    ("text", "most", "expected"), [("", 3, ""), ("abc", 3, "abc"), ("abcd", 3, "ab…"), ("a" * 41, 40, "a" * 39 + "…")]
)
def test_a_long_text_is_cut_and_says_so(text, most, expected):
    assert shortened(text, most) == expected


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [("abc", 2, "ab"), ("日本語", 5, "日本"), ("e\u0301e\u0301", 1, "e\u0301"), ("abc", 0, ""), ("abc", 9, "abc")],
)
def test_a_beginning_takes_no_more_cells_than_there_are(text, room, expected):
    assert beginning(text, room) == expected
    assert cells(expected) <= room


def test_a_word_that_was_meant_is_asked_for_and_otherwise_other_advice_is_given():
    known = ["animaze", "live2d"]
    assert did_you_mean(nearest("animzae", known), there_are(known)) == "did you mean `animaze`?"
    assert did_you_mean(nearest("obs", known), there_are(known)) == "there are: animaze, live2d"
    assert did_you_mean(nearest("obs", known)) is None


@pytest.mark.parametrize(
    ("word", "meant"),
    [("att", "at"), ("tehn", "then"), ("SEGMENT", "segment"), ("sgement", "segment"), ("xyz", None), ("", None)],
)
def test_the_nearest_word_is_a_slip_of_the_finger_away(word, meant):
    assert nearest(word, ["at", "then", "cue", "segment"]) == meant


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (10048, "address already in use"),
        (32, "another program has it open"),
        (2, "das system kann die datei nicht finden."),
        (None, "das system kann die datei nicht finden."),
    ],
)
def test_what_windows_says_at_length_or_in_numbers_is_said_in_plain_words(number, said):
    error = OSError(22, "Das System kann die Datei nicht finden.")
    error.winerror = number
    assert reason(error) == said

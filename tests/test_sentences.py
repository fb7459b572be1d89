"""Sentences: English to whoever compares or prints them, and whole in another language where all of them is known."""

import copy
import pickle

import pytest

from showrunner.diagnostics.sentence import ENGLISH, Language, Sentence, joined, names, plain, sentence
from showrunner.diagnostics.wording import count, did_you_mean, listed, there_are

GERMAN = Language(
    "de",
    {
        "there is a cue `{name}` in line {line} already": "in Zeile {line} steht schon ein Cue `{name}`",
        "leave it out": "lass es weg",
        "{names} or {another}": "{names} oder {another}",
        "did you mean {meant}?": "ist {meant} gemeint?",
        "{number:,} cue": "{number:,} Cue",
        "{number:,} cues": "{number:,} Cues",
    },
)


def test_a_sentence_is_its_english_text():
    said = sentence("there is a cue `{name}` in line {line} already", "wave", 3)
    assert said == "there is a cue `wave` in line 3 already"
    assert {said: 1}["there is a cue `wave` in line 3 already"] == 1
    assert ENGLISH.said(said) == said


def test_it_is_said_in_another_language_in_that_languages_order():
    said = sentence("there is a cue `{name}` in line {line} already", "{wave}", 3)
    assert GERMAN.said(said) == "in Zeile 3 steht schon ein Cue `{wave}`"


@pytest.mark.parametrize("again", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])  # noqa: S301
def test_it_stays_a_sentence_however_it_is_kept(again):
    said = again(sentence("did you mean {meant}?", listed(["a", "b"], "or")))
    assert said == "did you mean a or b?"
    assert GERMAN.said(said) == "ist a oder b gemeint?"


def test_sentences_inside_a_sentence_are_said_too():
    assert GERMAN.said(did_you_mean("wave")) == "ist `wave` gemeint?"
    assert GERMAN.said(sentence("leave it out") + "; " + count(2, "cue")) == "lass es weg; 2 Cues"
    assert GERMAN.said(joined([count(1, "cue"), count(1200, "cue")], ", ")) == "1 Cue, 1,200 Cues"


def test_what_is_not_translated_whole_stays_english_whole():
    assert GERMAN.said(there_are(["a", "b"])) == "there are: a, b"
    assert GERMAN.said(did_you_mean("a") + sentence(" (line {line})", 3)) == "did you mean `a`? (line 3)"


def test_what_somebody_wrote_is_never_translated():
    assert GERMAN.said(sentence("did you mean {meant}?", "leave it out")) == "ist leave it out gemeint?"
    assert GERMAN.said(plain("leave it out {now}")) == "leave it out {now}"


def test_a_mark_in_a_field_gives_way_to_what_is_known_later():
    said = sentence("there is a cue `{name}` in line {line} already", "\0", "\0").put("\0", "a").put("\0", "7")
    assert said == "there is a cue `a` in line 7 already"
    assert GERMAN.said(said) == "in Zeile 7 steht schon ein Cue `a`"
    inside = sentence("did you mean {meant}?", sentence(" (line {line})", "\0")).put("\0", "7")
    assert inside == "did you mean  (line 7)?"
    assert isinstance(inside, Sentence)


def test_a_value_too_much_or_too_few_is_our_mistake():
    with pytest.raises(ValueError, match="shorter"):
        sentence("a {b} and {b}, {c}", 1)
    with pytest.raises(ValueError, match="longer"):
        sentence("a", 1)


def test_names_are_given_as_they_stand():
    assert names("`{one:,}` {{two}} {three!r} {one}") == ("one", "three", "one")

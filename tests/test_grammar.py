"""The grammar as data: it has no conflicts, its examples are right, and its words are those the reader knows."""

import re
from importlib.resources import files

import pytest
from lark import Lark

from showrunner.syntax import keywords
from showrunner.syntax.parser import phrase

SOURCE = files("showrunner.grammar").joinpath("show.lark").read_text(encoding="utf-8")
RULE = re.compile(r"^(\w+):[^\n]*(?:\n +\|[^\n]*)*", re.MULTILINE)
EXAMPLE = re.compile(r" // (.+)$", re.MULTILINE)
EXAMPLES = [
    (rule[1], example[1])
    for rule in RULE.finditer(SOURCE)
    if not rule[1].isupper()
    for example in EXAMPLE.finditer(rule[0])
]

ANYWHERE = [word for word in keywords.COMMANDS if word != "choose"]
"""A `choose` among arguments begins a choice; all other words of the language are words there."""


def test_the_grammar_builds_without_a_conflict_between_rules_or_words():
    Lark(SOURCE, parser="lalr", lexer="contextual", start="line", strict=True)


def test_every_form_of_a_line_has_an_example():
    forms = {rule[1] for rule in RULE.finditer(SOURCE) if not rule[1].isupper() and rule[1][0] != "_"}
    assert forms - {rule for rule, _ in EXAMPLES} == {"line"}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_the_example_after_a_rule_is_read_by_that_rule(rule, example):
    Lark(SOURCE, parser="lalr", lexer="contextual", start=rule).parse(example)


@pytest.mark.parametrize("name", ["show", "let", "include", "define", "segment", "track", "cue", "commands"])
def test_the_example_of_a_whole_line_reads_without_a_slip(name):
    found = [phrase(example, 0).slip for rule, example in EXAMPLES if rule == name]
    assert found == [None] * len(found)
    assert found


def test_the_words_of_the_grammar_are_those_the_reader_knows():
    body = re.sub(r"//[^\n]*", "", SOURCE)
    written = set(re.findall(r'"([a-z]+)" _END', body))
    known = {*keywords.STATEMENTS, *keywords.COMMANDS, *keywords.RESERVED, *keywords.INNER}
    assert written == known


@pytest.mark.parametrize("word", keywords.RESERVED)
def test_a_reserved_word_is_a_name_only_in_quotes(word):
    assert phrase(f"animaze scene {word}", 0).slip is not None
    assert phrase(f'animaze scene "{word}"', 0).slip is None


@pytest.mark.parametrize("word", keywords.STATEMENTS)
def test_no_device_may_be_called_like_a_word_that_begins_a_line(word):
    assert phrase(f"say 'x'; {word} emote Emote_Wave", 0).slip is not None


@pytest.mark.parametrize(
    "word",
    [
        *keywords.STATEMENTS,
        *(w for w in keywords.COMMANDS if w != "choose"),
        "to",
        "over",
        "for",
        "on",
        "off",
        "call",
        "every",
    ],
)
def test_every_other_word_is_an_ordinary_argument(word):
    assert phrase(f"animaze scene {word}", 0).slip is None


@pytest.mark.parametrize(
    "line",
    [
        'at 1s say "hi" and waits',
        'at 1s say "hi" and waitwithin 2s',
        'at 1s say "hi" and meanwhiles',
        "at 1s animaze scene A else stopp",
        "at 1s animaze scene A retry 2x",
        "at 1s wait forx button b",
        "at 1s wait forcue x",
        "at 1s wait for cuex",
        "at 1s repeat everyday 2s",
        "at 1s repeat 3 timesevery 2s",
        "segment a at leastx 5s",
        "segment a at most5s",
        'showx "T"',
        "letx = 5s",
        'includes "a.show"',
        'at 1s animaze chat "x" -> y orx "z"',
    ],
)
def test_a_word_of_the_language_ends_where_a_word_ends(line):
    assert phrase(line, 0).slip is not None


@pytest.mark.parametrize("word", [*keywords.STATEMENTS, *keywords.COMMANDS, *keywords.RESERVED, *keywords.INNER])
def test_a_longer_word_is_an_ordinary_word(word):
    assert phrase(f"animaze scene {word}s; {word}s emote {word}-x", 0).slip is None

"""Forms: how the words after a verb are read by the rows of a table."""

from __future__ import annotations

import re
from typing import Any

import pytest

from showrunner.devices.forms import NUMBER, STRING, TIME, WORD, Atom, Match, Mismatch, matchers, read_form
from showrunner.devices.vocabulary import Class, Command, Kind, Verb
from showrunner.diagnostics.diagnostic import Span
from tests.tables import AITUBER, ANIMAZE, LIVE2D

SPAN = Span(0, 1, 1)
TABLES = {verb.name: table for table in (ANIMAZE, LIVE2D, AITUBER) for verb in table}


def atom(source: str) -> Atom:
    if source[0] == '"':
        return Atom(STRING, source[1:-1], source, SPAN)
    if re.fullmatch(r"-?\d+", source):
        return Atom(NUMBER, int(source), source, SPAN)
    if re.fullmatch(r"-?\d+\.\d+", source):
        return Atom(NUMBER, float(source), source, SPAN)
    if re.fullmatch(r"\d+s", source):
        return Atom(TIME, int(source[:-1]) * 1_000_000, source, SPAN)
    return Atom(WORD, source, source, SPAN)


def match(line: str, table: tuple[Verb, ...] | None = None) -> Any:
    verb, *words = re.findall(r'"[^"]*"|\S+', line)
    return matchers(table or TABLES[verb])[verb].match([atom(word) for word in words], SPAN)


def bound(line: str) -> list[tuple[str, Any]]:
    found = match(line)
    assert isinstance(found, Match), found
    return [(argument.name, argument.value) for argument in found.arguments]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("emote Emote_Wave", [("NAME", "Emote_Wave")]),
        ('scene "My Room"', [("NAME", "My Room")]),
        ("action 3", [("NAME", 3)]),
        ("set A 1 B -2.5", [("PARAM", "A"), ("V", 1), ("PARAM", "B"), ("V", -2.5)]),
        ("set A to 1", [("PARAM", "A"), ("V", 1)]),
        ("move A 1 over 2s", [("PARAM", "A"), ("V", 1), ("D", 2_000_000)]),
        (
            "move A from 0 to 1 B to 2 over 2s ease IN-OUT",
            [("PARAM", "A"), ("V", 0), ("V", 1), ("PARAM", "B"), ("V", 2), ("D", 2_000_000), ("E", "in-out")],
        ),
        ("release", []),
        ("release A B over 1s", [("PARAM", "A"), ("PARAM", "B"), ("D", 1_000_000)]),
        ('say "hi"', [("TEXT", "hi")]),
        ('say Happy "hi" sad "ho"', [("EMOTION", "happy"), ("TEXT", "hi"), ("EMOTION", "sad"), ("TEXT", "ho")]),
        ('say "hi" image "a.png"', [("TEXT", "hi"), ("PATH", "a.png")]),
        ("quickscene save 2", [("INDEX", 2), ("SAVE", True)]),
        ("broadcast off", [("STATE", False)]),
    ],
)
def test_a_command_that_fits_binds_its_placeholders(line: str, values: list[tuple[str, Any]]) -> None:
    assert bound(line) == values


def test_numbers_stay_as_they_are_written() -> None:
    values = [value for name, value in bound("set A 10 B 10.0") if name == "V"]
    assert [type(value) for value in values] == [int, float]


@pytest.mark.parametrize("line", ["emote Emote_Wave for 3s", "move A to 1 over 1s for 3s", "set A 1 for 3s"])
def test_for_stands_behind_every_form_and_is_no_argument(line: str) -> None:
    found = match(line)
    assert found.lasting == 3_000_000
    assert 3_000_000 not in [argument.value for argument in found.arguments]


@pytest.mark.parametrize(
    ("line", "over", "ease"),
    [
        ("move A from 0 to 1 over 2s ease in-out", 2_000_000, "in-out"),
        ("move A 1 over 1s", 1_000_000, "linear"),
        ("camera fov 40 over 3s", 3_000_000, "linear"),
        ("camera fov 40", 0, "linear"),
        ("release A over 1s", 1_000_000, "linear"),
        ("set A 1", 0, "linear"),
    ],
)
def test_a_command_tells_how_long_its_values_take_and_how_they_go(line: str, over: int, ease: str) -> None:
    found = match(line)
    command = Command("it", found.verb, found.arguments)
    assert (command.over, command.ease) == (over, ease)


def test_a_bare_word_of_the_form_is_that_word_and_quoted_it_is_a_name() -> None:
    assert isinstance(match("release over"), Mismatch)
    assert bound("set for 1") == [("PARAM", "for"), ("V", 1)]
    assert bound('set "for" 1') == [("PARAM", "for"), ("V", 1)]
    assert bound('release "over" over 1s') == [("PARAM", "over"), ("D", 1_000_000)]


def test_words_of_the_form_mind_their_case() -> None:
    assert isinstance(match("move A To 1 over 1s"), Mismatch)


@pytest.mark.parametrize(
    ("line", "place", "complete"),
    [
        ("emote", 0, False),
        ("emote 5", 0, False),
        ("emote A B", 1, True),
        ("emote A for", 2, False),
        ("move A to 1", 3, False),
        ("move A too 1 over 1s", 1, False),
        ("set A 1 2", 2, True),
        ('say "a" "b"', 1, True),
        ("say happy hello", 1, False),
        ("set A 2s", 1, False),
    ],
)
def test_a_mismatch_is_the_furthest_point_any_row_came_to(line: str, place: int, complete: bool) -> None:
    found = match(line)
    assert isinstance(found, Mismatch)
    assert (found.atom, found.complete) == (place, complete)


def test_a_mismatch_says_what_could_have_stood_there() -> None:
    found = match("move A too 1 over 1s")
    assert set(found.words) == {"from", "to"}
    assert [kind.says for kind in found.kinds] == ["a number"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('say hapy "x"', "choice"),
        ("broadcast maybe", "switch"),
        ("quickscene load -1", "whole"),
        ("quickscene load 1.5", "whole"),
        ("camera fov 0", "low"),
        ("camera fov 180", "high"),
        ("emote A for 0s", "zero"),
        ("set A 1" + "0" * 16, "endless"),
        ("move A to 1 over 0s", "zero"),
    ],
)
def test_a_value_its_kind_refuses_is_told_with_the_reason(line: str, why: str) -> None:
    found = match(line)
    assert [one.why for one in found] == [why]


def test_every_wrong_value_of_a_command_is_told() -> None:
    assert [one.why for one in match('say hapy "x" sadd "y" for 0s')] == ["choice", "choice", "zero"]


def test_rows_of_one_verb_are_told_apart_by_their_words() -> None:
    assert match("quickscene load 1").verb.class_ is Class.STATE
    assert match("quickscene save 1").verb.class_ is Class.IMPULSE


def test_a_very_long_command_is_read_all_the_same() -> None:
    assert len(bound("set " + " ".join(f"P{number} {number}" for number in range(5000)))) == 10_000


@pytest.mark.parametrize("form", ["[A", "A]", "A (B", "A | ", "A / B", "| A"])
def test_a_misspelled_form_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="form"):
        read_form(form)


def test_a_choice_may_be_between_a_word_and_a_placeholder() -> None:
    row = Verb("go", "NAME|all", {"NAME": Kind("index", "a place")}, Class.STATE, "main", "x", "go 1")
    assert isinstance(match("go all", (row,)), Match)
    assert match("go 4", (row,)).arguments[0].value == 4
    assert isinstance(match("go home", (row,)), Mismatch)

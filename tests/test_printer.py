"""The formatter: `formatted` holds scripts and how they are laid out; `SHOWRUNNER_UPDATE=1` writes the layouts anew."""

import os
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygments.token import Error

from showrunner.cli.layout import spelling
from showrunner.syntax.highlight import ShowLexer
from showrunner.syntax.parser import parse
from showrunner.syntax.printer import format_text

FORMATTED = Path(__file__).parent / "language" / "formatted"
ROOT = Path(__file__).parents[1]
SHOWS = sorted([*ROOT.glob("shows/**/*.show"), *ROOT.glob("examples/**/*.show")])
NAMES = sorted(path.stem for path in FORMATTED.glob("*.show"))


def text_of(path):
    return path.read_bytes().decode()


def meaning(node):
    """The tree without places and layout."""
    if is_dataclass(node):
        kept = [(f.name, getattr(node, f.name)) for f in fields(node) if f.name not in {"line", "length", "column"}]
        ours = [(name, meaning(value)) for name, value in kept if "span" not in name and name != "source"]
        return type(node).__name__, ours
    if isinstance(node, tuple):
        return [meaning(part) for part in node]
    return node


def read(text):
    parsed = parse(text, "f")
    assert parsed.findings == ()
    return meaning(parsed.script)


@pytest.mark.parametrize("name", NAMES)
def test_a_script_is_laid_out_exactly_so(name):
    made = format_text(text_of(FORMATTED / f"{name}.show"), "f").text
    expected = FORMATTED / f"{name}.formatted"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        expected.write_bytes(made.encode())
    assert made == text_of(expected)


@pytest.mark.parametrize("name", NAMES)
def test_laying_out_twice_changes_nothing_and_the_meaning_stays(name):
    text = text_of(FORMATTED / f"{name}.show")
    made = format_text(text, "f").text
    assert format_text(made, "f").text == made
    assert read(made) == read(text)


def test_no_layout_is_left_behind_without_its_script():
    assert {path.stem for path in FORMATTED.glob("*.formatted")} == set(NAMES)
    assert NAMES


def test_a_script_with_an_error_is_left_as_it_is():
    made = format_text("at 5   stop\nat 6s   stop\n", "f")
    assert made.text == "at 5   stop\nat 6s   stop\n"
    assert [finding.code for finding in made.findings] == ["E101"]


def test_an_empty_script_stays_empty_and_one_of_blank_lines_becomes_so():
    assert format_text("", "f").text == format_text("\n \n\t\n", "f").text == ""


def test_a_device_may_say_how_its_arguments_are_best_written():
    asked = []

    def spelling(device, verb, arguments):
        asked.append((device, verb, arguments))
        return tuple(word for word in arguments if word != "to")

    text = 'at 0s live2d set A to 1 and wait; say happy "to"; animaze call X {"to": 1} for 2s; cam set B to $x\n'
    made = format_text(text, "f", spelling).text
    assert made == 'at 0s live2d set A 1 and wait; say happy "to"; animaze call X {"to": 1} for 2s; cam set B $x\n'
    assert asked == [
        ("live2d", "set", ("A", "to", "1")),
        ("", "say", ("happy", '"to"')),
        ("cam", "set", ("B", "to", "$x")),
    ]


@pytest.mark.parametrize(
    ("written", "best"),
    [
        ("live2d set A to 1 B to $x for 2s", "live2d set A 1 B $x for 2s"),
        ('live2d set "to" to 3', 'live2d set "to" 3'),
        ("live2d set A 1 B 2", "live2d set A 1 B 2"),
        ("live2d move A 5 over 1s", "live2d move A to 5 over 1s"),
        (
            "live2d move A from 1 5 B $x over $d ease in for 3s",
            "live2d move A from 1 to 5 B to $x over $d ease in for 3s",
        ),
        ("live2d move A 5 B to 3 over 1s", "live2d move A 5 B to 3 over 1s"),
        ("live2d set A to", "live2d set A to"),
        ("rin say 'to' and wait", "rin say 'to' and wait"),
    ],
)
def test_the_first_spelling_of_a_row_is_the_one_that_is_written(written, best):
    made = format_text(f"at 0s {written}\nat 1s stop\n", "f.show", spelling("f.show"))
    assert made.text == f"at 0s  {best}\nat 1s  stop\n"


@pytest.mark.parametrize("path", SHOWS, ids=[path.name for path in SHOWS])
def test_the_shows_and_examples_stand_in_the_one_layout(path):
    text = text_of(path)
    assert format_text(text, str(path), spelling(str(path))).text == text


# ------------------------------------------------------------------------------------------------------ random programs

WORDS = st.sampled_from(
    ["happy", "Emote_Wave", "to", "for", "ease", "in-out", "@Red", "a.b", "笑顔", "cue", "at", "say"]
)
TALL = "\"it goes\" # on\n\n                    # and\n                    'on'"
STRINGS = st.sampled_from(['"hi"', "'it is'", '"# no; {{x}} {name}"', r'"\n\u{1F600}\""', '""', '"日本"', TALL])
TIMES = st.sampled_from(["5s", "00:05", "1m30s", "250ms", "$beat", "0.5s", "01:00:00.250"])
NUMBERS = st.sampled_from(["1", "-3", "0.25", "$n"])
VALUES = STRINGS | NUMBERS | TIMES | WORDS
NAMES_ = st.sampled_from(["one", "two-b", '"three words"'])
GAPS = st.sampled_from([" ", "  ", "\t"])
REMARKS = st.sampled_from(["", "", " # why", "#x  y "])
JSON = st.recursive(
    st.sampled_from(["1", '"a"', "true", "null", "-2.5", "$n", '"{x}"', "[]", "{}"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.lists(inner, max_size=3).map(
            lambda parts: "{" + " ,\n ".join(f'"k{n}":{p}' for n, p in enumerate(parts)) + "}"
        )
    ),
    max_leaves=5,
)
MODIFIERS = st.lists(
    st.sampled_from(["and wait", "within 5s", "retry 2", "else stop", "-> x", '->x or "y"']),
    max_size=2,
    unique_by=lambda modifier: modifier.split()[0][:2],
)


@st.composite
def commands(draw):
    kind = draw(st.integers(0, 8))
    if kind == 0:
        return draw(
            st.sampled_from(["stop", "hold", 'hold "ready?"  within 5s', "do wave", "do wave ( )", "wait for cue x"])
        )
    if kind == 1:
        return f"wait{draw(GAPS)}{draw(TIMES)}"
    if kind == 2:
        return f"do wave({' , '.join(draw(st.lists(VALUES, min_size=1, max_size=3)))})"
    if kind == 3:
        return f'animaze call X {{ "k" :{draw(JSON)}}} {" ".join(draw(MODIFIERS))}'
    verb = draw(st.sampled_from(["animaze emote", "say", "live2d set", "mika say"]))
    return draw(GAPS).join([verb, *draw(st.lists(VALUES, min_size=1, max_size=4)), *draw(MODIFIERS)])


@st.composite
def block(draw, indent, depth):
    """Lines of cues, with blank lines, comments and blocks between them."""
    step = draw(st.sampled_from(["  ", "    ", " "]))
    lines = []
    for place in range(draw(st.integers(1, 3))):
        position = draw(st.sampled_from(["at 1s", "at + 2s", "then", "then +500ms", "then  at 00:40"]))
        named = f"cue {draw(NAMES_)} " if draw(st.booleans()) else ""
        said = draw(st.sampled_from([";", " ; "])).join(draw(st.lists(commands(), min_size=1, max_size=3)))
        if draw(st.booleans()):
            lines += ["", "", f"{indent}{draw(st.sampled_from(['', '   ']))}# note {place}"]
        if depth and draw(st.booleans()):
            owner = draw(st.sampled_from(["repeat every 1s", "repeat 3  times every $t", 'say "x" and meanwhile']))
            lines.append(f"{indent}{named}{position} {said}; {owner}{draw(REMARKS)}")
            lines += draw(block(indent + step, depth - 1))
        elif draw(st.booleans()):
            lines.append(f"{indent}{named}{position}{draw(REMARKS)}")
            lines += [f"{indent}{step}{said}{draw(st.sampled_from(['', ' ;']))}"] * draw(st.integers(1, 2))
        else:
            lines.append(f"{indent}{named}{position}  {said}{draw(REMARKS)}")
    return lines


@st.composite
def programs(draw):
    lines = draw(st.sampled_from([[], ['show   "T"'], ["", "# top", "let  x=5s", "let b = 'B'"]]))
    if draw(st.booleans()):
        lines = [*lines, "define wave ( who,n )", *draw(block("   ", 1))]
    if draw(st.booleans()):
        return "\n".join([*lines, *draw(block("", 2))])
    return "\n".join(
        [*lines, "segment one  'One' at  most 3m", "  track a", *draw(block("      ", 2)), *draw(block("  ", 1))]
    )


@given(programs())
@settings(max_examples=150, deadline=None)
def test_any_program_keeps_its_meaning_and_is_laid_out_once_and_for_all(text):
    made = format_text(text, "f")
    assert made.findings == ()
    assert read(made.text) == read(text)
    assert format_text(made.text, "f").text == made.text
    remarks = [line[line.index("#") :].strip() for line in text.split("\n") if line.strip().startswith("#")]
    assert [line.strip() for line in made.text.split("\n") if line.strip().startswith("#")] == remarks


# -------------------------------------------------------------------------------------------------------------- colours


@pytest.mark.parametrize("name", NAMES)
def test_every_word_of_a_script_has_a_colour_and_none_is_lost(name):
    text = text_of(FORMATTED / f"{name}.formatted").replace("\r\n", "\n")
    coloured = list(ShowLexer(stripnl=False, ensurenl=False).get_tokens(text))
    assert "".join(word for _, word in coloured) == text
    assert [word for kind, word in coloured if kind is Error] == []

"""What an editor is told: case files with marked places (¦) in `editing/`, each beside exactly what is said there.

`SHOWRUNNER_UPDATE=1` writes what is said anew.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showrunner.editing.completion import offers
from showrunner.editing.hover import hover
from showrunner.editing.known import Known
from showrunner.editing.mending import all_mended, mendings
from showrunner.editing.pages import (
    Position,
    Range,
    Spot,
    changed,
    offset_of,
    page,
    position_of,
    size,
    spot_of,
)
from showrunner.editing.words import WORDS
from showrunner.reports.plan import plan
from showrunner.show.prepare import prepare
from showrunner.syntax.keywords import WORDS as OF_THE_LANGUAGE
from showrunner.syntax.lines import cut

HERE = Path(__file__).parent / "editing"
MARK = "¦"
CASES = sorted(HERE.glob("*/*.show"))


class Case:
    """A script with marked places: every mark is a question, and none of them is in its text."""

    def __init__(self, path, folder):
        marked = path.read_bytes().decode()
        for name in ("stage.yaml", "catalogue.yaml"):
            shutil.copy(HERE / name, folder)
        self.places = []
        lines = marked.split("\n")
        for number, line in enumerate(lines):
            while MARK in lines[number]:
                column = lines[number].index(MARK)
                self.places.append(Position(number, column))
                lines[number] = lines[number].replace(MARK, "", 1)
            del line
        self.text = "\n".join(lines)
        file = folder / "case.show"
        file.write_bytes(self.text.encode())
        self.path = file.as_posix()
        made = prepare(str(file), once=False)
        planned = None if made.cues is None else plan(made.cues, made.fixtures, made.inventories)
        self.known = Known(made, planned, None if planned is None else made)
        self.lines = cut(self.text)


def shown(text, place):
    line = text.split("\n")[place.line]
    return f"-- line {place.line + 1}: {line[: place.column]}{MARK}{line[place.column :]}".rstrip()


def completion(case, place):
    found = offers(case.known, case.lines, place, lambda ending: [f"parts/one{ending or '.png'}"])
    for one in sorted(found, key=lambda one: (one.rank, one.label)):
        replaced = case.lines[one.range.start.line][one.range.start.column : one.range.end.column]
        text = one.text.replace("\n", "\\n")
        said = f" ({one.detail})" if one.detail else ""
        yield f"{one.what} {one.label}{said}" + (
            f" : {replaced!r} -> {text!r}" if (text, replaced) != (one.label, "") else ""
        )


def hovered(case, place):
    told = hover(case.known, case.path, case.lines, place, lambda command: f'{{"to": "{command.device}"}}')
    if told is None:
        yield "nothing"
        return
    start, end = told.range
    yield f"[{case.lines[start.line][start.column : end.column]}]"
    yield told.text


def mended(case, place):
    findings = case.known.prepared.findings
    for one in mendings(findings, case.path, case.lines, Range(place, Position(place.line, 10_000))):
        yield f"{one.title}:"
        for _, edit in one.edits:
            yield applied(case.text, [edit]).split("\n")[edit.range.start.line]
    everything = all_mended(findings, case.path)
    if everything is not None:
        yield f"{everything.title}:"
        yield applied(case.text, [edit for _, edit in everything.edits])


def applied(text, edits):
    """Put edits into a text, the last first."""
    whole = page(text)
    for one in sorted(edits, key=lambda one: one.range.start, reverse=True):
        start, end = (offset_of(whole, spot_of(whole, place)) for place in one.range)
        text = text[:start] + one.text + text[end:]
    return text


QUESTIONS = {"completion": completion, "hover": hovered, "mending": mended}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_what_an_editor_is_told(path, tmp_path):
    case = Case(path, tmp_path)
    assert case.places, "a case has at least one marked place"
    said = "\n".join(
        "\n".join([shown(case.text, place), *QUESTIONS[path.parent.name](case, place)]) for place in case.places
    )
    expected = path.with_suffix(".txt")
    if os.environ.get("SHOWRUNNER_UPDATE"):
        expected.write_text(f"{said}\n", encoding="utf-8", newline="\n")
    assert f"{said}\n" == expected.read_text(encoding="utf-8")


def test_every_question_has_cases():
    assert {path.parent.name for path in CASES} == set(QUESTIONS)


def test_every_word_of_the_language_is_explained():
    assert set(OF_THE_LANGUAGE) - set(WORDS) == set()


# --- positions

TEXTS = st.text(st.sampled_from("ab\n\r\t é日🎉\ufeff\u2028"), max_size=30)


@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_every_offset_is_a_place_of_the_editor_and_back(text, units):
    whole = page(text, 0, units)
    for offset in range(len(text) + 1):
        at = [n for n, start in enumerate(whole.theirs) if start <= offset][-1]
        spot = Spot(at, size(text[whole.theirs[at] : offset], units))
        if text[offset - 1 : offset + 1] != "\r\n" or offset == len(text):
            assert offset_of(whole, spot) == offset


@given(TEXTS)
def test_a_place_in_a_script_is_one_in_the_editor_and_back(text):
    whole = page(text)
    for line, written in enumerate(cut(text)):
        for column in range(len(written) + 1):
            position = Position(line, column)
            assert position_of(whole, spot_of(whole, position)) == position


@given(TEXTS, TEXTS, st.data())
def test_a_change_is_put_where_the_editor_says(text, new, data):
    whole = page(text, 1)
    spots = st.builds(Spot, st.integers(0, len(whole.theirs)), st.integers(0, 8))
    one, other = data.draw(spots), data.draw(spots)
    start, end = sorted((offset_of(whole, one), offset_of(whole, other)))
    assert changed(whole, [((one, other), new)], 2).text == text[:start] + new + text[end:]
    assert changed(whole, [(None, new)], 3) == page(new, 3)


@pytest.mark.parametrize(
    ("text", "position", "spot"),
    [
        ("at 1s  say 'こ🎉x'", Position(0, 15), Spot(0, 16)),
        ("a\r\nbc", Position(1, 1), Spot(1, 1)),
        ("\ufeffab", Position(0, 1), Spot(0, 2)),
        ("a\rb\nc", Position(0, 2), Spot(1, 0)),
        ("a\u2028b\nc", Position(1, 0), Spot(1, 0)),
    ],
)
def test_a_position_is_counted_in_utf_16(text, position, spot):
    assert spot_of(page(text), position) == spot
    assert position_of(page(text), spot) == position

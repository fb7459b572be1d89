"""What an editor is told: case files with marked places (¦) in `editing/`, each beside exactly what is said there.

`SHOWRUNNER_UPDATE=1` writes what is said anew.
"""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showrunner.editing import colours, layout, margin, outline, places
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
    range_of,
    size,
    spot_of,
)
from showrunner.editing.signature import signature
from showrunner.editing.words import WORDS
from showrunner.reports.plan import plan
from showrunner.show.prepare import prepare
from showrunner.syntax.keywords import WORDS as OF_THE_LANGUAGE
from showrunner.syntax.lines import cut
from showrunner.syntax.printer import format_text

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


def stood(case, range_or_place):
    """Name a stretch: its line and what stands there."""
    start, end = getattr(range_or_place, "range", range_or_place)
    return f"line {start.line + 1} [{case.lines[start.line][start.column : end.column]}]"


def named(case, place):
    yield "defined: " + ", ".join(
        stood(case, range_of(one)) if one.path == case.path else f"{Path(one.path).name} line {one.line}"
        for one in places.definition(case.known, case.path, place)
    )
    found = places.references(case.known, case.path, place, bound=True)
    uses = places.references(case.known, case.path, place, bound=False)
    yield "stands: " + ", ".join(stood(case, range_of(one)) for one in found)
    yield f"of which {len(uses)} are uses"


def renamed(case, place):
    before = places.renamed_at(case.known, case.path, place)
    yield "nothing" if before is None else f"{before[1]}: {stood(case, before[0])}"
    for new in ("fresh", "two words", "no"):
        made = places.renamed(case.known, case.path, place, new)
        if isinstance(made, places.Refused):
            yield f"{new}: {made.message}"
            continue
        after = applied(case.text, [edit for _, edit in made]).split("\n")
        yield f"{new}: " + " | ".join(
            after[line].strip() for line in sorted({edit.range.start.line for _, edit in made})
        )


def outlined(case, _):
    def told(one, depth):
        detail = f" ({one.detail})" if one.detail else ""
        lines = f"{one.range.start.line + 1}-{one.range.end.line + 1}"
        yield f"{'  ' * depth}{one.kind} {one.name}{detail} lines {lines} {stood(case, one.own)}"
        for inner in one.inside:
            yield from told(inner, depth + 1)

    for one in outline.symbols(case.known, case.path, case.lines):
        yield from told(one, 0)


def folded(case, _):
    for one in outline.folds(case.lines):
        yield f"{one.first + 1}-{one.last + 1}{' remark' if one.remark else ''}"


def laid_out(case, _):
    edits = layout.laid_out(case.known, case.path, case.text)
    for one in edits:
        start, end = one.range
        yield f"{start.line + 1}:{start.column}-{end.line + 1}:{end.column} {one.text!r}"
    assert applied(case.text, edits) == format_text(case.text, case.path).text
    part = layout.laid_out(case.known, case.path, case.text, Range(Position(1, 0), Position(2, 0)))
    yield f"of line 2 alone: {len(part)}"


def indented(case, place):
    edit = layout.indented(case.lines, place.line)
    yield "as it is" if edit is None else repr(edit.text)


def coloured(case, _):
    for one in colours.coloured(case.lines):
        yield f"{one.line + 1} {colours.KINDS[one.kind]} {case.lines[one.line][one.start : one.end]!r}"


def hinted(case, _):
    for one in margin.hints(case.known, case.path, case.lines):
        line = case.lines[one.place.line]
        yield f"{line[: one.place.column]}⟨{one.text}⟩{line[one.place.column :]}".rstrip()
        yield f"    {one.says}"


def lenses(case, _):
    for one in margin.lenses(case.known, case.path, case.lines):
        yield f"line {one.range.start.line + 1}: {one.title} ({one.what} {one.point})"


def linked(case, _):
    for one in outline.links(case.known, case.path):
        yield f"{stood(case, one.range)} {one.path}{' from the show' if one.of_show else ''}"


def signed(case, place):
    found = signature(case.known, case.lines, place)
    for number, one in enumerate(found.forms if found else ()):
        if number != found.form or found.part is None:
            yield one.text
        else:
            start, end, says = one.parts[found.part]
            yield f"{one.text[:start]}[{one.text[start:end]}]{one.text[end:]} {says}".rstrip()


def calls(case, place):
    one = places.called(case.known, case.path, place)
    for way, found in (("done by", places.doing), ("does", places.done)):
        for other in found(case.known, one.name):
            at = ", ".join(f"line {each.line}" for each in other.at)
            yield f"{one.name.text} {way} {other.name.kind} {other.name.text} ({at})"


QUESTIONS = {
    "names": named,
    "renaming": renamed,
    "outline": outlined,
    "folding": folded,
    "layout": laid_out,
    "indenting": indented,
    "colours": coloured,
    "hints": hinted,
    "lenses": lenses,
    "links": linked,
    "signature": signed,
    "calls": calls,
    "completion": completion,
    "hover": hovered,
    "mending": mended,
}


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

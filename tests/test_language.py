"""Scripts as cases: what stands in `accepted` checks without a word, what stands in `refused` with exactly these words.

`SHOWRUNNER_UPDATE=1` writes the expected texts anew. Each file is named as the rule it shows; `NAME.yaml` is the
catalogue of a refused script that needs one, `NAME.stage.yaml` its stage file.
"""

import os
import re
from pathlib import Path

import pytest

from showrunner.diagnostics import codes, render
from showrunner.show.prepare import prepare

CASES = Path(__file__).parent / "language"
ACCEPTED = sorted(path.stem for path in (CASES / "accepted").glob("*.show"))
REFUSED = sorted(path.stem for path in (CASES / "refused").glob("*.show"))


@pytest.mark.parametrize("name", ACCEPTED)
def test_an_accepted_script_checks_without_a_word(name, monkeypatch):
    monkeypatch.chdir(CASES / "accepted")
    prepared = prepare(f"{name}.show")
    assert render.text(prepared.findings, prepared.texts) == ""
    assert prepared.cues is not None


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_script_gets_exactly_these_words(name, monkeypatch):
    monkeypatch.chdir(CASES / "refused")
    stage, catalogue = f"{name}.stage.yaml", f"{name}.yaml"
    given = [one if Path(one).exists() else None for one in (stage, catalogue)]
    prepared = prepare(f"{name}.show", *given)
    shown = render.text(prepared.findings, prepared.texts)
    expected = CASES / "refused" / f"{name}.txt"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        expected.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == expected.read_text(encoding="utf-8")
    assert shown, "a refused script has findings"


def test_no_expected_text_is_left_behind_without_its_script():
    assert {path.stem for path in (CASES / "refused").glob("*.txt")} == set(REFUSED)
    assert ACCEPTED
    assert len(REFUSED) >= 60


MISTAKES = {
    "a limit without a unit": (r"(\s*segment [\w\" -]+)$", r"\1 at least 12"),
    "a segment without a name": (r"(\s*segment) \S+", r"\1 ("),
    "a track without a name": (r"(\s*track) \S+", r"\1 ("),
    "an open parenthesis": (r"(\s*define [^)]*)\)", r"\1"),
    "no time": (r"(\s*at) \S+", r"\1 five"),
    "a time without a unit": (r"(\s*at \d+)m?s", r"\1"),
    "a sign before the commands": (r"(\s*(?:at \S+|then)\s+)(?=\w)", r"\1% ; "),
    "a sign behind the commands": (r"(\s*(?:at \S+|then)\s+\w[^#]*)$", r"\1 %"),
    "a misspelt word": (r"(.*repeat .*)every", r"\1evry"),
    "typographic quotes": (r"(\s*(?:at|then)[^\"]*)\"([^\"]*)\"", r"\1“\2”"),
    "a comma for a semicolon": (r"([^#;]*); ", r"\1, "),
    "a misspelt modifier": (r"(.* and) wait", r"\1 wiat"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_one_mistake_in_a_right_show_is_told_once_whatever_stands_around_it(mistake, tmp_path):
    pattern, better = MISTAKES[mistake]
    tried = 0
    for path in sorted((CASES.parent.parent / "shows").glob("*/*.show")):
        lines = path.read_text("utf-8").split("\n")
        places = [place for place, line in enumerate(lines) if re.match(pattern, line)]
        if not places or any(re.search("include|image", line) for line in lines):
            continue
        files = [path.with_name(name) for name in ("stage.yaml", "catalogue.yaml")]
        beside = [str(file) if file.exists() else None for file in files]
        for place in {places[0], places[-1]}:
            wrong = [*lines[:place], re.sub(pattern, better, lines[place], count=1), *lines[place + 1 :]]
            (tmp_path / "a.show").write_text("\n".join(wrong), "utf-8")
            found = prepare(str(tmp_path / "a.show"), *beside, seen=False).findings
            assert [one.place.line for one in found] == [place + 1], (path, found)
            tried += 1
    assert tried > 1


def test_what_is_fine_is_silenced_on_its_line_and_counted(tmp_path):
    path = tmp_path / "a.show"
    text = (
        "at 0s  say ''  # fine W540 W510 why not\nat 9s  say ''\nat 10s  log 'x'  # fine E101 W999 W517\n# fine W540\n"
    )
    path.write_text(text, "utf-8")
    prepared = prepare(str(path))
    assert [(one.code, one.place.line, one.place.column) for one in prepared.findings] == [
        ("W517", 1, 28),
        ("W540", 2, 12),
        ("W517", 3, 25),
        ("W517", 3, 30),
        ("W517", 3, 35),
        ("W517", 4, 8),
    ]
    assert prepared.fine == 1
    path.write_text("at 0s  say ''  # fine W540\n", "utf-8")
    assert (prepare(str(path)).findings, prepare(str(path)).fine) == ((), 1)


def test_a_text_and_a_word_that_only_look_like_it_silence_nothing(tmp_path):
    path = tmp_path / "a.show"
    path.write_text("at 0s  log '# fine W540'; say ''  # a fine W540\n", "utf-8")
    assert [one.code for one in prepare(str(path)).findings] == ["W540"]


def test_the_page_of_a_code_of_comments_shows_what_yields_it_and_what_does_not(tmp_path):
    page = codes.page("W517")
    for text, found in ((page.wrong, ["W517"]), (page.right, [])):
        (tmp_path / "a.show").write_text(text, "utf-8")
        assert [one.code for one in prepare(str(tmp_path / "a.show")).findings] == found

"""Tests of shows: the reference of their format, run block by block; the pages of their findings; what a failure says.

A block of the page is `passes` where it says nothing else, `fails`, or `refused CODE`. `showtests/NAME.showtest` with
`NAME.txt` is the exact rendering of what fails in it; `SHOWRUNNER_UPDATE=1` writes these anew.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from showrunner import cli
from showrunner.diagnostics import codes, render
from showrunner.show.prepare import prepare
from showrunner.syntax.showtest.reader import MOST_LINES, read
from showrunner.syntax.showtest.slips import BEGINS
from showrunner.testing.results import Ran, failure, junit
from showrunner.testing.trial import load, loaded, play

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "grammar" / "showtest.md"
CASES = Path(__file__).parent / "showtests"
NAMES = sorted(path.stem for path in CASES.glob("*.showtest"))
BESIDE = sorted(path for where in ("shows", "examples") for path in (ROOT / where).rglob("*.showtest"))
_FENCE = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> Iterator[tuple[int, list[str], str]]:
    page = PAGE.read_text("utf-8")
    for found in _FENCE.finditer(page):
        if found[1] == kind:
            yield page.count("\n", 0, found.start()) + 2, found[2].split(), found[3]


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shows of the page."""
    monkeypatch.chdir(tmp_path)
    for _, _, text in blocks("show"):
        Path(text.split("\n", 1)[0].removeprefix("# ")).write_text(text, "utf-8", newline="\n")
    return tmp_path


def judged(text: str) -> tuple[list[str], list[str]]:
    """Give the codes that are found in a test, and what fails in it."""
    Path("hello.showtest").write_text(text, "utf-8", newline="\n")
    found = load("hello.showtest")
    return [one.code for one in found.findings], [failure(one) for one in map(play, found.trials) if not one.passed]


@pytest.mark.parametrize(
    ("words", "text"), [pytest.param(words, text, id=f"line {line}") for line, words, text in blocks("showtest")]
)
def test_a_test_on_the_page_does_as_it_says(words: list[str], text: str, beside: Path) -> None:
    assert beside
    found, failed = judged(text)
    match words:
        case ["refused", code]:
            assert found == [code]
        case ["fails"]:
            assert found == []
            assert failed
        case _:
            assert found == []
            assert failed == []


def test_the_shows_on_the_page_check_without_a_word(beside: Path) -> None:
    for path in beside.glob("*.show"):
        assert prepare(path.name).findings == ()


@pytest.mark.parametrize("code", [code for code in codes.names() if re.fullmatch("E32[0-6]|W55[0-2]", code)])
def test_the_page_of_a_code_of_tests_shows_what_yields_it_and_what_does_not(code: str, beside: Path) -> None:
    assert beside
    page = codes.page(code)
    assert page is not None
    assert judged(page.wrong)[0] == [code]
    assert judged(page.right)[0] == []


def test_every_first_word_that_is_offered_begins_a_line_of_the_page() -> None:
    page = PAGE.read_text("utf-8")
    assert [word for word in BEGINS if not re.search(rf"(?m)(?:^ *|`){word}\b", page)] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_fails_is_told_in_exactly_these_words(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    found = load(f"{name}.showtest")
    said = render.text(found.findings, found.texts)
    said += "\n".join(failure(one) for one in map(play, found.trials) if not one.passed)
    expected = CASES / f"{name}.txt"
    if os.environ.get("SHOWRUNNER_UPDATE"):
        expected.write_text(said, "utf-8", newline="\n")
    assert said == expected.read_text("utf-8")
    assert said


@pytest.mark.parametrize("path", BESIDE, ids=lambda path: path.stem)
def test_the_tests_beside_our_shows_are_true(path: Path) -> None:
    found = load(str(path))
    assert found.findings == ()
    assert found.trials
    assert [failure(one) for one in map(play, found.trials) if not one.passed] == []


def test_a_test_is_played_the_same_again(beside: Path) -> None:
    assert beside
    (first, *_) = load_of('latency 40ms\nsee say "Good night!"\n').trials
    assert play(first) == play(first)


def load_of(text: str):
    return loaded(text, "hello.showtest")


# ------------------------------------------------------------------------------------------------------ odd files


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('see say "挨拶"'.encode("cp932"), "E327"),
        ('see say "hi"'.encode("utf-16"), "E327"),
        (b'see say "Good night!"\n' * (MOST_LINES + 1), "E327"),
        (b"see say " + b"x" * 20_000, "E327"),
        (b'see say "Good\x1b[31m night!"', "E321"),
        (b'\xef\xbb\xbfsee say "Good night!"\r\n', None),
        (b"", "W550"),
    ],
)  # fmt: skip
def test_an_odd_file_is_told_and_no_traceback(data: bytes, code: str | None, beside: Path) -> None:
    (beside / "hello.showtest").write_bytes(data)
    assert [one.code for one in load("hello.showtest").findings] == ([] if code is None else [code])


def test_a_file_that_is_not_there_is_told_with_the_one_that_is_meant(beside: Path) -> None:
    (beside / "hello.showtest").touch()
    (told,) = load("helo.showtest").findings
    assert (told.code, told.help) == ("E327", "did you mean `hello.showtest`?")


def test_every_beginning_of_every_line_of_the_page_is_read_without_a_traceback() -> None:
    for _, _, text in blocks("showtest"):
        for end in range(len(text)):
            read(text[:end], "a.showtest")


def test_all_mistakes_are_told_at_once_each_once() -> None:
    text = "sea cue x\nover before 3\ntest 'a'\n  see say \"hi\n  at 2s pres x\n   ends done\ntest 'a'\n  by hand\n"
    found = read(text, "a.showtest").findings
    assert [(one.code, one.place.line) for one in found] == [
        ("E320", 1), ("E322", 2), ("E321", 4), ("E321", 5), ("E325", 6), ("E326", 7),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------------ the command


def command(*words: str) -> int:
    sys.argv = ["showrunner", "test", *words]
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(left.value.code or 0)


def test_a_folder_means_all_below_it_and_the_code_is_one_where_something_is_not_true(
    beside: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [])
    (beside / "hello.showtest").write_text('see say "Good night!"\n', "utf-8")
    (beside / "more").mkdir()
    (beside / "more" / "late.showtest").write_text('play "../hello.show"\nover before 00:05\n', "utf-8")
    assert command("hello.showtest") == 0
    assert capsys.readouterr() == ("", "1 test passed\n")
    assert command(".", "--format", "json", "--junit", "all.xml") == 1
    told = capsys.readouterr()
    assert told.err == "1 of 2 tests failed\n"
    said = json.loads(told.out)
    assert [(one["path"], one["result"]) for one in said["tests"]] == [
        ("hello.showtest", "passed"),
        ("more/late.showtest", "failed"),
    ]
    (failed,) = said["tests"][1]["failures"]
    assert (failed["line"], failed["expected"]) == (2, "over before 00:05.000")
    suites = ET.parse("all.xml").getroot()  # noqa: S314 - our own file
    assert [(one.get("name"), one.get("failures")) for one in suites] == [
        ("hello.showtest", "0"),
        ("more/late.showtest", "1"),
    ]


def test_a_folder_without_tests_and_a_file_that_would_be_written_over_are_refused(
    beside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [])
    assert command(".") == 2
    (beside / "hello.showtest").write_text('see say "Good night!"\n', "utf-8")
    assert command("hello.showtest", "--junit", "hello.showtest") == 2
    assert (beside / "hello.showtest").read_text("utf-8") == 'see say "Good night!"\n'


def test_what_was_said_is_harmless_in_xml(beside: Path) -> None:
    assert beside
    found = load_of('test "a <b> & \\u{0} \\u{1b}"\n  see say "]]>*"\n  over before 00:01\n')
    written = junit([Ran(found, tuple((play(one), 0.0) for one in found.trials))])
    (suite,) = ET.fromstring(written)  # noqa: S314 - our own text
    assert suite[0].get("name") == "a <b> & \\u{0} \\u{1b}"
    assert suite[0][0].tag == "failure"


def test_a_plugin_of_pytest_collects_these_files_and_no_others(beside: Path) -> None:
    (beside / "hello.showtest").write_text(
        'test "true"\n  see say "Good night!"\ntest "untrue"\n  over before 00:01\n', "utf-8"
    )
    (beside / "bad.showtest").write_text("sea say\n", "utf-8")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "showrunner.testing.plugin", "-rA"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "NO_COLOR": "1"}
    ran = subprocess.run([*words, "."], capture_output=True, text=True, check=False, env=environment)
    told = [line for line in ran.stdout.splitlines() if line.startswith(("PASSED", "FAILED "))]
    assert [line.split(" - ")[0] for line in told if "::" in line] == [
        "PASSED hello.showtest::true",
        "FAILED bad.showtest::reads",
        "FAILED hello.showtest::untrue",
    ]
    assert "hello.showtest:4: over before 00:01" in ran.stdout
    assert "no line begins with `sea`" in ran.stdout
    assert "Traceback" not in ran.stdout


def test_pytest_finds_the_plugin_by_its_entry_point() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert '[project.entry-points.pytest11]\nshowrunner = "showrunner.testing.plugin"\n' in project


def test_what_is_no_test_is_told_once_and_what_is_one_beside_it_is_played(
    beside: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [])
    (beside / "hello.showtest").write_text('see say "Good night!"\n', "utf-8")
    assert command("hello.show", "hello.showtest") == 0
    told = "note: `hello.show` is no test of a show: those have names like `evening.showtest`\n"
    assert capsys.readouterr() == ("", f"{told}1 test passed\n")
    assert command("hello.show") == 2
    refused = "error: `hello.show` is no test of a show\nhelp: tests have names like `evening.showtest`\n"
    assert capsys.readouterr() == ("", refused)

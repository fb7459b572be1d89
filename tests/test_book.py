"""Reading a show's files: encodings, includes, circles, the fingerprint."""

import errno
import hashlib
import os
import sys
from pathlib import Path

import pytest

from showrunner.show.book import Library, read, shown
from tests.disk import LINKS


def write(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_show", ".show")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def codes(reading):
    return [finding.code for finding in reading.findings]


CUE = "at 1s log 'x'\n"
SEGMENT = "segment {}\n  at 1s log 'x'\n"


def test_a_script_is_read_and_its_path_shown_as_given(here):
    write(here, a_show=CUE)
    reading = read("./a.show")
    assert (reading.findings, reading.book.main, reading.whole) == ((), "./a.show", True)
    assert list(reading.book.sources) == ["./a.show"]
    assert reading.texts == {"./a.show": CUE}


def test_a_byte_order_mark_is_tolerated_and_does_not_move_columns(here):
    write(here, a_show=b"\xef\xbb\xbf" + b"at 5 log 'x'\n")
    (finding,) = read("a.show").findings
    assert finding.place.column == 4
    assert read("a.show").texts["a.show"].startswith("at 5")


def test_a_missing_file_is_a_finding_that_names_the_nearest(here):
    write(here, morning_show=CUE)
    reading = read("mornin.show")
    assert codes(reading) == ["E001"]
    assert "`morning.show`" in reading.findings[0].help
    assert (reading.book, reading.whole) == (None, False)


@pytest.mark.usefixtures("here")
def test_a_missing_folder_is_said():
    assert "no folder `shows`" in read("shows/a.show").findings[0].help


@pytest.mark.usefixtures("here")
def test_a_folder_is_no_script():
    assert codes(read(".")) == ["E002"]


def test_a_file_that_is_locked_away_is_a_finding(here, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    write(here, a_show=CUE)
    monkeypatch.setattr(Path, "open", refuse)
    (finding,) = read("a.show").findings
    assert (finding.code, finding.message) == ("E003", "`a.show` cannot be read: permission denied")


@pytest.mark.usefixtures("here")
def test_a_path_with_a_nul_is_a_file_that_is_not_there():
    assert codes(read("a\0.show")) == ["E001"]


def test_bytes_that_are_not_utf8_are_shown_where_they_stand(here):
    write(here, a_show="at 1s log 'é'\nat 2s say happy 'おはよう'\n".encode("cp932", "replace"))
    reading = read("a.show")
    (finding,) = reading.findings
    assert (finding.code, finding.place.line, finding.place.column) == ("E004", 2, 18)
    assert "Shift_JIS" in finding.help
    assert reading.texts["a.show"].splitlines()[1].startswith("at 2s say happy '")


def test_utf16_is_recognised(here):
    write(here, a_show=CUE.encode("utf-16"))
    (finding,) = read("a.show").findings
    assert (finding.code, finding.place.line, finding.place.column) == ("E004", 1, 1)
    assert "UTF-16" in finding.help


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [CUE, "at 1s say 'おはようございます、みなさん'\n" * 9])
def test_utf16_without_a_mark_is_recognised(here, text, encoding):
    write(here, a_show=text.encode(encoding))
    (finding,) = read("a.show").findings
    assert finding.code == "E004"
    assert "UTF-16" in finding.help


def test_a_zero_alone_is_no_utf16(here):
    write(here, a_show=b"at 1s log 'x\0'\n" + CUE.encode() * 3)
    assert codes(read("a.show")) == ["E128"]


def test_a_file_over_the_limit_is_refused(here):
    write(here, a_show="#" * 101)
    assert codes(Library(limit=100).read("a.show")) == ["E005"]
    assert codes(Library(limit=101).read("a.show")) == []


def test_standard_input_is_read_once_and_includes_from_where_the_user_is(here):
    write(here, part_show=SEGMENT.format("one"))
    given = iter([b"include 'part.show'\n"])
    library = Library(stdin=lambda _: next(given))
    for _ in range(2):
        reading = library.read("-")
        assert codes(reading) == []
        assert list(reading.book.sources) == ["-", "part.show"]
    assert reading.files == (str(here / "part.show"),)


def test_includes_are_followed_from_the_file_they_stand_in(here):
    write(
        here,
        shows__a_show="include 'parts/b.show'\n",
        shows__parts__b_show="include 'c.show'\ninclude '../d.show'\n",
        shows__parts__c_show=SEGMENT.format("c"),
        shows__d_show=SEGMENT.format("d"),
    )
    book = read("shows/a.show").book
    assert list(book.sources) == ["shows/a.show", "shows/parts/b.show", "shows/parts/c.show", "shows/d.show"]
    assert book.includes == {
        ("shows/a.show", 1): "shows/parts/b.show",
        ("shows/parts/b.show", 1): "shows/parts/c.show",
        ("shows/parts/b.show", 2): "shows/d.show",
    }


def test_a_file_is_read_once_however_it_is_named(here):
    write(here, a_show="include 'b.show'\ninclude './x/../b.show'\n", b_show=SEGMENT.format("b"), x__y_show="")
    reading = read("a.show")
    assert codes(reading) == []
    assert reading.book.includes == {("a.show", 1): "b.show"}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/etc/hostname", "E011"),
        ("C:/show.show", "E011"),
        ("../b.show", "E012"),
        ("x/../../b.show", "E012"),
        ("nothing.show", "E001"),
        ("", "E015"),
        ("  ", "E015"),
        ("-", "E015"),
        ("x\\\\y.show", "E015"),
        (".", "E002"),
    ],
)
def test_an_include_that_cannot_be_followed_is_a_finding_at_its_path(here, path, code):
    write(here, shows__a_show=f"# one\ninclude '{path}'\n")
    reading = read("shows/a.show")
    assert codes(reading) == [code]
    place = reading.findings[0].place
    assert (place.path, place.line, place.column) == ("shows/a.show", 2, 9)
    assert (reading.whole, reading.book is not None) == (False, True)


def test_an_include_with_a_value_in_braces_is_refused(here):
    write(here, a_show="let part = 'b'\ninclude '{part}.show'\n", b_show="")
    assert codes(read("a.show")) == ["E015"]


@LINKS
def test_a_link_out_of_the_shows_folder_is_refused(here):
    write(here, shows__a_show="include 'in.show'\ninclude 'out/b.show'\n", shows__b_show="", elsewhere__b_show="")
    (here / "shows/in.show").symlink_to("b.show")
    (here / "shows/out").symlink_to("../elsewhere")
    reading = read("shows/a.show")
    assert [(finding.code, finding.place.line) for finding in reading.findings] == [("E013", 2)]


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
def test_a_pipe_is_no_file_to_include(here):
    write(here, a_show="include 'p.show'\n")
    os.mkfifo(here / "p.show")
    assert codes(read("a.show")) == ["E003"]


def test_a_circle_prints_its_chain(here):
    write(here, a_show="include 'b.show'\n", b_show="include 'c.show'\n", c_show="# x\ninclude 'b.show'\n")
    (finding,) = read("a.show").findings
    assert (finding.code, finding.place.path, finding.place.line) == ("E014", "c.show", 2)
    assert "b.show -> c.show -> b.show" in finding.message


def test_a_file_that_includes_itself_is_a_circle(here):
    write(here, a_show="include 'a.show'\n")
    assert "a.show -> a.show" in read("a.show").findings[0].message


def test_a_chain_of_a_thousand_files_is_read(here):
    for number in range(1000):
        (here / f"f{number}.show").write_text(f"include 'f{number + 1}.show'\n" if number < 999 else "# end\n")
    assert len(read("f0.show").book.sources) == 1000


def test_invalid_bytes_in_a_part_are_shown_there_with_the_way_that_led_there(here):
    write(here, a_show="include 'b.show'\n", b_show=b"\n\xff")
    (finding,) = read("a.show").findings
    assert (finding.place.path, finding.place.line) == ("b.show", 2)
    assert [place.path for place in finding.through] == ["a.show"]


def test_mistakes_of_every_file_come_together_in_reading_order(here):
    write(here, a_show="include 'b.show'\nat 5 log 'x'\n", b_show="segment x\n  at 7 log 'x'\n")
    assert [finding.place.path for finding in read("a.show").findings] == ["a.show", "b.show"]


def test_the_fingerprint_covers_every_file_in_order_of_first_inclusion(here):
    files = {"a.show": "include 'p/b.show'\n", "p/b.show": "# b\n"}
    write(here, shows__a_show=files["a.show"], shows__p__b_show=files["p/b.show"])
    digest = hashlib.sha256()
    for name, text in files.items():
        digest.update(name.encode() + b"\0" + str(len(text)).encode() + b"\0" + text.encode())
    assert read("shows/a.show").book.fingerprint == digest.hexdigest()
    assert read(str(here / "shows/a.show")).book.fingerprint == digest.hexdigest()


def test_an_unchanged_file_is_not_read_anew(here):
    write(here, a_show="include 'b.show'\n" + CUE * 3, b_show=SEGMENT.format("b"))
    library = Library()
    first = library.read("a.show").book
    write(here, b_show=SEGMENT.format("c"))
    second = library.read("a.show").book
    assert second.sources["a.show"].script is first.sources["a.show"].script
    assert second.sources["b.show"].script != first.sources["b.show"].script
    assert second.fingerprint != first.fingerprint


def test_every_file_that_was_looked_for_is_named_for_watching(here):
    write(here, a_show="include 'b.show'\n")
    assert read("a.show").files == (str(here / "a.show"), str(here / "b.show"))


def test_paths_are_shown_with_slashes():
    assert shown("a/b.show") == "a/b.show"
    assert shown("a\\b.show") == ("a/b.show" if os.sep == "\\" else "a\\b.show")


def test_a_part_that_is_not_there_is_never_the_file_that_asks_for_it(here):
    (here / "p.show").write_text('include "q.show"\n', "utf-8")
    (finding,) = read("p.show").findings
    assert "did you mean" not in (finding.help or "")
    Path("g.show").write_text("", "utf-8")
    (finding,) = read("p.show").findings
    assert finding.help == "did you mean `g.show`?"

"""How much is too much, each with its own code; where an include may lead; what never reaches a terminal as it is."""

import os
import re
import subprocess
import sys
import tracemalloc

import pytest

from showrunner.show.book import LIMIT, Library
from showrunner.show.pictures import LARGEST
from showrunner.show.prepare import prepare
from showrunner.syntax.lines import busy
from showrunner.syntax.printer import format_text
from tests.disk import LINKS

UNIX = pytest.mark.skipif(sys.platform == "win32", reason="links and terminals are another matter there")


def found(text):
    """Give the codes of the errors in a script, each once, and the lines they stand in."""
    prepared = prepare("-", reading=Library(stdin=lambda most: text.encode()[:most]).read("-"))
    errors = [one for one in prepared.findings if one.severity == "error"]
    assert (prepared.cues is None) == bool(errors)
    return sorted({(one.code, one.place.line) for one in errors})


def codes(text):
    return sorted({code for code, _ in found(text)})


@pytest.fixture
def here(tmp_path, monkeypatch):
    folder = tmp_path / "show"
    folder.mkdir()
    monkeypatch.chdir(folder)
    (tmp_path / "secret.show").write_text('define secret\n  log "x"\n')
    return folder


# ---------------------------------------------------------------------------------------------------------- how much


def test_a_file_has_at_most_32_mebibytes(here):
    assert LIMIT == 32 * 1024 * 1024
    with (here / "a.show").open("wb") as file:
        file.truncate(LIMIT + 1)
    assert [one.code for one in prepare("a.show").findings] == ["E005"]


def test_a_row_has_at_most_a_million_characters():
    assert codes("at 1s log '" + "x" * 999_980 + "'\n") == []
    assert codes("at 1s log '" + "x" * 1_000_000 + "'\n") == ["E193"]


@pytest.mark.parametrize(
    ("turns", "code"),
    [
        ("repeat 499999 times every 10ms\n  log 'x'\n", []),  # the `repeat` is one too
        ("repeat 500000 times every 10ms\n  log 'x'\n", ["E408"]),
        ("repeat 100000 times every 100ms\n  log 'x'; log 'y'; log 'z'; log 'a'; log 'b'; log 'c'\n", ["E408"]),
        ("repeat 99999999999 times every 10ms\n  log 'x'\n", ["E408", "E409"]),
        ("repeat every 10ms\n  log 'x'\n", []),
    ],
)
def test_a_show_has_at_most_500_000_commands_counted_before_it_is_played_out(turns, code):
    assert codes(f"segment s at least 10s\n  at 0s {turns.replace(chr(10) + '  ', chr(10) + '    ')}") == code


def test_a_tower_of_defines_is_counted_and_not_built():
    tower = "".join(f"define d{n}\n" + f"  do d{n + 1}\n" * 4 for n in range(40)) + "define d40\n  log 'x'\n"
    assert codes(f"{tower}at 0s do d0\n") == ["E408"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("at 23:59:59 log 'x'\n", []),
        ("at 24:00:01 log 'x'\n", ["E409"]),
        ("segment a\n  at 13:00:00 log 'x'\nsegment b\n  at 12:00:00 log 'x'\n", ["E409"]),
        ("segment a at least 25:00:00\n  at 0s log 'x'\n", ["E409"]),
        ("at 0s repeat 90000 times every 1s\n  log 'x'\n", ["E409"]),
        ("at 999999999s log 'x'\n", ["E409"]),
        (f"at {'9' * 4000}s log 'x'\n", ["E112"]),
    ],
)
def test_a_show_is_written_for_at_most_24_hours(text, code):
    assert codes(text) == code


def nest(deep):
    """Write blocks so many deep: a `do` is no block of its own, a `meanwhile` is."""
    head = [f"{'  ' * n}at 1s hold 'x' and meanwhile" for n in range(deep)]
    return "\n".join([*head, f"{'  ' * deep}at 1s log 'x'"]) + "\n"


def test_blocks_stand_at_most_50_deep_in_each_other():
    assert codes(nest(50)) == []
    assert codes(nest(51)) == ["E191"]
    assert codes(nest(5_000)) == ["E191"]


@pytest.mark.parametrize(("begins", "opens", "closes", "ends"), [("", '{"a": ', "}", ""), ('{"a": ', "[", "]", "}")])
def test_brackets_of_json_stand_at_most_50_deep(begins, opens, closes, ends):
    room = 50 - len(ends)
    call = f"at 1s animaze call X {begins}"
    assert codes(f"{call}{opens * room}1{closes * room}{ends}") == []
    assert codes(f"{call}{opens * (room + 1)}1{closes * (room + 1)}{ends}") == ["E192"]
    assert codes(f"{call}{opens * 10_000}") == ["E192"]


def test_a_picture_has_at_most_5_mebibytes(here):
    assert LARGEST == 5 * 1024 * 1024
    (here / "a.show").write_text('at 0s say "look" image "a.png"\n')
    with (here / "a.png").open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(LARGEST)
    assert prepare("a.show").findings == ()
    with (here / "a.png").open("r+b") as file:
        file.truncate(LARGEST + 1)
    assert [one.code for one in prepare("a.show").findings] == ["E424"]


def test_a_stage_file_and_a_catalogue_have_at_most_4_mebibytes(here):
    (here / "a.show").write_text("at 0s log 'x'\n")
    for name in ("stage.yaml", "catalogue.yaml"):
        with (here / name).open("wb") as file:
            file.truncate(4 * 1024 * 1024 + 1)
        assert [one.message for one in prepare("a.show").findings] == [f"`{name}` is larger than 4 MiB"]
        (here / name).unlink()


def test_a_million_mistakes_are_told_up_to_the_thousandth():
    prepared = prepare("-", reading=Library(stdin=lambda _: b"at 5 log 'x'\n" * 100_000).read("-"))
    assert len(prepared.findings) == 1_001


@pytest.mark.parametrize(
    ("row", "closing"), [("at {}ms animaze emoot X\n", "E413"), ("at {}ms animaze emote X retry 2\n", "W514")]
)
def test_of_a_file_a_thousand_errors_and_a_thousand_warnings_are_told(row, closing):
    text = "".join(row.format(n * 10) for n in range(1_500)).encode()
    prepared = prepare("-", reading=Library(stdin=lambda _: text).read("-"))
    assert len(prepared.findings) == 1_001
    assert (prepared.findings[-1].code, prepared.findings[-1].place.line) == (closing, 1_001)
    assert (prepared.cues is None) is closing.startswith("E")


def test_a_file_with_more_than_500_000_lines_of_cues_is_refused_before_it_is_read():
    text = "at 1s stop\n" * 500_000
    assert not busy(text, 500_000)
    assert busy(f"{text}  then stop\n", 500_000)
    assert not busy(f"{text}  # then stop\n\n", 500_000)
    assert found(f"{text}then stop\n") == [("E190", 1)]


def test_empty_lines_collapse_as_they_are_read():
    tracemalloc.start()
    formatted = format_text("at 0s stop\n" + "\n" * 200_000 + "at 1s stop\n", "a.show")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert formatted.text == "at 0s  stop\n\nat 1s  stop\n"
    assert most < 60 * 200_000


def test_aliases_that_double_themselves_do_not_fill_the_memory(here):
    (here / "a.show").write_text("at 0s log 'x'\n")
    rows = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    (here / "stage.yaml").write_text("\n".join(rows))
    assert {one.code for one in prepare("a.show").findings} <= {"E031", "E032"}


# ---------------------------------------------------------------------------------------------------- where it may lead


@pytest.mark.parametrize("path", ["../secret.show", "sub/../../secret.show", "./../secret.show", "..", "sub/../.."])
def test_an_include_does_not_lead_up_out_of_the_folder(here, path):
    (here / "a.show").write_text(f'include "{path}"\nat 0s log "x"\n')
    assert [one.code for one in prepare("a.show").findings] == ["E012"]


@pytest.mark.parametrize("path", ["/etc/passwd", "C:/x.show", "c:x.show", "//host/share/x.show"])
def test_an_include_is_no_absolute_path(here, path):
    (here / "a.show").write_text(f'include "{path}"\nat 0s log "x"\n')
    assert [one.code for one in prepare("a.show").findings] == ["E011"]


@LINKS
@pytest.mark.parametrize(("link", "to"), [("x.show", "secret.show"), ("sub", ".")])
def test_an_include_follows_no_link_out_of_the_folder(here, tmp_path, link, to):
    (here / link).symlink_to(tmp_path / to)
    (here / "a.show").write_text(f'include "{"x.show" if link == "x.show" else "sub/secret.show"}"\nat 0s log "x"\n')
    assert [one.code for one in prepare("a.show").findings] == ["E013"]


@pytest.mark.parametrize("path", ["../secret.png", "/etc/passwd", pytest.param("link.png", marks=LINKS)])
def test_a_picture_does_not_lead_out_of_the_folder(here, tmp_path, path):
    (tmp_path / "secret.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    if path == "link.png":
        (here / path).symlink_to(tmp_path / "secret.png")
    (here / "a.show").write_text(f'at 0s say "look" image "{path}"\n')
    assert [one.code for one in prepare("a.show").findings] == ["E421"]


# ------------------------------------------------------------------------------------------------------- the terminal

EVIL = "\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\u{9b}31m\\u{202e}"
"""What would clear a terminal, name its window and turn its writing, as a script may write it."""

SCRIPTS = {
    "escaped.show": f"show '{EVIL}'\nsegment s '{EVIL}'\n  at 0s log '{EVIL}'; say '{EVIL}'; animaze emote '{EVIL}'\n"
    f"  at 1s hold '{EVIL}'; wait for button '{EVIL}'\n",
    "raw.show": "at 0s   log '\x1b[2J\x1b]0;owned\x07\x9b31m\u202e'\n# \x1b[2J\x9b31m\u202e\n\x1b[2J\n",
    "comment.show": "at 0s   log 'x'   # \x1b[2J\x1b]0;owned\x07\x9b31m\u202e\n",
    "turned.show": "at 0s   say 'abc \u202e def \u2066 ghi'\n",
}


def on_a_terminal(folder, *words):
    """Run a command whose output is a terminal; give all that came to it."""
    import pty

    master, slave = pty.openpty()
    environment = {**os.environ, "SHOWRUNNER_STATE": str(folder / ".state"), "TERM": "xterm", "NO_COLOR": ""}
    command = [sys.executable, "-c", "from showrunner.cli import main; main()", *words]
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        came = b""
        while True:
            try:
                got = os.read(master, 65536)
            except OSError:
                break
            if not got:
                break
            came += got
        process.wait(timeout=60)
    os.close(master)
    return came.decode("utf-8", "surrogateescape")


@UNIX
@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize(
    "words",
    [
        ["check", "FILE"],
        ["check", "FILE", "--format", "json"],
        ["check", "FILE", "--format", "github"],
        ["check", "FILE", "--format", "sarif"],
        ["dry-run", "FILE"],
        ["dry-run", "FILE", "--format", "jsonl"],
        ["fmt", "FILE", "--diff"],
    ],
    ids=" ".join,
)
def test_no_control_of_a_script_reaches_the_terminal(tmp_path, name, words):
    (tmp_path / name).write_text(SCRIPTS[name], encoding="utf-8")
    harmless(on_a_terminal(tmp_path, *[name if word == "FILE" else word for word in words]))


@UNIX
@pytest.mark.parametrize(
    "words",
    [
        ["check", "a\x1b[2J\x9b.show"],
        ["explain", "E\x1b[2J\u202e"],
        ["fmt", "\x1b[2J.show"],
        ["dry-run", "a.show", "--from", "\x1b[2J"],
        ["dry-run", "a.show", "--latency", "\x1b[2J"],
        ["run", "a.show", "--doubles", "\x1b[2J"],
        ["run", "a.show", "--doubles", "all", "--journal", "no/\x1b[2J"],
        ["new", "\x1b[2J/x"],
        ["\x1b[2J"],
        ["check", "a.show", "--\x1b[2J"],
        ["check", "a.show", "--format", "\x1b[2J"],
    ],
    ids=" ".join,
)
def test_no_control_of_the_command_line_reaches_the_terminal(tmp_path, words):
    (tmp_path / "a.show").write_text("at 0s log 'x'\n")
    harmless(on_a_terminal(tmp_path, *words))


@UNIX
def test_no_control_of_a_script_or_a_journal_reaches_the_terminal_while_it_runs(tmp_path):
    text = SCRIPTS["escaped.show"].replace(f"  at 1s hold '{EVIL}'; wait for button '{EVIL}'\n", "")
    (tmp_path / "a.show").write_text(text, encoding="utf-8")
    harmless(on_a_terminal(tmp_path, "run", "a.show", "--doubles", "all", "--yes"))


def harmless(came):
    assert came.strip()
    assert "Traceback" not in came, came
    own = re.sub(r"\x1b\[(?:[0-9;]*m|2K|1A|\?25[lh])", "", came)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\udc80-\udcff]", own), repr(own)

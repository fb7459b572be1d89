"""An output is never an input: what a command reads is as it was when it has ended."""

import io
import os
import shutil

import pytest

from showrunner.cli.app import run as command_line
from showrunner.diagnostics.refusal import Refusal
from showrunner.show.outputs import apart
from tests.disk import LINKS

SHOW = 'include "part.show"\nat 0s  say "Look" image "hello.png"\n'
PNG = b"\x89PNG\r\n\x1a\n0000"
READ = ("my.show", "part.show", "stage.yaml", "catalogue.yaml", "hello.png")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.show").write_text(SHOW, "utf-8")
    (tmp_path / "part.show").write_text("let a = 1\n", "utf-8")
    (tmp_path / "stage.yaml").write_text("devices: {}\n", "utf-8")
    (tmp_path / "catalogue.yaml").write_text("animaze: {emotes: [A]}\n", "utf-8")
    (tmp_path / "hello.png").write_bytes(PNG)
    return tmp_path


def refused(capsys, *words):
    with pytest.raises(SystemExit) as left:
        command_line(list(words))
    said = capsys.readouterr().err
    assert left.value.code == 2, said
    return said.splitlines()[-2]


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("words", [("run", "--journal"), ("rehearse", "--journal"), ("rehearse", "--record")])
def test_a_journal_is_never_a_file_of_the_show(words, name, here, capsys):
    before = contents(here)
    command, option = words
    said = refused(capsys, command, "my.show", "--doubles", "all", "--yes", option, name)
    assert said == f"error: `{name}` is what is to be read; it would be lost"
    assert contents(here) == before


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("link", [pytest.param(os.symlink, marks=LINKS), os.link])
def test_nor_is_it_one_by_a_link_and_both_are_named(link, name, here, capsys):
    link(here / name, here / "out.journal")
    before = contents(here)
    said = refused(capsys, "run", "my.show", "--doubles", "all", "--yes", "--journal", "out.journal")
    assert said == f"error: `out.journal` is `{name}`, which is to be read; it would be lost"
    assert contents(here) == before


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("command", ["timeline -o x.svg", "export -o x.csv"])
def test_nor_is_a_picture_or_a_table(command, name, here, capsys):
    command, option, target = command.split()
    os.link(here / name, here / target)
    before = contents(here)
    said = refused(capsys, command, "my.show", option, target)
    assert said == f"error: `{target}` is `{name}`, which is to be read; it would be lost"
    assert contents(here) == before


@pytest.mark.parametrize("link", [pytest.param(os.symlink, marks=LINKS), os.link])
def test_a_table_is_never_the_journal_it_is_made_of(link, here, capsys):
    (here / "tonight.journal").write_text("{}\n", "utf-8")
    link(here / "tonight.journal", here / "x.srt")
    said = refused(capsys, "export", "tonight.journal", "-o", "x.srt")
    assert said == "error: `x.srt` is `tonight.journal`, which is to be read; it would be lost"
    assert (here / "tonight.journal").read_text("utf-8") == "{}\n"


@LINKS
def test_a_file_that_will_be_read_once_it_is_there_is_no_place_to_write_to(here, capsys):
    (here / "stage.yaml").unlink()
    (here / "dangling").symlink_to("stage.yaml")
    words = ("run", "my.show", "--doubles", "all", "--yes", "--journal")
    ends = "which is to be read; it is no place to write to"
    assert refused(capsys, *words, "stage.yaml").endswith("is what is to be read; it is no place to write to")
    assert refused(capsys, *words, "dangling") == f"error: `dangling` is `stage.yaml`, {ends}"
    assert not (here / "stage.yaml").exists()


def test_a_catalogue_is_written_into_itself_and_never_into_the_stage_file(here, capsys):
    before = contents(here)
    said = refused(capsys, "inventory", "--doubles", "all", "-o", "./stage.yaml")
    assert said == "error: `./stage.yaml` is what is to be read; it would be lost"
    assert contents(here) == before
    with pytest.raises(SystemExit) as left:
        command_line(["inventory", "--doubles", "all", "-o", "catalogue.yaml"])
    assert left.value.code == 0


@LINKS
def test_a_first_show_is_made_whole_or_not_at_all(here, capsys):
    (here / "first").mkdir()
    (here / "first" / "stage.yaml").symlink_to("nowhere")
    said = refused(capsys, "new", "first")
    assert said == "error: `first/stage.yaml` is there already"
    assert [path.name for path in (here / "first").iterdir()] == ["stage.yaml"]


def test_what_is_typed_from_a_file_is_read_too(here, monkeypatch):
    with (here / "my.show").open() as typed:
        monkeypatch.setattr("sys.stdin", typed)
        with pytest.raises(Refusal, match=r"`my\.show` is `standard input`, which is to be read"):
            apart("my.show", ["-"])
    monkeypatch.setattr("sys.stdin", io.StringIO())
    apart("my.show", ["-"])


def test_the_users_own_files_are_read_by_every_command(here, monkeypatch):
    monkeypatch.setenv("SHOWRUNNER_STATE", str(here))
    for name in ("allowed.yaml", "tokens.json"):
        with pytest.raises(Refusal, match=f"`{name}` is what is to be read"):
            apart(name, [])


@pytest.mark.usefixtures("here")
def test_what_is_no_plain_file_may_be_both():
    apart(os.devnull, [os.devnull])
    apart("other.journal", ["my.show"])
    shutil.copy("my.show", "copy.show")
    apart("copy.show", ["my.show"])

"""A short run of the fuzz program, and what longer runs have found."""

import random
import sys

import pytest
from hypothesis import HealthCheck, given, settings

from . import fuzz, strategies
from .inputs import Input, large, program, shows, small
from .judge import judge

unix = pytest.mark.skipif(sys.platform == "win32", reason="its bounds on time and memory are of other systems")

FOUND = {
    "a word behind JSON that some take for one too many": b"at 1s live2d call G {} y",
    "a bad byte behind a byte order mark and a wide character": b"\xef\xbb\xbf\xe2\x80\x8e \xed",
    "a button that an endless repeat waits for too": b"segment s\n  at 1s repeat every 700ms\n    wait for button go\n"
    b"  at 2s wait for button go\n",
}


@unix
def test_three_hundred_odd_inputs_come_to_nothing_bad(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert fuzz.run("test", 0, 300) == 0, capsys.readouterr().out


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(one=strategies.inputs)
def test_what_hypothesis_draws_comes_to_nothing_bad(tmp_path_factory, one):
    folder = tmp_path_factory.mktemp("drawn")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        judge(one, folder)


@pytest.mark.parametrize("name", FOUND)
def test_what_was_found_once_stays_mended(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    judge(Input("found", FOUND[name]), tmp_path)


@unix
@pytest.mark.parametrize("name", ["ten-megabyte string", "ten megabytes of NULs", "ten megabytes of carriage returns"])
def test_large_inputs_come_to_an_end(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert fuzz.attempt(Input(name, large()[name]()), tmp_path) == (None, "refused")


def chance(name):
    return random.Random(name)  # noqa: S311 - chance that can be had again


def test_an_input_follows_from_its_number_alone():
    assert small(chance("0/7")) == small(chance("0/7"))


def test_there_are_shows_to_spoil_and_programs_that_check_clean(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert len(shows()) > 100
    came = [judge(program(chance(f"test/{number}")), tmp_path) for number in range(20)]
    assert came.count("accepted") > 3


@unix
def test_a_bug_is_told_with_its_input_cut_down(tmp_path, monkeypatch, capsys):
    def broken(one, _folder):
        if b"x" in one.script:
            raise ValueError
        return "accepted"

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(fuzz, "small", lambda _: Input("made", b"y" * 50 + b"x" + b"z" * 50))
    monkeypatch.setattr(fuzz, "judge", broken)
    assert fuzz.run("test", 0, 3, tmp_path / "kept") == 1
    said = capsys.readouterr().out
    assert "cut down: b'x'" in said
    assert "1 kinds of bug" in said
    assert (tmp_path / "kept/test-0.show").read_bytes() == b"x"

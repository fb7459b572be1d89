"""The console's tokens and its guard's judgement, without a socket."""

import json
import os
import stat
import sys

import pytest

from showrunner.console import tokens
from showrunner.console.guard import Bucket, Caller, Guard
from showrunner.console.tokens import Tokens

PAIR = Tokens("o" * 43, "c" * 43)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def test_tokens_are_made_once_and_stay_the_same(folder):
    first = tokens.kept()
    assert tokens.kept() == first
    assert len({first.operator, first.cast}) == 2
    assert min(len(first.operator), len(first.cast)) >= 43
    assert json.loads((folder / "console.json").read_text()) == {"operator": first.operator, "cast": first.cast}
    assert tokens.fresh() != tokens.fresh()


@pytest.mark.skipif(sys.platform == "win32", reason="a home on Windows is private by itself")
def test_the_file_is_for_this_user_alone(folder):
    tokens.kept()
    assert stat.S_IMODE((folder / "console.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "null", '{"operator": 1, "cast": 2}', '{"operator": "a", "cast": "b"}', "\xff", "[" * 9000,
     json.dumps({"operator": "x" * 43, "cast": "x" * 43})],
)  # fmt: skip
def test_a_spoilt_file_is_made_anew(folder, text):
    folder.mkdir()
    (folder / "console.json").write_text(text, "latin-1")
    made = tokens.kept()
    assert made.warning is None
    assert tokens.kept() == made


def test_where_nothing_can_be_kept_it_is_said_and_works_all_the_same(folder):
    folder.write_text("a file, not a folder")
    made = tokens.kept()
    assert made.warning.startswith(os.fspath(folder / "console.json"))
    assert made.warning.endswith("the console's address will be another one next time")
    assert made.role(made.operator) == "operator"


def test_a_token_has_one_role():
    assert PAIR.role(PAIR.operator) == "operator"
    assert PAIR.role(PAIR.cast) == "cast"
    for wrong in ("", "o" * 42, "o" * 44, "é" * 43, "\ud800"):
        assert PAIR.role(wrong) is None


def test_a_cookie_is_of_one_port_and_one_role():
    assert PAIR.role_of_cookie(PAIR.cookie("operator", 1), 1) == "operator"
    assert PAIR.role_of_cookie(PAIR.cookie("cast", 1), 1) == "cast"
    assert PAIR.role_of_cookie(PAIR.cookie("operator", 1), 2) is None
    assert PAIR.role_of_cookie(PAIR.operator, 1) is None


def test_a_cookie_does_not_mend_a_wrong_token():
    guard = Guard(PAIR, "127.0.0.1", 80)
    cookie = f"showrunner-80={PAIR.cookie('operator', 80)}"
    assert guard.known([cookie], []) == Caller("operator", False)
    assert guard.known([f"other=1;{cookie}"], []) == Caller("operator", False)
    assert guard.known([], [f"bearer  {PAIR.cast} "]) == Caller("cast", True)
    for header in (["Bearer x"], [f"Basic {PAIR.operator}"], [f"Bearer {PAIR.operator}"] * 2, [""]):
        assert guard.known([cookie], header) is None
    assert guard.known([cookie.replace("-80", "-81")], []) is None
    assert guard.known([], []) is None


@pytest.mark.parametrize(
    ("bound", "host", "ours"),
    [
        ("127.0.0.1", "127.0.0.1:80", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "[::1]", True),
        ("127.0.0.1", "192.168.0.7", False),
        ("127.0.0.1", "localhost.evil.example", False),
        ("127.0.0.1", "localhost:080", True),
        ("127.0.0.1", "localhost:", False),
        ("127.0.0.1", "localhost:٨٠", False),
        ("192.168.0.7", "192.168.0.7", True),
        ("192.168.0.7", "192.168.0.8", False),
        ("0.0.0.0", "192.168.0.8", True),  # noqa: S104
        ("0.0.0.0", "[fe80::1]", True),  # noqa: S104
        ("0.0.0.0", "1.2.3.4.evil.example", False),  # noqa: S104
        ("::", "evil.example", False),
        ("0.0.0.0", "0.0.0.0:81", False),  # noqa: S104
    ],
)
def test_which_names_are_ours(bound, host, ours):
    assert Guard(PAIR, bound, 80).at_home([host]) is ours


def test_two_hosts_or_none_are_not_ours():
    guard = Guard(PAIR, "127.0.0.1", 80)
    assert not guard.at_home([])
    assert not guard.at_home(["localhost", "localhost"])


def test_a_bucket_lets_a_burst_through_and_then_its_rate():
    now = [0.0]
    bucket = Bucket(2.0, 3, lambda: now[0])
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [bucket.take() for _ in range(2)] == [True, False]
    now[0] = 100.0
    assert [bucket.take() for _ in range(4)] == [True, True, True, False]

"""The stage file, the catalogue and the state folder."""

import json
import stat
import sys
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix
from platformdirs.windows import Windows

from showrunner.devices.vocabulary import Entry
from showrunner.show import catalogue, user_files
from showrunner.show.prepare import ground
from showrunner.show.stage import standard
from showrunner.show.stage_file import setup


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def staged(text):
    Path("stage.yaml").write_text(text, encoding="utf-8")
    return setup("a.show")


def catalogued(text, fixtures=None):
    Path("catalogue.yaml").write_text(text, encoding="utf-8")
    return catalogue.load("catalogue.yaml", fixtures or standard())


def said(made):
    return [(finding.code, finding.place.line, finding.place.column) for finding in made.findings]


# ---------------------------------------------------------------------------------------------------------- the stage


@pytest.mark.usefixtures("here")
def test_without_a_file_the_three_devices_stand_with_their_defaults():
    stage = setup("a.show").stage
    assert list(stage.fixtures) == ["animaze", "live2d", "aituber"]
    assert stage.fixtures["animaze"].settings["url"] == "ws://localhost:9000"
    assert stage.fixtures["live2d"].settings["rate"] == 30
    assert (stage.on_failure, stage.connect_timeout, stage.host, stage.port) == (
        "continue",
        None,
        "127.0.0.1",
        8765,
    )
    assert (stage.path, stage.catalogue) == (None, None)


@pytest.mark.usefixtures("here")
def test_what_every_device_has_is_told_per_device():
    made = staged("devices:\n  animaze: {too-late: 2s}\n  guest: {driver: animaze, return-within: 1m}\n")
    told = {
        name: (one.settings["too-late"], one.settings["return-within"]) for name, one in made.stage.fixtures.items()
    }
    assert told["animaze"] == (2_000_000, 10_000_000)
    assert told["guest"] == (5_000_000, 60_000_000)
    assert told["aituber"] == (5_000_000, 10_000_000)
    assert said(staged("devices:\n  animaze: {too-late: 0s}\n")) == [("E033", 2, 23)]
    assert said(staged("devices:\n  animaze: {too-lat: 1s}\n")) == [("E032", 2, 13)]


@pytest.mark.usefixtures("here")
def test_where_datagrams_may_not_go_is_said_and_where_they_come_is_free():
    far, near = "udp://203.0.113.7:53000", "udp://192.168.0.7:53000"
    assert said(staged(f"devices:\n  osc: {{send: '{far}'}}\n")) == [("W531", 2, 15)]
    assert said(staged(f"devices:\n  osc: {{send: '{near}', listen: 'udp://0.0.0.0:53001'}}\n")) == []


@pytest.mark.usefixtures("here")
def test_a_stage_file_is_merged_over_the_defaults_key_by_key():
    made = staged(
        "devices:\n  animaze: {timeout: 1m30s}\n  guest: {driver: animaze, url: 'ws://192.168.0.7:9000'}\n"
        "defaults: {on-failure: hold}\nconsole: {port: 80}\n"
    )
    stage = made.stage
    assert made.findings == ()
    assert list(stage.fixtures) == ["animaze", "live2d", "aituber", "guest"]
    assert stage.fixtures["animaze"].settings["timeout"] == 90_000_000
    assert stage.fixtures["animaze"].settings["url"] == "ws://localhost:9000"
    assert stage.fixtures["guest"].device is stage.fixtures["animaze"].device
    assert stage.fixtures["guest"].settings["url"] == "ws://192.168.0.7:9000"
    assert (stage.on_failure, stage.connect_timeout, stage.host, stage.port) == ("hold", None, "127.0.0.1", 80)


def test_the_promised_example_reads_without_a_finding(here):
    (here / "catalogue.yaml").write_text("animaze: {}\n")
    made = staged(
        """
devices:
  animaze: {url: ws://localhost:9000, timeout: 5s, profile: stable}
  live2d:  {url: ws://localhost:22033, timeout: 2s, rate: 30}        # frames a second for moving values
  aituber: {mode: serve, url: ws://localhost:8000/ws, speech-rate: 12, api: {url: http://localhost:3000, client: s}}
  guest:   {driver: animaze, url: ws://192.168.0.7:9000}
defaults: {on-failure: continue, connect-timeout: 10s}
console: {host: 127.0.0.1, port: 8765}
catalogue: catalogue.yaml
"""
    )
    assert made.findings == ()
    assert made.stage.catalogue == "catalogue.yaml"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("text", ["", "# x\n", "devices:\n", "devices: {animaze: }\n", "catalogue: catalogue.yaml\n"])
def test_all_of_a_stage_file_may_be_left_out(text):
    made = staged(text)
    assert made.findings == ()
    assert made.stage.fixtures == {name: replace(one, staged=True) for name, one in standard().items()}
    assert made.stage.catalogue is None


WRONG_STAGES = [
    ("devises: {}\n", ("E032", 1, 1)),
    ("devices:\n  animaze: {timout: 5s}\n", ("E032", 2, 13)),
    ("defaults: {on_failure: stop}\n", ("E032", 1, 12)),
    ("console: {prt: 1}\n", ("E032", 1, 11)),
    ("devices:\n  animaze: {timeout: 5}\n", ("E033", 2, 22)),
    ("devices:\n  animaze: {timeout: 0s}\n", ("E033", 2, 22)),
    ("devices:\n  animaze: {timeout: 5 s}\n", ("E033", 2, 22)),
    ("devices:\n  animaze: {url: 'http://localhost:9000'}\n", ("E033", 2, 18)),
    ("devices:\n  animaze: {url: 'ws://localhost:90000'}\n", ("E033", 2, 18)),
    ("devices:\n  animaze: {url: }\n", ("E033", 2, 17)),
    ("devices:\n  animaze: {profile: nxt}\n", ("E033", 2, 22)),
    ("devices:\n  osc: {send: 'udp://127.0.0.1'}\n", ("E033", 2, 15)),
    ("devices:\n  osc: {send: 'udp://127.0.0.1:0'}\n", ("E033", 2, 15)),
    ("devices:\n  osc: {send: 'udp://127.0.0.1:53000/'}\n", ("E033", 2, 15)),
    ("devices:\n  osc: {send: 'http://127.0.0.1:53000'}\n", ("E033", 2, 15)),
    ("devices:\n  osc: {listen: 53001}\n", ("E033", 2, 17)),
    ("devices:\n  live2d: {rate: fast}\n", ("E033", 2, 18)),
    ("devices:\n  live2d: {rate: 0}\n", ("E033", 2, 18)),
    ("devices:\n  live2d: {rate: .inf}\n", ("E033", 2, 18)),
    ("devices:\n  live2d: {rate: true}\n", ("E033", 2, 18)),
    ("devices:\n  aituber: {api: yes}\n", ("E033", 2, 18)),
    ("devices:\n  animaze: 5\n", ("E033", 2, 12)),
    ("devices: [animaze]\n", ("E033", 1, 10)),
    ("- animaze\n", ("E033", 1, 1)),
    ("devices:\n  guest: {url: ws://x}\n", ("E034", 2, 3)),
    ("devices:\n  guest: {driver: animase}\n", ("E034", 2, 19)),
    ("devices:\n  wait: {driver: animaze}\n", ("E035", 2, 3)),
    ("devices:\n  my guest: {driver: animaze}\n", ("E035", 2, 3)),
    ("defaults: {on-failure: maybe}\n", ("E033", 1, 24)),
    ("console: {port: 70000}\n", ("E033", 1, 17)),
    ("console: {host: 'a b'}\n", ("E033", 1, 17)),
    ("catalogue: [a]\n", ("E033", 1, 12)),
    ("devices:\n  animaze: {safe: [1]}\n", ("E033", 2, 20)),
    ("devices:\n  animaze: {}\n  animaze: {}\n", ("E031", 3, 3)),
    ("devices: {a\n", ("E031", 2, 1)),
    ("devices: &a [*a]\n", ("E031", 1, 1)),
]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("text", "expected"), WRONG_STAGES)
def test_what_is_wrong_in_a_stage_file_is_said_at_its_place(text, expected):
    made = staged(text)
    assert said(made) == [expected]
    assert made.findings[0].message
    assert list(made.stage.fixtures)[:3] == ["animaze", "live2d", "aituber"]


@pytest.mark.usefixtures("here")
def test_a_misspelled_key_is_answered_with_the_nearest():
    (finding,) = staged("devices:\n  animaze: {timout: 5s}\n").findings
    assert finding.help == "did you mean `timeout`?"
    assert finding.fix.text == "timeout"


@pytest.mark.usefixtures("here")
def test_all_mistakes_of_a_stage_file_are_said_at_once():
    made = staged("devices:\n  animaze: {a: 1, b: 2, url: x}\nconsole: {c: 3}\n")
    assert len(made.findings) == 4


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("text", ["[" * 5000, "a: " * 300 + "\n", "a: &a {b: *a}\n", "a: \x01\n", "a: 9" * 3000])
def test_no_stage_file_however_odd_is_more_than_a_finding(text):
    assert {code for code, *_ in said(staged(text))} <= {"E031", "E032", "E033"}
    assert staged(text).findings


@pytest.mark.usefixtures("here")
def test_a_thousand_million_aliases_cost_nothing():
    rows = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    assert {code for code, *_ in said(staged("\n".join(rows)))} == {"E031"}


@pytest.mark.usefixtures("here")
def test_a_named_stage_file_that_is_not_there_is_an_error_and_one_that_is_not_utf8_too():
    assert said(setup("a.show", "other.yaml")) == [("E031", 1, 1)]
    Path("other.yaml").write_bytes(b"\xff")
    assert said(setup("a.show", "other.yaml")) == [("E031", 1, 1)]


def test_files_beside_the_script_are_taken_by_themselves(here):
    (here / "shows").mkdir()
    (here / "shows/stage.yaml").write_text("defaults: {on-failure: stop}\n")
    (here / "shows/catalogue.yaml").write_text("")
    stage = setup("shows/a.show").stage
    assert (stage.path, stage.catalogue, stage.on_failure) == ("shows/stage.yaml", "shows/catalogue.yaml", "stop")
    assert setup("shows/a.show", catalogue="mine.yaml").stage.catalogue == "mine.yaml"


@pytest.mark.usefixtures("here")
def test_safe_commands_are_kept_with_their_places():
    stage = staged("devices:\n  animaze:\n    safe:\n      - animaze scene Stream\n      - 'animaze avatar A'\n").stage
    assert [(one.text, one.place.line) for one in stage.safe["animaze"]] == [
        ("animaze scene Stream", 4),
        ("animaze avatar A", 5),
    ]


@pytest.mark.usefixtures("here")
def test_how_many_events_are_heard_in_a_second_is_said_in_words():
    made = staged("devices:\n  aituber: {events: at most 20 a second}\n")
    assert not made.findings
    assert [one.settings["events"] for one in made.stage.fixtures.values()] == [None, None, 20]


@pytest.mark.parametrize(
    "written", ["20", "at most 0 a second", "20 a second", "at most 2.5 a second", "at most -1 a second"]
)
@pytest.mark.usefixtures("here")
def test_a_rate_that_is_none_is_told_how_one_is_written(written):
    made = staged(f"devices:\n  aituber: {{events: {written}}}\n")
    (finding,) = made.findings
    assert (finding.code, finding.message) == ("E033", f"`events` is a rate, not `{written}`")
    assert finding.help == "write `at most 20 a second`"


def test_blocked_words_lie_beside_the_stage_file(here):
    (here / "words.txt").write_text("\ufeffspam\r\n", encoding="utf-8")
    made = staged("blocked: words.txt\n")
    assert not made.findings
    assert made.stage.words == "words.txt"
    assert made.stage.blocked.blocks(["Spam!"])
    assert "words.txt" in ground("a.show", None, None).files


@pytest.mark.parametrize(
    ("written", "code", "why"),
    [
        ("words.txt", "E231", "`words.txt` cannot be read: no such file or directory"),
        ("latin.txt", "E231", "`latin.txt` cannot be read: it is no UTF-8 text"),
        ("../words.txt", "E033", "`blocked` is a file in the folder of the stage file, and `../words.txt` is none"),
        ("[spam]", "E033", "`blocked` is the name of a file, not `a list`"),
    ],
)
def test_words_that_cannot_be_read_are_an_error(here, written, code, why):
    (here / "latin.txt").write_bytes(b"caf\xe9\n")
    (finding,) = staged(f"blocked: {written}\n").findings
    assert (finding.code, finding.message) == (code, why)
    assert (finding.place.line, finding.place.column) == (1, 10)


# ------------------------------------------------------------------------------------------------------ the catalogue


@pytest.mark.usefixtures("here")
def test_a_catalogue_gives_each_device_its_lists():
    made = catalogued(
        """
animaze:
  avatars: {Avatar03: {actions: [Wave, {name: Bow, index: 3}], idles: []}, AvatarBomb: {}}
  scenes: [Spaceship, Stream]
  quickscenes: [0, 1]
live2d:
  parameters:
    ParamAngleX: {min: -30, max: 30, default: 0}
    ParamMouth:
"""
    )
    assert made.findings == ()
    assert made.inventories["animaze"] == {
        "avatars": (Entry("Avatar03"), Entry("AvatarBomb")),
        "actions": (Entry("Wave", owner="Avatar03"), Entry("Bow", 3, "Avatar03")),
        "idles": (),
        "scenes": (Entry("Spaceship"), Entry("Stream")),
        "quickscenes": (Entry("0", 0), Entry("1", 1)),
    }
    assert made.inventories["live2d"]["parameters"] == (
        Entry("ParamAngleX", minimum=-30, maximum=30, default=0),
        Entry("ParamMouth"),
    )
    assert "aituber" not in made.inventories


@pytest.mark.usefixtures("here")
def test_a_part_keyed_by_driver_holds_for_every_device_of_that_kind_without_its_own():
    fixtures = staged("devices:\n  guest: {driver: animaze}\n  extra: {driver: animaze}\n").stage.fixtures
    found = catalogued("animaze: {scenes: [A]}\nguest: {scenes: [B]}\n", fixtures).inventories
    first = {name: part["scenes"][0].name for name, part in found.items()}
    assert first == {"animaze": "A", "guest": "B", "extra": "A"}


WRONG_CATALOGUES = [
    ("animase: {}\n", ("E042", 1, 1)),
    ("animaze: {scene: [A]}\n", ("E042", 1, 11)),
    ("animaze: {scenes: A}\n", ("E043", 1, 19)),
    ("animaze: {scenes: [[A]]}\n", ("E043", 1, 20)),
    ("animaze: {scenes: [A, a]}\n", ("E043", 1, 23)),
    ("animaze: {scenes: [true]}\n", ("E043", 1, 20)),
    ("animaze: {avatars: {A: {actoins: [x]}}}\n", ("E042", 1, 25)),
    ("animaze: {avatars: {A: {actions: [{index: 1}]}}}\n", ("E043", 1, 35)),
    ("animaze: {avatars: {A: {actions: [{name: x, index: -1}]}}}\n", ("E043", 1, 52)),
    ("live2d: {parameters: {P: {min: 3, max: 1}}}\n", ("E043", 1, 32)),
    ("live2d: {parameters: {P: {min: 1, max: 3, default: 5}}}\n", ("E043", 1, 52)),
    ("live2d: {parameters: {P: {min: low}}}\n", ("E043", 1, 32)),
    ("animaze: {emotes: [{name: A, length: 3}]}\n", ("E043", 1, 38)),
    ("animaze: {emotes: [{name: A, length: long}]}\n", ("E043", 1, 38)),
    ("animaze: {emotes: [{name: A, kind: [x]}]}\n", ("E043", 1, 36)),
    ("animaze: {emotes: [{name: A, id: {}}]}\n", ("E043", 1, 34)),
    ("live2d: {parameters: {P: {mini: 1}}}\n", ("E042", 1, 27)),
    ("live2d: {parameters: {P: 5}}\n", ("E043", 1, 26)),
    ("live2d: 5\n", ("E043", 1, 9)),
    ("aituber: 5\n", ("E043", 1, 10)),
    ("animaze: {emotes: [{name: A, label: [a]}]}\n", ("E043", 1, 37)),
    ("live2d: {parameters: {P: {max: 1" + "0" * 400 + "}}}\n", ("E043", 1, 32)),
    ("[live2d]\n", ("E043", 1, 1)),
    ("live2d: {\n", ("E041", 2, 1)),
]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("text", "expected"), WRONG_CATALOGUES)
def test_what_is_wrong_in_a_catalogue_is_said_at_its_place(text, expected):
    assert said(catalogued(text)) == [expected]


def test_a_catalogue_that_is_not_there_is_an_error_only_if_it_was_named():
    assert said(catalogue.load("nowhere.yaml", standard())) == [("E041", 1, 1)]
    assert catalogue.load(None, standard()).inventories == {}


# ---------------------------------------------------------------------------------------------------------- the state


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def usual(monkeypatch, home, platform, kind, **environment):
    """Be on another platform: give the state folder and the grammar's, as seen from the user's home."""
    for name in ("SHOWRUNNER_STATE", "SHOWRUNNER_CACHE", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": home, "USERPROFILE": home, **environment}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(platformdirs, "PlatformDirs", kind)
    # What Windows itself would be asked for.
    monkeypatch.setattr("platformdirs.windows.get_win_folder", lambda name: str(home / name))
    grammar = user_files.grammar()
    assert grammar is not None
    return [Path(path).relative_to(home).as_posix() for path in (user_files.folder(), Path(grammar).parent)]


@pytest.mark.skipif(sys.platform == "win32", reason="paths of others are no paths there")
@pytest.mark.parametrize(
    ("platform", "kind", "environment", "state", "cache"),
    [
        ("linux", Unix, {}, ".local/state/showrunner", ".cache/showrunner"),
        ("linux", Unix, {"XDG_STATE_HOME": "s", "XDG_CACHE_HOME": "c"}, "s/showrunner", "c/showrunner"),
        ("darwin", MacOS, {}, "Library/Application Support/showrunner", "Library/Caches/showrunner"),
        (
            "darwin",
            MacOS,
            {"XDG_STATE_HOME": "s", "XDG_DATA_HOME": "d"},
            "Library/Application Support/showrunner",
            "Library/Caches/showrunner",
        ),
        ("win32", Windows, {}, "CSIDL_LOCAL_APPDATA/showrunner", "CSIDL_LOCAL_APPDATA/showrunner/Cache"),
    ],
)
def test_what_is_kept_lies_where_it_has_always_lain(tmp_path, monkeypatch, platform, kind, environment, state, cache):
    # On Windows CSIDL_LOCAL_APPDATA is %LOCALAPPDATA%, and `Cache` is the `cache` of before: case does not count there.
    below = {name: tmp_path / value for name, value in environment.items()}
    assert usual(monkeypatch, tmp_path, platform, kind, **below) == [state, cache]


def test_folders_that_are_named_go_before_the_usual_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "s"))
    monkeypatch.setenv("SHOWRUNNER_CACHE", str(tmp_path / "c"))
    assert user_files.folder() == tmp_path / "s"
    assert user_files.grammar() == str(tmp_path / "c" / "grammar")


def test_a_token_is_kept_for_the_next_run_by_the_address_that_gave_it(kept):
    fixtures = standard()
    assert user_files.memory(fixtures) == {"animaze": {}, "live2d": {}, "aituber": {}}
    assert user_files.remember(fixtures["live2d"], "token", "secret") is None
    assert user_files.memory(fixtures)["live2d"] == {"token": "secret"}
    assert [entry.name for entry in kept.iterdir()] == ["tokens.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="rights are another matter there")
def test_tokens_are_readable_by_their_user_alone(kept):
    user_files.remember(standard()["live2d"], "token", "secret")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o700
    assert stat.S_IMODE((kept / "tokens.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("spoilt", ["", "[]", '{"live2d ws://localhost:22033": 5}', "{", "[" * 100_000])
def test_a_spoilt_state_file_counts_as_nothing_kept(kept, spoilt):
    kept.mkdir()
    (kept / "tokens.json").write_text(spoilt)
    assert user_files.memory(standard())["live2d"] == {}
    assert user_files.remember(standard()["live2d"], "token", "new") is None
    assert json.loads((kept / "tokens.json").read_text())["live2d ws://localhost:22033"] == {"token": "new"}


def test_a_state_folder_that_cannot_be_written_is_said_in_words(kept):
    kept.write_text("a file where the folder should be")
    assert "cannot be written" in user_files.remember(standard()["live2d"], "token", "x")

"""`showrunner inventory`: what devices have, written into a catalogue that somebody wrote by hand."""

import io
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showrunner import cli, devices
from showrunner.cli.inventory import summary
from showrunner.devices.vocabulary import Entry
from showrunner.show import catalogue, yaml_edit
from showrunner.show.catalogue_update import CatalogueChange, count
from showrunner.show.stage import standard

LISTS = devices.find("animaze").catalogue

BY_HAND = """\
# Our models. Ask Mika before you change it.
animaze:
    # only what we may show
    scenes: [Spaceship, 'Old Room']   # quotes as she likes them
    emotes:
    - Emote_Wave        # on every hello
    # the angry one
    - {name: "Emote_Angry",   label: Angry}
    - Emote_Gone  # was never good

# the editor
live2d:
    parameters:
        ParamAngleX: {min: -30, max: 30, default: 0}   # head
        # mouth
        ParamMouthX: {min: 0, max: 1}
        ParamBreath:
# the end
"""


def entries(*names):
    return tuple(Entry(name) for name in names)


def animaze(text, inventory, **more):
    return count(text, "animaze", "animaze", LISTS, inventory, **more)


def live2d(text, *parameters, **more):
    return count(text, "live2d", "live2d", devices.find("live2d").catalogue, {"parameters": parameters}, **more)


def read(text, folder):
    path = folder / "read.yaml"
    path.write_bytes(text.encode())
    known = catalogue.load(str(path), standard())
    assert known.findings == ()
    return known.inventories


def said(counted):
    return [(change.list, change.name, change.what) for change in counted.changes]


# ---------------------------------------------------------------------------------------------------------- the text


def test_what_is_new_is_added_what_is_gone_is_taken_out_and_all_else_stays_as_it_was():
    counted = animaze(
        BY_HAND,
        {
            "scenes": entries("Spaceship", "My Room"),
            "emotes": (*entries("emote_wave"), Entry("Emote_Angry", label="Anger"), Entry("Emote_Bow", label="Bow")),
        },
    )
    assert said(counted) == [
        ("scenes", "Old Room", "gone"),
        ("scenes", "My Room", "new"),
        ("emotes", "Emote_Gone", "gone"),
        ("emotes", "Emote_Bow", "new"),
    ]
    expected = BY_HAND.replace("[Spaceship, 'Old Room']", "[Spaceship, My Room]")
    expected = expected.replace("    - Emote_Gone  # was never good\n", "    - {name: Emote_Bow, label: Bow}\n")
    assert counted.text == expected


def test_kind_id_and_length_are_written_read_and_brought_up_to_date(tmp_path):
    clip = Entry("Clip", kind="ffmpeg_source", id="007", length=12_500_000)
    written = animaze("animaze:\n  emotes: []\n", {"emotes": (clip, Entry("Sign", kind="", length=None))})
    assert '{name: Clip, kind: ffmpeg_source, id: "007", length: "12.5s"}' in written.text
    assert read(written.text, tmp_path)["animaze"]["emotes"] == (clip, Entry("Sign"))
    assert animaze(written.text, {"emotes": (clip, Entry("Sign"))}).changes == ()
    longer = animaze(written.text, {"emotes": (replace(clip, length=61_000_000, kind="vlc"), Entry("Sign", id="x"))})
    assert longer.changes == (
        CatalogueChange("animaze", "emotes", "Clip", "other", "kind vlc, length 1m1s"),
        CatalogueChange("animaze", "emotes", "Sign", "other", "id x"),
    )
    assert read(longer.text, tmp_path)["animaze"]["emotes"][0].length == 61_000_000


def test_limits_of_parameters_are_brought_up_to_date_and_added_where_none_stand():
    counted = live2d(
        BY_HAND,
        Entry("ParamAngleX", minimum=-45.0, maximum=30.0, default=0.0, label="Angle X"),
        Entry("ParamBreath", minimum=0.0, maximum=1.0, default=0.25),
        Entry("ParamNew", minimum=-1.5, maximum=1.0, default=0.0, label="New"),
    )
    assert counted.changes == (
        CatalogueChange("live2d", "parameters", "ParamAngleX", "other", "min -45"),
        CatalogueChange("live2d", "parameters", "ParamBreath", "other", "min 0, max 1, default 0.25"),
        CatalogueChange("live2d", "parameters", "ParamMouthX", "gone"),
        CatalogueChange("live2d", "parameters", "ParamNew", "new"),
    )
    expected = BY_HAND.replace("min: -30", "min: -45").replace("        ParamMouthX: {min: 0, max: 1}\n", "")
    expected = expected.replace(
        "        ParamBreath:\n",
        "        ParamBreath: {min: 0, max: 1, default: 0.25}\n"
        "        ParamNew: {min: -1.5, max: 1, default: 0, label: New}\n",
    )
    assert counted.text == expected


def test_a_limit_that_is_not_there_is_added_to_those_that_are(tmp_path):
    text = "live2d:\n  parameters:\n    A: {min: 0, max: 1}\n    B:\n      min: 0\n      # up to\n      max: 1\n"
    counted = live2d(text, Entry("A", minimum=0, maximum=1, default=1), Entry("B", minimum=0, maximum=1, default=0.5))
    assert counted.text == (
        "live2d:\n  parameters:\n    A: {min: 0, max: 1, default: 1}\n"
        "    B:\n      min: 0\n      # up to\n      max: 1\n      default: 0.5\n"
    )
    assert read(counted.text, tmp_path)["live2d"]["parameters"][1].default == 0.5


def test_keep_leaves_what_is_gone_in_the_file_and_still_names_it():
    counted = animaze(BY_HAND, {"emotes": entries("Emote_Wave", "Emote_Angry")}, keep=True)
    assert counted.text == BY_HAND
    assert said(counted) == [("emotes", "Emote_Gone", "gone")]


def test_a_list_that_was_not_told_is_left_alone():
    assert animaze(BY_HAND, {}).text == BY_HAND
    assert animaze(BY_HAND, {}).changes == ()


def test_a_list_that_is_told_empty_loses_all_its_names(tmp_path):
    counted = animaze(BY_HAND, {"scenes": (), "emotes": ()})
    assert "scenes: []   # quotes" in counted.text
    assert "    emotes:\n    # the angry one\n" in counted.text
    assert read(counted.text, tmp_path)["animaze"] == {"scenes": (), "emotes": ()}


def test_the_same_again_changes_nothing():
    inventory = {"scenes": entries("A", "B: c", "true", "1"), "avatars": entries("x")}
    once = animaze(BY_HAND, inventory)
    assert animaze(once.text, inventory).changes == ()
    assert animaze(once.text, inventory).text == once.text


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "# nothing yet", "{}\n", "animaze:\n", "animaze: {}\n", "---\n"]
)
def test_an_empty_file_or_part_gets_what_is_there(text, tmp_path):
    counted = animaze(text, {"scenes": entries("One", "Two"), "emotes": ()})
    assert read(counted.text, tmp_path)["animaze"] == {"scenes": entries("One", "Two")}
    assert counted.text.startswith(text.rstrip("\n").removesuffix("{}").rstrip())


@pytest.mark.parametrize(
    "text",
    [
        "animaze: {scenes: [One, Gone]}\n",
        "{animaze: {scenes: [Gone, One]}}\n",
        "animaze:\n  scenes: [One,\n    Gone]  # two\n",
        "animaze:\n  scenes: [\n    Gone,  # first\n    One,   # second\n  ]\n",
        "animaze:\n  scenes: [Gone,\n  Gone2,]\n",
        "animaze:\n  scenes:\n  -   One\n  -   {name: Gone}\n",
        "animaze:\n  scenes:\n    {Gone: , One: {label: x}}\n",
        "animaze:\n  scenes:\n    Gone:\n    One:",
        "animaze:\n  scenes:\n",
        "animaze:\n  scenes: []\n  emotes: [A]\n",
        "animaze:\r\n  scenes:\r\n    - One\r\n    - Gone\r\n# end\r\n",
    ],
)
def test_every_way_to_write_a_list_is_understood(text, tmp_path):
    counted = animaze(text, {"scenes": entries("One", "Two", "My Room")})
    known = read(counted.text, tmp_path)["animaze"]["scenes"]
    assert {entry.name for entry in known} == {"One", "Two", "My Room"}
    for comment in ("# two", "# second", "# end"):
        assert (comment in text) == (comment in counted.text)
    if "\r\n" in text:
        assert "\n" not in counted.text.replace("\r\n", "")


def test_a_list_on_one_line_that_becomes_too_long_gets_a_line_for_each(tmp_path):
    names = [f"Scene number {number}" for number in range(20)]
    counted = animaze("animaze:\n  scenes: ['Scene number 3']  # all\n  emotes: [A]\n", {"scenes": entries(*names)})
    assert counted.text.startswith("animaze:\n  scenes:   # all\n    - 'Scene number 3'\n    - \"Scene number 0\"\n")
    assert counted.text.endswith("  emotes: [A]\n")
    assert len(read(counted.text, tmp_path)["animaze"]["scenes"]) == 20


# ------------------------------------------------------------------------------------------------- what is an avatar's


OWNED = """\
animaze:
  avatars:
    Avatar03:
      actions: [Wave, {name: Hello, index: 4}]
    Other:
      actions: [Jump]
"""


def test_what_belongs_to_an_avatar_is_written_below_it_and_others_are_left_alone():
    actions = (Entry("wave", 0, "Avatar03"), Entry("Hello", 5, "Avatar03"), Entry("Bow", 6, "Avatar03"))
    poses = (Entry("Grin", 2, "avatar03"),)
    counted = animaze(OWNED, {"avatars": entries("Avatar03", "Other"), "actions": actions, "poses": poses})
    assert counted.changes == (
        CatalogueChange("animaze", "actions", "Hello", "other", "index 5"),
        CatalogueChange("animaze", "actions", "Bow", "new"),
        CatalogueChange("animaze", "poses", "Grin", "new"),
    )
    assert counted.text == OWNED.replace(
        "[Wave, {name: Hello, index: 4}]\n",
        "[Wave, {name: Hello, index: 5}, {name: Bow, index: 6}]\n      poses:\n        - {name: Grin, index: 2}\n",
    )


def test_without_knowing_whose_they_are_actions_are_added_and_none_is_taken_out(tmp_path):
    counted = animaze(OWNED, {"avatars": entries("Avatar03", "Other"), "actions": (Entry("Jump", 1), Entry("Bow", 2))})
    assert said(counted) == [("actions", "Bow", "new")]
    assert counted.text == OWNED + "  actions:\n    - {name: Bow, index: 2}\n"
    again = animaze(counted.text, {"avatars": entries("Avatar03", "Other"), "actions": (Entry("Run", 3),)})
    assert said(again) == [("actions", "Run", "new")]
    assert len(read(again.text, tmp_path)["animaze"]["actions"]) == 5


def test_an_avatar_that_is_new_brings_what_is_hers(tmp_path):
    inventory = {"avatars": entries("Avatar03", "Other", "Third"), "idles": (Entry("Bored", 1, "Third"),)}
    for text in (OWNED, "", "animaze:\n  scenes: [A]\n", "animaze: {avatars: {Other: {}}}\n"):
        counted = animaze(text, inventory)
        known = read(counted.text, tmp_path)["animaze"]
        assert {entry.name for entry in known["avatars"]} == {"Avatar03", "Other", "Third"}
        assert known["idles"] == (Entry("Bored", 1, "Third"),)


def test_an_avatar_that_is_gone_takes_what_is_hers_along(tmp_path):
    counted = animaze(OWNED, {"avatars": entries("Avatar03", "New")})
    assert said(counted) == [("avatars", "Other", "gone"), ("avatars", "New", "new")]
    assert "Jump" not in counted.text
    assert {entry.name for entry in read(counted.text, tmp_path)["animaze"]["avatars"]} == {"Avatar03", "New"}


def test_the_only_avatar_is_whose_they_are():
    text = "animaze:\n  avatars:\n    Solo:\n      idles: [Bored, Gone]\n"
    counted = animaze(text, {"avatars": entries("Solo"), "idles": (Entry("Bored", 0),)})
    assert counted.text == text.replace(", Gone", "")


def test_what_has_no_name_is_known_by_its_index(tmp_path):
    text = "animaze:\n  quickscenes: [{name: Start, index: 0}, 3]\n"
    told = (Entry("0", 0, label="Beginning"), Entry("2", 2, label="Talk"), Entry("4", 4, label="talk"), Entry("3", 3))
    counted = animaze(text, {"quickscenes": told})
    assert said(counted) == [("quickscenes", "Talk", "new"), ("quickscenes", "4", "new")]
    known = read(counted.text, tmp_path)["animaze"]["quickscenes"]
    assert [(entry.name, entry.index) for entry in known] == [("Start", 0), ("3", 3), ("Talk", 2), ("4", 4)]


# ---------------------------------------------------------------------------------------------------- several of a kind


def test_a_second_device_of_a_kind_gets_a_part_of_its_own_only_where_it_has_other_things():
    text = "animaze:\n  scenes: [A, B]\n"
    assert count(text, "guest", "animaze", LISTS, {"scenes": entries("b", "A")}).text == text
    counted = count(text, "guest", "animaze", LISTS, {"scenes": entries("A", "C")})
    assert counted.text == text + "guest:\n  scenes:\n    - A\n    - C\n"
    assert {change.device for change in counted.changes} == {"guest"}
    again = count(counted.text, "guest", "animaze", LISTS, {"scenes": entries("A")})
    assert again.text == text + "guest:\n  scenes:\n    - A\n"


# ------------------------------------------------------------------------------------------------------------ any name


NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=12).filter(lambda name: name != "*")


@settings(max_examples=60, deadline=None)
@given(old=st.lists(NAMES, max_size=6), new=st.lists(NAMES, max_size=6), block=st.booleans())
def test_whatever_the_names_are_the_catalogue_then_says_exactly_these(tmp_path_factory, old, new, block):
    folder = tmp_path_factory.mktemp("any")
    text = animaze("animaze:\n" if block else "animaze: {emotes: }\n", {"emotes": entries(*old)}).text
    text = animaze(text, {"emotes": entries(*new), "scenes": entries("S")}).text
    known = read(text, folder)["animaze"]
    assert known["scenes"] == entries("S")
    assert {one.name.casefold() for one in known.get("emotes", ())} == {name.casefold() for name in new}


def test_a_text_that_is_cut_twice_at_one_place_keeps_both_pieces_in_order():
    made = yaml_edit.Sheet("a:\n  b:\n    - 1\n")
    inner, outer = made.root.table()["a"].table()["b"], made.root.table()["a"]
    made.amend(inner, (), ["two"])
    made.amend(outer, (), {"c": None})
    assert made.done() == "a:\n  b:\n    - 1\n    - two\n  c:\n"


# ---------------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def run(here, capsys, monkeypatch):
    assert here

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["showrunner", "inventory", *words])
        monkeypatch.setattr(sys, "stdin", io.StringIO())
        with pytest.raises(SystemExit) as left:
            cli.main()
        caught = capsys.readouterr()
        return left.value.code or 0, caught.out, caught.err

    return run


def test_the_doubles_are_asked_and_a_catalogue_is_begun(run, here):
    code, out, err = run("--doubles", "all", "-o", "made.yaml")
    assert (code, err) == (0, "made.yaml: written\n")
    assert out.startswith(
        "animaze: 3 avatars new, 3 scenes new, 3 emotes new, 3 actions new, 2 poses new, 3 idles new, "
        "2 quickscenes new\n  + avatars avatar03\n"
    )
    assert "live2d: 13 parameters new\n  + parameters ParamAngleX\n" in out
    assert "aituber" not in out
    known = catalogue.load("made.yaml", standard())
    assert known.findings == ()
    assert known.inventories["live2d"]["parameters"][0] == Entry("ParamAngleX", None, None, -30, 30, 0, "Angle X")
    before = (here / "made.yaml").read_bytes()
    code, out, err = run("--doubles", "all", "-o", "made.yaml")
    assert (code, err) == (0, "made.yaml: nothing to change\n")
    assert out == "animaze: as the catalogue says\nlive2d: as the catalogue says\n"
    assert (here / "made.yaml").read_bytes() == before
    assert [path.name for path in here.iterdir() if path.name != "state"] == ["made.yaml"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links are other things there")
def test_the_file_keeps_its_mode_and_a_link_stays_a_link(run, here):
    (here / "real.yaml").write_text("live2d:\n  parameters: [ParamAngleX]\n")
    (here / "real.yaml").chmod(0o640)
    (here / "catalogue.yaml").symlink_to("real.yaml")
    code, out, _ = run("--doubles", "live2d", "--device", "live2d")
    assert code == 0
    assert "live2d: ParamAngleX different\n  ~ parameters ParamAngleX: min -30, max 30, default 0\n" in out
    assert (here / "catalogue.yaml").is_symlink()
    assert stat.S_IMODE((here / "real.yaml").stat().st_mode) == 0o640
    assert (here / "real.yaml").read_text() == (
        "live2d:\n  parameters: [{name: ParamAngleX, min: -30, max: 30, default: 0}]\n"
    )


def test_a_device_that_is_missing_leaves_with_4_and_its_part_as_it_was(run, here):
    (here / "stage.yaml").write_text("devices:\n  animaze: {url: 'ws://localhost:1'}\n")
    (here / "catalogue.yaml").write_text("animaze:\n  scenes: [Mine]  # ours\n")
    code, out, err = run("--doubles", "live2d")
    assert code == 4
    assert out.startswith("live2d: 13 parameters new\n")
    assert "animaze: not ready, what the catalogue says of it stays\n" in err
    assert "is it running" in err
    assert (
        (here / "catalogue.yaml").read_text().startswith("animaze:\n  scenes: [Mine]  # ours\nlive2d:\n  parameters:\n")
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--device", "aituber"], "error: none of these devices has anything to list"),
        (["-o", "bad.yaml"], "error: the catalogue has mistakes"),
        (["-o", "nowhere/made.yaml", "--doubles", "all"], "error: `nowhere/made.yaml` cannot be written: no such file"),
        (["--doubles", "animase"], "help: did you mean `animaze`?"),
        (["-o", "alias.yaml", "--doubles", "all"], "cannot be changed by a program; nothing was written"),
    ],
)
def test_wrong_usage_leaves_with_2_and_nothing_is_written(run, here, words, said):
    (here / "bad.yaml").write_text("animase: {}\n")
    (here / "alias.yaml").write_text("live2d:\n  parameters: {ParamAngleX, B}\n")
    before = sorted((path.name, path.read_bytes()) for path in here.iterdir() if path.is_file())
    code, _, err = run(*words)
    assert code == 2
    assert said in err
    assert sorted((path.name, path.read_bytes()) for path in here.iterdir() if path.is_file()) == before


def test_a_summary_counts_many_and_names_one():
    changes = [
        *(CatalogueChange("a", "emotes", name, "new") for name in "xyz"),
        CatalogueChange("a", "parameters", "ParamMouthX", "gone"),
    ]
    assert summary(changes) == "3 emotes new, ParamMouthX gone"
    assert summary(changes[3:], keep=True) == "ParamMouthX gone, but kept"
    assert summary([]) == "as the catalogue says"


def test_names_of_a_device_reach_the_terminal_only_in_print(run, monkeypatch):
    monkeypatch.setattr("showrunner.devices.live2d.model._USUAL", (Entry("\x1b[2J", None, None, 0, 1, 0),))
    code, out, err = run("--doubles", "live2d", "--device", "live2d", "-o", "odd.yaml")
    assert code == 0
    assert "\x1b" not in out + err
    assert "\x1b" not in Path("odd.yaml").read_text()

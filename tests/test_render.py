"""How findings look: text, JSON, GitHub annotations, SARIF."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from showrunner.diagnostics import render
from showrunner.diagnostics.diagnostic import Diagnostic, Fix, Place, in_reading_order
from showrunner.diagnostics.wording import cells, visible

SOURCE = 'show "Morning"\n\nat 5s animase emote Emote_Wave\n'
FINDING = Diagnostic(
    "E301",
    Place("a.show", 3, 7, 7),
    "there is no device called `animase`",
    "did you mean `animaze`?",
    Fix(Place("a.show", 3, 7, 7), "animaze"),
)


def test_text_shows_the_line_with_carets_under_the_words_at_fault():
    assert render.text([FINDING], {"a.show": SOURCE}) == (
        "error[E301]: there is no device called `animase`\n"
        " --> a.show:3:7\n"
        "  |\n"
        "3 | at 5s animase emote Emote_Wave\n"
        "  |       ^^^^^^^\n"
        "  = help: did you mean `animaze`?\n"
    )


def test_blocks_are_parted_by_a_blank_line_and_no_findings_are_no_text():
    assert render.text([FINDING, FINDING], {"a.show": SOURCE}).count("\n\nerror[E301]") == 1
    assert render.text([], {}) == ""


def test_a_finding_in_a_file_that_cannot_be_shown_has_its_place_only():
    assert render.text([FINDING], {}).splitlines()[1:] == [" --> a.show:3:7", "  = help: did you mean `animaze`?"]


def test_a_finding_at_the_end_of_the_file_has_a_caret_behind_the_last_line():
    shown = render.text([Diagnostic("E130", Place("a", 1, 6), "x")], {"a": "at 5s"})
    assert shown.splitlines()[-2:] == ["1 | at 5s", "  |      ^"]
    beyond = render.text([Diagnostic("E130", Place("a", 9, 1), "x")], {"a": "at 5s"})
    assert beyond.splitlines()[-2:] == ["9 |", "  | ^"]


def test_the_way_that_led_there_is_shown_inside_out():
    finding = Diagnostic("W501", Place("p.show", 1, 1, 3), "m", through=(Place("a.show", 3, 1, 5), Place("x", 2, 1)))
    assert render.text([finding], {"a.show": SOURCE, "p.show": "say"}).splitlines()[-2:] == [
        "  = reached from a.show:3:1: at 5s",
        "  = reached from x:2:1",
    ]


@pytest.mark.parametrize(
    ("line", "column", "length", "carets"),
    [
        ("say 'おはよう' x", 12, 1, " " * 15 + "^"),
        ("say 'おはよう' x", 6, 4, " " * 5 + "^" * 8),
        ("\tsay x", 6, 1, " " * 8 + "^"),
        ("say 'e\u0301' x", 10, 1, " " * 8 + "^"),
        ("say '\u202e' x", 8, 1, " " * 14 + "^"),
    ],
)
def test_carets_stand_under_the_words_whatever_stands_before_them(line, column, length, carets):
    shown = render.text([Diagnostic("E1", Place("a", 1, column, length), "m")], {"a": line}).splitlines()
    assert shown[-1].removeprefix("  | ") == carets
    assert cells(shown[-2][4:]) >= len(carets)


def test_no_control_character_and_no_bidirectional_control_reaches_the_terminal():
    points = [*range(9), *range(11, 32), *range(127, 160), 0x202E, 0x2066, 0x200F, 0xFEFF, 0x2028, 0xD800]
    nasty = "".join(map(chr, points))
    finding = Diagnostic("E1", Place(nasty, 1, 1, 5), nasty, nasty, None, (Place(nasty, 1, 1),))
    for shown in (
        render.text([finding], {nasty: nasty}),
        render.failure("failed", nasty, Place(nasty, 1, 1), {nasty: nasty}),
        render.github([finding]),
        render.as_json([finding]),
        render.sarif([finding], version="1", titles={}),
    ):
        assert all(line.isprintable() for line in shown.split("\n"))
        assert shown.encode("utf-8")


def test_a_full_width_blank_and_an_emoji_are_shown_as_they_are():
    assert visible("a\u3000b 👩\u200d🎤") == "a\u3000b 👩\u200d🎤"


def test_of_a_very_long_line_the_part_around_the_finding_is_shown():
    line = "x" * 5_000 + "HERE" + "y" * 5_000
    shown = render.text([Diagnostic("E1", Place("a", 1, 5_001, 4), "m")], {"a": line}).splitlines()
    assert len(shown[-2]) <= render.WIDEST + 10
    column = shown[-1].index("^")
    assert shown[-2][column : column + 4] == "HERE"
    assert shown[-1].count("^") == 4


def test_colour_is_there_only_when_asked_for_and_changes_nothing_else():
    plain, coloured = (render.text([FINDING], {"a.show": SOURCE}, colour=flag) for flag in (False, True))
    assert "\x1b" not in plain
    bare = coloured
    for code in ("\x1b[1;31m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"):
        assert code in bare
        bare = bare.replace(code, "")
    assert bare == plain


def test_json_has_the_promised_keys_in_order():
    shown = render.as_json([FINDING, Diagnostic("W1", Place("b", 1, 2), "m")])
    first, second = json.loads(shown)["findings"]
    assert json.loads(shown)["version"] == 1
    assert list(first) == ["code", "severity", "path", "line", "column", "length", "message", "help", "fix"]
    assert first["fix"] == {"path": "a.show", "line": 3, "column": 7, "length": 7, "text": "animaze"}
    assert (second["severity"], second["help"], second["fix"], second["length"]) == ("warning", None, None, 1)
    assert json.loads(render.as_json([])) == {"version": 1, "findings": []}


def test_json_keeps_japanese_readable():
    assert "おはよう" in render.as_json([Diagnostic("E1", Place("a", 1, 1), "おはよう")])


def test_github_annotations_escape_what_would_end_them_early():
    finding = Diagnostic("W501", Place("a,b:c.show", 1, 2, 3), "100% sure", "one\ntwo")
    assert render.github([finding]) == (
        "::warning file=a%2Cb%3Ac.show,line=1,endLine=1,col=2,endColumn=5,title=W501::100%25 sure%0Ahelp: one%0Atwo\n"
    )


def test_sarif_names_each_rule_once_and_points_at_the_words():
    twice = [FINDING, FINDING, Diagnostic("W501", Place("/t/a b.show", 1, 1), "m", through=(FINDING.place,))]
    log = json.loads(render.sarif(twice, version="0.1.0", titles={"E301": "unknown device"}))
    run = log["runs"][0]
    assert (log["version"], run["columnKind"]) == ("2.1.0", "unicodeCodePoints")
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["E301", "W501"]
    assert run["tool"]["driver"]["rules"][0]["shortDescription"]["text"] == "unknown device"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 3, "startColumn": 7, "endLine": 3, "endColumn": 14}
    change = run["results"][0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change == {"deletedRegion": region, "insertedContent": {"text": "animaze"}}
    last = run["results"][2]
    assert last["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///t/a%20b.show"
    assert (last["level"], last["ruleIndex"], len(last["relatedLocations"])) == ("warning", 1, 1)


def test_findings_are_read_in_order_of_the_files_and_once_each():
    other = Diagnostic("E101", Place("a.show", 1, 1), "x")
    assert in_reading_order([FINDING, other, FINDING]) == (other, FINDING)


ODD = [
    FINDING,
    Diagnostic("W501", Place("/t/a b:%é雨.show", 1, 1), "m", through=(FINDING.place, Place("C:/x/y.show", 2, 3))),
    Diagnostic("E102", Place("-", 7, 2, 3), "a \ud800 and a \x07", "one\ntwo", Fix(Place("-", 7, 2, 3), "")),
    Diagnostic("E001", Place("../up/there.show", 1, 1), "there is no file"),
]


@pytest.mark.parametrize("findings", [[], ODD], ids=["none", "some"])
def test_sarif_is_valid_by_its_published_schema(findings):
    schema = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))
    Draft4Validator.check_schema(schema)
    log = json.loads(render.sarif(findings, version="0.1.0", titles={"E301": "unknown device"}))
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    log["runs"][0]["results"] = [{"level": "loud"}]
    assert list(Draft4Validator(schema).iter_errors(log)), "the schema refuses what is wrong"


def shape():
    return json.loads(files("showrunner.diagnostics").joinpath("findings.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("findings", [[], ODD], ids=["none", "some"])
def test_json_is_valid_by_the_schema_that_is_shipped(findings):
    Draft202012Validator.check_schema(shape())
    assert [e.message for e in Draft202012Validator(shape()).iter_errors(json.loads(render.as_json(findings)))] == []


@pytest.mark.parametrize(
    "wrong", [{"version": 2}, {"findings": [{}]}, {"findings": [{**render.as_data(FINDING), "line": 0}]}]
)
def test_the_schema_refuses_what_is_not_as_promised(wrong):
    assert not Draft202012Validator(shape()).is_valid({"version": 1, "findings": [], **wrong})


def test_a_line_of_a_show_is_painted_and_one_of_a_stage_file_is_not():
    def paint(text):
        return f"<{text}>"

    shown = render.text([FINDING], {"a.show": SOURCE}, paint=paint)
    assert "3 | <at 5s animase emote Emote_Wave>" in shown
    other = Diagnostic("E032", Place("stage.yaml", 1, 1, 3), "m")
    assert "1 | abc" in render.text([other], {"stage.yaml": "abc"}, paint=paint)

"""The compiler: from a book to the cue list the engine plays, or to every mistake in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showrunner.devices.vocabulary import Answer, Entry, Fixture
from showrunner.diagnostics import codes as pages
from showrunner.diagnostics.diagnostic import has_errors
from showrunner.show.stage import fixture, kinds, standard
from showrunner.syntax import nodes
from showrunner.syntax.parser import ScriptReader
from showrunner.timeline import cues
from showrunner.timeline.compiler import compile_show
from tests.tables import OBS, OSC, STAGE, book, codes, compiled, device

SECOND = 1_000_000
FIRST_LOOK = """
show "Morning stream"
let host = "Mika"
let beat = 500ms

segment opening
  at 00:00     animaze scene Spaceship
  at 00:05     animaze emote Emote_Angry; live2d set ParamAngleY 10 for 2s; say happy 'hi'
  then         say happy "Good morning, {host}!"
  then +$beat  animaze emote Emote_Wave for 3s
  then         animaze chat "Tell one short joke" -> joke or "I forgot my joke." within 30s and meanwhile
    at 1s  repeat every 2s
      at 0s  live2d move ParamEyeBallX to 1 over 300ms
      at 1s  live2d move ParamEyeBallX to -1 over 300ms
  cue joke then  say relaxed "She said: {joke}"
  then at 00:40  hold "host ready?"

segment song "Our song" at least 03:00
  track body
    at 0s  repeat every 2s
      at 0s  live2d move ParamBodyAngleX to 8 over 1s ease in-out
      at 1s  live2d move ParamBodyAngleX to -8 over 1s ease in-out
  track voice
    at 1s     say happy "La la la"
    then +1s  say happy "Thank you!"
"""


def made(text: str, *parts: tuple[str, str], **more: Any) -> cues.CueList:
    result = compiled(text, *parts, **more)
    assert result.cues is not None, result.findings
    return result.cues


def track(text: str, *parts: tuple[str, str], **more: Any) -> tuple[cues.Cue, ...]:
    return made(text, *parts, **more).segments[0].tracks[0].body.cues


def step(text: str, *parts: tuple[str, str], **more: Any) -> Any:
    return track(text, *parts, **more)[0].steps[0]


def values(command: Any) -> list[Any]:
    return [argument.value for argument in command.command.arguments]


# ------------------------------------------------------------------------------------------------------------- the list


def test_the_first_look_of_the_language_compiles_without_a_finding() -> None:
    result = compiled(FIRST_LOOK)
    assert result.findings == ()
    assert result.cues is not None
    assert [(s.name, s.title, s.at_least, [t.name for t in s.tracks]) for s in result.cues.segments] == [
        ("opening", None, None, ["main"]),
        ("song", "Our song", 180 * SECOND, ["body", "voice"]),
    ]
    assert (result.cues.title, result.cues.devices) == ("Morning stream", ("animaze", "live2d", "aituber"))


def test_three_commands_on_a_line_are_one_cue_at_its_time() -> None:
    (cue,) = track("at 00:05 animaze emote Emote_Angry; live2d set ParamAngleY 10 for 2s; say happy 'hi'\n")
    assert cue.position == cues.Position(False, 5 * SECOND, None)
    assert [(s.command.device, s.command.verb.name, values(s), s.command.lasting) for s in cue.steps] == [  # type: ignore[union-attr]
        ("animaze", "emote", ["Emote_Angry"], None),
        ("live2d", "set", ["ParamAngleY", 10], 2 * SECOND),
        ("aituber", "say", ["happy", "hi"], None),
    ]


@pytest.mark.parametrize(
    ("written", "position"),
    [
        ("at 2s", cues.Position(False, 2 * SECOND, None)),
        ("at 00:02.500", cues.Position(False, 2_500_000, None)),
        ("at +2s", cues.Position(False, None, 2 * SECOND)),
        ("then", cues.Position(True, None, 0)),
        ("then +2s", cues.Position(True, None, 2 * SECOND)),
        ("then at 00:40", cues.Position(True, 40 * SECOND, None)),
        ("at $t", cues.Position(False, 3 * SECOND, None)),
        ("then +$t", cues.Position(True, None, 3 * SECOND)),
    ],
)
def test_a_position_keeps_what_it_says(written: str, position: cues.Position) -> None:
    assert track(f"let t = 3s\nat 0s log 'x'\n{written} log 'y'\n")[1].position == position


def test_cues_beside_tracks_are_the_track_main_and_come_first() -> None:
    (segment,) = made("segment s\n  track a\n    at 0s log 'x'\n  at 0s log 'y'\n").segments
    assert [(one.name, one.line) for one in segment.tracks] == [("main", 1), ("a", 2)]


def test_a_file_without_segments_is_the_segment_main_and_its_name_is_the_title() -> None:
    show = made("at 0s log 'x'\n")
    assert (show.title, [s.name for s in show.segments]) == ("a", ["main"])


def test_a_file_of_definitions_alone_is_a_show_without_segments() -> None:
    assert made("let a = 1\ndefine d\n  log 'x'\n").segments == ()


def test_segments_stand_where_their_include_stands() -> None:
    show = made(
        "segment a\n  at 0s log 'x'\ninclude 'p'\nsegment c\n  at 0s log 'x'\n", ("p", "segment b\n  at 0s log 'y'\n")
    )
    assert [(s.name, s.file, s.line) for s in show.segments] == [("a", "a.show", 1), ("b", "p", 1), ("c", "a.show", 4)]


def test_what_a_show_uses_is_listed_in_stage_order_and_order_of_use() -> None:
    show = made(
        "at 0s say 'x'; wait for button b; wait for button a; wait for animaze SceneChanged within 2s\n"
        "then wait for button b\n"
    )
    assert show.devices == ("animaze", "aituber")
    assert show.buttons == ("b", "a")
    assert show.events == (("animaze", "SceneChanged"),)


def test_modifiers_reach_the_command() -> None:
    sent = step("at 0s animaze chat 'x' -> j or 'none' within 2s retry 2 else hold and wait\n")
    assert (sent.wait, sent.within, sent.retry, sent.policy, sent.keep, sent.default) == (
        True, 2 * SECOND, 2, "hold", "j", "none",
    )  # fmt: skip


def test_lines_count_from_the_list_a_cue_stands_in() -> None:
    (segment,) = made("\nsegment s\n  track t\n    at 0s repeat 2 times every 2s\n      at 0s log 'x'\n").segments
    cue = segment.tracks[0].body.cues[0]
    inner = cue.steps[0]
    assert isinstance(inner, cues.Repeat)
    assert (segment.line, segment.tracks[0].line, cue.line, inner.body.cues[0].line) == (2, 3, 1, 1)


def test_a_call_knows_where_its_define_stands() -> None:
    call = step("include 'p'\nat 0s do d\n", ("p", "\n\ndefine d\n  at 0s log 'x'\n"))
    (only,) = call.tracks
    assert (call.name, only.name, only.file, only.line, only.body.cues[0].line) == ("d", "", "p", 3, 1)


def test_a_call_has_a_list_for_each_track_of_its_define_main_first() -> None:
    call = step("at 0s do d\ndefine d\n  track b\n    at 0s log 'x'\n  at 1s log 'y'\n  track a\n")
    assert [(one.name, one.line, [cue.line for cue in one.body.cues]) for one in call.tracks] == [
        ("main", 2, [3]),
        ("b", 3, [1]),
        ("a", 6, []),
    ]


# --------------------------------------------------------------------------------------------------------- names, texts


@pytest.mark.parametrize(
    ("let", "argument", "value"),
    [
        ("let v = 10", "$v", 10),
        ("let v = 10.0", "$v", 10.0),
        ("let v = -0", "$v", 0),
        ("let w = 3\nlet v = $w", "$v", 3),
    ],
)
def test_a_constant_keeps_its_type(let: str, argument: str, value: float) -> None:
    found = values(step(f"{let}\nat 0s live2d set P {argument}\n"))[1]
    assert (found, type(found)) == (value, type(value))


def test_constants_are_inserted_as_they_are_written_and_never_read_again() -> None:
    text = "let a = 0.50\nlet b = '{{c}}'\nlet c = 'no'\nlet d = 2s\nat 0s say '{a} {b} {d}'\n"
    assert values(step(text)) == ["0.50 {c} 2s"]


def test_constants_may_stand_in_any_order_and_be_made_of_each_other() -> None:
    assert values(step("let a = '{b}!'\nlet b = '{c}?'\nlet c = 'hi'\nat 0s say '{a}'\n")) == ["hi?!"]


def test_an_answer_stays_open_until_it_is_sent() -> None:
    _, said = track("at 0s animaze chat 'x' -> joke\nthen say 'so: {joke}.'\n")
    assert values(said.steps[0]) == [("so: ", Answer("joke"), ".")]


def test_a_let_of_the_including_show_wins_over_the_part() -> None:
    part = ("p", "let a = 'part'\nsegment s\n  at 0s say '{a}'\n")
    assert values(step("include 'p'\nlet a = 'show'\n", part)) == ["show"]
    assert values(step("include 'p'\n", part)) == ["part"]


def test_two_parts_beside_each_other_may_not_give_one_constant() -> None:
    text = "include 'p'\ninclude 'q'\n"
    assert [c[:4] for c in codes(text, ("p", "let a = 1\n"), ("q", "let a = 2\n"))] == ["E206"]


def test_a_parameter_hides_a_constant_of_its_name() -> None:
    call = step("let who = 'Mika'\ndefine d(who)\n  say '{who}'\nat 0s do d('Yuki')\n")
    assert values(call.tracks[0].body.cues[0].steps[0]) == ["Yuki"]


def test_the_body_of_a_define_is_made_once_for_each_set_of_values() -> None:
    one, two, three = track("define d(n)\n  log '{n}'\nat 0s do d(1)\nat 1s do d(2)\nat 2s do d(1)\n")
    assert cues.bodies(one.steps[0])[0] is cues.bodies(three.steps[0])[0]
    assert cues.bodies(one.steps[0]) != cues.bodies(two.steps[0])


def test_json_keeps_the_types_of_what_is_put_into_it() -> None:
    text = (
        "let n = 3\nlet s = 'x'\nat 0s animaze chat 'x' -> j and wait\n"
        'then animaze call A {"n": $n, "s": $s, "t": "{s}{j}", "j": $j, "l": [true, null, 1.0, -0]}\n'
    )
    found = values(track(text)[1].steps[0])[1]
    assert found == {
        "n": 3, "s": "x", "t": ("x", Answer("j")), "j": (Answer("j"),), "l": [True, None, 1.0, 0],
    }  # fmt: skip


def test_names_that_a_broken_line_would_have_bound_count_as_bound() -> None:
    whole = book(("a.show", "at 0s say '{host}'\nthen do wave\nthen live2d set P $host\n"))
    source = whole.sources["a.show"]
    script = replace(source.script, bound=frozenset({"host", "wave"}))
    broken = replace(whole, sources={"a.show": replace(source, script=script)})
    assert compile_show(broken, STAGE).findings == ()


def test_beside_a_name_that_a_broken_line_would_have_bound_another_is_missed_all_the_same() -> None:
    whole = book(("a.show", "at 0s say '{host} {nope}'\n"))
    source = whole.sources["a.show"]
    script = replace(source.script, bound=frozenset({"host"}))
    broken = replace(whole, sources={"a.show": replace(source, script=script)})
    assert [one.code for one in compile_show(broken, STAGE).findings] == ["E205"]


def test_a_list_whose_first_line_could_not_be_read_does_not_begin_with_the_next() -> None:
    whole = book(("a.show", "segment s\n  # here\n  then log 'x'\n"))
    source = whole.sources["a.show"]
    broken = replace(whole, sources={"a.show": replace(source, text="segment s\n  at 5 log 'a'\n  then log 'x'\n")})
    assert [one.code for one in compile_show(whole, STAGE).findings] == ["E201"]
    assert compile_show(broken, STAGE).findings == ()


# ------------------------------------------------------------------------------------------------------------- mistakes

INVENTORIES = {
    "E308": {"animaze": {"emotes": (Entry("Emote_Wave"),)}},
    "E309": {"obs": {"requests": (Entry("GetVersion"), Entry("StartRecord"))}},
    "E411": {"live2d": {"parameters": (Entry("ParamAngleX", minimum=-30, maximum=30),)}},
}
PROGRAMS = {"obs": Fixture("obs", device("obs", OBS), {}), "osc": Fixture("osc", device("osc", OSC), {})}
STAGES = {
    "E242": standard(),
    "E302": {name: fixture for name, fixture in STAGE.items() if name != "live2d"},
    "E309": PROGRAMS,
    "E407": standard(),
    "W519": standard(),
    **{
        code: {device.name: fixture(device.name, device) for device in kinds()}
        for code in ("W523", "W534", "W536", "W537")
    },
    "W535": PROGRAMS,
}
OF_FILES = ("E42", "W533", "E240", "E241")
"""Codes of pictures and documents, which the compiler does not look for."""
OF_TESTS = ("E32", "W55")
"""Codes of tests of shows, which are no part of a show; `test_showtests.py` has them."""
OF_COMMENTS = ("W517",)
"""Codes of comments, which the compiler does not see; `test_language.py` has them."""
OF_THE_STAGE = ("W530", "W531", "W532", "W541", "E230", "E231")
"""Codes whose examples are stage files or names of files (`test_strangers.py` has them), or saves (`test_edits.py`)."""
OF_THOUSANDS = ("E413", "W514")
"""Codes whose examples would be too long; `test_limits.py` has them."""


@pytest.mark.parametrize(
    "code",
    [
        code
        for code in pages.names()
        if code.startswith(("E2", "E3", "E4", "W"))
        and not code.startswith(OF_FILES + OF_TESTS)
        and code not in OF_THOUSANDS + OF_COMMENTS + OF_THE_STAGE
    ],
)
def test_the_page_of_a_code_shows_what_yields_it_and_what_does_not(code: str) -> None:
    page = pages.page(code)
    assert page is not None
    stage, inventories = STAGES.get(code, STAGE), INVENTORIES.get(code)
    wrong = compile_show(book(("a.show", page.wrong)), stage, inventories)
    right = compile_show(book(("a.show", page.right)), stage, inventories)
    assert {one.code for one in wrong.findings} == {code}
    assert right.findings == ()
    assert (wrong.cues is None) is code.startswith("E")


@pytest.mark.parametrize(
    ("written", "sent"),
    [("Wave", "Wave"), ("wave", "Wave"), ("a1f3", "a1f3"), ("A1F3", None), ("'7'", None)],
)
def test_what_a_catalogue_has_may_be_called_by_its_id(written: str, sent: str | None) -> None:
    known = {"animaze": {"emotes": (Entry("Wave", id="a1f3"), Entry("Nod", id=None))}}
    found = compile_show(book(("a.show", f"at 0s animaze emote {written}\n")), STAGE, known)
    assert [one.code for one in found.findings] == ([] if sent else ["E308"])
    if sent:
        assert found.cues is not None
        (step,) = found.cues.segments[0].tracks[0].body.cues[0].steps
        assert isinstance(step, cues.Send)
        assert step.command.get("NAME") == sent


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("within 2s", ["W535 `within` means nothing here"]),
        ("else hold", ["W535 `else` means nothing here"]),
        ("retry 2 else stop", ["W535 `retry` means nothing here", "W535 `else` means nothing here"]),
        ("-> x", ["E224 `osc send` answers nothing that could be kept as `x`"]),
        ("for 3s and wait", []),
    ],
)
def test_of_what_is_only_sent_nothing_is_asked(line: str, said: list[str]) -> None:
    found = compile_show(book(("a.show", f"at 0s osc send '/go' {line}\n")), PROGRAMS).findings
    assert [f"{one.code} {one.message.partition(':')[0]}" for one in found] == said


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (None, []),
        ({}, []),
        ({"scenes": ()}, []),
        ({"requests": (Entry("CreateRecordChapter"),)}, []),
        ({"requests": (Entry("createrecordchapter"),)}, []),
        ({"requests": ()}, ["E309"]),
        ({"requests": (Entry("GetVersion"),)}, ["E309"]),
    ],
)
def test_what_a_program_lacks_is_told_where_the_catalogue_knows_it(known: Any, found: list[str]) -> None:
    told = compile_show(
        book(("a.show", "at 0s obs chapter 'One'\n")), PROGRAMS, {} if known is None else {"obs": known}
    )
    assert [one.code for one in told.findings] == found
    for one in told.findings:
        assert one.message == "this obs has no `CreateRecordChapter`, and `obs chapter` needs that"
        assert one.help == "it came with OBS 30.2; `showrunner inventory` asks it anew"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("segment a\n  track t\n    at +2s log 'x'\n", ["E201 3:5"]),
        ("at 0s say 'x' and meanwhile\n  then log 'x'\n", ["E201 2:3"]),
        ("at 5s log 'x'\nat +5s log 'x'\nat 9s log 'x'\n", ["E202 3:1"]),
        ("at 5s log 'x'\nthen log 'y'\nat 4s log 'x'\n", ["E202 3:1"]),
        ("at 5s log 'x'\nthen at 4s log 'y'\n", ["E202 2:1"]),
        ("at 5s log 'x'\nthen +5s log 'y'\nat 6s log 'z'\n", ["W518 3:1"]),
        ("at 5s log 'x'\nat 5s log 'x'\nat +0s log 'x'\n", []),
        ("define r\n  at 0s repeat every 1s\n    log 'x'\nat 0s repeat 3 times every 2s\n  do r\n", ["E204 2:9"]),
        (
            ("segment s at least 1m\n  at 0s repeat every 2s\n    at 0s say 'x' and meanwhile\n"
            "      at 0s repeat every 1s\n        log 'x'\n"),
            [],
        ),
        ("at $x log '{y}'\n", ["E205 1:4", "E205 1:12"]),
        ("let a = $b\n", ["E205 1:9"]),
        ("define a\n  do b\ndefine b\n  do a\ndefine c\n  do a\nat 0s do c\n", ["E210 4:3"]),
        ("define a\n  do a\n", ["E210 2:3"]),
        ("define d(j)\n  animaze chat 'x' -> j\n", ["E216 2:23"]),
        ("define d\n  animaze emoet x\n", ["E303 2:11"]),
        ("define d(a)\n  live2d set P $a\nat 0s do d(2s)\n", ["E304 2:16"]),
        ("cue a at 0s repeat 2 times every 1s\n  cue a at 0s log 'x'\n", ["E213 2:7"]),
        ("at 0s animaze chat 'x' -> j\nthen animaze scene $j\n", ["E221 2:20"]),
        ("at 0s animase emote a; animaze emoet b; animaze emote\n", ["E301 1:7", "E303 1:32", "E304 1:49"]),
        ("at 0s hold and wait\n", ["E219 1:12"]),
        ("at 0s wait for button x retry 2\n", ["E219 1:25"]),
        ("let d = 5\nat 0s wait $d\n", ["E401 2:12"]),
        ("at 0s animaze scene X within 0s\n", ["E404 1:30"]),
        ('at 0s animaze call A {"a": $b}\n', ["E205 1:28"]),
    ],
)  # fmt: skip
def test_a_mistake_is_found_once_and_where_it_stands(text: str, found: list[str]) -> None:
    assert codes(text) == found


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("at 0s animaze emote X wait\n", "did you mean `and wait`?"),
        ("at 0s animaze emote X say 'hi'\n", "is a `;` missing before `say`?"),
        ("at 0s animaze emote X live2d set A 1\n", "is a `;` missing before `live2d`?"),
        ("at 0s animaze emote X scene Y\n", "is a `;` missing before `scene`?"),
        ("at 0s say happy hello\n", 'what is said goes in quotes: `"hello"`'),
        ("at 0s say hello\n", 'what is said goes in quotes: `"hello"`'),
        ("at 0s say happy\n", 'what is said goes in quotes: `happy "…"`'),
        ("let e = 'hi'\nat 0s say $e\n", 'what is said goes in quotes: `"{e}"`'),
        ("at 0s live2d move P too 1 over 2s\n", "did you mean `to`?"),
        ("at 0s live2d move P to 1 over 2\n", "a time has a unit: `2s`"),
        ("at 0s say 'a' 'b'\n", "each further text wants an emotion before it: `neutral 'b'`"),
        ("at 0s emote X\n", "did you mean `animaze emote`?"),
        ("at 0s animaze set X 1\n", "`set` belongs to `live2d`: `live2d set`"),
        ("at 5s log 'a'\nat 10s log 'a'\nat 7s log 'b'\n", "this line belongs above line 2"),
        ("at 0s say 'hello' happy\n", "the emotion stands before its text: `say happy 'hello'`"),
        ("at 0s say happy 'x' over 2s\n", "a text takes as long as it needs"),
        ("at 0s animaze scene My Room\n", 'a name of several words stands in quotes: `"My Room"`'),
        ("at 0s animaze scene My Other Room\n", 'a name of several words stands in quotes: `"My Other Room"`'),
        ("at 0s animaze override Auto Blink on\n", 'write `"Auto Blink"`'),
        ("at 0s animaze override auto blink\n", 'write `"Auto Blink"`'),
        ("at 0s print hello\n", "did you mean `log`?"),
        ("at 0s sleep well\n", "did you mean `wait`?"),
        ("at 0s frobnicate it\n", "a command begins with a device, and there are `animaze`, `live2d` and `aituber`"),
        ("at 0s say 'x' -> y\n", "what can be kept comes from `animaze chat` or `animaze call`"),
    ],
)
def test_the_help_says_what_was_probably_meant(text: str, help: str) -> None:
    (finding,) = compiled(text).findings
    assert finding.help == help


def test_values_that_do_not_go_together_are_told_with_those_that_do() -> None:
    text = 'at 0s animaze override "Auto Blink" on range 3 frequency 1; animaze override "Cross Eyes" on range 1\n'
    found = compile_show(book(("a.show", text)), standard()).findings
    assert [(one.code, one.place.column, one.help) for one in found] == [
        ("E407", 40, "its numbers are: `frequency`"),
        ("E407", 94, "it has no numbers: it is only turned on or off"),
    ]


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ((Entry("Wave"), Entry("Hello")), []),
        ((Entry("Wave"), Entry("Hello", index=4)), ["E308 1:22", "E308 2:22"]),
        ((Entry("Wave", index=9), Entry("wave", index=1)), []),
        ((Entry("Hello", index=8), Entry("Wave")), ["E308 2:22"]),
        ((Entry("Hello", index=8), Entry("Wave", owner="A"), Entry("Hi", owner="A")), ["E308 1:22"]),
    ],
)
def test_an_index_is_one_of_those_the_catalogue_lists(entries: tuple[Entry, ...], found: list[str]) -> None:
    text = "at 0s animaze action 9\nat 1s animaze action 1\n"
    assert codes(text, inventories={"animaze": {"actions": entries}}) == found


def test_a_mistake_in_a_define_is_told_once_with_the_first_call_that_leads_there() -> None:
    text = "define d\n  animaze emoet x\ndefine e\n  do d\nat 0s do e\nat 1s do d\n"
    (finding,) = compiled(text).findings
    assert (finding.place.line, [place.line for place in finding.through]) == (2, [4, 5])


def test_a_mistake_that_depends_on_the_values_is_told_for_each() -> None:
    text = "define d(e)\n  say $e 'x'\nat 0s do d(happy)\nat 5s do d(hapy)\nat 9s do d(sadd)\n"
    found = compiled(text).findings
    assert [(one.code, one.place.line, [place.line for place in one.through]) for one in found] == [
        ("E306", 2, [4]),
        ("E306", 2, [5]),
    ]


def test_a_show_with_a_mistake_has_no_cue_list_and_one_with_warnings_has() -> None:
    assert compiled("at 0s animaze emoet x\n").cues is None
    warned = compiled("at 0s wait for animaze SceneChanged\n")
    assert warned.findings
    assert not has_errors(warned.findings)
    assert warned.cues is not None


# --------------------------------------------------------------------------------------------------------------- limits


def test_commands_are_counted_before_anything_is_played_out() -> None:
    text = "".join(f"define d{n}\n  do d{n + 1}\n  do d{n + 1}\n" for n in range(60))
    result = compiled(text + "define d60\n  log 'x'\nat 0s do d0\n")
    assert [one.code for one in result.findings] == ["E408"]
    assert result.count >= 2**60


def test_what_a_tower_of_defines_says_does_not_fill_the_memory() -> None:
    text = "".join(f"define d{n}\n  do d{n + 1}\n  do d{n + 1}\n" for n in range(60))
    text += "define d60\n  say 'x {j}'\nat 0s animaze chat 'x' -> j\nthen do d0\n"
    assert {code[:4] for code in codes(text)} == {"E408"}


def test_blocks_in_blocks_that_keep_answers_are_walked_once_each() -> None:
    lines = ["at 0s animaze chat 'x' -> j"]
    lines += ["  " * depth + "at 0s repeat 2 times every 1s" for depth in range(15)]
    lines[1] = "then repeat 2 times every 1s"
    text = "\n".join([*lines, "  " * 15 + "at 0s say '{j}'", "  " * 15 + "then animaze chat 'y' -> j", ""])
    assert codes(text) == []


def test_a_position_without_a_time_is_neither_first_nor_early() -> None:
    assert codes("at 5s log 'x'\nat $nope log 'y'\nthen +$nope log 'z'\n") == ["E205 2:4", "E205 3:7"]


def test_the_limits_can_be_set() -> None:
    text = "at 0s repeat 10 times every 1s\n  log 'x'\n"
    assert [one.code for one in compiled(text, most_commands=10).findings] == ["E408"]
    assert [one.code for one in compiled(text, longest_score=8 * SECOND).findings] == ["E409"]
    assert compiled(text, most_commands=11, longest_score=9 * SECOND).findings == ()


def test_doing_more_than_eighty_deep_is_refused_and_eighty_is_not() -> None:
    def nested(depth: int) -> str:
        return "".join(f"define d{n}\n  do d{n + 1}\n" for n in range(depth - 1)) + (
            f"define d{depth - 1}\n  log 'x'\nat 0s do d0\n"
        )

    assert codes(nested(80)) == []
    assert {code[:4] for code in codes(nested(81))} == {"E410"}


def test_texts_that_double_themselves_are_refused_before_they_fill_the_memory() -> None:
    text = "let a0 = 'aaaaaaaaaa'\n" + "".join(f"let a{n + 1} = '{{a{n}}}{{a{n}}}'\n" for n in range(60))
    assert [code[:4] for code in codes(text + "at 0s say '{a60}'\n")] == ["E414"]


def test_ten_thousand_constants_in_a_row_are_worked_out() -> None:
    text = "".join(f"let a{n} = $a{n + 1}\n" for n in range(10_000)) + "let a10000 = 7\nat 0s live2d set P $a0\n"
    assert values(step(text)) == ["P", 7]


# ------------------------------------------------------------------------------------------------------------ catalogue


def test_a_name_of_the_catalogue_is_found_without_case_and_sent_in_its_spelling() -> None:
    inventories = {"animaze": {"emotes": (Entry("Emote_Wave"),)}}
    assert values(step("at 0s animaze emote EMOTE_wave\n", inventories=inventories)) == ["Emote_Wave"]


def test_a_list_the_catalogue_does_not_have_is_unknown_and_not_empty() -> None:
    inventories: dict[str, Any] = {"animaze": {"emotes": (Entry("Emote_Wave"),)}}
    assert codes("at 0s animaze scene Anything\n", inventories=inventories) == []
    assert codes("at 0s animaze scene Anything\n", inventories={"animaze": {"scenes": ()}}) == ["E308 1:21"]


def test_every_value_of_a_parameter_is_held_against_its_range() -> None:
    inventories = {"live2d": {"parameters": (Entry("A", minimum=0, maximum=1), Entry("B"))}}
    text = "at 0s live2d move a from -1 to 2 B to 99 over 5s\n"
    assert codes(text, inventories=inventories) == ["E411 1:26", "E411 1:32"]


def test_an_index_must_be_in_a_list_that_knows_its_indexes() -> None:
    inventories = {"animaze": {"actions": (Entry("Wave", index=0), Entry("Bow", index=3))}}
    assert codes("at 0s animaze action 3\n", inventories=inventories) == []
    assert codes("at 0s animaze action 1\n", inventories=inventories) == ["E308 1:22"]


# --------------------------------------------------------------------------------------------------------------- memory


def test_what_is_kept_from_the_last_compile_changes_nothing_in_the_next() -> None:
    old = "let a = 1\ndefine d\n  log '{a}'\nat 0s log '{a}'\nat 1s do d\nat 2s say '{b}'\nlet b = 'x'\n"
    for new in (
        old,
        old.replace("a = 1", "a = 2"),
        old.replace("log '{a}'\nat 0s", "log 'other'\nat 0s"),
        old.replace("let b = 'x'\n", ""),
        "# moved\n" + old,
        old.replace("at 1s do d\n", ""),
        old.replace("define d\n  log", "define d\n  animaze emoet x\n  log"),
    ):
        first = compiled(old)
        tree = book(("a.show", new))
        fresh, again = compile_show(tree, STAGE), compile_show(tree, STAGE, None, first.memory)
        assert (again.cues, again.findings, again.count) == (fresh.cues, fresh.findings, fresh.count)
        third = compile_show(tree, STAGE, None, again.memory)
        assert (third.cues, third.findings) == (fresh.cues, fresh.findings)


def test_the_same_line_in_several_places_is_remembered_in_each() -> None:
    cue = book(("a.show", "at 1s log 'x'\n")).sources["a.show"].script.items[0]
    whole = book(("a.show", "at 1s log 'x'\nat 1s log 'x'\n"))
    source = whole.sources["a.show"]
    script = replace(source.script, items=(cue, replace(cue, line=2), replace(cue, line=3)))
    tree = replace(whole, sources={"a.show": replace(source, script=script)})
    first = compile_show(tree, STAGE)
    again = compile_show(tree, STAGE, None, first.memory)
    assert first.cues is not None
    assert again.cues is not None
    old, new = (one.segments[0].tracks[0].body.cues for one in (first.cues, again.cues))
    assert [one.line for one in new] == [1, 2, 3]
    assert all(a is b for a, b in zip(old, new, strict=True))


def test_a_cue_that_did_not_change_is_the_same_object_after_the_next_compile() -> None:
    tree = book(("a.show", "let a = 1\nat 0s log '{a}'\nat 1s log 'x'\n"))
    first = compile_show(tree, STAGE)
    again = compile_show(tree, STAGE, None, first.memory)
    assert first.cues is not None
    assert again.cues is not None
    old, new = (one.segments[0].tracks[0].body.cues for one in (first.cues, again.cues))
    assert all(a is b for a, b in zip(old, new, strict=True))


def test_another_stage_or_catalogue_forgets_what_was_kept() -> None:
    tree = book(("a.show", "at 0s animaze emote Wave\n"))
    first = compile_show(tree, STAGE)
    again = compile_show(tree, STAGE, {"animaze": {"emotes": ()}}, first.memory)
    assert [one.code for one in again.findings] == ["E308"]


def test_a_compile_for_once_remembers_nothing() -> None:
    tree = book(("a.show", "at 0s log 'x'\n"))
    assert compile_show(tree, STAGE, once=True).memory.tracks == {}


def test_a_command_that_stands_in_a_show_again_is_one_object_and_depends_on_nothing_around_it() -> None:
    text = "let t = 'b'\ndefine d(t)\n  say 'a {t}'\nat 1s say 'a {t}'\nat 2s say 'a'\nat 3s say 'a'\nat 9s do d(c)\n"
    made = compiled(text).cues
    assert made is not None
    one, two, three, four = made.segments[0].tracks[0].body.cues
    assert isinstance(four.steps[0], cues.Call)
    sent = [cue.steps[0] for cue in (one, two, three, four.steps[0].tracks[0].body.cues[0])]
    assert [step.command.arguments[0].value for step in sent if isinstance(step, cues.Send)] == ["a b", "a", "a", "a c"]
    assert sent[1] is sent[2]


LINES = (
    "animaze emote Wave", "say 'hello there'", "live2d set P 1 for 2s", "live2d move P to 2 over 3s", "wait 300ms",
    "live2d release", "hold", "log '{j}'", "animaze chat 'x' -> j", "animaze camera fov 3 over 2s", "log '{a}'",
    "animaze camera fov 3", "do d", "do h", "animaze echo 'a few words'", "animaze emoet X", "live2d set $a 1",
)  # fmt: skip
POSITIONS = ("at {}s", "at {}s", "at {}s", "at {}s", "then", "then +1s", "at +2s", "then at {}s")


@st.composite
def cue_lines(draw: st.DrawFn) -> str:
    """Draw a cue; `{}` is its place."""
    position = draw(st.sampled_from(POSITIONS))
    return f"{position}  {'; '.join(draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=3)))}"


@settings(deadline=None, max_examples=40)
@given(
    rows=st.lists(cue_lines(), min_size=1, max_size=12),
    edits=st.lists(st.tuples(st.integers(0, 300), st.sampled_from(("change", "add", "drop")), cue_lines()), max_size=4),
    times=st.integers(1, 25),
)
def test_a_changed_list_is_what_it_would_be_compiled_anew(
    rows: list[str], edits: list[tuple[int, str, str]], times: int
) -> None:
    reader, memory = ScriptReader(), None
    head = "let a = 'P'\ndefine d\n  say 'done'\ndefine h\n  hold\nat 0s log 'x'\n"
    lines = [row.replace("{}s", f"{place}s", 1) for place, row in enumerate(rows * times)]
    for where, how, row in [(0, "none", ""), *edits]:
        place = where % (len(lines) + 1)
        written = row.replace("{}s", f"{place}s", 1)
        if how == "add":
            lines.insert(place, written)
        elif how != "none":
            lines[place : place + 1] = [written] if how == "change" else []
        text = head + "\n".join(lines) + "\n"
        source = nodes.Source("a.show", text, reader.read(text, "a.show").script)
        tree = nodes.Book("a.show", {"a.show": source}, {}, "")
        fresh, again = compile_show(tree, STAGE), compile_show(tree, STAGE, None, memory)
        single = compile_show(tree, STAGE, once=True)
        assert again.findings == fresh.findings == single.findings
        assert (single.cues, single.count, single.length) == (fresh.cues, fresh.count, fresh.length)
        assert (again.cues, again.count, again.length) == (fresh.cues, fresh.count, fresh.length)
        memory = again.memory

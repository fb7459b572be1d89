# ruff: noqa: RUF001 - the odd characters are the subject here
"""The reader: what lines mean, how blocks are put together, what is said of slips, and what is remembered.

`language/slips.txt` holds one slip after another with the exact words they get; `SHOWRUNNER_UPDATE=1` writes them anew.
"""

import os
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from showrunner.diagnostics import codes
from showrunner.diagnostics.diagnostic import Span
from showrunner.show.book import read as read_book
from showrunner.show.stage import standard
from showrunner.syntax.nodes import (
    AndMeanwhile,
    AndWait,
    Clock,
    Cue,
    Define,
    DeviceCommand,
    Do,
    Duration,
    Else,
    Hold,
    Hush,
    Include,
    Insert,
    JsonArray,
    JsonLiteral,
    JsonObject,
    Keep,
    Let,
    Log,
    Number,
    Repeat,
    Retry,
    Segment,
    Show,
    Stop,
    String,
    Track,
    Variable,
    Wait,
    WaitFor,
    Within,
    Word,
)
from showrunner.syntax.parser import ScriptReader, parse
from showrunner.syntax.reading.memory import Limits
from showrunner.syntax.slips import explain
from showrunner.syntax.slips.explain import Look
from showrunner.timeline.compiler import compile_show

SLIPS = Path(__file__).parent / "language" / "slips.txt"
CASES = SLIPS.read_text(encoding="utf-8").rstrip("\n").split("\n====\n")
OWN_CODES = [code for code in codes.names() if code.startswith("E1")]
SMALL = {
    "E190": Limits(file=100),
    "E191": Limits(depth=2),
    "E192": Limits(depth=3),
    "E193": Limits(row=60),
    "E194": Limits(slips=0),
}


def items(text):
    parsed = parse(text, "a.show")
    assert parsed.findings == ()
    return [placed.node for placed in parsed.script.items]


def item(text):
    (found,) = items(text)
    return found


def command(text):
    (found,) = item(f"at 0s {text}").commands
    return found


def said(text, limits=None):
    return [(finding.code, finding.place.line) for finding in ScriptReader(limits).read(text, "a.show").findings]


# ------------------------------------------------------------------------------------------------------ what lines mean


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        ("00:05", 5_000_000),
        ("0:05", 5_000_000),
        ("20:00", 1_200_000_000),
        ("01:00:00", 3_600_000_000),
        ("00:00.001", 1_000),
        ("1.001s", 1_001_000),
        ("0.29s", 290_000),
        ("250ms", 250_000),
        ("1.5m", 90_000_000),
        ("1m30s", 90_000_000),
        ("1h2m3s4ms", 3_723_004_000),
        ("1m0.5s", 60_500_000),
        ("0s", 0),
    ],
)
def test_a_time_is_read_exactly_as_microseconds(written, micros):
    time = item(f"at {written} stop").position.at
    assert isinstance(time, Clock if ":" in written else Duration)
    assert (time.micros, time.source) == (micros, written)


@pytest.mark.parametrize(
    ("written", "shape"),
    [
        ("at 5s", (False, 5_000_000, None)),
        ("at +2s", (False, None, 2_000_000)),
        ("at + 2s", (False, None, 2_000_000)),
        ("then", (True, None, None)),
        ("then +00:02", (True, None, 2_000_000)),
        ("then at 40s", (True, 40_000_000, None)),
    ],
)
def test_a_position_says_whether_it_waits_and_what_time_it_means(written, shape):
    position = item(f"{written} stop").position
    micros = [time and time.micros for time in (position.at, position.plus)]
    assert (position.then, *micros) == shape
    assert position.span.length == len(written)


@pytest.mark.parametrize(("written", "value"), [("-3", -3), ("0.25", 0.25), ("10", 10), ("-0", 0), ("007", 7)])
def test_a_number_is_whole_unless_a_point_is_written(written, value):
    number = command(f"live2d set P {written}").arguments[1]
    assert isinstance(number, Number)
    assert (number.value, type(number.value), number.source) == (value, type(value), written)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("''", ()),
        ('"it\'s"', ("it's",)),
        (r'"a\n\t\\\"\'"', ("a\n\t\\\"'",)),
        (r'"\u{1F600}"', ("\U0001f600",)),
        ('"{{x}}"', ("{x}",)),
        ('"a{b}c"', ("a", "b", "c")),
        ('"{a}{b}"', ("a", "b")),
        ("'{{{a}}}'", ("{", "a", "}")),
        ('"# no comment; no end"', ("# no comment; no end",)),
    ],
)
def test_a_string_is_text_and_inserts(written, parts):
    (string,) = command(f"say {written}").arguments
    assert isinstance(string, String)
    assert tuple(part.name if isinstance(part, Insert) else part for part in string.parts) == parts
    assert string.source == written


def test_an_insert_knows_its_place_in_the_line():
    (string,) = command('say "hi {name}"').arguments
    assert (string.parts[1].span.column, string.parts[1].span.length) == (15, 6)


def test_a_device_command_has_arguments_then_modifiers():
    made = command('animaze chat "x" for 2s -> joke or "y" and wait within $t retry 2 else hold')
    assert (made.device.text, made.verb.text, made.short) == ("animaze", "chat", False)
    assert [type(argument) for argument in made.arguments] == [String, Word, Duration]
    keep, wait, within, retry, policy = made.modifiers
    assert isinstance(keep, Keep)
    assert (keep.name, keep.default.parts) == ("joke", ("y",))
    assert isinstance(wait, AndWait)
    assert isinstance(within, Within)
    assert within.time.name == "t"
    assert isinstance(retry, Retry)
    assert retry.count.value == 2
    assert isinstance(policy, Else)
    assert policy.policy == "hold"
    assert made.source.endswith("else hold")
    assert made.span.length == len(made.source)


def test_say_alone_names_no_device():
    made = command('say happy "hi" sad "bye"')
    assert (made.device.text, made.verb.text, made.short) == ("", "say", True)
    assert made.device.span == made.verb.span
    assert command('mika say "hi"').short is False


def test_a_word_may_hold_dots_dashes_and_signs_and_ends_before_an_arrow():
    made = command("animaze emote @Kentax-Red.2->answer")
    assert made.arguments[0].text == "@Kentax-Red.2"
    assert made.modifiers[0].name == "answer"
    assert command("animaze emote 笑顔").arguments[0].text == "笑顔"


def test_json_stands_after_call_and_may_span_lines():
    made = command('animaze call X {\n  "a": [1, 2.5, true, null, $n],  # why\n\n  "b": {}\n} for 1s and wait')
    name, value, word, time = made.arguments
    assert (name.text, word.text, time.micros) == ("X", "for", 1_000_000)
    assert isinstance(value, JsonObject)
    (key, array), (other, empty) = value.members
    assert key.parts == ("a",)
    assert isinstance(array, JsonArray)
    assert [type(part) for part in array.items] == [JsonLiteral] * 4 + [Variable]
    assert [part.value for part in array.items[:4]] == [1, 2.5, True, None]
    assert (other.parts, empty.members, other.span.line) == (("b",), (), 3)


def test_a_text_goes_on_below_and_every_insert_keeps_its_place():
    made = command("""say "I say" # why

           # and
        'you, "{who}",'
      "{what.kind}" sad "Bye." and wait""")
    text, mood, bye = made.arguments
    assert text.parts == ('I say you, "', Insert("who", Span(3, 16, 5)), '", ', Insert("what", Span(4, 8, 11), "kind"))
    assert text.source == r'"I say you, \"{who}\", {what.kind}"'
    assert (text.span, mood.span, bye.parts) == (Span(0, 11, 7), Span(4, 21, 3), ("Bye.",))
    assert made.source == rf'say {text.source} sad "Bye." and wait'


@pytest.mark.parametrize(
    "written",
    [
        'say "a"\n"b"',  # no deeper
        'say "a"\nb "c"',
        'animaze chat b\n  "c"',  # the line above ends in no text
        'wait 2s\n  "c"',
        "wait for button a\n  or b",
    ],
)
def test_what_does_not_go_on_is_no_part_of_the_line_above(written):
    assert said(f"at 1s {written}")


def test_quotes_of_other_languages_are_told_once_where_a_text_goes_on():
    assert said("at 1s say “a”\n  “b”\n  'c'") == [("E121", 1)]
    assert said("at 1s say 「a」\n  「b」") == [("E121", 1)]


def test_a_thousand_lines_of_one_text_are_read_in_one_go():
    lines = "\n".join(f'  "{number}"' for number in range(1_000))
    assert command(f'log "so"\n{lines}').message.parts == ("so " + " ".join(map(str, range(1_000))),)


@pytest.mark.parametrize(
    ("written", "text"), [(r'"\/\b\f\r"', "/\b\f\r"), (r'"\u0041"', "A"), (r'"\ud83d\ude00"', "\U0001f600")]
)
def test_json_has_its_own_escapes_too(written, text):
    assert command(f"animaze call X [{written}]").arguments[1].items[0].parts == (text,)


def test_the_built_in_commands_are_read():
    assert command("wait 700ms").time.micros == 700_000
    assert isinstance(command("wait $t"), Wait)
    event = command("wait for animaze AvatarChanged within 5s")
    assert isinstance(event, WaitFor)
    (told,) = event.events
    assert (told.kind, told.device.text, [word.text for word in told.words]) == ("device", "animaze", ["AvatarChanged"])
    assert [command(f"wait for {kind} x").events[0].kind for kind in ("cue", "button")] == ["cue", "button"]
    several = command("wait for button yes or no or cue x").events
    assert [(one.kind, one.words[0].text) for one in several] == [("button", "yes"), ("button", "no"), ("cue", "x")]
    assert isinstance(command("hush"), Hush)
    hold = command('hold "ready?" within 9s')
    assert isinstance(hold, Hold)
    assert hold.label.parts == ("ready?",)
    assert command("hold").label is None
    assert isinstance(command('log "x"'), Log)
    assert isinstance(command("stop"), Stop)
    played = command('do wave(1, "x", $y, 2s, happy,)')
    assert isinstance(played, Do)
    assert [type(value) for value in played.arguments] == [Number, String, Variable, Duration, Word]
    assert command("do wave").arguments == command("do wave()").arguments == ()


def test_the_lines_at_the_top_are_read():
    text = 'show "T"\nlet a = happy\ninclude "b.show"\ndefine w(x, y,)\n  stop\nsegment s "S" at most 2m at least 1m\n'
    title, let, include, define, segment = items(text)
    assert isinstance(title, Show)
    assert isinstance(let, Let)
    assert (let.name, let.value.text) == ("a", "happy")
    assert isinstance(include, Include)
    assert include.path.parts == ("b.show",)
    assert isinstance(define, Define)
    assert [word.text for word in define.parameters] == ["x", "y"]
    assert isinstance(segment, Segment)
    assert (segment.at_least.micros, segment.at_most.micros, segment.items) == (60_000_000, 120_000_000, ())


def test_a_name_is_a_word_or_a_string():
    assert item('cue "my cue" at 0s stop').name == "my cue"
    assert item("cue joke then stop").name == "joke"


# --------------------------------------------------------------------------------------------------------------- blocks


def test_the_commands_of_a_cue_stand_on_its_line_or_below_it_or_both():
    cue = item("at 0s stop; stop;\n  stop\n\n  # why\n  stop; stop\n")
    assert [step.span.line for step in cue.commands] == [0, 0, 1, 4, 4]
    assert len(item("at 0s\n  stop").commands) == 1


def test_lines_count_from_the_statement_around_them():
    text = "\nsegment a\n\n  track b\n\n    at 0s stop\n    at 1s repeat every 1s\n\n      at 0s stop\n"
    (placed,) = parse(text, "a").script.items
    (track,) = placed.node.items
    first, second = track.node.cues
    (inner,) = second.node.commands[0].body.cues
    assert [placed.line, track.line, first.line, second.line, inner.line] == [2, 2, 2, 3, 2]
    assert isinstance(track.node, Track)


def test_a_body_of_plain_commands_is_one_implied_cue_at_its_first_line():
    repeat = item("at 0s repeat 2 times every 1s\n\n  stop\n  stop").commands[0]
    assert isinstance(repeat, Repeat)
    (placed,) = repeat.body.cues
    cue = placed.node
    assert (placed.line, cue.implied, cue.position.at.micros) == (2, True, 0)
    assert [step.span.line for step in cue.commands] == [0, 1]


def test_a_meanwhile_owns_the_block_below_its_line():
    cue = item('at 0s stop; say "x" and meanwhile within 5s\n  at 1s stop\n')
    meanwhile = cue.commands[1].modifiers[0]
    assert isinstance(meanwhile, AndMeanwhile)
    assert len(meanwhile.body.cues) == 1


def test_a_meanwhile_below_a_cue_owns_a_block_of_its_own():
    cue = item('at 0s\n  say "x" and meanwhile\n    at 1s stop\n  stop\n')
    assert [type(step) for step in cue.commands] == [DeviceCommand, Stop]
    assert cue.commands[0].modifiers[0].body.cues[0].line == 2


def test_windows_line_ends_a_byte_order_mark_and_a_missing_last_line_end_change_nothing():
    text = "segment a\n  at 0s stop\n"
    plain = parse(text, "a").script
    assert parse("\ufeff" + text.replace("\n", "\r\n"), "a").script == plain
    assert parse(text.rstrip("\n"), "a").script == plain


def test_only_lf_and_crlf_end_a_line():
    parsed = parse('at 0s say "a\u2028b\x85"; stop\nat 1s stpo\n', "a")
    assert [finding.place.line for finding in parsed.findings] == [1, 2]
    assert said('at 0s say "a\u2028b"\nat 1s stop now') == [("E133", 2)]


def test_columns_count_code_points_and_a_tab_is_one():
    (finding,) = parse('segment a\n\tat 0s say "😀"; stop now\n', "a").findings
    assert (finding.place.column, finding.place.length) == (22, 3)


def test_an_empty_file_is_an_empty_script():
    for text in ("", "\n", "# only a comment", "\ufeff", "   \n\t\n"):
        assert items(text) == []


# ---------------------------------------------------------------------------------------------------------------- slips


def told(text):
    out = []
    for finding in parse(text, "f").findings:
        place = finding.place
        out.append(f"> {finding.code} {place.line}:{place.column}+{place.length} {finding.message}")
        if finding.help:
            out.append(f">   help: {finding.help}")
        if finding.fix:
            out.append(f">   mended: {mended(text, finding.fix).split(chr(10))[finding.fix.place.line - 1]}")
    return out or ["> nothing"]


def mended(text, fix):
    lines = text.split("\n")
    line = lines[fix.place.line - 1]
    start = fix.place.column - 1
    lines[fix.place.line - 1] = line[:start] + fix.text + line[start + fix.place.length :]
    return "\n".join(lines)


def script(case):
    return "\n".join(line for line in case.split("\n") if not line.startswith("> "))


@pytest.mark.parametrize("case", CASES, ids=[script(case).replace("\n", " / ") for case in CASES])
def test_a_slip_gets_exactly_these_words(case):
    if os.environ.get("SHOWRUNNER_UPDATE"):
        whole = SLIPS.read_text(encoding="utf-8")
        new = "\n".join([script(case), *told(script(case))])
        old = f"\n====\n{whole.rstrip(chr(10))}\n====\n".replace(f"\n====\n{case}\n====\n", f"\n====\n{new}\n====\n")
        SLIPS.write_text(old.removeprefix("\n====\n").removesuffix("\n====\n") + "\n", encoding="utf-8", newline="\n")
        case = new
    assert case.split("\n") == [*script(case).split("\n"), *told(script(case))]


@pytest.mark.parametrize("case", CASES, ids=[script(case).replace("\n", " / ") for case in CASES])
def test_the_correction_that_is_offered_mends_the_slip(case):
    text = script(case)
    for finding in parse(text, "f").findings:
        if finding.fix:
            left = parse(mended(text, finding.fix), "f").findings
            assert (finding.code, finding.place) not in [(other.code, other.place) for other in left]


def known_to(looks, text):
    """Give for each place in a text where reading stopped what each look says of it."""
    places = []
    noted = Look(places.append, "")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(explain, "LOOKS", (noted, *looks))
        parse(text, "f")
    return [[look.ask(place) for look in looks] for place in places]


def test_every_look_is_the_first_to_know_some_slip_and_says_why_it_is_asked_before_those_below():
    *looks, last = explain.LOOKS
    first, contested = set(), set()
    for said in [said for case in CASES for said in known_to(explain.LOOKS, script(case))]:
        *known, _ = said
        answers = [(look, slip) for look, slip in zip(looks, known, strict=True) if slip is not None]
        look, slip = answers[0] if answers else (last, None)
        first.add(look)
        if any(other != slip for _, other in answers):
            contested.add(look)
    assert [look.ask.__name__ for look in explain.LOOKS if look not in first] == []
    assert {look for look in looks if look.why == explain.ALONE} == {*looks} - contested


@pytest.mark.parametrize("code", OWN_CODES)
def test_the_wrong_example_of_a_page_gets_its_code_and_the_right_one_none(code, tmp_path, monkeypatch):
    page = codes.page(code)
    assert [finding.code for finding in ScriptReader(SMALL.get(code)).read(page.wrong, "f").findings] == [code]
    monkeypatch.chdir(tmp_path)
    Path("f.show").write_text(page.right, encoding="utf-8")
    for half in ("first", "second"):
        Path(f"{half}-half.show").write_text(f"segment {half}\n  at 0s stop\n", encoding="utf-8")
    reading = read_book("f.show")
    made = compile_show(reading.book, standard())
    assert [finding for finding in (*reading.findings, *made.findings) if finding.severity == "error"] == []


def test_ten_slips_are_ten_findings_each_on_its_line():
    lines = [
        "let a",
        "let b = 5 s",
        "at 5 stop",
        "at 6s",
        "at 7s say “x”",
        "at 8s stop now",
        "at 9s animaze scene A!",
        "at 10s say 'x",
        "at 11s repeat 3 every 2s",
        "att 12s stop",
    ]
    codes_ = ["E147", "E104", "E101", "E165", "E121", "E133", "E130", "E120", "E146", "E160"]
    assert said("\n".join(lines)) == list(zip(codes_, range(1, 11), strict=True))


def test_a_line_with_a_slip_gets_no_other_finding():
    assert said("segment a\n  let b =\n  at 1s stop\n    at x stop\n") == [("E147", 2), ("E110", 4)]
    assert said("  let b =\n") == [("E147", 1)]
    assert said("  let b = 5s\n") == [("E163", 1)]


def test_what_a_bad_line_would_have_bound_counts_as_bound():
    text = 'let a =\ndefine wave(\n  stop\ncue "my joke" at x stop\nat 1s animaze chat "x" within -> answer\n'
    assert parse(text, "a").script.bound >= {"a", "wave", "my joke", "answer"}


def test_a_cue_with_a_slip_keeps_its_time():
    cues = [placed.node for placed in parse("at 5s stop now\nthen stop\n", "a").script.items]
    assert [cue.position.at and cue.position.at.micros for cue in cues] == [5_000_000, None]


def test_reading_goes_on_below_an_unclosed_bracket():
    assert said('at 0s animaze call X {"a": 1\nat 1s stop now\n') == [("E154", 1), ("E133", 2)]


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\x85", "\u202e", "\u2066", "\ud800", "\r"])
def test_a_character_nobody_can_see_is_a_finding_wherever_it_stands(letter):
    for text in (f'at 0s say "a{letter}b"', f"at 0s stop # {letter}", f"# {letter}", f"at 0s {letter}stop"):
        assert said(text) == [("E128", 1)]


def test_mixed_indentation_is_one_finding():
    assert said("segment a\n  at 0s stop\n\tat 1s stop\n\tat 2s stop\n") == [("E162", 3)]
    assert said("segment a\n\tat 0s stop\nsegment b\n  at 0s stop\n") == []
    assert said("segment a\n  at 0s\n  \tstop\n") == [("E162", 3)]


def test_what_is_nested_too_deep_is_refused_before_it_is_walked():
    deep = "".join(f"{' ' * n}at 0s repeat every 1s\n" for n in range(3_000)) + " " * 3_000 + "at 0s stop"
    assert [code for code, _ in said(deep)] == ["E191"]
    assert said(f"at 0s animaze call X {'[' * 100_000}{']' * 100_000}") == [("E192", 1)]
    assert [code for code, _ in said("at 0s animaze call X " + "[" * 51 + "]" * 51)] == ["E192"]
    assert said("at 0s animaze call X " + "[" * 50 + "]" * 50) == []


def test_what_is_too_long_is_refused():
    assert said("#" * 101, Limits(file=100)) == [("E190", 1)]
    assert said("at 0s " + "stop;" * 30, Limits(row=100)) == [("E193", 1)]


def test_after_a_thousand_mistakes_the_rest_is_not_read():
    found = said("at 1 stop\nat 2s stop now\n" * 600)
    assert len(found) == 1_001
    assert found[-1] == ("E194", 1_001)
    assert said("at 1 stop\n  stop\n" * 6, Limits(slips=3)) == [("E101", 1), ("E101", 3), ("E101", 5), ("E194", 7)]


@pytest.mark.parametrize(
    "row",
    [
        "at 0s " + "x" * 300_000 + "!",
        "at 0s " + "x" * 300_000 + " !",
        "at " + "1" * 300_000,
        "1" * 300_000 + "!",
        "at 0s log x" + " " * 300_000 + "!",
        "cue x y" + " " * 300_000 + "!",
        "at 0s say " + '"' * 300_001,
        "at 0s say " + "'x" * 150_001,
        "at 0s ! " + '"" ０ ' * 60_000,
        "at 0s animaze call X {" + '"a",' * 80_000,
        "at 0s do wave(" + "1," * 150_000 + "(",
        "let x = " + "a " * 150_000,
        'at 0s say "' + "{" * 300_000,
        'at 0s say "' + "\\" * 300_001,
        "-> " * 100_000,
    ],
    ids=lambda row: row[:12] + "…" + row[-4:],
)
def test_a_very_long_row_with_a_slip_is_one_finding_like_any_other(row):
    assert [line for _, line in said(row)] == [1]


ODD = st.text(
    st.sampled_from(list("at 05s:;,.+-{}[]()\"'#$\\=>_@é「」“：０　\t\n\r\x00\u202e\ud800")) | st.characters(),
    max_size=80,
)
SHARDS = st.lists(
    st.sampled_from(
        [
            *("at", "then", "cue", "track", "segment", "define", "let", "show", "include", "repeat", "every", "times"),
            *(
                "wait",
                "for",
                "hold",
                "log",
                "stop",
                "say",
                "do",
                "and",
                "meanwhile",
                "within",
                "retry",
                "else",
                "->",
                "or",
            ),
            *(
                "5s",
                "00:05",
                "5",
                "1,5s",
                "$x",
                "$",
                '"a"',
                "'b",
                '"{x}"',
                "animaze",
                "call",
                "X",
                "{",
                "}",
                "[",
                "]",
                ":",
            ),
            *("(", ")", ",", ";", "=", "+", "\n", "\n  ", "\n    ", "\n\t", "#", "“", "→", "att", "5sec"),
        ]
    ),
    max_size=25,
).map(" ".join)


@given(ODD | SHARDS)
@settings(max_examples=400, deadline=None)
def test_no_text_however_odd_breaks_the_reader_and_every_finding_lies_in_the_file(text):
    parsed = parse(text, "f")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for finding in parsed.findings:
        assert finding.code in OWN_CODES
        for place in [finding.place, *([finding.fix.place] if finding.fix else [])]:
            assert 1 <= place.line <= len(lines)
            assert 1 <= place.column <= len(lines[place.line - 1]) + 1
            assert place.column + place.length <= len(lines[place.line - 1]) + 2
    assert len({(finding.place.line, finding.code) for finding in parsed.findings}) == len(parsed.findings)


# --------------------------------------------------------------------------------------------------------------- memory


def cues(parsed):
    return [placed.node for placed in parsed.script.items[0].node.items]


def shows(count):
    return ["segment a", *(f"  at {n}s say 'line {n}'" for n in range(count))]


def test_a_cue_that_was_only_moved_is_the_same_object():
    reader = ScriptReader()
    lines = shows(30)
    lines[10] += "\n    stop; stop\n    animaze call X {\n      }"
    before = cues(reader.read("\n".join(lines), "a"))
    lines.insert(5, "  at 3500ms stop")
    after = cues(reader.read("\n".join(lines), "a"))
    assert [node for node in after if not any(node is old for old in before)] == [after[4]]
    assert len(after) == len(before) + 1


def test_what_is_remembered_never_changes_what_is_read():
    reader = ScriptReader()
    lines = [*shows(10), "define w", "  at 0s repeat every 1s", "    stop now", "  at 1s stop"]
    for place, new in [
        (3, "  at x"),
        (3, "  at 2s stop"),
        (13, "    stop"),
        (2, "\t\tat 1s"),
        (0, "segmnt a"),
        (0, "segment a"),
    ]:
        lines[place] = new
        text = "\n".join(lines)
        again, fresh = reader.read(text, "a"), parse(text, "a")
        assert again == fresh


def test_memory_does_not_grow_with_every_edit():
    reader = ScriptReader()
    for turn in range(200):
        reader.read("\n".join([*shows(20), f"  at 99s say '{turn} {'x' * 2_000}'"]), "a")
    memory = reader._memory
    assert len(memory.rows) < 100
    assert len(memory.phrases) < 100
    reader.read("at 0s stop", "a")
    assert memory.chunks == {}


def spans_forgotten(node):
    """The same tree without its places and spellings."""
    if is_dataclass(node):
        kept = {f.name: spans_forgotten(getattr(node, f.name)) for f in fields(node)}
        return type(node).__name__, {
            name: value for name, value in kept.items() if name not in {"line", "source"} and "span" not in name
        }
    if isinstance(node, tuple):
        return [spans_forgotten(part) for part in node]
    return node


def test_one_cue_means_the_same_wherever_it_stands():
    one, two = item("at 0s stop"), items("\n\nat 0s   stop")[0]
    assert isinstance(one, Cue)
    assert spans_forgotten(one) == spans_forgotten(two)
    assert one != replace(one, name="x")

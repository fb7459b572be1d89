"""Times and numbers: what is none, and what it should have been; and where one is missing."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import Sentence, sentence
from showrunner.diagnostics.wording import nearest, shortened
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import NAME, Halt
from showrunner.times import SCALE, Fault, as_clock

_ALIASES = {
    "h": "h hr hrs hour hours std 時間",
    "m": "m min mins minute minutes 分 分間",
    "s": "s sec secs second seconds sek 秒 秒間",
    "ms": "ms msec msecs millis millisecond milliseconds ミリ秒",
    "beats": "beats beat bt schläge schlag 拍",
    "bars": "bars bar measure measures takt takte 小節",
}
_UNIT = {alias: unit for unit, aliases in _ALIASES.items() for alias in aliases.split()}
_BY_CHANCE = frozenset({"random", "rand", "randomly", "about", "around"})
_MEASURES = ("deg", "degree", "degrees", "°", "px", "%", "x", "fps", "k")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_FIELDS = re.compile(r"([0-9]+(?:\.[0-9]+)?)([^\W\d_]+|%|°)")
_CLOCK = re.compile(r"[0-9]+(?::[0-9]*)+(?:\.[0-9]*)?")
_DURATION = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|[hms]))+")
_APART = re.compile(r"[ \t]+([^\W\d_]+)")
_UNTIL = re.compile(r"until[ \t]+([0-9][0-9:.hms]*)")
_HALF_DAY = re.compile(r"(1[0-2]|0?[1-9])(?:[:.]([0-5][0-9]))?[ \t]*([ap])m(?!\w)", re.IGNORECASE)
_OF_DAY = sentence("as in `wait for time 20:00` or `wait for time 20:00:30`")
_HEARD = sentence("as in `when time 20:00` or `when time every 1h`")
_TIMES = sentence("a time looks like `5s`, `1m30s`, `250ms` or `00:05`")


def unit(written: str) -> str | None:
    """Give the unit of time, or of music, that a word stands for; None: it is none."""
    return _UNIT.get(written.lower())


def number(halt: Halt) -> Slip | None:
    """Name what is wrong with a time or a number."""
    start, written = halt.glued
    if halt.last == "+" and written.startswith("+"):
        start, written = start + 1, written[1:]
    end = start + len(written)
    if not re.match(r"[-+.,]*[0-9]", written) or "->" in halt.text[halt.at : end]:
        return None
    timed = halt.time_wanted or halt.last == "then"

    def say(
        code: str, message: Sentence, advice: Sentence | None = None, fix: str | None = None, to: int = end
    ) -> Slip:
        return halt.slip(code, message, advice, fix, start, to)

    if re.fullmatch(r"[0-9]{10,}[^:]*", written) and (timed or len(written) > 15):
        return say(
            "E112",
            sentence("`{written}` is too long a number", shortened(written)),
            sentence("a time has at most nine digits before its unit")
            if timed
            else sentence("a number has at most fifteen digits"),
        )
    if timed and written.endswith(":") and re.fullmatch(r"[0-9][0-9.]*[:hms][0-9:.hms]*(?<!:)", written[:-1]):
        return say(
            "E129",
            sentence("a `:` has no place after a time"),
            sentence("take the `:` away: `{written}`", written[:-1]),
            written[:-1],
        )
    if timed and _PLAIN.fullmatch(written):
        return _without_unit(halt, start, end, written)
    if re.fullmatch(r"-?[0-9]+(?::[0-9]{2})*,[0-9]+(?:[^\W\d_]*)", written) and "(" not in halt.prior:
        better, grouped = written.replace(",", "."), written.replace(",", "")
        if re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", written):
            advice = sentence("write `{better}`, or `{grouped}` if that many are meant", better, grouped)
            return say("E103", sentence("`{written}` has a comma where a point belongs", written), advice)
        return say(
            "E103",
            sentence("`{written}` has a comma where a point belongs", written),
            sentence("write `{code}`", better),
            better,
        )
    if re.fullmatch(r"[-+]?\.[0-9]+(?:[^\W\d_]*)", written):
        better = written.replace(".", "0.", 1)
        return say(
            "E107", sentence("`{written}` begins with a point", written), sentence("write `{code}`", better), better
        )
    if timed and written.endswith(".") and _DURATION.fullmatch(written[:-1]):
        return say(
            "E107",
            sentence("`{written}` has a point with nothing behind it", written),
            sentence("write `{code}`", written[:-1]),
            written[:-1],
        )
    if re.fullmatch(r"[-+]?[0-9]+\.(?:[^\W\d_]*)", written):
        better = written.replace(".", "") + ("s" if timed and written.endswith(".") else "")
        return say(
            "E107",
            sentence("`{written}` has a point with nothing behind it", written),
            sentence("write `{code}`", better),
            better,
        )
    if timed and (signed := re.fullmatch(r"[-+]+([0-9].*)", written)):
        return _signed(halt, start, end, written, signed[1])
    if halt.last == "then" and "PLUS" in halt.expected and re.fullmatch(r"[0-9]{1,2}(?::[0-5][0-9]){1,2}", written):
        advice = sentence(
            "write `then at {written}` for a time on the clock, `then +{written}` for that much later", written
        )
        return say(
            "E113",
            sentence("after `then` the time `{written}` needs an `at` or a `+`", written),
            advice,
            f"at {written}",
        )
    if _CLOCK.fullmatch(written):
        return _clock(halt, start, end, written)
    if halt.last == "then" and "PLUS" in halt.expected and re.fullmatch(r"[0-9.]+(?:ms|[hms]|beats?|bars?)", written):
        return say(
            "E113",
            sentence("after `then` the time `{written}` needs a `+` or an `at`", written),
            sentence(
                "write `then +{written}` for that much later, `then at {written}` for a time on the clock", written
            ),
            f"+{written}",
        )
    if found := _units(written, timed):
        ours, unit = found
        if ours:
            return say("E102", sentence("`{unit}` is no unit of time", unit), sentence("write `{code}`", ours), ours)
        return say(
            "E102",
            sentence("`{unit}` is no unit of time", unit),
            sentence("the units are `h`, `m`, `s` and `ms`, as in `1m30s`"),
        )
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", written) and len(written) > 15:
        return say(
            "E112",
            sentence("`{written}` is too long a number", shortened(written)),
            sentence("a number has at most fifteen digits"),
        )
    measured = re.fullmatch(r"(-?[0-9]+(?:\.[0-9]+)?)([^\W\d_]+|%|°)", written)
    if measured and measured[2].lower() in _MEASURES and not timed and halt.last != "let":
        return say(
            "E114",
            sentence("`{written}` is no number: `{measured}` is too much", written, measured[2]),
            sentence("write `{code}`", measured[1]),
            measured[1],
        )
    if not timed and (plus := re.fullmatch(r"\+(-?[0-9]+(?:\.[0-9]+)?)", written)):
        return say(
            "E114",
            sentence("`{written}` is no number: its `+` is too much", written),
            sentence("write `{code}`", plus[1]),
            plus[1],
        )
    if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?", written) and not timed:
        return None  # a number as it should be, where none can stand
    if re.fullmatch(r"[-+0-9.,eE:/*^]+", written):
        if "WORD" in halt.expected or "NUMBER" in halt.expected or timed:
            return say(
                "E114",
                sentence("`{written}` is neither a number nor a time", written),
                sentence("numbers look like `10` or `-0.5`, times like `5s` or `00:05`"),
            )
        return None
    if timed and re.fullmatch(r"(?:[0-9]+h)?[0-9]+m[0-9]+", written):
        return say(
            "E102",
            sentence("`{written}` is no time: its last number has no unit", written),
            sentence("write `{written}s`", written),
            f"{written}s",
        )
    if timed:
        return say(
            "E102",
            sentence("`{written}` is no time", written),
            sentence("times look like `5s`, `1m30s`, `250ms` or `00:05`"),
        )
    return None


def _without_unit(halt: Halt, start: int, end: int, written: str) -> Slip:
    behind = _APART.match(halt.text, end, halt.end)
    if behind and (unit := _UNIT.get(behind[1].lower())):
        better = written + unit
        return halt.slip(
            "E104",
            sentence("`{one}` and `{other}` stand apart", written, behind[1]),
            sentence("write `{code}`", better),
            better,
            start,
            behind.end(),
        )
    if halt.last == "then":
        return halt.slip(
            "E113",
            sentence("after `then` the time `{written}` needs a `+` and a unit", written),
            sentence("write `then +{written}s`", written),
            f"+{written}s",
            start,
            end,
        )
    if halt.last == "offset":
        advice = sentence("write `{written}ms` for thousandths of a second, `{written}s` for seconds", written)
        said = sentence("`{written}` is a number without a unit, not a time", written)
        return halt.slip("E101", said, advice, f"{written}ms", start, end)
    advice = sentence("write `{written}s` for seconds", written)
    if "." not in written:
        clock = as_clock(int(written) * SCALE["s"])
        advice = sentence("write `{written}s` or `{clock}` for seconds, `{written}ms` for thousandths", written, clock)
    return halt.slip(
        "E101",
        sentence("`{written}` is a number without a unit, not a time", written),
        advice,
        f"{written}s",
        start,
        end,
    )


def _signed(halt: Halt, start: int, end: int, written: str, bare: str) -> Slip:
    if written.startswith("+") and not written.startswith("+-"):
        return halt.slip(
            "E111",
            sentence("`{written}` has a `+` too much", written),
            sentence("write `{code}`", bare),
            bare,
            start,
            end,
        )
    advice = sentence("a time cannot be negative; move the line up instead")
    if halt.last == "offset":
        advice = sentence("bar 1 does not come before its segment: count the bars from the first one that does")
    return halt.slip(
        "E111",
        sentence("`{written}` is a time before zero", written),
        advice,
        None,
        start,
        end,
    )


def _clock(halt: Halt, start: int, end: int, written: str) -> Slip | None:
    fields, point, fraction = written.partition(".")
    parts = fields.split(":")
    tail = point + fraction if fraction else ""
    if len(parts) > 3:
        return halt.slip(
            "E105",
            sentence("`{written}` has too many parts for a clock", written),
            sentence("a clock is `MM:SS` or `HH:MM:SS`"),
            None,
            start,
            end,
        )
    if not all(parts):
        return halt.slip(
            "E105",
            sentence("`{written}` is no clock: a part is missing", written),
            sentence("a clock is `MM:SS` or `HH:MM:SS`"),
            None,
            start,
            end,
        )
    large = next((part for part in parts[1:] if len(part) <= 2 and int(part) > 59), None)
    if large is None and len(parts[0]) <= 2 and all(len(part) == 2 for part in parts[1:]):
        return None
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part[:9])
    better = as_clock(seconds * SCALE["s"]) + tail
    if large is not None:
        return halt.slip(
            "E106",
            sentence("`{written}` has `{large}` where at most 59 can stand", written, large),
            sentence("write `{code}`", better),
            better,
            start,
            end,
        )
    if any(len(part) > 2 for part in parts[1:]):
        return halt.slip(
            "E105",
            sentence("`{written}` is no clock", written),
            sentence("a clock is `MM:SS` or `HH:MM:SS`"),
            None,
            start,
            end,
        )
    if len(parts[0]) <= 2:
        better = ":".join([parts[0], *(part.zfill(2) for part in parts[1:])]) + tail
    return halt.slip(
        "E105",
        sentence("`{written}` is no clock: each part has two digits", written),
        sentence("write `{code}`", better),
        better,
        start,
        end,
    )


def _units(written: str, timed: bool) -> tuple[str | None, str] | None:
    """Read a time with other units: the time in ours if that can be told, and the first unit that is not ours."""
    fields = _FIELDS.findall(written)
    if "".join(figure + unit for figure, unit in fields) != written:
        return None
    wrong = next((unit for _, unit in fields if unit not in SCALE), None)
    if wrong is None:
        return None
    ours = [_UNIT.get(unit.lower()) for _, unit in fields]
    if all(ours):
        return "".join(figure + (unit or "") for (figure, _), unit in zip(fields, ours, strict=True)), wrong
    if not timed:
        return None
    meant = nearest(wrong, [unit for unit in _UNIT if len(unit) > 2]) if len(wrong) > 2 else None
    return (f"{fields[0][0]}{_UNIT[meant]}" if meant and len(fields) == 1 else None), wrong


def of_day(halt: Halt) -> Slip | None:
    """What stands behind `wait for time`, and a time of the day that lacks its `time`."""
    if "TIME" in halt.expected and halt.last == "or" and _CLOCK.fullmatch(halt.lump):
        return halt.slip(
            "E148",
            sentence("`{lump}` alone is no event", halt.lump),
            sentence("write `or time {lump}`", halt.lump),
            f"time {halt.lump}",
        )
    apart = halt.prior[-2:-1] == ("time",) and halt.lump.lower() in {"am", "pm"}
    if not apart and (halt.expected != {"CLOCK", "EVERY"} or _CLOCK.fullmatch(halt.lump)):
        return None
    heard = halt.head == "when"
    if heard and _DURATION.fullmatch(halt.lump):
        better = f"every {halt.lump}"
        return halt.slip(
            "E148",
            sentence("`every` is missing before `{lump}`", halt.lump),
            sentence("write `{code}`", better),
            better,
        )
    start = halt.pieces[-1][1] if apart else halt.at
    if half := _HALF_DAY.match(halt.text, start, halt.end):
        better = f"{int(half[1]) % 12 + 12 * (half[3].lower() == 'p'):02}:{half[2] or '00'}"
        return halt.slip(
            "E148",
            sentence("`{half}` is no time of day", half[0]),
            sentence("write `{code}`", better),
            better,
            start,
            half.end(),
        )
    if halt.ends or halt.modifier:
        return halt.slip("E148", sentence("`time` is not told which"), _HEARD if heard else _OF_DAY)
    return halt.slip("E148", sentence("`{lump}` is no time of day", shortened(halt.lump)), _HEARD if heard else _OF_DAY)


def no_time_of_day(source: str, span: Span) -> Slip:
    """A clock that no day shows."""
    return Slip(
        "E106",
        span,
        sentence("`{source}` is no time of day", source),
        sentence("a day has those from `00:00` to `23:59:59`"),
    )


def apart(halt: Halt) -> Slip | None:
    """`5 s`, `1h 30m`: one time in two pieces."""
    if "WORD" in halt.expected or halt.prior[-2:-1] == ("retry",):
        return None
    if _PLAIN.fullmatch(halt.last):
        unit = _UNIT.get(halt.lump.lower())
    else:
        unit = halt.lump if _DURATION.fullmatch(halt.last) and _DURATION.fullmatch(halt.lump) else None
    if unit is None:
        return None
    start, better = halt.pieces[-1][1], halt.last + unit
    said = sentence("`{one}` and `{other}` stand apart", halt.last, halt.lump)
    return halt.slip("E104", said, sentence("write `{code}`", better), better, start, halt.at + len(halt.lump))


def in_one_piece(halt: Halt) -> tuple[str, int]:
    """Give the time that stands here, in one piece where its unit stands apart, and where it ends."""
    end = halt.at + len(halt.lump)
    behind = _APART.match(halt.text, end, halt.end)
    if behind and _PLAIN.fullmatch(halt.lump) and (unit := _UNIT.get(behind[1].lower())):
        return halt.lump + unit, behind.end()
    return halt.lump, end


def no_time(halt: Halt) -> Slip | None:
    """A time is wanted and none is there."""
    if not halt.time_wanted:
        return None
    last = halt.last if halt.last != "+" else "+ "
    asked = {
        "at": "at",
        "every": "every",
        "within": "within",
        "wait": "wait",
        "least": "at least",
        "most": "at most",
    }.get(last)
    asked = asked or ("+" if last == "+ " else halt.last)
    if halt.ends or halt.modifier or halt.text[halt.at] in "\"'":
        if asked == "wait":
            return halt.slip(
                "E110",
                sentence("`wait` is not told how long or what for"),
                sentence("as in `wait 2s` or `wait for cue hello`"),
            )
        return halt.slip("E110", sentence("a time is missing after `{asked}`", asked), _TIMES)
    lump = shortened(halt.lump)
    if "FOR" in halt.expected and halt.lump == "until" and (until := _UNTIL.match(halt.rest)) is not None:
        advice = sentence("to go on at a time, begin the next line with `then at {until}`", until[1])
        if _CLOCK.fullmatch(until[1]):
            advice += sentence("; `wait for time {until}` waits for that time of the day", until[1])
        return halt.slip("E148", sentence("`wait until {until}` has no meaning", until[1]), advice)
    if "FOR" in halt.expected and (nearest(halt.lump, ["for"]) or halt.lump == "until"):
        return halt.slip("E148", sentence("`wait {lump}` has no meaning", lump), sentence("write `wait for`"), "for")
    if asked == "at" and halt.lump in {"then", "cue", "at"}:
        return halt.slip(
            "E110",
            sentence("`at` and `{lump}` cannot stand together", lump),
            sentence("write `at 5s`, `then` or `then at 5s`"),
        )
    if asked == "at" and "LEAST" not in halt.expected and halt.lump == "+":
        return halt.slip("E110", sentence("a time is missing after `+`"), _TIMES)
    if asked == "every" and halt.lump.lower() in _BY_CHANCE:
        return halt.slip(
            "E110", sentence("`{lump}` is no time", lump), sentence("a time by chance is written `every 20s to 40s`")
        )
    if halt.lump in {"beat", "bar"}:
        better = f"1{halt.lump}"
        return halt.slip(
            "E110",
            sentence("`{lump}` is no time: how many are meant?", halt.lump),
            sentence("write `{code}`", better),
            better,
        )
    advice = (
        sentence("{times}; what `let {lump} = …` stands for is written `${lump}`", _TIMES, lump)
        if _named(halt.lump)
        else _TIMES
    )
    return halt.slip("E110", sentence("a time is missing after `{asked}`: `{lump}` is none", asked, lump), advice)


def _named(lump: str) -> bool:
    return NAME.fullmatch(lump) is not None and lump not in {*STATEMENTS, *COMMANDS, *RESERVED}


def meaningless_time(source: str, fault: Fault, span: Span) -> Slip:
    """A time that keeps to the grammar and has no meaning; ``span`` is that of its spelling."""
    part = source[fault.start : fault.end]
    here = Span(span.line, span.column + fault.start, fault.end - fault.start)
    match fault.kind:
        case "order":
            said = sentence("the unit of `{part}` cannot stand there in `{source}`", part, source)
            return Slip("E108", here, said, sentence("units go from large to small, each once: `1h2m3s4ms`"))
        case "fraction":
            said = sentence("`{part}` in `{source}` has a fraction, but is not the last part", part, source)
            return Slip("E108", here, said, sentence("only the last part may have one: `1m1.5s`"))
        case "finer":
            said = sentence("`{source}` is finer than a thousandth of a second", source)
            whole = Span(span.line, span.column, len(source))
            return Slip("E109", whole, said, sentence("the finest step is 1 ms: `0.001s` or `1ms`"))

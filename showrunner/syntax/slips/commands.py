"""Commands: what they are not told, what they are handed, and the `;` between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import times
from showrunner.syntax.slips.halt import WORD, Halt

_ARTICLES = frozenset({"the", "a", "an"})
_COUNTED = re.compile(r"(?:for[ \t]+)?(?:([0-9]{1,9})[ \t]*(?:x|times?|回)|x[ \t]*([0-9]{1,9}))(?!\w)")
_EVER = frozenset({"forever", "always", "endless", "endlessly", "infinite", "infinitely", "ずっと", "無限"})
_UNTIL = frozenset({"while", "till", "til"})


def verb(halt: Halt) -> Slip | None:
    """A device that is not told what to do."""
    if len(halt.command) != 1 or not {"WORD", "CALL"} <= halt.expected:
        return None
    device, start = halt.pieces[-1]
    advice = sentence("after a device comes what it shall do, as in `animaze emote Emote_Wave`")
    if halt.ends:
        advice = sentence("{advice}; a `define` is played with `do`", advice)
        return halt.slip(
            "E134", sentence("`{device}` is not told what to do", device), advice, None, start, start + len(device)
        )
    if device == "button":
        return halt.slip(
            "E134",
            sentence("`button` alone is no command"),
            sentence("write `wait for button {lump}`", shortened(halt.lump)),
            f"wait for button {halt.lump}",
            start,
            halt.at + len(halt.lump),
        )
    if re.fullmatch(r"[^\W\d][\w-]*\.[^\W\d][\w-]*", device) and halt.text[halt.at] in "\"'$":
        better = device.replace(".", " ")
        advice = sentence("write `{better} {lump}`", better, shortened(halt.lump))
        return halt.slip(
            "E134", sentence("`{device}` is two words", device), advice, better, start, start + len(device)
        )
    if halt.lump in RESERVED:
        return halt.slip(
            "E134", sentence("`{device}` is not told what to do before `{lump}`", device, halt.lump), advice
        )
    if halt.lump[0] in "\"'":
        advice = sentence("{advice}; what is spoken begins with `say`", advice)
    elif re.fullmatch(r"-?[0-9.]+", halt.lump):
        name = device if device[0].isupper() else "PARAM"
        advice = sentence("{advice}; a model's value is set with `live2d set {name} {lump}`", advice, name, halt.lump)
    return halt.slip(
        "E134", sentence("`{device}` is not told what to do: `{lump}` is no verb", device, shortened(halt.lump)), advice
    )


def repeat(halt: Halt) -> Slip | None:
    """`repeat` without `every` or `times`."""
    words = halt.command
    if words[:2] == ("repeat", "every") and (counted := _COUNTED.match(halt.rest)):
        number, start = counted[1] or counted[2], halt.pieces[-len(words)][1]
        better = f"repeat {number} times {' '.join(words[1:])}"
        said = sentence("how many turns there are stands before `every`")
        return halt.slip(
            "E146", said, sentence("write `{code}`", shortened(better)), better, start, halt.at + len(counted[0])
        )
    if not words or words[0] != "repeat" or not halt.expected & {"EVERY", "TIMES"}:
        return None
    advice = sentence("write `repeat every 2s`, or `repeat 3 times every 2s`")
    if len(words) == 1 and halt.lump.lower() in _EVER:
        on = sentence("it goes on to the end of its segment, or `until button NAME`")
        every = re.match(r"\S+[ \t]+every\b", halt.rest)
        said = sentence("`{lump}` is not said of a `repeat`", halt.lump)
        if every is not None:
            return halt.slip("E146", said, sentence("leave it out: {on}", on), "every", None, halt.at + len(every[0]))
        return halt.slip("E146", said, sentence("write `repeat every 2s`: {on}", on))
    if len(words) == 1 and WORD.fullmatch(halt.lump):
        meant = nearest(halt.lump, ["every"])
        return halt.slip(
            "E146",
            sentence("after `repeat` comes `every` or a number, not `{lump}`", shortened(halt.lump)),
            advice,
            meant,
        )
    if len(words) == 1 or "EVERY" not in halt.expected:
        said = (
            sentence("`times` is missing")
            if len(words) == 2
            else sentence("`repeat` is not told how often its turns come")
        )
        if len(words) == 1 and (counted := re.fullmatch(r"([0-9]{1,9})x", halt.lump)):
            return halt.slip(
                "E146", sentence("`repeat {lump}` has no meaning", halt.lump), advice, f"{counted[1]} times"
            )
        return halt.slip(
            "E146",
            said + ("" if halt.ends else sentence(" before `{lump}`", shortened(halt.lump)) if len(words) == 2 else ""),
            advice,
            f"times {halt.lump}" if len(words) == 2 and halt.lump == "every" else None,
        )
    return halt.slip(
        "E146", sentence("`repeat` is not told how often its turns come: `every` and a time are missing"), advice
    )


def until(halt: Halt) -> Slip | None:
    """An `until` that is not told what ends it, that stands before `every`, or with what it has not; a misspelt one."""
    of_segment = halt.prior[:1] == ("segment",)
    words = halt.prior if of_segment else halt.command
    if not of_segment and words[:1] != ("repeat",):
        return None
    if halt.last == "until" and "BUTTON" in halt.expected:
        return _no_end(halt, of_segment=of_segment)
    if words[-2:-1] == ("until",) and (halt.ends or halt.modifier):
        kind, start = halt.pieces[-1]
        if kind.lower() in {"go", "hold"}:
            advice = sentence("GO ends a `hold`; a button of any name ends this, as in `until button end`")
            return halt.slip("E148", sentence("no `until` is ended by GO"), advice, None, start, start + len(kind))
        if kind not in {"cue", "button", "time"} and kind.islower() and WORD.fullmatch(kind) and "." not in kind:
            advice = sentence("write `button {kind}` for a press, or the event of `{kind}` behind it", kind)
            said = sentence("`{kind}` alone is no event", kind)
            return halt.slip("E148", said, advice, f"button {kind}", start, start + len(kind))
        what = {"cue": "the cue's name", "button": "the button's name"}.get(
            kind, sentence("the event of `{kind}`", kind)
        )
        return halt.slip(
            "E148", sentence("{what} is missing", what), sentence("as in `until button end` or `until obs scene Game`")
        )
    if halt.text.startswith("->", halt.at) and "until" in words:
        advice = sentence("what comes is kept by a `wait for … -> name` or a `when … -> name`")
        return halt.slip(
            "E158" if of_segment else "E142", sentence("an `until` keeps nothing"), advice, None, halt.at, halt.at + 2
        )
    if of_segment and (halt.last, halt.lump) == ("at", "once"):
        return halt.slip(
            "E158",
            sentence("`at once` is said of a `repeat`"),
            sentence("a segment is over as soon as its event has come"),
        )
    if not of_segment and halt.lump == "until" and halt.expected & {"EVERY", "TIMES"}:
        advice = sentence("write `repeat every 2s until …`")
        return halt.slip("E146", sentence("`until` stands behind `every` and its time"), advice)
    if "UNTIL" not in halt.expected or not halt.lump:
        return None
    if halt.rest.split()[:2] == ["at", "once"]:
        return halt.slip(
            "E146",
            sentence("`at once` stands behind an `until`"),
            sentence("as in `repeat every 2s until button end at once`"),
        )
    if halt.lump.lower() in _UNTIL or nearest(halt.lump, ["until"]):
        return halt.slip(
            "E160", sentence("`{lump}` is no word of the language", halt.lump), did_you_mean("until"), "until"
        )
    return None


def _no_end(halt: Halt, *, of_segment: bool) -> Slip:
    """`until 5m`, `until 20:00`, `until`."""
    if re.match(r"[0-9$]", halt.lump):
        start = halt.pieces[-1][1]
        written, end = times.in_one_piece(halt)
        said = sentence("an `until` waits for an event, and for no length of time")
        long = f"`at most {written}`" if of_segment else sentence("a number of turns, as in `repeat 3 times every 2s`")
        if ":" in written:
            advice = sentence(
                "write `until time {written}` for that time of the day, {long} for so long", written, long
            )
            return halt.slip("E148", said, advice, None, start, end)
        return halt.slip(
            "E148", said, sentence("write {long}", long), f"at most {written}" if of_segment else None, start, end
        )
    advice = sentence("as in `until button end`, `until obs scene Game` or `until time 23:30`")
    return halt.slip("E148", sentence("`until` is not told which event"), advice)


def wait_for(halt: Halt) -> Slip | None:
    """`wait for` without what it waits for."""
    words = halt.command
    if words[:2] != ("wait", "for"):
        return None
    if len(words) > 3:
        return None
    if len(words) == 2:
        if re.match(r"[0-9$]", halt.lump):
            start = halt.pieces[-1][1]
            written, end = times.in_one_piece(halt)
            said = sentence("`wait for {lump}` has a `for` too much", halt.lump)
            if ":" in halt.lump:
                advice = sentence(
                    "write `wait {written}` for so long, `wait for time {lump}` for that time of the day",
                    written,
                    halt.lump,
                )
                return halt.slip("E148", said, advice, None, start, end)
            return halt.slip("E148", said, sentence("write `wait {written}`", written), written, start, end)
        return halt.slip(
            "E148",
            sentence("`wait for` is not told what for"),
            sentence("as in `wait for cue hello`, `wait for button raid` or `wait for animaze AvatarChanged`"),
        )
    kind, start = halt.pieces[-1]
    if kind.lower() == "go" and (halt.ends or halt.modifier):
        advice = sentence("write `hold`: it waits for GO")
        return halt.slip(
            "E148", sentence("nothing is called `go` that could be waited for"), advice, None, start, start + 2
        )
    if halt.ends or halt.modifier:
        if not kind.islower() or "." in kind:
            advice = sentence("write `wait for DEVICE {kind}`, with the device's own name", kind)
            said = sentence("it is not said which device tells of `{kind}`", kind)
            return halt.slip("E148", said, advice, None, start, start + len(kind))
        if kind in {"cue", "button"}:
            return halt.slip(
                "E148", sentence("the {kind}'s name is missing", kind), sentence("as in `wait for {kind} hello`", kind)
            )
        advice = sentence(
            "it stands behind that, as in `wait for {kind} AvatarChanged`; a press is `wait for button {kind}`", kind
        )
        return halt.slip("E148", sentence("the event of `{kind}` is missing", kind), advice)
    return None


def article(word: str, behind: Sequence[str], span: Span) -> Slip | None:
    """`wait for the button raid`, `when wait for button raid`: read as a device `the`, `wait`."""
    words = list(behind)
    if (word, words[:1]) == ("wait", ["for"]):
        words, word = words[1:], "wait for"
    elif word.lower() not in _ARTICLES:
        return None
    if not words or words[0] not in {"cue", "button"}:
        return None
    better = " ".join(words)
    said = sentence("`{word}` is too much before `{words}`", word, words[0])
    return Slip("E148", span, said, sentence("write `{code}`", shortened(better)), (span, better))


def cue_heard(words: Sequence[str], span: Span) -> Slip:
    """`when cue hello`."""
    advice = sentence(
        "what comes with the cue stands below it, or in a track behind `wait for {words}`", shortened(" ".join(words))
    )
    return Slip("E158", span, sentence("a `when` hears no cues"), advice)


def comes_often(written: str, span: Span) -> Slip:
    """`wait for time every 1h`."""
    said = sentence("`{written}` comes again and again, and is heard by a `when`", shortened(written))
    return Slip("E148", span, said, sentence("a list waits for one time of the day: `wait for time 20:00`"))


def no_event(word: str, span: Span) -> Slip:
    """A name alone behind `or`, where no button stands before it."""
    advice = sentence("write `or button {word}`, or the device before it", word)
    return Slip("E134", span, sentence("`{word}` alone is no event", word), advice, (span, f"button {word}"))


def parentheses(halt: Halt) -> Slip | None:
    """What goes wrong between `(` and `)`."""
    opened = [offset for piece, offset in halt.pieces if piece == "("]
    closed = [offset for piece, offset in halt.pieces if piece == ")"]
    if len(opened) <= len(closed):
        return None
    if halt.ends:
        return halt.slip(
            "E156",
            sentence("this `(` is never closed"),
            sentence("put a `)` where it ends, on the same line"),
            None,
            opened[-1],
            opened[-1] + 1,
        )
    lump = shortened(halt.lump)
    if "COMMA" in halt.expected and halt.lump not in {"=", "(", "{"}:
        return halt.slip(
            "E157",
            sentence("a comma is missing before `{lump}`", lump),
            sentence("write `, {lump}`", lump),
            f", {halt.lump}",
        )
    if halt.lump == ",":
        return halt.slip("E157", sentence("there is a comma too much"), sentence("between two commas stands one value"))
    if halt.head == "define":
        return halt.slip(
            "E157",
            sentence("`{lump}` cannot be a name for what is handed over", lump),
            sentence("as in `define wave(who, count)`"),
        )
    if halt.lump == "=" and halt.prior[-2:-1] in {("(",), (",",)}:
        start = halt.pieces[-1][1]
        advice = sentence('values are handed over in their order, without names, as in `do wave("Mika", 2)`')
        return halt.slip(
            "E157", sentence("`{last} =` is too much here", shortened(halt.last)), advice, "", start, halt.at + 1
        )
    return halt.slip("E157", sentence("`{lump}` cannot be handed over", lump), sentence('as in `do wave("Mika", 2)`'))


def handed(halt: Halt) -> Slip | None:
    """`do greet "Aki"`: a value without parentheses."""
    if len(halt.command) != 2 or halt.command[0] != "do" or halt.ends or not re.match(r"[\"'$0-9]", halt.lump):
        return None
    written = re.compile(r"""[^;#"']*(?:"[^"\n]*"[^;#"']*|'[^'\n]*'[^;#"']*)*""").match(halt.text, halt.at, halt.end)
    if written is None or not written[0].strip():
        return None
    values = re.sub(r"""(?<=["'\w])[ \t]+(?=["'$\w])""", ", ", written[0].strip())
    better = f"({values})"
    advice = sentence("write `do {last}`", shortened(halt.last + better))
    said = sentence("what is handed over stands in parentheses")
    return halt.slip("E157", said, advice, better, halt.last_end, halt.at + len(written[0].rstrip()))


def empty(halt: Halt) -> Slip | None:
    """A `;` with no command before it."""
    if not halt.lump or halt.text[halt.at] != ";" or not halt.command_wanted:
        return None
    if not halt.command and halt.prior and halt.last != ";":
        return halt.slip(
            "E131",
            sentence("no `;` stands between the time and the command"),
            sentence("leave the `;` out"),
            " ",
            halt.at,
            halt.at + 1,
        )
    return halt.slip(
        "E131",
        sentence("there is no command before this `;`"),
        sentence("leave the `;` out"),
        " ",
        halt.at,
        halt.at + 1,
    )


def missing_semicolon(halt: Halt) -> Slip | None:
    """A second command without a `;` before it."""
    if halt.lump == "," and "SEMICOLON" in halt.expected:
        return halt.slip("E132", sentence("commands are separated by `;`, not by `,`"), sentence("write `;`"), ";")
    if not halt.command or halt.command_wanted or not WORD.fullmatch(halt.lump) or halt.lump in RESERVED:
        return None
    if "SEMICOLON" not in halt.expected or not _command_follows(halt) or halt.lump in STATEMENTS:
        return None
    return halt.slip(
        "E132",
        sentence("a `;` is missing before `{lump}`", halt.lump),
        sentence("commands on one line are separated by `;`"),
        f"; {halt.lump}",
    )


def _command_follows(halt: Halt) -> bool:
    """Tell whether a further command seems to begin here, the `;` before it forgotten."""
    return (
        halt.lump in COMMANDS
        or re.match(r"[ \t]+[^\W\d\"';]", halt.text[halt.at + len(halt.lump) : halt.end]) is not None
    )


def out_of_place(halt: Halt) -> Slip:
    """Whatever else cannot stand there."""
    if halt.command_wanted:
        if halt.text[halt.at : halt.at + 1] in {'"', "'"} and not halt.ends:
            return halt.slip(
                "E133",
                sentence("a text alone is no command"),
                sentence('write `say "…"` to have it spoken, `log "…"` to note it'),
            )
        if halt.lump[:1] in tuple(",.:") and halt.lump and halt.prior:
            return halt.slip(
                "E133",
                sentence("no `{lump}` stands before a command", halt.lump[0]),
                sentence("leave it out"),
                "",
                halt.at,
                halt.at + 1,
            )
        if halt.lump == "}" and not halt.prior:
            return halt.slip(
                "E133",
                sentence("this `}}` closes nothing"),
                sentence("a block ends where its lines are no longer indented"),
                "",
            )
        return halt.slip(
            "E133",
            sentence("`{lump}` begins no command", shortened(halt.lump))
            if halt.lump
            else sentence("a command is missing"),
            sentence(
                "a command begins with a device, as in `animaze emote Emote_Wave`, "
                "or with `say`, `wait`, `hold`, `log` …"
            ),
        )
    if halt.ends:
        return halt.slip("E133", sentence("something is missing after `{last}`", shortened(halt.last)), None)
    said = shortened(halt.lump)
    if halt.command == ("hush",) and WORD.fullmatch(halt.lump):
        whose = sentence(
            "`hush` cuts every voice, `{said} hush` that of `{said}` alone; another command begins after a `;`", said
        )
        return halt.slip("E133", sentence("`{said}` does not belong here", said), whose)
    if halt.lump in {"}", "]", ")"}:
        return halt.slip("E133", sentence("this `{lump}` closes nothing", halt.lump), sentence("leave it out"), "")
    if halt.prior[-2:-1] == ("->",) and WORD.match(halt.lump):
        start, better = halt.pieces[-1][1], f"{halt.last}-{halt.lump}"
        said = sentence("the name `{last} {said}` has more than one word", halt.last, said)
        return halt.slip(
            "E130", said, sentence("a name is one word: `{better}`", better), better, start, halt.at + len(halt.lump)
        )
    if halt.prior[:1] == ("define",) and halt.lump in {*STATEMENTS, *COMMANDS}:
        return halt.slip(
            "E133",
            sentence("`{said}` cannot stand on the line of `define`", said),
            sentence("write it below, indented"),
        )
    complete = sentence("`{last}` is complete; another command begins after a `;`", shortened(halt.last))
    advice = complete if "SEMICOLON" in halt.expected else None
    return halt.slip("E133", sentence("`{said}` does not belong here", said), advice)


def not_last(owner: str, span: Span) -> Slip:
    """`repeat` or `and meanwhile` with a command behind it."""
    return Slip(
        "E145",
        span,
        sentence("a command with `{owner}` is the last of its line", owner),
        sentence("put what follows on a line of its own"),
    )

"""Lines and how they begin: the words of the language, `cue`, `segment` and `let`."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import COMMANDS, HABITS, POSITIONS, RESERVED, STATEMENTS, WORDS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import times
from showrunner.syntax.slips.halt import TIME, WORD, Halt

_TIMED = ("at", "then", "wait", "every", "least", "most", "within")
_GROWN = re.compile(rf"({'|'.join(sorted(WORDS, key=len, reverse=True))})(\+?{TIME}|[a-z]+)")


def beginning(halt: Halt) -> Slip | None:
    """A row that begins with no word of the language, or with a time."""
    if halt.prior or not halt.lump:
        return None
    lump = halt.lump
    if boxed := re.compile(r"[\[(<]([0-9][0-9:.hms]*)[\])>]:?").match(halt.text, halt.at):
        return halt.slip(
            "E161",
            sentence("`at` is missing before `{boxed}`", boxed[1]),
            sentence("write `at {boxed}`", boxed[1]),
            f"at {boxed[1]}",
            halt.at,
            boxed.end(),
        )
    if re.fullmatch(rf"\+?{TIME}", lump[:40]):
        return halt.slip(
            "E161", sentence("`at` is missing before `{lump}`", lump), sentence("write `at {lump}`", lump), f"at {lump}"
        )
    if lump in RESERVED:
        return halt.slip(
            "E133",
            sentence("a line cannot begin with `{lump}`", lump),
            sentence("it stands behind the command it belongs to"),
        )
    if halt.text[halt.at] in "\"'":
        return halt.slip(
            "E133",
            sentence("a text alone is no command"),
            sentence(
                'write `say "…"` to have it spoken, `log "…"` to note it; '
                "to go on with the text above, indent it further"
            ),
        )
    return None


def misspelt(halt: Halt) -> Slip | None:
    """A device nobody knows that looks like a word of the language: `att 00:05`, `Say "hi"`."""
    if len(halt.command) != 1 or not {"WORD", "CALL"} <= halt.expected or not halt.pieces:
        return None
    word, start = halt.pieces[-1]
    if not WORD.fullmatch(word):
        return None
    first = len(halt.prior) == 1
    known = (*STATEMENTS, *COMMANDS) if first else COMMANDS
    meant = word.lower() if word.lower() in known else nearest(word, known)
    if meant is None:
        return None
    said = sentence("`{word}` is no word of the language", word)
    return halt.slip("E160", said, did_you_mean(meant), meant, start, start + len(word))


def grown(halt: Halt) -> Slip | None:
    """`forcue`, `waitwithin`, `every2s`: a word of the language with the next one grown to it."""
    start, written = halt.glued
    found = _GROWN.fullmatch(written)
    if start != halt.at or found is None or found[1].upper() not in halt.expected:
        return None
    return _parted(halt, found[1], found[2], start, start + len(written))


def grown_device(halt: Halt) -> Slip | None:
    """`at00:05`, `wait700ms`: the same, read as a device."""
    if len(halt.command) != 1 or not {"WORD", "CALL"} <= halt.expected:
        return None
    start = halt.pieces[-1][1]
    written = re.compile(r"[^\s;#\"']*").match(halt.text, start, halt.end)
    found = _GROWN.fullmatch(written[0]) if written is not None else None
    if found is None or found[1] not in _TIMED or not re.match(r"\+?[0-9]", found[2]):
        return None
    return _parted(halt, found[1], found[2], start, start + len(found[0]))


def parted(word: str) -> str | None:
    """Take a word that begins a line apart, where a time has grown to it: `at5s` is `at 5s`."""
    found = _GROWN.fullmatch(word)
    if found is None or found[1] not in {*POSITIONS, "wait"} or not re.match(r"\+?[0-9]", found[2]):
        return None
    return _spaced(found[1], found[2])


def _spaced(word: str, rest: str) -> str:
    return f"{word} +{rest}" if word == "then" and not rest.startswith("+") else f"{word} {rest}"


def _parted(halt: Halt, word: str, rest: str, start: int, end: int) -> Slip | None:
    if rest.isalpha() and rest not in WORDS:
        return None
    better = _spaced(word, rest)
    written = halt.text[start:end]
    shown = f"at {better}" if word in {"least", "most"} else better
    return halt.slip(
        "E160",
        sentence("a space is missing in `{written}`", shortened(written)),
        sentence("write `{code}`", shown),
        better,
        start,
        end,
    )


def line_of_its_own(halt: Halt) -> Slip | None:
    """`at`, `then` and the like in the middle of a line."""
    if halt.lump not in STATEMENTS or not halt.prior:
        return None
    if not (halt.command_wanted or "SEMICOLON" in halt.expected or "CUE" in halt.expected):
        return None
    return halt.slip(
        "E169", sentence("`{lump}` begins a line of its own", halt.lump), sentence("put it on the next line")
    )


def cue_position(halt: Halt) -> Slip | None:
    """A cue without a name or without a time."""
    if halt.prior[:1] != ("cue",) or len(halt.prior) != 2 or not {"AT", "THEN"} <= halt.expected:
        return None
    name, start = halt.pieces[1]
    if name in {"at", "then"}:
        advice = sentence("write `cue hello {name} …`, or leave `cue` out", name)
        return halt.slip("E149", sentence("this cue has no name"), advice, None, start, start + len(name))
    if re.match(r"\+?[0-9]", halt.lump):
        return halt.slip(
            "E161",
            sentence("`at` is missing before `{lump}`", halt.lump),
            sentence("write `cue {name} at {lump}`", name, halt.lump),
            f"at {halt.lump}",
        )
    said = re.match(r"(.*?)[ \t]+(?:at|then)\b", halt.rest[:200])
    if said and WORD.match(said[1]) and '"' not in said[1]:
        whole = f'"{name} {said[1]}"'
        return halt.slip(
            "E130",
            sentence("the cue's name {whole} has more than one word", whole),
            sentence("put it in quotes: `cue {whole}`", whole),
            whole,
            start,
            halt.at + len(said[1]),
        )
    meant = nearest(halt.lump, ["at", "then"])
    if meant:
        return halt.slip("E160", sentence("`{lump}` is no word of the language", halt.lump), did_you_mean(meant), meant)
    return halt.slip(
        "E161",
        sentence("the cue `{name}` is not told when", name),
        sentence("write `cue {name} at 5s …` or `cue {name} then …`", name),
    )


def limits(halt: Halt) -> Slip | None:
    """What cannot stand behind a segment's name."""
    if halt.prior[:1] != ("segment",) or len(halt.prior) < 2:
        return None
    if halt.last == "release" and "OVER" in halt.expected:
        over = "over" if halt.lump and re.match(r"[0-9$]", halt.lump) else None
        advice = (
            sentence("write `release over {lump}`", halt.lump)
            if over
            else sentence("as in `segment song release over 500ms`")
        )
        return halt.slip("E158", sentence("a segment lets go `over` a time"), advice, over and f"over {halt.lump}")
    if halt.last == "at" and {"LEAST", "MOST"} <= halt.expected:
        meant = nearest(halt.lump, ["least", "most"]) if halt.lump else None
        if halt.prior.count("at") == 1 and len(halt.prior) <= 4 and re.match(r"[0-9$]", halt.lump):
            return halt.slip(
                "E158",
                sentence("a segment begins when the one before is over, so it has no time of its own"),
                sentence("write `at least {lump}` or `at most {lump}`", halt.lump),
            )
        return halt.slip(
            "E158",
            sentence("after a segment's name comes `at least` or `at most`"),
            did_you_mean(meant, sentence("as in `segment song at least 3m`")),
            meant,
        )
    if "AT" not in halt.expected or halt.ends:
        return None
    if long := re.match(rf"(?:(?:for|lasts?|duration)[ \t]+)?({TIME})(?!\w)", halt.rest):
        advice = sentence(
            "write `at most {long}`: it is over then, or `at least {long}`: it stays open so long", long[1]
        )
        said = sentence("`{long}` says nothing of a segment", shortened(long[0]))
        return halt.slip("E158", said, advice, None, halt.at, halt.at + len(long[0]))
    if "STRING" in halt.expected and WORD.match(halt.lump) and not re.search(r"\bat\b|\d", halt.rest):
        words = halt.rest
        better = f'"{words}"' if '"' not in words and "\\" not in words else None
        return halt.slip(
            "E125",
            sentence("the title of a segment stands in quotes"),
            sentence("write `{code}`", better) if better else None,
            better,
            halt.at,
            halt.at + len(words),
        )
    return halt.slip(
        "E158",
        sentence("`{lump}` says nothing of a segment", shortened(halt.lump)),
        sentence(
            "after its name come a title in quotes, `tempo 128`, `at least 3m`, `at most 4m`, `until button end`, "
            "`release over 500ms`"
        ),
    )


def when(halt: Halt) -> Slip | None:
    """A `when` that is not told what it hears, or what cannot stand behind that."""
    if halt.prior[:1] != ("when",):
        return None
    said, here = sentence("`{lump}` says nothing of a `when`", shortened(halt.lump)), halt.lump.lower()
    if halt.last == "when" and re.fullmatch(r"[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?", halt.lump):
        better = f"time {halt.lump.zfill(5) if len(halt.lump) < 6 else halt.lump}"
        return halt.slip(
            "E148", sentence("`{lump}` alone is no event", halt.lump), sentence("write `when {better}`", better), better
        )
    if halt.prior == ("when", "every"):
        start, end = halt.pieces[1][1], halt.at + len(halt.lump)
        advice = sentence(
            "write `when time every {lump}` for each such part of a day, or `repeat every {lump}` in a track", halt.lump
        )
        return halt.slip("E148", sentence("`every` alone is no event"), advice, f"time every {halt.lump}", start, end)
    if halt.last == "when" and not {"QUEUE", "AT"} & halt.expected:
        advice = sentence("as in `when button raid`, `when animaze AvatarChanged` or `when time every 1h`")
        return halt.slip("E148", sentence("`when` is not told which event it hears"), advice)
    if halt.last in {"button", "cue"} and len(halt.prior) == 2:
        return halt.slip(
            "E148", sentence("the {last}'s name is missing", halt.last), sentence("as in `when {last} raid`", halt.last)
        )
    if halt.last == "at":
        meant = nearest(here, ["most"]) if here else None
        said = sentence("behind the `at` of a `when` comes `most every`")
        return halt.slip("E158", said, did_you_mean(meant, sentence("as in `at most every 20s`")), meant)
    if "QUEUE" not in halt.expected and "EVERY" not in halt.expected:
        over = halt.ends or halt.text.startswith("->", halt.at)
        if len(halt.prior) == 2 and over and WORD.fullmatch(halt.last):
            start = halt.pieces[1][1]
            if "." in halt.last:
                said = sentence("it is not said which device tells of `{last}`", halt.last)
                advice = sentence("write `when DEVICE {last}`, with the device's own name", halt.last)
                return halt.slip("E148", said, advice, None, start, start + len(halt.last))
            advice = sentence("write `when button {last}` for a press, or the event of `{last}` behind it", halt.last)
            return halt.slip(
                "E148",
                sentence("`{last}` alone is no event", halt.last),
                advice,
                f"button {halt.last}",
                start,
                start + len(halt.last),
            )
        return None
    if halt.last == "most" and (once := re.match(r"(?:once|one|1|1x)[ \t]+(?:every|per|in)\b", halt.rest)):
        said = sentence("`{once}` has a word too much", shortened(once[0]))
        return halt.slip("E158", said, sentence("write `at most every 20s`"), "every", halt.at, halt.at + len(once[0]))
    if halt.last == "most":
        timed = re.match(TIME, halt.lump) is not None
        fix = f"every {halt.lump}" if timed else None
        return halt.slip(
            "E158",
            sentence("`every` is missing: `at most every 20s`"),
            sentence("write `{code}`", fix) if fix else None,
            fix,
        )
    if here == "every" and "time" in halt.prior and (daily := re.match(r"every[ \t]+day\b", halt.rest)):
        said = sentence("a time of the day comes every day as it is")
        return halt.slip("E158", said, sentence("leave `every day` out"), "", halt.at, halt.at + len(daily[0]))
    if paced := re.match(rf"(?:cooldown|cd|throttle|debounce|limit|rate)[ \t]+({TIME})", halt.rest, re.IGNORECASE):
        better = f"at most every {paced[1]}"
        return halt.slip("E158", said, sentence("write `{code}`", better), better, halt.at, halt.at + len(paced[0]))
    if here == "once":
        advice = sentence("it hears every one; what comes once stands behind a `wait for …` in a track")
        return halt.slip("E158", said, advice)
    if here == "every":
        return halt.slip(
            "E158",
            sentence("`at most` is missing before `every`"),
            sentence("write `at most every …`"),
            "at most every",
        )
    if halt.ends:
        return None
    meant = nearest(here, HABITS)
    if meant is not None:
        return halt.slip(
            "E160", sentence("`{lump}` is no word of the language", shortened(halt.lump)), did_you_mean(meant), meant
        )
    if here == "within":
        return halt.slip(
            "E158", said, sentence("it hears as long as its segment plays, at the left edge as long as the show")
        )
    if halt.lump in {*COMMANDS, *STATEMENTS, ":"} and halt.lump != "at":
        return halt.slip("E158", said, sentence("what comes at each event stands below it, indented"))
    advice = sentence(
        "behind its event come `-> name`, one of `queue`, `ignore`, `restart`, `together`, and `at most every 20s`"
    )
    return halt.slip("E158", said, advice)


def let(halt: Halt) -> Slip | None:
    """`let` without `=`, without a value, or with several."""
    if halt.prior[:1] != ("let",) or len(halt.prior) < 2:
        return None
    name = halt.prior[1]
    if len(halt.prior) == 2:
        if halt.ends:
            return halt.slip(
                "E147", sentence("`{name}` is given no value", name), sentence("write `let {name} = …`", name)
            )
        if "EQUAL" not in halt.expected:
            return None
        meant = halt.lump.lstrip(":") if halt.lump.startswith(":") else halt.lump
        if halt.text.startswith(":=", halt.at):
            return halt.slip(
                "E147",
                sentence("a value is given with `=`"),
                sentence("write `let {name} = …`", name),
                "=",
                halt.at,
                halt.at + 2,
            )
        fix = "=" if halt.lump == ":" else f"= {meant}"
        return halt.slip(
            "E147",
            sentence("a `=` is missing after `{name}`", name),
            sentence("write `let {name} = {meant}`", name, meant or "…"),
            fix,
        )
    if len(halt.prior) == 3:
        if halt.text[halt.at : halt.at + 1] == "=":
            return halt.slip("E147", sentence("one `=` is enough"), sentence("write `let {name} = …`", name), " ")
        if halt.ends:
            return halt.slip(
                "E147",
                sentence("`{name}` is given no value", name),
                sentence('as in `let {name} = 5s` or `let {name} = "Mika"`', name),
            )
        return None
    if halt.text[halt.at] in ",(":
        return None
    if found := times.apart(halt):
        return found
    start = halt.pieces[3][1]
    words = halt.text[start : halt.end]
    if re.fullmatch(r"[-+*/0-9.$\w \t]*[\w)][ \t]*[-+*/][ \t]*[\w$(][-+*/0-9.$\w \t]*", words):
        advice = sentence("a show does not calculate: write the result")
        return halt.slip("E147", sentence("a `let` has one value"), advice, None, start, halt.end)
    better = f'"{words}"' if '"' not in words and "'" not in words and "\\" not in words else None
    return halt.slip(
        "E147",
        sentence("a `let` has one value"),
        sentence("write `let {name} = {better}`", name, better) if better else sentence("put a text in quotes"),
        better,
        start,
        halt.end,
    )


def habit_twice(what: str, first: str, second: str, span: Span) -> Slip:
    """`-> name`, a policy or `at most every` two times behind a `when`."""
    if what == "policy" and first != second:
        return Slip(
            "E158",
            span,
            sentence("a `when` has one policy, and here are `{first}` and `{second}`", first, second),
            sentence("choose one"),
        )
    written = {"kept": "->", "pace": "at most every"}.get(what, second)
    return Slip("E158", span, sentence("`{written}` stands twice", written), sentence("leave one of them out"))


def bound_twice(written: str, span: Span) -> Slip:
    """`at least`, `at most` or `release over` two times."""
    return Slip("E158", span, sentence("`{written}` stands twice", written), sentence("leave one of them out"))

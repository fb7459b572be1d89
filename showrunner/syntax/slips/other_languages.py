# ruff: noqa: RUF001 - the odd characters are the subject here
"""What people write out of habit: words and signs of other languages, of lists and of dialogues."""

from __future__ import annotations

import re

from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS, WORDS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import NAME, TIME, WORD, Halt

_BULLET = re.compile(r"(?:[-*•·‣–—]|[0-9]{1,3}[.):])[ \t]+(?=\S)")
_COMMENT = re.compile(r"//|/\*|--(?![->])|%%|;;")
# A comma with more of the same command behind it: a text, a number, a last word, a word with its value.
_GOES_ON = re.compile(r"""(?:,[ \t]+|(?<![0-9]),)(?=["'$0-9-]|[^\W\d][\w.@-]*[ \t]*(?:$|[;,0-9-]|to\b|from\b))""")
_NAMING = frozenset({"segment", "track", "define"})
_NOTED = frozenset({"print", "puts", "printf", "console.log", "note", "debug"})
_PAUSED = frozenset({"sleep", "pause", "delay"})
_SPOKEN = frozenset({"speak", "tell", "speech", "talk"})
_BROUGHT = frozenset({"import", "require", "load", "use", "source"})
_OVER = frozenset({"end", "exit", "quit", "finish", "fin"})
_GIVEN = frozenset({"let", "var", "const", "set", "val"})
_LOOPED = frozenset({"loop", "times", "for"})


def comment(halt: Halt) -> Slip | None:
    """`// so`, `-- so`: the comments of other languages."""
    found = _COMMENT.match(halt.text, halt.at, halt.end)
    if found is None:
        return None
    return halt.slip(
        "E129",
        sentence("`{found}` begins no comment", found[0]),
        sentence("a comment begins with `#`"),
        "#",
        halt.at,
        halt.at + len(found[0]),
    )


def bullet(halt: Halt) -> Slip | None:
    """`- at 5s …`: a line written as one of a list."""
    found = _BULLET.match(halt.text, halt.at, halt.end)
    if halt.prior or found is None:
        return None
    mark = found[0].rstrip()
    rest = halt.text[found.end() : halt.end].split("\n", 1)[0]
    if mark[-1] == ":":
        advice = sentence("a time is written `at 5s`; what are only numbers are left out")
        return halt.slip("E129", sentence("`{mark}` begins no line", mark), advice, None, halt.at, found.end())
    return halt.slip(
        "E129",
        sentence("`{mark}` begins no line", mark),
        sentence("leave the `{mark}` out: `{rest}`", mark, rest)
        if len(rest) < 40
        else sentence("leave the `{mark}` out", mark),
        "",
        halt.at,
        found.end(),
    )


def word(halt: Halt) -> Slip | None:
    """`print "x"`, `sleep 2s`, `after 2s …`: words of other languages in a command's place."""
    if len(halt.command) != 1 or not {"WORD", "CALL"} <= halt.expected:
        return None
    word, start = halt.pieces[-1]
    said = sentence("`{word}` is no word of the language", shortened(word))
    end = start + len(word)
    if halt.ends:
        if word.lower() not in _OVER:
            return None
        advice = sentence("a block ends where its lines are no longer indented; `stop` ends the show")
        return halt.slip("E160", said, advice, None, start, end)
    quoted = halt.lump[0] in "\"'("
    timed = re.fullmatch(TIME, halt.lump) is not None
    lower = word.lower()
    if quoted and lower in _NOTED:
        return halt.slip(
            "E160", said, sentence("write `log` to note something, `say` to have it spoken"), "log", start, end
        )
    if quoted and lower in _SPOKEN:
        return halt.slip("E160", said, sentence("write `say` to have something spoken"), "say", start, end)
    if halt.lump[0] in "\"'" and len(halt.prior) == 1 and (lower in _BROUGHT or lower == "title"):
        meant = "show" if lower == "title" else "include"
        return halt.slip(
            "E160", said, sentence("write `{meant} {lump}`", meant, shortened(halt.lump)), meant, start, end
        )
    if lower in _LOOPED and re.fullmatch(r"[0-9]+", halt.lump):
        return halt.slip(
            "E160", said, sentence("write `repeat {lump} times every 2s`", halt.lump), "repeat", start, end
        )
    if timed and lower in _PAUSED:
        return halt.slip(
            "E160",
            said,
            sentence("write `wait {lump}`", halt.lump),
            f"wait {halt.lump}",
            start,
            halt.at + len(halt.lump),
        )
    if timed and lower == "every":
        better = f"{'at 0s ' if len(halt.prior) == 1 else ''}repeat every {halt.lump}"
        return halt.slip(
            "E160", said, sentence("write `{better}`, and what it repeats below, indented", better), None, start, end
        )
    if timed and lower in {"after", "in"}:
        if len(halt.prior) > 1:
            advice = sentence(
                "what comes later stands on a line of its own: `then +{lump}` when all above is finished", halt.lump
            )
            return halt.slip("E160", said, advice, None, start, end)
        later = f"at +{halt.lump}"
        advice = sentence(
            "write `{later}` for that long after the line above, `then +{lump}` when that is finished", later, halt.lump
        )
        return halt.slip("E160", said, advice, later, start, halt.at + len(halt.lump))
    return None


def call(halt: Halt) -> Slip | None:
    """`say("hello")`, `animaze.emote("X")`: a command written as a call of another language."""
    if halt.lump != "(" or not halt.command or not halt.expected & {"STRING", "CLOCK", "CALL"}:
        return None
    if halt.command[0] == "do" or len(halt.command) > 2 or halt.last_end != halt.at:
        return None
    start = halt.pieces[-len(halt.command)][1]
    inside = re.compile(r"""\(((?:[^()"'\n]|"[^"\n]*"|'[^'\n]*')*)\)""").match(halt.text, halt.at, halt.end)
    words = halt.text[start : halt.at].replace(".", " ") if len(halt.command) == 1 else halt.text[start : halt.at]
    if inside is None or "," in re.sub(r"\"[^\"]*\"|'[^']*'", "", inside[1]):
        advice = sentence("what belongs to a command follows with spaces between, without parentheses")
        return halt.slip(
            "E133",
            sentence("a `(` has no place after `{last}`", shortened(halt.last)),
            advice,
            None,
            halt.at,
            halt.at + 1,
        )
    if len(halt.command) == 1 and WORD.fullmatch(words) and words not in COMMANDS:
        better = f"do {words}({inside[1].strip()})"
        advice = (
            sentence("a `define` is played with `do`: `{better}`", better)
            if len(better) < 60
            else sentence("write `do` before it")
        )
        return halt.slip(
            "E133",
            sentence("a `(` has no place after `{words}`", shortened(words)),
            advice,
            better,
            start,
            inside.end(),
        )
    better = f"{words} {inside[1].strip()}".rstrip()
    advice = sentence("write `{code}`", better) if len(better) < 60 else sentence("leave the parentheses out")
    return halt.slip(
        "E133", sentence("a `(` has no place after `{last}`", shortened(halt.last)), advice, better, start, inside.end()
    )


def equals(halt: Halt) -> Slip | None:
    """`set ParamAngleX = 10`, `var x = 3`: a sign between a name and its value."""
    alone = halt.lump == "=" and halt.command == halt.prior and NAME.fullmatch(halt.last) is not None
    if alone and (len(halt.prior) == 1 or (len(halt.prior) == 2 and halt.head.lower() in _GIVEN)):
        start, end = halt.pieces[0][1], halt.at + 1
        said = sentence("a constant is given with `let`")
        return halt.slip(
            "E147", said, sentence("write `let {last} = …`", shortened(halt.last)), f"let {halt.last} =", start, end
        )
    value = re.compile(r"=+[ \t]*(-?[0-9][0-9.]*|\$[^\W\d][\w-]*)").match(halt.text, halt.at, halt.end)
    if (
        value is None
        or len(halt.command) < 3
        or halt.head == "let"
        or "NUMBER" not in halt.expected
        or halt.last_end > halt.at
    ):
        return None
    better = f"{halt.last} {value[1]}"
    start = halt.pieces[-1][1]
    said = sentence("no `=` stands between `{last}` and its value", shortened(halt.last))
    return halt.slip("E133", said, sentence("write `{code}`", shortened(better)), better, start, value.end())


def added(halt: Halt) -> Slip | None:
    """`& wait`, `&& say "x"`, `"I am " + $name`: signs that join in other languages."""
    here = halt.text[halt.at : halt.at + 1]
    if here == "+" and not halt.command and re.fullmatch(TIME, halt.last):
        return halt.slip(
            "E129", sentence("times are not added up with `+`"), sentence("write the sum"), None, halt.at, halt.at + 1
        )
    if here not in {"&", "+"} or halt.ends or not halt.command:
        return None
    if here == "&":
        meant = re.compile(r"&+[ \t]*(wait|meanwhile)\b").match(halt.text, halt.at, halt.end)
        if meant is not None:
            better = f"and {meant[1]}"
            return halt.slip(
                "E129",
                sentence("`&` has no meaning here"),
                sentence("write `{code}`", better),
                better,
                halt.at,
                meant.end(),
            )
        return halt.slip(
            "E129",
            sentence("`&` has no meaning here"),
            sentence("between two commands stands a `;`"),
            None,
            halt.at,
            halt.at + 1,
        )
    if halt.last[:1] not in {'"', "'"}:
        return None
    advice = sentence(
        "a value is put into a text with `{{name}}`; what goes on with it stands in the next line, deeper"
    )
    return halt.slip("E129", sentence("texts are not added up with `+`"), advice, None, halt.at, halt.at + 1)


def colon(halt: Halt) -> Slip | None:
    """`say happy: "hello"`, `animaze: emote X`: a colon as in a dialogue."""
    start, written = halt.glued
    if halt.text[halt.at : halt.at + 1] != ":" or start + len(written) != halt.at + 1 or not WORD.match(written):
        return None
    if halt.prior[:1] == ("let",):
        return None
    word = written[:-1]
    spoken = re.compile(r"""[ \t]*("[^"\n]*"|'[^'\n]*')""").match(halt.text, halt.at + 1, halt.end)
    if len(halt.prior) == 1 and spoken is not None and word not in {*STATEMENTS, *COMMANDS, *RESERVED}:
        advice = sentence("who speaks is a device; write `say {spoken}`, or `NAME say {spoken}`", shortened(spoken[1]))
        return halt.slip(
            "E129", sentence("a `:` has no place after `{word}`", shortened(word)), advice, None, halt.at, halt.at + 1
        )
    if word in {*STATEMENTS, *COMMANDS, *RESERVED} or not halt.prior[1:] or halt.head in _NAMING:
        advice = sentence("take the `:` away")
    else:
        advice = sentence("take the `:` away; if it belongs to a name, put the name in quotes")
    return halt.slip(
        "E129", sentence("a `:` has no place after `{word}`", shortened(word)), advice, "", halt.at, halt.at + 1
    )


def comma(halt: Halt) -> Slip | None:
    """`say happy, "hello"`: a comma between the words of one command."""
    if halt.lump != "," or "SEMICOLON" not in halt.expected or "WORD" not in halt.expected:
        return None
    behind = _GOES_ON.match(halt.text, halt.at, halt.end)
    if behind is None or ((word := WORD.match(halt.text, behind.end())) is not None and word[0] in WORDS):
        return None
    advice = sentence("leave the comma out; another command begins after a `;`")
    return halt.slip("E133", sentence("no comma stands inside a command"), advice, " ", halt.at, behind.end())

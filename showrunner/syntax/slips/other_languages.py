# ruff: noqa: RUF001 - the odd characters are the subject here
"""What people write out of habit: words and signs of other languages, of lists and of dialogues."""

from __future__ import annotations

import re

from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS, WORDS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.site import NAME, TIME, WORD, Site

_BULLET = re.compile(r"(?:[-*•·‣–—]|[0-9]{1,3}[.)])[ \t]+(?=\S)")
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


def comment(site: Site) -> Slip | None:
    """`// so`, `-- so`: the comments of other languages."""
    found = _COMMENT.match(site.text, site.at, site.end)
    if found is None:
        return None
    return site.slip(
        "E129", f"`{found[0]}` begins no comment", "a comment begins with `#`", "#", site.at, site.at + len(found[0])
    )


def bullet(site: Site) -> Slip | None:
    """`- at 5s …`: a line written as one of a list."""
    found = _BULLET.match(site.text, site.at, site.end)
    if site.prior or found is None:
        return None
    mark = found[0].rstrip()
    rest = site.text[found.end() : site.end].split("\n", 1)[0]
    return site.slip(
        "E129",
        f"`{mark}` begins no line",
        f"leave the `{mark}` out: `{rest}`" if len(rest) < 40 else f"leave the `{mark}` out",
        "",
        site.at,
        found.end(),
    )


def word(site: Site) -> Slip | None:
    """`print "x"`, `sleep 2s`, `after 2s …`: words of other languages in a command's place."""
    if len(site.command) != 1 or not {"WORD", "CALL"} <= site.expected:
        return None
    word, start = site.pieces[-1]
    said = f"`{shortened(word)}` is no word of the language"
    end = start + len(word)
    if site.ends:
        if word.lower() not in _OVER:
            return None
        advice = "a block ends where its lines are no longer indented; `stop` ends the show"
        return site.slip("E160", said, advice, None, start, end)
    quoted = site.lump[0] in "\"'("
    timed = re.fullmatch(TIME, site.lump) is not None
    lower = word.lower()
    if quoted and lower in _NOTED:
        return site.slip("E160", said, "write `log` to note something, `say` to have it spoken", "log", start, end)
    if quoted and lower in _SPOKEN:
        return site.slip("E160", said, "write `say` to have something spoken", "say", start, end)
    if site.lump[0] in "\"'" and len(site.prior) == 1 and (lower in _BROUGHT or lower == "title"):
        meant = "show" if lower == "title" else "include"
        return site.slip("E160", said, f"write `{meant} {shortened(site.lump)}`", meant, start, end)
    if lower in _LOOPED and re.fullmatch(r"[0-9]+", site.lump):
        return site.slip("E160", said, f"write `repeat {site.lump} times every 2s`", "repeat", start, end)
    if timed and lower in _PAUSED:
        return site.slip(
            "E160", said, f"write `wait {site.lump}`", f"wait {site.lump}", start, site.at + len(site.lump)
        )
    if timed and lower == "every" and len(site.prior) == 1:
        better = f"at 0s repeat every {site.lump}"
        return site.slip("E160", said, f"write `{better}`, and what it repeats below, indented", None, start, end)
    if timed and lower in {"after", "in"}:
        if len(site.prior) > 1:
            advice = f"what comes later stands on a line of its own: `then +{site.lump}` when all above is finished"
            return site.slip("E160", said, advice, None, start, end)
        later = f"at +{site.lump}"
        advice = f"write `{later}` for that long after the line above, `then +{site.lump}` when that is finished"
        return site.slip("E160", said, advice, later, start, site.at + len(site.lump))
    return None


def call(site: Site) -> Slip | None:
    """`say("hello")`, `animaze.emote("X")`: a command written as a call of another language."""
    if site.lump != "(" or not site.command or not site.expected & {"STRING", "CLOCK", "CALL"}:
        return None
    if site.command[0] == "do" or len(site.command) > 2 or site.last_end != site.at:
        return None
    start = site.pieces[-len(site.command)][1]
    inside = re.compile(r"""\(((?:[^()"'\n]|"[^"\n]*"|'[^'\n]*')*)\)""").match(site.text, site.at, site.end)
    words = site.text[start : site.at].replace(".", " ") if len(site.command) == 1 else site.text[start : site.at]
    if inside is None or "," in re.sub(r"\"[^\"]*\"|'[^']*'", "", inside[1]):
        advice = "what belongs to a command follows with spaces between, without parentheses"
        return site.slip(
            "E133", f"a `(` has no place after `{shortened(site.last)}`", advice, None, site.at, site.at + 1
        )
    if len(site.command) == 1 and WORD.fullmatch(words) and words not in COMMANDS:
        better = f"do {words}({inside[1].strip()})"
        advice = f"a `define` is played with `do`: `{better}`" if len(better) < 60 else "write `do` before it"
        return site.slip("E133", f"a `(` has no place after `{shortened(words)}`", advice, better, start, inside.end())
    better = f"{words} {inside[1].strip()}".rstrip()
    advice = f"write `{better}`" if len(better) < 60 else "leave the parentheses out"
    return site.slip("E133", f"a `(` has no place after `{shortened(site.last)}`", advice, better, start, inside.end())


def equals(site: Site) -> Slip | None:
    """`set ParamAngleX = 10`, `var x = 3`: a sign between a name and its value."""
    alone = site.lump == "=" and site.command == site.prior and NAME.fullmatch(site.last) is not None
    if alone and (len(site.prior) == 1 or (len(site.prior) == 2 and site.prior[0].lower() in _GIVEN)):
        start, end = site.pieces[0][1], site.at + 1
        said = "a constant is given with `let`"
        return site.slip("E147", said, f"write `let {shortened(site.last)} = …`", f"let {site.last} =", start, end)
    value = re.compile(r"=+[ \t]*(-?[0-9][0-9.]*|\$[^\W\d][\w-]*)").match(site.text, site.at, site.end)
    if (
        value is None
        or len(site.command) < 3
        or site.prior[0] == "let"
        or "NUMBER" not in site.expected
        or site.last_end > site.at
    ):
        return None
    better = f"{site.last} {value[1]}"
    start = site.pieces[-1][1]
    said = f"no `=` stands between `{shortened(site.last)}` and its value"
    return site.slip("E133", said, f"write `{shortened(better)}`", better, start, value.end())


def added(site: Site) -> Slip | None:
    """`& wait`, `&& say "x"`, `"I am " + $name`: signs that join in other languages."""
    here = site.text[site.at : site.at + 1]
    if here == "+" and not site.command and re.fullmatch(TIME, site.last):
        return site.slip("E129", "times are not added up with `+`", "write the sum", None, site.at, site.at + 1)
    if here not in {"&", "+"} or site.ends or not site.command:
        return None
    if here == "&":
        meant = re.compile(r"&+[ \t]*(wait|meanwhile)\b").match(site.text, site.at, site.end)
        if meant is not None:
            better = f"and {meant[1]}"
            return site.slip("E129", "`&` has no meaning here", f"write `{better}`", better, site.at, meant.end())
        return site.slip(
            "E129", "`&` has no meaning here", "between two commands stands a `;`", None, site.at, site.at + 1
        )
    if site.last[:1] not in {'"', "'"}:
        return None
    advice = "a text stands on one line, and a value is put into it with `{name}`"
    return site.slip("E129", "texts are not added up with `+`", advice, None, site.at, site.at + 1)


def colon(site: Site) -> Slip | None:
    """`say happy: "hello"`, `animaze: emote X`: a colon as in a dialogue."""
    start, written = site.glued
    if site.text[site.at : site.at + 1] != ":" or start + len(written) != site.at + 1 or not WORD.match(written):
        return None
    if site.prior[:1] == ("let",):
        return None
    word = written[:-1]
    spoken = re.compile(r"""[ \t]*("[^"\n]*"|'[^'\n]*')""").match(site.text, site.at + 1, site.end)
    if len(site.prior) == 1 and spoken is not None and word not in {*STATEMENTS, *COMMANDS, *RESERVED}:
        advice = f"who speaks is a device; write `say {shortened(spoken[1])}`, or `NAME say {shortened(spoken[1])}`"
        return site.slip("E129", f"a `:` has no place after `{shortened(word)}`", advice, None, site.at, site.at + 1)
    if word in {*STATEMENTS, *COMMANDS, *RESERVED} or not site.prior[1:] or site.prior[0] in _NAMING:
        advice = "take the `:` away"
    else:
        advice = "take the `:` away; if it belongs to a name, put the name in quotes"
    return site.slip("E129", f"a `:` has no place after `{shortened(word)}`", advice, "", site.at, site.at + 1)


def comma(site: Site) -> Slip | None:
    """`say happy, "hello"`: a comma between the words of one command."""
    if site.lump != "," or "SEMICOLON" not in site.expected or "WORD" not in site.expected:
        return None
    behind = _GOES_ON.match(site.text, site.at, site.end)
    if behind is None or ((word := WORD.match(site.text, behind.end())) is not None and word[0] in WORDS):
        return None
    advice = "leave the comma out; another command begins after a `;`"
    return site.slip("E133", "no comma stands inside a command", advice, " ", site.at, behind.end())

"""What is missing from a row: a time, a name, a text, what a modifier promised. Whole lines: ``incomplete``.

Each function looks at one place where reading stopped and gives the slip it knows, or None.
"""

from __future__ import annotations

import re
from itertools import pairwise

from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import COMMANDS, POLICIES, RESERVED, STATEMENTS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.site import NAME, WORD, Site

_PAUSE = re.compile(r"(?:for[ \t]+)?([0-9][0-9:.hms]*[0-9hms])(?![\w.:])")
_UNTIL = re.compile(r"until[ \t]+([0-9][0-9:.hms]*)")
_TIMES = "a time looks like `5s`, `1m30s`, `250ms` or `00:05`"
_NAMED = {
    "cue": ("cue", "cue hello at 5s"),
    "track": ("track", "track voice"),
    "segment": ("segment", "segment opening"),
    "define": ("definition", "define wave"),
    "do": ("definition to play", "do wave"),
    "let": ("value", "let beat = 500ms"),
}


def time(site: Site) -> Slip | None:
    """A time is wanted and none is there."""
    if not site.time_wanted:
        return None
    last = site.last if site.last != "+" else "+ "
    asked = {
        "at": "at",
        "every": "every",
        "within": "within",
        "wait": "wait",
        "least": "at least",
        "most": "at most",
    }.get(last)
    asked = asked or ("+" if last == "+ " else site.last)
    if site.ends or site.modifier or site.text[site.at] in "\"'":
        if asked == "wait":
            return site.slip(
                "E110", "`wait` is not told how long or what for", "as in `wait 2s` or `wait for cue hello`"
            )
        return site.slip("E110", f"a time is missing after `{asked}`", _TIMES)
    lump = shortened(site.lump)
    if "FOR" in site.expected and site.lump == "until" and (until := _UNTIL.match(site.rest)) is not None:
        advice = f"to go on at a time, begin the next line with `then at {until[1]}`"
        return site.slip("E148", f"`wait until {until[1]}` has no meaning", advice)
    if "FOR" in site.expected and (nearest(site.lump, ["for"]) or site.lump == "until"):
        return site.slip("E148", f"`wait {lump}` has no meaning", "write `wait for`", "for")
    if asked == "at" and site.lump in {"then", "cue", "at"}:
        return site.slip("E110", f"`at` and `{lump}` cannot stand together", "write `at 5s`, `then` or `then at 5s`")
    if asked == "at" and "LEAST" not in site.expected and site.lump == "+":
        return site.slip("E110", "a time is missing after `+`", _TIMES)
    advice = f"{_TIMES}; what `let {lump} = …` stands for is written `${lump}`" if _named(site.lump) else _TIMES
    return site.slip("E110", f"a time is missing after `{asked}`: `{lump}` is none", advice)


def _named(lump: str) -> bool:
    return NAME.fullmatch(lump) is not None and lump not in {*STATEMENTS, *COMMANDS, *RESERVED}


def digit(site: Site) -> Slip | None:
    """A name among arguments that begins with a digit: `3D_Room`."""
    start, written = site.glued
    if not {"WORD", "STRING"} <= site.expected or not re.fullmatch(r"[0-9]+[\w.@-]*[^\W\d][\w.@-]*", written):
        return None
    said = f"the name `{shortened(written)}` begins with a digit"
    return site.slip("E130", said, f'put it in quotes: `"{written}"`', f'"{written}"', start, start + len(written))


def name(site: Site) -> Slip | None:
    """A name is wanted and none is there, or one that cannot be."""
    last, lump = site.last, site.lump
    wanted = site.expected & {"WORD", "NAME"}
    if last == "->" or (last == "call" and "STRING" in site.expected and len(site.command) == 2):
        pass
    elif not wanted or last not in _NAMED or site.expected & {"NUMBER", "CLOCK"} or len(site.command) > 1:
        return None
    if last == "->" and (site.ends or lump == "or" or site.modifier):
        return site.slip("E138", "a name is missing after `->`", "as in `-> joke`, used later as `{joke}`")
    what, example = _NAMED.get(last, ("answer", "-> joke") if last == "->" else ("call", "call GetScenes"))
    if site.ends or lump in "=(":
        return site.slip("E149", f"the {what} has no name", f"as in `{example}`")
    if lump in RESERVED:
        better = f'"{lump}"' if "STRING" in site.expected else None
        return site.slip(
            "E141",
            f"`{lump}` is a word of the language and cannot be a name",
            f"write `{better}`" if better else "choose another name",
            better,
        )
    if lump[0] in "\"'":
        bare = lump[1:-1] if re.fullmatch(r"[^\W\d]\w*", lump[1:-1]) else None
        return site.slip("E130", f"the name after `{last}` stands without quotes", f"as in `{example}`", bare)
    if "STRING" in site.expected:
        return site.slip(
            "E130", f"`{shortened(lump)}` cannot be a name without quotes", f'write `"{lump}"`', f'"{lump}"'
        )
    better = re.sub(r"[^\w-]+", "_", lump).strip("_-")
    fit = bool(re.fullmatch(r"[^\W\d][\w-]*", better))
    advice = f"write `{better}`" if fit else "a name begins with a letter; then letters, digits, `_` and `-`"
    return site.slip("E130", f"`{shortened(lump)}` cannot be a name", advice, better if fit else None)


def one_word(site: Site) -> Slip | None:
    """`define my gag`: a name of several words where a name is one word."""
    if len(site.prior) != 2 or site.last in RESERVED or site.ends or not WORD.match(site.lump):
        return None
    if site.prior[0] not in {"define", "track"} or not WORD.fullmatch(site.last) or site.lump in RESERVED:
        return None
    start = site.pieces[1][1]
    written = re.compile(r"[\w.@-]+(?:[ \t]+[\w.@-]+)*").match(site.text, start, site.end)
    if written is None or not 0 < len(written[0]) < 200:
        return None
    better = re.sub(r"[^\w-]+", "-", written[0]).strip("-")
    said = f"the name `{shortened(written[0])}` has more than one word"
    return site.slip("E130", said, f"a name is one word: `{shortened(better)}`", better, start, written.end())


def text(site: Site) -> Slip | None:
    """A text in quotes is wanted."""
    first = site.command[0] if site.command else ""
    if site.command == ("hold",) and (paused := _PAUSE.match(site.rest)) is not None:
        advice = f"for a pause write `wait {paused[1]}`; to hold no longer than that, `hold within {paused[1]}`"
        return site.slip(
            "E133", "`hold` waits for GO, not for a time", advice, f"within {paused[1]}", None, site.at + paused.end()
        )
    labelled = site.command == ("hold",) and "STRING" in site.expected
    if site.last == "or" and "STRING" in site.expected:
        if site.ends or not WORD.match(site.lump):
            return site.slip("E139", "a text is missing after `or`", 'as in `-> joke or "I forgot my joke."`')
        return site.slip(
            "E139",
            f"the text after `or` stands in quotes, `{site.lump}` does not",
            f'write `or "{site.lump}"`',
            f'"{site.lump}"',
        )
    if site.expected != {"STRING"} and not (labelled and WORD.match(site.lump) and site.lump not in RESERVED):
        return None
    what = {"show": "title", "include": "file", "log": "text", "hold": "label"}.get(first, "text")
    if site.ends:
        return site.slip("E125", f"`{first}` is missing its {what}", f'as in `{first} "…"`')
    words = (
        re.split(r"\s*(?:;|\band\b|\bwithin\b|\belse\b|->)", site.rest[:2000], maxsplit=1)[0]
        if first in {"log", "hold"}
        else site.rest
    )
    words = words.rstrip()
    better = f'"{words}"' if '"' not in words and "\\" not in words and 0 < len(words) < 400 else None
    return site.slip(
        "E125",
        f"the {what} of `{first}` stands in quotes",
        f"write `{first} {better}`" if better else None,
        better,
        site.at,
        site.at + max(1, len(words)),
    )


def and_what(site: Site) -> Slip | None:
    """`and` with something else behind it than `wait` or `meanwhile`."""
    if site.last != "and" or not {"WAIT", "MEANWHILE"} <= site.expected:
        return None
    for (before, start), (piece, offset) in pairwise(site.pieces):
        if before[0] in "\"'" and start + len(before) == offset and WORD.match(piece):
            mark, other = (before[0], "'" if before[0] == '"' else '"')
            advice = f"inside a text write `\\{mark}`, or put the whole between `{other}`"
            return site.slip("E120", f"the `{mark}` before `{piece}` ends this text", advice, None, start, offset)
    meant = nearest(site.lump, ["wait", "meanwhile"])
    other = "after `and` comes `wait` or `meanwhile`; another command begins after a `;`"
    advice = did_you_mean(meant and f"and {meant}", other)
    return site.slip(
        "E135",
        "`and` stands for `and wait` or `and meanwhile`" + ("" if site.ends else f", not `and {shortened(site.lump)}`"),
        advice,
        meant,
    )


def else_what(site: Site) -> Slip | None:
    """`else` with no policy behind it."""
    if site.last != "else" or "CONTINUE" not in site.expected:
        return None
    meant = nearest(site.lump, POLICIES)
    advice = did_you_mean(meant and f"else {meant}", "write `else continue`, `else stop` or `else hold`")
    return site.slip(
        "E136",
        "`else` says what to do if the command fails"
        + ("" if site.ends else f"; `{shortened(site.lump)}` is none of it"),
        advice,
        meant,
    )


def retry(site: Site) -> Slip | None:
    """`retry` without a number."""
    if site.last != "retry" or "NUMBER" not in site.expected or "STRING" in site.expected:
        return None
    if (bare := re.fullmatch(r"([0-9]{1,3})(?:x|s|times)", site.lump)) is not None:
        return site.slip("E137", f"`retry {site.lump}` has more than a number", f"write `retry {bare[1]}`", bare[1])
    return site.slip("E137", "`retry` is not told how often", "as in `retry 2`")


def parentheses(site: Site) -> Slip | None:
    """What goes wrong between `(` and `)`."""
    opened = [offset for piece, offset in site.pieces if piece == "("]
    closed = [offset for piece, offset in site.pieces if piece == ")"]
    if len(opened) <= len(closed):
        return None
    if site.ends:
        return site.slip(
            "E156",
            "this `(` is never closed",
            "put a `)` where it ends, on the same line",
            None,
            opened[-1],
            opened[-1] + 1,
        )
    lump = shortened(site.lump)
    if "COMMA" in site.expected and site.lump not in {"=", "(", "{"}:
        return site.slip("E157", f"a comma is missing before `{lump}`", f"write `, {lump}`", f", {site.lump}")
    if site.lump == ",":
        return site.slip("E157", "there is a comma too much", "between two commas stands one value")
    if site.prior[0] == "define":
        return site.slip(
            "E157", f"`{lump}` cannot be a name for what is handed over", "as in `define wave(who, count)`"
        )
    if site.lump == "=" and site.prior[-2:-1] in {("(",), (",",)}:
        start = site.pieces[-1][1]
        advice = 'values are handed over in their order, without names, as in `do wave("Mika", 2)`'
        return site.slip("E157", f"`{shortened(site.last)} =` is too much here", advice, "", start, site.at + 1)
    return site.slip("E157", f"`{lump}` cannot be handed over", 'as in `do wave("Mika", 2)`')


def handed(site: Site) -> Slip | None:
    """`do greet "Aki"`: a value without parentheses."""
    if len(site.command) != 2 or site.command[0] != "do" or site.ends or not re.match(r"[\"'$0-9]", site.lump):
        return None
    written = re.compile(r"""[^;#"']*(?:"[^"\n]*"[^;#"']*|'[^'\n]*'[^;#"']*)*""").match(site.text, site.at, site.end)
    if written is None or not written[0].strip():
        return None
    values = re.sub(r"""(?<=["'\w])[ \t]+(?=["'$\w])""", ", ", written[0].strip())
    better = f"({values})"
    advice = f"write `do {shortened(site.last + better)}`"
    said = "what is handed over stands in parentheses"
    return site.slip("E157", said, advice, better, site.last_end, site.at + len(written[0].rstrip()))

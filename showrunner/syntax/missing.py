"""What is missing from a row: a time, a name, a text, the rest of what a word promised.

Each function looks at one place where reading stopped and gives the slip it knows, or None.
"""

from __future__ import annotations

import re

from showrunner.diagnostics.nearest import nearest
from showrunner.syntax import misspelt
from showrunner.syntax.phrases import Slip
from showrunner.syntax.site import WORD, Site, told
from showrunner.syntax.words import POLICIES, RESERVED

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
    lump = told(site.lump)
    if "FOR" in site.expected and (nearest(site.lump, ["for"]) or site.lump == "until"):
        return site.slip("E148", f"`wait {lump}` has no meaning", "write `wait for`", "for")
    if asked == "at" and site.lump in {"then", "cue", "at"}:
        return site.slip("E110", f"`at` and `{lump}` cannot stand together", "write `at 5s`, `then` or `then at 5s`")
    if asked == "at" and "LEAST" not in site.expected and site.lump == "+":
        return site.slip("E110", "a time is missing after `+`", _TIMES)
    return site.slip("E110", f"a time is missing after `{asked}`: `{lump}` is none", _TIMES)


def digit(site: Site) -> Slip | None:
    """A name among arguments that begins with a digit: `3D_Room`."""
    start, written = site.glued
    if not {"WORD", "STRING"} <= site.expected or not re.fullmatch(r"[0-9]+[\w.@-]*[^\W\d][\w.@-]*", written):
        return None
    said = f"the name `{told(written)}` begins with a digit"
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
        return site.slip("E130", f"`{told(lump)}` cannot be a name without quotes", f'write `"{lump}"`', f'"{lump}"')
    better = re.sub(r"[^\w-]+", "_", lump).strip("_-")
    fit = bool(re.fullmatch(r"[^\W\d][\w-]*", better))
    advice = f"write `{better}`" if fit else "a name begins with a letter; then letters, digits, `_` and `-`"
    return site.slip("E130", f"`{told(lump)}` cannot be a name", advice, better if fit else None)


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
    said = f"the name `{told(written[0])}` has more than one word"
    return site.slip("E130", said, f"a name is one word: `{told(better)}`", better, start, written.end())


def text(site: Site) -> Slip | None:
    """A text in quotes is wanted."""
    first = site.command[0] if site.command else ""
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
    meant = nearest(site.lump, ["wait", "meanwhile"])
    advice = (
        f"did you mean `and {meant}`?"
        if meant
        else "after `and` comes `wait` or `meanwhile`; another command begins after a `;`"
    )
    return site.slip(
        "E135",
        "`and` stands for `and wait` or `and meanwhile`" + ("" if site.ends else f", not `and {told(site.lump)}`"),
        advice,
        meant,
    )


def else_what(site: Site) -> Slip | None:
    """`else` with no policy behind it."""
    if site.last != "else" or "CONTINUE" not in site.expected:
        return None
    meant = nearest(site.lump, POLICIES)
    advice = f"did you mean `else {meant}`?" if meant else "write `else continue`, `else stop` or `else hold`"
    return site.slip(
        "E136",
        "`else` says what to do if the command fails" + ("" if site.ends else f"; `{told(site.lump)}` is none of it"),
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


def repeat(site: Site) -> Slip | None:
    """`repeat` without `every` or `times`."""
    words = site.command
    if not words or words[0] != "repeat" or not site.expected & {"EVERY", "TIMES"}:
        return None
    advice = "write `repeat every 2s`, or `repeat 3 times every 2s`"
    if len(words) == 1 and WORD.fullmatch(site.lump):
        meant = nearest(site.lump, ["every"])
        return site.slip("E146", f"after `repeat` comes `every` or a number, not `{told(site.lump)}`", advice, meant)
    if len(words) == 1 or "EVERY" not in site.expected:
        said = "`times` is missing" if len(words) == 2 else "`repeat` is not told how often its turns come"
        if len(words) == 1 and (counted := re.fullmatch(r"([0-9]{1,9})x", site.lump)):
            return site.slip("E146", f"`repeat {site.lump}` has no meaning", advice, f"{counted[1]} times")
        return site.slip(
            "E146",
            said + ("" if site.ends else f" before `{told(site.lump)}`" if len(words) == 2 else ""),
            advice,
            f"times {site.lump}" if len(words) == 2 and site.lump == "every" else None,
        )
    return site.slip("E146", "`repeat` is not told how often its turns come: `every` and a time are missing", advice)


def let(site: Site) -> Slip | None:
    """`let` without `=`, without a value, or with several."""
    if site.prior[:1] != ("let",) or len(site.prior) < 2:
        return None
    name = site.prior[1]
    if len(site.prior) == 2:
        if site.ends:
            return site.slip("E147", f"`{name}` is given no value", f"write `let {name} = …`")
        if "EQUAL" not in site.expected:
            return None
        meant = site.lump.lstrip(":") if site.lump.startswith(":") else site.lump
        if site.text.startswith(":=", site.at):
            return site.slip("E147", "a value is given with `=`", f"write `let {name} = …`", "=", site.at, site.at + 2)
        fix = "=" if site.lump == ":" else f"= {meant}"
        return site.slip("E147", f"a `=` is missing after `{name}`", f"write `let {name} = {meant or '…'}`", fix)
    if len(site.prior) == 3:
        if site.text[site.at : site.at + 1] == "=":
            return site.slip("E147", "one `=` is enough", f"write `let {name} = …`", " ")
        if site.ends:
            return site.slip("E147", f"`{name}` is given no value", f'as in `let {name} = 5s` or `let {name} = "Mika"`')
        return None
    if site.text[site.at] in ",(":
        return None
    if found := misspelt.apart(site):
        return found
    start = site.pieces[3][1]
    words = site.text[start : site.end]
    better = f'"{words}"' if '"' not in words and "'" not in words and "\\" not in words else None
    return site.slip(
        "E147",
        "a `let` has one value",
        f"write `let {name} = {better}`" if better else "put a text in quotes",
        better,
        start,
        site.end,
    )


def wait_for(site: Site) -> Slip | None:
    """`wait for` without what it waits for."""
    words = site.command
    if words[:2] != ("wait", "for") or len(words) > 3:
        return None
    if len(words) == 2:
        if re.match(r"[0-9$]", site.lump):
            start = site.pieces[-1][1]
            end = site.at + len(site.lump)
            return site.slip(
                "E148",
                f"`wait for {site.lump}` has a `for` too much",
                f"write `wait {site.lump}`",
                site.lump,
                start,
                end,
            )
        return site.slip(
            "E148",
            "`wait for` is not told what for",
            "as in `wait for cue hello`, `wait for button raid` or `wait for animaze AvatarChanged`",
        )
    if site.ends or site.modifier:
        kind = words[2]
        what = {"cue": "the cue's name", "button": "the button's name"}.get(kind, f"the event of `{kind}`")
        return site.slip(
            "E148",
            f"{what} is missing",
            f"as in `wait for {kind} {'hello' if kind in {'cue', 'button'} else 'AvatarChanged'}`",
        )
    return None


def cue_position(site: Site) -> Slip | None:
    """A cue without a name or without a time."""
    if site.prior[:1] != ("cue",) or len(site.prior) != 2 or not {"AT", "THEN"} <= site.expected:
        return None
    name, start = site.pieces[1]
    if name in {"at", "then"}:
        advice = f"write `cue hello {name} …`, or leave `cue` out"
        return site.slip("E149", "this cue has no name", advice, None, start, start + len(name))
    if re.match(r"\+?[0-9]", site.lump):
        return site.slip(
            "E161", f"`at` is missing before `{site.lump}`", f"write `cue {name} at {site.lump}`", f"at {site.lump}"
        )
    said = re.match(r"(.*?)[ \t]+(?:at|then)\b", site.rest[:200])
    if said and WORD.match(said[1]) and '"' not in said[1]:
        whole = f'"{name} {said[1]}"'
        return site.slip(
            "E130",
            f"the cue's name {whole} has more than one word",
            f"put it in quotes: `cue {whole}`",
            whole,
            start,
            site.at + len(said[1]),
        )
    meant = nearest(site.lump, ["at", "then"])
    if meant:
        return site.slip("E160", f"`{site.lump}` is no word of the language", f"did you mean `{meant}`?", meant)
    return site.slip("E161", f"the cue `{name}` is not told when", f"write `cue {name} at 5s …` or `cue {name} then …`")


def limits(site: Site) -> Slip | None:
    """What cannot stand behind a segment's name."""
    if site.prior[:1] != ("segment",) or len(site.prior) < 2:
        return None
    if site.last == "at" and {"LEAST", "MOST"} <= site.expected:
        meant = nearest(site.lump, ["least", "most"]) if site.lump else None
        if site.prior.count("at") == 1 and len(site.prior) <= 4 and re.match(r"[0-9$]", site.lump):
            return site.slip(
                "E158",
                "a segment begins when the one before is over, so it has no time of its own",
                f"write `at least {site.lump}` or `at most {site.lump}`",
            )
        return site.slip(
            "E158",
            "after a segment's name comes `at least` or `at most`",
            f"did you mean `{meant}`?" if meant else "as in `segment song at least 3m`",
            meant,
        )
    if "AT" not in site.expected or site.ends:
        return None
    if "STRING" in site.expected and WORD.match(site.lump) and not re.search(r"\bat\b|\d", site.rest):
        words = site.rest
        better = f'"{words}"' if '"' not in words and "\\" not in words else None
        return site.slip(
            "E125",
            "the title of a segment stands in quotes",
            f"write `{better}`" if better else None,
            better,
            site.at,
            site.at + len(words),
        )
    return site.slip(
        "E158",
        f"`{told(site.lump)}` says nothing of a segment",
        "after its name come a title in quotes, `at least 3m`, `at most 4m`",
    )


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
    lump = told(site.lump)
    if "COMMA" in site.expected and site.lump not in {"=", "(", "{"}:
        return site.slip("E157", f"a comma is missing before `{lump}`", f"write `, {lump}`", f", {site.lump}")
    if site.lump == ",":
        return site.slip("E157", "there is a comma too much", "between two commas stands one value")
    if site.prior[0] == "define":
        return site.slip(
            "E157", f"`{lump}` cannot be a name for what is handed over", "as in `define wave(who, count)`"
        )
    return site.slip("E157", f"`{lump}` cannot be handed over", 'as in `do wave("Mika", 2)`')

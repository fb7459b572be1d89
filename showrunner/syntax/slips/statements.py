"""Lines and how they begin: the words of the language, `cue`, `segment` and `let`."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import COMMANDS, POSITIONS, RESERVED, STATEMENTS, WORDS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import times
from showrunner.syntax.slips.site import TIME, WORD, Site

_TIMED = ("at", "then", "wait", "every", "least", "most", "within")
_GROWN = re.compile(rf"({'|'.join(sorted(WORDS, key=len, reverse=True))})(\+?{TIME}|[a-z]+)")


def beginning(site: Site) -> Slip | None:
    """A row that begins with no word of the language, or with a time."""
    if site.prior or not site.lump:
        return None
    lump = site.lump
    if boxed := re.compile(r"[\[(<]([0-9][0-9:.hms]*)[\])>]:?").match(site.text, site.at):
        return site.slip(
            "E161",
            f"`at` is missing before `{boxed[1]}`",
            f"write `at {boxed[1]}`",
            f"at {boxed[1]}",
            site.at,
            boxed.end(),
        )
    if re.fullmatch(rf"\+?{TIME}", lump[:40]):
        return site.slip("E161", f"`at` is missing before `{lump}`", f"write `at {lump}`", f"at {lump}")
    if lump in RESERVED:
        return site.slip("E133", f"a line cannot begin with `{lump}`", "it stands behind the command it belongs to")
    if site.text[site.at] in "\"'":
        return site.slip(
            "E133", "a text alone is no command", 'write `say "…"` to have it spoken, `log "…"` to note it'
        )
    return None


def misspelt(site: Site) -> Slip | None:
    """A device nobody knows that looks like a word of the language: `att 00:05`, `Say "hi"`."""
    if len(site.command) != 1 or not {"WORD", "CALL"} <= site.expected or not site.pieces:
        return None
    word, start = site.pieces[-1]
    if not WORD.fullmatch(word):
        return None
    first = len(site.prior) == 1
    known = (*STATEMENTS, *COMMANDS) if first else COMMANDS
    meant = word.lower() if word.lower() in known else nearest(word, known)
    if meant is None:
        return None
    said = f"`{word}` is no word of the language"
    return site.slip("E160", said, did_you_mean(meant), meant, start, start + len(word))


def grown(site: Site) -> Slip | None:
    """`forcue`, `waitwithin`, `every2s`: a word of the language with the next one grown to it."""
    start, written = site.glued
    found = _GROWN.fullmatch(written)
    if start != site.at or found is None or found[1].upper() not in site.expected:
        return None
    return _parted(site, found[1], found[2], start, start + len(written))


def grown_device(site: Site) -> Slip | None:
    """`at00:05`, `wait700ms`: the same, read as a device."""
    if len(site.command) != 1 or not {"WORD", "CALL"} <= site.expected:
        return None
    start = site.pieces[-1][1]
    written = re.compile(r"[^\s;#\"']*").match(site.text, start, site.end)
    found = _GROWN.fullmatch(written[0]) if written is not None else None
    if found is None or found[1] not in _TIMED or not re.match(r"\+?[0-9]", found[2]):
        return None
    return _parted(site, found[1], found[2], start, start + len(found[0]))


def parted(word: str) -> str | None:
    """Take a word that begins a line apart, where a time has grown to it: `at5s` is `at 5s`."""
    found = _GROWN.fullmatch(word)
    if found is None or found[1] not in {*POSITIONS, "wait"} or not re.match(r"\+?[0-9]", found[2]):
        return None
    return _spaced(found[1], found[2])


def _spaced(word: str, rest: str) -> str:
    return f"{word} +{rest}" if word == "then" and not rest.startswith("+") else f"{word} {rest}"


def _parted(site: Site, word: str, rest: str, start: int, end: int) -> Slip | None:
    if rest.isalpha() and rest not in WORDS:
        return None
    better = _spaced(word, rest)
    written = site.text[start:end]
    shown = f"at {better}" if word in {"least", "most"} else better
    return site.slip("E160", f"a space is missing in `{shortened(written)}`", f"write `{shown}`", better, start, end)


def line_of_its_own(site: Site) -> Slip | None:
    """`at`, `then` and the like in the middle of a line."""
    if site.lump not in STATEMENTS or not site.prior:
        return None
    if not (site.command_wanted or "SEMICOLON" in site.expected or "CUE" in site.expected):
        return None
    return site.slip("E169", f"`{site.lump}` begins a line of its own", "put it on the next line")


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
        return site.slip("E160", f"`{site.lump}` is no word of the language", did_you_mean(meant), meant)
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
            did_you_mean(meant, "as in `segment song at least 3m`"),
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
        f"`{shortened(site.lump)}` says nothing of a segment",
        "after its name come a title in quotes, `at least 3m`, `at most 4m`",
    )


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
    if found := times.apart(site):
        return found
    start = site.pieces[3][1]
    words = site.text[start : site.end]
    if re.fullmatch(r"[-+*/0-9.$\w \t]*[\w)][ \t]*[-+*/][ \t]*[\w$(][-+*/0-9.$\w \t]*", words):
        advice = "a show does not calculate: write the result"
        return site.slip("E147", "a `let` has one value", advice, None, start, site.end)
    better = f'"{words}"' if '"' not in words and "'" not in words and "\\" not in words else None
    return site.slip(
        "E147",
        "a `let` has one value",
        f"write `let {name} = {better}`" if better else "put a text in quotes",
        better,
        start,
        site.end,
    )


def limit_twice(which: str, span: Span) -> Slip:
    """`at least` or `at most` two times."""
    return Slip("E158", span, f"`at {which}` stands twice", "leave one of them out")

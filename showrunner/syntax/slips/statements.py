"""Lines that do not say all they have to: `repeat` without `every`, `let` without a value, a cue without a time.

Each function looks at one place where reading stopped and gives the slip it knows, or None.
"""

from __future__ import annotations

import re

from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import times
from showrunner.syntax.slips.site import WORD, Site

_ARTICLES = frozenset({"the", "a", "an"})


def repeat(site: Site) -> Slip | None:
    """`repeat` without `every` or `times`."""
    words = site.command
    if not words or words[0] != "repeat" or not site.expected & {"EVERY", "TIMES"}:
        return None
    advice = "write `repeat every 2s`, or `repeat 3 times every 2s`"
    if len(words) == 1 and WORD.fullmatch(site.lump):
        meant = nearest(site.lump, ["every"])
        return site.slip(
            "E146", f"after `repeat` comes `every` or a number, not `{shortened(site.lump)}`", advice, meant
        )
    if len(words) == 1 or "EVERY" not in site.expected:
        said = "`times` is missing" if len(words) == 2 else "`repeat` is not told how often its turns come"
        if len(words) == 1 and (counted := re.fullmatch(r"([0-9]{1,9})x", site.lump)):
            return site.slip("E146", f"`repeat {site.lump}` has no meaning", advice, f"{counted[1]} times")
        return site.slip(
            "E146",
            said + ("" if site.ends else f" before `{shortened(site.lump)}`" if len(words) == 2 else ""),
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


def wait_for(site: Site) -> Slip | None:
    """`wait for` without what it waits for."""
    words = site.command
    if words[:2] != ("wait", "for"):
        return None
    if len(words) == 4 and words[2].lower() in _ARTICLES and words[3] in {"cue", "button"} and not site.ends:
        start, end = site.pieces[-2][1], site.at + len(site.lump)
        better = f"{words[3]} {site.lump}"
        said = f"`{words[2]}` is too much before `{words[3]}`"
        return site.slip("E148", said, f"write `wait for {shortened(better)}`", better, start, end)
    if len(words) > 3:
        return None
    if len(words) == 2:
        if re.match(r"[0-9$]", site.lump):
            start = site.pieces[-1][1]
            written, end = times.joined(site)
            said = f"`wait for {site.lump}` has a `for` too much"
            return site.slip("E148", said, f"write `wait {written}`", written, start, end)
        return site.slip(
            "E148",
            "`wait for` is not told what for",
            "as in `wait for cue hello`, `wait for button raid` or `wait for animaze AvatarChanged`",
        )
    kind, start = site.pieces[-1]
    if kind.lower() == "go" and (site.ends or site.modifier):
        advice = "write `hold`: it waits for GO"
        return site.slip("E148", "nothing is called `go` that could be waited for", advice, None, start, start + 2)
    if site.ends or site.modifier:
        if not kind.islower() or "." in kind:
            advice = f"as in `wait for {'aituber' if '.' in kind else 'animaze'} {kind}`"
            said = f"it is not said which device tells of `{kind}`"
            return site.slip("E148", said, advice, None, start, start + len(kind))
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

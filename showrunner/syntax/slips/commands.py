"""Commands: what they are not told, what they are handed, and the `;` between them."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import nearest, shortened
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import times
from showrunner.syntax.slips.site import WORD, Site

_ARTICLES = frozenset({"the", "a", "an"})


def verb(site: Site) -> Slip | None:
    """A device that is not told what to do."""
    if len(site.command) != 1 or not {"WORD", "CALL"} <= site.expected:
        return None
    device, start = site.pieces[-1]
    advice = "after a device comes what it shall do, as in `animaze emote Emote_Wave`"
    if site.ends:
        advice = f"{advice}; a `define` is played with `do`"
        return site.slip("E134", f"`{device}` is not told what to do", advice, None, start, start + len(device))
    if device == "button":
        return site.slip(
            "E134",
            "`button` alone is no command",
            f"write `wait for button {shortened(site.lump)}`",
            f"wait for button {site.lump}",
            start,
            site.at + len(site.lump),
        )
    if re.fullmatch(r"[^\W\d][\w-]*\.[^\W\d][\w-]*", device) and site.text[site.at] in "\"'$":
        better = device.replace(".", " ")
        advice = f"write `{better} {shortened(site.lump)}`"
        return site.slip("E134", f"`{device}` is two words", advice, better, start, start + len(device))
    if site.lump in RESERVED:
        return site.slip("E134", f"`{device}` is not told what to do before `{site.lump}`", advice)
    if site.lump[0] in "\"'":
        advice = f"{advice}; what is spoken begins with `say`"
    elif re.fullmatch(r"-?[0-9.]+", site.lump):
        name = device if device[0].isupper() else "PARAM"
        advice = f"{advice}; a model's value is set with `live2d set {name} {site.lump}`"
    return site.slip("E134", f"`{device}` is not told what to do: `{shortened(site.lump)}` is no verb", advice)


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
            written, end = times.in_one_piece(site)
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


def empty(site: Site) -> Slip | None:
    """A `;` with no command before it."""
    if not site.lump or site.text[site.at] != ";" or not site.command_wanted:
        return None
    if not site.command and site.prior and site.last != ";":
        return site.slip(
            "E131", "no `;` stands between the time and the command", "leave the `;` out", " ", site.at, site.at + 1
        )
    return site.slip("E131", "there is no command before this `;`", "leave the `;` out", " ", site.at, site.at + 1)


def missing_semicolon(site: Site) -> Slip | None:
    """A second command without a `;` before it."""
    if site.lump == "," and "SEMICOLON" in site.expected:
        return site.slip("E132", "commands are separated by `;`, not by `,`", "write `;`", ";")
    if not site.command or site.command_wanted or not WORD.fullmatch(site.lump) or site.lump in RESERVED:
        return None
    if "SEMICOLON" not in site.expected or not _command_follows(site) or site.lump in STATEMENTS:
        return None
    return site.slip(
        "E132", f"a `;` is missing before `{site.lump}`", "commands on one line are separated by `;`", f"; {site.lump}"
    )


def _command_follows(site: Site) -> bool:
    """Tell whether a further command seems to begin here, the `;` before it forgotten."""
    return (
        site.lump in COMMANDS
        or re.match(r"[ \t]+[^\W\d\"';]", site.text[site.at + len(site.lump) : site.end]) is not None
    )


def out_of_place(site: Site) -> Slip:
    """Whatever else cannot stand there."""
    if site.command_wanted:
        if site.text[site.at : site.at + 1] in {'"', "'"} and not site.ends:
            return site.slip(
                "E133", "a text alone is no command", 'write `say "…"` to have it spoken, `log "…"` to note it'
            )
        if site.lump[:1] in tuple(",.:") and site.lump and site.prior:
            return site.slip(
                "E133", f"no `{site.lump[0]}` stands before a command", "leave it out", "", site.at, site.at + 1
            )
        if site.lump == "}" and not site.prior:
            return site.slip(
                "E133", "this `}` closes nothing", "a block ends where its lines are no longer indented", ""
            )
        return site.slip(
            "E133",
            f"`{shortened(site.lump)}` begins no command" if site.lump else "a command is missing",
            "a command begins with a device, as in `animaze emote Emote_Wave`, or with `say`, `wait`, `hold`, `log` …",
        )
    if site.ends:
        return site.slip("E133", f"something is missing after `{shortened(site.last)}`", None)
    said = shortened(site.lump)
    if site.lump in {"}", "]", ")"}:
        return site.slip("E133", f"this `{site.lump}` closes nothing", "leave it out", "")
    if site.prior[-2:-1] == ("->",) and WORD.match(site.lump):
        start, better = site.pieces[-1][1], f"{site.last}-{site.lump}"
        said = f"the name `{site.last} {said}` has more than one word"
        return site.slip("E130", said, f"a name is one word: `{better}`", better, start, site.at + len(site.lump))
    if site.prior[:1] == ("define",) and site.lump in {*STATEMENTS, *COMMANDS}:
        return site.slip("E133", f"`{said}` cannot stand on the line of `define`", "write it below, indented")
    complete = f"`{shortened(site.last)}` is complete; another command begins after a `;`"
    advice = complete if "SEMICOLON" in site.expected else None
    return site.slip("E133", f"`{said}` does not belong here", advice)


def not_last(owner: str, span: Span) -> Slip:
    """`repeat` or `and meanwhile` with a command behind it."""
    return Slip(
        "E145", span, f"a command with `{owner}` is the last of its line", "put what follows on a line of its own"
    )

"""What is too much in a row, or stands in the wrong order: a `;`, a modifier, a second command, a word of the language.

Each function looks at one place where reading stopped and gives the slip it knows, or None.
"""

from __future__ import annotations

import re

from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.site import WORD, Site


def empty(site: Site) -> Slip | None:
    """A `;` with no command before it."""
    if not site.lump or site.text[site.at] != ";" or not site.command_wanted:
        return None
    if not site.command and site.prior and site.last != ";":
        return site.slip(
            "E131", "no `;` stands between the time and the command", "leave the `;` out", " ", site.at, site.at + 1
        )
    return site.slip("E131", "there is no command before this `;`", "leave the `;` out", " ", site.at, site.at + 1)


def no_modifiers(site: Site) -> Slip | None:
    """A modifier on a command that takes none."""
    words = site.command
    if (
        not words
        or not site.modifier
        or words[0] not in {"wait", "log", "stop", "do", "repeat"}
        or words[:2] == ("wait", "for")
    ):
        return None
    if site.expected & {"AND", "WAIT"}:
        return None
    both = re.compile(r"and[ \t]+(?:wait|meanwhile)\b").match(site.text, site.at, site.end)
    lump = "->" if site.text.startswith("->", site.at) else both[0] if both is not None else site.lump
    advice = {
        "wait": "it always waits; nothing can be added",
        "do": "what follows with `then` comes when it is finished",
        "repeat": "what follows with `then` comes when a counted `repeat` is finished",
    }.get(words[0], "it is done at once; nothing can be added")
    return site.slip("E142", f"`{words[0]}` takes no `{lump}`", advice, None, site.at, site.at + len(lump))


def after_modifier(site: Site) -> Slip | None:
    """`say "hi" and wait for 3s`: an argument behind the modifiers."""
    words = site.command
    if not words or "AND" not in site.expected or site.expected & {"WORD", "STRING"} or site.ends:
        return None
    if site.modifier and site.lump != "or":
        return None
    begins = next((offset for piece, offset in _command_pieces(site) if piece in RESERVED or piece == "->"), None)
    if begins is None:
        return None
    if site.lump == "or":
        return site.slip("E133", "`or` has no `-> name` before it", 'as in `-> joke or "I forgot my joke."`')
    if site.last == "wait" and re.match(r"[0-9]", site.lump):
        advice = f"write `for {site.lump} and wait`; a pause of its own is `; wait {site.lump}`"
        return site.slip("E133", "`and wait` lasts as long as the command, so it takes no time", advice)
    argument = re.compile(r"(?:for|over)[ \t]+\S+|\"[^\"]*\"|'[^']*'").match(site.text, site.at, site.end)
    if argument is None:
        return None
    moved = argument[0].rstrip(";")
    between = site.text[begins : site.at].rstrip()
    whole = f"{moved} {between}"
    advice = f"what belongs to the command comes first: `{shortened(whole)}`"
    return site.slip(
        "E143",
        f"`{moved}` stands behind `{shortened(between)}`",
        advice,
        whole if "\n" not in whole else None,
        begins,
        site.at + len(moved),
    )


def _command_pieces(site: Site) -> tuple[tuple[str, int], ...]:
    return site.pieces[len(site.pieces) - len(site.command) :]


def _command_follows(site: Site) -> bool:
    """Tell whether a further command seems to begin here, the `;` before it forgotten."""
    return (
        site.lump in COMMANDS
        or re.match(r"[ \t]+[^\W\d\"';]", site.text[site.at + len(site.lump) : site.end]) is not None
    )


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


def line_of_its_own(site: Site) -> Slip | None:
    """`at`, `then` and the like in the middle of a line."""
    if site.lump not in STATEMENTS or not site.prior:
        return None
    if not (site.command_wanted or "SEMICOLON" in site.expected or "CUE" in site.expected):
        return None
    return site.slip("E169", f"`{site.lump}` begins a line of its own", "put it on the next line")


def reserved(site: Site) -> Slip | None:
    """A word of the language where a name stands."""
    if site.lump not in RESERVED or site.ends or not site.expected & {"WORD", "STRING", "DEVICE"}:
        return None
    if site.command_wanted:
        return site.slip(
            "E133", f"`{site.lump}` begins no command", "it stands behind the command it belongs to, without a `;`"
        )
    if site.lump == "or" and site.last[:1] in {'"', "'"}:
        return site.slip("E133", "`or` has no `-> name` before it", 'as in `-> joke or "I forgot my joke."`')
    if site.lump != "or" and "AND" in site.expected:
        return None
    better = f'"{site.lump}"' if "STRING" in site.expected else None
    return site.slip(
        "E141",
        f"`{site.lump}` is a word of the language and cannot be a name",
        f"write `{better}` if it is a name" if better else "choose another name",
        better,
    )

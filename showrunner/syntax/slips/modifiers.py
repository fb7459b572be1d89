"""What stands behind a command: `and wait`, `else`, `retry`, `-> name`; missing, too much, or too early."""

from __future__ import annotations

import re
from itertools import pairwise

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import POLICIES, RESERVED
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.site import WORD, Site


def nothing_asked(site: Site) -> Slip | None:
    """`at 1s -> joke`: an answer with nothing that is asked."""
    if not site.command_wanted or not site.text.startswith("->", site.at):
        return None
    advice = 'it stands behind the command that is answered, as in `animaze chat "A joke?" -> joke`'
    return site.slip("E133", "there is no command before this `->`", advice, None, site.at, site.at + 2)


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


def not_taken(site: Site) -> Slip | None:
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


def too_early(site: Site) -> Slip | None:
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


def modifier_twice(source: str, span: Span) -> Slip:
    """The same modifier two times."""
    return Slip(
        "E144",
        span,
        f"`{source.split(maxsplit=1)[0]}` stands twice on one command"
        if not source.startswith("and")
        else f"`{source}` stands twice on one command",
        "leave one of them out",
    )

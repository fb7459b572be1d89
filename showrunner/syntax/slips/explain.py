"""What a row that could not be read should have been: the slip that fits best, in plain words.

Lark's own errors end here; nothing of them reaches a user. ``explain`` asks small functions in turn, the surest first:
those of ``misquoted`` (quotes, JSON), ``characters``, ``habits`` (of other languages), ``misspelt`` (times, numbers),
``incomplete``, ``missing``, ``surplus``, and those below (how a row begins). Not here: rows that are right but stand
in the wrong place (``misplaced``).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import did_you_mean, nearest, shortened
from showrunner.syntax.keywords import COMMANDS, RESERVED, STATEMENTS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import characters, modifiers, names, other_languages, quotes, statements, times, unquoted
from showrunner.syntax.slips.site import WORD, Site, site


def explain(text: str, at: int, expected: frozenset[str]) -> Slip:
    """Say what is wrong with a row that could not be read on at the offset ``at``.

    ``expected`` are the terminals of the grammar that could have stood there. Spans count lines from the row.
    """
    place = site(text, at, expected)
    for look in _LOOKS:
        if (found := look(place)) is not None:
            return found
    return _does_not_belong(place)


# ----------------------------------------------------------------------------------------------- words at the beginning


def _beginning(site: Site) -> Slip | None:
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
    if re.fullmatch(r"\+?[0-9][0-9:.]*(?:ms|[hms])?(?:[0-9.]+(?:ms|[hms]))*", lump[:40]):
        return site.slip("E161", f"`at` is missing before `{lump}`", f"write `at {lump}`", f"at {lump}")
    if lump in RESERVED:
        return site.slip("E133", f"a line cannot begin with `{lump}`", "it stands behind the command it belongs to")
    if site.text[site.at] in "\"'":
        return site.slip(
            "E133", "a text alone is no command", 'write `say "…"` to have it spoken, `log "…"` to note it'
        )
    return None


def _misspelt_start(site: Site) -> Slip | None:
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


def _verb(site: Site) -> Slip | None:
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


def _does_not_belong(site: Site) -> Slip:
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


_LOOKS: tuple[Callable[[Site], Slip | None], ...] = (
    other_languages.no_command,
    characters.arrow,
    other_languages.comment,
    quotes.typographic,
    characters.hidden,
    characters.wide,
    characters.digits,
    unquoted.speech,
    quotes.quote,
    other_languages.bullet,
    _beginning,
    quotes.brackets,
    other_languages.grown,
    other_languages.grown_first,
    other_languages.call,
    other_languages.equals,
    other_languages.joined,
    other_languages.colon,
    other_languages.comma,
    other_languages.other_word,
    names.retry,
    statements.wait_for,
    statements.repeat,
    statements.limits,
    _misspelt_start,
    statements.cue_position,
    statements.let,
    times.apart,
    times.number,
    names.digit,
    quotes.apostrophe,
    characters.unknown,
    names.one_word,
    names.name,
    names.time,
    names.text,
    names.and_what,
    names.else_what,
    names.parentheses,
    names.handed,
    modifiers.empty,
    modifiers.no_modifiers,
    modifiers.line_of_its_own,
    modifiers.after_modifier,
    modifiers.missing_semicolon,
    _verb,
    modifiers.reserved,
)


# ----------------------------------------------------------------------- rows that keep to the grammar and mean nothing


def not_last(owner: str, span: Span) -> Slip:
    """`repeat` or `and meanwhile` with a command behind it."""
    return Slip(
        "E145", span, f"a command with `{owner}` is the last of its line", "put what follows on a line of its own"
    )


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


def member_twice(source: str, span: Span) -> Slip:
    """The same name two times in one pair of braces."""
    said = f"the name `{shortened(source)}` stands twice in these braces"
    return Slip("E159", span, said, "give each value a name of its own, or leave one out")


def limit_twice(which: str, span: Span) -> Slip:
    """`at least` or `at most` two times."""
    return Slip("E158", span, f"`at {which}` stands twice", "leave one of them out")


def name_not_fixed(source: str, span: Span) -> Slip:
    """A name that is empty, or with an insert in it."""
    if source in {'""', "''"}:
        return Slip("E126", span, "a name cannot be empty", "write a word, or a text in quotes")
    return Slip("E126", span, f"nothing can be inserted into the name {source}", "write the name as it is")

"""Chance and choices: `choose`, what it chooses from, and the labels below `choose by`."""

from __future__ import annotations

import re

from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import POSITIONS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import times
from showrunner.syntax.slips.halt import NAME, WORD, Halt
from showrunner.times import SCALE

_FROM_TO = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)[ \t]*(?:-|–|~|\.{2,3}|…)[ \t]*([0-9]+(?:\.[0-9]+)?)(?![\w.])")  # noqa: RUF001 - typed so
_COMPARED = re.compile(r"(<=|>=|<|>|≤|≥)[ \t]*(-?[0-9]+(?:\.[0-9]+)?)(?![\w.])")
_AMOUNT = r"([0-9]+(?:\.[0-9]+)?)[ \t]*([^\W\d_]*?)"
_SPANNED = re.compile(rf"{_AMOUNT}[ \t]*(-|–|—|~|〜|～|\.{{2,3}}|…|\bto\b|\bor\b|から)[ \t]*{_AMOUNT}(?![\w.])")  # noqa: RUF001
_OTHERWISE = frozenset({"または", "もしくは", "あるいは", "か", "oder", "ou", "|", "||", "/"})
_GLUED = re.compile(r"[^\W\d][\w-]*(?:[|/][^\W\d][\w-]*)+")
_LISTED = re.compile(r""",[ \t]*(?:["'$]|[^\W\d][\w-]*[ \t]*(?:$|[,;]|->|(?:or|within|and|else)\b))""")
_WHICH = sentence("as in `choose by answer`, which `-> answer` has kept, or one field of it: `choose by gift.amount`")


def label(halt: Halt) -> Slip | None:
    """`1-4`, `10+`, `< 5`, `yes, no`: what a line below `choose by` does not begin with."""
    if not halt.prior and {"UP", "ELSE"} <= halt.expected:
        if spanned := _FROM_TO.match(halt.text, halt.at):
            return _better(halt, spanned, f"{spanned[1]} to {spanned[2]}")
        if compared := _COMPARED.match(halt.text, halt.at):
            least = compared[1] in {">", ">=", "≥"}
            return _better(halt, compared, f"{compared[2]} or more" if least else f"up to {compared[2]}")
        return None
    if len(halt.prior) != 1 or halt.head in POSITIONS:
        return None
    if halt.command_wanted and (arrow := re.match(r"(?:->|=>|→)[ \t]*", halt.rest)):
        said = sentence("`{arrow}` has no meaning here", arrow[0].rstrip())
        advice = sentence("what comes stands behind its label, without a sign between")
        return halt.slip("E129", said, advice, " ", halt.at, halt.at + len(arrow[0]))
    if halt.lump.startswith("+") and "MORE" not in halt.expected and halt.command_wanted:
        better = " or more"
        return halt.slip(
            "E129",
            sentence("`+` has no meaning here"),
            sentence("write `{last} or more`", halt.last),
            better,
            None,
            halt.at + 1,
        )
    if halt.lump in {",", "or", "|", "/"} and halt.command_wanted:
        said = sentence("`{lump}` does not belong here: a line has one label", halt.lump)
        return halt.slip("E133", said, sentence("write a line for each, and what they share in a `define`"))
    return None


def _better(halt: Halt, found: re.Match[str], better: str) -> Slip:
    said = sentence("`{found}` is no label", shortened(found[0]))
    return halt.slip("E114", said, sentence("write `{code}`", better), better, found.start(), found.end())


def choose(halt: Halt) -> Slip | None:
    """`choose "a" or "b"` alone, `say choose "a"`, `choose by` without a name."""
    words = halt.command
    if words in {("log",), ("hold",)} and halt.lump == "choose":
        advice = sentence(
            'a choice of texts stands in the command of a device, as in `say choose "a" or "b"`; of all others write '
            "`choose` alone, and one a line below it, indented"
        )
        return halt.slip("E133", sentence("`{words}` has one text, and no `choose`", words[0]), advice)
    if words == ("choose",) and not halt.ends and halt.lump[0] not in ":(":
        if NAME.fullmatch(halt.lump.partition(".")[0]) and halt.rest.rstrip(" \t:") == halt.lump.rstrip(":"):
            better = f"by {halt.lump}"
            said = sentence("`by` is missing between `choose` and `{lump}`", halt.lump)
            return halt.slip("E133", said, sentence("write `choose {better}`", better), better)
        advice = sentence(
            'write its choices below it, indented, one a line; a choice of texts is `say choose "a" or "b"`'
        )
        return halt.slip("E133", sentence("`choose` is complete before `{lump}`", shortened(halt.lump)), advice)
    if words[:2] == ("choose", "by"):
        if len(words) > 2:
            return halt.slip(
                "E133", sentence("what comes for which answer stands below `choose by`, one a line"), _WHICH
            )
        if braced := re.match(r"\{[ \t]*([^\W\d][\w.-]*)[ \t]*\}", halt.rest):
            said = sentence("`choose by` has no braces around its name")
            return halt.slip(
                "E133", said, sentence("write `{code}`", braced[1]), braced[1], halt.at, halt.at + len(braced[0])
            )
        if halt.lump.startswith("$") and WORD.fullmatch(halt.lump[1:]):
            better = halt.lump[1:]
            return halt.slip(
                "E133", sentence("`choose by` has no `$` before its name"), sentence("write `{code}`", better), better
            )
        return halt.slip("E133", sentence("`choose by` is not told what decides"), _WHICH)
    if "choose" not in words[1:] or words[0] == "wait":
        return None
    behind = words[len(words) - words[::-1].index("choose") :]
    from_what = sentence('as in `choose "Hello!" or "Good evening!"`')
    if behind[-1:] == ("or",) and halt.ends:
        return halt.slip("E133", sentence("after `or` comes what else may be chosen"), from_what)
    if behind and behind[0] == "for" and not halt.ends and halt.lump[0].isdigit():
        advice = sentence("{from_what}; as a name, `choose` stands in quotes", from_what)
        return halt.slip("E133", sentence("`choose` is not told what it chooses from"), advice)
    if not behind and halt.expected <= {"WORD", "STRING", "NUMBER", "VARIABLE"}:
        advice = sentence("{from_what}; as a name, `choose` stands in quotes", from_what)
        return halt.slip("E133", sentence("`choose` is not told what it chooses from"), advice)
    if len(behind) == 1 and "OR" in halt.expected:
        if halt.ends or halt.modifier:
            advice = sentence('write what else it may be: `or "…"`, {from_what}', from_what)
            return halt.slip("E133", sentence("there is only one thing to choose from"), advice)
        said = sentence("`or` is missing before `{lump}`", shortened(halt.lump))
        return halt.slip("E133", said, sentence("write `or {lump}`", shortened(halt.lump)), f"or {halt.lump}")
    return None


def otherwise(halt: Halt) -> Slip | None:
    """`button yes または no`, `choose "a" | "b"`: what is not `or`, between events and choices."""
    advice = sentence("one or another is written with `or`")
    start, written = halt.glued
    if halt.prior[-2:-1] == ("button",) and start < halt.at and _GLUED.fullmatch(written):
        better = re.sub(r"[|/]", " or ", written)
        return halt.slip(
            "E130",
            sentence("`{written}` is no name", written),
            sentence("{advice}: `{better}`", advice, better),
            better,
            start,
            start + len(written),
        )
    if "OR" not in halt.expected:
        return None
    listed = halt.lump == "," and _LISTED.match(halt.text, halt.at, halt.end)
    if halt.lump not in _OTHERWISE and not listed:
        return None
    if listed:
        return halt.slip("E133", sentence("no `,` stands between them"), advice, " or")
    code = "E160" if halt.lump[0].isalpha() else "E129"
    return halt.slip(code, sentence("`{lump}` does not belong here", halt.lump), advice, "or")


def unsaid(halt: Halt) -> Slip | None:
    """`say "a" or "b"`, `do greet(choose "a" or "b")`: a choice without its `choose`, or where it cannot stand."""
    words = halt.command
    if words[:1] == ("do",) and halt.last == "choose":
        start = halt.pieces[-1][1]
        advice = sentence("write `choose` alone, and below it, indented, a `do` for each choice")
        return halt.slip("E157", sentence("a choice cannot be handed over"), advice, None, start, start + len("choose"))
    if halt.lump == "choose" and words == ("wait",):
        return halt.slip(
            "E133",
            sentence("no time is chosen"),
            sentence("below `choose` may stand `wait 2s` and `wait 3s`, one a line"),
        )
    device = len(words) > 1 and words[0] not in {"wait", "log", "hold", "do", "repeat", "choose"}
    if halt.lump != "or" or not device or {"choose", "->"} & {*words} or halt.head in {"when", "segment", "let"}:
        return None
    start = halt.pieces[-1][1]
    alike = r"[\"']" if halt.last[0] in "\"'" else WORD.pattern
    if WORD.fullmatch(words[0]) is None or not re.match(rf"or[ \t]+{alike}", halt.rest):
        return None
    better = f"choose {halt.last}"
    advice = sentence("write `{better} or …`", shortened(better))
    return halt.slip(
        "E141", sentence("what is chosen from begins with `choose`"), advice, better, start, start + len(halt.last)
    )


def spanned(halt: Halt) -> Slip | None:
    """`repeat every 20-40s`, `every 20s..40s`, `wait 2-4s`: a time by chance, in another spelling."""
    turns = halt.command[:1] == ("repeat",) and halt.command[-2:].count("every") == 1
    if not turns and halt.command[:1] != ("wait",):
        return None
    word = "every" if turns else "wait"
    start = next(offset + len(word) for piece, offset in reversed(halt.pieces) if piece == word)
    behind = re.compile(r"[ \t]+").match(halt.text, start)
    found = None if behind is None else _SPANNED.match(halt.text, behind.end(), halt.end)
    if found is None or not found.start() <= halt.at <= found.end():
        return None
    if not turns:
        return None if found[3] == "to" else _by_chance(halt, found.start(), found.end())
    first, second = (times.unit(one) for one in (found[2] or found[5] or "s", found[5] or found[2] or "s"))
    if first not in SCALE or second not in SCALE:
        return None
    better = f"{found[1]}{first} to {found[4]}{second}"
    said = sentence("`{found}` is no time", shortened(found[0]))
    return halt.slip(
        "E102", said, sentence("write `{better}` for a time by chance", better), better, found.start(), found.end()
    )


def sometime(halt: Halt) -> Slip | None:
    """`wait 2s to 4s`: a time by chance where none can stand."""
    if halt.lump != "to" or not re.match(r"[0-9$]", halt.last) or halt.command[:1] not in {("wait",), ()}:
        return None
    return _by_chance(halt, halt.at, halt.at + len(halt.lump))


def _by_chance(halt: Halt, start: int, end: int) -> Slip:
    said = sentence("`{written}` does not belong here: nobody knows how long that is", shortened(halt.text[start:end]))
    advice = sentence("write one time; only the turns of `repeat every 20s to 40s` come after a time by chance")
    return halt.slip("E133", said, advice, None, start, end)

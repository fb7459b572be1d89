"""Chance and choices: `choose`, what it chooses from, and the labels below `choose by`."""

from __future__ import annotations

import re

from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import POSITIONS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import WORD, Halt

_FROM_TO = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)[ \t]*(?:-|–|~|\.{2,3}|…)[ \t]*([0-9]+(?:\.[0-9]+)?)(?![\w.])")  # noqa: RUF001 - typed so
_COMPARED = re.compile(r"(<=|>=|<|>|≤|≥)[ \t]*(-?[0-9]+(?:\.[0-9]+)?)(?![\w.])")
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
    return halt.slip("E114", said, sentence("write `{better}`", better), better, found.start(), found.end())


def choose(halt: Halt) -> Slip | None:
    """`choose "a" or "b"` alone, `say choose "a"`, `choose by` without a name."""
    words = halt.command
    if words == ("choose",) and not halt.ends and halt.lump[0] not in ":(":
        advice = sentence(
            'write its choices below it, indented, one a line; a choice of texts is `say choose "a" or "b"`'
        )
        return halt.slip("E133", sentence("`choose` is complete before `{lump}`", shortened(halt.lump)), advice)
    if words[:2] == ("choose", "by"):
        if len(words) > 2:
            return halt.slip(
                "E133", sentence("what comes for which answer stands below `choose by`, one a line"), _WHICH
            )
        if halt.lump.startswith("$") and WORD.fullmatch(halt.lump[1:]):
            better = halt.lump[1:]
            return halt.slip(
                "E133", sentence("`choose by` has no `$` before its name"), sentence("write `{better}`", better), better
            )
        return halt.slip("E133", sentence("`choose by` is not told what decides"), _WHICH)
    if "choose" not in words[1:] or words[0] == "wait":
        return None
    if words[0] in {"log", "hold"}:
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


def sometime(halt: Halt) -> Slip | None:
    """`wait 2s to 4s`: a time by chance where none can stand."""
    if halt.lump != "to" or not re.match(r"[0-9$]", halt.last) or halt.command[:1] not in {("wait",), ()}:
        return None
    advice = sentence("write one time; only the turns of `repeat every 20s to 40s` come after a time by chance")
    return halt.slip("E133", sentence("`to` does not belong here: nobody knows how long that is"), advice)

"""Names: missing, of more than one word, with a digit first, or a word of the language."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import RESERVED
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import WORD, Halt

_NAMED = {
    "cue": ("cue", "cue hello at 5s"),
    "track": ("track", "track voice"),
    "segment": ("segment", "segment opening"),
    "define": ("definition", "define wave"),
    "do": ("definition to play", "do wave"),
    "let": ("value", "let beat = 500ms"),
}


def no_name(halt: Halt) -> Slip | None:
    """A name is wanted and none is there, or one that cannot be."""
    last, lump = halt.last, halt.lump
    wanted = halt.expected & {"WORD", "NAME"}
    if last == "->" or (last == "call" and "STRING" in halt.expected and len(halt.command) == 2):
        pass
    elif not wanted or last not in _NAMED or halt.expected & {"NUMBER", "CLOCK"} or len(halt.command) > 1:
        return None
    if last == "->" and (halt.ends or lump == "or" or halt.modifier):
        return halt.slip("E138", "a name is missing after `->`", "as in `-> joke`, used later as `{joke}`")
    what, example = _NAMED.get(last, ("answer", "-> joke") if last == "->" else ("call", "call GetScenes"))
    if halt.ends or lump in "=(":
        return halt.slip("E149", f"the {what} has no name", f"as in `{example}`")
    if lump in RESERVED:
        better = f'"{lump}"' if "STRING" in halt.expected else None
        return halt.slip(
            "E141",
            f"`{lump}` is a word of the language and cannot be a name",
            f"write `{better}`" if better else "choose another name",
            better,
        )
    if lump[0] in "\"'":
        bare = lump[1:-1] if re.fullmatch(r"[^\W\d]\w*", lump[1:-1]) else None
        return halt.slip("E130", f"the name after `{last}` stands without quotes", f"as in `{example}`", bare)
    if "STRING" in halt.expected:
        return halt.slip(
            "E130", f"`{shortened(lump)}` cannot be a name without quotes", f'write `"{lump}"`', f'"{lump}"'
        )
    better = re.sub(r"[^\w-]+", "_", lump).strip("_-")
    fit = bool(re.fullmatch(r"[^\W\d][\w-]*", better))
    advice = f"write `{better}`" if fit else "a name begins with a letter; then letters, digits, `_` and `-`"
    return halt.slip("E130", f"`{shortened(lump)}` cannot be a name", advice, better if fit else None)


def digit(halt: Halt) -> Slip | None:
    """A name among arguments that begins with a digit: `3D_Room`."""
    start, written = halt.glued
    if not {"WORD", "STRING"} <= halt.expected or not re.fullmatch(r"[0-9]+[\w.@-]*[^\W\d][\w.@-]*", written):
        return None
    said = f"the name `{shortened(written)}` begins with a digit"
    return halt.slip("E130", said, f'put it in quotes: `"{written}"`', f'"{written}"', start, start + len(written))


def one_word(halt: Halt) -> Slip | None:
    """`define my gag`: a name of several words where a name is one word."""
    if len(halt.prior) != 2 or halt.last in RESERVED or halt.ends or not WORD.match(halt.lump):
        return None
    if halt.head not in {"define", "track"} or not WORD.fullmatch(halt.last) or halt.lump in RESERVED:
        return None
    start = halt.pieces[1][1]
    written = re.compile(r"[\w.@-]+(?:[ \t]+[\w.@-]+)*").match(halt.text, start, halt.end)
    if written is None or not 0 < len(written[0]) < 200:
        return None
    better = re.sub(r"[^\w-]+", "-", written[0]).strip("-")
    said = f"the name `{shortened(written[0])}` has more than one word"
    return halt.slip("E130", said, f"a name is one word: `{shortened(better)}`", better, start, written.end())


def reserved(halt: Halt) -> Slip | None:
    """A word of the language where a name stands."""
    if halt.lump not in RESERVED or halt.ends or not halt.expected & {"WORD", "STRING", "DEVICE"}:
        return None
    if halt.command_wanted:
        return halt.slip(
            "E133", f"`{halt.lump}` begins no command", "it stands behind the command it belongs to, without a `;`"
        )
    if halt.lump == "or" and halt.last[:1] in {'"', "'"}:
        return halt.slip("E133", "`or` has no `-> name` before it", 'as in `-> joke or "I forgot my joke."`')
    if halt.lump != "or" and "AND" in halt.expected:
        return None
    better = f'"{halt.lump}"' if "STRING" in halt.expected else None
    return halt.slip(
        "E141",
        f"`{halt.lump}` is a word of the language and cannot be a name",
        f"write `{better}` if it is a name" if better else "choose another name",
        better,
    )


def name_not_fixed(source: str, span: Span) -> Slip:
    """A name that is empty, or with an insert in it."""
    if source in {'""', "''"}:
        return Slip("E126", span, "a name cannot be empty", "write a word, or a text in quotes")
    return Slip("E126", span, f"nothing can be inserted into the name {source}", "write the name as it is")

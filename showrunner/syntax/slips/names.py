"""Names: missing, of more than one word, with a digit first, or a word of the language."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import RESERVED
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import WORD, Halt

_NAMED = {
    "cue": ("cue", "cue hello at 5s"),
    "track": ("track", "track voice"),
    "segment": ("segment", "segment opening"),
    "define": ("definition", "define wave"),
    "do": (sentence("definition to play"), "do wave"),
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
        return halt.slip(
            "E138", sentence("a name is missing after `->`"), sentence("as in `-> joke`, used later as `{{joke}}`")
        )
    what, example = _NAMED.get(last, ("answer", "-> joke") if last == "->" else ("call", "call GetScenes"))
    if halt.ends or lump in "=(":
        return halt.slip("E149", sentence("the {what} has no name", what), sentence("as in `{example}`", example))
    if lump in RESERVED:
        better = f'"{lump}"' if "STRING" in halt.expected else None
        return halt.slip(
            "E141",
            sentence("`{lump}` is a word of the language and cannot be a name", lump),
            sentence("write `{code}`", better) if better else sentence("choose another name"),
            better,
        )
    if lump[0] in "\"'":
        bare = lump[1:-1] if re.fullmatch(r"[^\W\d]\w*", lump[1:-1]) else None
        return halt.slip(
            "E130",
            sentence("the name after `{last}` stands without quotes", last),
            sentence("as in `{example}`", example),
            bare,
        )
    if "STRING" in halt.expected:
        return halt.slip(
            "E130",
            sentence("`{lump}` cannot be a name without quotes", shortened(lump)),
            sentence('write `"{lump}"`', lump),
            f'"{lump}"',
        )
    better = re.sub(r"[^\w-]+", "_", lump).strip("_-")
    fit = bool(re.fullmatch(r"[^\W\d][\w-]*", better))
    advice = (
        sentence("write `{code}`", better)
        if fit
        else sentence("a name begins with a letter; then letters, digits, `_` and `-`")
    )
    return halt.slip("E130", sentence("`{lump}` cannot be a name", shortened(lump)), advice, better if fit else None)


def digit(halt: Halt) -> Slip | None:
    """A name among arguments that begins with a digit: `3D_Room`."""
    start, written = halt.glued
    if not {"WORD", "STRING"} <= halt.expected or not re.fullmatch(r"[0-9]+[\w.@-]*[^\W\d][\w.@-]*", written):
        return None
    said = sentence("the name `{written}` begins with a digit", shortened(written))
    return halt.slip(
        "E130", said, sentence('put it in quotes: `"{written}"`', written), f'"{written}"', start, start + len(written)
    )


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
    said = sentence("the name `{written}` has more than one word", shortened(written[0]))
    return halt.slip(
        "E130", said, sentence("a name is one word: `{better}`", shortened(better)), better, start, written.end()
    )


def reserved(halt: Halt) -> Slip | None:
    """A word of the language where a name stands."""
    if halt.lump not in RESERVED or halt.ends or not halt.expected & {"WORD", "STRING", "DEVICE"}:
        return None
    if halt.command_wanted:
        return halt.slip(
            "E133",
            sentence("`{lump}` begins no command", halt.lump),
            sentence("it stands behind the command it belongs to, without a `;`"),
        )
    if halt.lump == "or" and halt.last[:1] in {'"', "'"}:
        return halt.slip(
            "E133", sentence("`or` has no `-> name` before it"), sentence('as in `-> joke or "I forgot my joke."`')
        )
    if halt.lump != "or" and "AND" in halt.expected:
        return None
    better = f'"{halt.lump}"' if "STRING" in halt.expected else None
    return halt.slip(
        "E141",
        sentence("`{lump}` is a word of the language and cannot be a name", halt.lump),
        sentence("write `{better}` if it is a name", better) if better else sentence("choose another name"),
        better,
    )


def name_not_fixed(source: str, span: Span) -> Slip:
    """A name that is empty, or with an insert in it."""
    if source in {'""', "''"}:
        return Slip("E126", span, sentence("a name cannot be empty"), sentence("write a word, or a text in quotes"))
    return Slip(
        "E126",
        span,
        sentence("nothing can be inserted into the name {source}", source),
        sentence("write the name as it is"),
    )

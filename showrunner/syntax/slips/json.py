"""JSON behind `call`: its brackets, commas, names and quotes."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import STATEMENTS
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.halt import Halt


def brackets(halt: Halt) -> Slip | None:
    """What goes wrong inside JSON, or a `{` where no JSON can stand."""
    opened: list[tuple[str, int]] = []
    for piece, offset in halt.pieces:
        if piece in {"{", "["}:
            opened.append((piece, offset))
        elif piece in {"}", "]"} and opened:
            opened.pop()
    here = halt.text[halt.at] if halt.at < halt.end else ""
    if not opened:
        if here and here in "{[" and not halt.command_wanted:
            return halt.slip(
                "E150",
                sentence("`{here}` begins JSON, which stands only after `call` and a name", here),
                sentence("a block has no braces: what belongs to a line stands below it, indented")
                if here == "{" and halt.head in STATEMENTS and halt.rest == "{"
                else sentence('as in `animaze call GetScenes {{"page": 1}}`'),
                None,
                halt.at,
                halt.at + 1,
            )
        return None
    mark, offset = opened[-1]
    close = "}" if mark == "{" else "]"
    if not here or here == ";":
        return halt.slip(
            "E154",
            sentence("this `{mark}` is never closed", mark),
            sentence("put a `{close}` where it ends", close),
            None,
            offset,
            offset + 1,
        )
    if here in "}]" and halt.last == ",":
        comma = halt.pieces[-1][1]
        return (
            halt.slip(
                "E152",
                sentence("JSON has no comma before its end"),
                sentence("leave the comma out"),
                here,
                comma,
                halt.at + 1,
            )
            if ("\n" not in halt.text[comma : halt.at])
            else halt.slip(
                "E152",
                sentence("JSON has no comma before its end"),
                sentence("leave the comma out"),
                " ",
                comma,
                comma + 1,
            )
        )
    if here in "}]" and here != close:
        return halt.slip(
            "E154",
            sentence("this `{mark}` is closed by a `{here}`", mark, here),
            sentence("write `{code}`", close),
            close,
            halt.at,
            halt.at + 1,
        )
    return _piece(halt, mark, here)


def _piece(halt: Halt, mark: str, here: str) -> Slip:
    if "COLON" in halt.expected:
        return halt.slip(
            "E153",
            sentence("a `:` is missing after the name `{last}`", halt.last),
            sentence("write a name, a `:`, a value"),
        )
    if "COMMA" in halt.expected:
        said = shortened(halt.lump, 30)
        return halt.slip(
            "E155",
            sentence("a comma is missing before `{said}`", said),
            sentence("write `, {said}`", said),
            f", {halt.lump}",
        )
    if here == "'":
        return single(halt)
    word = halt.lump
    if here in "}]" or here == ",":
        return halt.slip(
            "E155",
            sentence("something is missing before this `{here}`", here),
            sentence('as in `{{"page": 1}}` and `[1, 2]`'),
        )
    if re.fullmatch(r"(?i)true|false|null|none", word):
        better = "null" if word.lower() == "none" else word.lower()
        return halt.slip("E155", sentence("`{word}` is not JSON", word), sentence("write `{code}`", better), better)
    if re.fullmatch(r"[^\W\d][\w.@-]*:?", word):
        bare = word.rstrip(":")
        colon = word[len(bare) :]
        return halt.slip(
            "E155",
            sentence("in JSON the name `{bare}` stands in quotes", bare),
            sentence('write `"{bare}"{colon}`', bare, colon),
            f'"{bare}"{colon}',
        )
    if mark == "{" and re.match(r"[-+.\d$]", word) and "JSON_NUMBER" not in halt.expected:
        return halt.slip(
            "E155",
            sentence("`{word}` cannot be a name in JSON", word),
            sentence('a name in JSON is a text in quotes, as in `{{"page": 1}}`'),
        )
    return halt.slip(
        "E155",
        sentence("`{word}` has no meaning in JSON", word),
        sentence("JSON holds texts in double quotes, numbers, `true`, `false`, `null`, `{{…}}` and `[…]`"),
    )


def single(halt: Halt) -> Slip:
    """`{'page': 1}`: a text in single quotes."""
    found = re.compile(r"'([^'\"\\\n]*)'").match(halt.text, halt.at)
    if found is None:
        return halt.slip(
            "E151", sentence("JSON has double quotes only"), sentence('write `"…"`'), None, halt.at, halt.at + 1
        )
    return halt.slip(
        "E151",
        sentence("JSON has double quotes only, not `{found}`", found[0]),
        sentence('write `"{found}"`', found[1]),
        f'"{found[1]}"',
        halt.at,
        found.end(),
    )


def member_twice(source: str, span: Span) -> Slip:
    """The same name two times in one pair of braces."""
    said = sentence("the name `{source}` stands twice in these braces", shortened(source))
    return Slip("E159", span, said, sentence("give each value a name of its own, or leave one out"))

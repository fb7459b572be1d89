# ruff: noqa: RUF001, RUF002 - the odd characters are the subject here
"""Characters that mean nothing outside of a text: of other keyboards and scripts, signs, and what nobody can see."""

from __future__ import annotations

import re
import unicodedata

from showrunner.diagnostics.sentence import sentence
from showrunner.syntax.phrases import Slip, slip
from showrunner.syntax.slips.halt import STRING, Halt

_ARROWS = re.compile(r"=+>|-{2,}>|[→⇒➔➜⟶»]|[-－–—−ー][＞]|[–—−－]>|~>|＝＞|=＞")
_KEPT = re.compile(r"(=|>)[ \t]*([^\W\d][\w-]*)[ \t]*(?=$|;|\#|or\b|and\b|within\b|else\b)")
_WIDE = re.compile("[\uff01-\uff5e\u3000\u00a0\u2000-\u200a\u202f\u205f]")
_UNSEEN = frozenset({"Cf", "Zl", "Zp"})
_DASHES = "-‐‑‒–—―−﹣"
_STOPS = "。、｡､"


def arrow(halt: Halt) -> Slip | None:
    """`=>` or `→` where `->` belongs."""
    if halt.command_wanted:
        return None
    found = _ARROWS.match(halt.text, halt.at, halt.end)
    if found is None and "ARROW" in halt.expected and "chat" in halt.command[:2]:
        kept = _KEPT.match(halt.text, halt.at, halt.end)
        if kept is not None:
            said = sentence("`{kept}` is not the arrow of the language", kept[1])
            return halt.slip(
                "E140", said, sentence("write `-> {kept}`", kept[2]), f"-> {kept[2]}", halt.at, kept.end(2)
            )
    if found is None and halt.lump[:1] in "-–—":
        found = re.compile(r"[-–—]+[ \t]*>").match(halt.text, halt.at, halt.end)
    if found is None or found[0] == "->" or (found[0] == "»" and "ARROW" not in halt.expected):
        return None
    return halt.slip(
        "E140",
        sentence("`{found}` is not the arrow of the language", found[0]),
        sentence("write `->`"),
        "->",
        halt.at,
        found.end(),
    )


def wide(halt: Halt) -> Slip | None:
    """Full-width digits, signs and blanks, as a Japanese or Chinese keyboard makes them."""
    begun = halt.text.rfind("\n", 0, halt.at) + 1
    stop = halt.text.find("\n", halt.at)
    line = halt.text[begun : halt.end if stop < 0 else min(stop, halt.end)]
    outside = STRING.sub(lambda found: "." * len(found[0]), line)
    start, written = halt.glued
    here = _WIDE.search(outside, start - begun, max(start + len(written), halt.at + 1) - begun)
    if here is None:
        return None
    places = [found.start() for found in _WIDE.finditer(outside)]
    first, last = places[0], places[-1] + 1
    if outside[first:last] != line[first:last]:
        # A text stands between them, and it may hold whatever it likes.
        first, last = here.start(), here.end()
    first, last = begun + first, begun + last
    narrow = "".join(_narrow(letter) for letter in halt.text[first:last])
    if here[0] in "\u3000\u00a0" or not here[0].strip():
        return halt.slip(
            "E127",
            sentence("a wide or special space stands here"),
            sentence("write a plain space"),
            narrow,
            first,
            last,
        )
    return halt.slip(
        "E127",
        sentence("`{here}` is a full-width character", here[0]),
        sentence("write `{code}`", narrow),
        narrow,
        first,
        last,
    )


def _narrow(letter: str) -> str:
    if "\uff01" <= letter <= "\uff5e":
        return chr(ord(letter) - 0xFEE0)
    return " " if not letter.strip() else letter


def digits(halt: Halt) -> Slip | None:
    """`٥s`, `५`: digits of another script."""
    start, written = halt.glued
    if not re.match(r"[-+]?\d", written) or all(letter.isascii() or not letter.isdecimal() for letter in written):
        return None
    better = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in written)
    said = sentence("`{written}` has digits of another script", written)
    return halt.slip("E127", said, sentence("write `{code}`", better), better, start, start + len(written))


def hidden(halt: Halt) -> Slip | None:
    """A character without width, as a web page or a word processor leaves it behind."""
    start, written = halt.glued
    place = next((n for n, letter in enumerate(written) if unicodedata.category(letter) in _UNSEEN), None)
    return None if place is None else invisible(halt.text, start + place)


def invisible(text: str, place: int) -> Slip:
    """A character nobody can see."""
    letter = text[place]
    point = ord(letter)
    if 0xD800 <= point <= 0xDFFF:
        return slip(
            text,
            place,
            place + 1,
            "E128",
            sentence("a broken character stands here"),
            sentence("save the file as UTF-8"),
        )
    if letter == "\r":
        return slip(
            text,
            place,
            place + 1,
            "E128",
            sentence("a carriage return stands inside the line"),
            sentence("lines end with LF or CRLF"),
        )
    name = unicodedata.name(letter, "a control character").lower()
    return slip(
        text,
        place,
        place + 1,
        "E128",
        sentence("a character nobody can see stands here: {name} (U+{point:04X})", name, point),
        sentence("take it away, or write `\\u{{{point:X}}}` in a text", point),
        (place, place + 1, ""),
    )


def unknown(halt: Halt) -> Slip | None:
    """A character that means nothing where it stands."""
    here = halt.text[halt.at] if halt.at < halt.end else ""
    if not here or here.isalnum() or here in "_;,(){}[]=\"'":
        return None
    before = halt.text[halt.at - 1] if halt.at else " "
    if here == "$":
        return _variable(halt)
    if here in _DASHES and (figure := re.compile(r".[ \t]*([0-9][0-9.]*)").match(halt.text, halt.at, halt.end)):
        better = f"-{figure[1]}"
        if "NUMBER" in halt.expected:
            return halt.slip(
                "E129",
                sentence("`{figure}` is no number", figure[0]),
                sentence("write `{code}`", better),
                better,
                halt.at,
                figure.end(),
            )
    start, written = halt.glued
    if (before.isalnum() or before in "_-.@") and re.match(r"[^\W\d]|@", written):
        return _odd_name(halt, start, written)
    if here == "\\" and halt.at + 1 >= halt.end:
        advice = sentence(
            "leave it out: a text goes on in the next line, deeper; what else belongs to a command stands on this one"
        )
        return halt.slip("E129", sentence("`\\` has no meaning here"), advice, "", halt.at, halt.at + 1)
    if here in _STOPS:
        behind = halt.at + 1 >= halt.end
        advice = (
            sentence("a line ends without a sign: leave it out")
            if behind
            else sentence("between two commands stands a `;`")
        )
        return halt.slip(
            "E129", sentence("`{here}` ends no command", here), advice, "" if behind else ";", halt.at, halt.at + 1
        )
    name = unicodedata.name(here, "")
    called = f" ({name.lower()})" if name and not here.isascii() else ""
    return halt.slip(
        "E129",
        sentence("`{here}`{called} has no meaning here", here, called),
        sentence("leave it out; if it belongs to a name or a text, put that in quotes"),
        None,
        halt.at,
        halt.at + 1,
    )


def _variable(halt: Halt) -> Slip:
    braced = re.compile(r"\$\{([^\W\d][\w-]*)\}").match(halt.text, halt.at)
    if braced:
        better = f"${braced[1]}"
        return halt.slip(
            "E130",
            sentence("`{braced}` is no name of a value", braced[0]),
            sentence("write `{code}`", better),
            better,
            halt.at,
            braced.end(),
        )
    found = re.compile(r"\$[^\s;,(){}\[\]=\"'#]*").match(halt.text, halt.at)
    end = found.end() if found else halt.at + 1
    written = halt.text[halt.at : end]
    if "NAME" in halt.expected and re.fullmatch(r"\$[^\W\d][\w-]*", written):
        better = written[1:]
        return halt.slip(
            "E130",
            sentence("a name is given without `$`, not as `{written}`", written),
            sentence("write `{code}`", better),
            better,
            halt.at,
            end,
        )
    if "STRING" in halt.expected and "VARIABLE" not in halt.expected and re.fullmatch(r"\$[^\W\d][\w-]*", written):
        better = f'"{{{written[1:]}}}"'
        return halt.slip(
            "E133",
            sentence("`{written}` stands in a text here", written),
            sentence("write `{code}`", better),
            better,
            halt.at,
            end,
        )
    if halt.command_wanted and (pointed := re.fullmatch(r"(\$[^\W\d]\w*)\.(\w+)", written)):
        better = f"{pointed[1]} {pointed[2]}"
        said = sentence("`{written}` is two words", written)
        return halt.slip("E130", said, sentence("write `{code}`", better), better, halt.at, end)
    if "VARIABLE" in halt.expected:
        return halt.slip(
            "E130",
            sentence("`{written}` is no name of a value", written),
            sentence("after `$` comes a letter, then letters, digits, `_` and `-`"),
            None,
            halt.at,
            end,
        )
    return halt.slip(
        "E133",
        sentence("`{written}` cannot stand here", written),
        sentence("a value can stand where a name, a number, a text or a time can"),
        None,
        halt.at,
        end,
    )


def _odd_name(halt: Halt, start: int, written: str) -> Slip:
    here = halt.text[halt.at]
    before = halt.prior[:-1] if halt.last_end == halt.at else halt.prior
    last = before[-1] if before else ""
    if last in {"let", "->", "(", ","} and "call" not in before:
        better = re.sub(r"[^\w-]+", "_", written).strip("_")
        return halt.slip(
            "E130",
            sentence("the name `{written}` has a `{here}` in it", written, here),
            sentence("write `{code}`", better),
            better,
            start,
            start + len(written),
        )
    return halt.slip(
        "E130",
        sentence("the name `{written}` has a `{here}` in it", written, here),
        sentence('put it in quotes: `"{written}"`', written),
        f'"{written}"',
        start,
        start + len(written),
    )

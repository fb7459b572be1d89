# ruff: noqa: RUF001 - the odd characters are the subject here
"""Quotes and braces that went wrong, in strings and around them, and slips in JSON. Other characters: ``characters``.

Each function looks at one place where reading stopped and gives the slip it knows, or None.
"""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import STATEMENTS
from showrunner.syntax.literals import NoCharacter
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.site import Site

_PAIRS = {
    "“": "”", "”": "”", "„": "“", "‟": "”", "‘": "’", "’": "’", "‚": "‘", "‛": "’", "「": "」", "『": "』",
    "«": "»", "»": "«", "〝": "〟", "＂": "＂", "＇": "＇", "`": "`", "´": "´", "」": "」", "』": "』",
}  # fmt: skip
_HALF = re.compile(r"""("[^"“”„\n]*)([”“])|('[^'’‘\n]*)(’)(?!\w)""")
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'""")
_ESCAPE = re.compile(r"""\\(?:[nt\\'"]|u\{[0-9A-Fa-f]{1,6}\})""")
_JSON_ESCAPE = re.compile(r"""\\(?:[nt\\'"/bfr]|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\})""")
_INSERT = re.compile(r"\{[^\W\d][\w-]*\}")
_APOSTROPHE = re.compile(r"""'([^'"\n]*'[^'"\n]*)'""")


def typographic(site: Site) -> Slip | None:
    """`“hi”`, `「hi」`: quotes of a word processor or another language."""
    start, written = site.glued
    offset = next((place for place, letter in enumerate(written) if letter in _PAIRS), None)
    if offset is None or start + offset < site.at:
        return None
    start += offset
    opening = site.text[start]
    closes = (
        {_PAIRS[opening], '"'}
        | ({"“", "”", "„"} if opening in "“”„" else set())
        | ({"’"} if opening in "‘’" else set())
    )
    close = next((place for place in range(start + 1, site.end) if site.text[place] in closes), None)
    advice = "write plain quotes: \"…\" or '…'"
    if close is None or "\n" in site.text[start:close]:
        return site.slip("E121", f"`{opening}` is no quote of the language", advice, None, start, start + 1)
    inner = site.text[start + 1 : close]
    quote = '"' if '"' not in inner else "'" if "'" not in inner else None
    better = None if quote is None or "\\" in inner else f"{quote}{inner}{quote}"
    return site.slip(
        "E121",
        f"`{opening}` and `{site.text[close]}` are no quotes of the language",
        f"write `{better}`" if better and len(better) < 60 else advice,
        better,
        start,
        close + 1,
    )


def quote(site: Site) -> Slip | None:
    """A string that is not closed, or holds what a string cannot."""
    mark = site.text[site.at] if site.at < site.end else ""
    if mark not in {'"', "'"} or not mark:
        return None
    json = "JSON_STRING" in site.expected
    if json and mark == "'":
        return _single(site)
    closed = _STRING.match(site.text, site.at)
    if closed is None:
        return _unclosed(site, mark)
    return _inside(site, closed.start(), closed.end(), json=json)


def _single(site: Site) -> Slip:
    found = re.compile(r"'([^'\"\\\n]*)'").match(site.text, site.at)
    if found is None:
        return site.slip("E151", "JSON has double quotes only", 'write `"…"`', None, site.at, site.at + 1)
    return site.slip(
        "E151",
        f"JSON has double quotes only, not `{found[0]}`",
        f'write `"{found[1]}"`',
        f'"{found[1]}"',
        site.at,
        found.end(),
    )


def _unclosed(site: Site, mark: str) -> Slip:
    line_end = site.text.find("\n", site.at)
    end = site.end if line_end < 0 else min(site.end, line_end)
    if mark == "'" and (early := apostrophe(site)) is not None:
        return early
    written = site.text[site.at : end].rstrip()
    if (half := _half(site)) is not None:
        return half
    single = not re.search(r"[;#]|\band\b|\bwithin\b|->", written) and len(written) > 1
    better = None if not single or written.endswith("\\") else written + mark
    advice = f"write `{better}`" if better and len(better) < 60 else f"put a `{mark}` where the text ends"
    return site.slip(
        "E120", f"the quote `{mark}` is never closed on this line", advice, better, site.at, site.at + len(written)
    )


def _half(site: Site) -> Slip | None:
    """`"hello”`: a text that ends with another quote than it began."""
    begins = {offset for piece, offset in site.pieces if piece[0] in "\"'"} | {site.at}
    for found in _HALF.finditer(site.text, 0, site.end):
        if found.start() not in begins:
            continue
        opened, mark = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
        better = opened + opened[0]
        advice = f"write `{better}`" if len(better) < 60 else f"write a `{opened[0]}` there"
        said = f"`{mark}` does not close a text that `{opened[0]}` begins"
        return site.slip("E121", said, advice, better, found.start(), found.end())
    return None


def apostrophe(site: Site) -> Slip | None:
    """`'it's me!'`: a text in single quotes that its apostrophe has ended."""
    for found in _APOSTROPHE.finditer(site.text, 0, site.end):
        if found.start() < site.at < found.end() and re.search(r"\w'\w", found[0]):
            whole = f'"{found[1]}"'
            return site.slip(
                "E120",
                "the apostrophe ends this text too early",
                f"put the text in double quotes: `{whole}`",
                whole,
                found.start(),
                found.end(),
            )
    return None


def _inside(site: Site, start: int, end: int, *, json: bool) -> Slip | None:
    text, place = site.text, start + 1
    escape = _JSON_ESCAPE if json else _ESCAPE
    while place < end - 1:
        letter = text[place]
        if letter == "\\":
            found = escape.match(text, place, end)
            if found is None:
                pair = text[place : place + 2]
                coded = re.compile(r"\\u([0-9A-Fa-f]{4})").match(text, place, end)
                if coded is not None:
                    better = f"\\u{{{coded[1]}}}"
                    said = f"`{coded[0]}` means nothing in a text"
                    return site.slip("E122", said, f"write `{better}`", better, place, coded.end())
                folders = site.prior == ("include",) or site.last == "image"
                return site.slip(
                    "E122",
                    f"`{pair}` means nothing in a text",
                    "between folders stands a `/`" if folders else "a backslash is written `\\\\`; a new line is `\\n`",
                    "/" + pair[1:] if folders else "\\" + pair,
                    place,
                    place + 2,
                )
            place = found.end()
        elif letter == "{":
            if text.startswith("{{", place):
                place += 2
                continue
            inserted = _INSERT.match(text, place, end - 1)
            if inserted is None:
                return _brace(site, place, end)
            place = inserted.end()
        elif letter == "}":
            if not text.startswith("}}", place) or place + 1 >= end - 1:
                return site.slip(
                    "E124", "a `}` stands alone in this text", "write `}}` for a brace", "}}", place, place + 1
                )
            place += 2
        else:
            place += 1
    return None


def _brace(site: Site, place: int, end: int) -> Slip:
    close = site.text.find("}", place, end - 1)
    if close < 0:
        return site.slip(
            "E123",
            "a `{` in this text is never closed",
            "write `{name}` to insert a value, `{{` for a brace",
            None,
            place,
            place + 1,
        )
    inner = site.text[place + 1 : close]
    stripped = inner.strip().removeprefix("$")
    better: str | None = f"{{{stripped}}}" if re.fullmatch(r"[^\W\d][\w-]*", stripped) else None
    said = f"`{{{inner}}}` names no value" if len(inner) < 40 else "this `{…}` names no value"
    advice = f"write `{better}`" if better else "write `{name}` to insert a value, `{{` and `}}` for braces"
    return site.slip("E123", said, advice, better, place, close + 1)


def brackets(site: Site) -> Slip | None:
    """What goes wrong inside JSON, or a `{` where no JSON can stand."""
    opened: list[tuple[str, int]] = []
    for piece, offset in site.pieces:
        if piece in {"{", "["}:
            opened.append((piece, offset))
        elif piece in {"}", "]"} and opened:
            opened.pop()
    here = site.text[site.at] if site.at < site.end else ""
    if not opened:
        if here and here in "{[" and not site.command_wanted:
            return site.slip(
                "E150",
                f"`{here}` begins JSON, which stands only after `call` and a name",
                "a block has no braces: what belongs to a line stands below it, indented"
                if here == "{" and site.prior[0] in STATEMENTS and site.rest == "{"
                else 'as in `animaze call GetScenes {"page": 1}`',
                None,
                site.at,
                site.at + 1,
            )
        return None
    mark, offset = opened[-1]
    close = "}" if mark == "{" else "]"
    if not here or here == ";":
        return site.slip(
            "E154", f"this `{mark}` is never closed", f"put a `{close}` where it ends", None, offset, offset + 1
        )
    if here in "}]" and site.last == ",":
        comma = site.pieces[-1][1]
        return (
            site.slip("E152", "JSON has no comma before its end", "leave the comma out", here, comma, site.at + 1)
            if ("\n" not in site.text[comma : site.at])
            else site.slip("E152", "JSON has no comma before its end", "leave the comma out", " ", comma, comma + 1)
        )
    if here in "}]" and here != close:
        return site.slip(
            "E154", f"this `{mark}` is closed by a `{here}`", f"write `{close}`", close, site.at, site.at + 1
        )
    return _json_piece(site, mark, here)


def _json_piece(site: Site, mark: str, here: str) -> Slip:
    if "COLON" in site.expected:
        return site.slip("E153", f"a `:` is missing after the name `{site.last}`", "write a name, a `:`, a value")
    if "COMMA" in site.expected:
        said = shortened(site.lump, 30)
        return site.slip("E155", f"a comma is missing before `{said}`", f"write `, {said}`", f", {site.lump}")
    if here == "'":
        return _single(site)
    word = site.lump
    if here in "}]" or here == ",":
        return site.slip("E155", f"something is missing before this `{here}`", 'as in `{"page": 1}` and `[1, 2]`')
    if re.fullmatch(r"(?i)true|false|null|none", word):
        better = "null" if word.lower() == "none" else word.lower()
        return site.slip("E155", f"`{word}` is not JSON", f"write `{better}`", better)
    if re.fullmatch(r"[^\W\d][\w.@-]*:?", word):
        bare = word.rstrip(":")
        colon = word[len(bare) :]
        return site.slip(
            "E155", f"in JSON the name `{bare}` stands in quotes", f'write `"{bare}"{colon}`', f'"{bare}"{colon}'
        )
    if mark == "{" and re.match(r"[-+.\d$]", word) and "JSON_NUMBER" not in site.expected:
        return site.slip(
            "E155", f"`{word}` cannot be a name in JSON", 'a name in JSON is a text in quotes, as in `{"page": 1}`'
        )
    return site.slip(
        "E155",
        f"`{word}` has no meaning in JSON",
        "JSON holds texts in double quotes, numbers, `true`, `false`, `null`, `{…}` and `[…]`",
    )


def no_character(source: str, fault: NoCharacter, span: Span) -> Slip:
    r"""`\u{FFFFFF}`: an escape of a string with the number of no character; ``span`` is that of the string."""
    said = f"`{source[fault.start : fault.end]}` is no character"
    here = Span(span.line, span.column + fault.start, fault.end - fault.start)
    return Slip("E122", here, said, "a character's number goes up to `10FFFF`, as in `\\u{1F600}`")

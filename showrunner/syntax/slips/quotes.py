# ruff: noqa: RUF001 - the odd characters are the subject here
"""Texts and their quotes: of another kind, not closed, not there; and what a text cannot hold."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import RESERVED
from showrunner.syntax.literals import NoCharacter
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import json
from showrunner.syntax.slips.site import STRING, WORD, Site

_PAIRS = {
    "“": "”", "”": "”", "„": "“", "‟": "”", "‘": "’", "’": "’", "‚": "‘", "‛": "’", "「": "」", "『": "』",
    "«": "»", "»": "«", "〝": "〟", "＂": "＂", "＇": "＇", "`": "`", "´": "´", "」": "」", "』": "』",
}  # fmt: skip
_HALF = re.compile(r"""("[^"“”„\n]*)([”“])|('[^'’‘\n]*)(’)(?!\w)""")
_ESCAPE = re.compile(r"""\\(?:[nt\\'"]|u\{[0-9A-Fa-f]{1,6}\})""")
_JSON_ESCAPE = re.compile(r"""\\(?:[nt\\'"/bfr]|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\})""")
_INSERT = re.compile(r"\{[^\W\d][\w-]*\}")
_APOSTROPHE = re.compile(r"""'([^'"\n]*'[^'"\n]*)'""")
_PAUSE = re.compile(r"(?:for[ \t]+)?([0-9][0-9:.hms]*[0-9hms])(?![\w.:])")
_ENDS = re.compile(
    r"""[ \t]*(?:;|->|[ \t]and[ \t]+(?:wait|meanwhile)\b|[ \t]within[ \t]+[0-9$]|[ \t]retry[ \t]+[0-9$]"""
    r"""|[ \t]else[ \t]+(?:continue|stop|hold)\b|[ \t]\#)"""
)
_SIGNS = frozenset("!?,.:…%&*/'’")
_QUOTES = re.compile(r"""["“”„«»{}$\\]|(?<!\w)['’]|['’](?!\w)""")
_MOST = 400


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
    inside_json = "JSON_STRING" in site.expected
    if inside_json and mark == "'":
        return json.single(site)
    closed = STRING.match(site.text, site.at)
    if closed is None:
        return _unclosed(site, mark)
    return _inside(site, closed.start(), closed.end(), escape=_JSON_ESCAPE if inside_json else _ESCAPE)


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


def _inside(site: Site, start: int, end: int, *, escape: re.Pattern[str]) -> Slip | None:
    text, place = site.text, start + 1
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


def unquoted(site: Site) -> Slip | None:
    """`say happy Good morning!`: what is said, without quotes and with a sign in it that no word has.

    A first word in small letters before a capital is taken for the emotion. Bare words without such a sign can be read;
    what the device makes of them is said when the script is compiled.
    """
    words = site.command
    at = 0 if words[:1] == ("say",) else 1
    if words[at : at + 1] != ("say",) or site.ends or site.text[site.at] not in _SIGNS or not site.pieces:
        return None
    start = site.pieces[len(site.pieces) - len(words) + at][1] + len("say")
    line = site.text[start : site.end].split("\n", 1)[0][: 2 * _MOST]
    ended = _ENDS.search(line)
    said = (line if ended is None else line[: ended.start()]).rstrip()
    start += len(said) - len(said.lstrip())
    said = said.strip()
    if not WORD.match(said) or len(said) > _MOST or start + len(said) <= site.at or _QUOTES.search(said):
        return None
    message = "what is said goes in quotes"
    first, _, rest = said.partition(" ")
    rest = rest.strip()
    if not rest or not WORD.fullmatch(first) or not first.islower():
        better = f'"{said}"'
        return site.slip("E125", message, f"write `say {shortened(better)}`", better, start, start + len(said))
    if rest[0].isupper():
        begin = start + said.index(rest, len(first))
        better = f'"{rest}"'
        return site.slip("E125", message, f"write `say {first} {shortened(better)}`", better, begin, begin + len(rest))
    advice = f'write `say "{shortened(said)}"`, or `say {first} "{shortened(rest)}"` if `{first}` is the emotion'
    return site.slip("E125", message, advice, None, start, start + len(said))


def no_text(site: Site) -> Slip | None:
    """A text in quotes is wanted."""
    first = site.command[0] if site.command else ""
    if site.command == ("hold",) and (paused := _PAUSE.match(site.rest)) is not None:
        advice = f"for a pause write `wait {paused[1]}`; to hold no longer than that, `hold within {paused[1]}`"
        return site.slip(
            "E133", "`hold` waits for GO, not for a time", advice, f"within {paused[1]}", None, site.at + paused.end()
        )
    labelled = site.command == ("hold",) and "STRING" in site.expected
    if site.last == "or" and "STRING" in site.expected:
        if site.ends or not WORD.match(site.lump):
            return site.slip("E139", "a text is missing after `or`", 'as in `-> joke or "I forgot my joke."`')
        return site.slip(
            "E139",
            f"the text after `or` stands in quotes, `{site.lump}` does not",
            f'write `or "{site.lump}"`',
            f'"{site.lump}"',
        )
    if site.expected != {"STRING"} and not (labelled and WORD.match(site.lump) and site.lump not in RESERVED):
        return None
    what = {"show": "title", "include": "file", "log": "text", "hold": "label"}.get(first, "text")
    if site.ends:
        return site.slip("E125", f"`{first}` is missing its {what}", f'as in `{first} "…"`')
    words = (
        re.split(r"\s*(?:;|\band\b|\bwithin\b|\belse\b|->)", site.rest[:2000], maxsplit=1)[0]
        if first in {"log", "hold"}
        else site.rest
    )
    words = words.rstrip()
    better = f'"{words}"' if '"' not in words and "\\" not in words and 0 < len(words) < 400 else None
    return site.slip(
        "E125",
        f"the {what} of `{first}` stands in quotes",
        f"write `{first} {better}`" if better else None,
        better,
        site.at,
        site.at + max(1, len(words)),
    )


def no_character(source: str, fault: NoCharacter, span: Span) -> Slip:
    r"""`\u{FFFFFF}`: an escape of a string with the number of no character; ``span`` is that of the string."""
    said = f"`{source[fault.start : fault.end]}` is no character"
    here = Span(span.line, span.column + fault.start, fault.end - fault.start)
    return Slip("E122", here, said, "a character's number goes up to `10FFFF`, as in `\\u{1F600}`")

# ruff: noqa: RUF001 - the odd characters are the subject here
"""Texts and their quotes: of another kind, not closed, not there; and what a text cannot hold."""

from __future__ import annotations

import re

from showrunner.diagnostics.diagnostic import Span
from showrunner.diagnostics.sentence import sentence
from showrunner.diagnostics.wording import shortened
from showrunner.syntax.keywords import RESERVED
from showrunner.syntax.literals import NoCharacter
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips import json
from showrunner.syntax.slips.halt import STRING, WORD, Halt

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


def typographic(halt: Halt) -> Slip | None:
    """`“hi”`, `「hi」`: quotes of a word processor or another language."""
    start, written = halt.glued
    offset = next((place for place, letter in enumerate(written) if letter in _PAIRS), None)
    if offset is None or start + offset < halt.at:
        return None
    start += offset
    opening = halt.text[start]
    closes = (
        {_PAIRS[opening], '"'}
        | ({"“", "”", "„"} if opening in "“”„" else set())
        | ({"’"} if opening in "‘’" else set())
    )
    close = next((place for place in range(start + 1, halt.end) if halt.text[place] in closes), None)
    advice = sentence("write plain quotes: \"…\" or '…'")
    if close is None or "\n" in halt.text[start:close]:
        return halt.slip(
            "E121", sentence("`{opening}` is no quote of the language", opening), advice, None, start, start + 1
        )
    inner = halt.text[start + 1 : close]
    quote = '"' if '"' not in inner else "'" if "'" not in inner else None
    better = None if quote is None or "\\" in inner else f"{quote}{inner}{quote}"
    return halt.slip(
        "E121",
        sentence("`{opening}` and `{halt}` are no quotes of the language", opening, halt.text[close]),
        sentence("write `{code}`", better) if better and len(better) < 60 else advice,
        better,
        start,
        close + 1,
    )


def quote(halt: Halt) -> Slip | None:
    """A string that is not closed, or holds what a string cannot."""
    mark = halt.text[halt.at] if halt.at < halt.end else ""
    if mark not in {'"', "'"} or not mark:
        return None
    inside_json = "JSON_STRING" in halt.expected
    if inside_json and mark == "'":
        return json.single(halt)
    closed = STRING.match(halt.text, halt.at)
    if closed is None:
        return _unclosed(halt, mark)
    return _inside(halt, closed.start(), closed.end(), escape=_JSON_ESCAPE if inside_json else _ESCAPE)


def _unclosed(halt: Halt, mark: str) -> Slip:
    line_end = halt.text.find("\n", halt.at)
    end = halt.end if line_end < 0 else min(halt.end, line_end)
    if mark == "'" and (early := apostrophe(halt)) is not None:
        return early
    written = halt.text[halt.at : end].rstrip()
    if (half := _half(halt)) is not None:
        return half
    single = not re.search(r"[;#]|\band\b|\bwithin\b|->", written) and len(written) > 1
    better = None if not single or written.endswith("\\") else written + mark
    advice = (
        sentence("write `{code}`", better)
        if better and len(better) < 60
        else sentence("put a `{mark}` where the text ends", mark)
    )
    return halt.slip(
        "E120",
        sentence("the quote `{mark}` is never closed on this line", mark),
        advice,
        better,
        halt.at,
        halt.at + len(written),
    )


def _half(halt: Halt) -> Slip | None:
    """`"hello”`: a text that ends with another quote than it began."""
    begins = {offset for piece, offset in halt.pieces if piece[0] in "\"'"} | {halt.at}
    for found in _HALF.finditer(halt.text, 0, halt.end):
        if found.start() not in begins:
            continue
        opened, mark = (found[1], found[2]) if found[1] is not None else (found[3], found[4])
        better = opened + opened[0]
        advice = (
            sentence("write `{code}`", better) if len(better) < 60 else sentence("write a `{opened}` there", opened[0])
        )
        said = sentence("`{mark}` does not close a text that `{opened}` begins", mark, opened[0])
        return halt.slip("E121", said, advice, better, found.start(), found.end())
    return None


def apostrophe(halt: Halt) -> Slip | None:
    """`'it's me!'`: a text in single quotes that its apostrophe has ended."""
    for found in _APOSTROPHE.finditer(halt.text, 0, halt.end):
        if found.start() < halt.at < found.end() and re.search(r"\w'\w", found[0]):
            whole = f'"{found[1]}"'
            return halt.slip(
                "E120",
                sentence("the apostrophe ends this text too early"),
                sentence("put the text in double quotes: `{whole}`", whole),
                whole,
                found.start(),
                found.end(),
            )
    return None


def _inside(halt: Halt, start: int, end: int, *, escape: re.Pattern[str]) -> Slip | None:
    text, place = halt.text, start + 1
    while place < end - 1:
        letter = text[place]
        if letter == "\\":
            found = escape.match(text, place, end)
            if found is None:
                pair = text[place : place + 2]
                coded = re.compile(r"\\u([0-9A-Fa-f]{4})").match(text, place, end)
                if coded is not None:
                    better = f"\\u{{{coded[1]}}}"
                    said = sentence("`{coded}` means nothing in a text", coded[0])
                    return halt.slip("E122", said, sentence("write `{code}`", better), better, place, coded.end())
                folders = halt.prior == ("include",) or halt.last == "image"
                return halt.slip(
                    "E122",
                    sentence("`{pair}` means nothing in a text", pair),
                    sentence("between folders stands a `/`")
                    if folders
                    else sentence("a backslash is written `\\\\`; a new line is `\\n`"),
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
                return _brace(halt, place, end)
            place = inserted.end()
        elif letter == "}":
            if not text.startswith("}}", place) or place + 1 >= end - 1:
                return halt.slip(
                    "E124",
                    sentence("a `}}` stands alone in this text"),
                    sentence("write `}}}}` for a brace"),
                    "}}",
                    place,
                    place + 1,
                )
            place += 2
        else:
            place += 1
    return None


def _brace(halt: Halt, place: int, end: int) -> Slip:
    close = halt.text.find("}", place, end - 1)
    if close < 0:
        return halt.slip(
            "E123",
            sentence("a `{{` in this text is never closed"),
            sentence("write `{{name}}` to insert a value, `{{{{` for a brace"),
            None,
            place,
            place + 1,
        )
    inner = halt.text[place + 1 : close]
    stripped = inner.strip().removeprefix("$")
    better: str | None = f"{{{stripped}}}" if re.fullmatch(r"[^\W\d][\w-]*", stripped) else None
    said = (
        sentence("`{{{inner}}}` names no value", inner) if len(inner) < 40 else sentence("this `{{…}}` names no value")
    )
    advice = (
        sentence("write `{code}`", better)
        if better
        else sentence("write `{{name}}` to insert a value, `{{{{` and `}}}}` for braces")
    )
    return halt.slip("E123", said, advice, better, place, close + 1)


def unquoted(halt: Halt) -> Slip | None:
    """`say happy Good morning!`: what is said, without quotes and with a sign in it that no word has.

    A first word in small letters before a capital is taken for the emotion. Bare words without such a sign can be read;
    what the device makes of them is said when the script is compiled.
    """
    words = halt.command
    at = 0 if words[:1] == ("say",) else 1
    if words[at : at + 1] != ("say",) or halt.ends or halt.text[halt.at] not in _SIGNS or not halt.pieces:
        return None
    start = halt.pieces[len(halt.pieces) - len(words) + at][1] + len("say")
    line = halt.text[start : halt.end].split("\n", 1)[0][: 2 * _MOST]
    ended = _ENDS.search(line)
    said = (line if ended is None else line[: ended.start()]).rstrip()
    start += len(said) - len(said.lstrip())
    said = said.strip()
    if not WORD.match(said) or len(said) > _MOST or start + len(said) <= halt.at or _QUOTES.search(said):
        return None
    message = sentence("what is said goes in quotes")
    first, _, rest = said.partition(" ")
    rest = rest.strip()
    if not rest or not WORD.fullmatch(first) or not first.islower():
        better = f'"{said}"'
        return halt.slip(
            "E125", message, sentence("write `say {better}`", shortened(better)), better, start, start + len(said)
        )
    if rest[0].isupper():
        begin = start + said.index(rest, len(first))
        better = f'"{rest}"'
        return halt.slip(
            "E125",
            message,
            sentence("write `say {first} {better}`", first, shortened(better)),
            better,
            begin,
            begin + len(rest),
        )
    advice = sentence(
        'write `say "{said}"`, or `say {first} "{rest}"` if `{first}` is the emotion',
        shortened(said),
        first,
        shortened(rest),
    )
    return halt.slip("E125", message, advice, None, start, start + len(said))


def no_text(halt: Halt) -> Slip | None:
    """A text in quotes is wanted."""
    first = halt.command[0] if halt.command else ""
    if halt.command == ("hold",) and (paused := _PAUSE.match(halt.rest)) is not None:
        advice = sentence(
            "for a pause write `wait {paused}`; to hold no longer than that, `hold within {paused}`", paused[1]
        )
        return halt.slip(
            "E133",
            sentence("`hold` waits for GO, not for a time"),
            advice,
            f"within {paused[1]}",
            None,
            halt.at + paused.end(),
        )
    labelled = halt.command == ("hold",) and "STRING" in halt.expected
    if halt.last == "or" and "STRING" in halt.expected:
        if halt.ends or not WORD.match(halt.lump):
            return halt.slip(
                "E139", sentence("a text is missing after `or`"), sentence('as in `-> joke or "I forgot my joke."`')
            )
        return halt.slip(
            "E139",
            sentence("the text after `or` stands in quotes, `{lump}` does not", halt.lump),
            sentence('write `or "{lump}"`', halt.lump),
            f'"{halt.lump}"',
        )
    if halt.expected != {"STRING"} and not (labelled and WORD.match(halt.lump) and halt.lump not in RESERVED):
        return None
    what = {
        "show": sentence("title"),
        "include": sentence("file"),
        "log": sentence("text"),
        "hold": sentence("label"),
    }.get(first, sentence("text"))
    if halt.ends:
        return halt.slip(
            "E125", sentence("`{first}` is missing its {what}", first, what), sentence('as in `{first} "…"`', first)
        )
    words = (
        re.split(r"\s*(?:;|\band\b|\bwithin\b|\belse\b|->)", halt.rest[:2000], maxsplit=1)[0]
        if first in {"log", "hold"}
        else halt.rest
    )
    words = words.rstrip()
    better = f'"{words}"' if '"' not in words and "\\" not in words and 0 < len(words) < 400 else None
    return halt.slip(
        "E125",
        sentence("the {what} of `{first}` stands in quotes", what, first),
        sentence("write `{first} {better}`", first, better) if better else None,
        better,
        halt.at,
        halt.at + max(1, len(words)),
    )


def no_character(source: str, fault: NoCharacter, span: Span) -> Slip:
    r"""`\u{FFFFFF}`: an escape of a string with the number of no character; ``span`` is that of the string."""
    said = sentence("`{source}` is no character", source[fault.start : fault.end])
    here = Span(span.line, span.column + fault.start, fault.end - fault.start)
    return Slip("E122", here, said, sentence("a character's number goes up to `10FFFF`, as in `\\u{{1F600}}`"))

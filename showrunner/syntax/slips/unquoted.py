# ruff: noqa: RUF001 - the odd characters are the subject here
"""What is to be said, written without quotes and with a sign in it that no word has: `say happy Good morning!`.

Bare words without such a sign can be read; what the device makes of them is said when the script is compiled.
"""

from __future__ import annotations

import re

from showrunner.diagnostics.wording import shortened
from showrunner.syntax.phrases import Slip
from showrunner.syntax.slips.site import WORD, Site

_ENDS = re.compile(
    r"""[ \t]*(?:;|->|[ \t]and[ \t]+(?:wait|meanwhile)\b|[ \t]within[ \t]+[0-9$]|[ \t]retry[ \t]+[0-9$]"""
    r"""|[ \t]else[ \t]+(?:continue|stop|hold)\b|[ \t]\#)"""
)
_SIGNS = frozenset("!?,.:…%&*/'’")
_QUOTES = re.compile(r"""["“”„«»{}$\\]|(?<!\w)['’]|['’](?!\w)""")
_MOST = 400


def speech(site: Site) -> Slip | None:
    """Give the whole of it in quotes. A first word in small letters before a capital is taken for the emotion."""
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

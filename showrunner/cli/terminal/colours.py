"""Lines of a show in colours, for a terminal: the tokens come from the language's lexer.

Asked only where colours can be seen, since the lexer takes its time to load.
"""

from __future__ import annotations

from functools import cache
from typing import Any

PLAIN = "\x1b[0m"


@cache
def _lexer() -> tuple[Any, tuple[tuple[Any, str], ...]]:
    from pygments.token import Comment, Keyword, Name, Number, Operator, String  # type: ignore[import-untyped, unused-ignore]

    from showrunner.syntax.highlight import ShowLexer

    # The first that fits holds; what is in none of them stays as it is.
    codes = (
        (Comment, "\x1b[2m"),
        (String.Interpol, "\x1b[36m"),
        (String.Escape, "\x1b[36m"),
        (String, "\x1b[32m"),
        (Keyword, "\x1b[1;35m"),
        (Name.Variable, "\x1b[36m"),
        (Name.Label, "\x1b[1m"),
        (Number, "\x1b[33m"),
        (Operator, "\x1b[35m"),
    )
    return ShowLexer(), codes


def painted(text: str) -> str:
    """Give ``text``, a line of a show or a part of one, with colours; without them it is the same text."""
    lexer, codes = _lexer()
    parts = []
    for _, kind, piece in lexer.get_tokens_unprocessed(text):
        code = next((code for family, code in codes if kind in family), "")
        parts.append(f"{code}{piece}{PLAIN}" if code else piece)
    return "".join(parts)
